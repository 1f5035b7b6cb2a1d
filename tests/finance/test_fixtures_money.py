"""What fixtures/doncaster/money says of money and placements is what the reports print, and adds up as far as they do.

Reads the CSV files with the standard library only; the sums are made here a second time.
"""

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

import pytest

from finance.outturn import Head
from finance.outturn_sums import sums_of_table
from tests.indicators.test_fixtures import (
    CHOICES,
    HEADERS,
    KEYS,
    PLACE,
    QUARTER,
    Row,
    amounts_in,
    held_money,
    numbers_in,
    read,
    read_all,
    span,
)
from tests.referrals.test_fixtures_demand import NEW_HEADERS, NEW_KEYS, categories, cells_of

SIX_MONTHS = "2014-10-01--2015-03-31"
YEAR = "2021-22"
OWN_HEADERS = {
    "heads": "head,parent,order",
    "rungs": "rung,group,order,standing,note",
    "contract_years": (
        "year,covers_from,covers_until,original,original_quantum,surplus_share_percent,stated_change,note"
    ),
    "contract_entries": "year,code,kind,amount,quantum,part_of,name,reason,funding_source,authority,on",
    "funding_programmes": "code,name,authority,note",
    "funding_items": "programme,letter,name,payee,duration,termination,status",
    "funding_amounts": "programme,item,fund,year,amount,quantum",
    "savings": "code,name,year,owner_role,risk,head,rung,note",
    "homes": ("code,name,kind,beds_min,beds_max,stage,expected_on,expected_precision,expected_words,note"),
    "business_cases": "code,name,year,asked_on,decided_by,stated,stated_quantum,note",
    "business_case_lines": "case,code,name,asked,quantum,outcome,note",
    "claims": "code,programme,name,payer,due_on,outcome,terms",
    "commentary_limits": "scorecard,indicator,slice,commentary_from",
    "sums": "code,whole,parts",
    "milestones": "code,name,due_on,due_precision,due_words,done_on,body",
    "plans": "code,name,as_at,note,cost_to_date,cost_to_date_words,budget,budget_words",
    "plan_rows": "plan,order,rung,number,price,per,start_on,end_on,words",
    "plan_assumptions": "plan,order,kind,rung,number,over,on_day,price,per,words",
}
OWN_KEYS = {
    "heads": ("head",), "rungs": ("rung",), "contract_years": ("year",), "contract_entries": ("year", "code"),
    "funding_items": ("programme", "letter"), "funding_amounts": ("programme", "item", "fund", "year"),
    "business_case_lines": ("case", "code"), "commentary_limits": ("scorecard", "indicator", "slice"),
    "plan_rows": ("plan", "order"), "plan_assumptions": ("plan", "order"),
}  # fmt: skip
NAMES = sorted(path.stem for path in (PLACE / "money").glob("*.csv"))
# Printed numbers of each paragraph: those that are held, and those that are dates, labels and the like.
COUNTED = {
    "003": {
        81: (5, 3), 82: (10, 5), 83: (2, 7), 84: (117, 9), 85: (0, 1), 86: (12, 6), 87: (2, 4), 88: (6, 3),
        89: (15, 10), 90: (4, 6), 91: (2, 1), 92: (3, 1), 93: (3, 2), 94: (4, 5), 95: (11, 2), 96: (1, 1),
        97: (2, 1), 98: (2, 1),
        99: (0, 2), 100: (4, 3), 101: (17, 6), 102: (6, 7), 103: (5, 2), 104: (10, 4), 105: (2, 3), 106: (6, 7),
        107: (6, 2), 108: (2, 2), 109: (6, 4), 110: (4, 3), 111: (15, 9), 112: (3, 6), 113: (7, 2), 114: (4, 4),
        115: (7, 6), 116: (4, 3), 117: (3, 2), 118: (4, 2), 119: (0, 2), 120: (4, 3), 121: (2, 7), 122: (0, 1),
        123: (14, 11), 124: (2, 2),
    },
    "002": {7: (25, 12)},
    "000": {7: (1, 4), 8: (1, 2), 36: (44, 13), 37: (2, 2), 38: (1, 1), 39: (1, 1), 40: (0, 3), 43: (1, 1), 44: (5, 5)},
    "004": {11: (2, 5)},
}  # fmt: skip
ROWS = {
    "cla": "cla", "other": "other-children", "family-support": "family-support", "youth-justice": "youth-justice",
    "safeguarding": "safeguarding", "young-people": "young-people", "contract": "contract-value", "support": "support",
    "total": "",
}  # fmt: skip
SIDES = ("budget", "outturn")
KINDS = ("gross", "income", "net")
REASONS = ("covid", "operating")


