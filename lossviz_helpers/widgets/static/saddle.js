// Built from ../js by `npm run build`: change it there.

// numbers.js
var clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
var mix = (a, b, t) => a + (b - a) * t;
function doubles(view) {
  return new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
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

// engine/vectors.js
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
var norm = (a) => Math.sqrt(dot(a, a));
function combine(origin, alpha, directions) {
  const out = Float64Array.from(origin);
  directions.forEach((d, k) => {
    for (let i = 0; i < out.length; i++) out[i] += alpha[k] * d[i];
  });
  return out;
}
var spaced = (lo, hi, count) => Float64Array.from({ length: count }, (_, i) => lo + (hi - lo) * i / (count - 1));
function form(u, M, v) {
  let sum = 0;
  for (let i = 0; i < u.length; i++)
    sum += u[i] * dot(v, M.subarray(i * v.length));
  return sum;
}

// engine/plane.js
function startScan(L, { origin, d1, d2, across, up }, size) {
  let row = null;
  const heights = spaced(...up, size);
  const one = new Float64Array(size);
  const losses = new Float32Array(size * size);
  const scan = {
    losses,
    size,
    done: 0,
    go(until) {
      row ??= L.rows(origin, d1, d2, spaced(...across, size));
      while (scan.done < size) {
        row(heights[scan.done], one);
        losses.set(one, scan.done++ * size);
        if (until()) break;
      }
      return scan.done === size;
    }
  };
  return scan;
}
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = state + 1831565813 >>> 0;
    let t = Math.imul(state ^ state >>> 15, state | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}
function randomDirections(P2, random) {
  const draw = () => Float64Array.from({ length: P2 }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random());
  });
  const [a, b] = [draw(), draw()];
  const d1 = a.map((x) => x / norm(a));
  const along2 = dot(b, d1);
  const rest = b.map((x, i) => x - along2 * d1[i]);
  return [d1, rest.map((x) => x / norm(rest))];
}

// canvas/pen.js
function penOf(canvas) {
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("this browser has no 2D canvas to draw on");
  return ctx;
}
function offscreen(width = 1, height2 = 1) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height: height2 });
  return penOf(canvas);
}
function sizeCanvas(ctx, width, height2) {
  const { canvas } = ctx;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height2 * ratio);
  canvas.style.height = `${height2}px`;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
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
function inBox(ctx, { x, y, width, height: height2 }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height2);
  ctx.clip();
  draw();
  ctx.restore();
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

// live/field.js
var FAINT = 14;
var FEW = 0.97;
function fieldOf(losses, size, limits = null, log = false) {
  let [lo, hi] = limits ?? limitsOf(losses);
  if (!(hi > lo)) hi = lo + 1e-9;
  const scale = makeScale(log, [lo, hi]);
  return { losses, grid: { values: makeField(losses, scale), nu: size, nv: size }, scale };
}
function limitsOf(losses) {
  const sorted = losses.filter(Number.isFinite).sort();
  return [sorted[0], sorted[Math.floor(FEW * (sorted.length - 1))]];
}
function tiles() {
  const made = /* @__PURE__ */ new Map();
  return (size) => {
    const tile = made.get(size) ?? makeTile(size, size);
    made.set(size, tile);
    return tile;
  };
}
function drawField(ctx, box, { grid, scale }, tile, colours, level) {
  inBox(ctx, box, () => {
    drawColours(ctx, box, grid, tile, { colours, hasGaps: false, hatching: "" });
    drawFaintContours(ctx, box, grid, FAINT);
    if (level === null) return;
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.strokeStyle = "#0b0d14";
    ctx.lineWidth = 2;
    strokeSegments(ctx, box, grid, contour(grid, scale.position(level)));
  });
}
var drawFrame = (ctx, theme, box, { across, up }) => drawAxes(ctx, theme, box, across, up, true);
var toCanvas = (box, { across, up }, x, y) => [
  box.x + part(across, x) * box.width,
  box.y + (1 - part(up, y)) * box.height
];
function toPlane(box, { across, up }, px, py) {
  const [u, v] = [(px - box.x) / box.width, 1 - (py - box.y) / box.height];
  if (u < 0 || u > 1 || v < 0 || v > 1) return null;
  return [across.lo + u * (across.hi - across.lo), up.lo + v * (up.hi - up.lo)];
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

// live/frames.js
var SLICE = 8;
function frames(root, act) {
  let waiting = 0;
  const run = guard(root, () => {
    waiting = 0;
    act();
  });
  return {
    ask() {
      waiting ||= requestAnimationFrame(run);
    },
    stop() {
      cancelAnimationFrame(waiting);
      waiting = 0;
    }
  };
}
function sliceOfFrame() {
  const end = performance.now() + SLICE;
  return () => performance.now() > end;
}
var prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

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

// engine/eigen.js
var SWEEPS = 60;
function eigen(matrix) {
  const P2 = Math.round(Math.sqrt(matrix.length));
  const a = Float64Array.from(matrix);
  const vectors = Array.from({ length: P2 }, (_, i) => {
    const axis = new Float64Array(P2);
    axis[i] = 1;
    return axis;
  });
  const size = Math.sqrt(dot(a, a));
  for (let sweep = 0; sweep < SWEEPS && besideDiagonal(a, P2) > 1e-17 * size; sweep++)
    for (let p = 0; p < P2; p++)
      for (let q = p + 1; q < P2; q++) rotate(a, P2, p, q, vectors);
  const order = Array.from({ length: P2 }, (_, i) => i).sort((i, j) => a[i * P2 + i] - a[j * P2 + j]);
  return { values: order.map((i) => a[i * P2 + i]), vectors: order.map((i) => upright(vectors[i])) };
}
function besideDiagonal(a, P2) {
  let sum = 0;
  for (let i = 0; i < P2; i++) for (let j = 0; j < i; j++) sum += 2 * a[i * P2 + j] ** 2;
  return Math.sqrt(sum);
}
function rotate(a, P2, p, q, vectors) {
  const off = a[p * P2 + q];
  if (off === 0) return;
  const theta = (a[q * P2 + q] - a[p * P2 + p]) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < P2; k++) {
    const [x, y] = [a[k * P2 + p], a[k * P2 + q]];
    a[k * P2 + p] = c * x - s * y;
    a[k * P2 + q] = s * x + c * y;
  }
  for (let k = 0; k < P2; k++) {
    const [x, y] = [a[p * P2 + k], a[q * P2 + k]];
    a[p * P2 + k] = c * x - s * y;
    a[q * P2 + k] = s * x + c * y;
  }
  a[p * P2 + q] = a[q * P2 + p] = 0;
  for (let k = 0; k < P2; k++) {
    const [x, y] = [vectors[p][k], vectors[q][k]];
    vectors[p][k] = c * x - s * y;
    vectors[q][k] = s * x + c * y;
  }
}
function upright(v) {
  const largest = v.reduce((best, x) => Math.abs(x) > Math.abs(best) + 1e-9 ? x : best, 0);
  return largest < 0 ? v.map((x) => -x) : v;
}
function planeCurvatures(hessian, d1, d2) {
  const [a, b, c] = [form(d1, hessian, d1), form(d1, hessian, d2), form(d2, hessian, d2)];
  const [middle, reach] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  return [middle - reach, middle + reach];
}

