"""An evaluator that loads the parameters of a point into a copy of the model.

For models that recompute activations in their backward pass.
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .._checks.autograd import has_custom_backward
from .._inputs.examples import Examples, at_least_float32, call, map_tensors, tensors_of
from .evaluator import Points
from .kernels import PlainAttention
from .space import Space
from .threads import ThreadLocal


class MovedCopy:
    """An evaluator that loads a point's parameters into a copy of the model.

    For models that recompute activations in their backward pass, such as those that use activation
    checkpointing: the parameters that they find then must still be those of the point.
    """

    how = "on a copy of the model, with each point's parameters loaded into it"
    differentiable = True
    for_values = False

    def __init__(self, space: Space, model: nn.Module, loss: Callable[..., Tensor]):
        self.space, self.model, self.loss, self._own = space, model, loss, ThreadLocal()
        self.has_custom_backward = False  # known once a loss has been computed

    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        return torch.stack([_loss_at(theta, self, batch) for theta in points.each])

    def outputs(self, x: object, points: Points, size: int) -> object:
        raise NotImplementedError(
            f"the outputs of {type(self.model).__name__} can't be differentiated here, because "
            "its backward pass reads the parameters from the model itself; its loss can be "
            "differentiated: L(points)"
        )

    def losses_and_outputs(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        found = [self.loss_at(theta, batch) for theta in points.each]
        outputs = zip(*(tensors_of(outputs) for _, _, outputs in found), strict=True)
        return torch.stack([loss for loss, _, _ in found]), [torch.stack(t) for t in outputs]

    def model_at(self, theta: Tensor) -> nn.Module:
        """The thread's copy of the model, with the parameters of a point loaded."""
        return self._at(theta)[0]

    def loss_at(self, theta: Tensor, batch: Examples) -> tuple[Tensor, Tensor | None, object]:
        """Loss at a point, its gradient `(P,)` if it has one, and the model's outputs."""
        model, parameters = self._at(theta)
        with torch.enable_grad(), PlainAttention():
            outputs = call(model, batch.x)
            loss, gradient = self.loss(at_least_float32(outputs), batch.y).reshape(()), None
            self.has_custom_backward = has_custom_backward(loss)
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
                loss = self.loss(at_least_float32(call(model, batch.x)), batch.y).reshape(())
                slopes = torch.autograd.grad(loss, parameters, create_graph=True, allow_unused=True)
                along = [(g * v).sum() for g, v in zip(slopes, parts, strict=True) if g is not None]
                slope = sum(along, torch.zeros((), device=vector.device))
                if not slope.requires_grad:
                    return torch.zeros_like(vector)
                found = torch.autograd.grad(slope, parameters, allow_unused=True)
        except RuntimeError as err:
            raise ValueError(f"{no_second_derivatives(self.model)} ({err})") from err
        return self._joined(found, parameters)

    def _at(self, theta: Tensor) -> tuple[nn.Module, list[nn.Parameter]]:
        """The thread's copy, with a point's parameters loaded, and its trainable parameters."""
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

    def _joined(self, parts: Sequence[Tensor | None], like: list[nn.Parameter]) -> Tensor:
        """Parts for all parameters as one vector of the space; None counts as 0."""
        given = [torch.zeros_like(p) if g is None else g for g, p in zip(parts, like, strict=True)]
        return torch.cat([g.detach().flatten() for g in given]).to(self.space.dtype)


def no_second_derivatives(model: nn.Module) -> str:
    """The error for a model whose second derivatives are wrong or can't be computed."""
    return (
        f"the second derivatives of {type(model).__name__} can't be taken, because its backward "
        "pass can't be differentiated; recompute layers with "
        "torch.utils.checkpoint.checkpoint(…, use_reentrant=False), or differentiate through "
        "the solver instead of using the adjoint method"
    )


def _loss_at(theta: Tensor, evaluator: MovedCopy, batch: Examples) -> Tensor:
    apply: Callable[..., Tensor] = _LossAt.apply  # only newer versions of PyTorch type it
    return apply(theta, evaluator, batch)


class _LossAt(torch.autograd.Function):
    """The loss at a point as `MovedCopy` computes it, with its gradient."""

    @staticmethod
    def forward(ctx: Any, theta: Tensor, evaluator: MovedCopy, batch: Examples) -> Tensor:
        loss, ctx.gradient, _ = evaluator.loss_at(theta, batch)
        ctx.evaluator, ctx.batch = evaluator, batch
        ctx.save_for_backward(theta)
        return loss

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None, None]:
        (theta,) = ctx.saved_tensors
        gradient = ctx.gradient
        if torch.is_grad_enabled():  # the gradient itself will be differentiated
            apply: Callable[..., Tensor] = _GradientAt.apply
            gradient = apply(theta, gradient, ctx.evaluator, ctx.batch)
        return upstream * gradient, None, None


class _GradientAt(torch.autograd.Function):
    """The gradient at a point as `MovedCopy` computes it; its derivative is the Hessian."""

    @staticmethod
    def forward(
        ctx: Any, theta: Tensor, gradient: Tensor, evaluator: MovedCopy, batch: Examples
    ) -> Tensor:
        ctx.evaluator, ctx.batch = evaluator, batch
        ctx.save_for_backward(theta)
        return gradient.clone()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None, None, None]:
        (theta,) = ctx.saved_tensors
        return ctx.evaluator.product_at(theta, upstream, ctx.batch), None, None, None
