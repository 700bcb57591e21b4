"""What a claim is, how it is measured, and where the results are kept."""

import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from lossviz_helpers.course.measured import FOLDER

from .verdicts import EXACT, HOLDS, OPPOSITE, UNDECIDED, judge

HERE = Path(__file__).parent
RESULTS = HERE / "results"

Measure = Callable[[Sequence[int]], Sequence[float]]


class Variation(NamedTuple):
    """A claim measured again with one thing changed, to see where it stops holding.

    Attributes:
        change: the only difference, in words: "learning rate 0.5 instead of 0.1".
        measure: effects of the given seeds with that change.
        needs: what the claim needs, if it doesn't hold then: it completes "holds if …".
    """

    change: str
    measure: Measure
    needs: str


class Result(TypedDict):
    """Effects of one claim, one per seed, and those of its variations, by what was changed."""

    seeds: list[int]
    effects: list[float]
    varied: dict[str, list[float]]


Results = dict[str, Result]  # by the claim's number


@dataclass(frozen=True)
class Claim:
    """A factual claim, who makes it, and how to measure whether it is true.

    Attributes:
        number: chapter and place in it, such as "08.2".
        says: the claim, in one sentence.
        source: who says so, and where: section or figure.
        settings: data, model, optimiser, steps: everything needed to repeat it.
        effect: what `measure` returns for a seed, in words, with its unit.
        seeds: the seeds that count, from 0 upwards; fixed before the measurement, not chosen by
            result.
        measure: effects of the given seeds; the effect of a seed doesn't depend on the others.
        above: a seed supports the claim if its effect is larger than this…
        below: … or, if this is given, smaller than this.
        varied: the same measurement with one thing changed at a time.
        proof: why the claim is always true, in one sentence; then `below` is the proved bound, or,
            for an identity, the largest rounding error allowed.
        cell: id of the notebook cell that shows it.
        timed: whether the effect is measured with a clock, so that a busy machine changes it.
    """

    number: str
    says: str
    source: str
    settings: str
    effect: str
    seeds: Sequence[int]
    measure: Measure
    above: float = 0.0
    below: float | None = None
    varied: tuple[Variation, ...] = ()
    proof: str = ""
    cell: str = ""
    timed: bool = False

    def beyond(self, effects: Sequence[float]) -> npt.NDArray[np.float64]:
        """How far each effect lies beyond the bound; negative if it contradicts the claim."""
        values = np.asarray(effects, dtype=float)
        return values - self.above if self.below is None else self.below - values

    def sides(self, effects: Sequence[float]) -> list[int]:
        """1 for an effect that supports the claim, −1 for one against it, 0 for a tie."""
        return [int(side) for side in np.sign(self.beyond(effects))]

    @property
    def chapter(self) -> str:
        """The chapter's number: "07"."""
        return self.number[:2]

    def notebook(self) -> Path:
        """The chapter's notebook."""
        (path,) = (HERE.parent / "notebooks").glob(f"{self.chapter}_*.ipynb")
        return path


def chapters() -> dict[str, ModuleType]:
    """The module of every chapter, by its number."""
    names = sorted(path.stem for path in HERE.glob("ch[0-9][0-9].py"))
    return {name[2:]: importlib.import_module(f"claims.{name}") for name in names}


def all_claims() -> list[Claim]:
    """Every claim of every chapter's module, in order."""
    found = [claim for module in chapters().values() for claim in module.CLAIMS]
    return sorted(found, key=lambda claim: [int(part) for part in claim.number.split(".")])


def run(claim: Claim, seeds: Sequence[int] | None = None) -> Result:
    """Measure a claim and its variations on its seeds, or on the given ones."""
    seeds = claim.seeds if seeds is None else seeds

    def effects(measure: Measure) -> list[float]:
        return [float(f"{e:.4g}") for e in measure(seeds)]

    return {
        "seeds": list(seeds),
        "effects": effects(claim.measure),
        "varied": {v.change: effects(v.measure) for v in claim.varied},
    }


def groups(claim: Claim, result: Result) -> Iterator[tuple[str, list[float]]]:
    """The claim's own effects, under the name "", and those of its variations."""
    yield "", result["effects"]
    for variation in claim.varied:
        yield variation.change, result["varied"][variation.change]


def verdict(claim: Claim, result: Result) -> str:
    """Holds, holds if …, the opposite holds, undecided, or exact.

    Raises:
        ValueError: if effects aren't finite, or an identity is missed by more than rounding.
    """
    for name, effects in groups(claim, result):
        if not np.isfinite(effects).all():
            raise ValueError(
                f"claim {claim.number}{name and f' ({name})'} measured {effects}: each seed needs "
                "a finite effect; pool more networks in a seed, or measure something that exists"
            )
    sides = claim.sides(result["effects"])
    if claim.proof:
        if min(sides) < 0:
            raise ValueError(
                f"claim {claim.number} is proved, but a seed gives {max(result['effects'])}, "
                f"more than {claim.below}: the proof or the code is wrong"
            )
        return EXACT
    if (judged := judge(sides)) == UNDECIDED:
        return judged
    needs = [
        v.needs for v in claim.varied if judge(claim.sides(result["varied"][v.change])) != judged
    ]
    return f"{judged} if {' and '.join(dict.fromkeys(needs))}" if needs else judged


def kind(judged: str) -> str:
    """A verdict without its condition: "holds if"."""
    decided, condition, _ = judged.partition(" if ")
    return decided + condition.rstrip()


KINDS = (HOLDS, f"{HOLDS} if", OPPOSITE, f"{OPPOSITE} if", UNDECIDED, EXACT)


def load() -> Results:
    """The recorded results, by number."""
    found: Results = {}
    for path in sorted(RESULTS.glob("ch*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def save(results: Results, claims: Sequence[Claim]) -> None:
    """Record the results, a file per chapter; results of deleted claims are dropped."""
    RESULTS.mkdir(exist_ok=True)
    for chapter in sorted({claim.chapter for claim in claims}):
        kept = {c.number: results[c.number] for c in claims if c.chapter == chapter}
        text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
        path = RESULTS / f"ch{chapter}.json"
        path.write_text(text, encoding="utf-8", newline="\n")


def save_data(name: str, **arrays: npt.ArrayLike) -> None:
    """Write what a chapter loads, in single precision, to the package."""
    single = {key: np.asarray(array, dtype=np.float32) for key, array in arrays.items()}
    np.savez_compressed(FOLDER / f"{name}.npz", **single)
