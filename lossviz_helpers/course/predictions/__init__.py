"""The predictions of the chapters: questions, and what a learner answered."""

from . import ch00, ch01, ch02, ch03, ch04, ch05  # noqa: F401
from .asking import predict

__all__ = ["predict"]
