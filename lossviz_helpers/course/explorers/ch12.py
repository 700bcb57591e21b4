"""Chapter 12: pull a path away from the straight line, and watch the hill on it shrink."""

import torch

from ...paths import Bezier
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, grid, row, three_digits
from .stored import Array, File, Sizes, empty_map, read_results, slider

SIZES: Sizes = {
    "bends": ("bend",),
    "t": ("t",),
    "losses": ("bend", "t"),
    "across": ("point",),
    "up": ("point",),
    "plane": ("point", "point"),
    "points": (3, 2),
}


def bend_explorer(file: File) -> Explorer:
    """Pull a path's control point away from the straight line, and watch the hill on it shrink.

    A bend of 0 is the straight line, 1 is the trained curve, and more than 1 goes too far.

    Args:
        file: with `bends` (n,), `t` (T,), `losses` (n, T) along the paths, the map `plane`
            (m, m) over `across` (m,) and `up` (m,), and `points` (3, 2), where A, B and the
            trained C lie on it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = bend_explorer(measured("12_bend"))
    >>> explorer["bend"].value = 1.0
    >>> explorer["map"].title
    'bend 100%'
    """
    return BendExplorer(**read_results(file, "bend_explorer", SIZES))


class BendExplorer(Explorer):
    """A path from A to B on the map, and the loss along it."""

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
        self.bends, self.t, self.losses = bends, t, losses
        self.A, self.B, self.C = torch.from_numpy(points)
        self.ends = points[:2].T  # (2, 2): horizontal and vertical coordinates of A and B
        self.bend = slider(bends, "bend", "{:.0%}")
        self.map = empty_map(across, up)
        self.map.show_picture(plane, log=True)
        self.along = Panel(
            title="loss along the path",
            labels=("t, from A to B", "loss L"),
            extent=((0.0, 1.0), (0.0, 1.05 * losses.max())),
            aspect=0.8,
            description="The loss along the straight line and along the bent path.",
        )
        super().__init__(
            "bend_explorer",
            [row(self.bend), grid([self.map, self.along], 300)],
            bend=self.bend,
            map=self.map,
            loss=self.along,
        )
        self.on("bend", "value", lambda _: self.show())
        self.show()

    def show(self) -> None:
        """Show the path with the chosen bend, and the loss along it."""
        i, (x, y) = self.bend.index, self.ends
        control = torch.lerp((self.A + self.B) / 2, self.C, self.bends[i])
        curve = Bezier(self.A, control, self.B).point(torch.from_numpy(self.t)).numpy()
        self.map.title = f"bend {self.bend.label}"
        self.map.lines = [
            line(x, y, "white", 1.8, dash=True),
            line(curve[:, 0], curve[:, 1], "path"),
        ]
        self.map.marks = [
            marks(x, y, "dot", "blue", 6, "A and B"),
            marks(control[:1], control[1:], "diamond", "orange", 5, "control point C"),
        ]
        self.along.lines = [
            line(self.t, self.losses[0], "muted", 1.8, dash=True, label="straight line"),
            line(self.t, self.losses[i], "path", 2.6, label="this path"),
        ]
        highest = self.losses.max(axis=1)
        self.along.readout = (
            f"highest along the path {three_digits(highest[i])}, "
            f"{highest[i] / highest[0]:.0%} of that on the straight line"
        )
