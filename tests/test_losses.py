"""The losses of the chart against torch's own, and their answers to wrong data."""

import math
import pickle
import re
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from evidence.losses import LOSS, symbols
from formulas import computed
from known import normal
from torch import nn

from lossviz_helpers import (
    CHART,
    Loss,
    Objective,
    absolute_error,
    accuracy,
    binary_cross_entropy,
    cross_entropy,
    hinge,
    huber,
    kl_divergence,
    reliability,
    squared_error,
)
from lossviz_helpers.losses import LOSSES, Reading, classification, regression

numbers, others = 2 * normal(40), normal(40, seed=1)
chances, labels = normal(40).sigmoid(), (normal(40, seed=1) > 0).double()
logits, classes = normal(40, 5), torch.arange(40) % 5
shares = normal(40, 5, seed=2).softmax(dim=1)

PAIRS = {
    "squared error": (squared_error, nn.MSELoss, numbers, others),
    "absolute error": (absolute_error, nn.L1Loss, numbers, others),
    "huber": (huber, nn.HuberLoss, numbers, others),
    "binary cross-entropy": (binary_cross_entropy, nn.BCELoss, chances, labels),
    "soft binary cross-entropy": (binary_cross_entropy, nn.BCELoss, chances, chances.flip(0)),
    "cross-entropy": (cross_entropy, nn.CrossEntropyLoss, logits, classes),
}
ALL = {
    **{name: (ours, outputs, targets) for name, (ours, _, outputs, targets) in PAIRS.items()},
    "hinge": (hinge, numbers, 2 * labels - 1),
    "kl": (kl_divergence, logits, shares),
}
# what a model that knows the targets would say; the last two, as surely as it can
PERFECT = {
    "squared error": lambda y: y,
    "absolute error": lambda y: y,
    "Huber": lambda y: y,
    "binary cross-entropy": lambda y: y,
    "hinge": lambda y: y,
    "cross-entropy": lambda y: 40.0 * F.one_hot(y, 5).double(),
    "KL divergence": lambda p: p.log(),
}
each_loss = pytest.mark.parametrize("loss", CHART, ids=lambda loss: loss.name)


@pytest.mark.parametrize("name", PAIRS)
def test_losses_are_torchs(name):
    ours, theirs, outputs, targets = PAIRS[name]
    torch.testing.assert_close(ours(outputs, targets), theirs()(outputs, targets))
    each = theirs(reduction="none")(outputs, targets)
    torch.testing.assert_close(ours.per_example(outputs, targets), each)


@pytest.mark.parametrize("name", ALL)
def test_a_loss_is_the_mean_over_examples(name):
    loss, outputs, targets = ALL[name]
    each = loss.per_example(outputs, targets)
    assert each.shape == (40,)
    assert (each >= 0).all()
    torch.testing.assert_close(loss(outputs, targets), each.sum() / 40)
    loss.check(outputs, targets)


def test_hinge():
    scores = torch.tensor([3.0, 1.0, 0.25, -2.0])
    assert hinge.per_example(scores, torch.ones(4)).tolist() == [0, 0, 0.75, 3]
    assert hinge.per_example(scores, -torch.ones(4)).tolist() == [4, 2, 1.25, 0]


def test_kl_divergence_is_torchs():
    expected = F.kl_div(logits.log_softmax(dim=1), shares, reduction="batchmean")
    torch.testing.assert_close(kl_divergence(logits, shares), expected)


def test_kl_and_cross_entropy_differ_by_the_entropy_of_the_target():
    soft = nn.CrossEntropyLoss()(logits, shares)
    entropy = -(shares * shares.log()).sum(dim=1).mean()
    torch.testing.assert_close(kl_divergence(logits, shares), soft - entropy)
    certain = F.one_hot(classes, 5).double()  # whose entropy is zero
    torch.testing.assert_close(kl_divergence(logits, certain), cross_entropy(logits, classes))


def test_confident_predictions_cost_nothing_if_right_and_infinity_if_wrong():
    right, wrong = binary_cross_entropy.per_example(torch.tensor([1.0, 0.0]), torch.ones(2))
    assert (right, wrong) == (0, math.inf)
    assert binary_cross_entropy(torch.tensor([0.0]), torch.zeros(1)) == 0


@pytest.mark.parametrize("name", ALL)
def test_losses_are_differentiable(name):
    loss, outputs, targets = ALL[name]
    outputs = outputs.clone().requires_grad_(True)
    torch.autograd.gradcheck(lambda o: loss(o, targets), outputs)


