"""What a sweep keeps of each game: the variables of its result, by method, each of fixed length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from triangle.batch.takeover import NOT_ASKED, VERDICTS, Method
from triangle.players.axes import N_PROFILES, profile_actions, profile_text
from triangle.players.sets import action_masks, configuration_masks


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


def fields_of(method: Method, margins: Sequence[int] = ()) -> tuple[Field, ...]:
    """The variables of a sweep by this method, with the margins of these profiles; ``mask`` comes first.

    >>> [field.name for field in fields_of("logit")]
    ['mask', 'probability', 'verdict', 'folds']
    """
    mask = "set of pure equilibria: bit 16*a_US + 4*a_RU + a_CN is set where that profile is one"
    names = " ".join(profile_text(profile_actions(profile)) for profile in range(N_PROFILES))
    bits = np.uint64(1) << np.arange(N_PROFILES, dtype=np.uint64)
    fields = [Field("mask", np.uint64, 0, {"long_name": mask, "flag_masks": bits, "flag_meanings": names})]
    if margins:
        profiles = tuple(profile_text(profile_actions(profile)) for profile in margins)
        loss = "stability margin: smallest loss of a free player by deviating"
        fields.append(
            Field("margin", np.float64, np.nan, {"units": "bn USD/yr", "long_name": loss}, "profile", profiles)
        )
    if method == "logit":
        actions = tuple(action_masks())
        played = {"units": "1", "long_name": "probability of the action in the logit equilibrium"}
        folds = {"long_name": "turning points in lambda passed on the way along the principal branch"}
        fields.append(Field("probability", np.float64, np.nan, played, "action", actions))
        fields += [_verdict(), Field("folds", np.int32, 0, folds)]
    if method == "mixed":
        keys = tuple(configuration_masks())
        for name, which in (("low", "least"), ("high", "greatest")):
            about = {"units": "1", "long_name": f"{which} probability of the configuration in any equilibrium listed"}
            fields.append(Field(name, np.float64, np.nan, about, "configuration", keys))
        listed = {"long_name": "mixed equilibria listed; 0 where a pure one exists"}
        fields += [_verdict(), Field("listed", np.int32, 0, listed)]
    return tuple(fields)


def _verdict() -> Field:
    about = {
        "long_name": "whether the answer is proven to be whole; not_asked where a pure equilibrium exists",
        "flag_values": np.arange(NOT_ASKED, len(VERDICTS), dtype=np.int8),
        "flag_meanings": " ".join(("not_asked", *VERDICTS)),
    }
    return Field("verdict", np.int8, NOT_ASKED, about)
