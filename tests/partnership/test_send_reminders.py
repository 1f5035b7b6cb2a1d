"""Reminders by e-mail: who gets which on which day, once; what they say, and what happens when the sending fails."""

import re
import threading
from datetime import date, datetime, timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from indicators.models import ReminderSent, Return, User
from indicators.operations import grant_lock_exception, lock_round
from indicators.roles import Role
from indicators.working_days import add_working_days
from partnership.models import PublicStatement
from partnership.operations.reminders import send_reminder
from partnership.selectors.reminders import reminders_on
from tests import builders as b

pytestmark = pytest.mark.django_db

DUE = date(2022, 4, 22)  # a Friday, after Easter: 5 working days before is Wednesday 13 April
FIVE_BEFORE, ONE_BEFORE, FIVE_AFTER = date(2022, 4, 13), date(2022, 4, 21), date(2022, 4, 29)


@pytest.fixture
def clock(monkeypatch):
    """Sets the day of the service."""

    def at(day: date, hour: int = 7) -> datetime:
        monkeypatch.setattr("partnership.clock.now", lambda: b.moment(day, hour))
        return b.moment(day, hour)

    at(FIVE_BEFORE)
    return at


@pytest.fixture
def row(partnership, clock):
    b.an_indicator()
    b.a_round(due_on=DUE, at=b.moment(date(2022, 4, 1)))
    return b.fresh(b.a_return())


def run(**options) -> str:
    out = StringIO()
    call_command("send_reminders", stdout=out, stderr=out, **options)
    return out.getvalue()


def sent_to() -> list[str]:
    """Who was written to, by the first word of the address; the box is emptied."""
    found = sorted(message.to[0].split(".")[0] for message in mail.outbox)
    assert all(len(message.recipients()) == 1 for message in mail.outbox)
    mail.outbox.clear()
    return found


ENTER, SIGN = ["analyst", "second_analyst"], ["lead", "lead_deputy"]


# Who, and when


@pytest.mark.parametrize(
    ("day", "who"),
    [
        (date(2022, 4, 12), []),
        (FIVE_BEFORE, ENTER),
        (date(2022, 4, 14), []),
        (date(2022, 4, 17), []),
        (ONE_BEFORE, ENTER),
        (DUE, []),
        (date(2022, 4, 25), []),
        (FIVE_AFTER, sorted(ENTER + SIGN)),
        (date(2022, 4, 30), []),
        (date(2022, 5, 9), sorted(ENTER + SIGN)),
    ],
)
def test_reminder_when_its_day_comes_then_who_enters_gets_it_and_once_overdue_who_signs_off(day, who, row, clock):
    clock(day)
    run()
    assert sent_to() == who


def test_reminders_when_a_quarter_passes_then_each_comes_once_however_often_the_command_runs(row, clock):
    days = [date(2022, 4, 1) + timedelta(days=n) for n in range(45)]
    for day in days:
        for hour in (7, 12, 23):
            clock(day, hour)
            run()
    held = list(ReminderSent.objects.filter(user=b.the_people().analyst).values_list("kind", "on"))
    overdue = [("overdue", add_working_days(DUE, n)) for n in (5, 10)]
    assert held == [("due_in_5", FIVE_BEFORE), ("due_in_1", ONE_BEFORE), *overdue]
    assert len(mail.outbox) == ReminderSent.objects.count() == 2 * 4 + 2 * 2


@pytest.mark.parametrize("state", ["submitted", "signed_off", "returned", "approved"])
def test_reminder_when_the_return_has_come_in_then_none(state, row):
    b.a_return(state=state, at=b.moment(date(2022, 4, 12)))
    assert "0 reminders sent" in run()
    assert sent_to() == []


def test_reminder_when_there_is_no_due_date_or_only_a_correction_then_none(partnership, clock):
    measure = b.an_indicator()
    b.a_restatement(b.a_return(state="approved"), [measure.series])
    Return.objects.filter(kind="restatement").get().round.refresh_from_db()
    for day in (FIVE_BEFORE, FIVE_AFTER):
        clock(day)
        run()
    assert sent_to() == []


def test_reminder_when_a_person_has_left_or_is_of_another_partner_then_none_for_them(row, clock):
    people = b.the_people()
    people.analyst.memberships.update(until_on=FIVE_BEFORE - timedelta(days=1))
    User.objects.filter(pk=people.second_analyst.pk).update(is_active=False)
    b.a_user(Role.ANALYST, partner=b.a_partner("police"), email="police@example.org")
    b.a_user(Role.ADMINISTRATOR, email="administrator@example.org")
    last = b.a_user(Role.ANALYST, email="last.day@example.org", until_on=FIVE_BEFORE)
    run()
    assert sent_to() == ["last"]
    assert ReminderSent.objects.get().user == last


