"""A slice: a small flat window onto the space of all models, `θ(α) = origin + Σ αᵢ·directionᵢ`."""

import math
import operator
import warnings
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .._inputs.points import as_points
from .subspaces import (
    Components,
    blocks,
    combine,
    distances,
    gram,
    least_squares,
    lengths_and_cosines,
    principal_components,
    products,
    variances,
)

Extent = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Slice:
    """An origin and k directions; a point of the slice has k coordinates α.

    Directions need not be perpendicular or of length 1: between two models the direction is their
    difference, so that α runs from 0 to 1.

    A slice holds copies, in float32 at least: points of a model of lower precision are rounded
    where the model is called.

    Args:
        origin: shape `(P,)`.
        directions: shape `(k, P)`, linearly independent.
        extent: the window worth looking at, k pairs (lo, hi); −1 to 1 by default.
        explained: if it was chosen by PCA: share of the trajectory's variance in the first 1 … k
            directions, shape `(k,)`.
        null: the same share for random walks of as many steps, shape `(k,)`.

    Raises:
        TypeError: if origin or directions are something else, such as a model.
        ValueError: if shapes don't fit, a value is not finite, or directions are zero or parallel.

    >>> view = Slice(torch.zeros(3), torch.eye(3)[:2])
    >>> view.point(torch.tensor([0.5, 2.0]))
    tensor([0.5000, 2.0000, 0.0000])
    >>> above = torch.tensor([0.5, 2.0, 7.0])
    >>> view.coordinates(above), view.distance(above)
    (tensor([0.5000, 2.0000]), tensor(7.))
    """

    origin: Tensor
    directions: Tensor
    extent: Extent | None = None
    explained: np.ndarray | None = None
    null: np.ndarray | None = None

    def __post_init__(self):
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
        if not (_is_finite(origin) and _is_finite(directions)):
            raise ValueError("a slice needs finite numbers, got nan or inf in origin or directions")
        _check_independent(directions)
        dtype = torch.promote_types(origin.dtype, directions.dtype)
        dtype = torch.promote_types(dtype, torch.float32)
        # copies: what happens to the originals later is no part of the slice
        directions = directions.detach().to(origin.device, dtype, copy=True)
        origin = origin.detach().to(dtype, copy=True)
        extent = ((-1.0, 1.0),) * len(directions) if self.extent is None else self.extent
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "directions", directions)
        object.__setattr__(self, "extent", check_extent(extent, len(directions)))

    def __repr__(self) -> str:
        text = f"Slice({self.dims}D through P={len(self.origin)}"
        if self.explained is not None:
            text += (
                f"; {self.explained[-1]:.1%} of the trajectory's variance"
                f" (random walk: {self.null[-1]:.1%})"
            )
        return text + ")"

    @property
    def dims(self) -> int:
        """Number of directions, k."""
        return len(self.directions)

    # -- ways to choose one ----------------------------------------------------------------------

    @classmethod
    def between(cls, A: Tensor, B: Tensor) -> "Slice":
        """The line from model A (α = 0) to model B (α = 1): θ = (1 − α)·θ_A + α·θ_B.

        Args:
            A, B: points of shape `(P,)`.

        Raises:
            TypeError: if they are something else, such as models.
            ValueError: if A and B are the same point or of different length.

        >>> Slice.between(torch.tensor([0.0, 0.0]), torch.tensor([2.0, 4.0])).point(0.5)
        tensor([1., 2.])
        """
        A, B = _of_one_space("Slice.between", A, B)
        return cls(A, (B - A)[None], extent=((-0.5, 1.5),))

    @classmethod
    def through(cls, A: Tensor, B: Tensor, C: Tensor) -> "Slice":
        """The plane through three models.

        α₁ leads from A (0) to B (1). α₂ is perpendicular to it and as long, so that the map keeps
        angles and distances; C lies on its positive side.

        Args:
            A, B, C: points of shape `(P,)`.

        Raises:
            TypeError: if they are something else, such as models.
            ValueError: if they are of different length, or lie on one line.

        >>> A, B, C = torch.tensor([[0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [1.0, 4.0, 1.0]])
        >>> Slice.through(A, B, C).coordinates(torch.stack([A, B, C]))
        tensor([[0.0000, 0.0000],
                [1.0000, 0.0000],
                [0.5000, 2.0000]])
        """
        A, B, C = _of_one_space("Slice.through", A, B, C)
        corners = torch.stack([A, B, C])
        G = gram(corners[1:], origin=A)
        part = G[0, 1] / G[0, 0]
        first, rest = combine(torch.tensor([[1, 0], [-part, 1]]).double(), corners[1:], origin=A)
        length, height = gram(torch.stack([first, rest])).diagonal().sqrt()
        if not height > 1e-5 * G[1, 1].sqrt():  # nor is nan, of A = B
            raise ValueError("a plane needs three points that don't lie on one line")
        directions = torch.stack([first, rest * (length / height).item()])
        return cls(A, directions, extent=_window(least_squares(corners, directions, A)))

    @classmethod
    def along(cls, points: Tensor, dims: int = 2) -> "Slice":
        """The slice that follows a trajectory: α₁ leads from its start (0) to its end (1).

        The other directions are the principal components of what α₁ leaves over. They are
        perpendicular to it and to each other, and as long as it is.

        Args:
            points: a trajectory, shape `(T, P)`.
            dims: number of directions, 1 to P.

        Raises:
            TypeError: if points are something else, such as a `Trajectory`, or dims is no integer.
            ValueError: if the trajectory has too few points or moves in fewer than dims dimensions.

        >>> walk = torch.randn(50, 13, generator=torch.Generator().manual_seed(0)).cumsum(0)
        >>> view = Slice.along(walk, dims=3)
        >>> view.coordinates(walk[-1]).round(decimals=4).abs()
        tensor([1., 0., 0.])
        """
        points = _check_trajectory("Slice.along", points, dims)
        first = combine(torch.ones(1, 1).double(), points[-1:], origin=points[0])
        length = gram(first).sqrt().item()
        if length == 0:
            raise ValueError("the trajectory ends where it starts, so α₁ has no direction")
        alpha = products(points, first, origin=points[0]) / length**2
        others = _principal_components(points, dims - 1, length, across=True)
        beside = (others.coordinates - others.coordinates[0]) / length
        return cls._of_trajectory(
            points[0],
            torch.cat([first, others.directions * length]),
            alpha=torch.cat([alpha, beside], dim=1),
            total=others.total,
        )

    @classmethod
    def pca(cls, points: Tensor, dims: int = 2) -> "Slice":
        """The principal components of a trajectory, through its mean.

        Directions have length 1, are perpendicular, and point the way that training went.
        `explained` says how much of the trajectory's variance they hold, `null` how much they
        would hold if training were a random walk (Antognini & Sohl-Dickstein 2018).

        Args:
            points: a trajectory, shape `(T, P)`.
            dims: number of directions, 1 to P.

        Raises:
            TypeError: if points are something else, such as a `Trajectory`, or dims is no integer.
            ValueError: if the trajectory has too few points or moves in fewer than dims dimensions.

        >>> walk = torch.randn(300, 13, generator=torch.Generator().manual_seed(0)).cumsum(0)
        >>> view = Slice.pca(walk, dims=2)
        >>> torch.allclose(view.directions @ view.directions.T, torch.eye(2), atol=1e-5)
        True
        """
        points = _check_trajectory("Slice.pca", points, dims)
        found = _principal_components(points, dims)
        return cls._of_trajectory(
            points.mean(dim=0, dtype=found.directions.dtype),
            found.directions,
            alpha=found.coordinates,
            total=found.total,
        )

    @classmethod
    def random(
        cls, origin: Tensor, dims: int = 2, seed: int = 0, filters: Tensor | None = None
    ) -> "Slice":
        """Random directions through a point, Gaussian.

        Raw directions are made perpendicular and of length 1. With `filters` they are normalised
        filter by filter instead, d ← d · ‖θ‖/‖d‖, and 0 for parameters of no filter (Li et al.
        2018, section 4): then α = 1 is as large as the weights, whatever their scale.

        Args:
            origin: shape `(P,)`.
            dims: number of directions, 1 to P.
            seed: seed of the directions.
            filters: `L.filters` for filter normalisation; None for raw directions.

        Raises:
            TypeError: if origin is something else, such as a model, or dims is no integer.
            ValueError: if dims is not from 1 to P, filters don't fit the origin, there are none, or
                all of them are 0.

        Warns:
            UserWarning: if some filters are all 0, as in layers that start with zeros.

        >>> Slice.random(torch.zeros(13), dims=2, seed=1).directions.shape
        torch.Size([2, 13])
        >>> theta, filters = torch.tensor([3.0, 4.0, 1.0]), torch.tensor([0, 0, -1])
        >>> Slice.random(theta, dims=1, filters=filters).directions[0, :2].norm()  # ‖(3, 4)‖
        tensor(5.)
        """
        (origin,) = _of_one_space("Slice.random", origin)
        _check_dims(dims, len(origin))
        generator = torch.Generator().manual_seed(seed)
        gaussian = torch.randn(len(origin), dims, generator=generator, dtype=torch.float64)
        if filters is None:
            directions = torch.linalg.qr(gaussian).Q.T
        else:
            directions = _normalise_filters(gaussian.T, origin, filters)
        return cls(origin, directions.to(origin))

    @classmethod
    def _of_trajectory(
        cls, origin: Tensor, directions: Tensor, alpha: Tensor, total: Tensor
    ) -> "Slice":
        """The slice of a trajectory at coordinates `(T, k)`, along perpendicular directions."""
        size = lengths_and_cosines(directions)[0].square()
        spread = (alpha - alpha.mean(dim=0)).square().sum(dim=0) * size
        return cls(
            origin,
            directions,
            extent=_window(alpha),
            explained=(spread.cumsum(dim=0) / total).clamp(max=1.0).numpy(),
            null=random_walk_variance(len(alpha), len(origin), len(directions)),
        )

    # -- moving between α and θ ------------------------------------------------------------------

    def point(self, alpha: Tensor | float) -> Tensor:
        """θ(α): the models at coordinates of shape `(..., k)`; shape `(..., P)`.

        On a line (k = 1) a plain number, or numbers of shape `(...)`, will do.
        """
        alpha = as_points(
            alpha,
            f"a point of this slice has {self.dims} coordinates, numbers",
            advice="view.coordinates(θ) gives those of a point θ",
        )
        alpha = alpha.to(self.directions)
        if self.dims == 1 and (alpha.ndim == 0 or alpha.shape[-1] != 1):
            alpha = alpha[..., None]
        if alpha.ndim == 0 or alpha.shape[-1] != self.dims:
            raise ValueError(
                f"a point of this slice has {self.dims} coordinates, got shape {tuple(alpha.shape)}"
            )
        return self.origin + alpha @ self.directions

    def coordinates(self, points: Tensor) -> Tensor:
        """α of the points' shadows on the slice: `(..., P)` → `(..., k)`, by least squares."""
        points = self._check_points(points)
        alpha = least_squares(points.reshape(-1, len(self.origin)), self.directions, self.origin)
        return alpha.to(self.directions).reshape(*points.shape[:-1], self.dims)

    def distance(self, points: Tensor) -> Tensor:
        """How far points are from the slice, in parameter units: `(..., P)` → `(...)`."""
        points = self._check_points(points)
        apart = distances(points.reshape(-1, len(self.origin)), self.directions, self.origin)
        return apart.to(self.directions).reshape(points.shape[:-1])

    def projection(self, vectors: Tensor) -> Tensor:
        """The part of vectors, such as gradients, that lies along the slice: `(..., P)` likewise.

        >>> Slice(torch.ones(3), torch.eye(3)[:2]).projection(torch.tensor([4.0, 5.0, 6.0]))
        tensor([4., 5., 0.])
        """
        vectors = self._check_points(vectors)
        part = least_squares(vectors.reshape(-1, len(self.origin)), self.directions)
        return combine(part, self.directions).to(vectors).reshape(vectors.shape)

    def window(self, points: Tensor, margin: float = 0.25) -> Extent:
        """An extent that holds the shadows of all points `(..., P)`, with a margin on each side."""
        return _window(self.coordinates(points).reshape(-1, self.dims), margin)

    def angle(self) -> float:
        """Angle between the first two directions, in degrees.

        Raises:
            ValueError: if the slice is a line.

        >>> round(Slice(torch.zeros(2), torch.tensor([[1.0, 0.0], [1.0, 1.0]])).angle())
        45
        """
        if self.dims < 2:
            raise ValueError("an angle needs two directions, a line has one")
        lengths, _ = lengths_and_cosines(self.directions[:2])
        # exact, where acos of a cosine near 1 isn't: sum and difference of unit vectors (Kahan)
        signs = torch.tensor([[1, 1], [1, -1]]) / lengths
        halves = sum((signs @ d).square().sum(dim=1) for (d,) in blocks(self.directions[:2]))
        return math.degrees(2 * math.atan2(*halves.sqrt().flip(0)))

    # -- slices of slices ------------------------------------------------------------------------

    def at(self, axis: int, alpha: float) -> "Slice":
        """The slice of one dimension less, where coordinate `axis` is held at alpha."""
        if self.dims < 2:
            raise ValueError("a line has no slice of one dimension less")
        axis = self._check_axis(axis)
        keep = [i for i in range(self.dims) if i != axis]
        return Slice(
            self.origin + alpha * self.directions[axis],
            self.directions[keep],
            extent=tuple(self.extent[i] for i in keep),
        )

    def turn(self, axis: int, towards: Tensor, degrees: float) -> "Slice":
        """The slice with one of its directions turned towards another, its length kept.

        Args:
            axis: which direction turns.
            towards: any direction of shape `(P,)` that is not parallel to it.
            degrees: 0 leaves the slice as it is, 90 is perpendicular to the old direction, in the
                plane that both span (for perpendicular ones: `towards` itself).

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
            raise ValueError(f"direction {axis} can't turn towards a parallel one")
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
                f"the slice lies among points of {len(self.origin)} numbers, got points of shape "
                f"{tuple(points.shape)}: do slice and points belong to the same model?"
            )
        return points


def explained_variance(points: Tensor, directions: Tensor) -> np.ndarray:
    """Share of the points' variance that lies in the first 1 … k directions.

    Args:
        points: shape `(T, P)`.
        directions: shape `(k, P)`, linearly independent.

    Returns:
        Shape `(k,)`, increasing, at most 1.

    Raises:
        TypeError: if they are something else, such as a `Trajectory` or a `Slice`.
        ValueError: if shapes don't fit, or directions are zero or parallel.

    >>> explained_variance(torch.tensor([[-2.0, 0.0], [2.0, 0.0]]), torch.eye(2))
    array([1., 1.])
    """
    points = as_points(points, "explained_variance takes points of shape (T, P)", many=True)
    takes = "explained_variance takes directions of shape (k, P), such as view.directions"
    directions = as_points(directions, takes, many=True)
    if points.ndim != 2 or directions.ndim != 2 or points.shape[1] != directions.shape[1]:
        raise ValueError(
            "explained variance needs points of shape (T, P) and directions of shape (k, P), got "
            f"{tuple(points.shape)} and {tuple(directions.shape)}"
        )
    _check_independent(directions)
    inside, total = variances(points.detach(), directions.detach())
    return (inside.cumsum(dim=0) / total).clamp(max=1.0).numpy()


def random_walk_variance(steps: int, P: int, dims: int, walks: int = 20) -> np.ndarray:
    """Share of variance that PCA finds in 1 … dims components of a random walk: the null.

    A random walk has no structure, and yet PCA finds most of its variance in a few components;
    in many dimensions 61%, 76% and 83% in the first three (Antognini & Sohl-Dickstein 2018). A
    trajectory is only remarkable beyond this. Measured on walks with Gaussian steps.

    Args:
        steps: number of points of a walk; more than 1000 change little and are cut to 1000.
        P: dimensions of the space; more than 200 change little and are cut to 200.
        dims: number of components.
        walks: how many walks to average.

    Returns:
        Shape `(dims,)`.

    >>> random_walk_variance(500, 1000, 3).round(1)
    array([0.6, 0.8, 0.8])
    """
    generator = torch.Generator().manual_seed(0)
    shape = (walks, min(steps, 1000), min(P, 200))
    walk = torch.randn(shape, generator=generator, dtype=torch.float64).cumsum(dim=1)
    walk -= walk.mean(dim=1, keepdim=True)
    products = walk.mT @ walk if walk.shape[1] > walk.shape[2] else walk @ walk.mT
    variance = torch.linalg.eigvalsh(products).flip(-1).clamp(min=0)
    shares = variance.cumsum(dim=-1) / variance.sum(dim=-1, keepdim=True)
    shares = shares.mean(dim=0)[:dims].numpy()
    return np.append(shares, np.ones(dims - len(shares)))


def check_extent(extent: Extent, dims: int) -> Extent:
    """Extent as `dims` pairs of floats; ValueError unless finite and lo < hi."""
    try:
        pairs = tuple((float(lo), float(hi)) for lo, hi in extent)
    except (TypeError, ValueError):
        raise ValueError(
            f"extent needs one pair (lo, hi) per direction, got {extent!r}; for one direction "
            "write ((lo, hi),)"
        ) from None
    if len(pairs) != dims:
        raise ValueError(f"extent needs {dims} pairs (lo, hi), one per direction, got {len(pairs)}")
    for lo, hi in pairs:
        if not (math.isfinite(lo) and math.isfinite(hi)):
            raise ValueError(f"extent must be finite, got ({lo}, {hi})")
        if lo >= hi:
            raise ValueError(f"extent must run from low to high, got ({lo}, {hi})")
    return pairs


def _window(alpha: Tensor, margin: float = 0.25) -> Extent:
    """An extent that holds coordinates `(n, k)`, with a margin on each side."""
    lo, hi = alpha.amin(dim=0), alpha.amax(dim=0)
    # a direction that the points hardly use still gets a third of the widest window
    pad = ((hi - lo).max() / 3 - (hi - lo)).clamp(min=0) / 2 + margin * (hi - lo).max()
    return tuple(zip((lo - pad).tolist(), (hi + pad).tolist(), strict=True))


def _normalise_filters(directions: Tensor, origin: Tensor, filters: Tensor) -> Tensor:
    """Directions `(k, P)`, float64, with each filter as long as the origin's."""
    if not isinstance(filters, Tensor) or filters.shape != origin.shape:
        found = f"shape {tuple(filters.shape)}" if isinstance(filters, Tensor) else repr(filters)
        raise ValueError(
            f"filters must number the {len(origin)} parameters, got {found}; use L.filters"
        )
    index = filters.cpu().long() + 1  # 0 for no filter
    if not index.any():
        raise ValueError(
            "there are no filters to normalise by, only biases and other vectors; leave out "
            "filters for raw directions"
        )

    def lengths(values: Tensor) -> Tensor:
        return torch.zeros(int(index.max()) + 1).double().index_add(0, index, values**2).sqrt()

    sizes = lengths(origin.detach().cpu().double())
    sizes[0] = 0
    still = int((sizes[1:] == 0).sum())
    if still == len(sizes) - 1:
        raise ValueError(
            f"all {still} filters are 0, and a filter-normalised direction is as long as the "
            "weights; train the model first, or leave out filters for raw directions"
        )
    if still:
        warnings.warn(
            f"{still} of {len(sizes) - 1} filters are all 0, and a filter-normalised direction is "
            "as long as the weights: they stay where they are, and the picture may be flat; train "
            "the model first, or leave out filters",
            stacklevel=3,
        )
    for direction in directions:
        direction *= (sizes / lengths(direction).clamp(min=1e-300))[index]
    return directions


