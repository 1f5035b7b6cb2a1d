"""The page of the outturn: report 003 §84 with its printed totals, the proof that it adds up, what asks for commentary,
what stands behind it; entered figures, broken ones, and none."""

import csv
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from finance.outturn import Head, Measure, Side, change_key, spend_key, variance_key
from finance.outturn_part_tables import FUNDS_TABLE, covid_table
from finance.outturn_parts import ChangeVerdict, changes
from finance.outturn_sums import SumOutcome
from finance.outturn_table import Reason, outturn_table
from finance.outturn_words import large_words, proof_heading
from finance.selectors.outturn import Fact, outturn_of
from finance.views.outturn import section
from indicators.balance import Amount
from indicators.models import CurrentFigure, DraftCell, ReportCheck
from indicators.operations.slices import add_dimension
from indicators.quarters import Quarter
from indicators.roles import Role
from tests import builders as b
from tests.conftest import FIXTURES
from tests.finance.outturn_world import COVID_FUNDS, Q4, a_line, names, the_facts, typed
from tests.indicators.test_returns_files import choose, findings, send, template, written

D = Decimal
REAL = outturn_of(the_facts(), names(), Q4)
SPEC = outturn_table(REAL.names.reasons)
HEADS = (Head("cla", "Care"), Head("youth", "Youth"))
TYPED = {
    f"spend-{measure}/head={head}|side={side}": value
    for head, values in {"cla": (900, -100, 1000, -150), "youth": (50, 0, 40, 0)}.items()
    for (side, measure), value in zip(
        [(s, m) for s in Side for m in (Measure.GROSS, Measure.INCOME)], values, strict=True
    )
}


def said(name: str) -> dict[str, tuple[str, ...]]:
    """The cells of a row of the real table by column."""
    return SPEC.cells(next(row for row in REAL.rows if row.row.head.name == name))


# The printed table


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Children Looked After", "36,741 −4,121 32,620 42,673 −5,415 37,258|5,931 over|1,293 more|4,638 over|760 over|"
         "3,878 over|201 worse|482 worse|–"),
        ("Contract Value", "0 −57,909 −57,909 0 −57,960 −57,960|0|51 more|51 under|0|51 under|0|51 better|–"),
        ("Total", "62,075 −62,075 0 69,635 −63,804 5,831|7,560 over|1,729 more|5,832 over|1,049 over|4,782 over|"
         "203 worse|683 worse|£0.89m worse"),
        ("Fostering", "– – – – – –|–|–|£0.65m over|£0.07m over|£0.58m over|–|–|£0.06m better"),
    ],
)  # fmt: skip
def test_row_of_the_report_when_written_then_as_printed_with_the_sign_in_words(name: str, cells: str) -> None:
    spend, *rest = cells.split("|")
    assert [lines[0] for lines in said(name).values()][1:] == [*spend.split(" "), *rest]


def test_table_of_the_report_when_proved_then_76_sums_and_those_beside_it() -> None:
    assert REAL.proof.table_said == (
        "The table adds up within rounding. All 76 sums hold: 57 as printed, 19 as rounding allows."
    )
    assert REAL.proof.beside_said == "4 more sums of lines and changes hold too."
    assert proof_heading(REAL.proof) == "It adds up within rounding"
    assert not REAL.proof.is_exact


def test_headings_when_250_000_or_more_then_they_and_their_lines_ask_for_commentary_and_have_it() -> None:
    assert [(row.head, row.line) for row in REAL.large] == [
        ("cla", ""), ("cla", "ooa"), ("cla", "fostering"), ("cla", "cic-16-plus"), ("cla", "high-needs-block"),
        ("safeguarding", ""),
    ]  # fmt: skip
    assert all(row.commentary for row in REAL.large)
    facts = the_facts()
    key = variance_key(head="safeguarding")
    silent = outturn_of(facts | {key: replace(facts[key], commentary="")}, names(), Q4)
    assert large_words(silent.rows).endswith(
        "There is no commentary yet on Safeguarding Children and Young People’s Services."
    )
    row = next(row for row in silent.rows if row.head == "safeguarding")
    assert SPEC.cells(row)["heading"][1] == "£250,000 or more, no commentary yet"
    limited = replace(names(), limits={key: D(2_000_000)})
    assert "safeguarding" not in {row.head for row in outturn_of(facts, limited, Q4).large}


