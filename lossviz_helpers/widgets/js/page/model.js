// What stands in for Jupyter's model of a widget.

/** @import { AnyModel } from "@anywidget/types" */

/** @typedef {AnyModel<any> & { put: (values: Record<string, unknown>) => void }} LocalModel */

/**
 * Values by name, and the listeners to call when they change. `put` sets several at once: `change`
 * comes once, after the last.
 * @param {Record<string, unknown>} state
 * @returns {LocalModel}
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
    /** @type {LocalModel["put"]} */
    put: (values) => {
      const names = Object.keys(values).filter((name) => state[name] !== values[name]);
      for (const name of names) state[name] = values[name];
      for (const name of names) tell(`change:${name}`);
      if (names.length) tell("change");
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
  return /** @type {LocalModel} */ (/** @type {unknown} */ (model));
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
