// Built from ../js by `npm run build`: change it there.

// canvas/pen.js
function penOf(canvas) {
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("this browser has no 2D canvas to draw on");
  return ctx;
}
function offscreen(width = 1, height = 1) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  return penOf(canvas);
}
function sizeCanvas(ctx, width, height) {
  const { canvas } = ctx;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}
var pixelRatio = (ctx) => ctx.getTransform().a;
function hatch(theme) {
  const pen = offscreen(8, 8);
  pen.fillStyle = theme.gap;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = theme.gapLine;
  pen.lineWidth = 1.6;
  for (const x of [-8, 0, 8]) line(pen, x, 8, x + 8, 0);
  return pen.createPattern(pen.canvas, "repeat") ?? theme.gap;
}
function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
function casedLine(ctx, x0, y0, x1, y1, colour, width) {
  ctx.strokeStyle = "rgba(8, 10, 20, 0.5)";
  ctx.lineWidth = width + 2;
  line(ctx, x0, y0, x1, y1);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  line(ctx, x0, y0, x1, y1);
}
function crossLines(ctx, box, x, y, { opening, width, colours: [up, across] }) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  casedLine(ctx, x, box.y, x, y - opening, up, width);
  casedLine(ctx, x, y + opening, x, bottom, up, width);
  casedLine(ctx, box.x, y, x - opening, y, across, width);
  casedLine(ctx, x + opening, y, right, y, across, width);
}
function inBox(ctx, { x, y, width, height }, draw2) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  draw2();
  ctx.restore();
}

// page/elements.js
function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((name) => `lv-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return (
    /** @type {Made<S>} */
    node
  );
}
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
  const message = error instanceof Error ? error.message : String(error);
  parent.append(make("pre.error", { role: "alert" }, `This widget failed: ${message}`));
  console.error(error);
}
var widgetOf = (start2) => ({
  render({ model, el }) {
    try {
      return start2(model, el);
    } catch (error) {
      return showError(el, error);
    }
  }
});

// page/input.js
function onDrag(canvas, start2, move) {
  let pointer = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointer = event.pointerId;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(pointer);
    start2(event);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => event.pointerId === pointer && move(event));
  const end = () => pointer = null;
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
}
var NOTCH = 60;
var SCROLLING = 250;
var scrolled = -Infinity;
var isWatching = false;
function watchScrolling() {
  if (isWatching) return;
  isWatching = true;
  const note = () => {
    scrolled = performance.now();
  };
  document.addEventListener("scroll", note, { capture: true, passive: true });
}
function onWheel(canvas, act) {
  watchScrolling();
  let left = 0;
  const turn = (event) => {
    if (event.ctrlKey || performance.now() - scrolled < SCROLLING) return;
    const step = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / NOTCH : event.deltaY;
    left += Math.abs(step) >= 1 ? Math.sign(step) : step;
    const notches = Math.trunc(left);
    left -= notches;
    if (notches === 0 || act(-notches)) event.preventDefault();
  };
  canvas.addEventListener("wheel", turn, { passive: false });
  canvas.addEventListener("pointerenter", () => {
    left = 0;
  });
}
function onKeys(canvas, act) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act(event.key, event.shiftKey ? 5 : 1)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}
function keepKeys(root) {
  const around = (
    /** @type {HTMLElement} */
    root.closest(".lv-explorer") ?? root
  );
  if (around.dataset.keepsKeys) return;
  around.dataset.keepsKeys = "true";
  around.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) target.dataset.lmSuppressShortcuts = "true";
  });
}

// numbers.js
var clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
var mix = (a, b, t) => a + (b - a) * t;
var dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
function nearest(list, x) {
  let best = 0;
  for (let i = 1; i < list.length; i++)
    if (Math.abs(list[i] - x) < Math.abs(list[best] - x)) best = i;
  return best;
}
function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
var minus = (text) => text.replace(/-/g, "−").replace(/^−(0(\.0*)?)$/, "$1");
function formatLoss(x) {
  if (!Number.isFinite(x)) return "gap";
  if (x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e4)) return minus(x.toExponential(1));
  return minus(x.toPrecision(3));
}
var tickText = (t) => minus(String(Number(t.toPrecision(6))));
function ticks(lo, hi, count) {
  const rough = (hi - lo) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
  const out = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + 1e-9 * step; k++) out.push(k * step);
  return out;
}
var tickCount = (length) => Math.max(3, length / 36);
function logTicks(lo, hi, count) {
  let out = [];
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    out = [];
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

// colours.js
function readColours(view) {
  const rgb = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const pixels = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) pixels.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint32Array(pixels.buffer);
}
function colourIndex(position) {
  const index = position * 255 + 0.5 | 0;
  return index < 0 ? 0 : index > 255 ? 255 : index;
}
function pixel(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
}
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
    loss: (t) => isLog ? Math.exp(mix(f0, f1, t)) : mix(f0, f1, t)
  };
}
function makeField(loss, scale) {
  const field = new Float32Array(loss.length);
  for (let i = 0; i < loss.length; i++) field[i] = scale.position(loss[i]);
  return field;
}

// page/theme.js
function isDark(el) {
  const { body, documentElement: html } = document;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (/^(dark|light)$/.test(html.dataset.theme ?? "")) return html.dataset.theme === "dark";
  for (let node = (
    /** @type {Element | null} */
    el
  ); node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0];
    const [r, g, b, alpha = 1] = colour.map(Number);
    if (alpha > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
function readTheme(root, el) {
  root.dataset.theme = isDark(el) ? "dark" : "light";
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--lv-${name}`).trim();
  const isSmall = root.dataset.width === "narrow";
  return {
    font: `${isSmall ? 10.5 : 11.5}px ${style.fontFamily}`,
    bold: `600 ${isSmall ? 12 : 13}px ${style.fontFamily}`,
    ink: read("ink"),
    muted: read("muted"),
    line: read("line"),
    edge: read("edge"),
    card: read("card"),
    blue: read("blue"),
    orange: read("orange"),
    path: read("path"),
    gap: read("gap"),
    gapLine: read("gap-line"),
    gapPixel: pixel(read("gap")),
    gapLinePixel: pixel(read("gap-line"))
  };
}
function watchPage(root, redraw) {
  const act = guard(root, redraw);
  const size = new ResizeObserver(act);
  size.observe(root);
  let later = 0;
  const pages = new MutationObserver(() => {
    act();
    clearTimeout(later);
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

// contours.js
function contour({ values, nu, nv }, level) {
  const out = [];
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      const at = v * nu + u;
      traceCell(values[at], values[at + 1], values[at + nu + 1], values[at + nu], level, u, v, out);
    }
  return out;
}
function contours({ values, nu, nv }, count) {
  const out = [];
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
function traceCell(a, b, c, d, level, u, v, out) {
  let kind = 0;
  if (a > level) kind |= 1;
  if (b > level) kind |= 2;
  if (c > level) kind |= 4;
  if (d > level) kind |= 8;
  if (kind === 0 || kind === 15 || Number.isNaN(a + b + c + d)) return;
  const bottom = () => out.push(u + (level - a) / (b - a), v);
  const right = () => out.push(u + 1, v + (level - b) / (c - b));
  const top = () => out.push(u + (level - d) / (c - d), v + 1);
  const left = () => out.push(u, v + (level - a) / (d - a));
  const join = (...sides) => sides.forEach((cross) => cross());
  if (kind === 5 || kind === 10) {
    const isHigh = (a + b + c + d) / 4 > level;
    if (kind === 5 === isHigh) join(bottom, right, top, left);
    else join(bottom, left, top, right);
  } else if (kind === 1 || kind === 14) join(left, bottom);
  else if (kind === 2 || kind === 13) join(bottom, right);
  else if (kind === 4 || kind === 11) join(right, top);
  else if (kind === 8 || kind === 7) join(top, left);
  else if (kind === 3 || kind === 12) join(left, right);
  else join(bottom, top);
}

// canvas/picture.js
var ISO = [["rgba(255, 255, 255, 0.85)", 3.8], ["#0b0d14", 1.9]];
var makeTile = (nu, nv) => ({ pen: offscreen(nu, nv), image: new ImageData(nu, nv) });
function toX(box, { nu }, u) {
  return box.x + u / (nu - 1) * box.width;
}
function toY(box, { nv }, v) {
  return box.y + (1 - v / (nv - 1)) * box.height;
}
function colourPixels(pixels, { values, nu, nv }, colours) {
  let colour = colours[0];
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const position = values[v * nu + u];
      if (!Number.isNaN(position)) colour = colours[colourIndex(position)];
      pixels[(nv - 1 - v) * nu + u] = colour;
    }
}
function drawColours(ctx, box, grid, { pen, image }, colouring) {
  const { nu, nv } = grid;
  colourPixels(new Uint32Array(image.data.buffer), grid, colouring.colours);
  pen.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  ctx.drawImage(pen.canvas, 0.5, 0.5, nu - 1, nv - 1, box.x, box.y, box.width, box.height);
  if (colouring.hasGaps) drawGaps(ctx, box, grid, colouring.hatching);
}
function drawGaps(ctx, box, grid, hatching) {
  const { values, nu, nv } = grid;
  ctx.beginPath();
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      if (!Number.isNaN(values[v * nu + u])) continue;
      const [x, y] = [toX(box, grid, u - 0.5), toY(box, grid, v + 0.5)];
      ctx.rect(x, y, toX(box, grid, u + 0.5) - x, toY(box, grid, v - 0.5) - y);
    }
  ctx.fillStyle = hatching;
  ctx.fill();
}
function drawFaintContours(ctx, box, grid, count) {
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.strokeStyle = "rgba(255, 255, 255, 0.28)";
  ctx.lineWidth = 0.7;
  strokeSegments(ctx, box, grid, contours(grid, count));
}
function strokeSegments(ctx, box, grid, segments) {
  ctx.beginPath();
  for (let i = 0; i < segments.length; i += 4) {
    ctx.moveTo(toX(box, grid, segments[i]), toY(box, grid, segments[i + 1]));
    ctx.lineTo(toX(box, grid, segments[i + 2]), toY(box, grid, segments[i + 3]));
  }
  ctx.stroke();
}

// canvas/bar.js
var BAR_HEIGHT = 44;
var BAR = { edge: 8, top: 10, bottom: 24 };
var toX2 = ({ width }, position) => BAR.edge + clamp(position, 0, 1) * (width - 2 * BAR.edge);
function drawBar(bar, scale, theme, level) {
  const { ctx, width } = bar;
  const { top, bottom } = BAR;
  const [left, right] = [BAR.edge, width - BAR.edge];
  ctx.clearRect(0, 0, width, BAR_HEIGHT);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(bar.strip, left, top, right - left, bottom - top);
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
  ctx.fillStyle = theme.muted;
  ctx.font = theme.font;
  ctx.textBaseline = "top";
  const losses = scale.isLog ? logTicks(scale.lo, scale.hi, 5) : ticks(scale.lo, scale.hi, 4);
  for (const loss of losses) {
    const x2 = toX2(bar, scale.position(loss));
    line(ctx, x2, bottom + 1, x2, bottom + 4);
    const align = x2 < left + 14 ? "left" : x2 > right - 14 ? "right" : "center";
    ctx.textAlign = align;
    ctx.fillText(tickText(loss), { left, right, center: x2 }[align], bottom + 6);
  }
  if (level === null) return;
  const x = toX2(bar, level);
  for (const [colour, width2] of ISO) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width2;
    line(ctx, x, top, x, bottom);
  }
}
function drawBarMark(bar, scale, theme, loss) {
  const { ctx, width } = bar;
  const ratio = pixelRatio(ctx);
  ctx.clearRect(0, 0, width, Math.floor((BAR.top - 1) * ratio) / ratio);
  if (!Number.isFinite(loss)) return;
  const x = toX2(bar, scale.position(loss));
  ctx.beginPath();
  ctx.moveTo(x - 5.5, 0);
  ctx.lineTo(x + 5.5, 0);
  ctx.lineTo(x, 8);
  ctx.fillStyle = theme.ink;
  ctx.fill();
}
function makeStrip(colours) {
  const pen = offscreen(256, 1);
  const image = new ImageData(256, 1);
  new Uint32Array(image.data.buffer).set(colours);
  pen.putImageData(image, 0, 0);
  return pen.canvas;
}

