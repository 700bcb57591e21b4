"""A `Landscape`: losses on a grid over a slice, ready to plot, measure, describe and save."""

from dataclasses import dataclass
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.ndimage import label, minimum_filter
from torch import Tensor

from .._storage.archives import Arrays, Format
from ..slices import Slice
from .differences import second_differences
from .exports import data_array, write_vtk
from .refinement import Refinement
from .trees import LowPoint, Merge, MergeTree, merges_of

FORMAT = "lossviz-landscape"
VERSION = 1
FILES = Format("Landscape", FORMAT, VERSION, "scan again")


@dataclass(frozen=True, eq=False)
class Landscape:
    """Losses on a grid over a slice, ready to plot and save.

    Attributes:
        axes: the grid's coordinates along each direction, k arrays, each increasing.
        loss: shape `(len(axes[0]), len(axes[1]), …)`. Gaps are nan where the loss wasn't computed,
            and nan or inf where the model's loss was.
        slice: the slice that was scanned.
        quantity: what the values are called, on the axes of plots and in descriptions.
        refinement: which losses were predicted, if `scan` was given a tolerance.

    Raises:
        TypeError: if `slice` isn't a `Slice`, or the losses aren't real numbers.
        ValueError: if axes and losses don't match the slice, or an axis doesn't increase.

    >>> view = Slice(torch.zeros(2), torch.eye(2))
    >>> bowl = Landscape((np.array([-1, 0, 1]), np.array([-2, 0, 2])), np.ones((3, 3)), view)
    >>> bowl.dims, bowl.gaps
    (2, 0)
    """

    axes: tuple[np.ndarray, ...]
    loss: np.ndarray
    slice: Slice
    quantity: str = "loss"
    refinement: Refinement | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.slice, Slice):
            raise TypeError(
                f"a landscape needs a Slice, got {type(self.slice).__name__}; "
                "write Landscape(axes, losses, view)"
            )
        loss = _to_numpy(self.loss)
        if loss.dtype.kind not in "fiub":
            raise TypeError(f"the losses of a landscape must be real numbers, got {loss.dtype}")
        object.__setattr__(self, "loss", loss.astype(float) if loss.dtype.kind != "f" else loss)
        object.__setattr__(self, "axes", tuple(np.asarray(axis) for axis in self.axes))
        shape = tuple(len(axis) for axis in self.axes)
        if self.loss.shape != shape or len(shape) != self.slice.dims:
            raise ValueError(
                f"a landscape on a {self.slice.dims}D slice with axes of length {shape} needs "
                f"losses of that shape, but got {self.loss.shape}"
            )
        if self.refinement is not None and self.refinement.predicted.shape != shape:
            raise ValueError(
                f"the marks of predicted losses must have the shape of the grid, {shape}, got "
                f"{self.refinement.predicted.shape}"
            )
        if not all((np.diff(axis) > 0).all() for axis in self.axes):
            raise ValueError(
                "the coordinates along each axis of a landscape must increase; sort them, and "
                "the losses with them"
            )

    def __repr__(self) -> str:
        return f"Landscape({'×'.join(map(str, self.loss.shape))} models on {self.slice})"

    @property
    def dims(self) -> int:
        """Number of directions, k."""
        return self.loss.ndim

    @property
    def gaps(self) -> int:
        """How many grid points have no finite loss."""
        return int((~np.isfinite(self.loss)).sum())

    def at(self, axis: int, alpha: float) -> "Landscape":
        """The cut at the grid plane nearest to alpha, with one dimension fewer.

        Args:
            axis: the direction that is held fixed, counted from 0.
            alpha: the coordinate along it.

        Raises:
            ValueError: if there is no such axis, or alpha lies outside it.
        """
        if not -self.dims <= axis < self.dims:
            raise ValueError(f"axis must be from 0 to {self.dims - 1}, got {axis}")
        grid = self.axes[axis]
        if not grid[0] <= alpha <= grid[-1]:
            raise ValueError(f"α must be from {grid[0]:.3g} to {grid[-1]:.3g}, got {alpha:.3g}")
        i = nearest(grid, alpha)
        axis %= self.dims
        rest = tuple(a for j, a in enumerate(self.axes) if j != axis)
        view = self.slice.at(axis, float(grid[i]))
        marks = None if self.refinement is None else self.refinement.at(axis, i)
        return Landscape(rest, self.loss.take(i, axis), view, self.quantity, marks)

    def lowest(self) -> LowPoint:
        """The lowest grid point; the first one if several are equally low.

        Raises:
            ValueError: if no grid point has a finite loss.

        >>> view = Slice(torch.zeros(2), torch.eye(2)[:1])
        >>> Landscape((np.array([-1, 0, 2]),), np.array([3.0, 2.0, np.nan]), view).lowest()
        LowPoint(alpha=(0.0,), loss=2.0)
        """
        finite = np.isfinite(self.loss)
        if not finite.any():
            raise ValueError(f"none of the {self.loss.size} grid points has a finite loss")
        return self._low_point(int(np.where(finite, self.loss, np.inf).argmin()))

    def _low_point(self, number: int) -> LowPoint:
        """A grid point, given as a flat index into the grid, counted row by row."""
        at = np.unravel_index(number, self.loss.shape)
        alpha = tuple(float(axis[i]) for axis, i in zip(self.axes, at, strict=True))
        return LowPoint(alpha, float(self.loss[at]))

    def minima(self, depth: float | None = None) -> list[LowPoint]:
        """Low points of the grid, lowest first, except those on its border.

        A low point counts if every path to a lower one climbs by more than `depth`, so ripples on
        the floor of a valley that runs across the grid don't count. A low point of a slice may not
        be a minimum of the landscape: `curvature.false_minimum_test` checks that.

        Args:
            depth: in units of loss; None for 1% of the range of losses in the window.

        >>> view = Slice(torch.zeros(2), torch.eye(2)[:1])
        >>> Landscape((np.arange(5.0),), np.array([3.0, 1.0, 2.0, 0.5, 4.0]), view).minima()
        [LowPoint(alpha=(3.0,), loss=0.5), LowPoint(alpha=(1.0,), loss=1.0)]
        """
        finite = np.isfinite(self.loss)
        filled = np.where(finite, self.loss, np.inf)
        depth = self._depth(depth)
        around = np.ones((3,) * self.dims, dtype=bool)
        lower = filled == minimum_filter(filled, footprint=around, mode="nearest")
        inner = np.zeros_like(lower)
        inner[(slice(1, -1),) * self.dims] = True
        # neighbouring low points are equally low: the first represents their plateau
        plateaus, _ = label(lower & inner & finite, structure=around)
        numbers, firsts = np.unique(plateaus, return_index=True)
        found = []
        for start in sorted(firsts[numbers > 0]):
            pools, _ = label(filled <= filled.flat[start] + depth, structure=around)
            pool = pools == pools.flat[start]
            if np.where(pool, filled, np.inf).argmin() == start:  # nothing lower can be reached
                found.append(self._low_point(start))
        return sorted(found, key=lambda low: low.loss)

    def merge_tree(self, depth: float | None = None) -> MergeTree:
        """How the basins of the grid merge: the barriers between its low points.

        Args:
            depth: leave out basins that are no deeper than this, in units of loss; None for 1% of
                the range of losses in the window.

        >>> view = Slice(torch.zeros(2), torch.eye(2)[:1])
        >>> land = Landscape((np.arange(5.0),), np.array([3.0, 1.0, 2.0, 0.5, 4.0]), view)
        >>> land.merge_tree().merges
        [Merge(low=1, into=0, saddle=LowPoint(alpha=(2.0,), loss=2.0))]
        """
        floors, ended = merges_of(self.loss, self._depth(depth))
        number = {floor: i for i, floor in enumerate(floors)}
        ends = [np.unravel_index(floor, self.loss.shape) for floor in floors]
        return MergeTree(
            [self._low_point(floor) for floor in floors],
            [all(0 < i < n - 1 for i, n in zip(at, self.loss.shape, strict=True)) for at in ends],
            [Merge(number[low], number[to], self._low_point(at)) for low, to, at in ended],
        )

    def _depth(self, depth: float | None) -> float:
        """A depth in units of loss; None for 1% of the range of losses."""
        if depth is not None:
            return depth
        finite = self.loss[np.isfinite(self.loss)]
        return 0.01 * float(np.ptp(finite)) if finite.size else 0.0

    def curving_down(self) -> float:
        """Fraction of the interior grid points where the landscape curves down in some direction.

        There the k×k matrix of second differences of the losses has a clearly negative eigenvalue:
        it lies below zero by more than 0.1% of the largest in the window, and by more than the
        rounding error of float32 losses. A bowl has no such points; ridges, bumps and edges of
        plateaus do (after Li et al. 2018, section 6, who do the same with the full Hessian). Points
        next to a gap are left out.

        Returns:
            A number from 0 to 1; nan if no point can be judged.

        Raises:
            ValueError: if a direction has fewer than 3 grid points.

        >>> x, y = np.meshgrid(np.arange(5.0), np.arange(5.0), indexing="ij")
        >>> view = Slice(torch.zeros(2), torch.eye(2))
        >>> Landscape((x[:, 0], y[0]), x**2 + y**2, view).curving_down()
        0.0
        >>> Landscape((x[:, 0], y[0]), x**2 - y**2, view).curving_down()
        1.0
        """
        if min(self.loss.shape) < 3:
            raise ValueError(
                f"curvature needs 3 grid points along each direction, got {self.loss.shape}"
            )
        loss = np.where(np.isfinite(self.loss), self.loss, np.nan)
        hessians = second_differences(loss, self.axes)
        hessians = hessians[np.isfinite(hessians).all(axis=(-2, -1))]
        if not len(hessians):
            return float("nan")
        curvatures = np.linalg.eigvalsh(hessians)
        finest = min(np.diff(axis).min() for axis in self.axes)
        rounding = 1e-6 * np.nanmax(np.abs(loss)) / finest**2
        clearly = max(1e-3 * np.abs(curvatures).max(), rounding)
        return float((curvatures[:, 0] < -clearly).mean())

    def barrier(self) -> float:
        """How far the loss on the line from α = 0 to α = 1 rises above the line between its ends.

        max over α in [0, 1] of L(α) − [(1 − α)·L(0) + α·L(1)]  (Frankle et al. 2020); 0 if it never
        rises above that, and inf if there is a gap in between.

        Raises:
            ValueError: if this isn't a line, doesn't reach from 0 to 1, has no grid point between
                them, or has a gap at an end.
        """
        if self.dims != 1:
            raise ValueError(
                f"a barrier is measured along a line, but got a {self.dims}D landscape"
            )
        (grid,) = self.axes
        if grid[0] > 0 or grid[-1] < 1:
            raise ValueError(f"a barrier needs α from 0 to 1, got {grid[0]:.3g} to {grid[-1]:.3g}")
        ends = np.interp([0, 1], grid, self.loss)
        if not np.isfinite(ends).all():
            raise ValueError(f"a barrier needs a finite loss at α = 0 and 1, got {ends.tolist()}")
        between = (grid > 0) & (grid < 1)
        if not between.any():
            raise ValueError(
                f"a barrier needs grid points between α = 0 and 1, got none among {len(grid)} from "
                f"{grid[0]:.3g} to {grid[-1]:.3g}; scan with a higher resolution"
            )
        rise = self.loss[between] - np.interp(grid[between], [0, 1], ends)
        return float(np.where(np.isfinite(rise), rise, np.inf).max(initial=0.0))

    def describe(self) -> str:
        """The landscape in words, for readers who can't see the picture."""
        finite = np.isfinite(self.loss)
        if not finite.any():
            return (
                f"A {self.dims}D slice of {self.loss.size} models, none with a finite "
                f"{self.quantity}."
            )
        alpha, loss = self.lowest()
        where = ", ".join(f"{a:.2f}" for a in alpha)
        where = where if self.dims == 1 else f"({where})"
        inner = len(self.minima())
        gaps = f" {self.gaps} models have no finite {self.quantity}." if self.gaps else ""
        return (
            f"A {self.dims}D slice of {self.loss.size} models. The {self.quantity} runs from "
            f"{loss:.3f}, at α = {where}, to {self.loss[finite].max():.3f}; "
            f"{inner} low point{'' if inner == 1 else 's'} inside the window.{gaps}"
            + (f" {self.refinement}" if self.refinement else "")
        )

    def save(self, path: str | PathLike[str]) -> Path:
        """Write everything to one `.npz` file, which `Landscape.load` reads back exactly.

        An existing file is replaced only once the new one is complete.

        Returns:
            The path, with `.npz` added if it has a different suffix.
        """
        arrays: dict[str, np.ndarray | Tensor] = {
            "loss": self.loss,
            "origin": self.slice.origin,
            "directions": self.slice.directions,
            "extent": np.array(self.slice.extent),
            "quantity": np.array(self.quantity),
        }
        arrays |= {f"axis_{i}": axis for i, axis in enumerate(self.axes)}
        optional = {"explained": self.slice.explained, "null": self.slice.null}
        if self.refinement is not None:
            optional |= self.refinement.to_arrays()
        arrays |= {name: value for name, value in optional.items() if value is not None}
        return FILES.write(path, arrays)

    def to_html(
        self, file: str | PathLike[str], path: Any = None, title: str = "A loss landscape"
    ) -> Path:
        """Write one HTML page that shows the landscape, with no kernel and no network.

        A line is shown as a curve, a plane as a map next to a surface that you can rotate, and a
        cube in a volume viewer; see `widgets.to_html`. It needs the extra `notebooks`.

        Args:
            file: where to write, such as `"bowl.html"`.
            path: a trajectory to draw, or a dict from names to trajectories.
            title: the title of the page.

        Returns:
            The path of the file.
        """
        # imported by name, because widgets import landscapes
        widgets = import_module("lossviz_helpers.widgets")
        return Path(widgets.to_html(self, file, path, title))

    def to_xarray(self) -> Any:
        """The losses as an `xarray.DataArray`, with the coordinates alpha_1, alpha_2 ….

        Raises:
            ImportError: if xarray isn't installed.
        """
        return data_array(self.axes, self.loss, self.quantity, self.describe())

    def to_vtk(self, file: str | PathLike[str]) -> Path:
        """Write the losses as a VTK file, a rectilinear grid in text, for ParaView and others.

        Returns:
            The path, with `.vtk` added if it has a different suffix.

        Raises:
            ValueError: if the landscape has more than three dimensions.

        >>> import tempfile
        >>> view = Slice(torch.zeros(2), torch.eye(2)[:1])
        >>> land = Landscape((np.arange(3.0),), np.array([3.0, 1.0, 2.0]), view)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     text = land.to_vtk(folder + "/line").read_text()
        >>> text.splitlines()[-1]
        '3.0 1.0 2.0'
        """
        return write_vtk(self.axes, self.loss, self.quantity, file)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Landscape":
        """Read a file that `save` wrote.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if it isn't a Landscape, is damaged, or comes from another version.
        """

        def build(found: Arrays) -> Landscape:
            view = Slice(
                torch.as_tensor(found["origin"]),
                torch.as_tensor(found["directions"]),
                tuple((lo, hi) for lo, hi in found["extent"].tolist()),
                **{name: _to_numpy(found[name]) for name in ("explained", "null") if name in found},
            )
            axes = tuple(_to_numpy(found[f"axis_{i}"]) for i in range(view.dims))
            # older files don't name the quantity: it is the loss
            quantity, marks = str(found.get("quantity", "loss")), Refinement.of_arrays(found)
            return cls(axes, _to_numpy(found["loss"]), view, quantity, marks)

        return FILES.read(path, build)


def _to_numpy(values: np.ndarray | Tensor) -> np.ndarray:
    return np.asarray(values.detach().cpu() if isinstance(values, Tensor) else values)


def nearest(grid: np.ndarray, x: float) -> int:
    """The index of the grid point nearest to x."""
    return int(np.abs(grid - x).argmin())
