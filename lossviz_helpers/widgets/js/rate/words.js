// What the explorer of learning rates says.

import { formatLoss } from "../numbers.js";
import { make } from "../page/elements.js";
import { sharpnessBefore } from "./run.js";
import { stepOf } from "./state.js";

/** @import { Rate } from "./state.js" */

/** @param {Rate} rate */
export function showWords(rate) {
  const { page, run, L } = rate;
  const step = stepOf(rate);
  const [limit, sharpness] = [2 / run.lr, sharpnessBefore(run, step)];
  const isAbove = sharpness > limit;
  const what = `on a parabola with this curvature, a step lands ${isAbove ? "higher" : "lower"}`;
  const side = make("strong", { "data-side": isAbove ? "above" : "below" });
  side.textContent = isAbove ? "above" : "below";
  const end =
    run.hasDiverged && step === run.points.length - 1
      ? " The walk diverges: the loss explodes."
      : "";
  page.summary.replaceChildren(
    `Step ${step}: L = ${formatLoss(run.losses[step])}. λmax = ${formatLoss(sharpness)} is `,
    side,
    ` 2/lr = ${formatLoss(limit)}: ${what}.${end}`,
  );
  page.map.setAttribute(
    "aria-label",
    `Map of the loss, with ${L.P === 2 ? "" : "the shadow of "}the walk from its start to step ${step}`,
  );
  page.losses.setAttribute("aria-label", "Loss, plotted against the step");
  page.sharpness.setAttribute(
    "aria-label",
    "Largest eigenvalue of the Hessian, plotted against the step, with a line at 2/lr",
  );
  clearTimeout(rate.announceTimer);
  if (rate.playing) return;
  rate.announceTimer = setTimeout(() => {
    const text = page.summary.textContent ?? "";
    if (page.said.textContent !== text) page.said.textContent = text;
  }, 300);
}
