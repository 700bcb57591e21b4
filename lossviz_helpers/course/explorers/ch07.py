"""Chapter 07: choose the fraction of noisy labels and the epoch."""

from ...widgets.panel import Panel, marks
from .frame import Explorer, Text, grid, row, three_digits
from .stored import Array, File, Sizes, buttons, go_near, lines_of_seeds, read_results, slider

SIZES: Sizes = {
    "shares": ("share",),
    "epochs": ("epoch",),
    **dict.fromkeys(("loss", "train", "test"), ("share", "seed", "epoch")),
}


def noise_explorer(file: File) -> Explorer:
    """Choose the fraction of noisy labels and the epoch: see what the net learns, and at what cost.

    Thin lines are seeds, thick ones their mean; ● marks the best epoch on new data.

    Args:
        file: with `shares` (n,), `epochs` (T,), `loss`, and accuracies `train` and `test` in
            percent, each (n, seeds, T).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it contains something else.

    >>> from lossviz_helpers.course.measured import measured
    >>> explorer = noise_explorer(measured("07_noise"))
    >>> explorer["share"].value, explorer["epoch"].value = 0.4, 100
    >>> explorer["accuracy"].title
    'accuracy with 40% noisy labels'
    """
    return NoiseExplorer(**read_results(file, "noise_explorer", SIZES))


class NoiseExplorer(Explorer):
    """Training loss and accuracies, plotted against the epoch, for one fraction of noisy labels."""

    def __init__(
        self, shares: Array, epochs: Array, loss: Array, train: Array, test: Array
    ) -> None:
        self.epochs, self.losses, self.train, self.test = epochs, loss, train, test
        self.share = buttons(shares, "noisy labels", "{:.0%}")
        self.epoch = slider(epochs, "epoch", "{:g}")
        self.falls = _over(
            epochs, "training loss L", 1.05 * loss.max(), "Training loss plotted against the epoch."
        )
        self.rises = _over(
            epochs, "%", 103.0, "Accuracy on training and on new data, plotted against the epoch."
        )
        self.message = Text()
        super().__init__(
            "noise_explorer",
            [row(self.share, self.epoch), grid([self.falls, self.rises], 300), self.message],
            share=self.share,
            epoch=self.epoch,
            loss=self.falls,
            accuracy=self.rises,
            said=self.message,
        )
        self.on("share", "value", lambda _: self.choose())
        self.on("epoch", "value", lambda _: self.show())
        for name in ("loss", "accuracy"):
            self.on(name, "pointer", lambda pointer: go_near(self.epoch, epochs, pointer))
        self.choose()

    def choose(self) -> None:
        """Draw the curves for the chosen fraction."""
        i, label, epochs = self.share.index, self.share.label, self.epochs
        mean = self.test[i].mean(axis=0)
        best = int(mean.argmax())
        self.falls.title = f"training loss with {label} noisy labels"
        self.rises.title = f"accuracy with {label} noisy labels"
        self.falls.lines = lines_of_seeds(epochs, self.losses[i], "ink")
        self.rises.lines = [
            *lines_of_seeds(epochs, self.train[i], "blue", "training data"),
            *lines_of_seeds(epochs, self.test[i], "orange", "new data"),
        ]
        self.rises.marks = [marks([epochs[best]], [mean[best]], "dot", "orange", 6)]
        self.message.text = (
            f"On new data: at best {mean[best]:.1f}%, after epoch {epochs[best]:g}; "
            f"after epoch {epochs[-1]:g}, {mean[-1]:.1f}%."
        )
        self.show()

    def show(self) -> None:
        """Show the loss and the accuracies at the chosen epoch."""
        i, at, label = self.share.index, self.epoch.index, self.epoch.label
        loss, seen, new = (
            values[i, :, at].mean() for values in (self.losses, self.train, self.test)
        )
        self.falls.pointer = self.rises.pointer = (self.epochs[at], 0.0)
        self.falls.readout = f"epoch {label}: L = {three_digits(loss)}"
        self.rises.readout = f"epoch {label}: training data {seen:.1f}%, new data {new:.1f}%"


def _over(epochs: Array, label: str, top: float, description: str) -> Panel:
    """A panel with the epochs on its horizontal axis, and a pointer."""
    return Panel(
        labels=("epoch", label),
        extent=((epochs[0], epochs[-1]), (0.0, top)),
        follow="across",
        step=(epochs[1] - epochs[0], 1.0),
        aspect=0.7,
        description=description,
    )
