"""Every exercise proves itself: solutions and right answers pass, wrong ones get their hint.

Exercises bring their answers along (`lossviz_helpers/course/exercises`); a new one needs nothing
here.
"""

import ast
import io
import re
from contextlib import chdir, redirect_stdout
from functools import cache
from pathlib import Path

import nbformat
import pytest
import torch

from lossviz_helpers.course.exercises import check, exercise
from lossviz_helpers.course.exercises.exercise import EXERCISES, right, wrong

ROOT = Path(__file__).resolve().parents[1]
MEASURED = {"10.1", "10.2"}  # what is near their tolerance is in test_tolerances.py

each_exercise = pytest.mark.parametrize("number", sorted(EXERCISES))


# Their own answers


@cache
def answers(number: str) -> list[exercise.Answer]:
    return EXERCISES[number].answers()


@each_exercise
def test_right_answers_pass(number):
    given = [answer.given for answer in answers(number) if answer.is_right]
    assert given, "an exercise knows a right answer"
    for answer in given:
        said = EXERCISES[number].feedback(*answer)
        assert said.startswith("✓ Right. "), f"{answer}: {said}"


@each_exercise
def test_wrong_answers_get_their_hint(number):
    expected = [answer for answer in answers(number) if not answer.is_right and answer.hint]
    assert len({answer.hint for answer in expected}) >= 2, "an exercise knows common mistakes"
    for answer in expected:
        said = EXERCISES[number].feedback(*answer.given)
        assert said.startswith("✗ Not yet. "), f"{answer.given}: {said}"
        assert answer.hint in said, answer.given


@each_exercise
def test_near_misses_are_wrong(number):
    missed = [a.given for a in answers(number) if not a.is_right and not a.hint]
    assert missed or number in MEASURED, "an exercise knows what is just outside"
    for answer in missed:
        said = EXERCISES[number].feedback(*answer)
        assert said.startswith("✗ Not yet. "), f"{answer}: {said}"
        assert "could not use this answer" not in said, answer


# Their solutions, where learners write them: in the notebook, with all that it has defined by then


def solutions(path: Path) -> dict[str, tuple[int, str]]:
    """Number of every exercise in a notebook: index of its cell, the solution with the check."""
    cells = nbformat.read(path, as_version=4).cells
    found = {}
    for index, cell in enumerate(cells):
        line = re.search(r'^check\("(.+?)".*\)$', cell.source, re.MULTILINE)
        if cell.cell_type == "code" and line:
            folded = re.search(r"<details>.*?```python\n(.*?)```", cells[index + 1].source, re.S)
            assert folded, f"no solution behind exercise {line[1]}"
            found[line[1]] = (index, folded[1] + line[0])
    return found


NOTEBOOKS = {
    number: path
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    for number in solutions(path)
}


def names(code: str) -> tuple[set[str], set[str]]:
    """The names that code gives a value to, and those that it reads."""
    bound, read = set(), set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            bound |= {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return bound, read


@cache
def feedback(path: Path) -> dict[str, str]:
    """The feedback that every solution in a notebook gets.

    Only cells are run whose results a solution needs: no figure is drawn. No kernel runs them,
    which saves seconds; the notebook as a whole runs in one elsewhere.
    """
    by_index = {index: (number, code) for number, (index, code) in solutions(path).items()}
    cells = nbformat.read(path, as_version=4).cells
    to_run, needed = [], set()
    for index in reversed(range(len(cells))):
        number, code = by_index.get(index, ("", cells[index].source))
        if cells[index].cell_type != "code":
            continue
        bound, read = names(code)
        if number or bound & needed:
            needed = needed - bound | read
            to_run.append((number, code))
    told, space = {}, {}
    for number, code in reversed(to_run):
        with redirect_stdout(io.StringIO()) as printed, chdir(path.parent):  # as a kernel does
            exec(compile(code, f"<{path.name}>", "exec"), space)
        told[number] = printed.getvalue()
    return told


def test_every_exercise_has_a_check_and_every_check_an_exercise():
    assert set(NOTEBOOKS) == set(EXERCISES)


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_solutions_pass(number):
    told = feedback(NOTEBOOKS[number])[number]  # after whatever the solution itself prints
    assert told.splitlines()[-1].startswith("✓ Right. "), told


# The framework


def told(capsys, number, *answer) -> str:
    check(number, *answer)
    return capsys.readouterr().out


def test_there_is_no_such_exercise():
    with pytest.raises(ValueError, match=r"no exercise 'none'; choose from 01\.1, 01\.2"):
        check("none", 1)


def test_exercise_numbers_are_unique():
    with pytest.raises(ValueError, match=r"'02\.1' already has a check"):
        exercise.exercise("02.1")(lambda answer: "again")


def test_a_missing_answer(capsys):
    assert "is waiting for your answer" in told(capsys, "02.1", ...)
    assert "is waiting for your answer" in told(capsys, "01.1", 10.8, ...)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda f, theta, steps, lr: ..., "is waiting for your answer"),
        (lambda f, theta, steps, lr: None, "Your function returns nothing"),
        (lambda f, theta, steps, lr: 1 / 0, "Your function stopped with ZeroDivisionError"),
        (lambda: 1, "Your function stopped with TypeError"),
    ],
)
def test_an_unfinished_function_is_recognised(capsys, answer, words):
    assert words in told(capsys, "02.1", answer)


@pytest.mark.parametrize("answer", [torch.tensor([1.0, 2.0]), object(), "", None, lambda: 1])
def test_no_answer_breaks_a_check(capsys, answer):
    for number in ("02.1", "02.2", "02.3", "03.2", "05.2"):
        assert told(capsys, number, answer).startswith("✗ Not yet. ")


def test_too_many_or_too_few_answers(capsys):
    assert "could not use this answer (TypeError" in told(capsys, "02.1", 1, 2)
    assert "could not use this answer (TypeError" in told(capsys, "01.1", 1)


def test_answers_may_be_tensors(capsys):
    best = torch.tensor([-0.59, 1.44])
    for answer in (best, best.double(), best.tolist(), best.numpy(), best.requires_grad_()):
        assert told(capsys, "02.2", answer).startswith("✓ Right. ")


def test_ctrl_c_stops_a_check():
    class Interrupting:
        def __float__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("03.2", Interrupting())


def test_answers_around_a_number_are_just_inside_and_just_outside():
    near = list(exercise.around(2.0, 0.1, lambda x: ("it", x)))
    assert [a.is_right for a in near] == [True, True, False, False]
    assert [a.given[1] for a in near] == pytest.approx([2.095, 1.905, 2.105, 1.895])
    assert [a.given for a in exercise.between(1.0, 3.0)] == [(2.95,), (1.05,), (3.05,), (0.95,)]


def test_answers_around_a_point_are_just_inside_and_just_outside():
    near = list(exercise.around_point((3.0, -1.0), 2.0))
    assert len(near) == 2 * 2 * 3, "two axes and the way across them, to and fro"
    for answer in near:
        away = (answer.given[0] - torch.tensor([3.0, -1.0])).norm().item()
        assert away == pytest.approx(1.9 if answer.is_right else 2.1)


def test_an_answer_is_what_it_says():
    assert right(1, 2).given == wrong(1, 2, hint="x").given == (1, 2)
    assert right(1).is_right
    assert not wrong(1).is_right
