"""A scan on a real local cluster of two processes, if Dask is installed."""

import os
import re
from contextlib import suppress
from pathlib import Path

import joblib
import nbformat
import numpy as np
import pytest

from lossviz_helpers import Objective, Slice, model_3, scan, squared_error, xor
from lossviz_helpers.scanning import chunks

distributed = pytest.importorskip("distributed", reason="Dask is an extra: pip install '.[dask]'")


@pytest.fixture(scope="module")
def cluster():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local,
        distributed.Client(local) as client,
    ):
        yield local, client


@pytest.fixture
def landscape(monkeypatch):
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 25)
    L = Objective(model_3(), xor(200), squared_error)
    return L, Slice.random(L.point())


def test_the_same_losses(cluster, landscape):
    with joblib.parallel_config(backend="dask"):
        assert joblib.effective_n_jobs(None) == 2
        together = scan(*landscape, 20)
    assert np.array_equal(together.loss, scan(*landscape, 20).loss)


def test_late_workers_are_given_work(landscape, monkeypatch):
    L, view = landscape
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local,
        distributed.Client(local) as client,
        joblib.parallel_config(backend="dask"),
    ):
        waves, in_parallel = [], chunks._in_parallel

        def spread(calls, work, tries=3):
            waves.append(len(calls))
            if len(waves) == 1:
                local.scale(2)
                client.wait_for_workers(2)
            return in_parallel(calls, work, tries)

        monkeypatch.setattr(chunks, "_in_parallel", spread)
        found = scan(L, view, 40)
    assert waves[:2] == [16, 32], "the second wave is for two"
    assert np.array_equal(found.loss, scan(L, view, 40).loss)


class CountsCopies:
    """A loss that knows in how many processes it was unpickled."""

    def __call__(self, outputs, targets):
        return ((outputs - targets) ** 2).mean()

    def __setstate__(self, state):
        import builtins

        builtins.lossviz_copies = getattr(builtins, "lossviz_copies", 0) + 1


def test_the_model_is_sent_once_per_worker(cluster, landscape):
    def copies():
        import builtins

        return getattr(builtins, "lossviz_copies", 0)

    _, client = cluster
    L, view = landscape
    L = Objective(L.model, (L.x, L.y), CountsCopies())
    with joblib.parallel_config(backend="dask"):
        scan(L, view, 60)  # 144 chunks
    assert all(n <= 3 for n in client.run(copies).values())


class LosesAWorker:
    """A loss that kills the first worker that computes it: the one that has the model."""

    def __init__(self, folder: Path):
        self.home, self.lost = os.getpid(), folder / "lost"

    def __call__(self, outputs, targets):
        if os.getpid() != self.home and not self.lost.exists():
            with suppress(FileExistsError), self.lost.open("x") as file:
                file.write(str(os.getpid()))
                file.flush()
                os.kill(os.getpid(), 9)
        return ((outputs - targets) ** 2).mean()


def test_results_of_a_lost_worker_are_recomputed(cluster, landscape, tmp_path):
    _, client = cluster
    L, view = landscape
    L = Objective(L.model, (L.x, L.y), LosesAWorker(tmp_path))
    expected = scan(L, view, 60)
    assert not L.loss.lost.exists()
    with joblib.parallel_config(backend="dask"):
        found = scan(L, view, 60)
    assert np.array_equal(found.loss, expected.loss)
    assert int(L.loss.lost.read_text()) not in client.run(os.getpid).values(), "it was really lost"


ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("page", ["docs/many_machines.md", "notebooks/14_your_own_model.ipynb"])
def test_the_slurm_job_asks_for_what_the_page_says(page):
    pytest.importorskip("dask_jobqueue", reason="the test extra brings it")
    text = (ROOT / page).read_text(encoding="utf-8")
    if page.endswith("ipynb"):
        text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
    (block,) = (b for b in re.findall(r"```python\n(.*?)```", text, re.S) if "SLURM" in b)
    made, found, rest = block.partition("cluster.scale(")
    assert found
    names = {}
    exec(made, names)  # no SLURM is needed to write the script of a job
    with names["cluster"] as cluster:
        script = cluster.job_script()
    assert "#SBATCH --mem=4G" in script
    assert "#SBATCH -t 01:00:00" in script
    assert "#SBATCH --cpus-per-task=1" in script
    compile(rest.partition("\n")[2], page, "exec")
