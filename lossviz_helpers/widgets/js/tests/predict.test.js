import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { answersOf, keepHere, readHere, tally } from "../predict/kept.js";

const CHOICES = ["straight", "bent"];

beforeEach(() => {
  const store = {};
  Object.defineProperties(store, {
    getItem: { value: (key) => store[key] ?? null },
    setItem: { value: (key, value) => void (store[key] = value) },
  });
  globalThis.localStorage = store;
});

test("an answer is kept by its number", () => {
  assert.equal(keepHere("02.3", { choice: "bent", sure: 70 }), true);
  assert.deepEqual(readHere("02.3", CHOICES), { choice: "bent", sure: 70 });
  assert.deepEqual(readHere("02.4", CHOICES), {});
});

test("what doesn't fit the question isn't read", () => {
  for (const text of ["{", "null", '{"choice": "up", "sure": 70}', '{"choice": "bent"}']) {
    localStorage.setItem("lossviz-predict-02.3", text);
    assert.deepEqual(readHere("02.3", CHOICES), {});
  }
});

test("a browser that keeps nothing is no error", () => {
  delete globalThis.localStorage;
  assert.equal(keepHere("02.3", { choice: "bent", sure: 70 }), false, "so the reader is told");
  assert.deepEqual(readHere("02.3", CHOICES), {});
  assert.deepEqual(answersOf("02.3"), []);
});

test("the tally counts what was compared, in this chapter", () => {
  const compared = { compared: true, choice: "bent" };
  keepHere("02.1", { ...compared, sure: 90, right: true });
  keepHere("02.3", { ...compared, sure: 50, right: false });
  keepHere("02.4", { choice: "bent", sure: 99, right: true });
  keepHere("03.1", { ...compared, sure: 99, right: true });
  const words = "So far in this chapter: 1 of 2 right, and 70% sure on average.";
  assert.equal(tally(answersOf("02.3")), words);
  assert.equal(tally(answersOf("03.1")), "");
});