def rows(name: str) -> list[Row]:
    return read(f"doncaster/money/{name}.csv")


def values() -> dict[tuple[str, str, str], Decimal]:
    """The printed values by indicator, slice and period."""
    return {(r["indicator"], r["slice"], r["period"]): Decimal(r["value"]) for r in rows("figures") if r["value"]}


def at_end(indicator: str, slice_key: str = "") -> Decimal:
    """The value of the reported quarter."""
    return values()[indicator, slice_key, QUARTER]


def millions(indicator: str, slice_key: str = "") -> Decimal:
    return at_end(indicator, slice_key) / 1_000_000


def of(head: str, **parts: str) -> str:
    """A slice key: the heading, where there is one, and the parts, in order."""
    cells = ({"head": head} if head else {}) | {name.replace("_", "-"): code for name, code in parts.items()}
    return "|".join(f"{name}={cells[name]}" for name in sorted(cells))


def definitions() -> dict[str, Row]:
    return {row["code"]: row for row in rows("indicators")}


# Form


@pytest.mark.parametrize("name", NAMES)
def test_files_have_their_header_clean_cells_and_keys_once(name: str) -> None:
    data = (PLACE / "money" / f"{name}.csv").read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    own = f"{OWN_HEADERS[name]},source,paragraph" if name in OWN_HEADERS else ""
    header = own or NEW_HEADERS.get(name) or HEADERS[f"doncaster/{name}.csv"]
    lines = list(csv.reader(data.decode("utf-8").splitlines(), strict=True))
    assert lines[0] == header.split(",")
    assert {len(line) for line in lines} == {len(lines[0])}
    sources = {row["code"] for row in read_all("sources")}
    for row in rows(name):
        assert row["source"] in sources, row
        assert row["paragraph"], row
        for column, cell in row.items():
            assert cell == " ".join(cell.split()), (column, cell)
            if (found := (f"doncaster/{name}.csv", column)) in CHOICES:
                assert cell in CHOICES[found], (column, cell)
    key = OWN_KEYS.get(name, ("code",)) if own else NEW_KEYS.get(name) or KEYS[f"doncaster/{name}.csv"]
    found_keys = Counter(tuple(row[k] for k in key) for row in read_all(name))
    assert not [k for k, n in found_keys.items() if n > 1]


def test_references_resolve_and_slices_are_canonical() -> None:
    known = {row["code"] for row in read_all("indicators")}
    cards = {row["code"] for row in rows("scorecards")}
    statements = {row["code"]: row for row in read_all("statements")}
    cells = categories()
    for name in ("lines", "assignments", "figures", "breaks", "statements", "queries"):
        for row in rows(name):
            assert row["indicator"] in known, row
            parts = cells_of(row["slice"]) if row["slice"] else []
            assert set(parts) <= set(cells), row["slice"]
            assert [d for d, _ in parts] == sorted({d for d, _ in parts}), row["slice"]
    assert {row["scorecard"] for row in rows("lines")} == {row["scorecard"] for row in rows("rounds")} == cards
    for row in rows("queries"):
        cited = row["statements"].split(";")
        assert len(cited) >= 2
        assert set(cited) <= set(statements), row["code"]
        assert row["indicator"] in {statements[code]["indicator"] for code in cited}, row["code"]
        assert len(row["question"]) <= 400
    for dimension in rows("dimensions"):
        orders = [int(c["order"]) for c in rows("categories") if c["dimension"] == dimension["code"]]
        assert orders == list(range(1, len(orders) + 1)), dimension["code"]


