import assert from "node:assert/strict";
import { test } from "node:test";

import {
  FLATTEST,
  magnify,
  makeCamera,
  matrix,
  project,
  rayThrough,
  turn,
  ZOOM,
} from "../surface/camera.js";
import { coarser, skyLight, sunFrom, sunLight } from "../surface/light.js";
import { RADIUS, trace, tubeMesh } from "../surface/paths.js";
import { isVisible, placeUnder } from "../surface/rays.js";
import * as relief from "../surface/relief.js";

const close = (a, b, error = 1e-6) => assert.ok(Math.abs(a - b) <= error, `${a} ≠ ${b}`);
const grid = (nu, nv, f) => ({
  nu,
  nv,
  values: Float32Array.from({ length: nu * nv }, (_, at) => f(at % nu, Math.floor(at / nu))),
});
const SEEN = { elevation: 35, azimuth: -58, zoom: 1, shift: [0, 0] };
const BLOCK = { half: [1, 0.6], tall: 0.72 };

// -- the relief

test("the finer grid passes through every computed point", () => {
  const coarse = grid(5, 4, (u, v) => Math.sin(3 * u + v * v));
  const fine = relief.refine(coarse, 6);
  assert.deepEqual([fine.nu, fine.nv], [25, 19]);
  for (let v = 0; v < 4; v++)
    for (let u = 0; u < 5; u++)
      assert.equal(fine.values[6 * v * 25 + 6 * u], coarse.values[v * 5 + u]);
});

test("between them it stays in the range of the four corners, and a plane stays a plane", () => {
  let seed = 1;
  const random = () => ((seed = (seed * 16807) % 2147483647), seed / 2147483647);
  const coarse = grid(9, 9, random);
  const fine = relief.refine(coarse, 5);
  for (let v = 0; v < fine.nv - 1; v++)
    for (let u = 0; u < fine.nu - 1; u++) {
      const at = Math.floor(v / 5) * 9 + Math.floor(u / 5);
      const corners = [at, at + 1, at + 9, at + 10].map((i) => coarse.values[i]);
      const value = fine.values[v * fine.nu + u];
      assert.ok(value >= Math.min(...corners) - 1e-6 && value <= Math.max(...corners) + 1e-6);
    }
  const plane = relief.refine(
    grid(4, 4, (u, v) => 0.1 * u - 0.2 * v),
    3,
  );
  plane.values.forEach((z, at) => close(z, (0.1 * (at % 10) - 0.2 * Math.floor(at / 10)) / 3));
});

test("a cell with a gap at a corner is a hole, its neighbours aren't", () => {
  const coarse = grid(4, 4, (u, v) => (u === 0 && v === 0 ? NaN : 0.5));
  const fine = relief.refine(coarse, 3);
  let holes = 0;
  for (let v = 0; v < 9; v++)
    for (let u = 0; u < 9; u++) {
      const isHole = u < 3 && v < 3;
      assert.equal(relief.isSolid(fine, u, v), !isHole);
      holes += isHole;
    }
  assert.equal(holes, 9);
});

test("how much finer the grid gets depends on its size", () => {
  assert.equal(relief.refinement({ nu: 31, nv: 21 }, 181), 6);
  assert.equal(relief.refinement({ nu: 101, nv: 101 }, 181), 1);
  assert.equal(relief.refinement({ nu: 501, nv: 2 }, 181), 1);
});

test("slopes are those of the block, exact on a plane, one-sided at edges and gaps", () => {
  const plane = (u, v) => (u === 3 && v === 2 ? NaN : 0.1 * u + 0.02 * v);
  for (const reach of [1, 2]) {
    const { slopes, values } = relief.makeRelief(grid(7, 5, plane), [1, 0.5], reach);
    values.forEach((z, at) => {
      if (Number.isNaN(z)) return;
      close(slopes[2 * at], 0.3); // 0.1 per step, 6 steps over a width of 2
      close(slopes[2 * at + 1], 0.08); // 0.02 per step, 4 steps over a width of 1
    });
  }
});

