"""The claims ledger: one seed of each claim always, all seeds with `pytest -m claims`."""

import numpy as np
import pytest

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


@each_claim
def test_one_seed_gives_what_was_recorded(claim):
    seed = claim.seeds[0]
    recorded, again = load()[claim.number], run(claim, [seed])
    for name, effects in again.items():
        # another machine rounds differently, and training amplifies it: up to the spread of seeds
        tolerance = max(np.std(recorded[name]), 0.05 * abs(recorded[name][0]), 1e-6)
        assert abs(effects[0] - recorded[name][0]) <= tolerance, name


@pytest.mark.claims
@each_claim
def test_all_seeds_give_the_same_verdict(claim):
    assert verdict(claim, run(claim)) == verdict(claim, load()[claim.number])
