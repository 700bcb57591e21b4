"""The cheat sheet `docs/cheat_sheet.md`, from the README, the docstrings and the notebooks.

`python tools/notebooks.py` writes it, and `python tools/cheatsheet.py sheet.pdf` prints it on two
pages; this needs Chromium, on the PATH or named by LOSSVIZ_CHROMIUM, and playwright.
"""

import argparse
import importlib
import inspect
import os
import re
import shutil
from pathlib import Path

import nbformat
from nbconvert.filters.markdown import markdown2html

ROOT = Path(__file__).resolve().parents[1]
NAMES = {
    "A landscape": "Objective descend scan Landscape",
    "Slices": "Slice.between Slice.along Slice.pca Slice.random Slice.through eigen_slice",
    "Pictures": "plots.contour plots.surface plots.predictions widgets.Surface",
    "Curvature": "gradient hessian eigenpairs spectrum track false_minimum_test",
    "Between two points": "match_weights bend average",
    "In a class": "course.predictions.predict course.exercises.check course.report.report",
}
STYLE = """
@page { size: A4; margin: 11mm 12mm; }
body { font: 9.6pt/1.34 system-ui, "DejaVu Sans", sans-serif; margin: 0; }
h1 { font-size: 15pt; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 3mm 0 1mm; break-after: avoid; }
p, ul, table { margin: 0 0 1.5mm; } ul { padding-left: 4mm; }
pre { font: 7.6pt/1.3 "DejaVu Sans Mono", monospace; margin: 0 0 2mm; white-space: pre-wrap; }
code { font: 0.92em "DejaVu Sans Mono", monospace; }
.anchor-link { display: none; }
"""


def example() -> str:
    """The few lines of the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.search(r"## Your own model\n.*?```python\n(.*?)```", readme, re.DOTALL)[1].strip()


def first_sentence(name: str) -> str:
    """What something does, from its docstring."""
    module, _, last = name.rpartition(".")
    owner, dots = "lossviz_helpers", module.split(".") if module else []
    found: object = importlib.import_module(owner)
    for part in (*dots, last):
        if inspect.ismodule(found) and not hasattr(found, part):
            importlib.import_module(f"{found.__name__}.{part}")
        found = getattr(found, part)
    text = inspect.getdoc(found) or ""
    return " ".join(text.partition("\n\n")[0].split())


def page() -> str:
    """The text of `docs/cheat_sheet.md`."""
    lines = [
        "# Cheat sheet",
        "",
        "Made by `python tools/notebooks.py`; `python tools/cheatsheet.py sheet.pdf` prints it on "
        "two pages.",
        "",
        "## A landscape in a few lines",
        "",
        "```python",
        example(),
        "```",
        "",
    ]
    for title, names in NAMES.items():
        lines += [f"## {title}", ""]
        lines += [f"- `{name}`: {first_sentence(name)}" for name in names.split()]
        lines.append("")
    lines += ["## What the chapters found", ""]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))[1:]:
        cells = nbformat.read(path, as_version=4).cells
        title = cells[0].source.partition("\n")[0].removeprefix("# ")
        points = next(c.source for c in cells if c.source.startswith("## Key points"))
        first, second, *_ = re.findall(r"^- (.+)$", points, re.MULTILINE)
        lines += [f"- *{title}*: {first} {second}"]
    return "\n".join(lines) + "\n"


def html() -> str:
    """The page as it is printed."""
    text = (ROOT / "docs" / "cheat_sheet.md").read_text(encoding="utf-8")
    text = re.sub(r"\nMade by .*\n", "", text)
    return f"<meta charset=utf-8><style>{STYLE}</style>{markdown2html(text)}"


def print_pdf(target: Path) -> None:
    """Print the page; Chromium does it."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("LOSSVIZ_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        sheet = browser.new_page()
        sheet.set_content(html())
        sheet.pdf(path=target, prefer_css_page_size=True)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("target", type=Path, help="a PDF")
    print_pdf(parser.parse_args().target)
