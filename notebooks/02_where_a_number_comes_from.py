# %% [markdown]
# # 2. Where a number comes from
#
# **Question.** Russia's payoff at the equilibrium of the default world is one number. What is it made of, and where does each part stand in a document — or is it judged?

# %%
import triangle

unfolded = triangle.trace("baseline", "RU", "US=contain_both,RU=align,CN=align")
unfolded

# %% [markdown]
# **Answer.** The table above: the payoff terms, each with the parameters that move it and the figures behind those. The largest is what Russia holds of what it disputes with others.
#
# ## Definitions
#
# * A **figure** is a documented number: document, line, unit, period, and which other figures contradict it.
# * A **parameter** is a number of the model. Its *backing* says what stands behind it: a figure, a formula of figures, an estimate, a bound that figures give, or a judgement.
# * A **payoff** is a sum of terms $t$ at a profile $a$ under parameters $\theta$, in billion US dollars a year:
#
# $$U_i(a; \theta) = \sum_t u_i^t(a; \theta).$$

# %%
total = sum(term.value for term in unfolded.terms)
assert abs(total - unfolded.payoff) < 1e-9
assert max(unfolded.terms, key=lambda term: term.value).name == "contest"

import matplotlib.pyplot as plt

parts = sorted((term for term in unfolded.terms if round(term.value, 1)), key=lambda term: -term.value)
figure, axes = plt.subplots(figsize=(8.5, 3.2))
reached = 0.0
for place, term in enumerate(parts):
    axes.barh(place, term.value, left=reached, color="#0072B2" if term.value > 0 else "#D55E00")
    axes.text(max(reached, reached + term.value) + 5, place, f"{term.value:+.1f}", va="center", fontsize=9)
    reached += term.value
axes.axvline(total, color="#555", linestyle=":")
axes.set_yticks(range(len(parts)), [term.name.replace("_", " ") for term in parts])
axes.invert_yaxis()
axes.set(
    xlabel="bn USD/yr, summed from top to bottom; dotted: the payoff; terms near zero left out",
    xlim=(0, 560),
    title="Russia's payoff, term by term",
)
plt.show()

# %% [markdown]
# ## The largest term: a contest
#
# What two powers dispute is shared by strength. With strengths $x_i, x_j$ and *decisiveness* $m$, the share of $i$ is (Tullock 1980; Hirshleifer 1989)
#
# $$\pi_{ij} = \frac{x_i^m}{x_i^m + x_j^m}.$$
#
# With $m = 0$ strength decides nothing and each has half; with large $m$ the stronger takes all. How decisive is strength? The parameter is an estimate:

# %%
model = triangle.read_model()
decisiveness = model.catalogue["decisiveness"]
assert decisiveness.backing == "estimate"
decisiveness

# %%
import numpy as np

ratio = np.linspace(0, 4, 200)
figure, axes = plt.subplots(figsize=(7.5, 3.2))
for m, style in ((decisiveness.low, "--"), (decisiveness.default, "-"), (decisiveness.high, "-.")):
    axes.plot(ratio, ratio**m / (ratio**m + 1), style, label=f"m = {m:g}")
axes.axvline(1, color="#999", linewidth=0.8)
axes.set(
    xlabel="strength of one over the other's", ylabel="share of the stake", title="The contest at the ends of its range"
)
axes.legend()
plt.show()

# %% [markdown]
# ## Going down: one parameter at a time
#
# The *swing* of a parameter is how far the term moves while it runs over its range and the others stay. Which of the contest's parameters matter, and which of them are judged?

# %%
contest = next(term for term in unfolded.terms if term.name == "contest")
colours = {
    "figure": "#009E73",
    "formula": "#56B4E9",
    "estimate": "#F0E442",
    "bounded": "#CC79A7",
    "judgement": "#D55E00",
}
figure, axes = plt.subplots(figsize=(8.5, 3.8))
for place, part in enumerate(contest.parameters[:8]):
    low, high = sorted((part.at_low, part.at_high))
    axes.barh(place, high - low, left=low, color=colours[part.backing], edgecolor="#444")
    axes.text(high + 5, place, part.backing, va="center", fontsize=8)
axes.axvline(contest.value, color="black", linewidth=1)
axes.set_yticks(range(8), [part.name for part in contest.parameters[:8]])
axes.invert_yaxis()
axes.set(
    xlim=(150, 900), xlabel="Russia's contest term, bn USD/yr; line: as it is", title="What moves the largest term"
)
plt.show()
assert contest.parameters[0].name == "decisiveness"

