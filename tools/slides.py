"""Slides from the committed notebooks: one idea on each, with no network.

    python tools/slides.py                 # every chapter: slides/00.html, slides/01.html, …
    python tools/slides.py 02 04           # these chapters
    python tools/slides.py 02 --projector  # runs them first: larger type, thicker lines, sharper

A section becomes its question with the choices, then each of its figures or printed numbers, then
how its explanation begins. All of its text is in the notes (press S). reveal.js comes from npm.
"""

import argparse
import base64
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from html import escape
from importlib.util import find_spec
from pathlib import Path

import nbformat
from glossary import END
from nbconvert.filters.markdown import markdown2html
from teaching import FOLD
from widget_scripts import from_npm

import notebooks
from lossviz_helpers.course.predictions.question import QUESTIONS

ROOT = Path(__file__).resolve().parents[1]
REVEAL = "reveal.js@5.2.1", "359b575dd51bbda32f89b2fd4c7dc46ad7389a805572158916c29252f7a27333"
FILES = ["dist/reset.css", "dist/reveal.css", "dist/reveal.js"]
FILES += ["plugin/notes/notes.js", "plugin/notes/speaker-view.html"]
MOST_WORDS, MOST_LINES = 70, 11  # that fit on a slide
ASKED = re.compile(r"^> \*\*Predict\.\*\*\s*(.*?)(?=\n\n|\Z)", re.DOTALL | re.MULTILINE)
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="reveal/dist/reset.css">
<link rel="stylesheet" href="reveal/dist/reveal.css">
<style>
.reveal {{ font: 38px/1.35 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans",
  sans-serif; color: #000; background: #fff; }}
.reveal .slides {{ text-align: left; }}
.reveal .slides section {{ padding: 24px 44px; box-sizing: border-box; }}
h1, h2 {{ margin: 0 0 26px; font-size: 50px; line-height: 1.15; font-weight: 650; }}
h1 {{ font-size: 76px; margin-top: 190px; }}
p, ol, ul {{ margin: 0 0 18px; }}
ol, ul {{ padding-left: 1.3em; }}
li {{ margin-bottom: 10px; }}
.small {{ font-size: 32px; }}
.anchor-link {{ display: none; }}
em {{ font-style: italic; }}
strong {{ font-weight: 650; }}
.asks {{ border-left: 10px solid #1b6ca8; padding-left: 26px; }}
img {{ display: block; margin: 0 auto; max-width: 1190px; height: 590px; object-fit: contain; }}
.caption {{ font-size: 25px; color: #333; margin: 0; }}
pre {{ font: 1em/1.4 "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre-wrap; }}
</style>
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script>
window.MathJax = {{ tex: {{ inlineMath: [["$", "$"]] }}, options: {{ enableMenu: false }} }};
</script>
<script src="reveal/tex-svg.js"></script>
<script src="reveal/dist/reveal.js"></script>
<script src="reveal/plugin/notes/notes.js"></script>
<script>
Reveal.initialize({{ width: 1280, height: 720, margin: 0, center: false, hash: true,
  controls: false, transition: "none", plugins: [RevealNotes] }});
</script>
</html>
"""


def slide(content: str, notes: str = "") -> str:
    aside = f'<aside class="notes">{markdown2html(notes)}</aside>' if notes.strip() else ""
    return f"<section>\n{content}\n{aside}</section>"


def short(text: str, words: int = MOST_WORDS) -> str:
    """As many whole sentences from the beginning as there is room for, at least one."""
    kept, count = [], 0
    for sentence in END.split(" ".join(text.split())):
        count += len(sentence.split())
        if kept and count > words:
            break
        kept.append(sentence)
    if kept[1:] and kept[-1].endswith(":"):  # a formula or a table follows, which isn't here
        kept.pop()
    return " ".join(kept)


def plain(text: str) -> str:
    """Markdown without links, which lead nowhere from a slide."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)


def paragraphs(text: str) -> list[str]:
    """Paragraphs of prose: no heading, figure, list, table, formula or question."""
    found = re.split(r"\n\s*\n", re.sub(r"</?(details|summary)[^>]*>", "\n\n", text))
    return [p.strip() for p in found if re.match(r"[^\s#>|$\-\d<!]|\*\*\*", p.strip()[:3] or "#")]


def text_slides(text: str) -> Iterator[str]:
    """What a text cell shows: its heading with a question or with how it begins; explanations."""
    text = plain(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    for fold in FOLD.findall(text):
        said = [p for p in paragraphs(fold) if not p.startswith("**Figure")]
        if said:
            yield slide("<h2>What it shows</h2>" + markdown2html(short(said[0])), fold)
    rest = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    heading = re.search(r"^## (.+)$", rest, re.MULTILINE)
    title = markdown2html(f"## {heading[1]}") if heading else ""
    if heading and heading[1] == "Key points":
        points = re.findall(r"^- (.+)$", rest, re.MULTILINE)
        for first in range(0, len(points), 3):  # a few at a time
            listed = "\n".join(f"- {point}" for point in points[first : first + 3])
            yield slide(title + f'<div class="small">{markdown2html(listed)}</div>')
        return
    said = paragraphs(rest[heading.end() :] if heading else rest)
    if heading and said and not said[0].startswith("**Figure"):
        formula = rest.partition(said[0])[2].strip().partition("\n\n")[0]
        is_whole = formula.startswith("$$") and len(said[0].split()) <= MOST_WORDS
        shown = f"{said[0]}\n\n{formula}" if is_whole else short(said[0])
        yield slide(title + markdown2html(shown), rest)


def question_slide(ident: str, text: str) -> Iterator[str]:
    """A question with its choices."""
    asked = next((q for q in QUESTIONS.values() if q.asked == ident), None)
    for found in ASKED.findall(plain(text)):
        words = short(found.replace("\n> ", " "), 60)
        choices = [f"<li>{escape(choice)}</li>" for choice in asked.choices] if asked else []
        listed = f"<ol>{''.join(choices)}</ol>" if choices else ""
        yield slide(f'<h2>Predict</h2><div class="asks">{markdown2html(words)}</div>{listed}')


def picture_slide(cell: nbformat.NotebookNode, caption: str) -> str:
    suffix, data = notebooks.picture(cell, cell.id)
    coded = base64.b64encode(data).decode()
    image = (
        f'<img alt="{escape(cell.metadata.figure["alt"])}" '
        f'src="data:image/{suffix[1:]};base64,{coded}">'
    )
    return slide(f'{image}<p class="caption">{escape(caption)}</p>', cell.metadata.figure["alt"])


def printed(cell: nbformat.NotebookNode) -> str:
    lines = "".join(o.text for o in cell.outputs if o.output_type == "stream").rstrip().splitlines()
    return "\n".join(lines[:MOST_LINES]) + ("\n…" if len(lines) > MOST_LINES else "")


def printed_slide(cell: nbformat.NotebookNode, section: str) -> str:
    """What a cell prints, as large as its longest line allows."""
    text = printed(cell)
    size = min(36, int(1190 / 0.61 / max(len(line) for line in text.splitlines())))
    content = f'<h2>{escape(section)}</h2><pre style="font-size: {size}px">{escape(text)}</pre>'
    return slide(content, f"```\n{cell.source}\n```")


def slides(cells: list[nbformat.NotebookNode], chapter: str) -> Iterator[str]:
    """All slides of a chapter."""
    title, promise = (part.strip() for part in cells[0].source.split("\n\n")[:2])
    yield slide(markdown2html(title) + markdown2html(plain(promise)), cells[0].source)
    figures, section = 0, ""
    for cell in cells[1:]:
        if cell.cell_type == "markdown":
            if opened := re.findall(r"^## (.+)$", cell.source, re.MULTILINE):
                section = opened[-1]
            if re.match(r"## (Exercises|References)|### Exercise|Previous:|Next:", cell.source):
                continue
            if re.search(r"<summary>Solution</summary>|You will be able to", cell.source):
                continue
            yield from text_slides(cell.source)
            yield from question_slide(cell.id, cell.source)
        elif "figure" in cell.metadata:
            figures += 1
            yield picture_slide(cell, f"Figure {int(chapter)}.{figures}")
        elif printed(cell) and not cell.id.endswith("-report") and "check(" not in cell.source:
            yield printed_slide(cell, section)


def build(chapter: str, target: Path, projector: bool = False) -> Path:
    """Write the slides of a chapter, and what they need; returns the page."""
    (notebook,) = (ROOT / "notebooks").glob(f"{chapter}_*.ipynb")
    if projector:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(notebook, folder)
            os.environ["LOSSVIZ_PROJECTOR"] = "1"
            notebooks.execute(Path(folder) / notebook.name)
            cells = nbformat.read(Path(folder) / notebook.name, as_version=4).cells
    else:
        cells = nbformat.read(notebook, as_version=4).cells
    fetch(target / "reveal")
    title = cells[0].source.partition("\n")[0].removeprefix("# ")
    page = target / f"{chapter}.html"
    text = PAGE.format(title=escape(title), slides="\n".join(slides(cells, chapter)))
    page.write_text(text, encoding="utf-8")
    return page


def fetch(folder: Path) -> None:
    """reveal.js and MathJax; existing files are kept."""
    mathjax = Path(find_spec("sphinx-mathjax-offline").submodule_search_locations[0])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(mathjax / "static" / "mathjax" / "tex-svg.js", folder)
    if all((folder / name).exists() for name in FILES):
        return
    with from_npm(*REVEAL) as archive:
        for name in FILES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(archive.extractfile(f"package/{name}").read())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*", help="such as 02; all if none is named")
    parser.add_argument("--to", type=Path, default=ROOT / "slides", help="a folder")
    parser.add_argument("--projector", action="store_true", help="run the notebooks first")
    asked = parser.parse_args()
    every = sorted(path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb"))
    for one in asked.chapters or every:
        print(build(one, asked.to, asked.projector))
