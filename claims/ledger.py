"""What a claim is, how it is judged, and the table that holds all verdicts.

A claim is measured as an effect: one number per seed, positive where the seed supports the claim.
It **holds** if so many seeds support it that chance alone would do so less than once in 20 times
(one-sided sign test); otherwise it **does not hold here**. A claim with a condition is measured
with and without it; if it holds only with it, it **holds if** the condition is met.
"""

import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
TABLE = HERE / "README.md"
DATA = HERE.parent / "notebooks" / "data"

Measure = Callable[[Sequence[int]], Sequence[float]]
Results = dict[str, dict[str, list[float]]]  # by number: effects, and without the condition


@dataclass(frozen=True)
class Claim:
    """A statement of fact, who makes it, and how to measure whether it is true.

    Attributes:
        number: chapter and place in it, such as "07.2".
        says: the claim, in one sentence.
        source: who says so.
        settings: data, model, optimiser, steps: everything needed to repeat it.
        effect: what `measure` returns for a seed, in words, with its unit.
        seeds: the seeds that count; fixed before the measurement, not chosen after it.
        measure: effects of the given seeds; the effect of a seed doesn't depend on the others.
        condition: what must be true for the claim to hold, if it is said to hold only then.
        without: the same measurement without the condition.
        timed: whether the effect is measured with a clock, so that a busy machine changes it.
    """

    number: str
    says: str
    source: str
    settings: str
    effect: str
    seeds: Sequence[int]
    measure: Measure
    condition: str = ""
    without: Measure | None = None
    timed: bool = False


def chapters() -> dict[str, ModuleType]:
    """The module of every chapter, by its number."""
    names = sorted(path.stem for path in HERE.glob("ch[0-9][0-9].py"))
    return {name[2:]: importlib.import_module(f"claims.{name}") for name in names}


def all_claims() -> list[Claim]:
    """Every claim of every chapter's module, in order."""
    found = [claim for module in chapters().values() for claim in module.CLAIMS]
    return sorted(found, key=lambda claim: [int(part) for part in claim.number.split(".")])


def run(claim: Claim, seeds: Sequence[int] | None = None) -> dict[str, list[float]]:
    """Measure a claim on its seeds, or on the given ones."""
    seeds = claim.seeds if seeds is None else seeds
    effects = {"effects": [float(f"{e:.4g}") for e in claim.measure(seeds)]}
    if claim.without:
        effects["without"] = [float(f"{e:.4g}") for e in claim.without(seeds)]
    return effects


def holds(effects: Sequence[float]) -> bool:
    """Whether more seeds support the claim than chance would explain; a tie isn't support."""
    support = sum(e > 0 for e in effects)
    return bool(binomtest(support, len(effects), alternative="greater").pvalue < 0.05)


def verdict(claim: Claim, result: dict[str, list[float]]) -> str:
    """Holds, holds if …, or does not hold here."""
    if not holds(result["effects"]):
        return "does not hold here"
    if claim.without and not holds(result["without"]):
        return f"holds if {claim.condition}"
    return "holds"


def spread(effects: Sequence[float]) -> str:
    """Mean ± standard deviation over seeds, and how many seeds support the claim."""
    support = sum(e > 0 for e in effects)
    return f"{np.mean(effects):.3g} ± {np.std(effects):.2g}, {support}/{len(effects)}"


def table(claims: Sequence[Claim], results: Results) -> str:
    """The ledger as a page.

    Raises:
        ValueError: if a claim has not been measured yet.
    """
    new = [c.number for c in claims if c.number not in results]
    if new:
        raise ValueError(
            f"no results of {', '.join(new)} yet: run python -m claims {' '.join(new)}"
        )
    rows = [
        "| | Claim | Who says so | Settings | Effect: mean ± spread over seeds, k/n | Verdict |",
        "|---|---|---|---|---|---|",
    ]
    for c in claims:
        result = results[c.number]
        effect = f"{c.effect}: {spread(result['effects'])}"
        if c.without:
            effect += f"; without the condition: {spread(result['without'])}"
        cells = (chapter_link(c), c.says, c.source, c.settings, effect, verdict(c, result))
        rows.append("| " + " | ".join(cells) + " |")
    how = "\n".join((__doc__ or "").split("\n")[2:]).strip()
    return "\n".join(
        ["# Claims ledger", "", how, "", "Written by `python -m claims`.", "", *rows, ""]
    )


def chapter_link(claim: Claim) -> str:
    """The claim's number, linked to its chapter."""
    (chapter,) = (HERE.parent / "notebooks").glob(f"{claim.number[:2]}_*.ipynb")
    return f"[{claim.number}](../notebooks/{chapter.name})"


def load() -> Results:
    """The recorded results, by number."""
    if not RESULTS.exists():
        return {}
    found: Results = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def save(results: Results, claims: Sequence[Claim]) -> None:
    """Record results and write the table."""
    kept = {c.number: results[c.number] for c in claims}
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8", newline="\n")
    TABLE.write_text(table(claims, kept), encoding="utf-8", newline="\n")


def save_data(name: str, **arrays: npt.ArrayLike) -> None:
    """Write what a chapter loads, in single precision, to `notebooks/data/`."""
    single = {key: np.asarray(array, dtype=np.float32) for key, array in arrays.items()}
    np.savez_compressed(DATA / f"{name}.npz", **single)
