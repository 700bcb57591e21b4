"""Measures of sharpness on landscapes whose answers are known, and label noise."""

import math
import pickle
from dataclasses import replace

import pytest
import torch
from evidence import sharpness as evidence
from evidence.sharpness import MEASURE, every_measure_is_listed, mean_square
from torch import nn

from lossviz_helpers import (
    Dataset,
    Estimate,
    Objective,
    eigenpairs,
    epsilon_sharpness,
    filter_normalised_rise,
    hessian,
    trace,
    with_label_noise,
)
from lossviz_helpers.curvature import MEASURES, sharpness


def bowl(curvatures) -> Objective:
    return evidence.bowl(torch.as_tensor(curvatures, dtype=torch.float64))


def slope(steepness) -> Objective:
    """L(θ) = a·θ."""
    a = torch.as_tensor(steepness, dtype=torch.float64)
    net = nn.Linear(len(a), 1, bias=False).double()
    return Objective(net, (a[None], torch.zeros(1)), lambda outputs, targets: outputs.mean())


def relu_net() -> Objective:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2)).double()
        data = (torch.randn(20, 3), torch.randn(20, 2))
    return Objective(net, data, nn.MSELoss())


def rescaled(L: Objective, factor: float) -> torch.Tensor:
    """The same function at another point: layer 1 times a factor, layer 2's weights divided."""
    net = L.model_at(L.point())
    with torch.no_grad():
        net[0].weight *= factor
        net[0].bias *= factor
        net[2].weight /= factor
    return L.point(net)


# What every measure has to prove, a new one too


def test_every_measure_is_listed():
    every_measure_is_listed()


@pytest.mark.parametrize("proves", MEASURE, ids=lambda proves: proves.__name__)
@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_what_it_says(name, proves):
    proves(name, MEASURES[name])


def half_of_the_trace(L, theta):
    """Without a word."""
    return trace(L, theta) / 2


def by_chance(L, theta):
    return trace(L, theta) + torch.rand(1).item()


def size(L, theta):
    return theta.norm()


TRACE, RISE = MEASURES["trace"], MEASURES["filter_normalised_rise"]
SPOILT = {
    "a factor": (replace(TRACE, function=half_of_the_trace), "on_a_bowl says 2; one of them is"),
    "a sign": (replace(TRACE, on_a_bowl=lambda c, t: -c.sum().item()), "on_a_bowl says -2; one"),
    "no words": (replace(TRACE, function=half_of_the_trace), "its docstring has no Args:"),
    "not invariant": (replace(TRACE, invariant_to=("layers",)), "but it goes from"),
    "invariant": (replace(RISE, invariant_to=()), "is invariant to rescaling layers: say so"),
    "to what?": (replace(TRACE, invariant_to=("gauge",)), "invariant_to takes"),
    "chance": (replace(TRACE, function=by_chance), "take a seed, not chance"),
    "a tensor": (replace(TRACE, function=size), "gives a Tensor, not a float"),
    "no check": (replace(TRACE, function=size), "begin with check_objective(L)"),
}


