"""A loss, and its card."""

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True)
class Loss:
    """A loss function that knows what it expects.

    Calling it gives the mean over the examples, a tensor of shape `()`. Differentiable.

    Attributes:
        name: its usual name.
        per_example: function of outputs and targets that returns shape `(N,)`.
        formula: in LaTeX, for one example. No `|` in it: that would end the cell of a table.
        gradient: of the formula, in LaTeX, with respect to the model's output.
        expects: outputs and targets, in words.
        units: what one unit of loss means.
        used_for: where it is met.
        quantity: what its values are, on the axes of pictures.

    >>> import torch
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
    quantity: str = "loss"

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self.per_example(outputs, targets).mean()

    def __repr__(self) -> str:
        return f"<Loss: {self.name}>"

    def check(self, outputs: Tensor, targets: Tensor) -> None:
        """Raise ValueError if outputs or targets are not what this loss expects.

        Args:
            outputs, targets: as in a call; looking at all values takes time, so do it once.

        >>> import torch
        >>> from lossviz_helpers import hinge
        >>> hinge.check(torch.zeros(2), torch.tensor([0.0, 1.0]))
        Traceback (most recent call last):
        ...
        ValueError: hinge expects targets −1 or +1, got values from 0 to 1; 0/1 labels become 2y − 1
        """
        if outputs.numel() == 0 or targets.numel() == 0:
            raise ValueError(
                f"{self.name} needs at least one example, got outputs of shape "
                f"{tuple(outputs.shape)} and targets of shape {tuple(targets.shape)}"
            )
        self.validate(self.name, outputs, targets)
