// Mouse, fingers, keys and controls.

import { clamp } from "../numbers.js";
import { onKeys } from "../page/input.js";
import { magnify, turn } from "./camera.js";
import { placeUnder } from "./rays.js";
import { readAt, toAlpha } from "./state.js";
import { cameraOf, draw, picture, point } from "./widget.js";

/** @import { Figure } from "./page.js" */
/** @import { Pair, Traits } from "./state.js" */
/** @import { Widget } from "./widget.js" */

const PER_PIXEL = 0.45; // degrees
/** @type {Record<string, Pair | undefined>} */
const TURNS = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowDown: [0, -5], ArrowUp: [0, 5] };
/** @type {Record<string, Pair | undefined>} */
const MOVES = { a: [-1, 0], d: [1, 0], s: [0, -1], w: [0, 1] };

/** @param {Widget} widget */
export function connectInput(widget) {
  widget.page.figures.forEach((figure, i) => {
    connectPointer(widget, figure, i);
    connectWheel(widget, figure);
    connectKeys(widget, figure, i);
  });
  connectControls(widget);
}

/**
 * Drag turns, two fingers zoom and move, and what the mouse hovers over, or a finger taps, is read.
 * @param {Widget} widget
 * @param {Figure} figure
 * @param {number} i
 */
function connectPointer(widget, figure, i) {
  const { canvas } = figure;
  /** @type {Map<number, Pair>} */
  const down = new Map();
  let travelled = 0;
  /** @type {(event: PointerEvent) => Pair} */
  const at = ({ clientX, clientY }) => {
    const frame = canvas.getBoundingClientRect();
    return [clientX - frame.left, clientY - frame.top];
  };
  /** @param {PointerEvent} event */
  const read = (event) => {
    const [x, y] = at(event);
    const block = widget.blocks[i];
    const place = placeUnder(
      cameraOf(widget, i, figure.width, figure.height),
      block.relief,
      block.tall,
      x,
      y,
    );
    const found = place && readAt(block.ground, toAlpha(block.ground, place));
    if (found) point(widget, found.alpha);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    if (!down.size) travelled = 0;
    down.set(event.pointerId, at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId);
    if (!last) return down.size || event.pointerType === "touch" ? undefined : read(event);
    const now = at(event);
    const [dx, dy] = [now[0] - last[0], now[1] - last[1]];
    travelled += Math.abs(dx) + Math.abs(dy);
    down.set(event.pointerId, now);
    if (down.size === 2) pinch(widget, figure, down, event.pointerId, last);
    else if (event.shiftKey) shift(widget, figure, dx, dy);
    else turn(widget.view, PER_PIXEL * dx, PER_PIXEL * dy);
    moved(widget);
  });
  /** @param {PointerEvent} event */
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (event.type === "pointerup" && travelled < 6 && !down.size) read(event);
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
}

/**
 * One of two fingers has moved.
 * @param {Widget} widget
 * @param {Figure} figure
 * @param {Map<number, Pair>} down
 * @param {number} id - of the finger
 * @param {Pair} last - where it was
 */
function pinch(widget, { width, height }, down, id, last) {
  const now = /** @type {Pair} */ (down.get(id));
  const [other] = [...down].filter(([key]) => key !== id).map(([, at]) => at);
  const [before, after] = [last, now].map(([x, y]) => Math.hypot(x - other[0], y - other[1]));
  const [x, y] = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
  if (before > 0) magnify(widget.view, after / before, x / width, y / height);
  shift(widget, { width, height }, (now[0] - last[0]) / 2, (now[1] - last[1]) / 2);
}

/**
 * Move the picture by pixels, once it is magnified.
 * @param {Widget} widget
 * @param {{ width: number, height: number }} figure
 * @param {number} dx
 * @param {number} dy
 */
