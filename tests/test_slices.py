"""The geometry of slices: α to θ and back, for any independent directions."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from known import normal, seeded

from lossviz_helpers import Slice, explained_variance, random_walk_variance

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
def test_a_shadow_casts_itself(view, seed):
    points = some(view, seed, 4)
    shadow = view.point(view.coordinates(points))
    close(view.point(view.coordinates(shadow)), shadow)


@given(slices(), seeds)
def test_a_shadow_lies_straight_below(view, seed):
    points = some(view, seed, 4)
    off = points - view.point(view.coordinates(points))
    unit = view.directions / view.directions.norm(dim=1, keepdim=True)
    assert (off @ unit.T).abs().max() <= 1e-9 * max(1.0, points.abs().max())
    close(view.distance(points), off.norm(dim=-1))


@given(slices(), seeds)
def test_no_point_of_the_slice_is_nearer_than_the_shadow(view, seed):
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
def test_a_plane_through_three_models_keeps_its_promises(seed, P):
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
    with pytest.raises(ValueError, match=r"points of one model.*\(5,\) and \(4,\)"):
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


def test_a_slice_holds_no_graph():
    origin = torch.zeros(3, requires_grad=True)
    assert not Slice(origin, torch.eye(3)).origin.requires_grad


def test_a_slice_stays_where_it_is():
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
def test_windows_that_are_none(extent, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Slice(torch.zeros(3), torch.eye(3)[:2], extent=extent)


@pytest.mark.parametrize("choose", [Slice.pca, Slice.along])
def test_trajectories_that_are_none(choose):
    walk = normal(9, 5).cumsum(dim=0)
    with pytest.raises(ValueError, match="3 principal components need at least 4 points, got 3"):
        choose(walk[:3], dims=3)
    with pytest.raises(ValueError, match=r"shape \(T, P\), got \(9, 2, 5\)"):
        choose(torch.stack([walk, walk], dim=1))
    with pytest.raises(ValueError, match="from 1 to the 5 parameters of the model, got 6"):
        choose(walk, dims=6)
    with pytest.raises(ValueError, match="got 0"):
        choose(walk, dims=0)
    walk[3, 1] = torch.nan
    with pytest.raises(ValueError, match="holds nan or inf"):
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


def test_points_of_another_model():
    view = Slice(torch.zeros(3), torch.eye(3)[:2])
    for use in (view.coordinates, view.distance, view.window):
        with pytest.raises(ValueError, match=r"points of 3 numbers, got points of shape \(5, 4\)"):
            use(torch.zeros(5, 4))
    with pytest.raises(ValueError, match=r"has 2 coordinates, got shape \(3,\)"):
        view.point(torch.zeros(3))
    with pytest.raises(ValueError, match=r"has 2 coordinates, got shape \(\)"):
        view.point(1.0)
    with pytest.raises(ValueError, match=r"one model, of shape \(P,\), got \(3,\) and \(4,\)"):
        Slice.between(torch.zeros(3), torch.zeros(4))
    with pytest.raises(ValueError, match="from 1 to the 3 parameters of the model, got 4"):
        Slice.random(torch.zeros(3), dims=4)


def test_cuts_and_turns_that_are_none():
    line = Slice(torch.zeros(3), torch.eye(3)[:1])
    with pytest.raises(ValueError, match="a line has no slice"):
        line.at(0, 0.0)
    with pytest.raises(ValueError, match="an angle needs two directions, a line has one"):
        line.angle()
    view = Slice(torch.zeros(3), torch.eye(3)[:2])
    with pytest.raises(ValueError, match="direction 1 can't turn towards a parallel one"):
        view.turn(1, -2 * view.directions[1], 10)


def test_generators_are_not_shared():
    before = seeded(0).get_state()
    Slice.random(torch.zeros(3), seed=0)
    assert torch.equal(seeded(0).get_state(), before)


def test_rounding_turns_no_direction_round():
    # α₂ of `along` is perpendicular to the way from start to end, so the way can't tell its sign
    walk = normal(50, 13).cumsum(0)
    view = Slice.along(walk, dims=3)
    for seed in range(10):
        other = Slice.along(walk + 1e-13 * normal(50, 13, seed=seed), dims=3)
        torch.testing.assert_close(other.directions, view.directions)
