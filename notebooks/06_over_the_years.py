# %% [markdown]
# # Over the years
#
# **Question.** Does the marriage of Russia and China outlast sanctions, elections and China's growth — and does it matter that an offer may be reversed?

# %%
import triangle
from triangle.players.configurations import configuration_title

course = triangle.path("path_baseline", samples=40, seed=1, until=2035)
marriage = course.configurations.index("stable_marriage:RU-CN")
for year in course.years[::2]:
    band = year.configurations[marriage]
    print(year.year, f"{band.mean:.2f}, in the middle 90 % of worlds {band.low90:.2f} to {band.high90:.2f}")

# %% [markdown]
# **Answer.** The list above: the probability of the marriage in the mean over worlds, and how far worlds differ. It comes with a check, that no player gains by deviating once, in any state and year of any world:

# %%
found = course.certificate
print(f"{found.state_years:,} states and years, no gain: {found.largest_gain < 1e-9 * found.payoff_range}")

# %% [markdown]
# How much of the spread rests on rates that are judged? The share of the variance, by year; none where all worlds agree:

# %%
print(["none" if year.judged is None else round(year.judged, 2) for year in course.years])

# %% [markdown]
# With Europe in the offer and a condition on it, and with the end of the offer in sight:

# %%
for name in ("path_europe", "a_democrat_in_2029"):
    other = triangle.path(name, samples=40, seed=1, until=2035)
    for turn in other.turns:
        title = configuration_title(turn.configuration, other.cast)
        print(f"{name}, {turn.year}, {turn.what}: {title} {turn.before:.2f} to {turn.after:.2f}")
