// A plot panel: a picture on a grid, lines and marks, and a pointer that mouse and keys can move.
//
// Python (panel.py) says what to draw, and sends it again whenever it changes; `pointer` and
// `picked` are set from both sides.

import { showError } from "./page/elements.js";
import { showPanel } from "./panel/view.js";

/** @import { Render } from "@anywidget/types" */
/** @import { Traits } from "./panel/state.js" */

/** @type {Render<Traits>} */
function render({ model, el }) {
  try {
    return showPanel(model, el);
  } catch (error) {
    return showError(el, error);
  }
}

export default { render };
