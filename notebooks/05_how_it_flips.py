# %% [markdown]
# # 5. How it flips
#
# **Question.** What would have to be true for a reverse Kissinger: Russia leaving China while Washington courts it?

# %%
import triangle
from triangle.questions.flip.plot import flip_plot

study = triangle.load("baseline")
wanted = "US=court_russia,RU=distance"
nearest = triangle.flip(study, wanted, seed=0)
flip_plot(study, nearest)

# %% [markdown]
# **Answer.** A small move of many parameters at once, above all of how much strength decides and of what Russia and China dispute. But what stood before is still there beside the new posture, and Moscow and Beijing would leave the new one together.
#
# ## Definitions
#
# Let $\theta^0$ be where a scenario stands and $u_m = (\theta_m - \theta^0_m) / (\text{high}_m - \text{low}_m)$ the move of parameter $m$ **in ranges**. Let $\ell_{ib}(u)$ be what player $i$ loses by deviating to $b$ from the profile that is wanted. A **flip** is the smallest move that makes it an equilibrium, by a small strictness $s$:
#
# $$\min_u \lVert u \rVert \quad\text{such that}\quad \ell_{ib}(u) \ge s \quad\text{for all } i, b.$$
#
# That is inverse optimisation (Ahuja and Orlin 2001). With $\lVert u \rVert_2 = \sqrt{\sum u_m^2}$ everything moves a little; with $\lVert u \rVert_1 = \sum |u_m|$ few parameters move much, and the answer can be told.

# %%
import pandas as pd

few = triangle.flip(study, wanted, norm="l1", seed=0)
assert nearest.found and few.found and len(few.moves) < len(nearest.moves)
strongest = sorted(nearest.moves, key=lambda move: -abs(move.in_ranges))[:2]
assert (
    {move.parameter for move in strongest} == {move.parameter for move in few.moves} == {"decisiveness", "stake_ru_cn"}
)
pd.DataFrame(
    [(m.parameter, m.start, m.value, m.unit, m.in_ranges) for m in few.moves],
    columns=["parameter", "from", "to", "unit", "in ranges"],
).round(3)

# %% [markdown]
# ## By hand: two parameters, a plane, a nearest point
#
# Only two parameters move. Put them on paper: how much strength decides, and what Russia and China dispute. Each point of the plane is a game; where the wanted profile is an equilibrium is a region, and the flip is the point of it that is nearest, the axes measured in ranges.

# %%
import matplotlib.pyplot as plt
import numpy as np

ranges = study.scenario.ranges
over = {name: np.linspace(*ranges[name], 61) for name in ("decisiveness", "stake_ru_cn")}
games = triangle.sweep("baseline", over=over)
there = games.triangle.holds(wanted)
in_ranges = {name: (values - study.values[name]) / (ranges[name][1] - ranges[name][0]) for name, values in over.items()}
figure, axes = plt.subplots(figsize=(7, 4))
axes.contourf(
    in_ranges["decisiveness"],
    in_ranges["stake_ru_cn"],
    there.transpose("stake_ru_cn", "decisiveness"),
    levels=[0.5, 1],
    colors=["#FFE08A"],
)
(x,), (y,) = ([m.in_ranges for m in few.moves if m.parameter == name] for name in over)
axes.plot(
    [-abs(x) - abs(y) + 0, 0, abs(x) + abs(y), 0, -abs(x) - abs(y)],
    [0, abs(x) + abs(y), 0, -abs(x) - abs(y), 0],
    color="#0072B2",
    linestyle="--",
    label="as far in the sum of moves",
)
axes.plot(0, 0, "o", color="black", label="the default world")
axes.plot(x, y, "*", color="#D55E00", markersize=13, label="the flip")
axes.set(
    xlim=(-0.35, 0.7),
    ylim=(-0.55, 0.55),
    xlabel="decisiveness, in ranges",
    ylabel="stake_ru_cn, in ranges",
    title="Coloured: Russia leaves, Washington courts",
)
axes.legend(fontsize=8, loc="lower left")
plt.show()
assert abs(x) + abs(y) - few.distance < 1e-6 and 0 < float(there.mean()) < 1

# %% [markdown]
# The dashed square is the set of all points that are as far. It touches the region at a corner of it, where two deviations bind at once: the solution of a linear program lies on few axes.
#
# ## The certificate
#
# A flip can be checked without believing its search: set the numbers and solve the game.

