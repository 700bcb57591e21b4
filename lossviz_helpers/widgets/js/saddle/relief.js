// The surface above a plane, drawn from back to front on a 2D canvas.

import { colourIndex } from "../colours.js";
import { clamp } from "../numbers.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Field } from "../live/field.js" */

/** @typedef {{ azimuth: number, elevation: number }} View - in degrees */

/**
 * What is drawn on the surface: its lines along the two directions, in their colours.
 * @typedef {object} Style
 * @property {Uint32Array} colours
 * @property {[string, string]} lines
 * @property {string} edge
 * @property {string} ink
 * @property {string} font
 */

const HEIGHT = 1; // of the block, whose base is 2 × 2
const TOP = 1.4; // steep corners are cut off here
const BASE = -0.12; // height of the square under the surface
const LIGHT = [-0.48, 0.36, 0.8]; // in the viewer's frame: from the upper left

/**
 * From the cube [−1, 1]² × [0, HEIGHT] to the canvas, seen from far away.
 * @param {View} view
 * @param {number} width
 * @param {number} height
 */
export function makeProjection({ azimuth, elevation }, width, height) {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const [ca, sa, ce, se] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e)];
  const size = Math.min(width / 2.92, height / 2.4);
  return {
    /** @type {(x: number, y: number, z: number) => [number, number]} */
    at: (x, y, z) => [
      width / 2 + size * (ca * x - sa * y),
      height / 2 - size * (se * (sa * x + ca * y) + ce * (z - (HEIGHT + BASE) / 2)),
    ],
    /** distance from the viewer, up to a constant */
    away: [sa, ca],
    /** light on a slope, from 0 to 1 */
    light: (/** @type {number} */ dx, /** @type {number} */ dy) => {
      // the normal (−dx, −dy, 1), turned into the viewer's frame
      const [x, y] = [-ca * dx + sa * dy, -sa * dx - ca * dy];
      const size = Math.sqrt(dx * dx + dy * dy + 1);
      return Math.max(0, (LIGHT[0] * x - LIGHT[1] * y + LIGHT[2]) / size);
    },
  };
}

/**
 * @param {{ ctx: Pen, width: number, height: number }} canvas
 * @param {Field} field
 * @param {View} view
 * @param {Style} style
 */
export function drawRelief({ ctx, width, height }, { losses, grid, scale }, view, style) {
  const size = grid.nu;
  const { at, away, light } = makeProjection(view, width, height);
  const span = scale.hi - scale.lo;
  const z = Float32Array.from(losses, (loss) => Math.min((HEIGHT * (loss - scale.lo)) / span, TOP));
  const step = 2 / (size - 1);
  const middle = (size - 1) / 2;
  const [px, py] = [new Float32Array(size * size), new Float32Array(size * size)];
  for (let v = 0, i = 0; v < size; v++)
    for (let u = 0; u < size; u++, i++)
      [px[i], py[i]] = at(u * step - 1, v * step - 1, z[i]);

  drawBase(ctx, at, style);
  // far cells first
  const [fromU, fromV] = [away[0] > 0, away[1] > 0];
  ctx.lineJoin = "round";
  for (let k = 0; k + 1 < size; k++) {
    const v = fromV ? size - 2 - k : k;
    for (let l = 0; l + 1 < size; l++) {
      const u = fromU ? size - 2 - l : l;
      const i = v * size + u;
      const [a, b, c, d] = [i, i + 1, i + size + 1, i + size];
      const dx = (z[b] + z[c] - z[a] - z[d]) / (2 * step);
      const dy = (z[c] + z[d] - z[a] - z[b]) / (2 * step);
      const position = (grid.values[a] + grid.values[b] + grid.values[c] + grid.values[d]) / 4;
      const paint = shade(style.colours[colourIndex(position)], light(dx, dy));
      ctx.beginPath();
      ctx.moveTo(px[a], py[a]);
      ctx.lineTo(px[b], py[b]);
      ctx.lineTo(px[c], py[c]);
      ctx.lineTo(px[d], py[d]);
      ctx.closePath();
      ctx.fillStyle = ctx.strokeStyle = paint;
      ctx.lineWidth = 0.8; // closes the seams between cells
      ctx.fill();
      ctx.stroke();
      // a line lies between two cells: it is drawn after the nearer one
      if (v === (fromV ? middle - 1 : middle)) {
        const [p, q] = fromV ? [d, c] : [a, b];
        drawPart(ctx, px[p], py[p], px[q], py[q], style.lines[0]);
      }
      if (u === (fromU ? middle - 1 : middle)) {
        const [p, q] = fromU ? [b, c] : [a, d];
        drawPart(ctx, px[p], py[p], px[q], py[q], style.lines[1]);
      }
    }
  }
  drawBall(ctx, ...at(0, 0, z[middle * size + middle]));
  drawNames(ctx, at, z, size, style);
}

/**
 * A colour, brighter or darker.
 * @param {number} pixel
 * @param {number} light
 */
function shade(pixel, light) {
  const gain = 0.5 + 0.62 * light;
  /** @param {number} shift */
  const part = (shift) => clamp(Math.round(((pixel >> shift) & 255) * gain), 0, 255);
  return `rgb(${part(0)},${part(8)},${part(16)})`;
}

/**
 * A part of a line on the surface: its dark edge ends where the part does.
 * @param {Pen} ctx
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {string} colour
 */
function drawPart(ctx, x0, y0, x1, y1, colour) {
  for (const [paint, width, cap] of /** @type {const} */ ([
    ["rgba(8, 10, 20, 0.7)", 5, "butt"],
    [colour, 3, "round"],
  ])) {
    ctx.lineCap = cap;
    ctx.strokeStyle = paint;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  }
}

/**
 * The point on the walk.
 * @param {Pen} ctx
 * @param {number} x
 * @param {number} y
 */
export function drawBall(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 6, 0, 2 * Math.PI);
  ctx.fillStyle = "#fff";
  ctx.strokeStyle = "#d81b60";
  ctx.lineWidth = 3;
  ctx.fill();
  ctx.stroke();
}

/** @typedef {(x: number, y: number, z: number) => [number, number]} At */

/**
 * The square under the surface.
 * @param {Pen} ctx
 * @param {At} at
 * @param {Style} style
 */
function drawBase(ctx, at, { edge }) {
  ctx.strokeStyle = edge;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const [x, y] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) ctx.lineTo(...at(x, y, BASE));
  ctx.closePath();
  ctx.stroke();
}

/**
 * The numbers of the directions, at the ends of their lines.
 * @param {Pen} ctx
 * @param {At} at
 * @param {Float32Array} z
 * @param {number} size
 * @param {Style} style
 */
function drawNames(ctx, at, z, size, { lines, font }) {
  const middle = (size - 1) / 2;
  /** @type {[string, [number, number], string][]} */
  const names = [
    ["1", at(1, 0, z[middle * size + size - 1]), lines[0]],
    ["2", at(0, 1, z[(size - 1) * size + middle]), lines[1]],
  ];
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const [name, [x, y], colour] of names) {
    ctx.beginPath();
    ctx.arc(x, y, 9, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.strokeStyle = "rgba(8, 10, 20, 0.7)";
    ctx.lineWidth = 1.2;
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = "#0b0d14";
    ctx.fillText(name, x, y + 0.5);
  }
}
