// A surface to rotate: a plane of losses as a block in three dimensions, or two on one scale.
//
// Python (surface.py) sends the numbers once; everything is drawn here, by the graphics card where
// there is WebGL 2, otherwise on a 2D canvas. Browsers allow about 16 such contexts on a page, so a
// widget has one only while it can be seen; its last picture stays.

import { guard, widgetOf } from "./page/elements.js";
import { keepKeys } from "./page/input.js";
import { readTheme, watchPage } from "./page/theme.js";
import { connectInput } from "./surface/input.js";
import { layOut } from "./surface/page.js";
import { readScale } from "./surface/state.js";
import { draw, drawNow, newWidget, refresh, release } from "./surface/widget.js";
import { showControls, showLegend, showReading } from "./surface/words.js";

/** @import { Model } from "./surface/state.js" */
/** @import { Widget } from "./surface/widget.js" */

/**
 * Redraw when the model, the size or the theme changes; returns a function that stops this.
 * @param {Widget} widget
 * @param {HTMLElement} el
 */
function connect(widget, el) {
  const {
    model,
    page: { root },
  } = widget;
  const rescale = () => {
    widget.scale = readScale(model);
    widget.isStale = true;
    update();
  };
  const update = () => {
    showControls(widget);
    showReading(widget);
    draw(widget);
  };
  const read = () => {
    showReading(widget);
    refresh(widget);
  };
  const look = () => {
    const [elevation, azimuth] = model.get("view");
    Object.assign(widget.view, { elevation, azimuth, zoom: model.get("zoom") });
    draw(widget);
  };
  const restyle = () => {
    widget.isReady = layOut(widget);
    if (!widget.isReady) return; // not on the page yet, or hidden: the size will change
    keepKeys(root);
    widget.theme = readTheme(root, el);
    widget.isFresh = false;
    drawNow(widget);
  };
  /** @type {[string, () => void][]} */
  const watched = [
    ["log", rescale],
    ["height", update],
    ["contours", update],
    ["pointer", read],
    ["view", look],
    ["zoom", look],
  ];
  for (const [name, act] of watched) model.on(`change:${name}`, act);
  const stop = watchPage(root, restyle);
  const drawGuarded = guard(root, () => drawNow(widget));
  const sight = new IntersectionObserver(
    (entries) => {
      widget.isSeen = entries[entries.length - 1].isIntersecting;
      if (widget.isSeen) drawGuarded();
      else release(widget);
    },
    { rootMargin: "150px" },
  );
  sight.observe(root);
  restyle();
  return () => {
    for (const [name, act] of watched) model.off(`change:${name}`, act);
    stop();
    sight.disconnect();
    release(widget);
    cancelAnimationFrame(widget.frame);
    clearTimeout(widget.announceTimer);
    clearTimeout(widget.saveTimer);
  };
}

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
function start(model, el) {
  const widget = newWidget(model, el);
  connectInput(widget);
  showControls(widget);
  showLegend(widget);
  showReading(widget);
  return connect(widget, el);
}

export default widgetOf(start);
