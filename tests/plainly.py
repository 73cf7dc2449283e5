"""Pictures drawn and saved without being laid out, for tests that ask whether there is one or what stands beside it."""

from __future__ import annotations

from typing import Any

import pytest
from budgets import LARGE
from matplotlib.layout_engine import ConstrainedLayoutEngine

from triangle.showing.plots import Plot


class Anywhere(ConstrainedLayoutEngine):
    """Leaves everything where it is. A picture without a layout of this kind is drawn twice, once for nothing."""

    def execute(self, fig: Any) -> None:
        """Nothing is moved."""


def drawn_plainly(patched: pytest.MonkeyPatch) -> None:
    """By default every picture is drawn once, of few points, and not laid out: all that is tested by itself."""
    if LARGE:
        return
    saved = Plot.savefig

    def savefig(plot: Plot, *args: Any, **kwargs: Any) -> None:
        plot.set_layout_engine(Anywhere())
        saved(plot, *args, **{"bbox_inches": plot.bbox_inches, "dpi": 70, **kwargs})

    patched.setattr(Plot, "savefig", savefig)
