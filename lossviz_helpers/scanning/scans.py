"""`scan` evaluates the landscape on a slice, in chunks, on one core or many."""

from collections.abc import Sequence
from os import PathLike
from typing import overload

import joblib
import numpy as np

from .._evaluation.progress import Bar, progress_bar
from ..landscape import Landscape, Refinement
from ..objective import Objective
from ..slices import Extent, Slice
from .chunks import Chunks
from .quantities import DataSets, Measures, Metrics, Quantities, quantity_of
from .refining import Index, refine
from .work import Losses, Work, work_of


class ScanInterrupted(KeyboardInterrupt):
    """A scan was interrupted; `landscape` holds what was computed, nan elsewhere.

    `landscapes` holds it for each quantity, by name.
    """

    def __init__(self, landscape: Landscape, landscapes: dict[str, Landscape] | None = None):
        super().__init__(
            f"scan stopped with {landscape.loss.size - landscape.gaps} of {landscape.loss.size} "
            "models done; they are in the exception's .landscape"
        )
        self.landscape = landscape
        self.landscapes = landscapes or {landscape.quantity: landscape}


@overload
def scan(
    L: Objective,
    view: Slice,
    resolution: int | Sequence[int] = 51,
    extent: Extent | None = None,
    progress: bool = True,
    memory: joblib.Memory | str | PathLike[str] | None = None,
    *,
    metrics: None = None,
    measures: None = None,
    data: None = None,
    tolerance: float | None = None,
) -> Landscape: ...


@overload
def scan(
    L: Objective,
    view: Slice,
    resolution: int | Sequence[int] = 51,
    extent: Extent | None = None,
    progress: bool = True,
    memory: joblib.Memory | str | PathLike[str] | None = None,
    *,
    metrics: Metrics | None = None,
    measures: Measures | None = None,
    data: DataSets | None = None,
    tolerance: float | None = None,
) -> dict[str, Landscape]: ...


