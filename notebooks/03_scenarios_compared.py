# %% [markdown]
# # Scenarios compared
#
# **Question.** What changes when Washington courts Moscow — alone, with Europe, with promises that last — and what does not?

# %%
import triangle

names = ["baseline", "courting_2025", "europe_joins", "conditional_relief_europe", "patient_america"]
for name, answer in triangle.compare(names).items():
    found = "; ".join(f"{answer.cast.profile_text(f.profile)} ({f.configuration})" for f in answer.agreement_proof)
    print(f"{name:26} {found or 'no pure equilibrium'}")

# %% [markdown]
# **Answer.** What no agreement of two leaves is listed. Relief changes nothing in Russia's posture, by Washington alone or with Europe; with Europe and promises that survive elections Russia hedges. Where relief is conditional, a Russia that has left stays away, beside one that has not.
#
# In these scenarios Washington's courting is given: the question is how the others answer. What does each change, and why?

# %%
for name in names[1:]:
    print(name)
    for change in triangle.load(name).scenario.all_changes:
        print(f"   {change.parameter} {change.base:g} -> {change.value:g}")

# %% [markdown]
# Where does the answer turn? Hold Washington at courting Russia and China at aligning, and let relief and Europe's part move together, with promises that last. Each cell of this map is a game that is solved:

# %%
import numpy as np

lasting = {"reversal_hazard": 0.02}
study = triangle.load("baseline", settings=lasting, hold={"US": "court_russia", "CN": "align"})
games = triangle.sweep(
    "baseline",
    over={"relief": np.linspace(0, 1, 41), "europe_joins": np.linspace(0, 1, 41)},
    settings=lasting,
    hold={"US": "court_russia", "CN": "align"},
)
print(
    f"Russia hedges in {games.triangle.share('RU=hedge'):.0%} of the map, leaves China in {games.triangle.share('RU=distance'):.0%}"
)
games.triangle.plot(study)

# %% [markdown]
# *Scenario: baseline with a hazard of reversal of 0.02, the United States at* court Russia *and China at* align*; a grid of 41 × 41 games, no draws and so no seed.*
#
# And if nobody sets what Europe does? In `europe_certain` Europe chooses, under full relief that is never taken back. What is its choice worth to each, Washington courting?

# %%
choosing = triangle.load("europe_certain", hold={"US": "court_russia"})
for course in triangle.veto(choosing, "EU").courses:
    for outcome in course.outcomes:
        paid = ", ".join(f"{code} {worth:.0f}" for code, worth in choosing.cast.by_code(outcome.payoffs).items())
        print(f"{course.way:5} {choosing.cast.profile_text(outcome.profile)}: {paid}")

# %% [markdown]
# Free, Europe joins and Russia hedges; held at its sanctions it keeps Russia aligned with China, and only China gains by that (billion dollars a year; moving first or last changes nothing here).
#
# Move the sliders, if this notebook runs with `ipywidgets`; without them the study stands still:

# %%
from triangle.showing.widgets import explore

explore(study, ["relief", "europe_joins", "reversal_hazard", "conditionality"])
