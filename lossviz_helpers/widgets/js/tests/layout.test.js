import assert from "node:assert/strict";
import test from "node:test";

import { chooseLayout, panelWidth, sideWidth } from "../volume/layout.js";

const HEAD = 22;

test("controls stand beside the panels where there is room", () => {
  assert.deepEqual([390, 519, 520, 640, 1080].map(chooseLayout), [
    "narrow",
    "narrow",
    "medium",
    "wide",
    "wide",
  ]);
  assert.ok(sideWidth(757) < sideWidth(1080));
});

test("four panels fit into the window, and into the card beside the controls", () => {
  for (const height of [500, 600, 768, 1200])
    for (const total of [640, 757, 1000, 1080]) {
      const width = panelWidth(total, height, false);
      assert.ok(2 * (width + HEAD) <= height, `${width} at ${total} × ${height}`);
      assert.ok(2 * width + sideWidth(total) < total, `${width} at ${total} × ${height}`);
    }
});

test("four panels fit onto a phone", () => {
  const width = panelWidth(374, 844, false);
  assert.ok(2 * width < 374);
  assert.ok(width > 160);
});

test("an enlarged panel is as large as four, and fits too", () => {
  for (const total of [390, 757, 1080]) {
    const [small, large] = [false, true].map((isLarge) => panelWidth(total, 768, isLarge));
    assert.ok(large > 1.8 * small, `${small} and ${large} at ${total}`);
    assert.ok(large + HEAD <= 768);
  }
});
