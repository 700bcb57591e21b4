// The elements of the viewer, and their sizes.

import { makeStrip } from "../canvas/bar.js";
import { offscreen, penOf } from "../canvas/pen.js";
import { makeTile } from "../canvas/picture.js";
import { make } from "../page/elements.js";
import { VIEW } from "./camera.js";
import { CUTS, LABELS } from "./state.js";

/** @import { Box } from "../canvas/pen.js" */
/** @import { Grid } from "../contours.js" */
/** @import { Cut, Volume } from "./state.js" */

/** @typedef {ReturnType<typeof cutPanel>} CutPanel */
/** @typedef {ReturnType<typeof cubePanel>} CubePanel */

export const STEPS = 400; // number of steps of the contour slider

/** @param {number} axis */
const swatch = (axis) => make(`span.swatch.axis${axis}`, { "aria-hidden": "true" });

/**
 * All elements of the viewer, by name.
 * @param {Volume} volume
 * @param {boolean} hasPath
 * @param {Uint32Array} colours
 */
export function buildPage(volume, hasPath, colours) {
  const panels = CUTS.map((cut) => cutPanel(volume, cut, hasPath));
  const cube = cubePanel();
  const reading = make("span.loss");
  const sliders = LABELS.map((label, axis) => slider(label, axis, volume.shape[axis] - 1));
  const play = make("button.play", { type: "button", "aria-pressed": "false" });
  const reset = make("button", { type: "button" }, "Reset");
  const barCanvas = make("canvas", { role: "img" });
  const bar = { ctx: penOf(barCanvas), width: 0, strip: makeStrip(colours) };
  const isoOn = make("input", { type: "checkbox" });
  const iso = { type: "range", min: 0, max: STEPS, step: 1, "aria-label": "iso-loss" };
  const isoAt = make("input.iso", iso);
  const isoValue = make("span.value");
  const scales = ["log", "linear"].map((name) =>
    make("button", { type: "button", "aria-pressed": "false", "data-scale": name }, name),
  );
  const segments = make("span.segments", { role: "group", "aria-label": "scale" }, ...scales);
  const limits = ["lowest", "highest"].map((name) => {
    const label = `${name} loss on the colour scale`;
    return make("input", { type: "number", step: "any", "aria-label": label });
  });
  const fullScreen = make("button", { type: "button", "aria-pressed": "false" }, "Full screen");
  const save = make("button", { type: "button" }, "Save PNG");
  const words = make("p.words", { role: "status", "aria-live": "polite" });
  const side = make(
    "div.side",
    {},
    make("div.group", {}, make("span.label", {}, "loss L under the crosshair"), reading),
    make("div.group", {}, ...sliders.map((s) => s.row), make("div.buttons", {}, play, reset)),
    make(
      "div.group",
      {},
      make("span.label", {}, "colours"),
      barCanvas,
      isoAt,
      make("div.row.split", {}, make("label.check", {}, isoOn, "iso-loss contour"), isoValue),
      make("div.row.split", {}, "limits", make("span.pair", {}, limits[0], "to", limits[1])),
      make("div.row.split", {}, "scale", segments),
    ),
    make("div.group", {}, make("div.buttons", {}, fullScreen, save)),
    make("div.group.summary", {}, ...(hasPath ? [legend()] : []), words),
  );
  const grid = make("div.grid", {}, ...panels.map((p) => p.figure), cube.figure);
  const root = make(
    "section.card.viewer",
    { "aria-label": "Volume viewer: three cuts through a 3D loss landscape" },
    make("div.body", {}, grid, side),
  );
  const controls = { sliders, play, reset, isoOn, isoAt, isoValue, scales, limits };
  return { root, grid, fullScreen, save, panels, cube, bar, reading, words, ...controls };
}

/**
 * The panel of a cut. Its picture is drawn off-screen, and the crosshair on a copy of it.
 * @param {Volume} volume
 * @param {Cut} cut
 * @param {boolean} hasPath
 */
function cutPanel(volume, cut, hasPath) {
  const canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "cut",
  });
  const title = make("span.title");
  const away = make("span");
  const head = make("figcaption", {}, swatch(cut.fixed), title);
  const enlarge = enlarger(`the cut at ${LABELS[cut.fixed]}`);
  if (hasPath)
    head.append(
      make(
        "span.away",
        { title: "distance of the end of training from this cut" },
        "★ ",
        away,
        make("span.unit", {}, " away"),
      ),
    );
  head.append(enlarge);
  const [nu, nv] = [volume.shape[cut.across], volume.shape[cut.up]];
  return {
    cut,
    canvas,
    title,
    away,
    enlarge,
    head,
    figure: make("figure.panel", {}, head, canvas),
    ctx: penOf(canvas),
    picture: offscreen(),
    tile: makeTile(nu, nv),
    width: 0,
    height: 0,
    box: /** @type {Box} */ ({ x: 0, y: 0, width: 0, height: 0 }),
    shown: /** @type {number | null} */ (null), // index of the cut in the picture
    grid: /** @type {Grid} */ ({ values: new Float32Array(nu * nv), nu, nv }),
    iso: /** @type {number[]} */ ([]), // segments of the contour
    crossing: [0, 0], // where the crosshair was drawn
  };
}

function cubePanel() {
  const canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-roledescription": "cube",
    "aria-label": "The three cuts inside the cube. Arrow keys rotate it.",
  });
  const hint = make("span.away", {}, "drag to rotate");
  const enlarge = enlarger("the cube");
  const head = make("figcaption", {}, make("span.title", {}, "cube"), hint, enlarge);
  return {
    canvas,
    enlarge,
    head,
    figure: make("figure.panel", {}, head, canvas),
    ctx: penOf(canvas),
    buffer: offscreen(),
    image: new ImageData(1, 1),
    depth: new Float32Array(1),
    view: { ...VIEW },
    width: 0,
    height: 0,
  };
}

/**
 * @param {string} label
 * @param {number} axis
 * @param {number} max
 */
function slider(label, axis, max) {
  const input = make("input", { type: "range", min: 0, max, step: 1, "aria-label": label });
  const value = make("span.value");
  return { input, value, row: make("label.row", {}, swatch(axis), label, input, value) };
}

/**
 * The button that gives a panel all the space, or takes it back.
 * @param {string} name
 */
function enlarger(name) {
  const label = `enlarge ${name}`;
  return make("button.enlarge", { type: "button", "aria-pressed": "false", "aria-label": label }, "⤢");
}

/** What the marks of the path mean. */
function legend() {
  /** @param {string} text */
  const mark = (text) => make("span.mark", { "aria-hidden": "true" }, text);
  return make("span.label", {}, "training: ", mark("○"), " start, ", mark("★"), " end");
}