def test_every_indicator_has_a_statement_and_every_line_somebody_who_returns_it() -> None:
    assert set(definitions()) == {row["indicator"] for row in rows("statements")}
    lines = [(row["indicator"], row["slice"]) for row in rows("lines")]
    assert Counter(lines) == Counter((row["indicator"], row["slice"]) for row in rows("assignments"))
    assert {row["partner"] for row in rows("assignments")} == {"trust"}
    for _, group in groupby(rows("lines"), key=lambda row: row["scorecard"]):
        card = list(group)
        assert [row["order"] for row in card] == [str(n) for n in range(1, len(card) + 1)]
        themes = [theme for theme, _ in groupby(row["theme_code"] for row in card)]
        assert len(themes) == len(set(themes)), "the lines of a theme stand together"
    assert {(r["code"], r["purpose"]) for r in rows("scorecards")} == {("outturn", "money"), ("care-ladder", "money")}


def test_what_nobody_reported_yet_waits_for_the_next_quarter() -> None:
    held = {(r["indicator"], r["slice"]) for r in rows("figures") if r["period"] == QUARTER}
    for row in rows("lines"):
        expected = QUARTER if (row["indicator"], row["slice"]) in held else "2022-23-q1"
        assert row["valid_from"] == (YEAR if row["frequency"] == "financial_year" else expected), row
    on_it = {(r["indicator"], r["slice"]) for r in rows("lines")}
    assert held <= on_it, held - on_it
    waiting = set(definitions()) - {row["indicator"] for row in rows("figures")}
    assert waiting == {
        "care-nights", "move-on-blocked", "move-on-could-move", "move-on-moved", "programme-spend", "saving-delivered",
        "saving-forecast", "saving-target",
    }  # fmt: skip


# What is said


def test_a_figure_is_a_number_or_has_a_reason() -> None:
    for row in rows("figures"):
        where = (row["indicator"], row["slice"], row["period"])
        unit = definitions()[row["indicator"]]["unit"]
        assert span(definitions()[row["indicator"]]["valid_from"])[0] <= span(row["period"])[0], where
        assert ("e" in row["flags"].split()) == (row["qualifier"] == "~"), where
        assert len(row["headline"]) <= 60, row["headline"]
        assert bool(row["headline"]) or row["period"] != QUARTER, where
        assert re.search(r"\(00\d §\d+\)\.$", row["commentary"]), row["commentary"]
        if row["basis"] == "stated":
            assert Decimal(row["value"]) % Decimal(row["quantum"] or 1) == 0, where
            assert bool(row["quantum"]) or unit == "count", where
            assert Decimal(row["value"]) >= 0 or unit == "pounds" or row["slice"] == "authority=doncaster", where
        else:
            assert (row["basis"], row["missing_reason"]) in {("derived", ""), ("missing", "narrative_only")}, where
            assert not any((row["value"], row["quantum"])), where
    for row in rows("statements"):
        assert 0 < len(row["text"]) <= 300, row["code"]
    for row in rows("indicators"):
        assert len(row["short_name"]) <= 60
        assert row["why_it_matters"].endswith(".")


def test_the_number_of_a_figure_stands_in_a_text_of_its_paragraph() -> None:
    texts: dict[tuple[str, str], set[Decimal]] = defaultdict(set)
    for row in [*rows("statements"), *read("doncaster/demand/statements.csv")]:
        for paragraph in row["paragraph"].split(", "):
            texts[row["source"], paragraph] |= numbers_in(row["text"])
    for report in ("000", "002", "003", "004"):
        for row in read(f"reports/statements_{report}.csv"):
            texts[report, row["paragraph"]] |= numbers_in(row["quote"])
    for row in rows("figures"):
        if row["value"]:
            found = set().union(*(texts[row["source"], p] for p in row["paragraph"].split(", ")))
            value = abs(Decimal(row["value"]))
            assert found & {value, value / 1_000, value / 1_000_000}, (row["indicator"], row["slice"])


def test_a_number_worked_out_by_this_project_says_so() -> None:
    """A summary may hold what no paper prints only with these words."""
    printed = defaultdict(set)
    for row in read("reports/coverage.csv"):
        if row["held_as"]:
            printed[row["report"]] |= amounts_in(row["text"], row["paragraph"])
    for row in rows("statements"):
        if row["kind"] == "summary" and row["value"] and abs(Decimal(row["value"])) not in printed[row["source"]]:
            assert "worked out by this project" in row["text"] or "make" in row["text"], row["code"]


