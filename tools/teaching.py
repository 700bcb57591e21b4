"""The teacher's guide `docs/teaching.md`, from the notebooks and from `tools/teaching.toml`.

`python tools/notebooks.py` writes it. A section's minutes are an estimate: a minute to begin with,
one for every 200 words, two for every prediction, one and a half for every figure.
"""

import ast
import builtins
import math
import re
import symtable
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from glossary import END

from lossviz_helpers.course.predictions.question import QUESTIONS, Question

ROOT = Path(__file__).resolve().parents[1]
PLAN = Path(__file__).with_suffix(".toml")
WORDS_A_MINUTE, A_PREDICTION, A_FIGURE, AN_EXERCISE = 200, 2.0, 1.5, 5
NOT_TAUGHT = {"Exercises", "Key points", "References", "The map", "Run it yourself"}
FOLD = re.compile(r"<details><summary>(?!Solution)[^<]*</summary>(.*?)</details>", re.DOTALL)

Cells = list[nbformat.NotebookNode]


@dataclass(frozen=True)
class Section:
    """A heading of a chapter, and the cells under it."""

    chapter: str
    heading: str
    cells: tuple[nbformat.NotebookNode, ...]
    text: str

    @property
    def name(self) -> str:
        return f"{self.chapter} {self.heading}"

    @property
    def questions(self) -> list[Question]:
        """Its predictions, in reading order."""
        ids = [cell.id for cell in self.cells]
        return sorted(
            (q for q in QUESTIONS.values() if q.asked in ids), key=lambda q: ids.index(q.asked)
        )

    @property
    def minutes(self) -> int:
        words = len(self.text.split())
        asked = self.text.count("> **Predict.**")
        figures = sum("figure" in c.metadata for c in self.cells)
        return math.ceil(1 + words / WORDS_A_MINUTE + A_PREDICTION * asked + A_FIGURE * figures)

    @property
    def to_say(self) -> list[str]:
        """How every explanation begins that is folded away: two sentences, without the caption."""
        folds = [fold.split("\n\n") for fold in FOLD.findall(self.text)]
        said = [next((p for p in fold if re.match(r"\s*[^\s*|$\-\d]", p)), "") for fold in folds]
        return [" ".join(END.split(p.strip())[:2]) for p in said if p.strip()]


def path_of(chapter: str) -> Path:
    (path,) = (ROOT / "notebooks").glob(f"{chapter}_*.ipynb")
    return path


@cache
def cells_of(chapter: str) -> Cells:
    return nbformat.read(path_of(chapter), as_version=4).cells


@cache
def sections() -> dict[str, Section]:
    """Everything that can be taught, by chapter and heading."""
    found: dict[str, Section] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        chapter, heading, text = path.name[:2], "", ""
        inside: Cells = []
        for cell in cells_of(chapter):
            own = cell.source if cell.cell_type == "markdown" else ""
            opens = re.search(r"^## (.+)$", own, re.MULTILINE)
            if not opens:
                inside.append(cell)
                text += f"\n\n{own}"
                continue
            if (
                heading and heading not in NOT_TAUGHT
            ):  # the text before a heading still belongs here
                one = Section(chapter, heading, tuple(inside), text + "\n\n" + own[: opens.start()])
                found[one.name] = one
            heading, text, inside = opens[1], own[opens.start() :], [cell]
    return found


def plan() -> dict:
    return tomllib.loads(PLAN.read_text(encoding="utf-8"))


# -- code that has to run before -------------------------------------------------------------------


def names(code: str) -> tuple[set[str], set[str]]:
    """The names that code gives a value to, and those that need one before.

    >>> names("fig, ax = plt.subplots()\\nax.plot(losses)")
    ({'fig', 'ax'}, {'plt', 'losses'})
    """
    bound: set[str] = set()
    needed: set[str] = set()
    for statement in ast.parse(code).body:
        tables = [symtable.symtable(ast.unparse(statement), "cell", "exec")]
        own: set[str] = set()
        read: set[str] = set()
        for table in tables:  # grows: functions and comprehensions have tables of their own
            tables += table.get_children()
            for symbol in table.get_symbols():
                if table is tables[0] and (symbol.is_assigned() or symbol.is_imported()):
                    own.add(symbol.get_name())
                if symbol.is_referenced() and (table is tables[0] or symbol.is_global()):
                    read.add(symbol.get_name())
        simple = isinstance(statement, ast.Assign | ast.AugAssign)
        needed |= read - bound - (set() if simple else own)
        bound |= own
    return bound, needed - set(dir(builtins))


def to_run(chapter: str, taught: set[str]) -> list[str]:
    """The code cells that aren't taught but give a name that the taught ones need."""
    needed: set[str] = set()
    found = []
    for cell in reversed(cells_of(chapter)):
        if cell.cell_type != "code" or "remove-cell" in cell.metadata.get("tags", []):
            continue
        bound, read = names(cell.source)
        if cell.id in taught or bound & needed:
            needed = (needed - bound) | read
            if cell.id not in taught:
                found.append(cell.id)
    if needed:
        raise ValueError(f"chapter {chapter}: no cell defines {', '.join(sorted(needed))}")
    return found[::-1]


# -- the page --------------------------------------------------------------------------------------


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def row(start: int, minutes: int, what: str) -> str:
    return f"**{clock(start)}–{clock(start + minutes)}** ({minutes} min) · {what}"


