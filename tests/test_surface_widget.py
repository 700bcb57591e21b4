"""The Python side of the surface: what it sends, what it accepts, refuses and writes to a page."""

import base64
import json
import re

import numpy as np
import pytest
import torch
import traitlets
from ipywidgets.embed import embed_minimal_html

from lossviz_helpers import Landscape, Slice, Trajectory
from lossviz_helpers.widgets import Surface, to_html

AXES = (np.linspace(0, 2, 3), np.linspace(-3, 3, 4))


def landscape(loss=None, axes=AXES, parameters=6, quantity="loss") -> Landscape:
    shape = tuple(len(axis) for axis in axes)
    loss = np.arange(1.0, 1 + np.prod(shape)).reshape(shape) if loss is None else loss
    view = Slice(torch.zeros(parameters), torch.eye(parameters)[: len(axes)])
    return Landscape(axes, loss, view, quantity)


def trajectory(points) -> Trajectory:
    points = torch.as_tensor(points, dtype=torch.float32)
    steps = torch.arange(len(points))
    return Trajectory(points, 0.5 + torch.zeros(points.shape[:-1]), steps)


def sent(surface, i=0) -> np.ndarray:
    return np.frombuffer(surface._surfaces[i]["losses"], "<f4")


def rows(surface, run, i=0) -> np.ndarray:
    return np.frombuffer(surface._surfaces[i]["runs"][run]["rows"], "<f4").reshape(-1, 5)


# What is sent


def test_losses_are_sent_as_float32_with_the_second_axis_fastest():
    surface = Surface(landscape())
    assert np.array_equal(sent(surface).reshape(3, 4), landscape().loss.astype("float32"))
    assert all(map(np.array_equal, surface._surfaces[0]["axes"], AXES))


@pytest.mark.parametrize("gap", [np.nan, np.inf, -np.inf])
def test_gaps_are_sent_as_nan_and_ignored_by_the_limits(gap):
    loss = landscape().loss.copy()
    loss[0, 0] = loss[2, 3] = gap
    surface = Surface(landscape(loss))
    assert np.isnan(sent(surface)[[0, -1]]).all()
    assert surface._limits == surface._log_limits == (2.0, 11.0)


def test_a_logarithmic_scale_with_zeros_starts_where_that_of_the_plots_does():
    loss = landscape().loss.copy()
    loss[0, 0] = 0
    surface = Surface(landscape(loss))
    assert surface._limits == (0.0, 12.0)
    assert surface._log_limits == (2.0, 12.0)
    loss[0, 1] = 1e-9
    assert Surface(landscape(loss))._log_limits == (pytest.approx(12e-6), 12.0)


@pytest.mark.parametrize("values", [-1.0, 0.0])
def test_without_positive_losses_there_is_no_logarithmic_scale(values):
    surface = Surface(landscape(np.full((3, 4), values)))
    assert surface._log_limits is None
    assert surface._limits == (values, values + 1)


def test_one_negative_loss_makes_the_scale_linear_without_a_warning(recwarn):
    loss = landscape().loss.copy()
    loss[0, 0] = -1
    assert Surface(landscape(loss))._log_limits is None
    assert not recwarn.list


def test_equal_losses_and_gaps_alone_can_be_shown():
    assert Surface(landscape(np.full((3, 4), 2.0)))._limits == (2.0, 3.0)
    assert Surface(landscape(np.full((3, 4), np.nan)))._limits == (0.0, 1.0)


def test_limits_hold_for_both_scales():
    surface = Surface(landscape(), limits=(0.5, 4))
    assert surface._limits == surface._log_limits == (0.5, 4.0)
    assert Surface(landscape(), limits=(0, 4))._log_limits == (1.0, 4.0)
    assert Surface(landscape(), limits=(-1, 4))._log_limits is None


def test_the_path_is_projected_and_has_its_distance_from_the_plane():
    points = np.zeros((3, 6))
    points[:, 0] = [0, 1, 2]
    points[:, 5] = [0, 3, 4]
    table = rows(Surface(landscape(), trajectory(points)), 0)
    assert table[:, 0].tolist() == [0, 1, 2]
    assert table[:, 2].tolist() == [0, 3, 4], "distance from the plane"
    assert table[:, 3].tolist() == [0, 1, 2], "step"
    assert table[:, 4].tolist() == [0.5] * 3, "its own loss"


def test_long_paths_are_thinned_but_keep_both_ends():
    points = torch.randn(4001, 2, 6, generator=torch.Generator().manual_seed(0))
    surface = Surface(landscape(), trajectory(points))
    for run in (0, 1):
        steps = rows(surface, run)[:, 3]
        assert len(steps) == 500
        assert steps[[0, -1]].tolist() == [0, 4000]