// engine/linear.js
function linear(P2, x, y) {
  const N = y.length;
  const input = new Float64Array(N * P2).fill(1);
  for (let n = 0; n < N; n++) input.set(x.subarray(2 * n, 2 * n + 2), n * P2);
  const error = (theta, n) => {
    let sum = -y[n];
    for (let i = 0; i < P2; i++) sum += theta[i] * input[n * P2 + i];
    return sum;
  };
  const loss = (theta) => {
    let sum = 0;
    for (let n = 0; n < N; n++) sum += error(theta, n) ** 2;
    return sum / N;
  };
  return {
    P: P2,
    N,
    loss,
    predict: (theta, inputs) => Float64Array.from(
      { length: inputs.length / 2 },
      (_, i) => theta[0] * inputs[2 * i] + theta[1] * inputs[2 * i + 1] + (theta[2] ?? 0)
    ),
    gradient(theta) {
      const out = new Float64Array(P2);
      for (let n = 0; n < N; n++) {
        const e = error(theta, n);
        for (let i = 0; i < P2; i++) out[i] += 2 * e * input[n * P2 + i];
      }
      return out.map((sum) => sum / N);
    },
    hessian() {
      const out = new Float64Array(P2 * P2);
      for (let n = 0; n < N; n++)
        for (let i = 0; i < P2; i++)
          for (let j = 0; j < P2; j++) out[i * P2 + j] += 2 * input[n * P2 + i] * input[n * P2 + j];
      return out.map((sum) => sum / N);
    },
    rows: (origin, d1, d2, across) => (b, out) => {
      const start2 = combine(origin, [b], [d2]);
      for (let i = 0; i < across.length; i++) out[i] = loss(combine(start2, [across[i]], [d1]));
    }
  };
}

// engine/activations.js
var never = () => NaN;
var sigmoid = (x) => 1 / (1 + Math.exp(-x));
var ACTIVATIONS = {
  // by σ, as in models.py
  tanh: {
    value: (x) => 2 * sigmoid(2 * x) - 1,
    both: (x, out) => {
      const t = 2 * sigmoid(2 * x) - 1;
      out[0] = t;
      out[1] = 1 - t * t;
      out[2] = -2 * t * out[1];
    },
    rate: 2,
    from: (e) => 2 / (1 + e) - 1
  },
  sigmoid: {
    value: sigmoid,
    both: (x, out) => {
      const s = sigmoid(x);
      out[0] = s;
      out[1] = s * (1 - s);
      out[2] = out[1] * (1 - 2 * s);
    },
    rate: 1,
    from: (e) => 1 / (1 + e)
  },
  relu: {
    value: (x) => x > 0 ? x : 0,
    both: (x, out) => {
      out[0] = x > 0 ? x : 0;
      out[1] = x > 0 ? 1 : 0;
      out[2] = 0;
    },
    rate: 0,
    from: never
  },
  linear: {
    value: (x) => x,
    both: (x, out) => {
      out[0] = x;
      out[1] = 1;
      out[2] = 0;
    },
    rate: 0,
    from: never
  }
};

