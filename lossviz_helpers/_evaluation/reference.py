"""What copies of a model compute at two points: every evaluator is compared with these results."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .._checks.comparing import perturbed
from .._checks.model import check_buffers
from .._inputs.examples import Examples, tensors_of
from .moved_copy import MovedCopy
from .space import Space

# perturbations at which models are tested, relative to the size of their parameters
PERTURBATIONS = (0.3, 0.1, 0.01, 0.0)


@dataclass(frozen=True)
class Reference:
    """What copies of a model compute on a batch at two points.

    Attributes:
        batch: some examples.
        points: the model's own point, and another; shape `(2, P)`.
        outputs: the output tensors at each.
        moved_outputs: the outputs at the second point, in the structure that the model returns.
        loss: at the second point; None if it can't be computed anywhere else.
        gradient: gradient of the loss at the second point, shape `(P,)`; None if there isn't one.
        moved_model: a copy of the model at the second point.
        precision: dtype of the model.
        has_custom_backward: whether part of it has a custom backward pass.
    """

    batch: Examples
    points: Tensor
    outputs: tuple[list[Tensor], list[Tensor]]
    moved_outputs: object
    loss: Tensor | None
    gradient: Tensor | None
    moved_model: nn.Module
    precision: torch.dtype
    has_custom_backward: bool

    @classmethod
    def of(
        cls,
        space: Space,
        model: nn.Module,
        loss: Callable[..., Tensor],
        batch: Examples,
        own: list[Tensor],
    ) -> "Reference":
        """The reference results for a model.

        Args:
            space: its points.
            model: the module that is evaluated.
            loss: a function of outputs and targets.
            batch: some examples.
            own: output tensors of the model on them, at its own point.
        """
        copy, here = MovedCopy(space, model, loss), space.parameters_at(space.point())
        theta, value, gradient = space.point(), None, None
        outputs: object = own
        for perturbation in PERTURBATIONS:
            moved = torch.cat([p.flatten() for p in perturbed(here, perturbation).values()])
            moved = space.rounded(moved).to(space.dtype)
            try:
                found = copy.loss_at(moved, batch)
            except Exception:  # some models can't be called everywhere
                continue
            theta, (value, gradient, outputs) = moved, found
            if value.isfinite() and (gradient is None or gradient.isfinite().all()):
                break
        moved_model = copy.model_at(theta)
        check_buffers(moved_model, dict(model.named_buffers()))
        points = torch.stack([space.point(), theta])
        both = own, tensors_of(outputs)
        custom = copy.has_custom_backward
        return cls(
            batch, points, both, outputs, value, gradient, moved_model, space.precision, custom
        )
