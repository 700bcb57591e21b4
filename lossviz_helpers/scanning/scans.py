"""`scan` evaluates the landscape on a slice in chunks, on one core or many, each chunk once."""

from collections.abc import Sequence
from os import PathLike

import joblib
import numpy as np

from .._evaluation.progress import progress_bar
from ..landscape import Landscape
from ..losses import Loss
from ..objective import Objective
from ..slices import Extent, Slice
from .chunks import losses_of
from .work import Work, work_of


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

    Points are made and evaluated a chunk at a time: beyond the losses themselves, memory doesn't
    grow with the grid.

    Inside `with joblib.parallel_config(backend=…, n_jobs=…):` the chunks are spread over the
    workers of that backend, such as loky's processes or a Dask cluster. The losses are the same.

    Args:
        L: the landscape.
        view: the slice, of k directions.
        resolution: models along each direction, at least 2; one number for all, or k numbers.
        extent: the window, k pairs (lo, hi); None for the slice's own.
        progress: show a progress bar if the scan takes longer than two seconds.
        memory: a `joblib.Memory`, or a folder, that keeps finished chunks. A scan that was stopped,
            or is repeated, then computes only what is missing. A chunk is identified by its
            content (model, data, loss, slice, place), so a changed model never gets stale losses.

    Returns:
        A `Landscape`; `loss[i, j]` belongs to `axes[0][i]`, `axes[1][j]`. Losses that are nan or
        inf stay as they are.

    Raises:
        TypeError: if L isn't an `Objective`, or view isn't a `Slice`.
        ValueError: if slice and objective belong to different models, or resolution or extent
            can't be used.
        ScanInterrupted: on Ctrl-C; it holds what was computed.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> land = scan(L, Slice(torch.zeros(2), torch.eye(2)), resolution=(5, 7))
    >>> land.loss.shape
    (5, 7)
    """
    work = work_of(L, view, resolution, extent)
    losses = np.full(work.size, np.nan)
    try:
        with progress_bar(work.size, "models", progress) as bar:
            for first, part in losses_of(work, memory):
                losses[first : first + len(part)] = part
                bar.update(len(part))
    except KeyboardInterrupt:
        raise ScanInterrupted(_landscape(work, view, losses)) from None
    return _landscape(work, view, losses)


def _landscape(work: Work, view: Slice, losses: np.ndarray) -> Landscape:
    quantity = work.L.loss.quantity if isinstance(work.L.loss, Loss) else "loss"
    shape = [len(axis) for axis in work.axes]
    return Landscape(work.axes, losses.reshape(shape), view, quantity)
