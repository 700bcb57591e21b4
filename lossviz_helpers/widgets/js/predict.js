// A question before a figure: a choice, how sure the reader is, and later what was right.
//
// Python (predictions/asking.py) sends the question. In a notebook it also keeps the answer; on a
// page without a kernel the browser does.

import { button, choice } from "./live/controls.js";
import { guard, make, widgetOf } from "./page/elements.js";
import { keepKeys } from "./page/input.js";
import { readTheme, watchPage } from "./page/theme.js";
import { answersOf, keepHere, readHere, tally } from "./predict/kept.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Answer } from "./predict/kept.js" */

/**
 * The traits of `Prediction` in asking.py, which says what they mean.
 * @typedef {object} Traits
 * @property {Answer} answer
 * @property {string} _number
 * @property {string} _asks
 * @property {string[]} _choices
 * @property {string} _right
 * @property {Record<string, string>} _misconceptions
 * @property {boolean} _in_file
 * @property {string} _trouble
 */

const SURE = [30, 50, 70, 90, 99]; // percent

/** Open the explanation that comes next on the page, if there is one. */
function unfold(/** @type {Element} */ root) {
  const next = [...document.querySelectorAll("details")].find(
    (fold) => root.compareDocumentPosition(fold) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  if (next && next.querySelector("summary")?.textContent !== "Solution") next.open = true;
}

/**
 * What is said once the reader compares.
 * @param {AnyModel<Traits>} model
 */
function verdict(model) {
  const { choice: chosen, sure } = model.get("answer");
  const right = model.get("_right");
  if (chosen === right) return [`✓ ${right}. You were ${sure}% sure.`];
  const believed = model.get("_misconceptions")[chosen ?? ""];
  return [
    `The cell shows: ${right}. You chose “${chosen}” and were ${sure}% sure. You may have thought: `,
    make("q", {}, believed),
  ];
}

/**
 * @param {AnyModel<Traits>} model
 * @param {HTMLElement} el
 */
function connect(model, el) {
  const choices = model.get("_choices");
  const number = model.get("_number");
  const inBrowser = !model.get("_in_file");
  if (inBrowser) model.set("answer", readHere(number, choices));
  let isStored = true; // in the browser
  /** @param {Partial<Answer>} part */
  const set = (part) => {
    const answer = { ...model.get("answer"), ...part };
    model.set("answer", answer);
    if (answer.choice !== undefined && answer.sure !== undefined) {
      if (inBrowser)
        isStored = keepHere(number, { ...answer, right: answer.choice === model.get("_right") });
      else model.save_changes();
    }
    show();
  };
  const chosen = choice(model.get("_asks"), choices, (i) => set({ choice: choices[i] }));
  const sure = choice("How sure are you?", SURE.map((p) => `${p}%`), (i) => set({ sure: SURE[i] }));
  const compare = button("Compare", "after you have run the next cell", () => {
    set({ compared: true });
    unfold(root);
  });
  const said = make("p.words", { role: "status", "aria-live": "polite" });
  const root = make(
    "div.card.live.predict",
    {},
    make("p.asks", {}, make("b", {}, `Predict ${number} `), model.get("_asks")),
    chosen.root,
    make("div.row", {}, make("span.name", {}, "How sure are you?"), sure.root, compare),
    said,
  );
  const show = guard(root, () => {
    const answer = model.get("answer");
    const isKept = answer.choice !== undefined && answer.sure !== undefined;
    const isOver = Boolean(answer.compared);
    chosen.show(choices.indexOf(answer.choice ?? ""));
    sure.show(SURE.indexOf(answer.sure ?? -1));
    for (const one of root.querySelectorAll("button")) one.disabled = isOver;
    compare.disabled = isOver || !isKept;
    root.dataset.state = isOver ? "compared" : isKept ? "kept" : "open";
    if (isOver) said.replaceChildren(...verdict(model), inBrowser ? ` ${tally(answersOf(number))}` : "");
    else if (isKept) {
      const trouble = model.get("_trouble");
      const kept = isStored && !trouble ? "Kept." : "Kept only while this page is open.";
      said.textContent = `${kept} Look at what comes next, then compare. ${trouble}`.trim();
    }
    else said.textContent = "Choose an answer, and say how sure you are.";
  });
  el.append(root);
  const restyle = () => {
    readTheme(root, el);
    keepKeys(root);
  };
  const stop = watchPage(root, restyle);
  model.on("change:answer", show);
  model.on("change:_trouble", show);
  restyle();
  show();
  return () => {
    model.off("change:answer", show);
    model.off("change:_trouble", show);
    stop();
  };
}

export default widgetOf(connect);
