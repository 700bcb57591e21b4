"""`track` follows the largest curvature along your own training loop, at a bounded cost."""

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..objective import Objective, check_objective
from ..training.counts import check_count
from .lanczos import basis_size_for, block_lanczos, whole_matrix
from .operator import HessianOperator, NotFinite

# A block of two: when the second-largest eigenvalue overtakes the largest, both are already known.
BLOCK = 2
# How large a residual may be, relative to the largest eigenvalue. The error of a well-separated
# eigenvalue is about the square of that.
RESIDUAL = 1e-2
# Length of the random part of the second vector, relative to that of the vector. Without it, an
# eigenvector that is perpendicular to both would never be found, however large its eigenvalue
# becomes. With 0.1, one that grew to 1.1 times the largest went unnoticed; 1 costs about two more
# products.
RANDOM_PART = 1.0


@dataclass(frozen=True, eq=False)
class SharpnessHistory:
    """The largest curvature during training, and the largest that is stable.

    Attributes:
        steps: number of optimiser steps before each measurement, shape `(T,)`, int64.
        values: λmax, the largest eigenvalue of the Hessian, in loss per squared parameter unit;
            nan where the point or its Hessian isn't finite. Shape `(T,)`, float64.
        edges: 2/lr, with the learning rate of the step before the measurement; for step 0, that
            of the first step, or nan if there was none. Shape `(T,)`, float64.
        residuals: ‖Hv − λv‖. It guarantees that the Hessian has an eigenvalue within that distance
            of the value, not that it is the largest. Shape `(T,)`, float64.
        products: how many Hessian-vector products each measurement took, shape `(T,)`, int64.

    >>> found = SharpnessHistory(*torch.tensor([[0, 25], [1, 3], [2, 2], [0, 0], [9, 9]]))
    >>> found.ratios
    tensor([0.5000, 1.5000])
    """

    steps: Tensor
    values: Tensor
    edges: Tensor
    residuals: Tensor
    products: Tensor

    @property
    def ratios(self) -> Tensor:
        """λmax · lr / 2, shape `(T,)`: above 1, gradient descent on a quadratic diverges."""
        return self.values / self.edges

    def __len__(self) -> int:
        return len(self.steps)


class Tracker:
    """Measures λmax along a training loop; `track` returns one.

    Args:
        model, L, every, products: as for `track`.

    >>> from lossviz_helpers import Objective, diagonal, model_1, squared_error
    >>> model = model_1()
    >>> tracker = track(model, Objective(model, diagonal(), squared_error), every=10)
    >>> tracker.step(lr=0.1)  # after each step of the optimiser
    >>> len(tracker.history())  # the start; the next measurement is after ten steps
    1
    """

    def __init__(self, model: nn.Module, L: Objective, every: int, products: int):
        self._model, self._L, self._every, self._products = model, L, every, products
        self._generator = torch.Generator().manual_seed(0)
        self._last: Tensor | None = None  # where the next measurement starts, (BLOCK, P)
        self._found: list[_Measurement] = []
        self._step = 0
        self._measure(math.nan)

    def step(self, lr: float) -> None:
        """Record that the optimiser has taken a step.

        Args:
            lr: the learning rate of that step, such as `optimizer.param_groups[0]["lr"]`.

        Raises:
            TypeError: if lr isn't a number.
            ValueError: if lr is negative or nan, or the model's parameters are no longer those of
                the landscape.
        """
        edge = _edge(lr)
        if self._step == 0:
            self._found[0] = self._found[0]._replace(edge=edge)
        self._step += 1
        if self._step % self._every == 0:
            self._measure(edge)

    def history(self) -> SharpnessHistory:
        """What has been measured so far, as a `SharpnessHistory`."""
        steps, values, edges, residuals, products = zip(*self._found, strict=True)
        return SharpnessHistory(
            torch.tensor(steps),
            torch.tensor(values, dtype=torch.float64),
            torch.tensor(edges, dtype=torch.float64),
            torch.tensor(residuals, dtype=torch.float64),
            torch.tensor(products),
        )

    def _measure(self, edge: float) -> None:
        theta = self._L.point(self._model)
        value, residual, made = math.nan, math.nan, 0
        if theta.isfinite().all():
            # if training has diverged, there is no λmax, but the loop goes on
            with self._L.threads(), suppress(NotFinite):
                value, residual, made = self._top(theta)
        self._found.append(_Measurement(self._step, value, edge, residual, made))

    def _top(self, theta: Tensor) -> tuple[float, float, int]:
        """λmax at a point, its residual, and how many products it took."""
        H = HessianOperator(self._L, theta)
        if self._products >= H.P:
            found, made = whole_matrix(H, H.P, 1, "highest", H.device), H.P
        else:
            basis = basis_size_for(H.P, H.budget)
            found, made = block_lanczos(
                H, H.P, BLOCK, "highest", RESIDUAL, self._products, basis, H.device, self._start()
            )
            self._last = found.vectors
        return found.values[0].item(), found.residuals[0].item(), made

    def _start(self) -> Tensor | None:
        """The last vectors, with a random part in the second, to start the next measurement."""
        if self._last is None:
            return None
        noise = torch.randn(self._L.P, generator=self._generator, dtype=torch.float64)
        start = self._last.clone()
        start[1] += RANDOM_PART * (noise / noise.norm()).to(start)
        return start


