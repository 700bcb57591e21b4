"""L(points) is what a plain loop computes, for any module, and leaves no trace."""

import inspect
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from known import Breaking, build, landscape_of, looped, normal, seeded, unchanged
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from lossviz_helpers import (
    Objective,
    Slice,
    cross_entropy,
    descend,
    digit_classifier,
    false_minimum_test,
    gradient,
    hessian,
    model_1,
    model_3,
    plots,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.objective import plain_loss

PACKAGE = Path(inspect.getfile(Objective)).parent


class Reads(nn.Module):
    """A recurrent net that reads a sequence and outputs one number."""

    def __init__(self, kind):
        super().__init__()
        self.net = kind(3, 4, batch_first=True)
        self.out = nn.Linear(4, 1)

    def forward(self, x):
        return self.out(self.net(x)[0][:, -1]).squeeze(-1)


class Attends(nn.Module):
    def __init__(self, need_weights):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
        self.out = nn.Linear(4, 1)
        self.need_weights = need_weights

    def forward(self, x):
        seen, _ = self.attention(x, x, x, need_weights=self.need_weights)
        return self.out(seen.mean(dim=1)).squeeze(-1)


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
        self.out = nn.Linear(4, 1)

    def forward(self, x):
        return self.out(self.encoder(x).mean(dim=1)).squeeze(-1)


class Tied(nn.Module):
    """Reading and writing share one matrix."""

    def __init__(self):
        super().__init__()
        self.read = nn.Embedding(6, 4)
        self.write = nn.Linear(4, 6)
        self.write.weight = self.read.weight

    def forward(self, x):
        return self.write(torch.tanh(self.read(x)))


def normalised():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1))
    with torch.no_grad():
        model[1].running_mean += torch.arange(4)
        model[1].running_var *= 3
    return nn.Sequential(model, nn.Flatten(0))


def frozen():
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1), nn.Flatten(0))
    model[0].requires_grad_(False)
    model[2].bias.requires_grad_(False)
    return model


MODULES = {
    "Linear": (lambda: nn.Sequential(nn.Linear(3, 1), nn.Flatten(0)), (9, 3)),
    "one input for all": (
        lambda: nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 1), nn.Flatten(0)),
        (9, 3),
    ),
    "Conv": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 1),
            nn.Flatten(0),
        ),
        (9, 1, 6, 6),
    ),
    "BatchNorm": (normalised, (9, 3)),
    "LSTM": (lambda: Reads(nn.LSTM), (9, 5, 3)),
    "GRU": (lambda: Reads(nn.GRU), (9, 5, 3)),
    "attention": (lambda: Attends(False), (9, 5, 4)),
    "attention with weights": (lambda: Attends(True), (9, 5, 4)),
    "transformer": (Transformer, (9, 5, 4)),
    "frozen": (frozen, (9, 3)),
}  # fmt: skip
ONE_BY_ONE = {"LSTM", "GRU"}  # PyTorch can't stack these

each_module = pytest.mark.parametrize("kind", MODULES)


def case(kind: str, dtype=torch.float64):
    make, shape = MODULES[kind]
    return build(make, dtype), normal(*shape, dtype=dtype), normal(shape[0], seed=1, dtype=dtype)


def points_around(L: Objective, *shape: int) -> torch.Tensor:
    return L.point() + 0.5 * normal(*shape, L.P, seed=2, dtype=L.dtype)


# Values


@each_module
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-10)])
def test_losses_are_those_of_a_plain_loop(kind, dtype, tolerance, recwarn):
    model, x, y = case(kind, dtype)
    L = Objective(model, (x, y), squared_error)
    points = points_around(L, 2, 6)
    expected = looped(model, squared_error, x, y, points.reshape(12, L.P)).reshape(2, 6)

    torch.testing.assert_close(L(points).detach(), expected, rtol=tolerance, atol=tolerance)
    with torch.no_grad():  # PyTorch may use other kernels then
        torch.testing.assert_close(L(points), expected, rtol=tolerance, atol=tolerance)
    points.requires_grad_()  # and then
    torch.testing.assert_close(L(points).detach(), expected, rtol=tolerance, atol=tolerance)
    assert expected.std() > 0.01, "the points should differ"
    warned = [str(w.message) for w in recwarn if "one by one" in str(w.message)]
    assert len(recwarn) == len(warned) == (kind in ONE_BY_ONE)


