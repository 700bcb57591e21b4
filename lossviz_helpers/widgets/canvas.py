"""What the widgets share: their scripts and styles, and how colours and numbers reach them."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import Colormap

from ..plots import COLOURS
from ..plots.colours import gaps_as_nan

STATIC = Path(__file__).parent / "static"  # scripts and styles, built from js/


def colour_bytes(cmap: str | Colormap = COLOURS) -> bytes:
    """A Matplotlib colour map as a table: 256 RGB triples, one byte per channel.

    >>> list(colour_bytes("gray"))[:6]
    [0, 0, 0, 1, 1, 1]
    """
    colours = plt.get_cmap(cmap)(np.arange(256))[:, :3]
    return (colours * 255).round().astype(np.uint8).tobytes()


def float_bytes(values: np.ndarray) -> bytes:
    """Numbers as float32, little-endian, the last axis fastest; nan where they aren't finite."""
    return gaps_as_nan(np.asarray(values, dtype=float)).astype("<f4").tobytes()
