"""The explorers that compute in the browser: what Python sends and what it refuses."""

import base64
import gc
import json
import re
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import torch
import traitlets
from ipywidgets.embed import embed_data
from ipywidgets.widgets.widget import _instances

from lossviz_helpers import (
    Objective,
    Slice,
    Trajectory,
    descend,
    diagonal,
    huber,
    model_1,
    model_2,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.explorers import (
    bend_explorer,
    line_explorer,
    loss_explorer,
    model_explorer,
    noise_explorer,
    rate_explorer,
    rho_explorer,
    saddle_explorer,
    skip_explorer,
    tilt_explorer,
)
from lossviz_helpers.course.explorers.live import spec_of
from lossviz_helpers.course.measured import measured
from lossviz_helpers.course.offline import KEPT, revive
from lossviz_helpers.course.scenarios import BOWL
from lossviz_helpers.curvature import hessian
from lossviz_helpers.models import ACTIVATIONS


@pytest.fixture(scope="module")
def bowl():
    return Objective(model_1(), diagonal(), squared_error)


@pytest.fixture(scope="module")
def net():
    return Objective(model_3(), xor(), squared_error)


@pytest.fixture(scope="module")
def walk(net):
    return descend(net, net.point(), steps=200)


def land_of(L: Objective):
    """A plane of its landscape."""
    plane = Slice(torch.zeros(L.P), torch.eye(L.P)[:2], BOWL.window)
    return scan(L, plane, 21, progress=False)


def bowl_walk(L: Objective) -> Trajectory:
    return descend(L, torch.tensor(BOWL.start), steps=20)


@pytest.fixture(scope="module")
def make(bowl, net, walk):
    return {
        "saddle_explorer": lambda: saddle_explorer(net, walk),
        "rate_explorer": lambda: rate_explorer(bowl, torch.tensor(BOWL.start)),
        "tilt_explorer": lambda: tilt_explorer(net, walk, resolution=21),
        "model_explorer": lambda: model_explorer(bowl, land_of(bowl), bowl_walk(bowl)),
        "line_explorer": lambda: line_explorer(net, walk.start, walk.end),
        "loss_explorer": loss_explorer,
        "noise_explorer": lambda: noise_explorer(measured("07_noise")),
        "skip_explorer": lambda: skip_explorer(measured("08_skip")),
        "rho_explorer": lambda: rho_explorer(measured("11_rho")),
        "bend_explorer": lambda: bend_explorer(measured("12_bend")),
    }


COMPUTING = {
    **dict.fromkeys(
        ["saddle_explorer", "rate_explorer", "tilt_explorer", "model_explorer"], "startScan"
    ),
    "line_explorer": "scanLine",
}
STORED = ["loss_explorer", "noise_explorer", "skip_explorer", "rho_explorer", "bend_explorer"]
SCRIPTS = COMPUTING | dict.fromkeys(STORED, "readArrays")  # and what is in each
computing = pytest.mark.parametrize("name", COMPUTING)
each = pytest.mark.parametrize("name", SCRIPTS)


def doubles(sent: bytes) -> np.ndarray:
    return np.frombuffer(sent, "<f8")


# All of them, or those that compute


@computing
def test_the_data_are_sent_bit_for_bit(make, name):
    explorer = make[name]()
    data = diagonal() if name in ("rate_explorer", "model_explorer") else xor()
    assert (doubles(explorer._x).reshape(500, 2) == data.x.numpy()).all()
    assert (doubles(explorer._y) == data.y.numpy()).all()


@each
def test_a_saved_page_holds_the_script_and_the_style(make, name):
    explorer = make[name]()
    saved = embed_data([explorer], drop_defaults=False)["manager_state"]["state"]
    state = saved[explorer.model_id]["state"]
    assert SCRIPTS[name] in state["_esm"]
    assert ".lv-live" in state["_css"]


@each
def test_it_is_one_widget_and_a_short_text_where_scripts_do_not_run(make, name):
    gc.collect()
    before = set(_instances)
    explorer = make[name]()
    new = [type(_instances[key]).__name__ for key in set(_instances) - before]
    assert sorted(new) == sorted(["Layout", type(explorer).__name__])
    assert repr(explorer) == f"{name}: interactive where the page may run its script"


@computing
def test_other_models_losses_and_data_are_refused(name):
    make, start = {
        "saddle_explorer": (saddle_explorer, lambda L: L.point()[None]),
        "rate_explorer": (rate_explorer, lambda L: L.point()),
        "line_explorer": (
            lambda L, ends: line_explorer(L, *ends),
            lambda L: (L.point(), L.point()),
        ),
        "model_explorer": (model_explorer, land_of),
        "tilt_explorer": (tilt_explorer, lambda L: descend(L, L.point(), steps=5)),
    }[name]
    data = xor(50)
    own = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Flatten(0)).double()
    for L in (
        Objective(own, data, squared_error),
        Objective(model_3(), data, huber),
        Objective(model_3(), data, lambda outputs, y: ((outputs - y) ** 2).mean()),
    ):
        with pytest.raises(ValueError, match=f"{name} computes .*in the browser"):
            make(L, start(L))
    with pytest.raises(TypeError, match="Objective"):
        make(model_3(), torch.zeros(2, 13))


