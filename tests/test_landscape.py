"""Scans of known landscapes: every row, every axis; files that survive everything."""

import itertools
import json
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from known import Breaking, landscape_of, looped, mean_output, normal

from lossviz_helpers import (
    Landscape,
    Objective,
    ScanInterrupted,
    Slice,
    model_1,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.landscape import grid as landscape


def lopsided(t):
    """A quadratic in which no two directions are alike."""
    return t[0] ** 2 + 10 * t[1] + 3 * t[0] * t[1] + 0.5 * t[2] - 2 * t[1] * t[2] + t[3] ** 3


def land_of(function, *axes) -> Landscape:
    """A landscape with loss function(α₁, …) on the plane of the first parameters."""
    axes = tuple(np.asarray(axis, dtype=float) for axis in axes)
    loss = function(*np.meshgrid(*axes, indexing="ij"))
    k = len(axes)
    return Landscape(axes, loss, Slice(torch.zeros(k + 1), torch.eye(k + 1)[:k]))


# Scans


@pytest.mark.parametrize("resolution", [(5,), (5, 7), (4, 2, 3), (2, 3, 2, 3)])
@pytest.mark.parametrize("chunk", [1, 4, 1000])
def test_every_model_of_every_axis(resolution, chunk, monkeypatch):
    monkeypatch.setattr(Objective, "chunk_size", lambda self: chunk)
    L = landscape_of(lopsided, 4)
    k = len(resolution)
    directions = normal(k, 4)  # neither perpendicular nor of length 1
    extent = tuple((-1.0 - i, 2.0 + 3 * i) for i in range(k))
    view = Slice(normal(4, seed=1), directions, extent)
    land = scan(L, view, resolution)
    assert land.loss.shape == resolution
    for axis, (lo, hi), n in zip(land.axes, extent, resolution, strict=True):
        assert np.allclose(axis, np.linspace(lo, hi, n), rtol=0, atol=1e-12)
    for index in itertools.product(*map(range, resolution)):
        theta = view.origin.clone()
        for i, at in enumerate(index):
            theta += land.axes[i][at] * directions[i]
        assert land.loss[index] == pytest.approx(lopsided(theta).item(), rel=1e-12)


def test_a_plane_of_a_net_is_that_of_a_plain_loop():
    model, data = model_3(), xor(100)
    L = Objective(model, data, squared_error)
    view = Slice.random(L.point(), 2, seed=1)
    land = scan(L, view, (9, 6), extent=((-3, 3), (-2, 5)))
    alpha = torch.cartesian_prod(*map(torch.as_tensor, land.axes))
    expected = looped(model, squared_error, *data, view.point(alpha)).reshape(9, 6)
    assert np.allclose(land.loss, expected.numpy(), rtol=1e-10, atol=0)


def test_float32_models_and_float64_slices_go_together():
    L = Objective(model_1().float(), xor(20, dtype=torch.float32), squared_error)
    view = Slice(torch.zeros(2, dtype=torch.float64), torch.eye(2, dtype=torch.float64))
    land = scan(L, view, 3)
    double = Objective(model_1(), xor(20), squared_error)
    assert np.allclose(land.loss, scan(double, view, 3).loss, atol=1e-5)


def test_the_window_is_the_slices_own_unless_another_is_given():
    L = landscape_of(lopsided, 4)
    view = Slice(torch.zeros(4), torch.eye(4)[:1], extent=((2, 3),))
    assert scan(L, view, 2).axes[0].tolist() == [2, 3]
    assert scan(L, view, 2, extent=((4, 5),)).axes[0].tolist() == [4, 5]


def test_gaps_are_kept_and_counted(no_warnings):
    # log: −inf at 0, nan below; 1/log: 1/−inf = −0, which is finite
    L = landscape_of(lambda t: t[0].log(), 1)
    land = scan(L, Slice(torch.zeros(1), torch.eye(1), ((-1, 3),)), 5)
    assert land.gaps == 2
    assert np.isnan(land.loss[0])
    assert land.loss[1] == -np.inf
    assert np.allclose(land.loss[2:], np.log([1, 2, 3]))
    assert "2 models have no finite loss" in land.describe()


def test_any_whole_number_is_a_resolution():
    L, view = landscape_of(lopsided, 4), Slice.random(torch.zeros(4))
    for resolution in (3, np.int64(3), 3.0, [3, 3], np.array([3, 3])):
        assert scan(L, view, resolution).loss.shape == (3, 3)


@pytest.mark.parametrize("calls", [0, 1, 3])
def test_what_was_scanned_is_in_the_exception(calls, monkeypatch):
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 4)
    full = scan(landscape_of(lopsided, 4), Slice.random(torch.zeros(4)), (3, 5))
    L = landscape_of(lopsided, 4, Breaking(mean_output))
    L.loss.break_at(calls + 1, KeyboardInterrupt())  # one call per chunk
    done = 4 * calls
    with pytest.raises(ScanInterrupted, match=f"{done} of 15 models done.*landscape") as caught:
        scan(L, Slice.random(torch.zeros(4)), (3, 5))
    part = caught.value.landscape
    assert np.array_equal(part.loss.flat[:done], full.loss.flat[:done])
    assert np.isnan(part.loss.flat[done:]).all()
    assert part.gaps == 15 - done
    assert all(map(np.array_equal, part.axes, full.axes))


