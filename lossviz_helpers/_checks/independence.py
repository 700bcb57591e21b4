"""Does each output depend only on its own example, and is the loss a mean over the examples?"""

import math
from collections.abc import Callable
from functools import partial
from operator import itemgetter

import torch
from torch import Tensor, nn

from .._inputs.examples import (
    Examples,
    at_least_float32,
    call,
    map_tensors,
    tensors_of,
)
from ..losses import Loss
from .comparing import close
from .model import try_call


@torch.no_grad()
def check_examples_independent(
    model: nn.Module, sample: Examples, outputs: object
) -> tuple[Examples, object]:
    """ValueError if the output for an example depends on the others, or on earlier calls.

    The model is called again on the last quarter of the examples followed by the second quarter.
    Each example of the second quarter keeps its position, because an output may depend on that.

    Args:
        model: any module.
        sample: some of the examples.
        outputs: the model's outputs for them.

    Returns:
        The examples of the second call, and its outputs.
    """
    n, few = len(sample), max(1, len(sample) // 4)
    rows = torch.arange(n)
    order, kept = torch.cat([rows[n - few :], rows[few : 2 * few]]), rows[few : 2 * few]
    if n < 3:
        order = kept = rows[:1]
    try:
        again = call(model, sample[order].x)
    except Exception:  # some models need their examples in order
        order = kept = rows[:few]
        again = try_call(model, sample[order].x, f"{few} of {n} examples")
    same = partial(_same_rows, kept=kept, lengths=(len(order), n))
    if not all(map(same, tensors_of(again), tensors_of(outputs))):
        _blame(model, sample, order, kept)
    return sample[order], again


def _blame(model: nn.Module, sample: Examples, order: Tensor, kept: Tensor) -> None:
    """Raise a ValueError that names the module whose outputs for some rows differ between calls."""
    named = dict(model.named_modules())
    for modules in (list(named.values()), [model]):  # if forward branches, no layer is to blame
        if found := _first_difference(modules, sample, order, kept):
            break
    module, why = found or (model, "changes from call to call")
    name = next(name for name, m in named.items() if m is module)
    own = list(module.children()) and not type(module).__module__.startswith("torch.")
    how = ", because of what its forward does outside its layers" if own else ""
    raise ValueError(
        f"the output of {name or 'the model'} ({type(module).__name__}) {why}{how}, so the "
        "loss isn't a function of the point; call model.eval() first, or fix the cause (batch "
        "normalisation needs track_running_stats=True, recurrent layers and attention "
        "batch_first=True)"
    )


def is_batch_first(outputs: object, n: int) -> bool:
    """Whether the first dimension of every output tensor has one entry per example."""
    return all(t.ndim > 0 and len(t) == n for t in tensors_of(outputs))


@torch.no_grad()
def decomposes(
    model: nn.Module,
    loss: Callable[..., Tensor],
    examples: Examples,
    sample: Examples,
    outputs: object,
    batch_size: int,
) -> bool:
    """Whether the losses of parts, weighted by their sizes, give the loss of the whole.

    This fails for a sum, or for a mean over the tokens that aren't padding: those need all examples
    at once. Some examples spread over the data are checked first, and then all of them, because a
    rare one may make the difference.

    Args:
        model: at a point where examples have different losses. If the losses are all the same, as
            in many untrained models, anything looks like a mean.
        loss: a function of outputs and targets.
        examples: all of them.
        sample: examples spread over the data.
        outputs: the model's outputs for the sample, if they can be split by example; None if the
            model has to be called on each part.
        batch_size: size of the parts that will be summed.
    """
    if isinstance(loss, Loss):
        return True
    precisions = [torch.finfo(p.dtype).eps for p in model.parameters() if p.is_floating_point()]

    def loss_of(outputs: object, part: Examples) -> Tensor:
        return loss(at_least_float32(outputs), part.y).reshape(())

    def agree(block: Examples, whole: object) -> bool:
        cut, parts = 2 * len(block) // 5 + 1, []
        for rows in (slice(None, cut), slice(cut, None)):
            part = block[rows]
            found = call(model, part.x) if outputs is None else map_tensors(itemgetter(rows), whole)
            parts.append((part.weight, loss_of(found, part)))
        value, weight = loss_of(whole, block), block.weight or 1.0
        mean = torch.stack([n * v for n, v in parts]).sum() / weight
        typical = torch.stack([n * v.abs() for n, v in parts]).sum() / weight
        # in a different batch, the last digit of a low-precision model may differ
        eps = max(math.sqrt(torch.finfo(value.dtype).eps), *precisions)
        if not (value.isfinite() or mean.isfinite()):
            return True
        return bool((value - mean).abs() <= eps * typical)

    if len(sample) > 1 and not agree(sample, call(model, sample.x) if outputs is None else outputs):
        return False
    blocks = examples.blocks(max(batch_size, 5))
    return all(agree(block, call(model, block.x)) for block in blocks)


def _first_difference(
    modules: list[nn.Module], sample: Examples, order: Tensor, kept: Tensor
) -> tuple[nn.Module, str] | None:
    """The first module whose outputs differ for rows that keep their position.

    A module that already gets different inputs isn't to blame.
    """
    runs = [_calls(modules, x) for x in (sample.x, sample[order].x, sample[order].x)]
    same_rows = partial(_same_rows, kept=kept, lengths=(len(order), len(sample)))
    for calls in zip(*runs, strict=False):
        (module, x, found), (other, x_part, part), (_, x_again, again) = calls
        if module is not other:  # forward took a different branch
            break
        if _all_close(x_part, x_again) and not _all_close(part, again):
            return module, "changes from call to call"
        if all(map(same_rows, x_part, x)) and not all(map(same_rows, part, found)):
            return module, "depends on the other examples in the batch"
    return None


def _calls(
    modules: list[nn.Module], x: object
) -> list[tuple[nn.Module, list[Tensor], list[Tensor]]]:
    """Call the first of the modules, and return the inputs and outputs of each, in call order."""
    found = []

    def record(module: nn.Module, positional: object, by_name: object, outputs: object) -> None:
        found.append((module, _copies((positional, by_name)), _copies(outputs)))

    hooks = [module.register_forward_hook(record, with_kwargs=True) for module in modules]
    try:
        call(modules[0], x)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def _copies(values: object) -> list[Tensor]:
    return [t.detach().clone() for t in tensors_of(values)]


def _all_close(tensors: list[Tensor], others: list[Tensor]) -> bool:
    return all(close(a, b) for a, b in zip(tensors, others, strict=False))


def _same_rows(a: Tensor, b: Tensor, kept: Tensor, lengths: tuple[int, int]) -> bool:
    """Whether two tensors agree on the kept examples; True if it can't be determined.

    They are for `lengths[0]` and `lengths[1]` examples.

    The example dimension is the one whose size changes with the number of examples. An example may
    have several entries on it, next to each other or far apart.
    """
    sizes = list(zip(a.shape, b.shape, strict=False))
    dims = [i for i, (one, other) in enumerate(sizes) if one != other]
    if a.ndim != b.ndim or len(dims) != 1:
        return True
    (dim,), each = dims, b.shape[dims[0]] // lengths[1]
    if sizes[dim] != (each * lengths[0], each * lengths[1]):
        return True
    kept = kept.to(a.device)
    counts = list(zip((a, b), lengths, strict=True))
    together = [t.unflatten(dim, (n, each)).index_select(dim, kept) for t, n in counts]
    apart = [t.unflatten(dim, (each, n)).index_select(dim + 1, kept) for t, n in counts]
    return close(*together) or close(*apart)