def section_text(one: Section, start: int, is_skippable: bool) -> list[str]:
    """What a teacher does in a section."""
    first, last = one.cells[0].id, one.cells[-1].id
    link = f"[{one.chapter} · {one.heading}](../notebooks/{path_of(one.chapter).name})"
    late = " *Skip this when late.*" if is_skippable else ""
    lines = [f"{row(start, one.minutes, link)}, cells `{first}` to `{last}`.{late}", ""]
    for asked in one.questions:
        chapter, _, place = asked.number.partition(".")
        lines.append(
            f"- **Stop at `c{chapter}-predict-{place}`**, and let the room choose: {asked.asks}"
        )
        for choice in asked.choices:
            why = asked.misconceptions.get(choice)
            lines.append(f"  - {choice}: " + (f"“{why}”" if why else f"✓ (`{asked.shown}`)"))
    lines += [f"- **Say:** {sentence}" for sentence in one.to_say]
    return [*lines, ""]


def class_text(one: dict) -> list[str]:
    """A run-sheet, from the first minute to the last."""
    taught = [sections()[name] for name in one["sections"]]
    lines = [f"## {one['title']}", ""]
    chapters = sorted({section.chapter for section in taught})
    for chapter in chapters:
        ids = {c.id for section in taught if section.chapter == chapter for c in section.cells}
        before = ", ".join(f"`{ident}`" for ident in to_run(chapter, ids))
        if before:
            lines.append(f"- Run before class, in chapter {chapter}: {before}.")
    skipped = [f"{n:02}" for n in range(1, int(chapters[-1])) if f"{n:02}" not in chapters]
    if skipped:
        lines.append(f"- Skipped, with a [bridge](#bridges) each: chapter {', '.join(skipped)}.")
    at = one["startup"]
    lines += ["", row(0, at, "start-up: everyone opens the notebook and runs the first cell."), ""]
    half = one["minutes"] / 2
    for section in taught:
        if one.get("break") and at >= half:
            lines += [row(at, one["break"], "break."), ""]
            at, half = at + one["break"], math.inf
        lines += section_text(section, at, section.name in one.get("late", []))
        at += section.minutes
    for number in one.get("exercises", []):
        lines += [row(at, AN_EXERCISE, f"exercise {number}, {title_of(number)}."), ""]
        at += AN_EXERCISE
    left = one["minutes"] - at
    if left < one["minutes"] / 20:
        raise ValueError(f"{one['title']}: {at} minutes without discussion; leave out a section")
    home = " and ".join(one["homework"])
    lines += [row(at, left, f"discussion. To take home: {home}."), ""]
    return lines


def title_of(number: str) -> str:
    heading = re.compile(rf"^### Exercise {re.escape(number)} · (.+)$", re.MULTILINE)
    found = (heading.search(cell.source) for cell in cells_of(number[:2]))
    return next(match[1] for match in found if match)


def semester_text() -> list[str]:
    """A chapter a week."""
    lines = [
        "## A semester: one chapter a week",
        "",
        "| Week | Chapter | In class | Predictions | Exercises, 5 minutes each and at home |",
        "|--:|---|--:|--:|---|",
    ]
    for week, path in enumerate(sorted((ROOT / "notebooks").glob("*.ipynb"))[1:], 1):
        chapter = path.name[:2]
        minutes = sum(s.minutes for s in sections().values() if s.chapter == chapter)
        title = cells_of(chapter)[0].source.partition("\n")[0].removeprefix("# ")
        asked = sum(c.source.count("> **Predict.**") for c in cells_of(chapter))
        text = "\n".join(c.source for c in cells_of(chapter))
        exercises = ", ".join(re.findall(r"^### Exercise (\S+)", text, re.MULTILINE))
        link = f"[{title}](../notebooks/{path.name})"
        lines.append(f"| {week} | {link} | {minutes} min | {asked} | {exercises} |")
    return [*lines, "", "Week 1 begins with chapter 0, which takes the minutes of start-up.", ""]


def bridges_text(bridges: dict[str, str]) -> list[str]:
    """Two cells for each chapter that a class may skip."""
    lines = ["## Bridges", "", "A skipped chapter in two cells: paste both into the notebook.", ""]
    for chapter, code in bridges.items():
        points = next(c.source for c in cells_of(chapter) if c.source.startswith("## Key points"))
        lines += [
            f"### Instead of chapter {chapter}",
            "",
            *points.partition("\n\n")[2].splitlines(),
            "",
            "```python",
            code.strip(),
            "```",
            "",
        ]
    return lines


def page() -> str:
    """The text of `docs/teaching.md`."""
    content = plan()
    lines = [
        "# Run-sheets for teachers",
        "",
        "Made from the notebooks by `python tools/notebooks.py`. Minutes are estimates: one to "
        "begin with, one for every 200 words, two for every prediction, one and a half for every "
        "figure. What is left of the class is for discussion.",
        "",
        "At a *Predict*, let everyone choose and say how sure they are before anyone speaks; then "
        "run the next cell. Behind each wrong choice stands what someone who takes it may think. "
        'After class, `report("02", name="Ada", file="ada.json")` writes a file to hand in, and '
        "`python -m lossviz_helpers.course.collect folder` makes a table of all files in a folder, "
        "with the three commonest misconceptions.",
        "",
    ]
    for one in content["class"]:
        lines += class_text(one)
    lines += semester_text() + bridges_text(content["bridge"])
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit("python tools/notebooks.py --pages writes docs/teaching.md")
