r"""Where pure equilibria say too little: mixed and logit equilibria of many games, in numbers of fixed length a game.

``mixed``
    All mixed equilibria of the games that have no pure one (:func:`triangle.solvers.mixed.support.all_equilibria`;
    where a player is held, degenerate games go through :func:`triangle.solvers.mixed.bilateral.solve_bilateral`).
    There may be several, and nothing says which one is played. What is kept of them is therefore a **range**: for each
    configuration the least and the greatest probability that it has in any of the equilibria listed. For a game with
    pure equilibria the range is taken over these, so that it is 0 or 1; its mixed equilibria are not looked for.
``logit``
    The logit equilibrium of every game on the principal branch at λ (:mod:`triangle.solvers.logit.branch`). There is
    one; players draw independently, so that their twelve probabilities of actions hold everything, and those of the
    configurations follow by :func:`configuration_probabilities`.

Solvers round differently in the last place when games are put together differently. A sweep hands them over in the
design's blocks, which are the same for every chunk, worker and interruption, so that its results are the same bits.

References
----------
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. *Games and Economic
Behavior* 10(1), 6-38.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, TriangleError, check_probability, unknown
from triangle.base.records import SPARSE, Key, form, from_document, to_document
from triangle.batch.equilibria import sweep_agreement_proof
from triangle.games.bitboards import profiles_of
from triangle.games.normal_form import NormalFormGame
from triangle.model.forms import DEFAULT_TERMS
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import Term
from triangle.players.cast import Cast
from triangle.players.sets import configuration_masks

Floats = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]
Method = Literal["pure", "mixed", "logit"]

METHODS: tuple[Method, ...] = ("pure", "mixed", "logit")

#: Verdicts by number, as the solvers give them; `NOT_ASKED` where a pure equilibrium made the question idle.
VERDICTS = ("complete", "degenerate", "undecided")
COMPLETE, DEGENERATE, UNDECIDED = range(3)
NOT_ASKED = -1

#: Rationality where none is asked for, in one over the payoff range: as ``solve`` has it.
LAMBDA = 10.0

#: Largest rationality that is followed.
LARGEST_LAMBDA = 1e9

#: Games whose payoffs are made at a time: 1.5 megabytes, which stay in the cache. Divides a design's block.
_TENSOR = 1024

_NOT_FINITE = (
    "some payoffs are not finite numbers at these parameter values; bring the ranges of the most extreme parameters "
    "closer to the documented ones"
)


@dataclass(frozen=True)
class Takeover:
    """What is solved beside pure equilibria.

    Parameters
    ----------
    method : {"pure", "mixed", "logit"}
    lam : float
        Rationality, for ``logit``: in one over billion dollars a year, or in one over the payoff range of each game.
    normalised : bool
        Which of the two.
    trust : float, optional
        Where given, the agreement-proof ones of the pure equilibria are kept too, at this trust.
    """

    method: Method = "pure"
    lam: float = LAMBDA
    normalised: bool = True
    trust: float | None = None

    def solve(
        self, values: Values, masks: NDArray[np.uint64], terms: Mapping[str, Term], hold: Mapping[int, int]
    ) -> Arrays:
        """Further arrays ``[..., game]`` of one block of games, whose sets of pure equilibria are `masks`."""
        found: Arrays = {}
        if self.trust is not None:
            found["agreement_proof"] = sweep_agreement_proof(values, masks, terms, trust=self.trust, hold=hold)
        if self.method == "logit":
            found |= _logit(values, terms, hold, self.lam, self.normalised)
        if self.method == "mixed":
            found |= _mixed(values, masks, terms, hold)
        return found

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise BadInput(Fault("--method", "", unknown("method", self.method, METHODS)))
        if not 0 <= self.lam <= LARGEST_LAMBDA:
            raise BadInput(Fault("--lambda", "", f"found {self.lam}; expected a number from 0 to {LARGEST_LAMBDA:g}"))
        if self.trust is not None:
            check_probability(self.trust, "--trust")

    @classmethod
    def asked(cls, method: Method, lam: float | None, normalised: bool, trust: float | None = None) -> Takeover:
        """By the words of a user, who is refused what the method would ignore; without λ it is `LAMBDA` per range."""
        if method != "logit":
            for name, given in (("--lambda", lam is not None), ("--normalised", normalised)):
                if given:
                    raise BadInput(Fault(name, "", f"belongs to --method logit; --method {method} does not use it"))
        return cls(method, trust=trust) if lam is None else cls(method, float(lam), normalised, trust)


@dataclass(frozen=True)
class _Written:
    """A takeover in documents: rationality belongs to ``logit`` alone, and trust to those that ask for it."""

    name: Method
    lam: Annotated[float | None, Key("lambda"), SPARSE] = None
    normalised: Annotated[bool | None, SPARSE] = None
    trust: Annotated[float | None, SPARSE] = None


def write_takeover(takeover: Takeover) -> dict[str, Any]:
    """Method and settings, as manifests have them."""
    lam, normalised = (takeover.lam, takeover.normalised) if takeover.method == "logit" else (None, None)
    return to_document(_Written(takeover.method, lam, normalised, takeover.trust))


def read_takeover(data: object) -> Takeover:
    """The inverse of :func:`write_takeover`; manifests of earlier versions lack what has a default."""
    found = from_document(_Written, data, "")
    lam = LAMBDA if found.lam is None else found.lam
    return Takeover(found.name, lam, found.normalised is not False, found.trust)


#: Method and settings, in documents and manifests.
TakeoverField = Annotated[Takeover, form(write_takeover, read_takeover)]


def logit_probabilities(
    values: Values,
    terms: Mapping[str, Term] = DEFAULT_TERMS,
    *,
    hold: Mapping[int, int] | None = None,
    lam: float = LAMBDA,
    normalised: bool = True,
) -> Floats:
    """Probability of every action in the logit equilibrium of each game of a batch, on the principal branch at λ.

    Parameters
    ----------
    values : Values
        Parameter values over samples of any shape.
    terms : mapping of str to Term
    hold : mapping of int to int, optional
        Players held at an action: they play it for certain.
    lam : float
        Rationality, at least 0: in one over the payoff range of each game, or in one over billion dollars a year where
        `normalised` is false.

    Returns
    -------
    array, shape (3, 4, ...samples), ``[player, action, ...]``; not a number where the branch was lost before λ. A
    player with fewer actions than others has zeros after its last one.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> model = read_model()
    >>> values = Values(model.catalogue.defaults() | {"relief": [0.0, 1.0]}, model.cast)
    >>> found = logit_probabilities(values, lam=0.0)
    >>> found.shape, float(found[0, 0, 0])
    ((3, 4, 2), 0.25)
    """
    found = _logit(_in_a_row(values), terms, hold or {}, lam, normalised)
    shape = values.cast.shape
    each = np.zeros((len(shape), max(shape), *values.samples))
    for own, played in zip(each, _by_player(found["probability"], shape), strict=True):
        own[: len(played)] = played.reshape(-1, *values.samples)
    return each


def _by_player(probabilities: Floats, shape: tuple[int, ...]) -> list[Floats]:
    """The probabilities of each player's actions, of all of them one after the other."""
    return np.split(probabilities, np.cumsum(shape)[:-1])


