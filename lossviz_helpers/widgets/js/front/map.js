// The map of a plane: coarse while the plane moves, fine once it rests.

import { drawFaintContours, makeTile } from "../canvas/picture.js";
import { makeField } from "../colours.js";
import { scanPlane, startScan } from "../engine/plane.js";
import { paint } from "./relief.js";

/** @import { Box, Pen } from "../canvas/pen.js" */
/** @import { Scale } from "../colours.js" */
/** @import { Objective } from "../engine/objective.js" */
/** @import { Plane, Scan } from "../engine/plane.js" */

const [COARSE, FINE] = [41, 121]; // models along each side
const REST = 120; // milliseconds without a move
const LEVELS = 14;

export class LandMap {
  /**
   * @param {Objective} L
   * @param {Scale} scale
   * @param {Uint32Array} colours
   */
  constructor(L, scale, colours) {
    this.L = L;
    this.scale = scale;
    this.colours = colours;
    this.tiles = { [COARSE]: makeTile(COARSE, COARSE), [FINE]: makeTile(FINE, FINE) };
    this.size = 0; // models along a side of what is shown; 0 before the first picture
    this.field = new Float32Array();
    this.movedAt = -Infinity;
    this.isStale = true; // the plane has moved since it was scanned
    /** @type {Scan | null} */
    this.scan = null; // the fine one, as far as it is done
  }

  /** @param {number} now */
  move(now) {
    this.movedAt = now;
    this.isStale = true;
    this.scan = null;
  }

  get isFinished() {
    return !this.isStale && this.size === FINE;
  }

  /**
   * Scan a part of what is missing, until a time in milliseconds.
   * @param {Plane} plane
   * @param {number} now
   * @param {number} until
   */
  work(plane, now, until) {
    if (this.isStale) {
      this.show(COARSE, scanPlane(this.L, plane, COARSE));
      this.isStale = false;
    } else if (!this.isFinished && now - this.movedAt >= REST) {
      this.scan ??= startScan(this.L, plane, FINE);
      if (this.scan.go(() => performance.now() > until)) this.show(FINE, this.scan.losses);
    }
  }

  /**
   * @param {number} size
   * @param {Float32Array} losses
   */
  show(size, losses) {
    const { pen, image } = this.tiles[size];
    this.size = size;
    this.field = makeField(losses, this.scale);
    paint(new Uint32Array(image.data.buffer), this.field, size, this.colours);
    pen.putImageData(image, 0, 0);
  }

  /**
   * @param {Pen} ctx
   * @param {Box} box
   */
  draw(ctx, box) {
    const { size } = this;
    if (!size) return;
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = "high";
    // a pixel has its colour at its centre, so the box begins and ends half a pixel inside
    const { canvas } = this.tiles[size].pen;
    ctx.drawImage(canvas, 0.5, 0.5, size - 1, size - 1, box.x, box.y, box.width, box.height);
    drawFaintContours(ctx, box, { values: this.field, nu: size, nv: size }, LEVELS);
  }
}
