"""Curves and matching: known hills, known permutations, clear errors."""

import math
from itertools import pairwise, permutations, product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from known import build, landscape_of, normal, seeded
from torch import nn
from torch.optim.swa_utils import AveragedModel, update_bn

from lossviz_helpers import (
    Bezier,
    Objective,
    Recorder,
    Slice,
    Trajectory,
    average,
    bend,
    deep_net,
    digits,
    match_weights,
    model_3,
    xor,
)
from lossviz_helpers.losses import cross_entropy, squared_error

seeds = st.integers(0, 2**31)
DATA = xor(50)

# Bézier curves


@given(seeds)
def test_a_curve_starts_at_A_ends_at_B_and_leaves_towards_C(seed):
    A, C, B = normal(3, 7, seed=seed)
    curve = Bezier(A, C, B)
    t = torch.linspace(0, 1, 5, dtype=torch.float64)
    points, velocity = torch.func.jvp(curve.point, (t,), (torch.ones_like(t),))
    assert torch.equal(points[[0, -1]], torch.stack([A, B]))
    by_formula = 2 * (1 - t)[:, None] * (C - A) + 2 * t[:, None] * (B - C)
    torch.testing.assert_close(velocity, by_formula)


@given(seeds)
def test_a_control_point_on_the_line_gives_the_line(seed):
    A, B = normal(2, 7, seed=seed)
    t = torch.linspace(0, 1, 5, dtype=torch.float64)
    curve = Bezier(A, (A + B) / 2, B)
    torch.testing.assert_close(curve.point(t), torch.lerp(A, B, t[:, None]))


def test_shapes_of_points_on_a_curve():
    curve = Bezier(*normal(3, 7))
    assert curve.point(0.5).shape == (7,)
    assert curve.point(torch.rand(4, 2)).shape == (4, 2, 7)


@pytest.mark.parametrize(
    "points",
    [
        (torch.zeros(3), torch.zeros(4), torch.zeros(3)),
        (torch.zeros(3), torch.zeros(3), torch.zeros(2)),
        (torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(2, 3)),
    ],
)
def test_points_of_different_models_make_no_curve(points):
    with pytest.raises(ValueError, match="three points of the same model"):
        Bezier(*points)


# Bending around a known hill

HILL = landscape_of(lambda θ: torch.exp(-4 * (θ[0] ** 2 + (θ[1] - 0.1) ** 2)), P=2)
WEST, EAST = torch.tensor([-2.0, 0.0]), torch.tensor([2.0, 0.0])


def test_a_bent_curve_goes_round_a_known_hill():
    # the hill is a little north of the line, so the way round goes south
    curve = bend(HILL, WEST, EAST, steps=300, lr=0.05)
    t = torch.linspace(0, 1, 101)
    line, bent = HILL(torch.lerp(WEST, EAST, t[:, None])), HILL(curve.point(t))
    assert line.max() > 0.9
    assert bent.max() < 0.05
    assert curve.C[1] < 0
    assert torch.equal(curve.point(torch.tensor([0.0, 1.0])), torch.stack([WEST, EAST]).double())


