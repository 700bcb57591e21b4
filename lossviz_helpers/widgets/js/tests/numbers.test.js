import assert from "node:assert/strict";
import { test } from "node:test";

import { clamp, dot, floats, mix, nearest } from "../numbers.js";
import { formatLoss, logTicks, minus, tickCount, ticks, tickText } from "../numbers.js";

const close = (found, expected) => {
  assert.equal(found.length, expected.length, `${found}`);
  found.forEach((x, i) => assert.ok(Math.abs(x - expected[i]) < 1e-9, `${found}`));
};

test("clamp, mix and dot", () => {
  assert.deepEqual([-1, 0.5, 3].map((x) => clamp(x, 0, 2)), [0, 0.5, 2]);
  assert.deepEqual([0, 0.25, 1].map((t) => mix(2, 6, t)), [2, 3, 6]);
  assert.equal(dot([1, 2, 3], [4, -5, 6]), 12);
});

test("nearest finds the nearest entry, even beyond both ends", () => {
  const list = [-1, 0, 0.5, 2];
  assert.deepEqual([-9, -0.4, 0.3, 1.2, 1.3, 9].map((x) => nearest(list, x)), [0, 1, 2, 2, 3, 3]);
});

test("floats reads from where the bytes begin, even if that isn't a multiple of four", () => {
  const view = new DataView(new ArrayBuffer(11), 3, 8);
  view.setFloat32(0, 1.5, true);
  view.setFloat32(4, NaN, true);
  assert.deepEqual([...floats(view)], [1.5, NaN]);
});

test("a minus sign is a real one, and zero has none", () => {
  assert.deepEqual(["-1.50", "-0.00", "-0", "1e-5", "-0.01"].map(minus), [
    "−1.50", "0.00", "0", "1e−5", "−0.01",
  ]);
});

test("losses have three significant digits", () => {
  const shown = { 0: "0.00", 1: "1.00", 0.12345: "0.123", 12.345: "12.3", 9999: "1.00e+4" };
  for (const [loss, text] of Object.entries(shown)) assert.equal(formatLoss(Number(loss)), text);
  assert.equal(formatLoss(-2), "−2.00");
  assert.equal(formatLoss(0.00012), "1.2e−4");
  assert.equal(formatLoss(123456), "1.2e+5");
  assert.deepEqual([NaN, Infinity].map(formatLoss), ["gap", "gap"]);
});

test("numbers beside ticks have no rounding errors", () => {
  assert.deepEqual([0.1 + 0.2, -0.5, -0, 1e-7].map(tickText), ["0.3", "−0.5", "0", "1e−7"]);
});

test("ticks are round numbers from edge to edge", () => {
  close(ticks(-1, 1, 4), [-1, -0.5, 0, 0.5, 1]);
  close(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  close(ticks(0.13, 0.31, 4), [0.15, 0.2, 0.25, 0.3]);
  close(ticks(0, 70, 10), [0, 10, 20, 30, 40, 50, 60, 70]);
  close(ticks(-3000, 0, 3), [-3000, -2000, -1000, 0]);
});

test("a short axis has three ticks, a long one has one every 36 pixels", () => {
  assert.deepEqual([10, 108, 360].map(tickCount), [3, 3, 10]);
});

test("ticks of a logarithmic axis are 1, 2 and 5, or fewer where there isn't room", () => {
  close(logTicks(1, 10, 5), [1, 2, 5, 10]);
  close(logTicks(0.9, 110, 5), [1, 3, 10, 30, 100]);
  close(logTicks(1, 1e4, 5), [1, 10, 100, 1e3, 1e4]);
  close(logTicks(1, 1e8, 5), [1, 100, 1e4, 1e6, 1e8]);
  close(logTicks(2.1, 2.9, 5), [2.1, 2.9]);
});
