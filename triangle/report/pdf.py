"""A page as PDF, by weasyprint from the HTML and its print style."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from triangle.base.errors import BadInput, Fault
from triangle.report.html import html_of, on_paper
from triangle.showing.blocks import Page


def weasyprint_module() -> Any:
    """The library that draws a PDF; asked for before a report is computed, so that nobody waits for a refusal.

    Raises
    ------
    BadInput
        If weasyprint is not installed, or the libraries that it draws with are missing.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        advice = "in triangle's folder: pip install '.[pdf]'; or take --format html and print from a browser"
        raise BadInput(Fault("--format", "pdf", f"weasyprint cannot be used ({error}); {advice}")) from None
    return weasyprint


def pdf_of(page: Page) -> bytes:
    """The page as a PDF document of A4 pages.

    Raises
    ------
    BadInput
        If weasyprint is not installed, or the libraries that it draws with are missing.
    """
    weasyprint = weasyprint_module()
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it warns of style rules that are for screens
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    document = weasyprint.HTML(
        string=on_paper(html_of(replace(page, terms=()))), url_fetcher=_nothing, media_type="print"
    )
    written: bytes = document.write_pdf()
    return written + b"% triangle\n"  # who wrote it, where it can be read without unpacking the file


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Answer a request for an address: there is none in a report."""
    raise ValueError(f"a report asks for no address, but {url[:80]} was asked for")
