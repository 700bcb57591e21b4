"""Derivatives against autograd, and the false-minimum test on landscapes that are known."""

import copy
import math
import warnings
from dataclasses import replace

import pytest
import torch
from known import landscape_of, normal

from lossviz_helpers import (
    Objective,
    Slice,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    eigen_slice,
    eigenpairs,
    epsilon_sharpness,
    false_minimum_test,
    filter_normalised_rise,
    gradient,
    hessian,
    hinge,
    hvp,
    model_1,
    model_3,
    squared_error,
    trace,
    xor,
)
from lossviz_helpers.curvature import eigenvalues as eigen
from lossviz_helpers.curvature.lanczos import basis_size_for


def dense_hessian(L: Objective, theta: torch.Tensor) -> torch.Tensor:
    """By autograd's own function, of the plain model."""

    def loss(theta):
        parameters = dict(L.model.named_parameters())
        parts = theta.split([p.numel() for p in parameters.values()])
        shaped = {n: v.view_as(p) for v, (n, p) in zip(parts, parameters.items(), strict=True)}
        return L.loss(torch.func.functional_call(L.model, shaped, (L.x,)), L.y)

    return torch.autograd.functional.hessian(loss, theta)


def quadratic(eigenvalues, lowest=1.0, seed=0):
    """L(θ) = lowest + ½ θᵀHθ, its H and the eigenvectors."""
    P = len(eigenvalues)
    Q = torch.linalg.qr(normal(P, P, seed=seed)).Q
    H = Q @ torch.diag(torch.tensor(eigenvalues, dtype=torch.float64)) @ Q.T
    return landscape_of(lambda t: lowest + t @ H @ t / 2, P), H, Q.T


# Derivatives


def test_derivatives_of_a_quadratic():
    L, H, _ = quadratic([3.0, -1.0, 0.5])
    points = normal(4, 5, 3, seed=1)
    torch.testing.assert_close(gradient(L, points), points @ H)
    torch.testing.assert_close(hvp(L, points[0, 0], points), points @ H)
    torch.testing.assert_close(hessian(L, points[0, 0]), H)


def test_derivatives_of_a_net():
    L = Objective(model_3(), xor(50), squared_error)
    theta = normal(13)
    expected = dense_hessian(L, theta)
    H = hessian(L, theta)
    torch.testing.assert_close(H, expected)
    assert torch.equal(H, H.T)
    vectors = normal(2, 3, 13, seed=1)
    torch.testing.assert_close(hvp(L, theta, vectors), vectors @ expected)
    slope = torch.autograd.functional.jacobian(lambda t: L(t), theta)
    torch.testing.assert_close(gradient(L, theta), slope)


def test_derivatives_keep_no_graph_and_need_no_grad_mode():
    L = Objective(model_3(), xor(50), squared_error)
    with torch.no_grad():
        for result in (gradient(L, L.point()), hvp(L, L.point(), L.point()), hessian(L, L.point())):
            assert not result.requires_grad


def test_a_plane_has_no_curvature():
    L = landscape_of(lambda t: 3 * t[0] - t[1], 2)
    assert gradient(L, torch.zeros(2)).tolist() == [3, -1]
    assert torch.equal(hessian(L, torch.zeros(2)), torch.zeros(2, 2, dtype=torch.float64))
    # linear in one parameter, through a branch that autograd follows
    L = landscape_of(lambda t: t[0] ** 2 + t[1], 2)
    assert hessian(L, torch.zeros(2)).tolist() == [[2, 0], [0, 0]]


def test_no_points_have_no_derivatives():
    L = landscape_of(lambda t: (t**2).sum(), 3)
    nothing = torch.zeros(4, 0, 3)
    assert gradient(L, nothing).shape == (4, 0, 3)
    assert hvp(L, torch.zeros(3), nothing).shape == (4, 0, 3)


def test_derivatives_of_many_points_are_taken_a_stack_at_a_time(monkeypatch):
    L, H, _ = quadratic([3.0, -1.0, 0.5])
    sizes, evaluate = [], Objective.__call__

    def sized(self, points):
        sizes.append(len(points))
        return evaluate(self, points)

    monkeypatch.setattr(Objective, "__call__", sized)
    monkeypatch.setattr(Objective, "stack_size", lambda self: 4)
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 100)
    points = normal(10, 3, seed=1)
    torch.testing.assert_close(gradient(L, points), points @ H)
    torch.testing.assert_close(hvp(L, points[0], points), points @ H)
    assert sizes == [4, 4, 2] * 2


