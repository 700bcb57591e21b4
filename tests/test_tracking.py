"""`track` follows λmax along a training loop, and finds a direction that overtakes the others."""

import math

import pytest
import torch
from known import landscape_of, unchanged
from torch import nn

from lossviz_helpers import (
    Objective,
    SharpnessHistory,
    cross_entropy,
    digits,
    eigenpairs,
    model_2,
    model_3,
    squared_error,
    track,
    xor,
)
from lossviz_helpers.curvature.lanczos import block_lanczos

data = xor(50)


def bowl(c: torch.Tensor) -> tuple[nn.Module, Objective]:
    """A model with L(θ) = ½ Σ cᵢθᵢ², and its landscape."""
    L = landscape_of(lambda t: (c * t**2).sum() / 2, len(c))
    return L.model_at(torch.ones(len(c))), L


def turning(P: int = 600) -> tuple[nn.Module, Objective]:
    """L(θ) = ½ Σ cᵢθᵢ² + ½ sθ₇², where s is the last parameter and c runs from 0 to 1.

    On the axis of s its Hessian is diagonal: θ₇ has curvature s, and no gradient leads to it.
    """
    c = torch.linspace(0, 1, P, dtype=torch.float64)
    c[7] = c[-1] = 0
    L = landscape_of(lambda t: (c * t**2).sum() / 2 + t[-1] * t[7] ** 2 / 2, P)
    return L.model_at(torch.zeros(P)), L


def net(width: int = 8) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(64, width), nn.Tanh(), nn.Linear(width, 10))