def configuration_probabilities(probabilities: NDArray[np.floating[Any]], cast: Cast) -> dict[str, Floats]:
    """Probability of each configuration where players draw their actions independently.

    Parameters
    ----------
    probabilities : array, shape (3, 4, ...samples)
        ``[player, action, ...]``; also ``(12, ...samples)``, one player after the other, as a sweep's ``probability``.

    Returns
    -------
    dict of str to array, shape (...samples), by the keys of
    :func:`~triangle.players.sets.configuration_masks`; they add up to 1.

    Examples
    --------
    >>> from triangle.players.cast import SHIPPED
    >>> uniform = configuration_probabilities(np.full((3, 4), 0.25), SHIPPED)
    >>> float(uniform["menage_a_trois"]), float(sum(uniform.values()))
    (0.015625, 1.0)
    """
    each = np.asarray(probabilities, dtype=np.float64)
    if each.shape[:1] == (sum(cast.shape),):
        played = _by_player(each, cast.shape)
    else:
        played = [own[:actions] for own, actions in zip(each, cast.shape, strict=True)]
    joint = played[0]
    for own in played[1:]:
        joint = (joint[:, None] * own).reshape(-1, *own.shape[1:])
    found = {key: joint[list(profiles_of(mask))].sum(axis=0) for key, mask in configuration_masks(cast).items()}
    return {key: np.minimum(share, 1.0) for key, share in found.items()}  # a sum may round to a little more than one


