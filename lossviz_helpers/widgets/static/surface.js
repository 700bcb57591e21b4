// Built from ../js by `npm run build`: change it there.

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
  const step2 = [1, 2, 5].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
  const out = [];
  for (let k = Math.ceil(lo / step2 - 1e-9); k * step2 <= hi + 1e-9 * step2; k++) out.push(k * step2);
  return out;
}
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
  const rgb2 = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const pixels = new Uint8ClampedArray(1024).fill(255);
  for (let i = 0; i < 256; i++) pixels.set(rgb2.subarray(3 * i, 3 * i + 3), 4 * i);
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

// surface/camera.js
var EYE = 5.2;
var FOOT = 0.1;
var STEEPEST = 89.5;
var FLATTEST = 4;
var ZOOM = (
  /** @type {Pair} */
  [0.5, 8]
);
function makeCamera({ elevation, azimuth, zoom, shift: shift2 }, width, height, { half, tall }) {
  const [el, az] = [elevation * Math.PI / 180, azimuth * Math.PI / 180];
  const [up, flat] = [Math.sin(el), Math.cos(el)];
  const e = [flat * Math.cos(az), flat * Math.sin(az), up];
  const r = [-Math.sin(az), Math.cos(az), 0];
  const u = [e[1] * r[2] - e[2] * r[1], e[2] * r[0] - e[0] * r[2], e[0] * r[1] - e[1] * r[0]];
  const middle2 = (tall - FOOT) / 2;
  const [radius, rise] = [Math.hypot(...half), (tall + FOOT) / 2];
  const below = (radius * up + rise * flat) / (EYE - radius * flat + rise * up);
  const above = Math.max(
    (radius * up + rise * flat) / (EYE + radius * flat - rise * up),
    (rise * flat - radius * up) / (EYE - radius * flat - rise * up)
  );
  const aside = radius / Math.sqrt((EYE - rise * up) ** 2 - radius ** 2);
  const [top, bottom, side] = [22, 46, width < 520 ? 28 : 52];
  const across = (width / 2 - side) / aside;
  const focus = Math.min((height - top - bottom) / (above + below), across);
  const y = (height + top - bottom + focus * (above - below)) / 2;
  return {
    e,
    r,
    u,
    middle: middle2,
    focus: focus * zoom,
    x: width * (0.5 + shift2[0]),
    y: height * (0.5 + shift2[1]) + (y - height / 2) * zoom,
    width,
    height
  };
}
function project(camera, [px, py, pz]) {
  const p = [px, py, pz - camera.middle];
  const depth = EYE - dot(p, camera.e);
  const scale = camera.focus / depth;
  return [camera.x + dot(p, camera.r) * scale, camera.y - dot(p, camera.u) * scale, depth];
}
function rayThrough({ e, r, u, middle: middle2, focus, ...at }, x, y) {
  const [a, b] = [(x - at.x) / focus, (at.y - y) / focus];
  const eye = [EYE * e[0], EYE * e[1], EYE * e[2] + middle2];
  return { eye, direction: [0, 1, 2].map((i) => a * r[i] + b * u[i] - e[i]) };
}
function matrix({ e, r, u, middle: middle2, focus, x, y, width, height }) {
  const [near, far] = [EYE - 3.2, EYE + 3.2];
  const [cx, cy] = [2 * x / width - 1, 1 - 2 * y / height];
  const [sx, sy] = [2 * focus / width, 2 * focus / height];
  const k = (far + near) / (far - near);
  const columns = [0, 1, 2].map((i) => [
    sx * r[i] - cx * e[i],
    sy * u[i] - cy * e[i],
    -k * e[i],
    -e[i]
  ]);
  const last = [cx * EYE, cy * EYE, k * EYE - 2 * far * near / (far - near), EYE];
  const moved2 = last.map((value, i) => value - middle2 * columns[2][i]);
  return [...columns.flat(), ...moved2];
}
function turn(view, right, up) {
  view.azimuth = ((view.azimuth - right + 180) % 360 + 360) % 360 - 180;
  view.elevation = clamp(view.elevation + up, FLATTEST, STEEPEST);
}
function magnify(view, by, x = 0.5, y = 0.5) {
  const zoom = clamp(view.zoom * by, ...ZOOM);
  const k = zoom / view.zoom;
  const [dx, dy] = [x - 0.5, y - 0.5];
  view.zoom = zoom;
  view.shift = zoom <= 1 ? [0, 0] : [dx - k * (dx - view.shift[0]), dy - k * (dy - view.shift[1])];
}

// surface/relief.js
var STRIDE = 6;
function refinement({ nu, nv }, target) {
  return Math.max(1, Math.floor((target - 1) / (Math.max(nu, nv) - 1)));
}
function refine({ values, nu, nv }, times) {
  const [mu, mv] = [(nu - 1) * times + 1, (nv - 1) * times + 1];
  const rows = new Float32Array(mu * nv);
  for (let v = 0; v < nv; v++) refineLine(values, v * nu, 1, nu, times, rows, v * mu, 1);
  const out = new Float32Array(mu * mv);
  for (let u = 0; u < mu; u++) refineLine(rows, u, mu, nv, times, out, u, mu);
  return { values: out, nu: mu, nv: mv };
}
function refineLine(from, start2, stride, n, times, to, first, gap) {
  const at = (i) => i < 0 || i >= n ? NaN : from[start2 + i * stride];
  for (let i = 0; i + 1 < n; i++) {
    const [a, b] = [at(i), at(i + 1)];
    const slope2 = b - a;
    const [p, q] = [middle(a - at(i - 1), slope2), middle(slope2, at(i + 2) - b)];
    to[first + i * times * gap] = a;
    for (let k = 1; k < times; k++) {
      const s = k / times;
      const r = 1 - s;
      to[first + (i * times + k) * gap] = a * r * r * (1 + 2 * s) + b * s * s * (1 + 2 * r) + s * r * (p * r - q * s);
    }
  }
  to[first + (n - 1) * times * gap] = at(n - 1);
}
function middle(before, after) {
  if (Number.isNaN(before)) return after;
  if (Number.isNaN(after)) return before;
  return before * after > 0 ? 2 * before * after / (before + after) : 0;
}
function makeRelief(grid, half, reach = 1) {
  const { values, nu, nv } = grid;
  const slopes = new Float32Array(2 * values.length);
  const [du, dv] = [2 * half[0] / (nu - 1), 2 * half[1] / (nv - 1)];
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const at = v * nu + u;
      slopes[2 * at] = slope(values, at, 1, Math.min(u, reach), Math.min(nu - 1 - u, reach)) / du;
      slopes[2 * at + 1] = slope(values, at, nu, Math.min(v, reach), Math.min(nv - 1 - v, reach)) / dv;
    }
  return { ...grid, half, slopes };
}
function slope(values, at, by, before, after) {
  let [lo, hi] = [at, at];
  for (let k = 0; k < before && !Number.isNaN(values[lo - by]); k++) lo -= by;
  for (let k = 0; k < after && !Number.isNaN(values[hi + by]); k++) hi += by;
  return hi > lo && !Number.isNaN(values[at]) ? (values[hi] - values[lo]) * by / (hi - lo) : 0;
}
function heightAt({ values, nu, nv, half }, x, y) {
  const [s, t] = [(x / half[0] + 1) / 2 * (nu - 1), (y / half[1] + 1) / 2 * (nv - 1)];
  if (!(s >= -1e-4 && t >= -1e-4 && s <= nu - 1 + 1e-4 && t <= nv - 1 + 1e-4)) return NaN;
  const [i, j] = [Math.min(Math.max(s | 0, 0), nu - 2), Math.min(Math.max(t | 0, 0), nv - 2)];
  const at = j * nu + i;
  const low = values[at] + (s - i) * (values[at + 1] - values[at]);
  const high = values[at + nu] + (s - i) * (values[at + nu + 1] - values[at + nu]);
  return low + (t - j) * (high - low);
}
function topVertices(relief) {
  const { values, slopes, nu } = relief;
  const vertices = new Float32Array(STRIDE * values.length);
  for (let at = 0; at < values.length; at++) {
    const [x, y] = placeOf(relief, at % nu, at / nu | 0);
    const z = Number.isNaN(values[at]) ? 0 : values[at];
    vertices.set([x, y, z, slopes[2 * at], slopes[2 * at + 1], 1], STRIDE * at);
  }
  return vertices;
}
function topIndices({ values, nu, nv }, every) {
  const lines = (n) => [...Array(Math.ceil((n - 1) / every)).keys()].map((i) => i * every).concat(n - 1);
  const [us, vs] = [lines(nu), lines(nv)];
  const indices = [];
  for (let j = 0; j + 1 < vs.length; j++)
    for (let i = 0; i + 1 < us.length; i++) {
      const [low, high] = [vs[j] * nu, vs[j + 1] * nu];
      const [a, b, c, d] = [low + us[i], low + us[i + 1], high + us[i + 1], high + us[i]];
      if (!Number.isNaN(values[a] + values[b] + values[c] + values[d]))
        indices.push(a, b, c, a, c, d);
    }
  return new Uint32Array(indices);
}
function wallMesh(relief) {
  const { values, nu, nv } = relief;
  const vertices = [];
  const indices = [];
  const wall = (u0, v0, u1, v1, nx, ny) => {
    const first = vertices.length / STRIDE;
    for (const [u, v] of [
      [u0, v0],
      [u1, v1]
    ]) {
      const [x, y] = placeOf(relief, u, v);
      const z = values[v * nu + u];
      vertices.push(x, y, z, nx, ny, 1, x, y, z, nx, ny, 0);
    }
    indices.push(first, first + 1, first + 3, first, first + 3, first + 2);
  };
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      if (!isSolid(relief, u, v)) continue;
      if (!isSolid(relief, u - 1, v)) wall(u, v + 1, u, v, -1, 0);
      if (!isSolid(relief, u + 1, v)) wall(u + 1, v, u + 1, v + 1, 1, 0);
      if (!isSolid(relief, u, v - 1)) wall(u, v, u + 1, v, 0, -1);
      if (!isSolid(relief, u, v + 1)) wall(u + 1, v + 1, u, v + 1, 0, 1);
    }
  return { vertices: new Float32Array(vertices), indices: new Uint32Array(indices) };
}
function isSolid({ values, nu, nv }, u, v) {
  if (u < 0 || v < 0 || u + 1 >= nu || v + 1 >= nv) return false;
  const at = v * nu + u;
  return !Number.isNaN(values[at] + values[at + 1] + values[at + nu] + values[at + nu + 1]);
}
function placeOf({ nu, nv, half }, u, v) {
  return [half[0] * (2 * u / (nu - 1) - 1), half[1] * (2 * v / (nv - 1) - 1)];
}