def examples(loss: Loss) -> tuple[torch.Tensor, torch.Tensor]:
    """Outputs and targets of a loss, away from its kinks; a new loss needs some here."""
    return next((outputs, targets) for known, outputs, targets in ALL.values() if known is loss)


# What every loss has to prove, a new one too


@pytest.mark.parametrize("proves", LOSS, ids=lambda proves: proves.__name__)
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_a_loss_is_what_it_says(loss, proves):
    proves(loss)


def test_every_loss_is_listed_under_a_name_of_its_own():
    found = {id(v) for module in (regression, classification) for v in vars(module).values()
             if isinstance(v, Loss)}  # fmt: skip
    assert len(LOSSES) == len(found), "two losses have one name"
    assert set(CHART) < set(LOSSES.values())


def _negative(outputs, targets):
    return -((outputs - targets) ** 2)


def _one_number(outputs, targets):
    return ((outputs - targets) ** 2).mean()


def _column(outputs, targets):
    return ((outputs - targets) ** 2)[:, None]


def _against_the_mean(outputs, targets):
    return (outputs - targets) ** 2 + (outputs - outputs.mean()) ** 2


def _accepts_all(name, outputs, targets):
    pass


GOOD = squared_error.examples
FLIPPED = {  # a wrong sign everywhere, so that nothing contradicts it but the direction of its pull
    "per_example": _negative,
    "formula": r"-(y - \hat y)^2",
    "gradient": r"2(y - \hat y)",
    "examples": tuple(replace(e, value=-e.value, gradient=-e.gradient) for e in GOOD),
}
SPOILT = {
    "no units": ({"units": ""}, "its card has no units"),
    "no formula": ({"formula": " "}, "its card has no formula"),
    "a table's end": ({"formula": r"|y - \hat y|^2"}, r"write \lvert x \rvert"),
    "no examples": ({"examples": ()}, "has 0 examples; give it two or more"),
    "one target": ({"examples": GOOD[:1] * 2}, "all its examples have one target"),
    "a wrong sign": ({"per_example": _negative}, r"says 4.0, per_example gives -4"),
    "a wrong sign everywhere": (FLIPPED, "falls again further away from there: is its sign wrong?"),
    "a wrong value": (
        {"examples": (replace(GOOD[0], value=2.0), GOOD[1])}, "says 2.0, per_example gives 4",
    ),
    "a wrong gradient": (
        {"examples": (replace(GOOD[0], gradient=-4.0), GOOD[1])},
        "says -4.0, the derivative of per_example is 4",
    ),
    "a wrong formula": ({"formula": r"\tfrac12 (y - \hat y)^2"}, "formula is not what per_example"),
    "a wrong gradient on the card": (
        {"gradient": r"2(y - \hat y)"}, "its gradient is not the derivative",
    ),
    "words": ({"gradient": r"\text{twice the error}"}, "can't read its gradient: can't read twice"),
    "one number for all": ({"per_example": _one_number}, r"gives shape () for 40 examples"),
    "a column": ({"per_example": _column}, r"gives shape (40, 1) for 40 examples"),
    "mixed examples": ({"per_example": _against_the_mean}, "depends on the others"),
    "no validation": ({"validate": _accepts_all}, "validate lets one target less pass"),
    "no label": ({"reading": Reading(label="")}, "its reading has no label"),
    "0/1 for signs": ({"validate": hinge.validate}, "reading doesn't give what it expects"),
    "a lambda": ({"per_example": lambda o, t: (o - t) ** 2}, "give its functions names"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_with_a_loss_is_found_and_named(change, message):
    wrong = replace(squared_error, name="a new one", **change)
    found = []
    for proves in LOSS:
        try:
            proves(wrong)
        except AssertionError as err:
            found.append(str(err))
    assert any(message in said for said in found), found
    assert all("a new one" in said for said in found if message in said), "it names the loss"


# Signs: a loss is lowest where a model is right


@each_loss
def test_nothing_costs_less_than_a_perfect_prediction(loss):
    outputs, targets = examples(loss)
    perfect = PERFECT[loss.name](targets)
    best = loss.per_example(perfect, targets)
    torch.testing.assert_close(best, torch.zeros_like(best), rtol=0, atol=1e-12)
    # all the way from perfect to what a model says, the loss of no example falls
    way = torch.linspace(0, 1, 21, dtype=torch.float64)
    each = torch.stack([loss.per_example(perfect + t * (outputs - perfect), targets) for t in way])
    assert (each.diff(dim=0) >= -1e-12).all()
    assert (each[-1] > 0).any()


@each_loss
def test_descent_of_the_outputs_leads_to_the_targets(loss):
    outputs, targets = examples(loss)
    perfect = PERFECT[loss.name](targets)
    said = outputs.clone()
    for _ in range(2000):
        said = said.requires_grad_(True)
        (slope,) = torch.autograd.grad(loss.per_example(said, targets).sum(), said)
        with torch.no_grad():
            said = said - 0.01 * slope
            if loss is binary_cross_entropy:
                said = said.clamp(1e-3, 1 - 1e-3)  # it stays a probability
    assert loss(said, targets) < 0.1 * loss(outputs, targets)
    assert (said - perfect).norm() < (outputs - perfect).norm()


# The cards


def test_the_chart_has_seven_complete_cards():
    assert len({loss.name for loss in CHART}) == 7
    for loss in CHART:
        cards = ("formula", "gradient", "expects", "units", "used_for")
        assert all(getattr(loss, card) for card in cards)
        assert "|" not in loss.formula + loss.gradient, "it would end a cell of the chart's table"


@each_loss
def test_the_formula_on_the_card_is_the_loss(loss):
    outputs, targets = examples(loss)
    each = loss.per_example(outputs, targets)
    by_card = [
        computed(loss.formula, **symbols(*one)) for one in zip(outputs, targets, strict=True)
    ]
    torch.testing.assert_close(torch.stack(by_card), each)


@each_loss
def test_the_gradient_on_the_card_is_that_of_the_loss(loss):
    outputs, targets = examples(loss)
    outputs = outputs.clone().requires_grad_(True)
    (each,) = torch.autograd.grad(loss.per_example(outputs, targets).sum(), outputs)
    outputs = outputs.detach()
    by_card = [
        computed(loss.gradient, **symbols(*one)) for one in zip(outputs, targets, strict=True)
    ]
    torch.testing.assert_close(torch.stack(by_card), each)


def test_the_examples_reach_every_part_of_a_card():
    distance = (numbers - others).abs()
    assert (distance < 1).any() and (distance > 1).any(), "Huber's parabola, and its lines"  # noqa: PT018
    margin = numbers * (2 * labels - 1)
    assert (margin < 1).any() and (margin > 1).any(), "both sides of the hinge"  # noqa: PT018


def test_a_card_that_cannot_be_read_says_where():
    with pytest.raises(ValueError, match=r"can't read .*arctan"):
        computed(r"\arctan y", y=torch.tensor(1.0))
    with pytest.raises(ValueError, match="expected else"):
        computed(r"y \text{ if } y < 1", y=torch.tensor(1.0))


def test_losses_can_be_sent_to_another_process():
    for loss in CHART:
        received = pickle.loads(pickle.dumps(loss))
        assert received == loss, "the chart's own, which are computed in a faster way"
        assert received in CHART


def test_an_objective_can_be_sent_to_another_process():
    L = Objective(
        nn.Sequential(nn.Linear(5, 3), nn.ReLU()), (logits.float(), classes % 3), CHART[4]
    )
    points = normal(4, L.P)
    assert torch.equal(pickle.loads(pickle.dumps(L))(points), L(points))


# Accuracy


def test_accuracy_counts_correct_predictions():
    outputs = torch.tensor([0.6, 0.99, 0.2, 0.5])
    assert accuracy(outputs, torch.tensor([1.0, 1.0, 1.0, 1.0])) == 0.5
    assert accuracy(outputs, torch.tensor([1.0, 1.0, 0.0, 0.0])) == 1.0
    assert accuracy(torch.tensor([[1.0, 3, 2], [9, 0, 0]]), torch.tensor([1, 2])) == 0.5


def test_accuracy_of_different_lengths():
    for outputs, targets in (((3,), (4,)), ((3, 2), (4,)), ((3, 1), (3, 2)), ((3, 2, 2), (3,))):
        message = re.escape(f"one target for each of the N, got shapes {outputs} and {targets}")
        with pytest.raises(ValueError, match=message):
            accuracy(torch.zeros(outputs), torch.zeros(targets))


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool])
def test_accuracy_of_a_column_of_outputs(shape, dtype):
    outputs = torch.tensor([[0.9], [0.8], [0.1]])
    assert accuracy(outputs, torch.tensor([1, 1, 0]).reshape(shape).to(dtype)) == 1
    assert accuracy(outputs, torch.tensor([1, 0, 1]).reshape(shape).to(dtype)) == 1 / 3


