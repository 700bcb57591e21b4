"""List the sentences of the chapters that claim something, and the evidence for each.

    python tools/sentences.py         # sentences without evidence, as TOML to fill in
    python tools/sentences.py 04 07   # those of these chapters
    python tools/sentences.py --all   # every candidate, with and without evidence

A sentence is a candidate if it has a word that compares, counts, generalises or gives a cause. Its
evidence is in ``claims/evidence/ch04.toml``:

    [[sentence]]
    says = "PCA finds most of the variance in a few directions even where there is nothing to find."
    by = "c04-17"

``by`` is the id of a code cell whose output shows exactly that, the number of a claim in the
ledger, or a list of these; ``"definition"`` if the sentence says what a word or a symbol means or
what a cell does; ``"proof: …"`` or ``"source: …"`` with the argument, or who says it and where.
Exits with 1 if a sentence has no evidence, or if evidence has no sentence or names a cell or a
claim that doesn't exist.
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS, EVIDENCE = ROOT / "notebooks", ROOT / "claims" / "evidence"

WORDS = """
because so therefore thus hence since reason reasons why explain explains explained cause causes due
mostly mainly only nearly almost hardly about roughly always never often rarely usually typically
every each all none no nothing most many few half twice double times percent share average
more less fewer better worse best worst higher lower highest lowest larger smaller largest smallest
deeper flatter sharper steeper narrower wider closer farther longer shorter rougher smoother
same equal exactly identical similar different differ differs changes unchanged independent
holds fails works helps hurts wins loses beats depends matters decides proves shows means needs
rises falls grows shrinks increases decreases improves lowers raises leads makes lets keeps
can can't cannot must
"""
CANDIDATE = re.compile(rf"\b(?:{'|'.join(WORDS.split())})\b|\d", re.IGNORECASE)
FENCE = re.compile(r"```.*?```|<!--.*?-->|<summary>.*?</summary>", re.DOTALL)
SKIPPED = re.compile(r"#|>|\||\$\$|\*\*(?:Needs|Time):|Previous:|Next:|!\[|\*\*You will be able to")
SENTENCE = re.compile(r"(?<=[.!?:])[*_)”\"]*\s+(?=[A-ZÀ-ÞΑ-Ω0-9*_`$(“\"✕★○αθλ])")


def paragraphs(text: str) -> Iterator[str]:
    """A cell's paragraphs and list items that are prose, on one line each."""
    text = re.sub(
        r"</?(?:details|summary|a|br|sub|sup|kbd|p|em|strong)\b[^>]*>", "\n\n", FENCE.sub("", text)
    )
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", text):
        line = " ".join(re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", block).split())
        if line and not SKIPPED.match(block.strip()):
            yield line


def sentences(path: Path) -> list[str]:
    """The candidates of a chapter, in order; nothing from its references, goals and questions."""
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "markdown":
            continue
        if re.search(r"^## References", cell.source, re.MULTILINE):
            continue
        goals = re.sub(r"\*\*You will be able to\*\*\n(?:\s*- .*\n?)*", "", cell.source)
        for paragraph in paragraphs(goals):
            for plain in SENTENCE.split(re.sub(r"^\*\*Figure[^*]*\*\*\s*", "", paragraph)):
                said = re.sub(r"\]\([^)]*\)|\$[^$]*\$|`[^`]*`", " ", plain)
                if CANDIDATE.search(said) and not plain.endswith("?"):
                    found.append(plain)
    return list(dict.fromkeys(found))


def listed(chapter: str) -> dict[str, str | list[str]]:
    """The evidence of a chapter's sentences, by sentence."""
    path = EVIDENCE / f"ch{chapter}.toml"
    if not path.exists():
        return {}
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("sentence", [])
    return {entry["says"]: entry["by"] for entry in entries}


@cache
def shown() -> frozenset[str]:
    """What evidence can name: all code cells with an output, and all claims.

    A cell that measures time keeps no output, because it differs every time.
    """
    cells = [c for path in chapters([]) for c in nbformat.read(path, as_version=4).cells]
    ids = {
        c.id
        for c in cells
        if c.cell_type == "code" and (c.outputs or "timing" in c.metadata.get("tags", []))
    }
    results = (ROOT / "claims" / "results").glob("ch*.json")
    return frozenset(ids.union(*(json.loads(p.read_text(encoding="utf-8")) for p in results)))


def trouble(by: str | list[str]) -> str:
    """What is wrong with a piece of evidence; "" if it exists."""
    for name in [by] if isinstance(by, str) else by:
        kind, colon, text = name.partition(":")
        if colon and kind in ("proof", "source"):
            if not text.strip():
                return f"{name!r} gives no {kind}"
        elif name != "definition" and name not in shown():
            return f"{name!r} is neither a code cell with an output nor a measured claim"
    return "" if by else "it names nothing"


def chapters(wanted: list[str]) -> list[Path]:
    """The notebooks of these chapters; all if none is named."""
    paths = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    return [path for path in paths if not wanted or path.name[:2] in wanted]


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*")
    parser.add_argument("--all", action="store_true", help="also print sentences with evidence")
    asked = parser.parse_args()
    missing = stale = wrong = 0
    for path in chapters(asked.chapters):
        said, evidence = sentences(path), listed(path.name[:2])
        for sentence in said:
            missing += sentence not in evidence
            if asked.all or sentence not in evidence:
                by = json.dumps(evidence.get(sentence, ""), ensure_ascii=False)
                quoted = json.dumps(sentence, ensure_ascii=False)
                print(f"[[sentence]]\nsays = {quoted}\nby = {by}\n")
        for sentence in (s for s in evidence if s not in said):
            stale += 1
            print(f"# not in {path.name} any more: {sentence}")
        for sentence, by in evidence.items():
            if problem := trouble(by):
                wrong += 1
                print(f"# {problem}: {sentence}")
    print(
        f"# {missing} sentences without evidence, {stale} entries without a sentence, "
        f"{wrong} entries whose evidence doesn't exist"
    )
    return int(bool(missing or stale or wrong))


if __name__ == "__main__":
    sys.exit(main())
