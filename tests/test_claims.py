"""The claims ledger: three seeds of each claim always, all seeds with `pytest -m claims`."""

import importlib.util
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from evidence.claims import CLAIM, code_cells

import claims.__main__ as command
from claims.ledger import (
    KINDS,
    RESULTS,
    Claim,
    Variation,
    all_claims,
    kind,
    load,
    run,
    save,
    verdict,
)
from claims.page import PAGE, family, link, page, spread
from claims.picture import EDGE, PICTURE, SVG, draw, in_deviations, picture, rows
from claims.verdicts import EXACT, HOLDS, OPPOSITE, UNDECIDED, holm, interval, judge, p_value

TOOLS = Path(__file__).resolve().parents[1] / "tools"
CLAIMS = all_claims()
MEASURED = [c for c in CLAIMS if c.number in load()]
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)


def fake(measure=lambda seeds: [1.0 + s for s in seeds], **changes) -> Claim:
    """A claim of ours that holds: seed s gives 1 + s."""
    given = {"number": "01.9", "says": "It rains", "source": "ours", "settings": "a toy"}
    given |= {"effect": "litres", "seeds": range(10), "measure": measure, "cell": "c01-07"}
    return Claim(**(given | changes))


# Verdicts


@pytest.mark.parametrize(
    ("support", "against", "p"),
    # binomial tails, doubled: 2/32, 2/64, 2·(1 + 10)/1024, 2·(1 + 10 + 45)/1024, 1/2 doubled
    [(5, 0, 0.0625), (6, 0, 0.03125), (9, 1, 0.021484), (8, 2, 0.109375), (1, 1, 1), (0, 0, 1)],
)
def test_the_sign_test(support, against, p):
    for sides in ([1] * support + [-1] * against, [-1] * support + [1] * against):
        assert p_value(sides) == pytest.approx(p, abs=1e-6), "chance has two sides"


def test_ties_are_dropped():
    # 7 better, 3 equal, none worse: 2/128, not the 2·(1 + 10 + 45 + 120)/1024 of 7 in 10
    assert p_value([1] * 7 + [0] * 3) == p_value([1] * 7) == 0.015625
    assert judge([0] * 10) == UNDECIDED


def test_a_verdict_is_one_sided_seeds_or_undecided():
    assert judge([1] * 6) == HOLDS
    assert judge([-1] * 6) == OPPOSITE
    assert judge([1] * 5) == UNDECIDED, "five of five happen by chance once in 16 times"
    assert judge([1] * 9 + [-1]) == HOLDS
    assert judge([1] * 8 + [-1] * 2) == UNDECIDED


def test_the_interval_of_a_normal_sample_is_near_that_of_student():
    values = np.random.default_rng(1).normal(3, 2, 200)
    half = 1.972 * values.std(ddof=1) / np.sqrt(200)  # t, 199 degrees of freedom
    low, high = interval(values)
    assert low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert high == pytest.approx(values.mean() + half, abs=0.1 * half)
    assert interval(values) == (low, high), "the same every time"


def test_the_interval_of_equal_effects_is_a_point():
    assert interval([0.3, 0.3]) == (0.3, 0.3)


def test_the_interval_follows_the_unit():
    values = np.random.default_rng(2).normal(size=10)
    low, high = interval(values)
    assert interval(100 * values + 7) == pytest.approx((100 * low + 7, 100 * high + 7))


@pytest.mark.parametrize(
    ("p", "adjusted"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        # p.adjust(c(0.0001, 0.015, 0.02, 0.6, 0.6), "holm") in R
        ([0.0001, 0.015, 0.02, 0.6, 0.6], [0.0005, 0.06, 0.06, 1, 1]),
        ([0.2], [0.2]),
        ([], []),
    ],
)
def test_holm(p, adjusted):
    assert holm(p) == pytest.approx(adjusted)


