"""Scans: what is kept, what is done twice, and that no worker changes a number."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import joblib
import numpy as np
import psutil
import pytest
import torch
from known import landscape_of
from torch import nn

from lossviz_helpers import (
    Objective,
    ScanInterrupted,
    Slice,
    diagonal,
    model_1,
    model_3,
    plan,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import BOWL
from lossviz_helpers.scanning import plans
from lossviz_helpers.scanning.work import Work

ROOT = Path(__file__).parents[1]


@pytest.fixture
def counted(monkeypatch):
    """The grid points at which chunks were computed, in order."""
    done, losses = [], Work.losses

    def count(self, first):
        done.append(first)
        return losses(self, first)

    monkeypatch.setattr(Work, "losses", count)
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 10)
    return done


def landscape(model=None, data=None) -> tuple[Objective, Slice]:
    L = Objective(model or model_3(), data or xor(50), squared_error)
    return L, Slice.random(L.point())


def test_a_repeated_scan_computes_nothing(tmp_path, counted):
    L, view = landscape()
    first = scan(L, view, 7, memory=tmp_path)
    assert counted == [0, 10, 20, 30, 40]
    again = scan(L, view, 7, memory=joblib.Memory(tmp_path, verbose=0))
    assert len(counted) == 5
    assert np.array_equal(first.loss, again.loss)
    assert np.array_equal(first.loss, scan(L, view, 7).loss), "the same as without memory"


def test_an_interrupted_scan_computes_what_is_missing(tmp_path, counted, monkeypatch):
    L, view = landscape()
    whole = scan(L, view, 7)
    combine = Objective.combine

    def break_at_third(self, *args):
        if len(counted) == 3:
            raise KeyboardInterrupt
        return combine(self, *args)

    counted.clear()
    monkeypatch.setattr(Objective, "combine", break_at_third)
    with pytest.raises(ScanInterrupted, match="20 of 49 models"):
        scan(L, view, 7, memory=tmp_path)
    monkeypatch.setattr(Objective, "combine", combine)
    counted.clear()
    assert np.array_equal(scan(L, view, 7, memory=tmp_path).loss, whole.loss)
    assert counted == [20, 30, 40]


class Tripled(nn.Module):
    factor = 3.0

    def __init__(self):
        super().__init__()
        self.net = model_3()

    def forward(self, x):
        return self.factor * self.net(x)


def test_any_change_invalidates_the_cache(tmp_path, counted):
    L, view = landscape()
    scan(L, view, 7, memory=tmp_path)
    cases = {
        "other data": landscape(data=xor(50, seed=1))[0],
        "other model": landscape(model=model_3(hidden="sigmoid"))[0],
        "other loss": Objective(model_3(), xor(50), nn.L1Loss()),
    }
    for name, other in cases.items():
        counted.clear()
        fresh = scan(other, view, 7)
        counted.clear()
        assert np.array_equal(scan(other, view, 7, memory=tmp_path).loss, fresh.loss), name
        assert len(counted) == 5, name
    for change in ({"resolution": 8}, {"resolution": (7, 9)}, {"extent": ((-1, 1), (-1, 2))}):
        asked = {"resolution": 7, **change}
        fresh = scan(L, view, **asked).loss
        counted.clear()
        assert np.array_equal(scan(L, view, **asked, memory=tmp_path).loss, fresh), change
        assert len(counted) == -(-fresh.size // 10), f"{change}: no chunk is one of the old ones"


def test_chunks_of_another_size_are_not_reused(tmp_path, counted, monkeypatch):
    L, view = landscape()
    whole = scan(L, view, 7, memory=tmp_path).loss
    for size in (7, 49, 10):
        monkeypatch.setattr(Objective, "chunk_size", lambda self, size=size: size)
        counted.clear()
        # some processors round differently in a stack of another size
        again = scan(L, view, 7, memory=tmp_path).loss
        assert np.allclose(again, whole, rtol=1e-12, atol=0), size
    assert counted == [], "those of ten are still there"


def test_slices_with_the_same_corners_are_distinguished(tmp_path):
    # |θ|² on the first slice, θ₁² + θ₃⁴ on the second: the same where every α is 1 or −1
    L = landscape_of(lambda t: t[0] ** 2 + t[1] ** 2 + t[2] ** 4, 3)
    first, second = (Slice(torch.zeros(3), torch.eye(3)[[0, i]]) for i in (1, 2))
    before = scan(L, first, 5, memory=tmp_path).loss
    after = scan(L, second, 5, memory=tmp_path).loss
    assert np.array_equal(before[[0, 0, -1, -1], [0, -1, 0, -1]], np.full(4, 2.0))
    assert np.array_equal(after, scan(L, second, 5).loss)
    assert not np.array_equal(after, before)


def test_losses_with_the_same_corners_are_distinguished(tmp_path):
    # alike at the corners of the slice, where both are 2, and at the points that a name probes
    bowl = landscape_of(lambda t: t[0] ** 2 + t[1] ** 2, 2)
    basin = landscape_of(lambda t: t[0] ** 4 + t[1] ** 4, 2)
    view = Slice(torch.zeros(2), torch.eye(2))
    lands = [scan(L, view, 5, memory=tmp_path).loss for L in (bowl, basin)]
    assert np.array_equal(lands[1], scan(basin, view, 5).loss)
    assert not np.array_equal(*lands)


def test_a_change_in_the_models_code_is_noticed(tmp_path, counted, monkeypatch):
    L, view = landscape(model=Tripled())
    before = scan(L, view, 7, memory=tmp_path)
    monkeypatch.setattr(Tripled, "factor", 2.0)
    L, view = landscape(model=Tripled())
    counted.clear()
    after = scan(L, view, 7, memory=tmp_path)
    assert len(counted) == 5
    assert not np.allclose(before.loss, after.loss)


def limited(limit):
    return lambda outputs, y: ((outputs - y) ** 2).clamp(max=limit).mean()


def other_code(outputs, y):
    return ((outputs - y) ** 2 * (1 + 1e-9 * (outputs > 1e9))).mean()


def same_code(outputs, y):
    return ((outputs - y) ** 2).mean()


def test_the_code_of_a_loss_is_part_of_its_fingerprint():
    def name(loss):
        return Objective(model_3(), xor(50), loss).fingerprint()

    assert name(limited(20)) != name(limited(5)), "a constant that matters far away only"
    assert name(limited(5)) == name(limited(5))
    assert name(other_code) != name(same_code), "the same losses at every probe"


def test_a_loss_may_contain_compiled_functions():
    def squashed(function):
        return lambda outputs, y: (function(outputs) - y).square().mean()

    names = {
        Objective(model_3(), xor(50), squashed(f)).fingerprint() for f in (torch.tanh, torch.sin)
    }
    assert len(names) == 2


SETTINGS = {"floor": 0.0, "steps": [1, 2], "chosen": {"a", "b"}}


def flooded(outputs, y):
    loss = ((outputs - y) ** 2).mean()
    return torch.where(loss > SETTINGS["floor"], loss, 2 * SETTINGS["floor"] - loss)


class Limited(nn.Module):
    def __init__(self, limit):
        super().__init__()
        self.settings = {"limit": limit}
        self.net = model_3()

    def forward(self, x):
        return self.net(x).clamp(max=self.settings["limit"])


def test_lists_and_dicts_are_part_of_a_fingerprint(monkeypatch):
    def name(loss=flooded, limit=1e9):
        return Objective(Limited(limit), xor(50), loss).fingerprint()

    def listed(limits):
        return lambda outputs, y: ((outputs - y) ** 2).clamp(*limits).mean()

    before = name()
    assert name() == before
    assert name(limit=1e8) != before, "a module's"
    assert name(listed([None, 1e9])) != name(listed([None, 1e8])), "a closure's"
    for change in ({"floor": 1e-9}, {"steps": [1, 2, 3]}, {"chosen": {"a", "c"}}):
        with monkeypatch.context() as patch:
            patch.setitem(SETTINGS, *next(iter(change.items())))
            assert name() != before, change


def test_a_changed_setting_invalidates_the_cache(tmp_path, monkeypatch):
    # below its floor the loss is reflected, which neither probes nor corners of the slice see
    L = Objective(model_1(), diagonal(), flooded)
    view = Slice(torch.zeros(2), torch.eye(2), BOWL.window)
    before = scan(L, view, 21, memory=tmp_path)
    monkeypatch.setitem(SETTINGS, "floor", 0.2)
    after = scan(L, view, 21, memory=tmp_path)
    assert np.array_equal(after.loss, scan(L, view, 21).loss)
    assert not np.array_equal(after.loss, before.loss)


def test_a_self_referential_list_has_a_fingerprint():
    endless = [1]
    endless.append(endless)
    loss = lambda outputs, y: ((outputs - y) ** 2).mean() * endless[0]  # noqa: E731
    assert Objective(model_3(), xor(50), loss).fingerprint()


class Hidden:
    def __init__(self, limit):
        self.limit = limit


def test_a_setting_that_matters_at_one_corner_is_noticed(tmp_path, counted):
    settings = Hidden(200)  # an object that is no part of a name, only its effect is

    def loss(outputs, y):
        return (outputs.clamp(max=settings.limit) - y).square().mean()

    # outputs are 100 in the corner where both weights are 50, and 83 next to it
    L = Objective(model_1(), (torch.ones(20, 2).double(), torch.zeros(20).double()), loss)
    view = Slice(torch.zeros(2), torch.eye(2))
    far = ((-50, 50), (-50, 50))
    before = scan(L, view, 7, far, memory=tmp_path)
    settings.limit = 90
    fresh = scan(L, view, 7, far)
    counted.clear()
    after = scan(L, view, 7, far, memory=tmp_path)
    assert len(counted) == 5
    assert np.array_equal(after.loss, fresh.loss)
    assert (after.loss != before.loss).sum() == 1, "nothing but the corner tells"


@pytest.mark.parametrize("damage", [b"", b"no pickle", None])
def test_a_damaged_chunk_is_recomputed(tmp_path, counted, damage, caplog):
    L, view = landscape()
    whole = scan(L, view, 7, memory=tmp_path)
    kept = sorted(tmp_path.rglob("output.pkl"))
    assert len(kept) == 5
    if damage is None:
        kept[0].write_bytes(kept[0].read_bytes()[:-20])
    else:
        kept[0].write_bytes(damage)
    counted.clear()
    again = scan(L, view, 7, memory=tmp_path)
    assert "Exception while loading results" in caplog.text, "the user is told"
    assert len(counted) == 1
    assert np.array_equal(again.loss, whole.loss)


def test_a_scan_survives_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    L, view = landscape()
    expected = scan(L, view, 5)

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("joblib.numpy_pickle.dump", full)
    with pytest.warns(Warning, match="No space left on device"):
        land = scan(L, view, 5, memory=tmp_path)
    assert np.array_equal(land.loss, expected.loss)


SLOW = """
import sys, time
import torch
from lossviz_helpers import Objective, Slice, model_3, scan, squared_error, xor
from lossviz_helpers.scanning.work import Work

