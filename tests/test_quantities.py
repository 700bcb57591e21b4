"""Several quantities in one scan: the same numbers as one scan each, and errors that name them."""

import joblib
import numpy as np
import pytest
import torch
from known import build, landscape_of, normal
from torch import nn

from lossviz_helpers import (
    Objective,
    ScanInterrupted,
    Slice,
    WeightedMean,
    accuracy,
    conv_net,
    cross_entropy,
    error_rate,
    gradient,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.curvature import top_eigenvalue


def classifier(**options):
    x, y = normal(30, 4), torch.arange(30) % 3
    net = build(lambda: nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)))
    return Objective(net, (x, y), cross_entropy, **options)


def task_a(outputs, y):
    """Squared error of the examples of class 0 alone."""
    mine = y == 0
    return (outputs[:, 0] - 1).square()[mine].sum(), mine.sum()


def spread(outputs, y):
    """No mean over the examples."""
    return outputs.std()


METRICS = {
    "error": error_rate,
    "task A": WeightedMean(task_a),
    "spread": spread,
    "accuracy": accuracy,
}


@pytest.mark.parametrize("batch_size", [None, 7])
def test_one_pass_gives_what_one_scan_each_gives(batch_size):
    L = classifier(batch_size=batch_size)
    view, metrics = Slice.random(L.point(), seed=3), dict(METRICS)
    if batch_size:
        del metrics["spread"]
    lands = scan(L, view, (5, 4), metrics=metrics)
    assert list(lands) == ["loss", *metrics]
    assert all(land.quantity == name for name, land in lands.items())
    assert np.allclose(lands["loss"].loss, scan(L, view, (5, 4)).loss, rtol=1e-12, atol=0)
    for name in ("error", "task A"):
        alone = scan(L.on(loss=metrics[name]), view, (5, 4)).loss
        assert np.allclose(lands[name].loss, alone, rtol=1e-12, atol=1e-12), name
        assert np.ptp(alone) > 0
    assert np.allclose(lands["accuracy"].loss, 1 - lands["error"].loss)
    if "spread" in metrics:
        points = view.point(torch.cartesian_prod(*map(torch.as_tensor, lands["loss"].axes)))
        expected = L.predict(points).flatten(1).std(dim=1).reshape(5, 4)
        assert np.allclose(lands["spread"].loss, expected)


def test_the_model_is_called_once_for_all_metrics(monkeypatch):
    calls = []
    predict = Objective.predict
    monkeypatch.setattr(
        Objective, "predict", lambda self, *args: (calls.append(1), predict(self, *args))[1]
    )
    L = classifier()
    scan(L, Slice.random(L.point()), 3, metrics={"error": error_rate})
    few = len(calls)
    calls.clear()
    scan(L, Slice.random(L.point()), 3, metrics=METRICS)
    assert len(calls) == few


def test_data_sets_beside_each_other():
    L = classifier()
    test = normal(12, 4, seed=8), torch.arange(12) % 3
    view = Slice.random(L.point())
    sets = {"train": (L.x, L.y), "test": test}
    lands = scan(L, view, 4, metrics={"error": error_rate}, data=sets)
    assert list(lands) == ["train loss", "train error", "test loss", "test error"]
    assert np.allclose(lands["train loss"].loss, scan(L, view, 4).loss, rtol=1e-12, atol=0)
    for name, loss in (("test loss", None), ("test error", error_rate)):
        assert np.allclose(lands[name].loss, scan(L.on(test, loss), view, 4).loss, rtol=1e-12), name


def test_a_convolutional_net_with_several_examples_a_batch():
    x, y = normal(10, 1, 8, 8, dtype=torch.float32), torch.arange(10) % 10
    L = Objective(conv_net().eval(), (x, y), cross_entropy, batch_size=4)
    view = Slice.random(L.point(), 1, filters=L.filters)
    lands = scan(L, view, 5, metrics={"error": error_rate})
    assert np.allclose(lands["loss"].loss, scan(L, view, 5).loss, rtol=1e-5)
    assert np.allclose(lands["error"].loss, scan(L.on(loss=error_rate), view, 5).loss, atol=1e-7)


def test_measures_of_a_plane():
    c = torch.tensor([1.0, 3.0, 0.5]).double()
    L = landscape_of(lambda t: (c * t**2).sum() / 2 + t[0] ** 4, 3)
    view = Slice(torch.zeros(3), torch.eye(3)[:2])
    found = scan(
        L,
        view,
        3,
        measures={
            "‖∇L‖": lambda L, theta: gradient(L, theta).norm(),
            "λmax": lambda L, theta: top_eigenvalue(L, theta),
            "of the model": lambda L, theta: L.model_at(theta).theta.sum().item(),
        },
    )
    x, y = np.meshgrid(*found["loss"].axes, indexing="ij")
    assert np.allclose(found["‖∇L‖"].loss, np.hypot(x + 4 * x**3, 3 * y))
    assert np.allclose(found["λmax"].loss, np.maximum(1 + 12 * x**2, 3), rtol=1e-4)
    assert np.allclose(found["of the model"].loss, x + y)


