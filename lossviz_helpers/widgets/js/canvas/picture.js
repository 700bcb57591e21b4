// A picture of a grid: colours, gaps and contours.

import { colourIndex } from "../colours.js";
import { contours } from "../contours.js";
import { offscreen } from "./pen.js";

/** @import { Grid } from "../contours.js" */
/** @import { Box, Pen } from "./pen.js" */

/**
 * How losses are coloured.
 * @typedef {object} Colouring
 * @property {Uint32Array} colours - 256 pixels
 * @property {boolean} hasGaps
 * @property {string | CanvasPattern} hatching - of the gaps
 */

/**
 * Where a picture with one pixel per grid point is drawn, before it is enlarged.
 * @typedef {{ pen: Pen, image: ImageData }} Tile
 */

/** @typedef {[colour: string, width: number][]} Stroke - drawn on top of each other */

/** @type {Stroke} */
export const ISO = [["rgba(255, 255, 255, 0.85)", 3.8], ["#0b0d14", 1.9]];

/**
 * @param {number} nu
 * @param {number} nv
 * @returns {Tile}
 */
export const makeTile = (nu, nv) => ({ pen: offscreen(nu, nv), image: new ImageData(nu, nv) });

/**
 * Canvas x of grid position u, counted in grid steps.
 * @param {Box} box
 * @param {Grid} grid
 * @param {number} u
 */
export function toX(box, { nu }, u) {
  return box.x + (u / (nu - 1)) * box.width;
}

/**
 * Canvas y of grid position v, which counts upwards.
 * @param {Box} box
 * @param {Grid} grid
 * @param {number} v
 */
export function toY(box, { nv }, v) {
  return box.y + (1 - v / (nv - 1)) * box.height;
}

/**
 * Colour the pixels of an image, one for each grid point, from positions on the colour bar. A gap
 * has the colour of its neighbour.
 * @param {Uint32Array} pixels - the top row first
 * @param {Grid} grid
 * @param {Uint32Array} colours
 */
export function colourPixels(pixels, { values, nu, nv }, colours) {
  let colour = colours[0];
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const position = values[v * nu + u];
      if (!Number.isNaN(position)) colour = colours[colourIndex(position)];
      pixels[(nv - 1 - v) * nu + u] = colour;
    }
}

/**
 * The values as colours, one pixel for each grid point, enlarged smoothly.
 * @param {Pen} ctx
 * @param {Box} box
 * @param {Grid} grid
 * @param {Tile} tile
 * @param {Colouring} colouring
 */
export function drawColours(ctx, box, grid, { pen, image }, colouring) {
  const { nu, nv } = grid;
  colourPixels(new Uint32Array(image.data.buffer), grid, colouring.colours);
  pen.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  // a pixel has its colour at its centre, so the box begins and ends half a pixel inside
  ctx.drawImage(pen.canvas, 0.5, 0.5, nu - 1, nv - 1, box.x, box.y, box.width, box.height);
  if (colouring.hasGaps) drawGaps(ctx, box, grid, colouring.hatching);
}

/**
 * Hatching over every model without a finite loss.
 * @param {Pen} ctx
 * @param {Box} box
 * @param {Grid} grid
 * @param {string | CanvasPattern} hatching
 */
function drawGaps(ctx, box, grid, hatching) {
  const { values, nu, nv } = grid;
  ctx.beginPath();
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      if (!Number.isNaN(values[v * nu + u])) continue;
      const [x, y] = [toX(box, grid, u - 0.5), toY(box, grid, v + 0.5)];
      ctx.rect(x, y, toX(box, grid, u + 0.5) - x, toY(box, grid, v - 0.5) - y);
    }
  ctx.fillStyle = hatching;
  ctx.fill();
}

/**
 * Faint contours on the colours, at levels 1/count, 2/count, …
 * @param {Pen} ctx
 * @param {Box} box
 * @param {Grid} grid
 * @param {number} count
 */
export function drawFaintContours(ctx, box, grid, count) {
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.strokeStyle = "rgba(255, 255, 255, 0.28)";
  ctx.lineWidth = 0.7;
  strokeSegments(ctx, box, grid, contours(grid, count));
}

/**
 * Line segments [u, v, u, v, …] in the current style.
 * @param {Pen} ctx
 * @param {Box} box
 * @param {Grid} grid
 * @param {number[]} segments
 */
export function strokeSegments(ctx, box, grid, segments) {
  ctx.beginPath();
  for (let i = 0; i < segments.length; i += 4) {
    ctx.moveTo(toX(box, grid, segments[i]), toY(box, grid, segments[i + 1]));
    ctx.lineTo(toX(box, grid, segments[i + 2]), toY(box, grid, segments[i + 3]));
  }
  ctx.stroke();
}
