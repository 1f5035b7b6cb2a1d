"""Giving and ending access, and naming who holds the gates."""

from datetime import date

import pytest

from indicators.models import GateHolder, Membership, User
from indicators.operations import WrongState, people
from indicators.roles import Role
from tests import builders as b

pytestmark = pytest.mark.django_db


def add(email: str) -> User:
    return people.add_user(email=email, display_name="A person", password=b.PASSWORD, by=None)


def grant(**changes):
    values = {
        "user": changes.pop("user", None) or b.a_user(),
        "role": Role.APPROVER,
        "partnership": b.a_partnership(),
        "partner": b.a_partner(),
        "from_on": b.TODAY,
        "authority": "Minutes of the board",
        "by": None,
        "at": b.NOW,
    }
    return people.grant_membership(**values | changes)


def test_person_when_added_then_they_can_sign_in_with_the_address_in_any_case(client) -> None:
    user = add("Analyst@Example.ORG")
    assert user.email == "analyst@example.org"
    assert user.check_password(b.PASSWORD)
    assert b.signs_in(client, "ANALYST@example.org", b.PASSWORD)


def test_person_when_added_without_a_password_then_nobody_can_sign_in_as_them(client) -> None:
    user = people.add_user(email="a@example.org", display_name="", password=None, by=None)
    assert not user.has_usable_password()
    assert not b.signs_in(client, "a@example.org", "")
    assert str(user) == "a@example.org"


@pytest.mark.parametrize("email", ["", "a", "a@", "a@b", "a b@example.org", "a@example.org, b@example.org"])
def test_person_when_the_address_is_none_then_refused(email: str) -> None:
    with pytest.raises(WrongState, match="is not an e-mail address"):
        add(email)


def test_person_when_known_already_then_refused_whatever_the_case() -> None:
    add("a@example.org")
    with pytest.raises(WrongState, match="known already"):
        add("A@EXAMPLE.org")


def test_membership_when_granted_then_kept_with_dates_and_authority() -> None:
    made = grant(until_on=date(2022, 12, 31), authority="  Minutes of the board  ")
    assert (made.from_on, made.until_on, made.authority) == (b.TODAY, date(2022, 12, 31), "Minutes of the board")
    assert str(made).endswith("Approver")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"role": Role.ANALYST, "partner": None}, "works for one partner", id="analyst of nobody"),
        pytest.param({"until_on": date(2022, 7, 6)}, "last day lies before the first", id="dates the wrong way round"),
        pytest.param({"authority": "  "}, "who decided this", id="no authority"),
    ],
)
def test_membership_when_something_is_wrong_then_refused_and_none_is_made(changes, message) -> None:
    with pytest.raises(WrongState, match=message):
        grant(**changes)
    assert not Membership.objects.exists()


def test_membership_when_the_partner_is_of_another_partnership_then_refused() -> None:
    elsewhere = b.a_partner(partnership=b.a_partnership("southshire", "E06000098"))
    with pytest.raises(WrongState, match="does not belong"):
        grant(partner=elsewhere)


def test_membership_when_held_already_then_refused_until_it_ends() -> None:
    user = b.a_user()
    held = grant(user=user)
    with pytest.raises(WrongState, match="has that role already"):
        grant(user=user)
    people.end_membership(membership=held, until_on=b.TODAY, by=user, at=b.NOW)
    grant(user=user, from_on=date(2022, 7, 8))
    assert user.memberships.count() == 2


def test_membership_when_ended_then_the_last_day_is_kept_and_the_work_too() -> None:
    row = b.tick(b.an_indicator().line.scorecard)
    held = b.the_people().analyst.memberships.get()
    people.end_membership(membership=held, until_on=date(2022, 3, 31), by=b.the_people().acceptor, at=b.NOW)
    held.refresh_from_db()
    assert held.until_on == date(2022, 3, 31)
    assert row.figures.filter(recorded_by=b.the_people().analyst).exists()


def test_membership_when_ended_before_it_began_then_refused() -> None:
    held = grant()
    with pytest.raises(WrongState, match="last day lies before"):
        people.end_membership(membership=held, until_on=date(2022, 7, 6), by=held.user, at=b.NOW)
    held.refresh_from_db()
    assert held.until_on is None