def test_a_short_scan_shows_no_progress_bar(capsys):
    scan(landscape_of(lopsided, 4), Slice.random(torch.zeros(4)), 3)
    assert capsys.readouterr() == ("", "")


# What a landscape says


def test_minima_of_two_basins():
    # (x² − 1)² + x/4 + y²: low points near x = ±1, the left one lower; a saddle between
    x = np.linspace(-2, 2, 41)
    y = np.linspace(-1, 1, 21)
    land = land_of(lambda x, y: (x**2 - 1) ** 2 + x / 4 + y**2, x, y)
    low, other = land.minima()
    assert low.alpha == pytest.approx((-1, 0))
    assert other.alpha == pytest.approx((1, 0), abs=0.11)
    assert low.loss == pytest.approx(-0.25)
    assert low.loss < other.loss <= 0.25


def test_minima_exclude_borders_ripples_and_gaps():
    x = np.linspace(-2, 2, 41)
    assert land_of(lambda x: x, x).minima() == []
    rippled = land_of(lambda x: x**2 + 0.01 * np.cos(20 * x), x)
    assert len(rippled.minima()) == 1
    assert len(rippled.minima(depth=0)) > 1
    assert len(land_of(lambda x: np.abs(x).round(), x).minima()) == 1, "a plateau counts once"
    gap = land_of(lambda x: np.where(x > 1, np.nan, x**2), x)
    assert [m.alpha for m in gap.minima()] == [pytest.approx((0,))]
    assert land_of(lambda x: x * np.nan, x).minima() == []


def test_minima_of_a_volume():
    a = np.linspace(-1, 1, 11)
    land = land_of(lambda x, y, z: (x - 0.2) ** 2 + (y + 0.4) ** 2 + z**2, a, a, a)
    assert [m.alpha for m in land.minima()] == [pytest.approx((0.2, -0.4, 0))]


def test_the_lowest_point_may_lie_on_the_border():
    x = np.linspace(-2, 2, 41)
    falling = land_of(lambda x, y: np.where(x > 1.95, np.nan, 3 - x) + y**2, x, x)
    alpha, loss = falling.lowest()
    assert alpha == pytest.approx((1.9, 0))
    assert loss == pytest.approx(1.1)
    with pytest.raises(ValueError, match="none of the 41 grid points has a finite loss"):
        land_of(lambda x: x + np.inf, x).lowest()


