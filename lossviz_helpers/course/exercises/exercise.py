"""An exercise: a check, together with right and wrong answers that test it.

    @exercise("03.2")
    def read_a_barrier(barrier: float) -> str:
        hint(close(barrier, 0.5), "That is the highest loss. A barrier is measured from the ends.")
        hint(not close(barrier, 0.35), "Subtract the loss on the line between the two ends.")
        return "At α = 0.5 the loss is 0.50, and the line between the ends is at 0.15."

    @read_a_barrier.evidence
    def _() -> Answers:
        yield from around(0.35, 1e-3)
        yield wrong(0.5, hint="highest loss")

The tests try the answers of every exercise, so everything about a new one is in one place. A check
never fails with a traceback and never gives the solution away.
"""

import functools
import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import SupportsFloat

import torch
from torch import Tensor

from ..answers import keep, kept

Point = Tensor | Sequence[float]
RIGHT, NOT_YET = "✓ Right. ", "✗ Not yet. "  # how feedback begins


class NotYetError(Exception):
    """The answer is wrong; the message says what the learner may have overlooked."""


class NoAnswerError(Exception):
    """The learner hasn't replaced the `...` yet."""


@dataclass(frozen=True)
class Answer:
    """A possible answer, and how the check should judge it.

    Attributes:
        given: the arguments of `check` after the number of the exercise.
        is_right: whether it is right.
        hint: words that the feedback must contain; "" if any feedback will do.
    """

    given: tuple[object, ...]
    is_right: bool
    hint: str = ""


Answers = Iterator[Answer]


@dataclass
class Exercise:
    """A question in a chapter, how answers are judged, and answers that test the judging.

    Attributes:
        number: as in its heading in the notebook, such as "03.2".
        judge: returns praise for a right answer, and raises `NotYetError` with a hint for others.
    """

    number: str
    judge: Callable[..., str]
    _evidence: list[Callable[[], Answers]] = field(default_factory=list)

    def evidence(self, answers: Callable[[], Answers]) -> Callable[[], Answers]:
        """Decorate a function that yields answers; it runs only when they are asked for."""
        self._evidence.append(answers)
        return answers

    def answers(self) -> list[Answer]:
        """All known answers, right and wrong; some of them need a training run."""
        return [answer for answers in self._evidence for answer in answers()]

    def feedback(self, *given: object) -> str:
        """What a learner who gives this answer is told."""
        try:
            return f"{RIGHT}{self.judge(*map(_guarded, given))}"
        except NoAnswerError:
            return (
                f"Exercise {self.number} is waiting for your answer: put it in place of the ... "
                "and run the cell again."
            )
        except NotYetError as hint:
            return f"{NOT_YET}{hint}"
        except Exception as err:  # whatever a learner's own code does wrong belongs in the feedback
            return f"{NOT_YET}The check could not use this answer ({type(err).__name__}: {err})."


def _guarded(part: object) -> object:
    """A part of an answer; if it is a learner's function, an error in it becomes a hint."""
    if part is ...:
        raise NoAnswerError
    if not inspect.isfunction(part):
        return part
    name = "Your function" if part.__name__ == "<lambda>" else part.__name__

    @functools.wraps(part)
    def guarded(*args: object, **kwargs: object) -> object:
        try:
            found = part(*args, **kwargs)
        except Exception as err:  # whatever a learner's own code does wrong belongs in the feedback
            raise NotYetError(f"{name} stopped with {type(err).__name__}: {err}.") from None
        if found is ...:
            raise NoAnswerError
        hint(found is None, f"{name} returns nothing. Is there a return?")
        return found

    return guarded


EXERCISES: dict[str, Exercise] = {}


def exercise(number: str) -> Callable[[Callable[..., str]], Exercise]:
    """Register the decorated function as the judge of an exercise."""

    def register(judge: Callable[..., str]) -> Exercise:
        if number in EXERCISES:
            raise ValueError(f"exercise {number!r} already has a check: choose another number")
        EXERCISES[number] = Exercise(number, judge)
        return EXERCISES[number]

    return register


