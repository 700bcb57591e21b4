// Built from ../js by `npm run build`: change it there.

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
function adam(L, start2, lr) {
  const [b1, b2, tiny] = [0.9, 0.999, 1e-8];
  const theta = Float64Array.from(start2);
  const [mean, square] = [new Float64Array(theta.length), new Float64Array(theta.length)];
  let steps = 0;
  return {
    theta,
    step() {
      const slope = L.gradient(theta);
      steps++;
      const rate = lr / (1 - b1 ** steps);
      const root = Math.sqrt(1 - b2 ** steps);
      for (let i = 0; i < theta.length; i++) {
        mean[i] += (slope[i] - mean[i]) * (1 - b1);
        square[i] = square[i] * b2 + (1 - b2) * slope[i] * slope[i];
        theta[i] -= rate * mean[i] / (Math.sqrt(square[i]) / root + tiny);
      }
    }
  };
}

// numbers.js
var clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
var mix = (a, b, t) => a + (b - a) * t;
function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
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
function vectorsIn(view, P2) {
  const numbers = doubles(view);
  return Array.from({ length: numbers.length / P2 }, (_, i) => numbers.slice(i * P2, (i + 1) * P2));
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
var pointAt = ({ origin, d1, d2 }, at) => combine(origin, at, [d1, d2]);
function shadowOf({ origin, d1, d2 }, point) {
  const away = point.map((x, i) => x - origin[i]);
  const [a, b, c] = [dot(d1, d1), dot(d1, d2), dot(d2, d2)];
  const [u, v] = [dot(away, d1), dot(away, d2)];
  const size = a * c - b * b;
  return [(c * u - b * v) / size, (a * v - b * u) / size];
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

// page/model.js
function makeModel(state) {
  const acts = /* @__PURE__ */ new Map();
  const tell = (event) => [...acts.get(event) ?? []].forEach((act) => act());
  const model = {
    /** @param {string} name */
    get: (name) => state[name],
    /** @type {(name: string, value: unknown) => void} */
    set: (name, value) => {
      if (same(state[name], value)) return;
      state[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    /** @type {LocalModel["put"]} */
    put: (values) => {
      const names = Object.keys(values).filter((name) => state[name] !== values[name]);
      for (const name of names) state[name] = values[name];
      for (const name of names) tell(`change:${name}`);
      if (names.length) tell("change");
    },
    /** @type {(event: string, act: () => void) => void} */
    on: (event, act) => {
      const those = acts.get(event) ?? /* @__PURE__ */ new Set();
      acts.set(event, those.add(act));
    },
    /** @type {(event: string, act: () => void) => void} */
    off: (event, act) => {
      acts.get(event)?.delete(act);
    },
    save_changes: () => {
    }
  };
  return (
    /** @type {LocalModel} */
    /** @type {unknown} */
    model
  );
}
var same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

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

// panel/state.js
function readAxes(model) {
  const [[x0, x1], [y0, y1]] = model.get("extent");
  const [across, up] = model.get("labels");
  return { across: { lo: x0, hi: x1, label: across }, up: { lo: y0, hi: y1, label: up } };
}
function readPicture(model, last) {
  const [nu, nv] = model.get("_shape");
  if (!nu) return null;
  const fits = last && last.grid.nu === nu && last.grid.nv === nv;
  const colours = readColours(model.get("_colours"));
  const scale = makeScale(model.get("log"), model.get("limits"));
  const losses = floats(model.get("_picture"));
  return {
    losses,
    grid: { values: makeField(losses, scale), nu, nv },
    scale,
    colours,
    hasGaps: losses.some(Number.isNaN),
    tile: fits ? last.tile : makeTile(nu, nv),
    strip: makeStrip(colours)
  };
}
function toCanvas(box, { across, up }, x, y) {
  return [box.x + part(across, x) * box.width, box.y + (1 - part(up, y)) * box.height];
}
function toPlot(box, { across, up }, px, py) {
  return [
    mix(across.lo, across.hi, clamp((px - box.x) / box.width, 0, 1)),
    mix(up.lo, up.hi, clamp(1 - (py - box.y) / box.height, 0, 1))
  ];
}
function valueAt(pointer, { across, up }, { losses, grid: { nu, nv } }) {
  if (!pointer) return NaN;
  const u = Math.round(part(across, pointer[0]) * (nu - 1));
  const v = Math.round(part(up, pointer[1]) * (nv - 1));
  return losses[clamp(v, 0, nv - 1) * nu + clamp(u, 0, nu - 1)];
}

// panel/marks.js
var ON_PICTURE = {
  path: PATH,
  blue: "#1b6ca8",
  orange: "#e08214",
  ink: "#0b0d14",
  white: "#fff"
};
function colourOf({ picture, theme }, name) {
  const named = picture ? ON_PICTURE : theme;
  return String(named[name] ?? name);
}
var SHAPES = {
  start: (ctx, x, y) => drawStart(ctx, x, y),
  end: (ctx, x, y) => drawEnd(ctx, x, y),
  dot: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  square: (ctx, x, y, r) => ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (ctx, x, y, r) => {
    const reach = 1.3 * r;
    for (const [u, v] of [[0, -1], [1, 0], [0, 1], [-1, 0]])
      ctx.lineTo(x + u * reach, y + v * reach);
    ctx.closePath();
  },
  cross: (ctx, x, y, r) => {
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
    casedLine(ctx, x - r, y + r, x + r, y - r, "#fff", 2);
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
  }
};
var COMPLETE = ["start", "end", "cross"];
function traceMark(ctx, kind, x, y, size) {
  ctx.beginPath();
  SHAPES[kind](ctx, x, y, size);
  return !COMPLETE.includes(kind);
}
function drawMarks(panel, { ctx, box }, item) {
  const points = floats(item.points);
  ctx.lineCap = "round";
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(box, panel.axes, points[i], points[i + 1]);
    if (!isIn(box, x, y) || !traceMark(ctx, item.kind, x, y, item.size)) continue;
    ctx.fillStyle = colourOf(panel, item.colour);
    ctx.fill();
    ctx.lineWidth = item.size > 4 ? 1.8 : 0.7;
    ctx.strokeStyle = panel.picture ? "#fff" : panel.theme.card;
    ctx.stroke();
  }
}
var isIn = (box, x, y) => x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;

// panel/drawing.js
var FAINT = 12;
var POINTER = "#ffffff";
var RING = [["rgba(8, 10, 20, 0.6)", 4], [POINTER, 2]];
function drawPanel(panel) {
  const { model, picture, layout, theme, axes } = panel;
  if (!layout) return;
  const { ctx, box, bar } = layout;
  const pointer = model.get("pointer");
  ctx.clearRect(0, 0, layout.width, layout.height);
  inBox(ctx, box, () => {
    if (picture) drawPicture(panel, layout, picture);
    for (const item of model.get("lines")) drawLine(panel, layout, item);
    if (pointer) drawPointer(panel, layout, pointer);
  });
  drawAxes(ctx, theme, box, axes.across, axes.up, true);
  for (const item of model.get("marks")) drawMarks(panel, layout, item);
  if (picture && bar) drawPanelBar(panel, picture, bar);
}
function drawPicture({ model, hatching }, { ctx, box }, picture) {
  const { grid, scale } = picture;
  drawColours(ctx, box, grid, picture.tile, { ...picture, hatching });
  if (model.get("faint")) drawFaintContours(ctx, box, grid, FAINT);
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.strokeStyle = "#0b0d14";
  ctx.lineWidth = 2.2;
  for (const level of model.get("levels"))
    strokeSegments(ctx, box, grid, contour(grid, scale.position(level)));
}
function drawLine(panel, { ctx, box }, item) {
  const points = floats(item.points);
  ctx.beginPath();
  let isDown = false;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(box, panel.axes, points[i], points[i + 1]);
    const isPoint = Number.isFinite(x + y);
    if (isPoint) ctx[isDown ? "lineTo" : "moveTo"](clamp(x, -1e4, 1e4), clamp(y, -1e4, 1e4));
    isDown = isPoint;
  }
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.setLineDash(item.dash ? [6, 5] : []);
  if (panel.picture && !item.dash) {
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = item.width + 2.4;
    ctx.stroke();
  }
  ctx.strokeStyle = colourOf(panel, item.colour);
  ctx.lineWidth = item.width;
  ctx.stroke();
  ctx.setLineDash([]);
}
function drawPointer({ model, axes, picture, theme }, { ctx, box }, pointer) {
  const [x, y] = toCanvas(box, axes, ...pointer);
  if (model.get("follow") === "across") {
    ctx.lineCap = "butt";
    ctx.strokeStyle = picture ? POINTER : theme.muted;
    ctx.lineWidth = 1.2;
    line(ctx, x, box.y, x, box.y + box.height);
    return;
  }
  crossLines(ctx, box, x, y, { opening: 9, width: 1.2, colours: [POINTER, POINTER] });
  for (const [colour, width] of RING) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}
function drawPanelBar({ model, axes, theme }, picture, bar) {
  const { scale } = picture;
  const name = `Colours from ${formatLoss(scale.lo)} to ${formatLoss(scale.hi)}`;
  if (bar.ctx.canvas.ariaLabel !== name) bar.ctx.canvas.setAttribute("aria-label", name);
  const shown = { ...bar, strip: picture.strip };
  drawBar(shown, scale, theme, null);
  drawBarMark(shown, scale, theme, valueAt(model.get("pointer"), axes, picture));
}

// panel/input.js
var MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
function movePointer({ model, axes: { across, up } }, [x, y], pick = false) {
  const last = model.get("pointer");
  const keepsHeight = model.get("follow") === "across" && last;
  const to = [clamp(x, across.lo, across.hi), keepsHeight ? last[1] : clamp(y, up.lo, up.hi)];
  model.set("pointer", to);
  model.set("picked", pick ? to : null);
  model.save_changes();
}
function connectInput(panel) {
  const { model } = panel;
  const { canvas } = panel.page;
  const follows = () => model.get("follow") !== "none";
  let isHeld = false;
  const go = (event) => {
    if (!follows() || !panel.layout) return;
    isHeld = true;
    const frame = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - frame.left, event.clientY - frame.top];
    movePointer(panel, toPlot(panel.layout.box, panel.axes, px, py));
  };
  onDrag(canvas, go, go);
  canvas.addEventListener("pointerup", () => {
    const pointer = model.get("pointer");
    if (isHeld && pointer) movePointer(panel, pointer, true);
    isHeld = false;
  });
  onKeys(canvas, (key, times) => {
    if (!follows() || !panel.layout) return false;
    const { box, width, height } = panel.layout;
    const [x, y] = model.get("pointer") ?? toPlot(box, panel.axes, width / 2, height / 2);
    const move = MOVES[key];
    const step = model.get("step");
    if (key === "Enter" || key === " ") movePointer(panel, [x, y], true);
    else if (move)
      movePointer(panel, [x + move[0] * step[0] * times, y + move[1] * step[1] * times]);
    else return false;
    return true;
  });
}

// panel/page.js
var ROWS = { top: 24, bottom: 40, right: 10 };
function buildPage() {
  const canvas = make("canvas");
  const caption = make("div.caption");
  const legend = make("div.legend", { "aria-hidden": "true" });
  const bar = make("canvas.colourbar", { role: "img" });
  const readout = make("p.readout", { "aria-hidden": "true" });
  const said = make("div.said", { role: "status", "aria-live": "polite" });
  const root = make("figure.card.plot", {}, caption, canvas, legend, bar, readout, said);
  return { root, canvas, caption, legend, bar, readout, said };
}
function layOut({ model, page, picture, axes, theme }) {
  const { canvas, root, bar } = page;
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  if (!width || !canvas.isConnected) return null;
  canvas.style.width = `${width}px`;
  root.dataset.width = width < 200 ? "narrow" : "wide";
  const ctx = penOf(canvas);
  ctx.font = theme.font;
  const numbers = ticks(axes.up.lo, axes.up.hi, tickCount(width * model.get("aspect")));
  const widest = Math.max(...numbers.map((t) => ctx.measureText(tickText(t)).width));
  const left = widest + 14;
  const top = axes.up.label ? ROWS.top : 8;
  const inner = width - left - ROWS.right;
  const box = { x: left, y: top, width: inner, height: Math.round(inner * model.get("aspect")) };
  const height = box.height + top + ROWS.bottom;
  sizeCanvas(ctx, width, height);
  const hasBar = picture !== null && model.get("bar");
  bar.hidden = !hasBar;
  bar.style.display = hasBar ? "" : "none";
  if (!hasBar) return { ctx, width, height, box, bar: null };
  const barPen = sizeCanvas(penOf(bar), width, BAR_HEIGHT);
  return { ctx, width, height, box, bar: { ctx: barPen, width, strip: picture.strip } };
}

// panel/words.js
var KEYS = {
  none: "",
  across: " Left and right arrow keys move the pointer.",
  both: " Arrow keys move the pointer; Enter picks the point."
};
function showWords(panel) {
  const { model, page, theme } = panel;
  const { canvas, caption, readout, legend } = page;
  const follow = model.get("follow");
  const title = model.get("title");
  caption.textContent = title;
  caption.hidden = !title;
  readout.textContent = model.get("readout");
  readout.hidden = !model.get("readout") && follow === "none";
  canvas.setAttribute("role", follow === "none" ? "img" : "application");
  canvas.classList.toggle("lv-hand", follow !== "none");
  if (follow === "none") canvas.removeAttribute("tabindex");
  else canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", `${model.get("description") || title}${KEYS[follow]}`);
  const labelled = [...model.get("lines"), ...model.get("marks")].filter((item) => item.label);
  legend.hidden = !labelled.length;
  const shown = JSON.stringify([labelled.map(({ label, colour }) => [label, colour]), theme]);
  if (shown !== panel.shownLegend)
    legend.replaceChildren(...labelled.map((item) => entry(panel, item)));
  panel.shownLegend = shown;
  announce(panel);
}
function entry(panel, item) {
  const sample = make("canvas", { width: 1, height: 1, style: "width: 24px" });
  const ctx = sizeCanvas(penOf(sample), 24, 14);
  const colour = colourOf(panel, item.colour);
  if ("kind" in item) {
    ctx.fillStyle = colour;
    if (traceMark(ctx, item.kind, 12, 7, Math.min(item.size, 5))) ctx.fill();
  } else {
    ctx.strokeStyle = colour;
    ctx.lineWidth = item.width;
    ctx.setLineDash(item.dash ? [6, 5] : []);
    line(ctx, 1, 7, 23, 7);
  }
  return make("span", {}, sample, item.label);
}
function announce(panel) {
  clearTimeout(panel.announceTimer);
  panel.announceTimer = setTimeout(() => {
    const text = panel.model.get("readout");
    const { said } = panel.page;
    if (said.textContent !== text) said.textContent = text;
  }, 250);
}

// panel/view.js
var PICTURE = ["_picture", "_shape", "_colours", "log", "limits"];
function connect(panel, el) {
  const { model, page: { root } } = panel;
  const restyle = () => {
    panel.theme = readTheme(root, el);
    panel.layout = layOut(panel);
    if (!panel.layout) return;
    keepKeys(root);
    panel.hatching = hatch(panel.theme);
    showWords(panel);
    drawPanel(panel);
  };
  let isStale = false;
  const markStale = () => {
    isStale = true;
  };
  const update = guard(root, () => {
    const had = panel.picture;
    panel.axes = readAxes(model);
    if (isStale) panel.picture = readPicture(model, had);
    isStale = false;
    if (!had !== !panel.picture) return restyle();
    showWords(panel);
    drawPanel(panel);
  });
  for (const name of PICTURE) model.on(`change:${name}`, markStale);
  model.on("change", update);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    for (const name of PICTURE) model.off(`change:${name}`, markStale);
    model.off("change", update);
    clearTimeout(panel.announceTimer);
    stop();
  };
}
function showPanel(model, el, around = el) {
  const page = buildPage();
  el.append(page.root);
  const theme = readTheme(page.root, around);
  const panel = {
    model,
    page,
    axes: readAxes(model),
    picture: readPicture(model, null),
    theme,
    hatching: theme.gap,
    layout: null,
    shownLegend: "",
    announceTimer: 0
  };
  connectInput(panel);
  return connect(panel, around);
}