def test_gate_holder_when_named_anew_then_the_old_one_ends_the_day_before() -> None:
    first, second = b.a_user(), b.a_user()
    old = b.a_gate_holder(first, from_on=date(2022, 1, 1))
    b.a_gate_holder(second, from_on=date(2022, 4, 1))
    old.refresh_from_db()
    assert old.until_on == date(2022, 3, 31)
    holders = GateHolder.objects
    assert [h.user for h in holders.on(date(2022, 3, 31))] == [first]
    assert [h.user for h in holders.on(date(2022, 4, 1))] == [second]


def test_gate_holder_when_a_deputy_is_named_then_the_lead_stays() -> None:
    b.a_gate_holder(b.a_user())
    b.a_gate_holder(b.a_user(), is_deputy=True)
    b.a_gate_holder(b.a_user(), gate="acceptance")
    assert GateHolder.objects.on(b.TODAY).count() == 3


@pytest.mark.parametrize("from_on", [date(2022, 4, 1), date(2022, 3, 1)])
def test_gate_holder_when_somebody_is_named_from_then_or_later_then_refused(from_on: date) -> None:
    held = b.a_gate_holder(b.a_user(), from_on=date(2022, 4, 1))
    with pytest.raises(WrongState, match="named from that day or later"):
        b.a_gate_holder(b.a_user(), from_on=from_on)
    held.refresh_from_db()
    assert held.until_on is None


def test_gate_holder_when_without_authority_then_refused() -> None:
    with pytest.raises(WrongState, match="who decided this"):
        people.name_gate_holder(
            partner=b.a_partner(), gate="sign_off", user=b.a_user(), is_deputy=False, from_on=b.TODAY, authority=" ",
            by=None, at=b.NOW,
        )  # fmt: skip


def test_role_when_given_to_a_new_address_then_the_person_becomes_known_and_has_it() -> None:
    values = {
        "display_name": "New", "role": Role.APPROVER, "partnership": b.a_partnership(), "partner": b.a_partner(),
        "from_on": b.TODAY, "authority": "Minutes", "by": None, "at": b.NOW,
    }  # fmt: skip
    user = people.give_role(email="New@Example.org", **values)
    assert (user.email, user.has_usable_password(), user.memberships.get().role) == (
        "new@example.org",
        False,
        "approver",
    )
    with pytest.raises(WrongState, match="has that role already"):
        people.give_role(email="NEW@example.org", **values)
    with pytest.raises(WrongState):
        people.give_role(email="other@example.org", **values | {"authority": ""})
    assert not User.objects.filter(email="other@example.org").exists(), "all of it or nothing"


def test_password_when_chosen_then_it_alone_signs_in(client) -> None:
    user = b.a_user()
    people.set_password(user=user, password="another long password", by=user)
    assert b.signs_in(client, user.email, "another long password")
    assert not b.signs_in(client, user.email, b.PASSWORD)


def test_gate_when_the_person_holds_the_other_one_then_refused_until_that_has_ended(db) -> None:
    one = b.a_user()
    b.a_gate_holder(one, gate="acceptance", from_on=date(2022, 1, 1))
    with pytest.raises(WrongState, match="holds the other gate"):
        b.a_gate_holder(one, gate="sign_off", from_on=date(2022, 4, 1))
    b.a_gate_holder(b.a_user(), gate="acceptance", from_on=date(2022, 4, 1))
    assert b.a_gate_holder(one, gate="sign_off", from_on=date(2022, 4, 1)).user == one


def test_gate_when_a_naming_has_not_begun_then_another_takes_its_place_and_nobody_is_left_out(db) -> None:
    first, wrong, right = b.a_user(), b.a_user(), b.a_user()
    held = b.a_gate_holder(first, from_on=date(2022, 1, 1))
    b.a_gate_holder(wrong, from_on=date(2022, 8, 1))
    b.a_gate_holder(right, from_on=date(2022, 7, 20))
    held.refresh_from_db()
    assert held.until_on == date(2022, 7, 19)
    assert not GateHolder.objects.filter(user=wrong).exists()
    assert GateHolder.objects.on(date(2022, 8, 1)).get(partner=b.a_partner(), gate="sign_off").user == right