function shift({ view }, { width, height }, dx, dy) {
  if (view.zoom <= 1) return;
  const most = view.zoom / 2;
  const [x, y] = [view.shift[0] + dx / width, view.shift[1] + dy / height];
  view.shift = [clamp(x, -most, most), clamp(y, -most, most)];
}

/**
 * The wheel zooms once the surface has the focus, or with Ctrl; otherwise it scrolls the page.
 * @param {Widget} widget
 * @param {Figure} figure
 */
function connectWheel(widget, { canvas }) {
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !canvas.matches(":focus")) return;
      event.preventDefault();
      const frame = canvas.getBoundingClientRect();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      const by = Math.exp(-clamp(pixels, -120, 120) * (event.ctrlKey ? 0.008 : 0.002));
      const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
      magnify(widget.view, by, x / frame.width, y / frame.height);
      moved(widget);
    },
    { passive: false },
  );
}

/**
 * @param {Widget} widget
 * @param {Figure} figure
 * @param {number} i
 */
function connectKeys(widget, { canvas }, i) {
  onKeys(canvas, (key, times) => {
    const [turns, moves] = [TURNS[key], MOVES[key.toLowerCase()]];
    if (turns) turn(widget.view, turns[0] * times, turns[1] * times);
    else if (moves) return step(widget, i, moves, times);
    else if (key === "+" || key === "=") magnify(widget.view, 1.2);
    else if (key === "-") magnify(widget.view, 1 / 1.2);
    else if (key === "Home") goBack(widget);
    else return false;
    moved(widget);
    return true;
  });
}

/**
 * Move the point that is read by grid steps; it starts in the middle.
 * @param {Widget} widget
 * @param {number} i
 * @param {Pair} moves
 * @param {number} times
 */
function step(widget, i, moves, times) {
  const { axes } = widget.grounds[i];
  const found = readAt(widget.grounds[i], widget.model.get("pointer"));
  const from = found ? [found.u, found.v] : axes.map((axis) => axis.length >> 1);
  const by = found ? times : 0;
  const [u, v] = axes.map((axis, k) => clamp(from[k] + moves[k] * by, 0, axis.length - 1));
  point(widget, [axes[0][u], axes[1][v]]);
  return true;
}

/** @param {Widget} widget */
function connectControls(widget) {
  const { page, model } = widget;
  /** @param {Partial<Traits>} values */
  const set = (values) => {
    for (const [name, value] of Object.entries(values))
      model.set(/** @type {keyof Traits} */ (name), value);
    model.save_changes();
  };
  page.scales.forEach((button) =>
    button.addEventListener("click", () => set({ log: button.dataset.scale === "log" })),
  );
  page.height.addEventListener("input", () => set({ height: Number(page.height.value) }));
  page.contours.addEventListener("change", () => set({ contours: page.contours.checked }));
  page.reset.addEventListener("click", () => goBack(widget));
  page.save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.download = "surface.png";
    link.href = picture(widget).toDataURL("image/png");
    link.click();
  });
}

/**
 * Everything as it was at first.
 * @param {Widget} widget
 */
function goBack({ model, view }) {
  const initial = model.get("_initial");
  view.shift = [0, 0];
  for (const [name, value] of Object.entries(initial))
    model.set(/** @type {keyof Traits} */ (name), value);
  model.save_changes();
  const [elevation, azimuth] = initial.view ?? model.get("view");
  Object.assign(view, { elevation, azimuth, zoom: initial.zoom ?? 1 });
}

/**
 * The view has changed: draw, and tell Python once it rests.
 * @param {Widget} widget
 */
function moved(widget) {
  widget.isMoving = true;
  draw(widget);
  clearTimeout(widget.saveTimer);
  widget.saveTimer = setTimeout(() => {
    const { elevation, azimuth, zoom } = widget.view;
    widget.isMoving = false;
    draw(widget);
    widget.model.set("view", [elevation, azimuth]);
    widget.model.set("zoom", zoom);
    widget.model.save_changes();
  }, 250);
}
