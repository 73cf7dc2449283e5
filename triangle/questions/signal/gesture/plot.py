"""Pictures of what a gesture tells: the map by kind with the posterior as lines."""

from __future__ import annotations

from matplotlib.figure import Figure as Plot

from triangle.questions.signal.gesture.record import Gesture
from triangle.questions.signal.gesture.table import notes
from triangle.questions.signal.plot import areas, explain, titled
from triangle.questions.signal.record import Map
from triangle.questions.signal.table import most_of_map
from triangle.showing.phrases import told, word
from triangle.showing.plots import new_plot, sign, styled

_TITLES = {
    "prior": "prior of the {type} type", "cost": "cost for show, {unit}", "years": "years of the deed",
}  # fmt: skip


def gesture_plots(found: Gesture) -> dict[str, Plot]:
    """Every map, by name."""
    return {f"map_{one.names[0]}_{one.names[1]}": map_plot(found, one) for one in found.maps}


@styled
def map_plot(found: Gesture, one: Map) -> Plot:
    """One map: kinds as areas, the posterior after the gesture as lines, the judged point as a cross."""
    plot = new_plot(7.6, 6.0)
    axes = plot.subplots()
    numbers = {"prior": found.prior, "cost": found.cost}
    second, kinds = word(found.types[1]), list(map(word, found.kinds))
    labels = [told(_TITLES.get(name, name.replace("_", " ")), type=second) for name in one.names]
    belief = told("posterior of {type}, after the gesture", type=second)
    explain(axes, areas(axes, one, kinds, numbers, labels, belief))
    titled(plot, most_of_map(found.scenario, found.kinds, one))
    sign(plot, notes(found))
    return plot