// surface/rays.js
var STEP = 8e-3;
function placeUnder(camera, relief, tall, x, y) {
  const { eye, direction: d } = rayThrough(camera, x, y);
  const above = (t) => eye[2] + t * d[2] - tall * heightAt(relief, eye[0] + t * d[0], eye[1] + t * d[1]);
  const [first, last] = inBlock(relief, tall, eye, d);
  if (!(first < last)) return null;
  let before = first;
  if (above(first) < -4e-3) return null;
  for (let t = first; t < last + STEP; t += STEP) {
    const at = Math.min(t, last);
    if (above(at) <= 0) {
      let [lo, hi] = [before, at];
      for (let i = 0; i < 20; i++) {
        const half = (lo + hi) / 2;
        if (above(half) <= 0) hi = half;
        else lo = half;
      }
      return [eye[0] + hi * d[0], eye[1] + hi * d[1]];
    }
    before = at;
  }
  return null;
}
function isVisible({ e, middle: middle2 }, relief, tall, p) {
  const to = [EYE * e[0] - p[0], EYE * e[1] - p[1], EYE * e[2] + middle2 - p[2]];
  const length = Math.hypot(...to);
  const d = to.map((x) => x / length);
  for (let t = 3 * STEP; t < 3; t += STEP) {
    const z = p[2] + t * d[2];
    if (z > tall) return true;
    const ground = tall * heightAt(relief, p[0] + t * d[0], p[1] + t * d[1]);
    if (ground > z + 6e-3) return false;
  }
  return true;
}
function inBlock({ half }, tall, eye, d) {
  let [first, last] = [0, Infinity];
  for (const [i, lo, hi] of [
    [0, -half[0], half[0]],
    [1, -half[1], half[1]],
    [2, -1e-3, tall + 1e-3]
  ]) {
    const [a, b] = [(lo - eye[i]) / d[i], (hi - eye[i]) / d[i]];
    first = Math.max(first, Math.min(a, b));
    last = Math.min(last, Math.max(a, b));
  }
  return [first, last];
}

// surface/state.js
var FULL = 0.72;
function readGround({ name, axes, losses, runs }) {
  const [nu, nv] = axes.map((axis) => axis.length);
  const rows = floats(losses);
  const turned = new Float32Array(nu * nv);
  for (let u = 0; u < nu; u++) for (let v = 0; v < nv; v++) turned[v * nu + u] = rows[u * nv + v];
  return { name, axes, nu, nv, half: proportions(axes), losses: turned, runs: runs.map(readRun) };
}
function proportions(axes) {
  const [a, b] = axes.map((axis) => axis[axis.length - 1] - axis[0]);
  const ratio = b / a;
  if (ratio > 3 || ratio < 1 / 3) return [1, 1];
  return ratio > 1 ? [1 / ratio, 1] : [1, ratio];
}
function readRun({ name, colour, rows }) {
  const table = floats(rows);
  const steps = Array.from({ length: table.length / 5 }, (_, i) => {
    const [a, b, off, step2, loss] = table.subarray(5 * i, 5 * i + 5);
    return { alpha: (
      /** @type {Pair} */
      [a, b]
    ), off, step: step2, loss };
  });
  return { name, colour, steps };
}
function readScale(model) {
  const limits = model.get("_log_limits");
  return model.get("log") && limits ? makeScale(true, limits) : makeScale(false, model.get("_limits"));
}
function makeHeights({ losses }, scale) {
  return makeField(losses, scale).map((t) => clamp(t, 0, 1));
}
function toBlock({ axes, half }, alpha) {
  const [x, y] = axes.map((axis, i) => {
    const [lo, hi] = [axis[0], axis[axis.length - 1]];
    return half[i] * (2 * (alpha[i] - lo) / (hi - lo) - 1);
  });
  return [x, y];
}
function toAlpha({ axes, half }, place) {
  const [a, b] = axes.map(
    (axis, i) => mix(axis[0], axis[axis.length - 1], (place[i] / half[i] + 1) / 2)
  );
  return [a, b];
}
function readAt({ axes, nu, losses }, alpha) {
  if (!alpha) return null;
  for (const [i, axis] of axes.entries()) {
    const margin = 1e-6 * (axis[axis.length - 1] - axis[0]);
    if (!(alpha[i] >= axis[0] - margin && alpha[i] <= axis[axis.length - 1] + margin)) return null;
  }
  const [u, v] = axes.map((axis, i) => nearest(axis, alpha[i]));
  return { u, v, alpha: (
    /** @type {Pair} */
    [axes[0][u], axes[1][v]]
  ), loss: losses[v * nu + u] };
}
function decimals({ axes }) {
  const step2 = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step2)), 0, 7);
}

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
function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
function inBox(ctx, { x, y, width, height }, draw2) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  draw2();
  ctx.restore();
}

// surface/light.js
var REACH = [0.02, 0.045, 0.08, 0.13, 0.2, 0.3, 0.42, 0.6];
var DIRECTIONS = 12;
var SOFT = 0.12;
var FURTHEST = 1.6;
var SUN = { elevation: 33, aside: -62 };
function sunFrom(azimuth) {
  const [el, az] = [SUN.elevation, azimuth + SUN.aside].map((x) => x * Math.PI / 180);
  return [Math.cos(el) * Math.cos(az), Math.cos(el) * Math.sin(az), Math.sin(el)];
}
function coarser({ values, nu, nv }, every) {
  const [mu, mv] = [nu, nv].map((n) => Math.max(2, Math.ceil((n - 1) / every) + 1));
  const out = new Float32Array(mu * mv);
  for (let v = 0; v < mv; v++)
    for (let u = 0; u < mu; u++) {
      const [i, j] = [Math.round(u * (nu - 1) / (mu - 1)), Math.round(v * (nv - 1) / (mv - 1))];
      out[v * mu + u] = values[j * nu + i];
    }
  return { values: out, nu: mu, nv: mv };
}
function skyLight({ values, nu, nv }, half, tall) {
  const out = new Float32Array(values.length);
  const [du, dv] = [(nu - 1) / (2 * half[0]), (nv - 1) / (2 * half[1])];
  const looks = Array.from({ length: DIRECTIONS }, (_, k) => {
    const angle = 2 * Math.PI * (k + 0.5) / DIRECTIONS;
    return REACH.map((r) => [
      Math.round(r * Math.cos(angle) * du),
      Math.round(r * Math.sin(angle) * dv),
      r
    ]).filter(([i, j]) => i || j);
  });
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const here = values[v * nu + u];
      let sum = 0;
      for (const look of looks) {
        let steepest = 0;
        for (const [i, j, r] of look) {
          if (u + i < 0 || v + j < 0 || u + i >= nu || v + j >= nv) break;
          const slope2 = tall * (values[(v + j) * nu + u + i] - here) / r;
          if (slope2 > steepest) steepest = slope2;
        }
        sum += 1 / (1 + steepest * steepest);
      }
      out[v * nu + u] = sum / DIRECTIONS;
    }
  return out;
}
function sunLight({ values, nu, nv }, half, tall, sun) {
  const out = new Float32Array(values.length).fill(1);
  const flat = Math.hypot(sun[0], sun[1]);
  const rise = sun[2] / flat;
  const step2 = 2 * Math.max(...half) / (Math.max(nu, nv) - 1);
  const [du, dv] = [
    sun[0] / flat * step2 * (nu - 1) / (2 * half[0]),
    sun[1] / flat * step2 * (nv - 1) / (2 * half[1])
  ];
  const most = Math.min(FURTHEST, tall / rise) / step2;
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const here = tall * values[v * nu + u];
      let lit = 1;
      for (let k = 1.5; k < most; k += k < 12 ? 1 : 2) {
        const [s, t] = [u + k * du, v + k * dv];
        const [i, j] = [s | 0, t | 0];
        if (s < 0 || t < 0 || i + 1 >= nu || j + 1 >= nv) break;
        const at = j * nu + i;
        const low = values[at] + (s - i) * (values[at + 1] - values[at]);
        const high = values[at + nu] + (s - i) * (values[at + nu + 1] - values[at + nu]);
        const r = k * step2;
        const open = here + r * rise - tall * (low + (t - j) * (high - low));
        if (open < SOFT * r) lit = Math.min(lit, Math.max(0, 0.5 + 0.5 * open / (SOFT * r)));
        if (lit <= 0) break;
      }
      out[v * nu + u] = lit * lit * (3 - 2 * lit);
    }
  return out;
}