def test_the_named_paragraphs_are_covered_number_by_number() -> None:
    found: dict[str, dict[int, list[int]]] = defaultdict(dict)
    for row in read("reports/coverage.csv"):
        number = re.match(r"\d+", row["paragraph"])
        if number and int(number[0]) in COUNTED.get(row["report"], {}):
            counts = found[row["report"]].setdefault(int(number[0]), [0, 0])
            counts[not row["held_as"]] += 1
    assert {r: {p: tuple(n) for p, n in by.items()} for r, by in found.items()} == COUNTED
    assert list(COUNTED["003"]) == list(range(81, 125))


def test_every_number_of_the_registers_is_covered() -> None:
    covered = {row["held_as"] for row in read("reports/coverage.csv")}
    covered |= {  # stated in the words of the figures that they make
        *(f"contract:{YEAR}:{c}" for c in ("covid-original", "covid-original-care-ladder", "covid-original-agency")),
        *(f"contract:{YEAR}:{c}" for c in ("additional-covid", "cabinet-ooa", "cabinet-fostering")),
    }
    for key, row in held_money().items():
        for column, amount in row.items():
            is_amount = key.startswith("funding") or column in {"original", "stated_change", "beds_min", "stated"}
            if amount and (is_amount or re.fullmatch(r"-?\d{4,}", amount)) and "quantum" not in column:
                assert f"{key}:{column}" in covered or column == "beds_max", (key, column)


# The table of §84


def test_the_outturn_table_is_the_printed_one_with_its_signs() -> None:
    held, checked = values(), 0
    transcribed = {row["code"]: row for row in read("reports/statements_003.csv")}
    for row, head in ROWS.items():
        expected = {("spend-" + k, of(head, side=s), f"{k}-{s}") for k in KINDS for s in SIDES}
        expected |= {(f"variance-{kind}", of(head), f"{kind}-variance") for kind in KINDS}
        expected |= {("variance-net", of(head, variance_reason=r), f"net-{r}") for r in REASONS}
        expected |= {("variance-net-change", of(head, variance_reason=r), f"change-{r}") for r in REASONS}
        for indicator, slice_key, column in expected:
            assert held[indicator, slice_key, QUARTER] == Decimal(transcribed[f"003-84-{row}-{column}"]["number"])
            checked += 1
    assert checked == 117


def test_the_outturn_table_adds_up_within_rounding() -> None:
    heads = [head for head in ROWS.values() if head]
    half = 500
    columns = [(f"spend-{kind}", {"side": side}) for kind in KINDS for side in SIDES]
    columns += [(f"variance-{kind}", {}) for kind in KINDS]
    columns += [(name, {"variance_reason": r}) for name in ("variance-net", "variance-net-change") for r in REASONS]
    off = {}
    for indicator, parts in columns:
        difference = sum(at_end(indicator, of(h, **parts)) for h in heads) - at_end(indicator, of("", **parts))
        assert abs(difference) <= half * (len(heads) + 1), (indicator, parts)
        off[indicator, *parts.values()] = difference
    for head in ROWS.values():
        for side in SIDES:
            gross, income, net = (at_end(f"spend-{kind}", of(head, side=side)) for kind in KINDS)
            assert abs(gross + income - net) <= 3 * half, (head, side)
        for kind in KINDS:
            budget, outturn = (at_end(f"spend-{kind}", of(head, side=side)) for side in SIDES)
            assert abs(budget - outturn - at_end(f"variance-{kind}", of(head))) <= 3 * half, (head, kind)
        by_reason = sum(at_end("variance-net", of(head, variance_reason=r)) for r in REASONS)
        assert abs(by_reason - at_end("variance-net", of(head))) <= 3 * half, head
    assert at_end("spend-net", "side=outturn") + at_end("variance-net") == -1_000, "5,831 and -5,832 are printed"
    assert any(off.values()), "some columns are out by rounding"


# The text beside the table, in millions of pounds with two decimals: half a unit for each number


