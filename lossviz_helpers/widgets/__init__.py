"""Interactive widgets for landscapes. The browser draws the pictures."""

from .._inputs.extras import needs_extra

with needs_extra("notebooks", "widgets need"):
    from .panel import Panel
    from .standalone import to_html
    from .surface import Surface
    from .volume import VolumeViewer

__all__ = ["Panel", "Surface", "VolumeViewer", "to_html"]
