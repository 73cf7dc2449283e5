"""The draws of an archived sweep: inputs and what was kept of the games, without a model and without solving again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, check_probability, shorten, unknown
from triangle.measures.cautions import NONE, Cautions, going_together
from triangle.measures.outcomes import WORDS
from triangle.players.cast import Cast
from triangle.players.notation import parse_profile
from triangle.players.patterns import parse_pattern
from triangle.sweeps import archive
from triangle.sweeps.archive import design_values
from triangle.sweeps.design import Design, design_of

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Draws:
    """One scenario's draws of a sweep.

    Attributes
    ----------
    inputs : array, shape (parameters, draws)
        In the units of `units`.
    masks : array of uint64, shape (draws,)
        Sets of pure equilibria.
    margins : mapping of int to array
        Stability margins of the profiles that were kept, by index.
    """

    cast: Cast
    scenario: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    inputs: Floats
    masks: NDArray[np.uint64]
    margins: Mapping[int, Floats]
    seed: int
    cautions: Cautions = NONE

    @property
    def trust(self) -> float | None:
        """At which trust the sets are those of agreement-proof equilibria; None where they are of all."""
        return self.cautions.trust

    def outcome(self, text: str, where: str = "--outcome") -> tuple[Floats, str, bool]:
        """An outcome at every draw, its unit, and whether it is smooth.

        Raises
        ------
        BadInput
            If the archive does not hold it.
        """
        word, colon, rest = (part.strip() for part in text.partition(":"))
        if word == "number" and not colon:
            return self.cast.sets.count(self.masks).astype(np.float64), "count", False
        if word in ("holds", "only") and rest:
            fits = self.cast.sets.meets if word == "holds" else self.cast.sets.within
            pattern = parse_pattern(self._named(rest, where), self.cast, where)
            return fits(self.masks, pattern).astype(np.float64), "indicator", False
        if word == "margin" and rest:
            if self.trust is not None:
                raise BadInput(
                    Fault(where, "", "an archive holds margins of leaving alone, which do not go with --trust")
                )
            index = self.cast.index(parse_profile(self._named(rest, where), self.cast, where))
            if index not in self.margins:
                raise BadInput(
                    Fault(where, "", "this archive does not hold that profile's margin; sweep with --margin PROFILE")
                )
            return self.margins[index], "bn USD/yr", True
        if word not in WORDS and word.partition("@")[0] not in WORDS:
            raise BadInput(Fault(where, "", unknown("outcome", word, WORDS)))
        raise BadInput(
            Fault(
                where,
                "",
                f"{shorten(text)} is not in an archive, which holds sets of equilibria: ask for holds:PATTERN, "
                "only:PATTERN, number, or margin:PROFILE of those kept, or name the scenario instead",
            )
        )

    def _named(self, text: str, where: str) -> str:
        if text == "present":
            raise BadInput(Fault(where, "", "an archive does not know what is 'present'; name the profile or pattern"))
        return text


def is_run(path: str) -> bool:
    """Whether this is the folder of a sweep rather than a scenario."""
    return Path(path).is_dir()


def read_draws(
    folder: Path, scenario: str | None = None, cast: Cast | None = None, trust: float | None = None
) -> Draws:
    """The draws in a sweep's folder, of the games that are computed; arguments as in :func:`draws_of`."""
    return draws_of(archive.load(folder, cast), scenario, folder, cast, trust)


