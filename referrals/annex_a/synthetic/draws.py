"""Chances and days for a synthetic Annex A: one seeded source of chance, and working days counted both ways."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from indicators.working_days import ENGLAND, add_working_days
from referrals.annex_a.codes import CODES
from referrals.annex_a.rules import window_start
from referrals.annex_a.spec import Value

Cells = dict[str, Value]

# code -> weight, by list of codes
Weights = Mapping[str, int]

GENDERS: Weights = {"male": 510, "female": 480, "not-stated": 8, "neither": 2}
ETHNICITIES: Weights = {
    "WBRI": 820, "WOTH": 55, "WROM": 10, "WIRT": 5, "MWBC": 12, "MWAS": 10, "MWBA": 6, "MOTH": 12, "APKN": 12,
    "AIND": 4, "AOTH": 8, "BAFR": 12, "BCRB": 4, "BOTH": 4, "CHNE": 1, "OOTH": 12, "NOBT": 10, "REFU": 3,
}  # fmt: skip
SOURCES: Weights = {
    "6": 34, "2A": 17, "1A": 10, "3E": 6, "3F": 5, "3B": 4, "3A": 2, "3D": 2, "5A": 5, "5B": 4, "5C": 2, "7": 3,
    "4": 2, "2B": 2, "8": 4, "9": 2, "1B": 1, "1C": 1, "1D": 1, "10": 1,
}  # fmt: skip
NEEDS: Weights = {"N1": 60, "N2": 8, "N3": 4, "N4": 8, "N5": 13, "N6": 3, "N7": 1, "N8": 2, "N9": 1, "N0": 2}
# Working days, 2024: Department for Education, Characteristics of children in need, assessments by duration.
ASSESSMENT_LENGTHS: Mapping[tuple[int, int], int] = {
    (0, 0): 130, (1, 10): 948, (11, 20): 1092, (21, 30): 1132, (31, 40): 908, (41, 45): 381, (46, 50): 274,
    (51, 60): 315, (61, 80): 486,
}  # fmt: skip
CONFERENCE_WAITS: Mapping[tuple[int, int], int] = {(4, 10): 30, (11, 13): 36, (14, 15): 28, (16, 20): 4, (21, 30): 2}
# Children with a child in need plan by days open, and the unknown: report 003 §28.
NEED_LENGTHS: Mapping[tuple[int, int], int] = {
    (1, 90): 289, (91, 181): 230, (182, 364): 292, (365, 729): 152, (730, 2200): 68,
}  # fmt: skip
UNKNOWN_NEED_STARTS = (324, 1355)


def text_of(codes: str, code: str) -> str:
    """The official text of a code, as it stands in a list."""
    return _TEXTS[codes][code]


_TEXTS = {name: {code.code: code.text for code in codes} for name, codes in CODES.items()}


@dataclass
class Draws:
    """What chance decides. `reference`: the last day; `first`: the first day of the six months."""

    random: Random
    reference: date
    first: date

    @classmethod
    def of(cls, seed: int, reference: date) -> "Draws":
        """The same seed gives the same draws."""
        return cls(Random(seed), reference, window_start(reference))  # noqa: S311

    def chance(self, in_thousand: int) -> bool:
        """Yes in so many of a thousand cases."""
        return self.random.randrange(1000) < in_thousand

    def number(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(least, most)

    def weighted(self, weights: Mapping[str, int]) -> str:
        """One of the keys by its weight."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def banded(self, bands: Mapping[tuple[int, int], int]) -> int:
        """A number out of one of the bands, the band by its weight."""
        least, most = self.random.choices(list(bands), list(bands.values()))[0]
        return self.number(least, most)

    def code(self, codes: str, weights: Weights) -> str:
        """The official text of a code drawn by weight."""
        return text_of(codes, self.weighted(weights))

    def yes(self, in_thousand: int) -> str:
        """ "a) Yes" or "b) No"."""
        return text_of("yes_no", "yes" if self.chance(in_thousand) else "no")

    def one(self, choices: Sequence[str]) -> str:
        """One of several texts."""
        return choices[self.random.randrange(len(choices))]

    def in_window(self) -> date:
        """A working day of the six months."""
        day = self.worked(self.first + timedelta(days=self.number(0, (self.reference - self.first).days)))
        return day if day >= self.first else add_working_days(day, 1)

    def ago(self, least: int, most: int) -> date:
        """A working day so many days before the reference date, both ends included where they are worked."""
        return self.worked(self.reference - timedelta(days=self.number(least, most)))

    def worked(self, day: date) -> date:
        """The day itself, or the last working day before it; days before the calendar as they are."""
        if day < ENGLAND.first + timedelta(days=7):
            return day - timedelta(days=max(0, day.weekday() - 4))
        return working_before(day, 0)


def working_before(day: date, n: int) -> date:
    """The last day from which the day is n working days later; with 0 the day itself or the last worked before it."""
    days = ENGLAND.working_days
    place = bisect_left(days, day + timedelta(days=1)) - 1 - n
    return days[max(0, place)]


def working_after(day: date, n: int) -> date:
    """The n-th working day after the day."""
    return add_working_days(day, n)


def yes_no(answer: bool) -> str:
    """ "a) Yes" or "b) No"."""
    return text_of("yes_no", "yes" if answer else "no")
