// What the widgets share: numbers, colours, contours and axes on 2D canvases, themes, hands.
//
// No library and no module: Python puts this text in front of each widget's own script (canvas.py).

const PATH = "#d81b60"; // the raspberry of every trajectory in the series
const BAR = { edge: 8, top: 10, bottom: 24 }; // of the colours, in a canvas with ticks below
const ISO = [["rgba(255, 255, 255, 0.85)", 3.8], ["#0b0d14", 1.9]]; // wide below, thin above

// -- numbers --------------------------------------------------------------------------------------

const clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
const mix = (a, b, t) => a + (b - a) * t;
const minus = (text) => text.replace(/-/g, "−").replace(/^−(0(\.0*)?)$/, "$1");

/** A loss in three digits. */
function formatLoss(x) {
  if (!Number.isFinite(x)) return "gap";
  if (x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e4)) return minus(x.toExponential(1));
  return minus(x.toPrecision(3));
}

/** About `count` round numbers from lo to hi. */
function ticks(lo, hi, count) {
  const rough = (hi - lo) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const out = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + 1e-9 * step; k++) out.push(k * step);
  return out;
}

/** How many ticks a free axis of so many pixels has room for. */
const tickCount = (length) => Math.max(3, length / 36);

/** Round numbers on a logarithmic axis: 1, 2 and 5 times powers of ten, or powers alone. */
function logTicks(lo, hi, count) {
  const out = [];
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    out.length = 0;
    for (let p = Math.floor(Math.log10(lo)); p <= Math.log10(hi); p++)
      for (const f of factors) {
        const x = f * 10 ** p;
        if (x >= lo * 0.999 && x <= hi * 1.001) out.push(x);
      }
    if (out.length <= count) return out.length > 1 ? out : [lo, hi];
  }
  const every = Math.ceil(out.length / count);
  return out.filter((_, i) => i % every === 0);
}

const tickText = (t) => minus(String(Number(t.toPrecision(6))));

/** Index of the entry nearest to x in an increasing list. */
function nearest(list, x) {
  let best = 0;
  for (let i = 1; i < list.length; i++) if (Math.abs(list[i] - x) < Math.abs(list[best] - x)) best = i;
  return best;
}

// -- data -----------------------------------------------------------------------------------------

/** float32 numbers from the bytes that Python sent, wherever they begin in their buffer. */
function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** 256 colours, red, green and blue, as the 32-bit pixels of an ImageData. */
function readColours(view) {
  const rgb = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const pixels = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) pixels.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint32Array(pixels.buffer);
}

/** How losses become positions from 0 to 1 on the colour bar, and back. */
function makeScale(log, [lo, hi]) {
  const isLog = log && lo > 0;
  const f = isLog ? (x) => Math.log(Math.max(x, 1e-30)) : (x) => x;
  const [f0, f1] = [f(lo), f(hi)];
  const k = 1 / (f1 - f0);
  return {
    isLog,
    lo,
    hi,
    position: (x) => (f(x) - f0) * k,
    loss: (t) => (isLog ? Math.exp(mix(f0, f1, t)) : mix(f0, f1, t)),
  };
}

/** Every loss as its position on the colour bar; gaps stay NaN. */
function makeField(loss, scale) {
  const field = new Float32Array(loss.length);
  for (let i = 0; i < loss.length; i++) field[i] = scale.position(loss[i]);
  return field;
}

// -- contours -------------------------------------------------------------------------------------

/** Line pieces [u, v, u, v, …] where the cut crosses `level`, in grid units (marching squares). */
function contour(slice, level) {
  const out = [];
  const { values, nu, nv } = slice;
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      const at = v * nu + u;
      traceCell(values[at], values[at + 1], values[at + nu + 1], values[at + nu], level, u, v, out);
    }
  return out;
}

/** The same for `count` evenly spaced levels at once. */
function contours(slice, count) {
  const out = [];
  const { values, nu, nv } = slice;
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      const i = v * nu + u;
      const [a, b, c, d] = [values[i], values[i + 1], values[i + nu + 1], values[i + nu]];
      const first = Math.max(1, Math.ceil(Math.min(a, b, c, d) * count));
      const last = Math.min(count - 1, Math.floor(Math.max(a, b, c, d) * count));
      for (let k = first; k <= last; k++) traceCell(a, b, c, d, k / count, u, v, out);
    }
  return out;
}

