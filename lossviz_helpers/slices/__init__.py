"""Slices: small flat windows onto the space of all models."""

from .components import largest_entry_positive
from .constructors import CONSTRUCTORS
from .extents import Extent, check_extent
from .slice import Slice
from .variance import explained_variance, random_walk_variance

__all__ = [
    "CONSTRUCTORS",
    "Extent",
    "Slice",
    "check_extent",
    "explained_variance",
    "largest_entry_positive",
    "random_walk_variance",
]
