import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { makeObjective } from "../engine/objective.js";
import { pointAt, shadowOf } from "../engine/plane.js";
import { dot, norm } from "../engine/vectors.js";
import { orthonormal, project, startTest } from "../engine/verdict.js";
import { lowPoints } from "../live/lows.js";
import { curvaturesOf, sentenceOf, testsOf } from "../live/verdict.js";
import { explained, turned } from "../tilt/state.js";

const torch = JSON.parse(readFileSync(new URL("./engine.json", import.meta.url)));
const decode = (text) => {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, "base64");
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
};
const BOWL = makeObjective(
  { P: 2, hidden: "", output: "" }, decode(torch.data.diagonal.x), decode(torch.data.diagonal.y),
);
const AXES = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
const near = (a, b, error = 1e-12) => assert.ok(Math.abs(a - b) < error, `${a} and ${b}`);
const finished = (test) => {
  test.go(() => false);
  return test.result;
};
/** Where the slope of a quadratic bowl is zero. */
const bottom = () => {
  const [a, b, , c] = BOWL.hessian(AXES[0]);
  const [u, v] = BOWL.gradient(new Float64Array(2));
  const size = a * c - b * b;
  return Float64Array.of((b * v - c * u) / size, (b * u - a * v) / size);
};

test("a direction turns and keeps its length", () => {
  const [d, towards] = [Float64Array.of(2, 0, 0), Float64Array.of(1, 3, 0)];
  assert.deepEqual([...turned(d, towards, 0)], [2, 0, 0]);
  const quarter = turned(d, towards, 90);
  near(dot(quarter, d), 0);
  near(norm(quarter), 2);
  assert.ok(dot(quarter, towards) > 0);
});

test("the shadow of a point on a plane is the point itself", () => {
  const plane = {
    origin: Float64Array.of(1, 1, 1),
    d1: Float64Array.of(1, 2, 0),
    d2: Float64Array.of(0, 1, 1), // not perpendicular
  };
  const [x, y] = shadowOf(plane, pointAt(plane, [0.3, -1.7]));
  near(x, 0.3);
  near(y, -1.7);
});

test("the variance in a plane", () => {
  const spread = Float64Array.of(3, 0, 0, 0, 2, 0, 0, 0, 5);
  const [d1, d2] = [Float64Array.of(2, 0, 0), Float64Array.of(1, 1, 0)];
  near(explained({ spread }, { d1, d2 }), 0.5);
});

test("a vector's part in a slice", () => {
  const [a, b] = orthonormal([Float64Array.of(3, 0, 0), Float64Array.of(1, 1, 0)]);
  near(dot(a, b), 0);
  near(norm(b), 1);
  const part = project(Float64Array.of(1, 2, 3), [Float64Array.of(3, 0, 0), Float64Array.of(1, 1, 0)]);
  assert.deepEqual([...part].map((x) => Math.round(1e9 * x) / 1e9), [1, 2, 0]);
});

test("the bottom of a bowl is a minimum, and beside it the landscape slopes", () => {
  const at = bottom();
  const found = finished(startTest(BOWL, at, AXES));
  assert.equal(found.isMinimum, true);
  assert.match(sentenceOf(found), /^a minimum/);
  assert.deepEqual(testsOf(found).map(([passes]) => passes), [true, true, true]);
  const beside = finished(startTest(BOWL, at.map((x) => x + 1), AXES.slice(0, 1)));
  assert.match(sentenceOf(beside), /slopes here/);
  near(Math.hypot(beside.inside, beside.off), norm(BOWL.gradient(at.map((x) => x + 1))));
  assert.ok(beside.off > 0);
});

test("a test can be done in slices, and then says the same", () => {
  const at = Float64Array.of(0.5, 0.2);
  const slices = startTest(BOWL, at, AXES);
  let times = 1;
  while (!slices.go(() => true)) times++;
  assert.ok(times > 100);
  assert.deepEqual(slices.result, finished(startTest(BOWL, at, AXES)));
});

test("verdicts say what kept a point from being a minimum", () => {
  const flat = { isMinimum: false, isStationary: true, negative: 0 };
  assert.match(sentenceOf(flat), /further training lowers/);
  assert.match(sentenceOf({ ...flat, negative: 2 }), /curves down/);
});

test("eigenvalues that curve down are marked", () => {
  const { marks, readout } = curvaturesOf({ values: [-2, 0, 5], negative: 1 });
  assert.deepEqual(marks.map(({ points }) => points.byteLength / 8), [1, 2]);
  assert.equal(readout, "1 of 3 directions clearly curve down");
});

const grid = (f, size = 9) =>
  Float32Array.from({ length: size * size }, (_, i) => f(i % size, Math.floor(i / size)));

test("two bowls have two low points, the lower one first", () => {
  const losses = grid((x, y) => Math.min((x - 2) ** 2 + 0.5, (x - 6) ** 2) + (y - 4) ** 2);
  assert.deepEqual(lowPoints(losses, 9), [4 * 9 + 6, 4 * 9 + 2]);
});

test("ripples, plateaus and the border have none, or one", () => {
  assert.deepEqual(lowPoints(grid((x, y) => x + 100 * y), 9), [], "lowest on the border");
  const valley = grid((x, y) => 100 * Math.abs(y - 4) + Math.abs(x - 4) + 1.5 * (x % 2));
  assert.deepEqual(lowPoints(valley, 9), [4 * 9 + 4], "ripples on the floor of a valley");
  const flat = grid((x, y) => Math.max(Math.hypot(x - 4, y - 4) - 1.1, 0));
  assert.deepEqual(lowPoints(flat, 9), [3 * 9 + 4], "the first of a plateau");
});