// engine/network.js
var UNITS = 3;
var P = 13;
var [B, V, C] = [6, 9, 12];
var MAX_EXPONENT = 300;
function network(hiddenName, outputName, x, y) {
  const [hidden, output] = [activation(hiddenName), activation(outputName)];
  const N = y.length;
  const units = Array.from({ length: UNITS }, () => new Float64Array(3));
  const last = new Float64Array(3);
  const into = (theta, n, j) => theta[2 * j] * x[2 * n] + theta[2 * j + 1] * x[2 * n + 1] + theta[B + j];
  const loss = (theta) => {
    let sum = 0;
    for (let n = 0; n < N; n++) {
      let a = theta[C];
      for (let j = 0; j < UNITS; j++) a += theta[V + j] * hidden.value(into(theta, n, j));
      sum += (output.value(a) - y[n]) ** 2;
    }
    return sum / N;
  };
  const forward = (theta, n) => {
    let a = theta[C];
    for (let j = 0; j < UNITS; j++) {
      hidden.both(into(theta, n, j), units[j]);
      a += theta[V + j] * units[j][0];
    }
    output.both(a, last);
    return last[0] - y[n];
  };
  const inner = (theta, n, out) => {
    for (let j = 0; j < UNITS; j++) {
      const pull = theta[V + j] * units[j][1];
      out[2 * j] = pull * x[2 * n];
      out[2 * j + 1] = pull * x[2 * n + 1];
      out[B + j] = pull;
      out[V + j] = units[j][0];
    }
    out[C] = 1;
  };
  const gradient = (theta) => {
    const [sum, one] = [new Float64Array(P), new Float64Array(P)];
    for (let n = 0; n < N; n++) {
      const slope = 2 * forward(theta, n) * last[1];
      inner(theta, n, one);
      for (let i = 0; i < P; i++) sum[i] += slope * one[i];
    }
    return sum.map((s) => s / N);
  };
  const hessian = (theta) => {
    const [sum, one] = [new Float64Array(P * P), new Float64Array(P)];
    for (let n = 0; n < N; n++) {
      const error = forward(theta, n);
      const slope = 2 * error * last[1];
      const bend = 2 * last[1] * last[1] + 2 * error * last[2];
      inner(theta, n, one);
      for (let i = 0; i < P; i++)
        for (let k = 0; k <= i; k++) sum[i * P + k] += bend * one[i] * one[k];
      for (let j = 0; j < UNITS; j++) {
        const curve = slope * theta[V + j] * units[j][2];
        const cross = slope * units[j][1];
        const at = [2 * j, 2 * j + 1, B + j];
        const input = [x[2 * n], x[2 * n + 1], 1];
        for (let p = 0; p < 3; p++) {
          for (let q = 0; q <= p; q++) sum[at[p] * P + at[q]] += curve * input[p] * input[q];
          sum[(V + j) * P + at[p]] += cross * input[p];
        }
      }
    }
    for (let i = 0; i < P; i++)
      for (let k = 0; k <= i; k++) sum[k * P + i] = sum[i * P + k] /= N;
    return sum;
  };
  const rows = (origin, d1, d2, across) => {
    const plain = (b, out) => {
      const start2 = combine(origin, [b], [d2]);
      for (let i = 0; i < across.length; i++) out[i] = loss(combine(start2, [across[i]], [d1]));
    };
    return separable(origin, d1, d2, across) ?? plain;
  };
  const separable = (origin, d1, d2, across) => {
    const { rate, from } = hidden;
    if (!rate) return null;
    const size = across.length;
    const columns = new Float64Array(size * N * UNITS);
    for (let i = 0, at = 0; i < size; i++)
      for (let n = 0; n < N; n++)
        for (let j = 0; j < UNITS; j++, at++) {
          const power = -rate * across[i] * into(d1, n, j);
          if (Math.abs(power) > MAX_EXPONENT) return null;
          columns[at] = Math.exp(power);
        }
    const factors = new Float64Array(N * UNITS);
    return (b, out) => {
      const start2 = combine(origin, [b], [d2]);
      for (let n = 0, at = 0; n < N; n++)
        for (let j = 0; j < UNITS; j++, at++)
          factors[at] = Math.exp(-rate * into(start2, n, j));
      for (let i = 0, at = 0; i < size; i++) {
        const v0 = start2[V] + across[i] * d1[V];
        const v1 = start2[V + 1] + across[i] * d1[V + 1];
        const v2 = start2[V + 2] + across[i] * d1[V + 2];
        const c = start2[C] + across[i] * d1[C];
        let sum = 0;
        for (let n = 0, k = 0; n < N; n++, k += UNITS, at += UNITS) {
          const a = c + v0 * from(factors[k] * columns[at]) + v1 * from(factors[k + 1] * columns[at + 1]) + v2 * from(factors[k + 2] * columns[at + 2]);
          sum += (output.value(a) - y[n]) ** 2;
        }
        out[i] = sum / N;
      }
    };
  };
  const predict = (theta, inputs) => Float64Array.from({ length: inputs.length / 2 }, (_, i) => {
    let a = theta[C];
    for (let j = 0; j < UNITS; j++) {
      const [w1, w2] = [theta[2 * j], theta[2 * j + 1]];
      const into2 = w1 * inputs[2 * i] + w2 * inputs[2 * i + 1] + theta[B + j];
      a += theta[V + j] * hidden.value(into2);
    }
    return output.value(a);
  });
  return { P, N, loss, predict, gradient, hessian, rows };
}
function activation(name) {
  const found = ACTIVATIONS[name];
  if (!found) throw new Error(`no activation ${name}`);
  return found;
}

// engine/objective.js
function makeObjective(spec, x, y) {
  if (x.length !== 2 * y.length) throw new Error(`${x.length} inputs for ${y.length} targets`);
  if (spec.P === 2 || spec.P === 3) return linear(spec.P, x, y);
  if (spec.P === 13) return network(spec.hidden, spec.output, x, y);
  throw new Error(`no model of ${spec.P} parameters`);
}

