"""The ledger's picture: all effects on one axis, with intervals, linked to what shows them.

Effects have many units, so each is measured in standard deviations: how far its mean lies beyond
the claim's bound, divided by its standard deviation over seeds (Cohen 1988 calls this d). At 1, a
seed lies beyond the bound 5 times out of 6 if effects are normal; at 0 half of the seeds do.
"""

import io
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .ledger import HERE, Claim, Result, Results, groups, kind, verdict
from .page import link, spread
from .verdicts import HOLDS, OPPOSITE, UNDECIDED, interval, judge

PICTURE = HERE / "effects.svg"
EDGE = 8.0  # standard deviations; values beyond it become arrows
LONGEST = 60  # characters of a claim
# Colours that colour-blind readers can tell apart, and markers that say the same without colour.
LOOK = {
    HOLDS: ("#0b7a4b", "o"),
    f"{HOLDS} if": ("#1b6ca8", "s"),
    UNDECIDED: ("#6b6b6b", "D"),
    OPPOSITE: ("#c2410c", "X"),
    f"{OPPOSITE} if": ("#a16207", "P"),
}
STYLE = {
    "svg.hashsalt": "claims",  # ids, and so the whole file, are the same every time
    "svg.fonttype": "none",  # text stays text: searchable, and small
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
}
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"


class Row(NamedTuple):
    """A line of the picture, in standard deviations from the bound.

    Attributes:
        claim: what is drawn.
        mean: of the effect.
        low, high: the 95% interval of the mean.
        varied: mean and verdict of each variation.
        judged: the claim's verdict.
        says: effect, interval and verdict in words.
    """

    claim: Claim
    mean: float
    low: float
    high: float
    varied: list[tuple[float, str]]
    judged: str
    says: str

    @property
    def label(self) -> str:
        """The claim's number and its first words."""
        text = self.claim.says.rstrip(".").replace("*", "")  # no italics in a picture
        if len(text) > LONGEST:
            text = text[:LONGEST].rpartition(" ")[0].rstrip(",;:") + " …"
        return f"{self.claim.number}  {text}"

    @property
    def number(self) -> str:
        """The mean as the picture writes it: "+2.6"."""
        digits = f"{self.mean:+,.0f}" if abs(self.mean) >= 100 else f"{self.mean:+.1f}"
        return digits.replace("-", "−").replace("inf", "∞")


def in_deviations(beyond: Sequence[float]) -> tuple[float, float, float]:
    """Mean and its interval in standard deviations over seeds; infinite if all seeds agree.

    Example:
        >>> in_deviations([1.0, 2.0, 3.0])[0]
        2.0
        >>> in_deviations([-1.0, -1.0])
        (-inf, -inf, -inf)
    """
    values = np.asarray(beyond, dtype=float)
    mean, deviation = values.mean(), values.std(ddof=1)
    if deviation <= 1e-9 * np.abs(values).max():
        same = float(np.sign(mean)) * np.inf if mean else 0.0
        return same, same, same
    low, high = interval(values.tolist())
    return float(mean / deviation), low / float(deviation), high / float(deviation)


def rows(claims: Sequence[Claim], results: Results) -> list[Row]:
    """All measured claims, with those that hold most clearly first."""
    found = [row(c, results[c.number]) for c in claims if not c.proof]
    return sorted(found, key=lambda r: r.mean, reverse=True)


def row(claim: Claim, result: Result) -> Row:
    """One claim, and its variations."""
    _, *varied = groups(claim, result)
    judged = verdict(claim, result)
    return Row(
        claim,
        *in_deviations(claim.beyond(result["effects"]).tolist()),
        [
            (in_deviations(claim.beyond(found).tolist())[0], judge(claim.sides(found)))
            for _, found in varied
        ],
        judged,
        f"{claim.number}: {claim.says.rstrip('.')}. {claim.effect}: "
        f"{spread(claim, result['effects'])}; {judged}",
    )