# Eigenvalues

SPECTRUM = [-3.0, -1.0, 0.0, 0.5, 7.0]


@pytest.mark.parametrize("which", ["lowest", "highest"])
@pytest.mark.parametrize("k", [1, 2, 5, None])
def test_eigenpairs_are_those_that_were_built_in(which, k):
    L, H, _ = quadratic(SPECTRUM)
    values, vectors = eigenpairs(L, torch.zeros(5), k, which)
    expected = sorted(SPECTRUM, reverse=which == "highest")[:k]
    torch.testing.assert_close(
        values, torch.tensor(expected, dtype=torch.float64), rtol=1e-9, atol=1e-9
    )
    torch.testing.assert_close(vectors @ H, values[:, None] * vectors, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones_like(values))
    assert (vectors.gather(1, vectors.abs().argmax(dim=1, keepdim=True)) > 0).all()


@pytest.mark.parametrize("which", ["lowest", "highest"])
def test_lanczos_agrees_with_the_whole_hessian(which, monkeypatch):
    L = Objective(model_3(), xor(50), squared_error)
    theta = normal(13)
    whole = eigenpairs(L, theta, 3, which)
    monkeypatch.setattr(eigen, "DENSE_PARAMETERS", 5)
    lanczos = eigenpairs(L, theta, 3, which)
    torch.testing.assert_close(lanczos, whole, rtol=1e-6, atol=1e-8)
    again = eigenpairs(L, theta, 3, which)
    assert torch.equal(again[0], lanczos[0])
    assert torch.equal(again[1], lanczos[1])


def test_eigenpairs_beyond_500_parameters(monkeypatch):
    x, y = normal(30, 64, dtype=torch.float32), torch.arange(30) % 10
    L = Objective(digit_classifier(width=8), (x, y), torch.nn.CrossEntropyLoss())
    assert L.P > eigen.DENSE_PARAMETERS
    eigenvalues = torch.linalg.eigvalsh(dense_hessian(L, L.point()).double())
    monkeypatch.setattr(eigen, "whole_matrix", None)  # it must do without
    for which, expected in (("lowest", eigenvalues[:2]), ("highest", eigenvalues.flip(0)[:2])):
        values, vectors = eigenpairs(L, L.point(), 2, which)
        assert values.dtype == torch.float32
        torch.testing.assert_close(values.double(), expected, rtol=1e-3, atol=1e-4)
        product = hvp(L, L.point(), vectors)
        torch.testing.assert_close(product, values[:, None] * vectors, rtol=1e-3, atol=1e-3)


def saddle_of_twins(n=300):
    """Pairs (a, b) of parameters that can be swapped; one pair falls where they differ.

    At 0 its curvatures are d along a = b and e along a = −b: perpendicular to all that treats the
    twins alike.
    """
    d = torch.linspace(1, 2, n, dtype=torch.float64)
    e = d.clone()
    e[7] = -5

    def formula(t):
        a, b = t[:n], t[n:]
        return 1 + (d * (a + b) ** 2).sum() / 4 + (e * (a - b) ** 2).sum() / 4

    return landscape_of(formula, 2 * n)


def test_lanczos_sees_what_breaks_a_symmetry():
    L, theta = saddle_of_twins(), torch.zeros(600)
    assert L.P > eigen.DENSE_PARAMETERS
    (lowest,), (vector,) = eigenpairs(L, theta, 1)
    assert lowest.item() == pytest.approx(-5)
    assert vector[[7, 307]].abs().tolist() == pytest.approx([0.5**0.5] * 2)
    view = Slice.random(theta.double(), 2)
    assert not false_minimum_test(L, theta, view, steps=2).is_minimum


def test_lanczos_respects_float32_precision():
    x, y = normal(30, 64, dtype=torch.float32), torch.arange(30) % 10
    model = digit_classifier(width=8)
    rough, exact = (
        eigenpairs(L, L.point(), 3)
        for dtype in (torch.float32, torch.float64)
        for L in [Objective(model, (x, y), torch.nn.CrossEntropyLoss(), dtype=dtype)]
    )
    assert rough.products < 0.9 * exact.products
    torch.testing.assert_close(rough.values.double(), exact.values, rtol=1e-3, atol=1e-4)