@each_module
def test_outputs_are_those_of_the_module(kind):
    model, x, y = case(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        L = Objective(model, (x, y), squared_error)
        points = points_around(L, 3)
        outputs = L.predict(points).detach()
    with torch.no_grad():
        expected = torch.stack([L.model_at(theta)(x) for theta in points])
    torch.testing.assert_close(outputs, expected)


@each_module
def test_derivatives_are_those_of_autograd(kind):
    model, x, y = case(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        L = Objective(model, (x, y), squared_error)
        points = points_around(L, 2)
        slopes = gradient(L, points)
        curvature = hessian(L, points[0])
    for theta, slope in zip(points, slopes, strict=True):
        there = L.model_at(theta)
        trainable = [p for p in there.parameters() if p.requires_grad]
        parts = torch.autograd.grad(squared_error(there(x), y), trainable)
        torch.testing.assert_close(slope, torch.cat([p.flatten() for p in parts]))

    step = 1e-5 * normal(L.P, seed=5)  # gradients to either side give the Hessian's product
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        there, back = gradient(L, torch.stack([points[0] + step, points[0] - step]))
    torch.testing.assert_close(curvature @ step, (there - back) / 2, rtol=1e-4, atol=1e-10)


def test_tied_parameters_move_together():
    model = build(Tied)
    x, y = torch.arange(6), torch.tensor([1, 2, 3, 4, 5, 0])
    L = Objective(model, (x, y), cross_entropy)
    assert L.P == 6 * 4 + 6
    points = points_around(L, 5)
    expected = looped(model, cross_entropy, x, y, points)
    torch.testing.assert_close(L(points).detach(), expected, rtol=1e-10, atol=1e-10)
    moved = L.model_at(points[0])
    assert moved.write.weight is moved.read.weight


def test_frozen_parameters_are_not_part_of_a_point():
    model, x, y = case("frozen")
    L = Objective(model, (x, y), squared_error)
    assert L.P == 4
    assert torch.equal(L.point(), model[2].weight.flatten())
    moved = L.model_at(torch.ones(4))
    assert torch.equal(moved[0].weight, model[0].weight)
    assert torch.equal(moved[2].weight, torch.ones(1, 4))


@pytest.mark.parametrize("chunk", [1, 3, 1000])
@pytest.mark.parametrize("batch_size", [None, 1, 7, 100, 1000])
def test_neither_chunks_nor_batches_change_the_mean(chunk, batch_size, monkeypatch):
    # 101 examples: 7 leaves an odd last batch of 3
    model, data = model_3(seed=1), xor(101)
    L = Objective(model, data, squared_error, batch_size=batch_size)
    monkeypatch.setattr(Objective, "stack_size", lambda self: chunk)
    points = points_around(L, 10)
    expected = looped(model, squared_error, *data, points)
    torch.testing.assert_close(L(points).detach(), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_loader_is_its_examples(shuffle):
    data = xor(101)
    model = model_3(seed=1)
    with unchanged(model):
        loader = DataLoader(TensorDataset(*data), batch_size=7, shuffle=shuffle)
        L = Objective(model, loader, squared_error)
    assert L.N == 101
    points = points_around(L, 4)
    expected = looped(model, squared_error, *data, points)
    torch.testing.assert_close(L(points).detach(), expected, rtol=1e-12, atol=0)


def test_shapes():
    L = Objective(model_1(), xor(20), squared_error)
    for shape in [(), (1,), (4,), (4, 5), (2, 3, 4), (0,), (3, 0)]:
        assert L(torch.zeros(*shape, 2)).shape == shape
        assert L.predict(torch.zeros(*shape, 2)).shape == (*shape, 20)
    assert L.predict(torch.zeros(3, 2), torch.zeros(4, 2)).shape == (3, 4)
    assert L(np.zeros((3, 2))).shape == (3,)
    assert L(torch.zeros(2, dtype=torch.int64)).dtype == torch.float64


def test_a_subset_is_the_landscape_of_its_examples():
    data, model = xor(50), model_3()
    L = Objective(model, data, squared_error, batch_size=20)
    rows = torch.tensor([3, 1, 41])
    part = L.subset(rows)
    points = points_around(L, 4)
    expected = looped(model, squared_error, data.x[rows], data.y[rows], points)
    torch.testing.assert_close(part(points).detach(), expected, rtol=1e-12, atol=0)
    assert (L.N, part.N) == (50, 3)


def test_a_model_that_cannot_be_stacked_says_so_once():
    model, x, y = case("LSTM")
    L = Objective(model, (x, y), squared_error)
    with pytest.warns(UserWarning, match="Reads can't be evaluated as a batch") as seen:
        descend(L, L.point(), steps=5, batch_size=4)
    assert len(seen) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        L(L.point())


def test_the_model_is_copied_when_the_objective_is_made():
    model = model_1()
    L = Objective(model, xor(20), squared_error)
    before = L(L.point()).item()
    with torch.no_grad():
        model.linear.weight += 1
    assert L(L.point()).item() == before
    assert torch.equal(L.point(model), L.point() + 1)


def test_point_and_model_at_are_inverse():
    L = Objective(model_3(seed=4), xor(20), squared_error)
    theta = normal(13)
    assert torch.equal(L.point(L.model_at(theta)), theta)


def test_the_mirror_image_of_a_tanh_net_is_the_same_function():
    L = Objective(model_3(hidden="tanh"), xor(100), squared_error)
    points = 2 * normal(50, 13)
    mirror = -points
    mirror[:, -1] = points[:, -1]  # the output's bias stays
    torch.testing.assert_close(L(mirror), L(points), rtol=1e-12, atol=0)
    assert ((L(-points) - L(points)).abs() > 1e-3).sum() > 40, "the bias must matter"


# Initial points


def test_a_seed_gives_the_same_point_whatever_the_other_seeds():
    L = Objective(model_3(), xor(20), squared_error)
    several = L.initial_points([3, 5, 3])
    assert torch.equal(several[1], L.initial_points(range(5, 6))[0])
    assert torch.equal(several[0], several[2])
    assert not torch.equal(several[0], several[1])
    assert torch.equal(several[1], L.point(model_3(seed=5)))


def test_initial_points_need_reset_parameters():
    L = Objective(*case("attention")[:1], case("attention")[1:], squared_error)
    with pytest.raises(ValueError, match=r"'attention.in_proj_weight'.*no module's reset"):
        L.initial_points([0])


# Nothing is changed


USES = {
    "making one": lambda L: Objective(L.user_model, (L.x, L.y), L.loss),
    "losses": lambda L: L(points_around(L, 5)),
    "outputs": lambda L: L.predict(L.point()),
    "point": lambda L: L.point(L.user_model),
    "model_at": lambda L: L.model_at(torch.ones(L.P)),
    "initial_points": lambda L: L.initial_points([1, 2]),
    "gradient": lambda L: gradient(L, L.point()),
    "hessian": lambda L: hessian(L, L.point()),
    "training": lambda L: descend(L, points_around(L, 3), steps=3),
    "mini-batches": lambda L: descend(L, L.point(), steps=3, batch_size=4),
    "scan": lambda L: scan(L, Slice.random(L.point()), resolution=3),
    "false minimum": lambda L: false_minimum_test(L, L.point(), Slice.random(L.point()), steps=2),
    "predictions": lambda L: plots.predictions(L, L.point(), resolution=4),
}


def net():
    return nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1), Dull())


class Dull(nn.Module):
    """A child in another mode than the rest, with a buffer and a frozen parameter."""

    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.tensor(2.0))
        self.offset = nn.Parameter(torch.tensor(1.0), requires_grad=False)

    def forward(self, x):
        return (self.scale * x + self.offset).squeeze(-1)

    def reset_parameters(self):
        nn.init.normal_(self.offset)