def test_an_effect_is_measured_from_its_bound():
    effects = [0.05, 0.1, 0.3]
    assert fake(above=0.1).sides(effects) == [-1, 0, 1]
    assert fake(below=0.1).sides(effects) == [1, 0, -1]
    assert fake(below=0.1).beyond(effects) == pytest.approx([0.05, 0, -0.2])


def varied(**effects) -> tuple[Variation, ...]:
    """Variations in which every seed has this effect."""
    return tuple(
        Variation(f"another {name}", lambda seeds, e=e: [e] * len(seeds), f"the {name} is right")
        for name, e in effects.items()
    )


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (fake(), HOLDS),
        (fake(above=20), OPPOSITE),
        (fake(below=20), HOLDS),
        (fake(above=4.5), UNDECIDED),
        (fake(varied=varied(rate=1)), HOLDS),
        (fake(varied=varied(rate=-1)), "holds if the rate is right"),
        (fake(varied=varied(rate=0)), "holds if the rate is right"),
        (fake(varied=2 * varied(rate=0)), "holds if the rate is right"),
        (
            fake(varied=varied(rate=-1, width=2, loss=-3)),
            "holds if the rate is right and the loss is right",
        ),
        (fake(above=20, varied=varied(rate=1)), OPPOSITE),
        (fake(above=20, varied=varied(rate=30)), "the opposite holds if the rate is right"),
        (fake(lambda seeds: [1e-17] * len(seeds), below=1e-12, proof="A = A"), EXACT),
        (fake(lambda seeds: [0.0] * len(seeds), below=1e-12, proof="A = A"), EXACT),
    ],
)
def test_verdicts(claim, said):
    assert verdict(claim, run(claim)) == said
    assert kind(said) in KINDS


@pytest.mark.parametrize("effect", [float("nan"), float("inf")])
def test_a_non_finite_effect_has_no_verdict(effect):
    claim = fake(lambda seeds: [effect, *seeds[1:]])
    with pytest.raises(ValueError, match=r"claim 01.9 measured \[.*each seed needs a finite"):
        verdict(claim, run(claim))
    claim = fake(varied=varied(rate=effect))
    with pytest.raises(ValueError, match=r"claim 01.9 \(another rate\) measured"):
        verdict(claim, run(claim))


def test_a_missed_identity_is_an_error():
    claim = fake(lambda seeds: [1e-17, 1e-3], below=1e-12, proof="A = A")
    with pytest.raises(ValueError, match=r"is proved, but a seed gives 0.001"):
        verdict(claim, run(claim))


# Results, page and picture


def test_results_are_kept_by_chapter(tmp_path, monkeypatch):
    monkeypatch.setattr("claims.ledger.RESULTS", tmp_path / "results")
    one, two = fake(varied=varied(rate=-1)), fake(number="02.1", measure=lambda s: [1 / 3] * len(s))
    results = {c.number: run(c) for c in (one, two)}
    save(results, [one, two])
    assert load() == results
    assert sorted(p.name for p in (tmp_path / "results").iterdir()) == ["ch01.json", "ch02.json"]
    assert load()["01.9"]["varied"] == {"another rate": [-1.0] * 10}
    assert load()["02.1"]["effects"][0] == 0.3333, "four digits are enough"
    save(results, [two])
    assert set(load()) == {"01.9", "02.1"}, "other chapters keep their results"


def test_effects_are_written_out():
    assert spread(fake(), [1.0] * 5 + [0.0, -1.0]) == "0.571 [0, 1], 5/7 > 0, 1 tied"
    assert spread(fake(below=0.1), [0.05, 0.05]) == "0.05 [0.05, 0.05], 2/2 < 0.1"


def test_the_page_and_its_picture_are_written_from_the_results():
    assert PAGE.read_text(encoding="utf-8") == page(CLAIMS, load()), "run: python -m claims --page"


