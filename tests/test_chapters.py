"""What a learner meets: answers that stay folded, figures in order, code that can be read."""

import ast
import re
import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import notebooks as tool

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
each_chapter = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
FOLD = re.compile(r"<details>\s*<summary>[^<]+</summary>")


def cells(path: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(path, as_version=4).cells


def notebook(*parts: str) -> list[nbformat.NotebookNode]:
    """Cells: code if the text begins with "code:", else prose."""
    return [
        nbformat.v4.new_code_cell(part.removeprefix("code:"))
        if part.startswith("code:")
        else nbformat.v4.new_markdown_cell(part)
        for part in parts
    ]


# Answers


def open_answers(found: list[nbformat.NotebookNode]) -> list[str]:
    """The explanations that stand in the open although the reader was asked to predict them.

    After a question, the first text after its code has to begin folded.
    """
    asked, ran, wrong = False, False, []
    for cell in found:
        if cell.cell_type == "code":
            ran = asked
            continue
        if asked and ran:
            if not FOLD.match(cell.source.lstrip()):
                wrong.append(f"{cell.id}: {cell.source[:80]!r}")
            asked = ran = False
        # a question may stand at the end of the cell that explains the last one
        if "**Predict.**" in cell.source:
            asked = True
    return wrong


def fold(text: str = "Because.") -> str:
    return f"<details><summary>What the figure shows</summary>\n\n{text}\n\n</details>"


ASKED = "> **Predict.** Is it?"


@pytest.mark.parametrize(
    ("parts", "open_ones"),
    [
        ((ASKED, "code:x", fold()), 0),
        ((ASKED, "code:x", "code:y", fold() + "\n\nNext."), 0),
        ((ASKED, "code:x", "Because."), 1),
        ((ASKED, "code:x", "See.\n\n" + fold()), 1),
        ((ASKED, "Here is how.", "code:x", fold(), "Open."), 0),
        ((ASKED, "code:x", fold() + "\n\n" + ASKED, "code:y", "Open."), 1),
        (("No question.", "code:x", "Open."), 0),
    ],
)
def test_an_answer_in_the_open_is_found(parts, open_ones):
    assert len(open_answers(notebook(*parts))) == open_ones


@each_chapter
def test_answers_are_folded(path):
    wrong = open_answers(cells(path))
    assert not wrong, (
        f"{path.name}: begin the explanation with `<details><summary>What the figure shows"
        f"</summary>`, for readers are still predicting: {wrong}"
    )


def badly_folded(text: str) -> list[str]:
    """What is wrong with the folds of a text: GitHub reads Markdown in them only after a blank."""
    code = re.compile(r"^(`{3,}).*?^\1", re.MULTILINE | re.DOTALL)
    text = code.sub("", text)
    wrong, depth = [], 0
    for tag in re.findall(r"</?details\b", text):
        depth += 1 if tag == "<details" else -1
        if depth not in (0, 1):
            wrong.append("a fold in a fold, or one that is closed twice")
    if depth:
        wrong.append("a fold that isn't closed")
    for match in re.finditer(r"<details\b[^>]*>", text):
        if not re.match(
            r"<details>\s*<summary>[^\n]+</summary>[ \t]*\n[ \t]*\n", text[match.start() :]
        ):
            wrong.append("no `<summary>…</summary>` with a blank line after it")
        if text[: match.start()].strip() and not text[: match.start()].endswith("\n\n"):
            wrong.append("no blank line before <details>")
    for match in re.finditer("</details>", text):
        if not re.search(r"\n[ \t]*\n$", text[: match.start()]):
            wrong.append("no blank line before </details>")
        if not re.match(r"[ \t]*(\n[ \t]*\n|\s*$)", text[match.end() :]):
            wrong.append("no blank line after </details>")
    return wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (fold(), 0),
        (f"Text.\n\n{fold()}\n\nMore.\n\n{fold()}\n", 0),
        (fold("```html\n<details>\n```"), 0),
        (fold().replace("</summary>\n\n", "</summary>\n"), 1),
        (fold().replace("\n\n</details>", "\n</details>"), 1),
        (fold() + "\nMore.", 1),
        ("Text.\n" + fold(), 1),
        (fold().replace("</details>", ""), 1),
        (fold().replace("<summary>What the figure shows</summary>", ""), 1),
        (fold(fold()), 1),
    ],
)
def test_bad_folds_are_found(text, wrong):
    assert len(badly_folded(text)) == wrong


@each_chapter
def test_folds_can_be_opened_everywhere(path):
    wrong = {c.id: badly_folded(c.source) for c in cells(path) if c.cell_type == "markdown"}
    wrong = {cell: found for cell, found in wrong.items() if found}
    assert not wrong, wrong


# Figures


