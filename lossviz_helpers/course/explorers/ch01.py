"""Chapter 01: vary one output of a model, and see how every loss responds."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ...losses import CHART, Loss
from .parts import POINTS
from .results import Array
from .stored import Json, Stored, Word, buttons, chosen_by, curve, dots, number, panel, slider

OUTPUTS = np.linspace(-4, 4, 161)
TARGETS = (0, 1)
FIRST = {"target": "y = 1", "output": 0.6}


def loss_explorer(losses: Sequence[Loss] = CHART) -> "LossExplorer":
    """Vary one output of a model, and see the value of several losses and how hard each one pulls.

    Each loss reads the output ŷ in the form that it expects: as a number, a probability, a score
    or a logit. Drag in any panel, or use the slider. The browser has all of the values, so it works
    without a kernel.

    Args:
        losses: which to draw; the seven of chapter 1 by default.

    Returns:
        The widget. Its trait `chosen` holds the values of `target` and `output`; set or observe it.

    Raises:
        traitlets.TraitError: if what is chosen doesn't exist.

    >>> explorer = loss_explorer()
    >>> explorer.chosen = {"output": 3.0}
    >>> print(explorer.shown()[0]["readout"])
    L = 4.00
    gradient 4.00
    """
    return LossExplorer(losses)


class LossExplorer(Stored):
    """A slider for the output, and a panel for each loss."""

    name = "loss_explorer"

    def __init__(self, losses: Sequence[Loss]) -> None:
        self.losses = losses
        arrays: dict[str, Array] = {"outputs": OUTPUTS}
        for i, loss in enumerate(losses):
            grid = np.linspace(*loss.reading.window, POINTS // 2)
            arrays[f"grid {i}"] = grid
            arrays[f"curve {i}"] = _for_targets(loss, grid)
            arrays[f"here {i}"] = _for_targets(loss, OUTPUTS)
        pulls = np.stack([np.abs(arrays[f"here {i}"][:, 1]) for i in range(len(losses))])
        said = [
            chosen_by("output", [_hardest(losses, row) for row in pulls[:, k].T])
            for k in range(len(TARGETS))
        ]
        controls = [
            buttons("target", "target", [f"y = {y}" for y in TARGETS]),
            slider("output", "output ŷ", OUTPUTS, "{:.2f}"),
        ]
        panels = [_panel_of(i, loss) for i, loss in enumerate(losses)]
        super().__init__(arrays, controls, panels, [chosen_by("target", said)], least=195)
        self.chosen = FIRST


def _for_targets(loss: Loss, u: Array) -> Array:
    """Value and slope for each target, shape (targets, 2, outputs); nan outside the loss's window.

    A step function, such as the error rate, has the slope 0.
    """
    out = np.full((len(TARGETS), 2, len(u)), np.nan)
    inside = _inside(u, loss)
    for k, y in enumerate(TARGETS):
        outputs = torch.tensor(u[inside], dtype=torch.float64).clamp(*loss.reading.window)
        outputs.requires_grad_()
        value = loss.per_example(loss.reading.outputs(outputs), loss.reading.targets(outputs, y))
        slope: Tensor = torch.zeros_like(outputs)
        if value.requires_grad:
            (slope,) = torch.autograd.grad(value.sum(), outputs)
        out[k, :, inside] = torch.stack([value, slope], dim=-1).detach().numpy()
    return out


def _inside(u: Array, loss: Loss) -> npt.NDArray[np.bool_]:
    """Which outputs the loss can read."""
    lo, hi = loss.reading.window
    return (u >= lo - 1e-9) & (u <= hi + 1e-9)


def _hardest(losses: Sequence[Loss], pulls: Array) -> str:
    """Which loss pulls hardest, and which not at all; nan where one has no value."""
    hardest = losses[int(np.nan_to_num(pulls, nan=-1.0, posinf=np.inf).argmax())].name
    idle = [loss.name for loss, pull in zip(losses, pulls, strict=True) if pull == 0]
    rest = f", and {' and '.join(idle)} not at all." if idle else "."
    return f"Here {hardest} pulls hardest{rest}"


def _panel_of(i: int, loss: Loss) -> Json:
    reading = loss.reading
    (lo, hi), here = reading.window, f"here {i}"
    what, *_ = reading.label.split()
    nothing = f"no value: a {what} lies between {lo:.0f} and {hi:.0f}"
    inside = _inside(OUTPUTS, loss)
    names: list[Word] = ["L = ", "\ngradient "]
    if not inside.all():
        names = [
            chosen_by("output", ["L = " if has_value else nothing for has_value in inside]),
            chosen_by("output", ["\ngradient " if has_value else "" for has_value in inside]),
        ]
    value, slope = (number("value", here, "target", k, "output") for k in (0, 1))
    return panel(
        title=[loss.name],
        readout=[names[0], value, names[1], slope],
        lines=[
            curve((f"grid {i}",), (f"curve {i}", "target", 0), "blue", 2.6, label="L"),
            curve(
                (f"grid {i}",),
                (f"curve {i}", "target", 1),
                "path",
                2.0,
                dash=True,
                label="gradient",
            ),
        ],
        marks=[
            dots(("outputs", "output"), (here, "target", 0, "output"), "blue", 6),
            dots(("outputs", "output"), (here, "target", 1, "output"), "path", 6),
        ],
        moves=("output", None),
        labels=(reading.label, ""),
        extent=(reading.window, (-4.0, 4.0)),
        step=(0.05, 0.1),
        aspect=0.85,
        description=f"{loss.name} and its gradient, plotted against the {reading.label}.",
    )
