"""What the widgets share: their scripts and styles, and how colours and numbers reach them."""

from pathlib import Path

import matplotlib
import numpy as np

from ..plots import COLOURS
from ..plots.colours import gaps_as_nan

HERE = Path(__file__).parent


def joined(name: str) -> str:
    """The text of a widget's script or style, behind what all widgets share.

    A widget has one script, without imports, so that it also works in a page from a file.

    >>> "function render" in joined("panel.js"), ".lv-plot" in joined("panel.css")
    (True, True)
    """
    shared = HERE / f"canvas{Path(name).suffix}"
    return "\n".join(path.read_text(encoding="utf-8") for path in (shared, HERE / name))


def colour_bytes(name: str = COLOURS) -> bytes:
    """A colour map of Matplotlib as a table: 256 times red, green and blue, a byte each.

    >>> list(colour_bytes("gray"))[:6]
    [0, 0, 0, 1, 1, 1]
    """
    colours = matplotlib.colormaps[name](np.arange(256))[:, :3]
    return (colours * 255).round().astype(np.uint8).tobytes()


def float_bytes(values: np.ndarray) -> bytes:
    """Numbers as float32, little-endian, the last axis fastest; nan for all that isn't finite."""
    return gaps_as_nan(np.asarray(values, dtype=float)).astype("<f4").tobytes()
