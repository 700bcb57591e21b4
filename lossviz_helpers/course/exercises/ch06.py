"""The exercises of chapter 06, generalisation, and their checks."""

from functools import cache

import torch

from ...datasets import digits, with_label_noise
from ...losses import cross_entropy
from ...models import digit_classifier
from ...objective import Objective
from ...training import descend
from .exercise import _close, _exercise, _hint


@_exercise("06.1")
def _comparable_losses(letters) -> str:
    chosen = {c for c in str(letters).upper() if c.isalpha()}
    _hint(bool(chosen - set("ABCDE")), 'Answer with letters from A to E, such as "AD".')
    _hint(len(chosen) < 2, "Comparing takes at least two models.")
    _hint("C" in chosen, "C's number holds a penalty too: it is not the same function as the rest.")
    _hint("D" in chosen, "D reports another loss: squared error and cross-entropy don't compare.")
    _hint("E" in chosen, "E's number is about other digits, not about the training set.")
    return "Same loss, same data: it does not matter who found the model."


@cache
def _shares_of_noisy_labels() -> tuple[float, float, float]:
    """Share of all noisy labels that are met, and of wrong ones that are repeated, or mended."""
    train, _ = digits(n_train=300)
    noisy = with_label_noise(train, share=0.2)
    L = Objective(digit_classifier(), noisy, cross_entropy)
    models = descend(
        L, L.initial_points(range(5)), 1000, 1e-3, torch.optim.AdamW, 32, every=1000, weight_decay=4
    ).end
    said = L.predict(models).argmax(dim=-1)
    wrong = noisy.y != train.y
    met = [said == noisy.y, (said == noisy.y)[:, wrong], (said == train.y)[:, wrong]]
    return tuple(hits.double().mean().item() for hits in met)


@_exercise("06.2")
def _wrong_labels_repeated(share) -> str:
    of_all, repeated, mended = _shares_of_noisy_labels()
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(
        _close(share, of_all, 0.02),
        "That is the accuracy on all training labels. Look at the wrong ones only.",
    )
    _hint(
        _close(share, mended, 0.03),
        "That is the share it got right in spite of the wrong label. How many did it repeat?",
    )
    _hint(_close(share, 0.2, 0.01), "That is the share of labels that are wrong, before training.")
    _hint(
        not _close(share, repeated, 0.04),
        "Among the examples where noisy.y differs from train.y, count the predictions that equal "
        "noisy.y.",
    )
    return "It fits its training labels worst, because it did not learn the mistakes."
