"""Sphinx settings of the web edition; `python tools/site.py` builds it."""

import sys
from pathlib import Path

import lossviz_helpers

sys.path.insert(0, str(Path(__file__).parent))
import reference

project = "lossviz"
author = "The lossviz contributors"
copyright = "the lossviz contributors. Code: MIT, text: CC BY 4.0"
release = lossviz_helpers.__version__

extensions = [
    "myst_nb",
    "sphinx-mathjax-offline",  # formulas are drawn with no network
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",  # Args, Returns and Raises of docstrings
    "sphinx_codeautolink",  # names in code link to the reference, and back
    "matplotlib.sphinxext.plot_directive",
    "sphinxext.opengraph",  # a title, a sentence and a picture for shared links
    "sphinx_sitemap",
    "notfound.extension",  # a page for addresses that don't exist
    "reference",  # our own additions to the reference: reference.py
]
root_doc = "index"
exclude_patterns = ["**/.ipynb_checkpoints"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # pages show the committed outputs
suppress_warnings = [
    "mystnb.unknown_mime_type",  # a widget's view, which the page shows as text
    "myst.header",  # a chapter's exercises come below its last section
]

# the reference
default_role = "py:obj"  # `Slice` in a docstring is code, and links to its explanation
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
napoleon_use_ivar = True
napoleon_use_rtype = False
autosummary_generate = False
toc_object_entries_show_parents = "hide"
codeautolink_concat_default = True  # a cell uses what cells before it have imported
codeautolink_inventory_map = dict(reference.homes())
codeautolink_autodoc_inject = True
codeautolink_global_preface = "from lossviz_helpers import *"  # as the examples of docstrings

html_theme = "sphinx_book_theme"
html_title = "lossviz"
html_static_path = ["static"]
html_css_files = ["reference.css", "chapters.css", "front.css"]
html_js_files = ["page.js"]
html_favicon = "static/icon.svg"
html_baseurl = "https://lossviz.github.io/lossviz/"
sitemap_url_scheme = "{link}"
ogp_site_url = html_baseurl
ogp_image = "_static/card.png"
ogp_description_length = 160
ogp_social_cards = {"enable": False}  # one picture for all pages
notfound_urls_prefix = "/lossviz/"
html_show_search_summary = False  # a page opened from a file can't fetch others
html_context = {"default_mode": "auto"}
html_theme_options = {
    "repository_url": "https://github.com/lossviz/lossviz",
    "repository_branch": "main",
    "path_to_docs": ".",
    "use_repository_button": True,
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    },
    "show_toc_level": 2,
}

# examples that draw
plot_include_source = True
plot_html_show_source_link = False
plot_html_show_formats = False
plot_formats = [("png", 100)]
plot_pre_code = """
import matplotlib.pyplot as plt
import numpy as np
import torch
from lossviz_helpers import *
from lossviz_helpers.plots import *
use_style()
"""
