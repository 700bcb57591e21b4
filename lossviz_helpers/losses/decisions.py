"""How often a classifier is right, and how confident it is."""

from typing import NamedTuple

import torch
from torch import Tensor

from .validation import class_indices


def accuracy(outputs: Tensor, targets: Tensor) -> float:
    """Fraction of the examples that are classified correctly.

    Args:
        outputs: one number per example, shape `(N,)` or `(N, 1)`, thresholded at 0.5, or logits
            `(N, classes)`; the largest one is the prediction.
        targets: one per example, shape `(N,)` or `(N, 1)`: 0 or 1, or class indices.

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: if the numbers of outputs and targets differ, or if there is one number per
            example and some targets are neither 0 nor 1.

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
            "with one number per example, accuracy expects targets of 0 or 1, got values from "
            f"{targets.min().item():.4g} to {targets.max().item():.4g}; for scores and targets of "
            "−1 and +1, as with the hinge loss, use "
            "accuracy((outputs > 0).int(), (targets > 0).int())"
        )
    return _share((outputs.flatten() > 0.5) == (targets == 1))


def _share(correct: Tensor) -> float:
    return correct.cpu().double().mean().item()


class Reliability(NamedTuple):
    """How confident a classifier is, and how often it is right: one row per confidence bin.

    Attributes:
        confidence: mean probability of the predicted class, shape `(bins,)`; nan if empty.
        accuracy: fraction of correct predictions in the bin, shape `(bins,)`; nan if empty.
        share: fraction of all examples in the bin, shape `(bins,)`; the fractions add up to 1.
        error: the expected calibration error, Σ share · |accuracy − confidence|.
    """

    confidence: Tensor
    accuracy: Tensor
    share: Tensor
    error: float


def reliability(logits: Tensor, targets: Tensor, bins: int = 10) -> Reliability:
    """When a classifier says 80%, is it right 80% of the time?

    Examples are sorted into bins of equal width by the probability of the predicted class
    (Guo et al. 2017, section 2). The error depends on the number of bins, and is biased upwards
    where bins hold few examples.

    Args:
        logits: shape `(N, classes)`.
        targets: class indices, shape `(N,)`.
        bins: how many, at least 1.

    Raises:
        ValueError: if the shapes don't match, or bins is less than 1.

    >>> confident, unsure = torch.tensor([9.0, 0.0]), torch.tensor([0.01, 0.0])
    >>> logits = torch.stack([confident, confident, unsure, unsure])
    >>> round(reliability(logits, torch.tensor([0, 0, 0, 1])).error, 2)
    0.0
    """
    class_indices("reliability", logits, targets)
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}")
    confidence, predicted = logits.cpu().double().softmax(dim=-1).max(dim=-1)
    correct = (predicted == targets.cpu()).double()
    bin_of = (confidence * bins).long().clamp(max=bins - 1)
    count, total_confidence, total_correct = (
        torch.zeros(bins, dtype=torch.float64).index_add(0, bin_of, values)
        for values in (torch.ones_like(confidence), confidence, correct)
    )
    share = count / len(confidence)
    error = (total_correct - total_confidence).abs().sum().item() / len(confidence)
    return Reliability(total_confidence / count, total_correct / count, share, error)
