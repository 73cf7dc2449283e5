"""The list of pages at the side, made once for a build: anew for each page it would take a fifth of the time.

It is the same beside every page but for the way to the root and for the page that is marked: the page itself, or of a
page that is in no list the one that its folder is named after.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sphinx.application import Sphinx

#: The list as it stands at the root, no page marked, by what of it is asked for.
_KEPT: dict[str, str] = {}


def setup(app: Sphinx) -> None:
    """Give the theme the kept list, before it asks for one."""
    _KEPT.clear()
    app.connect("html-page-context", _offer, priority=400)


def _offer(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    make: Callable[..., str] = context["toctree"]

    def listed(**asked: Any) -> str:
        key = repr(sorted(asked.items()))
        if key not in _KEPT and "/" in page:  # links of a page in a folder begin there
            return make(**asked)
        if key not in _KEPT:
            anywhere = make(**asked).replace('href="#"', f'href="{page}.html"')
            _KEPT[key] = re.sub(
                r'class="[^"]*"', lambda one: one[0].replace("current ", "").replace(" current", ""), anywhere
            )
        return marked(_KEPT[key], page)

    context["toctree"] = listed


def marked(pages: str, page: str) -> str:
    """The list as it stands beside a page."""
    named = page if f'href="{page}.html"' in pages else page.rpartition("/")[0]
    found = pages.replace('href="', f'href="{"../" * page.count("/")}')
    link = re.compile(rf'<li class="([^"]*)"><a class="([^"]*)" href="[./]*{re.escape(named)}\.html"')
    return link.sub(lambda one: one[0].replace(one[1], f"{one[1]} current").replace(one[2], f"current {one[2]}"), found)
