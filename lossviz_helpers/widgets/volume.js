// The volume viewer: three linked cuts through a volume of losses, and the cube they stand in.
//
// Everything is drawn here, with 2D canvases alone: no kernel, no network, no library. The state
// that Python sends (volume.py) says what to draw; `crosshair`, `log`, `limits` and `contour` are
// set from both sides. What it shares with other widgets stands in canvas.js, in front of this text.

const LABELS = ["α₁", "α₂", "α₃"];
const AXIS = ["#ff9326", "#33bdf7", "#ffffff"]; // the cut that each axis moves, on top of viridis
const MARGIN = { left: 36, right: 8, top: 8, bottom: 32 };
const VIEW = { elevation: 24, azimuth: -56 };
const LABEL = { width: 28, height: 22 };
const EYE = 7.2; // distance of the eye from the centre of the cube, whose half side is 1
const LEVELS = 12; // faint contours across the colours
const STEPS = 400; // of the slider for the contour
const FRAME_MS = 70; // one step of playing

// Each cut: the axis it holds fixed, and those that run across and up. The three share axes the
// way a technical drawing does: crosshair lines run on from one panel to the next.
const CUTS = [
  { fixed: 2, across: 0, up: 1 },
  { fixed: 0, across: 2, up: 1 },
  { fixed: 1, across: 0, up: 2 },
];

// -- numbers --------------------------------------------------------------------------------------

/** Decimals that tell neighbours apart on every axis. */
function decimals(axes) {
  const step = Math.min(...axes.map((axis) => axis[1] - axis[0]));
  return clamp(1 + Math.ceil(-Math.log10(step)), 0, 7);
}

// -- data -----------------------------------------------------------------------------------------

/** The volume: loss[(i·n₂ + j)·n₃ + k] at axes[0][i], axes[1][j], axes[2][k]. */
function readVolume(model) {
  const axes = model.get("_axes");
  const shape = axes.map((axis) => axis.length);
  const strides = [shape[1] * shape[2], shape[2], 1];
  return { axes, shape, strides, loss: floats(model.get("_volume")) };
}

/** Trajectories: runs of points {alpha, off, step, loss}. */
function readPath(model) {
  const table = floats(model.get("_path"));
  let row = 0;
  return model.get("_runs").map((count) =>
    Array.from({ length: count }, () => {
      const [a, b, c, off, step, loss] = table.subarray(6 * row, 6 * ++row);
      return { alpha: [a, b, c], off, step, loss };
    }),
  );
}

/** One cut of the field, row by row, lowest row first. */
function takeCut(volume, field, cut, index) {
  const [nu, nv] = [volume.shape[cut.across], volume.shape[cut.up]];
  const [su, sv] = [volume.strides[cut.across], volume.strides[cut.up]];
  const start = index * volume.strides[cut.fixed];
  const values = new Float32Array(nu * nv);
  for (let v = 0; v < nv; v++)
    for (let u = 0; u < nu; u++) values[v * nu + u] = field[start + v * sv + u * su];
  return { values, nu, nv };
}

// -- a cut ----------------------------------------------------------------------------------------

/** Draw one panel: its picture, made anew only if another cut is shown, then the crosshair. */
function drawCut(viewer, panel) {
  const { cut, width, height, box } = panel;
  if (panel.shown !== viewer.index[cut.fixed]) {
    panel.shown = viewer.index[cut.fixed];
    panel.slice = takeCut(viewer.volume, viewer.field, cut, panel.shown);
    panel.iso = viewer.level === null ? [] : contour(panel.slice, viewer.level);
    drawPicture(viewer, panel);
    restore(panel, 0, 0, width, height);
  } else {
    const [x, y] = panel.crossing; // only under the old crosshair has anything changed
    restore(panel, x - 4, box.y - 1, x + 4, box.y + box.height + 1);
    restore(panel, box.x - 1, y - 4, box.x + box.width + 1, y + 4);
  }
  inBox(panel.ctx, box, () => drawCrosshair(viewer, panel));
}

/** Put back the picture within a rectangle, widened to whole pixels of the screen. */
function restore({ ctx, picture }, left, top, right, bottom) {
  const { a: ratio } = ctx.getTransform();
  const [x, y] = [left, top].map((p) => Math.max(0, Math.floor(p * ratio)));
  const width = Math.min(picture.canvas.width, Math.ceil(right * ratio)) - x;
  const height = Math.min(picture.canvas.height, Math.ceil(bottom * ratio)) - y;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(x, y, width, height);
  ctx.drawImage(picture.canvas, x, y, width, height, x, y, width, height);
  ctx.restore();
}

