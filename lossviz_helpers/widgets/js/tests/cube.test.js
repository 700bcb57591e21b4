import assert from "node:assert/strict";
import { test } from "node:test";

import { boundingBox, EYE, makeCamera, project, toCube } from "../volume/camera.js";
import { castRays, sample } from "../volume/rays.js";

const near = (x, y, error = 1e-9) => assert.ok(Math.abs(x - y) < error, `${x} isn't ${y}`);
const VIEW = { elevation: 24, azimuth: -56 };

test("the camera's directions are orthonormal and right-handed", () => {
  const { e, r, u } = makeCamera(VIEW, 200, 150);
  const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  for (const a of [e, r, u]) near(dot(a, a), 1);
  for (const [a, b] of [[e, r], [r, u], [u, e]]) near(dot(a, b), 0);
  near(r[0] * u[1] - r[1] * u[0], e[2]);
  assert.ok(u[2] > 0, "α₃ points up");
});

test("the centre of the cube is projected to the centre of the view, at the eye's distance", () => {
  const camera = makeCamera(VIEW, 200, 150);
  assert.deepEqual(project(camera, [0, 0, 0]), [camera.x, camera.y, EYE]);
});

test("seen along α₂, α₁ runs to the right and α₃ up, and nearer points look larger", () => {
  const camera = makeCamera({ elevation: 0, azimuth: -90 }, 200, 200);
  const at = (...p) => project(camera, p).map((x, i) => x - [camera.x, camera.y, 0][i]);
  const size = camera.focus / EYE;
  at(1, 0, 0).forEach((x, i) => near(x, [size, 0, EYE][i]));
  at(0, 0, 1).forEach((x, i) => near(x, [0, -size, EYE][i]));
  near(at(0, -1, 0)[2], EYE - 1);
  near(at(1, -1, 0)[0], camera.focus / (EYE - 1));
});

test("a grid runs through the cube from −1 to 1", () => {
  assert.deepEqual([0, 1, 2, 4].map((i) => toCube(5, i)), [-1, -0.5, 0, 1]);
});

test("no corner is outside the bounding box, and the box stays on the canvas", () => {
  const camera = makeCamera(VIEW, 200, 150);
  const box = boundingBox(camera, 2, 400, 300);
  for (const x of [-1, 1])
    for (const y of [-1, 1])
      for (const z of [-1, 1]) {
        const [px, py] = project(camera, [x, y, z]);
        assert.ok(2 * px >= box.left && 2 * px <= box.right, `${px}`);
        assert.ok(2 * py >= box.top && 2 * py <= box.bottom, `${py}`);
      }
  assert.ok(box.right - box.left < 400 && box.bottom - box.top < 300, "it is no larger than needed");
  assert.deepEqual(boundingBox(camera, 2, 40, 30), { ...box, right: 40, bottom: 30 });
});

test("a bilinear function is interpolated exactly between grid points", () => {
  const f = (u, v) => 1 + 2 * u - 3 * v + 0.5 * u * v;
  const values = Float32Array.from({ length: 12 }, (_, i) => f(i % 3, Math.floor(i / 3)));
  for (const [u, v] of [[0, 0], [2, 3], [0.25, 1.5], [1.75, 2.125], [2, 0.5]])
    near(sample({ values, nu: 3, nv: 4 }, u, v), f(u, v), 1e-6);
});

test("next to a gap, the nearest point is used", () => {
  const grid = { values: Float32Array.of(1, NaN, 3, 4), nu: 2, nv: 2 };
  assert.equal(sample(grid, 0.2, 0.3), 1);
  assert.equal(sample(grid, 0.2, 0.8), 3);
  assert.equal(sample(grid, 0.9, 0.8), 4);
  assert.ok(Number.isNaN(sample(grid, 0.8, 0.2)));
});

// A volume whose loss has a different slope along each axis, so that any mix-up of axes shows.
const SHAPE = [5, 4, 3];
const INDEX = [3, 1, 1];
const f = (i, j, k) => 0.02 + i / 8 + j / 40 + k / 9;

