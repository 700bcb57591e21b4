import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { eigen, planeCurvatures } from "../engine/eigen.js";
import { makeObjective } from "../engine/objective.js";
import { randomDirections, randomNumbers } from "../engine/plane.js";
import { dot, norm } from "../engine/vectors.js";
import { fieldOf, toCanvas, toPlane } from "../live/field.js";
import { rangeOf } from "../saddle/bars.js";
import { makeProjection } from "../saddle/relief.js";
import {
  between, curvaturesOf, directionsOf, drawPlanes, forgetPlanes, readSpots, signOf, spotOf,
} from "../saddle/state.js";

const torch = JSON.parse(readFileSync(new URL("./engine.json", import.meta.url)));
const { points, loss, eigenvalues, data } = torch["tanh-sigmoid"];
const bytes = (text) => {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, "base64");
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
};
const L = makeObjective(
  { P: 13, hidden: "tanh", output: "sigmoid" },
  bytes(torch.data[data].x),
  bytes(torch.data[data].y),
);
const near = (x, y, error = 1e-9) => assert.ok(Math.abs(x - y) < error, `${x} isn't ${y}`);

/** A model whose points are the first two of the fixture, the second three times. */
function explorer(traits = {}) {
  const walk = Float64Array.from([points[0], points[1], points[1], points[1]].flat());
  const all = { at: 0, chosen: [0, 12], reach: 1, _points: new DataView(walk.buffer), ...traits };
  const model = { get: (name) => all[name] };
  const saddle = { model, L, spots: readSpots(model, L) };
  forgetPlanes(saddle);
  return saddle;
}

test("a spot has PyTorch's loss and eigenvalues", () => {
  const { spots } = explorer();
  assert.equal(spots.length, 4);
  near(spots[1].loss, loss[1], 1e-12);
  spots[1].values.forEach((value, i) => near(value, eigenvalues[1][i]));
  near(spots[0].slope, norm(L.gradient(spots[0].theta)));
});

test("along a walk, an eigenvector doesn't turn round", () => {
  const { spots } = explorer();
  for (let k = 1; k < spots.length; k++)
    spots[k].vectors.forEach((v, i) => assert.ok(dot(v, spots[k - 1].vectors[i]) >= 0));
  assert.deepEqual(spots[2].vectors, spots[3].vectors);
});

test("a curvature is clear from 0.5% of the largest on", () => {
  const values = [-0.1, 0, 2];
  assert.deepEqual([-0.1, -0.009, 0, 0.009, 0.02].map((c) => signOf(c, values)), [
    "down", "flat", "flat", "flat", "up",
  ]);
});

test("the clearly negative eigenvalues are counted", () => {
  const { spots } = explorer();
  const largest = Math.max(...eigenvalues[0].map(Math.abs));
  assert.equal(spots[0].down, eigenvalues[0].filter((value) => value < -5e-3 * largest).length);
  assert.ok(spots[0].down > 0);
});

test("the plane is that of the chosen eigenvectors, and so are its curvatures", () => {
  const saddle = explorer({ chosen: [3, 7], at: 1 });
  const { vectors, values } = spotOf(saddle);
  assert.deepEqual(directionsOf(saddle), [vectors[3], vectors[7]]);
  curvaturesOf(saddle).forEach((c, k) => near(c, values[[3, 7][k]]));
});

test("a point beyond the walk is its last", () => {
  assert.equal(spotOf(explorer({ at: 99 })).loss, explorer().spots[3].loss);
});

test("random planes that curve down are counted, the last one is shown, and the dice are the same", () => {
  const saddle = explorer();
  drawPlanes(saddle, 400);
  const { hessian } = saddle.spots[0];
  const dice = randomNumbers(1);
  const drawn = Array.from({ length: 400 }, () => randomDirections(13, dice));
  const down = drawn.filter(([a, b]) => planeCurvatures(hessian, a, b)[0] < 0).length;
  assert.deepEqual(saddle.count, { planes: 400, down });
  assert.ok(down > 0 && down < 400);
  assert.deepEqual(directionsOf(saddle), drawn[399]);
  forgetPlanes(saddle);
  assert.equal(saddle.count.planes, 0);
  assert.deepEqual(directionsOf(saddle), [saddle.spots[0].vectors[0], saddle.spots[0].vectors[12]]);
});

test("between two planes, directions stay perpendicular and of length 1", () => {
  const { vectors } = eigen(L.hessian(Float64Array.from(points[0])));
  const [from, to] = [[vectors[0], vectors[1]], [vectors[0], vectors[5]]];
  for (const t of [0, 0.3, 0.5, 0.9, 1]) {
    const [a, b] = between(from, to, t);
    for (const [found, expected] of [[norm(a), 1], [norm(b), 1], [dot(a, b), 0]])
      near(found, expected, 1e-12);
  }
  near(dot(between(from, to, 1)[1], vectors[5]), 1, 1e-12);
  near(dot(between(from, to, 0)[1], vectors[1]), 1, 1e-12);
});

test("there is no way between opposite directions", () => {
  const [a, b] = randomDirections(13, randomNumbers(1));
  const to = [a.map((x) => -x), b];
  assert.equal(between([a, b], to, 0.5), to);
});

test("the columns have room for every eigenvalue of the walk", () => {
  const spots = [{ values: [-1, 0, 3] }, { values: [-2, 0, 1] }];
  const { low, high } = rangeOf(spots);
  assert.ok(low < Math.asinh(-1000) && high > Math.asinh(1500));
});

test("colours leave out the few highest losses", () => {
  const losses = Float32Array.from({ length: 101 }, (_, i) => (i === 100 ? 1e6 : i));
  const { scale } = fieldOf(losses, 10);
  assert.deepEqual([scale.lo, scale.hi], [0, 97]);
  assert.equal(fieldOf(new Float32Array(4).fill(2), 2).scale.lo, 2, "a flat plane has a scale too");
});

test("a map's point comes back from the canvas, and none from outside", () => {
  const box = { x: 40, y: 20, width: 200, height: 100 };
  const window = { across: { lo: -2, hi: 2, label: "" }, up: { lo: -1, hi: 1, label: "" } };
  const [x, y] = toCanvas(box, window, 0.5, -0.25);
  const [a, b] = toPlane(box, window, x, y);
  near(a, 0.5);
  near(b, -0.25);
  assert.equal(toPlane(box, window, 39, 50), null);
});

test("the surface is seen from the front: right is right, up is up, and far is higher", () => {
  const { at, away } = makeProjection({ azimuth: 0, elevation: 30 }, 300, 300);
  const [x0, y0] = at(0, 0, 0);
  assert.ok(at(1, 0, 0)[0] > x0 && at(0, 0, 1)[1] < y0 && at(0, 1, 0)[1] < y0);
  assert.deepEqual(away, [0, 1]);
});

test("a flat surface has the same light from all sides, and slopes differ", () => {
  const light = (azimuth, ...slope) =>
    makeProjection({ azimuth, elevation: 30 }, 300, 300).light(...slope);
  near(light(0, 0, 0), light(77, 0, 0));
  assert.ok(light(0, 1, 0) > light(0, -1, 0), "what faces left is lit");
});
