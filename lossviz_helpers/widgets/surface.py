"""`Surface`: a 2D landscape as a block to rotate, drawn in the browser (js/surface.js)."""

from collections.abc import Mapping, Sequence

import anywidget
import numpy as np
import traitlets as t
from matplotlib.colors import LogNorm, to_hex

from ..landscape import Landscape
from ..plots import LABELS, colour_norm
from ..plots.checks import Paths, check_dims, check_path
from ..plots.colours import check_limits, limits_of
from ..plots.style import PATHS, quantity_label
from ..training import Trajectory
from .canvas import STATIC, colour_bytes, float_bytes

POINTS = 500  # per trajectory: more would look the same


class Surface(anywidget.AnyWidget):
    """A 2D landscape as a surface that you can rotate; height and colour are the loss.

    Drag it, or press the arrow keys, to rotate it. The wheel zooms once the surface has the focus,
    as do two fingers, `+` and `-`; with shift, dragging moves a magnified picture. When you point
    at the surface, or walk on it with the keys a, d, s and w, it shows the loss that was computed
    at the nearest grid point. The losses are sent to the browser once, so all of this also works in
    a saved page, without a kernel.

    Between grid points the surface follows monotone cubics, so it has no hill and no valley that
    wasn't computed. Gaps are holes. A path is drawn as the shadow that it casts straight down onto
    the plane, so its own loss may differ from that of the surface below it; if it does, a line of
    text says by how much at its end.

    Traits, set by Python or by the widget; you can observe them:
        log: whether height and colours are logarithmic, if no loss is negative.
        height: exaggeration of the heights, from 0.2 to 2.
        contours: whether contour lines are drawn on the surface.
        view: elevation and azimuth of the eye, in degrees, as in Matplotlib.
        zoom: magnification, from 0.5 to 8.
        pointer: the point that is read, α = (α₁, α₂), or None.

    Args:
        landscape: a 2D landscape on evenly spaced axes; or two, to draw side by side on one scale,
            as a dict from names to landscapes, or as a list.
        path: a trajectory through the same space, or a dict from names to trajectories, such as one
            for each optimiser. For two landscapes, a list with one of these, or None, for each.
        log, height, contours, view: as above.
        limits: lowest and highest loss for heights and colours; anything beyond is cut off. None
            for the range of the losses. A logarithmic scale starts as `plots.colour_norm` says.
        labels: names of the two directions.
        colours: colours of the trajectories, as in Matplotlib; None for those of the series.

    Raises:
        TypeError: if it isn't a landscape, or a path isn't a trajectory.
        ValueError: if a landscape isn't 2D, its axes aren't evenly spaced, there are more than two,
            a path lies in a different space, or limits don't run from low to high.
        traitlets.TraitError: if height, view, zoom or pointer is invalid.

    >>> import torch
    >>> from lossviz_helpers import Slice
    >>> axis, plane = np.linspace(-1, 1, 5), Slice(torch.zeros(2), torch.eye(2))
    >>> bowl = Landscape((axis, axis), 1 + axis[:, None] ** 2 + axis**2, plane)
    >>> surface = Surface(bowl, view=(40, 20))
    >>> surface.pointer = (0.5, -1.0)
    >>> surface
    Surface(Landscape(5×5 models on Slice(2D through P=2)))
    """

    _esm = STATIC / "surface.js"
    _css = STATIC / "surface.css"

    log = t.Bool(True).tag(sync=True)
    height = t.Float(1.0, min=0.2, max=2.0).tag(sync=True)
    contours = t.Bool(True).tag(sync=True)
    view = t.Tuple(t.Float(), t.Float(), default_value=(38.0, -58.0)).tag(sync=True)
    zoom = t.Float(1.0, min=0.5, max=8.0).tag(sync=True)
    pointer = t.Tuple(t.Float(), t.Float(), allow_none=True, default_value=None).tag(sync=True)

    # in quotes: traitlets of 2022, which hosted notebooks have, can't subscript its classes
    _surfaces: "t.List[dict[str, object]]" = t.List(t.Dict()).tag(sync=True)
    _labels: "t.List[str]" = t.List(t.Unicode()).tag(sync=True)
    _quantity = t.Unicode().tag(sync=True)
    _limits = t.Tuple(t.Float(), t.Float()).tag(sync=True)  # of the linear scale
    _log_limits = t.Tuple(t.Float(), t.Float(), allow_none=True).tag(
        sync=True
    )  # None: no log scale
    _colours = t.Bytes().tag(sync=True)  # 256 RGB triples
    _initial = t.Dict().tag(sync=True)  # what the reset button goes back to

    def __init__(
        self,
        landscape: Landscape | Mapping[str, Landscape] | Sequence[Landscape],
        path: Paths | Sequence[Paths | None] | None = None,
        log: bool = True,
        limits: tuple[float, float] | None = None,
        height: float = 1.0,
        contours: bool = True,
        view: tuple[float, float] = (38, -58),
        labels: tuple[str, str] = LABELS[:2],
        colours: Sequence[str] | None = None,
    ):
        names, self.landscapes = _named(landscape)
        paths = _one_each(path, len(names))
        every = np.concatenate([land.loss.ravel() for land in self.landscapes])
        if limits is not None:
            limits = check_limits(limits)
        negative = bool((every[np.isfinite(every)] < 0).any()) if limits is None else limits[0] < 0
        norm = None if negative else colour_norm(every, log=True, limits=limits)
        chosen = {"log": log, "height": height, "contours": contours, "view": view, "zoom": 1.0}
        super().__init__(
            **chosen,
            _surfaces=[
                _payload(name, land, runs, colours or PATHS)
                for name, land, runs in zip(names, self.landscapes, paths, strict=True)
            ],
            _labels=list(labels),
            _quantity=quantity_label(self.landscapes[0]).removeprefix(f"{names[0]} "),
            _limits=limits_of(colour_norm(every, log=False, limits=limits)),
            _log_limits=limits_of(norm) if isinstance(norm, LogNorm) else None,
            _colours=colour_bytes(),
        )
        self._initial = {name: getattr(self, name) for name in (*chosen, "pointer")}

    def __repr__(self) -> str:
        return f"Surface({', '.join(map(repr, self.landscapes))})"

    def _get_embed_state(self, drop_defaults: bool = False) -> dict[str, object]:
        # ipywidgets.embed would leave out the widget's own script, which is a trait's default
        state: dict[str, object] = super()._get_embed_state(drop_defaults=False)
        return state

    @t.validate("view")
    def _check_view(self, proposal: t.Bunch) -> tuple[float, float]:
        elevation, azimuth = proposal["value"]
        if not (np.isfinite(azimuth) and 0 <= elevation <= 90):
            raise t.TraitError(
                "view must be an elevation from 0° to 90°, which looks down from above, and an "
                f"azimuth, got ({elevation}, {azimuth})"
            )
        return elevation, azimuth

    @t.validate("pointer")
    def _check_pointer(self, proposal: t.Bunch) -> tuple[float, float] | None:
        alpha: tuple[float, float] | None = proposal["value"]
        if alpha is None or any(_is_inside(land, alpha) for land in self.landscapes):
            return alpha
        spans = " and ".join(f"{a[0]:.3g} to {a[-1]:.3g}" for a in self.landscapes[0].axes)
        raise t.TraitError(f"pointer must lie in the window, {spans}, got {alpha}")