Objective.chunk_size = lambda self: 10
losses = Work.losses
def slowly(self, first):
    time.sleep(0.05)
    print(first, flush=True)
    return losses(self, first)
Work.losses = slowly
L = Objective(model_3(), xor(50), squared_error)
land = scan(L, Slice.random(L.point()), 20, memory=sys.argv[1])
land.save(sys.argv[2])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_scan_continues_where_it_stopped(tmp_path):
    from lossviz_helpers import Landscape

    def start(folder, name):
        command = [sys.executable, "-c", SLOW, folder, tmp_path / name]
        return subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT)

    killed = start(tmp_path / "kept", "land")
    done = [killed.stdout.readline().strip() for _ in range(15)]
    os.kill(killed.pid, signal.SIGKILL)
    done += killed.stdout.read().split()
    killed.wait()
    again = start(tmp_path / "kept", "land")
    missing = again.communicate()[0].split()
    twice = set(done) & set(missing)
    assert len(twice) <= 1, "only the chunk that was under way is done twice"
    assert len(set(done) | set(missing)) == 40

    start(tmp_path / "other", "whole").communicate()
    land, whole = (Landscape.load(tmp_path / f"{name}.npz") for name in ("land", "whole"))
    assert np.array_equal(land.loss, whole.loss), "bit for bit"


