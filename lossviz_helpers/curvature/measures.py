"""The list of all measures of sharpness, each with known values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor

Sharpness = TypeVar("Sharpness", bound=Callable[..., float])

RESCALINGS = ("layers", "units")
"""What can be rescaled in a ReLU net without changing its function (Dinh et al. 2017): a whole
layer, if the next one undoes it, or a single unit."""


@dataclass(frozen=True)
class Measure:
    """A measure of sharpness, and what is known about it.

    Attributes:
        function: a function of a landscape and a point `(P,)`.
        on_a_bowl: its value on L(θ) = ½ Σ cᵢθᵢ², from the curvatures c ≥ 0 and θ, both `(P,)`; all
            parameters are one filter.
        invariant_to: which of `RESCALINGS` leave it unchanged; the others must change it.
        tolerance: largest relative deviation from `on_a_bowl` where curvatures differ, as an
            estimate from samples isn't exact.
    """

    function: Callable[..., float]
    on_a_bowl: Callable[[Tensor, Tensor], float]
    invariant_to: tuple[str, ...] = ()
    tolerance: float = 1e-6


MEASURES: dict[str, Measure] = {}
"""All measures, by name. The tests check each one, and that none in sharpness.py is missing."""


def measure(
    on_a_bowl: Callable[[Tensor, Tensor], float],
    invariant_to: tuple[str, ...] = (),
    tolerance: float = 1e-6,
) -> Callable[[Sharpness], Sharpness]:
    """Add a function to the list of measures; see `Measure` for the arguments."""

    def listed(function: Sharpness) -> Sharpness:
        MEASURES[function.__name__] = Measure(function, on_a_bowl, invariant_to, tolerance)
        return function

    return listed
