// Numbers and sentences beside the pictures.

import { formatLoss, minus } from "../numbers.js";
import { LABELS, endDistance, nearestStep } from "./state.js";
import { STEPS } from "./page.js";

const alphaText = (viewer, axis) => {
  const grid = viewer.volume.axes[axis];
  return minus(grid[viewer.index[axis]].toFixed(viewer.decimals));
};

const distanceText = (x) => (x < 10 ? x.toFixed(2) : x.toFixed(1));

/** How far the filled part of a slider's track goes. */
function fill(input) {
  input.style.setProperty("--lv-fill", `${(100 * input.value) / input.max}%`);
}

/** Numbers that change with the crosshair. */
export function showNumbers(viewer) {
  viewer.reading.textContent = formatLoss(viewer.loss);
  for (const { cut, title, away } of viewer.panels) {
    title.textContent = `${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}`;
    if (viewer.path.length) away.textContent = distanceText(endDistance(viewer, cut.fixed));
  }
  viewer.sliders.forEach(({ input, value }, axis) => {
    input.value = viewer.index[axis];
    input.setAttribute("aria-valuetext", `${LABELS[axis]} = ${alphaText(viewer, axis)}`);
    fill(input);
    value.textContent = alphaText(viewer, axis);
  });
}

/** Controls that change with the colours. */
export function showColouring(viewer) {
  const { scale, level } = viewer;
  viewer.scales[0].setAttribute("aria-pressed", String(scale.isLog));
  viewer.scales[1].setAttribute("aria-pressed", String(!scale.isLog));
  viewer.scales[0].disabled = !(scale.lo > 0);
  viewer.limits.forEach((input, i) => {
    input.value = Number([scale.lo, scale.hi][i].toPrecision(3));
    input.setAttribute("aria-invalid", "false");
  });
  const colours = `Colours from ${formatLoss(scale.lo)}, dark, to ${formatLoss(scale.hi)}, bright`;
  viewer.bar.canvas.setAttribute("aria-label", colours);
  const loss = level === null ? "off" : formatLoss(scale.loss(level));
  viewer.isoOn.checked = level !== null;
  viewer.isoAt.disabled = level === null;
  if (level !== null) viewer.isoAt.value = Math.round(STEPS * level);
  viewer.isoAt.setAttribute("aria-valuetext", loss);
  fill(viewer.isoAt);
  viewer.isoValue.textContent = level === null ? loss : `L = ${loss}`;
}

/** What a cut is called by a screen reader, and how to use it. */
function nameCuts(viewer) {
  for (const { cut, canvas } of viewer.panels) {
    const name =
      `Cut at ${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}. Left and right move along ` +
      `${LABELS[cut.across]}, up and down along ${LABELS[cut.up]}, page up and page down move the cut.`;
    canvas.setAttribute("aria-label", name);
  }
}

/** The reading as a sentence, once things hold still: a screen reader shouldn't read every step. */
export function sayLater(viewer) {
  clearTimeout(viewer.saying);
  viewer.saying = setTimeout(() => {
    nameCuts(viewer);
    const at = LABELS.map((label, axis) => `${label} = ${alphaText(viewer, axis)}`).join(", ");
    const gap = Number.isNaN(viewer.loss);
    let text = gap ? `No finite loss at ${at}.` : `Loss ${formatLoss(viewer.loss)} at ${at}.`;
    if (viewer.path.length) {
      const { point, distance } = nearestStep(viewer);
      text += ` The nearest point of training is step ${point.step}, ${distanceText(distance)} away, with loss ${formatLoss(point.loss)}.`;
    }
    viewer.words.textContent = text;
  }, 150);
}
