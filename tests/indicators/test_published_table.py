"""The bytes of published tables: what a version once wrote it writes for ever."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.committee_table import COMMITTEE_TABLE
from indicators.data_issues import OpenIssue
from indicators.direction_of_travel import Window
from indicators.measurement import Basis, Measured
from indicators.published_table import (
    FORMAT_VERSION,
    WRITERS,
    canonical_csv,
    canonical_json,
    digest,
    facts_from,
    natural_key,
    row_facts,
)
from indicators.rag import MissingReason, Polarity, Standard, ToleranceKind
from indicators.relief import Relief
from indicators.restated import RESTATED_TABLE, Restated
from indicators.scorecard import Held, ScorecardRow, build_row
from indicators.share_charts import Method
from indicators.spc import Assurance, Cause, Rules, Variation
from indicators.units import Unit
from indicators.variation_table import REPORTED_TABLE
from indicators.verdict import Verdict, Why
from tests import builders as b
from tests.indicators.test_scorecard import a_line, by_slug, derived, held, missing, value

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
Q4, Q3, LAST_YEAR = b.Q4, b.Q3, b.Q4.same_period_last_year()
PARTNER = {"partner": "Northshire Children's Trust", "partner_code": "trust"}

WHAT_TO_DO = """
The columns or the writing of the {name} are not what they were in format version {version}. What was published is read
back and proved by the writer of its version for ever, so:
1. keep the former table beside the new one, under its own name, and leave it in WRITERS[{version}];
2. give the new one the next number there, and raise FORMAT_VERSION (indicators/published_table.py);
3. add a golden file of the new version beside {file}, and leave {file} as it is.
"""

RELIEF = Relief(1, date(2022, 1, 1), date(2022, 3, 31), date(2023, 3, 31), date(2022, 4, 1), "Board, 7 April 2022")


def rows_of_version_1() -> list[ScorecardRow]:
    """A fixed set of rows in which every column is filled at least once."""
    full = derived(
        Q4, 201, 202, flags="p r b u e", confidence="caution", confidence_reason="Typed late",
        validation_task="Being checked", headline="=1+1 is text", commentary='-5, "quoted"\nnext line; ü – ’',
        source_system="Case system", as_at_on=date(2022, 3, 28), known_on=date(2022, 7, 7), revision=2,
        is_corrected=True, correction="Records came in late", correction_reason="@Nineteen came late",
    )  # fmt: skip
    paper = held(
        Q4, Measured(Basis.STATED, D(1266), D(1514), D(80), quantum=D(1)), source="Report 003 (7 July 2022)",
        paragraph="24", is_paper=True,
    )  # fmt: skip
    awaited = Held(
        Q4.slug, Q4.label, Q4.start_on, Q4.end_on,
        Measured(Basis.MISSING, missing_reason=MissingReason.NOT_REPORTABLE), commentary="The system changed.",
        not_reportable_code="system_change", responsible_role="Head of performance", expected_on=date(2022, 9, 30),
    )  # fmt: skip
    rolling = a_line(code="rolling", window=Window.ROLLING_12_MONTHS)
    in_the_year = build_row(rolling, Q4, by_slug(derived(Q3, 70), derived(Q4, 75)))
    lower = Standard(Polarity.LOWER, D("60.5"), ToleranceKind.RELATIVE, D(10))
    band = Standard(Polarity.BAND, D(50), ToleranceKind.ABSOLUTE, D(10), D(5))
    return [
        build_row(
            a_line(code="full", name="+Shown in full", **PARTNER), Q4,
            by_slug(derived(LAST_YEAR, 150, 200), derived(Q3, 160, 200), full), queries=["85% or 83.6%?", "Which?"],
            relief=RELIEF,
        ),
        build_row(a_line(code="printed", standard=Standard(Polarity.HIGHER, D("80.4"))), Q4, by_slug(paper)),
        build_row(
            a_line(code="awaited"), Q4, by_slug(awaited),
            issues=[OpenIssue("dates", "Start dates", date(2022, 7, 31), "Trust")],
        ),
        build_row(a_line(code="yearly", frequency="financial_year"), Q3, {}),
        replace(in_the_year, since_last_year=in_the_year.since_previous),
        build_row(
            a_line(code="rate", unit=Unit.PER_10000, polarity=Polarity.LOWER, standard=lower, places=1,
                   slice="sex=boys"),
            Q4, by_slug(derived(Q4, 400, 64097)),
        ),
        build_row(
            a_line(code="band", polarity=Polarity.BAND, standard=band), Q4,
            by_slug(held(Q4, Measured(Basis.VALUE_ONLY, value=D("52.25"), qualifier="~"))),
        ),
        build_row(
            a_line(code="broken"), Q4, by_slug(derived(Q3, 85), derived(Q4, 20, commentary="Why.")),
            breaks=[Q4.start_on],
        ),
        build_row(
            a_line(code="money", unit=Unit.POUNDS, counts="events", polarity=Polarity.NONE, standard=None), Q4,
            by_slug(value(Q4, "-4638.25")),
        ),
        build_row(a_line(code="met"), Q4, by_slug(held(Q4, Measured(Basis.STATED_OUTCOME, stated_met=False)))),
        build_row(a_line(code="empty"), Q4, by_slug(missing(Q4, MissingReason.NO_COHORT))),
    ]  # fmt: skip


def rows_of_version_2() -> list[ScorecardRow]:
    """The same rows with what charts say of some, and why there is none of others."""
    verdicts = [
        Verdict(Variation.IMPROVEMENT, Cause.ABOVE_LIMIT, Assurance.PASS, None, 14, "2018-19-q3", Method.P,
                Rules.MDC_2023),
        Verdict(Variation.CONCERN, Cause.FALLING, Assurance.FAIL, None, 20, "2017-18-q1", Method.EXACT,
                Rules.PLOT_THE_DOTS),
        Verdict(Variation.COMMON, Cause.COMMON, Assurance.INCONSISTENT, None, 13, "2019-20-q1", Method.XMR,
                Rules.MDC_2023),
        Verdict(Variation.NEUTRAL_HIGH, Cause.RUN_ABOVE, None, None, 13, "2019-20-q1", Method.LANEY_U, Rules.MDC_2023),
        *(Verdict(why=why) for why in Why if why is not Why.TOO_FEW), Verdict(why=Why.TOO_FEW, figures=9),
    ]  # fmt: skip
    rows = rows_of_version_1()
    return [replace(row, verdict=verdict) for row, verdict in zip(rows, verdicts, strict=False)] + rows[len(verdicts) :]


def restated_of_version_1() -> list[Restated]:
    """Two restated figures that fill every column."""
    rows = {row.line.code: COMMITTEE_TABLE.values(row) for row in rows_of_version_1()}
    common = {"scorecard": "contract", "period": Q4.slug, "period_label": Q4.long_label, "pack": "board-2022-05-05",
              "meeting": "Board", "meeting_on": date(2022, 5, 5)}  # fmt: skip
    return [
        Restated(
            indicator="band", slice="", name="Band", then=rows["awaited"] | {"qualifier": "~"}, now=rows["band"],
            correction="Records came in late", reason="=Late", who="Trust analyst", known_on=date(2022, 7, 7), **common,
        ),
        Restated(
            indicator="full", slice="sex=boys", name="Full", then=rows["rate"], now=rows["awaited"] | {
                "numerator": D(1), "denominator": D(2), "value": D("0.5"), "qualifier": "<"},
            correction="", reason="", who="Trust", known_on=None, **common,
        ),
    ]  # fmt: skip


def golden(name: str, version: int) -> Path:
    return GOLDEN / f"{name}-{version}.csv"


WRITTEN = {
    ("committee-table", 1): lambda: canonical_csv(WRITERS[1].header, WRITERS[1].csv_rows(rows_of_version_1())),
    ("committee-table", 2): lambda: canonical_csv(WRITERS[2].header, WRITERS[2].csv_rows(rows_of_version_2())),
    ("restated-table", 1): lambda: canonical_csv(
        RESTATED_TABLE.header, RESTATED_TABLE.csv_rows(restated_of_version_1())
    ),
}


@pytest.mark.parametrize(("name", "version"), WRITTEN)
def test_version_when_it_writes_the_fixed_rows_then_byte_for_byte_what_it_always_wrote(name: str, version: int) -> None:
    file = golden(name, version)
    now, then = WRITTEN[name, version](), file.read_bytes()
    advice = WHAT_TO_DO.format(name=name, version=version, file=f"tests/golden/{file.name}")
    columns = [next(csv.reader(io.StringIO(data.decode(), newline=""))) for data in (then, now)]
    assert columns[1] == columns[0], advice
    assert now == then, advice


def test_versions_when_counted_then_the_latest_is_in_use_and_each_has_a_golden_file() -> None:
    advice = WHAT_TO_DO.format(name="committee-table", version=FORMAT_VERSION, file="the last one")
    assert sorted(WRITERS) == list(range(1, FORMAT_VERSION + 1)), advice
    assert WRITERS[FORMAT_VERSION] is REPORTED_TABLE, advice
    for version in WRITERS:
        assert golden("committee-table", version).exists(), advice
        assert ("committee-table", version) in WRITTEN, advice


@pytest.mark.parametrize(("name", "version"), WRITTEN)
def test_golden_file_when_read_then_every_column_is_filled_somewhere(name: str, version: int) -> None:
    header, *rows = list(csv.reader(io.StringIO(golden(name, version).read_text(encoding="utf-8"), newline="")))
    assert [field for field, *cells in zip(header, *rows, strict=True) if not any(cells)] == []


def test_golden_file_when_read_back_then_the_values_that_were_written() -> None:
    data = golden("committee-table", 1).read_bytes().decode()
    header, *cells = list(csv.reader(io.StringIO(data, newline="")))
    for row, read in zip(rows_of_version_1(), cells, strict=True):
        assert WRITERS[1].values_from_csv(header, read) == WRITERS[1].values(row)
    header, *cells = list(csv.reader(io.StringIO(golden("committee-table", 2).read_bytes().decode(), newline="")))
    for row, read in zip(rows_of_version_2(), cells, strict=True):
        assert WRITERS[2].values_from_csv(header, read) == WRITERS[2].values(row)
    header, *cells = list(csv.reader(io.StringIO(golden("restated-table", 1).read_bytes().decode(), newline="")))
    for restated, read in zip(restated_of_version_1(), cells, strict=True):
        assert RESTATED_TABLE.values_from_csv(header, read) == RESTATED_TABLE.values(restated)


# The bytes and their hash

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_canonical_csv_when_read_by_the_standard_library_then_exactly_the_cells(rows: list[list[str]]) -> None:
    data = canonical_csv(["a", "b"], rows)
    assert list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""))) == [["a", "b"], *rows]
    assert data.startswith(b"a,b\r\n")
    assert data.endswith(b"\r\n")
    assert digest(data) == hashlib.sha256(data).hexdigest()


def test_canonical_json_when_keys_come_in_another_order_then_the_same_bytes() -> None:
    assert canonical_json({"b": [1, "ü"], "a": None}) == '{"a":null,"b":[1,"ü"]}'.encode()
    assert canonical_json({"a": None, "b": [1, "ü"]}) == canonical_json({"b": [1, "ü"], "a": None})


@pytest.mark.parametrize(
    ("slice_key", "revision", "key"),
    [
        ("", 2, "northshire/on-time/whole/2021-22-q4/2"),
        ("sex=boys", None, "northshire/on-time/sex=boys/2021-22-q4"),
    ],
)
def test_natural_key_when_written_then_names_the_place_and_the_revision(
    slice_key: str, revision: int | None, key: str
) -> None:
    assert natural_key("northshire", "on-time", slice_key, "2021-22-q4", revision) == key


# What a row rests on besides revisions


@pytest.mark.parametrize("row", rows_of_version_1(), ids=lambda row: row.line.code)
def test_facts_when_kept_as_json_and_applied_to_a_renamed_line_then_the_row_of_then(row: ScorecardRow) -> None:
    facts = facts_from(json.loads(json.dumps(row_facts(row))))
    renamed = a_line(
        **{**vars(row.line), "theme": "Other", "theme_code": "other", "partner": "Other", "partner_code": "other",
           "frequency": "month"}
    )  # fmt: skip
    assert facts.applied_to(renamed) == row.line
    assert (facts.breaks, facts.queries, facts.relief) == (row.breaks, row.queries, row.relief)
    assert [issue.words for issue in facts.issues] == [issue.words for issue in row.issues]