def test_barrier():
    grid = np.linspace(-0.5, 1.5, 21)
    # from 0 to 2 with a hill of height 3 halfway; beyond the ends it may rise as it likes
    hill = land_of(lambda a: 2 * a + 3 * np.sin(np.pi * a) + 9 * (np.abs(a - 0.5) > 0.6), grid)
    assert hill.barrier() == pytest.approx(3)
    assert land_of(lambda a: a**2, grid).barrier() == 0
    assert land_of(lambda a: 2 * a + 1, grid).barrier() == pytest.approx(0, abs=1e-12)
    # ends between grid points
    between = land_of(lambda a: np.abs(a), np.array([-0.1, 0.1, 0.5, 0.9, 1.1]))
    assert between.barrier() == pytest.approx(0)
    for ends in ([-0.5, 1.5], [0, 1], [-1, 0, 1, 2]):
        with pytest.raises(ValueError, match=rf"between α = 0 and 1, got none among {len(ends)}"):
            land_of(lambda a: a**2, ends).barrier()


def test_barrier_and_gaps(no_warnings):
    grid = np.linspace(0, 1, 11)
    for gap in (np.nan, np.inf):
        blown = land_of(lambda a, gap=gap: np.where(np.abs(a - 0.5) < 0.01, gap, a), grid)
        assert blown.barrier() == np.inf
        cut = land_of(lambda a, gap=gap: np.where(a > 0.9, gap, a), grid)
        with pytest.raises(ValueError, match=r"finite loss at α = 0 and 1, got \[0.0, (nan|inf)\]"):
            cut.barrier()


def test_a_plateau_is_flooded_once(monkeypatch):
    floods, label = [], landscape.label

    def counted(*args, **kwargs):
        floods.append(args)
        return label(*args, **kwargs)

    monkeypatch.setattr(landscape, "label", counted)
    x = np.linspace(-2, 2, 41)

    def two_ponds(x, y):
        return np.minimum(np.hypot(x - 1, y), np.hypot(x + 1, y)).clip(min=0.5)

    assert len(land_of(two_ponds, x, x).minima()) == 2
    assert len(floods) == 3, "to find the plateaus, and one each"
    assert land_of(lambda x, y: 0 * x, x, x).minima() == [], "a plain is no basin"


def test_describe():
    x = np.linspace(-2, 2, 41)
    assert land_of(lambda x: (x - 0.5) ** 2 + 1, x).describe() == (
        "A 1D slice of 41 models. The loss runs from 1.000, at α = 0.50, to 7.250; 1 low point "
        "inside the window."
    )
    plane = land_of(lambda x, y: x + y, x, x).describe()
    assert "at α = (-2.00, -2.00), to 4.000; 0 low points" in plane
    assert land_of(lambda x: x + np.inf, x).describe() == (
        "A 1D slice of 41 models, none with a finite loss."
    )


def test_cuts_are_planes_of_the_volume():
    axes = [np.linspace(-1, 1, n) for n in (3, 4, 5)]
    land = land_of(lambda x, y, z: x + 10 * y + 100 * z, *axes)
    for axis in (0, 1, 2, -1):
        at = land.axes[axis][1]
        cut = land.at(axis, at + 0.01)  # the nearest plane
        assert np.array_equal(cut.loss, land.loss.take(1, axis))
        rest = [a for i, a in enumerate(land.axes) if i != axis % 3]
        assert all(map(np.array_equal, cut.axes, rest))
        # and its slice leads to the same models
        alpha = np.zeros(3)
        alpha[axis] = at
        assert torch.allclose(cut.slice.point(torch.zeros(2)), land.slice.point(alpha))
    assert land.at(0, -1).at(0, -1).loss.shape == (5,)


def test_repr():
    land = land_of(lambda x, y: x + y, [0, 1, 2], [0, 1])
    assert repr(land) == "Landscape(3×2 models on Slice(2D through P=3))"


# Files


def same(a: Landscape, b: Landscape) -> bool:
    arrays = zip(
        [*a.axes, a.loss, a.slice.origin, a.slice.directions, a.slice.explained, a.slice.null],
        [*b.axes, b.loss, b.slice.origin, b.slice.directions, b.slice.explained, b.slice.null],
        strict=True,
    )
    return a.slice.extent == b.slice.extent and all(
        x is y or (x.dtype == y.dtype and np.array_equal(x, y, equal_nan=True)) for x, y in arrays
    )


