// Lines in the cube.

import { mix } from "../numbers.js";
import { project } from "./camera.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Stroke } from "../canvas/picture.js" */
/** @import { Camera, Projected } from "./camera.js" */

/** Draws lines in the cube, strongly where they are visible, and weakly where a cut hides them. */
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
   * Add a straight line, in as few pieces as the cuts divide it into, tested at `pieces` places.
   * @param {number[]} p
   * @param {number[]} q
   * @param {number} pieces
   */
  add(p, q, pieces) {
    let from = project(this.camera, p);
    let last = null;
    for (let i = 1; i <= pieces; i++) {
      const to = project(this.camera, p.map((x, axis) => mix(x, q[axis], i / pieces)));
      const list = this.listFor(from, to);
      if (list === last) list[list.length - 1] = to;
      else list.push(from, to);
      last = list;
      from = to;
    }
    return this;
  }

  /**
   * Where a piece belongs, by whether its middle is visible.
   * @param {Projected} from
   * @param {Projected} to
   */
  listFor(from, to) {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.isVisible(x, y, (from[2] + to[2]) / 2) ? this.visible : this.hidden;
  }

  /**
   * Add a line through points.
   * @param {number[][]} points
   */
  addLine(points) {
    let from = project(this.camera, points[0]);
    for (let i = 1; i < points.length; i++) {
      const to = project(this.camera, points[i]);
      this.listFor(from, to).push(from, to);
      from = to;
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
    if (hiddenAlpha > 0) this.strokePieces(this.hidden, styles, hiddenAlpha);
    this.strokePieces(this.visible, styles, 1);
    ctx.globalAlpha = 1;
    this.visible = [];
    this.hidden = [];
  }

  /**
   * @param {Projected[]} pieces
   * @param {Stroke} styles
   * @param {number} alpha
   */
  strokePieces(pieces, styles, alpha) {
    const { ctx } = this;
    for (const [colour, width] of styles) {
      ctx.globalAlpha = alpha;
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.beginPath();
      for (let i = 0; i < pieces.length; i += 2) {
        if (pieces[i] !== pieces[i - 1]) ctx.moveTo(pieces[i][0], pieces[i][1]);
        ctx.lineTo(pieces[i + 1][0], pieces[i + 1][1]);
      }
      ctx.stroke();
    }
  }
}
