"""Pictures of landscapes. Each function draws on the axes it is given, and returns them.

Colour always means loss, dark is low, on a map that colour-blind readers can read and that keeps
its order in grey. Gaps, where the loss is not finite, stay hatched.
"""

import base64
import html
import io
import warnings
from collections.abc import Callable, Iterable

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d import Axes3D
from PIL import Image
from scipy.interpolate import interpn
from torch import Tensor

from ..landscape import Landscape, nearest
from ..objective import Objective
from ..training import Trajectory

COLOURS = "viridis"
PATH = "#d81b60"  # a raspberry that stands out on every colour of viridis
CLASSES = ("#1b6ca8", "#e08214")  # blue 0 and orange 1, told apart by colour-blind eyes
PREDICTIONS = "PuOr_r"  # purple says 0, orange says 1
PREDICTED = (-0.25, 1.25)  # the range of its colours: linear models say less than 0 and more than 1
LABELS = ("α₁", "α₂", "α₃")
_OUTLINE = [patheffects.withStroke(linewidth=4, foreground="white")]


def use_style() -> None:
    """Make Matplotlib's pictures readable on a projector: larger type, lighter frames.

    >>> use_style()
    >>> plt.rcParams["font.size"]
    13.0
    """
    plt.rcParams.update(
        {
            "figure.figsize": (7.5, 5.0),
            "figure.dpi": 90,
            "figure.constrained_layout.use": True,
            "font.size": 13,
            "axes.titlesize": 13,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "lines.linewidth": 2.2,
            "legend.frameon": False,
        }
    )


# -- one dimension ---------------------------------------------------------------------------------


def line(land: Landscape, ax: Axes | None = None, **style) -> Axes:
    """Loss along a line.

    Args:
        land: a 1D landscape.
        ax: where to draw; None for a new figure.
        style: passed on to `Axes.plot`, such as `label="…"`.

    Raises:
        ValueError: if the landscape is not 1D.
    """
    _check_dims(land, 1, "line")
    ax = ax or plt.subplots()[1]
    ax.plot(land.axes[0], _gaps_as_nan(land.loss), **style)
    ax.set(xlabel="α", ylabel=_label(land))
    return ax


def loss_curve(path: Trajectory, ax: Axes | None = None, **style) -> Axes:
    """Loss at every step of training, on a logarithmic scale; one curve per start."""
    ax = ax or plt.subplots()[1]
    losses = _gaps_as_nan(path.losses.detach().cpu().numpy())
    ax.plot(path.steps.numpy(), losses, **style)
    ax.set(xlabel="step", ylabel="loss L", yscale="log" if (losses > 0).any() else "linear")
    return ax


# -- two dimensions --------------------------------------------------------------------------------


def contour(
    land: Landscape,
    path: Trajectory | None = None,
    ax: Axes | None = None,
    log: bool = True,
    limits: tuple[float, float] | None = None,
    levels: int = 24,
    bar: bool = True,
    labels: tuple[str, str] = LABELS[:2],
) -> Axes:
    """A map of a 2D landscape: filled contours, and the shadow of a trajectory.

    Args:
        land: a 2D landscape.
        path: a trajectory through the same space; it is projected onto the slice.
        ax: where to draw; None for a new figure.
        log: whether colours are spaced by the logarithm of the loss, which shows basins and
            plateaus in one picture; losses of 0 are as dark as the smallest that isn't.
        limits: lowest and highest loss of the colours; None for those of the landscape.
        levels: number of contours.
        bar: whether to draw the colour bar.
        labels: names of the two directions.

    Raises:
        ValueError: if the landscape is not 2D.
    """
    _check_dims(land, 2, "contour")
    ax = ax or plt.subplots()[1]
    norm = colour_norm(land.loss, log, limits)
    steps = np.geomspace if isinstance(norm, LogNorm) else np.linspace
    at = steps(norm.vmin, norm.vmax, levels)
    loss = _gaps_as_nan(land.loss).T.clip(norm.vmin, norm.vmax)
    style = {"levels": at, "norm": norm}
    ax.patch.set(hatch="xx", edgecolor="0.7")
    ax.contourf(*land.axes, loss, cmap=COLOURS, **style)
    ax.contour(*land.axes, loss, colors="white", linewidths=0.5, alpha=0.5, **style)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    if bar:
        colour_bar(ax, norm, _label(land))
    if path is not None:
        trajectory(path, land, ax)
        ax.set(xlim=land.axes[0][[0, -1]], ylim=land.axes[1][[0, -1]])
    return ax


