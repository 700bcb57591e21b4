"""The exercises of chapter 13, beyond loss, and their checks."""

import math
from collections.abc import Callable

import torch

from .exercise import Answers, around, close, exercise, hint, right, wrong
from .given import ODD_RETURNS, one_number, returned


@exercise("13.1")
def low_enough(loss: float) -> str:
    loss, expected = one_number(loss), math.log(2) / 5000
    hint(close(loss / math.log(2), 1), "That is the smallest loss of one mistake. L is a mean.")
    hint(close(loss * 5000, 1), "The loss of a mistake is at least −ln ½, not 1.")
    hint(close(loss * 5000, math.log(10)), "That is the loss of a uniform guess among ten classes.")
    hint(loss <= 0, "Cross-entropy never gets to zero, and doesn't have to.")
    hint(
        not close(loss / expected, 1),
        "How small can the loss of one mistake be? Divide it by the number of examples.",
    )
    return "Below that, there is no room for a single mistake."


@low_enough.evidence
def _() -> Answers:
    yield from around(math.log(2) / 5000, 1e-3 * math.log(2) / 5000)
    yield wrong(math.log(2), hint="L is a mean")
    yield wrong(1 / 5000, hint="not 1")
    yield wrong(math.log(10) / 5000, hint="uniform guess")
    yield wrong(0.0, hint="never gets to zero")
    yield wrong(0.01, hint="How small can the loss of one mistake be")
    yield right(torch.tensor([math.log(2) / 5000]))
    yield from (wrong(odd, hint="one number") for odd in ("small", None, math.nan, [1e-4, 1e-3]))


PREDICTIONS: tuple[tuple[list[float], list[bool]], ...] = (
    # how confident a model was, and whether it was right
    ([0.9] * 6 + [0.6] * 4, [True] * 3 + [False] * 3 + [True] * 3 + [False]),
    ([0.7, 0.95, 0.7, 0.95, 0.95], [True, True, False, True, False]),
    ([1.0, 1.0, 1.0], [True, True, True]),
    ([0.5, 0.8, 0.99], [False, True, False]),
)


def _gaps(sure: list[float], right: list[bool]) -> list[tuple[int, float]]:
    """For each level of confidence: how many predictions, and how far it exceeds their accuracy."""
    found = []
    for level in sorted(set(sure)):
        group = [r for s, r in zip(sure, right, strict=True) if s == level]
        found.append((len(group), level - sum(group) / len(group)))
    return found


def _calibration_error(sure: list[float], right: list[bool]) -> float:
    return sum(n * abs(gap) for n, gap in _gaps(sure, right)) / len(sure)


def _with_signs(sure: list[float], right: list[bool]) -> float:
    return abs(sum(n * gap for n, gap in _gaps(sure, right))) / len(sure)


def _unweighted(sure: list[float], right: list[bool]) -> float:
    gaps = _gaps(sure, right)
    return sum(abs(gap) for _, gap in gaps) / len(gaps)


def _worst(sure: list[float], right: list[bool]) -> float:
    return max(abs(gap) for _, gap in _gaps(sure, right))


def _one_by_one(sure: list[float], right: list[bool]) -> float:
    return sum(abs(s - r) for s, r in zip(sure, right, strict=True)) / len(sure)


MISTAKES = (
    (_with_signs, "overconfidence at one level doesn't make up for underconfidence at another"),
    (_unweighted, "weight each level of confidence by its fraction of the predictions"),
    (_worst, "that is the largest of the gaps, not their mean"),
    (_one_by_one, "compare each confidence with the accuracy there, not with single predictions"),
)


@exercise("13.2")
def calibration_by_hand(error: Callable[[list[float], list[bool]], float]) -> str:
    for sure, right_ones in PREDICTIONS:
        found, expected = (
            returned("calibration_error", error, sure, right_ones),
            _calibration_error(sure, right_ones),
        )
        said = f"With sure = {sure} and right = {right_ones} your function gives {found:.3g}"
        for mistake, message in MISTAKES:
            value = mistake(sure, right_ones)
            hint(close(found, value) and not close(value, expected), f"{said}: {message}.")
        hint(
            close(found, 100 * expected) and expected > 0,
            f"{said}: give a fraction, not a percentage.",
        )
        hint(
            not close(found, expected),
            f"{said}. At each level of confidence: how far is it from the accuracy there?",
        )
    return "It counts gaps in both directions, each weighted by its fraction of the predictions."


@calibration_by_hand.evidence
def _() -> Answers:
    yield right(_calibration_error)
    yield right(lambda sure, right: torch.tensor([_calibration_error(sure, right)]))
    yield right(lambda sure, right: 5e-4 + _calibration_error(sure, right))
    yield wrong(lambda sure, right: 5e-3 + _calibration_error(sure, right))
    yield wrong(_with_signs, hint="doesn't make up for")
    yield wrong(_unweighted, hint="fraction of the predictions")
    yield wrong(_worst, hint="the largest of the gaps")
    yield wrong(_one_by_one, hint="not with single predictions")
    yield wrong(lambda sure, right: 100 * _calibration_error(sure, right), hint="not a percentage")
    yield wrong(lambda sure, right: 0.3, hint="level of confidence")
    yield wrong(lambda sure, right: None, hint="returns nothing")
    for odd, words in ODD_RETURNS:
        yield wrong(lambda sure, right, odd=odd: odd, hint=words)
    yield wrong(lambda sure: 0.3, hint="stopped with TypeError")
    yield wrong(0.3, hint="should be a function")
    yield wrong(None, hint="should be a function")


@exercise("13.3")
def mean_over_groups(share: float) -> str:
    share = one_number(share)
    hint(share > 1, "Give a fraction from 0 to 1, not a percentage.")
    hint(close(share, 0.06), "The groups aren't of equal size: 4% isn't a plain mean of the two.")
    hint(
        close(share, 0.02),
        "That is the difference between the two error rates, or the error rate of group 1.",
    )
    hint(close(share, 0.021), "That is how much group 2 adds to the mean. How large is the group?")
    hint(
        not close(share, 0.42), "Write the mean as 0.95 · 0.02 + 0.05 · x = 0.04, and solve for x."
    )
    return (
        "96% are right overall, and yet nearly half the predictions on the smaller group are wrong."
    )


@mean_over_groups.evidence
def _() -> Answers:
    yield from around((0.04 - 0.95 * 0.02) / 0.05, 1e-3)
    yield wrong(0.06, hint="of equal size")
    yield wrong(0.02, hint="between the two error rates")
    yield wrong(0.021, hint="How large is the group")
    yield wrong(42, hint="not a percentage")
    yield wrong(0.5, hint="solve for x")
    yield from (wrong(odd, hint="one number") for odd in ("half", None, math.nan, [0.42, 0.02]))
