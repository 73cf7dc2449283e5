# %% [markdown]
# # One game, by hand and by the package
#
# **Question.** Which postures of the United States, Russia and China are stable in the default world of 2024 — and can one see it without trusting a solver?

# %%
import numpy as np

import triangle

study = triangle.load("baseline")
study

# %% [markdown]
# **Answer.** Two postures. In one Washington contains both, Russia and China align; in the other all three oppose each other, which nobody leaves alone, but Russia and China gain by leaving together. The rest of this page finds them by hand.
#
# The payoffs are one array, `payoffs[player, a_US, a_RU, a_CN]`, in billion dollars a year. Each player has four actions.

# %%
payoffs = study.payoffs
print(payoffs.shape)
for player, actions in zip(study.cast.codes, study.cast.actions, strict=True):
    print(player, *actions)

# %% [markdown]
# A profile is in equilibrium when nobody gains by changing alone. Player *i* chooses along axis *i* of its own payoffs, so its best payoff against the others is a maximum along that axis:

# %%
stable = np.ones((4, 4, 4), dtype=bool)
for i in range(3):
    own = payoffs[i]
    stable &= own == own.max(axis=i, keepdims=True)
for profile in np.argwhere(stable):
    print(study.cast.profile_text(tuple(int(a) for a in profile)))

# %% [markdown]
# The same profiles. What hostility costs ends only with a link, so that nobody ends it alone. But is there a joint change of two by which both gain, and which both would keep?

# %%
answer = study.solve()
for finding in answer.findings:
    for agreement in finding.agreements:
        pair = " and ".join(study.cast.codes[i] for i in agreement.players)
        print(f"{study.cast.profile_text(finding.profile)}: {pair} go to {study.cast.profile_text(agreement.profile)}")
        print(f"   they need a trust of {agreement.trust:.2f}")

# %% [markdown]
# What no agreement leaves is *agreement-proof*. How firmly does it stand? For each player, the loss by its best deviation, and the payoff terms that make it:

# %%
(finding,) = answer.agreement_proof
for deviation in study.deviations(finding.profile):
    strongest = sorted(deviation.by_term.items(), key=lambda part: -abs(part[1]))[:3]
    parts = ", ".join(f"{name} {part:+.1f}" for name, part in strongest)
    action = study.cast.actions[deviation.player][deviation.to]
    print(f"{study.cast.codes[deviation.player]} to {action}: loses {deviation.loss:.1f} ({parts})")

# %% [markdown]
# Washington and Moscow would lose about as much. `triangle solve baseline` lists which parameters would break it: none alone, inside its range.
