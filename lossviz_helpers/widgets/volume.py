"""`VolumeViewer`: three linked cuts through a 3D landscape, drawn in the browser (js/volume.js)."""

import anywidget
import numpy as np
import traitlets as t

from ..landscape import Landscape, nearest
from ..plots import LABELS
from ..plots.colours import finite_range, gaps_as_nan
from ..slices.subspaces import gram
from ..training import Trajectory
from .canvas import STATIC, colour_bytes, float_bytes

POINTS = 500  # per trajectory: more would look the same


class VolumeViewer(anywidget.AnyWidget):
    """Browse a 3D landscape like an MRI scan: three cuts with one crosshair, and a cube.

    The losses are sent to the browser once, and every click, drag and step is drawn there. So the
    viewer also works in a saved page, without a kernel.

    Traits, set by Python or by the viewer; you can observe them:
        crosshair: where the three cuts meet, α = (α₁, α₂, α₃), moved to the nearest grid point.
        log: whether the colour scale is logarithmic, if all losses are positive.
        limits: lowest and highest loss on the colour scale.
        contour: loss of the contour drawn on the cuts; None for no contour.

    Args:
        landscape: a 3D landscape on evenly spaced axes.
        path: a trajectory through the same space; its projection is drawn, and its distance from
            the cuts is shown. With many starts, all are drawn.
        crosshair: None for the lowest loss.
        log: as above.
        limits: None for the range of losses.
        contour: as above.

    Raises:
        ValueError: if the landscape isn't 3D, its axes aren't evenly spaced, or the path lies in a
            different space.
        traitlets.TraitError: if crosshair, limits or contour is invalid.

    >>> import torch
    >>> from lossviz_helpers import Slice
    >>> axis, view = np.linspace(-1, 1, 5), Slice(torch.zeros(3), torch.eye(3))
    >>> bowl = Landscape((axis,) * 3, (axis**2)[:, None, None] + np.ones((5, 5, 5)), view)
    >>> viewer = VolumeViewer(bowl, crosshair=(0.1, 0.9, 0.0))
    >>> viewer.crosshair, viewer.loss
    ((0.0, 1.0, 0.0), 1.0)
    """

    _esm = STATIC / "volume.js"
    _css = STATIC / "volume.css"

    crosshair = t.Tuple(t.Float(), t.Float(), t.Float()).tag(sync=True)
    log = t.Bool(True).tag(sync=True)
    limits = t.Tuple(t.Float(), t.Float()).tag(sync=True)
    contour = t.Float(None, allow_none=True).tag(sync=True)

    # in quotes: traitlets of 2022, which hosted notebooks have, can't subscript its classes
    _axes: "t.List[list[float]]" = t.List().tag(sync=True)
    _volume = t.Bytes().tag(sync=True)  # float32, little-endian, α₃ fastest; nan for gaps
    _path = t.Bytes().tag(sync=True)  # float32 rows: α₁, α₂, α₃, distance from slice, step, loss
    _runs: "t.List[int]" = t.List().tag(sync=True)  # number of rows of each trajectory
    _metric: "t.List[list[float]]" = t.List().tag(sync=True)  # directions · directionsᵀ, (3, 3)
    _heights: "t.List[float]" = t.List().tag(sync=True)  # between cuts whose α differs by 1
    _colours = t.Bytes().tag(sync=True)  # 256 RGB triples
    _initial = t.Dict().tag(sync=True)  # what the reset button goes back to

    def __init__(
        self,
        landscape: Landscape,
        path: Trajectory | None = None,
        crosshair: tuple[float, float, float] | None = None,
        log: bool = True,
        limits: tuple[float, float] | None = None,
        contour: float | None = None,
    ):
        if landscape.dims != 3:
            raise ValueError(f"the viewer needs a 3D landscape, but got a {landscape.dims}D one")
        _check_axes(landscape.axes)
        self.landscape = landscape
        loss = gaps_as_nan(landscape.loss)
        chosen = {
            "crosshair": _at_lowest(landscape) if crosshair is None else tuple(crosshair),
            "log": log,
            "limits": finite_range(loss) if limits is None else tuple(limits),
            "contour": contour,
        }
        metric = gram(landscape.slice.directions).numpy()
        rows, runs = _rows(landscape, path)
        super().__init__(
            **chosen,
            _axes=[axis.tolist() for axis in landscape.axes],
            _volume=float_bytes(loss),
            _path=rows.astype("<f4").tobytes(),
            _runs=runs,
            _metric=metric.tolist(),
            _heights=(np.diag(np.linalg.inv(metric)) ** -0.5).tolist(),
            _colours=colour_bytes(),
        )
        self._initial = {name: getattr(self, name) for name in chosen}

    @property
    def loss(self) -> float:
        """Loss under the crosshair; nan or inf in a gap."""
        index = (nearest(a, x) for a, x in zip(self.landscape.axes, self.crosshair, strict=True))
        return float(self.landscape.loss[tuple(index)])

    def __repr__(self) -> str:
        at = ", ".join(f"{x:.3g}" for x in self.crosshair)
        return f"VolumeViewer({self.landscape!r}, crosshair=({at}))"

    def _get_embed_state(self, drop_defaults: bool = False) -> dict[str, object]:
        # ipywidgets.embed would leave out the viewer's own script, which is a trait's default
        state: dict[str, object] = super()._get_embed_state(drop_defaults=False)
        return state

    @t.validate("crosshair")
    def _snap(self, proposal: t.Bunch) -> tuple[float, ...]:
        """Move the crosshair onto the grid, so that every number it shows was computed."""
        snapped = []
        for axis, x, name in zip(self.landscape.axes, proposal["value"], LABELS, strict=True):
            if not axis[0] <= x <= axis[-1]:
                raise t.TraitError(
                    f"crosshair: {name} must be from {axis[0]:.3g} to {axis[-1]:.3g}, got {x:.3g}"
                )
            snapped.append(float(axis[nearest(axis, x)]))
        return tuple(snapped)

    @t.validate("limits")
    def _check_limits(self, proposal: t.Bunch) -> tuple[float, float]:
        lo, hi = proposal["value"]
        if not (np.isfinite([lo, hi]).all() and lo < hi):
            raise t.TraitError(f"limits must be finite and run from low to high, got ({lo}, {hi})")
        return lo, hi

    @t.validate("contour")
    def _check_contour(self, proposal: t.Bunch) -> float | None:
        loss: float | None = proposal["value"]
        if loss is not None and not np.isfinite(loss):
            raise t.TraitError(f"contour must be a finite loss or None, got {loss}")
        return loss


