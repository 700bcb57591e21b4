"""How optimisers are made, and what they are asked before."""

import difflib
import inspect
from collections.abc import Callable

import torch
from torch import nn


def made(
    optimizer: Callable[..., torch.optim.Optimizer], params, options: dict, caller, name: str
) -> torch.optim.Optimizer:
    """An optimiser of some parameters.

    Args:
        optimizer: a class of `torch.optim`, or a function that returns one.
        params: what it shall optimise.
        options: its options, `lr` among them.
        caller: who takes these options along with its own, for advice.
        name: of the argument that the class was given as, likewise.

    Raises:
        TypeError: if optimizer is something else, or doesn't know the options.
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


def takes(function: Callable, *arguments) -> bool:
    """Whether a function can be called with some arguments, by what it says of itself."""
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    return True


def _parameters(function: Callable) -> list[str] | None:
    """Names of all that a function takes; None if it takes any, or doesn't tell."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return None
    return list(parameters)


def _not_a_class(got, name: str) -> str:
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


def _unknown(options: list[str], optimizer: Callable, known: list[str], caller: Callable) -> str:
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