def trajectory(path: Trajectory, land: Landscape, ax: Axes, **style) -> Axes:
    """The shadow of a trajectory on a slice: ○ its start, ★ its end; one line per start."""
    _check_path(path)
    for run in path:
        x, y = land.slice.coordinates(run.points).cpu().numpy()[:, :2].T
        ax.plot(x, y, **({"color": PATH, "path_effects": _OUTLINE} | style))
        ends = {"linestyle": "none", "zorder": 5}
        ax.plot(x[0], y[0], "o", ms=8, mfc="white", mec=PATH, mew=2, **ends)
        ax.plot(x[-1], y[-1], "*", ms=17, mfc=PATH, mec="white", **ends)
    return ax


def models(
    land: Landscape,
    ax: Axes | None = None,
    log: bool = True,
    labels: tuple[str, str] = LABELS[:2],
) -> Axes:
    """Every scanned model of a 2D landscape as a dot, coloured by its loss."""
    _check_dims(land, 2, "models")
    ax = ax or plt.subplots()[1]
    norm = colour_norm(land.loss, log)
    x, y = np.meshgrid(*land.axes, indexing="ij")
    ax.scatter(x, y, c=land.loss, cmap=COLOURS, norm=norm, s=16)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    colour_bar(ax, norm, _label(land))
    return ax


def surface(
    land: Landscape,
    path: Trajectory | None = None,
    ax: Axes3D | None = None,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    view: tuple[float, float] = (35, -60),
    labels: tuple[str, str] = LABELS[:2],
) -> Axes3D:
    """A 2D landscape as hills and valleys, height and colour are the loss.

    Args:
        land: a 2D landscape.
        path: a trajectory through the same space; its shadow is drawn on the surface, and stays
            visible where a hill stands in front of it.
        ax: where to draw, with `projection="3d"`; None for a new figure.
        log: whether colours are spaced by the logarithm of the loss; heights never are.
        limits: lowest and highest loss of height and colour; what is higher is cut off.
        view: elevation and azimuth of the eye, in degrees.
        labels: names of the two directions.

    Raises:
        ValueError: if the landscape is not 2D.
    """
    _check_dims(land, 2, "surface")
    ax = ax or plt.subplots(subplot_kw={"projection": "3d"})[1]
    norm = colour_norm(land.loss, log, limits)
    loss = _gaps_as_nan(land.loss).clip(norm.vmin, norm.vmax)
    x, y = np.meshgrid(*land.axes, indexing="ij")
    # shading by light would change colours, and colour means loss
    colours = plt.get_cmap(COLOURS)(norm(loss))
    ax.plot_surface(
        x, y, loss, facecolors=colours, rcount=151, ccount=151, shade=False, antialiased=False
    )
    if path is not None:
        _check_path(path)
    for run in () if path is None else path:
        shadow = land.slice.coordinates(run.points).cpu().numpy()
        height = interpn(land.axes, loss, shadow, bounds_error=False) + 0.015 * np.ptp(loss)
        xyz = np.column_stack([shadow, height])
        ax.plot(*xyz.T, color=PATH, path_effects=_OUTLINE, zorder=10)
        ax.plot(*xyz[:1].T, "o", ms=8, mfc="white", mec=PATH, mew=2, zorder=11)
        ax.plot(*xyz[-1:].T, "*", ms=19, mfc=PATH, mec="white", zorder=11)
    ax.set(xlabel=labels[0], ylabel=labels[1], zlabel=_label(land))
    ax.view_init(*view)
    _space_labels(ax)
    ax.set_box_aspect((1, 1, 0.6), zoom=0.9)
    return ax


# -- three dimensions ------------------------------------------------------------------------------


