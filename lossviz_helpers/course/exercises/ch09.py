"""The exercises of chapter 09, sharpness-aware minimisation, and their checks."""

import torch

from .exercise import _exercise, _hint


@_exercise("09.1")
def _a_step_of_sam(after) -> str:
    after = torch.as_tensor(after, dtype=torch.float64).flatten()
    _hint(after.numel() != 2, f"A point here has 2 numbers, got {after.numel()}.")

    def is_at(*point: float) -> bool:
        return bool((after - torch.tensor(point, dtype=torch.float64)).norm() < 0.005)

    _hint(is_at(2.7, 0.6), "That is a step of gradient descent: the gradient at θ, not at θ + ε.")
    _hint(
        is_at(2.97, 0.84),
        "That steps from the worst point. SAM only borrows the gradient there and steps from θ.",
    )
    _hint(is_at(3.3, 1.4), "That is the worst point near by. Which gradient does it have?")
    _hint(is_at(2.55, -0.2), "ε has length ρ: divide the gradient by its own length first.")
    _hint(is_at(2.73, 0.76), "That looks for the best point near by: ε leads up, so it is added.")
    _hint(is_at(3.33, 1.56), "That walks up: the step is subtracted.")
    _hint(
        not is_at(2.67, 0.44),
        "g = (3, 4) has length 5, so ε = (0.3, 0.4). Take the gradient at θ + ε and step from θ.",
    )
    return "A little further than gradient descent, and more so in the steep direction."


@_exercise("09.2")
def _sharpness_at_one_loss(loss, times) -> str:
    loss, times = float(loss), float(times)
    _hint(loss < 0.015, "That is where SGD and SAM end. The ★ of weight decay lies further left.")
    _hint(not 0.03 < loss < 0.055, "Which training loss is below the ★ of weight decay?")
    _hint(times > 7, "That compares two ★ at different losses. Go straight down from one of them.")
    _hint(times < 0.9, "The other way round: how many times *as sharp* is weight decay?")
    _hint(times < 1.3, "That is SGD's line. SAM's lies below it.")
    _hint(not 1.6 < times < 3.2, "Read λmax at the ★, then on SAM's line straight below. Divide.")
    return "About twice as sharp. The rest is that SAM had a lower training loss."
