# %% [markdown]
# # 4. What drives it
#
# **Question.** In the default world Russia and China align against a Washington that contains both. Which assumptions carry it, and how much of that rests on documents?

# %%
import triangle
from triangle.questions.sensitivity.plot import index_plot, tornado_plot

found = triangle.sensitivity("baseline", "margin:present", samples=256, seed=0)
index_plot(found)

# %% [markdown]
# **Answer.** Little of it rests on what is called a judgement, and much on figures, estimates and bounds (right). But counted strictly, where what was measured is not what the symbol means, judgement is more than half of it; and the margin is not yet Russia's alignment, which hangs on other assumptions. This lecture says what the bars mean, and asks both.
#
# ## Definitions
#
# Let $Y = f(X_1, \dots, X_k)$ be an outcome, here the margin of the equilibrium, and let the parameters be drawn independently from their ranges. The **Sobol' indices** of $X_i$ are shares of the variance of $Y$ (Sobol' 2001):
#
# $$S_i = \frac{V[E(Y \mid X_i)]}{V(Y)}, \qquad T_i = \frac{E[V(Y \mid X_{-i})]}{V(Y)}.$$
#
# The *first-order* index $S_i$ is what knowing $X_i$ alone would take away; the *total* index $T_i$ is what would be left if everything else were known. $T_i - S_i$ is what $X_i$ does together with others, its interactions.
#
# ## By hand, on a function that can be solved
#
# Take $Y = X_1 + 2 X_1 X_2$ with $X_1, X_2$ uniform on $[-1, 1]$. The variances of the parts are $V(X_1) = 1/3$ and $V(2 X_1 X_2) = 4/9$, and the parts are uncorrelated. So $S_1 = (1/3)/(7/9) = 3/7$, $S_2 = 0$, and $T_1 = 1$, $T_2 = 4/7$: the second acts only through the first. Check by drawing:

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

random = np.random.default_rng(0)
x1, x2 = random.uniform(-1, 1, (2, 200_000))
y = x1 + 2 * x1 * x2
edges = np.linspace(-1, 1, 41)
means = [np.array([y[(x >= a) & (x < b)].mean() for a, b in pairwise(edges)]) for x in (x1, x2)]
first = [mean.var() / y.var() for mean in means]
assert abs(first[0] - 3 / 7) < 0.01 and abs(first[1]) < 0.01

figure, panels = plt.subplots(1, 2, figsize=(8.5, 3), sharey=True, layout="constrained")
for axes, x, mean, index, name in zip(panels, (x1, x2), means, first, ("X₁", "X₂"), strict=True):
    axes.plot(x[:1500], y[:1500], ".", color="#BBBBBB", markersize=2)
    axes.plot((edges[1:] + edges[:-1]) / 2, mean, color="#D55E00", linewidth=2)
    axes.set(xlabel=name, title=f"E(Y | {name}): {index:.2f} of the variance")
panels[0].set_ylabel("Y")
plt.show()

# %% [markdown]
# The line on the left moves, the one on the right does not: by the mean alone one would call $X_2$ unimportant, though it turns the sign of the effect of $X_1$.
#
# ## The margin: which parameters?

# %%
import pandas as pd

most = found.ranking[:6]
assert found.names[most[0]] == "decisiveness"
pd.DataFrame(
    {
        "backed by": [found.kinds[i] for i in most],
        "first": found.first[most],
        "total": found.total[most],
        "low": found.total_low[most],
        "high": found.total_high[most],
    },
    index=[found.names[i] for i in most],
).round(2)

# %% [markdown]
# *Scenario: baseline; outcome: stability margin of its equilibrium; levers vary too. The interval of an index is that of its estimate from few samples; more would narrow it.*
#
# A **tornado** asks less: each parameter moves alone from one end of its range to the other. It shows the direction, which an index does not, and no interactions.

# %%
tornado_plot(found)

# %% [markdown]
# ## Counted strictly
#
# A parameter may be backed by a figure that measures something else than the symbol means; its *bridge* says so. Counted strictly such a parameter is a judgement. For a group $G$ of parameters the index is $S_G = V[E(Y \mid X_G)] / V(Y)$:

# %%
strict = triangle.sensitivity("baseline", "margin:present", samples=256, seed=0, strict=True)
shares = pd.DataFrame({"as named": found.by_backing, "strictly": strict.by_backing})
assert shares.loc["judgement", "as named"] < 0.15 and shares.loc["judgement", "strictly"] > 0.5
axes = shares.plot.barh(figsize=(8, 3.2), color=["#56B4E9", "#D55E00"], edgecolor="#444", xlim=(0, 1))
axes.invert_yaxis()
axes.set(xlabel="share of the variance of the margin, by itself", title="What is called a judgement, and what is one")
plt.show()

