// The graphics card draws blocks, for one widget after another, on a canvas that isn't on the page.

import { EYE, FOOT, matrix } from "./camera.js";
import { PROGRAMS } from "./shaders.js";

/** @import { Camera } from "./camera.js" */
/** @import { Block, Look } from "./block.js" */

/** @typedef {WebGL2RenderingContext} GL */
/** @typedef {{ vertices: Float32Array, indices: Uint32Array }} Mesh */
/** @typedef {{ array: WebGLVertexArrayObject, count: number, buffers: WebGLBuffer[] }} Loaded */
/** @typedef {{ program: WebGLProgram, at: Record<string, WebGLUniformLocation | null> }} Program */
/** @typedef {NonNullable<ReturnType<typeof makeRenderer>>} Renderer */

/** A renderer; null if this browser has no WebGL 2. */
export function makeRenderer() {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: true, powerPreference: "high-performance" });
  if (!gl || gl.isContextLost()) return null;
  const programs = Object.fromEntries(
    Object.entries(PROGRAMS).map(([name, sources]) => [name, makeProgram(gl, sources)]),
  );
  gl.enable(gl.DEPTH_TEST);
  gl.enable(gl.CULL_FACE);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const corners = {
    vertices: new Float32Array([-1, -1, 1, -1, 1, 1, -1, 1]),
    indices: new Uint32Array([0, 1, 2, 0, 2, 3]),
  };
  const floor = load(gl, corners, [2]);
  /** @type {Map<Block, ReturnType<typeof newShown>>} */
  const shown = new Map();

  /**
   * @param {Block} block
   * @param {Camera} camera
   * @param {Look} look
   * @param {number} ratio - pixels of the screen per CSS pixel
   */
  const draw = (block, camera, look, ratio) => {
    const [width, height] = [camera.width, camera.height].map((x) => Math.round(x * ratio));
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const known = shown.get(block) ?? newShown(gl);
    shown.set(block, known);
    update(gl, known, block);
    const common = {
      camera: matrix(camera),
      eye: camera.e.map((x, i) => EYE * x + (i === 2 ? camera.middle : 0)),
      sun: block.sun,
      half_widths: [...block.relief.half],
      foot: FOOT,
      tall: block.tall,
      lines: look.lines,
      ratio,
      texels: [block.shade.nu, block.shade.nv],
      dark: look.isDark ? 0.85 : 0.55,
      gap: look.gap,
      gap_line: look.gapLine,
    };
    gl.enable(gl.BLEND);
    gl.depthMask(false);
    paint(gl, programs.floor, floor, common);
    gl.disable(gl.BLEND);
    gl.depthMask(true);
    [known.colours, known.light, known.strip].forEach((texture, i) => {
      gl.activeTexture(gl.TEXTURE0 + i);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
    const textures = { colours: 0, light: 1, strip: 2 };
    if (known.wall) paint(gl, programs.wall, known.wall, common, textures);
    const top = look.isCoarse ? known.coarse : known.top;
    if (top) paint(gl, programs.top, top, common, textures);
    for (const { tube, paint: colour } of known.tubes)
      paint(gl, programs.tube, tube, { ...common, paint: colour, alpha: 1 });
    // what a hill hides shines through faintly
    gl.enable(gl.BLEND);
    gl.depthMask(false);
    gl.depthFunc(gl.GREATER);
    for (const { tube, paint: colour } of known.tubes)
      paint(gl, programs.tube, tube, { ...common, paint: colour, alpha: 0.2 });
    gl.depthFunc(gl.LESS);
    gl.depthMask(true);
    return canvas;
  };
  const drop = () => {
    shown.clear();
    gl.getExtension("WEBGL_lose_context")?.loseContext();
  };
  return { canvas, draw, drop, isLost: () => gl.isContextLost() };
}

/** @param {GL} gl */
function newShown(gl) {
  return {
    version: { mesh: -1, light: -1, tubes: -1 },
    top: /** @type {Loaded | null} */ (null),
    coarse: /** @type {Loaded | null} */ (null),
    wall: /** @type {Loaded | null} */ (null),
    tubes: /** @type {{ tube: Loaded, paint: number[] }[]} */ ([]),
    colours: gl.createTexture(),
    light: gl.createTexture(),
    strip: gl.createTexture(),
  };
}

/**
 * Send the card what has changed.
 * @param {GL} gl
 * @param {ReturnType<typeof newShown>} known
 * @param {Block} block
 */
function update(gl, known, block) {
  const { version } = block;
  gl.activeTexture(gl.TEXTURE0);
  if (known.version.mesh !== version.mesh) {
    for (const old of [known.top, known.coarse, known.wall]) if (old) unload(gl, old);
    known.top = load(gl, block.top, [3, 3]);
    known.coarse = load(gl, block.coarse, [3, 3]);
    known.wall = load(gl, block.wall, [3, 3]);
    const table = new Uint8Array(block.colours.buffer);
    texture(gl, known.colours, () =>
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, table),
    );
  }
  if (known.version.tubes !== version.tubes) {
    for (const { tube } of known.tubes) unload(gl, tube);
    known.tubes = block.tubes.map(({ mesh, paint }) => ({ tube: load(gl, mesh, [3, 3]), paint }));
    texture(gl, known.strip, () => {
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, block.strip);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    });
  }
  if (known.version.light !== version.light) {
    const { nu, nv, bytes } = block.shade;
    texture(gl, known.light, () => {
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG8, nu, nv, 0, gl.RG, gl.UNSIGNED_BYTE, bytes);
    });
  }
  known.version = { ...version };
}

