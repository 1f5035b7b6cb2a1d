"""What money forms refuse or doubt: names that cannot be seen, digits of other alphabets, absurd prices, far days."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from finance import register_drafts
from finance.forms.plans import PlanForm
from finance.forms.registers import HomeForm
from finance.forms.scenarios import STEP_FORMS
from finance.operations.contract import draft_entry
from finance.operations.scenarios import ScenarioDetails, add_step, create_scenario
from finance.plan_rows import Assumed, Kind, doubts
from finance.plan_text import TextRefused, read_assumed, read_rows
from finance.registers import REGISTERS
from finance.scenario_rows import OPEN, PRICE, StepDetails
from finance.scenario_rows import doubts as doubts_of_step
from finance.selectors.plans import held, ladder_of
from finance.unit_costs import doubt_about_size
from indicators.operations.errors import InputRefused
from indicators.typed_text import NOTHING_SEEN
from tests import builders as b
from tests.finance import money_world
from tests.finance import plan_world as w
from tests.finance.test_operations_contract import VARIATION
from tests.finance.test_registers import VALUES

RISE = StepDetails(PRICE, date(2022, 9, 1), "Offer", from_rung=w.OWN)
NAMES = {"own": "In-house fostering", "ifa": "Independent fostering"}
OTHER_ALPHABET = "has digits of another alphabet: type the digits 0 to 9."


# Names


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u200b", "\u202e", "  ", "\u3164\u00ad"])
def test_name_when_nothing_of_it_can_be_seen_then_refused_wherever_money_is_named(partnership, name):
    plan = w.a_plan()
    scenario, by = w.a_scenario(plan), w.officer(partnership)
    year = money_world.a_contract_year()
    stamp = {"by": by, "at": b.NOW}
    home = StepDetails(OPEN, date(2022, 9, 1), "Bids", 2, w.OUT, w.OWN, home_name=name, a_month=1)
    tries = [
        lambda: w.a_plan(name=name),
        lambda: create_scenario(plan=plan, details=ScenarioDetails(name, "Saving"), **stamp),
        lambda: create_scenario(plan=plan, details=ScenarioDetails("Four", name), **stamp),
        lambda: add_step(scenario=scenario, details=replace(w.STEP, words=name), version=scenario.version, **stamp),
        lambda: add_step(scenario=scenario, details=home, version=scenario.version, **stamp),
        lambda: draft_entry(year=year, details=replace(VARIATION, name=name), **stamp),
        lambda: draft_entry(year=year, details=replace(VARIATION, reason=name), **stamp),
        *(
            lambda kind=kind: money_world.a_draft(
                partnership, kind, register_drafts.Kind.ENTRY, VALUES[kind] | {"name": name}, by=by
            )
            for kind in VALUES
        ),
    ]
    for place, attempt in enumerate(tries):
        refused = False
        try:
            attempt()
        except InputRefused:
            refused = True
        assert refused, place


# Numbers and months


def test_plan_rows_when_digits_are_of_another_alphabet_then_refused_by_their_place():
    text = "In-house fostering,١٢,٨٧٥,١ April 2022\nIn-house fostering,1,875,1 April 2022,٣٠/11/2022"
    with pytest.raises(TextRefused) as refused:
        read_rows(text, NAMES)
    assert [finding.split(":")[0] for finding in refused.value.findings] == [
        "Row 1, number", "Row 1, weekly price", "Row 1, start", "Row 2, end",
    ]  # fmt: skip
    assert all(finding.endswith(OTHER_ALPHABET) for finding in refused.value.findings)
    with pytest.raises(TextRefused, match="Row 1, over: “٦” has digits"):
        read_assumed("starters,In-house fostering,5,٦,,900,Starts", NAMES)


@pytest.mark.django_db
def test_forms_when_digits_are_of_another_alphabet_then_refused_at_the_box(partnership):
    w.a_plan()
    ladder = ladder_of(partnership)
    plan = PlanForm({"name": "July", "as_at": "١ July 2022", "rows": ""}, ladder=ladder, replaceable=[])
    boxes = {"number": "٢", "on": "١ September 2022", "a_month": "٣", "weekly": "٤٥٠"}
    step = STEP_FORMS[OPEN](boxes, names=ladder.names, used=[], homes={})
    given = {"partnership": partnership, "register": REGISTERS["capacity"], "today": b.TODAY}
    home = HomeForm({"name": "Mill", "beds_min": "٢"}, **given)
    for form, names in ((plan, ["as_at"]), (step, list(boxes)), (home, ["beds_min"])):
        assert [name for name in names if OTHER_ALPHABET not in str(form.errors[name])] == []


def test_plan_rows_when_the_source_column_has_its_former_name_then_read_alike():
    rows = "rung,number,weekly price,start,{}\nIn-house fostering,1,875,1 April 2022,Ledger"
    assert read_rows(rows.format("source"), NAMES) == read_rows(rows.format("from"), NAMES)
    assert read_rows(rows.format("source"), NAMES)[0].words == "Ledger"
    with pytest.raises(TextRefused, match="Row 2, source: Nothing of this text can be seen"):
        read_rows(rows.format("source").replace("Ledger", "\u200b"), NAMES)


# Prices and days


@pytest.mark.parametrize(
    ("weekly", "usual", "said"),
    [
        (425, None, ""), (20_000, None, ""), (0, None, ""),
        (5_000_000, None, "£5,000,000 a week is £260,714,285.71 a year. The prices that are known here"),
        ("4.25", None, "£4.25 a week is"),
        (425, 425, ""), (2_900, 425, ""), (75, 60, ""),
        (42_500, 425, "£42,500 a week is 100 times as high as the £425 that a place here usually costs. Check it."),
        ("4.25", 425, "£4.25 a week is 100 times as low as the £425 that a place here usually costs. Check it."),
    ],
)  # fmt: skip
def test_price_when_absurd_by_its_size_then_doubted(weekly, usual, said):
    found = doubt_about_size(Decimal(weekly), None if usual is None else Decimal(usual))
    assert found.startswith(said)
    assert bool(found) == bool(said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "said"),
    [
        (w.STEP, ""),
        (replace(w.STEP, weekly=Decimal(23_400)), "looks like one for a year"),
        (replace(w.STEP, weekly=Decimal("4.50")), "times as low as the £425"),
        (StepDetails(OPEN, date(2022, 9, 1), "x", 2, w.AGENCY, w.OWN, home_name="Mill", a_month=1,
                     standing=Decimal(9_000_000)), "£9,000,000 a week is"),
        (replace(RISE, percent=Decimal(5)), ""),
        (replace(RISE, pounds=Decimal(22_000)), "looks like one for a year"),
        (replace(RISE, percent=Decimal(-95)), "£21.25 a week is 20 times as low"),
        (replace(RISE, pounds=Decimal(-420)), "£5 a week is 85 times as low"),
    ],
)  # fmt: skip
def test_step_when_its_price_is_absurd_then_doubted(partnership, step, said):
    found = doubts_of_step(step, held(w.a_plan()).plan)
    assert (len(found), said in "".join(found)) == (bool(said), True), found


@pytest.mark.django_db
def test_plan_when_a_price_is_absurd_then_it_needs_a_reason(partnership):
    rows = (replace(w.ROWS[0], weekly=Decimal(5_000_000)),)
    assumed = (Assumed(Kind.STARTERS, Decimal(1), "Starts", w.OUT, Decimal(3), prices=(Decimal("1.50"),)),)
    assert [words[:12] for words in doubts(w.entered(partnership, rows=rows, assumed=assumed))] == [
        "Row 1: £5,00", "Assumption 1",
    ]  # fmt: skip
    with pytest.raises(InputRefused) as refused:
        w.a_plan(rows=rows, assumed=assumed)
    assert refused.value.box == "odd_prices_reason"


@pytest.mark.django_db
def test_plan_when_far_ahead_then_refused_and_of_the_next_financial_year_kept(partnership):
    with pytest.raises(InputRefused, match="1 April 2024 is too far ahead: a plan begins by 31 March 2024") as refused:
        w.a_plan(as_at=date(2024, 4, 1), rows=w.ROWS[:1], assumed=())
    assert refused.value.box == "as_at"
    assert w.a_plan(as_at=date(2024, 3, 31), rows=w.ROWS[:1], assumed=()).pk


# Too large


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("placements-file", "The header and the episodes of one SSDA903 return have a few megabytes."),
        ("plans", "The rows of a plan have a few hundred kilobytes."),
    ],
)
def test_file_when_far_too_large_then_the_page_speaks_of_what_it_is(partnership, signed_in, place, said):
    client = signed_in(w.officer(partnership))
    extra = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(30 * 1024 * 1024)}
    response = client.generic("POST", f"/northshire/money/{place}/new/", **extra | {"wsgi.input": io.BytesIO(b"x")})
    page = response.content.decode()
    assert response.status_code == 413
    assert said in page
    assert "workbook" not in page.lower()


def test_sentence_when_nothing_is_seen_then_it_says_what_to_do():
    assert NOTHING_SEEN == "Nothing of this text can be seen. Type it anew in letters."
