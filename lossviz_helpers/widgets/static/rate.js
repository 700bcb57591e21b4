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

// engine/vectors.js
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
function combine(origin, alpha, directions) {
  const out = Float64Array.from(origin);
  directions.forEach((d, k) => {
    for (let i = 0; i < out.length; i++) out[i] += alpha[k] * d[i];
  });
  return out;
}
var spaced = (lo, hi, count) => Float64Array.from({ length: count }, (_, i) => lo + (hi - lo) * i / (count - 1));

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
function inBox(ctx, { x, y, width, height }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
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

// live/curve.js
var scaleOf = ({ box, range: [lo, hi], log }) => {
  const f = log ? (value) => Math.log(Math.max(value, 1e-300)) : (value) => value;
  return (value) => box.y + clamp((f(hi) - f(value)) / (f(hi) - f(lo)), -9, 9) * box.height;
};
function place(chart, step, value) {
  const { box, last } = chart;
  return [box.x + step / Math.max(last, 1) * box.width, scaleOf(chart)(value)];
}
function drawChart(ctx, theme, chart, isLowest) {
  const { box, last, range, log } = chart;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  const up = log ? logTicks(...range, 4) : ticks(...range, 4);
  for (const value of up) {
    const [, y] = place(chart, 0, value);
    line(ctx, box.x, y, right, y);
    ctx.fillText(log ? tickText(Number(value.toPrecision(2))) : tickText(value), box.x - 7, y);
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const step of isLowest ? ticks(0, last, 5) : []) {
    const [x] = place(chart, step, range[0]);
    line(ctx, x, bottom, x, bottom + 4);
    ctx.fillText(tickText(step), x, bottom + 7);
  }
}
function strokeCurve(ctx, chart, steps, values) {
  ctx.beginPath();
  for (let i = 0; i < steps.length; i++) ctx.lineTo(...place(chart, steps[i], values[i]));
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.stroke();
}

// live/size.js
function fit(canvas, height) {
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  canvas.style.width = `${width}px`;
  sizeCanvas(penOf(canvas), width, height(width));
}
function clean(canvas) {
  const ctx = penOf(canvas);
  const ratio = ctx.getTransform().a;
  const [width, height] = [canvas.width / ratio, canvas.height / ratio];
  ctx.clearRect(0, 0, width, height);
  return { ctx, width, height };
}

// rate/state.js
var POSITIONS = 200;
var LAST = POSITIONS - 1;
function rateAt(model, position) {
  const [lo, hi] = model.get("_rates");
  return Number((lo * (hi / lo) ** (position / LAST)).toPrecision(3));
}
function positionOf(model, lr) {
  const [lo, hi] = model.get("_rates");
  const position = Math.round(LAST * Math.log(lr / lo) / Math.log(hi / lo));
  return Math.max(0, Math.min(LAST, position));
}
var stepOf = ({ run, at }) => Math.max(0, Math.min(at, run.points.length - 1));

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

// rate/view.js
var MARGIN = 1.35;
function bowlPlane(L, start2) {
  const slope = L.gradient(start2);
  const { values, vectors } = eigen(L.hessian(start2));
  const lowest = combine(start2, values.map((value, i) => -dot(vectors[i], slope) / value), vectors);
  const reach = MARGIN * Math.max(...start2.map((x, i) => Math.abs(x - lowest[i])), 0.5);
  const [d1, d2] = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
  return {
    origin: new Float64Array(2),
    d1,
    d2,
    across: [lowest[0] - reach, lowest[0] + reach],
    up: [lowest[1] - reach, lowest[1] + reach]
  };
}
function walkPlane(points) {
  const P2 = points[0].length;
  const origin = new Float64Array(P2);
  for (const point of points) point.forEach((x, i) => origin[i] += x / points.length);
  const spread = new Float64Array(P2 * P2);
  for (const point of points) {
    const away = point.map((x, i) => x - origin[i]);
    for (let i = 0; i < P2; i++) for (let j = 0; j < P2; j++) spread[i * P2 + j] += away[i] * away[j];
  }
  const { vectors } = eigen(spread);
  const [d1, d2] = [vectors[P2 - 1], vectors[P2 - 2]];
  const plane = { origin, d1, d2, across: [0, 0], up: [0, 0] };
  const shadow = points.map((point) => coordinates(plane, point));
  const ranges = [0, 1].map((k) => {
    const along = shadow.map((alpha) => alpha[k]);
    return [Math.min(...along), Math.max(...along)];
  });
  const reach = MARGIN / 2 * Math.max(...ranges.map(([lo, hi]) => hi - lo), 1e-6);
  const [across, up] = ranges.map(([lo, hi]) => [(lo + hi) / 2 - reach, (lo + hi) / 2 + reach]);
  return { ...plane, across: [across[0], across[1]], up: [up[0], up[1]] };
}
function coordinates({ origin, d1, d2 }, point) {
  const away = point.map((x, i) => x - origin[i]);
  return [dot(away, d1), dot(away, d2)];
}

// rate/drawing.js
var tileOf = tiles();
var LINES = 120;
function drawMap(rate) {
  const { page, theme, field, colours, plane, L } = rate;
  const { ctx, width, height } = clean(page.map);
  const box = { x: 44, y: 22, width: width - 44 - 10, height: height - 22 - 42 };
  const names = L.P === 2 ? ["w₁", "w₂"] : ["α₁", "α₂"];
  const [across, up] = [plane.across, plane.up].map(([lo, hi], i) => ({ lo, hi, label: names[i] }));
  const window2 = { across, up };
  if (field) {
    drawField(ctx, box, field, tileOf(field.grid.nu), colours, null);
    drawWalk(rate, ctx, box, window2);
  }
  drawFrame(ctx, theme, box, window2);
}
function drawWalk(rate, ctx, box, window2) {
  const step = stepOf(rate);
  const at = rate.run.points.slice(0, step + 1).map((point) => {
    const [x, y] = toCanvas(box, window2, ...coordinates(rate.plane, point));
    return (
      /** @type {const} */
      [clamp(x, -1e4, 1e4), clamp(y, -1e4, 1e4)]
    );
  });
  const isShort = at.length <= LINES;
  inBox(ctx, box, () => {
    for (
      const [colour, width] of
      /** @type {const} */
      [["#fff", 4], [PATH, 2]]
    ) {
      ctx.beginPath();
      for (const [x, y] of at) ctx.lineTo(x, y);
      ctx.lineCap = ctx.lineJoin = "round";
      ctx.strokeStyle = colour;
      ctx.lineWidth = isShort ? width : 0.8 * width;
      ctx.stroke();
    }
    if (isShort)
      for (const [x, y] of at) {
        ctx.beginPath();
        ctx.arc(x, y, 3, 0, 2 * Math.PI);
        ctx.fillStyle = PATH;
        ctx.strokeStyle = "#fff";
        ctx.lineWidth = 1;
        ctx.fill();
        ctx.stroke();
      }
    drawStart(ctx, ...at[0]);
    drawEnd(ctx, ...at[step]);
  });
}
var curveBox = (width, height, isLowest) => ({
  x: 50,
  y: 8,
  width: width - 50 - 14,
  height: height - 8 - (isLowest ? 40 : 10)
});
function drawCurves(rate) {
  drawLosses(rate);
  drawSharpness(rate);
}
function drawLosses(rate) {
  const { page, theme, model, run } = rate;
  const { ctx, width, height } = clean(page.losses);
  const [first] = run.losses;
  let [lo, hi] = [first, first];
  for (const loss of run.losses) {
    if (loss < lo) lo = loss;
    if (loss > hi) hi = loss;
  }
  const chart = {
    box: curveBox(width, height, false),
    last: model.get("_steps"),
    range: [Math.max(0.8 * lo, 1e-4 * first), Math.min(1.25 * hi, 100 * first)],
    log: true
  };
  drawChart(ctx, theme, chart, false);
  const steps = run.losses.map((_, i) => i);
  inBox(ctx, chart.box, () => {
    ctx.strokeStyle = theme.path;
    ctx.lineWidth = 2;
    strokeCurve(ctx, chart, steps, run.losses);
  });
  drawNow(rate, ctx, chart, run.losses[stepOf(rate)], theme.path);
}
function drawSharpness(rate) {
  const { page, theme, model, run } = rate;
  const { ctx, width, height } = clean(page.sharpness);
  const limit = 2 / run.lr;
  const highest = Math.max(...run.sharpness);
  const top = 1.15 * Math.max(highest, Math.min(limit, 2.2 * highest));
  const chart = {
    box: curveBox(width, height, true),
    last: model.get("_steps"),
    range: [0, top],
    log: false
  };
  const { box } = chart;
  drawChart(ctx, theme, chart, true);
  const [, y] = place(chart, 0, limit);
  inBox(ctx, box, () => {
    if (y > box.y) {
      ctx.fillStyle = theme.orange;
      ctx.globalAlpha = 0.12;
      ctx.fillRect(box.x, box.y, box.width, y - box.y);
      ctx.globalAlpha = 1;
    }
    ctx.strokeStyle = theme.ink;
    ctx.lineWidth = 2;
    ctx.setLineDash([6, 5]);
    line(ctx, box.x, y, box.x + box.width, y);
    ctx.setLineDash([]);
    ctx.strokeStyle = theme.blue;
    ctx.lineWidth = 2.4;
    strokeCurve(ctx, chart, run.steps, run.sharpness);
  });
  ctx.fillStyle = theme.muted;
  ctx.font = theme.font;
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  ctx.fillText("step", box.x + box.width / 2, box.y + box.height + 23);
  if (y < box.y) {
    ctx.fillStyle = theme.ink;
    ctx.textAlign = "right";
    ctx.fillText("2/lr is further up ↑", box.x + box.width - 4, box.y + 4);
  }
  drawNow(rate, ctx, chart, NaN, theme.blue);
}
function drawNow(rate, ctx, chart, value, colour) {
  const { box, range } = chart;
  const [x, y] = place(chart, stepOf(rate), Number.isNaN(value) ? range[0] : value);
  ctx.strokeStyle = rate.theme.muted;
  ctx.lineWidth = 1;
  line(ctx, x, box.y, x, box.y + box.height);
  if (!(y >= box.y) || Number.isNaN(value)) return;
  ctx.beginPath();
  ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.strokeStyle = rate.theme.card;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
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
function choice(name, texts, choose) {
  const buttons = texts.map((text, i) => button(text, text, () => choose(i)));
  const root = make("div.segments", { role: "group", "aria-label": name }, ...buttons);
  const show = (index) => buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(i === index)));
  return { root, show };
}

