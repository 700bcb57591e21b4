// A map of losses on a plane, with contours, and its place on a canvas.

import { drawAxes, part } from "../canvas/axes.js";
import { inBox } from "../canvas/pen.js";
import { drawColours, drawFaintContours, makeTile, strokeSegments } from "../canvas/picture.js";
import { makeField, makeScale } from "../colours.js";
import { contour } from "../contours.js";

/** @import { Axis } from "../canvas/axes.js" */
/** @import { Box, Pen } from "../canvas/pen.js" */
/** @import { Tile } from "../canvas/picture.js" */
/** @import { Scale } from "../colours.js" */
/** @import { Grid } from "../contours.js" */
/** @import { Theme } from "../page/theme.js" */

const FAINT = 14; // contours across the colours
const FEW = 0.97;

/**
 * Losses on a square grid, ready to be drawn.
 * @typedef {{ losses: Float32Array, grid: Grid, scale: Scale }} Field
 */

/** @typedef {{ across: Axis, up: Axis }} Window */

/**
 * @param {Float32Array} losses
 * @param {number} size
 * @param {[lo: number, hi: number] | null} limits - null for those of the losses
 * @param {boolean} log
 * @returns {Field}
 */
export function fieldOf(losses, size, limits = null, log = false) {
  let [lo, hi] = limits ?? limitsOf(losses);
  if (!(hi > lo)) hi = lo + 1e-9;
  const scale = makeScale(log, [lo, hi]);
  return { losses, grid: { values: makeField(losses, scale), nu: size, nv: size }, scale };
}

/**
 * The lowest loss, and one that few losses exceed: a corner that rises steeply would leave no
 * colours for the rest.
 * @param {Float32Array} losses
 * @returns {[lo: number, hi: number]}
 */
function limitsOf(losses) {
  const sorted = losses.filter(Number.isFinite).sort();
  return [sorted[0], sorted[Math.floor(FEW * (sorted.length - 1))]];
}

/** Tiles by size: one pixel for each grid point. */
export function tiles() {
  /** @type {Map<number, Tile>} */
  const made = new Map();
  /** @param {number} size */
  return (size) => {
    const tile = made.get(size) ?? makeTile(size, size);
    made.set(size, tile);
    return tile;
  };
}

/**
 * Colours, faint contours, and a bold contour at one loss.
 * @param {Pen} ctx
 * @param {Box} box
 * @param {Field} field
 * @param {Tile} tile
 * @param {Uint32Array} colours
 * @param {number | null} level
 */
export function drawField(ctx, box, { grid, scale }, tile, colours, level) {
  inBox(ctx, box, () => {
    drawColours(ctx, box, grid, tile, { colours, hasGaps: false, hatching: "" });
    drawFaintContours(ctx, box, grid, FAINT);
    if (level === null) return;
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.strokeStyle = "#0b0d14";
    ctx.lineWidth = 2;
    strokeSegments(ctx, box, grid, contour(grid, scale.position(level)));
  });
}

/**
 * The frame of a map.
 * @param {Pen} ctx
 * @param {Theme} theme
 * @param {Box} box
 * @param {Window} window
 */
export const drawFrame = (ctx, theme, box, { across, up }) =>
  drawAxes(ctx, theme, box, across, up, true);

/**
 * Coordinates → canvas.
 * @param {Box} box
 * @param {Window} window
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
export const toCanvas = (box, { across, up }, x, y) => [
  box.x + part(across, x) * box.width,
  box.y + (1 - part(up, y)) * box.height,
];

/**
 * Canvas → coordinates; null outside the box.
 * @param {Box} box
 * @param {Window} window
 * @param {number} px
 * @param {number} py
 * @returns {[number, number] | null}
 */
export function toPlane(box, { across, up }, px, py) {
  const [u, v] = [(px - box.x) / box.width, 1 - (py - box.y) / box.height];
  if (u < 0 || u > 1 || v < 0 || v > 1) return null;
  return [across.lo + u * (across.hi - across.lo), up.lo + v * (up.hi - up.lo)];
}
