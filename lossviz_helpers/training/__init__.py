"""Training as a walk: `descend` walks downhill, and a `Recorder` follows your own training loop."""

from .descent import TrainingInterrupted, descend
from .recorder import Recorder
from .trajectory import Trajectory

__all__ = ["Recorder", "TrainingInterrupted", "Trajectory", "descend"]
