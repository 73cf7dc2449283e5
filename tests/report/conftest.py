"""A browser for the tests of pages, opened once, whose pages are used again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


class Tabs:
    """The pages of a browser: who closes one leaves it, empty, to who opens the next, since to open one takes long.

    A page knows what was said on its console and asked for since it was opened, and opens another one beside it.
    """

    def __init__(self, browser: Any):
        self._browser, self._idle = browser, list[Any]()

    def new_page(self, viewport: Any = None, color_scheme: str = "light", reduced_motion: str = "null") -> Any:
        page = self._idle.pop() if self._idle else self._made()
        page.set_viewport_size(viewport or {"width": 1280, "height": 720})
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=reduced_motion)
        page.said, page.asked = [], []
        return page

    def touched(self, **options: Any) -> Any:
        """A page of its own, on a screen for fingers."""
        return self._browser.new_page(has_touch=True, **options)

    def _made(self) -> Any:
        page = self._browser.new_page()
        page.goto("about:blank")  # the very first page may share its names with the next
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.close = lambda: self._left(page)
        page.beside = self.new_page
        return page

    def _left(self, page: Any) -> None:
        """Nothing is left of what was done on it, and nothing is worked out for nobody."""
        page.goto("about:blank")
        self._idle.append(page)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser without a window; skipped with the reason where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield Tabs(opened)
        opened.close()
