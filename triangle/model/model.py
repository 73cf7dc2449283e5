"""The model as a whole: what is documented, the parameters that rest on it, and the payoff terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from triangle.base.arguments import checked
from triangle.base.errors import Fault
from triangle.evidence.figure import Figure
from triangle.evidence.ledger import SHIPPED as SHIPPED_EVIDENCE
from triangle.evidence.ledger import Ledger, inspect_ledger, read_ledger
from triangle.model.forms import DEFAULT_FORM, Form, form_of, is_of_a_form
from triangle.model.parameters import SHIPPED as SHIPPED_PARAMETERS
from triangle.model.parameters import Catalogue, Prior, Role, inspect_catalogue, read_catalogue
from triangle.model.terms import Term
from triangle.players.cast import SHIPPED, Cast
from triangle.players.thirds import ThirdParty


@dataclass(frozen=True)
class Model:
    """Ledger of figures, catalogue of parameters and payoff terms; everything a scenario departs from.

    A model never changes: :meth:`with_parameter` and :meth:`with_term` give another one. What they add goes wherever
    the shipped parameters and terms go: into scenarios, solutions, traces and sweeps.

    Attributes
    ----------
    asked_form : str or None
        The form of the payoffs that was asked for; None leaves it to the scenario, and else to the default.
    alone : Model or None
        The same without its third parties, where it has some.
    """

    ledger: Ledger
    catalogue: Catalogue
    terms: Mapping[str, Term]
    asked_form: str | None = None
    alone: Model | None = None

    @property
    def cast(self) -> Cast:
        """Who plays: the players whom the parameters are about."""
        return self.catalogue.cast

    @property
    def form(self) -> Form:
        """The form of the payoffs that the terms are of."""
        return form_of(self.asked_form or DEFAULT_FORM)

    @checked
    def with_form(self, name: str) -> Model:
        """The model with its payoffs in this form, ``first`` or ``second``; others stay.

        Raises
        ------
        UnknownName
            If there is no such form.

        Examples
        --------
        >>> read_model().with_form("second").form.name
        'second'
        """
        own = {key: term for key, term in self.terms.items() if not is_of_a_form(key, term)}
        terms = {**form_of(name).terms, **own} if own else form_of(name).terms
        return replace(self, terms=terms, asked_form=name, alone=self.alone and self.alone.with_form(name))

    @checked
    def joined_by(self, parties: Sequence[ThirdParty]) -> Model:
        """The model with these third parties, whose actions take the place of the parameters that they choose.

        Raises
        ------
        BadInput
            With every fault of a player.
        """
        if tuple(parties) == self.cast.thirds:
            return self
        from triangle.model.thirds import joined  # few scenarios have some

        return joined(self, parties)

    @checked
    def figures_behind(self, parameter: str) -> tuple[Figure, ...]:
        """The figures that a parameter is made of, then those that its judgement leans on."""
        p = self.catalogue[parameter]
        return tuple(self.ledger[name] for name in p.figures + p.anchors)

    def with_parameter(
        self,
        name: str,
        *,
        symbol: str,
        meaning: str,
        unit: str,
        role: Role,
        judged: float | None = None,
        figure: str | None = None,
        formula: str | None = None,
        because: str = "",
        chooses: str = "",
        anchors: Sequence[str] = (),
        low: float | str | None = None,
        high: float | str | None = None,
        spread: float | None = None,
        hard_low: float | None = None,
        hard_high: float | None = None,
        prior: Prior = "uniform",
        prior_because: str = "",
    ) -> Model:
        """The model with one parameter more, under the rules of the parameter file.

        Parameters
        ----------
        name : str
            ``quantity``, ``quantity_ru`` or ``quantity_ru_cn``, players in lower case; terms read the last as
            ``v["quantity", RU, CN]``, and one in per cent of GDP in dollars as ``v.dollars("quantity", RU, CN)``.
        unit : str
            One of :data:`triangle.evidence.units.UNITS`.
        role : {"fact", "uncertainty", "lever"}
            A lever is somebody's choice; the others are drawn in sweeps.
        judged, figure, formula
            What stands behind the default, exactly one: a number with its `because`, the id of a figure of the same
            unit, or the name of a formula of :mod:`triangle.model.calibration`.
        chooses : str
            Why this figure is taken, where others stand against it.
        anchors : sequence of str
            Figures that a judgement leans on.
        low, high, spread
            The range of sweeps: both ends (numbers, figures or formulas), or a share of the default to both sides.
        hard_low, hard_high : float, optional
            What the formulas allow.
        prior : {"uniform", "loguniform", "triangular"}
            How sweeps draw it; another than uniform says why in `prior_because`.

        Raises
        ------
        BadInput
            With every rule that is broken.

        Examples
        --------
        >>> model = read_model().with_parameter(
        ...     "prestige_cost_ru", symbol="P_RU", meaning="What Russia loses by changing sides", unit="% of GDP",
        ...     role="uncertainty", judged=0.5, low=0.0, high=1.0, hard_low=0.0,
        ...     because="Judged: a tenth of what is at stake with the United States",
        ... )
        >>> model.catalogue["prestige_cost_ru"].default, len(model.catalogue) - len(read_model().catalogue)
        (0.5, 1)
        """
        given = {key: value for key, value in locals().items() if key not in ("self", "name")}
        table = {key: value for key, value in given.items() if value is not None}
        from triangle.model import additions  # few models are added to, and every command reads one

        catalogue = additions.with_parameter(self.catalogue, self.ledger, name, table)
        return replace(self, catalogue=catalogue)

    def with_term(self, term: Term, name: str | None = None, weight: str | None = None) -> Model:
        """The model with one payoff term more, after it has been tried out over the ranges of the parameters.

        Parameters
        ----------
        term : function of (Stances, Values)
            Returns the payoffs of the players that it touches, in billion dollars a year, as arrays that broadcast
            against ``[a_US, a_RU, a_CN, ...samples]``. Its docstring answers :data:`triangle.model.terms.QUESTIONS`.
        name : str, optional
            What it is called, if not by the function's name.
        weight : str, optional
            A parameter that switches the term off at zero; this is tried too.

        Raises
        ------
        BadInput
            If the name is taken, the docstring leaves a question open, or the term reads a parameter that is not
            there, fails, or returns something else than finite payoffs.
        """
        from triangle.model import additions

        return replace(self, terms=additions.with_term(self.terms, self.catalogue, term, name, weight))


def read_model(
    evidence: Path | None = None,
    parameters: Path | None = None,
    form: str | None = None,
    triad: Cast | str | Path | None = None,
) -> Model:
    """The model read from files, its payoffs in the form that is asked for.

    Parameters
    ----------
    evidence, parameters : Path, optional
        A folder and a file in place of those of the triad.
    form : {"first", "second"}, optional
        By default a scenario may choose it.
    triad : Cast, str or Path, optional
        Who plays, or a triad file; by default the shipped three. Models of several triads stand side by side.

    Raises
    ------
    BadInput
        With every fault found.

    Examples
    --------
    >>> read_model().cast.codes
    ('US', 'RU', 'CN')
    """
    cast = cast_of(triad)
    ledger = read_ledger(evidence or cast.evidence or SHIPPED_EVIDENCE)
    catalogue = read_catalogue(ledger, parameters or cast.parameters or SHIPPED_PARAMETERS, cast.joined_by(()))
    model = Model(ledger, catalogue, form_of(DEFAULT_FORM).terms).joined_by(cast.thirds)
    return model if form is None else model.with_form(form)


def cast_of(triad: Cast | str | Path | None) -> Cast:
    """A cast, that of a triad file, or the shipped one."""
    if triad is None or isinstance(triad, Cast):
        return triad or SHIPPED
    from triangle.players.triad import read_triad

    return read_triad(Path(triad))


def inspect_model(
    evidence: Path | None = None, parameters: Path | None = None, figures: Sequence[Path] = (), cast: Cast = SHIPPED
) -> tuple[Model, list[Fault]]:
    """The model made of everything that could be read, and all faults of the rest.

    Figure files named in `figures` take the place of those of the evidence with the same name or source.
    """
    ledger, faults = inspect_ledger(evidence or cast.evidence or SHIPPED_EVIDENCE, figures)
    catalogue, more = inspect_catalogue(ledger, parameters or cast.parameters or SHIPPED_PARAMETERS, cast)
    return Model(ledger, catalogue, form_of(DEFAULT_FORM).terms), faults + more