def scan(
    L: Objective,
    view: Slice,
    resolution: int | Sequence[int] = 51,
    extent: Extent | None = None,
    progress: bool = True,
    memory: joblib.Memory | str | PathLike[str] | None = None,
    *,
    metrics: Metrics | None = None,
    measures: Measures | None = None,
    data: DataSets | None = None,
    tolerance: float | None = None,
) -> Landscape | dict[str, Landscape]:
    """Evaluate the landscape on a grid over a slice.

    Points are created and evaluated one chunk at a time: apart from the losses themselves, memory
    doesn't grow with the grid.

    Inside `with joblib.parallel_config(backend=…, n_jobs=…):` the chunks are spread over the
    workers of that backend, such as loky's processes or a Dask cluster. The losses are the same.

    With metrics, measures or data, one pass computes several quantities: each model is called once
    on each batch, and all metrics see the same outputs.

    Args:
        L: the landscape.
        view: the slice, of k directions.
        resolution: models along each direction, at least 2; one number for all, or k numbers.
        extent: the window, k pairs (lo, hi); None for the slice's own.
        progress: show a progress bar if the scan takes longer than two seconds.
        memory: a `joblib.Memory`, or a folder, that keeps finished chunks. A scan that was stopped,
            or is repeated, then computes only what is missing. A chunk is identified by its content
            (model, data, loss, slice, position), so a changed model never gets stale losses.
        metrics: functions of outputs and targets to compute besides the loss, by name, such as
            `{"error": error_rate}`. Each returns one number, a tensor or not, and is a mean over
            the examples or a `WeightedMean`; anything else, such as an F1 score, is computed on
            all examples at once.
        measures: functions `f(L, θ)` of a landscape and a point `(P,)` that return one number, by
            name, such as `{"λmax": lambda L, θ: top_eigenvalue(L, θ)}`. For a function of a
            model, write `lambda L, θ: f(L.model_at(θ))`.
        data: data sets by name, such as `{"train": (x, y), "test": (x_test, y_test)}`, each as for
            `Objective`; every quantity is computed on each. None for the landscape's own data.
        tolerance: evaluate fewer models: the grid is refined where predictions fail, and predicted
            elsewhere. The largest error to aim for, as a fraction of the range of the losses, such
            as 0.01, on a linear scale and on the logarithmic one of plots. The landscape's
            `refinement` says which losses were predicted, and what a test on fresh points showed.
            No largest error is promised: a spike between the first knots, about nine along each
            axis, stays unseen. It pays off on smooth planes from about 41 points along each axis;
            on rough ones, nearly all points are evaluated.

    Returns:
        A `Landscape`; `loss[i, j]` belongs to `axes[0][i]`, `axes[1][j]`. Losses that are nan or
        inf stay as they are. With metrics, measures or data, a dict of landscapes by the names of
        their quantities, such as "loss" and "error", or "train loss" and "test error".

    Raises:
        TypeError: if L isn't an `Objective`, or view isn't a `Slice`.
        ValueError: if slice and objective belong to different models, or resolution, extent or
            tolerance is invalid; if a metric or measure returns several numbers, is nan at the
            model's own point, or changes what it is given.
        ScanInterrupted: on Ctrl-C; it holds what was computed.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> land = scan(L, Slice.random(L.point()), resolution=(5, 7))
    >>> land.loss.shape
    (5, 7)
    >>> test = {"test": datasets.diagonal(seed=1)}
    >>> lands = scan(L, land.slice, 5, metrics={"error": losses.error_rate}, data=test)
    >>> list(lands), lands["test error"].quantity
    (['test loss', 'test error'], 'test error')
    >>> refinement = scan(L, land.slice, 101, tolerance=0.01).refinement
    >>> refinement.evaluated < 101**2 / 10, refinement.off
    (True, 0)
    """
    several = any(given is not None for given in (metrics, measures, data))

    def quantities() -> Quantities:
        return Quantities(
            L, {} if metrics is None else metrics, {} if measures is None else measures, data
        )

    if tolerance is not None:
        _check_tolerance(tolerance)
    work = work_of(L, view, resolution, extent, quantities if several else None)
    losses, refinement = work.nothing(), None
    try:
        with progress_bar(work.size, "models", progress) as bar:
            chunks = Chunks(work, memory)
            if tolerance is not None:
                losses, refinement = _refined(work, chunks, losses, tolerance, bar)
            else:
                for first, part in chunks.all():
                    losses[first : first + len(part)] = part
                    bar.update(len(part))
    except KeyboardInterrupt:
        found = _landscapes(work, view, losses)
        raise ScanInterrupted(next(iter(found.values())), found) from None
    found = _landscapes(work, view, losses, refinement)
    return found if several else found[quantity_of(L)]


def _refined(
    work: Work, chunks: Chunks, losses: Losses, tolerance: float, bar: Bar
) -> tuple[Losses, Refinement]:
    """Losses at all points, some of them predicted; those that are evaluated go into `losses`."""

    def evaluate(index: Index) -> Losses:
        for part, found in chunks.at(index):
            losses[part] = found
            bar.update(len(part))
        return losses[index].reshape(len(index), -1)

    found = refine([len(axis) for axis in work.axes], evaluate, tolerance)
    off, worst = int((found.errors > tolerance).sum()), float(found.errors.max(initial=0.0))
    refinement = Refinement(found.predicted, tolerance, len(found.errors), off, worst)
    return found.values.reshape(losses.shape), refinement


def _check_tolerance(tolerance: float) -> None:
    if not 0 < tolerance < 1:
        raise ValueError(
            "tolerance must be a fraction of the range of the losses, above 0 and below 1, such as "
            f"0.01, got {tolerance!r}; leave it out to evaluate the whole grid"
        )


def _landscapes(
    work: Work, view: Slice, losses: np.ndarray, refinement: Refinement | None = None
) -> dict[str, Landscape]:
    """A landscape for each quantity, by name."""
    names = [quantity_of(work.L)] if work.quantities is None else work.quantities.names
    shape = [len(axis) for axis in work.axes]
    columns = losses.reshape(len(losses), -1).T
    return {
        name: Landscape(work.axes, column.reshape(shape), view, name, refinement)
        for name, column in zip(names, columns, strict=True)
    }
