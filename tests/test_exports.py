"""Landscapes for other programs hold every number at its place."""

import sys

import numpy as np
import pytest
import torch

from lossviz_helpers import Landscape, Slice


def land_of(*shape, quantity="test error"):
    axes = tuple(np.sort(np.random.default_rng(n).normal(size=n)) for n in shape)
    loss = np.random.default_rng(0).normal(size=shape)
    loss.flat[1] = np.nan
    k = len(shape)
    return Landscape(axes, loss, Slice(torch.zeros(k), torch.eye(k)), quantity)


def test_an_xarray_holds_losses_and_coordinates():
    pytest.importorskip("xarray")
    land = land_of(3, 4)
    found = land.to_xarray()
    assert found.dims == ("alpha_1", "alpha_2")
    assert (found.name, found.attrs["long_name"]) == ("test error", "test error")
    for i, axis in enumerate(land.axes, start=1):
        assert np.array_equal(found[f"alpha_{i}"], axis)
    assert np.array_equal(found, land.loss, equal_nan=True)
    assert found.sel(alpha_1=land.axes[0][2], alpha_2=land.axes[1][1]) == land.loss[2, 1]
    found[0, 0] = 99
    assert land.loss[0, 0] != 99


def test_a_missing_xarray_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match="pip install xarray"):
        land_of(3).to_xarray()


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_a_vtk_file_holds_every_loss_at_its_place(shape, tmp_path):
    land = land_of(*shape)
    file = land.to_vtk(tmp_path / "land")
    assert file.name == "land.vtk"
    words = iter(file.read_text().split("\n", 2)[2].split())
    assert [next(words) for _ in range(4)] == ["ASCII", "DATASET", "RECTILINEAR_GRID", "DIMENSIONS"]
    counts = [int(next(words)) for _ in range(3)]
    assert counts == [*shape, 1, 1][:3]
    sides = []
    for letter, count in zip("XYZ", counts, strict=True):
        assert [next(words) for _ in range(3)] == [f"{letter}_COORDINATES", str(count), "double"]
        sides.append([float(next(words)) for _ in range(count)])
    assert all(map(np.array_equal, sides, land.axes))
    assert next(words) == "POINT_DATA"
    assert int(next(words)) == land.loss.size
    assert (
        " ".join(next(words) for _ in range(6))
        == "SCALARS test_error double 1 LOOKUP_TABLE default"
    )
    values = {}
    for k in range(counts[2]):
        for j in range(counts[1]):
            for i in range(counts[0]):  # x is the fastest
                values[(i, j, k)[: len(shape)]] = float(next(words))
    assert next(words, None) is None
    for at, value in values.items():
        assert np.array_equal(value, land.loss[at], equal_nan=True)


def test_four_dimensions_are_too_many(tmp_path):
    with pytest.raises(ValueError, match="1 to 3 dimensions, got 4"):
        land_of(2, 2, 2, 2).to_vtk(tmp_path / "land")
