"""`scan` evaluates the landscape on a slice, in chunks, on one core or many."""

import itertools
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from os import PathLike

import joblib
import numpy as np
import numpy.typing as npt
import torch
from joblib.parallel import get_active_backend

from ._evaluation.progress import progress_bar
from .landscape import Landscape
from .losses import Loss
from .objective import Objective, check_objective
from .slices import Extent, Slice, check_extent

Losses = npt.NDArray[np.float64]


class ScanInterrupted(KeyboardInterrupt):
    """A scan was interrupted; `landscape` holds what was computed, nan elsewhere."""

    def __init__(self, landscape: Landscape):
        super().__init__(
            f"scan stopped with {landscape.loss.size - landscape.gaps} of {landscape.loss.size} "
            "models done; they are in the exception's .landscape"
        )
        self.landscape = landscape


def scan(
    L: Objective,
    view: Slice,
    resolution: int | Sequence[int] = 51,
    extent: Extent | None = None,
    progress: bool = True,
    memory: joblib.Memory | str | PathLike[str] | None = None,
) -> Landscape:
    """Evaluate the landscape on a grid over a slice.

    Points are created and evaluated one chunk at a time: apart from the losses themselves, memory
    doesn't grow with the grid.

    Inside `with joblib.parallel_config(backend=…, n_jobs=…):` the chunks are spread over the
    workers of that backend, such as loky's processes or a Dask cluster. The losses are the same.

    Args:
        L: the landscape.
        view: the slice, of k directions.
        resolution: models along each direction, at least 2; one number for all, or k numbers.
        extent: the window, k pairs (lo, hi); None for the slice's own.
        progress: show a progress bar if the scan takes longer than two seconds.
        memory: a `joblib.Memory`, or a folder, that keeps finished chunks. A scan that was stopped,
            or is repeated, then computes only what is missing. A chunk is identified by its content
            (model, data, loss, slice, position), so a changed model never gets stale losses.

    Returns:
        A `Landscape`; `loss[i, j]` belongs to `axes[0][i]`, `axes[1][j]`. Losses that are nan or
        inf stay as they are.

    Raises:
        TypeError: if L isn't an `Objective`, or view isn't a `Slice`.
        ValueError: if slice and objective belong to different models, or resolution or extent
            is invalid.
        ScanInterrupted: on Ctrl-C; it holds what was computed.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> land = scan(L, Slice(torch.zeros(2), torch.eye(2)), resolution=(5, 7))
    >>> land.loss.shape
    (5, 7)
    """
    work = _work(L, view, resolution, extent)
    losses = np.full(work.size, np.nan)
    try:
        with progress_bar(work.size, "models", progress) as bar:
            for first, part in _losses(work, memory):
                losses[first : first + len(part)] = part
                bar.update(len(part))
    except KeyboardInterrupt:
        raise ScanInterrupted(_landscape(work, view, losses)) from None
    return _landscape(work, view, losses)


@dataclass(frozen=True)
class Plan:
    """The estimated cost of a scan; print it.

    Attributes:
        models: number of grid points.
        examples: number of examples that each model is evaluated on.
        chunks: units of work; each is stored, and sent to a worker, as a whole.
        workers: number of workers that share the chunks.
        seconds: estimated time, from a few chunks that were timed.
        megabytes: estimated memory in addition to the model and data: the losses and one chunk.
        gigaflops: floating-point operations in matrix products and convolutions, in billions.

    >>> print(Plan(models=40_000, examples=500, chunks=40, workers=2, seconds=90, megabytes=12,
    ...            gigaflops=3.5))
    40,000 models × 500 examples, 3.5 GFLOP
    about 1 min 30 s in 40 chunks on 2 workers, about 12 MB per worker
    """

    models: int
    examples: int
    chunks: int
    workers: int
    seconds: float
    megabytes: float
    gigaflops: float

    def __str__(self) -> str:
        minutes, seconds = divmod(self.seconds, 60)
        time = f"{minutes:.0f} min {seconds:.0f} s" if minutes else f"{self.seconds:.2g} s"
        return (
            f"{self.models:,} models × {self.examples:,} examples, {self.gigaflops:,.3g} GFLOP\n"
            f"about {time} in {self.chunks:,} chunks on {self.workers} worker"
            f"{'' if self.workers == 1 else 's'}, about {self.megabytes:,.0f} MB per worker"
        )


