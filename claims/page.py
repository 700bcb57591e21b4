"""The claims ledger: what people say about loss landscapes, each claim measured on several seeds.

An effect is one number per seed, in its own unit; the row gives its mean, with an interval
(percentile bootstrap over seeds, nominally 95%; with so few seeds it covers about 90%). A seed
supports the claim if its effect lies beyond the bound that the row gives; ties count for neither
side. The verdict counts seeds and the interval is of the mean, so the two can differ. Bounds are
ours, except 0, and 1 where the effect is a ratio.

- **holds**: enough seeds support it that chance alone would give a result this one-sided less than
  1 time in 20 (two-sided sign test), both as stated and with each change that the row lists.
- **holds if**: it holds as stated; with one of these changed, the opposite holds or too few seeds
  agree to tell (the row says which).
- **the opposite holds**: equally many seeds contradict it, with each change too; **… if**: as
  stated, but not with one of these changed.
- **undecided**: neither; the effect is too small, its sign differs between seeds, or there are too
  few seeds.
- **exact**: always true, and proved; the number is what a few seeds give, up to rounding.
"""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from .ledger import HERE, KINDS, Claim, Result, Results, groups, kind, verdict
from .verdicts import HOLDS, LEVEL, OPPOSITE, holm, interval, judge, p_value

PAGE = HERE / "README.md"
PICTURED = """## All effects

[![All effects, sorted, with intervals, coloured by verdict](effects.svg)](effects.svg)

Every claim that isn't proved, sorted. Effects have different units, so each is drawn in standard
deviations over seeds: how far its mean lies beyond the claim's bound (Cohen's *d*; the number on
the right), with the interval of the mean in the same unit. At 0, the mean is on the bound. At 1,
about five out of six seeds lie beyond it, if effects are normally distributed. Small circles show
the same effect with one thing changed. Values beyond 8 are shown as arrows at the edge, and ∞ means
that all seeds agree exactly.
Each line links to the cell that shows it (on GitHub, links in pictures don't work).
"""


def page(claims: Sequence[Claim], results: Results) -> str:
    """The ledger as a page.

    Raises:
        ValueError: if a claim has not been measured yet.
    """
    new = [c.number for c in claims if c.number not in results]
    if new:
        raise ValueError(
            f"no results of {', '.join(new)} yet: run python -m claims {' '.join(new)}"
        )
    verdicts = {c.number: verdict(c, results[c.number]) for c in claims}
    counts = Counter(map(kind, verdicts.values()))
    lines = ["# Claims ledger", "", *(__doc__ or "").strip().split("\n"), ""]
    lines += [", ".join(f"{counts[name]} {name}" for name in KINDS if counts[name]) + ".", ""]
    lines += [family(claims, results), "", "Written by `python -m claims`.", "", PICTURED]
    for chapter, group in groupby(claims, lambda c: c.chapter):
        of_chapter = list(group)
        path = of_chapter[0].notebook()
        lines += [f"## {chapter} · {title(path)}", ""]
        lines += [f"[The chapter](../notebooks/{path.name})", ""]
        lines += ["| | Claim | Effect | Verdict |", "|---|---|---|---|"]
        lines += [row(c, results[c.number], verdicts[c.number]) for c in of_chapter]
        lines.append("")
    return "\n".join(lines)


def title(notebook: Path) -> str:
    """The title of a chapter, without its number."""
    heading = "".join(json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"])
    return heading.partition("\n")[0].partition(" · ")[2]


def link(claim: Claim) -> str:
    """Where the claim is shown: its cell, in JupyterLab, or the chapter."""
    address = f"../notebooks/{claim.notebook().name}"
    return f"{address}#cell-id={claim.cell}" if claim.cell else address


def row(claim: Claim, result: Result, judged: str) -> str:
    """A claim's row: what it says, who says so, its settings, its effects and the verdict."""
    says = f"{claim.says}<br>*{claim.source}.* {claim.settings}."
    effects = [f"{claim.effect}: {spread(claim, result['effects'])}"]
    if claim.proof:
        effects.append(claim.proof)
    for change, found in list(groups(claim, result))[1:]:
        effects.append(f"*{change}*: {spread(claim, found)}, {judge(claim.sides(found))}")
    number = f"[{claim.number}]({link(claim)})"
    return "| " + " | ".join((number, says, "<br>".join(effects), f"**{judged}**")) + " |"


def spread(claim: Claim, effects: Sequence[float]) -> str:
    """Mean, interval, and how many seeds lie beyond the bound: "0.13 [0.11, 0.16], 10/10 > 0.1"."""
    low, high = interval(effects)
    sides = claim.sides(effects)
    ties = f", {sides.count(0)} tied" if sides.count(0) else ""
    bound = f"< {claim.below:g}" if claim.below is not None else f"> {claim.above:g}"
    count = f"{sides.count(1)}/{len(sides)} {bound}{ties}"
    return f"{np.mean(effects):.3g} [{low:.3g}, {high:.3g}], {count}"


def family(claims: Sequence[Claim], results: Results) -> str:
    """Which verdicts are left at a family-wise error rate of 5% (Holm's correction)."""
    tests = [
        (f"{c.number} ({change})" if change else c.number, c.sides(effects))
        for c in claims
        if not c.proof
        for change, effects in groups(c, results[c.number])
    ]
    adjusted = holm([p_value(sides) for _, sides in tests])
    judged = [judge(sides) for _, sides in tests]
    weak = [
        name
        for (name, _), p, j in zip(tests, adjusted, judged, strict=True)
        if j in (HOLDS, OPPOSITE) and p >= LEVEL
    ]
    decided = sum(j in (HOLDS, OPPOSITE) for j in judged)
    start = (
        f"These are {len(tests)} tests, of which {decided} are decisive. With Holm's correction "
        "for multiple testing (family-wise error rate 5%), "
    )
    if not weak:
        return start + "none of these verdicts changes."
    return start + (
        f"{len(weak)} become undecided. With ten seeds no test can survive this correction, and "
        "with fourteen only unanimous ones (ties aside): what falls says how many seeds there are, "
        "not how large the effect is.\n\n"
        f"<details><summary>Which ones</summary>\n\n{', '.join(weak)}.\n\n</details>"
    )
