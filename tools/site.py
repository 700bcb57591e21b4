"""Build the web edition from the committed notebooks, offline, without executing them.

    python tools/site.py            # writes site/; open site/index.html

Only three things are computed: the volume in chapter 5's viewer, because pages have no kernel, the
surface in the reference, and the pictures there, which come from the examples in the docstrings.
"""

import argparse
import re
import shutil
import tempfile
from pathlib import Path

import front
import nbformat
from finish import finish
from ipywidgets.embed import embed_snippet
from live import make_live
from sphinx.cmd.build import main as sphinx_build
from widget_scripts import fetch, localise

from lossviz_helpers import Slice, scan
from lossviz_helpers.course.scenarios import WALK, chosen_walk
from lossviz_helpers.widgets import Surface, VolumeViewer
from lossviz_helpers.widgets.canvas import STATIC

ROOT = Path(__file__).resolve().parents[1]
EFFECTS = "claims/effects.svg"
PAGES = [
    "notebooks",
    "figures",
    "claims/README.md",
    EFFECTS,
    "docs",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
]
PAGES += ["LICENSE", "LICENSE-text", "CITATION.cff"]  # the front page links to them
# The list of sections next to a page would leave too little room for the tables and the picture.
WIDE = "---\nhtml_theme.sidebar_secondary.remove: true\n---\n\n"
TREE = """
```{{toctree}}
:hidden:
:caption: {caption}
{pages}
```
"""


def build(target: Path) -> None:
    """Write the site to a folder, replacing what was there."""
    with tempfile.TemporaryDirectory() as temporary:
        source, doctrees = Path(temporary) / "source", Path(temporary) / "doctrees"
        copy_sources(source)
        (source / "index.md").write_text(front_page(source), encoding="utf-8")
        link_ledger(source)
        tag_figures(source)
        add_widgets(source)
        shutil.rmtree(target, ignore_errors=True)
        options = ["-q", "-W", "--keep-going", "-c", ROOT / "docs", "-d", doctrees]
        if sphinx_build([str(argument) for argument in (*options, source, target)]):
            raise SystemExit("Sphinx found something wrong; see above")
        shutil.copytree(source / "covers", target / "covers")
    fetch(target / "_static")
    shutil.copy(STATIC / "front.js", target / "_static")
    finish(target)


def copy_sources(source: Path) -> None:
    """Copy everything that becomes a page, or that a page links to, and nothing else."""
    for name in PAGES:
        origin, copy = ROOT / name, source / name
        if origin.is_dir():
            skip = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
            shutil.copytree(origin, copy, ignore=skip)
        elif origin.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(origin, copy)
    for page in source.rglob("*.md"):  # the README is the front page here
        text = page.read_text(encoding="utf-8").replace("README.md#", "index.md#")
        page.write_text(re.sub(r"\]\((\.\./)?README\.md", r"](\1index.md", text), encoding="utf-8")


def front_page(source: Path) -> str:
    """The front page with the tree of all pages; its pictures go into the sources."""
    text = front.page(source / "covers")
    chapters = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    guides = sorted(f"docs/{path.stem}" for path in (ROOT / "docs").glob("*.md"))
    more = ["figures/README", "claims/README", *guides, "CHANGELOG", "CONTRIBUTING"]
    text += TREE.format(caption="Chapters", pages="\n".join(f"notebooks/{c}" for c in chapters))
    # side by side: the theme's button that would unfold them has no accessible name
    overview = (ROOT / "docs/api/index.rst").read_text(encoding="utf-8")
    groups = ["index", *re.findall(r"^:doc:`.+ <(\w+)>`$", overview, re.MULTILINE)]
    text += TREE.format(caption="Package", pages="\n".join(f"docs/api/{g}" for g in groups))
    return WIDE + text + TREE.format(caption="More", pages="\n".join(more))


def link_ledger(source: Path) -> None:
    """Link the ledger and its picture to the cells that show its claims.

    The picture becomes part of the page, because links in an image don't work.
    """
    ledger = source / "claims" / "README.md"
    page, picture = (path.read_text(encoding="utf-8") for path in (ledger, source / EFFECTS))
    cell = r"(\.\./notebooks/\w+)\.ipynb#cell-id=([\w-]+)"
    shown = {(Path(name).name, ident) for name, ident in re.findall(cell, page)}
    page = re.sub(rf"\[([^\]]+)\]\({cell}\)", r'<a href="\2.html#\3">\1</a>', page)
    picture = re.sub(cell, r"\1.html#\2", picture).replace(".ipynb", ".html")
    picture = picture[picture.index("<svg") :].replace("*{", ".effects *{")  # leave the page alone
    inline = f'```{{raw}} html\n<div class="effects">{picture}</div>\n```'
    page, times = re.subn(r"\[!\[[^\]]*\]\(effects.svg\)\]\(effects.svg\)", lambda _: inline, page)
    assert times == 1, "claims/README.md doesn't show its picture"
    ledger.write_text(WIDE + page, encoding="utf-8")
    for path in (source / "notebooks").glob("*.ipynb"):
        content = nbformat.read(path, as_version=4)
        cells = []
        for one in content.cells:
            if (path.stem, one.id) in shown:
                cells.append(nbformat.v4.new_markdown_cell(f'<div id="{one.id}"></div>'))
            cells.append(one)
        content.cells = cells
        nbformat.write(content, path)


def tag_figures(source: Path) -> None:
    """Tag the cells that draw figures: the reader can hide their code (docs/static/page.js)."""
    for path in (source / "notebooks").glob("*.ipynb"):
        content = nbformat.read(path, as_version=4)
        for cell in content.cells:
            if "figure" in cell.metadata:
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "figure"]
        nbformat.write(content, path)


def add_widgets(source: Path) -> None:
    """Put live widgets into the chapters and onto the page of widgets.

    They need neither kernel nor network. A notebook keeps what most of them need, but not the
    volume of chapter 5.
    """
    viewer = chapter_5_viewer()
    both = embed_snippet([viewer, chapter_4_surface()], drop_defaults=False)
    reference = source / "docs" / "api" / "viewer.html"
    reference.write_text(localise(both, "../../_static"), encoding="utf-8")
    for path in sorted((source / "notebooks").glob("*.ipynb")):
        content = nbformat.read(path, as_version=4)
        code = [cell for cell in content.cells if cell.cell_type == "code"]
        others = {cell.id: viewer for cell in code if "volume_explorer(" in cell.source}
        if make_live(content, "../_static", others):
            nbformat.write(content, path)


def chapter_4_surface() -> Surface:
    """The plane and the walk of chapter 4, on a grid of 61²."""
    L, path = chosen_walk()
    land = scan(L, Slice.pca(path.points, dims=2), 61, progress=False)
    return Surface(land, path)


def chapter_5_viewer() -> VolumeViewer:
    """The viewer of chapter 5: the same walk, slice and window, on a grid of 40³."""
    L, path = chosen_walk()
    land = scan(L, Slice.pca(path.points, dims=3), 40, WALK.block, progress=False)
    return VolumeViewer(land, path, limits=WALK.limits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("target", nargs="?", type=Path, default=ROOT / "site")
    build(parser.parse_args().target)
