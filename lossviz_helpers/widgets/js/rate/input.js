// Sliders and buttons, and dragging along the curves.

import { button, choice, slider } from "../live/controls.js";
import { clamp, formatLoss } from "../numbers.js";
import { onDrag } from "../page/input.js";
import { LAST, positionOf, rateAt, stepOf } from "./state.js";

/** @import { Rate } from "./state.js" */

const SECONDS = 6; // length of the playback

/**
 * @typedef {object} Acts
 * @property {() => void} stepped - another step is shown
 * @property {() => void} followed - another plane is shown
 */

/**
 * Connect all controls; returns a function that shows where they are.
 * @param {Rate} rate
 * @param {Acts} acts
 */
export function connectInput(rate, { stepped, followed }) {
  const { model, page } = rate;
  const steps = model.get("_steps");
  /** @param {number} at */
  const goTo = (at) => {
    rate.playing = null;
    rate.at = clamp(at, 0, steps);
    stepped();
  };
  const play = () => {
    if (rate.playing) return goTo(stepOf(rate));
    const now = stepOf(rate);
    const from = now >= rate.run.points.length - 1 ? 0 : now;
    rate.playing = { from, since: performance.now() };
    rate.at = from;
    stepped();
  };
  const lr = slider("learning rate", LAST, (position) => {
    model.set("lr", rateAt(model, position));
    model.save_changes();
  });
  const step = slider("step", steps, goTo);
  const player = button("▶ Play", "Play the walk from its start, or from here", play);
  page.rates.append(lr.root);
  const planes = choice("plane", ["fixed plane", "plane of this walk"], (i) => {
    rate.follows = i === 1;
    followed();
  });
  if (rate.L.P > 2) page.rates.append(planes.root);
  page.steps.append(
    player,
    button("Step", "One step forward", () => goTo(stepOf(rate) + 1)),
    button("Reset", "Back to the start", () => goTo(0)),
    step.root,
  );
  for (const canvas of [page.losses, page.sharpness]) {
    const go = (/** @type {PointerEvent} */ event) => {
      const { left, width } = canvas.getBoundingClientRect();
      goTo(Math.round(((event.clientX - left - 50) / (width - 64)) * steps));
    };
    onDrag(canvas, go, go);
  }
  return () => {
    lr.show(positionOf(model, model.get("lr")), formatLoss(model.get("lr")));
    step.show(stepOf(rate), String(stepOf(rate)));
    planes.show(rate.follows ? 1 : 0);
    player.textContent = rate.playing ? "❚❚ Pause" : "▶ Play";
  };
}

/**
 * Advance with time during playback; returns whether it is still playing.
 * @param {Rate} rate
 */
export function playOn(rate) {
  const { playing, run, model } = rate;
  if (!playing) return false;
  const passed = (performance.now() - playing.since) / 1000 / SECONDS;
  const last = run.isDone ? run.points.length - 1 : model.get("_steps");
  rate.at = Math.min(playing.from + Math.floor(passed * Math.max(last, 40)), last);
  if (rate.at >= last) rate.playing = null;
  return true;
}
