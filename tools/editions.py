"""A learner's and an instructor's edition of every chapter.

    python tools/editions.py          # editions/learner/ and editions/instructor/
    python tools/editions.py 02 04    # of these chapters

The learner's has no outputs, so that one predicts first. The instructor's has all outputs, its
explanations and solutions are open, and notes say how long a section takes and what the wrong
choices of a prediction stand for.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import nbformat
import teaching
from nbformat.v4 import new_markdown_cell

from lossviz_helpers.course.predictions.question import QUESTIONS

ROOT = Path(__file__).resolve().parents[1]


def learner(cells: teaching.Cells) -> Iterator[nbformat.NotebookNode]:
    """The cells without outputs."""
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        yield cell


def instructor(cells: teaching.Cells) -> Iterator[nbformat.NotebookNode]:
    """The cells with everything open, and notes."""
    minutes = {one.cells[0].id: one for one in teaching.sections().values()}
    asked = {_cell(number): q for number, q in QUESTIONS.items()}
    for cell in cells:
        if one := minutes.get(cell.id):
            yield note(cell.id, f"**{one.heading}: {one.minutes} minutes**, with predictions.")
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("<details>", "<details open>")
        yield cell
        if question := asked.get(cell.id):
            lines = [f"**Right:** {question.right} (`{question.shown}`). Who chooses"]
            lines += [f"- *{c}* may think: {why}" for c, why in question.misconceptions.items()]
            yield note(cell.id, "\n".join(lines).replace("\n- ", "\n\n- ", 1))


def note(after: str, text: str) -> nbformat.NotebookNode:
    cell = new_markdown_cell("> " + text.replace("\n", "\n> "), metadata={"tags": ["instructor"]})
    cell.id = f"{after}-note"
    return cell


def _cell(number: str) -> str:
    chapter, _, place = number.partition(".")
    return f"c{chapter}-predict-{place}"


EDITIONS = {"learner": learner, "instructor": instructor}


def write(target: Path, chapters: list[str]) -> list[Path]:
    """Write the editions of some chapters, of all if none is named; returns the files."""
    written = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if chapters and path.name[:2] not in chapters:
            continue
        for name, edition in EDITIONS.items():
            notebook = nbformat.read(path, as_version=4)
            notebook.cells = list(edition(notebook.cells))
            file = target / name / path.name
            file.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, file)
            written.append(file)
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*")
    parser.add_argument("--to", type=Path, default=ROOT / "editions", help="a folder")
    asked = parser.parse_args()
    for written in write(asked.to, asked.chapters):
        print(written)
