"""A landscape needs a loss that is a function of the point; where it is not, someone says so."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from known import build, looped, normal, seeded
from torch import nn
from torch.nn.utils import prune, spectral_norm, weight_norm
from torch.nn.utils.rnn import pack_padded_sequence

from lossviz_helpers import Objective, model_1, squared_error, xor
from lossviz_helpers._checks.comparing import close
from lossviz_helpers._checks.model import check_parameters
from lossviz_helpers._inputs.examples import preserved_rng

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


class Recurrent(nn.Module):
    """Takes the examples for time, unless batch_first."""

    def __init__(self, batch_first: bool = False):
        super().__init__()
        self.inner = nn.Linear(3, 2)
        self.rnn = nn.LSTM(2, 4, batch_first=batch_first)

    def forward(self, series):
        return self.rnn(self.inner(series))[0][:, -1]


def test_examples_that_depend_on_earlier_ones():
    series = normal(40, 5, 3)
    with pytest.raises(ValueError, match=r"output of rnn \(LSTM\) depends on.*batch_first=True"):
        Objective(build(Recurrent), (series, labels), F.cross_entropy)
    Objective(build(lambda: Recurrent(batch_first=True)), (series, labels), F.cross_entropy)


class Mixing(nn.Module):
    def __init__(self, mix):
        super().__init__()
        self.inner, self.mix = nn.Linear(2, 2), mix

    def forward(self, h):
        return self.inner(self.mix(h))


@pytest.mark.parametrize(
    "mix", [lambda h: h.cumsum(0), lambda h: h - h[:1], lambda h: h - h.mean(0)]
)
def test_the_forward_is_to_blame_and_not_the_layer_that_it_feeds(mix):
    model = build(lambda: nn.Sequential(nn.Linear(2, 2), Mixing(mix)))
    with pytest.raises(ValueError, match=r"output of 1 \(Mixing\) depends on.*its forward"):
        Objective(model, (x, labels), F.cross_entropy)


def test_noise_that_is_the_same_in_every_call_passes():
    class Noisy(nn.Linear):
        def forward(self, x):
            noise = torch.randn(1000, 2, generator=seeded(0), dtype=x.dtype)
            return super().forward(x + noise[: len(x)])

    model = build(lambda: Noisy(2, 2))
    L = Objective(model, (x, labels), F.cross_entropy)
    assert torch.allclose(L(L.point()), F.cross_entropy(model(x), labels))


def test_examples_that_have_to_be_in_order():
    class Packed(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRU(1, 3, batch_first=True)

        def forward(self, words, lengths):
            return self.rnn(pack_padded_sequence(words, lengths, batch_first=True))[1][0]

    words, lengths = normal(40, 9, 1), torch.randint(1, 10, (40,), generator=seeded(0))
    lengths = lengths.sort(descending=True).values
    Objective(build(Packed), ((words, lengths), labels), F.cross_entropy)


def test_a_branch_that_depends_on_all_examples():
    class Fork(nn.Module):
        def __init__(self):
            super().__init__()
            self.left, self.right = nn.Linear(2, 2), nn.Linear(2, 2)

        def forward(self, h):
            return self.left(h) if len(h) > 20 else self.right(h)

    with pytest.raises(ValueError, match=r"output of the model \(Fork\) depends on the other"):
        Objective(build(Fork), (x, labels), F.cross_entropy)


class Steps(nn.Linear):
    """Time comes first in its outputs."""

    def __init__(self, mixes: bool, flat: bool):
        super().__init__(2, 5)
        self.mixes, self.flat = mixes, flat

    def forward(self, series):
        h = super().forward(series.transpose(0, 1))
        h = h - h.mean(1, keepdim=True) if self.mixes else h
        return h.flatten(0, 1) if self.flat else h


@pytest.mark.parametrize("flat", [False, True])
def test_examples_along_another_axis(flat):
    def loss(outputs, y):
        return F.cross_entropy(outputs.reshape(-1, 5), y.T.flatten())

    data = normal(40, 3, 2), torch.randint(5, (40, 3), generator=seeded(0))
    Objective(build(lambda: Steps(False, flat)), data, loss)
    with pytest.raises(ValueError, match=r"output of the model \(Steps\) depends on the other"):
        Objective(build(lambda: Steps(True, flat)), data, loss)


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
def test_a_loss_that_is_not_a_mean_takes_all_examples_at_once(loss, monkeypatch):
    monkeypatch.setattr("lossviz_helpers._evaluation.sizes.STACK_BYTES", {"cpu": 1})
    model = build(lambda: nn.Linear(2, 2))
    L = Objective(model, (x, labels), loss)
    assert Objective(model, (x, labels), F.cross_entropy).batch_size < L.N
    points = normal(5, L.P)
    assert torch.allclose(L(points), looped(model, loss, x, labels, points), rtol=1e-12)


def test_a_loss_that_is_not_a_mean_rejects_batch_size():
    with pytest.raises(ValueError, match=r"isn't a mean over the examples.* 10 at a time"):
        Objective(build(lambda: nn.Linear(2, 2)), (x, labels), summed, batch_size=10)


def test_padding_that_is_not_counted():
    tokens = torch.randint(5, (30, 6), generator=seeded(0))
    targets = tokens.roll(-1, 1)
    targets[torch.arange(30)[:, None] + torch.arange(6) > 28] = -100

    def loss(logits, y):
        return F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-100)

    model = build(lambda: nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5)))
    with pytest.raises(ValueError, match="isn't a mean over the examples"):
        Objective(model, (tokens, targets), loss, batch_size=8)
    L = Objective(model, (tokens, targets), loss)
    points = normal(3, L.P)
    assert torch.allclose(L(points), looped(model, loss, tokens, targets, points), rtol=1e-12)


def test_a_sum_is_noticed_even_where_it_is_zero():
    model = model_1()
    nn.init.zeros_(model.linear.weight)
    with pytest.raises(ValueError, match="isn't a mean"):
        Objective(
            nn.Sequential(model, nn.Unflatten(0, (-1, 1)), build(lambda: nn.Linear(1, 1))),
            (x, torch.zeros(40, 1)),
            lambda outputs, y: (outputs - y).square().sum(),
            batch_size=10,
        )


def beginner(width: int = 2, parameters: float = 0.0) -> nn.Module:
    """A model that gives all examples the same output, as one with a zero-initialised head does."""
    model = build(lambda: nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, width)))
    for p in model[-1].parameters():
        nn.init.constant_(p, parameters)
    return model


@pytest.mark.parametrize("batch_size", [1, 2, 3, 10, 39])
def test_a_loss_that_is_not_a_mean_is_found_whatever_the_model_outputs(batch_size):
    order = labels.argsort(stable=True)
    with pytest.raises(ValueError, match="isn't a mean over the examples"):
        Objective(beginner(), (x[order], labels[order]), weighted, batch_size=batch_size)


def test_an_outlier_does_not_hide_a_rare_class():
    rare = torch.zeros(3000, dtype=torch.int64)
    rare[1000] = 1
    many = torch.rand(3000, 2, generator=seeded(0), dtype=torch.float64)
    many[2000:2002] *= torch.tensor([[1e7], [-1e7]])
    with pytest.raises(ValueError, match="isn't a mean over the examples"):
        Objective(build(lambda: nn.Linear(2, 2)), (many, rare), weighted, batch_size=64)


def test_a_loss_that_is_undefined_for_single_examples():
    def unexplained(outputs, y):
        return (outputs - y).square().sum() / (y - y.mean()).square().sum()

    model = build(lambda: nn.Sequential(nn.Linear(2, 1), nn.Flatten(0)))
    for batch_size in (1, 7):  # of which some are left alone
        with pytest.raises(ValueError, match="isn't a mean over the examples"):
            Objective(model, (x, y + x[:, 0]), unexplained, batch_size=batch_size)


def test_a_rare_class_among_equal_losses():
    rare = torch.zeros(3000, dtype=torch.int64)
    rare[1000] = 1
    many = torch.rand(3000, 2, generator=seeded(0), dtype=torch.float64)
    with pytest.raises(ValueError, match="isn't a mean over the examples"):
        Objective(beginner(), (many, rare), weighted, batch_size=64)


@pytest.mark.parametrize(("left_out", "dtype"), [(1, torch.float64), (20, torch.float32)])
def test_tokens_that_are_left_out_of_equal_losses(left_out, dtype):
    tokens = torch.randint(5, (40, 6), generator=seeded(0))
    targets = tokens.roll(-1, 1)
    targets.view(-1)[torch.randperm(240, generator=seeded(1))[:left_out]] = -100

    def loss(logits, y):
        return F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-100)

    for seed in range(5):
        model = build(lambda: nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5)), dtype, seed)
        with pytest.raises(ValueError, match="isn't a mean over the examples"):
            Objective(model, (tokens, targets), loss, batch_size=16)


@pytest.mark.parametrize(
    ("last", "loss"),
    [
        (nn.Sigmoid(), lambda out, y: F.binary_cross_entropy(out, F.one_hot(y, 2).to(out))),
        (nn.LogSoftmax(-1), F.nll_loss),
        (nn.Identity(), lambda out, y: -out.mean()),
        (nn.Softplus(), lambda out, y: (out - y[:, None] * out.log()).mean()),
        (nn.Identity(), lambda out, y: F.mse_loss(out, F.one_hot(y, 2).to(out))),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch_size", [1, 2, 7, 39])
def test_a_mean_is_a_mean(last, loss, dtype, batch_size):
    for parameters in (0.0, 1e-3, 100.0):
        model = nn.Sequential(beginner(parameters=parameters), last)
        data = (1e3 * x, labels)
        L = Objective(model, data, loss, batch_size=batch_size, dtype=dtype)
        assert L.batch_size == batch_size


# Losses that read parameters in addition to the outputs


class Decayed(nn.Module):
    """Cross-entropy plus a term of the parameters of a module that it holds."""

    def __init__(self, held: nn.Module):
        super().__init__()
        self.held = held

    def forward(self, outputs, y):
        return F.cross_entropy(outputs, y) + sum(p.square().sum() for p in self.held.parameters())


@pytest.mark.parametrize("dtype", [None, torch.float32])
@pytest.mark.parametrize("wrap", [lambda loss: loss, lambda loss: lambda out, y: loss(out, y)])
def test_a_loss_that_reads_the_models_parameters(wrap, dtype):
    model = build(lambda: nn.Linear(2, 2))
    with pytest.raises(ValueError, match=r"parameters of the model \(weight, bias\).*let forward"):
        Objective(model, (x, labels), wrap(Decayed(model)), dtype=dtype)


def test_a_task_weight_that_is_still_zero():
    model = build(lambda: nn.Linear(2, 2))
    model.log_variance = nn.Parameter(torch.zeros(1, dtype=torch.float64))

    def loss(outputs, y):
        log = model.log_variance[0]
        return F.cross_entropy(outputs, y) * torch.exp(-log) + log

    with pytest.raises(ValueError, match=r"parameters of the model \(log_variance\)"):
        Objective(model, (x, labels), loss)


def test_a_penalty_that_forward_returns():
    class Penalised(nn.Linear):
        def forward(self, x):
            return super().forward(x), self.weight.square().sum()

    def loss(outputs, y):
        return F.cross_entropy(outputs[0], y) + outputs[1]

    model = build(lambda: Penalised(2, 2))
    L = Objective(model, (x, labels), loss, batch_size=7)
    points = normal(4, L.P)
    assert torch.allclose(L(points), looped(model, loss, x, labels, points), rtol=1e-12)


@pytest.mark.parametrize("wrap", [lambda loss: loss, lambda loss: lambda out, y: loss(out, y)])
def test_a_loss_with_parameters_of_its_own_is_a_constant(wrap):
    # of which some may look like the model's: all norms begin with ones and zeros
    def normed():
        return nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2))

    model, loss = build(normed), Decayed(build(normed, seed=1))
    L = Objective(model, (x, labels), wrap(loss))
    assert torch.allclose(L(L.point()), loss(model(x), labels))


def test_a_loss_that_differentiates_its_outputs():
    class Field(nn.Linear):
        @torch.enable_grad()
        def forward(self, x):
            x = x.clone().requires_grad_()
            return super().forward(x).tanh(), x

    @torch.enable_grad()
    def steepness(outputs, y):
        (slope,) = torch.autograd.grad(outputs[0].sum(), outputs[1], create_graph=True)
        return slope.square().mean()

    model = build(lambda: Field(2, 1))
    L = Objective(model, (x, y), steepness)
    assert torch.allclose(L(2 * L.point()), steepness(L.model_at(2 * L.point())(x), y))


# Losses that are no real number


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda out, y: (out - y).square(), r"one number.*\(40,\) float64"),
        (lambda out, y: (out - y).mean().item(), r"tensor.*got float.*\.item"),
        (lambda out, y: ((out > 0.5) == y).sum(), r"one number.*\(\) int64"),
        (lambda out, y: out.mean() * 1j, r"one number.*complex"),
        (
            lambda out, y: {"loss": out.mean()},
            r"one number, got \{loss: .*choose one: .*\['loss'\]",
        ),
        (lambda out, y: (out.mean(), 3), r"one number, got .*choose one: .*\[0\]"),
    ],
)
def test_a_loss_that_is_not_a_real_number(loss, message):
    with pytest.raises(ValueError, match=message):
        Objective(model_1(), (x, y), loss)


def test_a_loss_of_shape_one_is_a_number():
    L = Objective(model_1(), (x, y), lambda out, y: (out - y).square().mean(0, keepdim=True))
    assert L(torch.zeros(3, 2)).shape == (3,)


def test_an_output_that_is_not_a_tensor_is_named():
    class Named(nn.Linear):
        def forward(self, x):
            return {"logits": super().forward(x)}

    with pytest.raises(ValueError, match=r"outputs \{logits: \(40, 2\) float32\}"):
        Objective(Named(2, 2), (x, labels), F.cross_entropy)


# Parameters


def test_complex_and_mixed_parameters():
    odd = nn.Linear(2, 1, dtype=torch.complex64)
    for dtype in (None, torch.float32):  # which would leave out the imaginary part
        with pytest.raises(ValueError, match=r"weight is \(1, 2\) complex64.*torch\.complex\("):
            Objective(odd, (x, y), squared_error, dtype=dtype)
    mixed = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1).double(), nn.Flatten(0))
    with pytest.raises(ValueError, match=r"one dtype.*float32.*float64.*Objective\(…, dtype=…"):
        Objective(mixed, (x, y), squared_error)
    assert Objective(mixed, (x, y), squared_error, dtype=torch.float64).P == 13


def test_a_complex_parameter_in_two_parts():
    class Complex(nn.Module):
        def __init__(self):
            super().__init__()
            self.real, self.imag = (nn.Parameter(torch.randn(2, 3)) for _ in range(2))

        def forward(self, x):
            w = torch.complex(self.real, self.imag)
            return (x.to(w.dtype) @ w).abs().sum(1)

    model = build(Complex)
    L = Objective(model, (x, y), squared_error)
    points = normal(4, L.P)
    assert torch.allclose(L(points), looped(model, squared_error, x, y, points))


def test_complex_numbers_are_equal_up_to_rounding():
    z = torch.complex(normal(5), normal(5, seed=1))
    assert close(z * (1 + 1e-14), z)
    assert close(z.conj(), z.conj().clone())
    assert not close(z * (1 + 1e-5), z)


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
    split = {device: nn.Parameter(torch.zeros(1, device=device)) for device in ("cpu", "meta")}
    with pytest.raises(ValueError, match=r"one device, got .*cpu.*meta"):
        check_parameters(split)


def test_a_model_without_values():
    model = nn.Sequential(nn.Linear(2, 1, device="meta"))
    for device in (None, "cpu"):
        with pytest.raises(ValueError, match=r"0\.weight has no values.*to_empty"):
            Objective(model, (x, y), squared_error, device=device)


# Parameters that are reached by another road


class InList(nn.Linear):
    def __init__(self):
        super().__init__(2, 2)
        self.weights = [self.weight]

    def forward(self, x):
        return F.linear(x, self.weights[0], self.bias)


class InFunction(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.f = lambda x: self.linear(x)

    def forward(self, x):
        return self.f(x)


class InListUnseen(InList):
    """Since nothing is differentiated, no autograd graph shows it."""

    def forward(self, x):
        with torch.no_grad():
            return super().forward(x)


class Kept(InList):
    result = None

    def forward(self, x):
        if self.result is None or len(self.result) != len(x):
            self.result = super().forward(x)
        return self.result


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (InList, r"forward reaches weight through something other than.*nn\.ParameterList"),
        (InFunction, r"forward reaches linear\.weight, linear\.bias through"),
        (InListUnseen, r"InListUnseen called with other parameters.*reach parameters"),
        (Kept, r"Kept called with other parameters.*keep results"),
    ],
)
def test_parameters_other_than_those_passed_in(kind, message):
    with pytest.raises(ValueError, match=message):
        Objective(build(kind), (x, labels), F.cross_entropy)


def test_a_model_may_hide_another_one():
    class Student(nn.Linear):
        def __init__(self):
            super().__init__(2, 2)
            self.hidden = [nn.Linear(2, 2).double()]

        def forward(self, x):
            return super().forward(x) + self.hidden[0](x)

    model = build(Student)
    L = Objective(model, (x, labels), F.cross_entropy)
    points = normal(4, L.P)
    assert torch.allclose(L(points), looped(model, F.cross_entropy, x, labels, points))


class Hooked(nn.Module):
    """Keeps a layer's output for later."""

    def __init__(self, as_method: bool):
        super().__init__()
        self.first, self.last, self.seen = nn.Linear(2, 2), nn.Linear(2, 2), {}
        self.first.register_forward_hook(
            self.keep if as_method else lambda module, given, found: self.keep(module, given, found)
        )

    def keep(self, module, given, found):
        self.seen["first"] = found

    def forward(self, x):
        return self.last(torch.tanh(self.first(x))) + self.seen["first"]


