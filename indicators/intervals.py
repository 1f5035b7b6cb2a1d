"""How far chance alone could move a share: Wilson's interval for one, Newcombe's method 10 for a difference.

Shares here are 0 to 1. Wilson (1927) in the form used by the Office for Health Improvement and Disparities
(PHEindicatormethods); Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
"""

from decimal import Decimal, localcontext
from functools import lru_cache

from indicators.units import WIDE, EmptyCohort

Z95 = Decimal("1.959963984540054")
Z998 = Decimal("3.090232306167814")


@lru_cache(maxsize=256)
def wilson(numerator: Decimal | int, denominator: Decimal | int, z: Decimal = Z95) -> tuple[Decimal, Decimal]:
    """The interval (low, high) of the share numerator / denominator, within 0 to 1 and always around the share. Kept
    for a while: the figures of a course are each compared with those before and after.

    Raises EmptyCohort for a denominator of 0, ValueError for a numerator outside 0 to the denominator.
    """
    x, n = Decimal(numerator), Decimal(denominator)
    if not (x.is_finite() and n.is_finite()) or n < 0 or x < 0 or (n > 0 and x > n):
        raise ValueError(f"{x} of {n} is not a share.")
    if n == 0:
        raise EmptyCohort("Nobody is in the cohort, so there is no share.")
    with localcontext(WIDE):
        middle = 2 * x + z * z
        reach = z * (z * z + 4 * x * (1 - x / n)).sqrt()
        width = 2 * (n + z * z)
        low = Decimal(0) if x == 0 else (middle - reach) / width
        high = Decimal(1) if x == n else (middle + reach) / width
    return low, high


def newcombe_difference(
    x1: Decimal | int, n1: Decimal | int, x2: Decimal | int, n2: Decimal | int, z: Decimal = Z95
) -> tuple[Decimal, Decimal]:
    """The interval (low, high) of x1/n1 − x2/n2 for two independent groups, within −1 to 1; raises as `wilson`."""
    low1, high1 = wilson(x1, n1, z)
    low2, high2 = wilson(x2, n2, z)
    with localcontext(WIDE):
        p1, p2 = Decimal(x1) / Decimal(n1), Decimal(x2) / Decimal(n2)
        difference = p1 - p2
        down = ((p1 - low1) ** 2 + (high2 - p2) ** 2).sqrt()
        up = ((high1 - p1) ** 2 + (p2 - low2) ** 2).sqrt()
        return difference - down, difference + up


def is_above(x1: Decimal | int, n1: Decimal | int, x2: Decimal | int, n2: Decimal | int, z: Decimal = Z95) -> bool:
    """Whether the interval of x1/n1 − x2/n2 lies wholly above 0: what `newcombe_difference` says, without its roots.
    Raises as `wilson`."""
    low1, _ = wilson(x1, n1, z)
    _, high2 = wilson(x2, n2, z)
    with localcontext(WIDE):
        p1, p2 = Decimal(x1) / Decimal(n1), Decimal(x2) / Decimal(n2)
        if p1 <= p2:
            return False
        apart, down1, up2 = p1 - p2, p1 - low1, high2 - p2
        return apart * apart > down1 * down1 + up2 * up2