def test_reminder_when_a_gate_is_held_without_the_role_then_none(row, clock):
    b.the_people().lead.memberships.update(until_on=FIVE_AFTER - timedelta(days=1))
    clock(FIVE_AFTER)
    run()
    assert sent_to() == sorted([*ENTER, "lead_deputy"])


def test_reminder_when_functions_passed_over_then_the_successor_gets_it_too(row, clock):
    council = b.a_partner("council")
    b.a_succession(b.a_partner(), council, date(2022, 3, 1))
    b.a_user(Role.ANALYST, partner=council, email="heir@example.org")
    heir = b.a_user(Role.APPROVER, partner=council, email="heirlead@example.org")
    b.a_gate_holder(heir, council)
    clock(FIVE_AFTER)
    run()
    assert sent_to() == sorted([*ENTER, *SIGN, "heir@example", "heirlead@example"])


def test_reminder_when_the_round_is_locked_then_only_for_whom_it_is_open(row, clock):
    people = b.the_people()
    at = clock(FIVE_AFTER)
    lock_round(reporting_round=row.round, reason="Printed.", by=people.acceptor, at=at)
    run()
    assert sent_to() == []
    grant_lock_exception(
        reporting_round=row.round, user=people.second_analyst, until_on=FIVE_AFTER, reason="Late.",
        by=people.acceptor, at=at,
    )  # fmt: skip
    run()
    assert sent_to() == ["second_analyst"]


def test_reminders_when_there_are_many_returns_then_the_number_of_queries_is_the_same(row):
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            reminders_on(FIVE_BEFORE, today=FIVE_BEFORE)
        return len(context)

    few = queries()
    for code in ("a", "b", "c"):
        b.a_round(b.a_scorecard(2, code=code), due_on=DUE)
    assert queries() == few
    assert len(reminders_on(FIVE_BEFORE, today=FIVE_BEFORE).reminders) == 8


# What it says


def test_mail_when_read_then_name_date_and_address_but_no_figure_and_nobody_else(row, settings):
    settings.PUBLIC_URL = "https://kpi.example.org"
    b.keep(row, {b.returns.lines_due(row)[0].line.series: b.a_cell(8765, 9999, commentary="A family of five moved.")})
    run()
    message = next(m for m in mail.outbox if m.to[0].startswith("analyst."))
    assert message.subject == "Return due in 5 working days: Contract key performance indicators, 2021/22 Q4"
    assert message.body == (
        "The return “Contract key performance indicators, 2021/22 Q4” of Northshire Children's Trust is due on "
        "22 April 2022. It is due in 5 working days.\n\n"
        "Open it here: https://kpi.example.org/northshire/returns/contract/2021-22-q4/trust/1/\n\n"
        "You get this reminder because you may enter figures for Northshire Children's Trust. It was sent by the "
        "service and cannot be answered. If the return cannot come in by then, ask an administrator to move the due "
        "date.\n"
    )
    assert message.content_subtype == "plain"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_mail_when_overdue_then_it_says_by_how_much_and_why_it_goes_to_the_lead(row, clock):
    clock(FIVE_AFTER)
    run()
    message = next(m for m in mail.outbox if m.to[0].startswith("lead."))
    assert message.subject.startswith("Return overdue by 5 working days: ")
    assert "was due on 22 April 2022. It is overdue by 5 working days." in message.body
    assert "because you sign off the returns of Northshire Children's Trust." in message.body


def test_mail_when_a_name_holds_a_line_break_then_the_subject_is_one_line(row):
    scorecard = row.round.scorecard
    scorecard.name = "Contract\nBcc: all@example.org"
    scorecard.save()
    run()
    assert {m.subject for m in mail.outbox} == {
        "Return due in 5 working days: Contract Bcc: all@example.org, 2021/22 Q4"
    }


def test_log_when_a_reminder_is_sent_then_by_numbers_and_without_any_address(row, caplog, monkeypatch):
    monkeypatch.setattr("partnership.operations.reminders.log.propagate", True)
    caplog.set_level("INFO", "operations")
    said = run()
    analyst = b.the_people().analyst
    assert f"send_reminder return={row.pk} user={analyst.pk} kind=due_in_5" in caplog.text
    assert "@" not in caplog.text + said


# The command


def test_command_when_it_ran_then_it_says_how_many_and_a_second_run_sends_nothing(row):
    assert run() == "13 April 2022: 2 reminders sent, 0 sent before; 1 return, 2 people.\n"
    assert run() == "13 April 2022: 0 reminders sent, 2 sent before; 1 return, 2 people.\n"
    assert len(mail.outbox) == 2


def test_command_when_the_day_is_not_worked_then_it_says_so(row, clock):
    clock(date(2022, 4, 15))
    assert run() == "15 April 2022 is not a working day: no reminders.\n"


