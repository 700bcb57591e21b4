"""Put explorers that compute in the browser back into saved pages.

A notebook keeps what such an explorer needs in the metadata of its output, next to a picture.
"""

import re

import nbformat
from ipywidgets.embed import embed_snippet
from widget_scripts import localise

from lossviz_helpers.course.explorers.live import METADATA_KEY, revive

VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">.*?</script>\s*', re.DOTALL
)


def make_live(notebook: nbformat.NotebookNode, scripts: str) -> int:
    """Replace the pictures of explorers by the explorers; returns how many there are.

    Args:
        notebook: changed in place.
        scripts: the folder with the scripts that draw widgets, as seen from the page.
    """
    found = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if METADATA_KEY in output.get("metadata", {})
    ]
    if not found:
        return 0
    explorers = [revive(output.metadata[METADATA_KEY]) for output in found]
    # the scripts and what all explorers need come once, with the first: they would run twice
    page = localise(embed_snippet(explorers, drop_defaults=False), scripts)
    views = VIEW.findall(page)
    for output, explorer, view in zip(found, explorers, views, strict=True):
        first = VIEW.sub("", page) if output is found[0] else ""
        output.data = {"text/html": first + view, "text/plain": repr(explorer)}
        output.metadata = {}
    return len(found)
