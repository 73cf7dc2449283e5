"""Pictures of Bayesian equilibria: what each type does over the prior."""

from __future__ import annotations

from matplotlib.figure import Figure as Plot

from triangle.questions.solve.types.answer import TypedAnswer
from triangle.questions.solve.types.table import types_notes
from triangle.showing.phrases import spoken, told, word
from triangle.showing.plots import new_plot, pt, sign, styled, titled

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")


@styled
def types_plot(found: TypedAnswer) -> Plot:
    """The actions of each type of one player in the pure Bayesian equilibria, over the prior of its last type."""
    types = [agent for agent in found.agents if agent.player == found.swept]
    actions = found.actions[found.players.index(found.swept)]
    plot = new_plot(7.2, 1.4 + 1.3 * len(types))
    panels = plot.subplots(len(types), 1, sharex=True, squeeze=False)[:, 0]
    for place, (axes, agent) in enumerate(zip(panels, types, strict=True)):
        for step in found.steps:
            for action in step.actions[place]:
                axes.plot(step.prior, actions.index(action), "s", color=_COLOURS[place], markersize=pt(7))
        axes.axvline(types[-1].probability, color="black", linewidth=1.0, linestyle=":")
        axes.set_yticks(
            range(len(actions)),
            [spoken(found.cast).action_of(found.swept, name) for name in actions],
            fontsize=pt(8),
        )
        axes.set_ylim(-0.5, len(actions) - 0.5)
        axes.set_title(word(agent.type), fontsize=pt(9), loc="left")
    template = "prior of the {type} type (dotted: the one asked)"
    panels[-1].set_xlabel(told(template, type=word(types[-1].type)))
    titled(plot, _apart(found), found.scenario)
    sign(plot, " ".join(types_notes(found)))
    return plot


def _apart(found: TypedAnswer) -> str:
    """At how many of the priors the types of the swept player do different things."""
    apart = sum(len(set(step.actions)) > 1 for step in found.steps)
    who = spoken(found.cast).country(found.swept)
    if apart == 0:
        return told("The types of {player} do the same at every prior", player=who)
    template = "The types of {player} do different things at {n} of {of} priors"
    return told(template, player=who, n=apart, of=len(found.steps))