def _check_axes(axes: tuple[np.ndarray, ...]) -> None:
    for name, axis in zip(LABELS, axes, strict=True):
        steps = np.diff(axis)
        if len(axis) < 2 or not np.allclose(steps, steps.mean(), rtol=1e-3):
            raise ValueError(
                f"the viewer needs at least two evenly spaced values along {name}, got {axis}"
            )


def _at_lowest(landscape: Landscape) -> tuple[float, ...]:
    """The grid point with the lowest loss; the middle of the grid, if none is finite."""
    if landscape.gaps < landscape.loss.size:
        return landscape.lowest().alpha
    return tuple(float(axis[len(axis) // 2]) for axis in landscape.axes)


def _rows(landscape: Landscape, path: Trajectory | None) -> tuple[np.ndarray, list[int]]:
    """Trajectories as sent to the viewer: rows (α, distance from the slice, step, loss)."""
    rows = [np.empty((0, 6))]
    for run in path or []:
        thinned = run.thinned(POINTS)
        columns = (
            landscape.slice.coordinates(thinned.points),
            landscape.slice.distance(thinned.points)[:, None],
            thinned.steps[:, None],
            thinned.losses[:, None],
        )
        rows.append(np.hstack([c.detach().cpu().double().numpy() for c in columns]))
    return np.vstack(rows), [len(r) for r in rows[1:]]
