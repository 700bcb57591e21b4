"""Explorers that need no kernel: what Python sends once, and what a notebook keeps of it."""

import base64
import io
from collections.abc import Iterable, Iterator
from typing import Any

import anywidget
import numpy as np
import traitlets as t
from matplotlib.figure import Figure
from torch import Tensor

from ...losses import squared_error
from ...models import ACTIVATIONS, Linear2D, TwoLayerNet
from ...objective import Objective, check_objective
from ...slices import Extent
from ...widgets.canvas import colour_bytes

METADATA_KEY = "lossviz"  # under which the metadata of an output hold an explorer
SIZE = (9.0, 3.6)  # of a still picture, in inches


class Live(anywidget.AnyWidget):
    """An explorer whose script does everything: it also works in a saved page, without a kernel.

    Where scripts don't run, a picture is shown instead. A notebook also keeps what the script
    needs, from which `revive` recreates the explorer for the site.
    """

    name = ""  # the function that makes it
    is_revived = False  # from what a notebook kept: then it has no picture

    _colours = t.Bytes(colour_bytes()).tag(sync=True)

    def still(self) -> Figure:
        """A picture of what is shown at first."""
        raise NotImplementedError

    def saved(self) -> dict[str, object]:
        """What the script needs, as JSON: the name, and traits with bytes as base64."""
        own = (
            set(self.traits(sync=True))
            - set(anywidget.AnyWidget.class_traits())
            - {"_colours", "_predicted"}
        )
        traits = {key: getattr(self, key) for key in sorted(own) if key not in ("_esm", "_css")}
        coded = {
            key: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
            for key, value in traits.items()
        }
        return {"name": self.name, "traits": coded}

    def __repr__(self) -> str:
        return f"{self.name}: interactive where the page may run its script"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None or self.is_revived:
            return bundle
        data, metadata = bundle
        picture = io.BytesIO()
        self.still().savefig(picture, format="png", dpi=100, bbox_inches="tight")
        coded = base64.b64encode(picture.getvalue()).decode()
        return {**data, "image/png": coded}, {**metadata, METADATA_KEY: self.saved()}

    def _get_embed_state(self, drop_defaults: bool = False) -> dict[str, object]:
        # ipywidgets.embed would leave out the explorer's own script, which is a trait's default
        state: dict[str, object] = super()._get_embed_state(drop_defaults=False)
        return state


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


def revive(saved: dict[str, Any]) -> Live:
    """The explorer that a notebook keeps in the metadata of an output.

    >>> from lossviz_helpers import datasets, losses, models
    >>> from lossviz_helpers.course.explorers import rate_explorer
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> revive(rate_explorer(L, L.point(), lr=0.5).saved()).lr
    0.5
    """
    kinds = {kind.name: kind for kind in _kinds(Live)}
    explorer = kinds[saved["name"]].__new__(kinds[saved["name"]])
    explorer.is_revived = True
    traits = {
        key: base64.b64decode(value["base64"]) if isinstance(value, dict) and "base64" in value
        else tuple(value) if isinstance(value, list) and key != "_names" else value
        for key, value in saved["traits"].items()
    }  # fmt: skip
    anywidget.AnyWidget.__init__(explorer, **traits)
    return explorer


def _kinds(kind: type[Live]) -> Iterator[type[Live]]:
    """All subclasses, and theirs."""
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


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
