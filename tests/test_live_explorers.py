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
    Trajectory,
    descend,
    diagonal,
    huber,
    model_1,
    model_2,
    model_3,
    squared_error,
    xor,
)
from lossviz_helpers.course.explorers import rate_explorer, saddle_explorer
from lossviz_helpers.course.explorers.live import spec_of
from lossviz_helpers.course.offline import revive
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


@pytest.fixture(scope="module")
def make(bowl, net, walk):
    return {
        "saddle_explorer": lambda: saddle_explorer(net, walk),
        "rate_explorer": lambda: rate_explorer(bowl, torch.tensor(BOWL.start)),
    }


each = pytest.mark.parametrize("name", ["saddle_explorer", "rate_explorer"])


def doubles(sent: bytes) -> np.ndarray:
    return np.frombuffer(sent, "<f8")


# Both


@each
def test_the_data_are_sent_bit_for_bit(make, name):
    explorer = make[name]()
    data = xor() if name == "saddle_explorer" else diagonal()
    assert (doubles(explorer._x).reshape(500, 2) == data.x.numpy()).all()
    assert (doubles(explorer._y) == data.y.numpy()).all()


@each
def test_a_saved_page_holds_the_script_and_the_style(make, name):
    explorer = make[name]()
    saved = embed_data([explorer], drop_defaults=False)["manager_state"]["state"]
    state = saved[explorer.model_id]["state"]
    assert "startScan" in state["_esm"]
    assert f".lv-{name.removesuffix('_explorer')}" in state["_css"]


@each
def test_it_is_one_widget_and_a_short_text_where_scripts_do_not_run(make, name):
    gc.collect()
    before = set(_instances)
    explorer = make[name]()
    new = [type(_instances[key]).__name__ for key in set(_instances) - before]
    assert sorted(new) == sorted(["Layout", type(explorer).__name__])
    assert repr(explorer) == f"{name}: interactive where the page may run its script"


@each
def test_other_models_losses_and_data_are_refused(name):
    make = {"saddle_explorer": saddle_explorer, "rate_explorer": rate_explorer}[name]
    data = xor(50)
    own = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Flatten(0)).double()
    for L in (
        Objective(own, data, squared_error),
        Objective(model_3(), data, huber),
        Objective(model_3(), data, lambda outputs, y: ((outputs - y) ** 2).mean()),
    ):
        with pytest.raises(ValueError, match=f"{name} computes .*in the browser"):
            make(L, L.point()[None] if name == "saddle_explorer" else L.point())
    with pytest.raises(TypeError, match="Objective"):
        make(model_3(), torch.zeros(1, 13))


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
    assert len(json.dumps(metadata)) < 60_000
    assert not plt.get_fignums(), "no figure stays open, which a notebook would show too"


@each
def test_a_notebook_keeps_what_the_script_needs(make, name):
    explorer = make[name]()
    again = revive(json.loads(json.dumps(explorer.saved())))
    for trait in explorer.keys:
        if trait not in ("layout", "tabbable", "tooltip"):
            assert getattr(again, trait) == getattr(explorer, trait), trait
    assert "image/png" not in again._repr_mimebundle_()[0]


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
        (descend(net, net.initial_points(range(2)), steps=2), "one walk"),
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