def track(model: nn.Module, L: Objective, every: int = 25, products: int = 40) -> Tracker:
    """Measure λmax, the sharpness, along your own training loop: one line before it, one inside.

    Gradient descent on a quadratic is stable where λmax is below 2/lr. In many networks λmax rises
    to 2/lr, and then hovers around it: the edge of stability (Cohen et al. 2021).

    Each measurement takes at most `products` Hessian-vector products on all examples of L. Up to
    that many parameters, λmax comes from the whole Hessian; otherwise from the block Lanczos method
    (Golub & Underwood 1977), started with the last two eigenvectors and a random part. It stops
    when the residuals are below 1% of λmax, or at `products`. A direction that overtakes the others
    by a small margin may be noticed a few measurements late. Your model's parameters, gradients,
    buffers and mode aren't touched, nor is PyTorch's RNG state.

    Args:
        model: the model that the loop trains.
        L: the landscape of that model. λmax of the training loss needs the training examples;
            `L.subset` makes it cheaper. The buffers of L, such as the running statistics of batch
            normalisation, are used at every point, unless it has `statistics="own"`.
        every: steps between measurements; the first measurement is before the first step.
        products: the largest number of Hessian-vector products per measurement, at least 2.

    Returns:
        A `Tracker`: call its `step(lr)` after each step of the optimiser; `history()` is a
        `SharpnessHistory`, which `plots.sharpness_curve` draws. With heavy-ball momentum β the edge
        is (2 + 2β)/lr, so pass lr/(1 + β). With Adam it isn't a threshold for λmax.

    Raises:
        TypeError: if model isn't a module, L isn't an objective, or a count isn't a whole number.
        ValueError: if every is less than 1 or products less than 2, or L belongs to another model.

    Warns:
        UserWarning: once, if buffers of the model differ from those of L.

    >>> import lossviz_helpers as lv
    >>> model, data = lv.model_1(), lv.diagonal()
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> sharpness = lv.track(model, lv.Objective(model, data, lv.squared_error), every=25)
    >>> for _ in range(50):
    ...     optimizer.zero_grad()
    ...     lv.squared_error(model(data.x), data.y).backward()
    ...     _ = optimizer.step()
    ...     sharpness.step(lr=0.1)
    >>> found = sharpness.history()
    >>> found.steps, found.edges
    (tensor([ 0, 25, 50]), tensor([20., 20., 20.], dtype=torch.float64))
    """
    if not isinstance(model, nn.Module):
        raise TypeError(
            "track needs the model that your loop trains, a torch.nn.Module, but got "
            f"{type(model).__name__}; write track(model, L)"
        )
    check_objective(L)
    check_count("every", every)
    check_count("products", products)
    if products < BLOCK:
        raise ValueError(f"products must be at least {BLOCK}, got {products}")
    return Tracker(model, L, every, products)


class _Measurement(NamedTuple):
    step: int
    value: float
    edge: float
    residual: float
    products: int


def _edge(lr: object) -> float:
    """2/lr, inf if lr is 0."""
    if isinstance(lr, Tensor) and lr.numel() == 1:
        lr = lr.item()
    if not isinstance(lr, int | float):
        raise TypeError(
            'lr must be a number, such as optimizer.param_groups[0]["lr"], got '
            f"{lr if isinstance(lr, list | str) else type(lr).__name__}"
        )
    if not lr >= 0:
        raise ValueError(f"lr must be at least 0, got {lr}")
    return 2 / lr if lr else math.inf
