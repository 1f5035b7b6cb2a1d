"""Two people at one role or account, or one person in several tabs, at the same moment; on either database."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from indicators.models import AuditEvent, Membership
from indicators.operations import people
from indicators.operations.errors import NotAllowed, WrongState
from partnership.models import WorkItem
from partnership.operations.closing_accounts import deactivate
from partnership.operations.work_programme import Expected, expect
from tests import builders as b
from tests.threads import Together

pytestmark = pytest.mark.django_db(transaction=True)

LAST_DAYS = [date(2022, 7, 5), date(2022, 12, 31), date(2022, 7, 6)]


@pytest.fixture
def together(tmp_path: Any) -> Callable[[], Together]:
    return lambda: Together(tmp_path)


def test_role_when_ended_several_times_at_once_then_once_and_the_record_says_the_same(together) -> None:
    b.a_user(b.Role.ADMINISTRATOR)
    by, held = b.a_user(b.Role.ADMINISTRATOR), b.a_user(b.Role.BOARD_MEMBER).memberships.get()
    here = together()

    def end(day: date) -> Callable[[], Any]:
        mine = Membership.objects.select_related("user", "partnership").get(pk=held.pk)
        return lambda: people.end_membership(membership=mine, until_on=day, by=by, at=b.NOW)

    outcomes = here.run(*map(end, LAST_DAYS))
    assert sorted(type(o).__name__ for o in outcomes) == ["WrongState", "WrongState", "str"], outcomes
    stands = here.read(lambda: Membership.objects.get(pk=held.pk).until_on)
    told = here.read(lambda: list(AuditEvent.objects.filter(kind=AuditEvent.Kind.ROLE_ENDED)))
    assert len(told) == 1
    assert told[0].what.endswith(f"until {stands.isoformat()}")


def test_administrators_when_the_last_two_end_each_others_role_at_once_then_one_stays(together) -> None:
    two = [b.a_user(b.Role.ADMINISTRATOR) for _ in range(2)]
    here = together()

    def end(one: Any, other: Any) -> Callable[[], Any]:
        held = other.memberships.select_related("user", "partnership").get()
        return lambda: people.end_membership(membership=held, until_on=b.TODAY, by=one, at=b.NOW)

    outcomes = here.run(end(*two), end(*reversed(two)))
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [WrongState], outcomes
    assert here.read(lambda: Membership.objects.filter(until_on__isnull=True).count()) == 1


def test_administrators_when_the_last_two_close_each_others_account_at_once_then_one_stays(together) -> None:
    two, place = [b.a_user(b.Role.ADMINISTRATOR) for _ in range(2)], b.a_partnership()
    here = together()

    def close(one: Any, other: Any) -> Callable[[], Any]:
        return lambda: deactivate(user=other, partnership=place, by=one, at=b.NOW)

    outcomes = here.run(close(*two), close(*reversed(two)))
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [NotAllowed], outcomes
    assert here.read(lambda: sum(type(two[0]).objects.filter(pk=u.pk, is_active=True).exists() for u in two)) == 1


def test_work_item_when_sent_from_several_tabs_at_once_then_it_stands_once_and_the_others_are_told(together) -> None:
    clerk, body = b.a_user(b.Role.SCRUTINY_OFFICER), b.a_body()
    expected = Expected(
        programme="scrutiny", body=body, title="Early help", owner_role="Director",
        expected_by=date(2022, 9, 1),
    )  # fmt: skip
    here = together()

    def send(number: int) -> Callable[[], Any]:
        at = b.NOW - timedelta(milliseconds=number)  # who came later may be carried out first
        return lambda: expect(
            partnership=body.partnership, expected=expected, by=clerk, at=at, key=f"{number}" * 32
        )  # fmt: skip

    outcomes = here.run(*map(send, range(4)))
    assert [type(o) for o in outcomes if isinstance(o, Exception)] == [WrongState] * 3, outcomes
    assert here.read(WorkItem.objects.count) == 1