def _principal_components(
    points: Tensor, dims: int, size: float | None = None, across: bool = False
) -> Components:
    """Principal components that point the way from first to last point.

    Where the way has no part in a direction, its largest entry is positive. What is tiny beside
    `size`, the length of the whole trajectory, is a rounding error.
    """
    found = principal_components(points, dims, across)
    size = found.total.sqrt().item() if size is None else size
    noise = max(1e-9, 10 * torch.finfo(found.directions.dtype).eps) * size
    rank = int((found.movement > noise).sum())
    if rank < dims:
        raise ValueError(
            f"the trajectory moves in too few dimensions: {dims} needed, got {rank}; ask for "
            "fewer components"
        )
    progress = products(points[-1:], found.directions, origin=points[0])[0]
    signs = torch.where(
        progress.abs() > noise, progress, _largest_entries(found.directions).cpu().double()
    ).sign()
    return found._replace(
        directions=found.directions * signs.to(found.directions)[:, None],
        coordinates=found.coordinates * signs,
    )


def largest_entry_positive(vectors: Tensor) -> Tensor:
    """Vectors `(k, P)`, turned round where their largest entry is negative: one sign for all."""
    return vectors * _largest_entries(vectors)[:, None].sign()


def _largest_entries(vectors: Tensor) -> Tensor:
    """The largest entry of each vector, `(k, P)` → `(k,)`, with its sign."""
    sizes = vectors.abs()
    # the first of those that are as large but for rounding, which must not decide
    largest = (sizes >= (1 - 1e-6) * sizes.amax(dim=1, keepdim=True)).int().argmax(1, keepdim=True)
    return vectors.gather(1, largest)[:, 0]


