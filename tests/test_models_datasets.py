"""The models are the formulas of the text, the data are what their names say."""

import pytest
import torch
from known import normal
from sklearn.datasets import load_digits

from lossviz_helpers import diagonal, digit_classifier, digits, model_1, model_2, model_3, xor

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


def test_sizes_and_types():
    assert [count(model) for model in (model_1(), model_2(), model_3())] == [2, 3, 13]
    assert count(digit_classifier()) == 64 * 64 + 64 + 64 * 10 + 10
    assert digit_classifier(width=7)(torch.zeros(5, 64)).shape == (5, 10)
    assert {p.dtype for p in model_3().parameters()} == {torch.float64}
    assert {p.dtype for p in digit_classifier().parameters()} == {torch.float32}


@pytest.mark.parametrize("make", [model_1, model_2, model_3, digit_classifier])
def test_a_seed_makes_the_model_and_nothing_else_random(make):
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
def test_data_of_no_examples(make):
    with pytest.raises(ValueError, match=r"(at least one example|from 1 to 1796), got"):
        make(0)


@pytest.mark.parametrize("make", [diagonal, xor, digits])
def test_data_leave_the_global_random_state_alone(make):
    before = torch.random.get_rng_state()
    make()
    assert torch.equal(torch.random.get_rng_state(), before)
