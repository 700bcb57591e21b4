"""Every solution passes its check, every known mistake gets its own hint.

Answers are run where learners write them: in the notebook, with all that it has defined by then.
"""

import ast
import io
import re
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

import nbformat
import pytest
import torch

from lossviz_helpers.course.exercises import check

ROOT = Path(__file__).resolve().parents[1]

# Exercise: (wrong answer as a learner writes it, part of the feedback that it should get)
WRONG = {
    "01.1": [
        ("math.log2(50_000), math.log(50_000)", "swapped"),
        ("math.log10(50_000), math.log2(50_000)", "base 10"),
        ("1 / 50_000, 1 / 50_000", "That is the probability"),
        ("-math.log(50_000), -math.log2(50_000)", "the sign is not"),
        ("50_000, 16", "−ln of the probability"),
        ("math.log(50_000), math.log(50_000) * math.log(2)", "dividing by ln 2"),
        ("math.log(50_000), math.log(50_000)", "The nats are right"),
    ],
    "01.2": [
        ("[0.9, 0.8], [0.7]", "got 2 and 1"),
        ("[0.9], [0.7]", "Take several"),
        ("[1.5, 0.9], [0.7, 0.7]", "from 0 to 1"),
        ("[0.5] * 5, [0.99, 0.99, 0.99, 0.99, 0.0001]", "other way round"),
        ("[0.9, 0.9], [0.6, 0.6]", "Both losses prefer A"),
        ("[0.6, 0.6], [0.9, 0.9]", "Both losses prefer B"),
        ("[0.6, 0.6], [0.6, 0.6]", "equally good"),
        ("'high', 'low'", "could not use this answer"),
    ],
    "01.3": [
        ("(0.20 + 0.30 + 0.25 + 0.90) / 4", "plain mean"),
        ("0.20 + 0.30 + 0.25 + 0.90", "sum of the four means"),
        ("315", "How many are there"),
        ("315 / 1200", "N is not 1200"),
        ("0.25", "mean times its size"),
    ],
    "02.1": [
        ("50 * 13", "add points, or multiply"),
        ("13**50", "swapped"),
        ("50 + 13", "in every combination"),
        ("50**12", "in every combination"),
        ("'a lot'", "could not use this answer"),
    ],
    "02.2": [
        ("theta_a", "a lower point"),
        ("path.start", "a lower point"),
        ("(10 / 7, -4 / 7)", "swapped"),
        ("(4 / 7, -10 / 7)", "a lower point"),
        ("0.119", "has 2 parameters, got 1"),
        ("L3.point()", "has 2 parameters, got 13"),
    ],
    "02.3": [
        ("100 * share", "not a percentage"),
        ("L(best)", "That is the loss"),
        ("1 - L(best)", "not one minus the loss"),
        ("accuracy(L.predict(theta_a), L.y)", "Train until"),
    ],
    "03.1": [
        ("0.25 * theta_A + 0.75 * theta_B", "That is α = 0.75"),
        ("0.25 * (theta_B - theta_A)", "only the step"),
        ("(theta_A + theta_B) / 2", "halfway"),
        ("theta_A + 0.25 * (theta_A - theta_B)", "leads away from B"),
        ("theta_A + 0.25 * theta_B", "add up to 1"),
        ("0.25", "2 parameters, got 1"),
        ("(1.0, 1.0)", "0.75 times A"),
        ("'a quarter'", "could not use this answer"),
    ],
    "03.2": [
        ("loss.max()", "highest loss"),
        ("loss.max() - loss[0]", "above A alone"),
        ("loss.max() - loss[-1]", "above B alone"),
        ("0.225", "at α = 0.75"),
        ("0.1", "subtract the loss on the straight line"),
        ("None", "could not use this answer"),
    ],
    "03.3": [
        ("3 * 2 * 1", "Those are the orders"),
        ("2**3", "Those are the signs"),
        ("6 + 8", "multiply, don't add"),
        ("6 * 2", "Every unit can flip"),
        ("6 * 8 - 1", "itself too"),
        ("6 * 3 * 2", "how many choices"),
        ("2", "Count the orders"),
    ],
    "04.1": [
        ("20", "between −1 and 1"),
        ("at_angle(70)", "turn by 90° − 20°"),
        ("at_angle(3)", "Turn by 70°"),
        ("at_angle(90)", "Turn by 70°"),
        ("float('nan')", "Turn by 70°"),
    ],
    "04.2": [
        ("76", "not a percentage"),
        ("random_walk_variance(steps=1000, P=1_000_000, dims=2)[0]", "first component alone"),
        ("2 / 1_000_000", "PCA chooses its directions"),
        ("random_walk_variance(steps=1000, P=1_000_000, dims=3)[2]", "the shares of 1 … dims"),
        ("0.9", "the shares of 1 … dims"),
        ("random_walk_variance(steps=1000, P=1_000_000, dims=2)", "could not use this answer"),
    ],
    "04.3": [
        ("L(theta_cross)", "change the bias"),
        ("L(path.end)", "leave the other twelve"),
        ("0", "leave the other twelve"),
        ("L(models[120])", "gets lower still"),
        ("float('nan')", "✗"),
    ],
    "05.1": [
        ("-difference", "coarse minus fine"),
        ("cube.at(2, 12.0).loss.min() - fine.loss.min()", "the same layer"),
        ("0", "is it really finer"),
        ("fine", "could not use this answer"),
        ("float('nan')", "✗"),
    ],
    "05.2": [
        ("60 * 40 * 40", "block of three directions"),
        ("60 * 40 * 40 + 40", "Layers multiply"),
        ("96_000 * 30", "once in each layer"),
    ],
    "05.3": [
        ("view.distance(onward.end)", "divide it by the length"),
        ("1 / share_off", "which of the two lengths"),
        ("1 - share_off", "Divide view.distance(end)"),
    ],
    "07.1": [
        ("((0.6, 0.8), (0.0, 2.0))", "For each row"),
        ("((1.0, 0.0), (0.6, 0.8))", "Every row has length 1"),
        ("((5.0, 0.0), (6.0, 8.0))", "multiplies the lengths"),
        ("((1.0561, 0.0), (3.1684, 4.2245))", "normalises the layer as a whole"),
        ("((0.9487, 0.0), (2.846, 4.4721))", "normalises columns"),
        ("((3.0, 4.0), (0.0, 2.0))", "Those are the weights"),
        ("(5.0, 2.0)", "4 weights, got 2"),
        ("'a direction'", "could not use this answer"),
    ],
    "07.2": [
        ("losses.mean()", "mean loss of the plane"),
        ("centre", "That is the training loss"),
        ("losses.max() - centre", "highest point"),
        ("4.1", "without the factor"),
        ("0.6", "Train for 300 steps"),
        ("None", "could not use this answer"),
    ],
    "09.1": [
        ("(2.7, 0.6)", "step of gradient descent"),
        ("(2.97, 0.84)", "steps from the worst point"),
        ("(3.3, 1.4)", "worst point near by"),
        ("(2.55, -0.2)", "ε has length ρ"),
        ("(2.73, 0.76)", "best point near by"),
        ("(3.33, 1.56)", "walks up"),
        ("(0.0, 0.0)", "g = (3, 4)"),
        ("2.67", "2 numbers, got 1"),
        ("'down'", "could not use this answer"),
    ],
    "09.2": [
        ("0.006, 2", "further left"),
        ("0.1, 2", "below the ★"),
        ("0.04, 10", "at different losses"),
        ("0.04, 0.5", "other way round"),
        ("0.04, 1", "SGD's line"),
        ("0.04, 4.5", "straight below"),
        ("'low', 2", "could not use this answer"),
    ],
    "06.1": [
        ("'ABC'", "holds a penalty"),
        ("'ABD'", "another loss"),
        ("'ABE'", "other digits"),
        ("'A'", "at least two models"),
        ("'AX'", "letters from A to E"),
        ("['A', 'D']", "another loss"),
    ],
    "06.2": [
        ("9.0", "not a percentage"),
        ("0.8", "all training labels"),
        ("0.87", "in spite of the wrong label"),
        ("0.2", "before training"),
        ("0.5", "count the predictions"),
        ("'few'", "could not use this answer"),
    ],
    "08.1": [
        ("0.1", "old learning rate"),
        ("0.3", "Larger steps are possible"),
        ("20.0", "too large"),
        ("-1.0", "positive"),
        ("'more'", "could not use this answer"),
    ],
    "08.2": [
        ("0", "divided by zero"),
        ("-10.0", "another function"),
        ("1.0", "nothing changes"),
        ("3.0", "times as sharp"),
        ("0.3", "times as sharp"),
        ("'large'", "could not use this answer"),
    ],
    "10.1": [
        ("(2, 3)", "does not pass through it"),
        ("(2, 0)", "middle of the straight line"),
        ("(2, 0.75)", "C counts twice"),
        ("(2, 1)", "not thirds"),
        ("1.5", "2 numbers, got 1"),
        ("(0, 0)", "Put t = 0.5"),
        ("'halfway'", "could not use this answer"),
    ],
    "10.2": [
        ("[0, 1, 2]", "best partner for A0 first"),
        ("[0, 0, 2]", "exactly once"),
        ("[2, 1, 3]", "counted from 0"),
        ("[1, 0]", "needs a partner, got 2"),
        ("[2, 1, 0]", "More is possible"),
        ("None", "could not use this answer"),
    ],
    "10.3": [
        ("0.0, 0.08", "swapped"),
        ("0.0, 0.0", "two seeds"),
        ("0.08, 0.08", "Match the second copy to the first"),
        ("0.08, 0.01", "shuffle of another network"),
        ("0.08, None", "could not use this answer"),
    ],
    "11.1": [
        ("0.6931471805599453", "L is a mean"),
        ("1 / 5000", "not 1"),
        ("2.302585 / 5000", "pure guess"),
        ("0.0", "never gets to zero"),
        ("0.01", "What does one mistake cost"),
        ("'small'", "could not use this answer"),
    ],
    "11.2": [
        ("0.18", "absolute values"),
        ("0.275", "share of the decisions"),
        ("0.4", "first bin alone"),
        ("0.15", "second bin alone"),
        ("0.55", "plain sum"),
        ("30", "from 0 to 1"),
        ("0.1", "For each bin"),
    ],
    "11.3": [
        ("0.06", "not of equal size"),
        ("0.02", "difference of the two shares"),
        ("0.021", "How large is the group"),
        ("42", "not a percentage"),
        ("0.5", "solve for x"),
    ],
    "12.1": [
        ("lambda outputs, y: None", "Is there a return"),
        ("lambda outputs, y: ...", "still returns"),
        ("lambda outputs, y: 0.5", "leave out .item()"),
        ("lambda outputs, y: (outputs['match'] - y) ** 2", "One number per call"),
        (
            "lambda o, y: 3 * F.binary_cross_entropy_with_logits(o['match'], y)",
            "sum over the examples",
        ),
        ("lambda o, y: F.mse_loss(o['match'], y)", "Squared error takes logits"),
        ("lambda o, y: F.binary_cross_entropy(o['match'].sigmoid(), 1 - y)", "entry 'match'"),
        ("lambda o, y: F.binary_cross_entropy_with_logits(o, y)", "could not use this answer"),
    ],
    "12.2": [
        ("10 * 1.5 / 4 / 8", "direction multiplies"),
        ("510", "the examples and the workers"),
        ("127.5", "eight workers"),
        ("63.75", "quarter of the examples"),
        ("10 / 32", "51 such planes"),
        ("51**3", "models × examples / workers"),
    ],
    "12.3": [
        ("400", "only halve"),
        ("200", "a third off"),
        ("25", "not fewer"),
        ("6400", "1/√n"),
    ],
    "12.4": [
        ("walls_to(2), 0.5, anew", "Come closer"),
        ("walls_to(0.5), 0.5, anew", "go further out"),
        ("scan(L, second, 41, ((-1.5, 0.9),)), 0.5, anew", "from −r to r"),
        ("good, fresh / drawn, anew", "the share that stays"),
        ("good, drawn - fresh, anew", "loss that vanishes"),
        ("good, drawn / fresh, anew", "as it is drawn"),
        ("good, drawn / fresh - 1, anew", "as it is drawn"),
        ("good, 0.1, anew", "at the same model"),
        ("plane, 0.1, anew", "could not use this answer"),
    ],
}
# What several of these have in common.
HELPERS = {
    "12.4": """
def walls_to(reach):
    return scan(L, second, 41, ((-reach, reach),))

good = walls_to(0.9)
drawn, fresh = good.loss[-1], anew(second.point(0.9)).item()
""",
    "07.2": """
from lossviz_helpers.course.exercises.ch07 import _plateau
losses, centre = _plateau()
""",
    "04.1": """
def at_angle(angle):
    tilted = straight.turn(1, towards=straight.directions[0], degrees=90 - angle)
    loss = scan(L, tilted, resolution=61, extent=window).loss
    return np.corrcoef(loss.ravel(), loss.T.ravel())[0, 1]
""",
}


