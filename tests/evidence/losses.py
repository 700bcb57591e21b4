"""What every loss has to prove, and what to fix if it can't.

Each function takes a loss and raises an AssertionError that says what to change.
"""

import pickle

import pytest
import torch
from formulas import computed
from known import seeded
from torch import Tensor

from lossviz_helpers.losses import Example, Loss

CARD = ("name", "formula", "gradient", "expects", "units", "used_for")


def the_card_is_complete(loss: Loss) -> None:
    for field in CARD:
        text = getattr(loss, field)
        assert text.strip(), f"{loss.name}: its card has no {field}; chapter 1 prints it"
        assert "|" not in text, (
            rf"{loss.name}: `|` in {field} ends a table's cell; write \lvert x \rvert"
        )


def it_has_examples(loss: Loss) -> None:
    assert len(loss.examples) >= 2, (
        f"{loss.name} has {len(loss.examples)} examples; give it two or more, with values and "
        "gradients that you worked out by hand: examples=(Example(output=…, target=…, value=…, "
        "gradient=…), …)"
    )
    assert len({example.target for example in loss.examples}) >= 2, (
        f"{loss.name}: all its examples have one target; add one with another"
    )


def its_values_are_those_of_the_examples(loss: Loss) -> None:
    for example in loss.examples:
        value = per_example(loss, *tensors(example)).item()
        assert value == pytest.approx(example.value, rel=1e-4, abs=1e-5), (
            f"{loss.name}: {example} says {example.value}, per_example gives {value:.6g}; one of "
            "them is wrong"
        )


def its_derivative_is_that_of_the_examples(loss: Loss) -> None:
    for example in loss.examples:
        expected = torch.tensor([example.gradient], dtype=torch.float64)
        found = derivative(loss, *tensors(example))
        assert torch.allclose(found, expected, rtol=1e-4, atol=1e-5), (
            f"{loss.name}: {example} says {example.gradient}, the derivative of per_example is "
            f"{found.tolist()[0]}; one of them is wrong"
        )


def the_formula_on_its_card_is_the_loss(loss: Loss) -> None:
    for outputs, targets in known_data(loss):
        each, by_card = per_example(loss, outputs, targets), read(loss, "formula", outputs, targets)
        torch.testing.assert_close(
            by_card, each, rtol=1e-6, atol=1e-9,
            msg=lambda found: f"{loss.name}: its formula is not what per_example computes: {found}",
        )  # fmt: skip


def the_gradient_on_its_card_is_the_derivative(loss: Loss) -> None:
    for outputs, targets in known_data(loss):
        each, by_card = derivative(loss, outputs, targets), read(loss, "gradient", outputs, targets)
        torch.testing.assert_close(
            by_card.expand_as(each), each, rtol=1e-6, atol=1e-9,
            msg=lambda found: f"{loss.name}: its gradient is not the derivative: {found}",
        )  # fmt: skip


def it_pulls_towards_the_target(loss: Loss) -> None:
    u = torch.linspace(*loss.reading.window, 201, dtype=torch.float64)
    best = {}
    for y in (0, 1):
        each = per_example(loss, loss.reading.outputs(u), loss.reading.targets(u, y))
        lowest = int(each.argmin())
        best[y] = u[lowest].item()
        rises = (each[: lowest + 1].diff() <= 1e-9).all() and (each[lowest:].diff() >= -1e-9).all()
        assert rises, (
            f"{loss.name}: for y = {y} it is lowest at u = {best[y]:.2g}, but falls again further "
            "away from there: is its sign wrong?"
        )
    assert best[0] < best[1], (
        f"{loss.name}: it is lowest at u = {best[1]:.2g} for y = 1 and at {best[0]:.2g} for y = 0: "
        "is its sign wrong, or are outputs and targets of its reading?"
    )


def it_is_a_mean_over_examples(loss: Loss) -> None:
    outputs, targets = swept(loss, 1)
    each = per_example(loss, outputs, targets)
    alone = torch.cat([per_example(loss, outputs[i : i + 1], targets[i : i + 1]) for i in range(3)])
    assert torch.allclose(alone, each[:3]), f"{loss.name}: an example's loss depends on the others"


