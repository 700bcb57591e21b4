"""Numbers of steps and examples."""

from operator import index


def _check_count(name: str, value: int) -> None:
    try:
        index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, such as 10, got {value!r}") from None
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
