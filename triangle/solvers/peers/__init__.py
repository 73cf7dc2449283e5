"""Other people's solvers, each in a process of its own, and the comparison of their answers with ours."""