def test_the_lines_within_children_looked_after() -> None:
    line = {code: f"head=cla|line={code}" for code in ("ooa", "fostering", "cic-16-plus", "high-needs-block")}
    for code in ("ooa", "fostering", "cic-16-plus"):
        total = millions("variance-net", line[code])
        parts = sum(millions("variance-net", f"{line[code]}|variance-reason={reason}") for reason in REASONS)
        assert abs(total - parts) <= Decimal("0.015"), code
    operating = {code: millions("variance-net", f"{key}|variance-reason=operating") for code, key in line.items()}
    assert sum(operating.values()) == Decimal("-4.31")
    overspends = sum(millions("variance-net", line[code]) for code in ("ooa", "fostering", "cic-16-plus"))
    assert overspends == Decimal("-6.20")
    assert overspends + millions("variance-net", line["high-needs-block"]) == Decimal("-5.07")
    assert millions("variance-net", "head=cla") == Decimal("-4.638")
    assert sum(millions("variance-net-change", line[code]) for code in ("ooa", "fostering", "cic-16-plus")) + Decimal(
        "0.07"
    ) == Decimal("-0.69")
    by_reason = [at_end("variance-net-change", f"variance-reason={reason}") for reason in REASONS]
    assert abs(at_end("variance-net-change") - sum(by_reason)) <= 5_000 + 1_000


def test_the_covid_money() -> None:
    costs = [millions("covid-cost", f"line={code}") for code in
             ("ooa", "independent-fostering", "in-house-fostering", "cic-16-plus")]  # fmt: skip
    assert sum(costs) == Decimal("3.28")
    assert sum(costs) - millions("covid-funding", "head=cla") == Decimal("0.76")
    funds = ("original-contract", "additional-contract", "cabinet-2021-09")
    assert [millions("covid-funding", f"covid-fund={f}") for f in funds] == [
        Decimal("0.84"), Decimal("0.59"), Decimal("1.32"),
    ]  # fmt: skip
    assert sum(millions("covid-funding", f"covid-fund={f}") for f in funds) == millions("covid-funding")
    for code, cost, left in (("ooa", costs[0], "0.38"), ("fostering", costs[1] + costs[2], "0.07")):
        given = [millions("covid-funding", f"covid-fund={f}|line={code}") for f in funds]
        pressure = cost - given[0] - given[1]
        assert pressure == millions("covid-pressure", f"line={code}")
        assert pressure - given[2] == Decimal(left)
        assert -millions("variance-net", f"head=cla|line={code}|variance-reason=covid") == Decimal(left)
    for fund, whole in (("original-contract", "0.71"), ("additional-contract", "0.59")):
        of_lines = sum(millions("covid-funding", f"covid-fund={fund}|line={code}") for code in ("ooa", "fostering"))
        assert of_lines == Decimal(whole)
    original = ("covid-fund=original-contract|head=cla", "covid-fund=original-contract|line=agency")
    assert sum(millions("covid-funding", key) for key in original) == Decimal("0.84")
    named = sum(millions("covid-pressure", f"line={c}") for c in ("ooa", "fostering", "cic-16-plus", "agency"))
    assert (named, millions("covid-pressure")) == (Decimal("2.38"), Decimal("2.37"))
    left = millions("covid-pressure") - millions("fund-contribution", "fund=covid")
    assert abs(left + millions("variance-net", "variance-reason=covid")) <= Decimal("0.015")
    block = {side: millions("high-needs-block-funding", f"side={side}") for side in SIDES}
    assert block["outturn"] - block["budget"] == millions("fund-contribution", "fund=high-needs-block")