def test_a_hook_that_belongs_to_the_original():
    with pytest.raises(ValueError, match=r"a hook of first is a function.*make it a method"):
        Objective(build(lambda: Hooked(as_method=False)), (x, labels), F.cross_entropy)
    model = build(lambda: Hooked(as_method=True))
    L = Objective(model, (x, labels), F.cross_entropy)
    points = normal(4, L.P)
    assert torch.allclose(L(points), looped(model, F.cross_entropy, x, labels, points))


# What else changes behind a model's back


def test_a_model_that_writes_into_its_inputs():
    class Clamps(nn.Linear):
        def forward(self, x):
            return super().forward(x.clamp_(0.2, 0.8))

    mine = x.clone()
    with pytest.raises(ValueError, match=r"changes its inputs in place.*x\.clone"):
        Objective(build(lambda: Clamps(2, 2)), (mine, labels), F.cross_entropy)
    assert torch.equal(mine, x), "the user's data stay as they are"


def test_data_are_copies():
    mine = x.clone()
    L = Objective(model_1(), (mine, y), squared_error)
    before = L(torch.ones(2))
    mine.mul_(5)
    assert L(torch.ones(2)) == before


def test_a_buffer_that_changes_is_named():
    def make():
        return nn.utils.parametrizations.spectral_norm(nn.Linear(2, 2))

    with pytest.raises(ValueError, match=r"a call changes the buffer .*_u.*model\.eval"):
        Objective(build(make).train(), (x, labels), F.cross_entropy)
    model = build(make)
    L = Objective(model, (x, labels), F.cross_entropy)
    assert torch.allclose(L(L.point()), F.cross_entropy(model(x), labels))


