"""The constructors of `Slice`: different ways to choose its directions."""

from typing import Self

import torch
from torch import Tensor

from .checking import check_dims, check_trajectory, in_same_space
from .components import components_along
from .constructors import constructor
from .extents import Extent, window_around
from .filters import normalise_filters
from .subspaces import combine, gram, least_squares, lengths_and_cosines, products
from .variance import Shares, random_walk_variance

# a walk to the right that goes down and then up again, for the examples
ZIGZAG = [[0.0, 3.0, 0.0], [1.0, -3.0, 0.0], [2.0, -3.0, 0.0], [3.0, 3.0, 0.0]]


class SliceConstructors:
    """What `Slice` inherits: its constructors, one for each way to choose directions."""

    def __init__(
        self,
        origin: Tensor,
        directions: Tensor,
        extent: Extent = (),
        explained: Shares | None = None,
        null: Shares | None = None,
    ) -> None:
        raise NotImplementedError("this class only holds constructors; use Slice")

    @classmethod
    @constructor(
        arguments=([0.0, 0.0], [2.0, 4.0]),
        gram=[[20.0]],
        landmarks=[([0.0, 0.0], [0.0]), ([2.0, 4.0], [1.0])],
        rejects=[
            (([1.0, 2.0], [1.0, 2.0]), "positive length, got zero"),
            (([1.0, 2.0], [1.0, 2.0, 3.0]), "points of the same model, of shape (P,), got"),
        ],
    )
    def between(cls, A: Tensor, B: Tensor) -> Self:
        """The line from model A (α = 0) to model B (α = 1): θ = (1 − α)·θ_A + α·θ_B.

        Args:
            A, B: points of shape `(P,)`.

        Raises:
            TypeError: if they are something else, such as models.
            ValueError: if A and B are the same point, or have different lengths.

        >>> from lossviz_helpers import Slice
        >>> Slice.between(torch.tensor([0.0, 0.0]), torch.tensor([2.0, 4.0])).point(0.5)
        tensor([1., 2.])
        """
        A, B = in_same_space("Slice.between", A, B)
        return cls(A, (B - A)[None], extent=((-0.5, 1.5),))

    @classmethod
    @constructor(
        arguments=([0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [1.0, 4.0, 1.0]),
        gram=[[4.0, 0.0], [0.0, 4.0]],
        landmarks=[
            ([0.0, 0.0, 1.0], [0.0, 0.0]),
            ([2.0, 0.0, 1.0], [1.0, 0.0]),
            ([1.0, 4.0, 1.0], [0.5, 2.0]),
        ],
        rejects=[(([0.0, 0.0], [1.0, 1.0], [3.0, 3.0]), "don't lie on one line")],
    )
    def through(cls, A: Tensor, B: Tensor, C: Tensor) -> Self:
        """The plane through three models.

        α₁ leads from A (0) to B (1). α₂ is perpendicular to it and of the same length, so that the
        map preserves angles and relative distances; C lies on its positive side.

        Args:
            A, B, C: points of shape `(P,)`.

        Raises:
            TypeError: if they are something else, such as models.
            ValueError: if they have different lengths, or lie on one line.

        >>> from lossviz_helpers import Slice
        >>> A, B, C = torch.tensor([[0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [1.0, 4.0, 1.0]])
        >>> Slice.through(A, B, C).coordinates(torch.stack([A, B, C]))
        tensor([[0.0000, 0.0000],
                [1.0000, 0.0000],
                [0.5000, 2.0000]])
        """
        A, B, C = in_same_space("Slice.through", A, B, C)
        corners = torch.stack([A, B, C])
        G = gram(corners[1:], origin=A)
        part = G[0, 1] / G[0, 0]
        first, rest = combine(torch.tensor([[1, 0], [-part, 1]]).double(), corners[1:], origin=A)
        length, height = gram(torch.stack([first, rest])).diagonal().sqrt()
        if not height > 1e-5 * G[1, 1].sqrt():  # also catches nan, from A = B
            raise ValueError("a plane needs three points that don't lie on one line")
        directions = torch.stack([first, rest * (length / height).item()])
        return cls(A, directions, extent=window_around(least_squares(corners, directions, A)))

    @classmethod
    @constructor(
        arguments=(ZIGZAG, 2),
        gram=[[9.0, 0.0], [0.0, 9.0]],
        landmarks=[(ZIGZAG[0], [0.0, 0.0]), (ZIGZAG[-1], [1.0, 0.0])],
        rejects=[
            ((ZIGZAG[:2], 2), "need at least 3 points, got 2"),
            ((ZIGZAG, 3), "moves in too few dimensions"),
            (([ZIGZAG[0], ZIGZAG[1], ZIGZAG[0]], 1), "ends where it starts"),
        ],
    )
    def along(cls, points: Tensor, dims: int = 2) -> Self:
        """The slice that follows a trajectory: α₁ leads from its start (0) to its end (1).

        The other directions are the principal components of what is left after α₁. They are
        perpendicular to it and to each other, and as long as it is.

        Args:
            points: a trajectory, shape `(T, P)`.
            dims: number of directions, 1 to P.

        Raises:
            TypeError: if points are something else, such as a `Trajectory`, or dims isn't an
                integer.
            ValueError: if the trajectory has too few points or moves in fewer than dims dimensions.

        >>> from lossviz_helpers import Slice
        >>> walk = torch.randn(50, 13, generator=torch.Generator().manual_seed(0)).cumsum(0)
        >>> view = Slice.along(walk, dims=3)
        >>> view.coordinates(walk[-1]).round(decimals=4).abs()
        tensor([1., 0., 0.])
        """
        points = check_trajectory("Slice.along", points, dims)
        first = combine(torch.ones(1, 1).double(), points[-1:], origin=points[0])
        length = gram(first).sqrt().item()
        if length == 0:
            raise ValueError("the trajectory ends where it starts, so α₁ has no direction")
        alpha = products(points, first, origin=points[0]) / length**2
        others = components_along(points, dims - 1, length, across=True)
        rest = (others.coordinates - others.coordinates[0]) / length
        return cls._of_trajectory(
            points[0],
            torch.cat([first, others.directions * length]),
            alpha=torch.cat([alpha, rest], dim=1),
            total=others.total,
        )

    @classmethod
    @constructor(
        arguments=(ZIGZAG, 2),
        gram=[[1.0, 0.0], [0.0, 1.0]],
        landmarks=[([1.5, 0.0, 0.0], [0.0, 0.0]), (ZIGZAG[1], [-3.0, -0.5])],
        rejects=[
            ((ZIGZAG[:2], 2), "need at least 3 points, got 2"),
            ((ZIGZAG, 3), "moves in too few dimensions"),
        ],
    )
    def pca(cls, points: Tensor, dims: int = 2) -> Self:
        """The slice through a trajectory's mean along its principal components.

        Directions have length 1, are perpendicular, and point in the direction of training.
        `explained` says how much of the trajectory's variance they explain, and `null` how much
        they would explain if training were a random walk (Antognini & Sohl-Dickstein 2018).

        Args:
            points: a trajectory, shape `(T, P)`.
            dims: number of directions, 1 to P.

        Raises:
            TypeError: if points are something else, such as a `Trajectory`, or dims isn't an
                integer.
            ValueError: if the trajectory has too few points or moves in fewer than dims dimensions.

        >>> from lossviz_helpers import Slice
        >>> walk = torch.randn(300, 13, generator=torch.Generator().manual_seed(0)).cumsum(0)
        >>> view = Slice.pca(walk, dims=2)
        >>> torch.allclose(view.directions @ view.directions.T, torch.eye(2), atol=1e-5)
        True
        """
        points = check_trajectory("Slice.pca", points, dims)
        found = components_along(points, dims)
        return cls._of_trajectory(
            points.mean(dim=0, dtype=found.directions.dtype),
            found.directions,
            alpha=found.coordinates,
            total=found.total,
        )

    @classmethod
    @constructor(
        arguments=([3.0, 4.0, 1.0], 2),
        gram=[[1.0, 0.0], [0.0, 1.0]],
        landmarks=[([3.0, 4.0, 1.0], [0.0, 0.0])],
        rejects=[(([3.0, 4.0, 1.0], 4), "dims must be between 1 and 3, the number of")],
    )
    @constructor(  # one filter, (3, 4), and a bias
        arguments=([3.0, 4.0, 1.0], 1, 0, torch.tensor([0, 0, -1])),
        gram=[[25.0]],
        landmarks=[([3.0, 4.0, 1.0], [0.0])],
        rejects=[(([3.0, 4.0], 1, 0, torch.tensor([-1, -1])), "there are no filters")],
    )
    def random(
        cls, origin: Tensor, dims: int = 2, seed: int = 0, filters: Tensor | None = None
    ) -> Self:
        """The slice through a point along Gaussian random directions.

        Raw directions are made perpendicular and of length 1. With `filters` they are normalised
        filter by filter instead, d ← d · ‖θ‖/‖d‖, and 0 for parameters without a filter (Li et al.
        2018, section 4): then a step of 1 in α is as large as the weights, whatever their scale.

        Args:
            origin: shape `(P,)`.
            dims: number of directions, 1 to P.
            seed: seed for the directions.
            filters: `L.filters` for filter normalisation; None for raw directions.

        Raises:
            TypeError: if origin is something else, such as a model, or dims isn't an integer.
            ValueError: if dims isn't between 1 and P, filters don't match the origin, there are
                none, or all of them are zero.

        Warns:
            UserWarning: if some filters are entirely zero, as in layers that start with zeros.

        >>> from lossviz_helpers import Slice
        >>> Slice.random(torch.zeros(13), dims=2, seed=1).directions.shape
        torch.Size([2, 13])
        >>> theta, filters = torch.tensor([3.0, 4.0, 1.0]), torch.tensor([0, 0, -1])
        >>> Slice.random(theta, dims=1, filters=filters).directions[0, :2].norm()  # ‖(3, 4)‖
        tensor(5.)
        """
        (origin,) = in_same_space("Slice.random", origin)
        check_dims(dims, len(origin))
        generator = torch.Generator().manual_seed(seed)
        gaussian = torch.randn(len(origin), dims, generator=generator, dtype=torch.float64)
        if filters is None:
            directions = torch.linalg.qr(gaussian).Q.T
        else:
            directions = normalise_filters(gaussian.T, origin, filters)
        return cls(origin, directions.to(origin))

    @classmethod
    def _of_trajectory(
        cls, origin: Tensor, directions: Tensor, alpha: Tensor, total: Tensor
    ) -> Self:
        """The slice of a trajectory at coordinates `(T, k)`, along perpendicular directions."""
        size = lengths_and_cosines(directions)[0].square()
        spread = (alpha - alpha.mean(dim=0)).square().sum(dim=0) * size
        return cls(
            origin,
            directions,
            extent=window_around(alpha),
            explained=(spread.cumsum(dim=0) / total).clamp(max=1.0).numpy(),
            null=random_walk_variance(len(alpha), len(origin), len(directions)),
        )