# %% [markdown]
# ## By hand: the term of trade
#
# $u_i^{\text{exchange}} = \sum_j g_{ij} T_{ij} \cdot \text{openness}_{ij}$: what a dollar of trade is worth, times trade, times how open it is. Russia and China do not choke their trade here, since they are linked; American secondary sanctions $z$ do, as far as they are not evaded, $v$, and what evades them travels dearer, $e_v$. Russia and the United States oppose each other, so that each chokes its own side, $\chi$:
#
# $$u_{RU} = g\,T_{RC}\,\bigl(1 - z(1 - v)\bigr) - e_v\,T_{RC}\,z\,v + g\,T_{UR}\,(1 - \chi_{UR})(1 - \chi_{RU}).$$

# %%
study = triangle.load("baseline")
x = study.scenario.values
with_china = x["gain_ru_cn"] * x["trade_ru_cn"] * (1 - x["secondary_sanctions"] * (1 - x["evasion"]))
detours = x["evasion_cost"] * x["trade_ru_cn"] * x["secondary_sanctions"] * x["evasion"]
with_america = x["gain_ru_us"] * x["trade_us_ru"] * (1 - x["choke_us_ru"]) * (1 - x["choke_ru_us"])
exchange = next(term for term in unfolded.terms if term.name == "exchange")
assert abs(with_china - detours + with_america - exchange.value) < 1e-9

import pandas as pd

pd.Series(
    {
        "with China": with_china,
        "lost to detours": -detours,
        "with the United States": with_america,
        "the term": exchange.value,
    }
).round(2).to_frame("bn USD/yr")

# %% [markdown]
# The trade itself is documented. Its figure names document and line, and the figure of another document that contradicts it:

# %%
figure = model.ledger["ost_trade_ru_cn_2024"]
assert figure.conflicts_with
figure

# %% [markdown]
# What a dollar of trade is worth to Russia stands in no document. It is computed from prices that were gathered for another purpose; its bridge says how well that fits. Does the answer hang on it? Sweep it over its range; each point is a game that is solved:

# %%
gain = model.catalogue["gain_per_dollar_ru"]
games = triangle.sweep("baseline", over={"gain_per_dollar_ru": np.linspace(gain.low, gain.high, 41)})
assert games.triangle.share("RU=align") == 1 > games.triangle.share("RU=oppose_both") > 0
games.triangle.plot(study)

# %% [markdown]
# It does not: Russia's alignment stands over the whole range (A and B), though the payoff moves by more than the term itself. Only the mutual hostility of all three ceases to be stable, where trade is worth much.
#
# ## How much of the whole is documented?

# %%
from collections import Counter

backing = Counter(parameter.backing for parameter in model.catalogue)
kinds = sorted(backing, key=lambda kind: -backing[kind])
picture, axes = plt.subplots(figsize=(7.5, 2.6))
axes.barh(kinds, [backing[kind] for kind in kinds], color=[colours[kind] for kind in kinds], edgecolor="#444")
axes.invert_yaxis()
axes.set(xlabel=f"parameters, of {backing.total()}", title="What stands behind the parameters")
plt.show()
assert kinds[0] == "formula" and backing["judgement"] < backing.total() / 2 and gain.backing == "formula"
gain

# %% [markdown]
# Most are no judgements, but many are worked out from figures that measure something else than the symbol means. That is why the other lectures ask what a conclusion depends on before they believe it.
#
# ## Exercises
#
# 1. How many figures stand behind Russia's payoff, and how many documents or series?
# 2. Over which range does the term of trade move when a dollar of trade is worth as little, or as much, as may be? Compare with the term.
# 3. Which term is worth most to China at the same profile?
#
# ## Solutions

# %%
behind = unfolded.figures
assert len(behind) == len({figure.id for figure in behind})
pd.Series(Counter(figure.source for figure in behind)).sort_values(ascending=False).to_frame(
    "figures behind the payoff"
)

# %%
swing = next(part for part in exchange.parameters if part.name == "gain_per_dollar_ru")
assert swing.at_low < exchange.value < swing.at_high and swing.swing > exchange.value
pd.Series({"at the low end": swing.at_low, "as it is": exchange.value, "at the high end": swing.at_high}).round(
    1
).to_frame("bn USD/yr")

# %%
chinese = triangle.trace("baseline", "CN", "US=contain_both,RU=align,CN=align")
assert max(chinese.terms, key=lambda term: term.value).name == "contest"
chinese

# %% [markdown]
# ## What was learnt
#
# * A payoff is a sum that can be checked with pencil and paper, term by term.
# * A number is worth what stands behind it: ask for its backing, its bridge and what contradicts it.
# * A parameter may move a payoff much and the answer not at all; payoffs are not answers.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown(
    "\n".join(f"- {works[key]}" for key in ("tullock_1980", "hirshleifer_1989", "hirschman_1945", "keohane_nye_1977"))
)
