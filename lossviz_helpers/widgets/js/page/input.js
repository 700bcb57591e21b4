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

/**
 * Key presses, five steps at once with shift. A key that `act` handles isn't passed on.
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
