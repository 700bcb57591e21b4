"""Checks of what a plot is given, with errors that say what was expected."""

from collections.abc import Mapping

from ..landscape import Landscape
from ..training import Trajectory

Paths = Trajectory | Mapping[str, Trajectory]


def check_dims(land: Landscape, dims: int, picture: str) -> None:
    """TypeError unless this is a landscape, ValueError unless it has `dims` dimensions."""
    if not isinstance(land, Landscape):
        raise TypeError(
            f"{picture} needs a Landscape, but got {type(land).__name__}; land = scan(L, view) "
            "makes one from a slice"
        )
    if land.dims != dims:
        raise ValueError(f"{picture} needs a {dims}D landscape, but got a {land.dims}D one")


def check_path(path: Trajectory) -> None:
    """TypeError unless this is a trajectory."""
    if not isinstance(path, Trajectory):
        raise TypeError(
            f"path must be a Trajectory, got {type(path).__name__}; descend(…) and "
            "record.trajectory(L) return one, and Trajectory(points, losses, steps) makes one"
        )
