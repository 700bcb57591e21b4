// The eigenvalues as columns, on a scale that is linear near 0 and logarithmic further out.

import { formatLoss, tickText } from "../numbers.js";
import { make } from "../page/elements.js";
import { signOf, spotOf } from "./state.js";

/** @import { Saddle, Spot } from "./state.js" */

const SMALL = 2e-3; // linear up to here
const TICKS = [-1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10];

/** @type {(value: number) => number} */
const height = (value) => Math.asinh(value / SMALL);

/**
 * Lowest and highest height of the eigenvalues along the walk.
 * @param {Spot[]} spots
 */
export function rangeOf(spots) {
  const low = Math.min(...spots.map(({ values }) => values[0]), 0);
  const high = Math.max(...spots.map(({ values }) => values[values.length - 1]), 0);
  return { low: height(low) - 0.5, high: height(high) + 0.3 };
}

/**
 * A position in the chart, in percent from the top.
 * @param {{ low: number, high: number }} range
 * @param {number} value
 */
const fromTop = ({ low, high }, value) => (100 * (high - height(value))) / (high - low);

/**
 * @param {Saddle} saddle
 */
export function drawTicks({ page: { ticks }, spots }) {
  const range = rangeOf(spots);
  const shown = TICKS.filter((t) => height(t) >= range.low && height(t) <= range.high);
  ticks.replaceChildren(
    ...shown.map((t) => {
      const style = `top: ${fromTop(range, t)}%`;
      const line = make("div.tick", { style }, make("span", {}, tickText(t)));
      if (t === 0) line.dataset.zero = "";
      return line;
    }),
  );
}

/**
 * @param {Saddle} saddle
 */
export function drawBars(saddle) {
  const { page, spots, model, random } = saddle;
  const { values } = spotOf(saddle);
  const range = rangeOf(spots);
  const zero = fromTop(range, 0);
  /** @type {number[]} */
  const chosen = random ? [] : model.get("chosen");
  page.columns.forEach(({ button, bar, mark }, i) => {
    const top = fromTop(range, values[i]);
    const sign = signOf(values[i], values);
    bar.style.top = `${Math.min(top, zero)}%`;
    bar.style.height = `${Math.abs(top - zero)}%`;
    button.dataset.sign = sign;
    const place = chosen.indexOf(i);
    button.setAttribute("aria-pressed", String(place >= 0));
    mark.textContent = place < 0 ? "" : String(place + 1);
    const words = { up: "curves up", down: "curves down", flat: "hardly curves" }[sign];
    button.setAttribute("aria-label", `λ${i + 1} = ${formatLoss(values[i])}, ${words}`);
    button.title = `λ = ${formatLoss(values[i])}: ${words}`;
  });
}