def it_refuses_other_shapes(loss: Loss) -> None:
    outputs, targets = swept(loss, 1)
    wrong = {
        "one target less": (outputs, targets[1:]),
        "outputs with one more dimension": (outputs[..., None], targets),
        "no examples": (outputs[:0], targets[:0]),
    }
    for what, data in wrong.items():
        said = refusal(loss, *data)
        assert said, f"{loss.name}: its validate lets {what} pass; begin with same_shape"
        assert said.startswith(loss.name), f"{loss.name}: its error for {what} names no loss"


def its_reading_gives_what_it_expects(loss: Loss) -> None:
    assert loss.reading.label, f"{loss.name}: its reading has no label"
    for y in (0, 1):
        said = refusal(loss, *swept(loss, y))
        assert not said, (
            f"{loss.name}: its reading doesn't give what it expects, so set outputs, targets or "
            f"window: {said}"
        )


def it_can_be_sent_to_another_process(loss: Loss) -> None:
    try:
        received = pickle.loads(pickle.dumps(loss))
    except (pickle.PicklingError, AttributeError) as err:
        raise AssertionError(f"{loss.name}: give its functions names, no lambdas: {err}") from None
    assert received == loss


LOSS = (
    the_card_is_complete,
    it_has_examples,
    its_values_are_those_of_the_examples,
    its_derivative_is_that_of_the_examples,
    the_formula_on_its_card_is_the_loss,
    the_gradient_on_its_card_is_the_derivative,
    it_pulls_towards_the_target,
    it_is_a_mean_over_examples,
    it_refuses_other_shapes,
    its_reading_gives_what_it_expects,
    it_can_be_sent_to_another_process,
)


def tensors(example: Example) -> tuple[Tensor, Tensor]:
    """Outputs and targets of one example; a target that is a Python int is a class index."""
    target = torch.tensor([example.target])
    return (
        torch.tensor([example.output], dtype=torch.float64),
        target if isinstance(example.target, int) else target.double(),
    )


def swept(loss: Loss, y: int) -> tuple[Tensor, Tensor]:
    """Outputs and targets at 40 places of its window, away from kinks and ends."""
    low, high = loss.reading.window
    u = low + (high - low) * torch.rand(40, generator=seeded(y), dtype=torch.float64)
    return loss.reading.outputs(u), loss.reading.targets(u, y)


def known_data(loss: Loss) -> list[tuple[Tensor, Tensor]]:
    return [*map(tensors, loss.examples), swept(loss, 0), swept(loss, 1)]


def per_example(loss: Loss, outputs: Tensor, targets: Tensor) -> Tensor:
    each = loss.per_example(outputs, targets)
    assert each.shape == (len(targets),), (
        f"{loss.name}: per_example gives shape {tuple(each.shape)} for {len(targets)} examples, "
        "not one number an example"
    )
    return each


def refusal(loss: Loss, outputs: Tensor, targets: Tensor) -> str:
    """What `check` says against the data; nothing if it accepts them."""
    try:
        loss.check(outputs, targets)
    except ValueError as err:
        return str(err)
    return ""


def derivative(loss: Loss, outputs: Tensor, targets: Tensor) -> Tensor:
    """Of the loss of each example with respect to its output; 0 if there is none."""
    outputs = outputs.clone().requires_grad_(True)
    each = per_example(loss, outputs, targets)
    if not each.requires_grad:
        return torch.zeros_like(outputs)
    return torch.autograd.grad(each.sum(), outputs)[0]


def read(loss: Loss, field: str, outputs: Tensor, targets: Tensor) -> Tensor:
    """What a formula of the card gives, example by example."""
    try:
        pairs = zip(outputs, targets, strict=True)
        return torch.stack([computed(getattr(loss, field), **symbols(*pair)) for pair in pairs])
    except ValueError as err:
        raise AssertionError(
            f"{loss.name}: the tests can't read its {field}: {err}. Write it with what "
            "tests/formulas.py knows, or add the function there"
        ) from None


def symbols(output: Tensor, target: Tensor) -> dict[str, Tensor]:
    """One example, as the cards call its parts."""
    if output.ndim == 0:
        return {"y_hat": output, "y": target}
    name = "p" if target.ndim else "y"
    return {"z": output, name: target, "c": torch.arange(len(output))}
