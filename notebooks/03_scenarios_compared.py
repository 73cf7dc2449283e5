# %% [markdown]
# # 3. Scenarios compared
#
# **Question.** What changes when Washington courts Moscow — alone, with Europe, with promises that last — and what does not?

# %%
import triangle
from triangle.questions.compare.plot import stances_plot

names = ["baseline", "courting_2025", "europe_joins", "conditional_relief_europe", "patient_america"]
studies = [triangle.load(name) for name in names]
answers = list(triangle.compare(names).values())
stances_plot(studies, answers)

# %% [markdown]
# **Answer.** All equilibria are drawn; the grey ones, in which all three oppose each other, are left by agreements of two. In the others relief changes nothing in Russia's posture, by Washington alone or with Europe; with Europe and promises that survive elections Russia hedges. Where relief is conditional, a Russia that has left stays away, beside one that has not.
#
# ## Definitions
#
# A **scenario** is a signed departure from a base: parameters $\theta$ become $\theta'$, some players are *held* at one action, and every change says why. The rest is the same game. With the players $H$ held at $\bar a_H$, an equilibrium is one of those who are free:
#
# $$a \text{ with } a_H = \bar a_H, \qquad a_i \in B_i(a_{-i}; \theta') \text{ for all } i \notin H.$$
#
# Here Washington's courting is given: the question is how the others answer. What does each scenario change?

# %%
import pandas as pd

changed = {
    name: {change.parameter: change.value for change in study.scenario.all_changes}
    for name, study in zip(names[1:], studies[1:], strict=True)
}
assert all(study.hold == {0: 2} and study.cast.actions[0][2] == "court_russia" for study in studies[1:])
default = studies[0].scenario.values
pd.DataFrame(changed).assign(baseline=lambda table: [default[name] for name in table.index]).rename_axis("parameter")

# %%
postures = {
    name: {answer.cast.actions[1][finding.profile[1]] for finding in answer.agreement_proof}
    for name, answer in zip(names, answers, strict=True)
}
left = [f for answer in answers for f in answer.findings if f not in answer.agreement_proof]
assert left and all(str(finding.configuration) == "unit veto" for finding in left)
assert [postures[name] for name in names[:3]] == [{"align"}] * 3
assert postures["patient_america"] == {"hedge"} and postures["conditional_relief_europe"] == {"align", "distance"}

# %% [markdown]
# ## How firmly?
#
# Two scenarios may have the same answer and stand very differently. The margin says how much whoever would lose least loses by changing alone:

# %%
from triangle.questions.compare.plot import margins_plot

margins_plot(studies, answers)

# %% [markdown]
# ## Where does the answer turn?
#
# Hold Washington at courting Russia and China at aligning, and let relief $r$ and Europe's part $e$ move together. What counts is **effective relief**, the offer times what of the sanctions it reaches times the expected life of the promise:
#
# $$r \cdot \bigl(\omega + (1 - \omega)\,e\bigr) \cdot \frac{1 - \delta}{1 - \delta(1 - h)},$$
#
# with the share $\omega$ that Washington controls, patience $\delta$ and the yearly hazard $h$ that a promise is reversed. Let promises last, and solve the game in each cell:

# %%
import numpy as np

lasting = {"reversal_hazard": 0.02}
hold = {"US": "court_russia", "CN": "align"}
study = triangle.load("baseline", settings=lasting, hold=hold)
games = triangle.sweep(
    "baseline",
    over={"relief": np.linspace(0, 1, 41), "europe_joins": np.linspace(0, 1, 41)},
    settings=lasting,
    hold=hold,
)
games.triangle.plot(study)

# %% [markdown]
# The border is curved, since relief and Europe multiply. Check one cell by hand: everything offered, with Europe, so that $r = e = 1$ and only the life of the promise counts.

# %%
full = triangle.load("baseline", settings=lasting | {"relief": 1, "europe_joins": 1}, hold=hold)
patience, hazard = full.values["discount_factor"], full.values["reversal_hazard"]
life = (1 - patience) / (1 - patience * (1 - hazard))
assert abs(float(full.outcomes["effective_relief"]) - float(life)) < 1e-12
assert games.triangle.share("RU=distance") == 0 < games.triangle.share("RU=hedge") < games.triangle.share("RU=align")
full

