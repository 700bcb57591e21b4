// The same picture on a 2D canvas, for browsers without WebGL: cells from back to front.

import { colourIndex } from "../colours.js";
import { contours } from "../contours.js";
import { mix } from "../numbers.js";
import { rgb, toPoint } from "./block.js";
import { FOOT, project } from "./camera.js";
import { coarser } from "./light.js";
import { isVisible } from "./rays.js";
import { isSolid, makeRelief, placeOf } from "./relief.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Block } from "./block.js" */
/** @import { Camera } from "./camera.js" */
/** @import { Relief } from "./relief.js" */

const CELLS = 80; // along the longer side

/**
 * @param {Pen} ctx
 * @param {Block} block
 * @param {Camera} camera
 * @param {number} lines - how many contours, 0 for none
 */
export function paintBlock(ctx, block, camera, lines) {
  const { relief, tall } = block;
  const every = Math.max(1, (Math.max(relief.nu, relief.nv) - 1) / CELLS);
  const coarse = makeRelief(coarser(relief, every), relief.half);
  const { nu, nv, values } = coarse;
  const corners = Array.from(values, (t, at) => {
    const [x, y] = placeOf(coarse, at % nu, Math.floor(at / nu));
    return project(camera, [x, y, t * tall]);
  });
  /** @type {{ at: number, depth: number }[]} */
  const cells = [];
  for (let v = 0; v + 1 < nv; v++)
    for (let u = 0; u + 1 < nu; u++) {
      if (!isSolid(coarse, u, v)) continue;
      const at = v * nu + u;
      cells.push({ at, depth: corners[at][2] + corners[at + nu + 1][2] });
    }
  cells.sort((a, b) => b.depth - a.depth);
  ctx.lineWidth = 0.8;
  for (const { at } of cells) {
    ctx.fillStyle = ctx.strokeStyle = colourOf(block, coarse, at);
    ctx.beginPath();
    for (const i of [at, at + 1, at + nu + 1, at + nu]) ctx.lineTo(corners[i][0], corners[i][1]);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
    if (lines) paintContours(ctx, [at, at + 1, at + nu, at + nu + 1], values, corners, lines);
  }
  paintWalls(ctx, block, coarse, camera);
  block.traces.forEach(({ pieces }, i) =>
    paintPath(ctx, block, pieces, block.ground.runs[i].colour, camera),
  );
}

/**
 * The contours across one cell, whose corners are numbered from its lower left.
 * @param {Pen} ctx
 * @param {number[]} cell
 * @param {Float32Array} values
 * @param {number[][]} corners
 * @param {number} lines
 */
function paintContours(ctx, cell, values, corners, lines) {
  const grid = { values: Float32Array.from(cell, (i) => values[i]), nu: 2, nv: 2 };
  const segments = contours(grid, lines);
  if (!segments.length) return;
  const [a, b, c, d] = cell.map((i) => corners[i]);
  ctx.strokeStyle = "rgba(0, 0, 0, 0.38)";
  ctx.beginPath();
  for (let i = 0; i < segments.length; i += 2) {
    const [u, v] = [segments[i], segments[i + 1]];
    const [x, y] = [0, 1].map((k) => mix(mix(a[k], b[k], u), mix(c[k], d[k], u), v));
    if (i % 4) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
  }
  ctx.stroke();
}

/**
 * The colour of a cell in the light, added up as the shaders do.
 * @param {Block} block
 * @param {Relief} coarse
 * @param {number} at
 */
function colourOf({ colours, sun, tall, shade }, { values, slopes, nu, nv }, at) {
  const t = (values[at] + values[at + 1] + values[at + nu] + values[at + nu + 1]) / 4;
  const pixel = colours[colourIndex(t)];
  const [sx, sy] = [0, 1].map((i) => (slopes[2 * at + i] + slopes[2 * (at + nu + 1) + i]) / 2);
  const length = Math.hypot(sx * tall, sy * tall, 1);
  const facing = Math.max(0, (-sx * tall * sun[0] - sy * tall * sun[1] + sun[2]) / length);
  const [i, j] = [at % nu, Math.floor(at / nu)];
  const place =
    Math.round((j / (nv - 1)) * (shade.nv - 1)) * shade.nu +
    Math.round((i / (nu - 1)) * (shade.nu - 1));
  const [sky, direct] = [shade.bytes[2 * place] / 255, shade.bytes[2 * place + 1] / 255];
  return shaded(pixel, 1.05 * facing * direct + (0.22 + 0.11 / length + 0.08) * sky);
}

