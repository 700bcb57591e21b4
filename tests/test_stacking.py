"""Chains: which models are one, and that stacking them changes no number."""

import copy
import pickle

import pytest
import torch
from torch import nn

from lossviz_helpers import Objective, Slice, cross_entropy, digit_classifier, model_3, scan
from lossviz_helpers._evaluation.chain import Chain


def chain_of(model: nn.Module) -> Chain | None:
    return Chain.of(model, [n for n, p in model.named_parameters() if p.requires_grad])


def sine_net() -> nn.Module:
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(4, 6), nn.Linear(6, 3)

        def forward(self, x):
            return 3 * self.b(torch.sin(self.a(x)) / 2) - 1

    return Net()


CHAINS = {
    "model 3": (model_3().float(), 2),
    "sigmoid": (model_3(hidden="sigmoid").float(), 2),
    "digits": (digit_classifier(), 64),
    "one layer": (nn.Sequential(nn.Linear(4, 2)), 4),
    "modules": (nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 5), nn.Sigmoid()), 4),
    "arithmetic": (sine_net(), 4),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", CHAINS)
def test_outputs_are_those_of_each_model(name, dtype):
    model, inputs = CHAINS[name]
    model = copy.deepcopy(model).to(dtype)
    chain, x = chain_of(model), torch.randn(7, inputs, dtype=dtype)
    P = sum(p.numel() for p in model.parameters())
    basis, coefficients = torch.randn(3, P, dtype=dtype), torch.randn(5, 3, dtype=dtype)
    points = coefficients @ basis
    one_by_one = []
    for theta in points:
        nn.utils.vector_to_parameters(theta, model.parameters())
        one_by_one.append(model(x).detach())
    tolerance = 1e-4 if dtype == torch.float32 else 1e-12
    for given in ((points,), (basis, coefficients), (points, torch.eye(5, dtype=dtype))):
        for size in (None, 2):
            stacks = [stack.clone() for stack in chain.outputs(x, *given, size=size)]
            assert [len(stack) for stack in stacks] == ([5] if size is None else [2, 2, 1])
            torch.testing.assert_close(
                torch.cat(stacks), torch.stack(one_by_one), rtol=tolerance, atol=tolerance
            )


def test_affine_functions_are_folded_into_the_layers():
    # tanh is 2σ(2x) − 1 in Model 3: only σ is left to compute, for both layers
    layers = chain_of(model_3()).layers
    assert [layer.functions for layer in layers] == [[torch.sigmoid], [torch.sigmoid]]
    assert [layer.scale for layer in layers] == [2, 1]
    assert layers[1].before == (2, -1)


class Twice(nn.Module):
    """Uses a layer twice, so no chain."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)

    def forward(self, x):
        return self.a(torch.tanh(self.a(x)))


class Skip(Twice):
    def forward(self, x):
        return x + torch.tanh(self.a(x))


class Branches(Twice):
    def forward(self, x):
        return self.a(x) if x.sum() > 0 else -self.a(x)


class Rescales(Twice):
    def forward(self, x):
        return self.a(x / x.max())


@pytest.mark.parametrize(
    "model",
    [
        Twice(),
        Skip(),
        Branches(),
        Rescales(),
        nn.Sequential(nn.Linear(4, 3, bias=False)),
        nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=-1)),
        nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)),
        nn.Sequential(nn.Flatten(), nn.Linear(4, 3)),
    ],
    ids=lambda model: type(model).__name__,
)
def test_what_is_not_a_chain_is_left_alone(model):
    assert chain_of(model) is None


def test_a_frozen_layer_or_a_hook_makes_no_chain():
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    model[0].requires_grad_(False)
    assert chain_of(model) is None
    model[0].requires_grad_(True)
    model[1].register_forward_hook(lambda module, inputs, output: 2 * output)
    assert chain_of(model) is None


def test_derivatives_use_a_differentiable_evaluator():
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 3))
    data = (torch.randn(6, 4), torch.tensor([0, 1, 2, 0, 1, 2]))
    L = Objective(model, data, cross_entropy)
    theta = L.point()
    with torch.no_grad():
        value = L(theta)
    by_function = torch.func.grad(L)(theta)
    theta.requires_grad_(True)
    torch.testing.assert_close(L(theta).detach(), value)
    torch.testing.assert_close(torch.autograd.grad(L(theta), theta)[0], by_function)
    assert by_function.norm() > 0


def test_a_scan_is_the_same_as_points_one_by_one():
    model = digit_classifier()
    data = (torch.randn(20, 64), torch.arange(20) % 10)
    L = Objective(model, data, cross_entropy, batch_size=7)
    land = scan(L, Slice.random(L.point(), 2), resolution=(4, 3))
    for i, a in enumerate(land.axes[0]):
        for j, b in enumerate(land.axes[1]):
            there = L.model_at(land.slice.point(torch.tensor([a, b])))
            expected = nn.functional.cross_entropy(there(data[0]), data[1]).item()
            assert land.loss[i, j] == pytest.approx(expected, rel=1e-5)


def test_a_chain_is_pickled_without_its_cache():
    chain = chain_of(digit_classifier())
    x = torch.randn(3, 64)
    points = torch.randn(2, 64 * 64 + 64 + 640 + 10)
    expected = next(chain.outputs(x, points)).clone()
    assert len(pickle.dumps(chain)) < 2000
    for travelled in (copy.deepcopy(chain), pickle.loads(pickle.dumps(chain))):
        torch.testing.assert_close(next(travelled.outputs(x, points)), expected)
