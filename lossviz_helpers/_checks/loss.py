"""Checks of a loss: it must be one real number, a function of outputs and targets alone."""

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import combinations, permutations
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from .._inputs.examples import (
    Examples,
    at_least_float32,
    describe,
    preserved_rng,
    tensors_of,
)
from ..losses import Loss, accuracy
from .autograd import same_parameters, sources
from .comparing import close
from .model import abbreviated, check_drawn, reason

PER_EXAMPLE_HINT = (
    "does the loss contain something with one entry per example, such as weights? Make it part "
    "of the targets: data (x, (y, weights)), and a loss that takes (outputs, (y, weights))"
)


@torch.no_grad()
def check_loss(
    model: nn.Module,
    loss: Callable[..., Tensor],
    outputs: object,
    sample: Examples,
    examples: Examples,
) -> None:
    """ValueError unless the loss of outputs can be computed and is one real number.

    The targets of all examples are checked, so that an invalid label is caught now. The model isn't
    called again for this: the outputs for the sample are reused for the other examples.
    """
    if isinstance(loss, type):
        raise TypeError(f"loss is the class {loss.__name__}; pass an instance: {loss.__name__}()")
    outputs = at_least_float32(outputs)
    known = isinstance(loss, Loss) and all(isinstance(t, Tensor) for t in (outputs, sample.y))
    with preserved_rng() as drawn:
        first = _loss_of(loss, outputs, sample.y, known)
        again = _loss_of(loss, outputs, sample.y, known=False)
        check_drawn(drawn, f"{type(model).__name__} or its loss")
        if not close(first, again):
            raise ValueError(
                "the loss of the same outputs changes from call to call, so it isn't a function of "
                "the point"
            )
        for batch in examples.blocks(len(sample)):
            _loss_of(loss, outputs, batch.y, known)
    if not isinstance(loss, Loss):
        _check_loss_of_outputs(model, loss, outputs, sample.y)


def check_loss_of_part(loss: Callable[..., Tensor], outputs: object, y: object) -> None:
    """ValueError unless the loss of fewer examples can be computed too."""
    with preserved_rng():
        _loss_of(loss, at_least_float32(outputs), y, known=False)


def _loss_of(loss: Callable[..., Tensor], outputs: object, y: object, known: bool) -> Tensor:
    """The loss of outputs, one real number; ValueError unless it is one."""
    found = f"outputs {describe(outputs)} and targets {describe(y)}"
    if known and isinstance(loss, Loss):
        assert isinstance(outputs, Tensor)
        assert isinstance(y, Tensor)
        loss.check(outputs, y)
    try:
        with Broadcasts(outputs, y):
            value = loss(outputs, y)
    except Exception as err:
        if isinstance(err, BroadcastError):
            raise
        hint = f"; {PER_EXAMPLE_HINT}" if "size" in str(err) or "shape" in str(err) else ""
        raise ValueError(f"the loss can't be computed on {found}: {reason(err)}{hint}") from err
    _check_value(value, loss, found)
    return value


class BroadcastError(ValueError):
    """Outputs and targets of different shapes were broadcast against each other."""


class Broadcasts(TorchFunctionMode):
    """Raise BroadcastError if a function broadcasts outputs and targets against each other.

    `(N, 1)` and `(N,)` are broadcast to N×N pairs, nearly all of which combine an output
    with the target of a different example. Losses that make pairs on purpose use other shapes.
    """

    def __init__(self, outputs: object, y: object):
        super().__init__()
        self._shapes = [{tuple(t.shape) for t in tensors_of(side)} for side in (outputs, y)]

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        given = [*args, *(kwargs or {}).values()]
        shapes = [tuple(a.shape) for a in given if isinstance(a, Tensor)]
        for a, b in combinations(shapes, 2):
            of_both = any(a in one and b in other for one, other in permutations(self._shapes))
            if of_both and _makes_pairs(a, b) and func not in _TAKE_CLASS_INDICES:
                raise BroadcastError(
                    f"the loss combines outputs of shape {self._first(0, a, b)} with targets of "
                    f"shape {self._first(1, a, b)}, so PyTorch broadcasts them to shape "
                    f"{_broadcast(a, b)}, which pairs nearly every output with the target of a "
                    "different example; give both the same shape, with outputs.squeeze(-1) in the "
                    "loss or y[:, None] in the data"
                )
        return func(*args, **(kwargs or {}))

    def _first(self, side: int, *shapes: tuple[int, ...]) -> tuple[int, ...]:
        return next(s for s in shapes if s in self._shapes[side])


_TAKE_CLASS_INDICES = {
    F.cross_entropy,
    F.nll_loss,
    F.multi_margin_loss,
}  # scores with class indices


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        return tuple(torch.broadcast_shapes(a, b))
    except RuntimeError:
        return None


def _makes_pairs(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether broadcasting gives more entries than either has, and one has fewer dimensions."""
    both = _broadcast(a, b)
    larger = max(math.prod(a), math.prod(b))
    return both is not None and len(a) != len(b) and math.prod(both) > larger


def _check_loss_of_outputs(
    model: nn.Module, loss: Callable[..., Tensor], outputs: object, y: object
) -> None:
    """ValueError if the loss reads parameters of the model, not only its outputs."""
    value = None
    with torch.enable_grad(), suppress(Exception):  # it worked without gradients enabled
        value = loss(outputs, y)
    through_outputs = {id(t) for t in sources(outputs)}
    direct = [t for t in sources(value) if id(t) not in through_outputs]
    if names := same_parameters(direct, model):
        raise ValueError(
            f"the loss reads parameters of the model ({abbreviated(names)}), which would stay "
            "fixed while the point moves; let forward return what the loss needs from them, such "
            "as a penalty, along with the outputs: a loss is a function of outputs and targets. If "
            "they are other tensors with the same values, freeze them: requires_grad_(False)"
        )


def _check_value(value: object, loss: object, found: str) -> None:
    if isinstance(value, Mapping | tuple | list):
        names = list(value) if isinstance(value, Mapping) else list(range(len(value)))
        first = names[0] if names else 0
        advice = "; if these are the sum and weight of a weighted mean, use WeightedMean(loss)"
        raise ValueError(
            f"the loss must return one number, got {describe(value)} for {found}; choose one: "
            f"lambda outputs, y: loss(outputs, y)[{first!r}]"
            + (advice if len(value) == 2 and not isinstance(value, Mapping) else "")
        )
    if not isinstance(value, Tensor):
        advice = "leave out .item()"
        if loss is accuracy:
            advice = "accuracy is a number to print; plot losses.error_rate, which is 1 − accuracy"
        raise ValueError(
            f"the loss must return a tensor, the mean over the examples, got "
            f"{type(value).__name__} for {found}; {advice}"
        )
    if value.numel() != 1 or not value.is_floating_point():
        raise ValueError(
            f"the loss must return one number, the mean over the examples, got {describe(value)} "
            f"for {found}; try reduction='mean', or .float().mean()"
        )
