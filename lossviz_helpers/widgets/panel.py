"""`Panel`: one plot, drawn in the browser (js/panel.js), with a pointer that hands can move."""

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets as t

from ..plots import COLOURS, PREDICTIONS
from .canvas import STATIC, colour_bytes, finite_range, float_bytes

KINDS = ("start", "end", "dot", "square", "diamond", "cross")
COLOUR_MAPS = {"loss": COLOURS, "predictions": PREDICTIONS}


class Panel(anywidget.AnyWidget):
    """A plot: a picture on a grid, lines and marks, and a pointer that hands can move.

    Everything is drawn anew in the browser as soon as a trait changes, in about a millisecond; only
    numbers travel.

    Traits, to set and to observe:
        title: shown above.
        labels: names of the axes across and up.
        extent: the window, `((lo, hi), (lo, hi))`.
        lines, marks: what `line` and `marks` of this module make, drawn in this order.
        readout: text below; it is also read out to those who don't see it.
        description: what the panel shows, for those who don't see it; None for the title.
        pointer: (x, y), or None for no pointer. Set by click, drag and arrow keys.
        picked: where the pointer was let go, or Enter pressed.
        follow: "both", "across" for a pointer that only moves sideways, or "none".
        step: how far an arrow key moves the pointer, across and up; five times as far with shift.
        levels: values of the picture along which bold contours run.
        faint: whether faint contours run between the colours.
        bar: whether a picture has a colour bar.
        aspect: height of the box in units of its width.

    Raises:
        traitlets.TraitError: if a value can't be used, such as a pointer outside the window.

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
    _shape = t.Tuple(t.Int(), t.Int(), default_value=(0, 0)).tag(sync=True)  # none: no picture
    _colours = t.Bytes(colour_bytes()).tag(sync=True)

    @t.default("step")
    def _fiftieth(self) -> tuple[float, float]:
        return tuple((hi - lo) / 50 for lo, hi in self.extent)

    def __repr__(self) -> str:
        return f"Panel({self.title or self.description or ''!r})"

    def _get_embed_state(self, drop_defaults=False):
        # ipywidgets.embed would leave out the panel's own script, which is a trait's default
        return super()._get_embed_state(drop_defaults=False)

    def show_picture(
        self,
        values: np.ndarray,
        log: bool = False,
        limits: tuple[float, float] | None = None,
        colours: str = "loss",
    ) -> None:
        """Fill the window with values on an even grid, its first and last ones on the edges.

        Args:
            values: shape `(nx, ny)`, as a 2D `Landscape.loss`; what is not finite is a gap.
            log: whether colours are spaced by the logarithm, where all are positive.
            limits: lowest and highest value of the colours; None for those of the values.
            colours: "loss" or "predictions".

        Raises:
            ValueError: if values are no grid, or limits don't run from low to high.
        """
        values = np.asarray(values, dtype=float)
        if values.ndim != 2 or min(values.shape) < 2:
            raise ValueError(f"a picture needs a grid of at least 2×2, got shape {values.shape}")
        if colours not in COLOUR_MAPS:
            raise ValueError(f"colours must be one of {', '.join(COLOUR_MAPS)}, got {colours!r}")
        lo, hi = finite_range(values) if limits is None else limits
        if not (np.isfinite([lo, hi]).all() and lo < hi):
            raise ValueError(f"limits must be finite and run from low to high, got ({lo}, {hi})")
        with self.hold_sync(), self.hold_trait_notifications():
            self._picture = float_bytes(values.T)
            self._shape = values.shape
            self._colours = colour_bytes(COLOUR_MAPS[colours])
            self.log, self.limits = log, (lo, hi)

    @t.validate("extent")
    def _check_extent(self, proposal):
        for lo, hi in proposal["value"]:
            if not (np.isfinite([lo, hi]).all() and lo < hi):
                raise t.TraitError(f"extent must be finite and from low to high, got ({lo}, {hi})")
        return proposal["value"]

    @t.validate("pointer", "picked")
    def _check_pointer(self, proposal):
        if (value := proposal["value"]) is None:
            return None
        return tuple(
            self._inside(proposal["trait"].name, axis, x, lo, hi)
            for axis, x, (lo, hi) in zip("xy", value, self.extent, strict=True)
        )

    @staticmethod
    def _inside(trait: str, axis: str, x: float, lo: float, hi: float) -> float:
        """A coordinate of the window; on its edge it may be off by a rounding error."""
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
    """A line for `Panel.lines`; nan interrupts it.

    Args:
        x, y: its points.
        colour: "blue", "orange", "path", "ink", "muted", "white", as the theme has them, or any
            that a browser knows.
        width: in pixels.
        dash: whether it is dashed.
        label: its name in the panel's key, "" for none.

    Raises:
        ValueError: if x and y are not of one length.

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
        kind: "start" ○ and "end" ★ of training, "dot", "square", "diamond" or "cross".
        colour, label: as for `line`.
        size: radius in pixels.

    Raises:
        ValueError: if x and y are not of one length, or there is no such kind.

    >>> marks([0], [1], "cross")["kind"]
    'cross'
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    return {"points": _pairs(x, y), "kind": kind, "colour": colour, "size": size, "label": label}


def _pairs(x: npt.ArrayLike, y: npt.ArrayLike) -> bytes:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"x and y need one number per point, got shapes {x.shape} and {y.shape}")
    return float_bytes(np.stack([x, y], axis=1))
