"""The exercises of chapter 09, sharpness-aware minimisation, and their checks."""

from .exercise import (
    Answers,
    Point,
    around_point,
    as_point,
    between,
    exercise,
    hint,
    lies_at,
    wrong,
)


@exercise("09.1")
def a_step_of_sam(after: Point) -> str:
    after = as_point(after)
    hint(after.numel() != 2, f"A point here has 2 numbers, but you gave {after.numel()}.")

    def is_at(*point: float) -> bool:
        return lies_at(after, point, 0.005)

    hint(is_at(2.7, 0.6), "That is a step of gradient descent: the gradient at θ, not at θ + ε.")
    hint(
        is_at(2.97, 0.84),
        "That steps from the worst point. SAM only borrows the gradient there and steps from θ.",
    )
    hint(is_at(3.3, 1.4), "That is the worst point nearby. Which gradient does it have?")
    hint(is_at(2.55, -0.2), "ε has length ρ: divide the gradient by its own length first.")
    hint(is_at(2.73, 0.76), "That looks for the best point nearby: ε leads up, so it is added.")
    hint(is_at(3.33, 1.56), "That walks up: the step is subtracted.")
    hint(
        not is_at(2.67, 0.44),
        "g = (3, 4) has length 5, so ε = (0.3, 0.4). Take the gradient at θ + ε and step from θ.",
    )
    return "SAM goes a little further than gradient descent, above all in the steep direction."


@a_step_of_sam.evidence
def _() -> Answers:
    # down from (3, 1) by 0.1 times the gradient (3.3, 5.6) at the worst point
    yield from around_point((2.67, 0.44), 0.005)
    yield wrong((2.7, 0.6), hint="step of gradient descent")
    yield wrong((2.97, 0.84), hint="steps from the worst point")
    yield wrong((3.3, 1.4), hint="worst point nearby")
    yield wrong((2.55, -0.2), hint="ε has length ρ")
    yield wrong((2.73, 0.76), hint="best point nearby")
    yield wrong((3.33, 1.56), hint="walks up")
    yield wrong((0.0, 0.0), hint="g = (3, 4)")
    yield wrong(2.67, hint="but you gave 1")
    yield wrong("down", hint="could not use this answer")


@exercise("09.2")
def sharpness_at_one_loss(loss: float, times: float) -> str:
    loss, times = float(loss), float(times)
    hint(loss < 0.015, "That is where SGD and SAM end. The ★ of weight decay lies further left.")
    hint(not 0.03 < loss < 0.055, "Which training loss is below the ★ of weight decay?")
    hint(times > 7, "That compares two ★ at different losses. Go straight down from one of them.")
    hint(times < 0.9, "The other way round: how many times *as sharp* is weight decay?")
    hint(times < 1.3, "That is SGD's line. SAM's lies below it.")
    hint(not 1.6 < times < 3.2, "Read λmax at the ★, then on SAM's line straight below. Divide.")
    return "It is about twice as sharp. The rest comes from SAM's lower training loss."


@sharpness_at_one_loss.evidence
def _() -> Answers:
    yield from between(0.03, 0.055, lambda loss: (loss, 2.0))
    yield from between(1.6, 3.2, lambda times: (0.04, times))
    yield wrong(0.006, 2, hint="further left")
    yield wrong(0.1, 2, hint="below the ★")
    yield wrong(0.04, 10, hint="at different losses")
    yield wrong(0.04, 0.5, hint="other way round")
    yield wrong(0.04, 1, hint="SGD's line")
    yield wrong(0.04, 4.5, hint="straight below")
    yield wrong("low", 2, hint="could not use this answer")
