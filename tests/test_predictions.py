"""Predictions: every question has evidence and a cell; answers are kept, reported and collected."""

import json
import re
import sys
from pathlib import Path

import nbformat
import pytest

from lossviz_helpers.course.answers import keep, kept, place
from lossviz_helpers.course.collect import collect, main, misconceptions, summary
from lossviz_helpers.course.exercises import check
from lossviz_helpers.course.offline import KEPT, revive
from lossviz_helpers.course.predictions import predict
from lossviz_helpers.course.predictions.question import QUESTIONS, find, question
from lossviz_helpers.course.report import HandIn, HandInError, report

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import sentences

ROOT = Path(__file__).resolve().parents[1]

CHAPTERS = {
    path.name[:2]: nbformat.read(path, as_version=4).cells
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
}
each_question = pytest.mark.parametrize("number", QUESTIONS)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


@pytest.fixture(autouse=True)
def own_file(tmp_path, monkeypatch):
    monkeypatch.setenv("LOSSVIZ_ANSWERS", str(tmp_path / "me" / "answers.json"))


# The questions


@each_question
def test_a_right_choice_has_evidence(number):
    assert sentences.trouble(QUESTIONS[number].shown) == ""


@each_question
def test_wrong_choices_are_sentences_that_someone_may_believe(number):
    asked = QUESTIONS[number]
    assert set(asked.misconceptions) == {*asked.choices} - {asked.right}
    for believed in asked.misconceptions.values():
        assert re.fullmatch(r"[A-Z].{15,}\.", believed), believed
    assert asked.asks.endswith("?")
    assert len(set(asked.choices)) == len(asked.choices) >= 2


def test_being_right_has_no_place_of_its_own():
    places = [q.choices.index(q.right) for q in QUESTIONS.values()]
    for place_ in range(3):
        assert places.count(place_) > len(places) / 6


@each_chapter
def test_every_predict_has_a_question_and_a_cell_behind_it(chapter):
    cells = CHAPTERS[chapter]
    asked = {q.asked: q for q in QUESTIONS.values() if q.number.startswith(f"{chapter}.")}
    asking = [i for i, c in enumerate(cells) if "> **Predict.**" in c.source]
    assert {cells[i].id for i in asking if cells[i].cell_type == "markdown"} == set(asked)
    for i in asking:
        question_, cell = asked[cells[i].id], cells[i + 1]
        assert cell.id == f"c{chapter}-predict-{question_.number.partition('.')[2]}"
        space: dict[str, object] = {}
        code = re.sub(r"^predict\(", "widget = predict(", cell.source, flags=re.MULTILINE)
        exec(code, space | {"predict": predict}, space)
        assert space["widget"]._number == question_.number
        assert cell.outputs[0].metadata[KEPT] == space["widget"].saved(), "run tools/notebooks.py"


def test_a_question_is_asked_once_and_knows_its_choices():
    with pytest.raises(ValueError, match=r"'02\.1' is asked already"):
        question("02.1", "?", "a", right="a", wrong={}, asked="", shown="")
    with pytest.raises(ValueError, match="as right or wrong"):
        question("99.1", "?", "a", "b", right="a", wrong={"c": ""}, asked="", shown="")


# Predicting


def test_a_plain_call_keeps_the_newest_answer(capsys):
    predict("02.3", choice="along one contour", sure=70)
    predict("02.3", choice=2, sure=55.5)
    assert kept("predictions") == {
        "02.3": {"choice": "first down, then along the floor", "sure": 55.5}
    }
    assert 'report("02")' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: predict("02.99"), r"no prediction '02\.99'"),
        (lambda: predict("02.3", "yes", "no"), r"has the choices \('straight"),
        (lambda: predict("02.3", choice="up", sure=3), "no choice 'up'.*1: 'straight"),
        (lambda: predict("02.3", choice=4, sure=3), "no choice 4"),
        (lambda: predict("02.3", choice=1, sure=101), "from 0 to 100, got 101"),
        (lambda: predict("02.3", choice=1), "give both"),
    ],
)
def test_what_cannot_be_kept_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
    assert not place().exists()


def test_what_the_widget_is_told_is_kept_and_shown_again():
    asked = find("02.3")
    widget = predict("02.3", *asked.choices)
    widget.answer = {"choice": asked.choices[0], "sure": 90}
    assert predict("02.3").answer == widget.answer
    assert kept("predictions")["02.3"]["sure"] == 90


