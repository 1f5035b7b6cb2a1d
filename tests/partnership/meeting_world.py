"""A meeting that has everything of it, in public and exempt, for tests of what is shown to whom."""

from datetime import date

from indicators.models import Partnership, Text, User
from partnership.models import AgendaItem, Body, Declaration, Meeting, ResolutionResponse, StoredDocument
from tests import builders as b

PLACE = "northshire"
CODE = "scrutiny-committee-2022-07-07"
PDF = b"%PDF-1.7\nwords"


def a_document(
    name: str = "report.pdf", *, by: User | None = None, partnership: Partnership | None = None
) -> StoredDocument:  # fmt: skip
    """A stored file of a few bytes."""
    partnership, by = partnership or b.a_partnership(), by or b.a_user("scrutiny_officer")
    return StoredDocument.objects.create(
        partnership=partnership, code=f"file-{StoredDocument.objects.count() + 1}", file_name=name,
        content_type="application/pdf", size=len(PDF), sha256="0" * 64, content=PDF, by=by, actor="Clerk", at=b.NOW,
    )  # fmt: skip


def fill_item(item: AgendaItem, words: str, *, cabinet: Body) -> None:
    """Hangs one of everything on an item, with these words in each."""
    meeting = item.meeting
    b.a_paper(item, f"Paper {words}", document=a_document(f"{words}.pdf"), pages="1–3")
    b.a_minute(item, f"Minute {words}")
    b.a_resolution(item, f"Resolution {words}", owner_role=f"Owner {words}")
    given = b.a_resolution(
        item, f"Recommendation {words}", kind="recommended", addressed_to=cabinet, response_due_on=date(2022, 9, 7),
        number=f"2022-9{item.order}",
    )  # fmt: skip
    ResolutionResponse.objects.create(
        resolution=given, on=b.TODAY, answer="partly", text=Text.objects.keep(f"Response {words}"), actor="x", at=b.NOW,
        source=b.a_source(),
    )  # fmt: skip
    b.a_work_item(f"Work {words}", body=meeting.body, resolution=given, expected_by=date(2023, 7, 7))
    b.a_question(item, f"Question {words}", answer_owner=f"Answerer {words}")
    b.an_action(item, f"Action {words}")
    Declaration.objects.create(
        meeting=meeting, item=item, attendance=meeting.attendances.first(), kind="other", nature=f"Interest {words}",
        actor="x", at=b.NOW, source=b.a_source(),
    )  # fmt: skip


def a_whole_meeting(*, state: str = "confirmed", open_words: str = "open", secret: str = "") -> Meeting:
    """A meeting with one public item and, where `secret` is given, an exempt one with those words in all that hangs on
    it; three of eight are there."""
    body, cabinet = b.a_body(), b.a_body("Cabinet", kind="executive")
    meeting = b.a_meeting(body, state=state)
    for kind, title in (("apologies", "Apologies"), ("exclusion", "Exclusion of the public and press")):
        b.an_item(meeting, title, kind=kind)
    seats = body.seats.all() or b.some_seats(body)
    for seat in list(seats)[:3]:
        b.an_attendance(meeting, seat)
    public = b.an_item(meeting, f"Item {open_words}", kind="report")
    fill_item(public, open_words, cabinet=cabinet)
    if secret:
        exempt = b.an_item(
            meeting, f"Item {secret}", exempt=3, interest=f"Because {secret}", lead_role=f"Lead {secret}",
            urgency=f"Urgent {secret}", added_on=b.TODAY,
        )  # fmt: skip
        fill_item(exempt, secret, cabinet=cabinet)
        late = meeting.attendances.last()
        assert late is not None
        late.arrived_for = exempt
        late.save()
    b.a_statement(meeting, "Waiting times", answer_owed=True, answer_owner="Director")
    return meeting
