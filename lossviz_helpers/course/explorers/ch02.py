"""Chapter 02: the explorer of models."""

from collections.abc import Callable

import ipywidgets as w
import torch

from ...landscape import Landscape
from ...losses import (
    accuracy,
)
from ...objective import Objective
from ...plots import LABELS, PREDICTED, prediction_grid
from ...training import Trajectory, descend
from .frame import Explorer, grid, row, three_digits, wide
from .parts import (
    GRID,
    _check_plane,
    _checked,
    _map_of,
    _predictions_of,
    _shadow_ends,
    _shadow_lines,
    _within,
)


def model_explorer(
    L: Objective,
    land: Landscape,
    path: Trajectory | None = None,
    *,
    labels: tuple[str, str] = LABELS[:2],
    steps: int = 300,
    lr: float = 0.1,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
) -> Explorer:
    """Pick a model on its landscape, see its predictions, and watch it descend from there.

    Args:
        L: a landscape whose examples have two inputs and whose model gives one number.
        land: what a scan of a plane of it found.
        path: a trajectory to draw.
        labels: names of the two directions.
        steps, lr, optimizer: how a picked model descends.

    Raises:
        ValueError: if the landscape is not 2D, or predictions can't be drawn over two inputs.

    >>> from lossviz_helpers import diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> plane = Slice(torch.zeros(2), torch.eye(2))
    >>> explorer = model_explorer(L, scan(L, plane, 21, ((-3, 2), (-2, 3.5))))
    >>> explorer["map"].pointer = (0.0, 0.0)  # a click
    >>> explorer["map"].readout
    'loss 0.510, accuracy 49%, at (0.00, 0.00)'
    """
    _check_plane(land, "model_explorer")
    where = _map_of(land, labels, title="pick a model")
    says = _predictions_of(L)
    go = w.Button(description="Descend from here", icon="arrow-down", layout=w.Layout(width="auto"))
    play = w.Play(min=0, max=steps, interval=60, step=max(1, steps // 75), disabled=True)
    step = w.IntSlider(min=0, max=steps, description="step", disabled=True, layout=wide())
    explorer = Explorer(
        "model_explorer",
        [grid([where, says], 300), row(go, play, step)],
        L,
        map=where,
        predictions=says,
        descend=go,
        play=play,
        step=step,
    )
    explorer.tie("play", "step")
    walk, walking = None, False

    def show(theta):
        values = prediction_grid(L, theta, GRID)
        with torch.no_grad():
            loss, right = L(theta).item(), accuracy(L.predict(theta), L.y)
        says.show_picture(values, limits=PREDICTED, colours="predictions")
        alpha = ", ".join(f"{a:.2f}" for a in where.pointer).replace("-", "−")
        where.readout = f"loss {three_digits(loss)}, accuracy {right:.0%}, at ({alpha})"

    def pick(pointer):
        if pointer is not None and not walking:
            show(land.slice.point(torch.tensor(pointer)))

    def start():
        nonlocal walk
        play.playing = False
        step.value = play.value = 0
        begin = land.slice.point(torch.tensor(where.pointer))
        walk = descend(L, begin, steps=steps, lr=lr, optimizer=optimizer)
        draw_paths()
        step.disabled = play.disabled = False
        go_to(0)
        play.playing = True

    def go_to(number):
        nonlocal walking
        if walk is None:
            return
        walking = True
        try:
            where.pointer = _within(where, land.slice.coordinates(walk.points[number]))
            show(walk.points[number])
            where.readout = f"step {number}: {where.readout}"
        finally:
            walking = False

    def draw_paths():
        shown = [each for each in (path, walk) if each is not None]
        where.lines = [each for p in shown for each in _shadow_lines(land.slice, p)]
        where.marks = [each for p in shown for each in _shadow_ends(land.slice, p)]

    explorer.on("map", "pointer", pick)
    explorer.on_click("descend", start)
    explorer.on("step", "value", go_to)
    draw_paths()
    middle = tuple((lo + hi) / 2 for lo, hi in where.extent)
    begin = middle if path is None else land.slice.coordinates(next(iter(path)).start)
    where.pointer = _within(where, begin)
    return _checked(explorer)
