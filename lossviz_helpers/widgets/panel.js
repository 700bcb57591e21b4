// A plot panel: a picture on a grid, lines and marks, and a pointer that hands and keys can move.
//
// Python (panel.py) says what is drawn, and again whenever it changes; `pointer` and `picked` are
// set from both sides. What stands in canvas.js is in front of this text.

const FAINT = 12; // contours across the colours
const ROWS = { top: 24, bottom: 40, right: 10 }; // around the box, for ticks and names
const POINTER = "#ffffff";

// -- what is shown --------------------------------------------------------------------------------

/** Points [x, y, x, y, …] of a line or a group of marks. */
const readPoints = (item) => floats(item.points);

/** Take over the picture: its field of positions on the colour bar. */
function readPicture(panel) {
  const { model } = panel;
  const [nu, nv] = model.get("_shape");
  panel.hasPicture = nu > 0;
  if (!panel.hasPicture) return;
  if (panel.nu !== nu || panel.nv !== nv) {
    Object.assign(panel, { nu, nv, tile: make("canvas", { width: nu, height: nv }) });
    panel.image = new ImageData(nu, nv);
  }
  panel.colours = readColours(model.get("_colours"));
  panel.scale = makeScale(model.get("log"), model.get("limits"));
  panel.losses = floats(model.get("_picture"));
  panel.slice = { values: makeField(panel.losses, panel.scale), nu, nv };
  panel.hasGaps = panel.losses.some(Number.isNaN);
  panel.strip = makeStrip(panel.colours);
}

/** Coordinates ↔ canvas. */
function toCanvas(panel, x, y) {
  const { box, across, up } = panel;
  return [
    box.x + ((x - across.lo) / (across.hi - across.lo)) * box.width,
    box.y + (1 - (y - up.lo) / (up.hi - up.lo)) * box.height,
  ];
}

function toPlot(panel, px, py) {
  const { box, across, up } = panel;
  return [
    mix(across.lo, across.hi, clamp((px - box.x) / box.width, 0, 1)),
    mix(up.lo, up.hi, clamp(1 - (py - box.y) / box.height, 0, 1)),
  ];
}

/** A colour by name, as the theme has it; on a picture as in the light theme. */
function colourOf(panel, name) {
  const onPicture = { path: PATH, blue: "#1b6ca8", orange: "#e08214", ink: "#0b0d14", white: "#fff" };
  return (panel.hasPicture ? onPicture[name] : panel.theme[name]) ?? name;
}

// -- drawing --------------------------------------------------------------------------------------

/** Draw everything: it takes about a millisecond. */
function drawPanel(panel) {
  if (!panel.ready) return;
  const { ctx, width, height, box, theme, model } = panel;
  ctx.clearRect(0, 0, width, height);
  inBox(ctx, box, () => {
    if (panel.hasPicture) drawPictureOf(panel);
    for (const item of model.get("lines")) drawLineOf(panel, item);
    if (model.get("pointer")) drawPointer(panel);
  });
  drawAxes(ctx, theme, box, panel.across, panel.up, true);
  for (const item of model.get("marks")) drawMarks(panel, item);
  if (panel.bar.ctx) drawPanelBar(panel);
}

function drawPictureOf(panel) {
  const { ctx, model, slice, scale } = panel;
  drawColours(ctx, panel, panel);
  drawContours(ctx, panel, model.get("faint") ? FAINT : 0, []);
  ctx.strokeStyle = "#0b0d14";
  ctx.lineWidth = 2.2;
  for (const level of model.get("levels"))
    strokePieces(ctx, panel, contour(slice, scale.position(level)));
}

