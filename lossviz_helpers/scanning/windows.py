"""A window worth looking at, and why."""

from typing import NamedTuple

import torch

from ..objective import Objective, check_objective
from ..slices import Extent, Slice
from ..training import Trajectory

STEPS_PER_OCTAVE = 4
OCTAVES = (-8, 5)  # from 1/256 of the size of the weights to 32 times


class Window(NamedTuple):
    """A window of a slice, and the reason for it.

    Attributes:
        extent: k pairs (lo, hi), for `scan(L, view, extent=window.extent)`.
        reason: one sentence.

    >>> Window(((-1.0, 1.0),), "α₁: …").extent
    ((-1.0, 1.0),)
    """

    extent: Extent
    reason: str


def suggest_window(L: Objective, view: Slice, path: Trajectory | None = None) -> Window:
    """Suggest a window of a slice, with the reason.

    With a trajectory it is the one that contains it, with a quarter of its width on each side.
    Without one, each side ends where the loss first reaches that of a model whose parameters are
    all 0, which hardly any model has learnt from its inputs: beyond, most planes show a plateau or
    a cliff. It costs about a hundred evaluations for each direction.

    Args:
        L: the landscape.
        view: the slice.
        path: a trajectory to show; None for the surroundings of the slice's origin.

    Returns:
        A `Window`. A side where the loss never gets that high reaches as far as the parameters are
        large, and the reason says so.

    Raises:
        TypeError: if L isn't an `Objective`.
        ValueError: if view, path and L belong to different models.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> best = torch.tensor([-4 / 7, 10 / 7])
    >>> window = suggest_window(L, Slice(best, torch.eye(2)))
    >>> [round(hi, 1) for lo, hi in window.extent]
    [1.3, 1.1]
    """
    check_objective(L)
    if path is not None:
        extent = view.window(path.points)
        count = path.points[..., 0].numel()
        return Window(extent, f"it contains all {count:,} points of the path, with a quarter more")
    origin = L.check_points(view.origin)
    with torch.no_grad():
        here, level = L(torch.stack([origin, torch.zeros_like(origin)])).double().tolist()
    sides, reasons = [], []
    for i, direction in enumerate(view.directions, start=1):
        size = (origin.double().norm().clamp(min=1e-6) / direction.double().norm()).item()
        both = [_reach(L, view, sign * direction, size, level) for sign in (-1.0, 1.0)]
        sides.append((-(both[0] or size), both[1] or size))
        never = [name for name, r in zip(("below", "above"), both, strict=True) if r is None]
        if never:
            reasons.append(f"α{'₁₂₃₄₅₆₇₈₉'[i - 1]} never gets there {' and '.join(never)} 0")
    reason = (
        f"it ends where the loss, {here:.3g} at the origin, first reaches {level:.3g}, that of a "
        "model whose parameters are all 0"
    )
    return Window(tuple(sides), "; ".join([reason, *reasons]))


def _reach(
    L: Objective, view: Slice, direction: torch.Tensor, size: float, level: float
) -> float | None:
    """How far along a direction the loss first reaches a level; None if it doesn't."""
    low, high = OCTAVES
    steps = (high - low) * STEPS_PER_OCTAVE + 1
    radii = size * 2 ** torch.linspace(low, high, steps, dtype=torch.float64)
    coefficients = torch.stack([torch.ones(steps, dtype=torch.float64), radii], dim=1)
    with torch.no_grad():
        losses = L.combine(coefficients, torch.stack([view.origin, direction])).cpu()
    reached = (~(losses < level)).nonzero()  # nan has reached it too
    return radii[reached[0, 0]].item() if len(reached) else None
