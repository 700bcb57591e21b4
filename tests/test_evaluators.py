"""Every fast way to evaluate a landscape gives the losses of a plain loop, row by row."""

import copy
import pickle
import shutil

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from known import Breaking, build, looped, normal
from torch import nn

from lossviz_helpers import (
    Objective,
    Slice,
    conv_net,
    cross_entropy,
    digit_classifier,
    kl_divergence,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers._evaluation.chained import Chained
from lossviz_helpers._evaluation.folded import Folded

TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}
CLASSES = torch.arange(40) % 10
PIXELS = normal(40, 64)
SOFT = normal(40, 10, seed=1).softmax(-1)


def no_chain(model: nn.Module) -> nn.Module:
    """The same model, evaluated like any other module."""
    model.register_forward_hook(lambda *_: None)
    return model


def trained_norms(model: nn.Module) -> nn.Module:
    """A model whose BatchNorms have seen data, in evaluation mode."""
    for i, module in enumerate(m for m in model.modules() if isinstance(m, nn.BatchNorm2d)):
        n = module.num_features
        module.running_mean.copy_(normal(n, seed=i))
        module.running_var.copy_(normal(n, seed=i).exp())
    return model.eval()


WAYS = {
    "chain": (model_3(), xor(40), squared_error),
    "chain, sigmoid": (model_3(hidden="sigmoid"), xor(40), squared_error),
    "chain, classes": (digit_classifier(width=9), (PIXELS, CLASSES), cross_entropy),
    "chain, soft classes": (digit_classifier(width=9), (PIXELS, SOFT), kl_divergence),
    "chain, other loss": (digit_classifier(width=9), (PIXELS, CLASSES), F.cross_entropy),
    "chain, many outputs": (nn.Sequential(nn.Linear(64, 3)), (PIXELS, SOFT[:, :3]), squared_error),
    "stack": (no_chain(model_3()), xor(40), squared_error),
    "stack, classes": (no_chain(digit_classifier(width=9)), (PIXELS, CLASSES), cross_entropy),
    "convolutions": (
        trained_norms(conv_net(width=2)),
        (PIXELS.view(40, 1, 8, 8), CLASSES),
        cross_entropy,
    ),
}


@pytest.mark.parametrize("size", [None, 1, 3], ids=lambda n: f"{n or 'many'} at once")
@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("way", WAYS)
def test_a_grid_with_unequal_axes(way, dtype, size, monkeypatch):
    model, (x, y), loss = WAYS[way]
    model = copy.deepcopy(model).to(dtype)
    y = y.to(dtype) if y.is_floating_point() else y
    if size is not None:
        monkeypatch.setattr(Objective, "stack_size", lambda self: size)
    L = Objective(model, (x.to(dtype), y), loss)
    assert (type(L._evaluator.evaluators[0]) is Chained) == way.startswith("chain")
    view = Slice.random(L.point(), 3, seed=1)
    land = scan(L, view, (4, 3, 2), extent=((-1.0, 0.7), (-0.5, 2.0), (0.1, 0.4)))
    alpha = torch.cartesian_prod(*map(torch.as_tensor, land.axes)).to(dtype)
    expected = looped(model, loss, x.to(dtype), y, view.point(alpha)).reshape(4, 3, 2)
    assert len(np.unique(expected)) == expected.numel(), "no two alike, or rows could be swapped"
    np.testing.assert_allclose(land.loss, expected.double(), rtol=TOLERANCE[dtype], atol=0)


@pytest.mark.parametrize("way", ["chain", "chain, classes", "stack", "convolutions"])
def test_no_points_have_no_losses(way):
    L = Objective(*WAYS[way])
    assert L(torch.zeros(2, 0, L.P)).shape == (2, 0)
    assert L.combine(torch.zeros(0, 3), torch.zeros(3, L.P)).shape == (0,)


@pytest.mark.parametrize(
    "options",
    [{}, {"weight": torch.arange(10.0)}, {"ignore_index": 3}, {"label_smoothing": 0.1}],
    ids=str,
)
def test_every_kind_of_cross_entropy(options):
    loss = nn.CrossEntropyLoss(**options)
    model = no_chain(digit_classifier(width=9))
    x = PIXELS.float()
    L = Objective(model, (x, CLASSES), loss, batch_size=40)
    points = L.point() * torch.linspace(0.5, 2, 5)[:, None]
    torch.testing.assert_close(L(points).detach(), looped(model, loss, x, CLASSES, points))
    soft = SOFT.float()
    if "ignore_index" not in options:
        torch.testing.assert_close(
            Objective(model, (x, soft), loss, batch_size=40)(points).detach(),
            looped(model, loss, x, soft, points),
        )


