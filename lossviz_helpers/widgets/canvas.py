"""What the widgets share: where their scripts are, and numbers and colours as bytes for them."""

from pathlib import Path

import matplotlib
import numpy as np

from ..plots import COLOURS

STATIC = Path(__file__).parent / "static"  # scripts and styles, built from js/


def colour_table(name: str = COLOURS) -> np.ndarray:
    """A colour map of Matplotlib as a table of shape (256, 3), from 0 to 1.

    >>> colour_table()[0].round(2)
    array([0.27, 0.  , 0.33])
    """
    return matplotlib.colormaps[name](np.arange(256))[:, :3]


def colour_bytes(name: str = COLOURS) -> bytes:
    """The same table as 256 times red, green and blue, a byte each."""
    return (colour_table(name) * 255).round().astype(np.uint8).tobytes()


def float_bytes(values: np.ndarray) -> bytes:
    """Numbers as float32, little-endian, the last axis fastest; nan for all that is not finite."""
    values = np.asarray(values, dtype=float)
    return np.where(np.isfinite(values), values, np.nan).astype("<f4").tobytes()


def finite_range(values: np.ndarray) -> tuple[float, float]:
    """Lowest and highest finite value, never the same; (0, 1) where there is none.

    >>> finite_range(np.array([2.0, np.nan, 2.0]))
    (2.0, 3.0)
    """
    finite = values[np.isfinite(values)]
    lo, hi = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (lo, hi) if lo < hi else (lo, lo + 1.0)
