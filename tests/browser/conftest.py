"""One browser for all tests that need one."""

import pytest

from .lab import CHROMIUM, FLAGS, save_page, watch
from .live import make_explorers, settle


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it, or name it in LOSSVIZ_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Saved pages next to their scripts."""
    folder = tmp_path_factory.mktemp("pages")
    for name, explorer in make_explorers().items():
        save_page(folder / f"{name}.html", explorer)
    return folder


@pytest.fixture
def open_page(browser, pages):
    """Open a saved page with the network off; at the end, nothing may have gone wrong."""
    contexts, wrong = [], []

    def open_it(name, width=1024, theme="light", **options):
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": 900}, color_scheme=theme, **options
        )
        contexts.append(context)
        page = context.new_page()
        wrong.append(watch(page))
        page.goto((pages / f"{name}.html").as_uri())
        if theme == "dark":
            page.evaluate("document.body.style.background = '#111418'")
        settle(page)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not [what for page in wrong for what in page]
