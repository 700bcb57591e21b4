// What a panel shows: its picture, its axes and the value under the pointer.

import { clamp, floats, mix } from "../numbers.js";
import { makeField, makeScale, readColours } from "../colours.js";
import { makeStrip } from "../canvas/bar.js";
import { make } from "../page/elements.js";

/** Take over the picture: its field of positions on the colour bar. */
export function readPicture(panel) {
  const { model } = panel;
  const [nu, nv] = model.get("_shape");
  panel.hasPicture = nu > 0;
  if (!panel.hasPicture) return;
  if (panel.nu !== nu || panel.nv !== nv) {
    Object.assign(panel, { nu, nv, tile: make("canvas", { width: nu, height: nv }) });
    panel.image = new ImageData(nu, nv);
  }
  panel.colours = readColours(model.get("_colours"));
  panel.scale = makeScale(model.get("log"), model.get("limits"));
  panel.losses = floats(model.get("_picture"));
  panel.slice = { values: makeField(panel.losses, panel.scale), nu, nv };
  panel.hasGaps = panel.losses.some(Number.isNaN);
  panel.strip = makeStrip(panel.colours);
}

/** Ranges and names of the axes. */
export function readAxes(panel) {
  const [[x0, x1], [y0, y1]] = panel.model.get("extent");
  const [across, up] = panel.model.get("labels");
  panel.across = { lo: x0, hi: x1, label: across };
  panel.up = { lo: y0, hi: y1, label: up };
}

/** Coordinates ↔ canvas. */
export function toCanvas(panel, x, y) {
  const { box, across, up } = panel;
  return [
    box.x + ((x - across.lo) / (across.hi - across.lo)) * box.width,
    box.y + (1 - (y - up.lo) / (up.hi - up.lo)) * box.height,
  ];
}

export function toPlot(panel, px, py) {
  const { box, across, up } = panel;
  return [
    mix(across.lo, across.hi, clamp((px - box.x) / box.width, 0, 1)),
    mix(up.lo, up.hi, clamp(1 - (py - box.y) / box.height, 0, 1)),
  ];
}

/** The value of the grid point nearest to the pointer. */
export function valueAtPointer({ model, across, up, nu, nv, losses }) {
  const pointer = model.get("pointer");
  if (!pointer) return NaN;
  const u = Math.round(((pointer[0] - across.lo) / (across.hi - across.lo)) * (nu - 1));
  const v = Math.round(((pointer[1] - up.lo) / (up.hi - up.lo)) * (nv - 1));
  return losses[clamp(v, 0, nv - 1) * nu + clamp(u, 0, nu - 1)];
}
