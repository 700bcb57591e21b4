"""Is the loss a function of the point? What is asked of a model and its loss beforehand.

Each check raises an error that names what was got, what was expected and what to do.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils._pytree import tree_leaves

from .examples import Examples, arguments, call, describe
from .losses import Loss


def check_parameters(trainable: dict[str, nn.Parameter]) -> None:
    """ValueError unless there are parameters, all real numbers of one kind in one place."""
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
                "mode, so the loss is no function of the point; call model.eval() first"
            )


@torch.no_grad()
def check_loss(model: nn.Module, loss: Callable, examples: Examples, batch_size: int) -> None:
    """ValueError unless the loss of the model can be computed and is one real number.

    The targets of all batches are looked at, so that a wrong label is found now.
    """
    with torch.random.fork_rng(devices=[]):
        before = torch.random.get_rng_state()
        for batch in examples.split(batch_size):
            outputs = call(model, batch.x)
            found = f"outputs {describe(outputs)} and targets {describe(batch.y)}"
            if isinstance(loss, Loss) and isinstance(outputs, Tensor):
                loss.check(outputs, batch.y)
            try:
                value = loss(outputs, batch.y)
            except Exception as err:
                raise ValueError(f"the loss can't be computed on {found}: {err}") from err
            _check_value(value, found)
            if not isinstance(loss, Loss):
                break  # one batch shows all that can be known
        if not torch.equal(before, torch.random.get_rng_state()):
            raise ValueError(
                f"{type(model).__name__} or its loss draws random numbers, so the loss is "
                "no function of the point; call model.eval() first"
            )


def _check_value(value, found: str) -> None:
    if not isinstance(value, Tensor):
        raise ValueError(
            f"the loss must return a tensor, the mean over the examples, got "
            f"{type(value).__name__} for {found}; leave out .item()"
        )
    if value.numel() != 1 or not value.is_floating_point():
        raise ValueError(
            f"the loss must return one number, the mean over the examples, got {describe(value)} "
            f"for {found}; try reduction='mean'"
        )


@torch.no_grad()
def check_examples_apart(model: nn.Module, some: Examples) -> None:
    """ValueError if the output for an example depends on the others, or on earlier calls."""
    few = some[: max(1, len(some) // 3)]
    if _first_difference([model], some.x, few.x) is None:
        return
    modules = [m for m in model.modules() if not list(m.children())]
    module, why = _first_difference([*modules, model], some.x, few.x)
    name = next(name for name, m in model.named_modules() if m is module)
    raise ValueError(
        f"the output of {name or 'the model'} ({type(module).__name__}) {why}, so the loss is no "
        "function of the point; call model.eval() first, or replace that layer (batch "
        "normalisation needs track_running_stats=True)"
    )


@torch.no_grad()
def is_a_mean(
    model: nn.Module, parameters: dict[str, Tensor], loss: Callable, some: Examples
) -> bool:
    """Whether the loss of two parts, weighted by their sizes, is the loss of the whole.

    A sum is not, nor is a mean over the tokens that are no padding: those need all examples at
    once.
    """
    k = max(1, len(some) // 3)
    for scale in (1.0, 0.5):  # at a minimum a sum and a mean may both be 0
        moved = {name: scale * p for name, p in parameters.items()}

        def value(part: Examples, moved=moved) -> Tensor:
            return loss(functional_call(model, moved, *arguments(part.x)), part.y)

        if len(some) > 1:
            parts = (k * value(some[:k]) + (len(some) - k) * value(some[k:])) / len(some)
            if not _close(parts, value(some)):
                return False
    return True


def _first_difference(modules: list[nn.Module], whole, part) -> tuple[nn.Module, str] | None:
    """The first of the modules whose output for a part of the inputs is not that for the whole."""
    runs = [_outputs(modules, x) for x in (whole, part, part)]
    for (module, a), (_, b), (_, again) in zip(*runs, strict=False):
        if not _close(b, again):
            return module, "changes from call to call"
        if len(a) > len(b) and a.shape[1:] == b.shape[1:] and not _close(a[: len(b)], b):
            return module, "depends on the other examples of the batch"
    return None


def _outputs(modules: list[nn.Module], x) -> list[tuple[nn.Module, Tensor]]:
    """Every tensor that one of the modules returned, in order of time; the last is called."""
    found = []

    def record(module, inputs, outputs):
        leaves = (t for t in tree_leaves(outputs) if isinstance(t, Tensor) and t.ndim)
        found.extend((module, t.detach().clone()) for t in leaves)

    hooks = [module.register_forward_hook(record) for module in modules]
    try:
        call(modules[-1], x)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def _close(a: Tensor, b: Tensor) -> bool:
    """Equal but for rounding."""
    if a.shape != b.shape:
        return False
    if not a.is_floating_point():
        return torch.equal(a, b)
    eps = torch.finfo(a.dtype).eps
    size = b.abs().nan_to_num(0, 0, 0).max().item() if b.numel() else 0.0
    return torch.allclose(a, b, rtol=math.sqrt(eps), atol=math.sqrt(eps) * size, equal_nan=True)
