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
# **Answer.** A small move of many parameters at once, above all of how much strength decides and of what Russia and China dispute. The answer can be checked by solving the game there:

# %%
moved = {move.parameter: move.value for move in nearest.moves}
triangle.load("baseline", settings=moved).solve()

# %% [markdown]
# What stood before is still there beside the new one, and the new one is not agreement-proof: with China hostile, Moscow and Beijing leave it together. The flip makes another posture *possible*, it does not make the old one go away.
#
# Can offers alone do it? Only the levers may move:

# %%
offers = triangle.flip("baseline", "US=court_russia,RU=distance", roles="levers", seed=0)
print(f"found: {offers.found}; distance {offers.distance:.2f} ranges")
for move in offers.moves:
    print(f"   {move.parameter:22} {move.start:8.3g} -> {move.value:8.3g}")

# %% [markdown]
# They can bring it about as a posture of that kind, with Europe in it. How near is the present set of equilibria to changing? The nearest single parameters at which it does:

# %%
for point in triangle.tipping("baseline")[:6]:
    print(f"{point.parameter:22} {point.origin:7.3g} -> {point.value:7.4g} {point.unit}")

# %% [markdown]
# At each of them the mutual hostility of all three ceases to be stable, and what stands stays: the alignment of Russia and China against a Washington that contains both tips nowhere, one parameter at a time.
#
# *Scenario: baseline; prior ranges; flips from 4 starts, seed 0.*
