"""The calendar of meetings, and the clocks of notice and response."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.working_days import ENGLAND, is_working_day
from partnership.meeting_dates import (
    CLEAR_DAYS,
    Closed,
    NoCalendar,
    Planned,
    Rule,
    clear_days,
    is_notice_short,
    key_decision_notice,
    last_day_to_publish,
    notice_words,
    planned_days,
    response_due,
)

DAYS = st.dates(date(2014, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("published", "meets", "clear"),
    [
        (date(2015, 6, 24), date(2015, 7, 2), 5),  # the panel's agenda of 2 July 2015
        (date(2022, 6, 29), date(2022, 7, 7), 5),  # the committee's of 7 July 2022
        (date(2022, 6, 30), date(2022, 7, 7), 4),
        (date(2022, 6, 28), date(2022, 7, 7), 6),
        (date(2022, 4, 13), date(2022, 4, 22), 4),  # Good Friday and Easter Monday lie between
        (date(2022, 4, 12), date(2022, 4, 22), 5),
        (date(2022, 7, 2), date(2022, 7, 11), 5),  # published on a Saturday
        (date(2022, 7, 6), date(2022, 7, 7), 0),
        (date(2022, 7, 7), date(2022, 7, 7), 0),
        (date(2022, 7, 8), date(2022, 7, 7), 0),
    ],
)
def test_clear_days_when_neither_day_counts_then_this_many_lie_between(
    published: date, meets: date, clear: int
) -> None:
    assert clear_days(published, meets) == clear


@pytest.mark.parametrize(
    ("meets", "last"),
    [
        (date(2015, 7, 2), date(2015, 6, 24)),
        (date(2022, 7, 7), date(2022, 6, 29)),
        (date(2022, 4, 22), date(2022, 4, 12)),
        (date(2023, 1, 4), date(2022, 12, 22)),
    ],
)
def test_last_day_to_publish_when_counted_back_then_it_is_this_day(meets: date, last: date) -> None:
    assert last_day_to_publish(meets) == last


@given(meets=DAYS)
def test_last_day_to_publish_when_one_day_later_then_it_is_too_late(meets: date) -> None:
    last = last_day_to_publish(meets)
    assert clear_days(last, meets) >= CLEAR_DAYS
    assert clear_days(last + timedelta(days=1), meets) < CLEAR_DAYS


@given(published=DAYS, gap=st.integers(0, 60))
def test_clear_days_when_counted_one_by_one_then_it_is_the_same(published: date, gap: int) -> None:
    between = [published + timedelta(days=n) for n in range(1, gap)]
    assert clear_days(published, published + timedelta(days=gap)) == sum(is_working_day(day) for day in between)


def test_notice_when_told_then_it_says_how_much_and_how_much_is_required() -> None:
    assert notice_words(date(2015, 6, 24), date(2015, 7, 2), in_public=True) == (
        "Published on 24 June 2015: 5 clear working days before the meeting; 5 are required."
    )
    assert "only 1 clear working day before" in notice_words(date(2015, 6, 30), date(2015, 7, 2), in_public=True)
    assert "cannot be counted" in notice_words(date(1990, 6, 1), date(1990, 7, 1), in_public=True)


@pytest.mark.parametrize("in_public", [False, None])
def test_notice_when_the_meeting_is_not_in_public_then_none_is_required(in_public: bool | None) -> None:
    said = notice_words(date(2015, 6, 30), date(2015, 7, 2), in_public=in_public)
    assert said == "Published on 30 June 2015: 1 clear working day before the meeting."
    assert not is_notice_short(date(2015, 6, 30), date(2015, 7, 2), in_public=in_public)


@pytest.mark.parametrize(
    ("published", "meets", "is_short"),
    [
        (date(2015, 6, 24), date(2015, 7, 2), False),
        (date(2015, 6, 25), date(2015, 7, 2), True),
        # bank holidays of 1990 are not known
        (date(1990, 6, 1), date(1990, 7, 1), False),
        (date(1990, 6, 1), date(1990, 6, 6), True),
    ],
)
def test_notice_when_judged_then_short_below_five_clear_days(published: date, meets: date, is_short: bool) -> None:
    assert is_notice_short(published, meets, in_public=True) is is_short


@pytest.mark.parametrize(
    ("first", "until", "frequency", "options", "days"),
    [
        (
            date(2022, 4, 4), date(2022, 7, 1), "four_weekly", {},
            # 2 May is the early May bank holiday
            ["2022-04-04", "2022-05-03", "2022-05-30", "2022-06-27"],
        ),
        (
            date(2022, 4, 4), date(2022, 7, 1), "four_weekly", {"closed": Closed.LEFT_OUT},
            ["2022-04-04", "2022-05-30", "2022-06-27"],
        ),
        (
            date(2022, 4, 4), date(2022, 7, 1), "four_weekly", {"closed": Closed.BEFORE},
            ["2022-04-04", "2022-04-29", "2022-05-30", "2022-06-27"],
        ),
        (date(2022, 6, 16), date(2022, 7, 1), "weekly", {}, ["2022-06-16", "2022-06-23", "2022-06-30"]),
        # the second Thursday
        (
            date(2022, 4, 14), date(2022, 8, 1), "monthly", {},
            ["2022-04-14", "2022-05-12", "2022-06-09", "2022-07-14"],
        ),
        # the fifth Friday is the last one where there are four
        (date(2022, 4, 29), date(2022, 7, 30), "monthly", {}, ["2022-04-29", "2022-05-27", "2022-06-24", "2022-07-29"]),
        # the same day: 31 May, then 30 June; 31 July 2022 is a Sunday and goes on to 1 August
        (
            date(2022, 5, 31), date(2022, 8, 31), "monthly", {"rule": Rule.SAME_DAY},
            ["2022-05-31", "2022-06-30", "2022-08-01", "2022-08-31"],
        ),
        (
            date(2022, 7, 7), date(2023, 4, 30), "quarterly", {},
            ["2022-07-07", "2022-10-06", "2023-01-05", "2023-04-06"],
        ),
        (date(2022, 7, 7), date(2023, 7, 31), "half_yearly", {}, ["2022-07-07", "2023-01-05", "2023-07-06"]),
        (date(2022, 7, 7), date(2023, 7, 31), "annual", {}, ["2022-07-07", "2023-07-06"]),
    ],
)  # fmt: skip
def test_calendar_when_worked_out_from_the_frequency_then_these_are_its_days(
    first: date, until: date, frequency: str, options: dict[str, object], days: list[str]
) -> None:
    assert [p.on.isoformat() for p in planned_days(first, until, frequency, **options)] == days  # type: ignore[arg-type]


def test_day_when_it_is_moved_off_a_bank_holiday_then_it_says_from_which() -> None:
    found = planned_days(date(2022, 4, 4), date(2022, 5, 31), "four_weekly")
    assert found[1] == Planned(date(2022, 5, 3), moved_from=date(2022, 5, 2))


@pytest.mark.parametrize(
    ("first", "until", "frequency", "words"),
    [
        (date(2022, 7, 7), date(2022, 7, 6), "monthly", "must not be before"),
        (date(2022, 7, 7), date(2022, 12, 6), "as_required", "not stated"),
        (date(2022, 7, 7), date(2022, 12, 6), "", "not stated"),
        (date(2015, 7, 7), date(2022, 12, 6), "weekly", "more than 60"),
        (date(2022, 7, 7), date(2099, 1, 1), "annual", "bank holidays are known"),
    ],
)
def test_calendar_when_it_cannot_be_made_then_a_sentence_says_why(
    first: date, until: date, frequency: str, words: str
) -> None:
    with pytest.raises(NoCalendar, match=words):
        planned_days(first, until, frequency)


@given(
    first=DAYS,
    length=st.integers(0, 500),
    frequency=st.sampled_from(["four_weekly", "monthly", "quarterly", "half_yearly", "annual"]),
    rule=st.sampled_from(Rule),
    closed=st.sampled_from(Closed),
)
def test_calendar_when_made_then_its_days_are_worked_in_order_and_inside(
    first: date, length: int, frequency: str, rule: Rule, closed: Closed
) -> None:
    until = min(first + timedelta(days=length), ENGLAND.last - timedelta(days=14))
    days = [p.on for p in planned_days(first, until, frequency, rule=rule, closed=closed)]
    assert days == sorted(set(days))
    assert all(is_working_day(day) and first <= day <= until for day in days)


def test_response_when_due_then_two_months_after_it_was_given() -> None:
    assert response_due(date(2022, 7, 7)) == date(2022, 9, 7)
    assert response_due(date(2021, 12, 31)) == date(2022, 2, 28)


def test_notice_of_a_key_decision_when_last_then_twenty_eight_days_lie_between() -> None:
    decides = date(2022, 7, 30)
    assert key_decision_notice(decides) == date(2022, 7, 1)
    assert (decides - key_decision_notice(decides)).days - 1 == 28