/** Crossings of one cell with corners a b c d, anticlockwise from its lower left. */
function traceCell(a, b, c, d, level, u, v, out) {
  const kind = (a > level) | ((b > level) << 1) | ((c > level) << 2) | ((d > level) << 3);
  if (kind === 0 || kind === 15 || Number.isNaN(a + b + c + d)) return;
  const bottom = () => out.push(u + (level - a) / (b - a), v);
  const right = () => out.push(u + 1, v + (level - b) / (c - b));
  const top = () => out.push(u + (level - d) / (c - d), v + 1);
  const left = () => out.push(u, v + (level - a) / (d - a));
  const join = (from, to) => (from(), to());
  if (kind === 5 || kind === 10) {
    // a saddle: two pieces
    const high = (a + b + c + d) / 4 > level;
    if ((kind === 5) === high) join(bottom, right), join(top, left);
    else join(bottom, left), join(top, right);
  } else if (kind === 1 || kind === 14) join(left, bottom);
  else if (kind === 2 || kind === 13) join(bottom, right);
  else if (kind === 4 || kind === 11) join(right, top);
  else if (kind === 8 || kind === 7) join(top, left);
  else if (kind === 3 || kind === 12) join(left, right);
  else join(bottom, top);
}

// -- canvases -------------------------------------------------------------------------------------

/** A canvas of width × height CSS pixels, sharp on any screen; its context draws in CSS pixels. */
function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}

/** Two greys in diagonal stripes: here is no loss. */
function hatch(ctx, theme) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = theme.gap;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = theme.gapLine;
  pen.lineWidth = 1.6;
  for (const x of [-8, 0, 8]) line(pen, x, 8, x + 8, 0);
  return ctx.createPattern(tile, "repeat");
}

function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/** A line that can be seen on any colour: dark and wide below, bright and thin above. */
function casedLine(ctx, x0, y0, x1, y1, colour, width) {
  ctx.strokeStyle = "rgba(8, 10, 20, 0.5)";
  ctx.lineWidth = width + 2;
  line(ctx, x0, y0, x1, y1);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  line(ctx, x0, y0, x1, y1);
}

/** Draw nothing outside a box. */
function inBox(ctx, { x, y, width, height }, act) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  act();
  ctx.restore();
}

/** ○ where training starts. */
function drawStart(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 4.2, 0, 2 * Math.PI);
  ctx.fillStyle = "#fff";
  ctx.strokeStyle = PATH;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}

/** ★ where training ends. */
function drawEnd(ctx, x, y) {
  ctx.beginPath();
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 ? 3.5 : 8.5;
    ctx.lineTo(x + radius * Math.sin((i * Math.PI) / 5), y - radius * Math.cos((i * Math.PI) / 5));
  }
  ctx.closePath();
  ctx.fillStyle = PATH;
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = 1.4;
  ctx.lineJoin = "round";
  ctx.fill();
  ctx.stroke();
}

// -- a picture on a grid --------------------------------------------------------------------------

/** Canvas x or y of a grid position along the axis that runs across or up. */
function toX(panel, u) {
  return panel.box.x + (u / (panel.nu - 1)) * panel.box.width;
}

function toY(panel, v) {
  return panel.box.y + (1 - v / (panel.nv - 1)) * panel.box.height;
}

/** The loss as colour, one pixel a model, then enlarged smoothly. */
function drawColours(ctx, viewer, panel) {
  const { box, tile } = panel;
  const { values, nu, nv } = panel.slice;
  const pixels = new Uint32Array(panel.image.data.buffer);
  let colour = viewer.colours[0];
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const t = values[v * nu + u];
      if (t === t) colour = viewer.colours[clamp((t * 255 + 0.5) | 0, 0, 255)];
      pixels[(nv - 1 - v) * nu + u] = colour; // in a gap still that of its neighbour
    }
  tile.getContext("2d").putImageData(panel.image, 0, 0);
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  // pixels have their colour in the middle: the box begins and ends half a pixel inside
  ctx.drawImage(tile, 0.5, 0.5, nu - 1, nv - 1, box.x, box.y, box.width, box.height);
  if (viewer.hasGaps) drawGaps(ctx, viewer, panel);
}