def test_a_claim_without_results_has_no_row():
    with pytest.raises(ValueError, match=r"no results of 01.99 yet: run python -m claims 01.99"):
        page([fake(number="01.99")], load())


def test_the_correction_says_what_it_changes():
    one, other = fake(), fake(number="01.8", seeds=range(6))
    results = {c.number: run(c) for c in (one, other)}
    # p = 2/1024 and 2/64, which two tests double to no more than 2/64 again
    assert "2 tests, of which 2 are decisive" in family([one, other], results)
    assert "none of these verdicts changes" in family([one, other], results)
    third = fake(number="01.7", seeds=range(6), varied=varied(rate=1))
    results |= {third.number: run(third)}
    said = family([one, other, third], results)
    assert "4 tests" in said
    assert "3 become undecided." in said
    assert said.endswith("\n\n01.8, 01.7, 01.7 (another rate).\n\n</details>")
    proved = fake(number="01.6", below=99, proof="A = A")
    assert family([one, proved], results | {"01.6": run(proved)}).startswith("These are 1 test")


def test_deviations_are_those_of_the_bound():
    # effects 1 … 10: mean 5.5, deviation 3.0277; the bound 2.5 lies 3 away
    mean, low, high = in_deviations(fake(above=2.5).beyond(range(1, 11)))
    assert mean == pytest.approx(3 / 3.0277, abs=1e-3)
    ends = interval([e - 2.5 for e in range(1, 11)])
    assert (low, high) == pytest.approx((ends[0] / 3.0277, ends[1] / 3.0277), abs=1e-3)
    assert in_deviations(fake(below=2.5).beyond(range(1, 11)))[0] == pytest.approx(-mean)
    assert in_deviations([0.3 - 0.1] * 3)[0] == np.inf, "all seeds agree"
    assert in_deviations([0.0, 0.0]) == (0, 0, 0)


FAKES = [
    fake(),
    fake(number="02.1", says="The sun shines.", above=20, varied=varied(rate=30, loss=1)),
    fake(number="03.1", says="A sentence that is too long for a line, " * 3, above=4.5),
    fake(number="04.1", below=99, proof="A = A"),
    fake(number="05.1", measure=lambda seeds: [7.0] * len(seeds)),
]
FAKE_RESULTS = {c.number: run(c) for c in FAKES}


def test_lines_are_sorted_by_effect_and_show_it():
    lines = rows(FAKES, FAKE_RESULTS)
    assert [line.claim.number for line in lines] == ["05.1", "01.9", "03.1", "02.1"]
    assert [line.judged for line in lines] == [
        HOLDS,
        HOLDS,
        UNDECIDED,
        f"{OPPOSITE} if the rate is right",
    ]
    assert [line.number for line in lines] == ["+∞", "+1.8", "+0.3", "−4.8"]
    assert lines[3].label == "02.1  The sun shines"
    assert lines[2].label.endswith(" …")
    assert len(lines[2].label) <= 70
    said = "02.1: The sun shines. litres: 5.5 [3.7, 7.3], 0/10 > 20; "
    assert lines[3].says == said + "the opposite holds if the rate is right"
    assert [judged for _, judged in lines[3].varied] == [HOLDS, OPPOSITE]


def test_means_and_intervals_are_drawn_where_they_are():
    lines = rows(FAKES, FAKE_RESULTS)
    (ax,) = draw(lines).axes
    marks = {m.get_gid(): m for m in ax.lines if m.get_gid()}
    assert set(marks) == {f"effect-{line.claim.number}" for line in lines}
    colours = {}
    for at, line in enumerate(lines):
        mark = marks[f"effect-{line.claim.number}"]
        assert mark.get_ydata()[0] == at
        assert mark.get_xdata()[0] == pytest.approx(np.clip(line.mean, -EDGE, EDGE))
        assert mark.get_url() == link(line.claim)
        colours.setdefault(line.judged, mark.get_color())
        assert mark.get_color() == colours[line.judged]
    assert len(set(colours.values())) == 3
    bars = [m.get_xdata() for m in ax.lines if len(m.get_xdata()) == 2 and m.get_ydata()[0] == 1]
    assert any(bar == pytest.approx((lines[1].low, lines[1].high)) for bar in bars)


