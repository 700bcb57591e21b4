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


def telling(effects):
    """The first seed whose effect is larger than the spread of seeds, and how exact it has to be.

    Another machine rounds differently, and training amplifies it, up to that spread. An effect
    within it could have either sign.
    """
    spread = max(np.std(effects), 1e-6)
    place = next((i for i, effect in enumerate(effects) if abs(effect) >= spread), 0)
    return place, max(spread, 0.05 * abs(effects[place]))


@each_claim
def test_no_effect_of_the_other_sign_is_within_tolerance(claim):
    for effects in load()[claim.number].values():
        place, tolerance = telling(effects)
        assert tolerance <= abs(effects[place]) or not np.any(effects)


@each_claim
def test_one_seed_gives_what_was_recorded(claim):
    for name, effects in load()[claim.number].items():
        place, tolerance = telling(effects)
        measure = claim.measure if name == "effects" else claim.without
        (again,) = measure([claim.seeds[place]])
        assert abs(again - effects[place]) <= tolerance, name


@pytest.mark.claims
@each_claim
def test_all_seeds_give_the_same_verdict(claim):
    assert verdict(claim, run(claim)) == verdict(claim, load()[claim.number])
