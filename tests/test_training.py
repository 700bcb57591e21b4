"""`descend` is torch.optim, for one start or many, and nothing is lost when it is stopped."""

from functools import partial
from itertools import chain

import numpy as np
import pytest
import torch
from known import Breaking, landscape_of, mean_output, normal, seeded
from torch import nn

from lossviz_helpers import (
    SAM,
    Objective,
    TrainingInterrupted,
    Trajectory,
    descend,
    digit_classifier,
    model_1,
    model_3,
    squared_error,
    xor,
)

OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "Adam": (torch.optim.Adam, {}),
    "AdamW": (torch.optim.AdamW, {"weight_decay": 0.1}),
}

each_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def by_hand(model: nn.Module, data, steps, lr, optimizer, batch_size=None, seed=0, **options):
    """The training loop of every tutorial; returns the points it passed."""
    opt = optimizer(model.parameters(), lr=lr, **options)
    generator, batches = seeded(seed), []
    points = []
    for step in range(steps + 1):
        points.append(torch.cat([p.detach().flatten() for p in model.parameters()]))
        if step == steps:
            return torch.stack(points)
        if not batches:
            rows = torch.randperm(len(data.x), generator=generator)
            batches = list(rows.split(batch_size)) if batch_size else [slice(None)]
        rows = batches.pop(0)
        opt.zero_grad()
        squared_error(model(data.x[rows]), data.y[rows]).backward()
        opt.step()
    return None


@each_optimizer
@pytest.mark.parametrize("batch_size", [None, 7])
def test_it_is_the_training_loop_of_every_tutorial(name, batch_size):
    optimizer, options = OPTIMIZERS[name]
    data = xor(50)
    L = Objective(model_3(seed=2), data, squared_error)
    path = descend(L, L.point(), 20, 0.1, optimizer, batch_size, seed=5, **options)
    expected = by_hand(model_3(seed=2), data, 20, 0.1, optimizer, batch_size, seed=5, **options)
    torch.testing.assert_close(path.points, expected, rtol=1e-10, atol=1e-10)
    assert (path.end - path.start).norm() > 0.01


def test_gradient_descent_on_a_parabola():
    # θ ← θ − lr·2aθ = (1 − 2a·lr)·θ
    L = landscape_of(lambda t: t[0] ** 2 + 3 * t[1] ** 2, 2)
    path = descend(L, torch.tensor([1.0, 1.0]), 10, 0.1, torch.optim.SGD)
    n = torch.arange(11, dtype=torch.float64)
    torch.testing.assert_close(path.points, torch.stack([0.8**n, 0.4**n], dim=1))
    torch.testing.assert_close(path.losses, 0.64**n + 3 * 0.16**n)
    assert path.steps.tolist() == list(range(11))


