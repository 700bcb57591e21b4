"""Paths between two solutions: a curve that avoids the barrier, and weights that match."""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from ._checks.comparing import close
from .objective import Objective, check_objective


@dataclass(frozen=True, eq=False)
class Bezier:
    """A quadratic Bézier curve from A to B, bent towards C (Garipov et al. 2018).

    θ(t) = (1 − t)²·A + 2t(1 − t)·C + t²·B

    Args:
        A, B: its ends, shape `(P,)`.
        C: its control point, shape `(P,)`; the curve doesn't pass through it.

    Raises:
        ValueError: if the points have different shapes.

    >>> curve = Bezier(torch.zeros(2), torch.tensor([1.0, 2.0]), torch.tensor([2.0, 0.0]))
    >>> curve.point(torch.tensor([0.0, 0.5, 1.0]))
    tensor([[0., 0.],
            [1., 1.],
            [2., 0.]])
    """

    A: Tensor
    C: Tensor
    B: Tensor

    def __post_init__(self) -> None:
        shapes = [tuple(point.shape) for point in (self.A, self.C, self.B)]
        if len(set(shapes)) > 1 or len(shapes[0]) != 1:
            raise ValueError(
                f"a Bézier curve needs three points of one model, of shape (P,), got {shapes}"
            )

    def point(self, t: Tensor | float) -> Tensor:
        """θ(t): `(...)` → `(..., P)`; t = 0 is A, t = 1 is B."""
        t = torch.as_tensor(t).to(self.A)[..., None]
        return (1 - t) ** 2 * self.A + 2 * t * (1 - t) * self.C + t**2 * self.B


def bend(
    L: Objective,
    A: Tensor,
    B: Tensor,
    steps: int = 300,
    lr: float = 0.02,
    samples: int = 8,
    seed: int = 0,
) -> Bezier:
    """Bend the line from A to B until the loss is low all along it.

    Trains the control point on the mean loss at random t, with Adam (Garipov et al. 2018,
    equation 2). The ends stay where they are. It starts from the straight line; if that passes
    exactly over a summit, the gradient doesn't say which way to turn.

    Args:
        L: the landscape.
        A, B: two solutions, shape `(P,)`.
        steps, lr: number of training steps, and their learning rate.
        samples: points on the curve per step.
        seed: seed for the random t.

    Returns:
        The trained `Bezier`.

    Raises:
        ValueError: if A or B isn't a point of L, its loss isn't finite, or steps, lr or samples
            aren't positive.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> curve = bend(L, torch.tensor([-3.0, 1.0]), torch.tensor([2.0, 1.0]), steps=50, lr=0.1)
    >>> line = (curve.A + curve.B) / 2
    >>> bool(L(curve.point(0.5)) < L(line))
    True
    """
    check_objective(L)
    A, B = L.check_point(A), L.check_point(B)
    for name, value in (("steps", steps), ("lr", lr), ("samples", samples)):
        if not value > 0:
            raise ValueError(f"{name} must be positive, got {value}")
    with torch.no_grad():
        ends = L(torch.stack([A, B])).tolist()
    if not all(map(math.isfinite, ends)):
        raise ValueError(f"a path needs a finite loss at both ends, got {ends}")
    C = ((A + B) / 2).requires_grad_(True)
    optimizer = torch.optim.Adam([C], lr=lr)
    generator = torch.Generator().manual_seed(seed)
    with torch.enable_grad(), L.threads():
        for _ in range(steps):
            t = torch.rand(samples, generator=generator)
            optimizer.zero_grad()
            L(Bezier(A, C, B).point(t)).mean().backward()
            optimizer.step()
    return Bezier(A, C.detach(), B)


