"""Meetings planned, moved, cancelled, published; their agenda and papers; each rule of notice and urgency."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from indicators.models import AuditEvent, User
from indicators.operations.errors import InputRefused, OperationError, WrongState
from indicators.permissions import Access, access_for
from indicators.roles import Role
from partnership.models import AgendaItem, ExceptionRequest, Meeting, MeetingStep, Pack, StoredDocument
from partnership.operations import agenda, meetings, work_programme
from partnership.operations.agenda import ItemDetails, PaperDetails, stamp_of
from partnership.operations.meeting_basics import MeetingChanged
from partnership.operations.meetings import MeetingDetails
from partnership.paper_files import judged
from partnership.selectors.meetings import waiting_exceptions
from tests import builders as b

pytestmark = pytest.mark.django_db

SOON, LATER = date(2022, 7, 14), date(2022, 7, 21)  # four and nine clear working days after 7 July 2022
PUBLIC = MeetingDetails(time(14), "Civic Office", True)
PDF = b"%PDF-1.7\nwords"


@pytest.fixture
def clerk(db: None) -> User:
    return b.a_user(Role.SCRUTINY_OFFICER)


@pytest.fixture
def plan(clerk: User) -> Callable[..., Meeting]:
    def planned(on: date = LATER, details: MeetingDetails = PUBLIC, **more: Any) -> Meeting:
        body = more.pop("body", None) or b.a_body()
        (made,) = meetings.plan_meetings(
            partnership=b.a_partnership(), body=body, days=[on], details=details, by=clerk, at=b.NOW, **more
        )
        return made

    return planned


def publish(meeting: Meeting, clerk: User, urgency: str = "", at: datetime = b.NOW) -> None:
    meeting.refresh_from_db()
    meetings.publish_agenda(meeting=meeting, urgency=urgency, version=meeting.version, by=clerk, at=at)
    meeting.refresh_from_db()


def a_request(number: int = 1) -> ExceptionRequest:
    scorecard = b.a_scorecard(1)
    line = scorecard.lines.first()
    return ExceptionRequest.objects.create(
        partnership=b.a_partnership(), number=number, line=line, period=b.a_period(), partner=b.a_partner(),
        trigger=["outside", "asked", "relief_expired"][number % 3], asks="recovery_plan", evidence="n = 40, clear",
        due_on=b.TODAY,
    )  # fmt: skip


# Planning


def test_meeting_when_planned_then_its_standing_items_are_there_in_order(plan: Callable[..., Meeting]) -> None:
    meeting = plan()
    kinds = ["apologies", "exclusion", "declarations", "minutes", "statements", "matters_arising"]
    assert list(meeting.items.values_list("kind", flat=True)) == kinds
    assert list(meeting.items.values_list("label", flat=True)) == ["1", "2", "3", "4", "5", "6"]
    assert [s.action for s in meeting.steps.all()] == ["planned"]
    assert AuditEvent.objects.get(kind="governance_recorded").what == "Meeting scrutiny-committee-2022-07-21: Planned"


def test_meeting_when_not_in_public_then_no_statements_are_on_its_agenda(plan: Callable[..., Meeting]) -> None:
    meeting = plan(details=MeetingDetails(in_public=False))
    assert not meeting.items.filter(kind="statements").exists()


def test_series_when_planned_then_each_takes_the_minutes_of_the_one_before(clerk: User) -> None:
    days = [date(2022, 9, 8), date(2022, 10, 6), date(2022, 11, 3)]
    body = b.a_body()
    made = meetings.plan_meetings(
        partnership=b.a_partnership(), body=body, days=days, details=PUBLIC, by=clerk, at=b.NOW
    )
    titles = list(AgendaItem.objects.filter(kind="minutes").order_by("meeting__on").values_list("title", flat=True))
    assert titles == [
        "Minutes of the last meeting",
        "Minutes of the meeting of 8 September 2022",
        "Minutes of the meeting of 6 October 2022",
    ]
    again = meetings.plan_meetings(
        partnership=b.a_partnership(), body=body, days=[*days, date(2022, 9, 22)], details=PUBLIC, by=clerk, at=b.NOW
    )
    assert [m.on for m in again] == [date(2022, 9, 22)]
    made[1].refresh_from_db()
    meetings.cancel_meeting(meeting=made[1], reason="No business.", version=made[1].version, by=clerk, at=b.NOW)
    assert made[2].items.get(kind="minutes").earlier_meeting == again[0]
    assert made[1].items.count() == 6


def test_series_when_the_same_form_comes_twice_then_nothing_more_is_planned(clerk: User) -> None:
    for number in (1, 0):
        made = meetings.plan_meetings(
            partnership=b.a_partnership(),
            body=b.a_body(),
            days=[SOON],
            details=PUBLIC,
            by=clerk,
            at=b.NOW,
            key="k" * 32,
        )
        assert len(made) == number
    assert Meeting.objects.count() == 1


def test_meeting_when_the_body_was_not_there_then_it_is_refused(clerk: User) -> None:
    body = b.a_body(until_on=date(2022, 7, 10))
    with pytest.raises(InputRefused, match="did not exist on 14 July 2022"):
        meetings.plan_meetings(
            partnership=b.a_partnership(), body=body, days=[SOON], details=PUBLIC, by=clerk, at=b.NOW
        )
    other = b.a_partnership("elsewhere", "E06000098")
    with pytest.raises(InputRefused, match="this partnership"):
        meetings.plan_meetings(partnership=other, body=body, days=[SOON], details=PUBLIC, by=clerk, at=b.NOW)


# Moving and cancelling


def test_meeting_when_moved_then_its_address_stays_and_the_day_is_told(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan()
    meetings.move_meeting(
        meeting=meeting, on=SOON, details=PUBLIC, reason="", version=meeting.version, by=clerk, at=b.NOW
    )
    meeting.refresh_from_db()
    assert (meeting.on, meeting.code) == (SOON, "scrutiny-committee-2022-07-21")
    assert meeting.steps.last().reason == "From 21 July 2022 to 14 July 2022."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("on", "reason", "words"),
    [
        (date(2022, 7, 25), "", "say why"),
        (SOON, "The chair is away.", "less than 5 clear"),
        (date(2022, 7, 28), "The chair is away.", "has a meeting on 28 July 2022"),
    ],
)
def test_published_meeting_when_moved_without_what_it_needs_then_it_is_refused(
    plan: Callable[..., Meeting], clerk: User, on: date, reason: str, words: str
) -> None:
    meeting = plan()
    plan(on=date(2022, 7, 28))
    publish(meeting, clerk)
    with pytest.raises(InputRefused, match=words):
        meetings.move_meeting(
            meeting=meeting, on=on, details=PUBLIC, reason=reason, version=meeting.version, by=clerk, at=b.NOW
        )


def move(meeting: Meeting, clerk: User, *, on: date = LATER, **details: Any) -> None:
    meeting.refresh_from_db()
    changed = replace(PUBLIC, **details)
    meetings.move_meeting(
        meeting=meeting, on=on, details=changed, reason="The hall is flooded.", version=meeting.version, by=clerk,
        at=b.NOW,
    )  # fmt: skip
    meeting.refresh_from_db()


def test_meeting_when_its_place_alone_changes_at_short_notice_then_the_reason_is_enough(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan(on=SOON)
    publish(meeting, clerk, urgency="Asked by the regulator.")
    move(meeting, clerk, on=SOON, venue="Mansion House")
    assert meeting.venue == "Mansion House"
    assert meeting.steps.last().reason == "The same day. The hall is flooded."  # type: ignore[union-attr]
    move(meeting, clerk, on=date(2022, 7, 15))
    with pytest.raises(InputRefused, match="less than 5 clear"):
        move(meeting, clerk, on=SOON)


def test_meeting_when_it_comes_to_be_in_public_then_it_needs_what_a_public_one_needs(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan(on=SOON, details=MeetingDetails(in_public=False))
    agenda.add_item(
        meeting=meeting, details=ItemDetails("Fees", exempt_paragraph=3, exempt_interest="Bids."), by=clerk, at=b.NOW
    )
    meeting.refresh_from_db()
    agenda.remove_item(item=meeting.items.get(kind="exclusion"), version=meeting.version, by=clerk, at=b.NOW)
    publish(meeting, clerk)
    with pytest.raises(InputRefused, match="less than 5 clear"):
        move(meeting, clerk, on=SOON)
    with pytest.raises(WrongState, match="none on the exclusion"):
        move(meeting, clerk, on=LATER)
    move(meeting, clerk, on=SOON, in_public=False, venue="Mansion House")
    assert meeting.in_public is False


def test_meeting_when_moved_to_a_day_on_which_the_body_is_not_there_then_it_is_refused(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan(body=b.a_body("Panel", from_on=date(2022, 7, 10), until_on=date(2022, 7, 25)))
    for on in (date(2022, 7, 9), date(2022, 7, 26)):
        with pytest.raises(InputRefused, match="did not exist on") as refused:
            move(meeting, clerk, on=on)
        assert refused.value.box == "on"
    move(meeting, clerk, on=date(2022, 7, 25))


def test_meeting_when_another_is_planned_on_its_new_day_at_the_same_moment_then_a_sentence_says_so(
    plan: Callable[..., Meeting], clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = plan()
    plan(on=date(2022, 7, 28))
    monkeypatch.setattr(meetings, "body_meets", lambda *args, **more: False)
    with pytest.raises(WrongState, match="has just planned a meeting on 28 July 2022"):
        move(meeting, clerk, on=date(2022, 7, 28))


def test_title_of_the_last_minutes_when_typed_then_it_stays_and_one_of_the_service_follows(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    first, second, third = (plan(on=date(2022, month, 8)) for month in (9, 10, 11))
    typed = "Minutes of 8 September, and of the workshop"
    item = second.items.get(kind="minutes")
    second.refresh_from_db()
    agenda.change_item(
        item=item, details=ItemDetails(typed, kind="minutes"), version=second.version, by=clerk, at=b.NOW
    )  # fmt: skip
    move(first, clerk, on=date(2022, 9, 9))
    move(second, clerk, on=date(2022, 10, 9))
    titles = [m.items.get(kind="minutes").title for m in (first, second, third)]
    assert titles == ["Minutes of the last meeting", typed, "Minutes of the meeting of 9 October 2022"]
    between = plan(on=date(2022, 9, 22))
    assert second.items.get(kind="minutes").earlier_meeting == between


def test_meeting_when_cancelled_then_what_came_there_is_expected_again(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan()
    publish(meeting, clerk)
    expected = b.a_work_item(body=meeting.body)
    work_programme.receive(item=expected, under=meeting.items.all()[0], by=clerk, at=b.NOW)
    meetings.cancel_meeting(meeting=meeting, reason="No business.", version=meeting.version, by=clerk, at=b.NOW)
    expected.refresh_from_db()
    assert expected.received_at is None


def test_meeting_when_cancelled_then_its_exception_reports_wait_again(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting, request = plan(), a_request()
    agenda.carry_exceptions(meeting=meeting, requests=[request], by=clerk, at=b.NOW)
    request.refresh_from_db()
    assert request.item.title == "Exception report 1 of Northshire Children's Trust"  # type: ignore[union-attr]
    meeting.refresh_from_db()
    with pytest.raises(InputRefused, match="Say why"):
        meetings.cancel_meeting(meeting=meeting, reason=" ", version=meeting.version, by=clerk, at=b.NOW)
    meetings.cancel_meeting(meeting=meeting, reason="No business.", version=meeting.version, by=clerk, at=b.NOW)
    request.refresh_from_db()
    assert request.item is None
    with pytest.raises(WrongState, match="was cancelled"):
        publish(meeting, clerk)


def test_exception_reports_when_two_agendas_want_them_then_the_first_has_them(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    first, second, requests = plan(), plan(on=date(2022, 9, 8)), [a_request(1), a_request(2)]
    agenda.carry_exceptions(meeting=first, requests=requests[:1], by=clerk, at=b.NOW)
    agenda.carry_exceptions(meeting=second, requests=requests, by=clerk, at=b.NOW)
    assert list(second.items.filter(kind="exception").values_list("exceptions__number", flat=True)) == [2]


@pytest.fixture
def readers(clerk: User) -> Access:
    return access_for(clerk, b.a_partnership(), b.TODAY)


def put(request: ExceptionRequest, meeting: Meeting, clerk: User, **more: Any) -> ExceptionRequest:
    meeting.refresh_from_db()
    given = {"version": meeting.version, "by": clerk, "at": b.NOW} | more
    agenda.put_exception_on_agenda(request=request, meeting=meeting, **given)
    return ExceptionRequest.objects.get(pk=request.pk)


def test_exception_report_when_declined_then_it_waits_until_an_agenda_takes_it(
    plan: Callable[..., Meeting], clerk: User, readers: Access
) -> None:
    meeting, request = plan(), a_request()
    ExceptionRequest.objects.update(state="declined")
    assert waiting_exceptions(b.a_partnership(), readers) == [request]
    found = put(request, meeting, clerk, key="e" * 32)
    assert (found.item.title, found.item.kind) == (  # type: ignore[union-attr]
        "Exception report 1 of Northshire Children's Trust", "exception",
    )  # fmt: skip
    assert waiting_exceptions(b.a_partnership(), readers) == []
    put(request, meeting, clerk, key="e" * 32, version=meeting.version)
    assert meeting.items.filter(kind="exception").count() == 1
    with pytest.raises(MeetingChanged):
        put(request, meeting, clerk, version=meeting.version - 1)


def test_exception_report_when_it_comes_after_the_agenda_then_late_with_the_chairs_reason(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting, one, two, three = plan(), a_request(1), a_request(2), a_request(3)
    publish(meeting, clerk)
    item, late = meeting.items.all()[5], b.moment(date(2022, 7, 18))
    for refused in (
        lambda: put(one, meeting, clerk, at=late),
        lambda: put(two, meeting, clerk, at=late, item=item),
        lambda: agenda.carry_exceptions(meeting=meeting, requests=[three], by=clerk, at=late),
    ):
        with pytest.raises(InputRefused, match="chair’s reason"):
            refused()
    new = put(one, meeting, clerk, at=late, urgency="Asked today.").item
    assert (new.added_on, new.urgency) == (date(2022, 7, 18), "Asked today.")  # type: ignore[union-attr]
    assert put(two, meeting, clerk, at=late, item=item, urgency="Asked today.").item == item
    paper = item.papers.get()
    assert (paper.title[:18], paper.available_on, paper.urgency) == (
        "Exception report 2", date(2022, 7, 18), "Asked today.",
    )  # fmt: skip
    agenda.carry_exceptions(meeting=meeting, requests=[three], urgency="Asked today.", by=clerk, at=late)
    assert meeting.steps.filter(action="late_paper").count() == 3


@pytest.mark.parametrize(("state", "words"), [("held", "was held"), ("confirmed", "confirmed"), ("cancelled", "was c")])
def test_exception_report_when_the_meeting_was_or_will_not_be_then_it_is_refused(
    clerk: User, state: str, words: str
) -> None:
    with pytest.raises(WrongState, match=words):
        put(a_request(), b.a_meeting(state=state), clerk)


def test_exception_report_when_under_an_exempt_item_then_it_never_comes_under_a_public_one(clerk: User) -> None:
    meeting, later = b.a_meeting(on=LATER), b.a_meeting(on=date(2022, 9, 8))
    exempt, public = b.an_item(meeting, exempt=3), b.an_item(meeting)
    request = put(a_request(), meeting, clerk, item=exempt)
    for place, item in ((meeting, public), (meeting, None), (later, None)):
        with pytest.raises(InputRefused, match="under an exempt item"):
            put(request, place, clerk, item=item)
    with pytest.raises(InputRefused, match="not on the agenda of that meeting"):
        put(request, later, clerk, item=exempt)
    seen = meeting.version
    other = b.an_item(later, exempt=3)
    assert put(request, later, clerk, item=other).item == other
    meeting.refresh_from_db()
    assert meeting.version > seen, "a page of the agenda that it left is out of date"


def test_exception_report_when_it_was_before_a_meeting_then_that_record_stays(clerk: User) -> None:
    held = b.a_meeting(on=date(2022, 6, 9), state="held")
    request = a_request()
    request.item = b.an_item(held)
    request.save()
    with pytest.raises(WrongState, match="whose record stays"):
        put(request, b.a_meeting(on=LATER), clerk)


# Publishing


def test_agenda_when_published_in_time_then_it_is_open_and_says_when(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    publish(meeting, clerk, urgency="Not needed.")
    assert (meeting.state, meeting.agenda_issued_on) == ("called", b.TODAY)
    assert meeting.steps.last().reason == ""  # type: ignore[union-attr]


def test_agenda_when_published_late_then_it_needs_the_chairs_reason(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan(on=SOON)
    with pytest.raises(InputRefused, match=r"4 clear working days .* the last day was 6 July 2022"):
        publish(meeting, clerk)
    publish(meeting, clerk, urgency="The regulator asks for it before August.")
    assert meeting.steps.last().reason == "The regulator asks for it before August."  # type: ignore[union-attr]


def test_agenda_when_the_meeting_is_not_public_then_no_notice_is_asked(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan(on=SOON, details=MeetingDetails(in_public=False))
    publish(meeting, clerk)
    assert meeting.state == "called"


def test_agenda_when_exempt_items_have_no_item_of_exclusion_before_then_it_is_refused(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan()
    agenda.add_item(meeting=meeting, details=ItemDetails("Fees", exempt_paragraph=3, exempt_interest="Bids."), by=clerk,
                    at=b.NOW)  # fmt: skip
    meeting.refresh_from_db()
    agenda.remove_item(item=meeting.items.get(kind="exclusion"), version=meeting.version, by=clerk, at=b.NOW)
    with pytest.raises(WrongState, match="none on the exclusion"):
        publish(meeting, clerk)


def test_agenda_when_it_has_no_items_then_it_is_refused(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    for item in meeting.items.all():
        meeting.refresh_from_db()
        agenda.remove_item(item=item, version=meeting.version, by=clerk, at=b.NOW)
    with pytest.raises(WrongState, match="nothing on this agenda"):
        publish(meeting, clerk)


def test_meeting_when_held_then_not_before_its_day(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    publish(meeting, clerk)
    with pytest.raises(WrongState, match="from that day on"):
        meetings.hold_meeting(meeting=meeting, version=meeting.version, by=clerk, at=b.NOW)
    meetings.hold_meeting(meeting=meeting, version=meeting.version, by=clerk, at=b.moment(LATER))
    meeting.refresh_from_db()
    assert meeting.state == "held"


def test_page_when_two_tabs_publish_and_move_then_the_second_is_told(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    seen = meeting.version
    meetings.move_meeting(meeting=meeting, on=SOON, details=PUBLIC, reason="", version=seen, by=clerk, at=b.NOW)
    with pytest.raises(MeetingChanged, match="since you opened"):
        meetings.publish_agenda(meeting=meeting, urgency="Now.", version=seen, by=clerk, at=b.NOW)
    meeting.refresh_from_db()
    assert meeting.state == "planned"


def test_form_when_sent_twice_then_it_is_carried_out_once(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    for _ in range(2):
        agenda.add_item(meeting=meeting, details=ItemDetails("Fees"), by=clerk, at=b.NOW, key="a" * 32)
        meetings.publish_agenda(
            meeting=meeting, urgency="", version=meeting.version + 1, by=clerk, at=b.NOW, key="b" * 32
        )
    assert meeting.items.filter(title="Fees").count() == 1
    assert meeting.steps.filter(action="called").count() == 1
    with pytest.raises(OperationError, match="used for something else"):
        agenda.add_item(meeting=meeting, details=ItemDetails("Others"), by=clerk, at=b.NOW, key="a" * 32)


# Items


@pytest.mark.parametrize(
    ("details", "box"),
    [
        (ItemDetails(" "), "title"),
        (ItemDetails("Fees", exempt_paragraph=8, exempt_interest="x"), "exempt_paragraph"),
        (ItemDetails("Fees", exempt_paragraph=3), "exempt_interest"),
        (ItemDetails("Fees", exempt_interest="Bids."), "exempt_paragraph"),
    ],
)
def test_item_when_it_lacks_something_then_the_box_is_named(
    plan: Callable[..., Meeting], clerk: User, details: ItemDetails, box: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        agenda.add_item(meeting=plan(), details=details, by=clerk, at=b.NOW)
    assert refused.value.box == box


def test_item_when_added_late_then_the_chair_finds_it_urgent(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    publish(meeting, clerk)
    agenda.add_item(meeting=meeting, details=ItemDetails("In time"), by=clerk, at=b.NOW)
    late = b.moment(date(2022, 7, 18))
    with pytest.raises(InputRefused, match="chair’s reason"):
        agenda.add_item(meeting=meeting, details=ItemDetails("Too late"), by=clerk, at=late)
    agenda.add_item(meeting=meeting, details=ItemDetails("Urgent", urgency="A child died."), by=clerk, at=late)
    found = {i.title: (i.label, i.added_on, i.urgency) for i in meeting.items.filter(added_on__isnull=False)}
    assert found == {"In time": ("7", b.TODAY, ""), "Urgent": ("8", date(2022, 7, 18), "A child died.")}
    assert meeting.steps.filter(action="late_paper").count() == 1
    assert "died" not in str(list(MeetingStep.objects.values_list("reason", flat=True)))


@pytest.mark.parametrize("in_public", [False, None])
def test_item_when_the_meeting_is_not_in_public_then_it_is_never_late(
    plan: Callable[..., Meeting], clerk: User, in_public: bool | None
) -> None:
    meeting = plan(details=MeetingDetails(in_public=in_public))
    publish(meeting, clerk)
    agenda.add_item(meeting=meeting, details=ItemDetails("Fees"), by=clerk, at=b.moment(date(2022, 7, 20)))
    item = meeting.items.get(title="Fees")
    assert (item.added_on, item.urgency) == (date(2022, 7, 20), "")


def test_item_when_the_agenda_is_published_then_it_can_only_be_made_exempt(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    meeting = plan()
    agenda.add_item(meeting=meeting, details=ItemDetails("Fees"), by=clerk, at=b.NOW)
    publish(meeting, clerk)
    item = meeting.items.get(title="Fees")
    change = {"item": item, "by": clerk, "at": b.NOW}
    with pytest.raises(InputRefused, match="neither changed nor opened"):
        agenda.change_item(details=ItemDetails("Other"), version=meeting.version, **change)
    with pytest.raises(InputRefused, match="neither changed nor opened") as refused:
        agenda.change_item(
            details=ItemDetails("Other", exempt_paragraph=3, exempt_interest="Bids."), version=meeting.version, **change
        )
    assert refused.value.box == "title"
    exempt = ItemDetails("Fees", exempt_paragraph=3, exempt_interest="Bids.")
    agenda.change_item(details=exempt, version=meeting.version, **change)
    item.refresh_from_db()
    assert (item.title, item.is_exempt, item.exempt_paragraph) == ("Fees", True, 3)
    meeting.refresh_from_db()
    for operation, more in ((agenda.remove_item, {}), (agenda.place_item, {"is_up": True})):
        with pytest.raises(WrongState):
            operation(item=item, version=meeting.version, by=clerk, at=b.NOW, **more)  # type: ignore[operator]


def test_item_when_placed_and_removed_then_labels_follow(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    agenda.add_item(meeting=meeting, details=ItemDetails("Fees"), by=clerk, at=b.NOW)
    for is_up in (True, True, False):
        meeting.refresh_from_db()
        item = meeting.items.get(title="Fees")
        agenda.place_item(item=item, is_up=is_up, version=meeting.version, by=clerk, at=b.NOW)
    assert [(i.label, i.order) for i in meeting.items.filter(title="Fees")] == [("6", 6)]
    meeting.refresh_from_db()
    agenda.remove_item(item=meeting.items.get(order=1), version=meeting.version, by=clerk, at=b.NOW)
    assert [i.label for i in meeting.items.all()] == ["1", "2", "3", "4", "5", "6"]
    first, *others = meeting.items.all()
    meeting.refresh_from_db()
    for item, rests in zip(others, (b.an_action, b.a_resolution, b.a_question, b.a_minute), strict=False):
        rests(item)
        with pytest.raises(WrongState, match="is recorded under this item"):
            agenda.remove_item(item=item, version=meeting.version, by=clerk, at=b.NOW)
    b.a_paper(first)
    meeting.refresh_from_db()
    with pytest.raises(WrongState, match="papers under this item"):
        agenda.remove_item(item=first, version=meeting.version, by=clerk, at=b.NOW)


# Papers


def test_paper_when_a_file_then_it_is_kept_byte_by_byte_with_its_digest(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    item = plan().items.first()
    assert item is not None
    file = judged("Report of “fees”.exe", PDF)
    agenda.add_paper(item=item, details=PaperDetails("Fees", file=file), stamp=stamp_of(item), by=clerk, at=b.NOW)
    stored = StoredDocument.objects.get()
    assert (bytes(stored.content), stored.sha256, stored.size) == (PDF, file.sha256, len(PDF))
    assert stored.file_name == "Report of -fees.pdf"
    assert "fees" not in stored.code
    paper = item.papers.get()
    for _ in range(2):
        agenda.withdraw_paper(paper=paper, by=clerk, at=b.NOW)
    paper.refresh_from_db()
    assert paper.withdrawn_at == b.NOW


def test_paper_when_late_then_the_chair_finds_it_urgent(plan: Callable[..., Meeting], clerk: User) -> None:
    meeting = plan()
    publish(meeting, clerk)
    item = meeting.items.last()
    assert item is not None
    late = b.moment(date(2022, 7, 18))
    hang = {"item": item, "stamp": stamp_of(item), "by": clerk, "at": late}
    with pytest.raises(InputRefused, match="chair’s reason"):
        agenda.add_paper(details=PaperDetails("Addendum", is_named=True), **hang)
    agenda.add_paper(details=PaperDetails("Addendum", urgency="Figures came today.", is_named=True), **hang)
    assert item.papers.get().available_on == date(2022, 7, 18)


def test_paper_when_it_is_a_pack_and_a_file_or_a_draft_then_it_is_refused(
    plan: Callable[..., Meeting], clerk: User
) -> None:
    item = plan().items.first()
    assert item is not None
    pack = Pack.objects.create(
        partnership=b.a_partnership(), code="draft", title="Draft", body="x", meeting_on=b.TODAY, audience="board"
    )
    for details, box in (
        (PaperDetails("Both", pack=pack, file=judged("a.pdf", PDF)), "file"),
        (PaperDetails("Draft", pack=pack), "pack"),
        (PaperDetails(" "), "title"),
        (PaperDetails("No file came with it"), "file"),
        (PaperDetails("Named", file=judged("a.pdf", PDF), is_named=True), "is_named"),
    ):
        with pytest.raises(InputRefused) as refused:
            agenda.add_paper(item=item, details=details, stamp=stamp_of(item), by=clerk, at=b.NOW)
        assert refused.value.box == box