# What stands behind it


def test_lines_of_care_when_added_then_what_stands_in_none_is_worked_out_and_says_so() -> None:
    """003 §98 to §114: 3.28 + 0.65 + 2.27 = 6.20 over, less 1.13, less 0.43 that is not itemised, is 4.64."""
    (cla,) = REAL.itemised
    assert cla.sentence == (
        "The lines make £6.20m overspend, less £1.13m (education funding from the High Needs Block), less £0.43m that "
        "stands in no line: £4.64m overspend of Children Looked After. What stands in no line is not itemised by the "
        "report; it is worked out here, to within £20,500."
    )
    assert [item.running for item in cla.items] == [
        -3_280_000, -3_930_000, -6_200_000, -5_070_000, -4_638_000, -4_638_000
    ]  # fmt: skip
    facts = the_facts()
    lost = facts | {variance_key(head="cla", line="ooa"): Fact(None, "not available")}
    assert outturn_of(lost, names(), Q4).itemised[0].sentence.startswith("Out-of-area placements is not reported")


def test_covid_when_cost_and_funding_are_held_then_net_worked_out_and_held_against_the_print() -> None:
    """003 §88, §107 and §113: 0.38, 0.07 and 0.76; §81 and §84: 2.37 less 1.32 against 1.049."""
    rows = {row.code: row for row in REAL.covid}
    nets = {code: row.net.value for code, row in rows.items() if row.net is not None}
    assert nets == {"ooa": 380_000, "fostering": 70_000, "cla": 760_000}
    assert rows["ooa"].finding == "Cost and funding make £0.38m, as stated."
    assert rows["fostering"].finding == "Cost and funding make £0.07m, as stated."
    assert rows["cla"].finding == "Cost and funding make £0.76m, as stated."
    assert rows["cic-16-plus"].finding == "Not checked: its own funding is not reported."
    assert covid_table(COVID_FUNDS).cells(rows["fostering"])["cost"] == ("£0.80m", "sum of its parts")
    assert REAL.covid_total is not None
    assert REAL.covid_total.agrees
    dearer = the_facts() | {"covid-cost/line=ooa": Fact(Amount(D(2_340_000), D(10_000)))}
    assert "£0.20m more than stated" in outturn_of(dearer, names(), Q4).covid[0].finding


def test_fund_when_it_pays_beyond_its_budget_then_before_after_and_the_pressure_on_the_other_side() -> None:
    """003 §109: 4.21 against 3.08, 1.13 more; the line is reported before it, and Covid funding is in the total."""
    high_needs, covid = REAL.funds
    assert high_needs.funded is not None
    assert high_needs.funded.sentences == (
        "£3.28m overspend before contributions, £2.15m overspend after.",
        "£1.13m from the High Needs Block, where it is a pressure of £1.13m (£4.21m against £3.08m budgeted).",
    )
    assert high_needs.funded.transfers == {"general-fund": 1_130_000, "high-needs-block": -1_130_000}
    assert FUNDS_TABLE.cells(high_needs)["pressure"] == ("£1.13m more",)
    cells = FUNDS_TABLE.cells(covid)
    assert (cells["relieves"], cells["before"], cells["after"]) == (
        ("All headings",), ("£7.15m overspend",), ("£5.83m overspend",)
    )  # fmt: skip
    other = the_facts() | {"fund-contribution/fund=home-office": Fact(Amount(D(50_000)))}
    home_office = outturn_of(other, names(), Q4).funds[-1]
    assert (home_office.funded, FUNDS_TABLE.cells(home_office)["relieves"]) == (None, ("not stated",))


