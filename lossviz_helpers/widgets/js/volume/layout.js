// The sizes of the viewer: all panels in view, as large as the window allows.

import { BAR_HEIGHT } from "../canvas/bar.js";
import { sizeCanvas } from "../canvas/pen.js";
import { clamp } from "../numbers.js";

/** @import { Viewer } from "./viewer.js" */

/** @typedef {"wide" | "medium" | "narrow"} Layout */

const MARGIN = { left: 36, right: 8, top: 8, bottom: 32 };
const SMALL_MARGIN = { left: 28, right: 3, top: 4, bottom: 24 };
const WIDEST = 1080; // CSS pixels, unless the viewer fills the screen
const SMALLEST = 120; // of a panel
const HEAD = 22; // height of a panel's caption
const GAP = { column: 12, row: 10 };
const FRAME = { wide: 32, medium: 32, narrow: 18 }; // padding and border of the card
export const SIDE = { full: 250, slim: 206, gap: 22 };

/**
 * Controls beside the panels, or below them.
 * @param {number} total - width of the card
 * @returns {Layout}
 */
export const chooseLayout = (total) =>
  total >= 640 ? "wide" : total >= 520 ? "medium" : "narrow";

/**
 * The width of the controls where they stand beside the panels.
 * @param {number} total
 */
export const sideWidth = (total) => (total >= 900 ? SIDE.full : SIDE.slim);

/**
 * The width of a panel: two by two panels, or one enlarged, fit into the card and the window.
 * @param {number} total - width of the card
 * @param {number} height - height of what is in view
 * @param {boolean} isLarge - one panel has all the space
 */
export function panelWidth(total, height, isLarge) {
  const layout = chooseLayout(total);
  const side = layout === "wide" ? sideWidth(total) + SIDE.gap : 0;
  const across = total - FRAME[layout] - side;
  const down = height - FRAME[layout];
  const width = isLarge
    ? Math.min(across, down - HEAD - GAP.row)
    : Math.min((across - GAP.column) / 2, (down - GAP.row) / 2 - HEAD);
  return clamp(Math.floor(width), SMALLEST, across);
}

/**
 * The height that a reader sees at once: that of the window, or of what scrolls within it.
 * @param {HTMLElement} root
 */
function heightInView(root) {
  let height = window.innerHeight;
  for (let node = root.parentElement; node; node = node.parentElement)
    if (/auto|scroll/.test(getComputedStyle(node).overflowY) && node.clientHeight > 300)
      height = Math.min(height, node.clientHeight);
  return height;
}

/**
 * Size all canvases for the available space; returns whether there is any.
 * @param {Viewer} viewer
 */
export function layOut(viewer) {
  const { root, grid, panels, cube, bar, large } = viewer;
  const isFull = document.fullscreenElement === root;
  const around = root.parentElement?.clientWidth ?? 0;
  const total = isFull ? window.innerWidth : Math.min(around, WIDEST);
  if (!total) return false;
  root.dataset.width = chooseLayout(total);
  root.style.setProperty("--lv-side", `${sideWidth(total)}px`);
  const width = panelWidth(total, isFull ? window.innerHeight : heightInView(root), large !== null);
  root.style.setProperty("--lv-pane", `${width}px`);
  root.dataset.pane = width >= 260 ? "large" : "small";
  grid.dataset.large = String(large !== null);
  root.style.width = isFull || chooseLayout(total) !== "wide" ? "" : "fit-content";
  const margin = width >= 200 ? MARGIN : SMALL_MARGIN;
  const size = width - margin.left - margin.right;
  const height = size + margin.top + margin.bottom;
  [...panels, cube].forEach((panel, i) => {
    panel.figure.hidden = large !== null && large !== i;
    panel.enlarge.setAttribute("aria-pressed", String(large === i));
    panel.enlarge.textContent = large === i ? "⤡" : "⤢";
    sizeCanvas(panel.ctx, width, height);
    Object.assign(panel, { width, height });
  });
  for (const panel of panels) {
    sizeCanvas(panel.picture, width, height);
    panel.box = { x: margin.left, y: margin.top, width: size, height: size };
  }
  bar.width = Math.floor(bar.ctx.canvas.parentElement?.clientWidth ?? 0);
  sizeCanvas(bar.ctx, bar.width, BAR_HEIGHT);
  return true;
}