def test_several_optimisers_have_names_and_colours():
    one, two = trajectory(np.zeros((3, 6))), trajectory(np.ones((2, 2, 6)))
    runs = Surface(landscape(), {"SGD": one, "Adam": two})._surfaces[0]["runs"]
    assert [run["name"] for run in runs] == ["SGD", "Adam", "Adam"]
    colours = [run["colour"] for run in runs]
    assert colours[0] == "#d81b60"
    assert colours[1] == colours[2] != colours[0]
    runs = Surface(landscape(), {"SGD": one}, colours=["red"])._surfaces[0]["runs"]
    assert runs[0]["colour"] == "#ff0000"


def test_two_surfaces_share_one_scale_and_have_a_path_each():
    a, b = landscape(), landscape(10 * landscape().loss, parameters=8)
    surface = Surface({"a": a, "b": b}, [None, trajectory(np.zeros((3, 8)))])
    assert [one["name"] for one in surface._surfaces] == ["a", "b"]
    assert [len(one["runs"]) for one in surface._surfaces] == [0, 1]
    assert surface._limits == (1.0, 120.0)
    assert sent(surface, 1)[0] == 10
    assert [one["name"] for one in Surface([a, b])._surfaces] == ["", ""]


# Traits


def test_reset_restores_the_initial_state():
    surface = Surface(landscape(), log=False, height=1.5, contours=False, view=(20, 30))
    began = dict(surface._initial)
    surface.log, surface.height, surface.contours, surface.view = True, 0.5, True, (60, 0)
    surface.pointer, surface.zoom = (1, 1), 2
    surface.set_state(began)
    assert (surface.log, surface.height, surface.contours) == (False, 1.5, False)
    assert (surface.view, surface.pointer, surface.zoom) == ((20.0, 30.0), None, 1.0)


def test_the_pointer_can_be_set_observed_and_must_lie_in_a_window():
    surface, seen = Surface(landscape()), []
    surface.observe(lambda change: seen.append(change.new), "pointer")
    surface.set_state({"pointer": [2.0, -3.0]})  # as the browser does
    with pytest.raises(traitlets.TraitError, match=r"pointer must lie in the window, 0 to 2 and"):
        surface.pointer = (0, 3.1)
    assert seen == [(2.0, -3.0)]


@pytest.mark.parametrize(
    ("trait", "value"), [("height", 3), ("height", 0), ("zoom", 9), ("view", (91, 0))]
)
def test_impossible_values_are_rejected(trait, value):
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(Surface(landscape()), trait, value)


# What is refused


@pytest.mark.parametrize("dims", [1, 3])
def test_other_dimensions_are_rejected(dims):
    with pytest.raises(ValueError, match=f"Surface needs a 2D landscape, but got a {dims}D one"):
        Surface(landscape(axes=(AXES[0],) * dims))


def test_what_is_no_landscape_or_trajectory_is_named():
    with pytest.raises(TypeError, match="Surface needs a Landscape, but got ndarray"):
        Surface(landscape().loss)
    with pytest.raises(TypeError, match="path must be a Trajectory, got Tensor"):
        Surface(landscape(), torch.zeros(3, 6))


def test_uneven_axes_are_rejected():
    with pytest.raises(ValueError, match="evenly spaced values along α₂"):
        Surface(landscape(axes=(AXES[0], np.array([0.0, 1, 3, 4]))))


def test_a_path_of_a_different_model_is_rejected():
    with pytest.raises(ValueError, match="same model"):
        Surface(landscape(), trajectory(np.zeros((3, 7))))


def test_three_surfaces_and_two_quantities_are_rejected():
    with pytest.raises(ValueError, match="two side by side, but got 3"):
        Surface([landscape()] * 3)
    with pytest.raises(ValueError, match=r"the same quantity, got \['error', 'loss'\]"):
        Surface([landscape(), landscape(quantity="error")])
    both = {name: landscape(quantity=f"{name} error") for name in ("train", "test")}
    assert Surface(both)._quantity == "error"
    with pytest.raises(ValueError, match="2 landscapes need a list with one path"):
        Surface([landscape()] * 2, trajectory(np.zeros((3, 6))))


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (0, float("inf"))])
def test_wrong_limits_are_rejected(limits):
    with pytest.raises(ValueError, match="limits must be finite"):
        Surface(landscape(), limits=limits)


# Pages


