// What every canvas needs: its size, lines on any colour, and the hatching of gaps.

/** A canvas of width × height CSS pixels, sharp on any screen; its context draws in CSS pixels. */
export function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}

/** Two greys in diagonal stripes: here is no loss. */
export function hatch(ctx, theme) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = theme.gap;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = theme.gapLine;
  pen.lineWidth = 1.6;
  for (const x of [-8, 0, 8]) line(pen, x, 8, x + 8, 0);
  return ctx.createPattern(tile, "repeat");
}

export function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/** A line that can be seen on any colour: dark and wide below, bright and thin above. */
export function casedLine(ctx, x0, y0, x1, y1, colour, width) {
  ctx.strokeStyle = "rgba(8, 10, 20, 0.5)";
  ctx.lineWidth = width + 2;
  line(ctx, x0, y0, x1, y1);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  line(ctx, x0, y0, x1, y1);
}

/** Draw nothing outside a box. */
export function inBox(ctx, { x, y, width, height }, act) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  act();
  ctx.restore();
}