# Slices along eigenvectors


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (("lowest", "highest"), [-3.0, 7.0]),
        (("highest", "lowest"), [7.0, -3.0]),
        ("highest", [7.0]),
        (["lowest", "lowest"], [-3.0, -1.0]),
        (("highest", "lowest", "highest", "lowest"), [7.0, -3.0, 0.5, -1.0]),
        (["lowest"] * 5, SPECTRUM),
    ],
)
@pytest.mark.parametrize("dense", [True, False])
def test_a_slice_along_eigenvectors_curves_by_their_eigenvalues(
    which, expected, dense, monkeypatch
):
    L, H, _ = quadratic(SPECTRUM)
    monkeypatch.setattr(eigen, "DENSE_PARAMETERS", 500 if dense else 4)
    theta = normal(5, seed=1)
    view = eigen_slice(L, theta, which)
    assert torch.equal(view.origin, theta)
    d, curvatures = view.directions, torch.tensor(expected).double()
    torch.testing.assert_close(d @ d.T, torch.eye(len(expected)).double())
    torch.testing.assert_close(d @ H @ d.T, torch.diag(curvatures))
    alpha = normal(7, view.dims, seed=2)
    by_hand = L(theta) + alpha @ d @ gradient(L, theta) + alpha.square() @ curvatures / 2
    torch.testing.assert_close(L(view.point(alpha)), by_hand)


def test_ends_of_a_large_model():
    L, theta = saddle_of_twins(), torch.zeros(600)
    view = eigen_slice(L, theta)
    curvatures = (hvp(L, theta, view.directions) * view.directions).sum(dim=1)
    assert curvatures.tolist() == pytest.approx([-5, 2], rel=1e-6)


@pytest.mark.parametrize("curvature", [0.0, 2.0])
def test_a_large_round_bowl_has_no_two_ends(curvature):
    L = landscape_of(lambda t: curvature * (t**2).sum() / 2 + t.sum(), 601)
    with pytest.raises(ValueError, match=r"same in every direction.*Slice\.random"):
        eigen_slice(L, torch.zeros(601))
    assert eigen_slice(L, torch.zeros(601), ("lowest", "lowest")).dims == 2


@pytest.mark.parametrize(
    "which", ["steepest", (), ("lowest", 2), ["highest"] * 6, ("lowest", "highest", "l")]
)
def test_directions_that_it_does_not_know(which):
    L, _, _ = quadratic(SPECTRUM)
    with pytest.raises(
        ValueError, match=r'"lowest" or "highest" for each of 1 to 5 directions, got'
    ):
        eigen_slice(L, torch.zeros(5), which)


# Flat valleys


def softmax_regression(dtype) -> tuple[Objective, torch.Tensor]:
    """Trained on digits: P = 650, and hundreds of curvatures are next to 0."""
    data, _ = digits(200)
    net = torch.nn.Linear(64, 10).to(dtype)
    with torch.no_grad():
        net.weight.zero_()
        net.bias.zero_()
    L = Objective(net, (data.x, data.y), cross_entropy)
    return L, descend(L, L.point(), steps=200, lr=0.05, every=200).end


def underdetermined(dtype, P=600, N=100) -> tuple[Objective, torch.Tensor]:
    """A regression with fewer examples than parameters: P − N curvatures are exactly 0."""
    x, y = normal(N, P).to(dtype), normal(N, seed=1).to(dtype)
    net = torch.nn.Sequential(torch.nn.Linear(P, 1, bias=False), torch.nn.Flatten(0)).to(dtype)
    L = Objective(net, (x, y), squared_error)
    solution = torch.linalg.lstsq(x.double(), y.double()[:, None], driver="gelsd").solution
    return L, solution.flatten().to(dtype)


def perfect_net(dtype) -> tuple[Objective, torch.Tensor]:
    """A net with 661 parameters that fits 30 examples exactly: its own outputs are the targets."""
    layers = [torch.nn.Linear(20, 30), torch.nn.Tanh(), torch.nn.Linear(30, 1)]
    net = torch.nn.Sequential(*layers, torch.nn.Flatten(0)).to(dtype)
    with torch.no_grad():
        for i, p in enumerate(net.parameters()):
            p.copy_(normal(*p.shape, seed=i) / 3)
        x = normal(30, 20).to(dtype)
        L = Objective(net, (x, net(x)), squared_error)
    return L, L.point()


