// Answers that the browser keeps, where there is no kernel.

/**
 * @typedef {object} Answer
 * @property {string} [choice]
 * @property {number} [sure] - percent
 * @property {boolean} [compared] - whether the reader has seen what is right
 * @property {boolean} [right]
 */

const PREFIX = "lossviz-predict-";

/**
 * An answer that was kept before; an empty one if there is none, or none that fits the choices.
 * @param {string} number
 * @param {string[]} choices
 * @returns {Answer}
 */
export function readHere(number, choices) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + number) ?? "{}");
    return choices.includes(kept.choice) && Number.isFinite(kept.sure) ? kept : {};
  } catch {
    return {}; // a browser that stores nothing for pages from files, or something of another page
  }
}

/**
 * Keep an answer; returns whether the browser could, or it lasts only as long as the page.
 * @param {string} number
 * @param {Answer} answer
 */
export function keepHere(number, answer) {
  try {
    localStorage.setItem(PREFIX + number, JSON.stringify(answer));
    return true;
  } catch {
    return false;
  }
}

/**
 * The kept answers of a question's chapter that have been compared.
 * @param {string} number
 * @returns {Answer[]}
 */
export function answersOf(number) {
  const chapter = PREFIX + number.split(".")[0] + ".";
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(chapter))
      .map((key) => JSON.parse(localStorage.getItem(key) ?? "{}"))
      .filter((answer) => answer.compared);
  } catch {
    return [];
  }
}

/**
 * How someone did, in words: "In this chapter 3 of 4 right; you were 80% sure on average."
 * @param {Answer[]} answers
 */
export function tally(answers) {
  if (answers.length < 2) return "";
  const right = answers.filter((answer) => answer.right).length;
  const sure = answers.reduce((sum, answer) => sum + (answer.sure ?? 0), 0) / answers.length;
  return (
    `So far in this chapter: ${right} of ${answers.length} right, ` +
    `and ${Math.round(sure)}% sure on average.`
  );
}
