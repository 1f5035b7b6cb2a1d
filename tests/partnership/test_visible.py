"""What of meetings who may read, and from when on."""

import pytest

from indicators.models import Partnership, User
from indicators.permissions import Access, access_for
from indicators.roles import Role
from partnership.selectors import visible
from tests import builders as b

pytestmark = pytest.mark.django_db


def access(role: Role, partnership: Partnership) -> Access:
    user: User = b.a_user(role, partnership=partnership)
    return access_for(user, partnership, b.TODAY)


@pytest.mark.parametrize(
    ("state", "agenda", "decisions", "minutes"),
    [
        ("planned", 0, 0, 0),
        ("called", 1, 0, 0),
        ("held", 1, 1, 0),
        ("minuted", 1, 1, 1),
        ("confirmed", 1, 1, 1),
        ("cancelled", 0, 0, 0),
    ],
)
def test_what_a_member_reads_when_a_meeting_goes_on_then_it_opens_step_by_step(
    state: str, agenda: int, decisions: int, minutes: int
) -> None:
    item = b.an_item(b.a_meeting(state=state))
    b.a_paper(item)
    b.a_minute(item)
    b.a_resolution(item)
    b.an_action(item)
    place = b.a_partnership()
    for role, prepares in ((Role.BOARD_MEMBER, False), (Role.ADMINISTRATOR, False), (Role.SCRUTINY_OFFICER, True)):
        may = access(role, place)
        expected = [1, 1, 1, 1, 1] if prepares else [agenda, agenda, minutes, decisions, decisions]
        found = [
            visible.items_for(may, place),
            visible.papers_for(may, place, b.NOW),
            visible.minutes_for(may, place),
            visible.resolutions_for(may, place),
            visible.actions_for(may, place),
        ]
        assert [query.count() for query in found] == expected, role


def test_an_exempt_item_when_the_person_may_not_read_it_then_nothing_of_it_is_found() -> None:
    item = b.an_item(b.a_meeting(state="confirmed"), exempt=3)
    b.a_paper(item)
    b.a_minute(item)
    b.a_resolution(item)
    b.an_action(item)
    place = b.a_partnership()
    for role, sees in ((Role.ADMINISTRATOR, 0), (Role.BOARD_MEMBER, 1), (Role.SCRUTINY_OFFICER, 1)):
        may = access(role, place)
        for query in (
            visible.items_for(may, place),
            visible.papers_for(may, place, b.NOW),
            visible.minutes_for(may, place),
            visible.resolutions_for(may, place),
            visible.actions_for(may, place),
        ):
            assert query.count() == sees, (role, query.model)
