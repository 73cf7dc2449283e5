"""Games in extensive form: named ones of the literature, and random ones of a few shapes."""

from __future__ import annotations

import random

from triangle.games.tree import Branch, Chance, Leaf, Move, Tree


def beer_quiche(weak: float = 0.1) -> Tree:
    """Cho and Kreps (1987): a bully duels with the weak; breakfast is worth 1, no duel 2."""

    def breakfast(kind: str, favourite: str) -> Move:
        def answered(meal: str) -> Move:
            taste = float(meal == favourite)
            duel, peace = Leaf(taste, kind == "weak"), Leaf(taste + 2, kind == "strong")
            return Move("bully", meal, {"duel": duel, "none": peace})

        return Move("guest", kind, {meal: answered(meal) for meal in ("beer", "quiche")})

    kinds = {"weak": breakfast("weak", "quiche"), "strong": breakfast("strong", "beer")}
    return Tree.of(("guest", "bully"), Chance({"weak": weak, "strong": 1 - weak}, kinds))


def selten_horse() -> Tree:
    """Selten (1975)."""
    down = Move("3", "third", {"left": Leaf(3, 3, 2), "right": Leaf(0, 0, 0)})
    later = Move("3", "third", {"left": Leaf(4, 4, 0), "right": Leaf(0, 0, 1)})
    across = Move("2", "second", {"down": later, "across": Leaf(1, 1, 1)})
    return Tree.of(("1", "2", "3"), Move("1", "first", {"down": down, "across": across}))


def card_game() -> Tree:
    """Myerson (1991), section 4.2 on figure 2.2: raise or fold, meet or pass."""

    def hand(name: str, win: float) -> Move:
        meet = Move("2", "raised", {"meet": Leaf(2 * win, -2 * win), "pass": Leaf(1, -1)})
        return Move("1", name, {"raise": meet, "fold": Leaf(win, -win)})

    return Tree.of(("1", "2"), Chance({"red": 0.5, "black": 0.5}, {"red": hand("red", 1), "black": hand("black", -1)}))


def kuhn_poker() -> Tree:
    """Kuhn (1950): three cards, one bet."""
    rank = {"J": 0, "Q": 1, "K": 2}

    def dealt(own: str, other: str) -> Move:
        def shown(stake: float) -> Leaf:
            won = stake if rank[own] > rank[other] else -stake
            return Leaf(won, -won)

        answer = Move("2", f"2 {other} facing a bet", {"fold": Leaf(1, -1), "call": shown(2)})
        again = Move("1", f"1 {own} facing a bet", {"fold": Leaf(-1, 1), "call": shown(2)})
        passed = Move("2", f"2 {other} after a check", {"check": shown(1), "bet": again})
        return Move("1", f"1 {own}", {"check": passed, "bet": answer})

    deals = {own + other: dealt(own, other) for own in rank for other in rank if own != other}
    return Tree.of(("1", "2"), Chance(dict.fromkeys(deals, 1 / 6), deals))


def spence(efforts: tuple[float, ...] = (0.0, 0.8, 1.25), able: float = 0.5) -> Tree:
    """Spence (1973) with two types, productivity 1 and 2, effort at cost effort/type, and wages on a grid."""

    def worker(skill: float) -> Move:
        def hired(effort: float) -> Move:
            wages = (1.0, 2.0 * able + 1.0 - able, 2.0)
            follows: dict[str, Branch] = {f"{w:g}": Leaf(w - effort / skill, -((w - skill) ** 2)) for w in wages}
            return Move("employer", f"effort {effort:g}", follows)

        return Move("worker", f"type {skill:g}", {f"{e:g}": hired(e) for e in efforts})

    return Tree.of(("worker", "employer"), Chance({"1": 1 - able, "2": able}, {"1": worker(1), "2": worker(2)}))


