"""The exercises of chapter 11, beyond loss, and their checks."""

import math

from .exercise import (
    Answers,
    around,
    close,
    exercise,
    hint,
    wrong,
)


@exercise("11.1")
def low_enough(loss: float) -> str:
    right = math.log(2) / 5000
    hint(
        close(float(loss) / math.log(2), 1),
        "That is the least that one mistake can cost, but L is a mean.",
    )
    hint(close(float(loss) * 5000, 1), "A mistake costs at least −ln ½, not 1.")
    hint(close(float(loss) * 5000, math.log(10)), "That is the cost of a pure guess among ten.")
    hint(float(loss) <= 0, "Cross-entropy never gets to zero, and doesn't have to.")
    hint(
        not close(float(loss) / right, 1),
        "What is the least that one mistake can cost? Divide it by the number of examples.",
    )
    return "Below that, there is no room for even one mistake."


@low_enough.evidence
def _() -> Answers:
    yield from around(math.log(2) / 5000, 1e-3 * math.log(2) / 5000)
    yield wrong(math.log(2), hint="L is a mean")
    yield wrong(1 / 5000, hint="not 1")
    yield wrong(math.log(10) / 5000, hint="pure guess")
    yield wrong(0.0, hint="never gets to zero")
    yield wrong(0.01, hint="What is the least that")
    yield wrong("small", hint="could not use this answer")


@exercise("11.2")
def calibration_by_hand(error: float) -> str:
    hint(float(error) > 1, "A calibration error is a number from 0 to 1.")
    hint(
        close(error, 0.6 * 0.4 - 0.4 * 0.15),
        "Overconfidence in one bin doesn't make up for underconfidence in another: take absolute "
        "values.",
    )
    hint(close(error, (0.4 + 0.15) / 2), "Weight each bin by its share of the decisions.")
    hint(close(error, 0.4), "That is the first bin alone, or the worst bin.")
    hint(close(error, 0.15), "That is the second bin alone.")
    hint(close(error, 0.4 + 0.15), "That is the plain sum over the bins. Weight them.")
    hint(
        not close(error, 0.3),
        "In each bin, multiply the gap between confidence and accuracy by the share; then add up.",
    )
    return "Six decisions are overconfident by 40 points, and four are underconfident by 15."


@calibration_by_hand.evidence
def _() -> Answers:
    yield from around(0.6 * 0.4 + 0.4 * 0.15, 1e-3)
    yield wrong(0.6 * 0.4 - 0.4 * 0.15, hint="doesn't make up for")
    yield wrong((0.4 + 0.15) / 2, hint="share of the decisions")
    yield wrong(0.4, hint="first bin alone")
    yield wrong(0.15, hint="second bin alone")
    yield wrong(0.4 + 0.15, hint="plain sum")
    yield wrong(30, hint="from 0 to 1")
    yield wrong(0.1, hint="In each bin")


@exercise("11.3")
def mean_over_groups(share: float) -> str:
    hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    hint(close(share, 0.06), "The groups are not of equal size: 4% isn't a plain mean of the two.")
    hint(close(share, 0.02), "That is the difference of the two shares, or group 1 itself.")
    hint(close(share, 0.021), "That is how much group 2 adds to the mean. How large is the group?")
    hint(
        not close(share, 0.42), "Write the mean as 0.95 · 0.02 + 0.05 · x = 0.04, and solve for x."
    )
    return (
        "96% are right overall, and yet nearly half the decisions on the smaller group are wrong."
    )


@mean_over_groups.evidence
def _() -> Answers:
    yield from around((0.04 - 0.95 * 0.02) / 0.05, 1e-3)
    yield wrong(0.06, hint="not of equal size")
    yield wrong(0.02, hint="difference of the two shares")
    yield wrong(0.021, hint="How large is the group")
    yield wrong(42, hint="not a percentage")
    yield wrong(0.5, hint="solve for x")
