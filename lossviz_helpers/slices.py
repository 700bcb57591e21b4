"""A slice: a small flat window onto the space of all models, `θ(α) = origin + Σ αᵢ·directionᵢ`."""

import math
import warnings
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from .examples import summable

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
        # clones: what happens to the originals later is no part of the slice
        origin, directions = (
            summable(part.detach().clone()) for part in (self.origin, self.directions)
        )
        if origin.ndim != 1 or directions.ndim != 2 or directions.shape[1] != len(origin):
            raise ValueError(
                "a slice needs an origin of shape (P,) and directions of shape (k, P), got "
                f"{tuple(origin.shape)} and {tuple(directions.shape)}"
            )
        if not (origin.isfinite().all() and directions.isfinite().all()):
            raise ValueError("a slice needs finite numbers, got nan or inf in origin or directions")
        lengths = directions.norm(dim=1)
        if (lengths == 0).any():
            which = int((lengths == 0).nonzero()[0]) + 1
            raise ValueError(
                f"a slice needs directions of positive length, got zero for direction {which}"
            )
        unit = (directions / lengths[:, None]).cpu().double()
        smallest = torch.linalg.svdvals(unit)[-1] if len(unit) <= unit.shape[1] else 0.0
        if smallest < 1e-5:
            raise ValueError(
                f"a slice needs linearly independent directions, got {len(directions)} that are "
                "parallel or span fewer dimensions"
            )
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
            ValueError: if A and B are the same point or of different length.

        >>> Slice.between(torch.tensor([0.0, 0.0]), torch.tensor([2.0, 4.0])).point(0.5)
        tensor([1., 2.])
        """
        A, B = _of_one_space(A, B)
        return cls(A, (B - A)[None], extent=((-0.5, 1.5),))

    @classmethod
    def through(cls, A: Tensor, B: Tensor, C: Tensor) -> "Slice":
        """The plane through three models.

        α₁ leads from A (0) to B (1). α₂ is perpendicular to it and as long, so that the map keeps
        angles and distances; C lies on its positive side.

        Args:
            A, B, C: points of shape `(P,)`.

        Raises:
            ValueError: if they are of different length, or lie on one line.

        >>> A, B, C = torch.tensor([[0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [1.0, 4.0, 1.0]])
        >>> Slice.through(A, B, C).coordinates(torch.stack([A, B, C]))
        tensor([[0.0000, 0.0000],
                [1.0000, 0.0000],
                [0.5000, 2.0000]])
        """
        A, B, C = _of_one_space(A, B, C)
        first, other = B - A, C - A
        length = first.norm()
        rest = other - (other @ first) / length**2 * first
        if length == 0 or rest.norm() <= 1e-5 * other.norm():
            raise ValueError("a plane needs three points that don't lie on one line")
        view = cls(A, torch.stack([first, rest * (length / rest.norm())]))
        return replace(view, extent=view.window(torch.stack([A, B, C])))

    @classmethod
    def along(cls, points: Tensor, dims: int = 2) -> "Slice":
        """The slice that follows a trajectory: α₁ leads from its start (0) to its end (1).

        The other directions are the principal components of what α₁ leaves over. They are
        perpendicular to it and to each other, and as long as it is.

        Args:
            points: a trajectory, shape `(T, P)`.
            dims: number of directions, 1 to P.

        Raises:
            ValueError: if the trajectory has too few points or moves in fewer than dims dimensions.

        >>> walk = torch.randn(50, 13, generator=torch.Generator().manual_seed(0)).cumsum(0)
        >>> view = Slice.along(walk, dims=3)
        >>> view.coordinates(walk[-1]).round(decimals=4).abs()
        tensor([1., 0., 0.])
        """
        points = _check_trajectory(points, dims)
        first = points[-1] - points[0]
        length = first.norm()
        if length == 0:
            raise ValueError("the trajectory ends where it starts, so α₁ has no direction")
        unit = first / length
        rest = points - points[0]
        rest = rest - (rest @ unit)[:, None] * unit
        directions = first[None]
        if dims > 1:
            others = _principal_components(rest, dims - 1, size=length)
            directions = torch.cat([directions, others * length])
        return cls._of_trajectory(points[0], directions, points)

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
            ValueError: if the trajectory has too few points or moves in fewer than dims dimensions.

        >>> walk = torch.randn(300, 13, generator=torch.Generator().manual_seed(0)).cumsum(0)
        >>> view = Slice.pca(walk, dims=2)
        >>> torch.allclose(view.directions @ view.directions.T, torch.eye(2), atol=1e-5)
        True
        """
        points = _check_trajectory(points, dims)
        mean = points.mean(dim=0)
        directions = _principal_components(points, dims, size=(points - mean).norm())
        return cls._of_trajectory(mean, directions, points)

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
            ValueError: if dims is not from 1 to P, or filters don't fit the origin.

        Warns:
            UserWarning: if some filters are all 0, as in layers that start with zeros.

        >>> Slice.random(torch.zeros(13), dims=2, seed=1).directions.shape
        torch.Size([2, 13])
        >>> theta, filters = torch.tensor([3.0, 4.0, 1.0]), torch.tensor([0, 0, -1])
        >>> Slice.random(theta, dims=1, filters=filters).directions[0, :2].norm()  # ‖(3, 4)‖
        tensor(5.)
        """
        _check_dims(dims, len(origin))
        origin = summable(origin)
        generator = torch.Generator().manual_seed(seed)
        gaussian = torch.randn(len(origin), dims, generator=generator, dtype=torch.float64).T
        if filters is None:
            directions = torch.linalg.qr(gaussian.T).Q.T
        else:
            directions = _normalise_filters(gaussian, origin, filters)
        return cls(origin, directions.to(origin))

    @classmethod
    def _of_trajectory(cls, origin: Tensor, directions: Tensor, points: Tensor) -> "Slice":
        dims = len(directions)
        view = cls(origin, directions)
        return replace(
            view,
            extent=view.window(points),
            explained=explained_variance(points, directions),
            null=random_walk_variance(len(points), points.shape[1], dims),
        )

    # -- moving between α and θ ------------------------------------------------------------------

    def point(self, alpha: Tensor | float) -> Tensor:
        """θ(α): the models at coordinates of shape `(..., k)`; shape `(..., P)`.

        On a line (k = 1) a plain number, or numbers of shape `(...)`, will do.
        """
        like = self.directions
        alpha = torch.as_tensor(alpha, dtype=like.dtype, device=like.device)
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
        return (points - self.origin) @ torch.linalg.pinv(self.directions)

    def distance(self, points: Tensor) -> Tensor:
        """How far points are from the slice, in parameter units: `(..., P)` → `(...)`."""
        points = self._check_points(points)
        return (points - self.point(self.coordinates(points))).norm(dim=-1)

    def window(self, points: Tensor, margin: float = 0.25) -> Extent:
        """An extent that holds the shadows of all points `(..., P)`, with a margin on each side."""
        alpha = self.coordinates(points).reshape(-1, self.dims)
        lo, hi = alpha.amin(dim=0), alpha.amax(dim=0)
        # a direction that the points hardly use still gets a third of the widest window
        pad = ((hi - lo).max() / 3 - (hi - lo)).clamp(min=0) / 2 + margin * (hi - lo).max()
        return tuple(zip((lo - pad).tolist(), (hi + pad).tolist(), strict=True))

    def angle(self) -> float:
        """Angle between the first two directions, in degrees.

        Raises:
            ValueError: if the slice is a line.

        >>> round(Slice(torch.zeros(2), torch.tensor([[1.0, 0.0], [1.0, 1.0]])).angle())
        45
        """
        if self.dims < 2:
            raise ValueError("an angle needs two directions, a line has one")
        a, b = self.directions[:2].cpu().double()
        # atan2 stays exact where acos of a cosine near 1 does not
        along = a @ b / a.norm()
        return math.degrees(math.atan2((b - along * a / a.norm()).norm(), along))

    # -- slices of slices ------------------------------------------------------------------------

    def at(self, axis: int, alpha: float) -> "Slice":
        """The slice of one dimension less, where coordinate `axis` is held at alpha."""
        if self.dims < 2:
            raise ValueError("a line has no slice of one dimension less")
        keep = [i for i in range(self.dims) if i != axis % self.dims]
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
        d = self.directions[axis]
        rest = towards.to(d) - (towards.to(d) @ d) / (d @ d) * d
        if rest.norm() <= 1e-6 * towards.norm():
            raise ValueError(f"direction {axis} can't turn towards a parallel one")
        angle = math.radians(degrees)
        directions = self.directions.clone()
        directions[axis] = math.cos(angle) * d + math.sin(angle) * d.norm() * rest / rest.norm()
        return Slice(self.origin, directions, extent=self.extent)

    def _check_points(self, points: Tensor) -> Tensor:
        points = torch.as_tensor(points).to(self.directions)
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

    >>> explained_variance(torch.tensor([[-2.0, 0.0], [2.0, 0.0]]), torch.eye(2))
    array([1., 1.])
    """
    points = summable(points)
    centred = (points - points.mean(dim=0)).cpu().double()
    basis = torch.linalg.qr(directions.T.cpu().double()).Q
    shares = (centred @ basis).square().sum(dim=0) / centred.square().sum()
    return shares.cumsum(dim=0).clamp(max=1.0).numpy()


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
    variance = torch.linalg.eigvalsh(walk.mT @ walk).flip(-1).clamp(min=0)
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


def _normalise_filters(directions: Tensor, origin: Tensor, filters: Tensor) -> Tensor:
    if filters.shape != origin.shape:
        raise ValueError(
            f"filters must number the {len(origin)} parameters, got shape {tuple(filters.shape)}; "
            "use L.filters"
        )
    index = filters.cpu() + 1  # 0 for no filter
    theta = origin.detach().cpu().double()

    def lengths(values: Tensor) -> Tensor:
        return torch.zeros(int(index.max()) + 1).double().index_add(0, index, values**2).sqrt()

    sizes = lengths(theta)
    still = int((sizes[1:] == 0).sum())
    if still:
        warnings.warn(
            f"{still} of {len(sizes) - 1} filters are all 0, and a filter-normalised direction is "
            "as long as the weights: they stay where they are, and the picture may be flat; train "
            "the model first, or leave out filters",
            stacklevel=3,
        )
    scales = torch.stack([sizes / lengths(d).clamp(min=1e-300) for d in directions])
    scales[:, 0] = 0
    return directions * scales[:, index]


def _principal_components(points: Tensor, dims: int, size: Tensor) -> Tensor:
    """Unit directions `(dims, P)` that point the way from first to last point.

    Where the way has no part in a direction, its largest entry is positive. What is tiny beside
    `size`, the length of the whole trajectory, is a rounding error.
    """
    centred = (points - points.mean(dim=0)).cpu().double()
    _, movement, components = torch.linalg.svd(centred, full_matrices=False)
    noise = max(1e-9, 10 * torch.finfo(points.dtype).eps) * size.item()
    rank = int((movement > noise).sum())
    if rank < dims:
        raise ValueError(
            f"the trajectory moves in too few dimensions: {dims} needed, got {rank}; ask for "
            "fewer components"
        )
    directions = largest_entry_positive(components[:dims]).to(points)
    progress = directions @ (points[-1] - points[0])
    return torch.where(progress < -noise, -1, 1)[:, None] * directions


def largest_entry_positive(vectors: Tensor) -> Tensor:
    """Vectors `(k, P)`, turned round where their largest entry is negative: one sign for all."""
    largest = vectors.abs().argmax(dim=1, keepdim=True)
    return vectors * vectors.gather(1, largest).sign()


def _check_trajectory(points: Tensor, dims: int) -> Tensor:
    points = summable(torch.as_tensor(points).detach())
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
    if not points.isfinite().all():
        raise ValueError("the trajectory holds nan or inf: training diverged; lower lr")
    return points


def _check_dims(dims: int, P: int) -> None:
    if not 1 <= dims <= P:
        raise ValueError(f"dims must be from 1 to the {P} parameters of the model, got {dims}")


def _of_one_space(*points: Tensor) -> tuple[Tensor, ...]:
    """The points, in float32 at least; ValueError unless all have one shape, `(P,)`."""
    shapes = [tuple(point.shape) for point in points]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        raise ValueError(
            f"expected points of one model, of shape (P,), got {' and '.join(map(str, shapes))}"
        )
    return tuple(summable(point) for point in points)
