"""`Panel`: one plot, drawn in the browser (js/panel.js), with a pointer that you can move."""

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets as t
from matplotlib.colors import Colormap

from ..plots import COLOURS, PREDICTIONS
from ..plots.colours import check_limits, finite_range
from .canvas import STATIC, colour_bytes, float_bytes

KINDS = ("start", "end", "dot", "square", "diamond", "cross")
COLOUR_MAPS: dict[str, str | Colormap] = {"loss": COLOURS, "predictions": PREDICTIONS}


class Panel(anywidget.AnyWidget):
    """A plot: a picture on a grid, lines and marks, and a pointer that you can move.

    When a trait changes, the browser redraws everything, in about a millisecond. Python sends only
    numbers.

    Traits, which you can set and observe:
        title: shown above the plot.
        labels: labels of the horizontal and vertical axes.
        extent: the window, `((lo, hi), (lo, hi))`.
        lines, marks: made by `line` and `marks` of this module, drawn in this order.
        readout: text below the plot; screen readers read it out when it changes.
        description: what the panel shows, for people who can't see it; None for the title.
        pointer: (x, y), or None for no pointer. Set by click, drag and arrow keys.
        picked: where the pointer was released, or Enter was pressed.
        follow: "both", "across" for a pointer that only moves sideways, or "none".
        step: how far arrow keys move it, horizontally and vertically; five times as far with shift.
        levels: values of the picture at which bold contours are drawn.
        faint: whether faint contours are drawn over the colours.
        bar: whether a picture has a colour bar.
        aspect: height of the box, as a multiple of its width.

    Raises:
        traitlets.TraitError: if a value is invalid, such as a pointer outside the window.

    >>> panel = Panel(title="a bowl", extent=((-1, 1), (-1, 1)))
    >>> axis = np.linspace(-1, 1, 5)
    >>> panel.show_picture(axis[:, None] ** 2 + axis**2, log=False)
    >>> panel.pointer = (0.5, 0.25)
    >>> panel.pointer, panel.limits
    ((0.5, 0.25), (0.0, 2.0))
    """

    _esm = STATIC / "panel.js"
    _css = STATIC / "panel.css"

    title = t.Unicode().tag(sync=True)
    labels = t.Tuple(t.Unicode(), t.Unicode(), default_value=("", "")).tag(sync=True)
    extent = t.Tuple(
        t.Tuple(t.Float(), t.Float()),
        t.Tuple(t.Float(), t.Float()),
        default_value=((0.0, 1.0), (0.0, 1.0)),
    ).tag(sync=True)
    lines = t.List(t.Dict()).tag(sync=True)
    marks = t.List(t.Dict()).tag(sync=True)
    readout = t.Unicode().tag(sync=True)
    description = t.Unicode(allow_none=True, default_value=None).tag(sync=True)
    pointer = t.Tuple(t.Float(), t.Float(), allow_none=True, default_value=None).tag(sync=True)
    picked = t.Tuple(t.Float(), t.Float(), allow_none=True, default_value=None).tag(sync=True)
    follow = t.Enum(["both", "across", "none"], default_value="none").tag(sync=True)
    step = t.Tuple(t.Float(), t.Float()).tag(sync=True)
    levels = t.List(t.Float()).tag(sync=True)
    faint = t.Bool(False).tag(sync=True)
    bar = t.Bool(False).tag(sync=True)
    aspect = t.Float(1.0).tag(sync=True)
    log = t.Bool(False).tag(sync=True)
    limits = t.Tuple(t.Float(), t.Float(), default_value=(0.0, 1.0)).tag(sync=True)

    _picture = t.Bytes().tag(sync=True)  # float32, x fastest, lowest row first; nan for gaps
    _shape = t.Tuple(t.Int(), t.Int(), default_value=(0, 0)).tag(sync=True)  # (0, 0): no picture
    _colours = t.Bytes(colour_bytes()).tag(sync=True)

    @t.default("step")
    def _default_step(self) -> tuple[float, float]:
        (left, right), (low, high) = self.extent
        return (right - left) / 50, (high - low) / 50

    def __repr__(self) -> str:
        return f"Panel({self.title or self.description or ''!r})"

    def _get_embed_state(self, drop_defaults: bool = False) -> dict[str, object]:
        # ipywidgets.embed would leave out the panel's own script, which is a trait's default
        state: dict[str, object] = super()._get_embed_state(drop_defaults=False)
        return state

    def show_picture(
        self,
        values: np.ndarray,
        log: bool = False,
        limits: tuple[float, float] | None = None,
        colours: str = "loss",
    ) -> None:
        """Fill the window with values on an evenly spaced grid that reaches its edges.

        Args:
            values: shape `(nx, ny)`, like the loss of a 2D `Landscape`; not finite in gaps.
            log: whether the colour scale is logarithmic, if all values are positive.
            limits: lowest and highest value on the colour scale; None for the range of the values.
            colours: "loss" or "predictions".

        Raises:
            ValueError: if values aren't a grid, or limits don't run from low to high.
        """
        values = np.asarray(values, dtype=float)
        if values.ndim != 2 or min(values.shape) < 2:
            raise ValueError(f"a picture needs a grid of at least 2×2, got shape {values.shape}")
        if colours not in COLOUR_MAPS:
            raise ValueError(f"colours must be one of {', '.join(COLOUR_MAPS)}, got {colours!r}")
        limits = finite_range(values) if limits is None else check_limits(limits)
        with self.hold_sync(), self.hold_trait_notifications():
            self._picture = float_bytes(values.T)
            self._shape = values.shape
            self._colours = colour_bytes(COLOUR_MAPS[colours])
            self.log, self.limits = log, limits

    @t.validate("extent")
    def _check_extent(self, proposal: t.Bunch) -> tuple[tuple[float, float], ...]:
        extent: tuple[tuple[float, float], ...] = proposal["value"]
        for lo, hi in extent:
            if not (np.isfinite([lo, hi]).all() and lo < hi):
                raise t.TraitError(
                    f"extent must be finite and run from low to high, got ({lo}, {hi})"
                )
        return extent

    @t.validate("pointer", "picked")
    def _check_pointer(self, proposal: t.Bunch) -> tuple[float, ...] | None:
        if (value := proposal["value"]) is None:
            return None
        return tuple(
            self._inside(proposal["trait"].name, axis, x, lo, hi)
            for axis, x, (lo, hi) in zip("xy", value, self.extent, strict=True)
        )

    @staticmethod
    def _inside(trait: str, axis: str, x: float, lo: float, hi: float) -> float:
        """The coordinate, moved onto the window's edge if rounding put it just outside."""
        error = 1e-9 * (hi - lo)
        if not lo - error <= x <= hi + error:
            raise t.TraitError(f"{trait}: {axis} must be from {lo:.3g} to {hi:.3g}, got {x:.3g}")
        return min(max(x, lo), hi)


