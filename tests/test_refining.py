"""Refined scans: what they save, what they mark, and that what they say about errors is true."""

import math
from dataclasses import replace

import joblib
import numpy as np
import pytest
import torch
from known import landscape_of

from lossviz_helpers import (
    Landscape,
    Objective,
    Refinement,
    ScanInterrupted,
    Slice,
    cross_entropy,
    digit_classifier,
    digits,
    error_rate,
    model_3,
    plots,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.scanning.refining import refine
from lossviz_helpers.scanning.work import Work

PLANE = Slice(torch.zeros(2), torch.eye(2))


def on_grid(function, n=101):
    """Values of a function of x and y on [−1, 1]², as a refined and as a whole grid."""
    x, y = np.meshgrid(*[np.linspace(-1, 1, n)] * 2, indexing="ij")
    whole = function(x, y)
    asked, calls = [], []

    def evaluate(index):
        asked.extend(index.tolist())
        calls.append(len(index))
        return whole.reshape(-1, 1)[index]

    found = refine((n, n), evaluate, 0.01)
    assert len(asked) == len(set(asked)), "no point is evaluated twice"
    assert (~found.predicted).sum() == len(asked)
    if found.predicted.any():
        assert calls[-1] == len(found.errors), "nothing is refined after the test"
    assert np.array_equal(found.values[~found.predicted][:, 0], whole[~found.predicted], True)
    return found, whole


def off(found, whole):
    """The fraction of all points that are off by more than a hundredth of the range."""
    finite = whole[np.isfinite(whole)]
    wrong = np.abs(found.values[..., 0] - whole) > 0.01 * np.ptp(finite)
    wrong |= np.isfinite(found.values[..., 0]) != np.isfinite(whole)
    return wrong.mean()


SMOOTH = {
    "bowl": lambda x, y: 0.1 + x**2 + 3 * y**2,
    "waves": lambda x, y: 2 + np.sin(3 * x + y) * np.cos(2 * y),
    "valley": lambda x, y: 0.01 + (y - x**2) ** 2 + 0.1 * (x - 1) ** 2,
    "negative": lambda x, y: x**3 - y,
    "flat": lambda x, y: 0 * x + 1,
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize(("n", "times"), [(51, 4), (101, 10)])
def test_smooth_planes_need_a_fraction_of_the_points(name, n, times):
    found, whole = on_grid(SMOOTH[name], n)
    assert (~found.predicted).mean() <= 1 / times
    assert off(found, whole) == 0
    assert len(found.errors) == min(300, n * n // 16)
    assert (found.errors <= 0.01).all()


def test_a_kink_is_refined_where_it_is():
    found, whole = on_grid(lambda x, y: 1 + np.abs(x + 0.3 * y - 0.1))
    assert off(found, whole) < 0.004
    x, y = np.meshgrid(*[np.linspace(-1, 1, 101)] * 2, indexing="ij")
    near = np.abs(x + 0.3 * y - 0.1) < 0.04
    evaluated = ~found.predicted
    assert evaluated[near].mean() > 0.8
    assert evaluated[np.abs(x + 0.3 * y - 0.1) > 0.3].mean() < 0.2


def test_the_edge_of_a_gap_is_found_exactly():
    def holed(x, y):
        return np.where(np.hypot(x - 0.2, y) < 0.5, np.nan, 1 + x + y)

    found, whole = on_grid(holed)
    assert np.array_equal(np.isnan(found.values[..., 0]), np.isnan(whole))
    assert found.predicted[np.isnan(whole)].any(), "its inside is predicted"


def test_noise_is_evaluated_everywhere():
    noise = np.random.default_rng(0).normal(size=(51, 51))
    found, _ = on_grid(lambda x, y: 1 + x**2 + 0.1 * noise, 51)
    assert found.predicted.mean() < 0.01


def test_low_points_are_evaluated():
    at = np.linspace(-1, 1, 101)
    # between all knots but the last; a cubic polynomial predicts it exactly
    found, whole = on_grid(lambda x, y: 1 + (x - at[53]) ** 2 + (y - at[47]) ** 2)
    assert np.unravel_index(whole.argmin(), whole.shape) == (53, 47)
    assert not found.predicted[52:55, 46:49].any()


def test_a_logarithmic_scale_is_kept_to():
    # over six decades: in a linear scale all that is below 1% of the top would look the same
    found, whole = on_grid(lambda x, y: np.exp(-14 * np.exp(-3 * (x**2 + y**2))))
    wrong = np.abs(np.log(found.values[..., 0] / whole)) / np.ptp(np.log(whole))
    assert wrong.max() < 0.01
    assert found.predicted.mean() > 0.8
    # a polynomial there is predicted from the first knots
    found, _ = on_grid(lambda x, y: np.exp(8 * x + 5 * y**2))
    assert found.predicted.mean() > 0.93


def test_a_spike_between_the_first_knots_stays_unseen():
    # no largest error is promised, and this is why
    def spike(x, y):
        return 2 + x + 5 * np.exp(-(((x - 0.03) ** 2 + (y - 0.03) ** 2) / 0.0003))

    found, whole = on_grid(spike)
    assert np.abs(found.values[..., 0] - whole).max() > 1


@pytest.mark.parametrize("shape", [(200,), (33, 33, 33), (65, 17), (6, 6), (2, 2), (9,), (129, 2)])
def test_grids_of_all_shapes(shape):
    grid = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    whole = 1 + sum((i + 1) * a**2 for i, a in enumerate(grid))
    found = refine(shape, lambda index: whole.reshape(-1, 1)[index], 0.01)
    assert found.values.shape == (*shape, 1)
    assert np.abs(found.values[..., 0] - whole).max() <= 0.01 * np.ptp(whole)
    assert found.predicted.any() == (max(shape) > 16)


def test_the_test_is_of_points_that_steered_nothing():
    """Points off by chance are as frequent among the tested ones as among all predicted ones."""
    x, y = np.meshgrid(*[np.linspace(-1, 1, 101)] * 2, indexing="ij")
    draw = np.random.default_rng(1)
    smooth, rates, shares, held = 2 + np.sin(2 * x + y), [], [], []
    for _ in range(20):
        # a few single points stick out, which no refinement can find
        spikes = draw.random(x.shape) < 0.02
        whole = smooth + spikes
        calls = []

        def evaluate(index, whole=whole, calls=calls):
            calls.append(len(index))
            return whole.reshape(-1, 1)[index]

        found = refine(x.shape, evaluate, 0.05)
        assert calls[-1] == len(found.errors), "a miss among them changes nothing any more"
        wrong = np.abs(found.values[..., 0] - whole) > 0.05 * np.ptp(whole)
        untested = wrong.sum() + (found.errors > 0.05).sum()
        rates.append((found.errors > 0.05).mean())
        shares.append(untested / (found.predicted.sum() + len(found.errors)))
        test = Refinement(
            found.predicted, 0.05, len(found.errors), int((found.errors > 0.05).sum()), 1.0
        )
        held.append(wrong[found.predicted].mean() <= test.limit)
    assert np.mean(shares) > 0.003, "there is something to find"
    assert np.mean(rates) == pytest.approx(np.mean(shares), rel=0.25)
    assert np.mean(held) >= 0.85


# Scans


def trained():
    return Objective(model_3(), xor(200), squared_error)


def test_a_refined_scan_marks_what_it_predicts(tmp_path):
    L = landscape_of(lambda t: 1 + t[0] ** 2 + 3 * (t[1] - 0.3) ** 2, 2)
    whole, land = scan(L, PLANE, 101), scan(L, PLANE, 101, tolerance=0.01)
    marks = land.refinement
    assert np.allclose(land.loss[~marks.predicted], whole.loss[~marks.predicted], rtol=1e-12)
    assert np.abs(land.loss - whole.loss).max() <= 0.01 * np.ptp(whole.loss)
    assert marks.evaluated <= 101**2 / 10
    assert (marks.checked, marks.off, marks.tolerance) == (300, 0, 0.01)
    assert marks.worst <= 0.01
    assert f"{marks.evaluated:,} of 10,201 models were evaluated" in land.describe()
    assert "all were within 1% of the range: with 95% confidence, fewer than 0.99%" in str(marks)
    again = Landscape.load(land.save(tmp_path / "land"))
    assert np.array_equal(again.refinement.predicted, marks.predicted)
    assert str(again.refinement) == str(marks)
    cut = land.at(0, 0.25)
    row = np.abs(land.axes[0] - 0.25).argmin()
    assert np.array_equal(cut.refinement.predicted, marks.predicted[row])


def test_without_a_tolerance_nothing_changes():
    L = trained()
    land = scan(L, Slice.random(L.point()), 21)
    assert land.refinement is None
    assert "evaluated" not in land.describe()


def test_a_trained_classifier_is_evaluated_at_a_quarter_of_the_points():
    data, _ = digits()
    L = Objective(digit_classifier(), tuple(t[:100] for t in data), cross_entropy)
    view = Slice.random(L.point(), filters=L.filters)
    whole, land = scan(L, view, 51), scan(L, view, 51, tolerance=0.01)
    assert land.refinement.evaluated <= 51**2 / 4
    assert np.abs(land.loss - whole.loss).max() <= 0.01 * np.ptp(whole.loss)


def test_all_quantities_are_refined_together():
    L = trained()
    view = Slice.random(L.point(), filters=L.filters)
    whole = scan(L, view, 41, metrics={"error": error_rate})
    found = scan(L, view, 41, metrics={"error": error_rate}, tolerance=0.02)
    marks = found["loss"].refinement
    assert found["error"].refinement is marks
    for name, land in found.items():
        known = ~marks.predicted
        assert np.allclose(land.loss[known], whole[name].loss[known], rtol=1e-12), name
        missed = np.abs(land.loss - whole[name].loss) > 0.02 * np.ptp(whole[name].loss)
        assert missed.mean() < 0.03, name


def test_finished_points_are_kept_and_workers_share_them(tmp_path, monkeypatch):
    done, losses_at = [], Work.losses_at
    L = landscape_of(lambda t: 1 + t[0] ** 2 + 3 * (t[1] - 0.3) ** 2, 2)

    def count(self, index):
        done.append(len(index))
        return losses_at(self, index)

    monkeypatch.setattr(Work, "losses_at", count)
    monkeypatch.setattr(Objective, "chunk_size", lambda self: 50)
    first = scan(L, PLANE, 65, tolerance=0.01, memory=tmp_path)
    assert sum(done) == first.refinement.evaluated + 4, "and the four corners"
    done.clear()
    again = scan(L, PLANE, 65, tolerance=0.01, memory=tmp_path)
    assert done == [4]
    with joblib.parallel_config(backend="threading", n_jobs=2):
        together = scan(L, PLANE, 65, tolerance=0.01)
    assert np.array_equal(first.loss, again.loss)
    assert np.array_equal(first.loss, together.loss)


def test_an_interrupted_refinement_keeps_what_was_evaluated(monkeypatch):
    calls, losses_at = [], Work.losses_at

    def breaking(self, index):
        calls.append(index)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return losses_at(self, index)

    monkeypatch.setattr(Work, "losses_at", breaking)
    L = landscape_of(lambda t: 1 + t[0] ** 2, 2)
    with pytest.raises(ScanInterrupted) as caught:
        scan(L, PLANE, 65, tolerance=0.01)
    done = sum(map(len, calls[:2]))
    assert caught.value.landscape.gaps == 65**2 - done
    assert caught.value.landscape.refinement is None


@pytest.mark.parametrize("tolerance", [0, -0.01, 1, 2, math.nan])
def test_a_tolerance_is_a_fraction(tolerance):
    L = trained()
    with pytest.raises(ValueError, match=r"above 0 and below 1.*leave it out"):
        scan(L, Slice.random(L.point()), tolerance=tolerance)


# What it says


def test_misses_are_reported():
    marks = Refinement(np.ones((10, 10), dtype=bool), 0.01, checked=60, off=3, worst=0.123)
    assert marks.limit == pytest.approx(0.1242, abs=1e-4)  # Clopper and Pearson's
    assert "Of 60 fresh points, 3 were off by more than 1% of the range, the worst by 12%" in str(
        marks
    )
    assert Refinement(np.ones(9, dtype=bool), 0.01, 5, 5, 1.0).limit == 1


def test_the_rule_of_three():
    marks = Refinement(np.ones(9, dtype=bool), 0.01, checked=300, off=0, worst=0.0)
    assert marks.limit == pytest.approx(1 - 0.05 ** (1 / 300))


def test_a_grid_with_no_prediction_says_so():
    marks = Refinement(np.zeros(9, dtype=bool), 0.01, 0, 0, 0.0)
    assert str(marks) == "All 9 models were evaluated."


def test_marks_have_the_shape_of_the_grid():
    land = scan(trained(), Slice.random(trained().point()), 5)
    with pytest.raises(ValueError, match="shape of the grid"):
        replace(land, refinement=Refinement(np.zeros(9, dtype=bool), 0.01, 0, 0, 0.0))


def test_predicted_models_are_smaller_dots():
    L = landscape_of(lambda t: 1 + t[0] ** 2 + t[1] ** 2, 2)
    land = scan(L, PLANE, 65, tolerance=0.01)
    (dots,) = plots.models(land).collections
    small = dots.get_sizes() < 10
    assert np.array_equal(small, land.refinement.predicted.ravel())
