"""Pictures of landscapes, trajectories and predictions, in one style.

Each function draws on the axes it is given, or on a new figure, and returns the axes.
"""

from .animation import Animation, animate
from .colours import colour_bar, colour_norm
from .curves import line, loss_curve, sharpness_curve, spectrum
from .maps import contour, models, trajectory
from .outputs import data, pin, prediction_grid, predictions
from .style import CLASSES, COLOURS, LABELS, PATH, PREDICTED, PREDICTIONS, use_style
from .surfaces import surface
from .trees import merge_tree
from .volumes import cube, cuts

__all__ = [
    "CLASSES",
    "COLOURS",
    "LABELS",
    "PATH",
    "PREDICTED",
    "PREDICTIONS",
    "Animation",
    "animate",
    "colour_bar",
    "colour_norm",
    "contour",
    "cube",
    "cuts",
    "data",
    "line",
    "loss_curve",
    "merge_tree",
    "models",
    "pin",
    "prediction_grid",
    "predictions",
    "sharpness_curve",
    "spectrum",
    "surface",
    "trajectory",
    "use_style",
]
