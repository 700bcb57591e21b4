"""How much is computed at once: what is known of it without computing anything."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from lossviz_helpers import Objective, squared_error
from lossviz_helpers.examples import Examples
from lossviz_helpers.sizes import LAYERS_ALIVE, Sizes

size = st.integers(1, 10**7)
some_sizes = st.builds(
    Sizes,
    flops=size,
    widest=size,
    point=size,
    itemsize=st.sampled_from([2, 4, 8]),
    kind=st.sampled_from(["cpu", "mps", "gpu"]),
    budget=st.integers(10**6, 10**11),
    reuses=st.booleans(),
)


@given(some_sizes, st.integers(1, 10**6))
def test_all_stays_in_the_budget_if_a_single_point_does(sizes, N):
    batch = sizes.batch(N)
    assert 1 <= batch <= N
    stack, chunk = sizes.stack(batch), sizes.chunk(N, batch)
    assert chunk % stack == 0
    assert chunk >= stack >= 1
    if LAYERS_ALIVE * sizes.widest * batch + sizes.point <= sizes.budget:
        assert sizes.chunk_bytes(N, batch) <= sizes.budget


@given(some_sizes, st.integers(1, 10**6))
def test_more_memory_never_means_fewer_points(sizes, batch):
    richer = replace(sizes, budget=2 * sizes.budget)
    assert richer.stack(batch) >= sizes.stack(batch)
    assert replace(sizes, reuses=True).stack(batch) >= replace(sizes, reuses=False).stack(batch)


def test_a_model_is_measured():
    model = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2)).double()
    sizes = Sizes.measured(
        model, Examples(torch.zeros(7, 3).double(), torch.zeros(7)), P=32, budget=10**6
    )
    assert sizes.flops == 2 * (3 * 5 + 5 * 2)
    assert sizes.widest == 5 * 8
    assert sizes.point == 32 * 8


def test_points_count_as_well_as_layers():
    # a small output of very many weights: it is the points that need the memory
    model, x = nn.Linear(50_000, 1), torch.randn(4, 50_000)
    L = Objective(model, (x, torch.zeros(4, 1)), squared_error, budget=20_000_000)
    assert L.chunk_bytes() <= 20_000_000
    assert L.chunk_size() >= 10


class Derived(nn.Module):
    """An output whose forward pass takes derivatives, which PyTorch's FLOP counter can't follow."""

    def __init__(self):
        super().__init__()
        self.net = nn.Linear(1, 1, dtype=torch.float64)

    def forward(self, x):
        return torch.func.vmap(torch.func.jacrev(lambda t: self.net(t).square()))(x).flatten()


def test_what_cannot_be_counted_can_be_evaluated():
    x = torch.linspace(-1, 1, 6, dtype=torch.float64)[:, None]
    L = Objective(Derived(), (x, torch.zeros(6, dtype=torch.float64)), squared_error)
    theta = torch.tensor([2.0, 1.0], dtype=torch.float64)
    expected = (2 * 2 * (2 * x + 1)).square().mean()  # d(2x + 1)²/dx = 4(2x + 1)
    assert L(theta).item() == pytest.approx(expected.item())