def train(model, L, tracker, steps, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        L.loss(model(L.x), L.y).backward()
        optimizer.step()
        tracker.step(lr)


# Known answers


@pytest.mark.parametrize("P", [3, 40])
def test_on_a_quadratic_both_are_exact(P):
    c = torch.linspace(-2, 5, P, dtype=torch.float64)
    model, L = bowl(c)
    tracker = track(model, L, every=10)
    train(model, L, tracker, 30, lr=0.1)
    found = tracker.history()
    assert isinstance(found, SharpnessHistory)
    assert found.steps.tolist() == [0, 10, 20, 30]
    assert found.values.tolist() == pytest.approx([5] * 4, rel=1e-12)
    assert found.edges.tolist() == pytest.approx([20] * 4, rel=1e-12)
    assert found.ratios.tolist() == pytest.approx([0.25] * 4, rel=1e-12)
    assert found.residuals.max() < 1e-12
    assert found.products.tolist() == [P] * 4
    assert len(found) == 4


def test_on_a_large_quadratic_the_last_vectors_save_products():
    c = torch.cat([torch.linspace(-1, 1, 600), torch.tensor([2.0, 3.0])]).double()
    model, L = bowl(c)
    tracker = track(model, L, every=1)
    train(model, L, tracker, 5, lr=0.1)
    found = tracker.history()
    assert found.values.tolist() == pytest.approx([3] * 6, rel=1e-3)
    assert (found.residuals <= 1e-2 * 3).all()
    first, *others = found.products.tolist()
    assert max(others) < 0.7 * first


def test_along_training_it_agrees_with_eigenpairs():
    examples, _ = digits(100)
    model = net()
    L = Objective(model, examples, cross_entropy)
    tracker, expected = track(model, L, every=10), [top(L, model)]
    for _ in range(6):
        train(model, L, tracker, 10, lr=0.5)
        expected.append(top(L, model))
    found = tracker.history()
    assert found.values.tolist() == pytest.approx(expected, rel=5e-3)
    assert max(expected) > 2 * min(expected), "there was something to follow"
    assert found.products.max() <= 40
    assert found.products[3:].double().mean() < 0.5 * found.products[0]


def top(L: Objective, model: nn.Module) -> float:
    return eigenpairs(L, L.point(model), 1, "highest").values.item()


@pytest.mark.parametrize("curvature", [1.1, 1.5, 3.0])
def test_a_direction_that_overtakes_all_others_is_found(curvature):
    model, L = turning()
    tracker = track(model, L, every=1)
    with torch.no_grad():
        model.theta[-1] = curvature
    for _ in range(3):
        tracker.step(0.1)
    found = tracker.history().values
    assert found[0] == pytest.approx(1, rel=0.01)
    assert found[-1] == pytest.approx(curvature, rel=0.01)


def test_no_more_products_than_allowed():
    c = torch.linspace(0, 1, 2000, dtype=torch.float64)  # no gap: it doesn't converge
    model, L = bowl(c)
    for products in (2, 7, 20):
        tracker = track(model, L, every=1, products=products)
        tracker.step(0.1)
        found = tracker.history()
        assert found.products.max() <= products
        true = c[-1].item()
        assert (found.values <= true + 1e-12).all()
        assert ((true - found.values) <= found.residuals).all() or products == 2


def test_memory_for_few_vectors_is_enough():
    c = torch.cat([torch.linspace(-1, 1, 2000), torch.tensor([3.0])]).double()
    model, L = bowl(c)
    object.__setattr__(L.sizes, "budget", 600_000)
    assert track(model, L).history().values.item() == pytest.approx(3, rel=1e-3)


# What is recorded


def test_the_rate_of_each_step_and_of_the_first():
    model, L = bowl(torch.ones(3).double())
    tracker = track(model, L, every=2)
    assert tracker.history().edges.isnan().all()
    assert tracker.history().steps.tolist() == [0]
    for lr in (0.5, 0.1, 4.0, 0, 1, torch.tensor(0.2)):
        tracker.step(lr)
    found = tracker.history()
    assert found.steps.tolist() == [0, 2, 4, 6]
    assert found.edges.tolist() == pytest.approx([4, 20, math.inf, 10])
    before = found.values.clone()
    tracker.step(1.0), tracker.step(1.0)
    assert torch.equal(found.values, before)
    assert len(tracker.history()) == 5


def test_a_run_that_diverges_goes_on():
    model, L = turning()
    tracker = track(model, L, every=1)
    with torch.no_grad():
        model.theta[3] = math.nan
        tracker.step(0.1)
        model.theta[3] = 0.0
        model.theta[-1] = 2.0
        tracker.step(0.1)
    found = tracker.history()
    assert found.values[1].isnan()
    assert found.residuals[1].isnan()
    assert found.products[1] == 0
    assert found.values[2] == pytest.approx(2, rel=0.01)


# The loop knows nothing of it


@pytest.mark.parametrize("training", [True, False])
def test_nothing_of_the_loop_is_changed(training):
    examples, _ = digits(60)
    layers = [nn.Linear(64, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 10)]
    model = nn.Sequential(*layers)
    model(examples.x.float())
    L = Objective(model.eval(), examples, cross_entropy, statistics="own")
    model.train(training)
    cross_entropy(model(L.x), L.y).backward()
    with unchanged(model):
        tracker = track(model, L, every=1)
        tracker.step(0.1)
        with torch.no_grad():
            tracker.step(0.1)
        tracker.history()


def test_two_trackers_agree():
    examples, _ = digits(60)
    found = []
    for every in (1, 1, 2):
        model = net()
        L = Objective(model, examples, cross_entropy)
        tracker = track(model, L, every)
        train(model, L, tracker, 4, lr=0.2)
        found.append(tracker.history().values)
    assert torch.equal(found[0], found[1])
    torch.testing.assert_close(found[0][::2], found[2], rtol=1e-3, atol=0)


def test_a_replaced_parameter_is_followed():
    model = model_3()
    L = Objective(model, data, squared_error)
    tracker = track(model, L, every=1)
    model.layer_2.weight = nn.Parameter(torch.full((1, 3), 2.0, dtype=torch.float64))
    tracker.step(0.1)
    assert tracker.history().values[1] == pytest.approx(top(L, model))


def test_statistics_that_no_longer_fit_are_announced_once():
    examples, _ = digits(60)
    model = nn.Sequential(nn.Linear(64, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 10))
    L = Objective(model.eval(), examples, cross_entropy)
    tracker = track(model, L, every=1)
    model.train()(L.x)
    with pytest.warns(UserWarning, match=r'differs in 1\.running_mean.*statistics="own"'):
        tracker.step(0.1)


# What it can't take


@pytest.mark.parametrize("got", [Objective(model_3(), data, squared_error), model_3])
def test_something_else_to_follow(got):
    with pytest.raises(TypeError, match=rf"torch\.nn\.Module, but got {type(got).__name__}"):
        track(got, Objective(model_3(), data, squared_error))


def test_other_arguments_that_do_not_fit():
    model = model_3()
    L = Objective(model, data, squared_error)
    with pytest.raises(TypeError, match="L must be an Objective"):
        track(model, squared_error)
    with pytest.raises(ValueError, match="every must be at least 1, got 0"):
        track(model, L, every=0)
    with pytest.raises(TypeError, match="products must be a whole number"):
        track(model, L, products=2.5)
    with pytest.raises(ValueError, match="products must be at least 2, got 1"):
        track(model, L, products=1)
    with pytest.raises(ValueError, match="expected a model with the 13 parameters"):
        track(model_2(), L)
    tracker = track(model, L)
    with pytest.raises(TypeError, match=r"param_groups\[0\].*got \[0\.1\]"):
        tracker.step([0.1])
    with pytest.raises(TypeError, match="got SGD"):
        tracker.step(torch.optim.SGD(model.parameters(), lr=0.1))
    for lr in (-0.1, math.nan):
        with pytest.raises(ValueError, match="lr must be at least 0, got"):
            tracker.step(lr)


# The method behind it


def test_lanczos_goes_on_from_where_it_is_told():
    c = torch.linspace(0, 1, 800, dtype=torch.float64)
    start = torch.eye(800, dtype=torch.float64)[[-1, -2]]
    found, products = block_lanczos(
        lambda v: v * c, 800, 2, "highest", 1e-8, max_products=100, start=start
    )
    assert products == 2
    torch.testing.assert_close(found.values, c[[-1, -2]])
    assert torch.equal(start, torch.eye(800, dtype=torch.float64)[[-1, -2]])
