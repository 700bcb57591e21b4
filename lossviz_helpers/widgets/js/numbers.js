// Arithmetic on numbers, and their formatting.

/** @type {(x: number, lo: number, hi: number) => number} */
export const clamp = (x, lo, hi) => Math.min(Math.max(x, lo), hi);
/** @type {(a: number, b: number, t: number) => number} */
export const mix = (a, b, t) => a + (b - a) * t;
/**
 * The dot product of two vectors in three dimensions.
 * @type {(a: number[], b: number[]) => number}
 */
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/**
 * Index of the entry nearest to x.
 * @param {number[]} list
 * @param {number} x
 */
export function nearest(list, x) {
  let best = 0;
  for (let i = 1; i < list.length; i++)
    if (Math.abs(list[i] - x) < Math.abs(list[best] - x)) best = i;
  return best;
}

/**
 * The float32 numbers in the bytes that Python sent, wherever they begin in their buffer.
 * @param {DataView} view
 */
export function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/**
 * The same for float64 numbers.
 * @param {DataView} view
 */
export function doubles(view) {
  return new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

// -- formatting -----------------------------------------------------------------------------------

/**
 * A number with a real minus sign, but none before zero.
 * @param {string} text
 */
export const minus = (text) => text.replace(/-/g, "−").replace(/^−(0(\.0*)?)$/, "$1");

/**
 * A loss to three significant digits.
 * @param {number} x
 */
export function formatLoss(x) {
  if (!Number.isFinite(x)) return "gap";
  if (x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e4)) return minus(x.toExponential(1));
  return minus(x.toPrecision(3));
}

/**
 * The number beside a tick.
 * @param {number} t
 */
export const tickText = (t) => minus(String(Number(t.toPrecision(6))));

/**
 * About `count` round numbers from lo to hi.
 * @param {number} lo
 * @param {number} hi
 * @param {number} count
 */
export function ticks(lo, hi, count) {
  const rough = (hi - lo) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
  const out = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + 1e-9 * step; k++) out.push(k * step);
  return out;
}

/**
 * How many ticks fit on an axis `length` pixels long.
 * @param {number} length
 */
export const tickCount = (length) => Math.max(3, length / 36);

/**
 * Up to about `count` round numbers on a logarithmic axis: 1, 2 and 5 times powers of ten, or
 * fewer of these.
 * @param {number} lo
 * @param {number} hi
 * @param {number} count
 */
export function logTicks(lo, hi, count) {
  /** @type {number[]} */
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
