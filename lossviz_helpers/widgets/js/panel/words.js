// Texts of a panel, its key, and what is read out.

import { line, sizeCanvas } from "../canvas/pen.js";
import { make } from "../page/elements.js";
import { MARKS, colourOf } from "./marks.js";

/** Texts, names and the key of labelled lines and marks. */
export function showWords(panel) {
  const { model, canvas, theme } = panel;
  const follow = model.get("follow");
  panel.caption.textContent = model.get("title");
  panel.caption.hidden = !model.get("title");
  panel.readout.textContent = model.get("readout");
  panel.readout.hidden = !model.get("readout") && follow === "none";
  canvas.setAttribute("role", follow === "none" ? "img" : "application");
  canvas.classList.toggle("lv-hand", follow !== "none");
  if (follow === "none") canvas.removeAttribute("tabindex");
  else canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", nameOf(model, follow));
  const labelled = [...model.get("lines"), ...model.get("marks")].filter((item) => item.label);
  panel.key.hidden = !labelled.length;
  const key = JSON.stringify([labelled.map(({ label, colour }) => [label, colour]), theme]);
  if (key !== panel.keyShown) panel.key.replaceChildren(...labelled.map((item) => keyOf(panel, item)));
  panel.keyShown = key;
  sayOf(panel);
}

function nameOf(model, follow) {
  const keys = {
    none: "",
    across: " Left and right arrow keys move the pointer.",
    both: " Arrow keys move the pointer, enter picks the point.",
  };
  return `${model.get("description") || model.get("title")}${keys[follow]}`;
}

/** A short line or a mark with its name. */
function keyOf(panel, item) {
  const sample = make("canvas", { width: 1, height: 1, style: "width: 24px" });
  const ctx = sizeCanvas(sample, 24, 14);
  if (item.kind) {
    ctx.beginPath();
    MARKS[item.kind](ctx, 12, 7, Math.min(item.size, 5));
    ctx.fillStyle = colourOf(panel, item.colour);
    if (!["start", "end", "cross"].includes(item.kind)) ctx.fill();
  } else {
    ctx.strokeStyle = colourOf(panel, item.colour);
    ctx.lineWidth = item.width;
    ctx.setLineDash(item.dash ? [6, 5] : []);
    line(ctx, 1, 7, 23, 7);
  }
  return make("span", {}, sample, item.label);
}

/** The readout for those who hear it, once things hold still. */
function sayOf(panel) {
  clearTimeout(panel.saying);
  panel.saying = setTimeout(() => {
    const text = panel.model.get("readout");
    if (panel.said.textContent !== text) panel.said.textContent = text;
  }, 250);
}