// saddle/state.js
var CLEAR = 5e-3;
function signOf(curvature, values) {
  const clear = CLEAR * Math.max(-values[0], values[values.length - 1]);
  return curvature < -clear ? "down" : curvature > clear ? "up" : "flat";
}
var readObjective = (model) => makeObjective(model.get("_spec"), doubles(model.get("_x")), doubles(model.get("_y")));
var readPalette = (model) => readColours(model.get("_colours"));
function readSpots(model, L) {
  const numbers = doubles(model.get("_points"));
  const spots = [];
  for (let at = 0; at < numbers.length; at += L.P) {
    const theta = numbers.slice(at, at + L.P);
    const hessian = L.hessian(theta);
    const { values, vectors } = eigen(hessian);
    const before = spots[spots.length - 1];
    const turned = vectors.map(
      (v, i) => before && dot(v, before.vectors[i]) < 0 ? v.map((x) => -x) : v
    );
    const down = values.filter((value) => signOf(value, values) === "down").length;
    const slope = norm(L.gradient(theta));
    spots.push({ theta, loss: L.loss(theta), slope, hessian, values, vectors: turned, down });
  }
  return spots;
}
var spotOf = ({ model, spots }) => spots[Math.max(0, Math.min(spots.length - 1, model.get("at")))];
function directionsOf(saddle) {
  const [i, j] = saddle.model.get("chosen");
  const { vectors } = spotOf(saddle);
  return saddle.random ?? [vectors[i], vectors[j]];
}
function curvaturesOf(saddle) {
  const { hessian } = spotOf(saddle);
  return directionsOf(saddle).map((d) => form(d, hessian, d));
}
function drawPlanes(saddle, times) {
  const { hessian } = spotOf(saddle);
  for (let k = 0; k < times; k++) {
    const drawn = randomDirections(saddle.L.P, saddle.dice);
    saddle.random = drawn;
    saddle.count.planes++;
    if (planeCurvatures(hessian, ...drawn)[0] < 0) saddle.count.down++;
  }
}
function forgetPlanes(saddle) {
  saddle.random = null;
  saddle.count = { planes: 0, down: 0 };
  saddle.dice = randomNumbers(1);
}
function between(from, to, t) {
  const [a, b] = to.map((d, k) => d.map((x, i) => (1 - t) * from[k][i] + t * x));
  const size = norm(a);
  const d1 = a.map((x) => x / size);
  const along2 = dot(b, d1);
  const rest = b.map((x, i) => x - along2 * d1[i]);
  const left = norm(rest);
  if (!(size > 1e-3 && left > 1e-3)) return to;
  return [d1, rest.map((x) => x / left)];
}

// saddle/bars.js
var SMALL = 2e-3;
var TICKS = [-1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10];
var height = (value) => Math.asinh(value / SMALL);
function rangeOf(spots) {
  const low = Math.min(...spots.map(({ values }) => values[0]), 0);
  const high = Math.max(...spots.map(({ values }) => values[values.length - 1]), 0);
  return { low: height(low) - 0.5, high: height(high) + 0.3 };
}
var fromTop = ({ low, high }, value) => 100 * (high - height(value)) / (high - low);
function drawTicks({ page: { ticks: ticks2 }, spots }) {
  const range = rangeOf(spots);
  const shown = TICKS.filter((t) => height(t) >= range.low && height(t) <= range.high);
  ticks2.replaceChildren(
    ...shown.map((t) => {
      const style = `top: ${fromTop(range, t)}%`;
      const line2 = make("div.tick", { style }, make("span", {}, tickText(t)));
      if (t === 0) line2.dataset.zero = "";
      return line2;
    })
  );
}
function drawBars(saddle) {
  const { page, spots, model, random } = saddle;
  const { values } = spotOf(saddle);
  const range = rangeOf(spots);
  const zero = fromTop(range, 0);
  const chosen = random ? [] : model.get("chosen");
  page.columns.forEach(({ button: button2, bar, mark }, i) => {
    const top = fromTop(range, values[i]);
    const sign = signOf(values[i], values);
    bar.style.top = `${Math.min(top, zero)}%`;
    bar.style.height = `${Math.abs(top - zero)}%`;
    button2.dataset.sign = sign;
    const place = chosen.indexOf(i);
    button2.setAttribute("aria-pressed", String(place >= 0));
    mark.textContent = place < 0 ? "" : String(place + 1);
    const words = { up: "curves up", down: "curves down", flat: "hardly curves" }[sign];
    button2.setAttribute("aria-label", `λ${i + 1} = ${formatLoss(values[i])}, ${words}`);
    button2.title = `λ = ${formatLoss(values[i])}: ${words}`;
  });
}

// live/size.js
function fit(canvas, height2) {
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  canvas.style.width = `${width}px`;
  sizeCanvas(penOf(canvas), width, height2(width));
}
function clean(canvas) {
  const ctx = penOf(canvas);
  const ratio = ctx.getTransform().a;
  const [width, height2] = [canvas.width / ratio, canvas.height / ratio];
  ctx.clearRect(0, 0, width, height2);
  return { ctx, width, height: height2 };
}

