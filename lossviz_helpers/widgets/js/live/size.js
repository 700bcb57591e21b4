// Canvases that fill the available width.

import { penOf, sizeCanvas } from "../canvas/pen.js";

/** @import { Pen } from "../canvas/pen.js" */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(width: number) => number} height
 */
export function fit(canvas, height) {
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  canvas.style.width = `${width}px`; // whole pixels: a stretched canvas is blurred
  sizeCanvas(penOf(canvas), width, height(width));
}

/**
 * The pen of a canvas, cleared, and its size in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @returns {{ ctx: Pen, width: number, height: number }}
 */
export function clean(canvas) {
  const ctx = penOf(canvas);
  const ratio = ctx.getTransform().a;
  const [width, height] = [canvas.width / ratio, canvas.height / ratio];
  ctx.clearRect(0, 0, width, height);
  return { ctx, width, height };
}
