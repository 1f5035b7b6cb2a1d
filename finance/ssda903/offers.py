"""What the sums of an SSDA903 return can put into a return of the care ladder: placements at the end, begun and ended
by rung, group and way, and nights.

What the file cannot tell is not offered: whether special guardianship broke down, what a named service took over, and
rungs outside care. Whoever has no rung in the file is in none of these figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from finance.ssda903.answer import Sums
from finance.ssda903.codes import NOT_REPORTED, REASON_NOT_STATED, TURNED_18
from finance.ssda903.names import RUNG_NAMES

AT_END, STARTED, ENDED, NIGHTS = "placements-at-end", "placements-started", "placements-ended", "care-nights"
NEW_TO_CARE, NOT_STATED = "new-to-care", "not-stated"
# Categories of went-to by the ways that they take together.
WENT_TO = {
    "special-guardianship": ("special-guardianship",),
    TURNED_18: (TURNED_18,),
    "returned-to-family": ("returned-to-family",),
    "left-otherwise": ("adopted", "child-arrangements", "independent-living", "another-authority", "other-reason"),
}
IN_GROUP = "Moves between rungs of the group are not counted."
MOVED_TOO = "Children who came from another rung are counted too."
LEFT_TOO = "Children who went to another rung are counted too."
NEW = "Whether special guardianship broke down before is not told in the file, so those children are among them."
OTHERWISE = "Adoption, child arrangements, independent living, another authority and other reasons together."


@dataclass(frozen=True)
class Offer:
    """A number for the series of an indicator and a slice, and what to know of it."""

    indicator: str
    slice: str
    number: int
    note: str = ""


def offers(sums: Sums, groups: Mapping[str, str]) -> dict[tuple[str, str], Offer]:
    """Every number that can be offered, by indicator and slice. `groups`: the group of each rung that is in one."""
    places: dict[str, tuple[str, ...]] = {f"rung={rung}": (rung,) for rung in RUNG_NAMES if rung != NOT_REPORTED}
    for group in dict.fromkeys(groups.values()):
        members = tuple(rung for rung, of in groups.items() if of == group and rung in RUNG_NAMES)
        if members:
            places[f"rung-group={group}"] = members
    made = [offer for place, rungs in places.items() for offer in _of_place(sums, place, rungs)]
    return {(offer.indicator, offer.slice): offer for offer in made}


def _of_place(sums: Sums, place: str, rungs: tuple[str, ...]) -> Iterable[Offer]:
    is_group, others = len(rungs) > 1, [rung for rung in RUNG_NAMES if rung not in rungs]
    came = sum(sums.total("starters", rung=rung) for rung in rungs)
    left = {way: sum(sums.total("leavers", rung=r, third=way) for r in rungs) for _, _, way in sums.leavers}
    moved_in = {other: _moved(sums, [other], rungs) for other in others}
    moved_out = {other: _moved(sums, rungs, [other]) for other in others}
    yield Offer(AT_END, place, sum(sums.total("at_end", rung=rung) for rung in rungs))
    yield Offer(NIGHTS, place, sum(sums.total("nights", rung=rung) for rung in rungs))
    yield Offer(STARTED, place, came + sum(moved_in.values()), IN_GROUP if is_group else MOVED_TOO)
    yield Offer(ENDED, place, sum(left.values()) + sum(moved_out.values()), IN_GROUP if is_group else LEFT_TOO)
    yield Offer(STARTED, f"came-from={NEW_TO_CARE}|{place}", came, NEW)
    for other, number in moved_in.items():
        yield Offer(STARTED, f"came-from={_category(other)}|{place}", number)
    for category, ways in WENT_TO.items():
        note = OTHERWISE if len(ways) > 1 else ""
        yield Offer(ENDED, f"{place}|went-to={category}", sum(left.get(way, 0) for way in ways), note)
    for other, number in moved_out.items():
        if other != NOT_REPORTED:
            yield Offer(ENDED, f"{place}|went-to={other}", number)
    unknown = left.get(REASON_NOT_STATED, 0) + moved_out.get(NOT_REPORTED, 0)
    yield Offer(ENDED, f"{place}|went-to={NOT_STATED}", unknown)


def _category(rung: str) -> str:
    return NOT_STATED if rung == NOT_REPORTED else rung


def _moved(sums: Sums, begun: Iterable[str], ended: Iterable[str]) -> int:
    ends = list(ended)
    return sum(sums.total("moves", rung=begin, third=end) for begin in begun for end in ends)
