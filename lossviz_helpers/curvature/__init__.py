"""Curvature: gradients, Hessians, their eigenvalues, and measures of sharpness."""

from .density import Spectrum, spectrum
from .derivatives import gradient, hessian, hvp
from .eigenvalues import Eigenpairs, Verdict, eigen_slice, eigenpairs, false_minimum_test
from .measures import MEASURES
from .sharpness import (
    Estimate,
    adaptive_sharpness,
    epsilon_sharpness,
    filter_normalised_rise,
    top_eigenvalue,
    trace,
)
from .tracking import SharpnessHistory, Tracker, track

__all__ = [
    "MEASURES",
    "Eigenpairs",
    "Estimate",
    "SharpnessHistory",
    "Spectrum",
    "Tracker",
    "Verdict",
    "adaptive_sharpness",
    "eigen_slice",
    "eigenpairs",
    "epsilon_sharpness",
    "false_minimum_test",
    "filter_normalised_rise",
    "gradient",
    "hessian",
    "hvp",
    "spectrum",
    "top_eigenvalue",
    "trace",
    "track",
]
