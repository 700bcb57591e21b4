// Built from ../js by `npm run build`: change it there.

// numbers.js
var clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
var mix = (a, b, t) => a + (b - a) * t;
var dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
function nearest(list, x) {
  let best = 0;
  for (let i = 1; i < list.length; i++) if (Math.abs(list[i] - x) < Math.abs(list[best] - x)) best = i;
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

// volume/state.js
var LABELS = ["α₁", "α₂", "α₃"];
var CUTS = [
  { fixed: 2, across: 0, up: 1 },
  { fixed: 0, across: 2, up: 1 },
  { fixed: 1, across: 0, up: 2 }
];
function readVolume(model) {
  const axes = model.get("_axes");
  const shape = axes.map((axis) => axis.length);
  const strides = [shape[1] * shape[2], shape[2], 1];
  return { axes, shape, strides, loss: floats(model.get("_volume")) };
}
function readPath(model) {
  const table = floats(model.get("_path"));
  let row = 0;
  return model.get("_runs").map(
    (count) => Array.from({ length: count }, () => {
      const [a, b, c, off, step, loss] = table.subarray(6 * row, 6 * ++row);
      return { alpha: [a, b, c], off, step, loss };
    })
  );
}
function readColouring(viewer) {
  const { model, volume } = viewer;
  viewer.scale = makeScale(model.get("log"), model.get("limits"));
  viewer.field = makeField(volume.loss, viewer.scale);
  const level = model.get("contour");
  viewer.level = level === null ? null : viewer.scale.position(level);
}
function readCrosshair(viewer) {
  const { model, volume } = viewer;
  viewer.index = model.get("crosshair").map((alpha, axis) => nearest(volume.axes[axis], alpha));
  viewer.loss = volume.loss[dot(viewer.index, volume.strides)];
}
function takeCut(volume, field, cut, index) {
  const [nu, nv] = [volume.shape[cut.across], volume.shape[cut.up]];
  const [su, sv] = [volume.strides[cut.across], volume.strides[cut.up]];
  const start = index * volume.strides[cut.fixed];
  const values = new Float32Array(nu * nv);
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) values[v * nu + u] = field[start + v * sv + u * su];
  return { values, nu, nv };
}
function gridPosition(axis, alpha) {
  return (alpha - axis[0]) / (axis[axis.length - 1] - axis[0]) * (axis.length - 1);
}
function toCube(volume, axis, position) {
  return 2 * position / (volume.shape[axis] - 1) - 1;
}
function decimals(axes) {
  const step = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step)), 0, 7);
}
function endDistance(viewer, axis) {
  const run = viewer.path[0];
  const { alpha, off } = run[run.length - 1];
  const here = viewer.volume.axes[axis][viewer.index[axis]];
  return Math.hypot((alpha[axis] - here) * viewer.heights[axis], off);
}
function nearestStep(viewer) {
  const at = viewer.index.map((i, axis) => viewer.volume.axes[axis][i]);
  let best = { distance: Infinity };
  for (const run of viewer.path)
    for (const point of run) {
      const d = point.alpha.map((a, i) => a - at[i]);
      const square = dot(d, viewer.metric.map((row) => dot(row, d)));
      const distance = Math.sqrt(Math.max(square, 0) + point.off ** 2);
      if (distance < best.distance) best = { distance, point };
    }
  return best;
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

// volume/cuts.js
var AXIS = ["#ff9326", "#33bdf7", "#ffffff"];
var LEVELS = 12;
function drawCut(viewer, panel) {
  const { cut, width, height, box } = panel;
  if (panel.shown !== viewer.index[cut.fixed]) {
    panel.shown = viewer.index[cut.fixed];
    panel.slice = takeCut(viewer.volume, viewer.field, cut, panel.shown);
    panel.iso = viewer.level === null ? [] : contour(panel.slice, viewer.level);
    drawPicture(viewer, panel);
    restore(panel, 0, 0, width, height);
  } else {
    const [x, y] = panel.crossing;
    restore(panel, x - 4, box.y - 1, x + 4, box.y + box.height + 1);
    restore(panel, box.x - 1, y - 4, box.x + box.width + 1, y + 4);
  }
  inBox(panel.ctx, box, () => drawCrosshair(viewer, panel));
}
function restore({ ctx, picture }, left, top, right, bottom) {
  const { a: ratio } = ctx.getTransform();
  const [x, y] = [left, top].map((p) => Math.max(0, Math.floor(p * ratio)));
  const width = Math.min(picture.canvas.width, Math.ceil(right * ratio)) - x;
  const height = Math.min(picture.canvas.height, Math.ceil(bottom * ratio)) - y;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(x, y, width, height);
  ctx.drawImage(picture.canvas, x, y, width, height, x, y, width, height);
  ctx.restore();
}
function drawPicture(viewer, panel) {
  const ctx = panel.picture;
  ctx.clearRect(0, 0, panel.width, panel.height);
  inBox(ctx, panel.box, () => {
    drawColours(ctx, viewer, panel);
    drawContours(ctx, panel, LEVELS, panel.iso);
  });
  drawFrame(ctx, viewer, panel);
  inBox(ctx, panel.box, () => drawPathOnCut(viewer, panel));
}
function shadow(run, place) {
  const out = [];
  for (const [i, point] of run.entries()) {
    const [x, y] = place(point);
    const last = out[out.length - 1];
    const isEnd = i === 0 || i === run.length - 1;
    if (isEnd || Math.abs(x - last.x) + Math.abs(y - last.y) > 1.5) out.push({ x, y, point });
  }
  return out;
}
function drawPathOnCut(viewer, panel) {
  const { cut, picture: ctx } = panel;
  const { axes } = viewer.volume;
  const axis = axes[cut.fixed];
  const here = axis[viewer.index[cut.fixed]];
  const reach = (axis[axis.length - 1] - axis[0]) / 2;
  const place = ({ alpha }) => [
    toX(panel, gridPosition(axes[cut.across], alpha[cut.across])),
    toY(panel, gridPosition(axes[cut.up], alpha[cut.up]))
  ];
  const nearness = ({ point }) => clamp(1 - Math.abs(point.alpha[cut.fixed] - here) / reach, 0, 1);
  ctx.lineCap = ctx.lineJoin = "round";
  for (const run of viewer.path) {
    const points = shadow(run, place);
    strokeByNearness(ctx, points, nearness, "#fff", 2);
    strokeByNearness(ctx, points, nearness, PATH, 0);
    for (const [end, drawMark] of [[points[0], drawStart], [points[points.length - 1], drawEnd]]) {
      ctx.globalAlpha = 0.5 + 0.5 * nearness(end);
      drawMark(ctx, end.x, end.y);
    }
  }
  ctx.globalAlpha = 1;
}
function strokeByNearness(ctx, points, nearness, colour, extra) {
  const strengths = points.map((p) => Math.round(4 * nearness(p)));
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
function drawCrosshair(viewer, panel) {
  const { ctx, cut, box } = panel;
  const x = toX(panel, viewer.index[cut.across]);
  const y = toY(panel, viewer.index[cut.up]);
  panel.crossing = [x, y];
  const open = 7;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  casedLine(ctx, x, box.y, x, y - open, AXIS[cut.across], 1.4);
  casedLine(ctx, x, y + open, x, bottom, AXIS[cut.across], 1.4);
  casedLine(ctx, box.x, y, x - open, y, AXIS[cut.up], 1.4);
  casedLine(ctx, x + open, y, right, y, AXIS[cut.up], 1.4);
}
function drawFrame(ctx, viewer, { box, cut }) {
  const along = (axis) => {
    const values = viewer.volume.axes[axis];
    return { lo: values[0], hi: values[values.length - 1], label: LABELS[axis] };
  };
  drawAxes(ctx, viewer.theme, box, along(cut.across), along(cut.up));
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

// volume/rays.js
function castRays(viewer, camera, ratio) {
  const { cube, volume, colours, theme } = viewer;
  const [width, height] = [Math.round(cube.width * ratio), Math.round(cube.height * ratio)];
  if (cube.buffer.width !== width || cube.buffer.height !== height) {
    cube.buffer.width = width;
    cube.buffer.height = height;
    cube.image = new ImageData(width, height);
    cube.depth = new Float32Array(width * height);
  }
  const pixels = new Uint32Array(cube.image.data.buffer);
  pixels.fill(0);
  const depth = cube.depth.fill(Infinity);
  const slices = [0, 1, 2].map((axis) => viewer.panels.find((p) => p.cut.fixed === axis).slice);
  const [s0, s1, s2] = slices;
  const [c0, c1, c2] = [0, 1, 2].map((axis) => toCube(volume, axis, viewer.index[axis]));
  const [h0, h1, h2] = volume.shape.map((n) => (n - 1) / 2);
  const { r, u, e, focus } = camera;
  const [e0, e1, e2] = e.map((x) => EYE * x);
  const frame = boundingBox(camera, ratio, width, height);
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
      if (t0 > 0 && inside(e1 + t0 * d1) && inside(e2 + t0 * d2)) {
        best = t0;
        hit = 0;
      }
      if (t1 > 0 && t1 < best && inside(e0 + t1 * d0) && inside(e2 + t1 * d2)) {
        best = t1;
        hit = 1;
      }
      if (t2 > 0 && t2 < best && inside(e0 + t2 * d0) && inside(e1 + t2 * d1)) {
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
      if (value === value) pixels[at] = colours[clamp(value * 255 + 0.5 | 0, 0, 255)];
      else pixels[at] = (x + y) / ratio % 8 < 2 ? theme.gapLinePixel : theme.gapPixel;
    }
  }
  return { values: depth, width };
}
var inside = (x) => x >= -1 && x <= 1;
function sample(slice, u, v) {
  const { values, nu, nv } = slice;
  const i = u >= nu - 1 ? nu - 2 : u | 0;
  const j = v >= nv - 1 ? nv - 2 : v | 0;
  const at = j * nu + i;
  const s = u - i, t = v - j;
  const low = values[at] + s * (values[at + 1] - values[at]);
  const high = values[at + nu] + s * (values[at + nu + 1] - values[at + nu]);
  const value = low + t * (high - low);
  return value === value ? value : values[at + (s > 0.5 ? 1 : 0) + (t > 0.5 ? nu : 0)];
}

// volume/pen.js
var CubePen = class {
  constructor(ctx, camera, seen) {
    Object.assign(this, { ctx, camera, seen });
    this.clear();
  }
  clear() {
    this.visible = [];
    this.hidden = [];
  }
  /** Add a straight line from p to q, in as few pieces as cuts divide it; each of so many is tried. */
  add(p, q, pieces) {
    const between = (t) => [mix(p[0], q[0], t), mix(p[1], q[1], t), mix(p[2], q[2], t)];
    let from = project(this.camera, p);
    let last = null;
    for (let i = 1; i <= pieces; i++) {
      const to = project(this.camera, between(i / pieces));
      const list = this.listFor(from, to);
      if (list === last) list[list.length - 1] = to;
      else list.push(from, to);
      last = list;
      from = to;
    }
    return this;
  }
  /** Where a piece belongs, by whether its middle is seen. */
  listFor(from, to) {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.seen(x, y, (from[2] + to[2]) / 2) ? this.visible : this.hidden;
  }
  /** Add a line through points. */
  addLine(points) {
    let from = project(this.camera, points[0]);
    for (let i = 1; i < points.length; i++) {
      const to = project(this.camera, points[i]);
      this.listFor(from, to).push(from, to);
      from = to;
    }
    return this;
  }
  /** Stroke what was added: styles are [colour, width] pairs, drawn one above the other. */
  stroke(styles, hiddenAlpha) {
    const { ctx } = this;
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    for (const [pieces, alpha] of [[this.hidden, hiddenAlpha], [this.visible, 1]])
      for (const [colour, width] of alpha > 0 ? styles : []) {
        ctx.globalAlpha = alpha;
        ctx.strokeStyle = colour;
        ctx.lineWidth = width;
        ctx.beginPath();
        for (let i = 0; i < pieces.length; i += 2) {
          if (pieces[i] !== pieces[i - 1]) ctx.moveTo(pieces[i][0], pieces[i][1]);
          ctx.lineTo(pieces[i + 1][0], pieces[i + 1][1]);
        }
        ctx.stroke();
      }
    ctx.globalAlpha = 1;
    this.clear();
  }
};

// volume/cube.js
var LABEL = { width: 28, height: 22 };
function drawCube(viewer) {
  const { cube } = viewer;
  const { ctx, width, height } = cube;
  const ratio = viewer.moving ? 1 : Math.min(window.devicePixelRatio || 1, 2);
  const camera = makeCamera(cube.view, width, height);
  const depth = castRays(viewer, camera, ratio);
  const seen = (x, y, distance) => {
    const at = Math.round(y * ratio) * depth.width + Math.round(x * ratio);
    return !(depth.values[at] < distance - 0.04);
  };
  if (depth.width === cube.canvas.width) ctx.putImageData(cube.image, 0, 0);
  else {
    cube.buffer.getContext("2d").putImageData(cube.image, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(cube.buffer, 0, 0, width, height);
  }
  const pen = new CubePen(ctx, camera, seen);
  drawBox(viewer, pen);
  drawIsoInCube(viewer, pen);
  drawCutFrames(viewer, pen);
  drawPathInCube(viewer, pen);
  drawCubeLabels(viewer, camera);
}
function drawBox(viewer, pen) {
  for (let axis = 0; axis < 3; axis++)
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        const end = (x) => [...p.slice(0, axis), x, ...p.slice(axis)];
        pen.add(end(-1), end(1), 24);
      }
  pen.stroke([[viewer.theme.edge, 1]], 0);
}
function drawCutFrames(viewer, pen) {
  const at = [0, 1, 2].map((i) => toCube(viewer.volume, i, viewer.index[i]));
  for (const { fixed, across, up } of CUTS) {
    const corner = (s, t) => {
      const p = [...at];
      [p[across], p[up]] = [s, t];
      return p;
    };
    pen.add(corner(-1, -1), corner(1, -1), 24).add(corner(1, -1), corner(1, 1), 24);
    pen.add(corner(1, 1), corner(-1, 1), 24).add(corner(-1, 1), corner(-1, -1), 24);
    pen.stroke([["rgba(8, 10, 20, 0.55)", 3.4], [AXIS[fixed], 1.7]], 0);
  }
  for (let axis = 0; axis < 3; axis++) {
    const end = (x) => at.map((c, i) => i === axis ? x : c);
    pen.add(end(-1), end(1), 24);
  }
  pen.stroke([["rgba(8, 10, 20, 0.4)", 1]], 0);
}
function drawIsoInCube(viewer, pen) {
  if (viewer.level === null) return;
  for (const { cut, iso } of viewer.panels) {
    const point = (u, v) => {
      const p = [0, 0, 0];
      p[cut.fixed] = toCube(viewer.volume, cut.fixed, viewer.index[cut.fixed]);
      p[cut.across] = toCube(viewer.volume, cut.across, u);
      p[cut.up] = toCube(viewer.volume, cut.up, v);
      return p;
    };
    for (let i = 0; i < iso.length; i += 4)
      pen.addLine([point(iso[i], iso[i + 1]), point(iso[i + 2], iso[i + 3])]);
  }
  pen.stroke(ISO.map(([colour, width]) => [colour, 0.8 * width]), 0);
}
function drawPathInCube(viewer, pen) {
  const { axes } = viewer.volume;
  const inCube = ({ alpha }) => alpha.map((a, i) => toCube(viewer.volume, i, gridPosition(axes[i], a)));
  for (const run of viewer.path) {
    const seenFrom = (p) => project(pen.camera, inCube(p));
    const points = shadow(run, seenFrom).map((p) => inCube(p.point));
    pen.addLine(points).stroke([["#fff", 4], [PATH, 2.2]], 0.35);
    const ends = [[points[0], drawStart], [points[points.length - 1], drawEnd]];
    for (const [p, draw2] of ends) {
      const [x, y, depth] = project(pen.camera, p);
      pen.ctx.globalAlpha = pen.seen(x, y, depth) ? 1 : 0.45;
      draw2(pen.ctx, x, y);
    }
    pen.ctx.globalAlpha = 1;
  }
}
function drawCubeLabels(viewer, camera) {
  const { ctx, labels } = viewer.cube;
  const { a: ratio } = ctx.getTransform();
  const snap = (p) => Math.round(p * ratio) / ratio;
  for (let axis = 0; axis < 3; axis++) {
    let best = null;
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        p.splice(axis, 0, 0);
        const [x2, y2] = project(camera, p);
        const score = axis === 2 ? -x2 : y2 - (axis === 1 ? 0.01 : 0) * x2;
        if (!best || score > best.score) best = { score, p };
      }
    const [x, y] = project(camera, best.p.map((c) => 1.14 * c));
    ctx.drawImage(
      labels[axis],
      snap(x - LABEL.width / 2),
      snap(y - LABEL.height / 2),
      LABEL.width,
      LABEL.height
    );
  }
}
function makeLabels({ theme }) {
  return LABELS.map((label) => {
    const ctx = sizeCanvas(make("canvas"), LABEL.width, LABEL.height);
    ctx.font = theme.bold;
    ctx.fillStyle = theme.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(label, LABEL.width / 2, LABEL.height / 2);
    return ctx.canvas;
  });
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

// volume/page.js
var MARGIN = { left: 36, right: 8, top: 8, bottom: 32 };
var STEPS = 400;
function buildPage(viewer, el) {
  const swatch = (axis) => make(`span.swatch.axis${axis}`, { "aria-hidden": "true" });
  viewer.panels = CUTS.map((cut) => {
    const canvas = make("canvas", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "cut"
    });
    const title = make("span.title");
    const away = make("span");
    const head = make("figcaption", {}, swatch(cut.fixed), title);
    if (viewer.path.length)
      head.append(
        make(
          "span.away",
          { title: "distance of the end of training from this cut" },
          "★ ",
          away,
          make("span.unit", {}, " away")
        )
      );
    const [nu, nv] = [viewer.volume.shape[cut.across], viewer.volume.shape[cut.up]];
    const tile = make("canvas", { width: nu, height: nv });
    const image = new ImageData(nu, nv);
    const figure = make("figure.panel", {}, head, canvas);
    return { cut, canvas, title, away, figure, tile, image, nu, nv };
  });
  viewer.cube = {
    canvas: make("canvas", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "cube",
      "aria-label": "The three cuts inside the cube. Arrow keys turn it."
    }),
    buffer: document.createElement("canvas"),
    view: { ...VIEW }
  };
  viewer.cube.figure = make(
    "figure.panel",
    {},
    make("figcaption", {}, make("span.title", {}, "cube"), make("span.away", {}, "drag to turn")),
    viewer.cube.canvas
  );
  viewer.reading = make("span.loss");
  viewer.sliders = LABELS.map((label, axis) => {
    const input = make("input", {
      type: "range",
      min: 0,
      max: viewer.volume.shape[axis] - 1,
      step: 1,
      "aria-label": label
    });
    const value = make("span.value");
    return { input, value, row: make("label.row", {}, swatch(axis), label, input, value) };
  });
  viewer.play = make("button.play", { type: "button", "aria-pressed": "false" });
  viewer.reset = make("button", { type: "button" }, "Reset");
  viewer.bar = {
    canvas: make("canvas", { role: "img" }),
    strip: makeStrip(viewer.colours)
  };
  viewer.isoOn = make("input", { type: "checkbox" });
  viewer.isoAt = make("input.iso", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": "iso-loss" });
  viewer.isoValue = make("span.value");
  viewer.scales = ["log", "linear"].map(
    (name) => make("button", { type: "button", "aria-pressed": "false", "data-scale": name }, name)
  );
  viewer.limits = ["lowest", "highest"].map(
    (name) => make("input", { type: "number", step: "any", "aria-label": `${name} loss of the colours` })
  );
  viewer.words = make("p.words", { role: "status", "aria-live": "polite" });
  viewer.root = make(
    "section.card.viewer",
    { "aria-label": "Volume viewer: three cuts through a 3D loss landscape" },
    make(
      "div.body",
      {},
      make("div.grid", {}, ...viewer.panels.map((p) => p.figure), viewer.cube.figure),
      make(
        "div.side",
        {},
        make("div.group", {}, make("span.label", {}, "loss L under the crosshair"), viewer.reading),
        make("div.group", {}, ...viewer.sliders.map((s) => s.row), make("div.buttons", {}, viewer.play, viewer.reset)),
        make(
          "div.group",
          {},
          make("span.label", {}, "colours"),
          viewer.bar.canvas,
          viewer.isoAt,
          make("div.row.split", {}, make("label.check", {}, viewer.isoOn, "iso-loss contour"), viewer.isoValue),
          make("div.row.split", {}, "limits", make("span.pair", {}, viewer.limits[0], "to", viewer.limits[1])),
          make("div.row.split", {}, "scale", make("span.segments", { role: "group", "aria-label": "scale" }, ...viewer.scales))
        ),
        make("div.group.telling", {}, ...viewer.path.length ? [key()] : [], viewer.words)
      )
    )
  );
  el.append(viewer.root);
}
function key() {
  const mark = (text) => make("span.mark", { "aria-hidden": "true" }, text);
  return make("span.label", {}, "training: ", mark("○"), " start, ", mark("★"), " end");
}
function layout(viewer) {
  const { root } = viewer;
  const total = root.clientWidth;
  if (!total) return false;
  root.dataset.width = total >= 760 ? "wide" : total >= 520 ? "medium" : "narrow";
  const margin = total >= 520 ? MARGIN : { left: 28, right: 3, top: 4, bottom: 24 };
  const width = Math.floor(viewer.panels[0].figure.clientWidth);
  const size = width - margin.left - margin.right;
  const height = size + margin.top + margin.bottom;
  for (const panel of viewer.panels) {
    const box = { x: margin.left, y: margin.top, width: size, height: size };
    const ctx = sizeCanvas(panel.canvas, width, height);
    const picture = sizeCanvas(panel.picture?.canvas ?? make("canvas"), width, height);
    Object.assign(panel, { width, height, box, ctx, picture });
  }
  const { cube, bar } = viewer;
  Object.assign(cube, { width, height, ctx: sizeCanvas(cube.canvas, width, height) });
  bar.width = Math.floor(bar.canvas.parentElement.clientWidth);
  bar.height = 44;
  bar.ctx = sizeCanvas(bar.canvas, bar.width, bar.height);
  return true;
}

// volume/words.js
var alphaText = (viewer, axis) => {
  const grid = viewer.volume.axes[axis];
  return minus(grid[viewer.index[axis]].toFixed(viewer.decimals));
};
var distanceText = (x) => x < 10 ? x.toFixed(2) : x.toFixed(1);
function fill(input) {
  input.style.setProperty("--lv-fill", `${100 * input.value / input.max}%`);
}
function showNumbers(viewer) {
  viewer.reading.textContent = formatLoss(viewer.loss);
  for (const { cut, title, away } of viewer.panels) {
    title.textContent = `${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}`;
    if (viewer.path.length) away.textContent = distanceText(endDistance(viewer, cut.fixed));
  }
  viewer.sliders.forEach(({ input, value }, axis) => {
    input.value = viewer.index[axis];
    input.setAttribute("aria-valuetext", `${LABELS[axis]} = ${alphaText(viewer, axis)}`);
    fill(input);
    value.textContent = alphaText(viewer, axis);
  });
}
function showColouring(viewer) {
  const { scale, level } = viewer;
  viewer.scales[0].setAttribute("aria-pressed", String(scale.isLog));
  viewer.scales[1].setAttribute("aria-pressed", String(!scale.isLog));
  viewer.scales[0].disabled = !(scale.lo > 0);
  viewer.limits.forEach((input, i) => {
    input.value = Number([scale.lo, scale.hi][i].toPrecision(3));
    input.setAttribute("aria-invalid", "false");
  });
  const colours = `Colours from ${formatLoss(scale.lo)}, dark, to ${formatLoss(scale.hi)}, bright`;
  viewer.bar.canvas.setAttribute("aria-label", colours);
  const loss = level === null ? "off" : formatLoss(scale.loss(level));
  viewer.isoOn.checked = level !== null;
  viewer.isoAt.disabled = level === null;
  if (level !== null) viewer.isoAt.value = Math.round(STEPS * level);
  viewer.isoAt.setAttribute("aria-valuetext", loss);
  fill(viewer.isoAt);
  viewer.isoValue.textContent = level === null ? loss : `L = ${loss}`;
}
function nameCuts(viewer) {
  for (const { cut, canvas } of viewer.panels) {
    const name = `Cut at ${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}. Left and right move along ${LABELS[cut.across]}, up and down along ${LABELS[cut.up]}, page up and page down move the cut.`;
    canvas.setAttribute("aria-label", name);
  }
}
function sayLater(viewer) {
  clearTimeout(viewer.saying);
  viewer.saying = setTimeout(() => {
    nameCuts(viewer);
    const at = LABELS.map((label, axis) => `${label} = ${alphaText(viewer, axis)}`).join(", ");
    const gap = Number.isNaN(viewer.loss);
    let text = gap ? `No finite loss at ${at}.` : `Loss ${formatLoss(viewer.loss)} at ${at}.`;
    if (viewer.path.length) {
      const { point, distance } = nearestStep(viewer);
      text += ` The nearest point of training is step ${point.step}, ${distanceText(distance)} away, with loss ${formatLoss(point.loss)}.`;
    }
    viewer.words.textContent = text;
  }, 150);
}

// volume/drawing.js
function drawAnew(viewer) {
  for (const panel of viewer.panels) panel.shown = null;
  showColouring(viewer);
  if (viewer.ready) drawBar(viewer);
  draw(viewer);
}
function draw(viewer) {
  if (!viewer.ready) return;
  for (const panel of viewer.panels) drawCut(viewer, panel);
  drawCube(viewer);
  drawBarMark(viewer);
  showNumbers(viewer);
  sayLater(viewer);
}

// volume/moves.js
var FRAME_MS = 70;
function set(viewer, values) {
  for (const [name, value] of Object.entries(values)) viewer.model.set(name, value);
  viewer.model.save_changes();
}
function moveTo(viewer, indices) {
  const { axes, shape } = viewer.volume;
  const index = viewer.index.map((i, axis) => clamp(indices[axis] ?? i, 0, shape[axis] - 1));
  set(viewer, { crosshair: index.map((i, axis) => axes[axis][i]) });
}
var moveBy = (viewer, axis, steps) => moveTo(viewer, { [axis]: viewer.index[axis] + steps });
function inMotion(viewer) {
  viewer.moving = true;
  clearTimeout(viewer.resting);
  viewer.resting = setTimeout(() => {
    viewer.moving = false;
    if (viewer.ready && devicePixelRatio > 1) drawCube(viewer);
  }, 160);
}
function setPlaying(viewer, playing) {
  viewer.playing = playing;
  viewer.play.setAttribute("aria-pressed", String(playing));
  viewer.play.textContent = playing ? "❚❚ Pause" : "▶ Play α₃";
  cancelAnimationFrame(viewer.frame);
  if (!playing) return;
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

// volume/hands.js
function connectCut(viewer, panel) {
  const { canvas, cut } = panel;
  const go = (event) => {
    const { box } = panel;
    const frame = canvas.getBoundingClientRect();
    const u = (event.clientX - frame.left - box.x) / box.width;
    const v = 1 - (event.clientY - frame.top - box.y) / box.height;
    inMotion(viewer);
    moveTo(viewer, {
      [cut.across]: Math.round(u * (panel.nu - 1)),
      [cut.up]: Math.round(v * (panel.nv - 1))
    });
  };
  onDrag(canvas, go, go);
  const keys = {
    ArrowLeft: [cut.across, -1],
    ArrowRight: [cut.across, 1],
    ArrowDown: [cut.up, -1],
    ArrowUp: [cut.up, 1],
    PageDown: [cut.fixed, -1],
    PageUp: [cut.fixed, 1]
  };
  onKeys(canvas, (key2, times) => {
    if (!keys[key2]) return false;
    inMotion(viewer);
    moveBy(viewer, keys[key2][0], keys[key2][1] * times);
    return true;
  });
}
function connectCube(viewer) {
  const { canvas, view } = viewer.cube;
  const turn = (right, up) => {
    view.azimuth -= right;
    view.elevation = clamp(view.elevation + up, -89, 89);
    inMotion(viewer);
    drawCube(viewer);
  };
  let last = null;
  onDrag(
    canvas,
    (event) => last = event,
    (event) => {
      turn(0.5 * (event.clientX - last.clientX), 0.5 * (event.clientY - last.clientY));
      last = event;
    }
  );
  const keys = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowDown: [0, -5], ArrowUp: [0, 5] };
  onKeys(canvas, (key2, times) => keys[key2] && (turn(...keys[key2].map((x) => x * times)), true));
}
function connectControls(viewer) {
  const { model } = viewer;
  viewer.sliders.forEach(
    ({ input }, axis) => input.addEventListener("input", () => {
      inMotion(viewer);
      moveTo(viewer, { [axis]: Number(input.value) });
    })
  );
  viewer.play.addEventListener("click", () => setPlaying(viewer, !viewer.playing));
  viewer.reset.addEventListener("click", () => {
    setPlaying(viewer, false);
    Object.assign(viewer.cube.view, VIEW);
    set(viewer, model.get("_initial"));
    draw(viewer);
  });
  viewer.scales.forEach(
    (button) => button.addEventListener("click", () => set(viewer, { log: button.dataset.scale === "log" }))
  );
  viewer.limits.forEach(
    (input, i) => input.addEventListener("change", () => {
      const limits = [...model.get("limits")];
      const value = input.valueAsNumber;
      const other = limits[1 - i];
      const fits = Number.isFinite(value) && (i === 0 ? value < other : value > other);
      input.setAttribute("aria-invalid", String(!fits));
      if (!fits) return;
      limits[i] = value;
      set(viewer, { limits });
    })
  );
  viewer.isoOn.addEventListener("change", () => {
    set(viewer, { contour: viewer.isoOn.checked ? viewer.scale.loss(viewer.isoAt.value / STEPS) : null });
  });
  viewer.isoAt.addEventListener("input", () => {
    inMotion(viewer);
    set(viewer, { contour: viewer.scale.loss(viewer.isoAt.value / STEPS) });
  });
}

// volume.js
function connectSurroundings(viewer, el) {
  const { model } = viewer;
  const recolour = () => (readColouring(viewer), drawAnew(viewer));
  const move = () => (readCrosshair(viewer), draw(viewer));
  const restyle = () => {
    viewer.ready = layout(viewer);
    if (!viewer.ready) return;
    keepKeys(viewer.root);
    readTheme(viewer, el);
    viewer.hatching = hatch(viewer.panels[0].ctx, viewer.theme);
    viewer.cube.labels = makeLabels(viewer);
    drawAnew(viewer);
  };
  const colouring = ["change:log", "change:limits", "change:contour"];
  model.on("change:crosshair", move);
  for (const name of colouring) model.on(name, recolour);
  const stop = watchPage(viewer.root, restyle);
  restyle();
  return () => {
    model.off("change:crosshair", move);
    for (const name of colouring) model.off(name, recolour);
    stop();
    setPlaying(viewer, false);
    clearTimeout(viewer.saying);
    clearTimeout(viewer.resting);
  };
}
function render({ model, el }) {
  try {
    const viewer = { model, volume: readVolume(model), path: readPath(model) };
    viewer.colours = readColours(model.get("_colours"));
    viewer.heights = model.get("_heights");
    viewer.metric = model.get("_metric");
    viewer.hasGaps = viewer.volume.loss.some(Number.isNaN);
    viewer.decimals = decimals(viewer.volume.axes);
    viewer.heading = 1;
    buildPage(viewer, el);
    readColouring(viewer);
    readCrosshair(viewer);
    for (const panel of viewer.panels) connectCut(viewer, panel);
    connectCube(viewer);
    connectControls(viewer);
    setPlaying(viewer, false);
    return connectSurroundings(viewer, el);
  } catch (error) {
    showError(el, error);
  }
}
var volume_default = { render };
export {
  volume_default as default
};
