"""The exercises of the chapters, and their checks."""

from .all import check

__all__ = ["check"]
