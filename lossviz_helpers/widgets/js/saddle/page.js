// The elements of the explorer of saddles, and their sizes.

import { fit } from "../live/size.js";
import { make } from "../page/elements.js";

/** @typedef {ReturnType<typeof buildPage>} Page */

const WALK_HEIGHT = 76;
const FLAT = 0.94; // height of surface and map, compared with their width

/**
 * @param {number} P - how many eigenvalues there are
 */
export function buildPage(P) {
  const walk = make("canvas", { "aria-hidden": "true" });
  const bars = make("div.bars", { role: "group", "aria-label": "Eigenvalues of the Hessian" });
  const columns = Array.from({ length: P }, () => {
    const [bar, mark] = [make("i"), make("b")];
    const button = make("button", { type: "button", tabindex: -1 }, bar, mark);
    return { button, bar, mark };
  });
  columns[0].button.tabIndex = 0;
  const ticks = make("div");
  bars.append(ticks, ...columns.map(({ button }) => button));
  const surface = make("canvas.turn", { tabindex: 0, role: "application" });
  const map = make("canvas.hand", { tabindex: 0, role: "application" });
  const steps = make("div.row");
  const planes = make("div.row");
  const summary = make("p.words");
  const along = make("div.along");
  const reading = make("small");
  const count = make("span.muted");
  const said = make("div.said", { role: "status", "aria-live": "polite" });
  const key = make(
    "small.key",
    {},
    make("i", { "data-sign": "down" }),
    "curves down along some eigenvector\u2002",
    make("i"),
    "along none",
  );
  const under = make("p.under", {}, "Choose two: their directions span the plane.");
  const title = "curvature λ along each eigenvector";
  const root = make(
    "div.card.live.saddle",
    {},
    make("figure.part.walk", {}, make("figcaption.caption", {}, "the loss along the walk", key), walk),
    steps,
    summary,
    make(
      "div.views",
      {},
      make("figure.part", {}, make("figcaption.caption", {}, title), bars, under),
      make("figure.part", {}, make("figcaption.caption", {}, "the loss on the plane"), surface),
      make("figure.part", {}, make("figcaption.caption", {}, "its map", reading), map),
    ),
    along,
    planes,
    said,
  );
  return {
    root, walk, columns, ticks, surface, map, steps, planes, summary, along, reading, count, said,
  };
}

/**
 * Size the canvases for the available width; returns whether there is any.
 * @param {Page} page
 */
export function layOut({ root, walk, surface, map }) {
  const width = root.clientWidth;
  if (!width || !root.isConnected) return false;
  root.dataset.width = width < 560 ? "narrow" : width < 820 ? "medium" : "wide";
  fit(walk, () => WALK_HEIGHT);
  fit(surface, (width) => Math.round(FLAT * width));
  fit(map, (width) => Math.round(FLAT * width));
  return true;
}
