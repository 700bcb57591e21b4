// What a page of the site does by itself: animations stop and go on, and plotting code folds.

/** Give an animated picture a button that stops it on the frame that is shown first. */
function pausable(image) {
  const frame = document.createElement("span");
  frame.className = "animation";
  image.replaceWith(frame);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "❚❚ Pause"; // also until the picture has come
  frame.append(image, button);
  const still = document.createElement("canvas");
  still.setAttribute("role", "img");
  still.setAttribute("aria-label", image.alt);
  const show = (isMoving) => {
    if (!isMoving && image.naturalWidth) {
      [still.width, still.height] = [image.naturalWidth, image.naturalHeight];
      still.style.width = `${image.clientWidth || image.naturalWidth}px`;
      still.getContext("2d").drawImage(image, 0, 0);
    }
    image.hidden = !isMoving;
    if (isMoving) still.remove();
    else image.after(still);
    button.textContent = isMoving ? "❚❚ Pause" : "▶ Play";
  };
  button.addEventListener("click", () => show(image.hidden));
  const begin = () => show(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  if (image.complete) begin();
  else image.addEventListener("load", begin, { once: true });
}

/** A switch above the chapter that hides the code of its figures, and remembers it. */
function foldable(cells) {
  const label = document.createElement("label");
  label.className = "fold-code";
  const box = document.createElement("input");
  box.type = "checkbox";
  label.append(box, " Show the code that draws the figures");
  const key = "lossviz-plotting-code";
  const keep = () => {
    for (const cell of cells) cell.classList.toggle("without-code", !box.checked);
  };
  box.checked = read(key) !== "hidden";
  box.addEventListener("change", () => {
    keep();
    try {
      localStorage.setItem(key, box.checked ? "shown" : "hidden");
    } catch {} // a browser that stores nothing for pages from files
  });
  keep();
  document.querySelector("article h1")?.after(label);
}

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("img.moves").forEach(pausable);
  const cells = document.querySelectorAll("div.cell.tag_figure");
  if (cells.length) foldable(cells);
});
