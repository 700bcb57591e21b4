"""What a scan computes at each point besides the loss: metrics, measures, several data sets."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from operator import itemgetter
from typing import Any

import torch
from torch import Tensor

from .._evaluation.evaluator import Points
from .._inputs.examples import at_least_float32, describe, map_tensors, tensors_of
from .._storage.fingerprints import contents
from ..losses import Loss, WeightedMean
from ..objective import Objective

Metrics = Mapping[str, Callable[..., Any]]
Measures = Mapping[str, Callable[[Objective, Tensor], Any]]
DataSets = Mapping[str, Iterable[object]]


class Quantities:
    """Several numbers for each model: its loss, metrics and measures, on one or more data sets.

    Args:
        L: the landscape.
        metrics: functions of outputs and targets, by name.
        measures: functions of a landscape and a point, by name.
        data: data sets by name; None for the landscape's own.

    Attributes:
        names: of all quantities, in the order of the columns.
        costly: whether there are measures.

    Raises:
        TypeError, ValueError: if one of them can't be used; the message begins with its name.

    >>> from lossviz_helpers import datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> found = Quantities(L, {"error": losses.error_rate}, {}, {"test": datasets.diagonal(40)})
    >>> found.names, found(torch.ones(3, 1), L.point()[None]).shape
    (['test loss', 'test error'], torch.Size([3, 2]))
    """

    def __init__(self, L: Objective, metrics: Metrics, measures: Measures, data: DataSets | None):
        _check_mapping("metrics", metrics, '{"error": losses.error_rate}')
        _check_mapping("measures", measures, '{"gradient": lambda L, θ: gradient(L, θ).norm()}')
        if data is None:
            self._sets = [_OneSet.of("", L, metrics, measures)]
        else:
            _check_mapping("data", data, '{"train": (x, y), "test": (x_test, y_test)}')
            if not data:
                raise ValueError("data is empty; leave it out for the landscape's own data")
            self._sets = []
            for name, given in data.items():
                with _named("data", name):
                    other = L.on(given)
                self._sets.append(_OneSet.of(f"{name} ", other, metrics, measures))
        self.names = [name for one in self._sets for name in one.names]
        self.costly = bool(measures)
        for one in self._sets:
            one.check_own_point()

    @torch.no_grad()
    def __call__(self, coefficients: Tensor, basis: Tensor) -> Tensor:
        """All quantities at the points `coefficients @ basis`: shape `(n, quantities)`, float64."""
        return torch.cat([one.at(coefficients, basis) for one in self._sets], dim=1)

    def fingerprint(self) -> object:
        """What can be hashed: the same only if all quantities are."""
        return [(one.L.fingerprint(), one.code()) for one in self._sets]


@dataclass(frozen=True)
class _Metric:
    """A function of outputs and targets, and how it is averaged over batches.

    Attributes:
        name: of its values.
        loss: returns one number.
        weights: how much each example counts, shape `(N,)`; None if all count the same.
        batch_size: examples at once: all of them, unless it is a mean over the examples.
    """

    name: str
    loss: Callable[..., Any]
    weights: Tensor | None
    batch_size: int

    @classmethod
    def of(cls, name: str, L: Objective) -> "_Metric":
        """The loss of a landscape."""
        return cls(name, L.loss, L.examples.weights, L.batch_size)

    def share(self, rows: slice, count: int, N: int) -> float:
        """How much a batch of examples counts in the mean over all."""
        if self.weights is None:
            return count / N
        return (self.weights[rows].sum() / self.weights.sum()).item()

    def __call__(self, outputs: object, y: object) -> Tensor:
        """Its value for each model of a stack, `(c,)`, from outputs `(c, …)`."""
        tensors = tensors_of(outputs)
        if isinstance(self.loss, Loss) and isinstance(outputs, Tensor) and isinstance(y, Tensor):
            each = self.loss.per_example(outputs, y.expand(len(outputs), *y.shape))
            return each.flatten(1).mean(1)
        models = (map_tensors(itemgetter(i), outputs) for i in range(len(tensors[0])))
        return torch.stack([torch.as_tensor(self.loss(o, y)).reshape(()) for o in models])


@dataclass(frozen=True)
class _OneSet:
    """All quantities on one data set."""

    prefix: str
    L: Objective
    metrics: list[_Metric]
    measures: Measures

    @classmethod
    def of(cls, prefix: str, L: Objective, metrics: Metrics, measures: Measures) -> "_OneSet":
        own = quantity_of(L)
        names = [own, *metrics, *measures]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"{twice[0]!r} names two quantities; the loss is called {own!r}")
        found = [_Metric.of(own, L)]
        for name, metric in metrics.items():
            with _named("metrics", name):
                found.append(_Metric.of(name, L.on(loss=_returning_a_tensor(metric))))
        return cls(prefix, L, found, measures)

    @property
    def names(self) -> list[str]:
        return [self.prefix + name for name in [*(m.name for m in self.metrics), *self.measures]]

    def code(self) -> object:
        return [contents(m.loss) for m in self.metrics], contents(list(self.measures.values()))

    def at(self, coefficients: Tensor, basis: Tensor) -> Tensor:
        """All quantities at the points `coefficients @ basis`, shape `(n, quantities)`."""
        if len(self.metrics) == 1:
            found = self.L.combine(coefficients, basis)[:, None].cpu().double()
        else:
            basis = self.L.check_points(basis)
            size = self.L.sizes.stack(max(m.batch_size for m in self.metrics))
            found = torch.cat([self._of_stack(some, basis) for some in coefficients.split(size)])
        if not self.measures:
            return found
        points = coefficients.to(basis) @ basis
        rows = [[_measured(n, f, self.L, p) for n, f in self.measures.items()] for p in points]
        return torch.cat([found, torch.tensor(rows, dtype=torch.float64)], dim=1)

    def _of_stack(self, coefficients: Tensor, basis: Tensor) -> Tensor:
        """All metrics at a few points, from one forward pass."""
        N, size = self.L.N, max(m.batch_size for m in self.metrics)
        total = torch.zeros(len(coefficients), len(self.metrics), dtype=torch.float64)
        for begin in range(0, N, size):
            rows = slice(begin, begin + size)
            part = self.L.examples[rows]
            outputs = self._outputs(coefficients, basis, part.x)
            shares = [metric.share(rows, len(part), N) for metric in self.metrics]
            values = [metric(outputs, part.y).cpu().double() for metric in self.metrics]
            total += torch.stack([v * s for v, s in zip(values, shares, strict=True)], dim=1)
        return total

    def _outputs(self, coefficients: Tensor, basis: Tensor, x: object) -> object:
        """Outputs of the models at `coefficients @ basis`, with a leading dimension of size n."""
        points = Points(basis, coefficients.to(basis))
        return at_least_float32(self.L.predict(points, x))

    @torch.no_grad()
    def check_own_point(self) -> None:
        """ValueError if a quantity is nan where the loss isn't, or changes what it is given."""
        one, here = torch.ones(1, 1), self.L.point()[None]
        before = contents(self.L.model)
        found = self.at(one, here)[0]
        if contents(self.L.model) != before:
            raise ValueError(
                f"one of {list(self.measures)} changes the model of the landscape; compute on a "
                "copy: model = L.model_at(θ)"
            )
        for name, value in zip(self.names, found, strict=True):
            if value.isnan() and not found[0].isnan():
                raise ValueError(
                    f"{name!r} is nan at the model's own point, where the loss is "
                    f"{found[0].item():.6g}; is there a 0/0, such as the score of a class without "
                    "examples?"
                )
        few = self.L.examples.sample(48)
        outputs = self._outputs(one, here, few.x)
        for metric in self.metrics:
            given = [t.clone() for t in tensors_of((outputs, few.y))]
            metric(outputs, few.y)
            if not all(map(_same, given, tensors_of((outputs, few.y)))):
                raise ValueError(
                    f"{metric.name!r} changes the outputs or targets that it is given, which the "
                    "other quantities need; let it work on copies, and use no functions that end "
                    "with _, such as softmax_"
                )