def registered() -> set[str]:
    """The numbers of all exercises that have a check."""
    with pytest.raises(ValueError, match="there is no exercise 'none'; there are") as caught:
        check("none", 1)
    return set(re.findall(r"\d\d\.\d+", str(caught.value)))


def solutions(path: Path) -> dict[str, tuple[int, str, str]]:
    """Number of every exercise in a notebook: index of its cell, the solution, the check."""
    cells = nbformat.read(path, as_version=4).cells
    found = {}
    for index, cell in enumerate(cells):
        line = re.search(r'^check\("(.+?)".*\)$', cell.source, re.MULTILINE)
        if cell.cell_type == "code" and line:
            folded = re.search(r"<details>.*?```python\n(.*?)```", cells[index + 1].source, re.S)
            assert folded, f"no solution behind exercise {line[1]}"
            found[line[1]] = (index, folded[1], line[0])
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
def feedback(path: Path) -> dict[tuple[str, str], str]:
    """What every solution ("") and every wrong answer of a notebook is told.

    Only cells are run whose results an answer needs: no figure is drawn. No kernel runs them,
    which saves seconds; the notebook as a whole runs in one elsewhere.
    """
    exercises = solutions(path)
    by_index = {index: number for number, (index, _, _) in exercises.items()}
    cells = nbformat.read(path, as_version=4).cells
    to_run, needed = [], set()
    for index in reversed(range(len(cells))):
        number = by_index.get(index)
        if number:
            _, solution, check_line = exercises[number]
            wrong = [(w, f'check("{number}", {w})') for w, _ in WRONG.get(number, ())]
            codes = [
                ((number, ""), solution + check_line),
                (None, HELPERS.get(number, "")),
                *(((number, answer), code) for answer, code in wrong),
            ]
        elif cells[index].cell_type == "code" and names(cells[index].source)[0] & needed:
            codes = [(None, cells[index].source)]
        else:
            continue
        for key, code in reversed(codes):
            bound, read = names(code)
            needed = needed - bound | read
            to_run.append((key, code))
    told, space = {}, {}
    for key, code in reversed(to_run):
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(code, f"<{path.name}>", "exec"), space)
        told[key] = printed.getvalue()
    return told


