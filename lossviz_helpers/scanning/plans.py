"""`plan` says what a scan will cost before you run it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import joblib
import numpy as np

from ..objective import Objective
from ..slices import Extent, Slice
from .work import work_of


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
    >>> plan(L, Slice.random(L.point()), resolution=100).models
    10000
    """
    work = work_of(L, view, resolution, extent)
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
