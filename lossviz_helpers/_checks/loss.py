"""Is the loss a function of the point? What is asked of a model and its loss beforehand.

Each check raises an error that names what was got, what was expected and what to do.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import combinations, permutations
from operator import itemgetter

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parameter import UninitializedTensorMixin
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from .._inputs.examples import (
    ONE_EXAMPLE,
    Examples,
    call,
    describe,
    map_tensors,
    same_randomness,
    summable,
    tensors_of,
)
from ..losses import Loss, accuracy

WRAPPED = {
    nn.DataParallel: "model.module",
    nn.parallel.DistributedDataParallel: "model.module",
    torch.jit.ScriptModule: "the module as it was before torch.jit",
    torch._dynamo.OptimizedModule: "model._orig_mod; Objective(…, compile=True) compiles it again",
}
COMPUTED = {
    WeightNorm: "use torch.nn.utils.parametrizations.weight_norm instead",
    SpectralNorm: "use torch.nn.utils.parametrizations.spectral_norm instead",
    BasePruningMethod: "torch.nn.utils.prune.remove makes the pruning permanent",
}


OF_EXAMPLES = (
    "is there something in the loss with one entry per example, such as weights? It is part of the "
    "targets then: data (x, (y, weights)), and a loss of (outputs, (y, weights))"
)


def check_model(model: nn.Module) -> None:
    """TypeError unless it is a module that can be copied and called with other parameters."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    for kind, inside in WRAPPED.items():
        if isinstance(model, kind):
            raise TypeError(f"a {type(model).__name__} can't be evaluated here; pass {inside}")
    for name, t in [*model.named_parameters(), *model.named_buffers()]:
        if isinstance(t, UninitializedTensorMixin):
            raise ValueError(f"{name} has no shape yet; call the model on some inputs once, first")
        if t.is_meta:
            raise ValueError(
                f"{name} has no values, it is on the device meta; model.to_empty(device='cpu') "
                "makes room for those that you load"
            )
        if t.is_complex() and t.requires_grad:
            raise ValueError(
                f"{name} is {describe(t)}, and a point is made of real numbers; hold its real and "
                "its imaginary part as two parameters, and join them in forward: "
                "torch.complex(self.real, self.imag)"
            )
    modules = dict(model.named_modules())
    for name, module in modules.items():
        _check_module(name, module, modules.values())


