# %% [markdown]
# # 1. One game, by hand and by the package
#
# **Question.** Which postures of the United States, Russia and China are stable in the default world of 2024 — and can one see it without trusting a solver?

# %%
import triangle

study = triangle.load("baseline")
study

# %% [markdown]
# **Answer.** Two postures, the rows of this table. In one all three oppose each other: nobody leaves it alone, but Russia and China gain by leaving it together. In the other Russia and China align against a Washington that contains both. This lecture finds them by hand, and then asks the package for the same.
#
# ## Definitions
#
# A **game in normal form** is a set of players $N$, for each player $i$ a set of actions $A_i$, and for each a payoff $U_i(a)$ for every **profile** $a = (a_i)_{i \in N}$. Here $N$ is the United States, Russia and China. A player *accommodates* or *opposes* each of the two others, $s_{ij} \in \{0, 1\}$, so that each has $2 \times 2 = 4$ actions and there are $4^3 = 64$ profiles. Payoffs are billion US dollars a year.
#
# An action is a **best reply** to what the others do, $a_{-i}$, if none pays more:
#
# $$a_i \in B_i(a_{-i}) \iff U_i(a_i, a_{-i}) = \max_{b \in A_i} U_i(b, a_{-i}).$$
#
# A profile is a **Nash equilibrium** if every player's action is a best reply to the others': nobody gains by changing alone (Nash 1951).

# %%
payoffs = study.payoffs  # [player, action of the US, of Russia, of China]
assert payoffs.shape == (3, 4, 4, 4) and payoffs[0].size == 64

# %% [markdown]
# ## A slice: two players and a matrix
#
# Hold Washington at *contain both*. What is left is a game of two, and a game of two fits on paper: a row for each action of Russia, a column for each of China, in each cell both payoffs. Now work by hand:
#
# 1. In each **column** look for Russia's largest number and frame it. Russia moves up and down; its arrow points there.
# 2. In each **row** look for China's largest number and frame it. China moves left and right.
# 3. A cell that no arrow leaves, with both numbers framed, is an equilibrium of the slice.

# %%
import matplotlib.pyplot as plt

from triangle.showing.plots import action_text

names = [action_text(study.cast, 1, action) for action in range(4)]
russia, china = payoffs[1, 0], payoffs[2, 0]
red, blue = "#B03A2E", "#0072B2"
figure, axes = plt.subplots(figsize=(8.4, 5.0), dpi=100)
for row in range(4):
    for column in range(4):
        to_row, to_column = int(russia[:, column].argmax()), int(china[row].argmax())
        stays = (to_row == row) + (to_column == column)
        axes.add_patch(
            plt.Rectangle(
                (column - 0.5, row - 0.5), 1, 1, facecolor=["white", "#F3F3F3", "#FFE08A"][stays], edgecolor="#888"
            )
        )
        for text, shift, colour, best in (
            (f"RU {russia[row, column]:.0f}", -0.17, red, to_row == row),
            (f"CN {china[row, column]:,.0f}", 0.17, blue, to_column == column),
        ):
            frame = {"boxstyle": "square,pad=0.25", "facecolor": "white", "edgecolor": colour} if best else None
            axes.text(column, row + shift, text, color=colour, ha="center", va="center", fontsize=10, bbox=frame)
        if to_row != row:
            up = 1 if to_row > row else -1
            axes.annotate(
                "",
                (column + 0.45, row + 0.36 * up),
                (column + 0.45, row),
                arrowprops={"arrowstyle": "->", "color": red},
            )
        if to_column != column:
            right = 1 if to_column > column else -1
            axes.annotate(
                "",
                (column + 0.41 * right, row + 0.17),
                (column + 0.24 * right, row + 0.17),
                arrowprops={"arrowstyle": "->", "color": blue},
            )
axes.set(
    xlim=(-0.5, 3.5),
    ylim=(3.5, -0.5),
    xlabel="China",
    ylabel="Russia",
    title="Washington contains both: payoffs and best replies",
)
axes.set_xticks(range(4), names)
axes.set_yticks(range(4), names)
axes.tick_params(length=0, top=True, bottom=False, labeltop=True, labelbottom=False)

# %% [markdown]
# Two cells are coloured: both oppose each other, and both align. Check one column by hand. China aligns (second column); Russia's four numbers from top to bottom are these, and the largest stands beside *align*:

# %%
import pandas as pd

column = pd.Series(russia[:, 1].round(1), index=names, name="Russia's payoff, China aligning")
assert column.idxmax() == "align"
column.to_frame()

# %% [markdown]
# ## The third player
#
# Washington chooses too. Put the four slices side by side, one for each of its actions. Washington moves **from slice to slice**, staying in the same cell. In each cell count who would stay; where all three stay, the profile is an equilibrium of the whole game.

