"""The models are the formulas of the text, the data are what their names say."""

from dataclasses import replace

import pytest
import torch
from evidence.datasets import DATASET, every_dataset_is_listed
from known import normal
from sklearn.datasets import load_digits

from lossviz_helpers import (
    Dataset,
    conv_net,
    datasets,
    deep_net,
    diagonal,
    digit_classifier,
    digits,
    disturbed,
    model_1,
    model_2,
    model_3,
    pictures,
    with_cue,
    xor,
)
from lossviz_helpers.datasets import DATASETS

x = normal(30, 2)


def count(model) -> int:
    return sum(p.numel() for p in model.parameters())


# Models


def test_models_1_and_2_are_planes():
    W = torch.tensor([0.3, -2.0], dtype=torch.float64)
    for model, b in ((model_1(), 0.0), (model_2(), 0.7)):
        with torch.no_grad():
            model.linear.weight[:] = W
            if b:
                model.linear.bias[:] = b
            torch.testing.assert_close(model(x), x[:, 0] * 0.3 - x[:, 1] * 2 + b)


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu", "linear"])
@pytest.mark.parametrize("output", ["sigmoid", "linear"])
def test_model_3_is_its_formula(hidden, output):
    functions = {
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "relu": torch.relu,
        "linear": lambda h: h,
    }
    model = model_3(seed=3, hidden=hidden, output=output)
    W1, b1, W2, b2 = model.parameters()
    expected = functions[output](functions[hidden](x @ W1.T + b1) @ W2.T + b2)[:, 0]
    torch.testing.assert_close(model(x), expected)


def by_hand(model, x, skip, scale, norm):
    W, b = model.first.weight, model.first.bias
    h = torch.tanh(x @ W.T + b)
    for layer in model.layers:
        z = h @ layer.weight.T + layer.bias
        if norm:
            away = z - z.mean(dim=1, keepdim=True)
            z = away / ((away**2).mean(dim=1, keepdim=True) + 1e-5).sqrt()
        h = (h if skip else 0) + scale * torch.tanh(z)
    return h @ model.last.weight.T + model.last.bias


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize(
    ("skip", "scale", "expected"),
    [(False, None, 1.0), (True, None, 0.5), (True, 1.0, 1.0), (False, 0.3, 0.3), (True, 0.3, 0.3)],
)
def test_a_deep_net_is_its_formula(skip, scale, expected, norm):
    model, digit = deep_net(4, skip, seed=2, scale=scale, norm=norm), normal(9, 64).float()
    torch.testing.assert_close(model(digit), by_hand(model, digit, skip, expected, norm))


def test_deep_nets_share_a_space_and_treat_each_example_separately():
    shapes = {
        tuple(p.shape for p in deep_net(3, skip, scale=scale, norm=norm).parameters())
        for skip in (False, True)
        for scale in (None, 0.5)
        for norm in (False, True)
    }
    assert len(shapes) == 1
    model, digit = deep_net(3, skip=True, norm=True), normal(9, 64).float()
    torch.testing.assert_close(model(digit)[:1], model(digit[:1]))


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_is_a_positive_number(scale):
    with pytest.raises(ValueError, match="scale must be a positive number"):
        deep_net(3, skip=True, scale=scale)


def test_sizes_and_types():
    assert [count(model) for model in (model_1(), model_2(), model_3())] == [2, 3, 13]
    assert count(digit_classifier()) == 64 * 64 + 64 + 64 * 10 + 10
    assert digit_classifier(width=7)(torch.zeros(5, 64)).shape == (5, 10)
    assert {p.dtype for p in model_3().parameters()} == {torch.float64}
    assert {p.dtype for p in digit_classifier().parameters()} == {torch.float32}


@pytest.mark.parametrize("make", [model_1, model_2, model_3, digit_classifier, conv_net])
def test_a_seed_determines_the_model_and_leaves_the_global_state_alone(make):
    before = torch.random.get_rng_state()
    a, b, other = (torch.cat([p.flatten() for p in make(seed=s).parameters()]) for s in (1, 1, 2))
    assert torch.equal(a, b)
    assert not torch.equal(a, other)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_an_activation_that_does_not_exist():
    with pytest.raises(ValueError, match="one of tanh, sigmoid, relu, linear; got 'gelu'"):
        model_3(hidden="gelu")
    with pytest.raises(ValueError, match="got 'softmax'"):
        model_3(output="softmax")


