"""Chapter 02: pick a model on its landscape, and watch it descend."""

from collections.abc import Callable

import numpy as np
import torch
import traitlets as t
from matplotlib.figure import Figure

from ...landscape import Landscape
from ...objective import Objective, check_objective
from ...plots import LABELS, PREDICTIONS
from ...training import Trajectory
from ...widgets.canvas import STATIC, colour_bytes
from .live import Computing, check_place, double_bytes, spec_of
from .parts import POINTS, check_plane, map_limits
from .stills import predictions_panel, still_of

MOST_STEPS = 2000  # the browser takes about 50 µs for each with Model 3 and 500 examples
FINEST = 101  # points along each side of the map
OPTIMIZERS: dict[Callable[..., torch.optim.Optimizer], str] = {
    torch.optim.SGD: "sgd",
    torch.optim.Adam: "adam",
}


def model_explorer(
    L: Objective,
    land: Landscape,
    path: Trajectory | None = None,
    *,
    labels: tuple[str, str] = LABELS[:2],
    steps: int = 300,
    lr: float = 0.1,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
) -> "ModelExplorer":
    """Pick a model on its landscape, see its predictions, and watch it descend from there.

    Everything is computed in the browser, so it works without a kernel.

    Args:
        L: the landscape of `model_1`, `model_2` or `model_3` with `squared_error`, on any data with
            two inputs and targets 0 and 1.
        land: a 2D scan of it, whose plane, window and colours are shown.
        path: a trajectory from one start, to draw.
        labels: names of the two directions.
        steps, lr: for the descent of a picked model, 1 to 2000 steps.
        optimizer: `torch.optim.SGD` or `torch.optim.Adam`.

    Returns:
        The widget. Its trait `at` can be set and observed.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if it isn't such a landscape, land isn't 2D or belongs to another model, path
            has several starts, or steps, lr or the optimiser can't be used.

    >>> from lossviz_helpers import Slice, diagonal, model_1, scan, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> plane = Slice(torch.zeros(2), torch.eye(2))
    >>> explorer = model_explorer(L, scan(L, plane, 21, ((-3, 2), (-2, 3.5))))
    >>> explorer.at = (0.0, 0.0)
    >>> explorer
    model_explorer: interactive where the page may run its script
    """
    check_objective(L)
    spec_of(L, "model_explorer")
    check_plane(land, "model_explorer")
    L.check_points(land.slice.origin)
    if path is not None and path.points.ndim != 2:
        starts = path.points.shape[1]
        raise ValueError(
            f"model_explorer shows one walk, but got {starts}; choose one, such as path[0]"
        )
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"steps must be from 1 to {MOST_STEPS}, got {steps}")
    if not 0 < lr < float("inf"):
        raise ValueError(f"lr must be positive, got {lr}")
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"optimizer must be torch.optim.SGD or torch.optim.Adam, got {optimizer}")
    return ModelExplorer(
        L, land, path, _labels=labels, _steps=steps, _lr=lr, _optimizer=OPTIMIZERS[optimizer]
    )


class ModelExplorer(Computing):
    """The widget that `model_explorer` makes.

    Trait, set by Python or by the user; you can observe it:
        at: where the picked model is, in the plane's coordinates.
    """

    name = "model_explorer"
    _esm = STATIC / "pick.js"
    _css = STATIC / "pick.css"

    at = t.Tuple(t.Float(), t.Float()).tag(sync=True)

    _view = t.Bytes().tag(sync=True)  # float64, little-endian: the origin and the directions
    _extent = t.Tuple().tag(sync=True)
    _labels = t.Tuple(t.Unicode(), t.Unicode()).tag(sync=True)
    _walk = t.Bytes().tag(sync=True)  # likewise: points of the chapter's walk
    _limits = t.Tuple(t.Float(), t.Float()).tag(sync=True)
    _resolution = t.Int(FINEST).tag(sync=True)
    _steps = t.Int(300).tag(sync=True)
    _lr = t.Float(0.1).tag(sync=True)
    _optimizer = t.Unicode("sgd").tag(sync=True)
    _predicted = t.Bytes(colour_bytes(PREDICTIONS)).tag(sync=True)

    def __init__(
        self, L: Objective, land: Landscape, path: Trajectory | None, **traits: object
    ) -> None:
        self.land = land
        view = land.slice
        extent = tuple((float(axis[0]), float(axis[-1])) for axis in land.axes)
        middle = [(lo + hi) / 2 for lo, hi in extent]
        begin = middle if path is None else view.coordinates(path.start).tolist()
        super().__init__(
            L,
            at=tuple(min(max(a, lo), hi) for a, (lo, hi) in zip(begin, extent, strict=True)),
            _view=double_bytes(torch.cat([view.origin[None], view.directions])),
            _extent=extent,
            _walk=b"" if path is None else double_bytes(path.thinned(POINTS).points),
            _limits=map_limits(land),
            _resolution=min(max(*land.loss.shape, 21), FINEST),
            **traits,
        )

    def still(self) -> Figure:
        """The map with the walk, and what the picked model predicts."""
        view, theta = self.land.slice, self.land.slice.point(torch.tensor(self.at))
        walk = torch.from_numpy(np.frombuffer(self._walk, "<f8").reshape(-1, self.L.P).copy())
        x, y = view.coordinates(walk).numpy().T if len(walk) else np.zeros((2, 0))
        line = {"x": x, "y": y, "colour": "path", "width": 2.6, "dash": False, "label": ""}
        marks = [
            {"x": u, "y": v, "kind": kind, "colour": "path", "size": size, "label": ""}
            for u, v, kind, size in ((x[-1:], y[-1:], "end", 10), (*self.at, "start", 6))
        ]
        ground = {
            "title": "○: a model",
            "labels": self._labels,
            "extent": self._extent,
            "picture": self.land.loss.T,
            "limits": self._limits,
            "log": True,
            "lines": [line],
            "marks": marks,
        }
        predictions = predictions_panel(self.L, theta, "what it predicts")
        return still_of([ground, predictions])

    @t.validate("at")
    def _check_at(self, proposal: t.Bunch) -> tuple[float, ...]:
        return check_place(proposal["value"], self._extent)
