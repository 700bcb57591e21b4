"""What copies of a model compute at two points: every evaluator is compared with this."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .._checks.comparing import displaced
from .._checks.model import check_buffers
from .._inputs.examples import Examples, tensors_of
from .space import Space
from .standing import Standing

# distances at which models are tried, relative to the size of their parameters
DISPLACEMENTS = (0.3, 0.1, 0.01, 0.0)


@dataclass(frozen=True)
class Reference:
    """What copies of a model compute on a batch at two points.

    Attributes:
        batch: some examples.
        points: the model's own point, and another; shape `(2, P)`.
        outputs: the output tensors at each.
        outputs_there: the outputs at the second point, in the form that the model returns.
        loss: at the second point; None if it can't be computed anywhere else.
        gradient: gradient of the loss at the second point, shape `(P,)`; None if there isn't one.
        there: a copy of the model at the second point.
        precision: dtype of the model.
        has_own_backward: whether a part of it has a backward pass of its own.
    """

    batch: Examples
    points: Tensor
    outputs: tuple[list[Tensor], list[Tensor]]
    outputs_there: object
    loss: Tensor | None
    gradient: Tensor | None
    there: nn.Module
    precision: torch.dtype
    has_own_backward: bool

    @classmethod
    def of(
        cls,
        space: Space,
        model: nn.Module,
        loss: Callable[..., Tensor],
        batch: Examples,
        own: list[Tensor],
    ) -> "Reference":
        """The reference of a model.

        Args:
            space: its points.
            model: the module that is evaluated.
            loss: a function of outputs and targets.
            batch: some examples.
            own: output tensors of the model on them, at its own point.
        """
        standing, here = Standing(space, model, loss), space.parameters_at(space.point())
        theta, value, gradient = space.point(), None, None
        outputs: object = own
        for displacement in DISPLACEMENTS:
            moved = torch.cat([p.flatten() for p in displaced(here, displacement).values()])
            moved = space.rounded(moved).to(space.dtype)
            try:
                found = standing.loss_at(moved, batch)
            except Exception:  # some models can't be called everywhere
                continue
            theta, (value, gradient, outputs) = moved, found
            if value.isfinite() and (gradient is None or gradient.isfinite().all()):
                break
        there = standing.model_at(theta)
        check_buffers(there, dict(model.named_buffers()))
        points = torch.stack([space.point(), theta])
        both = own, tensors_of(outputs)
        own_backward = standing.has_own_backward
        return cls(
            batch, points, both, outputs, value, gradient, there, space.precision, own_backward
        )
