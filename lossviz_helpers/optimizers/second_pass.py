"""What a second forward pass changes besides gradients, and which GradScaler scales its loss.

An optimiser such as SAM is given parameters, not the model, so it watches which modules are called
while its closure runs.
"""

import functools
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.utils.hooks import RemovableHandle


@contextmanager
def watching_modules(report: Callable[[nn.Module], object]) -> Iterator[None]:
    """Report every module in training mode that is called in a block, and all its submodules.

    Modules in evaluation mode have no reason to change their buffers.
    """
    thread = threading.get_ident()
    hooks: list[RemovableHandle] = []

    def before(module: nn.Module, _: object) -> None:
        if threading.get_ident() != thread:  # another training run in parallel
            return
        for part in module.modules():
            if part.training:
                report(part)
        if hasattr(module, "_orig_mod"):  # from torch.compile, which gives up if there are hooks
            remove()
            hooks.append(module.register_forward_hook(lambda *_: listen(), always_call=True))

    def listen() -> None:
        remove()
        hooks.append(register_module_forward_pre_hook(before))

    def remove() -> None:
        while hooks:
            hooks.pop().remove()

    listen()
    try:
        yield
    finally:
        remove()


@contextmanager
def restoring_buffers(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Restore buffers to what they were before a block.

    The values are put back in every module that is called in the block. In the given
    modules the tensors are put back as well, because some modules replace theirs.
    """
    tensors = [(module._buffers, dict(module._buffers)) for module in modules]
    values: dict[int, tuple[Tensor, Tensor]] = {}

    def keep(module: nn.Module) -> None:
        for buffer in filter(torch.is_tensor, module._buffers.values()):
            buffer = _unwrapped(buffer)
            # a buffer whose elements share memory can't be written to
            if id(buffer) not in values and 0 not in buffer.stride():
                values[id(buffer)] = buffer, _unwrapped(buffer.detach().clone())

    try:
        with watching_modules(keep):
            yield
    finally:
        for buffers, before in tensors:
            buffers.update(before)
        with torch.no_grad():
            for buffer, value in values.values():
                buffer.copy_(value)


def _unwrapped(t: Tensor) -> Tensor:
    """The tensor that holds the numbers, also inside `torch.vmap`."""
    while torch._C._functorch.is_functorch_wrapped_tensor(t):
        t = torch._C._functorch.get_unwrapped(t)
    return t


_Scalers = list[torch.amp.GradScaler]
_scalers: ContextVar[_Scalers | None] = ContextVar("scalers that were used", default=None)


@contextmanager
def recording_scalers() -> Iterator[_Scalers]:
    """Record the GradScalers that scale a loss in a block."""
    _patch_grad_scaler()
    recorded: _Scalers = []
    token = _scalers.set(recorded)
    try:
        yield recorded
    finally:
        _scalers.reset(token)


@functools.cache
def _patch_grad_scaler() -> None:
    """Make GradScalers report when they scale a loss.

    A gradient doesn't show that it was scaled, and a step along it would be thousands of times too
    long. PyTorch offers no hook, so `GradScaler.scale` is wrapped, once.
    """
    scale: Callable[..., object] = torch.amp.GradScaler.scale

    @functools.wraps(scale)
    def recording_scale(self: torch.amp.GradScaler, outputs: object) -> object:
        used = _scalers.get()
        if used is not None and self not in used:
            used.append(self)
        return scale(self, outputs)

    torch.amp.GradScaler.scale = recording_scale  # type: ignore[assignment, method-assign]
