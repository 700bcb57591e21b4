"""The site's front page: what one can do at once, then the chapters as cards, then the README."""

import base64
import json
import re
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import nbformat
from PIL import Image
from torch import Tensor

from lossviz_helpers import Slice, xor
from lossviz_helpers.course.scenarios import WALK, chosen_walk
from lossviz_helpers.widgets.canvas import colour_bytes
from notebooks import picture

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = "lossviz/lossviz"
PARTS = {  # from which chapter on
    0: "Seeing a landscape",
    6: "What landscapes tell",
    14: "Your own",
}
CARD = (480, 320)  # pixels: twice the width of a card, for sharp screens
FIRST = "notebooks/00_start_here.ipynb"
HERO = """
<div class="hero">
<p class="lead">The loss of a neural network is a function of a point, so it has a landscape.
Training walks down in it. Drop a walker and watch.</p>
<div id="live-landscape">
<canvas tabindex="0" role="application" aria-label="The loss of a network with 13 parameters on a
plane through its parameter space: dark is low. Enter drops a walker in the middle, the arrow keys
move the plane."><img src="{still}" alt="{alt}"></canvas>
<p class="controls"><button type="button" data-do="drop">Drop a walker on the pass</button>
<button type="button" data-do="reset">Start again</button>
<span role="status" aria-live="polite" data-hint="{hint}">{hint}</span></p>
</div>
<p class="ways-in">
<a class="way-in first" href="{first}">Start reading</a>
<a class="way-in" href="{binder}">Open in Binder</a>
<a class="way-in" href="{colab}">Open in Colab</a>
</p>
<noscript><p>This picture moves where JavaScript is allowed.</p></noscript>
</div>
<script type="application/json" id="live-landscape-data">{data}</script>
<script src="_static/front.js" defer></script>
"""
HINT = "A network with 13 parameters: dark is a low loss. Click anywhere, or drag the plane."


class Chapter(NamedTuple):
    """What a card shows of a chapter; ``cover`` is where its picture lies from the front page."""

    file: str
    title: str
    promise: str
    cover: str
    alt: str


def binder(notebook: str = FIRST) -> str:
    """The address at which Binder opens a notebook.

    >>> binder("notebooks/02_models_as_points.ipynb").endswith("02_models_as_points.ipynb")
    True
    """
    return f"https://mybinder.org/v2/gh/{REPOSITORY}/main?urlpath=lab/tree/{notebook}"


def colab(notebook: str = FIRST) -> str:
    """The address at which Colab opens a notebook."""
    return f"https://colab.research.google.com/github/{REPOSITORY}/blob/main/{notebook}"


def chapter(path: Path, covers: Path) -> Chapter:
    """Read a card off a notebook, and write its picture, small, into the folder `covers`."""
    cells = nbformat.read(path, as_version=4).cells
    title, promise = (part.strip() for part in cells[0].source.split("\n\n")[:2])
    (cell,) = (cell for cell in cells if cell.metadata.get("figure", {}).get("cover"))
    suffix, data = picture(cell, path.name)
    covers.mkdir(exist_ok=True)
    full, small = covers / f"{path.stem}{suffix}", covers / f"{path.stem}.webp"
    full.write_bytes(data)
    with Image.open(full) as image:
        image.seek(getattr(image, "n_frames", 1) // 2)  # a still from an animation
        shown = image.convert("RGB")
        shown.thumbnail(CARD, Image.Resampling.LANCZOS)
        shown.save(small, quality=80)
    full.unlink()
    plain = re.sub(r"[*_`]", "", " ".join(promise.split()))
    alt = cell.metadata["figure"]["alt"]
    return Chapter(path.stem, title.removeprefix("# "), plain, f"{covers.name}/{small.name}", alt)


def card(one: Chapter) -> str:
    """The card of a chapter, which is one link."""
    return (
        f'<a class="card-link" href="notebooks/{one.file}.html">'
        f'<img src="{one.cover}" alt="{escape(one.alt)}" loading="lazy">'
        f"<strong>{escape(one.title)}</strong><span>{escape(one.promise)}</span></a>"
    )


def cards(chapters: list[Chapter]) -> str:
    """All cards, in the parts of the series."""
    parts = []
    for start, end in pairwise([*PARTS, 100]):
        inside = [card(one) for one in chapters if start <= int(one.file[:2]) < end]
        parts.append(f"### {PARTS[start]}\n\n" + raw(f'<div class="cards">{"".join(inside)}</div>'))
    return "\n\n".join(parts)


def raw(html: str) -> str:
    """HTML as MyST leaves it alone."""
    return f"```{{raw}} html\n{html.strip()}\n```\n"


def page(covers: Path) -> str:
    """The text of the front page in Markdown; the pictures of its cards go into `covers`."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    title, start, after = readme.partition("\n")[0], *part_of(readme)
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    shown = [chapter(path, covers) for path in paths]
    ways_in = HERO.format(
        first=FIRST.replace(".ipynb", ".html"),
        binder=binder(),
        colab=colab(),
        still=shown[0].cover,
        alt=escape(shown[0].alt),
        hint=HINT,
        data=json.dumps(live()),
    )
    return "\n\n".join([title, raw(ways_in), "## Chapters", cards(shown), start, after])


def live() -> dict[str, object]:
    """What the live landscape needs: data, a plane of four directions, a start, colours.

    The plane is that of chapters 0 and 4. The third and the fourth principal component are where
    dragging moves it.
    """
    _, path = chosen_walk()
    view = Slice.pca(path.points, dims=4)
    x, y = xor()
    (left, right), (low, high) = WALK.plane
    return {
        "x": base64.b64encode(x.numpy().astype("<f4").tobytes()).decode(),
        "y": base64.b64encode(y.numpy().astype("<f4").tobytes()).decode(),
        "origin": rounded(view.origin),
        "directions": [rounded(direction) for direction in view.directions],
        "start": rounded(path.start),
        "across": [left, right],
        "up": [low, high],
        "limits": WALK.limits,
        "lr": WALK.lr,
        "colours": base64.b64encode(colour_bytes()).decode(),
    }


def rounded(numbers: Tensor) -> list[float]:
    """Numbers with as many digits as a picture can show."""
    return [round(float(number), 9) for number in numbers]


def part_of(readme: str) -> tuple[str, str]:
    """The README's part on starting, and what comes after its table of chapters.

    >>> part_of("# T\\n## Start\\nfirst\\n## Chapters\\nx\\n<!-- /chapters -->\\nlast")
    ('## Start\\nfirst\\n', '\\nlast')
    """
    start = readme[readme.index("## Start") : readme.index("## Chapters")]
    return start, readme.partition("<!-- /chapters -->")[2]
