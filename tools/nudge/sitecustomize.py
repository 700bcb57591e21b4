"""Nudges the initial parameters of models by LOSSVIZ_NUDGE times their size.

Another machine rounds differently. From the first step on, that has the same effect on training as
a start that is slightly off. Python imports a module of this name when it starts:
tools/elsewhere.py puts this folder on PYTHONPATH, for kernels and tests alike.
"""

import functools
import os

import torch
from torch.nn import init

SIZE = float(os.environ["LOSSVIZ_NUDGE"])


def nudged(fill):
    """A function of `torch.nn.init` that draws almost the same values."""

    @functools.wraps(fill)
    def fill_and_nudge(tensor, *args, **options):
        fill(tensor, *args, **options)
        aside = torch.randn(tensor.shape, generator=torch.Generator().manual_seed(tensor.numel()))
        with torch.no_grad():
            return tensor.mul_(1 + SIZE * aside.to(tensor))

    return fill_and_nudge


# what layers draw their weights and biases with
init.uniform_, init.kaiming_uniform_ = nudged(init.uniform_), nudged(init.kaiming_uniform_)
