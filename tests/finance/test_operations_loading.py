"""What papers say of money that is no figure: taken whole, known again, or refused with the place and a sentence."""

import csv
import io

import pytest

from finance.imports import LAYOUTS
from finance.models import ContractEntry, ContractYear, FundingAmount, HomePlan
from finance.operations.loading import ORDER, load_money
from indicators.imports import FileRefused, read_csv
from indicators.operations.slices import add_dimension
from tests import builders as b
from tests.finance import money_world

pytestmark = pytest.mark.django_db
CITED = {"source": "003", "paragraph": "86"}
YEAR = {"year": "2021-22", "covers_from": "2021-04-01", "covers_until": "2022-03-31", "original": "59060000",
        "original_quantum": "10000", "surplus_share_percent": "90"} | CITED  # fmt: skip
GROWTH = {"year": "2021-22", "code": "care-ladder", "kind": "variation", "amount": "930000", "quantum": "10000",
          "name": "Care ladder pressures", "authority": "Council, Q1"} | CITED  # fmt: skip
PART = GROWTH | {"code": "ooa", "amount": "530000", "part_of": "care-ladder", "name": "Out of area"}


def rows(layout: str, *told: dict[str, str]):
    columns = [column.name for column in LAYOUTS[layout].columns]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(told)
    return read_csv(out.getvalue().encode(), LAYOUTS[layout])


def load(**tables):
    b.a_source()
    read = {name: rows(name, *told) for name, told in tables.items()}
    return load_money(partnership=b.a_partnership(), tables=read, at=b.NOW)


def refused(**tables) -> list[tuple[str, str]]:
    with pytest.raises(FileRefused) as error:
        load(**tables)
    return [(f.column, f.message) for f in error.value.findings]


def test_layouts_when_compared_with_the_order_of_loading_then_each_is_loaded_once() -> None:
    assert set(ORDER) == set(LAYOUTS)
    assert len(ORDER) == len(set(ORDER))
    for layout in LAYOUTS.values():
        names = [column.name for column in layout.columns]
        assert set(layout.key) <= set(names)
        assert len(names) == len(set(names))


def test_contract_when_loaded_twice_then_held_once_in_pence_with_its_parts() -> None:
    first = load(contract_years=[YEAR], contract_entries=[GROWTH, PART])
    again = load(contract_years=[YEAR], contract_entries=[GROWTH, PART])
    assert (first.new["contract_entries"], again.new["contract_entries"]) == (2, 0)
    year = ContractYear.objects.get()
    assert (year.original_pence, year.original_quantum_pence) == (5_906_000_000, 1_000_000)
    part = ContractEntry.objects.get(code="ooa")
    assert part.part_of == ContractEntry.objects.get(code="care-ladder")
    assert (part.amount_pence, part.actor) == (53_000_000, "loaded from report 003")


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"authority": ""}, "authority", "without authority it is none"),
        ({"amount": "0.005"}, "amount", "to the penny"),
        ({"part_of": "another"}, "part_of", "no entry of this year"),
        ({"year": "2020-21"}, "year", "has no contract sum"),
        ({"year": "2021-22-q4"}, "year", "give a financial year"),
        ({"source": "009"}, "source", "not known"),
    ],
)
def test_entry_when_something_is_wrong_then_refused_and_nothing_is_kept(change, column, words) -> None:
    found = refused(contract_years=[YEAR], contract_entries=[GROWTH | change])
    assert [column] == [c for c, _ in found]
    assert words in found[0][1]
    assert not ContractYear.objects.exists()


def test_entry_when_held_with_another_amount_then_refused() -> None:
    load(contract_years=[YEAR], contract_entries=[GROWTH])
    ((column, words),) = refused(contract_entries=[GROWTH | {"amount": "940000"}])
    assert column == "amount_pence"
    assert "held already" in words