def test_bending_is_repeatable_and_leaves_the_ends():
    A, B = WEST.clone(), EAST.clone()
    one, two = bend(HILL, A, B, steps=20), bend(HILL, A, B, steps=20)
    assert torch.equal(one.C, two.C)
    assert not one.C.requires_grad
    assert torch.equal(A, WEST)
    assert torch.equal(B, EAST)


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"lr": 0}, {"samples": -1}])
def test_bending_needs_positive_settings(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be positive"):
        bend(HILL, WEST, EAST, **wrong)


def test_bending_needs_points_of_the_landscape():
    with pytest.raises(ValueError, match="has 2 numbers"):
        bend(HILL, torch.zeros(3), EAST)
    with pytest.raises(ValueError, match="expected one point"):
        bend(HILL, torch.zeros(5, 2), EAST)


def test_bending_needs_finite_ends():
    L = landscape_of(lambda θ: torch.log(θ[0]), P=2)
    with pytest.raises(ValueError, match="finite loss at both ends"):
        bend(L, torch.tensor([-1.0, 0.0]), torch.tensor([1.0, 0.0]))


# Matching


def chain(activation: type[nn.Module], hidden: int, width: int = 12, seed: int = 0) -> nn.Module:
    sizes = [64, *[width] * hidden, 10]
    parts = [
        part
        for i in range(hidden + 1)
        for part in (lambda i=i: nn.Linear(sizes[i], sizes[i + 1]), activation)
    ]
    return build(lambda: nn.Sequential(*[make() for make in parts[:-1]]), seed=seed)


def landscape(model: nn.Module) -> Objective:
    return Objective(model, digits(100, dtype=torch.float64)[0], cross_entropy)


def shuffled(model: nn.Sequential, seed: int, flip: bool = False) -> nn.Sequential:
    """Every hidden layer in a random order, and with random signs, by PyTorch's own means."""
    linear = [m for m in model if isinstance(m, nn.Linear)]
    generator = seeded(seed)
    with torch.no_grad():
        for layer, after in pairwise(linear):
            order = torch.randperm(layer.out_features, generator=generator)
            sign = torch.randint(2, order.shape, generator=generator) * 2 - 1 if flip else 1
            layer.weight.copy_((layer.weight[order].T * sign).T)
            layer.bias.copy_(layer.bias[order] * sign)
            after.weight.copy_(after.weight[:, order] * sign)
    return model


@pytest.mark.parametrize("hidden", [1, 2, 4])
@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh])
@pytest.mark.parametrize("seed", range(3))
def test_a_random_order_is_found_again_exactly(activation, hidden, seed):
    model = chain(activation, hidden, seed=seed)
    L = landscape(model)
    A, B = L.point(), L.point(shuffled(model, seed))
    assert not torch.equal(A, B)
    assert torch.equal(match_weights(L, A, B), A)


@pytest.mark.parametrize("hidden", [1, 2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_random_signs_of_tanh_units_are_found_again_exactly(hidden, seed):
    model = chain(nn.Tanh, hidden, seed=seed)
    L = landscape(model)
    A, B = L.point(), L.point(shuffled(model, seed, flip=True))
    torch.testing.assert_close(L.predict(A), L.predict(B))
    assert torch.equal(match_weights(L, A, B), A)
    assert not torch.equal(match_weights(L, A, B, signs=False), A)


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Sigmoid, nn.GELU])
def test_signs_stay_where_the_activation_is_not_odd(activation):
    L = landscape(chain(activation, 2))
    A, B = L.initial_points([0, 1])
    matched = match_weights(L, A, B)
    torch.testing.assert_close(L.predict(matched), L.predict(B))
    assert torch.equal(matched, match_weights(L, A, B, signs=False))


def test_each_layer_has_its_own_activation():
    def mixed():
        return nn.Sequential(
            nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 10)
        )

    model = build(mixed)
    L = landscape(model)
    A = L.point()
    with torch.no_grad():
        for part in (model[2].weight, model[2].bias):
            part[3] *= -1
        model[4].weight[:, 3] *= -1
    assert torch.equal(match_weights(L, A, L.point(model)), A)
    other = L.initial_points([1])[0]
    torch.testing.assert_close(L.predict(match_weights(L, A, other)), L.predict(other))


def test_two_units_that_cancel_each_other_do_not_look_odd():
    model = build(lambda: nn.Sequential(nn.Linear(64, 2), nn.ReLU(), nn.Linear(2, 10)))
    L = landscape(model)
    A = L.point()
    with torch.no_grad():
        model[0].weight[1], model[0].bias[1] = model[0].weight[0], model[0].bias[0]
        model[2].weight[:, 1] = -model[2].weight[:, 0]
    B = L.point(model)
    torch.testing.assert_close(L.predict(match_weights(L, A, B)), L.predict(B))


