// Sliders, buttons, columns, and pointers on the canvases.

import { button, slider } from "../live/controls.js";
import { toPlane } from "../live/field.js";
import { clamp, tickText } from "../numbers.js";
import { onDrag, onKeys } from "../page/input.js";
import { mapFrame, walkIndex } from "./drawing.js";
import { directionsOf, drawPlanes } from "./state.js";

/** @import { Saddle } from "./state.js" */

export const REACHES = [0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 12]; // half the width of the window

/**
 * @typedef {object} Acts
 * @property {() => void} moved - another point, or another window
 * @property {() => void} turned - another plane through the same point
 * @property {() => void} pointed - another pointer, or another view of the surface
 */

/**
 * Connect all controls; returns a function that shows where they are.
 * @param {Saddle} saddle
 * @param {Acts} acts
 */
export function connectInput(saddle, { moved, turned, pointed }) {
  const { model, page, spots } = saddle;
  /** @param {number} at */
  const goTo = (at) => {
    model.set("at", at);
    model.save_changes();
  };
  /** @param {[number, number]} chosen */
  const choose = (chosen) => {
    saddle.random = null;
    model.set("chosen", chosen);
    model.save_changes();
    turned();
  };
  /** @param {number} times */
  const draw = (times) => {
    drawPlanes(saddle, times);
    turned();
  };

  const walk = slider("point of the walk", spots.length - 1, goTo);
  const reach = slider("window", REACHES.length - 1, (i) => {
    model.set("reach", REACHES[i]);
    model.save_changes();
    moved();
  });
  page.steps.append(walk.root, reach.root);
  const P = saddle.L.P;
  page.planes.append(
    button("two lowest", "The plane of the two lowest eigenvalues", () => choose([0, 1])),
    button("lowest and highest", "The plane of the lowest and the highest eigenvalue", () =>
      choose([0, P - 1]),
    ),
    button("random plane", "A plane along two random directions", () => draw(1)),
    button("100 random planes", "How many of them curve down?", () => draw(100)),
    page.count,
  );

  const walkTo = (/** @type {PointerEvent} */ event) =>
    goTo(walkIndex(saddle, event.clientX - page.walk.getBoundingClientRect().left));
  onDrag(page.walk, walkTo, walkTo);
  connectColumns(saddle, choose);
  connectMap(saddle, pointed);
  connectSurface(saddle, pointed);

  return () => {
    const at = model.get("at");
    walk.show(at, model.get("_names")[at] ?? "");
    const r = model.get("reach");
    const nearest = REACHES.findIndex((one) => one >= r - 1e-9);
    reach.show(nearest < 0 ? REACHES.length - 1 : nearest, `±${tickText(r)}`);
  };
}

/**
 * A column that is chosen takes the place of the direction that was chosen first.
 * @param {Saddle} saddle
 * @param {(chosen: [number, number]) => void} choose
 */
function connectColumns(saddle, choose) {
  const buttons = saddle.page.columns.map(({ button }) => button);
  /** @type {number} */
  let last = 0; // which of the two was chosen last
  buttons.forEach((one, i) => {
    one.addEventListener("click", () => {
      const chosen = saddle.model.get("chosen");
      const place = chosen.indexOf(i);
      if (place >= 0) return choose([chosen[0], chosen[1]]);
      last = 1 - last;
      choose(last ? [chosen[0], i] : [i, chosen[1]]);
    });
    one.addEventListener("keydown", (event) => {
      /** @type {Record<string, number | undefined>} */
      const moves = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: buttons.length - 1 };
      const to = moves[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      buttons[clamp(to, 0, buttons.length - 1)].focus();
    });
    one.addEventListener("focus", () => {
      for (const other of buttons) other.tabIndex = other === one ? 0 : -1;
    });
  });
}

/**
 * @param {Saddle} saddle
 * @param {() => void} pointed
 */
function connectMap(saddle, pointed) {
  const { map } = saddle.page;
  /** @param {PointerEvent} event */
  const point = (event) => {
    const frame = map.getBoundingClientRect();
    const { box, window } = mapFrame(saddle);
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    saddle.pointer = toPlane(box, window, x, y);
    pointed();
  };
  onDrag(map, point, point);
  map.addEventListener("pointermove", point);
  map.addEventListener("pointerleave", () => {
    saddle.pointer = null;
    pointed();
  });
  onKeys(map, (key, times) => {
    /** @type {Record<string, [number, number] | undefined>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    if (key !== "Escape" && !moves[key]) return false;
    const { window: { across, up } } = mapFrame(saddle);
    const [dx, dy] = moves[key] ?? [0, 0];
    const step = (times * across.hi) / 20;
    const [x, y] = saddle.pointer ?? [0, 0];
    saddle.pointer =
      key === "Escape"
        ? null
        : [clamp(x + dx * step, across.lo, across.hi), clamp(y + dy * step, up.lo, up.hi)];
    pointed();
    return true;
  });
}

/**
 * @param {Saddle} saddle
 * @param {() => void} pointed
 */
function connectSurface(saddle, pointed) {
  const { surface } = saddle.page;
  /** @type {[number, number]} */
  let last = [0, 0];
  /**
   * @param {number} right
   * @param {number} up
   */
  const turn = (right, up) => {
    const { azimuth, elevation } = saddle.view;
    saddle.view = { azimuth: azimuth + right, elevation: clamp(elevation + up, 8, 80) };
    pointed();
  };
  onDrag(
    surface,
    (event) => {
      last = [event.clientX, event.clientY];
    },
    (event) => {
      const [x, y] = last;
      last = [event.clientX, event.clientY];
      turn(0.6 * (last[0] - x), 0.4 * (last[1] - y));
    },
  );
  onKeys(surface, (key, times) => {
    if (key === "ArrowLeft") turn(-4 * times, 0);
    else if (key === "ArrowRight") turn(4 * times, 0);
    else if (key === "ArrowUp") turn(0, 4 * times);
    else if (key === "ArrowDown") turn(0, -4 * times);
    else return false;
    return true;
  });
}

/**
 * Start the turn from the plane on the page to the one that was chosen.
 * @param {Saddle} saddle
 * @param {boolean} atOnce
 */
export function startTurn(saddle, atOnce) {
  if (atOnce) {
    saddle.turn = null;
    saddle.shown = directionsOf(saddle);
  } else saddle.turn = { from: saddle.shown, since: performance.now() };
}