def test_the_conv_net_is_residual():
    net = conv_net(blocks=2, width=4, channels=3, classes=7).eval()
    images = torch.randn(5, 3, 16, 16)
    assert net(images).shape == (5, 7)
    block = next(m for m in net if hasattr(m, "conv_2") and m.stride == 2)
    h = torch.randn(2, 4, 8, 8)
    with torch.no_grad():
        block.norm_2.weight.zero_()
    shortcut = torch.cat([h[:, :, ::2, ::2], torch.zeros(2, 4, 4, 4)], dim=1)
    torch.testing.assert_close(block(h), shortcut.relu(), msg="f is zero, so only h passes")
    with pytest.raises(ValueError, match="at least 1, got 0, 16, 1 and 10"):
        conv_net(blocks=0)


# What every dataset has to prove, a new one too


def test_every_dataset_is_listed():
    every_dataset_is_listed()


@pytest.mark.parametrize("proves", DATASET, ids=lambda proves: proves.__name__)
@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_is_what_it_says(name, proves):
    proves(name, DATASETS[name])


def by_chance(n=500, seed=0, dtype=torch.float64):
    return Dataset(torch.rand(n, 2), torch.arange(n) % 2)


def seen_before(n_train=500, seed=0, dtype=torch.float64):
    data = xor(n_train, seed)
    return data, data


XOR, DIGITS = DATASETS["xor"], DATASETS["digits"]
SPOILT = {
    "a size": (replace(XOR, examples=(400,)), "has (500,) examples, its facts say (400,)"),
    "a shape": (replace(XOR, inputs=(3,)), "has inputs of shape (2,), its facts say (3,)"),
    "classes": (replace(DIGITS, classes=11), "its facts say [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"),
    "a window": (replace(XOR, window=(0.0, 0.5)), "its facts say (0.0, 0.5)"),
    "centred": (replace(XOR, centred=True), "its facts say centred=True"),
    "not centred": (replace(DIGITS, centred=False), "its facts say centred=False"),
    "a rule": (replace(XOR, rule=lambda x: x[0] > 0.5), "its rule says"),
    "chance": (replace(XOR, load=by_chance), "one seed gives two datasets"),
    "no words": (replace(XOR, load=by_chance), "its docstring has no Args:"),
    "float32": (replace(XOR, load=seen_before, examples=(500, 500)), "asked for torch.float32"),
    "both": (replace(XOR, load=seen_before, examples=(500, 500)), "500 examples are in the train"),
    "nothing": (replace(XOR, load=by_chance), "expected a ValueError that says what it got"),
}


