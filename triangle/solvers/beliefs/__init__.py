"""Perfect Bayesian equilibria of games in extensive form: enumeration, certificate, refinements."""
