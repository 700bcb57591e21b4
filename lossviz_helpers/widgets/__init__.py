"""Widgets: see a landscape move. Pictures are drawn in the browser."""

from .explorers import (
    line_explorer,
    loss_explorer,
    model_explorer,
    tilt_explorer,
    volume_explorer,
)
from .panel import Panel
from .volume import VolumeViewer

__all__ = [
    "Panel",
    "VolumeViewer",
    "line_explorer",
    "loss_explorer",
    "model_explorer",
    "tilt_explorer",
    "volume_explorer",
]