def _is_finite(values: Tensor) -> bool:
    """Whether all values are; without a copy of them."""
    return all(bound.isfinite() for bound in values.detach().aminmax())


def _check_independent(directions: Tensor) -> None:
    """ValueError if a direction is zero, or one is nearly a combination of others."""
    lengths, cosines = lengths_and_cosines(directions.detach())
    if (lengths == 0).any():
        which = int((lengths == 0).nonzero()[0]) + 1
        raise ValueError(
            f"a slice needs directions of positive length, got zero for direction {which}"
        )
    # the square of the smallest singular value of the unit directions
    if torch.linalg.eigvalsh(cosines)[0] < 1e-10:
        raise ValueError(
            f"a slice needs linearly independent directions, got {len(directions)} that are "
            "parallel or span fewer dimensions"
        )


def _check_trajectory(who: str, points: Tensor, dims: int) -> Tensor:
    points = as_points(points, f"{who} takes points of shape (T, P)", many=True).detach()
    if points.ndim != 2:
        raise ValueError(
            f"expected the points of one trajectory, shape (T, P), got {tuple(points.shape)}; "
            "path[i].points picks one of many starts"
        )
    _check_dims(dims, points.shape[1])
    if len(points) < dims + 1:
        raise ValueError(
            f"{dims} principal components need at least {dims + 1} points, got {len(points)}"
        )
    if not _is_finite(points):
        raise ValueError("the trajectory holds nan or inf: training diverged; lower lr")
    return points


def _check_dims(dims: int, P: int) -> None:
    wanted = f"dims must be from 1 to the {P} parameters of the model"
    try:
        dims = operator.index(dims)
    except TypeError:
        found = repr(dims) if isinstance(dims, str | float) else f"a {type(dims).__name__}"
        raise TypeError(f"{wanted}, an integer such as dims=2, got {found}") from None
    if not 1 <= dims <= P:
        raise ValueError(f"{wanted}, got {dims}")


def _of_one_space(who: str, *points: Tensor) -> tuple[Tensor, ...]:
    """The points, in one dtype, float32 at least; ValueError unless all have one shape, `(P,)`."""
    takes = f"{who} takes {'points' if len(points) > 1 else 'a point'} of shape (P,)"
    points = [as_points(point, takes).detach() for point in points]
    shapes = [tuple(point.shape) for point in points]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        raise ValueError(
            f"expected points of one model, of shape (P,), got {' and '.join(map(str, shapes))}"
        )
    dtype = torch.float32
    for point in points:
        dtype = torch.promote_types(dtype, point.dtype)
    return tuple(point.to(points[0].device, dtype) for point in points)