def _in_a_row(values: Values) -> Values:
    """The same games along one axis."""
    numbers = {
        name: array.reshape(1) if array.size == 1 else np.broadcast_to(array, values.samples).reshape(-1)
        for name, array in values.numbers.items()
    }
    return values.of_samples(numbers, (int(np.prod(values.samples, dtype=np.int64)),))


def _some(values: Values, games: slice | NDArray[np.intp], count: int) -> Values:
    """So many games of those along one axis; numbers that are the same for all stay single."""
    size = values.samples[0]
    numbers = {name: a[games] if a.shape == (size,) and size > 1 else a for name, a in values.numbers.items()}
    return values.of_samples(numbers, (count,))


def _payoffs(values: Values, terms: Mapping[str, Term], hold: Mapping[int, int]) -> Iterator[tuple[slice, Floats]]:
    """Payoffs ``[player, a_US, a_RU, a_CN, game]`` of games along one axis, a part at a time; held players keep one."""
    size = values.samples[0]
    kept = (slice(None), *(slice(hold[i], hold[i] + 1) if i in hold else slice(None) for i in range(len(values.cast))))
    for start in range(0, size, _TENSOR):
        stop = min(start + _TENSOR, size)
        with np.errstate(all="ignore"):
            payoffs = payoff_tensor(_some(values, slice(start, stop), stop - start), terms)
        if not np.isfinite(payoffs).all():
            raise TriangleError(_NOT_FINITE)
        yield slice(start, stop), payoffs[kept]


def _full(probabilities: tuple[Floats, ...], hold: Mapping[int, int], cast: Cast) -> Floats:
    """The probabilities of all actions, one player after the other; a held one plays its action for certain."""
    full = np.zeros((sum(cast.shape), probabilities[0].shape[-1]))
    for i, (own, mixed) in enumerate(zip(_by_player(full, cast.shape), probabilities, strict=True)):
        if i in hold:
            own[hold[i]] = 1.0
        else:
            own[:] = mixed
    return full


def _logit(values: Values, terms: Mapping[str, Term], hold: Mapping[int, int], lam: float, normalised: bool) -> Arrays:
    from triangle.solvers.logit.branch import logit_equilibria

    size = values.samples[0]
    probability = np.empty((sum(values.cast.shape), size))
    verdict, folds = np.empty(size, dtype=np.int8), np.empty(size, dtype=np.int32)
    for part, payoffs in _payoffs(values, terms, hold):
        found = logit_equilibria(payoffs, lam, normalised)
        probability[..., part] = np.where(found.reached, _full(found.probabilities, hold, values.cast), np.nan)
        verdict[part] = np.where(found.reached, np.where(found.crossings > 0, DEGENERATE, COMPLETE), UNDECIDED)
        folds[part] = found.folds
    return {"probability": probability, "verdict": verdict, "folds": folds}


