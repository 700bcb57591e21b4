"""Slices: small flat windows onto the space of all models."""

from .components import largest_entry_positive
from .extents import Extent, check_extent
from .slice import Slice
from .variance import explained_variance, random_walk_variance
from .ways import WAYS

__all__ = [
    "WAYS",
    "Extent",
    "Slice",
    "check_extent",
    "explained_variance",
    "largest_entry_positive",
    "random_walk_variance",
]
