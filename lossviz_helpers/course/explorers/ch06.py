"""Chapter 06: how the loss curves at a point of a walk, and which planes show it."""

from collections.abc import Sequence

import numpy as np
import torch
import traitlets as t
from matplotlib.figure import Figure
from torch import Tensor

from ...curvature import hessian
from ...objective import Objective, check_objective
from ...plots import CLASSES, contour
from ...scanning import scan
from ...slices import Slice
from ...training import Trajectory
from ...widgets.canvas import STATIC
from .live import SIZE, Computing, double_bytes, spec_of

POINTS = 121  # at most, from a walk: the browser computes the eigenvectors at each


def saddle_explorer(
    L: Objective,
    points: Trajectory | Tensor,
    names: Sequence[str] | None = None,
    *,
    at: int = 0,
    chosen: tuple[int, int] = (0, 11),
    reach: float = 1.0,
) -> "SaddleExplorer":
    """Walk through Model 3's landscape, and see how the loss curves: a bowl, or a saddle?

    The columns are the 13 eigenvalues of the Hessian at a point, in orange where the loss curves
    down. Choose two, and the plane along their eigenvectors is drawn, as a surface and as a map.
    A button draws random planes and counts those that curve down.

    Everything is computed in the browser, so it works without a kernel.

    Args:
        L: the landscape of `model_3` with `squared_error`, on any data with two inputs.
        points: a walk, or points of shape `(n, 13)`. Only some points of a long walk are shown.
        names: what the points are called, one name per point; None for their steps.
        at: which point to show first.
        chosen: which two eigenvalues, from 0 for the lowest to 12 for the highest.
        reach: half the width of the window, in the units of the parameters.

    Returns:
        The widget. Its traits `at`, `chosen` and `reach` can be set and observed.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if it isn't such a landscape, or the points aren't one walk through it.
        traitlets.TraitError: if at, chosen or reach is invalid.

    >>> from lossviz_helpers import descend, model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> explorer = saddle_explorer(L, descend(L, L.point(), steps=60))
    >>> explorer
    saddle_explorer: interactive where the page may run its script
    >>> explorer.at = 60
    """
    check_objective(L)
    spec_of(L, "saddle_explorer", sizes=(13,))
    thetas, labels = _points_and_labels(L, points)
    if names is not None:
        if len(names) != len(thetas):
            raise ValueError(f"expected a name for each of {len(thetas)} points, got {len(names)}")
        labels = list(names)
    return SaddleExplorer(L, thetas, labels, at=at, chosen=chosen, reach=reach)


class SaddleExplorer(Computing):
    """The widget that `saddle_explorer` makes.

    Traits, set by Python or by the user; you can observe them:
        at: which point of the walk is shown.
        chosen: the two eigenvalues whose eigenvectors span the plane, in the order of its axes.
        reach: half the width of the window.
    """

    name = "saddle_explorer"
    _esm = STATIC / "saddle.js"
    _css = STATIC / "saddle.css"

    at = t.Int(0).tag(sync=True)
    chosen = t.Tuple(t.Int(), t.Int(), default_value=(0, 11)).tag(sync=True)
    reach = t.Float(1.0).tag(sync=True)

    _points = t.Bytes().tag(sync=True)  # float64, little-endian, one point after another
    _names = t.List(t.Unicode()).tag(sync=True)

    def __init__(self, L: Objective, thetas: Tensor, names: list[str], **traits: object):
        super().__init__(L, _points=double_bytes(thetas), _names=names, **traits)

    def still(self) -> Figure:
        """The eigenvalues at the first point, and a map of the plane."""
        L = self.L
        points = np.frombuffer(self._points, "<f8").reshape(-1, L.P)
        theta = torch.from_numpy(points[self.at].copy())
        values, vectors = torch.linalg.eigh(hessian(L, theta).double().cpu())
        figure = Figure(figsize=SIZE, layout="constrained")
        bars, plane = figure.subplots(1, 2, width_ratios=(2, 3))
        blue, orange = CLASSES
        bars.bar(
            range(1, L.P + 1), values.numpy(), color=[orange if v < 0 else blue for v in values]
        )
        bars.axhline(0, color="0.4", linewidth=0.8)
        bars.set_yscale("symlog", linthresh=2e-3)
        bars.set(xlabel="eigenvector", ylabel="curvature λ", title=self._names[self.at])
        view = Slice(theta, vectors[:, list(self.chosen)].T.contiguous())
        land = scan(L, view, 41, ((-self.reach, self.reach),) * 2, progress=False)
        contour(land, ax=plane, log=False)
        return figure

    @t.validate("at")
    def _check_at(self, proposal: t.Bunch) -> int:
        at: int = proposal["value"]
        if not 0 <= at < len(self._names):
            raise t.TraitError(f"at must be from 0 to {len(self._names) - 1}, got {at}")
        return at

    @t.validate("chosen")
    def _check_chosen(self, proposal: t.Bunch) -> tuple[int, int]:
        i, j = proposal["value"]
        if not (0 <= i < 13 and 0 <= j < 13 and i != j):
            raise t.TraitError(f"chosen must be two different numbers from 0 to 12, got {i}, {j}")
        return i, j

    @t.validate("reach")
    def _check_reach(self, proposal: t.Bunch) -> float:
        reach: float = proposal["value"]
        if not (np.isfinite(reach) and reach > 0):
            raise t.TraitError(f"reach must be positive, got {reach}")
        return reach


def _points_and_labels(L: Objective, points: Trajectory | Tensor) -> tuple[Tensor, list[str]]:
    """Points of shape (n, P), and what they are called."""
    if isinstance(points, Trajectory):
        if points.points.ndim != 2:
            raise ValueError(
                f"saddle_explorer shows one walk, but got {points.points.shape[1]}; choose one, "
                "such as path[0]"
            )
        thinned = points.thinned(POINTS)
        thetas, labels = thinned.points, [f"step {step}" for step in thinned.steps.tolist()]
    else:
        thetas = torch.as_tensor(points)
        labels = [f"point {i + 1}" for i in range(len(thetas))]
    if thetas.ndim != 2 or not len(thetas):
        raise ValueError(f"points must have shape (n, {L.P}), got {tuple(thetas.shape)}")
    thetas = L.check_points(thetas)
    if not thetas.isfinite().all():
        raise ValueError("some of the points aren't finite")
    return thetas, labels
