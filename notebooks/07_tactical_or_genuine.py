# %% [markdown]
# # Tactical or genuine
#
# **Question.** If Russia accepts a large offer, what does the acceptance tell about what it wants?

# %%
import triangle

found = triangle.signal("tactical_or_genuine", samples=256, refine=("intuitive", "d1"))
later, known = found.differ
print(f"The types do different things later in {later:.0%} of draws, and would answer differently in {known:.0%}.")
for one in found.alone:
    print(f"{one.type}: answers by {one.answer} if known; later {one.courted}; going on is worth {one.value:+.0f} bn")

# %% [markdown]
# **Answer.** The list above comes first: where two types do the same, there is nothing to be told. What follows are all perfect Bayesian equilibria, each certified from the tree of the game. An acceptance tells something only where the types' answers differ, and never more than it takes to leave Washington indifferent where one of them bluffs.

# %%
print(found.verdict, "the belief that going on takes:", found.threshold and round(found.threshold, 2))
for one in sorted(found.equilibria, key=lambda one: -one.payoffs[2]):
    after = [None if x is None else round(x, 2) for x in one.posterior]
    print(
        f"{one.kind}: posterior where evasion is seen and where it looks delivered {after}; certified: {one.residual < 1e-9}"
    )

# %% [markdown]
# Types, prior and watch are judged. So the map is the answer and no single number of it:

# %%
for one in found.maps:
    shares = {kind: f"{one.share(place):.0%}" for place, kind in enumerate(found.kinds) if one.share(place)}
    print(" by ".join(one.names), shares)

# %%
from triangle.questions.signal.plot import map_plot

map_plot(found, found.maps[0])

# %% [markdown]
# The same game as a tree can be solved as any other, by the search over all supports, and goes to other programs as a file:

# %%
from triangle.games.efg import format_efg
from triangle.questions.signal.answer import screening_tree
from triangle.solvers.beliefs.supports import solve_beliefs

tree = screening_tree(triangle.load("tactical_or_genuine"))
print(solve_beliefs(tree).verdict, len(solve_beliefs(tree).equilibria) == len(found.equilibria))
print(format_efg(tree, "offer").splitlines()[1])