// canvas/marks.js
var PATH = "#d81b60";
function drawStart(ctx, x, y, colour = PATH) {
  ctx.beginPath();
  ctx.arc(x, y, 4.2, 0, 2 * Math.PI);
  ctx.fillStyle = "#fff";
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}
function drawEnd(ctx, x, y, colour = PATH) {
  ctx.beginPath();
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 ? 3.5 : 8.5;
    ctx.lineTo(x + radius * Math.sin(i * Math.PI / 5), y - radius * Math.cos(i * Math.PI / 5));
  }
  ctx.closePath();
  ctx.fillStyle = colour;
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = 1.4;
  ctx.lineJoin = "round";
  ctx.fill();
  ctx.stroke();
}

// volume/camera.js
var EYE = 7.2;
var VIEW = { elevation: 24, azimuth: -56 };
function makeCamera({ elevation, azimuth }, width, height) {
  const [el, az] = [elevation * Math.PI / 180, azimuth * Math.PI / 180];
  const e = [Math.cos(el) * Math.cos(az), Math.cos(el) * Math.sin(az), Math.sin(el)];
  const r = [-Math.sin(az), Math.cos(az), 0];
  const u = [e[1] * r[2] - e[2] * r[1], e[2] * r[0] - e[0] * r[2], e[0] * r[1] - e[1] * r[0]];
  const focus = 0.277 * EYE * Math.min(width, height);
  return { e, r, u, focus, x: width / 2 + 4, y: height / 2 - 6 };
}
function project(camera, p) {
  const depth = EYE - dot(p, camera.e);
  const scale = camera.focus / depth;
  return [camera.x + dot(p, camera.r) * scale, camera.y - dot(p, camera.u) * scale, depth];
}
function toCube(n, position) {
  return 2 * position / (n - 1) - 1;
}
function boundingBox(camera, ratio, width, height) {
  const signs = [-1, 1];
  const corners = signs.flatMap((x) => signs.flatMap((y) => signs.map((z) => [x, y, z])));
  const places = corners.map((corner) => project(camera, corner));
  const [xs, ys] = [0, 1].map((i) => places.map((place) => place[i] * ratio));
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    right: Math.min(width, Math.ceil(Math.max(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    bottom: Math.min(height, Math.ceil(Math.max(...ys)))
  };
}

// canvas/axes.js
function drawAxes(ctx, theme, box, across, up, apart = false) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  const count = (length) => apart ? tickCount(length) : length > 200 ? 5 : 3;
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
var part = ({ lo, hi }, t) => (t - lo) / (hi - lo);

// volume/path.js
function thinned(run, place) {
  const out = [];
  for (const [i, step] of run.entries()) {
    const [x, y] = place(step);
    const last = out[out.length - 1];
    const isEnd = i === 0 || i === run.length - 1;
    if (isEnd || Math.abs(x - last.x) + Math.abs(y - last.y) > 1.5) out.push({ x, y, step });
  }
  return out;
}

// volume/state.js
var LABELS = ["α₁", "α₂", "α₃"];
var CUTS = [
  { fixed: 2, across: 0, up: 1 },
  { fixed: 0, across: 2, up: 1 },
  { fixed: 1, across: 0, up: 2 }
];
function makeVolume(axes, loss) {
  const shape = axes.map((axis) => axis.length);
  return { axes, shape, strides: [shape[1] * shape[2], shape[2], 1], loss };
}
function readPath(rows, counts) {
  const table = floats(rows);
  let row = 0;
  return counts.map(
    (count) => Array.from({ length: count }, () => {
      const [a, b, c, off, step, loss] = table.subarray(6 * row, 6 * ++row);
      return { alpha: [a, b, c], off, step, loss };
    })
  );
}
function readColouring(model, volume) {
  const scale = makeScale(model.get("log"), model.get("limits"));
  const contour2 = model.get("contour");
  return {
    scale,
    field: makeField(volume.loss, scale),
    level: contour2 === null ? null : scale.position(contour2)
  };
}
function readCrosshair(model, volume) {
  const index = model.get("crosshair").map((alpha, axis) => nearest(volume.axes[axis], alpha));
  return { index, loss: volume.loss[dot(index, volume.strides)] };
}
function takeCut({ shape, strides }, field, cut, index) {
  const [nu, nv] = [shape[cut.across], shape[cut.up]];
  const [su, sv] = [strides[cut.across], strides[cut.up]];
  const start2 = index * strides[cut.fixed];
  const values = new Float32Array(nu * nv);
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) values[v * nu + u] = field[start2 + v * sv + u * su];
  return { values, nu, nv };
}
function gridPosition(axis, alpha) {
  return (alpha - axis[0]) / (axis[axis.length - 1] - axis[0]) * (axis.length - 1);
}
function decimals(axes) {
  const step = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step)), 0, 7);
}
function distanceFromCut({ alpha, off }, axis, here, height) {
  return Math.hypot((alpha[axis] - here) * height, off);
}
function nearestStep(path, at, metric) {
  let best = { step: null, distance: Infinity };
  for (const step of path.flat()) {
    const d = step.alpha.map((a, i) => a - at[i]);
    const square = dot(d, metric.map((row) => dot(row, d)));
    const distance = Math.sqrt(Math.max(square, 0) + step.off ** 2);
    if (distance < best.distance) best = { step, distance };
  }
  return best;
}

