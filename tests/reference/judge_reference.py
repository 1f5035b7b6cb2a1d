"""A second judge, written apart from the first: fractions instead of decimals, and one scale of "how far on the worse
side" instead of ranges. Limits (<4) are judged by trying many values instead of by the boundaries."""

from fractions import Fraction


def badness(polarity, target, band, value):
    """How far the value lies on the worse side; 0 or less is better than target."""
    distance = Fraction(value) - Fraction(target)
    if polarity == "higher":
        return -distance
    if polarity == "lower":
        return distance
    return abs(distance) - Fraction(band)


def room(polarity, target, kind, tolerance, band):
    """How much of it the tolerance allows; None without a tolerance."""
    if kind == "none":
        return None
    if kind == "points":
        return Fraction(tolerance)
    if kind == "relative":
        return abs(Fraction(target)) * Fraction(tolerance) / 100
    if polarity == "band":
        return Fraction(tolerance) - Fraction(band)
    return abs(Fraction(tolerance) - Fraction(target))


def judge(polarity, target, kind, tolerance, band, value):
    """better, within or outside."""
    bad = badness(polarity, target, band, value)
    if bad <= 0:
        return "better"
    allowed = room(polarity, target, kind, tolerance, band)
    return "within" if allowed is not None and bad <= allowed else "outside"


def judge_all(polarity, target, kind, tolerance, band, values):
    """Every class that occurs among the values."""
    return {judge(polarity, target, kind, tolerance, band, value) for value in values}


def tried_values(low, high, landmarks):
    """Values strictly between low and high, close around every landmark and spread over the rest."""
    low, high = Fraction(low), Fraction(high)
    hair = Fraction(1, 10**9)
    near = {Fraction(mark) + shift for mark in landmarks for shift in (-hair, 0, hair)}
    near |= {low + hair, high - hair} | {low + (high - low) * step / 97 for step in range(1, 97)}
    return [value for value in near if low < value < high]
