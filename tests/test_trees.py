"""Merge trees against flooding by brute force, and how they are drawn."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from scipy.ndimage import label

from lossviz_helpers import Landscape, LowPoint, Merge, MergeTree, Slice, plots

AROUND = {1: np.ones(3), 2: np.ones((3, 3)), 3: np.ones((3, 3, 3))}


def rough(*shape, seed=0, gaps=0.0):
    """Random losses, all different, some of them missing."""
    draw = np.random.default_rng(seed)
    loss = draw.permutation(np.arange(float(np.prod(shape)))).reshape(shape)
    loss[draw.random(shape) < gaps] = draw.choice([np.nan, np.inf])
    axes = tuple(np.arange(float(n)) for n in shape)
    k = len(shape)
    return Landscape(axes, loss, Slice(torch.zeros(k), torch.eye(k)))


def flooded(loss, a, b):
    """The water level at which two places meet, by trying each; None if they never do."""
    for level in np.sort(loss[np.isfinite(loss)]):
        pools, _ = label(np.where(np.isfinite(loss), loss, np.inf) <= level, AROUND[loss.ndim])
        if pools[a] == pools[b] > 0:
            return level
    return None


@pytest.mark.parametrize("shape", [(17,), (6, 7), (4, 3, 5)])
@pytest.mark.parametrize("gaps", [0, 0.4])
@pytest.mark.parametrize("seed", range(4))
def test_low_points_meet_where_flooding_says(shape, gaps, seed):
    land = rough(*shape, seed=seed, gaps=gaps)
    tree = land.merge_tree(depth=0)
    index = [tuple(int(a) for a in low.alpha) for low in tree.lows]
    assert [low.loss for low in tree.lows] == sorted(land.loss[i] for i in index)
    for i, j in itertools.combinations(range(len(index)), 2):
        expected, found = flooded(land.loss, index[i], index[j]), tree.saddle(i, j)
        assert (found and found.loss) == expected
        if found:
            assert land.loss[tuple(int(a) for a in found.alpha)] == found.loss
    for i, at in enumerate(index):
        rises = [flooded(land.loss, at, lower) for lower in index[:i]]
        rises = [level - land.loss[at] for level in rises if level is not None]
        assert tree.barrier(i) == min(rises, default=np.inf)


@pytest.mark.parametrize("depth", [0, 5, 12, None])
def test_it_has_the_low_points_that_minima_finds(depth):
    for seed in range(5):
        land = rough(8, 9, seed=seed)
        tree = land.merge_tree(depth)
        inner = [low for low, inside in zip(tree.lows, tree.inside, strict=True) if inside]
        assert inner == land.minima(depth)
        assert len(tree.merges) == len(tree.lows) - 1


def test_a_shallow_basin_does_not_hide_what_lies_behind():
    # 1.5 merges with 1.4 after a climb of 0.1; both lie behind a ridge of 3
    loss = np.array([9, 1.4, 1.6, 1.5, 3, 0, 9])
    land = Landscape((np.arange(7.0),), loss, Slice(torch.zeros(1), torch.eye(1)))
    tree = land.merge_tree(depth=0.2)
    assert [low.loss for low in tree.lows] == [0, 1.4]
    assert tree.merges == [Merge(1, 0, LowPoint((4.0,), 3.0))]
    assert tree.inside == [True, True]


def test_nothing_but_gaps_has_no_low_point():
    land = Landscape((np.arange(3.0),), np.full(3, np.nan), Slice(torch.zeros(1), torch.eye(1)))
    tree = land.merge_tree()
    assert (tree.lows, tree.merges) == ([], [])
    plots.merge_tree(tree)


def test_a_tree_is_drawn_at_its_heights_and_no_branch_crosses_another():
    tree = rough(9, 9, seed=1).merge_tree(depth=8)
    assert len(tree.lows) >= 5
    ax = plots.merge_tree(tree)
    leaves = [line for line in ax.lines if line.get_marker() == "o"]
    x = [line.get_xdata()[0] for line in leaves]
    assert sorted(x) == list(range(len(tree.lows)))
    assert [line.get_ydata()[0] for line in leaves] == [low.loss for low in tree.lows]
    hollow = [line.get_markerfacecolor() == "white" for line in leaves]
    assert hollow == [not inside for inside in tree.inside]
    branches = [line.get_xydata() for line in ax.lines if line.get_marker() != "o"]
    upright = [b for b in branches if b[0, 0] == b[1, 0]]
    level = [b for b in branches if b[0, 1] == b[1, 1]]
    assert sorted(b[0, 1] for b in level) == sorted(m.saddle.loss for m in tree.merges)
    for across in level:
        left, right = sorted(across[:, 0])
        for branch in upright:
            if left < branch[0, 0] < right:
                assert max(branch[:, 1]) < across[0, 1], "that branch has ended below"
    plt.close(ax.figure)


def test_only_a_tree_is_drawn():
    with pytest.raises(TypeError, match=r"got Landscape; land.merge_tree\(\) makes one"):
        plots.merge_tree(rough(5))


def test_separated_basins_never_merge():
    tree = MergeTree([LowPoint((0.0,), 0.0), LowPoint((2.0,), 1.0)], [True, True], [])
    assert tree.saddle(0, 1) is None
    assert tree.barrier(1) == float("inf")
