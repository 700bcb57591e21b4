"""The list of all constructors of `Slice`, each with examples whose results are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Chooser = TypeVar("Chooser", bound=Callable[..., object])
Point = Sequence[float]


@dataclass(frozen=True)
class Constructor:
    """A constructor of `Slice`, and what it returns for known arguments.

    Attributes:
        name: such as "between".
        arguments: arguments of a call. A list of floats, or of such lists, stands for points.
        gram: inner products of all pairs of chosen directions, `(k, k)`: squares of their lengths
            on the diagonal, and 0 off it where directions are perpendicular.
        landmarks: points `(P,)` of the slice, and their coordinates `(k,)`.
        rejects: arguments that raise an error, and a part of its message.
    """

    name: str
    arguments: Sequence[object]
    gram: Sequence[Sequence[float]]
    landmarks: Sequence[tuple[Point, Sequence[float]]]
    rejects: Sequence[tuple[Sequence[object], str]] = ()


CONSTRUCTORS: list[Constructor] = []
"""All constructors. The tests check each one, and that none of `Slice` is missing here."""


def constructor(
    arguments: Sequence[object],
    gram: Sequence[Sequence[float]],
    landmarks: Sequence[tuple[Point, Sequence[float]]],
    rejects: Sequence[tuple[Sequence[object], str]] = (),
) -> Callable[[Chooser], Chooser]:
    """Add a constructor of `Slice` to the list; see `Constructor` for the arguments."""

    def listed(choose: Chooser) -> Chooser:
        CONSTRUCTORS.append(Constructor(choose.__name__, arguments, gram, landmarks, rejects))
        return choose

    return listed
