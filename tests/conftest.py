"""What all tests share: pictures without a screen, one thread, the same examples every time."""

import atexit
import os
import shutil
import tempfile
import warnings

import hypothesis

# Jupyter, IPython and Matplotlib keep files in the user's home. It may not be writable, and the
# settings that lie there are none of ours. Worker processes find what the first process has set.
if "LOSSVIZ_TEST_HOME" not in os.environ:
    os.environ["LOSSVIZ_TEST_HOME"] = home = tempfile.mkdtemp(prefix="lossviz-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for variable in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR"):
        os.environ[variable] = os.path.join(home, variable.lower())
        os.mkdir(os.environ[variable])
    os.environ["LOSSVIZ_ANSWERS"] = os.path.join(home, "answers.json")  # not the learner's own

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