floats = st.floats(width=64, allow_nan=True, allow_infinity=True)


@given(
    st.lists(st.integers(2, 4), min_size=1, max_size=3),
    st.data(),
    st.sampled_from([torch.float32, torch.float64]),
)
def test_a_saved_landscape_round_trips(tmp_path_factory, shape, data, dtype):
    n = int(np.prod(shape))
    loss = np.array(data.draw(st.lists(floats, min_size=n, max_size=n))).reshape(shape)
    k = len(shape)
    origin = torch.as_tensor(data.draw(st.lists(st.floats(-1e9, 1e9), min_size=k, max_size=k)))
    view = Slice(origin.to(dtype), normal(k, k, seed=n).to(dtype), ((-1 / 3, 2 / 3),) * k)
    axes = tuple(np.linspace(-1 / 3, 2 / 3, m) for m in shape)
    land = Landscape(axes, loss, view)
    path = tmp_path_factory.mktemp("saved") / "land.npz"
    assert same(Landscape.load(land.save(path)), land)


def test_explained_variance_is_saved_too(tmp_path):
    view = Slice.pca(normal(30, 4).cumsum(dim=0), dims=2)
    land = scan(landscape_of(lopsided, 4), view, 3)
    loaded = Landscape.load(land.save(tmp_path / "land.npz"))
    assert same(loaded, land)
    assert repr(loaded) == repr(land)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_model_of_low_precision_is_scanned_kept_and_saved(dtype, tmp_path):
    L = Objective(model_3(), xor(50), squared_error, dtype=dtype)
    view = Slice.random(L.point())
    land = scan(L, view, 5, memory=tmp_path)
    # rounding happens where the model is called: these are the points of float32, rounded there
    alpha = torch.cartesian_prod(*map(torch.as_tensor, land.axes))
    points = view.point(alpha)
    assert points.dtype == torch.float32
    with torch.no_grad():
        assert np.allclose(land.loss.ravel(), L(points).numpy(), rtol=0.02)
    assert np.array_equal(scan(L, view, 5, memory=tmp_path).loss, land.loss)
    assert same(Landscape.load(land.save(tmp_path / "land.npz")), land)


@pytest.fixture
def land() -> Landscape:
    return land_of(lambda x, y: x + y, [0, 1, 2], [0, 1])


def test_the_suffix_is_added(land, tmp_path):
    assert land.save(tmp_path / "a").name == "a.npz"
    assert land.save(str(tmp_path / "b.npz")).name == "b.npz"
    assert land.save(tmp_path / "c.1").name == "c.1.npz"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.npz", "b.npz", "c.1.npz"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_file_is_replaced_atomically(land, tmp_path, monkeypatch, error):
    path = land.save(tmp_path / "land.npz")
    before = path.read_bytes()

    def interrupted(file, **arrays):
        file.write(b"half a")
        raise error

    monkeypatch.setattr(landscape.np, "savez_compressed", interrupted)
    with pytest.raises(error):
        land.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["land.npz"], "and nothing is left lying about"


def test_saving_replaces(land, tmp_path):
    path = land.save(tmp_path / "land.npz")
    other = land_of(lambda x: x, [0, 1])
    other.save(path)
    assert same(Landscape.load(path), other)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no such file: .*missing.npz"):
        Landscape.load(tmp_path / "missing.npz")


def rewritten(path, **changes):
    """The file with other contents; None leaves an entry out."""
    with np.load(path) as file:
        found = dict(file) | changes
    np.savez(path, **{name: value for name, value in found.items() if value is not None})


def header(**changes):
    return json.dumps({"format": landscape.FORMAT, "version": landscape.VERSION} | changes)