// saddle/relief.js
var HEIGHT = 1;
var TOP = 1.4;
var BASE = -0.12;
var LIGHT = [-0.48, 0.36, 0.8];
function makeProjection({ azimuth, elevation }, width, height2) {
  const [a, e] = [azimuth * Math.PI / 180, elevation * Math.PI / 180];
  const [ca, sa, ce, se] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e)];
  const size = Math.min(width / 2.92, height2 / 2.4);
  return {
    /** @type {(x: number, y: number, z: number) => [number, number]} */
    at: (x, y, z) => [
      width / 2 + size * (ca * x - sa * y),
      height2 / 2 - size * (se * (sa * x + ca * y) + ce * (z - (HEIGHT + BASE) / 2))
    ],
    /** distance from the viewer, up to a constant */
    away: [sa, ca],
    /** light on a slope, from 0 to 1 */
    light: (dx, dy) => {
      const [x, y] = [-ca * dx + sa * dy, -sa * dx - ca * dy];
      const size2 = Math.sqrt(dx * dx + dy * dy + 1);
      return Math.max(0, (LIGHT[0] * x - LIGHT[1] * y + LIGHT[2]) / size2);
    }
  };
}
function drawRelief({ ctx, width, height: height2 }, { losses, grid, scale }, view, style) {
  const size = grid.nu;
  const { at, away, light } = makeProjection(view, width, height2);
  const span = scale.hi - scale.lo;
  const z = Float32Array.from(losses, (loss) => Math.min(HEIGHT * (loss - scale.lo) / span, TOP));
  const step = 2 / (size - 1);
  const middle = (size - 1) / 2;
  const [px, py] = [new Float32Array(size * size), new Float32Array(size * size)];
  for (let v = 0, i = 0; v < size; v++)
    for (let u = 0; u < size; u++, i++)
      [px[i], py[i]] = at(u * step - 1, v * step - 1, z[i]);
  drawBase(ctx, at, style);
  const [fromU, fromV] = [away[0] > 0, away[1] > 0];
  ctx.lineJoin = "round";
  for (let k = 0; k + 1 < size; k++) {
    const v = fromV ? size - 2 - k : k;
    for (let l = 0; l + 1 < size; l++) {
      const u = fromU ? size - 2 - l : l;
      const i = v * size + u;
      const [a, b, c, d] = [i, i + 1, i + size + 1, i + size];
      const dx = (z[b] + z[c] - z[a] - z[d]) / (2 * step);
      const dy = (z[c] + z[d] - z[a] - z[b]) / (2 * step);
      const position = (grid.values[a] + grid.values[b] + grid.values[c] + grid.values[d]) / 4;
      const paint = shade(style.colours[colourIndex(position)], light(dx, dy));
      ctx.beginPath();
      ctx.moveTo(px[a], py[a]);
      ctx.lineTo(px[b], py[b]);
      ctx.lineTo(px[c], py[c]);
      ctx.lineTo(px[d], py[d]);
      ctx.closePath();
      ctx.fillStyle = ctx.strokeStyle = paint;
      ctx.lineWidth = 0.8;
      ctx.fill();
      ctx.stroke();
      if (v === (fromV ? middle - 1 : middle)) {
        const [p, q] = fromV ? [d, c] : [a, b];
        drawPart(ctx, px[p], py[p], px[q], py[q], style.lines[0]);
      }
      if (u === (fromU ? middle - 1 : middle)) {
        const [p, q] = fromU ? [b, c] : [a, d];
        drawPart(ctx, px[p], py[p], px[q], py[q], style.lines[1]);
      }
    }
  }
  drawBall(ctx, ...at(0, 0, z[middle * size + middle]));
  drawNames(ctx, at, z, size, style);
}
function shade(pixel2, light) {
  const gain = 0.5 + 0.62 * light;
  const part2 = (shift) => clamp(Math.round((pixel2 >> shift & 255) * gain), 0, 255);
  return `rgb(${part2(0)},${part2(8)},${part2(16)})`;
}
function drawPart(ctx, x0, y0, x1, y1, colour) {
  for (
    const [paint, width, cap] of
    /** @type {const} */
    [
      ["rgba(8, 10, 20, 0.7)", 5, "butt"],
      [colour, 3, "round"]
    ]
  ) {
    ctx.lineCap = cap;
    ctx.strokeStyle = paint;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  }
}
function drawBall(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 6, 0, 2 * Math.PI);
  ctx.fillStyle = "#fff";
  ctx.strokeStyle = "#d81b60";
  ctx.lineWidth = 3;
  ctx.fill();
  ctx.stroke();
}
function drawBase(ctx, at, { edge }) {
  ctx.strokeStyle = edge;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const [x, y] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) ctx.lineTo(...at(x, y, BASE));
  ctx.closePath();
  ctx.stroke();
}
function drawNames(ctx, at, z, size, { lines, font }) {
  const middle = (size - 1) / 2;
  const names = [
    ["1", at(1, 0, z[middle * size + size - 1]), lines[0]],
    ["2", at(0, 1, z[(size - 1) * size + middle]), lines[1]]
  ];
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const [name, [x, y], colour] of names) {
    ctx.beginPath();
    ctx.arc(x, y, 9, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.strokeStyle = "rgba(8, 10, 20, 0.7)";
    ctx.lineWidth = 1.2;
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = "#0b0d14";
    ctx.fillText(name, x, y + 0.5);
  }
}

// saddle/drawing.js
var ON_PICTURE = { up: "#33bdf7", down: "#ff9326", flat: "#c9ced6" };
var WALK = { left: 46, right: 12, top: 10, bottom: 8 };
var tileOf = tiles();
function lineColours(saddle) {
  const { values } = spotOf(saddle);
  const [a, b] = curvaturesOf(saddle).map((c) => ON_PICTURE[signOf(c, values)]);
  return [a, b];
}
function mapFrame({ model, page }) {
  const reach = model.get("reach");
  const [width, height2] = [page.map.clientWidth, page.map.clientHeight];
  const box = { x: 40, y: 22, width: width - 40 - 8, height: height2 - 22 - 40 };
  const short = box.height / box.width * reach;
  const axis = (hi, label) => ({ lo: -hi, hi, label });
  return { box, window: { across: axis(reach, "α₁"), up: axis(short, "α₂") } };
}
function drawMap(saddle) {
  const { page, theme, field, colours, pointer } = saddle;
  const { ctx } = clean(page.map);
  const { box, window: window2 } = mapFrame(saddle);
  if (field) {
    const whole = { ...box, y: box.y - (box.width - box.height) / 2, height: box.width };
    inBox(ctx, box, () => {
      drawField(ctx, whole, field, tileOf(field.grid.nu), colours, spotOf(saddle).loss);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const [across, up] = lineColours(saddle);
      ctx.lineCap = "butt";
      casedLine(ctx, box.x, y, box.x + box.width, y, across, 2);
      casedLine(ctx, x, box.y, x, box.y + box.height, up, 2);
      drawBall(ctx, x, y);
      if (pointer) drawPointer(saddle, box, window2);
    });
  }
  drawFrame(ctx, theme, box, window2);
}
function drawPointer({ pointer, page }, box, window2) {
  if (!pointer) return;
  const ctx = penOf(page.map);
  const [x, y] = toCanvas(box, window2, ...pointer);
  for (
    const [colour, width] of
    /** @type {const} */
    [["rgba(8, 10, 20, 0.7)", 4], ["#fff", 2]]
  ) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}
