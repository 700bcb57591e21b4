"""Regression losses: squared and absolute error, Huber."""

import torch.nn.functional as F
from torch import Tensor

from .loss import Example, Loss
from .validation import same_shape

# The formulas, as named functions: lambdas can't be pickled for another process.


def _squared_error(outputs: Tensor, targets: Tensor) -> Tensor:
    return F.mse_loss(outputs, targets, reduction="none")


def _absolute_error(outputs: Tensor, targets: Tensor) -> Tensor:
    return (targets - outputs).abs()


def _huber(outputs: Tensor, targets: Tensor) -> Tensor:
    return F.huber_loss(outputs, targets, reduction="none")


squared_error = Loss(
    name="squared error",
    per_example=_squared_error,
    formula=r"(y - \hat y)^2",
    gradient=r"2(\hat y - y)",
    expects="a real-valued prediction and a real-valued target",
    units="square of the target's unit",
    used_for="regression; the toy models of this series",
    validate=same_shape,
    examples=(
        Example(output=3.0, target=1.0, value=4.0, gradient=4.0),
        Example(output=-0.5, target=0.0, value=0.25, gradient=-1.0),
    ),
)
absolute_error = Loss(
    name="absolute error",
    per_example=_absolute_error,
    formula=r"\lvert y - \hat y \rvert",
    gradient=r"\mathrm{sign}(\hat y - y)",
    expects="a real-valued prediction and a real-valued target",
    units="the target's unit",
    used_for="regression with outliers; the best constant prediction is the median",
    validate=same_shape,
    examples=(
        Example(output=3.0, target=1.0, value=2.0, gradient=1.0),
        Example(output=-0.5, target=0.0, value=0.5, gradient=-1.0),
    ),
)
huber = Loss(
    name="Huber",
    per_example=_huber,
    formula=(
        r"\tfrac12 (y - \hat y)^2 \text{ if } \lvert y - \hat y \rvert \le 1"
        r" \text{, else } \lvert y - \hat y \rvert - \tfrac12"
    ),
    gradient=r"\hat y - y \text{, cut off at } \pm 1",
    expects="a real-valued prediction and a real-valued target",
    units="the target's unit squared for small errors, the unit itself for large ones",
    used_for="regression with outliers; bounding-box regression; Q-learning",
    validate=same_shape,
    examples=(
        Example(output=3.0, target=1.0, value=1.5, gradient=1.0),
        Example(output=-0.5, target=0.0, value=0.125, gradient=-0.5),
    ),
)