def quantity_of(L: Objective) -> str:
    """What the losses of a landscape are called."""
    return L.loss.quantity if isinstance(L.loss, Loss | WeightedMean) else "loss"


@dataclass(frozen=True)
class _Number:
    """A metric whose plain numbers, such as those of scikit-learn, become tensors."""

    metric: Callable[..., Any]

    def __call__(self, outputs: Any, y: Any) -> Any:
        value = self.metric(outputs, y)
        return torch.tensor(float(value)) if isinstance(value, Real) else value


def _returning_a_tensor(metric: Any) -> Any:
    if not callable(metric):
        raise TypeError(
            f"a metric is a function of outputs and targets, got {type(metric).__name__}"
        )
    return metric if isinstance(metric, Loss | WeightedMean) else _Number(metric)


def _measured(name: str, measure: Any, L: Objective, theta: Tensor) -> float:
    """The value of a measure at a point; ValueError unless it is one number."""
    with torch.enable_grad():
        value = measure(L, theta)
    if isinstance(value, Real) or (isinstance(value, Tensor) and value.numel() == 1):
        return float(value)
    raise ValueError(
        f"measures[{name!r}] must return one number, got {describe(value)}; take one entry, its "
        "norm or its maximum"
    )


def _same(a: Tensor, b: Tensor) -> bool:
    return bool(((a == b) | (a.isnan() & b.isnan() if a.is_floating_point() else False)).all())


@contextmanager
def _named(argument: str, name: str) -> Any:
    """Put the name of what is checked in front of an error."""
    try:
        yield
    except (TypeError, ValueError) as err:
        kind = TypeError if isinstance(err, TypeError) else ValueError
        raise kind(f"{argument}[{name!r}]: {err}") from err


def _check_mapping(argument: str, given: object, example: str) -> None:
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise TypeError(
            f"{argument} must be a dict by name, such as {argument}={example}, got "
            f"{type(given).__name__}"
        )
    if not all(callable(f) for f in given.values()) and argument == "measures":
        raise TypeError("a measure is a function of a landscape L and a point θ")