def match_weights(L: Objective, A: Tensor, B: Tensor, sweeps: int = 50, seed: int = 0) -> Tensor:
    """Reorder the hidden units of B so that its weights are as close as possible to A's.

    The units of a layer can be listed in any order: the point changes, the function doesn't.
    Layer by layer, the best order is an assignment problem (Ainsworth et al. 2023, algorithm 1).
    With one hidden layer the result is the best possible order; with several, reordering any single
    layer wouldn't improve it. Signs of tanh units are left as they are.

    Args:
        L: the landscape of a chain of linear layers, each with a bias, with any element-wise
            functions between them.
        A, B: two points, shape `(P,)`.
        sweeps: the largest number of rounds over the layers; it stops when nothing changes.
        seed: seed for the order in which layers are visited.

    Returns:
        A point with the same outputs as B, shape `(P,)`.

    Raises:
        ValueError: if the model isn't such a chain, or A or B isn't a point of it.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_3(), datasets.xor(), losses.squared_error)
    >>> A, B = L.initial_points([0, 1])
    >>> matched = match_weights(L, A, B)
    >>> bool((matched - A).norm() <= (B - A).norm()), torch.allclose(L(matched), L(B))
    (True, True)
    """
    check_objective(L)
    layers_A, layers_B = _layers(L, L.check_point(A)), _layers(L, L.check_point(B))
    _check_chain(L, layers_B)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(sweeps):
        changed = False
        for i in torch.randperm(len(layers_B) - 1, generator=generator).tolist():
            order = _best_order(layers_A, layers_B, i)
            changed = changed or bool((order != torch.arange(len(order))).any())
            _renumber(layers_B, i, order)
        if not changed:
            break
    return L.check_points(_join(layers_B))


def _best_order(A: list[Tensor], B: list[Tensor], i: int) -> Tensor:
    """The order of the units in B's layer i that makes them most like those of A."""
    # a unit is its row of weights and bias in layer i, and its column in the next layer
    likeness = A[i] @ B[i].T + A[i + 1][:, :-1].T @ B[i + 1][:, :-1]
    return torch.as_tensor(linear_sum_assignment(likeness.cpu(), maximize=True)[1])


_CHAIN = "matching needs a chain of linear layers, each feeding only the next one"


def _layers(L: Objective, theta: Tensor) -> list[Tensor]:
    """The layers of a chain as matrices [weights, bias], in order."""
    parameters = list(L.parameters_at(theta).values())
    weights, biases = parameters[::2], parameters[1::2]
    chain = len(parameters) % 2 == 0 and all(
        w.ndim == 2 and b.shape == w.shape[:1] for w, b in zip(weights, biases, strict=False)
    )
    chain = chain and all(after.shape[1] == before.shape[0] for before, after in pairwise(weights))
    if not chain or len(weights) < 2:
        shapes = ", ".join(str(tuple(p.shape)) for p in parameters)
        raise ValueError(f"{_CHAIN}, got parameters of shapes {shapes}")
    return [torch.cat([w, b[:, None]], dim=1) for w, b in zip(weights, biases, strict=True)]


def _join(layers: list[Tensor]) -> Tensor:
    """The point of a chain: the reverse of `_layers`."""
    return torch.cat([part.flatten() for m in layers for part in (m[:, :-1], m[:, -1])])


def _renumber(layers: list[Tensor], i: int, order: Tensor) -> None:
    """Put the units of layer i in a different order, in place."""
    layers[i] = layers[i][order]
    layers[i + 1] = torch.cat([layers[i + 1][:, :-1][:, order], layers[i + 1][:, -1:]], dim=1)


def _check_chain(L: Objective, layers: list[Tensor]) -> None:
    """ValueError unless renumbering the units of a layer leaves the outputs as they are."""
    points = [_join(layers)]
    for i in range(len(layers) - 1):
        # one layer at a time: with a skip connection, one order for all layers would be allowed
        moved = list(layers)
        _renumber(moved, i, torch.arange(len(moved[i])).roll(1))
        points.append(_join(moved))
    with torch.no_grad():
        outputs = L.predict(torch.stack(points))
    if not close(outputs, outputs[:1].expand_as(outputs)):
        raise ValueError(f"{_CHAIN}: renumbering its units changed its outputs")
