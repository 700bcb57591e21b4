"""Filter normalisation (Li et al. 2018): what it makes equal, and what it undoes."""

import pytest
import torch
from known import build, normal
from torch import nn

from lossviz_helpers import Objective, Slice, cross_entropy, deep_net, digit_classifier, scan

DATA = (normal(30, 64, dtype=torch.float32), torch.arange(30) % 10)
NETS = {
    "two layers": digit_classifier,
    "deep": lambda: deep_net(3, skip=True),
    "convolutions": lambda: build(
        lambda: nn.Sequential(
            nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(),
            nn.LayerNorm(144), nn.Linear(144, 10, bias=False),
        ),
        torch.float32,
    ),
}  # fmt: skip

each_net = pytest.mark.parametrize("name", NETS)


def objective(name: str) -> Objective:
    return Objective(NETS[name](), DATA, cross_entropy)


def relu_net() -> Objective:
    """A ReLU net in float64, in which rescaling is exact to rounding."""
    model = build(lambda: nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 3)))
    return Objective(model, (normal(40, 5), torch.arange(40) % 3), cross_entropy)


def rescaled(L: Objective, theta: torch.Tensor, units: torch.Tensor) -> torch.Tensor:
    """The same function: what enters hidden unit i times units[i], what leaves it divided."""
    W1, b1, W2, b2 = L.parameters_at(theta).values()
    twin = torch.cat([(units[:, None] * W1).flatten(), units * b1, (W2 / units).flatten(), b2])
    torch.testing.assert_close(L.predict(twin), L.predict(theta), rtol=1e-10, atol=1e-10)
    return twin


@each_net
def test_every_filter_is_as_long_as_the_weights(name):
    L = objective(name)
    theta = L.point()
    view = Slice.random(theta, 2, seed=3, filters=L.filters)
    weights = L.parameters_at(theta)
    for direction in view.directions:
        for part, weight in zip(L.parameters_at(direction).values(), weights.values(), strict=True):
            if weight.ndim > 1:
                lengths, expected = (v.flatten(1).norm(dim=1) for v in (part, weight))
                torch.testing.assert_close(lengths, expected)


@each_net
def test_biases_and_normalisations_stay(name):
    L = objective(name)
    for direction in Slice.random(L.point(), 2, filters=L.filters).directions:
        parts = L.parameters_at(direction)
        vectors = [key for key, part in parts.items() if part.ndim == 1]
        assert vectors
        assert all((parts[key] == 0).all() for key in vectors)


def test_filters_number_what_feeds_a_unit():
    L = relu_net()
    expected = [i for i in range(7) for _ in range(5)] + [-1] * 7
    expected += [7 + i for i in range(3) for _ in range(7)] + [-1] * 3
    assert L.filters.tolist() == expected


def test_a_filter_that_is_zero_stays_zero():
    L = relu_net()
    theta = L.point()
    theta[:5] = 0
    view = Slice.random(theta, 2, filters=L.filters)
    assert (view.directions[:, :5] == 0).all()
    assert view.directions.isfinite().all()


def test_the_raw_directions_are_normalised_and_nothing_else():
    # within a filter the direction is the Gaussian one
    L = relu_net()
    theta = L.point()
    view = Slice.random(theta, 1, seed=4, filters=L.filters)
    gaussian = normal(L.P, 1, seed=4)[:, 0]
    for number in range(10):
        mine = L.filters == number
        expected = gaussian[mine] / gaussian[mine].norm() * theta[mine].norm()
        torch.testing.assert_close(view.directions[0, mine], expected)


@pytest.mark.parametrize("factor", [0.1, 10.0, 1000.0])
def test_rescaling_layers_of_a_relu_net_changes_no_picture(factor):
    L = relu_net()
    theta = L.point()
    twin = rescaled(L, theta, torch.full((7,), factor, dtype=torch.float64))
    one, other = (
        scan(L, Slice.random(point, 2, seed=1, filters=L.filters), 11).loss
        for point in (theta, twin)
    )
    torch.testing.assert_close(torch.as_tensor(other), torch.as_tensor(one), rtol=1e-10, atol=0)


def test_raw_directions_tell_the_copies_apart():
    L = relu_net()
    theta = L.point()
    twin = rescaled(L, theta, torch.full((7,), 10.0, dtype=torch.float64))
    one, other = (scan(L, Slice.random(point, 2, seed=1), 11).loss for point in (theta, twin))
    assert abs(one - other).max() > 0.1


def test_rescaling_single_units_is_not_undone():
    L = relu_net()
    theta = L.point()
    units = torch.tensor([0.05, 20.0, 1, 1, 1, 1, 1], dtype=torch.float64)
    twin = rescaled(L, theta, units)
    one, other = (
        scan(L, Slice.random(point, 2, seed=1, filters=L.filters), 11).loss
        for point in (theta, twin)
    )
    assert abs(one - other).max() > 0.01


def test_filters_of_another_model():
    L = relu_net()
    with pytest.raises(ValueError, match=r"filters must number the 13 parameters.*use L\.filters"):
        Slice.random(torch.zeros(13), 2, filters=L.filters)


def test_filters_of_zeros_have_no_direction():
    model = build(lambda: nn.Sequential(nn.Linear(64, 5), nn.Linear(5, 10)), torch.float32)
    nn.init.zeros_(model[1].weight)
    L = Objective(model, DATA, cross_entropy)
    with pytest.warns(UserWarning, match="10 of 15 filters are all 0"):
        view = Slice.random(L.point(), filters=L.filters)
    assert not L.parameters_at(view.directions[0])["1.weight"].any()
