# %% [markdown]
# # One game, by hand and by the package
#
# **Question.** Which postures of the United States, Russia and China are stable in the default world of 2024 — and can one see it without trusting a solver?

# %%
import numpy as np

import triangle
from triangle.players.axes import ACTIONS, PLAYERS, profile_text

study = triangle.load("baseline")
study

# %% [markdown]
# **Answer.** One posture: Washington contains both, Russia and China align. The rest of this page finds it by hand.
#
# The payoffs are one array, `payoffs[player, a_US, a_RU, a_CN]`, in billion dollars a year. Each player has four actions.

# %%
payoffs = study.payoffs
print(payoffs.shape)
for player, actions in zip(PLAYERS, ACTIONS, strict=True):
    print(player, *actions)

# %% [markdown]
# A profile is in equilibrium when nobody gains by changing alone. Player *i* chooses along axis *i* of its own payoffs, so its best payoff against the others is a maximum along that axis:

# %%
stable = np.ones((4, 4, 4), dtype=bool)
for i in range(3):
    own = payoffs[i]
    stable &= own == own.max(axis=i, keepdims=True)
for profile in np.argwhere(stable):
    print(profile_text(tuple(int(a) for a in profile)))

# %% [markdown]
# The same profile. How firmly does it stand? For each player, the loss by its best deviation, and the payoff terms that make it:

# %%
(finding,) = study.solve().findings
for deviation in study.deviations(finding.profile):
    strongest = sorted(deviation.by_term.items(), key=lambda part: -abs(part[1]))[:3]
    parts = ", ".join(f"{name} {part:+.1f}" for name, part in strongest)
    action = ACTIONS[deviation.player][deviation.to]
    print(f"{PLAYERS[deviation.player]} to {action}: loses {deviation.loss:.1f} ({parts})")

# %% [markdown]
# Washington's margin is small against payoffs of hundreds of billions: the American posture hangs on judgements, the Russian one does not. `triangle solve baseline` lists which parameters would break it.