def used_net(loss=squared_error):
    model = build(net)
    model[4].train()
    L = Objective(model, xor(20), loss)
    L.user_model = model
    return model, L


@pytest.mark.parametrize("use", USES)
def test_nothing_changes_the_model(use):
    threads = torch.get_num_threads()
    torch.set_num_threads(2)  # not what a small model would be given
    try:
        model, L = used_net()
        with unchanged(model), unchanged(L.model):
            USES[use](L)
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
@pytest.mark.parametrize("use", ["losses", "gradient", "hessian", "training", "scan"])
def test_not_even_an_error_changes_the_model(use, error):
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        model, L = used_net(Breaking(squared_error))
        L.loss.break_at(1, error("stop"))
        # TrainingInterrupted and ScanInterrupted are KeyboardInterrupts
        with unchanged(model), unchanged(L.model), pytest.raises(error):
            USES[use](L)
        assert torch.isfinite(L(L.point())), "and it works as before"
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize("examples", [20, 5])
def test_a_landscape_adds_few_calls(examples):
    depths = set()

    class Looks(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 2)

        def forward(self, x):
            calls = (Path(frame.filename) for frame in inspect.stack())
            depths.add(sum(path.is_relative_to(PACKAGE) for path in calls))
            return self.layer(x).softmax(-1)[:, 0]

    L = Objective(Looks(), xor(20), squared_error, batch_size=examples)
    depths.clear()
    L(L.point())
    L(torch.zeros(3, L.P))
    assert depths == {4}, "L, its evaluator, the one that it chose, the loss at a point"


