"""The methods of ``solve`` beyond pure equilibria: how each is asked, shown, written as JSON and drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from triangle.base.errors import BadInput, Fault
from triangle.players.axes import PLAYERS, profile_actions
from triangle.players.notation import Profile
from triangle.questions.solve import answer as questions
from triangle.questions.solve import document as documents
from triangle.questions.solve import table as tables
from triangle.questions.solve.answer import MixedAnswer
from triangle.study.documents import Document
from triangle.study.study import Study


@dataclass(frozen=True)
class Asked:
    """One answer in its three forms; `plot` is None where there is no picture of it."""

    document: Callable[[], Document]
    table: Callable[[], Any]
    plot: Callable[[], Any] | None = None


def ask(
    study: Study,
    method: str,
    *,
    order: Sequence[Sequence[int]] | None = None,
    lam: float = 0.1,
    normalised: bool = False,
    seed: int = 0,
    observed: Sequence[str] = (),
) -> Asked:
    """Ask a study by ``mixed``, ``logit``, ``correlated``, ``order``, ``selection``, ``repeated`` or ``coalitions``.

    Parameters
    ----------
    order : sequence of sequences of int
        Stages of play, for ``order``.
    lam, normalised : float, bool
        Rationality, for ``logit``.
    seed : int
        Seed of the starting points, for ``selection``.
    observed : sequence of str
        Play that λ is estimated from, for ``logit``, instead of `lam`.
    """
    if method == "mixed":
        mixed = questions.mixed(study)
        return _asked(study, mixed, documents.mixed_document, tables.mixed, "mixed_plot")
    if method == "logit":
        answer = questions.logit_of_play(study, observed) if observed else questions.logit(study, lam, normalised)
        return _logit(study, answer)
    if method == "correlated":
        bounds = questions.correlated(study)
        return _asked(study, bounds, documents.correlated_document, tables.correlated, "correlated_plot")
    if method == "order":
        assert order is not None
        played = questions.in_order(study, order)
        return _asked(study, played, documents.sequential_document, tables.sequential, "order_plot")
    if method == "selection":
        picked = questions.selection(study, seed)
        return _asked(study, picked, documents.selection_document, tables.selection)
    if method == "repeated":
        kept = questions.repeated(study)
        profiles = interesting_profiles(study)
        return Asked(
            lambda: documents.repeated_document(study, kept, reachable_profiles(study)),
            lambda: tables.repeated(study, kept, profiles),
        )
    shared = questions.coalitions(study)
    return _asked(study, shared, documents.coalitions_document, tables.coalitions)


def _asked(study: Study, answer: Any, document: Any, table: Any, plot: str | None = None) -> Asked:
    def drawn() -> Any:
        from triangle.questions.solve import plot as question_plots

        return getattr(question_plots, str(plot))(study, answer)

    return Asked(lambda: document(study, answer), lambda: table(study, answer), drawn if plot else None)


def _logit(study: Study, answer: MixedAnswer) -> Asked:
    lam = float(str(answer.settings["lam"]))

    def drawn() -> Any:
        from triangle.questions.solve.plot import logit_plot

        if len(study.hold) == len(PLAYERS) or lam == 0:
            raise BadInput(Fault("--plot", "", "the branch is a single point: nobody is free, or λ is zero"))
        return logit_plot(study, questions.logit_branch(study, lam), answer)

    return Asked(lambda: documents.mixed_document(study, answer), lambda: tables.mixed(study, answer), drawn)


def reachable_profiles(study: Study) -> list[Profile]:
    """All profiles in which held players play their actions, by index."""
    return [profile for profile in map(profile_actions, range(study.margins.size)) if study.reachable(profile)]


def interesting_profiles(study: Study) -> list[Profile]:
    """Profiles whose patience is worth knowing: those in which everybody has more than in some pure equilibrium.

    With them the pure equilibria themselves; at most the eight best for the one who gains least, so that the list
    stays readable.
    """
    findings = study.solve().findings
    better: dict[Profile, float] = {}
    for profile in reachable_profiles(study):
        payoffs = study.payoffs[(slice(None), *profile)]
        gains = [min(payoffs[i] - f.payoffs[i] for i in range(3)) for f in findings] or [0.0]
        if max(gains) > 0:
            better[profile] = float(max(gains))
    best = sorted(better, key=lambda profile: -better[profile])[:8]
    return [finding.profile for finding in findings] + [p for p in best if p not in {f.profile for f in findings}]
