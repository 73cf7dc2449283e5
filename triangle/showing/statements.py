"""What may be said of an answer, each kind of sentence by one rule, whoever prints it and in whichever language.

A sentence about stability speaks of the powers that are free to depart; of a held one it says what it would gain by
leaving, or lose. A change that enters no comparison is named with the reason that was computed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from triangle.games.normal_form import TOLERANCE
from triangle.measures.asked import Asked, Bonds, Turned, bonds
from triangle.measures.orders import Overturned, overturned
from triangle.model.mechanisms import pipeline_surplus
from triangle.model.parameter import Parameter
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.players.notation import Profile
from triangle.showing.phrases import Phrases, spoken
from triangle.showing.runs import Text, plain, words_of
from triangle.study.inert import Inert, Stance, inert_changes
from triangle.study.study import Answer, Deviation, Finding, Study

if TYPE_CHECKING:  # whoever looks a sentence up sweeps nothing
    from triangle.measures.standing import Standing

#: Most equilibria of one scenario that are drawn and taken apart; further ones are counted.
MOST_FINDINGS = 3


# With whom Russia stands ----------------------------------------------------------------------------------------------

#: What the finding is called where Russia is linked with China, and with America.
_BONDS: dict[Bonds, str] = {
    (True, False): "bond.rival",
    (True, True): "bond.both",
    (False, True): "bond.wooer",
    (False, False): "bond.neither",
}


def headline(study: Study, answer: Answer, say: Phrases) -> Text:
    """The answer in one clause, given what is held: with whom Russia stands in the postures that are present."""
    found = lasting(answer, say)
    return say("bond.given", given=given(study, say), finding=found) if study.hold else found


def lasting(answer: Answer, say: Phrases) -> Text:
    """The same, whoever is held; where postures that two leave together are left out, it says so."""
    found = claim(answer, say)
    return say("bond.together", finding=found) if len(answer.present) < len(answer.findings) else found


def claim(answer: Answer, say: Phrases) -> Text:
    """The same, whoever is held."""
    return stands([one.index for one in answer.present], say)


def stands(profiles: Sequence[int], say: Phrases) -> Text:
    """With whom Russia stands in some profiles, given by their numbers."""
    present = bonds(sum(1 << profile for profile in set(profiles)), say.cast)
    places = {"wooed": say.opening(say.cast.codes[RU])}
    places |= {place: say.named(say.cast.codes[i], "within") for i, place in ((US, "wooer"), (CN, "rival"))}
    found = [say(_BONDS[one], **places) for one in sorted(present, reverse=True)]
    return say.chained(found, "bond.either") if found else say("bond.none")


# Stability ------------------------------------------------------------------------------------------------------------


def stability(study: Study, answer: Answer, say: Phrases) -> list[Text]:
    """What is stable, of the free powers alone, and then what each held one would gain or lose by leaving.

    Where nothing is stable, the same of the posture nearest to it.
    """
    return [stable_sentence(study, answer, say), *agreed_away(answer, say), *held_lines(study, answer, say)]


def held_lines(study: Study, answer: Answer, say: Phrases) -> list[Text]:
    """What each held power would gain or lose by leaving, posture by posture where there are several."""
    findings = answer.findings or (study.finding(study.nearest()),)
    lines: list[Text] = []
    for finding in findings:
        held = held_sentences(study, finding, say)
        if held and len(findings) > 1:
            lines.append(say("held.where", posture=say.posture(finding.profile), held=_joined(held, say)))
        else:
            lines += held
    return lines


def stable_sentence(study: Study, answer: Answer, say: Phrases) -> Text:
    """What is stable, in one sentence; where powers are held, of the others, given what these do."""
    findings = answer.findings
    said: dict[str, Text | str | int] = {}
    if not findings:
        nearest = study.finding(study.nearest())
        key, said = "none", {"posture": say.posture(nearest.profile), "regret": say.amount(nearest.regret)}
    elif len(study.hold) == len(study.cast):
        (only,) = findings
        return say("answer.held", posture=say.posture(only.profile), triangle=say.triangle(only.configuration))
    elif len(findings) > 1:
        listed = [say.posture(finding.profile) for finding in findings]
        key, said = "many", {"n": len(findings), "postures": say.chained(listed, "list.semicolon")}
    else:
        (only,) = findings
        key, said = "one", {"posture": say.posture(only.profile), "triangle": say.triangle(only.configuration)}
        said["margin"] = say.amount(only.margin)
    return say(f"given.{key}", given=given(study, say), **said) if study.hold else say(f"stable.{key}", **said)


def unstable(study: Study, say: Phrases) -> Text:
    """That nothing is stable in pure actions, and how best responses run in a circle."""
    circle = [say.posture(profile) for profile in study.best_response_cycle(study.nearest())]
    key = "equilibria.none_held" if study.hold else "equilibria.none"
    return say(key, circle=say.chained(circle, "list.semicolon"))


def agreed_away(answer: Answer, say: Phrases) -> list[Text]:
    """Of each stable posture that is not agreement-proof, which two would leave it together, by how much trust."""
    lines = []
    for finding in answer.findings:
        if not finding.is_agreement_proof(answer.trust):
            easiest = min(finding.agreements, key=lambda agreement: agreement.trust)
            pair = [plain(say.named(say.cast.codes[i], "subject")) for i in easiest.players]
            lines.append(
                say(
                    "stable.left",
                    posture=say.posture(finding.profile),
                    pair=say.listed(pair),
                    trust=say.number(easiest.trust, 2),
                )
            )
    return lines


def decided(finding: Finding, deviation: Deviation, say: Phrases) -> Text:
    """Why a player stays, or would leave, in one sentence: the loss and the term that weighs most for it."""
    stays = deviation.loss >= -TOLERANCE
    strongest = max(deviation.by_term, key=lambda name: deviation.by_term[name] * (1 if stays else -1))
    return say(
        "terms.stays" if stays else "terms.leaves",
        player=say.opening(say.cast.codes[deviation.player]),
        action=say.action(deviation.player, finding.profile[deviation.player]),
        other=say.action(deviation.player, deviation.to),
        loss=say.amount(abs(deviation.loss)),
        term=say.known("term", strongest),
        part=say.amount(abs(deviation.by_term[strongest])),
    )


def shared_claim(studies: Sequence[Study], answers: Sequence[Answer], say: Phrases) -> str:
    """The finding that most scenarios share, and in how many; that of the first where each has its own."""
    kinds = [bonds(sum(1 << one.index for one in answer.present), say.cast) for answer in answers]
    most = max(range(len(answers)), key=lambda place: kinds.count(kinds[place]))
    told = claim(answers[most], say)
    if len(answers) == 1:
        return words_of(told)
    if kinds.count(kinds[most]) == 1:
        title = words_of(say.translated(studies[0].scenario.title, 80))
        return say.word("told.first", scenario=title, claim=words_of(claim(answers[0], say)))
    return say.word("told.title", claim=words_of(told), n=kinds.count(kinds[most]), of=len(answers))


def given(study: Study, say: Phrases) -> Text:
    """What the held powers do, whatever they would rather do."""
    return say.listed([plain(say.doing(i, action)) for i, action in sorted(study.hold.items())])


def held_sentences(study: Study, finding: Finding, say: Phrases) -> list[Text]:
    """For each held power what it would gain by leaving, or lose."""
    return [_held(deviation, say) for deviation in study.deviations(finding.profile, of_held=True)]


def _held(deviation: Deviation, say: Phrases) -> Text:
    is_even = abs(deviation.loss) <= TOLERANCE
    return say(
        "held.even" if is_even else "held.gains" if deviation.loss < 0 else "held.loses",
        player=say.opening(say.cast.codes[deviation.player]),
        action=say.action(deviation.player, deviation.to),
        **({} if is_even else {"amount": say.amount(abs(deviation.loss))}),
    )


def _joined(sentences: Sequence[Text], say: Phrases) -> Text:
    return say.chained(sentences, "list.sentences")


# Orders of moves ------------------------------------------------------------------------------------------------------


#: Most orders of moves that a sentence names; five players have hundreds.
MOST_ORDERS = 6


def orders(study: Study, say: Phrases) -> list[Text]:
    """Under which orders of moves something else is played than when all move at once, what, and who gains by it."""
    return [_overturned(found, say) for found in overturned(study)]


def _overturned(found: Overturned, say: Phrases) -> Text:
    leaders = [say("order.first", player=say.country(say.cast.codes[i])) for i in found.leaders]
    named = [*leaders, *map(say.order, found.orders)]
    further = [say("orders.further", n=len(named) - MOST_ORDERS)] if len(named) > MOST_ORDERS + 1 else []
    when = say.chained([*named[:MOST_ORDERS], *further] if further else named, "list.semicolon")
    outcomes = say.chained([played(profile, say) for profile in found.new], "list.semicolon")
    effects = [
        say(
            f"order.{effect}",
            players=say.listed(
                [
                    plain(
                        say.named(say.cast.codes[i], "within")
                        if say.language == "en"
                        else say.country(say.cast.codes[i])
                    )
                    for i in those
                ]
            ),
        )
        for effect in ("gains", "loses")
        if (those := [i for i, own in enumerate(found.effects) if own == effect])
    ]
    key = "order.overturns" if found.is_sure else "order.adds"
    if not effects:
        return say(key, when=when, outcomes=outcomes)
    told = say.chained(effects, "list.semicolon")
    return say("list.sentences", a=say(key, when=when, outcomes=outcomes), b=say("order.effects", effects=told))


def played(profile: Profile | None, say: Phrases) -> Text:
    """What is played at an outcome, or that no single posture is."""
    return say("order.lottery") if profile is None else say.posture(profile)


# How far that carries -------------------------------------------------------------------------------------------------


def shares(study: Study, answer: Answer, stands: Standing, say: Phrases) -> Text:
    """Each part of the answer with its own share of the worlds drawn: the triangle, what each free power does, all."""
    numbers: dict[str, Text | str | int] = {
        "share": say.percent(stands.share),
        "interval": say.interval(*stands.interval),
    }
    if not answer.findings:
        return say("answer.stands_none", **numbers)
    return say("answer.stands", parts=_parts(study, answer.findings, stands, "answer.triangle", say))


def agreed_shares(study: Study, answer: Answer, stands: Standing, say: Phrases) -> list[Text]:
    """The same where only agreement-proof postures count; none where the answer has no pure equilibrium at all."""
    if not answer.findings:
        return []
    trust = say.number(answer.trust, 2)
    if not answer.agreement_proof:
        share, interval = say.percent(stands.share), say.interval(*stands.interval)
        return [say("answer.agreed_none", trust=trust, share=share, interval=interval)]
    parts = _parts(study, answer.agreement_proof, stands, "answer.agreed_triangle", say)
    return [say("answer.agreed", trust=trust, parts=parts)]


def _parts(study: Study, findings: Sequence[Finding], stands: Standing, key: str, say: Phrases) -> Text:
    """What the findings say, each with its own share of the draws."""
    triangles = list({finding.configuration.key: finding.configuration for finding in findings}.values())
    parts = [
        say(
            key,
            triangles=say.chained([say.triangle(one) for one in triangles], "list.either"),
            share=say.percent(stands.share),
            interval=say.interval(*stands.interval),
        )
    ]
    parts += [
        say("answer.does", doing=say.doing(player, action), share=say.percent(count / stands.games))
        for (player, action), count in stands.actions.items()
        if player not in study.hold
    ]
    parts.append(say("answer.same", n=len(findings), share=say.percent(stands.same / stands.games)))
    return say.chained(parts, "list.semicolon")


# Changes that enter no comparison -------------------------------------------------------------------------------------


def inert(study: Study, say: Phrases) -> list[Text]:
    """What of the scenario's changes enters no comparison, and why; first of all where that is every one."""
    found = inert_changes(study)
    lead = [say("inert.all")] if found and found[0].is_all else []
    return lead + [_inert(group, say) for group in found]


