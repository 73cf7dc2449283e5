# %% [markdown]
# # 7. Tactical or genuine
#
# **Question.** If Russia accepts a large offer, what does the acceptance tell about what it wants?

# %%
import triangle
from triangle.questions.signal.plot import map_plot, tree_plot

found = triangle.signal("tactical_or_genuine", samples=256, refine=("intuitive", "d1"))
tree_plot(found)

# %% [markdown]
# **Answer.** As the offer stands nothing: both kinds of Russia would pocket it, so that an acceptance leaves the belief where it was. Were less of it offered, the genuine kind alone would accept, and an acceptance would tell. In between the tactical kind bluffs, and an acceptance tells never more than it takes to leave Washington indifferent.
#
# ## Definitions
#
# A player may be of several **types** $\theta$ with a prior $p(\theta)$ that is common knowledge; it knows its own type, the others do not (Harsanyi 1967). A message $m$, here the answer to an offer, moves the belief by **Bayes' rule**:
#
# $$\mu(\theta \mid m) = \frac{p(\theta)\,\sigma(m \mid \theta)}{\sum_{\theta'} p(\theta')\,\sigma(m \mid \theta')}.$$
#
# A **perfect Bayesian equilibrium** is a plan for each and beliefs at each information set, such that nobody gains given the beliefs, and beliefs follow from the plans by Bayes' rule wherever they can. It *separates* if types answer differently, *pools* if alike; in between one type *bluffs*, answering like the other with some probability.

# %%
assert found.verdict == "complete" and all(one.residual < 1e-9 for one in found.equilibria)
(pooling,) = found.equilibria
assert pooling.kind == "pooling on acceptance" and all(abs(x - found.prior) < 1e-12 for x in pooling.posterior)

# %% [markdown]
# ## Known types first
#
# Where two types would do the same, there is nothing to be told. What would each do if it were known, and what is going on with the offer then worth to Washington?

# %%
import pandas as pd

assert [one.answer for one in found.alone] == ["pocket", "pocket"]
pd.DataFrame(
    [(one.type, one.answer, one.courted, one.otherwise, round(one.value, 1)) for one in found.alone],
    columns=["type", "answers", "later, if courted", "later, if not", "going on is worth, bn USD/yr"],
).set_index("type")

# %% [markdown]
# ## By hand: from which belief on does Washington go on?
#
# Let going on be worth $v_g$ with a genuine Russia and $v_t$ with a tactical one, nothing when it stops. With belief $\mu$ in the genuine it goes on if $\mu v_g + (1 - \mu) v_t \ge 0$:
#
# $$\mu^* = \frac{-v_t}{v_g - v_t}.$$

# %%
import matplotlib.pyplot as plt
import numpy as np

tactical, genuine = (one.value for one in found.alone)
threshold = -tactical / (genuine - tactical)
assert abs(threshold - found.threshold) < 1e-9
belief = np.linspace(0, 1, 101)
figure, axes = plt.subplots(figsize=(7.5, 3.2))
axes.plot(belief, belief * genuine + (1 - belief) * tactical, color="#0072B2", linewidth=2)
axes.axhline(0, color="#555", linewidth=0.8)
axes.axvline(threshold, color="#D55E00", linestyle="--", label=f"from here on: {threshold:.2f}")
axes.axvline(found.prior, color="#555", linestyle=":", label=f"the prior: {found.prior:g}")
axes.set(xlabel="belief that Russia is genuine", ylabel="bn USD/yr", title="What going on is worth to Washington")
axes.legend(fontsize=8)
plt.show()

# %% [markdown]
# The prior lies below: having seen an acceptance that tells nothing, Washington does not go on.
#
# Now let the genuine always accept and the tactical bluff with probability $\beta$. Bayes' rule gives $\mu = p / (p + (1 - p)\beta)$. A bluff makes Washington indifferent where $\mu = \mu^*$:
#
# $$\beta^* = \frac{p}{1 - p} \cdot \frac{1 - \mu^*}{\mu^*}.$$

# %%
prior = found.prior
bluff = prior / (1 - prior) * (1 - threshold) / threshold
assert abs(prior / (prior + (1 - prior) * bluff) - threshold) < 1e-12
beta = np.linspace(0.01, 1, 100)
figure, axes = plt.subplots(figsize=(7.5, 3))
axes.plot(beta, prior / (prior + (1 - prior) * beta), color="#0072B2", linewidth=2)
axes.axhline(threshold, color="#D55E00", linestyle="--", label="what going on takes")
axes.plot(bluff, threshold, "o", color="#D55E00", label=f"indifferent: bluffs with {bluff:.2f}")
axes.set(
    ylim=(0, 1.05),
    xlabel="probability that the tactical accepts",
    ylabel="belief after an acceptance",
    title="The more bluff, the less an acceptance tells",
)
axes.legend(fontsize=8)
plt.show()

