"""Which basins of a grid meet where: its merge tree, and the barriers between low points."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class LowPoint(NamedTuple):
    """A low grid point of a landscape.

    Attributes:
        alpha: its coordinates on the slice, k numbers.
        loss: the loss there.

    >>> LowPoint(alpha=(0.5, -0.5), loss=0.01)
    LowPoint(alpha=(0.5, -0.5), loss=0.01)
    """

    alpha: tuple[float, ...]
    loss: float


class Merge(NamedTuple):
    """Where the basin of a low point meets that of a lower one.

    Attributes:
        low: the low point whose basin ends here, as an index into the tree's `lows`.
        into: the lower one.
        saddle: the highest point of the lowest path between them on the grid.

    >>> Merge(low=1, into=0, saddle=LowPoint((0.0,), 2.0))
    Merge(low=1, into=0, saddle=LowPoint(alpha=(0.0,), loss=2.0))
    """

    low: int
    into: int
    saddle: LowPoint


@dataclass(frozen=True)
class MergeTree:
    """How the basins of a landscape merge as the water rises.

    Also known as a barrier tree or disconnectivity graph (Becker & Karplus 1997). It describes the
    slice: between two points of a plane there may be lower paths through the rest of the space.

    Attributes:
        lows: the low points, lowest first.
        inside: whether each lies inside the window; a low point on its border may go on falling.
        merges: in the order in which they happen as the water rises. Basins that gaps separate
            never merge.

    >>> low, high = LowPoint((-1.0,), 0.0), LowPoint((1.0,), 1.0)
    >>> tree = MergeTree([low, high], [True, True], [Merge(1, 0, LowPoint((0.0,), 3.0))])
    >>> tree.barrier(1), tree.saddle(0, 1).loss
    (2.0, 3.0)
    """

    lows: list[LowPoint]
    inside: list[bool]
    merges: list[Merge]

    def barrier(self, i: int) -> float:
        """How far one has to climb from low point i to reach a lower one; inf if one can't."""
        rises = [m.saddle.loss - self.lows[i].loss for m in self.merges if m.low == i]
        return rises[0] if rises else float("inf")

    def saddle(self, i: int, j: int) -> LowPoint | None:
        """The highest point of the lowest path between two low points; None if there is no path."""
        groups = {n: {n} for n in range(len(self.lows))}
        for merge in self.merges:
            joined = groups[merge.low] | groups[merge.into]
            if {i, j} <= joined and i != j:
                return merge.saddle
            for n in joined:
                groups[n] = joined
        return None


def merges_of(loss: np.ndarray, depth: float) -> tuple[list[int], list[tuple[int, int, int]]]:
    """The basins of a grid that are deeper than `depth`, and where they merge.

    Grid points are taken from the lowest to the highest. Each joins the basins of those neighbours,
    diagonal ones too, that were there before; where it joins two, the basin with the higher floor
    ends, and counts only if it is deeper than `depth` there.

    Args:
        loss: a grid; nan and inf are gaps.
        depth: in units of loss.

    Returns:
        The floors of the basins, as flat indices, lowest first; and, in the order of their height,
        (floor of the basin that ends, floor of the one that it joins, saddle).

    >>> merges_of(np.array([3.0, 1.0, 2.0, 0.5, 4.0]), depth=0.1)
    ([3, 1], [(1, 3, 2)])
    """
    flat = loss.ravel()
    order = np.argsort(np.where(np.isfinite(flat), flat, np.inf), kind="stable")
    order = order[np.isfinite(flat[order])]
    parent = np.full(flat.size, -1)
    neighbours = _neighbours(loss.shape)
    ended: list[tuple[int, int, int]] = []

    def floor(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    rank = np.empty(flat.size, dtype=int)
    rank[order] = np.arange(len(order))
    for n in order.tolist():
        parent[n] = n
        found = {floor(m) for m in neighbours(n) if parent[m] >= 0}
        lowest, *others = sorted(found | {n}, key=lambda m: rank[m])
        for other in others:
            if other != n and flat[n] - flat[other] > depth:
                ended.append((other, lowest, n))
            parent[other] = lowest
    roots = [n for n in order.tolist() if parent[n] == n]
    floors = sorted({*roots, *(low for low, _, _ in ended)}, key=lambda m: rank[m])
    return floors, ended


def _neighbours(shape: Sequence[int]):  # type: ignore[no-untyped-def]
    """The function from a flat index to those of its up to 3^k − 1 neighbours."""
    steps = [s for s in itertools.product((-1, 0, 1), repeat=len(shape)) if any(s)]
    strides = [int(np.prod(shape[i + 1 :])) for i in range(len(shape))]
    jumps = [(s, sum(a * b for a, b in zip(s, strides, strict=True))) for s in steps]

    def around(n: int) -> list[int]:
        at = [n // stride % size for stride, size in zip(strides, shape, strict=True)]
        return [
            n + jump
            for step, jump in jumps
            if all(0 <= a + s < size for a, s, size in zip(at, step, shape, strict=True))
        ]

    return around