def _inert(group: Inert, say: Phrases) -> Text:
    names = say.listed([say.parameter(name) for name in group.parameters])
    if group.reach == "here":
        if not group.because:
            return say("inert.here", names=names)
        return say("inert.because", names=names, reason=say.listed([_reason(stance, say) for stance in group.because]))
    if group.reach == "game":
        return say("inert.game", names=names)
    players = dict.fromkeys(player for player, _ in group.moves)
    moves = [
        say(
            "inert.worse",
            player=say.country(say.cast.codes[player]),
            actions=say.listed([plain(say.action(i, action)) for i, action in group.moves if i == player]),
        )
        for player in players
    ]
    return say("inert.reply", names=names, moves=say.chained(moves, "list.semicolon"))


def _reason(stance: Stance, say: Phrases) -> Text:
    """A stance that is as it is here."""
    key = ("linked" if stance.holds else "apart") if stance.mutual else ("yields" if stance.holds else "opposes")
    first = say.named(say.cast.codes[stance.first], "within" if stance.mutual else "subject")
    return say(f"inert.{key}", first=first, second=say.named(say.cast.codes[stance.second], "within"))


# What is asked where nothing is named ------------------------------------------------------------------------------


def asked(question: Asked, say: Phrases) -> Text:
    """One of the two questions that are asked of every scenario."""
    places = _powers(say)
    return say(f"asked.{question}", **{place: name for place, name in places.items() if place in _ASKED_OF[question]})


