"""Digests by e-mail: to whom, how often, and that nothing goes out which is not published."""

import re
from datetime import date, datetime, timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Membership, User
from indicators.roles import Role
from partnership.alerts import Digest, Kind
from partnership.digest_mail import MOST_LINES, DigestLine, digest_mail
from partnership.models import Alert, DigestSent
from partnership.operations.alerts import mark_read, raise_alerts
from partnership.selectors.digests import digests_on
from tests import builders as b
from tests.partnership.alert_world import a_board_member, a_fall, a_protected_part, follow, for_the_board, told
from tests.partnership.meeting_world import a_whole_meeting
from tests.partnership.pack_world import a_published_pack, restate, withdraw

pytestmark = pytest.mark.django_db

MONDAY = date(2022, 7, 11)
ASKED = b.moment(date(2022, 7, 1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the day of the service."""

    def at(day: date, hour: int = 7) -> datetime:
        monkeypatch.setattr("partnership.clock.now", lambda: b.moment(day, hour))
        return b.moment(day, hour)

    at(MONDAY)
    return at


@pytest.fixture
def reader(partnership, clock) -> User:
    """Who asked on 1 July for a digest of the contract scorecard at most once a day."""
    user = a_board_member(email="reader@example.org")
    follow(user, b.a_scorecard(), digest=Digest.DAILY, at=ASKED)
    return user


def run() -> str:
    out = StringIO()
    call_command("send_digests", stdout=out, stderr=out)
    return out.getvalue()


def sent() -> list[EmailMessage]:
    """What went out; the box is emptied."""
    found = list(mail.outbox)
    mail.outbox.clear()
    return found


def body() -> str:
    """The one e-mail that went out, with its subject."""
    run()
    (message,) = sent()
    return f"{message.subject}\n{message.body}"


# What it says


def test_digest_when_nothing_is_published_then_neither_indicator_nor_scorecard_is_named(reader):
    a_fall()
    said = body()
    assert "1 new alert: Northshire children's partnership" in said
    assert "- An alert on a scorecard that is not named in e-mails" in said
    assert "http://127.0.0.1:8000/northshire/alerts/\n" in said
    assert "http://127.0.0.1:8000/northshire/alerts/settings/ " in said
    assert "asked to be told at most once a day" in said


def published(measure: Any, numerator: int = 60, **more: Any) -> Any:
    """The indicator's return of 2021/22 Q4, accepted and in a pack."""
    words = {"headline": "Fell back", "commentary": "Posts stood vacant.", "keep_reason": "Posts stood vacant."}
    b.tick(period=b.Q3)
    row = b.tick(period=b.Q4, cells={measure.series.pk: b.a_cell(numerator, 100, **words)})
    return row, a_published_pack(b.a_scorecard(), **more)


def test_digest_when_the_figure_is_published_then_indicator_and_scorecard_are_named_and_nothing_else(reader):
    published(b.an_indicator("re-referrals", name="Re-referrals"))
    said = body()
    assert "- Rating changed: Re-referrals (Contract key performance indicators, 2021/22 Q4)" in said
    assert not re.search(r"60|85|%|utside|better|Posts|Fell", said.replace("8000", ""))


# Each: what is done to a published figure, what the e-mail says of it, and what it must not hold.
NAMED = "Rating changed: Re-referrals (Contract key performance indicators, 2021/22 Q4)"
ONE_OF_IT = "Rating changed: an indicator of “Contract key performance indicators”, 2021/22 Q4"
NOT_NAMED = "An alert on a scorecard that is not named in e-mails"


def nothing(measure: Any, row: Any, pack: Any) -> None: ...


def withdrawn(measure: Any, row: Any, pack: Any) -> None:
    withdraw(pack)


def breach(measure: Any, row: Any, pack: Any) -> None:
    withdraw(pack, is_breach=True)


def board_alone(measure: Any, row: Any, pack: Any) -> None:
    for_the_board(b.a_scorecard())


def restated_since(measure: Any, row: Any, pack: Any) -> None:
    """The pack told 60; what stands now is another revision that no pack has told."""
    raise_alerts(partnership=row.round.partnership, at=ASKED - timedelta(days=1))
    words = {"headline": "Counted again", "commentary": "Counted again.", "keep_reason": "Counted again."}
    restate(row, {measure.series: b.a_cell(75, 100, **words)})


def renamed_since(measure: Any, row: Any, pack: Any) -> None:
    b.a_version(measure, b.Q4, name="Children harmed again", short_name="Children harmed again")


def under_embargo(measure: Any, row: Any, pack: Any) -> None:
    meeting = a_whole_meeting(state="called")
    b.a_paper(meeting.items.first(), pack=pack, embargo_until=b.moment(MONDAY + timedelta(days=3)))


@pytest.mark.parametrize(
    ("done", "more", "words"),
    [
        (nothing, {}, NAMED),
        (nothing, {"audience": "public"}, NAMED),
        (nothing, {"audience": "exempt"}, NOT_NAMED),
        (withdrawn, {}, NOT_NAMED),
        (breach, {}, NOT_NAMED),
        (under_embargo, {}, NOT_NAMED),
        (board_alone, {}, NOT_NAMED),
        (restated_since, {}, ONE_OF_IT),
        (renamed_since, {}, NAMED),
    ],
)
def test_digest_when_what_it_is_about_may_not_be_named_then_it_is_not(done, more, words, reader):
    measure = b.an_indicator("re-referrals", name="Re-referrals")
    row, pack = published(measure, **more)
    done(measure, row, pack)
    said = body()
    assert f"- {words}" in said
    leaks = {"harmed", "Counted", "Posts", "Fell", "utside", "75", "60", "re-referrals", "contract/"}
    leaks |= {"Re-referrals"} if words != NAMED else set()
    leaks |= {"Contract"} if words == NOT_NAMED else set()
    assert [word for word in leaks if word in said] == []


def test_digest_when_the_part_is_protected_then_it_is_not_named_though_a_pack_carries_it(reader):
    a_protected_part()
    b.a_history(b.a_scorecard(), 2, numerators=(85, 75))  # whichever comes last, none asks for commentary
    a_published_pack(b.a_scorecard())
    told(at=ASKED)
    assert Alert.objects.filter(line__series__slice__key="sex=female").exists()
    said = body()
    assert ONE_OF_IT in said
    assert "Exploited" not in said
    assert "Female" not in said


def test_digest_when_the_next_period_is_not_published_yet_then_only_the_scorecard_is_named(reader):
    measure = b.an_indicator("re-referrals", name="Re-referrals")
    published(measure, 85)
    raise_alerts(partnership=b.a_partnership(), at=ASKED)
    words = {"headline": "Fell back", "commentary": "Posts stood vacant.", "keep_reason": "Posts stood vacant."}
    b.tick(period=b.Q4.next(), cells={measure.series.pk: b.a_cell(60, 100, **words)})
    assert "Rating changed: an indicator of “Contract key performance indicators”, 2022/23 Q1" in body()


# To whom


def test_digest_when_nobody_asked_then_none_goes_out(partnership, clock):
    a_board_member()
    a_fall()
    assert run() == "11 July 2022: 0 digests sent.\n"
    assert (sent(), Alert.objects.count()) == ([], 1)


def no_more_a_member(user: User) -> None:
    Membership.objects.filter(user=user).update(until_on=MONDAY - timedelta(days=1))


def not_active(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def has_read_it(user: User) -> None:
    told(at=ASKED)
    mark_read(partnership=b.a_partnership(), alerts=Alert.objects.all(), by=user, at=ASKED)


def ended_it(user: User) -> None:
    follow(user, b.a_scorecard(), digest=Digest.NEVER, at=b.moment(date(2022, 7, 2)))


def another_kind(user: User) -> None:
    follow(user, b.a_scorecard(), digest=Digest.DAILY, kinds=frozenset({Kind.OVERDUE}))


def asked_later(user: User) -> None:
    told(at=ASKED - timedelta(days=1))


@pytest.mark.parametrize("done", [no_more_a_member, not_active, has_read_it, ended_it, another_kind, asked_later])
def test_digest_when_the_person_is_not_to_be_told_then_none_goes_out(done, reader):
    a_fall()
    done(reader)
    run()
    assert sent() == []


def test_digest_when_two_people_ask_then_each_is_told_what_they_may_read(reader):
    other = b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner(), email="other@example.org")
    card = b.a_scorecard(code="partnership")
    a_fall()
    a_fall(code="other", name="Other", scorecard=card)
    follow(other, b.a_scorecard(), card, digest=Digest.DAILY, at=ASKED)
    for_the_board(card)
    run()
    assert {message.to[0]: message.subject.partition(":")[0] for message in sent()} == {
        "reader@example.org": "1 new alert", "other@example.org": "1 new alert",
    }  # fmt: skip
    held = {one.user.email: [a.line.scorecard.code for a in one.alerts.all()] for one in DigestSent.objects.all()}
    assert held == {"reader@example.org": ["contract"], "other@example.org": ["contract"]}


# How often


def test_digest_when_the_command_runs_again_then_nothing_more_goes_out_that_day_and_each_alert_once(reader, clock):
    a_fall()
    assert run() == "11 July 2022: 1 digest sent.\n"
    a_fall(code="other", name="Other")
    assert run() == "11 July 2022: 0 digests sent.\n"
    clock(MONDAY + timedelta(days=1))
    assert run() == "12 July 2022: 1 digest sent.\n"
    assert [message.subject.partition(":")[0] for message in sent()] == ["1 new alert", "1 new alert"]
    clock(MONDAY + timedelta(days=2))
    assert run() == "13 July 2022: 0 digests sent.\n"


def test_digest_when_weekly_then_at_most_once_from_monday_to_sunday(reader, clock):
    follow(reader, b.a_scorecard(), digest=Digest.WEEKLY, at=ASKED)
    days = []
    for number in range(9):
        a_fall(code=f"m-{number}", name=f"Measure {number}")
        clock(MONDAY + timedelta(days=number))
        run()
        days += [number for message in sent() if "at most once a week" in message.body]
    assert days == [0, 7]


def test_digest_when_some_are_daily_and_some_weekly_then_the_weekly_ones_go_along_once(reader, clock):
    weekly = b.a_scorecard(code="partnership")
    follow(reader, weekly, digest=Digest.WEEKLY, at=ASKED)
    numbers = []
    for number in range(3):
        a_fall(code=f"m-{number}", name=f"Measure {number}")
        a_fall(code=f"w-{number}", name=f"Weekly {number}", scorecard=weekly)
        clock(MONDAY + timedelta(days=number))
        run()
        numbers += [message.subject.partition(" ")[0] for message in sent()]
    assert numbers == ["2", "1", "1"]


# What can go wrong


def fail(monkeypatch: pytest.MonkeyPatch, errors: dict[str, BaseException]) -> None:
    """The mail server fails for some people."""
    real = EmailMessage.send

    def send(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
        if self.to[0] in errors:
            raise errors[self.to[0]]
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SMTPServerDisconnected("gone"), "The mail server failed (SMTPServerDisconnected): 1 not sent. Run it again."),
        (SMTPRecipientsRefused({"reader@example.org": (550, b"no")}), "The mail server refused 1 digest."),
    ],
)
def test_digest_when_one_fails_then_the_others_go_out_and_it_is_sent_by_the_next_run(error, said, reader, monkeypatch):
    for name in ("a", "z"):
        follow(a_board_member(email=f"{name}@example.org"), b.a_scorecard(), digest=Digest.DAILY, at=ASKED)
    a_fall()
    with monkeypatch.context() as patch:
        fail(patch, {"reader@example.org": error})
        with pytest.raises(CommandError, match=re.escape(said)) as raised:
            run()
    assert "example.org" not in str(raised.value)
    assert sorted(message.to[0] for message in sent()) == ["a@example.org", "z@example.org"]
    run()
    assert [message.to[0] for message in sent()] == ["reader@example.org"]