def test_two_processes_share_a_folder(tmp_path):
    command = [sys.executable, "-c", SLOW, tmp_path / "kept"]
    both = [subprocess.Popen([*command, tmp_path / n], cwd=ROOT, stdout=-3) for n in ("a", "b")]
    assert [process.wait() for process in both] == [0, 0]
    a, b = (np.load(tmp_path / f"{name}.npz")["loss"] for name in ("a", "b"))
    assert np.array_equal(a, b)


@pytest.mark.parametrize("kind", ["chain", "stacked", "looped"])
def test_threads_give_the_same_losses(kind, monkeypatch):
    # workers of a cluster often have several threads, which share one objective
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 20)
    L = Objective(model_3(), xor(), squared_error)
    del L._evaluator.evaluators[: ["chain", "stacked", "looped"].index(kind)]
    view = Slice.random(L.point())
    alone = scan(L, view, 30, progress=False)
    for _ in range(3):
        with joblib.parallel_config(backend="threading", n_jobs=4):
            assert np.array_equal(scan(L, view, 30, progress=False).loss, alone.loss)
    assert torch.backends.mha.get_fastpath_enabled()


def test_processes_give_the_same_losses(monkeypatch):
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 40)
    L, view = landscape()
    alone = scan(L, view, 20)
    with joblib.parallel_config(backend="loky", n_jobs=2):
        together = scan(L, view, 20)
    assert np.array_equal(alone.loss, together.loss)


