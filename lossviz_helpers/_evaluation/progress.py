"""The progress bar for anything that may take a while. It disappears when the work is done."""

import io
import os
import sys
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

from tqdm import tqdm

if TYPE_CHECKING:
    Bar = tqdm[NoReturn]  # it iterates over nothing: `update` tells it how much is done
else:
    Bar = tqdm


def progress_bar(total: int, unit: str, show: bool = True) -> Bar:
    """Make a bar for work that may take a while; it appears after two seconds.

    A terminal shows it as a line on stderr. A notebook shows it as a widget next to the
    cell's output, never in it: what a cell prints must not depend on the machine's speed.
    Without ipywidgets, a notebook shows the line.

    To change the two seconds, set the environment variable `TQDM_DELAY`.

    Args:
        total: how many things there are to do.
        unit: what they are, in the plural, such as "models".
        show: False for no bar.

    Returns:
        A `tqdm`; `with` closes it, and `update(n)` reports that n more are done.

    >>> with progress_bar(total=3, unit="models") as bar:
    ...     for _ in range(3):
    ...         _ = bar.update(1)
    >>> bar.n
    3
    """
    in_widget = _in_notebook() and find_spec("ipywidgets")
    kind: type[Bar] = _WidgetBar if in_widget else tqdm
    return kind(
        total=total,
        unit=f" {unit}",
        unit_scale=True,
        delay=float(os.environ.get("TQDM_DELAY", 2)),
        miniters=1,  # steps are long, so looking at the clock after each costs nothing
        leave=False,
        disable=not show,
    )


def _in_notebook() -> bool:
    """Whether this process is a notebook's kernel, so that widgets can be displayed."""
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and "IPKernelApp" in shell.config


class _WidgetBar(Bar):
    """tqdm's bar as a widget that is created when it is first shown.

    tqdm's own widget also leaves a line of text in the notebook, even if it's never shown.
    """

    shown: Any = None  # ipywidgets has no type hints
    output: Any = None

    def __init__(self, **options: Any):
        # not stderr, because the notebook would show that in the cell's output
        super().__init__(file=io.StringIO(), **options)

    def display(self, msg: str | None = None, pos: int | None = None) -> None:
        if msg == "":  # tqdm's signal to remove the bar
            self._remove()
            return
        if self.shown is None:
            self._show()
        meter = {**self.format_dict, "bar_format": "{percentage:.0f}% {r_bar}"}
        bar = f'<progress value="{self.n}" max="{self.total}"></progress>'
        self.shown.value = f"{bar} {escape(self.format_meter(**meter))}"

    def _show(self) -> None:
        from IPython.display import display
        from ipywidgets import HTML

        # one widget, few messages: a client may not read them until the cell ends, and after a few
        # thousand they are lost
        self.shown = HTML()
        self.output = display(  # type: ignore[no-untyped-call]
            self.shown, exclude=["text/plain"], display_id=True
        )

    def _remove(self) -> None:
        if self.shown is not None:
            self.output.update({}, raw=True)
            for widget in (self.shown.layout, self.shown.style, self.shown):
                widget.close()
            self.shown = None
