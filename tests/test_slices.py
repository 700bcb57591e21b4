"""The geometry of slices: α to θ and back, for any independent directions."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from evidence.slices import WAY, every_way_is_listed
from hypothesis import assume, given
from hypothesis import strategies as st
from known import normal, seeded
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from lossviz_helpers import (
    Objective,
    Slice,
    descend,
    explained_variance,
    model_3,
    random_walk_variance,
    squared_error,
    xor,
)
from lossviz_helpers.slices import CONSTRUCTORS, largest_entry_positive, subspaces
from lossviz_helpers.slices.choosing import SliceConstructors
from lossviz_helpers.slices.constructors import Constructor

seeds = st.integers(0, 2**31)


@st.composite
def slices(draw, least_dims=1):
    """A slice with directions of any length, and from perpendicular to 10° apart."""
    k = draw(st.integers(least_dims, 4))
    P = k + draw(st.integers(0, 6))
    rows = torch.linalg.qr(normal(P, k, seed=draw(seeds))).Q.T
    mix = torch.eye(k, dtype=torch.float64)
    for i in range(k):
        for j in range(i):
            mix[i, j] = draw(st.floats(-2, 2))
    lengths = torch.tensor([10 ** draw(st.floats(-2, 2)) for _ in range(k)], dtype=torch.float64)
    origin = 10 ** draw(st.floats(-1, 1)) * normal(P, seed=draw(seeds))
    return Slice(origin, lengths[:, None] * (mix @ rows))


@st.composite
def walks(draw):
    """A trajectory that uses all its dimensions."""
    P = draw(st.integers(3, 9))
    steps = draw(st.integers(P + 1, 40))
    return normal(steps, P, seed=draw(seeds)).cumsum(dim=0) + normal(P, seed=draw(seeds))


def some(view: Slice, seed: int, *shape: int) -> torch.Tensor:
    # no seed that drew the slice itself
    return normal(*shape, len(view.origin), seed=seed ^ 0x2545F491)


def close(a, b, tolerance=1e-8):
    torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)


# Properties


@given(slices(), seeds)
def test_coordinates_undo_point(view, seed):
    alpha = normal(5, 3, view.dims, seed=seed)
    points = view.point(alpha)
    assert points.shape == (5, 3, len(view.origin))
    scale = points.abs().max() / view.directions.norm(dim=1).min()
    assert (view.coordinates(points) - alpha).abs().max() <= 1e-9 * max(1.0, scale)
    assert view.distance(points).max() <= 1e-9 * points.abs().max()


@given(slices(), seeds)
def test_a_point_is_what_the_formula_says(view, seed):
    alpha = normal(view.dims, seed=seed)
    by_hand = view.origin.clone()
    for a, direction in zip(alpha, view.directions, strict=True):
        by_hand += a * direction
    close(view.point(alpha), by_hand)


@given(slices(), seeds)
def test_projection_is_idempotent(view, seed):
    points = some(view, seed, 4)
    shadow = view.point(view.coordinates(points))
    close(view.point(view.coordinates(shadow)), shadow)


@given(slices(), seeds)
def test_the_residual_is_perpendicular_to_the_slice(view, seed):
    points = some(view, seed, 4)
    off = points - view.point(view.coordinates(points))
    unit = view.directions / view.directions.norm(dim=1, keepdim=True)
    assert (off @ unit.T).abs().max() <= 1e-9 * max(1.0, points.abs().max())
    close(view.distance(points), off.norm(dim=-1))


@given(slices(), seeds)
def test_no_point_of_the_slice_is_nearer_than_the_projection(view, seed):
    point = some(view, seed)
    others = view.point(view.coordinates(point) + normal(50, view.dims, seed=seed))
    assert (others - point).norm(dim=1).min() >= view.distance(point) - 1e-9


@given(walks(), st.integers(1, 3))
def test_principal_components_are_perpendicular_ordered_and_forward(walk, dims):
    view = Slice.pca(walk, dims)
    close(view.directions @ view.directions.T, torch.eye(dims, dtype=torch.float64))
    close(view.origin, walk.mean(dim=0))
    spread = view.coordinates(walk).var(dim=0)
    assert (spread[:-1] >= spread[1:] - 1e-9).all()
    assert (view.directions @ (walk[-1] - walk[0]) >= -1e-9).all()
    # explained variance is that of the shadows, and no other slice explains more
    close(torch.as_tensor(view.explained), (spread / walk.var(dim=0).sum()).cumsum(dim=0))
    other = Slice.random(view.origin, dims, seed=1)
    assert explained_variance(walk, other.directions)[-1] <= view.explained[-1] + 1e-9
    assert (np.diff(view.null) > 0).all()
    assert view.null[0] > 0
    assert view.null[-1] <= 1 + 1e-12


@given(walks(), st.integers(1, 3))
def test_all_points_lie_in_the_window(walk, dims):
    for view in (Slice.pca(walk, dims), Slice.along(walk, dims)):
        lo, hi = torch.tensor(view.extent, dtype=torch.float64).T
        alpha = view.coordinates(walk)
        assert (alpha > lo).all()
        assert (alpha < hi).all()
        # widened by a quarter of the widest on either side, and never a mere slit
        widest = (alpha.amax(dim=0) - alpha.amin(dim=0)).max()
        assert (hi - lo >= 0.8 * widest).all()
        assert (hi - lo <= 1.5 * widest + 1e-9).all()


@given(walks(), st.integers(1, 3))
def test_along_a_trajectory_alpha_runs_from_0_to_1(walk, dims):
    view = Slice.along(walk, dims)
    ends = torch.zeros(2, dims, dtype=torch.float64)
    ends[1, 0] = 1
    close(view.coordinates(walk[[0, -1]]), ends)
    close(view.distance(walk[[0, -1]]), torch.zeros(2, dtype=torch.float64), 1e-6)
    length = (walk[-1] - walk[0]).norm()
    close(view.directions @ view.directions.T, length**2 * torch.eye(dims, dtype=torch.float64))


@given(slices(), seeds, st.floats(1, 179))
def test_a_turn_keeps_length_and_turns_by_its_angle(view, seed, degrees):
    axis = seed % view.dims
    assume(len(view.origin) > 1)
    towards = some(view, seed)
    before = view.directions[axis]
    turned = view.turn(axis, towards, degrees)
    after = turned.directions[axis]
    close(after.norm(), before.norm())
    cosine = (after @ before / before.norm() / after.norm()).item()
    assert math.isclose(math.degrees(math.acos(cosine)), degrees, abs_tol=1e-4)
    assert after @ towards > before @ towards or degrees > 90, "it turns towards, not away"
    spanned = torch.stack([before, towards])
    close(spanned.T @ torch.linalg.lstsq(spanned.T, after[:, None]).solution, after[:, None])
    others = [i for i in range(view.dims) if i != axis]
    assert torch.equal(turned.directions[others], view.directions[others])


@given(slices(least_dims=2), seeds)
def test_a_cut_lies_in_its_parent(view, seed):
    axis = seed % view.dims
    alpha = normal(view.dims, seed=seed)
    cut = view.at(axis, alpha[axis].item())
    rest = [i for i in range(view.dims) if i != axis]
    assert cut.dims == view.dims - 1
    close(cut.point(alpha[rest]), view.point(alpha))
    assert cut.extent == tuple(view.extent[i] for i in rest)
    counted_back, counted = view.at(axis - view.dims, 0.5), view.at(axis, 0.5)
    close(counted_back.origin, counted.origin)
    assert torch.equal(counted_back.directions, counted.directions)


@given(seeds, st.integers(1, 9), st.integers(0, 20))
def test_random_directions_are_perpendicular(seed, dims, more):
    origin = normal(dims + more)
    view = Slice.random(origin, dims, seed)
    close(view.directions @ view.directions.T, torch.eye(dims, dtype=torch.float64))
    assert torch.equal(view.origin, origin)
    assert torch.equal(view.directions, Slice.random(origin, dims, seed).directions)


@given(seeds, st.floats(0.01, 180))
def test_angle(seed, degrees):
    a, b = torch.linalg.qr(normal(5, 2, seed=seed)).Q.T
    turned = math.cos(math.radians(degrees)) * a + math.sin(math.radians(degrees)) * b
    assume(degrees < 179.99)
    view = Slice(torch.zeros(5), torch.stack([3 * a, 0.2 * turned]))
    assert math.isclose(view.angle(), degrees, rel_tol=1e-6)


# Known answers


def test_the_window_is_from_minus_1_to_1_unless_another_is_given():
    assert Slice(torch.zeros(3), torch.eye(3)[:2]).extent == ((-1.0, 1.0), (-1.0, 1.0))
    cut = Slice(torch.zeros(3), torch.eye(3), ((0, 1), (2, 3), (4, 5))).at(1, 2.5)
    assert cut.extent == ((0.0, 1.0), (4.0, 5.0))


def test_a_direction_that_is_hardly_used_gets_a_third_of_the_window():
    plane = Slice(torch.zeros(3), torch.eye(3)[:2])
    points = torch.tensor([[1.0, 5.0, 9.0], [4.0, 5.0, -9.0]])
    across, up = plane.window(points, margin=0.25)
    assert across == pytest.approx((1 - 0.75, 4 + 0.75))
    assert up == pytest.approx((5 - 0.5 - 0.75, 5 + 0.5 + 0.75))


def test_between_two_models():
    A, B = normal(4, seed=1), normal(4, seed=2)
    line = Slice.between(A, B)
    assert torch.equal(line.point(0.0), A)
    close(line.point(1.0), B)
    close(line.point(0.3), 0.7 * A + 0.3 * B)
    close(line.point(torch.tensor([0.0, 1.0])), torch.stack([A, B]))
    assert line.extent == ((-0.5, 1.5),)


def test_pca_of_a_known_ellipse():
    t = torch.linspace(0, 2 * math.pi, 101, dtype=torch.float64)[:-1]
    ellipse = torch.stack([3 * t.cos(), 0 * t, t.sin()], dim=1) + torch.tensor([0.0, 7.0, 0.0])
    view = Slice.pca(ellipse, dims=2)
    close(view.directions.abs(), torch.tensor([[1.0, 0, 0], [0, 0, 1]], dtype=torch.float64))
    close(torch.as_tensor(view.explained), torch.tensor([0.9, 1.0], dtype=torch.float64))


def test_explained_variance_of_oblique_directions_is_that_of_their_plane():
    walk = normal(50, 5).cumsum(dim=0)
    plane = Slice.random(torch.zeros(5, dtype=torch.float64)).directions
    oblique = torch.stack([plane[0], plane[1] + 5 * plane[0]])
    assert np.allclose(explained_variance(walk, plane), explained_variance(walk, oblique))


def test_a_random_walk_explains_what_theory_says():
    # 6/π², and so on: Antognini & Sohl-Dickstein 2018
    assert np.allclose(random_walk_variance(1000, 10**6, 3), [0.608, 0.760, 0.827], atol=0.01)
    one = random_walk_variance(1000, 1, 1)
    assert np.allclose(one, 1)
    assert np.allclose(random_walk_variance(50, 2, 2)[1], 1)


def test_the_null_is_that_of_the_trajectorys_size():
    view = Slice.pca(normal(30, 4).cumsum(dim=0), dims=2)
    assert np.array_equal(view.null, random_walk_variance(30, 4, 2))
    text = f"{view.explained[-1]:.1%} of the trajectory's variance (random walk: "
    assert text + f"{view.null[-1]:.1%})" in repr(view)


@given(seeds, st.integers(2, 9))
def test_a_plane_through_three_models_contains_them(seed, P):
    A, B, C = normal(3, P, seed=seed)
    rest = (C - A) - (C - A) @ (B - A) / (B - A).norm() ** 2 * (B - A)
    assume(rest.norm() > 1e-3 * (C - A).norm())
    view = Slice.through(A, B, C)
    alpha = view.coordinates(torch.stack([A, B, C]))
    close(alpha[:2], torch.eye(2, dtype=torch.float64)[[1, 0]] * torch.tensor([[0.0], [1.0]]))
    assert alpha[2, 1] > 0
    close(view.distance(torch.stack([A, B, C])), torch.zeros(3, dtype=torch.float64))
    close(view.directions @ view.directions.T, (B - A).norm() ** 2 * torch.eye(2).double())
    for (lo, hi), a in zip(view.extent, alpha.T, strict=True):
        assert lo < a.min() <= a.max() < hi


def test_three_models_on_a_line_span_no_plane():
    A, B = normal(2, 5)
    for C in (A, B, (A + B) / 2, A + 3 * (B - A)):
        with pytest.raises(ValueError, match="don't lie on one line"):
            Slice.through(A, B, C)
    with pytest.raises(ValueError, match="don't lie on one line"):
        Slice.through(A, A, B)
    with pytest.raises(ValueError, match=r"points of the same model.*\(5,\) and \(4,\)"):
        Slice.through(A, B, B[:4])


def test_a_turn_of_90_degrees_between_perpendicular_directions():
    view = Slice(torch.zeros(3), 2 * torch.eye(3)[:2])
    turned = view.turn(1, torch.tensor([0.0, 0.0, 5.0]), 90)
    torch.testing.assert_close(turned.directions, 2 * torch.eye(3)[[0, 2]])


def test_shapes_and_plain_numbers():
    plane = Slice(torch.zeros(4), torch.eye(4)[:2])
    assert plane.point(torch.zeros(5, 3, 2)).shape == (5, 3, 4)
    assert plane.coordinates(torch.zeros(5, 3, 4)).shape == (5, 3, 2)
    assert plane.distance(torch.zeros(5, 3, 4)).shape == (5, 3)
    line = Slice(torch.zeros(4), torch.eye(4)[:1])
    assert line.point(2.0).tolist() == [2, 0, 0, 0]
    assert line.point(torch.zeros(7)).shape == (7, 4)
    assert line.point(torch.zeros(7, 1)).shape == (7, 4)


def test_a_slice_keeps_no_autograd_graph():
    origin = torch.zeros(3, requires_grad=True)
    assert not Slice(origin, torch.eye(3)).origin.requires_grad


def test_a_slice_copies_its_tensors():
    origin, directions = torch.zeros(3), torch.eye(3)[:2]
    view = Slice(origin, directions)
    origin += 1
    directions *= 5
    assert view.point(torch.ones(2)).tolist() == [1, 1, 0]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_models_of_low_precision_have_slices_of_float32(dtype):
    walk = normal(9, 5).cumsum(dim=0).to(dtype)
    A, B, C = walk[[0, 4, 8]]
    views = {
        "pca": Slice.pca(walk),
        "along": Slice.along(walk),
        "through": Slice.through(A, B, C),
        "between": Slice.between(A, B),
        "random": Slice.random(A),
        "filters": Slice.random(A, filters=torch.zeros(5, dtype=torch.int64)),
        "by hand": Slice(A, (B - A)[None]),
    }
    # each is that of the same numbers in float32
    whole = walk.float()
    expected = {
        "pca": Slice.pca(whole),
        "along": Slice.along(whole),
        "through": Slice.through(*whole[[0, 4, 8]]),
        "between": Slice.between(*whole[[0, 4]]),
        "random": Slice.random(whole[0]),
        "filters": Slice.random(whole[0], filters=torch.zeros(5, dtype=torch.int64)),
        "by hand": Slice(whole[0], (B - A).float()[None]),
    }
    for name, view in views.items():
        assert view.origin.dtype == view.directions.dtype == torch.float32
        assert torch.equal(view.origin, expected[name].origin), name
        assert torch.equal(view.directions, expected[name].directions), name
        assert torch.equal(view.coordinates(walk), view.coordinates(whole)), name


def test_explained_variance_of_low_precision():
    walk = normal(9, 5).cumsum(dim=0).bfloat16()
    found = explained_variance(walk, torch.eye(5)[:2].bfloat16())
    assert np.array_equal(found, explained_variance(walk.float(), torch.eye(5)[:2]))


# What every way to choose directions has to prove, a new one too


def test_every_constructor_is_listed():
    every_way_is_listed()


@pytest.mark.parametrize("proves", WAY, ids=lambda proves: proves.__name__)
@pytest.mark.parametrize("way", CONSTRUCTORS, ids=lambda way: way.name)
def test_a_constructor_gives_what_it_says(way, proves):
    proves(way)


BETWEEN = next(way for way in CONSTRUCTORS if way.name == "between")
SPOILT = {
    "gram": ({"gram": [[19.0]]}, "products of its directions are [[20.0]], its example says"),
    "a sign": (
        {"landmarks": [([2.0, 4.0], [-1.0])]}, "has coordinates [1.0], its example says [-1.0]",
    ),
    "off the slice": ({"landmarks": [([2.0, -1.0], [0.0])]}, "2.2 away from the slice"),
    "outside": ({"landmarks": [([4.0, 8.0], [2.0])]}, "lies outside its window ((-0.5, 1.5),)"),
    "no landmarks": ({"landmarks": []}, "has no landmarks"),
    "nothing rejected": ({"rejects": []}, "says nothing that it rejects"),
    "accepted": ({"rejects": [(([0.0], [1.0]), "short")]}, "expected an error with 'short', got"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_with_a_constructors_example_is_named(change, message):
    found = complaints(replace(BETWEEN, **change))
    assert any(message in said for said in found), found
    assert all("Slice.between" in said for said in found)


def complaints(way) -> list[str]:
    found = []
    for proves in WAY:
        try:
            proves(way)
        except AssertionError as err:
            found.append(str(err))
    return found


def by_chance(cls, origin):
    return cls(origin, torch.randn(1, len(origin)))


def backwards(cls, A, B):
    """Args: Raises: >>> nothing"""
    return cls(B, (A - B)[None], extent=((-0.5, 1.5),))


def test_wrong_constructors_are_found(monkeypatch):
    monkeypatch.setattr(SliceConstructors, "by_chance", classmethod(by_chance), raising=False)
    with pytest.raises(AssertionError, match=r"Slice.by_chance must prove .* put @constructor"):
        every_way_is_listed()
    chance = Constructor("by_chance", ([0.0, 0.0],), [[1.0]], [([0.0, 0.0], [0.0])])
    said = "\n".join(complaints(chance))
    for part in ("no Args:", "take a seed", "nothing that it rejects"):
        assert part in said, said
    monkeypatch.setattr(SliceConstructors, "between", classmethod(backwards))
    said = "\n".join(complaints(BETWEEN))
    for part in (
        "has coordinates [1.0], its example says [0.0]",
        "expected an error with 'points of",
    ):
        assert part in said, said


# Large models


def oblique(P: int, k: int, degrees: float, ratio: float, away: float, dtype) -> Slice:
    """Directions at this angle, the last this much shorter than the first, at a large origin."""
    first, *others = torch.linalg.qr(normal(P, k, seed=1)).Q.T
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    rows = torch.stack([first] + [cosine * first + sine * other for other in others])
    lengths = P**0.5 * torch.logspace(0, -math.log10(ratio), k, dtype=torch.float64)
    return Slice((away * normal(P, seed=2)).to(dtype), (lengths[:, None] * rows).to(dtype))


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize(
    ("P", "dtype", "degrees", "ratio", "away"),
    [
        *((P, torch.float64, 5, 1e4, 100) for P in (3, 13, 1000, 300_000)),
        *((P, torch.float32, 90, 1, 100) for P in (3, 13, 1000, 300_000)),
        # in float32 a point itself is rounded, and the rounding has its shadow too: large
        # relative to the shortest direction, and smaller the more parameters there are
        *((P, torch.float32, 5, 1, 1) for P in (3, 13, 1000, 300_000)),
        (300_000, torch.float32, 5, 1e4, 1),
    ],
)
def test_coordinates_undo_point_in_any_model(P, k, dtype, degrees, ratio, away):
    view = oblique(P, k, degrees, ratio, away, dtype)
    alpha = torch.tensor([[0.5, -0.7, 1.3], [-1.0, 0.2, 0.0]], dtype=dtype)[:, :k]
    torch.testing.assert_close(view.coordinates(view.point(alpha)), alpha, rtol=0, atol=1e-4)


def test_a_slice_of_nine_million_parameters():
    P = 9_000_000
    directions = torch.randn(2, P, generator=seeded(0))
    view = Slice(torch.ones(P), directions)
    alpha = torch.tensor([0.5, -0.7])
    point = view.point(alpha)
    torch.testing.assert_close(view.coordinates(point), alpha, rtol=0, atol=1e-5)
    assert view.distance(point) < 1e-6 * point.norm()
    plane = Slice.pca(torch.stack([point, *view.point(torch.eye(2)), view.origin]))
    assert np.allclose(plane.explained[-1], 1)
    torch.testing.assert_close(
        torch.tensor(view.window(point[None].double()))[:, 0], alpha, atol=1e-5, rtol=0
    )


def test_points_are_subtracted_before_they_are_rounded():
    # at an origin of a thousand, float32 can't represent a step of a hundred thousandth
    view = Slice(torch.full((5,), 1000.0), torch.eye(5)[:2])
    point = view.origin.double() + 1e-5 * torch.tensor([1.0, 2.0, 3.0, 0.0, 0.0])
    expected = torch.tensor([1e-5, 2e-5])
    torch.testing.assert_close(view.coordinates(point), expected, rtol=1e-5, atol=0)
    torch.testing.assert_close(view.distance(point), torch.tensor(3e-5), rtol=1e-5, atol=0)


def test_origin_and_directions_of_two_dtypes():
    for one, other in ((torch.float32, torch.float64), (torch.float64, torch.float32)):
        view = Slice(torch.zeros(3, dtype=one), torch.eye(3, dtype=other)[:2])
        assert view.origin.dtype == view.directions.dtype == torch.float64
        assert view.coordinates(view.point(torch.tensor([1.0, 2.0]))).tolist() == [1, 2]


def test_angles_and_perpendiculars_of_a_million_parameters():
    P = 1_000_000
    A, B, C = torch.randn(3, P, generator=seeded(3)) + 5  # sums of one sign lose the most digits
    C = B + 0.01 * C
    first, second = Slice.through(A, B, C).directions.double()
    assert abs(first @ second) < 1e-7 * first.norm() * second.norm()
    assert math.isclose(first.norm(), second.norm(), rel_tol=1e-6)
    a, b = first.float(), first.float() + 0.001 * C
    exact = math.degrees(math.acos(a.double() @ b.double() / a.double().norm() / b.double().norm()))
    view = Slice(A, torch.stack([a, b]))
    assert math.isclose(view.angle(), exact, rel_tol=1e-5)
    turned = view.turn(0, C, 90).directions[0].double()
    assert abs(turned @ a.double()) < 1e-7 * turned.norm() * first.norm()
    assert math.isclose(turned.norm(), first.norm(), rel_tol=1e-6)


@pytest.mark.parametrize("P", [5, 1_000_000])
def test_directions_that_are_nearly_parallel(P):
    a = torch.randn(P, generator=seeded(0))
    b = torch.randn(P, generator=seeded(1))
    assert Slice(a, torch.stack([a, 1e4 * (a + 1e-3 * b)])).dims == 2
    for c in (1e-4 * a, -3 * a, a + 1e-7 * b):
        with pytest.raises(ValueError, match="linearly independent directions, got 2"):
            Slice(a, torch.stack([a, c]))
        with pytest.raises(ValueError, match="linearly independent directions, got 2"):
            explained_variance(torch.stack([a, b]), torch.stack([a, c]))


@given(slices(), seeds)
def test_a_projection_is_what_least_squares_says(view, seed):
    vectors = some(view, seed, 2, 3)
    basis = torch.linalg.qr(view.directions.T).Q
    close(view.projection(vectors), vectors @ basis @ basis.T, 1e-7)


def of_movement(T: int, P: int, movement: torch.Tensor, seed: int = 0) -> torch.Tensor:
    """A trajectory with these singular values."""
    k = len(movement)
    u = torch.linalg.qr(normal(T, k + 1, seed=seed) - normal(T, k + 1, seed=seed).mean(dim=0)).Q
    return u[:, :k] * movement @ torch.linalg.qr(normal(P, k, seed=seed + 1)).Q.T


@pytest.mark.parametrize("choose", [Slice.pca, Slice.along])
@pytest.mark.parametrize(("T", "P"), [(20, 3000), (3000, 20), (50, 50), (7, 300), (300, 7)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("away", [0, 100])
def test_products_find_what_the_decomposition_finds(monkeypatch, choose, T, P, dtype, away):
    movement = torch.logspace(0, -3, 5, dtype=torch.float64)
    walk = (of_movement(T, P, movement) + away * normal(P, seed=5)).to(dtype)
    exact = choose(walk, dims=3)
    monkeypatch.setattr(subspaces, "EXACT", 0)
    monkeypatch.setattr(subspaces, "BLOCK", 64 * 50)
    found = choose(walk, dims=3)
    # in float32 the rounding of a far trajectory is a movement too, but the same one for both
    tolerance = 1e-6 if dtype == torch.float32 else 1e-9
    close(found.directions / exact.directions.norm(dim=1)[:, None],
          exact.directions / exact.directions.norm(dim=1)[:, None], tolerance)  # fmt: skip
    assert torch.equal(found.origin, exact.origin)
    assert np.allclose(found.explained, exact.explained, rtol=0, atol=1e-9)
    assert np.allclose(found.extent, exact.extent, rtol=0, atol=1e-6)
    # and so says the slice itself
    assert np.allclose(found.explained, explained_variance(walk, found.directions), atol=1e-6)
    assert np.allclose(found.extent, found.window(walk), rtol=0, atol=1e-3 if away else 1e-6)


@pytest.mark.parametrize(("T", "P"), [(20, 3000), (300, 20)])
def test_small_components_are_perpendicular_however_they_are_found(monkeypatch, T, P):
    monkeypatch.setattr(subspaces, "EXACT", 0)
    movement = torch.tensor([1, 1e-2, 1e-4, 1e-5, 1e-6], dtype=torch.float64)
    walk = of_movement(T, P, movement)
    directions = Slice.pca(walk, dims=5).directions
    close(directions @ directions.T, torch.eye(5, dtype=torch.float64), 1e-12)
    basis = torch.linalg.svd(walk - walk.mean(dim=0), full_matrices=False).Vh[:5]
    cosines = (directions * basis).sum(dim=1).abs()
    assert (cosines[:4] > 1 - 1e-6).all()


@pytest.mark.parametrize(("T", "P"), [(20, 60_000), (60_000, 20)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_large_trajectories_that_do_not_move_enough(T, P, dtype):
    flat = normal(T, 2).cumsum(0) @ normal(2, P, seed=1) + normal(P, seed=2)
    assert np.allclose(Slice.pca(flat.to(dtype), dims=2).explained[-1], 1)
    with pytest.raises(ValueError, match="too few dimensions: 3 needed, got 2"):
        Slice.pca(flat.to(dtype), dims=3)
    with pytest.raises(ValueError, match="too few dimensions: 2 needed, got 1"):
        Slice.along(flat.to(dtype), dims=3)
    with pytest.raises(ValueError, match="too few dimensions: 1 needed, got 0"):
        Slice.pca(torch.ones(T, P, dtype=dtype), dims=1)


class Largest(TorchDispatchMode):
    """How many numbers the largest tensor held that was computed, not only looked at."""

    numbers = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        given = {t.untyped_storage().data_ptr() for t in tree_leaves(args) if torch.is_tensor(t)}
        result = function(*args, **(kwargs or {}))
        for t in tree_leaves(result):
            if torch.is_tensor(t) and t.untyped_storage().data_ptr() not in given:
                self.numbers = max(self.numbers, t.untyped_storage().nbytes() // t.itemsize)
        return result


@pytest.mark.parametrize(("T", "P"), [(31, 300_000), (300_000, 31)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_large_trajectory_is_never_copied(T, P, dtype):
    walk = torch.randn(T, P, generator=seeded(0)).to(dtype)
    with Largest() as largest:
        for view in (Slice.pca(walk), Slice.along(walk, dims=3)):
            view.coordinates(walk)
            view.distance(walk)
            view.window(walk)
            explained_variance(walk, view.directions)
    assert 0 < largest.numbers <= 1.01 * subspaces.BLOCK < walk.numel()


def test_rounding_does_not_choose_between_equal_entries():
    # two entries of α₂ are equally large, with opposite signs
    up = torch.tensor([1.0, 1.0, 0.0])
    aside = torch.tensor([1.0, -1.0, 0.0])
    walk = torch.stack([0 * up, up + aside, 2 * up - aside, 3 * up]).double()
    for seed in range(10):
        view = Slice.along(walk + 1e-14 * normal(4, 3, seed=seed))
        assert view.directions[1, 0] > 0 > view.directions[1, 1]


# Bad input


@pytest.mark.parametrize(
    ("origin", "directions", "message"),
    [
        ((3,), (2, 4), r"origin of shape (P,) and directions of shape (k, P), got (3,) and (2, 4)"),
        ((3,), (3,), "got (3,) and (3,)"),
        ((1, 3), (1, 3), "got (1, 3) and (1, 3)"),
    ],
)
def test_shapes_that_do_not_fit(origin, directions, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Slice(torch.ones(origin), torch.ones(directions))


def test_zero_directions():
    with pytest.raises(ValueError, match="positive length, got zero for direction 2"):
        Slice(torch.zeros(3), torch.tensor([[1.0, 0, 0], [0, 0, 0]]))
    with pytest.raises(ValueError, match="positive length, got zero for direction 1"):
        Slice.between(torch.ones(3), torch.ones(3))


@pytest.mark.parametrize(
    "directions",
    [
        [[1.0, 2, 3], [1, 2, 3]],
        [[1.0, 2, 3], [-2, -4, -6]],
        [[1.0, 0, 0], [0, 1, 0], [1, 1, 0]],
        [[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 2, 3]],
    ],
)
def test_parallel_directions(directions):
    message = f"linearly independent directions, got {len(directions)} that are parallel"
    with pytest.raises(ValueError, match=message):
        Slice(torch.zeros(3), torch.tensor(directions))


def test_numbers_that_are_not_finite():
    for bad in (torch.nan, torch.inf):
        with pytest.raises(ValueError, match="finite numbers, got nan or inf"):
            Slice(torch.full((3,), bad), torch.eye(3))
        with pytest.raises(ValueError, match="finite numbers, got nan or inf"):
            Slice(torch.zeros(3), torch.full((1, 3), bad))


@pytest.mark.parametrize(
    ("extent", "message"),
    [
        (((1, -1), (-1, 1)), "from low to high, got (1.0, -1.0)"),
        (((-1, 1), (2, 2)), "from low to high, got (2.0, 2.0)"),
        (((-1, 1), (0, math.inf)), "must be finite, got (0.0, inf)"),
        (((math.nan, 1), (0, 1)), "must be finite, got (nan, 1.0)"),
        (((-1, 1),), "needs 2 pairs (lo, hi), one per direction, got 1"),
        ((-1, 1), "needs one pair (lo, hi) per direction, got (-1, 1)"),
        (((-1, 0, 1), (0, 1)), "pair (lo, hi) per direction, got ((-1, 0, 1), (0, 1))"),
    ],
)
def test_invalid_windows(extent, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Slice(torch.zeros(3), torch.eye(3)[:2], extent=extent)


@pytest.mark.parametrize("choose", [Slice.pca, Slice.along])
def test_invalid_trajectories(choose):
    walk = normal(9, 5).cumsum(dim=0)
    with pytest.raises(ValueError, match="3 principal components need at least 4 points, got 3"):
        choose(walk[:3], dims=3)
    with pytest.raises(ValueError, match=r"shape \(T, P\), got \(9, 2, 5\)"):
        choose(torch.stack([walk, walk], dim=1))
    with pytest.raises(ValueError, match="between 1 and 5, the number of parameters, got 6"):
        choose(walk, dims=6)
    with pytest.raises(ValueError, match="got 0"):
        choose(walk, dims=0)
    walk[3, 1] = torch.nan
    with pytest.raises(ValueError, match="contains nan or inf"):
        choose(walk)


@pytest.mark.usefixtures("no_warnings")
def test_trajectories_that_do_not_move_enough():
    straight = torch.linspace(0, 1, 9, dtype=torch.float64)[:, None] * normal(5)
    with pytest.raises(ValueError, match="too few dimensions: 2 needed, got 1"):
        Slice.pca(straight, dims=2)
    with pytest.raises(ValueError, match="too few dimensions: 1 needed, got 0"):
        Slice.pca(torch.ones(9, 5), dims=1)
    with pytest.raises(ValueError, match="too few dimensions: 1 needed, got 0"):
        Slice.along(straight, dims=2)
    walk = normal(9, 5).cumsum(dim=0)
    with pytest.raises(ValueError, match="ends where it starts"):
        Slice.along(torch.cat([walk, walk[:1]]))


def test_points_of_a_different_model():
    view = Slice(torch.zeros(3), torch.eye(3)[:2])
    for use in (view.coordinates, view.distance, view.window):
        with pytest.raises(
            ValueError, match=r"points of 3 numbers, but got points of shape \(5, 4\)"
        ):
            use(torch.zeros(5, 4))
    with pytest.raises(ValueError, match=r"has 2 coordinates, but got shape \(3,\)"):
        view.point(torch.zeros(3))
    with pytest.raises(ValueError, match=r"has 2 coordinates, but got shape \(\)"):
        view.point(1.0)
    with pytest.raises(ValueError, match=r"the same model, of shape \(P,\), got \(3,\) and \(4,\)"):
        Slice.between(torch.zeros(3), torch.zeros(4))
    with pytest.raises(ValueError, match="between 1 and 3, the number of parameters, got 4"):
        Slice.random(torch.zeros(3), dims=4)


def test_invalid_cuts_and_turns():
    line = Slice(torch.zeros(3), torch.eye(3)[:1])
    with pytest.raises(ValueError, match="a line has no slice"):
        line.at(0, 0.0)
    with pytest.raises(ValueError, match="an angle needs two directions, but a line has one"):
        line.angle()
    view = Slice(torch.zeros(3), torch.eye(3)[:2])
    with pytest.raises(ValueError, match="direction 1 can't be rotated towards a parallel one"):
        view.turn(1, -2 * view.directions[1], 10)
    with pytest.raises(ValueError, match=r"one direction, got shape \(2, 3\)"):
        view.turn(1, torch.eye(3)[:2], 10)
    for use in (lambda axis: view.at(axis, 0.0), lambda axis: view.turn(axis, torch.ones(3), 10)):
        for axis in (2, -3):
            with pytest.raises(ValueError, match=f"axis must be from 0 to 1, got {axis}"):
                use(axis)


# Mix-ups, and the advice in the errors that name them


def everyday() -> dict:
    """The things of a session, by the names that errors give them."""
    model = model_3()
    L = Objective(model, xor(50), squared_error)
    path = descend(L, L.point(), steps=5)
    many = descend(L, L.initial_points([0, 1]), steps=5)
    models = [L.model_at(theta) for theta in path.points]
    view = Slice.random(L.point())
    names = {"L": L, "model": model, "models": models, "path": path, "many": many, "view": view}
    return names | {
        "Slice": Slice,
        "explained_variance": explained_variance,
        "torch": torch,
        "np": np,
        "i": 1,
        "α": torch.zeros(2),
    }


@pytest.mark.parametrize(
    ("wrong", "got", "advice", "right"),
    [
        ("Slice.pca(path)", "a Trajectory", "path.points", "Slice.pca({})"),
        ("Slice.along(path)", "a Trajectory", "path.points", "Slice.along({})"),
        ("Slice.pca(many)", "a Trajectory", "path[i].points", "Slice.pca({})"),
        ("Slice.pca(L)", "an Objective", "L.point()", "Slice.pca([{}, model_at_0, model_at_1])"),
        ("Slice.pca(models)", "a list of TwoLayerNet",
         "torch.stack([L.point(model) for model in models])", "Slice.pca({})"),
        ("Slice.along(tuple(models))", "a tuple of TwoLayerNet",
         "torch.stack([L.point(model) for model in models])", "Slice.along({})"),
        ("Slice.random(L)", "an Objective", "L.point()", "Slice.random({})"),
        ("Slice.random(model)", "a TwoLayerNet", "L.point(model)", "Slice.random({})"),
        ("Slice.random(path)", "a Trajectory", "path.end", "Slice.random({})"),
        ("Slice.random(many)", "a Trajectory", "path[i].end", "Slice.random({})"),
        ("Slice.random(view)", "a Slice", "view.point(α)", "Slice.random({})"),
        ("Slice.random(view)", "a Slice", "view.origin", "Slice.random({})"),
        ("Slice.random(model.state_dict())", "an OrderedDict", "L.point(model)",
         "Slice.random({})"),
        ("Slice.random(model.parameters())", "a generator", "L.point(model)", "Slice.random({})"),
        ("Slice.between(model, models[1])", "a TwoLayerNet", "L.point(model)",
         "Slice.between({}, path.end)"),
        ("Slice.between(path.start, models[1])", "a TwoLayerNet", "L.point(model)",
         "Slice.between({}, path.end)"),
        ("Slice.through(*models[:3])", "a TwoLayerNet", "L.point(model)",
         "Slice.through({}, path.points[1], path.end)"),
        ("Slice.through(path, path, path)", "a Trajectory", "path.end",
         "Slice.through(path.points[0], path.points[1], {})"),
        ("Slice(L, torch.eye(13))", "an Objective", "L.point()", "Slice({}, torch.eye(13))"),
        ("Slice(L.point(), model)", "a TwoLayerNet", "L.point(model)",
         "Slice(L.point(), {}[None])"),
        ("view.coordinates(path)", "a Trajectory", "path.points", "view.coordinates({})"),
        ("view.coordinates(model)", "a TwoLayerNet", "L.point(model)", "view.coordinates({})"),
        ("view.distance(L)", "an Objective", "L.point()", "view.distance({})"),
        ("view.window(many)", "a Trajectory", "path[i].points", "view.window({})"),
        ("explained_variance(path, view.directions)", "a Trajectory", "path.points",
         "explained_variance({}, view.directions)"),
        ("explained_variance(path.points, view)", "a Slice", "view.directions",
         "explained_variance(path.points, {})"),
        ("view.projection(model)", "a TwoLayerNet", "L.point(model)", "view.projection({})"),
        ("view.turn(0, model, 30)", "a TwoLayerNet", "L.point(model)", "view.turn(0, {}, 30)"),
        ("view.point(path)", "a Trajectory", "view.coordinates(θ)", "view.point({})"),
        ("view.point(model)", "a TwoLayerNet", "view.coordinates(θ)", "view.point({})"),
    ],
)  # fmt: skip
def test_mix_ups_are_named_and_the_advice_works(wrong, got, advice, right):
    names = everyday()
    names |= {"θ": names["path"].end, "model_at_0": names["path"].points[1]}
    names |= {"model_at_1": names["path"].points[3]}
    with pytest.raises(TypeError) as error:
        eval(wrong, names)
    text = str(error.value)
    assert f"got {got}" in text
    assert "shape" in text or "coordinates" in text, "it says what was expected"
    assert advice in text
    if "many" in wrong:
        names["path"] = names["many"]
    eval(right.format(advice), names)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: Slice.pca("path"), "points of shape (T, P), but got 'path'"),
        (lambda: Slice.random(None), "a point of shape (P,), but got None"),
        (lambda: Slice.random(["a", "b"]), "a point of shape (P,), but got a list of str"),
        (lambda: Slice.random(np.array(["a"])), "a point of shape (P,), but got an ndarray"),
        (lambda: Slice.random(torch.zeros(3) + 1j), "(P,), but got a tensor of complex64"),
        (lambda: Slice(torch.zeros(3), "x"), "directions of shape (k, P), but got 'x'"),
        (lambda: Slice.random(torch.ones(3)).point("x"), "has 2 coordinates, but got 'x'"),
        (lambda: Slice.random(torch.ones(3)).point(None), "has 2 coordinates, but got None"),
        (lambda: Slice.random(torch.ones(3), "2"), "an integer such as dims=2, got '2'"),
        (lambda: Slice.random(torch.ones(3), 2.5), "an integer such as dims=2, got 2.5"),
        (lambda: Slice.random(torch.ones(3), torch.ones(3)), "such as dims=2, got a Tensor"),
        (lambda: Slice.pca(normal(9, 5), "2"), "an integer such as dims=2, got '2'"),
        (lambda: Slice.along(normal(9, 5), None), "an integer such as dims=2, got a NoneType"),
    ],
)
def test_something_other_than_a_point(use, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        use()


def test_points_of_several_shapes():
    with pytest.raises(ValueError, match=r"got \(4, 3\) and \(2, 5\)"):
        explained_variance(torch.zeros(4, 3), torch.eye(5)[:2])
    with pytest.raises(ValueError, match=r"different shapes: \(3,\), \(4,\)"):
        Slice.pca([torch.zeros(3), torch.zeros(4)])
    with pytest.raises(ValueError, match=r"one trajectory, shape \(T, P\), got \(\)"):
        Slice.pca(3.0)
    with pytest.raises(ValueError, match=r"origin of shape \(P,\).*got \(3,\) and \(0, 3\)"):
        Slice(torch.zeros(3), torch.zeros(0, 3))


def test_arrays_lists_and_integers_are_points_too():
    rows = [[1.0, 0.0, 2.0], [0.0, 3.0, 1.0], [2.0, 2.0, 5.0], [0.0, 1.0, 9.0]]
    expected = Slice.pca(torch.tensor(rows, dtype=torch.float64))
    for points in (rows, np.array(rows), list(np.array(rows)), list(map(tuple, rows))):
        view = Slice.pca(points, np.int64(2))
        assert torch.equal(view.directions, expected.directions)
        assert torch.equal(view.coordinates(points), expected.coordinates(points))
    listed = Slice.pca(list(torch.tensor(rows)))
    assert torch.equal(listed.directions, Slice.pca(torch.tensor(rows)).directions)
    line = Slice([0, 0, 0], np.eye(3)[:1])
    assert line.point(2).tolist() == [2, 0, 0]
    assert line.point([1, 2]).tolist() == line.point(np.array([1, 2])).tolist()
    plane = Slice(np.zeros(3), torch.eye(3, dtype=torch.int64)[:2])
    assert plane.point([torch.tensor(1.0), torch.tensor(2.0)]).tolist() == [1, 2, 0]
    assert plane.point([(1, 2), (3, 4)]).tolist() == [[1, 2, 0], [3, 4, 0]]
    assert Slice.between(nn.Parameter(torch.zeros(3)), [1, 2, 3]).point(1).tolist() == [1, 2, 3]


def test_the_global_generator_is_left_alone():
    before = seeded(0).get_state()
    Slice.random(torch.zeros(3), seed=0)
    assert torch.equal(seeded(0).get_state(), before)


def test_rounding_doesnt_flip_a_direction():
    # α₂ of `along` is perpendicular to the way from start to end, so the way can't tell its sign
    walk = normal(50, 13).cumsum(0)
    view = Slice.along(walk, dims=3)
    for seed in range(10):
        other = Slice.along(walk + 1e-13 * normal(50, 13, seed=seed), dims=3)
        torch.testing.assert_close(other.directions, view.directions)


def test_the_largest_entry_of_an_eigenvector_is_positive():
    vectors = torch.tensor([[1.0, -3.0, 2.0], [-1.0, 0.5, 0.0], [0.0, 2.0, 1.0]])
    expected = torch.tensor([[-1.0, 3.0, -2.0], [1.0, -0.5, 0.0], [0.0, 2.0, 1.0]])
    assert torch.equal(largest_entry_positive(vectors), expected)
