// Pointers and keys.

/**
 * Drags with mouse, pen or finger, even beyond the edge of the canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {(event: PointerEvent) => void} start
 * @param {(event: PointerEvent) => void} move
 */
export function onDrag(canvas, start, move) {
  /** @type {number | null} */
  let pointer = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointer = event.pointerId;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(pointer);
    start(event);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => event.pointerId === pointer && move(event));
  const end = () => (pointer = null);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
}

const NOTCH = 60; // pixels of wheel movement; a mouse sends about a hundred at once, a touchpad a few
const SCROLLING = 250; // milliseconds after which a page no longer counts as being scrolled
let scrolled = -Infinity; // when the page was last scrolled
let isWatching = false;

/** Note when the page, or anything on it, is scrolled; one listener for all widgets. */
function watchScrolling() {
  if (isWatching) return;
  isWatching = true;
  const note = () => {
    scrolled = performance.now();
  };
  document.addEventListener("scroll", note, { capture: true, passive: true });
}

/**
 * Turns of the wheel over a canvas, away from the reader counted as up. A page that is being
 * scrolled goes on scrolling when the canvas comes under the pointer, and also if nothing is left to
 * turn.
 * @param {HTMLCanvasElement} canvas
 * @param {(notches: number) => boolean} act - whether anything moved
 */
export function onWheel(canvas, act) {
  watchScrolling();
  let left = 0;
  /** @param {WheelEvent} event */
  const turn = (event) => {
    if (event.ctrlKey || performance.now() - scrolled < SCROLLING) return;
    const step = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / NOTCH : event.deltaY;
    left += Math.abs(step) >= 1 ? Math.sign(step) : step;
    const notches = Math.trunc(left);
    left -= notches;
    if (notches === 0 || act(-notches)) event.preventDefault();
  };
  canvas.addEventListener("wheel", turn, { passive: false });
  canvas.addEventListener("pointerenter", () => {
    left = 0;
  });
}

/**
 * Key presses, five steps at a time with shift. A key that `act` handles isn't passed on.
 * @param {HTMLCanvasElement} canvas
 * @param {(key: string, times: number) => boolean} act - whether it handled the key
 */
export function onKeys(canvas, act) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act(event.key, event.shiftKey ? 5 : 1)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * JupyterLab takes the arrow keys unless the focused element asks it not to. Here everything
 * that can be focused asks, and so do the controls of other widgets in the same explorer.
 * @param {HTMLElement} root
 */
export function keepKeys(root) {
  const around = /** @type {HTMLElement} */ (root.closest(".lv-explorer") ?? root);
  if (around.dataset.keepsKeys) return;
  around.dataset.keepsKeys = "true";
  around.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) target.dataset.lmSuppressShortcuts = "true";
  });
}
