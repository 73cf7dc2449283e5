"""Tables for people of what an acceptance tells."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.players.axes import CN, RU
from triangle.questions.signal.gesture.record import Gestured
from triangle.questions.signal.record import America, Found, Map, Menu, Mixture, Signal
from triangle.showing.blocks import Text as Content
from triangle.showing.blocks import words_of
from triangle.showing.phrases import Phrases, noted, spoken, told, word, written
from triangle.showing.tables import amount, form_text, new_table, share
from triangle.showing.worded import opened


def signal_tables(found: Signal) -> RenderableType:
    """What ``signal`` shows: how often the types differ first, then the equilibria, the maps, and three sentences."""
    parts: list[RenderableType] = [Text(first_lines(found)), _alone(found), _equilibria(found)]
    parts += [Text(line) for line in removals(found.equilibria)]
    parts += [shares_of_map(found.kinds, one) for one in found.maps]
    if found.america is not None:
        parts += [_america(found, found.america), Text(_step(found, found.america))]
    if found.menu is not None:
        parts += [_menu(found, found.menu), Text(_menu_gain(found, found.menu))]
    return Group(*parts, Text("\n".join(map(words_of, sentences(found)))), Text(notes(found)))


def first_lines(found: Signal) -> str:
    """How often the types act differently at all, and a warning where they act alike here."""
    later, known = found.differ
    first, second = map(word, found.types)
    lines = [
        told(
            "{scenario}: {player} is {first} or {second}. Over {n} draws of everything uncertain the two do different "
            "things later, while the offer stands, in {later}; they would answer the offer differently, were they "
            "known, in {known}.",
            scenario=found.scenario,
            player=spoken(found.cast).named(found.cast.codes[RU], "subject"),
            first=first,
            second=second,
            n=found.samples,
            later=written(later, ".1%"),
            known=written(known, ".1%"),
        )
    ]
    if found.alike:
        template = (
            "Warning: here both types do the same under complete information; what follows rests on payoffs alone."
        )
        lines.append(told(template))
    return "\n".join(lines)


def _alone(found: Signal) -> RenderableType:
    rows = new_table(
        *("type", "answers, if known", "later, offered", "later, without"),
        f">{told('worth going on with, {unit}')}",
        title=told("Each type under complete information"),
    )
    say = spoken(found.cast)
    for one in found.alone:
        later = (say.action_of(found.player, action) for action in (one.courted, one.otherwise))
        rows.add_row(word(one.type), word(one.answer), *later, amount(one.value))
    return rows


def _equilibria(found: Signal) -> RenderableType:
    first, second = map(word, found.types)
    rows = new_table(
        *("kind", first, second, ">goes on if seen", ">if it looks delivered"),
        f">{told('{type}, seen', type=second)}",
        f">{told('{type}, looks', type=second)}",
        *(f">{first}", f">{second}", f">{found.offering}"),
        title=told(
            "Perfect Bayesian equilibria ({verdict}): prior of {type} {prior}, watch {years} years, pocketing seen "
            "with {observe}; payoffs {unit}",
            verdict=word(found.verdict),
            type=second,
            prior=written(found.prior, "g"),
            years=written(found.watch, "g"),
            observe=written(found.observe, "g"),
        ),
    )
    for one in sorted(found.equilibria, key=lambda one: -one.payoffs[2]):
        rows.add_row(
            word(one.kind), *(_answers(own) for own in one.answers), *(share(x) for x in one.goes_on),
            *("–" if x is None else share(x) for x in one.posterior), *(amount(u) for u in one.payoffs),
        )  # fmt: skip
    return rows


#: What a type may answer to an offer.
ANSWERS = ("refuse", "pocket", "deliver")


def _answers(own: tuple[float, ...]) -> str:
    names = tuple(map(word, ANSWERS))
    played = [f"{name} {share(p)}" if p < 1 - 1e-9 else name for name, p in zip(names, own, strict=True) if p > 1e-9]
    return ", ".join(played)


def removals(equilibria: Sequence[Found] | Sequence[Gestured]) -> list[str]:
    """What each refinement removes, and why."""
    return [
        told("{name} removes {kind}: {why}.", name=word(name), kind=word(one.kind), why=noted(why))
        for one in equilibria
        for name, why in one.removed
    ]


def most_of_map(scenario: str, kinds: Sequence[str], one: Map) -> str:
    """The title of a map: which kind of equilibrium takes most of it, and how much."""
    place = max(range(-1, len(kinds)), key=one.share)
    kind = word(kinds[place]) if place >= 0 else told("no equilibrium found")
    share_of = written(one.share(place), ".0%")
    return told("{scenario}: {kind} on {share} of the map", scenario=scenario, kind=kind, share=share_of)


def shares_of_map(kinds: Sequence[str], one: Map) -> RenderableType:
    """How much of a map each kind of equilibrium takes, and where none was found."""
    first, second = one.names
    spans = (
        f"{swept(name)} {told('{low} to {high}', low=written(ends[0], 'g'), high=written(ends[-1], 'g'))}"
        for name, ends in ((first, one.first), (second, one.second))
    )
    rows = new_table("kind", ">share of the map", title=", ".join(spans))
    for place, kind in enumerate(kinds):
        if one.share(place):
            rows.add_row(word(kind), written(one.share(place), ".1%"))
    if one.share(-1):
        rows.add_row(told("none found"), written(one.share(-1), ".1%"))
    return rows


def swept(name: str) -> str:
    """What a map is over: a parameter, or what is judged of the types."""
    return word(name.replace("_", " "))


def _america(found: Signal, america: America) -> RenderableType:
    believed = (f">{told('believed {type}', type=word(name))}" for name in america.types)
    rows = new_table(
        *(told("{player} is", player=found.offering), ">prior", *believed, ">nothing learnt"),
        title=told(
            "{player} of unknown type: what it gets in the equilibrium that it likes best, {unit}",
            player=found.offering,
        ),
    )
    for place, name in enumerate(america.types):
        worth = [*america.worth[place], america.pooled[place]]
        rows.add_row(word(name), share(america.prior[place]), *map(amount, worth))
    return rows


def _step(found: Signal, america: America) -> str:
    first, second = map(word, america.types)
    low, high = map(amount, america.step)
    template = (
        "A step first tells {first} from {second} if it costs between {low} and {high} {unit}: less and {second} takes "
        "it too, more and {first} does not."
        if america.separates
        else "No cost of a step first tells {first} from {second}: to be taken for {first} is worth {high} {unit} to "
        "{first} and {low} to {second}."
    )
    return told(template, first=first, second=second, low=low, high=high)


def _menu(found: Signal, menu: Menu) -> RenderableType:
    say = spoken(found.cast)
    second = ", ".join(f"{say.known('parameter', name)} {written(value, 'g')}" for name, value in menu.second.items())
    rows = new_table(
        *(*found.types, "then", f">{found.player}", f">{found.offering}"),
        title=told(
            "A menu: the offer, or a second contract with {second}; equilibria ({verdict}), {unit}",
            second=second,
            verdict=word(menu.verdict),
        ),
    )
    for one in menu.equilibria:
        then = "; ".join(f"{word(name)}: {_mixed(mixture)}" for name, mixture in one.goes_on)
        rows.add_row(*(_mixed(mixture) or "–" for mixture in one.answers), then, *map(amount, one.payoffs))
    return rows


def _mixed(mixture: Mixture) -> str:
    """Actions in words, with their probabilities where there are several."""
    return ", ".join(word(name) if p > 1 - 1e-9 else f"{word(name)} {share(p)}" for name, p in mixture)


def _menu_gain(found: Signal, menu: Menu) -> str:
    if menu.gain is None:
        return told("What the menu brings is not said: the search was not complete and found no equilibrium.")
    return told(
        "To {player} the menu brings {gain} {unit} more than the offer alone, both in the equilibria that it likes "
        "best; nobody gains more than {largest} at any information set.",
        player=found.offering,
        gain=amount(menu.gain),
        largest=written(menu.largest_gain, ".1e"),
    )


def sentences(found: Signal, say: Phrases | None = None) -> list[Content]:
    """Three sentences, in the language that is spoken unless said: what happens, what is learnt, what it is worth."""
    say = say or spoken(found.cast)
    return [_happens(found, say), _learnt(found, say), _worth(found, say)]


def odds(say: Phrases, probability: float) -> str:
    """A probability in words, to three digits that mean something."""
    return say.value(round(probability, 3))


def _happens(found: Signal, say: Phrases) -> Content:
    best, (first, second) = found.best, (say.translated(name, 80) for name in found.types)
    accepts = [odds(say, 1.0 - own[0]) for own in best.answers]
    return say(
        "signal.says.happens", player=say.named(found.offering, "subject"),
        kind=say(f"signal.kind.{found.kinds.index(best.kind)}"), first=first, second=second, a=accepts[0],
        b=accepts[1], d=odds(say, best.answers[0][2]), e=odds(say, best.answers[1][2]), goes=odds(say, best.goes_on[1]),
    )  # fmt: skip


def _learnt(found: Signal, say: Phrases) -> Content:
    after = found.best.posterior[1]
    if after is None:
        how = "untested"
    elif abs(after - found.prior) < 1e-9:
        how = "stays"
    else:
        how = "bluffs" if found.threshold is not None and abs(after - found.threshold) < 1e-6 else "moves"
    learnt = say(
        f"signal.says.{how}", second=say.translated(found.types[1], 80), prior=odds(say, found.prior),
        after="–" if after is None else odds(say, after), player=say.named(found.offering, "subject"),
    )  # fmt: skip
    if found.threshold is None:
        return say("signal.says.either", learnt=learnt, player=say.named(found.offering, "subject"))
    return say("signal.says.learnt", learnt=learnt, threshold=odds(say, found.threshold))


def _worth(found: Signal, say: Phrases) -> Content:
    years = found.longest if found.shortest is None else found.shortest
    watch = say("signal.says.no_watch" if found.shortest is None else "signal.says.watch", years=say.value(years))
    return say(
        "signal.says.worth", player=say.named(found.offering, "subject"), offer=say.amount(found.offer),
        monitoring=say.amount(found.monitoring), commitment=say.amount(found.commitment), watch=watch,
    )  # fmt: skip


def notes(found: Signal) -> str:
    """On what it rests."""
    largest = max(one.largest_gain for one in found.equilibria)
    residual = max(one.residual for one in found.equilibria)
    say, (wooed, rival) = spoken(found.cast), (found.cast.codes[i] for i in (RU, CN))
    over = (
        told("{n} other pairs of replies passed over", n=found.passed_over)
        if found.passed_over
        else told("no other pair of replies")
    )
    relieved = (
        "Relief costs the giver nothing in this form."
        if found.form == "first"
        else "Relief strengthens whom it relieves."
    )
    return " ".join(
        (
            told("Types, prior and watch are judged: read the maps, not the numbers."),
            told(
                "{form}, relief {relief}, conditionality {conditionality}; {rival} stays aligned during the watch; "
                "later play is {wooed}'s best pair of mutual best replies ({over})."
                if found.china == "aligned"
                else "{form}, relief {relief}, conditionality {conditionality}; {rival} answers what it sees during "
                "the watch; later play is {wooed}'s best pair of mutual best replies ({over}).",
                form=opened(form_text(found.form)),
                relief=written(found.relief, "g"),
                conditionality=written(found.conditionality, "g"),
                rival=say.country(rival),
                wooed=say.country(wooed),
                whose=say.whose(wooed),
                over=over,
            ),
            told(relieved),
            told(
                "Maps show the equilibrium that {player} likes best. Certificate: nobody gains more than {largest} "
                "{unit} at any information set; beliefs differ from Bayes' rule by at most {residual}.",
                player=found.offering,
                largest=written(largest, ".1e"),
                residual=written(residual, ".1e"),
            ),
        )
    )
