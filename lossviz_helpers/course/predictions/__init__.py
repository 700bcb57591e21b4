"""The predictions of the chapters: questions, and what a learner answered."""

from . import (  # noqa: F401
    ch00,
    ch01,
    ch02,
    ch03,
    ch04,
    ch05,
    ch06,
    ch07,
    ch08,
    ch09,
    ch10,
    ch11,
    ch12,
    ch13,
    ch14,
)
from .asking import predict

__all__ = ["predict"]
