// Hands, keys and controls.

import { clamp } from "../numbers.js";
import { onDrag, onKeys } from "../page/hands.js";
import { VIEW } from "./camera.js";
import { drawCube } from "./cube.js";
import { STEPS } from "./page.js";
import { draw } from "./drawing.js";
import { inMotion, moveBy, moveTo, set, setPlaying } from "./moves.js";

/** Press or drag on a cut: the crosshair goes there. */
export function connectCut(viewer, panel) {
  const { canvas, cut } = panel;
  const go = (event) => {
    const { box } = panel;
    const frame = canvas.getBoundingClientRect();
    const u = (event.clientX - frame.left - box.x) / box.width;
    const v = 1 - (event.clientY - frame.top - box.y) / box.height;
    inMotion(viewer);
    moveTo(viewer, {
      [cut.across]: Math.round(u * (panel.nu - 1)),
      [cut.up]: Math.round(v * (panel.nv - 1)),
    });
  };
  onDrag(canvas, go, go);
  const keys = {
    ArrowLeft: [cut.across, -1],
    ArrowRight: [cut.across, 1],
    ArrowDown: [cut.up, -1],
    ArrowUp: [cut.up, 1],
    PageDown: [cut.fixed, -1],
    PageUp: [cut.fixed, 1],
  };
  onKeys(canvas, (key, times) => {
    if (!keys[key]) return false;
    inMotion(viewer);
    moveBy(viewer, keys[key][0], keys[key][1] * times);
    return true;
  });
}

/** Drag or arrow keys turn the cube. */
export function connectCube(viewer) {
  const { canvas, view } = viewer.cube;
  const turn = (right, up) => {
    view.azimuth -= right;
    view.elevation = clamp(view.elevation + up, -89, 89);
    inMotion(viewer);
    drawCube(viewer);
  };
  let last = null;
  onDrag(
    canvas,
    (event) => (last = event),
    (event) => {
      turn(0.5 * (event.clientX - last.clientX), 0.5 * (event.clientY - last.clientY));
      last = event;
    },
  );
  const keys = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowDown: [0, -5], ArrowUp: [0, 5] };
  onKeys(canvas, (key, times) => keys[key] && (turn(...keys[key].map((x) => x * times)), true));
}

/** Sliders, buttons and boxes. */
export function connectControls(viewer) {
  const { model } = viewer;
  viewer.sliders.forEach(({ input }, axis) =>
    input.addEventListener("input", () => {
      inMotion(viewer);
      moveTo(viewer, { [axis]: Number(input.value) });
    }),
  );
  viewer.play.addEventListener("click", () => setPlaying(viewer, !viewer.playing));
  viewer.reset.addEventListener("click", () => {
    setPlaying(viewer, false);
    Object.assign(viewer.cube.view, VIEW);
    set(viewer, model.get("_initial"));
    draw(viewer);
  });
  viewer.scales.forEach((button) =>
    button.addEventListener("click", () => set(viewer, { log: button.dataset.scale === "log" })),
  );
  viewer.limits.forEach((input, i) =>
    input.addEventListener("change", () => {
      const limits = [...model.get("limits")];
      const value = input.valueAsNumber;
      const other = limits[1 - i];
      const fits = Number.isFinite(value) && (i === 0 ? value < other : value > other);
      input.setAttribute("aria-invalid", String(!fits));
      if (!fits) return;
      limits[i] = value;
      set(viewer, { limits });
    }),
  );
  viewer.isoOn.addEventListener("change", () => {
    set(viewer, { contour: viewer.isoOn.checked ? viewer.scale.loss(viewer.isoAt.value / STEPS) : null });
  });
  viewer.isoAt.addEventListener("input", () => {
    inMotion(viewer);
    set(viewer, { contour: viewer.scale.loss(viewer.isoAt.value / STEPS) });
  });
}
