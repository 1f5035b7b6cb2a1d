"""A plan as it is typed: every cell read or refused by its place, what cannot be, what is odd, and what it makes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from finance.plan_rows import (
    Assumed,
    Entered,
    Kind,
    PlacementRow,
    PlanError,
    assumed_words,
    doubts,
    move_words,
    plan_of,
    refuse_assumed,
    refuse_rows,
)
from finance.plan_text import TextRefused, read_assumed, read_rows
from finance.projection import project
from finance.projection_table import (
    TOTAL,
    card_words,
    full_year_rows,
    projection_rows,
    rounding_words,
    run_rate_rows,
)
from finance.scenario_rows import DELAY, MOVE, OPEN, PRICE, StepDetails, effect_of
from finance.scenario_rows import doubts as doubts_of_step
from indicators.quarters import FinancialYear

AS_AT = date(2022, 7, 1)
NAMES = {
    "out-of-area": "Out of area, with parent and child", "out-of-authority": "Out of authority",
    "independent-fostering": "Independent fostering", "in-house-fostering": "In-house fostering",
}  # fmt: skip
GROUPS = {"out-of-authority": "out-of-area"}
ROW = PlacementRow("independent-fostering", 12, Decimal(875), date(2022, 5, 1))
STARTERS = Assumed(Kind.STARTERS, Decimal(5), "January to June", ROW.rung, Decimal(6), prices=(Decimal(900),))


def a_plan(*rows: PlacementRow, assumed: tuple[Assumed, ...] = (), **changes) -> Entered:
    return Entered(**{"as_at": AS_AT, "rows": rows or (ROW,), "assumed": assumed, "names": NAMES, "groups": GROUPS}
                   | changes)  # fmt: skip


# Reading


def test_rows_when_pasted_or_from_a_file_then_the_same_are_read():
    full = PlacementRow("independent-fostering", 12, Decimal("1075.50"), date(2022, 5, 1), date(2022, 11, 30),
                        date(2022, 9, 1), "in-house-fostering", Decimal(425), Decimal(60), "July list")  # fmt: skip
    cells = ("Independent fostering", "12", "£1,075.50", "1 May 2022", "30/11/2022", "2022-09-01", "in-house fostering",
             "425", "60%", "July list")  # fmt: skip
    pasted = "\t".join(cells)
    from_file = (
        "rung,start,number,weekly price,end,move on,move to,price there,chance %,from\n\n"
        'independent-fostering,01.05.2022,12,"1,075.50",30 Nov 2022,1 September 2022,In-house fostering,£425,60,'
        "July list\n"
    )
    assert read_rows(pasted, NAMES) == (full,)
    assert read_rows(from_file, NAMES) == (full,)
    assert read_rows("out-of-area, 57, 5402.87, 1 April 2022", NAMES)[0].end is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Somewhere,1,875,1 May 2022", "Row 1, rung: “Somewhere” is not a rung"),
        ("in-house-fostering,1.5,875,1 May 2022", "Row 1, number: “1.5” is no whole number"),
        ("in-house-fostering,1,dear,1 May 2022", "Row 1, weekly price: “dear” has letters"),
        ("in-house-fostering,1,875,30 February 2022", "Row 1, start: “30 February 2022” is not a date that exists"),
        ("in-house-fostering,1,,1 May 2022", "Row 1, weekly price: is empty"),
        ("in-house-fostering,1,875.005,1 May 2022", "fraction of a penny"),
        ("in-house-fostering,1,£5,402.87,1 May 2022", "Row 1, start: “402.87” is not a date"),
        ("rung,number,name of the child\n", "There is no column “name of the child”"),
        (",".join(["in-house-fostering,1,875,1 May 2022", *[""] * 6, "x"]), "Row 1 has 11 cells for 10 columns"),
        ("in-house-fostering,1,875,1 May 2022\n" * 2002, "2,000 are the most"),
    ],
)
def test_row_when_a_cell_cannot_be_read_then_refused_by_its_place(text, said):
    with pytest.raises(TextRefused) as refused:
        read_rows(text, NAMES)
    assert said in str(refused.value)


def test_assumptions_when_read_then_each_kind_has_its_numbers_and_what_cannot_be_is_named():
    found = read_assumed(
        "starters,independent-fostering,5,6,,900; £1015.40,January to June\nUplift,,4.9%,,1 October 2022,,framework",
        NAMES,
    )
    assert [one.kind for one in found] == [Kind.STARTERS, Kind.UPLIFT]
    assert found[0].prices == (Decimal(900), Decimal("1015.40"))
    assert (
        assumed_words(found[0], NAMES) == "5 in 6 months (0.83 a month), at one of 2 prices, £900 to £1,015.40 a week"
    )
    assert assumed_words(found[1], NAMES) == "4.9% up from 1 October 2022"
    with pytest.raises(TextRefused, match="Row 1, what: “growth” is none of starters"):
        read_assumed("growth,,5,6,,,x", NAMES)


# What cannot be


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": 0}, "Row 1: 0 placements cannot be"),
        ({"number": -3}, "Row 1: -3 placements cannot be"),
        ({"weekly": Decimal(-1)}, "less than £0 a week"),
        ({"end": date(2022, 4, 30)}, "Row 1 ends on 30 April 2022, before it starts on 1 May 2022"),
        ({"start": date(2024, 4, 1)}, "after the two years of the plan"),
        ({"rung": "elsewhere"}, "not a rung"),
        ({"move_to": "in-house-fostering"}, "give the day of the planned move"),
        ({"move_on": AS_AT, "move_to": "in-house-fostering"}, "give the weekly price on the rung"),
        ({"move_on": AS_AT, "move_percent": Decimal(101)}, "between 0% and 100%"),
        ({"number": 5_001}, "5,000 placements at most"),
    ],
)
def test_row_when_it_cannot_be_then_refused_with_a_sentence(change, said):
    with pytest.raises(PlanError) as refused:
        refuse_rows(a_plan(replace(ROW, **change)))
    assert said in str(refused.value)


def test_rung_when_it_stands_beside_its_group_then_refused_since_it_would_cost_twice():
    both = [replace(ROW, rung="out-of-area"), replace(ROW, rung="out-of-authority")]
    with pytest.raises(PlanError, match="Out of area, with parent and child and Out of authority overlap"):
        refuse_rows(a_plan(*both))
    refuse_rows(a_plan(both[0]))


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (replace(STARTERS, words=" "), "say where it is from"),
        (replace(STARTERS, over=None), "over how many months"),
        (replace(STARTERS, prices=()), "price of one recent starter"),
        (replace(STARTERS, number=Decimal(-1)), "below 0"),
        (replace(STARTERS, number=Decimal(2_000)), "More than 200 starters a month"),
        (Assumed(Kind.LEAVING, Decimal(4), "x", ROW.rung), "over how many nights of care"),
        (Assumed(Kind.UPLIFT, Decimal(3), "x"), "from which day"),
        (Assumed(Kind.UPLIFT, Decimal(3), "x", on=date(2022, 6, 30)), "outside what is projected"),
        (Assumed(Kind.UPLIFT, Decimal(3), "x", on=date(2024, 4, 1)), "outside what is projected"),
    ],
)
def test_assumption_when_it_cannot_be_then_refused_with_a_sentence(one, said):
    with pytest.raises(PlanError) as refused:
        refuse_assumed(a_plan(assumed=(one,)))
    assert said in str(refused.value)


def test_price_when_it_looks_like_one_for_a_year_then_doubted_and_a_weekly_one_is_not():
    found = doubts(
        a_plan(ROW, replace(ROW, weekly=Decimal(281_721)), assumed=(replace(STARTERS, prices=(Decimal(45_625),)),))
    )
    assert [words.partition(":")[0] for words in found] == ["Row 2", "Assumption 1"]
    assert "looks like one for a year" in found[0]


# What it makes


def test_plan_when_projected_then_the_lines_are_those_of_a_hand_calculation():
    """57 at £5,402.87 from 1 April 2022: 365 and 366 nights."""
    plan = plan_of(
        a_plan(PlacementRow("out-of-area", 57, Decimal("5402.87"), date(2022, 4, 1)), as_at=date(2022, 4, 1))
    )
    found = project(plan.outlook)
    assert (found.this_year, found.next_year) == (Decimal("16058101.48"), Decimal("16102096.28"))
    assert [(r.code, r.this_year) for r in projection_rows("p", found)] == [
        ("known", found.this_year), (TOTAL, found.this_year),
    ]  # fmt: skip
    assert run_rate_rows("p", found) == []
    assert plan.prices == {"out-of-area": Decimal("5402.87")}


def test_tables_when_a_plan_has_everything_then_lines_and_steps_add_up_to_the_penny():
    moving = replace(ROW, end=date(2023, 9, 12), move_on=date(2022, 10, 1), move_to="in-house-fostering",
                     move_weekly=Decimal(425), move_percent=Decimal(60))  # fmt: skip
    assumed = (
        STARTERS, Assumed(Kind.LEAVING, Decimal(4), "x", ROW.rung, Decimal(9_100)),
        Assumed(Kind.UPLIFT, Decimal(3), "x", on=date(2022, 10, 1)), Assumed(Kind.CONTINGENCY, Decimal(2), "x"),
    )  # fmt: skip
    entered = a_plan(moving, PlacementRow("in-house-fostering", 4, Decimal(425), date(2022, 4, 1)), assumed=assumed)
    found = project(plan_of(entered).outlook)
    *lines, total = projection_rows("p", found)
    assert sum(row.this_year for row in lines) == total.this_year == found.this_year
    assert sum(row.next_year for row in lines) == total.next_year
    steps = run_rate_rows("p", found)
    assert steps[-2].running == steps[-1].running == found.this_year
    assert steps[0].running + sum(row.amount or 0 for row in steps) == found.this_year
    rows = full_year_rows("p", entered, FinancialYear(2022))
    assert [row.rung for row in rows] == ["independent-fostering", "in-house-fostering", TOTAL]
    assert rows[2].cost.cost == rows[0].cost.cost + rows[1].cost.cost
    assert move_words(moving, NAMES) == "60% to In-house fostering at £425 a week from 1 October 2022"


def test_step_when_typed_then_it_becomes_the_step_of_its_kind_and_odd_prices_are_doubted():
    plan = plan_of(a_plan())
    move = StepDetails(MOVE, date(2022, 9, 1), "x", 2, ROW.rung, "in-house-fostering", Decimal(425))
    price = StepDetails(PRICE, date(2022, 9, 1), "x", from_rung=ROW.rung, percent=Decimal(5))
    home = StepDetails(OPEN, date(2022, 9, 1), "x", 2, ROW.rung, "in-house-fostering", Decimal(500), home_name="Mill",
                       a_month=1)  # fmt: skip
    delay = StepDetails(DELAY, date(2022, 11, 1), "x", home_name="Mill")
    effect = effect_of("All", plan, (move, price, home, delay))
    assert [step.words.split(" ")[0] for step in effect.steps] == ["Move", "Raise", "Open", "Delay"]
    # 2 children for 212 nights of 2022/23 at £450 a week less.
    assert effect.steps[0].this_year == -(Decimal(2 * 212 * 450) / 7).quantize(Decimal("0.01"))
    assert doubts_of_step(move, plan) == []
    [doubt] = doubts_of_step(replace(move, weekly=Decimal(22_000)), plan)
    assert "looks like one for a year" in doubt


# What the card and the page say


def test_card_when_a_plan_covers_one_group_then_what_it_covers_and_that_it_is_a_part_without_pence():
    names = {"ooa": "Out of area", "out": "Out of authority", "own": "In-house fostering"}
    row = PlacementRow("ooa", 57, Decimal("5402.87"), date(2022, 4, 1), words="57 at an average of £281,721 a year")
    plan = Entered(date(2022, 4, 1), (row,), (), names, {"out": "ooa"})
    found = project(plan_of(plan).outlook)
    part = " They are a part of the care ladder, not all that the year costs."
    said = "57 placements, “Out of area”: £16.06m in 2022/23"
    assert card_words(plan, found, Decimal(10_988_564)) == f"{said}, £5.07m over the budget of the plan.{part}"
    assert card_words(plan, found, None) == f"{said}.{part}"
    whole = replace(plan, names={"ooa": "Out of area", "out": "Out of authority"})
    assert card_words(whole, found, found.this_year) == f"{said}, which is the budget of the plan."
    assert rounding_words(plan) == [
        "A price of £281,721 a year is £5,402.87 a week, rounded to the penny, so 57 placements over 365 nights make "
        "£16,058,101.48 and not £16,058,097."
    ]
    assert rounding_words(replace(plan, rows=(replace(row, words="List of placements"),))) == []
