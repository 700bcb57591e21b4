"""Chapter 06: the explorer of label noise and epochs."""

from ...widgets.panel import Panel, marks
from .frame import Explorer, Text, grid, row, three_digits
from .stored import File, _go_near, _read, _seeds, _slider, _toggle


def noise_explorer(file: File) -> Explorer:
    """Choose the share of wrong labels and the epoch: see what training learns, and what it costs.

    Thin lines are seeds, thick ones their mean; ● marks the best epoch on new data.

    Args:
        file: with `shares` (n,), `epochs` (T,), `loss`, and accuracies `train` and `test` in
            percent, each (n, seeds, T).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.

    >>> explorer = noise_explorer("notebooks/data/06_noise.npz")
    >>> explorer["share"].value, explorer["epoch"].value = 0.4, 100
    >>> explorer["accuracy"].title
    'accuracy with 40% wrong labels'
    """
    each = ("share", "seed", "epoch")
    sizes = {"shares": each[:1], "epochs": each[2:], "loss": each, "train": each, "test": each}
    found = _read(file, "noise_explorer", sizes)
    epochs, loss, train, test = (found[name] for name in ("epochs", "loss", "train", "test"))
    share = _toggle(found["shares"], "wrong labels", "{:.0%}")
    epoch = _slider(epochs, "epoch", "{:g}")
    how = {"follow": "across", "step": (epochs[1] - epochs[0], 1.0), "aspect": 0.7}
    window = (epochs[0], epochs[-1])
    falls = Panel(
        labels=("epoch", "training loss L"),
        extent=(window, (0.0, 1.05 * loss.max())),
        description="Training loss over the epochs.",
        **how,
    )
    rises = Panel(
        labels=("epoch", "%"),
        extent=(window, (0.0, 103.0)),
        description="Accuracy on training and on new data over the epochs.",
        **how,
    )
    said = Text()
    explorer = Explorer(
        "noise_explorer",
        [row(share, epoch), grid([falls, rises], 300), said],
        share=share,
        epoch=epoch,
        loss=falls,
        accuracy=rises,
        said=said,
    )

    def choose(_=None):
        i = share.index
        mean = test[i].mean(axis=0)
        best = int(mean.argmax())
        falls.title = f"training loss with {share.label} wrong labels"
        rises.title = f"accuracy with {share.label} wrong labels"
        falls.lines = _seeds(epochs, loss[i], "ink")
        rises.lines = [
            *_seeds(epochs, train[i], "blue", "training data"),
            *_seeds(epochs, test[i], "orange", "new data"),
        ]
        rises.marks = [marks([epochs[best]], [mean[best]], "dot", "orange", 6)]
        said.text = (
            f"On new data: at best {mean[best]:.1f}%, after epoch {epochs[best]:g}; "
            f"after epoch {epochs[-1]:g}, {mean[-1]:.1f}%."
        )
        show()

    def show(_=None):
        i, at = share.index, epoch.index
        falls.pointer = rises.pointer = (epochs[at], 0.0)
        falls.readout = f"epoch {epoch.label}: L = {three_digits(loss[i, :, at].mean())}"
        seen, new = (values[i, :, at].mean() for values in (train, test))
        rises.readout = f"epoch {epoch.label}: training data {seen:.1f}%, new data {new:.1f}%"

    explorer.on("share", "value", choose)
    explorer.on("epoch", "value", show)
    for name in ("loss", "accuracy"):
        explorer.on(name, "pointer", lambda p: p and _go_near(epoch, epochs, p[0]))
    choose()
    return explorer
