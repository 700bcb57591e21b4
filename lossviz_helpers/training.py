"""Training as a walk: `descend` goes downhill, a `Recorder` follows a loop of your own."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import index
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ._storage.archives import Format
from .objective import Objective, check_objective
from .optimizers import check_walks, made

FILES = Format("Trajectory", "lossviz-trajectory", 1, "record it again")


@dataclass(frozen=True)
class Trajectory:
    """The points that training passed through, with their losses.

    Attributes:
        points: shape `(T, P)`, or `(T, S, P)` for S starts at once.
        losses: loss on all examples, shape `(T,)` or `(T, S)`.
        steps: number of optimiser steps before each point, shape `(T,)`, int64.

    `path[i]` is the trajectory of start i.

    Raises:
        ValueError: if the shapes don't fit together.

    >>> path = Trajectory(torch.zeros(5, 3, 2), torch.zeros(5, 3), torch.arange(5))
    >>> path[0].points.shape
    torch.Size([5, 2])
    """

    points: Tensor
    losses: Tensor
    steps: Tensor

    def __post_init__(self):
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
        """At most so many of its points, evenly chosen, the first and the last among them.

        >>> path = Trajectory(torch.zeros(100, 2), torch.zeros(100), torch.arange(100))
        >>> path.thinned(4).steps
        tensor([ 0, 33, 66, 99])
        """
        rows = torch.linspace(0, len(self) - 1, min(len(self), most), dtype=torch.float64)
        rows = rows.round().long().unique()
        return Trajectory(self.points[rows], self.losses[rows], self.steps[rows])

    def save(self, path: str | PathLike) -> Path:
        """Write everything to one `.npz` file, which `Trajectory.load` reads back exactly.

        An existing file is replaced only once the new one is complete.

        Returns:
            The path, with `.npz` added if it has another ending.

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
    def load(cls, path: str | PathLike) -> "Trajectory":
        """Read a file that `save` wrote, onto the CPU.

        Raises:
            FileNotFoundError: if there is none.
            ValueError: if it isn't a Trajectory, is damaged, or comes from another version.
        """
        return FILES.read(path, lambda found: cls(found["points"], found["losses"], found["steps"]))

    def __getitem__(self, i: int) -> "Trajectory":
        if self.points.ndim == 2:
            raise IndexError("this trajectory has one start; path.points[i] is its i-th point")
        return Trajectory(self.points[:, i], self.losses[:, i], self.steps)

    def __iter__(self):
        # without this Python would iterate by index and end in the IndexError above
        if self.points.ndim == 2:
            return iter([self])
        return (self[i] for i in range(self.points.shape[1]))


class TrainingInterrupted(KeyboardInterrupt):
    """Training was stopped by hand; `trajectory` holds the steps that were done."""

    def __init__(self, trajectory: Trajectory):
        super().__init__(
            f"training stopped after {int(trajectory.steps[-1])} steps; they are in the "
            "exception's .trajectory"
        )
        self.trajectory = trajectory


