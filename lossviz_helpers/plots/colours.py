"""How losses become colours."""

import warnings

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize

from .style import COLOURS


def colour_norm(
    loss: np.ndarray, log: bool, limits: tuple[float, float] | None = None
) -> Normalize:
    """How losses become colours.

    A logarithm has no room for 0: on a logarithmic scale losses of 0 get the darkest colour, which
    begins at the smallest positive loss, six decades below the largest at most.

    Args:
        loss: any shape.
        log: whether colours are spaced by the logarithm of the loss.
        limits: lowest and highest loss of the colours; None for those of the losses.

    Raises:
        ValueError: if the limits aren't finite, or the lower isn't below the higher.

    Warns:
        UserWarning: if a logarithmic scale is asked for, but there are negative losses.

    >>> colour_norm(np.array([0.0, 0.01, 1.0]), log=True).vmin
    0.01
    """
    lo, hi = _range(loss) if limits is None else _check_limits(limits)
    if log and lo < 0:
        warnings.warn(
            f"there are negative losses, down to {lo:.3g}, so their colours are spaced linearly, "
            "not by the logarithm; log=False says so from the start",
            stacklevel=3,
        )
    if not log or lo < 0 or not (loss > 0).any():
        return Normalize(lo, hi, clip=True)
    if lo == 0:
        smallest = float(loss[np.isfinite(loss) & (loss > 0)].min())
        lo = max(smallest, 1e-6 * hi) if smallest < hi else 1e-6 * hi
    return LogNorm(lo, hi, clip=True)


def _check_limits(limits: tuple[float, float]) -> tuple[float, float]:
    try:
        lo, hi = map(float, limits)
    except (TypeError, ValueError):
        raise ValueError(f"limits are two losses (lowest, highest), got {limits!r}") from None
    if not (np.isfinite([lo, hi]).all() and lo < hi):
        raise ValueError(
            f"limits must be finite, the lowest loss below the highest, got ({lo:g}, {hi:g}); "
            "leave them out for those of the landscape"
        )
    return lo, hi


def colour_bar(ax: Axes, norm: Normalize, label: str = "loss L") -> None:
    """A colour bar of the loss beside axes."""
    bar = ax.figure.colorbar(ScalarMappable(norm, COLOURS), ax=ax, label=label, pad=0.03)
    if isinstance(norm, LogNorm):  # plain numbers, and few of them
        nice = [t for d in range(-8, 9) for t in (10.0**d, 2 * 10.0**d, 5 * 10.0**d)]
        inside = [t for t in nice if norm.vmin <= t <= norm.vmax] or [norm.vmin, norm.vmax]
        bar.set_ticks(inside, labels=[f"{t:g}" for t in inside])
        bar.minorticks_off()


def _range(loss: np.ndarray) -> tuple[float, float]:
    finite = loss[np.isfinite(loss)]
    if not finite.size:
        return 0.0, 1.0
    lo, hi = float(finite.min()), float(finite.max())
    # a range within rounding error is one loss: its colours and contours have no order
    flat = hi - lo <= 1e-12 * max(abs(lo), abs(hi), 1e-200)
    return (lo, lo + 1.0) if flat else (lo, hi)


def _gaps_as_nan(loss: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(loss), loss, np.nan)
