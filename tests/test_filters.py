"""Filter normalisation (Li et al. 2018): what it makes equal, and what it undoes."""

from itertools import product

import pytest
import torch
from known import build, normal
from torch import nn
from torch.nn.utils import parametrizations, parametrize
from torch.nn.utils import spectral_norm as older_spectral_norm

from lossviz_helpers import (
    Objective,
    Slice,
    cross_entropy,
    deep_net,
    digit_classifier,
    filter_normalised_rise,
    scan,
)
from lossviz_helpers._evaluation.space import Space

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


def test_filters_number_the_weights_that_feed_a_unit():
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


def test_raw_directions_distinguish_the_copies():
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


def test_filters_of_a_different_model():
    L = relu_net()
    with pytest.raises(
        ValueError,
        match=r"filters must hold a number for each of the 13 parameters.*use L\.filters",
    ):
        Slice.random(torch.zeros(13), 2, filters=L.filters)


def test_filters_of_zeros_have_no_direction():
    model = build(lambda: nn.Sequential(nn.Linear(64, 5), nn.Linear(5, 10)), torch.float32)
    nn.init.zeros_(model[1].weight)
    L = Objective(model, DATA, cross_entropy)
    with pytest.warns(UserWarning, match="10 of 15 filters are entirely zero"):
        view = Slice.random(L.point(), filters=L.filters)
    assert not L.parameters_at(view.directions[0])["1.weight"].any()


# What a filter is, layer by layer


class Tied(nn.Module):
    """A custom parametrisation: a weight of length 1 times a number for each row."""

    def forward(self, sizes, directions):
        return sizes * directions / directions.flatten(1).norm(dim=1).view(sizes.shape)

    def right_inverse(self, weight):
        return torch.ones(len(weight), *[1] * (weight.ndim - 1)), weight


class Halved(nn.Module):
    def forward(self, weight):
        return weight / 2


class Upsampling(nn.ConvTranspose2d):
    """A custom layer with another matrix in addition to the weight."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mixing = nn.Parameter(torch.eye(4))


def chained(layer: nn.Module) -> nn.Module:
    layer = parametrizations.spectral_norm(parametrizations.weight_norm(layer))
    parametrize.register_parametrization(layer, "weight", Halved())
    return layer


def tied(layer: nn.Module) -> nn.Module:
    parametrize.register_parametrization(layer, "weight", Tied())
    return layer


WRAPS = {
    "spectral_norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
    **{f"weight_norm {dim}": lambda layer, dim=dim: parametrizations.weight_norm(layer, dim=dim)
       for dim in (0, 1, None)},
    "chain": chained,
    "someone's own": tied,
    "older spectral_norm": older_spectral_norm,
}  # fmt: skip
LAYERS = {
    "linear": (lambda: nn.Linear(6, 4), 4),
    "one input": (lambda: nn.Linear(1, 4), 4),
    "one output": (lambda: nn.Linear(6, 1), 1),
    "conv": (lambda: nn.Conv2d(6, 4, 3, groups=2), 4),
    "transposed 1": (lambda: nn.ConvTranspose1d(6, 4, 3), 4),
    "transposed 1, groups": (lambda: nn.ConvTranspose1d(6, 4, 3, groups=2), 4),
    "transposed 2": (lambda: nn.ConvTranspose2d(3, 5, (2, 3), bias=False), 5),
    "transposed 2, groups": (lambda: nn.ConvTranspose2d(6, 9, 2, groups=3), 9),
    "transposed 2, depthwise": (lambda: nn.ConvTranspose2d(4, 4, 2, groups=4), 4),
    "transposed 3": (lambda: nn.ConvTranspose3d(6, 4, (1, 2, 3), groups=2), 4),
    "transposed, as many in as out": (lambda: nn.ConvTranspose2d(4, 4, 2), 4),
}
# but if custom magnitudes and directions have the same shape, nothing tells which is which
WRAPPED = sorted(set(product(LAYERS, WRAPS)) - {("one input", "someone's own")})


def filters_of(layer: nn.Module) -> dict[str, torch.Tensor]:
    """The filters of each parameter of a layer, in its shape."""
    space = Space(layer)
    return space.parameters_at(space.filters)


def feeding(layer: nn.Module, unit: int) -> torch.Tensor:
    """Which entries of a layer's weight an output depends on."""
    channels = getattr(layer, "in_channels", layer.weight.shape[1])
    outputs = layer(torch.ones(1, channels, *[4] * (layer.weight.ndim - 2)))
    return torch.autograd.grad(outputs[:, unit].sum(), layer.weight)[0] != 0


