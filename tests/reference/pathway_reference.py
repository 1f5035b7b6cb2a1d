"""The graph of the pathway a second way: reachability by repeated closure, flows by plain sums of a table of rows."""

from fractions import Fraction


def reachable(stages, links):
    """Every stage that a chain of links joins to an entry, by going over all links until nothing is added."""
    there = {stage.code for stage in stages if stage.is_entry}
    while True:
        more = {link.target for link in links if link.source in there} - there
        if not more:
            return there
        there |= more


def into(flows, code, unit):
    """What all drawn flows bring to a stage."""
    return sum(flow.number for flow in flows if flow.target == code and flow.unit is unit)


def out_of(flows, code, unit):
    """What all flows take from a stage."""
    return sum(flow.number for flow in flows if flow.source == code and flow.unit is unit)


def per_hundred(top, bottom):
    """A rate as an exact fraction of 100."""
    return Fraction(top) * 100 / Fraction(bottom)