def test_everything_works_in_parallel_and_is_kept(tmp_path):
    L = classifier()
    view = Slice.random(L.point())
    alone = scan(L, view, 12, metrics=METRICS)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        together = scan(L, view, 12, metrics=METRICS, memory=tmp_path)
    again = scan(L, view, 12, metrics=METRICS, memory=tmp_path)
    for name, land in alone.items():
        assert np.array_equal(land.loss, together[name].loss), name
        assert np.array_equal(land.loss, again[name].loss), name
    other = scan(L, view, 12, metrics={**METRICS, "error": lambda o, y: o.square().mean()})
    kept = scan(
        L, view, 12, metrics={**METRICS, "error": lambda o, y: o.square().mean()}, memory=tmp_path
    )
    assert np.array_equal(other["error"].loss, kept["error"].loss), "no stale number"


def test_metrics_with_the_same_corners_are_distinguished(tmp_path):
    L = landscape_of(lambda t: t.sum(), 1)
    view = Slice(torch.zeros(1), torch.eye(1))
    metrics = [lambda outputs, y: outputs.mean().abs(), lambda outputs, y: outputs.mean() ** 2]
    first, second = (scan(L, view, 5, memory=tmp_path, metrics={"f": f})["f"] for f in metrics)
    assert first.loss.tolist() == [1, 0.5, 0, 0.5, 1]
    assert second.loss.tolist() == [1, 0.25, 0, 0.25, 1]


def test_an_interrupted_scan_keeps_all_quantities(monkeypatch):
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 4)
    L, calls, limit = classifier(), [], []

    def counting(outputs, y):
        calls.append(1)
        if limit and len(calls) > limit[0]:
            raise KeyboardInterrupt
        return outputs.mean()

    view = Slice.random(L.point())
    whole = scan(L, view, 3, metrics={"mean": counting})
    limit.append(len(calls) - 3)  # in the last but one chunk, of 4, 4 and 1 models
    calls.clear()
    with pytest.raises(ScanInterrupted, match="4 of 9 models done") as caught:
        scan(L, view, 3, metrics={"mean": counting})
    assert list(caught.value.landscapes) == ["loss", "mean"]
    for name, land in caught.value.landscapes.items():
        assert land.gaps == 5, name
        assert np.array_equal(land.loss.flat[:4], whole[name].loss.flat[:4]), name


def several(outputs, y):
    return outputs.mean(dim=0)


def always_nan(outputs, y):
    return outputs.mean() * torch.nan


def in_place(outputs, y):
    return outputs.mul_(2).mean()


def in_place_once(outputs, y):
    return outputs.clamp_(min=0).mean()


def moves_the_model(L, theta):
    next(L.model.parameters()).data.add_(1)
    return 0.0


@pytest.mark.parametrize(
    ("asked", "kind", "message"),
    [
        ({"metrics": {"f": several}}, ValueError, r"metrics\['f'\].*one number.*\(3,\)"),
        ({"metrics": {"f": always_nan}}, ValueError, "'f' is nan at the model's own point"),
        ({"metrics": {"f": in_place}}, ValueError, "changes from call to call"),
        ({"metrics": {"f": in_place_once}}, ValueError, "'f' changes the outputs or targets"),
        ({"metrics": {"f": 3}}, TypeError, r"metrics\['f'\].*function of outputs and targets"),
        ({"metrics": error_rate}, TypeError, "metrics must be a dict.*got Loss"),
        ({"metrics": {"loss": spread}}, ValueError, "'loss' names two quantities"),
        ({"measures": {"f": lambda L, t: t}}, ValueError, r"measures\['f'\] must return one"),
        ({"measures": {"f": moves_the_model}}, ValueError, "changes the model"),
        ({"measures": {"f": lambda L, t: np.nan}}, ValueError, "'f' is nan"),
        ({"measures": {"f": 3}}, TypeError, "a measure is a function"),
        ({"data": (torch.zeros(3, 4), torch.zeros(3))}, TypeError, "data must be a dict.*tuple"),
        ({"data": {}}, ValueError, "data is empty"),
        ({"data": {"test": (torch.zeros(3, 9), torch.zeros(3))}}, ValueError, r"data\['test'\]"),
    ],
)
def test_what_cannot_be_used_is_named(asked, kind, message):
    L = classifier()
    with pytest.raises(kind, match=message):
        scan(L, Slice.random(L.point()), 3, **asked)


def test_nan_elsewhere_is_a_gap():
    L = landscape_of(lambda t: t.sum(), 1)
    view = Slice(torch.zeros(1), torch.eye(1))
    found = scan(L, view, 5, metrics={"log": lambda outputs, y: (outputs.mean() + 0.75).log()})
    assert np.isnan(found["log"].loss[0])
    assert np.allclose(found["log"].loss[1:], np.log([0.25, 0.75, 1.25, 1.75]))


def test_metrics_on_the_models_of_the_series():
    L = Objective(model_3(), xor(200), squared_error)
    lands = scan(L, Slice.random(L.point()), 9, metrics={"error": error_rate})
    assert lands["error"].describe().startswith("A 2D slice of 81 models. The error runs from")
