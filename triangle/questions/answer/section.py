"""The answer in sentences, in the language asked for, whoever prints them."""

from __future__ import annotations

from triangle.players.axes import CN, RU, US
from triangle.questions.answer.answer import Answered, Carried, Sure
from triangle.questions.flip.answer import Flip, Move
from triangle.showing.origins import meaning_of
from triangle.showing.phrases import Phrases
from triangle.showing.runs import Text
from triangle.showing.statements import claim, headline, inert, orders, stability
from triangle.study.study import Study

#: The least share of the variance of a kind of backing that is named.
LEAST_SHARE = 0.01


def sentence(study: Study, found: Answered, say: Phrases) -> list[Text]:
    """What is stable, given what is held: the finding, then the postures and what held powers would do."""
    told = say("told.sentence", sentence=headline(study, found.solution.answer, say))
    return [told, *stability(study, found.solution.answer, say)]


def how_sure(study: Study, found: Answered, say: Phrases) -> list[Text]:
    """How far the finding, and exactly the postures, carry over the worlds drawn; in words of a published scale."""
    if found.sure is None:
        return [say("told.held")]
    sure, answer = found.sure, found.solution.answer
    lines = [say("told.stands", claim=claim(answer, say), n=sure.stands.of, **_carried(sure.stands, say))]
    if answer.present:
        lines.append(say("told.same", n=len(answer.present), **_carried(sure.same, say)))
    return lines


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


def on_what(study: Study, found: Answered, say: Phrases) -> list[Text]:
    """On what kinds of knowledge the answer rests, how much of it crosses a weak bridge, and what carries it."""
    rests = found.rests
    if rests is None:
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
        say("told.named", meaning=meaning_of(one.parameter, study, say), share=say.percent(one.share))
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
    return [*(_changed(study, found, found.change, say) if found.change else []), *other, *inert(study, say)]


def _changed(study: Study, found: Answered, flip: Flip, say: Phrases) -> list[Text]:
    if not flip.found:
        title = say("told.away") if flip.away else say("told.left", **_powers(say))
        return [say("told.missed", title=title, misses="–" if flip.misses is None else say.amount(flip.misses))]
    moves = say.chained([_move(move, study, say) for move in flip.moves], "list.semicolon")
    return [*_there(found, flip, say), say("told.moves", n=len(flip.moves), moves=moves)]


def _there(found: Answered, flip: Flip, say: Phrases) -> list[Text]:
    """What is stable in the nearest other world, of the postures that count here."""
    there = flip.certificate.equilibria if flip.trust is None else flip.certificate.agreement_proof or ()
    if flip.away:
        postures = [say.posture(profile) for profile in there]
        return [say("told.ends", postures=say.chained(postures, "list.semicolon")) if there else say("told.ends_none")]
    still = {finding.profile for finding in found.solution.answer.present} & {*there}
    lines = [say("told.leaves", posture=say.posture(flip.profile))]
    return [*lines, say("told.still")] if still else lines


def _move(move: Move, study: Study, say: Phrases) -> Text:
    value = say.measured(say.value(move.value), move.unit)
    return say("told.move", meaning=meaning_of(move.parameter, study, say), start=say.value(move.start), value=value)