/** What stays while the crosshair moves within the cut: colours, contours, axes and the path. */
function drawPicture(viewer, panel) {
  const ctx = panel.picture;
  ctx.clearRect(0, 0, panel.width, panel.height);
  inBox(ctx, panel.box, () => {
    drawColours(ctx, viewer, panel);
    drawContours(ctx, panel, LEVELS, panel.iso);
  });
  drawFrame(ctx, viewer, panel);
  inBox(ctx, panel.box, () => drawPathOnCut(viewer, panel));
}

/** The points of a run on the canvas, without those that fall on one pixel. */
function shadow(run, place) {
  const out = [];
  for (const [i, point] of run.entries()) {
    const [x, y] = place(point);
    const last = out[out.length - 1];
    const isEnd = i === 0 || i === run.length - 1;
    if (isEnd || Math.abs(x - last.x) + Math.abs(y - last.y) > 1.5) out.push({ x, y, point });
  }
  return out;
}

/** The shadow of training on the cut: the further away it runs, the fainter. */
function drawPathOnCut(viewer, panel) {
  const { cut, picture: ctx } = panel;
  const { axes } = viewer.volume;
  const axis = axes[cut.fixed];
  const here = axis[viewer.index[cut.fixed]];
  const reach = (axis[axis.length - 1] - axis[0]) / 2;
  const place = ({ alpha }) => [
    toX(panel, gridPosition(axes[cut.across], alpha[cut.across])),
    toY(panel, gridPosition(axes[cut.up], alpha[cut.up])),
  ];
  const nearness = ({ point }) => clamp(1 - Math.abs(point.alpha[cut.fixed] - here) / reach, 0, 1);
  ctx.lineCap = ctx.lineJoin = "round";
  for (const run of viewer.path) {
    const points = shadow(run, place);
    strokeByNearness(ctx, points, nearness, "#fff", 2);
    strokeByNearness(ctx, points, nearness, PATH, 0);
    for (const [end, drawMark] of [[points[0], drawStart], [points[points.length - 1], drawEnd]]) {
      ctx.globalAlpha = 0.5 + 0.5 * nearness(end);
      drawMark(ctx, end.x, end.y);
    }
  }
  ctx.globalAlpha = 1;
}

/** One stroke for each stretch of about the same nearness; near is wide and strong. */
function strokeByNearness(ctx, points, nearness, colour, extra) {
  const strengths = points.map((p) => Math.round(4 * nearness(p)));
  ctx.strokeStyle = colour;
  for (let i = 0; i + 1 < points.length; ) {
    const strength = strengths[i];
    ctx.globalAlpha = 0.3 + 0.175 * strength;
    ctx.lineWidth = 1.2 + 0.35 * strength + extra;
    ctx.beginPath();
    ctx.moveTo(points[i].x, points[i].y);
    do {
      i++;
      ctx.lineTo(points[i].x, points[i].y);
    } while (i + 1 < points.length && strengths[i] === strength);
    ctx.stroke();
  }
}

/** Where on a grid, counted in its steps, a coordinate lies. */
function gridPosition(axis, alpha) {
  return ((alpha - axis[0]) / (axis[axis.length - 1] - axis[0])) * (axis.length - 1);
}

/** Two lines, each where another cut stands, open around the point that is read. */
function drawCrosshair(viewer, panel) {
  const { ctx, cut, box } = panel;
  const x = toX(panel, viewer.index[cut.across]);
  const y = toY(panel, viewer.index[cut.up]);
  panel.crossing = [x, y];
  const open = 7;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  ctx.lineCap = "butt";
  casedLine(ctx, x, box.y, x, y - open, AXIS[cut.across], 1.4);
  casedLine(ctx, x, y + open, x, bottom, AXIS[cut.across], 1.4);
  casedLine(ctx, box.x, y, x - open, y, AXIS[cut.up], 1.4);
  casedLine(ctx, x + open, y, right, y, AXIS[cut.up], 1.4);
}

/** Frame, ticks and the names of the axes. */
function drawFrame(ctx, viewer, { box, cut }) {
  const along = (axis) => {
    const values = viewer.volume.axes[axis];
    return { lo: values[0], hi: values[values.length - 1], label: LABELS[axis] };
  };
  drawAxes(ctx, viewer.theme, box, along(cut.across), along(cut.up));
}