@each_optimizer
@pytest.mark.parametrize("batch_size", [None, 7])
def test_many_starts_are_independent(name, batch_size):
    optimizer, options = OPTIMIZERS[name]
    L = Objective(model_3(), xor(50), squared_error)
    starts = L.initial_points(range(4))
    together = descend(L, starts, 20, 0.1, optimizer, batch_size, seed=1, **options)
    assert together.points.shape == (21, 4, 13)
    for i, start in enumerate(starts):
        alone = descend(L, start, 20, 0.1, optimizer, batch_size, seed=1, **options)
        torch.testing.assert_close(together[i].points, alone.points, rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(together[i].losses, alone.losses, rtol=1e-9, atol=1e-9)


def test_a_start_that_diverges_leaves_the_others_alone():
    L = landscape_of(lambda t: (t**4).sum(), 1)
    path = descend(L, torch.tensor([[0.5], [9.0]]), 30, 0.1, torch.optim.SGD)
    assert not path.losses[-1, 1].isfinite()
    alone = descend(L, torch.tensor([0.5]), 30, 0.1, torch.optim.SGD)
    assert torch.equal(path[0].points, alone.points)


def test_losses_are_on_all_examples():
    L = Objective(model_3(), xor(50), squared_error)
    path = descend(L, L.point(), steps=5, batch_size=7)
    torch.testing.assert_close(path.losses, L(path.points).detach(), rtol=0, atol=0)
    assert not path.losses.requires_grad
    assert not path.points.requires_grad


def test_a_seed_draws_the_mini_batches():
    L = Objective(model_3(), xor(50), squared_error)
    a, b, c = (descend(L, L.point(), steps=5, batch_size=7, seed=s).end for s in (0, 0, 1))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


def test_an_epoch_sees_every_example_once():
    seen = []

    def loss(outputs, targets):
        seen.append(targets.tolist())
        return outputs.mean()

    data = (normal(11, 2), torch.arange(11.0))
    L = Objective(model_1(), data, loss)
    seen.clear()
    descend(L, L.point(), steps=6, batch_size=4)
    assert [len(batch) for batch in seen[:6]] == [4, 4, 3, 4, 4, 3]
    examples = list(chain(*seen[:6]))
    first, second = examples[:11], examples[11:]
    assert sorted(first) == sorted(second) == list(range(11))
    assert first != second


@pytest.mark.parametrize(
    ("every", "kept"), [(1, [0, 1, 2, 3, 4, 5, 6, 7]), (3, [0, 3, 6, 7]), (7, [0, 7]), (9, [0, 7])]
)
def test_every_nth_point_is_kept_and_the_ends(every, kept):
    L = Objective(model_3(), xor(50), squared_error)
    full = descend(L, L.point(), steps=7)
    path = descend(L, L.point(), steps=7, every=every)
    assert path.steps.tolist() == kept
    assert torch.equal(path.points, full.points[kept])
    assert len(path) == len(kept)


def test_float32_models_train_too():
    x, y = normal(20, 64, dtype=torch.float32), torch.arange(20) % 10
    L = Objective(digit_classifier(width=8), (x, y), nn.CrossEntropyLoss())
    path = descend(L, L.point(), steps=50)
    assert path.points.dtype == torch.float32
    assert path.losses[-1] < path.losses[0] / 2


@pytest.mark.parametrize("most", [2, 3, 7, 20, 50])
@pytest.mark.parametrize("starts", [(), (4,)])
def test_a_thinned_trajectory_keeps_its_ends(most, starts):
    points = normal(20, *starts, 3)
    path = Trajectory(points, points.sum(dim=-1), 5 * torch.arange(20))
    thin = path.thinned(most)
    assert len(thin) == min(most, 20)
    assert thin.steps[[0, -1]].tolist() == [0, 95]
    assert torch.equal(thin.points, points[thin.steps // 5])
    assert torch.equal(thin.losses, thin.points.sum(dim=-1))
    gaps = thin.steps.diff()
    assert gaps.max() - gaps.min() <= 5, "evenly"


def test_the_start_is_left_alone():
    L = Objective(model_3(), xor(50), squared_error)
    start = L.point()
    before = start.clone()
    path = descend(L, start, steps=3)
    assert torch.equal(start, before)
    assert torch.equal(path.start, before)
    assert not start.requires_grad


def test_it_trains_where_gradients_are_switched_off():
    L = Objective(model_3(), xor(50), squared_error)
    with torch.no_grad():
        path = descend(L, L.point(), steps=3)
    assert path.losses[-1] < path.losses[0]


def test_a_trajectory_of_many_is_many_trajectories():
    points, losses = normal(6, 4, 3), normal(6, 4)
    path = Trajectory(points, losses, torch.arange(6))
    assert len(path) == 6
    assert torch.equal(path.start, points[0])
    assert torch.equal(path.end, points[5])
    for i, one in enumerate(path):
        assert torch.equal(one.points, points[:, i])
        assert torch.equal(one.losses, losses[:, i])
        assert list(one) == [one]
    assert i == 3
    with pytest.raises(IndexError, match=r"one start; path.points\[i\]"):
        path[0][0]


# Stopped by hand


@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize("starts", [(), (3,)])
def test_what_was_trained_is_in_the_exception(every, starts):
    L = Objective(model_3(), xor(50), squared_error)
    start = L.point().expand(*starts, 13)
    full = descend(L, start, steps=9, every=every)
    # five steps, then Ctrl-C in the sixth
    stopped = Objective(model_3(), xor(50), Breaking(squared_error))
    stopped.loss.break_at(6, KeyboardInterrupt())
    with pytest.raises(TrainingInterrupted, match=r"after [45] steps.*trajectory") as caught:
        descend(stopped, start, steps=9, every=every)
    path = caught.value.trajectory
    assert path.steps.tolist() == list(range(0, 6, every))
    assert torch.equal(path.points, full.points[: len(path)])
    assert torch.equal(path.losses, full.losses[: len(path)])


def test_stopped_before_the_first_step():
    L = landscape_of(lambda t: t.sum(), 2, Breaking(mean_output))
    L.loss.break_at(1, KeyboardInterrupt())
    with pytest.raises(TrainingInterrupted, match="after 0 steps") as caught:
        descend(L, torch.ones(2))
    assert caught.value.trajectory.losses.tolist() == [2.0]


# Bad input


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"every": 0}, "every must be at least 1, got 0"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"batch_size": 51}, "batch_size must be at most 50, the number of examples, got 51"),
        ({"lr": 0}, "lr must be positive, got 0"),
        ({"lr": float("nan")}, "lr must be positive, got nan"),
    ],
)
def test_options_out_of_range(arguments, message):
    L = Objective(model_3(), xor(50), squared_error)
    with pytest.raises(ValueError, match=message):
        descend(L, L.point(), **arguments)


