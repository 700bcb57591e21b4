// From the cube, whose coordinates run from −1 to 1, to the screen.

import { dot } from "../numbers.js";

/**
 * The eye: its direction e, and the directions r to the right and u up on the screen, whose centre
 * is at (x, y).
 * @typedef {object} Camera
 * @property {number[]} e
 * @property {number[]} r
 * @property {number[]} u
 * @property {number} focus - pixels per unit at distance 1
 * @property {number} x
 * @property {number} y
 */

/** @typedef {[x: number, y: number, depth: number]} Projected - depth: the distance from the eye */

export const EYE = 7.2; // distance of the eye from the centre of the cube
export const VIEW = { elevation: 24, azimuth: -56 }; // in degrees

/**
 * @param {{ elevation: number, azimuth: number }} view
 * @param {number} width - of the canvas
 * @param {number} height
 * @returns {Camera}
 */
export function makeCamera({ elevation, azimuth }, width, height) {
  const [el, az] = [(elevation * Math.PI) / 180, (azimuth * Math.PI) / 180];
  const e = [Math.cos(el) * Math.cos(az), Math.cos(el) * Math.sin(az), Math.sin(el)];
  const r = [-Math.sin(az), Math.cos(az), 0];
  const u = [e[1] * r[2] - e[2] * r[1], e[2] * r[0] - e[0] * r[2], e[0] * r[1] - e[1] * r[0]];
  const focus = 0.277 * EYE * Math.min(width, height);
  return { e, r, u, focus, x: width / 2 + 4, y: height / 2 - 6 };
}

/**
 * Where a point of the cube is seen.
 * @param {Camera} camera
 * @param {number[]} p
 * @returns {Projected}
 */
export function project(camera, p) {
  const depth = EYE - dot(p, camera.e);
  const scale = camera.focus / depth;
  return [camera.x + dot(p, camera.r) * scale, camera.y - dot(p, camera.u) * scale, depth];
}

/**
 * Grid position → coordinate in the cube, along an axis of n points.
 * @param {number} n
 * @param {number} position
 */
export function toCube(n, position) {
  return (2 * position) / (n - 1) - 1;
}

/**
 * The pixels that the cube can cover.
 * @param {Camera} camera
 * @param {number} ratio - pixels per unit of the canvas
 * @param {number} width - in pixels
 * @param {number} height
 */
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