def test_a_saved_page_contains_everything(tmp_path):
    surface = Surface(landscape(), trajectory(np.zeros((3, 6))))
    embed_minimal_html(tmp_path / "page.html", [surface])
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    for data in (surface._surfaces[0]["losses"], surface._surfaces[0]["runs"][0]["rows"]):
        assert base64.b64encode(data).decode() in page.replace("\\n", "")
    assert "A surface that you can rotate" in page, "its script"
    assert ".lv-surface" in page, "its style"


def test_scripts_use_no_network():
    for text in (str(Surface._esm), str(Surface._css)):
        assert not re.search(r"https?:|\bfetch\(|XMLHttpRequest|@import|\bimport\b", text)


def saved(page: str) -> list[dict]:
    """What a page of `to_html` says about its widgets."""
    (text,) = re.findall(r"start\(SCRIPTS, (.*), document\.getElementById", page)
    return json.loads(text)


def test_a_plane_is_written_with_its_map_in_one_file_below_1_mb(tmp_path):
    axes = (np.linspace(-1, 1, 101),) * 2
    land = landscape(1 + np.add.outer(axes[0] ** 2, axes[1] ** 2), axes)
    path = {"SGD": trajectory(np.zeros((500, 6)))}
    file = land.to_html(tmp_path / "plane.html", path, title="A <bowl> & more")
    assert file == tmp_path / "plane.html"
    page = file.read_text(encoding="utf-8")
    assert len(page.encode()) < 500_000
    assert not re.search(r'https?:|src="|href="', page)
    assert "<title>A &lt;bowl&gt; &amp; more</title>" in page
    assert land.describe() in page
    surface, map_ = saved(page)
    assert (surface["script"], map_["script"]) == ("surface", "panel")
    losses = base64.b64decode(surface["state"]["_surfaces"][0]["losses"]["base64"])
    assert np.array_equal(np.frombuffer(losses, "<f4"), land.loss.ravel().astype("<f4"))
    assert surface["state"]["log"] is True
    assert map_["state"]["limits"] == surface["state"]["_log_limits"]
    assert len(map_["state"]["marks"]) == 2


def test_a_line_is_written_as_a_curve_and_a_cube_as_a_volume(tmp_path):
    (curve,) = saved(landscape(axes=AXES[:1]).to_html(tmp_path / "1.html").read_text("utf-8"))
    assert curve["script"] == "panel"
    assert curve["state"]["follow"] == "across"
    (volume,) = saved(
        landscape(axes=(*AXES, AXES[0])).to_html(tmp_path / "3.html").read_text("utf-8")
    )
    assert volume["script"] == "volume"
    assert volume["state"]["crosshair"] == [0.0, -3.0, 0.0]


def test_what_cant_be_written_is_named(tmp_path):
    file = tmp_path / "page.html"
    with pytest.raises(ValueError, match="1 to 3 dimensions, but got a 4D one"):
        landscape(axes=(AXES[0],) * 4).to_html(file)
    with pytest.raises(ValueError, match="can't be drawn along a line"):
        landscape(axes=AXES[:1]).to_html(file, trajectory(np.zeros((3, 6))))
    with pytest.raises(TypeError, match="single Trajectory as its path, but got dict"):
        landscape(axes=(AXES[0],) * 3).to_html(file, {"SGD": trajectory(np.zeros((3, 6)))})
    with pytest.raises(TypeError, match="to_html needs a Landscape, but got ndarray"):
        to_html(landscape().loss, file)
    assert not file.exists()


def test_names_cant_break_the_page(tmp_path):
    path = {"</script><b>": trajectory(np.zeros((3, 6)))}
    page = landscape().to_html(tmp_path / "page.html", path).read_text("utf-8")
    assert page.count("</script>") == 1
    assert saved(page)[0]["state"]["_surfaces"][0]["runs"][0]["name"] == "</script><b>"


def test_the_map_has_the_colours_of_the_surface(tmp_path):
    loss = landscape().loss.copy()
    loss[0, 0] = 0
    surface, map_ = saved(landscape(loss).to_html(tmp_path / "page.html").read_text("utf-8"))
    assert map_["state"]["limits"] == surface["state"]["_log_limits"] == [2.0, 12.0]
    assert map_["state"]["log"] is True


def test_a_page_with_gaps_is_valid_json(tmp_path):
    loss = landscape().loss.copy()
    loss[0, 0] = np.inf
    page = landscape(loss).to_html(tmp_path / "gaps.html").read_text("utf-8")
    assert len(saved(page)) == 2


def test_it_says_what_it_is():
    assert repr(Surface([landscape()] * 2)).count("Landscape(3×4 models") == 2