/** Hatching over every model without a finite loss. */
function drawGaps(ctx, viewer, panel) {
  const { values, nu, nv } = panel.slice;
  ctx.beginPath();
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      if (!Number.isNaN(values[v * nu + u])) continue;
      const [x, y] = [toX(panel, u - 0.5), toY(panel, v + 0.5)];
      ctx.rect(x, y, toX(panel, u + 0.5) - x, toY(panel, v - 0.5) - y);
    }
  ctx.fillStyle = viewer.hatching;
  ctx.fill();
}

/** Faint contours across the colours, so many, and bold ones along given pieces. */
function drawContours(ctx, panel, count, bold) {
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.strokeStyle = "rgba(255, 255, 255, 0.28)";
  ctx.lineWidth = 0.7;
  if (count) strokePieces(ctx, panel, contours(panel.slice, count));
  for (const [colour, width] of bold.length ? ISO : []) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    strokePieces(ctx, panel, bold);
  }
}

function strokePieces(ctx, panel, pieces) {
  ctx.beginPath();
  for (let i = 0; i < pieces.length; i += 4) {
    ctx.moveTo(toX(panel, pieces[i]), toY(panel, pieces[i + 1]));
    ctx.lineTo(toX(panel, pieces[i + 2]), toY(panel, pieces[i + 3]));
  }
  ctx.stroke();
}

// -- axes -----------------------------------------------------------------------------------------

/**
 * Frame, ticks and the names of the axes across and up, each {lo, hi, label}. Short names stand at
 * the ends of their axes; `apart`, they stand in rows of their own, below and above the box.
 */
function drawAxes(ctx, theme, box, across, up, apart = false) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  const count = (length) => (apart ? tickCount(length) : length > 200 ? 5 : 3);
  const part = ({ lo, hi }, t) => (t - lo) / (hi - lo);
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const t of ticks(across.lo, across.hi, count(box.width))) {
    const x = box.x + part(across, t) * box.width;
    line(ctx, x, bottom + 1, x, bottom + 4);
    if (apart || x < right - 26) ctx.fillText(tickText(t), x, bottom + 7);
  }
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const t of ticks(up.lo, up.hi, count(box.height))) {
    const y = bottom - part(up, t) * box.height;
    line(ctx, box.x - 4, y, box.x - 1, y);
    if (apart || y > box.y + 18) ctx.fillText(tickText(t), box.x - 7, y);
  }
  ctx.fillStyle = theme.ink;
  ctx.font = apart ? theme.font : theme.bold;
  ctx.textBaseline = "top";
  ctx.textAlign = apart ? "center" : "right";
  if (apart) ctx.fillText(across.label, box.x + box.width / 2, bottom + 23);
  else ctx.fillText(across.label, right, bottom + 6);
  ctx.textAlign = apart ? "left" : "right";
  if (apart) ctx.fillText(up.label, 4, box.y - 20);
  else ctx.fillText(up.label, box.x - 7, box.y - 1);
}

// -- the colour bar -------------------------------------------------------------------------------

/** The colours, their losses, the loss under the crosshair ▼ and the contour. */
function drawBar(viewer) {
  const { ctx, width, height } = viewer.bar;
  const { scale, theme } = viewer;
  const { top, bottom } = BAR;
  const [left, right] = [BAR.edge, width - BAR.edge];
  const x = (t) => left + clamp(t, 0, 1) * (right - left);
  ctx.clearRect(0, 0, width, height);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(viewer.bar.strip, left, top, right - left, bottom - top);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
  ctx.fillStyle = theme.muted;
  ctx.font = theme.font;
  ctx.textBaseline = "top";
  const at = scale.isLog ? logTicks(scale.lo, scale.hi, 5) : ticks(scale.lo, scale.hi, 4);
  for (const loss of at) {
    const t = x(scale.position(loss));
    line(ctx, t, bottom + 1, t, bottom + 4);
    ctx.textAlign = t < left + 14 ? "left" : t > right - 14 ? "right" : "center";
    ctx.fillText(tickText(loss), ctx.textAlign === "left" ? left : ctx.textAlign === "right" ? right : t, bottom + 6);
  }
  if (viewer.level !== null) {
    const t = x(viewer.level);
    for (const [colour, width] of ISO) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      line(ctx, t, top, t, bottom);
    }
  }
  drawBarMark(viewer);
}