def test_the_widget_says_so_where_nothing_can_be_kept(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("LOSSVIZ_ANSWERS", str(tmp_path / "file" / "answers.json"))
    widget = predict("02.1")
    widget.answer = {"choice": "diagonal", "sure": 70}
    assert "answers.json can't be written" in widget._trouble
    monkeypatch.setenv("LOSSVIZ_ANSWERS", str(tmp_path / "answers.json"))
    widget.answer = {"choice": "diagonal", "sure": 90}
    assert not widget._trouble


def test_an_answer_to_other_choices_is_not_shown():
    keep("predictions", "02.3", {"choice": "of an older edition", "sure": 90})
    assert predict("02.3").answer == {}


def test_a_page_gets_the_question_without_the_answer():
    widget = predict("02.3")
    widget.answer = {"choice": widget._choices[0], "sure": 90}
    again = revive(json.loads(json.dumps(widget.saved())))
    assert again._choices == widget._choices
    assert again.answer == {}
    assert widget._in_file
    assert not again._in_file


def test_a_damaged_file_is_moved_aside():
    for number, content in enumerate(("{", "[]", '{"predictions": []}', '"text"')):
        place().parent.mkdir(exist_ok=True)
        place().write_text(content)
        assert kept("predictions") == {}
        predict("02.3", choice=1, sure=10 + number)
        assert kept("predictions")["02.3"]["sure"] == 10 + number
        assert place().with_suffix(".damaged").read_text() == content


def test_exercises_are_kept_and_stay_solved(capsys):
    check("01.2", ...)
    assert kept("exercises") == {}
    check("01.2", [0.9], [0.8])
    assert kept("exercises") == {"01.2": {"solved": False, "attempts": 1}}
    check("01.2", [0.99, 0.99, 0.99, 0.99, 0.0001], [0.6, 0.6, 0.6, 0.4, 0.4])
    check("01.2", [0.9], [0.8])
    assert kept("exercises") == {"01.2": {"solved": True, "attempts": 3}}


def test_a_check_works_where_nothing_can_be_kept(capsys, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LOSSVIZ_ANSWERS", str(tmp_path / "file" / "answers.json"))
    check("01.2", [0.9], [0.8])
    assert capsys.readouterr().out.startswith("✗ Not yet. ")


# Reporting


def answer(number: str, sure: float, is_right: bool) -> None:
    asked = find(number)
    wrong = next(iter(asked.misconceptions))
    predict(number, choice=asked.right if is_right else wrong, sure=sure)


def test_a_report_says_how_sure_and_how_right(capsys):
    answer("02.2", 90, False)
    answer("02.10", 99, True)
    answer("03.1", 30, True)
    capsys.readouterr()
    report("02")
    page = capsys.readouterr().out
    assert "1 of 2 right, and 94% sure on average" in page
    assert page.index("02.2") < page.index("02.10"), "in the order of the chapter"
    assert find("02.2").right in page
    assert next(iter(find("02.2").misconceptions.values())) in page
    assert "03.1" not in page
    report()
    assert "2 of 3 right" in capsys.readouterr().out
    with pytest.raises(ValueError, match="no chapter '77'"):
        report("77")


def test_a_hand_in_is_read_as_it_was_written(tmp_path):
    answer("02.2", 90, False)
    keep("exercises", "02.1", {"solved": True, "attempts": 2})
    report("02", name="Ada", file=tmp_path / "ada.json")
    assert HandIn.read(tmp_path / "ada.json") == HandIn.now("02.", "Ada")
    assert HandIn.now("02.", "Ada").exercises == {"02.1": (True, 2)}


def test_a_class_is_collected_and_what_cannot_be_read_is_named(tmp_path, capsys):
    folder = tmp_path / "class"
    folder.mkdir()
    for name, right in (("ada", True), ("bob", False), ("eve", False)):
        answer("02.2", 80, right)
        answer("02.6", 60, not right)
        report("02", name=name, file=folder / f"{name}.json")
    good = json.loads((folder / "ada.json").read_text())
    first = next(iter(good["predictions"]))
    for name, content in {
        "torn": (folder / "ada.json").read_text()[:100],
        "list": "[]",
        "empty": "",
        "other": json.dumps(good | {"course": "botany"}),
        "newer": json.dumps(good | {"version": 2}),
        "edition": json.dumps(good | {"predictions": {first: ["what?", 50]}}),
        "sure": json.dumps(good | {"predictions": {first: [good["predictions"][first][0], 500]}}),
        "fields": json.dumps({key: good[key] for key in ("course", "version", "name")}),
    }.items():
        (folder / f"{name}.json").write_text(content)
    read, skipped = collect(folder)
    assert [one.name for one in read.values()] == ["ada", "bob", "eve"]
    assert sorted(skipped) == sorted(
        f"{name}.json"
        for name in ("torn", "list", "empty", "other", "newer", "edition", "sure", "fields")
    )
    assert "not a hand-in of this course" in skipped["other.json"]
    assert "version 2" in skipped["newer.json"]
    assert "another edition" in skipped["edition.json"]
    common = misconceptions(list(read.values()))
    assert [(number, count, of) for number, _, count, of in common] == [
        ("02.2", 2, 3),
        ("02.6", 1, 3),
    ]
    capsys.readouterr()
    assert main([str(folder)]) == 0
    page = capsys.readouterr().out
    assert re.search(r"^ada +1/2 +70% +0/0$", page, re.MULTILINE)
    assert "2 of 3, prediction 02.2" in page
    for name in skipped:
        assert f"skipped {name}: " in page


def test_files_that_cannot_be_opened_are_damaged(tmp_path):
    with pytest.raises(HandInError, match="damaged"):
        HandIn.read(tmp_path / "nothing.json")


def test_collecting_asks_for_a_folder(tmp_path):
    with pytest.raises(SystemExit):
        main([str(tmp_path / "nowhere")])
    assert "no hand-in" in summary(tmp_path)
