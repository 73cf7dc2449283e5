"""Tables for people of a flip."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.measures.cautions import Cautions
from triangle.players.configurations import configuration
from triangle.questions.flip.record import NORMS, CourseFlip, Flip
from triangle.showing.layout import command_lines
from triangle.showing.phrases import Phrases, payoff_unit, spoken, told, word, written
from triangle.showing.tables import TYPED, amount, because, cautions, heading, new_table, number
from triangle.showing.worded import pattern, quoted, triangle_title
from triangle.study.study import Study

#: Most profiles of a pattern that are listed.
MOST_TRIED = 6


def flip_tables(study: Study, flip: Flip) -> RenderableType:
    """What ``flip`` shows: the moves, what they had to overcome, and how to see it again."""
    say = spoken(flip.cast)
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
        there = told("{profiles}; agreement-proof of them: {proof}", profiles=there, proof=say.profiles(proof))
    solved = told("Solved again with these values, the pure equilibria are: {there}.", there=there)
    parts.append(Text(f"\n{solved}"))
    if flip.moves:
        parts.append(Text(command_lines(flip.certificate.command), style="cyan"))
    return Group(*parts)


def _verdict(flip: Flip, say: Phrases) -> str:
    places = {
        "profile": say.profile(flip.profile),
        "target": pattern(flip.target, say),
        "box": _box(flip.hard),
        "free": _free(flip, say),
    }
    proof = flip.trust is not None
    if flip.misses is not None:
        lead = "Not found inside the {box} ({free}): no point at which {target} {wish}."
        nearest = "Nearest to it is {profile}, which misses by {amount} {unit}:"
        missed = told(lead, wish=_wish(flip.away, proof), **places)
        return f"{missed} {told(nearest, amount=amount(flip.misses), **places)}"
    if not flip.moves:
        return told(_NOTHING_MOVES[flip.away, proof], **places)
    done = told("{profile} {wish}", wish=_wish(flip.away, proof), **places)
    distance, norm = written(flip.distance or 0.0, ".3f"), word(NORMS[flip.norm])
    template = (
        "{done} after a joint move of {distance} ranges ({norm}; {free} inside their {box}), with a margin of {margin} "
        "{unit} against being left, alone or by two together:"
        if proof
        else "{done} after a joint move of {distance} ranges ({norm}; {free} inside their {box}), with a margin of "
        "{margin} {unit}:"
    )
    margin = amount(flip.certificate.margin)
    return told(template, done=done, distance=distance, norm=norm, margin=margin, **places)


#: That nothing has to move: whether a target was to end, and whether agreements count.
_NOTHING_MOVES = {
    (True, False): "Nothing has to move: no equilibrium fits {target}.",
    (True, True): "Nothing has to move: no agreement-proof equilibrium fits {target}.",
    (False, False): "Nothing has to move: an equilibrium fits {target}.",
    (False, True): "Nothing has to move: an agreement-proof equilibrium fits {target}.",
}


def _wish(away: bool, proof: bool) -> str:
    """What was to become of a profile."""
    if proof:
        stops, becomes = "stops being an agreement-proof equilibrium", "is an agreement-proof equilibrium"
    else:
        stops, becomes = "stops being an equilibrium", "is an equilibrium"
    return word(stops if away else becomes)


def _box(hard: bool) -> str:
    return told("hard bounds") if hard else told("ranges")


def _free(flip: Flip, say: Phrases) -> str:
    """How many parameters may move, or which one."""
    if len(flip.free) > 1:
        return told("{n} free parameters", n=len(flip.free))
    return told("{parameter} free", parameter=quoted(say.known("parameter", flip.free[0])))


def course_flip_tables(study: Study, flip: CourseFlip) -> RenderableType:
    """What ``flip`` shows where a year of a path was to turn out otherwise."""
    say = spoken(flip.cast)
    before, after = (written(x, ".3f" if flip.unit == "fraction" else ",.1f") for x in (flip.before, flip.after))
    if flip.unit == "fraction":
        wish = told("is no longer likelier than not") if flip.away else told("is likelier than not")
        chances = told("its probability is {before} now and {after} then", before=before, after=after)
        compared = told(
            "{n} courses were compared. The probability was computed anew with these values.", n=flip.courses
        )
    else:
        wish = told("is no longer above zero") if flip.away else told("is above zero")
        chances = told("it is {before} now and {after} then, in bn USD", before=before, after=after)
        compared = told("{n} courses were compared. The gain was computed anew with these values.", n=flip.courses)
    places = {"target": flip.target, "wish": wish, "box": _box(flip.hard), "chances": chances}
    if not flip.found:
        template = "Not found inside the {box}: no point at which {target} {wish}; the nearest attempt: {chances}."
        verdict = told(template, **places)
    elif not flip.moves:
        verdict = told("Nothing has to move: {target} {wish} already ({before}).", before=before, **places)
    else:
        verdict = told(
            "{target} {wish} after a joint move of {distance} ranges ({norm}; {n} free inside their {box}): {chances}.",
            distance=written(flip.distance or 0.0, ".3f"),
            norm=word(NORMS[flip.norm]),
            n=len(flip.free),
            **places,
        )
    parts: list[RenderableType] = [heading(study), Text(verdict, style="bold")]
    if flip.moves:
        parts.append(_moves(flip, say))
    parts.append(Text(f"\n{compared}"))
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
        title=told("{n} move" if len(flip.moves) == 1 else "{n} moves", n=len(flip.moves)),
    )
    for move in flip.moves:
        template = "{low} to {high} (at its end)" if move.at_end else "{low} to {high}"
        ends = told(template, low=number(move.low), high=number(move.high))
        shift, unit = written(move.in_ranges, "+.3f"), say.unit(move.unit)
        called, span = say.known("parameter", move.parameter), (number(move.start), number(move.value))
        table.add_row(called, move.parameter, *span, unit, shift, ends, word(move.role))
    table.footing = told(
        "found from {n} starts a profile, seed {seed}; a nearer one is not excluded"
        if isinstance(flip, Flip)
        else "found from {n} starts, seed {seed}; a nearer one is not excluded",
        n=flip.starts,
        seed=str(flip.seed),
    )
    return table


def _bindings(flip: Flip, say: Phrases) -> RenderableType:
    if flip.misses is not None:
        title = told("What stands against it")
    else:
        title = told("What breaks it") if flip.away else told("What decides how far it is")
    title = f"{title} ({payoff_unit()})"
    table = new_table("player", "at", "deviation", ">loses by it", "because", title=title)
    for binding in flip.binding:
        table.add_row(
            flip.cast.codes[binding.player],
            say.profile(binding.profile),
            say.action(binding.player, binding.deviation),
            written(binding.margin, ",.3f"),
            because(binding.by_term, say),
        )
    return table


def _joint(flip: Flip, say: Phrases) -> RenderableType:
    title = told("What two have that leave it ({unit})" if flip.away else "What two lack to leave it ({unit})")
    table = new_table("pair", "from", "to", "player", "", ">by", title=title)
    words = {"gain": "gains by it", "keep": "keeps it, once there", "join": "joins at this trust"}
    if not flip.away:
        words = {"gain": "would not gain", "keep": "would not keep it", "join": "would not join at this trust"}
    for binding in flip.joint:
        table.add_row(
            "–".join(flip.cast.codes[i] for i in binding.players),
            say.profile(binding.profile),
            say.profile(binding.to),
            flip.cast.codes[binding.player],
            word(words[binding.takes]),
            written(abs(binding.margin), ",.3f"),
        )
    return table


def _tried(flip: Flip, say: Phrases) -> RenderableType:
    table = new_table(
        "profile",
        "triangle",
        ">ranges away",
        ">largest margin",
        title=told("Profiles that fit {target}, nearest first", target=pattern(flip.target, say)),
    )
    for reach in flip.tried[:MOST_TRIED]:
        distance = "–" if reach.distance is None else written(reach.distance, ".3f")
        margin = "" if reach.margin is None else amount(reach.margin)
        triangle = triangle_title(configuration(reach.profile, flip.cast))
        table.add_row(say.profile(reach.profile), triangle, distance, margin)
    if len(flip.tried) > MOST_TRIED:
        table.footing = told("and {n} more", n=len(flip.tried) - MOST_TRIED)
    return table
