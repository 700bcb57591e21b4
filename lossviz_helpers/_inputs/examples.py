"""The examples that a loss is averaged over, in whatever structure the model takes its inputs.

Inputs and targets are tensors with one entry per example, or tuples and dicts of such tensors, for
a model that takes several inputs or a loss that needs more than one target.
"""

import math
import random
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
import psutil
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_flatten, tree_leaves, tree_map
from torch.utils.data import DataLoader, Dataset

ADVICE = (
    "expected a pair (x, y), or a DataLoader or another iterable of such pairs; x is what a model "
    "takes: a tensor for model(x), a tuple for model(*x), a dict for model(**x); the loss gets "
    "(outputs, y). Turn other batches into pairs as you go: (((a, mask), y) for a, mask, y in "
    "loader), or (({'image': b['image']}, b['labels']) for b in loader) with everything that "
    "forward takes. If there are no targets, pass the inputs in their place: (x, x), or ((x, x) "
    "for (x,) in loader)"
)
ONE_EXAMPLE = (
    "rows that belong together, such as the nodes of a graph, are one example: give x and y a "
    "leading dimension of size 1, ((X[None], A[None]), Y[None]); if the model can't take that "
    "dimension, wrap it in a module with def forward(self, X, A): return self.net(X[0], A[0])[None]"
)
PART = "take only part of it, such as itertools.islice(loader, 50)"
PATIENCE = 10  # seconds before a warning that reading takes long


@dataclass(frozen=True)
class Examples:
    """Inputs and targets, each a tensor or a tuple, list or dict of tensors.

    Attributes:
        x: inputs; every tensor has one entry per example.
        y: targets, likewise.
        weights: how much each counts in the loss, shape `(N,)`; None if all count the same.

    >>> examples = Examples.read(({"a": torch.zeros(5, 2), "b": torch.ones(5)}, torch.arange(5)))
    >>> len(examples), examples[:2].y
    (5, tensor([0, 1]))
    >>> [len(batch) for batch in examples.split(2)]
    [2, 2, 1]
    """

    x: object
    y: object
    weights: Tensor | None = None

    @classmethod
    def read(cls, data: object) -> "Examples":
        """Examples from a pair `(x, y)`, or from the batches of a loader, which is read once.

        Reading leaves RNG states and the loader's own generator as they were, and a loader that
        shuffles gives the same order every time.

        Raises:
            TypeError: if the data aren't pairs of tensors.
            ValueError: if they are empty, or x and y have different lengths.
            MemoryError: if a loader yields more than half of the free memory.
        """
        if isinstance(data, Dataset):
            data = DataLoader(data, batch_size=256)
        if isinstance(data, list) and data and all(map(_is_pair, data)):
            x, y = _read_batches(data)
        elif _is_pair(data):
            # copies: later changes to the originals must not change the landscape
            x, y = (tree_map(torch.clone, _as_tensors(part)) for part in data)
        elif isinstance(data, Iterable) and not isinstance(data, tuple | list | Mapping | Tensor):
            x, y = _read_batches(data)
        else:
            raise TypeError(f"data of type {type(data).__name__}: {ADVICE}")
        lengths = {len(t) if t.ndim else None for t in tree_leaves((x, y))}
        if len(lengths) != 1 or None in lengths:
            raise ValueError(
                f"x and y need one entry per example, got {describe(x)} and {describe(y)}; "
                + ONE_EXAMPLE
            )
        if lengths == {0}:
            raise ValueError("the data are empty: x and y have 0 examples")
        return cls(x, y)

    def __len__(self) -> int:
        return len(tree_leaves(self.x)[0])

    def __getitem__(self, rows: slice | Tensor) -> "Examples":
        x, y = tree_map(lambda t: t[rows], (self.x, self.y))
        if self.weights is None:
            return Examples(x, y)
        return Examples(x, y, self.weights[rows.cpu() if isinstance(rows, Tensor) else rows])

    @property
    def weight(self) -> float:
        """How much they count together: their number, unless they have weights."""
        return len(self) if self.weights is None else self.weights.sum().item()

    def split(self, size: int) -> Iterator["Examples"]:
        """The examples in batches; the last may be smaller."""
        return (self[i : i + size] for i in range(0, len(self), size))

    def blocks(self, size: int) -> Iterator["Examples"]:
        """The examples in parts of equal size; the last one may overlap the one before."""
        size = min(size, len(self))
        starts = (min(i, len(self) - size) for i in range(0, len(self), size))
        return (self[i : i + size] for i in starts)

    def sample(self, n: int) -> "Examples":
        """At most n examples, spread over the whole data set, in case it is sorted."""
        n = min(n, len(self))
        return self[torch.linspace(0, len(self) - 1, n).long()]

    def map(self, function: Callable[[Tensor], Tensor]) -> "Examples":
        """The examples with a function applied to every tensor."""
        x, y = tree_map(function, (self.x, self.y))
        return Examples(x, y, self.weights)

    def named(self) -> list[tuple[str, Tensor]]:
        """Every tensor, with a name that says where it is."""
        leaves, structure = tree_flatten((self.x, self.y))
        return [(f"{structure} {i}", t) for i, t in enumerate(leaves)]


