"""Tables for people of a flip."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.measures.cautions import Cautions
from triangle.players.configurations import configuration
from triangle.questions.flip.record import NORMS, CourseFlip, Flip
from triangle.showing.layout import command_lines
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.tables import TYPED, UNIT, amount, because, cautions, heading, new_table, number
from triangle.showing.worded import pattern
from triangle.study.study import Study

#: What a profile is under a trust.
_PROOF = "an agreement-proof equilibrium"

#: Most profiles of a pattern that are listed.
MOST_TRIED = 6


def flip_tables(study: Study, flip: Flip) -> RenderableType:
    """What ``flip`` shows: the moves, what they had to overcome, and how to see it again."""
    say = in_english(flip.cast)
    parts: list[RenderableType] = [heading(study), *cautions(Cautions(trust=flip.trust))]
    parts.append(Text(_verdict(flip, say), style="bold"))
    if flip.moves:
        parts.append(_moves(flip, say))
    if flip.binding:
        parts.append(_bindings(flip, say))
    if flip.joint:
        parts.append(_joint(flip, say))
    if len(flip.tried) > 1:
        parts.append(_tried(flip, say))
    there = say.profiles(flip.certificate.equilibria)
    proof = flip.certificate.agreement_proof
    if proof is not None:
        there += f"; agreement-proof of them: {say.profiles(proof)}"
    parts.append(Text(f"\nSolved again with these values, the pure equilibria are: {there}."))
    if flip.moves:
        parts.append(Text(command_lines(flip.certificate.command), style="cyan"))
    return Group(*parts)


def _verdict(flip: Flip, say: Phrases) -> str:
    profile, target = say.profile(flip.profile), pattern(flip.target, say)
    box = "hard bounds" if flip.hard else "ranges"
    count = len(flip.free)
    free = f"{count} free parameters" if count > 1 else f"“{say.known('parameter', flip.free[0])}” free"
    kind, any_ = ("an equilibrium", "equilibrium") if flip.trust is None else (_PROOF, _PROOF[3:])
    if flip.misses is not None:
        wish = f"stops being {kind}" if flip.away else f"is {kind}"
        return (
            f"Not found inside the {box} ({free}): no point at which {target} {wish}. Nearest to it is "
            f"{profile}, which misses by {amount(flip.misses)} {UNIT}:"
        )
    if not flip.moves:
        return f"Nothing has to move: {f'no {any_} fits' if flip.away else f'{kind} fits'} {target}."
    done = f"{profile} stops being {kind}" if flip.away else f"{profile} is {kind}"
    return (
        f"{done} after a joint move of {flip.distance:.3f} ranges ({NORMS[flip.norm]}; {free} inside their {box}), "
        f"with a margin of {amount(flip.certificate.margin)} {UNIT}"
        f"{'' if flip.trust is None else ' against being left, alone or by two together'}:"
    )


def course_flip_tables(study: Study, flip: CourseFlip) -> RenderableType:
    """What ``flip`` shows where a year of a path was to turn out otherwise."""
    say = in_english(flip.cast)
    wish = "is no longer likelier than not" if flip.away else "is likelier than not"
    box = "hard bounds" if flip.hard else "ranges"
    chances = f"its probability is {flip.before:.3f} now and {flip.after:.3f} then"
    if not flip.found:
        verdict = f"Not found inside the {box}: no point at which {flip.target} {wish}; the nearest attempt: {chances}."
    elif not flip.moves:
        verdict = f"Nothing has to move: {flip.target} {wish} already ({flip.before:.3f})."
    else:
        verdict = (
            f"{flip.target} {wish} after a joint move of {flip.distance:.3f} ranges ({NORMS[flip.norm]}; "
            f"{len(flip.free)} free inside their {box}): {chances}."
        )
    parts: list[RenderableType] = [heading(study), Text(verdict, style="bold")]
    if flip.moves:
        parts.append(_moves(flip, say))
    parts.append(
        Text(f"\n{flip.courses:,} courses were compared. The probability was computed anew with these values.")
    )
    if flip.command is not None:
        parts.append(Text(command_lines(flip.command), style="cyan"))
    return Group(*parts)


def _moves(flip: Flip | CourseFlip, say: Phrases) -> RenderableType:
    table = new_table(
        "parameter",
        TYPED,
        ">from",
        ">to",
        "unit",
        ">move in ranges",
        "inside",
        "role",
        title=f"{len(flip.moves)} move{'' if len(flip.moves) == 1 else 's'}",
    )
    for move in flip.moves:
        ends = f"{number(move.low)} to {number(move.high)}" + (" (at its end)" if move.at_end else "")
        shift = f"{move.in_ranges:+.3f}"
        called, span = say.known("parameter", move.parameter), (number(move.start), number(move.value))
        table.add_row(called, move.parameter, *span, move.unit, shift, ends, move.role)
    each = " a profile" if isinstance(flip, Flip) else ""
    table.footing = f"found from {flip.starts} starts{each}, seed {flip.seed}; a nearer one is not excluded"
    return table


def _bindings(flip: Flip, say: Phrases) -> RenderableType:
    if flip.misses is not None:
        title = "What stands against it"
    else:
        title = "What breaks it" if flip.away else "What decides how far it is"
    table = new_table("player", "at", "deviation", ">loses by it", "because", title=f"{title} ({UNIT})")
    for binding in flip.binding:
        table.add_row(
            flip.cast.codes[binding.player],
            say.profile(binding.profile),
            say.action(binding.player, binding.deviation),
            f"{binding.margin:,.3f}",
            because(binding.by_term, say),
        )
    return table


def _joint(flip: Flip, say: Phrases) -> RenderableType:
    title = "What two have that leave it" if flip.away else "What two lack to leave it"
    table = new_table("pair", "from", "to", "player", "", ">by", title=f"{title} ({UNIT})")
    words = {"gain": "gains by it", "keep": "keeps it, once there", "join": "joins at this trust"}
    if not flip.away:
        words = {"gain": "would not gain", "keep": "would not keep it", "join": "would not join at this trust"}
    for binding in flip.joint:
        table.add_row(
            "–".join(flip.cast.codes[i] for i in binding.players),
            say.profile(binding.profile),
            say.profile(binding.to),
            flip.cast.codes[binding.player],
            words[binding.takes],
            f"{abs(binding.margin):,.3f}",
        )
    return table


def _tried(flip: Flip, say: Phrases) -> RenderableType:
    table = new_table(
        "profile",
        "triangle",
        ">ranges away",
        ">largest margin",
        title=f"Profiles that fit {pattern(flip.target, say)}, nearest first",
    )
    for reach in flip.tried[:MOST_TRIED]:
        distance = "–" if reach.distance is None else f"{reach.distance:.3f}"
        margin = "" if reach.margin is None else amount(reach.margin)
        triangle = str(configuration(reach.profile, flip.cast))
        table.add_row(say.profile(reach.profile), triangle, distance, margin)
    if len(flip.tried) > MOST_TRIED:
        table.footing = f"and {len(flip.tried) - MOST_TRIED} more"
    return table
