"""What is done to the site's pages after Sphinx has written them.

Pictures load when they come into view, animations can be paused, terms lead to the glossary, and
the gallery opens on small pictures.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup, NavigableString, Tag
from PIL import Image

THUMBNAIL = (360, 240)  # pixels
NO_LINKS = {"a", "code", "pre", "h1", "h2", "h3", "h4", "summary", "button", "script", "style"}
NO_LINKS |= {"strong", "em"}  # a title, or the definition itself
PROSE = {"p", "li", "td"}
GIF = re.compile(r"^data:image/gif|\.gif$")


class Term(NamedTuple):
    """A term of the glossary: its place on that page, and the sentence that defines it."""

    anchor: str
    sentence: str


def finish(site: Path) -> None:
    """Finish every page of a site."""
    terms = glossary(site / "docs" / "glossary.html")
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        article = page.find("article")
        if name.startswith("_") or article is None:
            continue
        animations(article)
        pictures(article)
        if name.startswith("notebooks/"):
            glossary_links(article, terms)
        if name == "figures/README.html":
            thumbnails(article, path.parent)
        path.write_text(str(page), encoding="utf-8")


def glossary(path: Path) -> dict[str, Term]:
    """The terms on the page of the glossary; those of one letter are formulas, and left out."""
    sections = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select(
        "section section"
    )
    named = {one.h2.get_text().removesuffix("#"): one for one in sections}
    return {
        name.lower(): Term(one["id"], " ".join(one.p.get_text().split()))
        for name, one in named.items()
        if len(name) > 1
    }


def pictures(article: Tag) -> None:
    """All pictures but the first load when they come near the window."""
    for image in article.find_all("img")[1:]:
        image["loading"] = "lazy"
        image["decoding"] = "async"


def animations(article: Tag) -> None:
    """Mark what moves; `page.js` gives each a button that stops it."""
    for image in article.find_all("img", src=GIF):
        image["class"] = [*image.get("class", []), "moves"]


def glossary_links(article: Tag, terms: dict[str, Term]) -> None:
    """Link the first use of each term in a page's prose to the glossary.

    Terms that the page defines itself, as `***term***`, are left alone.
    """
    here = {
        " ".join(bold.get_text().split()).lower() for bold in article.select("strong em, em strong")
    }
    waiting = {name: term for name, term in terms.items() if name not in here}
    for node in list(article.find_all(string=True)):
        inside = {parent.name for parent in node.parents}
        if inside & NO_LINKS or not inside & PROSE or "math" in classes(node):
            continue
        rest, parts = str(node), []
        while found := first_use(rest, waiting):
            name, match = found
            term = waiting.pop(name)
            link = Tag(name="a", attrs={"class": "term", "title": term.sentence})
            link["href"] = f"../docs/glossary.html#{term.anchor}"
            link.string = match[0]
            parts += [NavigableString(rest[: match.start()]), link]
            rest = rest[match.end() :]
        if parts:
            node.replace_with(*parts, NavigableString(rest))


def classes(node: NavigableString) -> set[str]:
    """The classes of everything that a text lies in."""
    return {name for parent in node.parents for name in parent.get("class", [])}


def first_use(text: str, terms: Iterable[str]) -> tuple[str, re.Match[str]] | None:
    """The first use in a text of any of some terms (in lower case); the longest of those that
    begin together.

    >>> first_use("Mean squared errors fall.", ["error", "mean squared error"])[1][0]
    'Mean squared errors'
    >>> first_use("A minimum.", ["error"])
    """
    names = sorted(terms, key=len, reverse=True)
    if not names:
        return None
    either = "|".join(re.escape(name) for name in names)
    match = re.search(rf"(?<![\w-])({either})(?:s|es)?(?![\w-])", text, re.IGNORECASE)
    if match is None:
        return None
    return match[1].lower(), match


def thumbnails(article: Tag, folder: Path) -> None:
    """Put a grid of small pictures above the gallery, each of which leads to its figure."""
    grid = BeautifulSoup('<div class="thumbnails"></div>', "html.parser").div
    for section in article.find_all("section"):
        image = section.find("img", recursive=True)
        if section.find("section") or image is None:
            continue
        path = (folder / image["src"]).resolve()
        small = path.with_name(f"{path.stem}-small.webp")
        with Image.open(path) as full:
            full.seek(getattr(full, "n_frames", 1) // 2)
            shown = full.convert("RGB")
            shown.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS)
            shown.save(small, quality=75)
        title = section.find(["h2", "h3"]).get_text().removesuffix("#").strip()
        picture = (
            f'<img src="{image["src"].rpartition("/")[0]}/{small.name}" alt="" loading="lazy">'
        )
        link = f'<a href="#{section["id"]}">{picture}<span>{title}</span></a>'
        grid.append(BeautifulSoup(link, "html.parser"))
    article.find("h1").insert_after(grid)
