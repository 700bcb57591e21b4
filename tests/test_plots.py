"""Pictures show what they should, from any landscape, and complain about none."""

import io
import math
import re
import warnings
from dataclasses import replace
from itertools import pairwise

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from known import normal
from matplotlib.colors import LogNorm, rgb_to_hsv, to_rgb
from matplotlib.offsetbox import AnnotationBbox
from mpl_toolkits.mplot3d import Axes3D
from PIL import Image

from lossviz_helpers import (
    Landscape,
    Objective,
    SharpnessHistory,
    Slice,
    Spectrum,
    Trajectory,
    error_rate,
    model_1,
    model_3,
    plots,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.plots.style import PATHS
from lossviz_helpers.widgets import Panel

pytestmark = pytest.mark.usefixtures("no_warnings")


def land_of(dims: int, change=lambda loss: loss, n: int = 9) -> Landscape:
    """A bowl whose lowest loss is 0.1, off centre and with unequal axes."""
    axes = tuple(np.linspace(-1 - i, 2, n + i) for i in range(dims))
    grid = np.meshgrid(*axes, indexing="ij")
    loss = 0.1 + sum((i + 1) * a**2 for i, a in enumerate(grid))
    return Landscape(axes, change(loss), Slice(torch.zeros(4), torch.eye(4)[:dims]))


def path_of(*starts: int) -> Trajectory:
    points = normal(6, *starts, 4, dtype=torch.float32)
    return Trajectory(points, normal(6, *starts).exp(), torch.arange(6) * 10)


PICTURES = {
    "line": (1, plots.line),
    "contour": (2, lambda land: plots.contour(land, path_of())),
    "linear contour": (2, lambda land: plots.contour(land, log=False)),
    "models": (2, plots.models),
    "surface": (2, plots.surface),
    "log surface": (2, lambda land: plots.surface(land, log=True)),
    "cuts": (3, lambda land: plots.cuts(land, at=(0, 0, 0))[0]),
    "cube": (3, lambda land: plots.cube(land, at=(0, 0, 0))),
}


def speckled(loss):
    loss = loss.copy()
    loss.flat[::5] = np.nan
    loss.flat[3], loss.flat[4] = np.inf, -np.inf
    return loss


CHANGES = {
    "as it is": lambda loss: loss,
    "gaps": speckled,
    "a gap at the border": lambda loss: np.where(loss > 2, np.nan, loss),
    "one left": lambda loss: np.where(loss == loss.min(), loss, np.nan),
    "nothing left": lambda loss: loss * np.nan,
    "zero": lambda loss: loss * 0,
    "constant": lambda loss: loss * 0 + 0.25,
    "constant but for rounding": lambda loss: 1 + 1e-16 * loss,
    "nearly constant": lambda loss: 1 + 1e-10 * loss,
    "tiny": lambda loss: loss * 1e-300,
    "huge": lambda loss: loss * 1e300,
    "of both signs": lambda loss: loss - 1,
    "from zero on": lambda loss: loss - loss.min(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("picture", PICTURES)
def test_any_landscape_can_be_drawn(picture, change):
    dims, draw = PICTURES[picture]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "there are negative losses")
        ax = draw(land_of(dims, CHANGES[change]))
    ax.figure.canvas.draw()


@pytest.mark.parametrize("picture", PICTURES)
def test_axes_are_labelled(picture):
    dims, draw = PICTURES[picture]
    ax = draw(land_of(dims))
    if dims == 1:
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("α", "loss L")
    else:
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("α₁", "α₂")
    if picture in ("surface", "log surface"):
        assert ax.get_zlabel() == "loss L"
    elif picture == "cube":
        assert ax.get_zlabel() == "α₃"


@pytest.mark.parametrize("picture", ["line", "contour", "models", "surface", "cube"])
def test_a_picture_is_drawn_where_it_is_wanted(picture):
    dims = PICTURES[picture][0]
    solid = {"projection": "3d"} if picture in ("surface", "cube") else {}
    fig, (ax, other) = plt.subplots(1, 2, subplot_kw=solid)
    arguments = {"at": (0, 0, 0)} if picture == "cube" else {}
    assert getattr(plots, picture)(land_of(dims), ax=ax, **arguments) is ax
    assert not other.has_data()
    assert plt.get_fignums() == [fig.number]


MAPS = {name: PICTURES[name][0] for name in ("contour", "models", "surface", "cuts", "cube")}


@pytest.mark.parametrize("cmap", ["gray", matplotlib.colormaps["gray"]], ids=["name", "map"])
@pytest.mark.parametrize("picture", MAPS)
def test_colours_can_be_chosen(picture, cmap):
    def coloured(**chosen) -> bool:
        """Whether any pixel of the figure, its colour bar included, isn't grey."""
        at = {"at": (0, 0, 0)} if MAPS[picture] == 3 else {}
        axs = np.atleast_1d(getattr(plots, picture)(land_of(MAPS[picture]), **at, **chosen))
        for crosshair in [line for ax in axs for line in ax.lines]:
            crosshair.remove()
        canvas = axs[0].figure.canvas
        canvas.draw()
        return bool(np.ptp(np.asarray(canvas.buffer_rgba())[..., :3], axis=-1).any())

    assert coloured()
    assert not coloured(cmap=cmap)


def test_widgets_have_the_colours_of_the_pictures():
    style, script = str(Panel._css), str(Panel._esm)
    for name, colour in (("path", plots.PATH), ("blue", plots.CLASSES[0])):
        assert re.search(rf"--lv-{name}:\s*{colour}", style), name
    assert all(colour in script for colour in (plots.PATH, *plots.CLASSES))


# Lines


def test_a_line_shows_the_losses_and_leaves_gaps():
    land = land_of(1, lambda loss: np.where(loss > 2, np.inf, loss))
    ax = plots.line(land, label="this one", color="red")
    (line,) = ax.lines
    x, y = line.get_data()
    assert np.array_equal(x, land.axes[0])
    finite = np.isfinite(land.loss)
    assert np.array_equal(y[finite], land.loss[finite])
    assert np.isnan(y[~finite]).all()
    assert (~finite).any()
    assert (line.get_label(), line.get_color()) == ("this one", "red")


def test_loss_curves():
    path = path_of(3)
    ax = plots.loss_curve(path)
    assert len(ax.lines) == 3
    for i, line in enumerate(ax.lines):
        assert np.array_equal(line.get_xdata(), [0, 10, 20, 30, 40, 50])
        assert np.allclose(line.get_ydata(), path.losses[:, i])
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("step", "loss L", "log")


def test_sharpness_against_the_edge():
    doubles = torch.tensor([[1.0, 3.0, math.nan], [2.0, math.inf, 2.0], [0.0, 0.0, 0.0]])
    steps = torch.tensor([0, 25, 50])
    ax = plots.sharpness_curve(SharpnessHistory(steps, *doubles, steps), label="a net")
    edge, top = ax.lines
    assert edge.get_xdata().tolist() == top.get_xdata().tolist() == [0, 25, 50]
    np.testing.assert_equal(edge.get_ydata(), [2, np.nan, 2])
    np.testing.assert_equal(top.get_ydata(), [1, 3, np.nan])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["2/lr", "a net"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "curvature")


def spectrum_of(nodes, residuals=None, exact=False):
    """A spectrum of 1000 eigenvalues, each node with the same weight."""
    nodes = torch.tensor(nodes, dtype=torch.float64)
    residuals = torch.zeros_like(nodes) if residuals is None else torch.tensor(residuals)
    weights = torch.full_like(nodes, 1 / nodes.shape[1])
    return Spectrum(nodes, weights, residuals, P=1000, products=7, exact=exact)


def test_a_spectrum_has_its_density_its_error_and_its_outliers():
    found = spectrum_of([[0.0, 4.0], [0.0, 5.0]], residuals=[[0.5, 0.0], [0.0, 0.0]])
    ax = plots.spectrum(found, width=0.1, color="red", label="a net")
    curve, strokes = ax.lines
    floor = 0.1 / (1000 * 0.1 * math.sqrt(2 * math.pi))  # a tenth of a single eigenvalue's bump
    at, density = (np.asarray(values) for values in curve.get_data())
    mean, error = (values.numpy() for values in found.density(torch.tensor(at), 0.1))
    assert np.allclose(density, mean.clip(min=floor))
    assert ax.get_ylim()[0] == pytest.approx(floor)
    assert (ax.get_yscale(), curve.get_color(), curve.get_label()) == ("log", "red", "a net")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("eigenvalue λ", "density")
    assert at[0] < 0 - 5 * 0.1
    assert at[-1] > 5 + 5 * 0.1
    # the band is one standard error wide on each side
    (band,) = ax.collections
    edges = band.get_paths()[0].vertices
    peak = np.abs(at - 4).argmin()
    here = edges[np.isclose(edges[:, 0], at[peak]), 1]
    assert here.max() == pytest.approx(mean[peak] + error[peak])
    assert here.min() == pytest.approx(max(mean[peak] - error[peak], floor))
    # the node with a residual of 0.5 hasn't converged
    assert sorted(strokes.get_xdata()) == [0, 4, 5]
    assert (strokes.get_ydata() > floor).all()


def test_an_exact_spectrum_shows_every_eigenvalue():
    ax = plots.spectrum(spectrum_of([[-1.0, 0.0, 2.0]], exact=True))
    assert ax.lines[1].get_xdata().tolist() == [-1, 0, 2]
    at, density = (np.asarray(values) for values in ax.lines[0].get_data())
    # a width of 1% of the range
    assert density.max() == pytest.approx(1 / (3 * 0.03 * math.sqrt(2 * math.pi)), rel=0.01)
    assert np.sum(density[1:] * np.diff(at)) == pytest.approx(1, rel=0.01)


def test_spectra_of_a_single_probe_and_of_equal_eigenvalues():
    assert not plots.spectrum(spectrum_of([[0.0, 1.0]])).collections  # no error, no band
    for value in (0.0, 3.0):
        ax = plots.spectrum(spectrum_of([[value, value]], exact=True))
        ax.figure.canvas.draw()
        assert ax.get_xlim()[0] < value < ax.get_xlim()[1]
    with pytest.raises(ValueError, match="width must be positive"):
        plots.spectrum(spectrum_of([[0.0, 1.0]]), width=0.0)


@pytest.mark.parametrize("losses", [torch.zeros(6), torch.full((6,), torch.nan)])
def test_loss_curves_without_a_positive_loss(losses):
    path = path_of()
    plots.loss_curve(Trajectory(path.points, losses, path.steps)).figure.canvas.draw()


# Maps


def filled(ax):
    """The contours that carry the colours."""
    return next(c for c in ax.collections if c.get_array() is not None and c.norm.vmin is not None)


def test_a_map_is_not_mirrored():
    # loss grows along the first axis only, which is the one across
    axes = (np.linspace(0.0, 1, 3), np.linspace(0.0, 5, 4))
    loss = np.repeat(1 + axes[0][:, None], 4, axis=1)
    view = Slice(torch.zeros(2), torch.eye(2))
    ax = plots.contour(Landscape(axes, loss, view), bar=False, equal=False)
    ax.set_axis_off()
    ax.set_position([0, 0, 1, 1])
    ax.figure.set_layout_engine("none")
    ax.figure.canvas.draw()
    picture = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(float)
    brightness = picture.mean(axis=2)
    height, width = brightness.shape
    left, right = brightness[:, : width // 4].mean(), brightness[:, -width // 4 :].mean()
    upper, lower = brightness[: height // 4].mean(), brightness[-height // 4 :].mean()
    assert right > left + 20, "high losses are bright"
    assert abs(upper - lower) < 5
    assert ax.get_xlim() == (0, 1)
    assert ax.get_ylim() == (0, 5)


def test_colours_are_shared_on_request():
    low, high = land_of(2), land_of(2, lambda loss: 2 * loss)
    norms = [filled(plots.contour(land, limits=(0.05, 40.0))).norm for land in (low, high)]
    assert [(norm.vmin, norm.vmax) for norm in norms] == [(0.05, 40.0)] * 2
    own = filled(plots.contour(low)).norm
    assert (own.vmin, own.vmax) == (low.loss.min(), low.loss.max())


def test_colours_are_logarithmic_where_they_can_be():
    assert isinstance(plots.colour_norm(np.array([0.1, 2]), log=True), LogNorm)
    assert not isinstance(plots.colour_norm(np.array([0.1, 2]), log=False), LogNorm)
    norm = plots.colour_norm(np.array([np.nan, 0.3, np.inf, 2]), log=True)
    assert (norm.vmin, norm.vmax) == (0.3, 2)


def test_losses_of_zero_are_the_darkest_of_a_logarithmic_map(no_warnings):
    a = np.linspace(-1, 1, 41)
    bowl = np.maximum(0, a[:, None] ** 2 + a**2 - 0.011)
    land = Landscape((a, a), bowl, Slice(torch.zeros(2), torch.eye(2)))
    norm = filled(plots.contour(land)).norm
    assert isinstance(norm, LogNorm)
    assert norm.vmin == bowl[bowl > 0].min()
    assert norm(0.0) == 0
    # a single tiny loss doesn't take all colours for itself
    norm = plots.colour_norm(np.array([0, 1e-200, 1.0]), log=True)
    assert (norm.vmin, norm.vmax) == (1e-6, 1)
    assert not isinstance(plots.colour_norm(np.zeros(3), log=True), LogNorm)
    norm = plots.colour_norm(np.array([0.2, 0.5]), log=True, limits=(0, 1))
    assert (norm.vmin, norm.vmax) == (0.2, 1)


def test_negative_losses_have_no_logarithm():
    for losses in ([-1.0, 2.0], [-3.0, -1.0], [-1.0, 0.0]):
        with pytest.warns(UserWarning, match="negative losses.*log=False"):
            norm = plots.colour_norm(np.array(losses), log=True)
        assert (norm.vmin, norm.vmax) == tuple(losses)
        assert not isinstance(norm, LogNorm)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plots.contour(land_of(2, lambda loss: loss - 1), log=False)  # as the message says


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (0, np.inf), (np.nan, 1), 3, (1, 2, 3), "ab"])
def test_invalid_limits(limits):
    for draw in (plots.contour, plots.surface):
        with pytest.raises(ValueError, match="limits"):
            draw(land_of(2), limits=limits)


def test_a_plotted_quantity_keeps_its_name(tmp_path):
    x, y = xor(30)
    L = Objective(model_3(), (x, y), error_rate)
    land = scan(L, Slice.random(L.point()), 5)
    assert land.quantity == "error rate"
    assert "The error rate runs from" in land.describe()
    ax = plots.contour(land)
    assert next(a for a in ax.figure.axes if a is not ax).get_ylabel() == "error rate"
    assert plots.surface(land).get_zlabel() == "error rate"
    assert plots.line(land.at(1, 0.0)).get_ylabel() == "error rate"
    named = replace(land, loss=1 - land.loss, quantity="accuracy")
    assert Landscape.load(named.save(tmp_path / "named")).quantity == "accuracy"
    assert "The accuracy runs from" in named.describe()


def test_landscapes_of_the_wrong_type():
    view, a = Slice(torch.zeros(2), torch.eye(2)), [0, 1, 2]
    for losses in ([[1, 2, 3]] * 3, torch.ones(3, 3), np.ones((3, 3), dtype=bool)):
        land = Landscape((a, a), losses, view)
        assert land.loss.dtype.kind == "f"
        plots.contour(land)
    with pytest.raises(TypeError, match="real numbers, got complex"):
        Landscape((a, a), np.ones((3, 3)) * 1j, view)
    with pytest.raises(TypeError, match=r"needs a Slice, got Tensor.*Landscape\(axes, losses"):
        Landscape((a, a), np.ones((3, 3)), torch.eye(2))
    with pytest.raises(ValueError, match=r"must increase; sort them"):
        Landscape(([2, 1, 0], a), np.ones((3, 3)), view)


def test_plots_of_the_wrong_type():
    land = land_of(2)
    for draw in (plots.contour, plots.surface, plots.models):
        with pytest.raises(TypeError, match=r"needs a Landscape, but got Slice; .*scan\(L, view\)"):
            draw(land.slice)
    for draw in (plots.contour, plots.surface):
        with pytest.raises(TypeError, match="path must be a Trajectory, got Tensor; descend"):
            draw(land, path=torch.zeros(5, 2))


def test_a_map_has_a_colour_bar_unless_told_otherwise():
    ax = plots.contour(land_of(2))
    bar = next(a for a in ax.figure.axes if a is not ax)
    assert bar.get_ylabel() == "loss L"
    assert len(plots.contour(land_of(2), bar=False).figure.axes) == 1


def test_names_of_directions_can_be_given():
    names = ("this way", "that way")
    for draw in (plots.contour, plots.models, plots.surface):
        ax = draw(land_of(2), labels=names)
        assert (ax.get_xlabel(), ax.get_ylabel()) == names


@pytest.mark.parametrize("draw", [plots.contour, plots.models])
def test_equal_distances_in_parameter_space_are_equally_long(draw):
    axes = (np.linspace(-1.0, 1, 5), np.linspace(-1.0, 1, 5))
    view = Slice(torch.zeros(2), torch.tensor([[2.0, 0.0], [0.0, 1.0]]))
    ax = draw(Landscape(axes, np.arange(1.0, 26).reshape(5, 5), view))
    ax.figure.canvas.draw()
    across, up = ax.transData.transform([(1, 0), (0, 1)]) - ax.transData.transform((0, 0))
    # a step of α₁ is twice as long as one of α₂
    assert across[0] == pytest.approx(2 * up[1])


def test_a_map_may_fill_its_axes():
    assert plots.contour(land_of(2), equal=False).get_aspect() == "auto"


@pytest.mark.parametrize("starts", [(), (3,)])
def test_a_path_is_drawn_at_its_coordinates(starts):
    land, path = land_of(2), path_of(*starts)
    ax = plots.contour(land, path)
    runs = list(path)
    lines = [line for line in ax.lines if len(line.get_xdata()) == len(path)]
    assert len(lines) == len(runs) == (starts or (1,))[0]
    for line, run in zip(lines, runs, strict=True):
        assert np.allclose(line.get_xydata(), land.slice.coordinates(run.points))
    for marker, at in (("o", 0), ("*", -1)):
        found = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == marker]
        expected = [land.slice.coordinates(run.points[at]).tolist() for run in runs]
        assert np.allclose(found, expected)
    # a path that leaves the window does not widen it
    assert ax.get_xlim() == tuple(land.axes[0][[0, -1]])
    assert ax.get_ylim() == tuple(land.axes[1][[0, -1]])


def test_several_walks_have_their_own_colours_and_show_where_they_are_far():
    view = Slice(torch.zeros(3), torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    axes = (np.array([-3.0, 3.0]), np.array([-8.0, 8.0]))  # 12 by 16 in parameters: diagonal 20
    land = Landscape(axes, np.ones((2, 2)), view)
    steps = torch.arange(4)
    flat = torch.tensor([[-2.0, 0, 0], [0, 1, 0], [2, 2, 0], [4, 3, 0]])
    heights = torch.tensor([0.0, 1.9, 2.1, 5.0])
    rising = torch.cat([flat[:, :2] + 1, heights[:, None]], dim=1)
    walks = {name: Trajectory(p, p[:, 0], steps) for name, p in {"a": flat, "b": rising}.items()}
    ax = plots.contour(land, walks, bar=False)
    solid = {line.get_label(): line for line in ax.lines if line.get_label() in walks}
    assert [solid[name].get_color() for name in "ab"] == list(PATHS[:2])
    assert np.allclose(solid["a"].get_xydata(), view.coordinates(flat))
    seen = np.isfinite(solid["b"].get_xydata()).all(axis=1)
    assert seen.tolist() == [True, True, False, False], "a tenth of the diagonal is 2"
    (dotted,) = [
        line for line in ax.lines if line.get_linestyle() == ":" and len(line.get_xydata()) == 4
    ]
    seen = np.isfinite(dotted.get_xydata()).all(axis=1)
    assert seen.tolist() == [False, True, True, True], "with the piece that leads there"
    assert dotted.get_color() == PATHS[1]
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["a", "b", "over 2 from the plane"]
    near = plots.trajectory(walks, land, plt.subplots()[1], far=1)
    assert len(near.get_legend().get_texts()) == 2


def test_every_model_is_a_dot_of_its_own_colour():
    land = land_of(2)
    (dots,) = plots.models(land).collections
    at = dots.get_offsets().data
    for (x, y), loss in zip(at, dots.get_array(), strict=True):
        i, j = (int(np.abs(axis - v).argmin()) for axis, v in zip(land.axes, (x, y), strict=True))
        assert loss == land.loss[i, j]
    assert len(at) == land.loss.size


# Solids


@pytest.fixture
def sheets(monkeypatch) -> list[tuple[np.ndarray, ...]]:
    """The x, y, z of every surface that is drawn."""
    drawn, original = [], Axes3D.plot_surface

    def plot_surface(self, x, y, z, **style):
        drawn.append((x, y, z))
        return original(self, x, y, z, **style)

    monkeypatch.setattr(Axes3D, "plot_surface", plot_surface)
    return drawn


def test_a_surface_is_drawn_at_its_losses_and_below_its_limit(sheets):
    land = land_of(2)
    for limit in (land.loss.max(), 3.0):
        plots.surface(land, limits=(0.0, limit))
        x, y, z = sheets.pop()
        assert np.array_equal(z, land.loss.clip(0, limit))
        assert (x == land.axes[0][:, None]).all()
        assert (y == land.axes[1]).all()


def test_cuts_are_labelled_by_what_they_show():
    land = land_of(3)
    axs = plots.cuts(land, at=(0.1, 0.2, 0.3))
    labels = [(ax.get_xlabel(), ax.get_ylabel()) for ax in axs]
    assert labels == [("α₁", "α₂"), ("α₁", "α₃"), ("α₂", "α₃")]
    titles = [ax.get_title() for ax in axs]
    assert titles == ["cut at α₃ = 0.30", "cut at α₂ = 0.20", "cut at α₁ = 0.10"]
    norms = {(filled(ax).norm.vmin, filled(ax).norm.vmax) for ax in axs}
    assert norms == {(land.loss.min(), land.loss.max())}, "all cuts share their colours"
    # each cut shows where the two others are
    marks = [[line.get_xydata()[0].tolist() for line in ax.lines] for ax in axs]
    across_up = [(0.1, 0.2), (0.1, 0.3), (0.2, 0.3)]
    assert [(v[0], h[1]) for v, h in marks] == across_up


def test_cuts_can_be_given_axes_and_limits():
    axs = plt.subplots(3, 1)[1]
    assert plots.cuts(land_of(3), (0, 0, 0), axs, limits=(0.01, 99.0)) == list(axs)
    assert {filled(ax).norm.vmax for ax in axs} == {99.0}


def test_a_cube_shows_three_whole_cuts(sheets):
    land = land_of(3)
    at = (0.5, 0.0, -1.0)
    plots.cube(land, at=at)
    corners = np.concatenate([np.stack(xyz, axis=-1).reshape(-1, 3) for xyz in sheets])
    for fixed in range(3):
        on_cut = corners[np.isclose(corners[:, fixed], at[fixed])]
        for other in {0, 1, 2} - {fixed}:
            axis = land.axes[other]
            assert on_cut[:, other].min() == pytest.approx(axis[0])
            assert on_cut[:, other].max() == pytest.approx(axis[-1])
    on_any = np.isclose(corners, at).any(axis=1)
    assert on_any.all()


def test_no_quarter_of_a_cube_reaches_through_another_cut(sheets):
    # Matplotlib draws each as a whole in front of the other, so they may meet but not cross
    land, at = land_of(3), (0.5, 0.0, -1.0)
    plots.cube(land, at=at)
    meeting = [axis[abs(axis - a).argmin()] for axis, a in zip(land.axes, at, strict=True)]
    assert len(sheets) == 3 * 4
    for xyz in sheets:
        for values, where in zip(xyz, meeting, strict=True):
            assert where <= values.min() or where >= values.max()


def test_a_path_on_a_surface_lies_a_little_above_it():
    x, y = np.meshgrid(np.linspace(-2, 2, 5), np.linspace(-2, 2, 9), indexing="ij")
    land = Landscape((x[:, 0], y[0]), 10 + x + 3 * y, Slice(torch.zeros(4), torch.eye(4)[:2]))
    ax = plots.surface(land, path_of())
    shadow = path_of().points[:, :2].numpy()
    run, start, end = (np.array(line.get_data_3d()).T for line in ax.lines)
    assert np.allclose(run[:, :2], shadow)
    height = 10 + shadow @ [1, 3] + 0.015 * 16
    seen = (abs(shadow) <= 2).all(axis=1)
    assert seen.sum() > 3
    assert np.allclose(run[seen, 2], height[seen], atol=1e-4)
    assert np.array_equal(start[0], run[0], equal_nan=True)
    assert np.array_equal(end[0], run[-1], equal_nan=True)


@pytest.mark.parametrize("edge", [0, -1])
def test_cuts_may_lie_at_the_edge(edge):
    land = land_of(3)
    at = tuple(axis[edge] for axis in land.axes)
    plots.cube(land, at=at).figure.canvas.draw()
    plots.cuts(land, at=at)[0].figure.canvas.draw()


# Data and models


def test_data_are_distinguished_by_shape_and_colour():
    x, y = xor(50)
    ax = plots.data(x, y)
    zeros, ones = ax.collections
    assert np.allclose(zeros.get_offsets(), x[y == 0])
    assert np.allclose(ones.get_offsets(), x[y == 1])
    assert [zeros.get_label(), ones.get_label()] == ["y = 0", "y = 1"]
    assert not np.array_equal(zeros.get_facecolor(), ones.get_facecolor())
    assert len(zeros.get_paths()[0]) != len(ones.get_paths()[0])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x₁", "x₂")


def test_no_example_is_silently_left_out():
    x, y = xor(50)
    low, high = plots.data(x, 2 * y - 1).collections
    assert np.allclose(low.get_offsets(), x[y == 0])
    assert np.allclose(high.get_offsets(), x[y == 1])
    assert [low.get_label(), high.get_label()] == ["y = -1", "y = 1"]
    for targets in (y + 1, 2 * y, y - 0.5, torch.where(x[:, 0] < 0.5, -1, y)):
        with pytest.raises(ValueError, match=r"targets 0 and 1, or −1 and 1, got values from"):
            plots.data(x, targets)


def test_predictions_are_drawn_at_their_inputs():
    # Model 1 with θ = (1, 0) says x₁
    L = Objective(model_1(), xor(20), squared_error)
    ax = plots.predictions(L, torch.tensor([1.0, 0.0]), resolution=11, examples=False)
    values = np.asarray(ax.collections[0].get_array()).reshape(11, 11)
    assert np.allclose(values, np.linspace(0, 1, 11)[None].repeat(11, axis=0))
    boundary = np.concatenate([p.vertices for p in ax.collections[1].get_paths()])
    assert np.allclose(boundary[:, 0], 0.5, atol=1e-6)
    assert len(plots.predictions(L, L.point()).collections) > 2, "with the examples on top"


def test_a_model_with_one_prediction_has_no_boundary():
    L = Objective(model_3(), xor(20), squared_error)
    ax = plots.predictions(L, torch.zeros(13), examples=False)
    assert len(ax.collections) == 1


def test_predictions_have_the_colour_of_their_class():
    lo, hi = plots.PREDICTED
    for value, name in zip((0, 1), plots.CLASSES, strict=True):
        shown = rgb_to_hsv(plots.PREDICTIONS((value - lo) / (hi - lo))[:3])
        example = rgb_to_hsv(to_rgb(name))
        assert shown[0] == pytest.approx(example[0], abs=0.02), "the same hue"
        assert shown[2] > example[2] + 0.02, "paler, so that examples stand out"
    assert min(plots.PREDICTIONS(0.5)[:3]) > 0.98, "0.5 is neither"


def pinned_to(ax) -> list[AnnotationBbox]:
    return [artist for artist in ax.artists if isinstance(artist, AnnotationBbox)]


def test_models_are_pinned_to_their_places():
    # Model 1 with θ = (0, 1) says x₂, with θ = (1, 0) it says x₁
    L = Objective(model_1(), xor(20), squared_error)
    models = torch.eye(2).flip(0)
    ax = plots.pin(L, models, models, plt.subplots()[1], offset=[(30, 0), (0, -30)])
    upright, across = pinned_to(ax)
    assert (upright.xy, across.xy) == ((0, 1), (1, 0))
    assert (upright.xyann, across.xyann) == ((30, 0), (0, -30))
    picture = np.asarray(upright.offsetbox.get_data())
    assert_blue_and_orange(picture[-1, 0], picture[0, 0])  # rows run from the top down
    picture = np.asarray(across.offsetbox.get_data())
    assert_blue_and_orange(picture[0, 0], picture[0, -1])
    assert (picture[:, :, :3].sum(axis=2) == 0).sum() == len(picture), "one line of decision"


def assert_blue_and_orange(zero, one):
    assert zero[2] > zero[0]
    assert one[0] > one[2]


def test_pinned_pictures_have_their_size():
    L = Objective(model_1(), xor(20), squared_error)
    (pinned,) = pinned_to(plots.pin(L, torch.ones(1, 2), torch.ones(1, 2), plt.gca(), size=24))
    width = len(pinned.offsetbox.get_data()) * pinned.offsetbox.get_zoom()
    assert width == pytest.approx(24)


def test_every_model_needs_a_place():
    L = Objective(model_1(), xor(20), squared_error)
    with pytest.raises(ValueError, match="2 models and 1 positions"):
        plots.pin(L, torch.ones(2, 2), torch.ones(1, 2), plt.gca())


# Animations


def frames_of(animation) -> list[np.ndarray]:
    picture = Image.open(io.BytesIO(animation.gif))
    assert picture.format == "GIF"
    frames = []
    for i in range(picture.n_frames):
        picture.seek(i)
        frames.append(np.asarray(picture.convert("RGB")).astype(int))
    return frames


def test_an_animation_is_a_gif_with_a_description():
    fig, ax = plt.subplots(figsize=(2, 1))
    (dot,) = ax.plot([0], [0], "ko", ms=20)
    ax.set(xlim=(0, 3), ylim=(-1, 1))
    seen = []

    def draw(x):
        seen.append(x)
        dot.set_xdata([x])

    animation = plots.animate(fig, draw, range(4), 'A "dot" < moves', fps=5)
    frames = frames_of(animation)
    assert len(frames) == 4
    assert sorted(set(seen)) == [0, 1, 2, 3]
    assert {frame.shape for frame in frames} == {(*fig.canvas.get_width_height()[::-1], 3)}
    for a, b in pairwise(frames):
        assert np.abs(a - b).max() > 100, "something moves"
    html = animation._repr_html_()
    assert re.fullmatch(r'<img src="data:image/gif;base64,[\w+/=]+" alt="[^"<]+"[^>]*>', html)
    assert 'alt="A &quot;dot&quot; &lt; moves"' in html
    assert repr(animation) == 'A "dot" < moves'
    picture = Image.open(io.BytesIO(animation.gif))
    assert picture.info["duration"] == 200
    assert picture.info["loop"] == 0, "forever"
    assert not plt.fignum_exists(fig.number)


def test_a_figure_is_closed_even_if_drawing_fails():
    fig = plt.figure(figsize=(1, 1))

    def draw(frame):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        plots.animate(fig, draw, range(2), "Nothing.")
    assert not plt.fignum_exists(fig.number)


# Bad input


@pytest.mark.parametrize("picture", PICTURES)
def test_landscapes_of_the_wrong_dimension(picture):
    dims, draw = PICTURES[picture]
    for other in {1, 2, 3} - {dims}:
        with pytest.raises(ValueError, match=f"needs a {dims}D landscape, but got a {other}D one"):
            draw(land_of(other))


def test_cuts_outside_the_volume():
    for draw in (plots.cuts, plots.cube):
        with pytest.raises(ValueError, match="α must be from -1 to 2, got 5"):
            draw(land_of(3), at=(5, 0, 0))


def test_one_switch_makes_figures_for_a_projector(monkeypatch):
    seen = {}
    for name, variable in (("desk", ""), ("room", "1")):
        monkeypatch.setenv("LOSSVIZ_PROJECTOR", variable)
        plots.use_style()
        seen[name] = [plt.rcParams[key] for key in ("font.size", "lines.linewidth", "figure.dpi")]
    assert all(room > 1.25 * desk for desk, room in zip(*seen.values(), strict=True))
    plots.use_style(projector=False)
    assert plt.rcParams["font.size"] == seen["desk"][0]
