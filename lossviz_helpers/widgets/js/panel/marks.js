// The marks of a panel.

import { floats } from "../numbers.js";
import { casedLine } from "../canvas/pen.js";
import { PATH, drawEnd, drawStart } from "../canvas/marks.js";
import { toCanvas } from "./state.js";

/** Points [x, y, x, y, …] of a line or a group of marks. */
export const readPoints = (item) => floats(item.points);

/** A colour by name, as the theme has it; on a picture as in the light theme. */
export function colourOf(panel, name) {
  const onPicture = { path: PATH, blue: "#1b6ca8", orange: "#e08214", ink: "#0b0d14", white: "#fff" };
  return (panel.hasPicture ? onPicture[name] : panel.theme[name]) ?? name;
}

export const MARKS = {
  start: (ctx, x, y) => drawStart(ctx, x, y),
  end: (ctx, x, y) => drawEnd(ctx, x, y),
  dot: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  square: (ctx, x, y, r) => ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (ctx, x, y, r) => {
    for (const [u, v] of [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]) ctx.lineTo(x + u * r, y + v * r);
    ctx.closePath();
  },
  cross: (ctx, x, y, r) => {
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
    casedLine(ctx, x - r, y + r, x + r, y - r, "#fff", 2);
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
  },
};

export function drawMarks(panel, item) {
  const { ctx, box } = panel;
  const points = readPoints(item);
  ctx.lineCap = "round";
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(panel, points[i], points[i + 1]);
    const inside = x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;
    if (!inside) continue;
    ctx.beginPath();
    MARKS[item.kind](ctx, x, y, item.size);
    if (["start", "end", "cross"].includes(item.kind)) continue;
    ctx.fillStyle = colourOf(panel, item.colour);
    ctx.fill();
    ctx.lineWidth = item.size > 4 ? 1.8 : 0.7;
    ctx.strokeStyle = panel.hasPicture ? "#fff" : panel.theme.card;
    ctx.stroke();
  }
}
