"""Chapter 09: the explorer of ρ."""

import numpy as np

from ...widgets.panel import Panel, line, marks
from .frame import Explorer, grid, row, three_digits
from .stored import FLOOR, File, _go_near, _plane, _read, _slider


def rho_explorer(file: File) -> Explorer:
    """Choose how far sharpness-aware minimisation looks: the bowl that it finds, and what it buys.

    Dots are seeds, the line is their mean; the black line on the map is a loss of 0.1.

    Args:
        file: with `rhos` (n,), the first one 0 for SGD, `axis` (m,), `planes` (n, m, m), and
            `sharpness`, `accuracy` in percent and training `loss`, each (n, seeds).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.

    >>> explorer = rho_explorer("notebooks/data/09_rho.npz")
    >>> explorer["rho"].value = 0.5
    >>> explorer["map"].title
    'SAM, ρ = 0.5'
    """
    sizes = {"rhos": ("rho",), "axis": ("point",), "planes": ("rho", "point", "point")}
    sizes |= dict.fromkeys(("sharpness", "accuracy", "loss"), ("rho", "seed"))
    found = _read(file, "rho_explorer", sizes)
    rhos, axis, planes = found["rhos"], found["axis"], found["planes"]
    rho = _slider(rhos, "ρ", "{:g}")
    where = _plane(axis, axis)
    where.levels = [FLOOR]
    measures = {
        "sharpness": Panel(title="sharpness λmax", labels=("ρ", "")),
        "accuracy": Panel(title="new data read correctly", labels=("ρ", "%")),
    }
    edge = 0.04 * np.ptp(rhos)
    for name, panel in measures.items():
        values = found[name]
        lo, hi = values.min() - 0.1 * np.ptp(values), values.max() + 0.1 * np.ptp(values)
        panel.extent = ((rhos[0] - edge, rhos[-1] + edge), (lo, hi))
        panel.follow, panel.aspect = "across", 0.8
        panel.lines = [line(rhos, values.mean(axis=1), "path", 2.2)]
        panel.description = f"{panel.title} over ρ, a dot for each seed."
    explorer = Explorer(
        "rho_explorer",
        [row(rho), grid([where, *measures.values()], 250)],
        rho=rho,
        map=where,
        **measures,
    )

    def show(_=None):
        i = rho.index
        where.title = f"SAM, ρ = {rho.label}" if rhos[i] else "ρ = 0: SGD"
        where.show_picture(planes[i], log=True, limits=(planes.min(), planes.max()))
        where.readout = (
            f"{(planes[i] < FLOOR).mean():.0%} of the map below {FLOOR:g}; "
            f"training loss {three_digits(found['loss'][i].mean())}"
        )
        for name, panel in measures.items():
            values, unit = found[name], "%" if name == "accuracy" else ""
            panel.pointer = (rhos[i], panel.extent[1][0])
            panel.marks = [
                *(marks(rhos, seed, "dot", "muted", 3.5) for seed in values.T),
                marks([rhos[i]], [values[i].mean()], "dot", "path", 7),
            ]
            panel.readout = f"ρ = {rho.label}: mean {three_digits(values[i].mean())}{unit}"

    explorer.on("rho", "value", show)
    for name in measures:
        explorer.on(name, "pointer", lambda p: p and _go_near(rho, rhos, p[0]))
    show()
    return explorer
