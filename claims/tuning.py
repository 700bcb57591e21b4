"""Many settings of SGD and SAM in one run, and the best of them by validation data."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from lossviz_helpers import (
    Objective,
    Trajectory,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    with_label_noise,
)
from lossviz_helpers.datasets import Dataset

N_TRAIN, N_VALIDATION = 1000, 397  # 400 digits are left for testing


class PerRunSettings(torch.optim.Optimizer):
    """SGD or SAM for many starts, each with its own learning rate, ρ and weight decay.

    Args:
        params: one tensor of starts, shape `(S, P)`.
        lr: unused, because every start has its own.
        rates: shape `(S, 1)`.
        rho: how far each start's SAM looks, shape `(S, 1)`; None for SGD.
        decay: weight decay, shape `(S, 1)`, or one number.

    It takes the same steps as separate runs:

    >>> _, L, *_ = split(seed=0)
    >>> start, rates = L.initial_points([0, 0]), torch.tensor([[0.1], [0.2]])
    >>> both = walk(L, start, 3, 32, 0, rates=rates, rho=torch.tensor([[0.3], [0.5]]))
    >>> from lossviz_helpers import SAM
    >>> alone = descend(L, start[1], 3, 0.2, SAM, 32, 0, rho=0.5)
    >>> torch.allclose(both.end[1], alone.end, atol=1e-5)
    True
    """

    def __init__(
        self,
        params: Sequence[Tensor],
        lr: float,
        rates: Tensor,
        rho: Tensor | None = None,
        decay: Tensor | float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr})
        self.rates, self.rho, self.decay = rates, rho, decay

    def step(self, closure: Callable[[], Tensor]) -> Tensor:  # type: ignore[override]
        """A step down; SAM takes the gradient at the worst point nearby."""
        (theta,) = self.param_groups[0]["params"]
        loss, here = closure(), theta.detach().clone()
        if self.rho is not None:
            with torch.no_grad():
                theta += self.rho * theta.grad / theta.grad.norm(dim=1, keepdim=True)
            closure()
        with torch.no_grad():
            theta.copy_(here - self.rates * (theta.grad + self.decay * here))
        return loss


def walk(
    L: Objective,
    start: Tensor,
    steps: int,
    batch_size: int | None,
    seed: int,
    every: int = 1,
    **each: Tensor | float,
) -> Trajectory:
    """Descend from many starts, each with its own settings."""
    return descend(L, start, steps, 1.0, PerRunSettings, batch_size, seed, every, **each)


class Split(NamedTuple):
    """Three landscapes of one net, with clean labels in validation and test data."""

    train: Dataset
    L: Objective
    V: Objective
    T: Objective


def split(seed: int, noise: float = 0.0) -> Split:
    """1000 digits to train on, 397 for validation and 400 for testing, different for each seed."""
    train, rest = digits(N_TRAIN, seed=seed)
    if noise:
        train = with_label_noise(train, noise, seed=seed)
    parts = (slice(None, N_VALIDATION), slice(N_VALIDATION, None))
    validation, test = (Dataset(rest.x[part], rest.y[part]) for part in parts)
    L, V, T = (Objective(digit_classifier(), d, cross_entropy) for d in (train, validation, test))
    return Split(train, L, V, T)


def accuracy(T: Objective, points: Tensor) -> Tensor:
    """Accuracy in percent, one number per point."""
    return 100 * (T.predict(points).argmax(dim=-1) == T.y).double().mean(dim=-1)


@torch.no_grad()
def score(V: Objective, points: Tensor) -> Tensor:
    """The score by which settings are chosen: accuracy in percent, then the lower loss.

    A run that diverged has the score −∞. One more correct digit adds 0.25; a hundredth of the
    loss is subtracted, at most 0.1.
    """
    finite = points.isfinite().all(dim=-1)
    scores = accuracy(V, points) - (V(points) / 100).clamp(max=0.1)
    return torch.where(finite, scores, -torch.inf)
