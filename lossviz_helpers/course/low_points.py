"""Low points of a slice, located exactly and independently of the grid that finds them.

A grid shows a low point wherever all neighbours happen to be higher, so a finer grid may show
others. Here a low grid point is only a starting point: it slides down, on the slice, to where the
slope vanishes, and it counts if the slice curves up there in every direction.
"""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.optimize import minimize

from ..curvature import gradient, hessian
from ..landscape import LowPoint
from ..objective import Objective
from ..scanning import scan
from ..slices import Extent, Slice
from ..training import Trajectory
from .scenarios import GUESS_ON_XOR, MIRROR_WINDOW

FLAT = 1e-5  # loss per parameter unit: a slope below this counts as zero
SAME = 1e-2  # low points closer than this count as one
GRID = 61  # models along each side of the grid that finds the starting points


def slide(L: Objective, view: Slice, alpha: Sequence[float], extent: Extent) -> LowPoint:
    """Slide downhill on a slice, within a window, until the slope vanishes.

    Args:
        L: the landscape.
        view: a slice whose directions are perpendicular and of length 1.
        alpha: where to start, k coordinates.
        extent: the window.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> low = slide(L, Slice(torch.zeros(2), torch.eye(2)), (0, 0), ((-3, 3), (-3, 3)))
    >>> np.round(low.alpha, 1), round(low.loss, 2)
    (array([-0.6,  1.4]), 0.12)
    """

    def loss_and_slope(at: np.ndarray) -> tuple[float, np.ndarray]:
        theta = view.point(torch.tensor(at))
        slope = gradient(L, theta)
        return L(theta).item(), (view.directions.to(slope) @ slope).numpy()

    options = {"ftol": 1e-15, "gtol": FLAT / 100, "maxiter": 1000}
    found = minimize(
        loss_and_slope, alpha, jac=True, method="L-BFGS-B", bounds=extent, options=options
    )
    return LowPoint(tuple(found.x.tolist()), float(found.fun))


def is_low(L: Objective, view: Slice, alpha: Sequence[float]) -> bool:
    """Whether a slice has no slope at a point, and curves up there in every direction."""
    theta = view.point(torch.tensor(alpha))
    H = hessian(L, theta)
    directions = view.directions.to(H)
    slope, H = directions @ gradient(L, theta), directions @ H @ directions.T
    return bool(slope.norm() < FLAT and torch.linalg.eigvalsh(H).min() > 0)


def low_points(
    L: Objective, view: Slice, extent: Extent, resolution: int | tuple[int, ...] = GRID
) -> list[LowPoint]:
    """The low points of a slice inside a window, lowest first.

    Each lies in its own basin: any path to a lower point in the window climbs by more than 1%
    of the range of losses there.

    Args:
        L: the landscape.
        view: a slice whose directions are perpendicular and of length 1.
        extent: the window.
        resolution: points along each side of the grid that finds the starting points.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> plane = Slice(torch.zeros(2), torch.eye(2))
    >>> [low] = low_points(L, plane, ((-3, 3), (-3, 3)), resolution=11)
    >>> np.round(low.alpha, 1)
    array([-0.6,  1.4])
    """
    grid = scan(L, view, resolution, extent, progress=False)
    found: list[LowPoint] = []
    for start in grid.minima():
        low = slide(L, view, start.alpha, extent)
        new = all(np.linalg.norm(np.subtract(low.alpha, f.alpha)) > SAME for f in found)
        if new and is_low(L, view, low.alpha):
            found.append(low)
    return sorted(found, key=lambda low: low.loss)


def mirror_window(walk: Trajectory, dims: int) -> Extent:
    """A window around a walk that also contains the mirror image of its end."""
    side = (walk.end - walk.start).norm().item()
    return tuple((lo * side, hi * side) for lo, hi in MIRROR_WINDOW[:dims])


def second_low_point(
    L: Objective, walk: Trajectory, view: Slice, resolution: int = GRID
) -> LowPoint | None:
    """The lowest low point on the far side of a walk's start, if its map has one.

    It counts if its loss is below 0.25, that of a model that always predicts 0.5.

    Args:
        L: the landscape.
        walk: a walk of Model 3 on XOR.
        view: the plane of its first two principal components.
        resolution: points along each side of the grid that finds the starting points.

    >>> from lossviz_helpers.course.scenarios import chosen_walk
    >>> L, path = chosen_walk()
    >>> low = second_low_point(L, path, Slice.pca(path.points, dims=2))
    >>> f"{low.loss:.2f}"
    '0.10'
    """
    begin = view.coordinates(walk.start)[0].item()
    lows = low_points(L, view, mirror_window(walk, 2), resolution)
    far = [low for low in lows if low.alpha[0] < begin and low.loss < GUESS_ON_XOR]
    return far[0] if far else None


def follow(
    L: Objective, view: Slice, low: LowPoint, heights: np.ndarray, extent: Extent
) -> np.ndarray:
    """Loss of a low point as its plane moves.

    On each plane, the descent starts from the low point of the previous one.

    Args:
        L: the landscape.
        view: a 3D slice whose directions are perpendicular and of length 1.
        low: a low point of the plane α₃ = 0.
        heights: values of α₃, shape `(n,)`, increasing.
        extent: the window of α₁ and α₂.

    Returns:
        Shape `(n,)`.

    >>> from lossviz_helpers import diagonal, model_2, squared_error
    >>> L = Objective(model_2(), diagonal(), squared_error)
    >>> block, window = Slice(torch.zeros(3), torch.eye(3)), ((-3, 3), (-3, 3))
    >>> low = slide(L, block.at(2, 0.0), (0, 0), window)
    >>> losses = follow(L, block, low, np.array([0.0, 0.5, 1.0]), window)
    >>> bool(losses[1] < losses[0])
    True
    """
    losses = np.empty(len(heights))
    for planes in (np.flatnonzero(heights >= 0), np.flatnonzero(heights < 0)[::-1]):
        at = low.alpha
        for plane in planes:
            at, losses[plane] = slide(L, view.at(2, float(heights[plane])), at, extent)
    return losses
