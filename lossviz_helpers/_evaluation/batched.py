"""Many models of one architecture as a single one."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from .._inputs.examples import Examples
from .evaluator import Points
from .kernels import UnitsFirst
from .loop import Loop
from .net import Net
from .threads import ThreadLocal


class Batched(Loop):
    """An evaluator that batches models with `torch.func.vmap`."""

    how = "as a batch of models"

    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        loss_at, losses = partial(self.net.loss_at(self.loss), x=batch.x, y=batch.y), []
        batched = torch.func.vmap(loss_at)
        for stack in map(torch.clone, points.each.split(size)):
            if len(stack) == 1:  # there is nothing to share
                losses.append(loss_at(stack[0])[None])
            else:
                with UnitsFirst():
                    losses.append(batched(stack))
        return torch.cat(losses)

    def _map_stack(
        self, function: Callable[[Tensor], tuple[Tensor, ...]], stack: Tensor
    ) -> tuple[Tensor, ...]:
        if len(stack) == 1:
            return super()._map_stack(function, stack)
        with UnitsFirst():
            return torch.func.vmap(function)(stack)


class Compiled(Batched):
    """The same, compiled with `torch.compile`, once per thread; it can't be differentiated."""

    how = "with torch.compile"
    differentiable = False

    def __init__(self, net: Net, loss: Callable[..., Tensor]):
        super().__init__(net, loss)
        self._own = ThreadLocal()

    @torch.no_grad()
    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        compiled = self._compiled()
        return torch.cat([compiled(s, batch.x, batch.y) for s in points.each.split(size)])

    def _compiled(self) -> Callable[[Tensor, object, object], Tensor]:
        if not hasattr(self._own, "compiled"):
            loss_at = self.net.loss_at(self.loss)
            batched = torch.func.vmap(loss_at, in_dims=(0, None, None))

            @torch.compile
            def losses(stack: Tensor, x: object, y: object) -> Tensor:
                return loss_at(stack[0], x, y)[None] if len(stack) == 1 else batched(stack, x, y)

            self._own.compiled = losses
        compiled: Callable[[Tensor, object, object], Tensor] = self._own.compiled
        return compiled
