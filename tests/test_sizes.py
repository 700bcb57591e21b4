"""How much is computed at once: what can be known about that without computing anything."""

import copy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from lossviz_helpers import Objective, digit_classifier, gradient, hvp, squared_error
from lossviz_helpers._evaluation.sizes import (
    LAYERS_ALIVE,
    LAYERS_KEPT,
    OUTPUTS_OF_LOSS,
    POINTS_KEPT,
    Sizes,
)
from lossviz_helpers._inputs.examples import Examples

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
    computed=size,
)


@given(some_sizes, st.integers(1, 10**6))
def test_everything_fits_the_budget_if_a_single_point_does(sizes, N):
    batch = sizes.batch(N)
    assert 1 <= batch <= N
    stack, chunk = sizes.stack(batch), sizes.chunk(N, batch)
    assert chunk % stack == 0
    assert chunk >= stack >= 1
    if LAYERS_ALIVE * sizes.widest * batch + sizes.point <= sizes.budget:
        assert sizes.chunk_bytes(N, batch) <= sizes.budget


@given(some_sizes, st.integers(1, 10**6), st.sampled_from([1, 2]))
def test_derivatives_fit_the_budget_if_one_example_does(sizes, N, order):
    batch = sizes.batch_for_derivatives(N, order)
    stack = sizes.stack_for_derivatives(batch, order)
    assert 1 <= batch <= N
    assert stack >= 1

    def needed(batch, stack):
        layers = LAYERS_KEPT[order] * max(sizes.computed, sizes.widest) * batch
        return stack * (layers + POINTS_KEPT[order] * sizes.point)

    points_leave_half = POINTS_KEPT[order] * sizes.point <= sizes.budget / 2
    if points_leave_half and needed(1, 1) <= sizes.budget:
        assert needed(batch, stack) <= 1.001 * sizes.budget


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


def test_functions_and_views_are_counted_once():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 5)

        def forward(self, x):
            return torch.tanh(self.layer(x)).flatten(1).unsqueeze(1)  # the last two are views

    sizes = Sizes.measured(Net(), Examples(torch.zeros(7, 3), torch.zeros(7)), 20, 10**6)
    assert sizes.computed == (5 + 5 + OUTPUTS_OF_LOSS * 5) * 4


GROWTH = """
import resource, sys, torch
from torch import nn
from lossviz_helpers import Objective, conv_net, cross_entropy, deep_net, gradient, hvp

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

torch.set_num_threads(1)
kind, loss, budget = sys.argv[1], sys.argv[2], int(sys.argv[3])
N, shape, net = {
    "wide": (4000, (64,), nn.Sequential(nn.Linear(64, 24), nn.Tanh(), nn.Linear(24, 10))),
    "deep": (2000, (64,), deep_net(20, skip=True)),
    "conv": (1000, (1, 8, 8), conv_net().eval()),
}[kind]
loss = {"chart": cross_entropy, "other": nn.CrossEntropyLoss()}[loss]
data = (torch.randn(N, *shape), torch.arange(N) % 10)
L = Objective(net, data, loss, budget=budget)
few, vectors = L.subset(torch.arange(32)), torch.randn(12 if L.P < 10_000 else 2, L.P)
for warm in (L(L.point()), gradient(few, vectors[:2]), hvp(few, L.point(), vectors[:2])):
    pass  # whatever is loaded, or made, once
before = peak()
products = hvp(L, L.point(), vectors)
gradients = gradient(L, vectors)
print(peak() - before - 2 * products.nbytes - gradients.nbytes)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no module resource")
@pytest.mark.parametrize(
    ("kind", "loss"), [("wide", "chart"), ("deep", "other"), ("conv", "chart")]
)
def test_derivatives_on_large_data_fit_the_budget(kind, loss):
    budget = 30 * 10**6
    command = [sys.executable, "-c", GROWTH, kind, loss, str(budget)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < budget


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_derivatives_in_batches_are_those_of_the_whole(reduction):
    net = digit_classifier(width=5).double()
    x = torch.randn(101, 64, generator=torch.Generator().manual_seed(0)).double()
    loss = nn.CrossEntropyLoss(reduction=reduction)
    whole = Objective(net, (x, torch.arange(101) % 10), loss)
    parts = copy.copy(whole)
    parts.sizes = replace(whole.sizes, budget=100_000)
    assert parts.sizes.batch_for_derivatives(101, 2) < 50
    assert parts.decomposes_over_examples == (reduction == "mean")
    theta = whole.point()
    V = torch.randn(3, whole.P, generator=torch.Generator().manual_seed(1)).double()
    torch.testing.assert_close(gradient(parts, V), gradient(whole, V))
    torch.testing.assert_close(hvp(parts, theta, V), hvp(whole, theta, V))


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