# %%
figure, panels = plt.subplots(1, 4, figsize=(10.5, 3.4), dpi=100, sharey=True, layout="constrained")
stable = []
for own, axes in enumerate(panels):
    for row in range(4):
        for column in range(4):
            who = [
                code
                for i, code in enumerate(study.cast.codes)
                if (own, row, column)[i] in study.replies(i, (own, row, column))
            ]
            if len(who) == 3:
                stable.append((own, row, column))
            shade = ["white", "#F3F3F3", "#DDE7F0", "#FFE08A"][len(who)]
            axes.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=shade, edgecolor="#888"))
            axes.text(column, row, "\n".join(who), ha="center", va="center", fontsize=7.5)
    axes.set(xlim=(-0.5, 3.5), ylim=(3.5, -0.5), xlabel="China")
    axes.set_title("US: " + action_text(study.cast, 0, own), fontsize=10)
    axes.set_xticks(range(4), names, rotation=40, ha="right", fontsize=8)
    axes.set_yticks(range(4), names, fontsize=8)
    axes.tick_params(length=0)
panels[0].set_ylabel("Russia")
figure.suptitle("Who would stay, in each of the 64 profiles")

answer = study.solve()
assert stable == [finding.profile for finding in answer.findings]

# %% [markdown]
# The two yellow cells are in the first slice. "US" stands in all cells of that slice and in no other: whatever the others do, Washington's best is to contain both. Such an action **strictly dominates**: $U_i(a_i, a_{-i}) > U_i(b, a_{-i})$ for all $a_{-i}$. The last line of the cell has compared our list with the solver's.

# %%
assert all(study.replies(0, (0, row, column)) == [0] for row in range(4) for column in range(4))
answer

# %% [markdown]
# ## What holds it in place
#
# The **margin** of an equilibrium is the smallest loss by a change alone, $m = \min_i \min_{b \ne a_i} \bigl(U_i(a) - U_i(b, a_{-i})\bigr)$. The package draws each player's payoff term by term, at the equilibrium and at the best thing it could do instead:

# %%
from triangle.showing.plots import payoff_plot

marriage = answer.agreement_proof[0]
assert marriage.margin == min(marriage.losses)
payoff_plot(study, marriage.profile)

# %% [markdown]
# ## Left together
#
# Cut the matrix down to two actions each, *oppose both* and *align*. Both corners of the diagonal are stable, and in the second both have more: a **stag hunt**. An **agreement** is a joint change by which both gain and which both would keep. The *trust* it needs is the probability of the other's keeping it above which one takes part.

# %%
small = [0, 1]
assert russia[0, 0] > russia[1, 0] and china[0, 0] > china[0, 1]  # nobody leaves mutual hostility alone
assert russia[1, 1] > russia[0, 0] and china[1, 1] > china[0, 0]  # both gain by leaving together
figure, axes = plt.subplots(figsize=(5.4, 3.2), dpi=100)
axes.plot([0, 1], [russia[0, 0], russia[0, 1]], color=red, linestyle="--", label="Russia opposes both")
axes.plot([0, 1], [russia[1, 0], russia[1, 1]], color=red, label="Russia aligns")
(agreement,) = answer.findings[0].agreements
axes.axvline(agreement.trusts[0], color="#555", linestyle=":", label="trust that Russia needs")
axes.set(
    xlabel="probability that China aligns",
    ylabel="Russia's expected payoff, bn USD/yr",
    title="Aligning pays from little trust on",
)
axes.legend(fontsize=8)
pd.DataFrame({"gain, bn USD/yr": agreement.gains, "trust needed": agreement.trusts}, index=study.cast.codes[1:]).round(
    3
)

# %% [markdown]
# The lines cross where Russia is indifferent. Both need little trust, so that mutual hostility is *not agreement-proof*: it is stable against one, not against two.
#
# ## Exercises
#
# 1. Hold Washington at *court Russia*. Find the equilibria of the slice by hand, from the third panel above.
# 2. Which actions of Russia survive when strictly dominated ones are struck out, again and again?
# 3. What can Russia guarantee itself, whatever the others do? For each of its actions take the smallest number, then the largest of these: the *security level* $\max_{a_i} \min_{a_{-i}} U_i$.
#
# ## Solutions

# %%
courted = triangle.load("baseline", hold={"US": "court_russia"})
assert [f.profile[1:] for f in courted.solve().findings] == [(0, 0), (1, 1)]
courted.solve()

# %% [markdown]
# 1: Cells in which both RU and CN stand: the same two as in the first slice. Courting alone moves neither.

# %%
kept = [[names[a] for a in study.surviving[1]], [names[a] for a in study.surviving[2]]]
assert study.surviving == [[0], [0, 1], [0, 1]]
guaranteed = max(payoffs[1, :, action, :].min() for action in range(4))
assert abs(guaranteed - study.security[1]) < 1e-9
pd.DataFrame({"action": names, "the least it pays": [payoffs[1, :, a, :].min() for a in range(4)]}).round(1)

# %% [markdown]
# 2: *oppose both* and *align*, for China as well; Washington keeps *contain both* alone. 3: the largest number of the table.
#
# ## What was learnt
#
# * Equilibria of a finite game are found by framing best replies; sixty-four cells can be done by hand.
# * Washington has a dominant action here, so that the question is one of Russia and China: a stag hunt.
# * Stable against one and stable against two are different claims, and the package reports both.
#
# ## References

# %%
from IPython.display import Markdown

from triangle.evidence.literature import literature

works = literature()
Markdown(
    "\n".join(
        f"- {works[key]}" for key in ("nash_1951", "luce_raiffa_1957", "bernheim_peleg_whinston_1987", "dittmer_1981")
    )
)
