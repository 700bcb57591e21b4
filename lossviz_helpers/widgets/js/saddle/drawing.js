// What is on the canvases: the loss along the walk, the map of the plane, and the surface above it.

import { casedLine, inBox, line, penOf } from "../canvas/pen.js";
import { drawField, drawFrame, tiles, toCanvas } from "../live/field.js";
import { clean } from "../live/size.js";
import { formatLoss } from "../numbers.js";
import { drawBall, drawRelief } from "./relief.js";
import { curvaturesOf, signOf, spotOf } from "./state.js";

/** @import { Box } from "../canvas/pen.js" */
/** @import { Window } from "../live/field.js" */
/** @import { Saddle } from "./state.js" */

/** On a picture, in both themes. */
const ON_PICTURE = { up: "#33bdf7", down: "#ff9326", flat: "#c9ced6" };
const WALK = { left: 46, right: 12, top: 10, bottom: 8 }; // around the curve of losses
const tileOf = tiles();

/**
 * The colours of the two directions on a picture.
 * @param {Saddle} saddle
 * @returns {[string, string]}
 */
function lineColours(saddle) {
  const { values } = spotOf(saddle);
  const [a, b] = curvaturesOf(saddle).map((c) => ON_PICTURE[signOf(c, values)]);
  return [a, b];
}

/**
 * The box of the map on its canvas, and the window that it shows.
 * @param {Saddle} saddle
 * @returns {{ box: Box, window: Window }}
 */
export function mapFrame({ model, page }) {
  const reach = model.get("reach");
  const [width, height] = [page.map.clientWidth, page.map.clientHeight];
  const box = { x: 40, y: 22, width: width - 40 - 8, height: height - 22 - 40 };
  const short = (box.height / box.width) * reach; // the same scale along both directions
  /** @type {(hi: number, label: string) => { lo: number, hi: number, label: string }} */
  const axis = (hi, label) => ({ lo: -hi, hi, label });
  return { box, window: { across: axis(reach, "α₁"), up: axis(short, "α₂") } };
}

/** @param {Saddle} saddle */
export function drawMap(saddle) {
  const { page, theme, field, colours, pointer } = saddle;
  const { ctx } = clean(page.map);
  const { box, window } = mapFrame(saddle);
  if (field) {
    // the scan is a square: the map leaves out what is beyond its upper and lower edge
    const whole = { ...box, y: box.y - (box.width - box.height) / 2, height: box.width };
    inBox(ctx, box, () => {
      drawField(ctx, whole, field, tileOf(field.grid.nu), colours, spotOf(saddle).loss);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const [across, up] = lineColours(saddle);
      ctx.lineCap = "butt";
      casedLine(ctx, box.x, y, box.x + box.width, y, across, 2);
      casedLine(ctx, x, box.y, x, box.y + box.height, up, 2);
      drawBall(ctx, x, y);
      if (pointer) drawPointer(saddle, box, window);
    });
  }
  drawFrame(ctx, theme, box, window);
}

/**
 * @param {Saddle} saddle
 * @param {Box} box
 * @param {Window} window
 */
function drawPointer({ pointer, page }, box, window) {
  if (!pointer) return;
  const ctx = penOf(page.map);
  const [x, y] = toCanvas(box, window, ...pointer);
  for (const [colour, width] of /** @type {const} */ ([["rgba(8, 10, 20, 0.7)", 4], ["#fff", 2]])) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

/** @param {Saddle} saddle */
export function drawSurface(saddle) {
  const { page, theme, field, colours, view } = saddle;
  const canvas = clean(page.surface);
  if (!field) return;
  drawRelief(canvas, field, view, {
    colours,
    lines: lineColours(saddle),
    edge: theme.edge,
    ink: theme.ink,
    font: theme.font,
  });
}

/**
 * The horizontal position of a point of the walk on the canvas.
 * @param {number} width
 * @param {number} count
 * @param {number} i
 */
const walkX = (width, count, i) =>
  WALK.left + (i / Math.max(count - 1, 1)) * (width - WALK.left - WALK.right);

/**
 * Which point of the walk is nearest.
 * @param {Saddle} saddle
 * @param {number} x
 */
export function walkIndex({ page, spots }, x) {
  const width = page.walk.clientWidth - WALK.left - WALK.right;
  const i = Math.round(((x - WALK.left) / width) * (spots.length - 1));
  return Math.max(0, Math.min(spots.length - 1, i));
}

/**
 * The loss along the walk, in orange where it curves down along some direction.
 * @param {Saddle} saddle
 */
export function drawWalk({ page, theme, spots, model }) {
  const { ctx, width, height } = clean(page.walk);
  const [bottom, room] = [height - WALK.bottom, height - WALK.bottom - WALK.top];
  const high = Math.max(...spots.map(({ loss }) => loss));
  /** @type {(i: number) => [number, number]} */
  const at = (i) => [
    walkX(width, spots.length, i),
    bottom - (spots[i].loss / high) * room,
  ];
  ctx.font = theme.font;
  ctx.fillStyle = theme.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  for (const loss of [0, high]) {
    const y = bottom - (loss / high) * room;
    line(ctx, WALK.left, y, width - WALK.right, y);
    ctx.fillText(loss ? formatLoss(loss) : "L = 0", WALK.left - 7, y);
  }
  ctx.lineWidth = 2.4;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  for (let i = 0; i + 1 < spots.length; ) {
    const isDown = spots[i].down > 0;
    ctx.beginPath();
    ctx.moveTo(...at(i));
    do ctx.lineTo(...at(++i));
    while (i + 1 < spots.length && spots[i].down > 0 === isDown);
    ctx.strokeStyle = isDown ? theme.orange : theme.blue;
    ctx.stroke();
  }
  const [x, y] = at(Math.min(model.get("at"), spots.length - 1));
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1;
  line(ctx, x, WALK.top - 6, x, bottom);
  drawBall(ctx, x, y);
}
