// The state of one widget on the page, and how it is drawn.

import { inBox } from "../canvas/pen.js";
import { readColours } from "../colours.js";
import { clamp } from "../numbers.js";
import { readTheme } from "../page/theme.js";
import { makeBlock, raise, rescale, rgb, shine } from "./block.js";
import { makeCamera } from "./camera.js";
import { makeRenderer } from "./gl.js";
import { drawOverlay } from "./overlay.js";
import { buildPage } from "./page.js";
import { paintBlock } from "./painter.js";
import { readGround, readScale } from "./state.js";

/** @import { Pen } from "../canvas/pen.js" */
/** @import { Block } from "./block.js" */
/** @import { Camera, View } from "./camera.js" */
/** @import { Renderer } from "./gl.js" */
/** @import { Model, Pair } from "./state.js" */

/** @typedef {ReturnType<typeof newWidget>} Widget */

export const LINES = 20; // contours, evenly spaced in height
const SLOW = 60; // milliseconds from a request to its picture

/**
 * @param {Model} model
 * @param {HTMLElement} el - where it is put
 */
export function newWidget(model, el) {
  const grounds = model.get("_surfaces").map(readGround);
  const colours = readColours(model.get("_colours"));
  const page = buildPage(grounds, model.get("_quantity"));
  el.append(page.root);
  return {
    model,
    grounds,
    page,
    blocks: grounds.map((ground) => makeBlock(ground, colours)),
    scale: readScale(model),
    view: readView(model),
    theme: readTheme(page.root, el),
    renderer: /** @type {Renderer | null} */ (null),
    hasCard: true, // as far as is known; otherwise blocks are drawn on a 2D canvas
    isReady: false, // has a size
    isSeen: false, // is on the visible part of the page
    isStale: true, // heights have to be worked out again
    isFresh: false, // the pictures of the blocks are those of the present view
    isMoving: false,
    lateness: 0, // grows with every late frame: where it is high, what moves is drawn coarsely
    frame: 0,
    announceTimer: 0,
    saveTimer: 0,
  };
}

/**
 * @param {Model} model
 * @returns {View}
 */
export function readView(model) {
  const [elevation, azimuth] = model.get("view");
  return { elevation, azimuth, zoom: model.get("zoom"), shift: [0, 0] };
}

/**
 * Draw everything with the next frame of the screen.
 * @param {Widget} widget
 */
export function draw(widget) {
  widget.isFresh = false;
  refresh(widget);
}

/**
 * Draw marks and words again with the next frame, over the same blocks.
 * @param {Widget} widget
 */
export function refresh(widget) {
  if (widget.frame) return;
  const asked = performance.now();
  widget.frame = requestAnimationFrame(() => {
    widget.frame = 0;
    const isWhole = !widget.isFresh;
    drawNow(widget);
    const isLate = performance.now() - asked > SLOW;
    if (isWhole) widget.lateness = clamp(widget.lateness + (isLate ? 1 : -0.2), 0, 4);
  });
}

/** @param {Widget} widget */
export function drawNow(widget) {
  if (!widget.isReady || !widget.isSeen) return;
  const { page } = widget;
  const isCoarse = widget.isMoving && widget.lateness >= 2;
  const ratio = (window.devicePixelRatio || 1) * (isCoarse ? 0.5 : 1);
  if (!widget.isFresh) prepare(widget);
  page.figures.forEach(({ ctx, scene, width, height }, i) => {
    if (!widget.isFresh) {
      const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
      Object.assign(scene.canvas, size);
      scene.scale(ratio, ratio);
      drawBlock(widget, scene, i, width, height, ratio, isCoarse);
    }
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(scene.canvas, 0, 0, width, height);
    drawMarks(widget, ctx, i, width, height);
  });
  widget.isFresh = true;
}

/**
 * Bring blocks and renderer up to date.
 * @param {Widget} widget
 */
