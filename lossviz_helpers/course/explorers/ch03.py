"""Chapter 03: move along the straight line from one model to another."""

import ipywidgets as w
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ...landscape import Landscape
from ...losses import accuracy
from ...objective import Objective
from ...plots import PREDICTED, prediction_grid
from ...scanning import scan
from ...slices import Slice
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, grid, row, three_digits, wide
from .parts import GRID, MAX_SHOWN, predictions_of


def line_explorer(L: Objective, A: Tensor, B: Tensor) -> Explorer:
    """Move along the straight line from model A to model B: decision regions, loss and the point.

    Args:
        L: a landscape whose examples have two inputs and whose model has one output.
        A, B: points of shape `(P,)`.

    Raises:
        ValueError: if A and B aren't two points of L, or L doesn't predict from two inputs.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> explorer = line_explorer(L, torch.zeros(2), torch.tensor([-0.5, 1.5]))
    >>> explorer["alpha"].value = 0.0
    >>> explorer["loss"].readout
    'α = 0.00: loss 0.510, accuracy 49%'
    """
    return LineExplorer(L, Slice.between(L.check_points(A), L.check_points(B)))


class LineExplorer(Explorer):
    """Three panels that follow one α: predictions, the loss along the line, the point itself."""

    def __init__(self, L: Objective, view: Slice) -> None:
        self.L, self.view = L, view
        land = scan(L, view, resolution=201, progress=False)
        lo, hi = float(land.axes[0][0]), float(land.axes[0][-1])
        self.alpha = w.FloatSlider(
            value=0.5, min=lo, max=hi, step=0.01, description="α", layout=wide()
        )
        play = w.Play(min=0, max=round((hi - lo) * 100), step=2, interval=60)
        self.losses_of_ends = np.interp([0, 1], land.axes[0], land.loss)
        self.curve = _curve_of(land)
        self.predictions = predictions_of(L)
        self.ends = [self.numbers_of(view.point(end)) for end in (0.0, 1.0)]
        self.point = self.panel_of_numbers(lo, hi)
        super().__init__(
            "line_explorer",
            [row(play, self.alpha), grid([self.predictions, self.curve, self.point], 260)],
            L,
            alpha=self.alpha,
            play=play,
            loss=self.curve,
            predictions=self.predictions,
            point=self.point,
        )
        self.on("alpha", "value", self.show)
        self.on("loss", "pointer", lambda pointer: self.go_to(round(pointer[0], 2)))
        self.on("play", "value", lambda i: self.go_to(lo + i / 100))
        self.show(self.alpha.value)

    def go_to(self, alpha: float) -> None:
        """Set the slider."""
        self.alpha.value = alpha

    def show(self, alpha: float) -> None:
        """Show the model at α in all three panels."""
        theta = self.view.point(alpha)
        values = prediction_grid(self.L, theta, GRID)
        with torch.no_grad():
            loss, right = self.L(theta).item(), accuracy(self.L.predict(theta), self.L.y)
        self.predictions.show_picture(values, limits=PREDICTED, colours="predictions")
        with self.curve.hold_sync():
            self.curve.pointer = (alpha, 0.0)
            self.curve.marks = [
                marks([0, 1], self.losses_of_ends, "dot", "ink", 4),
                marks([alpha], [min(loss, self.curve.extent[1][1])], "dot", "path", 7),
            ]
            text = f"α = {alpha:.2f}: loss {three_digits(loss)}, accuracy {right:.0%}"
            self.curve.readout = text.replace("-", "−")
        here, (A, B) = self.numbers_of(theta), self.ends
        numbers = np.arange(len(here))
        self.point.marks = [
            marks(numbers, A, "dot", "blue", 3.5, "A"),
            marks(numbers, B, "dot", "orange", 3.5, "B"),
            marks(numbers, here, "dot", "path", 5.5, "the mixture"),
        ]

    def numbers_of(self, theta: Tensor) -> npt.NDArray[np.float64]:
        """The parameters that are shown one by one, of points of shape `(..., P)`."""
        return theta[..., :MAX_SHOWN].detach().cpu().double().numpy()

    def panel_of_numbers(self, lo: float, hi: float) -> Panel:
        """The point, number by number: each moves between its value in A and that in B."""
        (A, B), P = self.ends, self.L.P
        shown = len(A)
        around = self.numbers_of(self.view.point(torch.tensor([lo, hi])))
        low, high = around.min() - 0.04 * np.ptp(around), around.max() + 0.04 * np.ptp(around)
        first = "parameter" if shown == P else f"parameter, the first {shown} of {P}"
        ranges = [
            line([i, i], [a, b], "muted", 1.2) for i, (a, b) in enumerate(zip(A, B, strict=True))
        ]
        return Panel(
            title="the point θ, number by number",
            labels=(first, "value"),
            extent=((-0.6, shown - 0.4), (low, high)),
            lines=[line([-0.6, shown - 0.4], [0, 0], "muted", 0.8), *ranges],
            description="The parameters of the model: each moves from its value in A to that in B.",
        )


def _curve_of(land: Landscape) -> Panel:
    """The loss along the line, with a pointer."""
    (alpha,) = land.axes
    top = float(np.nanmax(np.append(land.loss[np.isfinite(land.loss)], 0)))
    return Panel(
        title="loss along the line",
        labels=("α", "loss L"),
        extent=((alpha[0], alpha[-1]), (0.0, 1.08 * top or 1.0)),
        lines=[line(alpha, land.loss, "path", 2.4)],
        follow="across",
        step=(0.01, 1.0),
        description="Loss plotted against α, from model A at 0 to model B at 1.",
    )
