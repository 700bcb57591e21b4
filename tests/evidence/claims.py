"""What every claim of the ledger has to bring, and what to fix if it doesn't.

Each function takes a claim and raises an AssertionError that says what to change.
"""

import re

from claims.ledger import Claim, chapters, holds, load


def its_row_is_complete(claim: Claim) -> None:
    for field in ("says", "source", "settings", "effect"):
        text = getattr(claim, field)
        assert text.strip(), f"claim {claim.number} has no {field}: the ledger prints it"
        assert "|" not in text, f"claim {claim.number}: `|` in {field} ends a cell of the ledger"


def it_stands_with_its_chapter(claim: Claim) -> None:
    assert re.fullmatch(r"\d\d\.\d+", claim.number), (
        f"claim {claim.number}: its number is chapter and place, such as 07.2"
    )
    module = chapters().get(claim.number[:2])
    assert claim in getattr(module, "CLAIMS", ()), (
        f"claim {claim.number} stands in claims/ch{claim.number[:2]}.py, in CLAIMS"
    )


def it_could_hold(claim: Claim) -> None:
    n = len(claim.seeds)
    assert holds([1.0] * n), (
        f"claim {claim.number} has {n} seeds: even if all support it, that may be chance; take at "
        "least 5"
    )


def its_condition_is_tested(claim: Claim) -> None:
    assert bool(claim.condition) == (claim.without is not None), (
        f"claim {claim.number}: a condition needs `without`, the same measurement without it, and "
        "the other way round"
    )


def it_was_measured(claim: Claim) -> None:
    result, run = load().get(claim.number), f"run python -m claims {claim.number}"
    assert result, f"claim {claim.number} was not measured: {run}"
    assert ("without" in result) == (claim.without is not None), (
        f"claim {claim.number} was measured without its condition or with another: {run}"
    )
    for effects in result.values():
        assert len(effects) == len(claim.seeds), (
            f"claim {claim.number} has {len(claim.seeds)} seeds and {len(effects)} results: {run}"
        )


CLAIM = (
    its_row_is_complete,
    it_stands_with_its_chapter,
    it_could_hold,
    its_condition_is_tested,
    it_was_measured,
)
