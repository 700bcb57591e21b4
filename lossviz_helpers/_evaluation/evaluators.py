"""Ways to compute the losses of many points: the same numbers, the faster the more is known."""

import copy
from collections.abc import Callable, Iterator
from functools import cached_property, partial

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from .._checks.loss import has_own_backward
from .._inputs.examples import Examples, arguments, call, map_tensors, summable, tensors_of
from ..losses import Loss
from .chain import Chain
from .engine import OfThread, PlainAttention, UnitsFirst, shell_of
from .space import Space


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
    def require_grad(self) -> bool:
        """Whether autograd follows what is computed from them."""
        given = [t for t in (self.basis, self.coefficients) if t is not None]
        return torch.is_grad_enabled() and any(t.requires_grad for t in given)

    @property
    def are_differentiated(self) -> bool:
        """Whether someone may ask for the derivative of what is computed from them."""
        given = [t for t in (self.basis, self.coefficients) if t is not None]
        return self.require_grad or any(map(torch._C._functorch.is_functorch_wrapped_tensor, given))


class Net:
    """A model as a function of its parameters and of inputs.

    Args:
        model: any module.
        steps: functions that make its parameters of a point, one after the other.
    """

    def __init__(self, model: nn.Module, *steps: Callable):
        self._model, self._steps, self._own = model, steps, OfThread()
        self._places = places_of(model)

    def of_thread(self) -> Callable:
        """A function of a point θ of shape `(P,)` and of inputs that returns the outputs.

        Each thread calls a copy of the model, for a call puts other parameters into it for a while.
        """
        if not hasattr(self._own, "model"):
            self._own.model = shell_of(self._model)
        return partial(_outputs, self._own.model, self._places, self._steps)


def places_of(model: nn.Module) -> dict[str, str]:
    """Every place of a model that holds a parameter, and the name that the parameter has.

    A module with two names is one place, for what is put there by one name is there by the other.
    Two modules that share a parameter are two places.

    >>> a, b = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    >>> b.weight = a.weight
    >>> places_of(nn.Sequential(a, b, a))
    {'0.weight': '0.weight', '1.weight': '0.weight'}
    """
    names = {id(p): name for name, p in model.named_parameters()}
    return {
        f"{module_name}.{name}".removeprefix("."): names[id(p)]
        for module_name, module in model.named_modules()
        for name, p in module._parameters.items()
        if p is not None
    }


def _outputs(
    model: nn.Module, places: dict[str, str], steps: tuple[Callable, ...], theta: Tensor, x
):
    parameters = theta
    for step in steps:
        parameters = step(parameters)
    given = {place: parameters[name] for place, name in places.items() if name in parameters}
    positional, by_name = arguments(x)
    # places are told one by one: with tie_weights a module of two names would keep what is put in
    return functional_call(model, given, positional, by_name, tie_weights=False)


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


class Standing(OneByOne):
    """A copy of the model that stands at the point.

    For models that compute in their backward pass, such as those with activation checkpoints: what
    they meet there must still be the parameters of the point.
    """

    how = "on a copy that stands there"
    for_values = False

    def __init__(self, space: Space, model: nn.Module, loss: Callable[..., Tensor]):
        self.space, self.model, self.loss, self._own = space, model, loss, OfThread()
        self.has_own_backward = False  # known once a loss was computed

    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        losses = [_LossAt.apply(theta, self, batch) for theta in points.each]
        return torch.stack(losses)

    def outputs(self, x, points: Points, size: int):
        raise NotImplementedError(
            f"the outputs of {type(self.model).__name__} can't be differentiated here, for its "
            "backward pass computes with parameters of its own; its loss can: L(points)"
        )

    def model_at(self, theta: Tensor) -> nn.Module:
        """The thread's copy of the model, moved to a point."""
        return self._at(theta)[0]

    def loss_at(self, theta: Tensor, batch: Examples) -> tuple[Tensor, Tensor | None, list[Tensor]]:
        """Loss at a point, its gradient `(P,)` if it has one, and the model's output tensors."""
        model, parameters = self._at(theta)
        with torch.enable_grad(), PlainAttention():
            outputs = call(model, batch.x)
            loss, gradient = self.loss(summable(outputs), batch.y).reshape(()), None
            self.has_own_backward = has_own_backward(loss)
            if loss.requires_grad:
                loss.backward()
                gradient = self._joined([p.grad for p in parameters], parameters)
        return loss.detach(), gradient, map_tensors(Tensor.detach, outputs)

    def product_at(self, theta: Tensor, vector: Tensor, batch: Examples) -> Tensor:
        """Hessian times a vector `(P,)`.

        Raises:
            ValueError: if the model's backward pass can't be differentiated.
        """
        model, parameters = self._at(theta)
        parts = [v.to(p) for v, p in zip(self._split(vector), parameters, strict=True)]
        try:
            with torch.enable_grad(), PlainAttention():
                loss = self.loss(summable(call(model, batch.x)), batch.y).reshape(())
                slopes = torch.autograd.grad(loss, parameters, create_graph=True, allow_unused=True)
                slope = sum(
                    (g * v).sum() for g, v in zip(slopes, parts, strict=True) if g is not None
                )
                if not slope.requires_grad:
                    return torch.zeros_like(vector)
                found = torch.autograd.grad(slope, parameters, allow_unused=True)
        except RuntimeError as err:
            raise ValueError(f"{no_second_derivatives(self.model)} ({err})") from err
        return self._joined(list(found), parameters)

    def _at(self, theta: Tensor) -> tuple[nn.Module, list[nn.Parameter]]:
        """The thread's copy, moved to a point, and its trainable parameters."""
        if not hasattr(self._own, "model"):
            self._own.model = copy.deepcopy(self.model)
        names = dict(self._own.model.named_parameters())
        parameters = [names[name] for name in self.space.names]
        with torch.no_grad():
            for p, value in zip(parameters, self._split(theta), strict=True):
                p.copy_(value)
                p.grad = None
        return self._own.model, parameters

    def _split(self, theta: Tensor) -> list[Tensor]:
        return list(self.space.parameters_at(theta).values())

    def _joined(self, parts: list[Tensor | None], like: list[nn.Parameter]) -> Tensor:
        """Parts for all parameters as one vector of the space; None is 0."""
        given = [torch.zeros_like(p) if g is None else g for g, p in zip(parts, like, strict=True)]
        return torch.cat([g.detach().flatten() for g in given]).to(self.space.dtype)


