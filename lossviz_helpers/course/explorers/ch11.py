"""Chapter 11: choose how far sharpness-aware minimisation looks."""

import numpy as np

from .results import Array, File, Sizes, read_results
from .stored import (
    FLOOR,
    Json,
    Stored,
    chosen_by,
    curve,
    dots,
    loss_map,
    number,
    panel,
    slider,
    with_mean,
)  # fmt: skip

SIZES: Sizes = {
    "rhos": ("rho",),
    "axis": ("point",),
    "planes": ("rho", "point", "point"),
    **dict.fromkeys(("sharpness", "accuracy", "loss"), ("rho", "seed")),
}
UNITS = {"sharpness": "", "accuracy": "%"}
ABOVE = {"sharpness": "λmax", "accuracy": "%"}
TITLES = {"sharpness": "sharpness λmax", "accuracy": "accuracy on new data"}


def rho_explorer(file: File) -> "RhoExplorer":
    """Choose how far SAM looks, and see which bowl it finds and what you gain.

    Dots are seeds, and the line is their mean. The black line on the map is the contour at 0.1. The
    browser has all of the results, so it works without a kernel.

    Args:
        file: with `rhos` (n,), the first one 0 for SGD, `axis` (m,), `planes` (n, m, m), and
            `sharpness`, `accuracy` in percent and training `loss`, each (n, seeds).

    Returns:
        The widget. Its trait `chosen` holds the value of `rho`; set or observe it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.
        traitlets.TraitError: if what is chosen doesn't exist.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = rho_explorer(measured("11_rho"))
    >>> explorer.chosen = {"rho": 0.5}
    >>> explorer.shown()[0]["title"]
    'SAM, ρ = 0.5'
    """
    return RhoExplorer(**read_results(file, "rho_explorer", SIZES))


class RhoExplorer(Stored):
    """The map around one seed's minimum, and two measures for all seeds, plotted against ρ."""

    name = "rho_explorer"

    def __init__(
        self,
        rhos: Array,
        axis: Array,
        planes: Array,
        sharpness: Array,
        accuracy: Array,
        loss: Array,
    ) -> None:
        names = [f"SAM, ρ = {rho:g}" if rho else "ρ = 0: SGD" for rho in rhos]
        found = loss_map(
            axis,
            axis,
            ("planes", "rho"),
            (planes.min(), planes.max()),
            log=True,
            levels=[FLOOR],
            title=[chosen_by("rho", names)],
            readout=[
                number("percent", "floor", "rho"),
                f" of the map below {FLOOR:g}; training loss ",
                number("loss", "loss", "rho"),
            ],
        )
        measured = {"sharpness": sharpness, "accuracy": accuracy}
        arrays = {
            "rhos": rhos,
            "planes": planes.swapaxes(-1, -2),
            "floor": (planes < FLOOR).mean(axis=(-1, -2)),
            "loss": loss.mean(axis=-1),
            **{name: with_mean(values, 1).T for name, values in measured.items()},
        }
        panels = [_over(rhos, values, name) for name, values in measured.items()]
        super().__init__(arrays, [slider("rho", "ρ", rhos, "{:g}")], [found, *panels], least=250)


def _over(rhos: Array, values: Array, name: str) -> Json:
    """A measure, plotted against ρ."""
    edge, margin = 0.04 * np.ptp(rhos), 0.1 * np.ptp(values)
    seeds = values.shape[1]
    return panel(
        title=[TITLES[name]],
        readout=[
            *("ρ = ", chosen_by("rho", [f"{rho:g}: mean " for rho in rhos])),
            *(number("loss", name, seeds, "rho"), UNITS[name]),
        ],
        lines=[curve(("rhos",), (name, seeds), "path", 2.2)],
        marks=[
            *(dots(("rhos",), (name, seed), "muted", 3.5) for seed in range(seeds)),
            dots(("rhos", "rho"), (name, seeds, "rho"), "path", 7),
        ],
        moves=("rho", None),
        labels=("ρ", ABOVE[name]),
        extent=((rhos[0] - edge, rhos[-1] + edge), (values.min() - margin, values.max() + margin)),
        description=f"{TITLES[name]} plotted against ρ, a dot for each seed.",
    )
