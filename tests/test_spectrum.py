"""Spectra: planted eigenvalues come out, and the errors say how far off an estimate is."""

import math

import numpy as np
import pytest
import torch
from known import build, landscape_of, normal, unchanged
from scipy.stats import chi2

from lossviz_helpers import (
    Objective,
    Spectrum,
    cross_entropy,
    digit_classifier,
    digits,
    hessian,
    model_3,
    spectrum,
    squared_error,
    xor,
)
from lossviz_helpers.curvature import density
from lossviz_helpers.curvature.quadrature import lanczos_quadrature


def bowl(c: torch.Tensor) -> Objective:
    """L(θ) = ½ Σ cᵢθᵢ²: its Hessian has the eigenvalues c."""
    return landscape_of(lambda t: (c * t**2).sum() / 2, len(c))


def planted(P: int = 1000) -> torch.Tensor:
    """A semicircle of eigenvalues from −1 to 1, and three outliers."""
    bulk = normal(P - 3, P - 3)
    bulk = torch.linalg.eigvalsh((bulk + bulk.T) / math.sqrt(8 * P))
    return torch.cat([bulk, torch.tensor([2.0, 3.0, 7.0]).double()])


curvatures = planted()
ORIGIN = torch.zeros(len(curvatures))


@pytest.fixture(scope="module")
def found() -> Spectrum:
    return spectrum(bowl(curvatures), ORIGIN)


# Quadrature


def rotated(c: torch.Tensor) -> torch.Tensor:
    Q = torch.linalg.qr(normal(len(c), len(c), seed=1)).Q
    return Q @ torch.diag(c) @ Q.T


def test_quadrature_is_exact_for_polynomials_up_to_degree_2m_minus_1():
    H, v = rotated(normal(30)), normal(2, 30, seed=2)
    rule, products = lanczos_quadrature(lambda rows: rows @ H, v, 4)
    assert products == 8
    power = v.clone()
    for degree in range(9):
        moment = (v * power).sum(dim=1) / v.square().sum(dim=1)
        by_rule = (rule.weights * rule.nodes**degree).sum(dim=1)
        agrees = (by_rule - moment).abs() <= 1e-10 * moment.abs().clamp(min=1)
        assert agrees.all() == (degree < 8), degree
        power = power @ H


def test_all_steps_give_all_eigenvalues():
    # without reorthogonalisation, the far eigenvalue would come out several times
    c = torch.cat([torch.linspace(0, 1, 79), torch.tensor([1e3])]).double()
    H, v = rotated(c), normal(1, 80, seed=2)
    rule, _ = lanczos_quadrature(lambda rows: rows @ H, v, 80)
    torch.testing.assert_close(rule.nodes[0], c.sort().values, rtol=0, atol=1e-8)
    assert rule.residuals.max() < 1e-6


def test_residuals_are_those_of_the_ritz_vectors():
    H, v = rotated(normal(30)), normal(1, 30, seed=2)
    rule, _ = lanczos_quadrature(lambda rows: rows @ H, v, 6)
    krylov = torch.stack([torch.linalg.matrix_power(H, i) @ v[0] for i in range(6)])
    Q = torch.linalg.qr(krylov.T).Q
    values, vectors = torch.linalg.eigh(Q.T @ H @ Q)
    Y = Q @ vectors
    torch.testing.assert_close(rule.nodes[0], values)
    torch.testing.assert_close(rule.residuals[0], (H @ Y - Y * values).norm(dim=0))


def test_a_start_that_has_used_up_its_space_stops():
    c = torch.tensor([1.0, 1.0, 1.0, 5.0, 5.0, 9.0]).double()
    v = torch.stack([torch.ones(6), torch.tensor([1.0, 1, 1, 0, 0, 0])]).double()
    rule, products = lanczos_quadrature(lambda rows: rows * c, v, 5, noise=1e-12)
    assert products == 3 + 1
    assert rule.nodes.tolist() == [pytest.approx([1, 5, 9, 9, 9]), pytest.approx([1] * 5)]
    assert rule.weights.tolist() == [pytest.approx([1 / 2, 1 / 3, 1 / 6, 0, 0]), [1, 0, 0, 0, 0]]