def test_frozen_parameters_make_another_model():
    model = model_3()
    model.layer_1.bias.requires_grad_(False)
    with pytest.raises(ValueError, match="with 10 parameters"):
        rate_explorer(Objective(model, xor(50), squared_error), torch.zeros(10))


def test_a_frozen_model_of_as_many_parameters_is_no_small_model():
    model = model_2()
    model.linear.bias.requires_grad_(False)  # two parameters, like Model 1, but with a bias
    L = Objective(model, xor(50), squared_error)
    with pytest.raises(ValueError, match="frozen"):
        rate_explorer(L, torch.zeros(2))


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("output", ACTIVATIONS)
def test_activations_are_named(hidden, output):
    L = Objective(model_3(hidden=hidden, output=output), xor(50), squared_error)
    assert spec_of(L, "a test") == {"P": 13, "hidden": hidden, "output": output}


@each
def test_where_scripts_do_not_run_a_picture_is_shown(make, name):
    bundle, metadata = make[name]()._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "interactive" in bundle["text/plain"]
    assert len(json.dumps(metadata)) < 100_000
    assert not plt.get_fignums(), "no figure stays open, which a notebook would show too"


@each
def test_a_notebook_keeps_what_the_script_needs(make, name):
    explorer = make[name]()
    again = revive(json.loads(json.dumps(explorer.saved())))
    for trait in explorer.keys:
        if trait not in ("layout", "tabbable", "tooltip"):
            sent, kept = getattr(explorer, trait), getattr(again, trait)
            if isinstance(sent, dict | tuple):  # JSON has no tuples
                sent, kept = json.dumps(sent), json.dumps(kept)
            assert kept == sent, trait
    assert "image/png" not in again._repr_mimebundle_()[0]


@pytest.mark.parametrize("name", STORED)
def test_numbers_survive_a_file_that_sorts_names(make, name):
    explorer = make[name]()
    again = revive(json.loads(json.dumps(explorer.saved(), sort_keys=True)))
    before, after = explorer._numbers(), again._numbers()
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[key], after[key], equal_nan=True) for key in before)