// surface/paths.js
var RADIUS = 0.0115;
var FINE = 0.012;
var CLOSE = 4e-3;
var SIDES = 8;
function trace(ground, relief, run) {
  const spot = (x, y) => [x, y, heightAt(relief, x, y)];
  const places = run.steps.map(({ alpha }) => toBlock(ground, alpha));
  const pieces = [];
  let piece = [];
  const finish = () => {
    if (piece.length > 1) pieces.push(piece);
    piece = [];
  };
  places.forEach(([x, y], i) => {
    const [x0, y0] = places[Math.max(i - 1, 0)];
    const parts = Math.min(1e3, Math.max(1, Math.ceil(Math.hypot(x - x0, y - y0) / FINE)));
    for (let k = 1; k <= parts; k++) {
      const next = spot(x0 + (x - x0) * k / parts, y0 + (y - y0) * k / parts);
      const last = piece.at(-1);
      if (Number.isNaN(next[2])) finish();
      else if (!last || Math.hypot(next[0] - last[0], next[1] - last[1]) > CLOSE) piece.push(next);
    }
  });
  finish();
  const [start2, end] = [places[0], places[places.length - 1]].map((p) => p ? spot(...p) : null);
  const onGround = (s) => s && !Number.isNaN(s[2]) ? s : null;
  return { pieces, start: onGround(start2), end: onGround(end) };
}
function tubeMesh(pieces, tall) {
  const vertices = [];
  const indices = [];
  for (const piece of pieces) {
    const centres = piece.map(([x, y, t]) => [x, y, t * tall + 0.6 * RADIUS]);
    let side = [1, 0, 0];
    let ahead = [0, 1, 0];
    centres.forEach((p, i) => {
      const [a, b] = [centres[Math.max(i - 1, 0)], centres[Math.min(i + 1, centres.length - 1)]];
      const d = b.map((x, k) => x - a[k]);
      const length = Math.hypot(...d);
      if (length > 1e-6) ahead = d.map((x) => x / length);
      const flat = Math.hypot(ahead[0], ahead[1]);
      if (flat > 1e-6) side = [ahead[1] / flat, -ahead[0] / flat, 0];
      const up = cross(side, ahead);
      const first = vertices.length / 6;
      for (let k = 0; k < SIDES; k++) {
        const angle = 2 * Math.PI * k / SIDES;
        const n = side.map((x, j) => x * Math.cos(angle) + up[j] * Math.sin(angle));
        vertices.push(...p.map((x, j) => x + RADIUS * n[j]), ...n);
        if (i === 0) continue;
        const next = (k + 1) % SIDES;
        const [q, r, s, t] = [first + k, first + next, first + k - SIDES, first + next - SIDES];
        indices.push(q, r, s, r, t, s);
      }
    });
  }
  return { vertices: new Float32Array(vertices), indices: new Uint32Array(indices) };
}
var cross = (a, b) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0]
];

// surface/block.js
var FINE2 = 181;
var SHADE = 97;
var STRIP = 768;
function makeBlock(ground, colours) {
  const none = { vertices: new Float32Array(), indices: new Uint32Array() };
  return {
    ground,
    colours,
    relief: (
      /** @type {Relief} */
      {
        values: new Float32Array(4),
        nu: 2,
        nv: 2,
        half: ground.half,
        slopes: new Float32Array(8)
      }
    ),
    tall: 0,
    top: none,
    coarse: none,
    // the top with fewer triangles, while it moves on a slow machine
    wall: none,
    traces: (
      /** @type {ReturnType<typeof trace>[]} */
      []
    ),
    tubes: (
      /** @type {{ mesh: typeof none, paint: number[] }[]} */
      []
    ),
    strip: offscreen(STRIP, STRIP).canvas,
    shade: {
      values: new Float32Array(),
      nu: 0,
      nv: 0,
      sky: new Float32Array(),
      bytes: new Uint8Array()
    },
    sun: [0, 0, 1],
    version: { mesh: 0, light: 0, tubes: 0 }
  };
}
function rescale(block, scale) {
  const { ground } = block;
  const grid = { values: makeHeights(ground, scale), nu: ground.nu, nv: ground.nv };
  const times = refinement(grid, FINE2);
  const fine = refine(grid, times);
  block.relief = makeRelief(fine, ground.half, Math.max(1, times >> 1));
  const vertices = topVertices(block.relief);
  block.top = { vertices, indices: topIndices(fine, 1) };
  block.coarse = { vertices, indices: topIndices(fine, 2) };
  block.wall = wallMesh(block.relief);
  const every = Math.max(1, Math.round((Math.max(fine.nu, fine.nv) - 1) / (SHADE - 1)));
  Object.assign(block.shade, coarser(fine, every));
  block.traces = ground.runs.map((run) => trace(ground, block.relief, run));
  drawStrip(block);
  block.version.mesh++;
  block.tall = NaN;
}
function raise(block, exaggeration) {
  const tall = FULL * exaggeration;
  if (tall === block.tall) return;
  block.tall = tall;
  block.shade.sky = skyLight(block.shade, block.relief.half, tall);
  block.tubes = block.traces.map(({ pieces }, i) => ({
    mesh: tubeMesh(pieces, tall),
    paint: rgb(block.ground.runs[i].colour)
  }));
  block.version.tubes++;
  block.sun = [0, 0, 0];
}
function shine(block, azimuth) {
  const sun = sunFrom(azimuth);
  if (sun.every((x, i) => Math.abs(x - block.sun[i]) < 1e-4)) return;
  const { shade, relief, tall } = block;
  const direct = sunLight(shade, relief.half, tall, sun);
  shade.bytes = new Uint8Array(2 * direct.length);
  for (let i = 0; i < direct.length; i++) {
    shade.bytes[2 * i] = 255 * shade.sky[i];
    shade.bytes[2 * i + 1] = 255 * direct[i];
  }
  block.sun = sun;
  block.version.light++;
}
function drawStrip({ strip, traces, relief: { half } }) {
  const pen = (
    /** @type {CanvasRenderingContext2D} */
    strip.getContext("2d")
  );
  pen.clearRect(0, 0, STRIP, STRIP);
  pen.save();
  pen.scale(STRIP / (2 * half[0]), STRIP / (2 * half[1]));
  pen.lineJoin = pen.lineCap = "round";
  for (const [width, alpha] of [
    [0.075, 0.1],
    [0.055, 0.14],
    [0.04, 0.22],
    [0.028, 0.4]
  ]) {
    pen.strokeStyle = `rgba(0, 0, 0, ${alpha})`;
    pen.lineWidth = width;
    for (const { pieces } of traces) {
      pen.beginPath();
      for (const piece of pieces)
        piece.forEach(
          ([x, y], i) => (i ? pen.lineTo : pen.moveTo).call(pen, x + half[0], half[1] - y)
        );
      pen.stroke();
    }
  }
  pen.restore();
}
var rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
var toPoint = ({ tall }, [x, y, t]) => [x, y, t * tall];

