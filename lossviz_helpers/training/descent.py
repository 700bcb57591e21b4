"""`descend` walks downhill, from one start or from many at once."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from ..objective import Objective, check_objective
from ..optimizers import SAM, accepts, make_optimizer
from .counts import check_count
from .trajectory import Trajectory, trajectory_of

# These use whole matrices or all entries at once, so the rows of a tensor can't be separate
# models. Older versions of PyTorch lack some of them.
MIXING = tuple(
    getattr(torch.optim, name)
    for name in ("LBFGS", "Muon", "Adafactor")
    if hasattr(torch.optim, name)
)


class TrainingInterrupted(KeyboardInterrupt):
    """Training was interrupted; `trajectory` holds the steps completed so far."""

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
    **options: object,
) -> Trajectory:
    """Walk downhill from one start, or many at once, with any element-wise PyTorch optimiser.

    Many starts train as one tensor, and each takes its own path: the gradient of their summed loss
    holds each start's own gradient. Optimisers that mix all entries, such as LBFGS, take one start
    at a time.

    Args:
        L: the landscape.
        start: shape `(P,)`, or `(S, P)` for S starts.
        steps: number of optimiser steps, at least 1.
        lr: learning rate.
        optimizer: a class from `torch.optim`, or any function that takes a list of tensors and
            returns an optimiser.
        batch_size: examples per step, drawn without replacement, epoch by epoch, the same for
            every start; None for all.
        seed: seed for the mini-batches.
        every: keep every n-th point, plus the first and the last.
        options: passed on to the optimiser, such as `momentum=0.9`.

    Returns:
        A `Trajectory`. Its losses are on all examples, even if the steps used mini-batches.

    Raises:
        TypeError: if L isn't an `Objective`, or optimizer doesn't return an optimiser or doesn't
            accept an option.
        ValueError: if steps, lr, batch_size or every is out of range, start isn't a point of L, or
            there are many starts and the optimiser mixes them.
        TrainingInterrupted: on Ctrl-C; it holds the trajectory so far.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> path = descend(L, L.point(), steps=100, lr=0.1, optimizer=torch.optim.SGD)
    >>> path.points.shape, bool(path.losses[-1] < path.losses[0])
    (torch.Size([101, 2]), True)
    """
    check_objective(L)
    theta = _check_start(L, start).detach().clone().requires_grad_(True)
    check_count("steps", steps)
    check_count("every", every)
    if batch_size is not None:
        check_count("batch_size", batch_size)
        if batch_size > L.N:
            raise ValueError(
                f"batch_size must be at most {L.N}, the number of examples, got {batch_size}"
            )
    if not lr > 0:
        raise ValueError(f"lr must be positive, got {lr}")
    opt = make_optimizer(optimizer, [theta], {"lr": lr, **options}, descend, "optimizer")
    _check_optimizer(opt, starts=len(theta) if theta.ndim == 2 else 1)
    for group in opt.param_groups:
        if "rowwise" in group:
            group["rowwise"] = theta.ndim == 2

    walked = [(0, theta.detach().clone())]
    batches = _batches(L, batch_size, seed)
    try:
        with L.threads(), torch.enable_grad():
            for step, objective in zip(range(1, steps + 1), batches, strict=False):
                _take_step(opt, objective, theta)
                if step % every == 0 or step == steps:
                    walked.append((step, theta.detach().clone()))
    except KeyboardInterrupt:
        raise TrainingInterrupted(trajectory_of(L, walked)) from None
    return trajectory_of(L, walked)


def _take_step(opt: torch.optim.Optimizer, objective: Objective, theta: Tensor) -> None:
    """One step of an optimiser, which may call the closure several times."""

    def closure() -> Tensor:
        opt.zero_grad()
        loss = objective(theta).sum()
        loss.backward()
        return loss

    # a closure returns the loss, as PyTorch's documentation says; its stub says float
    opt.step(closure)  # type: ignore[arg-type]


def _batches(L: Objective, batch_size: int | None, seed: int) -> Iterator[Objective]:
    """The objective of each step: all examples, or mini-batches of shuffled epochs."""
    if batch_size is None or batch_size == L.N:
        while True:
            yield L
    generator = torch.Generator().manual_seed(seed)
    while True:
        for rows in torch.randperm(L.N, generator=generator).to(L.device).split(batch_size):
            yield L.subset(rows)


def _check_start(L: Objective, start: Tensor) -> Tensor:
    theta = L.check_points(start)
    if theta.ndim > 2 or not len(theta):
        raise ValueError(
            f"start must have shape (P,), or (S, P) with at least one start, got "
            f"{tuple(theta.shape)}"
        )
    return theta


def _check_optimizer(opt: torch.optim.Optimizer, starts: int) -> None:
    """TypeError unless an optimiser takes a closure, ValueError if it would mix many starts."""
    if not accepts(opt.step, None):
        raise TypeError(
            f"{type(opt).__name__}.step must take a closure, as those of torch.optim do; write "
            "def step(self, closure=None), and call closure() in it to compute the gradients"
        )
    base = opt.base if isinstance(opt, SAM) else opt
    if starts > 1 and isinstance(base, MIXING):
        raise ValueError(
            f"{type(base).__name__} mixes the {starts} starts, so each would take a different "
            "path than it does alone; pass one start at a time: "
            "[descend(L, start, …) for start in starts]"
        )