def draw(lines: Sequence[Row]) -> Figure:
    """The picture: a line per claim, with the claim on the left and its mean on the right."""
    height = 0.185 * len(lines)
    figure = Figure(figsize=(9.2, height + 1.15))
    total = height + 1.15
    ax = figure.add_axes((0.44, 0.45 / total, 0.5, height / total))
    ax.set_xlim(-EDGE - 0.6, EDGE + 0.6)
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ax.axvline(0, color="#333333", linewidth=0.9, zorder=1)
    ax.set_xticks(range(-8, 9, 2))
    ax.tick_params(length=0, labeltop=True)
    ax.grid(axis="x", color="#e4e4e4", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    for at, line in enumerate(lines):
        if at % 2:
            band = {"xmin": -0.88, "xmax": 1.12, "clip_on": False, "zorder": 0}
            ax.axhspan(at - 0.5, at + 0.5, color="#f5f5f2", **band)
        draw_row(ax, at, line)
    ax.set_xlabel("distance of the mean effect from the claim's bound, in standard deviations")
    top = 1 + 0.33 / height
    ax.text(-EDGE, top, "◀ against the claim", transform=ax.get_xaxis_transform(), va="center")
    ax.text(
        EDGE, top, "for the claim ▶", transform=ax.get_xaxis_transform(), va="center", ha="right"
    )
    figure.legend(
        handles=legend(), loc="upper left", ncols=6, frameon=False, handletextpad=0.2,
        columnspacing=1.2, borderaxespad=0.2,
    )  # fmt: skip
    return figure


def draw_row(ax: Axes, at: int, line: Row) -> None:
    """Interval, mean and variations of one claim; values outside are arrows at the edge."""
    colour, mark = LOOK[kind(line.judged)]
    for mean, judged in line.varied:
        x, shape = placed(mean, "o")
        ax.plot(x, at, shape, markersize=4, markerfacecolor="white", color=LOOK[judged][0])
    interval = np.clip((line.low, line.high), -EDGE, EDGE)
    ax.plot(interval, [at, at], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=3)
    x, shape = placed(line.mean, mark)
    white = {"markeredgecolor": "white", "markeredgewidth": 0.5}
    (point,) = ax.plot(x, at, shape, color=colour, markersize=6, zorder=4, **white)
    point.set_url(link(line.claim))
    point.set_gid(f"effect-{line.claim.number}")
    beside = {"transform": ax.get_yaxis_transform(), "va": "center", "color": colour}
    ax.text(-0.86, at, line.label, url=link(line.claim), **beside)
    ax.text(1.1, at, line.number, ha="right", **beside)


def placed(mean: float, mark: str) -> tuple[float, str]:
    """Where a mean is drawn, and with which marker: an arrow at the edge if it lies outside."""
    if abs(mean) <= EDGE:
        return mean, mark
    return (EDGE, ">") if mean > 0 else (-EDGE, "<")


def legend() -> list[Line2D]:
    """The legend: what colours and markers mean."""
    marks = [
        Line2D([], [], color=colour, marker=mark, linewidth=1.6, markersize=6, label=name)
        for name, (colour, mark) in LOOK.items()
    ]
    hollow = Line2D(
        [], [], color=LOOK[UNDECIDED][0], marker="o", linewidth=0, markersize=4,
        markerfacecolor="white", label="with one thing changed",
    )  # fmt: skip
    return [*marks, hollow]


def picture(claims: Sequence[Claim], results: Results) -> str:
    """The picture as SVG: the same results give the same file."""
    lines = rows(claims, results)
    stream = io.StringIO()
    with mpl.rc_context(STYLE):
        draw(lines).savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return linked(stream.getvalue(), lines)


def linked(svg: str, lines: Sequence[Row]) -> str:
    """Let links replace the whole page, and describe them in words."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    tree = ET.fromstring(svg)
    tree.set("role", "group")
    tree.set("aria-label", "Effects of all claims with their intervals, sorted")
    says = {line.label: line.says for line in lines}
    marks = {f"effect-{line.claim.number}": line.says for line in lines}
    for group in tree.iter(f"{{{SVG}}}g"):
        if said := marks.get(group.get("id", "")):
            for anchor in group.iter(f"{{{SVG}}}a"):
                describe(anchor, said)
                anchor.set("tabindex", "-1")  # the keyboard stops at its label
    for anchor in tree.iter(f"{{{SVG}}}a"):
        anchor.set("href", anchor.attrib.pop(f"{{{XLINK}}}href"))
        anchor.set("target", "_top")
        if (text := anchor.find(f"{{{SVG}}}text")) is not None:
            describe(anchor, says[text.text or ""])
    return ET.tostring(tree, encoding="unicode") + "\n"


def describe(element: ET.Element, words: str) -> None:
    """Give an element a tooltip, which screen readers also read out."""
    title = ET.Element(f"{{{SVG}}}title")
    title.text = words
    element.insert(0, title)
