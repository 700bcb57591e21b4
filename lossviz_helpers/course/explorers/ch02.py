"""Chapter 02: pick a model on its landscape, and watch it descend."""

from collections.abc import Callable
from functools import partial

import ipywidgets as w
import torch
from torch import Tensor

from ...landscape import Landscape
from ...losses import accuracy
from ...objective import Objective
from ...plots import LABELS, PREDICTED, prediction_grid
from ...training import Trajectory, descend
from .frame import Explorer, grid, row, three_digits, wide
from .parts import GRID, check_plane, map_of, predictions_of, shadow_ends, shadow_lines, within


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
        L: a landscape whose examples have two inputs and whose model has one output.
        land: a 2D scan of it.
        path: a trajectory to draw.
        labels: names of the two directions.
        steps, lr, optimizer: for the descent of a picked model.

    Raises:
        ValueError: if the landscape is not 2D, or predictions can't be drawn over two inputs.

    >>> from lossviz_helpers import Slice, diagonal, model_1, scan, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> plane = Slice(torch.zeros(2), torch.eye(2))
    >>> explorer = model_explorer(L, scan(L, plane, 21, ((-3, 2), (-2, 3.5))))
    >>> explorer["map"].pointer = (0.0, 0.0)  # a click
    >>> explorer["map"].readout
    'loss 0.510, accuracy 49%, at (0.00, 0.00)'
    """
    check_plane(land, "model_explorer")
    train = partial(descend, L, steps=steps, lr=lr, optimizer=optimizer)
    return ModelExplorer(L, land, path, labels, train, steps)


class ModelExplorer(Explorer):
    """A map to click on, the predictions of the model there, and its way down, step by step.

    Args:
        L, land, path, labels: as for `model_explorer`.
        train: trains a picked model and returns its walk.
        steps: the length of that walk.
    """

    def __init__(
        self,
        L: Objective,
        land: Landscape,
        path: Trajectory | None,
        labels: tuple[str, str],
        train: Callable[[Tensor], Trajectory],
        steps: int,
    ) -> None:
        self.L, self.land, self.path, self.train = L, land, path, train
        self.walk: Trajectory | None = None
        self.walking = False  # whether the pointer moves because the walk does
        self.map = map_of(land, labels, title="pick a model")
        self.predictions = predictions_of(L)
        go = w.Button(
            description="Descend from here", icon="arrow-down", layout=w.Layout(width="auto")
        )
        self.play = w.Play(min=0, max=steps, interval=60, step=max(1, steps // 75), disabled=True)
        self.step = w.IntSlider(min=0, max=steps, description="step", disabled=True, layout=wide())
        super().__init__(
            "model_explorer",
            [grid([self.map, self.predictions], 300), row(go, self.play, self.step)],
            L,
            map=self.map,
            predictions=self.predictions,
            descend=go,
            play=self.play,
            step=self.step,
        )
        self.tie("play", "step")
        self.on("map", "pointer", self.pick)
        self.on_click("descend", self.start)
        self.on("step", "value", self.go_to)
        self.draw_paths()
        middle = tuple((lo + hi) / 2 for lo, hi in self.map.extent)
        begin = middle if path is None else land.slice.coordinates(next(iter(path)).start)
        self.map.pointer = within(self.map, begin)
        self.raise_error()

    def pick(self, pointer: tuple[float, float] | None) -> None:
        """Show the model that the user points to."""
        if pointer is not None and not self.walking:
            self.show(self.land.slice.point(torch.tensor(pointer)))

    def start(self) -> None:
        """Let the picked model descend, and play its walk."""
        self.play.playing = False
        self.step.value = self.play.value = 0
        self.walk = self.train(self.land.slice.point(torch.tensor(self.map.pointer)))
        self.draw_paths()
        self.step.disabled = self.play.disabled = False
        self.go_to(0)
        self.play.playing = True

    def go_to(self, number: int) -> None:
        """Show one step of the walk."""
        if self.walk is None:
            return
        theta = self.walk.points[number]
        self.walking = True
        try:
            self.map.pointer = within(self.map, self.land.slice.coordinates(theta))
            self.show(theta)
            self.map.readout = f"step {number}: {self.map.readout}"
        finally:
            self.walking = False

    def show(self, theta: Tensor) -> None:
        """Show what a model predicts, and its loss."""
        values = prediction_grid(self.L, theta, GRID)
        with torch.no_grad():
            loss, right = self.L(theta).item(), accuracy(self.L.predict(theta), self.L.y)
        self.predictions.show_picture(values, limits=PREDICTED, colours="predictions")
        alpha = ", ".join(f"{a:.2f}" for a in self.map.pointer).replace("-", "−")
        self.map.readout = f"loss {three_digits(loss)}, accuracy {right:.0%}, at ({alpha})"

    def draw_paths(self) -> None:
        """Draw the chapter's trajectory and the walk, if there are any."""
        shown = [each for each in (self.path, self.walk) if each is not None]
        view = self.land.slice
        self.map.lines = [each for path in shown for each in shadow_lines(view, path)]
        self.map.marks = [each for path in shown for each in shadow_ends(view, path)]
