"""A scan on a real local cluster of two processes, if Dask is installed."""

import joblib
import numpy as np
import pytest

from lossviz_helpers import Objective, Slice, model_3, scan, squared_error, xor

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


class CountsCopies:
    """A loss that knows in how many processes it was unpickled."""

    def __call__(self, outputs, targets):
        return ((outputs - targets) ** 2).mean()

    def __setstate__(self, state):
        import builtins

        builtins.lossviz_copies = getattr(builtins, "lossviz_copies", 0) + 1


def test_the_model_travels_once_per_worker(cluster, landscape):
    def copies():
        import builtins

        return getattr(builtins, "lossviz_copies", 0)

    _, client = cluster
    L, view = landscape
    L = Objective(L.model, (L.x, L.y), CountsCopies())
    with joblib.parallel_config(backend="dask"):
        scan(L, view, 60)  # 144 chunks
    assert all(n <= 3 for n in client.run(copies).values())


def test_a_lost_worker_loses_no_result(cluster, landscape):
    import os
    import threading

    _, client = cluster
    L, view = landscape
    expected = scan(L, view, 60)
    victim = next(iter(client.run(os.getpid).values()))
    threading.Timer(0.3, os.kill, (victim, 9)).start()
    with joblib.parallel_config(backend="dask"):
        found = scan(L, view, 60)
    assert np.array_equal(found.loss, expected.loss)
    assert victim not in client.run(os.getpid).values(), "the worker was really lost"
