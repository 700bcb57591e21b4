"""The same numbers on a GPU, if there is one."""

import numpy as np
import pytest
import torch
from torch import nn

from lossviz_helpers import (
    SAM,
    Objective,
    Slice,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    eigenpairs,
    false_minimum_test,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.course.scenarios import WALK

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device"),
]


def small_conv_net() -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        layers = [nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU()]
        net = nn.Sequential(nn.Unflatten(1, (1, 8, 8)), *layers, nn.Flatten(), nn.Linear(288, 10))
    return net.eval()


MODELS = {"chain": digit_classifier, "conv": small_conv_net}


@pytest.mark.parametrize("name", MODELS)
def test_a_scan_is_the_same(name):
    train, _ = digits(n_train=300)
    here = Objective(MODELS[name](), train, cross_entropy)
    there = Objective(MODELS[name](), train, cross_entropy, device="cuda")
    view = Slice.random(here.point(), filters=here.filters)
    assert there.point().is_cuda
    a, b = scan(here, view, (7, 5)), scan(there, view, (7, 5))
    assert np.allclose(a.loss, b.loss, rtol=1e-4)


def test_training_curvature_and_slices_stay_on_the_device():
    L = Objective(model_3(seed=WALK.seed), xor(), squared_error, device="cuda")
    path = descend(L, L.initial_points([WALK.seed, 0]), steps=300, lr=WALK.lr)
    on_cpu = Objective(model_3(seed=WALK.seed), xor(), squared_error)
    same = descend(on_cpu, on_cpu.initial_points([WALK.seed, 0]), steps=300, lr=WALK.lr)
    assert path.points.is_cuda
    assert torch.allclose(path.losses.cpu(), same.losses, rtol=1e-6)
    view = Slice.pca(path[0].points, dims=2)
    verdict = false_minimum_test(L, path[0].end, view, steps=10)
    values, _ = eigenpairs(on_cpu, same[0].end)
    assert torch.allclose(verdict.lowest.cpu(), values, atol=1e-6)
    descend(L, path.end, steps=5, lr=0.1, optimizer=SAM, rho=0.1, batch_size=50)


def test_low_precision_is_an_option():
    train, _ = digits(n_train=300)
    exact = Objective(digit_classifier(), train, cross_entropy, device="cuda")
    rough = Objective(digit_classifier(), train, cross_entropy, device="cuda", dtype=torch.bfloat16)
    view = Slice.random(exact.point(), filters=exact.filters)
    a, b = scan(exact, view, 5).loss, scan(rough, view, 5).loss
    assert not np.array_equal(a, b)
    assert np.allclose(a, b, rtol=0.05)
