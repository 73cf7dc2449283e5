# %% [markdown]
# # 8. A scenario of one's own
#
# **Question.** How does a thought become a scenario that others can check: here, a border that is disputed again while American promises last?

# %%
import tempfile
from pathlib import Path

import triangle

text = """
title = "A rift, and relief that survives elections"
question = "Does Russia hedge when its dispute with China grows and American promises last?"
author = "A reader of lecture 8"
date = 2026-01-15
base = "europe_joins"
narrative = "The border comes into dispute again while Washington binds itself. How the quarrel began is left out."

[changes.stake_ru_cn]
value = 10.0
because = "Judged: the latent dispute becomes twice as dear."

[changes.reversal_hazard]
value = 0.03
because = "Judged: a treaty that the Senate has ratified."
"""
file = Path(tempfile.mkdtemp()) / "rift.toml"
file.write_text(text, encoding="utf-8")
study = triangle.load(file)
study

# %% [markdown]
# **Answer.** By a small file that says what differs from a base, and why; it is checked, solved and compared like those that are shipped. The table above is that of this file. The rest of this lecture takes it apart.
#
# ## Definitions
#
# A scenario is a base and a set of **signed changes**: pairs of a parameter and a value, each with a reason. With the base's values $\theta^b$,
#
# $$\theta_m = \begin{cases} v_m & \text{if } m \text{ is changed}, \\ \theta^b_m & \text{otherwise}, \end{cases}$$
#
# and who is held, who plays and what is not changed is the base's. Nothing else can be said in a scenario; a law that is different is a payoff term of one's own, and another kind of file.
#
# ## It is checked
#
# A fault is told with what was found, what was expected, and the nearest name. All faults of a file come at once:

# %%
wrong = file.with_name("wrong.toml")
wrong.write_text(text.replace("stake_ru_cn", "stake_ru_china").replace("0.03", "3"), encoding="utf-8")
faults = triangle.check((wrong,)).faults
assert len(faults) >= 2 and triangle.check((file,)).faults == ()
for fault in faults:
    print(f"{fault.key}: {fault.message}")

# %% [markdown]
# ## What does it change, and for whom?

# %%
from triangle.questions.compare.plot import stances_plot

base = triangle.load("europe_joins")
studies = [base, study]
stances_plot(studies, [one.solve() for one in studies])

# %%
before, after = ({one.cast.actions[1][f.profile[1]] for f in one.solve().agreement_proof} for one in studies)
assert before == {"align"} and "hedge" in after

# %% [markdown]
# Russia hedges. Is it the border, or the promise? Each change apart, and both together:

# %%
from triangle.questions.decompose.plot import shares_plot

profile = "US=court_russia,RU=hedge,CN=align"
shares = triangle.decompose(study, outcome=f"advantage:RU=hedge@{profile}")
assert abs(sum(one.shapley for one in shares.shares) - (shares.end - shares.start)) < 1e-9
shares_plot(shares)

# %% [markdown]
# ## Where does it turn?
#
# The two numbers of the file are judged. So the answer is not the point but the map around it:

# %%
import numpy as np

games = triangle.sweep(file, over={"stake_ru_cn": np.linspace(1, 12, 41), "reversal_hazard": np.linspace(0, 0.2, 41)})
games.triangle.plot(study)

# %% [markdown]
# By hand: the border between the regions is where Russia is indifferent, $U_{RU}(\text{hedge}) = U_{RU}(\text{align})$. Russia's payoffs along the lower side of the map, China aligning, with the promise as it is in the file:

# %%
import matplotlib.pyplot as plt

stakes = np.linspace(1, 12, 23)
paid = {
    action: [triangle.load(file, settings={"stake_ru_cn": stake}).payoffs[1, 2, place, 1] for stake in stakes]
    for place, action in ((1, "align"), (3, "hedge"))
}
figure, axes = plt.subplots(figsize=(7.5, 3.2))
for (action, curve), style in zip(paid.items(), ("-", "--"), strict=True):
    axes.plot(stakes, curve, style, linewidth=2, label=f"Russia: {action}")
axes.axvline(study.values["stake_ru_cn"], color="#555", linestyle=":", label="the file")
axes.set(
    xlabel="what the dispute with China is worth to Russia, % of GDP",
    ylabel="bn USD/yr",
    title="Russia's payoffs, Washington courting and China aligning",
)
axes.legend(fontsize=8)
plt.show()
assert study.cast.actions[1][1] == "align" and study.cast.actions[1][3] == "hedge"

# %% [markdown]
# ## In how many worlds?
#
# What is not changed is uncertain too. Draw it, and count:

# %%
from triangle.questions.contrast.plot import contrast_plot

drawn = triangle.sweep(file, samples=1024, seed=0)
share, (low, high) = drawn.triangle.share("RU=hedge"), drawn.triangle.interval("RU=hedge")
contrast_plot(triangle.contrast(base, study, samples=512, seed=0))

# %%
import pandas as pd

old = triangle.sweep("europe_joins", samples=1024, seed=0).triangle
assert share > old.share("RU=hedge")
pd.DataFrame(
    {"europe_joins": (old.share("RU=hedge"), *old.interval("RU=hedge")), "the file": (share, low, high)},
    index=["Russia hedges", "low", "high"],
).T.map("{:.1%}".format)

# %% [markdown]
# ## Exercises
#
# 1. Write a scenario on this base in which China, too, minds the border: raise `stake_cn_ru` to its upper end. Does the answer change?
# 2. Which of the two changes can be left out, and Russia still hedges?
# 3. From which stake on does Russia hedge, with the promise of the file? Use `triangle.tipping`.
#
# ## Solutions

# %%
upper = study.scenario.ranges["stake_cn_ru"][1]
(minded := file.with_name("minded.toml")).write_text(
    text + f'\n[changes.stake_cn_ru]\nvalue = {upper}\nbecause = "Judged: the upper end of the range."\n',
    encoding="utf-8",
)
assert triangle.check((minded,)).faults == ()
triangle.load(minded).solve()

# %%
without = {
    name: {f.profile[1] for f in triangle.load(file, settings={name: float(base.values[name])}).solve().agreement_proof}
    for name in ("stake_ru_cn", "reversal_hazard")
}
pd.Series(
    {name: ", ".join(study.cast.actions[1][a] for a in sorted(found)) for name, found in without.items()}
).to_frame("Russia, if this change is left out")

# %%
points = triangle.tipping(study, ["stake_ru_cn", "reversal_hazard"])
pd.DataFrame(
    [(point.parameter, point.origin, point.value, point.unit) for point in points],
    columns=["parameter", "in the file", "tips at", "unit"],
).round(3)

# %%
hedge = 1 << study.cast.index((2, 3, 1))
assert all(point.before & hedge and point.after & hedge for point in points if point.parameter == "stake_ru_cn")
assert without["stake_ru_cn"] == {3}

# %% [markdown]
# 2: the border; the promise alone makes Russia hedge. 3: from none on: hedging stands on both sides of the place at which the stake tips. What begins there is another posture beside it, a Russia that leaves China.
#
# ## What was learnt
#
# * A scenario is small, signed and checkable; what it does not name stays as the base has it.
# * A number that is judged asks for a map, and what is not changed asks for draws.
# * The same questions that are asked of shipped scenarios are asked of one's own: `triangle report my_file.toml` puts them on a page.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown("\n".join(f"- {works[key]}" for key in ("dittmer_1981", "shapley_1953", "powell_1999", "fearon_1995")))
