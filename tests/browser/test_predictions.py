"""Predictions on a saved page: no kernel, no network, and the browser keeps the answer."""

import pytest

from lossviz_helpers.course.offline import revive
from lossviz_helpers.course.predictions import predict
from lossviz_helpers.course.predictions.question import find

from .lab import save_page, watch

pytestmark = pytest.mark.browser

ASKED = find("02.2")
FOLD = "<details><summary>What the figure shows</summary><p>It bends.</p></details>"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("pages") / "predict.html"
    save_page(file, revive(predict(ASKED.number).saved()))
    text = file.read_text(encoding="utf-8")
    head, end, tail = text.rpartition("</body>")
    file.write_text(FOLD + head + FOLD + FOLD + end + tail, encoding="utf-8")
    return file


@pytest.fixture
def context(browser, request):
    width, theme = getattr(request, "param", (1024, "light"))
    context = browser.new_context(
        offline=True, viewport={"width": width, "height": 800}, color_scheme=theme
    )
    yield context
    context.close()


def open_page(context, file):
    page = context.new_page()
    wrong = watch(page)
    page.goto(file.as_uri())
    page.wait_for_selector(".lv-predict[data-state]")
    assert not wrong
    return page


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def state(page) -> str:
    return page.get_attribute(".lv-predict", "data-state")


def test_nothing_is_revealed_before_both_are_chosen(context, file):
    page = open_page(context, file)
    compare = page.get_by_role("button", name="Compare")
    assert state(page) == "open"
    assert compare.is_disabled()
    press(page, "70%")
    assert compare.is_disabled()
    press(page, "bent, in equal steps")
    assert state(page) == "kept"
    assert ASKED.misconceptions["bent, in equal steps"] not in page.inner_text(".lv-predict")
    assert page.locator("details[open]").count() == 0


def test_comparing_names_the_misconception_and_unfolds_what_comes_next(context, file):
    page = open_page(context, file)
    press(page, "bent, in equal steps")
    press(page, "90%")
    press(page, "Compare")
    said = page.inner_text(".lv-predict .lv-words")
    assert ASKED.misconceptions["bent, in equal steps"] in said
    assert f"shows: {ASKED.right}. " in said
    assert "90% sure" in said
    folds = page.evaluate("[...document.querySelectorAll('details')].map((fold) => fold.open)")
    assert folds == [False, True, False]
    assert all(one.is_disabled() for one in page.locator(".lv-predict button").all())


def test_an_answer_lasts_longer_than_the_page(context, file):
    page = open_page(context, file)
    press(page, ASKED.right)
    press(page, "50%")
    page.close()
    page = open_page(context, file)
    assert state(page) == "kept"
    pressed = page.locator(".lv-predict [aria-pressed=true]").all_inner_texts()
    assert pressed == [ASKED.right, "50%"]
    press(page, "Compare")
    page.reload()
    page.wait_for_selector(".lv-predict[data-state=compared]")
    assert "✓" in page.inner_text(".lv-predict .lv-words")


@pytest.mark.parametrize(
    "context",
    [(width, theme) for width in (1024, 390) for theme in ("light", "dark")],
    indirect=True,
)
def test_it_fits_and_is_accessible(context, file):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(context, file)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, ASKED.right)
    found = Axe().run(page, context=".lv-predict", options={"preload": False}).response
    serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in serious]


def test_it_works_with_the_keyboard_alone(context, file):
    page = open_page(context, file)
    for name in (ASKED.right, "90%", "Compare"):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")
    assert state(page) == "compared"
