"""Losses: how far predictions are from targets, one number per example, then the mean.

Each loss is a `Loss`: call it for the mean over the examples, or take `per_example`. Its card
(`formula`, `gradient`, `expects`, `units`, `used_for`) is what chapter 1 prints.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Loss:
    """A loss function that knows what it expects.

    Calling it gives the mean over the examples, a tensor of shape `()`. Differentiable.

    Attributes:
        name: its usual name.
        per_example: function of outputs and targets that returns shape `(N,)`.
        formula: in LaTeX, for one example. No `|` in it: that would end the cell of a table.
        gradient: of the formula, in LaTeX, with respect to the model's output.
        expects: outputs and targets, in words.
        units: what one unit of loss means.
        used_for: where it is met.
        quantity: what its values are, on the axes of pictures.

    >>> squared_error(torch.tensor([0.0, 2.0]), torch.tensor([0.0, 0.0]))
    tensor(2.)
    """

    name: str
    per_example: Callable[[Tensor, Tensor], Tensor]
    formula: str
    gradient: str
    expects: str
    units: str
    used_for: str
    validate: Callable[[str, Tensor, Tensor], None] = field(repr=False)
    quantity: str = "loss"

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self.per_example(outputs, targets).mean()

    def __repr__(self) -> str:
        return f"<Loss: {self.name}>"

    def check(self, outputs: Tensor, targets: Tensor) -> None:
        """Raise ValueError if outputs or targets are not what this loss expects.

        Args:
            outputs, targets: as in a call; looking at all values takes time, so do it once.

        >>> hinge.check(torch.zeros(2), torch.tensor([0.0, 1.0]))
        Traceback (most recent call last):
        ...
        ValueError: hinge expects targets −1 or +1, got values from 0 to 1; 0/1 labels become 2y − 1
        """
        if outputs.numel() == 0 or targets.numel() == 0:
            raise ValueError(
                f"{self.name} needs at least one example, got outputs of shape "
                f"{tuple(outputs.shape)} and targets of shape {tuple(targets.shape)}"
            )
        self.validate(self.name, outputs, targets)


def _same_shape(name: str, outputs: Tensor, targets: Tensor) -> None:
    # PyTorch would broadcast (N, 1) against (N,) to N×N pairs and return a wrong number in silence.
    if outputs.shape != targets.shape:
        raise ValueError(
            f"{name} expects outputs and targets of one shape, got {tuple(outputs.shape)} and "
            f"{tuple(targets.shape)}; reshape one of them"
        )
    if not targets.is_floating_point():
        raise ValueError(
            f"{name} expects floating-point targets, got {targets.dtype}; use y.to({outputs.dtype})"
        )


def _within(name: str, what: str, values: Tensor, low: float, high: float, advice: str) -> None:
    smallest, largest = values.min().item(), values.max().item()
    if smallest < low or largest > high:
        raise ValueError(
            f"{name} expects {what} from {low:g} to {high:g}, got values from {smallest:.4g} to "
            f"{largest:.4g}; {advice}"
        )


def _validate_bce(name: str, outputs: Tensor, targets: Tensor) -> None:
    _same_shape(name, outputs, targets)
    _within(name, "targets", targets, 0, 1, "labels are 0 or 1")
    _within(name, "outputs", outputs, 0, 1, "put a sigmoid at the end of the model")


def _validate_cross_entropy(name: str, outputs: Tensor, targets: Tensor) -> None:
    if outputs.ndim != 2 or targets.shape != outputs.shape[:1]:
        raise ValueError(
            f"{name} expects logits of shape (N, classes) and targets of shape (N,), got "
            f"{tuple(outputs.shape)} and {tuple(targets.shape)}"
        )
    if targets.dtype != torch.int64:
        raise ValueError(
            f"{name} expects class numbers of dtype torch.int64, got {targets.dtype}; use y.long()"
        )
    _within(name, "class numbers", targets, 0, outputs.shape[1] - 1, "check the labels")


def _validate_hinge(name: str, outputs: Tensor, targets: Tensor) -> None:
    _same_shape(name, outputs, targets)
    if not (targets.abs() == 1).all():
        raise ValueError(
            f"{name} expects targets −1 or +1, got values from {targets.min().item():.4g} to "
            f"{targets.max().item():.4g}; 0/1 labels become 2y − 1"
        )


def _validate_kl(name: str, outputs: Tensor, targets: Tensor) -> None:
    _same_shape(name, outputs, targets)
    _within(name, "target probabilities", targets, 0, 1, "each row is a distribution")
    total = targets.sum(dim=-1)
    if not torch.allclose(total, torch.ones_like(total), atol=1e-4):
        raise ValueError(
            f"{name} expects targets that sum to 1 over the classes, got sums from "
            f"{total.min().item():.4g} to {total.max().item():.4g}"
        )


def _validate_decision(name: str, outputs: Tensor, targets: Tensor) -> None:
    if outputs.shape != targets.shape:
        _validate_cross_entropy(name, outputs, targets)
        return
    _within(name, "targets", targets, 0, 1, "labels are 0 or 1")


# The formulas, as functions with names: others can't be sent to another process.


def _squared_error(outputs: Tensor, targets: Tensor) -> Tensor:
    return F.mse_loss(outputs, targets, reduction="none")


def _absolute_error(outputs: Tensor, targets: Tensor) -> Tensor:
    return (targets - outputs).abs()


def _huber(outputs: Tensor, targets: Tensor) -> Tensor:
    return F.huber_loss(outputs, targets, reduction="none")


def _binary_cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    return -(torch.special.xlogy(targets, outputs) + torch.special.xlogy(1 - targets, 1 - outputs))


def _cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    # PyTorch has the classes second, and is many times faster if they are not the last in memory
    return F.cross_entropy(outputs.movedim(-1, 1), targets, reduction="none")


def _hinge(outputs: Tensor, targets: Tensor) -> Tensor:
    return torch.relu(1 - targets * outputs)


def _kl_divergence(outputs: Tensor, targets: Tensor) -> Tensor:
    log_shares = F.log_softmax(outputs, dim=-1)
    return (torch.special.xlogy(targets, targets) - targets * log_shares).sum(dim=-1)


def _wrong(outputs: Tensor, targets: Tensor) -> Tensor:
    if outputs.ndim == targets.ndim:
        decided = outputs > 0.5
        return (decided != (targets > 0.5)).to(outputs.dtype)
    return (outputs.argmax(dim=-1) != targets).to(outputs.dtype)


squared_error = Loss(
    name="squared error",
    per_example=_squared_error,
    formula=r"(y - \hat y)^2",
    gradient=r"2(\hat y - y)",
    expects="a number and a number",
    units="square of the target's unit",
    used_for="regression; the toy models of this series",
    validate=_same_shape,
)
absolute_error = Loss(
    name="absolute error",
    per_example=_absolute_error,
    formula=r"\lvert y - \hat y \rvert",
    gradient=r"\mathrm{sign}(\hat y - y)",
    expects="a number and a number",
    units="the target's unit",
    used_for="regression with outliers; its best constant is the median",
    validate=_same_shape,
)
huber = Loss(
    name="Huber",
    per_example=_huber,
    formula=(
        r"\tfrac12 (y - \hat y)^2 \text{ if } \lvert y - \hat y \rvert \le 1"
        r" \text{, else } \lvert y - \hat y \rvert - \tfrac12"
    ),
    gradient=r"\hat y - y \text{, cut off at } \pm 1",
    expects="a number and a number",
    units="square of the target's unit near 0, then the unit",
    used_for="regression with outliers; box corners in detection; Q-learning",
    validate=_same_shape,
)
binary_cross_entropy = Loss(
    name="binary cross-entropy",
    per_example=_binary_cross_entropy,
    formula=r"-y \ln \hat y - (1 - y) \ln (1 - \hat y)",
    gradient=r"\frac{\hat y - y}{\hat y (1 - \hat y)}",
    expects="a probability and a 0 or 1",
    units="nats",
    used_for="yes/no classification; several labels at once",
    validate=_validate_bce,
)
cross_entropy = Loss(
    name="cross-entropy",
    per_example=_cross_entropy,
    formula=r"-\ln \mathrm{softmax}(z)_y",
    gradient=r"\mathrm{softmax}(z)_c - 1 \text{ for } c = y \text{, else } \mathrm{softmax}(z)_c",
    expects="logits, one per class, and a class number",
    units="nats",
    used_for="classification; language models",
    validate=_validate_cross_entropy,
)
hinge = Loss(
    name="hinge",
    per_example=_hinge,
    formula=r"\max(0, 1 - y \hat y)",
    gradient=r"-y \text{ if } y \hat y < 1 \text{, else } 0",
    expects="a score and a −1 or +1",
    units="margins",
    used_for="support vector machines; GAN discriminators",
    validate=_validate_hinge,
)
kl_divergence = Loss(
    name="KL divergence",
    per_example=_kl_divergence,
    formula=r"\sum_c p_c \ln \frac{p_c}{\mathrm{softmax}(z)_c}",
    gradient=r"\mathrm{softmax}(z)_c - p_c",
    expects="logits, one per class, and a probability for each class",
    units="nats",
    used_for="distillation; variational autoencoders; soft labels",
    validate=_validate_kl,
)

error_rate = Loss(
    name="error rate",
    per_example=_wrong,
    formula=r"1 \text{ if the decision is wrong, else } 0",
    gradient=r"0",
    expects="one number, decided at 0.5, and a 0 or 1; or logits and a class number",
    units="share of the examples",
    used_for="what classifiers are for; it has no slope to train on",
    validate=_validate_decision,
    quantity="error rate",
)
"""1 − accuracy, as a loss: it can be drawn, but it has no derivatives."""

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


def accuracy(outputs: Tensor, targets: Tensor) -> float:
    """Share of the examples that are on the right side of the decision.

    Args:
        outputs: one number an example, shape `(N,)` or `(N, 1)`, decided at 0.5, or logits
            `(N, classes)`, decided by the largest.
        targets: one an example, shape `(N,)` or `(N, 1)`: 0 or 1, or class numbers.

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: if the number of outputs and targets differs, or single numbers are to be
            compared with targets other than 0 and 1.

    >>> accuracy(torch.tensor([0.6, 0.99, 0.2]), torch.tensor([1.0, 1.0, 1.0]))
    0.6666666666666666
    """
    columns = outputs.shape[1:]
    if outputs.shape[:1] != targets.shape[:1] or len(columns) > 1 or targets.numel() > len(targets):
        raise ValueError(
            "accuracy expects outputs of shape (N,) or (N, classes) and one target for each of the "
            f"N, got shapes {tuple(outputs.shape)} and {tuple(targets.shape)}"
        )
    targets = targets.flatten()
    if columns not in ((), (1,)):
        return _share(outputs.argmax(dim=-1) == targets)
    if not ((targets == 0) | (targets == 1)).all():
        raise ValueError(
            "accuracy expects targets 0 or 1 beside one number an example, got values from "
            f"{targets.min().item():.4g} to {targets.max().item():.4g}; for scores and targets −1 "
            "and +1, as of the hinge, ask for accuracy((outputs > 0).int(), (targets > 0).int())"
        )
    return _share((outputs.flatten() > 0.5) == (targets == 1))


def _share(right: Tensor) -> float:
    return right.cpu().double().mean().item()


class Reliability(NamedTuple):
    """How sure a classifier is, and how often it is right then: one row per bin of confidence.

    Attributes:
        confidence: mean probability of the class it decided for, shape `(bins,)`; nan if empty.
        accuracy: share of right decisions in the bin, shape `(bins,)`; nan if empty.
        share: of all examples that fall into the bin, shape `(bins,)`; adds up to 1.
        error: the expected calibration error, Σ share · |accuracy − confidence|.
    """

    confidence: Tensor
    accuracy: Tensor
    share: Tensor
    error: float


def reliability(logits: Tensor, targets: Tensor, bins: int = 10) -> Reliability:
    """Does a classifier that says 80% turn out right in 80% of the cases?

    Examples are sorted into bins of equal width by the probability of the class decided for
    (Guo et al. 2017, section 2). The error depends on the number of bins, and is biased upwards
    where bins hold few examples.

    Args:
        logits: shape `(N, classes)`.
        targets: class numbers, shape `(N,)`.
        bins: how many, at least 1.

    Raises:
        ValueError: if shapes don't fit, or bins is less than 1.

    >>> sure, doubtful = torch.tensor([9.0, 0.0]), torch.tensor([0.01, 0.0])
    >>> logits = torch.stack([sure, sure, doubtful, doubtful])
    >>> round(reliability(logits, torch.tensor([0, 0, 0, 1])).error, 2)
    0.0
    """
    _validate_cross_entropy("reliability", logits, targets)
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}")
    sure, decided = logits.cpu().double().softmax(dim=-1).max(dim=-1)
    right = (decided == targets.cpu()).double()
    bin_of = (sure * bins).long().clamp(max=bins - 1)
    count, total_sure, total_right = (
        torch.zeros(bins, dtype=torch.float64).index_add(0, bin_of, values)
        for values in (torch.ones_like(sure), sure, right)
    )
    share = count / len(sure)
    error = (total_right - total_sure).abs().sum().item() / len(sure)
    return Reliability(total_sure / count, total_right / count, share, error)