@pytest.mark.parametrize("targets", [[1.0, -1.0, 1.0], [0.0, 1.0, 2.0], [0.2, 0.0, 1.0]])
def test_accuracy_does_not_guess_what_other_targets_mean(targets):
    outputs, targets = torch.tensor([0.9, -0.9, 0.1]), torch.tensor(targets)
    with pytest.raises(ValueError, match=r"accuracy expects targets of 0 or 1, got values from"):
        accuracy(outputs, targets)


def test_the_advice_on_accuracy_of_scores_works():
    outputs, targets = torch.tensor([0.9, -0.9, 0.1]), torch.tensor([1.0, -1.0, -1.0])
    assert accuracy((outputs > 0).int(), (targets > 0).int()) == 2 / 3


# Bad input

f, i = torch.zeros(4), torch.zeros(4, dtype=torch.int64)
SHAPED = [squared_error, absolute_error, huber, binary_cross_entropy, hinge]
WRONG = [
    *[(loss, f[:, None], f, "same shape, got (4, 1) and (4,)") for loss in SHAPED],
    *[(loss, f, i, "floating-point targets, got torch.int64; use y.to") for loss in SHAPED],
    *[(loss, f[:0], f[:0], "at least one example, got outputs of shape (0,)") for loss in CHART],
    (binary_cross_entropy, f, f - 1, "targets from 0 to 1, got values from -1 to -1"),
    (binary_cross_entropy, f + 1.5, f, "outputs from 0 to 1, got values from 1.5 to 1.5"),
    (hinge, f, f, "targets of −1 or +1, got values from 0 to 0; for 0/1 labels, pass 2y − 1"),
    (cross_entropy, logits, classes.double(), "class indices of dtype torch.int64, got"),
    (cross_entropy, logits, classes + 1, "class indices from 0 to 4, got values from 1 to 5"),
    (cross_entropy, logits, classes - 1, "class indices from 0 to 4, got values from -1 to 3"),
    (cross_entropy, logits, classes[:7], "targets of shape (N,), got (40, 5) and (7,)"),
    (cross_entropy, numbers, classes, "logits of shape (N, classes)"),
    (kl_divergence, logits, shares[:7], "same shape, got (40, 5) and (7, 5)"),
    (kl_divergence, logits, classes, "same shape, got (40, 5) and (40,)"),
    (kl_divergence, logits, shares / 2, "sum to 1 over the classes, got sums from 0.5 to 0.5"),
    (kl_divergence, logits, -shares, "target probabilities from 0 to 1, got values from -"),
]


