"""Who may do what, for whom, on which day: the whole table, dated memberships, and functions that pass over."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import Membership, Partner, Succession
from indicators.permissions import Access, Grant, Inheritance, access_for, can, requires
from indicators.roles import ROLE_PERMISSIONS, ROLE_WORDS, Permission, Role
from tests import builders as b

P = Permission
READ = {P.VIEW_APPROVED, P.EXPORT_APPROVED}
BOARD = READ | {P.VIEW_EXEMPT, P.VIEW_PROTECTED}

# What each role may do: for its own partner; for another partner; with a membership for the whole partnership.
# Written out by hand, apart from roles.py.
TABLE: dict[Role, tuple[set[Permission], set[Permission], set[Permission]]] = {
    Role.ANALYST: (
        READ | {P.VIEW_RETURNS, P.ENTER_FIGURES, P.MANAGE_ISSUES, P.VIEW_PROTECTED, P.ANSWER},
        READ | {P.VIEW_PROTECTED},
        READ | {P.VIEW_RETURNS, P.MANAGE_ISSUES, P.VIEW_PROTECTED, P.ANSWER},
    ),
    Role.APPROVER: (
        BOARD | {P.VIEW_RETURNS, P.SIGN_OFF, P.MANAGE_ISSUES, P.ANSWER},
        BOARD,
        BOARD
        | {P.VIEW_RETURNS, P.ACCEPT, P.MANAGE_ISSUES, P.MANAGE_TARGETS, P.PUBLISH, P.ANSWER, P.MANAGE_PLANS}
        | {P.ASK_EXCEPTIONS, P.MANAGE_BENCHMARKS, P.REVIEW_DISCLOSURE},
    ),
    Role.FINANCE_OFFICER: (
        READ | {P.VIEW_RETURNS, P.ENTER_MONEY, P.ANSWER},
        READ,
        READ | {P.VIEW_RETURNS, P.ANSWER},
    ),
    Role.BOARD_MEMBER: (BOARD, BOARD, BOARD),
    Role.SCRUTINY_OFFICER: (BOARD, BOARD, BOARD | {P.MANAGE_MEETINGS, P.MANAGE_PLANS, P.REVIEW_DISCLOSURE}),
    Role.ADMINISTRATOR: (
        {P.VIEW_APPROVED},
        {P.VIEW_APPROVED},
        {P.VIEW_APPROVED, P.MANAGE_ROUNDS, P.MANAGE_PEOPLE, P.VIEW_AUDIT, P.MANAGE_BENCHMARKS},
    ),
}


def test_table_when_compared_with_the_roles_then_it_is_complete() -> None:
    assert set(TABLE) == set(Role) == set(ROLE_WORDS) == set(ROLE_PERMISSIONS)
    assert set().union(*(scope for scopes in TABLE.values() for scope in scopes)) == set(Permission)


@pytest.mark.django_db
@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("scope", ["own partner", "another partner", "whole partnership"])
def test_permission_when_asked_for_a_role_and_scope_then_as_the_table_says(role, permission, scope) -> None:
    mine, other, partnership = b.a_partner("trust"), b.a_partner("police"), b.a_partnership()
    user = b.a_user()
    Membership.objects.create(
        user=user, role=role, partnership=partnership, partner=None if scope == "whole partnership" else mine,
        from_on=b.LONG_AGO, authority="Minutes",
    )  # fmt: skip
    expected = TABLE[role][["own partner", "another partner", "whole partnership"].index(scope)]
    about = other if scope == "another partner" else mine
    assert can(user, permission, partnership, about, on=b.TODAY) is (permission in expected)


@pytest.mark.django_db
@pytest.mark.parametrize("permission", list(Permission))
def test_superuser_when_without_a_membership_then_they_may_nothing(permission: Permission) -> None:
    user = b.a_user(is_superuser=True)
    assert not can(user, permission, b.a_partnership(), on=b.TODAY)
    assert not can(user, permission, b.a_partnership(), b.a_partner(), on=b.TODAY)
    assert not access_for(user, b.a_partnership(), b.TODAY).is_member


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_superuser_when_with_a_role_then_they_may_what_the_role_may(role: Role) -> None:
    user = b.a_user(role, partner=b.a_partner(), is_superuser=True)
    for permission in Permission:
        assert can(user, permission, b.a_partnership(), b.a_partner(), on=b.TODAY) is (permission in TABLE[role][0])


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_user_when_no_longer_active_then_they_may_nothing(role: Role) -> None:
    user = b.a_user(role)
    user.is_active = False
    access = access_for(user, b.a_partnership(), b.TODAY)
    assert not access.is_member
    assert not any(access.can(p) or access.can(p, b.a_partner()) for p in Permission)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "holds"),
    [
        pytest.param(date(2021, 3, 31), False, id="the day before the first"),
        pytest.param(date(2021, 4, 1), True, id="the first day"),
        pytest.param(date(2022, 3, 31), True, id="until 31 March: valid on 31 March"),
        pytest.param(date(2022, 4, 1), False, id="gone on 1 April"),
    ],
)
def test_membership_when_dated_then_valid_to_the_end_of_its_last_day(day: date, holds: bool) -> None:
    user = b.a_user("board_member", from_on=date(2021, 4, 1), until_on=date(2022, 3, 31))
    assert can(user, P.VIEW_APPROVED, b.a_partnership(), on=day) is holds
    assert access_for(user, b.a_partnership(), day).is_member is holds


@pytest.mark.django_db
def test_membership_when_of_another_partnership_then_it_says_nothing_here() -> None:
    north, south = b.a_partnership(), b.a_partnership("southshire", "E06000098")
    user = b.a_user("approver", partnership=south)
    assert can(user, P.ACCEPT, south, on=b.TODAY)
    for permission in Permission:
        assert not can(user, permission, north, on=b.TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize("permission", list(Permission))
def test_partner_when_of_another_partnership_then_nobody_here_may_anything(permission: Permission) -> None:
    foreign = b.a_partner(partnership=b.a_partnership("southshire", "E06000098"))
    for role in Role:
        user = b.a_user(role, partner=b.a_partner())
        assert not can(user, permission, b.a_partnership(), foreign, on=b.TODAY)
    for role in set(Role) - {Role.ANALYST}:
        assert not can(b.a_user(role), permission, b.a_partnership(), foreign, on=b.TODAY)


@pytest.mark.django_db
def test_roles_when_somebody_has_two_then_they_may_what_either_may() -> None:
    user = b.a_user("analyst", partner=b.a_partner("trust"))
    b.a_membership(user, "approver", partner=b.a_partner("police"))
    here = b.a_partnership()
    assert can(user, P.ENTER_FIGURES, here, b.a_partner("trust"), on=b.TODAY)
    assert can(user, P.SIGN_OFF, here, b.a_partner("police"), on=b.TODAY)
    assert not can(user, P.SIGN_OFF, here, b.a_partner("trust"), on=b.TODAY)
    assert not can(user, P.ENTER_FIGURES, here, b.a_partner("police"), on=b.TODAY)
    assert set(access_for(user, here, b.TODAY).roles) == {Role.ANALYST, Role.APPROVER}


@pytest.mark.django_db
def test_access_when_asked_then_two_queries_answer_everything(django_assert_num_queries) -> None:
    user, here, partner, period = b.a_user("analyst"), b.a_partnership(), b.a_partner(), b.a_period()
    with django_assert_num_queries(1):
        access = access_for(user, here, b.TODAY)
        for permission in Permission:
            access.can(permission)
    with django_assert_num_queries(1):
        for permission in Permission:
            access.can(permission, partner, period)
            access.can(permission, Partner(pk=-1, partnership=here), period)


# Functions that pass from one partner to another


@pytest.fixture
def passing(db: None) -> tuple[Partner, Partner]:
    """Council to trust on 1 October 2014, and back on 1 September 2022."""
    council, trust = b.a_partner("council"), b.a_partner("trust")
    b.a_succession(council, trust, date(2014, 10, 1))
    b.a_succession(trust, council, date(2022, 9, 1))
    return council, trust


def quarter(text: str):
    return b.a_period(b.quarters.parse(text))


@pytest.mark.parametrize(
    ("who", "whose", "period", "day", "may"),
    [
        pytest.param("trust", "council", "2013/14 Q4", "2014-10-01", True, id="history comes with the functions"),
        pytest.param("trust", "council", "2014/15 Q2", "2014-10-01", True, id="the open return of the quarter before"),
        pytest.param("trust", "council", "2014/15 Q2", "2014-09-30", False, id="not on the day before"),
        pytest.param("trust", "council", "2014/15 Q3", "2014-10-01", False, id="not what the old partner does after"),
        pytest.param("council", "trust", "2014/15 Q3", "2022-08-31", False, id="not backwards"),
        pytest.param("council", "trust", "2022/23 Q1", "2022-08-31", False, id="not before the second day"),
        pytest.param("council", "trust", "2022/23 Q1", "2022-09-01", True, id="back again, the open return with it"),
        pytest.param("council", "trust", "2021/22 Q4", "2022-09-01", True, id="back again, with its history"),
        pytest.param("council", "trust", "2022/23 Q3", "2022-10-01", False, id="a later period is not inherited"),
        pytest.param("trust", "council", "2013/14 Q4", "2023-01-01", True, id="the first passing still holds"),
        pytest.param("police", "trust", "2021/22 Q4", "2022-09-01", False, id="nobody else"),
    ],
)
def test_succession_when_functions_passed_then_history_and_open_returns_follow(
    who, whose, period, day, may, passing
) -> None:
    analyst = b.a_user("analyst", partner=b.a_partner(who))
    on = date.fromisoformat(day)
    for permission in (P.ENTER_FIGURES, P.VIEW_RETURNS):
        found = can(analyst, permission, b.a_partnership(), b.a_partner(whose), on=on, period=quarter(period))
        assert found is may
    lead = b.a_user("approver", partner=b.a_partner(who))
    assert can(lead, P.SIGN_OFF, b.a_partnership(), b.a_partner(whose), on=on, period=quarter(period)) is may


def test_succession_when_no_period_is_named_then_nothing_is_inherited(passing) -> None:
    council, trust = passing
    analyst = b.a_user("analyst", partner=council)
    assert not can(analyst, P.ENTER_FIGURES, b.a_partnership(), trust, on=date(2022, 9, 1))


def test_succession_when_the_role_ends_then_what_was_inherited_ends_with_it(passing) -> None:
    council, trust = passing
    analyst = b.a_user("analyst", partner=council, until_on=date(2022, 12, 31))
    period = quarter("2021/22 Q4")
    assert can(analyst, P.ENTER_FIGURES, b.a_partnership(), trust, on=date(2022, 12, 31), period=period)
    assert not can(analyst, P.ENTER_FIGURES, b.a_partnership(), trust, on=date(2023, 1, 1), period=period)


@pytest.mark.django_db
def test_succession_when_functions_pass_twice_then_the_last_heir_has_all() -> None:
    first, second, third = b.a_partner("council"), b.a_partner("trust"), b.a_partner("health")
    b.a_succession(first, second, date(2014, 10, 1))
    b.a_succession(second, third, date(2022, 9, 1))
    heir = b.a_user("analyst", partner=third)
    here = b.a_partnership()
    assert can(heir, P.ENTER_FIGURES, here, first, on=date(2022, 9, 1), period=quarter("2013/14 Q1"))
    assert can(heir, P.ENTER_FIGURES, here, second, on=date(2022, 9, 1), period=quarter("2021/22 Q1"))
    assert not can(heir, P.ENTER_FIGURES, here, first, on=date(2022, 8, 31), period=quarter("2013/14 Q1"))


@pytest.mark.django_db
def test_succession_when_the_second_passing_was_before_the_first_then_it_carries_nothing() -> None:
    first, second, third = b.a_partner("council"), b.a_partner("trust"), b.a_partner("health")
    b.a_succession(second, third, date(2010, 1, 1))
    b.a_succession(first, second, date(2014, 10, 1))
    heir = b.a_user("analyst", partner=third)
    assert not can(heir, P.ENTER_FIGURES, b.a_partnership(), first, on=date(2022, 9, 1), period=quarter("2013/14 Q1"))


def brute_force(successions: list[Inheritance], owner: int, heir: int, began_on: date) -> bool:
    """Every order of passing tried: some run of successions, each later than the last, leads from owner to heir."""

    def reach(at: int, after: date) -> set[int]:
        found: set[int] = set()
        for step in successions:
            if step.predecessor_id == at and step.effective_on > after:
                found |= {step.successor_id} | reach(step.successor_id, step.effective_on)
        return found

    return heir in reach(owner, began_on)


_partners = st.integers(1, 4)
_days = st.dates(date(2010, 1, 1), date(2010, 1, 9))


@given(
    successions=st.lists(st.builds(Inheritance, _partners, _partners, _days), max_size=6),
    owner=_partners,
    heir=_partners,
    began_on=_days,
)
def test_succession_when_functions_pass_to_and_fro_then_as_every_order_tried_says(
    successions, owner, heir, began_on
) -> None:
    access = Access((Grant(Role.ANALYST, heir),), tuple(successions))
    assert access._inherited(owner, heir, began_on) is brute_force(successions, owner, heir, began_on)


@pytest.mark.django_db
def test_succession_when_of_another_partnership_then_it_is_not_asked() -> None:
    here = b.a_partnership()
    other = b.a_partnership("southshire", "E06000098")
    b.a_succession(b.a_partner(partnership=other), b.a_partner("council", partnership=other), date(2014, 10, 1))
    assert access_for(b.a_user("analyst"), here, b.TODAY).successions == ()
    assert Succession.objects.count() == 1


# The gate before every local view


@requires(P.ENTER_FIGURES)
def view(request, partnership):
    return HttpResponse(f"{partnership.slug} {request.access.is_member}")


@requires(None)
def any_member(request, partnership):
    return HttpResponse(partnership.slug)


def ask(user, slug: str = "northshire", to=view) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user, request.today, request.now = user, b.TODAY, b.NOW
    return to(request, slug)


@pytest.mark.django_db
def test_view_when_asked_by_a_member_with_the_permission_then_answered() -> None:
    analyst = b.a_user("analyst")
    assert ask(analyst).content == b"northshire True"
    assert ask(analyst, to=any_member).content == b"northshire"


@pytest.mark.django_db
def test_view_when_asked_by_a_member_without_the_permission_then_forbidden() -> None:
    member = b.a_user("board_member")
    with pytest.raises(PermissionDenied):
        ask(member)
    assert ask(member, to=any_member).content == b"northshire"


@pytest.mark.django_db
@pytest.mark.parametrize("to", [view, any_member])
def test_view_when_asked_by_no_member_then_there_is_no_such_page(to) -> None:
    b.a_partnership()
    stranger = b.a_user("analyst", partnership=b.a_partnership("southshire", "E06000098"))
    former = b.a_user("analyst", until_on=date(2022, 7, 6))
    for user in (stranger, former, b.a_user(is_superuser=True)):
        with pytest.raises(Http404):
            ask(user, to=to)
    with pytest.raises(Http404):
        ask(b.a_user("analyst"), "nowhere", to=to)
