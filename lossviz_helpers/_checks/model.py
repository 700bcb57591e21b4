"""Checks of a model: it can be copied, and gives the same outputs when called twice."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm
from torch.utils._pytree import tree_leaves

from .._inputs.examples import (
    ONE_EXAMPLE,
    Examples,
    call,
    describe,
    preserved_rng,
)
from .autograd import same_parameters, sources
from .comparing import equal

WRAPPED = {
    nn.DataParallel: "model.module",
    nn.parallel.DistributedDataParallel: "model.module",
    torch.jit.ScriptModule: "the original module, before torch.jit",
    torch._dynamo.OptimizedModule: "model._orig_mod; Objective(…, compile=True) compiles it again",
}
COMPUTED = {
    WeightNorm: "use torch.nn.utils.parametrizations.weight_norm instead",
    SpectralNorm: "use torch.nn.utils.parametrizations.spectral_norm instead",
    BasePruningMethod: "torch.nn.utils.prune.remove makes the pruning permanent",
}


def check_model(model: nn.Module) -> None:
    """TypeError unless it is a module that can be copied and called with other parameters."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    for kind, inside in WRAPPED.items():
        if isinstance(model, kind):
            raise TypeError(f"a {type(model).__name__} can't be evaluated here; pass {inside}")
    for name, t in [*model.named_parameters(), *model.named_buffers()]:
        if isinstance(t, UninitializedParameter | UninitializedBuffer):
            raise ValueError(f"{name} has no shape yet; call the model once on some inputs first")
        if t.is_meta:
            raise ValueError(
                f"{name} has no values, because it is on the meta device; "
                "model.to_empty(device='cpu') allocates memory for the values that you load"
            )
        if t.is_complex() and t.requires_grad:
            raise ValueError(
                f"{name} is {describe(t)}, but a point consists of real numbers; store its real "
                "and imaginary parts as two parameters, and combine them in forward: "
                "torch.complex(self.real, self.imag)"
            )
    modules = dict(model.named_modules())
    for name, module in modules.items():
        _check_module(name, module, modules.values())


def _check_module(name: str, module: nn.Module, others: Iterable[nn.Module]) -> None:
    """Raise unless a copy of the module would be the same function and share nothing with it."""
    if isinstance(module, torch.jit.ScriptModule):
        raise TypeError(
            f"{name} is compiled by torch.jit; give the model {WRAPPED[torch.jit.ScriptModule]}"
        )
    for hook in [*module._forward_pre_hooks.values(), *module._forward_hooks.values()]:
        held = [cell.cell_contents for cell in getattr(hook, "__closure__", None) or ()]
        if any(h is other for h in held for other in others):
            raise ValueError(
                f"a hook of {name or 'the model'} is a function that holds a reference to "
                "the model, so the hook of a copy would still use the original; make it a method "
                "of the model, which is copied with it"
            )
    for attribute, value in {**module._buffers, **vars(module)}.items():
        if any(isinstance(t, Tensor) and not t.is_leaf for t in tree_leaves(value)):
            hooks = module._forward_pre_hooks.values()
            advice = [a for hook in hooks for kind, a in COMPUTED.items() if isinstance(hook, kind)]
            raise ValueError(
                f"{name + '.' if name else ''}{attribute} is computed from other tensors, so the "
                f"model can't be copied; {(*advice, 'detach it, or delete it first')[0]}"
            )


def check_parameters(trainable: dict[str, nn.Parameter]) -> None:
    """ValueError unless there are parameters, all real, of one dtype and on one device."""
    if not trainable:
        raise ValueError(
            "the model has no trainable parameters, so its landscape is a single point; "
            "model.requires_grad_(True) makes frozen parameters trainable"
        )
    kinds = {(p.dtype, p.device) for p in trainable.values()}
    if len(kinds) > 1 or not next(iter(kinds))[0].is_floating_point:
        raise ValueError(
            "parameters must be real floating-point tensors of one dtype on one device, got "
            + ", ".join(sorted(f"{dtype} on {device}" for dtype, device in kinds))
            + "; Objective(…, dtype=…, device=…) converts a copy"
        )


