import assert from "node:assert/strict";
import { test } from "node:test";

import { makeModel } from "../page/model.js";
import { positionsOf, readArrays, take, textOf } from "../stored/state.js";

const SHAPES = { cube: [2, 3, 4], row: [3] };
const numbers = Float32Array.from({ length: 27 }, (_, i) => i);
const arrays = readArrays(new DataView(numbers.buffer), SHAPES);
const AT = { first: 1, last: 2 };
const taken = (...part) => [...take(arrays, part, AT)];

test("arrays come one after another", () => {
  assert.deepEqual(taken("row"), [24, 25, 26]);
  assert.equal(taken("cube").length, 24);
  assert.throws(() => readArrays(new DataView(numbers.buffer), { row: [3] }), /27 numbers/);
});

test("a part is taken along any axes, by controls and by fixed indices", () => {
  assert.deepEqual(taken("row", "last"), [26]);
  assert.deepEqual(taken("cube", "first", 0), [12, 13, 14, 15]);
  assert.deepEqual(taken("cube", "first", null, "last"), [14, 18, 22]);
  assert.deepEqual(taken("cube", null, "last", 3), [11, 23]);
  assert.deepEqual(taken("cube", 0, 1, 2), [6]);
});

test("the array itself stays as it is", () => {
  take(arrays, ["cube", "first"], AT)[0] = -1;
  assert.equal(arrays.cube.values[12] === -1, false);
});

test("words are put together", () => {
  const words = [
    "at ", { by: "first", values: ["A", "B"] }, ": ", { of: ["row", "last"], as: "0.00" }, ", ",
    { of: ["row", 0], as: "count" },
  ];
  assert.equal(textOf(arrays, words, AT), "at B: 26.00, 24");
  assert.equal(textOf(arrays, [{ of: ["cube", 0, 0, 1], as: "percent" }], AT), "100%");
});

test("words can hold words; where there is no number there is nothing", () => {
  const odd = { row: { values: Float32Array.of(NaN, Infinity, -Infinity, 2), shape: [4] } };
  const number = (i) => ({ of: ["row", i], as: "value" });
  const text = (...words) => textOf(odd, words, AT);
  assert.equal(text(number(0), "|", number(1), "|", number(2), "|", number(3)), "|∞|−∞|2.00");
  assert.equal(text({ by: "first", values: ["no", { by: "last", values: [0, 1, number(3)] }] }), "2.00");
});

test("controls stand at their values; an unknown one at the first", () => {
  const controls = [
    { name: "rho", values: [0, 0.05, 0.5] },
    { name: "kind", values: ["plain", "skip"] },
  ];
  assert.deepEqual(positionsOf(controls, { rho: 0.5, kind: "skip" }), { rho: 2, kind: 1 });
  assert.deepEqual(positionsOf(controls, { rho: 0.4 }), { rho: 0, kind: 0 });
});

test("a model that gets several values says so once", () => {
  const model = makeModel({ a: 1, b: 2, c: 3 });
  const seen = [];
  for (const event of ["change:a", "change:b", "change:c", "change"])
    model.on(event, () => seen.push(`${event} ${model.get("a")}${model.get("b")}`));
  model.put({ a: 4, b: 5, c: 3 });
  assert.deepEqual(seen, ["change:a 45", "change:b 45", "change 45"]);
  model.put({ a: 4 });
  assert.equal(seen.length, 3);
});
