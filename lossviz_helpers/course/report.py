"""`report`: how a learner did, as a page and as a file to hand in."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Self

from .answers import kept
from .exercises.exercise import EXERCISES
from .predictions.question import QUESTIONS, Question

__all__ = ["report"]

COURSE, VERSION = "lossviz", 1  # of hand-ins: another version has other fields
BANDS = ((0, 60), (60, 85), (85, 101))  # percent: guesses, some doubt, nearly none


class HandInError(ValueError):
    """A hand-in can't be used; the message says why."""


@dataclass(frozen=True)
class HandIn:
    """What a learner hands in.

    Attributes:
        name: of the learner; "" if none was given.
        predictions: number of the question: what was chosen, and how sure of it, in percent.
        exercises: number of the exercise: whether it was solved, and how often it was tried.
    """

    name: str
    predictions: dict[str, tuple[str, float]]
    exercises: dict[str, tuple[bool, int]]

    @classmethod
    def now(cls, chapter: str = "", name: str = "") -> Self:
        """What this learner's file holds of a chapter; "" for all chapters."""
        predictions = {
            number: (str(entry["choice"]), float(entry["sure"]))
            for number, entry in kept("predictions").items()
            if _is_prediction(number, entry) and number.startswith(chapter)
        }
        exercises = {
            number: (entry.get("solved") is True, int(entry.get("attempts", 0)))
            for number, entry in kept("exercises").items()
            if number in EXERCISES and number.startswith(chapter)
        }
        return cls(name, predictions, exercises)

    @classmethod
    def read(cls, file: str | PathLike[str]) -> Self:
        """A file that `report` wrote.

        Raises:
            HandInError: if it is damaged, of another course or of another version.
        """
        try:
            content = json.loads(Path(file).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise HandInError(f"damaged: {error}") from None
        if not isinstance(content, dict) or content.get("course") != COURSE:
            raise HandInError("not a hand-in of this course")
        if content.get("version") != VERSION:
            raise HandInError(
                f"version {content.get('version')!r}, and this package reads {VERSION}"
            )
        try:
            found = cls(
                str(content["name"]),
                {n: (str(c), float(sure)) for n, (c, sure) in content["predictions"].items()},
                {n: (bool(s), int(times)) for n, (s, times) in content["exercises"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise HandInError(f"damaged: {type(error).__name__}: {error}") from None
        for number, (choice, sure) in found.predictions.items():
            if not _is_prediction(number, {"choice": choice, "sure": sure}):
                raise HandInError(
                    f"it answers {choice!r} to prediction {number}, which isn't a choice here: the "
                    "chapters are of another edition"
                )
        return found

    def write(self, file: str | PathLike[str]) -> Path:
        """Write a file that `read` reads, with the page as text in it."""
        target = Path(file)
        content = {"course": COURSE, "version": VERSION, **asdict(self), "page": self.page()}
        target.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        return target

    def outcomes(self) -> list[tuple[Question, str, float]]:
        """The predictions in the order of the chapters: question, choice, how sure."""
        return [
            (QUESTIONS[number], *self.predictions[number])
            for number in sorted(self.predictions, key=_order)
        ]

    def page(self) -> str:
        """One page of text."""
        lines = [f"{self.name or 'You'}: predictions and exercises", ""]
        for asked, choice, sure in self.outcomes():
            mark = "✓" if choice == asked.right else "✗"
            lines.append(f"{mark} {asked.number:6}{sure:3.0f}% sure   {choice}")
            if choice != asked.right:
                lines.append(f"{'':20}shown was: {asked.right}")
                lines.append(f"{'':20}perhaps you thought: {asked.misconceptions[choice]}")
        lines += [
            *calibration((sure, choice == asked.right) for asked, choice, sure in self.outcomes()),
            "",
        ]
        for number in sorted(self.exercises, key=_order):
            solved, attempts = self.exercises[number]
            tries = f"{attempts} attempt{'s' if attempts != 1 else ''}"
            lines.append(f"{'✓' if solved else '…'} exercise {number}   {tries}")
        if not self.exercises:
            lines.append("No exercise tried yet.")
        return "\n".join(lines)


def calibration(answers: Iterable[tuple[float, bool]]) -> list[str]:
    """How often someone was right, next to how sure they were, as lines of text.

    Args:
        answers: how sure, in percent, and whether it was right.

    >>> for line in calibration([(90, True), (99, False), (50, True)]):
    ...     print(line)
    <BLANKLINE>
    2 of 3 right, and 80% sure on average.
    when below 60% sure:      1 of 1 right
    when 85% sure or more:    1 of 2 right
    """
    known = list(answers)
    if not known:
        return ["No prediction yet."]
    right = sum(is_right for _, is_right in known)
    sure = sum(sure for sure, _ in known) / len(known)
    lines = ["", f"{right} of {len(known)} right, and {sure:.0f}% sure on average."]
    names = ("below 60% sure", "60 to 84% sure", "85% sure or more")
    for name, (low, high) in zip(names, BANDS, strict=True):
        inside = [is_right for sure, is_right in known if low <= sure < high]
        if inside:
            lines.append(f"{f'when {name}:':26}{sum(inside)} of {len(inside)} right")
    return lines


def report(chapter: str = "", *, name: str = "", file: str | PathLike[str] | None = None) -> None:
    """Print how you did: predictions, how sure you were, and exercises.

    Nothing leaves your machine. With `file=` the same is written to a file, which you can hand in;
    a teacher reads many of them with `python -m lossviz_helpers.course.collect folder`.

    Args:
        chapter: two digits, such as "02"; "" for all chapters.
        name: who you are, for the file.
        file: where to write it, such as "ada.json"; None for nowhere.

    Raises:
        ValueError: if there is no such chapter.

    >>> import os, tempfile
    >>> os.environ["LOSSVIZ_ANSWERS"] = os.path.join(tempfile.mkdtemp(), "answers.json")
    >>> report("02")
    You: predictions and exercises
    <BLANKLINE>
    No prediction yet.
    <BLANKLINE>
    No exercise tried yet.
    """
    chapters = {number.partition(".")[0] for number in (*QUESTIONS, *EXERCISES)}
    if chapter and chapter not in chapters:
        raise ValueError(f"there is no chapter {chapter!r}; choose from {sorted(chapters)}")
    found = HandIn.now(chapter and f"{chapter}.", name)
    print(found.page())
    if file is not None:
        print(f"\nWritten to {found.write(file)}")


def _order(number: str) -> list[int]:
    return [int(part) for part in number.split(".") if part.isdigit()]


def _is_prediction(number: str, entry: dict[str, Any]) -> bool:
    """Whether an answer is one of the question's choices, with a percentage."""
    try:
        is_percentage = 0 <= float(entry.get("sure", -1)) <= 100
    except (TypeError, ValueError):
        return False
    return (
        number in QUESTIONS and entry.get("choice") in QUESTIONS[number].choices and is_percentage
    )
