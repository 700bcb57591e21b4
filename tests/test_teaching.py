"""The run-sheets: their cells exist, their minutes add up, and their bridges run."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import teaching

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
PLAN = teaching.plan()
CLASSES = PLAN["class"]
each_class = pytest.mark.parametrize("one", CLASSES, ids=lambda one: str(one["minutes"]))
STEP = re.compile(r"^\*\*(\d+):(\d\d)–(\d+):(\d\d)\*\* \((\d+) min\)", re.MULTILINE)


def sheet(one: dict) -> str:
    """The part of the page that is about a class."""
    return PAGE.partition(f"## {one['title']}\n")[2].partition("\n## ")[0]


@each_class
def test_minutes_add_up(one):
    steps = [tuple(map(int, step)) for step in STEP.findall(sheet(one))]
    at = 0
    for h1, m1, h2, m2, minutes in steps:
        assert 60 * h1 + m1 == at
        at += minutes
        assert 60 * h2 + m2 == at
    assert at == one["minutes"]
    assert steps[-1][-1] >= one["minutes"] / 20, "there is time to talk"


def test_cells_exist():
    ids = {
        cell.id
        for path in (ROOT / "notebooks").glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
    }
    named = set(re.findall(r"`(c\d\d-[\w-]+)`", PAGE))
    assert len(named) > 30
    assert named <= ids


@each_class
def test_the_code_of_a_class_is_complete(one):
    """Every name that a taught cell reads is defined by then."""
    for chapter in {name[:2] for name in one["sections"]}:
        taught = {
            cell.id
            for name in one["sections"]
            if name.startswith(chapter)
            for cell in teaching.sections()[name].cells
        }
        known: set[str] = set()
        for cell in teaching.cells_of(chapter):
            runs = cell.id in taught | set(teaching.to_run(chapter, taught))
            if runs and cell.cell_type == "code":
                bound, needed = teaching.names(cell.source)
                assert needed <= known, cell.id
                known |= bound


@pytest.mark.parametrize(
    ("code", "bound", "needed"),
    [
        ("x = y", {"x"}, {"y"}),
        ("x = 1\nz = x", {"x", "z"}, set()),
        ("x = x + 1", {"x"}, {"x"}),
        ("for i in rows:\n    print(i)", {"i"}, {"rows"}),
        ("def f(a):\n    return a + b", {"f"}, {"b"}),
        ("[i + c for i in rows]", set(), {"c", "rows"}),
        ("from a import b as c\nc(d)", {"c"}, {"d"}),
    ],
)
def test_names_that_code_needs(code, bound, needed):
    assert teaching.names(code) == (bound, needed)


@each_class
def test_every_skipped_chapter_has_a_bridge(one):
    chapters = {name[:2] for name in one["sections"]}
    skipped = {f"{n:02}" for n in range(1, int(max(chapters)))} - chapters
    assert skipped <= set(PLAN["bridge"])


@pytest.mark.parametrize("chapter", PLAN["bridge"])
def test_a_bridge_runs(chapter, capsys):
    section = PAGE.partition(f"### Instead of chapter {chapter}\n")[2].partition("\n### ")[0]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    exec(compile(code, f"<bridge {chapter}>", "exec"), {})
    assert section.count("\n- ") >= 3, "its key points"
    assert len(code.splitlines()) <= 20


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: str(one["minutes"]))
def test_a_class_that_takes_too_long_is_refused(one):
    with pytest.raises(ValueError, match="without discussion; leave out a section"):
        teaching.class_text(one | {"minutes": one["minutes"] - 30})


def test_a_section_is_what_the_chapter_calls_it():
    one = teaching.sections()["02 Training is a walk"]
    assert [q.number for q in one.questions] == ["02.2"]
    assert one.to_say[0].startswith("Not straight at all: the walk bends.")
    other = teaching.sections()["04 Why is there a second valley at all?"]
    assert "no parameter is to blame" not in " ".join(other.to_say), "that is the section before"


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    import editions

    files = editions.write(tmp_path_factory.mktemp("editions"), ["02"])
    return {file.parent.name: nbformat.read(file, as_version=4) for file in files}


def test_the_learners_edition_has_no_outputs(copies):
    nbformat.validate(copies["learner"])
    code = [cell for cell in copies["learner"].cells if cell.cell_type == "code"]
    assert [cell.source for cell in code] == [
        cell.source for cell in teaching.cells_of("02") if cell.cell_type == "code"
    ]
    assert not any(cell.outputs or cell.execution_count for cell in code)


def test_the_instructors_edition_is_open_and_has_notes(copies):
    nbformat.validate(copies["instructor"])
    cells = copies["instructor"].cells
    assert not any("<details>" in cell.source for cell in cells if cell.cell_type == "markdown")
    assert any(cell.outputs for cell in cells if cell.cell_type == "code")
    notes = {
        cell.id: cell.source for cell in cells if "instructor" in cell.metadata.get("tags", [])
    }
    one = teaching.sections()["02 Training is a walk"]
    assert f"{one.minutes} minutes" in notes[f"{one.cells[0].id}-note"]
    for believed in one.questions[0].misconceptions.values():
        assert believed in notes["c02-predict-2-note"]