def words(tree: ET.Element) -> list[str]:
    return [text.text or "" for text in tree.iter(f"{{{SVG}}}text")]


def drawn(tree: ET.Element) -> dict[str, str]:
    """What each mark says when one points at it."""
    marks = [g for g in tree.iter(f"{{{SVG}}}g") if g.get("id", "").startswith("effect-")]
    return {m.get("id").removeprefix("effect-"): m.find(f".//{{{SVG}}}title").text for m in marks}


def test_the_picture_shows_the_results_and_links_to_the_cells():
    tree = ET.fromstring(PICTURE.read_text(encoding="utf-8"))
    lines, stale = rows(CLAIMS, load()), "run: python -m claims --page"
    assert drawn(tree) == {line.claim.number: line.says for line in lines}, stale
    assert [line.label for line in lines] == [w for w in words(tree) if re.match(r"\d\d\.", w)]
    numbers = [word for word in words(tree) if re.fullmatch(r"[+−]([\d,.]+|∞)", word)]
    assert [line.number for line in lines] == [n for n in numbers if n not in "−8−6−4−2"], stale
    anchors = list(tree.iter(f"{{{SVG}}}a"))
    assert {a.get("target") for a in anchors} == {"_top"}
    assert {a.get("href") for a in anchors} == {link(line.claim) for line in lines}
    for anchor in anchors:
        address, _, cell = anchor.get("href").partition("#cell-id=")
        notebook = (PICTURE.parent / address).resolve()
        assert notebook.exists()
        assert not cell or cell in code_cells(notebook), f"{notebook.name} has no cell {cell}"


def test_on_the_site_links_lead_to_the_cells(tmp_path):
    pytest.importorskip("sphinx")
    sys.path.insert(0, str(TOOLS))  # it imports a neighbour, and is named like a standard module
    spec = importlib.util.spec_from_file_location("lossviz_site", TOOLS / "site.py")
    site = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(site)
    (tmp_path / "claims").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "claims" / "README.md").write_text(page(FAKES, FAKE_RESULTS), encoding="utf-8")
    (tmp_path / "claims" / "effects.svg").write_text(picture(FAKES, FAKE_RESULTS), encoding="utf-8")
    copied = shutil.copy(FAKES[0].notebook(), tmp_path / "notebooks")
    site.link_ledger(tmp_path)
    shown = (tmp_path / "claims" / "README.md").read_text(encoding="utf-8")
    assert '<a href="../notebooks/01_loss_functions.html#c01-07">01.9</a>' in shown
    assert 'target="_top" href="../notebooks/01_loss_functions.html#c01-07"' in shown
    assert ".ipynb#" not in shown
    assert "](effects.svg)" not in shown
    cells = nbformat.read(copied, as_version=4).cells
    at = next(i for i, cell in enumerate(cells) if cell.id == "c01-07")
    assert cells[at - 1].source == '<div id="c01-07"></div>'


def test_a_picture_is_the_same_every_time():
    assert picture(FAKES, FAKE_RESULTS) == picture(FAKES, FAKE_RESULTS)
    assert "<dc:date>" not in picture(FAKES, FAKE_RESULTS)


# Other seeds


def changing(seeds):
    """Holds on the seeds 0 to 9, and not on later ones."""
    return [1.0 if s < 10 else -1.0 for s in seeds]