def test_a_model_that_cannot_be_called_everywhere():
    class Positive(nn.Linear):
        def forward(self, x):
            assert self.bias[0] > 0
            return super().forward(x)

    model = build(lambda: Positive(2, 2))
    model.bias.data = torch.tensor([1.0, -1.0], dtype=torch.float64)
    L = Objective(model, (x, labels), F.cross_entropy)
    assert torch.allclose(L(L.point()), F.cross_entropy(model(x), labels))


def test_a_random_model_leaves_the_random_state_alone():
    class Samples(nn.Linear):
        def forward(self, x):
            return super().forward(x + torch.randn_like(x))

    before = torch.random.get_rng_state()
    with pytest.raises(ValueError, match=r"draws random numbers.*as an input"):
        Objective(build(lambda: Samples(2, 2)), (x, labels), F.cross_entropy)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_loss_that_changes_from_call_to_call():
    calls = []

    def warming_up(outputs, y):
        calls.append(1)
        return F.cross_entropy(outputs, y) * min(1, len(calls) / 10)

    with pytest.raises(ValueError, match="loss of the same outputs changes from call to call"):
        Objective(build(lambda: nn.Linear(2, 2)), (x, labels), warming_up)


def test_a_loss_with_tensors_moves_with_the_model():
    loss = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0], dtype=torch.float64))
    model = build(lambda: nn.Linear(2, 2))
    L = Objective(model, (x, labels), loss, dtype=torch.float32)
    before = L(L.point())
    loss.weight.mul_(0).add_(1)
    assert L(L.point()) == before, "the landscape has a loss of its own"


