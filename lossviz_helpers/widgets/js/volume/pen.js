// Lines in the cube.

import { mix } from "../numbers.js";
import { project } from "./camera.js";

/** Draws lines in the cube, strong where they are seen and weak where a cut hides them. */
export class CubePen {
  constructor(ctx, camera, seen) {
    Object.assign(this, { ctx, camera, seen });
    this.clear();
  }

  clear() {
    this.visible = [];
    this.hidden = [];
  }

  /** Add a straight line from p to q, in as few pieces as cuts divide it; each of so many is tried. */
  add(p, q, pieces) {
    const between = (t) => [mix(p[0], q[0], t), mix(p[1], q[1], t), mix(p[2], q[2], t)];
    let from = project(this.camera, p);
    let last = null;
    for (let i = 1; i <= pieces; i++) {
      const to = project(this.camera, between(i / pieces));
      const list = this.listFor(from, to);
      if (list === last) list[list.length - 1] = to;
      else list.push(from, to);
      last = list;
      from = to;
    }
    return this;
  }

  /** Where a piece belongs, by whether its middle is seen. */
  listFor(from, to) {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.seen(x, y, (from[2] + to[2]) / 2) ? this.visible : this.hidden;
  }

  /** Add a line through points. */
  addLine(points) {
    let from = project(this.camera, points[0]);
    for (let i = 1; i < points.length; i++) {
      const to = project(this.camera, points[i]);
      this.listFor(from, to).push(from, to);
      from = to;
    }
    return this;
  }

  /** Stroke what was added: styles are [colour, width] pairs, drawn one above the other. */
  stroke(styles, hiddenAlpha) {
    const { ctx } = this;
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    for (const [pieces, alpha] of [[this.hidden, hiddenAlpha], [this.visible, 1]])
      for (const [colour, width] of alpha > 0 ? styles : []) {
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
    ctx.globalAlpha = 1;
    this.clear();
  }
}
