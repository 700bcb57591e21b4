"""Optimisers that PyTorch doesn't have, and how an optimiser is made."""

from .construction import made, takes
from .sam import SAM

__all__ = ["SAM", "made", "takes"]
