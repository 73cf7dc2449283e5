"""Small-step continuation of the principal logit branch: plain, slow, and independent of the solver.

It shares no formula with it: log-odds of all actions (not differences to the first), the derivative by differences, the
tangent by singular value decomposition. A step is a tenth of the smallest singular value of the derivative, which is
small wherever curves come near each other.
"""

import itertools

import numpy as np


class Game:
    """The logit equations of one game, for many points at once: y holds the log-odds of all actions, then λ."""

    def __init__(self, payoffs):
        payoffs = np.asarray(payoffs, dtype=float)
        self.payoffs = payoffs / max(np.ptp(own) for own in payoffs)
        counts = payoffs.shape[1:]
        ends = np.cumsum([0, *counts])
        self.size = int(ends[-1])
        self.parts = [slice(a, b) for a, b in itertools.pairwise(ends.tolist())]
        names = "abcdefgh"[: len(counts)]
        self.terms = [
            f"{names},{','.join(n + 'm' for n in names if n != own)}->{own}m"
            if len(counts) > 1
            else f"{names}->{names}m"
            for own in names
        ]

    def play(self, y):
        weights = [np.exp(y[part] - y[part].max(axis=0)) for part in self.parts]
        return [w / w.sum(axis=0) for w in weights]

    def wrong(self, y):
        """z - λ u with each player's mean taken off; its own mean of z is kept at zero."""
        mixed = self.play(y)
        result = np.empty((self.size, y.shape[1]))
        for i, (part, term) in enumerate(zip(self.parts, self.terms, strict=True)):
            rivals = [x for j, x in enumerate(mixed) if j != i]
            away = y[part] - y[-1] * np.einsum(term, self.payoffs[i], *rivals)
            result[part] = away - away.mean(axis=0) + y[part].mean(axis=0)
        return result

    def slope(self, y, width=1e-5):
        steps = width * np.eye(len(y))
        both = self.wrong(np.concatenate([y[:, None] + steps, y[:, None] - steps], axis=1))
        return (both[:, : len(y)] - both[:, len(y) :]) / (2 * width)


def follow(payoffs, target, longest=0.2, share=0.1):
    """Mixed actions where λ times the payoff range first is `target`, None where lost; and the turns of λ passed."""
    game = Game(payoffs)
    y = np.zeros(game.size + 1)
    tangent = np.eye(len(y))[-1]
    folds = 0
    for _ in range(100_000):
        _, singular, rows = np.linalg.svd(game.slope(y))
        new = rows[-1] * (1.0 if rows[-1] @ tangent > 0 else -1.0)
        folds += int(new[-1] * tangent[-1] < 0)
        tangent = new
        step = min(longest, share * singular[-1])
        if step < 1e-7:
            return None, folds
        ahead = y + step * tangent
        last = ahead[-1] >= target
        if last:
            ahead = y + (target - y[-1]) / tangent[-1] * tangent
        normal = np.eye(len(y))[-1] if last else tangent
        for _ in range(4 if last else 2):
            bordered = np.vstack([game.slope(ahead), normal])
            ahead = ahead - np.linalg.solve(bordered, np.append(game.wrong(ahead[:, None])[:, 0], 0.0))
        y = ahead
        if last:
            return [x[:, 0] for x in game.play(y[:, None])], folds
    return None, folds