def _named(
    landscape: Landscape | Mapping[str, Landscape] | Sequence[Landscape],
) -> tuple[list[str], tuple[Landscape, ...]]:
    """The landscapes and their names, checked; "" for no name."""
    lands: tuple[Landscape, ...]
    if isinstance(landscape, Mapping):
        names, lands = [str(name) for name in landscape], tuple(landscape.values())
    elif isinstance(landscape, Sequence):
        names, lands = [""] * len(landscape), tuple(landscape)
    else:
        names, lands = [""], (landscape,)
    if len(lands) not in (1, 2):
        raise ValueError(f"Surface draws one landscape, or two side by side, but got {len(lands)}")
    for land in lands:
        check_dims(land, 2, "Surface")
        _check_axes(land)
    # "train loss" and "test loss" are one quantity if the landscapes are called so
    pairs = zip(names, lands, strict=True)
    quantities = sorted({land.quantity.removeprefix(f"{name} ") for name, land in pairs})
    if len(quantities) > 1:
        raise ValueError(f"two surfaces on one scale must show the same quantity, got {quantities}")
    return names, lands


def _check_axes(land: Landscape) -> None:
    for name, axis in zip(LABELS, land.axes, strict=False):
        steps = np.diff(axis)
        if len(axis) < 2 or not np.allclose(steps, steps.mean(), rtol=1e-3):
            raise ValueError(
                f"Surface needs at least two evenly spaced values along {name}, got {axis}"
            )


def _one_each(
    path: Paths | Sequence[Paths | None] | None, count: int
) -> list[dict[str, Trajectory]]:
    """The trajectories of each landscape, by name."""
    each = list(path) if isinstance(path, Sequence) else [path]
    if path is None:
        each *= count
    if len(each) != count:
        raise ValueError(
            f"{count} landscapes need a list with one path, or None, for each of them, got "
            f"{len(each)}"
        )
    found = []
    for one in each:
        runs = dict(one) if isinstance(one, Mapping) else {} if one is None else {"": one}
        for run in runs.values():
            check_path(run)
        found.append({str(name): run for name, run in runs.items()})
    return found


def _payload(
    name: str, land: Landscape, paths: dict[str, Trajectory], colours: Sequence[str]
) -> dict[str, object]:
    """A landscape with its trajectories, as it is sent to the browser."""
    runs = [
        {
            "name": label,
            "colour": to_hex(colours[i % len(colours)]),
            "rows": float_bytes(_rows(land, run)),
        }
        for i, (label, path) in enumerate(paths.items())
        for run in path
    ]
    axes = [axis.tolist() for axis in land.axes]
    return {"name": name, "axes": axes, "losses": float_bytes(land.loss), "runs": runs}


def _rows(land: Landscape, run: Trajectory) -> np.ndarray:
    """One trajectory as rows (α₁, α₂, distance from the plane, step, loss)."""
    thinned = run.thinned(POINTS)
    columns = (
        land.slice.coordinates(thinned.points),
        land.slice.distance(thinned.points)[:, None],
        thinned.steps[:, None],
        thinned.losses[:, None],
    )
    return np.hstack([column.detach().cpu().double().numpy() for column in columns])


def _is_inside(land: Landscape, alpha: tuple[float, float]) -> bool:
    return all(
        axis[0] - margin <= x <= axis[-1] + margin
        for axis, x in zip(land.axes, alpha, strict=True)
        for margin in [1e-6 * (axis[-1] - axis[0])]
    )
