"""`descend` walks downhill, from one start or from many at once."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..objective import Objective, check_objective
from ..optimizers import SAM, made, takes
from .counts import _check_count
from .trajectory import Trajectory, _trajectory

# These compute with whole matrices or with all numbers at once, so that the rows of a tensor can't
# be models of their own. Older versions of PyTorch lack some.
MIXING = tuple(
    getattr(torch.optim, name)
    for name in ("LBFGS", "Muon", "Adafactor")
    if hasattr(torch.optim, name)
)


class TrainingInterrupted(KeyboardInterrupt):
    """Training was stopped by hand; `trajectory` holds the steps that were done."""

    def __init__(self, trajectory: Trajectory):
        super().__init__(
            f"training stopped after {int(trajectory.steps[-1])} steps; they are in the "
            "exception's .trajectory"
        )
        self.trajectory = trajectory


def descend(
    L: Objective,
    start: Tensor,
    steps: int = 1000,
    lr: float = 0.03,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
    batch_size: int | None = None,
    seed: int = 0,
    every: int = 1,
    **options,
) -> Trajectory:
    """Walk downhill from one start, or from many at once, with any element-wise `torch.optim`.

    Many starts train as one tensor. Each goes its own way: the gradient of their summed loss
    holds for each start its own gradient. Optimisers that mix all entries, such as LBFGS, take one
    start at a time.

    Args:
        L: the landscape.
        start: shape `(P,)`, or `(S, P)` for S starts.
        steps: number of optimiser steps, at least 1.
        lr: learning rate.
        optimizer: a class of `torch.optim`, or any function of a list of tensors that returns one.
        batch_size: examples a step, drawn without replacement, epoch by epoch, the same for every
            start; None for all.
        seed: seed of the mini-batches.
        every: keep every n-th point, the first and the last.
        options: passed on to the optimiser, such as `momentum=0.9`.

    Returns:
        `Trajectory` whose losses are on all examples, also when steps were taken on mini-batches.

    Raises:
        TypeError: if L isn't an `Objective`, optimizer isn't one, or doesn't know an option.
        ValueError: if steps, lr, batch_size or every is out of range, start isn't a point of L, or
            many starts meet an optimiser that mixes them.
        TrainingInterrupted: on Ctrl-C; it holds the trajectory up to then.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> path = descend(L, L.point(), steps=100, lr=0.1, optimizer=torch.optim.SGD)
    >>> path.points.shape, bool(path.losses[-1] < path.losses[0])
    (torch.Size([101, 2]), True)
    """
    check_objective(L)
    theta = L.check_points(start).detach().clone()
    if theta.ndim > 2 or not len(theta):
        raise ValueError(
            f"start must have shape (P,), or (S, P) with at least one start, got "
            f"{tuple(theta.shape)}"
        )
    for name, value in (("steps", steps), ("every", every), ("batch_size", batch_size)):
        if value is not None:
            _check_count(name, value)
    if batch_size is not None and batch_size > L.N:
        raise ValueError(f"batch_size must be at most the {L.N} examples, got {batch_size}")
    if not lr > 0:
        raise ValueError(f"lr must be positive, got {lr}")

    theta.requires_grad_(True)
    opt = made(optimizer, [theta], {"lr": lr, **options}, descend, "optimizer")
    check_walks(opt, starts=len(theta) if theta.ndim == 2 else 1)
    for group in opt.param_groups:
        if "rowwise" in group:
            group["rowwise"] = theta.ndim == 2
    batches = _batches(L, batch_size, seed)
    walked = [(0, theta.detach().clone())]
    try:
        with L.threads(), torch.enable_grad():
            for step in range(1, steps + 1):
                objective = next(batches)

                def closure(objective=objective):
                    opt.zero_grad()
                    loss = objective(theta).sum()
                    loss.backward()
                    return loss

                opt.step(closure)
                if step % every == 0 or step == steps:
                    walked.append((step, theta.detach().clone()))
    except KeyboardInterrupt:
        raise TrainingInterrupted(_trajectory(L, walked)) from None
    return _trajectory(L, walked)


def check_walks(opt: torch.optim.Optimizer, starts: int) -> None:
    """TypeError unless an optimiser takes a closure, ValueError if it would mix many starts."""
    if not takes(opt.step, None):
        raise TypeError(
            f"{type(opt).__name__}.step must take a closure, as those of torch.optim do; write "
            "def step(self, closure=None), and call closure() in it to compute the gradients"
        )
    base = opt.base if isinstance(opt, SAM) else opt
    if starts > 1 and isinstance(base, MIXING):
        raise ValueError(
            f"{type(base).__name__} mixes the {starts} starts, so each would go another way than "
            "alone; give it one at a time: [descend(L, start, …) for start in starts]"
        )


def _batches(L: Objective, batch_size: int | None, seed: int):
    """The objective of each step: all examples, or mini-batches of shuffled epochs."""
    if batch_size is None or batch_size == L.N:
        while True:
            yield L
    generator = torch.Generator().manual_seed(seed)
    while True:
        for rows in torch.randperm(L.N, generator=generator).to(L.device).split(batch_size):
            yield L.subset(rows)
