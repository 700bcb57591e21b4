"""A landscape is the model's: its own point, its loss there, and derivatives everywhere."""

import copy

import pytest
import torch
import torch.nn.functional as F
from known import build, looped, normal, seeded, unchanged
from torch import nn
from torch.nn.utils import parametrizations, parametrize
from torch.utils.checkpoint import checkpoint, checkpoint_sequential

from lossviz_helpers import (
    Objective,
    cross_entropy,
    descend,
    eigenpairs,
    error_rate,
    gradient,
    hvp,
    squared_error,
)
from lossviz_helpers._evaluation.moved_copy import MovedCopy

x, y = normal(40, 4), normal(40, 4, seed=1)
tokens = torch.randint(5, (40, 3), generator=seeded(0))


class ByTwoNames(nn.Module):
    """Layers kept by name, and once more in a Sequential."""

    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(4, 6), nn.Linear(6, 4)
        self.net = nn.Sequential(self.fc1, nn.Tanh(), self.fc2)

    def forward(self, x):
        return self.net(x)


class Repeated(nn.Module):
    """One layer, four times."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4)] * 4)

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x


class Backbone(nn.Module):
    """A part that has a name of its own inside another part, which has two."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 4))
        self.backbone = self.encoder
        self.first = self.encoder[0]
        self.head = nn.Linear(4, 4)

    def forward(self, x):
        return self.head(self.backbone(x)) + self.first(x).sum(1, keepdim=True)


class SharedNorm(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)
        self.norm_a = self.norm_b = norm

    def forward(self, x):
        return self.norm_b(self.b(torch.tanh(self.norm_a(self.a(x)))))


class Tied(nn.Module):
    """Embedding and head share their weights, and the head has two names."""

    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(5, 4), nn.Linear(4, 5)
        self.head.weight = self.embed.weight
        self.out = self.head

    def forward(self, x):
        return self.out(self.embed(x)).flatten(1)


def frozen_in_part():
    model = ByTwoNames()
    model.fc1.bias.requires_grad_(False)
    model.fc2.weight.requires_grad_(False)
    return model


def parametrised(function, shared=False):
    layer = function(nn.Linear(4, 4))
    return nn.Sequential(layer, nn.Tanh(), layer if shared else nn.Linear(4, 4))


class Symmetric(nn.Module):
    def forward(self, W):
        return W.triu() + W.triu(1).mT


def symmetric(layer):
    parametrize.register_parametrization(layer, "weight", Symmetric())
    return layer


layer = nn.Linear(4, 4)
MODELS = {
    "by two names": ByTwoNames,
    "twice in a row": lambda: parametrised(lambda layer: layer, shared=True),
    "repeated": Repeated,
    "a part with two names": Backbone,
    "a shared layer norm": lambda: SharedNorm(nn.LayerNorm(4)),
    "a shared batch norm": lambda: SharedNorm(nn.BatchNorm1d(4)),
    "tied": Tied,
    "frozen in part": frozen_in_part,
    "weight norm": lambda: parametrised(parametrizations.weight_norm),
    "weight norm, shared": lambda: parametrised(parametrizations.weight_norm, shared=True),
    "spectral norm": lambda: parametrised(parametrizations.spectral_norm),
    "orthogonal": lambda: parametrised(parametrizations.orthogonal),
    "symmetric, shared": lambda: parametrised(symmetric, shared=True),
    "a tied attention": lambda: nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True),
}


def case(name):
    model = build(MODELS[name])
    inputs = tokens if name == "tied" else x[:, None].repeat(1, 3, 1) if "attention" in name else x
    with torch.no_grad():
        targets = normal(*model(inputs).shape, seed=2)
    return model, inputs, targets


def gradient_of_a_copy(model, loss, inputs, targets, theta):
    """By a plain backward pass of a copy at θ."""
    model = copy.deepcopy(model)
    parameters = [p for p in model.parameters() if p.requires_grad]
    with torch.no_grad():
        parts = theta.split([p.numel() for p in parameters])
        for p, value in zip(parameters, parts, strict=True):
            p.copy_(value.view_as(p))
    loss(model(inputs), targets).backward()
    slopes = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    return torch.cat([g.flatten() for g in slopes])