// volume/cuts.js
var AXIS = ["#ff9326", "#33bdf7", "#ffffff"];
var LEVELS = 12;
function drawCut(viewer, panel) {
  const { cut, ctx, width, height, box } = panel;
  const index = viewer.index[cut.fixed];
  if (panel.shown !== index) {
    panel.shown = index;
    panel.grid = takeCut(viewer.volume, viewer.field, cut, index);
    panel.iso = viewer.level === null ? [] : contour(panel.grid, viewer.level);
    drawPicture(viewer, panel);
    restore(panel, 0, 0, width, height);
  } else {
    const [x2, y2] = panel.crossing;
    restore(panel, x2 - 4, box.y - 1, x2 + 4, box.y + box.height + 1);
    restore(panel, box.x - 1, y2 - 4, box.x + box.width + 1, y2 + 4);
  }
  const x = toX(box, panel.grid, viewer.index[cut.across]);
  const y = toY(box, panel.grid, viewer.index[cut.up]);
  panel.crossing = [x, y];
  const colours = [AXIS[cut.across], AXIS[cut.up]];
  inBox(ctx, box, () => crossLines(ctx, box, x, y, { opening: 7, width: 1.4, colours }));
}
function restore({ ctx, picture: { canvas } }, left, top, right, bottom) {
  const ratio = pixelRatio(ctx);
  const [x, y] = [left, top].map((p) => Math.max(0, Math.floor(p * ratio)));
  const width = Math.min(canvas.width, Math.ceil(right * ratio)) - x;
  const height = Math.min(canvas.height, Math.ceil(bottom * ratio)) - y;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(x, y, width, height);
  ctx.drawImage(canvas, x, y, width, height, x, y, width, height);
  ctx.restore();
}
function drawPicture(viewer, panel) {
  const { picture: ctx, cut, box, grid } = panel;
  ctx.clearRect(0, 0, panel.width, panel.height);
  inBox(ctx, box, () => {
    drawColours(ctx, box, grid, panel.tile, viewer);
    drawFaintContours(ctx, box, grid, LEVELS);
    for (const [colour, width] of panel.iso.length ? ISO : []) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      strokeSegments(ctx, box, grid, panel.iso);
    }
  });
  const [across, up] = [cut.across, cut.up].map((axis) => {
    const values = viewer.volume.axes[axis];
    return { lo: values[0], hi: values[values.length - 1], label: LABELS[axis] };
  });
  drawAxes(ctx, viewer.theme, box, across, up);
  inBox(ctx, box, () => drawPath(viewer, panel));
}
function drawPath(viewer, panel) {
  const { cut, picture: ctx, box, grid } = panel;
  const { axes } = viewer.volume;
  const axis = axes[cut.fixed];
  const here = axis[viewer.index[cut.fixed]];
  const reach = (axis[axis.length - 1] - axis[0]) / 2;
  const place = ({ alpha }) => [
    toX(box, grid, gridPosition(axes[cut.across], alpha[cut.across])),
    toY(box, grid, gridPosition(axes[cut.up], alpha[cut.up]))
  ];
  const nearness = ({ step }) => clamp(1 - Math.abs(step.alpha[cut.fixed] - here) / reach, 0, 1);
  ctx.lineCap = ctx.lineJoin = "round";
  for (const run of viewer.path) {
    const points = thinned(run, place);
    const strengths = points.map((point) => Math.round(4 * nearness(point)));
    strokeByStrength(ctx, points, strengths, "#fff", 2);
    strokeByStrength(ctx, points, strengths, PATH, 0);
    const [start2, end] = [points[0], points[points.length - 1]];
    ctx.globalAlpha = 0.5 + 0.5 * nearness(start2);
    drawStart(ctx, start2.x, start2.y);
    ctx.globalAlpha = 0.5 + 0.5 * nearness(end);
    drawEnd(ctx, end.x, end.y);
  }
  ctx.globalAlpha = 1;
}
function strokeByStrength(ctx, points, strengths, colour, extra) {
  ctx.strokeStyle = colour;
  for (let i = 0; i + 1 < points.length; ) {
    const strength = strengths[i];
    ctx.globalAlpha = 0.3 + 0.175 * strength;
    ctx.lineWidth = 1.2 + 0.35 * strength + extra;
    ctx.beginPath();
    ctx.moveTo(points[i].x, points[i].y);
    do {
      i++;
      ctx.lineTo(points[i].x, points[i].y);
    } while (i + 1 < points.length && strengths[i] === strength);
    ctx.stroke();
  }
}

