"""What all tests share: pictures without a screen, one thread, the same examples every time."""

import warnings

import hypothesis
import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch

matplotlib.use("Agg")
torch.set_num_threads(1)  # the loops that tests compare with are small, and cores may be shared
hypothesis.settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=60, database=None
)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def no_warnings():
    """Every warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
