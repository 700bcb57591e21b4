"""Chapter 08: choose the depth, switch skips, their scale and a normalisation layer on and off."""

import numpy as np

from .results import Array, File, Sizes, read_results
from .stored import Stored, buttons, chosen_by, curve, loss_map, number, panel, unseen

SIZES: Sizes = {
    "depths": ("depth",),
    "axis": ("point",),
    "loss": ("depth", 2, 3, "point", "point"),
    "curving": ("depth", 2, 3),
}
KINDS = {"plain": "orange", "h + f": "#1b9e77", "h + f/√depth": "blue"}
NORMS = ["no", "yes"]


def skip_explorer(file: File) -> "SkipExplorer":
    """Choose depth, skips and normalisation: the same window and the same colours for all.

    Next to the map is a cut through it, at the height of the pointer, for the three kinds: plain,
    h + f and h + f/√depth. The browser has all of the results, so it works without a kernel.

    Args:
        file: with `depths` (n,), `axis` (m,), `loss` (n, 2, 3, m, m) of the three kinds, first
            without and then with a normalisation layer, and `curving` (n, 2, 3), the fraction of
            each plane that curves down.

    Returns:
        The widget. Its trait `chosen` holds the values of `depth`, `skip`, `norm`, and `across` and
        `up` of the pointer; set or observe it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.
        traitlets.TraitError: if what is chosen doesn't exist.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = skip_explorer(measured("08_skip"))
    >>> explorer.chosen = {"depth": 20, "skip": "h + f"}
    >>> explorer.shown()[0]["title"]
    'h + f, depth 20'
    """
    return SkipExplorer(**read_results(file, "skip_explorer", SIZES))


class SkipExplorer(Stored):
    """The map of one depth and kind, and a cut through those of all kinds."""

    name = "skip_explorer"

    def __init__(self, depths: Array, axis: Array, loss: Array, curving: Array) -> None:
        top, names = float(loss.max()), [f"{depth:g}" for depth in depths]
        where = ("depth", "norm", "skip")
        chosen = loss_map(
            axis,
            axis,
            ("loss", *where),
            (0.0, top),
            log=False,
            title=[
                *(chosen_by("skip", list(KINDS)), chosen_by("norm", ["", ", normalised"])),
                *(", depth ", chosen_by("depth", names)),
            ],
            readout=["loss ", number("loss", "loss", *where, "up", "across")],
            moves=("across", "up"),
            step=(axis[1] - axis[0],) * 2,
        )
        cut = panel(
            title=[
                *("all at depth ", chosen_by("depth", names)),
                *(", cut at α₂ = ", number("0.00", "axis", "up")),
            ],
            readout=[number("percent", "curving", *where), " of this map curves down"],
            lines=[
                curve(
                    ("axis",),
                    ("loss", "depth", "norm", i, "up"),
                    colour,
                    chosen_by("skip", [3.2 if i == k else 1.4 for k in range(len(KINDS))]),
                    label=kind,
                )
                for i, (kind, colour) in enumerate(KINDS.items())
            ],
            labels=("α₁", "loss L"),
            extent=((axis[0], axis[-1]), (0.0, 1.05 * top)),
            description="The loss along a horizontal line through the map, for the three kinds.",
        )
        arrays = {"axis": axis, "loss": loss.swapaxes(-1, -2), "curving": curving}
        controls = [
            buttons("depth", "depth", depths, "{:g}"),
            buttons("skip", "layer", list(KINDS)),
            buttons("norm", "normalised", NORMS),
            unseen("across", axis),
            unseen("up", axis),
        ]
        super().__init__(arrays, controls, [chosen, cut])
        middle = round(float(axis[np.abs(axis).argmin()]), 6)
        self.chosen = {"across": middle, "up": middle}