test("the height between points is bilinear; outside there is none", () => {
  const bump = relief.makeRelief(
    grid(3, 3, (u, v) => u * v),
    [1, 1],
  );
  close(relief.heightAt(bump, 1, 1), 4);
  close(relief.heightAt(bump, 0.5, -0.5), 0.75);
  assert.ok(Number.isNaN(relief.heightAt(bump, 1.1, 0)));
});

test("the mesh has two triangles for every cell without a gap, and all turn the same way", () => {
  const r = relief.makeRelief(
    grid(5, 4, (u, v) => (u === 1 && v === 1 ? NaN : 0.1 * u * v)),
    [1, 1],
  );
  const vertices = relief.topVertices(r);
  const indices = relief.topIndices(r, 1);
  assert.equal(indices.length, 6 * (4 * 3 - 4));
  assert.ok(vertices.every(Number.isFinite), "no NaN reaches the graphics card");
  for (let i = 0; i < indices.length; i += 3) {
    const [[ax, ay], [bx, by], [cx, cy]] = [0, 1, 2].map((k) =>
      vertices.subarray(relief.STRIDE * indices[i + k]),
    );
    assert.ok((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0, "anticlockwise from above");
  }
});

test("a coarser mesh reaches all edges, even if its step doesn't divide the grid", () => {
  const r = grid(6, 8, () => 0);
  const used = new Set(relief.topIndices(r, 2));
  for (const corner of [0, 5, 7 * 6, 7 * 6 + 5]) assert.ok(used.has(corner));
  assert.equal(relief.topIndices(r, 2).length, 6 * 3 * 4);
});

test("walls stand around the block and around every gap, and face outwards", () => {
  const count = (f) => relief.wallMesh(relief.makeRelief(grid(5, 4, f), [1, 1])).indices.length / 6;
  assert.equal(
    count(() => 0.5),
    2 * (4 + 3),
  );
  assert.equal(
    count((u, v) => (u === 2 && v === 1 ? NaN : 0.5)),
    12 + 6,
    "the hole touches an edge",
  );
  const { vertices, indices } = relief.wallMesh(
    relief.makeRelief(
      grid(3, 3, () => 0.5),
      [1, 1],
    ),
  );
  for (let i = 0; i < indices.length; i += 3) {
    // z of a foot is −1 here
    const [a, b, c] = [0, 1, 2].map((k) => {
      const [x, y, z, nx, ny, isTop] = vertices.subarray(relief.STRIDE * indices[i + k]);
      return { p: [x, y, isTop ? z : -1], n: [nx, ny] };
    });
    const [d, e] = [b, c].map(({ p }) => p.map((x, k) => x - a.p[k]));
    const normal = [d[1] * e[2] - d[2] * e[1], d[2] * e[0] - d[0] * e[2]];
    assert.ok(normal[0] * a.n[0] + normal[1] * a.n[1] > 0, "anticlockwise from outside");
    assert.ok(a.p[0] * a.n[0] + a.p[1] * a.n[1] > 0, "outwards");
  }
});

// -- the camera

test("shader and pen project to the same place", () => {
  const camera = makeCamera({ ...SEEN, zoom: 1.7, shift: [0.1, -0.2] }, 800, 500, BLOCK);
  const m = matrix(camera);
  for (const p of [
    [0, 0, 0],
    [1, -0.6, 0.72],
    [-0.4, 0.5, -0.1],
  ]) {
    const clip = [0, 1, 2, 3].map(
      (row) => m[row] * p[0] + m[4 + row] * p[1] + m[8 + row] * p[2] + m[12 + row],
    );
    const [x, y, depth] = project(camera, p);
    close((clip[0] / clip[3] + 1) * 400, x, 1e-6);
    close((1 - clip[1] / clip[3]) * 250, y, 1e-6);
    close(clip[3], depth, 1e-9);
    assert.ok(Math.abs(clip[2] / clip[3]) < 1, "between the near and the far plane");
  }
});

test("a ray through a projected point comes back to it", () => {
  const camera = makeCamera(SEEN, 800, 500, BLOCK);
  const p = [0.3, -0.2, 0.5];
  const [x, y, depth] = project(camera, p);
  const { eye, direction } = rayThrough(camera, x, y);
  p.forEach((value, i) => close(eye[i] + depth * direction[i], value, 1e-9));
});

test("the whole block is in the picture, however it is turned", () => {
  for (const [width, height] of [
    [900, 560],
    [360, 300],
    [470, 400],
  ])
    for (const half of [
      [1, 1],
      [1, 0.4],
      [0.34, 1],
    ])
      for (const tall of [0.15, 0.72, 1.44])
        for (let elevation = FLATTEST; elevation < 90; elevation += 8)
          for (let azimuth = -180; azimuth < 180; azimuth += 15) {
            const camera = makeCamera({ ...SEEN, elevation, azimuth }, width, height, {
              half,
              tall,
            });
            for (const a of [-1, 1])
              for (const b of [-1, 1])
                for (const z of [-0.1, tall]) {
                  const [x, y] = project(camera, [a * half[0], b * half[1], z]);
                  const where = `${[x, y]} of ${[width, height]} at ${[elevation, azimuth, tall]}`;
                  assert.ok(x > 0 && x < width && y > 0 && y < height, where);
                }
          }
});

test("turning goes round, and neither below the block nor over its top", () => {
  const view = { ...SEEN };
  turn(view, 200, 0);
  close(view.azimuth, 102);
  turn(view, 0, -500);
  assert.equal(view.elevation, FLATTEST);
  turn(view, 0, 500);
  assert.ok(view.elevation < 90);
});

test("magnifying keeps what is under the mouse, and ends", () => {
  const view = { ...SEEN, shift: [0, 0] };
  const p = [0.5, -0.3, 0.2];
  const before = project(makeCamera(view, 800, 500, BLOCK), p);
  magnify(view, 2, before[0] / 800, before[1] / 500);
  const after = project(makeCamera(view, 800, 500, BLOCK), p);
  close(after[0], before[0], 1e-6);
  close(after[1], before[1], 1e-6);
  magnify(view, 1e6);
  assert.equal(view.zoom, ZOOM[1]);
  magnify(view, 1e-9);
  assert.equal(view.zoom, ZOOM[0]);
  assert.deepEqual(view.shift, [0, 0], "back in the middle");
});

// -- lines of sight

const HILL = relief.makeRelief(
  grid(61, 61, (u, v) => Math.exp(-((u - 30) ** 2 + (v - 30) ** 2) / 60)),
  [1, 1],
);

test("what is under the pointer is the place that is drawn there", () => {
  const camera = makeCamera(SEEN, 800, 500, { half: [1, 1], tall: 0.72 });
  let seen = 0;
  for (const place of [
    [0, 0],
    [0.8, -0.8],
    [-0.7, 0.1],
    [0.2, -0.15],
    [-0.1, 0.2],
  ]) {
    const p = [...place, 0.72 * relief.heightAt(HILL, ...place)];
    const found = placeUnder(camera, HILL, 0.72, ...project(camera, p));
    if (!isVisible(camera, HILL, 0.72, p)) continue;
    seen++;
    close(found[0], place[0], 0.01);
    close(found[1], place[1], 0.01);
  }
  assert.ok(seen >= 4);
  assert.equal(placeUnder(camera, HILL, 0.72, 5, 5), null, "beside the block");
});

test("a hill hides what is behind it", () => {
  const low = makeCamera({ ...SEEN, elevation: 5, azimuth: 0 }, 800, 500, {
    half: [1, 1],
    tall: 0.72,
  });
  assert.equal(isVisible(low, HILL, 0.72, [-0.7, 0, 0.01]), false);
  assert.equal(isVisible(low, HILL, 0.72, [0.7, 0, 0.01]), true);
  assert.equal(isVisible(low, HILL, 0.72, [0, 0, 0.73]), true);
});

// -- light

test("a plain sees the whole sky and the whole sun", () => {
  const plain = grid(21, 21, () => 0.4);
  skyLight(plain, [1, 1], 0.72).forEach((x) => assert.equal(x, 1));
  sunLight(plain, [1, 1], 0.72, sunFrom(30)).forEach((x) => assert.equal(x, 1));
});

test("beside a wall half of the sky is gone, and its lee is in shadow", () => {
  const wall = grid(41, 41, (u) => (u < 20 ? 1 : 0));
  const at = 20 * 41 + 20;
  const sky = skyLight(wall, [1, 1], 0.72);
  assert.ok(sky[at] > 0.45 && sky[at] < 0.65, `${sky[at]}`);
  const low = Math.SQRT1_2;
  assert.equal(
    sunLight(wall, [1, 1], 0.72, [-low, 0, low])[at + 3],
    0,
    "the sun is behind the wall",
  );
  assert.equal(sunLight(wall, [1, 1], 0.72, [low, 0, low])[at + 3], 1, "the sun is on this side");
});

test("the sun stays at the viewer's left while the block turns", () => {
  for (const azimuth of [-180, -58, 0, 91]) {
    const { r, e } = makeCamera({ ...SEEN, azimuth }, 800, 500, BLOCK);
    const sun = sunFrom(azimuth);
    const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    assert.ok(dot(sun, r) < -0.5);
    assert.ok(dot(sun, e) > 0, "not behind the block");
    close(Math.hypot(...sun), 1);
  }
});

test("a coarser grid keeps the edges of the finer one", () => {
  const some = coarser(
    grid(8, 6, (u, v) => 10 * u + v),
    2,
  );
  assert.deepEqual([some.nu, some.nv], [5, 4]);
  assert.equal(some.values[0], 0);
  assert.equal(some.values.at(-1), 75);
});

// -- paths

const GROUND = {
  axes: [
    [-1, 0, 1],
    [-1, 0, 1],
  ],
  half: [1, 1],
  nu: 3,
  nv: 3,
};
const run = (...alphas) => ({
  name: "",
  colour: "#000000",
  steps: alphas.map((alpha, step) => ({ alpha, off: 0, step, loss: 1 })),
});

test("a path lies on the surface, also between its steps", () => {
  const { pieces, start, end } = trace(GROUND, HILL, run([-0.9, 0], [0.9, 0]));
  assert.equal(pieces.length, 1);
  assert.ok(pieces[0].length > 100);
  for (const [x, y, t] of pieces[0]) close(t, relief.heightAt(HILL, x, y), 1e-12);
  close(start[0], -0.9);
  close(end[0], 0.9);
});

test("what leaves the window isn't drawn, and comes back as another piece", () => {
  const { pieces, start, end } = trace(GROUND, HILL, run([-0.5, 0], [-0.5, 3], [0.5, 3], [0.5, 0]));
  assert.equal(pieces.length, 2);
  assert.ok(start && end);
  assert.equal(trace(GROUND, HILL, run([2, 0], [0, 0])).start, null);
});

test("a tube has its radius everywhere, whole triangles and unit normals", () => {
  const { pieces } = trace(GROUND, HILL, run([-0.9, 0.1], [0.1, 0.1], [0.1, -0.5], [0.1, 0.4]));
  const { vertices, indices } = tubeMesh(pieces, 0.72);
  assert.equal(vertices.length % 48, 0, "8 vertices around, 6 numbers each");
  assert.equal(indices.length, 48 * (vertices.length / 48 - 1));
  assert.ok(vertices.every(Number.isFinite));
  const centre = pieces[0][0];
  for (let i = 0; i < vertices.length; i += 6)
    close(Math.hypot(...vertices.subarray(i + 3, i + 6)), 1, 1e-5);
  const [x, y, z] = vertices;
  close(
    Math.hypot(x - centre[0], y - centre[1], z - 0.72 * centre[2] - 0.6 * RADIUS),
    RADIUS,
    1e-5,
  );
});
