"""How the project is laid out: what imports what, and what every notebook looks like."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import numpy as np
import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lossviz_helpers"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LAYERS = [  # a module or package imports only from layers further down
    ["course", "doctor"],
    ["widgets"],
    ["plots"],
    ["curvature", "paths", "scanning"],
    ["training", "landscape"],
    ["objective"],
    ["_evaluation"],
    ["_checks", "slices"],
    ["_storage", "datasets", "losses", "models", "optimizers"],
    ["_inputs"],
]
HEIGHT = {name: -i for i, layer in enumerate(LAYERS) for name in layer}
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]
LONGEST = 400  # lines of a file

each_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE))
)
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def dotted(path: Path) -> str:
    """The name of a module inside the package: slices.window for slices/window.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """What a module imports from the package, by dotted names."""
    package = ("lossviz_helpers", *path.relative_to(PACKAGE).parts[:-1])
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*base, *filter(None, [node.module])])
            found |= {f"{stem}.{alias.name}" for alias in node.names}
    return {name.partition(".")[2] for name in found if name.startswith("lossviz_helpers.")}


def top(name: str) -> str:
    return name.partition(".")[0]


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


def prose(path: Path) -> str:
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


# The package


def test_few_things_are_at_the_top_and_each_has_a_layer():
    names = {top(dotted(path)) for path in MODULES}
    assert names == set(HEIGHT), "give it a layer"
    assert len(names) < 20


@each_module
def test_a_module_imports_only_from_lower_layers(path):
    own = top(dotted(path))
    for other in {top(name) for name in imported(path)} - {own}:
        assert other in HEIGHT, f"{own} imports {other}: import from the module that defines it"
        assert HEIGHT[other] < HEIGHT[own], f"{own} must not import from {other}"


def test_no_modules_import_each_other():
    names = {dotted(path) for path in MODULES}

    def module(name: str) -> str:  # what is imported from a module stands behind its name
        return name if name in names else name.rpartition(".")[0]

    graph = {dotted(path): {module(name) for name in imported(path)} for path in MODULES}
    TopologicalSorter({name: found - {name} for name, found in graph.items()}).prepare()


@pytest.mark.parametrize(
    "path",
    [*MODULES, *(p for p in PACKAGE.rglob("*.js") if not {"node_modules", "static"} & {*p.parts})],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_files_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.skipif(
    Version(np.__version__) < Version("2.3"),
    reason="older releases of NumPy and Matplotlib, which go together, type their arrays less well",
)
def test_the_package_is_typed():
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stdout + run.stderr


@each_module
def test_widgets_can_be_imported_with_the_traitlets_of_hosted_notebooks(path):
    """5.7 can't subscript its classes, so annotations that do are in quotes."""
    told = [n.annotation for n in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(n, ast.AnnAssign)]  # fmt: skip
    assert not [ast.unparse(a) for a in told if re.match(r"(t|traitlets)\.\w+\[", ast.unparse(a))]


def test_the_doctor_stands_alone():
    # it must run when the modules that it examines don't
    assert not imported(PACKAGE / "doctor.py")


def test_the_top_level_only_names_things():
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    docstring, *body = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, allowed) for node in body)


def test_public_names_exist():
    import lossviz_helpers

    assert lossviz_helpers.__all__, "__init__.py names the public things in __all__"
    for name in lossviz_helpers.__all__:
        assert hasattr(lossviz_helpers, name), name


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff_agrees(command):
    run = subprocess.run(
        [sys.executable, "-m", "ruff", *command.split(), "--no-cache", "."],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stdout + run.stderr


# The notebooks


def test_there_are_notebooks():
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{n:02}" for n in range(len(NOTEBOOKS))]
    assert len(NOTEBOOKS) >= 6


@each_notebook
def test_its_first_cell_installs_the_package_where_it_is_missing(path):
    first, chapter_0 = cells(path, "code")[0], cells(NOTEBOOKS[0], "code")[0]
    assert first.source == chapter_0.source
    assert first.metadata == {"jupyter": {"source_hidden": True}, "tags": ["remove-cell"]}
    assert not first.outputs


@each_notebook
def test_it_was_executed_once_from_top_to_bottom(path):
    # nbval compares nothing, silently, in a cell without an execution count
    counts = [cell.execution_count for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1)), "run tools/notebooks.py"