// rate/input.js
var SECONDS = 6;
function connectInput(rate, { stepped, followed }) {
  const { model, page } = rate;
  const steps = model.get("_steps");
  const goTo = (at) => {
    rate.playing = null;
    rate.at = clamp(at, 0, steps);
    stepped();
  };
  const play = () => {
    if (rate.playing) return goTo(stepOf(rate));
    const now = stepOf(rate);
    const from = now >= rate.run.points.length - 1 ? 0 : now;
    rate.playing = { from, since: performance.now() };
    rate.at = from;
    stepped();
  };
  const lr = slider("learning rate", LAST, (position) => {
    model.set("lr", rateAt(model, position));
    model.save_changes();
  });
  const step = slider("step", steps, goTo);
  const player = button("▶ Play", "Play the walk from its start, or from here", play);
  page.rates.append(lr.root);
  const planes = choice("plane", ["fixed plane", "plane of this walk"], (i) => {
    rate.follows = i === 1;
    followed();
  });
  if (rate.L.P > 2) page.rates.append(planes.root);
  page.steps.append(
    player,
    button("Step", "One step forward", () => goTo(stepOf(rate) + 1)),
    button("Reset", "Back to the start", () => goTo(0)),
    step.root
  );
  for (const canvas of [page.losses, page.sharpness]) {
    const go = (event) => {
      const { left, width } = canvas.getBoundingClientRect();
      goTo(Math.round((event.clientX - left - 50) / (width - 64) * steps));
    };
    onDrag(canvas, go, go);
  }
  return () => {
    lr.show(positionOf(model, model.get("lr")), formatLoss(model.get("lr")));
    step.show(stepOf(rate), String(stepOf(rate)));
    planes.show(rate.follows ? 1 : 0);
    player.textContent = rate.playing ? "❚❚ Pause" : "▶ Play";
  };
}
function playOn(rate) {
  const { playing, run, model } = rate;
  if (!playing) return false;
  const passed = (performance.now() - playing.since) / 1e3 / SECONDS;
  const last = run.isDone ? run.points.length - 1 : model.get("_steps");
  rate.at = Math.min(playing.from + Math.floor(passed * Math.max(last, 40)), last);
  if (rate.at >= last) rate.playing = null;
  return true;
}

