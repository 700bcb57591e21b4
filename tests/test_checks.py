"""A landscape needs a loss that is a function of the point; where it is not, someone says so."""

import pytest
import torch
import torch.nn.functional as F
from known import build, looped, normal, seeded
from torch import nn

from lossviz_helpers import Objective, model_1, squared_error, xor

x, y = xor(40)
labels = y.long()


class Centred(nn.Module):
    """Batch normalisation in disguise: subtracts the mean over the batch."""

    def forward(self, h):
        return h - h.mean(0)


class Counts(nn.Module):
    calls = 0.0

    def forward(self, h):
        self.calls += 1
        return h + self.calls


def with_layer(layer: nn.Module) -> nn.Module:
    return build(lambda: nn.Sequential(nn.Linear(2, 4), layer, nn.Linear(4, 2)))


@pytest.mark.parametrize(
    "layer", [Centred(), nn.BatchNorm1d(4, track_running_stats=False)], ids=["own", "torch's"]
)
def test_an_output_that_depends_on_the_batch_is_named(layer):
    name = type(layer).__name__
    with pytest.raises(ValueError, match=rf"output of 1 \({name}\) depends on the other examples"):
        Objective(with_layer(layer).eval(), (x, labels), F.cross_entropy)


def test_an_output_that_changes_from_call_to_call_is_named():
    with pytest.raises(ValueError, match=r"output of 1 \(Counts\) changes from call to call"):
        Objective(with_layer(Counts()), (x, labels), F.cross_entropy)


def test_layers_that_look_at_one_example_pass():
    for layer in (nn.LayerNorm(4), nn.BatchNorm1d(4).eval(), nn.Softmax(dim=-1)):
        Objective(with_layer(layer), (x, labels), F.cross_entropy)


def test_a_model_that_is_nowhere_finite_passes():
    model = model_1()
    nn.init.constant_(model.linear.weight, torch.nan)
    assert Objective(model, (x, y), squared_error)(torch.zeros(2)) == y.mean()


# Losses that are no mean over the examples


def weighted(outputs, y):
    return F.cross_entropy(outputs, y, weight=outputs.new_tensor([1.0, 9.0]))


def summed(outputs, y):
    return F.cross_entropy(outputs, y, reduction="sum")


@pytest.mark.parametrize("loss", [weighted, summed])
def test_a_loss_that_is_no_mean_takes_all_examples_at_once(loss, monkeypatch):
    monkeypatch.setattr("lossviz_helpers.objective.STACK_BYTES", {"cpu": 1})
    model = build(lambda: nn.Linear(2, 2))
    L = Objective(model, (x, labels), loss)
    assert Objective(model, (x, labels), F.cross_entropy).batch_size < L.N
    points = normal(5, L.P)
    assert torch.allclose(L(points), looped(model, loss, x, labels, points), rtol=1e-12)


def test_a_loss_that_is_no_mean_refuses_parts():
    with pytest.raises(ValueError, match=r"no mean over the examples.* 10 at a time"):
        Objective(build(lambda: nn.Linear(2, 2)), (x, labels), summed, batch_size=10)


def test_padding_that_is_not_counted():
    tokens = torch.randint(5, (30, 6), generator=seeded(0))
    targets = tokens.roll(-1, 1)
    targets[torch.arange(30)[:, None] + torch.arange(6) > 28] = -100

    def loss(logits, y):
        return F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-100)

    model = build(lambda: nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5)))
    with pytest.raises(ValueError, match="no mean over the examples"):
        Objective(model, (tokens, targets), loss, batch_size=8)
    L = Objective(model, (tokens, targets), loss)
    points = normal(3, L.P)
    assert torch.allclose(L(points), looped(model, loss, tokens, targets, points), rtol=1e-12)


def test_a_sum_is_noticed_even_where_it_is_zero():
    model = model_1()
    nn.init.zeros_(model.linear.weight)
    with pytest.raises(ValueError, match="no mean"):
        Objective(
            nn.Sequential(model, nn.Unflatten(0, (-1, 1)), build(lambda: nn.Linear(1, 1))),
            (x, torch.zeros(40, 1)),
            lambda outputs, y: (outputs - y).square().sum(),
            batch_size=10,
        )


# Losses that are no real number


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda out, y: (out - y).square(), r"one number.*\(40,\) float64"),
        (lambda out, y: (out - y).mean().item(), r"tensor.*got float.*\.item"),
        (lambda out, y: ((out > 0.5) == y).sum(), r"one number.*\(\) int64"),
        (lambda out, y: out.mean() * 1j, r"one number.*complex"),
        (lambda out, y: {"loss": out.mean()}, "got dict"),
    ],
)
def test_a_loss_that_is_no_real_number(loss, message):
    with pytest.raises(ValueError, match=message):
        Objective(model_1(), (x, y), loss)


def test_a_loss_of_shape_one_is_a_number():
    L = Objective(model_1(), (x, y), lambda out, y: (out - y).square().mean(0, keepdim=True))
    assert L(torch.zeros(3, 2)).shape == (3,)


def test_an_output_that_is_no_tensor_says_what_it_is():
    class Named(nn.Linear):
        def forward(self, x):
            return {"logits": super().forward(x)}

    with pytest.raises(ValueError, match=r"outputs \{logits: \(40, 2\) float32\}"):
        Objective(Named(2, 2), (x, labels), F.cross_entropy)


# Parameters


def test_complex_and_mixed_parameters():
    odd = nn.Linear(2, 1, dtype=torch.complex64)
    with pytest.raises(ValueError, match=r"real floating-point.*complex64"):
        Objective(odd, (x, y), squared_error)
    mixed = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1).double(), nn.Flatten(0))
    with pytest.raises(ValueError, match=r"one dtype.*float32.*float64.*Objective\(…, dtype=…"):
        Objective(mixed, (x, y), squared_error)
    assert Objective(mixed, (x, y), squared_error, dtype=torch.float64).P == 13


def test_integer_parameters_stay_where_they_are():
    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(2, 1)
            self.factor = nn.Parameter(torch.tensor(3), requires_grad=False)

        def forward(self, x):
            return self.factor * self.linear(x)[:, 0]

    model = build(Scaled, torch.float32)
    L = Objective(model, (x, y), squared_error)
    assert L.P == 3
    assert torch.allclose(L(L.point()), squared_error(model(x.float()), y.float()))


def test_parts_of_a_model_on_two_devices():
    L = Objective(model_1(), (x, y), squared_error, device="cpu")
    assert L.x.device == L.point().device == torch.device("cpu")
    split = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1, device="meta"))
    with pytest.raises(ValueError, match=r"one device, got .*cpu.*meta"):
        Objective(split, (x, y), squared_error)