/** A line; on a picture with a white edge, so that it is seen on any colour. */
function drawLineOf(panel, item) {
  const { ctx } = panel;
  const points = readPoints(item);
  ctx.beginPath();
  let pen = false;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(panel, points[i], points[i + 1]);
    const seen = Number.isFinite(x + y);
    // far beyond the box a canvas loses its precision
    if (seen) ctx[pen ? "lineTo" : "moveTo"](clamp(x, -1e4, 1e4), clamp(y, -1e4, 1e4));
    pen = seen;
  }
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.setLineDash(item.dash ? [6, 5] : []);
  if (panel.hasPicture && !item.dash) {
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = item.width + 2.4;
    ctx.stroke();
  }
  ctx.strokeStyle = colourOf(panel, item.colour);
  ctx.lineWidth = item.width;
  ctx.stroke();
  ctx.setLineDash([]);
}

const MARKS = {
  start: (ctx, x, y) => drawStart(ctx, x, y),
  end: (ctx, x, y) => drawEnd(ctx, x, y),
  dot: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
  square: (ctx, x, y, r) => ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (ctx, x, y, r) => {
    for (const [u, v] of [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]) ctx.lineTo(x + u * r, y + v * r);
    ctx.closePath();
  },
  cross: (ctx, x, y, r) => {
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
    casedLine(ctx, x - r, y + r, x + r, y - r, "#fff", 2);
    casedLine(ctx, x - r, y - r, x + r, y + r, "#fff", 2);
  },
};

function drawMarks(panel, item) {
  const { ctx, box } = panel;
  const points = readPoints(item);
  ctx.lineCap = "round";
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(panel, points[i], points[i + 1]);
    const inside = x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;
    if (!inside) continue;
    ctx.beginPath();
    MARKS[item.kind](ctx, x, y, item.size);
    if (["start", "end", "cross"].includes(item.kind)) continue;
    ctx.fillStyle = colourOf(panel, item.colour);
    ctx.fill();
    ctx.lineWidth = item.size > 4 ? 1.8 : 0.7;
    ctx.strokeStyle = panel.hasPicture ? "#fff" : panel.theme.card;
    ctx.stroke();
  }
}