function scene() {
  const grid = (nu, nv, at) => ({
    values: Float32Array.from({ length: nu * nv }, (_, n) => f(...at(n % nu, Math.floor(n / nu)))),
    nu,
    nv,
  });
  const [i, j, k] = INDEX;
  const grids = [
    grid(SHAPE[2], SHAPE[1], (u, v) => [i, v, u]),
    grid(SHAPE[0], SHAPE[2], (u, v) => [u, j, v]),
    grid(SHAPE[0], SHAPE[1], (u, v) => [u, v, k]),
  ];
  const colours = Uint32Array.from({ length: 256 }, (_, n) => 1000 + n);
  return { shape: SHAPE, index: INDEX, grids, colours, theme: { gapPixel: 1, gapLinePixel: 2 } };
}

/** What the cube shows at (x, y), by marching along the ray instead of solving for it. */
function marched(camera, x, y) {
  const at = (t) => {
    const [a, b] = [(x - camera.x) / camera.focus, (camera.y - y) / camera.focus];
    return camera.e.map((e, i) => EYE * e + t * (a * camera.r[i] + b * camera.u[i] - e));
  };
  const planes = INDEX.map((i, axis) => toCube(SHAPE[axis], i));
  const step = 1e-3;
  for (let t = EYE - 2; t < EYE + 2; t += step) {
    const [p, q] = [at(t), at(t + step)];
    const isIn = p.every((c) => Math.abs(c) < 1 - 3 * step);
    if (isIn && planes.some((c, axis) => p[axis] < c !== q[axis] < c)) {
      const place = p.map((c, axis) => ((c + 1) / 2) * (SHAPE[axis] - 1));
      return { t, loss: f(...place) };
    }
  }
  return null;
}

for (const view of [VIEW, { elevation: -35, azimuth: 100 }])
  test(`rays find the nearest cut and its loss, from azimuth ${view.azimuth}°`, () => {
    const [width, height] = [60, 60];
    const camera = makeCamera(view, width, height);
    const pixels = new Uint32Array(width * height);
    const depth = new Float32Array(width * height);
    castRays(scene(), camera, 1, width, pixels, depth);
    let [seen, wrong] = [0, 0];
    for (let y = 1; y < height; y += 3)
      for (let x = 1; x < width; x += 3) {
        const expected = marched(camera, x, y);
        const at = y * width + x;
        if (!expected) continue; // outside the cuts, or so near an edge that marching can't tell
        seen++;
        const colour = 1000 + Math.round(255 * Math.min(expected.loss, 1));
        const fits = Math.abs(depth[at] - expected.t) < 4e-3 && Math.abs(pixels[at] - colour) <= 1;
        if (!fits) wrong++;
      }
    assert.ok(seen > 80, `${seen} points`);
    assert.ok(wrong <= 0.03 * seen, `${wrong} of ${seen} points are wrong`); // at edges of cuts
    assert.equal(pixels[0], 0, "nothing is drawn outside the cube");
    assert.equal(depth[0], Infinity);
  });

test("with two pixels per unit, every second pixel is the same as with one", () => {
  const camera = makeCamera(VIEW, 40, 40);
  const cast = (ratio) => {
    const n = 40 * ratio;
    const pixels = new Uint32Array(n * n);
    castRays(scene(), camera, ratio, n, pixels, new Float32Array(n * n));
    return pixels;
  };
  const [coarse, fine] = [cast(1), cast(2)];
  assert.ok(coarse.filter(Boolean).length > 200);
  for (let y = 0; y < 40; y++)
    for (let x = 0; x < 40; x++) assert.equal(fine[2 * y * 80 + 2 * x], coarse[y * 40 + x]);
});

test("gaps are striped", () => {
  const all = scene();
  for (const { values } of all.grids) values.fill(NaN);
  const pixels = new Uint32Array(40 * 40);
  castRays(all, makeCamera(VIEW, 40, 40), 1, 40, pixels, new Float32Array(1600));
  assert.deepEqual(new Set(pixels), new Set([0, 1, 2]));
});
