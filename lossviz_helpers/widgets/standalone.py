"""`to_html`: a landscape as one page that needs no kernel, no Jupyter and no network."""

import base64
import json
import re
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

import anywidget
import numpy as np

from ..landscape import Landscape
from ..plots import LABELS
from ..plots.checks import Paths
from ..plots.style import quantity_label
from ..training import Trajectory
from .canvas import STATIC
from .panel import Panel, line, marks
from .surface import Surface
from .volume import VolumeViewer

SCRIPTS = {Panel: "panel", Surface: "surface", VolumeViewer: "volume"}
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --page: #fbfcfd; --text: #1b2130; }}
@media (prefers-color-scheme: dark) {{ :root {{ --page: #0d0f13; --text: #e9edf3; }} }}
body {{ margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }}
main {{ max-width: 1080px; margin: 0 auto; padding: 20px 14px 40px; }}
h1 {{ margin: 0 0 10px; font-size: 22px; line-height: 1.3; }}
#widgets > div {{ margin-bottom: 16px; }}
{style}
</style>
<main>
<h1>{title}</h1>
<div id="widgets"></div>
<p>{description}</p>
</main>
<script>
const SCRIPTS = {{{scripts}}};
SCRIPTS.standalone.start(SCRIPTS, {saved}, document.getElementById("widgets"));
</script>
</html>
"""


def to_html(
    landscape: Landscape,
    file: str | PathLike[str],
    path: Paths | None = None,
    title: str = "A loss landscape",
) -> Path:
    """Write a landscape as one HTML file that can be opened, sent or put on a web page.

    A line is shown as a curve, a plane as a `Surface` next to its map, and a cube in a
    `VolumeViewer`. The file contains everything that it needs, so it works with no kernel, no
    Jupyter and no network. An existing file is replaced.

    Args:
        landscape: a 1D, 2D or 3D landscape on evenly spaced axes.
        file: where to write; the suffix should be `.html`.
        path: a trajectory through the same space, drawn as on `Surface`; or, for a plane, a dict
            from names to trajectories.
        title: the title of the page.

    Returns:
        The path of the file.

    Raises:
        TypeError: if it isn't a landscape, or a path isn't a trajectory.
        ValueError: if the landscape has more than three dimensions, or its axes aren't evenly
            spaced.

    >>> import tempfile, torch
    >>> from lossviz_helpers import Slice
    >>> axis, plane = np.linspace(-1, 1, 21), Slice(torch.zeros(2), torch.eye(2))
    >>> bowl = Landscape((axis, axis), 1 + axis[:, None] ** 2 + axis**2, plane)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = to_html(bowl, folder + "/bowl.html").read_text(encoding="utf-8")
    >>> "https://" in page
    False
    """
    if not isinstance(landscape, Landscape):
        raise TypeError(f"to_html needs a Landscape, but got {type(landscape).__name__}")
    widgets = _widgets(landscape, path)
    names = sorted({_name(widget) for widget in widgets})
    text = PAGE.format(
        title=escape(title),
        description=escape(landscape.describe()),
        style="\n".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in names),
        scripts=",\n".join(f'"{name}": {_function(name)}' for name in ["standalone", *names]),
        saved=_json([{"script": _name(w), "state": _state(w)} for w in widgets]),
    )
    target = Path(file)
    target.write_text(text, encoding="utf-8")
    return target


def _widgets(land: Landscape, path: Paths | None) -> list[anywidget.AnyWidget]:
    """What the page shows."""
    if land.dims == 1:
        return [_curve(land, path)]
    if land.dims == 2:
        surface = Surface(land, path)
        return [surface, _map(land, surface)]
    if land.dims == 3:
        if path is None or isinstance(path, Trajectory):
            return [VolumeViewer(land, path)]
        raise TypeError(
            f"a cube takes a single Trajectory as its path, but got {type(path).__name__}"
        )
    raise ValueError(f"to_html needs a landscape of 1 to 3 dimensions, but got a {land.dims}D one")


def _curve(land: Landscape, path: Paths | None) -> Panel:
    """A line as a curve, with a pointer that reads it."""
    if path is not None:
        raise ValueError("a path can't be drawn along a line; leave it out")
    (grid,) = land.axes
    finite = land.loss[np.isfinite(land.loss)]
    lo, hi = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    room = 0.05 * (hi - lo) or 0.5
    return Panel(
        labels=("α", quantity_label(land)),
        extent=((float(grid[0]), float(grid[-1])), (lo - room, hi + room)),
        lines=[line(grid, np.where(np.isfinite(land.loss), land.loss, np.nan))],
        follow="across",
        step=(float(grid[1] - grid[0]), 1.0),
        aspect=0.6,
        description=land.describe(),
    )


def _map(land: Landscape, surface: Surface) -> Panel:
    """The map of a surface, in its colours and with its paths."""
    (left, right), (low, high) = ((float(a[0]), float(a[-1])) for a in land.axes)
    panel = Panel(
        title="map",
        labels=LABELS[:2],
        extent=((left, right), (low, high)),
        follow="both",
        step=tuple(float(a[1] - a[0]) for a in land.axes),
        faint=True,
        bar=True,
        aspect=min(3.0, max(1 / 3, (high - low) / (right - left))),
        description=land.describe(),
    )
    limits = surface._log_limits or surface._limits
    panel.show_picture(land.loss, log=surface._log_limits is not None, limits=limits)
    runs: Any = surface._surfaces[0]["runs"]
    for run in runs:
        rows = np.frombuffer(run["rows"], "<f4").reshape(-1, 5)
        across, up = rows[:, 0], rows[:, 1]
        panel.lines = [*panel.lines, line(across, up, run["colour"])]
        ends = [("start", slice(0, 1)), ("end", slice(-1, None))]
        panel.marks = [*panel.marks, *(marks(across[at], up[at], kind) for kind, at in ends)]
    return panel


def _name(widget: anywidget.AnyWidget) -> str:
    """The name of a widget's script and style."""
    return next(name for kind, name in SCRIPTS.items() if isinstance(widget, kind))


def _function(name: str) -> str:
    """A bundle as an expression: what it exports by default."""
    text = (STATIC / f"{name}.js").read_text(encoding="utf-8")
    body, count = re.subn(r"export \{\s*(\w+) as default\s*\};", r"return \1;", text)
    assert count == 1, f"{name}.js isn't a module with one export"
    inside = body.replace("</script", "<\\/script")
    return f"(() => {{\n{inside}\n}})()"


def _state(widget: anywidget.AnyWidget) -> dict[str, object]:
    """The traits that the browser reads."""
    inherited = anywidget.AnyWidget.class_traits(sync=True)
    names = [name for name in widget.keys if name not in {*inherited, "_esm", "_css"}]
    return {name: widget.get_state(name)[name] for name in sorted(names)}


def _json(value: object) -> str:
    """JSON inside a script, with bytes as { base64: "…" }."""

    def plain(x: object) -> object:
        if isinstance(x, bytes | memoryview):
            return {"base64": base64.b64encode(x).decode()}
        raise TypeError(f"can't save {type(x).__name__}")

    return json.dumps(value, default=plain, ensure_ascii=False).replace("<", "\\u003c")
