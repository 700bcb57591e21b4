// Elements of the page, and errors that the user can see.

/** @import { AnyModel, Render } from "@anywidget/types" */

/**
 * @template {string} S
 * @typedef {S extends `${infer Tag}.${string}` ? Tag : S} TagOf
 */

/** @typedef {HTMLElementTagNameMap} Tags */

/**
 * The element that `make` creates: make("canvas.bar") is an HTMLCanvasElement.
 * @template {string} S
 * @typedef {TagOf<S> extends keyof Tags ? Tags[TagOf<S>] : HTMLElement} Made
 */

/**
 * An element with its children: make("p.name", {attributes}, …children) has the class "lv-name".
 * @template {string} S
 * @param {S} what
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {Made<S>}
 */
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((name) => `lv-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return /** @type {Made<S>} */ (node);
}

/**
 * The same function, but an error is shown in the widget, not only in the console.
 * @param {HTMLElement} root
 * @param {() => void} act
 */
export function guard(root, act) {
  return () => {
    try {
      act();
    } catch (error) {
      showError(root, error);
    }
  };
}

/**
 * @param {HTMLElement} parent
 * @param {unknown} error
 */
export function showError(parent, error) {
  const message = error instanceof Error ? error.message : String(error);
  parent.append(make("pre.error", { role: "alert" }, `This widget failed: ${message}`));
  console.error(error);
}

/**
 * A widget as anywidget wants it; if it can't start, it shows the error.
 * @template {Record<string, any>} T
 * @param {(model: AnyModel<T>, el: HTMLElement) => void | (() => void)} start - returns its end
 * @returns {{ render: Render<T> }}
 */
export const widgetOf = (start) => ({
  render({ model, el }) {
    try {
      return start(model, el);
    } catch (error) {
      return showError(el, error);
    }
  },
});
