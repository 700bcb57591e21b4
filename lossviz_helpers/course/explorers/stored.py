"""Explorers of stored results: all numbers are sent once, and the browser chooses among them.

An explorer has arrays, controls, and panels. A panel says which part of which array it draws: the
array's name and, for each of its axes, a control (where it stands is the index), an index, or None
for the whole axis. What follows may be left out, and is taken whole.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import traitlets as t
from matplotlib.figure import Figure

from ...widgets.canvas import STATIC
from .frame import three_digits
from .live import Live
from .results import Array
from .stills import still_of

Part = tuple[str | int | None, ...]  # the array, and where in it
Word = str | dict[str, Any]  # literally, or made by `chosen_by` or `number`
Json = dict[str, Any]

FLOOR = 0.1  # losses up to this count as the floor of a bowl
FORMATS: dict[str, Callable[[float], str]] = {
    "loss": three_digits,
    "value": lambda x: "" if np.isnan(x) else three_digits(x),  # nothing where there is none
    "percent": "{:.0%}".format,
    "0.0": "{:.1f}".format,
    "0.00": "{:.2f}".format,
    "count": "{:g}".format,
}


class Stored(Live):
    """An explorer of stored results.

    Trait, set by Python or by the user; you can observe it:
        chosen: the value of each control, by its name. You may set some of them.

    Args:
        arrays: what is drawn, by name.
        controls: made by `slider`, `buttons` and `unseen`.
        panels: made by `panel`.
        words: what is said below the panels.
        least: how many pixels a panel needs beside another.

    Raises:
        traitlets.TraitError: if there is no such control, or it has no such value.
    """

    _esm = STATIC / "stored.js"
    _css = STATIC / "stored.css"

    chosen = t.Dict().tag(sync=True)

    _board = t.Dict().tag(sync=True)
    _arrays = t.Bytes().tag(sync=True)  # float32, one array after another, by name
    _shapes = t.Dict().tag(sync=True)

    def __init__(
        self,
        arrays: Mapping[str, Array],
        controls: Sequence[Json],
        panels: Sequence[Json],
        words: Sequence[Word] = (),
        least: int = 300,
    ):
        arrays = dict(sorted(arrays.items()))  # a notebook's file sorts names, too
        board = {"controls": controls, "panels": panels, "words": words, "least": least}
        super().__init__(
            _board=board,
            _arrays=b"".join(array.astype("<f4").tobytes() for array in arrays.values()),
            _shapes={name: list(array.shape) for name, array in arrays.items()},
            chosen={control["name"]: control["values"][0] for control in controls},
        )

    def take(self, part: Part) -> Array:
        """The numbers of a part, where the controls stand."""
        name, *at = part
        places = [slice(None) if a is None else self._place(a) for a in at]
        return self._numbers()[str(name)][tuple(places)]

    def text(self, words: Sequence[Word]) -> str:
        """Words, where the controls stand."""
        return "".join(self._word(word) for word in words)

    def shown(self) -> list[Json]:
        """What each panel shows now."""
        return [self._shown(panel) for panel in self._board["panels"]]

    def still(self) -> Figure:
        """The panels as they are now."""
        return still_of(self.shown())

    def _numbers(self) -> dict[str, Array]:
        flat, at = np.frombuffer(self._arrays, "<f4").astype(float), 0
        found = {}
        for name, shape in self._shapes.items():
            size = int(np.prod(shape))
            found[name] = flat[at : at + size].reshape(shape)
            at += size
        return found

    def _place(self, of: str | int) -> int:
        """An index, or where a control stands."""
        if isinstance(of, int):
            return of
        (control,) = (each for each in self._board["controls"] if each["name"] == of)
        place: int = control["values"].index(self.chosen[of])
        return place

    def _word(self, word: Word) -> str:
        if isinstance(word, str):
            return word
        if "by" in word:
            return self._word(word["values"][self._place(word["by"])])
        return FORMATS[word["as"]](float(self.take(word["of"]))).replace("-", "−")

    def _shown(self, panel: Json) -> Json:
        drawn: Json = {
            kind: [{**item, "x": self.take(item["x"]), "y": self.take(item["y"])}
                   for item in panel[kind]]
            for kind in ("lines", "marks")
        }  # fmt: skip
        for item in drawn["lines"]:
            if isinstance(item["width"], dict):
                item["width"] = item["width"]["values"][self._place(item["width"]["by"])]
        drawn["marks"] = [
            {**mark, "x": np.atleast_1d(mark["x"]), "y": np.atleast_1d(mark["y"])}
            for mark in drawn["marks"]
        ]
        texts = {name: self.text(panel[name]) for name in ("title", "readout")}
        picture = None if panel["picture"] is None else self.take(panel["picture"])
        return {**panel["traits"], **drawn, **texts, "picture": picture}

    @t.validate("chosen")
    def _check_chosen(self, proposal: t.Bunch) -> dict[str, float | str]:
        values = {control["name"]: control["values"] for control in self._board["controls"]}
        for name, value in proposal["value"].items():
            if name not in values:
                raise t.TraitError(f"chosen can have {', '.join(values)}, got {name!r}")
            if value not in values[name]:
                some = ", ".join(map(str, values[name][:8]))
                raise t.TraitError(f"{name} must be one of {some}, …; got {value!r}")
        return {**self.chosen, **proposal["value"]}


def slider(name: str, label: str, values: Array, form: str) -> Json:
    """A slider over the values."""
    return _control("slider", name, label, _rounded(values), form)


def buttons(name: str, label: str, values: Array | Sequence[str], form: str = "{}") -> Json:
    """A button for each value."""
    named = list(values) if isinstance(values, list) else _rounded(np.asarray(values))
    return _control("buttons", name, label, named, form)


def unseen(name: str, values: Array) -> Json:
    """A control that only the pointer of a panel moves."""
    return _control("none", name, name, _rounded(values), "{}")


def chosen_by(control: str, values: Sequence[Word] | Sequence[float]) -> Json:
    """One of the values, a word or a number: the one at which a control stands."""
    return {"by": control, "values": list(values)}


def number(form: str, *part: str | int | None) -> Json:
    """A number from an array, as text; `form` is a key of `FORMATS`."""
    return {"of": part, "as": form}


def curve(
    x: Part,
    y: Part,
    colour: str,
    width: float | Json = 2.0,
    dash: bool = False,
    label: str = "",
) -> Json:
    """A line of a panel."""
    return {"x": x, "y": y, "colour": colour, "width": width, "dash": dash, "label": label}


def dots(
    x: Part, y: Part, colour: str, size: float = 5.0, kind: str = "dot", label: str = ""
) -> Json:
    """Marks of a panel."""
    return {"x": x, "y": y, "colour": colour, "kind": kind, "size": size, "label": label}


def curves_of_seeds(x: Part, y: Part, seeds: int, colour: str, label: str = "") -> list[Json]:
    """A thin line for every seed and a thick one for their mean, the last of the array."""
    thin = [curve(x, (*y, seed), colour, 0.6) for seed in range(seeds)]
    return [*thin, curve(x, (*y, seeds), colour, 2.8, label=label)]


def with_mean(values: Array, axis: int) -> Array:
    """Values along an axis, and behind them their mean."""
    return np.concatenate([values, values.mean(axis, keepdims=True)], axis)


def panel(
    *,
    title: Sequence[Word],
    readout: Sequence[Word] = (),
    picture: Part | None = None,
    lines: Sequence[Json] = (),
    marks: Sequence[Json] = (),
    moves: tuple[str | None, str | None] = (None, None),
    **traits: object,
) -> Json:
    """A panel.

    Args:
        title, readout: words.
        picture: an array whose last two axes are up and across.
        lines, marks: made by `curve` and `dots`.
        moves: the controls that the pointer moves, across and up.
        traits: others of a `Panel`.
    """
    return {
        "title": title,
        "readout": readout,
        "picture": picture,
        "lines": lines,
        "marks": marks,
        "moves": moves,
        "traits": traits,
    }


def loss_map(
    across: Array, up: Array, picture: Part, limits: tuple[float, float], log: bool, **rest: Any
) -> Json:
    """A panel with a map of the loss."""
    return panel(
        picture=picture,
        limits=limits,
        log=log,
        labels=("α₁", "α₂"),
        extent=((across[0], across[-1]), (up[0], up[-1])),
        faint=True,
        bar=True,
        description="Map of the loss over α₁ and α₂" + (", logarithmic colours." if log else "."),
        **rest,
    )


def _control(kind: str, name: str, label: str, values: Sequence[Any], form: str) -> Json:
    texts = [form.format(value) for value in values]
    return {"kind": kind, "name": name, "label": label, "values": values, "texts": texts}


def _rounded(values: Array) -> list[float]:
    """So that single precision doesn't show."""
    return [round(float(value), 6) for value in values]
