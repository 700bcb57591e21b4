"""Results on disk: `.npz` files of arrays, with a header that says what they are.

Nothing in them is ever executed, and NumPy is enough to read them.
"""

import json
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

Result = TypeVar("Result")
Arrays = dict[str, np.ndarray | Tensor]


class Format(NamedTuple):
    """How results of one kind are stored.

    Attributes:
        kind: the class whose `save` and `load` these files are for.
        name: name of the format, in the header.
        version: version of the format, in the header.
        remedy: what to do about a file of another version.
    """

    kind: str
    name: str
    version: int
    remedy: str

    def write(self, path: str | PathLike[str], arrays: Mapping[str, np.ndarray | Tensor]) -> Path:
        """Write arrays to a file; an existing one is replaced only once the new one is complete.

        Args:
            path: `.npz` is added if it has a different suffix.
            arrays: by name. Tensors come back as tensors, on the CPU.

        Returns:
            The path of the file.
        """
        path = Path(path)
        path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
        unfinished = path.with_name(path.name + ".part")
        dtypes = {n: str(a.dtype) for n, a in arrays.items() if isinstance(a, Tensor)}
        header = {"format": self.name, "version": self.version, "tensors": dtypes}
        try:
            with open(unfinished, "wb") as file:
                np.savez_compressed(
                    file,
                    header=np.array(json.dumps(header)),
                    # the stubs assume that an array may be called allow_pickle
                    **{name: _to_numpy(a) for name, a in arrays.items()},  # type: ignore[arg-type]
                )
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return path

    def read(self, path: str | PathLike[str], build: Callable[[Arrays], Result]) -> Result:
        """Read a file that `write` wrote.

        Args:
            path: where the file is.
            build: makes the result from the arrays, by name.

        Raises:
            FileNotFoundError: if it doesn't exist.
            ValueError: if it contains something else, is damaged, or comes from another version.
        """
        path = Path(path)
        if not path.exists():
            raise FileNotFoundError(f"no such file: {path}")
        try:
            with np.load(path, allow_pickle=False) as file:
                found = dict(file)
            header = json.loads(str(found.pop("header")))
            if header["format"] != self.name:
                raise ValueError(f"its header says {header['format']}")
            if header["version"] == self.version:
                dtypes = header.get("tensors", {})
                return build({n: _from_numpy(a, dtypes.get(n)) for n, a in found.items()})
        except Exception as err:
            raise ValueError(
                f"{path} isn't a {self.kind} file, or is damaged ({type(err).__name__}: {err}); "
                f"expected a file written by {self.kind}.save"
            ) from err
        raise ValueError(
            f"{path} was written in version {header['version']} of the format, but this "
            f"package reads version {self.version}; {self.remedy}, or use the version of the "
            "package that wrote it"
        )


def _to_numpy(array: np.ndarray | Tensor) -> np.ndarray:
    if not isinstance(array, Tensor):
        return array
    array = array.detach().cpu()
    # NumPy doesn't support bfloat16, so its raw bits are stored
    return (array.view(torch.int16) if array.dtype == torch.bfloat16 else array).numpy()


def _from_numpy(array: np.ndarray, dtype: str | None) -> np.ndarray | Tensor:
    if dtype is None:
        return array
    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if dtype == str(torch.bfloat16) else tensor
