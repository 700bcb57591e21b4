// Built from ../js by `npm run build`: change it there.
"use strict";
(() => {
  // front/input.js
  var TAP = 5;
  var SLOW = 0.4;
  function connectInput(live) {
    connectPointer(live);
    connectKeys(live);
    live.button("drop")?.addEventListener("click", () => live.drop(live.start));
    live.button("reset")?.addEventListener("click", () => live.reset());
  }
  function connectPointer(live) {
    const { canvas } = live;
    let held = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      held = { x: event.clientX, y: event.clientY, isDrag: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [right, down] = [event.clientX - held.x, event.clientY - held.y];
      if (!held.isDrag && Math.hypot(right, down) < TAP) return;
      const slow = SLOW * live.alphaPerPixel;
      live.shiftBy(right * slow, -down * slow);
      held = { x: event.clientX, y: event.clientY, isDrag: true };
    });
    canvas.addEventListener("pointerup", (event) => {
      const frame = canvas.getBoundingClientRect();
      if (held && !held.isDrag) live.dropAt(event.clientX - frame.left, event.clientY - frame.top);
      held = null;
    });
    canvas.addEventListener("pointercancel", () => {
      held = null;
    });
  }
  function connectKeys(live) {
    const { canvas } = live;
    canvas.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 2 : 0.5;
      const moves = {
        ArrowLeft: [-step, 0],
        ArrowRight: [step, 0],
        ArrowUp: [0, step],
        ArrowDown: [0, -step]
      };
      const move = moves[event.key];
      if (move) live.shiftBy(...move);
      else if (event.key === "Enter" || event.key === " ")
        live.dropAt(canvas.clientWidth / 2, canvas.clientHeight / 2);
      else return;
      event.preventDefault();
    });
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

  // numbers.js
  var clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
  var mix = (a, b, t) => a + (b - a) * t;
  var minus = (text) => text.replace(/-/g, "−").replace(/^−(0(\.0*)?)$/, "$1");
  function formatLoss(x) {
    if (!Number.isFinite(x)) return "gap";
    if (x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e4)) return minus(x.toExponential(1));
    return minus(x.toPrecision(3));
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
        const start = combine(origin, [b], [d2]);
        for (let i = 0; i < across.length; i++) out[i] = loss(combine(start, [across[i]], [d1]));
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
        const start = combine(origin, [b], [d2]);
        for (let i = 0; i < across.length; i++) out[i] = loss(combine(start, [across[i]], [d1]));
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
        const start = combine(origin, [b], [d2]);
        for (let n = 0, at = 0; n < N; n++)
          for (let j = 0; j < UNITS; j++, at++)
            factors[at] = Math.exp(-rate * into(start, n, j));
        for (let i = 0, at = 0; i < size; i++) {
          const v0 = start[V] + across[i] * d1[V];
          const v1 = start[V + 1] + across[i] * d1[V + 1];
          const v2 = start[V + 2] + across[i] * d1[V + 2];
          const c = start[C] + across[i] * d1[C];
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
  function scanPlane(L, plane, size) {
    const scan = startScan(L, plane, size);
    scan.go(() => false);
    return scan.losses;
  }

  // front/relief.js
  var SUN = normalised([-0.6, 0.62, 0.5]);
  var HEIGHT = 10;
  function normalised(v) {
    const length = Math.hypot(...v);
    return v.map((x) => x / length);
  }
  function shade(values, size) {
    const light = new Float32Array(size * size);
    const k = HEIGHT * size / 100;
    const at = (u, v) => clamp(values[v * size + u], -0.2, 1.2);
    for (let v = 0; v < size; v++)
      for (let u = 0; u < size; u++) {
        const [left, right] = [Math.max(u - 1, 0), Math.min(u + 1, size - 1)];
        const [down, up] = [Math.max(v - 1, 0), Math.min(v + 1, size - 1)];
        const dx = k * (at(right, v) - at(left, v)) / (right - left);
        const dy = k * (at(u, up) - at(u, down)) / (up - down);
        const facing = (SUN[2] - dx * SUN[0] - dy * SUN[1]) / Math.sqrt(1 + dx * dx + dy * dy);
        light[v * size + u] = Math.max(facing, 0) / SUN[2];
      }
    return light;
  }
  function paint(pixels, values, size, colours) {
    const light = shade(values, size);
    for (let v = 0; v < size; v++)
      for (let u = 0; u < size; u++) {
        const i = v * size + u;
        const colour = colours[colourIndex(values[i])];
        const f = 0.5 + 0.5 * clamp(light[i], 0, 1.5);
        const r = Math.min(255, (colour & 255) * f);
        const g = Math.min(255, (colour >> 8 & 255) * f);
        const b = Math.min(255, (colour >> 16 & 255) * f);
        pixels[(size - 1 - v) * size + u] = (255 << 24 | b << 16 | g << 8 | r) >>> 0;
      }
  }

  // front/map.js
  var [COARSE, FINE] = [41, 121];
  var REST = 120;
  var LEVELS = 14;
  var LandMap = class {
    /**
     * @param {Objective} L
     * @param {Scale} scale
     * @param {Uint32Array} colours
     */
    constructor(L, scale, colours) {
      this.L = L;
      this.scale = scale;
      this.colours = colours;
      this.tiles = { [COARSE]: makeTile(COARSE, COARSE), [FINE]: makeTile(FINE, FINE) };
      this.size = 0;
      this.field = new Float32Array();
      this.movedAt = -Infinity;
      this.isStale = true;
      this.scan = null;
    }
    /** @param {number} now */
    move(now) {
      this.movedAt = now;
      this.isStale = true;
      this.scan = null;
    }
    get isFinished() {
      return !this.isStale && this.size === FINE;
    }
    /**
     * Scan a part of what is missing, until a time in milliseconds.
     * @param {Plane} plane
     * @param {number} now
     * @param {number} until
     */
    work(plane, now, until) {
      if (this.isStale) {
        this.show(COARSE, scanPlane(this.L, plane, COARSE));
        this.isStale = false;
      } else if (!this.isFinished && now - this.movedAt >= REST) {
        this.scan ??= startScan(this.L, plane, FINE);
        if (this.scan.go(() => performance.now() > until)) this.show(FINE, this.scan.losses);
      }
    }
    /**
     * @param {number} size
     * @param {Float32Array} losses
     */
    show(size, losses) {
      const { pen, image } = this.tiles[size];
      this.size = size;
      this.field = makeField(losses, this.scale);
      paint(new Uint32Array(image.data.buffer), this.field, size, this.colours);
      pen.putImageData(image, 0, 0);
    }
    /**
     * @param {Pen} ctx
     * @param {Box} box
     */
    draw(ctx, box) {
      const { size } = this;
      if (!size) return;
      ctx.imageSmoothingEnabled = true;
      ctx.imageSmoothingQuality = "high";
      const { canvas } = this.tiles[size].pen;
      ctx.drawImage(canvas, 0.5, 0.5, size - 1, size - 1, box.x, box.y, box.width, box.height);
      drawFaintContours(ctx, box, { values: this.field, nu: size, nv: size }, LEVELS);
    }
  };

  // front/plane.js
  function planeOf({ origin, directions: [d1, d2, d3, d4], shift, across, up }) {
    return { origin: combine(origin, shift, [d3, d4]), d1, d2, across, up };
  }
  function pointAt(view, alpha) {
    const { origin, d1, d2 } = planeOf(view);
    return combine(origin, alpha, [d1, d2]);
  }
  function shadow(view, theta) {
    const { origin, d1, d2 } = planeOf(view);
    const away = theta.map((x, i) => x - origin[i]);
    const alpha = [dot(away, d1), dot(away, d2)];
    const square = dot(away, away) - alpha[0] ** 2 - alpha[1] ** 2;
    return { alpha, distance: Math.sqrt(Math.max(square, 0)) };
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

  // engine/descent.js
  function adam(L, start, lr) {
    const [b1, b2, tiny] = [0.9, 0.999, 1e-8];
    const theta = Float64Array.from(start);
    const [mean, square] = [new Float64Array(theta.length), new Float64Array(theta.length)];
    let steps = 0;
    return {
      theta,
      step() {
        const slope = L.gradient(theta);
        steps++;
        const rate = lr / (1 - b1 ** steps);
        const root2 = Math.sqrt(1 - b2 ** steps);
        for (let i = 0; i < theta.length; i++) {
          mean[i] += (slope[i] - mean[i]) * (1 - b1);
          square[i] = square[i] * b2 + (1 - b2) * slope[i] * slope[i];
          theta[i] -= rate * mean[i] / (Math.sqrt(square[i]) / root2 + tiny);
        }
      }
    };
  }

  // front/walkers.js
  var STEPS = 1e3;
  var MAX_WALKERS = 6;
  var EVERY = 4;
  var FAR = 12;
  var FAINT = 0.15;
  var STROKES = [["#fff", 5], [PATH, 3]];
  function drop(L, walkers, theta, lr) {
    const training = adam(L, theta, lr);
    const walker = {
      points: [Float64Array.from(theta)],
      loss: L.loss(theta),
      steps: 0,
      step() {
        training.step();
        walker.steps++;
        if (walker.steps % EVERY) return;
        walker.points.push(Float64Array.from(training.theta));
        walker.loss = L.loss(training.theta);
      }
    };
    walkers.push(walker);
    if (walkers.length > MAX_WALKERS) walkers.shift();
    return walker;
  }
  var isThere = (walker) => walker.steps >= STEPS;
  function walk(walkers, most, until) {
    for (let k = 0; k < most && performance.now() < until; k++)
      for (const walker of walkers) if (!isThere(walker)) walker.step();
    return walkers.some((walker) => !isThere(walker));
  }
  function drawWalk(ctx, walker, view, toCanvas) {
    const places = walker.points.map((theta) => {
      const { alpha, distance } = shadow(view, theta);
      return { at: toCanvas(alpha), strength: Math.max(FAINT, 1 - distance / FAR) };
    });
    ctx.lineCap = ctx.lineJoin = "round";
    for (const [colour, width] of STROKES) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      for (let i = 1; i < places.length; i++) {
        const [[x0, y0], [x1, y1]] = [places[i - 1].at, places[i].at];
        ctx.globalAlpha = places[i].strength;
        ctx.beginPath();
        ctx.moveTo(x0, y0);
        ctx.lineTo(x1, y1);
        ctx.stroke();
      }
    }
    const [first, last] = [places[0], places[places.length - 1]];
    ctx.globalAlpha = Math.max(0.5, first.strength);
    drawStart(ctx, first.at[0], first.at[1]);
    ctx.globalAlpha = Math.max(0.5, last.strength);
    const draw = isThere(walker) ? drawEnd : drawWalker;
    draw(ctx, last.at[0], last.at[1]);
    ctx.globalAlpha = 1;
  }
  function drawWalker(ctx, x, y) {
    ctx.beginPath();
    ctx.arc(x, y, 6, 0, 2 * Math.PI);
    ctx.fillStyle = PATH;
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = 2;
    ctx.fill();
    ctx.stroke();
  }

  // front/live.js
  var FRAME = 12;
  var STEPS2 = 6;
  var SWING = { milliseconds: 5e3, reach: 5 };
  var bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  var floats = (text) => Float64Array.from(new Float32Array(bytes(text).buffer));
  var Live = class {
    /**
     * @param {HTMLElement} root - with a canvas, a line of text and buttons
     * @param {Sent} sent
     */
    constructor(root2, sent2) {
      this.root = root2;
      this.canvas = /** @type {HTMLCanvasElement} */
      root2.querySelector("canvas");
      this.words = /** @type {HTMLElement} */
      root2.querySelector("[role=status]");
      this.ctx = penOf(this.canvas);
      this.box = { x: 0, y: 0, width: 0, height: 0 };
      const data = [floats(sent2.x), floats(sent2.y)];
      this.L = makeObjective({ P: 13, hidden: "tanh", output: "sigmoid" }, data[0], data[1]);
      const colours = readColours(new DataView(bytes(sent2.colours).buffer));
      this.map = new LandMap(this.L, makeScale(true, sent2.limits), colours);
      this.start = Float64Array.from(sent2.start);
      this.lr = sent2.lr;
      this.view = {
        origin: Float64Array.from(sent2.origin),
        directions: sent2.directions.map((d) => Float64Array.from(d)),
        shift: [0, 0],
        across: sent2.across,
        up: sent2.up
      };
      this.walkers = [];
      const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.swing = isCalm ? -1 : performance.now();
      this.frame = 0;
    }
    /** @param {string} name */
    button(name) {
      return this.root.querySelector(`[data-do=${name}]`);
    }
    get alphaPerPixel() {
      const [left, right] = this.view.across;
      return (right - left) / this.box.width;
    }
    /** Fill the width of the page, with the same scale along both directions. */
    layOut() {
      const width = this.root.clientWidth;
      if (!width) return;
      const { across, up } = this.view;
      const height = Math.round(width * (up[1] - up[0]) / (across[1] - across[0]));
      sizeCanvas(this.ctx, width, height);
      this.box = { x: 0, y: 0, width, height };
      this.draw();
      this.wake();
    }
    draw() {
      this.map.draw(this.ctx, this.box);
      const { across, up } = this.view;
      const toCanvas = (alpha) => [
        (alpha[0] - across[0]) / this.alphaPerPixel,
        (up[1] - alpha[1]) / this.alphaPerPixel
      ];
      for (const walker of this.walkers) drawWalk(this.ctx, walker, this.view, toCanvas);
    }
    /** What the most recently dropped walker has found. */
    say() {
      const walker = this.walkers.at(-1);
      if (!walker) return;
      const { distance } = shadow(this.view, walker.points[walker.points.length - 1]);
      const where = isThere(walker) ? "It has arrived" : `Step ${walker.steps}`;
      const text = `${where}: loss ${formatLoss(walker.loss)}, ${distance.toFixed(1)} from this plane.`;
      if (this.words.textContent !== text) this.words.textContent = text;
    }
    wake() {
      this.frame ||= requestAnimationFrame((now) => this.tick(now));
    }
    /** @param {number} now */
    tick(now) {
      this.frame = 0;
      this.swingOn(now);
      this.map.work(planeOf(this.view), now, performance.now() + FRAME);
      const isWalking = walk(this.walkers, STEPS2, performance.now() + FRAME);
      this.draw();
      this.say();
      if (isWalking || this.swing >= 0 || !this.map.isFinished) this.wake();
    }
    /** @param {number} now */
    swingOn(now) {
      if (this.swing < 0) return;
      const t = Math.max(0, now - this.swing) / SWING.milliseconds;
      const reach = t < 1 ? SWING.reach * (1 - t) * Math.sin(2 * Math.PI * t) : 0;
      this.view.shift = [reach, 0];
      if (t >= 1) this.swing = -1;
      this.map.move(now);
    }
    /**
     * Shift the plane along the third and the fourth direction.
     * @param {number} third
     * @param {number} fourth
     */
    shiftBy(third, fourth) {
      this.swing = -1;
      this.view.shift = [this.view.shift[0] + third, this.view.shift[1] + fourth];
      this.map.move(performance.now());
      this.wake();
    }
    /** @param {Vector} theta */
    drop(theta) {
      this.swing = -1;
      drop(this.L, this.walkers, theta, this.lr);
      this.wake();
    }
    /**
     * Drop a walker at a position on the canvas.
     * @param {number} x
     * @param {number} y
     */
    dropAt(x, y) {
      const { across, up } = this.view;
      const alpha = [across[0] + x * this.alphaPerPixel, up[1] - y * this.alphaPerPixel];
      this.drop(pointAt(this.view, alpha));
    }
    reset() {
      this.walkers.length = 0;
      this.swing = -1;
      this.view.shift = [0, 0];
      this.words.textContent = this.words.dataset.hint ?? "";
      this.map.move(performance.now());
      this.wake();
    }
  };

  // front.js
  var root = document.getElementById("live-landscape");
  var sent = document.getElementById("live-landscape-data");
  if (root && sent) {
    const live = new Live(root, JSON.parse(sent.textContent ?? ""));
    connectInput(live);
    new ResizeObserver(() => live.layOut()).observe(root);
    live.layOut();
  }
})();
