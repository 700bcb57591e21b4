"""The merge tree of a landscape: which basins meet, and how high the barriers between them are."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from ..landscape import MergeTree
from .style import PATH


def merge_tree(
    tree: MergeTree, ax: Axes | None = None, log: bool = False, label: str = "loss L", **style: Any
) -> Axes:
    """Draw a merge tree: a leaf for each low point, a branch up to where its basin meets another.

    The height of a branch above its leaf is the barrier. A leaf on the border of the window, where
    the loss may go on falling, is hollow. Next to each leaf are its coordinates. Also known as a
    disconnectivity graph (Becker & Karplus 1997).

    Args:
        tree: from `land.merge_tree()`.
        ax: where to draw; None for a new figure.
        log: whether losses are on a logarithmic scale.
        label: what the heights mean.
        style: passed on to `Axes.plot` for the branches, such as `color="…"`.

    Raises:
        TypeError: if it isn't a `MergeTree`.

    >>> from lossviz_helpers import LowPoint
    >>> from lossviz_helpers.landscape import Merge
    >>> low, high = LowPoint((-1.0,), 0.0), LowPoint((1.0,), 1.0)
    >>> tree = MergeTree([low, high], [True, True], [Merge(1, 0, LowPoint((0.0,), 3.0))])
    >>> ax = merge_tree(tree)
    """
    if not isinstance(tree, MergeTree):
        raise TypeError(
            f"merge_tree draws a MergeTree, got {type(tree).__name__}; land.merge_tree() makes one"
        )
    ax = ax or plt.subplots()[1]
    place = {low: x for x, low in enumerate(_leaves(tree))}
    branch = {"color": "0.35", "lw": 2, "solid_capstyle": "round", **style}
    heights = [low.loss for low in tree.lows] + [merge.saddle.loss for merge in tree.merges]
    lowest, highest = (min(heights), max(heights)) if heights else (0.0, 1.0)
    above = highest + 0.12 * (highest - lowest or 1.0)
    tops = {merge.low: merge.saddle.loss for merge in tree.merges}
    for i, low in enumerate(tree.lows):
        ax.plot([place[i]] * 2, [low.loss, tops.get(i, above)], **branch)
    for merge in tree.merges:
        ax.plot([place[merge.low], place[merge.into]], [merge.saddle.loss] * 2, **branch)
    for i, (low, inside) in enumerate(zip(tree.lows, tree.inside, strict=True)):
        face = PATH if inside else "white"
        ax.plot(place[i], low.loss, "o", color=PATH, mfc=face, ms=9, mew=2, zorder=5)
        alpha = ", ".join(f"{a:.2g}" for a in low.alpha).replace("-", "−")
        ax.annotate(
            f"({alpha})",
            (place[i], low.loss),
            (0, -10),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize="small",
        )
    room = 0.14 * (highest - lowest or 1.0)
    positive = log and lowest > 0
    ax.set(
        ylabel=label,
        yscale="log" if positive else "linear",
        xlim=(-0.7, len(tree.lows) - 0.3),
        ylim=(lowest * 0.7 if positive else lowest - room, above),
        xticks=[],
    )
    ax.spines["bottom"].set_visible(False)
    return ax


def _leaves(tree: MergeTree) -> list[int]:
    """The low points from left to right, so that no branch crosses another."""
    rows = {i: [i] for i in range(len(tree.lows))}
    of = {i: i for i in rows}  # where each low point's row is kept
    for merge in tree.merges:
        row, other = of[merge.into], of[merge.low]
        # the branch that ends stands next to the one that it joins, on the outer side
        at = rows[row].index(merge.into)
        left = at < len(rows[row]) - 1 - at
        added = rows.pop(other)
        rows[row] = added + rows[row] if left else rows[row] + added
        for low in added:
            of[low] = row
    return [low for row in rows.values() for low in row]