// -- the cube -------------------------------------------------------------------------------------

/** The eye: its direction e, and which directions are right r and up u on the screen. */
function makeCamera({ elevation, azimuth }, width, height) {
  const [el, az] = [(elevation * Math.PI) / 180, (azimuth * Math.PI) / 180];
  const e = [Math.cos(el) * Math.cos(az), Math.cos(el) * Math.sin(az), Math.sin(el)];
  const r = [-Math.sin(az), Math.cos(az), 0];
  const u = [e[1] * r[2] - e[2] * r[1], e[2] * r[0] - e[0] * r[2], e[0] * r[1] - e[1] * r[0]];
  const focus = 0.277 * EYE * Math.min(width, height);
  return { e, r, u, focus, x: width / 2 + 4, y: height / 2 - 6 };
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Point of the cube → [x, y, distance from the eye]. */
function project(camera, p) {
  const depth = EYE - dot(p, camera.e);
  const scale = camera.focus / depth;
  return [camera.x + dot(p, camera.r) * scale, camera.y - dot(p, camera.u) * scale, depth];
}

/** Grid position along an axis → coordinate in the cube, −1 to 1. */
function toCube(volume, axis, position) {
  return (2 * position) / (volume.shape[axis] - 1) - 1;
}

/** Draw the cube: its three cuts by casting a ray through every pixel, then lines over them. */
function drawCube(viewer) {
  const { cube } = viewer;
  const { ctx, width, height } = cube;
  const ratio = viewer.moving ? 1 : Math.min(window.devicePixelRatio || 1, 2);
  const camera = makeCamera(cube.view, width, height);
  const depth = castRays(viewer, camera, ratio);
  const seen = (x, y, distance) => {
    const at = Math.round(y * ratio) * depth.width + Math.round(x * ratio);
    return !(depth.values[at] < distance - 0.04);
  };
  if (depth.width === cube.canvas.width) ctx.putImageData(cube.image, 0, 0);
  else {
    cube.buffer.getContext("2d").putImageData(cube.image, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(cube.buffer, 0, 0, width, height);
  }
  const pen = new CubePen(ctx, camera, seen);
  drawBox(viewer, pen);
  drawIsoInCube(viewer, pen);
  drawCutFrames(viewer, pen);
  drawPathInCube(viewer, pen);
  drawCubeLabels(viewer, camera);
}

/** Fill the image with the nearest of the three cuts at every pixel; returns the depths. */
function castRays(viewer, camera, ratio) {
  const { cube, volume, colours, theme } = viewer;
  const [width, height] = [Math.round(cube.width * ratio), Math.round(cube.height * ratio)];
  if (cube.buffer.width !== width || cube.buffer.height !== height) {
    cube.buffer.width = width;
    cube.buffer.height = height;
    cube.image = new ImageData(width, height);
    cube.depth = new Float32Array(width * height);
  }
  const pixels = new Uint32Array(cube.image.data.buffer);
  pixels.fill(0);
  const depth = cube.depth.fill(Infinity);
  const slices = [0, 1, 2].map((axis) => viewer.panels.find((p) => p.cut.fixed === axis).slice);
  const [s0, s1, s2] = slices;
  const [c0, c1, c2] = [0, 1, 2].map((axis) => toCube(volume, axis, viewer.index[axis]));
  const [h0, h1, h2] = volume.shape.map((n) => (n - 1) / 2); // cube → grid position
  const { r, u, e, focus } = camera;
  const [e0, e1, e2] = e.map((x) => EYE * x);
  const frame = boundingBox(camera, ratio, width, height);
  const [g0, g1, g2] = [c0 - e0, c1 - e1, c2 - e2];
  for (let y = frame.top; y < frame.bottom; y++) {
    const b = (camera.y - y / ratio) / focus;
    const [b0, b1, b2] = [b * u[0] - e[0], b * u[1] - e[1], b * u[2] - e[2]];
    for (let x = frame.left; x < frame.right; x++) {
      // the ray: eye + t · d, where t is the distance along the line of sight
      const a = (x / ratio - camera.x) / focus;
      const d0 = a * r[0] + b0;
      const d1 = a * r[1] + b1;
      const d2 = a * r[2] + b2;
      const t0 = g0 / d0;
      const t1 = g1 / d1;
      const t2 = g2 / d2;
      let best = Infinity;
      let hit = -1;
      if (t0 > 0 && inside(e1 + t0 * d1) && inside(e2 + t0 * d2)) {
        best = t0;
        hit = 0;
      }
      if (t1 > 0 && t1 < best && inside(e0 + t1 * d0) && inside(e2 + t1 * d2)) {
        best = t1;
        hit = 1;
      }
      if (t2 > 0 && t2 < best && inside(e0 + t2 * d0) && inside(e1 + t2 * d1)) {
        best = t2;
        hit = 2;
      }
      if (hit < 0) continue;
      const at = y * width + x;
      depth[at] = best;
      const p0 = (1 + e0 + best * d0) * h0;
      const p1 = (1 + e1 + best * d1) * h1;
      const p2 = (1 + e2 + best * d2) * h2;
      const value = hit === 0 ? sample(s0, p2, p1) : hit === 1 ? sample(s1, p0, p2) : sample(s2, p0, p1);
      if (value === value) pixels[at] = colours[clamp((value * 255 + 0.5) | 0, 0, 255)];
      else pixels[at] = ((x + y) / ratio) % 8 < 2 ? theme.gapLinePixel : theme.gapPixel;
    }
  }
  return { values: depth, width };
}

const inside = (x) => x >= -1 && x <= 1;

/** The pixels that the cube can cover. */
function boundingBox(camera, ratio, width, height) {
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

/** Field of a cut between its grid points (bilinear); beside a gap, that of the nearest point. */
function sample(slice, u, v) {
  const { values, nu, nv } = slice;
  const i = u >= nu - 1 ? nu - 2 : u | 0;
  const j = v >= nv - 1 ? nv - 2 : v | 0;
  const at = j * nu + i;
  const s = u - i, t = v - j;
  const low = values[at] + s * (values[at + 1] - values[at]);
  const high = values[at + nu] + s * (values[at + nu + 1] - values[at + nu]);
  const value = low + t * (high - low);
  return value === value ? value : values[at + (s > 0.5 ? 1 : 0) + (t > 0.5 ? nu : 0)];
}

/** Draws lines in the cube, strong where they are seen and weak where a cut hides them. */
class CubePen {
  constructor(ctx, camera, seen) {
    Object.assign(this, { ctx, camera, seen });
    this.clear();
  }

  clear() {
    this.visible = [];
    this.hidden = [];
  }

  /** Add a straight line from p to q, in as few pieces as cuts divide it; each of so many is tried. */
  add(p, q, pieces) {
    const between = (t) => [mix(p[0], q[0], t), mix(p[1], q[1], t), mix(p[2], q[2], t)];
    let from = project(this.camera, p);
    let last = null;
    for (let i = 1; i <= pieces; i++) {
      const to = project(this.camera, between(i / pieces));
      const list = this.listFor(from, to);
      if (list === last) list[list.length - 1] = to;
      else list.push(from, to);
      last = list;
      from = to;
    }
    return this;
  }

  /** Where a piece belongs, by whether its middle is seen. */
  listFor(from, to) {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return this.seen(x, y, (from[2] + to[2]) / 2) ? this.visible : this.hidden;
  }

  /** Add a line through points. */
  addLine(points) {
    let from = project(this.camera, points[0]);
    for (let i = 1; i < points.length; i++) {
      const to = project(this.camera, points[i]);
      this.listFor(from, to).push(from, to);
      from = to;
    }
    return this;
  }

  /** Stroke what was added: styles are [colour, width] pairs, drawn one above the other. */
  stroke(styles, hiddenAlpha) {
    const { ctx } = this;
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    for (const [pieces, alpha] of [[this.hidden, hiddenAlpha], [this.visible, 1]])
      for (const [colour, width] of alpha > 0 ? styles : []) {
        ctx.globalAlpha = alpha;
        ctx.strokeStyle = colour;
        ctx.lineWidth = width;
        ctx.beginPath();
        for (let i = 0; i < pieces.length; i += 2) {
          if (pieces[i] !== pieces[i - 1]) ctx.moveTo(pieces[i][0], pieces[i][1]);
          ctx.lineTo(pieces[i + 1][0], pieces[i + 1][1]);
        }
        ctx.stroke();
      }
    ctx.globalAlpha = 1;
    this.clear();
  }
}

/** The twelve edges of the cube. */
function drawBox(viewer, pen) {
  for (let axis = 0; axis < 3; axis++)
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        const end = (x) => [...p.slice(0, axis), x, ...p.slice(axis)];
        pen.add(end(-1), end(1), 24);
      }
  pen.stroke([[viewer.theme.edge, 1]], 0);
}

/** The outline of each cut in the colour of its axis, and the lines where two cuts meet. */
function drawCutFrames(viewer, pen) {
  const at = [0, 1, 2].map((i) => toCube(viewer.volume, i, viewer.index[i]));
  for (const { fixed, across, up } of CUTS) {
    const corner = (s, t) => {
      const p = [...at];
      [p[across], p[up]] = [s, t];
      return p;
    };
    pen.add(corner(-1, -1), corner(1, -1), 24).add(corner(1, -1), corner(1, 1), 24);
    pen.add(corner(1, 1), corner(-1, 1), 24).add(corner(-1, 1), corner(-1, -1), 24);
    pen.stroke([["rgba(8, 10, 20, 0.55)", 3.4], [AXIS[fixed], 1.7]], 0);
  }
  for (let axis = 0; axis < 3; axis++) {
    const end = (x) => at.map((c, i) => (i === axis ? x : c));
    pen.add(end(-1), end(1), 24);
  }
  pen.stroke([["rgba(8, 10, 20, 0.4)", 1]], 0);
}

/** The contour of equal loss, on all three cuts. */
function drawIsoInCube(viewer, pen) {
  if (viewer.level === null) return;
  for (const { cut, iso } of viewer.panels) {
    const point = (u, v) => {
      const p = [0, 0, 0];
      p[cut.fixed] = toCube(viewer.volume, cut.fixed, viewer.index[cut.fixed]);
      p[cut.across] = toCube(viewer.volume, cut.across, u);
      p[cut.up] = toCube(viewer.volume, cut.up, v);
      return p;
    };
    for (let i = 0; i < iso.length; i += 4)
      pen.addLine([point(iso[i], iso[i + 1]), point(iso[i + 2], iso[i + 3])]);
  }
  pen.stroke(ISO.map(([colour, width]) => [colour, 0.8 * width]), 0);
}

/** Training in the cube; what the cuts hide of it shines through. */
function drawPathInCube(viewer, pen) {
  const { axes } = viewer.volume;
  const inCube = ({ alpha }) =>
    alpha.map((a, i) => toCube(viewer.volume, i, gridPosition(axes[i], a)));
  for (const run of viewer.path) {
    const seenFrom = (p) => project(pen.camera, inCube(p));
    const points = shadow(run, seenFrom).map((p) => inCube(p.point));
    pen.addLine(points).stroke([["#fff", 4], [PATH, 2.2]], 0.35);
    const ends = [[points[0], drawStart], [points[points.length - 1], drawEnd]];
    for (const [p, draw] of ends) {
      const [x, y, depth] = project(pen.camera, p);
      pen.ctx.globalAlpha = pen.seen(x, y, depth) ? 1 : 0.45;
      draw(pen.ctx, x, y);
    }
    pen.ctx.globalAlpha = 1;
  }
}

/** The name of each axis, beside that of its edges which lies lowest or furthest out. */
function drawCubeLabels(viewer, camera) {
  const { ctx, labels } = viewer.cube;
  const { a: ratio } = ctx.getTransform();
  const snap = (p) => Math.round(p * ratio) / ratio; // between pixels a picture is blurred
  for (let axis = 0; axis < 3; axis++) {
    let best = null;
    for (const s of [-1, 1])
      for (const t of [-1, 1]) {
        const p = [s, t];
        p.splice(axis, 0, 0);
        const [x, y] = project(camera, p);
        const score = axis === 2 ? -x : y - (axis === 1 ? 0.01 : 0) * x;
        if (!best || score > best.score) best = { score, p };
      }
    const [x, y] = project(camera, best.p.map((c) => 1.14 * c));
    ctx.drawImage(
      labels[axis], snap(x - LABEL.width / 2), snap(y - LABEL.height / 2), LABEL.width, LABEL.height,
    );
  }
}

/** The names of the axes as pictures: a canvas that writes has the page's styles computed first. */
function makeLabels({ theme }) {
  return LABELS.map((label) => {
    const ctx = sizeCanvas(make("canvas"), LABEL.width, LABEL.height);
    ctx.font = theme.bold;
    ctx.fillStyle = theme.ink;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(label, LABEL.width / 2, LABEL.height / 2);
    return ctx.canvas;
  });
}

// -- page elements --------------------------------------------------------------------------------

/** Everything on the page, named. */
function buildPage(viewer, el) {
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
function layout(viewer) {
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

// -- what is shown --------------------------------------------------------------------------------

/** Take over colours: scale, limits and contour level. */
function readColouring(viewer) {
  const { model, volume } = viewer;
  viewer.scale = makeScale(model.get("log"), model.get("limits"));
  viewer.field = makeField(volume.loss, viewer.scale);
  const level = model.get("contour");
  viewer.level = level === null ? null : viewer.scale.position(level);
}

/** Take over the crosshair: grid indices, and the loss there. */
function readCrosshair(viewer) {
  const { model, volume } = viewer;
  viewer.index = model.get("crosshair").map((alpha, axis) => nearest(volume.axes[axis], alpha));
  viewer.loss = volume.loss[dot(viewer.index, volume.strides)];
}

/** Colours, size or theme changed: no picture can stay. */
function drawAnew(viewer) {
  for (const panel of viewer.panels) panel.shown = null;
  showColouring(viewer);
  if (viewer.ready) drawBar(viewer);
  draw(viewer);
}

/** Draw everything that changes. */
function draw(viewer) {
  if (!viewer.ready) return;
  for (const panel of viewer.panels) drawCut(viewer, panel);
  drawCube(viewer);
  drawBarMark(viewer);
  showNumbers(viewer);
  sayLater(viewer);
}

const alphaText = (viewer, axis) => {
  const grid = viewer.volume.axes[axis];
  return minus(grid[viewer.index[axis]].toFixed(viewer.decimals));
};

/** Numbers that change with the crosshair. */
function showNumbers(viewer) {
  viewer.reading.textContent = formatLoss(viewer.loss);
  for (const { cut, title, away } of viewer.panels) {
    title.textContent = `${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}`;
    if (viewer.path.length) away.textContent = distanceText(endDistance(viewer, cut.fixed));
  }
  viewer.sliders.forEach(({ input, value }, axis) => {
    input.value = viewer.index[axis];
    input.setAttribute("aria-valuetext", `${LABELS[axis]} = ${alphaText(viewer, axis)}`);
    fill(input);
    value.textContent = alphaText(viewer, axis);
  });
}

/** Controls that change with the colours. */
function showColouring(viewer) {
  const { scale, level } = viewer;
  viewer.scales[0].setAttribute("aria-pressed", String(scale.isLog));
  viewer.scales[1].setAttribute("aria-pressed", String(!scale.isLog));
  viewer.scales[0].disabled = !(scale.lo > 0);
  viewer.limits.forEach((input, i) => {
    input.value = Number([scale.lo, scale.hi][i].toPrecision(3));
    input.setAttribute("aria-invalid", "false");
  });
  const colours = `Colours from ${formatLoss(scale.lo)}, dark, to ${formatLoss(scale.hi)}, bright`;
  viewer.bar.canvas.setAttribute("aria-label", colours);
  const loss = level === null ? "off" : formatLoss(scale.loss(level));
  viewer.isoOn.checked = level !== null;
  viewer.isoAt.disabled = level === null;
  if (level !== null) viewer.isoAt.value = Math.round(STEPS * level);
  viewer.isoAt.setAttribute("aria-valuetext", loss);
  fill(viewer.isoAt);
  viewer.isoValue.textContent = level === null ? loss : `L = ${loss}`;
}

/** How far the filled part of a slider's track goes. */
function fill(input) {
  input.style.setProperty("--lv-fill", `${(100 * input.value) / input.max}%`);
}

/** Distance of the end of training from a cut, in parameter units. */
function endDistance(viewer, axis) {
  const run = viewer.path[0];
  const { alpha, off } = run[run.length - 1];
  const here = viewer.volume.axes[axis][viewer.index[axis]];
  return Math.hypot((alpha[axis] - here) * viewer.heights[axis], off);
}

const distanceText = (x) => (x < 10 ? x.toFixed(2) : x.toFixed(1));

/** The point of training nearest to the crosshair. */
function nearestStep(viewer) {
  const at = viewer.index.map((i, axis) => viewer.volume.axes[axis][i]);
  let best = { distance: Infinity };
  for (const run of viewer.path)
    for (const point of run) {
      const d = point.alpha.map((a, i) => a - at[i]);
      const square = dot(d, viewer.metric.map((row) => dot(row, d)));
      const distance = Math.sqrt(Math.max(square, 0) + point.off ** 2);
      if (distance < best.distance) best = { distance, point };
    }
  return best;
}

/** What a cut is called by a screen reader, and how to use it. */
function nameCuts(viewer) {
  for (const { cut, canvas } of viewer.panels) {
    const name =
      `Cut at ${LABELS[cut.fixed]} = ${alphaText(viewer, cut.fixed)}. Left and right move along ` +
      `${LABELS[cut.across]}, up and down along ${LABELS[cut.up]}, page up and page down move the cut.`;
    canvas.setAttribute("aria-label", name);
  }
}

/** The reading as a sentence, once things hold still: a screen reader shouldn't read every step. */
function sayLater(viewer) {
  clearTimeout(viewer.saying);
  viewer.saying = setTimeout(() => {
    nameCuts(viewer);
    const at = LABELS.map((label, axis) => `${label} = ${alphaText(viewer, axis)}`).join(", ");
    const gap = Number.isNaN(viewer.loss);
    let text = gap ? `No finite loss at ${at}.` : `Loss ${formatLoss(viewer.loss)} at ${at}.`;
    if (viewer.path.length) {
      const { point, distance } = nearestStep(viewer);
      text += ` The nearest point of training is step ${point.step}, ${distanceText(distance)} away, with loss ${formatLoss(point.loss)}.`;
    }
    viewer.words.textContent = text;
  }, 150);
}

// -- what is done ---------------------------------------------------------------------------------

/** Tell the model, and with it Python and every other view of it. */
function set(viewer, values) {
  for (const [name, value] of Object.entries(values)) viewer.model.set(name, value);
  viewer.model.save_changes();
}

/** Move the crosshair to grid indices, e.g. moveTo(viewer, {2: 17}). */
function moveTo(viewer, indices) {
  const { axes, shape } = viewer.volume;
  const index = viewer.index.map((i, axis) => clamp(indices[axis] ?? i, 0, shape[axis] - 1));
  set(viewer, { crosshair: index.map((i, axis) => axes[axis][i]) });
}

const moveBy = (viewer, axis, steps) => moveTo(viewer, { [axis]: viewer.index[axis] + steps });

/** While something moves, the cube is drawn one ray a CSS pixel; at rest, one a screen pixel. */
function inMotion(viewer) {
  viewer.moving = true;
  clearTimeout(viewer.resting);
  viewer.resting = setTimeout(() => {
    viewer.moving = false;
    if (viewer.ready && devicePixelRatio > 1) drawCube(viewer);
  }, 160);
}

/** Press or drag on a cut: the crosshair goes there. */
function connectCut(viewer, panel) {
  const { canvas, cut } = panel;
  const go = (event) => {
    const { box } = panel;
    const frame = canvas.getBoundingClientRect();
    const u = (event.clientX - frame.left - box.x) / box.width;
    const v = 1 - (event.clientY - frame.top - box.y) / box.height;
    inMotion(viewer);
    moveTo(viewer, {
      [cut.across]: Math.round(u * (panel.nu - 1)),
      [cut.up]: Math.round(v * (panel.nv - 1)),
    });
  };
  onDrag(canvas, go, go);
  const keys = {
    ArrowLeft: [cut.across, -1],
    ArrowRight: [cut.across, 1],
    ArrowDown: [cut.up, -1],
    ArrowUp: [cut.up, 1],
    PageDown: [cut.fixed, -1],
    PageUp: [cut.fixed, 1],
  };
  onKeys(canvas, (key, times) => {
    if (!keys[key]) return false;
    inMotion(viewer);
    moveBy(viewer, keys[key][0], keys[key][1] * times);
    return true;
  });
}

/** Drag or arrow keys turn the cube. */
function connectCube(viewer) {
  const { canvas, view } = viewer.cube;
  const turn = (right, up) => {
    view.azimuth -= right;
    view.elevation = clamp(view.elevation + up, -89, 89);
    inMotion(viewer);
    drawCube(viewer);
  };
  let last = null;
  onDrag(
    canvas,
    (event) => (last = event),
    (event) => {
      turn(0.5 * (event.clientX - last.clientX), 0.5 * (event.clientY - last.clientY));
      last = event;
    },
  );
  const keys = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowDown: [0, -5], ArrowUp: [0, 5] };
  onKeys(canvas, (key, times) => keys[key] && (turn(...keys[key].map((x) => x * times)), true));
}

/** Sliders, buttons and boxes. */
function connectControls(viewer) {
  const { model } = viewer;
  viewer.sliders.forEach(({ input }, axis) =>
    input.addEventListener("input", () => {
      inMotion(viewer);
      moveTo(viewer, { [axis]: Number(input.value) });
    }),
  );
  viewer.play.addEventListener("click", () => setPlaying(viewer, !viewer.playing));
  viewer.reset.addEventListener("click", () => {
    setPlaying(viewer, false);
    Object.assign(viewer.cube.view, VIEW);
    set(viewer, model.get("_initial"));
    draw(viewer);
  });
  viewer.scales.forEach((button) =>
    button.addEventListener("click", () => set(viewer, { log: button.dataset.scale === "log" })),
  );
  viewer.limits.forEach((input, i) =>
    input.addEventListener("change", () => {
      const limits = [...model.get("limits")];
      const value = input.valueAsNumber;
      const other = limits[1 - i];
      const fits = Number.isFinite(value) && (i === 0 ? value < other : value > other);
      input.setAttribute("aria-invalid", String(!fits));
      if (!fits) return;
      limits[i] = value;
      set(viewer, { limits });
    }),
  );
  viewer.isoOn.addEventListener("change", () => {
    set(viewer, { contour: viewer.isoOn.checked ? viewer.scale.loss(viewer.isoAt.value / STEPS) : null });
  });
  viewer.isoAt.addEventListener("input", () => {
    inMotion(viewer);
    set(viewer, { contour: viewer.scale.loss(viewer.isoAt.value / STEPS) });
  });
}

/** Move along α₃, to and fro. */
function setPlaying(viewer, playing) {
  viewer.playing = playing;
  viewer.play.setAttribute("aria-pressed", String(playing));
  viewer.play.textContent = playing ? "❚❚ Pause" : "▶ Play α₃";
  cancelAnimationFrame(viewer.frame);
  if (!playing) return;
  let last = performance.now();
  const step = (now) => {
    if (now - last >= FRAME_MS) {
      last = now;
      const end = viewer.volume.shape[2] - 1;
      if (viewer.index[2] >= end) viewer.heading = -1;
      if (viewer.index[2] <= 0) viewer.heading = 1;
      inMotion(viewer);
      moveBy(viewer, 2, viewer.heading);
    }
    viewer.frame = requestAnimationFrame(step);
  };
  viewer.frame = requestAnimationFrame(step);
}

/** Redraw when the model, the width or the theme changes; returns how to stop that. */
function connectSurroundings(viewer, el) {
  const { model } = viewer;
  const recolour = () => (readColouring(viewer), drawAnew(viewer));
  const move = () => (readCrosshair(viewer), draw(viewer));
  const restyle = () => {
    viewer.ready = layout(viewer);
    if (!viewer.ready) return; // not on the page yet, or hidden: the size will change
    keepKeys(viewer.root);
    readTheme(viewer, el);
    viewer.hatching = hatch(viewer.panels[0].ctx, viewer.theme);
    viewer.cube.labels = makeLabels(viewer);
    drawAnew(viewer);
  };
  const colouring = ["change:log", "change:limits", "change:contour"];
  model.on("change:crosshair", move);
  for (const name of colouring) model.on(name, recolour);
  const stop = watchPage(viewer.root, restyle);
  restyle();
  return () => {
    model.off("change:crosshair", move);
    for (const name of colouring) model.off(name, recolour);
    stop();
    setPlaying(viewer, false);
    clearTimeout(viewer.saying);
    clearTimeout(viewer.resting);
  };
}

function render({ model, el }) {
  try {
    const viewer = { model, volume: readVolume(model), path: readPath(model) };
    viewer.colours = readColours(model.get("_colours"));
    viewer.heights = model.get("_heights");
    viewer.metric = model.get("_metric");
    viewer.hasGaps = viewer.volume.loss.some(Number.isNaN);
    viewer.decimals = decimals(viewer.volume.axes);
    viewer.heading = 1;
    buildPage(viewer, el);
    readColouring(viewer);
    readCrosshair(viewer);
    for (const panel of viewer.panels) connectCut(viewer, panel);
    connectCube(viewer);
    connectControls(viewer);
    setPlaying(viewer, false);
    return connectSurroundings(viewer, el);
  } catch (error) {
    showError(el, error);
  }
}

export default { render };
