"""The landscape itself: `Objective(model, data, loss)` is a function of a point θ.

`plain_loss` is its definition. An evaluator computes the same number for many points at once, as
fast as the model allows.
"""

import copy
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from typing import Any

import joblib
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_map

from ._checks.model import check_mode
from ._evaluation.chained import Chained
from ._evaluation.evaluator import Points
from ._evaluation.kernels import PlainAttention
from ._evaluation.moved_copy import MovedCopy
from ._evaluation.space import Space
from ._evaluation.statistics import measure, running_buffers, with_own_statistics
from ._evaluation.threads import keep_memory, on_threads_for
from ._evaluation.validation import EvaluationOptions, decomposes_over, validate
from ._inputs.examples import Examples, call, map_tensors, preserved_rng
from ._storage.fingerprints import contents
from .losses import Loss


def plain_loss(
    model: nn.Module, x: Tensor, y: Tensor, loss: Callable[..., Tensor], theta: Tensor
) -> Tensor:
    """The definition: L(θ) is the loss of the model whose trainable parameters are θ.

    >>> from lossviz_helpers import datasets, losses, models
    >>> x, y = datasets.xor()
    >>> model, theta = models.model_3(), torch.zeros(13, dtype=torch.float64)
    >>> plain_loss(model, x, y, losses.squared_error, theta)
    tensor(0.2500, dtype=torch.float64)
    >>> Objective(model, (x, y), losses.squared_error)(theta)  # the same, for many points at once
    tensor(0.2500, dtype=torch.float64)
    """
    model = copy.deepcopy(model)
    trainable = [p for p in model.parameters() if p.requires_grad]
    nn.utils.vector_to_parameters(theta.clone(), trainable)  # they share its memory
    with torch.no_grad():
        return loss(model(x), y)