def arguments(x: object) -> tuple[tuple[object, ...], dict[str, object]]:
    """How a model is called on inputs: positional and keyword arguments.

    >>> arguments({"image": 1, "mask": 2}), arguments((1, 2)), arguments(3)
    (((), {'image': 1, 'mask': 2}), ((1, 2), {}), ((3,), {}))
    """
    if isinstance(x, Mapping):
        return (), dict(x)
    return (tuple(x), {}) if isinstance(x, tuple | list) else ((x,), {})


def call(model: nn.Module, x: object) -> object:
    """Outputs of a model on inputs: `model(x)`, `model(*x)` or `model(**x)`."""
    positional, by_name = arguments(x)
    return model(*positional, **by_name)


def at_least_float32(outputs: object) -> object:
    """Outputs in at least float32, which is precise enough for a mean over many examples.

    >>> at_least_float32({"logits": torch.zeros(2, dtype=torch.bfloat16)})["logits"].dtype
    torch.float32
    """

    def raised(value: object) -> object:
        if isinstance(value, Tensor) and value.is_floating_point() and value.itemsize < 4:
            return value.float()
        return value

    return tree_map(raised, outputs)


def tensors_of(values: object) -> list[Tensor]:
    """The tensors in outputs or inputs of any structure.

    >>> len(tensors_of({"logits": torch.zeros(2), "cache": None, "losses": (torch.ones(1), 3)}))
    2
    """
    return [leaf for leaf in tree_leaves(values) if isinstance(leaf, Tensor)]


def map_tensors(function: Callable[[Tensor], object], values: object) -> Any:
    """Values of any structure, with a function applied to their tensors and all else left as it is.

    >>> map_tensors(len, (torch.zeros(2), None))
    (2, None)
    """
    return tree_map(lambda leaf: function(leaf) if isinstance(leaf, Tensor) else leaf, values)


def describe(values: object) -> str:
    """Shapes and dtypes of a tensor, or of the tensors in a tuple, list or dict, in words.

    >>> describe({"logits": torch.zeros(5, 3), "loss": 0.5})
    '{logits: (5, 3) float32, loss: float}'
    """
    if isinstance(values, Tensor):
        return f"{tuple(values.shape)} {str(values.dtype).removeprefix('torch.')}"
    if isinstance(values, Mapping):
        return "{" + ", ".join(f"{name}: {describe(v)}" for name, v in values.items()) + "}"
    if isinstance(values, tuple | list):
        return "(" + ", ".join(map(describe, values)) + ")"
    return type(values).__name__


def _is_pair(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, tuple | list) and len(value) == 2