def test_matching_with_signs_finds_the_closest_of_all_48_twins():
    L = Objective(model_3(), xor(), squared_error)
    A, B = L.initial_points([0, 1])
    w1, b1, w2, b2 = L.parameters_at(B).values()
    twins = []
    for order, flips in product(permutations(range(3)), product([1.0, -1.0], repeat=3)):
        o, s = list(order), torch.tensor(flips)
        twin = [(w1[o].T * s).T.flatten(), b1[o] * s, (w2[:, o] * s).flatten(), b2]
        twins.append(torch.cat(twin))
    assert len(twins) == 48
    torch.testing.assert_close(L.predict(torch.stack(twins)), L.predict(B).expand(48, -1))
    nearest = min(twins, key=lambda point: (point - A).norm().item())
    assert torch.equal(match_weights(L, A, B), nearest)


def test_restarts_come_closer_in_deep_nets_and_keep_the_outputs():
    L = landscape(chain(nn.Tanh, 4))
    gained = []
    for seed in range(5):
        A, B = L.initial_points([seed, seed + 5])
        once, often = match_weights(L, A, B), match_weights(L, A, B, restarts=5)
        torch.testing.assert_close(L.predict(often), L.predict(B))
        gained.append(((once - A).norm() - (often - A).norm()).item())
    assert min(gained) >= 0
    assert max(gained) > 0


@given(seeds)
def test_matching_keeps_the_outputs_and_comes_closer(seed):
    L = landscape(chain(nn.Tanh, 3))
    A, B = L.initial_points([seed, seed + 1])
    matched = match_weights(L, A, B)
    torch.testing.assert_close(L.predict(matched), L.predict(B))
    assert (matched - A).norm() <= (B - A).norm() + 1e-12
    assert torch.equal(match_weights(L, A, matched), matched), "twice must change nothing"


def test_matching_finds_the_best_of_all_orders():
    L = landscape(chain(nn.ReLU, 1, width=4))
    A, B = L.initial_points([0, 1])
    w1, b1, w2, b2 = L.parameters_at(B).values()
    orders = [list(order) for order in permutations(range(4))]
    points = [torch.cat([w1[o].flatten(), b1[o], w2[:, o].flatten(), b2]) for o in orders]
    nearest = min(points, key=lambda point: (point - A).norm().item())
    assert torch.equal(match_weights(L, A, B), nearest)


def test_large_outputs_do_not_rule_out_a_chain():
    L = landscape(chain(nn.ReLU, 1).float())
    A, B = 1e3 * L.initial_points([0, 1])
    assert match_weights(L, A, B).shape == A.shape


def test_matching_needs_points_of_the_landscape():
    L = landscape(chain(nn.ReLU, 1))
    other = landscape(chain(nn.ReLU, 2)).point()
    with pytest.raises(
        ValueError, match=rf"has {L.P} numbers, but got points of shape \({len(other)}"
    ):
        match_weights(L, L.point(), other)
    with pytest.raises(ValueError, match="expected one point"):
        match_weights(L, L.point().repeat(2, 1), L.point())


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Linear(64, 10),
        lambda: nn.Sequential(nn.Linear(64, 8, bias=False), nn.ReLU(), nn.Linear(8, 10)),
        lambda: nn.Sequential(nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 2, 3), nn.Flatten(),
                              nn.Linear(72, 10)),
        lambda: nn.Sequential(nn.Linear(64, 8), nn.LayerNorm(8), nn.Linear(8, 10)),
    ],
    ids=["one layer", "no bias", "convolution", "norm with weights"],
)  # fmt: skip
def test_other_layers_are_not_a_chain(make):
    L = landscape(build(make))
    with pytest.raises(ValueError, match=r"chain of linear layers, .* got parameters of shapes"):
        match_weights(L, *L.initial_points([0, 1]))


