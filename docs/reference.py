"""The reference, beyond what autodoc does: cards of losses, pictures, where a name is used."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_codeautolink.extension.backref import SummaryNode

from lossviz_helpers import Loss

CARD = """\
Used for {used_for}.

.. math:: {formula}

:Gradient: :math:`{gradient}`, with respect to the model's output
:Expects: {expects}
:One unit: {units}
"""


def show_card(app, what, name, obj, options, lines: list[str]) -> None:
    """A loss of ours is explained by its card."""
    if isinstance(obj, Loss):
        card = {key: value for key, value in vars(obj).items() if isinstance(value, str)}
        lines[:] = CARD.format_map(card).splitlines()


def show_picture(app, what, name, obj, options, lines: list[str]) -> None:
    """Behind the example of a function that draws comes the picture that it draws."""
    if not name.startswith("lossviz_helpers.plots.") or what != "function":
        return
    begin = next((i for i, line in enumerate(lines) if line.startswith(">>>")), None)
    if begin is not None:
        example, alt = lines[begin:], lines[0].strip()
        plot = [".. plot::", "   :format: doctest", f"   :alt: {alt}", ""]
        lines[begin:] = plot + [f"   {line}" for line in example] + [""]


def skip_fields(app, what, name, obj, skip, options) -> bool | None:
    """The fields of a named tuple stand in its docstring."""
    return True if type(obj).__name__ == "_tuplegetter" else None


def name_uses(app, doctree: nodes.document, docname: str) -> None:
    """The fold with the sections that use a name says so in plain words."""
    for summary in doctree.findall(SummaryNode):
        summary.children = [nodes.Text("Where it is used")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", show_card)
    # before napoleon and the links of codeautolink, which add to the docstring
    app.connect("autodoc-process-docstring", show_picture, priority=400)
    app.connect("autodoc-skip-member", skip_fields)
    app.connect("doctree-resolved", name_uses, priority=600)
    return {"parallel_read_safe": True}
