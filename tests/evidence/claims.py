"""What every claim in the ledger needs, and what to fix if something is missing.

Each function takes a claim and raises an AssertionError that says what to change.
"""

import re
from functools import cache
from pathlib import Path

import nbformat

from claims.ledger import Claim, Results, chapters, load, verdict
from claims.verdicts import HOLDS, judge

# "Li et al. 2018, section 7", "Kirven 2019, A Heading of the Post", "Figure 2 of …"
PLACE = re.compile(
    r"(section|figure|fig\.|table|theorem|equation|appendix|abstract|page)s?\b|\b\d{4}, [\w“\"]",
    re.IGNORECASE,
)


@cache
def recorded() -> Results:
    return load()


@cache
def code_cells(notebook: Path) -> set[str]:
    cells = nbformat.read(notebook, as_version=4).cells
    return {cell.id for cell in cells if cell.cell_type == "code"}


def its_row_is_complete(claim: Claim) -> None:
    for field in ("says", "source", "settings", "effect"):
        text = getattr(claim, field)
        assert text.strip(), f"claim {claim.number} has no {field}: the ledger prints it"
        assert "|" not in text, f"claim {claim.number}: `|` in {field} ends a cell of the ledger"


def it_belongs_to_its_chapter(claim: Claim) -> None:
    assert re.fullmatch(r"\d\d\.\d+", claim.number), (
        f"claim {claim.number}: its number is chapter and place, such as 08.2"
    )
    module = chapters().get(claim.number[:2])
    assert claim in getattr(module, "CLAIMS", ()), (
        f"claim {claim.number} belongs in claims/ch{claim.number[:2]}.py, in CLAIMS"
    )


def its_source_says_where(claim: Claim) -> None:
    for part in claim.source.split(";"):
        assert re.search(r"\bours\b", part) or PLACE.search(part), (
            f"claim {claim.number}: source {part.strip()!r} names no section or figure; say where "
            "this is said, as in 'Li et al. 2018, section 7', or 'ours'"
        )


def a_cell_shows_it(claim: Claim) -> None:
    shown = claim.chapter in chapters() and claim.cell in code_cells(claim.notebook())
    assert shown, (
        f"claim {claim.number}: cell {claim.cell!r} isn't a code cell of its chapter: give the id "
        "of the one that shows it"
    )


def it_could_hold(claim: Claim) -> None:
    n = len(claim.seeds)
    assert claim.proof or judge([1] * n) == HOLDS, (
        f"claim {claim.number} has {n} seeds: even if all support it, that may be chance; take at "
        "least 6, preferably 14"
    )
    assert len(set(claim.seeds)) == n, f"claim {claim.number} counts a seed twice"


def one_thing_is_changed_at_a_time(claim: Claim) -> None:
    assert claim.proof or claim.varied, (
        f"claim {claim.number} is measured in one setting only: give `varied` a Variation, with "
        "the learning rate, width, loss or data changed"
    )
    for change, _, needs in claim.varied:
        assert change.strip(), f"claim {claim.number}: a variation says what was changed"
        assert not re.match("with(out)? the condition", change), (
            f"claim {claim.number}: {change!r} doesn't say what was changed"
        )
        assert needs.strip(), f"claim {claim.number} ({change}): `needs` completes 'holds if …'"
    changes = [change for change, _, _ in claim.varied]
    assert len(set(changes)) == len(changes), f"claim {claim.number} changes the same thing twice"


def an_identity_has_a_bound(claim: Claim) -> None:
    assert not claim.proof or claim.below is not None, (
        f"claim {claim.number} is proved: `below=` gives its bound, or the rounding error allowed"
    )


def it_was_measured(claim: Claim) -> None:
    result, run = recorded().get(claim.number), f"run python -m claims {claim.number}"
    assert result, f"claim {claim.number} was not measured: {run}"
    assert result["seeds"] == list(claim.seeds), (
        f"claim {claim.number} was measured on {len(result['seeds'])} other seeds: {run}"
    )
    assert list(result["varied"]) == [change for change, _, _ in claim.varied], (
        f"claim {claim.number} was measured with {list(result['varied'])} changed: {run}"
    )
    for effects in (result["effects"], *result["varied"].values()):
        assert len(effects) == len(claim.seeds), (
            f"claim {claim.number} has {len(claim.seeds)} seeds and {len(effects)} effects: {run}"
        )
    verdict(claim, result)  # says what isn't finite, or misses an identity


CLAIM = (
    its_row_is_complete,
    it_belongs_to_its_chapter,
    its_source_says_where,
    a_cell_shows_it,
    it_could_hold,
    one_thing_is_changed_at_a_time,
    an_identity_has_a_bound,
    it_was_measured,
)
