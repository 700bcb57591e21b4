"""The work of a scan: a grid over a slice, in chunks that any worker can evaluate."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import numpy.typing as npt
import torch

from ..objective import Objective, check_objective
from ..slices import Extent, Slice, check_extent
from .quantities import Quantities

Losses = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Work:
    """Everything a worker needs to evaluate any chunk of a grid.

    Attributes:
        L: the landscape.
        basis: origin and directions, shape `(k + 1, P)`.
        axes: the grid's coordinates along each direction.
        chunk: points in a chunk.
        quantities: what is computed at each point; None for the loss alone.
    """

    L: Objective
    basis: torch.Tensor
    axes: tuple[np.ndarray, ...]
    chunk: int
    quantities: Quantities | None = None

    @property
    def size(self) -> int:
        return math.prod(len(axis) for axis in self.axes)

    def losses(self, first: int) -> Losses:
        """Losses of the chunk that begins at grid point `first`, float64: `(n,)`.

        With quantities, all of them: `(n, quantities)`.
        """
        return self.losses_at(np.arange(first, min(first + self.chunk, self.size)))

    def nothing(self) -> Losses:
        """An array for what `losses` returns for all points, nan everywhere."""
        columns = () if self.quantities is None else (len(self.quantities.names),)
        return np.full((self.size, *columns), np.nan)

    def fingerprint(self) -> object:
        """What can be hashed: the same only if the same numbers are computed at each point."""
        return (self.L if self.quantities is None else self.quantities).fingerprint()

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
            if self.quantities is not None:
                return np.asarray(self.quantities(coefficients, self.basis))
            losses = self.L.combine(coefficients, self.basis)
        return np.asarray(losses.cpu().double())


def work_of(
    L: Objective,
    view: Slice,
    resolution: int | Sequence[int],
    extent: Extent | None,
    quantities: Callable[[], Quantities] | None = None,
) -> Work:
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
    found = quantities() if quantities else None
    # a measure takes as long as a chunk of losses
    chunk = 1 if found and found.costly else L.chunk_size()
    return Work(L, torch.cat([view.origin[None], view.directions]), axes, chunk, found)


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