/**
 * @param {GL} gl
 * @param {WebGLTexture} name
 * @param {() => void} fill
 */
function texture(gl, name, fill) {
  gl.bindTexture(gl.TEXTURE_2D, name);
  fill();
  for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, axis, gl.CLAMP_TO_EDGE);
  for (const size of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, size, gl.LINEAR);
}

/**
 * @param {GL} gl
 * @param {Mesh} mesh
 * @param {number[]} sizes - how many of a vertex's numbers belong to `place`, and to `more`
 * @returns {Loaded}
 */
function load(gl, { vertices, indices }, sizes) {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  const buffers = [gl.createBuffer(), gl.createBuffer()];
  gl.bindBuffer(gl.ARRAY_BUFFER, buffers[0]);
  gl.bufferData(gl.ARRAY_BUFFER, vertices, gl.STATIC_DRAW);
  const stride = 4 * sizes.reduce((a, b) => a + b);
  let from = 0;
  sizes.forEach((size, i) => {
    gl.enableVertexAttribArray(i);
    gl.vertexAttribPointer(i, size, gl.FLOAT, false, stride, from);
    from += 4 * size;
  });
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers[1]);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
  gl.bindVertexArray(null);
  return { array, count: indices.length, buffers };
}

/**
 * @param {GL} gl
 * @param {Loaded} mesh
 */
function unload(gl, { array, buffers }) {
  gl.deleteVertexArray(array);
  for (const buffer of buffers) gl.deleteBuffer(buffer);
}

/**
 * @param {GL} gl
 * @param {Program} program
 * @param {Loaded} mesh
 * @param {Record<string, number | number[]>} uniforms
 * @param {Record<string, number>} textures - by the unit that each is bound to
 */
function paint(gl, { program, at }, mesh, uniforms, textures = {}) {
  if (!mesh.count) return;
  gl.useProgram(program);
  for (const [name, place] of Object.entries(at)) {
    const value = uniforms[name];
    if (name in textures) gl.uniform1i(place, textures[name]);
    else if (typeof value === "number") gl.uniform1f(place, value);
    else if (value.length === 2) gl.uniform2fv(place, value);
    else if (value.length === 3) gl.uniform3fv(place, value);
    else gl.uniformMatrix4fv(place, false, value);
  }
  gl.bindVertexArray(mesh.array);
  gl.drawElements(gl.TRIANGLES, mesh.count, gl.UNSIGNED_INT, 0);
}

/**
 * @param {GL} gl
 * @param {string[]} sources - of the vertex and the fragment shader
 * @returns {Program}
 */
function makeProgram(gl, sources) {
  const program = gl.createProgram();
  [gl.VERTEX_SHADER, gl.FRAGMENT_SHADER].forEach((kind, i) => {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, sources[i]);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
      throw new Error(`the graphics card rejects a shader: ${gl.getShaderInfoLog(shader)}`);
  });
  ["place", "more"].forEach((name, i) => gl.bindAttribLocation(program, i, name));
  gl.linkProgram(program);
  /** @type {Record<string, WebGLUniformLocation | null>} */
  const at = {};
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0;
  for (let i = 0; i < count; i++) {
    const name = gl.getActiveUniform(program, i)?.name ?? "";
    at[name] = gl.getUniformLocation(program, name);
  }
  return { program, at };
}
