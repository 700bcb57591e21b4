// From losses on a grid to a relief: a finer grid of heights with slopes, and the walls around it.

/** @import { Grid } from "../contours.js" */
/** @import { Pair } from "./state.js" */

/**
 * Heights on a fine grid, from 0 to 1, with their slopes in the block; NaN in gaps.
 * @typedef {Grid & { half: Pair, slopes: Float32Array }} Relief
 */

/** Six numbers for every vertex: x, y, height, slopes along x and y, and 1, or 0 at the foot of a wall. */
export const STRIDE = 6;

/**
 * How many steps replace one step of the grid, so that the fine grid has about `target` points.
 * @param {{ nu: number, nv: number }} grid
 * @param {number} target - along the longer side
 */
export function refinement({ nu, nv }, target) {
  return Math.max(1, Math.floor((target - 1) / (Math.max(nu, nv) - 1)));
}

/**
 * The same heights on a grid `times` as fine, along monotone cubics (Fritsch & Butland 1984): they
 * pass through all points, and between them the surface never leaves the range of its four corners,
 * so there are no hills or valleys that weren't computed. A cell with a gap at a corner is a gap.
 * @param {Grid} grid
 * @param {number} times
 * @returns {Grid}
 */
export function refine({ values, nu, nv }, times) {
  const [mu, mv] = [(nu - 1) * times + 1, (nv - 1) * times + 1];
  const rows = new Float32Array(mu * nv);
  for (let v = 0; v < nv; v++) refineLine(values, v * nu, 1, nu, times, rows, v * mu, 1);
  const out = new Float32Array(mu * mv);
  for (let u = 0; u < mu; u++) refineLine(rows, u, mu, nv, times, out, u, mu);
  return { values: out, nu: mu, nv: mv };
}

/**
 * @param {Float32Array} from
 * @param {number} start - index of the first of n values, `stride` apart
 * @param {number} stride
 * @param {number} n
 * @param {number} times
 * @param {Float32Array} to
 * @param {number} first
 * @param {number} gap
 */
function refineLine(from, start, stride, n, times, to, first, gap) {
  /** @param {number} i */
  const at = (i) => (i < 0 || i >= n ? NaN : from[start + i * stride]);
  for (let i = 0; i + 1 < n; i++) {
    const [a, b] = [at(i), at(i + 1)];
    const slope = b - a;
    const [p, q] = [middle(a - at(i - 1), slope), middle(slope, at(i + 2) - b)];
    to[first + i * times * gap] = a;
    for (let k = 1; k < times; k++) {
      const s = k / times;
      const r = 1 - s;
      to[first + (i * times + k) * gap] =
        a * r * r * (1 + 2 * s) + b * s * s * (1 + 2 * r) + s * r * (p * r - q * s);
    }
  }
  to[first + (n - 1) * times * gap] = at(n - 1);
}

/**
 * The slope at a point from those on its two sides: their harmonic mean, 0 at a peak or in a dip.
 * @param {number} before
 * @param {number} after
 */
function middle(before, after) {
  if (Number.isNaN(before)) return after;
  if (Number.isNaN(after)) return before;
  return before * after > 0 ? (2 * before * after) / (before + after) : 0;
}

/**
 * Slopes by central differences over `reach` steps to both sides, fewer at edges and gaps.
 * @param {Grid} grid
 * @param {Pair} half - half-widths of the block
 * @param {number} [reach]
 * @returns {Relief}
 */
export function makeRelief(grid, half, reach = 1) {
  const { values, nu, nv } = grid;
  const slopes = new Float32Array(2 * values.length);
  const [du, dv] = [(2 * half[0]) / (nu - 1), (2 * half[1]) / (nv - 1)];
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const at = v * nu + u;
      slopes[2 * at] = slope(values, at, 1, Math.min(u, reach), Math.min(nu - 1 - u, reach)) / du;
      slopes[2 * at + 1] =
        slope(values, at, nu, Math.min(v, reach), Math.min(nv - 1 - v, reach)) / dv;
    }
  return { ...grid, half, slopes };
}