// rate/page.js
function buildPage() {
  const map = make("canvas", { role: "img" });
  const losses = make("canvas", { role: "img" });
  const sharpness = make("canvas", { role: "img" });
  const rates = make("div.row");
  const steps = make("div.row");
  const summary = make("p.words");
  const said = make("div.said", { role: "status", "aria-live": "polite" });
  const what = make("figcaption.caption", {}, "the walk of gradient descent");
  const key = make("small.key", {}, make("i"), "λmax ", make("i.limit"), "2/lr");
  const root = make(
    "div.card.live.rate",
    {},
    rates,
    make(
      "div.views",
      {},
      make("figure.part", {}, what, map),
      make(
        "div",
        {},
        make("figure.part", {}, make("figcaption.caption", {}, "loss L"), losses),
        make(
          "figure.part",
          {},
          make("figcaption.caption", {}, "largest curvature", key),
          sharpness
        )
      )
    ),
    steps,
    summary,
    said
  );
  return { root, map, losses, sharpness, rates, steps, summary, said, what };
}
function layOut({ root, map, losses, sharpness }) {
  const width = root.clientWidth;
  if (!width || !root.isConnected) return false;
  root.dataset.width = width < 640 ? "narrow" : "wide";
  const isNarrow = root.dataset.width === "narrow";
  fit(map, (width2) => width2);
  const room = map.clientHeight;
  fit(losses, () => isNarrow ? 150 : Math.round(0.44 * room));
  fit(sharpness, () => isNarrow ? 180 : Math.round(0.5 * room));
  return true;
}

