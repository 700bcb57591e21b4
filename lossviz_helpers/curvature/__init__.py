"""Curvature: gradients, Hessians, their eigenvalues, and measures of sharpness."""

from .derivatives import gradient, hessian, hvp
from .measures import MEASURES
from .sharpness import (
    Estimate,
    adaptive_sharpness,
    epsilon_sharpness,
    filter_normalised_rise,
    top_eigenvalue,
    trace,
)
from .spectrum import Eigenpairs, Verdict, eigenpairs, false_minimum_test

__all__ = [
    "MEASURES",
    "Eigenpairs",
    "Estimate",
    "Verdict",
    "adaptive_sharpness",
    "eigenpairs",
    "epsilon_sharpness",
    "false_minimum_test",
    "filter_normalised_rise",
    "gradient",
    "hessian",
    "hvp",
    "top_eigenvalue",
    "trace",
]
