"""Every measure of Annex A a second time, with pandas, from the words of the measures; working days by numpy.

A measure is a list, steps that keep rows, steps that count some of them, and what is done once for each child or
family. A step is two masks: for which rows it holds, and for which it cannot be said (those are left out).
"""

import csv
import math
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from referrals.annex_a.spec import LISTS

_DAYS_OFF = Path(__file__).parents[1] / "data" / "calendar" / "england_bank_holidays.csv"
with _DAYS_OFF.open(encoding="utf-8") as _file:
    HOLIDAYS = np.array([row["date"] for row in csv.DictReader(_file)], dtype="datetime64[D]")
FIRST, LAST = np.datetime64("2009-01-01"), np.datetime64("2028-12-31")
CHILD, FAMILY = "child_unique_id", "family_identifier"


def frame(rows, columns, kinds):
    """The rows of one list with days as days, numbers as numbers and texts as texts."""
    data = {}
    for key in columns:
        values = [row.get(key) for row in rows]
        if kinds[key] == "date":
            data[key] = pd.Series(np.array([v if isinstance(v, date) else None for v in values], dtype="datetime64[D]"))
        elif kinds[key] == "whole":
            data[key] = pd.Series([v if isinstance(v, int) else None for v in values], dtype="Int64")
        else:
            data[key] = pd.Series([v if isinstance(v, str) else "" for v in values], dtype=object)
    return pd.DataFrame(data, index=range(len(rows)))


def working_days(start, end):
    """Working days after the first up to the second; NaN where one is missing, outside the calendar or reversed."""
    first, last = start.to_numpy().astype("datetime64[D]"), end.to_numpy().astype("datetime64[D]")
    good = ~np.isnat(first) & ~np.isnat(last)
    good[good] = (first[good] >= FIRST) & (last[good] <= LAST) & (first[good] <= last[good])
    found = np.full(len(first), np.nan)
    found[good] = np.busday_count(first[good] + 1, last[good] + 1, holidays=HOLIDAYS)
    return pd.Series(found)


def days(start, end, *, both=0):
    """Days from the first to the second; NaN where one is missing or they are reversed."""
    found = (end - start).dt.days.astype(float)
    return found.where(found >= 0) + both


class Reference:
    """All lists of a file, as at a day and for a period."""

    def __init__(self, lists, reference, start, end):
        self.day, self.start, self.end = pd.Timestamp(reference), pd.Timestamp(start), pd.Timestamp(end)
        kinds = {spec.number: {column.key: column.kind for column in spec.columns} for spec in LISTS}
        self.frames = {
            data.number: frame(data.rows, data.columns_found, kinds[data.number]) for data in lists
        }  # fmt: skip

    # Steps

    def column(self, number, key):
        return self.frames[number][key]

    def today(self, number):
        return pd.Series(self.day, index=self.frames[number].index).astype("datetime64[s]")

    def event(self, number, key, *, needed):
        on = self.column(number, key)
        return on.between(self.start, self.end), on.isna() if needed else on.isna() & False

    def here(self, number, key):
        on = self.column(number, key)
        return on.notna() & (on <= self.day), on.isna() & False

    def not_here(self, number, key):
        yes, never = self.here(number, key)
        return ~yes, never

    def running(self, number, start, end, *, unknown=False):
        begun, over = self.column(number, start), self.column(number, end)
        gone = over.notna() & (over <= self.day)
        holds = ~gone & ((begun <= self.day) | (begun.isna() & unknown))
        return holds, ~gone & begun.isna() & (not unknown)

    def yes(self, number, key):
        said = self.column(number, key)
        return said == "yes", ~said.isin(["yes", "no"])

    def code(self, number, key, *codes, unsaid=False):
        said = self.column(number, key)
        return said.isin(codes), said.isin(["", "unknown", "not-stated"]) & unsaid

    def not_code(self, number, key, *codes):
        said = self.column(number, key)
        return ~said.isin(codes), said.isna() & False

    def out(self, number, key, *codes):
        said = self.column(number, key)
        return said.notna(), said.isin(codes)

    def said(self, number, key):
        said = self.column(number, key)
        return said.notna(), said.eq("")

    def least(self, number, key, least):
        value = self.column(number, key)
        return (value >= least).fillna(False).astype(bool), value.isna()

    def took(self, span, least=0, most=math.inf):
        return span.between(least, most), span.isna()

    def months(self, number, key, months):
        """At most so many months before the day."""
        on = self.column(number, key)
        return on.notna() & (on <= self.day) & (on + pd.DateOffset(months=months) >= self.day), on.isna() & False

    def age(self, number):
        """Years at the reference date by the date of birth, else as given; −1 before birth."""
        born = self.column(number, "date_of_birth")
        early = (born.dt.month > self.day.month) | ((born.dt.month == self.day.month) & (born.dt.day > self.day.day))
        years = (self.day.year - born.dt.year - early).where(born <= self.day, -1).where(born.notna())
        if "age_of_child_years" in self.frames[number]:
            years = years.fillna(self.column(number, "age_of_child_years").astype("Float64").astype(float))
        return years.astype(float)

    def aged(self, number, least, most):
        years = self.age(number)
        return years.between(least, most), years.isna()

    # Spans

    def span(self, number, start, end=None, *, working=False, both=0):
        until = self.today(number) if end is None else self.column(number, end)
        begun = self.column(number, start)
        return working_days(begun, until) if working else days(begun, until, both=both)

    def again(self, number, start, last, *, first, later):
        """Whether the last was in time (by `later`) or, where there was none, whether the first is late already."""
        done, begun, today = self.column(number, last), self.column(number, start), self.today(number)
        done = done.where(done <= self.day)
        in_time = done + later >= today
        if isinstance(first, int):
            since = working_days(begun, today)
            first_late, unknown = since > first, since.isna() & (begun <= today)
        else:
            first_late, unknown = begun + first < today, begun.isna() & False
        none = done.isna()
        return pd.DataFrame({
            "good": ~none & in_time,
            "late": (~none & ~in_time) | (none & begun.notna() & first_late),
            "unsaid": none & (begun.isna() | unknown),
        })  # fmt: skip

    def on_time(self, state):
        return state["good"], ~state["good"] & ~state["late"]

    def overdue(self, state):
        return state["late"], state["unsaid"]

    # Answers

    def sift(self, number, keep, once=None):
        """Which rows stay, and how many were left out."""
        alive, left = pd.Series(True, index=self.frames[number].index), 0
        for holds, unsaid in keep:
            left += int((alive & unsaid).sum())
            alive &= holds & ~unsaid
        if once:
            names = self.column(number, once)[alive]
            again = names[names.ne("") & names.duplicated()].index
            left += len(again)
            alive[again] = False
        return alive, left

    def judge(self, alive, left, counted):
        """Which rows are counted, which could be judged, and how many were left out."""
        hit, judged = alive.copy(), alive.copy()
        for holds, unsaid in counted:
            away = hit & unsaid
            left += int(away.sum())
            judged &= ~away
            hit &= holds & ~unsaid
        return hit, judged, left