// volume/labels.js
var SIZE = { width: 28, height: 22 };
function makeLabels(theme) {
  return LABELS.map((label) => {
    const ctx = sizeCanvas(offscreen(), SIZE.width, SIZE.height);
    ctx.font = theme.bold;
    ctx.fillStyle = theme.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(label, SIZE.width / 2, SIZE.height / 2);
    return ctx.canvas;
  });
}
function drawLabels(ctx, camera, labels) {
  const ratio = pixelRatio(ctx);
  const snap = (p) => Math.round(p * ratio) / ratio;
  for (let axis = 0; axis < 3; axis++) {
    let best = { score: -Infinity, p: [0, 0, 0] };
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        p.splice(axis, 0, 0);
        const [x2, y2] = project(camera, p);
        const score = axis === 2 ? -x2 : y2 - (axis === 1 ? 0.01 : 0) * x2;
        if (score > best.score) best = { score, p };
      }
    const [x, y] = project(camera, best.p.map((c) => 1.14 * c));
    const [left, top] = [snap(x - SIZE.width / 2), snap(y - SIZE.height / 2)];
    ctx.drawImage(labels[axis], left, top, SIZE.width, SIZE.height);
  }
}

// volume/pen.js
var FINE = 3;
var CubePen = class {
  /**
   * @param {Pen} ctx
   * @param {Camera} camera
   * @param {(x: number, y: number, depth: number) => boolean} isVisible
   */
  constructor(ctx, camera, isVisible) {
    this.ctx = ctx;
    this.camera = camera;
    this.isVisible = isVisible;
    this.visible = [];
    this.hidden = [];
  }
  /**
   * Add a straight line, in as few segments as the cuts divide it into, tested at `count` places.
   * @param {number[]} p
   * @param {number[]} q
   * @param {number} count
   */
  add(p, q, count) {
    let from = project(this.camera, p);
    let last = null;
    for (let i = 1; i <= count; i++) {
      const to = project(this.camera, p.map((x, axis) => mix(x, q[axis], i / count)));
      const list = this.listFor(from, to);
      if (list === last) list[list.length - 1] = to;
      else list.push(from, to);
      last = list;
      from = to;
    }
    return this;
  }
  /**
   * Where a segment belongs, by whether its middle is visible.
   * @param {Projected} from
   * @param {Projected} to
   */
  listFor(from, to) {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.isVisible(x, y, (from[2] + to[2]) / 2) ? this.visible : this.hidden;
  }
  /**
   * Add a line through points; where a cut begins to hide it is found to within a few pixels.
   * @param {number[][]} points
   */
  addLine(points) {
    for (let i = 1; i < points.length; i++) {
      const [from, to] = [points[i - 1], points[i]].map((p) => project(this.camera, p));
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      this.add(points[i - 1], points[i], Math.max(1, Math.ceil(length / FINE)));
    }
    return this;
  }
  /**
   * Stroke what was added, and forget it.
   * @param {Stroke} styles
   * @param {number} hiddenAlpha - opacity of what is hidden
   */
  stroke(styles, hiddenAlpha) {
    const { ctx } = this;
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    if (hiddenAlpha > 0) this.strokeSegments(this.hidden, styles, hiddenAlpha);
    this.strokeSegments(this.visible, styles, 1);
    ctx.globalAlpha = 1;
    this.visible = [];
    this.hidden = [];
  }
  /**
   * @param {Projected[]} segments
   * @param {Stroke} styles
   * @param {number} alpha
   */
  strokeSegments(segments, styles, alpha) {
    const { ctx } = this;
    for (const [colour, width] of styles) {
      ctx.globalAlpha = alpha;
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.beginPath();
      for (let i = 0; i < segments.length; i += 2) {
        if (segments[i] !== segments[i - 1]) ctx.moveTo(segments[i][0], segments[i][1]);
        ctx.lineTo(segments[i + 1][0], segments[i + 1][1]);
      }
      ctx.stroke();
    }
  }
};

// volume/rays.js
function castRays(scene, camera, ratio, width, pixels, depth) {
  const { shape, index, grids, colours, theme } = scene;
  pixels.fill(0);
  depth.fill(Infinity);
  const [s0, s1, s2] = grids;
  const [c0, c1, c2] = shape.map((n, axis) => toCube(n, index[axis]));
  const [h0, h1, h2] = shape.map((n) => (n - 1) / 2);
  const { r, u, e, focus } = camera;
  const [e0, e1, e2] = e.map((x) => EYE * x);
  const frame = boundingBox(camera, ratio, width, pixels.length / width);
  const [g0, g1, g2] = [c0 - e0, c1 - e1, c2 - e2];
  for (let y = frame.top; y < frame.bottom; y++) {
    const b = (camera.y - y / ratio) / focus;
    const [b0, b1, b2] = [b * u[0] - e[0], b * u[1] - e[1], b * u[2] - e[2]];
    for (let x = frame.left; x < frame.right; x++) {
      const a = (x / ratio - camera.x) / focus;
      const d0 = a * r[0] + b0;
      const d1 = a * r[1] + b1;
      const d2 = a * r[2] + b2;
      const t0 = g0 / d0;
      const t1 = g1 / d1;
      const t2 = g2 / d2;
      let best = Infinity;
      let hit = -1;
      if (t0 > 0 && isInside(e1 + t0 * d1) && isInside(e2 + t0 * d2)) {
        best = t0;
        hit = 0;
      }
      if (t1 > 0 && t1 < best && isInside(e0 + t1 * d0) && isInside(e2 + t1 * d2)) {
        best = t1;
        hit = 1;
      }
      if (t2 > 0 && t2 < best && isInside(e0 + t2 * d0) && isInside(e1 + t2 * d1)) {
        best = t2;
        hit = 2;
      }
      if (hit < 0) continue;
      const at = y * width + x;
      depth[at] = best;
      const p0 = (1 + e0 + best * d0) * h0;
      const p1 = (1 + e1 + best * d1) * h1;
      const p2 = (1 + e2 + best * d2) * h2;
      const value = hit === 0 ? sample(s0, p2, p1) : hit === 1 ? sample(s1, p0, p2) : sample(s2, p0, p1);
      if (!Number.isNaN(value)) pixels[at] = colours[colourIndex(value)];
      else pixels[at] = (x + y) / ratio % 8 < 2 ? theme.gapLinePixel : theme.gapPixel;
    }
  }
}
var isInside = (x) => x >= -1 && x <= 1;
function sample({ values, nu, nv }, u, v) {
  const i = u >= nu - 1 ? nu - 2 : u | 0;
  const j = v >= nv - 1 ? nv - 2 : v | 0;
  const at = j * nu + i;
  const [s, t] = [u - i, v - j];
  const low = values[at] + s * (values[at + 1] - values[at]);
  const high = values[at + nu] + s * (values[at + nu + 1] - values[at + nu]);
  const value = low + t * (high - low);
  return Number.isNaN(value) ? values[at + (s > 0.5 ? 1 : 0) + (t > 0.5 ? nu : 0)] : value;
}

