"""What is known of a landscape that was refined where it is rough, and predicted elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.stats import beta

CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Refinement:
    """Which losses of a landscape were predicted, and what a test of the predictions showed.

    Attributes:
        predicted: which grid points were predicted, not evaluated; in the shape of the grid.
        tolerance: the largest error that was asked for, as a fraction of the range of the losses.
        checked: how many points were drawn at random from the predicted ones in the end and
            evaluated. Nothing was refined after that.
        off: how many of these were off by more than the tolerance.
        worst: the largest of their errors, as a fraction of the range.

    >>> found = Refinement(np.arange(10_000) > 800, 0.01, checked=300, off=0, worst=0.004)
    >>> found.evaluated, round(found.limit, 4)
    (801, 0.0099)
    """

    predicted: np.ndarray
    tolerance: float
    checked: int
    off: int
    worst: float

    @property
    def evaluated(self) -> int:
        """How many models were evaluated."""
        return int((~self.predicted).sum())

    @property
    def limit(self) -> float:
        """With 95% confidence, fewer than this fraction of the predictions are off by more.

        The upper end of a one-sided interval (Clopper & Pearson 1934); about 3 / checked if none
        of the checked points was off (the rule of three, Hanley & Lippman-Hand 1983).
        """
        if self.off == self.checked:
            return 1.0
        return float(beta.ppf(CONFIDENCE, self.off + 1, self.checked - self.off))

    def __str__(self) -> str:
        size, percent = self.predicted.size, f"{100 * self.tolerance:g}%"
        if self.evaluated == size:
            return f"All {size:,} models were evaluated."
        text = (
            f"{self.evaluated:,} of {size:,} models were evaluated ({self.evaluated / size:.0%}), "
            "the others predicted. Of "
        )
        if self.off:
            text += (
                f"{self.checked} fresh points, {self.off} were off by more than {percent} of the "
                f"range, the worst by {100 * self.worst:.2g}%"
            )
        else:
            text += f"{self.checked} fresh points, all were within {percent} of the range"
        return (
            f"{text}: with {CONFIDENCE:.0%} confidence, fewer than {100 * self.limit:.2g}% of the "
            "predicted points are off by more."
        )

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays by name, to be saved."""
        test = [self.tolerance, self.checked, self.off, self.worst]
        return {"predicted": self.predicted, "refinement": np.array(test)}

    @classmethod
    def of_arrays(cls, found: Mapping[str, Any]) -> "Refinement | None":
        """What `to_arrays` returned; None if it isn't there."""
        if "predicted" not in found:
            return None
        tolerance, checked, off, worst = np.asarray(found["refinement"]).tolist()
        return cls(np.asarray(found["predicted"]), tolerance, int(checked), int(off), worst)

    def at(self, axis: int, i: int) -> "Refinement":
        """The same on a cut through the grid; the test is still that of the whole grid."""
        return replace(self, predicted=self.predicted.take(i, axis))
