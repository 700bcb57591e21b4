"""Widgets of the chapters that work on a page without a kernel: what a notebook keeps of them."""

import base64
from typing import Any, ClassVar, Self

import anywidget
import traitlets as t

KEPT = "lossviz"  # where a notebook keeps a widget, in the metadata of an output


class Offline(anywidget.AnyWidget):
    """A widget whose script does everything: it also works in a saved page, without a kernel.

    A notebook keeps what the script needs, from which `revive` recreates the widget for the site.
    """

    name = ""  # the function that makes it
    is_revived = False  # from what a notebook kept
    not_kept: ClassVar[frozenset[str]] = frozenset()  # traits that don't go into the notebook

    def saved(self) -> dict[str, object]:
        """What the script needs, as JSON: the name, and traits with bytes as base64."""
        shared = {*anywidget.AnyWidget.class_traits(), "_esm", "_css", *self.not_kept}
        traits = {key: getattr(self, key) for key in sorted(set(self.traits(sync=True)) - shared)}
        coded = {
            key: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
            for key, value in traits.items()
        }
        return {"name": self.name, "traits": coded}

    @classmethod
    def again(cls, traits: dict[str, Any]) -> Self:
        """The widget from the traits that `saved` gives."""
        known = cls.class_traits()
        widget = cls.__new__(cls)
        widget.is_revived = True
        anywidget.AnyWidget.__init__(
            widget, **{key: _decoded(known.get(key), value) for key, value in traits.items()}
        )
        return widget

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None:
            return bundle
        data, metadata = bundle
        return data, {**metadata, KEPT: self.saved()}

    def _get_embed_state(self, drop_defaults: bool = False) -> dict[str, object]:
        # ipywidgets.embed would leave out the widget's own script, which is a trait's default
        state: dict[str, object] = super()._get_embed_state(drop_defaults=False)
        return state


def revive(saved: dict[str, Any]) -> Offline:
    """The widget that a notebook keeps in the metadata of an output.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> from lossviz_helpers.course.explorers import rate_explorer
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> revive(rate_explorer(L, L.point(), lr=0.5).saved()).lr
    0.5
    """
    return _kinds(Offline)[saved["name"]].again(saved["traits"])


def _kinds(kind: type[Offline]) -> dict[str, type[Offline]]:
    """All kinds of widget below one, by name."""
    below = {name: it for one in kind.__subclasses__() for name, it in _kinds(one).items()}
    return {kind.name: kind, **below}


def _decoded(trait: t.TraitType[Any, Any] | None, value: Any) -> Any:
    """A value of JSON as its trait wants it; anywidget adds a trait of its own to each widget."""
    if isinstance(trait, t.Bytes):
        return base64.b64decode(value["base64"])
    return tuple(value) if isinstance(trait, t.Tuple) else value
