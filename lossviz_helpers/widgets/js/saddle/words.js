// What the explorer of saddles says.

import { planeCurvatures } from "../engine/eigen.js";
import { combine } from "../engine/vectors.js";
import { formatLoss, minus } from "../numbers.js";
import { make } from "../page/elements.js";
import { curvaturesOf, directionsOf, signOf, spotOf } from "./state.js";

/** @import { Saddle, Sign } from "./state.js" */

/** @type {Record<Sign, string>} */
const CURVES = { up: "curves up", down: "curves down", flat: "hardly curves" };

/** @param {Saddle} saddle */
export function showWords(saddle) {
  const { page, model, pointer } = saddle;
  const spot = spotOf(saddle);
  const name = model.get("_names")[model.get("at")] ?? "";
  const { values, down } = spot;
  const many = `${down || "none"} of the ${values.length} eigenvectors`;
  page.summary.replaceChildren(
    `${name.slice(0, 1).toUpperCase()}${name.slice(1)}: L = ${formatLoss(spot.loss)}, ` +
      `and the gradient has length ${formatLoss(spot.slope)}. The loss clearly curves down along `,
    make("strong", { "data-sign": down ? "down" : "up" }, many),
    ".",
  );
  page.along.replaceChildren(...along(saddle));
  page.reading.textContent = pointer ? readingAt(saddle, pointer) : "point at the map to read L";
  const { planes, down: found } = saddle.count;
  page.count.textContent = planes
    ? `${found} of ${planes} random planes here curve${found === 1 ? "s" : ""} down`
    : "";
  const [i, j] = model.get("chosen");
  const which = saddle.random ? "a random plane" : `the plane of eigenvectors ${i + 1} and ${j + 1}`;
  page.surface.setAttribute(
    "aria-label",
    `The loss on ${which}, as a surface. Left and right arrow keys turn it.`,
  );
  page.map.setAttribute(
    "aria-label",
    `Map of the loss on ${which}. Arrow keys move the pointer, Escape removes it.`,
  );
  announce(saddle);
}

/**
 * How the loss curves along the directions of the plane, and whether a random plane shows what is
 * there.
 * @param {Saddle} saddle
 */
function along(saddle) {
  const { values, hessian, down } = spotOf(saddle);
  const parts = curvaturesOf(saddle).map((curvature, k) => {
    const sign = signOf(curvature, values);
    const what = saddle.random ? "Random direction" : "Direction";
    const text = `${what} ${k + 1} ${CURVES[sign]}: λ = ${formatLoss(curvature)}.`;
    return make("p", { "data-sign": sign }, text);
  });
  if (!saddle.random) return parts;
  const [lowest] = planeCurvatures(hessian, ...directionsOf(saddle));
  const hidden = lowest > 0 && down > 0;
  const text =
    `Lowest curvature in this plane: ${formatLoss(lowest)}.` +
    (hidden ? " It hides the way down." : "");
  return [...parts, make("p", { "data-sign": lowest < 0 ? "down" : "up" }, text)];
}

/**
 * The loss at a point of the plane.
 * @param {Saddle} saddle
 * @param {[number, number]} pointer
 */
export function readingAt(saddle, pointer) {
  const theta = combine(spotOf(saddle).theta, pointer, directionsOf(saddle));
  const [a, b] = pointer.map((x) => minus(x.toFixed(2)));
  return `L = ${formatLoss(saddle.L.loss(theta))} at (${a}, ${b})`;
}

/**
 * For screen readers, once it stops changing.
 * @param {Saddle} saddle
 */
function announce(saddle) {
  clearTimeout(saddle.announceTimer);
  saddle.announceTimer = setTimeout(() => {
    const { summary, along: parts, count, said, reading } = saddle.page;
    const lines = [summary, ...parts.children, count].map((node) => node.textContent);
    const text = saddle.pointer ? (reading.textContent ?? "") : lines.join(" ");
    if (said.textContent !== text) said.textContent = text;
  }, 300);
}
