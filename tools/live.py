"""Put widgets that need no kernel back into saved pages: explorers, and predictions.

A notebook keeps what such a widget needs in the metadata of its output, next to a picture.
"""

import re

import nbformat
from ipywidgets.embed import embed_snippet
from widget_scripts import localise

from lossviz_helpers.course import explorers as _explorers  # noqa: F401  # revive needs their classes
from lossviz_helpers.course import predictions as _predictions  # noqa: F401
from lossviz_helpers.course.offline import KEPT, revive

VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">.*?</script>\s*', re.DOTALL
)


def make_live(notebook: nbformat.NotebookNode, scripts: str) -> int:
    """Replace what stands for widgets by the widgets; returns how many there are.

    Args:
        notebook: changed in place.
        scripts: the folder with the scripts that draw widgets, as seen from the page.
    """
    found = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if KEPT in output.get("metadata", {})
    ]
    if not found:
        return 0
    widgets = [revive(output.metadata[KEPT]) for output in found]
    # the scripts and what all widgets need come once, with the first: they would run twice
    page = localise(embed_snippet(widgets, drop_defaults=False), scripts)
    views = VIEW.findall(page)
    for output, widget, view in zip(found, widgets, views, strict=True):
        first = VIEW.sub("", page) if output is found[0] else ""
        output.data = {"text/html": first + view, "text/plain": repr(widget)}
        output.metadata = {}
    return len(found)
