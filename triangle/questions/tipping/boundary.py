r"""Boundary curves: where in two parameters a profile becomes, or stops being, an equilibrium.

The curve is the zero level of the profile's margin, the least of its losses by deviating. Along an arc one deviation
decides, and the arc is a smooth curve :math:`\ell(x, y) = 0`: it is followed by predictor and corrector (Allgower and
Georg 1990), with steps that shrink where it bends. Where another deviation takes over, the corner is the solution of
two equations, and the next arc begins there. Curves start from all zeros on the edges of the box and from the signs of
the margin on a grid, so that closed ones are found too; one that fits between the nodes of the grid is not.

References
----------
Allgower, E. L. and Georg, K. (1990). *Numerical Continuation Methods: An Introduction*. Springer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault
from triangle.base.records import INLINE, Key, told
from triangle.batch.equilibria import sweep_margins
from triangle.games.bitboards import profiles_of
from triangle.measures.box import Box, box_of
from triangle.measures.deviations import Deviations, reachable
from triangle.measures.zeros import zeros
from triangle.players.forms import CastField, DeviationField, ProfileField
from triangle.players.profiles import every
from triangle.study.study import Study
from triangle.study.world import World, check_parameters, check_world, world_of

Floats = NDArray[np.float64]

#: Nodes of the grid along each side that is searched for curves.
NODES = 129

#: Longest and shortest step, in sides of the box.
LONGEST, SHORTEST = 0.04, 1e-7

#: How near a point must be to its curve, in sides of the box.
ACCURACY = 1e-10

#: Most bend of a step, as the sine of the angle between the normals at its ends.
_BEND = 0.12

#: A start as near as this to a curve already followed lies on it.
_SAME = 2e-3

_MOST_STEPS = 3000


@dataclass(frozen=True, eq=False)
class Curve:
    """One connected piece of a profile's boundary, the equilibrium lying to its left.

    Attributes
    ----------
    x, y : array
        Values of the two parameters along it.
    deciding : tuple of (int, int)
        The player and the action deviated to that decide at each point.
    closed : bool
        Whether it runs back into itself.
    complete : bool
        Whether it was followed to its end: to the edge of the box, or to its beginning.
    """

    profile: ProfileField
    closed: bool
    complete: bool
    x: Floats
    y: Floats
    deciding: tuple[DeviationField, ...]
    cast: CastField

    def problems(self) -> Iterator[str]:
        """What is no curve."""
        if not len(self.x) == len(self.y) == len(self.deciding) > 1:
            yield f"found {len(self.x)} and {len(self.y)} coordinates, {len(self.deciding)} decisions; expected as many"

    @property
    def points(self) -> Floats:
        """The points, shape (2, n)."""
        return np.stack([self.x, self.y])

    @property
    @told(after="profile")
    def text(self) -> str:
        """The profile for reading."""
        return self.cast.profile_text(self.profile)


@dataclass(frozen=True, eq=False)
class Boundaries:
    """All boundary curves of some profiles over two parameters.

    Attributes
    ----------
    parameters, units : tuple of two str
    span : mapping of str to (float, float)
        The ends of both.
    always : tuple of profiles
        Those that are equilibria at every node of the grid, and have no curve.
    """

    SCHEMA: ClassVar = "triangle.boundary/1"

    cast: CastField
    world: Annotated[World, INLINE]
    parameters: tuple[str, str]
    units: tuple[str, str]
    span: Annotated[Mapping[str, tuple[float, float]], Key("range")]
    curves: tuple[Curve, ...]
    always: Annotated[tuple[ProfileField, ...], Key("everywhere")]

    def problems(self) -> Iterator[str]:
        """What does not fit together."""
        if set(self.span) != set(self.parameters):
            yield f"found the range of {', '.join(self.span)}; expected that of {' and '.join(self.parameters)}"

    @property
    def low(self) -> Floats:
        """The low ends of the box."""
        return np.array([self.span[name][0] for name in self.parameters])

    @property
    def high(self) -> Floats:
        """The high ends of the box."""
        return np.array([self.span[name][1] for name in self.parameters])


def check_boundaries(boundaries: Boundaries, study: Study, file: str) -> None:
    """Refuse kept curves of another game than the study's; see :func:`~triangle.study.world.check_world`."""
    check_world(boundaries.world, study, file)
    said = zip(boundaries.parameters, boundaries.units, strict=True)
    check_parameters({f"parameters.{k}": (name, unit, None) for k, (name, unit) in enumerate(said, 1)}, study, file)


