"""Every number that chapters share is defined in one place, and nothing else repeats it."""

import ast
from dataclasses import FrozenInstanceError, asdict, is_dataclass
from pathlib import Path

import nbformat
import pytest
import torch

from lossviz_helpers import Objective, model_3, squared_error, xor
from lossviz_helpers.course import scenarios
from lossviz_helpers.course.scenarios import BOWL, UNITS_SWAPPED, WALK

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(scenarios.__file__).resolve()
FOLDERS = ("notebooks", "claims", "benchmarks", "tests", "tools", "lossviz_helpers")


def code(path: Path) -> ast.Module:
    """The code of a module, or of all cells of a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = nbformat.reads(text, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    return ast.parse(text)


PAGES = {
    str(path.relative_to(ROOT)): path
    for folder in FOLDERS
    for pattern in ("*.py", "*.ipynb")
    for path in sorted((ROOT / folder).rglob(pattern))
    if path.resolve() != HOME and not path.parent.name.startswith(".")
}
each_page = pytest.mark.parametrize("page", PAGES)
each_chapter = pytest.mark.parametrize(
    "page", [p for p in PAGES if p.startswith(("notebooks/", "claims/ch"))]
)


def values(shared: object) -> list[object]:
    return list(asdict(shared).values()) if is_dataclass(shared) else [shared]


SHARED = [value for name, value in vars(scenarios).items() if name.isupper()]
WINDOWS = [v for shared in SHARED for v in values(shared) if isinstance(v, tuple)]


def literals(tree: ast.AST) -> list[object]:
    """Numbers, and tuples and lists of nothing but numbers, lists as tuples."""
    found = []
    for node in ast.walk(tree):
        try:
            found.append(as_tuple(ast.literal_eval(node)))
        except (ValueError, TypeError):
            continue
    return found


def as_tuple(value: object) -> object:
    return tuple(map(as_tuple, value)) if isinstance(value, tuple | list) else value


@each_page
def test_the_chosen_seed_and_shared_windows_are_in_one_place(page):
    found = literals(code(PAGES[page]))
    assert WALK.seed not in found, "take WALK.seed"
    for window in WINDOWS:
        assert window not in found, "take it from lossviz_helpers.course.scenarios"


@each_chapter
def test_digits_are_split_as_scenarios_say(page):
    for node in ast.walk(code(PAGES[page])):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "digits":
            sizes = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "n_train")]
            assert not any(isinstance(size, ast.Constant) for size in sizes), ast.unparse(node)


def test_the_chosen_walk_matches_its_recorded_numbers():
    L, path = scenarios.chosen_walk()
    assert len(path) == WALK.steps + 1
    plain = Objective(model_3(seed=WALK.seed), xor(), squared_error)
    assert torch.equal(path.start, plain.point())
    assert torch.equal(L(path.end), plain(path.end))
    assert scenarios.chosen_walk()[1] is path, "trained once"


def test_swapped_units_give_the_same_function():
    L = Objective(model_3(), xor(), squared_error)
    theta = L.point()
    twin = theta[list(UNITS_SWAPPED)]
    assert not torch.equal(twin, theta)
    assert torch.allclose(L.predict(twin), L.predict(theta))


def test_the_start_of_the_bowl_lies_in_its_window():
    assert all(lo < x < hi for x, (lo, hi) in zip(BOWL.start, BOWL.window, strict=True))


def test_a_scenario_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        WALK.seed = 7
