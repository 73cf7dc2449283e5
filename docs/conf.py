"""Settings of the documentation; ``make docs`` builds it with every warning an error."""

from __future__ import annotations

import functools
import gc
import sys
from pathlib import Path

from sphinx.search.en import SearchEnglish

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))
# Pages stay until the end: there is little garbage to be looked for in them.
gc.set_threshold(100_000, 50, 50)
# The same words stand on many pages, and to find the stem of one takes long in Python.
SearchEnglish.stem = functools.cache(SearchEnglish.stem)

from citation import citation, citation_page  # noqa: E402
from lecture_pages import write_changed, write_lectures  # noqa: E402
from reference_pages import write_pages  # noqa: E402

from triangle.version import __version__  # noqa: E402

project = "triangle"
cited = citation()
author = cited.by
# At the foot of every page, on paper too: who, which version, which numbers.
copyright = f"{cited.year}, {cited.by}; version {cited.version}, evidence and parameters {cited.digest}"
release = version = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "mathml", "navigation", "numpydoc"]
html_math_renderer = "mathml"
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "README.md", "examples", "reference/citation.md"]
root_doc = "index"

myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 88
autodoc_preserve_defaults = True
autodoc_type_aliases = {"Seed": "int"}  # its bounds stand in the words
add_module_names = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
autosummary_generate = False

html_theme = "furo"
html_domain_indices = False  # the general index has every name
html_copy_source = False
html_title = f"triangle {release}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_js_files = ["filter.js"]

html_theme_options = {"navigation_with_keys": True}

write_pages(HERE / "reference")
write_changed(HERE / "reference" / "citation.md", citation_page(cited).encode())
write_lectures(HERE.parent / "notebooks", HERE / "reference" / "lectures")