def test_year_when_it_ends_before_it_begins_then_refused() -> None:
    assert refused(contract_years=[YEAR | {"covers_until": "2021-03-31"}])[0][0] == "covers_until"


def test_year_when_its_days_lie_outside_it_then_refused() -> None:
    assert refused(contract_years=[YEAR | {"covers_from": "2021-03-01"}])[0][0] == "covers_from"


def test_line_when_its_heading_is_unknown_then_refused() -> None:
    add_dimension(code="head", name="Head", kind="partition", categories=[("cla", "Looked after")])
    add_dimension(code="line", name="Line", kind="comparison", categories=[("ooa", "Out of area")])
    line = {"head": "cla/ooa", "parent": "cla", "order": "2"} | CITED
    assert refused(heads=[line])[0][0] == "parent"
    assert load(heads=[{"head": "cla", "order": "1"} | CITED, line]).new["heads"] == 2
    assert refused(heads=[line | {"parent": ""}])[0][0] == "parent"


def test_funding_when_an_amount_is_of_all_years_or_of_a_fund_then_it_says_so() -> None:
    add_dimension(code="fund", name="Fund", kind="partition", categories=[("reserve", "Reserve")])
    programme = {"code": "recovery", "name": "Recovery", "authority": "Cabinet"} | CITED
    item = {"programme": "recovery", "letter": "a", "name": "Chair"} | CITED
    told = [
        {"programme": "recovery", "item": "a", "year": "2020-21", "amount": "24000"},
        {"programme": "recovery", "item": "a", "year": "total", "amount": "31500"},
        {"programme": "recovery", "item": "total", "fund": "reserve", "year": "total", "amount": "31500"},
    ]
    amounts = [one | CITED for one in told]
    load(funding_programmes=[programme], funding_items=[item], funding_amounts=amounts)
    assert load(funding_amounts=amounts).new["funding_amounts"] == 0
    held = FundingAmount.objects.order_by("pk").values_list("item__letter", "fund__code", "period__slug")
    assert list(held) == [("a", None, "2020-21"), ("a", None, None), (None, "reserve", None)]
    assert refused(funding_amounts=[amounts[0] | {"item": "z"}])[0][0] == "item"
    assert refused(funding_amounts=[amounts[0] | {"year": "2020-21-q1"}])[0][0] == "year"


def test_home_when_loaded_then_its_first_plan_is_known_since_the_paper() -> None:
    home = {"code": "skylarks", "name": "Skylarks", "kind": "Two homes", "beds_min": "4", "beds_max": "4",
            "stage": "Purchase completed", "expected_on": "2022-08-01",
            "expected_precision": "month"} | CITED  # fmt: skip
    load(homes=[home])
    assert load(homes=[home]).new["homes"] == 0
    plan = HomePlan.objects.get()
    assert (plan.known_on, plan.expected_precision) == (b.TODAY, "month")
    assert refused(homes=[home | {"code": "other", "beds_min": ""}])[0][0] == "beds_max"


def test_register_when_a_reference_is_unknown_then_refused() -> None:
    saving = {"code": "agency", "name": "Fewer agency posts", "year": "2021-22"} | CITED
    assert refused(savings=[saving | {"head": "cla"}])[0][0] == "head"
    assert refused(savings=[saving | {"rung": "ooa"}])[0][0] == "rung"
    money_world.the_heads()
    assert load(savings=[saving | {"head": "cla/ooa"}]).new["savings"] == 1
    case = {"code": "caseload", "name": "Caseloads", "year": "2021-22", "stated": "710000"} | CITED
    line = {"case": "caseload", "code": "legal", "name": "Legal", "asked": "106000", "outcome": "approved"} | CITED
    assert refused(business_case_lines=[line])[0][0] == "case"
    assert load(business_cases=[case], business_case_lines=[line]).new["business_case_lines"] == 1
    assert refused(business_case_lines=[line | {"code": "less", "asked": "-1"}])[0][0] == "asked"