def no_second_derivatives(model: nn.Module) -> str:
    """What to say of a model whose second derivatives are wrong or can't be had."""
    return (
        f"the second derivatives of {type(model).__name__} can't be taken, for its backward pass "
        "can't be differentiated; let layers be recomputed by torch.utils.checkpoint.checkpoint("
        "…, use_reentrant=False), or differentiate through the solver instead of by an adjoint"
    )


class _LossAt(torch.autograd.Function):
    """The loss at a point as `Standing` computes it, with its gradient."""

    @staticmethod
    def forward(ctx, theta: Tensor, way: Standing, batch: Examples) -> Tensor:
        loss, ctx.gradient, _ = way.loss_at(theta, batch)
        ctx.way, ctx.batch = way, batch
        ctx.save_for_backward(theta)
        return loss

    @staticmethod
    def backward(ctx, upstream: Tensor):
        (theta,) = ctx.saved_tensors
        gradient = ctx.gradient
        if torch.is_grad_enabled():  # it will be differentiated itself
            gradient = _GradientAt.apply(theta, gradient, ctx.way, ctx.batch)
        return upstream * gradient, None, None


class _GradientAt(torch.autograd.Function):
    """The gradient at a point as `Standing` computes it; its derivative is the Hessian."""

    @staticmethod
    def forward(ctx, theta: Tensor, gradient: Tensor, way: Standing, batch: Examples) -> Tensor:
        ctx.way, ctx.batch = way, batch
        ctx.save_for_backward(theta)
        return gradient.clone()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, upstream: Tensor):
        (theta,) = ctx.saved_tensors
        return ctx.way.product_at(theta, upstream, ctx.batch), None, None, None


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
    differentiable, for_values = False, True

    def __init__(self, chain: Chain, loss: Callable[..., Tensor]):
        self.chain, self.loss = chain, loss

    @torch.no_grad()
    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        return torch.cat([self._losses(o, batch.y) for o in self._stacks(batch.x, points, size)])

    @torch.no_grad()
    def tried(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        (outputs,) = self._stacks(batch.x, points, len(points))
        return self._losses(outputs, batch.y), [outputs.clone()]

    @torch.no_grad()
    def outputs(self, x: Tensor, points: Points, size: int) -> Tensor:
        # copies, for a stack is valid only until the next
        return torch.cat([stack.clone() for stack in self._stacks(x, points, size)])

    def _stacks(self, x: Tensor, points: Points, size: int) -> Iterator[Tensor]:
        return self.chain.outputs(x, points.basis, points.coefficients, size)

    def _losses(self, outputs: Tensor, y) -> Tensor:
        """The loss of each model of a stack, shape `(c,)`, from outputs `(c, N, …)`."""
        if isinstance(self.loss, Loss) and isinstance(y, Tensor):  # no need to go model by model
            each = self.loss.per_example(outputs, y.expand(len(outputs), *y.shape))
            return each.flatten(1).mean(1)
        with UnitsFirst():
            return torch.func.vmap(self.loss, in_dims=(0, None))(outputs, y).flatten()
