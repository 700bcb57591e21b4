// The texts of a panel, its legend, and what a screen reader says.

import { line, penOf, sizeCanvas } from "../canvas/pen.js";
import { make } from "../page/elements.js";
import { colourOf, traceMark } from "./marks.js";

/** @import { Line, Marks, Panel } from "./state.js" */

/** How keys move the pointer, for people who can't see it. */
const KEYS = {
  none: "",
  across: " Left and right arrow keys move the pointer.",
  both: " Arrow keys move the pointer; Enter picks the point.",
};

/**
 * Texts, names, and the legend of labelled lines and marks.
 * @param {Panel} panel
 */
export function showWords(panel) {
  const { model, page, theme } = panel;
  const { canvas, caption, readout, legend } = page;
  const follow = model.get("follow");
  const title = model.get("title");
  caption.textContent = title;
  caption.hidden = !title;
  readout.textContent = model.get("readout");
  readout.hidden = !model.get("readout") && follow === "none";
  canvas.setAttribute("role", follow === "none" ? "img" : "application");
  canvas.classList.toggle("lv-hand", follow !== "none");
  if (follow === "none") canvas.removeAttribute("tabindex");
  else canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", `${model.get("description") || title}${KEYS[follow]}`);
  const labelled = [...model.get("lines"), ...model.get("marks")].filter((item) => item.label);
  legend.hidden = !labelled.length;
  const shown = JSON.stringify([labelled.map(({ label, colour }) => [label, colour]), theme]);
  if (shown !== panel.shownLegend)
    legend.replaceChildren(...labelled.map((item) => entry(panel, item)));
  panel.shownLegend = shown;
  announce(panel);
}

/**
 * An entry of the legend: a short line or a mark, with its name.
 * @param {Panel} panel
 * @param {Line | Marks} item
 */
function entry(panel, item) {
  const sample = make("canvas", { width: 1, height: 1, style: "width: 24px" });
  const ctx = sizeCanvas(penOf(sample), 24, 14);
  const colour = colourOf(panel, item.colour);
  if ("kind" in item) {
    ctx.fillStyle = colour;
    if (traceMark(ctx, item.kind, 12, 7, Math.min(item.size, 5))) ctx.fill();
  } else {
    ctx.strokeStyle = colour;
    ctx.lineWidth = item.width;
    ctx.setLineDash(item.dash ? [6, 5] : []);
    line(ctx, 1, 7, 23, 7);
  }
  return make("span", {}, sample, item.label);
}

/**
 * The readout for screen readers, once it stops changing.
 * @param {Panel} panel
 */
function announce(panel) {
  clearTimeout(panel.announceTimer);
  panel.announceTimer = setTimeout(() => {
    const text = panel.model.get("readout");
    const { said } = panel.page;
    if (said.textContent !== text) said.textContent = text;
  }, 250);
}
