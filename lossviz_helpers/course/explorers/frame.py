"""The frame of an explorer: rows of controls and panels, text, and where errors are shown."""

import html
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import ipywidgets as w
import numpy as np
from traitlets import Bunch

from ...objective import Objective

Threads = Callable[[], AbstractContextManager[object]]


class Text(w.HTML):  # type: ignore[misc]  # ipywidgets has no types
    """A paragraph that is read out when it changes; markup in it is shown literally."""

    def __init__(self, text: str = "", role: str = "status"):
        self.role = role
        super().__init__()
        self.add_class("lv-text")
        self.text = text

    @property
    def text(self) -> str:
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text
        self.value = f'<div role="{self.role}">{html.escape(text)}</div>' if text else ""


class Explorer(w.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Rows of controls and panels, with one place that shows the errors of their callbacks.

    `explorer["name"]` is one of its parts. Closing the explorer closes all of them.

    Args:
        name: name of the function that made it.
        rows: what is shown, from top to bottom.
        L: the landscape that callbacks evaluate; they run on as many threads as it can use.
        parts: controls and panels by name.

    >>> dial = w.IntSlider()
    >>> explorer = Explorer("an_explorer", [dial], dial=dial)
    >>> explorer.on("dial", "value", lambda value: 1 / (value - 7))
    >>> dial.value = 7
    >>> explorer.error
    'ZeroDivisionError: division by zero'
    """

    def __init__(
        self, name: str, rows: list[w.Widget], L: Objective | None = None, **parts: w.Widget
    ):
        self.name, self.parts, self._depth = name, parts, 0
        self._threads: Threads = L.threads if L else nullcontext
        self._alert = Text(role="alert")
        super().__init__([*rows, self._alert])
        self.add_class("lv-explorer")

    def __getitem__(self, name: str) -> w.Widget:
        return self.parts[name]

    def __repr__(self) -> str:
        return f"{self.name}: interactive while the notebook is running"

    @property
    def error(self) -> str:
        """What went wrong in the latest callback; "" for nothing."""
        return self._alert.text

    def on(self, part: str, trait: str, act: Callable[..., object]) -> None:
        """Call `act` with the new value whenever a part's trait changes."""

        def changed(change: Bunch) -> None:
            with self._showing_errors():
                act(change.new)

        self[part].observe(changed, trait)

    def on_click(self, part: str, act: Callable[[], object]) -> None:
        """Call `act` when a button is pressed."""

        def pressed(_: w.Button) -> None:
            with self._showing_errors():
                act()

        self[part].on_click(pressed)

    @contextmanager
    def _showing_errors(self) -> Iterator[None]:
        """Show errors in the widget: those of a callback would otherwise appear only in a log."""
        if self._depth == 0:
            self._alert.text = ""
        self._depth += 1
        try:
            with self._threads():
                yield
        except KeyboardInterrupt:
            self._alert.text = "Interrupted."
        except Exception as error:
            self._alert.text = f"{type(error).__name__}: {error}"
        finally:
            self._depth -= 1

    def close(self) -> None:
        """Close everything that belongs to it."""
        for widget in _inside(self):
            widget.unobserve_all()
            w.Widget.close(widget)


def _inside(widget: w.Widget) -> list[w.Widget]:
    """A widget and everything inside it, with layouts and styles."""
    found = [widget]
    for child in getattr(widget, "children", ()):
        found += _inside(child)
    for name in ("layout", "style"):
        if isinstance(part := getattr(widget, name, None), w.Widget):
            found.append(part)
    return found


def row(*children: w.Widget) -> w.Box:
    layout = w.Layout(flex_flow="row wrap", align_items="center", grid_gap="4px 12px")
    return w.Box(children, layout=layout)


def three_digits(x: float) -> str:
    """Three significant digits, with a real minus sign.

    >>> three_digits(-0.12345), three_digits(1234.5), three_digits(float("inf"))
    ('−0.123', '1.2e+03', '∞')
    """
    if not np.isfinite(x):
        return {np.inf: "∞", -np.inf: "−∞"}.get(x, "not a number")
    return (f"{x:#.3g}" if 1e-3 <= abs(x) < 1e3 or x == 0 else f"{x:.1e}").replace("-", "−")
