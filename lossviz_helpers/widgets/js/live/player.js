// A button that moves a slider with the time.

import { frames } from "./frames.js";
import { button } from "./controls.js";

/**
 * @typedef {object} Player
 * @property {HTMLButtonElement} root
 * @property {() => void} play - from where it is, or from the beginning if that is the end
 * @property {() => void} stop
 */

/**
 * @param {HTMLElement} card - of the explorer
 * @param {string} title
 * @param {number} last - the last position
 * @param {number} seconds - from 0 to the last
 * @param {() => number} where - the position now
 * @param {(position: number) => void} go
 * @returns {Player}
 */
export function makePlayer(card, title, last, seconds, where, go) {
  /** @type {{ from: number, since: number } | null} */
  let playing = null;
  const show = () => {
    root.textContent = playing ? "❚❚ Pause" : "▶ Play";
  };
  const drawing = frames(card, () => {
    if (!playing) return;
    const passed = (performance.now() - playing.since) / 1000 / seconds;
    const position = Math.min(playing.from + Math.floor(passed * last), last);
    go(position);
    if (position === last) stop();
    else drawing.ask();
  });
  const stop = () => {
    playing = null;
    drawing.stop();
    show();
  };
  const play = () => {
    const from = where();
    playing = { from: from >= last ? 0 : from, since: performance.now() };
    show();
    drawing.ask();
  };
  const root = button("▶ Play", title, () => (playing ? stop() : play()));
  return { root, play, stop };
}