def test_digests_when_the_server_is_down_then_it_is_not_asked_for_everybody(partnership, clock, monkeypatch):
    users = [a_board_member(email=f"r{number}@example.org") for number in range(6)]
    for user in users:
        follow(user, b.a_scorecard(), digest=Digest.DAILY, at=ASKED)
    a_fall()
    fail(monkeypatch, {user.email: TimeoutError() for user in users})
    with pytest.raises(CommandError, match=re.escape("The mail server failed (TimeoutError): 6 not sent.")):
        run()
    assert not DigestSent.objects.exists()


def test_command_in_production_when_no_mail_server_is_named_then_it_says_what_to_give(reader, settings):
    settings.IN_PRODUCTION, settings.EMAIL_HOST = True, ""
    with pytest.raises(CommandError, match="EMAIL_HOST is not set"):
        run()


def test_log_when_a_digest_is_sent_then_by_numbers_and_without_address_or_name(reader, caplog, monkeypatch):
    published(b.an_indicator("re-referrals", name="Re-referrals"))
    monkeypatch.setattr("partnership.operations.reminders.log.propagate", True)
    caplog.set_level("INFO", "operations")
    said = run()
    assert f"send_digest user={reader.pk} number=1" in caplog.text
    assert not re.search("@|eferrals|Contract", caplog.text + said)


