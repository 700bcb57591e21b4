// How much light reaches each place: open sky above it, and a low sun at the side.

/** @import { Grid } from "../contours.js" */
/** @import { Pair } from "./state.js" */

/** Steps at which the horizon is looked for, in half-widths. */
const REACH = [0.02, 0.045, 0.08, 0.13, 0.2, 0.3, 0.42, 0.6];
const DIRECTIONS = 12;
const SOFT = 0.12; // apparent radius of the sun
const FURTHEST = 1.6;

export const SUN = { elevation: 33, aside: -62 }; // degrees: above the horizon, from the line of sight

/**
 * Direction to the sun, which stays at the viewer's left while the block turns.
 * @param {number} azimuth - of the viewer, in degrees
 */
export function sunFrom(azimuth) {
  const [el, az] = [SUN.elevation, azimuth + SUN.aside].map((x) => (x * Math.PI) / 180);
  return [Math.cos(el) * Math.cos(az), Math.cos(el) * Math.sin(az), Math.sin(el)];
}

/**
 * A grid with about every `every`th point of another, and with its edges.
 * @param {Grid} grid
 * @param {number} every
 * @returns {Grid}
 */
export function coarser({ values, nu, nv }, every) {
  const [mu, mv] = [nu, nv].map((n) => Math.max(2, Math.ceil((n - 1) / every) + 1));
  const out = new Float32Array(mu * mv);
  for (let v = 0; v < mv; v++)
    for (let u = 0; u < mu; u++) {
      const [i, j] = [Math.round((u * (nu - 1)) / (mu - 1)), Math.round((v * (nv - 1)) / (mv - 1))];
      out[v * mu + u] = values[j * nu + i];
    }
  return { values: out, nu: mu, nv: mv };
}

/**
 * The part of the sky that each point of a grid sees, 0 to 1: the mean of cos² of the horizon.
 * @param {Grid} grid - heights from 0 to 1
 * @param {Pair} half - half-widths of the block
 * @param {number} tall - its height
 */
export function skyLight({ values, nu, nv }, half, tall) {
  const out = new Float32Array(values.length);
  const [du, dv] = [(nu - 1) / (2 * half[0]), (nv - 1) / (2 * half[1])];
  const looks = Array.from({ length: DIRECTIONS }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.5)) / DIRECTIONS;
    return REACH.map((r) => [
      Math.round(r * Math.cos(angle) * du),
      Math.round(r * Math.sin(angle) * dv),
      r,
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
          const slope = (tall * (values[(v + j) * nu + u + i] - here)) / r;
          if (slope > steepest) steepest = slope; // false for NaN
        }
        sum += 1 / (1 + steepest * steepest);
      }
      out[v * nu + u] = sum / DIRECTIONS;
    }
  return out;
}

/**
 * The part of the sun that each point of a grid sees, 0 to 1, with soft edges.
 * @param {Grid} grid - heights from 0 to 1
 * @param {Pair} half
 * @param {number} tall
 * @param {number[]} sun - direction to it
 */
export function sunLight({ values, nu, nv }, half, tall, sun) {
  const out = new Float32Array(values.length).fill(1);
  const flat = Math.hypot(sun[0], sun[1]);
  const rise = sun[2] / flat;
  const step = (2 * Math.max(...half)) / (Math.max(nu, nv) - 1);
  const [du, dv] = [
    ((sun[0] / flat) * step * (nu - 1)) / (2 * half[0]),
    ((sun[1] / flat) * step * (nv - 1)) / (2 * half[1]),
  ];
  const most = Math.min(FURTHEST, tall / rise) / step;
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
        const r = k * step;
        const open = here + r * rise - tall * (low + (t - j) * (high - low));
        if (open < SOFT * r) lit = Math.min(lit, Math.max(0, 0.5 + (0.5 * open) / (SOFT * r)));
        if (lit <= 0) break;
      }
      out[v * nu + u] = lit * lit * (3 - 2 * lit);
    }
  return out;
}
