"""Chains of linear layers as a few large matrix products."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from .._inputs.examples import Examples
from ..losses import Loss
from .chain import Chain
from .evaluator import Points
from .kernels import UnitsFirst


class Chained:
    """An evaluator for chains of linear layers and element-wise functions."""

    how = "as a chain of matrix products"
    differentiable = False
    for_values = True

    def __init__(self, chain: Chain, loss: Callable[..., Tensor]):
        self.chain, self.loss = chain, loss

    @torch.no_grad()
    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        return torch.cat([self._losses(o, batch.y) for o in self._stacks(batch.x, points, size)])

    @torch.no_grad()
    def outputs(self, x: object, points: Points, size: int) -> Tensor:
        # copies: a stack is valid only until the next one
        return torch.cat([stack.clone() for stack in self._stacks(x, points, size)])

    @torch.no_grad()
    def losses_and_outputs(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        (outputs,) = self._stacks(batch.x, points, len(points))
        return self._losses(outputs, batch.y), [outputs.clone()]

    def _stacks(self, x: object, points: Points, size: int) -> Iterator[Tensor]:
        assert isinstance(x, Tensor)  # a chain has one input
        return self.chain.outputs(x, points.basis, points.coefficients, size)

    def _losses(self, outputs: Tensor, y: object) -> Tensor:
        """The loss of each model of a stack, shape `(c,)`, from outputs `(c, N, …)`."""
        if isinstance(self.loss, Loss) and isinstance(y, Tensor):  # no need to go model by model
            each = self.loss.per_example(outputs, y.expand(len(outputs), *y.shape))
            return each.flatten(1).mean(1)
        with UnitsFirst():
            return torch.func.vmap(self.loss, in_dims=(0, None))(outputs, y).flatten()
