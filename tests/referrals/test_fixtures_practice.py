"""The figures of early help, workforce, practice and the projects of 2015 in fixtures/ say what the reports print.

Reads the CSV files of fixtures/doncaster/early-help and practice with the standard library only.
"""

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from tests.indicators.test_fixtures import (
    CHOICES,
    HEADERS,
    KEYS,
    PLACE,
    QUARTER,
    Row,
    numbers_in,
    read,
    read_all,
    span,
)
from tests.referrals.test_fixtures_demand import NEW_HEADERS, NEW_KEYS, categories, cells_of

AREAS = ("early-help", "practice")
PROGRAMMES = (
    "code,name,lead,purpose,cohort_words,target_words,reports,first_report_on,payment_words,indicators,source,paragraph"
)
FILES = [(area, path.stem) for area in AREAS for path in sorted((PLACE / area).glob("*.csv"))]
NAMES = sorted({name for _, name in FILES})
FEBRUARY_TO_JULY = "2021-02-01--2021-07-31"
FIRST_QUARTER = "2021-22-q1"
PAUSE = "2015-05-20--2015-07-02"
# Slices whose parts are printed without the whole that they make.
WITHOUT_A_WHOLE = {("agency-workers", "on-matrix"), ("early-help-open-children", "level")}


def of_areas(name: str) -> list[Row]:
    """The rows of a file in both areas."""
    return [row for area, found in FILES if found == name for row in read(f"doncaster/{area}/{name}.csv")]


def values() -> dict[tuple[str, str, str], Decimal]:
    """The printed values of both areas by indicator, slice and period."""
    return {(r["indicator"], r["slice"], r["period"]): Decimal(r["value"]) for r in of_areas("figures") if r["value"]}


def parts(indicator: str, dimension: str, period: str) -> dict[str, Decimal]:
    """The values of one dimension by category."""
    start = f"{dimension}="
    return {
        s.removeprefix(start): value
        for (i, s, p), value in values().items()
        if (i, p) == (indicator, period) and s.startswith(start) and "|" not in s
    }


def queried() -> set[tuple[str, str]]:
    return {(row["indicator"], row["period"]) for row in of_areas("queries")}


# Form


@pytest.mark.parametrize(("area", "name"), FILES)
def test_files_have_their_header_and_clean_cells(area: str, name: str) -> None:
    data = (PLACE / area / f"{name}.csv").read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    header = PROGRAMMES if name == "programmes" else NEW_HEADERS.get(name) or HEADERS[f"doncaster/{name}.csv"]
    lines = list(csv.reader(data.decode("utf-8").splitlines(), strict=True))
    assert lines[0] == header.split(",")
    assert {len(line) for line in lines} == {len(lines[0])}
    for row in read(f"doncaster/{area}/{name}.csv"):
        for column, cell in row.items():
            assert cell == " ".join(cell.split()), (column, cell)
            if (found := (f"doncaster/{name}.csv", column)) in CHOICES:
                assert cell in CHOICES[found], (column, cell)


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_unique_over_all_areas(name: str) -> None:
    key = ("code",) if name == "programmes" else NEW_KEYS.get(name) or KEYS[f"doncaster/{name}.csv"]
    found = Counter(tuple(row[k] for k in key) for row in read_all(name))
    assert not [k for k, n in found.items() if n > 1]


@pytest.mark.parametrize("name", NAMES)
def test_every_row_names_a_report_and_a_paragraph(name: str) -> None:
    for row in of_areas(name):
        assert row["source"] in {"000", "001", "002", "003"}, row
        assert row["paragraph"], row


def test_references_resolve() -> None:
    known = {row["code"] for row in read_all("indicators")}
    scorecards = {row["code"] for row in read_all("scorecards")}
    partners = {row["code"] for row in read("doncaster/partners.csv")}
    statements = {row["code"]: row for row in read_all("statements")}
    for name in ("lines", "targets", "assignments", "figures", "breaks", "statements", "queries"):
        assert {row["indicator"] for row in of_areas(name)} <= known, name
    for name in ("lines", "targets", "rounds"):
        assert {row["scorecard"] for row in of_areas(name)} <= scorecards, name
    assert {row["partner"] for row in of_areas("assignments")} <= partners
    for row in of_areas("queries"):
        cited = row["statements"].split(";")
        assert len(cited) >= 2, row["code"]
        assert set(cited) <= set(statements), row["code"]
        assert row["indicator"] in {statements[code]["indicator"] for code in cited}, row["code"]
    for row in of_areas("programmes"):
        assert set(row["indicators"].split(";")) <= known, row["code"]


