"""Tables for people of what a gesture tells."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.signal.gesture.record import Gesture, Gestured
from triangle.questions.signal.record import Mixture
from triangle.questions.signal.table import removals, shares_of_map
from triangle.showing.phrases import in_english
from triangle.showing.tables import UNIT, amount, new_table, share


def gesture_tables(found: Gesture) -> RenderableType:
    """What ``gesture`` shows: how often the types differ first, then the equilibria, the map, and three sentences."""
    parts: list[RenderableType] = [Text(first_lines(found)), _shown(found), _equilibria(found)]
    parts += [Text(line) for line in removals(found.equilibria)]
    parts += [shares_of_map(found.kinds, one) for one in found.maps]
    return Group(*parts, Text("\n".join(sentences(found))), Text(notes(found)))


def first_lines(found: Gesture) -> str:
    """How often the types act differently at all, and a warning where the receiver replies to them alike here."""
    differ, replied = found.differ
    first, second = found.types
    sender, receiver = (found.cast.in_text[found.cast.player(code)] for code in (found.sender, found.receiver))
    lines = [
        f"{found.scenario}: {sender} is {first} or {second}. Over {found.samples:,} draws of everything uncertain the "
        f"two do different things after some reply in {differ:.1%}; {receiver} would reply to them differently, were "
        f"they known, in {replied:.1%}."
    ]
    if found.alike:
        lines.append(f"Warning: here {receiver} replies alike to both, were they known, so that nothing is to be told.")
    return "\n".join(lines)


def _shown(found: Gesture) -> RenderableType:
    rows = new_table(
        f"{found.sender} is", f"{found.receiver} replies, if known", f"{found.sender} then", f"{found.third} then",
        f">gains, taken for {found.types[1]}", ">gesture costs",
        title=f"Each type under complete information, and what the gesture is to it, {UNIT}",
    )  # fmt: skip
    say = in_english(found.cast)
    for one in found.shown:
        done = ((found.receiver, one.reply), (found.sender, one.answer), (found.third, one.third))
        rows.add_row(one.type, *(say.action_of(*each) for each in done), amount(one.gain), amount(one.cost))
    return rows


def _equilibria(found: Gesture) -> RenderableType:
    first, second = found.types
    rows = new_table(
        "kind", f">{first} makes it", f">{second} makes it", "reply without", "reply after", f">{second}, without",
        f">{second}, after", f">{first}", f">{second}", f">{found.receiver}",
        title=f"Perfect Bayesian equilibria ({found.verdict}): prior of {second} {found.prior:g}, {_what(found)}; "
        f"payoffs {UNIT}",
    )  # fmt: skip
    for one in sorted(found.equilibria, key=lambda one: -one.payoffs[2]):
        rows.add_row(
            one.kind, *map(share, one.makes), *(replied(found, mixture) for mixture in one.replies),
            *("–" if x is None else share(x) for x in one.posterior), *map(amount, one.payoffs),
        )  # fmt: skip
    return rows


def _what(found: Gesture) -> str:
    """The gesture in words."""
    show = f"{found.cost:g} {UNIT} for show"
    if not found.deed:
        return f"a gesture at {show}"
    deed, instead = (in_english(found.cast).action_of(found.sender, one) for one in (found.deed, found.instead))
    deed = f"{deed} for {found.years:g} years in place of {instead}"
    return f"{deed}, and {show}" if found.cost else deed


def replied(found: Gesture, mixture: Mixture) -> str:
    """Replies in words, with their probabilities where there are several."""
    say = in_english(found.cast)
    named = [(say.action_of(found.receiver, name), p) for name, p in mixture]
    return ", ".join(name if p > 1 - 1e-9 else f"{name} {share(p)}" for name, p in named)


def sentences(found: Gesture) -> list[str]:
    """Three sentences: what happens, what is learnt, what it is worth."""
    best = found.best
    return [_happens(found, best), _learnt(found, best), _worth(found)]


def _happens(found: Gesture, best: Gestured) -> str:
    first, second = found.types
    receiver = found.cast.in_text[found.cast.player(found.receiver)]
    return (
        f"In the equilibrium that {receiver} likes best ({best.kind}) the {first} type makes the gesture with "
        f"{share(best.makes[0])}, the {second} one with {share(best.makes[1])}; without it {found.receiver} replies by "
        f"{replied(found, best.replies[0])}, after it by {replied(found, best.replies[1])}."
    )


def _learnt(found: Gesture, best: Gestured) -> str:
    second, after = found.types[1], best.posterior[1]
    if after is None:
        learnt = f"Nobody makes the gesture, so that the belief in {second} is never tested by it"
    elif abs(after - found.prior) < 1e-9:
        learnt = f"The gesture tells nothing: the belief in {second} stays at {share(found.prior)}"
    else:
        learnt = f"The gesture moves the belief in {second} from {share(found.prior)} to {share(after)}"
    if found.alike:
        return f"{learnt}; {found.receiver} replies to both types alike."
    return f"{learnt}; to be treated as {second} takes a belief of at least {share(found.trust)}."


def _worth(found: Gesture) -> str:
    first, second = found.types
    gains = [amount(one.gain) for one in found.shown]
    low, high = found.telling
    worth = (
        f"To be taken for {second} rather than {first} is worth {gains[0]} {UNIT} to {first}, {gains[1]} to {second}"
    )
    if found.tells:
        return (
            f"{worth}: a cost for show between {amount(max(low, 0.0))} and {amount(high)} tells {second} from {first}."
        )
    return f"{worth}: no cost for show tells {second} from {first}."


def notes(found: Gesture) -> str:
    """On what it rests."""
    largest = max(one.largest_gain for one in found.equilibria)
    residual = max(one.residual for one in found.equilibria)
    sender, receiver, third = (
        found.cast.in_text[found.cast.player(code)] for code in (found.sender, found.receiver, found.third)
    )
    then = (
        f"after the reply {sender} does what is best for it, {third} being held at "
        f"{in_english(found.cast).action_of(found.third, found.held)}"
        if found.held
        else f"after the reply {sender} and {third} play mutual best replies, of several those that {sender} likes best"
    )
    return (
        "Types, prior and costs are judged: read the maps, not the numbers. "
        f"{found.form.capitalize()} form of the payoffs; {then} ({found.passed_over} others passed over). Maps show "
        f"the equilibrium that {receiver} likes best, and of equals the one with the fewest gestures. Certificate: "
        f"nobody gains more than {largest:.1e} {UNIT} at any information set; beliefs differ from Bayes' rule by at "
        f"most {residual:.1e}."
    )
