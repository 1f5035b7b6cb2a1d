"""An approver is told at home what of money waits for them; nobody else is, least of all who drafted it."""

import pytest

from finance.models import ContractDecision
from finance.register_drafts import Kind
from finance.selectors.waiting import waiting_for
from indicators.permissions import access_for
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world, plan_world
from tests.finance.test_registers import VALUES

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    here = b.a_partnership()
    return [one.words for one in waiting_for(here, access_for(user, here, b.TODAY), user)]


def test_home_when_drafts_wait_then_the_approver_is_led_to_each(signed_in, django_assert_num_queries) -> None:
    year, officer = money_world.a_contract_year(), plan_world.officer(b.a_partnership())
    approver = b.a_user(Role.APPROVER)
    entries = [money_world.an_entry(year, by=officer, code=code) for code in ("growth", "pay")]
    money_world.an_entry(year, code="printed")
    plan_world.a_plan(accepted=False)
    for register in ("savings", "savings", "milestones"):
        money_world.a_draft(b.a_partnership(), register, Kind.ENTRY, VALUES[register], by=officer)
    lines = [
        "Contract sum 2022/23: 2 entries wait to be accepted or refused",
        "Plan of placements “Placements of July” waits to be accepted or refused",
        "Savings and efficiencies: 2 drafts wait to be accepted or refused",
        "Annual accounts: 1 draft waits to be accepted or refused",
    ]
    here = b.a_partnership()
    access = access_for(approver, here, b.TODAY)
    with django_assert_num_queries(3):
        assert [one.words for one in waiting_for(here, access, approver)] == lines
    text = signed_in(approver).get("/northshire/").content.decode()
    assert all(line in text for line in lines)
    assert "Returns and drafts that wait for you: 4" in text
    assert "No return and no draft waits for you" not in text
    assert told(officer) == told(b.a_user(Role.BOARD_MEMBER)) == []
    ContractDecision.objects.create(entry=entries[0], is_accepted=True, by=approver, actor="Council", at=b.NOW)
    assert told(approver)[0] == "Contract sum 2022/23: 1 entry waits to be accepted or refused"


def test_draft_when_the_approver_made_it_then_it_does_not_wait_for_them() -> None:
    approver = b.a_user(Role.APPROVER)
    money_world.an_entry(money_world.a_contract_year(), by=approver)
    money_world.a_draft(b.a_partnership(), "savings", Kind.ENTRY, VALUES["savings"], by=approver)
    assert told(approver) == []
