"""What the tools for the site do to pages and pictures; the site itself is tested in browser/."""

import re
import sys
from io import BytesIO
from pathlib import Path

import bs4
import nbformat
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import finish
import front

ROOT = Path(__file__).resolve().parents[1]

TERMS = {
    "error": finish.Term("error", "The share of mistakes."),
    "squared error": finish.Term("squared-error", "The square of the difference."),
}


def linked(html: str) -> str:
    page = bs4.BeautifulSoup(html, "html.parser")
    finish.glossary_links(page, TERMS)
    return re.sub(r'<a class="term"[^>]*#([\w-]+)"[^>]*>([^<]*)</a>', r"[\2](\1)", str(page))


@pytest.mark.parametrize(
    ("html", "expected"),
    {
        "the first use alone": (
            "<p>An error, an error.</p>",
            "<p>An [error](error), an error.</p>",
        ),
        "a plural": ("<p>Errors fall.</p>", "<p>[Errors](error) fall.</p>"),
        "the longest": ("<p>Squared error</p>", "<p>[Squared error](squared-error)</p>"),
        "both": (
            "<p>An error, and squared error</p>",
            "<p>An [error](error), and [squared error](squared-error)</p>",
        ),
        "no part of a word": ("<p>terrors, error-free</p>", "<p>terrors, error-free</p>"),
        "no link in a link": ("<p><a>error</a></p>", "<p><a>error</a></p>"),
        "no link in code": ("<p><code>error</code></p>", "<p><code>error</code></p>"),
        "no link in a title": ("<h2>error</h2>", "<h2>error</h2>"),
        "no link in a formula": (
            '<p><span class="math">error</span></p>',
            '<p><span class="math">error</span></p>',
        ),
        "not where it is defined": (
            "<p>The error. An <strong><em>error</em></strong></p>",
            "<p>The error. An <strong><em>error</em></strong></p>",
        ),
    }.values(),
)
def test_the_first_use_of_a_term_leads_to_the_glossary(html, expected):
    assert linked(html) == expected


def test_all_pictures_but_the_first_wait():
    page = bs4.BeautifulSoup("<img src=a.png><img src=b.png>", "html.parser")
    finish.pictures(page)
    assert [image.get("loading") for image in page.find_all("img")] == [None, "lazy"]


def test_what_moves_is_marked():
    sources = "a.gif", "data:image/gif;base64,R0", "a.png", "data:image/png;base64,R0"
    html = "".join(f'<img src="{source}">' for source in sources)
    page = bs4.BeautifulSoup(html, "html.parser")
    finish.animations(page)
    moving = ["moves" in image.get("class", []) for image in page.find_all("img")]
    assert moving == [True, True, False, False]


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_each_chapter_has_one_cover(path, tmp_path):
    cells = nbformat.read(path, as_version=4).cells
    covers = [c for c in cells if c.metadata.get("figure", {}).get("cover")]
    assert len(covers) == 1, 'give one figure of the chapter "cover": true in its metadata'
    chapter = front.chapter(path, tmp_path)
    assert chapter.title == cells[0].source.partition("\n")[0].removeprefix("# ")
    data = (tmp_path / f"{path.stem}.webp").read_bytes()
    assert len(data) < 30_000, "sixteen of them are on the front page"
    assert max(Image.open(BytesIO(data)).size) <= max(front.CARD)


def test_the_front_page_has_a_card_for_every_chapter(tmp_path):
    page = front.page(tmp_path / "covers")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert page.count(f'href="notebooks/{path.stem}.html"') >= 1
    for part in front.PARTS.values():
        assert f"### {part}" in page
    assert page.index("## Chapters") < page.index("## Start") < page.index("## Your own model")
