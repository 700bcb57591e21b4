// Built from ../js by `npm run build`: change it there.

// canvas/pen.js
function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}
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
function casedLine(ctx, x0, y0, x1, y1, colour, width) {
  ctx.strokeStyle = "rgba(8, 10, 20, 0.5)";
  ctx.lineWidth = width + 2;
  line(ctx, x0, y0, x1, y1);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  line(ctx, x0, y0, x1, y1);
}
function inBox(ctx, { x, y, width, height }, act) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  act();
  ctx.restore();
}

// page/elements.js
function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((name) => `lv-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
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
  parent.append(make("pre.error", { role: "alert" }, `This picture stopped: ${error.message}`));
  console.error(error);
}

// numbers.js
var clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
var mix = (a, b, t) => a + (b - a) * t;
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
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const out = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + 1e-9 * step; k++) out.push(k * step);
  return out;
}
var tickCount = (length) => Math.max(3, length / 36);
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

// colours.js
function readColours(view) {
  const rgb = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const pixels = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) pixels.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return new Uint32Array(pixels.buffer);
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
  if (/^(dark|light)$/.test(html.dataset.theme)) return html.dataset.theme === "dark";
  for (let node = el; node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0];
    const [r, g, b, alpha = 1] = colour.map(Number);
    if (alpha > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
function readTheme(viewer, el) {
  viewer.root.dataset.theme = isDark(el) ? "dark" : "light";
  const style = getComputedStyle(viewer.root);
  const read = (name) => style.getPropertyValue(`--lv-${name}`).trim();
  const small = viewer.root.dataset.width === "narrow";
  const theme = {
    font: `${small ? 10.5 : 11.5}px ${style.fontFamily}`,
    bold: `600 ${small ? 12 : 13}px ${style.fontFamily}`
  };
  for (const name of ["ink", "muted", "line", "edge", "gap"]) theme[name] = read(name);
  theme.gapLine = read("gap-line");
  theme.gapPixel = pixel(theme.gap);
  theme.gapLinePixel = pixel(theme.gapLine);
  viewer.theme = theme;
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

// page/hands.js
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
    canvas.addEventListener(end, () => pointer = null);
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
  const around = root.closest(".lv-explorer") ?? root;
  if (around.dataset.keepsKeys) return;
  around.dataset.keepsKeys = "true";
  around.addEventListener("focusin", ({ target }) => target.dataset.lmSuppressShortcuts = "true");
}

// contours.js
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
function traceCell(a, b, c, d, level, u, v, out) {
  const kind = a > level | (b > level) << 1 | (c > level) << 2 | (d > level) << 3;
  if (kind === 0 || kind === 15 || Number.isNaN(a + b + c + d)) return;
  const bottom = () => out.push(u + (level - a) / (b - a), v);
  const right = () => out.push(u + 1, v + (level - b) / (c - b));
  const top = () => out.push(u + (level - d) / (c - d), v + 1);
  const left = () => out.push(u, v + (level - a) / (d - a));
  const join = (from, to) => (from(), to());
  if (kind === 5 || kind === 10) {
    const high = (a + b + c + d) / 4 > level;
    if (kind === 5 === high) join(bottom, right), join(top, left);
    else join(bottom, left), join(top, right);
  } else if (kind === 1 || kind === 14) join(left, bottom);
  else if (kind === 2 || kind === 13) join(bottom, right);
  else if (kind === 4 || kind === 11) join(right, top);
  else if (kind === 8 || kind === 7) join(top, left);
  else if (kind === 3 || kind === 12) join(left, right);
  else join(bottom, top);
}

// canvas/picture.js
var ISO = [["rgba(255, 255, 255, 0.85)", 3.8], ["#0b0d14", 1.9]];
function toX(panel, u) {
  return panel.box.x + u / (panel.nu - 1) * panel.box.width;
}
function toY(panel, v) {
  return panel.box.y + (1 - v / (panel.nv - 1)) * panel.box.height;
}
function drawColours(ctx, viewer, panel) {
  const { box, tile } = panel;
  const { values, nu, nv } = panel.slice;
  const pixels = new Uint32Array(panel.image.data.buffer);
  let colour = viewer.colours[0];
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const t = values[v * nu + u];
      if (t === t) colour = viewer.colours[clamp(t * 255 + 0.5 | 0, 0, 255)];
      pixels[(nv - 1 - v) * nu + u] = colour;
    }
  tile.getContext("2d").putImageData(panel.image, 0, 0);
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  ctx.drawImage(tile, 0.5, 0.5, nu - 1, nv - 1, box.x, box.y, box.width, box.height);
  if (viewer.hasGaps) drawGaps(ctx, viewer, panel);
}
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

// canvas/bar.js
var BAR = { edge: 8, top: 10, bottom: 24 };
function makeStrip(colours) {
  const strip = document.createElement("canvas");
  strip.width = 256;
  strip.height = 1;
  const image = new ImageData(256, 1);
  new Uint32Array(image.data.buffer).set(colours);
  strip.getContext("2d").putImageData(image, 0, 0);
  return strip;
}
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
    for (const [colour, width2] of ISO) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width2;
      line(ctx, t, top, t, bottom);
    }
  }
  drawBarMark(viewer);
}
function drawBarMark({ bar: { ctx, width }, scale, theme, loss }) {
  const { a: ratio } = ctx.getTransform();
  ctx.clearRect(0, 0, width, Math.floor((BAR.top - 1) * ratio) / ratio);
  if (!Number.isFinite(loss)) return;
  const t = BAR.edge + clamp(scale.position(loss), 0, 1) * (width - 2 * BAR.edge);
  ctx.beginPath();
  ctx.moveTo(t - 5.5, 0);
  ctx.lineTo(t + 5.5, 0);
  ctx.lineTo(t, 8);
  ctx.fillStyle = theme.ink;
  ctx.fill();
}

// panel/state.js
function readPicture(panel) {
  const { model } = panel;
  const [nu, nv] = model.get("_shape");
  panel.hasPicture = nu > 0;
  if (!panel.hasPicture) return;
  if (panel.nu !== nu || panel.nv !== nv) {
    Object.assign(panel, { nu, nv, tile: make("canvas", { width: nu, height: nv }) });
    panel.image = new ImageData(nu, nv);
  }
  panel.colours = readColours(model.get("_colours"));
  panel.scale = makeScale(model.get("log"), model.get("limits"));
  panel.losses = floats(model.get("_picture"));
  panel.slice = { values: makeField(panel.losses, panel.scale), nu, nv };
  panel.hasGaps = panel.losses.some(Number.isNaN);
  panel.strip = makeStrip(panel.colours);
}
function readAxes(panel) {
  const [[x0, x1], [y0, y1]] = panel.model.get("extent");
  const [across, up] = panel.model.get("labels");
  panel.across = { lo: x0, hi: x1, label: across };
  panel.up = { lo: y0, hi: y1, label: up };
}
function toCanvas(panel, x, y) {
  const { box, across, up } = panel;
  return [
    box.x + (x - across.lo) / (across.hi - across.lo) * box.width,
    box.y + (1 - (y - up.lo) / (up.hi - up.lo)) * box.height
  ];
}
function toPlot(panel, px, py) {
  const { box, across, up } = panel;
  return [
    mix(across.lo, across.hi, clamp((px - box.x) / box.width, 0, 1)),
    mix(up.lo, up.hi, clamp(1 - (py - box.y) / box.height, 0, 1))
  ];
}
function valueAtPointer({ model, across, up, nu, nv, losses }) {
  const pointer = model.get("pointer");
  if (!pointer) return NaN;
  const u = Math.round((pointer[0] - across.lo) / (across.hi - across.lo) * (nu - 1));
  const v = Math.round((pointer[1] - up.lo) / (up.hi - up.lo) * (nv - 1));
  return losses[clamp(v, 0, nv - 1) * nu + clamp(u, 0, nu - 1)];
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

// canvas/marks.js
var PATH = "#d81b60";
function drawStart(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 4.2, 0, 2 * Math.PI);
  ctx.fillStyle = "#fff";
  ctx.strokeStyle = PATH;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}
function drawEnd(ctx, x, y) {
  ctx.beginPath();
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 ? 3.5 : 8.5;
    ctx.lineTo(x + radius * Math.sin(i * Math.PI / 5), y - radius * Math.cos(i * Math.PI / 5));
  }
  ctx.closePath();
  ctx.fillStyle = PATH;
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = 1.4;
  ctx.lineJoin = "round";
  ctx.fill();
  ctx.stroke();
}

// panel/marks.js
var readPoints = (item) => floats(item.points);
function colourOf(panel, name) {
  const onPicture = { path: PATH, blue: "#1b6ca8", orange: "#e08214", ink: "#0b0d14", white: "#fff" };
  return (panel.hasPicture ? onPicture[name] : panel.theme[name]) ?? name;
}
var MARKS = {
  start: (ctx, x, y) => drawStart(ctx, x, y),
  end: (ctx, x, y) => drawEnd(ctx, x, y),
  dot: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  square: (ctx, x, y, r) => ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (ctx, x, y, r) => {
    for (const [u, v] of [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]) ctx.lineTo(x + u * r, y + v * r);
    ctx.closePath();
  },
  cross: (ctx, x, y, r) => {
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
    casedLine(ctx, x - r, y + r, x + r, y - r, "#fff", 2);
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
  }
};
function drawMarks(panel, item) {
  const { ctx, box } = panel;
  const points = readPoints(item);
  ctx.lineCap = "round";
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(panel, points[i], points[i + 1]);
    const inside = x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;
    if (!inside) continue;
    ctx.beginPath();
    MARKS[item.kind](ctx, x, y, item.size);
    if (["start", "end", "cross"].includes(item.kind)) continue;
    ctx.fillStyle = colourOf(panel, item.colour);
    ctx.fill();
    ctx.lineWidth = item.size > 4 ? 1.8 : 0.7;
    ctx.strokeStyle = panel.hasPicture ? "#fff" : panel.theme.card;
    ctx.stroke();
  }
}

// panel/drawing.js
var FAINT = 12;
var POINTER = "#ffffff";
function drawPanel(panel) {
  if (!panel.ready) return;
  const { ctx, width, height, box, theme, model } = panel;
  ctx.clearRect(0, 0, width, height);
  inBox(ctx, box, () => {
    if (panel.hasPicture) drawPictureOf(panel);
    for (const item of model.get("lines")) drawLineOf(panel, item);
    if (model.get("pointer")) drawPointer(panel);
  });
  drawAxes(ctx, theme, box, panel.across, panel.up, true);
  for (const item of model.get("marks")) drawMarks(panel, item);
  if (panel.bar.ctx) drawPanelBar(panel);
}
function drawPictureOf(panel) {
  const { ctx, model, slice, scale } = panel;
  drawColours(ctx, panel, panel);
  drawContours(ctx, panel, model.get("faint") ? FAINT : 0, []);
  ctx.strokeStyle = "#0b0d14";
  ctx.lineWidth = 2.2;
  for (const level of model.get("levels"))
    strokePieces(ctx, panel, contour(slice, scale.position(level)));
}
function drawLineOf(panel, item) {
  const { ctx } = panel;
  const points = readPoints(item);
  ctx.beginPath();
  let pen = false;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(panel, points[i], points[i + 1]);
    const seen = Number.isFinite(x + y);
    if (seen) ctx[pen ? "lineTo" : "moveTo"](clamp(x, -1e4, 1e4), clamp(y, -1e4, 1e4));
    pen = seen;
  }
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.setLineDash(item.dash ? [6, 5] : []);
  if (panel.hasPicture && !item.dash) {
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = item.width + 2.4;
    ctx.stroke();
  }
  ctx.strokeStyle = colourOf(panel, item.colour);
  ctx.lineWidth = item.width;
  ctx.stroke();
  ctx.setLineDash([]);
}
function drawPointer(panel) {
  const { ctx, box, model, theme } = panel;
  const [x, y] = toCanvas(panel, ...model.get("pointer"));
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  if (model.get("follow") === "across") {
    ctx.strokeStyle = panel.hasPicture ? POINTER : theme.muted;
    ctx.lineWidth = 1.2;
    line(ctx, x, box.y, x, bottom);
    return;
  }
  const open = 9;
  casedLine(ctx, x, box.y, x, y - open, POINTER, 1.2);
  casedLine(ctx, x, y + open, x, bottom, POINTER, 1.2);
  casedLine(ctx, box.x, y, x - open, y, POINTER, 1.2);
  casedLine(ctx, x + open, y, right, y, POINTER, 1.2);
  for (const [colour, width] of [["rgba(8, 10, 20, 0.6)", 4], [POINTER, 2]]) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}
function drawPanelBar(panel) {
  const { bar, scale, theme, strip } = panel;
  const colours = `Colours from ${formatLoss(scale.lo)} to ${formatLoss(scale.hi)}`;
  if (bar.canvas.ariaLabel !== colours) bar.canvas.setAttribute("aria-label", colours);
  drawBar({ bar: { ...bar, strip }, scale, theme, level: null, loss: valueAtPointer(panel) });
}

// panel/page.js
var ROWS = { top: 24, bottom: 40, right: 10 };
function buildPanel(panel, el) {
  panel.canvas = make("canvas");
  panel.caption = make("div.caption");
  panel.key = make("div.key", { "aria-hidden": "true" });
  panel.bar = { canvas: make("canvas.colourbar", { role: "img" }) };
  panel.readout = make("p.readout", { "aria-hidden": "true" });
  panel.said = make("div.said", { role: "status", "aria-live": "polite" });
  panel.root = make(
    "figure.card.plot",
    {},
    panel.caption,
    panel.canvas,
    panel.key,
    panel.bar.canvas,
    panel.readout,
    panel.said
  );
  el.append(panel.root);
}
function layoutPanel(panel) {
  const { model, canvas, root } = panel;
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  if (!width || !canvas.isConnected) return false;
  canvas.style.width = `${width}px`;
  root.dataset.width = width < 200 ? "narrow" : "wide";
  const left = tickWidth(panel, width * model.get("aspect")) + 14;
  const top = panel.up.label ? ROWS.top : 8;
  const inner = width - left - ROWS.right;
  const height = Math.round(inner * model.get("aspect"));
  panel.box = { x: left, y: top, width: inner, height };
  panel.width = width;
  panel.height = height + top + ROWS.bottom;
  panel.ctx = sizeCanvas(canvas, width, panel.height);
  const { bar } = panel;
  bar.canvas.hidden = !(panel.hasPicture && model.get("bar"));
  bar.canvas.style.display = bar.canvas.hidden ? "none" : "";
  bar.ctx = null;
  if (bar.canvas.hidden) return true;
  Object.assign(bar, { width, height: 44, ctx: sizeCanvas(bar.canvas, width, 44) });
  return true;
}
function tickWidth({ canvas, theme, up }, height) {
  const ctx = canvas.getContext("2d");
  ctx.font = theme.font;
  const numbers = ticks(up.lo, up.hi, tickCount(height));
  return Math.max(...numbers.map((t) => ctx.measureText(tickText(t)).width));
}

// panel/words.js
function showWords(panel) {
  const { model, canvas, theme } = panel;
  const follow = model.get("follow");
  panel.caption.textContent = model.get("title");
  panel.caption.hidden = !model.get("title");
  panel.readout.textContent = model.get("readout");
  panel.readout.hidden = !model.get("readout") && follow === "none";
  canvas.setAttribute("role", follow === "none" ? "img" : "application");
  canvas.classList.toggle("lv-hand", follow !== "none");
  if (follow === "none") canvas.removeAttribute("tabindex");
  else canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", nameOf(model, follow));
  const labelled = [...model.get("lines"), ...model.get("marks")].filter((item) => item.label);
  panel.key.hidden = !labelled.length;
  const key = JSON.stringify([labelled.map(({ label, colour }) => [label, colour]), theme]);
  if (key !== panel.keyShown) panel.key.replaceChildren(...labelled.map((item) => keyOf(panel, item)));
  panel.keyShown = key;
  sayOf(panel);
}
function nameOf(model, follow) {
  const keys = {
    none: "",
    across: " Left and right arrow keys move the pointer.",
    both: " Arrow keys move the pointer, enter picks the point."
  };
  return `${model.get("description") || model.get("title")}${keys[follow]}`;
}
function keyOf(panel, item) {
  const sample = make("canvas", { width: 1, height: 1, style: "width: 24px" });
  const ctx = sizeCanvas(sample, 24, 14);
  if (item.kind) {
    ctx.beginPath();
    MARKS[item.kind](ctx, 12, 7, Math.min(item.size, 5));
    ctx.fillStyle = colourOf(panel, item.colour);
    if (!["start", "end", "cross"].includes(item.kind)) ctx.fill();
  } else {
    ctx.strokeStyle = colourOf(panel, item.colour);
    ctx.lineWidth = item.width;
    ctx.setLineDash(item.dash ? [6, 5] : []);
    line(ctx, 1, 7, 23, 7);
  }
  return make("span", {}, sample, item.label);
}
function sayOf(panel) {
  clearTimeout(panel.saying);
  panel.saying = setTimeout(() => {
    const text = panel.model.get("readout");
    if (panel.said.textContent !== text) panel.said.textContent = text;
  }, 250);
}

// panel/hands.js
function point(panel, [x, y], pick = false) {
  const { model, across, up } = panel;
  const old = model.get("pointer");
  const isAcross = model.get("follow") === "across";
  const to = [clamp(x, across.lo, across.hi), isAcross && old ? old[1] : clamp(y, up.lo, up.hi)];
  model.set("pointer", to);
  model.set("picked", pick ? to : null);
  model.save_changes();
}
function connectHands(panel) {
  const { canvas, model } = panel;
  const follows = () => model.get("follow") !== "none";
  const placeOf = (event) => {
    const frame = canvas.getBoundingClientRect();
    return toPlot(panel, event.clientX - frame.left, event.clientY - frame.top);
  };
  let held = false;
  const go = (event) => {
    if (!follows()) return;
    held = true;
    point(panel, placeOf(event));
  };
  onDrag(canvas, go, go);
  canvas.addEventListener("pointerup", () => {
    if (held && model.get("pointer")) point(panel, model.get("pointer"), true);
    held = false;
  });
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  onKeys(canvas, (key, times) => {
    if (!follows()) return false;
    const at = model.get("pointer") ?? toPlot(panel, panel.width / 2, panel.height / 2);
    if (key === "Enter" || key === " ") point(panel, at, true);
    else if (moves[key]) {
      const step = model.get("step");
      point(panel, at.map((x, i) => x + moves[key][i] * step[i] * times));
    } else return false;
    return true;
  });
}

// panel.js
function connectPanel(panel, el) {
  const { model, root } = panel;
  const picture = ["_picture", "_shape", "_colours", "log", "limits"];
  let stale = false;
  const restyle = () => {
    readTheme(panel, el);
    for (const name of ["blue", "orange", "path", "card"])
      panel.theme[name] = getComputedStyle(root).getPropertyValue(`--lv-${name}`).trim();
    panel.ready = layoutPanel(panel);
    if (!panel.ready) return;
    keepKeys(root);
    panel.hatching = hatch(panel.ctx, panel.theme);
    showWords(panel);
    drawPanel(panel);
  };
  const takeOver = guard(root, () => {
    const had = panel.hasPicture;
    readAxes(panel);
    if (stale) readPicture(panel);
    stale = false;
    if (had !== panel.hasPicture) return restyle();
    showWords(panel);
    drawPanel(panel);
  });
  const spoil = () => stale = true;
  for (const name of picture) model.on(`change:${name}`, spoil);
  model.on("change", takeOver);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    for (const name of picture) model.off(`change:${name}`, spoil);
    model.off("change", takeOver);
    clearTimeout(panel.saying);
    stop();
  };
}
function render({ model, el }) {
  try {
    const panel = { model };
    buildPanel(panel, el);
    readAxes(panel);
    readPicture(panel);
    connectHands(panel);
    return connectPanel(panel, el);
  } catch (error) {
    showError(el, error);
  }
}
var panel_default = { render };
export {
  panel_default as default
};