VALLEYS = [softmax_regression, underdetermined, perfect_net]


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("valley", VALLEYS)
def test_lowest_eigenvalues_of_a_flat_valley(valley, dtype, k):
    L, theta = valley(dtype)
    eigenvalues = torch.linalg.eigvalsh(hessian(L, theta).double())
    for which, expected in (("lowest", eigenvalues[:k]), ("highest", eigenvalues.flip(0)[:k])):
        found = eigenpairs(L, theta, k, which)
        error = (found.values.double() - expected).abs().max() / eigenvalues[-1]
        assert error < (1e-6 if dtype == torch.float64 else 1e-4)
        assert found.products <= L.P + 50


@pytest.mark.parametrize("k", [1, 3, 600, 601])
@pytest.mark.parametrize(("curvature_of_all", "P"), [(2.0, 601), (0.0, 601), (-1e-12, 601)])
def test_a_hessian_that_is_a_multiple_of_one(curvature_of_all, P, k):
    L = landscape_of(lambda t: curvature_of_all * (t**2).sum() / 2 + t.sum(), P)
    for which in ("lowest", "highest"):
        values, vectors = eigenpairs(L, torch.ones(P), k, which)
        torch.testing.assert_close(
            values, torch.full_like(values, curvature_of_all), rtol=1e-9, atol=0
        )
        torch.testing.assert_close(vectors @ vectors.T, torch.eye(k).to(vectors))


def test_a_loss_that_is_linear_beyond_500_parameters():
    x = normal(50, 600)
    net = torch.nn.Sequential(torch.nn.Linear(600, 1), torch.nn.Flatten(0)).double()
    L = Objective(net, (x, x[:, 0].sign()), hinge)
    found = eigenpairs(L, L.point(), 2)
    assert found.values.tolist() == found.residuals.tolist() == [0, 0]
    assert found.products == 2


@pytest.mark.parametrize("which", ["lowest", "highest"])
def test_all_eigenpairs_beyond_500_parameters(which):
    c = torch.linspace(-1, 3, 510, dtype=torch.float64).round(decimals=1)  # each value many times
    L = landscape_of(lambda t: (c * t**2).sum() / 2, 510)
    for k in (200, 509, 510):
        values, vectors = eigenpairs(L, torch.zeros(510), k, which)
        torch.testing.assert_close(values, c.sort(descending=which == "highest").values[:k])
        torch.testing.assert_close(vectors * c, values[:, None] * vectors, atol=1e-6, rtol=0)


def test_an_eigenvalue_is_found_with_its_multiplicity():
    c = torch.linspace(1, 2, 600, dtype=torch.float64)
    c[[3, 50, 400]] = -1
    L = landscape_of(lambda t: (c * t**2).sum() / 2, 600)
    values, _ = eigenpairs(L, torch.zeros(600), 4)
    torch.testing.assert_close(values, torch.tensor([-1.0, -1, -1, 1]).double())


def test_few_products_give_the_extremes_of_many_parameters():
    c = 1 / torch.arange(1, 20_001, dtype=torch.float64) ** 2
    L = landscape_of(lambda t: (c * t**2).sum() / 2, 20_000)
    found = eigenpairs(L, torch.zeros(20_000), 1, "highest")
    assert found.values.item() == pytest.approx(1)
    assert found.products <= 30


def test_residuals_bound_the_distance_to_an_eigenvalue():
    L, theta = softmax_regression(torch.float64)
    H = hessian(L, theta)
    eigenvalues = torch.linalg.eigvalsh(H)
    found = eigenpairs(L, theta, 5)
    residuals = (found.vectors @ H - found.values[:, None] * found.vectors).norm(dim=1)
    torch.testing.assert_close(found.residuals, residuals, rtol=1e-3, atol=1e-12)
    nearest = (found.values[:, None] - eigenvalues).abs().amin(dim=1)
    assert (nearest <= residuals + 1e-12).all()
    values, vectors = copy.copy(found)
    assert torch.equal(values, found.values)
    assert torch.equal(vectors, found[1])


