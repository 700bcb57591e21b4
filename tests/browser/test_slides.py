"""Slides: they open with no network, and nothing on them is cut off at 1280 × 720."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .lab import CHROMIUM, watch

TOOLS = Path(__file__).parents[2] / "tools"
sys.path.insert(0, str(TOOLS))

pytestmark = pytest.mark.browser

CHAPTERS = [f"{n:02}" for n in range(15)]
# What sticks out of each slide, in pixels, and how wide its picture is.
MEASURE = """() => {
  const found = [];
  document.querySelectorAll(".slides > section").forEach((section, i) => {
    Reveal.slide(i);
    const box = section.getBoundingClientRect();
    let [right, bottom] = [0, box.top + section.scrollHeight];
    for (const part of section.querySelectorAll(":not(aside):not(aside *):not(mjx-container *)")) {
      const { right: x, bottom: y } = part.getBoundingClientRect();
      [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
    }
    const picture = section.querySelector("img");
    found.push({
      i, right, bottom, words: section.innerText.slice(0, 70),
      picture: picture && Math.min(picture.clientHeight, 1e4),
    });
  });
  return found;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("slides")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_slide_overflows(browser, folder, chapter):
    import slides

    file = slides.build(chapter, folder)
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    wrong = watch(page)
    page.goto(file.as_uri())
    page.wait_for_function("window.Reveal?.isReady() && MathJax.startup?.promise")
    page.evaluate("MathJax.startup.promise")
    measured = page.evaluate(MEASURE)
    context.close()
    assert not wrong
    assert len(measured) > 5
    too_large = [one for one in measured if one["right"] > 1280 or one["bottom"] > 720]
    assert not too_large
    assert all(one["picture"] > 500 for one in measured if one["picture"] is not None)


def test_the_cheat_sheet_has_two_pages(tmp_path):
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it, or name it in LOSSVIZ_CHROMIUM")
    sheet = tmp_path / "sheet.pdf"
    subprocess.run([sys.executable, TOOLS / "cheatsheet.py", sheet], check=True)
    assert re.findall(rb"/Count (\d+)", sheet.read_bytes()) == [b"2"]
