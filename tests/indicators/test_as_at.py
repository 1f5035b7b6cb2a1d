"""As at a day: the end of the day in London, both changes of the clocks, and which revision was in force."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.as_at import DayOutOfRange, KnownRevision, approved_on, in_force, london_day, moment_after

LONDON = ZoneInfo("Europe/London")
MICROSECOND = timedelta(microseconds=1)
moments = st.datetimes(datetime(2009, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2009, 1, 1), date(2037, 12, 31))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def entered(revision: int, recorded: str, approved: str | None) -> KnownRevision:
    """A revision that was typed in at one UTC moment and approved at another."""
    return KnownRevision(revision, london_day(utc(recorded)), utc(approved) if approved else None)


# Days and moments


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2022-07-06T23:30", "2022-07-07"),  # half past midnight in summer time
        ("2022-07-06T22:59:59.999999", "2022-07-06"),
        ("2022-01-06T23:30", "2022-01-06"),
        ("2022-03-27T00:59", "2022-03-27"),  # summer time begins at 01:00 UTC
        ("2022-03-26T23:59:59", "2022-03-26"),
        ("2022-03-27T22:59:59", "2022-03-27"),
        ("2022-03-27T23:00", "2022-03-28"),
        ("2022-10-29T23:00", "2022-10-30"),  # and ends at 01:00 UTC
        ("2022-10-30T23:59:59", "2022-10-30"),
        ("2022-10-31T00:00", "2022-10-31"),
        ("2022-03-31T23:30", "2022-04-01"),
    ],
)
def test_moment_when_asked_for_its_day_then_the_one_in_london(moment: str, day: str) -> None:
    assert london_day(utc(moment)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "after"),
    [
        ("2022-03-26", "2022-03-27T00:00"),
        ("2022-03-27", "2022-03-27T23:00"),
        ("2022-07-07", "2022-07-07T23:00"),
        ("2022-10-29", "2022-10-29T23:00"),
        ("2022-10-30", "2022-10-31T00:00"),
        ("2022-12-31", "2023-01-01T00:00"),
    ],
)
def test_day_when_over_then_at_midnight_in_london(day: str, after: str) -> None:
    moment = moment_after(date.fromisoformat(day))
    assert moment == utc(after)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(("day", "hours"), [("2022-03-27", 23), ("2022-10-30", 25), ("2022-07-07", 24)])
def test_day_when_the_clocks_change_then_an_hour_shorter_or_longer(day: str, hours: int) -> None:
    sunday = date.fromisoformat(day)
    assert moment_after(sunday) - moment_after(sunday - timedelta(days=1)) == timedelta(hours=hours)


def test_hour_that_comes_twice_when_recorded_in_then_both_belong_to_the_day() -> None:
    first = datetime(2022, 10, 30, 1, 30, tzinfo=LONDON)
    second = first.replace(fold=1)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    assert london_day(first) == london_day(second) == date(2022, 10, 30)


def test_moment_without_a_zone_when_asked_for_its_day_then_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        london_day(datetime(2022, 7, 7, 12, 0))  # noqa: DTZ001


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2200, 1, 1), date.max])
def test_day_when_absurdly_far_then_refused_with_a_sentence(day: date) -> None:
    with pytest.raises(DayOutOfRange, match="Choose a day in the years 1900 to 2199"):
        moment_after(day)


def test_last_day_when_asked_for_then_answered() -> None:
    assert moment_after(date(2199, 12, 31)) == datetime(2200, 1, 1, tzinfo=UTC)


@given(moment=moments, day=days)
def test_moment_when_before_the_end_of_a_day_then_its_own_day_is_no_later(moment: datetime, day: date) -> None:
    assert (moment < moment_after(day)) == (london_day(moment) <= day)


@given(day=days)
def test_end_of_a_day_when_looked_at_closely_then_one_day_ends_and_the_next_begins(day: date) -> None:
    after = moment_after(day)
    assert london_day(after - MICROSECOND) == day
    assert london_day(after) == day + timedelta(days=1)


# The revision in force


def test_revision_when_recorded_after_midnight_in_summer_then_of_the_new_day() -> None:
    rows = [
        entered(1, "2022-07-01T09:00", "2022-07-01T10:00"),
        entered(2, "2022-07-06T23:30", "2022-07-06T23:35"),
    ]
    assert rows[1].known_on == date(2022, 7, 7)
    assert in_force(rows, date(2022, 7, 6)) is rows[0]
    assert in_force(rows, date(2022, 7, 7)) is rows[1]


@pytest.mark.parametrize(
    ("approved", "day"),
    [
        ("2022-03-27T22:59", "2022-03-27"),
        ("2022-03-27T23:00", "2022-03-28"),
        ("2022-10-30T23:59", "2022-10-30"),
        ("2022-10-31T00:00", "2022-10-31"),
    ],
)
def test_revision_when_approved_at_the_end_of_a_day_of_clock_change_then_known_from_the_london_day(
    approved: str, day: str
) -> None:
    row, from_day = entered(1, "2022-03-01T09:00", approved), date.fromisoformat(day)
    assert in_force([row], from_day - timedelta(days=1)) is None
    assert in_force([row], from_day) is row


def test_revision_when_two_were_approved_on_one_day_then_the_later() -> None:
    rows = [
        entered(1, "2022-07-07T08:00", "2022-07-07T09:00"),
        entered(2, "2022-07-07T10:00", "2022-07-07T15:00"),
    ]
    assert in_force(rows, date(2022, 7, 7)) is rows[1]
    assert in_force(reversed(rows), date(2022, 7, 7)) is rows[1]
    assert in_force(rows, date(2022, 7, 6)) is None


def test_revision_when_approved_on_another_day_than_recorded_then_known_from_the_approval() -> None:
    rows = [
        entered(1, "2022-04-11T09:00", "2022-04-22T10:00"),
        entered(2, "2022-05-03T09:00", "2022-05-06T10:00"),
        entered(3, "2022-05-09T09:00", None),
    ]
    assert in_force(rows, date(2022, 4, 21)) is None
    assert in_force(rows, date(2022, 4, 22)) is rows[0]
    assert in_force(rows, date(2022, 5, 5)) is rows[0]
    assert in_force(rows, date(2022, 5, 6)) is rows[1]
    assert in_force(rows, date(2022, 12, 31)) is rows[1]


def test_revision_when_loaded_from_a_paper_then_known_from_the_date_of_the_paper() -> None:
    paper = KnownRevision(1, date(2022, 7, 7), utc("2026-01-15T12:00"), from_paper=True)
    corrected = entered(2, "2026-01-16T12:00", "2026-01-19T12:00")
    assert approved_on(paper) == date(2022, 7, 7)
    assert in_force([paper, corrected], date(2022, 7, 6)) is None
    assert in_force([paper, corrected], date(2022, 7, 7)) is paper
    assert in_force([paper, corrected], date(2026, 1, 18)) is paper
    assert in_force([paper, corrected], date(2026, 1, 19)) is corrected


def test_revision_of_a_paper_when_not_approved_then_never_known() -> None:
    assert approved_on(KnownRevision(1, date(2022, 7, 7), None, from_paper=True)) is None


def test_revisions_when_there_are_none_then_none_is_in_force() -> None:
    assert in_force([], date(2022, 7, 7)) is None


@given(approvals=st.lists(st.one_of(st.none(), moments), max_size=6), day=days, later=st.integers(0, 4_000))
def test_revision_when_seen_from_a_later_day_then_never_an_earlier_one(
    approvals: list[datetime | None], day: date, later: int
) -> None:
    rows = [KnownRevision(n, date(2009, 1, 1), at) for n, at in enumerate(approvals, start=1)]
    found, afterwards = in_force(rows, day), in_force(rows, min(day + timedelta(days=later), date(2199, 1, 1)))
    assert (found.revision if found else 0) <= (afterwards.revision if afterwards else 0)
    # A second way: by moments, not by days.
    known = [row.revision for row in rows if row.approved_at is not None and row.approved_at < moment_after(day)]
    assert (found.revision if found else None) == max(known, default=None)