def test_nothing_curves():
    found = spectrum(landscape_of(lambda t: t.sum(), 600), torch.zeros(600), probes=3)
    assert found.products == 3
    assert found.lowest == found.highest == found.above(0) == found.below(0) == 0


# Small models: exact


def test_a_small_model_has_its_own_eigenvalues():
    L = Objective(model_3(), xor(50), squared_error)
    theta = normal(13)
    found, c = spectrum(L, theta), torch.linalg.eigvalsh(hessian(L, theta))
    assert found.exact
    assert found.products == 13
    torch.testing.assert_close(found.nodes, c[None])
    for value in (-0.1, 0.0, 0.1, 5.0):
        for share, of in (
            (found.below(value), c < value),
            (found.above(value), c > value),
        ):
            assert share == pytest.approx(of.double().mean().item())
            assert share.error == 0
    at = torch.linspace(-1, 2, 7, dtype=torch.float64)
    mean, error = found.density(at, 0.2)
    by_hand = torch.distributions.Normal(c, 0.2).log_prob(at[:, None]).exp().mean(dim=1)
    torch.testing.assert_close(mean, by_hand)
    assert not error.any()
    assert repr(found) == "Spectrum(P=13, exact)"
    assert "from the whole Hessian" in found.describe()
    assert "±" not in found.describe()


# Large models: estimates of a planted spectrum


def test_outliers_and_ends_are_found(found):
    assert not found.exact
    assert found.products == 900
    assert found.highest == pytest.approx(7, abs=1e-9)
    assert found.lowest == pytest.approx(curvatures.min().item(), abs=1e-3)
    for value in (2, 3, 7):  # every probe sees them
        assert (found.nodes - value).abs().amin(dim=1).max() < 1e-6
    torch.testing.assert_close(found.weights.sum(dim=1), torch.ones(10).double())


@pytest.mark.parametrize("value", [-0.9, -0.5, 0.0, 0.3, 0.8, 1.5, 2.5, 5.0])
@pytest.mark.parametrize("side", ["below", "above"])
def test_shares_agree_with_those_planted_within_their_errors(found, value, side):
    share = getattr(found, side)(value)
    planted = (curvatures < value if side == "below" else curvatures > value).double().mean().item()
    assert abs(share - planted) <= 2 * share.error
    assert share.error < 0.04
    assert (share.error < 2e-3) == (abs(value) > 1), "between outliers the quadrature is exact"


def test_the_density_agrees_with_that_planted_within_its_errors(found):
    at, width = torch.linspace(-1.5, 1.5, 200).double(), 0.08
    mean, error = found.density(at, width)
    exact = torch.distributions.Normal(curvatures, width).log_prob(at[:, None]).exp().mean(dim=1)
    assert mean.shape == error.shape == (200,)
    assert ((mean - exact).abs() <= 2 * error + 1e-3).double().mean() > 0.9
    assert error.max() < 0.05 * exact.max()
    everywhere = torch.linspace(-3, 9, 4000).double()
    assert torch.trapezoid(found.density(everywhere, width)[0], everywhere) == pytest.approx(1)
    assert found.density(torch.zeros(2, 3), width)[0].shape == (2, 3)


def test_errors_are_those_of_many_seeds():
    c = planted(501)
    L, at = bowl(c), torch.zeros(501)
    estimates = [spectrum(L, at, probes=5, steps=30, seed=seed) for seed in range(60)]
    means, errors = (
        torch.stack(rows)
        for rows in zip(*(e.density(torch.tensor([0.2]), 0.3) for e in estimates), strict=True)
    )
    exact = torch.distributions.Normal(c, 0.3).log_prob(torch.tensor(0.2)).exp().mean()
    assert means.mean().item() == pytest.approx(exact.item(), abs=4 * means.std().item() / 60**0.5)
    # the variance of the means against the mean of the estimated variances
    ratio = (means.var() / errors.square().mean()).item()
    lo, hi = chi2.ppf([1e-3, 1 - 1e-3], 59) / 59
    assert lo < ratio < hi
    shares = [e.below(0.2) for e in estimates]
    off = np.array([abs(s - (c < 0.2).double().mean().item()) / s.error for s in shares])
    assert (off <= 1).mean() > 0.9