def test_change_when_two_quarters_are_held_then_worked_out_and_held_against_the_reported_one() -> None:
    reasons = {"covid": "Covid"}
    now = {variance_key(head="cla"): -900, variance_key(head="cla", reason="covid"): -300,
           change_key("cla", reason="covid"): -100, variance_key(head="youth"): 10}  # fmt: skip
    then = {variance_key(head="cla"): -700, variance_key(head="cla", reason="covid"): -250}
    one, two = (outturn_of(typed(f), names(HEADS, (Reason("covid", "Covid"),)), Q4) for f in (now, then))
    found = changes(one.table, two.table, reasons, "Q4", "Q3")
    assert [(r.head, r.reason, r.worked_out.value, r.verdict) for r in found] == [
        ("cla", "", -200, ChangeVerdict.DOES_NOT), ("cla", "covid", -50, ChangeVerdict.DOES_NOT),
    ]  # fmt: skip
    rounded = typed(now) | {change_key("cla", reason="covid"): Fact(Amount(D(-100), D(100)))}
    again = changes(outturn_of(rounded, one.names, Q4).table, two.table, reasons, "Q4", "Q3")
    assert again[1].verdict is ChangeVerdict.WITHIN_ROUNDING


# What somebody typed


def test_outturn_when_only_gross_and_income_are_typed_then_the_rest_is_worked_out_and_marked() -> None:
    found = outturn_of(typed(TYPED), names(HEADS, ()), Q4)
    spec = outturn_table(())
    cla, _, total = (spec.cells(row) for row in found.rows)
    assert (cla["budget_gross"], cla["budget_net"]) == (("£900",), ("£800", "worked out"))
    assert cla["variance_net"] == ("£50 over", "worked out")
    assert cla["variance_income"] == ("£50 more", "worked out")
    assert total["outturn_net"] == ("£890", "worked out")
    assert total["variance_net"] == ("£40 over", "worked out")
    assert found.proof.sums == ()
    assert found.proof.is_exact


def test_outturn_when_typed_exactly_then_the_same_sums_prove_it_and_one_pound_is_named() -> None:
    totals = {"spend-gross/side=budget": 950, "spend-net/side=outturn": 890}
    found = outturn_of(typed(TYPED | totals), names(HEADS, ()), Q4)
    assert found.proof.table_said == "The table adds up. All 3 sums hold exactly."
    assert proof_heading(found.proof) == "It adds up"
    wrong = outturn_of(typed(TYPED | totals | {"spend-net/side=outturn": 891}), names(HEADS, ()), Q4)
    assert [one.sentence for one in wrong.proof.having(SumOutcome.DOES_NOT)] == [
        "Total: net outturn: the parts make £1 less than is stated, and are exact.",
        "Total: net outturn of the headings: the parts make £1 less than is stated, and are exact.",
    ]
    assert proof_heading(wrong.proof) == "2 sums do not add up"


def test_heading_when_nothing_is_reported_of_it_then_named_and_its_totals_are_not_checked() -> None:
    told = {key: value for key, value in TYPED.items() if "youth" not in key}
    found = outturn_of(typed(told | {"spend-gross/side=budget": 950}), names(HEADS, ()), Q4)
    assert found.missing == ("Youth",)
    assert [one.sentence for one in found.proof.having(SumOutcome.MISSING)] == [
        "Total: gross budget of the headings: cannot be checked, Youth, gross budget is missing."
    ]
    assert found.rows[1].row.words == "not reported"


def test_number_when_only_known_as_about_or_less_then_shown_so_and_nothing_is_made_of_it() -> None:
    about = typed(TYPED) | {spend_key(Measure.GROSS, Side.BUDGET, "cla"): Fact(Amount(D(900), D(10), "~"))}
    found = outturn_of(about, names(HEADS, ()), Q4)
    cells = outturn_table(()).cells(found.rows[0])
    assert (cells["budget_gross"], cells["budget_net"]) == (("approx. £900",), ("–",))
    symbol = typed(TYPED) | {spend_key(Measure.NET, Side.BUDGET, "youth"): Fact(None, "not available")}
    cells = outturn_table(()).cells(outturn_of(symbol, names(HEADS, ()), Q4).rows[1])
    assert cells["budget_net"] == ("£50", "worked out")


