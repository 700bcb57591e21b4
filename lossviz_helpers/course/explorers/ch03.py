"""Chapter 03: the explorer of a line."""

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from ...losses import (
    accuracy,
)
from ...objective import Objective
from ...plots import PREDICTED, prediction_grid
from ...scanning import scan
from ...slices import Slice
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, grid, row, three_digits, wide
from .parts import GRID, MOST, _predictions_of


def line_explorer(L: Objective, A: Tensor, B: Tensor) -> Explorer:
    """Move along the straight line from model A to model B: decision regions, loss and the point.

    Args:
        L: a landscape whose examples have two inputs and whose model gives one number.
        A, B: points of shape `(P,)`.

    Raises:
        ValueError: if A and B are no two points of L, or L doesn't predict from two inputs.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> explorer = line_explorer(L, torch.zeros(2), torch.tensor([-0.5, 1.5]))
    >>> explorer["alpha"].value = 0.0
    >>> explorer["loss"].readout
    'α = 0.00: loss 0.510, accuracy 49%'
    """
    view = Slice.between(L.check_points(A), L.check_points(B))
    land = scan(L, view, resolution=201, progress=False)
    (lo, hi), top = (
        view.extent[0],
        float(np.nanmax(np.append(land.loss[np.isfinite(land.loss)], 0))),
    )
    alpha = w.FloatSlider(value=0.5, min=lo, max=hi, step=0.01, description="α", layout=wide())
    play = w.Play(min=0, max=round((hi - lo) * 100), step=2, interval=60)
    curve = Panel(
        title="loss along the line",
        labels=("α", "loss L"),
        extent=((lo, hi), (0.0, 1.08 * top or 1.0)),
        lines=[line(land.axes[0], land.loss, "path", 2.4)],
        follow="across",
        step=(0.01, 1.0),
        description="Loss over α, from model A at 0 to model B at 1.",
    )
    says = _predictions_of(L)
    shown = min(L.P, MOST)
    numbers = np.arange(1, shown + 1)
    ends = np.stack(
        [p.detach().cpu().double().numpy()[:shown] for p in (view.point(0.0), view.point(1.0))]
    )
    around = view.point(torch.tensor([lo, hi]))[:, :shown].cpu().double().numpy()
    low, high = around.min() - 0.04 * np.ptp(around), around.max() + 0.04 * np.ptp(around)
    point = Panel(
        title="the point θ, number by number",
        labels=("parameter" if shown == L.P else f"parameter, the first {shown} of {L.P}", "value"),
        extent=((0.4, shown + 0.6), (low, high)),
        lines=[line([0.4, shown + 0.6], [0, 0], "muted", 0.8)]
        + [line([i, i], ends[:, i - 1], "muted", 1.2) for i in numbers],
        description="The parameters of the model: each moves from its value in A to that in B.",
    )
    explorer = Explorer(
        "line_explorer",
        [row(play, alpha), grid([says, curve, point], 260)],
        L,
        alpha=alpha,
        play=play,
        loss=curve,
        predictions=says,
        point=point,
    )

    def show(at):
        theta = view.point(at)
        values = prediction_grid(L, theta, GRID)
        with torch.no_grad():
            loss, right = L(theta).item(), accuracy(L.predict(theta), L.y)
        says.show_picture(values, limits=PREDICTED, colours="predictions")
        height = min(loss, curve.extent[1][1])
        with curve.hold_sync():
            curve.pointer = (at, 0.0)
            curve.marks = [
                marks([0, 1], land_ends, "dot", "ink", 4),
                marks([at], [height], "dot", "path", 7),
            ]
            text = f"α = {at:.2f}: loss {three_digits(loss)}, accuracy {right:.0%}"
            curve.readout = text.replace("-", "−")
        here = theta[:shown].detach().cpu().double().numpy()
        point.marks = [
            marks(numbers, ends[0], "dot", "blue", 3.5, "A"),
            marks(numbers, ends[1], "dot", "orange", 3.5, "B"),
            marks(numbers, here, "dot", "path", 5.5, "the mixture"),
        ]

    land_ends = np.interp([0, 1], land.axes[0], land.loss)
    explorer.on("alpha", "value", show)
    explorer.on("loss", "pointer", lambda p: setattr(alpha, "value", round(p[0], 2)))
    explorer.on("play", "value", lambda i: setattr(alpha, "value", lo + i / 100))
    show(alpha.value)
    return explorer
