"""Landscapes with known answers, and the reference loop that computes any landscape."""

from collections.abc import Callable
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from lossviz_helpers import Objective
from lossviz_helpers.objective import plain_loss


class Formula(nn.Module):
    """A model whose every output is a formula of its parameters."""

    def __init__(self, formula: Callable[[Tensor], Tensor], P: int):
        super().__init__()
        self.theta = nn.Parameter(torch.zeros(P, dtype=torch.float64))
        self.formula = formula

    def forward(self, x):
        return self.formula(self.theta).expand(len(x))


def mean_output(outputs: Tensor, targets: Tensor) -> Tensor:
    return outputs.mean()


def landscape_of(formula: Callable[[Tensor], Tensor], P: int, loss=mean_output) -> Objective:
    """The objective with L(θ) = formula(θ)."""
    return Objective(Formula(formula, P), (torch.zeros(3, 1), torch.zeros(3)), loss)


def looped(model: nn.Module, loss, x: Tensor, y: Tensor, points: Tensor) -> Tensor:
    """The definition, point by point: what L(points) must equal."""
    return torch.stack([plain_loss(model, x, y, loss, theta) for theta in points])


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(*shape: int, seed: int = 0, dtype=torch.float64) -> Tensor:
    return torch.randn(shape, generator=seeded(seed), dtype=dtype)


def build(make: Callable[[], nn.Module], dtype=torch.float64, seed: int = 0) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make().to(dtype).eval()


class Breaking:
    """A loss that raises once, in the n-th call after `break_at(n)`."""

    def __init__(self, loss):
        self.loss, self.left, self.error = loss, 0, None

    def break_at(self, n: int, error: BaseException) -> None:
        self.left, self.error = n, error

    def __call__(self, outputs, targets):
        self.left -= 1
        if self.left == 0:
            raise self.error
        return self.loss(outputs, targets)


def state_of(model: nn.Module) -> dict:
    """Everything of a model, and of PyTorch itself, that other code must leave alone."""
    return {
        **{name: value.clone() for name, value in model.state_dict().items()},
        "where": [p.data_ptr() for p in model.parameters()],
        "requires_grad": [p.requires_grad for p in model.parameters()],
        **{
            f"gradient of {name}": None if p.grad is None else p.grad.clone()
            for name, p in model.named_parameters()
        },
        "training": [module.training for module in model.modules()],
        "hooks": [len(module._forward_hooks) for module in model.modules()],
        "random state": torch.random.get_rng_state(),
        "threads": torch.get_num_threads(),
        "gradients": torch.is_grad_enabled(),
    }


@contextmanager
def unchanged(model: nn.Module):
    """Assert that a block leaves a model and PyTorch's settings as they were, even if it raises."""
    before = state_of(model)
    try:
        yield
    finally:
        after = state_of(model)
        assert before.keys() == after.keys()
        for name, value in before.items():
            same = torch.equal(value, after[name]) if isinstance(value, Tensor) else None
            assert same or (same is None and value == after[name]), f"{name} changed"
