"""Chapter 01: the explorer of losses."""

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from ...losses import (
    CHART,
    Loss,
    binary_cross_entropy,
    cross_entropy,
    hinge,
    kl_divergence,
)
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, Text, grid, row, three_digits, wide
from .parts import POINTS


@dataclass(frozen=True)
class _Reading:
    """How one loss reads the same output u of a model, and a target that is 0 or 1."""

    loss: Loss
    label: str  # of u
    outputs: Callable[[Tensor], Tensor] = lambda u: u
    targets: Callable[[Tensor, int], Tensor] = lambda u, y: torch.full_like(u, y)
    window: tuple[float, float] = (-4.0, 4.0)


def _logits(u: Tensor) -> Tensor:
    return torch.stack([u, torch.zeros_like(u)], dim=1)


_READINGS = {
    binary_cross_entropy: {"label": "probability ŷ", "window": (0.0, 1.0)},
    cross_entropy: {
        "label": "logit z₁, with z₂ = 0",
        "outputs": _logits,
        "targets": lambda u, y: torch.full(u.shape, 1 - y),
    },
    hinge: {
        "label": "score ŷ, target −1 or +1",
        "targets": lambda u, y: torch.full_like(u, 2 * y - 1),
    },
    kl_divergence: {
        "label": "logit z₁, with z₂ = 0",
        "outputs": _logits,
        "targets": lambda u, y: u.new_tensor([0.8, 0.2] if y else [0.2, 0.8]).expand(len(u), 2),
    },
}


def loss_explorer() -> Explorer:
    """Turn one output of a model, and see what seven losses say, and how hard each one pulls.

    Each loss reads the output ŷ in the form that it expects: as a number, a probability, a score
    or a logit. Drag in any panel, or use the slider.

    >>> explorer = loss_explorer()
    >>> explorer["output"].value = 3
    >>> print(explorer["squared error"].readout)
    L = 4.00
    gradient 4.00
    """
    readings = [_Reading(loss, **_READINGS.get(loss, {"label": "prediction ŷ"})) for loss in CHART]
    output = w.FloatSlider(
        value=0.6, min=-4, max=4, step=0.05, description="output ŷ", layout=wide()
    )
    target = w.ToggleButtons(
        options=[("y = 0", 0), ("y = 1", 1)],
        value=1,
        description="target",
        style={"button_width": "70px"},
    )
    panels = {
        reading.loss.name: Panel(
            title=reading.loss.name,
            labels=(reading.label, ""),
            extent=(reading.window, (-4.0, 4.0)),
            follow="across",
            step=(0.05, 0.1),
            description=f"{reading.loss.name} and its gradient over the {reading.label}.",
            aspect=0.85,
        )
        for reading in readings
    }
    key = w.HTML(
        '<p><b style="color:#2f7fc1">━━</b> the loss L</p><p><b style="color:#e0447c">╍╍</b> its '
        "gradient: how hard one example pulls, and which way</p><p>● both, at this output</p>"
    )
    said = Text()
    explorer = Explorer(
        "loss_explorer",
        [row(target, output), grid([*panels.values(), w.VBox([key, said])], 195)],
        output=output,
        target=target,
        said=said,
        **panels,
    )

    def draw_curves():
        for reading in readings:
            lo, hi = reading.window
            u = torch.linspace(lo, hi, POINTS, dtype=torch.float64)
            loss, slope = _loss_and_slope(reading, u, target.value)
            panels[reading.loss.name].lines = [
                line(u, loss, "blue", 2.6),
                line(u, slope, "path", 2.0, dash=True),
            ]

    def show():
        pulls = {
            reading.loss.name: _show_reading(
                panels[reading.loss.name], reading, output.value, target.value
            )
            for reading in readings
        }
        hardest = max(pulls, key=lambda name: np.nan_to_num(pulls[name], posinf=np.inf))
        idle = [name for name, pull in pulls.items() if pull == 0]
        said.text = f"Here {hardest} pulls hardest" + (
            f", and {' and '.join(idle)} not at all." if idle else "."
        )

    def turn(pointer):
        if pointer is not None:
            output.value = round(pointer[0], 3)

    explorer.on("target", "value", lambda _: (draw_curves(), show()))
    explorer.on("output", "value", lambda _: show())
    for name in panels:
        explorer.on(name, "pointer", turn)
    draw_curves()
    show()
    return explorer


def _loss_and_slope(reading: _Reading, u: Tensor, y: int) -> tuple[Tensor, Tensor]:
    u = u.clone().requires_grad_()
    loss = reading.loss.per_example(reading.outputs(u), reading.targets(u, y))
    (slope,) = torch.autograd.grad(loss.sum(), u)
    return loss.detach(), slope


def _show_reading(panel: Panel, reading: _Reading, output: float, y: int) -> float:
    """Show what one loss says; return how hard it pulls, nan where it says nothing."""
    lo, hi = reading.window
    if not lo <= output <= hi:
        panel.pointer, panel.marks = None, []
        panel.readout = f"no value: a probability is from {lo:.0f} to {hi:.0f}"
        return float("nan")
    u = torch.tensor([output], dtype=torch.float64)
    loss, slope = (value.item() for value in _loss_and_slope(reading, u, y))
    with panel.hold_sync():
        panel.pointer = (output, 0.0)
        panel.marks = [marks(u, [loss], "dot", "blue", 6), marks(u, [slope], "dot", "path", 6)]
        panel.readout = f"L = {three_digits(loss)}\ngradient {three_digits(slope)}"
    return abs(slope)
