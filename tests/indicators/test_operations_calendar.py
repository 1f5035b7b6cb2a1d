"""When returns are due by rule, who may enter figures of a locked round until a day, and what the audit says of it."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import AuditEvent, DeadlineRule, DraftCell, LockException, Membership
from indicators.operations import (
    WrongState,
    end_lock_exception,
    grant_lock_exception,
    lock_round,
    reopen_round,
    set_deadline_rule,
)
from indicators.roles import Role
from indicators.selectors.calendar import calendar_of, proposed_due_date, rule_for
from indicators.selectors.locks import who_may_enter, whom_to_ask
from indicators.working_days import OutsideCalendar
from tests import builders as b

pytestmark = pytest.mark.django_db

END = date(2022, 3, 31)
AUTHORITY = "Contract, schedule 4"


@pytest.fixture
def administrator(partnership):
    return b.a_user(Role.ADMINISTRATOR, display_name="Head of performance")


@pytest.fixture
def measure(partnership):
    return b.an_indicator()


def a_rule(scorecard, administrator, days=15, from_on=date(2022, 1, 1), **more):
    values = {"authority": AUTHORITY, "at": b.NOW} | more
    return set_deadline_rule(scorecard=scorecard, working_days=days, from_on=from_on, by=administrator, **values)


def rules(scorecard):
    held = DeadlineRule.objects.filter(scorecard=scorecard).order_by("from_on")
    return [(r.working_days, r.from_on, r.until_on) for r in held]


# Deadline rules


def test_rule_when_set_then_it_gives_the_due_date_of_the_periods_that_end_from_its_first_day(administrator) -> None:
    scorecard = b.a_scorecard(1)
    a_rule(scorecard, administrator, from_on=END)
    proposal = proposed_due_date(scorecard, END)
    # Good Friday (15 April), Easter Monday (18 April) and no other holiday lie between.
    assert (proposal.due_on, proposal.words) == (
        date(2022, 4, 25),
        f"due on the 15th working day after the period ends ({AUTHORITY})",
    )
    assert proposed_due_date(scorecard, END - timedelta(days=1)) is None
    assert proposed_due_date(b.a_scorecard(1, code="other"), END) is None


def test_rule_when_another_follows_then_exactly_one_holds_on_every_day(administrator) -> None:
    scorecard = b.a_scorecard(1)
    a_rule(scorecard, administrator, 15, date(2021, 4, 1))
    a_rule(scorecard, administrator, 10, date(2022, 4, 1))
    assert rules(scorecard) == [(15, date(2021, 4, 1), END), (10, date(2022, 4, 1), None)]
    assert rule_for(scorecard, END).working_days == 15
    assert rule_for(scorecard, END + timedelta(days=1)).working_days == 10


def test_rule_when_it_has_not_begun_then_an_earlier_one_takes_its_place(administrator) -> None:
    scorecard = b.a_scorecard(1)
    a_rule(scorecard, administrator, 15, date(2022, 1, 1))
    a_rule(scorecard, administrator, 10, date(2052, 10, 1))
    a_rule(scorecard, administrator, 12, date(2022, 10, 1))
    assert rules(scorecard) == [(15, date(2022, 1, 1), date(2022, 9, 30)), (12, date(2022, 10, 1), None)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days": 0}, "1 to 250 working days"),
        ({"days": 251}, "1 to 250 working days"),
        ({"authority": "  "}, "Say who decided"),
        ({"authority": "x" * 301}, "300 characters at most"),
        ({"from_on": date(2022, 1, 1)}, "A rule holds from 1 January 2022 already"),
        ({"from_on": date(2021, 1, 1)}, "A rule holds from 1 January 2022 already"),
    ],
)
def test_rule_when_it_cannot_be_then_refused_and_the_old_one_stands(changes, sentence, administrator) -> None:
    scorecard = b.a_scorecard(1)
    a_rule(scorecard, administrator)
    with pytest.raises(WrongState, match=sentence):
        a_rule(scorecard, administrator, **{"from_on": date(2022, 7, 1)} | changes)
    assert rules(scorecard) == [(15, date(2022, 1, 1), None)]


@given(days=st.lists(st.integers(-400, 400), min_size=1, max_size=6))
def test_rules_when_set_in_any_order_then_no_two_hold_on_one_day_and_the_last_set_holds_to_the_end(days) -> None:
    administrator, scorecard = b.a_user(), b.a_scorecard(1)
    DeadlineRule.objects.filter(scorecard=scorecard).delete()
    last = None
    for number, day in enumerate(days, 1):
        from_on = b.TODAY + timedelta(days=day)
        try:
            last = a_rule(scorecard, administrator, number, from_on)
        except WrongState:
            continue
    held = rules(scorecard)
    assert [r for r in held if r[2] is None] == [(last.working_days, last.from_on, None)]
    assert all(a[2] == c[1] - timedelta(days=1) for a, c in itertools.pairwise(held))


def test_calendar_when_read_then_it_says_what_the_next_round_would_get(administrator) -> None:
    scorecard = b.a_scorecard(1)
    assert [(one.rules, one.upcoming) for one in calendar_of(b.a_partnership())] == [((), "")]
    b.a_round(scorecard)
    rule = a_rule(scorecard, administrator)
    (one,) = calendar_of(b.a_partnership())
    assert [held for held, _ in one.rules] == [rule]
    assert one.upcoming == "2022/23 Q1 would be due on 21 July 2022."


def test_calendar_when_bank_holidays_are_not_known_then_it_says_so_and_guesses_nothing(administrator) -> None:
    scorecard = b.a_scorecard(1)
    a_rule(scorecard, administrator)
    with pytest.raises(OutsideCalendar):
        proposed_due_date(scorecard, date(2060, 3, 31))
    b.a_round(scorecard, b.quarters.Quarter(2059, 4))
    (one,) = calendar_of(b.a_partnership())
    assert "bank holidays are known from" in one.upcoming


# Locks


def of_locks() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(kind__startswith="round_").order_by("pk"))


def test_round_when_locked_and_reopened_then_the_audit_says_who_when_and_why(measure, administrator) -> None:
    made = b.a_round()
    lock_round(reporting_round=made, reason="The pack is printed.", by=administrator, at=b.NOW)
    reopen_round(reporting_round=made, by=administrator, at=b.NOW + timedelta(days=1))
    name = "Contract key performance indicators, 2021/22 Q4"
    assert [(e.kind, e.what, e.by, e.at) for e in of_locks()] == [
        ("round_locked", f"{name}: The pack is printed.", administrator, b.NOW),
        ("round_reopened", f"{name}, locked until now: The pack is printed.", administrator, b.NOW + timedelta(days=1)),
    ]
    assert {e.partnership for e in of_locks()} == {made.partnership}


def test_round_when_locking_is_refused_then_the_audit_is_silent(measure, administrator) -> None:
    made = b.a_round()
    for step in (
        lambda: lock_round(reporting_round=made, reason=" ", by=administrator, at=b.NOW),
        lambda: reopen_round(reporting_round=made, by=administrator, at=b.NOW),
    ):
        with pytest.raises(WrongState):
            step()
    assert not of_locks()


def test_cell_when_locked_then_the_refusal_says_since_when_who_why_and_whom_to_ask(measure, administrator) -> None:
    row = b.a_return()
    lock_round(reporting_round=row.round, reason="The pack is printed.", by=administrator, at=b.NOW)
    with pytest.raises(WrongState) as refused:
        b.fill(row)
    assert str(refused.value) == (
        "This return is closed for 2021/22 Q4 since 7 July 2022 (Head of performance: The pack is printed); "
        "ask Head of performance (administrator) to reopen."
    )


def test_whom_to_ask_when_nobody_is_named_then_the_role_and_never_an_address(partnership) -> None:
    assert whom_to_ask(partnership.pk, b.TODAY) == "an administrator"
    user = b.a_user(Role.ADMINISTRATOR)
    user.display_name = ""
    user.save(update_fields=["display_name"])
    assert whom_to_ask(partnership.pk, b.TODAY) == "an administrator"


def test_whom_to_ask_when_there_are_many_then_three_by_name_and_only_who_is_one_today(partnership) -> None:
    b.a_user(Role.ADMINISTRATOR, display_name="Former head", until_on=b.TODAY - timedelta(days=1))
    b.a_user(Role.ANALYST, display_name="Analyst")
    b.a_user(Role.ADMINISTRATOR, partnership=b.a_partnership("southshire", "E06000098"), display_name="Elsewhere")
    b.a_user(Role.ADMINISTRATOR, display_name="A", until_on=b.TODAY)
    b.a_user(Role.ADMINISTRATOR, display_name="B")
    assert whom_to_ask(partnership.pk, b.TODAY) == "A or B (administrator)"
    for name in "CD":
        b.a_user(Role.ADMINISTRATOR, display_name=name)
    assert whom_to_ask(partnership.pk, b.TODAY) == "A, B, C or another administrator"


# Exceptions


@pytest.fixture
def people(measure):
    return b.the_people()


@pytest.fixture
def locked(people, administrator):
    row = b.a_return()
    lock_round(reporting_round=row.round, reason="Published.", by=administrator, at=b.NOW)
    return b.fresh(row)


def give(
    row, user, administrator, *, until_on=date(2022, 7, 14), reason="A late correction from the school.", at=b.NOW
):
    return grant_lock_exception(
        reporting_round=row.round, user=user, until_on=until_on, reason=reason, by=administrator, at=at
    )


def test_exception_until_a_day_is_valid_on_that_day_and_gone_the_next(locked, people, administrator) -> None:
    """Trap 20: an end that is off by one."""
    give(locked, people.analyst, administrator, until_on=date(2022, 7, 14))
    last = b.moment(date(2022, 7, 14), 23)
    b.fill(locked, by=people.analyst, at=last)
    with pytest.raises(WrongState, match="closed for 2021/22 Q4"):
        b.submit(locked, by=people.analyst, at=b.moment(date(2022, 7, 15), 0))
    assert b.submit(locked, by=people.analyst, at=last).state == "submitted"


def test_exception_when_given_for_one_day_then_it_holds_that_day_in_london(locked, people, administrator) -> None:
    give(locked, people.analyst, administrator, until_on=b.TODAY)
    b.fill(locked, by=people.analyst, at=b.moment(b.TODAY, 0))
    with pytest.raises(WrongState):
        b.keep(locked, {locked_series(locked): b.a_cell(1, 100)}, by=people.analyst, at=b.moment(date(2022, 7, 8), 0))
    with pytest.raises(WrongState):
        b.keep(locked, {locked_series(locked): b.a_cell(1, 100)}, by=people.analyst, at=b.moment(date(2022, 7, 6)))


def locked_series(row):
    return b.returns.lines_due(row)[0].line.series


def test_exception_when_given_then_for_that_person_and_that_round_only(locked, people, administrator) -> None:
    give(locked, people.analyst, administrator)
    with pytest.raises(WrongState, match="ask Head of performance"):
        b.fill(locked, by=people.second_analyst)
    other = b.a_return(period=b.Q3)
    lock_round(reporting_round=other.round, reason="Published.", by=administrator, at=b.NOW)
    with pytest.raises(WrongState):
        b.fill(other, by=people.analyst)
    assert not DraftCell.objects.exists()


def test_exception_when_the_role_has_ended_then_it_opens_nothing(locked, people, administrator) -> None:
    give(locked, people.analyst, administrator)
    Membership.objects.filter(user=people.analyst).update(until_on=date(2022, 7, 10))
    b.fill(locked, by=people.analyst, at=b.moment(date(2022, 7, 10)))
    with pytest.raises(WrongState):
        b.keep(locked, {locked_series(locked): b.a_cell(1, 100)}, by=people.analyst, at=b.moment(date(2022, 7, 11)))


def test_exception_when_given_then_the_audit_says_for_whom_until_when_and_why(locked, people, administrator) -> None:
    made = give(locked, people.analyst, administrator)
    event = AuditEvent.objects.get(kind="lock_exception")
    assert event.what == (
        "Contract key performance indicators, 2021/22 Q4, Trust analyst until 14 July 2022: "
        "A late correction from the school."
    )
    assert (event.by, event.at, made.actor) == (administrator, b.NOW, str(administrator))
    assert "@" not in event.what


@pytest.mark.parametrize(
    ("who", "changes", "sentence"),
    [
        ("analyst", {"reason": " "}, "Say why the round stays open"),
        ("analyst", {"reason": "x" * 301}, "300 characters at most"),
        ("analyst", {"until_on": date(2022, 7, 6)}, "6 July 2022 is over"),
        ("lead", {}, "may enter no figures of this round"),
        ("acceptor", {}, "may enter no figures of this round"),
    ],
)
def test_exception_when_it_cannot_be_then_refused(who, changes, sentence, locked, people, administrator) -> None:
    with pytest.raises(WrongState, match=sentence):
        give(locked, getattr(people, who), administrator, **changes)
    assert not LockException.objects.exists()
    assert not AuditEvent.objects.filter(kind="lock_exception").exists()


def test_exception_when_the_person_works_for_another_partner_then_refused(locked, administrator) -> None:
    police = b.a_user(Role.ANALYST, partner=b.a_partner("police"))
    with pytest.raises(WrongState, match="may enter no figures"):
        give(locked, police, administrator)
    assert police not in who_may_enter(locked.round, b.TODAY)


def test_exception_when_one_holds_already_or_the_round_is_open_then_refused(locked, people, administrator) -> None:
    give(locked, people.analyst, administrator)
    with pytest.raises(WrongState, match="until 14 July 2022 already"):
        give(locked, people.analyst, administrator, until_on=date(2022, 7, 20))
    reopen_round(reporting_round=locked.round, by=administrator, at=b.NOW)
    with pytest.raises(WrongState, match="nobody needs an exception"):
        give(locked, people.second_analyst, administrator)


@pytest.mark.parametrize(("later", "left"), [(0, None), (3, date(2022, 7, 9))])
def test_exception_when_ended_then_at_once_and_the_audit_keeps_it(later, left, locked, people, administrator) -> None:
    made = give(locked, people.analyst, administrator)
    at = b.NOW + timedelta(days=later)
    b.fill(locked, by=people.analyst, at=at)
    end_lock_exception(exception=made, reason="Done.", by=administrator, at=at)
    with pytest.raises(WrongState):
        b.submit(locked, by=people.analyst, at=at)
    assert list(LockException.objects.values_list("until_on", flat=True)) == ([left] if left else [])
    said = AuditEvent.objects.filter(kind="lock_exception").first().what
    assert said.endswith("Trust analyst given until 14 July 2022, ended: Done.")
    with pytest.raises(WrongState, match="over already"):
        end_lock_exception(exception=made, reason="Again.", by=administrator, at=at)


def test_exception_when_ended_without_a_reason_then_refused(locked, people, administrator) -> None:
    made = give(locked, people.analyst, administrator)
    with pytest.raises(WrongState, match="Say why"):
        end_lock_exception(exception=made, reason=" ", by=administrator, at=b.NOW)


def test_who_may_enter_when_functions_passed_over_then_the_successors_analysts_too(locked, people) -> None:
    council = b.a_partner("council")
    heir = b.a_user(Role.ANALYST, partner=council)
    assert who_may_enter(locked.round, b.TODAY) == [people.analyst, people.second_analyst]
    b.a_succession(b.a_partner(), council, date(2022, 3, 1))
    assert set(who_may_enter(locked.round, b.TODAY)) == {people.analyst, people.second_analyst, heir}
