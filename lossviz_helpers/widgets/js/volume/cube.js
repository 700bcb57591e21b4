// How the cube is drawn: its three cuts, and lines over them.

import { sizeCanvas } from "../canvas/pen.js";
import { PATH, drawEnd, drawStart } from "../canvas/marks.js";
import { ISO } from "../canvas/picture.js";
import { make } from "../page/elements.js";
import { CUTS, LABELS, gridPosition, toCube } from "./state.js";
import { AXIS, shadow } from "./cuts.js";
import { makeCamera, project } from "./camera.js";
import { castRays } from "./rays.js";
import { CubePen } from "./pen.js";

const LABEL = { width: 28, height: 22 };

/** Draw the cube: its three cuts by casting a ray through every pixel, then lines over them. */
export function drawCube(viewer) {
  const { cube } = viewer;
  const { ctx, width, height } = cube;
  const ratio = viewer.moving ? 1 : Math.min(window.devicePixelRatio || 1, 2);
  const camera = makeCamera(cube.view, width, height);
  const depth = castRays(viewer, camera, ratio);
  const seen = (x, y, distance) => {
    const at = Math.round(y * ratio) * depth.width + Math.round(x * ratio);
    return !(depth.values[at] < distance - 0.04);
  };
  if (depth.width === cube.canvas.width) ctx.putImageData(cube.image, 0, 0);
  else {
    cube.buffer.getContext("2d").putImageData(cube.image, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(cube.buffer, 0, 0, width, height);
  }
  const pen = new CubePen(ctx, camera, seen);
  drawBox(viewer, pen);
  drawIsoInCube(viewer, pen);
  drawCutFrames(viewer, pen);
  drawPathInCube(viewer, pen);
  drawCubeLabels(viewer, camera);
}

/** The twelve edges of the cube. */
function drawBox(viewer, pen) {
  for (let axis = 0; axis < 3; axis++)
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        const end = (x) => [...p.slice(0, axis), x, ...p.slice(axis)];
        pen.add(end(-1), end(1), 24);
      }
  pen.stroke([[viewer.theme.edge, 1]], 0);
}

/** The outline of each cut in the colour of its axis, and the lines where two cuts meet. */
function drawCutFrames(viewer, pen) {
  const at = [0, 1, 2].map((i) => toCube(viewer.volume, i, viewer.index[i]));
  for (const { fixed, across, up } of CUTS) {
    const corner = (s, t) => {
      const p = [...at];
      [p[across], p[up]] = [s, t];
      return p;
    };
    pen.add(corner(-1, -1), corner(1, -1), 24).add(corner(1, -1), corner(1, 1), 24);
    pen.add(corner(1, 1), corner(-1, 1), 24).add(corner(-1, 1), corner(-1, -1), 24);
    pen.stroke([["rgba(8, 10, 20, 0.55)", 3.4], [AXIS[fixed], 1.7]], 0);
  }
  for (let axis = 0; axis < 3; axis++) {
    const end = (x) => at.map((c, i) => (i === axis ? x : c));
    pen.add(end(-1), end(1), 24);
  }
  pen.stroke([["rgba(8, 10, 20, 0.4)", 1]], 0);
}

/** The contour of equal loss, on all three cuts. */
function drawIsoInCube(viewer, pen) {
  if (viewer.level === null) return;
  for (const { cut, iso } of viewer.panels) {
    const point = (u, v) => {
      const p = [0, 0, 0];
      p[cut.fixed] = toCube(viewer.volume, cut.fixed, viewer.index[cut.fixed]);
      p[cut.across] = toCube(viewer.volume, cut.across, u);
      p[cut.up] = toCube(viewer.volume, cut.up, v);
      return p;
    };
    for (let i = 0; i < iso.length; i += 4)
      pen.addLine([point(iso[i], iso[i + 1]), point(iso[i + 2], iso[i + 3])]);
  }
  pen.stroke(ISO.map(([colour, width]) => [colour, 0.8 * width]), 0);
}

/** Training in the cube; what the cuts hide of it shines through. */
function drawPathInCube(viewer, pen) {
  const { axes } = viewer.volume;
  const inCube = ({ alpha }) =>
    alpha.map((a, i) => toCube(viewer.volume, i, gridPosition(axes[i], a)));
  for (const run of viewer.path) {
    const seenFrom = (p) => project(pen.camera, inCube(p));
    const points = shadow(run, seenFrom).map((p) => inCube(p.point));
    pen.addLine(points).stroke([["#fff", 4], [PATH, 2.2]], 0.35);
    const ends = [[points[0], drawStart], [points[points.length - 1], drawEnd]];
    for (const [p, draw] of ends) {
      const [x, y, depth] = project(pen.camera, p);
      pen.ctx.globalAlpha = pen.seen(x, y, depth) ? 1 : 0.45;
      draw(pen.ctx, x, y);
    }
    pen.ctx.globalAlpha = 1;
  }
}

/** The name of each axis, beside that of its edges which lies lowest or furthest out. */
function drawCubeLabels(viewer, camera) {
  const { ctx, labels } = viewer.cube;
  const { a: ratio } = ctx.getTransform();
  const snap = (p) => Math.round(p * ratio) / ratio; // between pixels a picture is blurred
  for (let axis = 0; axis < 3; axis++) {
    let best = null;
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        p.splice(axis, 0, 0);
        const [x, y] = project(camera, p);
        const score = axis === 2 ? -x : y - (axis === 1 ? 0.01 : 0) * x;
        if (!best || score > best.score) best = { score, p };
      }
    const [x, y] = project(camera, best.p.map((c) => 1.14 * c));
    ctx.drawImage(
      labels[axis], snap(x - LABEL.width / 2), snap(y - LABEL.height / 2), LABEL.width, LABEL.height,
    );
  }
}

/** The names of the axes as pictures: a canvas that writes has the page's styles computed first. */
export function makeLabels({ theme }) {
  return LABELS.map((label) => {
    const ctx = sizeCanvas(make("canvas"), LABEL.width, LABEL.height);
    ctx.font = theme.bold;
    ctx.fillStyle = theme.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(label, LABEL.width / 2, LABEL.height / 2);
    return ctx.canvas;
  });
}