// volume/cube.js
var SEGMENTS = 24;
function drawCube(viewer) {
  const { cube } = viewer;
  const ratio = viewer.isMoving ? 1 : Math.min(window.devicePixelRatio || 1, 2);
  const camera = makeCamera(cube.view, cube.width, cube.height);
  drawCuts(viewer, camera, ratio);
  const { depth, image } = cube;
  const isVisible = (x, y, distance) => {
    const at = Math.round(y * ratio) * image.width + Math.round(x * ratio);
    return !(depth[at] < distance - 0.04);
  };
  const pen = new CubePen(cube.ctx, camera, isVisible);
  drawEdges(viewer, pen);
  drawIso(viewer, pen);
  drawFrames(viewer, pen);
  drawPaths(viewer, pen);
  drawLabels(cube.ctx, camera, viewer.labels);
}
function drawCuts(viewer, camera, ratio) {
  const { cube } = viewer;
  const [width, height] = [Math.round(cube.width * ratio), Math.round(cube.height * ratio)];
  if (cube.image.width !== width || cube.image.height !== height) {
    Object.assign(cube.buffer.canvas, { width, height });
    cube.image = new ImageData(width, height);
    cube.depth = new Float32Array(width * height);
  }
  const [above, side, front] = viewer.panels.map((panel) => panel.grid);
  const scene = {
    shape: viewer.volume.shape,
    index: viewer.index,
    grids: [side, front, above],
    colours: viewer.colours,
    theme: viewer.theme
  };
  castRays(scene, camera, ratio, width, new Uint32Array(cube.image.data.buffer), cube.depth);
  if (width === cube.canvas.width) cube.ctx.putImageData(cube.image, 0, 0);
  else {
    cube.buffer.putImageData(cube.image, 0, 0);
    cube.ctx.clearRect(0, 0, cube.width, cube.height);
    cube.ctx.drawImage(cube.buffer.canvas, 0, 0, cube.width, cube.height);
  }
}
var cutsInCube = ({ volume, index }) => index.map((i, axis) => toCube(volume.shape[axis], i));
function drawEdges(viewer, pen) {
  for (let axis = 0; axis < 3; axis++)
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        const end = (x) => [...p.slice(0, axis), x, ...p.slice(axis)];
        pen.add(end(-1), end(1), SEGMENTS);
      }
  pen.stroke([[viewer.theme.edge, 1]], 0);
}
function drawFrames(viewer, pen) {
  const at = cutsInCube(viewer);
  for (const { fixed, across, up } of CUTS) {
    const corner = (s, t) => {
      const p = [...at];
      [p[across], p[up]] = [s, t];
      return p;
    };
    const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    corners.forEach((p, i) => pen.add(p, corners[(i + 1) % 4], SEGMENTS));
    pen.stroke([["rgba(8, 10, 20, 0.55)", 3.4], [AXIS[fixed], 1.7]], 0);
  }
  for (let axis = 0; axis < 3; axis++) {
    const end = (x) => at.map((c, i) => i === axis ? x : c);
    pen.add(end(-1), end(1), SEGMENTS);
  }
  pen.stroke([["rgba(8, 10, 20, 0.4)", 1]], 0);
}
function drawIso(viewer, pen) {
  const { shape } = viewer.volume;
  const at = cutsInCube(viewer);
  for (const { cut, iso } of viewer.panels) {
    const point = (u, v) => {
      const p = [...at];
      p[cut.across] = toCube(shape[cut.across], u);
      p[cut.up] = toCube(shape[cut.up], v);
      return p;
    };
    for (let i = 0; i < iso.length; i += 4)
      pen.addLine([point(iso[i], iso[i + 1]), point(iso[i + 2], iso[i + 3])]);
  }
  pen.stroke(ISO.map(([colour, width]) => [colour, 0.8 * width]), 0);
}
function drawPaths({ path, volume: { axes, shape } }, pen) {
  const { ctx, camera } = pen;
  const inCube = ({ alpha }) => alpha.map((a, i) => toCube(shape[i], gridPosition(axes[i], a)));
  for (const run of path) {
    const points = thinned(run, (step) => project(camera, inCube(step))).map((p) => inCube(p.step));
    pen.addLine(points).stroke([["#fff", 4], [PATH, 2.2]], 0.35);
    const drawAt = (p, draw2) => {
      const [x, y, depth] = project(camera, p);
      ctx.globalAlpha = pen.isVisible(x, y, depth) ? 1 : 0.45;
      draw2(ctx, x, y);
    };
    drawAt(points[0], drawStart);
    drawAt(points[points.length - 1], drawEnd);
    ctx.globalAlpha = 1;
  }
}