// surface/shaders.js
var LIGHT = `
precision highp float;
uniform vec3 sun;
uniform vec3 eye;
const vec3 SUN = vec3(1.16, 1.12, 1.04);
const vec3 SKY = vec3(0.31, 0.34, 0.39);
const vec3 BOUNCE = vec3(0.13, 0.12, 0.12);
vec3 linear(vec3 c) { return pow(c, vec3(2.2)); }
vec4 shown(vec3 c) {
  c = mix(c, 0.7 + 0.3 * (1.0 - exp((0.7 - c) / 0.3)), step(0.7, c)); // a soft limit for bright colours
  return vec4(pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}
vec3 lit(vec3 base, vec3 n, vec3 at, float sky, float direct, float gloss) {
  vec3 away = normalize(eye - at);
  float side = max(dot(n, sun), 0.0) * direct;
  vec3 sum = SUN * side + mix(BOUNCE, SKY, 0.5 + 0.5 * n.z) * sky;
  sum += 0.16 * sky * max(dot(n, away), 0.0);
  float shine = pow(max(dot(n, normalize(sun + away)), 0.0), 38.0) * direct;
  float rim = pow(1.0 - max(dot(n, away), 0.0), 4.0) * sky;
  return 0.94 * base * sum + gloss * (shine * SUN + 0.35 * rim * SKY);
}`;
var LINES = `
uniform float lines; // how many contours, 0 for none
float contour(float t, float width) {
  float level = t * lines;
  float across = fwidth(level);
  float far = abs(fract(level - 0.5) - 0.5) / max(across, 1e-6);
  float ends = step(0.5, level) * step(level, lines - 0.5);
  return ends * (1.0 - smoothstep(width - 0.5, width + 0.5, far)) * smoothstep(0.5, 0.2, across);
}`;
var GROUND_VERTEX = `#version 300 es
uniform mat4 camera;
uniform float tall;
uniform vec2 half_widths;
uniform float foot;
in vec3 place; // x, y, height from 0 to 1
in vec3 more; // slopes, and 0 at the foot of a wall
out vec3 at;
out float t;
out vec2 slope;
out vec2 uv;
void main() {
  at = vec3(place.xy, more.z > 0.5 ? place.z * tall : -foot);
  t = place.z;
  slope = more.xy;
  uv = place.xy / half_widths * 0.5 + 0.5;
  gl_Position = camera * vec4(at, 1.0);
}`;
var TOP = `#version 300 es
${LIGHT}
${LINES}
uniform sampler2D colours, light, strip;
uniform float tall, ratio;
uniform vec2 texels; // of the light
in vec3 at;
in float t;
in vec2 slope;
in vec2 uv;
out vec4 colour;
void main() {
  vec3 base = linear(texture(colours, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb);
  vec3 n = normalize(vec3(-slope * tall, 1.0));
  vec2 reach = texture(light, (uv * (texels - 1.0) + 0.5) / texels).rg;
  float line = contour(t, 0.5 * ratio);
  base = mix(base, base * 0.42, 0.75 * line);
  vec3 c = lit(base, n, at, reach.r, reach.g, 0.05);
  c *= 1.0 - 0.72 * texture(strip, uv).a;
  colour = shown(c);
}`;
var WALL = `#version 300 es
${LIGHT}
${LINES}
uniform sampler2D colours;
uniform float tall, ratio, foot;
in vec3 at;
in float t;
in vec2 slope;
in vec2 uv;
out vec4 colour;
void main() {
  float level = clamp(at.z / tall, 0.0, 1.0);
  vec3 base = linear(texture(colours, vec2((level * 255.0 + 0.5) / 256.0, 0.5)).rgb);
  float grey = dot(base, vec3(0.3, 0.6, 0.1));
  base = mix(vec3(grey), base, 0.72) * 0.62;
  vec3 n = normalize(vec3(slope, 0.0));
  float deep = smoothstep(-foot, 0.35 * tall, at.z);
  base *= 1.0 - 0.42 * contour(at.z / tall, 0.35 * ratio);
  float edge = 1.0 - smoothstep(0.0, 0.018, t * tall - at.z);
  vec3 c = lit(base, n, at, mix(0.75, 1.5, deep), mix(0.5, 0.9, deep), 0.0);
  colour = shown(c * (1.0 + 0.5 * edge));
}`;
var TUBE_VERTEX = `#version 300 es
uniform mat4 camera;
in vec3 place;
in vec3 more;
out vec3 at;
out vec3 n;
void main() {
  at = place;
  n = more;
  gl_Position = camera * vec4(at, 1.0);
}`;
var TUBE = `#version 300 es
${LIGHT}
uniform vec3 paint;
uniform float alpha;
in vec3 at;
in vec3 n;
out vec4 colour;
void main() {
  vec3 c = lit(linear(paint), normalize(n), at, 1.15, 0.8, 0.28);
  colour = vec4(shown(c).rgb * alpha, alpha);
}`;
var FLOOR_VERTEX = `#version 300 es
uniform mat4 camera;
uniform vec2 half_widths;
uniform float foot;
in vec2 place;
out vec2 at;
void main() {
  at = place * (half_widths + 0.9);
  gl_Position = camera * vec4(at, -foot, 1.0);
}`;
var FLOOR = `#version 300 es
precision highp float;
uniform vec2 half_widths;
uniform vec3 sun;
uniform float dark;
uniform vec3 gap, gap_line;
in vec2 at;
out vec4 colour;
float beyond(vec2 p) {
  vec2 d = abs(p) - half_widths;
  return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}
void main() {
  float near = exp(-9.0 * max(beyond(at), 0.0));
  float thrown = 1.0 - smoothstep(-0.12, 0.55, beyond(at + 0.30 * normalize(sun.xy)));
  float ends = 1.0 - smoothstep(0.5, 0.88, beyond(at));
  float alpha = dark * ends * (0.5 * near + 0.42 * thrown);
  float stripe = smoothstep(0.3, 0.36, abs(fract((at.x + at.y) * 16.0) - 0.5));
  vec3 ground = mix(gap, gap_line, stripe) * 0.8; // what is seen through a gap
  colour = beyond(at) < 0.0 ? vec4(ground, 1.0) : vec4(vec3(0.02) * alpha, alpha);
}`;
var PROGRAMS = {
  top: [GROUND_VERTEX, TOP],
  wall: [GROUND_VERTEX, WALL],
  tube: [TUBE_VERTEX, TUBE],
  floor: [FLOOR_VERTEX, FLOOR]
};

