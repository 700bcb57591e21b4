// The elements of the explorer of learning rates, and their sizes.

import { fit } from "../live/size.js";
import { make } from "../page/elements.js";

/** @typedef {ReturnType<typeof buildPage>} Page */

export function buildPage() {
  const map = make("canvas", { role: "img" });
  const losses = make("canvas", { role: "img" });
  const sharpness = make("canvas", { role: "img" });
  const rates = make("div.row");
  const steps = make("div.row");
  const summary = make("p.words");
  const said = make("div.said", { role: "status", "aria-live": "polite" });
  const what = make("figcaption.caption", {}, "the walk of gradient descent");
  const key = make("small.key", {}, make("i"), "λmax ", make("i.limit"), "2/lr");
  const root = make(
    "div.card.live.rate",
    {},
    rates,
    make(
      "div.views",
      {},
      make("figure.part", {}, what, map),
      make(
        "div",
        {},
        make("figure.part", {}, make("figcaption.caption", {}, "loss L"), losses),
        make(
          "figure.part",
          {},
          make("figcaption.caption", {}, "largest curvature", key),
          sharpness,
        ),
      ),
    ),
    steps,
    summary,
    said,
  );
  return { root, map, losses, sharpness, rates, steps, summary, said, what };
}

/**
 * Size the canvases for the available width; returns whether there is any.
 * @param {Page} page
 */
export function layOut({ root, map, losses, sharpness }) {
  const width = root.clientWidth;
  if (!width || !root.isConnected) return false;
  root.dataset.width = width < 640 ? "narrow" : "wide";
  const isNarrow = root.dataset.width === "narrow";
  fit(map, (width) => width);
  const room = map.clientHeight;
  fit(losses, () => (isNarrow ? 150 : Math.round(0.44 * room)));
  fit(sharpness, () => (isNarrow ? 180 : Math.round(0.5 * room)));
  return true;
}
