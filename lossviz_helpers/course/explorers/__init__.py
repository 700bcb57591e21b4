"""Explorers: small instruments for the chapters."""

from ..._extras import needs_extra

with needs_extra("notebooks", "explorers come"):
    from .live import line_explorer, loss_explorer, model_explorer, tilt_explorer, volume_explorer
    from .stored import bend_explorer, noise_explorer, rho_explorer, skip_explorer

__all__ = [
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
