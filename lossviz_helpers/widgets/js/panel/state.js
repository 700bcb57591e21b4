// What a panel shows: its picture, its axes, and the value under the pointer.

import { part } from "../canvas/axes.js";
import { makeStrip } from "../canvas/bar.js";
import { makeTile } from "../canvas/picture.js";
import { makeField, makeScale, readColours } from "../colours.js";
import { clamp, floats, mix } from "../numbers.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Axis } from "../canvas/axes.js" */
/** @import { Bar } from "../canvas/bar.js" */
/** @import { Box, Pen } from "../canvas/pen.js" */
/** @import { Tile } from "../canvas/picture.js" */
/** @import { Scale } from "../colours.js" */
/** @import { Grid } from "../contours.js" */
/** @import { Theme } from "../page/theme.js" */
/** @import { Page } from "./page.js" */

/** @typedef {[x: number, y: number]} Point */

/**
 * A line, or marks of one kind, as Python makes them: points are float32 pairs.
 * @typedef {{ points: DataView, colour: string, width: number, dash: boolean, label: string }} Line
 * @typedef {"start" | "end" | "dot" | "square" | "diamond" | "cross"} Kind
 * @typedef {{ points: DataView, colour: string, kind: Kind, size: number, label: string }} Marks
 */

/**
 * The traits of `Panel` in panel.py, which says what they mean.
 * @typedef {object} Traits
 * @property {string} title
 * @property {[across: string, up: string]} labels
 * @property {[across: Point, up: Point]} extent
 * @property {Line[]} lines
 * @property {Marks[]} marks
 * @property {string} readout
 * @property {string | null} description
 * @property {Point | null} pointer
 * @property {Point | null} picked
 * @property {"both" | "across" | "none"} follow
 * @property {Point} step
 * @property {number[]} levels
 * @property {boolean} faint
 * @property {boolean} bar
 * @property {number} aspect
 * @property {boolean} log
 * @property {Point} limits
 * @property {DataView} _picture
 * @property {[nu: number, nv: number]} _shape
 * @property {DataView} _colours
 */

/** @typedef {AnyModel<Traits>} Model */
/** @typedef {{ across: Axis, up: Axis }} Axes */

/**
 * @typedef {object} Picture
 * @property {Float32Array} losses - or whatever the values are
 * @property {Grid} grid - the same, as positions on the colour bar
 * @property {Scale} scale
 * @property {Uint32Array} colours
 * @property {boolean} hasGaps
 * @property {Tile} tile
 * @property {HTMLCanvasElement} strip - the colours in one row
 */

/**
 * Where things are, for the available width.
 * @typedef {{ ctx: Pen, width: number, height: number, box: Box, bar: Bar | null }} Layout
 */

/**
 * @typedef {object} Panel
 * @property {Model} model
 * @property {Page} page
 * @property {Axes} axes
 * @property {Picture | null} picture
 * @property {Theme} theme
 * @property {string | CanvasPattern} hatching - of gaps
 * @property {Layout | null} layout - null while the panel isn't on the page, or hidden
 * @property {string} shownLegend - which legend is on the page
 * @property {number} announceTimer
 */

/**
 * Ranges and labels of the axes.
 * @param {Model} model
 * @returns {Axes}
 */
export function readAxes(model) {
  const [[x0, x1], [y0, y1]] = model.get("extent");
  const [across, up] = model.get("labels");
  return { across: { lo: x0, hi: x1, label: across }, up: { lo: y0, hi: y1, label: up } };
}

/**
 * The picture that the model has now, if any.
 * @param {Model} model
 * @param {Picture | null} last - what was shown before; its tile is used again if it fits
 * @returns {Picture | null}
 */
export function readPicture(model, last) {
  const [nu, nv] = model.get("_shape");
  if (!nu) return null;
  const fits = last && last.grid.nu === nu && last.grid.nv === nv;
  const colours = readColours(model.get("_colours"));
  const scale = makeScale(model.get("log"), model.get("limits"));
  const losses = floats(model.get("_picture"));
  return {
    losses,
    grid: { values: makeField(losses, scale), nu, nv },
    scale,
    colours,
    hasGaps: losses.some(Number.isNaN),
    tile: fits ? last.tile : makeTile(nu, nv),
    strip: makeStrip(colours),
  };
}

/**
 * Coordinates → canvas.
 * @param {Box} box
 * @param {Axes} axes
 * @param {number} x
 * @param {number} y
 * @returns {Point}
 */
export function toCanvas(box, { across, up }, x, y) {
  return [box.x + part(across, x) * box.width, box.y + (1 - part(up, y)) * box.height];
}

/**
 * Canvas → coordinates, clamped to the edges.
 * @param {Box} box
 * @param {Axes} axes
 * @param {number} px
 * @param {number} py
 * @returns {Point}
 */
export function toPlot(box, { across, up }, px, py) {
  return [
    mix(across.lo, across.hi, clamp((px - box.x) / box.width, 0, 1)),
    mix(up.lo, up.hi, clamp(1 - (py - box.y) / box.height, 0, 1)),
  ];
}

/**
 * The value of the grid point nearest to the pointer; NaN without a pointer.
 * @param {Point | null} pointer
 * @param {Axes} axes
 * @param {Picture} picture
 */
export function valueAt(pointer, { across, up }, { losses, grid: { nu, nv } }) {
  if (!pointer) return NaN;
  const u = Math.round(part(across, pointer[0]) * (nu - 1));
  const v = Math.round(part(up, pointer[1]) * (nv - 1));
  return losses[clamp(v, 0, nv - 1) * nu + clamp(u, 0, nu - 1)];
}
