"""A loss: a function of outputs and targets, its card, and worked examples."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

Numbers = float | tuple[float, ...]


@dataclass(frozen=True)
class Example:
    """One prediction and its loss, worked out by hand.

    Attributes:
        output: the model's output; a number, or one per class.
        target: in the form that the loss expects.
        value: the loss of this example, to four digits or more.
        gradient: derivative of the loss with respect to the output; as many numbers as the
            output has.

    >>> Example(output=3.0, target=1.0, value=4.0, gradient=4.0)  # of squared error
    Example(output=3.0, target=1.0, value=4.0, gradient=4.0)
    """

    output: Numbers
    target: Numbers
    value: float
    gradient: Numbers


def _as_output(u: Tensor) -> Tensor:
    return u


def _as_target(u: Tensor, y: int) -> Tensor:
    return torch.full_like(u, y)


@dataclass(frozen=True)
class Reading:
    """How a loss interprets a single model output u, and a target that is 0 or 1.

    Plots of a loss vary u: the explorer of chapter 1 draws every loss over its window.

    Attributes:
        label: what u is to this loss.
        window: the range of u.
        outputs: what the model gives for each u, `(n,)` → `(n, …)`.
        targets: the target for each u `(n,)` and a y that is 0 or 1. With it, the loss pulls u up
            for y = 1 and down for y = 0.

    >>> u = torch.tensor([-2.0, 2.0])
    >>> Reading().outputs(u), Reading().targets(u, 1)
    (tensor([-2.,  2.]), tensor([1., 1.]))
    """

    label: str = "prediction ŷ"
    window: tuple[float, float] = (-4.0, 4.0)
    outputs: Callable[[Tensor], Tensor] = _as_output
    targets: Callable[[Tensor, int], Tensor] = _as_target


@dataclass(frozen=True)
class Loss:
    """A loss function that knows what it expects.

    Calling it gives the mean over the examples, a tensor of shape `()`. Differentiable.

    Attributes:
        name: its usual name.
        per_example: function of outputs and targets that returns shape `(N,)`.
        formula: in LaTeX, for one example; without `|`, which would end a table cell.
        gradient: derivative of the formula, in LaTeX, with respect to the model's output.
        expects: outputs and targets, in words.
        units: what one unit of loss means.
        used_for: where it is used.
        validate: called with name, outputs and targets; raises ValueError if they don't fit.
        examples: predictions whose loss and gradient are known; the tests compare them with
            `per_example`, with its derivative, and with the formulas of the card.
        reading: how plots vary a single output of the model.
        quantity: the label of its values, on the axes of plots.

    >>> from lossviz_helpers import squared_error
    >>> squared_error(torch.tensor([0.0, 2.0]), torch.tensor([0.0, 0.0]))
    tensor(2.)
    """

    name: str
    per_example: Callable[[Tensor, Tensor], Tensor]
    formula: str
    gradient: str
    expects: str
    units: str
    used_for: str
    validate: Callable[[str, Tensor, Tensor], None] = field(repr=False)
    examples: tuple[Example, ...] = ()
    reading: Reading = Reading()
    quantity: str = "loss"

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self.per_example(outputs, targets).mean()

    def __repr__(self) -> str:
        return f"<Loss: {self.name}>"

    def check(self, outputs: Tensor, targets: Tensor) -> None:
        """Raise ValueError if outputs or targets aren't what this loss expects.

        Args:
            outputs, targets: as in a call. Checking all values takes time, so do it only once.

        >>> from lossviz_helpers import hinge
        >>> hinge.check(torch.zeros(2), torch.tensor([0.0, 1.0]))
        Traceback (most recent call last):
        ...
        ValueError: hinge expects targets of −1 or +1, got values from 0 to 1; for 0/1 labels, ...
        """
        if outputs.numel() == 0 or targets.numel() == 0:
            raise ValueError(
                f"{self.name} needs at least one example, got outputs of shape "
                f"{tuple(outputs.shape)} and targets of shape {tuple(targets.shape)}"
            )
        self.validate(self.name, outputs, targets)
