// The controls of explorers: sliders with their values, buttons, and choices.

import { make } from "../page/elements.js";

/**
 * @typedef {object} Slider
 * @property {HTMLElement} root
 * @property {HTMLInputElement} input
 * @property {(position: number, text: string) => void} show - move it, and show its value
 */

/**
 * A slider from 0 to `last`, with its name before it and its value after it.
 * @param {string} name
 * @param {number} last
 * @param {(position: number) => void} move
 * @returns {Slider}
 */
export function slider(name, last, move) {
  const input = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": name });
  const value = make("output.value");
  const root = make("label.slider", {}, make("span.name", {}, name), input, value);
  input.addEventListener("input", () => move(Number(input.value)));
  return {
    root,
    input,
    show(position, text) {
      input.value = String(position);
      input.style.setProperty("--lv-fill", `${(100 * position) / Math.max(last, 1)}%`);
      input.setAttribute("aria-valuetext", text);
      value.textContent = text;
    },
  };
}

/**
 * @param {string} text
 * @param {string} title - what it does, in a sentence
 * @param {() => void} act
 */
export function button(text, title, act) {
  const made = make("button", { type: "button", title }, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * Buttons in a row, of which one is pressed.
 * @param {string} name
 * @param {string[]} texts
 * @param {(index: number) => void} choose
 */
export function choice(name, texts, choose) {
  const buttons = texts.map((text, i) => button(text, text, () => choose(i)));
  const root = make("div.segments", { role: "group", "aria-label": name }, ...buttons);
  /** @param {number} index - −1 for none */
  const show = (index) =>
    buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(i === index)));
  return { root, show };
}

/**
 * A list of which one is chosen.
 * @param {string} name
 * @param {string[]} texts
 * @param {(index: number) => void} choose
 */
export function menu(name, texts, choose) {
  const select = make("select", { "aria-label": name }, ...texts.map((text) => make("option", {}, text)));
  select.addEventListener("change", () => choose(select.selectedIndex));
  const root = make("label.choice", {}, make("span.name", {}, name), select);
  /** @param {number} index */
  const show = (index) => void (select.selectedIndex = index);
  return { root, show };
}