def test_headings_when_200_then_all_stand_in_the_table_and_in_each_total() -> None:
    heads = tuple(Head(f"h-{n}", f"Heading {n}") for n in range(200))
    told = {spend_key(m, s, head.code): 1000 for head in heads for s in Side for m in (Measure.GROSS, Measure.INCOME)}
    found = outturn_of(typed(told | {"spend-gross/side=budget": 200_000}), names(heads, ()), Q4)
    assert len(found.rows) == 201
    assert found.proof.table_said == "The table adds up. The only sum holds exactly."


# The page


def visible(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def content(response) -> str:
    return b"".join(response.streaming_content).decode()


def client_of(role: Role = Role.BOARD_MEMBER, **more) -> Client:
    client = Client()
    client.force_login(b.a_user(role, **more))
    return client


def cells_on_page(html: str, css: str) -> list[list[str]]:
    table = re.search(rf'<table class="mt {css}".*?</table>', html, re.S).group()
    body = table[table.index("<tbody") :]
    return [
        [visible(re.sub(r'<span class="lab".*?</span>', "", cell, flags=re.S)) for cell in
         re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
        if 'class="grp"' not in row
    ]  # fmt: skip


@pytest.mark.django_db
def test_page_of_the_real_outturn_then_what_is_printed_and_every_cell_as_in_the_file() -> None:
    partnership = b.the_real_figures(FIXTURES / "doncaster", with_areas=True)
    inside, outside = {"report": "003", "paragraph": "84 table"}, {"report": "003", "paragraph": "86"}
    for order, (outcome, *places) in enumerate(
        [("agrees", inside, inside), ("agrees within rounding", inside, inside), ("contradicts", inside, outside)]
    ):
        ReportCheck.objects.create(
            partnership=partnership, code=f"c-{order}", check_kind="sum", outcome=outcome, order=order, places=places,
            **inside,
        )  # fmt: skip
    client = client_of(partnership=partnership)
    with CaptureQueriesContext(connection) as queries:
        html = client.get("/doncaster/money/outturn/").content.decode()
    assert len(queries) <= 24
    text = visible(html)
    for words in (
        "2021/22 Q4: £5.832m overspend: £1.049m overspend (Covid) and £4.782m overspend (Operating costs).",
        "2 of 8 headings are over or under budget by £250,000 or more",
        "All 76 sums hold: 57 as printed, 19 as rounding allows.",
        "solve report 003 §84 table as one system, and of 2 verdicts none is a contradiction.",
        "No outturn of 2021/22 Q3 is held",
        "Which lines are together £0.43m better than budget?",
        "reduced to £2.89m",
    ):
        assert words in text, words
    for address, spec, css in (
        ("money/outturn.csv", SPEC, "ot"),
        ("money/outturn/covid.csv", covid_table(COVID_FUNDS), "covid"),
        ("money/outturn/funds.csv", FUNDS_TABLE, "funds"),
    ):
        header, *lines = csv.reader(content(client.get(f"/doncaster/{address}")).splitlines())
        read = [spec.values_from_csv(header, line) for line in lines]
        told = [[" ".join(c.text(values)) for c in spec.on_screen] for values in read]
        assert told == cells_on_page(html, css), address
    rows = list(csv.DictReader(content(client.get("/doncaster/money/outturn.csv")).splitlines()))
    assert rows[-1]["variance_net"] == "-5832000"
    assert rows[-1]["variance_net_word"] == "overspend"
    told = section(partnership)
    assert told is not None
    assert told.sentence == (
        "2021/22 Q4: £5.832m overspend. 2 of 8 headings ask for commentary. It adds up within rounding."
    )


@pytest.mark.django_db
def test_page_when_more_is_held_then_no_more_queries_and_quarters_stand_beside_each_other() -> None:
    add_dimension(code="head", name="Heading", kind="partition", categories=[("cla", "Care"), ("youth", "Youth")])
    lines = {key: a_line(key) for key in ("variance-net", "variance-net/head=cla", "variance-net/head=youth")}
    for value, line in zip((-300, -310, 10), lines.values(), strict=True):
        b.a_figure(line, Quarter(2021, 4), value=value)
    client = client_of()
    client.get("/northshire/money/outturn/")
    with CaptureQueriesContext(connection) as first:
        client.get("/northshire/money/outturn/")
    change = a_line("variance-net-change")
    b.a_figure(change, Quarter(2021, 4), value=-100)
    for value, line in zip((-200, -210, 10), lines.values(), strict=True):
        b.a_figure(line, Quarter(2021, 3), value=value)
    with CaptureQueriesContext(connection) as second:
        text = visible(client.get("/northshire/money/outturn/").content.decode())
    assert len(second) == len(first)
    assert "All 1 changes that are reported agree with the two quarters" in text
    assert "Net variance, quarters beside each other Net variance by quarter Heading 2021/22 Q3 2021/22 Q4" in text
    other = visible(client.get("/northshire/money/outturn/?period=2021-22-q3").content.decode())
    assert "2021/22 Q3: £200 overspend." in other
    assert client.get("/northshire/money/outturn/?period=2021-22").status_code == 404


@pytest.mark.django_db
def test_page_when_nothing_is_held_then_it_says_what_will_stand_there_and_files_have_their_header() -> None:
    client = client_of()
    assert "No outturn has been approved yet" in client.get("/northshire/money/outturn/").content.decode()
    for name in ("sums", "lines", "changes", "quarters", "covid", "funds"):
        assert content(client.get(f"/northshire/money/outturn/{name}.csv")).count("\r\n") == 1
    assert content(client.get("/northshire/money/outturn.csv")).count("\r\n") == 1
    assert client.get("/northshire/money/outturn/none.csv").status_code == 404


@pytest.mark.django_db
def test_return_when_typed_and_not_accepted_then_its_sums_are_read_by_who_may_and_stand_nowhere_else() -> None:
    add_dimension(code="head", name="Heading", kind="partition", categories=[("cla", "Care"), ("youth", "Youth")])
    lines = {key: a_line(key) for key in ("variance-net", "variance-net/head=cla", "variance-net/head=youth")}
    row = b.a_return(b.a_scorecard(code="outturn"))
    values = dict(zip(lines.values(), (-300, -310, 11), strict=True))
    b.keep(row, {line.series: b.a_cell(value=value) for line, value in values.items()})
    address = "/northshire/money/outturn/returns/2021-22-q4/trust/1/"
    finance = client_of(Role.FINANCE_OFFICER, partner=row.partner, email="finance@example.org")
    text = visible(finance.get(address).content.decode())
    assert "the parts make £1 more than is stated" in text
    assert "its sums as they stand" in visible(finance.get("/northshire/money/outturn/").content.decode())
    of_return = "/northshire/returns/contract/2021-22-q4/trust/1/".replace("contract", "outturn")
    assert f'href="{address}"' in finance.get(of_return).content.decode()
    board = client_of(email="board@example.org")
    assert board.get(address).status_code == 403
    assert "£300" not in board.get("/northshire/money/outturn/").content.decode()
    assert not CurrentFigure.objects.exists()


@pytest.mark.django_db
def test_file_when_it_has_pound_signs_and_brackets_then_read_right_or_refused_by_cell() -> None:
    lines = {key: a_line(key).series for key in ("variance-net", "spend-income", "spend-gross")}
    row = b.fresh(b.a_return(b.a_scorecard(code="outturn")))
    client = Client()
    client.force_login(b.the_people(row.partner).analyst)
    _, told = template(client, row)
    for line, value in zip(told, ("£(4,121,000)", "(£0.50)", "£36,741,000"), strict=True):
        line["value"] = value
    send(client, row, written(told))
    drafts = {draft.series_id: draft.value for draft in DraftCell.objects.all()}
    assert [drafts[series.pk] for series in lines.values()] == [D(-4_121_000), D("-0.50"), D(36_741_000)]
    for wrong, words in (
        ("(-5)", "brackets and a minus sign"),
        ("£4.6m", "letters"),
        ("(5", "does not belong"),
    ):
        told[1]["value"] = wrong
        (said_of_it,) = findings(choose(client, row, written(told)))
        assert said_of_it.startswith("Row 3, column value:")
        assert words in said_of_it