function drawSurface(saddle) {
  const { page, theme, field, colours, view } = saddle;
  const canvas = clean(page.surface);
  if (!field) return;
  drawRelief(canvas, field, view, {
    colours,
    lines: lineColours(saddle),
    edge: theme.edge,
    ink: theme.ink,
    font: theme.font
  });
}
var walkX = (width, count, i) => WALK.left + i / Math.max(count - 1, 1) * (width - WALK.left - WALK.right);
function walkIndex({ page, spots }, x) {
  const width = page.walk.clientWidth - WALK.left - WALK.right;
  const i = Math.round((x - WALK.left) / width * (spots.length - 1));
  return Math.max(0, Math.min(spots.length - 1, i));
}
function drawWalk({ page, theme, spots, model }) {
  const { ctx, width, height: height2 } = clean(page.walk);
  const [bottom, room] = [height2 - WALK.bottom, height2 - WALK.bottom - WALK.top];
  const high = Math.max(...spots.map(({ loss }) => loss));
  const at = (i) => [
    walkX(width, spots.length, i),
    bottom - spots[i].loss / high * room
  ];
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  for (const loss of [0, high]) {
    const y2 = bottom - loss / high * room;
    line(ctx, WALK.left, y2, width - WALK.right, y2);
    ctx.fillText(loss ? formatLoss(loss) : "L = 0", WALK.left - 7, y2);
  }
  ctx.lineWidth = 2.4;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  for (let i = 0; i + 1 < spots.length; ) {
    const isDown = spots[i].down > 0;
    ctx.beginPath();
    ctx.moveTo(...at(i));
    do
      ctx.lineTo(...at(++i));
    while (i + 1 < spots.length && spots[i].down > 0 === isDown);
    ctx.strokeStyle = isDown ? theme.orange : theme.blue;
    ctx.stroke();
  }
  const [x, y] = at(Math.min(model.get("at"), spots.length - 1));
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1;
  line(ctx, x, WALK.top - 6, x, bottom);
  drawBall(ctx, x, y);
}

// live/controls.js
function slider(name, last, move) {
  const input = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": name });
  const value = make("output.value");
  const root = make("label.slider", {}, make("span.name", {}, name), input, value);
  input.addEventListener("input", () => move(Number(input.value)));
  return {
    root,
    input,
    show(position, text) {
      input.value = String(position);
      input.style.setProperty("--lv-fill", `${100 * position / Math.max(last, 1)}%`);
      input.setAttribute("aria-valuetext", text);
      value.textContent = text;
    }
  };
}
function button(text, title, act) {
  const made = make("button", { type: "button", title }, text);
  made.addEventListener("click", act);
  return made;
}

// saddle/input.js
var REACHES = [0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 12];
function connectInput(saddle, { moved, turned, pointed }) {
  const { model, page, spots } = saddle;
  const goTo = (at) => {
    model.set("at", at);
    model.save_changes();
  };
  const choose = (chosen) => {
    saddle.random = null;
    model.set("chosen", chosen);
    model.save_changes();
    turned();
  };
  const draw = (times) => {
    drawPlanes(saddle, times);
    turned();
  };
  const walk = slider("point of the walk", spots.length - 1, goTo);
  const reach = slider("window", REACHES.length - 1, (i) => {
    model.set("reach", REACHES[i]);
    model.save_changes();
    moved();
  });
  page.steps.append(walk.root, reach.root);
  const P2 = saddle.L.P;
  page.planes.append(
    button("two lowest", "The plane of the two lowest eigenvalues", () => choose([0, 1])),
    button(
      "lowest and highest",
      "The plane of the lowest and the highest eigenvalue",
      () => choose([0, P2 - 1])
    ),
    button("random plane", "A plane along two random directions", () => draw(1)),
    button("100 random planes", "How many of them curve down?", () => draw(100)),
    page.count
  );
  const walkTo = (event) => goTo(walkIndex(saddle, event.clientX - page.walk.getBoundingClientRect().left));
  onDrag(page.walk, walkTo, walkTo);
  connectColumns(saddle, choose);
  connectMap(saddle, pointed);
  connectSurface(saddle, pointed);
  return () => {
    const at = model.get("at");
    walk.show(at, model.get("_names")[at] ?? "");
    const r = model.get("reach");
    const nearest = REACHES.findIndex((one) => one >= r - 1e-9);
    reach.show(nearest < 0 ? REACHES.length - 1 : nearest, `±${tickText(r)}`);
  };
}
function connectColumns(saddle, choose) {
  const buttons = saddle.page.columns.map(({ button: button2 }) => button2);
  let last = 0;
  buttons.forEach((one, i) => {
    one.addEventListener("click", () => {
      const chosen = saddle.model.get("chosen");
      const place = chosen.indexOf(i);
      if (place >= 0) return choose([chosen[0], chosen[1]]);
      last = 1 - last;
      choose(last ? [chosen[0], i] : [i, chosen[1]]);
    });
    one.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: buttons.length - 1 };
      const to = moves[event.key];
      if (to === void 0) return;
      event.preventDefault();
      event.stopPropagation();
      buttons[clamp(to, 0, buttons.length - 1)].focus();
    });
    one.addEventListener("focus", () => {
      for (const other of buttons) other.tabIndex = other === one ? 0 : -1;
    });
  });
}
function connectMap(saddle, pointed) {
  const { map } = saddle.page;
  const point = (event) => {
    const frame = map.getBoundingClientRect();
    const { box, window: window2 } = mapFrame(saddle);
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    saddle.pointer = toPlane(box, window2, x, y);
    pointed();
  };
  onDrag(map, point, point);
  map.addEventListener("pointermove", point);
  map.addEventListener("pointerleave", () => {
    saddle.pointer = null;
    pointed();
  });
  onKeys(map, (key, times) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    if (key !== "Escape" && !moves[key]) return false;
    const { window: { across, up } } = mapFrame(saddle);
    const [dx, dy] = moves[key] ?? [0, 0];
    const step = times * across.hi / 20;
    const [x, y] = saddle.pointer ?? [0, 0];
    saddle.pointer = key === "Escape" ? null : [clamp(x + dx * step, across.lo, across.hi), clamp(y + dy * step, up.lo, up.hi)];
    pointed();
    return true;
  });
}
function connectSurface(saddle, pointed) {
  const { surface } = saddle.page;
  let last = [0, 0];
  const turn = (right, up) => {
    const { azimuth, elevation } = saddle.view;
    saddle.view = { azimuth: azimuth + right, elevation: clamp(elevation + up, 8, 80) };
    pointed();
  };
  onDrag(
    surface,
    (event) => {
      last = [event.clientX, event.clientY];
    },
    (event) => {
      const [x, y] = last;
      last = [event.clientX, event.clientY];
      turn(0.6 * (last[0] - x), 0.4 * (last[1] - y));
    }
  );
  onKeys(surface, (key, times) => {
    if (key === "ArrowLeft") turn(-4 * times, 0);
    else if (key === "ArrowRight") turn(4 * times, 0);
    else if (key === "ArrowUp") turn(0, 4 * times);
    else if (key === "ArrowDown") turn(0, -4 * times);
    else return false;
    return true;
  });
}
function startTurn(saddle, atOnce) {
  if (atOnce) {
    saddle.turn = null;
    saddle.shown = directionsOf(saddle);
  } else saddle.turn = { from: saddle.shown, since: performance.now() };
}