def cuts(
    land: Landscape,
    at: tuple[float, float, float],
    axs: Iterable[Axes] | None = None,
    limits: tuple[float, float] | None = None,
) -> list[Axes]:
    """Three orthogonal cuts through a 3D landscape, as a scanner shows them.

    Args:
        land: a 3D landscape.
        at: the point α where the three cuts meet; each cut is the grid plane nearest to it.
        axs: three axes; None for a new figure.
        limits: lowest and highest loss of the colours; None for those of the landscape.

    Raises:
        ValueError: if the landscape is not 3D, or `at` lies outside it.
    """
    _check_dims(land, 3, "cuts")
    if axs is None:
        axs = plt.subplots(1, 3, figsize=(13, 4.2))[1]
    axs = list(axs)
    limits = limits or _range(land.loss)
    for fixed, ax in zip((2, 1, 0), axs, strict=True):
        across, up = (i for i in range(3) if i != fixed)
        contour(
            land.at(fixed, at[fixed]),
            ax=ax,
            limits=limits,
            bar=ax is axs[-1],
            labels=(LABELS[across], LABELS[up]),
        )
        ax.axvline(at[across], color=PATH, lw=1.2)
        ax.axhline(at[up], color=PATH, lw=1.2)
        ax.set_title(f"cut at {LABELS[fixed]} = {at[fixed]:.2f}")
    return axs


def cube(
    land: Landscape,
    at: tuple[float, float, float],
    ax: Axes3D | None = None,
    limits: tuple[float, float] | None = None,
    view: tuple[float, float] = (28, -125),
) -> Axes3D:
    """Three orthogonal cuts where they stand inside the cube of a 3D landscape.

    Args:
        land: a 3D landscape.
        at: the point α where the three cuts meet.
        ax: where to draw, with `projection="3d"`; None for a new figure.
        limits: lowest and highest loss of the colours; None for those of the landscape.
        view: elevation and azimuth of the eye, in degrees.

    Raises:
        ValueError: if the landscape is not 3D, or `at` lies outside it.
    """
    _check_dims(land, 3, "cube")
    ax = ax or plt.subplots(subplot_kw={"projection": "3d"})[1]
    # the cuts cross: without this Matplotlib draws each as a whole, one in front of the other
    ax.computed_zorder = True
    norm = colour_norm(land.loss, True, limits)
    for fixed in range(3):
        cut = land.at(fixed, at[fixed])
        across, up = np.meshgrid(*cut.axes, indexing="ij")
        xyz = [across, up]
        xyz.insert(fixed, np.full_like(across, at[fixed]))
        colours = plt.get_cmap(COLOURS)(norm(_gaps_as_nan(cut.loss)))
        # four quarters a cut, so that what lies in front is drawn in front
        for rows in _halves(cut.axes[0], at[0 if fixed else 1]):
            for columns in _halves(cut.axes[1], at[1 if fixed == 2 else 2]):
                part = np.ix_(rows, columns)
                ax.plot_surface(
                    *(v[part] for v in xyz),
                    facecolors=colours[part],
                    rstride=1,
                    cstride=1,
                    shade=False,
                    antialiased=False,
                )
    ax.set(xlabel=LABELS[0], ylabel=LABELS[1], zlabel=LABELS[2])
    for name, axis in zip("xyz", land.axes, strict=True):
        ax.set(**{f"{name}lim": (axis[0], axis[-1])})
    ax.view_init(*view)
    _space_labels(ax)
    ax.set_box_aspect((1, 1, 1), zoom=0.85)
    return ax


# -- data and what a model makes of them -----------------------------------------------------------


def data(x: Tensor, y: Tensor, ax: Axes | None = None) -> Axes:
    """Examples with two inputs: circles where the target is 0 or −1, squares where it is 1.

    Raises:
        ValueError: if there are other targets.
    """
    ax = ax or plt.subplots(figsize=(5, 5))[1]
    low = -1 if (y == -1).any() else 0
    if not ((y == low) | (y == 1)).all():
        raise ValueError(
            "data are drawn for targets 0 and 1, or −1 and 1, got values from "
            f"{y.min().item():.4g} to {y.max().item():.4g}"
        )
    for value, marker, colour in zip((low, 1), "os", CLASSES, strict=True):
        chosen = x[y == value].cpu().numpy()
        ax.scatter(
            *chosen.T, s=22, marker=marker, color=colour, edgecolor="white", lw=0.5,
            label=f"y = {value}",
        )  # fmt: skip
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    return ax


