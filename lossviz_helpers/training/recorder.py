"""A `Recorder` follows your own training loop."""

from collections.abc import MutableMapping
from os import PathLike
from pathlib import Path

import torch
from torch import Tensor, nn

from ..objective import Objective, check_objective
from .counts import check_count
from .point_files import PointFiles
from .trajectory import Trajectory, trajectory_of


class Recorder:
    """Records the path of your own training loop: one line before the loop, one line inside it.

    Points are copied to the CPU; T points take T·P numbers. To keep fewer points, raise `every`; to
    keep them on disk, pass a folder.

    Args:
        model: the model that the loop trains.
        every: keep every n-th point, plus the first.
        folder: where to keep the points, one file per point; None to keep them in memory.
        resume: continue a run that was interrupted. First restore the model to any point in the
            folder. The step count continues from there, and the first step drops the points of
            later steps, which belong to a run that took a different path.

    Raises:
        TypeError: if model isn't a module.
        ValueError: if every is less than 1, or the model has nothing to train; if the folder
            already holds points and resume isn't set, or the model isn't at any of them.

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
        folder: str | PathLike[str] | None = None,
        resume: bool = False,
    ):
        if not isinstance(model, nn.Module):
            raise TypeError(
                "a Recorder needs the model that your loop trains, a torch.nn.Module, but got "
                f"{type(model).__name__}; write Recorder(model), and pass the landscape to "
                "record.trajectory(L) at the end"
            )
        check_count("every", every)
        self._model, self._every = model, every
        # by name: parameters may be replaced while the model trains
        self._names = [name for name, p in model.named_parameters() if p.requires_grad]
        if not self._names:
            raise ValueError("the model has no trainable parameters, so it will stay where it is")
        self._points: MutableMapping[int, Tensor] = {}
        self._step = 0
        if folder is not None:
            self._points = files = PointFiles(Path(folder).resolve())
            self._step = _first_step(files, self._here(), resume)
        self._later = [step for step in self._points if step > self._step]
        if self._step not in self._points:
            self._keep()

    def step(self) -> None:
        """Record that the optimiser has taken a step."""
        while self._later:
            del self._points[self._later.pop()]
        self._step += 1
        if self._step % self._every == 0:
            self._keep()

    def trajectory(self, L: Objective) -> Trajectory:
        """The recorded points with their losses; the last is where the model is now.

        Args:
            L: a landscape of this model, for the losses. Its buffers, such as the running
                statistics of batch normalisation, are used at every point, although they had other
                values when training passed through it.

        Raises:
            TypeError: if L isn't an `Objective`.
            ValueError: if the points don't belong to the model of L.
        """
        check_objective(L)
        if self._step not in self._points:
            self._keep()
        kept = [(step, self._points[step]) for step in sorted(self._points) if step <= self._step]
        recorded = len(kept[0][1])
        if recorded != L.P:
            raise ValueError(
                f"the recorded points have {recorded} parameters, but the model of this landscape "
                f"has {L.P} trainable ones: it is a different model, or its frozen layers differ"
            )
        return trajectory_of(L, [(step, L.check_points(point)) for step, point in kept])

    def _keep(self) -> None:
        self._points[self._step] = self._here()

    def _here(self) -> Tensor:
        """The model's current point, on the CPU, in a dtype that NumPy supports."""
        # all names: parameters may also be tied while the model trains
        parameters = dict(self._model.named_parameters(remove_duplicate=False))
        here = torch.cat([parameters[name].detach().flatten().cpu() for name in self._names])
        return here.float() if here.dtype == torch.bfloat16 else here


def _first_step(files: PointFiles, here: Tensor, resume: bool) -> int:
    """The step that the model is at, found by comparing it with the points of an earlier run."""
    kept = list(files)
    if not kept:
        return 0
    if not resume:
        raise ValueError(
            f"{files.folder} already holds {len(kept)} points; choose another folder, or "
            "continue from them with Recorder(…, resume=True)"
        )
    for step in reversed(kept):
        if torch.equal(files[step], here):
            return step
    raise ValueError(
        f"{files.folder} holds the points of steps {kept[0]} to {kept[-1]}, but this model, with "
        f"{len(here)} parameters, isn't at any of them; load the checkpoint of one of them, or "
        f"L.model_at(point) with the point that np.load reads from its file"
    )
