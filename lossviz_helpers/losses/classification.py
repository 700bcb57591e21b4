"""Losses for classes: cross-entropies, hinge, KL divergence, and the error rate."""

import torch
import torch.nn.functional as F
from torch import Tensor

from .loss import Loss
from .validation import class_numbers, decisions, distributions, probabilities, signs

# The formulas, as functions with names: others can't be sent to another process.


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


binary_cross_entropy = Loss(
    name="binary cross-entropy",
    per_example=_binary_cross_entropy,
    formula=r"-y \ln \hat y - (1 - y) \ln (1 - \hat y)",
    gradient=r"\frac{\hat y - y}{\hat y (1 - \hat y)}",
    expects="a probability and a 0 or 1",
    units="nats",
    used_for="yes/no classification; several labels at once",
    validate=probabilities,
)
cross_entropy = Loss(
    name="cross-entropy",
    per_example=_cross_entropy,
    formula=r"-\ln \mathrm{softmax}(z)_y",
    gradient=r"\mathrm{softmax}(z)_c - 1 \text{ for } c = y \text{, else } \mathrm{softmax}(z)_c",
    expects="logits, one per class, and a class number",
    units="nats",
    used_for="classification; language models",
    validate=class_numbers,
)
hinge = Loss(
    name="hinge",
    per_example=_hinge,
    formula=r"\max(0, 1 - y \hat y)",
    gradient=r"-y \text{ if } y \hat y < 1 \text{, else } 0",
    expects="a score and a −1 or +1",
    units="margins",
    used_for="support vector machines; GAN discriminators",
    validate=signs,
)
kl_divergence = Loss(
    name="KL divergence",
    per_example=_kl_divergence,
    formula=r"\sum_c p_c \ln \frac{p_c}{\mathrm{softmax}(z)_c}",
    gradient=r"\mathrm{softmax}(z)_c - p_c",
    expects="logits, one per class, and a probability for each class",
    units="nats",
    used_for="distillation; variational autoencoders; soft labels",
    validate=distributions,
)

error_rate = Loss(
    name="error rate",
    per_example=_wrong,
    formula=r"1 \text{ if the decision is wrong, else } 0",
    gradient=r"0",
    expects="one number, decided at 0.5, and a 0 or 1; or logits and a class number",
    units="share of the examples",
    used_for="what classifiers are for; it has no slope to train on",
    validate=decisions,
    quantity="error rate",
)
"""1 − accuracy, as a loss: it can be drawn, but it has no derivatives."""
