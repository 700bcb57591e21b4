// From the cube to the screen.

import { dot } from "../numbers.js";

export const EYE = 7.2; // distance of the eye from the centre of the cube, whose half side is 1
export const VIEW = { elevation: 24, azimuth: -56 };

/** The eye: its direction e, and which directions are right r and up u on the screen. */
export function makeCamera({ elevation, azimuth }, width, height) {
  const [el, az] = [(elevation * Math.PI) / 180, (azimuth * Math.PI) / 180];
  const e = [Math.cos(el) * Math.cos(az), Math.cos(el) * Math.sin(az), Math.sin(el)];
  const r = [-Math.sin(az), Math.cos(az), 0];
  const u = [e[1] * r[2] - e[2] * r[1], e[2] * r[0] - e[0] * r[2], e[0] * r[1] - e[1] * r[0]];
  const focus = 0.277 * EYE * Math.min(width, height);
  return { e, r, u, focus, x: width / 2 + 4, y: height / 2 - 6 };
}

/** Point of the cube → [x, y, distance from the eye]. */
export function project(camera, p) {
  const depth = EYE - dot(p, camera.e);
  const scale = camera.focus / depth;
  return [camera.x + dot(p, camera.r) * scale, camera.y - dot(p, camera.u) * scale, depth];
}

/** The pixels that the cube can cover. */
export function boundingBox(camera, ratio, width, height) {
  const signs = [-1, 1];
  const corners = signs.flatMap((x) => signs.flatMap((y) => signs.map((z) => [x, y, z])));
  const places = corners.map((corner) => project(camera, corner));
  const [xs, ys] = [0, 1].map((i) => places.map((place) => place[i] * ratio));
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    right: Math.min(width, Math.ceil(Math.max(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    bottom: Math.min(height, Math.ceil(Math.max(...ys))),
  };
}
