"""Checks of learners' answers, with feedback that names the likely mistake.

In a notebook: `check("02.1", answer)`. A check never fails with a traceback and never gives the
solution away.
"""

import math
from collections.abc import Callable

_CHECKS: dict[str, Callable[..., str]] = {}


class _NotYetError(Exception):
    """The answer is wrong; the message says what the learner may have overlooked."""


def check(number: str, *answer) -> None:
    """Say whether the answer to an exercise is right, and if not, what to look at again.

    Args:
        number: the exercise, as its heading says.
        answer: whatever the exercise asks for; `...` stands for no answer yet.

    Raises:
        ValueError: if there is no such exercise.

    >>> check("02.1", ...)
    Exercise 02.1 waits for your answer: put it in place of the ... and run the cell again.
    """
    if number not in _CHECKS:
        raise ValueError(f"there is no exercise {number!r}; there are {', '.join(sorted(_CHECKS))}")
    if any(a is ... for a in answer):
        print(
            f"Exercise {number} waits for your answer: put it in place of the ... and run the cell "
            "again."
        )
        return
    try:
        print("✓ Right.", _CHECKS[number](*answer))
    except _NotYetError as hint:
        print("✗ Not yet.", hint)
    except Exception as err:  # whatever a learner's own code does wrong belongs to the feedback
        print(f"✗ Not yet. The check could not use this answer ({type(err).__name__}: {err}).")


def _exercise(number: str) -> Callable:
    def register(function: Callable[..., str]) -> Callable[..., str]:
        _CHECKS[number] = function
        return function

    return register


def _hint(wrong: bool, message: str) -> None:
    if wrong:
        raise _NotYetError(message)


def _close(a: float, b: float, tolerance: float = 1e-3) -> bool:
    return math.isclose(float(a), b, rel_tol=tolerance, abs_tol=tolerance)
