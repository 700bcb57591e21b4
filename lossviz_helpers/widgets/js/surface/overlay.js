// What is drawn over a block: axes, ○ and ★, and the point that is read.

import { drawEnd, drawStart } from "../canvas/marks.js";
import { line } from "../canvas/pen.js";
import { clamp, logTicks, mix, ticks, tickText } from "../numbers.js";
import { toPoint } from "./block.js";
import { FOOT, project } from "./camera.js";
import { RADIUS } from "./paths.js";
import { isVisible } from "./rays.js";
import { heightAt } from "./relief.js";
import { toBlock } from "./state.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Scale } from "../colours.js" */
/** @import { Theme } from "../page/theme.js" */
/** @import { Block } from "./block.js" */
/** @import { Camera } from "./camera.js" */
/** @import { Pair } from "./state.js" */

/** @typedef {{ scale: Scale, labels: string[], quantity: string, pointer: Pair | null }} Words */

/**
 * @param {Pen} ctx
 * @param {Theme} theme
 * @param {Block} block
 * @param {Camera} camera
 * @param {Words} words
 */
export function drawOverlay(ctx, theme, block, camera, words) {
  ctx.lineCap = ctx.lineJoin = "round";
  drawEdges(ctx, theme, block, camera, words);
  drawLosses(ctx, theme, block, camera, words);
  drawMarks(ctx, block, camera);
  if (words.pointer) drawPointer(ctx, block, camera, words.pointer);
}

/**
 * Ticks and labels along the two lower edges that face the viewer.
 * @param {Pen} ctx
 * @param {Theme} theme
 * @param {Block} block
 * @param {Camera} camera
 * @param {Words} words
 */
function drawEdges(ctx, theme, { ground, relief: { half }, tall }, camera, { labels }) {
  // seen from above, what is high looks wider than the foot
  const z = mix(-FOOT, tall, clamp((camera.e[2] - 0.85) / 0.12, 0, 1));
  const front = [0, 1].map((i) => (camera.e[i] >= 0 ? 1 : -1));
  for (const axis of [0, 1]) {
    const other = 1 - axis;
    /** @type {(along: number, out: number) => number[]} */
    const seen = (along, out) => {
      const p = [0, 0, z];
      p[axis] = along;
      p[other] = front[other] * (half[other] + out);
      return project(camera, p);
    };
    const [a, b] = [seen(-half[axis], 0), seen(half[axis], 0)];
    const length = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (length < 60) continue;
    /** @type {(along: number, pixels: number, width?: number) => [number, number]} */
    const beside = (along, pixels, width = 0) => {
      const [[x, y], [x1, y1]] = [seen(along, 0), seen(along, 0.1)];
      const far = Math.max(Math.hypot(x1 - x, y1 - y), 1e-6);
      const k = (pixels + (width / 2) * (Math.abs(x1 - x) / far)) / far; // text is wider than it is tall
      return [x + k * (x1 - x), y + k * (y1 - y)];
    };
    const values = ground.axes[axis];
    const [lo, hi] = [values[0], values[values.length - 1]];
    ctx.font = theme.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.strokeStyle = ctx.fillStyle = theme.muted;
    ctx.lineWidth = 1;
    for (const t of ticks(lo, hi, Math.min(5, length / 50))) {
      const along = half[axis] * ((2 * (t - lo)) / (hi - lo) - 1);
      const text = tickText(t);
      line(ctx, ...beside(along, 4), ...beside(along, 9));
      ctx.fillText(text, ...beside(along, 19, ctx.measureText(text).width - 10));
    }
    ctx.font = theme.bold;
    ctx.fillStyle = theme.ink;
    ctx.fillText(labels[axis], ...beside(0.04 * half[axis], 39, 16));
  }
}

/**
 * Losses beside the vertical edge at the left.
 * @param {Pen} ctx
 * @param {Theme} theme
 * @param {Block} block
 * @param {Camera} camera
 * @param {Words} words
 */