def boundary_curves(
    study: Study, names: Sequence[str], pattern: int | None = None, *, hard: bool = False, nodes: int = NODES
) -> Boundaries:
    """The boundary curves over two parameters of all profiles of a pattern, given as a mask, or of all there are.

    Parameters
    ----------
    hard : bool
        Reach to the hard bounds where they are finite.
    nodes : int
        Nodes of the grid along each side, on which profiles and closed curves are looked for.

    Raises
    ------
    BadInput
        If these are not two parameters with a range.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> found = boundary_curves(study, ["choke_cn_ru", "decisiveness"], 1 << study.cast.index((0, 0, 0)))
    >>> [(curve.profile, curve.closed) for curve in found.curves]
    [((0, 0, 0), False)]
    """
    if len(set(names)) != 2:
        raise BadInput(Fault("--over", "", f"found {len(set(names))} parameters; boundary curves lie over two"))
    box = box_of(study, names, hard=hard)
    profiles = reachable(study, profiles_of(every(study.cast) if pattern is None else pattern))
    axes = [np.linspace(a, b, nodes) for a, b in zip(box.low, box.high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"))
    margins = sweep_margins(box.values(study, grid), profiles, study.model.terms, hold=study.hold)
    curves: list[Curve] = []
    always = []
    for profile, own in zip(profiles, margins, strict=True):
        plane = _Plane(study, box, profile)
        if plane.is_free:
            curves += _curves(plane, own)
        if (own > 0).all():
            always.append(study.cast.profiles[profile])
    x, y = box.names
    units = (study.model.catalogue[x].unit, study.model.catalogue[y].unit)
    ends = zip(box.low.tolist(), box.high.tolist(), strict=True)
    span = dict(zip((x, y), ends, strict=True))
    return Boundaries(study.cast, world_of(study), (x, y), units, span, tuple(curves), tuple(always))


@dataclass(frozen=True, eq=False)
class _Plane:
    """A profile's losses by deviating over the unit square that the box becomes."""

    study: Study
    box: Box
    profile: int

    @cached_property
    def deviations(self) -> Deviations:
        """The losses over the box."""
        return Deviations(self.study, self.box, (self.profile,))

    @property
    def is_free(self) -> bool:
        """Whether anybody can deviate."""
        return bool(self.deviations.pieces)

    @cached_property
    def _sides(self) -> Floats:
        return self.deviations.high - self.deviations.low

    def losses(self, square: Floats) -> Floats:
        """The losses ``[piece, sample]`` at points ``[2, sample]`` of the square."""
        return self.deviations.losses(self.deviations.low[:, None] + self._sides[:, None] * square)

    def slopes(self, z: Floats) -> tuple[Floats, Floats]:
        """The losses at one point of the square, and their derivatives ``[piece, 2]``."""
        lost, tilted = self.deviations.slopes(self.deviations.low + self._sides * z)
        return lost, tilted * self._sides


def _curves(plane: _Plane, margins: Floats) -> list[Curve]:
    """All boundary curves of one profile, whose margins on the grid are given."""
    starts = _edge_starts(plane) + _grid_starts(plane, margins)
    curves: list[Curve] = []
    squares: list[Floats] = []
    for start in starts:
        if any(_distance(start, square) < _SAME for square in squares):
            continue
        followed = _followed(plane, start)
        if followed is None:
            continue
        square, deciding, closed, complete = followed
        squares.append(square)
        x, y = plane.box.at(square)
        cast = plane.study.cast
        curves.append(Curve(cast.profiles[plane.profile], closed, complete, x, y, deciding, cast))
    return curves


# Where curves start ---------------------------------------------------------------------------------------------------


def _edge_starts(plane: _Plane) -> list[Floats]:
    """All points on the edges of the square where the margin is zero."""

    def place(edges: NDArray[np.intp], t: Floats) -> Floats:
        # Edges 0 and 1 run along x at y = 0 and 1, edges 2 and 3 along y at x = 0 and 1.
        return np.where(edges < 2, np.stack([t, edges % 2]), np.stack([edges % 2, t]))

    try:
        found = zeros(lambda edges, t: plane.losses(place(edges, t)), [np.array([0.0, 1.0])] * 4)
    except ArithmeticError:  # too rough an edge; the grid still gives starts
        return []
    starts = []
    for edge, places in enumerate(found):
        if len(places):
            points = place(np.full(len(places), edge), places)
            lost = plane.losses(points)
            starts += [points[:, k] for k in np.flatnonzero(np.abs(lost.min(axis=0)) <= 1e-8 * np.abs(lost).max())]
    return starts


def _grid_starts(plane: _Plane, margins: Floats) -> list[Floats]:
    """A point of zero margin on every side of the grid's cells across which the margin changes its sign."""
    nodes = len(margins)
    ends = []
    for axis in (0, 1):
        first, second = np.delete(margins, -1, axis), np.delete(margins, 0, axis)
        at = np.argwhere((first >= 0) != (second >= 0))
        step = np.zeros(2)
        step[axis] = 1.0
        ends += [(place / (nodes - 1), (place + step) / (nodes - 1)) for place in at]
    if not ends:
        return []
    a, b = (np.array(side).T for side in zip(*ends, strict=True))
    at_a = plane.losses(a).min(axis=0) >= 0
    for _ in range(34):
        middle = (a + b) / 2
        as_a = (plane.losses(middle).min(axis=0) >= 0) == at_a
        a, b = np.where(as_a, middle, a), np.where(as_a, b, middle)
    return list(((a + b) / 2).T)


def _distance(point: Floats, line: Floats) -> float:
    """Distance of a point to a broken line ``[2, n]``."""
    a, b = line[:, :-1], line[:, 1:]
    along = b - a
    lengths = np.maximum((along**2).sum(axis=0), 1e-300)
    part = np.clip(((point[:, None] - a) * along).sum(axis=0) / lengths, 0.0, 1.0)
    return float(np.sqrt(((a + part * along - point[:, None]) ** 2).sum(axis=0).min()))


# How curves are followed ----------------------------------------------------------------------------------------------


@dataclass
class _Walk:
    """A walk along a boundary in one direction: +1 with the equilibrium to the left, −1 to the right."""

    plane: _Plane
    direction: float
    z: Floats
    active: int
    step: float = LONGEST / 4

    def __post_init__(self) -> None:
        self.begin = self.z.copy()
        self.points = [self.z.copy()]
        self.deciding = [self.active]
        self.slope = self.plane.slopes(self.z)[1][self.active]

    def run(self) -> tuple[bool, bool]:
        """Walk to the end; returns whether it came back to its beginning, and whether it came to an end at all."""
        for count in range(_MOST_STEPS):
            ended = self._advance()
            if ended is not None:
                return False, ended
            if count > 2 and np.hypot(*(self.z - self.begin)) < 0.75 * self.step + 1e-9 and self._faces_begin():
                self._add(self.begin, self.active)
                return True, True
        return False, False

    def _faces_begin(self) -> bool:
        towards = self.begin - self.z
        return float(towards @ self._tangent(self.slope)) > 0

    def _tangent(self, slope: Floats) -> Floats:
        length = np.hypot(*slope)
        return self.direction * np.array([slope[1], -slope[0]]) / max(float(length), 1e-300)

    def _add(self, z: Floats, active: int) -> None:
        self.z, self.active = z, active
        self.points.append(z.copy())
        self.deciding.append(active)

    def _advance(self) -> bool | None:
        """One step; True at the edge of the square, False where there is no way on, None in between."""
        while self.step >= SHORTEST:
            tangent = self._tangent(self.slope)
            room = self._room(tangent)
            edge = self.step >= room
            guess = np.clip(self.z + min(self.step, room) * tangent, 0.0, 1.0)
            hit = (
                int(np.argmin(np.where(tangent > 0, 1 - guess, np.where(tangent < 0, guess, np.inf)))) if edge else None
            )
            found = self._corrected(guess, hit)
            if found is not None:
                z, lost, tilted = found
                slope = tilted[self.active]
                corner = self._first_broken(lost, tilted)
                bend = _sine(self.slope, slope)
                if corner is not None and self._turned(corner, z):
                    return None
                if corner is None and bend <= _BEND:
                    self.slope = slope
                    self._add(z, self.active)
                    self.step = min(LONGEST, self.step * (1.6 if bend < _BEND / 3 else 1.0))
                    return True if edge or self._outside(tangent) else None
            self.step /= 2
        return False

    def _outside(self, tangent: Floats) -> bool:
        return self._room(tangent) <= 0

    def _room(self, tangent: Floats) -> float:
        """How far it is to the edge of the square."""
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(tangent > 0, (1 - self.z) / tangent, np.where(tangent < 0, -self.z / tangent, np.inf))
        return float(max(0.0, far.min()))

    def _corrected(self, z: Floats, fixed: int | None) -> tuple[Floats, Floats, Floats] | None:
        """The point of the arc near a guess, by Newton's method along the slope, or along the edge that was hit."""
        begin = z
        for _ in range(8):
            lost, tilted = self.plane.slopes(z)
            slope = tilted[self.active].copy()
            if fixed is not None:
                slope[fixed] = 0.0
            length = float(slope @ slope)
            if length < 1e-300:
                return None
            move = -lost[self.active] * slope / length
            if np.hypot(*move) <= ACCURACY:
                return z, lost, tilted
            z = np.clip(z + move, 0.0, 1.0)
            if np.hypot(*(z - begin)) > self.step:
                return None
        return None

    def _first_broken(self, lost: Floats, tilted: Floats) -> int | None:
        """Another deviation that gains already at the point reached: it has taken over on the way."""
        lengths = np.maximum(np.hypot(tilted[:, 0], tilted[:, 1]), 1e-300)
        off = lost / lengths
        off[self.active] = 0.0
        place = int(off.argmin())
        return place if off[place] < -1e-8 else None

    def _turned(self, other: int, beyond: Floats) -> bool:
        """Go to the corner where another deviation takes over, and face along its arc; whether that succeeds."""
        z = (self.z + beyond) / 2
        for _ in range(12):
            lost, tilted = self.plane.slopes(z)
            pair = [self.active, other]
            try:
                move = -np.linalg.solve(tilted[pair], lost[pair])
            except np.linalg.LinAlgError:
                return False
            if np.hypot(*move) <= ACCURACY:
                break
            z = z + move
            if np.hypot(*(z - self.z)) > 2 * self.step or (z < 0).any() or (z > 1).any():
                return False
        else:
            return False
        lengths = np.maximum(np.hypot(tilted[:, 0], tilted[:, 1]), 1e-300)
        if (lost / lengths).min() < -1e-8:  # a third one took over before
            return False
        self.slope = tilted[other]
        self._add(z, other)
        self.step = max(self.step / 4, 100 * SHORTEST)
        return True


def _sine(a: Floats, b: Floats) -> float:
    """Sine of the angle between two vectors; one where it is obtuse."""
    lengths = float(np.hypot(*a) * np.hypot(*b))
    if lengths < 1e-300 or float(a @ b) <= 0:
        return 1.0
    return abs(float(a[0] * b[1] - a[1] * b[0])) / lengths


def _followed(plane: _Plane, start: Floats) -> tuple[Floats, tuple[tuple[int, int], ...], bool, bool] | None:
    """The curve through a start: in the square, with what decides, whether it is closed and complete."""
    lost, tilted = plane.slopes(start)
    lengths = np.maximum(np.hypot(tilted[:, 0], tilted[:, 1]), 1e-300)
    active = int((lost / lengths).argmin())
    ahead = _Walk(plane, 1.0, start, active)
    closed, complete = ahead.run()
    points, deciding = ahead.points, ahead.deciding
    if not closed:
        back = _Walk(plane, -1.0, start, active)
        _, also = back.run()
        complete = complete and also
        points, deciding = back.points[:0:-1] + points, back.deciding[:0:-1] + deciding
    kept = [k for k, point in enumerate(points) if k == 0 or np.hypot(*(point - points[k - 1])) > ACCURACY]
    if len(kept) < 2:
        return None
    pieces = plane.deviations.pieces
    return np.array([points[k] for k in kept]).T, tuple(pieces[deciding[k]][1:] for k in kept), closed, complete