/** The loss under the crosshair, above the colours. */
function drawBarMark({ bar: { ctx, width }, scale, theme, loss }) {
  const { a: ratio } = ctx.getTransform();
  ctx.clearRect(0, 0, width, Math.floor((BAR.top - 1) * ratio) / ratio); // whole pixels
  if (!Number.isFinite(loss)) return;
  const t = BAR.edge + clamp(scale.position(loss), 0, 1) * (width - 2 * BAR.edge);
  ctx.beginPath();
  ctx.moveTo(t - 5.5, 0);
  ctx.lineTo(t + 5.5, 0);
  ctx.lineTo(t, 8);
  ctx.fillStyle = theme.ink;
  ctx.fill();
}

/** The colours in one row. */
function makeStrip(colours) {
  const strip = document.createElement("canvas");
  strip.width = 256;
  strip.height = 1;
  const image = new ImageData(256, 1);
  new Uint32Array(image.data.buffer).set(colours);
  strip.getContext("2d").putImageData(image, 0, 0);
  return strip;
}

// -- page elements --------------------------------------------------------------------------------

/** An element: make("p.name", {attributes}, …children). */
function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((name) => `lv-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Whether the page around is dark: as it says itself, else as its background looks. */
function isDark(el) {
  const { body, documentElement: html } = document;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (/^(dark|light)$/.test(html.dataset.theme)) return html.dataset.theme === "dark";
  for (let node = el; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0];
    const [r, g, b, alpha = 1] = colour.map(Number);
    if (alpha > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Colours and type that canvases need, from the style sheet. */
function readTheme(viewer, el) {
  viewer.root.dataset.theme = isDark(el) ? "dark" : "light";
  const style = getComputedStyle(viewer.root);
  const read = (name) => style.getPropertyValue(`--lv-${name}`).trim();
  const small = viewer.root.dataset.width === "narrow";
  const theme = {
    font: `${small ? 10.5 : 11.5}px ${style.fontFamily}`,
    bold: `600 ${small ? 12 : 13}px ${style.fontFamily}`,
  };
  for (const name of ["ink", "muted", "line", "edge", "gap"]) theme[name] = read(name);
  theme.gapLine = read("gap-line");
  theme.gapPixel = pixel(theme.gap);
  theme.gapLinePixel = pixel(theme.gapLine);
  viewer.theme = theme;
}

/** "#rrggbb" as the 32-bit pixel of an ImageData. */
function pixel(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Redraw when the size or the theme of the page changes; returns how to stop that. */
function watchPage(root, redraw) {
  const act = guard(root, redraw);
  const size = new ResizeObserver(act);
  size.observe(root);
  let later = 0;
  const pages = new MutationObserver(() => {
    act();
    clearTimeout(later); // while a page loads its new style sheet, colours may still be the old ones
    later = setTimeout(act, 400);
  });
  const watched = ["class", "data-theme", "data-jp-theme-light", "data-jp-theme-name", "data-mode"];
  for (const node of [document.documentElement, document.body])
    pages.observe(node, { attributes: true, attributeFilter: watched });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dense = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  for (const query of [dark, dense]) query.addEventListener("change", act);
  return () => {
    clearTimeout(later);
    size.disconnect();
    pages.disconnect();
    for (const query of [dark, dense]) query.removeEventListener("change", act);
  };
}

// -- hands ----------------------------------------------------------------------------------------

/** Pointer drags, with mouse, pen or finger, also beyond the edge of the canvas. */
function onDrag(canvas, start, move) {
  let pointer = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointer = event.pointerId;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(pointer);
    start(event);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => event.pointerId === pointer && move(event));
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, () => (pointer = null));
}

/** Key presses; with shift five steps at once. What `act` uses, nobody else gets. */
function onKeys(canvas, act) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act(event.key, event.shiftKey ? 5 : 1)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * JupyterLab takes arrow keys for itself unless the focused element asks it not to; here all that
 * can be focused asks, with the controls of other widgets beside it in an explorer.
 */
function keepKeys(root) {
  const around = root.closest(".lv-explorer") ?? root;
  if (around.dataset.keepsKeys) return;
  around.dataset.keepsKeys = "true";
  around.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
}

// -- errors ---------------------------------------------------------------------------------------

/** An error is shown in the widget, not only in the console. */
function guard(root, act) {
  return () => {
    try {
      act();
    } catch (error) {
      showError(root, error);
    }
  };
}

function showError(parent, error) {
  parent.append(make("pre.error", { role: "alert" }, `This picture stopped: ${error.message}`));
  console.error(error);
}
