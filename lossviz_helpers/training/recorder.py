"""A `Recorder` follows a training loop of your own."""

from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ..objective import Objective, check_objective
from .counts import _check_count
from .trajectory import Trajectory, _trajectory


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