/**
 * The mean rise per step from some steps before a point to some after it.
 * @param {Float32Array} values
 * @param {number} at
 * @param {number} by - to the next value
 * @param {number} before - steps
 * @param {number} after
 */
function slope(values, at, by, before, after) {
  let [lo, hi] = [at, at];
  for (let k = 0; k < before && !Number.isNaN(values[lo - by]); k++) lo -= by;
  for (let k = 0; k < after && !Number.isNaN(values[hi + by]); k++) hi += by;
  return hi > lo && !Number.isNaN(values[at]) ? ((values[hi] - values[lo]) * by) / (hi - lo) : 0;
}

/**
 * The height at a place in the block (bilinear); NaN outside and in gaps.
 * @param {Relief} relief
 * @param {number} x
 * @param {number} y
 */
export function heightAt({ values, nu, nv, half }, x, y) {
  const [s, t] = [((x / half[0] + 1) / 2) * (nu - 1), ((y / half[1] + 1) / 2) * (nv - 1)];
  if (!(s >= -1e-4 && t >= -1e-4 && s <= nu - 1 + 1e-4 && t <= nv - 1 + 1e-4)) return NaN;
  const [i, j] = [Math.min(Math.max(s | 0, 0), nu - 2), Math.min(Math.max(t | 0, 0), nv - 2)];
  const at = j * nu + i;
  const low = values[at] + (s - i) * (values[at + 1] - values[at]);
  const high = values[at + nu] + (s - i) * (values[at + nu + 1] - values[at + nu]);
  return low + (t - j) * (high - low);
}

/**
 * The vertices of the top, as STRIDE says.
 * @param {Relief} relief
 */
export function topVertices(relief) {
  const { values, slopes, nu } = relief;
  const vertices = new Float32Array(STRIDE * values.length);
  for (let at = 0; at < values.length; at++) {
    const [x, y] = placeOf(relief, at % nu, (at / nu) | 0);
    // a gap is in no triangle, but NaN may not reach the shader
    const z = Number.isNaN(values[at]) ? 0 : values[at];
    vertices.set([x, y, z, slopes[2 * at], slopes[2 * at + 1], 1], STRIDE * at);
  }
  return vertices;
}

/**
 * The top as triangles between every `every`th of its vertices, and those at its edges.
 * @param {Grid} grid
 * @param {number} every
 */
export function topIndices({ values, nu, nv }, every) {
  /** @param {number} n */
  const lines = (n) =>
    [...Array(Math.ceil((n - 1) / every)).keys()].map((i) => i * every).concat(n - 1);
  const [us, vs] = [lines(nu), lines(nv)];
  /** @type {number[]} */
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

/**
 * A wall below every edge of the top: around the block, and down the shaft of every gap. A wall's
 * slopes are its outward normal.
 * @param {Relief} relief
 */
export function wallMesh(relief) {
  const { values, nu, nv } = relief;
  /** @type {number[]} */
  const vertices = [];
  /** @type {number[]} */
  const indices = [];
  /** @type {(u0: number, v0: number, u1: number, v1: number, nx: number, ny: number) => void} */
  const wall = (u0, v0, u1, v1, nx, ny) => {
    const first = vertices.length / STRIDE;
    for (const [u, v] of [
      [u0, v0],
      [u1, v1],
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

/**
 * Whether a cell exists, and has no gap at a corner.
 * @param {Grid} grid
 * @param {number} u
 * @param {number} v
 */
export function isSolid({ values, nu, nv }, u, v) {
  if (u < 0 || v < 0 || u + 1 >= nu || v + 1 >= nv) return false;
  const at = v * nu + u;
  return !Number.isNaN(values[at] + values[at + 1] + values[at + nu] + values[at + nu + 1]);
}

/**
 * @param {Relief} relief
 * @param {number} u
 * @param {number} v
 * @returns {Pair}
 */
export function placeOf({ nu, nv, half }, u, v) {
  return [half[0] * ((2 * u) / (nu - 1) - 1), half[1] * ((2 * v) / (nv - 1) - 1)];
}
