"""Losses that are weighted means, such as the mean over the tokens that aren't padding."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

SMALLEST = 1e-30  # stands for a total weight of 0, where the sum is 0 too


@dataclass(frozen=True)
class WeightedMean:
    """A loss Σ wᵢ·ℓᵢ / Σ wᵢ, exact in batches of any size.

    A plain mean over each batch isn't enough if some batches weigh more than others: with padding,
    with class weights, or with an ignored label. Here each batch counts by its weight.

    Args:
        parts: function of outputs and targets that returns the weighted sum Σ wᵢ·ℓᵢ and the total
            weight Σ wᵢ, two tensors of shape `()`. The weights may depend on the targets, not on
            the outputs: if they do, the loss is computed on all examples at once.
        quantity: what its values are called, on the axes of plots.

    Raises:
        TypeError: if `parts` can't be called.
        ValueError: when it is called, if `parts` doesn't return two numbers.

    >>> import torch
    >>> import torch.nn.functional as F
    >>> def per_token(logits, tokens):  # −100 marks padding
    ...     total = F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), reduction="sum")
    ...     return total, (tokens != -100).sum()
    >>> loss = WeightedMean(per_token)
    >>> loss(torch.zeros(2, 3, 4), torch.tensor([[0, 1, 2], [3, -100, -100]]))  # ln 4
    tensor(1.3863)
    """

    parts: Callable[..., tuple[Tensor, Tensor]]
    quantity: str = "loss"

    def __post_init__(self) -> None:
        if not callable(self.parts):
            raise TypeError(
                "WeightedMean takes a function of outputs and targets that returns (sum, weight), "
                f"got {type(self.parts).__name__}"
            )

    def __call__(self, outputs: Any, targets: Any) -> Tensor:
        total, weight = self._checked(self.parts(outputs, targets))
        return total / weight.to(total.dtype).clamp(min=SMALLEST)

    def weight(self, outputs: Any, targets: Any) -> Tensor:
        """The total weight of some examples, shape `()`."""
        return self._checked(self.parts(outputs, targets))[1]

    def _checked(self, found: Any) -> tuple[Tensor, Tensor]:
        pair = tuple(found) if isinstance(found, tuple | list) else ()
        if len(pair) != 2 or not all(isinstance(t, Tensor) and t.numel() == 1 for t in pair):
            raise ValueError(
                "the function of a WeightedMean must return (sum, weight), two tensors with one "
                f"number each, got {_kinds(found)}; a loss that is a mean needs no WeightedMean"
            )
        total, weight = pair
        return total.reshape(()), weight.reshape(())


def _kinds(found: Any) -> str:
    """What was returned, in words."""
    if isinstance(found, tuple | list):
        return f"({', '.join(map(_kinds, found))})"
    return f"shape {tuple(found.shape)}" if isinstance(found, Tensor) else type(found).__name__
