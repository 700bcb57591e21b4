"""The explorers of results: every control, the files they read, and files that they can't read."""

import ipywidgets as w
import numpy as np
import pytest

from lossviz_helpers.course.explorers import (
    bend_explorer,
    noise_explorer,
    rho_explorer,
    skip_explorer,
)
from lossviz_helpers.course.measured import measured

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


def shown(explorer) -> list:
    """What its panels show."""
    panels = [part for part in explorer.parts.values() if hasattr(part, "_picture")]
    return [(p.title, p.readout, p.pointer, p._picture, p.lines, p.marks) for p in panels]


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
def test_every_control_works_at_its_ends_and_in_its_middle(name, no_warnings):
    explorer = make(name)
    for part in explorer.parts.values():
        if isinstance(part, w.ToggleButtons | w.SelectionSlider):
            last = len(part.options) - 1
            for index in (last, last // 2, 0):
                before = shown(explorer)
                moves = part.index != index
                part.index = index
                assert explorer.error == ""
                assert (shown(explorer) != before) == moves
        elif getattr(part, "follow", "none") != "none":
            for t in (0.0, 0.5, 1.0):
                part.pointer = tuple(lo + t * (hi - lo) for lo, hi in part.extent)
                assert explorer.error == ""


@each
def test_it_is_a_short_text_where_widgets_are_not_shown(name):
    explorer = make(name)
    assert repr(explorer) == f"{MAKERS[name].__name__}: interactive while the notebook is running"
    explorer.close()


# What they say


def test_noise_best_epoch_and_pointer():
    explorer, found = make("07_noise"), stored("07_noise")
    explorer["share"].value = 0.4
    test = found["test"][3].mean(axis=0)
    assert explorer["said"].text.startswith(f"On new data: at best {test.max():.1f}%")
    explorer["loss"].pointer = (40.3, 1.0)
    assert explorer["epoch"].value == 40
    assert explorer["accuracy"].pointer == (40.0, 0.0)
    assert f"new data {test[40]:.1f}%" in explorer["accuracy"].readout


def test_skip_shows_one_scale_and_cuts_where_the_pointer_is():
    explorer, found = make("08_skip"), stored("08_skip")
    limits = explorer["map"].limits
    explorer["depth"].value, explorer["skip"].value, explorer["norm"].value = 10, "h + f", "yes"
    assert explorer["map"].title == "h + f, normalised, depth 10"
    assert explorer["map"].limits == limits == (0.0, found["loss"].max())
    explorer["map"].pointer = (-1.0, 1.0)
    _, skip, _ = explorer["cut"].lines
    assert np.frombuffer(skip["points"], "<f4")[1] == found["loss"][1, 1, 1, 0, -1]
    assert explorer["cut"].readout == f"{found['curving'][1, 1, 1]:.0%} of this map curves down"
    assert explorer["cut"].title == "all at depth 10, cut at α₂ = 1.00"


def test_rho_can_be_chosen_on_a_panel():
    explorer = make("11_rho")
    assert explorer["map"].title == "ρ = 0: SGD"
    explorer["sharpness"].pointer = (0.9, 0.3)
    assert explorer["rho"].value == 1.0
    assert explorer["accuracy"].pointer[0] == 1.0


def test_bend_from_the_straight_line_to_beyond_the_trained_point():
    explorer, found = make("12_bend"), stored("12_bend")
    A, B, C = found["points"].astype(float)
    for share, control in ((0.0, (A + B) / 2), (1.0, C)):
        explorer["bend"].value = share
        assert np.frombuffer(explorer["map"].marks[1]["points"], "<f4") == pytest.approx(control)
    highest = found["losses"].max(axis=1)
    assert explorer["loss"].readout.endswith(f"{highest[20] / highest[0]:.0%} of that on the "
                                             "straight line")  # fmt: skip
    explorer["bend"].value = 1.5
    assert explorer["map"].title == "bend 150%"


def test_unknown_results_are_named():
    with pytest.raises(
        FileNotFoundError, match="no results named '01_none'; choose from 07_noise, 08_"
    ):
        measured("01_none")
