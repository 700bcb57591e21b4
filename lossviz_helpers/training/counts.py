"""Counts, such as numbers of steps and of examples."""

from operator import index


def check_count(name: str, value: int) -> None:
    """TypeError unless value is a whole number, ValueError unless it is at least 1."""
    try:
        index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, such as 10, got {value!r}") from None
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
