"""Chapter 07: choose the fraction of noisy labels and the epoch."""

import numpy as np

from .results import Array, File, Sizes, read_results
from .stored import (
    Json,
    Stored,
    Word,
    buttons,
    chosen_by,
    curves_of_seeds,
    dots,
    number,
    panel,
    slider,
    with_mean,
)  # fmt: skip

SIZES: Sizes = {
    "shares": ("share",),
    "epochs": ("epoch",),
    **dict.fromkeys(("loss", "train", "test"), ("share", "seed", "epoch")),
}


def noise_explorer(file: File) -> "NoiseExplorer":
    """Choose the fraction of noisy labels and the epoch: see what the net learns, and at what cost.

    Thin lines are seeds, thick ones their mean; ● marks the best epoch on new data. The browser has
    all of the results, so it works without a kernel.

    Args:
        file: with `shares` (n,), `epochs` (T,), `loss`, and accuracies `train` and `test` in
            percent, each (n, seeds, T).

    Returns:
        The widget. Its trait `chosen` holds the values of `share` and `epoch`; set or observe it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.
        traitlets.TraitError: if what is chosen doesn't exist.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = noise_explorer(measured("07_noise"))
    >>> explorer.chosen = {"share": 0.4, "epoch": 100}
    >>> explorer.shown()[1]["title"]
    'accuracy with 40% noisy labels'
    """
    return NoiseExplorer(**read_results(file, "noise_explorer", SIZES))


class NoiseExplorer(Stored):
    """Training loss and accuracies, plotted against the epoch, for one fraction of noisy labels."""

    name = "noise_explorer"

    def __init__(
        self, shares: Array, epochs: Array, loss: Array, train: Array, test: Array
    ) -> None:
        seeds = loss.shape[1]
        mean = test.mean(axis=1)  # (n, T)
        best = mean.argmax(axis=1)
        labels = [f"{share:.0%} noisy labels" for share in shares]
        epoch: list[Word] = ["epoch ", number("count", "epochs", "epoch")]
        losses = panel(
            title=["training loss with ", chosen_by("share", labels)],
            readout=[*epoch, ": L = ", number("loss", "loss", "share", seeds, "epoch")],
            lines=curves_of_seeds(("epochs",), ("loss", "share"), seeds, "ink"),
            **_over(epochs, "training loss L", 1.05 * loss.max()),
            description="Training loss plotted against the epoch.",
        )
        accuracies = panel(
            title=["accuracy with ", chosen_by("share", labels)],
            readout=[
                *epoch,
                *(": training data ", number("0.0", "train", "share", seeds, "epoch")),
                *("%, new data ", number("0.0", "test", "share", seeds, "epoch"), "%"),
            ],
            lines=[
                *curves_of_seeds(("epochs",), ("train", "share"), seeds, "blue", "training data"),
                *curves_of_seeds(("epochs",), ("test", "share"), seeds, "orange", "new data"),
            ],
            marks=[dots(("best", "share", 0), ("best", "share", 1), "orange", 6)],
            **_over(epochs, "%", 103.0),
            description="Accuracy on training and on new data, plotted against the epoch.",
        )
        said = [
            f"On new data: at best {row[at]:.1f}%, after epoch {epochs[at]:g}; "
            f"after epoch {epochs[-1]:g}, {row[-1]:.1f}%."
            for row, at in zip(mean, best, strict=True)
        ]
        arrays = {
            "epochs": epochs,
            "loss": with_mean(loss, 1),
            "train": with_mean(train, 1),
            "test": with_mean(test, 1),
            "best": np.stack([epochs[best], mean.max(axis=1)], axis=1),
        }
        controls = [
            buttons("share", "noisy labels", shares, "{:.0%}"),
            slider("epoch", "epoch", epochs, "{:g}"),
        ]
        super().__init__(arrays, controls, [losses, accuracies], [chosen_by("share", said)])


def _over(epochs: Array, label: str, top: float) -> Json:
    """What a panel has that shows something over the epochs."""
    return {
        "labels": ("epoch", label),
        "extent": ((epochs[0], epochs[-1]), (0.0, top)),
        "moves": ("epoch", None),
        "step": (epochs[1] - epochs[0], 1.0),
        "aspect": 0.7,
    }
