// The live landscape: a map of a plane through parameter space, and walkers on it.

import { penOf, sizeCanvas } from "../canvas/pen.js";
import { makeScale, readColours } from "../colours.js";
import { makeObjective } from "../engine/objective.js";
import { formatLoss } from "../numbers.js";
import { LandMap } from "./map.js";
import { planeOf, pointAt, shadow } from "./plane.js";
import { drawWalk, drop, isThere, walk } from "./walkers.js";

/** @import { Vector } from "../engine/objective.js" */
/** @import { View } from "./plane.js" */
/** @import { Walker } from "./walkers.js" */

const FRAME = 12; // milliseconds of computing per frame, for the map and for the walkers each
const STEPS = 6; // of a walker per frame, slow enough for the eye to follow
const SWING = { milliseconds: 5000, reach: 5 }; // how the plane moves by itself at first

/**
 * What the page holds (tools/front.py). Numbers in base64 are float32, colours are bytes.
 * @typedef {object} Sent
 * @property {string} x
 * @property {string} y
 * @property {number[]} origin
 * @property {number[][]} directions
 * @property {number[]} start - where training starts in the chapters
 * @property {[number, number]} across
 * @property {[number, number]} up
 * @property {[number, number]} limits
 * @property {number} lr
 * @property {string} colours
 */

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
/** @param {string} text */
const floats = (text) => Float64Array.from(new Float32Array(bytes(text).buffer));

export class Live {
  /**
   * @param {HTMLElement} root - with a canvas, a line of text and buttons
   * @param {Sent} sent
   */
  constructor(root, sent) {
    this.root = root;
    this.canvas = /** @type {HTMLCanvasElement} */ (root.querySelector("canvas"));
    this.words = /** @type {HTMLElement} */ (root.querySelector("[role=status]"));
    this.ctx = penOf(this.canvas);
    this.box = { x: 0, y: 0, width: 0, height: 0 };
    const data = [floats(sent.x), floats(sent.y)];
    this.L = makeObjective({ P: 13, hidden: "tanh", output: "sigmoid" }, data[0], data[1]);
    const colours = readColours(new DataView(bytes(sent.colours).buffer));
    this.map = new LandMap(this.L, makeScale(true, sent.limits), colours);
    this.start = Float64Array.from(sent.start);
    this.lr = sent.lr;
    /** @type {View} */
    this.view = {
      origin: Float64Array.from(sent.origin),
      directions: sent.directions.map((d) => Float64Array.from(d)),
      shift: [0, 0],
      across: sent.across,
      up: sent.up,
    };
    /** @type {Walker[]} */
    this.walkers = [];
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.swing = isCalm ? -1 : performance.now(); // when the plane began to move by itself
    this.frame = 0;
  }

  /** @param {string} name */
  button(name) {
    return this.root.querySelector(`[data-do=${name}]`);
  }

  get alphaPerPixel() {
    const [left, right] = this.view.across;
    return (right - left) / this.box.width;
  }

  /** Fill the width of the page, with the same scale along both directions. */
  layOut() {
    const width = this.root.clientWidth;
    if (!width) return;
    const { across, up } = this.view;
    const height = Math.round((width * (up[1] - up[0])) / (across[1] - across[0]));
    sizeCanvas(this.ctx, width, height);
    this.box = { x: 0, y: 0, width, height };
    this.draw();
    this.wake();
  }

  draw() {
    this.map.draw(this.ctx, this.box);
    const { across, up } = this.view;
    /** @param {number[]} alpha */
    const toCanvas = (alpha) => [
      (alpha[0] - across[0]) / this.alphaPerPixel,
      (up[1] - alpha[1]) / this.alphaPerPixel,
    ];
    for (const walker of this.walkers) drawWalk(this.ctx, walker, this.view, toCanvas);
  }

  /** What the most recently dropped walker has found. */
  say() {
    const walker = this.walkers.at(-1);
    if (!walker) return;
    const { distance } = shadow(this.view, walker.points[walker.points.length - 1]);
    const where = isThere(walker) ? "It has arrived" : `Step ${walker.steps}`;
    const text = `${where}: loss ${formatLoss(walker.loss)}, ${distance.toFixed(1)} from this plane.`;
    if (this.words.textContent !== text) this.words.textContent = text;
  }

  wake() {
    this.frame ||= requestAnimationFrame((now) => this.tick(now));
  }

  /** @param {number} now */
  tick(now) {
    this.frame = 0;
    this.swingOn(now);
    this.map.work(planeOf(this.view), now, performance.now() + FRAME);
    const isWalking = walk(this.walkers, STEPS, performance.now() + FRAME);
    this.draw();
    this.say();
    if (isWalking || this.swing >= 0 || !this.map.isFinished) this.wake();
  }

  /** @param {number} now */
  swingOn(now) {
    if (this.swing < 0) return;
    const t = Math.max(0, now - this.swing) / SWING.milliseconds;
    const reach = t < 1 ? SWING.reach * (1 - t) * Math.sin(2 * Math.PI * t) : 0;
    this.view.shift = [reach, 0];
    if (t >= 1) this.swing = -1;
    this.map.move(now);
  }

  /**
   * Shift the plane along the third and the fourth direction.
   * @param {number} third
   * @param {number} fourth
   */
  shiftBy(third, fourth) {
    this.swing = -1;
    this.view.shift = [this.view.shift[0] + third, this.view.shift[1] + fourth];
    this.map.move(performance.now());
    this.wake();
  }

  /** @param {Vector} theta */
  drop(theta) {
    this.swing = -1;
    drop(this.L, this.walkers, theta, this.lr);
    this.wake();
  }

  /**
   * Drop a walker at a position on the canvas.
   * @param {number} x
   * @param {number} y
   */
  dropAt(x, y) {
    const { across, up } = this.view;
    const alpha = [across[0] + x * this.alphaPerPixel, up[1] - y * this.alphaPerPixel];
    this.drop(pointAt(this.view, alpha));
  }

  reset() {
    this.walkers.length = 0;
    this.swing = -1;
    this.view.shift = [0, 0];
    this.words.textContent = this.words.dataset.hint ?? "";
    this.map.move(performance.now());
    this.wake();
  }
}
