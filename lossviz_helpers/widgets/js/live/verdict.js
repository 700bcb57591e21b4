// The verdict of the false-minimum test, on the page.

import { formatLoss, minus } from "../numbers.js";
import { make } from "../page/elements.js";
import { lineOf, marksOf } from "./board.js";

/** @import { Verdict } from "../engine/verdict.js" */

/** @param {Verdict} verdict */
export function sentenceOf({ isMinimum, isStationary, negative }) {
  if (isMinimum) return "a minimum, as far as this test can see";
  if (!isStationary) return "not a minimum: the landscape slopes here";
  if (negative) return "not a minimum: the landscape curves down here in some direction";
  return "not a minimum: nearly flat, but further training lowers the loss";
}

/**
 * What each of the three tests found, and whether the point passes it.
 * @param {Verdict} verdict
 * @returns {[passes: boolean, text: string][]}
 */
export function testsOf(verdict) {
  const { loss, inside, off, values, negative, trainedLoss, distance } = verdict;
  const change = loss ? Math.round(100 * (trainedLoss / loss - 1)) : 0;
  const [lowest, highest] = [values[0], values[values.length - 1]].map(formatLoss);
  return [
    [
      verdict.isStationary,
      `Gradient: ${formatLoss(inside)} in the slice, ${formatLoss(off)} off it ` +
        `(${verdict.isStationary ? "flat" : "sloping"}).`,
    ],
    [
      negative === 0,
      `Hessian: ${negative} of ${values.length} eigenvalues clearly negative; lowest ${lowest}, ` +
        `highest ${highest}.`,
    ],
    [
      !verdict.leadsDown,
      `Further training: loss ${loss.toFixed(3)} → ${trainedLoss.toFixed(3)} ` +
        `(${change < 0 ? "" : "+"}${minus(String(change))}%), ${distance.toFixed(1)} away.`,
    ],
  ];
}

/** The elements of a verdict, and how one is shown. */
export function makeVerdict() {
  const place = make("p.place");
  const sentence = make("p.sentence");
  const tests = make("ol");
  const root = make("div.verdict", { role: "status" }, place, sentence, tests);
  return {
    root,
    /**
     * @param {string} where
     * @param {Verdict | null} verdict - null while the test runs
     */
    show(where, verdict) {
      place.textContent = where;
      root.dataset.verdict = verdict ? (verdict.isMinimum ? "minimum" : "none") : "open";
      if (!verdict) return;
      sentence.textContent = `Verdict: ${sentenceOf(verdict)}.`;
      tests.replaceChildren(
        ...testsOf(verdict).map(([passes, text]) =>
          make("li", { "data-passes": String(passes) }, text),
        ),
      );
    },
  };
}

/**
 * The traits of a panel of curvatures that don't depend on the point.
 * @param {number} P
 */
export const curvatureTraits = (P) => ({
  title: "test 2: the curvature in every direction",
  labels: /** @type {[string, string]} */ (["eigenvalue of the Hessian, lowest first", "curvature"]),
  extent: /** @type {[[number, number], [number, number]]} */ ([[0.4, P + 0.6], [-1, 1]]),
  lines: [lineOf([0, P + 1], [0, 0], "muted", { width: 1 })],
  aspect: 0.5,
  description: "The eigenvalues of the Hessian at the point.",
});

/**
 * What the panel shows: the eigenvalues as dots, clearly negative ones in another colour.
 * @param {Verdict} verdict
 */
export function curvaturesOf({ values, negative }) {
  const numbers = values.map((_, i) => i + 1);
  const [lo, hi] = [Math.min(values[0], 0), Math.max(values[values.length - 1], 0)];
  const edge = 0.12 * (hi - lo) || 1;
  const down = marksOf(numbers.slice(0, negative), values.slice(0, negative), "path", {
    label: negative ? "down" : "",
  });
  const up = marksOf(numbers.slice(negative), values.slice(negative), "blue", {
    label: "up, or hardly at all",
  });
  return {
    extent: [[0.4, values.length + 0.6], [lo - edge, hi + edge]],
    marks: [down, up],
    readout: `${negative} of ${values.length} directions clearly curve down`,
  };
}
