"""Ways to compute the losses of many points: the same numbers, the faster the more is known."""

import copy
from collections.abc import Callable, Iterator
from functools import cached_property, partial

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils._pytree import tree_flatten, tree_map

from .checks import close
from .engine import OfThread, UnitsFirst
from .examples import Examples, arguments, summable
from .folding import Folded
from .losses import CHART
from .space import Space
from .stacking import Chain


class Points:
    """Points in a row, or as linear combinations of a few.

    Args:
        basis: shape `(n, P)`, the points themselves if there are no coefficients.
        coefficients: shape `(n, m)`: the points are `coefficients @ basis`, of shape `(m, P)`.
    """

    def __init__(self, basis: Tensor, coefficients: Tensor | None = None):
        self.basis, self.coefficients = basis, coefficients

    def __len__(self) -> int:
        return len(self.basis if self.coefficients is None else self.coefficients)

    @cached_property
    def each(self) -> Tensor:
        """Every point, shape `(n, P)`."""
        return self.basis if self.coefficients is None else self.coefficients @ self.basis

    @property
    def are_differentiated(self) -> bool:
        """Whether someone may ask for the derivative of what is computed from them."""
        given = [t for t in (self.basis, self.coefficients) if t is not None]
        return any(
            torch._C._functorch.is_functorch_wrapped_tensor(t)
            or (torch.is_grad_enabled() and t.requires_grad)
            for t in given
        )


class Net:
    """A model as a function of its parameters and of inputs.

    Args:
        model: any module.
        steps: functions that make its parameters of a point, one after the other.
    """

    def __init__(self, model: nn.Module, *steps: Callable):
        self._model, self._steps, self._own = model, steps, OfThread()

    def of_thread(self) -> Callable:
        """A function of a point θ of shape `(P,)` and of inputs that returns the outputs.

        Each thread calls a copy of the model, for a call puts other parameters into it for a while.
        """
        if not hasattr(self._own, "model"):
            tensors = [*self._model.parameters(), *self._model.buffers()]
            shared = {id(t): t for t in tensors}  # a copy of the modules, not of their numbers
            self._own.model = copy.deepcopy(self._model, shared)
        return partial(_outputs, self._own.model, self._steps)


def _outputs(model: nn.Module, steps: tuple[Callable, ...], theta: Tensor, x):
    parameters = theta
    for step in steps:
        parameters = step(parameters)
    return functional_call(model, parameters, *arguments(x))


class OneByOne:
    """Any model, at one point after the other."""

    how = "one by one"
    differentiable = True

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
        """Outputs of the models for inputs x, with an axis of n in front."""
        return self._map(partial(self.net.of_thread(), x=x), points.each, size)

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


class Chained:
    """Chains of linear layers as a few large matrix products."""

    how = "as a chain of matrix products"
    differentiable = False

    def __init__(self, chain: Chain, loss: Callable[..., Tensor]):
        self.chain, self.loss = chain, loss

    @torch.no_grad()
    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        return torch.cat([self._losses(o, batch.y) for o in self._stacks(batch.x, points, size)])

    @torch.no_grad()
    def outputs(self, x: Tensor, points: Points, size: int) -> Tensor:
        # copies, for a stack is valid only until the next
        return torch.cat([stack.clone() for stack in self._stacks(x, points, size)])

    def _stacks(self, x: Tensor, points: Points, size: int) -> Iterator[Tensor]:
        return self.chain.outputs(x, points.basis, points.coefficients, size)

    def _losses(self, outputs: Tensor, y) -> Tensor:
        """The loss of each model of a stack, shape `(c,)`, from outputs `(c, N, …)`."""
        if self.loss in CHART and isinstance(y, Tensor):  # no need to go model by model
            each = self.loss.per_example(outputs, y.expand(len(outputs), *y.shape))
            return each.flatten(1).mean(1)
        with UnitsFirst():
            return torch.func.vmap(self.loss, in_dims=(0, None))(outputs, y).flatten()


def plain_way(space: Space, loss: Callable[..., Tensor]) -> OneByOne:
    """The model itself, at one point after the other: what every faster way is compared with."""
    return OneByOne(Net(space.model, space.rounded, space.parameters_at), loss)


def ways_of(
    space: Space, loss: Callable[..., Tensor], some: Examples, compile: bool
) -> list["OneByOne | Chained"]:
    """Ways to compute the losses of a model, the fastest first; the last can be relied on.

    A fast way is trusted if it computes what the model does, at its own point and away from it.

    Args:
        space: the model and its points.
        loss: of outputs and targets.
        some: examples on which the ways are tried.
        compile: whether to use `torch.compile` where it could help.
    """
    plain, points = plain_way(space, loss), _tried(space)

    def agrees(way: OneByOne | Chained) -> bool:
        return all(_agree(way, plain, some, Points(point.repeat(2, 1))) for point in points)

    if isinstance(some.x, Tensor) and some.x.ndim == 2 and space.precision == space.dtype:
        chain = Chain.of(space.model, space.names)
        if chain is not None and agrees(Chained(chain, loss)):
            return [Chained(chain, loss), Stacked(plain.net, loss), plain]
    folded = Folded.of(space.model)
    if folded is not None:
        net = Net(folded.net, space.rounded, space.parameters_at, folded.parameters)
        plain = OneByOne(net, loss) if agrees(OneByOne(net, loss)) else plain
    compiled = [Compiled(plain.net, loss)] if compile else []
    return [*compiled, Stacked(plain.net, loss), plain]


def _tried(space: Space) -> list[Tensor]:
    """The model's own point, where much may be 0 or 1 that isn't elsewhere, and another."""
    own = space.point()
    noise = torch.randn(space.P, generator=torch.Generator().manual_seed(0))
    return [own, own + own.abs().mean() * noise.to(own)]


@torch.no_grad()
def _agree(way: "OneByOne | Chained", plain: OneByOne, some: Examples, points: Points) -> bool:
    """Whether a way computes what the plain one does."""
    try:
        expected = plain.outputs(some.x, points, 1)
    except Exception:  # some models can't be called everywhere: nothing to compare there
        return True
    try:
        found = way.outputs(some.x, points, 2)
        way.losses(some, points, 2)
    except Exception:  # the loss can't be computed of many models at once, say
        return False
    (a, form), (b, other) = tree_flatten(found), tree_flatten(expected)
    return form == other and all(map(close, a, b))