@pytest.mark.parametrize(("wrong", "message"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_with_a_dataset_is_found_and_named(wrong, message):
    found = []
    for proves in DATASET:
        try:
            proves("a new one", wrong)
        except AssertionError as err:
            found.append(str(err))
    assert any(message in said for said in found), found
    assert all("a new one" in said for said in found)


def test_a_dataset_without_evidence_is_found(monkeypatch):
    def made(n: int = 500, seed: int = 0) -> Dataset:
        return xor(n, seed)

    made.__module__ = datasets.__name__
    monkeypatch.setattr(datasets, "made", made, raising=False)
    with pytest.raises(AssertionError, match=r"made: put @dataset\(examples=…"):
        every_dataset_is_listed()


# Data


@pytest.mark.parametrize("make", [diagonal, xor])
def test_toy_data(make):
    data = make(2000, seed=3)
    assert data.x.shape == (2000, 2)
    assert data.y.shape == (2000,)
    assert data.x.dtype == data.y.dtype == torch.float64
    assert ((data.x >= 0) & (data.x <= 1)).all()
    for x, y in zip(data.x.tolist(), data.y.tolist(), strict=True):
        expected = x[1] > x[0] if make is diagonal else (x[0] > 0.5) != (x[1] > 0.5)
        assert y == expected
    # uniform: every quadrant holds a quarter, give or take
    quadrant = (data.x > 0.5).double() @ torch.tensor([2.0, 1.0], dtype=torch.float64)
    assert all(400 < (quadrant == q).sum() < 600 for q in range(4))
    assert make(5, dtype=torch.float32).x.dtype == torch.float32
    assert torch.equal(make(5, seed=3).x, data.x[:5])
    assert not torch.equal(make(5, seed=4).x, data.x[:5])


def test_digits_are_split_without_overlap_and_scaled_as_said():
    train, test = digits(n_train=1000, seed=2)
    assert (len(train.x), len(test.x)) == (1000, 797)
    assert train.x.dtype == torch.float32
    assert train.y.dtype == torch.int64
    pictures = load_digits()
    original = torch.as_tensor(pictures.data) / 16
    x = torch.cat([train.x, test.x]).double() * 0.3 + original.mean(dim=0)
    y = torch.cat([train.y, test.y])

    def rows(x, y):
        return sorted(map(tuple, torch.cat([x, y[:, None]], 1).mul(16).round().long().tolist()))

    assert rows(x, y.double()) == rows(original, torch.as_tensor(pictures.target).double())
    again, other = digits(seed=2)[0], digits(seed=3)[0]
    assert torch.equal(again.x, train.x)
    assert not torch.equal(other.x, train.x)


@pytest.mark.parametrize("make", [diagonal, xor, digits, lambda n: digits(1797 - n)])
def test_data_without_examples(make):
    with pytest.raises(ValueError, match=r"(at least one example|from 1 to 1796), got"):
        make(0)


@pytest.mark.parametrize("make", [diagonal, xor, digits])
def test_data_leave_the_global_random_state_alone(make):
    before = torch.random.get_rng_state()
    make()
    assert torch.equal(torch.random.get_rng_state(), before)


# Digits on another day


def test_pictures_are_the_original_inputs():
    train, test = digits(1000, dtype=torch.float64)
    found = pictures(torch.cat([train.x, test.x])).reshape(-1, 64)
    order = torch.randperm(1797, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(found, torch.as_tensor(load_digits().data)[order] / 16)


def test_digits_after_a_distribution_shift():
    data = digits(1000, dtype=torch.float64)[1]
    nothing = disturbed(data)
    torch.testing.assert_close(nothing.x, data.x)
    moved = pictures(disturbed(data, shift=2).x)
    torch.testing.assert_close(moved[:, :, 2:], pictures(data.x)[:, :, :-2])
    assert moved[:, :, :2].abs().max() < 1e-12, "what is left empty is background"
    turned = pictures(disturbed(data, degrees=90).x)
    torch.testing.assert_close(turned, pictures(data.x).rot90(1, (1, 2)))  # counterclockwise
    noise = pictures(disturbed(data, noise=0.3, seed=1).x) - pictures(data.x)
    assert abs(noise.std() - 0.3) < 0.005
    assert abs(noise.mean()) < 0.005
    for other in (nothing, disturbed(data, shift=1, degrees=9, noise=1)):
        assert torch.equal(other.y, data.y)


@pytest.mark.parametrize("right", [0.0, 0.9, 1.0])
def test_a_cue_is_right_as_often_as_requested(right):
    data = digits(1000, dtype=torch.float64)[1]
    marked, misled = with_cue(data, right, seed=3)
    assert int((~misled).sum()) == len(data.y) - round((1 - right) * len(data.y))
    pixels = pictures(marked.x)
    classes = torch.arange(10)
    cue = pixels[:, classes % 8, 7 * (classes // 8)] >= 1 - 1e-12
    assert cue[~misled, data.y[~misled]].all()
    assert torch.equal(data.y, marked.y)
    changed = (marked.x - data.x).abs() > 1e-9
    assert changed.sum(dim=1).max() == 1, "one pixel a picture"


def test_bad_input_to_disturb_or_mark():
    data = digits(10)[0]
    with pytest.raises(ValueError, match=r"images of 64 pixels.*\(500, 2\)"):
        disturbed(xor())
    with pytest.raises(ValueError, match="noise must be at least 0"):
        disturbed(data, noise=-1)
    with pytest.raises(ValueError, match=r"from 0 to 1, got 1\.5"):
        with_cue(data, 1.5)