def test_digests_when_more_is_to_be_told_then_a_query_a_person_and_no_more(reader):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert digests_on(MONDAY, now=b.moment(MONDAY, 7))
        return len(found)

    published(b.an_indicator("re-referrals", name="Re-referrals"))
    told(at=ASKED)
    few = queries()
    for number in range(4):
        a_fall(code=f"m-{number}", name=f"Measure {number}")
    told(at=ASKED)
    assert queries() == few
    follow(a_board_member(), b.a_scorecard(), digest=Digest.DAILY, at=ASKED)
    assert queries() == few + 1


# The words alone


def test_mail_when_lines_are_alike_then_told_once_with_their_number_and_cut_when_there_are_many() -> None:
    lines = [DigestLine("Rating changed", "2021/22 Q4", "", "Contract")] * 3
    lines += [DigestLine("Special cause", f"month {number}", f"Name {number}", "Contract") for number in range(40)]
    made = digest_mail(lines=lines, place="North\nshire", address="a", settings_address="b", how_often="often")
    assert made.subject == "43 new alerts: North shire"
    assert "- Rating changed: an indicator of “Contract”, 2021/22 Q4 (3 alerts)" in made.body
    assert f"- and {41 - MOST_LINES} more" in made.body
    assert made.body.count("\n- ") == MOST_LINES + 1


def test_line_when_a_name_holds_a_line_break_then_it_is_one_line() -> None:
    assert "\n" not in DigestLine("Rating\nchanged", "2021/22 Q4", "A\r\nB", "C\nD").words