// surface/gl.js
function makeRenderer() {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: true, powerPreference: "high-performance" });
  if (!gl || gl.isContextLost()) return null;
  const programs = Object.fromEntries(
    Object.entries(PROGRAMS).map(([name, sources]) => [name, makeProgram(gl, sources)])
  );
  gl.enable(gl.DEPTH_TEST);
  gl.enable(gl.CULL_FACE);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const corners = {
    vertices: new Float32Array([-1, -1, 1, -1, 1, 1, -1, 1]),
    indices: new Uint32Array([0, 1, 2, 0, 2, 3])
  };
  const floor = load(gl, corners, [2]);
  const shown = /* @__PURE__ */ new Map();
  const draw2 = (block, camera, look, ratio) => {
    const [width, height] = [camera.width, camera.height].map((x) => Math.round(x * ratio));
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const known = shown.get(block) ?? newShown(gl);
    shown.set(block, known);
    update(gl, known, block);
    const common = {
      camera: matrix(camera),
      eye: camera.e.map((x, i) => EYE * x + (i === 2 ? camera.middle : 0)),
      sun: block.sun,
      half_widths: [...block.relief.half],
      foot: FOOT,
      tall: block.tall,
      lines: look.lines,
      ratio,
      texels: [block.shade.nu, block.shade.nv],
      dark: look.isDark ? 0.85 : 0.55,
      gap: look.gap,
      gap_line: look.gapLine
    };
    gl.enable(gl.BLEND);
    gl.depthMask(false);
    paint(gl, programs.floor, floor, common);
    gl.disable(gl.BLEND);
    gl.depthMask(true);
    [known.colours, known.light, known.strip].forEach((texture2, i) => {
      gl.activeTexture(gl.TEXTURE0 + i);
      gl.bindTexture(gl.TEXTURE_2D, texture2);
    });
    const textures = { colours: 0, light: 1, strip: 2 };
    if (known.wall) paint(gl, programs.wall, known.wall, common, textures);
    const top = look.isCoarse ? known.coarse : known.top;
    if (top) paint(gl, programs.top, top, common, textures);
    for (const { tube, paint: colour } of known.tubes)
      paint(gl, programs.tube, tube, { ...common, paint: colour, alpha: 1 });
    gl.enable(gl.BLEND);
    gl.depthMask(false);
    gl.depthFunc(gl.GREATER);
    for (const { tube, paint: colour } of known.tubes)
      paint(gl, programs.tube, tube, { ...common, paint: colour, alpha: 0.2 });
    gl.depthFunc(gl.LESS);
    gl.depthMask(true);
    return canvas;
  };
  const drop = () => {
    shown.clear();
    gl.getExtension("WEBGL_lose_context")?.loseContext();
  };
  return { canvas, draw: draw2, drop, isLost: () => gl.isContextLost() };
}
function newShown(gl) {
  return {
    version: { mesh: -1, light: -1, tubes: -1 },
    top: (
      /** @type {Loaded | null} */
      null
    ),
    coarse: (
      /** @type {Loaded | null} */
      null
    ),
    wall: (
      /** @type {Loaded | null} */
      null
    ),
    tubes: (
      /** @type {{ tube: Loaded, paint: number[] }[]} */
      []
    ),
    colours: gl.createTexture(),
    light: gl.createTexture(),
    strip: gl.createTexture()
  };
}
function update(gl, known, block) {
  const { version } = block;
  gl.activeTexture(gl.TEXTURE0);
  if (known.version.mesh !== version.mesh) {
    for (const old of [known.top, known.coarse, known.wall]) if (old) unload(gl, old);
    known.top = load(gl, block.top, [3, 3]);
    known.coarse = load(gl, block.coarse, [3, 3]);
    known.wall = load(gl, block.wall, [3, 3]);
    const table = new Uint8Array(block.colours.buffer);
    texture(
      gl,
      known.colours,
      () => gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, table)
    );
  }
  if (known.version.tubes !== version.tubes) {
    for (const { tube } of known.tubes) unload(gl, tube);
    known.tubes = block.tubes.map(({ mesh, paint: paint2 }) => ({ tube: load(gl, mesh, [3, 3]), paint: paint2 }));
    texture(gl, known.strip, () => {
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, block.strip);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    });
  }
  if (known.version.light !== version.light) {
    const { nu, nv, bytes } = block.shade;
    texture(gl, known.light, () => {
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG8, nu, nv, 0, gl.RG, gl.UNSIGNED_BYTE, bytes);
    });
  }
  known.version = { ...version };
}
function texture(gl, name, fill) {
  gl.bindTexture(gl.TEXTURE_2D, name);
  fill();
  for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, axis, gl.CLAMP_TO_EDGE);
  for (const size of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, size, gl.LINEAR);
}
function load(gl, { vertices, indices }, sizes) {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  const buffers = [gl.createBuffer(), gl.createBuffer()];
  gl.bindBuffer(gl.ARRAY_BUFFER, buffers[0]);
  gl.bufferData(gl.ARRAY_BUFFER, vertices, gl.STATIC_DRAW);
  const stride = 4 * sizes.reduce((a, b) => a + b);
  let from = 0;
  sizes.forEach((size, i) => {
    gl.enableVertexAttribArray(i);
    gl.vertexAttribPointer(i, size, gl.FLOAT, false, stride, from);
    from += 4 * size;
  });
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers[1]);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
  gl.bindVertexArray(null);
  return { array, count: indices.length, buffers };
}
function unload(gl, { array, buffers }) {
  gl.deleteVertexArray(array);
  for (const buffer of buffers) gl.deleteBuffer(buffer);
}
function paint(gl, { program, at }, mesh, uniforms, textures = {}) {
  if (!mesh.count) return;
  gl.useProgram(program);
  for (const [name, place] of Object.entries(at)) {
    const value = uniforms[name];
    if (name in textures) gl.uniform1i(place, textures[name]);
    else if (typeof value === "number") gl.uniform1f(place, value);
    else if (value.length === 2) gl.uniform2fv(place, value);
    else if (value.length === 3) gl.uniform3fv(place, value);
    else gl.uniformMatrix4fv(place, false, value);
  }
  gl.bindVertexArray(mesh.array);
  gl.drawElements(gl.TRIANGLES, mesh.count, gl.UNSIGNED_INT, 0);
}
function makeProgram(gl, sources) {
  const program = gl.createProgram();
  [gl.VERTEX_SHADER, gl.FRAGMENT_SHADER].forEach((kind, i) => {
    const shader = (
      /** @type {WebGLShader} */
      gl.createShader(kind)
    );
    gl.shaderSource(shader, sources[i]);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
      throw new Error(`the graphics card rejects a shader: ${gl.getShaderInfoLog(shader)}`);
  });
  ["place", "more"].forEach((name, i) => gl.bindAttribLocation(program, i, name));
  gl.linkProgram(program);
  const at = {};
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0;
  for (let i = 0; i < count; i++) {
    const name = gl.getActiveUniform(program, i)?.name ?? "";
    at[name] = gl.getUniformLocation(program, name);
  }
  return { program, at };
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

// surface/overlay.js
function drawOverlay(ctx, theme, block, camera, words) {
  ctx.lineCap = ctx.lineJoin = "round";
  drawEdges(ctx, theme, block, camera, words);
  drawLosses(ctx, theme, block, camera, words);
  drawMarks(ctx, block, camera);
  if (words.pointer) drawPointer(ctx, block, camera, words.pointer);
}
function drawEdges(ctx, theme, { ground, relief: { half }, tall }, camera, { labels }) {
  const z = mix(-FOOT, tall, clamp((camera.e[2] - 0.85) / 0.12, 0, 1));
  const front = [0, 1].map((i) => camera.e[i] >= 0 ? 1 : -1);
  for (const axis of [0, 1]) {
    const other = 1 - axis;
    const seen = (along, out) => {
      const p = [0, 0, z];
      p[axis] = along;
      p[other] = front[other] * (half[other] + out);
      return project(camera, p);
    };
    const [a, b] = [seen(-half[axis], 0), seen(half[axis], 0)];
    const length = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (length < 60) continue;
    const beside = (along, pixels, width = 0) => {
      const [[x, y], [x1, y1]] = [seen(along, 0), seen(along, 0.1)];
      const far = Math.max(Math.hypot(x1 - x, y1 - y), 1e-6);
      const k = (pixels + width / 2 * (Math.abs(x1 - x) / far)) / far;
      return [x + k * (x1 - x), y + k * (y1 - y)];
    };
    const values = ground.axes[axis];
    const [lo, hi] = [values[0], values[values.length - 1]];
    ctx.font = theme.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.strokeStyle = ctx.fillStyle = theme.muted;
    ctx.lineWidth = 1;
    for (const t of ticks(lo, hi, Math.min(5, length / 50))) {
      const along = half[axis] * (2 * (t - lo) / (hi - lo) - 1);
      const text = tickText(t);
      line(ctx, ...beside(along, 4), ...beside(along, 9));
      ctx.fillText(text, ...beside(along, 19, ctx.measureText(text).width - 10));
    }
    ctx.font = theme.bold;
    ctx.fillStyle = theme.ink;
    ctx.fillText(labels[axis], ...beside(0.04 * half[axis], 39, 16));
  }
}
function drawLosses(ctx, theme, { relief: { half }, tall }, camera, { scale, quantity }) {
  const front = [0, 1].map((i) => camera.e[i] >= 0 ? 1 : -1);
  const corners = [
    [front[0] * half[0], -front[1] * half[1]],
    [-front[0] * half[0], front[1] * half[1]]
  ];
  const [left] = corners.sort(
    (p, q) => project(camera, [...p, 0])[0] - project(camera, [...q, 0])[0]
  );
  const [foot, top] = [0, tall].map((z) => project(camera, [...left, z]));
  const length = foot[1] - top[1];
  if (length < 46) return;
  const count = Math.max(2, Math.min(6, length / 20));
  const losses = scale.isLog ? logTicks(scale.lo, scale.hi, count) : ticks(scale.lo, scale.hi, count);
  ctx.strokeStyle = ctx.fillStyle = theme.muted;
  ctx.lineWidth = 1;
  ctx.font = theme.font;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  line(ctx, foot[0] - 6, foot[1], top[0] - 6, top[1]);
  for (const loss of losses) {
    const [x, y] = project(camera, [...left, tall * scale.position(loss)]);
    line(ctx, x - 6, y, x - 10, y);
    ctx.fillText(tickText(loss), x - 14, y);
  }
  ctx.font = theme.bold;
  ctx.fillStyle = theme.ink;
  const width = ctx.measureText(quantity).width;
  ctx.textAlign = "left";
  ctx.fillText(quantity, Math.max(4, top[0] - 6 - width), top[1] - 18);
}
function drawMarks(ctx, block, camera) {
  block.traces.forEach(({ start: start2, end }, i) => {
    const { colour } = block.ground.runs[i];
    for (
      const [spot, mark] of
      /** @type {const} */
      [
        [start2, drawStart],
        [end, drawEnd]
      ]
    ) {
      if (!spot) continue;
      const [x, y, z] = toPoint(block, spot);
      const p = [x, y, z + RADIUS];
      const [px, py] = project(camera, p);
      ctx.globalAlpha = isVisible(camera, block.relief, block.tall, p) ? 1 : 0.35;
      mark(ctx, px, py, colour);
    }
  });
  ctx.globalAlpha = 1;
}
function drawPointer(ctx, block, camera, alpha) {
  const { relief, tall, ground } = block;
  const here = toBlock(ground, alpha);
  for (const axis of [0, 1]) drawProfile(ctx, block, camera, here, axis);
  const t = heightAt(relief, here[0], here[1]);
  const [x, y] = project(camera, [...here, (Number.isNaN(t) ? 0 : t) * tall]);
  for (
    const [colour, width] of
    /** @type {const} */
    [
      ["rgba(8, 10, 20, 0.75)", 4.4],
      ["#fff", 2]
    ]
  ) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}
function drawProfile(ctx, { relief, tall }, camera, here, axis) {
  const n = 120;
  ctx.beginPath();
  let isDown = false;
  for (let k = 0; k <= n; k++) {
    const place = [...here];
    place[axis] = relief.half[axis] * (2 * k / n - 1);
    const p = [place[0], place[1], tall * heightAt(relief, place[0], place[1]) + 4e-3];
    const isSeen = !Number.isNaN(p[2]) && isVisible(camera, relief, tall, p);
    if (isSeen) {
      const [x, y] = project(camera, p);
      if (isDown) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
    isDown = isSeen;
  }
  ctx.strokeStyle = "rgba(255, 255, 255, 0.75)";
  ctx.lineWidth = 1.2;
  ctx.stroke();
}

// surface/page.js
var HEIGHTS = { min: 0.2, max: 2, step: 0.05 };
var KEYS = "Arrow keys turn it; plus and minus zoom; a, d, s and w move the point that is read; Home resets the view.";
function buildPage(grounds, quantity) {
  const figures = grounds.map((ground) => buildFigure(ground, quantity, grounds.length > 1));
  const scales = ["log", "linear"].map(
    (name) => make("button", { type: "button", "aria-pressed": "false", "data-scale": name }, name)
  );
  const height = make("input", { type: "range", ...HEIGHTS, "aria-label": "height" });
  const contours2 = make("input", { type: "checkbox" });
  const reset = make("button", { type: "button" }, "Reset");
  const save = make("button", { type: "button", title: "save the picture as a PNG file" }, "PNG");
  const words = make("p.words", { role: "status", "aria-live": "polite" });
  const legend = make("div.legend");
  const note = make("p.note");
  const controls = make(
    "div.bar",
    {},
    make("span.segments", { role: "group", "aria-label": "scale" }, ...scales),
    make("label.height", {}, "height", height),
    make("label.check", {}, contours2, "contours"),
    make("span.buttons", {}, reset, save)
  );
  const stage = make(
    "div.stage",
    { "data-count": figures.length },
    ...figures.map((f) => f.figure)
  );
  const label = grounds.length > 1 ? "Two surfaces on one scale" : "A surface that you can rotate";
  const root = make(
    "section.card.surface",
    { "aria-label": label },
    stage,
    controls,
    legend,
    note,
    words
  );
  return { root, stage, figures, scales, height, contours: contours2, reset, save, words, legend, note };
}
function buildFigure(ground, quantity, isOneOfTwo) {
  const name = ground.name || (isOneOfTwo ? "" : quantity);
  const canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "surface",
    "aria-label": `Surface${ground.name ? ` ${ground.name}` : ""}. ${KEYS}`
  });
  const reading = make("span.reading");
  const title = make("span.title", {}, name);
  return {
    canvas,
    ctx: penOf(canvas),
    scene: offscreen(),
    // the block alone
    reading,
    figure: make("figure.panel", {}, make("figcaption", {}, title, reading), canvas),
    width: 0,
    height: 0
  };
}
function layOut({ page: { root, figures } }) {
  const total = root.clientWidth;
  if (!total) return false;
  root.dataset.width = total >= 760 ? "wide" : total >= 520 ? "medium" : "narrow";
  for (const figure of figures) {
    const width = Math.floor(figure.figure.clientWidth);
    const height = Math.round(Math.min(width * (width < 520 ? 0.84 : 0.62), 620));
    if (figure.width === width && figure.height === height && isSharp(figure.canvas, width))
      continue;
    sizeCanvas(figure.ctx, width, height);
    Object.assign(figure, { width, height });
  }
  return true;
}
var isSharp = (canvas, width) => canvas.width === Math.round(width * (devicePixelRatio || 1));

