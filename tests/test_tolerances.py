"""Two exercises judge what they measure: what is just good enough is right, a little less is not.

All others have answers near their tolerance among their own (`test_exercises.py`).
"""

import pytest

from lossviz_helpers.course.exercises import ch10
from lossviz_helpers.course.exercises.exercise import EXERCISES


@pytest.mark.parametrize(("missing", "said"), [(0.9, "✓"), (1.0, "✓"), (1.1, "✗")])
def test_10_1_allows_a_gap_of_one_point(missing, said, monkeypatch):
    monkeypatch.setattr(ch10, "points_missing", lambda lr: missing)
    assert EXERCISES["10.1"].feedback(2.0).startswith(said)


@pytest.mark.parametrize(("times", "said"), [(50.5, "✓"), (49.5, "✗")])
def test_10_2_asks_for_fifty_times_the_sharpness(times, said, monkeypatch):
    monkeypatch.setattr(ch10, "times_as_sharp", lambda c: times)
    assert EXERCISES["10.2"].feedback(10.0).startswith(said)
