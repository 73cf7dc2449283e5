# %% [markdown]
# # 6. Over the years
#
# **Question.** Does the marriage of Russia and China outlast sanctions, elections and China's growth — and does it matter that an offer may be reversed?

# %%
import triangle
from triangle.questions.path.plot import course_plot

course = triangle.path("path_baseline", samples=40, seed=1, until=2035)
course_plot(course)

# %% [markdown]
# **Answer.** It outlasts them in every world that was drawn, whoever governs in Washington. But that is the course on which Washington chooses freely, and it contains both. If it courts Russia in all years, and Europe joins, Russia leaves China in most worlds at once. Almost all rates behind this are judgements.
#
# ## Definitions
#
# A **stochastic game** has states $s$; what is played moves the state. With patience $\delta_i$, payoffs $u_i(a; t, s)$ of the year and the value $V_i$ of what comes, each year is a game with payoffs
#
# $$Q_i(a; t, s) = (1 - \delta_i)\,u_i(a; t, s) + \delta_i\,\mathbb{E}\bigl[V_i(t + 1, s') \mid s, a\bigr].$$
#
# Going back from the last year, each game is solved and one of its equilibria is played; its payoffs are $V_i(t, s)$. That is a **Markov-perfect equilibrium** (Maskin and Tirole 2001): nobody gains by deviating once, in any state and year. Here the state is how far Russia is locked in, how well sanctions are evaded, whether there is war, and who governs in Washington.

# %%
import pandas as pd

marriage = course.configurations.index("stable_marriage:RU-CN")
bands = {year.year: year.configurations[marriage] for year in course.years}
assert min(band.low90 for band in bands.values()) > 0.999
assert all(year.actions[0][0] > 0.5 for year in course.years) and course.cast.actions[0][0] == "contain_both"
table = pd.DataFrame({year: (band.mean, band.low90, band.high90) for year, band in bands.items()}).T
table.set_axis(["mean over worlds", "90 %: low", "90 %: high"], axis=1).iloc[::2].round(2)

# %% [markdown]
# ## By hand: two years, two states
#
# One player suffices to see how a future is discounted. A bond is worth 1 a year; leaving it pays 1.4 now, and then nothing for ever. Patience is $\delta$. Staying for ever is worth $(1 - \delta)\sum_t \delta^t = 1$, leaving $(1 - \delta)\,1.4$: one stays if $\delta > 1 - 1/1.4 = 2/7$. Go back from the last year instead, with $T$ years to go:

# %%
import matplotlib.pyplot as plt
import numpy as np

deltas, years = np.linspace(0, 0.95, 96), 12
stays = np.zeros((years, len(deltas)), dtype=bool)
value = np.zeros_like(deltas)  # after the last year
for left in range(years):
    stay, leave = (1 - deltas) * 1 + deltas * value, (1 - deltas) * 1.4
    stays[left], value = stay > leave, np.maximum(stay, leave)
assert not stays[0].any() and abs(deltas[stays[-1]].min() - 2 / 7) < 0.02

figure, axes = plt.subplots(figsize=(7.5, 3.2))
axes.pcolormesh(deltas, range(1, years + 1), stays, cmap="Blues", vmax=1.6, shading="nearest")
axes.axvline(2 / 7, color="#D55E00", linestyle="--", label="with no last year: 2/7")
axes.set(xlabel="patience δ", ylabel="years to go", title="Coloured: one stays")
axes.legend(loc="lower right", fontsize=8)
plt.show()

# %% [markdown]
# In the last year everybody leaves, whatever the patience: nothing comes after. With few years to go only the patient stay; with many the border is that of a game without end. That is why a path has a last year that *goes on for ever*.
#
# ## The certificate
#
# The answer comes with a check by other code, of every state and year of every world: the largest gain by deviating once, $\max_{i,t,s,b} Q_i(b, x_{-i}; t, s) - Q_i(x; t, s)$.

# %%
certificate = course.certificate
assert certificate.largest_gain < 1e-9 * certificate.payoff_range
pd.Series(
    {
        "states and years": certificate.state_years,
        "largest gain, bn USD/yr": certificate.largest_gain,
        "range of payoffs": certificate.payoff_range,
    }
).map("{:,.0f}".format).to_frame("checked")

# %% [markdown]
# ## Washington held at courting, with Europe
#
# On `path_europe` Europe joins an offer. As long as Washington chooses, it hardly ever courts, and next to nothing changes. Hold it at courting Russia in every year:

# %%
free = triangle.path("path_europe", samples=40, seed=1, until=2035)
courting = triangle.path("path_europe", samples=40, seed=1, until=2035, hold=["US=court_russia@2025-2035"])
assert min(year.configurations[marriage].mean for year in free.years) > 0.95
assert max(year.configurations[marriage].mean for year in courting.years) < 0.5
course_plot(courting)

# %% [markdown]
# The picture shows what differs between worlds and what between years. The mixture at the left stands at once and hardly moves: worlds disagree, years do not. Which worlds? That is a question for the lecture on what drives it.
#
# ## What the past does: one state variable
#
# Lock-in moves up while Russia and China are linked and down while they are not. Its mean over worlds, on the three courses:

# %%
courses = {"path_baseline": course, "path_europe, Washington free": free, "path_europe, held at courting": courting}
place = course.states.index("lock_in")
figure, axes = plt.subplots(figsize=(8, 3.4))
for (name, one), style in zip(courses.items(), ("-", "--", ":"), strict=True):
    axes.plot(
        [year.year for year in one.years], [year.levels[place] for year in one.years], style, linewidth=2, label=name
    )
axes.set(ylabel="Russia's dependence on China", title="Lock-in, mean over worlds")
axes.legend(fontsize=8)
plt.show()
assert courting.years[-1].levels[place] < course.years[-1].levels[place]

# %% [markdown]
# ## Exercises
#
# 1. In the game by hand let leaving pay 2. From which patience on does one stay for ever? Change the cell and look.
# 2. What if no election ever changed who governs (`settings={"administration.election": 0}`)?
# 3. Hold Washington at courting from 2029 on only. When does the marriage become less likely?
#
# ## Solutions

# %%
value = np.zeros_like(deltas)
for _ in range(200):
    stay, leave = (1 - deltas) + deltas * value, (1 - deltas) * 2
    value = np.maximum(stay, leave)
assert abs(deltas[stay > leave].min() - 1 / 2) < 0.011
deltas[stay > leave].min()

# %% [markdown]
# 1: $\delta > 1 - 1/2$, up to the step of the grid.

# %%
steady = triangle.path("path_baseline", samples=40, seed=1, until=2035, settings={"administration.election": 0})
assert min(year.configurations[marriage].mean for year in steady.years) > 0.999
later = triangle.path("path_europe", samples=40, seed=1, until=2035, hold=["US=court_russia@2029-2035"])
ended = {year.year: year.configurations[marriage].mean for year in later.years}
assert ended[course.last] < ended[course.first]
pd.Series(ended).round(2).to_frame("probability of the marriage, Washington courting from 2029 on")

# %% [markdown]
# 2: nothing: the marriage stands whoever governs. 3: the table; before 2029 play those who see it coming.
#
# ## What was learnt
#
# * A future that matters is played backwards from the end, so that the end matters too.
# * A certificate of a dynamic equilibrium is a statement about every state, not about the course that was seen.
# * What a player chooses on a path and what it is held at are two questions; ask which one is meant.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown(
    "\n".join(
        f"- {works[key]}"
        for key in ("shapley_1953_stochastic", "fink_1964", "maskin_tirole_2001", "pakes_mcguire_1994")
    )
)