def test_placements_came_and_went() -> None:
    group = "rung-group=out-of-area"
    assert (
        at_end("placements-at-end", "rung=out-of-authority") + at_end("placements-at-end", "rung=parent-and-child")
        == 57
    )
    assert at_end("placements-at-end", group) == 57

    def parts(indicator: str, pattern: str) -> Decimal:
        found = [v for (i, s, p), v in values().items() if (i, p) == (indicator, QUARTER) and re.search(pattern, s)]
        return sum(found, at_end(indicator, "rung=parent-and-child"))

    assert parts("placements-started", "came-from=") == at_end("placements-started", group) == 11
    assert parts("placements-ended", "went-to=") == at_end("placements-ended", group) == 9
    year_before = values()["placements-at-end", "rung=out-of-authority", "2020-21-q4"] + 3
    assert 57 - 11 + 9 == 55
    assert 57 - year_before == 1
    assert at_end("placements-at-end", group) - at_end("placements-planned", group) == 14 == 7 + 4 + 1 + 1 + 1
    care = next(
        r for r in read("doncaster/demand/figures.csv")
        if (r["indicator"], r["slice"], r["period"]) == ("care-at-end", "", QUARTER)
    )  # fmt: skip
    assert round(57 * 100 / Decimal(care["value"]), 1) == at_end("ooa-share-of-care")
    assert "care-at-end" not in definitions(), "children in care are counted once, by the pathway"


def test_what_contradicts_itself_is_asked_about() -> None:
    assert {row["code"] for row in rows("queries")} == {
        "agency-minus-14-or-more", "agency-saved-25", "cla-lines-not-printed", "contract-value-59-99-or-57-909",
        "covid-ooa-0-93-or-0-94", "final-contract-22-3", "growth-7-or-2", "high-needs-0-07-of-what",
        "inflation-4-9-on-what", "out-of-area-share-11-5-to-9-6", "parent-and-child-one-or-two",
        "programme-one-pound-out", "split-below-target", "surplus-share-90-or-91-7",
    }  # fmt: skip
    cost = values()["placement-cost-a-year", "rung-group=out-of-area|side=budget", YEAR]
    assert round(cost * Decimal("1.049")) == 244_885
    later = values()["placement-cost-a-year", "rung-group=out-of-area|side=budget", "2022-23"]
    assert round((later - cost) * 100 / cost, 1) == Decimal("9.5")
    assert (round(Decimal(5500) / 592, 1), round(Decimal(5600) / 553, 1)) == (Decimal("9.3"), Decimal("10.1"))


# What is not a figure


def entries(year: str) -> dict[str, Decimal]:
    return {r["code"]: Decimal(r["amount"]) for r in rows("contract_entries") if r["year"] == year}


def test_the_contract_sums_are_those_printed_and_what_does_not_reconcile_is_known() -> None:
    years = {row["year"]: row for row in rows("contract_years")}
    first = years["2014-15"]
    assert (first["covers_from"], first["covers_until"]) == ("2014-10-01", "2015-03-31")
    assert years["2015-16"]["original"] == ""
    assert Decimal(years["2015-16"]["stated_change"]) == -681_000
    made = entries("2014-15")
    assert made["variation-placements-split"] + made["variation-projected-overspend"] == made["contract-variation"]
    revised = Decimal(first["original"]) + made["contract-variation"]
    assert (revised, made["revised-contract"]) == (22_783_000, 22_800_000)
    assert (revised + made["surplus-share"], made["final-contract"]) == (22_243_000, 22_300_000)
    surplus = values()["trust-surplus", "", SIX_MONTHS]
    before = surplus - made["surplus-share"]
    assert before == 589_070
    assert round(-made["surplus-share"] * 100 / before, 1) == Decimal("91.7")
    assert Decimal(first["surplus_share_percent"]) == 90
    latest = entries("2021-22")
    by_line = ("additional-ooa", "additional-independent-fostering", "additional-in-house-fostering")
    assert sum(latest[code] for code in by_line) == latest["care-ladder-additional"]
    assert latest["payment-march-2022"] + latest["payment-remaining"] == at_end("spend-net", "side=outturn")
    printed = Decimal(years["2021-22"]["original"]) + latest["care-ladder-additional"]
    assert printed + at_end("spend-net", "head=contract-value|side=budget") == 2_081_000
    for row in rows("contract_entries"):
        codes = {r["code"] for r in rows("contract_entries") if r["year"] == row["year"]}
        assert row["part_of"] in codes | {"", "original"}, row
        assert row["authority"] or row["kind"] != "variation", row


def test_money_of_the_first_six_months_is_never_that_of_a_year() -> None:
    of_the_account = [r for r in rows("figures") if r["source"] == "002"]
    assert {r["period"] for r in of_the_account} == {SIX_MONTHS, "2014-15-q4"}
    assert all(definitions()[r["indicator"]]["unit"] == "count" for r in of_the_account if r["period"] == "2014-15-q4")


