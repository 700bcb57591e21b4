// A picture on a grid: colours, gaps and contours.

import { clamp } from "../numbers.js";
import { contours } from "../contours.js";

export const ISO = [["rgba(255, 255, 255, 0.85)", 3.8], ["#0b0d14", 1.9]]; // wide below, thin above

/** Canvas x or y of a grid position along the axis that runs across or up. */
export function toX(panel, u) {
  return panel.box.x + (u / (panel.nu - 1)) * panel.box.width;
}

export function toY(panel, v) {
  return panel.box.y + (1 - v / (panel.nv - 1)) * panel.box.height;
}

/** The loss as colour, one pixel a model, then enlarged smoothly. */
export function drawColours(ctx, viewer, panel) {
  const { box, tile } = panel;
  const { values, nu, nv } = panel.slice;
  const pixels = new Uint32Array(panel.image.data.buffer);
  let colour = viewer.colours[0];
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      const t = values[v * nu + u];
      if (t === t) colour = viewer.colours[clamp((t * 255 + 0.5) | 0, 0, 255)];
      pixels[(nv - 1 - v) * nu + u] = colour; // in a gap still that of its neighbour
    }
  tile.getContext("2d").putImageData(panel.image, 0, 0);
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  // pixels have their colour in the middle: the box begins and ends half a pixel inside
  ctx.drawImage(tile, 0.5, 0.5, nu - 1, nv - 1, box.x, box.y, box.width, box.height);
  if (viewer.hasGaps) drawGaps(ctx, viewer, panel);
}

/** Hatching over every model without a finite loss. */
function drawGaps(ctx, viewer, panel) {
  const { values, nu, nv } = panel.slice;
  ctx.beginPath();
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) {
      if (!Number.isNaN(values[v * nu + u])) continue;
      const [x, y] = [toX(panel, u - 0.5), toY(panel, v + 0.5)];
      ctx.rect(x, y, toX(panel, u + 0.5) - x, toY(panel, v - 0.5) - y);
    }
  ctx.fillStyle = viewer.hatching;
  ctx.fill();
}

/** Faint contours across the colours, so many, and bold ones along given pieces. */
export function drawContours(ctx, panel, count, bold) {
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.strokeStyle = "rgba(255, 255, 255, 0.28)";
  ctx.lineWidth = 0.7;
  if (count) strokePieces(ctx, panel, contours(panel.slice, count));
  for (const [colour, width] of bold.length ? ISO : []) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    strokePieces(ctx, panel, bold);
  }
}

export function strokePieces(ctx, panel, pieces) {
  ctx.beginPath();
  for (let i = 0; i < pieces.length; i += 4) {
    ctx.moveTo(toX(panel, pieces[i]), toY(panel, pieces[i + 1]));
    ctx.lineTo(toX(panel, pieces[i + 2]), toY(panel, pieces[i + 3]));
  }
  ctx.stroke();
}
