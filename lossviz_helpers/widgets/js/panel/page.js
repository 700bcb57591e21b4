// The elements of a panel, and their sizes.

import { tickCount, tickText, ticks } from "../numbers.js";
import { sizeCanvas } from "../canvas/pen.js";
import { make } from "../page/elements.js";

const ROWS = { top: 24, bottom: 40, right: 10 }; // around the box, for ticks and names

export function buildPanel(panel, el) {
  panel.canvas = make("canvas");
  panel.caption = make("div.caption");
  panel.key = make("div.key", { "aria-hidden": "true" });
  panel.bar = { canvas: make("canvas.colourbar", { role: "img" }) };
  panel.readout = make("p.readout", { "aria-hidden": "true" });
  panel.said = make("div.said", { role: "status", "aria-live": "polite" });
  panel.root = make(
    "figure.card.plot", {},
    panel.caption, panel.canvas, panel.key, panel.bar.canvas, panel.readout, panel.said,
  );
  el.append(panel.root);
}

/** Sizes for the width there is. */
export function layoutPanel(panel) {
  const { model, canvas, root } = panel;
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  if (!width || !canvas.isConnected) return false;
  canvas.style.width = `${width}px`; // whole pixels: a stretched canvas is blurred
  root.dataset.width = width < 200 ? "narrow" : "wide";
  const left = tickWidth(panel, width * model.get("aspect")) + 14;
  const top = panel.up.label ? ROWS.top : 8;
  const inner = width - left - ROWS.right;
  const height = Math.round(inner * model.get("aspect"));
  panel.box = { x: left, y: top, width: inner, height };
  panel.width = width;
  panel.height = height + top + ROWS.bottom;
  panel.ctx = sizeCanvas(canvas, width, panel.height);
  const { bar } = panel;
  bar.canvas.hidden = !(panel.hasPicture && model.get("bar"));
  bar.canvas.style.display = bar.canvas.hidden ? "none" : "";
  bar.ctx = null;
  if (bar.canvas.hidden) return true;
  Object.assign(bar, { width, height: 44, ctx: sizeCanvas(bar.canvas, width, 44) });
  return true;
}

/** Pixels that the widest number beside a box of this height needs. */
function tickWidth({ canvas, theme, up }, height) {
  const ctx = canvas.getContext("2d");
  ctx.font = theme.font;
  const numbers = ticks(up.lo, up.hi, tickCount(height));
  return Math.max(...numbers.map((t) => ctx.measureText(tickText(t)).width));
}
