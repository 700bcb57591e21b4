"""Imports that need an optional extra, and what to do if it isn't installed."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needs_extra(extra: str, purpose: str) -> Iterator[None]:
    """Say which extra to install if an import inside this block fails.

    Args:
        extra: its name in pyproject.toml.
        purpose: the start of the message, such as "widgets need".

    Raises:
        ModuleNotFoundError: if a module isn't installed.

    >>> with needs_extra("notebooks", "unicorns need"):
    ...     import unicorns
    Traceback (most recent call last):
    ModuleNotFoundError: unicorns need the extra "notebooks", but ...
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f'{purpose} the extra "{extra}", but {missing.name} isn\'t installed: '
            f'pip install "lossviz-helpers[{extra}]"',
            name=missing.name,
        ) from missing
