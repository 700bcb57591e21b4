"""The exercises of chapter 10, paths between minima, and their checks."""

import itertools
from collections.abc import Sequence

import numpy as np

from .exercise import (
    Answers,
    Point,
    around_point,
    as_point,
    exercise,
    hint,
    lies_at,
    right,
    wrong,
)


@exercise("10.1")
def middle_of_a_curve(theta: Point) -> str:
    theta = as_point(theta)
    hint(theta.numel() != 2, f"A point here has 2 numbers, but you gave {theta.numel()}.")

    def is_at(*point: float) -> bool:
        return lies_at(theta, point, 0.01)

    hint(is_at(2, 3), "That is C. The curve is pulled towards C, but does not pass through it.")
    hint(is_at(2, 0), "That is the middle of the straight line: C pulls the curve up.")
    hint(is_at(1, 0.75) or is_at(1.5, 0.75), "C counts twice: its weight is 2t(1 − t).")
    hint(is_at(2, 0.75), "C counts twice: its weight is 2t(1 − t).")
    hint(is_at(4 / 3, 1) or is_at(2, 1), "The three weights at t = 0.5 are ¼, ½ and ¼, not thirds.")
    hint(not is_at(2, 1.5), "Put t = 0.5 into the formula: what weights do A, C and B get?")
    return "A quarter of A, half of C, a quarter of B."


@middle_of_a_curve.evidence
def _() -> Answers:
    yield from around_point((2, 1.5), 0.01)
    yield wrong((2, 3), hint="does not pass through it")
    yield wrong((2, 0), hint="middle of the straight line")
    yield wrong((2, 0.75), hint="C counts twice")
    yield wrong((2, 1), hint="not thirds")
    yield wrong(1.5, hint="but you gave 1")
    yield wrong((0, 0), hint="Put t = 0.5")
    yield wrong("halfway", hint="could not use this answer")


@exercise("10.2")
def match_by_hand(order: Sequence[int]) -> str:
    likeness = np.array([[9, 8, 1], [8, 3, 2], [2, 3, 4]])
    order = [int(unit) for unit in order]
    hint(
        len(order) != 3, f"Each of the three units of A needs a partner, but you gave {len(order)}."
    )
    hint(sorted(order) == [1, 2, 3], "Units are counted from 0: the units of B are 0, 1 and 2.")
    hint(sorted(order) != [0, 1, 2], "Every unit of B must be used exactly once.")
    hint(
        order == [0, 1, 2],
        "That finds the best partner for A0 first, and then for the rest. What does A1 lose?",
    )
    best = likeness[[0, 1, 2], order].sum()
    hint(best < 20, f"The similarities of this order add up to {best}. You can do better.")
    return "A0 gets its second choice, but that is best for all three together."


@match_by_hand.evidence
def _() -> Answers:
    # 8 + 8 + 4 is more than any other order of the units gives
    yield right([1, 0, 2])
    yield from (
        wrong(list(order)) for order in itertools.permutations(range(3)) if order != (1, 0, 2)
    )
    yield wrong([0, 1, 2], hint="best partner for A0 first")
    yield wrong([0, 0, 2], hint="exactly once")
    yield wrong([2, 1, 3], hint="counted from 0")
    yield wrong([1, 0], hint="a partner, but you gave 2")
    yield wrong([2, 1, 0], hint="You can do better")
    yield wrong(None, hint="could not use this answer")


@exercise("10.3")
def shuffle_then_match(before: float, after: float) -> str:
    before, after = float(before), float(after)
    hint(before < 1e-3 < after, "The two are swapped: matching comes second.")
    hint(
        before < 1e-3,
        "There should be a barrier between two different orders: did you use two seeds?",
    )
    hint(
        after > before / 2,
        "After matching there is still a barrier between them. Match the second copy to the first: "
        "match_weights(L, one_copy, two_copy).",
    )
    hint(
        after > 1e-3,
        "Both copies are the same network, so matching should bring them to the same point. Is "
        "one of the two a shuffle of another network?",
    )
    return "The same network, listed in two orders: matching recovers the order exactly."


@shuffle_then_match.evidence
def _() -> Answers:
    yield right(0.08, 0.95e-3)
    yield wrong(0.08, 1.05e-3)
    yield right(1.05e-3, 0.0)
    yield wrong(0.95e-3, 0.0)
    yield right(1.8e-3, 0.85e-3)
    yield wrong(1.8e-3, 0.95e-3)
    yield wrong(0.0, 0.08, hint="swapped")
    yield wrong(0.0, 0.0, hint="two seeds")
    yield wrong(0.08, 0.08, hint="Match the second copy to the first")
    yield wrong(0.08, 0.01, hint="shuffle of another network")
    yield wrong(0.08, None, hint="could not use this answer")