def test_files_that_are_not_landscapes(land, tmp_path):
    def damaged(how):
        path = land.save(tmp_path / "land.npz")
        how(path)
        with pytest.raises(ValueError, match=r"land.npz isn't a Landscape.*a file written"):
            Landscape.load(path)

    damaged(lambda p: p.write_bytes(b""))
    damaged(lambda p: p.write_text("α₁,α₂,L"))
    damaged(lambda p: np.savez(p, loss=land.loss))
    damaged(lambda p: np.save(p.open("wb"), land.loss))
    damaged(lambda p: torch.save({"loss": 1}, p))
    damaged(lambda p: rewritten(p, header=header(format="lossviz-path")))
    damaged(lambda p: rewritten(p, header="[1]"))
    damaged(lambda p: rewritten(p, header=json.dumps({"format": landscape.FORMAT})))
    for name in ("header", "loss", "origin", "directions", "extent", "axis_0"):
        damaged(lambda p, name=name: rewritten(p, **{name: None}))
    damaged(lambda p: rewritten(p, loss=np.zeros((3, 3))))
    damaged(lambda p: rewritten(p, directions=np.zeros((2, 3))))


def test_files_that_were_cut_short_or_changed_by_accident(land, tmp_path):
    path = land.save(tmp_path / "land.npz")
    whole = path.read_bytes()
    for kept in range(0, len(whole) - 1, 97):
        path.write_bytes(whole[:kept])
        with pytest.raises(ValueError, match="isn't a Landscape file, or is damaged"):
            Landscape.load(path)
    for at in range(0, len(whole), 211):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            loaded = Landscape.load(path)
        except ValueError:
            continue
        assert same(loaded, land), "the changed byte was not part of the content"


def test_a_file_runs_no_code(tmp_path):
    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    path = tmp_path / "evil.npz"
    np.savez(path, header=np.array([Evil()], dtype=object))
    with pytest.raises(ValueError, match="isn't a Landscape file"):
        Landscape.load(path)


@pytest.mark.parametrize("version", [0, 2, "2.0"])
def test_files_of_a_different_version(land, tmp_path, version):
    path = land.save(tmp_path / "land.npz")
    # what another version holds besides is its own affair
    rewritten(path, header=header(version=version), directions=None)
    message = f"was written in version {version} of the format, but this package reads version 1"
    with pytest.raises(ValueError, match=message):
        Landscape.load(path)


# Bad input


def test_a_slice_of_a_different_model():
    L = Objective(model_1(), xor(20), squared_error)
    message = "slice have 13 parameters, but the model has 2: they belong to different models"
    with pytest.raises(ValueError, match=message):
        scan(L, Slice.random(torch.zeros(13)))