def test_a_start_that_is_not_a_point():
    L = Objective(model_3(), xor(50), squared_error)
    with pytest.raises(ValueError, match=r"has 13 numbers, but got points of shape \(2,\)"):
        descend(L, torch.zeros(2))
    for shape in ((2, 3, 13), (0, 13)):
        with pytest.raises(ValueError, match=rf"with at least one start, got \({shape[0]}, "):
            descend(L, torch.zeros(shape))


class Silent(torch.optim.SGD):
    """Takes no closure."""

    def step(self):
        return super().step()


class Asking(torch.optim.SGD):
    """As the message says."""

    def step(self, closure=None):
        closure()
        return torch.optim.SGD.step(self)


NOT_AN_OPTIMISER = r"optimizer must be a class such as torch\.optim\.SGD.*got "


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"optimizer": "adam"}, NOT_AN_OPTIMISER + r"'adam'; write optimizer=torch\.optim\.Adam$"),
        ({"optimizer": "sam"}, NOT_AN_OPTIMISER + r"'sam'; write optimizer=lossviz_helpers\.SAM$"),
        ({"optimizer": None}, NOT_AN_OPTIMISER + "an instance of NoneType"),
        ({"optimizer": model_3()}, NOT_AN_OPTIMISER + "an instance of TwoLayerNet"),
        (
            {"optimizer": torch.optim.SGD(model_3().parameters(), lr=0.1)},
            NOT_AN_OPTIMISER + r"an instance of SGD; write optimizer=torch\.optim\.SGD$",
        ),
        ({"optimizer": torch.optim.lr_scheduler.StepLR}, NOT_AN_OPTIMISER + "StepLR"),
        ({"optimizer": lambda params, lr: None}, "a function that returns a NoneType"),
        ({"optimizer": Silent}, r"Silent\.step must take a closure"),
        ({"n_steps": 3}, "Adam has no option n_steps; did you mean steps instead of n_steps"),
        ({"momentun": 0.9, "optimizer": torch.optim.SGD}, "did you mean momentum instead"),
        ({"momentun": 0.9, "optimizer": SAM}, "SGD has no option momentun; did you mean momentum"),
        ({"epsilon": 1, "epochs": 9}, "no option epsilon, epochs; .*descend takes L, start, steps"),
        ({"steps": 2.5}, "steps must be a whole number, such as 10, got 2.5"),
        ({"steps": torch.optim.SGD}, "steps must be a whole number"),
        ({"batch_size": 0.5}, "batch_size must be a whole number"),
    ],
)
def test_options_of_the_wrong_type(options, message):
    L = Objective(model_3(), xor(50), squared_error)
    with pytest.raises(TypeError, match=message):
        descend(L, L.point(), **options)


def test_the_advice_in_these_errors_works():
    L = Objective(model_3(), xor(50), squared_error)
    path = descend(L, L.point(), steps=3, optimizer=torch.optim.SGD)
    assert torch.equal(descend(L, L.point(), steps=3, optimizer=Asking).points, path.points)
    for optimizer in (torch.optim.Adam, SAM):
        assert len(descend(L, L.point(), steps=np.int64(3), optimizer=optimizer)) == 4


@pytest.mark.parametrize("L", [model_3(), xor(50), model_3])
def test_descend_needs_an_objective(L):
    with pytest.raises(TypeError, match=r"L must be an Objective, got .*Objective\(model, data"):
        descend(L, torch.zeros(13))


MIXING = ["LBFGS", *(name for name in ("Adafactor", "Muon") if hasattr(torch.optim, name))]


@pytest.mark.parametrize(
    ("name", "wrapped"),
    # LBFGS needs a closure, so it can't be the base of SAM
    [
        (name, wrapped)
        for name in MIXING
        for wrapped in (False, True)
        if (name, wrapped) != ("LBFGS", True)
    ],
)
def test_optimisers_that_mix_starts(name, wrapped):
    L = Objective(model_3(), xor(50), squared_error)
    kind = getattr(torch.optim, name)
    with pytest.raises(ValueError, match=f"{name} mixes the 3 starts.*one start at a time"):
        descend(
            L,
            L.initial_points(range(3)),
            steps=3,
            optimizer=partial(SAM, base=kind) if wrapped else kind,
        )


def test_they_train_one_at_a_time():
    L = Objective(model_3(), xor(50), squared_error)
    lbfgs = {"optimizer": torch.optim.LBFGS, "lr": 1.0, "line_search_fn": "strong_wolfe"}
    paths = [descend(L, start, steps=3, **lbfgs) for start in L.initial_points(range(2))]
    assert all(path.losses[-1] < path.losses[0] / 2 for path in paths)


@pytest.mark.parametrize(
    "shapes",
    [[(3,), (3,), (3,)], [(5, 2), (4,), (5,)], [(5, 4, 2), (5,), (5,)]],
)
def test_shapes_that_do_not_fit(shapes):
    with pytest.raises(ValueError, match=r"points, losses and steps must have shapes.*got \("):
        Trajectory(*(torch.zeros(shape) for shape in shapes))