// volume/page.js
var STEPS = 400;
var swatch = (axis) => make(`span.swatch.axis${axis}`, { "aria-hidden": "true" });
function buildPage(volume, hasPath, colours) {
  const panels = CUTS.map((cut) => cutPanel(volume, cut, hasPath));
  const cube = cubePanel();
  const reading = make("span.loss");
  const sliders = LABELS.map((label, axis) => slider(label, axis, volume.shape[axis] - 1));
  const play = make("button.play", { type: "button", "aria-pressed": "false" });
  const reset = make("button", { type: "button" }, "Reset");
  const barCanvas = make("canvas", { role: "img" });
  const bar = { ctx: penOf(barCanvas), width: 0, strip: makeStrip(colours) };
  const isoOn = make("input", { type: "checkbox" });
  const iso = { type: "range", min: 0, max: STEPS, step: 1, "aria-label": "iso-loss" };
  const isoAt = make("input.iso", iso);
  const isoValue = make("span.value");
  const scales = ["log", "linear"].map(
    (name) => make("button", { type: "button", "aria-pressed": "false", "data-scale": name }, name)
  );
  const segments = make("span.segments", { role: "group", "aria-label": "scale" }, ...scales);
  const limits = ["lowest", "highest"].map((name) => {
    const label = `${name} loss on the colour scale`;
    return make("input", { type: "number", step: "any", "aria-label": label });
  });
  const fullScreen = make("button", { type: "button", "aria-pressed": "false" }, "Full screen");
  const save = make("button", { type: "button" }, "Save PNG");
  const words = make("p.words", { role: "status", "aria-live": "polite" });
  const side = make(
    "div.side",
    {},
    make("div.group", {}, make("span.label", {}, "loss L under the crosshair"), reading),
    make("div.group", {}, ...sliders.map((s) => s.row), make("div.buttons", {}, play, reset)),
    make(
      "div.group",
      {},
      make("span.label", {}, "colours"),
      barCanvas,
      isoAt,
      make("div.row.split", {}, make("label.check", {}, isoOn, "iso-loss contour"), isoValue),
      make("div.row.split", {}, "limits", make("span.pair", {}, limits[0], "to", limits[1])),
      make("div.row.split", {}, "scale", segments)
    ),
    make("div.group", {}, make("div.buttons", {}, fullScreen, save)),
    make("div.group.summary", {}, ...hasPath ? [legend()] : [], words)
  );
  const grid = make("div.grid", {}, ...panels.map((p) => p.figure), cube.figure);
  const root = make(
    "section.card.viewer",
    { "aria-label": "Volume viewer: three cuts through a 3D loss landscape" },
    make("div.body", {}, grid, side)
  );
  const controls = { sliders, play, reset, isoOn, isoAt, isoValue, scales, limits };
  return { root, grid, fullScreen, save, panels, cube, bar, reading, words, ...controls };
}
function cutPanel(volume, cut, hasPath) {
  const canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "cut"
  });
  const title = make("span.title");
  const away = make("span");
  const head = make("figcaption", {}, swatch(cut.fixed), title);
  const enlarge = enlarger(`the cut at ${LABELS[cut.fixed]}`);
  if (hasPath)
    head.append(
      make(
        "span.away",
        { title: "distance of the end of training from this cut" },
        "★ ",
        away,
        make("span.unit", {}, " away")
      )
    );
  head.append(enlarge);
  const [nu, nv] = [volume.shape[cut.across], volume.shape[cut.up]];
  return {
    cut,
    canvas,
    title,
    away,
    enlarge,
    head,
    figure: make("figure.panel", {}, head, canvas),
    ctx: penOf(canvas),
    picture: offscreen(),
    tile: makeTile(nu, nv),
    width: 0,
    height: 0,
    box: (
      /** @type {Box} */
      { x: 0, y: 0, width: 0, height: 0 }
    ),
    shown: (
      /** @type {number | null} */
      null
    ),
    // index of the cut in the picture
    grid: (
      /** @type {Grid} */
      { values: new Float32Array(nu * nv), nu, nv }
    ),
    iso: (
      /** @type {number[]} */
      []
    ),
    // segments of the contour
    crossing: [0, 0]
    // where the crosshair was drawn
  };
}
function cubePanel() {
  const canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "cube",
    "aria-label": "The three cuts inside the cube. Arrow keys rotate it."
  });
  const hint = make("span.away", {}, "drag to rotate");
  const enlarge = enlarger("the cube");
  const head = make("figcaption", {}, make("span.title", {}, "cube"), hint, enlarge);
  return {
    canvas,
    enlarge,
    head,
    figure: make("figure.panel", {}, head, canvas),
    ctx: penOf(canvas),
    buffer: offscreen(),
    image: new ImageData(1, 1),
    depth: new Float32Array(1),
    view: { ...VIEW },
    width: 0,
    height: 0
  };
}
function slider(label, axis, max) {
  const input = make("input", { type: "range", min: 0, max, step: 1, "aria-label": label });
  const value = make("span.value");
  return { input, value, row: make("label.row", {}, swatch(axis), label, input, value) };
}
function enlarger(name) {
  const label = `enlarge ${name}`;
  return make("button.enlarge", { type: "button", "aria-pressed": "false", "aria-label": label }, "⤢");
}
function legend() {
  const mark = (text) => make("span.mark", { "aria-hidden": "true" }, text);
  return make("span.label", {}, "training: ", mark("○"), " start, ", mark("★"), " end");
}

// volume/words.js
var alphaAt = ({ volume, index }, axis) => volume.axes[axis][index[axis]];
var alphaText = (viewer, axis) => minus(alphaAt(viewer, axis).toFixed(viewer.decimals));
var distanceText = (x) => x < 10 ? x.toFixed(2) : x.toFixed(1);
function fill(input) {
  input.style.setProperty("--lv-fill", `${100 * Number(input.value) / Number(input.max)}%`);
}
function showNumbers(viewer) {
  viewer.reading.textContent = formatLoss(viewer.loss);
  const end = viewer.path[0]?.at(-1);
  for (const { cut: { fixed }, title, away } of viewer.panels) {
    title.textContent = `${LABELS[fixed]} = ${alphaText(viewer, fixed)}`;
    if (!end) continue;
    const distance = distanceFromCut(end, fixed, alphaAt(viewer, fixed), viewer.heights[fixed]);
    away.textContent = distanceText(distance);
  }
  viewer.sliders.forEach(({ input, value }, axis) => {
    input.value = String(viewer.index[axis]);
    input.setAttribute("aria-valuetext", `${LABELS[axis]} = ${alphaText(viewer, axis)}`);
    fill(input);
    value.textContent = alphaText(viewer, axis);
  });
}
function showColouring({ scale, level, scales, limits, bar, isoOn, isoAt, isoValue }) {
  scales[0].setAttribute("aria-pressed", String(scale.isLog));
  scales[1].setAttribute("aria-pressed", String(!scale.isLog));
  scales[0].disabled = !(scale.lo > 0);
  [scale.lo, scale.hi].forEach((limit, i) => {
    limits[i].value = String(Number(limit.toPrecision(3)));
    limits[i].setAttribute("aria-invalid", "false");
  });
  const colours = `Colours from ${formatLoss(scale.lo)}, dark, to ${formatLoss(scale.hi)}, bright`;
  bar.ctx.canvas.setAttribute("aria-label", colours);
  const loss = level === null ? "off" : formatLoss(scale.loss(level));
  isoOn.checked = level !== null;
  isoAt.disabled = level === null;
  if (level !== null) isoAt.value = String(Math.round(STEPS * level));
  isoAt.setAttribute("aria-valuetext", loss);
  fill(isoAt);
  isoValue.textContent = level === null ? loss : `L = ${loss}`;
}
function nameCuts(viewer) {
  for (const { cut, canvas } of viewer.panels) {
    const name = `Cut at ${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}. Left and right move along ${LABELS[cut.across]}, up and down along ${LABELS[cut.up]}, page up and page down move the cut.`;
    canvas.setAttribute("aria-label", name);
  }
}
function announce(viewer) {
  clearTimeout(viewer.announceTimer);
  viewer.announceTimer = setTimeout(() => {
    nameCuts(viewer);
    const at = LABELS.map((label, axis) => `${label} = ${alphaText(viewer, axis)}`).join(", ");
    const isGap = Number.isNaN(viewer.loss);
    let text = isGap ? `No finite loss at ${at}.` : `Loss ${formatLoss(viewer.loss)} at ${at}.`;
    const alpha = LABELS.map((_, axis) => alphaAt(viewer, axis));
    const { step, distance } = nearestStep(viewer.path, alpha, viewer.metric);
    if (step)
      text += ` The nearest training step is step ${step.step}, ${distanceText(distance)} away, with loss ${formatLoss(step.loss)}.`;
    viewer.words.textContent = text;
  }, 150);
}

// volume/drawing.js
function drawAll(viewer) {
  for (const panel of viewer.panels) panel.shown = null;
  showColouring(viewer);
  if (viewer.isReady) drawBar(viewer.bar, viewer.scale, viewer.theme, viewer.level);
  draw(viewer);
}
function draw(viewer) {
  if (!viewer.isReady) return;
  for (const panel of viewer.panels) if (!panel.figure.hidden) drawCut(viewer, panel);
  if (!viewer.cube.figure.hidden) drawCube(viewer);
  drawBarMark(viewer.bar, viewer.scale, viewer.theme, viewer.loss);
  showNumbers(viewer);
  announce(viewer);
}

