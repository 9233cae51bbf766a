"""Does what was counted fit what was promised?"""

# The chi-square value that chance exceeds once in a million, by degrees of freedom.
ONE_IN_A_MILLION = {1: 23.93, 2: 27.63, 3: 30.66, 4: 33.38, 5: 35.89, 15: 56.49}


def chi_square(counts, weights):
    """How far `counts` are from what `weights` promise; both are dictionaries with the same keys."""
    total, scale = sum(counts.values()), sum(weights.values())
    return sum((counts.get(key, 0) - total * weight / scale) ** 2 / (total * weight / scale)
               for key, weight in weights.items())


def assert_fits(counts, weights):
    assert set(counts) <= set(weights), counts
    assert chi_square(counts, weights) < ONE_IN_A_MILLION[len(weights) - 1], counts
