"""Chapter 12: pull a path away from the straight line, and watch the hill on it shrink."""

import numpy as np
import torch

from ...paths import Bezier
from .results import Array, File, Sizes, read_results
from .stored import Stored, chosen_by, curve, dots, loss_map, number, panel, slider

SIZES: Sizes = {
    "bends": ("bend",),
    "t": ("t",),
    "losses": ("bend", "t"),
    "across": ("point",),
    "up": ("point",),
    "plane": ("point", "point"),
    "points": (3, 2),
}


def bend_explorer(file: File) -> "BendExplorer":
    """Pull a path's control point away from the straight line, and watch the hill on it shrink.

    A bend of 0 is the straight line, 1 is the trained curve, and more than 1 goes too far. The
    browser has all of the results, so it works without a kernel.

    Args:
        file: with `bends` (n,), `t` (T,), `losses` (n, T) along the paths, the map `plane`
            (m, m) over `across` (m,) and `up` (m,), and `points` (3, 2), where A, B and the
            trained C lie on it.

    Returns:
        The widget. Its trait `chosen` holds the value of `bend`; set or observe it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.
        traitlets.TraitError: if what is chosen doesn't exist.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = bend_explorer(measured("12_bend"))
    >>> explorer.chosen = {"bend": 1.0}
    >>> explorer.shown()[0]["title"]
    'bend 100%'
    """
    return BendExplorer(**read_results(file, "bend_explorer", SIZES))


class BendExplorer(Stored):
    """A path from A to B on the map, and the loss along it."""

    name = "bend_explorer"

    def __init__(
        self,
        bends: Array,
        t: Array,
        losses: Array,
        across: Array,
        up: Array,
        plane: Array,
        points: Array,
    ) -> None:
        A, B, C = torch.from_numpy(points)
        controls = [torch.lerp((A + B) / 2, C, bend) for bend in bends]
        curves = [Bezier(A, control, B).point(torch.from_numpy(t)).T for control in controls]
        highest = losses.max(axis=1)
        arrays = {
            "t": t,
            "losses": losses,
            "plane": plane.T,
            "highest": highest,
            "part": highest / highest[0],
            "ends": points[:2].T,
            "curves": np.stack(curves),
            "control": np.stack(controls),
        }
        names = [f"bend {bend:.0%}" for bend in bends]
        ends = (("ends", 0), ("ends", 1))
        ground = loss_map(
            across,
            up,
            ("plane",),
            (plane.min(), plane.max()),
            log=True,
            title=[chosen_by("bend", names)],
            lines=[
                curve(*ends, "white", 1.8, dash=True),
                curve(("curves", "bend", 0), ("curves", "bend", 1), "path"),
            ],
            marks=[
                dots(*ends, "blue", 6, label="A and B"),
                dots(
                    ("control", "bend", 0), ("control", "bend", 1), "orange", 5, "diamond",
                    "control point C",
                ),
            ],
        )  # fmt: skip
        along = panel(
            title=["loss along the path"],
            readout=[
                *("highest along the path ", number("loss", "highest", "bend"), ", "),
                *(number("percent", "part", "bend"), " of that on the straight line"),
            ],
            lines=[
                curve(("t",), ("losses", 0), "muted", 1.8, dash=True, label="straight line"),
                curve(("t",), ("losses", "bend"), "path", 2.6, label="this path"),
            ],
            labels=("t, from A to B", "loss L"),
            extent=((0.0, 1.0), (0.0, 1.05 * losses.max())),
            description="The loss along the straight line and along the bent path.",
        )
        super().__init__(arrays, [slider("bend", "bend", bends, "{:.0%}")], [ground, along])