def descend(
    L: Objective,
    start: Tensor,
    steps: int = 1000,
    lr: float = 0.03,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
    batch_size: int | None = None,
    seed: int = 0,
    every: int = 1,
    **options,
) -> Trajectory:
    """Walk downhill from one start, or from many at once, with any element-wise `torch.optim`.

    Many starts train as one tensor. Each goes its own way: the gradient of their summed loss
    holds for each start its own gradient. Optimisers that mix all entries, such as LBFGS, take one
    start at a time.

    Args:
        L: the landscape.
        start: shape `(P,)`, or `(S, P)` for S starts.
        steps: number of optimiser steps, at least 1.
        lr: learning rate.
        optimizer: a class of `torch.optim`, or any function of a list of tensors that returns one.
        batch_size: examples a step, drawn without replacement, epoch by epoch, the same for every
            start; None for all.
        seed: seed of the mini-batches.
        every: keep every n-th point, the first and the last.
        options: passed on to the optimiser, such as `momentum=0.9`.

    Returns:
        `Trajectory` whose losses are on all examples, also when steps were taken on mini-batches.

    Raises:
        TypeError: if L isn't an `Objective`, optimizer isn't one, or doesn't know an option.
        ValueError: if steps, lr, batch_size or every is out of range, start isn't a point of L, or
            many starts meet an optimiser that mixes them.
        TrainingInterrupted: on Ctrl-C; it holds the trajectory up to then.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> path = descend(L, L.point(), steps=100, lr=0.1, optimizer=torch.optim.SGD)
    >>> path.points.shape, bool(path.losses[-1] < path.losses[0])
    (torch.Size([101, 2]), True)
    """
    check_objective(L)
    theta = L.check_points(start).detach().clone()
    if theta.ndim > 2 or not len(theta):
        raise ValueError(
            f"start must have shape (P,), or (S, P) with at least one start, got "
            f"{tuple(theta.shape)}"
        )
    for name, value in (("steps", steps), ("every", every), ("batch_size", batch_size)):
        if value is not None:
            _check_count(name, value)
    if batch_size is not None and batch_size > L.N:
        raise ValueError(f"batch_size must be at most the {L.N} examples, got {batch_size}")
    if not lr > 0:
        raise ValueError(f"lr must be positive, got {lr}")

    theta.requires_grad_(True)
    opt = made(optimizer, [theta], {"lr": lr, **options}, descend, "optimizer")
    check_walks(opt, starts=len(theta) if theta.ndim == 2 else 1)
    for group in opt.param_groups:
        if "rowwise" in group:
            group["rowwise"] = theta.ndim == 2
    batches = _batches(L, batch_size, seed)
    walked = [(0, theta.detach().clone())]
    try:
        with L.threads(), torch.enable_grad():
            for step in range(1, steps + 1):
                objective = next(batches)

                def closure(objective=objective):
                    opt.zero_grad()
                    loss = objective(theta).sum()
                    loss.backward()
                    return loss

                opt.step(closure)
                if step % every == 0 or step == steps:
                    walked.append((step, theta.detach().clone()))
    except KeyboardInterrupt:
        raise TrainingInterrupted(_trajectory(L, walked)) from None
    return _trajectory(L, walked)


def _check_count(name: str, value: int) -> None:
    try:
        index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, such as 10, got {value!r}") from None
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")


def _trajectory(L: Objective, walked: list[tuple[int, Tensor]]) -> Trajectory:
    steps, points = zip(*walked, strict=True)
    points = torch.stack(points)
    with torch.no_grad():
        return Trajectory(points, L(points), torch.tensor(steps))


def _batches(L: Objective, batch_size: int | None, seed: int):
    """The objective of each step: all examples, or mini-batches of shuffled epochs."""
    if batch_size is None or batch_size == L.N:
        while True:
            yield L
    generator = torch.Generator().manual_seed(seed)
    while True:
        for rows in torch.randperm(L.N, generator=generator).to(L.device).split(batch_size):
            yield L.subset(rows)


