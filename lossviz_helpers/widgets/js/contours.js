// Lines of equal loss through a grid of values (marching squares).

/** Line pieces [u, v, u, v, …] where the cut crosses `level`, in grid units (marching squares). */
export function contour(slice, level) {
  const out = [];
  const { values, nu, nv } = slice;
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      const at = v * nu + u;
      traceCell(values[at], values[at + 1], values[at + nu + 1], values[at + nu], level, u, v, out);
    }
  return out;
}

/** The same for `count` evenly spaced levels at once. */
export function contours(slice, count) {
  const out = [];
  const { values, nu, nv } = slice;
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

/** Crossings of one cell with corners a b c d, anticlockwise from its lower left. */
function traceCell(a, b, c, d, level, u, v, out) {
  const kind = (a > level) | ((b > level) << 1) | ((c > level) << 2) | ((d > level) << 3);
  if (kind === 0 || kind === 15 || Number.isNaN(a + b + c + d)) return;
  const bottom = () => out.push(u + (level - a) / (b - a), v);
  const right = () => out.push(u + 1, v + (level - b) / (c - b));
  const top = () => out.push(u + (level - d) / (c - d), v + 1);
  const left = () => out.push(u, v + (level - a) / (d - a));
  const join = (from, to) => (from(), to());
  if (kind === 5 || kind === 10) {
    // a saddle: two pieces
    const high = (a + b + c + d) / 4 > level;
    if ((kind === 5) === high) join(bottom, right), join(top, left);
    else join(bottom, left), join(top, right);
  } else if (kind === 1 || kind === 14) join(left, bottom);
  else if (kind === 2 || kind === 13) join(bottom, right);
  else if (kind === 4 || kind === 11) join(right, top);
  else if (kind === 8 || kind === 7) join(top, left);
  else if (kind === 3 || kind === 12) join(left, right);
  else join(bottom, top);
}
