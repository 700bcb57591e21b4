// The elements of the viewer, and their sizes.

import { sizeCanvas } from "../canvas/pen.js";
import { makeStrip } from "../canvas/bar.js";
import { make } from "../page/elements.js";
import { CUTS, LABELS } from "./state.js";
import { VIEW } from "./camera.js";

const MARGIN = { left: 36, right: 8, top: 8, bottom: 32 };
export const STEPS = 400; // of the slider for the contour

/** Everything on the page, named. */
export function buildPage(viewer, el) {
  const swatch = (axis) => make(`span.swatch.axis${axis}`, { "aria-hidden": "true" });
  viewer.panels = CUTS.map((cut) => {
    const canvas = make("canvas", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "cut",
    });
    const title = make("span.title");
    const away = make("span");
    const head = make("figcaption", {}, swatch(cut.fixed), title);
    if (viewer.path.length)
      head.append(
        make(
          "span.away",
          { title: "distance of the end of training from this cut" },
          "★ ",
          away,
          make("span.unit", {}, " away"),
        ),
      );
    const [nu, nv] = [viewer.volume.shape[cut.across], viewer.volume.shape[cut.up]];
    const tile = make("canvas", { width: nu, height: nv });
    const image = new ImageData(nu, nv);
    const figure = make("figure.panel", {}, head, canvas);
    return { cut, canvas, title, away, figure, tile, image, nu, nv };
  });
  viewer.cube = {
    canvas: make("canvas", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": "cube",
      "aria-label": "The three cuts inside the cube. Arrow keys turn it.",
    }),
    buffer: document.createElement("canvas"),
    view: { ...VIEW },
  };
  viewer.cube.figure = make(
    "figure.panel",
    {},
    make("figcaption", {}, make("span.title", {}, "cube"), make("span.away", {}, "drag to turn")),
    viewer.cube.canvas,
  );
  viewer.reading = make("span.loss");
  viewer.sliders = LABELS.map((label, axis) => {
    const input = make("input", {
      type: "range",
      min: 0,
      max: viewer.volume.shape[axis] - 1,
      step: 1,
      "aria-label": label,
    });
    const value = make("span.value");
    return { input, value, row: make("label.row", {}, swatch(axis), label, input, value) };
  });
  viewer.play = make("button.play", { type: "button", "aria-pressed": "false" });
  viewer.reset = make("button", { type: "button" }, "Reset");
  viewer.bar = {
    canvas: make("canvas", { role: "img" }),
    strip: makeStrip(viewer.colours),
  };
  viewer.isoOn = make("input", { type: "checkbox" });
  viewer.isoAt = make("input.iso", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": "iso-loss" });
  viewer.isoValue = make("span.value");
  viewer.scales = ["log", "linear"].map((name) =>
    make("button", { type: "button", "aria-pressed": "false", "data-scale": name }, name),
  );
  viewer.limits = ["lowest", "highest"].map((name) =>
    make("input", { type: "number", step: "any", "aria-label": `${name} loss of the colours` }),
  );
  viewer.words = make("p.words", { role: "status", "aria-live": "polite" });
  viewer.root = make(
    "section.card.viewer",
    { "aria-label": "Volume viewer: three cuts through a 3D loss landscape" },
    make(
      "div.body",
      {},
      make("div.grid", {}, ...viewer.panels.map((p) => p.figure), viewer.cube.figure),
      make(
        "div.side",
        {},
        make("div.group", {}, make("span.label", {}, "loss L under the crosshair"), viewer.reading),
        make("div.group", {}, ...viewer.sliders.map((s) => s.row), make("div.buttons", {}, viewer.play, viewer.reset)),
        make(
          "div.group",
          {},
          make("span.label", {}, "colours"),
          viewer.bar.canvas,
          viewer.isoAt,
          make("div.row.split", {}, make("label.check", {}, viewer.isoOn, "iso-loss contour"), viewer.isoValue),
          make("div.row.split", {}, "limits", make("span.pair", {}, viewer.limits[0], "to", viewer.limits[1])),
          make("div.row.split", {}, "scale", make("span.segments", { role: "group", "aria-label": "scale" }, ...viewer.scales)),
        ),
        make("div.group.telling", {}, ...(viewer.path.length ? [key()] : []), viewer.words),
      ),
    ),
  );
  el.append(viewer.root);
}

/** What the marks of the path mean. */
function key() {
  const mark = (text) => make("span.mark", { "aria-hidden": "true" }, text);
  return make("span.label", {}, "training: ", mark("○"), " start, ", mark("★"), " end");
}

/** Sizes of all canvases for the width there is. */
export function layout(viewer) {
  const { root } = viewer;
  const total = root.clientWidth;
  if (!total) return false;
  root.dataset.width = total >= 760 ? "wide" : total >= 520 ? "medium" : "narrow";
  const margin = total >= 520 ? MARGIN : { left: 28, right: 3, top: 4, bottom: 24 };
  const width = Math.floor(viewer.panels[0].figure.clientWidth);
  const size = width - margin.left - margin.right;
  const height = size + margin.top + margin.bottom;
  for (const panel of viewer.panels) {
    const box = { x: margin.left, y: margin.top, width: size, height: size };
    const ctx = sizeCanvas(panel.canvas, width, height);
    const picture = sizeCanvas(panel.picture?.canvas ?? make("canvas"), width, height);
    Object.assign(panel, { width, height, box, ctx, picture });
  }
  const { cube, bar } = viewer;
  Object.assign(cube, { width, height, ctx: sizeCanvas(cube.canvas, width, height) });
  bar.width = Math.floor(bar.canvas.parentElement.clientWidth);
  bar.height = 44;
  bar.ctx = sizeCanvas(bar.canvas, bar.width, bar.height);
  return true;
}
