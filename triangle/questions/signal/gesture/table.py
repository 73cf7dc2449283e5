"""Tables for people of what a gesture tells."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.signal.gesture.record import Gesture, Gestured
from triangle.questions.signal.record import Mixture
from triangle.questions.signal.table import removals, shares_of_map
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.tables import amount, form_text, new_table, share
from triangle.showing.worded import opened


def gesture_tables(found: Gesture) -> RenderableType:
    """What ``gesture`` shows: how often the types differ first, then the equilibria, the map, and three sentences."""
    parts: list[RenderableType] = [Text(first_lines(found)), _shown(found), _equilibria(found)]
    parts += [Text(line) for line in removals(found.equilibria)]
    parts += [shares_of_map(found.kinds, one) for one in found.maps]
    return Group(*parts, Text("\n".join(sentences(found))), Text(notes(found)))


def first_lines(found: Gesture) -> str:
    """How often the types act differently at all, and a warning where the receiver replies to them alike here."""
    differ, replied = found.differ
    first, second = map(word, found.types)
    sender, receiver = named(found, found.sender, found.receiver)
    lines = [
        told(
            "{scenario}: {sender} is {first} or {second}. Over {n} draws of everything uncertain the two do different "
            "things after some reply in {differ}; {receiver} would reply to them differently, were they known, in "
            "{replied}.",
            **{"scenario": found.scenario, "sender": sender, "receiver": receiver, "first": first, "second": second},
            n=found.samples,
            differ=written(differ, ".1%"),
            replied=written(replied, ".1%"),
        )
    ]
    if found.alike:
        template = "Warning: here {receiver} replies alike to both, were they known, so that nothing is to be told."
        lines.append(told(template, receiver=receiver))
    return "\n".join(lines)


def named(found: Gesture, *players: str) -> list[str]:
    """Players as the subjects of a clause."""
    say = spoken(found.cast)
    return [say.named(code, "subject") for code in players]


def _shown(found: Gesture) -> RenderableType:
    rows = new_table(
        told("{player} is", player=found.sender),
        told("{player} replies, if known", player=found.receiver),
        *(told("{player} then", player=code) for code in (found.sender, found.third)),
        f">{told('gains, taken for {type}', type=word(found.types[1]))}",
        ">gesture costs",
        title=told("Each type under complete information, and what the gesture is to it, {unit}"),
    )
    say = spoken(found.cast)
    for one in found.shown:
        done = ((found.receiver, one.reply), (found.sender, one.answer), (found.third, one.third))
        rows.add_row(word(one.type), *(say.action_of(*each) for each in done), amount(one.gain), amount(one.cost))
    return rows


def _equilibria(found: Gesture) -> RenderableType:
    first, second = map(word, found.types)
    rows = new_table(
        "kind",
        *(f">{told('{type} makes it', type=name)}" for name in (first, second)),
        "reply without",
        "reply after",
        f">{told('{type}, without', type=second)}",
        f">{told('{type}, after', type=second)}",
        *(f">{first}", f">{second}", f">{found.receiver}"),
        title=told(
            "Perfect Bayesian equilibria ({verdict}): prior of {type} {prior}, {gesture}; payoffs {unit}",
            verdict=word(found.verdict),
            type=second,
            prior=written(found.prior, "g"),
            gesture=_what(found),
        ),
    )
    for one in sorted(found.equilibria, key=lambda one: -one.payoffs[2]):
        rows.add_row(
            word(one.kind), *map(share, one.makes), *(replied(found, mixture) for mixture in one.replies),
            *("–" if x is None else share(x) for x in one.posterior), *map(amount, one.payoffs),
        )  # fmt: skip
    return rows


def _what(found: Gesture) -> str:
    """The gesture in words."""
    show = told("{cost} {unit} for show", cost=written(found.cost, "g"))
    if not found.deed:
        return told("a gesture at {show}", show=show)
    deed, instead = (spoken(found.cast).action_of(found.sender, one) for one in (found.deed, found.instead))
    years = written(found.years, "g")
    done = told("{deed} for {years} years in place of {instead}", deed=deed, years=years, instead=instead)
    return told("{deed}, and {show}", deed=done, show=show) if found.cost else done


def replied(found: Gesture, mixture: Mixture) -> str:
    """Replies in words, with their probabilities where there are several."""
    say = spoken(found.cast)
    named = [(say.action_of(found.receiver, name), p) for name, p in mixture]
    return ", ".join(name if p > 1 - 1e-9 else f"{name} {share(p)}" for name, p in named)


def sentences(found: Gesture) -> list[str]:
    """Three sentences: what happens, what is learnt, what it is worth."""
    best = found.best
    return [_happens(found, best), _learnt(found, best), _worth(found)]


def _happens(found: Gesture, best: Gestured) -> str:
    first, second = map(word, found.types)
    (receiver,) = named(found, found.receiver)
    return told(
        "In the equilibrium that {receiver} likes best ({kind}) the {first} type makes the gesture with {a}, the "
        "{second} one with {b}; without it {code} replies by {before}, after it by {after}.",
        **{"receiver": receiver, "kind": word(best.kind), "first": first, "second": second, "code": found.receiver},
        a=share(best.makes[0]),
        b=share(best.makes[1]),
        before=replied(found, best.replies[0]),
        after=replied(found, best.replies[1]),
    )


def _learnt(found: Gesture, best: Gestured) -> str:
    second, after = word(found.types[1]), best.posterior[1]
    if after is None:
        template = "Nobody makes the gesture, so that the belief in {type} is never tested by it"
    elif abs(after - found.prior) < 1e-9:
        template = "The gesture tells nothing: the belief in {type} stays at {prior}"
    else:
        template = "The gesture moves the belief in {type} from {prior} to {after}"
    learnt = told(template, type=second, prior=share(found.prior), after="" if after is None else share(after))
    if found.alike:
        return told("{learnt}; {player} replies to both types alike.", learnt=learnt, player=found.receiver)
    template = "{learnt}; to be treated as {type} takes a belief of at least {trust}."
    return told(template, learnt=learnt, type=second, trust=share(found.trust))


def _worth(found: Gesture) -> str:
    first, second = map(word, found.types)
    gains = [amount(one.gain) for one in found.shown]
    low, high = found.telling
    template = (
        "To be taken for {second} rather than {first} is worth {a} {unit} to {first}, {b} to {second}: a cost for show "
        "between {low} and {high} tells {second} from {first}."
        if found.tells
        else "To be taken for {second} rather than {first} is worth {a} {unit} to {first}, {b} to {second}: no cost "
        "for show tells {second} from {first}."
    )
    ends = {"low": amount(max(low, 0.0)), "high": amount(high)}
    return told(template, first=first, second=second, a=gains[0], b=gains[1], **ends)


def notes(found: Gesture) -> str:
    """On what it rests."""
    largest = max(one.largest_gain for one in found.equilibria)
    residual = max(one.residual for one in found.equilibria)
    sender, receiver, third = named(found, found.sender, found.receiver, found.third)
    then = (
        told(
            "after the reply {sender} does what is best for it, {third} being held at {action}",
            sender=sender,
            third=third,
            action=spoken(found.cast).action_of(found.third, found.held),
        )
        if found.held
        else told(
            "after the reply {sender} and {third} play mutual best replies, of several those that {sender} likes best",
            sender=sender,
            third=third,
        )
    )
    return told(
        "Types, prior and costs are judged: read the maps, not the numbers. {form}; {then} ({n} others passed over). "
        "Maps show the equilibrium that {receiver} likes best, and of equals the one with the fewest gestures. "
        "Certificate: nobody gains more than {largest} {unit} at any information set; beliefs differ from Bayes' rule "
        "by at most {residual}.",
        form=opened(form_text(found.form)),
        then=then,
        n=found.passed_over,
        receiver=receiver,
        largest=written(largest, ".1e"),
        residual=written(residual, ".1e"),
    )
