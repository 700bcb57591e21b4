"""What a class handed in: `python -m lossviz_helpers.course.collect folder`.

Reads all files `*.json` that `report(file=…)` wrote, prints a table and the commonest
misconceptions, and names every file that it skips. Nothing is sent anywhere.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from .predictions import question
from .report import HandIn, HandInError

MOST = 3  # misconceptions


def collect(folder: Path) -> tuple[dict[str, HandIn], dict[str, str]]:
    """The hand-ins of a folder, and why others were skipped; both by the name of the file."""
    read: dict[str, HandIn] = {}
    skipped: dict[str, str] = {}
    for file in sorted(folder.glob("*.json")):
        try:
            read[file.name] = HandIn.read(file)
        except HandInError as error:
            skipped[file.name] = str(error)
    return read, skipped


def table(read: dict[str, HandIn]) -> list[str]:
    """A line for each hand-in: right predictions, how sure, solved exercises."""
    lines = [f"{'':24}{'right':>9}{'sure':>7}{'solved':>10}"]
    for file, hand_in in read.items():
        outcomes = hand_in.outcomes()
        right = sum(choice == asked.right for asked, choice, _ in outcomes)
        sure = sum(sure for *_, sure in outcomes) / len(outcomes) if outcomes else 0
        solved = sum(solved for solved, _ in hand_in.exercises.values())
        lines.append(
            f"{hand_in.name or file:24}{f'{right}/{len(outcomes)}':>9}{f'{sure:.0f}%':>7}"
            f"{f'{solved}/{len(hand_in.exercises)}':>10}"
        )
    return lines


def misconceptions(read: Sequence[HandIn]) -> list[tuple[str, str, int, int]]:
    """Wrong choices, the commonest first: number of the question, choice, how many, of how many."""
    asked = Counter(number for one in read for number in one.predictions)
    wrong = Counter(
        (q.number, choice) for one in read for q, choice, _ in one.outcomes() if choice != q.right
    )
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return [(number, choice, count, asked[number]) for (number, choice), count in ordered]


def summary(folder: Path) -> str:
    """All that is printed."""
    read, skipped = collect(folder)
    lines = [*table(read), ""] if read else [f"no hand-in in {folder}", ""]
    for number, choice, count, of in misconceptions(list(read.values()))[:MOST]:
        asked = question.find(number)
        lines.append(f"{count} of {of}, prediction {number}: {asked.asks} “{choice}”")
        lines.append(f"    Perhaps they think: {asked.misconceptions[choice]}")
        lines.append(f"    Shown in {asked.shown}: {asked.right}")
    lines += [f"skipped {file}: {why}" for file, why in skipped.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m lossviz_helpers.course.collect", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("folder", type=Path, help="where the files are that learners handed in")
    folder = parser.parse_args(arguments).folder
    if not folder.is_dir():
        parser.error(f"{folder} is not a folder")
    print(summary(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
