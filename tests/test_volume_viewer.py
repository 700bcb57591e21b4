"""The Python side of the volume viewer: what it sends, what it accepts and what it refuses."""

import base64
import re

import matplotlib
import numpy as np
import pytest
import torch
import traitlets
from ipywidgets.embed import embed_minimal_html

from lossviz_helpers import Landscape, Slice, Trajectory
from lossviz_helpers.widgets import VolumeViewer

AXES = (np.linspace(0, 2, 3), np.linspace(0, 3, 4), np.linspace(-2, 2, 5))


def landscape(loss=None, axes=AXES, directions=None) -> Landscape:
    shape = tuple(len(axis) for axis in axes)
    loss = np.arange(1.0, 1 + np.prod(shape)).reshape(shape) if loss is None else loss
    directions = torch.eye(6)[: len(axes)] if directions is None else directions
    return Landscape(axes, loss, Slice(torch.zeros(6), directions))


def trajectory(points) -> Trajectory:
    points = torch.as_tensor(points, dtype=torch.float32)
    steps = torch.arange(len(points))
    return Trajectory(
        points, torch.zeros(points.shape[:-1]) + steps[(...,) + (None,) * (points.ndim - 2)], steps
    )


def sent(viewer, name) -> np.ndarray:
    return np.frombuffer(getattr(viewer, name), "<f4")


# What is sent


def test_losses_are_sent_as_float32_with_the_third_axis_fastest():
    land = landscape()
    volume = sent(VolumeViewer(land), "_volume")
    assert len(volume) * 4 == 3 * 4 * 5 * 4
    i, j, k = 2, 1, 3
    assert volume[(i * 4 + j) * 5 + k] == land.loss[i, j, k]
    assert np.array_equal(volume.reshape(3, 4, 5), land.loss.astype("float32"))


def test_axes_are_sent_exactly():
    assert all(map(np.array_equal, VolumeViewer(landscape())._axes, AXES))


@pytest.mark.parametrize("gap", [np.nan, np.inf, -np.inf])
def test_gaps_are_sent_as_nan_and_ignored_by_the_limits(gap):
    loss = landscape().loss.copy()
    loss[0, 0, 0] = loss[2, 3, 4] = gap
    viewer = VolumeViewer(landscape(loss))
    volume = sent(viewer, "_volume")
    assert np.isnan(volume[[0, -1]]).all()
    assert np.isfinite(volume[1:-1]).all()
    assert viewer.limits == (2.0, 59.0)
    assert viewer.crosshair == (0.0, 0.0, -1.0)


def test_a_volume_of_gaps_can_be_shown():
    viewer = VolumeViewer(landscape(np.full((3, 4, 5), np.nan)))
    assert viewer.limits == (0.0, 1.0)
    assert np.isnan(viewer.loss)


def test_equal_losses_can_be_shown():
    assert VolumeViewer(landscape(np.full((3, 4, 5), 2.0))).limits == (2.0, 3.0)


def test_the_colours_are_those_of_all_pictures():
    colours = np.frombuffer(VolumeViewer(landscape())._colours, np.uint8).reshape(256, 3)
    assert np.array_equal(
        colours, np.uint8(np.array(matplotlib.colormaps["viridis"].colors) * 255 + 0.5)
    )


def test_the_path_is_projected_and_has_its_distance_from_the_slice():
    points = np.zeros((3, 6))
    points[:, 0] = [0, 1, 2]
    points[:, 5] = [0, 3, 4]
    viewer = VolumeViewer(landscape(), trajectory(points))
    rows = sent(viewer, "_path").reshape(-1, 6)
    assert viewer._runs == [3]
    assert rows[:, 0].tolist() == [0, 1, 2]
    assert rows[:, 3].tolist() == [0, 3, 4], "distance off the slice"
    assert rows[:, 4].tolist() == rows[:, 5].tolist() == [0, 1, 2], "step and loss"


def test_long_paths_are_thinned_but_keep_both_ends():
    points = torch.randn(4001, 2, 6, generator=torch.Generator().manual_seed(0))
    viewer = VolumeViewer(landscape(), trajectory(points))
    assert viewer._runs == [500, 500]
    steps = sent(viewer, "_path").reshape(2, 500, 6)[:, :, 4]
    assert steps[:, 0].tolist() == [0, 0]
    assert steps[:, -1].tolist() == [4000, 4000]


