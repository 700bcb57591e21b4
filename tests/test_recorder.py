"""A recorder follows a training loop that knows nothing of landscapes."""

import gc
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from lossviz_helpers import (
    Objective,
    Recorder,
    Slice,
    descend,
    model_2,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import WALK

data = xor(50)


def train(model, record, steps, lr=0.1):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        squared_error(model(data.x), data.y).backward()
        optimizer.step()
        record.step()


def expected(steps, every, seed=0):
    L = Objective(model_3(seed), data, squared_error)
    return descend(L, L.point(), steps, 0.1, torch.optim.SGD, every=every)


@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.parametrize(("steps", "every"), [(20, 1), (20, 5), (23, 5), (3, 5)])
def test_it_sees_what_descend_sees(steps, every, on_disk, tmp_path):
    model = model_3()
    record = Recorder(model, every, folder=tmp_path / "run" if on_disk else None)
    train(model, record, steps)
    path, wanted = record.trajectory(Objective(model, data, squared_error)), expected(steps, every)
    assert path.steps.tolist() == wanted.steps.tolist()
    assert torch.allclose(path.points, wanted.points, rtol=1e-10)
    assert torch.allclose(path.losses, wanted.losses, rtol=1e-10)


def test_points_are_copies():
    model = model_3()
    record = Recorder(model)
    start = torch.cat([p.detach().flatten() for p in model.parameters()])
    train(model, record, 3)
    path = record.trajectory(Objective(model, data, squared_error))
    assert torch.equal(path.start, start)
    path.points.zero_()
    again = record.trajectory(Objective(model, data, squared_error))
    assert torch.equal(again.start, start)


def test_memory_does_not_grow_with_the_run_if_points_are_on_disk(tmp_path):
    def points_in_memory() -> int:
        tensors = [thing for thing in gc.get_objects() if type(thing) is torch.Tensor]
        return sum(tensor.shape == (13,) for tensor in tensors)

    points = 1 + 30 // 7
    for folder, growth in ((None, points), (tmp_path, 0)):
        gc.collect()
        model, before = model_3(), points_in_memory()
        record = Recorder(model, every=7, folder=folder)
        train(model, record, 30)
        gc.collect()
        assert points_in_memory() - before == growth
        del record
    assert len(list(tmp_path.glob("*.npy"))) == points


def brought_back(folder: Path, step: int) -> tuple[Objective, nn.Module]:
    """The landscape, and the model as a recorder kept it at a step."""
    L = Objective(model_3(), data, squared_error)
    return L, L.model_at(torch.from_numpy(np.load(folder / f"{step:09d}.npy")))


@pytest.mark.parametrize("checkpoint", [10, 5])
def test_an_interrupted_run_continues(checkpoint, tmp_path):
    model = model_3()
    train(model, Recorder(model, 5, tmp_path), 10)
    del model  # the process ends; a new one brings its model back from a checkpoint of its own
    L, back = brought_back(tmp_path, checkpoint)
    record = Recorder(back, 5, tmp_path, resume=True)
    train(back, record, 22 - checkpoint)
    path, wanted = record.trajectory(L), expected(22, 5)
    assert path.steps.tolist() == wanted.steps.tolist()
    assert torch.allclose(path.points, wanted.points, rtol=1e-10)


def test_steps_that_a_resumed_run_has_not_reached_are_not_mixed_in(tmp_path):
    model = model_3()
    train(model, Recorder(model, 5, tmp_path), 20)
    L, back = brought_back(tmp_path, 5)
    record = Recorder(back, 5, tmp_path, resume=True)
    train(back, record, 5, lr=0.01)  # another run from here on
    assert record.trajectory(L).steps.tolist() == [0, 5, 10]


def test_what_another_run_did_later_is_dropped_at_the_first_step(tmp_path):
    model = model_3()
    train(model, Recorder(model, 10, tmp_path), 30)
    L, back = brought_back(tmp_path, 10)
    record = Recorder(back, 7, tmp_path, resume=True)
    assert len(list(tmp_path.glob("*.npy"))) == 4, "nothing is lost before a step is taken"
    assert record.trajectory(L).steps.tolist() == [0, 10], "but it isn't part of this run"
    train(back, record, 20, lr=0.01)
    path = record.trajectory(L)
    assert path.steps.tolist() == [0, 10, 14, 21, 28, 30]
    wanted = descend(L, path.points[1], 20, 0.01, torch.optim.SGD)
    assert torch.allclose(path.points[1:], wanted.points[[0, 4, 11, 18, 20]], rtol=1e-10)


def test_results_of_another_run_are_never_touched(tmp_path):
    model = model_3()
    train(model, Recorder(model, 5, tmp_path), 10)
    before = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    with pytest.raises(ValueError, match=r"already holds 3 points.*resume=True"):
        Recorder(model_3(seed=1), 5, tmp_path)
    for other, P in ((model_2(), 3), (model_3(seed=1), 13)):
        with pytest.raises(ValueError, match=rf"with {P} parameters, isn't at any of them"):
            Recorder(other, 5, tmp_path, resume=True)
    Recorder(model, 5, tmp_path, resume=True).trajectory(Objective(model, data, squared_error))
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == before


def test_a_replaced_parameter_is_followed():
    model = model_2()
    record = Recorder(model)
    model.linear.weight = nn.Parameter(torch.full((1, 2), 7.0, dtype=torch.float64))
    record.step()
    path = record.trajectory(Objective(model, data, squared_error))
    assert path.end[:2].tolist() == [7, 7]


def test_the_folder_stays_when_the_program_moves(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = model_3()
    record = Recorder(model, folder="run")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    record.step()
    assert len(list((tmp_path / "run").glob("*.npy"))) == 2


def test_a_run_killed_while_it_wrote_can_be_read(tmp_path):
    model = model_3()
    train(model, Recorder(model, 5, tmp_path), 10)
    (tmp_path / "unfinished").write_bytes(b"\x93NUM")
    record = Recorder(model, 5, tmp_path, resume=True)
    assert len(record.trajectory(Objective(model, data, squared_error))) == 3


def test_frozen_parameters_are_not_part_of_it():
    model = model_3()
    model.layer_1.requires_grad_(False)
    record = Recorder(model)
    model.layer_2.bias.data += 1
    record.step()
    path = record.trajectory(Objective(model, data, squared_error))
    assert path.points.shape == (2, 4)


def test_half_precision_is_written_to_disk_too(tmp_path):
    model = nn.Linear(2, 1).to(torch.bfloat16)
    Recorder(model, folder=tmp_path).step()
    assert np.load(tmp_path / "000000001.npy").dtype == np.float32


def test_bad_every():
    with pytest.raises(ValueError, match="every must be at least 1, got 0"):
        Recorder(model_3(), every=0)


def test_a_model_without_parameters_to_follow():
    with pytest.raises(ValueError, match="no trainable parameters"):
        Recorder(model_3().requires_grad_(False))


def test_a_trajectory_of_a_different_model():
    with pytest.raises(ValueError, match=r"points have 13 parameters.* has 3"):
        Recorder(model_3()).trajectory(Objective(model_2(), data, squared_error))


def test_two_lines_are_enough_for_a_picture():
    model = model_3(seed=WALK.seed)
    record = Recorder(model, every=10)
    train(model, record, 100, lr=1.0)
    L = Objective(model, data, squared_error)
    view = Slice.pca(record.trajectory(L).points)
    assert scan(L, view, 5).gaps == 0


# Models whose parameters are shared, frozen or computed


class Tied(nn.Module):
    """Its second layer is the first one's transpose: one parameter under two names."""

    def __init__(self):
        super().__init__()
        self.encode, self.decode = nn.Linear(2, 2), nn.Linear(2, 2)
        self.decode.weight = self.encode.weight
        self.out = nn.Linear(2, 1)

    def forward(self, x):
        return self.out(self.decode(torch.tanh(self.encode(x)))).squeeze(-1)


def repeated() -> nn.Module:
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, nn.Tanh(), layer, nn.Linear(2, 1), nn.Flatten(0))


def partly_frozen() -> nn.Module:
    model = repeated()
    model[3].weight.requires_grad_(False)
    return model


def normed() -> nn.Module:
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1), nn.Flatten(0))
    nn.utils.parametrizations.weight_norm(model[0])
    return model


