"""Explorers of results: what they show was computed before, so that every move is immediate.

The project's `python -m claims --data` writes the files that the chapters name.
"""

import zipfile
from collections.abc import Mapping, Sequence
from os import PathLike

import ipywidgets as w
import numpy as np
import torch

from ...landscape import nearest
from ...paths import Bezier
from ...widgets.panel import Panel, line, marks
from .frame import Explorer, Text, grid, row, three_digits, wide

File = str | PathLike
FLOOR = 0.1  # a loss up to which one may speak of the floor of a bowl


# -- 6: label noise and epochs ---------------------------------------------------------------------


def noise_explorer(file: File) -> Explorer:
    """Choose the share of wrong labels and the epoch: see what training learns, and what it costs.

    Thin lines are seeds, thick ones their mean; ● marks the best epoch on new data.

    Args:
        file: with `shares` (n,), `epochs` (T,), `loss`, and accuracies `train` and `test` in
            percent, each (n, seeds, T).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.

    >>> explorer = noise_explorer("notebooks/data/06_noise.npz")
    >>> explorer["share"].value, explorer["epoch"].value = 0.4, 100
    >>> explorer["accuracy"].title
    'accuracy with 40% wrong labels'
    """
    each = ("share", "seed", "epoch")
    sizes = {"shares": each[:1], "epochs": each[2:], "loss": each, "train": each, "test": each}
    found = _read(file, "noise_explorer", sizes)
    epochs, loss, train, test = (found[name] for name in ("epochs", "loss", "train", "test"))
    share = _toggle(found["shares"], "wrong labels", "{:.0%}")
    epoch = _slider(epochs, "epoch", "{:g}")
    how = {"follow": "across", "step": (epochs[1] - epochs[0], 1.0), "aspect": 0.7}
    window = (epochs[0], epochs[-1])
    falls = Panel(
        labels=("epoch", "training loss L"),
        extent=(window, (0.0, 1.05 * loss.max())),
        description="Training loss over the epochs.",
        **how,
    )
    rises = Panel(
        labels=("epoch", "%"),
        extent=(window, (0.0, 103.0)),
        description="Accuracy on training and on new data over the epochs.",
        **how,
    )
    said = Text()
    explorer = Explorer(
        "noise_explorer",
        [row(share, epoch), grid([falls, rises], 300), said],
        share=share,
        epoch=epoch,
        loss=falls,
        accuracy=rises,
        said=said,
    )

    def choose(_=None):
        i = share.index
        mean = test[i].mean(axis=0)
        best = int(mean.argmax())
        falls.title = f"training loss with {share.label} wrong labels"
        rises.title = f"accuracy with {share.label} wrong labels"
        falls.lines = _seeds(epochs, loss[i], "ink")
        rises.lines = [
            *_seeds(epochs, train[i], "blue", "training data"),
            *_seeds(epochs, test[i], "orange", "new data"),
        ]
        rises.marks = [marks([epochs[best]], [mean[best]], "dot", "orange", 6)]
        said.text = (
            f"On new data: at best {mean[best]:.1f}%, after epoch {epochs[best]:g}; "
            f"after epoch {epochs[-1]:g}, {mean[-1]:.1f}%."
        )
        show()

    def show(_=None):
        i, at = share.index, epoch.index
        falls.pointer = rises.pointer = (epochs[at], 0.0)
        falls.readout = f"epoch {epoch.label}: L = {three_digits(loss[i, :, at].mean())}"
        seen, new = (values[i, :, at].mean() for values in (train, test))
        rises.readout = f"epoch {epoch.label}: training data {seen:.1f}%, new data {new:.1f}%"

    explorer.on("share", "value", choose)
    explorer.on("epoch", "value", show)
    for name in ("loss", "accuracy"):
        explorer.on(name, "pointer", lambda p: p and _go_near(epoch, epochs, p[0]))
    choose()
    return explorer


# -- 7: depth and skip connections -----------------------------------------------------------------


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


# -- 9: ρ ------------------------------------------------------------------------------------------


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


# -- 10: a bent path -------------------------------------------------------------------------------


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


# -- what they share -------------------------------------------------------------------------------


def _read(
    file: File, explorer: str, sizes: Mapping[str, tuple[str | int, ...]]
) -> dict[str, np.ndarray]:
    """Arrays of a file, float64, whose sizes agree: every name stands for one number."""
    try:
        with np.load(file) as stored:
            found = {name: stored[name] for name in sizes if name in stored}
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{explorer} finds no file {str(file)!r}; a relative path starts in the folder of the "
            "notebook, and `python -m claims --data` writes what the chapters load"
        ) from None
    except (ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile):
        raise ValueError(f"{explorer}: {str(file)!r} is no .npz file") from None
    if missing := [name for name in sizes if name not in found]:
        raise ValueError(f"{explorer}: {str(file)!r} holds no {', '.join(missing)}")
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


def _options(values: np.ndarray, form: str) -> list[tuple[str, float]]:
    """Values with their names; single precision shows in neither."""
    return [(form.format(value), round(float(value), 6)) for value in values]


def _slider(values: np.ndarray, name: str, form: str) -> w.SelectionSlider:
    return w.SelectionSlider(options=_options(values, form), description=name, layout=wide())


def _toggle(values: np.ndarray, name: str, form: str) -> w.ToggleButtons:
    options = _options(values, form)
    return w.ToggleButtons(options=options, description=name, style={"button_width": "60px"})


def _go_near(slider: w.SelectionSlider, values: np.ndarray, x: float) -> None:
    """Where a hand points between two values, the nearer one is meant."""
    slider.index = nearest(values, x)


def _seeds(x: np.ndarray, rows: Sequence, colour: str, label: str = "") -> list[dict]:
    """A thin line for every seed and a thick one for their mean."""
    thin = [line(x, each, colour, 0.6) for each in rows]
    return [*thin, line(x, np.mean(rows, axis=0), colour, 2.8, label=label)]


def _plane(across: np.ndarray, up: np.ndarray, log: bool = True) -> Panel:
    """A map that waits for its picture."""
    return Panel(
        labels=("α₁", "α₂"),
        extent=((across[0], across[-1]), (up[0], up[-1])),
        faint=True,
        bar=True,
        aspect=0.8,
        description="Map of the loss over α₁ and α₂" + (", logarithmic colours." if log else "."),
    )
