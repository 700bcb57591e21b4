// Walkers: models that train, from wherever they were dropped.

import { drawEnd, drawStart, PATH } from "../canvas/marks.js";
import { adam } from "../engine/descent.js";
import { shadow } from "./plane.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Objective, Vector } from "../engine/objective.js" */
/** @import { View } from "./plane.js" */

const STEPS = 1000;
const MAX_WALKERS = 6; // at once; then the oldest leaves
const EVERY = 4; // steps from one point that is drawn to the next
const FAR = 12; // from the plane, where a walk is only just seen
const FAINT = 0.15;
/** @type {[string, number][]} */
const STROKES = [["#fff", 5], [PATH, 3]];

/**
 * @typedef {object} Walker
 * @property {Vector[]} points - where it was, from its start on
 * @property {number} loss - where it is
 * @property {number} steps
 * @property {() => void} step
 */

/**
 * Drop a walker; it descends with Adam, as training does in the chapters.
 * @param {Objective} L
 * @param {Walker[]} walkers
 * @param {Vector} theta
 * @param {number} lr
 */
export function drop(L, walkers, theta, lr) {
  const training = adam(L, theta, lr);
  /** @type {Walker} */
  const walker = {
    points: [Float64Array.from(theta)],
    loss: L.loss(theta),
    steps: 0,
    step() {
      training.step();
      walker.steps++;
      if (walker.steps % EVERY) return;
      walker.points.push(Float64Array.from(training.theta));
      walker.loss = L.loss(training.theta);
    },
  };
  walkers.push(walker);
  if (walkers.length > MAX_WALKERS) walkers.shift();
  return walker;
}

/** @param {Walker} walker */
export const isThere = (walker) => walker.steps >= STEPS;

/**
 * Let all walkers walk on in turn; returns whether any of them is still walking.
 * @param {Walker[]} walkers
 * @param {number} most - steps of each
 * @param {number} until - a time in milliseconds
 */
export function walk(walkers, most, until) {
  for (let k = 0; k < most && performance.now() < until; k++)
    for (const walker of walkers) if (!isThere(walker)) walker.step();
  return walkers.some((walker) => !isThere(walker));
}

/**
 * A walk's shadow, fainter where the walk is farther from the plane.
 * @param {Pen} ctx
 * @param {Walker} walker
 * @param {View} view
 * @param {(alpha: number[]) => number[]} toCanvas
 */
export function drawWalk(ctx, walker, view, toCanvas) {
  const places = walker.points.map((theta) => {
    const { alpha, distance } = shadow(view, theta);
    return { at: toCanvas(alpha), strength: Math.max(FAINT, 1 - distance / FAR) };
  });
  ctx.lineCap = ctx.lineJoin = "round";
  for (const [colour, width] of STROKES) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    for (let i = 1; i < places.length; i++) {
      const [[x0, y0], [x1, y1]] = [places[i - 1].at, places[i].at];
      ctx.globalAlpha = places[i].strength;
      ctx.beginPath();
      ctx.moveTo(x0, y0);
      ctx.lineTo(x1, y1);
      ctx.stroke();
    }
  }
  const [first, last] = [places[0], places[places.length - 1]];
  ctx.globalAlpha = Math.max(0.5, first.strength);
  drawStart(ctx, first.at[0], first.at[1]);
  ctx.globalAlpha = Math.max(0.5, last.strength);
  const draw = isThere(walker) ? drawEnd : drawWalker;
  draw(ctx, last.at[0], last.at[1]);
  ctx.globalAlpha = 1;
}

/**
 * ● a walker that is still walking.
 * @param {Pen} ctx
 * @param {number} x
 * @param {number} y
 */
function drawWalker(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 6, 0, 2 * Math.PI);
  ctx.fillStyle = PATH;
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = 2;
  ctx.fill();
  ctx.stroke();
}
