"""A `Landscape`: losses on a grid over a slice, ready to plot, measure, describe and save."""

from .grid import FORMAT, VERSION, Landscape, nearest
from .refinement import Refinement
from .trees import LowPoint, Merge, MergeTree

__all__ = [
    "FORMAT",
    "VERSION",
    "Landscape",
    "LowPoint",
    "Merge",
    "MergeTree",
    "Refinement",
    "nearest",
]
