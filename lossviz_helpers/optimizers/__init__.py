"""Optimisers that PyTorch doesn't have."""

from .sam import SAM, check_walks, made

__all__ = ["SAM", "check_walks", "made"]