def _as_tensors(values: object) -> object:
    """Tensors unchanged, arrays and lists of numbers converted to tensors."""
    values = dict(values) if isinstance(values, Mapping) else values
    leaves = tree_leaves(values)
    if not any(isinstance(leaf, Tensor | np.ndarray) for leaf in leaves):
        values, leaves = np.asarray(values), []
    for leaf in leaves:
        if not isinstance(leaf, Tensor | np.ndarray):
            raise TypeError(f"inputs and targets hold a {type(leaf).__name__}: {ADVICE}")
        if isinstance(leaf, Tensor) and leaf.layout != torch.strided:
            raise TypeError(
                f"inputs and targets hold a tensor of layout {leaf.layout}, which can't be "
                "split into batches: make it dense, or let the model hold it as a buffer"
            )
    try:
        return tree_map(lambda leaf: torch.as_tensor(leaf).detach(), values)
    except TypeError as err:  # an array of strings, say
        raise TypeError(f"inputs and targets must be numbers ({err}): {ADVICE}") from None


def _read_batches(loader: Iterable[object]) -> tuple[object, object]:
    """The batches of a loader, joined."""
    budget = psutil.virtual_memory().available // 2
    batches, size, patient_until = [], 0, time.monotonic() + PATIENCE
    with _rewound(loader):
        for batch in loader:
            if not _is_pair(batch):
                raise TypeError(f"got a batch {describe(batch)}: {ADVICE}")
            batches.append(tuple(_as_tensors(part) for part in batch))
            size += sum(t.nbytes for t in tree_leaves(batches[-1]))
            if size > budget:
                raise MemoryError(
                    f"the loader has yielded {size / 1e9:.1f} GB, more than half of the free "
                    f"memory; {PART}"
                )
            if time.monotonic() > patient_until:
                patient_until = math.inf
                warnings.warn(
                    f"still reading: {len(batches)} batches and {size / 1e6:.0f} MB so far. A "
                    f"loader is read to the end; if it never ends, {PART}",
                    stacklevel=4,
                )
    if not batches:
        advice = "a generator can be read only once"
        if isinstance(loader, DataLoader):
            advice = "are there examples, and enough for one batch if drop_last is set?"
        raise ValueError(f"the {type(loader).__name__} yielded no batches: {advice}")
    try:
        x, y = tree_map(lambda *parts: torch.cat(parts), *batches)
        return x, y
    except (RuntimeError, ValueError) as err:
        shapes = ", ".join(sorted({describe(batch) for batch in batches})[:3])
        advice = "pad them to the same length"
        if any(t.ndim == 0 for t in tree_leaves(batches)):
            advice = "turn single examples into batches with DataLoader(examples, batch_size=256)"
        raise ValueError(
            f"batches of different kinds can't be joined: {shapes}; {advice} ({err})"
        ) from None


@contextmanager
def preserved_rng() -> Iterator[Callable[[], bool]]:
    """Restore the RNG states of PyTorch, NumPy and Python after a block.

    Yields a function that says whether random numbers have been drawn since.

    >>> with preserved_rng() as drawn:
    ...     drawn(), random.random() < 1, drawn()
    (False, True, True)
    """

    torch_state, python_state = torch.get_rng_state(), random.getstate()
    numpy_state = np.random.get_state()  # noqa: NPY002, this is about the global state

    def drawn() -> bool:
        same = [torch.equal(torch_state, torch.get_rng_state()), python_state == random.getstate()]
        same += map(np.array_equal, numpy_state, np.random.get_state())  # noqa: NPY002
        return not all(same)

    try:
        yield drawn
    finally:
        torch.set_rng_state(torch_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


@contextmanager
def _rewound(loader: Iterable[object]) -> Iterator[None]:
    """After a block, restore the RNG states that a loader draws from."""
    holders = (loader, getattr(loader, "sampler", None))
    generators = [
        g for h in holders if isinstance(g := getattr(h, "generator", None), torch.Generator)
    ]
    states = [g.get_state() for g in generators]
    try:
        with preserved_rng():
            # a different order in every run would give a different landscape in every run
            torch.default_generator.manual_seed(0)
            np.random.seed(0)  # noqa: NPY002, old code draws from it
            random.seed(0)
            yield
    finally:
        for generator, state in zip(generators, states, strict=True):
            generator.set_state(state)
