// The low points of a map, as `Landscape.minima` in Python finds them.

const DEPTH = 0.01; // of the range of losses: what a path to a lower point has to climb

/**
 * Low points of a grid, lowest first, except those on its border.
 * @param {Float32Array} losses - size × size
 * @param {number} size
 * @returns {number[]} their places in `losses`
 */
export function lowPoints(losses, size) {
  let [lo, hi] = [Infinity, -Infinity];
  for (const loss of losses) {
    if (loss < lo) lo = loss;
    if (loss > hi && loss < Infinity) hi = loss;
  }
  const found = [];
  for (let y = 1; y < size - 1; y++)
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      const isLow = around(at, size).every((other) => !(losses[other] < losses[at]));
      if (isLow && isLowestOfPool(losses, size, at, losses[at] + DEPTH * (hi - lo))) found.push(at);
    }
  return found.sort((a, b) => losses[a] - losses[b]);
}

/**
 * The places next to one, on the grid.
 * @param {number} at
 * @param {number} size
 */
function around(at, size) {
  const [x, y] = [at % size, Math.floor(at / size)];
  const out = [];
  for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, size - 1); v++)
    for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, size - 1); u++)
      if (u !== x || v !== y) out.push(v * size + u);
  return out;
}

/**
 * Whether nothing lower can be reached without climbing above a level; of equally low places only
 * the first counts.
 * @param {Float32Array} losses
 * @param {number} size
 * @param {number} start
 * @param {number} level
 */
function isLowestOfPool(losses, size, start, level) {
  const seen = new Set([start]);
  for (const at of seen)
    for (const next of around(at, size)) {
      if (seen.has(next) || !(losses[next] <= level)) continue;
      if (losses[next] < losses[start] || (losses[next] === losses[start] && next < start))
        return false;
      seen.add(next);
    }
  return true;
}
