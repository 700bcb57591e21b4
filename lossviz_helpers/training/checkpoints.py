"""Checkpoints that a training run has saved, as points with their steps."""

import re
import time
from collections.abc import Iterator, Mapping
from glob import glob
from os import PathLike, fspath
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import psutil
import torch
from torch import Tensor

from ..objective import Objective, check_objective
from .counts import check_count

State = Mapping[str, Tensor]
RECENT = 60  # seconds: a file changed since then may still be being written


def read_checkpoints(
    pattern: str | PathLike[str], L: Objective, every: int, key: str | None
) -> list[tuple[int, Tensor]]:
    """The points of all checkpoints that match, in the order of their steps, each with its step.

    Raises:
        TypeError, ValueError, MemoryError: as `Trajectory.from_checkpoints` says.
    """
    check_objective(L)
    check_count("every", every)
    files = _numbered(pattern)
    chosen = files[::every] if (len(files) - 1) % every == 0 else [*files[::every], files[-1]]
    needed, free = len(chosen) * L.P * L.dtype.itemsize, psutil.virtual_memory().available
    if needed > free // 2:
        raise MemoryError(
            f"{len(chosen)} checkpoints with {L.P:,} parameters take {needed / 1e9:.1f} GB, more "
            f"than half of the free memory; read fewer of them with every={-(-2 * needed // free)}"
        )
    return [(step, _point(file, L, key)) for step, file in chosen]


def _numbered(pattern: str | PathLike[str]) -> list[tuple[int, Path]]:
    """The files that match, with their steps, in order.

    The step is the last number in a path that isn't the same in all paths.
    """
    found = [Path(name) for name in glob(fspath(pattern), recursive=True)]
    files = [file for file in found if file.is_file()]
    if not files:
        advice = f"; to take all files of a folder, write {fspath(pattern)}/*" if found else ""
        raise ValueError(f"no file matches {fspath(pattern)!r}{advice}")
    numbers = [[int(n) for n in re.findall(r"\d+", str(file))] for file in files]
    if len(files) == 1:
        return [(numbers[0][-1] if numbers[0] else 0, files[0])]
    if len({len(row) for row in numbers}) == 1:
        for column in reversed(list(zip(*numbers, strict=True))):
            if len(set(column)) == len(files):
                return sorted(zip(column, files, strict=True))
    raise ValueError(
        f"the {len(files)} files that match {fspath(pattern)!r} have no number of their own, so "
        f"their order isn't known: {', '.join(file.name for file in sorted(files)[:3])} …; name "
        "them after their steps, such as step_100.pt, and let the pattern match only these"
    )


def _point(file: Path, L: Objective, key: str | None) -> Tensor:
    """The point of one checkpoint."""
    found = _load(file)
    if isinstance(found, Tensor):  # of a `Recorder`
        if tuple(found.shape) != (L.P,):
            raise ValueError(
                f"{file} holds a tensor of shape {tuple(found.shape)}, but a point of "
                f"{type(L.model).__name__} has shape ({L.P},): is it of another model?"
            )
        return L.check_points(found)
    own = dict(L.model.named_parameters())
    states = {name: state for name, state in _states(found) if key in (None, name)}
    fitting = {}
    for name, state in states.items():
        prefix = _prefix(state, L.names)
        parts = [state[prefix + n] for n in L.names if prefix + n in state]
        if [p.shape for p in parts] == [own[n].shape for n in L.names]:
            fitting[name] = torch.cat([p.detach().flatten() for p in parts])
    if not fitting:
        name = type(L.model).__name__
        raise ValueError(f"{file} isn't a checkpoint of {name}: {_why(states, L)}")
    first, *others = fitting.values()
    if any(not torch.equal(first, other) for other in others):
        raise ValueError(
            f"{file} holds several models that fit, under {', '.join(map(repr, fitting))}; choose "
            f"one with key={next(iter(fitting))!r}"
        )
    return L.check_points(first)


def _load(file: Path) -> Any:
    """What a file holds; nothing in it is executed."""
    try:
        if file.suffix == ".npy":
            return torch.from_numpy(np.load(file, allow_pickle=False))
        if file.suffix == ".safetensors":
            return _safetensors(file)
        return torch.load(file, map_location="cpu", weights_only=True)
    except ImportError:
        raise
    except FileNotFoundError as err:
        raise ValueError(
            f"{file} was there when reading began and is gone now: does the training run delete "
            "old checkpoints? Copy the folder first"
        ) from err
    except Exception as err:
        if isinstance(err, UnpicklingError) and "weights_only" in str(err).lower():
            raise ValueError(
                f"{file} holds Python objects besides tensors, and loading those could run any "
                "code; save model.state_dict() instead of the model"
            ) from err
        recent = time.time() - file.stat().st_mtime < RECENT if file.exists() else False
        raise ValueError(
            f"{file} can't be read: it is damaged, no checkpoint"
            + (", or still being written: wait until it is complete" if recent else "")
            + f" ({type(err).__name__}: {str(err).splitlines()[0] if str(err) else ''})"
        ) from err


def _safetensors(file: Path) -> State:
    try:
        from safetensors.torch import load_file
    except ImportError as err:
        raise ImportError(f"{file} needs the package safetensors: pip install safetensors") from err
    state: State = load_file(file)
    return state


def _states(found: Any, name: str = "", depth: int = 2) -> Iterator[tuple[str, State]]:
    """All dicts of tensors in a checkpoint, by the key under which they are."""
    if not isinstance(found, Mapping):
        return
    tensors = {k: v for k, v in found.items() if isinstance(k, str) and isinstance(v, Tensor)}
    if tensors:
        yield name, tensors
    if depth:
        for key, value in found.items():
            yield from _states(value, f"{name}.{key}".removeprefix("."), depth - 1)


def _prefix(state: State, names: list[str]) -> str:
    """What wrappers, such as `DistributedDataParallel`, put before every name."""
    ends = [key.removesuffix(names[0]) for key in state if key.endswith(names[0])]
    return next((p for p in ends if all(p + name in state for name in names)), "")


def _why(states: Mapping[str, State], L: Objective) -> str:
    """Why none of the states fits."""
    if not states:
        return "it holds no dict of tensors by name, such as model.state_dict() returns"
    own = dict(L.model.named_parameters())
    state = max(states.values(), key=lambda s: sum(_prefix(s, L.names) + n in s for n in L.names))
    prefix = _prefix(state, L.names)
    for n in L.names:
        if prefix + n not in state:
            return f"it has no {n!r}, but {', '.join(map(repr, list(state)[:3]))} …"
        if state[prefix + n].shape != own[n].shape:
            return (
                f"its {n!r} has shape {tuple(state[prefix + n].shape)}, not {tuple(own[n].shape)}"
            )
    raise AssertionError("it fits")
