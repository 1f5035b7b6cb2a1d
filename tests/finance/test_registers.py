"""What may be put on the registers once another person accepts it; nothing is overwritten, who asks does not decide."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from finance.models import FundingAmount, HomePlan, RegisterStep, Saving
from finance.operations import registers as keep
from finance.register_drafts import Chosen, Kind
from finance.registers import CAPACITY, CASES, CLAIMS, MILESTONES, PROGRAMMES, REGISTERS, SAVINGS
from finance.selectors.registers import READERS
from indicators.operations.errors import NotAllowed, WrongState
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world
from tests.finance.money_world import put

pytestmark = pytest.mark.django_db
PLAN = {
    "stage": "Purchased", "known_on": b.TODAY, "expected_on": None, "expected_precision": "", "expected_words": "",
    "reason": "",
}  # fmt: skip
VALUES = {
    SAVINGS: {"name": "Fewer miles", "year": "2022-23", "owner_role": "", "risk": "", "note": ""},
    CASES: {"name": "Night staff", "year": "2022-23", "asked_on": None, "decided_by": "", "note": ""},
    CLAIMS: {"name": "Second claim", "programme": "Pause", "payer": "Office", "due_on": None, "terms": ""},
    MILESTONES: {"name": "Audit", "body": "", "due_on": None, "due_precision": "", "due_words": ""},
    PROGRAMMES: {"name": "New homes", "authority": "Cabinet, June", "note": ""},
    CAPACITY: {"name": "Mill", "kind": "Home", "beds_min": 1, "beds_max": 2, "note": ""} | PLAN,
}


@pytest.fixture
def officer(partnership):
    return b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner())


@pytest.fixture
def world(partnership, officer):
    return money_world.the_registers(partnership, officer)


def add(partnership, by, register=SAVINGS, **changed):
    return put(partnership, register, Kind.ENTRY, VALUES[register] | changed, by=by)


def rows(partnership, register):
    return READERS[register](partnership, today=b.TODAY, sees_protected=True)


# Adding


@pytest.mark.parametrize("register", VALUES)
def test_entry_when_accepted_then_it_says_who_added_and_who_accepted_it(partnership, officer, register):
    add(partnership, officer, register)
    (row,) = rows(partnership, register)
    assert (row.origin.actor, row.origin.on, row.origin.source) == (officer.display_name, b.TODAY, "")
    assert (row.origin.accepted_by, row.origin.accepted_on) == ("Trust acceptor", b.TODAY)


def test_entry_when_its_name_is_new_or_taken_then_its_address_is_its_own(partnership, officer):
    assert [add(partnership, officer, name=name).code for name in ("New", "Miles", "Miles")] == [
        "new-2", "miles", "miles-2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("register", "changed", "message"),
    [
        (SAVINGS, {"name": "  "}, "Give it a name"),
        (SAVINGS, {"year": "2022-23-q1"}, "financial year"),
        (CASES, {"asked_on": b.TODAY + timedelta(days=1)}, "has not come yet"),
        (PROGRAMMES, {"authority": " "}, "Say who approved it"),
        (MILESTONES, {"due_on": b.TODAY}, "how exactly it is known"),
    ],
)
def test_entry_when_it_cannot_be_then_a_sentence_says_what_to_do(partnership, officer, register, changed, message):
    with pytest.raises(WrongState, match=message):
        add(partnership, officer, register, **changed)
    assert rows(partnership, register) == []


def test_saving_when_its_head_is_of_another_partnership_then_it_is_refused(partnership, officer):
    head = money_world.the_heads(b.a_partnership("southshire", "E06000098"))[0]
    with pytest.raises(WrongState, match="does not belong"):
        add(partnership, officer, head=Chosen(head.pk, "Safeguarding"), rung=None)


@pytest.mark.parametrize(("least", "most"), [(3, 2), (None, 2), (0, 0)])
def test_home_when_its_beds_are_in_the_wrong_order_then_it_is_refused(partnership, officer, least, most):
    with pytest.raises(WrongState, match="beds"):
        add(partnership, officer, CAPACITY, beds_min=least, beds_max=most)


# Homes


def plan(home, by, **changed):
    return put(home.partnership, CAPACITY, Kind.PLAN, PLAN | changed, on=home, by=by)


def test_home_when_it_slips_then_the_reason_is_asked_for_and_both_plans_stay(world, officer, partnership):
    august = {"expected_on": b.TODAY.replace(month=8, day=1), "expected_precision": "month"}
    october = {"expected_on": b.TODAY.replace(month=10, day=1), "expected_precision": "month"}
    plan(world.home, officer, **august)
    with pytest.raises(WrongState, match="later than before"):
        plan(world.home, officer, **october)
    with pytest.raises(WrongState, match="later than before"):
        plan(world.home, officer)
    last = plan(world.home, officer, **october, reason="Fire doors")
    (row,) = rows(partnership, "capacity")
    assert [p.expected.words for p in row.plans] == ["no day given", "August 2022", "October 2022"]
    assert row.now.reason == "Fire doors"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        HomePlan.objects.filter(pk=last.pk).update(reason="None")


def test_home_when_what_was_said_in_words_changes_then_the_reason_is_asked_for(world, officer, partnership):
    plan(world.home, officer, expected_words="autumn 2022")
    later = {"expected_on": b.TODAY.replace(year=2023, month=3, day=31), "expected_precision": "day"}
    with pytest.raises(WrongState, match="later than before"):
        plan(world.home, officer, **later)
    with pytest.raises(WrongState, match="It was expected autumn 2022 before"):
        plan(world.home, officer, expected_words="when the survey is done")
    assert plan(world.home, officer, expected_words="autumn 2022", stage="Being built").stage == "Being built"
    assert plan(world.home, officer, **later, reason="Asbestos").reason == "Asbestos"
    (row,) = rows(partnership, "capacity")
    assert row.moved == "no date was said on 7 July 2022"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"known_on": b.TODAY + timedelta(days=1)}, "has not come yet"),
        ({"known_on": b.TODAY - timedelta(days=1)}, "Something later is recorded"),
        ({"expected_on": b.TODAY}, "how exactly"),
        ({"stage": " "}, "at what stage"),
    ],
)
def test_plan_when_it_cannot_be_then_a_sentence_says_why(world, officer, changed, message):
    with pytest.raises(WrongState, match=message):
        plan(world.home, officer, **changed)


# Steps


REGISTER_OF = {"Saving": SAVINGS, "Claim": CLAIMS, "Milestone": MILESTONES}


def step(row, by, state, words="", on=b.TODAY):
    values = {"state": state, "words": words, "on": on}
    return put(row.partnership, REGISTER_OF[type(row).__name__], Kind.STEP, values, on=row, by=by)


def test_claim_when_it_is_sent_explained_and_paid_then_its_steps_say_so(world, officer, partnership):
    assert world.step.state == "sent"
    step(world.claim, officer, "explained", "Two workers left; both posts are filled")
    paid = step(world.claim, officer, "paid")
    (row,) = rows(partnership, CLAIMS)
    assert (row.sent_on, row.paid_on, row.days_to_pay) == (b.TODAY, b.TODAY, 0)
    assert row.measures_said == "Two workers left; both posts are filled"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RegisterStep.objects.filter(pk=paid.pk).delete()


@pytest.mark.parametrize(
    ("where", "state", "on", "message"),
    [
        ("claim", "delivered", b.TODAY, "from the list"),
        ("claim", "sent", b.TODAY + timedelta(days=1), "has not come yet"),
        ("claim", "paid", b.TODAY - timedelta(days=1), "when the claim was sent"),
        ("claim", "explained", b.TODAY, "Say more"),
        ("saving", "at_risk", b.TODAY, "Say more"),
        ("milestone", "delayed", b.TODAY, "Say more"),
    ],
)
def test_step_when_it_cannot_be_then_a_sentence_says_why(world, officer, where, state, on, message):
    before = RegisterStep.objects.count()
    with pytest.raises(WrongState, match=message):
        step(getattr(world, where), officer, state, on=on)
    assert RegisterStep.objects.count() == before


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda r: r.code)
def test_register_when_described_then_what_must_be_explained_is_among_its_states(register):
    assert register.explained <= set(register.states)


# Decisions on money


def a_line(case, by, pounds):
    values = {"name": "Two workers", "asked": Decimal(pounds), "note": ""}
    return put(case.partnership, CASES, Kind.LINE, values, on=case, by=by)


@pytest.fixture
def asked(partnership, officer):
    case = add(partnership, officer, CASES)
    line = a_line(case, officer, "64000.50")
    return SimpleNamespace(case=case, line=line, approver=b.a_user(Role.APPROVER))


def decide(line, by, outcome="approved", words="", on=b.TODAY):
    return keep.decide_line(line=line, outcome=outcome, words=words, on=on, by=by, at=b.NOW)


def test_line_when_another_person_decides_then_the_outcome_is_theirs_and_the_line_is_as_it_was(asked, partnership):
    decide(asked.line, asked.approver, "reclassified", "Called a Covid pressure")
    (row,) = rows(partnership, CASES)
    assert (row.outcome, row.decided.on, row.decided.said) == ("reclassified", b.TODAY, "Called a Covid pressure")
    asked.line.refresh_from_db()
    assert (asked.line.outcome, asked.line.asked_pence) == ("asked", 6_400_050)
    with pytest.raises(WrongState, match="decided anew"):
        decide(asked.line, asked.approver)
    decide(asked.line, asked.approver, words="The council found the money after all")
    assert rows(partnership, CASES)[0].outcome == "approved"


@pytest.mark.parametrize("who", ["line", "case"])
def test_line_when_who_asked_decides_then_it_is_refused(asked, officer, who):
    """Whoever put the case or one line of it on the register, whatever else he may do."""
    if who == "case":
        other = b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner())
        asked.line = a_line(asked.case, other, "1")
    with pytest.raises(NotAllowed, match="Another approver"):
        decide(asked.line, officer)
    assert not RegisterStep.objects.exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"outcome": "asked"}, "approved, refused or reclassified"),
        ({"outcome": "refused"}, "Say why it is not approved"),
        ({"on": b.TODAY + timedelta(days=1)}, "has not come yet"),
        ({"on": b.TODAY - timedelta(days=2)}, "before it was asked"),
    ],
)
def test_decision_when_it_cannot_be_then_a_sentence_says_why(asked, changed, message):
    asked.line.case.asked_on = b.TODAY - timedelta(days=1)
    with pytest.raises(WrongState, match=message):
        decide(asked.line, asked.approver, **changed)


# Amounts


@pytest.mark.parametrize(("pounds", "message"), [("-1", "0 or more"), ("0", "how much"), ("1.005", "to the penny")])
def test_line_when_its_amount_cannot_be_then_it_is_refused(asked, officer, pounds, message):
    with pytest.raises(WrongState, match=message):
        a_line(asked.case, officer, pounds)


def test_item_when_added_with_its_years_then_they_make_its_cost(partnership, officer):
    programme = add(partnership, officer, PROGRAMMES)
    values = {"letter": "a", "name": "Doors", "payee": "", "duration": "", "termination": "", "status": ""}
    costs = [("2021-22", Decimal(100)), ("2022-23", Decimal("200.50"))]

    def item(**changed):
        return put(partnership, PROGRAMMES, Kind.ITEM, values | {"costs": costs} | changed, on=programme, by=officer)

    assert str(item()) == "a. Doors"
    assert set(FundingAmount.objects.values_list("period__slug", "pence")) == {
        ("2021-22", 10_000), ("2022-23", 20_050), (None, 30_050),
    }  # fmt: skip
    for changed, message in (
        ({}, "has an item a already"),
        ({"letter": "b", "costs": []}, "at least one financial year"),
        ({"letter": "b", "costs": [costs[0], costs[0]]}, "stands there twice"),
    ):
        with pytest.raises(WrongState, match=message):
            item(**changed)
    (row,) = rows(partnership, PROGRAMMES)
    assert row.cost is not None
    assert row.cost.value == Decimal("300.50")


def test_saving_when_loaded_from_a_paper_then_people_add_steps_and_never_change_it(world, officer, partnership):
    before = Saving.objects.values().get()
    step(world.saving, officer, "partly_delivered", "Half of it")
    assert Saving.objects.values().get() == before
    (row,) = rows(partnership, SAVINGS)
    assert (row.now.state, row.now.said, row.origin.source) == ("partly_delivered", "Half of it", "report 003")
