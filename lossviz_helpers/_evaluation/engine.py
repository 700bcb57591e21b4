"""How PyTorch is asked to work while a landscape is evaluated.

The same numbers, in another order in memory, by another of several ways, or in memory that is kept.
"""

import copy
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.overrides import TorchFunctionMode


class OfThread(threading.local):
    """What each thread has of its own; copies, and other processes, start with nothing."""

    def __reduce__(self):
        return OfThread, ()


class PlainAttention:
    """Of PyTorch's ways to compute attention, use the one that can be stacked and derived twice.

    These settings are the process's: of several threads the first makes them, and the last one to
    leave restores what was.
    """

    lock, users, restore = threading.Lock(), 0, ExitStack()

    @classmethod
    def __enter__(cls) -> None:
        with cls.lock:
            if cls.users == 0:
                enabled = torch.backends.mha.get_fastpath_enabled()
                cls.restore.callback(torch.backends.mha.set_fastpath_enabled, enabled)
                torch.backends.mha.set_fastpath_enabled(False)
                cls.restore.enter_context(sdpa_kernel(SDPBackend.MATH))
            cls.users += 1

    @classmethod
    def __exit__(cls, *error) -> None:
        with cls.lock:
            cls.users -= 1
            if cls.users == 0:
                cls.restore.close()


class UnitsFirst(TorchFunctionMode):
    """Compute linear layers as (W·xᵀ)ᵀ instead of x·Wᵀ: the same numbers in another memory order.

    Stacked models then share one large matrix product in their first layer, and the products of
    the later layers read memory in order. Worth a factor of 2 at 13 parameters. PyTorch's softmax
    of stacks is some ten times as fast in this order as well.
    """

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs, shapes = kwargs or {}, [t.ndim for t in args[:2] if isinstance(t, Tensor)]
        if func is F.linear and shapes == [2, 2]:
            return self._linear(*args, **kwargs)
        if func is F.cross_entropy and shapes == [2, 1]:
            return self._cross_entropy(*args, **kwargs)
        return func(*args, **kwargs)

    @staticmethod
    def _linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        # the layers of several points lie apart in memory; side by side, a layer that all points
        # give the same input is one matrix product
        units = weight.clone() @ input.mT
        return (units if bias is None else units + bias.unsqueeze(-1)).mT

    @staticmethod
    def _cross_entropy(logits: Tensor, classes: Tensor, *options, label_smoothing=0.0, **named):
        if label_smoothing:
            named["label_smoothing"] = label_smoothing
            return F.cross_entropy(logits, classes, *options, **named)
        return F.nll_loss(F.log_softmax(logits.mT, dim=0).mT, classes, *options, **named)


@contextmanager
def on_threads(n: int) -> Iterator[None]:
    """Run a block on n threads of the processor."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def shell_of(model: nn.Module) -> nn.Module:
    """A copy of a model's modules, not of their numbers."""
    tensors = [*model.parameters(), *model.buffers()]
    return copy.deepcopy(model, {id(t): t for t in tensors})


def traced(model: nn.Module) -> fx.GraphModule | None:
    """A model's code as a graph; None if it depends on the data, or if hooks add to it."""
    if any(m._forward_hooks or m._forward_pre_hooks for m in model.modules()):
        return None
    try:
        net = fx.symbolic_trace(shell_of(model))  # which is left with marks of the reading
    except Exception:  # whatever a model's own code raises when it meets no tensor
        return None
    known = {*dict(model.named_parameters(remove_duplicate=False)), *dict(model.named_buffers())}
    # what was computed while the code was read, such as a penalty, would stay as it is now
    constants = any(n.op == "get_attr" and n.target not in known for n in net.graph.nodes)
    return None if constants else net


@cache
def keep_memory() -> None:
    """Have this process keep freed memory for the next use, instead of handing it back each time.

    Getting it anew from the system takes as long as computing what it holds. The allocator of
    Linux keeps blocks up to the largest size, at most 32 MB, that it has seen come and go.
    """
    torch.empty(31 * 2**20, dtype=torch.uint8)
