"""A slice: a small flat window onto the space of all models, `θ(α) = origin + Σ αᵢ·directionᵢ`."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .._inputs.points import as_points
from .checking import check_independent, is_finite
from .choosing import SliceConstructors
from .extents import Extent, check_extent, window_around
from .subspaces import blocks, combine, distances, gram, least_squares, lengths_and_cosines, summed
from .variance import Shares


@dataclass(frozen=True, eq=False)
class Slice(SliceConstructors):
    """An origin and k directions; a point of the slice has k coordinates α.

    Directions don't have to be perpendicular or of length 1: between two models the direction is
    their difference, so that α runs from 0 to 1.

    A slice keeps copies, in at least float32. For a model of lower precision, points are rounded
    when the model is called.

    Args:
        origin: shape `(P,)`.
        directions: shape `(k, P)`, linearly independent.
        extent: the window worth looking at, k pairs (lo, hi); −1 to 1 by default.
        explained: for a slice chosen by PCA, the fraction of the trajectory's variance in the first
            1 … k directions, shape `(k,)`.
        null: the same fraction for random walks with as many steps, shape `(k,)`.

    Raises:
        TypeError: if origin or directions are something else, such as a model.
        ValueError: if the shapes don't match, a value is not finite, or directions are zero or
            parallel.

    >>> view = Slice(torch.zeros(3), torch.eye(3)[:2])
    >>> view.point(torch.tensor([0.5, 2.0]))
    tensor([0.5000, 2.0000, 0.0000])
    >>> above = torch.tensor([0.5, 2.0, 7.0])
    >>> view.coordinates(above), view.distance(above)
    (tensor([0.5000, 2.0000]), tensor(7.))
    """

    origin: Tensor
    directions: Tensor
    extent: Extent = ()
    explained: Shares | None = None
    null: Shares | None = None

    def __post_init__(self) -> None:
        origin = as_points(self.origin, "a slice takes an origin of shape (P,)")
        directions = as_points(
            self.directions, "a slice takes directions of shape (k, P)", many=True
        )
        if (
            origin.ndim != 1
            or directions.ndim != 2
            or directions.shape[1] != len(origin)
            or not directions.numel()
        ):
            raise ValueError(
                "a slice needs an origin of shape (P,) and directions of shape (k, P), got "
                f"{tuple(origin.shape)} and {tuple(directions.shape)}"
            )
        if not (is_finite(origin) and is_finite(directions)):
            raise ValueError("a slice needs finite numbers, got nan or inf in origin or directions")
        check_independent(directions)
        dtype = torch.promote_types(origin.dtype, directions.dtype)
        dtype = torch.promote_types(dtype, torch.float32)
        # copies, so that later changes to the originals don't change the slice
        directions = directions.detach().to(origin.device, dtype, copy=True)
        origin = origin.detach().to(dtype, copy=True)
        extent = self.extent
        if extent is None or (isinstance(extent, tuple) and not extent):
            extent = ((-1.0, 1.0),) * len(directions)
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "directions", directions)
        object.__setattr__(self, "extent", check_extent(extent, len(directions)))

    def __repr__(self) -> str:
        text = f"Slice({self.dims}D through P={len(self.origin)}"
        if self.explained is not None and self.null is not None:
            text += (
                f"; {self.explained[-1]:.1%} of the trajectory's variance"
                f" (random walk: {self.null[-1]:.1%})"
            )
        return text + ")"

    @property
    def dims(self) -> int:
        """Number of directions, k."""
        return len(self.directions)

    # -- moving between α and θ ------------------------------------------------------------------

    def point(self, alpha: Tensor | float) -> Tensor:
        """θ(α): the models at coordinates of shape `(..., k)`; shape `(..., P)`.

        On a line (k = 1), alpha may also be a number, or have shape `(...)`.
        """
        alpha = as_points(
            alpha,
            f"a point of this slice has {self.dims} coordinates",
            advice="view.coordinates(θ) gives those of a point θ",
        )
        alpha = alpha.to(self.directions)
        if self.dims == 1 and (alpha.ndim == 0 or alpha.shape[-1] != 1):
            alpha = alpha[..., None]
        if alpha.ndim == 0 or alpha.shape[-1] != self.dims:
            raise ValueError(
                f"a point of this slice has {self.dims} coordinates, but got shape "
                f"{tuple(alpha.shape)}"
            )
        return self.origin + alpha @ self.directions

    def coordinates(self, points: Tensor) -> Tensor:
        """α of the points' projections on the slice: `(..., P)` → `(..., k)`, by least squares."""
        points = self._check_points(points)
        alpha = least_squares(points.reshape(-1, len(self.origin)), self.directions, self.origin)
        return alpha.to(self.directions).reshape(*points.shape[:-1], self.dims)

    def distance(self, points: Tensor) -> Tensor:
        """How far points are from the slice, in parameter units: `(..., P)` → `(...)`."""
        points = self._check_points(points)
        apart = distances(points.reshape(-1, len(self.origin)), self.directions, self.origin)
        return apart.to(self.directions).reshape(points.shape[:-1])

    def projection(self, vectors: Tensor) -> Tensor:
        """The component of vectors, such as gradients, that lies in the slice: also `(..., P)`.

        >>> Slice(torch.ones(3), torch.eye(3)[:2]).projection(torch.tensor([4.0, 5.0, 6.0]))
        tensor([4., 5., 0.])
        """
        vectors = self._check_points(vectors)
        part = least_squares(vectors.reshape(-1, len(self.origin)), self.directions)
        return combine(part, self.directions).to(vectors).reshape(vectors.shape)

    def window(self, points: Tensor, margin: float = 0.25) -> Extent:
        """An extent that contains all points `(..., P)`, projected, with a margin on each side."""
        return window_around(self.coordinates(points).reshape(-1, self.dims), margin)

    def angle(self) -> float:
        """Angle between the first two directions, in degrees.

        Raises:
            ValueError: if the slice is a line.

        >>> round(Slice(torch.zeros(2), torch.tensor([[1.0, 0.0], [1.0, 1.0]])).angle())
        45
        """
        if self.dims < 2:
            raise ValueError("an angle needs two directions, but a line has one")
        lengths, _ = lengths_and_cosines(self.directions[:2])
        # by sum and difference of unit vectors (Kahan), because acos of a cosine near 1 is inexact
        signs = torch.tensor([[1, 1], [1, -1]]) / lengths
        halves = summed((signs @ d).square().sum(dim=1) for (d,) in blocks(self.directions[:2]))
        return math.degrees(2 * math.atan2(*halves.sqrt().flip(0)))

    # -- slices of slices ------------------------------------------------------------------------

    def at(self, axis: int, alpha: float) -> "Slice":
        """The slice with one dimension fewer, where coordinate `axis` is held at alpha."""
        if self.dims < 2:
            raise ValueError("a line has no slice with one dimension fewer")
        axis = self._check_axis(axis)
        keep = [i for i in range(self.dims) if i != axis]
        return Slice(
            self.origin + alpha * self.directions[axis],
            self.directions[keep],
            extent=tuple(self.extent[i] for i in keep),
        )

    def turn(self, axis: int, towards: Tensor, degrees: float) -> "Slice":
        """The slice with one of its directions rotated towards another, keeping its length.

        Args:
            axis: which direction rotates.
            towards: any direction of shape `(P,)` that is not parallel to it.
            degrees: 0 leaves the slice as it is. 90 makes the direction perpendicular to the old
                one, in the plane that the two span (if they are perpendicular: along `towards`).

        Raises:
            ValueError: if `towards` is parallel to the direction.

        >>> view = Slice(torch.zeros(3), torch.eye(3)[:2])
        >>> view.turn(1, torch.tensor([0.0, 0.0, 1.0]), 90).directions[1].round(decimals=4).abs()
        tensor([0., 0., 1.])
        """
        axis = self._check_axis(axis)
        towards = self._check_points(towards)
        if towards.ndim != 1:
            raise ValueError(f"towards must be one direction, got shape {tuple(towards.shape)}")
        pair = torch.stack([self.directions[axis], towards.to(self.directions)])
        G = gram(pair)
        rest = combine(torch.tensor([[-G[0, 1] / G[0, 0], 1]]).double(), pair)
        height = gram(rest).sqrt()
        if height <= 1e-6 * G[1, 1].sqrt():
            raise ValueError(f"direction {axis} can't be rotated towards a parallel one")
        angle = math.radians(degrees)
        weights = [[math.cos(angle), math.sin(angle) * G[0, 0].sqrt() / height]]
        directions = self.directions.clone()
        directions[axis] = combine(torch.tensor(weights).double(), torch.cat([pair[:1], rest]))
        return Slice(self.origin, directions, extent=self.extent)

    def _check_axis(self, axis: int) -> int:
        if not -self.dims <= axis < self.dims:
            raise ValueError(f"axis must be from 0 to {self.dims - 1}, got {axis}")
        return axis % self.dims

    def _check_points(self, points: Tensor) -> Tensor:
        points = as_points(
            points, f"this slice takes points of shape (..., {len(self.origin)})", many=True
        )
        if points.ndim == 0 or points.shape[-1] != len(self.origin):
            raise ValueError(
                f"this slice takes points of {len(self.origin)} numbers, but got points of shape "
                f"{tuple(points.shape)}: do slice and points belong to the same model?"
            )
        return points
