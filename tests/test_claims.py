"""The claims ledger: three seeds of each claim always, all seeds with `pytest -m claims`."""

from dataclasses import replace

import numpy as np
import pytest
from evidence.claims import CLAIM

from claims.ledger import TABLE, all_claims, holds, load, run, table, verdict

CLAIMS = all_claims()
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)


def test_the_sign_test():
    assert holds([1.0] * 5)
    assert not holds([1.0] * 4), "four of four happen by chance once in 16 times"
    assert holds([1.0] * 9 + [-1.0])
    assert not holds([1.0] * 7 + [-1.0] * 3)
    assert not holds([0.0] * 10), "a tie supports nothing"


def test_the_table_is_written_from_the_results():
    assert TABLE.read_text(encoding="utf-8") == table(CLAIMS, load()), "run: python -m claims"


def test_numbers_are_unique():
    assert len({c.number for c in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize("brings", CLAIM, ids=lambda brings: brings.__name__)
@each_claim
def test_a_claim_brings_its_evidence(claim, brings):
    brings(claim)


GOOD = CLAIMS[0]
SPOILT = {
    "no source": ({"source": " "}, "has no source: the ledger prints it"),
    "a table's end": ({"effect": "|a − b|"}, "`|` in effect ends a cell"),
    "no number": ({"number": "1"}, "its number is chapter and place, such as 07.2"),
    "another chapter": ({"number": "02.1"}, "stands in claims/ch02.py, in CLAIMS"),
    "four seeds": ({"seeds": range(4)}, "take at least 5"),
    "no test of a condition": ({"condition": "it rains"}, "a condition needs `without`"),
    "no condition": ({"without": GOOD.measure}, "and the other way round"),
    "not measured": ({"number": "01.99"}, "was not measured: run python -m claims 01.99"),
    "new seeds": ({"seeds": range(11)}, "has 11 seeds and 10 results: run python -m claims 01.1"),
}


@pytest.mark.parametrize(("change", "message"), SPOILT.values(), ids=SPOILT)
def test_what_a_claim_lacks_is_named(change, message):
    found = []
    for brings in CLAIM:
        try:
            brings(replace(GOOD, **change))
        except AssertionError as err:
            found.append(str(err))
    assert any(message in said for said in found), found


def test_a_claim_without_results_has_no_row():
    with pytest.raises(ValueError, match=r"no results of 01.99 yet: run python -m claims 01.99"):
        table([replace(GOOD, number="01.99")], load())


# Another machine rounds differently, and training amplifies it until two runs from one start have
# little in common: a seed's effect is then another draw from the spread of all seeds. What survives
# is on which side of zero effects lie, and how far from it they get.
FEW = 3  # seeds, whose median one draw from the tail can't move far


def side(effects):
    """On which side of zero every draw must be expected, 1 or −1; 0 if none must."""
    clear = abs(np.median(effects)) >= np.std(effects)
    sides = set(np.sign(effects))
    return sides.pop() if clear and len(sides) == 1 else 0


def reach(effects):
    """The range where another draw may lie: that of the seeds, extended by its width both ways."""
    low, high = min(effects), max(effects)
    margin = max(high - low, 0.05 * max(abs(low), abs(high)), 1e-6)
    return low - margin, high + margin


def test_a_side_is_named_only_if_all_seeds_are_clearly_on_it():
    assert side([2.0, 3.0, 4.0]) == 1
    assert side([-0.5, -0.5]) == -1
    assert side([1.0, 1.0, -0.1]) == 0, "one seed is on the other side"
    assert side([1.0, 1.0, 0.0]) == 0, "one seed is on neither"
    assert side([0.1, 0.2, 9.0]) == 0, "the spread is larger than what is typical"


def test_the_reach_is_that_of_the_seeds_and_more():
    assert reach([1.0, 3.0, 2.0]) == (-1, 5)
    assert reach([2.0, 2.0]) == pytest.approx((1.9, 2.1))


@each_claim
def test_a_few_seeds_give_what_all_of_them_say(claim):
    seeds = claim.seeds[:FEW]
    for name, effects in load()[claim.number].items():
        measure = claim.measure if name == "effects" else claim.without
        again = np.array([float(effect) for effect in measure(seeds)])
        assert again.shape == (FEW,)
        if claim.timed:  # a busy machine may be slow at either
            continue
        typical, (low, high) = np.median(again), reach(effects)
        assert low <= typical <= high, name
        assert side(effects) in (0, np.sign(typical)), name


@pytest.mark.claims
@each_claim
def test_all_seeds_give_the_same_verdict(claim):
    assert verdict(claim, run(claim)) == verdict(claim, load()[claim.number])
