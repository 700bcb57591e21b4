"""How much each example counts in a loss that is a weighted mean."""

from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter

import torch
from torch import Tensor, nn

from .._checks.independence import is_batch_first
from .._inputs.examples import Examples, at_least_float32, call, map_tensors
from ..losses import WeightedMean


@torch.no_grad()
def with_weights(
    model: nn.Module, loss: Callable[..., Tensor], examples: Examples, batch: int
) -> Examples:
    """The examples with their weights in the loss; unchanged unless it is a `WeightedMean`.

    A weight may depend on an example's targets, so one forward pass tells all of them. Whether they
    depend on the outputs as well is checked later, at another point.

    Raises:
        ValueError: if a weight is negative or not finite, or all of them are 0.
    """
    if not isinstance(loss, WeightedMean):
        return examples
    found: list[Tensor] = []
    for part in examples.split(batch):
        outputs = at_least_float32(call(model, part.x))
        if not is_batch_first(outputs, len(part)):
            raise ValueError(
                "a WeightedMean needs outputs with one entry per example in their first dimension; "
                "move it to the front in forward"
            )
        for i in range(len(part)):
            row = slice(i, i + 1)
            found.append(loss.weight(map_tensors(itemgetter(row), outputs), part[row].y))
    weights = torch.stack(found).double().cpu()
    if not (weights.isfinite().all() and (weights >= 0).all() and weights.any()):
        raise ValueError(
            "the weights of a WeightedMean must be finite, none negative and not all 0, got from "
            f"{weights.min().item():g} to {weights.max().item():g}"
        )
    return replace(examples, weights=weights)