def test_command_when_a_day_was_missed_then_it_can_be_made_up_but_not_for_what_came_in_since(row, clock):
    clock(date(2022, 4, 14))
    assert "2 reminders sent" in run(date="2022-04-13")
    assert "0 reminders sent, 2 sent before" in run(date="2022-04-13")
    other = b.a_scorecard(1, code="other")
    b.a_round(other, due_on=DUE, at=b.moment(date(2022, 4, 1)))
    b.a_return(other, state="submitted", at=b.moment(date(2022, 4, 14)))
    assert "0 reminders sent, 2 sent before" in run(date="2022-04-13")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2022-04-14", "still to come"),
        ("13.4.2022", "Write it as 2022-07-07"),
        ("1999-01-04", "bank holidays are known"),
    ],
)
def test_command_when_the_day_cannot_be_then_it_says_why(text, sentence, row):
    with pytest.raises(CommandError, match=sentence):
        run(date=text)
    assert not ReminderSent.objects.exists()


def test_command_when_one_return_cannot_be_counted_then_the_others_go_out_and_it_is_said(row, clock):
    old = b.a_round(b.a_scorecard(1, code="other"))
    old.due_on = date(1999, 1, 4)
    old.save()
    said = run()
    assert "2 reminders sent" in said
    assert "bank holidays are known from" in said


def test_command_in_production_when_no_mail_server_is_named_then_it_says_what_to_give(row, settings):
    settings.IN_PRODUCTION, settings.EMAIL_HOST = True, ""
    with pytest.raises(CommandError, match="EMAIL_HOST is not set"):
        run()
    settings.EMAIL_HOST, settings.PUBLIC_URL = "mail.example.org", ""
    with pytest.raises(CommandError, match="PUBLIC_URL is not set"):
        run()


# When the sending fails


def fail_once(monkeypatch, error: BaseException, *, only: str = "") -> None:
    """The next mail (to the address that begins so) fails as if the server, or the machine, had."""
    really, failed = EmailMessage.send, []

    def send(self: EmailMessage, *args, **kwargs) -> int:
        if not failed and self.to[0].startswith(only):
            failed.append(1)
            raise error
        return really(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), TimeoutError(), ConnectionRefusedError()])
def test_mail_when_the_server_fails_then_no_row_stays_and_the_next_run_sends_each_once(error, row, monkeypatch):
    fail_once(monkeypatch, error, only="second_analyst")
    with pytest.raises(CommandError, match=r"failed \(\w+\): 1 not sent. Run it again") as refused:
        run()
    assert "@" not in str(refused.value)
    assert (ReminderSent.objects.count(), len(mail.outbox)) == (1, 1)
    assert "1 reminder sent, 1 sent before" in run()
    assert sent_to() == ENTER


def test_mail_when_the_process_dies_between_row_and_mail_then_neither_lost_nor_doubled(row, monkeypatch):
    fail_once(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run()
    assert not ReminderSent.objects.exists()
    assert "2 reminders sent" in run()
    assert "0 reminders sent" in run()
    assert sent_to() == ENTER


def test_mail_when_one_person_is_refused_then_the_others_get_theirs_and_it_fails_loudly(row, monkeypatch):
    fail_once(monkeypatch, SMTPRecipientsRefused({"analyst@example.org": (550, b"no")}), only="analyst")
    with pytest.raises(CommandError, match="refused 1 reminder") as refused:
        run()
    assert "@" not in str(refused.value)
    assert sent_to() == ["second_analyst"]


def test_mail_when_sent_again_after_a_lost_row_then_with_the_same_message_id(row):
    run()
    first = {m.to[0]: m.extra_headers["Message-ID"] for m in mail.outbox}
    mail.outbox.clear()
    ReminderSent.objects.all().delete()
    run()
    assert {m.to[0]: m.extra_headers["Message-ID"] for m in mail.outbox} == first
    assert len(set(first.values())) == 2
    assert all(re.fullmatch(r"<reminder\.[\w.-]+@127\.0\.0\.1>", one) for one in first.values())


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_runs_when_at_once_then_one_mail(row):
    reminder = reminders_on(FIVE_BEFORE, today=FIVE_BEFORE).reminders[0]
    gate, outcomes = threading.Barrier(2), []

    def send() -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=10)
            outcomes.append(send_reminder(reminder=reminder, day=FIVE_BEFORE, at=b.NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == [False, True]
    assert (ReminderSent.objects.count(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize(("day", "left"), [(date(2022, 4, 21), 1), (date(2022, 4, 22), 0), (date(2022, 4, 24), 0)])
def test_name_of_a_speaker_when_its_day_has_come_then_the_run_deletes_it_even_on_a_sunday(day, left, clock):
    b.a_statement(speaker="A. Speaker", speaker_until=date(2022, 4, 22))
    clock(day)
    assert ("1 name of speakers of public statements deleted." in run()) is not bool(left)
    assert PublicStatement.objects.exclude(speaker="").count() == left
