"""Execute the notebooks cleanly and rebuild everything that is made from them.

    python tools/notebooks.py              # every chapter
    python tools/notebooks.py 03 04        # these chapters
    python tools/notebooks.py --pages      # run nothing, only rebuild what is made from notebooks
    python tools/notebooks.py --check      # run nothing: is all of that up to date?

The first picture of a code cell with the metadata ``{"figure": {"name": "fig03_training_path",
"alt": "..."}}`` goes into ``figures/``: a PNG, or an HTML ``<img>`` with GIF data. Its caption is
the next paragraph that begins with ``**Figure 4.2.**``: the second figure of chapter 4. A name such
as ``fig03_…`` says that it recreates Figure 3 of a post. The gallery ``figures/README.md`` and the
table in ``README.md`` come from the same cells; terms in bold italics make ``docs/glossary.md``;
``docs/teaching.md`` comes from ``teaching.py``.
The output of a cell tagged ``timing`` is not kept.
"""

import argparse
import base64
import math
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import cheatsheet
import glossary
import nbformat
import teaching
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
GIF = re.compile(r'src="data:image/gif;base64,([A-Za-z0-9+/=\s]+)"')
TABLE = re.compile(r"(?<=<!-- chapters -->\n).*?(?=<!-- /chapters -->)", re.DOTALL)
WORDS_A_MINUTE, MINUTES_AN_EXERCISE = 150, 3


class Figure(NamedTuple):
    """One picture of the gallery; ``file`` is its name in ``figures/``."""

    number: str
    file: str
    data: bytes
    caption: str
    alt: str
    notebook: str


def execute(path: Path) -> float:
    """Run a notebook in a fresh kernel, save it without traces of the run, and time it."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = dict(KERNEL)
    client = NotebookClient(
        notebook,
        timeout=600,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:  # your own answers don't go into the notebook
        os.environ["LOSSVIZ_ANSWERS"] = str(Path(folder) / "answers.json")
        client.execute()
    seconds = time.perf_counter() - started
    clean(notebook)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        nbformat.write(notebook, file)
    return seconds


def clean(notebook: nbformat.NotebookNode) -> None:
    """Drop what changes from run to run: versions, times, random names, traces of progress bars."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if "timing" in cell.metadata.get("tags", []):  # seconds differ from run to run
            cell.outputs = []
        for output in cell.get("outputs", []):  # a widget's view has a random id
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        if "outputs" in cell:  # a progress bar leaves an empty output behind
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]


def figures(path: Path) -> list[Figure]:
    """Collect the figures in a notebook's outputs."""
    cells = nbformat.read(path, as_version=4).cells
    found: list[Figure] = []
    for index, cell in enumerate(cells):
        if not (meta := cell.metadata.get("figure")):
            continue
        name = meta["name"]
        number = f"{int(path.name[:2])}.{len(found) + 1}"
        opening = f"**Figure {number}.**"
        paragraphs = [
            paragraph
            for later in cells[index + 1 :]
            if later.cell_type == "markdown"
            for paragraph in re.split(r"\n\s*\n", later.source)
        ]
        caption = next((p for p in paragraphs if p.startswith(opening)), None)
        if caption is None:
            raise ValueError(f"{path.name}: no paragraph after {name} begins with {opening}")
        suffix, data = picture(cell, f"{path.name}, {name}")
        caption = " ".join(caption.removeprefix(opening).split())
        found.append(Figure(number, name + suffix, data, caption, meta["alt"], path.name))
    return found


def picture(cell: nbformat.NotebookNode, where: str) -> tuple[str, bytes]:
    """Return suffix and bytes of the first picture among a cell's outputs."""
    for output in cell.outputs:
        bundle = output.get("data", {})
        if "image/png" in bundle:
            return ".png", base64.b64decode(bundle["image/png"])
        if gif := GIF.search(bundle.get("text/html", "")):
            return ".gif", base64.b64decode(gif[1])
    raise ValueError(f"{where}: the cell's outputs have neither a PNG nor a GIF; was it executed?")


