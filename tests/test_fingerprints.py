"""Two functions have one name only if everything that can be told about them is the same."""

import functools
import types

import numpy as np
import pytest
import torch
from torch import nn

from lossviz_helpers._storage.fingerprints import contents


def compiled(code: str, **names):
    """A function `f` from source: what is told apart must not be where it was written."""
    space = {"__name__": "somewhere", **names}
    exec(compile(code, "<somewhere>", "exec"), space)
    return space["f"]


def helped(code: str):
    """A function that calls a helper defined next to it."""
    return compiled(f"def helper(x):\n    return {code}\ndef f(x):\n    return helper(x)")


def filled(value: float) -> nn.Module:
    layer = nn.Linear(2, 1)
    nn.init.constant_(layer.weight, value)
    nn.init.zeros_(layer.bias)
    return layer


def with_buffer(value: float) -> nn.Module:
    layer = nn.Identity()
    layer.register_buffer("scale", torch.tensor(value))
    return layer


class Scaled(nn.Module):
    def __init__(self, scale):
        super().__init__()
        self.scale = scale

    def forward(self, x):
        return self.scale * x


class Other(Scaled):
    def forward(self, x):
        return self.scale + x


class Method:
    def __init__(self, scale):
        self.scale = scale

    def __call__(self, x):
        return self.scale * x

    def times(self, x):
        return self.scale * x

    def plus(self, x):
        return self.scale + x


FLOAT = torch.tensor([0.0, 0.0])
PAIRS = {
    "numbers": (1, 2),
    "an integer and a float": (1, 1.0),
    "words": ("mean", "sum"),
    "tensors": (FLOAT, FLOAT + 1),
    "shapes of tensors": (FLOAT, FLOAT[None]),
    "types of tensors": (FLOAT, torch.tensor([0, 0], dtype=torch.int32)),
    "arrays": (np.zeros(2), np.ones(2)),
    "shapes of arrays": (np.zeros(2), np.zeros((1, 2))),
    "types of arrays": (np.zeros(2), np.zeros(2, dtype=np.int64)),
    "lists": ([1, 2], [2, 1]),
    "sets": ({1, 2}, {1, 3}),
    "values of a dict": ({"a": 1}, {"a": 2}),
    "keys of a dict": ({"a": 1}, {"b": 1}),
    "code": (compiled("def f(x): return x + x"), compiled("def f(x): return x - x")),
    "constants": (compiled("def f(x): return 2 * x"), compiled("def f(x): return 3 * x")),
    "names in code": (
        compiled("def f(x): return x.sin()"),
        compiled("def f(x): return x.cos()"),
    ),
    "defaults": (compiled("def f(x, k=2): return k"), compiled("def f(x, k=3): return k")),
    "globals": (
        compiled("def f(x): return LIMIT * x", LIMIT=2),
        compiled("def f(x): return LIMIT * x", LIMIT=3),
    ),
    "helpers": (helped("2 * x"), helped("3 * x")),
    "options of a partial": (functools.partial(max, key=1), functools.partial(max, key=2)),
    "arguments of a partial": (functools.partial(max, 1), functools.partial(max, 2)),
    "functions of a partial": (functools.partial(max, 1), functools.partial(min, 1)),
    "objects of a method": (Method(2).times, Method(3).times),
    "methods of an object": (Method(2).times, Method(2).plus),
    "settings of an object": (Method(2), Method(3)),
    "parameters of a module": (filled(1.0), filled(2.0)),
    "buffers of a module": (with_buffer(1.0), with_buffer(2.0)),
    "settings of a module": (Scaled(2), Scaled(3)),
    "code of a module": (Scaled(2), type("Scaled", (Other,), {"__qualname__": "Scaled"})(2)),
    "modules in a module": (nn.Sequential(nn.ReLU()), nn.Sequential(nn.Tanh())),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_different_objects_have_different_fingerprints(pair):
    one, other = PAIRS[pair]
    assert contents(one) != contents(other)
    assert contents(one) == contents(one)


def closed_over(value):
    return lambda x: value * x


def test_closure_variables_are_part_of_a_fingerprint():
    assert contents(closed_over(2)) != contents(closed_over(3))
    assert contents(closed_over([2])) != contents(closed_over([3]))
    assert contents(closed_over(2)) == contents(closed_over(2))


def test_the_order_of_a_set_is_ignored():
    one, other = set([0, 8]), set([8, 0])  # noqa: C405, literals would be sorted by the compiler
    assert list(one) != list(other), "they hold the same in another order"
    assert contents(one) == contents(other)


def test_the_order_of_a_partials_options_is_ignored():
    assert contents(functools.partial(max, key=1, default=2)) == contents(
        functools.partial(max, default=2, key=1)
    )


def test_recursive_functions_have_a_fingerprint():
    again = compiled("def f(x): return f(x)")
    assert isinstance(again, types.FunctionType)
    assert contents(again) == contents(again)
