"""Is the loss a function of the point? What is asked of a model and its loss beforehand.

Each check raises an error that names what was got, what was expected and what to do.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.parameter import UninitializedTensorMixin
from torch.utils._pytree import tree_leaves

from .examples import Examples, arguments, call, describe, summable
from .losses import Loss

WRAPPED = {
    nn.DataParallel: "model.module",
    nn.parallel.DistributedDataParallel: "model.module",
    torch.jit.ScriptModule: "the module as it was before torch.jit",
    torch._dynamo.OptimizedModule: "model._orig_mod; Objective(…, compile=True) compiles it again",
}
AWAY = (1.0, 0.5, 0.25, 0.1, 0.0)  # how far away a loss is tried, in sizes of the parameters


def check_model(model: nn.Module) -> None:
    """TypeError unless it is a module that can be called with other parameters."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    for kind, inside in WRAPPED.items():
        if isinstance(model, kind):
            raise TypeError(f"a {type(model).__name__} can't be evaluated here; pass {inside}")
    for name, p in [*model.named_parameters(), *model.named_buffers()]:
        if isinstance(p, UninitializedTensorMixin):
            raise ValueError(f"{name} has no shape yet; call the model on some inputs once, first")
    for name, module in model.named_modules():
        for attribute, value in vars(module).items():
            if isinstance(value, Tensor) and not value.is_leaf:
                raise ValueError(
                    f"{name + '.' if name else ''}{attribute} is computed from other tensors, so "
                    "the model can't be copied; instead of torch.nn.utils.weight_norm use "
                    "torch.nn.utils.parametrizations.weight_norm"
                )


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
def check_calls(model: nn.Module, examples: Examples) -> None:
    """ValueError unless the model can be called, and changes neither its inputs nor itself."""
    x = examples.map(torch.clone).x
    buffers = {name: b.clone() for name, b in model.named_buffers()}
    try:
        call(model, x)
    except Exception as err:
        raise ValueError(
            f"the model can't be called on inputs {describe(x)}, which are moved to its dtype and "
            f"device, integers as they are: {err}"
        ) from err
    same = map(_equal, tree_leaves(x), tree_leaves(examples.x))
    if not all(same):
        raise ValueError(
            "the model changes its inputs in place, so every call would see others; let forward "
            "begin with x = x.clone()"
        )
    # also at another point: a running estimate may have come to rest at this one
    moved = {name: p.detach().roll(1) for name, p in model.named_parameters()}
    with suppress(Exception):  # some models can't be called everywhere
        functional_call(model, moved, *arguments(x))
    for name, b in model.named_buffers():
        if not _equal(b, buffers[name]):
            raise ValueError(
                f"a call changes the buffer {name}, so the loss is no function of the point; call "
                "model.eval() first"
            )


@torch.no_grad()
def check_loss(model: nn.Module, loss: Callable, examples: Examples, batch_size: int) -> None:
    """ValueError unless the loss of the model can be computed and is one real number.

    The targets of all batches are looked at, so that a wrong label is found now.
    """
    with torch.random.fork_rng(devices=[]):
        before = torch.random.get_rng_state()
        for batch in examples.split(batch_size):
            outputs = summable(call(model, batch.x))
            found = f"outputs {describe(outputs)} and targets {describe(batch.y)}"
            if isinstance(loss, Loss) and isinstance(outputs, Tensor):
                loss.check(outputs, batch.y)
            try:
                values = loss(outputs, batch.y), loss(outputs, batch.y)
            except Exception as err:
                raise ValueError(f"the loss can't be computed on {found}: {err}") from err
            _check_value(values[0], found)
            if not isinstance(loss, Loss):
                _check_loss_of_outputs(model, loss, outputs, batch.y)
                break  # one batch shows all that can be known
        if not torch.equal(before, torch.random.get_rng_state()):
            raise ValueError(
                f"{type(model).__name__} or its loss draws random numbers, so the loss is "
                "no function of the point; call model.eval() first, or give the numbers as an "
                "input, drawn once"
            )
        if not close(*values):
            raise ValueError(
                "the loss of the same outputs changes from call to call, so it is no function of "
                "the point"
            )


