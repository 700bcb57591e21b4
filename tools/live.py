"""Put widgets that need no kernel back into saved pages: explorers, and predictions.

A notebook keeps what such a widget needs in the metadata of its output, next to a picture.
"""

import re
from collections.abc import Mapping

import nbformat
from ipywidgets import DOMWidget
from ipywidgets.embed import embed_snippet
from widget_scripts import localise

from lossviz_helpers.course import explorers as _explorers  # noqa: F401  # revive needs their classes
from lossviz_helpers.course import predictions as _predictions  # noqa: F401
from lossviz_helpers.course.offline import KEPT, revive

VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">.*?</script>\s*', re.DOTALL
)


def make_live(
    notebook: nbformat.NotebookNode, scripts: str, others: Mapping[str, DOMWidget] | None = None
) -> int:
    """Replace what stands for widgets by the widgets; returns how many there are.

    Args:
        notebook: changed in place.
        scripts: the folder with the scripts that draw widgets, as seen from the page.
        others: widgets that a notebook doesn't keep, by the cell whose output they replace.
    """
    others, found = others or {}, []
    for cell in notebook.cells:
        if widget := others.get(cell.id):
            cell.outputs = [nbformat.v4.new_output("display_data")]
            found.append((cell.outputs[0], widget))
            continue
        for output in cell.get("outputs", []):
            if kept := output.get("metadata", {}).get(KEPT):
                found.append((output, revive(kept)))
    if not found:
        return 0
    # all scripts come once, with the first widget: if they ran twice, so would every widget
    page = localise(embed_snippet([widget for _, widget in found], drop_defaults=False), scripts)
    before = VIEW.sub("", page)
    for (output, widget), view in zip(found, VIEW.findall(page), strict=True):
        output.data = {"text/html": before + view, "text/plain": repr(widget)}
        output.metadata, before = {}, ""
    return len(found)