# %%
from triangle.showing.plots import solution_plot

moved = triangle.load("baseline", settings={move.parameter: move.value for move in few.moves})
answer = moved.solve()
new = next(f for f in answer.findings if f.profile == few.profile)
solution_plot(moved, answer)

# %% [markdown]
# Three equilibria. What stood before is still there, and firmly. The new one has a margin near zero, since the flip goes no further than it must; and with China hostile, Moscow and Beijing leave it together. The flip makes another posture *possible*, it does not make the old one go away.

# %%
old = [f.profile for f in study.solve().findings]
assert len(answer.findings) == 3 and set(old) < {f.profile for f in answer.findings}
assert new not in answer.agreement_proof and 0 < new.margin < 1
answer

# %% [markdown]
# ## Can offers alone do it?
#
# Only the levers may move, what Washington can decide with others:

# %%
offers = triangle.flip(study, wanted, roles="levers", seed=0)
assert offers.found and "europe_joins" in {move.parameter for move in offers.moves}
flip_plot(study, offers)

# %% [markdown]
# They can bring it about as a posture of that kind, with Europe in it. Note which way the political concession goes: an offer that costs Washington's alliances makes courting less attractive to Washington itself, so that the nearest offer is large in money and small in concessions.

# %%
by_name = {move.parameter: move for move in offers.moves}
assert by_name["political_concession"].in_ranges < 0 < by_name["relief"].in_ranges
there = triangle.load("baseline", settings={move.parameter: move.value for move in offers.moves})
there

# %% [markdown]
# ## Where the present answer tips
#
# The question turned round: one parameter alone, where does the present set of equilibria change? A **tipping point** is a zero of a margin along a line, $\min_{b} \ell_{ib}(\theta_m) = 0$; all zeros are computed, none is looked for by steps.

# %%
from triangle.questions.tipping.plot import tipping_plot

points = triangle.tipping(study)
tipping_plot(study, points)

# %%
mutual, marriage = (1 << study.cast.index((0, 0, 0)), 1 << study.cast.index((0, 1, 1)))
assert all(point.before == mutual | marriage and point.after == marriage for point in points)

# %% [markdown]
# At each of them the mutual hostility of all three ceases to be stable, and what stands stays: the alignment of Russia and China against a Washington that contains both tips nowhere, one parameter at a time.
#
# ## Exercises
#
# 1. Set only one of the two parameters of the short flip. Is the posture an equilibrium?
# 2. Find the tipping point of `stake_ru_cn` by bisection.
# 3. What is the nearest world in which Russia hedges between a Washington that courts it and a China that aligns, told by few parameters?
#
# ## Solutions

# %%
alone = {}
for move in few.moves:
    one = triangle.load("baseline", settings={move.parameter: move.value})
    alone[move.parameter] = few.profile in [f.profile for f in one.solve().findings]
assert not any(alone.values())
pd.Series(alone).to_frame("an equilibrium, moved alone")

# %%
(tip,) = [point for point in points if point.parameter == "stake_ru_cn"]
low, high = tip.origin / 2, tip.origin
for _ in range(30):
    middle = (low + high) / 2
    hostile = any(
        f.profile == (0, 0, 0) for f in triangle.load("baseline", settings={"stake_ru_cn": middle}).solve().findings
    )
    low, high = (low, middle) if hostile else (middle, high)
assert abs(low - tip.value) < 1e-6
pd.Series({"by bisection": low, "by triangle.tipping": tip.value}).to_frame(tip.unit)

# %%
hedging = triangle.flip(study, "US=court_russia,RU=hedge,CN=align", norm="l1", starts=1, seed=0)
assert hedging.found
flip_plot(study, hedging)

# %% [markdown]
# 1: neither does it alone. 3: the picture; one start was enough here, but nearer points elsewhere are not excluded.
#
# ## What was learnt
#
# * "What would have to be true" is a nearest point; the norm decides whether it is told by few parameters or many.
# * A certificate is checked by solving, whatever found it.
# * An equilibrium that appears does not replace another; and one that two leave together is weak.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown(
    "\n".join(f"- {works[key]}" for key in ("ahuja_orlin_2001", "kraft_1988", "griffith_stewart_1961", "boyd_2002"))
)
