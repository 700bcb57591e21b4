// The cuts in the cube: one ray a pixel.

import { clamp } from "../numbers.js";
import { toCube } from "./state.js";
import { EYE, boundingBox } from "./camera.js";

/** Fill the image with the nearest of the three cuts at every pixel; returns the depths. */
export function castRays(viewer, camera, ratio) {
  const { cube, volume, colours, theme } = viewer;
  const [width, height] = [Math.round(cube.width * ratio), Math.round(cube.height * ratio)];
  if (cube.buffer.width !== width || cube.buffer.height !== height) {
    cube.buffer.width = width;
    cube.buffer.height = height;
    cube.image = new ImageData(width, height);
    cube.depth = new Float32Array(width * height);
  }
  const pixels = new Uint32Array(cube.image.data.buffer);
  pixels.fill(0);
  const depth = cube.depth.fill(Infinity);
  const slices = [0, 1, 2].map((axis) => viewer.panels.find((p) => p.cut.fixed === axis).slice);
  const [s0, s1, s2] = slices;
  const [c0, c1, c2] = [0, 1, 2].map((axis) => toCube(volume, axis, viewer.index[axis]));
  const [h0, h1, h2] = volume.shape.map((n) => (n - 1) / 2); // cube → grid position
  const { r, u, e, focus } = camera;
  const [e0, e1, e2] = e.map((x) => EYE * x);
  const frame = boundingBox(camera, ratio, width, height);
  const [g0, g1, g2] = [c0 - e0, c1 - e1, c2 - e2];
  for (let y = frame.top; y < frame.bottom; y++) {
    const b = (camera.y - y / ratio) / focus;
    const [b0, b1, b2] = [b * u[0] - e[0], b * u[1] - e[1], b * u[2] - e[2]];
    for (let x = frame.left; x < frame.right; x++) {
      // the ray: eye + t · d, where t is the distance along the line of sight
      const a = (x / ratio - camera.x) / focus;
      const d0 = a * r[0] + b0;
      const d1 = a * r[1] + b1;
      const d2 = a * r[2] + b2;
      const t0 = g0 / d0;
      const t1 = g1 / d1;
      const t2 = g2 / d2;
      let best = Infinity;
      let hit = -1;
      if (t0 > 0 && inside(e1 + t0 * d1) && inside(e2 + t0 * d2)) {
        best = t0;
        hit = 0;
      }
      if (t1 > 0 && t1 < best && inside(e0 + t1 * d0) && inside(e2 + t1 * d2)) {
        best = t1;
        hit = 1;
      }
      if (t2 > 0 && t2 < best && inside(e0 + t2 * d0) && inside(e1 + t2 * d1)) {
        best = t2;
        hit = 2;
      }
      if (hit < 0) continue;
      const at = y * width + x;
      depth[at] = best;
      const p0 = (1 + e0 + best * d0) * h0;
      const p1 = (1 + e1 + best * d1) * h1;
      const p2 = (1 + e2 + best * d2) * h2;
      const value = hit === 0 ? sample(s0, p2, p1) : hit === 1 ? sample(s1, p0, p2) : sample(s2, p0, p1);
      if (value === value) pixels[at] = colours[clamp((value * 255 + 0.5) | 0, 0, 255)];
      else pixels[at] = ((x + y) / ratio) % 8 < 2 ? theme.gapLinePixel : theme.gapPixel;
    }
  }
  return { values: depth, width };
}

const inside = (x) => x >= -1 && x <= 1;

/** Field of a cut between its grid points (bilinear); beside a gap, that of the nearest point. */
function sample(slice, u, v) {
  const { values, nu, nv } = slice;
  const i = u >= nu - 1 ? nu - 2 : u | 0;
  const j = v >= nv - 1 ? nv - 2 : v | 0;
  const at = j * nu + i;
  const s = u - i, t = v - j;
  const low = values[at] + s * (values[at + 1] - values[at]);
  const high = values[at + nu] + s * (values[at + nu + 1] - values[at + nu]);
  const value = low + t * (high - low);
  return value === value ? value : values[at + (s > 0.5 ? 1 : 0) + (t > 0.5 ? nu : 0)];
}
