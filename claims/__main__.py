"""Measure the claims again and write the ledger.

python -m claims                        # every claim
python -m claims 07 10.2                # these chapters and claims; the others keep their results
python -m claims --seeds 300-309        # all on other seeds: which verdicts change?
python -m claims --data 07              # measure nothing, only write what these chapters load
python -m claims --page                 # measure nothing, only write the page and its picture

With `--seeds`, nothing is written. A chapter's module may have a function `write_data()`: it
writes what the chapter loads.
"""

import argparse
import re
import sys
import time
from collections.abc import Sequence

from .ledger import Claim, Results, all_claims, chapters, kind, load, run, save, verdict
from .page import PAGE, page, spread
from .picture import PICTURE, picture


def seed_range(text: str) -> range:
    """The seeds that "300-309" names."""
    match = re.fullmatch(r"(\d+)-(\d+)", text)
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r}: name the first and the last, as in 300-309")
    return range(int(match[1]), int(match[2]) + 1)


def arguments(argv: Sequence[str] | None, claims: Sequence[Claim]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m claims",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("wanted", nargs="*", help="chapters and claims, such as 07 or 10.2; all")
    parser.add_argument("--seeds", type=seed_range, help="other seeds, such as 300-309")
    parser.add_argument("--data", action="store_true", help="only write what chapters load")
    parser.add_argument("--page", action="store_true", help="only write the page and its picture")
    found = parser.parse_args(argv)
    known = {c.number for c in claims} | {c.chapter for c in claims}
    if unknown := [word for word in found.wanted if word not in known]:
        parser.error(
            f"no chapter or claim {', '.join(unknown)}; there are {', '.join(sorted(known))}"
        )
    return found


def chosen(claims: Sequence[Claim], wanted: Sequence[str]) -> list[Claim]:
    """The claims that the words name, by number or by chapter; all without words."""
    if not wanted:
        return list(claims)
    return [c for c in claims if c.number in wanted or c.chapter in wanted]


def other_seeds(claims: Sequence[Claim], seeds: range, recorded: Results) -> list[str]:
    """Measure on other seeds; print which verdicts change, and how many; return their numbers."""
    changed, conditions = {}, {}
    for claim in claims:
        before = verdict(claim, recorded[claim.number])
        try:
            result = run(claim, seeds)
            now, effects = verdict(claim, result), spread(claim, result["effects"])
        except Exception as error:  # one claim that breaks there must not hide all others
            now, effects = f"fails: {error}", ""
        print(f"{claim.number:6} {effects:44} {now}", flush=True)
        if now != before:
            where = changed if kind(now) != kind(before) else conditions
            where[claim.number] = f"{claim.number}: {before} → {now}"
    among = f"of {len(claims)} verdicts ({len(changed) / len(claims):.1%})"
    print(f"\n{len(changed)} {among} change on seeds {seeds[0]}-{seeds[-1]}")
    print(*changed.values(), sep="\n")
    if conditions:
        print(f"{len(conditions)} more hold under another condition there")
        print(*conditions.values(), sep="\n")
    return list(changed)


def measure(claims: Sequence[Claim]) -> None:
    """Measure claims, and record each result as soon as it is known."""
    for claim in claims:
        begin = time.perf_counter()
        result = run(claim)
        seconds = time.perf_counter() - begin
        judged = verdict(claim, result)
        print(f"{claim.number:6} {spread(claim, result['effects']):44} {judged}  {seconds:.0f} s")
        results = load() | {claim.number: result}  # another run may have saved in the meantime
        save(results, [c for c in all_claims() if c.number in results])


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    claims = all_claims()
    asked = arguments(argv, claims)
    if asked.seeds:
        other_seeds(chosen(claims, asked.wanted), asked.seeds, load())
        return 0
    if not asked.data and not asked.page:
        new = [c for c in claims if c.number not in load()]
        measure([c for c in claims if c in chosen(claims, asked.wanted) or c in new])
    if not asked.page:
        for module in chapters().values():
            if hasattr(module, "write_data") and chosen(module.CLAIMS, asked.wanted):
                module.write_data()
    for path, text in ((PAGE, page(claims, load())), (PICTURE, picture(claims, load()))):
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
