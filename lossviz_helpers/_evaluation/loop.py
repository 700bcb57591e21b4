"""Any model, at one point after the other."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from .._inputs.examples import Examples, summable, tensors_of
from .evaluator import Points
from .net import Net


class OneByOne:
    """Any model, at one point after the other."""

    how = "one by one"
    differentiable = True  # used where derivatives are asked for
    for_values = True  # and where they aren't

    def __init__(self, net: Net, loss: Callable[..., Tensor]):
        self.net, self.loss = net, loss

    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        """Losses on a batch, shape `(n,)`.

        Args:
            batch: examples.
            points: n of them.
            size: how many to evaluate at once, where that can be done.
        """
        return self._map(partial(self._loss(), x=batch.x, y=batch.y), points.each, size)

    def outputs(self, x, points: Points, size: int):
        """Outputs of the models for inputs x, with an axis of n in front of every tensor."""
        outputs, form = self.net.of_thread(), []

        def tensors(theta: Tensor) -> tuple[Tensor, ...]:
            found = outputs(theta, x)
            form[:] = tree_flatten(found)
            return tuple(tensors_of(found))

        found = iter(self._map(tensors, points.each, size))
        leaves, structure = form
        # what is no tensor, such as None, has no axis
        values = [next(found) if isinstance(leaf, Tensor) else leaf for leaf in leaves]
        return tree_unflatten(values, structure)

    def tried(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        """Losses and output tensors at all points at once, each with an axis of n in front."""
        outputs, loss = self.net.of_thread(), self.loss

        def both(theta: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
            found = outputs(theta, batch.x)
            return loss(summable(found), batch.y).reshape(()), tuple(tensors_of(found))

        losses, found = self._map(both, points.each, len(points))
        return losses, list(found)

    def _loss(self) -> Callable:
        """The loss as a function of a point, inputs and targets."""
        outputs, loss = self.net.of_thread(), self.loss
        return lambda theta, x, y: loss(summable(outputs(theta, x)), y).reshape(())

    def _map(self, function: Callable, points: Tensor, size: int):
        # copies of the points, for a layer may write into its parameters
        parts = [self._map_stack(function, stack.clone()) for stack in points.split(size)]
        return tree_map(lambda *tensors: torch.cat(tensors), *parts)

    def _map_stack(self, function: Callable, stack: Tensor):
        return tree_map(lambda *tensors: torch.stack(tensors), *map(function, stack))