// saddle/page.js
var WALK_HEIGHT = 76;
var FLAT = 0.94;
function buildPage(P2) {
  const walk = make("canvas", { "aria-hidden": "true" });
  const bars = make("div.bars", { role: "group", "aria-label": "Eigenvalues of the Hessian" });
  const columns = Array.from({ length: P2 }, () => {
    const [bar, mark] = [make("i"), make("b")];
    const button2 = make("button", { type: "button", tabindex: -1 }, bar, mark);
    return { button: button2, bar, mark };
  });
  columns[0].button.tabIndex = 0;
  const ticks2 = make("div");
  bars.append(ticks2, ...columns.map(({ button: button2 }) => button2));
  const surface = make("canvas.turn", { tabindex: 0, role: "application" });
  const map = make("canvas.hand", { tabindex: 0, role: "application" });
  const steps = make("div.row");
  const planes = make("div.row");
  const summary = make("p.words");
  const along2 = make("div.along");
  const reading = make("small");
  const count = make("span.muted");
  const said = make("div.said", { role: "status", "aria-live": "polite" });
  const key = make(
    "small.key",
    {},
    make("i", { "data-sign": "down" }),
    "curves down along some eigenvector ",
    make("i"),
    "along none"
  );
  const under = make("p.under", {}, "Choose two: their directions span the plane.");
  const title = "curvature λ along each eigenvector";
  const root = make(
    "div.card.live.saddle",
    {},
    make("figure.part.walk", {}, make("figcaption.caption", {}, "the loss along the walk", key), walk),
    steps,
    summary,
    make(
      "div.views",
      {},
      make("figure.part", {}, make("figcaption.caption", {}, title), bars, under),
      make("figure.part", {}, make("figcaption.caption", {}, "the loss on the plane"), surface),
      make("figure.part", {}, make("figcaption.caption", {}, "its map", reading), map)
    ),
    along2,
    planes,
    said
  );
  return {
    root,
    walk,
    columns,
    ticks: ticks2,
    surface,
    map,
    steps,
    planes,
    summary,
    along: along2,
    reading,
    count,
    said
  };
}
function layOut({ root, walk, surface, map }) {
  const width = root.clientWidth;
  if (!width || !root.isConnected) return false;
  root.dataset.width = width < 560 ? "narrow" : width < 820 ? "medium" : "wide";
  fit(walk, () => WALK_HEIGHT);
  fit(surface, (width2) => Math.round(FLAT * width2));
  fit(map, (width2) => Math.round(FLAT * width2));
  return true;
}

