"""Explorers of stored results: all is computed in advance, so they respond immediately.

The project's `python -m claims --data` writes the files that the chapters load.
"""

import zipfile
from collections.abc import Mapping
from os import PathLike

import ipywidgets as w
import numpy as np
import numpy.typing as npt

from ...landscape import nearest
from ...widgets.panel import Panel, line
from .frame import wide
from .parts import Drawn

File = str | PathLike[str]
Array = npt.NDArray[np.float64]
# shapes of the arrays; a name stands for the same size everywhere
Sizes = Mapping[str, tuple[str | int, ...]]
FLOOR = 0.1  # losses up to this count as the floor of a bowl


def read_results(file: File, explorer: str, sizes: Sizes) -> dict[str, Array]:
    """The arrays of a file, float64, with matching shapes: each name stands for one size."""
    try:
        with np.load(file) as stored:
            found = {name: stored[name] for name in sizes if name in stored}
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{explorer} can't find {str(file)!r}; relative paths start from the notebook's "
            "folder, and `python -m claims --data` writes what the chapters load"
        ) from None
    except (ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile):
        raise ValueError(f"{explorer}: {str(file)!r} isn't an .npz file") from None
    if missing := [name for name in sizes if name not in found]:
        raise ValueError(f"{explorer}: {str(file)!r} has no {', '.join(missing)}")
    known: dict[str | int, int] = {}
    for name, array in found.items():
        expected = sizes[name]
        fits = array.ndim == len(expected) and all(
            n == (e if isinstance(e, int) else known.setdefault(e, n))
            for n, e in zip(array.shape, expected, strict=True)
        )
        if not fits:
            shape = ", ".join(str(known.get(e, e)) for e in expected)
            raise ValueError(f"{explorer}: {name} should have shape ({shape}), got {array.shape}")
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            raise ValueError(f"{explorer}: {name} should hold finite numbers only")
    return {name: array.astype(float) for name, array in found.items()}


def slider(values: Array, name: str, form: str) -> w.SelectionSlider:
    """A slider over the values."""
    return w.SelectionSlider(options=_options(values, form), description=name, layout=wide())


def buttons(values: Array, name: str, form: str) -> w.ToggleButtons:
    """A button for each value."""
    return w.ToggleButtons(
        options=_options(values, form), description=name, style={"button_width": "60px"}
    )


def _options(values: Array, form: str) -> list[tuple[str, float]]:
    """Values with their names, rounded so that single precision doesn't show."""
    return [(form.format(value), round(float(value), 6)) for value in values]


def go_near(control: w.SelectionSlider, values: Array, pointer: tuple[float, float] | None) -> None:
    """Set the control to the value nearest to where the user points."""
    if pointer is not None:
        control.index = nearest(values, pointer[0])


def lines_of_seeds(x: Array, rows: Array, colour: str, label: str = "") -> list[Drawn]:
    """A thin line for every seed and a thick one for their mean."""
    thin = [line(x, each, colour, 0.6) for each in rows]
    return [*thin, line(x, np.mean(rows, axis=0), colour, 2.8, label=label)]


def empty_map(across: Array, up: Array, log: bool = True) -> Panel:
    """A map without a picture yet."""
    return Panel(
        labels=("α₁", "α₂"),
        extent=((across[0], across[-1]), (up[0], up[-1])),
        faint=True,
        bar=True,
        aspect=0.8,
        description="Map of the loss over α₁ and α₂" + (", logarithmic colours." if log else "."),
    )
