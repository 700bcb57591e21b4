"""Optimisers that PyTorch doesn't have, and how an optimiser is made."""

from .construction import accepts, make_optimizer
from .sam import SAM

__all__ = ["SAM", "accepts", "make_optimizer"]