# %% [markdown]
# ## The map is the answer
#
# Types, prior and watch are judged. So no single number is the answer, but where each kind of equilibrium is:

# %%
map_plot(found, found.maps[0])

# %%
map_plot(found, found.maps[1])

# %%
shares = {
    " by ".join(one.names): {kind: one.share(place) for place, kind in enumerate(found.kinds)} for one in found.maps
}
terms = shares["relief by conditionality"]
assert shares["prior by watch"]["separating"] == 0 and terms["separating"] > 0.3 and terms["bluffing"] > 0.3
pd.DataFrame(shares).map("{:.0%}".format)

# %% [markdown]
# With all on offer and no condition the types separate at no prior and after no watch: so much is worth pocketing to both. Where relief is small, or of middle size on a condition, the genuine alone accept; where it is larger, the tactical bluff.
#
# ## The same game as a tree
#
# The screening game is solved above in closed form. As a tree it can be solved as any other, by the search over all supports, and goes to other programs as a file:

# %%
from triangle.games.efg import format_efg
from triangle.questions.signal.answer import screening_tree
from triangle.solvers.beliefs.supports import solve_beliefs

tree = screening_tree(triangle.load("tactical_or_genuine"))
searched = solve_beliefs(tree)
assert searched.verdict == found.verdict and len(searched.equilibria) == len(found.equilibria)
print(format_efg(tree, "offer").splitlines()[1])

# %% [markdown]
# ## Exercises
#
# 1. From which prior on does Washington go on although the acceptance tells nothing? Check with `triangle.signal(…, prior=…)`.
# 2. In beer and quiche (Cho and Kreps 1987) a guest is strong with probability 0.9; the strong likes beer, the weak quiche, and a bully would duel with the weak. How many equilibria are there, and which does the intuitive criterion leave?
#
# ## Solutions

# %%
goes_on = {}
for p in (threshold - 0.02, threshold + 0.02):
    at = triangle.signal("tactical_or_genuine", samples=16, prior=p)
    goes_on[round(p, 2)] = {one.kind: one.goes_on[1] for one in at.equilibria}
below, above = goes_on.values()
assert below != above and above["pooling on acceptance"] == 1
pd.DataFrame(goes_on).rename_axis("prior", axis=1)

# %% [markdown]
# 1: where the prior itself reaches the threshold; the table gives the probability that Washington goes on where nothing was seen.

# %%
from triangle.games.tree import Chance, Leaf, Move, Tree
from triangle.solvers.beliefs.refinements import intuitive

kinds = {
    kind: Move(
        "guest",
        kind,
        {
            meal: Move(
                "bully",
                meal,
                {
                    "duel": Leaf(float(meal == likes), kind == "weak"),
                    "none": Leaf(float(meal == likes) + 2, kind == "strong"),
                },
            )
            for meal in ("beer", "quiche")
        },
    )
    for kind, likes in (("weak", "quiche"), ("strong", "beer"))
}
breakfast = Tree.of(("guest", "bully"), Chance({"weak": 0.1, "strong": 0.9}, kinds))
equilibria = solve_beliefs(breakfast).equilibria
rows = [
    (*one.assessment.strategies[breakfast.set_named("strong")], bool(intuitive(breakfast, one.assessment)))
    for one in equilibria
]
assert rows == [(0.0, 1.0, True), (1.0, 0.0, False)] or len(rows) == 2
pd.DataFrame(rows, columns=["strong: beer", "strong: quiche", "removed by the intuitive criterion"])

# %% [markdown]
# 2: two, in which both types eat the same. What is removed is that both eat quiche: only the strong could gain by ordering beer.
#
# ## What was learnt
#
# * What an answer tells depends on what the others would have answered, not on what it says.
# * A bluff is worth exactly as much as it takes to leave the other indifferent.
# * With types and priors that are judged, a map is an answer and a number is not.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown(
    "\n".join(
        f"- {works[key]}"
        for key in (
            "harsanyi_1967",
            "kreps_wilson_1982",
            "fudenberg_tirole_1991_beliefs",
            "cho_kreps_1987",
            "fearon_1997",
        )
    )
)
