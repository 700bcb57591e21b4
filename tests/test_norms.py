"""Batch normalisation: whose statistics does a point have?"""

import copy
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from known import build, looped, normal, seeded
from torch import nn

from lossviz_helpers import (
    Objective,
    Slice,
    bend,
    conv_net,
    cross_entropy,
    descend,
    gradient,
    scan,
)

x = 3 * normal(60, 8) + 2
labels = (x @ normal(8, 3, seed=1)).argmax(1)
pictures = normal(30, 1, 8, 8)
digits = torch.randint(10, (30,), generator=seeded(2))


def net():
    return nn.Sequential(nn.Linear(8, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))


def trained(seed: int) -> nn.Module:
    """A small net after some training, with the running statistics of its last steps."""
    model = build(net, seed=seed).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(60):
        optimizer.zero_grad()
        F.cross_entropy(model(x), labels).backward()
        optimizer.step()
    return model.eval()


def measured_anew(model: nn.Module, x: torch.Tensor) -> nn.Module:
    """A copy with the statistics that PyTorch measures on x, all at once."""
    model = copy.deepcopy(model)
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.reset_running_stats()
            module.momentum = None
    with torch.no_grad():
        model.train()(x)
    return model.eval()


def loss_of(model, x=x, y=labels) -> torch.Tensor:
    with torch.no_grad():
        return F.cross_entropy(model(x), y)


