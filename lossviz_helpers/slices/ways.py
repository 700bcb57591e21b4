"""The list of all ways to choose directions, each with examples whose answers are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Chooser = TypeVar("Chooser", bound=Callable[..., object])
Point = Sequence[float]


@dataclass(frozen=True)
class Way:
    """A way to choose directions, and what it gives for known arguments.

    Attributes:
        name: of the constructor, such as "between".
        arguments: of a call. A list of floats, or of such lists, stands for points.
        gram: products of the chosen directions with one another, `(k, k)`: squares of their
            lengths, and 0 beside them where directions are perpendicular.
        landmarks: points `(P,)` of the slice, and their coordinates `(k,)`.
        refuses: arguments that can't be used, and a part of the error.
    """

    name: str
    arguments: Sequence[object]
    gram: Sequence[Sequence[float]]
    landmarks: Sequence[tuple[Point, Sequence[float]]]
    refuses: Sequence[tuple[Sequence[object], str]] = ()


WAYS: list[Way] = []
"""All of them; the tests try each, and find constructors of `Slice` that aren't here."""


def way(
    arguments: Sequence[object],
    gram: Sequence[Sequence[float]],
    landmarks: Sequence[tuple[Point, Sequence[float]]],
    refuses: Sequence[tuple[Sequence[object], str]] = (),
) -> Callable[[Chooser], Chooser]:
    """Put a constructor of `Slice` on the list, with an example; see `Way` for the arguments."""

    def listed(choose: Chooser) -> Chooser:
        WAYS.append(Way(choose.__name__, arguments, gram, landmarks, refuses))
        return choose

    return listed
