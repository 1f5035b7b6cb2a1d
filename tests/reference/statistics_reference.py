"""Wilson's interval from its definition, in floats: the shares that a score test would not reject, found by halving."""

from math import sqrt

import pandas


def score(share, numerator, denominator):
    """How many standard errors the observed share lies from a supposed one."""
    spread = sqrt(share * (1 - share) / denominator)
    gap = abs(numerator / denominator - share)
    return gap / spread if spread else (0.0 if gap == 0 else float("inf"))


def _halve(inside, beyond, numerator, denominator, z):
    for _ in range(200):
        middle = (inside + beyond) / 2
        if score(middle, numerator, denominator) <= z:
            inside = middle
        else:
            beyond = middle
    return inside


def wilson(numerator, denominator, z):
    """(low, high) as floats."""
    share = numerator / denominator
    low = 0.0 if numerator == 0 else _halve(share, 0.0, numerator, denominator, z)
    high = 1.0 if numerator == denominator else _halve(share, 1.0, numerator, denominator, z)
    return low, high


def pooled(rows):
    """The pooled ratio of (numerator, denominator) rows by pandas: the sums, then one division."""
    sums = pandas.DataFrame(rows, columns=["numerator", "denominator"]).sum()
    return float(sums["numerator"] / sums["denominator"])
