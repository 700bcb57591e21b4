// A page with widgets and nothing else: no kernel, no Jupyter, no network (standalone.py).

import { formatLoss, floats, nearest, tickText } from "./numbers.js";
import { makeModel, revive } from "./page/model.js";
import { readGround } from "./surface/state.js";
import { readingText, symbolOf } from "./surface/words.js";

/** @import { AnyModel, Render } from "@anywidget/types" */
/** @import { Traits as PanelTraits } from "./panel/state.js" */
/** @import { Traits as SurfaceTraits } from "./surface/state.js" */

/** @typedef {{ script: string, state: Record<string, unknown> }} Saved */
/** @typedef {Record<string, { render: Render }>} Scripts */

/**
 * Draw the widgets one below the other, and link those that belong together.
 * @param {Scripts} scripts - by name
 * @param {Saved[]} saved
 * @param {HTMLElement} el
 */
function start(scripts, saved, el) {
  const models = saved.map(({ state }) => makeModel(revive(state)));
  const [first, second] = models;
  if (saved[0].script === "surface" && second) linkMap(first, second);
  if (saved[0].script === "panel") linkCurve(first);
  saved.forEach(({ script }, i) => {
    const place = document.createElement("div");
    el.append(place);
    /** @type {any} */ (scripts[script]).render({ model: models[i], el: place });
  });
}

/**
 * Surface and map read the same point.
 * @param {AnyModel<SurfaceTraits>} surface
 * @param {AnyModel<PanelTraits>} map
 */
function linkMap(surface, map) {
  const ground = readGround(surface.get("_surfaces")[0]);
  const symbol = symbolOf(surface.get("_quantity"));
  surface.on("change:pointer", () => map.set("pointer", surface.get("pointer")));
  map.on("change:pointer", () => {
    const pointer = map.get("pointer");
    surface.set("pointer", pointer);
    map.set("readout", readingText(ground, pointer, symbol));
  });
}

/**
 * A curve reads the nearest point that was computed.
 * @param {AnyModel<PanelTraits>} panel
 */
function linkCurve(panel) {
  const points = floats(panel.get("lines")[0].points);
  const across = Array.from(points.filter((_, i) => i % 2 === 0));
  panel.on("change:pointer", () => {
    const pointer = panel.get("pointer");
    if (!pointer) return;
    const i = nearest(across, pointer[0]);
    const symbol = symbolOf(panel.get("labels")[1]);
    panel.set(
      "readout",
      `${symbol} = ${formatLoss(points[2 * i + 1])} at α = ${tickText(across[i])}`,
    );
  });
}

export default { start };