def test_small_models_run_on_one_thread_and_large_ones_on_all(monkeypatch):
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    seen = []

    def loss(outputs, targets):
        seen.append(torch.get_num_threads())
        return squared_error(outputs, targets)

    try:
        L = Objective(model_1(), xor(20), loss)
        seen.clear()
        L(L.point())
        monkeypatch.setattr("lossviz_helpers._evaluation.threads.MANY_FLOPS", 2)
        L(L.point())
        assert seen == [1, 2]
        two = Objective(model_1(), xor(20), loss, threads=2)
        monkeypatch.undo()
        seen.clear()
        two(L.point())
        assert seen == [2], "as many as were asked for"
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)


# Losses that are not finite


def test_a_loss_that_is_not_finite_stays_what_it_is(no_warnings):
    L = landscape_of(lambda t: (1 / t[0]).log(), 1)  # log(1/0) = inf, log(−1) = nan
    losses = L(torch.tensor([[0.0], [-1.0], [1.0]]))
    assert losses[0] == torch.inf
    assert losses[1].isnan()
    assert losses[2] == 0


# Bad input


def test_a_point_of_the_wrong_length():
    L = Objective(model_1(), xor(20), squared_error)
    for use in (L, L.predict, L.model_at, lambda p: descend(L, p), lambda p: gradient(L, p)):
        with pytest.raises(ValueError, match=r"has 2 numbers, but got points of shape \(4, 3\)"):
            use(torch.zeros(4, 3))
    with pytest.raises(ValueError, match=r"got points of shape \(\); expected \(..., 2\)"):
        L(torch.tensor(1.0))
    with pytest.raises(ValueError, match=r"one point of shape \(2,\), got \(4, 2\)"):
        L.model_at(torch.zeros(4, 2))


def test_a_model_with_a_different_architecture():
    L = Objective(model_1(), xor(20), squared_error)
    with pytest.raises(ValueError, match=r"the 2 parameters of Linear2D.*got TwoLayerNet with 13"):
        L.point(model_3())


def test_x_and_y_of_different_lengths():
    with pytest.raises(ValueError, match=r"got \(5, 2\) float32 and \(4,\) float32"):
        Objective(model_1(), (torch.zeros(5, 2), torch.zeros(4)), squared_error)


def test_empty_data():
    with pytest.raises(ValueError, match="empty: x and y have 0 examples"):
        Objective(model_1(), (torch.zeros(0, 2), torch.zeros(0)), squared_error)
    empty = DataLoader([], batch_size=2)
    with pytest.raises(ValueError, match="DataLoader yielded no batches: are there examples"):
        Objective(model_1(), empty, squared_error)
    L = Objective(model_1(), xor(20), squared_error)
    with pytest.raises(ValueError, match="at least one example, got none"):
        L.subset(torch.tensor([], dtype=torch.int64))


def test_data_that_are_not_a_pair():
    with pytest.raises(TypeError, match=r"type Tensor: expected a pair \(x, y\)"):
        Objective(model_1(), torch.zeros(5, 2), squared_error)
    loader = DataLoader(TensorDataset(torch.zeros(5, 2)), batch_size=2)
    with pytest.raises(TypeError, match=r"got a batch \(\(2, 2\) float32\): expected a pair"):
        Objective(model_1(), loader, squared_error)


def test_no_module_and_no_loss():
    with pytest.raises(TypeError, match=r"torch.nn.Module, got function"):
        Objective(model_1, xor(20), squared_error)
    with pytest.raises(TypeError, match="callable, got str"):
        Objective(model_1(), xor(20), "squared error")
    with pytest.raises(ValueError, match="at least 1 or None, got 0"):
        Objective(model_1(), xor(20), squared_error, batch_size=0)


