"""Extents: the window of a slice that is worth looking at."""

import math

from torch import Tensor

Extent = tuple[tuple[float, float], ...]


def check_extent(extent: Extent, dims: int) -> Extent:
    """Extent as `dims` pairs of floats; ValueError unless finite and lo < hi."""
    try:
        pairs = tuple((float(lo), float(hi)) for lo, hi in extent)
    except (TypeError, ValueError):
        raise ValueError(
            f"extent needs one pair (lo, hi) per direction, got {extent!r}; for one direction "
            "write ((lo, hi),)"
        ) from None
    if len(pairs) != dims:
        raise ValueError(f"extent needs {dims} pairs (lo, hi), one per direction, got {len(pairs)}")
    for lo, hi in pairs:
        if not (math.isfinite(lo) and math.isfinite(hi)):
            raise ValueError(f"extent must be finite, got ({lo}, {hi})")
        if lo >= hi:
            raise ValueError(f"extent must run from low to high, got ({lo}, {hi})")
    return pairs


def window_around(alpha: Tensor, margin: float = 0.25) -> Extent:
    """An extent that contains coordinates `(n, k)`, with a margin on each side."""
    lo, hi = alpha.amin(dim=0), alpha.amax(dim=0)
    # a direction along which the points hardly vary still gets a third of the widest window
    pad = ((hi - lo).max() / 3 - (hi - lo)).clamp(min=0) / 2 + margin * (hi - lo).max()
    return tuple(zip((lo - pad).tolist(), (hi + pad).tolist(), strict=True))