@pytest.mark.parametrize("options", [{}, {"batch_size": 7}, {"budget": 10_000}], ids=str)
@pytest.mark.parametrize("name", MODELS)
def test_the_default_point_is_the_models_own(name, options):
    model, inputs, targets = case(name)
    own = torch.cat([p.detach().flatten() for p in model.parameters() if p.requires_grad])
    with unchanged(model):
        L = Objective(model, (inputs, targets), F.mse_loss, **options)
        points = own + 0.3 * normal(3, len(own), seed=3)
        found = L(points)
    assert torch.equal(L.point(), own), "bit for bit"
    with torch.no_grad():
        torch.testing.assert_close(L(own), F.mse_loss(model(inputs), targets), rtol=1e-12, atol=0)
    expected = looped(model, F.mse_loss, inputs, targets, points)
    torch.testing.assert_close(found.detach(), expected, rtol=1e-10, atol=0)
    assert torch.equal(L.point(), own), "also after it was used"


@pytest.mark.parametrize("name", MODELS)
def test_model_at_is_a_model_of_its_own(name):
    model, inputs, targets = case(name)
    L = Objective(model, (inputs, targets), F.mse_loss)
    theta = L.point() + 0.3 * normal(L.P, seed=3)
    there = L.model_at(theta)
    for (own_name, own), (other_name, other) in zip(
        model.named_parameters(), there.named_parameters(), strict=True
    ):
        assert own_name == other_name
        assert isinstance(other, nn.Parameter)
        assert other.is_leaf
        assert own.requires_grad == other.requires_grad
    assert torch.equal(L.point(there), theta)
    with torch.no_grad():
        torch.testing.assert_close(F.mse_loss(there(inputs), targets), L(theta))


@pytest.mark.parametrize("name", MODELS)
def test_derivatives_are_those_of_a_copy(name):
    model, inputs, targets = case(name)
    L = Objective(model, (inputs, targets), F.mse_loss)
    points = L.point() + 0.3 * normal(2, L.P, seed=3)
    expected = [gradient_of_a_copy(model, F.mse_loss, inputs, targets, theta) for theta in points]
    torch.testing.assert_close(gradient(L, points), torch.stack(expected), rtol=1e-8, atol=1e-12)


# Backward passes that compute: layers that are recomputed, adjoint methods


class Recomputed(nn.Module):
    def __init__(self, how):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 6), nn.Linear(6, 6), nn.Linear(6, 4)
        self.how = how

    def forward(self, x):
        h = torch.tanh(self.a(x))
        if self.how == "in a row":
            layers = nn.Sequential(self.b, nn.Tanh())
            return self.c(checkpoint_sequential(layers, 2, h, use_reentrant=False))
        if self.how == "not":
            return self.c(torch.tanh(self.b(h)))
        h = checkpoint(lambda h: torch.tanh(self.b(h)), h, use_reentrant=self.how == "reentrant")
        return self.c(h)


def recomputed(how):
    model = build(lambda: Recomputed(how))
    return model, Objective(model, (x, y), F.mse_loss)


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
@pytest.mark.parametrize("how", ["saved tensors", "reentrant", "in a row"])
def test_layers_that_are_recomputed(how):
    (_, L), (_, expected) = recomputed(how), recomputed("not")
    points = L.point() + 0.5 * normal(3, L.P, seed=3)
    with torch.no_grad():
        torch.testing.assert_close(L(points), expected(points))
    torch.testing.assert_close(gradient(L, points), gradient(expected, points))
    walks = [descend(land, points, steps=5, lr=0.1).end for land in (L, expected)]
    torch.testing.assert_close(*walks)
    if how != "reentrant":  # which PyTorch can't differentiate twice
        vectors = normal(2, L.P, seed=4)
        torch.testing.assert_close(hvp(L, points[0], vectors), hvp(expected, points[0], vectors))
        found, right = (eigenpairs(land, points[0], 1, "highest")[0] for land in (L, expected))
        torch.testing.assert_close(found, right)


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
def test_what_cannot_be_differentiated_twice_says_so():
    for model in (recomputed("reentrant")[0], build(Adjoint)):
        L = Objective(model, (x, y), F.mse_loss)
        with pytest.raises(ValueError, match=r"second derivatives of .*use_reentrant=False"):
            hvp(L, L.point(), torch.ones(L.P))


class _Adjoint(torch.autograd.Function):
    """Computes forward without a graph, and backward once more, as solvers with adjoints do."""

    @staticmethod
    def forward(ctx, x, module, *parameters):
        ctx.module, ctx.parameters = module, parameters
        ctx.save_for_backward(x)
        with torch.no_grad():
            return torch.tanh(module(x))

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            out = torch.tanh(ctx.module(x.detach()))
            slopes = torch.autograd.grad(out, ctx.parameters, upstream, allow_unused=True)
        return (None, None, *slopes)