def test_slices_are_canonical_and_their_categories_known() -> None:
    known = categories()
    for name in ("lines", "targets", "assignments", "figures", "breaks", "statements", "queries"):
        for row in of_areas(name):
            if row["slice"]:
                cells = cells_of(row["slice"])
                assert set(cells) <= set(known), row["slice"]
                assert [d for d, _ in cells] == sorted({d for d, _ in cells}), row["slice"]
    for row in of_areas("dimensions"):
        orders = [int(c["order"]) for c in of_areas("categories") if c["dimension"] == row["code"]]
        assert orders == list(range(1, len(orders) + 1)), row["code"]


def test_every_indicator_has_a_statement_and_what_is_on_a_scorecard_somebody_who_returns_it() -> None:
    said = {row["indicator"] for row in of_areas("statements")}
    assert {row["code"] for row in of_areas("indicators")} <= said
    lines = {(row["indicator"], row["slice"]) for row in of_areas("lines")}
    assert lines <= {(row["indicator"], row["slice"]) for row in of_areas("assignments")}
    for row in of_areas("targets"):
        assert (row["indicator"], row["slice"]) in lines
    for card in ("early-help", "workforce", "exploitation"):
        orders = [int(row["order"]) for row in of_areas("lines") if row["scorecard"] == card]
        assert orders == list(range(1, len(orders) + 1)), card


def test_scorecards_have_their_purpose_and_readers() -> None:
    cards = {row["code"]: (row["purpose"], row["audience"]) for row in of_areas("scorecards")}
    assert cards == {
        "early-help": ("performance", "everyone"),
        "workforce": ("activity", "everyone"),
        "exploitation": ("activity", "board"),
    }
    assert {(row["scorecard"], row["period"]) for row in of_areas("rounds")} == {
        ("early-help", FIRST_QUARTER), ("workforce", QUARTER), ("exploitation", "2014-04-01--2015-01-31"),
    }  # fmt: skip


def test_texts_keep_their_length_and_cite_their_paragraph() -> None:
    for row in of_areas("figures"):
        assert len(row["headline"]) <= 60, row["headline"]
        assert re.search(r"\(00\d §\d+(?: of the minutes)?\)\.$", row["commentary"]), row["commentary"]
        for column in ("headline", "commentary"):
            assert not row[column].startswith(("=", "+", "-", "@"))
    for row in of_areas("statements"):
        assert 0 < len(row["text"]) <= 300, row["code"]
    for row in of_areas("indicators"):
        assert len(row["short_name"]) <= 60, row["code"]
        assert row["why_it_matters"].endswith("."), row["code"]


# What is said


def test_a_figure_is_a_number_or_has_a_reason_and_a_count_is_exact() -> None:
    for row in of_areas("figures"):
        where = (row["indicator"], row["slice"], row["period"])
        versions = [r for r in read_all("indicators") if r["code"] == row["indicator"]]
        assert any(span(r["valid_from"])[0] <= span(row["period"])[0] for r in versions), where
        assert not any((row["numerator"], row["denominator"])), where
        if row["basis"] == "missing":
            assert row["missing_reason"] in {"x", "narrative_only"}, where
            assert not any((row["value"], row["qualifier"], row["quantum"])), where
            continue
        assert row["basis"] == "stated", where
        assert ("e" in row["flags"].split()) == (row["qualifier"] == "~"), where
        if row["quantum"]:
            assert Decimal(row["value"]) % Decimal(row["quantum"]) == 0, where
        else:
            assert versions[0]["unit"] == "count", where
        if versions[0]["unit"] == "percent":
            assert 0 <= Decimal(row["value"]) <= 100, where


def test_the_number_of_a_figure_stands_in_a_text_of_its_paragraph() -> None:
    texts: dict[tuple[str, str], set[Decimal]] = defaultdict(set)
    for row in read_all("statements"):
        for paragraph in re.split(r"[,;] ", row["paragraph"]):
            texts[row["source"], paragraph] |= numbers_in(row["text"])
    for report in ("000", "001", "002", "003"):
        for row in read(f"reports/statements_{report}.csv"):
            paragraph = re.sub(r"^minutes (\d+)$", r"\1 of the minutes", row["paragraph"])
            texts[report, paragraph] |= numbers_in(row["quote"])
    for row in of_areas("figures"):
        if row["value"] and row["indicator"] != "growing-futures-funding":  # printed in millions
            found = set().union(*(texts[row["source"], p] for p in re.split(r"[,;] ", row["paragraph"])))
            # Teams are printed with their cases, in a list that no statement quotes: coverage.csv holds them.
            printed = row["indicator"] == "manager-span-of-control" or Decimal(row["value"]) in found
            assert printed, (row["indicator"], row["slice"], row["paragraph"])


