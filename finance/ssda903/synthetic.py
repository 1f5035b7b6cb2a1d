"""Makes a header and episodes of an SSDA903 return from a seed. No child in it exists, and every row says so.

The shape is that of an authority like Doncaster in March 2022 (592 children in care): most in foster care, about one in
ten out of authority. With `dirt` codes, dates and identifiers are spoiled as in real files. The same seed, size, days
and dirt give the same bytes.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from finance.ages import LAST_BIRTHDAY, birthday, youngest_of
from finance.ssda903.reading import COLUMNS, EPISODES, HEADER

T = TypeVar("T")

_THOUSAND = 1_000
_DAYS_BEFORE = 4 * 365
# Place, provider and weight.
_PLACES: Mapping[tuple[str, str], int] = {
    ("U6", "PR1"): 390, ("U4", "PR4"): 250, ("U1", "PR1"): 60, ("K2", "PR4"): 85, ("K2", "PR1"): 25, ("R3", "PR4"): 10,
    ("H5", "PR4"): 50, ("P2", "PR4"): 20, ("P1", "PR0"): 70, ("A5", "PR1"): 25, ("R5", "PR2"): 5, ("Z1", "PR3"): 10,
}  # fmt: skip
_OLDER = frozenset({"H5", "P2"})
_YOUNGER = frozenset({"R3", "A5"})
_LEAVES: Mapping[str, int] = {
    "E4A": 240, "E4": 60, "E11": 60, "E12": 60, "E43": 60, "E45": 120, "E41": 50, "E5": 60, "E3": 20, "E8": 150,
}  # fmt: skip
# By the place of the cell in a row.
_SPOILED: Mapping[int, Sequence[str]] = {
    0: ("",), 1: ("soon", "31/06/2021", ""), 5: ("Q9", "foster care", ""), 6: ("", "PR9", "own"),
    7: ("01/01/1999", "tbc"), 8: ("E99", "?", ""),
}  # fmt: skip
_ETHNIC: Mapping[str, int] = {"WBRI": 820, "WOTH": 60, "MWBC": 30, "APKN": 30, "BAFR": 30, "OOTH": 30}
_LEGAL: Mapping[str, int] = {"C2": 500, "C1": 250, "V2": 200, "E1": 50}


@dataclass(frozen=True)
class Return:
    """The two files, and how many episodes there are."""

    header: bytes
    episodes: bytes
    rows: int


def synthetic_return(seed: int, children: int, first: date, last: date, dirt: int = 0) -> Return:
    """A return of so many children in care on some night from `first` to `last`; `dirt` in thousandths."""
    if last < first:
        raise ValueError("The last day must not be before the first.")
    draws = Random(seed)  # noqa: S311
    heads: list[list[str]] = []
    bodies: list[list[str]] = []
    for number in range(1, children + 1):
        birth, stays = _child(draws, first, last)
        name = f"SYN{number:06d}"
        sex, ethnic, mother = str(draws.randint(1, 2)), _one(draws, _ETHNIC), "0" if draws.randrange(2) else ""
        heads.append([name, sex, _day(birth), ethnic, f"SYNTHETIC{number:04d}", mother, ""])
        bodies += [[name, *row] for row in stays]
    for row in heads:
        _spoil_head(draws, row, dirt)
    for row in bodies:
        _spoil(draws, row, dirt)
    return Return(_written(HEADER, heads), _written(EPISODES, bodies), len(bodies))


def _child(draws: Random, first: date, last: date) -> tuple[date, list[list[str]]]:
    """A day of birth and the episodes of a child who is in care on some night of the days."""
    days = (last - first).days
    is_new = draws.randrange(_THOUSAND) < 220
    begin = first + timedelta(days=draws.randint(0, days)) if is_new else first - timedelta(
        days=draws.randint(1, _DAYS_BEFORE)
    )  # fmt: skip
    there = max(begin, first)
    oldest = youngest_of(there, LAST_BIRTHDAY) + timedelta(days=1)
    birth = oldest + timedelta(days=draws.randint(0, (begin - oldest).days)) if begin > oldest else begin
    left = min(birthday(birth, LAST_BIRTHDAY), last + timedelta(days=1))
    if draws.randrange(_THOUSAND) < 180 and there < last:
        left = min(left, there + timedelta(days=draws.randint(1, (last - there).days)))
    return birth, list(_episodes(draws, birth, begin, left, last))


def _episodes(draws: Random, birth: date, begin: date, left: date, last: date) -> Iterable[list[str]]:
    """The episodes from the first day to the last, each with where the next begins; open where care goes on."""
    start, new, before = begin, "S", ("", "")
    while True:
        place = _place(draws, birth, start) if before == ("", "") or not draws.randrange(3) else before
        length = draws.choice((20, 45, 90, 150, 240, 365, 500)) + draws.randint(0, 40)
        end = min(start + timedelta(days=length), left)
        is_last = end >= left
        turns_18 = is_last and left == birthday(birth, LAST_BIRTHDAY)
        reason = "X1" if not is_last else "E15" if turns_18 else _one(draws, _LEAVES)
        is_open = is_last and left > last
        why = "PLANTRANS" if not is_last and place != before else ""
        ended = ("", "") if is_open else (_day(end), reason)
        own = f"SC{draws.randrange(10**6):06d}"
        yield [_day(start), new, _one(draws, _LEGAL), "N1", *place, *ended, why, "ZZ1 1ZZ", "ZZ9 9ZZ", own]
        if is_last:
            return
        start, new, before = end, "P", place


def _place(draws: Random, birth: date, day: date) -> tuple[str, str]:
    age = day.year - birth.year
    fit = {
        place: weight
        for place, weight in _PLACES.items()
        if not (place[0] in _OLDER and age < 16) and not (place[0] in _YOUNGER and age > 4)
    }
    return _one(draws, fit)


def _spoil_head(draws: Random, row: list[str], dirt: int) -> None:
    if draws.randrange(_THOUSAND) < dirt // 12:
        row[2] = draws.choice(("", "unknown", "31/02/2010", "2010"))


def _spoil(draws: Random, row: list[str], dirt: int) -> None:
    """Spoils one cell of some rows: a date, a code, the provider, or the child."""
    if draws.randrange(_THOUSAND) >= dirt // 4:
        return
    place = draws.choice((1, 1, 5, 5, 6, 7, 8, 0))
    row[place] = draws.choice(_SPOILED[place])


def _one(draws: Random, weights: Mapping[T, int]) -> T:
    """One of the keys by its weight."""
    return draws.choices(list(weights), list(weights.values()))[0]


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _written(file: str, rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS[file])
    writer.writerows(rows)
    return out.getvalue().encode()
