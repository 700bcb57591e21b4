"""Animations that play anywhere, without a kernel."""

import base64
import html
import io
from collections.abc import Callable, Iterable
from typing import TypeVar

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

Frame = TypeVar("Frame")


class Animation:
    """A looping animation as a GIF, shown by notebooks, GitHub and saved pages alike.

    Attributes:
        gif: the bytes of the GIF.
        description: what it shows, in words.

    >>> Animation(b"GIF89a", "A point that walks downhill.")
    A point that walks downhill.
    """

    def __init__(self, gif: bytes, description: str):
        self.gif, self.description = gif, description

    def __repr__(self) -> str:
        return self.description

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.gif).decode()
        alt = html.escape(self.description, quote=True)
        return f'<img src="data:image/gif;base64,{picture}" alt="{alt}">'


def animate(
    fig: Figure,
    draw: Callable[[Frame], object],
    frames: Iterable[Frame],
    description: str,
    fps: float = 10,
) -> Animation:
    """Draw a figure once per frame and join the frames into a looping GIF.

    Args:
        fig: the figure that `draw` changes; it is closed afterwards.
        draw: called with each frame.
        frames: any values.
        description: what the animation shows, in words.
        fps: frames per second.

    Raises:
        ValueError: if there are no frames.

    >>> fig, ax = plt.subplots(figsize=(1, 1))
    >>> animate(fig, ax.set_title, ["a", "b"], "A title that changes.")
    A title that changes.
    """
    canvas = FigureCanvasAgg(fig)  # draws without a screen, whichever backend is chosen
    images = []
    try:
        for frame in frames:
            draw(frame)
            canvas.draw()
            images.append(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"))
    finally:
        plt.close(fig)
    if not images:
        raise ValueError("an animation needs at least one frame, got none")
    return Animation(_gif(images, fps), description)


def _gif(images: list[Image.Image], fps: float) -> bytes:
    """A GIF with one palette and no dithering, so that nothing flickers and it stays small."""
    palette = _palette(images)
    first, *rest = (p.quantize(palette=palette, dither=Image.Dither.NONE) for p in images)
    gif = io.BytesIO()
    first.save(gif, "GIF", save_all=True, append_images=rest, duration=round(1000 / fps), loop=0)
    return gif.getvalue()


def _palette(images: list[Image.Image]) -> Image.Image:
    """A small image whose palette of 256 colours suits all the frames."""
    sample = np.vstack([np.asarray(p) for p in images[:: max(1, len(images) // 8)]])
    palette = Image.fromarray(sample).quantize(256, Image.Quantize.FASTOCTREE)
    colours = np.array(palette.getpalette()).reshape(-1, 3)
    colours[colours.min(axis=1) > 250] = 255  # pure white, like the page behind it
    palette.putpalette(colours.flatten().tolist())
    return palette