def test_every_exercise_has_a_check_and_every_check_an_exercise():
    assert set(NOTEBOOKS) == registered()


def test_every_exercise_has_known_wrong_answers():
    assert set(WRONG) == registered()
    assert all(len(wrong) >= 2 for wrong in WRONG.values())


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_solutions_pass(number):
    told = feedback(NOTEBOOKS[number])[number, ""]  # after whatever the solution itself prints
    assert told.splitlines()[-1].startswith("✓ Right. "), told


@pytest.mark.parametrize(
    ("number", "answer", "phrase"),
    [(number, answer, phrase) for number in WRONG for answer, phrase in WRONG[number]],
)
def test_wrong_answers_get_their_hint(number, answer, phrase):
    told = feedback(NOTEBOOKS[number])[number, answer]
    assert told.startswith("✗ Not yet. "), told
    assert phrase in told


# The framework


def told(capsys, number, *answer) -> str:
    check(number, *answer)
    return capsys.readouterr().out


def test_an_answer_that_is_missing(capsys):
    assert "waits for your answer" in told(capsys, "02.1", ...)
    assert "waits for your answer" in told(capsys, "01.1", 10.8, ...)


@pytest.mark.parametrize("answer", [torch.tensor([1.0, 2.0]), object(), "", None, lambda: 1])
def test_no_answer_breaks_a_check(capsys, answer):
    for number in ("01.3", "02.1", "02.2", "03.2", "05.2"):
        assert told(capsys, number, answer).startswith("✗ Not yet. ")


def test_too_many_or_too_few_answers(capsys):
    assert "could not use this answer (TypeError" in told(capsys, "02.1", 1, 2)
    assert "could not use this answer (TypeError" in told(capsys, "01.1", 1)


def test_answers_may_be_tensors(capsys):
    best = torch.tensor([-4 / 7, 10 / 7])
    for answer in (best, best.double(), best.tolist(), best.numpy(), best.requires_grad_()):
        assert told(capsys, "02.2", answer).startswith("✓ Right. ")


def test_ctrl_c_stops_a_check():
    class Interrupting:
        def __float__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("03.2", Interrupting())
