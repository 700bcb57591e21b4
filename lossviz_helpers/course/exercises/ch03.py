"""The exercises of chapter 03, linear interpolation, and their checks."""

import torch

from .exercise import _close, _exercise, _hint


@_exercise("03.1")
def _quarter_of_the_way(theta) -> str:
    theta = torch.as_tensor(theta, dtype=torch.float64).flatten()
    _hint(theta.numel() != 2, f"A model here has 2 parameters, got {theta.numel()} numbers.")
    A, B = torch.tensor([[0.2, -1.0], [-0.6, 1.4]], dtype=torch.float64)

    def is_at(point):
        return bool((theta - point).norm() < 0.01)

    _hint(is_at(A - 0.25 * (B - A)), "That leads away from B: the direction is θ_B − θ_A.")
    _hint(
        is_at(0.25 * A + 0.75 * B),
        "That is α = 0.75: at a small α there is much of A and little of B.",
    )
    _hint(is_at(0.25 * (B - A)), "That is only the step. It starts at A: add θ_A.")
    _hint(is_at((A + B) / 2), "That is halfway, α = 0.5.")
    _hint(is_at(A + 0.25 * B), "A has to shrink as B grows: the two shares add up to 1.")
    _hint(not is_at(0.75 * A + 0.25 * B), "Take 0.75 times A and 0.25 times B, and add them.")
    return "Three parts A, one part B."


@_exercise("03.2")
def _read_a_barrier(barrier) -> str:
    _hint(_close(barrier, 0.5), "That is the highest loss. A barrier is counted from the ends.")
    _hint(_close(barrier, 0.4), "That is the rise above A alone. B has a loss of its own.")
    _hint(_close(barrier, 0.3), "That is the rise above B alone. A has a loss of its own.")
    _hint(
        _close(barrier, 0.225),
        "That is the rise at α = 0.75. Is there a point that rises further above the line?",
    )
    _hint(
        not _close(barrier, 0.35),
        "At each α, subtract the loss on the straight line between both ends; take the largest.",
    )
    return "At α = 0.5 the loss is 0.50, and the line between the ends 0.15."


@_exercise("03.3")
def _how_many_twins(count) -> str:
    _hint(_close(count, 6), "Those are the orders. For each of them the signs can be chosen too.")
    _hint(_close(count, 8), "Those are the signs. For each choice the units have several orders.")
    _hint(_close(count, 14), "Any order goes with any signs: multiply, don't add.")
    _hint(_close(count, 12), "Every unit can flip its sign on its own, not only all together.")
    _hint(_close(count, 47), "Count the network itself too.")
    _hint(
        _close(count, 36) or _close(count, 54),
        "Three units, each with one of two signs: how many choices are that?",
    )
    _hint(not _close(count, 48), "Count the orders of three units, count the signs, multiply.")
    return "One network, many points: every low place of the landscape exists that often."