def test_parts_of_a_partition_make_their_whole_or_a_query_says_that_they_do_not() -> None:
    kinds = {row["code"]: row["kind"] for row in read_all("dimensions")}
    units = {row["code"]: row["unit"] for row in of_areas("indicators")}
    found = set()
    for indicator, slice_key, period in values():
        cells = cells_of(slice_key) if slice_key else []
        if len(cells) == 1 and kinds[cells[0][0]] == "partition":
            found.add((indicator, cells[0][0], period))
    wrong = set()
    for indicator, dimension, period in found:
        total = sum(parts(indicator, dimension, period).values())
        whole = values().get((indicator, "", period), Decimal(100) if units[indicator] == "percent" else None)
        if whole is None:
            assert (indicator, dimension) in WITHOUT_A_WHOLE
        elif total != whole:
            wrong.add((indicator, period))
    assert wrong == {
        ("early-help-referrals", FEBRUARY_TO_JULY),
        ("early-help-lead-agency-share", FIRST_QUARTER),
    }
    assert wrong <= queried()


def test_the_sums_that_the_texts_work_out_are_right() -> None:
    held = values()
    localities = parts("early-help-referrals", "locality", FEBRUARY_TO_JULY)
    assert sum(localities.values()) == held["early-help-referrals", "", FEBRUARY_TO_JULY] - 56 == 3498
    assert sum(parts("early-help-open-children", "level", FIRST_QUARTER).values()) == 2191
    now = parts("early-help-lead-agency-share", "lead-agency", FIRST_QUARTER)
    assert sum(now.values()) == Decimal("102.1")
    assert sum(now.values()) - now["council"] + Decimal("16.7") == Decimal("100.1")
    assert sum(parts("early-help-lead-agency-share", "lead-agency", "2020-21-q1").values()) == 100
    sources = parts("early-help-source-share", "early-help-source", FEBRUARY_TO_JULY)
    assert 100 - sum(sources.values()) == Decimal("41.7")
    assert 100 - sum(parts("early-help-need-share", "need", FEBRUARY_TO_JULY).values()) == Decimal("37.8")
    then, later = held["early-help-open-cases", "", "2019-09"], held["early-help-open-cases", "", "2020-09"]
    assert round((then - later) * 100 / then, 1) == Decimal("6.2")
    assert ("early-help-open-cases", "2020-09") in queried()
    days = span("2021-04-01--2021-09-16")
    weeks = Decimal((days[1] - days[0]).days) / 7
    views = held["family-hub-views", "", "2021-04-01--2021-09-16"]
    assert (weeks, round(views / weeks)) == (24, 16808)
    assert ("family-hub-views-per-week", "2021-04-01--2021-09-16") in queried()


def test_the_bellwethers_are_loaded_by_their_sentences_and_under_query() -> None:
    held = values()
    assert held["early-help-outcome-star", "", FIRST_QUARTER] == 72
    assert held["early-help-vulnerability-decreased", "", FIRST_QUARTER] == Decimal("61.1")
    assert held["early-help-vulnerability-decreased", "", "2020-21-q1"] == Decimal("56.2")
    bellwethers = {"early-help-outcome-star", "early-help-vulnerability-decreased"}
    of_card = [row for row in of_areas("targets") if row["scorecard"] == "early-help"]
    assert {(row["indicator"], row["target"], row["tolerance_kind"]) for row in of_card} == {
        (code, "65", "none") for code in bellwethers
    }
    assert {(code, FIRST_QUARTER) for code in bellwethers} <= queried()


def test_the_tables_of_workforce_add_up_as_far_as_they_are_printed() -> None:
    held = values()
    for month, printed in (("2022-01", (23, 26, 2)), ("2022-02", (16, 20, 8)), ("2022-03", (20, 20, 8))):
        bands = parts("supervision-teams", "team-band", month)
        assert tuple(bands[b] for b in ("90-or-higher", "70-or-higher", "below-70")) == printed
        assert bands["70-or-higher"] + bands["below-70"] == 28
        assert bands["90-or-higher"] <= bands["70-or-higher"]
    for matrix, total in (("on-matrix", 44), ("not-on-matrix", 1)):
        cells = [v for (i, s, _), v in held.items() if i == "agency-workers" and s.endswith(f"|on-matrix={matrix}")]
        assert (len(cells), sum(cells)) == (4, total)
        assert held["agency-workers", f"on-matrix={matrix}", QUARTER] == total
    loads = parts("caseload-workers", "caseload", QUARTER)
    assert loads == {"16-or-higher": 81, "20-or-higher": 49, "25-or-higher": 15}
    spans = parts("manager-span-of-control", "team", QUARTER)
    assert sorted(spans.values(), reverse=True) == [191, 168, 166, 165, 155]
    aims = {(r["indicator"], r["value"], r["qualifier"]) for r in of_areas("statements") if r["about"] == "target"}
    assert {("average-caseload-corrected", "16", "~"), ("manager-span-of-control", "100", "~")} <= aims
    assert not [
        r for r in of_areas("targets") if r["scorecard"] == "workforce"
    ]  # an aim of about so much rates nothing
    assert (held["average-caseload-reported", "", QUARTER], held["average-caseload-corrected", "", QUARTER]) == (
        Decimal("15.7"), 24,
    )  # fmt: skip