// contours.js
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
  const join = (...sides) => sides.forEach((cross2) => cross2());
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

// surface/painter.js
var CELLS = 80;
function paintBlock(ctx, block, camera, lines) {
  const { relief, tall } = block;
  const every = Math.max(1, (Math.max(relief.nu, relief.nv) - 1) / CELLS);
  const coarse = makeRelief(coarser(relief, every), relief.half);
  const { nu, nv, values } = coarse;
  const corners = Array.from(values, (t, at) => {
    const [x, y] = placeOf(coarse, at % nu, Math.floor(at / nu));
    return project(camera, [x, y, t * tall]);
  });
  const cells = [];
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      if (!isSolid(coarse, u, v)) continue;
      const at = v * nu + u;
      cells.push({ at, depth: corners[at][2] + corners[at + nu + 1][2] });
    }
  cells.sort((a, b) => b.depth - a.depth);
  ctx.lineWidth = 0.8;
  for (const { at } of cells) {
    ctx.fillStyle = ctx.strokeStyle = colourOf(block, coarse, at);
    ctx.beginPath();
    for (const i of [at, at + 1, at + nu + 1, at + nu]) ctx.lineTo(corners[i][0], corners[i][1]);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
    if (lines) paintContours(ctx, [at, at + 1, at + nu, at + nu + 1], values, corners, lines);
  }
  paintWalls(ctx, block, coarse, camera);
  block.traces.forEach(
    ({ pieces }, i) => paintPath(ctx, block, pieces, block.ground.runs[i].colour, camera)
  );
}
function paintContours(ctx, cell, values, corners, lines) {
  const grid = { values: Float32Array.from(cell, (i) => values[i]), nu: 2, nv: 2 };
  const segments = contours(grid, lines);
  if (!segments.length) return;
  const [a, b, c, d] = cell.map((i) => corners[i]);
  ctx.strokeStyle = "rgba(0, 0, 0, 0.38)";
  ctx.beginPath();
  for (let i = 0; i < segments.length; i += 2) {
    const [u, v] = [segments[i], segments[i + 1]];
    const [x, y] = [0, 1].map((k) => mix(mix(a[k], b[k], u), mix(c[k], d[k], u), v));
    if (i % 4) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
  }
  ctx.stroke();
}
function colourOf({ colours, sun, tall, shade }, { values, slopes, nu, nv }, at) {
  const t = (values[at] + values[at + 1] + values[at + nu] + values[at + nu + 1]) / 4;
  const pixel2 = colours[colourIndex(t)];
  const [sx, sy] = [0, 1].map((i2) => (slopes[2 * at + i2] + slopes[2 * (at + nu + 1) + i2]) / 2);
  const length = Math.hypot(sx * tall, sy * tall, 1);
  const facing = Math.max(0, (-sx * tall * sun[0] - sy * tall * sun[1] + sun[2]) / length);
  const [i, j] = [at % nu, Math.floor(at / nu)];
  const place = Math.round(j / (nv - 1) * (shade.nv - 1)) * shade.nu + Math.round(i / (nu - 1) * (shade.nu - 1));
  const [sky, direct] = [shade.bytes[2 * place] / 255, shade.bytes[2 * place + 1] / 255];
  return shaded(pixel2, 1.05 * facing * direct + (0.22 + 0.11 / length + 0.08) * sky);
}
function shaded(pixel2, light) {
  const part = [0, 8, 16].map((shift2) => {
    const c = (pixel2 >>> shift2 & 255) / 255;
    const sum = c ** 2.2 * light;
    const soft = sum < 0.7 ? sum : 0.7 + 0.3 * (1 - Math.exp((0.7 - sum) / 0.3));
    return Math.round(255 * soft ** (1 / 2.2));
  });
  return `rgb(${part.join(" ")})`;
}
function paintWalls(ctx, { colours, tall }, coarse, camera) {
  const { nu, nv, values } = coarse;
  const [u, v] = [camera.e[0] > 0 ? nu - 1 : 0, camera.e[1] > 0 ? nv - 1 : 0];
  const bands = 24;
  for (
    const [n, at, light] of
    /** @type {[number, (k: number) => [number, number], number][]} */
    [
      [nv, (k) => [u, k], 0.26],
      [nu, (k) => [k, v], 0.42]
    ]
  )
    for (let k = 0; k + 1 < n; k++) {
      const ends = [at(k), at(k + 1)].map(([i, j]) => ({
        place: placeOf(coarse, i, j),
        t: values[j * nu + i]
      }));
      if (ends.some(({ t }) => Number.isNaN(t))) continue;
      for (let band = -1; band < bands; band++) {
        const low = band < 0 ? -FOOT / tall : band / bands;
        const high = (band + 1) / bands;
        if (ends.every(({ t }) => t < low)) break;
        ctx.fillStyle = ctx.strokeStyle = shaded(
          colours[colourIndex(Math.max(0, (low + high) / 2))],
          light
        );
        ctx.beginPath();
        for (
          const [{ place, t }, z] of
          /** @type {const} */
          [
            [ends[0], low],
            [ends[1], low],
            [ends[1], high],
            [ends[0], high]
          ]
        ) {
          const [x, y] = project(camera, [...place, tall * Math.min(t, z)]);
          ctx.lineTo(x, y);
        }
        ctx.closePath();
        ctx.fill();
        ctx.stroke();
      }
    }
}
function paintPath(ctx, block, pieces, colour, camera) {
  const [r, g, b] = rgb(colour).map((x) => Math.round(255 * x));
  for (const piece of pieces) {
    const spots = piece.map((spot) => {
      const [x, y, z] = toPoint(block, spot);
      const p = [x, y, z + 0.012];
      return { at: project(camera, p), isSeen: isVisible(camera, block.relief, block.tall, p) };
    });
    for (
      const [stroke, width, wants] of
      /** @type {[string, number, boolean][]} */
      [
        [`rgba(${r}, ${g}, ${b}, 0.3)`, 2, false],
        ["rgba(0, 0, 0, 0.45)", 6, true],
        [colour, 3, true]
      ]
    ) {
      ctx.strokeStyle = stroke;
      ctx.lineWidth = width;
      ctx.beginPath();
      spots.forEach(({ at: [x, y], isSeen }, i) => {
        if (i && isSeen === wants && spots[i - 1].isSeen === wants) ctx.lineTo(x, y);
        else ctx.moveTo(x, y);
      });
      ctx.stroke();
    }
  }
}

