// What stands in for Jupyter's model of a widget.

/** @import { AnyModel } from "@anywidget/types" */

/**
 * Values by name, and the listeners to call when they change.
 * @param {Record<string, unknown>} state
 * @returns {AnyModel<any>}
 */
export function makeModel(state) {
  /** @type {Map<string, Set<(...args: any[]) => void>>} */
  const acts = new Map();
  /** @param {string} event */
  const tell = (event) => [...(acts.get(event) ?? [])].forEach((act) => act());
  const model = {
    /** @param {string} name */
    get: (name) => state[name],
    /** @type {(name: string, value: unknown) => void} */
    set: (name, value) => {
      if (same(state[name], value)) return;
      state[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    /** @type {(event: string, act: () => void) => void} */
    on: (event, act) => {
      const those = acts.get(event) ?? new Set();
      acts.set(event, those.add(act));
    },
    /** @type {(event: string, act: () => void) => void} */
    off: (event, act) => {
      acts.get(event)?.delete(act);
    },
    save_changes: () => {},
  };
  return /** @type {AnyModel<any>} */ (/** @type {unknown} */ (model));
}

/** @type {(a: unknown, b: unknown) => boolean} */
const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * Bytes are saved as { base64: "…" }, wherever they are among the values.
 * @param {any} value
 * @returns {any}
 */
export function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.base64 === "string") {
    const text = atob(value.base64);
    return new DataView(Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([name, x]) => [name, revive(x)]));
}
