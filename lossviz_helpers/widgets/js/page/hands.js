// Pointers and keys.

/** Pointer drags, with mouse, pen or finger, also beyond the edge of the canvas. */
export function onDrag(canvas, start, move) {
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
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, () => (pointer = null));
}

/** Key presses; with shift five steps at once. What `act` uses, nobody else gets. */
export function onKeys(canvas, act) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act(event.key, event.shiftKey ? 5 : 1)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * JupyterLab takes arrow keys for itself unless the focused element asks it not to; here all that
 * can be focused asks, with the controls of other widgets beside it in an explorer.
 */
export function keepKeys(root) {
  const around = root.closest(".lv-explorer") ?? root;
  if (around.dataset.keepsKeys) return;
  around.dataset.keepsKeys = "true";
  around.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
}