/**
 * @param {number} pixel
 * @param {number} light - 1 leaves the colour as it is
 */
function shaded(pixel, light) {
  const part = [0, 8, 16].map((shift) => {
    const c = ((pixel >>> shift) & 255) / 255;
    const sum = c ** 2.2 * light;
    const soft = sum < 0.7 ? sum : 0.7 + 0.3 * (1 - Math.exp((0.7 - sum) / 0.3));
    return Math.round(255 * soft ** (1 / 2.2));
  });
  return `rgb(${part.join(" ")})`;
}

/**
 * The walls that face the viewer.
 * @param {Pen} ctx
 * @param {Block} block
 * @param {Relief} coarse
 * @param {Camera} camera
 */
function paintWalls(ctx, { colours, tall }, coarse, camera) {
  const { nu, nv, values } = coarse;
  const [u, v] = [camera.e[0] > 0 ? nu - 1 : 0, camera.e[1] > 0 ? nv - 1 : 0];
  const bands = 24;
  for (const [n, at, light] of /** @type {[number, (k: number) => [number, number], number][]} */ ([
    [nv, (k) => [u, k], 0.26],
    [nu, (k) => [k, v], 0.42],
  ]))
    for (let k = 0; k + 1 < n; k++) {
      const ends = [at(k), at(k + 1)].map(([i, j]) => ({
        place: placeOf(coarse, i, j),
        t: values[j * nu + i],
      }));
      if (ends.some(({ t }) => Number.isNaN(t))) continue;
      for (let band = -1; band < bands; band++) {
        const low = band < 0 ? -FOOT / tall : band / bands;
        const high = (band + 1) / bands;
        if (ends.every(({ t }) => t < low)) break;
        ctx.fillStyle = ctx.strokeStyle = shaded(
          colours[colourIndex(Math.max(0, (low + high) / 2))],
          light,
        );
        ctx.beginPath();
        for (const [{ place, t }, z] of /** @type {const} */ ([
          [ends[0], low],
          [ends[1], low],
          [ends[1], high],
          [ends[0], high],
        ])) {
          const [x, y] = project(camera, [...place, tall * Math.min(t, z)]);
          ctx.lineTo(x, y);
        }
        ctx.closePath();
        ctx.fill();
        ctx.stroke();
      }
    }
}

/**
 * A path, pale where a hill hides it.
 * @param {Pen} ctx
 * @param {Block} block
 * @param {import("./paths.js").Spot[][]} pieces
 * @param {string} colour
 * @param {Camera} camera
 */
function paintPath(ctx, block, pieces, colour, camera) {
  const [r, g, b] = rgb(colour).map((x) => Math.round(255 * x));
  for (const piece of pieces) {
    const spots = piece.map((spot) => {
      const [x, y, z] = toPoint(block, spot);
      const p = [x, y, z + 0.012];
      return { at: project(camera, p), isSeen: isVisible(camera, block.relief, block.tall, p) };
    });
    for (const [stroke, width, wants] of /** @type {[string, number, boolean][]} */ ([
      [`rgba(${r}, ${g}, ${b}, 0.3)`, 2, false],
      ["rgba(0, 0, 0, 0.45)", 6, true],
      [colour, 3, true],
    ])) {
      ctx.strokeStyle = stroke;
      ctx.lineWidth = width;
      ctx.beginPath();
      spots.forEach(({ at: [x, y], isSeen }, i) => {
        if (i && isSeen === wants && spots[i - 1].isSeen === wants) ctx.lineTo(x, y);
        else ctx.moveTo(x, y);
      });
      ctx.stroke();
    }
  }
}
