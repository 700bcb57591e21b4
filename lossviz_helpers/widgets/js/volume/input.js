// Mouse, finger, keys and controls.

import { clamp } from "../numbers.js";
import { onDrag, onKeys, onWheel } from "../page/input.js";
import { VIEW } from "./camera.js";
import { drawCube } from "./cube.js";
import { draw } from "./drawing.js";
import { inMotion, moveBy, moveTo, set, setPlaying } from "./moves.js";
import { STEPS } from "./page.js";

/** @import { CutPanel } from "./page.js" */
/** @import { Viewer } from "./viewer.js" */

/** @typedef {Record<string, [number, number] | undefined>} Keys */

/** @param {Viewer} viewer */
export function connectInput(viewer) {
  for (const panel of viewer.panels) connectCut(viewer, panel);
  connectCube(viewer);
  connectCrosshairControls(viewer);
  connectColourControls(viewer);
}

/**
 * Press or drag on a cut: the crosshair goes there.
 * @param {Viewer} viewer
 * @param {CutPanel} panel
 */
function connectCut(viewer, panel) {
  const { canvas, cut } = panel;
  /** @param {PointerEvent} event */
  const go = (event) => {
    const { box, grid } = panel;
    const frame = canvas.getBoundingClientRect();
    const u = (event.clientX - frame.left - box.x) / box.width;
    const v = 1 - (event.clientY - frame.top - box.y) / box.height;
    inMotion(viewer);
    moveTo(viewer, {
      [cut.across]: Math.round(u * (grid.nu - 1)),
      [cut.up]: Math.round(v * (grid.nv - 1)),
    });
  };
  onDrag(canvas, go, go);
  onWheel(canvas, (notches) => {
    const before = viewer.index[cut.fixed];
    inMotion(viewer);
    moveBy(viewer, cut.fixed, notches);
    return viewer.index[cut.fixed] !== before;
  });
  /** @type {Keys} */
  const keys = {
    ArrowLeft: [cut.across, -1],
    ArrowRight: [cut.across, 1],
    ArrowDown: [cut.up, -1],
    ArrowUp: [cut.up, 1],
    PageDown: [cut.fixed, -1],
    PageUp: [cut.fixed, 1],
  };
  onKeys(canvas, (key, times) => {
    const move = keys[key];
    if (!move) return false;
    inMotion(viewer);
    moveBy(viewer, move[0], move[1] * times);
    return true;
  });
}

/**
 * Drag or arrow keys rotate the cube.
 * @param {Viewer} viewer
 */
function connectCube(viewer) {
  const { canvas, view } = viewer.cube;
  /** @type {(right: number, up: number) => void} */
  const rotate = (right, up) => {
    view.azimuth -= right;
    view.elevation = clamp(view.elevation + up, -89, 89);
    inMotion(viewer);
    drawCube(viewer);
  };
  let [x, y] = [0, 0];
  /** @param {PointerEvent} event */
  const hold = (event) => {
    [x, y] = [event.clientX, event.clientY];
  };
  onDrag(canvas, hold, (event) => {
    rotate(0.5 * (event.clientX - x), 0.5 * (event.clientY - y));
    hold(event);
  });
  /** @type {Keys} */
  const keys = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowDown: [0, -5], ArrowUp: [0, 5] };
  onKeys(canvas, (key, times) => {
    const degrees = keys[key];
    if (!degrees) return false;
    rotate(degrees[0] * times, degrees[1] * times);
    return true;
  });
}

/** @param {Viewer} viewer */
function connectCrosshairControls(viewer) {
  viewer.sliders.forEach(({ input }, axis) =>
    input.addEventListener("input", () => {
      inMotion(viewer);
      moveTo(viewer, { [axis]: Number(input.value) });
    }),
  );
  viewer.play.addEventListener("click", () => setPlaying(viewer, !viewer.isPlaying));
  viewer.reset.addEventListener("click", () => {
    setPlaying(viewer, false);
    Object.assign(viewer.cube.view, VIEW);
    set(viewer, viewer.model.get("_initial"));
    draw(viewer);
  });
}

/** @param {Viewer} viewer */
function connectColourControls(viewer) {
  const { model, scales, limits, isoOn, isoAt } = viewer;
  scales.forEach((button) =>
    button.addEventListener("click", () => set(viewer, { log: button.dataset.scale === "log" })),
  );
  limits.forEach((input, i) =>
    input.addEventListener("change", () => {
      const [lo, hi] = model.get("limits");
      const value = input.valueAsNumber;
      const fits = Number.isFinite(value) && (i === 0 ? value < hi : value > lo);
      input.setAttribute("aria-invalid", String(!fits));
      if (fits) set(viewer, { limits: i === 0 ? [value, hi] : [lo, value] });
    }),
  );
  const loss = () => viewer.scale.loss(Number(isoAt.value) / STEPS);
  isoOn.addEventListener("change", () => set(viewer, { contour: isoOn.checked ? loss() : null }));
  isoAt.addEventListener("input", () => {
    inMotion(viewer);
    set(viewer, { contour: loss() });
  });
}
