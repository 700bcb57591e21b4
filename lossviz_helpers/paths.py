"""Paths between solutions: a curve around the barrier, weight matching, and averages."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from ._checks.comparing import close
from ._inputs.points import as_points
from .objective import Objective, check_objective
from .training import Trajectory


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
    exactly over a summit, the gradient doesn't tell us which way to go.

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
    unit that may change sign is scored with whichever sign fits better.

    With one hidden layer the result is the closest of all points that differ from B only in the
    order and signs of units; with several, changing any single layer wouldn't bring it closer.

    Args:
        L: the landscape of a chain of linear layers, each with a bias, with any element-wise
            functions between them.
        A, B: two points, shape `(P,)`.
        sweeps: the maximum number of sweeps over the layers; it stops when nothing changes.
        seed: seed for the order in which layers are visited, and for restarts.
        signs: whether units may change sign where the activation after them is odd. This is tested
            on the examples of L, layer by layer; False leaves all signs as they are.
        restarts: how many more times to search, each time from random orders and signs; the closest
            point is returned. It can help only if there are several hidden layers.

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
        shuffled = _shuffled(layers_B, flips, generator)
        found.append(_search(layers_A, shuffled, flips, sweeps, generator))
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


def _shuffled(layers: list[Tensor], flips: list[bool], generator: torch.Generator) -> list[Tensor]:
    """The same network with all hidden units in a random order, with random signs if allowed."""
    layers = list(layers)
    for i, flip in enumerate(flips):
        units = len(layers[i])
        order = torch.randperm(units, generator=generator)
        signs = 1 - 2 * torch.randint(2, (units,), generator=generator)
        _rearrange(layers, i, order, signs if flip else torch.ones(units))
    return layers


def _best_units(A: list[Tensor], B: list[Tensor], i: int, flip: bool) -> tuple[Tensor, Tensor]:
    """The order and signs that make the units of B's layer i most similar to those of A."""
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
        raise ValueError(f"{_CHAIN}, but got parameters of shapes {shapes}")
    return [torch.cat([w, b[:, None]], dim=1) for w, b in zip(weights, biases, strict=True)]


def _join(layers: list[Tensor]) -> Tensor:
    """The point of a chain: the inverse of `_layers`."""
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
    every_other = _leaves_outputs(L, layers, [(u, 1.0 - 2 * (u % 2)) for u in units])
    return [both and one for both, one in zip(all_of_them, every_other, strict=True)]


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


def average(
    points: Trajectory | Tensor | Iterable[Tensor],
    weights: Sequence[float] | Tensor | None = None,
    start: int | None = None,
) -> Tensor:
    """The weighted mean of points, which is a point again: Σ wᵢθᵢ / Σ wᵢ.

    Averaging the points along one walk is stochastic weight averaging, SWA (Izmailov et al. 2018,
    algorithm 1); averaging the ends of several gives a model soup (Wortsman et al. 2022, section
    2). Whether the loss of the average is low depends on the landscape between the points: between
    networks from different starts there is usually a barrier, which `match_weights` may lower.

    A point doesn't hold the running statistics of batch normalisation, and no single model's
    statistics fit the average (Izmailov et al. 2018, section 3). With
    `Objective(…, statistics="own")`, the loss at the average uses statistics that are measured
    there, and `L.model_at(average(…))` returns a model that has them. A model without batch
    normalisation needs nothing more.

    Args:
        points: a `Trajectory`, or points of one model: a tensor of shape `(T, …, P)`, or a list or
            a generator of points `(P,)`. A generator is read one point at a time, so that large
            models needn't fit in memory all at once.
        weights: one for each point, at least 0; only their ratios matter. None for equal weights.
        start: the step of a trajectory to average from, so that only its tail counts; None for all.

    Returns:
        Shape `(P,)`, or `(S, P)` for a trajectory of S starts: one average each. Summed in
        float64, and returned in the dtype of the points, at least float32, on their device.

    Raises:
        TypeError: if points are something else, such as models.
        ValueError: if they have different shapes, so that they belong to different models, or one
            isn't finite; if there are none, or none at step `start` or later; if there isn't one
            weight for each point, a weight is negative or not finite, or all are 0.

    >>> average([torch.tensor([0.0, 4.0]), torch.tensor([2.0, 0.0])])
    tensor([1., 2.])
    >>> average([torch.tensor([0.0, 4.0]), torch.tensor([2.0, 0.0])], weights=[3, 1])
    tensor([0.5000, 3.0000])
    >>> from lossviz_helpers import Objective, datasets, descend, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> path = descend(L, L.point(), steps=100, batch_size=10)
    >>> theta = average(path, start=51)  # the last 50 points
    >>> torch.allclose(theta, path.points[51:].mean(dim=0))
    True
    """
    first, total, sum_of_weights = None, torch.zeros(()).double(), 0.0
    for i, (point, weight) in enumerate(_weighted(_points_of(points, start), weights)):
        first = point if first is None else first
        if point.shape != first.shape or point.ndim == 0:
            raise ValueError(
                "average takes points of one model, of shape (P,), but got "
                f"{tuple(first.shape)} and {tuple(point.shape)}"
            )
        if not point.isfinite().all():
            raise ValueError(f"average takes finite points, but got nan or inf in point {i}")
        total = total + weight * point.detach().cpu().double()
        sum_of_weights += weight
    if first is None:
        raise ValueError("average takes at least one point, but got none")
    if not sum_of_weights > 0:
        raise ValueError("weights must have a positive sum, but all are 0")
    mean = total / sum_of_weights
    return mean.to(torch.promote_types(first.dtype, torch.float32)).to(first.device)


def _points_of(
    points: Trajectory | Tensor | Iterable[Tensor], start: int | None
) -> Iterable[Tensor]:
    """The points to average, one after the other."""
    takes = "average takes a Trajectory, or points of shape (T, P)"
    if isinstance(points, Trajectory):
        rows = points.steps >= (0 if start is None else start)
        if not rows.any():
            raise ValueError(
                f"no point of the trajectory is at step {start} or later: it ends at step "
                f"{int(points.steps[-1])}"
            )
        return points.points[rows]
    if start is not None:
        raise ValueError(
            "start counts the steps of a Trajectory, but these points have none; pass only those "
            "to be averaged: points[n:]"
        )
    if isinstance(points, Iterator):
        return (as_points(point, takes) for point in points)
    found = as_points(points, takes, many=True)
    if found.ndim < 2:
        raise ValueError(f"{takes}, but got shape {tuple(found.shape)}")
    return found


def _weighted(
    points: Iterable[Tensor], weights: Sequence[float] | Tensor | None
) -> Iterator[tuple[Tensor, float]]:
    """Points with their weights; ValueError if they don't match or a weight is negative."""
    if weights is None:
        yield from zip(points, repeat(1.0), strict=False)
        return
    given = torch.as_tensor(weights, dtype=torch.float64)
    if given.ndim != 1 or not (given.isfinite() & (given >= 0)).all():
        raise ValueError(f"weights must be finite and at least 0, one per point, got {weights}")
    try:
        yield from zip(points, given.tolist(), strict=True)
    except ValueError as error:
        if "zip()" not in str(error):  # an error raised by the points themselves
            raise
        raise ValueError(f"expected one weight for each point, got {len(given)} weights") from None