function drawLosses(ctx, theme, { relief: { half }, tall }, camera, { scale, quantity }) {
  const front = [0, 1].map((i) => (camera.e[i] >= 0 ? 1 : -1));
  const corners = [
    [front[0] * half[0], -front[1] * half[1]],
    [-front[0] * half[0], front[1] * half[1]],
  ];
  const [left] = corners.sort(
    (p, q) => project(camera, [...p, 0])[0] - project(camera, [...q, 0])[0],
  );
  const [foot, top] = [0, tall].map((z) => project(camera, [...left, z]));
  const length = foot[1] - top[1];
  if (length < 46) return;
  const count = Math.max(2, Math.min(6, length / 20));
  const losses = scale.isLog
    ? logTicks(scale.lo, scale.hi, count)
    : ticks(scale.lo, scale.hi, count);
  ctx.strokeStyle = ctx.fillStyle = theme.muted;
  ctx.lineWidth = 1;
  ctx.font = theme.font;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  line(ctx, foot[0] - 6, foot[1], top[0] - 6, top[1]);
  for (const loss of losses) {
    const [x, y] = project(camera, [...left, tall * scale.position(loss)]);
    line(ctx, x - 6, y, x - 10, y);
    ctx.fillText(tickText(loss), x - 14, y);
  }
  ctx.font = theme.bold;
  ctx.fillStyle = theme.ink;
  const width = ctx.measureText(quantity).width;
  ctx.textAlign = "left";
  ctx.fillText(quantity, Math.max(4, top[0] - 6 - width), top[1] - 18);
}

/**
 * ○ and ★ of every path, pale where a hill hides them.
 * @param {Pen} ctx
 * @param {Block} block
 * @param {Camera} camera
 */
function drawMarks(ctx, block, camera) {
  block.traces.forEach(({ start, end }, i) => {
    const { colour } = block.ground.runs[i];
    for (const [spot, mark] of /** @type {const} */ ([
      [start, drawStart],
      [end, drawEnd],
    ])) {
      if (!spot) continue;
      const [x, y, z] = toPoint(block, spot);
      const p = [x, y, z + RADIUS];
      const [px, py] = project(camera, p);
      ctx.globalAlpha = isVisible(camera, block.relief, block.tall, p) ? 1 : 0.35;
      mark(ctx, px, py, colour);
    }
  });
  ctx.globalAlpha = 1;
}

/**
 * The point that is read: a ring on the surface, and lines through it along both directions.
 * @param {Pen} ctx
 * @param {Block} block
 * @param {Camera} camera
 * @param {Pair} alpha
 */
function drawPointer(ctx, block, camera, alpha) {
  const { relief, tall, ground } = block;
  const here = toBlock(ground, alpha);
  for (const axis of [0, 1]) drawProfile(ctx, block, camera, here, axis);
  const t = heightAt(relief, here[0], here[1]);
  const [x, y] = project(camera, [...here, (Number.isNaN(t) ? 0 : t) * tall]);
  for (const [colour, width] of /** @type {const} */ ([
    ["rgba(8, 10, 20, 0.75)", 4.4],
    ["#fff", 2],
  ])) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

/**
 * The profile of the surface through a place, where it can be seen.
 * @param {Pen} ctx
 * @param {Block} block
 * @param {Camera} camera
 * @param {Pair} here
 * @param {number} axis
 */
function drawProfile(ctx, { relief, tall }, camera, here, axis) {
  const n = 120;
  ctx.beginPath();
  let isDown = false;
  for (let k = 0; k <= n; k++) {
    const place = [...here];
    place[axis] = relief.half[axis] * ((2 * k) / n - 1);
    const p = [place[0], place[1], tall * heightAt(relief, place[0], place[1]) + 0.004];
    const isSeen = !Number.isNaN(p[2]) && isVisible(camera, relief, tall, p);
    if (isSeen) {
      const [x, y] = project(camera, p);
      if (isDown) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
    isDown = isSeen;
  }
  ctx.strokeStyle = "rgba(255, 255, 255, 0.75)";
  ctx.lineWidth = 1.2;
  ctx.stroke();
}