function prepare(widget) {
  const { blocks, scale, model, view } = widget;
  if (widget.isStale) for (const block of blocks) rescale(block, scale);
  widget.isStale = false;
  for (const block of blocks) {
    raise(block, model.get("height"));
    shine(block, view.azimuth);
  }
  if (widget.renderer?.isLost()) widget.renderer = null;
  if (!widget.renderer && widget.hasCard) {
    widget.renderer = newRenderer();
    widget.hasCard = widget.renderer !== null;
  }
}

/** A renderer; null, for a 2D canvas, if there is no WebGL 2 or a driver rejects the shaders. */
function newRenderer() {
  try {
    return makeRenderer();
  } catch (error) {
    console.warn(error);
    return null;
  }
}

/**
 * @param {Widget} widget
 * @param {Pen} ctx
 * @param {number} i - which block
 * @param {number} width - in CSS pixels
 * @param {number} height
 * @param {number} ratio - pixels per CSS pixel
 * @param {boolean} isCoarse
 */
function drawBlock(
  { renderer, model, theme, page, ...widget },
  ctx,
  i,
  width,
  height,
  ratio,
  isCoarse,
) {
  const [block, camera] = [widget.blocks[i], cameraOf(widget, i, width, height)];
  const lines = model.get("contours") ? LINES : 0;
  const isDark = page.root.dataset.theme === "dark";
  const look = { lines, isDark, gap: rgb(theme.gap), gapLine: rgb(theme.gapLine), isCoarse };
  if (renderer) ctx.drawImage(renderer.draw(block, camera, look, ratio), 0, 0, width, height);
  else paintBlock(ctx, block, camera, lines);
}

/**
 * @param {Widget} widget
 * @param {Pen} ctx
 * @param {number} i - of which block
 * @param {number} width
 * @param {number} height
 */
function drawMarks({ model, theme, scale, ...widget }, ctx, i, width, height) {
  const [labels, quantity] = [model.get("_labels"), model.get("_quantity")];
  const words = { scale, labels, quantity, pointer: model.get("pointer") };
  drawOverlay(ctx, theme, widget.blocks[i], cameraOf(widget, i, width, height), words);
}

/**
 * The camera in front of a block.
 * @param {{ view: View, blocks: Block[] }} widget
 * @param {number} i
 * @param {number} width
 * @param {number} height
 * @returns {Camera}
 */
export function cameraOf({ view, blocks }, i, width, height) {
  const { relief, tall } = blocks[i];
  return makeCamera(view, width, height, { half: relief.half, tall });
}

/**
 * All figures side by side on the colour of the card, at least twice as fine as on the screen.
 * @param {Widget} widget
 */
export function picture(widget) {
  const { page, blocks, theme, grounds } = widget;
  const ratio = Math.max(2, window.devicePixelRatio || 1);
  const { width, height } = page.figures[0];
  const [gap, head] = [12, grounds.some(({ name }) => name) ? 30 : 8];
  const canvas = document.createElement("canvas");
  canvas.width = Math.round((blocks.length * (width + gap) - gap) * ratio);
  canvas.height = Math.round((height + head) * ratio);
  const ctx = /** @type {Pen} */ (canvas.getContext("2d"));
  ctx.scale(ratio, ratio);
  ctx.fillStyle = theme.card;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  prepare(widget);
  blocks.forEach((_, i) => {
    ctx.save();
    ctx.translate(i * (width + gap), head);
    inBox(ctx, { x: 0, y: 0, width, height }, () => {
      drawBlock(widget, ctx, i, width, height, ratio, false);
      drawMarks(widget, ctx, i, width, height);
    });
    ctx.restore();
    ctx.fillStyle = theme.ink;
    ctx.font = theme.bold;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(grounds[i].name, i * (width + gap) + 12, 18);
  });
  return canvas;
}

/**
 * Release the graphics card.
 * @param {Widget} widget
 */
export function release(widget) {
  widget.renderer?.drop();
  widget.renderer = null;
  widget.hasCard = true;
}

/**
 * Move the point that is read, here and in Python.
 * @param {Widget} widget
 * @param {Pair | null} alpha
 */
export function point({ model }, alpha) {
  const last = model.get("pointer");
  if (last?.[0] === alpha?.[0] && last?.[1] === alpha?.[1]) return;
  model.set("pointer", alpha);
  model.save_changes();
}
