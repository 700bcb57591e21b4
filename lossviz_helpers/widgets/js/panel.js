// A plot panel: a picture on a grid, lines and marks, and a pointer that hands and keys can move.
//
// Python (panel.py) says what is drawn, and again whenever it changes; `pointer` and `picked` are
// set from both sides. What stands in canvas.js is in front of this text.

import { hatch } from "./canvas/pen.js";
import { guard, showError } from "./page/elements.js";
import { readTheme, watchPage } from "./page/theme.js";
import { keepKeys } from "./page/hands.js";
import { readAxes, readPicture } from "./panel/state.js";
import { drawPanel } from "./panel/drawing.js";
import { buildPanel, layoutPanel } from "./panel/page.js";
import { showWords } from "./panel/words.js";
import { connectHands } from "./panel/hands.js";

/** Redraw when the model, the size or the theme changes; returns how to stop that. */
function connectPanel(panel, el) {
  const { model, root } = panel;
  const picture = ["_picture", "_shape", "_colours", "log", "limits"];
  let stale = false;
  const restyle = () => {
    readTheme(panel, el);
    for (const name of ["blue", "orange", "path", "card"])
      panel.theme[name] = getComputedStyle(root).getPropertyValue(`--lv-${name}`).trim();
    panel.ready = layoutPanel(panel);
    if (!panel.ready) return; // not on the page yet, or hidden: the size will change
    keepKeys(root);
    panel.hatching = hatch(panel.ctx, panel.theme);
    showWords(panel);
    drawPanel(panel);
  };
  const takeOver = guard(root, () => {
    const had = panel.hasPicture;
    readAxes(panel);
    if (stale) readPicture(panel);
    stale = false;
    if (had !== panel.hasPicture) return restyle();
    showWords(panel);
    drawPanel(panel);
  });
  const spoil = () => (stale = true);
  for (const name of picture) model.on(`change:${name}`, spoil);
  model.on("change", takeOver);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    for (const name of picture) model.off(`change:${name}`, spoil);
    model.off("change", takeOver);
    clearTimeout(panel.saying);
    stop();
  };
}

function render({ model, el }) {
  try {
    const panel = { model };
    buildPanel(panel, el);
    readAxes(panel);
    readPicture(panel);
    connectHands(panel);
    return connectPanel(panel, el);
  } catch (error) {
    showError(el, error);
  }
}

export default { render };
