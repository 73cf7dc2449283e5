"""The accessor ``games.triangle`` of a sweep's Dataset: shares of what holds, and pictures, without masks.

Importing this file registers it with xarray; :func:`triangle.sweep` does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray

from triangle.base.errors import BadInput, Fault
from triangle.base.intervals import wilson
from triangle.batch.takeover import configuration_probabilities
from triangle.players.cast import Cast
from triangle.players.patterns import parse_pattern
from triangle.players.sets import configuration_masks
from triangle.showing.notebook import table_html
from triangle.study.study import Study
from triangle.sweeps.archive import players_of
from triangle.sweeps.fields import of_games
from triangle.sweeps.tally import Tally


@xarray.register_dataset_accessor("triangle")  # type: ignore[no-untyped-call]
class SweepAccessor:
    """What the games of a sweep say; patterns are those of :mod:`triangle.players.patterns`.

    Examples
    --------
    >>> import triangle
    >>> games = triangle.sweep("baseline", over={"relief": [0.0, 1.0]})
    >>> games.triangle.holds("RU=align").values.tolist()
    [True, True]
    >>> games.triangle.share("RU=align")
    1.0
    """

    def __init__(self, games: xarray.Dataset):
        self._games = games

    @property
    def cast(self) -> Cast:
        """Who plays."""
        return players_of(self._games)

    def holds(self, pattern: str) -> xarray.DataArray:
        """Whether some pure equilibrium of each game fits a pattern."""
        return self._of(self.cast.sets.meets, pattern)

    def only(self, pattern: str) -> xarray.DataArray:
        """Whether each game has pure equilibria and all of them fit a pattern."""
        return self._of(self.cast.sets.within, pattern)

    def _of(self, fits: Any, pattern: str) -> xarray.DataArray:
        found: xarray.DataArray = fits(self._games["mask"], parse_pattern(pattern, self.cast, "pattern"))
        return found.rename(pattern)

    def number(self) -> xarray.DataArray:
        """Number of pure equilibria of each game."""
        found: xarray.DataArray = self.cast.sets.count(self._games["mask"])
        return found.rename("equilibria")

    def share(self, pattern: str) -> float:
        """Share of the games in which some pure equilibrium fits a pattern."""
        return float(self.holds(pattern).mean())

    def interval(self, pattern: str) -> tuple[float, float]:
        """Wilson's 95 % interval of :meth:`share`, where the games are draws; without meaning on a grid."""
        held = self.holds(pattern)
        return wilson(int(held.sum()), held.size)

    @property
    def agreement_proof(self) -> xarray.Dataset:
        """The same games with the agreement-proof equilibria in the place of all, for whatever is asked of them.

        Raises
        ------
        BadInput
            If the sweep was asked for none.
        """
        if "agreement_proof" not in self._games:
            raise BadInput(Fault("trust", "", "this sweep has no agreement-proof equilibria; sweep with trust=0.5"))
        others = [name for name in self._games.data_vars if name not in ("mask", "inputs", "computed")]
        found = self._games.assign(mask=self._games["agreement_proof"]).drop_vars(others)
        return found.assign_attrs(sets="agreement-proof equilibria")

    def probability(self) -> xarray.DataArray:
        """Probability of each configuration in each game of a sweep by logit, along ``configuration``.

        Raises
        ------
        BadInput
            If the sweep had another method.
        """
        if "probability" not in self._games:
            raise BadInput(Fault("method", "", "this sweep has no probabilities; sweep with method='logit'"))
        mask = of_games(self._games["mask"])
        played = configuration_probabilities(self._games["probability"].values, self.cast)
        found = xarray.DataArray(
            np.stack(list(played.values())), dims=("configuration", *mask.dims), coords=mask.coords
        )
        return found.assign_coords(configuration=list(played)).rename("probability")

    @property
    def tally(self) -> Tally:
        """Counts by configuration, action, profile, number and set of equilibria."""
        return Tally.of(self._games["mask"].values, self.cast)

    def plot(self, *studies: Study, size: str | None = None) -> Any:
        """The picture that fits the design, a map, a strip, curves or bars, as a matplotlib figure.

        Parameters
        ----------
        *studies : Study
            The studies that were swept, which say where the scenarios stand in the picture.
        size : str, optional
            For print: ``one-column`` (89 mm) or ``two-column`` (183 mm); for the screen where none is given.
        """
        from triangle.showing import maps, plots

        _check(studies)
        with plots.sized(size):
            return maps.sweep_plot(self._games, studies)

    def ternary(self, *studies: Study, size: str | None = None) -> Any:
        """How three kinds of triangle share the whole, as a matplotlib figure; arguments as in :meth:`plot`."""
        from triangle.showing import plots, ternary

        _check(studies)
        with plots.sized(size):
            return ternary.ternary_plot(self._games, studies)

    def _repr_html_(self) -> str:
        tally = self.tally
        rows = []
        for key in configuration_masks(self.cast):
            low, high = wilson(tally.count(key), tally.games)
            rows.append((key.replace("_", " "), f"{tally.share(key):.1%}", f"{low:.1%} to {high:.1%}"))
        kind = "an agreement-proof" if "sets" in self._games.attrs else "a pure"
        title = f"{tally.games:,} game{'s' * (tally.games != 1)}: share with {kind} equilibrium of each kind"
        return table_html(title, ("configuration", "share", "95 % interval, if drawn"), rows)


def _check(studies: tuple[Study, ...]) -> None:
    """Refuse to draw without the studies: a picture names scenarios and says where they stand."""
    if not studies:
        message = "missing; expected the studies that were swept, as in games.triangle.plot(study)"
        raise BadInput(Fault("studies", "", message))