def _check_module(name: str, module: nn.Module, others: Iterable[nn.Module]) -> None:
    """An error unless a copy of the module would be the same function, with nothing in common."""
    if isinstance(module, torch.jit.ScriptModule):
        raise TypeError(
            f"{name} is compiled by torch.jit; give the model {WRAPPED[torch.jit.ScriptModule]}"
        )
    for hook in [*module._forward_pre_hooks.values(), *module._forward_hooks.values()]:
        held = [cell.cell_contents for cell in getattr(hook, "__closure__", None) or ()]
        if any(h is other for h in held for other in others):
            raise ValueError(
                f"a hook of {name or 'the model'} is a function that holds the model itself, so a "
                "copy's hook would serve the original; make it a method of the model, which is "
                "copied with it"
            )
    for attribute, value in {**module._buffers, **vars(module)}.items():
        if any(isinstance(t, Tensor) and not t.is_leaf for t in tree_leaves(value)):
            hooks = module._forward_pre_hooks.values()
            advice = [a for hook in hooks for kind, a in COMPUTED.items() if isinstance(hook, kind)]
            raise ValueError(
                f"{name + '.' if name else ''}{attribute} is computed from other tensors, so the "
                f"model can't be copied; {(*advice, 'detach it, or delete it before')[0]}"
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
def check_calls(model: nn.Module, some: Examples, N: int):
    """Outputs of a model on some of N examples; ValueError unless nothing changes in a call."""
    x = some.map(torch.clone).x
    buffers = {name: b.clone() for name, b in model.named_buffers()}
    with same_randomness() as drawn:
        outputs = _try_call(model, x, f"{len(some)} of {N} examples")
        check_drawn(drawn, type(model).__name__)
    if not all(map(_equal, tree_leaves(x), tree_leaves(some.x))):
        raise ValueError(
            "the model changes its inputs in place, so every call would see others; let "
            "forward begin with x = x.clone()"
        )
    check_buffers(model, buffers)
    return outputs


def check_buffers(model: nn.Module, before: dict[str, Tensor]) -> None:
    """ValueError if a call has changed a buffer of a model."""
    for name, b in model.named_buffers():
        if not _equal(b, before[name]):
            advice = "call model.eval() first"
            if not any(m.training for m in model.modules()):
                advice = (
                    "something in it goes on measuring in evaluation mode; switch that off "
                    "(model.apply(torch.ao.quantization.disable_observer) for observers)"
                )
            raise ValueError(
                f"a call changes the buffer {name}, so the loss is no function of the point; "
                + advice
            )


def check_parameters_used(model: nn.Module, outputs) -> None:
    """ValueError if parameters of the model's own are among what outputs were computed from.

    Args:
        model: whose parameters were replaced by others in the call.
        outputs: of that call, with derivatives.
    """
    if names := _same_parameters(_sources(outputs), model):
        raise ValueError(
            f"forward reaches {_few(names)} not as a parameter of its module but through "
            "something else (a list, a dict, a function that holds the model), so it would "
            "stay where it is while the point moves; use the attribute itself, or "
            "nn.ParameterList and nn.ModuleList"
        )


def _try_call(model: nn.Module, x, which: str):
    """Outputs of a model; ValueError if it can't be called on inputs."""
    try:
        return call(model, x)
    except Exception as err:
        hint = f"; {ONE_EXAMPLE}" if "size" in str(err) or "shape" in str(err) else ""
        raise ValueError(
            f"the model can't be called on inputs {describe(x)}, {which}, moved to its dtype and "
            f"device, integers as they are: {_reason(err)}{hint}"
        ) from err


def _few(names: list[str]) -> str:
    return ", ".join(names[:3] + ["…"] * (len(names) > 3))


def _reason(err: Exception) -> str:
    """What an error says, and what often helps."""
    said = f"{type(err).__name__}: {err}"
    if "does not require grad" in said:
        said += (
            "; what takes derivatives needs `with torch.enable_grad():` around it, and derivatives "
            "with respect to inputs belong into forward, which can return them with the outputs"
        )
    return said


def check_drawn(drawn: Callable[[], bool], who: str) -> None:
    """ValueError if random numbers were drawn."""
    if drawn():
        raise ValueError(
            f"{who} draws random numbers, so the loss is no function of the point; call "
            "model.eval() first, or give the numbers as an input, drawn once"
        )


@torch.no_grad()
def check_loss(
    model: nn.Module, loss: Callable, outputs, some: Examples, examples: Examples
) -> None:
    """ValueError unless the loss of outputs can be computed and is one real number.

    The targets of all examples are looked at, so that a wrong label is found now. For that no
    other outputs are needed: those of some examples stand for those of as many others.
    """
    if isinstance(loss, type):
        raise TypeError(f"loss is the class {loss.__name__}; pass an instance: {loss.__name__}()")
    outputs = summable(outputs)
    known = isinstance(loss, Loss) and isinstance(outputs, Tensor)
    with same_randomness() as drawn:
        first = _loss_of(loss, outputs, some.y, known)
        again = _loss_of(loss, outputs, some.y, known=False)
        check_drawn(drawn, f"{type(model).__name__} or its loss")
        if not close(first, again):
            raise ValueError(
                "the loss of the same outputs changes from call to call, so it is no function of "
                "the point"
            )
        for batch in examples.blocks(len(some)):
            _loss_of(loss, outputs, batch.y, known)
    if not isinstance(loss, Loss):
        _check_loss_of_outputs(model, loss, outputs, some.y)


def check_loss_of_part(loss: Callable, outputs, y) -> None:
    """ValueError unless the loss of fewer examples can be computed as well."""
    with same_randomness():
        _loss_of(loss, summable(outputs), y, known=False)


def _loss_of(loss: Callable, outputs, y, known: bool) -> Tensor:
    """The loss of outputs, one real number; ValueError unless it is one."""
    found = f"outputs {describe(outputs)} and targets {describe(y)}"
    if known:
        loss.check(outputs, y)
    try:
        with Broadcasts(outputs, y):
            value = loss(outputs, y)
    except Exception as err:
        if isinstance(err, BroadcastError):
            raise
        hint = f"; {OF_EXAMPLES}" if "size" in str(err) or "shape" in str(err) else ""
        raise ValueError(f"the loss can't be computed on {found}: {_reason(err)}{hint}") from err
    _check_value(value, loss, found)
    return value


class BroadcastError(ValueError):
    """Outputs and targets of different shape became a table of all pairs."""


class Broadcasts(TorchFunctionMode):
    """Raise BroadcastError where a function makes all pairs of outputs and targets.

    `(N, 1)` beside `(N,)` is broadcast to N×N pairs, of which nearly all are of two examples.
    Losses that make pairs on purpose say so, by another shape.
    """

    def __init__(self, outputs, y):
        super().__init__()
        self._shapes = [{tuple(t.shape) for t in tensors_of(side)} for side in (outputs, y)]

    def __torch_function__(self, func, types, args=(), kwargs=None):
        given = [*args, *(kwargs or {}).values()]
        shapes = [tuple(a.shape) for a in given if isinstance(a, Tensor)]
        for a, b in combinations(shapes, 2):
            of_both = any(a in one and b in other for one, other in permutations(self._shapes))
            if of_both and _makes_pairs(a, b) and func not in _OF_CLASSES:
                raise BroadcastError(
                    f"the loss combines outputs of shape {self._first(0, a, b)} with targets of "
                    f"shape {self._first(1, a, b)}, so PyTorch makes {_broadcast(a, b)} pairs of "
                    "them, nearly all of two different examples; give both one shape, such as "
                    "outputs.squeeze(-1) in the loss or y[:, None] in the data"
                )
        return func(*args, **(kwargs or {}))

    def _first(self, side: int, *shapes: tuple[int, ...]) -> tuple[int, ...]:
        return next(s for s in shapes if s in self._shapes[side])


_OF_CLASSES = {F.cross_entropy, F.nll_loss, F.multi_margin_loss}  # scores beside class numbers


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        return tuple(torch.broadcast_shapes(a, b))
    except RuntimeError:
        return None


def _makes_pairs(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether both together have more entries than each, though one has an axis less."""
    both = _broadcast(a, b)
    larger = max(math.prod(a), math.prod(b))
    return both is not None and len(a) != len(b) and math.prod(both) > larger


def _check_loss_of_outputs(model: nn.Module, loss: Callable, outputs, y) -> None:
    """ValueError if the loss reads parameters of the model beside its outputs."""
    value = None
    with torch.enable_grad(), suppress(Exception):  # without derivatives it could be computed
        value = loss(outputs, y)
    through_outputs = {id(t) for t in _sources(outputs)}
    beside = [t for t in _sources(value) if id(t) not in through_outputs]
    if names := _same_parameters(beside, model):
        raise ValueError(
            f"the loss reads parameters of the model ({_few(names)}), which would stay where "
            "they are while the point moves; let forward return what the loss needs of them, such "
            "as a penalty, with the outputs: a loss is a function of outputs and targets. If they "
            "are others with the same numbers, freeze them: requires_grad_(False)"
        )


def _check_value(value, loss: Callable, found: str) -> None:
    if isinstance(value, Mapping | tuple | list):
        names = list(value) if isinstance(value, Mapping) else list(range(len(value)))
        first = names[0] if names else 0
        raise ValueError(
            f"the loss must return one number, got {describe(value)} for {found}; choose one: "
            f"lambda outputs, y: loss(outputs, y)[{first!r}]"
        )
    if not isinstance(value, Tensor):
        advice = "leave out .item()"
        if loss is accuracy:
            advice = "accuracy is a number to print; draw losses.error_rate, which is 1 − accuracy"
        raise ValueError(
            f"the loss must return a tensor, the mean over the examples, got "
            f"{type(value).__name__} for {found}; {advice}"
        )
    if value.numel() != 1 or not value.is_floating_point():
        raise ValueError(
            f"the loss must return one number, the mean over the examples, got {describe(value)} "
            f"for {found}; try reduction='mean', or .float().mean()"
        )


@torch.no_grad()
def check_examples_apart(model: nn.Module, some: Examples, outputs) -> tuple[Examples, object]:
    """ValueError if the output for an example depends on the others, or on earlier calls.

    The second quarter is called after the last one instead of after the first, and without what
    follows. So each of its examples keeps its place, on which an output may depend.

    Args:
        model: any.
        some: examples.
        outputs: of the model on them.

    Returns:
        The examples of the second call, and its outputs.
    """
    n, few = len(some), max(1, len(some) // 4)
    rows = torch.arange(n)
    order, kept = torch.cat([rows[n - few :], rows[few : 2 * few]]), rows[few : 2 * few]
    if n < 3:
        order = kept = rows[:1]
    try:
        again = call(model, some[order].x)
    except Exception:  # some models want their examples in order
        order = kept = rows[:few]
        again = _try_call(model, some[order].x, f"{few} of {n} examples")
    same = partial(_same_rows, kept=kept, lengths=(len(order), n))
    if not all(map(same, tensors_of(again), tensors_of(outputs))):
        _blame(model, some, order, kept)
    return some[order], again


def _blame(model: nn.Module, some: Examples, order: Tensor, kept: Tensor) -> None:
    """ValueError that names the module whose outputs for some rows are others in another call."""
    named = dict(model.named_modules())
    for modules in (list(named.values()), [model]):  # where forward forks, no part is to blame
        if found := _first_difference(modules, some, order, kept):
            break
    module, why = found or (model, "changes from call to call")
    name = next(name for name, m in named.items() if m is module)
    own = list(module.children()) and not type(module).__module__.startswith("torch.")
    how = ", by what its forward does beside its layers" if own else ""
    raise ValueError(
        f"the output of {name or 'the model'} ({type(module).__name__}) {why}{how}, so the "
        "loss is no function of the point; call model.eval() first, or change that (batch "
        "normalisation needs track_running_stats=True, recurrent layers and attention "
        "batch_first=True)"
    )


def examples_lead(outputs, n: int) -> bool:
    """Whether the first axis of all output tensors is as long as there are examples."""
    return all(t.ndim > 0 and len(t) == n for t in tensors_of(outputs))


@torch.no_grad()
def is_a_mean(
    model: nn.Module,
    loss: Callable,
    examples: Examples,
    some: Examples,
    outputs,
    batch_size: int,
) -> bool:
    """Whether the losses of parts, weighted by their sizes, give the loss of the whole.

    A sum does not, nor does a mean over the tokens that are no padding: those need all examples at
    once. Some examples from all over the data, which may be sorted, are looked at first, and then
    all of them, for a rare one may tell.

    Args:
        model: at a point where examples have different losses; where they are the same, as in many
            a model before training, anything looks like a mean.
        loss: of outputs and targets.
        examples: all.
        some: examples from all over the data.
        outputs: of the model on these, if the outputs of a part are a part of the outputs; None
            if each part has to be called.
        batch_size: of the parts that will be summed.
    """
    if isinstance(loss, Loss):
        return True
    precisions = [torch.finfo(p.dtype).eps for p in model.parameters() if p.is_floating_point()]

    def loss_of(outputs, part: Examples) -> Tensor:
        return loss(summable(outputs), part.y).reshape(())

    def agree(block: Examples, whole) -> bool:
        cut, parts = 2 * len(block) // 5 + 1, []
        for rows in (slice(None, cut), slice(cut, None)):
            part = block[rows]
            found = call(model, part.x) if outputs is None else map_tensors(itemgetter(rows), whole)
            parts.append((len(part), loss_of(found, part)))
        value = loss_of(whole, block)
        mean = sum(n * v for n, v in parts) / len(block)
        typical = sum(n * v.abs() for n, v in parts) / len(block)
        # in another batch, a model of low precision says something else in the last digit
        eps = max(math.sqrt(torch.finfo(value.dtype).eps), *precisions)
        if not (value.isfinite() or mean.isfinite()):
            return True
        return bool((value - mean).abs() <= eps * typical)

    if len(some) > 1 and not agree(some, call(model, some.x) if outputs is None else outputs):
        return False
    blocks = examples.blocks(max(batch_size, 5))
    return all(agree(block, call(model, block.x)) for block in blocks)


def displaced(parameters: dict[str, Tensor], away: float) -> dict[str, Tensor]:
    """Another point, so many sizes of each parameter away; one that is 0 has that of new layers."""
    generator = torch.Generator().manual_seed(0)

    def moved(p: Tensor) -> Tensor:
        fan_in = p.numel() / max(1, len(p)) if p.ndim > 1 else 1.0
        size = p.square().mean().sqrt().item() or fan_in**-0.5
        return p + away * size * torch.randn(p.shape, generator=generator).to(p)

    return {name: moved(p.detach()) for name, p in parameters.items()}


def close(a: Tensor, b: Tensor) -> bool:
    """Equal but for rounding."""
    if a.shape != b.shape:
        return False
    if a.is_complex() and b.is_complex():
        a, b = torch.view_as_real(a.resolve_conj()), torch.view_as_real(b.resolve_conj())
    if not a.is_floating_point():
        return torch.equal(a, b)
    eps = torch.finfo(a.dtype).eps
    size = b.abs().nan_to_num(0, 0, 0).max().item() if b.numel() else 0.0
    return torch.allclose(a, b, rtol=math.sqrt(eps), atol=math.sqrt(eps) * size, equal_nan=True)


def _nodes(values) -> Iterator:
    """Every step of the computation of some tensors that autograd goes back through."""
    tensors, seen = [t for t in tensors_of(values) if t.requires_grad], set()
    nodes = [torch.autograd.graph.get_gradient_edge(t).node for t in tensors]
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        nodes.extend(before for before, _ in node.next_functions)
        yield node


def has_own_backward(values) -> bool:
    """Whether a `torch.autograd.Function`, with a backward pass of its own, is among the steps."""
    return any(
        isinstance(node, torch.autograd.function.BackwardCFunction) for node in _nodes(values)
    )


def _sources(values) -> list[Tensor]:
    """The tensors with requires_grad from which tensors were computed: where derivatives end."""
    variables = (getattr(node, "variable", None) for node in _nodes(values))
    return [variable for variable in variables if isinstance(variable, Tensor)]


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
    modules: list[nn.Module], some: Examples, order: Tensor, kept: Tensor
) -> tuple[nn.Module, str] | None:
    """The first of the modules that makes a difference for rows that keep their place.

    One that is given something else already is innocent.
    """
    runs = [_calls(modules, x) for x in (some.x, some[order].x, some[order].x)]
    same_rows = partial(_same_rows, kept=kept, lengths=(len(order), len(some)))
    for calls in zip(*runs, strict=False):
        (module, x, found), (other, x_part, part), (_, x_again, again) = calls
        if module is not other:  # forward has taken another way
            break
        if _all_close(x_part, x_again) and not _all_close(part, again):
            return module, "changes from call to call"
        if all(map(same_rows, x_part, x)) and not all(map(same_rows, part, found)):
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
    return [t.detach().clone() for t in tensors_of(values)]


def _all_close(some: list[Tensor], others: list[Tensor]) -> bool:
    return all(close(a, b) for a, b in zip(some, others, strict=False))


def _same_rows(a: Tensor, b: Tensor, kept: Tensor, lengths: tuple[int, int]) -> bool:
    """Whether tensors for so many examples each are the same for those kept; yes if none can tell.

    The axis of the examples is the one that is longer for more of them. An example may have
    several entries on it, one after the other or far apart.
    """
    sizes = list(zip(a.shape, b.shape, strict=False))
    axes = [i for i, (one, other) in enumerate(sizes) if one != other]
    if a.ndim != b.ndim or len(axes) != 1:
        return True
    (axis,), each = axes, b.shape[axes[0]] // lengths[1]
    if sizes[axis] != (each * lengths[0], each * lengths[1]):
        return True
    kept = kept.to(a.device)
    counts = list(zip((a, b), lengths, strict=True))
    together = [t.unflatten(axis, (n, each)).index_select(axis, kept) for t, n in counts]
    apart = [t.unflatten(axis, (each, n)).index_select(axis + 1, kept) for t, n in counts]
    return close(*together) or close(*apart)


def _equal(a: Tensor, b: Tensor) -> bool:
    """Equal to the last bit, nan where nan."""
    return torch.equal(a, b) or torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)
