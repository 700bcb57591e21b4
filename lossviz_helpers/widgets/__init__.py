"""Widgets: see a landscape move. Pictures are drawn in the browser."""

from .explorers import (
    line_explorer,
    loss_explorer,
    model_explorer,
    tilt_explorer,
    volume_explorer,
)
from .panel import Panel
from .results import bend_explorer, noise_explorer, rho_explorer, skip_explorer
from .volume import VolumeViewer

__all__ = [
    "Panel",
    "VolumeViewer",
    "bend_explorer",
    "line_explorer",
    "loss_explorer",
    "model_explorer",
    "noise_explorer",
    "rho_explorer",
    "skip_explorer",
    "tilt_explorer",
    "volume_explorer",
]
