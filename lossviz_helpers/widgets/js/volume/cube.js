// How the cube is drawn: its three cuts, and lines over them.

import { drawEnd, drawStart, PATH } from "../canvas/marks.js";
import { ISO } from "../canvas/picture.js";
import { makeCamera, project, toCube } from "./camera.js";
import { AXIS } from "./cuts.js";
import { drawLabels } from "./labels.js";
import { thinned } from "./path.js";
import { CubePen } from "./pen.js";
import { castRays } from "./rays.js";
import { CUTS, gridPosition } from "./state.js";

/** @import { Camera } from "./camera.js" */
/** @import { Step } from "./state.js" */
/** @import { Viewer } from "./viewer.js" */

const SEGMENTS = 24; // per line, each drawn according to whether a cut hides it

/** @param {Viewer} viewer */
export function drawCube(viewer) {
  const { cube } = viewer;
  const ratio = viewer.isMoving ? 1 : Math.min(window.devicePixelRatio || 1, 2);
  const camera = makeCamera(cube.view, cube.width, cube.height);
  drawCuts(viewer, camera, ratio);
  const { depth, image } = cube;
  /** @type {(x: number, y: number, distance: number) => boolean} */
  const isVisible = (x, y, distance) => {
    const at = Math.round(y * ratio) * image.width + Math.round(x * ratio);
    return !(depth[at] < distance - 0.04);
  };
  const pen = new CubePen(cube.ctx, camera, isVisible);
  drawEdges(viewer, pen);
  drawIso(viewer, pen);
  drawFrames(viewer, pen);
  drawPaths(viewer, pen);
  drawLabels(cube.ctx, camera, viewer.labels);
}

/**
 * The cuts, with `ratio` pixels per unit, and their depths.
 * @param {Viewer} viewer
 * @param {Camera} camera
 * @param {number} ratio
 */
function drawCuts(viewer, camera, ratio) {
  const { cube } = viewer;
  const [width, height] = [Math.round(cube.width * ratio), Math.round(cube.height * ratio)];
  if (cube.image.width !== width || cube.image.height !== height) {
    Object.assign(cube.buffer.canvas, { width, height });
    cube.image = new ImageData(width, height);
    cube.depth = new Float32Array(width * height);
  }
  const [above, side, front] = viewer.panels.map((panel) => panel.grid); // in the order of CUTS
  const scene = {
    shape: viewer.volume.shape,
    index: viewer.index,
    grids: [side, front, above],
    colours: viewer.colours,
    theme: viewer.theme,
  };
  castRays(scene, camera, ratio, width, new Uint32Array(cube.image.data.buffer), cube.depth);
  if (width === cube.canvas.width) cube.ctx.putImageData(cube.image, 0, 0);
  else {
    cube.buffer.putImageData(cube.image, 0, 0);
    cube.ctx.clearRect(0, 0, cube.width, cube.height);
    cube.ctx.drawImage(cube.buffer.canvas, 0, 0, cube.width, cube.height);
  }
}

/**
 * The coordinate of each cut in the cube.
 * @param {Viewer} viewer
 */
const cutsInCube = ({ volume, index }) => index.map((i, axis) => toCube(volume.shape[axis], i));

/**
 * The twelve edges of the cube.
 * @param {Viewer} viewer
 * @param {CubePen} pen
 */
function drawEdges(viewer, pen) {
  for (let axis = 0; axis < 3; axis++)
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        /** @param {number} x */
        const end = (x) => [...p.slice(0, axis), x, ...p.slice(axis)];
        pen.add(end(-1), end(1), SEGMENTS);
      }
  pen.stroke([[viewer.theme.edge, 1]], 0);
}

/**
 * The outline of each cut in the colour of its axis, and the lines where two cuts meet.
 * @param {Viewer} viewer
 * @param {CubePen} pen
 */
function drawFrames(viewer, pen) {
  const at = cutsInCube(viewer);
  for (const { fixed, across, up } of CUTS) {
    /** @type {(s: number, t: number) => number[]} */
    const corner = (s, t) => {
      const p = [...at];
      [p[across], p[up]] = [s, t];
      return p;
    };
    const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    corners.forEach((p, i) => pen.add(p, corners[(i + 1) % 4], SEGMENTS));
    pen.stroke([["rgba(8, 10, 20, 0.55)", 3.4], [AXIS[fixed], 1.7]], 0);
  }
  for (let axis = 0; axis < 3; axis++) {
    /** @param {number} x */
    const end = (x) => at.map((c, i) => (i === axis ? x : c));
    pen.add(end(-1), end(1), SEGMENTS);
  }
  pen.stroke([["rgba(8, 10, 20, 0.4)", 1]], 0);
}

/**
 * The contour of equal loss, on all three cuts.
 * @param {Viewer} viewer
 * @param {CubePen} pen
 */
function drawIso(viewer, pen) {
  const { shape } = viewer.volume;
  const at = cutsInCube(viewer);
  for (const { cut, iso } of viewer.panels) {
    /** @type {(u: number, v: number) => number[]} */
    const point = (u, v) => {
      const p = [...at];
      p[cut.across] = toCube(shape[cut.across], u);
      p[cut.up] = toCube(shape[cut.up], v);
      return p;
    };
    for (let i = 0; i < iso.length; i += 4)
      pen.addLine([point(iso[i], iso[i + 1]), point(iso[i + 2], iso[i + 3])]);
  }
  pen.stroke(ISO.map(([colour, width]) => [colour, 0.8 * width]), 0);
}

/**
 * The trajectory in the cube; the parts that the cuts hide show through.
 * @param {Viewer} viewer
 * @param {CubePen} pen
 */
function drawPaths({ path, volume: { axes, shape } }, pen) {
  const { ctx, camera } = pen;
  /** @param {Step} step */
  const inCube = ({ alpha }) => alpha.map((a, i) => toCube(shape[i], gridPosition(axes[i], a)));
  for (const run of path) {
    const points = thinned(run, (step) => project(camera, inCube(step))).map((p) => inCube(p.step));
    pen.addLine(points).stroke([["#fff", 4], [PATH, 2.2]], 0.35);
    /** @type {(p: number[], draw: typeof drawStart) => void} */
    const drawAt = (p, draw) => {
      const [x, y, depth] = project(camera, p);
      ctx.globalAlpha = pen.isVisible(x, y, depth) ? 1 : 0.45;
      draw(ctx, x, y);
    };
    drawAt(points[0], drawStart);
    drawAt(points[points.length - 1], drawEnd);
    ctx.globalAlpha = 1;
  }
}
