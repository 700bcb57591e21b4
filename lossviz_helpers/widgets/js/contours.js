// Contours: where a grid of values crosses a level (marching squares).

/**
 * Values on a grid, `nu` across and `nv` up: values[v·nu + u], NaN in gaps.
 * @typedef {{ values: Float32Array, nu: number, nv: number }} Grid
 */

/**
 * Line segments [u, v, u, v, …] where the grid crosses `level`, in steps of the grid.
 * @param {Grid} grid
 * @param {number} level
 */
export function contour({ values, nu, nv }, level) {
  /** @type {number[]} */
  const out = [];
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      const at = v * nu + u;
      traceCell(values[at], values[at + 1], values[at + nu + 1], values[at + nu], level, u, v, out);
    }
  return out;
}

/**
 * The same for the levels 1/count, 2/count, … below 1, all at once.
 * @param {Grid} grid
 * @param {number} count
 */
export function contours({ values, nu, nv }, count) {
  /** @type {number[]} */
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

/**
 * Add the segments in one cell, with corners a b c d anticlockwise from its lower left (u, v).
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 * @param {number} level
 * @param {number} u
 * @param {number} v
 * @param {number[]} out
 */
function traceCell(a, b, c, d, level, u, v, out) {
  let kind = 0; // which corners lie above, as bits
  if (a > level) kind |= 1;
  if (b > level) kind |= 2;
  if (c > level) kind |= 4;
  if (d > level) kind |= 8;
  if (kind === 0 || kind === 15 || Number.isNaN(a + b + c + d)) return;
  const bottom = () => out.push(u + (level - a) / (b - a), v);
  const right = () => out.push(u + 1, v + (level - b) / (c - b));
  const top = () => out.push(u + (level - d) / (c - d), v + 1);
  const left = () => out.push(u, v + (level - a) / (d - a));
  /** @param {(() => void)[]} sides */
  const join = (...sides) => sides.forEach((cross) => cross());
  if (kind === 5 || kind === 10) {
    // a saddle: two segments
    const isHigh = (a + b + c + d) / 4 > level;
    if ((kind === 5) === isHigh) join(bottom, right, top, left);
    else join(bottom, left, top, right);
  } else if (kind === 1 || kind === 14) join(left, bottom);
  else if (kind === 2 || kind === 13) join(bottom, right);
  else if (kind === 4 || kind === 11) join(right, top);
  else if (kind === 8 || kind === 7) join(top, left);
  else if (kind === 3 || kind === 12) join(left, right);
  else join(bottom, top);
}
