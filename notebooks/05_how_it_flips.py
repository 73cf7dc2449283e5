# %% [markdown]
# # How it flips
#
# **Question.** What would have to be true for a reverse Kissinger: Russia leaving China while Washington courts it?

# %%
import triangle

nearest = triangle.flip("baseline", "US=court_russia,RU=distance", seed=0)
print(f"found: {nearest.found}; distance {nearest.distance:.2f} ranges, in {len(nearest.moves)} parameters")
for move in sorted(nearest.moves, key=lambda move: -abs(move.in_ranges))[:8]:
    print(f"   {move.parameter:22} {move.start:8.3g} -> {move.value:8.3g} ({move.in_ranges:+.2f} ranges)")

# %% [markdown]
# **Answer.** A small move of many judgements at once, above all of what Russia and China have against each other. The answer can be checked by solving the game there:

# %%
moved = {move.parameter: move.value for move in nearest.moves}
triangle.load("baseline", settings=moved).solve()

# %% [markdown]
# The documented equilibrium is still there beside the new one: the flip makes another posture *possible*, it does not make the old one go away.
#
# Can offers alone do it? Only the levers may move:

# %%
offers = triangle.flip("baseline", "US=court_russia,RU=distance", roles="levers", seed=0)
print(f"found: {offers.found}; the best attempt misses by {offers.misses:.1f} bn USD a year")

# %% [markdown]
# No offer that the model knows does. How near is the present equilibrium itself to breaking? The nearest single parameters at which the set of equilibria changes:

# %%
for point in triangle.tipping("baseline")[:6]:
    print(f"{point.parameter:22} {point.origin:7.3g} -> {point.value:7.4g} {point.unit}")

# %% [markdown]
# These are tipping points of the *American* posture. Russia's alignment stands further off.
#
# *Scenario: baseline; prior ranges; flips from 4 starts, seed 0.*
