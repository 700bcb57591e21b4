"""The explorers of results: every control, the files they read, and files that they can't read."""

import numpy as np
import pytest
import torch
import traitlets

from lossviz_helpers.course.explorers import (
    bend_explorer,
    loss_explorer,
    noise_explorer,
    rho_explorer,
    skip_explorer,
)
from lossviz_helpers.course.explorers.frame import three_digits
from lossviz_helpers.course.measured import measured
from lossviz_helpers.losses import LOSSES

MAKERS = {
    "07_noise": noise_explorer,
    "08_skip": skip_explorer,
    "11_rho": rho_explorer,
    "12_bend": bend_explorer,
}
SHAPES = {
    "07_noise": {"shares": (4,), "epochs": (101,)}
    | dict.fromkeys(("loss", "train", "test"), (4, 5, 101)),
    "08_skip": {"depths": (3,), "axis": (31,)} | {"loss": (3, 2, 3, 31, 31), "curving": (3, 2, 3)},
    "11_rho": {"rhos": (5,), "axis": (31,), "planes": (5, 31, 31)}
    | dict.fromkeys(("sharpness", "accuracy", "loss"), (5, 10)),
    "12_bend": {"bends": (31,), "t": (41,), "losses": (31, 41), "points": (3, 2)}
    | {"across": (51,), "up": (51,), "plane": (51, 51)},
}
each = pytest.mark.parametrize("name", MAKERS)


def stored(name: str) -> dict[str, np.ndarray]:
    with np.load(measured(name)) as file:
        return dict(file)


def make(name: str):
    return MAKERS[name](measured(name))


# Files


@each
def test_the_files_are_small_and_have_the_right_shapes(name):
    arrays = stored(name)
    assert {key: array.shape for key, array in arrays.items()} == SHAPES[name]
    assert {array.dtype for array in arrays.values()} == {np.dtype("float32")}
    assert (measured(name)).stat().st_size < 150_000


@each
def test_a_missing_file_is_named_with_the_way_to_make_it(name):
    maker = MAKERS[name]
    with pytest.raises(FileNotFoundError, match=rf"{maker.__name__} can't find 'no\.npz'.*--data"):
        maker("no.npz")


@each
def test_a_file_of_another_explorer_is_rejected(name):
    other = "07_noise" if name != "07_noise" else "08_skip"
    with pytest.raises(ValueError, match=rf"{MAKERS[name].__name__}: .*{other}\.npz' has no "):
        MAKERS[name](measured(other))


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 torn", b"\x93NUMPY"])
def test_a_file_that_is_not_an_npz_is_rejected(tmp_path, content):
    path = tmp_path / "results.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"noise_explorer: .* isn't an \.npz file"):
        noise_explorer(path)


def test_an_array_alone_is_rejected(tmp_path):
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(ValueError, match=r"isn't an \.npz file"):
        noise_explorer(tmp_path / "one.npy")


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((5, 2)), r"sharpness should have shape \(5, 10\)|should have shape \(5, 2\)"),
        (np.full((5, 3), np.nan), "sharpness should hold finite numbers only"),
        (np.full((5, 3), "x"), "sharpness should hold finite numbers only"),
    ],
)
def test_wrong_arrays_are_rejected(tmp_path, array, message):
    np.savez(tmp_path / "wrong.npz", **stored("11_rho") | {"sharpness": array})
    with pytest.raises(ValueError, match=message):
        rho_explorer(tmp_path / "wrong.npz")


# Controls


@each
def test_every_value_of_every_control_can_be_shown(name, no_warnings):
    explorer = make(name)
    for control in explorer._board["controls"]:
        seen = []
        for value in control["values"]:
            explorer.chosen = {control["name"]: value}
            seen.append(repr(explorer.shown()))
        # where only the pointer moves, as in a map, two places may look the same in short
        assert len(set(seen)) > 1


@each
def test_what_does_not_exist_cannot_be_chosen(name):
    explorer = make(name)
    before = dict(explorer.chosen)
    (control, *_) = explorer._board["controls"]
    with pytest.raises(traitlets.TraitError, match=r"chosen can have .*got 'colour'"):
        explorer.chosen = {"colour": 1}
    with pytest.raises(traitlets.TraitError, match=f"{control['name']} must be one of .*got 77"):
        explorer.chosen = {control["name"]: 77}
    assert explorer.chosen == before


@each
def test_all_numbers_of_the_file_that_it_draws_are_sent_once(name):
    explorer = make(name)
    drawn = {"07_noise": "test", "08_skip": "loss", "11_rho": "planes", "12_bend": "plane"}[name]
    sent, found = explorer.take((drawn,)), stored(name)[drawn]
    if drawn == "test":  # the mean is behind the seeds
        assert sent[:, -1] == pytest.approx(found.mean(axis=1), rel=1e-6)
        sent = sent[:, :-1]
    else:  # pictures are sent row by row
        found = found.swapaxes(-1, -2)
    assert (sent == found).all()
    assert len(explorer._arrays) == 4 * sum(np.prod(s) for s in explorer._shapes.values())


@each
def test_python_sees_what_the_user_does(name):
    explorer, seen = make(name), []
    explorer.observe(lambda change: seen.append(change.new), "chosen")
    control = explorer._board["controls"][0]
    explorer.set_state({"chosen": {**explorer.chosen, control["name"]: control["values"][-1]}})
    assert seen == [explorer.chosen]
    assert explorer.chosen[control["name"]] == control["values"][-1]