@pytest.mark.parametrize(
    ("loss", "outputs", "targets", "message"),
    WRONG,
    ids=[f"{loss.name}: {message[:30]}" for loss, _, _, message in WRONG],
)
def test_data_that_a_loss_cannot_use(loss, outputs, targets, message):
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        loss.check(outputs, targets)
    assert str(caught.value).startswith(loss.name)


def test_reliability_of_a_known_classifier():
    # ten examples at 80%, of which eight are right, and ten at 60%, of which none is
    sure = torch.tensor([0.8, 0.2], dtype=torch.float64).log().expand(10, 2)
    doubtful = torch.tensor([0.6, 0.4], dtype=torch.float64).log().expand(10, 2)
    targets = torch.tensor([0] * 8 + [1] * 2 + [1] * 10)
    found = reliability(torch.cat([sure, doubtful]), targets, bins=5)
    expected = {4: (0.8, 0.8, 0.5), 3: (0.6, 0.0, 0.5)}
    for i in range(5):
        if i in expected:
            row = torch.stack([found.confidence[i], found.accuracy[i], found.share[i]])
            torch.testing.assert_close(row, torch.tensor(expected[i], dtype=torch.float64))
        else:
            assert found.share[i] == 0
            assert found.accuracy[i].isnan()
    assert math.isclose(found.error, 0.5 * 0.6)


def test_overconfidence_does_not_cancel_underconfidence():
    # six decisions at 90%, of which three are right, and four at 55%, all right
    sure, doubtful = (torch.tensor([p, 1 - p], dtype=torch.float64).log() for p in (0.9, 0.55))
    logits = torch.stack([sure] * 6 + [doubtful] * 4)
    found = reliability(logits, torch.tensor([0, 0, 0, 1, 1, 1, 0, 0, 0, 0]))
    assert math.isclose(found.error, 0.6 * 0.4 + 0.4 * 0.45)


def test_reliability_includes_the_most_confident():
    found = reliability(torch.tensor([[100.0, 0.0]]), torch.tensor([0]), bins=4)
    assert found.share.tolist() == [0, 0, 0, 1]
    assert found.error == 0


def test_bad_input_to_reliability():
    with pytest.raises(ValueError, match="bins must be at least 1"):
        reliability(torch.zeros(3, 2), torch.zeros(3, dtype=torch.int64), bins=0)
    with pytest.raises(ValueError, match="expects logits of shape"):
        reliability(torch.zeros(3), torch.zeros(3, dtype=torch.int64))