def plan(
    L: Objective,
    view: Slice,
    resolution: int | Sequence[int] = 51,
    extent: Extent | None = None,
) -> Plan:
    """Estimate the cost of a scan before you run it: time, memory and chunks.

    Times a few chunks of the grid in this process and extrapolates. The estimate holds if the
    machine stays as busy as it is now and each worker is as fast as this process.

    Args:
        L, view, resolution, extent: as for `scan`.

    Returns:
        A `Plan`.

    Raises:
        ValueError: as for `scan`.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> plan(L, Slice(torch.zeros(2), torch.eye(2)), resolution=100).models
    10000
    """
    work = _work(L, view, resolution, extent)
    starts = list(range(0, work.size, work.chunk))
    tried = [starts[i] for i in np.linspace(0, len(starts) - 1, 4).astype(int)]
    work.losses(tried[0])  # the first call is slower than the rest
    seconds = []
    for first in tried:
        begin = time.perf_counter()
        found = work.losses(first)
        seconds.append((time.perf_counter() - begin) / len(found))
    workers = max(1, min(joblib.effective_n_jobs(None), len(starts)))
    return Plan(
        models=work.size,
        examples=L.N,
        chunks=len(starts),
        workers=workers,
        seconds=float(np.median(seconds)) * work.size / workers,
        megabytes=(8 * work.size + L.chunk_bytes()) / 1e6,
        gigaflops=L.flops * L.N * work.size / 1e9,
    )


@dataclass(frozen=True, eq=False)
class _Work:
    """Everything a worker needs to evaluate any chunk of a grid."""

    L: Objective
    basis: torch.Tensor
    axes: tuple[np.ndarray, ...]
    chunk: int

    @property
    def size(self) -> int:
        return math.prod(len(axis) for axis in self.axes)

    def losses(self, first: int) -> Losses:
        """Losses of the chunk that begins at grid point `first`, float64."""
        return self.losses_at(np.arange(first, min(first + self.chunk, self.size)))

    def corners(self) -> npt.NDArray[np.intp]:
        """The grid's corners, as flat indices into the grid, shape `(2ᵏ,)`."""
        shape = [len(axis) for axis in self.axes]
        ends = itertools.product(*[(0, n - 1) for n in shape])
        return np.asarray(np.ravel_multi_index(np.array(list(ends)).T, shape))

    def losses_at(self, index: npt.NDArray[np.intp]) -> Losses:
        """Losses at grid points, given as flat indices into the grid, float64."""
        at = np.unravel_index(index, [len(axis) for axis in self.axes])
        alpha = [axis[i] for axis, i in zip(self.axes, at, strict=True)]
        coefficients = torch.as_tensor(np.stack([np.ones(len(index)), *alpha], axis=1))
        with torch.no_grad():
            losses = self.L.combine(coefficients, self.basis)
        return np.asarray(losses.cpu().double())


def _work(
    L: Objective, view: Slice, resolution: int | Sequence[int], extent: Extent | None
) -> _Work:
    check_objective(L)
    if not isinstance(view, Slice):
        raise TypeError(
            f"scan needs a Slice, but got {type(view).__name__}; Slice.random(L.point()) goes "
            "through a point, and Slice.pca(path.points) through a trajectory"
        )
    if len(view.origin) != L.P:
        raise ValueError(
            f"the points of the slice have {len(view.origin)} parameters, but the model has "
            f"{L.P}: they belong to different models"
        )
    counts = _check_resolution(resolution, view.dims)
    window = view.extent if extent is None else check_extent(extent, view.dims)
    axes = tuple(np.linspace(lo, hi, n) for (lo, hi), n in zip(window, counts, strict=True))
    return _Work(L, torch.cat([view.origin[None], view.directions]), axes, L.chunk_size())


