"""Sphinx settings of the web edition; `python tools/site.py` builds it."""

project = "lossviz"
author = "The lossviz contributors"
copyright = "the lossviz contributors. Code: MIT, text: CC BY 4.0"

extensions = ["myst_nb", "sphinx-mathjax-offline"]  # formulas are drawn with no network
root_doc = "index"
exclude_patterns = ["**/.ipynb_checkpoints"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # pages show what is committed
suppress_warnings = [
    "mystnb.unknown_mime_type",  # a widget's view, of which its text stands in the page
    "myst.header",  # a chapter's exercises stand below its last section
]

html_theme = "sphinx_book_theme"
html_title = "lossviz"
html_show_search_summary = False  # a page opened from a file may not fetch others
html_context = {"default_mode": "auto"}
html_theme_options = {
    "repository_url": "https://github.com/lossviz/lossviz",
    "repository_branch": "main",
    "path_to_docs": ".",
    "use_repository_button": True,
    "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"},
    "show_toc_level": 2,
}
