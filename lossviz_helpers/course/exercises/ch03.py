"""The exercises of chapter 03, linear interpolation, and their checks."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ...datasets import xor
from ...losses import squared_error
from ...models import model_3
from ...objective import Objective
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
    right,
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
    hint(is_at(A + 0.25 * B), "A has to shrink as B grows: the two factors add up to 1.")
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
    hint(
        close(count, 6),
        "That counts only the orderings. For each of them you can also choose the signs.",
    )
    hint(
        close(count, 8),
        "That counts only the signs. For each choice of signs, the units can be ordered in several "
        "ways.",
    )
    hint(close(count, 14), "Any ordering can go with any choice of signs: multiply, don't add.")
    hint(
        close(count, 12),
        "Each unit can flip its sign independently; they don't all have to flip together.",
    )
    hint(close(count, 47), "Count the network itself too.")
    hint(
        close(count, 36) or close(count, 54),
        "Three units, each with one of two signs: how many choices is that?",
    )
    hint(
        not close(count, 48),
        "Count the orderings of three units and the choices of signs, and multiply them.",
    )
    return "One network, many points: every minimum in the landscape has that many copies."


@how_many_twins.evidence
def _() -> Answers:
    yield from around(48, 0.048)
    yield wrong(3 * 2 * 1, hint="only the orderings")
    yield wrong(2**3, hint="only the signs")
    yield wrong(6 + 8, hint="multiply, don't add")
    yield wrong(6 * 2, hint="Each unit can flip")
    yield wrong(6 * 8 - 1, hint="itself too")
    yield wrong(6 * 3 * 2, hint="how many choices")
    yield wrong(2, hint="Count the orderings")


LossesBetween = Callable[[Objective, Tensor, Tensor, Sequence[float]], object]
ALPHAS = [0.0, 0.2, 0.3, 0.9, 1.0, 1.5]  # neither evenly spaced nor only between the ends


def by_formula(L: Objective, A: Tensor, B: Tensor, alphas: Sequence[float]) -> list[float]:
    return [L((1 - alpha) * A + alpha * B).item() for alpha in alphas]


def as_losses(answer: object) -> Tensor:
    """What a learner's function returned: a list of numbers, of tensors, or a tensor."""
    if isinstance(answer, list | tuple) and any(isinstance(part, Tensor) for part in answer):
        answer = torch.stack([torch.as_tensor(part).double() for part in answer])
    return torch.as_tensor(answer, dtype=torch.float64).detach()


def same(found: Tensor, expected: Sequence[float]) -> bool:
    return torch.allclose(found, torch.tensor(expected, dtype=torch.float64), rtol=1e-3)


@exercise("03.4")
def own_interpolation(losses_between: LossesBetween) -> str:
    hint(not callable(losses_between), "Pass the function itself, without parentheses.")
    L = Objective(model_3(), xor(50), squared_error)
    A, B = 3 * L.initial_points([4, 7])
    returned = losses_between(L, A.clone(), B.clone(), list(ALPHAS))
    found = as_losses(returned)
    hint(
        found.shape == (len(ALPHAS), L.P),
        "Those are the mixtures themselves. Ask L for the loss of each.",
    )
    hint(
        found.shape != (len(ALPHAS),),
        f"For {len(ALPHAS)} values of α there should be {len(ALPHAS)} losses, one number each; "
        f"got shape {tuple(found.shape)}.",
    )
    first, last = L(A).item(), L(B).item()
    straight = [(1 - alpha) * first + alpha * last for alpha in ALPHAS]
    hint(same(found, straight), "That mixes the two losses. Mix the two models, then ask L.")
    hint(same(found, by_formula(L, B, A, ALPHAS)), "A and B are swapped: α = 0 is A.")
    evenly = torch.linspace(0, 1, len(ALPHAS)).tolist()
    hint(same(found, by_formula(L, A, B, evenly)), "Use the given values of α as they are.")
    hint(
        same(found, [L(A + alpha * B).item() for alpha in ALPHAS]),
        "A has to shrink as B grows: the two factors add up to 1.",
    )
    inside = [min(alpha, 1.0) for alpha in ALPHAS]
    hint(same(found, by_formula(L, A, B, inside)), "One α is larger than 1: go on past B.")
    hint(
        not same(found, by_formula(L, A, B, ALPHAS)),
        "For each α: θ = (1 − α)·A + α·B, and then L(θ).",
    )
    return "Any two models, any α: this is all that a scan of a line does."


@own_interpolation.evidence
def _() -> Answers:
    def tensor_at_once(L: Objective, A: Tensor, B: Tensor, alphas: Sequence[float]) -> Tensor:
        return L(torch.lerp(A, B, torch.tensor(alphas, dtype=A.dtype)[:, None]))

    def list_of_tensors(
        L: Objective, A: Tensor, B: Tensor, alphas: Sequence[float]
    ) -> list[Tensor]:
        return [L(A + alpha * (B - A)) for alpha in alphas]

    def a_little_off(factor: float) -> LossesBetween:
        return lambda L, A, B, alphas: [factor * loss for loss in by_formula(L, A, B, alphas)]

    yield right(by_formula)
    yield right(tensor_at_once)
    yield right(list_of_tensors)
    yield right(lambda L, A, B, alphas: tuple(by_formula(L, A, B, alphas)))
    yield right(a_little_off(1.0005))
    yield wrong(a_little_off(1.005))
    yield wrong(a_little_off(0.995))
    yield from _mistakes()


def _mistakes() -> Answers:
    yield wrong(
        lambda L, A, B, alphas: [float((1 - a) * L(A) + a * L(B)) for a in alphas],
        hint="mixes the two losses",
    )
    yield wrong(lambda L, A, B, alphas: by_formula(L, B, A, alphas), hint="A and B are swapped")
    yield wrong(
        lambda L, A, B, alphas: by_formula(L, A, B, torch.linspace(0, 1, len(alphas)).tolist()),
        hint="Use the given values of α",
    )
    yield wrong(
        lambda L, A, B, alphas: [L(A + a * B) for a in alphas], hint="the two factors add up to 1"
    )
    yield wrong(
        lambda L, A, B, alphas: by_formula(L, A, B, [min(a, 1.0) for a in alphas]),
        hint="go on past B",
    )
    yield wrong(
        lambda L, A, B, alphas: [(1 - a) * A + a * B for a in alphas],
        hint="the mixtures themselves",
    )
    yield wrong(lambda L, A, B, alphas: L((A + B) / 2), hint="one number each; got shape ()")
    yield wrong(lambda L, A, B, alphas: [0.0] * len(alphas), hint="For each α")
    yield wrong(lambda L, A, B, alphas: None, hint="returns nothing")
    yield wrong(lambda L, A, B, alphas: "low", hint="could not use this answer")
    yield wrong(lambda L, A, B, alphas: [float("nan")] * len(alphas), hint="For each α")
    yield wrong(lambda L, A, B, alphas: 1 / 0, hint="stopped with ZeroDivisionError")
    yield wrong([0.1, 0.2], hint="Pass the function itself")
    yield wrong(None, hint="Pass the function itself")
