"""Due dates, timeliness, completeness, the words of locks and exceptions, and who is reminded on which day."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.as_at import london_day, moment_after
from indicators.deadlines import (
    DeadlineError,
    DueRule,
    ExpectedReturn,
    ReminderKind,
    Timeliness,
    TimelinessKind,
    completeness,
    completeness_by_partner,
    exception_words,
    holds_on,
    lock_words,
    reminders,
    timeliness,
)
from indicators.quarters import Quarter
from indicators.working_days import (
    ENGLAND,
    OutsideCalendar,
    add_working_days,
    is_working_day,
    late_by,
    working_days_between,
)

Q4 = Quarter(2021, 4)
DUE = date(2022, 4, 22)
FAR = ENGLAND.last + timedelta(days=40)


def day(text: str) -> date:
    return date.fromisoformat(text)


def owed(due: date | None = DUE, came_in: date | None = None, *, key: str = "r", partner: str = "Trust",
         loaded: bool = False) -> ExpectedReturn:  # fmt: skip
    return ExpectedReturn(key, partner, due, came_in, loaded)


days = st.dates(date(2010, 1, 1), date(2027, 6, 30))
returns = st.lists(
    st.builds(
        ExpectedReturn,
        key=st.text("abc", min_size=1, max_size=3),
        partner=st.sampled_from(["Council", "Health", "Trust"]),
        due_on=st.none() | st.dates(date(2022, 1, 1), date(2022, 6, 30)),
        returned_on=st.none() | st.dates(date(2022, 1, 1), date(2022, 6, 30)),
        is_loaded=st.booleans(),
    ),
    max_size=12,
)


# Due dates


@pytest.mark.parametrize(
    ("working_days", "due"),
    [(1, "2022-04-01"), (10, "2022-04-14"), (11, "2022-04-19"), (14, "2022-04-22"), (20, "2022-05-03")],
)
def test_due_date_when_the_quarter_ends_in_march_then_easter_and_may_are_left_out(working_days: int, due: str) -> None:
    assert DueRule(working_days, "the contract").due_on(Q4.end_on) == day(due)


def test_due_date_when_the_period_ends_on_a_weekend_then_counted_from_the_next_working_day() -> None:
    assert DueRule(1, "the contract").due_on(day("2022-07-31")) == day("2022-08-01")


def test_due_date_when_beyond_the_table_then_refused_with_a_sentence() -> None:
    with pytest.raises(OutsideCalendar, match="bank holidays are known from"):
        DueRule(15, "the contract").due_on(date(2028, 12, 31))


@pytest.mark.parametrize("working_days", [0, -1, 251])
def test_rule_when_its_number_makes_no_sense_then_refused(working_days: int) -> None:
    with pytest.raises(DeadlineError, match="1 to 250 working days"):
        DueRule(working_days, "the contract")


def test_rule_when_nobody_stands_behind_it_then_refused() -> None:
    with pytest.raises(DeadlineError, match="who decided"):
        DueRule(15, "  ")


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (15, "15th"),
     (21, "21st"), (22, "22nd"), (101, "101st"), (111, "111th")],
)  # fmt: skip
def test_rule_when_written_then_with_its_ordinal_and_authority(number: int, words: str) -> None:
    text = DueRule(number, " the contract ").words()
    assert text == f"due on the {words} working day after the period ends (the contract)"


@given(end=days, n=st.integers(1, 250))
def test_due_date_when_met_then_exactly_so_many_working_days_after_the_period(end: date, n: int) -> None:
    due = DueRule(n, "the contract").due_on(end)
    assert due > end
    assert is_working_day(due)
    assert working_days_between(end, due) == n


# Timeliness


@pytest.mark.parametrize(
    ("came_in", "today", "kind", "working_days", "words"),
    [
        (None, "2022-04-12", "not_yet_due", 6, "due in 6 working days, on 22 April 2022"),
        (None, "2022-04-21", "not_yet_due", 1, "due in 1 working day, on 22 April 2022"),
        (None, "2022-04-22", "not_yet_due", 0, "due on 22 April 2022"),
        (None, "2022-04-24", "not_yet_due", 0, "due on 22 April 2022"),
        (None, "2022-04-25", "overdue", 1, "overdue by 1 working day"),
        (None, "2022-05-03", "overdue", 6, "overdue by 6 working days"),
        ("2022-04-11", "2022-05-03", "on_time", None, "on time"),
        ("2022-04-22", "2022-05-03", "on_time", None, "on time"),
        ("2022-04-24", "2022-05-03", "on_time", None, "on time"),
        ("2022-04-25", "2022-05-03", "late", 1, "late by 1 working day"),
        ("2022-05-03", "2022-05-03", "late", 6, "late by 6 working days"),
        ("2022-05-04", "2022-05-03", "overdue", 6, "overdue by 6 working days"),
    ],
)
def test_return_when_due_on_a_friday_then_its_timeliness_in_working_days(
    came_in: str | None, today: str, kind: str, working_days: int | None, words: str
) -> None:
    found = timeliness(owed(DUE, day(came_in) if came_in else None), day(today))
    assert found == Timeliness(TimelinessKind(kind), DUE, working_days)
    assert found.words() == words


@pytest.mark.parametrize("row", [owed(None), owed(None, DUE), owed(None, loaded=True)])
def test_return_when_no_due_date_is_given_then_it_says_so(row: ExpectedReturn) -> None:
    found = timeliness(row, DUE)
    assert found == Timeliness(TimelinessKind.NO_DUE_DATE)
    assert found.words() == "no due date given"


def test_return_when_loaded_from_a_paper_then_in_but_neither_on_time_nor_late() -> None:
    found = timeliness(owed(DUE, loaded=True), day("2022-07-07"))
    assert found.kind is TimelinessKind.DAY_NOT_GIVEN
    assert found.words() == "in, on a day that is not given (due on 22 April 2022)"


def test_return_when_overdue_beyond_the_table_then_said_without_a_number() -> None:
    due = ENGLAND.last
    for row, start in ((owed(due), "overdue"), (owed(due, FAR), "late")):
        found = timeliness(row, FAR)
        assert (found.kind, found.working_days) == (TimelinessKind(start), None)
        assert found.words() == (
            f"{start} (due on 31 December 2028; working days are not counted, as bank holidays are not known)"
        )
    waiting = timeliness(owed(FAR), ENGLAND.last)
    assert (waiting.kind, waiting.words()) == (TimelinessKind.NOT_YET_DUE, "due on 9 February 2029")


def test_words_when_asked_of_every_kind_then_each_has_its_own() -> None:
    texts = {Timeliness(kind, DUE, 3).words() for kind in TimelinessKind}
    assert len(texts) == len(TimelinessKind)


@given(due=days, came_in=st.none() | st.integers(-40, 40), seen=st.integers(-40, 60))
def test_return_when_judged_then_overdue_exactly_where_coming_in_that_day_is_late(
    due: date, came_in: int | None, seen: int
) -> None:
    today = due + timedelta(days=seen)
    row = owed(due, None if came_in is None else due + timedelta(days=came_in))
    found = timeliness(row, today)
    if row.returned_on is None or row.returned_on > today:
        assert found == timeliness(owed(due), today)
        assert (found.kind is TimelinessKind.OVERDUE) == (late_by(due, today) > 0)
        if_today = timeliness(owed(due, today), today)
        assert (if_today.kind is TimelinessKind.LATE) == (found.kind is TimelinessKind.OVERDUE)
    else:
        assert found.kind is (TimelinessKind.LATE if late_by(due, row.returned_on) else TimelinessKind.ON_TIME)


# Completeness


def test_completeness_when_counted_then_how_many_of_how_many_and_per_partner() -> None:
    rows = [
        owed(came_in=day("2022-04-20"), partner="Trust"),
        owed(came_in=day("2022-04-26"), partner="Trust"),
        owed(partner="Council"),
        owed(None, partner="Council", loaded=True),
    ]
    today = day("2022-04-28")
    whole = completeness(rows, today)
    assert (whole.received, whole.expected) == (3, 4)
    assert whole.words() == "3 of 4 returns are in, 1 late; 1 is overdue"
    by_partner = completeness_by_partner(rows, today)
    assert list(by_partner) == ["Council", "Trust"]
    assert by_partner["Council"].words() == "1 of 2 returns is in; 1 is overdue"
    assert by_partner["Trust"].words() == "2 of 2 returns are in, 1 late"
    assert by_partner["Trust"].by_kind[TimelinessKind.ON_TIME] == 1


def test_completeness_when_nothing_is_expected_then_said_so() -> None:
    assert completeness([], DUE).words() == "no returns are expected"
    assert completeness_by_partner([], DUE) == {}


def test_completeness_when_one_or_none_is_in_then_in_good_english() -> None:
    assert completeness([owed()], DUE).words() == "0 of 1 return is in"
    assert completeness([owed(came_in=DUE)], DUE).words() == "1 of 1 return is in"
    assert completeness([owed(), owed()], day("2022-04-25")).words() == "0 of 2 returns are in; 2 are overdue"


@given(rows=returns, today=st.dates(date(2022, 1, 1), date(2022, 6, 30)))
def test_completeness_when_counted_then_the_kinds_and_the_partners_add_up(
    rows: list[ExpectedReturn], today: date
) -> None:
    whole = completeness(rows, today)
    assert sum(whole.by_kind.values()) == whole.expected == len(rows)
    parts = completeness_by_partner(rows, today).values()
    assert sum(part.received for part in parts) == whole.received
    kinds: Counter[TimelinessKind] = Counter()
    for part in parts:
        kinds.update(part.by_kind)
    assert {kind: kinds[kind] for kind in TimelinessKind} == whole.by_kind
    waiting = whole.by_kind[TimelinessKind.OVERDUE] + whole.by_kind[TimelinessKind.NOT_YET_DUE]
    undated = sum(row.due_on is None and not row.is_in(today) for row in rows)
    assert whole.expected - whole.received == waiting + undated


# Locks and exceptions


def test_lock_when_put_in_words_then_since_when_by_whom_and_whom_to_ask() -> None:
    words = lock_words("2021/22 Q4", DUE, "the council’s approver", "an administrator")
    assert words == (
        "closed for 2021/22 Q4 since 22 April 2022, approved by the council’s approver; ask an administrator to reopen"
    )


def test_lock_when_it_has_a_reason_and_no_approval_then_the_reason_stands_in_it() -> None:
    words = lock_words(Q4.label, DUE, "", "an administrator", "the pack is being put together.")
    assert words == (
        "closed for 2021/22 Q4 since 22 April 2022 (the pack is being put together); ask an administrator to reopen"
    )


def test_lock_when_nobody_can_be_asked_then_refused() -> None:
    with pytest.raises(DeadlineError, match="who can reopen"):
        lock_words("2021/22 Q4", DUE, "the council’s approver", " ")


def test_exception_when_put_in_words_then_for_whom_and_until_when_inclusive() -> None:
    words = exception_words("the performance analyst", day("2022-04-28"))
    assert words == "open for the performance analyst until 28 April 2022 (inclusive)"
    with pytest.raises(DeadlineError, match="for whom"):
        exception_words("", day("2022-04-28"))


def test_waiver_when_until_31_march_then_valid_on_31_march_and_gone_on_1_april() -> None:
    until = day("2022-03-31")
    assert holds_on(day("2022-03-31"), until)
    assert not holds_on(day("2022-04-01"), until)


def test_exception_when_its_last_day_ends_in_summer_time_then_gone_at_midnight_in_london() -> None:
    until = day("2022-03-31")
    end = moment_after(until)
    assert holds_on(london_day(end - timedelta(microseconds=1)), until)
    assert not holds_on(london_day(end), until)


def test_waiver_when_it_has_a_first_day_or_no_last_one_then_both_ends_are_included() -> None:
    assert holds_on(day("2022-01-01"), None, day("2022-01-01"))
    assert not holds_on(day("2021-12-31"), None, day("2022-01-01"))
    assert holds_on(day("2040-01-01"), None)


# Reminders


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        ("2022-04-11", None),  # 7 working days before 22 April: Good Friday and Easter Monday are none
        ("2022-04-12", None),
        ("2022-04-13", "due_in_5"),
        ("2022-04-14", None),
        ("2022-04-15", None),  # Good Friday
        ("2022-04-20", None),
        ("2022-04-21", "due_in_1"),
        ("2022-04-22", None),
        ("2022-04-23", None),
        ("2022-04-25", None),
        ("2022-04-28", None),
        ("2022-04-29", "overdue"),
        ("2022-04-30", None),
        ("2022-05-01", None),
        ("2022-05-02", None),  # bank holiday
        ("2022-05-03", None),
        ("2022-05-09", "overdue"),
    ],
)
def test_reminder_when_a_return_is_due_on_22_april_then_on_these_days_and_no_others(on: str, kind: str | None) -> None:
    expected = [("q4", ReminderKind(kind))] if kind else []
    assert reminders([owed(key="q4")], day(on)) == expected


@pytest.mark.parametrize("on", ["2022-04-13", "2022-04-21", "2022-04-29"])
def test_reminder_when_the_return_is_in_or_has_no_due_date_then_none(on: str) -> None:
    rows = [owed(came_in=day("2022-04-08")), owed(None), owed(loaded=True)]
    assert reminders(rows, day(on)) == []


def test_reminder_when_several_are_due_then_by_key_in_the_order_given() -> None:
    rows = [owed(key="b"), owed(key="in", came_in=day("2022-04-01")), owed(day("2022-04-06"), key="a")]
    assert reminders(rows, day("2022-04-13")) == [("b", ReminderKind.DUE_IN_5), ("a", ReminderKind.OVERDUE)]


def test_reminder_when_bank_holidays_are_not_known_then_refused_unless_the_due_date_is_far_off() -> None:
    with pytest.raises(OutsideCalendar):
        reminders([owed()], FAR)
    with pytest.raises(OutsideCalendar):
        reminders([owed(FAR)], date(2028, 12, 22))
    assert reminders([owed(FAR)], date(2028, 12, 1)) == []


@given(due=days)
def test_reminders_when_sent_every_day_then_each_kind_on_its_working_day_and_once(due: date) -> None:
    row = owed(due)
    sent = {on: found[0][1] for n in range(-40, 40) if (found := reminders([row], on := due + timedelta(days=n)))}
    assert all(is_working_day(on) for on in sent)
    before = [kind for on, kind in sorted(sent.items()) if kind is not ReminderKind.OVERDUE]
    assert before == [ReminderKind.DUE_IN_5, ReminderKind.DUE_IN_1]
    overdue = sorted(on for on, kind in sent.items() if kind is ReminderKind.OVERDUE)
    assert overdue == [
        on for on in (add_working_days(due, 5 * n) for n in range(1, 9)) if on < due + timedelta(days=40)
    ]
