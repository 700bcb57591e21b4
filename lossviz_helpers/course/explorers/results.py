"""Files of results that explorers show.

The project's `python -m claims --data` writes the files that the chapters load.
"""

import zipfile
from collections.abc import Mapping
from os import PathLike

import numpy as np
import numpy.typing as npt

File = str | PathLike[str]
Array = npt.NDArray[np.float64]
# shapes of the arrays; a name stands for the same size everywhere
Sizes = Mapping[str, tuple[str | int, ...]]


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