// surface/widget.js
var LINES2 = 20;
var SLOW = 60;
function newWidget(model, el) {
  const grounds = model.get("_surfaces").map(readGround);
  const colours = readColours(model.get("_colours"));
  const page = buildPage(grounds, model.get("_quantity"));
  el.append(page.root);
  return {
    model,
    grounds,
    page,
    blocks: grounds.map((ground) => makeBlock(ground, colours)),
    scale: readScale(model),
    view: readView(model),
    theme: readTheme(page.root, el),
    renderer: (
      /** @type {Renderer | null} */
      null
    ),
    hasCard: true,
    // as far as is known; otherwise blocks are drawn on a 2D canvas
    isReady: false,
    // has a size
    isSeen: false,
    // is on the visible part of the page
    isStale: true,
    // heights have to be worked out again
    isFresh: false,
    // the pictures of the blocks are those of the present view
    isMoving: false,
    lateness: 0,
    // grows with every late frame: where it is high, what moves is drawn coarsely
    frame: 0,
    announceTimer: 0,
    saveTimer: 0
  };
}
function readView(model) {
  const [elevation, azimuth] = model.get("view");
  return { elevation, azimuth, zoom: model.get("zoom"), shift: [0, 0] };
}
function draw(widget) {
  widget.isFresh = false;
  refresh(widget);
}
function refresh(widget) {
  if (widget.frame) return;
  const asked = performance.now();
  widget.frame = requestAnimationFrame(() => {
    widget.frame = 0;
    const isWhole = !widget.isFresh;
    drawNow(widget);
    const isLate = performance.now() - asked > SLOW;
    if (isWhole) widget.lateness = clamp(widget.lateness + (isLate ? 1 : -0.2), 0, 4);
  });
}
function drawNow(widget) {
  if (!widget.isReady || !widget.isSeen) return;
  const { page } = widget;
  const isCoarse = widget.isMoving && widget.lateness >= 2;
  const ratio = (window.devicePixelRatio || 1) * (isCoarse ? 0.5 : 1);
  if (!widget.isFresh) prepare(widget);
  page.figures.forEach(({ ctx, scene, width, height }, i) => {
    if (!widget.isFresh) {
      const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
      Object.assign(scene.canvas, size);
      scene.scale(ratio, ratio);
      drawBlock(widget, scene, i, width, height, ratio, isCoarse);
    }
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(scene.canvas, 0, 0, width, height);
    drawMarks2(widget, ctx, i, width, height);
  });
  widget.isFresh = true;
}
function prepare(widget) {
  const { blocks, scale, model, view } = widget;
  if (widget.isStale) for (const block of blocks) rescale(block, scale);
  widget.isStale = false;
  for (const block of blocks) {
    raise(block, model.get("height"));
    shine(block, view.azimuth);
  }
  if (widget.renderer?.isLost()) widget.renderer = null;
  if (!widget.renderer && widget.hasCard) {
    widget.renderer = newRenderer();
    widget.hasCard = widget.renderer !== null;
  }
}
function newRenderer() {
  try {
    return makeRenderer();
  } catch (error) {
    console.warn(error);
    return null;
  }
}
function drawBlock({ renderer, model, theme, page, ...widget }, ctx, i, width, height, ratio, isCoarse) {
  const [block, camera] = [widget.blocks[i], cameraOf(widget, i, width, height)];
  const lines = model.get("contours") ? LINES2 : 0;
  const isDark2 = page.root.dataset.theme === "dark";
  const look = { lines, isDark: isDark2, gap: rgb(theme.gap), gapLine: rgb(theme.gapLine), isCoarse };
  if (renderer) ctx.drawImage(renderer.draw(block, camera, look, ratio), 0, 0, width, height);
  else paintBlock(ctx, block, camera, lines);
}
function drawMarks2({ model, theme, scale, ...widget }, ctx, i, width, height) {
  const [labels, quantity] = [model.get("_labels"), model.get("_quantity")];
  const words = { scale, labels, quantity, pointer: model.get("pointer") };
  drawOverlay(ctx, theme, widget.blocks[i], cameraOf(widget, i, width, height), words);
}
function cameraOf({ view, blocks }, i, width, height) {
  const { relief, tall } = blocks[i];
  return makeCamera(view, width, height, { half: relief.half, tall });
}
function picture(widget) {
  const { page, blocks, theme, grounds } = widget;
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const { width, height } = page.figures[0];
  const [gap, head] = [12, grounds.some(({ name }) => name) ? 30 : 8];
  const canvas = document.createElement("canvas");
  canvas.width = Math.round((blocks.length * (width + gap) - gap) * ratio);
  canvas.height = Math.round((height + head) * ratio);
  const ctx = (
    /** @type {Pen} */
    canvas.getContext("2d")
  );
  ctx.scale(ratio, ratio);
  ctx.fillStyle = theme.card;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  prepare(widget);
  blocks.forEach((_, i) => {
    ctx.save();
    ctx.translate(i * (width + gap), head);
    inBox(ctx, { x: 0, y: 0, width, height }, () => {
      drawBlock(widget, ctx, i, width, height, ratio, false);
      drawMarks2(widget, ctx, i, width, height);
    });
    ctx.restore();
    ctx.fillStyle = theme.ink;
    ctx.font = theme.bold;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(grounds[i].name, i * (width + gap) + 12, 18);
  });
  return canvas;
}
function release(widget) {
  widget.renderer?.drop();
  widget.renderer = null;
  widget.hasCard = true;
}
function point({ model }, alpha) {
  const last = model.get("pointer");
  if (last?.[0] === alpha?.[0] && last?.[1] === alpha?.[1]) return;
  model.set("pointer", alpha);
  model.save_changes();
}

