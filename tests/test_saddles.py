"""Saddles: the data that make one, where they are found, and which planes show them."""

from dataclasses import replace

import pytest
import torch

from lossviz_helpers import Objective, gradient, hessian, model_3, squared_error
from lossviz_helpers.course.saddles import (
    centred_diagonal,
    clearly_negative,
    clusters,
    curve_down,
    flat_place,
    landscape_of,
    random_planes,
)
from lossviz_helpers.course.scenarios import CLUSTERS

ORIGIN = torch.zeros(13, dtype=torch.float64)


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_a_linear_output_on_the_centred_diagonal_makes_an_exact_saddle(scale):
    data = centred_diagonal(100, scale, seed=3)
    L = Objective(model_3(output="linear"), data, squared_error)
    assert gradient(L, ORIGIN).norm() < 1e-12
    # each hidden unit: ± 2|mean of y·x|; the output bias: 2; the rest doesn't matter at 0
    bend = 2 * (data.y[:, None] * data.x).mean(dim=0).norm().item()
    expected = torch.tensor([-bend] * 3 + [0.0] * 6 + [bend] * 3 + [2.0]).double()
    assert torch.allclose(torch.linalg.eigvalsh(hessian(L, ORIGIN)), expected, atol=1e-7)


def test_the_scale_multiplies_the_targets_alone():
    whole, half = centred_diagonal(50), centred_diagonal(50, scale=0.5)
    assert torch.equal(whole.x, half.x)
    assert torch.allclose(half.y, whole.y / 2)
    assert not torch.equal(whole.x, centred_diagonal(50, seed=1).x)


def test_clusters_are_as_tight_as_they_should_be():
    wide = replace(CLUSTERS, each=500, inputs=50)
    x, y = clusters(wide, seed=1)
    assert torch.equal(y.argmax(dim=1), torch.arange(3).repeat_interleave(500))
    assert torch.equal(y.sum(dim=1), torch.ones(1500).double())
    groups = x.view(3, 500, 50)
    assert groups.std(dim=1).mean().item() == pytest.approx(0.3, rel=0.02)
    assert groups.mean(dim=1).std().item() == pytest.approx(1.0, rel=0.2)
    assert not torch.equal(x, clusters(wide, seed=2).x)


def test_what_counts_as_clearly_negative():
    values = torch.tensor([[-0.006, -0.004, 1.0], [-2.0, -0.011, -0.009]])
    assert clearly_negative(values).tolist() == [1, 2]  # below −0.005, and below −0.01


def test_a_flat_place_may_be_a_minimum_a_saddle_or_a_maximum():
    # x³ − 3x is flat at ±1; y adds a bowl
    L = landscape_of(lambda t: t[0] ** 3 - 3 * t[0] + t[1] ** 2, 2)
    for start, end in (((1.4, 0.5), 1.0), ((-1.4, 0.5), -1.0)):
        found = flat_place(L, torch.tensor(start).double())
        assert torch.allclose(found, torch.tensor([end, 0.0]).double(), atol=1e-6)
        assert gradient(L, found).norm() < 1e-12


def test_a_flat_place_without_any_is_where_the_steps_end():
    L = landscape_of(lambda t: t[0].exp() + t[1] ** 2, 2)
    start = torch.tensor([0.0, 1.0]).double()
    found = flat_place(L, start, steps=5)
    assert 0 < gradient(L, found).norm() < gradient(L, start).norm()


def test_random_planes_are_perpendicular_and_repeatable():
    planes = random_planes(P=20, planes=7, seed=4)
    eyes = torch.eye(2, dtype=torch.float64).expand(7, 2, 2)
    assert torch.allclose(planes.mT @ planes, eyes, atol=1e-12)
    assert torch.equal(planes, random_planes(P=20, planes=7, seed=4))
    assert not torch.equal(planes, random_planes(P=20, planes=7, seed=5))


def test_a_plane_curves_down_if_a_direction_between_its_axes_does():
    # along both axes 1, between them 1 − 2 = −1
    H = torch.tensor([[1.0, 2.0], [2.0, 1.0]]).double()
    axes = torch.eye(2, dtype=torch.float64)[None]
    assert curve_down(H, axes).tolist() == [True]
    assert curve_down(H.abs() * torch.eye(2), axes).tolist() == [False]


def test_random_planes_see_a_saddle_as_often_as_chance_says():
    # In three dimensions with λ = (−1, 1, 1): a plane with the unit normal n, and n₁ = c along the
    # negative one, has the curvatures 1 and 1 − 2(1 − c²). It curves down if c² < ½: with
    # probability √½, because c is uniform in [−1, 1].
    H = torch.diag(torch.tensor([-1.0, 1.0, 1.0])).double()
    share = curve_down(H, random_planes(P=3, planes=20_000)).double().mean().item()
    assert share == pytest.approx(0.5**0.5, abs=0.015)


def test_a_flat_place_is_found_where_newton_overshoots():
    # the slope is atan(x): Newton's steps from 3 lead further and further away
    L = landscape_of(lambda t: (t * t.atan() - (1 + t**2).log() / 2).sum(), 1)
    assert flat_place(L, torch.tensor([3.0]).double()).abs().item() < 1e-9