def draws_of(
    dataset: xarray.Dataset,
    scenario: str | None = None,
    folder: Path | None = None,
    cast: Cast | None = None,
    trust: float | None = None,
) -> Draws:
    """The draws of a sweep's results.

    Parameters
    ----------
    scenario : str, optional
        Which one, where there are several.
    folder : Path, optional
        Where they were read from; needed for listed points that are too many to be carried along.
    cast : Cast, optional
        Who plays, where the results of an older sweep do not say what the players' actions are called.
    trust : float, optional
        Where given, the sets are those of the equilibria that are agreement-proof at it, which the sweep must have.

    Raises
    ------
    BadInput
        If there are no draws, several scenarios and none is named, or no sets at this trust.
    """
    sets = _sets(dataset, trust)
    described = json.loads(dataset.attrs["manifest"])
    who = archive.players_of(dataset, cast)
    points = archive.read_design(folder).points if folder is not None and described["points"] is not None else {}
    if described["points"] is not None and not points and "inputs" not in dataset:
        raise BadInput(Fault("RUN", "", "these listed points are too many to be carried along; name the folder"))
    design = design_of(described["design"], points or _listed(dataset, described))
    if design.sampling is None or design.axes:
        raise BadInput(
            Fault("RUN", "", "needs independent draws, not a grid; sweep with --samples and without an axis")
        )
    place = _scenario(design.scenarios, scenario)
    names = tuple(design.points) or tuple(p.name for p in design.drawn)
    inputs = design_values(design, place, names)
    varying = np.ptp(inputs, axis=1) > 0
    chosen = dataset.isel(scenario=place) if "scenario" in dataset.dims else dataset
    done = chosen["computed"].values if "computed" in chosen else np.ones(design.samples, dtype=bool)
    margins: dict[int, Floats] = {}
    if "margin" in chosen:
        margins = {
            index: chosen["margin"].values[row][done] for row, index in enumerate(map(int, described["margins"]))
        }
    return Draws(
        who,
        design.scenarios[place],
        tuple(name for name, keep in zip(names, varying, strict=True) if keep),
        tuple(described["units"][name] for name, keep in zip(names, varying, strict=True) if keep),
        inputs[varying][:, done],
        chosen[sets].values[done].astype(np.uint64),
        margins,
        design.seed,
        Cautions(
            _held(described, place, who),
            _together(design, names, inputs, varying),
            dataset[sets].attrs.get("trust"),
        ),
    )


def _sets(dataset: xarray.Dataset, trust: float | None) -> str:
    """The variable that holds the sets of equilibria: of all, or of those that are agreement-proof at a trust."""
    if trust is None:
        return "mask"
    check_probability(trust, "--trust")
    kept = {name: dataset[name].attrs.get("trust") for name in ("mask", "agreement_proof") if name in dataset}
    for name, at in kept.items():
        if at == trust:
            return name
    others = " and ".join(f"{at:g}" for at in kept.values() if at is not None)
    here = (
        f"keeps the agreement-proof equilibria at trust {others}" if others else "keeps no agreement-proof equilibria"
    )
    raise BadInput(Fault("--trust", "", f"found {trust:g}; this sweep {here}; sweep with --trust {trust:g}"))


def _held(described: Mapping[str, Any], place: int, cast: Cast) -> dict[str, str]:
    """Who is held in one scenario of a sweep."""
    return cast.named_some({cast.player(code): int(action) for code, action in described["holds"][place].items()})


def _together(
    design: Design, names: Sequence[str], inputs: Floats, varying: NDArray[np.bool_]
) -> tuple[tuple[str, str, float], ...]:
    """Pairs that the design correlates; of listed points those that go together, whoever listed them so."""
    free = [name for name, varies in zip(names, varying, strict=True) if varies]
    if design.points:
        return going_together(free, inputs[varying])
    return tuple(pair for pair in design.correlation if pair[2] != 0 and {*pair[:2]} <= set(free))


def _listed(dataset: xarray.Dataset, described: Mapping[str, Any]) -> dict[str, Floats]:
    """Listed points as the results carry them along."""
    if described["points"] is None:
        return {}
    table = dataset["inputs"]
    table = table.isel(scenario=0) if "scenario" in table.dims else table
    return {str(name): table.values[row] for row, name in enumerate(dataset["parameter"].values)}


def _scenario(known: tuple[str, ...], asked: str | None) -> int:
    if asked is None:
        if len(known) > 1:
            raise BadInput(Fault("--scenario", "", f"missing; this sweep holds {', '.join(known)}"))
        return 0
    if asked not in known:
        raise BadInput(Fault("--scenario", asked, unknown("scenario", asked, known)))
    return known.index(asked)
