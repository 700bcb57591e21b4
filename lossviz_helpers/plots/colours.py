"""How losses become colours."""

import warnings

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LogNorm, Normalize

from .style import COLOURS


def colour_norm(
    loss: np.ndarray, log: bool, limits: tuple[float, float] | None = None
) -> Normalize:
    """The scale on which losses become colours.

    A logarithmic scale can't show 0. Losses of 0 get the darkest colour, and the scale starts at
    the smallest positive loss, or six decades below the largest if that is higher.

    Args:
        loss: any shape.
        log: whether the colour scale is logarithmic.
        limits: lowest and highest loss on the colour scale; None for the range of the losses.

    Raises:
        ValueError: if the limits aren't finite, or the first isn't below the second.

    Warns:
        UserWarning: if you ask for a logarithmic scale, but there are negative losses.

    >>> colour_norm(np.array([0.0, 0.01, 1.0]), log=True).vmin
    0.01
    """
    lo, hi = finite_range(loss) if limits is None else check_limits(limits)
    if log and lo < 0:
        warnings.warn(
            f"there are negative losses, down to {lo:.3g}, so the colour scale is linear, "
            "not logarithmic; pass log=False to turn this warning off",
            stacklevel=3,
        )
    if not log or lo < 0 or not (loss > 0).any():
        return Normalize(lo, hi, clip=True)
    if lo == 0:
        smallest = float(loss[np.isfinite(loss) & (loss > 0)].min())
        lo = max(smallest, 1e-6 * hi) if smallest < hi else 1e-6 * hi
    return LogNorm(lo, hi, clip=True)


def colour_bar(
    ax: Axes, norm: Normalize, label: str = "loss L", cmap: str | Colormap = COLOURS
) -> None:
    """Draw a colour bar for the loss next to the axes.

    Args:
        ax: the axes.
        norm: the colour scale, as returned by `colour_norm`.
        label: what the colours mean.
        cmap: the colours, as in Matplotlib.

    >>> import matplotlib.pyplot as plt
    >>> loss = np.geomspace(0.01, 1, 50).reshape(5, 10)
    >>> norm, ax = colour_norm(loss, log=True), plt.subplots()[1]
    >>> image = ax.imshow(loss, norm=norm, cmap=COLOURS)
    >>> colour_bar(ax, norm)
    """
    bar = ax.figure.colorbar(ScalarMappable(norm, cmap), ax=ax, label=label, pad=0.03)
    if isinstance(norm, LogNorm):  # plain numbers, and few of them
        lo, hi = limits_of(norm)
        round_numbers = [m * 10.0**decade for decade in range(-8, 9) for m in (1, 2, 5)]
        ticks = [t for t in round_numbers if lo <= t <= hi] or [lo, hi]
        bar.set_ticks(ticks, labels=[f"{t:g}" for t in ticks])
        bar.minorticks_off()


def limits_of(norm: Normalize) -> tuple[float, float]:
    """The lowest and highest loss on a colour scale."""
    low, high = norm.vmin, norm.vmax
    assert low is not None, "colour_norm sets both"
    assert high is not None
    return low, high


def check_limits(limits: tuple[float, float]) -> tuple[float, float]:
    """The limits as numbers; ValueError unless both are finite and the first is the lower."""
    try:
        lo, hi = map(float, limits)
    except (TypeError, ValueError):
        raise ValueError(f"limits must be two losses (lowest, highest), got {limits!r}") from None
    if not (np.isfinite([lo, hi]).all() and lo < hi):
        raise ValueError(
            f"limits must be finite, with the lowest loss below the highest, got ({lo:g}, {hi:g}); "
            "leave them out to use those of the landscape"
        )
    return lo, hi


def finite_range(loss: np.ndarray) -> tuple[float, float]:
    """Lowest and highest finite loss, never equal; (0, 1) if there is none.

    >>> finite_range(np.array([2.0, np.nan, 2.0]))
    (2.0, 3.0)
    """
    finite = loss[np.isfinite(loss)]
    if not finite.size:
        return 0.0, 1.0
    lo, hi = float(finite.min()), float(finite.max())
    # losses that differ only by rounding count as equal: their order means nothing
    flat = hi - lo <= 1e-12 * max(abs(lo), abs(hi), 1e-200)
    return (lo, lo + 1.0) if flat else (lo, hi)


def gaps_as_nan(loss: np.ndarray) -> np.ndarray:
    """The losses, nan wherever they aren't finite."""
    return np.where(np.isfinite(loss), loss, np.nan)
