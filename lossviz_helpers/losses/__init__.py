"""Losses: how far predictions are from targets, one number per example, then the mean.

Each loss is a `Loss`: call it for the mean over the examples, or take `per_example`. Its card
(`formula`, `gradient`, `expects`, `units`, `used_for`) is what chapter 1 prints.
"""

from . import classification, regression
from .classification import (
    binary_cross_entropy,
    cross_entropy,
    error_rate,
    hinge,
    kl_divergence,
)
from .decisions import Reliability, accuracy, reliability
from .loss import Example, Loss, Reading
from .regression import absolute_error, huber, squared_error
from .weighted import WeightedMean

LOSSES = {
    loss.name: loss
    for module in (regression, classification)
    for loss in vars(module).values()
    if isinstance(loss, Loss)
}
"""Every loss in these two modules, by name. The tests check them all."""

CHART = (
    squared_error,
    absolute_error,
    huber,
    binary_cross_entropy,
    cross_entropy,
    hinge,
    kl_divergence,
)
"""The seven losses of chapter 1, in the order of its chart."""

__all__ = [
    "CHART",
    "LOSSES",
    "Example",
    "Loss",
    "Reading",
    "Reliability",
    "WeightedMean",
    "absolute_error",
    "accuracy",
    "binary_cross_entropy",
    "cross_entropy",
    "error_rate",
    "hinge",
    "huber",
    "kl_divergence",
    "reliability",
    "squared_error",
]
