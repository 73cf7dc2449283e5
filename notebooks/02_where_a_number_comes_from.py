# %% [markdown]
# # Where a number comes from
#
# **Question.** Russia's payoff at the equilibrium of the default world is one number. What is it made of, and where does each part stand in a document — or is it judged?

# %%
import triangle

unfolded = triangle.trace("baseline", "RU", "US=contain_both,RU=align,CN=align")
unfolded

# %% [markdown]
# **Answer.** The table above: ten terms, each with the parameters that move it and the figures behind those. The payoff is their sum:

# %%
total = sum(term.value for term in unfolded.terms)
print(f"{total:.1f} = {unfolded.finding.payoffs[1]:.1f} bn USD a year")

# %% [markdown]
# Take one term, trade, and go down. Which parameters move it, and what stands behind each of them?

# %%
exchange = next(term for term in unfolded.terms if term.name == "exchange")
for part in exchange.parameters:
    print(f"{part.name:22} {part.value:8g} {part.unit:12} {part.backing}")

# %% [markdown]
# The trade itself is documented. Its figure names document and line, and the figure of another document that contradicts it:

# %%
model = triangle.read_model()
model.ledger["ost_trade_ru_cn_2024"]

# %% [markdown]
# What a dollar of trade is worth to Russia stands in no document. It is computed from a parameter of its own, which was measured for another purpose; its bridge says how well that fits:

# %%
model.catalogue["gain_per_dollar_ru"]

# %% [markdown]
# How much of the whole is documented? Count what stands behind the parameters:

# %%
from collections import Counter

print(dict(Counter(parameter.backing for parameter in model.catalogue)))

# %% [markdown]
# Few are judged, but many rest on a figure that measures something else than the symbol means. That is why the other notebooks ask what a conclusion depends on before they believe it.
