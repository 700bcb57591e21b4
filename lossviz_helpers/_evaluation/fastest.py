"""An evaluator that delegates to the fastest of several that can do the job."""

import warnings
from collections.abc import Iterator
from types import TracebackType

import torch
from torch import Tensor

from .._inputs.examples import Examples, map_tensors
from .evaluator import Evaluator, Points
from .kernels import PlainAttention


class Fastest:
    """An evaluator that delegates to the first of several that can do the job.

    An evaluator that fails isn't tried again, and a warning says so. If the last one fails, the
    error comes from the model or its loss, and is raised unchanged.

    Args:
        evaluators: the fastest first.
        name: name of the model.
    """

    how = "as fast as possible"
    differentiable = True
    for_values = True

    def __init__(self, evaluators: list[Evaluator], name: str):
        self.evaluators, self.name = evaluators, name

    def losses(self, batch: Examples, points: Points, size: int) -> Tensor:
        if len(points) == 0:  # one point shows what structure the result has
            return self.losses(batch, _one_like(points), size)[:0]
        for attempt in self._attempts(points):
            with attempt:
                losses = attempt.evaluator.losses(batch, points, size)
        return losses

    def outputs(self, x: object, points: Points, size: int) -> object:
        if len(points) == 0:
            return map_tensors(lambda t: t[:0], self.outputs(x, _one_like(points), size))
        for attempt in self._attempts(points):
            with attempt:
                outputs = attempt.evaluator.outputs(x, points, size)
        return outputs

    def losses_and_outputs(self, batch: Examples, points: Points) -> tuple[Tensor, list[Tensor]]:
        for attempt in self._attempts(points):
            with attempt:
                both = attempt.evaluator.losses_and_outputs(batch, points)
        return both

    def _attempts(self, points: Points) -> Iterator["_Attempt"]:
        """One attempt after the other, until one succeeds."""
        differentiate = points.are_differentiated
        failed: list[tuple[Evaluator, Exception]] = []
        usable = [
            e for e in self.evaluators if (e.differentiable if differentiate else e.for_values)
        ]
        for evaluator in usable:
            attempt = _Attempt(evaluator, is_last=evaluator is usable[-1])
            yield attempt
            if attempt.error is None:
                break
            failed.append((evaluator, attempt.error))
        for unusable, error in failed:
            self._leave_out(unusable, error, instead=evaluator)

    def _leave_out(self, evaluator: Evaluator, error: Exception, instead: Evaluator) -> None:
        if evaluator in self.evaluators:
            self.evaluators.remove(evaluator)
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        warnings.warn(
            f"{self.name} can't be evaluated {evaluator.how}, so its points are evaluated "
            f"{instead.how}, which is slower but gives the same numbers ({reason})",
            stacklevel=5,
        )


class _Attempt:
    """A block in which an evaluator may fail, unless it is the last one.

    Attributes:
        evaluator: the one that is tried.
        error: what it raised; None if it succeeded.
    """

    def __init__(self, evaluator: Evaluator, is_last: bool):
        self.evaluator = evaluator
        self.error: Exception | None = None
        self._is_last, self._attention = is_last, PlainAttention()

    def __enter__(self) -> None:
        self._attention.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> bool:
        self._attention.__exit__(kind, error, at)
        if isinstance(error, torch.OutOfMemoryError):
            return False  # the same evaluator would work with less data at once
        if self._is_last or not isinstance(error, RuntimeError | ValueError | NotImplementedError):
            return False
        self.error = error
        return True


def _one_like(points: Points) -> Points:
    return Points(points.each.new_zeros(1, points.basis.shape[-1]))
