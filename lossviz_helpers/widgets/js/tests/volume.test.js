import assert from "node:assert/strict";
import { test } from "node:test";

import { thinned } from "../volume/path.js";
import * as state from "../volume/state.js";
import { distanceText } from "../volume/words.js";

const AXES = [[0, 1], [0, 1, 2], [0, 1, 2, 3]];
// every loss encodes its index: 100 i + 10 j + k
const LOSS = Float32Array.from({ length: 24 }, (_, at) => {
  const [i, j, k] = [Math.floor(at / 12), Math.floor(at / 4) % 3, at % 4];
  return 100 * i + 10 * j + k;
});
const VOLUME = state.makeVolume(AXES, LOSS);
const model = (traits) => ({ get: (name) => traits[name] });

test("in a volume the last axis varies fastest", () => {
  assert.deepEqual(VOLUME.shape, [2, 3, 4]);
  assert.deepEqual(VOLUME.strides, [12, 4, 1]);
});

test("the crosshair reads the loss of the nearest grid point", () => {
  const read = (...crosshair) => state.readCrosshair(model({ crosshair }), VOLUME);
  assert.deepEqual(read(1, 2, 3), { index: [1, 2, 3], loss: 123 });
  assert.deepEqual(read(0.4, 1.2, 2.9), { index: [0, 1, 3], loss: 13 });
});

test("a cut holds one axis fixed, and the other two run across and up", () => {
  const at = [1, 2, 3];
  for (const cut of state.CUTS) {
    assert.deepEqual([cut.fixed, cut.across, cut.up].sort(), [0, 1, 2]);
    const { values, nu, nv } = state.takeCut(VOLUME, LOSS, cut, at[cut.fixed]);
    assert.deepEqual([nu, nv], [VOLUME.shape[cut.across], VOLUME.shape[cut.up]]);
    const place = [...at];
    for (let v = 0; v < nv; v++)
      for (let u = 0; u < nu; u++) {
        [place[cut.across], place[cut.up]] = [u, v];
        assert.equal(values[v * nu + u], 100 * place[0] + 10 * place[1] + place[2]);
      }
  }
});

test("cuts that touch share the axis along which they touch", () => {
  const [above, side, front] = state.CUTS;
  assert.equal(above.up, side.up, "in a row, the same axis runs up");
  assert.equal(above.across, front.across, "in a column, the same axis runs across");
});

test("colours take scale, field and level from the model", () => {
  const read = (contour) =>
    state.readColouring(model({ log: false, limits: [0, 200], contour }), VOLUME);
  assert.equal(read(50).level, 0.25);
  assert.equal(read(null).level, null);
  assert.equal(read(null).field[12], 0.5);
});

test("trajectories are read run by run", () => {
  const rows = Float32Array.from({ length: 18 }, (_, i) => i);
  const path = state.readPath(new DataView(rows.buffer), [2, 1]);
  assert.deepEqual(path.map((run) => run.length), [2, 1]);
  assert.deepEqual(path[0][1], { alpha: [6, 7, 8], off: 9, step: 10, loss: 11 });
  assert.deepEqual(path[1][0].alpha, [12, 13, 14]);
});

test("a grid position counts steps of the grid", () => {
  assert.deepEqual([-1, 0, 0.5, 2].map((a) => state.gridPosition([-1, 0, 1], a)), [0, 1, 1.5, 3]);
});

test("there are enough decimals to distinguish neighbours on the finest axis", () => {
  assert.equal(state.decimals([[0, 0.5], [0, 1], [0, 1]]), 2);
  assert.equal(state.decimals([[0, 0.01], [0, 1], [0, 1]]), 3);
  assert.equal(state.decimals([[0, 1000], [0, 1e4], [0, 1e4]]), 0);
});

test("a distance from a cut combines α and the distance from the slice", () => {
  const end = { alpha: [1, 5, 2], off: 4, step: 9, loss: 0 };
  assert.equal(state.distanceFromCut(end, 1, 3.5, 2), 5); // 3 along the axis, 4 off the slice
});

test("the nearest step is measured in parameter units", () => {
  const step = (number, alpha, off = 0) => ({ alpha, off, step: number, loss: 0 });
  const path = [[step(0, [3, 0, 0]), step(1, [0, 2, 0])], [step(2, [0, 0, 0], 4)]];
  const plain = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const found = state.nearestStep(path, [0, 0, 0], plain);
  assert.deepEqual([found.step.step, found.distance], [1, 2]);
  const long = [[1, 0, 0], [0, 9, 0], [0, 0, 1]]; // the second direction has length 3
  const other = state.nearestStep(path, [0, 0, 0], long);
  assert.deepEqual([other.step.step, other.distance], [0, 3]);
  const skew = [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]; // at 60°: (1, 1) has length √3
  const far = state.nearestStep([[step(0, [1, 1, 0])]], [0, 0, 0], skew);
  assert.ok(Math.abs(far.distance - Math.sqrt(3)) < 1e-12);
});

test("without a trajectory there is no nearest step", () => {
  assert.equal(state.nearestStep([], [0, 0, 0], []).step, null);
});

test("a thinned path leaves out steps on the same pixel, but neither its start nor its end", () => {
  const run = [0, 0.5, 1, 1.9, 2, 2.1].map((x) => ({ alpha: [x, 0, 0] }));
  const points = thinned(run, ({ alpha }) => [alpha[0], 0]);
  assert.deepEqual(points.map((p) => p.x), [0, 1.9, 2.1]);
  assert.equal(points[1].step, run[3]);
});

test("distances have two decimals, large ones have one", () => {
  assert.deepEqual([0.126, 9.99, 12.34].map(distanceText), ["0.13", "9.99", "12.3"]);
});
