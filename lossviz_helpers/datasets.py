"""Data to learn from: the two toy problems of the series, and scikit-learn's handwritten digits.

Every function takes a seed and returns a `Dataset` of tensors; nothing is downloaded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeVar

import torch
from scipy import ndimage
from torch import Tensor

from ._inputs.extras import needs_extra


class Dataset(NamedTuple):
    """Inputs `x` and targets `y` that belong together, example by example.

    Attributes:
        x: inputs, shape `(N, ...)`.
        y: targets, shape `(N, ...)`.

    >>> data = Dataset(torch.zeros(3, 2), torch.ones(3))
    >>> data.x.shape, data.y.shape
    (torch.Size([3, 2]), torch.Size([3]))
    """

    x: Tensor
    y: Tensor


@dataclass(frozen=True)
class Facts:
    """What is known about a dataset; the tests compare it with what is loaded.

    Attributes:
        load: the function; it takes the number of examples, a seed and a dtype.
        examples: how many there are by default, in the training and the test set if it has both.
        inputs: shape of one input.
        classes: how many; None if targets are real numbers.
        window: the range that all inputs lie in.
        centred: whether every input has mean 0 over all examples.
        rule: the target of an input, given as a list of floats; None if no formula gives it.
    """

    load: Callable[..., Dataset | tuple[Dataset, Dataset]]
    examples: tuple[int, ...]
    inputs: tuple[int, ...]
    classes: int | None
    window: tuple[float, float]
    centred: bool = False
    rule: Callable[[Sequence[float]], float] | None = None


DATASETS: dict[str, Facts] = {}
"""All datasets, by name. The tests load each one, and check that no function here is missing."""

Load = TypeVar("Load", bound=Callable[..., Dataset | tuple[Dataset, Dataset]])


def dataset(
    examples: tuple[int, ...],
    inputs: tuple[int, ...],
    classes: int | None,
    window: tuple[float, float],
    centred: bool = False,
    rule: Callable[[Sequence[float]], float] | None = None,
) -> Callable[[Load], Load]:
    """Add a function to the list of datasets; see `Facts` for the arguments."""

    def listed(load: Load) -> Load:
        DATASETS[load.__name__] = Facts(load, examples, inputs, classes, window, centred, rule)
        return load

    return listed


@dataset(examples=(500,), inputs=(2,), classes=2, window=(0.0, 1.0), rule=lambda x: x[1] > x[0])
def diagonal(n: int = 500, seed: int = 0, dtype: torch.dtype = torch.float64) -> Dataset:
    """Points of the unit square; the target is 1 above the diagonal, where x₂ > x₁.

    Args:
        n: number of examples, at least 1.
        seed: seed for the points.
        dtype: floating type of inputs and targets.

    Returns:
        `Dataset` with x of shape `(n, 2)`, uniform in [0, 1]², and y of shape `(n,)`, 0 or 1.

    Raises:
        ValueError: if n is less than 1.

    >>> data = diagonal(4)
    >>> bool(((data.x[:, 1] > data.x[:, 0]) == (data.y == 1)).all())
    True
    """
    x = _unit_square(n, seed, dtype)
    return Dataset(x, (x[:, 1] > x[:, 0]).to(dtype))


@dataset(
    examples=(500,),
    inputs=(2,),
    classes=2,
    window=(0.0, 1.0),
    rule=lambda x: (x[0] > 0.5) != (x[1] > 0.5),
)
def xor(n: int = 500, seed: int = 0, dtype: torch.dtype = torch.float64) -> Dataset:
    """Points of the unit square; the target is 1 in the upper left and lower right quadrants.

    Args:
        n: number of examples, at least 1.
        seed: seed for the points.
        dtype: floating type of inputs and targets.

    Returns:
        `Dataset` with x of shape `(n, 2)`, uniform in [0, 1]², and y of shape `(n,)`, 0 or 1.

    Raises:
        ValueError: if n is less than 1.

    >>> data = xor(4)
    >>> right, upper = data.x[:, 0] > 0.5, data.x[:, 1] > 0.5
    >>> bool(((right != upper) == (data.y == 1)).all())
    True
    """
    x = _unit_square(n, seed, dtype)
    right, upper = (x > 0.5).unbind(dim=1)
    return Dataset(x, (right != upper).to(dtype))


@dataset(examples=(1000, 797), inputs=(64,), classes=10, window=(-3.4, 3.4), centred=True)
def digits(
    n_train: int = 1000, seed: int = 0, dtype: torch.dtype = torch.float32
) -> tuple[Dataset, Dataset]:
    """Handwritten digits, 8×8 pixels, split into a training and a test set.

    The 1797 images come with scikit-learn (`sklearn.datasets.load_digits`). Pixels are divided
    by 16, centred by the mean of each pixel over all images, and divided by 0.3.

    Args:
        n_train: number of training examples, 1 to 1796; the rest is the test set.
        seed: seed for the split.
        dtype: floating type of the inputs.

    Returns:
        Training and test `Dataset`, x of shape `(N, 64)`, y of shape `(N,)`: classes 0 to 9, int64.

    Raises:
        ValueError: if n_train leaves one of the two sets empty.
        ModuleNotFoundError: if scikit-learn, part of the extra "notebooks", isn't installed.

    >>> train, test = digits(n_train=1000)
    >>> train.x.shape, test.y.shape
    (torch.Size([1000, 64]), torch.Size([797]))
    """
    x, y = _pictures()
    n = len(y)
    if not 1 <= n_train < n:
        raise ValueError(f"n_train must be from 1 to {n - 1}, got {n_train}")
    x = _normalised(x).to(dtype)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    train, test = order[:n_train], order[n_train:]
    return Dataset(x[train], y[train]), Dataset(x[test], y[test])


def with_label_noise(data: Dataset, share: float, seed: int = 0) -> Dataset:
    """The same inputs, with a fraction of the class labels replaced by another class at random.

    Args:
        data: a `Dataset` whose targets are class indices, 0 to the largest that occurs.
        share: what fraction, from 0 to 1; rounded to whole examples.
        seed: seed for the choice of examples, and for their new classes.

    Returns:
        `Dataset` whose y differs from `data.y` in exactly `round(share * N)` examples.

    Raises:
        ValueError: if share is outside [0, 1], or there is only one class.

    >>> data = Dataset(torch.zeros(10, 2), torch.arange(10) % 5)
    >>> noisy = with_label_noise(data, 0.2)
    >>> int((noisy.y != data.y).sum())
    2
    """
    if not 0 <= share <= 1:
        raise ValueError(f"label noise must be a fraction from 0 to 1, got {share}")
    classes = int(data.y.max()) + 1
    if classes < 2:
        raise ValueError("label noise needs at least two classes, got one")
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.randperm(len(data.y), generator=generator)[: round(share * len(data.y))]
    # adding 1 to classes − 1, modulo the number of classes, never gives the same class
    step = torch.randint(1, classes, (len(chosen),), generator=generator)
    y = data.y.clone()
    y[chosen] = (y[chosen] + step.to(y)) % classes
    return Dataset(data.x, y)


def pictures(x: Tensor) -> Tensor:
    """The inputs of `digits` as images, ready to display.

    Args:
        x: shape `(N, 64)`.

    Returns:
        Pixels, 0 for background and 1 for ink, shape `(N, 8, 8)`, float64.

    Raises:
        ValueError: if the inputs aren't 8×8 images.

    >>> train, _ = digits()
    >>> pictures(train.x).shape
    torch.Size([1000, 8, 8])
    """
    if x.ndim != 2 or x.shape[1] != 64:
        raise ValueError(f"expected images of 64 pixels, shape (N, 64), got {tuple(x.shape)}")
    return (x.double().cpu() * 0.3 + _pictures()[0].mean(dim=0)).view(-1, 8, 8)


def disturbed(
    data: Dataset, shift: float = 0, degrees: float = 0, noise: float = 0, seed: int = 0
) -> Dataset:
    """The same digits after a distribution shift: shifted, rotated, noisy.

    Args:
        data: from `digits`.
        shift: pixels to the right; the gap is filled with background.
        degrees: rotation, counterclockwise about the centre.
        noise: standard deviation of Gaussian noise on every pixel, where ink is 1.
        seed: seed for the noise.

    Returns:
        `Dataset` with the same targets.

    Raises:
        ValueError: if the inputs aren't 8×8 images, or noise is negative.

    >>> _, test = digits()
    >>> torch.equal(disturbed(test, degrees=30).y, test.y)
    True
    >>> back = disturbed(disturbed(test, shift=1), shift=-1)  # the first column is lost
    >>> torch.allclose(back.x.view(-1, 8, 8)[:, :, :7], test.x.view(-1, 8, 8)[:, :, :7], atol=1e-5)
    True
    """
    if noise < 0:
        raise ValueError(f"noise must be at least 0, got {noise}")
    images = pictures(data.x).numpy()
    if shift:
        images = ndimage.shift(images, (0, 0, shift), order=1)
    if degrees:
        images = ndimage.rotate(images, degrees, axes=(2, 1), reshape=False, order=1)
    generator = torch.Generator().manual_seed(seed)
    x = torch.as_tensor(images).reshape(-1, 64)
    x = x + noise * torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return Dataset(_normalised(x).to(data.x), data.y)


def with_cue(data: Dataset, right: float, seed: int = 0) -> tuple[Dataset, Tensor]:
    """The same digits with a bright pixel at the edge that gives the class away: a spurious cue.

    Every class has its own pixel, in the first or the last column, where digits are mostly empty.
    In a fraction `right` of the images the pixel matches the label; in the others it is that of
    another class.

    Args:
        data: from `digits`.
        right: fraction of the images whose cue matches the label, from 0 to 1.
        seed: seed for the choice of images, and for the misleading cues.

    Returns:
        `Dataset` with the same targets, and a mask of shape `(N,)` that is True where the cue
        misleads.

    Raises:
        ValueError: if `right` is outside [0, 1], or the inputs aren't 8×8 images.

    >>> train, _ = digits(100)
    >>> marked, misled = with_cue(train, right=0.9)
    >>> int(misled.sum()), int((marked.x != train.x).any(dim=1).sum())
    (10, 100)
    """
    if not 0 <= right <= 1:
        raise ValueError(f"`right` must be a fraction from 0 to 1, got {right}")
    cued = with_label_noise(data, 1 - right, seed).y  # the class that the pixel stands for
    marked = pictures(data.x)
    column, row = 7 * (cued // 8), cued % 8
    marked[torch.arange(len(cued)), row, column] = 1.0
    return Dataset(_normalised(marked.reshape(-1, 64)).to(data.x), data.y), cued != data.y


@cache
def _pictures() -> tuple[Tensor, Tensor]:
    """All digits, pixels 0 to 1 in float64, and their classes."""
    with needs_extra("notebooks", "the digits need"):
        from sklearn.datasets import load_digits  # slow to import, and only needed here

    found = load_digits()
    x = torch.as_tensor(found.data, dtype=torch.float64) / 16
    return x, torch.as_tensor(found.target, dtype=torch.int64)


def _normalised(x: Tensor) -> Tensor:
    return (x - _pictures()[0].mean(dim=0)) / 0.3


def _unit_square(n: int, seed: int, dtype: torch.dtype) -> Tensor:
    if n < 1:
        raise ValueError(f"a dataset needs at least one example, got n={n}")
    return torch.rand(n, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(
        dtype
    )