def test_a_plan_counts_and_estimates(monkeypatch):
    L, view = landscape(data=xor(500))
    planned = plan(L, view, (30, 20))
    assert planned.models == 600
    assert planned.examples == 500
    assert planned.chunks == -(-600 // L.chunk_size())
    # two layers, 2·3 + 3·1 weights, one multiplication and one addition each
    assert planned.gigaflops == pytest.approx(600 * 500 * 2 * 9 / 1e9)
    assert "600 models × 500 examples" in str(planned)

    # the first call takes a second more, the last chunk is shorter than the others
    clock, calls = 0.0, []

    def slowly(self, first):
        nonlocal clock
        n = min(self.chunk, self.size - first)
        clock += 0.002 * n + (0 if calls else 1)
        calls.append(first)
        return np.zeros(n)

    monkeypatch.setattr(Objective, "chunk_size", lambda self: 90)
    monkeypatch.setattr(Work, "losses", slowly)
    monkeypatch.setattr(plans, "time", SimpleNamespace(perf_counter=lambda: clock))
    planned = plan(L, view, 100)
    assert planned.seconds == pytest.approx(20)
    assert len(calls) < planned.chunks, "a few of them tell"
    with joblib.parallel_config(backend="threading", n_jobs=4):
        shared = plan(L, view, 100)
    assert shared.workers == 4
    assert shared.seconds == pytest.approx(5)
    assert "on 4 workers" in str(shared)


def test_plan_rejects_what_scan_rejects():
    L, _ = landscape()
    with pytest.raises(ValueError, match="different models"):
        plan(L, Slice.random(torch.zeros(5)))


def test_a_plan_counts_the_memory_of_the_losses_and_a_chunk():
    L, view = landscape(data=xor(500))
    assert plan(L, view, 401).megabytes == pytest.approx((L.chunk_bytes() + 8 * 401**2) / 1e6)


def test_a_smaller_budget_makes_smaller_chunks():
    L, view = landscape(data=xor(500))
    small = Objective(model_3(), xor(500), squared_error, budget=200_000)
    assert small.chunk_bytes() <= 200_000
    assert small.chunk_size() < L.chunk_size()
    assert np.allclose(scan(small, view, 9).loss, scan(L, view, 9).loss, rtol=1e-10)


@pytest.mark.parametrize("last", [nn.Identity, nn.GELU], ids=["chain", "stacked"])
def test_memory_of_a_scan_does_not_grow_with_the_grid(last, monkeypatch):
    P, n, seen = 50_000, 40, []

    def loss(outputs, y):
        seen.append(psutil.Process().memory_info().rss)  # while the points exist
        return ((outputs - y) ** 2).mean()

    x, y = torch.ones(4, P), torch.zeros(4, 1)
    net = nn.Sequential(nn.Linear(P, 1, bias=False), last())
    L = Objective(net, (x, y), loss, budget=20_000_000)
    view = Slice.random(L.point())

    def grown() -> float:
        """The process's peak memory in megabytes, minus that before."""
        before = psutil.Process().memory_info().rss
        seen.clear()
        scan(L, view, n, progress=False)
        return (max(seen) - before) / 1e6

    all_points = 4 * P * n**2 / 1e6
    scan(L, view, 3, progress=False)  # what a first scan loads is none of its memory
    assert grown() < all_points / 4
    if last is nn.GELU:  # and it would be seen
        monkeypatch.setattr(Objective, "chunk_size", lambda self: n**2)
        assert grown() > all_points / 2