def test_distances_are_measured_among_models_not_coordinates():
    # the second direction is longer, and leans towards the first
    directions = torch.tensor([[1.0, 0, 0, 0, 0, 0], [1, 2, 0, 0, 0, 0], [0, 0, 3, 0, 0, 0]])
    viewer = VolumeViewer(landscape(directions=directions))
    assert np.allclose(viewer._metric, directions @ directions.T)
    # from a cut to the next, perpendicular to it: sin of the angle between directions counts
    assert np.allclose(viewer._heights, [2 / 5**0.5, 2, 3])


# The crosshair and the colours


def test_the_crosshair_starts_at_the_lowest_loss():
    loss = landscape().loss.copy()
    loss[1, 2, 3] = -1
    viewer = VolumeViewer(landscape(loss))
    assert viewer.crosshair == (1.0, 2.0, 1.0)
    assert viewer.loss == -1


def test_the_crosshair_can_be_set_and_lies_on_the_grid():
    viewer = VolumeViewer(landscape())
    viewer.crosshair = (0.9, 2.6, -1.7)
    assert viewer.crosshair == (1.0, 3.0, -2.0)
    assert viewer.loss == viewer.landscape.loss[1, 3, 0]


def test_the_crosshair_can_be_observed():
    viewer, seen = VolumeViewer(landscape(), crosshair=(0, 0, 0)), []
    viewer.observe(lambda change: seen.append(change.new), "crosshair")
    viewer.set_state({"crosshair": [1.0, 2.0, 1.0]})  # as the browser does
    viewer.crosshair = (1.01, 2.01, 1.01)  # the same grid point: no change
    assert seen == [(1.0, 2.0, 1.0)]


@pytest.mark.parametrize("where", [(-0.1, 0, 0), (0, 3.1, 0), (0, 0, float("nan"))])
def test_a_crosshair_outside_is_rejected(where):
    viewer = VolumeViewer(landscape(), crosshair=(1, 1, 1))
    with pytest.raises(traitlets.TraitError, match=r"α[₁₂₃] must be from"):
        viewer.crosshair = where
    assert viewer.crosshair == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (0, float("inf"))])
def test_wrong_limits_are_rejected(limits):
    with pytest.raises(traitlets.TraitError, match="limits must be finite"):
        VolumeViewer(landscape(), limits=limits)


def test_a_contour_is_finite_or_none():
    viewer = VolumeViewer(landscape(), contour=3)
    viewer.contour = None
    with pytest.raises(traitlets.TraitError, match="finite loss or None"):
        viewer.contour = float("nan")


def test_reset_restores_the_initial_state():
    viewer = VolumeViewer(landscape(), crosshair=(1, 1, 1), log=False, limits=(0, 9), contour=4)
    began = dict(viewer._initial)
    viewer.crosshair, viewer.log, viewer.limits, viewer.contour = (0, 0, 0), True, (1, 2), None
    assert viewer._initial == began
    viewer.set_state(began)
    assert (viewer.crosshair, viewer.limits) == ((1.0, 1.0, 1.0), (0.0, 9.0))
    assert (viewer.log, viewer.contour) == (False, 4.0)


# What is refused


@pytest.mark.parametrize("dims", [1, 2, 4])
def test_other_dimensions_are_rejected(dims):
    axes = (np.linspace(0, 1, 3),) * dims
    with pytest.raises(ValueError, match=f"3D landscape, but got a {dims}D one"):
        VolumeViewer(landscape(axes=axes))


def test_uneven_axes_are_rejected():
    with pytest.raises(ValueError, match="evenly spaced values along α₂"):
        VolumeViewer(landscape(axes=(AXES[0], np.array([0.0, 1, 3]), AXES[2])))


def test_a_path_of_a_different_model_is_rejected():
    with pytest.raises(ValueError, match="same model"):
        VolumeViewer(landscape(), trajectory(np.zeros((3, 7))))


# Saved pages


def test_a_saved_page_contains_everything(tmp_path):
    viewer = VolumeViewer(landscape())
    embed_minimal_html(tmp_path / "page.html", [viewer])
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert base64.b64encode(viewer._volume).decode() in page.replace("\\n", "")
    assert "Volume viewer: three cuts" in page, "its script"
    assert ".lv-viewer" in page, "its style"


def test_the_script_uses_no_network():
    for text in (str(VolumeViewer._esm), str(VolumeViewer._css)):
        assert not re.search(r"https?:|\bfetch\(|XMLHttpRequest|@import|\bimport\b", text)


def test_it_says_what_it_is():
    assert repr(VolumeViewer(landscape())).startswith("VolumeViewer(Landscape(3×4×5 models")
