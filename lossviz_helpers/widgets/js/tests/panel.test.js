import assert from "node:assert/strict";
import { test } from "node:test";

import { readAxes, toCanvas, toPlot, valueAt } from "../panel/state.js";

const BOX = { x: 10, y: 20, width: 100, height: 40 };
const TRAITS = { extent: [[-1, 3], [0, 8]], labels: ["α₁", "α₂"] };
const AXES = readAxes({ get: (name) => TRAITS[name] });

test("axes have their ranges and labels", () => {
  assert.deepEqual(AXES.across, { lo: -1, hi: 3, label: "α₁" });
  assert.deepEqual(AXES.up, { lo: 0, hi: 8, label: "α₂" });
});

test("coordinates increase to the right and upwards", () => {
  assert.deepEqual(toCanvas(BOX, AXES, -1, 0), [10, 60]);
  assert.deepEqual(toCanvas(BOX, AXES, 3, 8), [110, 20]);
  assert.deepEqual(toCanvas(BOX, AXES, 0, 2), [35, 50]);
});

test("canvas positions map back to coordinates, clamped to the edges", () => {
  assert.deepEqual(toPlot(BOX, AXES, 35, 50), [0, 2]);
  assert.deepEqual(toPlot(BOX, AXES, 500, -500), [3, 8]);
  assert.deepEqual(toPlot(BOX, AXES, -500, 500), [-1, 0]);
});

test("the value at the pointer is that of the nearest grid point", () => {
  const picture = { losses: Float32Array.of(0, 1, 2, 3, 4, 5), grid: { nu: 3, nv: 2 } };
  assert.equal(valueAt([-1, 0], AXES, picture), 0);
  assert.equal(valueAt([3, 1], AXES, picture), 2);
  assert.equal(valueAt([1.2, 7], AXES, picture), 4);
  assert.ok(Number.isNaN(valueAt(null, AXES, picture)));
});