@pytest.mark.parametrize(("wrong", "message"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_with_a_measure_is_found_and_named(wrong, message):
    found = []
    for proves in MEASURE:
        try:
            proves("a new one", wrong)
        except AssertionError as err:
            found.append(str(err))
    assert any(message in said for said in found), found
    assert all("a new one" in said for said in found)


def test_a_measure_without_evidence_is_found(monkeypatch):
    half_of_the_trace.__module__ = sharpness.__name__
    monkeypatch.setattr(sharpness, "half_of_the_trace", half_of_the_trace, raising=False)
    with pytest.raises(AssertionError, match=r"half_of_the_trace: put @measure\(on_a_bowl=…"):
        every_measure_is_listed()


CURVATURES = [4.0, 1.0, 0.25, 0.0]


def test_trace_and_top_eigenvalue_of_a_bowl():
    L, theta = bowl(CURVATURES), torch.tensor([1.0, -2.0, 3.0, 4.0])
    assert trace(L, theta) == pytest.approx(sum(CURVATURES))
    assert eigenpairs(L, theta, 1, "highest")[0].item() == pytest.approx(4.0)


def test_trace_of_a_net_is_that_of_its_dense_hessian():
    L = relu_net()
    dense = torch.func.hessian(lambda θ: L(θ))(L.point())
    assert trace(L, L.point()) == pytest.approx(dense.trace().item())
    assert torch.allclose(hessian(L, L.point()), dense)


def test_estimated_trace_of_many_parameters():
    c = torch.linspace(0, 2, 700)
    # the Hessian is diagonal, so that vᵀHv is the trace for every vector of signs
    assert trace(bowl(c), torch.zeros(700), samples=2) == pytest.approx(c.sum().item(), rel=1e-9)


def test_estimated_trace_comes_close_where_signs_matter():
    rows = torch.randn(300, 600, generator=torch.Generator().manual_seed(0)).double()
    L = Objective(nn.Linear(600, 1, bias=False).double(), (rows, torch.zeros(300)), mean_square)
    exact = 2 * (rows**2).sum().item() / 300
    assert trace(L, torch.zeros(600), samples=200) == pytest.approx(exact, rel=0.02)


def random_regression(seed: int) -> tuple[Objective, float]:
    """A landscape of 600 parameters, and the trace of its Hessian."""
    rows = torch.randn(40, 600, generator=torch.Generator().manual_seed(seed)).double()
    L = Objective(nn.Linear(600, 1, bias=False).double(), (rows, torch.zeros(40)), mean_square)
    return L, 2 * (rows**2).sum().item() / 40


def test_the_trace_lies_within_its_standard_errors():
    # of a normal distribution, 68% lie within one standard error and 95% within two
    off = []
    for seed in range(60):
        L, exact = random_regression(seed)
        found = trace(L, torch.zeros(600), samples=30, seed=seed)
        off.append((found - exact) / found.error)
    off = torch.tensor(off)
    assert 0.5 < (off.abs() < 1).double().mean() < 0.85
    assert (off.abs() < 2).double().mean() > 0.85
    assert off.mean().abs() < 0.5


def test_more_samples_make_a_smaller_error():
    L, _ = random_regression(0)
    few, many = (trace(L, torch.zeros(600), samples=n) for n in (50, 800))
    assert few.error / many.error == pytest.approx(4, rel=0.3)
    assert trace(L, torch.zeros(600), samples=1).error == math.inf


def test_an_exact_trace_has_no_error():
    assert trace(bowl(CURVATURES), torch.zeros(4)).error == 0
    c = torch.linspace(0, 2, 700)  # every sign vector gives the trace
    estimate = trace(bowl(c), torch.zeros(700), samples=3)
    assert estimate.error == pytest.approx(0, abs=1e-9)


def test_an_estimate_is_a_number():
    estimate = Estimate(2.5, error=0.25)
    assert estimate * 2 == 5
    assert f"{estimate:.2f}" == "2.50"
    assert repr(estimate) == "2.5 ± 0.25"
    assert repr(Estimate(2.5)) == "2.5"
    again = pickle.loads(pickle.dumps(estimate))
    assert (again, again.error) == (2.5, 0.25)


def test_epsilon_sharpness_of_a_slope():
    a, theta, epsilon = [3.0, -2.0], torch.tensor([1.0, 0.5]), 0.01
    # the highest corner of the box |δᵢ| ≤ ε(|θᵢ| + 1)
    rise = 3 * epsilon * 2 + 2 * epsilon * 1.5
    assert epsilon_sharpness(slope(a), theta, epsilon) == pytest.approx(100 * rise / (1 + 2.0))


def test_epsilon_sharpness_of_a_bowl_even_at_its_bottom():
    L, epsilon = bowl(CURVATURES), 0.1
    assert epsilon_sharpness(L, torch.zeros(4), epsilon) == pytest.approx(
        100 * sum(CURVATURES) / 2 * epsilon**2
    )
    theta = torch.tensor([1.0, -1.0, 1.0, 1.0])
    box = 2 * epsilon
    highest = sum(c * (1 + box) ** 2 / 2 for c in CURVATURES)
    here = sum(CURVATURES) / 2
    expected = 100 * (highest - here) / (1 + here)
    assert epsilon_sharpness(L, theta, epsilon) == pytest.approx(expected)


@pytest.mark.parametrize("radius", [0.1, 1.0])
def test_filter_normalised_rise_of_a_round_bowl(radius):
    theta = torch.tensor([1.0, 2.0, -2.0])  # of length 3
    # ‖θ ± r·d‖² with ‖d‖ = ‖θ‖: what is linear in d cancels
    expected = radius**2 * 9 / 2
    rise = filter_normalised_rise(bowl([1.0, 1.0, 1.0]), theta, radius, directions=3)
    assert rise == pytest.approx(expected)


@pytest.mark.parametrize("factor", [0.1, 10.0])
def test_what_rescaling_layers_changes(factor):
    L = relu_net()
    L = Objective(L.model, (L.x, L.y), nn.MSELoss())
    same, twin = L.point(), rescaled(L, factor)
    assert torch.allclose(L.predict(same), L.predict(twin))
    for measure in (trace, epsilon_sharpness):
        assert not math.isclose(measure(L, same), measure(L, twin), rel_tol=0.2)
    assert filter_normalised_rise(L, twin) == pytest.approx(filter_normalised_rise(L, same))


@pytest.mark.parametrize("measure", [trace, epsilon_sharpness, filter_normalised_rise])
def test_a_loss_that_is_not_finite_has_no_sharpness(measure):
    L = Objective(
        nn.Linear(2, 1), (torch.ones(3, 2), torch.zeros(3, 1)), lambda o, t: o.mean() / t.sum()
    )
    with pytest.raises(ValueError, match=r"finite loss at the point, got (-inf|inf|nan)"):
        measure(L, L.point())


def test_sizes_must_be_positive():
    L = bowl(CURVATURES)
    for size in (0, -1.0, math.nan):
        with pytest.raises(ValueError, match=f"epsilon must be positive, got {size}"):
            epsilon_sharpness(L, L.point(), epsilon=size)
        with pytest.raises(ValueError, match=f"radius must be positive, got {size}"):
            filter_normalised_rise(L, L.point(), radius=size)

    for measure, what in ((trace, "samples"), (filter_normalised_rise, "directions")):
        with pytest.raises(ValueError, match=f"{what} must be at least 1, got 0"):
            measure(L, L.point(), **{what: 0})


@pytest.mark.parametrize("measure", [trace, epsilon_sharpness, filter_normalised_rise])
def test_sharpness_is_that_of_one_point(measure):
    with pytest.raises(ValueError, match=r"one point of shape \(4,\), got \(3, 4\)"):
        measure(bowl(CURVATURES), torch.zeros(3, 4))


def test_different_seeds_draw_different_directions(monkeypatch):
    L, seen, evaluate = bowl(CURVATURES), [], Objective.__call__

    def noted(self, points):
        seen.append(points)
        return evaluate(self, points)

    monkeypatch.setattr(Objective, "__call__", noted)
    for seed in range(3):
        filter_normalised_rise(L, torch.ones(4), directions=20, seed=seed)
    drawn = torch.cat([points for points in seen if points.ndim == 2])
    assert len(drawn) == len(drawn.unique(dim=0)) == 3 * 20 * 2


# Label noise


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_exactly_the_requested_number_of_labels_is_noisy(share):
    data = Dataset(torch.randn(50, 2), torch.arange(50) % 10)
    noisy = with_label_noise(data, share, seed=3)
    assert (noisy.y != data.y).sum() == round(50 * share)
    assert torch.equal(noisy.x, data.x)
    assert noisy.y.dtype == data.y.dtype
    assert ((noisy.y >= 0) & (noisy.y < 10)).all()
    assert torch.equal(noisy.y, with_label_noise(data, share, seed=3).y)
    assert torch.equal(data.y, torch.arange(50) % 10), "the data are left alone"


def test_noisy_labels_are_spread_over_all_other_classes():
    data = Dataset(torch.zeros(3000, 1), torch.zeros(3000).long())
    data.y[0] = 3
    counts = with_label_noise(data, 1.0).y[1:].bincount(minlength=4)
    assert counts[0] == 0
    assert (counts[1:] > 900).all()


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_fraction_outside_0_and_1_is_rejected(share):
    data = Dataset(torch.zeros(4, 1), torch.arange(4))
    with pytest.raises(ValueError, match=f"fraction from 0 to 1, got {share}"):
        with_label_noise(data, share)


def test_one_class_has_no_noisy_label():
    with pytest.raises(ValueError, match="at least two classes"):
        with_label_noise(Dataset(torch.zeros(4, 1), torch.zeros(4).long()), 0.5)
