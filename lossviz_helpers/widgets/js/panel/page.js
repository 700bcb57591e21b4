// The elements of a panel, and their sizes.

import { BAR_HEIGHT } from "../canvas/bar.js";
import { penOf, sizeCanvas } from "../canvas/pen.js";
import { tickCount, ticks, tickText } from "../numbers.js";
import { make } from "../page/elements.js";

/** @import { Layout, Panel } from "./state.js" */

/** @typedef {ReturnType<typeof buildPage>} Page */

const ROWS = { top: 24, bottom: 40, right: 10 }; // around the box, for ticks and labels

export function buildPage() {
  const canvas = make("canvas");
  const caption = make("div.caption");
  const legend = make("div.legend", { "aria-hidden": "true" });
  const bar = make("canvas.colourbar", { role: "img" });
  const readout = make("p.readout", { "aria-hidden": "true" });
  const said = make("div.said", { role: "status", "aria-live": "polite" });
  const root = make("figure.card.plot", {}, caption, canvas, legend, bar, readout, said);
  return { root, canvas, caption, legend, bar, readout, said };
}

/**
 * Sizes for the available width; null if there is none.
 * @param {Panel} panel
 * @returns {Layout | null}
 */
export function layOut({ model, page, picture, axes, theme }) {
  const { canvas, root, bar } = page;
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  if (!width || !canvas.isConnected) return null;
  canvas.style.width = `${width}px`; // whole pixels: a stretched canvas is blurred
  root.dataset.width = width < 200 ? "narrow" : "wide";
  const ctx = penOf(canvas);
  ctx.font = theme.font;
  const numbers = ticks(axes.up.lo, axes.up.hi, tickCount(width * model.get("aspect")));
  const widest = Math.max(...numbers.map((t) => ctx.measureText(tickText(t)).width));
  const left = widest + 14;
  const top = axes.up.label ? ROWS.top : 8;
  const inner = width - left - ROWS.right;
  const box = { x: left, y: top, width: inner, height: Math.round(inner * model.get("aspect")) };
  const height = box.height + top + ROWS.bottom;
  sizeCanvas(ctx, width, height);
  const hasBar = picture !== null && model.get("bar");
  bar.hidden = !hasBar;
  bar.style.display = hasBar ? "" : "none";
  if (!hasBar) return { ctx, width, height, box, bar: null };
  const barPen = sizeCanvas(penOf(bar), width, BAR_HEIGHT);
  return { ctx, width, height, box, bar: { ctx: barPen, width, strip: picture.strip } };
}
