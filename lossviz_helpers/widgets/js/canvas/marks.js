// The start and the end of training.

/** @import { Pen } from "./pen.js" */

export const PATH = "#d81b60"; // the raspberry of every trajectory in the series

/**
 * ○ where training starts.
 * @param {Pen} ctx
 * @param {number} x
 * @param {number} y
 * @param {string} [colour]
 */
export function drawStart(ctx, x, y, colour = PATH) {
  ctx.beginPath();
  ctx.arc(x, y, 4.2, 0, 2 * Math.PI);
  ctx.fillStyle = "#fff";
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}

/**
 * ★ where training ends.
 * @param {Pen} ctx
 * @param {number} x
 * @param {number} y
 * @param {string} [colour]
 */
export function drawEnd(ctx, x, y, colour = PATH) {
  ctx.beginPath();
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 ? 3.5 : 8.5;
    ctx.lineTo(x + radius * Math.sin((i * Math.PI) / 5), y - radius * Math.cos((i * Math.PI) / 5));
  }
  ctx.closePath();
  ctx.fillStyle = colour;
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = 1.4;
  ctx.lineJoin = "round";
  ctx.fill();
  ctx.stroke();
}