@pytest.mark.parametrize(
    ("resolution", "message"),
    [
        (1, "whole number, at least 2, got 1"),
        (0, "at least 2, got 0"),
        ((5, 1), "at least 2, got (5, 1)"),
        ((5, 2.5), "whole number, at least 2, got (5, 2.5)"),
        ((5,), "for all directions, or 2 numbers, got (5,)"),
        ((5, 5, 5), "for all directions, or 2 numbers, got (5, 5, 5)"),
        (2.5, "whole number, at least 2, got 2.5"),
        ("many", "got 'many'"),
    ],
)
def test_invalid_resolutions(resolution, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        scan(landscape_of(lopsided, 4), Slice.random(torch.zeros(4)), resolution)


@pytest.mark.parametrize(
    ("extent", "message"),
    [
        (((1, -1), (-1, 1)), "from low to high, got (1.0, -1.0)"),
        (((-1, 1), (0, np.inf)), "must be finite, got (0.0, inf)"),
        (((-1, 1),), "needs 2 pairs (lo, hi), one per direction, got 1"),
        ((-1, 1), "one pair (lo, hi) per direction, got (-1, 1)"),
    ],
)
def test_invalid_windows(extent, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        scan(landscape_of(lopsided, 4), Slice.random(torch.zeros(4)), 3, extent=extent)


def test_cuts_that_do_not_exist(land):
    with pytest.raises(ValueError, match=r"α must be from 0 to 2, got 2.1"):
        land.at(0, 2.1)
    with pytest.raises(ValueError, match="got nan"):
        land.at(0, np.nan)
    for axis in (2, -3):
        with pytest.raises(ValueError, match=f"axis must be from 0 to 1, got {axis}"):
            land.at(axis, 0)
    with pytest.raises(ValueError, match="a line has no slice"):
        land.at(0, 0).at(0, 0)


def test_barriers_that_do_not_exist(land):
    with pytest.raises(ValueError, match="along a line, but got a 2D landscape"):
        land.barrier()
    with pytest.raises(ValueError, match=r"α from 0 to 1, got 0 to 0.9"):
        land_of(lambda a: a, [0, 0.5, 0.9]).barrier()
    with pytest.raises(ValueError, match=r"α from 0 to 1, got 0.1 to 2"):
        land_of(lambda a: a, [0.1, 0.5, 2]).barrier()


def test_losses_of_the_wrong_shape():
    view = Slice(torch.zeros(3), torch.eye(3)[:2])
    message = r"2D slice with axes of length \(3, 2\) needs losses of that shape, but got \(2, 3\)"
    with pytest.raises(ValueError, match=message):
        Landscape((np.arange(3), np.arange(2)), np.zeros((2, 3)), view)
    with pytest.raises(ValueError, match="2D slice with axes of length"):
        Landscape((np.arange(3),), np.zeros(3), view)


# Where it curves down


@pytest.mark.parametrize(
    ("formula", "share"),
    [
        (lambda x, y: x**2 + 3 * y**2, 0.0),
        (lambda x, y: (x - y) ** 2, 0.0),
        (lambda x, y: x**2 + y**2 - 3 * x * y, 1.0),
        (lambda x, y: 2 * x - y + 7, 0.0),
        (lambda x, y: -(x**2) + 0 * y, 1.0),
        (lambda x, y: np.where(x < -0.001, x**2, -(x**2)) + 2 * y**2, 0.5),
    ],
)
def test_the_fraction_that_curves_down(formula, share):
    axes = (np.linspace(-1, 1, 42), np.linspace(-3, 1, 31))
    loss = formula(*np.meshgrid(*axes, indexing="ij"))
    land = Landscape(axes, loss, Slice(torch.zeros(2), torch.eye(2)))
    assert abs(land.curving_down() - share) < 0.03


def test_curving_down_on_an_uneven_grid():
    x, y = np.array([0, 1, 3, 4, 8.0]), np.array([-2, -1.5, 0, 4.0])
    assert land_of(lambda x: 2 * x, x).curving_down() == 0
    # the differences of a quadratic are its derivatives, whatever the grid
    assert land_of(lambda x, y: x**2 + y**2 + 1.9 * x * y, x, y).curving_down() == 0
    assert land_of(lambda x, y: x**2 + y**2 + 2.1 * x * y, x, y).curving_down() == 1


@pytest.mark.parametrize("dims", [1, 3])
def test_curving_down_in_any_dimension(dims):
    axes = (np.linspace(-1, 1, 7),) * dims
    grids = np.meshgrid(*axes, indexing="ij")
    view = Slice(torch.zeros(3), torch.eye(3)[:dims])
    assert Landscape(axes, sum(g**2 for g in grids), view).curving_down() == 0
    assert Landscape(axes, -grids[0] * grids[-1] + 0 * grids[0], view).curving_down() == 1


def test_curving_down_ignores_gaps():
    axes = (np.linspace(-1, 1, 9),) * 2
    loss = np.add.outer(axes[0] ** 2, axes[1] ** 2)
    view = Slice(torch.zeros(2), torch.eye(2))
    holed = loss.copy()
    holed[4, 4], holed[0, 0] = np.nan, np.inf
    assert Landscape(axes, holed, view).curving_down() == 0
    assert np.isnan(Landscape(axes, loss * np.nan, view).curving_down())
    with pytest.raises(ValueError, match="3 grid points along each direction"):
        Landscape((axes[0], axes[1][:2]), loss[:, :2], view).curving_down()