def line(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    colour: str = "blue",
    width: float = 2.0,
    dash: bool = False,
    label: str = "",
) -> dict[str, object]:
    """A line for `Panel.lines`; it has a gap at each nan.

    Args:
        x, y: its points.
        colour: "blue", "orange", "path", "ink", "muted" or "white" of the theme, or any CSS
            colour.
        width: in pixels.
        dash: whether it is dashed.
        label: its name in the panel's legend, "" for none.

    Raises:
        ValueError: if x and y differ in length.

    >>> len(line([0, 1, 2], [1, 1, 1])["points"]) // 4
    6
    """
    return {"points": _pairs(x, y), "colour": colour, "width": width, "dash": dash, "label": label}


def marks(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    kind: str = "dot",
    colour: str = "blue",
    size: float = 5.0,
    label: str = "",
) -> dict[str, object]:
    """Marks of one kind for `Panel.marks`.

    Args:
        x, y: where they are.
        kind: "start" ○ or "end" ★ of training, "dot", "square", "diamond" or "cross".
        colour, label: as for `line`.
        size: radius in pixels.

    Raises:
        ValueError: if x and y differ in length, or there is no such kind.

    >>> marks([0], [1], "cross")["kind"]
    'cross'
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    return {"points": _pairs(x, y), "kind": kind, "colour": colour, "size": size, "label": label}


def _pairs(x: npt.ArrayLike, y: npt.ArrayLike) -> bytes:
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(
            f"x and y need one number per point, got shapes {across.shape} and {up.shape}"
        )
    return float_bytes(np.stack([across, up], axis=1))
