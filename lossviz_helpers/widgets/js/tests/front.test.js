import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { makeObjective } from "../engine/objective.js";
import { norm } from "../engine/vectors.js";
import { planeOf, pointAt, shadow } from "../front/plane.js";
import { paint, shade } from "../front/relief.js";
import { drop, isThere, walk } from "../front/walkers.js";

/** @param {number} i */
const unit = (i) => Float64Array.from({ length: 13 }, (_, k) => (k === i ? 1 : 0));
const view = () => ({
  origin: Float64Array.from({ length: 13 }, (_, i) => i),
  directions: [unit(2), unit(5), unit(7), unit(0)],
  shift: /** @type {[number, number]} */ ([3, -4]),
  across: /** @type {[number, number]} */ ([-1, 1]),
  up: /** @type {[number, number]} */ ([-1, 1]),
});

test("a plane is shifted along the third and the fourth direction", () => {
  const { origin } = planeOf(view());
  assert.equal(origin[7], 10);
  assert.equal(origin[0], -4);
});

test("a point of the plane is its own shadow", () => {
  const { alpha, distance } = shadow(view(), pointAt(view(), [0.5, -2]));
  assert.deepEqual(alpha, [0.5, -2]);
  assert.equal(distance, 0);
});

test("the distance from a plane is measured in all other dimensions", () => {
  const moved = view();
  const theta = pointAt(moved, [1, 1]);
  moved.shift = [0, 0];
  const { alpha, distance } = shadow(moved, theta);
  assert.deepEqual(alpha, [1, 1]);
  assert.ok(Math.abs(distance - 5) < 1e-12);
});

const numbers = JSON.parse(
  readFileSync(new URL("./engine.json", import.meta.url), { encoding: "utf8" }),
);
/** @param {string} text */
const decoded = (text) =>
  new Float64Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

test("a walker descends until it is there, and the oldest leaves when there are too many", () => {
  const { x, y } = numbers.data.xor;
  const L = makeObjective({ P: 13, hidden: "tanh", output: "sigmoid" }, decoded(x), decoded(y));
  const start = Float64Array.from({ length: 13 }, (_, i) => Math.sin(i + 1));
  /** @type {import("../front/walkers.js").Walker[]} */
  const walkers = [];
  const first = drop(L, walkers, start, 0.02);
  while (walk(walkers, 50, Infinity));
  assert.ok(isThere(first));
  assert.ok(first.loss < L.loss(start));
  assert.equal(first.loss, L.loss(first.points[first.points.length - 1]));
  assert.ok(norm(start.map((s, i) => s - first.points[0][i])) === 0);
  for (let i = 0; i < 8; i++) drop(L, walkers, start, 0.02);
  assert.equal(walkers.length, 6);
  assert.ok(!walkers.includes(first));
});

test("flat ground is as bright as its colour, and slopes towards the sun are brighter", () => {
  const size = 5;
  const flat = shade(new Float32Array(25).fill(0.3), size);
  assert.ok(flat.every((light) => Math.abs(light - 1) < 1e-6));
  // the sun stands in the upper left: ground that rises to the right faces it
  const rising = Float32Array.from({ length: 25 }, (_, i) => (i % size) * 0.1);
  const falling = rising.map((height) => 0.4 - height);
  assert.ok(shade(rising, size)[12] > 1);
  assert.ok(shade(falling, size)[12] < 1);
  const colours = new Uint32Array(256).fill(0xff6496c8);
  const pixels = new Uint32Array(25);
  paint(pixels, new Float32Array(25).fill(0.3), size, colours);
  assert.equal(pixels[7].toString(16), "ff6496c8");
});