def captions(found: list[nbformat.NotebookNode]) -> list[str]:
    """The numbers of all captions, in reading order."""
    texts = [cell.source for cell in found if cell.cell_type == "markdown"]
    return re.findall(r"^\*\*Figure ?([\d.]*?)\.\*\*", "\n\n".join(texts), re.MULTILINE)


@each_chapter
def test_figures_are_numbered_in_reading_order(path):
    found = cells(path)
    drawn = sum("figure" in cell.metadata for cell in found)
    expected = [f"{int(path.name[:2])}.{n}" for n in range(1, drawn + 1)]
    assert captions(found) == expected, "number the captions in reading order, from 1"


# Numbers


def wrong_numbers(text: str) -> list[str]:
    """Links such as [3 · Lines](04_lines.ipynb): they name one chapter and lead to another."""
    links = re.findall(r"(\[(\d+) · [^\]]+\]\((?:[^)\s]*/)?(\d\d)_[^)]*\))", text)
    return [link for link, said, file in links if int(said) != int(file)]


def test_a_wrong_number_is_found():
    right, wrong = "[4 · Lines](../notebooks/04_lines.ipynb)", "[3 · Lines](04_lines.ipynb)"
    assert wrong_numbers(f"{right} {wrong} [a line](04_lines.ipynb)") == [wrong]


@each_chapter
def test_a_chapter_is_called_by_its_number(path):
    assert cells(path)[0].source.startswith(f"# {int(path.stem[:2])} · ")
    assert not wrong_numbers("\n".join(cell.source for cell in cells(path)))


@pytest.mark.parametrize("page", ["README.md", "claims/README.md", "docs/glossary.md"])
def test_pages_call_chapters_by_their_numbers(page):
    assert not wrong_numbers((NOTEBOOKS[0].parents[1] / page).read_text(encoding="utf-8"))


def test_a_caption_is_found_in_a_fold(tmp_path):
    png = nbformat.v4.new_output("display_data", {"image/png": "iVBORw0="})
    found = notebook("# Title", "code:draw()", fold("**Figure 3.1.** It is\nlow."), "Text")
    found[1].metadata["figure"] = {"name": "fig07_low", "alt": "A low point."}
    found[1].outputs = [png]
    nbformat.write(nbformat.v4.new_notebook(cells=found), tmp_path / "03_it.ipynb")
    (figure,) = tool.figures(tmp_path / "03_it.ipynb")
    assert (figure.number, figure.caption, figure.file) == ("3.1", "It is low.", "fig07_low.png")


# Code


def unreadable(code: str) -> list[str]:
    """What learners stumbled over: verdicts that nothing computes, and names given in passing."""
    wrong = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            said = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if said and len(said) == len(node.args) and not is_heading(str(said[-1])):
                wrong.append(f"prints what nothing computes: {said}")
            if any(isinstance(part, ast.NamedExpr) for part in ast.walk(node)):
                wrong.append("a walrus in print")
        if isinstance(node, ast.IfExp) and {"yes", "no"} & set(strings(node)):
            wrong.append(f"prints a verdict instead of the number: {strings(node)}")
        if isinstance(node, ast.Assign) and unpacks_zip_of_zip(node.value):
            wrong.append("zip(*…) puzzles")
    return wrong


def is_heading(text: str) -> bool:
    """Whether a printed text announces numbers: it ends with a colon, or names columns."""
    return text.rstrip().endswith(":") or "  " in text.strip() or "\t" in text


def strings(node: ast.IfExp) -> list[str]:
    ends = (node.body, node.orelse)
    return [str(end.value).lower() for end in ends if isinstance(end, ast.Constant)]


def unpacks_zip_of_zip(node: ast.AST) -> bool:
    inner = [
        arg.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "zip"
        for arg in call.args
        if isinstance(arg, ast.Starred)
    ]
    return any(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "zip" for n in inner)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('print("yes")', 1),
        ('print("more", "than 10")', 1),
        ('print(f"{x:.1f}")', 0),
        ('print("loss", x)', 0),
        ('print("the same predictions:", "yes")', 1),
        ('print("after ten steps:")', 0),
        ('print("         loss   accuracy")', 0),
        ("print()", 0),
        ("print(y := 3, x)", 1),
        ("if (y := x) > 3:\n    print(y)", 0),
        ('print("yes" if x > 10 else "no")', 1),
        ('label = "start" if x else "end"', 0),
        ("a, b = zip(*zip(x, y))", 1),
        ("a, b = zip(*pairs)", 0),
    ],
)
def test_unreadable_code_is_found(code, wrong):
    assert len(unreadable(code)) == wrong


@each_chapter
def test_code_can_be_read(path):
    wrong = {c.id: unreadable(c.source) for c in cells(path) if c.cell_type == "code"}
    wrong = {cell: found for cell, found in wrong.items() if found}
    assert not wrong, wrong