def with_budget(L: Objective, budget: int) -> Objective:
    L = copy.copy(L)
    L.sizes = replace(L.sizes, budget=budget)
    return L


def test_lanczos_restarts_where_memory_is_short(no_warnings):
    L, theta = underdetermined(torch.float64)
    eigenvalues = torch.linalg.eigvalsh(hessian(L, theta))
    short = with_budget(L, 1_000_000)
    assert basis_size_for(L.P, 500_000) < 50
    for which, expected in (("lowest", eigenvalues[:2]), ("highest", eigenvalues.flip(0)[:2])):
        found = eigenpairs(short, theta, 2, which)
        torch.testing.assert_close(found.values, expected, rtol=1e-6, atol=1e-6)
        assert 50 < found.products <= 650 or which == "lowest"


def test_it_says_what_has_not_converged():
    L, theta = softmax_regression(torch.float64)
    with pytest.warns(
        UserWarning, match=r"lowest eigenvalues haven't converged after 700 .*budget"
    ):
        found = eigenpairs(with_budget(L, 1_000_000), theta, 5)
    assert found.products == L.P + 50
    assert found.residuals.max() > 1e-6 * eigenpairs(L, theta, 1, "highest").values
    with warnings.catch_warnings():  # the advice helps
        warnings.simplefilter("error")
        larger = eigenpairs(with_budget(L, 100_000_000), theta, 5)
    assert larger.residuals.max() < found.residuals.max()


@pytest.mark.parametrize("P", [3, 501])
def test_a_hessian_that_is_not_finite_has_no_eigenvalues(P):
    L = landscape_of(lambda t: t.abs().sum().pow(1.5), P)
    at, message = torch.zeros(P), "entries that are nan or inf at this point.* a point next to it"
    with pytest.raises(ValueError, match=message):
        eigenpairs(L, at, 1)
    beside = at + 1e-3 * normal(P, dtype=torch.float32).abs()
    assert eigenpairs(L, beside, 1, "highest").values.isfinite()


def test_a_progress_bar_counts_products(monkeypatch, capsys):
    bars, bar = [], eigen.progress_bar

    def noted(*arguments):
        bars.append(bar(*arguments))
        return bars[-1]

    L, theta = underdetermined(torch.float64)
    monkeypatch.setattr(eigen, "progress_bar", noted)
    found = eigenpairs(L, theta, 3)
    assert bars[0].n == found.products
    assert bars[0].total == L.P + 50
    eigenpairs(L, theta, 3, progress=False)
    assert bars[1].disable


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("dense", [True, False])
def test_curvature_of_a_model_of_low_precision(dtype, dense, monkeypatch):
    # L(θ) = Σ cᵢ(θᵢ − 1)²/2, of numbers that are exact in 8 bits
    c = torch.arange(1.0, 17.0)
    net = torch.nn.Linear(16, 1, bias=False)
    with torch.no_grad():
        net.weight.zero_()
    L = Objective(
        net, (torch.diag(c), c), lambda o, c: ((o[:, 0] / c - 1) ** 2 @ c) / 2,
        dtype=dtype, batch_size=16,
    )  # fmt: skip
    monkeypatch.setattr(eigen, "DENSE_PARAMETERS", 500 if dense else 4)
    assert gradient(L, L.point()).dtype == torch.float32
    torch.testing.assert_close(gradient(L, L.point()), -c)
    values, vectors = eigenpairs(L, L.point(), 2, "highest")
    assert values.dtype == vectors.dtype == torch.float32
    torch.testing.assert_close(values, torch.tensor([16.0, 15.0]), rtol=0.01, atol=0)
    assert trace(L, L.point(), samples=2) == pytest.approx(136, rel=0.01)
    verdict = false_minimum_test(L, L.point(), Slice.random(L.point(), 1), steps=2, k=2)
    assert not verdict.is_stationary


# The false-minimum test: the slice lies along the first axis

LINE = Slice(torch.zeros(3), torch.eye(3)[:1])
ZERO = torch.zeros(3)


def verdict_on(formula, at=ZERO, view=LINE):
    return false_minimum_test(landscape_of(formula, 3), at, view, steps=200, lr=0.05)


