"""The theme of all figures: colours, axis labels, and sizes that are legible on a projector.

On maps colour means loss, and darker is lower. The colour map is safe for colour-blind readers, and
keeps its order in greyscale. Blue means 0 and orange means 1, in data and in predictions. The
widgets use the same theme.
"""

import os
from typing import Any

import matplotlib.pyplot as plt
from matplotlib import patheffects
from matplotlib.colors import LinearSegmentedColormap

from ..landscape import Landscape

COLOURS = "viridis"
PATH = "#d81b60"  # raspberry, which stands out on every colour of viridis
# of several trajectories: they stand out on every colour of viridis, and from each other
PATHS = (PATH, "#ff9326", "#5ec8ff", "#f6f1e7", "#1b2130")
CLASSES = ("#1b6ca8", "#e08214")  # blue 0 and orange 1, which colour-blind readers can tell apart
# Predictions have the hue of their class, but are paler, so that the examples stand out.
PREDICTIONS = LinearSegmentedColormap.from_list("predictions", [CLASSES[0], "white", CLASSES[1]])
# The range of this colour map: linear models can output less than 0 or more than 1.
PREDICTED = (-0.25, 1.25)
LABELS = ("α₁", "α₂", "α₃")

# How a trajectory is drawn; the values are whatever Axes.plot takes.
WALK: dict[str, Any] = {
    "color": PATH,
    "path_effects": [patheffects.withStroke(linewidth=4, foreground="white")],
}
START: dict[str, Any] = {
    "marker": "o",
    "linestyle": "none",
    "markersize": 8,
    "markerfacecolor": "white",
    "markeredgecolor": PATH,
    "markeredgewidth": 2,
}
END: dict[str, Any] = {
    "marker": "*",
    "linestyle": "none",
    "markersize": 17,
    "markerfacecolor": PATH,
    "markeredgecolor": "white",
}


def use_style(projector: bool | None = None) -> None:
    """Make Matplotlib figures readable on a projector: larger type, lighter frames.

    Args:
        projector: for the last row of a large room: larger type, thicker lines and black frames;
            None for whether the environment variable `LOSSVIZ_PROJECTOR` is set, which switches
            a notebook without a change in it.

    >>> use_style(projector=False)
    >>> plt.rcParams["font.size"]
    13.0
    """
    far = bool(os.environ.get("LOSSVIZ_PROJECTOR")) if projector is None else projector
    plt.rcParams.update(
        {
            "figure.figsize": (7.5, 5.0),
            "figure.dpi": 160 if far else 90,
            "figure.constrained_layout.use": True,
            "font.size": 17 if far else 13,
            "axes.titlesize": 17 if far else 13,
            "axes.linewidth": 1.6 if far else 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "lines.linewidth": 3.4 if far else 2.2,
            "legend.frameon": False,
        }
    )


def quantity_label(land: Landscape) -> str:
    """What a landscape's values are, as the label of an axis."""
    return "loss L" if land.quantity == "loss" else land.quantity