def test_rare_examples_decide_whether_a_loss_is_a_mean():
    n = 3000
    many = torch.rand(n, 2, generator=seeded(0), dtype=torch.float64)
    rare = torch.zeros(n, dtype=torch.int64)
    rare[1000] = 1

    def loss(outputs, y):
        return F.cross_entropy(outputs, y, weight=outputs.new_tensor([1.0, 1000.0]))

    model = build(lambda: nn.Linear(2, 2))
    with pytest.raises(ValueError, match="isn't a mean over the examples"):
        Objective(model, (many, rare), loss, batch_size=64)


class Slope(nn.Module):
    """What physics asks of a network: its derivative."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))

    def forward(self, x):
        x = x.clone().requires_grad_()
        return torch.autograd.grad(self.net(x).sum(), x, create_graph=True)[0]


def test_derivatives_inside_forward_or_loss_need_enable_grad():
    with pytest.raises(ValueError, match=r"does not require grad.*with torch\.enable_grad\(\):"):
        Objective(build(Slope), (x, x), squared_error)

    def steep(outputs, y):
        return torch.autograd.grad(outputs.sum(), outputs)[0].mean()

    with pytest.raises(ValueError, match=r"loss can't be computed.*with torch\.enable_grad\(\):"):
        Objective(model_1(), (x, y), steep)


class Graph(nn.Linear):
    """Every row depends on its neighbours."""

    def forward(self, nodes, neighbours):
        return neighbours @ super().forward(nodes)


@pytest.mark.parametrize("n", [30, 40, 60])
def test_the_nodes_of_one_graph(n):
    nodes, neighbours = normal(n, 2), normal(n, n, seed=1)
    of = torch.randint(2, (n,), generator=seeded(2))
    with pytest.raises(
        ValueError, match=r"(first 48|\d+ of \d+) examples.*\(X\[None\], A\[None\]\)"
    ):
        Objective(build(lambda: Graph(2, 2)), ((nodes, neighbours), of), F.cross_entropy)

    def loss(outputs, y):
        return F.cross_entropy(outputs.flatten(0, 1), y.flatten())

    model = build(lambda: Graph(2, 2))
    L = Objective(model, ((nodes[None], neighbours[None]), of[None]), loss)
    assert torch.allclose(L(L.point()), F.cross_entropy(model(nodes, neighbours), of))


def test_a_class_is_not_a_loss():
    with pytest.raises(TypeError, match=r"class CrossEntropyLoss; pass .*CrossEntropyLoss\(\)"):
        Objective(build(lambda: nn.Linear(2, 2)), (x, labels), nn.CrossEntropyLoss)


@pytest.mark.parametrize("draw", [random.random, np.random.rand])
def test_random_numbers_from_numpy_and_python_are_noticed(draw):
    class Samples(nn.Linear):
        def forward(self, x):
            return super().forward(x) * (draw() > -1)  # nothing to be seen from outside

    with preserved_rng() as drawn:
        with pytest.raises(ValueError, match="Samples draws random numbers"):
            Objective(build(lambda: Samples(2, 2)), (x, labels), F.cross_entropy)
        with pytest.raises(ValueError, match="or its loss draws random numbers"):
            Objective(model_1(), (x, y), lambda out, y: (out - y).square().mean() + 0 * draw())
        assert not drawn()


def test_a_model_that_computes_something_else_without_gradients():
    # without gradients PyTorch's encoder packs what the mask leaves, and sets the rest to 0
    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
            self.encoder = nn.TransformerEncoder(layer, 1)

        def forward(self, words, padding):
            return self.encoder(words, src_key_padding_mask=padding)

    words = torch.randn(12, 5, 8, generator=seeded(0))
    padding = torch.arange(5) >= torch.tensor([5, 3, 4] * 4)[:, None]
    model = build(Reader, torch.float32).eval()
    data = ((words, padding), torch.zeros(12, 5, 8))
    with pytest.raises(ValueError, match="enable_nested_tensor=False"):
        Objective(model, data, F.mse_loss)


def test_a_part_that_is_compiled():
    model = nn.Sequential(nn.Flatten(), torch.jit.script(nn.Linear(2, 2)))
    with pytest.raises(
        TypeError, match=r"1 is compiled by torch\.jit; give the model the original module"
    ):
        Objective(model.double().eval(), (x, labels), F.cross_entropy)


@pytest.mark.parametrize(
    ("wrap", "message"),
    [
        (nn.DataParallel, r"DataParallel can't be evaluated here; pass model\.module"),
        (torch.jit.script, r"pass the original module, before torch\.jit"),
        (torch.compile, r"pass model\._orig_mod"),
    ],
)
def test_a_wrapped_model_says_what_to_pass(wrap, message):
    with pytest.raises(TypeError, match=message):
        Objective(wrap(build(lambda: nn.Linear(2, 2))), (x, labels), F.cross_entropy)


def test_lazy_layers():
    with pytest.raises(ValueError, match=r"weight has no shape yet; call the model"):
        Objective(nn.LazyLinear(2), (x, labels), F.cross_entropy)


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (weight_norm, r"use .*parametrizations\.weight_norm"),
        (spectral_norm, r"use .*parametrizations\.spectral_norm"),
        (lambda layer: prune.l1_unstructured(layer, "weight", 1), r".*prune\.remove"),
        (lambda layer: setattr(layer, "seen", {"weight": 2 * layer.weight}), r"detach it"),
    ],
)
def test_a_tensor_that_is_computed(change, message):
    layer = nn.Linear(2, 2)
    change(layer)
    layer(x.float())
    with pytest.raises(ValueError, match=rf"can't be copied; {message}"):
        Objective(nn.Sequential(layer), (x, labels), F.cross_entropy)


def test_inputs_that_the_model_cannot_take():
    with pytest.raises(ValueError, match=r"can't be called on inputs \(40, 3\) int64"):
        Objective(build(lambda: nn.Linear(2, 2)), (torch.ones(40, 3).long(), labels), squared_error)


def test_an_embedding_that_rescales_itself_leaves_points_alone():
    tokens = torch.randint(5, (30, 2), generator=seeded(0))
    layers = nn.Embedding(5, 3, max_norm=0.1), nn.Flatten(), nn.Linear(6, 2)
    model = build(lambda: nn.Sequential(*layers))
    with torch.no_grad():
        model(tokens)
    L = Objective(model, (tokens, torch.zeros(30).long()), F.cross_entropy)
    points = 5 * normal(2, L.P)
    before = points.clone()
    for _ in range(2):
        L(points[0])
    assert torch.equal(points, before)


# Precision


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_means_over_many_examples_are_taken_in_float32(dtype):
    n = 20_000
    inputs = torch.randn(n, 10, generator=seeded(0))
    targets = torch.randint(3, (n,), generator=seeded(1))
    model = build(lambda: nn.Sequential(nn.Linear(10, 32), nn.GELU(), nn.Linear(32, 3))).float()
    exact = Objective(model, (inputs, targets), F.cross_entropy)
    for batch_size in (None, 32):
        rough = Objective(
            model, (inputs, targets), F.cross_entropy, dtype=dtype, batch_size=batch_size
        )
        found = rough(rough.point())
        assert found.dtype == torch.float32
        assert found.item() == pytest.approx(exact(exact.point()).item(), rel=1e-2)


# Names


def test_a_dict_from_a_chain_is_not_a_chain():
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(2, 3), nn.Linear(3, 2)

        def forward(self, x):
            return {"logits": self.b(torch.tanh(self.a(x)))}

    model = build(Named)
    L = Objective(model, (x, labels), lambda out, y: F.cross_entropy(out["logits"], y))
    expected = F.cross_entropy(model(x)["logits"], labels)
    assert torch.allclose(L(L.point()), expected)


def test_a_chain_of_two_outputs():
    model = build(lambda: nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2)))
    L = Objective(model, (x, torch.zeros_like(x)), squared_error)
    points = normal(4, L.P)
    expected = looped(model, squared_error, x, torch.zeros_like(x), points)
    assert torch.allclose(L(points), expected)