def _landscape(work: _Work, view: Slice, losses: np.ndarray) -> Landscape:
    quantity = work.L.loss.quantity if isinstance(work.L.loss, Loss) else "loss"
    shape = [len(axis) for axis in work.axes]
    return Landscape(work.axes, losses.reshape(shape), view, quantity)


def _losses(
    work: _Work, memory: joblib.Memory | str | PathLike[str] | None
) -> Iterator[tuple[int, Losses]]:
    """Every chunk of the grid, in order: the index of its first point, and its losses."""
    chunk_losses, key = _chunk_losses, ""
    if memory is not None:
        store = memory if isinstance(memory, joblib.Memory) else joblib.Memory(memory, verbose=0)
        chunk_losses = store.cache(_chunk_losses, ignore=["work"])
        # losses at the corners of a slice distinguish functions best: they are largest there
        probes = [work.losses_at(work.corners()), work.basis.cpu().numpy(), work.axes]
        key = joblib.hash([work.L.fingerprint(), probes, work.chunk])
    starts = range(0, work.size, work.chunk)
    if joblib.effective_n_jobs(None) == 1 and not _on_dask():
        for first in starts:
            yield first, chunk_losses(work, key, first)
        return
    with _sent_to_all(work):
        while starts:
            # between waves the progress bar advances, and workers that joined late are counted
            wave = 16 * joblib.effective_n_jobs(None)
            batch, starts = starts[:wave], starts[wave:]
            calls = [joblib.delayed(chunk_losses)(work, key, first) for first in batch]
            yield from zip(batch, _in_parallel(calls, work), strict=True)


def _in_parallel(calls: list[object], work: _Work, tries: int = 3) -> list[Losses]:
    """Results of joblib's delayed calls; if a worker is lost, the calls are repeated."""
    try:
        return list(joblib.Parallel()(calls))
    except BaseException as err:  # Dask cancels what a lost worker held; that isn't an Exception
        if tries == 1 or not type(err).__module__.startswith("distributed"):
            raise
    with _sent_to_all(work):  # again, because the lost worker took its copy with it
        return _in_parallel(calls, work, tries - 1)


@contextmanager
def _sent_to_all(work: _Work) -> Iterator[None]:
    """On a Dask cluster, give every worker its copy of the work at once.

    By itself, Dask would give it to one worker, and the others would fetch it from there: if that
    worker is lost early, so is the scan.
    """
    if not _on_dask():
        yield
        return
    backend, _ = get_active_backend()
    with joblib.parallel_config(backend="dask", client=backend.client, scatter=[work]):
        yield


def _on_dask() -> bool:
    backend, _ = get_active_backend()
    return type(backend).__name__ == "DaskDistributedBackend"


def _chunk_losses(work: _Work, key: str, first: int) -> Losses:
    return work.losses(first)


def _check_resolution(resolution: int | Sequence[int], dims: int) -> tuple[int, ...]:
    counts: tuple[object, ...] = (resolution,) * dims
    if isinstance(resolution, Iterable) and np.ndim(resolution):
        counts = tuple(resolution)
    if len(counts) != dims:
        raise ValueError(
            f"resolution must be one number for all directions, or {dims} numbers, got {counts}"
        )
    numbers = [float(n) for n in counts if isinstance(n, Real)]
    if len(numbers) < dims or not all(n.is_integer() and n >= 2 for n in numbers):
        raise ValueError(f"each resolution must be a whole number, at least 2, got {resolution!r}")
    return tuple(map(int, numbers))
