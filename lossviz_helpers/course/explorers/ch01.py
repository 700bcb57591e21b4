"""Chapter 01: vary one output of a model, and see what every loss says."""

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

KEY = (
    '<p><b style="color:#2f7fc1">━━</b> the loss L</p><p><b style="color:#e0447c">╍╍</b> its '
    "gradient: how hard one example pulls, and which way</p><p>● both, at this output</p>"
)


def loss_explorer() -> Explorer:
    """Vary one output of a model, and see what seven losses say, and how hard each one pulls.

    Each loss reads the output ŷ in the form that it expects: as a number, a probability, a score
    or a logit. Drag in any panel, or use the slider.

    >>> explorer = loss_explorer()
    >>> explorer["output"].value = 3
    >>> print(explorer["squared error"].readout)
    L = 4.00
    gradient 4.00
    """
    return LossExplorer()


class LossExplorer(Explorer):
    """A slider for the output, and a panel for each loss."""

    def __init__(self) -> None:
        self.output = w.FloatSlider(
            value=0.6, min=-4, max=4, step=0.05, description="output ŷ", layout=wide()
        )
        self.target = w.ToggleButtons(
            options=[("y = 0", 0), ("y = 1", 1)],
            value=1,
            description="target",
            style={"button_width": "70px"},
        )
        self.said = Text()
        self.panels = {loss.name: _panel_of(loss) for loss in CHART}
        legend = w.VBox([w.HTML(KEY), self.said])
        super().__init__(
            "loss_explorer",
            [row(self.target, self.output), grid([*self.panels.values(), legend], 195)],
            output=self.output,
            target=self.target,
            said=self.said,
            **self.panels,
        )
        self.on("target", "value", lambda _: self.draw())
        self.on("output", "value", lambda _: self.show())
        for name in self.panels:
            self.on(name, "pointer", self.follow)
        self.draw()

    def follow(self, pointer: tuple[float, float] | None) -> None:
        """Take the output that a hand points to in one of the panels."""
        if pointer is not None:
            self.output.value = round(pointer[0], 3)

    def draw(self) -> None:
        """Draw the curves of every loss for the chosen target."""
        for loss in CHART:
            lo, hi = READINGS[loss].window
            u = torch.linspace(lo, hi, POINTS, dtype=torch.float64)
            value, slope = _loss_and_slope(loss, u, self.target.value)
            self.panels[loss.name].lines = [
                line(u, value, "blue", 2.6),
                line(u, slope, "path", 2.0, dash=True),
            ]
        self.show()

    def show(self) -> None:
        """Mark the chosen output on every curve, and say which loss pulls hardest."""
        pulls = {loss.name: self.pull(loss) for loss in CHART}
        hardest = max(pulls, key=lambda name: np.nan_to_num(pulls[name], posinf=np.inf))
        idle = [name for name, pull in pulls.items() if pull == 0]
        self.said.text = f"Here {hardest} pulls hardest" + (
            f", and {' and '.join(idle)} not at all." if idle else "."
        )

    def pull(self, loss: Loss) -> float:
        """Show what one loss says; return how hard it pulls, nan where it says nothing."""
        panel, output, (lo, hi) = self.panels[loss.name], self.output.value, READINGS[loss].window
        if not lo <= output <= hi:
            panel.set_trait("pointer", None)
            panel.marks = []
            panel.readout = f"no value: a probability is from {lo:.0f} to {hi:.0f}"
            return float("nan")
        u = torch.tensor([output], dtype=torch.float64)
        value, slope = (x.item() for x in _loss_and_slope(loss, u, self.target.value))
        with panel.hold_sync():
            panel.pointer = (output, 0.0)
            panel.marks = [marks(u, [value], "dot", "blue", 6), marks(u, [slope], "dot", "path", 6)]
            panel.readout = f"L = {three_digits(value)}\ngradient {three_digits(slope)}"
        return abs(slope)


def _panel_of(loss: Loss) -> Panel:
    reading = READINGS[loss]
    return Panel(
        title=loss.name,
        labels=(reading.label, ""),
        extent=(reading.window, (-4.0, 4.0)),
        follow="across",
        step=(0.05, 0.1),
        description=f"{loss.name} and its gradient over the {reading.label}.",
        aspect=0.85,
    )


def _loss_and_slope(loss: Loss, u: Tensor, y: int) -> tuple[Tensor, Tensor]:
    u = u.clone().requires_grad_()
    value = loss.per_example(READINGS[loss].outputs(u), READINGS[loss].targets(u, y))
    (slope,) = torch.autograd.grad(value.sum(), u)
    return value.detach(), slope


@dataclass(frozen=True)
class Reading:
    """How a loss reads the same output u of a model, and a target that is 0 or 1."""

    label: str = "prediction ŷ"  # what u is to it
    outputs: Callable[[Tensor], Tensor] = lambda u: u
    targets: Callable[[Tensor, int], Tensor] = lambda u, y: torch.full_like(u, y)
    window: tuple[float, float] = (-4.0, 4.0)


def _logits(u: Tensor) -> Tensor:
    return torch.stack([u, torch.zeros_like(u)], dim=1)


READINGS = dict.fromkeys(CHART, Reading()) | {
    binary_cross_entropy: Reading("probability ŷ", window=(0.0, 1.0)),
    cross_entropy: Reading(
        "logit z₁, with z₂ = 0", _logits, lambda u, y: torch.full(u.shape, 1 - y)
    ),
    hinge: Reading("score ŷ, target −1 or +1", targets=lambda u, y: torch.full_like(u, 2 * y - 1)),
    kl_divergence: Reading(
        "logit z₁, with z₂ = 0",
        _logits,
        lambda u, y: u.new_tensor([0.8, 0.2] if y else [0.2, 0.8]).expand(len(u), 2),
    ),
}