def test_eigenvalues_at_the_value_make_its_error_large():
    # half of them are 0 up to rounding: nobody can say which of those are negative
    c = torch.cat([1e-9 * normal(500), torch.linspace(0.5, 1, 500).double()])
    found = spectrum(bowl(c), torch.zeros(1000))
    negative = (c < 0).double().mean().item()
    share = found.below(0)
    assert abs(share - negative) <= share.error
    assert share.error > 0.1
    beside = found.below(0.1)
    assert beside == pytest.approx(0.5, abs=3 * beside.error)
    assert beside.error < 0.02


@pytest.mark.parametrize(
    ("residuals", "left_open"),
    [
        ([0, 0, 0, 0], 0),
        ([9, 9, 9, 9], (0.2 + 0.4) / 2),  # of the nodes on both sides
        ([9, 9, 0, 9], (0.2 + 0.3) / 2),  # one has converged: the next counts
        ([9, 0, 9, 9], (0.1 + 0.4) / 2),
        ([0, 0, 9, 0], 0.4 / 2),
        ([0, 0.09, 0.09, 0], 0),
        ([0, 0.11, 0.11, 0], (0.2 + 0.4) / 2),  # more than a tenth of the distance from 0
    ],
)
def test_what_the_quadrature_leaves_open(residuals, left_open):
    nodes, weights = torch.tensor([-2.0, -1, 1, 2]), torch.tensor([0.1, 0.2, 0.4, 0.3])
    twice = [t.double().repeat(2, 1) for t in (nodes, weights, torch.tensor(residuals))]
    found = Spectrum(*twice, P=1000, products=8, exact=False)
    assert found.below(0) == pytest.approx(0.3)
    assert found.above(0) == pytest.approx(0.7)
    assert found.below(0).error == pytest.approx(left_open)
    assert found.above(0).error == pytest.approx(left_open)


def test_few_different_eigenvalues_take_few_products():
    c = torch.tensor([-1.0, 0.0, 2.0]).double().repeat(200)
    found = spectrum(bowl(c), torch.zeros(600))
    assert found.products == 30
    assert found.below(1).error < 0.02
    assert found.below(1) == pytest.approx(2 / 3, abs=2 * found.below(1).error)


def test_an_estimate_of_a_net():
    x, y = normal(30, 64, dtype=torch.float32), torch.arange(30) % 10
    L = Objective(digit_classifier(width=8), (x, y), cross_entropy)
    c = torch.linalg.eigvalsh(hessian(L, L.point()).double())
    found = spectrum(L, L.point())
    assert found.highest == pytest.approx(c[-1].item(), rel=1e-4)
    for value in (0.1 * c[0], -0.02 * c[-1], 0.1 * c[-1]):
        share = found.below(value.item())
        assert abs(share - (c < value).double().mean().item()) <= 2 * share.error
    assert "10 probes of 90 Lanczos steps, 900 products" in found.describe()
    assert "±" in found.describe()


# How it is computed


def test_a_seed_decides_everything_and_nothing_else_changes():
    x, y = normal(30, 64, dtype=torch.float32), torch.arange(30) % 10
    model = digit_classifier(width=8)
    L = Objective(model, (x, y), cross_entropy)
    with unchanged(model), unchanged(L.model):
        first, again, other = (spectrum(L, L.point(), 2, 5, seed) for seed in (0, 0, 1))
    assert torch.equal(first.nodes, again.nodes)
    assert not torch.equal(first.nodes, other.nodes)
    more = spectrum(L, L.point(), 3, 5)
    torch.testing.assert_close(more.nodes[:2], first.nodes)