def test_a_skip_is_not_a_chain_although_its_shapes_fit():
    L = landscape(deep_net(3, skip=True))
    plain = landscape(deep_net(3, skip=False))
    A, B = L.initial_points([0, 1])
    with pytest.raises(ValueError, match="permuting its units changed its outputs"):
        match_weights(L, A, B)
    assert math.isfinite((match_weights(plain, A, B) - A).norm())


class Scaled(nn.Module):
    """Two hidden units that aren't equal: one counts five times as much."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(3, 2), nn.Linear(2, 2)
        self.register_buffer("weight_of_unit", torch.tensor([1.0, 5.0]))

    def forward(self, x):
        return self.last(torch.tanh(self.first(x)) * self.weight_of_unit)


@pytest.mark.parametrize("seed", range(4))
def test_even_two_units_are_distinguished(seed):
    L = Objective(build(Scaled), (normal(20, 3), normal(20, 2, seed=1)), nn.MSELoss())
    w, b, out, rest = L.parameters_at(L.point()).values()
    swapped = torch.cat([w.flip(0).flatten(), b.flip(0), out.flip(1).flatten(), rest])
    with pytest.raises(ValueError, match="permuting its units changed its outputs"):
        match_weights(L, L.point(), swapped, seed=seed)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_matching_in_low_precision(dtype):
    model = chain(nn.ReLU, 2).to(dtype)
    L = landscape(model)
    A, B = L.point(), L.point(shuffled(model, 0))
    matched = match_weights(L, A, B)
    assert matched.dtype == torch.float32, "points are precise, models are rounded"
    assert torch.equal(matched, A)


# Averages


def test_the_average_of_two_ends_is_the_middle_of_their_line():
    A, B = normal(2, 9)
    line = Slice.between(A, B)
    torch.testing.assert_close(average([A, B]), line.point(0.5))
    torch.testing.assert_close(average([A, B], weights=[1, 3]), line.point(0.75))
    assert torch.equal(average([A, B], weights=[0, 2]), B)
    assert torch.equal(average([A]), A)


@given(seeds, st.lists(st.floats(0.01, 100), min_size=1, max_size=6))
def test_an_average_is_nearest_to_all_points_by_weighted_squares(seed, weights):
    points, w = normal(len(weights), 5, seed=seed), torch.tensor(weights, dtype=torch.float64)
    middle = average(points, weights).requires_grad_(True)
    (w @ (points - middle).square().sum(dim=1)).backward()
    assert middle.grad.abs().max() < 1e-9 * (1 + w.sum())


@pytest.mark.parametrize("form", [list, tuple, torch.stack, iter])
def test_points_in_any_form(form):
    points = list(normal(4, 9))
    torch.testing.assert_close(average(form(points)), torch.stack(points).mean(dim=0))
    w = torch.tensor([1.0, 2.0, 3.0, 4.0]).double()
    by_hand = (w[:, None] * torch.stack(points)).sum(dim=0) / 10
    torch.testing.assert_close(average(form(points), w), by_hand)


def walk_of(*starts: int) -> Trajectory:
    return Trajectory(normal(6, *starts, 3), normal(6, *starts), torch.arange(6) * 10)


@pytest.mark.parametrize("starts", [(), (4,)])
def test_the_tail_of_a_walk(starts):
    path = walk_of(*starts)
    for start, rows in (
        (None, slice(0, 6)),
        (0, slice(0, 6)),
        (20, slice(2, 6)),
        (21, slice(3, 6)),
    ):
        torch.testing.assert_close(average(path, start=start), path.points[rows].mean(dim=0))
    assert torch.equal(average(path, start=50), path.end)
    weighted = average(path, weights=[1, 3], start=40)
    torch.testing.assert_close(weighted, path.points[4] / 4 + 3 * path.points[5] / 4)


def test_it_is_what_pytorch_averages_while_it_trains():
    model = model_3()
    record, swa = Recorder(model), AveragedModel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for step in range(1, 21):
        optimizer.zero_grad()
        squared_error(model(DATA.x), DATA.y).backward()
        optimizer.step()
        record.step()
        if step >= 11:
            swa.update_parameters(model)
    L = Objective(model, DATA, squared_error)
    torch.testing.assert_close(average(record.trajectory(L), start=11), L.point(swa.module))


def test_statistics_are_measured_at_the_average():
    def normed():
        return nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1))

    models = [build(normed, seed=seed) for seed in range(3)]
    x, y = normal(40, 2), normal(40, 1, seed=1)
    for model in models:
        model.train()(x + 3)  # running statistics that fit neither the data nor the average
        model.eval()
    L = Objective(models[0], (x, y), squared_error, statistics="own")
    theta = average(L.point(model) for model in models)
    soup = L.model_at(theta)
    # PyTorch's own way, on all examples as one batch
    expected = build(normed)
    nn.utils.vector_to_parameters(theta, expected.parameters())
    update_bn([x], expected)
    torch.testing.assert_close(soup.state_dict()["1.running_mean"], expected[1].running_mean)
    torch.testing.assert_close(soup.state_dict()["1.running_var"], expected[1].running_var)
    torch.testing.assert_close(L(theta), squared_error(expected.eval()(x), y))
    frozen = Objective(models[0], (x, y), squared_error)
    assert (frozen(theta) - L(theta)).abs() > 1e-3


def test_it_is_rounded_once():
    # in float32, adding 1 to 2²⁴ changes nothing
    points = torch.tensor([2.0**24, *[1.0] * 4])[:, None]
    assert average(points).item() == torch.tensor((2.0**24 + 4) / 5).item()
    half = torch.ones(3, 2, dtype=torch.bfloat16)
    assert average(half).dtype == torch.float32
    assert not average(normal(2, 3).requires_grad_(True)).requires_grad


@pytest.mark.parametrize("form", [list, iter])
def test_points_of_different_models_have_no_average(form):
    with pytest.raises(ValueError, match=r"\(3,\).*\(4,\)"):
        average(form([torch.zeros(3), torch.zeros(4)]))


TWO = torch.zeros(2, 3)


@pytest.mark.parametrize(
    ("points", "options", "message"),
    [
        (torch.zeros(3), {}, r"points of shape \(T, P\), but got shape \(3,\)"),
        (torch.zeros(0, 3), {}, "at least one point, but got none"),
        (iter([]), {}, "at least one point, but got none"),
        (iter([1.0, 2.0]), {}, r"of shape \(P,\), but got \(\)"),
        (torch.tensor([[1.0], [math.nan]]), {}, "nan or inf in point 1"),
        (TWO, {"weights": [1]}, "one weight for each point, got 1 weights"),
        (TWO, {"weights": [1, 2, 3]}, "for each point, got 3 weights"),
        (TWO, {"weights": [2, -1]}, r"finite and at least 0.*got \[2, -1\]"),
        (TWO, {"weights": [2, math.inf]}, "finite and at least 0"),
        (TWO, {"weights": [[1, 1]]}, "one per point"),
        (TWO, {"weights": [0, 0]}, "positive sum, but all are 0"),
        (TWO, {"start": 1}, "start counts the steps of a Trajectory"),
        (walk_of(), {"start": 51}, "at step 51 or later: it ends at step 50"),
    ],
)
def test_what_has_no_average(points, options, message):
    with pytest.raises(ValueError, match=message):
        average(points, **options)


@pytest.mark.parametrize(
    "points", [[model_3(), model_3()], model_3(), iter([model_3()]), model_3().state_dict()]
)
def test_models_are_not_points(points):
    with pytest.raises(TypeError, match=r"average takes a Trajectory.*L\.point\(model"):
        average(points)


def test_an_error_of_the_points_own_is_passed_on():
    def broken():
        yield torch.zeros(3)
        raise ValueError("the file is damaged")

    with pytest.raises(ValueError, match="the file is damaged"):
        average(broken(), weights=[1, 1])
