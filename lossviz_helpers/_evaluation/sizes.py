"""How much is computed at once: examples in a batch, points in a stack, stacks in a chunk."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psutil
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from .._inputs.examples import Examples, call, tensors_of
from .kernels import PlainAttention

# The largest layer output of one stack. On a CPU: small enough to stay in its caches, large
# enough that the cost of a call is spread over many points.
STACK_BYTES = {"cpu": 2**21, "mps": 2**26, "gpu": 2**28}
MIN_BATCH = 32  # fewer examples at once cost more in calls than the cache saves
SIZING_EXAMPLES = 12  # sizes are measured on this many examples
LAYERS_ALIVE = 4  # layer outputs that exist at once while a model is evaluated

# Memory that a derivative of the first or second order takes, as a multiple of everything computed
# in a forward pass, and of a point. Measured on linear, deep, convolutional and attention models,
# as the growth of the process's memory: kernels use memory that belongs to no tensor.
LAYERS_KEPT = {1: 3, 2: 8}
POINTS_KEPT = {1: 4, 2: 9}
OUTPUTS_OF_LOSS = 2  # a loss keeps a few more tensors as large as the outputs

# A chunk of a scan takes about ten milliseconds: long compared with the cost of dispatching and
# storing it, and short for someone who has to wait for it or repeat it.
CHUNK_FLOPS = {"cpu": 2**31, "mps": 2**34, "gpu": 2**37}
# cost per number in the largest layer's output (beyond the matrix products) or in a point
ELEMENT_FLOPS = 100


@dataclass(frozen=True)
class Sizes:
    """How much of a model fits in the cache, and in a memory budget.

    Attributes:
        flops: FLOPs of matrix products and convolutions, for one point and one example.
        widest: bytes of the largest layer's output, for one point and one example.
        point: bytes of a point.
        itemsize: bytes of one number in a layer.
        kind: the kind of device, "cpu", "mps", or "gpu" for all others.
        budget: bytes of memory that evaluation may use on top of model and data.
        reuses: whether layers reuse their memory, so that twice as much of it stays in cache.
        computed: bytes of everything that a forward pass computes, for one point and one example,
            and the loss after it.

    >>> sizes = Sizes(flops=100, widest=64, point=400, itemsize=4, kind="cpu", budget=10**9)
    >>> sizes.batch(10**6), sizes.stack(1000), sizes.chunk(1000, 1000)
    (65536, 32, 1248)
    """

    flops: int
    widest: int
    point: int
    itemsize: int
    kind: str
    budget: int
    reuses: bool = False
    computed: int = 0

    @classmethod
    def measured(cls, model: nn.Module, examples: Examples, P: int, budget: int | None) -> "Sizes":
        """The sizes of a model, from a forward pass of a few examples.

        Args:
            model: on its device, in its precision.
            examples: what it is called on.
            P: number of parameters.
            budget: None for a quarter of the device's free memory.
        """
        first = next(model.parameters())
        few = examples[:SIZING_EXAMPLES]
        flops, widest, computed = _forward_pass(model, few)
        return cls(
            flops=flops // len(few),
            widest=max(1, math.ceil(widest / len(few))),
            point=P * max(4, first.itemsize),
            itemsize=first.itemsize,
            kind=first.device.type if first.device.type in STACK_BYTES else "gpu",
            budget=budget or _free_memory(first.device) // 4,
            computed=math.ceil(computed / len(few)),
        )

    def batch(self, N: int) -> int:
        """How many of N examples are evaluated at once."""
        # a single point leaves more memory free than a stack
        return min(N, max(MIN_BATCH, self._cached(2) // self.widest))

    def stack(self, batch: int) -> int:
        """How many points are evaluated at once on a batch of examples, at least 1."""
        layer = self.widest * batch
        in_cache = self._cached(2 if self.reuses else 1) // (layer + self.point)
        in_budget = self.budget // (LAYERS_ALIVE * layer + self.point)
        return max(1, min(in_cache, in_budget))

    def batch_for_derivatives(self, batch: int, order: int) -> int:
        """How many examples of a batch to use at once for a first or second derivative."""
        # if points alone fill the budget, nothing is gained by going down to single examples
        free = max(self.budget - POINTS_KEPT[order] * self.point, self.budget // 2)
        return max(1, min(batch, int(free / self._kept(order))))

    def stack_for_derivatives(self, batch: int, order: int) -> int:
        """How many points to differentiate at once on a batch, at least 1."""
        needed = self._kept(order) * batch + POINTS_KEPT[order] * self.point
        return max(1, int(self.budget / needed))

    def chunk(self, N: int, batch: int) -> int:
        """How many points a scan of N examples evaluates as one task: whole stacks, at least one.

        The number depends on the model, data and budget but not on the machine, so that stored
        chunks can be reused anywhere.
        """
        stack = self.stack(batch)
        per_example = self.flops + ELEMENT_FLOPS * self.widest // self.itemsize
        per_point = per_example * N + ELEMENT_FLOPS * self.point // self.itemsize
        worthwhile = CHUNK_FLOPS[self.kind] // per_point
        fitting = (self.budget - stack * self._layers(batch)) // self.point
        return max(1, min(worthwhile, fitting) // stack) * stack

    def chunk_bytes(self, N: int, batch: int) -> int:
        """Memory that a chunk needs on top of model and data, estimated, in bytes."""
        return self.stack(batch) * self._layers(batch) + self.chunk(N, batch) * self.point

    def _layers(self, batch: int) -> int:
        """Bytes of the activations of one point that are alive at once."""
        return LAYERS_ALIVE * self.widest * batch

    def _kept(self, order: int) -> float:
        """Bytes of activations that a derivative keeps, for one point and one example."""
        return LAYERS_KEPT[order] * max(self.computed, self.widest)

    def _cached(self, times: int) -> int:
        """How large the largest layer's output may be, for a batch or for a stack."""
        return min(times * STACK_BYTES[self.kind], self.budget // LAYERS_ALIVE)


def _forward_pass(model: nn.Module, few: Examples) -> tuple[int, int, int]:
    """FLOPs of matrix products, bytes of the largest layer's output, and bytes of all results."""
    widest = 0

    def record(module: nn.Module, inputs: object, outputs: object) -> None:
        nonlocal widest
        widest = max([widest, *(t.nbytes for t in tensors_of(outputs))])

    counter, computed, hooks = FlopCounterMode(display=False), _Computed(), []
    with PlainAttention(), torch.no_grad(), torch.random.fork_rng(devices=[]):
        try:
            hooks = [m.register_forward_hook(record) for m in model.modules()]
            with counter, computed:
                outputs = call(model, few.x)
        except RuntimeError:  # derivatives in a forward pass can't be counted
            outputs = call(model, few.x)
        finally:
            for hook in hooks:
                hook.remove()
    of_loss = OUTPUTS_OF_LOSS * sum(t.nbytes for t in tensors_of(outputs))
    return counter.get_total_flops(), widest, computed.bytes + of_loss


class _Computed(TorchDispatchMode):
    """Count the bytes of all results that need memory of their own."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.bytes = 0

    def __torch_dispatch__(
        self,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        results = function(*args, **(kwargs or {}))
        existing = {t.untyped_storage().data_ptr() for t in tensors_of((args, kwargs))}
        new = {t.untyped_storage().data_ptr(): t.nbytes for t in tensors_of(results)}
        self.bytes += sum(nbytes for place, nbytes in new.items() if place not in existing)
        return results


def _free_memory(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return psutil.virtual_memory().available