def check_mode(model: nn.Module) -> None:
    """ValueError if a layer in training mode makes the output random or batch-dependent."""
    for name, module in model.named_modules():
        drops = isinstance(module, nn.modules.dropout._DropoutNd) and module.p > 0
        drops = drops or (
            isinstance(module, nn.RNNBase | nn.MultiheadAttention) and module.dropout > 0
        )
        normalises = isinstance(module, nn.modules.batchnorm._BatchNorm)
        if module.training and (drops or normalises):
            why = "drops units at random" if drops else "depends on the batch"
            raise ValueError(
                f"the output of {name or 'the model'} ({type(module).__name__}) {why} in training "
                "mode, so the loss isn't a function of the point; call model.eval() first"
            )


@torch.no_grad()
def check_calls(model: nn.Module, sample: Examples, N: int) -> object:
    """Outputs of a model on some of N examples; ValueError if the call changes anything."""
    x = sample.map(torch.clone).x
    buffers = {name: b.clone() for name, b in model.named_buffers()}
    with preserved_rng() as drawn:
        outputs = try_call(model, x, f"{len(sample)} of {N} examples")
        check_drawn(drawn, type(model).__name__)
    if not all(map(equal, tree_leaves(x), tree_leaves(sample.x))):
        raise ValueError(
            "the model changes its inputs in place, so every call would get different "
            "inputs; start forward with x = x.clone()"
        )
    check_buffers(model, buffers)
    return outputs


def check_buffers(model: nn.Module, before: dict[str, Tensor]) -> None:
    """ValueError if a call has changed a buffer of a model."""
    for name, b in model.named_buffers():
        if not equal(b, before[name]):
            advice = "call model.eval() first"
            if not any(m.training for m in model.modules()):
                advice = (
                    "something in the model updates it even in evaluation mode; switch that off "
                    "(model.apply(torch.ao.quantization.disable_observer) for observers)"
                )
            raise ValueError(
                f"a call changes the buffer {name}, so the loss isn't a function of the point; "
                + advice
            )


def check_parameters_used(model: nn.Module, outputs: object) -> None:
    """ValueError if outputs were computed from the model's own parameters.

    Args:
        model: its parameters were replaced by others in the call.
        outputs: the outputs of that call, with their autograd graph.
    """
    if names := same_parameters(sources(outputs), model):
        raise ValueError(
            f"forward reaches {abbreviated(names)} through something other than an attribute of "
            "its module (a list, a dict, a function that holds a reference to the model), so the "
            "values would stay fixed while the point moves; use the attribute itself, or "
            "nn.ParameterList and nn.ModuleList"
        )


def try_call(model: nn.Module, x: object, which: str) -> object:
    """Outputs of a model; ValueError if it can't be called on inputs."""
    try:
        return call(model, x)
    except Exception as err:
        hint = f"; {ONE_EXAMPLE}" if "size" in str(err) or "shape" in str(err) else ""
        raise ValueError(
            f"the model can't be called on inputs {describe(x)} ({which}, converted to its dtype "
            f"and device, except that integers stay integers): {reason(err)}{hint}"
        ) from err


def abbreviated(names: list[str]) -> str:
    """The first three names, and an ellipsis if there are more."""
    return ", ".join(names[:3] + ["…"] * (len(names) > 3))


def reason(err: Exception) -> str:
    """An error's message, with advice for a common cause."""
    message = f"{type(err).__name__}: {err}"
    if "does not require grad" in message:
        message += (
            "; wrap code that takes derivatives in `with torch.enable_grad():`; derivatives with "
            "respect to inputs belong in forward, which can return them with the outputs"
        )
    return message


def check_drawn(drawn: Callable[[], bool], subject: str) -> None:
    """ValueError if random numbers were drawn."""
    if drawn():
        raise ValueError(
            f"{subject} draws random numbers, so the loss isn't a function of the point; call "
            "model.eval() first, or draw the numbers once and pass them as an input"
        )