def check(number: str, *answer: object) -> None:
    """Say whether the answer to an exercise is right, and if not, what to look at again.

    Args:
        number: the exercise's number, as in its heading.
        answer: whatever the exercise asks for; `...` stands for no answer yet.

    Raises:
        ValueError: if there is no such exercise.

    >>> check("02.1", ...)
    Exercise 02.1 is waiting for your answer: put it in place of the ... and run the cell again.
    """
    if number not in EXERCISES:
        raise ValueError(
            f"there is no exercise {number!r}; choose from {', '.join(sorted(EXERCISES))}"
        )
    said = EXERCISES[number].feedback(*answer)
    print(said)
    if said.startswith((RIGHT, NOT_YET)):
        with suppress(OSError):  # where nothing can be kept, the feedback still counts
            keep_attempt(number, said.startswith(RIGHT))


def keep_attempt(number: str, is_right: bool) -> None:
    """Count an answer in the learner's file; who has solved an exercise once has solved it."""
    before = kept("exercises").get(number, {})
    solved = is_right or before.get("solved") is True
    keep("exercises", number, {"solved": solved, "attempts": int(before.get("attempts", 0)) + 1})


# -- judging ---------------------------------------------------------------------------------------


def hint(applies: bool, message: str) -> None:
    """End the check with this message if it applies."""
    if applies:
        raise NotYetError(message)


def close(a: SupportsFloat, b: SupportsFloat, tolerance: float = 1e-3) -> bool:
    """Whether two numbers differ by no more than the tolerance, relative or absolute."""
    return math.isclose(float(a), float(b), rel_tol=tolerance, abs_tol=tolerance)


def as_point(answer: Point) -> Tensor:
    """The numbers of an answer, float64, shape `(n,)`."""
    return torch.as_tensor(answer, dtype=torch.float64).flatten()


def lies_at(theta: Tensor, point: Point, radius: float) -> bool:
    """Whether a point lies within a sphere around another."""
    return bool((theta - torch.as_tensor(point, dtype=torch.float64)).norm() < radius)


# -- evidence --------------------------------------------------------------------------------------


def right(*given: object) -> Answer:
    """A right answer."""
    return Answer(given, is_right=True)


def wrong(*given: object, hint: str = "") -> Answer:
    """A wrong answer, and words of the hint that it should get."""
    return Answer(given, is_right=False, hint=hint)


def _alone(x: object) -> tuple[object]:
    return (x,)


def around(
    value: float, tolerance: float, given: Callable[[float], tuple[object, ...]] = _alone
) -> Answers:
    """Just inside and just outside the tolerance of a number, on both sides.

    Args:
        value: the number.
        tolerance: how far an answer may be off.
        given: turns a number into an answer, if an answer is more than a number.

    >>> [answer.given[0] for answer in around(10.0, 1.0) if answer.is_right]
    [10.95, 9.05]
    """
    for factor in (0.95, -0.95):
        yield right(*given(value + factor * tolerance))
    for factor in (1.05, -1.05):
        yield wrong(*given(value + factor * tolerance))


def between(
    low: float, high: float, given: Callable[[float], tuple[object, ...]] = _alone
) -> Answers:
    """Just inside and just outside an interval."""
    yield from around((low + high) / 2, (high - low) / 2, given)


def around_point(point: Sequence[float] | Sequence[Sequence[float]], radius: float) -> Answers:
    """Just inside and just outside the sphere around a point, along each axis and diagonally."""
    centre = torch.tensor(point, dtype=torch.float64)
    P = centre.numel()
    axes = torch.cat([torch.eye(P), torch.full((1, P), P**-0.5)]).double()
    for step in torch.cat([axes, -axes]) * radius:
        yield right(centre + (0.95 * step).view_as(centre))
        yield wrong(centre + (1.05 * step).view_as(centre))
