"""Actions for tests, taken through the operations by the scrutiny officer and the people of the trust."""

from datetime import date, datetime
from typing import Any

from indicators.models import Partnership, Text, User
from indicators.roles import Role
from partnership.models import Action, ActionStep, AgendaItem, Meeting
from partnership.operations import actions as keep
from partnership.operations.actions import Origin, Owner
from tests import builders as b

PLACE = "northshire"
DUE = date(2022, 9, 1)
JUNE, JULY = date(2022, 6, 9), date(2022, 7, 7)
NEXT = date(2022, 9, 15)


def the_officer(partnership: Partnership | None = None) -> User:
    """Who keeps meetings; the same one every time."""
    partnership = partnership or b.a_partnership()
    email = f"scrutiny@{partnership.slug}.example.org"
    found = User.objects.filter(email=email).first()
    return found or b.a_user(Role.SCRUTINY_OFFICER, partnership=partnership, email=email, display_name="Officer")


def a_held_meeting(on: date = JUNE, **columns: Any) -> Meeting:
    """A meeting of the scrutiny committee that was held; the same one every time."""
    found = Meeting.objects.filter(on=on, body__code="scrutiny-committee").first()
    return found or b.a_meeting(b.a_body(), on, state=columns.pop("state", "held"), **columns)


def the_item(**columns: Any) -> AgendaItem:
    """The item that agrees actions; the same one every time."""
    meeting = a_held_meeting()
    return meeting.items.filter(is_exempt=False).first() or b.an_item(meeting, **columns)


def agreed(
    item: AgendaItem | None = None, what: str = "Bring the figures by school.", *, due_on: date | None = DUE,
    role: str = "Head of service", user: User | None = None, partner: Any = "trust", by: User | None = None,
    at: datetime = b.NOW, **more: Any,
) -> Action:  # fmt: skip
    """An action, agreed through the operation; its owner is a role of the trust unless told otherwise."""
    origin = more.pop("origin", None) or Origin(item=item or the_item())
    owner = Owner(role, b.a_partner(partner) if partner else None, user)
    return keep.add_action(
        partnership=b.a_partnership(), origin=origin, what=what, owner=owner, due_on=due_on, by=by or the_officer(),
        at=at, **more,
    )  # fmt: skip


def last_of(action: Action) -> int:
    """The number of the last step."""
    return action.steps.order_by("number").last().number


def tell(action: Action, words: str = "Half done.", *, by: User | None = None, **more: Any) -> Any:
    """Progress, told by the trust's analyst on the page as it stands now."""
    by = by or b.the_people().analyst
    return keep.tell_progress(
        **{"action": action, "words": words, "based_on": last_of(action), "by": by, "at": b.NOW} | more
    )


def close(action: Action, evidence: str = "The figures came.", *, by: User | None = None, **more: Any) -> Any:
    """Closed by the officer at the meeting of July."""
    given = {
        "action": action,
        "evidence": evidence,
        "based_on": last_of(action),
        "by": by or the_officer(),
        "at": b.NOW,
    }
    if "at_meeting" not in more:
        given["at_meeting"] = a_held_meeting(JULY)
    return keep.close_action(**given | more)


def managed(name: str, action: Action, **more: Any) -> Any:
    """move_date, reassign, reopen_action or cancel_action by the officer, with a reason."""
    usual = {"action": action, "reason": "The board asked.", "by": the_officer(), "at": b.NOW}
    if "based_on" not in more:
        usual["based_on"] = last_of(action)
    return getattr(keep, name)(**usual | more)


def many(number: int, item: AgendaItem | None = None) -> None:
    """So many actions more under an item, each with its first step and one of progress, written in bulk."""
    item = item or the_item()
    partnership, text = item.meeting.partnership, Text.objects.keep("Bring what was asked for.")
    start = Action.objects.filter(partnership=partnership).count()
    rows = Action.objects.bulk_create(
        Action(
            partnership=partnership, number=start + n, what=text, item=item, owner_role="Director",
            owner_partner=b.a_partner(), due_on=JUNE, original_due_on=JUNE, by=the_officer(), actor="Officer", at=b.NOW,
        )
        for n in range(1, number + 1)
    )  # fmt: skip
    ActionStep.objects.bulk_create(
        ActionStep(action=row, number=n, kind=kind, actor="Officer", at=b.NOW, known_on=JUNE, text=text)
        for row in rows
        for n, kind in enumerate(("created", "progress"), 1)
    )
