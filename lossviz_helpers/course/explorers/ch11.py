"""Chapter 11: choose how far sharpness-aware minimisation looks."""

import numpy as np

from ...widgets.panel import Panel, line, marks
from .frame import Explorer, grid, row, three_digits
from .stored import FLOOR, Array, File, Sizes, empty_map, go_near, read_results, slider

SIZES: Sizes = {
    "rhos": ("rho",),
    "axis": ("point",),
    "planes": ("rho", "point", "point"),
    **dict.fromkeys(("sharpness", "accuracy", "loss"), ("rho", "seed")),
}
UNITS = {"sharpness": "", "accuracy": "%"}
TITLES = {"sharpness": "sharpness λmax", "accuracy": "accuracy on new data"}


def rho_explorer(file: File) -> Explorer:
    """Choose how far SAM looks, and see which bowl it finds and what you gain.

    Dots are seeds, and the line is their mean. The black line on the map is the contour at 0.1.

    Args:
        file: with `rhos` (n,), the first one 0 for SGD, `axis` (m,), `planes` (n, m, m), and
            `sharpness`, `accuracy` in percent and training `loss`, each (n, seeds).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = rho_explorer(measured("11_rho"))
    >>> explorer["rho"].value = 0.5
    >>> explorer["map"].title
    'SAM, ρ = 0.5'
    """
    return RhoExplorer(**read_results(file, "rho_explorer", SIZES))


class RhoExplorer(Explorer):
    """The map around one seed's minimum, and two measures for all seeds, plotted against ρ."""

    def __init__(
        self,
        rhos: Array,
        axis: Array,
        planes: Array,
        sharpness: Array,
        accuracy: Array,
        loss: Array,
    ) -> None:
        self.rhos, self.planes, self.losses = rhos, planes, loss
        self.measured = {"sharpness": sharpness, "accuracy": accuracy}
        self.rho = slider(rhos, "ρ", "{:g}")
        self.map = empty_map(axis, axis)
        self.map.levels = [FLOOR]
        self.panels = {
            name: _over(rhos, values, TITLES[name], UNITS[name])
            for name, values in self.measured.items()
        }
        super().__init__(
            "rho_explorer",
            [row(self.rho), grid([self.map, *self.panels.values()], 250)],
            rho=self.rho,
            map=self.map,
            **self.panels,
        )
        self.on("rho", "value", lambda _: self.show())
        for name in self.panels:
            self.on(name, "pointer", lambda pointer: go_near(self.rho, rhos, pointer))
        self.show()

    def show(self) -> None:
        """Show the chosen ρ on the map and on both measures."""
        i, planes = self.rho.index, self.planes
        self.map.title = f"SAM, ρ = {self.rho.label}" if self.rhos[i] else "ρ = 0: SGD"
        self.map.show_picture(planes[i], log=True, limits=(planes.min(), planes.max()))
        self.map.readout = (
            f"{(planes[i] < FLOOR).mean():.0%} of the map below {FLOOR:g}; "
            f"training loss {three_digits(self.losses[i].mean())}"
        )
        for name, values in self.measured.items():
            panel, mean = self.panels[name], values[i].mean()
            panel.pointer = (self.rhos[i], panel.extent[1][0])
            panel.marks = [
                *(marks(self.rhos, seed, "dot", "muted", 3.5) for seed in values.T),
                marks([self.rhos[i]], [mean], "dot", "path", 7),
            ]
            panel.readout = f"ρ = {self.rho.label}: mean {three_digits(mean)}{UNITS[name]}"


def _over(rhos: Array, values: Array, title: str, unit: str) -> Panel:
    """The mean of a measure, plotted against ρ."""
    edge, margin = 0.04 * np.ptp(rhos), 0.1 * np.ptp(values)
    return Panel(
        title=title,
        labels=("ρ", unit),
        extent=((rhos[0] - edge, rhos[-1] + edge), (values.min() - margin, values.max() + margin)),
        follow="across",
        aspect=0.8,
        lines=[line(rhos, values.mean(axis=1), "path", 2.2)],
        description=f"{title} plotted against ρ, a dot for each seed.",
    )