class Objective(Space):
    """The loss of a model on data, as a function `L(θ)` of its parameters.

    A point θ consists of all the trainable parameters of the model, flattened and concatenated in
    the order of `model.named_parameters()`. Frozen parameters and buffers stay as they are.

    The objective makes its own copy of the model: it never changes yours, and later changes to
    yours don't change the landscape.

    Args:
        model: any `torch.nn.Module` with trainable floating-point parameters.
        data: a `Dataset`, a pair `(x, y)`, or a `DataLoader` or another iterable of such pairs,
            which is read once. x is what the model takes, with one entry per example: a tensor for
            `model(x)`, a tuple of tensors for `model(*x)`, a dict for `model(**x)`.
        loss: function of the model's outputs, in any structure, and the targets y. It returns
            the mean over the examples, shape `()`. One of `lossviz_helpers.losses`, or any other.
        batch_size: examples to evaluate at once; None for as many as fit in the CPU's cache.
            The mean over all examples stays exact. A loss that isn't a mean over the examples, such
            as a sum, is computed on all of them at once.
        device: where to evaluate, such as "cuda"; None for where the model is. The copy of the
            model, the data and all points are moved there.
        dtype: the dtype to evaluate in, such as torch.bfloat16; None for the model's own.
        threads: how many CPU threads to evaluate on; None for as many as are sure to pay off, which
            is one for small models. More threads are faster if nothing else is running, but many
            times slower on a busy machine.
        compile: whether to compile the evaluation with `torch.compile`: the first call takes a long
            time. Later ones may be faster or slower, so time both. On a CPU it needs a C++
            compiler. Chains of linear layers, which are faster still, and derivatives aren't
            compiled.
        budget: bytes of memory that evaluation may use on top of model and data; None for a
            quarter of what is free.
        statistics: what BatchNorm layers use. "frozen" keeps the running means and variances of the
            model at all points. "own" measures them again at each point, on all examples at once:
            what PyTorch would store if it measured them there. Far from where training ended,
            frozen statistics no longer fit the model.

    Attributes:
        P: number of parameters.
        N: number of examples.
        dtype: the dtype of points: that of the model, but at least float32.
        flops: FLOPs of matrix products and convolutions, for one point and one example.
        examples: the data, with floating-point inputs converted to the model's dtype.
        sizes: how much is evaluated at once.
        x, y: their inputs and targets.

    Raises:
        TypeError: if the model isn't a module or the data aren't pairs of tensors.
        ValueError: if the model has no trainable parameters, or its output is random or
            depends on the other examples in a batch; if the data are empty, or the loss can't be
            computed on them, or isn't a mean over the examples and batch_size is smaller than N.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_3(), datasets.xor(), losses.squared_error)
    >>> L.P, L.N
    (13, 500)
    >>> L(torch.zeros(13, dtype=torch.float64))  # a model that always predicts 0.5
    tensor(0.2500, dtype=torch.float64)
    >>> L(torch.zeros(4, 5, 13)).shape
    torch.Size([4, 5])
    """

    def __init__(
        self,
        model: nn.Module,
        data: Iterable[object],
        loss: Callable[..., Tensor],
        *,
        batch_size: int | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        threads: int | None = None,
        compile: bool = False,
        budget: int | None = None,
        statistics: str = "frozen",
    ):
        if statistics not in ("frozen", "own"):
            raise ValueError(f'statistics must be "frozen" or "own", got {statistics!r}')
        super().__init__(model, device, dtype)
        self.statistics, self._evaluated = statistics, self.model
        if statistics == "own":
            self._evaluated = with_own_statistics(self.model)
            self._not_compared = running_buffers(self.model)
        check_mode(self._evaluated)
        check_callable(loss)
        for name, value in (("batch_size", batch_size), ("threads", threads)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1 or None, got {value}")
        self.loss = copy.deepcopy(loss).to(device, dtype) if isinstance(loss, nn.Module) else loss
        examples = Examples.read(data)
        x = examples.map(lambda t: self._move(t, self.precision)).x
        # targets are at least float32, like the outputs that they are compared with
        self.examples = Examples(x, examples.map(self._move).y)
        self._threads, self._compiles = threads, compile
        options = EvaluationOptions(batch_size, threads, budget, compile, self._measures_statistics)
        self._options = options
        with preserved_rng() as drawn:
            found = validate(self, self._evaluated, self.loss, self.examples, options, drawn)
        self._evaluator, self.batch_size = found.evaluator, found.batch_size
        self.examples = found.examples
        self._custom_backward = found.has_custom_backward
        reuses = isinstance(self._evaluator.evaluators[0], Chained)
        self.sizes = replace(found.sizes, reuses=reuses)

    @property
    def x(self) -> Any:
        """Inputs: a tensor, or a tuple or dict of tensors."""
        return self.examples.x

    @property
    def y(self) -> Any:
        """Targets, likewise."""
        return self.examples.y

    @property
    def N(self) -> int:
        """Number of examples."""
        return len(self.examples)

    @property
    def flops(self) -> int:
        """FLOPs of matrix products and convolutions, for one point and one example."""
        return self.sizes.flops

    def __repr__(self) -> str:
        name = getattr(self.loss, "__name__", type(self.loss).__name__)
        loss = self.loss.name if isinstance(self.loss, Loss) else name
        return f"Objective({type(self.model).__name__}, P={self.P}, N={self.N}, {loss})"

    def model_at(self, theta: Tensor) -> nn.Module:
        """A new model at the point θ of shape `(P,)`.

        With `statistics="own"`, its running statistics are those measured there.
        """
        model = super().model_at(theta)
        if self.statistics == "own":
            measure(model, lambda model: call(model, self.x))
        return model

    # -- evaluation ------------------------------------------------------------------------------

    def __call__(self, points: Tensor | Points) -> Tensor:
        """Loss at every point. Differentiable.

        Args:
            points: shape `(..., P)`.

        Returns:
            Shape `(...)`, in the model's dtype, or float32 if that has a lower precision.

        Raises:
            ValueError: if the last dimension of points isn't of size P.
        """
        if not isinstance(points, Points):
            points = Points(self.check_points(points))
        size, total, weight = self.stack_size(), torch.zeros(()), self.examples.weight or 1.0
        keep_memory()
        with self.threads():
            for batch in self.examples.split(self.batch_size):
                losses = self._evaluator.losses(batch, points, size)
                total = total + losses * (batch.weight / weight)
        if points.require_grad and not total.requires_grad:
            raise ValueError(
                f"the loss of {type(self.model).__name__} has no derivative with respect to its "
                "parameters: it is piecewise constant, like an error rate, or the graph between "
                "them is cut (.detach(), torch.no_grad()); plot this loss, but train on another"
            )
        return total.reshape(points.shape)

    def combine(self, coefficients: Tensor, basis: Tensor) -> Tensor:
        """Loss at linear combinations of a few points: `L(coefficients @ basis)`, often faster.

        Args:
            coefficients: shape `(..., m)`.
            basis: shape `(m, P)`: for a slice its origin and directions, with coefficients 1 and α.

        Returns:
            Shape `(...)`.

        Raises:
            ValueError: if the shapes don't match.

        >>> from lossviz_helpers import Objective, datasets, losses, models
        >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
        >>> weights = torch.rand(4, 2)
        >>> torch.allclose(L.combine(weights, 3 * torch.eye(2)), L(3 * weights))
        True
        """
        basis, coefficients = self.check_points(basis), self._move(torch.as_tensor(coefficients))
        if basis.ndim != 2 or coefficients.shape[-1:] != basis.shape[:1]:
            raise ValueError(
                f"expected a basis of shape (m, {self.P}) and coefficients of shape (..., m), got "
                f"{tuple(basis.shape)} and {tuple(coefficients.shape)}"
            )
        return self(Points(basis, coefficients))

    def predict(self, points: Tensor | Points, x: object = None) -> Any:
        """Outputs of the models at the given points.

        Args:
            points: shape `(..., P)`.
            x: inputs, in the same structure as the objective's own; None for the objective's own.

        Returns:
            Shape `(..., N)` or `(..., N, classes)`: `(...)` and then the shape that one model
            returns. For a model that returns a tuple or a dict, a tuple or dict of such tensors.
        """
        where = points if isinstance(points, Points) else Points(self.check_points(points))
        inputs = self.examples
        if x is not None:
            moved = tree_map(lambda t: self._move(torch.as_tensor(t), self.precision), x)
            inputs = Examples(moved, None)
        with self.threads():
            outputs = self._evaluator.outputs(inputs.x, where, self.sizes.stack(len(inputs)))
        return map_tensors(lambda t: t.reshape(where.shape + t.shape[1:]), outputs)

    def on(
        self, data: Iterable[object] | None = None, loss: Callable[..., Tensor] | None = None
    ) -> "Objective":
        """The landscape of the same model on other data, or with another loss.

        Args:
            data: as for `Objective`, such as a test set; None for the same examples.
            loss: None for the same.

        Raises:
            TypeError, ValueError: as for `Objective`.

        >>> from lossviz_helpers import datasets, losses, models
        >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
        >>> L.on(datasets.diagonal(40), losses.error_rate)
        Objective(Linear2D, P=2, N=40, error rate)
        """
        return Objective(
            self.model,
            (self.x, self.y) if data is None else data,
            self.loss if loss is None else loss,
            batch_size=self._options.batch_size,
            device=self.device,
            dtype=self.precision,
            threads=self._threads,
            compile=self._compiles,
            budget=self._options.budget,
            statistics=self.statistics,
        )

    # -- how much at once ------------------------------------------------------------------------

    def subset(self, rows: Tensor) -> "Objective":
        """The same landscape on some of the examples: a mini-batch.

        Args:
            rows: indices of examples, shape `(n,)`, n at least 1. A loss that isn't a mean, such as
                a sum, is computed on these examples only.
        """
        if len(rows) == 0:
            raise ValueError("a subset needs at least one example, got none")
        part = copy.copy(self)
        part.examples = self.examples[rows]
        part.batch_size = min(self.batch_size, part.N)
        return part

    @property
    def second_derivatives_are_doubtful(self) -> bool:
        """Whether part of the model has a custom backward pass, which may not be differentiable."""
        moved = any(isinstance(e, MovedCopy) for e in self._evaluator.evaluators)
        return self._custom_backward or moved

    @cached_property
    def decomposes_over_examples(self) -> bool:
        """Whether the loss is a mean over the examples, so that it can be computed in batches."""
        if self._measures_statistics:
            return False  # the statistics depend on all examples
        if self.batch_size < self.N or isinstance(self.loss, Loss):
            return True
        with self.threads(), PlainAttention():
            return decomposes_over(self, self._evaluated, self.loss, self.examples)

    def threads(self) -> AbstractContextManager[None]:
        """Run a block on as many threads as were asked for, or as this model can use."""
        return on_threads_for(self.flops * self.batch_size, self._threads)

    def stack_size(self) -> int:
        """How many points are evaluated at once, at least 1."""
        return self.sizes.stack(self.batch_size)

    def chunk_size(self) -> int:
        """How many points a scan evaluates as one unit of work: whole stacks, at least one.

        The number depends on the model, data and budget but not on the machine, so that stored
        chunks can be reused anywhere.
        """
        return self.sizes.chunk(self.N, self.batch_size)

    def chunk_bytes(self) -> int:
        """Memory that one chunk needs on top of model and data, estimated, in bytes."""
        return self.sizes.chunk_bytes(self.N, self.batch_size)

    # -- which function is it? -------------------------------------------------------------------

    def fingerprint(self) -> str:
        """A hash of this function: equal only if model, data and loss are equal.

        It covers every number in model and data, the code of model and loss, and the loss at some
        points, which reveals changes that the code doesn't show.
        """
        probes = torch.stack([self.point() * scale for scale in (0.5, 1.0, 1.5)])
        with torch.no_grad():
            losses = self(probes)
        data = [(name, contents(t)) for name, t in self.examples.named()]
        known = [contents(self.model), contents(self.loss), data, contents(losses)]
        settings = [self.names, self.batch_size, self._compiles, self.statistics]
        return str(joblib.hash([repr(self.model), *settings, known]))

    @property
    def _measures_statistics(self) -> bool:
        """Whether there are statistics to be measured at each point."""
        return self.statistics == "own" and bool(running_buffers(self.model))


def check_callable(loss: object) -> None:
    """TypeError unless a loss can be called."""
    if not callable(loss):
        advice = ""
        if isinstance(loss, Tensor):
            advice = "; pass the data as a pair: Objective(model, (x, y), loss)"
        raise TypeError(f"loss must be callable, got {type(loss).__name__}{advice}")


def check_objective(L: object) -> None:
    """TypeError unless L is a landscape."""
    if not isinstance(L, Objective):
        raise TypeError(
            f"L must be an Objective, got {type(L).__name__}; make one with "
            "L = Objective(model, data, loss)"
        )
