"""Any model, one point at a time."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_unflatten

from .._inputs.examples import Examples, at_least_float32, tensors_of
from .evaluator import Points
from .net import Net


class Loop:
    """An evaluator for any model: it goes through the points one by one."""

    how = "one by one"
    differentiable = True
    for_values = True

    def __init__(self, net: Net, loss: Callable[..., Tensor]):
        self.net, self.loss = net, loss

    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        loss_at = partial(self.net.loss_at(self.loss), x=batch.x, y=batch.y)
        # copies of the points, one at a time: a layer may modify its parameters in place
        return torch.stack(list(map(loss_at, map(torch.clone, points.each))))

    def outputs(self, x: object, points: Points, size: int) -> object:
        outputs_at = self.net.outputs_at()
        structures: list[Any] = []

        def tensors(theta: Tensor) -> tuple[Tensor, ...]:
            found = outputs_at(theta, x)
            structures[:] = tree_flatten(found)
            return tuple(tensors_of(found))

        found = iter(self._map(tensors, points.each, size))
        leaves, structure = structures
        # anything that isn't a tensor, such as None, is returned as it is
        values = [next(found) if isinstance(leaf, Tensor) else leaf for leaf in leaves]
        return tree_unflatten(values, structure)

    def losses_and_outputs(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        outputs_at, loss_of = self.net.outputs_at(), self.loss

        def both(theta: Tensor) -> tuple[Tensor, ...]:
            found = outputs_at(theta, batch.x)
            loss = loss_of(at_least_float32(found), batch.y).reshape(())
            return loss, *tensors_of(found)

        losses, *outputs = self._map(both, points.each, len(points))
        return losses, outputs

    def _map(
        self, function: Callable[[Tensor], tuple[Tensor, ...]], points: Tensor, size: int
    ) -> tuple[Tensor, ...]:
        """The results of a function at every point, stacked."""
        parts = [self._map_stack(function, stack.clone()) for stack in points.split(size)]
        return tuple(torch.cat(tensors) for tensors in zip(*parts, strict=True))

    def _map_stack(
        self, function: Callable[[Tensor], tuple[Tensor, ...]], stack: Tensor
    ) -> tuple[Tensor, ...]:
        return tuple(torch.stack(tensors) for tensors in zip(*map(function, stack), strict=True))
