"""The reference, beyond what autodoc does: cards of losses, pictures, where a name is used."""

import inspect
import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_codeautolink.extension.backref import SummaryNode

import lossviz_helpers
from lossviz_helpers import Loss

SIGNATURE = re.compile(r"<dl>\n((?:<dd>.*</dd>\n)+)</dl>\n")
CARD = """\
Used for {used_for}.

.. math:: {formula}

:Gradient: :math:`{gradient}`, with respect to the model's output
:Expects: {expects}
:One unit: {units}
"""


def homes() -> Iterator[tuple[str, str]]:
    """Where a member of a public class is defined, and its name in the reference."""
    for name in lossviz_helpers.__all__:
        home = getattr(lossviz_helpers, name)
        if not inspect.isclass(home):
            continue
        for member, value in inspect.getmembers(home):
            shown = f"lossviz_helpers.{name}.{member}"
            yield f"{home.__module__}.{name}.{member}", shown
            if inspect.isfunction(value) or inspect.ismethod(value):
                yield f"{value.__module__}.{value.__qualname__}", shown


def show_card(app, what, name, obj, options, lines: list[str]) -> None:
    """Explain each of our losses by its card."""
    if isinstance(obj, Loss):
        card = {key: value for key, value in vars(obj).items() if isinstance(value, str)}
        lines[:] = CARD.format_map(card).splitlines()


def keep_bars(app, what, name, obj, options, lines: list[str]) -> None:
    """Escape bars: in a docstring they belong to |x|, but Sphinx would read them as markup."""
    in_example = False
    for i, line in enumerate(lines):
        in_example = line.lstrip().startswith(">>>") or (in_example and line.strip() != "")
        if not in_example:
            lines[i] = re.sub(r"(`[^`]*`)|\|", lambda found: found[1] or r"\|", line)


def show_picture(app, what, name, obj, options, lines: list[str]) -> None:
    """Put the picture that a function draws after its example."""
    if not name.startswith("lossviz_helpers.plots.") or what != "function":
        return
    begin = next((i for i, line in enumerate(lines) if line.startswith(">>>")), None)
    if begin is not None:
        example, alt = lines[begin:], lines[0].strip()
        plot = [".. plot::", "   :format: doctest", f"   :alt: {alt}", ""]
        lines[begin:] = plot + [f"   {line}" for line in example] + [""]


def skip_fields(app, what, name, obj, skip, options) -> bool | None:
    """Skip the fields of a named tuple, which its docstring describes."""
    return True if type(obj).__name__ == "_tuplegetter" else None


def name_uses(app, doctree: nodes.document, docname: str) -> None:
    """Give the fold with the sections that use a name a plain title."""
    for summary in doctree.findall(SummaryNode):
        summary.children = [nodes.Text("Where it is used")]


def fix_signatures(app, page: str, template: str, context: dict, doctree) -> None:
    """Turn a long signature into lines of text: Sphinx makes it a list of empty definitions.

    Screen readers would announce such a list at every function.
    """
    if "body" in context:
        context["body"] = SIGNATURE.sub(_as_lines, context["body"])


def _as_lines(signature: re.Match) -> str:
    return signature[1].replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", keep_bars, priority=300)
    app.connect("autodoc-process-docstring", show_card)
    # before napoleon and the links of codeautolink, which add to the docstring
    app.connect("autodoc-process-docstring", show_picture, priority=400)
    app.connect("autodoc-skip-member", skip_fields)
    app.connect("doctree-resolved", name_uses, priority=600)
    app.connect("html-page-context", fix_signatures)
    return {"parallel_read_safe": True}