class Adjoint(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, 4)

    def forward(self, x):
        return _Adjoint.apply(x, self.inner, *(p for p in self.inner.parameters()))


def test_a_backward_pass_that_calls_the_module():
    model = build(Adjoint)
    L = Objective(model, (x, y), F.mse_loss)
    assert any(isinstance(way, MovedCopy) for way in L._evaluator.evaluators)
    plain = Objective(nn.Sequential(model.inner, nn.Tanh()), (x, y), F.mse_loss)
    points = L.point() + 0.5 * normal(3, L.P, seed=3)
    torch.testing.assert_close(gradient(L, points), gradient(plain, points))
    theta = points[0].clone().requires_grad_()
    (found,) = torch.autograd.grad(3 * L(theta), theta)
    torch.testing.assert_close(found, 3 * gradient(plain, points[0]))


class _OnceOnly(torch.autograd.Function):
    """tanh(x·W), whose backward pass gives numbers that nothing depends on."""

    @staticmethod
    def forward(ctx, x, W):
        ctx.save_for_backward(x, W)
        return torch.tanh(x @ W)

    @staticmethod
    def backward(ctx, upstream):
        x, W = (t.detach() for t in ctx.saved_tensors)
        inner = upstream.detach() * (1 - torch.tanh(x @ W).square())
        return inner @ W.T, x.T @ inner


class _Tanh(torch.autograd.Function):
    """tanh, with a backward pass that can be differentiated."""

    @staticmethod
    def forward(ctx, h):
        h = torch.tanh(h)
        ctx.save_for_backward(h)
        return h

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (1 - ctx.saved_tensors[0].square())


class OwnBackward(nn.Module):
    def __init__(self, once):
        super().__init__()
        self.W, self.once = nn.Parameter(torch.randn(4, 4)), once

    def forward(self, x):
        return _OnceOnly.apply(x, self.W) if self.once else _Tanh.apply(x @ self.W)


def test_backward_passes_that_cut_second_derivatives():
    plain = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Tanh())
    vector = normal(16, seed=4)
    for once in (True, False):
        model = build(lambda once=once: OwnBackward(once))
        L = Objective(model, (x, y), F.mse_loss)
        with torch.no_grad():
            plain[0].weight = nn.Parameter(model.W.T.clone())
        right = Objective(plain.double(), (x, y), F.mse_loss)
        slope = gradient(L, L.point())
        expected = gradient(right, right.point())
        torch.testing.assert_close(slope.view(4, 4).T.flatten(), expected)
        if once:
            with pytest.raises(ValueError, match="second derivatives of OwnBackward"):
                hvp(L, L.point(), vector)
        else:
            found = hvp(L, L.point(), vector)
            expected = hvp(right, right.point(), vector.view(4, 4).T.flatten())
            torch.testing.assert_close(found.view(4, 4).T.flatten(), expected)


