"""What several explorers share: sizes, low points, and how verdicts are written."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from ...curvature import Verdict
from ...landscape import Landscape, LowPoint

POINTS = 300  # per line: more would look the same
TEST_STEPS = 300  # steps of further training in the false-minimum test: a fraction of a second
CLICK_RADIUS = 3  # in grid steps: a click this close to a low point counts as a click on it


def in_words(verdict: Verdict) -> str:
    """A verdict as text, with real minus signs; hyphens stay as they are."""
    return re.sub(r"-(?=\d)", "−", str(verdict))


def coordinates_text(alpha: Iterable[float]) -> str:
    """Coordinates as text, with real minus signs."""
    return ", ".join(f"{a:.3g}" for a in alpha).replace("-", "−")


def nearest_low(
    lows: Sequence[LowPoint], at: Sequence[float], steps: Sequence[float]
) -> tuple[float, ...] | None:
    """The low point within a few grid steps, the nearest of several; None if there is none."""
    distances = [
        max(abs(a - x) / s for a, x, s in zip(low.alpha, at, steps, strict=True)) for low in lows
    ]
    if not distances or min(distances) > CLICK_RADIUS:
        return None
    return lows[int(np.argmin(distances))].alpha


def map_limits(land: Landscape) -> tuple[float, float]:
    """Colour limits that stay fixed while the map changes: slightly wider than the first map's."""
    finite = land.loss[np.isfinite(land.loss)]
    return (float(finite.min()) * 0.8, float(finite.max())) if finite.size else (0.0, 1.0)


def check_plane(land: Landscape, name: str) -> None:
    """Raise ValueError unless a landscape is 2D."""
    if land.dims != 2:
        raise ValueError(f"{name} needs a 2D landscape, but got a {land.dims}D one")