def turns(turned: Sequence[Turned], say: Phrases) -> Text:
    """Which of the two questions a change answers otherwise."""
    places = _powers(say)
    named = [say(f"turns.{one}", **{k: v for k, v in places.items() if k in _ASKED_OF[one]}) for one in turned]
    return say.listed(named) if named else say("turns.neither")


def _powers(say: Phrases) -> dict[str, str]:
    """The three powers as the two questions name them: whose posture is asked about, and who stays with whom."""
    wooer, wooed, rival = say.cast.codes[:3]
    return {"wooer": say.whose(wooer), "wooed": say.named(wooed, "within"), "rival": say.named(rival, "within")}


class Turning(Protocol):
    """A value at which the set of equilibria changes."""

    @property
    def parameter(self) -> str:
        """Of which parameter."""

    @property
    def value(self) -> float:
        """Where."""

    @property
    def unit(self) -> str:
        """In what unit."""

    @property
    def turns(self) -> tuple[Turned, ...]:
        """Which questions it answers otherwise."""


def nearest_turn(question: Asked, study: Study, points: Sequence[Turning], say: Phrases) -> Text:
    """A question, and the nearest value of one parameter at which it is answered otherwise; points are in order."""
    turned: Turned = "posture" if question == "posture" else "kept"
    nearest = next((point for point in points if turned in point.turns), None)
    if nearest is None:
        return say("turns.never", question=asked(question, say))
    return say(
        "turns.nearest",
        question=asked(question, say),
        parameter=say.parameter(nearest.parameter),
        origin=say.value(study.scenario.values[nearest.parameter]),
        value=say.value(nearest.value),
        unit=say.unit(nearest.unit),
    )


