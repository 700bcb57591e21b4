"""Paths between two solutions: a curve around the barrier, and weights that are matched."""

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
                f"a Bézier curve needs three points of the same model, of shape (P,), got {shapes}"
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
    exactly over a summit, the gradient doesn't say which way to go.

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


def match_weights(
    L: Objective,
    A: Tensor,
    B: Tensor,
    sweeps: int = 50,
    seed: int = 0,
    signs: bool = True,
    restarts: int = 0,
) -> Tensor:
    """Permute the hidden units of B, and flip their signs, to bring it as close to A as possible.

    The units of a layer can be permuted: the point changes, the function doesn't. If the activation
    is odd, f(−z) = −f(z), as tanh is, the same is true of a unit's sign: its bias and all
    weights into it and out of it change sign together (Chen, Lu & Hecht-Nielsen 1993). Layer by
    layer, the best order is an assignment problem (Ainsworth et al. 2023, algorithm 1), in which a
    unit that may change sign counts with its better sign.

    With one hidden layer the result is the closest of all points that differ from B only in
    order and signs; with several, changing any single layer wouldn't bring it closer.

    Args:
        L: the landscape of a chain of linear layers, each with a bias, with any element-wise
            functions between them.
        A, B: two points, shape `(P,)`.
        sweeps: the maximum number of sweeps over the layers; it stops when nothing changes.
        seed: seed for the order in which layers are visited, and for restarts.
        signs: whether units may change sign where the activation after them is odd. This is tested
            on the examples of L, layer by layer; False leaves all signs as they are.
        restarts: how many more times to search, each time from random orders and signs; the closest
            point is returned. It can help only with several hidden layers.

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
    A = L.check_point(A)
    layers_A, layers_B = _layers(L, A), _layers(L, L.check_point(B))
    _check_chain(L, layers_B)
    flips = _odd_layers(L, layers_B) if signs else [False] * (len(layers_B) - 1)
    generator = torch.Generator().manual_seed(seed)
    found = [_search(layers_A, layers_B, flips, sweeps, generator)]
    for _ in range(restarts):
        mixed = _mixed(layers_B, flips, generator)
        found.append(_search(layers_A, mixed, flips, sweeps, generator))
    return L.check_points(min(found, key=lambda point: (point - A).norm().item()))


def _search(
    A: list[Tensor],
    B: list[Tensor],
    flips: list[bool],
    sweeps: int,
    generator: torch.Generator,
) -> Tensor:
    """Match B to A one layer at a time, until no change to a single layer brings it closer."""
    B = list(B)
    for _ in range(sweeps):
        changed = False
        for i in torch.randperm(len(B) - 1, generator=generator).tolist():
            order, signs = _best_units(A, B, i, flips[i])
            moved = order != torch.arange(len(order))
            changed = changed or bool(moved.any() or (signs < 0).any())
            _rearrange(B, i, order, signs)
        if not changed:
            break
    return _join(B)


def _mixed(layers: list[Tensor], flips: list[bool], generator: torch.Generator) -> list[Tensor]:
    """The same network with all hidden units in a random order, with random signs if allowed."""
    layers = list(layers)
    for i, flip in enumerate(flips):
        units = len(layers[i])
        order = torch.randperm(units, generator=generator)
        signs = 1 - 2 * torch.randint(2, (units,), generator=generator)
        _rearrange(layers, i, order, signs if flip else torch.ones(units))
    return layers


def _best_units(A: list[Tensor], B: list[Tensor], i: int, flip: bool) -> tuple[Tensor, Tensor]:
    """Order and signs in which the units of B's layer i are most like those of A."""
    # a unit is its row of weights and bias in layer i, and its column in the next layer
    similarity = A[i] @ B[i].T + A[i + 1][:, :-1].T @ B[i + 1][:, :-1]
    similarity = similarity.cpu()
    gain = similarity.abs() if flip else similarity
    rows, order = map(torch.as_tensor, linear_sum_assignment(gain, maximize=True))
    signs = torch.ones(len(order))
    if flip:
        signs[similarity[rows, order] < 0] = -1
    return order, signs


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


def _rearrange(layers: list[Tensor], i: int, order: Tensor, signs: Tensor) -> None:
    """Put the units of layer i in a different order, and then multiply them by ±1, in place."""
    signs = signs.to(layers[i])
    layers[i] = layers[i][order] * signs[:, None]
    after = layers[i + 1]
    layers[i + 1] = torch.cat([after[:, :-1][:, order] * signs, after[:, -1:]], dim=1)


def _check_chain(L: Objective, layers: list[Tensor]) -> None:
    """ValueError unless permuting the units of a layer leaves the outputs unchanged."""
    changes = [(torch.arange(len(m)).roll(1), torch.ones(len(m))) for m in layers[:-1]]
    if not all(_leaves_outputs(L, layers, changes)):
        raise ValueError(f"{_CHAIN}: permuting its units changed its outputs")


def _odd_layers(L: Objective, layers: list[Tensor]) -> list[bool]:
    """For each hidden layer, whether its units can change sign without changing the outputs."""
    units = [torch.arange(len(m)) for m in layers[:-1]]
    all_of_them = _leaves_outputs(L, layers, [(u, -torch.ones(len(u))) for u in units])
    # if two units cancel each other out, flipping both leaves the outputs as they are, although
    # flipping one alone would change them
    every_second = _leaves_outputs(L, layers, [(u, 1.0 - 2 * (u % 2)) for u in units])
    return [both and one for both, one in zip(all_of_them, every_second, strict=True)]


def _leaves_outputs(
    L: Objective, layers: list[Tensor], changes: list[tuple[Tensor, Tensor]]
) -> list[bool]:
    """Whether each hidden layer's change, an order and signs, leaves all outputs unchanged."""
    points = [_join(layers)]
    for i, (order, signs) in enumerate(changes):
        # one layer at a time: with skip connections, the same order in every layer would leave
        # the outputs as they are
        moved = list(layers)
        _rearrange(moved, i, order, signs)
        points.append(_join(moved))
    with torch.no_grad():
        before, *after = L.predict(torch.stack(points))
    return [close(outputs, before) for outputs in after]