class Hooked(nn.Module):
    """A hook replaces what is saved for the backward pass with the layer's output at that time."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        def again(packed):
            return torch.sigmoid(self.a(x)).detach() if packed is None else packed

        h = self.a(x)
        with torch.autograd.graph.saved_tensors_hooks(lambda t: None, again):
            h = torch.sigmoid(h)
        return self.b(h)


def test_a_hook_that_recomputes():
    model = build(Hooked)
    L = Objective(model, (x, y), F.mse_loss)
    theta = L.point() + 0.5 * normal(L.P, seed=3)
    expected = gradient_of_a_copy(model, F.mse_loss, x, y, theta)
    torch.testing.assert_close(gradient(L, theta), expected)


def test_ordinary_models_need_no_copies():
    for name in MODELS:
        model, inputs, targets = case(name)
        L = Objective(model, (inputs, targets), F.mse_loss)
        assert not any(isinstance(way, MovedCopy) for way in L._evaluator.evaluators), name


def test_a_loss_without_derivatives_can_be_plotted():
    labels = tokens[:, 0].clamp(max=3)
    model = build(lambda: nn.Linear(4, 4))
    L = Objective(model, (x, labels), error_rate)
    points = L.point() + normal(3, L.P)
    wrong = [(L.model_at(t)(x).argmax(1) != labels).double().mean() for t in points]
    assert torch.equal(L(points), torch.stack(wrong))


# What it costs


class Counted(nn.Module):
    """Counts the examples that go through it, there and back."""

    def __init__(self, width):
        super().__init__()
        self.a, self.b = nn.Linear(4, width), nn.Linear(width, 4)

    def forward(self, x):
        if isinstance(x, torch.Tensor):  # otherwise someone reads the code
            PASSES["forward"] += len(x)
        h = torch.relu(self.a(x))
        if isinstance(h, torch.Tensor) and h.requires_grad:
            n = len(x)
            h.register_hook(lambda g: PASSES.update(backward=PASSES["backward"] + n))
        return self.b(h)


PASSES = {"forward": 0, "backward": 0}


@pytest.mark.parametrize("width", [3, 60_000])
@pytest.mark.parametrize("loss", [squared_error, F.mse_loss])
@pytest.mark.parametrize("N", [40, 64])
def test_construction_makes_few_passes(width, loss, N):
    PASSES.update(forward=0, backward=0)
    model = build(lambda: Counted(width))
    Objective(model, (normal(N, 4), normal(N, 4, seed=1)), loss)
    assert 0 < PASSES["forward"] <= 5 * N
    assert 0 < PASSES["backward"] <= 3 * N


# Outputs and targets of different shape

one = normal(40, seed=5)


@pytest.mark.parametrize(
    "loss",
    [
        nn.MSELoss(),
        nn.L1Loss(),
        nn.SmoothL1Loss(),
        lambda out, y: ((out - y) ** 2).mean(),
        lambda out, y: (y - torch.sigmoid(out)).abs().mean(),
        lambda out, y: torch.relu(1 - out * y).mean(),
        lambda out, y: ((out - y) ** 2).sum(),
        lambda out, y: torch.where(out > 0, out, y).mean(),
        lambda out, y: F.huber_loss(input=out, target=y),
        lambda out, y: torch.sub(input=out, other=y).square().mean(),
    ],
)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_accidental_broadcasting(loss):
    column = build(lambda: nn.Linear(4, 1))
    row = nn.Sequential(column, nn.Flatten(0))
    for model, y in ((column, one), (row, one[:, None])):
        with pytest.raises(ValueError, match=r"\(40, 40\), which pairs.*outputs\.squeeze\(-1\)"):
            Objective(model, (x, y), loss)
    # and what the message says helps
    expected = loss(row(x), one).item()
    for model, y in ((column, one[:, None]), (row, one)):
        L = Objective(model, (x, y), loss)
        assert L(L.point()).item() == pytest.approx(expected)
    L = Objective(column, (x, one), lambda out, y: loss(out.squeeze(-1), y))
    assert L(L.point()).item() == pytest.approx(expected)


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_accidental_broadcasting_of_a_graphs_nodes():
    model = build(lambda: nn.Linear(4, 1))
    with pytest.raises(ValueError, match=r"\(1, 40, 40\), which pairs"):
        Objective(model, (x[None], one[None]), F.mse_loss)


def test_intended_broadcasting():
    def contrastive(z, labels):
        same = labels[:, None] == labels
        return ((z @ z.T) * same).mean()

    def quantiles(out, y):  # three outputs for one target
        return (out - y).abs().mean()

    model = build(lambda: nn.Linear(4, 3))
    labels = tokens[:, 0]
    L = Objective(model, (x, labels), contrastive)
    assert torch.allclose(L(L.point()), contrastive(model(x), labels))
    L = Objective(model, (x, one[:, None]), quantiles)
    assert torch.allclose(L(L.point()), quantiles(model(x), one[:, None]))
    classes = labels.clamp(max=2)
    L = Objective(model, (x, classes), F.cross_entropy)
    assert torch.allclose(L(L.point()), cross_entropy(model(x), classes))


# Outputs that aren't tensors


class Cache:
    def __init__(self, values):
        self.values = values


class WithCache(nn.Linear):
    def forward(self, x):
        return {"logits": super().forward(x), "loss": None, "cache": Cache([x]), "layers": 2}


def test_outputs_that_are_none_or_caches():
    model = build(lambda: WithCache(4, 3))
    L = Objective(model, (x, tokens[:, 0].clamp(max=2)), lambda o, y: cross_entropy(o["logits"], y))
    for shape in ((), (2, 3), (0,)):
        found = L.predict(torch.zeros(*shape, L.P) + L.point())
        assert list(found) == ["logits", "loss", "cache", "layers"]
        assert found["logits"].shape == (*shape, 40, 3)
        assert found["loss"] is None
        assert isinstance(found["cache"], Cache)
        assert found["layers"] == 2
    assert torch.allclose(L.predict(L.point())["logits"], model(x)["logits"])
