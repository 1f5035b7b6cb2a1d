"""How few more or fewer change a rating, found by trying one after the other with the second judge."""

from fractions import Fraction

from tests.reference import judge_reference


def nearest(start, value_of, standard, *, lowest, highest, most):
    """{"more": (number, rating), "fewer": (number, rating)} of the first change each way; without one the way is left
    out. `value_of` gives the value for a number of steps from `start`; `standard` is what `judge_reference.judge`
    takes before the value."""
    now = judge_reference.judge(*standard, Fraction(value_of(start)))
    found = {}
    for way, sign in (("more", 1), ("fewer", -1)):
        for number in range(1, most + 1):
            moved = start + sign * number
            if (lowest is not None and moved < lowest) or (highest is not None and moved > highest):
                break
            rating = judge_reference.judge(*standard, Fraction(value_of(moved)))
            if rating != now:
                found[way] = (number, rating)
                break
    return found
