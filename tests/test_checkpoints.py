"""Checkpoints of all kinds become the walk that they were saved on, or an error names the file."""

import os
import sys

import numpy as np
import pytest
import torch
from known import build, normal
from torch import nn

from lossviz_helpers import Objective, Recorder, Trajectory, squared_error
from lossviz_helpers.training import checkpoints


def net():
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1))


@pytest.fixture
def L():
    return Objective(build(net), (normal(20, 3), normal(20, 1)), squared_error)


def saved(L, folder, wrapped=lambda state: state, name="step_{}.pt", steps=(0, 20, 100)):
    """Checkpoints of some points, which are returned."""
    points = normal(len(steps), L.P, seed=5)
    for step, theta in zip(steps, points, strict=True):
        file = folder / name.format(step)
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(wrapped(L.model_at(theta).state_dict()), file)
    return points


def prefixed(prefix):
    return lambda state: {prefix + name: t for name, t in state.items()}


@pytest.mark.parametrize(
    ("wrapped", "name"),
    [
        (lambda state: state, "step_{}.pt"),
        (prefixed("module."), "step_{}.pth"),
        (prefixed("_orig_mod.module."), "run7/{}.pt"),
        (lambda state: {"epoch": 3, "model_state_dict": state, "optimizer": {}}, "5-{}.tar"),
        (lambda s: {"state_dict": prefixed("net.")(s), "loops": {"a": 1}}, "epoch=1-step={}.ckpt"),
        (lambda state: state, "checkpoint-{}/pytorch_model.bin"),
        (lambda state: {"a": {"b": state, "same": dict(state)}}, "step_{}.pt"),
    ],
)
def test_each_kind_of_checkpoint_is_read(L, tmp_path, wrapped, name):
    points = saved(L, tmp_path, wrapped, name)
    path = Trajectory.from_checkpoints(tmp_path / name.format("*"), L)
    assert path.steps.tolist() == [0, 20, 100]  # 100 after 20: numbers, not letters
    assert torch.equal(path.points, points)
    assert torch.allclose(path.losses, L(points))


def test_a_recorders_folder_is_read(L, tmp_path):
    model = L.model_at(L.point())
    record = Recorder(model, folder=tmp_path / "run")
    for _ in range(3):
        with torch.no_grad():
            next(model.parameters()).add_(1)
        record.step()
    path = Trajectory.from_checkpoints(tmp_path / "run/*.npy", L)
    assert torch.equal(path.points, record.trajectory(L).points)
    assert path.steps.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("every", "steps"), [(2, [0, 2, 4]), (3, [0, 3, 4]), (9, [0, 4])])
def test_every_nth_is_read_and_the_last(L, tmp_path, every, steps):
    saved(L, tmp_path, steps=range(5))
    path = Trajectory.from_checkpoints(f"{tmp_path}/*.pt", L, every=every)
    assert path.steps.tolist() == steps


def test_several_models_in_a_file_need_a_key(L, tmp_path):
    def both(state):
        ema = {name: t + t.dtype.is_floating_point for name, t in state.items()}
        return {"model": state, "ema": ema}

    points = saved(L, tmp_path, both)
    with pytest.raises(ValueError, match=r"fit, under 'model', 'ema'.*key='model'"):
        Trajectory.from_checkpoints(tmp_path / "*.pt", L)
    path = Trajectory.from_checkpoints(tmp_path / "*.pt", L, key="ema")
    assert torch.allclose(path.points, points + 1)


def cut(file):
    file.write_bytes(file.read_bytes()[:-300])


def emptied(file):
    file.write_bytes(b"")


def of_another_model(file):
    torch.save(nn.Linear(3, 4).state_dict(), file)


def wider(file):
    state = torch.load(file)
    torch.save({**state, "3.weight": torch.zeros(1, 5)}, file)


def a_whole_model(file):
    torch.save(build(net), file)


def no_model(file):
    torch.save({"epoch": 3}, file)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (cut, "can't be read: it is damaged.*still being written"),
        (emptied, "can't be read"),
        (of_another_model, "isn't a checkpoint of Sequential: it has no '0.weight', but 'weight'"),
        (
            wider,
            r"isn't a checkpoint of Sequential: its .3.weight. has shape \(1, 5\), not",
        ),
        (a_whole_model, r"holds Python objects.*save model.state_dict\(\)"),
        (no_model, "isn't a checkpoint of Sequential: it holds no dict of tensors"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(L, tmp_path, damage, message):
    saved(L, tmp_path)
    damage(tmp_path / "step_20.pt")
    with pytest.raises(ValueError, match=r"step_20.pt " + message):
        Trajectory.from_checkpoints(tmp_path / "*.pt", L)


def test_an_old_damaged_file_is_not_being_written(L, tmp_path):
    saved(L, tmp_path)
    cut(tmp_path / "step_20.pt")
    os.utime(tmp_path / "step_20.pt", (0, 0))
    with pytest.raises(ValueError, match="damaged") as caught:
        Trajectory.from_checkpoints(tmp_path / "*.pt", L)
    assert "written" not in str(caught.value)


def test_a_folder_that_changes_while_it_is_read(L, tmp_path, monkeypatch):
    points, load = saved(L, tmp_path), checkpoints._load

    def meanwhile(file):
        if file.name == "step_0.pt":
            saved(L, tmp_path, steps=(200,))  # comes too late to be read
        return load(file)

    monkeypatch.setattr(checkpoints, "_load", meanwhile)
    assert torch.equal(Trajectory.from_checkpoints(tmp_path / "*.pt", L).points, points)

    def rotated(file):
        (tmp_path / "step_20.pt").unlink(missing_ok=True)
        return load(file)

    monkeypatch.setattr(checkpoints, "_load", rotated)
    with pytest.raises(ValueError, match=r"step_20.pt was there when reading began and is gone"):
        Trajectory.from_checkpoints(tmp_path / "*.pt", L)


def test_files_without_numbers_have_no_order(L, tmp_path):
    saved(L, tmp_path, name="{}.pt", steps=("first", "last"))
    with pytest.raises(ValueError, match=r"no number of their own.*first.pt, last.pt"):
        Trajectory.from_checkpoints(tmp_path / "*.pt", L)


def test_a_pattern_that_matches_nothing(L, tmp_path):
    with pytest.raises(ValueError, match="no file matches"):
        Trajectory.from_checkpoints(tmp_path / "*.pt", L)
    with pytest.raises(ValueError, match=r"to take all files of a folder, write .*/\*"):
        Trajectory.from_checkpoints(tmp_path, L)


def test_points_that_do_not_fit_into_memory(L, tmp_path, monkeypatch):
    saved(L, tmp_path)
    needed = 3 * L.P * 8

    class Little:
        available = needed

    monkeypatch.setattr(checkpoints.psutil, "virtual_memory", Little)
    with pytest.raises(MemoryError, match=r"more than half of the free memory.*every=2"):
        Trajectory.from_checkpoints(tmp_path / "*.pt", L)


def test_a_missing_package_is_named(L, tmp_path, monkeypatch):
    (tmp_path / "step_1.safetensors").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "safetensors.torch", None)
    with pytest.raises(ImportError, match="pip install safetensors"):
        Trajectory.from_checkpoints(tmp_path / "*.safetensors", L)


def test_a_point_of_another_model_is_refused(L, tmp_path):
    np.save(tmp_path / "000000001.npy", np.zeros(3))
    with pytest.raises(ValueError, match=rf"shape \(3,\), but a point of .* \({L.P},\)"):
        Trajectory.from_checkpoints(tmp_path / "*.npy", L)