def test_a_bowl_is_a_minimum():
    verdict = verdict_on(lambda t: 1 + t[0] ** 2 + 2 * t[1] ** 2 + 3 * t[2] ** 2)
    assert verdict.is_minimum
    assert verdict.is_stationary
    assert verdict.negative == 0
    assert verdict.gradient_in == verdict.gradient_off == 0
    assert verdict.lowest.tolist() == [2, 4, 6]
    assert verdict.highest == 6
    assert verdict.trained_loss == verdict.loss == 1
    assert verdict.trained_distance == 0
    assert "Verdict: a minimum" in str(verdict)


def test_a_saddle_that_looks_like_a_minimum_is_not_one():
    # along the slice it rises to both sides; across, it falls to loss 1 − 1/4 at t₁ = ±1/√2
    verdict = verdict_on(lambda t: 1 + t[0] ** 2 - t[1] ** 2 + t[1] ** 4 + t[2] ** 2)
    assert verdict.is_stationary
    assert not verdict.is_minimum
    assert verdict.negative == 1
    assert verdict.lowest.tolist() == [-2, 2, 2]
    assert "not a minimum: the landscape curves down here in some direction" in str(verdict)


def test_further_training_leaves_a_saddle():
    # beside the ridge, since on it the gradient is zero and training stays
    verdict = verdict_on(
        lambda t: 1 + t[0] ** 2 - t[1] ** 2 + t[1] ** 4 + t[2] ** 2,
        at=torch.tensor([0.0, 1e-3, 0.0]),
    )
    assert not verdict.is_minimum
    assert verdict.trained_loss == pytest.approx(0.75, abs=1e-3)
    assert verdict.trained_distance == pytest.approx(0.5**0.5, abs=0.02)
    assert verdict.trained_point[1] > 0
    assert "loss 1.000 → 0.750 (-25%), 0.7 away" in str(verdict)


@pytest.mark.parametrize(("slope_in", "slope_off"), [(3.0, 0.0), (0.0, 4.0), (3.0, 4.0)])
def test_a_slope_is_not_a_minimum(slope_in, slope_off):
    for bowl in (0.0, 1.0):  # a plane, and a bowl whose bottom is elsewhere
        verdict = verdict_on(
            lambda t, b=bowl: 1 + slope_in * t[0] + slope_off * t[2] + b * (t**2).sum()
        )
        assert not verdict.is_stationary
        assert not verdict.is_minimum
        assert verdict.negative == 0
        assert verdict.gradient_in == pytest.approx(slope_in)
        assert verdict.gradient_off == pytest.approx(slope_off)
        assert "not a minimum: the landscape slopes here" in str(verdict)


def test_the_gradient_is_split_at_oblique_directions_too():
    view = Slice(ZERO, torch.tensor([[1.0, 0, 0], [5.0, 1, 0]]))
    verdict = verdict_on(lambda t: 1 + 3 * t[0] + 4 * t[1] + 12 * t[2], view=view)
    assert verdict.gradient_in == pytest.approx(5)
    assert verdict.gradient_off == pytest.approx(12)


@pytest.mark.parametrize(("fraction", "arrived"), [(0.009, True), (0.011, False)])
def test_a_point_is_stationary_if_the_ideal_step_gains_less_than_one_percent(fraction, arrived):
    # on 1 + ½ t² the ideal step gains ½ t², all that lies above the bottom
    L = landscape_of(lambda t: 1 + t @ t / 2, 2)
    gain = fraction / (1 - fraction)
    theta = torch.tensor([math.sqrt(2 * gain), 0.0], dtype=torch.float64)
    assert gain / L(theta).item() == pytest.approx(fraction)
    verdict = false_minimum_test(L, theta, Slice(theta, torch.eye(2, dtype=torch.float64)))
    assert verdict.is_stationary == arrived
    assert verdict.is_minimum == arrived


@pytest.mark.parametrize(("fraction", "negative"), [(0.0045, 0), (0.0055, 1)])
def test_a_curvature_is_negative_beyond_half_a_percent_of_the_largest(fraction, negative):
    L = landscape_of(lambda t: 1 + (t[0] ** 2 - fraction * t[1] ** 2) / 2, 2)
    verdict = false_minimum_test(L, L.point(), Slice(L.point(), torch.eye(2).double()))
    assert verdict.negative == negative
    assert verdict.is_minimum == (negative == 0)


