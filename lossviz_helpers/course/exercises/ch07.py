"""The exercises of chapter 07, generalisation, and their checks."""

import itertools
import math
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from ...datasets import digits, with_label_noise
from ...losses import cross_entropy
from ...models import digit_classifier
from ...objective import Objective
from ...training import descend
from ..scenarios import (
    DECAYING,
    MEMORISING,
)
from .exercise import (
    Answers,
    around,
    close,
    exercise,
    hint,
    right,
    wrong,
)
from .given import ODD_RETURNS, one_number, returned


@exercise("07.1")
def comparable_losses(letters: str) -> str:
    chosen = {c for c in str(letters).upper() if c.isalpha()}
    hint(bool(chosen - set("ABCDE")), 'Answer with letters from A to E, such as "AD".')
    hint(len(chosen) < 2, "A comparison needs at least two models.")
    hint(
        "C" in chosen, "C's number includes a penalty too: it isn't the same function as the rest."
    )
    hint("D" in chosen, "D uses another loss: squared error and cross-entropy aren't comparable.")
    hint("E" in chosen, "E's number comes from other digits, not from the training set.")
    return "It is the same loss on the same data, so it doesn't matter how the model was found."


@comparable_losses.evidence
def _() -> Answers:
    chosen = ("".join(c) for n in range(6) for c in itertools.combinations("ABCDE", n))
    yield from (wrong(letters) for letters in chosen if letters != "AB")
    yield from map(right, ("AB", "ba", "A, B"))
    yield wrong("ABC", hint="includes a penalty")
    yield wrong("ABD", hint="another loss")
    yield wrong("ABE", hint="other digits")
    yield wrong("A", hint="at least two models")
    yield wrong("AX", hint="letters from A to E")
    yield wrong(["A", "D"], hint="another loss")


HISTORIES: tuple[tuple[list[float], int, int], ...] = (
    # errors on the held-out digits, patience, the epoch to keep
    ([9.5, 7.5, 8.5, 8.25, 5.5], 2, 1),
    ([9.5, 7.5, 8.5, 8.25, 5.5], 3, 4),
    ([50.5, 40.5, 30.5, 20.5], 1, 3),
    ([30.5, 20.5, 20.5, 20.5, 10.5], 2, 1),
    ([30.5, 40.5, 20.5, 40.5, 40.5, 10.5], 2, 2),
    ([12.5], 5, 0),
)


@exercise("07.2")
def stop_in_time(stop: Callable[[list[float], int], int]) -> str:
    for errors, patience, right_epoch in HISTORIES:
        epoch = returned("epoch_to_keep", stop, errors, patience)
        listed = ", ".join(f"{e:g}" for e in errors)
        asked = f"With errors {listed} and a patience of {patience} your function gives {epoch:g}. "
        hint(epoch in errors, f"{asked}That is an error, not an epoch.")
        hint(
            epoch == errors.index(min(errors)) != right_epoch,
            f"{asked}But the loop has stopped by then, so it can't know that.",
        )
        hint(
            epoch != right_epoch,
            f"{asked}When have {patience} epochs in a row gone by without a new lowest error, and "
            "which epoch was the best by then?",
        )
    return "It keeps the best epoch so far, and never looks ahead."


def _stopping(errors: list[float], patience: int) -> int:
    best = 0
    for epoch, error in enumerate(errors):
        if error < errors[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best


def _where_it_stops(errors: list[float], patience: int) -> int:
    best = _stopping(errors, patience)
    return min(best + patience, len(errors) - 1)


@stop_in_time.evidence
def _() -> Answers:
    yield right(_stopping)
    yield right(lambda errors, patience: torch.tensor(_stopping(errors, patience)))
    yield right(lambda errors, patience: [float(_stopping(errors, patience))])
    yield wrong(lambda errors, patience: _stopping(errors, patience + 1))
    yield wrong(lambda errors, patience: _stopping(errors, max(patience - 1, 1)))
    yield wrong(lambda errors, patience: errors.index(min(errors)), hint="it can't know that")
    yield wrong(_where_it_stops, hint="without a new lowest error")
    yield wrong(lambda errors, patience: errors[_stopping(errors, patience)], hint="not an epoch")
    yield wrong(lambda errors, patience: None, hint="returns nothing")
    for odd, words in ODD_RETURNS:
        yield wrong(lambda errors, patience, odd=odd: odd, hint=words)
    yield wrong(lambda errors: 1, hint="stopped with TypeError")
    yield wrong(lambda errors, patience: errors[99], hint="stopped with IndexError")
    yield wrong(1, hint="should be a function")
    yield wrong(None, hint="should be a function")


@cache
def shares_of_noisy_labels() -> tuple[float, float, float]:
    """Fractions: training labels predicted, noisy labels reproduced, noisy labels corrected."""
    train, _ = digits(MEMORISING.n_train)
    noisy = with_label_noise(train, MEMORISING.noise)
    L = Objective(digit_classifier(), noisy, cross_entropy)
    steps, start = MEMORISING.steps, L.initial_points(range(5))
    models = descend(
        *(L, start, steps, DECAYING.lr, torch.optim.AdamW, DECAYING.batch_size),
        every=steps,
        weight_decay=4,
    ).end
    said = L.predict(models).argmax(dim=-1)
    is_noisy = noisy.y != train.y

    def share(hits: Tensor) -> float:
        return hits.double().mean().item()

    reproduced, corrected = (said == y for y in (noisy.y, train.y))
    return share(reproduced), share(reproduced[:, is_noisy]), share(corrected[:, is_noisy])


@exercise("07.3")
def noisy_labels_reproduced(share: float) -> str:
    of_all, reproduced, corrected = shares_of_noisy_labels()
    share = one_number(share)
    hint(share > 1, "Give a fraction from 0 to 1, not a percentage.")
    hint(
        close(share, of_all, 0.02),
        "That is the accuracy on all training labels. Look at the noisy ones only.",
    )
    hint(
        close(share, corrected, 0.03),
        "That is how often it predicts the true class. How many noisy labels did it reproduce?",
    )
    hint(
        close(share, MEMORISING.noise, 0.01),
        "That is the fraction of labels that are noisy, before training.",
    )
    hint(
        not close(share, reproduced, 0.04),
        "Among the examples where noisy.y differs from train.y, count the predictions that equal "
        "noisy.y.",
    )
    return "It fits its training labels worst, because it didn't memorise the noisy ones."


@noisy_labels_reproduced.evidence
def _() -> Answers:
    of_all, reproduced, corrected = shares_of_noisy_labels()
    yield from around(reproduced, 0.04)
    yield right(torch.tensor(reproduced))
    yield wrong(9.0, hint="not a percentage")
    yield wrong(of_all, hint="all training labels")
    yield wrong(corrected, hint="predicts the true class")
    yield wrong(MEMORISING.noise, hint="before training")
    yield wrong(0.5, hint="count the predictions")
    yield wrong(math.nan, hint="one number")
    yield wrong("few", hint="one number")
    yield wrong(None, hint="one number")
    yield wrong([0.1, 0.2], hint="one number")
