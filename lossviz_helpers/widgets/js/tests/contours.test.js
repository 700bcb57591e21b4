import assert from "node:assert/strict";
import { test } from "node:test";

import { contour, contours } from "../contours.js";

/** A function of u and v on a grid. */
const grid = (nu, nv, f) => ({
  values: Float32Array.from({ length: nu * nv }, (_, i) => f(i % nu, Math.floor(i / nu))),
  nu,
  nv,
});

/** Segments as pairs of ends. */
const ends = (segments) =>
  Array.from({ length: segments.length / 4 }, (_, i) => [
    segments.slice(4 * i, 4 * i + 2),
    segments.slice(4 * i + 2, 4 * i + 4),
  ]);

test("the contour of a plane is a straight line right across the grid", () => {
  const segments = ends(contour(grid(5, 4, (u, v) => u + 2 * v), 3.5));
  for (const [u, v] of segments.flat()) assert.ok(Math.abs(u + 2 * v - 3.5) < 1e-6, `${u}, ${v}`);
  const us = segments.flat().map(([u]) => u);
  assert.deepEqual([Math.min(...us), Math.max(...us)], [0, 3.5]);
  const length = segments.reduce((sum, [p, q]) => sum + Math.hypot(p[0] - q[0], p[1] - q[1]), 0);
  assert.ok(Math.abs(length - Math.hypot(3.5, 1.75)) < 1e-6, "no part is missing or duplicated");
});

test("a plane that rises along u has vertical contours, and one along v horizontal ones", () => {
  for (const [u] of ends(contour(grid(3, 4, (u) => u), 0.25)).flat()) assert.equal(u, 0.25);
  for (const [, v] of ends(contour(grid(3, 4, (u, v) => v), 0.25)).flat()) assert.equal(v, 0.25);
});

test("the contour of a bowl is closed: every end belongs to two segments", () => {
  const segments = ends(contour(grid(9, 7, (u, v) => (u - 4) ** 2 + 2 * (v - 3) ** 2), 7.3));
  const counts = new Map();
  for (const [u, v] of segments.flat()) {
    const name = `${u.toFixed(4)} ${v.toFixed(4)}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const [x, y] = [u - 4, v - 3];
    assert.ok(Math.abs(x * x + 2 * y * y - 7.3) < 0.6, "close to the ellipse");
  }
  assert.ok(segments.length > 10);
  assert.deepEqual(new Set(counts.values()), new Set([2]));
});

for (const corner of [0, 1, 2, 3])
  for (const sign of [1, -1])
    test(`corner ${corner} ${sign > 0 ? "above" : "below"} the others is cut off`, () => {
      const [cu, cv] = [corner & 1, corner >> 1];
      const cell = grid(2, 2, (u, v) => (u === cu && v === cv ? sign : 0));
      const [segment, ...others] = ends(contour(cell, sign / 4));
      assert.equal(others.length, 0);
      const distances = segment.map(([u, v]) => Math.abs(u - cu) + Math.abs(v - cv));
      assert.deepEqual(distances, [0.75, 0.75], "a quarter of the way from each neighbour");
    });

for (const [name, diagonal, middle] of [["high", 1, 0.4], ["low", 1, 0.6]])
  for (const rising of [true, false])
    test(`a saddle with a ${name} middle joins its ${name} corners`, () => {
      const cell = grid(2, 2, (u, v) => ((u === v) === rising ? diagonal : 0));
      const segments = ends(contour(cell, middle));
      assert.equal(segments.length, 2);
      for (const [p, q] of segments) {
        // the corner that a segment cuts off: high ones where the middle is low, and vice versa
        const cut = [Math.round((p[0] + q[0]) / 2), Math.round((p[1] + q[1]) / 2)];
        assert.equal((cut[0] === cut[1]) === rising, name === "low");
      }
    });

test("there is no contour next to a gap, or outside the range of values", () => {
  const plane = grid(4, 4, (u) => u);
  assert.equal(contour(plane, 7).length, 0);
  plane.values[5] = NaN; // at (1, 1)
  for (const [, v] of ends(contour(plane, 0.5)).flat()) assert.ok(v >= 2);
});

test("contours computed together match those of each level alone", () => {
  const hills = grid(6, 5, (u, v) => 0.5 + 0.4 * Math.sin(1.3 * u) * Math.cos(0.9 * v));
  const inOrder = (segments) => ends(segments).map(String).sort();
  const each = [1, 2, 3].flatMap((k) => contour(hills, k / 4));
  assert.ok(each.length > 40);
  assert.deepEqual(inOrder(contours(hills, 4)), inOrder(each));
});
