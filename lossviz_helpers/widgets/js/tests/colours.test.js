import assert from "node:assert/strict";
import { test } from "node:test";

import { colourIndex, makeField, makeScale, pixel, readColours } from "../colours.js";
import { colourPixels, toX, toY } from "../canvas/picture.js";

const near = (x, y) => assert.ok(Math.abs(x - y) < 1e-6, `${x} isn't ${y}`);
const bytes = (pixel) => [...new Uint8Array(Uint32Array.of(pixel).buffer)];

test("a table of colours becomes opaque pixels, in its order", () => {
  const table = Uint8Array.from({ length: 769 }, (_, i) => (i - 1) % 256); // the table starts at byte 1
  const colours = readColours(new DataView(table.buffer, 1));
  assert.equal(colours.length, 256);
  assert.deepEqual(bytes(colours[0]), [0, 1, 2, 255]);
  assert.deepEqual(bytes(colours[255]), [253, 254, 255, 255]);
});

test("a colour from the style sheet becomes a pixel", () => {
  assert.deepEqual(bytes(pixel("#eceff3")), [0xec, 0xef, 0xf3, 255]);
});

test("positions map to their colours, clamped at both ends", () => {
  assert.deepEqual([-3, 0, 0.5, 1, 7].map(colourIndex), [0, 0, 128, 255, 255]);
});

test("a linear scale runs from limit to limit, and back", () => {
  const scale = makeScale(false, [1, 5]);
  assert.deepEqual([1, 2, 5, 9].map(scale.position), [0, 0.25, 1, 2]);
  assert.deepEqual([0, 0.25, 1].map(scale.loss), [1, 2, 5]);
  assert.equal(scale.isLog, false);
});

test("a logarithmic scale has the geometric mean in its middle", () => {
  const scale = makeScale(true, [0.01, 100]);
  [0.01, 1, 100].forEach((loss, i) => {
    near(scale.position(loss), i / 2);
    near(scale.loss(i / 2) / loss, 1);
  });
  assert.ok(scale.position(0) < 0, "a loss of zero has a position too");
});

test("limits that have no logarithm make a linear scale", () => {
  assert.equal(makeScale(true, [0, 1]).isLog, false);
  assert.equal(makeScale(true, [-1, 1]).position(0), 0.5);
});

test("a field holds positions, and gaps stay gaps", () => {
  const field = makeField(Float32Array.of(2, NaN, 4), makeScale(false, [2, 4]));
  assert.deepEqual([...field], [0, NaN, 1]);
});

// 3 across, 2 up; the lower row is 0, ½, 1
const GRID = { values: Float32Array.of(0, 0.5, 1, NaN, 1, 0), nu: 3, nv: 2 };
const BOX = { x: 10, y: 20, width: 100, height: 40 };

test("the lowest row of a grid is the last row of its pixels, and a gap looks like its neighbour", () => {
  const pixels = new Uint32Array(6);
  colourPixels(pixels, GRID, Uint32Array.from({ length: 256 }, (_, i) => i));
  assert.deepEqual([...pixels], [255, 255, 0, 0, 128, 255]);
});

test("grid positions run from edge to edge of their box, the first one at the bottom", () => {
  assert.deepEqual([0, 1, 2].map((u) => toX(BOX, GRID, u)), [10, 60, 110]);
  assert.deepEqual([0, 1].map((v) => toY(BOX, GRID, v)), [60, 20]);
});
