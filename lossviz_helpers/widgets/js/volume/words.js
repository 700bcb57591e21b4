// Numbers beside the pictures, and sentences for screen readers.

import { formatLoss, minus } from "../numbers.js";
import { STEPS } from "./page.js";
import { distanceFromCut, LABELS, nearestStep } from "./state.js";

/** @import { Viewer } from "./viewer.js" */

/**
 * Where the crosshair is along an axis.
 * @param {Viewer} viewer
 * @param {number} axis
 */
const alphaAt = ({ volume, index }, axis) => volume.axes[axis][index[axis]];

/**
 * @param {Viewer} viewer
 * @param {number} axis
 */
const alphaText = (viewer, axis) => minus(alphaAt(viewer, axis).toFixed(viewer.decimals));

/** @param {number} x */
export const distanceText = (x) => (x < 10 ? x.toFixed(2) : x.toFixed(1));

/**
 * How far the filled part of a slider's track goes.
 * @param {HTMLInputElement} input
 */
function fill(input) {
  input.style.setProperty("--lv-fill", `${(100 * Number(input.value)) / Number(input.max)}%`);
}

/**
 * Numbers that change with the crosshair.
 * @param {Viewer} viewer
 */
export function showNumbers(viewer) {
  viewer.reading.textContent = formatLoss(viewer.loss);
  const end = viewer.path[0]?.at(-1);
  for (const { cut: { fixed }, title, away } of viewer.panels) {
    title.textContent = `${LABELS[fixed]} = ${alphaText(viewer, fixed)}`;
    if (!end) continue;
    const distance = distanceFromCut(end, fixed, alphaAt(viewer, fixed), viewer.heights[fixed]);
    away.textContent = distanceText(distance);
  }
  viewer.sliders.forEach(({ input, value }, axis) => {
    input.value = String(viewer.index[axis]);
    input.setAttribute("aria-valuetext", `${LABELS[axis]} = ${alphaText(viewer, axis)}`);
    fill(input);
    value.textContent = alphaText(viewer, axis);
  });
}

/**
 * Controls that change with the colours.
 * @param {Viewer} viewer
 */
export function showColouring({ scale, level, scales, limits, bar, isoOn, isoAt, isoValue }) {
  scales[0].setAttribute("aria-pressed", String(scale.isLog));
  scales[1].setAttribute("aria-pressed", String(!scale.isLog));
  scales[0].disabled = !(scale.lo > 0);
  [scale.lo, scale.hi].forEach((limit, i) => {
    limits[i].value = String(Number(limit.toPrecision(3)));
    limits[i].setAttribute("aria-invalid", "false");
  });
  const colours = `Colours from ${formatLoss(scale.lo)}, dark, to ${formatLoss(scale.hi)}, bright`;
  bar.ctx.canvas.setAttribute("aria-label", colours);
  const loss = level === null ? "off" : formatLoss(scale.loss(level));
  isoOn.checked = level !== null;
  isoAt.disabled = level === null;
  if (level !== null) isoAt.value = String(Math.round(STEPS * level));
  isoAt.setAttribute("aria-valuetext", loss);
  fill(isoAt);
  isoValue.textContent = level === null ? loss : `L = ${loss}`;
}

/**
 * What a screen reader calls the cuts, and how to use them.
 * @param {Viewer} viewer
 */
function nameCuts(viewer) {
  for (const { cut, canvas } of viewer.panels) {
    const name =
      `Cut at ${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}. Left and right move along ` +
      `${LABELS[cut.across]}, up and down along ${LABELS[cut.up]}, ` +
      "page up and page down move the cut.";
    canvas.setAttribute("aria-label", name);
  }
}

/**
 * The reading as a sentence, once nothing moves: a screen reader shouldn't read every step.
 * @param {Viewer} viewer
 */
export function announce(viewer) {
  clearTimeout(viewer.announceTimer);
  viewer.announceTimer = setTimeout(() => {
    nameCuts(viewer);
    const at = LABELS.map((label, axis) => `${label} = ${alphaText(viewer, axis)}`).join(", ");
    const isGap = Number.isNaN(viewer.loss);
    let text = isGap ? `No finite loss at ${at}.` : `Loss ${formatLoss(viewer.loss)} at ${at}.`;
    const alpha = LABELS.map((_, axis) => alphaAt(viewer, axis));
    const { step, distance } = nearestStep(viewer.path, alpha, viewer.metric);
    if (step)
      text +=
        ` The nearest training step is step ${step.step}, ${distanceText(distance)} away, ` +
        `with loss ${formatLoss(step.loss)}.`;
    viewer.words.textContent = text;
  }, 150);
}
