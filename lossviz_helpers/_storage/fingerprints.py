"""When two functions are the same: they have equal values, and the same code uses them.

Values can be compared. Code that is pickled by name, such as a function or a class, can change
while its name stays the same, so we look at its bytecode, constants and settings.
"""

import functools
import types

import numpy as np
import torch
from torch import Tensor, nn

PLAIN = (int, float, complex, str, bytes, type(None), torch.dtype, torch.device)
VALUES = (*PLAIN, Tensor, np.ndarray, list, tuple, dict, set, frozenset)
# what every module has: tensors are compared by name, and hooks and modes don't matter
MODULE_ATTRIBUTES = frozenset(vars(nn.Module()))


def contents(value: object) -> object:
    """Everything that can be read from a value without running it, in a form that can be hashed.

    For functions and modules: code, constants, settings, tensors, and the lists and dicts that they
    refer to. A value that counts its calls, or collects something, differs after each call.

    >>> def loss(limit):
    ...     return lambda outputs, y: (outputs - y).clamp(max=limit).mean()
    >>> contents(loss(20)) == contents(loss(5)), contents(loss(5)) == contents(loss(5))
    (False, True)
    >>> contents({"limit": 20}) == contents({"limit": 5})
    False
    """
    return _contents(value, frozenset())


def _contents(value: object, above: frozenset[int]) -> object:
    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, Tensor):
        return str(value.dtype), tuple(value.shape), _bytes(value)
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tobytes()
    if id(value) in above:  # a function that calls itself, say
        return "itself"
    above = above | {id(value)}
    if isinstance(value, dict):
        value = tuple(value.items())
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_contents(part, above) for part in value]
        return tuple(sorted(parts, key=repr) if isinstance(value, set | frozenset) else parts)
    if isinstance(value, functools.partial):
        settings = tuple(sorted(value.keywords.items()))
        return _contents((value.func, value.args, settings), above)
    if isinstance(value, types.MethodType):
        return _contents((value.__func__, value.__self__), above)
    if isinstance(value, types.CodeType):
        return value.co_code, value.co_names, _contents(value.co_consts, above)
    if isinstance(value, types.FunctionType):
        return _function(value, above)
    if isinstance(value, nn.Module):
        state = {**dict(value.named_parameters()), **dict(value.named_buffers())}
        tensors = [(name, _contents(t, above)) for name, t in state.items()]
        return tensors, [(name, _instance(m, above)) for name, m in value.named_modules()]
    if callable(value) and not isinstance(value, type):
        return _instance(value, above)
    return type(value).__qualname__


def _function(function: types.FunctionType, above: frozenset[int]) -> object:
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    named = [function.__globals__.get(name) for name in function.__code__.co_names]
    used = [v for v in named if isinstance(v, VALUES)]
    siblings = [v for v in named if isinstance(v, types.FunctionType)]
    siblings = [f for f in siblings if f.__module__ == function.__module__]
    parts = (function.__code__, function.__defaults__, *cells, *used, *siblings)
    return function.__qualname__, _contents(parts, above)


def _instance(value: object, above: frozenset[int]) -> object:
    """An object: its settings, and its class's code, unless that comes from PyTorch or Python."""
    settings = [
        (name, _contents(v, above))
        for name, v in sorted(getattr(value, "__dict__", {}).items())
        if isinstance(v, (*VALUES, types.FunctionType)) and name not in MODULE_ATTRIBUTES
    ]
    code = [
        _contents(v, above)
        for cls in type(value).__mro__
        if not cls.__module__.startswith(("torch.", "builtins"))
        for _, v in sorted(vars(cls).items())
        if isinstance(v, types.FunctionType)
    ]
    # compiled functions, such as torch.tanh, expose nothing but their name
    return getattr(value, "__qualname__", type(value).__qualname__), settings, code


def _bytes(values: Tensor) -> bytes:
    return values.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes()