// live/board.js
var NARROW = 560;
var EMPTY = {
  title: "",
  labels: ["", ""],
  extent: [[0, 1], [0, 1]],
  lines: [],
  marks: [],
  readout: "",
  description: null,
  pointer: null,
  picked: null,
  follow: "none",
  levels: [],
  faint: false,
  bar: false,
  aspect: 0.8,
  log: false,
  limits: [0, 1],
  _shape: [0, 0]
};
function makeBoard(el, kind, least) {
  const controls = make("div.row");
  const panels = make("div.panels", { style: `--lv-least: ${least}px` });
  const words = make("p.words", { role: "status" });
  const root = make(`div.card.live.${kind}`, {}, controls, panels, words);
  el.append(root);
  words.hidden = true;
  const restyle = () => {
    readTheme(root, el);
    if (root.clientWidth) root.dataset.width = root.clientWidth < NARROW ? "narrow" : "wide";
    keepKeys(root);
  };
  const stops = [watchPage(root, restyle)];
  restyle();
  return {
    root,
    controls,
    panels,
    add(traits, place = panels) {
      const [[x0, x1], [y0, y1]] = traits.extent ?? [[0, 1], [0, 1]];
      const step = [(x1 - x0) / 50, (y1 - y0) / 50];
      const model = makeModel({ ...EMPTY, step, ...traits });
      stops.push(showPanel(model, place, el));
      return model;
    },
    say(text) {
      words.hidden = !text;
      if (words.textContent !== text) words.textContent = text;
    },
    stop: () => stops.forEach((stop) => stop())
  };
}
var bytes = (numbers) => new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
function pairs(x, y) {
  const out = new Float32Array(2 * x.length);
  for (let i = 0; i < x.length; i++) {
    out[2 * i] = x[i];
    out[2 * i + 1] = y[i];
  }
  return bytes(out);
}
var lineOf = (x, y, colour, style = {}) => ({
  points: pairs(x, y),
  colour,
  width: 2,
  dash: false,
  label: "",
  ...style
});
var marksOf = (x, y, colour, style = {}) => ({
  points: pairs(x, y),
  colour,
  kind: "dot",
  size: 5,
  label: "",
  ...style
});
function shadowMarks(shadow) {
  const [x, y] = [0, 1].map((k) => shadow.map((pair) => pair[k]));
  return {
    line: lineOf(x, y, "path", { width: 2.2 }),
    ends: [
      marksOf(x.slice(0, 1), y.slice(0, 1), "path", { kind: "start" }),
      marksOf(x.slice(-1), y.slice(-1), "path", { kind: "end" })
    ]
  };
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

// live/player.js
function makePlayer(card, title, last, seconds, where, go) {
  let playing = null;
  const show = () => {
    root.textContent = playing ? "❚❚ Pause" : "▶ Play";
  };
  const drawing = frames(card, () => {
    if (!playing) return;
    const passed = (performance.now() - playing.since) / 1e3 / seconds;
    const position = Math.min(playing.from + Math.floor(passed * last), last);
    go(position);
    if (position === last) stop();
    else drawing.ask();
  });
  const stop = () => {
    playing = null;
    drawing.stop();
    show();
  };
  const play = () => {
    const from = where();
    playing = { from: from >= last ? 0 : from, since: performance.now() };
    show();
    drawing.ask();
  };
  const root = button("▶ Play", title, () => playing ? stop() : play());
  return { root, play, stop };
}

// live/predictions.js
var GRID = 60;
var INPUTS = Float64Array.from({ length: 2 * GRID * GRID }, (_, k) => {
  const i = Math.floor(k / 2);
  return (k % 2 ? Math.floor(i / GRID) : i % GRID) / (GRID - 1);
});
function predictionTraits(x, y, colours) {
  const examples = (value) => {
    const found = [...y.keys()].filter((n) => y[n] === value);
    return [found.map((n) => x[2 * n]), found.map((n) => x[2 * n + 1])];
  };
  const [[u0, v0], [u1, v1]] = [examples(0), examples(1)];
  return {
    title: "what this model predicts",
    labels: ["x₁", "x₂"],
    levels: [0.5],
    aspect: 1,
    limits: [-0.25, 1.25],
    marks: [
      marksOf(u0, v0, "blue", { size: 2.2 }),
      marksOf(u1, v1, "orange", { kind: "square", size: 2.2 })
    ],
    _shape: [GRID, GRID],
    _picture: bytes(new Float32Array(GRID * GRID)),
    _colours: colours,
    description: "Predictions over two inputs: orange is 1, blue is 0, the line is at 0.5."
  };
}
var predictionsOf = (L, theta) => bytes(Float32Array.from(L.predict(theta, INPUTS)));
function accuracyOf(L, theta, x, y) {
  const outputs = L.predict(theta, x);
  let right = 0;
  for (let n = 0; n < y.length; n++) if (outputs[n] > 0.5 === y[n] > 0.5) right++;
  return right / y.length;
}

// pick.js
var COARSE = 21;
var SECONDS = 4.5;
function start(model, el) {
  const [x, y] = [doubles(model.get("_x")), doubles(model.get("_y"))];
  const L = makeObjective(model.get("_spec"), x, y);
  const [origin, d1, d2] = vectorsIn(model.get("_view"), L.P);
  const [across, up] = model.get("_extent");
  const plane = { origin, d1, d2, across, up };
  const given = vectorsIn(model.get("_walk"), L.P);
  const [steps, fine] = [model.get("_steps"), model.get("_resolution")];
  let walk = null;
  let step = null;
  const board = makeBoard(el, "pick", 300);
  const coarse = startScan(L, plane, COARSE);
  coarse.go(() => false);
  const map = board.add({
    title: "pick a model",
    labels: model.get("_labels"),
    extent: [across, up],
    follow: "both",
    step: [(across[1] - across[0]) / (fine - 1), (up[1] - up[0]) / (fine - 1)],
    faint: true,
    bar: true,
    log: true,
    limits: model.get("_limits"),
    aspect: 1,
    _shape: [COARSE, COARSE],
    _picture: bytes(coarse.losses),
    _colours: model.get("_colours"),
    description: `Map of the loss over ${model.get("_labels").join(" and ")}.`
  });
  const predictions = board.add(predictionTraits(x, y, model.get("_predicted")));
  const stepper = slider("step", steps, (position) => {
    player.stop();
    goTo(position);
  });
  const player = makePlayer(board.root, "Play the walk", steps, SECONDS, () => step ?? 0, (position) => goTo(position));
  const descend = button("↓ Descend from here", "Let the picked model descend", () => {
    player.stop();
    walk = walkFrom(pointAt(plane, model.get("at")));
    drawWalks();
    goTo(0);
    player.play();
  });
  board.root.append(make("div.row", {}, descend, player.root, stepper.root));
  const walkFrom = (from) => {
    const begin = model.get("_optimizer") === "adam" ? adam : sgd;
    const walker = begin(L, from, model.get("_lr"));
    const points = [walker.theta.slice()];
    for (let k = 0; k < steps; k++) {
      walker.step();
      points.push(walker.theta.slice());
    }
    return points;
  };
  const drawWalks = () => {
    const shown2 = [given, walk ?? []].filter((points) => points.length);
    const drawn = shown2.map(
      (points) => shadowMarks(points.map((point) => shadowOf(plane, point)).filter((p) => p.every(Number.isFinite)))
    );
    map.put({ lines: drawn.map(({ line: line2 }) => line2), marks: drawn.flatMap(({ ends }) => ends) });
  };
  const goTo = (position) => {
    step = position;
    drawing.ask();
  };
  const show = () => {
    const isWalking = walk !== null && step !== null;
    const theta = walk && step !== null ? walk[step] : pointAt(plane, model.get("at"));
    const shadow = isWalking ? shadowOf(plane, theta) : model.get("at");
    const pointer = [clamp(shadow[0], ...across), clamp(shadow[1], ...up)];
    const right = Math.round(100 * accuracyOf(L, theta, x, y));
    const place = minus(`(${pointer.map((a) => a.toFixed(2)).join(", ")})`);
    shown = String(pointer);
    map.put({
      pointer,
      readout: (isWalking ? `step ${step}: ` : "") + `loss ${formatLoss(L.loss(theta))}, accuracy ${right}%, at ${place}`
    });
    predictions.put({ _picture: predictionsOf(L, theta) });
    stepper.input.disabled = player.root.disabled = !walk;
    stepper.show(step ?? 0, String(step ?? 0));
  };
  let shown = "";
  const scan = startScan(L, plane, fine);
  const drawing = frames(board.root, () => {
    show();
    if (scan.done === fine) return;
    if (scan.go(sliceOfFrame())) {
      map.put({ _picture: bytes(scan.losses), _shape: [fine, fine] });
      board.root.dataset.grid = "fine";
    } else drawing.ask();
  });
  map.on("change:pointer", () => {
    const pointer = map.get("pointer");
    if (!pointer || String(pointer) === shown) return;
    model.set("at", pointer);
    model.save_changes();
  });
  const picked = () => {
    player.stop();
    step = null;
    drawing.ask();
  };
  model.on("change:at", picked);
  drawWalks();
  show();
  drawing.ask();
  return () => {
    model.off("change:at", picked);
    player.stop();
    drawing.stop();
    board.stop();
  };
}
var pick_default = widgetOf(start);
export {
  pick_default as default
};
