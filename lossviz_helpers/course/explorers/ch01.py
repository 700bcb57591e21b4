"""Chapter 01: vary one output of a model, and see how every loss responds."""

from collections.abc import Sequence

import ipywidgets as w
import numpy as np
import torch
from torch import Tensor

from ...losses import CHART, Loss
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, Text, grid, row, three_digits, wide
from .parts import POINTS

LEGEND = (
    '<p><b style="color:#2f7fc1">━━</b> the loss L</p><p><b style="color:#e0447c">╍╍</b> its '
    "gradient: how hard one example pulls, and which way</p><p>● both, at this output</p>"
)


def loss_explorer(losses: Sequence[Loss] = CHART) -> Explorer:
    """Vary one output of a model, and see the value of several losses and how hard each one pulls.

    Each loss reads the output ŷ in the form that it expects: as a number, a probability, a score
    or a logit. Drag in any panel, or use the slider.

    Args:
        losses: which to draw; the seven of chapter 1 by default.

    >>> explorer = loss_explorer()
    >>> explorer["output"].value = 3
    >>> print(explorer["squared error"].readout)
    L = 4.00
    gradient 4.00
    """
    return LossExplorer(losses)


class LossExplorer(Explorer):
    """A slider for the output, and a panel for each loss."""

    def __init__(self, losses: Sequence[Loss]) -> None:
        self.losses = losses
        self.output = w.FloatSlider(
            value=0.6, min=-4, max=4, step=0.05, description="output ŷ", layout=wide()
        )
        self.target = w.ToggleButtons(
            options=[("y = 0", 0), ("y = 1", 1)],
            value=1,
            description="target",
            style={"button_width": "70px"},
        )
        self.message = Text()
        self.panels = {loss.name: _panel_of(loss) for loss in losses}
        legend = w.VBox([w.HTML(LEGEND), self.message])
        super().__init__(
            "loss_explorer",
            [row(self.target, self.output), grid([*self.panels.values(), legend], 195)],
            output=self.output,
            target=self.target,
            said=self.message,
            **self.panels,
        )
        self.on("target", "value", lambda _: self.draw())
        self.on("output", "value", lambda _: self.show())
        for name in self.panels:
            self.on(name, "pointer", self.follow)
        self.draw()

    def follow(self, pointer: tuple[float, float] | None) -> None:
        """Set the output to where the user points in one of the panels."""
        if pointer is not None:
            self.output.value = round(pointer[0], 3)

    def draw(self) -> None:
        """Draw the curves of every loss for the chosen target."""
        for loss in self.losses:
            lo, hi = loss.reading.window
            u = torch.linspace(lo, hi, POINTS, dtype=torch.float64)
            value, slope = _loss_and_slope(loss, u, self.target.value)
            self.panels[loss.name].lines = [
                line(u, value, "blue", 2.6),
                line(u, slope, "path", 2.0, dash=True),
            ]
        self.show()

    def show(self) -> None:
        """Mark the chosen output on every curve, and say which loss pulls hardest."""
        pulls = {loss.name: self.pull(loss) for loss in self.losses}
        hardest = max(pulls, key=lambda name: np.nan_to_num(pulls[name], posinf=np.inf))
        idle = [name for name, pull in pulls.items() if pull == 0]
        self.message.text = f"Here {hardest} pulls hardest" + (
            f", and {' and '.join(idle)} not at all." if idle else "."
        )

    def pull(self, loss: Loss) -> float:
        """Show the value of one loss; return how hard it pulls, or nan where it has no value."""
        panel, output, (lo, hi) = self.panels[loss.name], self.output.value, loss.reading.window
        if not lo <= output <= hi:
            panel.set_trait("pointer", None)
            panel.marks = []
            what, *_ = loss.reading.label.split()
            panel.readout = f"no value: a {what} lies between {lo:.0f} and {hi:.0f}"
            return float("nan")
        u = torch.tensor([output], dtype=torch.float64)
        value, slope = (x.item() for x in _loss_and_slope(loss, u, self.target.value))
        with panel.hold_sync():
            panel.pointer = (output, 0.0)
            panel.marks = [marks(u, [value], "dot", "blue", 6), marks(u, [slope], "dot", "path", 6)]
            panel.readout = f"L = {three_digits(value)}\ngradient {three_digits(slope)}"
        return abs(slope)


def _panel_of(loss: Loss) -> Panel:
    reading = loss.reading
    return Panel(
        title=loss.name,
        labels=(reading.label, ""),
        extent=(reading.window, (-4.0, 4.0)),
        follow="across",
        step=(0.05, 0.1),
        description=f"{loss.name} and its gradient, plotted against the {reading.label}.",
        aspect=0.85,
    )


def _loss_and_slope(loss: Loss, u: Tensor, y: int) -> tuple[Tensor, Tensor]:
    u = u.clone().requires_grad_()
    value = loss.per_example(loss.reading.outputs(u), loss.reading.targets(u, y))
    if not value.requires_grad:  # a step function, such as the error rate
        return value, torch.zeros_like(u)
    (slope,) = torch.autograd.grad(value.sum(), u)
    return value.detach(), slope
