// A panel on the page: it draws what its model says, and lets mouse and keys move the pointer.

import { hatch } from "../canvas/pen.js";
import { guard } from "../page/elements.js";
import { keepKeys } from "../page/input.js";
import { readTheme, watchPage } from "../page/theme.js";
import { drawPanel } from "./drawing.js";
import { connectInput } from "./input.js";
import { buildPage, layOut } from "./page.js";
import { readAxes, readPicture } from "./state.js";
import { showWords } from "./words.js";

/** @import { Model, Panel } from "./state.js" */

/** The traits of the picture, which is only read again if one of them changed. */
const PICTURE = ["_picture", "_shape", "_colours", "log", "limits"];

/**
 * Redraw when the model, the size or the theme changes; returns a function that stops this.
 * @param {Panel} panel
 * @param {HTMLElement} el
 */
function connect(panel, el) {
  const { model, page: { root } } = panel;
  const restyle = () => {
    panel.theme = readTheme(root, el);
    panel.layout = layOut(panel);
    if (!panel.layout) return; // not on the page yet, or hidden: the size will change
    keepKeys(root);
    panel.hatching = hatch(panel.theme);
    showWords(panel);
    drawPanel(panel);
  };
  let isStale = false;
  const markStale = () => {
    isStale = true;
  };
  const update = guard(root, () => {
    const had = panel.picture;
    panel.axes = readAxes(model);
    if (isStale) panel.picture = readPicture(model, had);
    isStale = false;
    if (!had !== !panel.picture) return restyle();
    showWords(panel);
    drawPanel(panel);
  });
  for (const name of PICTURE) model.on(`change:${name}`, markStale);
  model.on("change", update);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    for (const name of PICTURE) model.off(`change:${name}`, markStale);
    model.off("change", update);
    clearTimeout(panel.announceTimer);
    stop();
  };
}

/**
 * Put a panel into an element; returns a function that stops it.
 * @param {Model} model
 * @param {HTMLElement} el
 * @param {HTMLElement} [around] - whose background says whether the page is dark
 */
export function showPanel(model, el, around = el) {
  const page = buildPage();
  el.append(page.root);
  const theme = readTheme(page.root, around);
  /** @type {Panel} */
  const panel = {
    model,
    page,
    axes: readAxes(model),
    picture: readPicture(model, null),
    theme,
    hatching: theme.gap,
    layout: null,
    shownLegend: "",
    announceTimer: 0,
  };
  connectInput(panel);
  return connect(panel, around);
}