@pytest.mark.parametrize("name", LAYERS)
def test_a_filter_is_all_that_an_output_depends_on(name):
    make, outputs = LAYERS[name]
    layer = build(make, torch.float32)
    found = filters_of(layer)["weight"]
    assert found.unique().tolist() == list(range(outputs))
    for unit in range(outputs):
        assert torch.equal(found == unit, feeding(layer, unit))


@pytest.mark.parametrize(("name", "wrap"), WRAPPED)
def test_a_parametrised_weight_has_the_filters_of_a_plain_one(name, wrap):
    make, _ = LAYERS[name]
    plain = filters_of(build(make, torch.float32))["weight"]
    layer = build(make, torch.float32)
    parametrised = filters_of(WRAPS[wrap](layer))
    *scales, weight = (f for key, f in parametrised.items() if "weight" in key)
    assert torch.equal(weight, plain)
    assert len(scales) == ("weight_norm" in wrap or wrap in ("chain", "someone's own"))
    assert all((scale == -1).all() for scale in scales), "a magnitude is no filter"
    assert all((f == -1).all() for key, f in parametrised.items() if "bias" in key)


def test_the_length_of_weight_norms_directions_changes_no_picture():
    # v and 10·v are the same function, and filter normalisation has to say so
    model = build(lambda: nn.Sequential(parametrizations.weight_norm(nn.Linear(5, 3)), nn.Tanh()))
    L = Objective(model, (normal(40, 5), torch.arange(40) % 3), cross_entropy)
    theta = L.point()
    twin = theta.clone()
    L.parameters_at(twin)["0.parametrizations.weight.original1"].mul_(10)
    one, other = (
        scan(L, Slice.random(point, 2, seed=1, filters=L.filters), 5).loss
        for point in (theta, twin)
    )
    torch.testing.assert_close(torch.as_tensor(other), torch.as_tensor(one), rtol=1e-10, atol=0)


@pytest.mark.parametrize(
    ("make", "filters", "none"),
    [
        (lambda: nn.Bilinear(2, 3, 4), {"weight": 4}, {"bias"}),
        (lambda: nn.Embedding(7, 3), {"weight": 7}, set()),
        (lambda: nn.LSTM(3, 2), {"weight_ih_l0": 8, "weight_hh_l0": 8},
         {"bias_ih_l0", "bias_hh_l0"}),
        (lambda: nn.MultiheadAttention(4, 2, add_bias_kv=True),
         {"in_proj_weight": 12, "out_proj.weight": 4},
         {"in_proj_bias", "bias_k", "bias_v", "out_proj.bias"}),
        (lambda: nn.LayerNorm((3, 4)), {}, {"weight", "bias"}),
        (lambda: nn.RMSNorm((3, 4)), {}, {"weight"}),
        (lambda: nn.GroupNorm(2, 4), {}, {"weight", "bias"}),
        (lambda: Upsampling(3, 5, 2), {"weight": 5, "mixing": 4}, {"bias"}),
    ],
)  # fmt: skip
def test_filters_of_other_layers(make, filters, none):
    found = filters_of(build(make, torch.float32))
    assert {name: len(f.unique()) for name, f in found.items() if (f >= 0).all()} == filters
    assert {name for name, f in found.items() if (f == -1).all()} == none


def test_without_filters_there_is_nothing_to_normalise_by():
    model = build(
        lambda: nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(144, 2)
        ),
        torch.float32,
    )
    for name, p in model.named_parameters():
        p.requires_grad_(name.startswith("1.") or name.endswith("bias"))
    x, y = normal(8, 1, 8, 8, dtype=torch.float32), torch.arange(8) % 2
    L = Objective(model, (x, y), cross_entropy)
    assert (L.filters == -1).all()
    for use in (
        lambda: Slice.random(L.point(), filters=L.filters),
        lambda: filter_normalised_rise(L, L.point()),
    ):
        with pytest.raises(ValueError, match=r"no filters to normalise by.*leave out filters"):
            use()
    assert Slice.random(L.point()).dims == 2  # as the error says


@pytest.mark.usefixtures("no_warnings")
def test_if_all_filters_are_0_so_is_every_direction():
    model = build(lambda: nn.Linear(64, 10), torch.float32)
    nn.init.zeros_(model.weight)
    L = Objective(model, DATA, cross_entropy)
    with pytest.raises(ValueError, match=r"all 10 filters are zero.*leave out filters"):
        Slice.random(L.point(), filters=L.filters)
    assert Slice.random(L.point()).dims == 2
