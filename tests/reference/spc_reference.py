"""A second way to the XmR chart, in fractions and by looking at every point alone."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

LIMIT, SCREEN = Fraction(266, 100), Fraction(3267, 1000)


def groups(values: Sequence[Any], rebase: Sequence[int]) -> list[list[int]]:
    """The places of each group."""
    found: list[list[int]] = [[]]
    for place in range(len(values)):
        if place in rebase:
            found.append([])
        found[-1].append(place)
    return found


def limits(values: list[Fraction], *, screen: bool) -> tuple[Fraction, Fraction | None]:
    """Mean and average moving range."""
    mean = sum(values, Fraction(0)) / len(values)
    ranges = [max(a, b) - min(a, b) for a, b in pairwise(values)]
    if not ranges:
        return mean, None
    average = sum(ranges, Fraction(0)) / len(ranges)
    if screen:
        ranges = [one for one in ranges if one < SCREEN * average]
        if not ranges:
            return mean, None
        average = sum(ranges, Fraction(0)) / len(ranges)
    return mean, average


def causes(values: Sequence[Fraction], *, rebase: Sequence[int], screen: bool, newer: bool) -> list[str]:
    """The label of each point."""
    said = [""] * len(values)
    for places in groups(values, rebase):
        own = [values[place] for place in places]
        mean, average = limits(own, screen=screen)
        for at, place in enumerate(places):
            said[place] = cause(own, at, mean, average, newer)
    return said


def cause(own: list[Fraction], at: int, mean: Fraction, average: Fraction | None, newer: bool) -> str:
    """The label of the point at a place of its group."""
    up = down = near_up = near_down = None
    if average is not None:
        up, down = mean + LIMIT * average, mean - LIMIT * average
        near_up, near_down = mean + LIMIT * 2 / 3 * average, mean - LIMIT * 2 / 3 * average
        if own[at] > up:
            return "Above UCL"
        if own[at] < down:
            return "Below LCL"
    for start in range(at, at - 7, -1):  # the later window first
        if start >= 0 and start + 7 <= len(own):
            window = own[start : start + 7]
            if all(window[k] < window[k + 1] for k in range(6)):
                return "7 Point Trend (Increasing)"
            if all(window[k] > window[k + 1] for k in range(6)):
                return "7 Point Trend (Decreasing)"
    if near_up is not None and near_down is not None and up is not None and down is not None:
        for start in range(at - 2, at + 1):
            window = own[start : start + 3] if start >= 0 and start + 3 <= len(own) else []
            if not window:
                continue
            above = [near_up < x and (newer or x <= up) for x in window]
            below = [x < near_down and (newer or x >= down) for x in window]
            if min(window) > mean and sum(above) >= 2 and above[at - start]:
                return "2 in 3 Above CL"
            if max(window) < mean and sum(below) >= 2 and below[at - start]:
                return "2 in 3 Below CL"
    for start in range(at - 6, at + 1):
        window = own[start : start + 7] if start >= 0 and start + 7 <= len(own) else []
        if window and min(window) > mean:
            return "7 Points Above CL"
        if window and max(window) < mean:
            return "7 Points Below CL"
    return "Common Cause"
