"""The number of threads, thread-local data, and memory that is reused."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache

import torch

# With less work at once, a second thread costs more time than it saves: up to 90 times more when
# the threads compete for cores.
MANY_FLOPS = 2**30


class ThreadLocal(threading.local):
    """Thread-local data that can be copied and pickled; copies start empty."""

    def __reduce__(self) -> tuple[type["ThreadLocal"], tuple[()]]:
        return ThreadLocal, ()


@contextmanager
def on_threads(n: int) -> Iterator[None]:
    """Run a block on n CPU threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def on_threads_for(flops: int, requested: int | None) -> AbstractContextManager[None]:
    """Run a block on the requested threads, or as many as pay off for this many FLOPs at once."""
    return on_threads(requested or (1 if flops < MANY_FLOPS else torch.get_num_threads()))


@cache
def keep_memory() -> None:
    """Have this process keep freed memory for the next use, instead of handing it back each time.

    Asking the system for it again takes as long as computing its contents. On Linux, the allocator
    keeps blocks that are no larger than the largest one freed so far, up to 32 MB.
    """
    torch.empty(31 * 2**20, dtype=torch.uint8)
