"""What we claim: parameters and what stands behind them, payoff terms, payoffs, configurations."""
