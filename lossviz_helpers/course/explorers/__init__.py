"""Explorers: small interactive tools for the chapters."""

from ..._inputs.extras import needs_extra

with needs_extra("notebooks", "explorers need"):
    from .ch01 import loss_explorer
    from .ch02 import model_explorer
    from .ch03 import line_explorer
    from .ch04 import tilt_explorer
    from .ch05 import volume_explorer
    from .ch06 import saddle_explorer
    from .ch07 import noise_explorer
    from .ch08 import skip_explorer
    from .ch09 import rate_explorer
    from .ch11 import rho_explorer
    from .ch12 import bend_explorer

__all__ = [
    "bend_explorer",
    "line_explorer",
    "loss_explorer",
    "model_explorer",
    "noise_explorer",
    "rate_explorer",
    "rho_explorer",
    "saddle_explorer",
    "skip_explorer",
    "tilt_explorer",
    "volume_explorer",
]
