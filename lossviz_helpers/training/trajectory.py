"""A `Trajectory`: the points that training passed through, and their losses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import torch
from torch import Tensor

from .._storage.archives import Format
from ..objective import Objective
from .checkpoints import read_checkpoints

FILES = Format("Trajectory", "lossviz-trajectory", 1, "record it again")


@dataclass(frozen=True)
class Trajectory:
    """The points that training passed through, with their losses.

    `path[i]` is the trajectory of start i, and a loop over a trajectory goes through its starts.

    Attributes:
        points: shape `(T, P)`, or `(T, S, P)` for S starts at once.
        losses: loss on all examples, shape `(T,)` or `(T, S)`.
        steps: number of optimiser steps before each point, shape `(T,)`, int64.

    Raises:
        ValueError: if the shapes don't match.

    >>> path = Trajectory(torch.zeros(5, 3, 2), torch.zeros(5, 3), torch.arange(5))
    >>> path[0].points.shape
    torch.Size([5, 2])
    """

    points: Tensor
    losses: Tensor
    steps: Tensor

    def __post_init__(self) -> None:
        points, losses, steps = (tuple(t.shape) for t in (self.points, self.losses, self.steps))
        if len(points) not in (2, 3) or losses != points[:-1] or steps != points[:1]:
            raise ValueError(
                "points, losses and steps must have shapes (T, P), (T,) and (T,), or (T, S, P), "
                f"(T, S) and (T,) for S starts, got {points}, {losses} and {steps}"
            )

    @property
    def start(self) -> Tensor:
        """First point, shape `(P,)` or `(S, P)`."""
        return self.points[0]

    @property
    def end(self) -> Tensor:
        """Last point, shape `(P,)` or `(S, P)`."""
        return self.points[-1]

    def __len__(self) -> int:
        return len(self.steps)

    def thinned(self, most: int) -> "Trajectory":
        """At most `most` points of it, evenly spaced, including the first and the last.

        >>> path = Trajectory(torch.zeros(100, 2), torch.zeros(100), torch.arange(100))
        >>> path.thinned(4).steps
        tensor([ 0, 33, 66, 99])
        """
        rows = torch.linspace(0, len(self) - 1, min(len(self), most), dtype=torch.float64)
        rows = rows.round().long().unique()
        return Trajectory(self.points[rows], self.losses[rows], self.steps[rows])

    def save(self, path: str | PathLike[str]) -> Path:
        """Write everything to one `.npz` file, which `Trajectory.load` reads back exactly.

        An existing file is replaced only once the new one is complete.

        Returns:
            The path, with `.npz` added if it has a different suffix.

        >>> import tempfile
        >>> path = Trajectory(torch.zeros(5, 2), torch.zeros(5), torch.arange(5))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     again = Trajectory.load(path.save(folder + "/run.npz"))
        >>> torch.equal(again.points, path.points)
        True
        """
        return FILES.write(
            path, {"points": self.points, "losses": self.losses, "steps": self.steps}
        )

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Trajectory":
        """Read a file that `save` wrote, onto the CPU.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if it isn't a Trajectory, is damaged, or comes from another version.
        """
        names = ("points", "losses", "steps")
        return FILES.read(
            path, lambda found: cls(*(torch.as_tensor(found[name]) for name in names))
        )

    @classmethod
    def from_checkpoints(
        cls, pattern: str | PathLike[str], L: Objective, every: int = 1, key: str | None = None
    ) -> "Trajectory":
        """The trajectory through the checkpoints that a training run has saved.

        A checkpoint is a file of `torch.save(model.state_dict(), …)`, alone or in a dict with other
        things, as those of Lightning are, or a `.safetensors` file, or a point of a `Recorder`'s
        folder. Prefixes that wrappers put before the names, such as `module.`, don't matter.
        Nothing in the files is executed.

        Args:
            pattern: the files, such as `"run/step_*.pt"` or `"run/checkpoint-*/model.safetensors"`.
                The step of a file is the last number in its path that differs from file to file.
            L: a landscape of the model, for the losses. As with a `Recorder`, its buffers, such as
                the running statistics of batch normalisation, are used at every point.
            every: read every n-th file, plus the last.
            key: where the model is, if a file holds several that fit: the keys, joined by dots.

        Raises:
            TypeError: if L isn't an `Objective`.
            ValueError: if no file matches, or they have no numbers; if one is damaged, still being
                written, gone, or belongs to another model.
            MemoryError: if the points would take more than half of the free memory.
            ImportError: for `.safetensors` files, if that package is missing.

        >>> import tempfile, lossviz_helpers as lv
        >>> L = lv.Objective(lv.model_1(), lv.diagonal(), lv.squared_error)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for step in (0, 50, 100):
        ...         model = L.model_at(torch.tensor([1.0, step / 100]))
        ...         torch.save(model.state_dict(), f"{folder}/step_{step}.pt")
        ...     path = Trajectory.from_checkpoints(folder + "/*.pt", L)
        >>> path.steps, path.end
        (tensor([  0,  50, 100]), tensor([1., 1.], dtype=torch.float64))
        """
        return trajectory_of(L, read_checkpoints(pattern, L, every, key))

    def __getitem__(self, i: int) -> "Trajectory":
        if self.points.ndim == 2:
            raise IndexError("this trajectory has one start; path.points[i] is its i-th point")
        return Trajectory(self.points[:, i], self.losses[:, i], self.steps)

    def __iter__(self) -> Iterator["Trajectory"]:
        # without this, Python would iterate by index and hit the IndexError above
        if self.points.ndim == 2:
            return iter([self])
        return (self[i] for i in range(self.points.shape[1]))


def trajectory_of(L: Objective, walked: Sequence[tuple[int, Tensor]]) -> Trajectory:
    """The trajectory through points, given with their steps; the losses are computed by L."""
    points = torch.stack([point for _, point in walked])
    with torch.no_grad():
        return Trajectory(points, L(points), torch.tensor([step for step, _ in walked]))
