"""Fewer evaluations: a grid that is evaluated where predictions fail, and predicted elsewhere.

Knots are nested: about nine along each axis first, then twice as many. New points are predicted
from the old ones by cubic polynomials, in the scale in which losses are drawn. Around those that
were predicted badly, all points are evaluated; elsewhere the predictions are kept, after a look at
a few of them.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_dilation, minimum_filter

FIRST_KNOTS = 8  # intervals between the first knots, about
LOOKS = 32  # predicted points that are evaluated at each level, to see whether they are right
FRESH = 300  # points that test the result: none of them off means fewer than 1% are
SMALLEST_SHARE = 16  # but no more than this fraction of the grid
DECADES = 1e-6  # of a logarithmic scale that would begin at 0

# Where a point was predicted within these multiples of the tolerance, its neighbours are trusted:
# those on the same level, and those on the next, whose knots are twice as near.
HERE, NEXT = 0.5, 2.0

Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]


class Refined(NamedTuple):
    """A grid that was partly predicted.

    Attributes:
        values: shape `(*shape, quantities)`.
        predicted: shape `shape`.
        errors: of the points that tested the predictions, as fractions of the range.
    """

    values: Values
    predicted: Mask
    errors: Values


def refine(shape: Sequence[int], evaluate: Callable[[Index], Values], tolerance: float) -> Refined:
    """Evaluate a grid where that is needed to know it within a tolerance.

    Args:
        shape: of the grid.
        evaluate: values at some points, given as flat indices `(n,)`: shape `(n, quantities)`.
        tolerance: the largest error, as a fraction of the range of each quantity.

    >>> x = np.linspace(-1, 1, 65)
    >>> bowl = (x[:, None] ** 2 + x**2).reshape(-1, 1)
    >>> found = refine((65, 65), lambda index: bowl[index], 0.01)
    >>> found.predicted.mean() > 0.8, np.abs(found.values.reshape(-1, 1) - bowl).max() < 0.01
    (np.True_, np.True_)
    """
    draw = np.random.default_rng(0)
    strides = [2 ** max(0, round(math.log2(max(1, n - 1) / FIRST_KNOTS))) for n in shape]
    knots = [_knots(n, stride) for n, stride in zip(shape, strides, strict=True)]
    level = _Level.first(shape, knots, evaluate)
    is_first = True
    while max(strides) > 1:
        strides = [max(1, stride // 2) for stride in strides]
        finer = [_knots(n, stride) for n, stride in zip(shape, strides, strict=True)]
        level = level.next(finer)
        if is_first:  # nothing is known yet about how good predictions are
            level.evaluate(level.new)
        else:
            level.evaluate(level.needed())
            level.look(draw)
        level.follow_misses(tolerance)
        is_first = False
    return _tested(level, draw)


def _tested(level: "_Level", draw: np.random.Generator) -> Refined:
    """Draw fresh points from the predicted ones and evaluate them."""
    left = np.flatnonzero(~level.known)
    fresh = draw.permutation(left)[: min(FRESH, level.known.size // SMALLEST_SHARE)]
    mask = np.zeros(level.known.size, dtype=bool)
    mask[fresh] = True
    level.evaluate(mask.reshape(level.known.shape))
    errors = level.errors().reshape(-1)[fresh]
    return Refined(level.values, ~level.known, errors)


def _knots(n: int, stride: int) -> Index:
    """Every stride-th of n points, and the last."""
    return np.unique(np.append(np.arange(0, n, stride), n - 1))


class _Level:
    """The grid of some knots: what is known there, and what was predicted.

    Attributes:
        knots: along each axis, as indices into the whole grid.
        values: at all of them; predictions where nothing better is known.
        predictions: from the level before.
        known: where values were evaluated.
        new: the points that the level before doesn't have.
        missed: where new points were predicted badly.
    """

    def __init__(
        self,
        shape: Sequence[int],
        knots: list[Index],
        values: Values,
        known: Mask,
        evaluate: Callable[[Index], Values],
    ):
        self.shape, self.knots, self._evaluate = shape, knots, evaluate
        self.values, self.predictions, self.known = values, values.copy(), known
        self.new = ~known
        self.missed = np.zeros_like(known)
        self._near_misses = np.zeros_like(known)

    @classmethod
    def first(
        cls, shape: Sequence[int], knots: list[Index], evaluate: Callable[[Index], Values]
    ) -> "_Level":
        """The first knots, all of them evaluated."""
        index = np.ravel_multi_index(np.meshgrid(*knots, indexing="ij"), shape)
        found = evaluate(index.ravel())
        return cls(
            shape,
            knots,
            found.reshape(*index.shape, found.shape[1]),
            np.ones(index.shape, dtype=bool),
            evaluate,
        )

    def next(self, knots: list[Index]) -> "_Level":
        """The next level, predicted from this one."""
        scales = [_Scale.of(self.values[..., j]) for j in range(self.values.shape[-1])]
        columns = []
        for j, scale in enumerate(scales):
            drawn = scale.drawn(self.values[..., j])
            gaps = np.isnan(drawn)
            drawn, near_gap = np.where(gaps, 0.0, drawn), gaps * 1.0
            for axis, (old, finer) in enumerate(zip(self.knots, knots, strict=True)):
                drawn = _interpolated(drawn, old, finer, axis)
                near_gap = _touched(near_gap, old, finer, axis)
            columns.append(np.where(near_gap > 0, np.nan, scale.values(drawn)))
        places = [np.searchsorted(finer, old) for old, finer in zip(self.knots, knots, strict=True)]
        old_points = np.ix_(*places)
        values = np.stack(columns, axis=-1)
        known = np.zeros(values.shape[:-1], dtype=bool)
        level = _Level(self.shape, knots, values, known, self._evaluate)
        level.new[old_points] = False
        level.values[old_points], level.known[old_points] = self.values, self.known
        near = np.zeros_like(known)
        near[old_points] = self.missed
        level._near_misses = _around(near, 2)  # one step of the old knots
        return level

    def needed(self) -> Mask:
        """New points near earlier misses, such as the edges of gaps, and near low points."""
        low = np.zeros_like(self.known)
        for j in range(self.values.shape[-1]):
            filled = np.where(np.isfinite(self.values[..., j]), self.values[..., j], np.inf)
            around = minimum_filter(filled, size=3, mode="nearest")
            low |= (filled == around) & np.isfinite(filled) & (filled < filled.max())
        return self._near_misses | _around(low, 1)

    def evaluate(self, where: Mask) -> None:
        """Replace predictions by values."""
        todo = where & ~self.known
        if not todo.any():
            return
        at = np.nonzero(todo)
        whole = [knot[i] for knot, i in zip(self.knots, at, strict=True)]
        self.values[at] = self._evaluate(np.asarray(np.ravel_multi_index(whole, self.shape)))
        self.known |= todo

    def look(self, draw: np.random.Generator) -> None:
        """Evaluate a few of the predicted points."""
        mask = np.zeros(self.known.size, dtype=bool)
        left = np.flatnonzero(self.new & ~self.known)
        mask[draw.permutation(left)[: min(LOOKS, -(-len(left) // 8))]] = True
        self.evaluate(mask.reshape(self.known.shape))

    def follow_misses(self, tolerance: float) -> None:
        """Evaluate around points that were predicted badly, until no more turn up."""
        while True:
            errors = self.errors()
            found = self.new & self.known
            self.missed = found & (errors > NEXT * tolerance)
            todo = _around(found & (errors > HERE * tolerance), 1) & self.new & ~self.known
            if not todo.any():
                return
            self.evaluate(todo)

    def errors(self) -> Values:
        """How far predictions were off, as a fraction of the range; the worst of the quantities.

        On a logarithmic scale and on a linear one, whichever is worse; inf where a gap was missed
        or predicted.
        """
        worst = np.zeros(self.known.shape)
        for j in range(self.values.shape[-1]):
            true, guess = self.values[..., j], self.predictions[..., j]
            wrong = np.isfinite(true) != np.isfinite(guess)
            for scale in {_Scale.of(true[self.known]), _Scale.linear(true[self.known])}:
                worst = np.fmax(worst, np.abs(scale.drawn(true) - scale.drawn(guess)) / scale.range)
            worst[wrong] = np.inf
        return worst


class _Scale(NamedTuple):
    """How losses are drawn: on a logarithmic scale from `floor` on, or a linear one if it is 0."""

    floor: float
    range: float

    @classmethod
    def of(cls, values: Values) -> "_Scale":
        """The scale that plots use: logarithmic, unless there are negative losses."""
        finite = values[np.isfinite(values)]
        if not (finite > 0).any() or (finite < 0).any():
            return cls.linear(values)
        highest = float(finite.max())
        floor = float(finite[finite > 0].min())
        if (finite == 0).any():
            floor = max(floor, DECADES * highest)
        return cls(floor, math.log(highest / floor) or 1.0)

    @classmethod
    def linear(cls, values: Values) -> "_Scale":
        finite = values[np.isfinite(values)]
        return cls(0.0, float(np.ptp(finite)) or 1.0 if finite.size else 1.0)

    def drawn(self, values: Values) -> Values:
        """Values on this scale; nan for gaps."""
        finite = np.where(np.isfinite(values), values, np.nan)
        return np.log(np.fmax(finite, self.floor) + 0 * finite) if self.floor else finite

    def values(self, drawn: Values) -> Values:
        return np.exp(drawn) if self.floor else drawn


def _stencil(old: Index, finer: Index) -> tuple[Index, Values]:
    """For each of the finer knots, the old ones that predict it, and their weights.

    The weights are those of the cubic polynomial through the nearest four.
    """
    width = min(4, len(old))
    first = np.searchsorted(old, finer, side="right") - width // 2
    first = np.clip(first, 0, len(old) - width)
    rows = first[:, None] + np.arange(width)
    x, knots = finer[:, None, None].astype(float), old[rows].astype(float)
    # Lagrange: the product over all other knots of (x − k) / (own − k)
    others = ~np.eye(width, dtype=bool)
    top = np.where(others, x - knots[:, None, :], 1.0).prod(axis=-1)
    bottom = np.where(others, knots[:, :, None] - knots[:, None, :], 1.0).prod(axis=-1)
    return rows, top / bottom


def _interpolated(values: Values, old: Index, finer: Index, axis: int) -> Values:
    """Values at finer knots along an axis."""
    rows, weights = _stencil(old, finer)
    parts = np.moveaxis(values, axis, 0)[rows]  # (finer, 4, …)
    found = np.einsum("fk,fk...->f...", weights, parts)
    return np.moveaxis(found, 0, axis)


def _touched(marks: Values, old: Index, finer: Index, axis: int) -> Values:
    """Whether any of the knots that predict a finer one is marked."""
    rows, weights = _stencil(old, finer)
    parts = np.moveaxis(marks, axis, 0)[rows]
    used = (weights != 0).reshape(*weights.shape, *[1] * (parts.ndim - 2))
    return np.moveaxis((parts * used).max(axis=1), 0, axis)


def _around(mask: Mask, steps: int) -> Mask:
    """All points at most a few steps away, diagonally too."""
    if not mask.any():
        return mask
    full = np.ones((3,) * mask.ndim, dtype=bool)
    return np.asarray(binary_dilation(mask, full, iterations=steps))
