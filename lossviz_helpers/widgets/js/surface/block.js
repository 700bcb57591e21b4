// One surface as a block: its relief, the light on it, and the paths over it, for one scale.

import { offscreen } from "../canvas/pen.js";
import { coarser, skyLight, sunFrom, sunLight } from "./light.js";
import { tubeMesh, trace } from "./paths.js";
import { makeRelief, refine, refinement, topIndices, topVertices, wallMesh } from "./relief.js";
import { FULL, makeHeights } from "./state.js";

/** @import { Scale } from "../colours.js" */
/** @import { Relief } from "./relief.js" */
/** @import { Spot } from "./paths.js" */
/** @import { Ground, Pair } from "./state.js" */

/** @typedef {ReturnType<typeof makeBlock>} Block */

/**
 * How blocks are drawn: the number of contours, the theme and its colours of gaps, and whether
 * coarsely.
 * @typedef {object} Look
 * @property {number} lines
 * @property {boolean} isDark
 * @property {number[]} gap
 * @property {number[]} gapLine
 * @property {boolean} isCoarse
 */

const FINE = 181; // points along the longer side of the top
const SHADE = 97; // and of the grid on which light is computed
const STRIP = 768; // pixels of the picture of what is under the paths

/**
 * @param {Ground} ground
 * @param {Uint32Array} colours
 */
export function makeBlock(ground, colours) {
  const none = { vertices: new Float32Array(), indices: new Uint32Array() };
  return {
    ground,
    colours,
    relief: /** @type {Relief} */ ({
      values: new Float32Array(4),
      nu: 2,
      nv: 2,
      half: ground.half,
      slopes: new Float32Array(8),
    }),
    tall: 0,
    top: none,
    coarse: none, // the top with fewer triangles, while it moves on a slow machine
    wall: none,
    traces: /** @type {ReturnType<typeof trace>[]} */ ([]),
    tubes: /** @type {{ mesh: typeof none, paint: number[] }[]} */ ([]),
    strip: offscreen(STRIP, STRIP).canvas,
    shade: {
      values: new Float32Array(),
      nu: 0,
      nv: 0,
      sky: new Float32Array(),
      bytes: new Uint8Array(),
    },
    sun: [0, 0, 1],
    version: { mesh: 0, light: 0, tubes: 0 },
  };
}

/**
 * New heights: the scale has changed.
 * @param {Block} block
 * @param {Scale} scale
 */
export function rescale(block, scale) {
  const { ground } = block;
  const grid = { values: makeHeights(ground, scale), nu: ground.nu, nv: ground.nv };
  const times = refinement(grid, FINE);
  const fine = refine(grid, times);
  // half a step of the grid: nearer, the seams of the cubics would be seen in the light
  block.relief = makeRelief(fine, ground.half, Math.max(1, times >> 1));
  const vertices = topVertices(block.relief);
  block.top = { vertices, indices: topIndices(fine, 1) };
  block.coarse = { vertices, indices: topIndices(fine, 2) };
  block.wall = wallMesh(block.relief);
  const every = Math.max(1, Math.round((Math.max(fine.nu, fine.nv) - 1) / (SHADE - 1)));
  Object.assign(block.shade, coarser(fine, every));
  block.traces = ground.runs.map((run) => trace(ground, block.relief, run));
  drawStrip(block);
  block.version.mesh++;
  block.tall = NaN; // so that `raise` runs again
}

/**
 * A new height, and with it new tubes and a new sky.
 * @param {Block} block
 * @param {number} exaggeration
 */
export function raise(block, exaggeration) {
  const tall = FULL * exaggeration;
  if (tall === block.tall) return;
  block.tall = tall;
  block.shade.sky = skyLight(block.shade, block.relief.half, tall);
  block.tubes = block.traces.map(({ pieces }, i) => ({
    mesh: tubeMesh(pieces, tall),
    paint: rgb(block.ground.runs[i].colour),
  }));
  block.version.tubes++;
  block.sun = [0, 0, 0]; // so that `shine` runs again
}

/**
 * The light, from a sun that moves with the viewer.
 * @param {Block} block
 * @param {number} azimuth - of the viewer
 */
export function shine(block, azimuth) {
  const sun = sunFrom(azimuth);
  if (sun.every((x, i) => Math.abs(x - block.sun[i]) < 1e-4)) return;
  const { shade, relief, tall } = block;
  const direct = sunLight(shade, relief.half, tall, sun);
  shade.bytes = new Uint8Array(2 * direct.length);
  for (let i = 0; i < direct.length; i++) {
    shade.bytes[2 * i] = 255 * shade.sky[i];
    shade.bytes[2 * i + 1] = 255 * direct[i];
  }
  block.sun = sun;
  block.version.light++;
}

/**
 * Dark strips where the paths run, seen from above.
 * @param {Block} block
 */
function drawStrip({ strip, traces, relief: { half } }) {
  const pen = /** @type {CanvasRenderingContext2D} */ (strip.getContext("2d"));
  pen.clearRect(0, 0, STRIP, STRIP);
  pen.save();
  pen.scale(STRIP / (2 * half[0]), STRIP / (2 * half[1]));
  pen.lineJoin = pen.lineCap = "round";
  for (const [width, alpha] of [
    [0.075, 0.1],
    [0.055, 0.14],
    [0.04, 0.22],
    [0.028, 0.4],
  ]) {
    pen.strokeStyle = `rgba(0, 0, 0, ${alpha})`;
    pen.lineWidth = width;
    for (const { pieces } of traces) {
      pen.beginPath();
      for (const piece of pieces)
        piece.forEach(([x, y], i) =>
          (i ? pen.lineTo : pen.moveTo).call(pen, x + half[0], half[1] - y),
        );
      pen.stroke();
    }
  }
  pen.restore();
}

/** @param {string} hex - "#rrggbb" */
export const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);

/**
 * A spot in the block's three dimensions.
 * @param {Block} block
 * @param {Spot | [...Pair, number]} spot
 */
export const toPoint = ({ tall }, [x, y, t]) => [x, y, t * tall];
