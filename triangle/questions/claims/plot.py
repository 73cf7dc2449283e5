"""The picture of a ledger: how many entries about each document have which verdict, those by construction apart."""

from __future__ import annotations

from matplotlib.figure import Figure as Plot
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from triangle.base.errors import BadInput, Fault
from triangle.measures.cautions import Cautions
from triangle.model.model import Model
from triangle.questions.claims.ledger import BY_CONSTRUCTION, COUNTED, Ledger
from triangle.questions.claims.table import document_name
from triangle.showing.phrases import spoken, told, word
from triangle.showing.plots import (
    GREEN,
    ORANGE,
    SKY,
    columns_of,
    fill,
    fill_lines,
    new_plot,
    pt,
    sign,
    styled,
    titled,
)
from triangle.showing.worded import at_the_foot

#: Colour and hatch of each verdict.
VERDICT_LOOKS = {
    "holds": (GREEN, ""),
    "mostly": (GREEN, "\\\\\\\\"),
    "in-part": (SKY, "////"),
    "mostly-not": (ORANGE, "----"),
    "contradicted": (ORANGE, "...."),
    "silent": ("#BBBBBB", ""),
    BY_CONSTRUCTION: ("white", "xxxx"),
}


@styled
def claims_plot(ledger: Ledger, model: Model) -> Plot:
    """One bar a document, cut by verdict, with the number of entries in each part."""
    counts = ledger.by_document()
    if not counts:
        raise BadInput(
            Fault("--plot", "", "there is nothing to draw: no entry is about this document and of this verdict")
        )
    plot = new_plot(9.0, 1.6 + 0.55 * max(1, len(counts)))
    axes = plot.subplots()
    for place, (_, by_verdict) in enumerate(counts.items()):
        left = 0
        for verdict in COUNTED:
            number = by_verdict[verdict]
            colour, hatch = VERDICT_LOOKS[verdict]
            axes.barh(place, number, left=left, **fill(colour, hatch), height=0.66)
            if number:
                label = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
                axes.text(left + number / 2, place, str(number), ha="center", va="center", fontsize=pt(9), bbox=label)
            left += number
    axes.set_yticks(range(len(counts)), [fill_lines(document_name(key, model), 26) for key in counts])
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.set_xlabel(told("entries about the document (one about several counts for each)"))
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    handles = [Patch(**fill(*look), label=word(verdict.replace("-", " "))) for verdict, look in VERDICT_LOOKS.items()]
    plot.legend(
        handles=handles,
        loc="outside right center" if columns_of(4) == 4 else "outside lower left",
        ncols=1 if columns_of(4) == 4 else 3,
    )
    found = {counted: len(ledger.counting_as(counted)) for counted in ("holds", "contradicted", BY_CONSTRUCTION)}
    numbers = {"holds": found["holds"], "contradicted": found["contradicted"], "construction": found[BY_CONSTRUCTION]}
    titled(plot, spoken(model.cast).word("finds.claims", n=len(ledger.entries), **numbers))
    drawn = told("{n} draws, seed {seed}", n=ledger.samples, seed=str(ledger.seed))
    sign(plot, f"{drawn}{at_the_foot(Cautions(trust=ledger.trust))}")
    return plot