#: Whom each question names.
_ASKED_OF = {"kept": ("wooed", "rival"), "apart": ("wooed", "rival"), "posture": ("wooer",)}


# Gas ------------------------------------------------------------------------------------------------------------------


def gas(study: Study, answer: Answer, say: Phrases) -> list[Text]:
    """Volume, worth, cost and surplus of a new gas deal, its price at the equilibria in which it is signed, and what of
    it counts where the link that it rests on may break.

    Nothing where no volume is planned.
    """
    v = study.values
    if not float(v["pipeline_volume"]) > 0:
        return []
    prices = dict.fromkeys(say.number(finding.gas.price, 0) for finding in answer.findings if finding.gas)
    said: dict[str, Text | str] = {
        "volume": say.value(float(v["pipeline_volume"])),
        "worth": say.number(float(v["pipeline_buyer_value"]), 0),
        "cost": say.number(float(v["pipeline_seller_cost"]), 0),
        "surplus": say.amount(float(pipeline_surplus(v))),
        "buyer": say.named(say.cast.codes[CN], "within"),
        "seller": say.named(say.cast.codes[RU], "within"),
    }
    life = float(study.model.form.contract_life(v))
    lasting = [say("gas.lasting", life=say.share(life))] if life < 1 else []
    if not prices:
        return [say("gas.unsigned", **said), *lasting]
    return [say("gas.signed", prices=say.chained(list(map(plain, prices)), "list.either"), **said), *lasting]


# Defaults -------------------------------------------------------------------------------------------------------------


def default(parameters: Sequence[Parameter], say: Phrases) -> Text:
    """What the default of some parameters is called: by what stands behind each, once where that is the same."""
    kinds = {p.name: say(f"default.{p.backing}") for p in parameters}
    if len({p.backing for p in parameters}) == 1:
        return say("default.all", kind=kinds[parameters[0].name])
    each = [say("default.each", parameter=say.known("parameter", name), kind=kind) for name, kind in kinds.items()]
    return say("default.all", kind=say.chained(each, "list.more"))


def default_text(parameters: Sequence[Parameter], cast: Cast) -> str:
    """The same in English, for the legends of pictures.

    >>> from triangle.model.model import read_model
    >>> model = read_model()
    >>> catalogue = model.catalogue
    >>> default_text([catalogue["relief"]], model.cast)
    'default (judged)'
    >>> default_text([catalogue["relief"], catalogue["gdp_us"]], model.cast)
    'default (Sanctions relief offered to Russia: judged, Output of the United States: figure)'
    """
    return words_of(default(parameters, spoken(cast)))