@pytest.mark.parametrize("make", [Tied, repeated, partly_frozen, normed])
@pytest.mark.parametrize("on_disk", [False, True])
def test_it_records_the_points_of_the_objective(make, on_disk, tmp_path):
    torch.manual_seed(0)
    model = make().double()
    L = Objective(model, data, squared_error)
    record = Recorder(model, folder=tmp_path if on_disk else None)
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    points, losses = [L.point(model)], []
    for _ in range(4):
        optimizer.zero_grad()
        loss = squared_error(model(data.x), data.y)
        losses.append(loss.detach())
        loss.backward()
        optimizer.step()
        record.step()
        points.append(L.point(model))
    path = record.trajectory(L)
    assert torch.equal(path.points, torch.stack(points))
    torch.testing.assert_close(path.losses[:-1], torch.stack(losses))
    assert path.losses[-1] < path.losses[0]


def test_a_parameter_that_is_tied_while_it_trains():
    model = Tied()
    model.decode.weight = nn.Parameter(model.encode.weight.detach().clone())
    record = Recorder(model)
    model.decode.weight = model.encode.weight
    record.step()
    assert record._points[1].shape == record._points[0].shape


@pytest.mark.parametrize("got", [Objective(model_3(), data, squared_error), model_3, "model"])
def test_following_something_other_than_a_model(got):
    with pytest.raises(TypeError, match=rf"torch\.nn\.Module, but got {type(got).__name__}"):
        Recorder(got)


def test_a_trajectory_without_a_landscape():
    model = model_3()
    with pytest.raises(TypeError, match="L must be an Objective, got TwoLayerNet"):
        Recorder(model).trajectory(model)
    with pytest.raises(TypeError, match=r"every must be a whole number.*got 0\.5"):
        Recorder(model, every=0.5)