// volume/moves.js
var FRAME_MS = 70;
function set({ model }, values) {
  for (
    const name of
    /** @type {(keyof Traits)[]} */
    Object.keys(values)
  )
    model.set(
      name,
      /** @type {Traits[typeof name]} */
      values[name]
    );
  model.save_changes();
}
function moveTo(viewer, indices) {
  const { axes, shape } = viewer.volume;
  const index = viewer.index.map((i, axis) => clamp(indices[axis] ?? i, 0, shape[axis] - 1));
  set(viewer, { crosshair: index.map((i, axis) => axes[axis][i]) });
}
var moveBy = (viewer, axis, steps) => moveTo(viewer, { [axis]: viewer.index[axis] + steps });
function inMotion(viewer) {
  viewer.isMoving = true;
  clearTimeout(viewer.idleTimer);
  viewer.idleTimer = setTimeout(() => {
    viewer.isMoving = false;
    if (viewer.isReady && devicePixelRatio > 1) drawCube(viewer);
  }, 160);
}
function setPlaying(viewer, isPlaying) {
  viewer.isPlaying = isPlaying;
  viewer.play.setAttribute("aria-pressed", String(isPlaying));
  viewer.play.textContent = isPlaying ? "❚❚ Pause" : "▶ Play α₃";
  cancelAnimationFrame(viewer.frame);
  if (!isPlaying) return;
  let last = performance.now();
  const step = (now) => {
    if (now - last >= FRAME_MS) {
      last = now;
      const end = viewer.volume.shape[2] - 1;
      if (viewer.index[2] >= end) viewer.heading = -1;
      if (viewer.index[2] <= 0) viewer.heading = 1;
      inMotion(viewer);
      moveBy(viewer, 2, viewer.heading);
    }
    viewer.frame = requestAnimationFrame(step);
  };
  viewer.frame = requestAnimationFrame(step);
}

// volume/input.js
function connectInput(viewer) {
  for (const panel of viewer.panels) connectCut(viewer, panel);
  connectCube(viewer);
  connectCrosshairControls(viewer);
  connectColourControls(viewer);
}
function connectCut(viewer, panel) {
  const { canvas, cut } = panel;
  const go = (event) => {
    const { box, grid } = panel;
    const frame = canvas.getBoundingClientRect();
    const u = (event.clientX - frame.left - box.x) / box.width;
    const v = 1 - (event.clientY - frame.top - box.y) / box.height;
    inMotion(viewer);
    moveTo(viewer, {
      [cut.across]: Math.round(u * (grid.nu - 1)),
      [cut.up]: Math.round(v * (grid.nv - 1))
    });
  };
  onDrag(canvas, go, go);
  onWheel(canvas, (notches) => {
    const before = viewer.index[cut.fixed];
    inMotion(viewer);
    moveBy(viewer, cut.fixed, notches);
    return viewer.index[cut.fixed] !== before;
  });
  const keys = {
    ArrowLeft: [cut.across, -1],
    ArrowRight: [cut.across, 1],
    ArrowDown: [cut.up, -1],
    ArrowUp: [cut.up, 1],
    PageDown: [cut.fixed, -1],
    PageUp: [cut.fixed, 1]
  };
  onKeys(canvas, (key, times) => {
    const move = keys[key];
    if (!move) return false;
    inMotion(viewer);
    moveBy(viewer, move[0], move[1] * times);
    return true;
  });
}
function connectCube(viewer) {
  const { canvas, view } = viewer.cube;
  const rotate = (right, up) => {
    view.azimuth -= right;
    view.elevation = clamp(view.elevation + up, -89, 89);
    inMotion(viewer);
    drawCube(viewer);
  };
  let [x, y] = [0, 0];
  const hold = (event) => {
    [x, y] = [event.clientX, event.clientY];
  };
  onDrag(canvas, hold, (event) => {
    rotate(0.5 * (event.clientX - x), 0.5 * (event.clientY - y));
    hold(event);
  });
  const keys = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowDown: [0, -5], ArrowUp: [0, 5] };
  onKeys(canvas, (key, times) => {
    const degrees = keys[key];
    if (!degrees) return false;
    rotate(degrees[0] * times, degrees[1] * times);
    return true;
  });
}
function connectCrosshairControls(viewer) {
  viewer.sliders.forEach(
    ({ input }, axis) => input.addEventListener("input", () => {
      inMotion(viewer);
      moveTo(viewer, { [axis]: Number(input.value) });
    })
  );
  viewer.play.addEventListener("click", () => setPlaying(viewer, !viewer.isPlaying));
  viewer.reset.addEventListener("click", () => {
    setPlaying(viewer, false);
    Object.assign(viewer.cube.view, VIEW);
    set(viewer, viewer.model.get("_initial"));
    draw(viewer);
  });
}
function connectColourControls(viewer) {
  const { model, scales, limits, isoOn, isoAt } = viewer;
  scales.forEach(
    (button) => button.addEventListener("click", () => set(viewer, { log: button.dataset.scale === "log" }))
  );
  limits.forEach(
    (input, i) => input.addEventListener("change", () => {
      const [lo, hi] = model.get("limits");
      const value = input.valueAsNumber;
      const fits = Number.isFinite(value) && (i === 0 ? value < hi : value > lo);
      input.setAttribute("aria-invalid", String(!fits));
      if (fits) set(viewer, { limits: i === 0 ? [value, hi] : [lo, value] });
    })
  );
  const loss = () => viewer.scale.loss(Number(isoAt.value) / STEPS);
  isoOn.addEventListener("change", () => set(viewer, { contour: isoOn.checked ? loss() : null }));
  isoAt.addEventListener("input", () => {
    inMotion(viewer);
    set(viewer, { contour: loss() });
  });
}

