"""Results that chapters load because computing them would take too long.

They are part of the package, so that a chapter runs wherever it is copied to.
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def measured(name: str) -> Path:
    """The file with results that were measured for a chapter; `numpy.load` reads it.

    The project's `python -m claims --data` writes these files.

    Args:
        name: the name of the results, such as "08_skip".

    Raises:
        FileNotFoundError: if there are none with this name; the error lists the names.

    >>> import numpy as np
    >>> np.load(measured("08_skip"))["loss"].shape[-2:]
    (31, 31)
    """
    file = FOLDER / f"{name}.npz"
    if not file.is_file():
        names = ", ".join(sorted(path.stem for path in FOLDER.glob("*.npz")))
        raise FileNotFoundError(f"there are no results named {name!r}; choose from {names}")
    return file