class Recorder:
    """Records where a training loop of your own walks: one line before it, one line in it.

    Points are copies on the CPU, T of them take T·P numbers. To keep less, raise `every`; to keep
    them on disk, name a folder.

    Args:
        model: the model that the loop trains.
        every: keep every n-th point, beside the first.
        folder: where to keep the points, one file each; None for in memory.
        resume: go on with a run that was interrupted. Bring the model back first, to any point in
            the folder: steps count on from there, and points of later steps are dropped with the
            first step, for they belong to a run that went another way.

    Raises:
        TypeError: if model isn't a module.
        ValueError: if every is less than 1, or nothing is trained; if the folder already holds
            points and resume is not set, or if the model stands at none of them.

    >>> import lossviz_helpers as lv
    >>> model, data = lv.model_1(), lv.diagonal()
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> record = Recorder(model, every=10)
    >>> for _ in range(100):
    ...     optimizer.zero_grad()
    ...     lv.squared_error(model(data.x), data.y).backward()
    ...     _ = optimizer.step()
    ...     record.step()
    >>> path = record.trajectory(lv.Objective(model, data, lv.squared_error))
    >>> path.points.shape, bool(path.losses[-1] < path.losses[0])
    (torch.Size([11, 2]), True)
    """

    def __init__(
        self,
        model: nn.Module,
        every: int = 1,
        folder: str | PathLike | None = None,
        resume: bool = False,
    ):
        if not isinstance(model, nn.Module):
            raise TypeError(
                "a Recorder follows the model that your loop trains, a torch.nn.Module, got "
                f"{type(model).__name__}; write Recorder(model), and give the landscape to "
                "record.trajectory(L) at the end"
            )
        _check_count("every", every)
        self._model, self._every = model, every
        # by name: parameters may be replaced while the model trains
        self._names = [name for name, p in model.named_parameters() if p.requires_grad]
        if not self._names:
            raise ValueError("the model has no trainable parameters, so it will stay where it is")
        self._points: dict[int, Tensor] = {}
        self._folder = None if folder is None else Path(folder).resolve()
        self._step = 0
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._step = self._first_step(resume)
        self._later = [step for step in self._kept() if step > self._step]
        if self._step not in self._kept():
            self._keep()

    def step(self) -> None:
        """Say that the optimiser has taken a step."""
        while self._later:
            self._file(self._later.pop()).unlink(missing_ok=True)
        self._step += 1
        if self._step % self._every == 0:
            self._keep()

    def trajectory(self, L: Objective) -> Trajectory:
        """The recorded points with their losses, and where the model stands now if that is new.

        Args:
            L: the landscape that they are seen in, of this model. Buffers are those of L, at every
                point: the running statistics of batch normalisation, say, which were others when
                training passed there.

        Raises:
            TypeError: if L isn't an `Objective`.
            ValueError: if the points don't belong to the model of L.
        """
        check_objective(L)
        if self._step not in self._kept():
            self._keep()
        kept = [(step, self._point(step)) for step in self._kept() if step <= self._step]
        if len(kept[0][1]) != L.P:
            raise ValueError(
                f"recorded were {len(kept[0][1])} parameters, the model of this landscape has "
                f"{L.P} that can be trained: another model, or other layers frozen then"
            )
        return _trajectory(L, [(step, L.check_points(point)) for step, point in kept])

    def _here(self) -> Tensor:
        # all names: parameters may also be tied while the model trains
        parameters = dict(self._model.named_parameters(remove_duplicate=False))
        here = torch.cat([parameters[name].detach().flatten().cpu() for name in self._names])
        return here.float() if here.dtype == torch.bfloat16 else here  # unknown to NumPy

    def _kept(self) -> list[int]:
        """The steps whose points are kept, in order."""
        if self._folder is None:
            return sorted(self._points)
        return sorted(int(file.stem) for file in self._folder.glob("[0-9]*.npy"))

    def _point(self, step: int) -> Tensor:
        if self._folder is None:
            return self._points[step]
        return torch.from_numpy(np.load(self._file(step)))

    def _file(self, step: int) -> Path:
        return self._folder / f"{step:09d}.npy"

    def _keep(self) -> None:
        if self._folder is None:
            self._points[self._step] = self._here()
            return
        # complete or not there: a run that is killed while it writes can still be read
        unfinished = self._folder / "unfinished"
        with open(unfinished, "wb") as file:
            np.save(file, self._here().numpy())
        unfinished.replace(self._file(self._step))

    def _first_step(self, resume: bool) -> int:
        """The step at which the model stands, by the points of an earlier run."""
        kept, here = self._kept(), self._here()
        if not kept:
            return 0
        if not resume:
            raise ValueError(
                f"{self._folder} already holds {len(kept)} points; choose another folder, or go "
                "on with them by Recorder(…, resume=True)"
            )
        for step in reversed(kept):
            if torch.equal(self._point(step), here):
                return step
        raise ValueError(
            f"{self._folder} holds the points of steps {kept[0]} to {kept[-1]}, and this model, of "
            f"{len(here)} parameters, stands at none of them; load the checkpoint of one, or "
            f"L.model_at(point), with the point that np.load reads from its file"
        )