OTHERS = [
    fake(number="01.1"),
    fake(number="01.2", measure=changing),
    fake(number="02.1", varied=(Variation("another rate", changing, "the rate is right"),)),
    fake(number="02.2", measure=lambda seeds: [1.0] * (10 if seeds[0] < 10 else 1 // 0)),
    fake(number="02.3", varied=varied(rate=-1)),
]


@pytest.fixture
def asked(monkeypatch, capsys):
    """What `python -m claims …` prints for these claims; it can't write."""
    recorded = {c.number: run(c) for c in OTHERS}
    monkeypatch.setattr(command, "all_claims", lambda: OTHERS)
    monkeypatch.setattr(command, "load", lambda: recorded)

    def refuse(*_args, **_options):
        raise AssertionError("nothing may be written")

    monkeypatch.setattr(command, "save", refuse)
    monkeypatch.setattr(Path, "write_text", refuse)

    def ask(*words):
        command.main(words)
        return capsys.readouterr().out

    return ask


def test_other_seeds_say_which_verdicts_change(asked):
    *measured, total, first, second, third = asked("--seeds", "300-309").strip().split("\n")
    assert total == "3 of 5 verdicts (60.0%) change on seeds 300-309"
    assert first == "01.2: holds → the opposite holds"
    assert second == "02.1: holds → holds if the rate is right"
    assert third.startswith("02.2: holds → fails: ")
    assert measured[0].split() == ["01.1", "306", "[304,", "307],", "10/10", ">", "0", "holds"]
    assert len([line for line in measured if line]) == len(OTHERS)


def test_other_seeds_of_some_claims(asked):
    out = asked("--seeds", "300-305", "01.1", "02.3")
    assert "0 of 2 verdicts (0.0%) change on seeds 300-305" in out


def test_a_changed_condition_is_reported(asked, monkeypatch):
    two = (*varied(rate=-1), Variation("another loss", changing, "the loss is right"))
    claim = fake(number="02.3", varied=two)
    monkeypatch.setattr(command, "all_claims", lambda: [claim])
    monkeypatch.setattr(command, "load", lambda: {"02.3": run(claim)})
    out = asked("--seeds", "300-309")
    assert "0 of 1 verdicts (0.0%) change" in out
    assert "1 more hold under another condition there" in out
    assert "holds if the rate is right → holds if the rate is right and the loss is right" in out


@pytest.mark.parametrize("words", [("--seeds", "309-300"), ("--seeds", "many"), ("13.1",)])
def test_unknown_claims_and_bad_seeds_are_rejected(asked, words, capsys):
    with pytest.raises(SystemExit):
        asked(*words)
    assert re.search(
        "name the first and the last|no chapter or claim 13.1", capsys.readouterr().err
    )


# Evidence


def test_numbers_are_unique():
    assert len({c.number for c in CLAIMS}) == len(CLAIMS)


def test_every_result_belongs_to_a_claim():
    assert set(load()) <= {c.number for c in CLAIMS}
    assert {p.name for p in RESULTS.iterdir()} == {f"ch{c.chapter}.json" for c in CLAIMS}


@pytest.mark.parametrize("requirement", CLAIM, ids=lambda requirement: requirement.__name__)
@each_claim
def test_every_claim_has_evidence(claim, requirement):
    requirement(claim)


GOOD = next(claim for claim in CLAIMS if not claim.proof)
PROVED = {"proof": "A = A", "varied": ()}
SPOILT = {
    "no source": ({"source": " "}, "has no source: the ledger prints it"),
    "a table's end": ({"effect": "|a − b|"}, "`|` in effect ends a cell"),
    "no number": ({"number": "1"}, "its number is chapter and place, such as 08.2"),
    "another chapter": ({"number": "02.1"}, "belongs in claims/ch02.py, in CLAIMS"),
    "no place": ({"source": "Li et al. 2018"}, "'Li et al. 2018' names no section or figure"),
    "one place of two": (
        {"source": "Li et al. 2018, section 7; textbooks"},
        "'textbooks' names no section or figure",
    ),
    "no cell": ({"cell": ""}, "cell '' isn't a code cell of its chapter"),
    "a cell of text": ({"cell": "c01-01"}, "cell 'c01-01' isn't a code cell"),
    "five seeds": ({"seeds": range(5)}, "take at least 6"),
    "a seed twice": ({"seeds": [0] * 10}, "counts a seed twice"),
    "one setting": ({"varied": ()}, "is measured in one setting only"),
    "nothing changed": (
        {"varied": (Variation(" ", GOOD.measure, "x"),)},
        "says what was changed",
    ),
    "an unnamed change": (
        {"varied": (Variation("without the condition", GOOD.measure, "x"),)},
        "doesn't say what was changed",
    ),
    "no need": ({"varied": (Variation("width 8", GOOD.measure, ""),)}, "`needs` completes"),
    "twice the same": ({"varied": varied(rate=1) * 2}, "changes the same thing twice"),
    "no rounding": (PROVED, "`below=` gives its bound"),
    "not measured": ({"number": "01.99"}, "was not measured: run python -m claims 01.99"),
    "new seeds": ({"seeds": range(100, 110)}, "other seeds: run python -m claims 01.2"),
    "a new variation": ({"varied": varied(moon=1)}, "changed: run python -m claims 01.2"),
}


@pytest.mark.parametrize(("change", "message"), SPOILT.values(), ids=SPOILT)
def test_missing_parts_of_a_claim_are_named(change, message):
    found = []
    for requirement in CLAIM:
        try:
            requirement(replace(GOOD, **change))
        except AssertionError as err:
            found.append(str(err))
    assert any(message in said for said in found), found


# Another machine rounds differently, and training amplifies it until two runs from one start have
# little in common: a seed's effect is then another draw from the spread of all seeds. What survives
# is on which side of the bound effects lie, and how far from it they get.
FEW = 3  # seeds, whose median one draw from the tail can't move far


def side(beyond):
    """On which side of the bound every draw must be expected, 1 or −1; 0 if none must."""
    clear = abs(np.median(beyond)) >= np.std(beyond)
    sides = set(np.sign(beyond))
    return sides.pop() if clear and len(sides) == 1 else 0


def reach(effects):
    """The range where another draw may lie: that of the seeds, extended by its width both ways."""
    low, high = min(effects), max(effects)
    margin = max(high - low, 0.05 * max(abs(low), abs(high)), 1e-6)
    return low - margin, high + margin


def test_a_side_counts_only_if_all_seeds_are_clearly_on_it():
    assert side([2.0, 3.0, 4.0]) == 1
    assert side([-0.5, -0.5]) == -1
    assert side([1.0, 1.0, -0.1]) == 0, "one seed is on the other side"
    assert side([1.0, 1.0, 0.0]) == 0, "one seed is on neither"
    assert side([0.1, 0.2, 9.0]) == 0, "the spread is larger than what is typical"


def test_the_reach_is_that_of_the_seeds_and_more():
    assert reach([1.0, 3.0, 2.0]) == (-1, 5)
    assert reach([2.0, 2.0]) == pytest.approx((1.9, 2.1))


@pytest.mark.parametrize("claim", MEASURED, ids=lambda claim: claim.number)
def test_a_few_seeds_agree_with_all_of_them(claim):
    # as it is stated; what was changed alone would take three times as long: pytest -m claims
    few = run(replace(claim, varied=()), claim.seeds[:FEW])["effects"]
    recorded = load()[claim.number]["effects"]
    assert len(few) == FEW
    if claim.proof:  # rounding has no typical size
        assert min(claim.sides(few)) >= 0
    elif not claim.timed:  # a busy machine may be slow at either
        typical, (low, high) = np.median(few), reach(recorded)
        assert low <= typical <= high
        expected = side(claim.beyond(recorded))
        assert expected in (0, np.sign(np.median(claim.beyond(few))))


@pytest.mark.claims
@each_claim
def test_all_seeds_give_the_same_verdict(claim):
    assert verdict(claim, run(claim)) == verdict(claim, load()[claim.number])
