"""What a sweep keeps of each game: the variables of its result, by method, each of fixed length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from triangle.batch.takeover import NOT_ASKED, VERDICTS, Method
from triangle.games.bitboards import Sets
from triangle.players.cast import Cast
from triangle.players.sets import action_masks, configuration_masks

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class Field:
    """One variable of a result.

    Parameters
    ----------
    name : str
    dtype : type
    missing : number
        What stands for a game that is not computed.
    lead : str
        Dimension before those of the design; empty where there is one number a game.
    labels : tuple of str
        Coordinates along that dimension.
    attributes : mapping
        Units and meaning.
    """

    name: str
    dtype: Any
    missing: Any
    attributes: Mapping[str, Any] = field(default_factory=dict)
    lead: str = ""
    labels: tuple[str, ...] = ()

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimension before those of the design, if there is one."""
        return (self.lead,) if self.lead else ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Its length."""
        return (len(self.labels),) if self.lead else ()


def fields_of(method: Method, cast: Cast, margins: Sequence[int] = (), trust: float | None = None) -> tuple[Field, ...]:
    """The variables of a sweep by this method, with the margins of these profiles; ``mask`` comes first.

    With a trust comes ``agreement_proof``, the set of those of the equilibria that no agreement breaks.

    >>> from triangle.players.cast import SHIPPED
    >>> [field.name for field in fields_of("logit", SHIPPED)]
    ['mask', 'probability', 'verdict', 'folds']
    """
    mask = "set of pure equilibria: bit 16*a_US + 4*a_RU + a_CN is set where that profile is one"
    if cast.thirds:
        mask = "set of pure equilibria: bit p is set where the profile of index p is one"
    names = cast.profile_texts
    fields = [mask_field(cast.sets, "mask", mask, names)]
    if trust is not None:
        proof = f"set of pure equilibria that no agreement needing trust of at most {trust:g} breaks; bits as of mask"
        kept = mask_field(cast.sets, "agreement_proof", proof, names)
        fields.append(replace(kept, attributes={**kept.attributes, "trust": float(trust)}))
    if margins:
        profiles = tuple(names[profile] for profile in margins)
        loss = "stability margin: smallest loss of a free player by deviating"
        fields.append(
            Field("margin", np.float64, np.nan, {"units": "bn USD/yr", "long_name": loss}, "profile", profiles)
        )
    if method == "logit":
        actions = tuple(action_masks(cast))
        played = {"units": "1", "long_name": "probability of the action in the logit equilibrium"}
        folds = {"long_name": "turning points in lambda passed on the way along the principal branch"}
        fields.append(Field("probability", np.float64, np.nan, played, "action", actions))
        fields += [_verdict(), Field("folds", np.int32, 0, folds)]
    if method == "mixed":
        keys = tuple(configuration_masks(cast))
        for name, which in (("low", "least"), ("high", "greatest")):
            about = {"units": "1", "long_name": f"{which} probability of the configuration in any equilibrium listed"}
            fields.append(Field(name, np.float64, np.nan, about, "configuration", keys))
        listed = {"long_name": "mixed equilibria listed; 0 where a pure one exists"}
        fields += [_verdict(), Field("listed", np.int32, 0, listed)]
    return tuple(fields)


def mask_field(sets: Sets, name: str, meaning: str, names: Sequence[str]) -> Field:
    """The variable that holds a set of profiles a game; beyond 64 profiles with a dimension ``word`` before the games.

    Names say which profile a bit is; of several words bit b of word w is the profile 64 w + b.
    """
    if not sets.lead:
        bits = np.uint64(1) << np.arange(sets.profiles, dtype=np.uint64)
        return Field(name, np.uint64, 0, {"long_name": meaning, "flag_masks": bits, "flag_meanings": " ".join(names)})
    words = tuple(map(str, range(sets.words)))
    return Field(name, np.uint64, 0, {"long_name": meaning, "profiles": " ".join(names)}, "word", words)


def _verdict() -> Field:
    about = {
        "long_name": "whether the answer is proven to be whole; not_asked where a pure equilibrium exists",
        "flag_values": np.arange(NOT_ASKED, len(VERDICTS), dtype=np.int8),
        "flag_meanings": " ".join(("not_asked", *VERDICTS)),
    }
    return Field("verdict", np.int8, NOT_ASKED, about)


def of_games(mask: xarray.DataArray) -> xarray.DataArray:
    """A variable over the games alone, in place of their sets of several words."""
    return mask.isel(word=0, drop=True) if "word" in mask.dims else mask
