"""Every term is defined once, where the series first uses it, and the glossary has them all."""

import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import glossary as tool

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TERMS = tool.terms(NOTEBOOKS)
DEFINED = [term.name.casefold() for term in TERMS]

# What a reader who has trained one model has to be told. Any of the names may be the defined one.
WORDS = """
loss landscape · loss · accuracy · logit|logits · gradient · mini-batch · cross-entropy ·
parameter|parameters · optimisation · gradient descent · stochastic|stochastic gradient descent ·
learning rate · initialisation · trajectory · contour|contours ·
interpolation|linear interpolation · Adam · momentum · tanh · sigmoid · barrier · extrapolation ·
slice · perpendicular ·
PCA|principal component analysis · minimum|local minimum · saddle|saddle point · Hessian ·
eigenvalue|eigenvalues · random walk · over-fitting|over-fits · generalisation|generalises ·
label noise · weight decay · early stopping · AdamW · width · ReLU · skip connection ·
residual|residual network · filter normalisation · λmax · normalisation layer · batch size · epoch ·
sharpness|sharp · trace · ε-sharpness · noise scale · SAM|sharpness-aware minimisation ·
validation data · Bézier curve · matching · permutation · calibration|calibrated · temperature ·
entropy · nat|nats · KL divergence · rank correlation · bootstrap · running statistics ·
chunk|chunks
"""
REQUIRED = [" ".join(names.split()).split("|") for names in WORDS.split("·")]
# Words that everybody knows before they get a narrower meaning.
ORDINARY = {
    "loss", "accuracy", "parameter", "parameters", "contour", "contours", "slice", "minimum",
    "width", "sharp", "flat", "trace", "matching", "temperature", "chunk", "chunks",
    "perpendicular", "permutation", "model", "layer", "unit", "point", "weights",
    "kl divergence",  # a name in the chart of losses, long before it is needed
}  # fmt: skip


# What the tool finds


def chapters(folder: Path, *notebooks: list[str]) -> list[Path]:
    """Notebooks of these cells of text."""
    for number, texts in enumerate(notebooks):
        cells = [nbformat.v4.new_markdown_cell(text) for text in texts]
        cells.append(nbformat.v4.new_code_cell("# ***no*** term"))
        path = folder / f"{number:02}_it.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return sorted(folder.glob("*.ipynb"))


def test_a_term_has_its_sentence(tmp_path):
    texts = [
        "One. A ***barrier*** is a\nhill (Li et al. 2018): a *high* one. Two.",
        "- ***λmax*** is $λ$. See [there](01_it.ipynb).\n- Its ***trace***, or ***sum***!",
        "<details><summary>What?</summary>\n\nA ***saddle*** is none.\n\n</details>",
        "## References\n\n***Not*** this.",
    ]
    found = tool.terms(chapters(tmp_path, texts))
    assert [(term.name, term.sentence) for term in found] == [
        ("barrier", "A ***barrier*** is a hill (Li et al. 2018): a *high* one."),
        ("λmax", "***λmax*** is $λ$."),
        ("trace", "Its ***trace***, or ***sum***!"),
        ("sum", "Its ***trace***, or ***sum***!"),
        ("saddle", "A ***saddle*** is none."),
    ]
    assert {term.notebook for term in found} == {"00_it.ipynb"}


def test_the_page_is_sorted_and_leads_to_the_chapters(tmp_path):
    texts = ["A ***walk*** goes [on](01_it.ipynb).", "The ***λmax***.", "An ***Adam***, [or](x:y):"]
    assert tool.page(tool.terms(chapters(tmp_path, texts))).split("\n\n")[2:] == [
        "## Adam",
        "An ***Adam***, [or](x:y).",
        "[Chapter 0](../notebooks/00_it.ipynb)",
        "## Walk",
        "A ***walk*** goes [on](../notebooks/01_it.ipynb).",
        "[Chapter 0](../notebooks/00_it.ipynb)",
        "## λmax",
        "The ***λmax***.",
        "[Chapter 0](../notebooks/00_it.ipynb)\n",
    ]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("The Barrier is high.", True),
        ("Barriers are high.", True),
        ("barrier-free", True),
        ("There is a carbarrier.", False),
        ("There is a car-barrier.", False),
        ("`barrier` and $barrier$ are [barriers](barrier.md).", False),
        ("## Barriers", False),
        ("**Needs:** barriers.", False),
        ("```python\nbarrier\n```", False),
        ("**You will be able to**\n\n- see barriers\n- more barriers\n", False),
        ("## References\n\n- On barriers", False),
        ("<!-- barrier -->", False),
        ("> **Predict.** Is there a barrier?", True),
        ("A barrier, ***barrier*** for short.", True),
    ],
)
def test_a_use_before_the_definition_is_found(text, used, tmp_path):
    paths = chapters(tmp_path, [text], ["A ***barrier*** is a hill. No barrier."], ["A barrier."])
    term = tool.terms(paths)[0]
    assert bool(tool.used_before(term, paths)) == used


# What the chapters say


@pytest.mark.parametrize("names", REQUIRED, ids=lambda names: names[0])
def test_a_term_is_defined_once(names):
    found = [term for term in TERMS if term.name.casefold() in {n.casefold() for n in names}]
    assert found, f"no chapter defines it: write ***{names[0]}*** in the sentence that does"
    assert len(found) == 1, [f"{term.notebook}: {term.sentence}" for term in found]


def test_no_term_is_defined_twice():
    twice = {name for name in DEFINED if DEFINED.count(name) > 1}
    assert not twice, [f"{t.notebook}: {t.sentence}" for t in TERMS if t.name.casefold() in twice]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_is_not_used_before_its_definition(term):
    if term.name.casefold() not in ORDINARY:
        used = tool.used_before(term, NOTEBOOKS)
        assert not used, f"{term.name!r} is defined in {term.notebook}, and used before in {used}"


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_definition_can_stand_alone(term):
    assert len(term.sentence.split()) >= 4, f"{term.name}: {term.sentence}"
    assert term.sentence[-1] in ".:!)", f"{term.name}: {term.sentence}"


def test_the_glossary_has_all_terms():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert text == tool.page(TERMS), "run python tools/notebooks.py --pages"
