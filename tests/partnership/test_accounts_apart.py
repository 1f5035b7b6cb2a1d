"""That an administrator of one partnership gets no hold of an account that belongs to another as well."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from indicators.models import AuditEvent, Invitation, Membership, User
from indicators.operations import OperationError, access, people
from indicators.permissions import Access
from indicators.roles import Role
from partnership.operations.invitations import BY_MAIL, change_password
from partnership.selectors.audit import audit_events
from tests import builders as b
from tests.partnership.account_world import Machine, said, set_up, sign_in

pytestmark = pytest.mark.django_db
Kind = AuditEvent.Kind
ELSEWHERE = "has a role in another partnership too"


@pytest.fixture
def machine(monkeypatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def admin(partnership, signed_in) -> Client:
    """An administrator of Northshire."""
    return signed_in(b.a_user(Role.ADMINISTRATOR, email="head@example.org"))


@pytest.fixture
def other(partnership):
    return b.a_partnership("eastshire", "E06000097")


@pytest.fixture
def stranger(other) -> User:
    """An administrator of Eastshire who has no password yet."""
    user = b.a_user(Role.ADMINISTRATOR, partnership=other, email="chief@example.org", display_name="Chief of Eastshire")
    user.set_unusable_password()
    user.save()
    return user


def give(client: Client, email: str, **more: str):
    typed = {"form": "person", "email": email, "display_name": "Somebody", "role": "board_member", "partner": "",
             "from_on": "1 July 2022", "authority": "Head of performance"}  # fmt: skip
    return said(client.post("/northshire/people/", typed | more, follow=True))


def do(client: Client, user: User, what: str) -> str:
    return said(client.post(f"/northshire/people/{user.code}/", {"do": what}, follow=True))


def test_role_when_given_to_somebody_of_another_then_no_link_to_their_password_is_handed_out(admin, stranger):
    told = give(admin, stranger.email)
    assert ELSEWHERE in told
    for what in ("link", "mail"):
        assert "/set-password/" not in do(admin, stranger, what)
    assert "/set-password/" not in said(
        admin.post("/northshire/people/", {"form": "link", "person": stranger.email}, follow=True)
    )
    assert not Invitation.objects.exists()


def test_role_elsewhere_when_it_begins_tomorrow_then_the_account_is_not_this_ones_either(admin, stranger):
    tomorrow = b.TODAY + timedelta(days=1)
    Membership.objects.filter(user=stranger).update(from_on=tomorrow)
    give(admin, stranger.email)
    assert ELSEWHERE in do(admin, stranger, "deactivate")
    assert ELSEWHERE in do(admin, stranger, "link")


def test_role_elsewhere_when_it_has_ended_then_the_account_is_this_ones_but_not_what_is_held(admin, stranger):
    Membership.objects.filter(user=stranger).update(until_on=date(2022, 6, 30))
    give(admin, stranger.email)
    refused = admin.post(f"/northshire/people/{stranger.code}/subject-access.zip", follow=True)
    assert ELSEWHERE in said(refused)
    assert "is deactivated" in do(admin, stranger, "deactivate")


def test_second_factor_when_somebody_belongs_to_another_then_it_is_not_taken_away(admin, other, machine):
    user = b.a_user(Role.BOARD_MEMBER, partnership=other)
    client = Client()
    sign_in(client, user)
    set_up(client, machine)
    give(admin, user.email)
    assert ELSEWHERE in do(admin, user, "factor")
    assert TOTPDevice.objects.filter(user=user).exists()


def test_account_when_closed_by_another_then_it_is_not_opened_nor_its_invitation_cancelled(admin, other, stranger):
    give(admin, stranger.email)
    Invitation.objects.create(user=stranger, partnership=other, by=stranger, at=b.NOW,
                              ends_at=b.NOW + timedelta(days=3), secret_sha256="1" * 64)  # fmt: skip
    assert "No invitation" in do(admin, stranger, "cancel")
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    assert ELSEWHERE in do(admin, stranger, "reactivate")
    assert Invitation.objects.filter(cancelled_at=None).exists()


def test_account_when_another_passed_its_link_on_by_hand_then_no_role_until_the_address_is_shown_to_be_theirs(
    admin, other, machine
):
    user = b.a_user(Role.BOARD_MEMBER, partnership=other, email="made@example.org")
    Invitation.objects.create(user=user, partnership=other, by=user, at=b.NOW, ends_at=b.NOW, used_at=b.NOW,
                              secret_sha256="2" * 64)  # fmt: skip
    assert "passed the link to its password on by hand" in give(admin, user.email)
    assert not user.memberships.filter(partnership__slug="northshire").exists()
    change_password(user=user, password="another-quite-long-one", what=BY_MAIL, at=b.NOW + timedelta(hours=1))
    assert "now has the role “board member”" in give(admin, user.email)


def test_sign_ins_of_somebody_of_another_when_before_the_role_here_then_not_in_the_record_here(
    admin, partnership, other
):
    user = b.a_user(Role.BOARD_MEMBER, partnership=other, email="both@example.org")
    access.record_sign_in(by=user, at=b.NOW - timedelta(days=30))
    give(admin, user.email, from_on="7 July 2022")
    access.record_sign_in(by=user, at=b.NOW)
    seen = audit_events(partnership, access=Access(), now=b.NOW).filter(by=user, kind=Kind.SIGNED_IN)
    assert [event.at for event in seen] == [b.NOW]
    assert audit_events(other, access=Access(), now=b.NOW).filter(by=user, kind=Kind.SIGNED_IN).count() == 2


def test_last_administrator_when_the_other_has_no_password_then_stays(partnership):
    head, invited = b.a_user(Role.ADMINISTRATOR), b.a_user(Role.ADMINISTRATOR)
    invited.set_unusable_password()
    invited.save()
    role = Membership.objects.get(user=head)
    ends = {"membership": role, "by": head, "at": b.NOW}
    with pytest.raises(OperationError, match="last administrator who can sign in"):
        people.end_membership(until_on=b.TODAY, **ends)
    with pytest.raises(OperationError, match="The last day lies before the first"):
        people.end_membership(until_on=role.from_on - timedelta(days=1), **ends)
    invited.set_password(b.PASSWORD)
    invited.save()
    people.end_membership(until_on=b.TODAY, **ends)


def test_administrator_when_for_one_partner_then_refused(admin):
    partner = b.a_partner()
    told = give(admin, "new@example.org", role="administrator", partner=partner.code)
    assert "An administrator looks after the whole partnership" in told


def test_partnership_when_it_is_there_then_it_is_not_made_again(partnership):
    with pytest.raises(CommandError, match="there is a partnership with this short name already"):
        call_command("add_partnership", "northshire", "Other", "Other", "E06000097", "a@example.org")
    assert not User.objects.filter(email="a@example.org").exists()
