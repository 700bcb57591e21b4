"""Slices: small flat windows onto the space of all models."""

from .slice import (
    Extent,
    Slice,
    check_extent,
    explained_variance,
    largest_entry_positive,
    random_walk_variance,
)

__all__ = [
    "Extent",
    "Slice",
    "check_extent",
    "explained_variance",
    "largest_entry_positive",
    "random_walk_variance",
]