/** Where the pointer is: one line, or two that are open around the point, with a ring. */
function drawPointer(panel) {
  const { ctx, box, model, theme } = panel;
  const [x, y] = toCanvas(panel, ...model.get("pointer"));
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  if (model.get("follow") === "across") {
    ctx.strokeStyle = panel.hasPicture ? POINTER : theme.muted;
    ctx.lineWidth = 1.2;
    line(ctx, x, box.y, x, bottom);
    return;
  }
  const open = 9;
  casedLine(ctx, x, box.y, x, y - open, POINTER, 1.2);
  casedLine(ctx, x, y + open, x, bottom, POINTER, 1.2);
  casedLine(ctx, box.x, y, x - open, y, POINTER, 1.2);
  casedLine(ctx, x + open, y, right, y, POINTER, 1.2);
  for (const [colour, width] of [["rgba(8, 10, 20, 0.6)", 4], [POINTER, 2]]) {
    ctx.beginPath();
    ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

/** The colour bar, with the value under the pointer. */
function drawPanelBar(panel) {
  const { bar, scale, theme, strip } = panel;
  const colours = `Colours from ${formatLoss(scale.lo)} to ${formatLoss(scale.hi)}`;
  if (bar.canvas.ariaLabel !== colours) bar.canvas.setAttribute("aria-label", colours);
  drawBar({ bar: { ...bar, strip }, scale, theme, level: null, loss: valueAtPointer(panel) });
}

/** The value of the grid point nearest to the pointer. */
function valueAtPointer({ model, across, up, nu, nv, losses }) {
  const pointer = model.get("pointer");
  if (!pointer) return NaN;
  const u = Math.round(((pointer[0] - across.lo) / (across.hi - across.lo)) * (nu - 1));
  const v = Math.round(((pointer[1] - up.lo) / (up.hi - up.lo)) * (nv - 1));
  return losses[clamp(v, 0, nv - 1) * nu + clamp(u, 0, nu - 1)];
}

// -- page elements --------------------------------------------------------------------------------

function buildPanel(panel, el) {
  panel.canvas = make("canvas");
  panel.caption = make("div.caption");
  panel.key = make("div.key", { "aria-hidden": "true" });
  panel.bar = { canvas: make("canvas.colourbar", { role: "img" }) };
  panel.readout = make("p.readout", { "aria-hidden": "true" });
  panel.said = make("div.said", { role: "status", "aria-live": "polite" });
  panel.root = make(
    "figure.card.plot", {},
    panel.caption, panel.canvas, panel.key, panel.bar.canvas, panel.readout, panel.said,
  );
  el.append(panel.root);
}

/** Texts, names and the key of labelled lines and marks. */
function showWords(panel) {
  const { model, canvas, theme } = panel;
  const follow = model.get("follow");
  panel.caption.textContent = model.get("title");
  panel.caption.hidden = !model.get("title");
  panel.readout.textContent = model.get("readout");
  panel.readout.hidden = !model.get("readout") && follow === "none";
  canvas.setAttribute("role", follow === "none" ? "img" : "application");
  canvas.classList.toggle("lv-hand", follow !== "none");
  if (follow === "none") canvas.removeAttribute("tabindex");
  else canvas.tabIndex = 0;
  canvas.setAttribute("aria-label", nameOf(model, follow));
  const labelled = [...model.get("lines"), ...model.get("marks")].filter((item) => item.label);
  panel.key.hidden = !labelled.length;
  const key = JSON.stringify([labelled.map(({ label, colour }) => [label, colour]), theme]);
  if (key !== panel.keyShown) panel.key.replaceChildren(...labelled.map((item) => keyOf(panel, item)));
  panel.keyShown = key;
  sayOf(panel);
}

function nameOf(model, follow) {
  const keys = {
    none: "",
    across: " Left and right arrow keys move the pointer.",
    both: " Arrow keys move the pointer, enter picks the point.",
  };
  return `${model.get("description") || model.get("title")}${keys[follow]}`;
}

/** A short line or a mark with its name. */
function keyOf(panel, item) {
  const sample = make("canvas", { width: 1, height: 1, style: "width: 24px" });
  const ctx = sizeCanvas(sample, 24, 14);
  if (item.kind) {
    ctx.beginPath();
    MARKS[item.kind](ctx, 12, 7, Math.min(item.size, 5));
    ctx.fillStyle = colourOf(panel, item.colour);
    if (!["start", "end", "cross"].includes(item.kind)) ctx.fill();
  } else {
    ctx.strokeStyle = colourOf(panel, item.colour);
    ctx.lineWidth = item.width;
    ctx.setLineDash(item.dash ? [6, 5] : []);
    line(ctx, 1, 7, 23, 7);
  }
  return make("span", {}, sample, item.label);
}

/** The readout for those who hear it, once things hold still. */
function sayOf(panel) {
  clearTimeout(panel.saying);
  panel.saying = setTimeout(() => {
    const text = panel.model.get("readout");
    if (panel.said.textContent !== text) panel.said.textContent = text;
  }, 250);
}

/** Sizes for the width there is. */
function layoutPanel(panel) {
  const { model, canvas, root } = panel;
  canvas.style.width = "";
  const width = Math.floor(canvas.clientWidth);
  if (!width || !canvas.isConnected) return false;
  canvas.style.width = `${width}px`; // whole pixels: a stretched canvas is blurred
  root.dataset.width = width < 200 ? "narrow" : "wide";
  const left = tickWidth(panel, width * model.get("aspect")) + 14;
  const top = panel.up.label ? ROWS.top : 8;
  const inner = width - left - ROWS.right;
  const height = Math.round(inner * model.get("aspect"));
  panel.box = { x: left, y: top, width: inner, height };
  panel.width = width;
  panel.height = height + top + ROWS.bottom;
  panel.ctx = sizeCanvas(canvas, width, panel.height);
  const { bar } = panel;
  bar.canvas.hidden = !(panel.hasPicture && model.get("bar"));
  bar.canvas.style.display = bar.canvas.hidden ? "none" : "";
  bar.ctx = null;
  if (bar.canvas.hidden) return true;
  Object.assign(bar, { width, height: 44, ctx: sizeCanvas(bar.canvas, width, 44) });
  return true;
}

/** Pixels that the widest number beside a box of this height needs. */
function tickWidth({ canvas, theme, up }, height) {
  const ctx = canvas.getContext("2d");
  ctx.font = theme.font;
  const numbers = ticks(up.lo, up.hi, tickCount(height));
  return Math.max(...numbers.map((t) => ctx.measureText(tickText(t)).width));
}

/** Ranges and names of the axes. */
function readAxes(panel) {
  const [[x0, x1], [y0, y1]] = panel.model.get("extent");
  const [across, up] = panel.model.get("labels");
  panel.across = { lo: x0, hi: x1, label: across };
  panel.up = { lo: y0, hi: y1, label: up };
}

// -- what is done ---------------------------------------------------------------------------------

/** Move the pointer, at once here, and tell Python. */
function point(panel, [x, y], pick = false) {
  const { model, across, up } = panel;
  const old = model.get("pointer");
  const isAcross = model.get("follow") === "across";
  const to = [clamp(x, across.lo, across.hi), isAcross && old ? old[1] : clamp(y, up.lo, up.hi)];
  model.set("pointer", to);
  model.set("picked", pick ? to : null); // so that the same point can be picked again
  model.save_changes();
}

function connectHands(panel) {
  const { canvas, model } = panel;
  const follows = () => model.get("follow") !== "none";
  const placeOf = (event) => {
    const frame = canvas.getBoundingClientRect();
    return toPlot(panel, event.clientX - frame.left, event.clientY - frame.top);
  };
  let held = false;
  const go = (event) => {
    if (!follows()) return;
    held = true;
    point(panel, placeOf(event));
  };
  onDrag(canvas, go, go);
  canvas.addEventListener("pointerup", () => {
    if (held && model.get("pointer")) point(panel, model.get("pointer"), true);
    held = false;
  });
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  onKeys(canvas, (key, times) => {
    if (!follows()) return false;
    const at = model.get("pointer") ?? toPlot(panel, panel.width / 2, panel.height / 2);
    if (key === "Enter" || key === " ") point(panel, at, true);
    else if (moves[key]) {
      const step = model.get("step");
      point(panel, at.map((x, i) => x + moves[key][i] * step[i] * times));
    } else return false;
    return true;
  });
}

/** Redraw when the model, the size or the theme changes; returns how to stop that. */
function connectPanel(panel, el) {
  const { model, root } = panel;
  const picture = ["_picture", "_shape", "_colours", "log", "limits"];
  let stale = false;
  const restyle = () => {
    readTheme(panel, el);
    for (const name of ["blue", "orange", "path", "card"])
      panel.theme[name] = getComputedStyle(root).getPropertyValue(`--lv-${name}`).trim();
    panel.ready = layoutPanel(panel);
    if (!panel.ready) return; // not on the page yet, or hidden: the size will change
    keepKeys(root);
    panel.hatching = hatch(panel.ctx, panel.theme);
    showWords(panel);
    drawPanel(panel);
  };
  const takeOver = guard(root, () => {
    const had = panel.hasPicture;
    readAxes(panel);
    if (stale) readPicture(panel);
    stale = false;
    if (had !== panel.hasPicture) return restyle();
    showWords(panel);
    drawPanel(panel);
  });
  const spoil = () => (stale = true);
  for (const name of picture) model.on(`change:${name}`, spoil);
  model.on("change", takeOver);
  const stop = watchPage(root, restyle);
  restyle();
  return () => {
    for (const name of picture) model.off(`change:${name}`, spoil);
    model.off("change", takeOver);
    clearTimeout(panel.saying);
    stop();
  };
}

function render({ model, el }) {
  try {
    const panel = { model };
    buildPanel(panel, el);
    readAxes(panel);
    readPicture(panel);
    connectHands(panel);
    return connectPanel(panel, el);
  } catch (error) {
    showError(el, error);
  }
}

export default { render };
