"""What pages offer can be done, what cannot yet says since when, and what is as it was writes no step."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from indicators.models import AuditEvent, Scorecard, User
from indicators.operations.errors import NothingChanged
from indicators.permissions import access_for
from indicators.roles import Role
from partnership.meeting_dates import remarks
from partnership.models import ActionStep, MeetingStep
from partnership.operations import agenda, inspections, meetings, plans, risks
from partnership.operations.agenda import ItemDetails
from partnership.operations.meetings import MeetingDetails
from partnership.operations.plan_recording import state_of
from partnership.selectors.mine import mine_on, own_reports
from tests import builders as b
from tests.partnership import plans_world as w
from tests.partnership.action_world import agreed, tell, the_officer
from tests.partnership.exception_world import ask
from tests.partnership.filled_forms import fill, opened, page_of, text_of
from tests.partnership.meeting_world import CODE

pytestmark = pytest.mark.django_db

ROOT = "/northshire/"
PAGE = f"{ROOT}meetings/{CODE}/"


@pytest.fixture
def clerk(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(the_officer(b.a_partnership()))


def offered(clerk: Client, page: str = PAGE) -> set[str]:
    """The steps that a page of a meeting leads to, by the last part of their address."""
    return {str(a["href"]).rstrip("/").rpartition("/")[2] for a in page_of(clerk, page).select("a[href*='/steps/']")}


def test_held_when_the_day_is_to_come_then_it_is_said_from_when_on(clerk: Client) -> None:
    meeting = b.a_meeting(on=b.TODAY + timedelta(days=7), state="called")
    page = f"{ROOT}meetings/{meeting.code}/"
    assert "held" not in offered(clerk, page)
    assert "It can be recorded as held from 14 July 2022 on." in text_of(clerk, page)
    again = clerk.get(f"{page}steps/held/", follow=True)
    assert again.redirect_chain == [(page, 302)]
    b.a_meeting(state="called")
    assert "held" in offered(clerk)


def test_record_when_attendance_or_a_quorum_is_missing_then_neither_interest_nor_resolution_is_offered(
    clerk: Client,
) -> None:
    meeting = b.a_meeting(b.a_body(), state="held")
    b.an_item(meeting)
    assert not {"interest", "resolution", "exclusion"} & offered(clerk)
    told = text_of(clerk, PAGE)
    assert "Interests can be added once attendance is recorded." in told
    assert told.count("Resolutions can be added once attendance is recorded.") == 1
    seats = b.some_seats(meeting.body)
    b.an_attendance(meeting, seats[0])
    assert "interest" in offered(clerk)
    assert "resolution" not in offered(clerk)
    assert "Nothing can be resolved under it: it was not quorate." in text_of(clerk, PAGE)
    for seat in seats[1:4]:
        b.an_attendance(meeting, seat)
    assert "resolution" in offered(clerk)


def test_confirm_when_no_later_meeting_was_held_then_it_is_said_and_offered_once_one_was(clerk: Client) -> None:
    meeting = b.a_meeting(b.a_body(), date(2022, 6, 9), state="minuted")
    page = f"{ROOT}meetings/{meeting.code}/"
    assert "confirm" not in offered(clerk, page)
    assert "can be confirmed once a later meeting of the body is recorded as held" in text_of(clerk, page)
    b.a_meeting(meeting.body, state="held")
    assert "confirm" in offered(clerk, page)


def test_history_when_attendance_minutes_and_resolutions_were_typed_then_each_stands_there_for_who_may_read_it(
    clerk: Client, signed_in: Callable[[User], Client]
) -> None:
    meeting, by = b.a_meeting(b.a_body(), state="held"), the_officer()
    item = b.an_item(meeting, "Performance")
    for seat in b.some_seats(meeting.body, 3):
        b.an_attendance(meeting, seat, by=by)
    b.a_minute(item, "It was told.", by=by)
    b.a_resolution(item, by=by)
    told = [" ".join(li.get_text().split()) for li in page_of(clerk, PAGE).select("#history + ol li")]
    assert [line for line in told if "attendance recorded" in line] == [
        "7 July 2022, 10:00: attendance recorded, Officer"
    ]
    assert "7 July 2022, 10:00: minutes written: item 1, Officer" in told
    assert "7 July 2022, 10:00: resolution 2022-1 recorded: item 1, Officer" in told
    member = text_of(signed_in(b.a_user(Role.BOARD_MEMBER)), PAGE)
    assert "resolution 2022-1 recorded" in member
    assert "attendance recorded" not in member
    assert "minutes written" not in member


# The day of a meeting


@pytest.mark.parametrize(
    ("on", "today", "words"),
    [
        (date(2022, 7, 16), date(2022, 7, 1), ("16 July 2022 is a Saturday.",)),
        (date(2022, 8, 29), date(2022, 8, 1), ("29 August 2022 is a bank holiday.",)),
        (date(2022, 7, 15), date(2022, 7, 7), ()),
        (date(2022, 7, 14), date(2022, 7, 7), ("was 6 July 2022 and has passed",)),
        (date(2022, 7, 6), date(2022, 7, 7), ()),
    ],
)
def test_day_when_it_is_not_worked_or_notice_is_short_then_it_is_said(on: date, today: date, words: tuple) -> None:
    found = remarks(on, today, in_public=True, is_published=False)
    assert len(found) == len(words)
    assert all(part in whole for part, whole in zip(words, found, strict=True))
    assert not [one for one in remarks(on, today, in_public=False, is_published=False) if "publish" in one]


def test_meeting_when_planned_or_moved_to_an_odd_day_then_the_message_says_so(clerk: Client) -> None:
    b.a_body()
    told = fill(clerk, f"{ROOT}meetings/new/", body="scrutiny-committee", first="14 July 2022", in_public="yes",
                action="plan")  # fmt: skip
    assert "The last day to publish its agenda with 5 clear working days was 6 July 2022 and has passed" in told
    page = f"{ROOT}meetings/scrutiny-committee-2022-07-14/"
    told = fill(clerk, f"{page}steps/move/", on="16 July 2022")
    assert "16 July 2022 is a Saturday." in told
    steps = MeetingStep.objects.count()
    assert "Nothing was changed" in fill(clerk, f"{page}steps/move/")
    assert MeetingStep.objects.count() == steps


# What is as it was


def test_forms_when_nothing_is_changed_then_no_step_is_written(partnership, signed_in) -> None:
    by = w.approver()
    risk, promise = w.a_risk(by=by), w.a_promise(by=by)
    action = w.a_plan_action(w.a_priority(w.an_improvement_plan(by=by), by=by), by=by)
    meeting = b.a_meeting(b.a_body())
    item = b.an_item(meeting)
    details = ItemDetails(item.title, item.kind, item.function, item.lead_role, item.exempt_paragraph,
                          item.exempt_interest, "")  # fmt: skip
    lines = AuditEvent.objects.count()
    led = {name: getattr(action, name) for name in plans.LED if name != "measures"} | {"measures": []}
    common = {"by": by, "at": b.NOW}
    tied = {name: value for name, value in w.RISK.items() if name in risks.TIED}
    tries = [
        lambda: risks.change_risk(risk=risk, values=tied, based_on=state_of(risk, risks.TIED), **common),
        lambda: inspections.change_ambition(
            ambition=promise, values=w.PROMISED, based_on=state_of(promise, inspections.PROMISED), **common
        ),
        lambda: plans.change_plan_action(action=action, values=led, based_on=state_of(action, plans.LED), **common),
        lambda: agenda.change_item(item=item, details=details, version=meeting.version, **common),
        lambda: meetings.move_meeting(
            meeting=meeting, on=meeting.on, reason="",
            details=MeetingDetails(meeting.starts_at, meeting.venue, meeting.in_public, meeting.note),
            version=meeting.version, **common,
        ),
    ]  # fmt: skip
    for one in tries:
        with pytest.raises(NothingChanged):
            one()
    assert AuditEvent.objects.count() == lines
    client, page = signed_in(by), f"{ROOT}risks/{risk.code}/"
    assert "Nothing was changed" in fill(client, f"{page}change/")
    assert AuditEvent.objects.count() == lines


# Actions and reports


def test_action_when_a_person_tells_how_it_stands_then_the_page_names_them_and_closing_begins_with_their_evidence(
    clerk: Client,
) -> None:
    b.a_meeting(b.a_body(), state="held")
    action = agreed(user=b.the_people().analyst)
    assert "Trust analyst tells how it stands" in text_of(clerk, f"{ROOT}actions/1/")
    tell(action, is_done=True, evidence="The list of schools.", evidence_from="staff")
    form = opened(clerk, f"{ROOT}actions/1/close/")
    assert (form["evidence"], form["evidence_from"]) == ("The list of schools.", "staff")
    fill(clerk, f"{ROOT}actions/1/close/", at_meeting=CODE)
    assert ActionStep.objects.order_by("number").last().evidence.body == "The list of schools."


def test_report_when_its_scorecard_is_of_performance_then_no_finance_officer_owes_it(partnership) -> None:
    request, trust = ask(), b.a_partner()
    officer = b.a_user(Role.FINANCE_OFFICER, partner=trust, email="finance@example.org")
    people = {"analyst": b.the_people().analyst, "officer": officer}

    def owes() -> set[str]:
        found = {name: (access_for(user, partnership, b.TODAY), user.pk) for name, user in people.items()}
        return {name for name, (access, pk) in found.items()
                if own_reports(mine_on(partnership, access, pk, b.TODAY), partnership)}  # fmt: skip

    assert owes() == {"analyst"}
    Scorecard.objects.filter(pk=request.line.scorecard_id).update(purpose=Scorecard.Purpose.MONEY)
    assert owes() == {"analyst", "officer"}


def test_home_when_several_things_are_one_line_then_the_number_counts_the_things(clerk: Client) -> None:
    for number in (1, 2):
        tell(agreed(what=f"Bring it {number}."), is_done=True, evidence="So.")
    told = text_of(clerk, ROOT)
    assert "What you owe to meetings: 2" in told
    assert "2 actions are told as done and wait to be closed" in told


def test_seat_when_added_then_the_form_names_the_last_meeting_that_was_held_and_a_later_day_changes_no_quorum(
    clerk: Client,
) -> None:
    meeting = b.a_meeting(b.a_body(), state="held")
    b.an_item(meeting)
    for seat in b.some_seats(meeting.body)[:2]:
        b.an_attendance(meeting, seat)
    form = f"{ROOT}governance/bodies/scrutiny-committee/seat/"
    assert "A meeting was held on 7 July 2022. From that day or an earlier one" in text_of(clerk, form)
    for day, needed in (("8 July 2022", 2), ("7 July 2022", 3)):
        fill(clerk, form, title=f"From {day}", from_on=day)
        assert f"{needed} are needed" in text_of(clerk, PAGE) or f"{needed} needed" in text_of(clerk, PAGE), day
