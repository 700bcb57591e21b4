"""Chapter 04: rotate the PCA plane of a walk, and test the low points that it shows."""

from collections.abc import Mapping

import numpy as np
import torch
import traitlets as t
from matplotlib.figure import Figure
from torch import Tensor

from ...objective import Objective, check_objective
from ...scanning import scan
from ...slices import Extent, Slice
from ...training import Trajectory
from ...widgets.canvas import STATIC
from .live import Computing, check_place, double_bytes, spec_of
from .parts import POINTS, map_limits
from .stills import still_of

LABELS = ("α₁, along PC1", "α₂, along the rotated direction")
STEEPEST = 90  # degrees


def tilt_explorer(
    L: Objective,
    path: Trajectory,
    *,
    towards: Mapping[str, Tensor] | None = None,
    extent: Extent | None = None,
    resolution: int = 51,
) -> "TiltExplorer":
    """Rotate the PCA plane of a walk through parameter space, and see the landscape scanned again.

    The plane rotates about its first direction; the second one, PC2, rotates towards a third. The
    false-minimum test runs at the pointer; let go of it near a low point, marked ✕, and it moves
    there.

    Everything is computed in the browser, so it works without a kernel.

    Args:
        L: the landscape of `model_2` or `model_3` with `squared_error`, on any data with two
            inputs.
        path: a trajectory from one start.
        towards: further directions to rotate towards, by name, each of shape `(P,)`. The walk's
            next principal components are always offered, and each parameter alone.
        extent: the window of the map; None for that of the PCA plane.
        resolution: models along each side of the map, 11 to 101.

    Returns:
        The widget. Its traits `angle`, `towards` and `at` can be set and observed.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if it isn't such a landscape, L and path belong to different models, a direction
            is parallel to PC2, or the resolution can't be used.
        traitlets.TraitError: if the angle, the name of a direction, or the place doesn't exist.

    >>> from lossviz_helpers import descend, model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> path = descend(L, L.point(), steps=50, lr=0.03)
    >>> explorer = tilt_explorer(L, path)
    >>> explorer.angle, explorer.towards = 90, "PC4"
    >>> explorer
    tilt_explorer: interactive where the page may run its script
    """
    check_objective(L)
    spec_of(L, "tilt_explorer", sizes=(3, 13))
    if not 11 <= resolution <= 101:
        raise ValueError(f"resolution must be from 11 to 101, got {resolution}")
    L.check_points(path.points)
    view = Slice.pca(path.points, dims=2)
    if extent is not None:
        view = Slice(view.origin, view.directions, extent)
    choices = {
        **{name: L.check_point(direction) for name, direction in (towards or {}).items()},
        **_directions(L, path, view),
    }
    for name, direction in choices.items():
        try:
            view.turn(1, direction, STEEPEST)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return TiltExplorer(L, path, view, choices, resolution)


class TiltExplorer(Computing):
    """The widget that `tilt_explorer` makes.

    Traits, set by Python or by the user; you can observe them:
        angle: by how many degrees PC2 is rotated, −90 to 90.
        towards: the name of the direction that it is rotated towards.
        at: where the pointer is, in the plane's coordinates.
    """

    name = "tilt_explorer"
    _esm = STATIC / "tilt.js"
    _css = STATIC / "tilt.css"

    angle = t.Int(0).tag(sync=True)
    towards = t.Unicode().tag(sync=True)
    at = t.Tuple(t.Float(), t.Float()).tag(sync=True)

    _names = t.List(t.Unicode()).tag(sync=True)
    _towards = t.Bytes().tag(sync=True)  # float64, little-endian, a direction after another
    _view = t.Bytes().tag(sync=True)  # likewise: the origin and the directions at 0°
    _extent = t.Tuple().tag(sync=True)
    _walk = t.Bytes().tag(sync=True)  # likewise: some of its points
    _spread = t.Bytes().tag(sync=True)  # likewise: the covariance of all its points
    _limits = t.Tuple(t.Float(), t.Float()).tag(sync=True)  # of the colours, at every angle
    _resolution = t.Int(51).tag(sync=True)

    def __init__(
        self,
        L: Objective,
        path: Trajectory,
        view: Slice,
        choices: Mapping[str, Tensor],
        resolution: int,
    ) -> None:
        self.view = view
        self.land = scan(L, view, resolution, progress=False)
        extent = tuple((float(axis[0]), float(axis[-1])) for axis in self.land.axes)
        end = view.coordinates(path.end).tolist()
        super().__init__(
            L,
            towards=next(iter(choices)),
            at=tuple(min(max(a, lo), hi) for a, (lo, hi) in zip(end, extent, strict=True)),
            _names=list(choices),
            _towards=double_bytes(torch.stack([d.double() for d in choices.values()])),
            _view=double_bytes(torch.cat([view.origin[None], view.directions])),
            _extent=extent,
            _walk=double_bytes(path.thinned(POINTS).points),
            _spread=double_bytes(torch.cov(path.points.double().T)),
            _limits=map_limits(self.land),
            _resolution=resolution,
        )

    def still(self) -> Figure:
        """The map at 0°, with the shadow of the walk and the low points."""
        walk = torch.from_numpy(np.frombuffer(self._walk, "<f8").reshape(-1, self.L.P).copy())
        x, y = self.view.coordinates(walk).numpy().T
        lows = np.array([low.alpha for low in self.land.minima()]).reshape(-1, 2).T
        shadow = {"x": x, "y": y, "colour": "path", "width": 2.6, "dash": False, "label": ""}
        marks = [
            {"x": u, "y": v, "kind": kind, "colour": colour, "size": size, "label": ""}
            for u, v, kind, colour, size in (
                (*lows, "cross", "white", 6),
                (x[:1], y[:1], "start", "path", 6),
                (x[-1:], y[-1:], "end", "path", 10),
            )
        ]
        panel = {
            "title": "the plane of PC1 and PC2; ✕ are low points",
            "labels": LABELS,
            "extent": self._extent,
            "picture": self.land.loss.T,
            "limits": self._limits,
            "log": True,
            "lines": [shadow],
            "marks": marks,
        }
        return still_of([panel])

    @t.validate("angle")
    def _check_angle(self, proposal: t.Bunch) -> int:
        angle: int = proposal["value"]
        if not -STEEPEST <= angle <= STEEPEST:
            raise t.TraitError(f"angle must be from −{STEEPEST} to {STEEPEST}, got {angle}")
        return angle

    @t.validate("towards")
    def _check_towards(self, proposal: t.Bunch) -> str:
        towards: str = proposal["value"]
        if towards not in self._names:
            names = ", ".join(self._names)
            raise t.TraitError(f"towards must be one of {names}; got {towards!r}")
        return towards

    @t.validate("at")
    def _check_at(self, proposal: t.Bunch) -> tuple[float, ...]:
        return check_place(proposal["value"], self._extent)


def _directions(L: Objective, path: Trajectory, view: Slice) -> dict[str, Tensor]:
    """Where PC2 can rotate to: the walk's next components, and each parameter."""
    found = {}
    for dims in range(3, min(L.P, 6) + 1):
        try:
            found[f"PC{dims}"] = Slice.pca(path.points, dims=dims).directions[-1]
        except ValueError:  # the walk has no further dimension
            break
    names = L.parameters_at(torch.arange(L.P, dtype=view.origin.dtype))
    for name, numbers in names.items():
        for index, number in zip(np.ndindex(*numbers.shape), numbers.flatten(), strict=True):
            label = name + "".join(f"[{i}]" for i in index)
            found[label] = torch.eye(L.P, dtype=view.origin.dtype)[int(number)]
    return found