def test_no_parameters():
    for model in (nn.Identity(), nn.Linear(2, 1).requires_grad_(False)):
        with pytest.raises(ValueError, match="no trainable parameters"):
            Objective(model, xor(20), squared_error)


def test_parameters_of_two_kinds():
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1).double())
    with pytest.raises(ValueError, match=r"one dtype.*got torch.float32 on cpu, torch.float64"):
        Objective(model, xor(20), squared_error)


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (nn.BatchNorm1d(2), r"BatchNorm1d\) depends on the batch"),
        (nn.Dropout(0.5), r"Dropout\) drops units at random"),
        (nn.LSTM(2, 2, 2, dropout=0.1), r"LSTM\) drops units at random"),
        (nn.RReLU(), "draws random numbers"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_training_mode(layer, why):
    model = build(lambda: nn.Sequential(nn.Linear(2, 2), layer))
    with pytest.raises(ValueError, match=rf"(?s){why}.*call model.eval\(\) first"):
        Objective(model.train(), (normal(5, 2), torch.zeros(5, 2)), squared_error)


def test_training_mode_is_fine_where_it_changes_nothing():
    model = nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.0), nn.Flatten(0)).double().train()
    assert Objective(model, xor(20), squared_error).P == 3


def test_a_loss_that_is_not_a_mean():
    with pytest.raises(ValueError, match=r"one number.*got \(20,\).*reduction='mean'"):
        Objective(model_1(), xor(20), nn.MSELoss(reduction="none"))
    with pytest.raises(ValueError, match=r"a tensor.*got float.*\.item"):
        Objective(model_1(), xor(20), lambda outputs, targets: 1.0)


def test_a_loss_that_cannot_use_the_data():
    x, y = xor(20)
    with pytest.raises(ValueError, match=r"same shape, got \(20,\) and \(20, 1\)"):
        Objective(model_1(), (x, y[:, None]), squared_error)
    with pytest.raises(
        ValueError, match=r"(?s)can't be computed on outputs \(20,\) float64.*int64"
    ):
        Objective(model_1(), (x, y[:3].repeat(7)[:20].long()), nn.CrossEntropyLoss())


def test_the_users_own_errors_are_passed_through(no_warnings):
    broken = False

    def loss(outputs, targets):
        if broken:
            raise ValueError("mine")
        return outputs.mean()

    L = Objective(model_1(), xor(20), loss)
    broken = True
    with pytest.raises(ValueError, match="mine"):
        L(L.point())
    broken = False
    assert L(torch.zeros(5, 2)).tolist() == [0.0] * 5


def test_attention_is_stacked_too(no_warnings):
    # its layers have a faster way of their own, which can't be
    x, y = normal(6, 4, 8), torch.zeros(6, 4, 8, dtype=torch.float64)
    model = build(lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)).eval()
    L = Objective(model, (x, y), nn.MSELoss())
    points = L.point() + 0.1 * normal(3, L.P)
    assert torch.allclose(L(points), looped(model, nn.MSELoss(), x, y, points), rtol=1e-10)
    assert torch.backends.mha.get_fastpath_enabled()


def test_a_fingerprint_distinguishes_data_even_if_losses_agree():
    x, y = xor(2)  # a mean of two is the same in either order, to the last bit
    L, swapped = (
        Objective(model_1(), (a, b), squared_error) for a, b in ((x, y), (x.flip(0), y.flip(0)))
    )
    points = torch.randn(5, L.P, generator=seeded(0), dtype=L.dtype)
    assert torch.equal(L(points), swapped(points))
    assert L.fingerprint() != swapped.fingerprint()


def test_a_subset_is_evaluated_at_once_and_leaves_room_for_more_points():
    data = normal(4096, 64, dtype=torch.float32), torch.arange(4096) % 10
    L = Objective(digit_classifier(), data, cross_entropy)
    part = L.subset(torch.arange(32))
    assert part.batch_size == 32
    assert part.stack_size() > L.stack_size()


def test_the_definition_leaves_the_point_as_it_was():
    class Writes(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(2))

        def forward(self, x):
            with torch.no_grad():
                self.weight.mul_(2)
            return x @ self.weight

    theta = torch.tensor([1.0, 2.0])
    plain_loss(Writes(), torch.ones(3, 2), torch.zeros(3), squared_error, theta)
    assert theta.tolist() == [1.0, 2.0]