def _check_loss_of_outputs(model: nn.Module, loss: Callable, outputs, y) -> None:
    """ValueError if the loss reads parameters of the model beside its outputs."""
    value = None
    with torch.enable_grad(), suppress(Exception):  # without derivatives it could be computed
        value = loss(outputs, y)
    through_outputs = {id(t) for t in _sources(outputs)}
    beside = [t for t in _sources(value) if id(t) not in through_outputs]
    if names := _same_parameters(beside, model):
        raise ValueError(
            f"the loss reads parameters of the model ({', '.join(names)}), which would stay where "
            "they are while the point moves; let forward return what the loss needs of them, such "
            "as a penalty, with the outputs: a loss is a function of outputs and targets. If they "
            "are others with the same numbers, freeze them: requires_grad_(False)"
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
    """ValueError if the output for an example depends on the others, or on earlier calls.

    The first third of the examples is called without those that follow, the last third without
    those before it.
    """
    few, rows = max(1, len(some) // 3), torch.arange(len(some))
    for part in (rows[:few], rows[-few:]):
        found = _first_difference([model], some, part)
        if found is None:
            continue
        module, why = _first_difference(list(model.modules()), some, part) or found
        name = next(name for name, m in model.named_modules() if m is module)
        how = ", by what its forward does beside its layers" if list(module.children()) else ""
        raise ValueError(
            f"the output of {name or 'the model'} ({type(module).__name__}) {why}{how}, so the "
            "loss is no function of the point; call model.eval() first, or change that (batch "
            "normalisation needs track_running_stats=True, recurrent layers and attention "
            "batch_first=True)"
        )


@torch.no_grad()
def is_a_mean(
    model: nn.Module,
    parameters: dict[str, Tensor],
    loss: Callable,
    examples: Examples,
    some: Examples,
    batch_size: int,
) -> bool:
    """Whether the losses of parts, weighted by their sizes, give the loss of the whole.

    A sum does not, nor does a mean over the tokens that are no padding: those need all examples at
    once. Where all examples have the same loss, as in many a model before training, anything looks
    like a mean. So examples from all over the data, which may be sorted, are looked at from several
    points, and then all examples from the farthest one at which there is a loss.
    """
    if isinstance(loss, Loss):
        return True

    def mean(part: Examples, size: int, point: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """The mean over batches of a size, and the largest loss of a batch."""
        losses = [
            (len(b), loss(summable(functional_call(model, point, *arguments(b.x))), b.y))
            for b in part.split(size)
        ]
        return sum(n * v for n, v in losses) / len(part), max(v.abs() for _, v in losses)

    def agree(part: Examples, size: int, away: float) -> bool | None:
        """Whether batches of another size have the same mean; None if there is none."""
        point = _elsewhere(parameters, away) if away else parameters
        other = 2 * size // 5 + 1 if size > 1 else 2  # cuts that lie elsewhere
        try:
            (a, largest), (b, _) = (mean(part, n, point) for n in (size, other))
        except Exception:
            if away:  # some models can't be called everywhere
                return None
            raise
        # in another batch, a model of low precision says something else in the last digit
        eps = max(math.sqrt(torch.finfo(a.dtype).eps), *epsilons)
        return bool((a - b).abs() <= eps * largest) if (a - b).isfinite() else None

    epsilons = [torch.finfo(p.dtype).eps for p in parameters.values()]
    tried = {away: agree(some, len(some), away) for away in AWAY}
    if False in tried.values():
        return False
    whole = (agree(examples, batch_size, away) for away, known in tried.items() if known)
    return next((same for same in whole if same is not None), True)


def _elsewhere(parameters: dict[str, Tensor], away: float) -> dict[str, Tensor]:
    """Another point, so many sizes of each parameter away; one that is 0 has that of new layers."""
    generator = torch.Generator().manual_seed(round(100 * away))

    def moved(p: Tensor) -> Tensor:
        fan_in = p.numel() / max(1, len(p)) if p.ndim > 1 else 1.0
        size = p.square().mean().sqrt().item() or fan_in**-0.5
        return p + away * size * torch.randn(p.shape, generator=generator).to(p)

    return {name: moved(p.detach()) for name, p in parameters.items()}


def close(a: Tensor, b: Tensor) -> bool:
    """Equal but for rounding."""
    if a.shape != b.shape:
        return False
    if not a.is_floating_point():
        return torch.equal(a, b)
    eps = torch.finfo(a.dtype).eps
    size = b.abs().nan_to_num(0, 0, 0).max().item() if b.numel() else 0.0
    return torch.allclose(a, b, rtol=math.sqrt(eps), atol=math.sqrt(eps) * size, equal_nan=True)


def _sources(values) -> list[Tensor]:
    """The tensors with requires_grad from which tensors were computed: where derivatives end."""
    found, seen = [], set()
    tensors = [t for t in tree_leaves(values) if isinstance(t, Tensor) and t.requires_grad]
    nodes = [torch.autograd.graph.get_gradient_edge(t).node for t in tensors]
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        nodes.extend(before for before, _ in node.next_functions)
        if isinstance(source := getattr(node, "variable", None), Tensor):
            found.append(source)
    return found


def _same_parameters(tensors: list[Tensor], model: nn.Module) -> list[str]:
    """Names of the trainable parameters of a model that are among some tensors.

    Those of the model that it is a copy of count as well: nobody else has the same numbers, unless
    they are all alike, as zeros are; such ones tell something only if there are no others.
    """
    telling = [t for t in tensors if t.numel() and (t != t.flatten()[0]).any()] or tensors
    return [
        name
        for name, p in model.named_parameters()
        if p.requires_grad
        and any(p.shape == t.shape and torch.equal(p, t.detach().to(p)) for t in telling)
    ]


def _first_difference(
    modules: list[nn.Module], some: Examples, rows: Tensor
) -> tuple[nn.Module, str] | None:
    """The first of the modules that makes a difference between some rows alone and among all.

    One that is given something else already is innocent.
    """
    runs = [_calls(modules, x) for x in (some.x, some[rows].x, some[rows].x)]
    are_parts = partial(_are_parts, rows=rows, n=len(some))
    for (module, x, found), (_, x_part, part), (_, x_again, again) in zip(*runs, strict=False):
        if _all_close(x_part, x_again) and not _all_close(part, again):
            return module, "changes from call to call"
        if are_parts(x_part, x) and not are_parts(part, found):
            return module, "depends on the other examples of the batch"
    return None


def _calls(modules: list[nn.Module], x) -> list[tuple[nn.Module, list[Tensor], list[Tensor]]]:
    """The tensors that modules were given and returned, in order of time; the first is called."""
    found = []

    def record(module, positional, by_name, outputs):
        found.append((module, _copies((positional, by_name)), _copies(outputs)))

    hooks = [module.register_forward_hook(record, with_kwargs=True) for module in modules]
    try:
        call(modules[0], x)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def _copies(values) -> list[Tensor]:
    return [t.detach().clone() for t in tree_leaves(values) if isinstance(t, Tensor)]


def _all_close(some: list[Tensor], others: list[Tensor]) -> bool:
    return all(close(a, b) for a, b in zip(some, others, strict=False))


def _are_parts(parts: list[Tensor], wholes: list[Tensor], rows: Tensor, n: int) -> bool:
    """Whether tensors for some rows hold what those for all n have there; yes if none can tell."""
    return all(_is_part(a, b, rows, n) for a, b in zip(parts, wholes, strict=False))


def _is_part(part: Tensor, whole: Tensor, rows: Tensor, n: int) -> bool:
    """Of one tensor. The axis of the examples is the one that is longer for more of them.

    An example may have several entries on it, one after the other or far apart.
    """
    sizes = list(zip(part.shape, whole.shape, strict=False))
    axes = [i for i, (a, b) in enumerate(sizes) if a != b]
    if part.ndim != whole.ndim or len(axes) != 1:
        return True
    (axis,), each = axes, whole.shape[axes[0]] // n
    if sizes[axis] != (each * len(rows), each * n):
        return True
    rows = rows.to(whole.device)
    together = whole.unflatten(axis, (n, each)).index_select(axis, rows)
    apart = whole.unflatten(axis, (each, n)).index_select(axis + 1, rows)
    return any(close(part, found.flatten(axis, axis + 1)) for found in (together, apart))


def _equal(a: Tensor, b: Tensor) -> bool:
    """Equal to the last bit, nan where nan."""
    return torch.equal(a, b) or torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)
