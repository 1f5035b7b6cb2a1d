"""The sums of an SSDA903 return a second way: where every child is, night after night."""

from collections import Counter
from datetime import timedelta

from tests.reference.demand_reference import years_old

BANDS = ((1, "under-1"), (5, "1-to-4"), (10, "5-to-9"), (16, "10-to-15"), (18, "16-to-17"))


def band_at(birth, day):
    """The age band by whole years."""
    return next(code for below, code in BANDS if years_old(birth, day) < below)


def rung_at(child, night):
    """The rung of a (birth, episodes) child on a night: the last episode begun that has not ended; none from 18 on."""
    birth, episodes = child
    if years_old(birth, night) >= 18:
        return None
    begun = [episode for episode in episodes if episode["start"] <= night]
    if not begun:
        return None
    last = begun[-1]
    return None if last["end"] is not None and last["end"] <= night else last["rung"]


def walked(children, start_on, end_on):
    """at_start, at_end, starters, leavers, moves and child-days as Counters. Episodes in order, by start."""
    found = {name: Counter() for name in ("at_start", "at_end", "starters", "leavers", "moves", "child_days")}
    for child in children:
        birth = child[0]
        opening = start_on - timedelta(days=1)
        before = rung_at(child, opening)
        if before:
            found["at_start"][band_at(birth, opening), before] += 1
        night = start_on
        while night <= end_on:
            now, eve = rung_at(child, night), night - timedelta(days=1)
            if now:
                found["child_days"][band_at(birth, night), now] += 1
            if now and not before:
                found["starters"][band_at(birth, night), now] += 1
            if before and not now:
                found["leavers"][band_at(birth, eve), before] += 1
            if before and now and before != now:
                found["moves"][band_at(birth, eve), before, now] += 1
            before, night = now, night + timedelta(days=1)
        if before:
            found["at_end"][band_at(birth, end_on), before] += 1
    return found
