"""The exercises of chapter 11, beyond loss, and their checks."""

import math
from collections.abc import Callable

import torch

from .exercise import Answers, around, close, exercise, hint, right, wrong
from .given import ODD_RETURNS, one_number, returned


@exercise("11.1")
def low_enough(loss: float) -> str:
    loss, expected = one_number(loss), math.log(2) / 5000
    hint(close(loss / math.log(2), 1), "That is the least cost of one mistake. L is a mean.")
    hint(close(loss * 5000, 1), "A mistake costs at least −ln ½, not 1.")
    hint(close(loss * 5000, math.log(10)), "That is the cost of a pure guess among ten.")
    hint(loss <= 0, "Cross-entropy never gets to zero, and doesn't have to.")
    hint(
        not close(loss / expected, 1),
        "What does one mistake cost at least? Divide it by the number of examples.",
    )
    return "Below that, there is no room for even one mistake."


@low_enough.evidence
def _() -> Answers:
    yield from around(math.log(2) / 5000, 1e-3 * math.log(2) / 5000)
    yield wrong(math.log(2), hint="L is a mean")
    yield wrong(1 / 5000, hint="not 1")
    yield wrong(math.log(10) / 5000, hint="pure guess")
    yield wrong(0.0, hint="never gets to zero")
    yield wrong(0.01, hint="What does one mistake cost")
    yield right(torch.tensor([math.log(2) / 5000]))
    yield from (wrong(odd, hint="one number") for odd in ("small", None, math.nan, [1e-4, 1e-3]))


DECISIONS: tuple[tuple[list[float], list[bool]], ...] = (
    # how sure a model was, whether it was right
    ([0.9] * 6 + [0.6] * 4, [True] * 3 + [False] * 3 + [True] * 3 + [False]),
    ([0.7, 0.95, 0.7, 0.95, 0.95], [True, True, False, True, False]),
    ([1.0, 1.0, 1.0], [True, True, True]),
    ([0.5, 0.8, 0.99], [False, True, False]),
)


def _gaps(sure: list[float], right: list[bool]) -> list[tuple[int, float]]:
    """Number of decisions at each degree of sureness, and how much surer than right they are."""
    found = []
    for level in sorted(set(sure)):
        group = [r for s, r in zip(sure, right, strict=True) if s == level]
        found.append((len(group), level - sum(group) / len(group)))
    return found


def _calibration_error(sure: list[float], right: list[bool]) -> float:
    return sum(n * abs(gap) for n, gap in _gaps(sure, right)) / len(sure)


def _with_signs(sure: list[float], right: list[bool]) -> float:
    return abs(sum(n * gap for n, gap in _gaps(sure, right))) / len(sure)


def _without_shares(sure: list[float], right: list[bool]) -> float:
    gaps = _gaps(sure, right)
    return sum(abs(gap) for _, gap in gaps) / len(gaps)


def _worst(sure: list[float], right: list[bool]) -> float:
    return max(abs(gap) for _, gap in _gaps(sure, right))


def _decision_by_decision(sure: list[float], right: list[bool]) -> float:
    return sum(abs(s - r) for s, r in zip(sure, right, strict=True)) / len(sure)


SLIPS = (
    (_with_signs, "too sure at one degree doesn't make up for not sure enough at another"),
    (_without_shares, "every degree of sureness counts with its share of the decisions"),
    (_worst, "that is the largest of the gaps, not their mean"),
    (_decision_by_decision, "compare how sure with how often right, not with single decisions"),
)


@exercise("11.2")
def calibration_by_hand(error: Callable[[list[float], list[bool]], float]) -> str:
    for sure, right_ones in DECISIONS:
        found, expected = (
            returned("calibration_error", error, sure, right_ones),
            _calibration_error(sure, right_ones),
        )
        said = f"With sure = {sure} and right = {right_ones} your function gives {found:.3g}"
        for slip, message in SLIPS:
            value = slip(sure, right_ones)
            hint(close(found, value) and not close(value, expected), f"{said}: {message}.")
        hint(close(found, 100 * expected) and expected > 0, f"{said}: a share, not a percentage.")
        hint(
            not close(found, expected),
            f"{said}. For each degree of sureness: how far is it from how often they are right?",
        )
    return "It counts both kinds of gaps, each with its share of the decisions."


@calibration_by_hand.evidence
def _() -> Answers:
    yield right(_calibration_error)
    yield right(lambda sure, right: torch.tensor([_calibration_error(sure, right)]))
    yield right(lambda sure, right: 5e-4 + _calibration_error(sure, right))
    yield wrong(lambda sure, right: 5e-3 + _calibration_error(sure, right))
    yield wrong(_with_signs, hint="doesn't make up for")
    yield wrong(_without_shares, hint="share of the decisions")
    yield wrong(_worst, hint="the largest of the gaps")
    yield wrong(_decision_by_decision, hint="not with single decisions")
    yield wrong(lambda sure, right: 100 * _calibration_error(sure, right), hint="not a percentage")
    yield wrong(lambda sure, right: 0.3, hint="degree of sureness")
    yield wrong(lambda sure, right: None, hint="returns nothing")
    for odd, words in ODD_RETURNS:
        yield wrong(lambda sure, right, odd=odd: odd, hint=words)
    yield wrong(lambda sure: 0.3, hint="stopped with TypeError")
    yield wrong(0.3, hint="should be a function")
    yield wrong(None, hint="should be a function")


@exercise("11.3")
def mean_over_groups(share: float) -> str:
    share = one_number(share)
    hint(share > 1, "A share is a number from 0 to 1, not a percentage.")
    hint(close(share, 0.06), "The groups are not of equal size: 4% isn't a plain mean of the two.")
    hint(close(share, 0.02), "That is the difference of the two shares, or group 1 itself.")
    hint(close(share, 0.021), "That is how much group 2 adds to the mean. How large is the group?")
    hint(
        not close(share, 0.42), "Write the mean as 0.95 · 0.02 + 0.05 · x = 0.04, and solve for x."
    )
    return (
        "96% are right overall, and yet nearly half the decisions on the smaller group are wrong."
    )


@mean_over_groups.evidence
def _() -> Answers:
    yield from around((0.04 - 0.95 * 0.02) / 0.05, 1e-3)
    yield wrong(0.06, hint="not of equal size")
    yield wrong(0.02, hint="difference of the two shares")
    yield wrong(0.021, hint="How large is the group")
    yield wrong(42, hint="not a percentage")
    yield wrong(0.5, hint="solve for x")
    yield from (wrong(odd, hint="one number") for odd in ("half", None, math.nan, [0.42, 0.02]))