# %% [markdown]
# ## The margin is not the alignment
#
# The margin is that of whoever would lose least, in the default world Washington. Does Russia's alignment hang on the same assumptions? Ask what Russia gains by aligning over its best other action, the others playing as in the equilibrium: $Y = U_{RU}(a^*) - \max_{b \ne a^*_{RU}} U_{RU}(b, a^*_{-RU})$.

# %%
study = triangle.load("baseline")
(stands,) = study.solve().agreement_proof
assert min(study.deviations(stands.profile), key=lambda deviation: deviation.loss).player == 0
aligned = triangle.sensitivity("baseline", "advantage:RU=align@present", samples=256, seed=0)
assert aligned.names[aligned.ranking[0]] != found.names[found.ranking[0]]
index_plot(aligned)

# %% [markdown]
# ## How often does it stand?
#
# Draw everything uncertain from its range, solve each game, and count. A share $k/n$ of draws comes with Wilson's interval:
#
# $$\frac{\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1 - \hat p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}, \qquad z \approx 1.96.$$

# %%
games = triangle.sweep("baseline", samples=4096, seed=0)
games.triangle.plot(study)

# %%
shares = {
    pattern: games.triangle.share(pattern)
    for pattern in ("link=RU-CN", "US=contain_both,RU=align,CN=align", "RU=hedge", "RU=distance")
}
assert shares["link=RU-CN"] == 1 and shares["US=contain_both,RU=align,CN=align"] > 0.9
rows = {pattern: (share, *games.triangle.interval(pattern)) for pattern, share in shares.items()}
pd.DataFrame(rows, index=["share of draws", "low", "high"]).T.map("{:.1%}".format)

# %% [markdown]
# The bond of Russia and China stands in all draws, and Washington's posture in nearly all, which may also say that ranges quoted from single sources are too narrow.
#
# ## Where does it not hold?
#
# Once Europe joins, Russia hedges in some worlds. In which? **Scenario discovery** looks for a box of few parameters with high *density* (share of its draws in which the pattern holds) and high *coverage* (share of all such draws that lie in it), by peeling off one side after another (Friedman and Fisher 1999; Bryant and Lempert 2010):

# %%
from triangle.questions.discover.plot import discovery_plot

region = triangle.discover("europe_joins", "RU=hedge", samples=4096, seed=0)
box = region.boxes[0]
assert box.density > region.base.density and box.coverage > 0.5
discovery_plot(region)

# %%
pd.DataFrame(
    [(limit.parameter, limit.low, limit.high, limit.range_low, limit.range_high, limit.unit) for limit in box.limits],
    columns=["parameter", "from", "to", "range from", "range to", "unit"],
).round(3).astype(object).where(lambda table: table.notna(), "–")

# %% [markdown]
# ## Exercises
#
# 1. For $Y = X_1 + X_2$ with $X_1$ uniform on $[-1, 1]$ and $X_2$ uniform on $[-2, 2]$: what are $S_1$ and $S_2$? Compute, then draw.
# 2. Compute Wilson's interval of the share in which Washington contains both and the two align, from the formula.
# 3. In which share of the draws inside the box, and outside of it, does Russia hedge? Does the box miss many?
#
# ## Solutions

# %%
x1, x2 = random.uniform(-1, 1, 200_000), random.uniform(-2, 2, 200_000)
drawn = [x.var() / (x1 + x2).var() for x in (x1, x2)]
assert abs(drawn[0] - 1 / 5) < 0.01 and abs(drawn[1] - 4 / 5) < 0.01  # variances are as 1 to 4
pd.Series(drawn, index=["S₁", "S₂"]).round(2).to_frame("drawn")

# %%
from scipy.stats import norm

n, p, z = 4096, shares["US=contain_both,RU=align,CN=align"], norm.ppf(0.975)
centre, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
interval = ((centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n))
assert np.allclose(interval, games.triangle.interval("US=contain_both,RU=align,CN=align"), atol=1e-6)
interval

# %%
inside = box.fresh.events / box.fresh.draws
missed = 1 - box.fresh.events / box.fresh.all_events
assert abs(inside - box.density) < 1e-12 and abs(1 - missed - box.coverage) < 1e-12
pd.Series({"hedges inside": inside, "hedges anywhere": region.base.density, "hedging that is missed": missed}).round(
    3
).to_frame("on fresh draws")

# %% [markdown]
# ## What was learnt
#
# * An index says what an outcome depends on, given ranges; it does not say that the ranges are right.
# * Ask of the outcome that is meant: a margin is that of whoever is nearest to leaving.
# * Count a figure as one only where it measures what the symbol means.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown(
    "\n".join(
        f"- {works[key]}"
        for key in ("sobol_2001", "saltelli_2010", "wilson_1927", "friedman_fisher_1999", "bryant_lempert_2010")
    )
)
