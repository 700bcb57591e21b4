// Lines in the cube.

import { mix } from "../numbers.js";
import { project } from "./camera.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Stroke } from "../canvas/picture.js" */
/** @import { Camera, Projected } from "./camera.js" */

const FINE = 3; // pixels: how precisely the ends of hidden parts are located

/** Draws lines in the cube: clearly where they are visible, faintly where a cut hides them. */
export class CubePen {
  /**
   * @param {Pen} ctx
   * @param {Camera} camera
   * @param {(x: number, y: number, depth: number) => boolean} isVisible
   */
  constructor(ctx, camera, isVisible) {
    this.ctx = ctx;
    this.camera = camera;
    this.isVisible = isVisible;
    /** @type {Projected[]} */
    this.visible = []; // from, to, from, to, …
    /** @type {Projected[]} */
    this.hidden = [];
  }

  /**
   * Add a straight line, in as few segments as the cuts divide it into, tested at `count` places.
   * @param {number[]} p
   * @param {number[]} q
   * @param {number} count
   */
  add(p, q, count) {
    let from = project(this.camera, p);
    let last = null;
    for (let i = 1; i <= count; i++) {
      const to = project(this.camera, p.map((x, axis) => mix(x, q[axis], i / count)));
      const list = this.listFor(from, to);
      if (list === last) list[list.length - 1] = to;
      else list.push(from, to);
      last = list;
      from = to;
    }
    return this;
  }

  /**
   * Where a segment belongs, by whether its middle is visible.
   * @param {Projected} from
   * @param {Projected} to
   */
  listFor(from, to) {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.isVisible(x, y, (from[2] + to[2]) / 2) ? this.visible : this.hidden;
  }

  /**
   * Add a line through points; where a cut begins to hide it is found to within a few pixels.
   * @param {number[][]} points
   */
  addLine(points) {
    for (let i = 1; i < points.length; i++) {
      const [from, to] = [points[i - 1], points[i]].map((p) => project(this.camera, p));
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      this.add(points[i - 1], points[i], Math.max(1, Math.ceil(length / FINE)));
    }
    return this;
  }

  /**
   * Stroke what was added, and forget it.
   * @param {Stroke} styles
   * @param {number} hiddenAlpha - opacity of what is hidden
   */
  stroke(styles, hiddenAlpha) {
    const { ctx } = this;
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    if (hiddenAlpha > 0) this.strokeSegments(this.hidden, styles, hiddenAlpha);
    this.strokeSegments(this.visible, styles, 1);
    ctx.globalAlpha = 1;
    this.visible = [];
    this.hidden = [];
  }

  /**
   * @param {Projected[]} segments
   * @param {Stroke} styles
   * @param {number} alpha
   */
  strokeSegments(segments, styles, alpha) {
    const { ctx } = this;
    for (const [colour, width] of styles) {
      ctx.globalAlpha = alpha;
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.beginPath();
      for (let i = 0; i < segments.length; i += 2) {
        if (segments[i] !== segments[i - 1]) ctx.moveTo(segments[i][0], segments[i][1]);
        ctx.lineTo(segments[i + 1][0], segments[i + 1][1]);
      }
      ctx.stroke();
    }
  }
}
