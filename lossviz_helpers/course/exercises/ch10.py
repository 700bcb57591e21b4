"""The exercises of chapter 10, paths between minima, and their checks."""

import numpy as np
import torch

from .exercise import _exercise, _hint


@_exercise("10.1")
def _middle_of_a_curve(theta) -> str:
    theta = torch.as_tensor(theta, dtype=torch.float64).flatten()
    _hint(theta.numel() != 2, f"A point here has 2 numbers, got {theta.numel()}.")

    def is_at(*point: float) -> bool:
        return bool((theta - torch.tensor(point, dtype=torch.float64)).norm() < 0.01)

    _hint(is_at(2, 3), "That is C. The curve is pulled towards C, but does not pass through it.")
    _hint(is_at(2, 0), "That is the middle of the straight line: C pulls the curve up.")
    _hint(is_at(1, 0.75) or is_at(1.5, 0.75), "C counts twice: its share is 2t(1 − t).")
    _hint(is_at(2, 0.75), "C counts twice: its share is 2t(1 − t).")
    _hint(is_at(4 / 3, 1) or is_at(2, 1), "The three shares at t = 0.5 are ¼, ½ and ¼, not thirds.")
    _hint(not is_at(2, 1.5), "Put t = 0.5 into the formula: which shares do A, C and B get?")
    return "A quarter of A, half of C, a quarter of B."


@_exercise("10.2")
def _match_by_hand(order) -> str:
    likeness = np.array([[9, 8, 1], [8, 3, 2], [2, 3, 4]])
    order = [int(unit) for unit in order]
    _hint(len(order) != 3, f"Each of the three units of A needs a partner, got {len(order)}.")
    _hint(sorted(order) == [1, 2, 3], "Units are counted from 0: the units of B are 0, 1 and 2.")
    _hint(sorted(order) != [0, 1, 2], "Every unit of B must be used exactly once.")
    _hint(
        order == [0, 1, 2],
        "That is the best partner for A0 first, then for the rest. What does A1 lose by it?",
    )
    best = likeness[[0, 1, 2], order].sum()
    _hint(best < 20, f"The similarities of this order add up to {best}. More is possible.")
    return "Second best for A0, best for all three together."


@_exercise("10.3")
def _shuffle_then_match(before, after) -> str:
    before, after = float(before), float(after)
    _hint(before < 1e-3 < after, "The two are swapped: matching comes second.")
    _hint(before < 1e-3, "Two different orders should have a barrier: did you use two seeds?")
    _hint(
        after > before / 2,
        "After matching something is still between them. Match the second copy to the first: "
        "match_weights(L, one_copy, two_copy).",
    )
    _hint(
        after > 1e-3,
        "Both copies are the same network, so matching should bring them to the same point. Is "
        "one of the two a shuffle of another network?",
    )
    return "The same network, listed in two ways: matching finds the order again exactly."
