"""A trajectory on disk is complete, comes back as it was, and runs no code; landscapes likewise."""

import json

import numpy as np
import pytest
import torch
from known import normal

from lossviz_helpers import (
    Landscape,
    Objective,
    Slice,
    Trajectory,
    descend,
    model_3,
    squared_error,
    xor,
)


@pytest.mark.parametrize("starts", [(), (4,)])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_a_trajectory_comes_back_as_it_was(starts, dtype, tmp_path):
    points = normal(6, *starts, 3).to(dtype)
    points[2, ..., 1] = torch.nan
    path = Trajectory(points, (1e3 * points.sum(dim=-1)).exp(), torch.arange(6) * 10)
    file = path.save(tmp_path / "run")
    assert file == tmp_path / "run.npz"
    assert [f.name for f in tmp_path.iterdir()] == ["run.npz"]
    again = Trajectory.load(str(file))
    for name in ("points", "losses", "steps"):
        found, wanted = getattr(again, name), getattr(path, name)
        torch.testing.assert_close(found, wanted, rtol=0, atol=0, equal_nan=True)
    assert len(again.thinned(2)) == 2


def test_what_was_trained_can_be_kept(tmp_path):
    L = Objective(model_3(), xor(50), squared_error)
    path = descend(L, L.initial_points(range(3)), steps=5)
    again = Trajectory.load(path.save(tmp_path / "run.npz"))
    assert torch.equal(again.points, path.points)
    assert torch.equal(again.losses, L(again.points).detach())
    further = descend(L, again.end, steps=5)
    assert torch.equal(further.start, path.end)


def test_an_old_file_stays_until_the_new_one_is_complete(tmp_path, monkeypatch):
    path = Trajectory(torch.zeros(5, 2), torch.zeros(5), torch.arange(5))
    file = path.save(tmp_path / "run.npz")
    before = file.read_bytes()

    def interrupted(file, **arrays):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez_compressed", interrupted)
    with pytest.raises(KeyboardInterrupt):
        path.save(file)
    assert file.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["run.npz"]


def test_files_that_are_not_trajectories(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no such file: .*run\.npz"):
        Trajectory.load(tmp_path / "run.npz")
    file = Trajectory(torch.zeros(5, 2), torch.zeros(5), torch.arange(5)).save(tmp_path / "run")
    with np.load(file) as found:
        entries = dict(found)

    def refused(**changes):
        np.savez(file, **{n: v for n, v in (entries | changes).items() if v is not None})
        with pytest.raises(ValueError, match=r"run\.npz isn't a Trajectory.*written by Trajectory"):
            Trajectory.load(file)

    for name in entries:
        refused(**{name: None})
    refused(losses=np.zeros(4))
    refused(steps=np.zeros((5, 2)))
    refused(points=np.array([print], dtype=object))
    refused(header="[1]")
    for content in (b"", b"T,P", file.read_bytes()[:-9]):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=r"run\.npz isn't a Trajectory"):
            Trajectory.load(file)


def test_other_results_are_not_taken_for_trajectories(tmp_path):
    path = Trajectory(torch.zeros(5, 2), torch.zeros(5), torch.arange(5)).save(tmp_path / "run")
    with pytest.raises(ValueError, match=r"a Landscape file.*its header says lossviz-trajectory"):
        Landscape.load(path)
    view = Slice(torch.zeros(2), torch.eye(2)[:1])
    land = Landscape((np.arange(3.0),), np.zeros(3), view).save(tmp_path / "land")
    with pytest.raises(ValueError, match=r"a Trajectory file.*its header says lossviz-landscape"):
        Trajectory.load(land)


def test_trajectories_of_a_different_version(tmp_path):
    file = Trajectory(torch.zeros(5, 2), torch.zeros(5), torch.arange(5)).save(tmp_path / "run")
    np.savez(file, header=json.dumps({"format": "lossviz-trajectory", "version": 2}))
    with pytest.raises(
        ValueError, match=r"in version 2 of the format, but this package reads .*1; record it"
    ):
        Trajectory.load(file)


def test_a_landscape_in_bfloat16_comes_back_too(tmp_path):
    view = Slice(normal(2).bfloat16(), torch.eye(2).bfloat16()[:1])
    land = Landscape((np.arange(3.0),), np.zeros(3), view)
    again = Landscape.load(land.save(tmp_path / "land"))
    assert torch.equal(again.slice.origin, view.origin)
    assert again.slice.origin.dtype == view.origin.dtype
