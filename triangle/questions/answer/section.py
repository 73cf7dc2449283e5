"""The answer in sentences, in the language asked for, whoever prints them; and as blocks of the report."""

from __future__ import annotations

from functools import partial

from triangle.players.axes import CN, RU, US
from triangle.players.notation import Profile
from triangle.questions.answer import answer as question
from triangle.questions.answer.answer import Answered, Carried, Sure, answered
from triangle.questions.flip.answer import Flip, Move
from triangle.questions.sensitivity.answer import variance_once
from triangle.showing.blocks import Block, Details, Heading, Paragraph, Picture, Verdict, Verdicts
from triangle.showing.drawings import gauge_svg
from triangle.showing.material import Call, Material
from triangle.showing.parts import equilibria_key, flip_blocks, source_of, triangle_picture
from triangle.showing.phrases import Phrases
from triangle.showing.runs import Text, plain
from triangle.showing.statements import MOST_FINDINGS, claim, given, headline, inert, lasting, orders, stability, stands
from triangle.study.study import Study

#: Most moves that are named on a card; all stand below.
MOST_MOVES = 3

#: The least share of the variance of a kind of backing that is named.
LEAST_SHARE = 0.01


def sentence(study: Study, found: Answered, say: Phrases) -> list[Text]:
    """What is stable, given what is held: the finding, then the postures and what held powers would do."""
    told = say("told.sentence", sentence=headline(study, found.solution.answer, say))
    return [told, *stability(study, found.solution.answer, say)]


def how_sure(found: Answered, say: Phrases) -> list[Text]:
    """How far the finding, and exactly the postures, carry over the worlds drawn; in words of a published scale."""
    if found.sure is None:
        return [say("told.held")]
    sure, answer = found.sure, found.solution.answer
    lines = [say("told.stands", claim=claim(answer, say), n=sure.stands.of, **_carried(sure.stands, say))]
    if answer.present:
        lines.append(say("told.same", n=len(answer.present), **_carried(sure.same, say)))
    return lines


def carried(found: Answered, say: Phrases) -> Text:
    """How sure the finding is, in one sentence that stands beside it."""
    if found.sure is None:
        return say("told.held")
    return say("told.short", n=found.sure.stands.of, **_carried(found.sure.stands, say))


def joined(head: Text, found: Answered, say: Phrases) -> Text:
    """The nearest other world behind a head, in one paragraph."""
    told = _shortly(found, found.change, say) if found.change else []
    return say.chained([head, *told], "list.sentences")


def _carried(carried: Carried, say: Phrases) -> dict[str, Text | str]:
    return {
        "likelihood": say(f"likelihood.{carried.likelihood}"),
        "share": say.percent(carried.share),
        "interval": say.interval(*carried.interval),
    }


def how_counted(sure: Sure, trust: float, say: Phrases) -> Text:
    """Which postures were counted, over which worlds, and whose words are used."""
    counted = say("told.agreed", trust=say.number(trust, 2)) if sure.agreed else say("told.all")
    return say("list.sentences", a=counted, b=say("told.scale", n=sure.drawn, seed=str(sure.seed)))


def on_what(found: Answered, say: Phrases) -> list[Text]:
    """On what kinds of knowledge the answer rests, how much of it crosses a weak bridge, and what carries it."""
    rests = found.rests
    if not rests:
        return [say("told.held") if found.sure is None else say("told.uncounted")]
    parts = [
        say("told.part", share=say.percent(share), kind=say(f"rests.{kind}"))
        for kind, share in rests.backing
        if share >= LEAST_SHARE
    ]
    lines = [say(f"rests.{rests.asked}", parts=say.listed(parts), **_powers(say))]
    if rests.weak >= LEAST_SHARE:
        lines.append(say("told.weak", share=say.percent(rests.weak)))
    names = [
        say("told.named", name=_name(one.parameter, say), share=say.percent(one.share))
        for one in rests.strongest
        if one.share >= LEAST_SHARE
    ]
    return [*lines, say("told.carries", names=say.chained(names, "list.semicolon"))] if names else lines


def _powers(say: Phrases) -> dict[str, str]:
    """The three powers within a sentence."""
    wooer, wooed, rival = (say.cast.codes[i] for i in (US, RU, CN))
    return {"wooer": say.whose(wooer), "wooed": say.named(wooed, "within"), "rival": say.named(rival, "within")}


def what_changes(study: Study, found: Answered, say: Phrases) -> list[Text]:
    """The nearest other world in few moves, what another order of moves does, and what changes nothing."""
    if found.sure is None:
        return [say("told.held")]
    other = orders(study, say) or [say("told.orders_none")]
    return [*(_changed(found, found.change, say) if found.change else []), *other, *inert(study, say)]


