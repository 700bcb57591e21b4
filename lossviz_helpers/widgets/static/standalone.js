// Built from ../js by `npm run build`: change it there.

// numbers.js
var clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
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
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.base64 === "string") {
    const text = atob(value.base64);
    return new DataView(Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([name, x]) => [name, revive(x)]));
}

// surface/state.js
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
    const [a, b, off, step, loss] = table.subarray(5 * i, 5 * i + 5);
    return { alpha: (
      /** @type {Pair} */
      [a, b]
    ), off, step, loss };
  });
  return { name, colour, steps };
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
  const step = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step)), 0, 7);
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
var symbolOf = (quantity) => quantity === "loss L" ? "L" : quantity;

// standalone.js
function start(scripts, saved, el) {
  const models = saved.map(({ state }) => makeModel(revive(state)));
  const [first, second] = models;
  if (saved[0].script === "surface" && second) linkMap(first, second);
  if (saved[0].script === "panel") linkCurve(first);
  saved.forEach(({ script }, i) => {
    const place = document.createElement("div");
    el.append(place);
    scripts[script].render({ model: models[i], el: place });
  });
}
function linkMap(surface, map) {
  const ground = readGround(surface.get("_surfaces")[0]);
  const symbol = symbolOf(surface.get("_quantity"));
  surface.on("change:pointer", () => map.set("pointer", surface.get("pointer")));
  map.on("change:pointer", () => {
    const pointer = map.get("pointer");
    surface.set("pointer", pointer);
    map.set("readout", readingText(ground, pointer, symbol));
  });
}
function linkCurve(panel) {
  const points = floats(panel.get("lines")[0].points);
  const across = Array.from(points.filter((_, i) => i % 2 === 0));
  panel.on("change:pointer", () => {
    const pointer = panel.get("pointer");
    if (!pointer) return;
    const i = nearest(across, pointer[0]);
    const symbol = symbolOf(panel.get("labels")[1]);
    panel.set(
      "readout",
      `${symbol} = ${formatLoss(points[2 * i + 1])} at α = ${tickText(across[i])}`
    );
  });
}
var standalone_default = { start };
export {
  standalone_default as default
};
