"""`predict`: commit to an answer before the figure is drawn."""

from typing import Any, Self

import traitlets as t

from ..._inputs.extras import needs_extra
from ...widgets.canvas import STATIC
from ..answers import keep, kept, place
from .question import Question, find

with needs_extra("notebooks", "predictions need"):
    from ..offline import Offline


def predict(
    number: str, *choices: str, choice: str | int | None = None, sure: float | None = None
) -> "Prediction | None":
    """Ask a learner what they expect, before they run the cell that shows it.

    Click on a choice and on how sure you are. It is kept in a file of yours (`~/.lossviz`, or
    wherever the environment variable `LOSSVIZ_ANSWERS` says), and on a page without a kernel, in
    the browser. Where no widget is shown, call it again with `choice=` and `sure=`.

    Args:
        number: of the prediction, such as "02.3".
        choices: what can be chosen, for readers of the cell; must be those of the question.
        choice: one of them, or its place from 1 on; None to be asked.
        sure: how sure you are of it, in percent, 0 to 100.

    Returns:
        The widget that asks; None if a choice was given.

    Raises:
        ValueError: if there is no such prediction or choice, or `sure` isn't a percentage.

    >>> import os, tempfile
    >>> os.environ["LOSSVIZ_ANSWERS"] = os.path.join(tempfile.mkdtemp(), "answers.json")
    >>> predict("02.1", choice="diagonal", sure=90)
    Kept: diagonal, 90% sure. Now run the next cell. Later, report("02") compares.
    """
    asked = find(number)
    if choices and choices != asked.choices:
        raise ValueError(f"prediction {number} has the choices {asked.choices}, got {choices}")
    if choice is None and sure is None:
        earlier = kept("predictions").get(number, {})
        fits = earlier.get("choice") in asked.choices
        return Prediction(asked, answer=earlier if fits else {}, _in_file=True)
    if choice is None or sure is None:
        raise ValueError("give both, what you expect and how sure you are: choice=1, sure=70")
    chosen = asked.pick(choice)
    if not 0 <= sure <= 100:
        raise ValueError(f"sure is a percentage from 0 to 100, got {sure}")
    keep("predictions", number, {"choice": chosen, "sure": float(sure)})
    chapter = number.partition(".")[0]
    print(
        f"Kept: {chosen}, {sure:.0f}% sure. Now run the next cell. "
        f'Later, report("{chapter}") compares.'
    )
    return None


class Prediction(Offline):
    """The widget that `predict` makes.

    Trait, set by the user; you can observe it:
        answer: what was chosen and how sure the learner is, such as
            `{"choice": "straight", "sure": 70, "compared": False}`; empty before.
    """

    name = "predict"
    _esm = STATIC / "predict.js"
    _css = STATIC / "predict.css"

    answer = t.Dict().tag(sync=True)

    _number = t.Unicode().tag(sync=True)
    _asks = t.Unicode().tag(sync=True)
    _choices = t.List(t.Unicode()).tag(sync=True)
    _right = t.Unicode().tag(sync=True)
    _misconceptions = t.Dict().tag(sync=True)
    _in_file = t.Bool(False).tag(sync=True)  # otherwise the browser keeps the answer
    _trouble = t.Unicode().tag(sync=True)  # why the answer isn't in the file

    def __init__(self, asked: Question, **traits: object):
        super().__init__(
            _number=asked.number,
            _asks=asked.asks,
            _choices=list(asked.choices),
            _right=asked.right,
            _misconceptions=asked.misconceptions,
            **traits,
        )
        self.observe(self._keep, "answer")

    def saved(self) -> dict[str, object]:
        """The number: the package knows the rest, and an answer is the learner's own."""
        return {"name": self.name, "traits": {"_number": self._number}}

    @classmethod
    def again(cls, traits: dict[str, Any]) -> Self:
        """The widget without an answer, as on a page."""
        return cls(find(traits["_number"]))

    def _keep(self, change: dict[str, Any]) -> None:
        try:
            keep("predictions", self._number, dict(change["new"]))
        except OSError as error:  # nobody would see it: this is called by the browser
            self._trouble = f"{place()} can't be written: {error.strerror or error}"
        else:
            self._trouble = ""

    def __repr__(self) -> str:
        listed = "\n".join(f"  {i}  {text}" for i, text in enumerate(self._choices, 1))
        return f"{self._asks}\n{listed}"
