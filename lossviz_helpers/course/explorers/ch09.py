"""Chapter 09: choose the learning rate of gradient descent, and watch λmax beside 2/lr."""

import math

import numpy as np
import torch
import traitlets as t
from matplotlib.figure import Figure
from torch import Tensor

from ...curvature import hessian
from ...objective import Objective, check_objective
from ...plots import PATH, loss_curve
from ...training import descend
from ...widgets.canvas import STATIC
from .live import SIZE, Computing, double_bytes, spec_of

MAX_STEPS = 5000  # the browser takes about 50 µs for each with Model 3 and 500 examples
DIVERGED = 1e4  # the walk is stopped at this multiple of the loss at the start
STILL = 100  # how many times λmax is computed for the still picture
LOWEST, HIGHEST = 0.02, 2.5  # ends of the slider, in units of 2/λmax at the start


def rate_explorer(
    L: Objective,
    start: Tensor,
    *,
    lr: float | None = None,
    steps: int = 300,
    rates: tuple[float, float] | None = None,
) -> "RateExplorer":
    """Choose the learning rate of gradient descent, and see the walk, the loss and λmax.

    The map shows the walk; with more than two parameters, its shadow on the plane of its first
    principal components. Beside it are the loss and the largest eigenvalue of the Hessian, λmax,
    with a line at 2/lr. Play the walk, or drag along the curves.

    Everything is computed in the browser, so it works without a kernel.

    Args:
        L: the landscape of `model_1`, `model_2` or `model_3` with `squared_error`, on any data with
            two inputs.
        start: where the walk begins, shape `(P,)`.
        lr: the first learning rate; None for a fifth of 2/λmax at the start.
        steps: number of steps, 1 to 5000.
        rates: lowest and highest learning rate of the slider; None for 0.02 and 2.5 times 2/λmax at
            the start.

    Returns:
        The widget. Its trait `lr` can be set and observed.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if it isn't such a landscape, the start doesn't belong to it, or steps or rates
            are out of range.
        traitlets.TraitError: if lr isn't a positive number.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> explorer = rate_explorer(L, torch.tensor([0.26, -1.24]), lr=1.5)
    >>> explorer
    rate_explorer: interactive where the page may run its script
    >>> explorer.lr = 1.8
    """
    check_objective(L)
    spec_of(L, "rate_explorer")
    start = L.check_point(start)
    if not start.isfinite().all():
        raise ValueError("some parameters of the start aren't finite")
    if not 1 <= steps <= MAX_STEPS:
        raise ValueError(f"steps must be from 1 to {MAX_STEPS}, got {steps}")
    edge = 2 / max(torch.linalg.eigvalsh(hessian(L, start))[-1].item(), 1e-3)
    lo, hi = rates or (LOWEST * edge, HIGHEST * edge)
    if not 0 < lo < hi < float("inf"):
        raise ValueError(f"rates must be positive and run from low to high, got {lo:g} and {hi:g}")
    if lr is None:
        lr = float(f"{min(max(0.2 * edge, lo), hi):.3g}")
    return RateExplorer(L, start, (lo, hi), steps, lr=lr)


class RateExplorer(Computing):
    """The widget that `rate_explorer` makes.

    Trait, set by Python or by the user; you can observe it:
        lr: the learning rate.
    """

    name = "rate_explorer"
    _esm = STATIC / "rate.js"
    _css = STATIC / "rate.css"

    lr = t.Float(0.1).tag(sync=True)

    _start = t.Bytes().tag(sync=True)  # float64, little-endian
    _rates = t.Tuple(t.Float(), t.Float(), default_value=(0.01, 1.0)).tag(sync=True)
    _steps = t.Int(300).tag(sync=True)

    def __init__(
        self, L: Objective, start: Tensor, rates: tuple[float, float], steps: int, lr: float
    ):
        super().__init__(L, _start=double_bytes(start), _rates=rates, _steps=steps, lr=lr)

    def still(self) -> Figure:
        """The loss and λmax along the first walk, with the line at 2/lr."""
        start = torch.from_numpy(np.frombuffer(self._start, "<f8").copy())
        path = descend(self.L, start, self._steps, self.lr, torch.optim.SGD)
        # an odd number: if every other step lands on the other side of a valley, both sides count
        steps = range(0, self._steps + 1, math.ceil(self._steps / STILL) | 1)
        shown = [step for step in steps if path.losses[step] < DIVERGED * path.losses[0]]
        values = torch.stack(
            [torch.linalg.eigvalsh(hessian(self.L, path.points[s])) for s in shown]
        )
        sharpness = values[:, -1].cpu().numpy()
        figure = Figure(figsize=SIZE, layout="constrained")
        losses, curvature = figure.subplots(1, 2)
        loss_curve(path, ax=losses, color=PATH)
        losses.set_title(f"learning rate {self.lr:.3g}")
        curvature.axhline(2 / self.lr, linestyle="--", color="0.4", label="2/lr")
        curvature.plot(shown, sharpness, label="λmax")
        curvature.set(xlabel="step", ylabel="curvature", ylim=(0, 2.4 * sharpness.max()))
        curvature.legend()
        return figure

    @t.validate("lr")
    def _check_lr(self, proposal: t.Bunch) -> float:
        lr: float = proposal["value"]
        if not (np.isfinite(lr) and lr > 0):
            raise t.TraitError(f"lr must be positive, got {lr}")
        return lr
