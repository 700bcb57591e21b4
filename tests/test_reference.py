"""The API reference: every public name has its place, an explanation and an example."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

import lossviz_helpers

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(path for path in (ROOT / "docs" / "api").glob("*.rst") if path.stem != "index")
ENTRY = re.compile(r"^\.\. auto(function|class|exception|data):: lossviz_helpers\.([\w.]+)$", re.M)
MODULES = ["", "plots", "widgets"]
MODULES += [f"course.{name}" for name in ("explorers", "exercises", "predictions", "report")]


def public_names() -> list[str]:
    """What the package, and the modules that users import by name, name in `__all__`."""
    names = ["doctor.doctor"]  # the module stands alone and has one function to call
    for module in MODULES:
        path = f"lossviz_helpers.{module}".rstrip(".")
        names += [f"{module}.{name}".lstrip(".") for name in importlib.import_module(path).__all__]
    return names


def entries(page: Path) -> list[tuple[str, str]]:
    """The kind and the name of each entry of a page."""
    return ENTRY.findall(page.read_text(encoding="utf-8"))


def thing(name: str) -> object:
    """The object of that name."""
    module, _, last = f"lossviz_helpers.{name}".rpartition(".")
    return getattr(importlib.import_module(module), last)


ENTRIES = [entry for page in PAGES for entry in entries(page)]


def test_every_public_name_has_one_place():
    assert sorted(name for _, name in ENTRIES) == sorted(public_names())


def test_the_index_lists_every_page_and_its_names():
    index = (ROOT / "docs" / "api" / "index.rst").read_text(encoding="utf-8")
    _, *sections = re.split(r"^:doc:`.+? <(\w+)>`$", index, flags=re.M)
    for page, text in zip(sections[::2], sections[1::2], strict=True):
        listed = re.findall(r"^   ([\w.]+)$", text, re.M)
        assert listed == [name for _, name in entries(ROOT / "docs" / "api" / f"{page}.rst")]
    assert sorted(sections[::2]) == [page.stem for page in PAGES]


@pytest.mark.parametrize(("kind", "name"), ENTRIES, ids=[name for _, name in ENTRIES])
def test_an_entry_is_of_its_kind_and_explained(kind, name):
    found = thing(name)
    assert (kind == "function") == inspect.isfunction(found)
    assert (kind in ("class", "exception")) == inspect.isclass(found)
    assert (kind == "exception") == (inspect.isclass(found) and issubclass(found, BaseException))
    if kind in ("function", "class"):
        text = inspect.getdoc(found)
        assert ">>> " in text, "an example, which the page shows with what it prints or draws"
        for parameter in set(inspect.signature(found).parameters) - {"args", "kwargs"}:
            explained = rf"^ +(?:\w+, )*{parameter}(?:, \w+)*: "
            assert re.search(explained, text, re.M), f"{parameter} isn't explained"


def test_the_version_is_that_of_the_citation():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {lossviz_helpers.__version__}\n" in citation
