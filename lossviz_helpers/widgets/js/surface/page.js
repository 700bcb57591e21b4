// The elements of the widget, and their sizes.

import { offscreen, penOf, sizeCanvas } from "../canvas/pen.js";
import { make } from "../page/elements.js";

/** @import { Ground } from "./state.js" */
/** @import { Widget } from "./widget.js" */

/** @typedef {ReturnType<typeof buildPage>} Page */
/** @typedef {ReturnType<typeof buildFigure>} Figure */

export const HEIGHTS = { min: 0.2, max: 2, step: 0.05 };
const KEYS =
  "Arrow keys turn it; plus and minus zoom; a, d, s and w move the point that is read; " +
  "Home resets the view.";

/**
 * @param {Ground[]} grounds
 * @param {string} quantity
 */
export function buildPage(grounds, quantity) {
  const figures = grounds.map((ground) => buildFigure(ground, quantity, grounds.length > 1));
  const scales = ["log", "linear"].map((name) =>
    make("button", { type: "button", "aria-pressed": "false", "data-scale": name }, name),
  );
  const height = make("input", { type: "range", ...HEIGHTS, "aria-label": "height" });
  const contours = make("input", { type: "checkbox" });
  const reset = make("button", { type: "button" }, "Reset");
  const save = make("button", { type: "button", title: "save the picture as a PNG file" }, "PNG");
  const words = make("p.words", { role: "status", "aria-live": "polite" });
  const legend = make("div.legend");
  const note = make("p.note");
  const controls = make(
    "div.bar",
    {},
    make("span.segments", { role: "group", "aria-label": "scale" }, ...scales),
    make("label.height", {}, "height", height),
    make("label.check", {}, contours, "contours"),
    make("span.buttons", {}, reset, save),
  );
  const stage = make(
    "div.stage",
    { "data-count": figures.length },
    ...figures.map((f) => f.figure),
  );
  const label = grounds.length > 1 ? "Two surfaces on one scale" : "A surface that you can rotate";
  const root = make(
    "section.card.surface",
    { "aria-label": label },
    stage,
    controls,
    legend,
    note,
    words,
  );
  return { root, stage, figures, scales, height, contours, reset, save, words, legend, note };
}

/**
 * @param {Ground} ground
 * @param {string} quantity
 * @param {boolean} isOneOfTwo
 */
function buildFigure(ground, quantity, isOneOfTwo) {
  const name = ground.name || (isOneOfTwo ? "" : quantity);
  const canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "surface",
    "aria-label": `Surface${ground.name ? ` ${ground.name}` : ""}. ${KEYS}`,
  });
  const reading = make("span.reading");
  const title = make("span.title", {}, name);
  return {
    canvas,
    ctx: penOf(canvas),
    scene: offscreen(), // the block alone
    reading,
    figure: make("figure.panel", {}, make("figcaption", {}, title, reading), canvas),
    width: 0,
    height: 0,
  };
}

/**
 * Size all canvases for the available width; returns whether there is any.
 * @param {Widget} widget
 */
export function layOut({ page: { root, figures } }) {
  const total = root.clientWidth;
  if (!total) return false;
  root.dataset.width = total >= 760 ? "wide" : total >= 520 ? "medium" : "narrow";
  for (const figure of figures) {
    const width = Math.floor(figure.figure.clientWidth);
    const height = Math.round(Math.min(width * (width < 520 ? 0.84 : 0.62), 620));
    if (figure.width === width && figure.height === height && isSharp(figure.canvas, width))
      continue;
    sizeCanvas(figure.ctx, width, height);
    Object.assign(figure, { width, height });
  }
  return true;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 */
const isSharp = (canvas, width) => canvas.width === Math.round(width * (devicePixelRatio || 1));