// engine/descent.js
function sgd(L, start2, lr, momentum = 0) {
  const theta = Float64Array.from(start2);
  let velocity = null;
  return {
    theta,
    step() {
      const slope = L.gradient(theta);
      velocity = velocity ? velocity.map((v, i) => momentum * v + slope[i]) : slope;
      for (let i = 0; i < theta.length; i++) theta[i] -= lr * velocity[i];
    }
  };
}

// rate/run.js
var MEASURED = 150;
var DIVERGED = 1e4;
function startRun(L, start2, lr, steps) {
  const walker = sgd(L, start2, lr);
  const every = Math.ceil(steps / MEASURED) | 1;
  const run = {
    lr,
    points: [],
    losses: [],
    steps: [],
    sharpness: [],
    isDone: false,
    hasDiverged: false,
    go(until) {
      while (!run.isDone) {
        note();
        if (run.hasDiverged || run.points.length > steps) run.isDone = true;
        else walker.step();
        if (until()) break;
      }
      return run.isDone;
    }
  };
  const note = () => {
    const [theta, step] = [walker.theta.slice(), run.points.length];
    const loss = L.loss(theta);
    run.points.push(theta);
    run.losses.push(loss);
    run.hasDiverged = !(loss <= DIVERGED * run.losses[0]);
    if (step % every !== 0 || !Number.isFinite(loss)) return;
    run.steps.push(step);
    run.sharpness.push(sharpnessAt(L, theta));
  };
  return run;
}
function sharpnessAt(L, theta) {
  const { values } = eigen(L.hessian(theta));
  return values[values.length - 1];
}
function sharpnessBefore({ steps, sharpness }, step) {
  let i = 0;
  while (i + 1 < steps.length && steps[i + 1] <= step) i++;
  return sharpness[i];
}