def gallery(pictures: list[Figure]) -> str:
    """The text of ``figures/README.md``."""
    parts = [
        "# Gallery",
        "Made from the notebooks by `python tools/notebooks.py`. Figures are numbered in the order "
        "in which the chapters show them.",
    ]
    for figure in pictures:
        words = re.sub(r"^fig\d+_", "", figure.file.rpartition(".")[0]).replace("_", " ")
        parts += [
            f"## Figure {figure.number}: {words}",
            f"![{figure.alt}]({figure.file})",
            figure.caption,
            f"*In words:* {figure.alt}",
            f"From [{figure.notebook}](../notebooks/{figure.notebook}).",
        ]
    return "\n\n".join(parts) + "\n"


def chapters(paths: list[Path], seconds: dict[str, float], old: str) -> str:
    """The README's table; a chapter that wasn't run keeps its run time from ``old``."""
    rows = ["| Chapter | | Read | Run |", "|---|---|--:|--:|"]
    for path in paths:
        prose = [c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown"]
        title, promise = (part.strip() for part in prose[0].split("\n\n")[:2])
        exercises = sum(len(re.findall(r"^### Exercise", text, re.MULTILINE)) for text in prose)
        words = sum(len(text.split()) for text in prose)
        read = math.ceil(words / WORDS_A_MINUTE) + MINUTES_AN_EXERCISE * exercises
        before = re.search(rf"{re.escape(path.name)}\).*\| (\d+) s \|", old)
        run = f"{10 * math.ceil(seconds[path.name] / 10)}" if path.name in seconds else None
        run = run or (before[1] if before else "?")
        link = f"[{title.removeprefix('# ')}](notebooks/{path.name})"
        rows.append(f"| {link} | {' '.join(promise.split())} | {read} min | {run} s |")
    return "\n".join(rows) + "\n"


def products(seconds: dict[str, float]) -> dict[Path, bytes]:
    """Every file that is made from the notebooks, with what it should contain."""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    pictures = [figure for path in paths for figure in figures(path)]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = TABLE.search(readme)
    readme = readme[: table.start()] + chapters(paths, seconds, table[0]) + readme[table.end() :]
    made = {ROOT / "figures" / figure.file: figure.data for figure in pictures}
    if len(made) < len(pictures):
        raise ValueError("two figures have the same name")
    made[ROOT / "figures" / "README.md"] = gallery(pictures).encode()
    made[ROOT / "docs" / "glossary.md"] = glossary.page(glossary.terms(paths)).encode()
    made[ROOT / "docs" / "teaching.md"] = teaching.page().encode()
    made[ROOT / "docs" / "cheat_sheet.md"] = cheatsheet.page().encode()
    made[ROOT / "README.md"] = readme.encode()
    return made


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapter", nargs="*", help="how a notebook's name begins, such as 03")
    parser.add_argument("--pages", action="store_true", help="execute nothing")
    parser.add_argument("--check", action="store_true", help="execute and write nothing")
    arguments = parser.parse_args()

    seconds = {}
    if not arguments.check and not arguments.pages:
        paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
        wanted = [p for p in paths if p.name.startswith(tuple(arguments.chapter or [""]))]
        if not wanted:
            parser.error(f"no notebook begins with {' or '.join(arguments.chapter)}")
        for path in wanted:
            seconds[path.name] = execute(path)
            print(f"{path.name}: {seconds[path.name]:.0f} s", flush=True)

    try:
        made = products(seconds)
    except ValueError as error:
        sys.exit(str(error))
    stale = [p for p, data in made.items() if not p.is_file() or p.read_bytes() != data]
    strays = [p for p in (ROOT / "figures").glob("*.[pg][ni][gf]") if p not in made]
    if arguments.check:
        for path in stale + strays:
            print(f"out of date: {path.relative_to(ROOT)}")
        return 1 if stale or strays else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(made[path])
    for path in strays:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