@each_notebook
def test_outputs_are_clean(path):
    metadata = nbformat.read(path, as_version=4).metadata
    assert "widgets" not in metadata
    assert "version" not in metadata.language_info
    assert metadata.kernelspec.name == "python3"
    for cell in cells(path, "code"):
        assert "execution" not in cell.metadata
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", output.text
            assert not any("widget-view" in kind for kind in output.get("data", {})), cell.source


@each_notebook
def test_cells_are_short(path):
    for cell in cells(path, "code"):
        assert len(cell.source.splitlines()) <= 20, cell.source
        assert cell.source.strip(), "an empty cell"
        assert not cell.source.rstrip().endswith(";"), "';' hides output in some clients only"


@each_notebook
def test_it_opens_with_title_promise_and_plan(path):
    first, *rest = nbformat.read(path, as_version=4).cells
    title, promise = first.source.split("\n\n")[:2]
    assert re.fullmatch(r"# .+", title)
    assert re.fullmatch(r"[^#*\n].*", promise.replace("\n", " ")), "one sentence of promise"
    # the very first screen of chapter 0 is its figure
    opening = first.source + "".join(
        cell.source for cell in rest[: 4 if path == NOTEBOOKS[0] else 1]
    )
    for part in ("You will be able to", "Needs", "Time"):
        assert part in opening, part


@each_notebook
def test_it_closes_with_key_points_links_and_references(path):
    closing = "\n\n".join(cell.source for cell in cells(path, "markdown")[-3:])
    assert re.search(r"^## Key points", closing, re.MULTILINE)
    assert re.search(r"^## References", closing, re.MULTILINE)
    at = NOTEBOOKS.index(path)
    for neighbour in NOTEBOOKS[max(at - 1, 0) : at] + NOTEBOOKS[at + 1 : at + 2]:
        assert f"]({neighbour.name})" in closing, f"no link to {neighbour.name}"


@each_notebook
def test_exercises_have_solutions(path):
    text = prose(path)
    sections = re.split(r"^### Exercise", text, flags=re.MULTILINE)[1:]
    assert len(sections) >= (0 if path == NOTEBOOKS[0] else 2)
    for section in sections:
        assert "<details>" in section, section[:80]
    assert text.count("<details>") == text.count("</details>")


# Figures and links


def test_figures_tables_and_notebooks_agree():
    run = subprocess.run(
        [sys.executable, "tools/notebooks.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("number", range(1, 15))
def test_every_seed_figure_is_there(number):
    assert len(list((ROOT / "figures").glob(f"fig{number:02}_*.*"))) >= 1


@each_notebook
def test_figures_are_described(path):
    for cell in cells(path, "code"):
        if figure := cell.metadata.get("figure"):
            assert set(figure) - {"cover"} == {"name", "alt"}
            assert len(figure["alt"].split()) >= 5, f"{figure['name']}: say what is seen"


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and JupyterLab spell them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    github = {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}
    return github | {heading.replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page",
    [
        *(*NOTEBOOKS, *ROOT.glob("*.md"), *ROOT.glob("docs/*.md")),
        *(ROOT / folder / "README.md" for folder in ("figures", "claims")),
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_lead_somewhere(page):
    def read(path):
        return prose(path) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")

    text = re.sub(r"```.*?```|`[^`\n]*`", "", read(page), flags=re.DOTALL)
    links = re.findall(r"\]\(([^()\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for link in links:
        if re.match(r"(https?|mailto):", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), f"{link} leads out of the project"
        if anchor.startswith("cell-id="):  # as JupyterLab spells it
            ids = {cell.id for cell in nbformat.read(target, as_version=4).cells}
            assert anchor.removeprefix("cell-id=") in ids, link
        elif anchor:
            assert anchor in anchors(read(target)), link


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_examples_carry_no_flags_of_their_own(path):
    """Sphinx takes them out of the page, and then can't link the example's names."""
    assert "# doctest:" not in path.read_text(encoding="utf-8")
