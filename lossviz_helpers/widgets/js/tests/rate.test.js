import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { makeObjective } from "../engine/objective.js";
import { norm } from "../engine/vectors.js";
import { place } from "../live/curve.js";
import { sharpnessAt, sharpnessBefore, startRun } from "../rate/run.js";
import { LAST, positionOf, rateAt, stepOf } from "../rate/state.js";
import { bowlPlane, coordinates, walkPlane } from "../rate/view.js";

const torch = JSON.parse(readFileSync(new URL("./engine.json", import.meta.url)));
const decode = (text) => {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, "base64");
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
};
const landscape = (spec, on) =>
  makeObjective(spec, decode(torch.data[on].x), decode(torch.data[on].y));
const BOWL = landscape({ P: 2, hidden: "", output: "" }, "diagonal");
const NET = landscape({ P: 13, hidden: "tanh", output: "sigmoid" }, "xor");
const START = Float64Array.of(0.26, -1.24);
const near = (x, y, error = 1e-9) => assert.ok(Math.abs(x - y) < error, `${x} isn't ${y}`);

const all = (run) => {
  run.go(() => false);
  return run;
};

test("a walk ends where PyTorch's does", () => {
  const { lr } = torch.optimizers.sgd;
  const { points: [start], walks } = torch["tanh-sigmoid"];
  const run = all(startRun(NET, Float64Array.from(start), lr, torch.steps));
  assert.equal(run.points.length, torch.steps + 1);
  run.points[torch.steps].forEach((x, i) => near(x, walks.sgd[i]));
  near(run.sharpness[0], torch["tanh-sigmoid"].eigenvalues[0][12]);
  assert.equal(run.losses[0], NET.loss(Float64Array.from(start)));
});

test("in slices it is the same walk", () => {
  const run = startRun(BOWL, START, 0.5, 7);
  let slices = 1;
  while (!run.go(() => true)) slices++;
  assert.equal(slices, 8);
  assert.deepEqual(run.points, all(startRun(BOWL, START, 0.5, 7)).points);
});

test("on the bowl, the edge is at 2/λmax: below it the loss falls, above it the walk diverges", () => {
  const edge = 2 / sharpnessAt(BOWL, START);
  const below = all(startRun(BOWL, START, 0.97 * edge, 300));
  assert.ok(below.losses.every((loss, i) => i === 0 || loss <= below.losses[i - 1] + 1e-15));
  assert.equal(below.hasDiverged, false);
  const above = all(startRun(BOWL, START, 1.2 * edge, 300));
  assert.ok(above.hasDiverged && above.isDone && above.points.length < 300);
  assert.ok(above.losses.at(-1) > 1e4 * above.losses[0]);
});

test("the curvature of the bowl is the same everywhere", () => {
  const { sharpness, steps } = all(startRun(BOWL, START, 0.1, 400));
  assert.deepEqual(steps.slice(0, 3), [0, 3, 6]);
  for (const value of sharpness) near(value, sharpness[0], 1e-12);
});

test("the sharpness of a step is the one measured last", () => {
  const run = { steps: [0, 10, 20], sharpness: [1, 2, 3] };
  assert.deepEqual([0, 9, 10, 19, 99].map((step) => sharpnessBefore(run, step)), [1, 1, 2, 2, 3]);
});

test("the bowl's window has the lowest point in its middle, and the start inside", () => {
  const { across, up, d1, d2, origin } = bowlPlane(BOWL, START);
  const lowest = Float64Array.of((across[0] + across[1]) / 2, (up[0] + up[1]) / 2);
  assert.ok(norm(BOWL.gradient(lowest)) < 1e-12);
  assert.ok(across[0] < 0.26 && 0.26 < across[1] && up[0] < -1.24 && -1.24 < up[1]);
  near(across[1] - across[0], up[1] - up[0]);
  assert.deepEqual(coordinates({ origin, d1, d2, across, up }, START), [0.26, -1.24]);
});

test("the plane of a walk holds its points, if they lie in one", () => {
  const [a, b] = [new Float64Array(13), new Float64Array(13)];
  a[2] = 1;
  b[5] = 0.6;
  b[6] = 0.8;
  const corners = [[0, 0], [6, 0], [6, 1], [0, 1]];
  const points = corners.map(([s, t]) => a.map((x, i) => 3 + s * x + t * b[i]));
  const plane = walkPlane(points);
  near(Math.abs(plane.d1[2]), 1, 1e-12);
  for (const point of points) {
    const [s, t] = coordinates(plane, point);
    point.forEach((x, i) => near(plane.origin[i] + s * plane.d1[i] + t * plane.d2[i], x));
    assert.ok(plane.across[0] < s && s < plane.across[1] && plane.up[0] < t && t < plane.up[1]);
  }
  near(plane.across[1] - plane.across[0], plane.up[1] - plane.up[0]);
});

test("the slider of rates is logarithmic, and comes back", () => {
  const model = { get: () => [0.01, 10] };
  assert.deepEqual([rateAt(model, 0), rateAt(model, LAST)], [0.01, 10]);
  for (let i = 0; i <= LAST; i++) assert.equal(positionOf(model, rateAt(model, i)), i);
  assert.deepEqual([positionOf(model, 1e-9), positionOf(model, 99)], [0, LAST]);
});

test("the step that is shown is one of the walk", () => {
  const run = { points: [0, 1, 2] };
  assert.deepEqual([0, 1, 7, Infinity].map((at) => stepOf({ run, at })), [0, 1, 2, 2]);
});

test("a curve's values have their places, on both scales", () => {
  const box = { x: 10, y: 20, width: 100, height: 60 };
  const linear = { box, last: 50, range: [0, 4], log: false };
  assert.deepEqual(place(linear, 0, 0), [10, 80]);
  assert.deepEqual(place(linear, 25, 1), [60, 65]);
  const [, y] = place({ ...linear, range: [0.01, 1], log: true }, 50, 0.1);
  near(y, 50);
  assert.ok(place(linear, 0, 1e300)[1] >= 20 - 9 * 60, "far beyond the box it stays drawable");
});
