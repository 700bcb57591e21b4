"""Low points of a slice don't depend on the grid that finds them."""

import numpy as np
import pytest
import torch
from known import landscape_of

from lossviz_helpers import Slice
from lossviz_helpers.course.low_points import follow, is_low, low_points, slide

PLANE = Slice(torch.zeros(3).double(), torch.eye(3).double()[:2])
BLOCK = Slice(torch.zeros(3).double(), torch.eye(3).double())
WINDOW = ((-2.0, 2.0), (-1.0, 1.0))


def two_wells(t):
    """Lowest at t₀ ≈ ±1, a little lower on the right; off the plane, the left one falls."""
    return 1 + (t[0] ** 2 - 1) ** 2 - 0.2 * t[0] + t[1] ** 2 + 0.5 * t[0] * t[2] + t[2] ** 2


@pytest.mark.parametrize("resolution", [7, 20, 61])
def test_every_grid_finds_the_same(resolution):
    lows = low_points(landscape_of(two_wells, 3), PLANE, WINDOW, resolution)
    # 4t(t² − 1) = 0.2
    roots = np.sort(np.roots([4, 0, -4, -0.2]).real)
    expected = [(roots[2], 0.0), (roots[0], 0.0)]
    assert np.allclose([low.alpha for low in lows], expected, atol=1e-5)
    assert lows[0].loss < lows[1].loss


def test_a_valley_floor_that_leaves_the_window_is_not_a_low_point():
    tilted = landscape_of(lambda t: 1 + (t[0] + t[1]) ** 2 + 0.1 * t[0], 3)
    assert low_points(tilted, PLANE, WINDOW, 20) == []


def test_a_saddle_is_not_low():
    saddle = landscape_of(lambda t: 1 + t[0] ** 2 - t[1] ** 2, 3)
    assert not is_low(saddle, PLANE, (0.0, 0.0))
    assert is_low(landscape_of(lambda t: 1 + t[0] ** 2 + t[1] ** 2 - t[2] ** 2, 3), PLANE, (0, 0))


def test_a_low_point_is_followed_from_plane_to_plane():
    L, heights = landscape_of(two_wells, 3), np.linspace(-0.5, 0.5, 5)
    left = slide(L, PLANE, (-1.0, 0.0), WINDOW)
    losses = follow(L, BLOCK, left, heights, WINDOW)
    assert losses[2] == pytest.approx(left.loss)
    assert losses.argmin() == 3, "α₃ ≈ 1/4 is best for t₀ ≈ −1"
    expected = [slide(L, BLOCK.at(2, h), (-1.0, 0.0), WINDOW).loss for h in heights]
    assert np.allclose(losses, expected)