// surface/input.js
var PER_PIXEL = 0.45;
var TURNS = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowDown: [0, -5], ArrowUp: [0, 5] };
var MOVES = { a: [-1, 0], d: [1, 0], s: [0, -1], w: [0, 1] };
function connectInput(widget) {
  widget.page.figures.forEach((figure, i) => {
    connectPointer(widget, figure, i);
    connectWheel(widget, figure);
    connectKeys(widget, figure, i);
  });
  connectControls(widget);
}
function connectPointer(widget, figure, i) {
  const { canvas } = figure;
  const down = /* @__PURE__ */ new Map();
  let travelled = 0;
  const at = ({ clientX, clientY }) => {
    const frame = canvas.getBoundingClientRect();
    return [clientX - frame.left, clientY - frame.top];
  };
  const read = (event) => {
    const [x, y] = at(event);
    const block = widget.blocks[i];
    const place = placeUnder(
      cameraOf(widget, i, figure.width, figure.height),
      block.relief,
      block.tall,
      x,
      y
    );
    const found = place && readAt(block.ground, toAlpha(block.ground, place));
    if (found) point(widget, found.alpha);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    if (!down.size) travelled = 0;
    down.set(event.pointerId, at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId);
    if (!last) return down.size || event.pointerType === "touch" ? void 0 : read(event);
    const now = at(event);
    const [dx, dy] = [now[0] - last[0], now[1] - last[1]];
    travelled += Math.abs(dx) + Math.abs(dy);
    down.set(event.pointerId, now);
    if (down.size === 2) pinch(widget, figure, down, event.pointerId, last);
    else if (event.shiftKey) shift(widget, figure, dx, dy);
    else turn(widget.view, PER_PIXEL * dx, PER_PIXEL * dy);
    moved(widget);
  });
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (event.type === "pointerup" && travelled < 6 && !down.size) read(event);
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
}
function pinch(widget, { width, height }, down, id, last) {
  const now = (
    /** @type {Pair} */
    down.get(id)
  );
  const [other] = [...down].filter(([key]) => key !== id).map(([, at]) => at);
  const [before, after] = [last, now].map(([x2, y2]) => Math.hypot(x2 - other[0], y2 - other[1]));
  const [x, y] = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
  if (before > 0) magnify(widget.view, after / before, x / width, y / height);
  shift(widget, { width, height }, (now[0] - last[0]) / 2, (now[1] - last[1]) / 2);
}
function shift({ view }, { width, height }, dx, dy) {
  if (view.zoom <= 1) return;
  const most = view.zoom / 2;
  const [x, y] = [view.shift[0] + dx / width, view.shift[1] + dy / height];
  view.shift = [clamp(x, -most, most), clamp(y, -most, most)];
}
function connectWheel(widget, { canvas }) {
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !canvas.matches(":focus")) return;
      event.preventDefault();
      const frame = canvas.getBoundingClientRect();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      const by = Math.exp(-clamp(pixels, -120, 120) * (event.ctrlKey ? 8e-3 : 2e-3));
      const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
      magnify(widget.view, by, x / frame.width, y / frame.height);
      moved(widget);
    },
    { passive: false }
  );
}
function connectKeys(widget, { canvas }, i) {
  onKeys(canvas, (key, times) => {
    const [turns, moves] = [TURNS[key], MOVES[key.toLowerCase()]];
    if (turns) turn(widget.view, turns[0] * times, turns[1] * times);
    else if (moves) return step(widget, i, moves, times);
    else if (key === "+" || key === "=") magnify(widget.view, 1.2);
    else if (key === "-") magnify(widget.view, 1 / 1.2);
    else if (key === "Home") goBack(widget);
    else return false;
    moved(widget);
    return true;
  });
}
function step(widget, i, moves, times) {
  const { axes } = widget.grounds[i];
  const found = readAt(widget.grounds[i], widget.model.get("pointer"));
  const from = found ? [found.u, found.v] : axes.map((axis) => axis.length >> 1);
  const by = found ? times : 0;
  const [u, v] = axes.map((axis, k) => clamp(from[k] + moves[k] * by, 0, axis.length - 1));
  point(widget, [axes[0][u], axes[1][v]]);
  return true;
}
function connectControls(widget) {
  const { page, model } = widget;
  const set = (values) => {
    for (const [name, value] of Object.entries(values))
      model.set(
        /** @type {keyof Traits} */
        name,
        value
      );
    model.save_changes();
  };
  page.scales.forEach(
    (button) => button.addEventListener("click", () => set({ log: button.dataset.scale === "log" }))
  );
  page.height.addEventListener("input", () => set({ height: Number(page.height.value) }));
  page.contours.addEventListener("change", () => set({ contours: page.contours.checked }));
  page.reset.addEventListener("click", () => goBack(widget));
  page.save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.download = "surface.png";
    link.href = picture(widget).toDataURL("image/png");
    link.click();
  });
}
function goBack({ model, view }) {
  const initial = model.get("_initial");
  view.shift = [0, 0];
  for (const [name, value] of Object.entries(initial))
    model.set(
      /** @type {keyof Traits} */
      name,
      value
    );
  model.save_changes();
  const [elevation, azimuth] = initial.view ?? model.get("view");
  Object.assign(view, { elevation, azimuth, zoom: initial.zoom ?? 1 });
}
function moved(widget) {
  widget.isMoving = true;
  draw(widget);
  clearTimeout(widget.saveTimer);
  widget.saveTimer = setTimeout(() => {
    const { elevation, azimuth, zoom } = widget.view;
    widget.isMoving = false;
    draw(widget);
    widget.model.set("view", [elevation, azimuth]);
    widget.model.set("zoom", zoom);
    widget.model.save_changes();
  }, 250);
}

// surface/words.js
function alphaText(ground, alpha) {
  const places = decimals(ground);
  return `(${alpha.map((x) => minus(x.toFixed(places))).join(", ")})`;
}
function readingText(ground, alpha, symbol) {
  if (!alpha) return "";
  const found = readAt(ground, alpha);
  if (!found) return "outside this window";
  const where = alphaText(ground, found.alpha);
  if (!Number.isFinite(found.loss)) return `a gap at α = ${where}`;
  return `${symbol} = ${formatLoss(found.loss)} at α = ${where}`;
}
function showReading(widget) {
  const { grounds, model, page } = widget;
  const pointer = model.get("pointer");
  const symbol = symbolOf(model.get("_quantity"));
  const texts = grounds.map((ground) => readingText(ground, pointer, symbol));
  page.figures.forEach(({ reading }, i) => {
    reading.textContent = texts[i] || (i ? "" : "drag to turn");
    reading.classList.toggle("lv-hint", !texts[i]);
  });
  clearTimeout(widget.announceTimer);
  if (!pointer) return;
  const said = texts.map((text, i) => grounds[i].name ? `${grounds[i].name}: ${text}` : text);
  widget.announceTimer = setTimeout(() => {
    page.words.textContent = `${said.join("; ")}.`;
  }, 300);
}
var symbolOf = (quantity) => quantity === "loss L" ? "L" : quantity;
function showControls({ model, scale, page }) {
  page.scales[0].setAttribute("aria-pressed", String(scale.isLog));
  page.scales[1].setAttribute("aria-pressed", String(!scale.isLog));
  page.scales[0].disabled = !model.get("_log_limits");
  const height = model.get("height");
  page.height.value = String(height);
  page.height.setAttribute("aria-valuetext", `${Number(height.toFixed(2))} times`);
  const { min, max } = page.height;
  const filled = 100 * (height - Number(min)) / (Number(max) - Number(min));
  page.height.style.setProperty("--lv-fill", `${filled}%`);
  page.contours.checked = model.get("contours");
}
function showLegend({ grounds, model, page }) {
  const runs = /* @__PURE__ */ new Map();
  for (const run of grounds.flatMap((ground) => ground.runs)) runs.set(run.name + run.colour, run);
  if (!runs.size) return;
  const mark = (text) => make("span.mark", { "aria-hidden": "true" }, text);
  for (const { name, colour } of runs.values()) {
    const swatch = make("span.line", { style: `background: ${colour}`, "aria-hidden": "true" });
    page.legend.append(make("span.key", {}, swatch, name || "training"));
  }
  page.legend.append(
    make("span.key", {}, mark("○"), "start"),
    make("span.key", {}, mark("★"), "end")
  );
  page.note.textContent = shadowText(grounds, symbolOf(model.get("_quantity")));
}
function shadowText(grounds, symbol) {
  const said = [];
  for (const ground of grounds)
    for (const { name, steps } of ground.runs) {
      const far = Math.max(...steps.map(({ off }) => off));
      const end = steps.at(-1);
      const below = end && readAt(ground, end.alpha);
      if (!end || !below || far < 1e-3 * (ground.axes[0][1] - ground.axes[0][0])) continue;
      const of = name ? `${name}: ` : "";
      said.push(
        `${of}${symbol} = ${formatLoss(end.loss)} at ★ itself, ${formatLoss(below.loss)} on the surface below it, ${formatLoss(end.off)} away.`
      );
    }
  if (!said.length) return "";
  return `Training left this plane: the line is its shadow. ${said.join(" ")}`;
}

// surface.js
function connect(widget, el) {
  const {
    model,
    page: { root }
  } = widget;
  const rescale2 = () => {
    widget.scale = readScale(model);
    widget.isStale = true;
    update2();
  };
  const update2 = () => {
    showControls(widget);
    showReading(widget);
    draw(widget);
  };
  const read = () => {
    showReading(widget);
    refresh(widget);
  };
  const look = () => {
    const [elevation, azimuth] = model.get("view");
    Object.assign(widget.view, { elevation, azimuth, zoom: model.get("zoom") });
    draw(widget);
  };
  const restyle = () => {
    widget.isReady = layOut(widget);
    if (!widget.isReady) return;
    keepKeys(root);
    widget.theme = readTheme(root, el);
    widget.isFresh = false;
    drawNow(widget);
  };
  const watched = [
    ["log", rescale2],
    ["height", update2],
    ["contours", update2],
    ["pointer", read],
    ["view", look],
    ["zoom", look]
  ];
  for (const [name, act] of watched) model.on(`change:${name}`, act);
  const stop = watchPage(root, restyle);
  const drawGuarded = guard(root, () => drawNow(widget));
  const sight = new IntersectionObserver(
    (entries) => {
      widget.isSeen = entries[entries.length - 1].isIntersecting;
      if (widget.isSeen) drawGuarded();
      else release(widget);
    },
    { rootMargin: "150px" }
  );
  sight.observe(root);
  restyle();
  return () => {
    for (const [name, act] of watched) model.off(`change:${name}`, act);
    stop();
    sight.disconnect();
    release(widget);
    cancelAnimationFrame(widget.frame);
    clearTimeout(widget.announceTimer);
    clearTimeout(widget.saveTimer);
  };
}
function start(model, el) {
  const widget = newWidget(model, el);
  connectInput(widget);
  showControls(widget);
  showLegend(widget);
  showReading(widget);
  return connect(widget, el);
}
var surface_default = widgetOf(start);
export {
  surface_default as default
};
