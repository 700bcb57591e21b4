"""What every way to choose directions has to prove, and what to fix if it can't.

Each function takes a `Constructor` and raises an AssertionError that says what to change.
"""

import inspect

import pytest
import torch
from torch import Tensor, nn

from lossviz_helpers import Slice
from lossviz_helpers.slices import CONSTRUCTORS
from lossviz_helpers.slices.constructors import Constructor


def constructors() -> set[str]:
    """The names of all constructors of `Slice`, with evidence or without."""
    found = {name for cls in Slice.__mro__ for name, v in vars(cls).items()
             if isinstance(v, classmethod)}  # fmt: skip
    return {name for name in found if not name.startswith("_")}


def every_way_is_listed() -> None:
    missing = constructors() - {way.name for way in CONSTRUCTORS}
    assert not missing, (
        f"Slice.{' and Slice.'.join(sorted(missing))} must prove what they do: put "
        "@constructor(arguments=…, gram=…, landmarks=…, rejects=…) under @classmethod"
    )


def it_says_what_it_takes(way: Constructor) -> None:
    text = inspect.getdoc(getattr(Slice, way.name)) or ""
    for part in ("Args:", "Raises:", ">>> "):
        assert part in text, f"Slice.{way.name}: its docstring has no {part.strip()}"


def its_directions_have_the_lengths_and_angles_that_it_says(way: Constructor) -> None:
    view = chosen(way)
    gram, found = torch.tensor(way.gram).double(), view.directions @ view.directions.T
    same = gram.shape == found.shape and torch.allclose(found, gram, rtol=1e-6, atol=1e-9)
    assert same, (
        f"Slice.{way.name}: the products of its directions are {found.tolist()}, its example says "
        f"{gram.tolist()}; one of them is wrong"
    )


def its_landmarks_lie_where_it_says(way: Constructor) -> None:
    assert way.landmarks, f"Slice.{way.name}: its example has no landmarks; give one or more"
    view = chosen(way)
    for point, alpha in way.landmarks:
        theta = torch.tensor(point).double()
        found, apart = view.coordinates(theta), view.distance(theta).item()
        assert torch.allclose(found, torch.tensor(alpha).double(), atol=1e-9), (
            f"Slice.{way.name}: {point} has coordinates {found.tolist()}, its example says "
            f"{alpha}; one of them is wrong"
        )
        assert apart == pytest.approx(0, abs=1e-9), (
            f"Slice.{way.name}: {point} is {apart:.2g} away from the slice; a landmark lies on it"
        )


def its_window_holds_the_landmarks(way: Constructor) -> None:
    extent = chosen(way).extent
    for point, alpha in way.landmarks:
        inside = all(lo <= a <= hi for a, (lo, hi) in zip(alpha, extent, strict=True))
        assert inside, f"Slice.{way.name}: {point} lies outside its window {extent}; set extent"


def it_gives_the_same_slice_again(way: Constructor) -> None:
    state, given = torch.random.get_rng_state(), taken(way.arguments)
    first, second = (getattr(Slice, way.name)(*given) for _ in range(2))
    same = torch.equal(first.origin, second.origin) and torch.equal(
        first.directions, second.directions
    )
    assert same, f"Slice.{way.name}: two calls give two slices; take a seed, not chance"
    assert torch.equal(torch.random.get_rng_state(), state), (
        f"Slice.{way.name} changes PyTorch's random state; take torch.Generator().manual_seed(seed)"
    )
    for before, after in zip(taken(way.arguments), given, strict=True):
        if isinstance(before, Tensor):
            assert torch.equal(before, after), f"Slice.{way.name} changes its arguments"


def it_rejects_what_it_cannot_use(way: Constructor) -> None:
    assert way.rejects, f"Slice.{way.name}: its example says nothing that it rejects"
    for arguments, message in way.rejects:
        said = refusal(way, taken(arguments))
        assert message in said, (
            f"Slice.{way.name}{tuple(arguments)}: expected an error with {message!r}, got "
            f"{said or 'a slice'!r}"
        )
    said = refusal(way, [nn.Linear(2, 1), *taken(way.arguments)[1:]])
    assert f"Slice.{way.name} takes" in said, (
        f"Slice.{way.name} of a model: expected 'Slice.{way.name} takes …', got "
        f"{said or 'a slice'!r}; begin with in_same_space or check_trajectory"
    )


WAY = (
    it_says_what_it_takes,
    its_directions_have_the_lengths_and_angles_that_it_says,
    its_landmarks_lie_where_it_says,
    its_window_holds_the_landmarks,
    it_gives_the_same_slice_again,
    it_rejects_what_it_cannot_use,
)


def taken(arguments) -> list:
    """Arguments of a call: lists of floats become points in float64."""
    return [torch.tensor(a, dtype=torch.float64) if is_a_point(a) else a for a in arguments]


def is_a_point(argument) -> bool:
    while isinstance(argument, list) and argument:
        argument = argument[0]
    return isinstance(argument, float)


def chosen(way: Constructor) -> Slice:
    return getattr(Slice, way.name)(*taken(way.arguments))


def refusal(way: Constructor, arguments: list) -> str:
    """The error of a call; nothing if it gives a slice."""
    try:
        getattr(Slice, way.name)(*arguments)
    except Exception as err:
        return str(err)
    return ""
