"""The exercises of chapter 03, linear interpolation, and their checks."""

import torch
from torch import Tensor

from .exercise import (
    Answers,
    Point,
    around,
    around_point,
    as_point,
    close,
    exercise,
    hint,
    lies_at,
    wrong,
)


@exercise("03.1")
def quarter_of_the_way(theta: Point) -> str:
    theta = as_point(theta)
    hint(theta.numel() != 2, f"A model here has 2 parameters, but you gave {theta.numel()}.")
    A, B = torch.tensor([[0.2, -1.0], [-0.6, 1.4]], dtype=torch.float64)

    def is_at(point: Tensor) -> bool:
        return lies_at(theta, point, 0.01)

    hint(is_at(A - 0.25 * (B - A)), "That leads away from B: the direction is θ_B − θ_A.")
    hint(
        is_at(0.25 * A + 0.75 * B),
        "That is α = 0.75: a small α gives a lot of A and a little of B.",
    )
    hint(is_at(0.25 * (B - A)), "That is only the step. It starts at A: add θ_A.")
    hint(is_at((A + B) / 2), "That is halfway, α = 0.5.")
    hint(is_at(A + 0.25 * B), "A has to shrink as B grows: the two shares add up to 1.")
    hint(not is_at(0.75 * A + 0.25 * B), "Take 0.75 times A and 0.25 times B, and add them.")
    return "Three parts A, one part B."


@quarter_of_the_way.evidence
def _() -> Answers:
    A, B = torch.tensor([[0.2, -1.0], [-0.6, 1.4]])
    yield from around_point((0.0, -0.4), 0.01)
    yield wrong(0.25 * A + 0.75 * B, hint="That is α = 0.75")
    yield wrong(0.25 * (B - A), hint="only the step")
    yield wrong((A + B) / 2, hint="halfway")
    yield wrong(A + 0.25 * (A - B), hint="leads away from B")
    yield wrong(A + 0.25 * B, hint="add up to 1")
    yield wrong(0.25, hint="but you gave 1")
    yield wrong((1.0, 1.0), hint="0.75 times A")
    yield wrong("a quarter", hint="could not use this answer")


@exercise("03.2")
def read_a_barrier(barrier: float) -> str:
    hint(close(barrier, 0.5), "That is the highest loss. A barrier is measured from the ends.")
    hint(close(barrier, 0.4), "That is the rise above A alone. B has a loss of its own.")
    hint(close(barrier, 0.3), "That is the rise above B alone. A has a loss of its own.")
    hint(
        close(barrier, 0.225),
        "That is the rise at α = 0.75. Is there a point that rises further above the line?",
    )
    hint(
        not close(barrier, 0.35),
        "At each α, subtract the loss on the straight line between the ends. Take the maximum.",
    )
    return "At α = 0.5 the loss is 0.50, and the line between the ends is at 0.15."


@read_a_barrier.evidence
def _() -> Answers:
    yield from around(0.35, 1e-3)
    yield wrong(0.5, hint="highest loss")
    yield wrong(0.5 - 0.1, hint="above A alone")
    yield wrong(0.5 - 0.2, hint="above B alone")
    yield wrong(0.225, hint="at α = 0.75")
    yield wrong(0.1, hint="subtract the loss on the straight line")
    yield wrong(None, hint="could not use this answer")


@exercise("03.3")
def how_many_twins(count: float) -> str:
    hint(close(count, 6), "Those are the orders. For each of them the signs can be chosen too.")
    hint(close(count, 8), "Those are the signs. For each choice the units have several orders.")
    hint(close(count, 14), "Any order can go with any signs: multiply, don't add.")
    hint(close(count, 12), "Every unit can flip its sign on its own, not only all together.")
    hint(close(count, 47), "Count the network itself too.")
    hint(
        close(count, 36) or close(count, 54),
        "Three units, each with one of two signs: how many choices is that?",
    )
    hint(
        not close(count, 48),
        "Count the orders of three units and the choices of signs, and multiply them.",
    )
    return "One network, many points: every low place in the landscape has that many copies."


@how_many_twins.evidence
def _() -> Answers:
    yield from around(48, 0.048)
    yield wrong(3 * 2 * 1, hint="Those are the orders")
    yield wrong(2**3, hint="Those are the signs")
    yield wrong(6 + 8, hint="multiply, don't add")
    yield wrong(6 * 2, hint="Every unit can flip")
    yield wrong(6 * 8 - 1, hint="itself too")
    yield wrong(6 * 3 * 2, hint="how many choices")
    yield wrong(2, hint="Count the orders")
