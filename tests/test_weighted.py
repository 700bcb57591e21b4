"""Weighted means: exact in batches of any size, for values and derivatives."""

import pytest
import torch
import torch.nn.functional as F
from known import build, normal
from torch import nn

from lossviz_helpers import Objective, WeightedMean, gradient, hvp

PAD = -100


class Tagger(nn.Module):
    """Logits of every token: shape (N, tokens, classes)."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 4)

    def forward(self, x):
        return self.layer(x).tanh()


def per_token(logits, tokens):
    total = F.cross_entropy(
        logits.flatten(0, 1), tokens.flatten(), ignore_index=PAD, reduction="sum"
    )
    return total, (tokens != PAD).sum()


def padded(n=23, tokens=6):
    """Sequences of very different lengths; one is nothing but padding."""
    x, y = normal(n, tokens, 3), torch.arange(n * tokens).view(n, tokens) % 4
    y[torch.arange(tokens) >= (torch.arange(n) % (tokens + 1))[:, None]] = PAD
    assert (y[0] == PAD).all()
    return x, y


def of(loss, **options):
    return Objective(build(Tagger), padded(), loss, **options)


@pytest.mark.parametrize("batch_size", [1, 5, 8, 22, 23])
def test_token_means_are_exact_in_batches(batch_size):
    whole = of(lambda logits, y: F.cross_entropy(logits.flatten(0, 1), y.flatten()))
    L = of(WeightedMean(per_token), batch_size=batch_size)
    assert L.batch_size == batch_size
    points = normal(7, L.P)
    assert torch.allclose(L(points), whole(points), rtol=1e-12, atol=0)
    assert torch.allclose(gradient(L, points), gradient(whole, points), atol=1e-12)
    theta, vectors = points[0], points[1:3]
    assert torch.allclose(hvp(L, theta, vectors), hvp(whole, theta, vectors), atol=1e-12)


def test_class_weights_are_exact_in_batches():
    weight = torch.tensor([1.0, 10.0, 0.1]).double()
    x, y = normal(40, 5), torch.arange(40) % 3
    net = build(lambda: nn.Linear(5, 3))
    plain = Objective(net, (x, y), nn.CrossEntropyLoss(weight=weight))

    def weighted(logits, y):
        return F.cross_entropy(logits, y, weight=weight, reduction="sum"), weight[y].sum()

    L = Objective(net, (x, y), WeightedMean(weighted), batch_size=7)
    points = normal(3, L.P)
    assert torch.allclose(L(points), plain(points), rtol=1e-12, atol=0)
    means = [plain.subset(rows)(points) for rows in torch.arange(40).split(7)]
    assert not torch.allclose(torch.stack(means).mean(0), plain(points), rtol=1e-3, atol=0)


def test_a_subset_has_its_own_total():
    L = of(WeightedMean(per_token), batch_size=4)
    rows = torch.tensor([3, 6, 13])
    some = Objective(build(Tagger), tuple(t[rows] for t in padded()), WeightedMean(per_token))
    assert torch.allclose(L.subset(rows)(L.point()), some(L.point()), rtol=1e-12, atol=0)
    assert L.subset(torch.tensor([0]))(L.point()) == 0, "nothing but padding"


def test_weights_that_depend_on_the_outputs_need_all_examples():
    def confident(logits, y):
        sure = logits.flatten(1).std(dim=1)
        return (sure * logits.flatten(1).square().mean(dim=1)).sum(), sure.sum()

    assert not of(WeightedMean(confident)).decomposes_over_examples
    with pytest.raises(ValueError, match="isn't a mean over the examples"):
        of(WeightedMean(confident), batch_size=5)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (lambda o, y: o.mean(), r"must return \(sum, weight\).*got shape \(\)"),
        (lambda o, y: (o.sum(), 3), r"got \(shape \(\), int\)"),
        (lambda o, y: (o.sum(dim=(1, 2)), o.new_ones(len(o))), r"got \(shape \(23,\), shape"),
        (lambda o, y: (o.sum(), -o.new_ones(len(o)).sum()), "none negative"),
        (lambda o, y: (o.sum(), o.new_zeros(())), "not all 0"),
    ],
)
def test_what_cannot_be_a_weighted_mean_is_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        of(WeightedMean(parts))


def test_what_cannot_be_called_is_refused():
    with pytest.raises(TypeError, match="got float"):
        WeightedMean(3.0)


def test_a_pair_is_no_loss_but_the_error_says_what_to_do():
    with pytest.raises(ValueError, match=r"use WeightedMean\(loss\)"):
        of(per_token)
