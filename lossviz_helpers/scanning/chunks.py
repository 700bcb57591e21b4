"""The chunks of a scan: kept on disk, and spread over the workers that there are."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import TypeVar

import joblib
import numpy as np
import numpy.typing as npt
from joblib.parallel import get_active_backend

from .work import Losses, Work

Index = npt.NDArray[np.intp]
Part = TypeVar("Part")


class Chunks:
    """The chunks of a scan, each computed once.

    Args:
        work: the scan.
        memory: where finished chunks are kept; None for nowhere.
    """

    def __init__(self, work: Work, memory: joblib.Memory | str | PathLike[str] | None):
        self._work, self._key = work, ""
        is_store = memory is None or isinstance(memory, joblib.Memory)
        self._store: joblib.Memory = memory if is_store else joblib.Memory(memory, verbose=0)
        if memory is not None:
            # losses at the corners of a slice distinguish functions best: they are largest there
            probes = [work.losses_at(work.corners()), work.basis.cpu().numpy(), work.axes]
            self._key = joblib.hash([work.fingerprint(), probes, work.chunk])

    def all(self) -> Iterator[tuple[int, Losses]]:
        """Every chunk of the grid, in order: the index of its first point, and its losses."""
        return self._each(_chunk_losses, range(0, self._work.size, self._work.chunk))

    def at(self, index: Index) -> Iterator[tuple[Index, Losses]]:
        """The losses at some grid points, given as flat indices, a chunk at a time."""
        size = self._work.chunk
        return self._each(_losses_at, [index[i : i + size] for i in range(0, len(index), size)])

    def _each(
        self, function: Callable[[Work, str, Part], Losses], parts: Sequence[Part]
    ) -> Iterator[tuple[Part, Losses]]:
        """What a function returns for each part of the work, kept and in parallel."""
        work, key = self._work, self._key
        if self._store is not None:
            function = self._store.cache(function, ignore=["work"])
        if joblib.effective_n_jobs(None) == 1 and not _on_dask():
            for part in parts:
                yield part, function(work, key, part)
            return
        with _sent_to_all(work):
            while parts:
                # between waves the progress bar advances, and workers that joined late are counted
                wave = 16 * joblib.effective_n_jobs(None)
                batch, parts = parts[:wave], parts[wave:]
                calls = [joblib.delayed(function)(work, key, part) for part in batch]
                yield from zip(batch, _in_parallel(calls, work), strict=True)


def _in_parallel(calls: list[object], work: Work, tries: int = 3) -> list[Losses]:
    """Results of joblib's delayed calls; if a worker is lost, the calls are repeated."""
    try:
        return list(joblib.Parallel()(calls))
    except BaseException as err:  # Dask cancels what a lost worker held; that isn't an Exception
        if tries == 1 or not type(err).__module__.startswith("distributed"):
            raise
    with _sent_to_all(work):  # again, because the lost worker took its copy with it
        return _in_parallel(calls, work, tries - 1)


@contextmanager
def _sent_to_all(work: Work) -> Iterator[None]:
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


def _chunk_losses(work: Work, key: str, first: int) -> Losses:
    return work.losses(first)


def _losses_at(work: Work, key: str, index: Index) -> Losses:
    return work.losses_at(index)