def predictions(
    L: Objective, theta: Tensor, ax: Axes | None = None, examples: bool = True, resolution: int = 80
) -> Axes:
    """What the model at θ says for every input of the unit square; the line is its decision, 0.5.

    Args:
        L: a landscape whose examples have two inputs and whose model gives one number.
        theta: the model, shape `(P,)`.
        ax: where to draw; None for a new figure.
        examples: whether to draw the data on top.
        resolution: inputs along each side.
    """
    ax = ax or plt.subplots(figsize=(5, 5))[1]
    side = np.linspace(0, 1, resolution)
    outputs = prediction_grid(L, theta, resolution).T
    lo, hi = PREDICTED
    ax.pcolormesh(side, side, outputs, cmap=PREDICTIONS, vmin=lo, vmax=hi, rasterized=True)
    if outputs.min() < 0.5 < outputs.max():
        ax.contour(side, side, outputs, levels=[0.5], colors="black", linewidths=2)
    if examples:
        data(L.x, L.y, ax)
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal", xlim=(0, 1), ylim=(0, 1))
    ax.set(xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    return ax


def prediction_grid(L: Objective, theta: Tensor, resolution: int = 80) -> np.ndarray:
    """What the model at θ says on a grid over the unit square, shape (x₁, x₂).

    Args:
        L: a landscape whose examples have two inputs and whose model gives one number.
        theta: the model, shape `(P,)`.
        resolution: inputs along each side.

    Raises:
        ValueError: if examples have another number of inputs, or the model gives several numbers.
    """
    if L.x.shape[1:] != (2,) or L.y.shape[1:] != ():
        raise ValueError(
            "predictions are drawn over two inputs, for a model that gives one number; got inputs "
            f"of shape {tuple(L.x.shape)} and targets of shape {tuple(L.y.shape)}"
        )
    side = torch.linspace(0, 1, resolution)
    with torch.no_grad():
        outputs = L.predict(theta, torch.cartesian_prod(side, side))
    if outputs.shape != (resolution**2,):
        raise ValueError(f"expected one number an example, got outputs {tuple(outputs.shape)}")
    return outputs.reshape(resolution, resolution).cpu().numpy()


# -- colours and animations ------------------------------------------------------------------------


def colour_norm(
    loss: np.ndarray, log: bool, limits: tuple[float, float] | None = None
) -> Normalize:
    """How losses become colours.

    A logarithm has no room for 0: on a logarithmic scale losses of 0 get the darkest colour, which
    begins at the smallest positive loss, six decades below the largest at most.

    Args:
        loss: any shape.
        log: whether colours are spaced by the logarithm of the loss.
        limits: lowest and highest loss of the colours; None for those of the losses.

    Raises:
        ValueError: if the limits aren't finite, or the lower isn't below the higher.

    Warns:
        UserWarning: if a logarithmic scale is asked for, but there are negative losses.

    >>> colour_norm(np.array([0.0, 0.01, 1.0]), log=True).vmin
    0.01
    """
    lo, hi = _range(loss) if limits is None else _check_limits(limits)
    if log and lo < 0:
        warnings.warn(
            f"there are negative losses, down to {lo:.3g}, so their colours are spaced linearly, "
            "not by the logarithm; log=False says so from the start",
            stacklevel=3,
        )
    if not log or lo < 0 or not (loss > 0).any():
        return Normalize(lo, hi, clip=True)
    if lo == 0:
        smallest = float(loss[np.isfinite(loss) & (loss > 0)].min())
        lo = max(smallest, 1e-6 * hi) if smallest < hi else 1e-6 * hi
    return LogNorm(lo, hi, clip=True)


def _check_limits(limits: tuple[float, float]) -> tuple[float, float]:
    try:
        lo, hi = map(float, limits)
    except (TypeError, ValueError):
        raise ValueError(f"limits are two losses (lowest, highest), got {limits!r}") from None
    if not (np.isfinite([lo, hi]).all() and lo < hi):
        raise ValueError(
            f"limits must be finite, the lowest loss below the highest, got ({lo:g}, {hi:g}); "
            "leave them out for those of the landscape"
        )
    return lo, hi


def colour_bar(ax: Axes, norm: Normalize, label: str = "loss L") -> None:
    """A colour bar of the loss beside axes."""
    bar = ax.figure.colorbar(ScalarMappable(norm, COLOURS), ax=ax, label=label, pad=0.03)
    if isinstance(norm, LogNorm):  # plain numbers, and few of them
        nice = [t for d in range(-8, 9) for t in (10.0**d, 2 * 10.0**d, 5 * 10.0**d)]
        inside = [t for t in nice if norm.vmin <= t <= norm.vmax] or [norm.vmin, norm.vmax]
        bar.set_ticks(inside, labels=[f"{t:g}" for t in inside])
        bar.minorticks_off()


class Animation:
    """A looping animation as a GIF, shown by notebooks, GitHub and saved pages alike.

    Attributes:
        gif: the picture's bytes.
        description: what it shows, in words.
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
    fig: Figure, draw: Callable, frames: Iterable, description: str, fps: float = 10
) -> Animation:
    """Draw a figure once per frame and join the pictures to a looping GIF.

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
    canvas = FigureCanvasAgg(fig)  # draws without a screen, whatever backend is chosen
    pictures = []
    try:
        for frame in frames:
            draw(frame)
            canvas.draw()
            pictures.append(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"))
    finally:
        plt.close(fig)
    if not pictures:
        raise ValueError("an animation needs at least one frame, got none")
    # one palette for all frames and no dithering: nothing flickers, and the file stays small
    some = np.vstack(pictures[:: max(1, len(pictures) // 8)])
    palette = Image.fromarray(some).quantize(256, Image.Quantize.FASTOCTREE)
    colours = np.reshape(palette.getpalette(), (-1, 3))
    colours[colours.min(axis=1) > 250] = 255  # the page behind it is white, not nearly white
    palette.putpalette(colours.flatten().tolist())
    first, *rest = (p.quantize(palette=palette, dither=Image.Dither.NONE) for p in pictures)
    gif = io.BytesIO()
    first.save(gif, "GIF", save_all=True, append_images=rest, duration=round(1000 / fps), loop=0)
    return Animation(gif.getvalue(), description)


def _range(loss: np.ndarray) -> tuple[float, float]:
    finite = loss[np.isfinite(loss)]
    if not finite.size:
        return 0.0, 1.0
    lo, hi = float(finite.min()), float(finite.max())
    # a range within rounding error is one loss: its colours and contours have no order
    flat = hi - lo <= 1e-12 * max(abs(lo), abs(hi), 1e-200)
    return (lo, lo + 1.0) if flat else (lo, hi)


def _gaps_as_nan(loss: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(loss), loss, np.nan)


def _halves(grid: np.ndarray, at: float) -> list[np.ndarray]:
    """Grid indices up to the point nearest to `at`, and from there on; without empty halves."""
    i = nearest(grid, at)
    halves = [np.arange(0, i + 1), np.arange(i, len(grid))]
    return [half for half in halves if len(half) > 1]


def _space_labels(ax: Axes3D) -> None:
    """Fewer ticks and wider spacing, so that labels don't run into each other."""
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_major_locator(MaxNLocator(4))
        axis.labelpad = 12


def _check_path(path: Trajectory) -> None:
    if not isinstance(path, Trajectory):
        raise TypeError(
            f"path must be a Trajectory, got {type(path).__name__}; descend(…) and "
            "record.trajectory(L) return one, and Trajectory(points, losses, steps) makes one"
        )


def _label(land: Landscape) -> str:
    """What the numbers of a landscape are, for an axis."""
    return "loss L" if land.quantity == "loss" else land.quantity


def _check_dims(land: Landscape, dims: int, picture: str) -> None:
    if not isinstance(land, Landscape):
        raise TypeError(
            f"{picture} draws a Landscape, got {type(land).__name__}; land = scan(L, view) makes "
            "one of a slice"
        )
    if land.dims != dims:
        raise ValueError(f"{picture} draws a {dims}D landscape, got a {land.dims}D one")
