"""Suggested windows end where they say."""

import pytest
import torch
from known import landscape_of

from lossviz_helpers import Slice, Trajectory, scan, suggest_window


def test_a_bowl_ends_where_the_loss_of_nothing_is_reached():
    best = torch.tensor([3.0, 4.0, 0.0]).double()
    L = landscape_of(lambda t: (torch.tensor([1.0, 1.0, 16.0]) * (t - best) ** 2).sum(), 3)
    # 25 at θ = 0: five away along the first direction, 5/4 along the third
    window = suggest_window(L, Slice(best, torch.eye(3)[[0, 2]]))
    grid = 2 ** (1 / 4)  # one of the radii that are tried
    for (lo, hi), expected in zip(window.extent, (5.0, 1.25), strict=True):
        for side in (-lo, hi):
            assert expected * 0.999 <= side <= expected * grid
    assert window.reason.startswith("it ends where the loss, 0 at the origin, first reaches 25,")
    land = scan(L, Slice(best, torch.eye(3)[[0, 2]]), 5, window.extent)
    assert land.loss.max() >= 25


def test_directions_of_another_length_give_the_same_window():
    L = landscape_of(lambda t: ((t - 1) ** 2).sum() + t[0], 2)
    one = suggest_window(L, Slice(torch.ones(2), torch.eye(2)[:1])).extent[0]
    ten = suggest_window(L, Slice(torch.ones(2), 10 * torch.eye(2)[:1])).extent[0]
    assert [10 * x for x in ten] == pytest.approx(one)


def test_a_side_that_never_gets_there_is_named():
    L = landscape_of(lambda t: torch.exp(-t[0]), 1)  # falls to the right for ever
    window = suggest_window(L, Slice(torch.tensor([2.0]), torch.eye(1)))
    ((lo, hi),) = window.extent
    assert hi == 2, "as far as the parameters are large"
    assert 2 <= -lo <= 2 * 2 ** (1 / 4)
    assert window.reason.endswith("α₁ never gets there above 0")


def test_a_path_is_contained():
    L = landscape_of(lambda t: t.square().sum(), 2)
    points = torch.tensor([[0.0, 0], [4, 2]])
    path = Trajectory(points, points.sum(1), torch.arange(2))
    view = Slice(torch.zeros(2), torch.eye(2))
    window = suggest_window(L, view, path)
    assert window.extent == view.window(points) == ((-1, 5), (-1, 3))
    assert "all 2 points of the path" in window.reason


def test_models_must_agree():
    L = landscape_of(lambda t: t.sum(), 3)
    with pytest.raises(ValueError, match="has 3 numbers"):
        suggest_window(L, Slice(torch.zeros(2), torch.eye(2)))
