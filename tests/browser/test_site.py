"""The web edition, opened from files with the network off."""

import inspect
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup, Tag

from lossviz_helpers import Slice, plots
from lossviz_helpers.course.offline import KEPT
from lossviz_helpers.course.scenarios import WALK, chosen_walk
from tests.test_reference import ENTRIES, entries, thing

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAGES = ["index", *sorted(f"notebooks/{p.stem}" for p in (ROOT / "notebooks").glob("*.ipynb"))]
PAGES += ["figures/README", "claims/README", "CHANGELOG", "CONTRIBUTING"]
PAGES += sorted(f"docs/{path.stem}" for path in (ROOT / "docs").glob("*.md"))
REFERENCE = sorted(f"docs/api/{path.stem}" for path in (ROOT / "docs" / "api").glob("*.rst"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if shutil.which("npm") is None:
        pytest.skip("no npm: the scripts that draw widgets in saved pages come from there")
    pytest.importorskip("sphinx", reason="the web edition is an extra: pip install '.[site]'")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, ROOT / "tools" / "site.py", folder]
    built = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture
def page(browser):
    """A page with the network off; it fails the test if it asks for anything or logs an error."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_offline(True)
    page = context.new_page()
    page.trouble = trouble = []
    page.on("request", lambda r: r.url.startswith("http") and trouble.append(r.url))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda m: m.type == "error" and trouble.append(m.text))
    yield page
    context.close()
    assert not trouble


def open_page(page, site: Path, name: str) -> None:
    page.goto((site / f"{name}.html").as_uri())
    page.wait_for_load_state("load")


@cache
def html(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def anchors(path: Path) -> set[str]:
    """The places of a page that links can lead to."""
    return set(re.findall(r'\bid="([^"]+)"', html(path)))


def test_every_public_name_can_be_linked_to(site):
    for page in REFERENCE:
        if not page.endswith("/index"):
            named = {f"lossviz_helpers.{name}" for _, name in entries(ROOT / f"{page}.rst")}
            assert named <= anchors(site / f"{page}.html")


def test_every_method_of_a_public_class_can_be_linked_to(site):
    for page in REFERENCE:
        for kind, name in entries(ROOT / f"{page}.rst"):
            for method, value in inspect.getmembers(thing(name), inspect.isroutine):
                ours = (getattr(value, "__module__", None) or "").startswith("lossviz_helpers")
                if kind == "class" and ours and not method.startswith("_"):
                    assert f"lossviz_helpers.{name}.{method}" in anchors(site / f"{page}.html")


def test_links_inside_the_site_lead_somewhere(site):
    for name in PAGES + REFERENCE:
        page = site / f"{name}.html"
        for link in set(re.findall(r'<a [^>]*\bhref="([^"]+)"', html(page))):
            if re.match("[a-z]+:", link):
                continue
            address, _, anchor = unquote(link).partition("#")
            target = (page.parent / address).resolve() if address else page
            assert target.exists(), f"{name}: {link}"
            if anchor and target.suffix == ".html":
                assert anchor in anchors(target), f"{name}: {link}"


def test_chapters_lead_to_the_reference_and_back(site):
    for name in PAGES:
        if name.startswith("notebooks/"):
            assert 'href="../docs/api/' in html(site / f"{name}.html").split("<article", 1)[1], name
    scanning = html(site / "docs/api/scanning.html")
    uses = scanning.split('id="lossviz_helpers.scan"')[1].split("Where it is used")[1]
    assert "notebooks/02_models_as_points.html#" in uses.split("</details>")[0]


def test_methods_are_linked_too(site):
    chapter = html(site / "notebooks/04_pca_slices.html")
    assert 'href="../docs/api/slices.html#lossviz_helpers.Slice.pca"' in chapter
    assert 'href="../docs/api/landscape.html#lossviz_helpers.Objective.point"' in chapter


def entry(site: Path, page: str, name: str) -> Tag:
    """What a page of the reference says of a name."""
    found = BeautifulSoup(html(site / f"docs/api/{page}.html"), "html.parser")
    return found.find(id=f"lossviz_helpers.{name}").parent


def test_an_example_that_draws_is_followed_by_its_picture(site):
    calculating = ("colour_norm", "prediction_grid", "use_style", "animate")
    for kind, name in ENTRIES:
        if name.startswith("plots.") and kind == "function" and not name.endswith(calculating):
            picture = entry(site, "plots", name).find("img")
            assert picture["alt"], name
            assert (site / "docs/api" / picture["src"]).stat().st_size > 5_000, name


def test_the_card_of_a_loss_is_shown(site):
    text = entry(site, "losses", "hinge").get_text()
    for part in (r"\max(0", "margins", "support vector machines"):
        assert part in text


@pytest.mark.parametrize("name", PAGES + REFERENCE)
def test_a_page_opens_and_is_accessible(page, site, name):
    from axe_playwright_python.sync_playwright import Axe

    open_page(page, site, name)
    assert page.locator("h1").count() >= 1
    # without preload: the checker would fetch style sheets, which a page from a file may not
    found = Axe().run(page, options={"preload": False}).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, [
        (v["id"], v["help"], [node["html"][:120] for node in v["nodes"][:3]]) for v in serious
    ]


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("notebooks/")])
def test_every_widget_of_a_chapter_comes_alive_and_none_is_cut(page, site, name):
    cells = nbformat.read(ROOT / f"{name}.ipynb", as_version=4).cells
    told = [output.get("metadata", {}) for cell in cells for output in cell.get("outputs", [])]
    kept = sum(KEPT in metadata for metadata in told)
    open_page(page, site, name)
    cards = "[...document.querySelectorAll('.lv-card.lv-live')]"
    page.wait_for_function(f"{cards}.length === {kept}", timeout=60_000)
    cut = f"{cards}.filter((e) => e.scrollHeight > e.clientHeight + 2 || e.clientHeight < 60)"
    page.wait_for_function(f"{cut}.length === 0", timeout=10_000)


@pytest.mark.parametrize("name", ["notebooks/05_mri_slices", "docs/api/widgets"])
def test_the_viewer_works_in_the_page(page, site, name):
    open_page(page, site, name)
    viewer = page.locator(".lv-viewer")
    viewer.wait_for(timeout=20_000)
    viewer.scroll_into_view_if_needed()
    reading = viewer.locator(".lv-loss")
    before = reading.text_content()
    slider = viewer.locator("input[type=range]").first
    slider.focus()
    for _ in range(8):
        slider.press("ArrowLeft")
    assert reading.text_content() != before


def test_formulas_are_drawn(page, site):
    open_page(page, site, "notebooks/03_linear_interpolation")
    page.locator("mjx-container").first.wait_for(timeout=20_000)


def test_search_works(page, site):
    page.goto((site / "search.html").as_uri() + "?q=barrier")
    page.locator("#search-results li").first.wait_for(timeout=20_000)
    assert "interpolation" in page.locator("#search-results").text_content().lower()


def test_next_previous_dark_and_binder(page, site):
    open_page(page, site, "notebooks/02_models_as_points")
    assert "03_linear" in page.locator("a.right-next").get_attribute("href")
    assert "01_loss" in page.locator("a.left-prev").get_attribute("href")
    binder = page.locator("a[href*='mybinder.org']").first.get_attribute("href")
    assert "02_models_as_points.ipynb" in binder
    for name in ("Dark", "Light"):
        page.locator("button.theme-switch-button").first.click()
        page.locator(".dropdown-menu.show").get_by_text(name).click()
        assert page.locator("html").get_attribute("data-theme") == name.lower()


def test_the_ledgers_picture_leads_to_the_chapters(page, site):
    open_page(page, site, "claims/README")
    links = page.locator(".effects a")
    assert links.count() > 100
    page.locator(".effects a:not([tabindex])").first.click()
    page.wait_for_url("**/notebooks/*.html*")
    assert page.locator("h1").count() >= 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_folds_are_closed_on_a_screen_and_open_on_paper(page, site, theme):
    page.emulate_media(color_scheme=theme)
    open_page(page, site, "notebooks/02_models_as_points")
    fold = page.locator("article details").first
    closed = fold.bounding_box()["height"]
    box, around = (
        page.locator(selector).first.evaluate("e => getComputedStyle(e).backgroundColor")
        for selector in ("article details", "body")
    )
    assert box != around, "a fold looks like a box"
    page.emulate_media(media="print")
    assert fold.bounding_box()["height"] > 2 * closed
    page.emulate_media(media="screen")
    fold.locator("summary").click()
    assert fold.bounding_box()["height"] > 2 * closed


def test_the_front_page_leads_to_the_first_chapter_and_every_other(page, site):
    open_page(page, site, "index")
    assert page.locator(".cards a").count() == len(list((ROOT / "notebooks").glob("*.ipynb")))
    for name in ("Binder", "Colab"):
        link = page.get_by_role("link", name=f"Open in {name}").first.get_attribute("href")
        assert link.endswith("00_start_here.ipynb")
    page.get_by_role("link", name="Start reading").click()
    page.wait_for_url("**/notebooks/00_start_here.html")


def test_an_animation_stops_and_goes_on(page, site):
    open_page(page, site, "notebooks/00_start_here")
    moving = page.locator(".animation").first
    moving.scroll_into_view_if_needed()
    button, image, still = (moving.locator(tag) for tag in ("button", "img", "canvas"))
    assert image.is_visible()
    button.click()
    assert still.is_visible()
    assert not image.is_visible()
    colours = still.evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    assert colours > 100, "a picture, and no blank canvas"
    button.click()
    assert image.is_visible()
    assert still.count() == 0


def test_animations_stand_still_for_those_who_asked_for_less_motion(page, site):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, site, "notebooks/00_start_here")
    page.locator(".animation canvas").first.wait_for()
    assert page.locator(".animation button").first.text_content().endswith("Play")


def test_the_code_of_figures_can_be_hidden(page, site):
    open_page(page, site, "notebooks/04_pca_slices")
    drawing = page.locator("div.cell.tag_figure > .cell_input").first
    other = page.locator("div.cell:not(.tag_figure) > .cell_input").first
    assert drawing.is_visible()
    page.get_by_label("Show the code that draws the figures").uncheck()
    assert not drawing.is_visible()
    assert other.is_visible()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_line_of_code_is_cut(page, site, width):
    page.set_viewport_size({"width": width, "height": 900})
    for name in PAGES:
        if name.startswith("notebooks/"):
            open_page(page, site, name)
            cut = page.evaluate(
                "[...document.querySelectorAll('article pre')]"
                ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
            )
            assert not cut, name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), name


def test_a_term_leads_to_the_glossary(page, site):
    open_page(page, site, "notebooks/04_pca_slices")
    term = page.locator("article a.term").first
    assert len(term.get_attribute("title")) > 20
    name = term.text_content()
    term.click()
    page.wait_for_url("**/docs/glossary.html#*")
    assert page.locator(":target h2").text_content().lower().rstrip("#")[:4] == name.lower()[:4]


def test_the_gallery_opens_on_small_pictures(page, site):
    open_page(page, site, "figures/README")
    small = page.locator(".thumbnails a")
    assert small.count() == page.locator("article section section").count() > 80
    small.nth(20).click()
    assert page.locator(":target img").count() == 1


def test_a_shared_link_shows_a_title_a_sentence_and_a_picture(site):
    for name in ("index", "notebooks/04_pca_slices"):
        found = BeautifulSoup(html(site / f"{name}.html"), "html.parser")
        shared = {meta["property"]: meta["content"] for meta in found.select("meta[property]")}
        assert shared["og:title"]
        assert len(shared["og:description"]) > 40
        assert shared["og:image"].endswith("_static/card.png")
        icon = found.select_one('link[rel="icon"]')["href"]
        assert (site / f"{name}.html").parent.joinpath(icon).exists()


def test_addresses_that_lead_nowhere_and_search_engines_are_answered(site):
    assert "index.html" in html(site / "404.html")
    listed = html(site / "sitemap.xml")
    for name in PAGES:
        assert f"/{name}.html</loc>" in listed


LIVE = "#live-landscape canvas"


def picture_of(page) -> list[int]:
    """A hundred pixels of the live landscape."""
    return page.locator(LIVE).evaluate(
        """c => Array.from({length: 100}, (_, i) => {
          const [u, v] = [i % 10, Math.floor(i / 10)].map((k) => 0.05 + 0.1 * k);
          const pen = c.getContext('2d');
          return [...pen.getImageData(u * c.width, v * c.height, 1, 1).data.slice(0, 3)];
        }).flat()"""
    )


def resting(page) -> list[int]:
    """The live landscape once nothing changes in it."""
    page.wait_for_timeout(500)
    before = None
    while (now := picture_of(page)) != before:
        before = now
        page.wait_for_timeout(500)
    return now


def test_the_front_page_opens_on_a_landscape_that_is_computed_there(page, site):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, site, "index")
    shown = np.reshape(resting(page), (10, 10, 3))
    L, path = chosen_walk()
    (left, right), (low, high) = WALK.plane
    share = np.linspace(0.05, 0.95, 10)
    across, up = np.meshgrid(left + share * (right - left), high - share * (high - low))
    alpha = torch.tensor(np.stack([across, up], axis=-1))
    loss = L(Slice.pca(path.points, dims=2).point(alpha)).numpy()
    lo, hi = np.log(WALK.limits)
    expected = plt.get_cmap(plots.COLOURS)(np.clip((np.log(loss) - lo) / (hi - lo), 0, 1))[..., :3]
    # light and shade change how bright a colour is, and contours are white: compare the hues
    hue, wanted = (
        (rgb := np.asarray(c, float)) / np.linalg.norm(rgb, axis=-1, keepdims=True)
        for c in (shown, expected)
    )
    assert np.median((hue * wanted).sum(axis=-1)) > 0.995
    assert ((hue * wanted).sum(axis=-1) > 0.97).mean() > 0.9


def test_a_walker_descends_on_the_front_page(page, site):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, site, "index")
    status = page.locator("#live-landscape [role=status]")
    page.get_by_role("button", name="Drop a walker").click()
    page.wait_for_function(
        "document.querySelector('#live-landscape [role=status]').textContent.includes('arrived')",
        timeout=60_000,
    )
    # where training ends in the chapters
    _, path = chosen_walk()
    assert f"loss {path.losses[-1]:.4f}" in status.text_content()
    page.get_by_role("button", name="Start again").click()
    assert "13 parameters" in status.text_content()


def test_the_front_page_answers_mouse_and_keys(page, site):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, site, "index")
    still = resting(page)
    box = page.locator(LIVE).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y, steps=6)
    page.mouse.up()
    moved = resting(page)
    assert moved != still, "a drag moves the plane"
    status = page.locator("#live-landscape [role=status]")
    assert "loss" in status.text_content()
    assert "Step" not in status.text_content(), "a drag drops no walker"
    page.locator(LIVE).focus()
    page.keyboard.press("Shift+ArrowUp")
    assert resting(page) != moved
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('#live-landscape [role=status]').textContent.includes('Step')"
    )
    page.get_by_role("button", name="Start again").click()
    assert resting(page) == still


def test_the_front_page_is_light(site):
    """What it loads beside the theme's own scripts and styles, in bytes."""
    own = [site / "index.html", site / "_static/front.js", site / "_static/page.js"]
    own += [*(site / "_static").glob("*.css"), *(site / "covers").iterdir()]
    assert sum(path.stat().st_size for path in own) < 500_000
