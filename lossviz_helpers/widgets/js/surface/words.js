// Numbers above the pictures, the legend, and sentences for screen readers.

import { formatLoss, minus } from "../numbers.js";
import { make } from "../page/elements.js";
import { decimals, readAt } from "./state.js";

/** @import { Ground, Pair, Run } from "./state.js" */
/** @import { Widget } from "./widget.js" */

/**
 * α as text, with as many decimals as the grid has.
 * @param {Ground} ground
 * @param {Pair} alpha
 */
export function alphaText(ground, alpha) {
  const places = decimals(ground);
  return `(${alpha.map((x) => minus(x.toFixed(places))).join(", ")})`;
}

/**
 * What is read at α on one surface, such as "L = 0.123 at α = (0.5, −1.0)".
 * @param {Ground} ground
 * @param {Pair | null} alpha
 * @param {string} symbol - of the quantity
 */
export function readingText(ground, alpha, symbol) {
  if (!alpha) return "";
  const found = readAt(ground, alpha);
  if (!found) return "outside this window";
  const where = alphaText(ground, found.alpha);
  if (!Number.isFinite(found.loss)) return `a gap at α = ${where}`;
  return `${symbol} = ${formatLoss(found.loss)} at α = ${where}`;
}

/** @param {Widget} widget */
export function showReading(widget) {
  const { grounds, model, page } = widget;
  const pointer = model.get("pointer");
  const symbol = symbolOf(model.get("_quantity"));
  const texts = grounds.map((ground) => readingText(ground, pointer, symbol));
  page.figures.forEach(({ reading }, i) => {
    reading.textContent = texts[i] || (i ? "" : "drag to turn");
    reading.classList.toggle("lv-hint", !texts[i]);
  });
  clearTimeout(widget.announceTimer);
  if (!pointer) return;
  const said = texts.map((text, i) => (grounds[i].name ? `${grounds[i].name}: ${text}` : text));
  widget.announceTimer = setTimeout(() => {
    page.words.textContent = `${said.join("; ")}.`;
  }, 300);
}

/** @param {string} quantity - "loss L", or the name of something else */
export const symbolOf = (quantity) => (quantity === "loss L" ? "L" : quantity);

/** @param {Widget} widget */
export function showControls({ model, scale, page }) {
  page.scales[0].setAttribute("aria-pressed", String(scale.isLog));
  page.scales[1].setAttribute("aria-pressed", String(!scale.isLog));
  page.scales[0].disabled = !model.get("_log_limits");
  const height = model.get("height");
  page.height.value = String(height);
  page.height.setAttribute("aria-valuetext", `${Number(height.toFixed(2))} times`);
  const { min, max } = page.height;
  const filled = (100 * (height - Number(min))) / (Number(max) - Number(min));
  page.height.style.setProperty("--lv-fill", `${filled}%`);
  page.contours.checked = model.get("contours");
}

/** @param {Widget} widget */
export function showLegend({ grounds, model, page }) {
  /** @type {Map<string, Run>} */
  const runs = new Map();
  for (const run of grounds.flatMap((ground) => ground.runs)) runs.set(run.name + run.colour, run);
  if (!runs.size) return;
  /** @param {string} text */
  const mark = (text) => make("span.mark", { "aria-hidden": "true" }, text);
  for (const { name, colour } of runs.values()) {
    const swatch = make("span.line", { style: `background: ${colour}`, "aria-hidden": "true" });
    page.legend.append(make("span.key", {}, swatch, name || "training"));
  }
  page.legend.append(
    make("span.key", {}, mark("○"), "start"),
    make("span.key", {}, mark("★"), "end"),
  );
  page.note.textContent = shadowText(grounds, symbolOf(model.get("_quantity")));
}

/**
 * What the drawn paths are: shadows, if training left the plane.
 * @param {Ground[]} grounds
 * @param {string} symbol
 */
export function shadowText(grounds, symbol) {
  const said = [];
  for (const ground of grounds)
    for (const { name, steps } of ground.runs) {
      const far = Math.max(...steps.map(({ off }) => off));
      const end = steps.at(-1);
      const below = end && readAt(ground, end.alpha);
      if (!end || !below || far < 1e-3 * (ground.axes[0][1] - ground.axes[0][0])) continue;
      const of = name ? `${name}: ` : "";
      said.push(
        `${of}${symbol} = ${formatLoss(end.loss)} at ★ itself, ${formatLoss(below.loss)} on the ` +
          `surface below it, ${formatLoss(end.off)} away.`,
      );
    }
  if (!said.length) return "";
  return `Training left this plane: the line is its shadow. ${said.join(" ")}`;
}