@pytest.mark.parametrize("norm", [nn.BatchNorm1d, nn.SyncBatchNorm])
def test_own_statistics_are_those_that_pytorch_would_measure(norm):
    model = build(lambda: nn.Sequential(nn.Linear(8, 6), norm(6), nn.ReLU(), nn.Linear(6, 3)))
    L = Objective(model, (x, labels), cross_entropy, statistics="own")
    for theta in L.point() + normal(3, L.P, seed=3):
        expected = loss_of(
            measured_anew(Objective(model, (x, labels), F.cross_entropy).model_at(theta), x)
        )
        torch.testing.assert_close(L(theta).detach(), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("make", [net, lambda: conv_net(width=2)])
@pytest.mark.parametrize("mode", [True, False])
def test_model_at_has_the_statistics_of_its_point(make, mode):
    model = build(make).train(mode)
    data = (x, labels) if make is net else (pictures, digits)
    L = Objective(model, data, F.cross_entropy, statistics="own")
    for theta in L.point() + 0.3 * normal(2, L.P, seed=3):
        there = L.model_at(theta).eval()
        assert isinstance(there[1] if make is net else there, nn.Module)
        torch.testing.assert_close(L(theta).detach(), loss_of(there, *data), rtol=1e-12, atol=0)
    # on many layers, PyTorch's own measure differs by what a variance of N − 1 differs from N
    expected = loss_of(measured_anew(model, data[0]), *data)
    torch.testing.assert_close(L(L.point()).detach(), expected, rtol=2e-2, atol=0)


def test_a_line_between_two_models_ends_at_each():
    A, B = trained(0), trained(1)
    L = Objective(A, (x, labels), cross_entropy, statistics="own")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing stays behind
        line = Slice.between(L.point(), L.point(B))
    ends = [loss_of(measured_anew(model, x)).item() for model in (A, B)]
    land = scan(L, line, 21, extent=((0, 1),), progress=False)
    np.testing.assert_allclose(land.loss[[0, -1]], ends, rtol=1e-10)
    curve = bend(L, L.point(), L.point(B), steps=30)
    along = L(curve.point(torch.linspace(0, 1, 11))).detach()
    np.testing.assert_allclose(along[[0, -1]], ends, rtol=1e-10)
    assert along.mean() < land.loss.mean(), "and the curve was bent on this landscape"
    frozen = Objective(A, (x, labels), cross_entropy)
    with pytest.warns(UserWarning, match="differs in"):
        theta = frozen.point(B)
    assert frozen(theta) > 3 * ends[1], "with A's statistics B is another function"


def test_a_model_with_other_buffers_is_named_once():
    A, B = trained(0), trained(1)
    L = Objective(A, (x, labels), cross_entropy)
    with pytest.warns(
        UserWarning, match=r'1\.running_mean, 1\.running_var.*statistics="own"'
    ) as seen:
        L.point(B)
    L.point(B)
    assert len(seen) == 1


def test_frozen_parameters_that_differ_are_named(no_warnings):
    A, B = build(net), build(net, seed=1)
    for model in (A, B):
        model[0].requires_grad_(False)
    L = Objective(A, (x, labels), cross_entropy, statistics="own")
    with pytest.warns(UserWarning, match=r"0\.weight, 0\.bias.*load the same values"):
        L.point(B)
    B[0].load_state_dict(A[0].state_dict())
    again = Objective(A, (x, labels), cross_entropy, statistics="own")
    again.point(B)  # and what the message says helps: no warning


def test_a_model_that_was_only_trained_longer_is_the_same_kind(no_warnings):
    # a counter of batches says nothing about the function
    A = trained(0)
    B = copy.deepcopy(A)
    B[1].num_batches_tracked += 1
    L = Objective(A, (x, labels), cross_entropy)
    L.point(B)
    L.initial_points([1, 2])


def test_derivatives_include_the_statistics():
    L = Objective(trained(0), (x, labels), F.cross_entropy, statistics="own")
    theta, d = L.point() + 0.1 * normal(L.P, seed=1), normal(L.P, seed=4)
    h = 1e-5
    expected = (L(theta + h * d) - L(theta - h * d)) / (2 * h)
    torch.testing.assert_close(gradient(L, theta) @ d, expected.detach(), rtol=1e-5, atol=1e-9)
    # an upstream layer's scale is undone by the norm behind it, so the loss is flat along it
    scaled = L.parameters_at(theta)
    along = torch.cat([scaled[n].flatten() * n.startswith("0.") for n in L.names])
    slope = (gradient(L, theta) @ along).abs() / along.norm()
    assert slope < 1e-3 * gradient(L, theta).norm()


def test_statistics_are_those_of_the_requested_examples():
    model = trained(0)
    L = Objective(model, (x, labels), cross_entropy, statistics="own")
    rows = torch.arange(10, 40)
    part = measured_anew(model, x[rows])
    torch.testing.assert_close(L.subset(rows)(L.point()), loss_of(part, x[rows], labels[rows]))
    with torch.no_grad():
        torch.testing.assert_close(L.predict(L.point(), x[rows]), part(x[rows]))
    walks = [descend(L, L.point(), steps=4, batch_size=20, seed=s).end for s in (0, 0, 1)]
    assert torch.equal(walks[0], walks[1])
    assert not torch.equal(walks[0], walks[2])


def test_other_statistics_give_a_different_landscape():
    model = trained(0)
    marks = {
        Objective(model, (x, labels), cross_entropy, statistics=kind).fingerprint()
        for kind in ("frozen", "own")
    }
    assert len(marks) == 2


def test_nets_without_statistics_have_nothing_to_measure():
    model = build(lambda: nn.Sequential(nn.Linear(8, 6), nn.LayerNorm(6), nn.Linear(6, 3)))
    own = Objective(model, (x, labels), cross_entropy, statistics="own", batch_size=7)
    frozen = Objective(model, (x, labels), cross_entropy, batch_size=7)
    points = own.point() + normal(3, own.P)
    assert torch.equal(own(points), frozen(points))


def test_the_model_itself_keeps_its_statistics():
    model = trained(0)
    L = Objective(model, (x, labels), cross_entropy)
    points = L.point() + normal(3, L.P)
    expected = looped(model, F.cross_entropy, x, labels, points)
    torch.testing.assert_close(L(points).detach(), expected)
    own = Objective(model, (x, labels), cross_entropy, statistics="own")
    assert torch.equal(own.model[1].running_mean, model[1].running_mean)
    assert torch.equal(own.point(), L.point())


def test_what_own_statistics_cannot_do():
    model = trained(0)
    with pytest.raises(ValueError, match='"frozen" or "own", got \'batch\''):
        Objective(model, (x, labels), cross_entropy, statistics="batch")
    with pytest.raises(ValueError, match=r"all examples at once.* 20 at a time"):
        Objective(model, (x, labels), cross_entropy, statistics="own", batch_size=20)
    Objective(model, (x, labels), cross_entropy, statistics="own")  # as it says
