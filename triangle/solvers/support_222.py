import numpy as np
from triangle.solvers.support_batch import Listed
def list_equilibria_222(scaled, tolerance):
    return Listed.empty(6), np.arange(scaled.shape[-1])