def test_audits_by_grade_are_those_of_the_shares_already_held() -> None:
    held = values()
    grades = {
        "audits-good-or-better": "good-or-better",
        "audits-ri-or-better": "requires-improvement-or-better",
    }
    for code, grade in grades.items():
        for row in read("doncaster/figures.csv"):
            if row["indicator"] == code and row["numerator"]:
                key = f"grade={grade}|service=childrens-social-care"
                assert held["audits-graded", key, row["period"]] == Decimal(row["numerator"])
    contradicted = [row for row in read("doncaster/queries.csv") if row["code"] == "pafss-audits-2020-21"]
    assert "pafss-audits-ri-2020-21" in contradicted[0]["statements"]


def test_what_awaits_its_first_figure_is_on_a_scorecard_from_the_next_quarter() -> None:
    held = {row["indicator"] for row in of_areas("figures")}
    waiting = {row["code"] for row in of_areas("indicators")} - held
    assert waiting == {
        "early-help-audits", "early-help-closed", "re-audits-due", "re-audits-done", "re-audits-late",
        "local-solutions-response-days", "mockingbird-carers-per-hub", "growing-futures-repeat-marac",
        "south-yorkshire-cse-authorities", "south-yorkshire-cse-young-people",
    }  # fmt: skip
    lines = {row["indicator"]: row["valid_from"] for row in of_areas("lines") if row["indicator"] in waiting}
    assert set(lines) == {"early-help-audits", "early-help-closed", "re-audits-due", "re-audits-done", "re-audits-late"}
    assert set(lines.values()) == {"2022-23-q1"}


def test_the_change_of_case_system_breaks_what_early_help_counts_from_it() -> None:
    assert {(r["on"], r["precision"], r["kind"]) for r in of_areas("breaks")} == {("2021-08-01", "month", "system")}
    system = {r["code"] for r in of_areas("indicators") if r["source_system"].startswith("Case management system")}
    assert {r["indicator"] for r in of_areas("breaks")} == system - {"early-help-closed"}  # counted only since


def test_pause_is_a_funnel_in_one_window_and_its_contradiction_is_asked_about() -> None:
    held = values()
    steps = {i.removeprefix("pause-"): v for (i, _, p), v in held.items() if i.startswith("pause-") and p == PAUSE}
    assert steps == {
        "cohort": 44, "contacted": 12, "in-preparation": 17, "consent-expected": 2, "signed-up": 5, "declined": 1,
        "living-elsewhere": 3, "pregnant": 3, "not-located": 3,
    }  # fmt: skip
    groups = ("signed-up", "in-preparation", "declined", "living-elsewhere", "pregnant", "not-located")
    assert sum(steps[g] for g in groups) == 32
    assert steps["contacted"] - steps["signed-up"] < steps["in-preparation"]
    assert ("pause-in-preparation", PAUSE) in queried()
    assert held["pause-cohort", "", "2014-10"] == 29


def test_programmes_name_no_person_and_only_the_date_that_is_printed() -> None:
    found = {row["code"]: row for row in of_areas("programmes")}
    assert set(found) == {"pause", "mockingbird", "growing-futures", "south-yorkshire-cse"}
    assert {code: row["first_report_on"] for code, row in found.items() if row["first_report_on"]} == {
        "pause": "2015-07-15"
    }
    for row in found.values():
        assert len(row["purpose"]) <= 600
        assert all(len(row[c]) <= 300 for c in ("cohort_words", "target_words", "reports", "payment_words"))
    assert found["pause"]["indicators"].split(";")[0] == "pause-cohort"


def test_numbers_that_the_published_text_has_lost_are_left_out_and_said_to_be_lost() -> None:
    rows = {row["indicator"]: row for row in of_areas("figures") if row["basis"] == "missing"}
    assert set(rows) == {"exploitation-investigations", "missing-reports", "return-interviews"}
    assert "lost" in rows["exploitation-investigations"]["commentary"]
    (adopted,) = [row for row in of_areas("figures") if row["indicator"] == "children-adopted"]
    assert (adopted["period"], adopted["value"]) == ("2014-15", "30")
    assert "lost in the published text" in adopted["commentary"]