// saddle/words.js
var CURVES = { up: "curves up", down: "curves down", flat: "hardly curves" };
function showWords(saddle) {
  const { page, model, pointer } = saddle;
  const spot = spotOf(saddle);
  const name = model.get("_names")[model.get("at")] ?? "";
  const { values, down } = spot;
  const many = `${down || "none"} of the ${values.length} eigenvectors`;
  page.summary.replaceChildren(
    `${name.slice(0, 1).toUpperCase()}${name.slice(1)}: L = ${formatLoss(spot.loss)}, and the gradient has length ${formatLoss(spot.slope)}. The loss clearly curves down along `,
    make("strong", { "data-sign": down ? "down" : "up" }, many),
    "."
  );
  page.along.replaceChildren(...along(saddle));
  page.reading.textContent = pointer ? readingAt(saddle, pointer) : "point at the map to read L";
  const { planes, down: found } = saddle.count;
  page.count.textContent = planes ? `${found} of ${planes} random planes here curve${found === 1 ? "s" : ""} down` : "";
  const [i, j] = model.get("chosen");
  const which = saddle.random ? "a random plane" : `the plane of eigenvectors ${i + 1} and ${j + 1}`;
  page.surface.setAttribute(
    "aria-label",
    `The loss on ${which}, as a surface. Left and right arrow keys turn it.`
  );
  page.map.setAttribute(
    "aria-label",
    `Map of the loss on ${which}. Arrow keys move the pointer, Escape removes it.`
  );
  announce(saddle);
}
function along(saddle) {
  const { values, hessian, down } = spotOf(saddle);
  const parts = curvaturesOf(saddle).map((curvature, k) => {
    const sign = signOf(curvature, values);
    const what = saddle.random ? "Random direction" : "Direction";
    const text2 = `${what} ${k + 1} ${CURVES[sign]}: λ = ${formatLoss(curvature)}.`;
    return make("p", { "data-sign": sign }, text2);
  });
  if (!saddle.random) return parts;
  const [lowest] = planeCurvatures(hessian, ...directionsOf(saddle));
  const hidden = lowest > 0 && down > 0;
  const text = `Lowest curvature in this plane: ${formatLoss(lowest)}.` + (hidden ? " It hides the way down." : "");
  return [...parts, make("p", { "data-sign": lowest < 0 ? "down" : "up" }, text)];
}
function readingAt(saddle, pointer) {
  const theta = combine(spotOf(saddle).theta, pointer, directionsOf(saddle));
  const [a, b] = pointer.map((x) => minus(x.toFixed(2)));
  return `L = ${formatLoss(saddle.L.loss(theta))} at (${a}, ${b})`;
}
function announce(saddle) {
  clearTimeout(saddle.announceTimer);
  saddle.announceTimer = setTimeout(() => {
    const { summary, along: parts, count, said, reading } = saddle.page;
    const lines = [summary, ...parts.children, count].map((node) => node.textContent);
    const text = saddle.pointer ? reading.textContent ?? "" : lines.join(" ");
    if (said.textContent !== text) said.textContent = text;
  }, 300);
}

// saddle.js
var [COARSE, FINE] = [21, 51];
var PLANE = ["chosen", "reach"];
var TURN = 450;
function advance(saddle) {
  if (!saddle.isReady) return;
  const { turn, page } = saddle;
  const wanted = directionsOf(saddle);
  if (turn) {
    const t = Math.min((performance.now() - turn.since) / TURN, 1);
    saddle.shown = between(turn.from, wanted, t * t * (3 - 2 * t));
    if (t === 1) saddle.turn = null;
  } else saddle.shown = wanted;
  let scan = saddle.scan;
  if (!scan || turn) {
    scan = scanOf(saddle, COARSE);
    scan.go(() => false);
    show(saddle, scan.losses, COARSE);
    saddle.scan = scanOf(saddle, FINE);
    page.root.dataset.grid = "coarse";
    saddle.frames.ask();
  } else if (scan.done < FINE) {
    if (scan.go(sliceOfFrame())) {
      show(saddle, scan.losses, FINE);
      page.root.dataset.grid = "fine";
    } else saddle.frames.ask();
  }
}
function scanOf(saddle, size) {
  const reach = saddle.model.get("reach");
  const { theta: origin } = spotOf(saddle);
  const [d1, d2] = saddle.shown;
  return startScan(saddle.L, { origin, d1, d2, across: [-reach, reach], up: [-reach, reach] }, size);
}
function show(saddle, losses, size) {
  saddle.field = fieldOf(losses, size);
  drawMap(saddle);
  drawSurface(saddle);
}
function connect(saddle, el) {
  const { model, page: { root } } = saddle;
  const rest = () => {
    showControls();
    drawBars(saddle);
    showWords(saddle);
    if (saddle.isReady) drawWalk(saddle);
  };
  const rescan = () => {
    saddle.scan = null;
    rest();
    saddle.frames.ask();
  };
  const moved = guard(root, rescan);
  const turned = guard(root, () => {
    startTurn(saddle, prefersStill());
    rescan();
  });
  const pointed = guard(root, () => {
    showWords(saddle);
    drawMap(saddle);
    drawSurface(saddle);
  });
  const showControls = connectInput(saddle, { moved, turned, pointed });
  const restyle = () => {
    saddle.isReady = layOut(saddle.page);
    if (!saddle.isReady) return;
    keepKeys(root);
    saddle.theme = readTheme(root, el);
    drawMap(saddle);
    drawSurface(saddle);
    rest();
    saddle.frames.ask();
  };
  const walked = guard(root, () => {
    forgetPlanes(saddle);
    saddle.turn = null;
    rescan();
  });
  model.on("change:at", walked);
  for (const name of PLANE) model.on(`change:${name}`, moved);
  drawTicks(saddle);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    model.off("change:at", walked);
    for (const name of PLANE) model.off(`change:${name}`, moved);
    clearTimeout(saddle.announceTimer);
    saddle.frames.stop();
    stop();
  };
}
function start(model, el) {
  const L = readObjective(model);
  const spots = readSpots(model, L);
  const page = buildPage(L.P);
  el.append(page.root);
  const [i, j] = model.get("chosen");
  const { vectors } = spots[model.get("at")];
  const saddle = {
    model,
    page,
    L,
    spots,
    colours: readPalette(model),
    theme: readTheme(page.root, el),
    isReady: false,
    frames: frames(page.root, () => advance(saddle)),
    random: null,
    dice: randomNumbers(1),
    count: { planes: 0, down: 0 },
    turn: null,
    shown: [vectors[i], vectors[j]],
    scan: null,
    field: null,
    pointer: null,
    view: { azimuth: 32, elevation: 30 },
    announceTimer: 0
  };
  return connect(saddle, el);
}
var saddle_default = widgetOf(start);
export {
  saddle_default as default
};