def test_the_bottom_of_a_flat_valley_is_a_minimum_as_far_as_one_can_tell():
    verdict = verdict_on(lambda t: 1 + t[0] ** 2 + t[1] ** 2)
    assert verdict.is_minimum
    assert verdict.lowest[0] == 0
    assert "as far as this test can see" in str(verdict)


def long_valley(t):
    # across: curvature 2; along: the floor falls from 1.05 at t₁ = 3 towards 1, ever more gently
    return 1 + t[0] ** 2 + t[2] ** 2 + torch.exp(-t[1])


def test_the_floor_of_a_valley_that_runs_downhill_is_not_a_minimum():
    floor = torch.tensor([0.0, 3.0, 0.0])
    verdict = verdict_on(long_valley, at=floor)
    assert verdict.is_stationary, "an ideal step gains less than 1%"
    assert verdict.negative == 0
    assert verdict.leads_down, "training gains more"
    assert not verdict.is_minimum
    assert "not a minimum: nearly flat, but further training lowers the loss" in str(verdict)


def test_far_down_a_valley_nothing_is_left_to_gain():
    verdict = verdict_on(long_valley, at=torch.tensor([0.0, 6.0, 0.0]))
    assert not verdict.leads_down
    assert verdict.is_minimum


def test_the_higher_of_two_wells_is_a_minimum():
    # at t₀ = −1 the loss is 1.2 and at t₀ = 1 about 0.8; a hill of height 2 lies between
    def two_wells(t):
        return 1 + (t[0] ** 2 - 1) ** 2 - 0.2 * t[0] + t[1] ** 2 + t[2] ** 2

    at = torch.tensor([-0.97, 0.0, 0.0])  # next to the bottom of the higher one
    verdict = verdict_on(two_wells, at=at)
    assert verdict.is_minimum
    assert verdict.trained_loss > 1.19, "training stays in its well"


def test_a_plateau_is_flat():
    verdict = verdict_on(lambda t: 1 + 0 * t.sum())
    assert verdict.is_stationary
    assert verdict.is_minimum


def test_slightly_negative_curvature_is_forgiven_and_more_is_not():
    for below, negative in ((1e-3, 0), (0.05, 1)):
        verdict = verdict_on(lambda t, b=below: 1 + t[0] ** 2 + t[1] ** 2 - b * t[2] ** 2)
        assert verdict.negative == negative
        assert verdict.is_minimum == (negative == 0)


def test_nearly_stationary_is_stationary():
    # an ideal step from t₀ lowers 1 + t₀² by t₀²
    for at, stationary in ((0.05, True), (0.2, False)):
        verdict = verdict_on(lambda t: 1 + (t**2).sum(), at=torch.tensor([at, 0, 0]))
        assert verdict.is_stationary == stationary


def test_the_verdict_does_not_depend_on_units():
    # neither those of the loss nor those of the parameters
    for scale in (1e-6, 1e6):
        bowl = verdict_on(lambda t, s=scale: s * (1 + (t**2).sum()))
        saddle = verdict_on(lambda t, s=scale: 1 + s * (t[0] ** 2 - t[1] ** 2 + t[2] ** 2))
        assert bowl.is_minimum
        assert saddle.negative == 1


def test_large_models_are_tested_by_their_extreme_eigenvalues(monkeypatch):
    monkeypatch.setattr(eigen, "DENSE_PARAMETERS", 4)
    eigenvalues = [-1.0, *[1.0 + i for i in range(11)]]
    L, _, _ = quadratic(eigenvalues)
    view = Slice.random(torch.zeros(12), 2)
    verdict = false_minimum_test(L, torch.zeros(12), view, steps=2)
    expected = torch.tensor([-1.0, 1, 2, 3, 4], dtype=torch.float64)
    torch.testing.assert_close(verdict.lowest, expected, rtol=1e-6, atol=1e-6)
    assert verdict.highest == pytest.approx(11)
    assert verdict.negative == 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shift", [0, 30])
