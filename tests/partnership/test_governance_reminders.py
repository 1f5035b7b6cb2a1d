"""Reminders of actions and exception reports, and what a person owes at home: who, when, once, and nothing exempt."""

from datetime import date, datetime
from io import StringIO
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Scorecard, User
from indicators.permissions import access_for
from indicators.roles import Role
from indicators.working_days import add_working_days
from partnership.models import Action, GovernanceReminder
from partnership.selectors.owed import governance_due_on, owed_by
from partnership.selectors.packs import packs_of
from tests import builders as b
from tests.partnership.action_world import DUE, JUNE, a_held_meeting, agreed, many, tell, the_officer
from tests.partnership.exception_world import a_line_outside, answer, ask, the_asker
from tests.partnership.test_action_pages import text

pytestmark = pytest.mark.django_db

BEFORE = date(2022, 8, 24)  # a Wednesday, five working days before Thursday 1 September: 29 August is a holiday


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the day of the service."""

    def at(day: date, hour: int = 7) -> datetime:
        monkeypatch.setattr("partnership.clock.now", lambda: b.moment(day, hour))
        return b.moment(day, hour)

    at(BEFORE)
    return at


def run(**options: Any) -> str:
    out = StringIO()
    call_command("send_reminders", stdout=out, stderr=out, **options)
    return out.getvalue()


def sent_to() -> list[str]:
    """Who was written to, by the first word of the address; the box is emptied."""
    found = sorted(message.to[0].split(".")[0].split("@")[0] for message in mail.outbox)
    mail.outbox.clear()
    return found


TRUST = ["analyst", "lead", "lead_deputy", "second_analyst"]


# Who, and when


@pytest.mark.parametrize(
    ("day", "who"),
    [
        (add_working_days(date(2022, 8, 22), 1), []),
        (BEFORE, TRUST),
        (date(2022, 8, 25), []),
        (date(2022, 8, 31), TRUST),
        (DUE, []),
        (date(2022, 9, 2), []),
        (add_working_days(DUE, 5), TRUST),
        (date(2022, 9, 3), []),
    ],
)
def test_action_when_its_day_comes_then_who_answers_for_its_partner_is_reminded(day, who, partnership, clock) -> None:
    b.the_people()
    agreed()
    clock(day)
    run()
    assert sent_to() == who


def test_action_when_a_person_owns_it_then_only_they_are_and_once_they_left_the_partner(partnership, clock) -> None:
    b.the_people()
    person = b.a_user(Role.BOARD_MEMBER, email="owner@example.org")
    agreed(user=person)
    run()
    assert sent_to() == ["owner"]
    person.memberships.update(until_on=date(2022, 8, 1))
    clock(date(2022, 8, 31))
    run()
    assert sent_to() == TRUST


def test_things_when_the_partners_functions_passed_on_then_its_successors_people_are_reminded_and_owe_them(
    partnership, clock
) -> None:
    request = ask()
    agreed(due_on=request.due_on)
    b.a_succession(b.a_partner("trust"), b.a_partner("council"), date(2022, 7, 1))
    heir = b.the_people(b.a_partner("council")).analyst
    clock(date(2022, 7, 14))
    assert run().endswith("Actions and exception reports: 8 reminders sent, 0 sent before.\n")
    assert {message.subject for message in mail.outbox} == {"2 things are due: Action 1, Exception report 1"}
    assert sent_to() == sorted(TRUST * 2)
    assert owed(heir) == [
        "Answer exception report 1, 2021/22 Q4, due on 21 July 2022",
        "Action 1, due on 21 July 2022: Bring the figures by school.",
    ]


def test_home_when_the_owner_of_an_action_has_left_then_it_waits_for_who_answers_for_the_partner(partnership) -> None:
    person = b.a_user(Role.BOARD_MEMBER, email="owner@example.org")
    agreed(user=person)
    assert (len(owed(person)), owed(b.the_people().analyst)) == (1, [])
    person.memberships.update(until_on=JUNE)
    assert owed(b.the_people().analyst) == ["Action 1, due on 1 September 2022: Bring the figures by school."]


def test_home_when_an_answer_waits_then_who_gave_it_is_not_told_to_decide(partnership) -> None:
    answer(ask(by=b.the_people().acceptor), by=the_asker())
    assert owed(the_asker()) == []
    assert owed(b.the_people().acceptor) == ["Decide on the answer to exception report 1, 2021/22 Q4"]


@pytest.mark.parametrize("state", ["done", "closed", "cancelled"])
def test_action_when_it_is_not_open_then_nobody_is_reminded(state, partnership, clock) -> None:
    agreed()
    Action.objects.update(state=state)
    run()
    assert sent_to() == []


def test_report_when_its_answer_is_due_then_the_partner_is_reminded_and_no_longer_once_answered(
    partnership, clock
) -> None:
    request = ask()
    assert request.due_on == date(2022, 7, 21)
    clock(date(2022, 7, 14))
    run()
    assert sent_to() == TRUST
    clock(date(2022, 7, 20))
    answer(request)
    run()
    assert sent_to() == []


def test_reminder_when_the_command_runs_again_then_each_person_gets_one_a_day_with_all_of_it(
    partnership, clock
) -> None:
    b.the_people()
    agreed()
    agreed(what="Another.")
    assert "Actions and exception reports: 4 reminders sent, 0 sent before." in run()
    assert len(mail.outbox) == GovernanceReminder.objects.count() == 4
    assert "Actions and exception reports: 0 reminders sent, 4 sent before." in run()
    assert len(mail.outbox) == 4
    assert mail.outbox[0].subject == "2 things are due: Action 1, Action 2"


def test_reminders_when_there_are_many_then_the_same_number_of_queries(partnership, clock) -> None:
    b.the_people()
    agreed()

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            governance_due_on(BEFORE, today=BEFORE)
        return len(context)

    few = queries()
    many(100)
    Action.objects.update(due_on=DUE)
    assert queries() == few
    due, _ = governance_due_on(BEFORE, today=BEFORE)
    assert [len(one.things) for one in due] == [101] * 4


def test_reminder_when_the_server_fails_then_no_row_stays_and_the_next_run_sends_it(
    partnership, clock, monkeypatch
) -> None:
    b.the_people()
    agreed()
    really, failed = EmailMessage.send, []

    def send(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
        if not failed and self.to[0].startswith("lead."):
            failed.append(1)
            raise SMTPServerDisconnected("gone")
        return really(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)
    with pytest.raises(CommandError, match=r"failed \(SMTPServerDisconnected\)"):
        run()
    assert not GovernanceReminder.objects.filter(user=b.the_people().lead).exists()
    run()
    assert sent_to() == TRUST


# What it says


def test_mail_when_read_then_number_day_and_address_and_not_a_word_of_what_it_is(partnership, clock, settings) -> None:
    settings.PUBLIC_URL = "https://kpi.example.org"
    b.the_people()
    agreed(what="Bring the aardvark.", role="Keeper of the aardvark")
    run()
    message = mail.outbox[0]
    assert message.subject == "1 thing is due: Action 1"
    assert message.body.startswith(
        "Action 1 is due on 1 September 2022. It is due in 5 working days.\n"
        "https://kpi.example.org/northshire/actions/1/\n\n"
    )
    assert "aardvark" not in message.subject + message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_mail_when_an_item_is_exempt_then_only_who_may_read_it_is_written_to_and_nothing_names_it(
    partnership, clock
) -> None:
    people = b.the_people()
    exempt = b.an_item(a_held_meeting(), "The aardvark clause", exempt=3)
    agreed(exempt, what="Settle the aardvark clause.")
    run()
    assert sent_to() == ["lead", "lead_deputy"]  # approvers read exempt items, analysts do not
    person: User = people.analyst
    due, _ = governance_due_on(BEFORE, today=BEFORE)
    assert person not in {one.user for one in due}
    assert all("aardvark" not in str(one) for one in due)


def test_mail_when_a_figure_is_protected_then_only_who_may_read_it_is_written_to(partnership, clock) -> None:
    b.the_people()
    b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner(), email="finance@example.org")
    ask()
    clock(date(2022, 7, 14))
    Scorecard.objects.update(audience=Scorecard.Readers.BOARD)
    run()
    assert sent_to() == TRUST


def test_mail_when_many_are_due_then_the_subject_stays_short(partnership, clock) -> None:
    b.the_people()
    agreed()
    many(40)
    Action.objects.update(due_on=DUE)
    run()
    assert mail.outbox[0].subject == "41 things are due to meetings"
    assert "\n" not in mail.outbox[0].subject


# At home


def owed(user: User) -> list[str]:
    place = b.a_partnership()
    access = access_for(user, place, b.TODAY)
    packs = packs_of(place, access, b.NOW)
    return [one.words for one in owed_by(place, access, user, b.TODAY, packs=packs)]


def test_home_when_something_waits_then_each_sees_what_they_owe(partnership, signed_in) -> None:
    request = ask(a_line_outside(n_lines=2))
    agreed(due_on=JUNE)
    done = agreed(what="Done.")
    tell(done, is_done=True)
    analyst, police = (
        b.the_people().analyst,
        b.a_user(Role.ANALYST, partner=b.a_partner("police"), email="p@example.org"),
    )
    assert owed(analyst) == [
        "Answer exception report 1, 2021/22 Q4, due on 21 July 2022",
        "Action 1, was due on 9 June 2022: Bring the figures by school.",
    ]
    assert owed(police) == []
    assert owed(the_asker()) == ["1 exception report is proposed: ask or decline"]
    assert owed(the_officer()) == ["1 action is told as done and waits to be closed"]
    answer(request)
    assert owed(the_asker())[0] == "Decide on the answer to exception report 1, 2021/22 Q4"
    assert "What you owe to meetings: 1" in text(signed_in(analyst).get("/northshire/"))
    assert "What you owe to meetings" not in text(signed_in(police).get("/northshire/"))


def test_home_when_there_are_many_actions_then_the_same_number_of_queries(partnership) -> None:
    analyst = b.the_people().analyst
    agreed()

    def queries() -> int:
        access = access_for(analyst, partnership, b.TODAY)
        with CaptureQueriesContext(connection) as context:
            owed_by(partnership, access, analyst, b.TODAY, packs=[])
        return len(context)

    few = queries()
    many(50)
    assert queries() == few
    assert owed(analyst)[-1] == "All 51 actions of yours and of your partner"
    assert len(owed(analyst)) == 11