def _changed(found: Answered, flip: Flip, say: Phrases) -> list[Text]:
    if not flip.found:
        title = say("told.away") if flip.away else say("told.left", **_powers(say))
        return [say("told.missed", title=title, misses="–" if flip.misses is None else say.amount(flip.misses))]
    moves = say.chained([_move(move, say) for move in flip.moves], "list.semicolon")
    return [*_there(found, flip, say), say("told.moves", n=len(flip.moves), moves=moves)]


def _there(found: Answered, flip: Flip, say: Phrases) -> list[Text]:
    """What is stable in the nearest other world, of the postures that count here."""
    there = _counting(flip)
    if flip.away:
        postures = [say.posture(profile) for profile in there]
        return [say("told.ends", postures=say.chained(postures, "list.semicolon")) if there else say("told.ends_none")]
    still = {finding.profile for finding in found.solution.answer.present} & {*there}
    lines = [say("told.leaves", posture=say.posture(flip.profile))]
    return [*lines, say("told.still")] if still else lines


def _name(parameter: str, say: Phrases) -> Text:
    """What a parameter is called in a sentence."""
    return plain(say.known("parameter", parameter))


def _counting(flip: Flip) -> tuple[Profile, ...]:
    """The postures that count in the other world, as they do here."""
    proof = flip.certificate.agreement_proof
    return flip.certificate.equilibria if proof is None else proof


def _move(move: Move, say: Phrases) -> Text:
    value = say.measured(say.value(move.value), move.unit)
    return say("told.move", name=_name(move.parameter, say), start=say.value(move.start), value=value)


# In the report --------------------------------------------------------------------------------------------------------


def found_of(m: Material, place: int) -> Answered:
    """The answer of one scenario of a report, over the report's own draws."""
    study, drawn = m.studies[place], len(m.sweep.job.design.drawn)
    tally = m.sweep.tallies[study.scenario.name]
    variance, change = partial(variance_once, m.once), lambda *_: m.once(*change_asked(m, place))
    asked = study, m.answers[place], tally, drawn, m.seed, m.solving(study), variance, change
    return m.once(("answer", place), lambda: answered(*asked))


def change_asked(m: Material, place: int) -> Call[Flip | None]:
    """What would change the answer of one scenario."""
    study = m.studies[place]
    return ("change", place), partial(question.nearest_change, study, m.answers[place], m.seed, m.solving(study))


def verdicts(m: Material) -> Verdicts:
    """The answers of all scenarios side by side: the triangle, the finding, how sure, what would change it."""
    return Verdicts(tuple(_verdict(m, place) for place in range(len(m.studies))))


def _verdict(m: Material, place: int) -> Verdict:
    study, found, say = m.studies[place], found_of(m, place), m.say
    stood = found.sure.stands if found.sure is not None else None
    return Verdict(
        say.translated(study.scenario.title, 120) if len(m.studies) > 1 else (),
        tuple(_pictures(m, place)),
        say("bond.held", given=given(study, say)) if study.hold else (),
        say("told.sentence", sentence=lasting(m.answers[place], say)),
        carried(found, say),
        gauge_svg(stood.share, *stood.interval) if stood is not None else "",
        (say("told.change"), *_shortly(found, found.change, say)) if found.change else (),
    )


def _shortly(found: Answered, flip: Flip, say: Phrases) -> list[Text]:
    """The nearest other world in two sentences: the moves, and with whom Russia stands there."""
    if not flip.found:
        return _changed(found, flip, say)
    there = [found.solution.played.cast.index(profile) for profile in _counting(flip)]
    told = [_move(move, say) for move in flip.moves[:MOST_MOVES]]
    left = len(flip.moves) - MOST_MOVES
    moves = say.chained([*told, say("told.more", n=left)] if left > 0 else told, "list.semicolon")
    return [say("told.steps", n=len(flip.moves), moves=moves), say("told.then", claim=stands(there, say))]


def _pictures(m: Material, place: int) -> list[Picture]:
    """The triangles of what is present; of what is nearest to stable where nothing is."""
    study = m.studies[place]
    shown = m.answers[place].present[:MOST_FINDINGS] or (study.finding(study.nearest()),)
    taken = source_of(m, [study]), equilibria_key(place)
    return [triangle_picture(m, finding, f"verdict-{place}-{number}", *taken) for number, finding in enumerate(shown)]


def rests(m: Material) -> list[Block]:
    """On what each answer rests, and the moves to the nearest other world one by one."""
    say = m.say
    blocks: list[Block] = []
    for place, study in enumerate(m.studies):
        found = found_of(m, place)
        if len(m.studies) > 1:
            blocks.append(Heading(say.translated(study.scenario.title, 300)))
        blocks += map(Paragraph, on_what(found, say))
        if found.change and found.change.found:
            title = say("told.away") if found.change.away else say("told.left", **_powers(say))
            blocks.append(Details(say("told.one_by_one"), tuple(flip_blocks(found.change, study, title, say))))
    return blocks
