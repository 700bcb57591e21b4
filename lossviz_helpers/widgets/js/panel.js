// A plot panel: a picture on a grid, lines and marks, and a pointer that mouse and keys can move.
//
// Python (panel.py) says what to draw, and sends it again whenever it changes; `pointer` and
// `picked` are set from both sides.

import { widgetOf } from "./page/elements.js";
import { showPanel } from "./panel/view.js";

export default widgetOf(showPanel);
