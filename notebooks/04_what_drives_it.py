# %% [markdown]
# # What drives it
#
# **Question.** In the default world Russia and China align against a Washington that contains both. Which assumptions carry it, and how much of that rests on documents?

# %%
import triangle

found = triangle.sensitivity("baseline", "margin:present", samples=256, seed=0)
for kind, share in sorted(found.by_backing.items(), key=lambda part: -part[1]):
    print(f"{kind:10} {share:6.1%} of the variance of the margin, by itself")

# %% [markdown]
# **Answer.** Little of it rests on what is called a judgement, and much on figures, estimates and bounds; but counted strictly, where what was measured is not what the symbol means, judgement is half of it:

# %%
strict = triangle.sensitivity("baseline", "margin:present", samples=256, seed=0, strict=True)
print(f"judgement, counted strictly: {strict.by_backing['judgement']:.0%}")

# %% [markdown]
# Which parameters?
#
# *Scenario: baseline; outcome: stability margin of its equilibrium; Sobol' indices, 256 base samples, seed 0; levers vary too.*

# %%
order = sorted(range(len(found.names)), key=lambda k: -found.total[k])[:8]
for k in order:
    low, high = found.total_low[k], found.total_high[k]
    print(f"{found.names[k]:24} total {found.total[k]:5.2f} ({low:5.2f} to {high:5.2f})")

# %% [markdown]
# The margin is that of whoever would lose least, mostly Washington. Does Russia's alignment hang on the same assumptions? Ask what Russia gains by aligning over its best other action, the others playing as in the equilibrium:

# %%
aligned = triangle.sensitivity("baseline", "advantage:RU=align@present", samples=256, seed=0)
for k in sorted(range(len(aligned.names)), key=lambda k: -aligned.total[k])[:5]:
    print(f"{aligned.names[k]:24} total {aligned.total[k]:5.2f}")

# %% [markdown]
# How often does the equilibrium survive, when everything uncertain is drawn from its range?

# %%
games = triangle.sweep("baseline", samples=4096, seed=0)
for pattern in ("US=contain_both,RU=align,CN=align", "link=RU-CN", "RU=hedge", "RU=distance"):
    low, high = games.triangle.interval(pattern)
    print(f"{pattern:38} {games.triangle.share(pattern):6.1%} of 4,096 draws ({low:.1%} to {high:.1%})")

# %% [markdown]
# The bond of Russia and China stands in all draws, and Washington's posture in nearly all, which may also say that ranges quoted from single sources are too narrow. And where does Russia hedge, once Europe joins? In a region that can be described:

# %%
region = triangle.discover("europe_joins", "RU=hedge", samples=4096, seed=0)
box = region.boxes[0]
print(f"density {box.density:.0%} (everywhere {region.base.density:.0%}), coverage {box.coverage:.0%}, on fresh draws")
for limit in box.limits:
    low = limit.range_low if limit.low is None else limit.low
    high = limit.range_high if limit.high is None else limit.high
    print(
        f"   {limit.parameter} from {low:.3g} to {high:.3g} {limit.unit} (drawn from {limit.range_low:g} to {limit.range_high:g})"
    )
