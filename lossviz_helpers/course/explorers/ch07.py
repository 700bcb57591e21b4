"""Chapter 07: the explorer of depth and skip connections."""

import ipywidgets as w

from ...landscape import nearest
from ...widgets.panel import Panel, line
from .frame import Explorer, grid, row, three_digits
from .stored import File, _plane, _read, _toggle


def skip_explorer(file: File) -> Explorer:
    """Choose the depth, and switch skip connections on and off: the same window, the same colours.

    Beside the map stands a cut through it, at the height of the pointer, for both kinds.

    Args:
        file: with `depths` (n,), `axis` (m,), `loss` (n, 2, m, m) of plain and residual networks,
            and `curving` (n, 2), the share of each plane that curves down.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.

    >>> explorer = skip_explorer("notebooks/data/07_skip.npz")
    >>> explorer["depth"].value, explorer["skip"].value = 20, "residual"
    >>> explorer["map"].title
    'residual, depth 20'
    """
    sizes = {
        "depths": ("depth",),
        "axis": ("point",),
        "loss": ("depth", 2, "point", "point"),
        "curving": ("depth", 2),
    }
    found = _read(file, "skip_explorer", sizes)
    axis, loss, curving = found["axis"], found["loss"], found["curving"]
    kinds = {"plain": "orange", "residual": "blue"}
    depth = _toggle(found["depths"], "depth", "{:g}")
    skip = w.ToggleButtons(
        options=list(kinds), description="network", style={"button_width": "80px"}
    )
    where = _plane(axis, axis, log=False)
    where.follow, where.pointer = "both", (0.0, 0.0)
    top = float(loss.max())
    cut = Panel(
        labels=("α₁", "loss L"),
        extent=((axis[0], axis[-1]), (0.0, 1.05 * top)),
        aspect=0.8,
        description="The loss along a horizontal line through the map, plain and residual.",
    )
    explorer = Explorer(
        "skip_explorer",
        [row(depth, skip), grid([where, cut], 300)],
        depth=depth,
        skip=skip,
        map=where,
        cut=cut,
    )

    def choose(_=None):
        i, j = depth.index, skip.index
        where.title = f"{skip.value}, depth {depth.label}"
        where.show_picture(loss[i, j], limits=(0.0, top))
        cut.readout = f"{curving[i, j]:.0%} of this map curves down"
        show()

    def show(_=None):
        i, j = depth.index, skip.index
        across, up = (nearest(axis, x) for x in where.pointer)
        where.readout = f"loss {three_digits(loss[i, j, across, up])}"
        cut.title = f"both at depth {depth.label}, cut at α₂ = {axis[up]:.2f}".replace("-", "−")
        cut.lines = [
            line(axis, loss[i, k, :, up], colour, 3.2 if k == j else 1.4, label=kind)
            for k, (kind, colour) in enumerate(kinds.items())
        ]

    explorer.on("depth", "value", choose)
    explorer.on("skip", "value", choose)
    explorer.on("map", "pointer", lambda p: p and show())
    choose()
    return explorer
