"""How an optimiser is made from what the user passed, with errors that suggest what was meant."""

import difflib
import inspect
from collections.abc import Callable

import torch
from torch import nn
from torch.optim.optimizer import ParamsT


def make_optimizer(
    optimizer: Callable[..., torch.optim.Optimizer],
    params: ParamsT,
    options: dict[str, object],
    caller: Callable[..., object],
    name: str,
) -> torch.optim.Optimizer:
    """An optimiser for the given parameters.

    Args:
        optimizer: a class of `torch.optim`, or a function that returns an optimiser.
        params: what it optimises.
        options: its options, `lr` among them.
        caller: the function or class that took these options along with its own, for errors.
        name: name of the caller's argument that takes the optimiser's class, for errors.

    Raises:
        TypeError: if optimizer is something else, or doesn't accept the options.
    """
    if not callable(optimizer) or isinstance(optimizer, nn.Module | torch.optim.Optimizer):
        raise TypeError(_not_a_class(optimizer, name))
    known = _parameters(optimizer)
    if known is not None:
        unknown = [option for option in options if option not in known]
        if "lr" in unknown:
            raise TypeError(_not_a_class(optimizer, name))
        if unknown:
            raise TypeError(_unknown(unknown, optimizer, known[1:], caller))
    opt = optimizer(params, **options)
    if not isinstance(opt, torch.optim.Optimizer):
        raise TypeError(
            f"{name} must be a class of torch.optim or a function that returns such an optimiser, "
            f"got a function that returns a {type(opt).__name__}"
        )
    return opt


def accepts(function: Callable[..., object], *arguments: object) -> bool:
    """Whether a function can be called with the given arguments, by its signature.

    >>> accepts(torch.optim.SGD.step, None), accepts(torch.optim.SGD.step)
    (True, False)
    """
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    return True


def _parameters(function: Callable[..., object]) -> list[str] | None:
    """Names of a function's parameters; None if it takes any, or has no signature."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return None
    return list(parameters)


def _not_a_class(got: object, name: str) -> str:
    classes = {n.lower(): f"torch.optim.{n}" for n, c in vars(torch.optim).items() if callable(c)}
    classes["sam"] = "lossviz_helpers.SAM"
    if isinstance(got, str):
        found, alike = repr(got), got
    elif isinstance(got, type):
        found, alike = got.__name__, got.__name__
    else:
        found, alike = f"an instance of {type(got).__name__}", type(got).__name__
    return (
        f"{name} must be a class such as torch.optim.SGD, or a function of parameters and lr that "
        f"returns an optimiser, got {found}; write {name}="
        f"{classes.get(alike.lower(), 'torch.optim.Adam')}"
    )


def _unknown(
    options: list[str],
    optimizer: Callable[..., object],
    known: list[str],
    caller: Callable[..., object],
) -> str:
    own = [
        n for n, p in inspect.signature(caller).parameters.items() if p.kind is not p.VAR_KEYWORD
    ]
    near = {option: difflib.get_close_matches(option, own + known, n=1) for option in options}
    meant = [
        f"did you mean {names[0]} instead of {option}?" for option, names in near.items() if names
    ]
    kind = getattr(optimizer, "func", optimizer)  # of a partial
    return " ".join(
        [
            f"{kind.__name__} has no option {', '.join(options)};",
            *meant,
            f"{kind.__name__} takes {', '.join(known)}; {caller.__name__} takes {', '.join(own)}",
        ]
    )
