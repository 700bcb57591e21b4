"""The exercises of chapter 11, beyond loss, and their checks."""

import math

from .exercise import _close, _exercise, _hint


@_exercise("11.1")
def _low_enough(loss) -> str:
    right = math.log(2) / 5000
    _hint(
        _close(float(loss) / math.log(2), 1), "That is the least cost of one mistake. L is a mean."
    )
    _hint(_close(float(loss) * 5000, 1), "A mistake costs at least −ln ½, not 1.")
    _hint(_close(float(loss) * 5000, math.log(10)), "That is the cost of a pure guess among ten.")
    _hint(float(loss) <= 0, "Cross-entropy never gets to zero, and need not.")
    _hint(
        not _close(float(loss) / right, 1),
        "What does one mistake cost at least? Divide it by the number of examples.",
    )
    return "Below that, there is no room for even one mistake."


@_exercise("11.2")
def _calibration_by_hand(error) -> str:
    _hint(float(error) > 1, "An error of calibration is a share, from 0 to 1.")
    _hint(
        _close(error, 0.6 * 0.4 - 0.4 * 0.15),
        "Too sure here does not make up for not sure enough there: take absolute values.",
    )
    _hint(_close(error, (0.4 + 0.15) / 2), "Each bin counts with its share of the decisions.")
    _hint(_close(error, 0.4), "That is the first bin alone, or the worst bin.")
    _hint(_close(error, 0.15), "That is the second bin alone.")
    _hint(_close(error, 0.4 + 0.15), "That is the plain sum over the bins. Weigh them.")
    _hint(
        not _close(error, 0.3),
        "For each bin: the distance between how sure and how often right, times its share.",
    )
    return "Six decisions too sure by 40 points, four not sure enough by 15."


@_exercise("11.3")
def _mean_over_groups(share) -> str:
    _hint(float(share) > 1, "A share is a number from 0 to 1, not a percentage.")
    _hint(_close(share, 0.06), "The groups are not of equal size: 4% is no plain mean of the two.")
    _hint(_close(share, 0.02), "That is the difference of the two shares, or group 1 itself.")
    _hint(
        _close(share, 0.021), "That is how much group 2 adds to the mean. How large is the group?"
    )
    _hint(
        not _close(share, 0.42), "Write the mean as 0.95 · 0.02 + 0.05 · x = 0.04, and solve for x."
    )
    return "96% right overall, and nearly every second decision wrong for one in twenty."
