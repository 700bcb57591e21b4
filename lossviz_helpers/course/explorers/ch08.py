"""Chapter 08: choose the depth, switch skips, their scale and a normalisation layer on and off."""

import ipywidgets as w

from ...landscape import nearest
from ...widgets.panel import Panel, line
from .frame import Explorer, grid, row, three_digits
from .stored import Array, File, Sizes, buttons, empty_map, read_results

SIZES: Sizes = {
    "depths": ("depth",),
    "axis": ("point",),
    "loss": ("depth", 2, 3, "point", "point"),
    "curving": ("depth", 2, 3),
}
KINDS = {"plain": "orange", "h + f": "#1b9e77", "h + f/√depth": "blue"}
NORMS = ("no", "yes")


def skip_explorer(file: File) -> Explorer:
    """Choose depth, skips and normalisation; the window and the colours stay the same.

    Next to the map is a cut through it, at the height of the pointer, for the three kinds: plain,
    h + f and h + f/√depth.

    Args:
        file: with `depths` (n,), `axis` (m,), `loss` (n, 2, 3, m, m) of the three kinds, first
            without and then with a normalisation layer, and `curving` (n, 2, 3), the fraction of
            each plane that curves down.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = skip_explorer(measured("08_skip"))
    >>> explorer["depth"].value, explorer["skip"].value = 20, "h + f"
    >>> explorer["map"].title
    'h + f, depth 20'
    """
    return SkipExplorer(**read_results(file, "skip_explorer", SIZES))


class SkipExplorer(Explorer):
    """The map of one depth and kind, and a cut through the maps of all three kinds."""

    def __init__(self, depths: Array, axis: Array, loss: Array, curving: Array) -> None:
        self.axis, self.losses, self.curving = axis, loss, curving
        self.top = float(loss.max())
        self.depth = buttons(depths, "depth", "{:g}")
        self.skip = w.ToggleButtons(
            options=list(KINDS), description="layer", style={"button_width": "100px"}
        )
        self.norm = w.ToggleButtons(
            options=list(NORMS), description="normalised", style={"button_width": "80px"}
        )
        self.map = empty_map(axis, axis, log=False)
        self.map.follow, self.map.pointer = "both", (0.0, 0.0)
        self.cut = Panel(
            labels=("α₁", "loss L"),
            extent=((axis[0], axis[-1]), (0.0, 1.05 * self.top)),
            aspect=0.8,
            description="The loss along a horizontal line through the map, for the three kinds.",
        )
        super().__init__(
            "skip_explorer",
            [row(self.depth, self.skip), row(self.norm), grid([self.map, self.cut], 300)],
            depth=self.depth,
            skip=self.skip,
            norm=self.norm,
            map=self.map,
            cut=self.cut,
        )
        for control in ("depth", "skip", "norm"):
            self.on(control, "value", lambda _: self.choose())
        self.on("map", "pointer", self.point)
        self.choose()

    def chosen(self) -> tuple[int, int, int]:
        """Positions of the chosen depth, normalisation and kind."""
        return self.depth.index, self.norm.index, self.skip.index

    def choose(self) -> None:
        """Show the map of the chosen network."""
        normalised = ", normalised" if self.norm.value == "yes" else ""
        self.map.title = f"{self.skip.value}{normalised}, depth {self.depth.label}"
        self.map.show_picture(self.losses[self.chosen()], limits=(0.0, self.top))
        self.cut.readout = f"{self.curving[self.chosen()]:.0%} of this map curves down"
        self.show()

    def point(self, pointer: tuple[float, float] | None) -> None:
        """Cut the map where the user points."""
        if pointer is not None:
            self.show()

    def show(self) -> None:
        """Show the loss at the pointer, and the cut at its height."""
        axis, (i, j, k) = self.axis, self.chosen()
        across, up = (nearest(axis, x) for x in self.map.pointer)
        self.map.readout = f"loss {three_digits(self.losses[i, j, k, across, up])}"
        title = f"all at depth {self.depth.label}, cut at α₂ = {axis[up]:.2f}"
        self.cut.title = title.replace("-", "−")
        self.cut.lines = [
            line(axis, self.losses[i, j, n, :, up], colour, 3.2 if n == k else 1.4, label=kind)
            for n, (kind, colour) in enumerate(KINDS.items())
        ]
