"""Loss landscapes: a function of a point, `L(θ)`, and pictures of it.

>>> from lossviz_helpers import Objective, Slice, descend, scan, model_3, squared_error, xor
>>> L = Objective(model_3(), xor(), squared_error)
>>> path = descend(L, L.point(), steps=100, lr=0.03)
>>> land = scan(L, Slice.pca(path.points, dims=2), resolution=21)
>>> land.loss.shape
(21, 21)
"""

from .curvature import (
    Eigenpairs,
    Estimate,
    SharpnessHistory,
    Spectrum,
    Tracker,
    Verdict,
    adaptive_sharpness,
    eigen_slice,
    eigenpairs,
    epsilon_sharpness,
    false_minimum_test,
    filter_normalised_rise,
    gradient,
    hessian,
    hvp,
    spectrum,
    trace,
    track,
)
from .datasets import (
    Dataset,
    diagonal,
    digits,
    disturbed,
    pictures,
    with_cue,
    with_label_noise,
    xor,
)
from .landscape import Landscape, LowPoint, Merge, MergeTree, Refinement
from .losses import (
    CHART,
    Loss,
    WeightedMean,
    absolute_error,
    accuracy,
    binary_cross_entropy,
    cross_entropy,
    error_rate,
    hinge,
    huber,
    kl_divergence,
    reliability,
    squared_error,
)
from .models import conv_net, deep_net, digit_classifier, model_1, model_2, model_3
from .objective import Objective
from .optimizers import SAM
from .paths import Bezier, average, bend, match_weights
from .scanning import Plan, ScanInterrupted, Window, plan, scan, suggest_window
from .slices import Slice, explained_variance, random_walk_variance
from .training import Recorder, TrainingInterrupted, Trajectory, descend

__version__ = "0.1.0"

__all__ = [
    "CHART",
    "SAM",
    "Bezier",
    "Dataset",
    "Eigenpairs",
    "Estimate",
    "Landscape",
    "Loss",
    "LowPoint",
    "Merge",
    "MergeTree",
    "Objective",
    "Plan",
    "Recorder",
    "Refinement",
    "ScanInterrupted",
    "SharpnessHistory",
    "Slice",
    "Spectrum",
    "Tracker",
    "TrainingInterrupted",
    "Trajectory",
    "Verdict",
    "WeightedMean",
    "Window",
    "absolute_error",
    "accuracy",
    "adaptive_sharpness",
    "average",
    "bend",
    "binary_cross_entropy",
    "conv_net",
    "cross_entropy",
    "deep_net",
    "descend",
    "diagonal",
    "digit_classifier",
    "digits",
    "disturbed",
    "eigen_slice",
    "eigenpairs",
    "epsilon_sharpness",
    "error_rate",
    "explained_variance",
    "false_minimum_test",
    "filter_normalised_rise",
    "gradient",
    "hessian",
    "hinge",
    "huber",
    "hvp",
    "kl_divergence",
    "match_weights",
    "model_1",
    "model_2",
    "model_3",
    "pictures",
    "plan",
    "random_walk_variance",
    "reliability",
    "scan",
    "spectrum",
    "squared_error",
    "suggest_window",
    "trace",
    "track",
    "with_cue",
    "with_label_noise",
    "xor",
]
