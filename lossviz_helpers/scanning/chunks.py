"""The chunks of a scan: kept on disk, and spread over the workers that there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike

import joblib
from joblib.parallel import get_active_backend

from .work import Losses, Work


def losses_of(
    work: Work, memory: joblib.Memory | str | PathLike[str] | None
) -> Iterator[tuple[int, Losses]]:
    """Every chunk of the grid, in order: where it begins, and its losses."""
    chunk_losses, key = _chunk_losses, ""
    if memory is not None:
        store = memory if isinstance(memory, joblib.Memory) else joblib.Memory(memory, verbose=0)
        chunk_losses = store.cache(_chunk_losses, ignore=["work"])
        # losses at the corners of a slice distinguish functions best: they are largest there
        probes = [work.losses_at(work.corners()), work.basis.cpu().numpy(), work.axes]
        key = joblib.hash([work.fingerprint(), probes, work.chunk])
    starts = range(0, work.size, work.chunk)
    if joblib.effective_n_jobs(None) == 1 and not _on_dask():
        for first in starts:
            yield first, chunk_losses(work, key, first)
        return
    with _sent_to_all(work):
        while starts:
            # between waves the progress bar moves on, and workers that joined late are counted
            wave = 16 * joblib.effective_n_jobs(None)
            some, starts = starts[:wave], starts[wave:]
            calls = [joblib.delayed(chunk_losses)(work, key, first) for first in some]
            yield from zip(some, _in_parallel(calls, work), strict=True)


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
