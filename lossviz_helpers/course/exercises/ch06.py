"""The exercises of chapter 06, generalisation, and their checks."""

import itertools
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


@exercise("06.1")
def comparable_losses(letters: str) -> str:
    chosen = {c for c in str(letters).upper() if c.isalpha()}
    hint(bool(chosen - set("ABCDE")), 'Answer with letters from A to E, such as "AD".')
    hint(len(chosen) < 2, "Comparing takes at least two models.")
    hint(
        "C" in chosen, "C's number includes a penalty too: it isn't the same function as the rest."
    )
    hint("D" in chosen, "D uses another loss: squared error and cross-entropy aren't comparable.")
    hint("E" in chosen, "E's number is about other digits, not about the training set.")
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


@cache
def shares_of_noisy_labels() -> tuple[float, float, float]:
    """Fractions of training labels predicted, noisy labels repeated, and noisy labels corrected."""
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
    mislabelled = noisy.y != train.y

    def share(hits: Tensor) -> float:
        return hits.double().mean().item()

    repeated, corrected = (said == y for y in (noisy.y, train.y))
    return share(repeated), share(repeated[:, mislabelled]), share(corrected[:, mislabelled])


@exercise("06.2")
def wrong_labels_repeated(share: float) -> str:
    of_all, repeated, corrected = shares_of_noisy_labels()
    hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    hint(
        close(share, of_all, 0.02),
        "That is the accuracy on all training labels. Look at the wrong ones only.",
    )
    hint(
        close(share, corrected, 0.03),
        "That is the share it got right despite the wrong label. How many did it repeat?",
    )
    hint(
        close(share, MEMORISING.noise, 0.01),
        "That is the share of labels that are wrong, before training.",
    )
    hint(
        not close(share, repeated, 0.04),
        "Among the examples where noisy.y differs from train.y, count the predictions that equal "
        "noisy.y.",
    )
    return "It fits its training labels worst, because it did not memorise the mistakes."


@wrong_labels_repeated.evidence
def _() -> Answers:
    of_all, repeated, corrected = shares_of_noisy_labels()
    yield from around(repeated, 0.04)
    yield wrong(9.0, hint="not a percentage")
    yield wrong(of_all, hint="all training labels")
    yield wrong(corrected, hint="despite the wrong label")
    yield wrong(MEMORISING.noise, hint="before training")
    yield wrong(0.5, hint="count the predictions")
    yield wrong("few", hint="could not use this answer")
