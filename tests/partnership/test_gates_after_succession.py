"""When functions pass to another partner: who decides on the old one's returns, and what administrators are told."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from indicators.models import GateHolder, Return
from indicators.operations import NotAllowed
from indicators.quarters import Quarter
from indicators.roles import Role
from partnership.selectors.boards import gate_holders_of, gates_without_lead
from tests import builders as b

pytestmark = pytest.mark.django_db

PASSED_ON = date(2022, 7, 1)
BEFORE, AFTER = b.Q4, Quarter(2022, 2)  # January to March 2022; July to September 2022
YESTERDAY = date(2022, 7, 6)


@pytest.fixture
def measure() -> b.Measure:
    return b.an_indicator(partner=b.a_partner("trust"))


@pytest.fixture
def heirs(measure) -> b.Gates:
    """The people of the council's own returns, after the trust's functions passed to the council."""
    b.a_succession(b.a_partner("trust"), b.a_partner("council"), PASSED_ON)
    return b.the_people(b.a_partner("council"))


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "lxml").get_text(" ").split())


# Who decides


def test_successors_people_when_the_period_began_before_then_they_sign_off_and_accept(measure, heirs) -> None:
    row = b.a_return(period=BEFORE, state="submitted")
    GateHolder.objects.filter(partner=row.partner).delete()
    assert b.sign_off(row, by=heirs.lead).is_signed_off
    assert b.accept(row, by=heirs.acceptor).state == Return.State.APPROVED
    assert set(row.transitions.values_list("as_deputy", flat=True)) == {False}


def test_successors_deputies_when_they_decide_then_the_steps_say_so(measure, heirs) -> None:
    row = b.a_return(period=BEFORE, state="submitted")
    b.send_back(row, by=heirs.lead_deputy)
    b.submit(row)
    b.sign_off(row, by=heirs.lead_deputy)
    b.accept(row, by=heirs.acceptor_deputy)
    assert [t.as_deputy for t in row.transitions.order_by("pk")] == [False, False, True, False, True, True]


def test_successors_lead_when_the_period_began_on_the_day_or_after_then_refused(measure, heirs) -> None:
    row = b.a_return(period=AFTER, state="submitted")
    with pytest.raises(NotAllowed, match="named lead or deputy"):
        b.sign_off(row, by=heirs.lead)
    assert b.sign_off(row).is_signed_off, "the old partner's own lead still can"


def test_successors_lead_when_the_functions_pass_later_then_refused_until_that_day(measure) -> None:
    council = b.a_partner("council")
    b.a_succession(b.a_partner("trust"), council, date(2022, 7, 8))
    row, lead = b.a_return(period=BEFORE, state="submitted"), b.the_people(council).lead
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=lead, at=b.NOW)
    assert b.sign_off(row, by=lead, at=b.moment(date(2022, 7, 8))).is_signed_off


def test_predecessors_lead_when_of_the_successors_returns_then_refused(measure, heirs) -> None:
    b.an_indicator("council-1", partner=b.a_partner("council"))
    row = b.a_return(period=BEFORE, partner=b.a_partner("council"), state="submitted")
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=b.the_people(b.a_partner("trust")).lead)


def test_successors_lead_when_they_hold_the_other_gate_or_no_longer_then_refused(measure, heirs) -> None:
    row = b.a_return(period=BEFORE, state="submitted")
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=heirs.acceptor)
    GateHolder.objects.filter(user=heirs.lead).update(until_on=YESTERDAY)
    with pytest.raises(NotAllowed):
        b.sign_off(row, by=heirs.lead)


def test_successor_of_the_successor_when_all_passed_on_then_decides(measure, heirs) -> None:
    b.a_succession(b.a_partner("council"), b.a_partner("health"), date(2022, 7, 5))
    row = b.a_return(period=BEFORE, state="submitted")
    assert b.sign_off(row, by=b.the_people(b.a_partner("health")).lead).is_signed_off


def test_successors_lead_when_they_entered_figures_then_the_rule_of_two_people_holds(measure, heirs) -> None:
    row = b.a_return(period=BEFORE)
    b.fill(row, by=heirs.lead)
    b.submit(row)
    with pytest.raises(NotAllowed, match="You entered figures"):
        b.sign_off(row, by=heirs.lead)


def test_home_when_a_predecessors_return_waits_then_the_successors_people_find_and_pass_it(
    measure, heirs, signed_in
) -> None:
    row = b.a_return(period=BEFORE, state="submitted")
    later = b.a_return(period=AFTER, state="submitted")
    client = signed_in(heirs.lead)
    address = f"returns/contract/{BEFORE.slug}/trust/1/review/"
    home = client.get("/northshire/")
    assert "Returns and drafts that wait for you: 1" in text_of(home)
    assert address in home.content.decode()
    version = {"version": row.version, "do": "sign_off"}
    done = client.post(f"/northshire/{address}", version, follow=True)
    assert "Signed off. The return now waits for the council" in text_of(done)
    assert b.fresh(later).is_signed_off is False


# What administrators are told


def leaderless() -> set[tuple[str, str]]:
    return {(found.partner.code, found.gate.value) for found in gates_without_lead(b.a_partnership(), b.TODAY)}


def test_gates_when_each_returning_partner_has_its_leads_then_nothing_is_wrong(measure) -> None:
    b.the_people(b.a_partner("trust"))
    b.a_partner("police")  # it returns nothing, so it needs nobody
    assert leaderless() == set()


def test_gates_when_nobody_is_named_then_both_are_told(measure) -> None:
    assert leaderless() == {("trust", "sign_off"), ("trust", "acceptance")}


@pytest.mark.parametrize("gate", list(GateHolder.Gate))
def test_gate_when_only_the_deputy_is_left_then_told_with_who_that_is(gate, measure) -> None:
    people = b.the_people(b.a_partner("trust"))
    GateHolder.objects.filter(gate=gate, is_deputy=False).update(until_on=YESTERDAY)
    (found,) = gates_without_lead(b.a_partnership(), b.TODAY)
    assert (found.partner.code, found.gate) == ("trust", gate)
    assert found.deputy == (people.lead_deputy if gate == "sign_off" else people.acceptor_deputy)
    assert found.heirs == ()


def test_gate_when_the_lead_begins_tomorrow_then_today_there_is_none(measure) -> None:
    b.the_people(b.a_partner("trust"))
    GateHolder.objects.filter(gate="sign_off", is_deputy=False).update(from_on=date(2022, 7, 8))
    assert leaderless() == {("trust", "sign_off")}


@pytest.fixture
def handed_over(measure) -> None:
    """As a transfer leaves it: the series is the council's from the day on, and the trust's people have gone."""
    b.a_return(period=BEFORE, state="submitted")
    measure.assignment.until_on = date(2022, 6, 30)
    measure.assignment.save()
    measure.series.assignments.create(partner=b.a_partner("council"), from_on=PASSED_ON, authority="Handover")
    GateHolder.objects.update(until_on=YESTERDAY)
    b.a_succession(b.a_partner("trust"), b.a_partner("council"), PASSED_ON)


def test_gates_when_functions_passed_and_the_successor_has_nobody_then_both_partners_are_told(handed_over) -> None:
    found = gates_without_lead(b.a_partnership(), b.TODAY)
    assert {(g.partner.code, g.gate.value) for g in found} == {
        (code, gate) for code in ("trust", "council") for gate in ("sign_off", "acceptance")
    }
    assert {g.partner.code: [h.code for h in g.heirs] for g in found} == {"trust": ["council"], "council": []}


def test_gates_when_the_successor_has_its_leads_then_the_old_returns_are_covered(handed_over) -> None:
    b.the_people(b.a_partner("council"))
    assert leaderless() == set()


def test_gates_when_an_old_return_is_of_a_period_that_is_not_inherited_then_still_told(handed_over) -> None:
    b.the_people(b.a_partner("council"))
    made = b.a_round(b.a_scorecard(), AFTER)
    Return.objects.create(round=made, partner=b.a_partner("trust"))
    assert leaderless() == {("trust", "sign_off"), ("trust", "acceptance")}


def test_gates_when_all_old_returns_are_accepted_then_the_old_partner_needs_nobody(handed_over) -> None:
    b.the_people(b.a_partner("council"))
    GateHolder.objects.update(until_on=YESTERDAY)
    Return.objects.filter(partner__code="trust").update(state=Return.State.APPROVED)
    assert leaderless() == {("council", "sign_off"), ("council", "acceptance")}


@pytest.mark.parametrize("number", [1, 8])
def test_gates_when_there_are_many_partners_and_returns_then_five_queries(number, django_assert_num_queries) -> None:
    for i in range(number):
        b.an_indicator(f"of-{i}", partner=b.a_partner(f"partner-{i}"))
    here = b.a_round().partnership
    with django_assert_num_queries(5):
        assert len(gates_without_lead(here, b.TODAY)) == 2 * number


def test_people_page_when_a_gate_has_no_lead_then_it_warns_and_says_what_to_do(handed_over, signed_in) -> None:
    page = text_of(signed_in(b.a_user(Role.ADMINISTRATOR)).get("/northshire/people/"))
    assert "Warning: Some returns have nobody to lead a gate today" in page
    assert "Name a lead for each partner in the form “Name a lead or deputy”." in page
    assert "Northshire Children's Trust , “Signed off by the partner”: no lead is named." in page
    assert "Its functions passed to Northshire Council: a lead named there passes its returns" in page


def test_people_page_when_every_gate_has_its_lead_then_there_is_no_warning(measure, signed_in) -> None:
    b.the_people(b.a_partner("trust"))
    page = text_of(signed_in(b.a_user(Role.ADMINISTRATOR)).get("/northshire/people/"))
    assert "nobody to lead a gate" not in page


def test_people_page_when_a_lead_goes_soon_then_both_stand_with_their_days(measure, signed_in) -> None:
    people = b.the_people(b.a_partner("trust"))
    b.a_gate_holder(people.second_analyst, gate="sign_off", from_on=date(2022, 9, 1))
    found = [str(g.user) for g in gate_holders_of(b.a_partnership(), b.TODAY) if not g.is_deputy]
    assert found == ["Trust acceptor", "Trust lead", "Trust second analyst"]
    page = text_of(signed_in(b.a_user(Role.ADMINISTRATOR)).get("/northshire/people/"))
    assert "Trust lead Lead From 1 April 2010 Until: 31 August 2022" in page
    assert "Trust second analyst Lead From 1 September 2022 Until: No end" in page
    GateHolder.objects.filter(user=people.lead).update(until_on=YESTERDAY)
    assert "Trust lead" not in [str(g.user) for g in gate_holders_of(b.a_partnership(), b.TODAY)]
