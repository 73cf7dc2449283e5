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
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.tables import UNIT, amount, new_table, share


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
    first, second = found.types
    lines = [
        f"{found.scenario}: {found.cast.in_text[RU]} is {first} or {second}. Over {found.samples:,} draws of "
        f"everything uncertain the two do different things later, while the offer stands, in {later:.1%}; they would "
        f"answer the offer differently, were they known, in {known:.1%}."
    ]
    if found.alike:
        lines.append(
            "Warning: here both types do the same under complete information; what follows rests on payoffs alone."
        )
    return "\n".join(lines)


def _alone(found: Signal) -> RenderableType:
    rows = new_table(
        "type", "answers, if known", "later, offered", "later, without", f">worth going on with, {UNIT}",
        title="Each type under complete information",
    )  # fmt: skip
    say = in_english(found.cast)
    for one in found.alone:
        later = (say.action_of(found.player, action) for action in (one.courted, one.otherwise))
        rows.add_row(one.type, one.answer, *later, amount(one.value))
    return rows


def _equilibria(found: Signal) -> RenderableType:
    first, second = found.types
    rows = new_table(
        "kind", first, second, ">goes on if seen", ">if it looks delivered", f">{second}, seen",
        f">{second}, looks", f">{first}", f">{second}", f">{found.offering}",
        title=f"Perfect Bayesian equilibria ({found.verdict}): prior of {second} {found.prior:g}, watch "
        f"{found.watch:g} years, pocketing seen with {found.observe:g}; payoffs {UNIT}",
    )  # fmt: skip
    for one in sorted(found.equilibria, key=lambda one: -one.payoffs[2]):
        rows.add_row(
            one.kind, *(_answers(own) for own in one.answers), *(share(x) for x in one.goes_on),
            *("–" if x is None else share(x) for x in one.posterior), *(amount(u) for u in one.payoffs),
        )  # fmt: skip
    return rows


def _answers(own: tuple[float, ...]) -> str:
    names = ("refuse", "pocket", "deliver")
    played = [f"{name} {share(p)}" if p < 1 - 1e-9 else name for name, p in zip(names, own, strict=True) if p > 1e-9]
    return ", ".join(played)


def removals(equilibria: Sequence[Found] | Sequence[Gestured]) -> list[str]:
    """What each refinement removes, and why."""
    return [f"{name} removes {one.kind}: {why}." for one in equilibria for name, why in one.removed]


def most_of_map(scenario: str, kinds: Sequence[str], one: Map) -> str:
    """The title of a map: which kind of equilibrium takes most of it, and how much."""
    place = max(range(-1, len(kinds)), key=one.share)
    return f"{scenario}: {kinds[place] if place >= 0 else 'no equilibrium found'} on {one.share(place):.0%} of the map"


def shares_of_map(kinds: Sequence[str], one: Map) -> RenderableType:
    """How much of a map each kind of equilibrium takes, and where none was found."""
    first, second = one.names
    rows = new_table(
        "kind", ">share of the map",
        title=f"{first} {one.first[0]:g} to {one.first[-1]:g}, {second} {one.second[0]:g} to {one.second[-1]:g}",
    )  # fmt: skip
    for place, kind in enumerate(kinds):
        if one.share(place):
            rows.add_row(kind, f"{one.share(place):.1%}")
    if one.share(-1):
        rows.add_row("none found", f"{one.share(-1):.1%}")
    return rows


def _america(found: Signal, america: America) -> RenderableType:
    rows = new_table(
        f"{found.offering} is", ">prior", *(f">believed {name}" for name in america.types), ">nothing learnt",
        title=f"{found.offering} of unknown type: what it gets in the equilibrium that it likes best, {UNIT}",
    )  # fmt: skip
    for place, name in enumerate(america.types):
        worth = [*america.worth[place], america.pooled[place]]
        rows.add_row(name, share(america.prior[place]), *map(amount, worth))
    return rows


def _step(found: Signal, america: America) -> str:
    first, second = america.types
    low, high = map(amount, america.step)
    if america.separates:
        return (
            f"A step first tells {first} from {second} if it costs between {low} and {high} {UNIT}: less and {second} "
            f"takes it too, more and {first} does not."
        )
    return (
        f"No cost of a step first tells {first} from {second}: to be taken for {first} is worth {high} {UNIT} to "
        f"{first} and {low} to {second}."
    )


def _menu(found: Signal, menu: Menu) -> RenderableType:
    second = ", ".join(f"{name} {value:g}" for name, value in menu.second.items())
    rows = new_table(
        *found.types, "then", f">{found.player}", f">{found.offering}",
        title=f"A menu: the offer, or a second contract with {second}; equilibria ({menu.verdict}), {UNIT}",
    )  # fmt: skip
    for one in menu.equilibria:
        then = "; ".join(f"{name}: {_mixed(mixture)}" for name, mixture in one.goes_on)
        rows.add_row(*(_mixed(mixture) or "–" for mixture in one.answers), then, *map(amount, one.payoffs))
    return rows


def _mixed(mixture: Mixture) -> str:
    """Actions in words, with their probabilities where there are several."""
    return ", ".join(name if p > 1 - 1e-9 else f"{name} {share(p)}" for name, p in mixture)


def _menu_gain(found: Signal, menu: Menu) -> str:
    if menu.gain is None:
        return "What the menu brings is not said: the search was not complete and found no equilibrium."
    return (
        f"To {found.offering} the menu brings {amount(menu.gain)} {UNIT} more than the offer alone, both in the "
        f"equilibria that it likes best; nobody gains more than {menu.largest_gain:.1e} at any information set."
    )


def sentences(found: Signal, say: Phrases | None = None) -> list[Content]:
    """Three sentences, in English unless said: what happens, what is learnt, what it is worth."""
    say = say or in_english(found.cast)
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
    over = (
        f"{found.passed_over} other pairs of replies passed over" if found.passed_over else "no other pair of replies"
    )
    china = "stays aligned" if found.china == "aligned" else "answers what it sees"
    gives = "costs the giver nothing in this form" if found.form == "first" else "strengthens whom it relieves"
    return (
        "Types, prior and watch are judged: read the maps, not the numbers. "
        f"{found.form.capitalize()} form of the payoffs, relief {found.relief:g}, conditionality "
        f"{found.conditionality:g}; {found.cast.countries[CN]} {china} during the watch; later play is "
        f"{found.cast.countries[RU]}'s best pair of mutual best replies ({over}). Relief {gives}. "
        f"Maps show the equilibrium that {found.offering} likes best. Certificate: nobody gains more than "
        f"{largest:.1e} {UNIT} at any information set; beliefs differ from Bayes' rule by at most {residual:.1e}."
    )