# What they say


def test_noise_best_epoch_and_pointer():
    explorer, found = make("07_noise"), stored("07_noise")
    explorer.chosen = {"share": 0.4, "epoch": 40}
    test = found["test"][3].mean(axis=0)
    said = explorer.text(explorer._board["words"])
    assert said.startswith(f"On new data: at best {test.max():.1f}%, after epoch {test.argmax()};")
    loss, accuracy = explorer.shown()
    assert f"epoch 40: L = {found['loss'][3, :, 40].mean():.3g}"[:15] in loss["readout"]
    assert accuracy["readout"].endswith(f"new data {test[40]:.1f}%")
    assert accuracy["marks"][0]["y"] == pytest.approx([test.max()])


def test_skip_shows_one_scale_and_cuts_where_the_pointer_is():
    explorer, found = make("08_skip"), stored("08_skip")
    explorer.chosen = {"depth": 10, "skip": "h + f", "norm": "yes", "across": -1, "up": 1}
    land, cut = explorer.shown()
    assert land["title"] == "h + f, normalised, depth 10"
    assert land["limits"] == (0.0, found["loss"].max())
    assert land["readout"] == f"loss {three_digits(found['loss'][1, 1, 1, 0, -1])}"
    assert (land["picture"] == found["loss"][1, 1, 1].T).all()
    plain, skip, _ = cut["lines"]
    assert (skip["y"] == found["loss"][1, 1, 1, :, -1]).all()
    assert skip["width"] > plain["width"]
    assert cut["readout"] == f"{found['curving'][1, 1, 1]:.0%} of this map curves down"
    assert cut["title"] == "all at depth 10, cut at α₂ = 1.00"


def test_rho_is_named_and_marked():
    explorer, found = make("11_rho"), stored("11_rho")
    assert explorer.shown()[0]["title"] == "ρ = 0: SGD"
    explorer.chosen = {"rho": 1}
    land, sharpness, _ = explorer.shown()
    low = (found["planes"][-1] < 0.1).mean()
    assert land["readout"].startswith(f"{low:.0%} of the map below 0.1; training loss ")
    last = sharpness["marks"][-1]
    assert (last["x"].item(), last["y"].item()) == pytest.approx((1, found["sharpness"][-1].mean()))


def test_bend_from_the_straight_line_to_beyond_the_trained_point():
    explorer, found = make("12_bend"), stored("12_bend")
    A, B, C = found["points"].astype(float)
    for share, control in ((0.0, (A + B) / 2), (1.0, C)):
        explorer.chosen = {"bend": share}
        mark = explorer.shown()[0]["marks"][1]
        assert [mark["x"].item(), mark["y"].item()] == pytest.approx(control)
    highest = found["losses"].max(axis=1)
    part = f"{highest[20] / highest[0]:.0%}"
    assert explorer.shown()[1]["readout"].endswith(f"{part} of that on the straight line")
    explorer.chosen = {"bend": 1.5}
    assert explorer.shown()[0]["title"] == "bend 150%"


def test_unknown_results_are_named():
    with pytest.raises(
        FileNotFoundError, match="no results named '01_none'; choose from 07_noise, 08_"
    ):
        measured("01_none")


# The losses of chapter 1


def readouts(explorer) -> dict[str, str]:
    return {panel["title"]: panel["readout"].replace("−", "-") for panel in explorer.shown()}


def numbers(readout: str) -> list[float]:
    return [float(x) for x in readout[4:].split("\ngradient ")]


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("output", [-4.0, -1.0, 0.0, 0.6, 1.0, 4.0])
def test_losses_and_their_slopes_are_right(output, target):
    explorer = loss_explorer()
    explorer.chosen = {"target": f"y = {target}", "output": output}
    said = readouts(explorer)
    expected = ((output - target) ** 2, 2 * (output - target))
    assert numbers(said["squared error"]) == pytest.approx(expected, rel=5e-3)
    right = 1 / (1 + np.exp(output if target == 0 else -output))
    assert numbers(said["cross-entropy"])[0] == pytest.approx(-np.log(right), rel=1e-2)


def test_a_loss_of_probabilities_has_no_value_elsewhere():
    explorer = loss_explorer()
    explorer.chosen = {"output": 2.0}
    said = readouts(explorer)["binary cross-entropy"]
    assert said == "no value: a probability lies between 0 and 1"
    explorer.chosen = {"output": 0.0}
    assert readouts(explorer)["binary cross-entropy"] == "L = ∞\ngradient -∞"


def test_every_loss_can_be_drawn():
    explorer = loss_explorer([*LOSSES.values()])
    said = readouts(explorer)
    for name, loss in LOSSES.items():
        u = torch.tensor([0.6], dtype=torch.float64)
        value = loss(loss.reading.outputs(u), loss.reading.targets(u, 1)).item()
        assert numbers(said[name])[0] == pytest.approx(value, rel=5e-3), name
    assert said["error rate"].endswith("gradient 0.00")


def test_the_loss_that_pulls_hardest_is_named():
    explorer = loss_explorer()
    explorer.chosen = {"output": 3.0, "target": "y = 1"}
    said = explorer.text(explorer._board["words"])
    assert said == "Here squared error pulls hardest, and hinge not at all."
    explorer.chosen = {"target": "y = 0"}
    assert explorer.text(explorer._board["words"]) == "Here squared error pulls hardest."