def test_derivatives_of_a_stack_are_those_of_each():
    L = Objective(no_chain(digit_classifier(width=9)), (PIXELS.float(), CLASSES), cross_entropy)
    points = (L.point() * torch.linspace(0.5, 2, 3)[:, None]).requires_grad_()
    (found,) = torch.autograd.grad(L(points).sum(), points)
    for theta, gradient in zip(points, found, strict=True):
        model = L.model_at(theta)
        F.cross_entropy(model(PIXELS.float()), CLASSES).backward()
        expected = torch.cat([p.grad.flatten() for p in model.parameters()])
        torch.testing.assert_close(gradient, expected)


# Folded BatchNorms


class Odd(nn.Module):
    """Norms that can be folded, one that can't as its input is used twice, one without γ and β."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv1d(2, 3, 3, stride=2)  # with biases of its own
        self.norm_a = nn.BatchNorm1d(3, eps=0.1)
        self.b = nn.Conv1d(3, 4, 1, bias=False)
        self.norm_b = nn.BatchNorm1d(4, affine=False)
        self.c = nn.Conv1d(4, 4, 1)
        self.norm_c = nn.BatchNorm1d(4)
        self.d = nn.Conv1d(4, 4, 1)
        self.norm_d = nn.BatchNorm1d(4, track_running_stats=True)

    def forward(self, x):
        h = torch.tanh(self.norm_a(self.a(x)))
        h = self.norm_b(self.b(h)).relu()
        once = self.c(h)
        h = once + self.norm_c(once)
        return self.norm_d(self.d(h)).flatten(1)


@pytest.mark.parametrize("frozen", [(), ("norm_a",), ("a", "norm_d")], ids=str)
def test_norms_are_folded_where_they_can_be(frozen):
    model = build(Odd)
    for i, module in enumerate(m for m in model.modules() if isinstance(m, nn.BatchNorm1d)):
        module.running_mean.copy_(normal(module.num_features, seed=i))
        module.running_var.copy_(normal(module.num_features, seed=i).exp())
    for name in frozen:
        model.get_submodule(name).requires_grad_(False)
    x, y = normal(10, 2, 9), normal(10, 16, seed=1)
    L = Objective(model.eval(), (x, y), squared_error)
    pairs = [(pair.convolution, pair.norm) for pair in Folded.of(model).pairs]
    assert pairs == [("a", "norm_a"), ("b", "norm_b"), ("d", "norm_d")]
    assert not hasattr(L._evaluator.evaluators[0].net.model, "norm_a"), "the folded net is used"
    points = L.point() + normal(5, L.P)
    with torch.no_grad():
        torch.testing.assert_close(L(points), looped(model, squared_error, x, y, points))
    torch.testing.assert_close(L(points.requires_grad_()).detach(), L(points.detach()))


class SharedNorms(nn.Module):
    """Two norms that share γ and β."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv1d(2, 3, 1), nn.Conv1d(3, 3, 1)
        self.norm_a, self.norm_b = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
        self.norm_b.weight, self.norm_b.bias = self.norm_a.weight, self.norm_a.bias

    def forward(self, x):
        return self.norm_b(self.b(self.norm_a(self.a(x)).relu())).flatten(1)


