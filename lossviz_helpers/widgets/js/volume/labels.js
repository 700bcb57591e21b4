// The cube's axis labels.

import { offscreen, pixelRatio, sizeCanvas } from "../canvas/pen.js";
import { project } from "./camera.js";
import { LABELS } from "./state.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Theme } from "../page/theme.js" */
/** @import { Camera } from "./camera.js" */

const SIZE = { width: 28, height: 22 };

/**
 * The labels as pictures, drawn once: the first text on a canvas makes the browser compute the styles
 * of the whole page.
 * @param {Theme} theme
 */
export function makeLabels(theme) {
  return LABELS.map((label) => {
    const ctx = sizeCanvas(offscreen(), SIZE.width, SIZE.height);
    ctx.font = theme.bold;
    ctx.fillStyle = theme.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(label, SIZE.width / 2, SIZE.height / 2);
    return ctx.canvas;
  });
}

/**
 * Draw each label beside the edge of its axis that is lowest or furthest out.
 * @param {Pen} ctx
 * @param {Camera} camera
 * @param {HTMLCanvasElement[]} labels
 */
export function drawLabels(ctx, camera, labels) {
  const ratio = pixelRatio(ctx);
  /** @param {number} p */
  const snap = (p) => Math.round(p * ratio) / ratio; // a picture placed between pixels is blurred
  for (let axis = 0; axis < 3; axis++) {
    let best = { score: -Infinity, p: [0, 0, 0] };
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        p.splice(axis, 0, 0);
        const [x, y] = project(camera, p);
        const score = axis === 2 ? -x : y - (axis === 1 ? 0.01 : 0) * x;
        if (score > best.score) best = { score, p };
      }
    const [x, y] = project(camera, best.p.map((c) => 1.14 * c));
    const [left, top] = [snap(x - SIZE.width / 2), snap(y - SIZE.height / 2)];
    ctx.drawImage(labels[axis], left, top, SIZE.width, SIZE.height);
  }
}
