"""What the chapters train and look at: every seed, window and learning rate is defined here.

Notebooks, exercises, claims, benchmarks and tests import these values, so a chapter, its exercises
and the ledger all use the same training run, which can be changed in one place.

>>> WALK.seed, WALK.steps, WALK.lr
(198, 1000, 0.02)
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
    """Model 1 on the diagonal, trained with gradient descent: chapters 2 to 4.

    Attributes:
        start: the weights of x₁ and x₂ where the walk begins.
        steps, lr: number of steps, and learning rate.
        window: ranges of the two weights, from one edge of the bowl to the other.
    """

    start: tuple[float, float] = (0.26, -1.24)
    steps: int = 300
    lr: float = 0.1
    window: Extent = ((-3.0, 2.0), (-2.0, 3.5))


@dataclass(frozen=True)
class Walk:
    """Model 3 on XOR, trained with full-batch Adam: chapters 0 and 2 to 6.

    Attributes:
        seed: seed of the walk that chapters 0, 4 and 5 look at, chosen because its map has a second
            low point that is easy to see. Chapters 4 and 5 measure how typical that is.
        steps, lr: for this walk, and for walks from other starts. At this learning rate the
            walk hardly amplifies rounding errors, so it is the same on every machine.
        plane: window of the first two principal components.
        block: window of the first three.
        along: window of the plane from start to end of a walk, in units of that distance.
        limits: lowest and highest loss on the colour scale of its maps.
    """

    seed: int = 198
    steps: int = 1000
    lr: float = 0.02
    plane: Extent = ((-44, 18), (-20, 20))
    block: Extent = ((-50, 18), (-20, 20), (-14, 14))
    along: Extent = ((-1.2, 1.2), (-1.2, 1.2))
    limits: tuple[float, float] = (0.04, 0.7)


BOWL = Bowl()
WALK = Walk()

GUESS_ON_XOR = 0.25  # the squared error of a model that always predicts 0.5
BARRIER = 0.1  # a larger rise of the loss between two models counts as a barrier

# Around a walk, in units of the distance from its start to its end: a window that also contains the
# mirror image of where it ends, as far as a PCA slice shows it.
MIRROR_WINDOW: Extent = ((-3, 1), (-1.5, 1.5), (-0.3, 0.3))

# Order of Model 3's parameters after units 2 and 3 are swapped.
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


@dataclass(frozen=True)
class Lingering:
    """An exact saddle, and walks of gradient descent that leave it: chapter 6.

    The saddle is Model 3 with a linear output and all parameters 0, on the centred diagonal.

    Attributes:
        examples: number of examples.
        near, far: distances from the saddle, along the directions that lead down: where a walk
            starts, and where it counts as having left.
        lr: learning rate.
        scales: factors on the targets, which multiply the negative eigenvalues.
    """

    examples: int = 200
    near: float = 1e-3
    far: float = 0.1
    lr: float = 0.4
    scales: tuple[float, ...] = (1.0, 0.5, 0.25, 0.125)


LINGERING = Lingering()
PLANES = 1000  # random planes through a point

# -- digits ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DigitTraining:
    """How a small net is trained to classify digits.

    Attributes:
        steps, lr: number of steps, and learning rate.
        momentum: used by SGD; None for Adam, which has its own.
        weight_decay: used by the optimiser.
        batch_size: digits per step; None for all of them.
        n_train: digits to train on; all others are for testing.
        noise: fraction of noisy labels.
        stop: a training loss at which models are compared; None if there is none.
    """

    steps: int
    lr: float
    momentum: float | None = None
    weight_decay: float = 0.0
    batch_size: int | None = None
    n_train: int = 1000
    noise: float = 0.0
    stop: float | None = None


# Chapters 1 and 3: all digits, full-batch Adam.
READING = DigitTraining(steps=100, lr=0.01)

# Chapter 6: a small net on digits, and on tight clusters, whose spectra are compared.
CURVED = DigitTraining(steps=300, lr=0.01)
CURVED_WIDTH = 12


@dataclass(frozen=True)
class Clusters:
    """Classes that are tight clusters of points, and how a net of `CURVED_WIDTH` learns them.

    Attributes:
        classes: how many.
        noise: standard deviation of a point around the centre of its class, per coordinate; that of
            the centres is 1.
        inputs, each: number of coordinates, and of points of each class.
        steps, lr: steps and learning rate of Adam.
    """

    classes: int = 3
    noise: float = 0.3
    inputs: int = 64
    each: int = 20
    steps: int = 100
    lr: float = 0.01


CLUSTERS = Clusters()

# Chapter 7: a few digits, some with noisy labels, for 100 epochs; with SGD or AdamW.
MEMORISING = DigitTraining(steps=1000, lr=0.05, momentum=0.9, batch_size=32, n_train=300, noise=0.2)
DECAYING = replace(MEMORISING, lr=1e-3, momentum=None, weight_decay=1.0)
DECAYS = (0.0, 0.01, 0.02, 0.05, 0.1)  # weight decays to choose from
SET_ASIDE = 500  # held-out digits, to choose the epoch, the decay and the temperature

# Chapter 8: deep, narrow nets, trained with Adam or SGD, and a shallow one to rescale.
DEEP = DigitTraining(steps=1000, lr=2e-3, n_train=200, stop=0.1)
DEEP_SGD = replace(DEEP, lr=0.01, momentum=0.9)
RESCALED = DigitTraining(steps=200, lr=0.01, n_train=200)
DEPTHS = (3, 10, 20)
START_SCALE = 3**0.5  # multiplies the initial parameters, so that signals survive 20 plain layers


@dataclass(frozen=True)
class Steep:
    """Full-batch gradient descent on a few digits at several learning rates: chapter 9.

    With ten outputs, `squared_error` is the mean over them: a rate of 2 here is one of 0.4 for half
    the sum, which Cohen et al. 2021 use.

    Attributes:
        n_train, width: number of digits, and units in each tanh layer.
        scale: multiplies the initial parameters, so that the walk begins on flat ground.
        rates, lr: learning rates that are compared, and the one that is looked at closely.
        steps: length of each walk.
        gentle, before, after: the rate before it is raised, and the steps before and after.
        factors: what it is raised to, in units of 2/λmax.
        deep_scale, lr_ce, fast_ce, steps_ce: with cross-entropy: what multiplies the initial
            parameters of three layers, a learning rate, a larger one, and steps.
        xor_lr, xor_low, xor_steps: for Model 3 on *XOR*: a rate that reaches the edge, one that
            doesn't, and steps.
        warm: steps of the warm-up.
    """

    n_train: int = 200
    width: int = 32
    scale: float = 0.5
    rates: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)
    lr: float = 2.0
    steps: int = 800
    gentle: float = 1.0
    before: int = 400
    after: int = 300
    factors: tuple[float, ...] = (1.2, 1.5, 2.3)
    deep_scale: float = 0.7
    lr_ce: float = 0.2
    fast_ce: float = 1.0
    steps_ce: int = 400
    xor_lr: float = 2.0
    xor_low: float = 0.5
    xor_steps: int = 2000
    warm: int = 100


STEEP = Steep()

# Chapter 9: 500 steps at a large rate, and then 100 more at the same or at a tenth of it.
DECAY = DigitTraining(steps=500, lr=0.3, momentum=0.0, batch_size=10, noise=0.2)
DECAY_STEPS = 100

# Chapter 10: two batch sizes, for the same number of steps.
SMALL_BATCHES = DigitTraining(steps=1000, lr=0.1, momentum=0.0, batch_size=20, stop=0.05)
LARGE_BATCHES = replace(SMALL_BATCHES, batch_size=500)

# Chapter 11: SGD with twice SAM's steps, so that the cost is equal; and with noisy labels.
EPOCH = 32  # steps
SHARP = DigitTraining(steps=25 * EPOCH, lr=0.1, momentum=0.0, batch_size=32, stop=0.05)
SHARP_NOISY = replace(SHARP, noise=0.2, stop=None)
RHO = 0.5  # how far SAM looks
WEIGHT_DECAY = 3e-3  # which SGD uses instead

# Chapter 12: nets with barriers between them, and a curve around a barrier. At this learning rate
# nets with three hidden layers train too, so that depth can be changed on its own.
APART = DigitTraining(steps=600, lr=0.05, momentum=0.9, batch_size=32)
APART_DEEP = DigitTraining(steps=400, lr=0.01, batch_size=32)
BEND = {"steps": 30, "lr": 0.05, "samples": 4}
BEND_WINDOW: Extent = ((-0.9, 1.9), (-1.1, 1.7))  # in the plane through A, B and C
# Walks whose points are averaged, on digits with noisy pixels, and learning rates to choose from.
AVERAGED = DigitTraining(steps=800, lr=0.3, momentum=0.0, weight_decay=0.01, batch_size=10)
AVERAGED_RATES = (0.01, 0.03, 0.1, 0.3)

# Chapter 13: digits with noisy pixels, which are hard to recognise.
SURE = replace(MEMORISING, steps=300, noise=0.0)
PIXEL_NOISE = 0.3


@dataclass(frozen=True)
class EqualLoss:
    """Networks trained in different ways, all brought to the same training loss: chapter 13.

    Attributes:
        steps: steps of each training run; the comparison after equal steps uses `SURE.steps`.
        lr: learning rate of the full-batch descent at the end of each.
        least, most: fewest and most steps of that descent.
        noise: fraction of noisy labels.
        clean, low, noisy: training losses to reach: with clean labels, a lower one with clean
            labels, and with noisy labels.
    """

    steps: int = 500
    lr: float = 0.1
    least: int = 40
    most: int = 600
    noise: float = 0.2
    clean: float = 0.05
    low: float = 0.01
    noisy: float = 0.4


EQUAL_LOSS = EqualLoss()


@dataclass(frozen=True)
class Cue:
    """Two nets with the same loss; one has learnt from a pixel that gives the class away.

    Attributes:
        n_train, pixel_noise: number of training digits, and the noise on their pixels.
        right: fraction of the images whose pixel matches the label.
        by_chance: that fraction if the pixel is put in one of the ten places at random, so that it
            tells us nothing.
        steps_A, lr_A: for the net that sees the pixel; the point with the same loss as the other
            net is picked along its path.
        steps_B: how many steps the other net takes.
    """

    n_train: int = 1000
    pixel_noise: float = 0.2
    right: float = 0.9
    by_chance: float = 0.1
    steps_A: int = 80
    lr_A: float = 0.02
    steps_B: int = 100


CUE = Cue()

# Chapter 14: a residual net on images.
PICTURES = DigitTraining(steps=96, lr=0.1, momentum=0.9, batch_size=64)
