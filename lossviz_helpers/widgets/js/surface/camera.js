// From the block to the screen and back. The block stands on z = 0; x and y run along α₁ and α₂.

import { clamp, dot } from "../numbers.js";

/** @import { Pair } from "./state.js" */

/**
 * The eye: its direction e from the middle of the block, and the directions r to the right and u up
 * on the screen, whose centre is at (x, y).
 * @typedef {object} Camera
 * @property {number[]} e
 * @property {number[]} r
 * @property {number[]} u
 * @property {number} middle - height at which it looks
 * @property {number} focus - pixels per unit at distance 1
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/**
 * How the block is seen: degrees, magnification, and shift, as a fraction of the canvas.
 * @typedef {{ elevation: number, azimuth: number, zoom: number, shift: Pair }} View
 */

export const EYE = 5.2; // distance of the eye from the middle of the block
export const FOOT = 0.1; // how deep the block goes below the lowest loss
export const STEEPEST = 89.5;
export const FLATTEST = 4;
export const ZOOM = /** @type {Pair} */ ([0.5, 8]);

/**
 * A camera that shows the whole block, however it is turned, if nothing is magnified.
 * @param {View} view
 * @param {number} width - of the canvas
 * @param {number} height
 * @param {{ half: Pair, tall: number }} block - its half-widths and its height
 * @returns {Camera}
 */
export function makeCamera({ elevation, azimuth, zoom, shift }, width, height, { half, tall }) {
  const [el, az] = [(elevation * Math.PI) / 180, (azimuth * Math.PI) / 180];
  const [up, flat] = [Math.sin(el), Math.cos(el)];
  const e = [flat * Math.cos(az), flat * Math.sin(az), up];
  const r = [-Math.sin(az), Math.cos(az), 0];
  const u = [e[1] * r[2] - e[2] * r[1], e[2] * r[0] - e[0] * r[2], e[0] * r[1] - e[1] * r[0]];
  const middle = (tall - FOOT) / 2;
  const [radius, rise] = [Math.hypot(...half), (tall + FOOT) / 2];
  // how far the nearest lower corner reaches down, and the highest upper corner up, at distance 1
  const below = (radius * up + rise * flat) / (EYE - radius * flat + rise * up);
  const above = Math.max(
    (radius * up + rise * flat) / (EYE + radius * flat - rise * up),
    (rise * flat - radius * up) / (EYE - radius * flat - rise * up),
  );
  const aside = radius / Math.sqrt((EYE - rise * up) ** 2 - radius ** 2);
  const [top, bottom, side] = [22, 46, width < 520 ? 28 : 52]; // room for labels
  const across = (width / 2 - side) / aside;
  const focus = Math.min((height - top - bottom) / (above + below), across);
  const y = (height + top - bottom + focus * (above - below)) / 2;
  return {
    e,
    r,
    u,
    middle,
    focus: focus * zoom,
    x: width * (0.5 + shift[0]),
    y: height * (0.5 + shift[1]) + (y - height / 2) * zoom,
    width,
    height,
  };
}

/**
 * Where a point is seen: x and y on the canvas, and its distance along the line of sight.
 * @param {Camera} camera
 * @param {number[]} p
 * @returns {[x: number, y: number, depth: number]}
 */
export function project(camera, [px, py, pz]) {
  const p = [px, py, pz - camera.middle];
  const depth = EYE - dot(p, camera.e);
  const scale = camera.focus / depth;
  return [camera.x + dot(p, camera.r) * scale, camera.y - dot(p, camera.u) * scale, depth];
}

/**
 * The ray through a point of the canvas: eye + t · direction.
 * @param {Camera} camera
 * @param {number} x
 * @param {number} y
 */
export function rayThrough({ e, r, u, middle, focus, ...at }, x, y) {
  const [a, b] = [(x - at.x) / focus, (at.y - y) / focus];
  const eye = [EYE * e[0], EYE * e[1], EYE * e[2] + middle];
  return { eye, direction: [0, 1, 2].map((i) => a * r[i] + b * u[i] - e[i]) };
}

/**
 * The same projection for a shader, as 4 columns of 4 numbers.
 * @param {Camera} camera
 */
export function matrix({ e, r, u, middle, focus, x, y, width, height }) {
  const [near, far] = [EYE - 3.2, EYE + 3.2];
  const [cx, cy] = [(2 * x) / width - 1, 1 - (2 * y) / height];
  const [sx, sy] = [(2 * focus) / width, (2 * focus) / height];
  const k = (far + near) / (far - near);
  const columns = [0, 1, 2].map((i) => [
    sx * r[i] - cx * e[i],
    sy * u[i] - cy * e[i],
    -k * e[i],
    -e[i],
  ]);
  const last = [cx * EYE, cy * EYE, k * EYE - (2 * far * near) / (far - near), EYE];
  const moved = last.map((value, i) => value - middle * columns[2][i]);
  return [...columns.flat(), ...moved];
}

/**
 * Turn by degrees.
 * @param {View} view
 * @param {number} right
 * @param {number} up
 */
export function turn(view, right, up) {
  view.azimuth = ((((view.azimuth - right + 180) % 360) + 360) % 360) - 180;
  view.elevation = clamp(view.elevation + up, FLATTEST, STEEPEST);
}

/**
 * Magnify around the point (x, y), a fraction of the canvas, which stays where it is.
 * @param {View} view
 * @param {number} by
 * @param {number} x
 * @param {number} y
 */
export function magnify(view, by, x = 0.5, y = 0.5) {
  const zoom = clamp(view.zoom * by, ...ZOOM);
  const k = zoom / view.zoom;
  const [dx, dy] = [x - 0.5, y - 0.5];
  view.zoom = zoom;
  view.shift = zoom <= 1 ? [0, 0] : [dx - k * (dx - view.shift[0]), dy - k * (dy - view.shift[1])];
}