def _mixed(values: Values, masks: NDArray[np.uint64], terms: Mapping[str, Term], hold: Mapping[int, int]) -> Arrays:
    sets, patterns = values.cast.sets, configuration_masks(values.cast).values()
    low, high = (
        np.stack([of(masks, pattern) for pattern in patterns]).astype(np.float64) for of in (sets.within, sets.meets)
    )
    without = sets.none(masks)
    verdict = np.full(without.size, NOT_ASKED, dtype=np.int8)
    listed = np.zeros(without.size, dtype=np.int32)
    none = np.flatnonzero(without)
    for part, payoffs in _payoffs(_some(values, none, none.size), terms, hold):
        games = none[part]
        game, probabilities, verdict[games] = _listed(_of_powers(payoffs, values.cast, hold), bool(hold))
        alone = (np.ones((1, game.size)),) * len(values.cast.thirds)
        whole = _full((*probabilities, *alone), hold, values.cast)
        shares = np.stack(list(configuration_probabilities(whole, values.cast).values()))
        first = np.searchsorted(game, np.arange(games.size))
        low[:, games] = np.minimum.reduceat(shares, first, axis=1)
        high[:, games] = np.maximum.reduceat(shares, first, axis=1)
        listed[games] = np.bincount(game, minlength=games.size)
    return {"low": low, "high": high, "verdict": verdict, "listed": listed}


def _of_powers(payoffs: Floats, cast: Cast, hold: Mapping[int, int]) -> Floats:
    """The payoffs of the three powers, third parties being held; raises BadInput where one is free to mix."""
    powers = len(cast) - len(cast.thirds)
    free = [cast.codes[i] for i in range(powers, len(cast)) if i not in hold]
    if free:
        message = f"lists mixed equilibria of three players; hold {' and '.join(free)}, or ask for pure or logit"
        raise BadInput(Fault("--method", "mixed", message))
    return payoffs[:powers].reshape(powers, *payoffs.shape[1 : 1 + powers], -1)


Listed = tuple[NDArray[np.intp], tuple[Floats, ...], NDArray[np.int8]]


def _listed(payoffs: Floats, is_held: bool) -> Listed:
    """To which game each equilibrium belongs, ascending; its probabilities; and the verdict of each game.

    Where a player is held, games that the batch left open are taken up again one by one: of two players even
    degenerate games are solved completely, as ``solve`` does.
    """
    from triangle.solvers.mixed.support import all_equilibria

    found = all_equilibria(payoffs, search_degenerate=True)
    again = np.flatnonzero(found.verdict != COMPLETE)
    if not is_held or not again.size:
        return found.game, found.probabilities, found.verdict
    kept = ~np.isin(found.game, again)
    game, mixed, verdict = _listed_one_by_one(payoffs, again)
    everywhere = found.verdict.copy()
    everywhere[again] = verdict
    all_games = np.concatenate([found.game[kept], game])
    order = np.argsort(all_games, kind="stable")
    pairs = zip(found.probabilities, mixed, strict=True)
    return all_games[order], tuple(np.concatenate([x[:, kept], y], axis=1)[:, order] for x, y in pairs), everywhere


def _listed_one_by_one(payoffs: Floats, games: NDArray[np.intp]) -> Listed:
    """The same of some games, by the solver for two players."""
    from triangle.solvers.mixed.bilateral import solve_bilateral

    game, rows, verdict = [], [], np.empty(games.size, dtype=np.int8)
    for place, number in enumerate(games.tolist()):
        solution = solve_bilateral(NormalFormGame(payoffs[..., number]))
        verdict[place] = VERDICTS.index(solution.verdict)
        for equilibrium in solution.equilibria:
            game.append(number)
            rows.append(equilibrium.probabilities)
    mixed = tuple(np.array([row[i] for row in rows]).T for i in range(payoffs.shape[0]))
    return np.array(game, dtype=np.intp), mixed, verdict
