"""Entries of a contract sum: two people, nothing changed afterwards, once for a form, and what cannot be is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from finance.contract_sum import sums_of
from finance.models import ContractDecision, ContractEntry, ContractYear
from finance.operations.contract import EntryDetails, YearDetails, add_year, decide_entry, draft_entry
from finance.selectors.contract import contract_year
from indicators.models import AuditEvent
from indicators.operations.errors import InputRefused, NotAllowed, OperationError, WrongState
from indicators.quarters import FinancialYear, Quarter
from indicators.roles import Role
from tests import builders as b
from tests.finance.money_world import a_contract_year, an_entry

pytestmark = pytest.mark.django_db

VARIATION = EntryDetails(
    kind="variation", pence=5_000_000, name="More placements", reason="Demand", on=date(2022, 7, 1),
    authority="Cabinet, 1 July 2022",
)  # fmt: skip


@pytest.fixture
def year(partnership):
    return a_contract_year(2022)


@pytest.fixture
def finance(year):
    return b.a_user(Role.FINANCE_OFFICER, partner=b.a_partner("trust"))


@pytest.fixture
def council(year):
    return b.a_user(Role.APPROVER)


def revised(year) -> Decimal:
    return sums_of(contract_year(year.partnership, year.period.slug).year).revised.value


# Two people


def test_draft_when_kept_then_it_counts_nowhere_until_another_person_accepts_it(year, finance, council):
    draft = draft_entry(year=year, details=VARIATION, by=finance, at=b.NOW)
    assert revised(year) == 1_000_000
    assert (draft.code, draft.recorded_by, draft.actor) == ("more-placements", finance, finance.display_name)
    with pytest.raises(NotAllowed, match="another person decides"):
        decide_entry(entry=draft, accept=True, by=finance, at=b.NOW)
    with pytest.raises(NotAllowed):
        decide_entry(entry=draft, accept=False, reason="My mistake", by=finance, at=b.NOW)
    decide_entry(entry=draft, accept=True, by=council, at=b.NOW)
    assert revised(year) == 1_050_000
    told = AuditEvent.objects.filter(kind__startswith="money").order_by("pk").values_list("kind", "what", "by")
    assert list(told) == [
        ("money_recorded", "contract 2022-23/more-placements: variation drafted", finance.pk),
        ("money_decided", "contract 2022-23/more-placements: variation accepted", council.pk),
    ]


def test_refusal_when_made_then_it_says_why_and_the_entry_never_counts(year, finance, council):
    draft = draft_entry(year=year, details=VARIATION, by=finance, at=b.NOW)
    with pytest.raises(InputRefused, match="Say why it is refused"):
        decide_entry(entry=draft, accept=False, reason="  ", by=council, at=b.NOW)
    decide_entry(entry=draft, accept=False, reason="Not agreed", by=council, at=b.NOW)
    with pytest.raises(WrongState, match="decided on this entry already"):
        decide_entry(entry=draft, accept=True, by=b.a_user(Role.APPROVER), at=b.NOW)
    held = contract_year(year.partnership, "2022-23")
    assert (revised(year), held.waiting, held.entries) == (1_000_000, (), ())
    assert [row.refusal for row in held.refused] == ["Not agreed"]


def test_printed_entry_when_decided_on_then_refused(year, council):
    with pytest.raises(WrongState, match="printed in a paper"):
        decide_entry(entry=an_entry(year), accept=False, reason="No", by=council, at=b.NOW)
    assert not ContractDecision.objects.exists()


# Once for a form


def test_form_when_sent_twice_then_carried_out_once_and_with_other_answers_refused(year, finance, council):
    key = "a" * 32
    sent = {"year": year, "by": finance, "at": b.NOW, "key": key}
    made = draft_entry(details=VARIATION, **sent)
    assert draft_entry(details=VARIATION, **sent) == made
    with pytest.raises(OperationError, match="sent before with other answers"):
        draft_entry(details=replace(VARIATION, pence=1), **sent)
    assert ContractEntry.objects.count() == 1
    decision = {"entry": made, "accept": True, "by": council, "at": b.NOW, "key": "b" * 32}
    assert decide_entry(**decision) == decide_entry(**decision)
    with pytest.raises(OperationError, match="used for something else"):
        decide_entry(**decision | {"accept": False, "reason": "Other"})
    assert AuditEvent.objects.filter(kind="money_decided").count() == 1


def test_code_when_the_name_is_taken_or_a_word_of_the_page_then_it_gets_a_number(year, finance):
    names = ("More placements", "More placements", "Original", "£££")
    codes = [
        draft_entry(year=year, details=replace(VARIATION, name=n), by=finance, at=b.NOW).code for n in names
    ]  # fmt: skip
    assert codes == ["more-placements", "more-placements-2", "original-2", "item"]


# What cannot be


@pytest.mark.parametrize(
    ("change", "box", "words"),
    [
        pytest.param({"authority": " "}, "authority", "has no authority. Say who agreed it", id="no authority"),
        pytest.param({"kind": "stated_total"}, "kind", "Choose what it is", id="only papers print totals"),
        pytest.param({"pence": 0}, "amount", "changes nothing", id="nothing"),
        pytest.param({"name": ""}, "name", "Give the entry a name", id="no name"),
        pytest.param({"name": "x" * 201}, "name", "200 characters at most", id="long name"),
        pytest.param({"reason": "\n"}, "reason", "Say why", id="no reason"),
        pytest.param({"on": None}, "on", "Give the day", id="no day"),
        pytest.param({"on": date(2022, 7, 8)}, "on", "8 July 2022 has not come yet", id="tomorrow"),
        pytest.param({"on": date(2021, 3, 31)}, "on", "more than a year outside 2022/23", id="long before"),
        pytest.param({"part_of": "none"}, "part_of", "A part has the kind of its whole", id="no such whole"),
        pytest.param({"part_of": "paid"}, "part_of", "A part has the kind of its whole", id="of another kind"),
        pytest.param({"part_of": "waiting"}, "part_of", "its whole counts already", id="of a draft"),
    ],
)
def test_entry_when_it_cannot_be_then_refused_at_its_box(year, finance, change, box, words):
    an_entry(year, code="paid", kind="payment", authority="")
    an_entry(year, code="waiting", by=finance)
    with pytest.raises(InputRefused, match=words) as refusal:
        draft_entry(year=year, details=replace(VARIATION, **change), by=finance, at=b.NOW)
    assert refusal.value.box == box
    assert ContractEntry.objects.count() == 2


def test_day_when_in_the_year_before_or_today_then_taken_and_a_payment_needs_no_authority(year, finance):
    for on in (date(2021, 4, 1), b.TODAY):
        draft_entry(year=year, details=replace(VARIATION, on=on), by=finance, at=b.NOW)
    draft_entry(year=year, details=replace(VARIATION, kind="payment", authority=""), by=finance, at=b.NOW)
    assert ContractEntry.objects.count() == 3


# Years


def the_year(**more):
    return YearDetails(
        **{
            "year": FinancialYear(2021), "covers_from": date(2021, 4, 1), "covers_until": date(2022, 3, 31),
            "original_pence": 100, "source": b.a_source(), "paragraph": "86", "surplus_share_percent": Decimal(90),
        } | more
    )  # fmt: skip


def test_year_when_added_twice_by_one_form_then_there_once_with_its_paper(year, council):
    sent = {"partnership": year.partnership, "details": the_year(), "by": council, "at": b.NOW, "key": "c" * 32}
    assert add_year(**sent) == add_year(**sent)
    made = contract_year(year.partnership, "2021-22")
    assert (made.row.cited, made.year.original.pence) == (f"{b.a_source()} §86", 100)
    assert AuditEvent.objects.get(kind="money_recorded").what == "contract 2021-22: year added"


@pytest.mark.parametrize(
    ("change", "box", "words"),
    [
        pytest.param({"year": Quarter(2021, 4)}, "year", "of a financial year", id="a quarter"),
        pytest.param({"year": FinancialYear(2022)}, "year", "there already", id="there already"),
        pytest.param({"covers_until": date(2021, 3, 31)}, "covers_until", "before it starts", id="end before start"),
        pytest.param({"covers_until": date(2022, 4, 1)}, "covers_from", "covers days outside 2021/22", id="outside"),
        pytest.param({"surplus_share_percent": Decimal("100.01")}, "surplus_share_percent", "no share", id="over 100%"),
        pytest.param({"original_pence": 0}, "original", "above £0", id="nothing"),
        pytest.param({"paragraph": " "}, "paragraph", "where in the paper", id="no paragraph"),
    ],
)
def test_year_when_it_cannot_be_then_refused_at_its_box(year, council, change, box, words):
    with pytest.raises(InputRefused, match=words) as refusal:
        add_year(partnership=year.partnership, details=the_year(**change), by=council, at=b.NOW)
    assert refusal.value.box == box
    assert ContractYear.objects.count() == 1