def test_one_probe_does_not_know_its_error():
    one = spectrum(bowl(curvatures), ORIGIN, probes=1, steps=10)
    assert one.below(0).error == math.inf
    assert one.density(torch.zeros(3), 0.1)[1].tolist() == [math.inf] * 3


@pytest.mark.parametrize(("vectors", "at_once"), [(0.5, 1), (2.5, 2), (100, 5)])
def test_probes_go_together_as_far_as_memory_allows(vectors, at_once, monkeypatch):
    sizes, quadrature = [], lanczos_quadrature

    def sized(product, starts, *rest):
        sizes.append(len(starts))
        return quadrature(product, starts, *rest)

    monkeypatch.setattr(density, "lanczos_quadrature", sized)
    steps = 10
    per_probe = 8 * len(curvatures) * (steps + density.EXTRA_VECTORS)
    L = bowl(curvatures)
    object.__setattr__(L.sizes, "budget", int(2 * per_probe * max(vectors, 1)))
    whole = spectrum(bowl(curvatures), ORIGIN, 5, steps)
    sizes.clear()
    found = spectrum(L, ORIGIN, 5, steps)
    assert max(sizes) == at_once
    assert sum(sizes) == 5
    torch.testing.assert_close(found.nodes, whole.nodes)


def test_short_memory_means_fewer_steps():
    L = bowl(curvatures)
    object.__setattr__(L.sizes, "budget", 2 * 8 * len(curvatures) * (20 + density.EXTRA_VECTORS))
    with pytest.warns(UserWarning, match=r"enough for 20 Lanczos steps, not 90.*budget="):
        assert spectrum(L, ORIGIN, probes=2).nodes.shape == (2, 20)


def test_a_progress_bar_counts_products(monkeypatch):
    bars, bar = [], density.progress_bar

    def noted(*arguments):
        bars.append(bar(*arguments))
        return bars[-1]

    monkeypatch.setattr(density, "progress_bar", noted)
    assert spectrum(bowl(curvatures), ORIGIN, 3, 4).products == bars[0].n == bars[0].total == 12
    spectrum(bowl(curvatures), ORIGIN, 3, 4, progress=False)
    assert bars[1].disable


@pytest.mark.parametrize(("dtype", "error"), [(torch.bfloat16, 0.02), (torch.float32, 1e-5)])
def test_a_model_of_low_precision(dtype, error):
    train, _ = digits(100)
    model = build(lambda: torch.nn.Linear(64, 10))
    L = Objective(model, train, cross_entropy, dtype=dtype)
    exact = Objective(L.model.double(), train, cross_entropy)
    theta = L.point()
    found, c = spectrum(L, theta, 4, 20), torch.linalg.eigvalsh(hessian(exact, theta))
    assert found.nodes.dtype == torch.float64
    assert found.highest == pytest.approx(c[-1].item(), rel=error)


def test_what_it_cannot_take():
    L = bowl(curvatures)
    with pytest.raises(TypeError, match="L must be an Objective"):
        spectrum(L.model, ORIGIN)
    with pytest.raises(ValueError, match="1000 numbers"):
        spectrum(L, torch.zeros(3))
    for name in ("probes", "steps"):
        with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
            spectrum(L, ORIGIN, **{name: 0})
    with pytest.raises(ValueError, match="entries that are nan or inf"):
        spectrum(landscape_of(lambda t: t.abs().sum().pow(1.5), 600), torch.zeros(600))


def test_what_a_spectrum_cannot_be_asked(found):
    for width in (0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="width must be positive and finite, got"):
            found.density(torch.zeros(3), width)
    with pytest.raises(TypeError, match="density takes a tensor of values"):
        found.density("here", 0.1)
    with pytest.raises(ValueError, match="got nan"):
        found.below(math.nan)
    assert found.below(-math.inf) == found.above(math.inf) == 0
    assert found.below(math.inf) == pytest.approx(1)
    assert found.below(math.inf).error == pytest.approx(0, abs=1e-12)