# %% [markdown]
# ## Whose work is it?
#
# Several changes make the effect together. What each is worth is not what it does alone, since they interact; the **Shapley value** takes the mean of its contribution over all orders in which the changes can be made (Shapley 1953):
#
# $$\phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!}\,\bigl(v(S \cup i) - v(S)\bigr).$$
#
# The outcome $v$ here is what Russia gains by hedging over its best other action, Washington courting and China aligning:

# %%
from triangle.questions.decompose.plot import shares_plot

shares = triangle.decompose("patient_america", outcome="advantage:RU=hedge@US=court_russia,RU=hedge,CN=align")
shares_plot(shares)

# %%
assert abs(sum(share.shapley for share in shares.shares) - (shares.end - shares.start)) < 1e-9
print(f"together {shares.end - shares.start:+.1f} {shares.unit}, from {shares.start:.1f} to {shares.end:.1f}")

# %% [markdown]
# ## In the same worlds
#
# One world says little. Draw the uncertain parameters, and let both scenarios happen in each: a player gains from the second if its payoff is larger there. Shares come with Wilson's interval (Wilson 1927).

# %%
from triangle.questions.contrast.plot import contrast_plot

contrast = triangle.contrast("courting_2025", "europe_joins", samples=512, seed=0)
contrast_plot(contrast)

# %% [markdown]
# ## A fourth player: what if nobody sets what Europe does?
#
# In `europe_certain` Europe chooses, under full relief that is never taken back. What is its choice worth to each, Washington courting?

# %%
choosing = triangle.load("europe_certain", hold={"US": "court_russia"})
veto = triangle.veto(choosing, "EU", over=["relief", "reversal_hazard"])
rows = [
    {"Europe": course.way, "profile": choosing.cast.profile_text(outcome.profile)}
    | {code: round(worth, 1) for code, worth in choosing.cast.by_code(outcome.payoffs).items()}
    for course in veto.courses
    for outcome in course.outcomes
]
pd.DataFrame(rows)

# %%
from triangle.questions.veto.plot import veto_plot

veto_plot(veto)

# %% [markdown]
# Free, Europe joins and Russia hedges; held at its sanctions it keeps Russia aligned with China, and only China gains by that. Moving first or last changes nothing here.

# %%
free, kept, joined, first, last = (course.outcomes[0] for course in veto.courses)
assert free.profile == joined.profile == first.profile == last.profile != kept.profile
assert [b > a for a, b in zip(free.payoffs, kept.payoffs, strict=True)] == [False, False, True, False]

# %% [markdown]
# ## Exercises
#
# 1. Move the sliders, if this notebook runs with `ipywidgets`: at which hazard of reversal does Russia cease to hedge under full relief with Europe? Then find it by bisection.
# 2. Which change of `patient_america` has the largest Shapley value, and does any help much when it is made alone?
# 3. Does Russia hedge in `europe_joins` if China is held at opposing both?
#
# ## Solutions

# %%
from triangle.showing.widgets import explore

explore(full, ["relief", "europe_joins", "reversal_hazard", "conditionality"])

# %%
low, high = 0.02, 0.125
for _ in range(20):
    middle = (low + high) / 2
    there = triangle.load("baseline", settings={"relief": 1, "europe_joins": 1, "reversal_hazard": middle}, hold=hold)
    hedges = any(there.cast.actions[1][finding.profile[1]] == "hedge" for finding in there.solve().findings)
    low, high = (middle, high) if hedges else (low, middle)
(tip,) = triangle.tipping(full, ["reversal_hazard"])
assert abs(low - tip.value) < 1e-5
pd.Series({"by bisection": low, "by triangle.tipping": tip.value}).round(4).to_frame("hazard of reversal, a year")

# %%
rows = [{"change": one.name, "alone": one.alone, "last": one.last, "Shapley": one.shapley} for one in shares.shares]
pd.DataFrame(rows).round(1).set_index("change").sort_values("Shapley", ascending=False)

# %%
opposed = triangle.load("europe_joins", hold={"CN": "oppose_both"})
assert [opposed.cast.actions[1][finding.profile[1]] for finding in opposed.solve().findings] == ["hedge"]
opposed

# %% [markdown]
# ## What was learnt
#
# * A scenario is a small set of reasons; what it leaves alone stays as it was.
# * Offers multiply: relief that does not last, or that Europe does not join, is worth little.
# * A joint effect is shared out by the Shapley value; what each change does alone does not add up.
# * What one sets in one scenario another player may choose in the next.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown("\n".join(f"- {works[key]}" for key in ("crawford_2011", "shapley_1953", "wilson_1927", "tsebelis_2002")))
