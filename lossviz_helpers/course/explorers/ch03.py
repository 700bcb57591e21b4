"""Chapter 03: move along the straight line from one model to another."""

import numpy as np
import torch
import traitlets as t
from matplotlib.figure import Figure
from torch import Tensor

from ...objective import Objective, check_objective
from ...plots import PREDICTIONS
from ...scanning import scan
from ...slices import Slice
from ...widgets.canvas import STATIC, colour_bytes
from .live import Computing, double_bytes, spec_of
from .stills import predictions_panel, still_of


def line_explorer(L: Objective, A: Tensor, B: Tensor, *, alpha: float = 0.5) -> "LineExplorer":
    """Move along the straight line from model A to model B: decision regions, loss and the point.

    Everything is computed in the browser, so it works without a kernel.

    Args:
        L: the landscape of `model_1`, `model_2` or `model_3` with `squared_error`, on any data with
            two inputs and targets 0 and 1.
        A, B: points of shape `(P,)`.
        alpha: where to be first, 0 in A and 1 in B.

    Returns:
        The widget. Its trait `alpha` can be set and observed.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if it isn't such a landscape, or A and B aren't two of its points.
        traitlets.TraitError: if alpha is beyond the line that is shown.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> explorer = line_explorer(L, torch.zeros(2), torch.tensor([-0.5, 1.5]))
    >>> explorer.alpha = 0.0
    >>> explorer
    line_explorer: interactive where the page may run its script
    """
    check_objective(L)
    spec_of(L, "line_explorer")
    view = Slice.between(L.check_points(A), L.check_points(B))
    return LineExplorer(L, view, alpha)


class LineExplorer(Computing):
    """The widget that `line_explorer` makes.

    Trait, set by Python or by the user; you can observe it:
        alpha: how far along the line, 0 in A and 1 in B.
    """

    name = "line_explorer"
    _esm = STATIC / "line.js"
    _css = STATIC / "line.css"

    alpha = t.Float(0.5).tag(sync=True)

    _ends = t.Bytes().tag(sync=True)  # float64, little-endian: A, then B
    _range = t.Tuple(t.Float(), t.Float()).tag(sync=True)  # of alpha
    _predicted = t.Bytes(colour_bytes(PREDICTIONS)).tag(sync=True)

    def __init__(self, L: Objective, view: Slice, alpha: float) -> None:
        self.view = view
        self.land = scan(L, view, resolution=201, progress=False)
        (axis,) = self.land.axes
        ends = torch.stack([view.point(0.0), view.point(1.0)])
        bounds = float(axis[0]), float(axis[-1])
        super().__init__(L, _ends=double_bytes(ends), _range=bounds, alpha=alpha)

    def still(self) -> Figure:
        """The three panels."""
        (axis,), loss = self.land.axes, self.land.loss
        theta = self.view.point(self.alpha)
        ends = [(self.view.point(end), colour, label)
                for end, colour, label in ((0.0, "blue", "A"), (1.0, "orange", "B"))]  # fmt: skip
        numbers = np.arange(self.L.P)
        around = np.stack([end.cpu().numpy() for end, *_ in ends])
        edge = 0.1 * np.ptp(around) or 1.0
        top = 1.08 * loss[np.isfinite(loss)].max() or 1.0
        here = self.L(theta).item()
        predictions = predictions_panel(self.L, theta, "what this model predicts")
        curve = {
            "title": f"loss along the line; ● at α = {self.alpha:.2f}",
            "labels": ("α", "loss L"),
            "extent": (self._range, (0.0, top)),
            "lines": [{"x": axis, "y": loss, "colour": "path", "width": 2.4, "dash": False,
                       "label": ""}],
            "marks": [_marks([self.alpha], [min(here, top)], "path", 7)],
        }  # fmt: skip
        point = {
            "title": "the point θ, number by number",
            "labels": ("parameter", "value"),
            "extent": ((-0.6, self.L.P - 0.4), (around.min() - edge, around.max() + edge)),
            "marks": [
                *(_marks(numbers, end, colour, 3.5, label) for end, colour, label in ends),
                _marks(numbers, theta, "path", 5.5, "the mixture"),
            ],
        }
        return still_of([predictions, curve, point])

    @t.validate("alpha")
    def _check_alpha(self, proposal: t.Bunch) -> float:
        alpha: float = proposal["value"]
        lo, hi = self._range
        if not lo - 1e-9 <= alpha <= hi + 1e-9:
            raise t.TraitError(f"alpha must be from {lo:g} to {hi:g}, got {alpha:g}")
        return alpha


def _marks(x: object, y: object, colour: str, size: float, label: str = "") -> dict[str, object]:
    return {"x": x, "y": y, "kind": "dot", "colour": colour, "size": size, "label": label}