class SharedWeights(nn.Module):
    """Three convolutions with one weight, of which the first two have norms behind them."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = (nn.Conv1d(2, 2, 1) for _ in range(3))
        self.b.weight = self.c.weight = self.a.weight
        self.norm_a, self.norm_b = nn.BatchNorm1d(2), nn.BatchNorm1d(2)

    def forward(self, x):
        return self.c(self.norm_b(self.b(self.norm_a(self.a(x)).relu()))).flatten(1)


@pytest.mark.parametrize("make", [SharedNorms, SharedWeights])
def test_shared_parameters_are_never_folded(make):
    model = build(make)
    assert Folded.of(model) is None
    x = normal(10, 2, 4)
    y = torch.zeros_like(model(x)).detach()
    L = Objective(model, (x, y), squared_error)
    points = L.point() + normal(5, L.P)
    with torch.no_grad():
        torch.testing.assert_close(L(points), looped(model, squared_error, x, y, points))


@pytest.mark.parametrize(
    "net",
    [
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.BatchNorm2d(2)),
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2, track_running_stats=False)),
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).train(),
        nn.Sequential(nn.BatchNorm2d(1)),
    ],
    ids=["relu between", "statistics of the batch", "training", "nothing before"],
)
def test_other_norms_are_left_alone(net):
    assert Folded.of(net if net.training else net.eval()) is None


@pytest.mark.skipif(shutil.which("c++") is None, reason="torch.compile needs a C++ compiler")
def test_compiled_losses():
    model = trained_norms(build(lambda: conv_net(width=2), torch.float64))
    data = PIXELS.view(-1, 1, 8, 8), CLASSES
    L = Objective(model, data, F.cross_entropy, compile=True, batch_size=15)
    points = L.point() + 0.1 * normal(5, L.P)
    expected = looped(model, F.cross_entropy, *data, points)
    with torch.no_grad():
        assert torch.allclose(L(points), expected, rtol=1e-10)
        assert hasattr(L._evaluator.evaluators[0]._own, "compiled")
        again = pickle.loads(pickle.dumps(L))
    assert not hasattr(again._evaluator.evaluators[0]._own, "compiled"), (
        "other processes compile for themselves"
    )
    points.requires_grad_()
    (found,) = torch.autograd.grad(L(points).sum(), points)
    (plain,) = torch.autograd.grad(Objective(model, data, F.cross_entropy)(points).sum(), points)
    torch.testing.assert_close(found, plain)
    assert found.norm() > 0


# Ways that fail


def test_a_loss_that_asks_for_its_value_needs_no_stack():
    def flooded(outputs, y):
        loss = F.cross_entropy(outputs, y)
        return loss if loss < 2.4 else 2 * loss

    model = digit_classifier(width=9).double()
    L = Objective(model, (PIXELS, CLASSES), flooded)
    points = L.point() * torch.linspace(0.5, 3, 5)[:, None]
    expected = looped(model, flooded, PIXELS, CLASSES, points)
    assert expected.min() < 2.4 < expected.max()
    with torch.no_grad(), pytest.warns(UserWarning, match="as a batch.* one by one"):
        torch.testing.assert_close(L(points), expected)


def test_what_cannot_be_compiled_is_evaluated_anyway():
    model = nn.Sequential(nn.Linear(64, 10)).double()

    def loss(outputs, y):
        return F.cross_entropy(outputs, y) + 0 * float(outputs.sum())  # no graph has such a number

    L = Objective(no_chain(model), (PIXELS, CLASSES), loss, compile=True)
    points = L.point() + normal(3, L.P)
    with torch.no_grad(), pytest.warns(UserWarning, match=r"torch\.compile.* one by one"):
        torch.testing.assert_close(L(points), looped(model, loss, PIXELS, CLASSES, points))


def test_running_out_of_memory_drops_no_evaluator():
    loss = Breaking(F.cross_entropy)
    L = Objective(no_chain(digit_classifier(width=9)), (PIXELS.float(), CLASSES), loss)
    ways, points = list(L._evaluator.evaluators), L.point().repeat(3, 1)
    loss.break_at(1, torch.OutOfMemoryError("no memory left"))
    with pytest.raises(torch.OutOfMemoryError):
        L(points)
    assert L._evaluator.evaluators == ways
    assert L(points).isfinite().all()


class ByName(nn.Module):
    """Hands everything to F.linear by name."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 10)

    def forward(self, x):
        return F.linear(input=x, weight=self.a.weight, bias=self.a.bias)


def test_arguments_by_name(recwarn):
    model = build(ByName)
    L = Objective(model, (PIXELS, CLASSES), cross_entropy)
    points = L.point() + normal(4, L.P)
    torch.testing.assert_close(
        L(points).detach(), looped(model, cross_entropy, PIXELS, CLASSES, points)
    )
    assert not [w for w in recwarn if "can't be evaluated" in str(w.message)]


@pytest.mark.parametrize("make", [lambda: digit_classifier(width=9), lambda: conv_net(width=2)])
def test_low_precision_rounds_models_but_not_slices(make):
    model = trained_norms(make())
    x = PIXELS.view(40, 1, 8, 8) if any(p.ndim == 4 for p in model.parameters()) else PIXELS
    exact = Objective(model, (x.float(), CLASSES), cross_entropy)
    rough = Objective(model, (x.float(), CLASSES), cross_entropy, dtype=torch.bfloat16)
    view = Slice.random(exact.point())
    small = ((-1e-3, 1e-3), (-1e-3, 1e-3))  # α that bfloat16 rounds, but not as parts of a point
    a, b = (scan(L, view, 5, small).loss for L in (exact, rough))
    assert b.dtype == np.float64
    assert np.abs(b / a - 1).max() < 0.02
    theta = exact.point().requires_grad_()
    assert rough(theta).dtype == torch.float32
    (gradient,) = torch.autograd.grad(rough(theta), theta)
    (expected,) = torch.autograd.grad(exact(theta), theta)
    assert F.cosine_similarity(gradient, expected, dim=0) > 0.99