// volume/layout.js
var MARGIN = { left: 36, right: 8, top: 8, bottom: 32 };
var SMALL_MARGIN = { left: 28, right: 3, top: 4, bottom: 24 };
var WIDEST = 1080;
var SMALLEST = 120;
var HEAD = 22;
var GAP = { column: 12, row: 10 };
var FRAME = { wide: 32, medium: 32, narrow: 18 };
var SIDE = { full: 250, slim: 206, gap: 22 };
var chooseLayout = (total) => total >= 640 ? "wide" : total >= 520 ? "medium" : "narrow";
var sideWidth = (total) => total >= 900 ? SIDE.full : SIDE.slim;
function panelWidth(total, height, isLarge) {
  const layout = chooseLayout(total);
  const side = layout === "wide" ? sideWidth(total) + SIDE.gap : 0;
  const across = total - FRAME[layout] - side;
  const down = height - FRAME[layout];
  const width = isLarge ? Math.min(across, down - HEAD - GAP.row) : Math.min((across - GAP.column) / 2, (down - GAP.row) / 2 - HEAD);
  return clamp(Math.floor(width), SMALLEST, across);
}
function heightInView(root) {
  let height = window.innerHeight;
  for (let node = root.parentElement; node; node = node.parentElement)
    if (/auto|scroll/.test(getComputedStyle(node).overflowY) && node.clientHeight > 300)
      height = Math.min(height, node.clientHeight);
  return height;
}
function layOut(viewer) {
  const { root, grid, panels, cube, bar, large } = viewer;
  const isFull = document.fullscreenElement === root;
  const around = root.parentElement?.clientWidth ?? 0;
  const total = isFull ? window.innerWidth : Math.min(around, WIDEST);
  if (!total) return false;
  root.dataset.width = chooseLayout(total);
  root.style.setProperty("--lv-side", `${sideWidth(total)}px`);
  const width = panelWidth(total, isFull ? window.innerHeight : heightInView(root), large !== null);
  root.style.setProperty("--lv-pane", `${width}px`);
  root.dataset.pane = width >= 260 ? "large" : "small";
  grid.dataset.large = String(large !== null);
  root.style.width = isFull || chooseLayout(total) !== "wide" ? "" : "fit-content";
  const margin = width >= 200 ? MARGIN : SMALL_MARGIN;
  const size = width - margin.left - margin.right;
  const height = size + margin.top + margin.bottom;
  [...panels, cube].forEach((panel, i) => {
    panel.figure.hidden = large !== null && large !== i;
    panel.enlarge.setAttribute("aria-pressed", String(large === i));
    panel.enlarge.textContent = large === i ? "⤡" : "⤢";
    sizeCanvas(panel.ctx, width, height);
    Object.assign(panel, { width, height });
  });
  for (const panel of panels) {
    sizeCanvas(panel.picture, width, height);
    panel.box = { x: margin.left, y: margin.top, width: size, height: size };
  }
  bar.width = Math.floor(bar.ctx.canvas.parentElement?.clientWidth ?? 0);
  sizeCanvas(bar.ctx, bar.width, BAR_HEIGHT);
  return true;
}

// volume/space.js
var BAR2 = { width: 320, height: BAR_HEIGHT };
var EDGE = 12;
function connectSpace(viewer, restyle) {
  const { root, panels, cube, fullScreen, save } = viewer;
  const enlarge = (panel) => {
    viewer.large = panel;
    restyle();
  };
  [...panels, cube].forEach(
    ({ enlarge: button }, i) => button.addEventListener("click", () => enlarge(viewer.large === i ? null : i))
  );
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || viewer.large === null) return;
    enlarge(null);
    event.stopPropagation();
  });
  fullScreen.hidden = !document.fullscreenEnabled;
  fullScreen.addEventListener(
    "click",
    () => document.fullscreenElement === root ? document.exitFullscreen() : root.requestFullscreen()
  );
  save.addEventListener("click", () => download(picture(viewer), "landscape.png"));
  const onScreen = () => {
    const isFull = document.fullscreenElement === root;
    fullScreen.setAttribute("aria-pressed", String(isFull));
    fullScreen.textContent = isFull ? "Exit full screen" : "Full screen";
    restyle();
  };
  root.addEventListener("fullscreenchange", onScreen);
  window.addEventListener("resize", restyle);
  return () => window.removeEventListener("resize", restyle);
}
function picture({ grid, panels, cube, bar, scale, level, theme }) {
  const ratio = devicePixelRatio;
  const frame = grid.getBoundingClientRect();
  const [width, height] = [frame.width + 2 * EDGE, frame.height + BAR2.height + 3 * EDGE];
  const ctx = offscreen(Math.round(width * ratio), Math.round(height * ratio));
  ctx.scale(ratio, ratio);
  ctx.fillStyle = theme.card;
  ctx.fillRect(0, 0, width, height);
  ctx.translate(EDGE - frame.left, EDGE - frame.top);
  ctx.textBaseline = "middle";
  for (const { figure, head, canvas } of [...panels, cube]) {
    if (figure.hidden) continue;
    for (const part2 of head.querySelectorAll("span.lv-title, span.lv-away")) {
      const { left: left2, top: top2, height: tall2 } = part2.getBoundingClientRect();
      ctx.font = part2.classList.contains("lv-title") ? theme.bold : theme.font;
      ctx.fillStyle = part2.classList.contains("lv-title") ? theme.ink : theme.muted;
      ctx.fillText(part2.textContent ?? "", left2, top2 + tall2 / 2);
    }
    const { left, top, width: wide, height: tall } = canvas.getBoundingClientRect();
    ctx.drawImage(canvas, left, top, wide, tall);
  }
  const strip = offscreen(Math.round(BAR2.width * ratio), Math.round(BAR2.height * ratio));
  strip.scale(ratio, ratio);
  drawBar({ ...bar, ctx: strip, width: Math.min(BAR2.width, frame.width) }, scale, theme, level);
  ctx.drawImage(strip.canvas, frame.left, frame.bottom + EDGE, BAR2.width, BAR2.height);
  return ctx.canvas;
}
function download(canvas, name) {
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
  });
}

// volume/viewer.js
function newViewer(model, el) {
  const volume = makeVolume(model.get("_axes"), floats(model.get("_volume")));
  const path = readPath(model.get("_path"), model.get("_runs"));
  const colours = readColours(model.get("_colours"));
  const page = buildPage(volume, path.length > 0, colours);
  el.append(page.root);
  const theme = readTheme(page.root, el);
  return {
    model,
    volume,
    path,
    metric: model.get("_metric"),
    heights: model.get("_heights"),
    decimals: decimals(volume.axes),
    colours,
    hasGaps: volume.loss.some(Number.isNaN),
    ...readColouring(model, volume),
    ...readCrosshair(model, volume),
    ...page,
    theme,
    hatching: hatch(theme),
    labels: makeLabels(theme),
    large: (
      /** @type {number | null} */
      null
    ),
    // the panel that has all the space
    isReady: false,
    // not on the page yet, or hidden
    isMoving: false,
    // the cube is drawn coarsely
    isPlaying: false,
    heading: 1,
    // direction of playback: 1 up, −1 down
    frame: 0,
    // animation frame of the playback
    announceTimer: 0,
    idleTimer: 0
  };
}

// volume.js
var COLOURING = ["log", "limits", "contour"];
function connect(viewer, el) {
  const { model, volume, root } = viewer;
  const recolour = () => {
    Object.assign(viewer, readColouring(model, volume));
    drawAll(viewer);
  };
  const move = () => {
    Object.assign(viewer, readCrosshair(model, volume));
    draw(viewer);
  };
  const restyle = () => {
    viewer.isReady = layOut(viewer);
    if (!viewer.isReady) return;
    keepKeys(root);
    viewer.theme = readTheme(root, el);
    viewer.hatching = hatch(viewer.theme);
    viewer.labels = makeLabels(viewer.theme);
    drawAll(viewer);
  };
  model.on("change:crosshair", move);
  for (const name of COLOURING) model.on(`change:${name}`, recolour);
  const stop = watchPage(root, restyle);
  const stopWindow = connectSpace(viewer, restyle);
  restyle();
  return () => {
    stopWindow();
    model.off("change:crosshair", move);
    for (const name of COLOURING) model.off(`change:${name}`, recolour);
    stop();
    setPlaying(viewer, false);
    clearTimeout(viewer.announceTimer);
    clearTimeout(viewer.idleTimer);
  };
}
function start(model, el) {
  const viewer = newViewer(model, el);
  connectInput(viewer);
  setPlaying(viewer, false);
  return connect(viewer, el);
}
var volume_default = widgetOf(start);
export {
  volume_default as default
};