def test_the_funding_programme_is_one_pound_out_and_no_more() -> None:
    amounts = {
        (r["fund"] or r["item"], r["year"]): int(r["amount"])
        for r in rows("funding_amounts") if r["programme"] == "recovery-resilience"
    }  # fmt: skip
    letters = [r["letter"] for r in rows("funding_items")]
    assert letters == list("abcdefghij")
    costed = [letter for letter in letters if (letter, "total") in amounts]
    assert (len(costed), set(letters) - set(costed)) == (9, {"g"})
    for letter in costed:
        assert amounts[letter, "2020-21"] + amounts[letter, "2021-22"] == amounts[letter, "total"]
    years = ("2020-21", "2021-22", "total")
    assert [sum(amounts[c, year] for c in costed) - amounts["total", year] for year in years] == [0, -1, 0]
    funds = ("los-underspend", "social-care-transformation-fund")
    assert [sum(amounts[f, year] for f in funds) - amounts["total", year] for year in years] == [0, 0, 0]
    assert amounts["total", "2020-21"] + amounts["total", "2021-22"] - amounts["total", "total"] == 1
    assert sum(amounts[letter, "total"] for letter in "bef") == 230_000
    to_trust = {r["letter"] for r in rows("funding_items") if "Trust" in r["payee"]}
    assert to_trust == set("bef")
    assert {r["letter"] for r in rows("funding_items") if r["termination"]} == set("ach")


def test_registers_refer_to_what_is_there() -> None:
    cells = categories()
    heads = {row["head"] for row in rows("heads")}
    rungs = {row["rung"] for row in rows("rungs")}
    assert {head for head in heads if "/" not in head} == {code for code in ROWS.values() if code}
    assert all(("line", head.split("/")[1]) in cells for head in heads if "/" in head)
    assert {("rung", rung) for rung in rungs} == {c for c in cells if c[0] == "rung"} - {("rung", "not-stated")}
    grouped = {row["rung"]: row["group"] for row in rows("rungs") if row["group"]}
    assert Counter(grouped.values()) == {"out-of-area": 2, "fostering": 2}
    savings = {row["code"] for row in rows("savings")}
    assert {("saving", code) for code in savings} == {c for c in cells if c[0] == "saving"}
    for row in rows("savings"):
        assert row["head"] in heads | {""}
        assert row["rung"] in rungs | {""}
        assert not row["owner_role"], "no owner is printed"
    lines = {row["code"]: int(row["asked"]) for row in rows("business_case_lines")}
    (case,) = rows("business_cases")
    assert sum(lines.values()) == int(case["stated"]) == 814_000 - 104_000
    assert {row["code"] for row in rows("business_case_lines") if row["outcome"] != "approved"} == {
        "agency-social-workers"
    }
    dated = {row["code"]: row["expected_on"] for row in rows("homes") if row["expected_on"]}
    assert dated == {"skylarks": "2022-08-01"}
    assert {row["code"]: row["due_on"] for row in rows("claims")} == {"pause-first-report": "2015-07-15"}


def test_sums_of_the_outturn_when_declared_then_they_are_those_that_its_page_proves() -> None:
    named = {(row["dimension"], row["code"]): row["name"] for row in rows("categories")}
    heads = []
    for row in rows("heads"):
        parent, _, code = row["head"].rpartition("/")
        heads.append(Head(code, named["line" if parent else "head", code], parent))
    lines = {f"{row['indicator']}/{row['slice']}".rstrip("/") for row in rows("lines")}
    proved = {
        (one.keys[0], frozenset(one.identity.factors[1:]))
        for one in sums_of_table(heads, ("covid", "operating")) if lines.issuperset(one.keys)
    }  # fmt: skip
    declared = set()
    for row in rows("sums"):
        if row["whole"].startswith("placements"):
            continue
        words = row["parts"].split()
        signs = {"+": Fraction(1), "-": Fraction(-1)}
        declared.add((row["whole"], frozenset((key, signs[s]) for s, key in zip(words[::2], words[1::2], strict=True))))
    assert declared == proved
    assert len(declared) > 75