def chain_store(tough: float, b: float = 0.5, a: float = 1.5) -> Tree:
    """Kreps and Wilson (1982), two entrants: fighting costs a weak incumbent 1, yielding costs a tough one 1."""

    def stage(kind: str, what: str) -> tuple[float, float]:
        """What the entrant and the incumbent get."""
        if what == "out":
            return 0.0, a
        fights = what == "fight"
        return (b - 1.0 if fights else b), (0.0 if fights == (kind == "tough") else -1.0)

    def last(kind: str, before: str) -> Move:
        first = stage(kind, before)

        def end(what: str) -> Leaf:
            entrant, own = stage(kind, what)
            return Leaf(first[0], entrant, first[1] + own)

        fought = Move("incumbent", f"{kind} again after {before}", {"fight": end("fight"), "yield": end("yield")})
        return Move("entrant 2", f"after {before}", {"out": end("out"), "in": fought})

    def game(kind: str) -> Move:
        met = Move("incumbent", kind, {what: last(kind, what) for what in ("fight", "yield")})
        return Move("entrant 1", "first", {"out": last(kind, "out"), "in": met})

    kinds = {"tough": game("tough"), "weak": game("weak")}
    return Tree.of(("entrant 1", "entrant 2", "incumbent"), Chance({"tough": tough, "weak": 1 - tough}, kinds))


def bagwell(error: float) -> Tree:
    """Bagwell (1995): a leader's move is seen with an error; (S, S) is Stackelberg's outcome, (C, C) Cournot's."""
    payoffs = {"SS": (5, 2), "SC": (3, 1), "CS": (6, 3), "CC": (4, 4)}

    def seen(move: str, signal: str) -> Move:
        return Move("follower", f"sees {signal}", {reply: Leaf(*payoffs[move + reply]) for reply in "SC"})

    def led(move: str) -> Branch:
        if error == 0:
            return seen(move, move)
        odds = {signal: 1 - error if signal == move else error for signal in "SC"}
        return Chance(odds, {signal: seen(move, signal) for signal in "SC"})

    return Tree.of(("leader", "follower"), Move("leader", "first", {move: led(move) for move in "SC"}))


def cheap_talk(bias: float) -> Tree:
    """Crawford and Sobel (1982) on a grid: states 0 and 1, two messages, actions 0, ½, 1."""

    def state(t: float) -> Move:
        def heard(m: str) -> Move:
            acts: dict[str, Branch] = {f"{x:g}": Leaf(-((x - t - bias) ** 2), -((x - t) ** 2)) for x in (0.0, 0.5, 1.0)}
            return Move("receiver", f"hears {m}", acts)

        return Move("sender", f"state {t:g}", {m: heard(m) for m in ("low", "high")})

    return Tree.of(("sender", "receiver"), Chance({"0": 0.5, "1": 0.5}, {"0": state(0), "1": state(1)}))


def random_tree(seed: int) -> Tree:
    """A small tree with random payoffs of two decimals: signals, noisy ones, own later moves, three players."""
    rng = random.Random(seed)
    shape = ("signal", "noise", "again", "three")[seed % 4]
    names = ("1", "2", "3") if shape == "three" else ("1", "2")

    def leaf() -> Leaf:
        return Leaf(*(round(rng.uniform(-5, 5), 2) for _ in names))

    def last(player: str, at: str) -> Move:
        return Move(player, at, {x: leaf() for x in "lr"})

    p, q = round(rng.uniform(0.1, 0.9), 2), round(rng.uniform(0.1, 0.9), 2)
    types = {"a": p, "b": round(1 - p, 2)}
    if shape == "signal":
        return Tree.of(names, Chance(types, {t: Move("1", t, {m: last("2", m) for m in "uv"}) for t in types}))
    if shape == "noise":
        seen = {"s": q, "h": round(1 - q, 2)}
        return Tree.of(
            names,
            Chance(
                types,
                {
                    t: Move(
                        "1",
                        t,
                        {
                            "refuse": leaf(),
                            "pocket": Chance(seen, {"s": last("2", "seen"), "h": last("2", "looks")}),
                            "deliver": last("2", "looks"),
                        },
                    )
                    for t in types
                },
            ),
        )
    if shape == "again":
        sides = {s: Move("2", "y", {"l": last("1", s), "r": leaf()}) for s in "uv"}
        return Tree.of(names, Move("1", "x", {"out": leaf(), **sides}))
    left = Move("2", "y", {x: last("3", "z") for x in "lr"})
    right = Move("2", "y", {"l": last("3", "z"), "r": last("3", "w")})
    return Tree.of(names, Move("1", "x", {"l": left, "r": right}))


def preorder(tree: Tree) -> list[int]:
    """Nodes, each before those below it, branch by branch."""
    waiting, found = [0], []
    while waiting:
        found.append(waiting.pop())
        waiting += reversed(tree.nodes[found[-1]].children)
    return found
