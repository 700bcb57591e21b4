"""Explorers that need no kernel: what Python sends once, and what a notebook keeps of it."""

import base64
import io
from collections.abc import Iterable
from typing import Any

import numpy as np
import traitlets as t
from matplotlib.figure import Figure
from torch import Tensor

from ...losses import squared_error
from ...models import ACTIVATIONS, Linear2D, TwoLayerNet
from ...objective import Objective, check_objective
from ...slices import Extent
from ...widgets.canvas import colour_bytes
from ..offline import Offline

SIZE = (9.0, 3.6)  # of a still picture, in inches


class Live(Offline):
    """An explorer that needs no kernel; where scripts don't run, a picture is shown instead."""

    not_kept = frozenset({"_colours", "_predicted"})

    _colours = t.Bytes(colour_bytes()).tag(sync=True)

    def still(self) -> Figure:
        """A picture of what is shown at first."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{self.name}: interactive where the page may run its script"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None or self.is_revived:
            return bundle
        data, metadata = bundle
        picture = io.BytesIO()
        self.still().savefig(picture, format="png", dpi=100, bbox_inches="tight")
        return {**data, "image/png": base64.b64encode(picture.getvalue()).decode()}, metadata


class Computing(Live):
    """A live explorer that computes the landscape of one of the small models.

    Args:
        L: the landscape.
        traits: of the subclass.
    """

    _spec = t.Dict().tag(sync=True)  # which model: number of parameters, and activations
    _x = t.Bytes().tag(sync=True)  # inputs, float64, little-endian: x₁, x₂ of each example
    _y = t.Bytes().tag(sync=True)  # targets, likewise

    def __init__(self, L: Objective, **traits: object):
        self.L = L
        spec = spec_of(L, self.name)
        super().__init__(_spec=spec, _x=double_bytes(L.x), _y=double_bytes(L.y), **traits)


def spec_of(L: Objective, name: str, sizes: Iterable[int] = (2, 3, 13)) -> dict[str, object]:
    """Which of the small models a landscape belongs to, in the form that the scripts expect.

    Args:
        L: the landscape.
        name: the explorer, for the error.
        sizes: how many parameters the model may have.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if it is the landscape of another model, of another loss, or on other data.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_3(), datasets.xor(), losses.squared_error)
    >>> spec_of(L, "saddle_explorer")
    {'P': 13, 'hidden': 'tanh', 'output': 'sigmoid'}
    """
    check_objective(L)
    names = {"hidden": "", "output": ""}
    known = {function: activation for activation, function in ACTIVATIONS.items()}
    is_small = L.P in sizes and type(L.model) in (Linear2D, TwoLayerNet)
    if is_small and isinstance(L.model, TwoLayerNet):
        names = {key: known.get(getattr(L.model, key), "") for key in names}
        is_small = all(names.values())
    if is_small and sum(p.numel() for p in L.model.parameters()) != L.P:
        raise ValueError(f"{name} computes in the browser, which doesn't support frozen parameters")
    if not is_small:
        models = {2: "model_1", 3: "model_2", 13: "model_3"}
        raise ValueError(
            f"{name} computes in the browser, for {' or '.join(models[P] for P in sizes)} with "
            f"the activations of the series; got {type(L.model).__name__} with {L.P} parameters"
        )
    if L.loss is not squared_error:
        raise ValueError(f"{name} computes squared_error in the browser, but got {L!r}")
    if not isinstance(L.x, Tensor) or L.x.shape[1:] != (2,) or L.y.shape != L.x.shape[:1]:
        raise ValueError(f"{name} needs two inputs and one target per example")
    return {"P": L.P, **names}


def double_bytes(values: Tensor | np.ndarray) -> bytes:
    """Numbers as float64, little-endian, the last axis fastest.

    >>> len(double_bytes(np.zeros((3, 2))))
    48
    """
    numbers = values.detach().cpu().numpy() if isinstance(values, Tensor) else values
    return np.asarray(numbers, dtype="<f8").tobytes()


def check_place(at: tuple[float, ...], extent: Extent) -> tuple[float, ...]:
    """A place in a window, moved onto its edge if rounding put it just outside.

    Raises:
        traitlets.TraitError: if it is outside.
    """
    for a, (lo, hi) in zip(at, extent, strict=True):
        slack = 1e-9 * (hi - lo)
        if not lo - slack <= a <= hi + slack:
            raise t.TraitError(f"at must be from {lo:.3g} to {hi:.3g} here, got {a:.3g}")
    return tuple(min(max(a, lo), hi) for a, (lo, hi) in zip(at, extent, strict=True))
