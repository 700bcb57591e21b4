"""Testing the evaluators: each has to agree with copies of the model at two points."""

import warnings
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from .._checks.comparing import close
from .._checks.model import check_parameters_used
from .batched import Batched, Compiled
from .chain import Chain
from .chained import Chained
from .evaluator import Evaluator, Points
from .folded import Folded
from .loop import Loop
from .moved_copy import MovedCopy
from .net import Net
from .reference import Reference
from .space import Space


def evaluators_of(
    space: Space,
    model: nn.Module,
    loss: Callable[..., Tensor],
    reference: Reference,
    batches: bool,
    compile: bool,
) -> list[Evaluator]:
    """Evaluators of a model that pass the test, the fastest first; the last one always works.

    Args:
        space: the points.
        model: the module that is evaluated.
        loss: a function of outputs and targets.
        reference: the correct results.
        batches: whether several points are ever evaluated at once.
        compile: whether to use `torch.compile` where it could help.

    Raises:
        ValueError: if the model called with substituted parameters gives different outputs from a
            copy that holds them.
    """
    loop = _folded_loop(space, model, loss, reference)
    if loop is None:
        loop = Loop(Net(model, space.rounded, space.parameters_at), loss)
        loop.differentiable = _check_loop(loop, model, reference)
    evaluators: list[Evaluator] = [loop]
    if batches and (batched := _batched(loop, model, reference)):
        evaluators.insert(0, batched)
    if not loop.differentiable:
        evaluators.append(MovedCopy(space, model, loss))
    if chained := _chained(space, model, loss, reference):
        evaluators.insert(0, chained)
    elif compile:
        evaluators.insert(0, Compiled(loop.net, loss))
    return evaluators


def _folded_loop(
    space: Space, model: nn.Module, loss: Callable[..., Tensor], reference: Reference
) -> Loop | None:
    """A loop over a model whose norms are folded; None if it has none, or if the results differ."""
    folded = Folded.of(model)
    if folded is None:
        return None
    net = Net(folded.net, space.rounded, space.parameters_at, folded.parameters)
    loop = Loop(net, loss)
    return loop if _agrees(loop, reference) == (True, True) else None


def _chained(
    space: Space, model: nn.Module, loss: Callable[..., Tensor], reference: Reference
) -> Chained | None:
    """The model as a chain of linear layers; None if it isn't one, or if the results differ."""
    x = reference.batch.x
    if space.precision != space.dtype or not isinstance(x, Tensor) or x.ndim != 2:
        return None
    chain = Chain.of(model, space.names)
    chained = None if chain is None else Chained(chain, loss)
    return chained if chained and _agrees(chained, reference)[0] else None


def _batched(loop: Loop, model: nn.Module, reference: Reference) -> Batched | None:
    """The same net as a batch of models; None if that gives different numbers."""
    batched = Batched(loop.net, loop.loss)
    correct, differentiable = _agrees(batched, reference)
    batched.differentiable = differentiable and loop.differentiable
    if not correct:
        warnings.warn(
            f"{type(model).__name__} gives different results {batched.how}, so its "
            "points are evaluated one by one",
            stacklevel=5,
        )
    return batched if correct else None


def _check_loop(loop: Loop, model: nn.Module, reference: Reference) -> bool:
    """Whether the derivatives of a loop are correct; ValueError unless its outputs are."""
    name, (here, theta) = type(model).__name__, reference.points.split(1)
    with torch.no_grad():
        loss, outputs = loop.losses_and_outputs(reference.batch, Points(here))
    if not _same(outputs, reference.outputs[0]):
        raise ValueError(
            f"{name} gives different outputs when its own parameters are passed to it, and its "
            f"loss becomes {loss.item():.6g}; does it keep results from earlier calls? "
            "nn.TransformerEncoder needs enable_nested_tensor=False"
        )
    if reference.loss is None:  # it can't be called at any other point
        return True
    theta = theta.clone().requires_grad_()
    try:
        with torch.enable_grad():
            loss, outputs = loop.losses_and_outputs(reference.batch, Points(theta))
            check_parameters_used(model, outputs)
            differentiable = reference.gradient is None or _same_slope(loss, theta, reference)
    except RuntimeError:  # a layer that modifies its parameters in place, say
        with torch.no_grad():
            _, outputs = loop.losses_and_outputs(reference.batch, Points(theta.detach()))
        differentiable = False
    if not _same(outputs, reference.outputs[1]):
        raise ValueError(
            f"{name} called with other parameters gives different outputs from a copy that has "
            "them; does it keep results from earlier calls, or reach parameters through "
            "anything but the attributes of its modules?"
        )
    return differentiable


def _agrees(evaluator: Evaluator, reference: Reference) -> tuple[bool, bool]:
    """Whether the results of an evaluator are correct, and whether its derivatives are.

    An error doesn't count as a wrong result: it will be raised again when the evaluator is used.
    """
    points = reference.points.clone().requires_grad_(evaluator.differentiable)
    with torch.enable_grad():
        try:
            losses, outputs = evaluator.losses_and_outputs(reference.batch, Points(points))
        except Exception:
            return type(evaluator) is Batched, True
        for i, expected in enumerate(reference.outputs):
            if not _same([t[i : i + 1] for t in outputs], expected):
                return False, False
        if reference.loss is None or reference.gradient is None or not evaluator.differentiable:
            return True, evaluator.differentiable
        return True, _same_slope(losses[1], points, reference)


def _same(outputs: Sequence[Tensor], expected: list[Tensor]) -> bool:
    """Whether output tensors at one point, with a leading dimension of 1, are the expected ones."""
    if [t.shape[1:] for t in outputs] != [t.shape for t in expected]:
        return False
    return all(close(t.detach()[0], e) for t, e in zip(outputs, expected, strict=True))


def _same_slope(loss: Tensor, points: Tensor, reference: Reference) -> bool:
    """Whether the loss at the last of the given points has the reference gradient."""
    try:
        slope = torch.autograd.grad(loss.sum(), points)[0][-1]
    except RuntimeError:  # a backward pass that needs its parameters in the model itself
        return False
    assert reference.gradient is not None
    eps = torch.finfo(reference.precision).eps
    error = (slope - reference.gradient).norm()
    return bool(error <= min(0.1, 30 * eps**0.5) * reference.gradient.norm() + eps)
