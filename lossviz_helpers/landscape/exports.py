"""Landscapes for other programs: xarray, and VTK files for ParaView."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np


def data_array(axes: Sequence[np.ndarray], loss: np.ndarray, quantity: str, about: str) -> Any:
    """A grid as an `xarray.DataArray`."""
    try:
        import xarray
    except ImportError as err:
        raise ImportError("to_xarray needs the package xarray: pip install xarray") from err
    names = [f"alpha_{i}" for i in range(1, len(axes) + 1)]
    coordinates = dict(zip(names, axes, strict=True))
    labels = {"long_name": quantity, "description": about}
    return xarray.DataArray(loss.copy(), coordinates, names, quantity, labels)


def write_vtk(
    axes: Sequence[np.ndarray], loss: np.ndarray, quantity: str, file: str | PathLike[str]
) -> Path:
    """Write a grid of one to three dimensions as a legacy VTK file, as text.

    Raises:
        ValueError: if it has more dimensions.
    """
    if loss.ndim > 3:
        raise ValueError(f"VTK files have 1 to 3 dimensions, got {loss.ndim}; take a cut: land.at")
    sides = [*axes, *[np.zeros(1)] * (3 - loss.ndim)]
    name = "_".join(quantity.split())
    lines = [
        "# vtk DataFile Version 3.0",
        f"{quantity} on a slice",
        "ASCII",
        "DATASET RECTILINEAR_GRID",
        "DIMENSIONS " + " ".join(str(len(side)) for side in sides),
    ]
    for letter, side in zip("XYZ", sides, strict=True):
        lines += [f"{letter}_COORDINATES {len(side)} double", _row(side)]
    lines += [f"POINT_DATA {loss.size}", f"SCALARS {name} double 1", "LOOKUP_TABLE default"]
    # the first coordinate changes fastest
    lines.append(_row(loss.ravel(order="F")))
    path = Path(file)
    path = path if path.suffix == ".vtk" else path.with_name(path.name + ".vtk")
    path.write_text("\n".join(lines) + "\n", encoding="ascii", errors="replace")
    return path


def _row(values: np.ndarray) -> str:
    return " ".join(repr(float(value)) for value in values)
