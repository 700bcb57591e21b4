// Elements of the page, and errors that a reader can see.

/** An element: make("p.name", {attributes}, …children). */
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((name) => `lv-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** An error is shown in the widget, not only in the console. */
export function guard(root, act) {
  return () => {
    try {
      act();
    } catch (error) {
      showError(root, error);
    }
  };
}

export function showError(parent, error) {
  parent.append(make("pre.error", { role: "alert" }, `This picture stopped: ${error.message}`));
  console.error(error);
}