// rate/words.js
function showWords(rate) {
  const { page, run, L } = rate;
  const step = stepOf(rate);
  const [limit, sharpness] = [2 / run.lr, sharpnessBefore(run, step)];
  const isAbove = sharpness > limit;
  const what = `on a parabola with this curvature, a step lands ${isAbove ? "higher" : "lower"}`;
  const side = make("strong", { "data-side": isAbove ? "above" : "below" });
  side.textContent = isAbove ? "above" : "below";
  const end = run.hasDiverged && step === run.points.length - 1 ? " The walk diverges: the loss explodes." : "";
  page.summary.replaceChildren(
    `Step ${step}: L = ${formatLoss(run.losses[step])}. λmax = ${formatLoss(sharpness)} is `,
    side,
    ` 2/lr = ${formatLoss(limit)}: ${what}.${end}`
  );
  page.map.setAttribute(
    "aria-label",
    `Map of the loss, with ${L.P === 2 ? "" : "the shadow of "}the walk from its start to step ${step}`
  );
  page.losses.setAttribute("aria-label", "Loss, plotted against the step");
  page.sharpness.setAttribute(
    "aria-label",
    "Largest eigenvalue of the Hessian, plotted against the step, with a line at 2/lr"
  );
  clearTimeout(rate.announceTimer);
  if (rate.playing) return;
  rate.announceTimer = setTimeout(() => {
    const text = page.summary.textContent ?? "";
    if (page.said.textContent !== text) page.said.textContent = text;
  }, 300);
}

// rate.js
var [COARSE, FINE] = [21, 61];
function showPlane(rate, plane) {
  rate.plane = plane;
  const scan = startScan(rate.L, plane, COARSE);
  scan.go(() => false);
  rate.field = fieldOf(scan.losses, COARSE, null, true);
  rate.scan = startScan(rate.L, plane, FINE);
  rate.page.root.dataset.grid = "coarse";
}
function advance(rate, showControls) {
  if (!rate.isReady) return;
  const { run, scan, page } = rate;
  const isOver = sliceOfFrame();
  if (!run.isDone && run.go(isOver)) {
    if (rate.follows) showPlane(rate, walkPlane(run.points));
  } else if (run.isDone && scan.done < FINE && scan.go(isOver)) {
    rate.field = fieldOf(scan.losses, FINE, null, true);
    page.root.dataset.grid = "fine";
  }
  if (run.isDone) page.root.dataset.walked = String(run.points.length - 1);
  const isPlaying = playOn(rate);
  drawMap(rate);
  drawCurves(rate);
  showControls();
  showWords(rate);
  if (isPlaying || !rate.run.isDone || rate.scan.done < FINE) rate.frames.ask();
}
function connect(rate, el) {
  const { model, L, start: start2, page: { root, what } } = rate;
  const walkAgain = guard(root, () => {
    rate.run = startRun(L, start2, model.get("lr"), model.get("_steps"));
    rate.run.go(() => true);
    delete root.dataset.walked;
    rate.playing = null;
    rate.at = Infinity;
    rate.frames.ask();
  });
  const followed = guard(root, () => {
    showPlane(rate, rate.follows ? walkPlane(rate.run.points) : rate.fixed);
    rate.frames.ask();
  });
  const showControls = connectInput(rate, { stepped: () => rate.frames.ask(), followed });
  rate.frames = frames(root, () => advance(rate, showControls));
  if (L.P > 2) what.textContent = "the walk of gradient descent, as a shadow on a plane";
  const restyle = () => {
    rate.isReady = layOut(rate.page);
    if (!rate.isReady) return;
    keepKeys(root);
    rate.theme = readTheme(root, el);
    drawMap(rate);
    drawCurves(rate);
    showControls();
    rate.frames.ask();
  };
  model.on("change:lr", walkAgain);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    model.off("change:lr", walkAgain);
    clearTimeout(rate.announceTimer);
    rate.frames.stop();
    stop();
  };
}
function start(model, el) {
  const x = doubles(model.get("_x"));
  const L = makeObjective(model.get("_spec"), x, doubles(model.get("_y")));
  const start2 = doubles(model.get("_start"));
  const page = buildPage();
  el.append(page.root);
  const run = startRun(L, start2, model.get("lr"), model.get("_steps"));
  run.go(() => L.P === 2);
  const fixed = L.P === 2 ? bowlPlane(L, start2) : walkPlane(run.points);
  const rate = {
    model,
    page,
    L,
    start: start2,
    colours: readColours(model.get("_colours")),
    theme: readTheme(page.root, el),
    isReady: false,
    frames: frames(page.root, () => {
    }),
    run,
    fixed,
    follows: false,
    plane: fixed,
    scan: startScan(L, fixed, FINE),
    field: null,
    at: Infinity,
    playing: null,
    announceTimer: 0
  };
  showPlane(rate, fixed);
  return connect(rate, el);
}
var rate_default = widgetOf(start);
export {
  rate_default as default
};
