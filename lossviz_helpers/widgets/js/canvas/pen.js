// What every canvas needs: its context and size, lines on any colour, and the hatching of gaps.

/** @import { Theme } from "../page/theme.js" */

/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/**
 * The context that draws on a canvas.
 * @param {HTMLCanvasElement} canvas
 * @returns {Pen}
 */
export function penOf(canvas) {
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("this browser has no 2D canvas to draw on");
  return ctx;
}

/**
 * A separate canvas that isn't on the page.
 * @param {number} [width] - in pixels of the canvas
 * @param {number} [height]
 */
export function offscreen(width = 1, height = 1) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  return penOf(canvas);
}

/**
 * Make a canvas width × height CSS pixels large, and sharp on any screen: its context draws in CSS
 * pixels.
 * @param {Pen} ctx
 * @param {number} width
 * @param {number} height
 */
export function sizeCanvas(ctx, width, height) {
  const { canvas } = ctx;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}

/**
 * Screen pixels per drawing unit of a context.
 * @param {Pen} ctx
 */
export const pixelRatio = (ctx) => ctx.getTransform().a;

/**
 * Diagonal stripes of two greys, for models without a finite loss.
 * @param {Theme} theme
 */
export function hatch(theme) {
  const pen = offscreen(8, 8);
  pen.fillStyle = theme.gap;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = theme.gapLine;
  pen.lineWidth = 1.6;
  for (const x of [-8, 0, 8]) line(pen, x, 8, x + 8, 0);
  return pen.createPattern(pen.canvas, "repeat") ?? theme.gap;
}

/**
 * @param {Pen} ctx
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
export function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/**
 * A line that is visible on any colour: dark and wide underneath, bright and thin on top.
 * @param {Pen} ctx
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {string} colour
 * @param {number} width
 */
export function casedLine(ctx, x0, y0, x1, y1, colour, width) {
  ctx.strokeStyle = "rgba(8, 10, 20, 0.5)";
  ctx.lineWidth = width + 2;
  line(ctx, x0, y0, x1, y1);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  line(ctx, x0, y0, x1, y1);
}

/**
 * Two cased lines that cross at (x, y) in a box, with an opening there.
 * @param {Pen} ctx
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 * @param {{ opening: number, width: number, colours: string[] }} style - colours of the line that
 *   runs up, and of the one that runs across
 */
export function crossLines(ctx, box, x, y, { opening, width, colours: [up, across] }) {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  casedLine(ctx, x, box.y, x, y - opening, up, width);
  casedLine(ctx, x, y + opening, x, bottom, up, width);
  casedLine(ctx, box.x, y, x - opening, y, across, width);
  casedLine(ctx, x + opening, y, right, y, across, width);
}

/**
 * Draw, clipped to a box.
 * @param {Pen} ctx
 * @param {Box} box
 * @param {() => void} draw
 */
export function inBox(ctx, { x, y, width, height }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  draw();
  ctx.restore();
}
