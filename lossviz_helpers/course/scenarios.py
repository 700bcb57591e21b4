"""What the chapters train and look at: every seed, window and learning rate has its home here.

Notebooks, exercises, claims, benchmarks and tests import these values. So what a chapter shows,
what its exercises expect and what the ledger measures is one training, and changing it is one
change.

>>> WALK.seed, WALK.steps, WALK.lr
(198, 1000, 0.03)
"""

from dataclasses import dataclass, replace
from functools import cache

from ..datasets import xor
from ..losses import squared_error
from ..models import model_3
from ..objective import Objective
from ..slices import Extent
from ..training import Trajectory, descend

# -- two inputs ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bowl:
    """Model 1 on the diagonal, by gradient descent: chapters 2 to 4.

    Attributes:
        start: the weights of x₁ and x₂ where the walk begins.
        steps, lr: how it descends.
        window: of the two weights, from an edge of the bowl to the other.
    """

    start: tuple[float, float] = (0.26, -1.24)
    steps: int = 300
    lr: float = 0.1
    window: Extent = ((-3.0, 2.0), (-2.0, 3.5))


@dataclass(frozen=True)
class Walk:
    """Model 3 on XOR, by Adam and all examples at once: chapters 0 and 2 to 5.

    Attributes:
        seed: of the walk that chapters 0, 4 and 5 look at, chosen because its map has a second low
            point that is easy to see. Chapters 4 and 5 count how typical that is.
        steps, lr: how it descends, and how walks from other starts do.
        plane: window of the first two principal components.
        block: window of the first three.
        limits: losses between which its maps are coloured.
    """

    seed: int = 198
    steps: int = 1000
    lr: float = 0.03
    plane: Extent = ((-42, 16), (-18, 18))
    block: Extent = ((-50, 16), (-18, 18), (-12, 12))
    limits: tuple[float, float] = (0.04, 0.7)


BOWL = Bowl()
WALK = Walk()

GUESS_ON_XOR = 0.25  # the squared error of a model that always says 0.5
BARRIER = 0.1  # from here on a rise of the loss between two models counts as a barrier

# Around a walk, in lengths of the way from its start to its end: a window that also holds the
# mirror image of where it ends, as far as a PCA slice shows it.
MIRROR_WINDOW: Extent = ((-3, 1), (-1.5, 1.5), (-0.3, 0.3))

# Order of Model 3's parameters after units 2 and 3 change places.
UNITS_SWAPPED = (0, 1, 4, 5, 2, 3, 6, 8, 7, 9, 11, 10, 12)


@cache
def chosen_walk() -> tuple[Objective, Trajectory]:
    """The landscape and the walk of chapters 0, 4 and 5; trained once.

    >>> L, path = chosen_walk()
    >>> print(f"from {path.losses[0]:.2f} to {path.losses[-1]:.2f}")
    from 0.28 to 0.04
    """
    L = Objective(model_3(seed=WALK.seed), xor(), squared_error)
    return L, descend(L, L.point(), steps=WALK.steps, lr=WALK.lr)


# -- digits ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """How a small net learns to read digits.

    Attributes:
        steps, lr: how it descends.
        momentum: of SGD; None for Adam, which has its own.
        n_train: digits to learn from; all others are for testing.
        batch_size: digits a step; None for all of them.
        noise: share of wrong labels.
    """

    steps: int
    lr: float
    momentum: float | None = None
    n_train: int = 1000
    batch_size: int | None = None
    noise: float = 0.0


READING = Reading(steps=100, lr=0.01)  # chapters 1 and 3
MEMORISING = Reading(  # chapter 6: few digits, some of them with wrong labels
    steps=1000, lr=0.05, momentum=0.9, n_train=300, batch_size=32, noise=0.2
)
ADAMW = replace(MEMORISING, lr=1e-3, momentum=None)
DEEP = Reading(steps=1000, lr=2e-3, n_train=200)  # chapter 7: deep nets of narrow layers
BATCHES = Reading(steps=1000, lr=0.1, momentum=0.0, batch_size=20)  # chapter 8: small batches
LARGE_BATCHES = replace(BATCHES, batch_size=500)
