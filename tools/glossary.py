"""The glossary: every term that a chapter sets in bold italics, with the sentence that defines it.

    The ***barrier*** between two points is how far the loss rises on the line between them.

`python tools/notebooks.py` writes it to ``docs/glossary.md``.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat

TERM = re.compile(r"\*\*\*([^*\n]+)\*\*\*")
# An abbreviation, such as "et al.", ends no sentence.
END = re.compile(r"(?<=[.!?])(?<!al\.)(?<!e\.g\.)(?<!i\.e\.)[*_)”\"]*\s+(?=[^a-z\s])")
HTML = re.compile(r"<!--.*?-->|<summary>.*?</summary>|</?details>", re.DOTALL)
GOALS = re.compile(r"\*\*You will be able to\*\*:?\n+(?:\s*- .*\n?)*")
# What names something without using it: code, formulas, links, headings, and what comes next.
NAMES = re.compile(
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|!?\[[^\]]*\]\([^)]*\)"
    r"|^#.*$|^(?:Previous|Next):.*$|^\*\*(?:Needs|Time)\b.*$",
    re.DOTALL | re.MULTILINE,
)


class Term(NamedTuple):
    """A term and the sentence that defines it, in the notebook that does so."""

    name: str
    sentence: str
    notebook: str


def prose(path: Path) -> Iterator[str]:
    """The text of each cell in reading order, without references, goals and comments."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and "## References" not in cell.source:
            yield GOALS.sub("", HTML.sub("\n\n", cell.source))


def terms(paths: list[Path]) -> list[Term]:
    """All terms, in the order in which the chapters define them."""
    return [
        Term(" ".join(name.split()), sentence, path.name)
        for path in paths
        for text in prose(path)
        for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", text)
        for sentence in END.split(
            " ".join(re.sub(r"^\s*(?:[-*>]|\d+\.)\s+", "", paragraph).split())
        )
        for name in TERM.findall(sentence)
    ]


def use(term: str, text: str) -> str:
    """Where a text uses a term, or its plural, as a word: the words around it; "" if nowhere."""
    words = rf"(?<![\w-]){re.escape(term)}(?:s|es)?(?!\w)"
    found = re.search(rf".{{0,60}}{words}.{{0,40}}", NAMES.sub(" ", text), re.IGNORECASE)
    return " ".join(found[0].split()) if found else ""


def used_before(term: Term, paths: list[Path]) -> str:
    """Where the chapters use a term before its definition: file and words; "" if nowhere."""
    mark = f"***{term.name}***"
    for path in paths:
        for text in prose(path):
            before, found, _ = text.partition(mark)
            if words := use(term.name, before):
                return f"{path.name}: …{words}…"
            if found:
                return ""
    return ""


def page(found: list[Term]) -> str:
    """The text of ``docs/glossary.md``."""
    parts = [
        "# Glossary",
        "Each term with the sentence that defines it, where the series first uses it. "
        "Made from the notebooks by `python tools/notebooks.py`.",
    ]
    for term in sorted(found, key=lambda term: (term.name.casefold(), term.notebook)):
        first, rest = term.name[0], term.name[1:]
        sentence = re.sub(r"\]\((?![a-z]+:|#)", "](../notebooks/", term.sentence)
        sentence = re.sub(r":$", ".", sentence)  # a formula follows in the chapter
        chapter = f"[Chapter {int(term.notebook[:2])}](../notebooks/{term.notebook})"
        parts += [f"## {first.upper() if first.isascii() else first}{rest}", sentence, chapter]
    return "\n\n".join(parts) + "\n"