@pytest.mark.parametrize("name", STORED[1:])
def test_a_chapter_keeps_what_the_explorer_shows_today(make, name):
    explorer, kept = make[name](), []
    for path in (Path(__file__).parents[1] / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            told = (output.get("metadata", {}) for output in cell.get("outputs", []))
            kept += [metadata[KEPT] for metadata in told if "traits" in metadata.get(KEPT, ())]
    (mine,) = (saved for saved in kept if saved["name"] == name)
    assert mine == json.loads(json.dumps(explorer.saved()))


def test_explorers_of_a_page_share_the_scripts(make):
    sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
    from live import make_live

    cells = []
    for number in range(3):
        cell = nbformat.v4.new_code_cell("an explorer")
        if number != 1:
            bundle, metadata = make[
                "saddle_explorer" if number else "rate_explorer"
            ]()._repr_mimebundle_()
            cell.outputs = [nbformat.v4.new_output("display_data", bundle, metadata=metadata)]
        cells.append(cell)
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert make_live(notebook, "../_static") == 2
    first, last = (cells[i].outputs[0].data["text/html"] for i in (0, 2))
    assert first.count("embed-amd.js") == 1
    assert first.count("widget-state+json") == 1
    assert "embed-amd.js" not in last
    assert "widget-state+json" not in last
    for page in (first, last):
        assert page.count("widget-view+json") == 1
        assert "https://" not in page.replace("https://www.npmjs", "")
    assert make_live(notebook, "../_static") == 0, "all are live"


# saddle_explorer


def test_the_walk_is_thinned_and_named_by_its_steps(net, walk):
    explorer = saddle_explorer(net, walk)
    sent = doubles(explorer._points).reshape(-1, 13)
    assert len(sent) == len(explorer._names) == 121
    steps = [int(re.fullmatch(r"step (\d+)", name)[1]) for name in explorer._names]
    assert (steps[0], steps[-1]) == (0, 200)
    assert (sent == walk.points[steps].numpy()).all()


def test_points_can_have_names(net):
    points = torch.stack([net.point(), torch.zeros(13)])
    assert saddle_explorer(net, points)._names == ["point 1", "point 2"]
    explorer = saddle_explorer(net, points, ["start", "saddle"], at=1, chosen=(3, 1), reach=5)
    assert explorer._names == ["start", "saddle"]
    assert (explorer.at, explorer.chosen, explorer.reach) == (1, (3, 1), 5.0)


def test_points_that_are_no_walk_are_refused(net, bowl, walk):
    for points, words in (
        (torch.zeros(13), r"shape \(n, 13\)"),
        (torch.zeros(0, 13), r"shape \(n, 13\)"),
        (torch.zeros(2, 5), "5"),
        (torch.full((2, 13), torch.nan), "finite"),
        (descend(net, net.initial_points(range(2)), steps=5), "one walk, but got 2"),
    ):
        with pytest.raises(ValueError, match=words):
            saddle_explorer(net, points)
    with pytest.raises(ValueError, match="a name for each of 121 points, got 1"):
        saddle_explorer(net, walk, ["start"])
    with pytest.raises(ValueError, match="model_3"):
        saddle_explorer(bowl, torch.zeros(1, 2))


@pytest.mark.parametrize(
    ("trait", "value"),
    [("at", -1), ("at", 121), ("chosen", (0, 13)), ("chosen", (2, 2)), ("reach", 0.0),
     ("reach", float("nan"))],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused(net, walk, trait, value):
    explorer = saddle_explorer(net, walk)
    before = getattr(explorer, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(explorer, trait, value)
    assert getattr(explorer, trait) == before
    with pytest.raises(traitlets.TraitError, match=trait):
        saddle_explorer(net, walk, **{trait: value})


def test_python_sees_what_the_user_does(net, walk):
    explorer, seen = saddle_explorer(net, walk), []
    explorer.observe(lambda change: seen.append(change.new), ["at", "chosen"])
    explorer.set_state({"at": 7, "chosen": [4, 2]})
    assert seen == [7, (4, 2)]


# rate_explorer


def test_the_slider_reaches_beyond_the_edge_of_stability(bowl, net):
    for L in (bowl, net):
        edge = 2 / torch.linalg.eigvalsh(hessian(L, L.point()))[-1].item()
        explorer = rate_explorer(L, L.point())
        lo, hi = explorer._rates
        assert lo < explorer.lr < edge < hi
        assert (doubles(explorer._start) == L.point().numpy()).all()


def test_models_of_every_size_can_walk():
    for model, P in ((model_1(), 2), (model_2(), 3), (model_3(), 13)):
        L = Objective(model, diagonal(50), squared_error)
        assert rate_explorer(L, L.point(), lr=0.5, steps=7)._spec["P"] == P


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"steps": 0}, ValueError, "steps must be from 1 to 5000"),
        ({"steps": 5001}, ValueError, "got 5001"),
        ({"rates": (1.0, 0.1)}, ValueError, "from low to high"),
        ({"rates": (0.0, 0.1)}, ValueError, "positive"),
        ({"lr": 0.0}, traitlets.TraitError, "lr must be positive"),
        ({"lr": float("inf")}, traitlets.TraitError, "lr must be positive"),
    ],
)
def test_numbers_that_cannot_be_used_are_refused(bowl, options, error, words):
    with pytest.raises(error, match=words):
        rate_explorer(bowl, torch.zeros(2), **options)


def test_starts_that_cannot_be_used_are_refused(bowl):
    with pytest.raises(ValueError, match="3"):
        rate_explorer(bowl, torch.zeros(3))
    with pytest.raises(ValueError, match="finite"):
        rate_explorer(bowl, torch.tensor([0.0, torch.inf]))


def test_a_flat_start_has_a_slider_too():
    L = Objective(model_3(hidden="relu"), xor(50), squared_error)
    lo, hi = rate_explorer(L, torch.zeros(13))._rates
    assert 0 < lo < hi < np.inf


def test_a_trajectory_of_one_point_is_a_walk(net):
    path = Trajectory(net.point()[None], net(net.point())[None], torch.tensor([0]))
    assert saddle_explorer(net, path)._names == ["step 0"]


# tilt_explorer


