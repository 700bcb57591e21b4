// Builds ../static, which Python reads: `npm ci` once, then `npm run build`.
//
// A bundle for each widget: anywidget takes the default export of one script as one widget, and a
// saved page holds a copy of that script for every widget on it. A panel doesn't need the viewer.
// A bundle imports nothing, so it also works in a page that is opened from a file. It isn't
// minified, so that people can read it in their browser's debugger, and reviewers in a diff.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const NOTE = "Built from ../js by `npm run build`: change it there.";

/**
 * @param {string[]} entryPoints
 * @param {"esm" | "iife"} format
 */
const bundle = (entryPoints, format) =>
  build({
    entryPoints,
    outdir: "../static",
    bundle: true,
    format,
    charset: "utf8",
    banner: { js: `// ${NOTE}`, css: `/* ${NOTE} */` },
    metafile: true,
  });
const WIDGETS = ["line", "panel", "pick", "predict", "rate", "saddle", "stored", "surface", "tilt", "volume"];
const built = [
  await bundle(WIDGETS.flatMap((name) => [`${name}.js`, `${name}.css`]), "esm"),
  await bundle(["standalone.js"], "esm"), // for the pages that `to_html` writes
  await bundle(["front.js"], "iife"), // for the site's front page; Python doesn't read it
];

// Records which sources were built: if someone forgets to rebuild, tests/test_javascript.py notices,
// without npm, and so does `sha256sum --check ../static/checksums.txt`.
const sum = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
const files = [
  ...new Set(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
  ...["build.js", "package-lock.json"],
  ...built.flatMap(({ metafile }) => Object.keys(metafile.outputs)),
].sort();
writeFileSync("../static/checksums.txt", files.map((file) => `${sum(file)}  ${file}\n`).join(""));
