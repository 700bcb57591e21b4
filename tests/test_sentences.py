"""Every sentence that makes a claim has its evidence, and the evidence exists."""

import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import sentences as tool

CHAPTERS = {path.name[:2]: path for path in tool.chapters([])}
each_chapter = pytest.mark.parametrize("number", CHAPTERS)


# What the tool finds


def found(folder: Path, *texts: str) -> list[str]:
    """The candidates of a notebook with these cells of text."""
    cells = [nbformat.v4.new_markdown_cell(text) for text in texts]
    cells.append(nbformat.v4.new_code_cell("# because all code is skipped"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "00_it.ipynb")
    return tool.sentences(folder / "00_it.ipynb")


@pytest.mark.parametrize(
    ("text", "claiming"),
    [
        ("The loss is lower here.", True),
        ("It fails because the bias is off.", True),
        ("Training takes 3 steps.", True),
        ("Nearly every run ends there.", True),
        ("It can't be drawn.", True),
        ("Here is a map.", False),
        ("Look at the map.", False),
        ("The slower one is smallish.", False),  # words, not parts of words
        ("Is the loss lower here?", False),
        ("The map `all 3` of $3x$ is [here](because.md).", False),
        ("[Every walk](walk.md) ends.", True),
        ("ALL of it", True),
    ],
)
def test_a_candidate_has_a_word_that_claims(text, claiming, tmp_path):
    assert bool(found(tmp_path, text)) == claiming


def test_paragraphs_are_split_into_sentences(tmp_path):
    text = "All fall. Here is one: *Most* do.\nThey are\nmore! And $L$ is 0. This is it."
    assert found(tmp_path, text) == [
        "All fall.",
        "*Most* do.",
        "They are more!",
        "And $L$ is 0.",
    ]


def test_decimals_and_list_items_dont_end_a_sentence(tmp_path):
    assert found(tmp_path, "It is 0.5 of 2.0 here.\n\n- all\n- a map\n1. most\n   of them") == [
        "It is 0.5 of 2.0 here.",
        "all",
        "most of them",
    ]


def test_what_claims_nothing_is_skipped(tmp_path):
    texts = [
        "# All 3",
        "> **Predict.** All of them?\n> Because.",
        "| all | 3 |\n|---|---|\n| every | 4 |",
        "$$3 < 4$$",
        "```python\nall = 3\n```",
        "**Needs:** all chapters. **Time:** 30 minutes.",
        "**You will be able to**\n- see all\n- and more\n\nThen: all.",
        "## References\n\n- All of Li et al. 2018.",
        "Previous: [all](02.ipynb)",
        "<!-- all -->",
    ]
    assert found(tmp_path, *texts) == ["Then: all."]


def test_folded_text_is_read_without_its_label_and_captions_without_their_number(tmp_path):
    text = (
        "<details><summary>What the figure shows</summary>\n\n"
        "**Figure 4.1.** All walks end in it.\n\n</details>"
    )
    assert found(tmp_path, text) == ["All walks end in it."]


def test_a_sentence_is_listed_once(tmp_path):
    assert found(tmp_path, "All end.", "All end. Most fall.") == ["All end.", "Most fall."]


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("definition", ""),
        ("proof: it is a square", ""),
        ("source: Li et al. 2018, section 7", ""),
        ("proof: ", "gives no proof"),
        ("source:", "gives no source"),
        ("c99-01", "neither a code cell with an output nor a measured claim"),
        ("99.1", "neither a code cell with an output nor a measured claim"),
        ("c02-01", "neither"),  # text
        ("idea: none", "neither"),
        ("", "neither"),
        ([], "it names nothing"),
        (["definition", "c99-01"], "'c99-01' is neither"),
    ],
)
def test_evidence_has_to_exist(by, said):
    problem = tool.trouble(by)
    assert said in problem
    assert bool(said) == bool(problem)


def test_cells_with_output_and_claims_are_evidence():
    cells = nbformat.read(CHAPTERS["02"], as_version=4).cells
    shows = next(c.id for c in cells if c.cell_type == "code" and c.outputs)
    silent = [
        c.id
        for c in cells
        if c.cell_type == "code" and not c.outputs and "timing" not in c.metadata.get("tags", [])
    ]
    assert not tool.trouble([shows, "02.1"])
    assert all(tool.trouble(cell) for cell in silent)


# What the chapters say


@each_chapter
def test_no_sentence_is_without_evidence(number):
    evidence = tool.listed(number)
    missing = [said for said in tool.sentences(CHAPTERS[number]) if said not in evidence]
    assert not missing, (
        f"{len(missing)} sentences without evidence; python tools/sentences.py {number} prints "
        f"what to fill in. The first: {missing[0]}"
    )


@each_chapter
def test_no_evidence_is_without_its_sentence(number):
    stale = set(tool.listed(number)) - set(tool.sentences(CHAPTERS[number]))
    assert not stale, f"not in the chapter any more, drop it from ch{number}.toml: {min(stale)}"


@each_chapter
def test_all_evidence_exists(number):
    found = {said: tool.trouble(by) for said, by in tool.listed(number).items()}
    wrong = [f"{problem}: {said}" for said, problem in found.items() if problem]
    assert not wrong, wrong
