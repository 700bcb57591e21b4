"""The exercises of chapter 14, your own model, and their checks."""

import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...landscape import Landscape
from ...slices import Slice
from .exercise import Answers, around, close, exercise, hint, right, wrong
from .given import called, one_number

PAIRS = (  # logits, and whether each pair belongs together
    (torch.tensor([2.0, -1.0, 0.5]), torch.tensor([1.0, 0.0, 0.0])),
    (torch.tensor([-3.0, 0.1]), torch.tensor([1.0, 1.0])),
)


@exercise("14.1")
def match_loss(loss: Callable[..., object]) -> str:
    for logits, y in PAIRS:
        outputs = {"match": logits, "image": torch.ones(3, 4), "text": torch.ones(3, 4)}
        returned: list[object] = []

        def kept(
            outputs: dict[str, Tensor], y: Tensor, returned: list[object] = returned
        ) -> object:
            returned.append(loss(outputs, y))
            return returned[0]

        found = called("match_loss", kept if callable(loss) else loss, outputs, y)
        hint(not isinstance(returned[0], Tensor), "A loss stays a tensor: leave out .item().")
        hint(found.numel() != 1, "One number per call: the mean over the examples.")
        one_by_one = F.softplus(logits) - y * logits
        hint(close(found, one_by_one.sum()), "That is the sum over the examples. Take the mean.")
        hint(
            close(found, ((logits - y) ** 2).mean()),
            "Squared error treats the logits as probabilities. Which loss is meant for binary "
            "targets?",
        )
        hint(
            not close(found, one_by_one.mean()),
            "Take the entry 'match', and use the one of PyTorch's binary losses that expects "
            "logits.",
        )
    return "Two inputs in, one number out: that is all Objective asks for."


@match_loss.evidence
def _() -> Answers:
    bce, mse = F.binary_cross_entropy_with_logits, F.mse_loss
    yield from around(0, 1e-3, lambda x: (lambda outputs, y: bce(outputs["match"], y) + x,))
    yield wrong(lambda outputs, y: None, hint="Is there a return")
    yield wrong(lambda outputs, y: 0.5, hint="leave out .item()")
    yield wrong(lambda outputs, y: "low", hint="should return numbers")
    yield wrong(lambda outputs, y: bce(outputs["match"], y) * torch.nan, hint="isn't finite")
    yield wrong(lambda outputs, y: (outputs["match"] - y) ** 2, hint="One number per call")
    yield wrong(
        lambda outputs, y: bce(outputs["match"], y, reduction="sum"), hint="sum over the examples"
    )
    yield wrong(lambda outputs, y: mse(outputs["match"], y), hint="Squared error treats the logits")
    yield wrong(lambda outputs, y: bce(outputs["match"], 1 - y), hint="entry 'match'")
    yield wrong(lambda outputs, y: bce(*PAIRS[0]), hint="entry 'match'")
    yield wrong(lambda outputs, y: bce(outputs, y), hint="stopped with")
    yield wrong(lambda y: y, hint="stopped with TypeError")
    yield wrong(0.43, hint="without calling it")
    yield wrong(None, hint="should be a function")


@exercise("14.2")
def finer_picture(seconds: float) -> str:
    seconds = one_number(seconds)
    hint(
        close(seconds, 10 * 1.5 / 4 / 8),
        "A third direction multiplies the number of models: by how much?",
    )
    hint(close(seconds, 10 * 51), "Now take the examples and the workers into account.")
    hint(close(seconds, 10 * 51 / 4), "And eight workers share the work.")
    hint(close(seconds, 10 * 51 / 8), "And each model sees a quarter of the examples.")
    hint(close(seconds, 10 / 4 / 8), "A volume has 51 such planes.")
    hint(
        not close(seconds, 10 * 51 / 4 / 8, tolerance=0.01),
        "Time is models × examples / workers: what does each of the three change?",
    )
    return "A third direction costs a factor of 51; examples and workers save some of it."


@finer_picture.evidence
def _() -> Answers:
    yield from around(10 * 51 / 4 / 8, 0.01 * 10 * 51 / 4 / 8)
    yield wrong(10 * 1.5 / 4 / 8, hint="direction multiplies")
    yield wrong(10 * 51, hint="the examples and the workers")
    yield wrong(10 * 51 / 4, hint="eight workers")
    yield wrong(10 * 51 / 8, hint="quarter of the examples")
    yield wrong(10 / 4 / 8, hint="51 such planes")
    yield wrong(51**3, hint="models × examples / workers")
    yield right(torch.tensor([10 * 51 / 4 / 8]))
    yield from (wrong(odd, hint="one number") for odd in ("long", None, math.nan, [1, 2], print))


@exercise("14.3")
def how_much_data(n: float) -> str:
    n = one_number(n)
    hint(close(n, 400), "Four times the examples only halve the error.")
    hint(close(n, 200), "Twice the examples take a third off the error, no more.")
    hint(n <= 100, "A smaller error takes more examples, not fewer.")
    hint(not close(n, 1600), "Solve 0.08 · √(100 / n) = 0.02 for n: the error falls like 1/√n.")
    return "A quarter of the error takes sixteen times the examples."


