"""From effects over seeds to a verdict and an interval, corrected for testing many claims."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import binomtest, bootstrap

HOLDS, OPPOSITE, UNDECIDED, EXACT = "holds", "the opposite holds", "undecided", "exact"
LEVEL = 0.05


def p_value(sides: Sequence[int]) -> float:
    """Two-sided sign test: how often chance alone is as one-sided as these seeds, or more so.

    Args:
        sides: 1 for a seed that supports the claim, −1 for one that contradicts it, 0 for a tie.
            Ties are dropped: they support neither side.
    """
    support, against = sum(s > 0 for s in sides), sum(s < 0 for s in sides)
    if support + against == 0:
        return 1.0
    return float(binomtest(support, support + against).pvalue)


def judge(sides: Sequence[int]) -> str:
    """Holds, the opposite holds, or undecided: by the sign test, at the 5% level."""
    if p_value(sides) >= LEVEL:
        return UNDECIDED
    return HOLDS if sum(sides) > 0 else OPPOSITE


def interval(effects: Sequence[float]) -> tuple[float, float]:
    """95% interval of the mean effect: a bootstrap over seeds, in the effect's unit."""
    values = np.asarray(effects, dtype=float)
    if np.ptp(values) == 0:  # every resample is the same
        return float(values[0]), float(values[0])
    low, high = bootstrap(
        (values,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    return float(low), float(high)


def holm(p: Sequence[float]) -> list[float]:
    """P-values after Holm's correction for testing all of them (Holm 1979).

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    factors = len(p) - np.arange(len(p))
    rising = np.maximum.accumulate(np.minimum(1, factors * np.asarray(p, dtype=float)[order]))
    adjusted = np.empty(len(p))
    adjusted[order] = rising
    return [float(value) for value in adjusted]
