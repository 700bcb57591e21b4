"""What is tried before a landscape is trusted, and the ways to compute it that stand the trial.

A model is looked at on a few examples, on copies that are thrown away. Copies that stand at its
own point and at another one say what is right, by plain calls and a plain backward pass; every
way to compute many points has to agree with them.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .._checks.comparing import close, displaced
from .._checks.model import check_buffers, check_parameters_used
from .._inputs.examples import Examples, tensors_of
from .batched import Compiled, Stacked
from .chain import Chain
from .chained import Chained
from .evaluator import Points
from .folded import Folded
from .loop import OneByOne
from .net import Net
from .space import Space
from .standing import Standing

AWAY = (0.3, 0.1, 0.01, 0.0)  # how far away models are tried, in sizes of their parameters


@dataclass(frozen=True)
class Reference:
    """What copies of a model that stand at two points compute on a batch.

    Attributes:
        batch: some examples.
        points: the model's own point, and another; shape `(2, P)`.
        outputs: the output tensors at each.
        outputs_there: those at the second point, in the form in which the model returns them.
        loss: at the second point; None if it can't be computed anywhere else.
        gradient: of the loss at the second point, shape `(P,)`; None if it has none.
        there: a copy of the model that stands at the second point.
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
        cls, space: Space, model: nn.Module, loss: Callable, batch: Examples, own: list[Tensor]
    ) -> "Reference":
        """The reference of a model.

        Args:
            space: its points.
            model: in the form in which it is evaluated.
            loss: of outputs and targets.
            batch: some examples.
            own: output tensors of the model on them, at its own point.
        """
        standing, here = Standing(space, model, loss), space.parameters_at(space.point())
        theta, value, gradient, outputs = space.point(), None, None, own
        for away in AWAY:
            moved = torch.cat([p.flatten() for p in displaced(here, away).values()])
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


def ways_of(
    space: Space,
    model: nn.Module,
    loss: Callable[..., Tensor],
    reference: Reference,
    stacks: bool,
    compile: bool,
) -> list[OneByOne | Chained]:
    """Ways to compute the losses of a model, the fastest first; the last can be relied on.

    Args:
        space: the points.
        model: in the form in which it is evaluated.
        loss: of outputs and targets.
        reference: what is right.
        stacks: whether several points are ever evaluated at once.
        compile: whether to use `torch.compile` where it could help.

    Raises:
        ValueError: if the model called with other parameters is not the model that has them.
    """
    steps, folded = (space.rounded, space.parameters_at), Folded.of(model)
    base = None
    if folded is not None:
        base = OneByOne(Net(folded.net, *steps, folded.parameters), loss)
        base = base if _agrees(base, reference) == (True, True) else None
    if base is None:
        base = OneByOne(Net(model, *steps), loss)
        base.differentiable = _prove(base, model, reference)
    ways: list[OneByOne | Chained] = [*(_stacked(base, model, reference) if stacks else []), base]
    if not base.differentiable:
        ways.append(Standing(space, model, loss))
    if isinstance(reference.batch.x, Tensor) and reference.batch.x.ndim == 2:
        chain = Chain.of(model, space.names) if space.precision == space.dtype else None
        if chain is not None and _agrees(Chained(chain, loss), reference)[0]:
            return [Chained(chain, loss), *ways]
    return [Compiled(base.net, loss), *ways] if compile else ways


def _stacked(base: OneByOne, model: nn.Module, reference: Reference) -> list[OneByOne]:
    """The base as a stack of models, if that gives the same numbers."""
    stacked = Stacked(base.net, base.loss)
    right, derivable = _agrees(stacked, reference)
    stacked.differentiable = derivable and base.differentiable
    if not right:
        warnings.warn(
            f"{type(model).__name__} {stacked.how} gives other numbers than one at a time, so its "
            "points are evaluated one by one",
            stacklevel=5,
        )
    return [stacked] if right else []


def _prove(plain: OneByOne, model: nn.Module, reference: Reference) -> bool:
    """Whether derivatives of the plain way are right; ValueError unless its numbers are."""
    name, (here, theta) = type(model).__name__, reference.points.split(1)
    with torch.no_grad():
        loss, outputs = plain.tried(reference.batch, Points(here))
    if not _same(outputs, reference.outputs[0]):
        raise ValueError(
            f"{name} called as it is gives other outputs than with the same parameters handed to "
            f"it, when its loss is {loss.item():.6g}; does it keep results from earlier calls? "
            "nn.TransformerEncoder needs enable_nested_tensor=False"
        )
    if reference.loss is None:  # there is no other point at which it can be called
        return True
    theta = theta.clone().requires_grad_()
    try:
        with torch.enable_grad():
            loss, outputs = plain.tried(reference.batch, Points(theta))
            check_parameters_used(model, outputs)
            derivable = reference.gradient is None or _same_slope(loss, theta, reference)
    except RuntimeError:  # a layer that writes into its parameters, say
        with torch.no_grad():
            _, outputs = plain.tried(reference.batch, Points(theta.detach()))
        derivable = False
    if not _same(outputs, reference.outputs[1]):
        raise ValueError(
            f"{name} called with other parameters gives other outputs than a copy that has "
            "them; does it keep results from earlier calls, or reach parameters through "
            "something else than the attributes of its modules?"
        )
    return derivable


def _agrees(way: OneByOne | Chained, reference: Reference) -> tuple[bool, bool]:
    """Whether the numbers of a way are right, and whether its derivatives are.

    One that raises an error gives no wrong number: a stack says so when it is used.
    """
    points = reference.points.clone().requires_grad_(way.differentiable)
    with torch.enable_grad():
        try:
            losses, outputs = way.tried(reference.batch, Points(points))
        except Exception:
            return type(way) is Stacked, True
        for i, expected in enumerate(reference.outputs):
            if not _same([t[i : i + 1] for t in outputs], expected):
                return False, False
        if reference.loss is None or reference.gradient is None or not way.differentiable:
            return True, way.differentiable
        return True, _same_slope(losses[1], points, reference)


def _same(outputs: Sequence[Tensor], expected: list[Tensor]) -> bool:
    """Whether output tensors of one point, with an axis of 1 in front, are those expected."""
    if [t.shape[1:] for t in outputs] != [t.shape for t in expected]:
        return False
    return all(close(t.detach()[0], e) for t, e in zip(outputs, expected, strict=True))


def _same_slope(loss: Tensor, points: Tensor, reference: Reference) -> bool:
    """Whether the loss at the last of some points has the gradient that it should."""
    try:
        slope = torch.autograd.grad(loss.sum(), points)[0][-1]
    except RuntimeError:  # a backward pass that needs its parameters in their own place
        return False
    eps = torch.finfo(reference.precision).eps
    off = (slope - reference.gradient).norm()
    return bool(off <= min(0.1, 30 * eps**0.5) * reference.gradient.norm() + eps)
