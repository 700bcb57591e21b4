"""Points on disk, indexed by training step."""

from collections.abc import Iterator, MutableMapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor


class PointFiles(MutableMapping[int, Tensor]):
    """A folder of points in the order of their steps, one `.npy` file each.

    A file is either complete or absent, so a run that was killed while writing can still be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     points = PointFiles(Path(folder))
    ...     points[20] = torch.zeros(2)
    ...     points[10] = torch.ones(2)
    ...     list(points), points[10]
    ([10, 20], tensor([1., 1.]))
    """

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def __getitem__(self, step: int) -> Tensor:
        try:
            return torch.from_numpy(np.load(self._file(step)))
        except FileNotFoundError:
            raise KeyError(step) from None

    def __setitem__(self, step: int, point: Tensor) -> None:
        unfinished = self.folder / "unfinished"
        with open(unfinished, "wb") as file:
            np.save(file, point.numpy())
        unfinished.replace(self._file(step))

    def __delitem__(self, step: int) -> None:
        self._file(step).unlink(missing_ok=True)

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(int(file.stem) for file in self.folder.glob("[0-9]*.npy")))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _file(self, step: int) -> Path:
        return self.folder / f"{step:09d}.npy"