def test_the_plane_and_the_directions_are_sent(net, walk):
    explorer = tilt_explorer(net, walk, towards={"all ones": torch.ones(13)}, extent=((-3, 2),) * 2)
    view = Slice.pca(walk.points, dims=2)
    assert (doubles(explorer._view).reshape(3, 13)[1:] == view.directions.numpy()).all()
    directions = doubles(explorer._towards).reshape(-1, 13)
    assert explorer._names[:3] == ["all ones", "PC3", "PC4"]
    assert "layer_2.bias[0]" in explorer._names, "the output bias"
    assert len(explorer._names) == len(directions) == 1 + 4 + 13
    assert (directions[0] == 1).all()
    assert explorer._extent == ((-3, 2), (-3, 2))
    spread = doubles(explorer._spread).reshape(13, 13)
    assert spread == pytest.approx(np.cov(walk.points.numpy().T))


def test_planes_that_cannot_be_turned_are_refused(net, bowl, walk):
    same = Slice.pca(walk.points, dims=2).directions[1]
    with pytest.raises(ValueError, match=r"PC2 itself: .* can't be rotated towards a parallel one"):
        tilt_explorer(net, walk, towards={"PC2 itself": same})
    for resolution in (10, 102):
        with pytest.raises(ValueError, match=f"from 11 to 101, got {resolution}"):
            tilt_explorer(net, walk, resolution=resolution)
    with pytest.raises(ValueError, match="model_2 or model_3"):
        tilt_explorer(bowl, walk)


@pytest.mark.parametrize(
    ("trait", "value"), [("angle", 91), ("angle", -91), ("towards", "PC9"), ("at", (0.0, 1e3))]
)
def test_a_view_that_does_not_exist_is_refused(net, walk, trait, value):
    explorer = tilt_explorer(net, walk)
    before = getattr(explorer, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(explorer, trait, value)
    assert getattr(explorer, trait) == before


# line_explorer


def test_both_ends_of_the_line_are_sent(net, walk):
    explorer = line_explorer(net, walk.start, walk.end, alpha=-0.25)
    A, B = doubles(explorer._ends).reshape(2, 13)
    assert (walk.start.numpy() == A).all()
    assert pytest.approx(walk.end.numpy(), rel=1e-12) == B
    assert explorer.alpha == -0.25
    with pytest.raises(traitlets.TraitError, match=r"alpha must be from -0\.5 to 1\.5, got 2"):
        explorer.alpha = 2.0
    with pytest.raises(ValueError, match="has 13 numbers"):
        line_explorer(net, torch.zeros(2), torch.ones(2))


# model_explorer


def test_the_window_and_the_colours_are_those_of_the_scan(bowl):
    land = land_of(bowl)
    explorer = model_explorer(bowl, land, bowl_walk(bowl), labels=("u", "v"), steps=7, lr=0.5)
    assert explorer._extent == BOWL.window
    assert explorer._limits == pytest.approx((0.8 * land.loss.min(), land.loss.max()))
    assert (explorer._labels, explorer._steps, explorer._lr) == (("u", "v"), 7, 0.5)
    assert explorer.at == pytest.approx(BOWL.start), "where the walk starts"
    assert model_explorer(bowl, land).at == (-0.5, 0.75), "or the middle"
    adam = model_explorer(bowl, land, optimizer=torch.optim.Adam)
    assert (explorer._optimizer, adam._optimizer) == ("sgd", "adam")


def test_a_start_beyond_the_window_is_moved_to_its_edge(bowl):
    far = scan(bowl, Slice(torch.zeros(2), torch.eye(2)), 5, ((1, 2), (-2, -1.5)), progress=False)
    assert model_explorer(bowl, far, bowl_walk(bowl)).at == (1.0, -1.5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 0}, "steps must be from 1 to 2000, got 0"),
        ({"lr": -1.0}, "lr must be positive"),
        ({"optimizer": torch.optim.RMSprop}, "SGD or torch.optim.Adam, got .*RMSprop"),
    ],
)
def test_descents_that_cannot_be_computed_are_refused(bowl, options, words):
    with pytest.raises(ValueError, match=words):
        model_explorer(bowl, land_of(bowl), **options)


def test_scans_and_walks_that_cannot_be_shown_are_refused(bowl, net):
    land = land_of(bowl)
    with pytest.raises(ValueError, match="2D landscape, but got a 1D one"):
        model_explorer(bowl, land.at(0, 0.0))
    with pytest.raises(ValueError, match="one walk, but got 2"):
        model_explorer(bowl, land, descend(bowl, torch.zeros(2, 2), steps=2))
    with pytest.raises(ValueError, match="13 numbers"):
        model_explorer(net, land)
    with pytest.raises(traitlets.TraitError, match="at must be from -3 to 2 here, got 9"):
        model_explorer(bowl, land).at = (9.0, 0.0)
