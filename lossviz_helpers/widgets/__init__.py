"""Widgets: see a landscape move. Pictures are drawn in the browser."""

from .panel import Panel
from .volume import VolumeViewer

__all__ = ["Panel", "VolumeViewer"]
