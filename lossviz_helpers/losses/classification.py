"""Classification losses: cross-entropies, hinge, KL divergence, and the error rate."""

import torch
import torch.nn.functional as F
from torch import Tensor

from .loss import Example, Loss, Reading
from .validation import class_indices, decisions, distributions, probabilities, signs

# The formulas, as named functions: lambdas can't be pickled for another process.


def _binary_cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    yes: Tensor = torch.special.xlogy(targets, outputs)
    no: Tensor = torch.special.xlogy(1 - targets, 1 - outputs)
    return -(yes + no)


def _cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    # PyTorch expects the classes in dimension 1, and is many times faster if that isn't the
    # innermost dimension in memory
    return F.cross_entropy(outputs.movedim(-1, 1), targets, reduction="none")


def _hinge(outputs: Tensor, targets: Tensor) -> Tensor:
    return torch.relu(1 - targets * outputs)


def _kl_divergence(outputs: Tensor, targets: Tensor) -> Tensor:
    log_probs = F.log_softmax(outputs, dim=-1)
    negative_entropy: Tensor = torch.special.xlogy(targets, targets)
    return (negative_entropy - targets * log_probs).sum(dim=-1)


def _wrong(outputs: Tensor, targets: Tensor) -> Tensor:
    if outputs.ndim == targets.ndim:
        predicted = outputs > 0.5
        return (predicted != (targets > 0.5)).to(outputs.dtype)
    return (outputs.argmax(dim=-1) != targets).to(outputs.dtype)


# How each loss interprets a single model output u


def _two_logits(u: Tensor) -> Tensor:
    return torch.stack([u, torch.zeros_like(u)], dim=1)


def _first_class(u: Tensor, y: int) -> Tensor:
    return torch.full(u.shape, 1 - y)


def _sign(u: Tensor, y: int) -> Tensor:
    return torch.full_like(u, 2 * y - 1)


def _mostly_one(u: Tensor, y: int) -> Tensor:
    return u.new_tensor([0.8, 0.2] if y else [0.2, 0.8]).expand(len(u), 2)


binary_cross_entropy = Loss(
    name="binary cross-entropy",
    per_example=_binary_cross_entropy,
    formula=r"-y \ln \hat y - (1 - y) \ln (1 - \hat y)",
    gradient=r"\frac{\hat y - y}{\hat y (1 - \hat y)}",
    expects="a probability, and a target of 0 or 1",
    units="nats",
    used_for="binary and multi-label classification",
    validate=probabilities,
    examples=(
        Example(output=0.25, target=1.0, value=1.386294, gradient=-4.0),  # ln 4
        Example(output=0.25, target=0.0, value=0.287682, gradient=1.333333),  # ln 4/3
        Example(output=0.5, target=0.2, value=0.693147, gradient=1.2),  # a soft label
    ),
    reading=Reading(label="probability ŷ", window=(0.0, 1.0)),
)
cross_entropy = Loss(
    name="cross-entropy",
    per_example=_cross_entropy,
    formula=r"-\ln \mathrm{softmax}(z)_y",
    gradient=r"\mathrm{softmax}(z)_c - 1 \text{ for } c = y \text{, else } \mathrm{softmax}(z)_c",
    expects="logits, one per class, and a class index",
    units="nats",
    used_for="classification; language models",
    validate=class_indices,
    examples=(
        Example(output=(0.0, 0.0), target=1, value=0.693147, gradient=(0.5, -0.5)),  # ln 2
        Example(
            output=(1.0, 2.0, 3.0),
            target=2,
            value=0.407606,
            gradient=(0.090031, 0.244728, -0.334759),
        ),
    ),
    reading=Reading(label="logit z₁, with z₂ = 0", outputs=_two_logits, targets=_first_class),
)
hinge = Loss(
    name="hinge",
    per_example=_hinge,
    formula=r"\max(0, 1 - y \hat y)",
    gradient=r"-y \text{ if } y \hat y < 1 \text{, else } 0",
    expects="a score, and a target of −1 or +1",
    units="margins",
    used_for="support vector machines; GAN discriminators",
    validate=signs,
    examples=(
        Example(output=0.25, target=1.0, value=0.75, gradient=-1.0),
        Example(output=0.25, target=-1.0, value=1.25, gradient=1.0),
        Example(output=3.0, target=1.0, value=0.0, gradient=0.0),
    ),
    reading=Reading(label="score ŷ, target −1 or +1", targets=_sign),
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
    examples=(
        Example(output=(0.0, 0.0), target=(0.9, 0.1), value=0.368064, gradient=(-0.4, 0.4)),
        Example(output=(0.0, 0.0), target=(0.8, 0.2), value=0.192745, gradient=(-0.3, 0.3)),
        Example(
            output=(1.0, 2.0, 3.0),
            target=(0.2, 0.3, 0.5),
            value=0.077953,
            gradient=(-0.109969, -0.055272, 0.165241),
        ),
    ),
    reading=Reading(label="logit z₁, with z₂ = 0", outputs=_two_logits, targets=_mostly_one),
)

error_rate = Loss(
    name="error rate",
    per_example=_wrong,
    formula=r"y \text{ if } \hat y \le \tfrac12 \text{, else } 1 - y",
    gradient=r"0",
    expects="one number, thresholded at 0.5, and a target of 0 or 1; or logits and a class index",
    units="fraction of the examples",
    used_for="evaluating classifiers; it has no gradient to train on",
    validate=decisions,
    examples=(
        Example(output=0.6, target=1.0, value=0.0, gradient=0.0),
        Example(output=0.6, target=0.0, value=1.0, gradient=0.0),
    ),
    quantity="error rate",
)
"""1 − accuracy, as a loss: it can be plotted, but it has no useful derivatives."""