@how_much_data.evidence
def _() -> Answers:
    yield from around(1600, 1e-3 * 1600)
    yield wrong(400, hint="only halve")
    yield wrong(200, hint="a third off")
    yield wrong(25, hint="not fewer")
    yield wrong(6400, hint="1/√n")
    yield from (wrong(odd, hint="one number") for odd in ("many", None, math.inf, [1600, 1]))


@exercise("14.4")
def window_and_walls(walls: Landscape, share: float, anew: Callable[[Tensor], Tensor]) -> str:
    hint(
        not isinstance(walls, Landscape) or walls.loss.ndim != 1,
        "walls should be a scan of one line: scan(L, second, resolution=41, extent=…).",
    )
    share = one_number(share)
    guess, reach, ends = math.log(10), walls.axes[0][-1], walls.loss[[0, -1]]
    hint(
        not close(walls.axes[0][0], -reach),
        "Use a window from −r to r, with the net in the middle.",
    )
    hint(
        ends.min() < guess,
        f"At the ends of your window the loss is {ends[0]:.1f} and {ends[1]:.1f}. Both must reach "
        "the loss of random guessing, ln 10: widen the window.",
    )
    low = walls.loss < guess
    hint(
        not low.any(),
        "The loss is above that of random guessing everywhere in your window. Is the net in it?",
    )
    inside = np.abs(walls.axes[0][low]).max()
    hint(
        inside < 0.8 * reach,
        f"The loss reaches that of random guessing at {inside / reach:.0%} of the way to the edge, "
        f"and walls of {ends.max():.1f} hide the rest. Narrow the window.",
    )
    drawn, own = ends[1], float(called("anew", anew, walls.slice.point(float(reach))))
    hint(close(share, own / drawn), "That is the fraction that remains. What fraction vanishes?")
    hint(close(share, drawn - own), "That is the loss that vanishes. What fraction is that?")
    hint(close(share, drawn / own), "Divide by the loss as it is drawn, not by the other one.")
    hint(close(share, drawn / own - 1), "Divide by the loss as it is drawn, not by the other one.")
    hint(
        not close(share, 1 - own / drawn, tolerance=0.02),
        "Compare walls.loss[-1] with anew(θ) for the same model, the one at the right-hand end of "
        "walls.",
    )
    return "Before you call a wall high, check how much of it comes from frozen statistics."


def walls_and_share(
    share: float = 0.3, left: float = -1.0, ends: float = 10.0, low: float = 0.9
) -> tuple[Landscape, float, Callable[[Tensor], Tensor]]:
    """An answer to 14.4: a line of 201 models from `left` to 1, without a net or any training.

    Up to a fraction `low` of the way the loss is below that of random guessing. At the ends it is
    `ends`, or 0.7 times that if the models have their own statistics.
    """
    axis = np.linspace(left, 1.0, 201)
    loss = np.where(np.abs(axis) <= low + 1e-9, 0.0, 5.0)
    loss[[0, -1]] = ends
    walls = Landscape((axis,), loss, Slice(torch.zeros(3), torch.eye(3)[:1]))

    def anew(theta: Tensor) -> Tensor:
        return torch.tensor(0.7 * ends if theta[0] == 1 else 0.0, dtype=torch.float64)

    return walls, share, anew


@window_and_walls.evidence
def _() -> Answers:
    guess = math.log(10)
    yield from around(0.3, 0.02, walls_and_share)
    yield from around(-1, 1e-3, lambda left: walls_and_share(left=left))
    yield right(*walls_and_share(ends=1.01 * guess))
    yield wrong(*walls_and_share(ends=0.99 * guess), hint="widen the window")
    yield right(*walls_and_share(low=0.81))
    yield wrong(*walls_and_share(low=0.79), hint="Narrow the window")
    yield wrong(*walls_and_share(left=-1.5), hint="from −r to r")
    yield wrong(*walls_and_share(0.7), hint="the fraction that remains")
    yield wrong(*walls_and_share(3.0), hint="loss that vanishes")
    yield wrong(*walls_and_share(1 / 0.7), hint="as it is drawn")
    yield wrong(*walls_and_share(1 / 0.7 - 1), hint="as it is drawn")
    yield wrong(*walls_and_share(0.1), hint="for the same model")
    walls, share, anew = walls_and_share()
    plane = Landscape(
        (walls.axes[0][:2],) * 2, np.ones((2, 2)), Slice(torch.zeros(3), torch.eye(3)[:2])
    )
    for odd in (None, 0.3, "walls", walls.loss, plane):
        yield wrong(odd, share, anew, hint="a scan of one line")
    for odd in (None, "half", math.nan, walls):
        yield wrong(walls, odd, anew, hint="one number")
    yield wrong(walls, share, None, hint="anew should be a function")
    high = Landscape(walls.axes, np.full(201, 5.0), walls.slice)
    yield wrong(high, share, anew, hint="Is the net in it?")
