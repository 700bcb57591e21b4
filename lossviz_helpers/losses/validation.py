"""Checks of outputs and targets for each loss; a ValueError says what to do."""

import torch
from torch import Tensor


def same_shape(name: str, outputs: Tensor, targets: Tensor) -> None:
    # PyTorch would broadcast (N, 1) against (N,) to N×N pairs and silently return a wrong number.
    if outputs.shape != targets.shape:
        raise ValueError(
            f"{name} expects outputs and targets of the same shape, got {tuple(outputs.shape)} and "
            f"{tuple(targets.shape)}; reshape one of them"
        )
    if not targets.is_floating_point():
        raise ValueError(
            f"{name} expects floating-point targets, got {targets.dtype}; use y.to({outputs.dtype})"
        )


def within(name: str, what: str, values: Tensor, low: float, high: float, advice: str) -> None:
    smallest, largest = values.min().item(), values.max().item()
    if smallest < low or largest > high:
        raise ValueError(
            f"{name} expects {what} from {low:g} to {high:g}, got values from {smallest:.4g} to "
            f"{largest:.4g}; {advice}"
        )


def probabilities(name: str, outputs: Tensor, targets: Tensor) -> None:
    same_shape(name, outputs, targets)
    within(name, "targets", targets, 0, 1, "labels are 0 or 1")
    within(name, "outputs", outputs, 0, 1, "put a sigmoid at the end of the model")


def class_indices(name: str, outputs: Tensor, targets: Tensor) -> None:
    if outputs.ndim != 2 or targets.shape != outputs.shape[:1]:
        raise ValueError(
            f"{name} expects logits of shape (N, classes) and targets of shape (N,), got "
            f"{tuple(outputs.shape)} and {tuple(targets.shape)}"
        )
    if targets.dtype != torch.int64:
        raise ValueError(
            f"{name} expects class indices of dtype torch.int64, got {targets.dtype}; use y.long()"
        )
    within(name, "class indices", targets, 0, outputs.shape[1] - 1, "check the labels")


def signs(name: str, outputs: Tensor, targets: Tensor) -> None:
    same_shape(name, outputs, targets)
    if not (targets.abs() == 1).all():
        raise ValueError(
            f"{name} expects targets of −1 or +1, got values from {targets.min().item():.4g} to "
            f"{targets.max().item():.4g}; for 0/1 labels, pass 2y − 1"
        )


def distributions(name: str, outputs: Tensor, targets: Tensor) -> None:
    same_shape(name, outputs, targets)
    within(name, "target probabilities", targets, 0, 1, "each row is a distribution")
    total = targets.sum(dim=-1)
    if not torch.allclose(total, torch.ones_like(total), atol=1e-4):
        raise ValueError(
            f"{name} expects targets that sum to 1 over the classes, got sums from "
            f"{total.min().item():.4g} to {total.max().item():.4g}"
        )


def decisions(name: str, outputs: Tensor, targets: Tensor) -> None:
    if outputs.shape != targets.shape:
        class_indices(name, outputs, targets)
        return
    within(name, "targets", targets, 0, 1, "labels are 0 or 1")