# Breakdowns: list and column to a category


def _lower(values, but=()):
    return values.str.lower().where(values.ne("") & ~values.isin(but), "not-stated")


def _mapped(values, groups):
    return values.map(lambda code: groups.get(code, "not-stated")).astype(object)


_SOURCES = {"1": "individual", "2": "schools", "3": "health", "4": "housing", "5": "local-authority", "6": "police",
            "7": "other-legal-agency", "8": "other", "9": "anonymous"}  # fmt: skip
_PEOPLES = {"W": "white", "M": "mixed", "A": "asian", "B": "black", "C": "asian", "O": "other"}
_ROUTES = {"V": "agreement", "C": "order", "D": "order", "E": "order", "L": "protection", "J": "justice"}


def source(r, n, key):
    said = r.column(n, key)
    return said.map(
        lambda c: "education-services" if c == "2B" else "not-stated" if c in ("10", "") else _SOURCES[c[0]]
    ).astype(object)


def age(r, n, _):
    edges, names = [-2, -1, 0, 4, 9, 15, 17, 20, 200], ["unborn", "under-1", "1-to-4", "5-to-9", "10-to-15",
                                                       "16-to-17", "18-to-20", "21-or-over"]  # fmt: skip
    return pd.cut(r.age(n), edges, labels=names).astype(object).fillna("not-stated")


def ethnicity(r, n, key):
    said = r.column(n, key)
    return said.map(lambda c: "not-stated" if c in ("", "REFU", "NOBT") else _PEOPLES[c[0]]).astype(object)


def yes_no(r, n, key):
    return _mapped(r.column(n, key), {"yes": "yes", "no": "no"})


def outcome(r, n, key):
    return _mapped(r.column(n, key), {"yes": "no-further-action", "no": "further-action"})


def plain(r, n, key):
    return _lower(r.column(n, key))


def need(r, n, key):
    return _lower(r.column(n, key), but=("N0",))


def route(r, n, key):
    return r.column(n, key).map(lambda c: _ROUTES[c[0]] if c else "not-stated").astype(object)


PERSON = {"age": (age, "date_of_birth"), "sex": (plain, "gender"), "ethnicity": (ethnicity, "ethnicity")}
DISABILITY = {"disability": (yes_no, "does_the_child_have_a_disability")}
ASYLUM = {"asylum": (yes_no, "unaccompanied_asylum_seeking_child_uasc_within_the_last_12_months_y_n")}
CHILDREN = PERSON | DISABILITY
