"""Reads the answers that are owed: to members' questions, to public statements and to recommendations."""

from datetime import date
from typing import Any

from django.urls import reverse

from indicators.models import Partnership
from indicators.permissions import Access
from partnership.answers_table import OwedAnswer
from partnership.models import Meeting, Resolution
from partnership.selectors.body_names import BodyNames, names_of_bodies
from partnership.selectors.visible import questions_for, resolutions_for, statements_for


def answers_owed(access: Access, partnership: Partnership, today: date) -> list[OwedAnswer]:
    """Every answer that is owed, of what the person may read: the longest late first, then by the day on which it is
    due, those without a day last. Four queries."""
    named = names_of_bodies(partnership)
    rows = [*_questions(access, partnership, named, today), *_statements(access, partnership, named, today),
            *_recommended(access, partnership, named, today)]  # fmt: skip
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or date.max, row.meeting_on, row.order))


def _of_meeting(meeting: Meeting, named: BodyNames) -> dict[str, Any]:
    return {"meeting": meeting.code, "meeting_name": named.meeting(meeting), "meeting_on": meeting.on}


def _questions(access: Access, partnership: Partnership, named: BodyNames, today: date) -> list[OwedAnswer]:
    found = questions_for(access, partnership).filter(answered_at_meeting=False, answered_on__isnull=True)
    return [
        OwedAnswer(
            kind="question", asked=one.question, owner=one.answer_owner, item=one.item.label, order=one.item.order,
            number=one.number, resolution="", due_on=one.answer_due_on, today=today,
            **_of_meeting(one.item.meeting, named),
        )
        for one in found.select_related("item__meeting")
    ]  # fmt: skip


def _statements(access: Access, partnership: Partnership, named: BodyNames, today: date) -> list[OwedAnswer]:
    found = statements_for(access, partnership).filter(answer_owed=True, answered_on__isnull=True)
    return [
        OwedAnswer(
            kind="statement", asked=one.topic, owner=one.answer_owner, item="", order=0, number=one.order,
            resolution="", due_on=one.answer_due_on, today=today, **_of_meeting(one.meeting, named),
        )
        for one in found.select_related("meeting")
    ]  # fmt: skip


def _recommended(access: Access, partnership: Partnership, named: BodyNames, today: date) -> list[OwedAnswer]:
    found = resolutions_for(access, partnership).filter(
        kind=Resolution.Kind.RECOMMENDED, responses__isnull=True, corrected_by__isnull=True
    )
    return [
        OwedAnswer(
            kind="recommendation", asked=one.text.body, owner=named.of(one.addressed_to_id or 0, one.item.meeting.on),
            item=one.item.label, order=one.item.order, number=0, resolution=one.number, due_on=one.response_due_on,
            today=today, **_of_meeting(one.item.meeting, named),
        )
        for one in found.select_related("text", "item__meeting")
    ]  # fmt: skip


def answer_url(slug: str, row: OwedAnswer) -> str:
    """The address of the form that keeps an answer."""
    if row.resolution:
        return reverse("resolution_response", args=[slug, row.resolution])
    if row.kind == "statement":
        return reverse("statement_answer", args=[slug, row.meeting, row.number])
    return reverse("question_answer", args=[slug, row.meeting, row.order, row.number])
