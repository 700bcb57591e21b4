// Built from ../js by `npm run build`: change it there.

// page/elements.js
function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((name) => `lv-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return (
    /** @type {Made<S>} */
    node
  );
}
function guard(root, act) {
  return () => {
    try {
      act();
    } catch (error) {
      showError(root, error);
    }
  };
}
function showError(parent, error) {
  const message = error instanceof Error ? error.message : String(error);
  parent.append(make("pre.error", { role: "alert" }, `This widget failed: ${message}`));
  console.error(error);
}
var widgetOf = (start) => ({
  render({ model, el }) {
    try {
      return start(model, el);
    } catch (error) {
      return showError(el, error);
    }
  }
});

// live/controls.js
function button(text, title, act) {
  const made = make("button", { type: "button", title }, text);
  made.addEventListener("click", act);
  return made;
}
function choice(name, texts, choose) {
  const buttons = texts.map((text, i) => button(text, text, () => choose(i)));
  const root = make("div.segments", { role: "group", "aria-label": name }, ...buttons);
  const show = (index) => buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(i === index)));
  return { root, show };
}

// page/input.js
function keepKeys(root) {
  const around = (
    /** @type {HTMLElement} */
    root.closest(".lv-explorer") ?? root
  );
  if (around.dataset.keepsKeys) return;
  around.dataset.keepsKeys = "true";
  around.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) target.dataset.lmSuppressShortcuts = "true";
  });
}

// colours.js
function pixel(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
}

// page/theme.js
function isDark(el) {
  const { body, documentElement: html } = document;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (/^(dark|light)$/.test(html.dataset.theme ?? "")) return html.dataset.theme === "dark";
  for (let node = (
    /** @type {Element | null} */
    el
  ); node; node = node.parentElement) {
    const colour = getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0];
    const [r, g, b, alpha = 1] = colour.map(Number);
    if (alpha > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
function readTheme(root, el) {
  root.dataset.theme = isDark(el) ? "dark" : "light";
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--lv-${name}`).trim();
  const isSmall = root.dataset.width === "narrow";
  return {
    font: `${isSmall ? 10.5 : 11.5}px ${style.fontFamily}`,
    bold: `600 ${isSmall ? 12 : 13}px ${style.fontFamily}`,
    ink: read("ink"),
    muted: read("muted"),
    line: read("line"),
    edge: read("edge"),
    card: read("card"),
    blue: read("blue"),
    orange: read("orange"),
    path: read("path"),
    gap: read("gap"),
    gapLine: read("gap-line"),
    gapPixel: pixel(read("gap")),
    gapLinePixel: pixel(read("gap-line"))
  };
}
function watchPage(root, redraw) {
  const act = guard(root, redraw);
  const size = new ResizeObserver(act);
  size.observe(root);
  let later = 0;
  const pages = new MutationObserver(() => {
    act();
    clearTimeout(later);
    later = setTimeout(act, 400);
  });
  const watched = ["class", "data-theme", "data-jp-theme-light", "data-jp-theme-name", "data-mode"];
  for (const node of [document.documentElement, document.body])
    pages.observe(node, { attributes: true, attributeFilter: watched });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dense = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  for (const query of [dark, dense]) query.addEventListener("change", act);
  return () => {
    clearTimeout(later);
    size.disconnect();
    pages.disconnect();
    for (const query of [dark, dense]) query.removeEventListener("change", act);
  };
}

// predict/kept.js
var PREFIX = "lossviz-predict-";
function readHere(number, choices) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + number) ?? "{}");
    return choices.includes(kept.choice) && Number.isFinite(kept.sure) ? kept : {};
  } catch {
    return {};
  }
}
function keepHere(number, answer) {
  try {
    localStorage.setItem(PREFIX + number, JSON.stringify(answer));
    return true;
  } catch {
    return false;
  }
}
function answersOf(number) {
  const chapter = PREFIX + number.split(".")[0] + ".";
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(chapter)).map((key) => JSON.parse(localStorage.getItem(key) ?? "{}")).filter((answer) => answer.compared);
  } catch {
    return [];
  }
}
function tally(answers) {
  if (answers.length < 2) return "";
  const right = answers.filter((answer) => answer.right).length;
  const sure = answers.reduce((sum, answer) => sum + (answer.sure ?? 0), 0) / answers.length;
  return `So far in this chapter: ${right} of ${answers.length} right, and ${Math.round(sure)}% sure on average.`;
}

// predict.js
var SURE = [30, 50, 70, 90, 99];
function unfold(root) {
  const next = [...document.querySelectorAll("details")].find(
    (fold) => root.compareDocumentPosition(fold) & Node.DOCUMENT_POSITION_FOLLOWING
  );
  if (next && next.querySelector("summary")?.textContent !== "Solution") next.open = true;
}
function verdict(model) {
  const { choice: chosen, sure } = model.get("answer");
  const right = model.get("_right");
  if (chosen === right) return [`✓ ${right}. You were ${sure}% sure.`];
  const believed = model.get("_misconceptions")[chosen ?? ""];
  return [
    `The cell shows: ${right}. You chose “${chosen}” and were ${sure}% sure. You may have thought: `,
    make("q", {}, believed)
  ];
}
function connect(model, el) {
  const choices = model.get("_choices");
  const number = model.get("_number");
  const inBrowser = !model.get("_in_file");
  if (inBrowser) model.set("answer", readHere(number, choices));
  let isStored = true;
  const set = (part) => {
    const answer = { ...model.get("answer"), ...part };
    model.set("answer", answer);
    if (answer.choice !== void 0 && answer.sure !== void 0) {
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
    said
  );
  const show = guard(root, () => {
    const answer = model.get("answer");
    const isKept = answer.choice !== void 0 && answer.sure !== void 0;
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
    } else said.textContent = "Choose an answer, and say how sure you are.";
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
var predict_default = widgetOf(connect);
export {
  predict_default as default
};