@pytest.mark.parametrize("scale", [1e-3, 1, 1e3])
def test_an_exact_fit_is_a_minimum(scale, shift, dtype):
    # loss and gradient are what rounding makes of 0
    x, y = scale * (normal(20, 60) + shift), normal(20, seed=1)
    theta = torch.linalg.lstsq(x, y[:, None], driver="gelsd").solution.flatten()
    net = torch.nn.Sequential(torch.nn.Linear(60, 1, bias=False), torch.nn.Flatten(0))
    L = Objective(net.to(dtype), (x.to(dtype), y.to(dtype)), squared_error)
    assert L(theta).item() < (1e-15 if dtype == torch.float64 else 1e-7)
    view = Slice.random(theta.to(dtype), 1)
    verdict = false_minimum_test(L, theta, view, steps=2)
    assert verdict.is_stationary
    assert verdict.is_minimum
    # ten percent away it isn't exact any more, and every step helps
    assert not false_minimum_test(L, 1.1 * theta, view, steps=2).is_stationary


@pytest.mark.parametrize("valley", [underdetermined, perfect_net])
def test_the_bottom_of_a_flat_valley_of_many_parameters_is_a_minimum(valley):
    L, theta = valley(torch.float64)
    verdict = false_minimum_test(L, theta, Slice.random(theta, 2), steps=2)
    assert verdict.is_minimum
    assert (verdict.lowest.abs() < 1e-5 * verdict.highest).all()


def test_a_tiny_loss_does_not_prove_a_minimum():
    L, theta = perfect_net(torch.float64)
    theta = theta + 1e-6 * normal(L.P)
    loss = L(theta).item()
    assert 0 < loss < 1e-9
    verdict = false_minimum_test(L, theta, Slice.random(theta, 2), steps=2)
    better = L(theta - gradient(L, theta) / verdict.highest).item()
    assert better < 0.9 * loss
    assert not verdict.is_stationary


# Bad input


def test_eigenpairs_that_do_not_exist():
    L, _, _ = quadratic([1.0, 2.0])
    with pytest.raises(ValueError, match='"lowest" or "highest", got \'middle\''):
        eigenpairs(L, torch.zeros(2), which="middle")
    for k in (0, 3):
        with pytest.raises(ValueError, match=f"between 1 and 2, the number of parameters, got {k}"):
            eigenpairs(L, torch.zeros(2), k)


def test_something_other_than_a_landscape():
    net, theta = model_1(), torch.ones(2)
    L = Objective(net, xor(20), squared_error)
    view = Slice(torch.zeros(2), torch.eye(2)[:1])
    uses = [
        lambda L: gradient(L, theta),
        lambda L: hvp(L, theta, theta),
        lambda L: hessian(L, theta),
        lambda L: eigenpairs(L, theta),
        lambda L: trace(L, theta),
        lambda L: epsilon_sharpness(L, theta),
        lambda L: filter_normalised_rise(L, theta),
        lambda L: false_minimum_test(L, theta, view, steps=2),
    ]
    for use in uses:
        use(L)
        for other, name in ((net, "Linear2D"), (theta, "Tensor"), (squared_error, "Loss")):
            with pytest.raises(
                TypeError, match=rf"got {name}; .*L = Objective\(model, data, loss\)"
            ):
                use(other)


def test_points_of_the_wrong_shape():
    L = Objective(model_1(), xor(20), squared_error)
    view = Slice(torch.zeros(2), torch.eye(2)[:1])
    uses = [
        lambda theta: hvp(L, theta, torch.zeros(2)),
        lambda theta: hessian(L, theta),
        lambda theta: eigenpairs(L, theta),
        lambda theta: false_minimum_test(L, theta, view),
    ]
    for use in uses:
        with pytest.raises(ValueError, match=r"has 2 numbers, but got points of shape \(3,\)"):
            use(torch.zeros(3))
        with pytest.raises(ValueError, match=r"one point of shape \(2,\), got \(4, 2\)"):
            use(torch.zeros(4, 2))
    with pytest.raises(ValueError, match=r"has 2 numbers, but got points of shape \(3,\)"):
        hvp(L, torch.zeros(2), torch.zeros(3))


def test_a_slice_of_a_different_model():
    L = Objective(model_1(), xor(20), squared_error)
    with pytest.raises(ValueError, match=r"points of 3 numbers.* belong to the same model"):
        false_minimum_test(L, torch.zeros(2), LINE)


def test_a_point_without_a_finite_loss():
    for formula in (lambda t: t.sum().log(), lambda t: (t - 1).sum().log()):
        with pytest.raises(ValueError, match=r"finite loss and gradient, got loss (-inf|nan)"):
            verdict_on(formula)
