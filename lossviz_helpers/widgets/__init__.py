"""Widgets: see a landscape move. Pictures are drawn in the browser."""

from .volume import VolumeViewer

__all__ = ["VolumeViewer"]
