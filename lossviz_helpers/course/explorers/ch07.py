"""Chapter 07: choose the depth, and switch skip connections on and off."""

import ipywidgets as w

from ...landscape import nearest
from ...widgets.panel import Panel, line
from .frame import Explorer, grid, row, three_digits
from .stored import Array, File, Sizes, buttons, empty_map, read_results

SIZES: Sizes = {
    "depths": ("depth",),
    "axis": ("point",),
    "loss": ("depth", 2, "point", "point"),
    "curving": ("depth", 2),
}
KINDS = {"plain": "orange", "residual": "blue"}


def skip_explorer(file: File) -> Explorer:
    """Choose the depth, and switch skip connections on and off, in the same window and colours.

    Next to the map is a cut through it, at the height of the pointer, for both kinds.

    Args:
        file: with `depths` (n,), `axis` (m,), `loss` (n, 2, m, m) of plain and residual networks,
            and `curving` (n, 2), the fraction of each plane that curves down.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.

    >>> explorer = skip_explorer("notebooks/data/07_skip.npz")
    >>> explorer["depth"].value, explorer["skip"].value = 20, "residual"
    >>> explorer["map"].title
    'residual, depth 20'
    """
    return SkipExplorer(**read_results(file, "skip_explorer", SIZES))


class SkipExplorer(Explorer):
    """The map of one depth and kind, and a cut through those of both kinds."""

    def __init__(self, depths: Array, axis: Array, loss: Array, curving: Array) -> None:
        self.axis, self.losses, self.curving = axis, loss, curving
        self.top = float(loss.max())
        self.depth = buttons(depths, "depth", "{:g}")
        self.skip = w.ToggleButtons(
            options=list(KINDS), description="network", style={"button_width": "80px"}
        )
        self.where = empty_map(axis, axis, log=False)
        self.where.follow, self.where.pointer = "both", (0.0, 0.0)
        self.cut = Panel(
            labels=("α₁", "loss L"),
            extent=((axis[0], axis[-1]), (0.0, 1.05 * self.top)),
            aspect=0.8,
            description="The loss along a horizontal line through the map, plain and residual.",
        )
        super().__init__(
            "skip_explorer",
            [row(self.depth, self.skip), grid([self.where, self.cut], 300)],
            depth=self.depth,
            skip=self.skip,
            map=self.where,
            cut=self.cut,
        )
        self.on("depth", "value", lambda _: self.choose())
        self.on("skip", "value", lambda _: self.choose())
        self.on("map", "pointer", self.point)
        self.choose()

    def choose(self) -> None:
        """Show the map of the chosen network."""
        i, j = self.depth.index, self.skip.index
        self.where.title = f"{self.skip.value}, depth {self.depth.label}"
        self.where.show_picture(self.losses[i, j], limits=(0.0, self.top))
        self.cut.readout = f"{self.curving[i, j]:.0%} of this map curves down"
        self.show()

    def point(self, pointer: tuple[float, float] | None) -> None:
        """Cut where the user points."""
        if pointer is not None:
            self.show()

    def show(self) -> None:
        """Show the loss at the pointer, and the cut at its height."""
        axis, (i, j) = self.axis, (self.depth.index, self.skip.index)
        across, up = (nearest(axis, x) for x in self.where.pointer)
        self.where.readout = f"loss {three_digits(self.losses[i, j, across, up])}"
        title = f"both at depth {self.depth.label}, cut at α₂ = {axis[up]:.2f}"
        self.cut.title = title.replace("-", "−")
        self.cut.lines = [
            line(axis, self.losses[i, k, :, up], colour, 3.2 if k == j else 1.4, label=kind)
            for k, (kind, colour) in enumerate(KINDS.items())
        ]
