"""Chapter 10: the explorer of a bent path."""

import numpy as np
import torch

from ...paths import Bezier
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, grid, row, three_digits
from .stored import File, _plane, _read, _slider


def bend_explorer(file: File) -> Explorer:
    """Pull the control point of a path out of the straight line, and see the hill on it sink.

    A bend of 0 is the straight line, 1 the trained curve, more than 1 goes too far.

    Args:
        file: with `bends` (n,), `t` (T,), `losses` (n, T) along the paths, the map `plane`
            (m, m) over `across` (m,) and `up` (m,), and `points` (3, 2), where A, B and the
            trained C lie on it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.

    >>> explorer = bend_explorer("notebooks/data/10_bend.npz")
    >>> explorer["bend"].value = 1.0
    >>> explorer["map"].title
    'bend 100%'
    """
    sizes = {
        "bends": ("bend",),
        "t": ("t",),
        "losses": ("bend", "t"),
        "across": ("point",),
        "up": ("point",),
        "plane": ("point", "point"),
        "points": (3, 2),
    }
    found = _read(file, "bend_explorer", sizes)
    bends, t, losses = found["bends"], found["t"], found["losses"]
    A, B, C = torch.from_numpy(found["points"])
    bend = _slider(bends, "bend", "{:.0%}")
    where = _plane(found["across"], found["up"])
    where.show_picture(found["plane"], log=True)
    along = Panel(
        title="the loss on the way",
        labels=("t, from A to B", "loss L"),
        extent=((0.0, 1.0), (0.0, 1.05 * losses.max())),
        aspect=0.8,
        description="The loss along the straight line and along the bent path.",
    )
    explorer = Explorer(
        "bend_explorer",
        [row(bend), grid([where, along], 300)],
        bend=bend,
        map=where,
        loss=along,
    )

    def show(_=None):
        i = bend.index
        control = torch.lerp((A + B) / 2, C, bends[i])
        path = Bezier(A, control, B).point(torch.from_numpy(t)).numpy()
        where.title = f"bend {bend.label}"
        where.lines = [line(*np.stack([A, B], 1), "white", 1.8, dash=True), line(*path.T, "path")]
        where.marks = [
            marks(*np.stack([A, B], 1), "dot", "blue", 6, "A and B"),
            marks(*control.numpy()[:, None], "diamond", "orange", 5, "control point C"),
        ]
        along.lines = [
            line(t, losses[0], "muted", 1.8, dash=True, label="straight line"),
            line(t, losses[i], "path", 2.6, label="this path"),
        ]
        highest = losses.max(axis=1)
        along.readout = (
            f"highest on the way {three_digits(highest[i])}, "
            f"{highest[i] / highest[0]:.0%} of that on the straight line"
        )

    explorer.on("bend", "value", show)
    show()
    return explorer
