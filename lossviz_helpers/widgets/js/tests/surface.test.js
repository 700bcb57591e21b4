import assert from "node:assert/strict";
import { test } from "node:test";

import { makeScale } from "../colours.js";
import { floats } from "../numbers.js";
import { makeModel, revive } from "../page/model.js";
import * as state from "../surface/state.js";
import { readingText, shadowText } from "../surface/words.js";

const bytes = (...numbers) => new DataView(Float32Array.from(numbers).buffer);
const close = (a, b, error = 1e-6) => assert.ok(Math.abs(a - b) <= error, `${a} ≠ ${b}`);
const AXES = [
  [0, 1, 2],
  [10, 11, 12, 13],
];
// every loss encodes its index: 10 i + j
const SENT = {
  name: "a",
  axes: AXES,
  losses: bytes(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, NaN),
  runs: [],
};

// -- what is shown

test("losses are read where Python has computed them, also when an axis is longer", () => {
  const ground = state.readGround(SENT);
  for (const [i, a] of AXES[0].entries())
    for (const [j, b] of AXES[1].entries()) {
      const found = state.readAt(ground, [a, b]);
      assert.deepEqual([found.u, found.v], [i, j]);
      assert.equal(found.loss, i === 2 && j === 3 ? NaN : 10 * i + j);
    }
  assert.equal(state.readAt(ground, [0.4, 12.6]).loss, 3, "the nearest grid point");
  assert.equal(state.readAt(ground, [2.1, 12]), null, "outside");
  assert.equal(state.readAt(ground, null), null);
});

test("α has one scale along both directions, unless one is much longer", () => {
  assert.deepEqual(
    state.proportions([
      [0, 2],
      [0, 1],
    ]),
    [1, 0.5],
  );
  assert.deepEqual(
    state.proportions([
      [0, 1],
      [0, 2],
    ]),
    [0.5, 1],
  );
  assert.deepEqual(
    state.proportions([
      [0, 1],
      [0, 4],
    ]),
    [1, 1],
  );
});

test("α → block → α", () => {
  const ground = state.readGround(SENT);
  assert.deepEqual(
    state.toBlock(ground, [0, 10]),
    ground.half.map((x) => -x),
  );
  assert.deepEqual(state.toBlock(ground, [1, 11.5]), [0, 0]);
  const [a, b] = state.toAlpha(ground, state.toBlock(ground, [0.3, 12.7]));
  close(a, 0.3);
  close(b, 12.7);
});

test("the scale is logarithmic if that is wanted and possible", () => {
  const model = (log, limits) => makeModel({ log, _limits: [0, 8], _log_limits: limits });
  assert.equal(state.readScale(model(true, [0.01, 8])).lo, 0.01);
  assert.equal(state.readScale(model(true, [0.01, 8])).isLog, true);
  assert.equal(state.readScale(model(false, [0.01, 8])).lo, 0);
  assert.equal(state.readScale(model(true, null)).isLog, false);
});

test("heights end at the limits, zeros are lowest on a logarithmic scale, gaps stay gaps", () => {
  const losses = Float32Array.of(0, 0.1, 1, 10, 100, NaN);
  const heights = state.makeHeights({ losses }, makeScale(true, [0.1, 10]));
  [0, 0, 0.5, 1, 1, NaN].forEach((t, i) =>
    Number.isNaN(t) ? assert.ok(Number.isNaN(heights[i])) : close(heights[i], t),
  );
});

// -- words

test("a reading says the loss that Python computed, and where", () => {
  const ground = state.readGround({ ...SENT, losses: bytes(...Array(11).fill(0.12345), NaN) });
  assert.equal(readingText(ground, [1, 11], "L"), "L = 0.123 at α = (1.0, 11.0)");
  assert.equal(readingText(ground, [2, 13], "L"), "a gap at α = (2.0, 13.0)");
  assert.equal(readingText(ground, [5, 5], "L"), "outside this window");
  assert.equal(readingText(ground, null, "L"), "");
});

test("a path that leaves the plane is called a shadow, one in the plane isn't", () => {
  const ground = state.readGround({
    ...SENT,
    runs: [{ name: "Adam", colour: "#000000", rows: bytes(0, 10, 0, 0, 5, 1, 11, 2.5, 9, 0.25) }],
  });
  assert.match(
    shadowText([ground], "L"),
    /shadow.* Adam: L = 0.250 at ★ itself, 11.0 on the surface below it, 2.50 away/,
  );
  ground.runs[0].steps.forEach((step) => (step.off = 0));
  assert.equal(shadowText([ground], "L"), "");
});

// -- a page of its own

test("the model of a page tells who listens, once for a change", () => {
  const model = makeModel({ a: [1, 2], b: 0 });
  const heard = [];
  const listen = () => heard.push(model.get("a"));
  model.on("change:a", listen);
  model.set("a", [1, 2]);
  model.set("a", [3, 4]);
  model.set("b", 1);
  assert.deepEqual(heard, [[3, 4]]);
  model.off("change:a", listen);
  model.set("a", null);
  assert.equal(heard.length, 1);
});

test("bytes come back wherever they were", () => {
  const base64 = Buffer.from(Float32Array.of(1, -2).buffer).toString("base64");
  const { deep, plain } = revive({
    deep: [{ rows: { base64 } }],
    plain: { log: true, none: null },
  });
  assert.deepEqual([...floats(deep[0].rows)], [1, -2]);
  assert.deepEqual(plain, { log: true, none: null });
});
