// Hands and keys move the pointer.

import { clamp } from "../numbers.js";
import { onDrag, onKeys } from "../page/hands.js";
import { toPlot } from "./state.js";

/** Move the pointer, at once here, and tell Python. */
function point(panel, [x, y], pick = false) {
  const { model, across, up } = panel;
  const old = model.get("pointer");
  const isAcross = model.get("follow") === "across";
  const to = [clamp(x, across.lo, across.hi), isAcross && old ? old[1] : clamp(y, up.lo, up.hi)];
  model.set("pointer", to);
  model.set("picked", pick ? to : null); // so that the same point can be picked again
  model.save_changes();
}

export function connectHands(panel) {
  const { canvas, model } = panel;
  const follows = () => model.get("follow") !== "none";
  const placeOf = (event) => {
    const frame = canvas.getBoundingClientRect();
    return toPlot(panel, event.clientX - frame.left, event.clientY - frame.top);
  };
  let held = false;
  const go = (event) => {
    if (!follows()) return;
    held = true;
    point(panel, placeOf(event));
  };
  onDrag(canvas, go, go);
  canvas.addEventListener("pointerup", () => {
    if (held && model.get("pointer")) point(panel, model.get("pointer"), true);
    held = false;
  });
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  onKeys(canvas, (key, times) => {
    if (!follows()) return false;
    const at = model.get("pointer") ?? toPlot(panel, panel.width / 2, panel.height / 2);
    if (key === "Enter" || key === " ") point(panel, at, true);
    else if (moves[key]) {
      const step = model.get("step");
      point(panel, at.map((x, i) => x + moves[key][i] * step[i] * times));
    } else return false;
    return true;
  });
}
