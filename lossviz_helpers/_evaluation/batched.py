"""Many models of one architecture as a single one."""

from collections.abc import Callable

import torch
from torch import Tensor

from .._inputs.examples import Examples
from .evaluator import Points
from .kernels import UnitsFirst
from .loop import OneByOne
from .net import Net
from .threads import OfThread


class Stacked(OneByOne):
    """Many models of one architecture as a single one, by `torch.func.vmap`."""

    how = "as a stack of models"

    def _map_stack(self, function: Callable, stack: Tensor):
        if len(stack) == 1:  # nothing to share
            return super()._map_stack(function, stack)
        with UnitsFirst():
            return torch.func.vmap(function)(stack)


class Compiled(Stacked):
    """The same, compiled by `torch.compile`; for each thread, and without derivatives."""

    how = "compiled"
    differentiable = False

    def __init__(self, net: Net, loss: Callable[..., Tensor]):
        super().__init__(net, loss)
        self._own = OfThread()

    @torch.no_grad()
    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        compiled = self._compiled()
        return torch.cat([compiled(s, batch.x, batch.y) for s in points.each.split(size)])

    def _compiled(self) -> Callable:
        if not hasattr(self._own, "compiled"):
            loss = self._loss()
            stacked = torch.func.vmap(loss, in_dims=(0, None, None))

            @torch.compile
            def losses(stack: Tensor, x, y) -> Tensor:
                return loss(stack[0], x, y)[None] if len(stack) == 1 else stacked(stack, x, y)

            self._own.compiled = losses
        return self._own.compiled
