"""Loading definitions and published figures: the real ones twice, every refusal with row and column, all or nothing."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from indicators import imports, quarters
from indicators.imports import FileRefused, Finding
from indicators.measurement import Basis
from indicators.models import (
    Category,
    CurrentFigure,
    Dimension,
    Figure,
    FigureApproval,
    IndicatorVersion,
    Partnership,
    Return,
    ReturnTransition,
    Series,
    SeriesBreak,
    Slice,
    Statement,
    Target,
)
from indicators.operations import loading, slices
from tests import builders as b

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "doncaster"
Cells = dict[str, str]

# One good row of each file; together they make one indicator with a figure.
GOOD: dict[str, Cells] = {
    "sources": {"code": "003", "title": "Report", "body": "Panel", "published_on": "2022-07-07"},
    "partners": {"code": "trust", "name": "Trust", "kind": "trust", "from_on": "2014-10-01"},
    "successions": {
        "predecessor": "council", "successor": "trust", "effective_on": "2014-10-01", "functions": "All",
        "authority": "Cabinet",
    },
    "indicators": {
        "code": "in-time", "valid_from": "2021-22-q1", "name": "In time", "short_name": "In time",
        "numerator": "In time", "denominator": "All", "unit": "percent", "polarity": "higher", "window": "period",
        "frequency": "quarter", "aggregation": "pooled_ratio", "counts": "children", "places": "0", "source": "003",
    },
    "scorecards": {
        "code": "contract", "name": "Contract", "authority": "Agreement", "frequency": "quarter",
        "purpose": "performance", "audience": "everyone",
    },
    "lines": {
        "scorecard": "contract", "order": "1", "theme_code": "time", "theme": "Time", "indicator": "in-time",
        "frequency": "quarter", "valid_from": "2021-22-q1",
    },
    "targets": {
        "scorecard": "contract", "indicator": "in-time", "valid_from": "2021-22-q1", "target": "90",
        "tolerance_kind": "absolute", "tolerance": "75", "authority": "Agreement", "source": "003", "paragraph": "74",
    },
    "assignments": {"partner": "trust", "indicator": "in-time", "from_on": "2014-10-01", "source": "003"},
    "populations": {"on": "2021-03-31", "age_from": "0", "age_to": "17", "persons": "64165", "source": "003"},
    "breaks": {
        "indicator": "in-time", "on": "2021-08-01", "precision": "month", "kind": "system",
        "explanation": "The case system changed", "source": "003",
    },
    "figures": {
        "indicator": "in-time", "period": "2021-22-q4", "basis": "stated", "numerator": "1266", "denominator": "1514",
        "value": "85", "quantum": "1", "source": "003", "paragraph": "24", "commentary": "As printed",
    },
    "rounds": {"scorecard": "contract", "period": "2021-22-q4", "due_on": "2022-04-30", "source": "003"},
    "statements": {
        "code": "said", "indicator": "in-time", "period": "2021-22-q4", "about": "value", "kind": "quotation",
        "text": "85%", "value": "85", "source": "003", "paragraph": "24",
    },
    "queries": {
        "code": "asked", "indicator": "in-time", "period": "2021-22-q4", "question": "85% or 83.6%?",
        "statements": "said", "source": "003", "paragraph": "24",
    },
    "stated_summaries": {
        "scorecard": "contract", "period": "2021-22-q1", "targets": "39", "suspended": "4", "annual": "2",
        "better": "21", "within": "6", "outside": "6", "source": "003", "paragraph": "50–52",
    },
}  # fmt: skip


def a_file(layout: str, *rows: Cells) -> bytes:
    """A CSV file with the layout's header and these rows, empty where nothing is said."""
    out = io.StringIO()
    writer = csv.DictWriter(out, imports.header_of(layout), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def tables(**changed: list[Cells]) -> dict[str, list[imports.Row]]:
    """The good rows as read, some files with other rows instead."""
    council = {"code": "council", "name": "Council", "kind": "council"}
    rows = {name: [row] for name, row in GOOD.items()} | {"partners": [GOOD["partners"], council]}
    return {name: imports.read_csv(a_file(name, *cells), name) for name, cells in (rows | changed).items()}


def load(**changed: list[Cells]) -> loading.Loaded:
    return loading.load_tables(partnership=b.a_partnership(), tables=tables(**changed), at=b.NOW)


def counts() -> dict[str, int]:
    """How many rows each table of the domain holds."""
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("indicators").get_models()}


def contents() -> dict[str, Any]:
    """Every row of every table of the domain."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("indicators").get_models()
    }


# The real figures


def test_real_figures_when_loaded_twice_then_the_second_time_changes_nothing(real: Partnership) -> None:
    before = contents()
    read = b.read_tables(FOLDER)
    loaded = loading.load_tables(partnership=real, tables=read, at=b.moment(b.date(2023, 1, 1)))
    assert set(loaded.new.values()) == {0}
    assert loaded.unchanged == {name: len(rows) for name, rows in read.items()}
    assert contents() == before


def test_real_figures_when_loaded_then_every_one_has_its_paper_and_no_invented_approver(real: Partnership) -> None:
    assert Figure.objects.exists()
    for figure in Figure.objects.select_related("source", "approval"):
        assert figure.actor == f"loaded from {figure.source} §{figure.paragraph}"
        assert (figure.recorded_by, figure.approval.by) == (None, None)
        assert figure.known_on == (figure.source.published_on or b.TODAY)
        assert figure.basis != Basis.VALUE_ONLY
    assert Figure.objects.count() == FigureApproval.objects.count() == CurrentFigure.objects.count()
    assert not CurrentFigure.objects.filter(approved__isnull=True).exists()
    for transition in ReturnTransition.objects.all():
        assert (transition.action, transition.by, transition.at) == ("loaded", None, None)
    assert set(Return.objects.values_list("state", flat=True)) == {"approved"}


# Good rows


def test_good_rows_when_loaded_then_all_is_there() -> None:
    loaded = load()
    assert all(loaded.new.values())
    figure = Figure.objects.get()
    assert (figure.numerator, figure.denominator, figure.value, figure.quantum) == (1266, 1514, 85, 1)
    assert figure.measured().contradiction(b.Unit.PERCENT) is not None
    assert Target.objects.get().actor == "loaded from report 003 §74"
    assert Series.objects.get().breaks.get().explanation == "The case system changed"
    assert [s.code for s in figure.series.queries.get().statements.all()] == ["said"]
    assert set(load().new.values()) == {0}


def test_definition_when_it_changes_then_a_second_version_from_its_period_on() -> None:
    load()
    later = GOOD["indicators"] | {"valid_from": "2022-23-q1", "name": "Counted anew"}
    load(indicators=[GOOD["indicators"], later])
    assert list(IndicatorVersion.objects.order_by("number").values_list("number", "name")) == [
        (1, "In time"),
        (2, "Counted anew"),
    ]


def test_target_when_it_changes_then_a_second_one_from_its_period_on() -> None:
    load()
    load(targets=[GOOD["targets"], GOOD["targets"] | {"valid_from": "2022-23-q1", "target": "95"}])
    assert list(Target.objects.order_by("number").values_list("number", "target")) == [(1, 90), (2, 95)]


def test_assignment_when_it_passes_to_another_partner_then_both_are_held() -> None:
    first = GOOD["assignments"] | {"until_on": "2022-08-31"}
    load(assignments=[first, first | {"partner": "council", "from_on": "2022-09-01", "until_on": ""}])
    series = Series.objects.get()
    assert series.assignments.on(b.date(2022, 8, 31)).get().partner.code == "trust"
    assert series.assignments.on(b.date(2022, 9, 1)).get().partner.code == "council"


# Two dimensions


def test_slice_when_two_dimensional_then_stored_read_back_and_loaded_like_any_other() -> None:
    slices.add_dimension(
        code="service",
        name="Service",
        kind="partition",
        categories=[("fostering", "Fostering"), ("residential", "Residential"), ("not-stated", "Not stated")],
    )
    slices.add_dimension(
        code="grade", name="Grade", kind="overlapping", categories=[("good", "Good"), ("poor", "Poor")]
    )
    key = "grade=good|service=fostering"
    sliced = {name: GOOD[name] | {"slice": key} for name in ("lines", "targets", "assignments", "figures")}
    load(**{name: [GOOD[name], row | ({"order": "2"} if name == "lines" else {})] for name, row in sliced.items()})
    made = Slice.objects.get(key=key)
    assert {(part.dimension.code, part.category.code) for part in made.parts.all()} == {
        ("grade", "good"),
        ("service", "fostering"),
    }
    assert {c.name for c in made.categories.all()} == {"Good", "Fostering"}
    series = Series.objects.get(slice=made)
    assert (series.indicator.code, series.figures.get().value) == ("in-time", 85)
    assert Series.objects.filter(indicator__code="in-time").count() == 2
    assert CurrentFigure.objects.filter(series__slice__parts__category__code="fostering").get().approved.value == 85
    assert slices.slice_row(key) == made
    assert Category.objects.get(code="not-stated").is_not_stated
    assert [d.kind for d in Dimension.objects.order_by("code")] == ["overlapping", "partition"]


@pytest.mark.parametrize(
    "key",
    [
        "service=fostering|grade=good",
        "grade=good|grade=good",
        "grade=good|grade=poor",
        "grade",
        "grade=",
        "=good",
        "grade=excellent",
        "colour=red",
        "grade=good|",
        "|",
        "Grade=good",
        "grade=good |service=fostering",
    ],
)
def test_slice_when_not_canonical_or_unknown_then_refused_and_none_is_made(key: str) -> None:
    slices.add_dimension(code="grade", name="Grade", kind="partition", categories=[("good", "Good"), ("poor", "Poor")])
    slices.add_dimension(code="service", name="Service", kind="partition", categories=[("fostering", "Fostering")])
    before = Slice.objects.count()
    with pytest.raises(ValueError, match=r"dimension=category|no category"):
        slices.slice_row(key)
    assert Slice.objects.count() == before


# Refusals


def changed(file: str, **cells: str) -> dict[str, list[Cells]]:
    return {file: [GOOD[file] | cells]}


def added(file: str, **cells: str) -> dict[str, list[Cells]]:
    return {file: [GOOD[file], GOOD[file] | cells]}


def figure(**cells: str) -> dict[str, list[Cells]]:
    empty = dict.fromkeys(("numerator", "denominator", "value", "quantum"), "")
    return {"figures": [GOOD["figures"] | empty | cells]}


REFUSED: list[tuple[str, dict[str, list[Cells]], str, str, str]] = [
    ("unknown source of a definition", changed("indicators", source="009"), "indicators", "source", "009"),
    ("no source", changed("indicators", source=""), "indicators", "source", "not known"),
    ("unknown predecessor", changed("successions", predecessor="nhs"), "successions", "predecessor", "nhs"),
    ("unknown successor", changed("successions", successor="nhs"), "successions", "successor", "nhs"),
    (
        "a partner that succeeds itself",
        changed("successions", predecessor="trust"),
        "successions",
        "",
        "does not take this row",
    ),
    ("a partner that ends before it starts", changed("partners", until_on="2014-09-30"), "partners", "until_on",
     "before the first"),
    ("unknown scorecard of a line", changed("lines", scorecard="other"), "lines", "scorecard", "other"),
    ("unknown indicator of a line", changed("lines", indicator="other"), "lines", "indicator", "other"),
    ("unknown slice of a line", changed("lines", slice="colour=red"), "lines", "slice", "no category"),
    (
        "one theme with two names",
        {"indicators": [GOOD["indicators"], GOOD["indicators"] | {"code": "other"}],
         "lines": [GOOD["lines"], GOOD["lines"] | {"indicator": "other", "theme": "Another"}]},
        "lines",
        "theme",
        "Time",
    ),
    ("a target without a line", changed("targets", scorecard="other"), "targets", "indicator", "no line"),
    ("unknown source of a target", changed("targets", source="009"), "targets", "source", "009"),
    ("a target before the definition", changed("targets", valid_from="2020-21-q4"), "targets", "valid_from",
     "no definition"),
    ("a tolerance on the better side", changed("targets", tolerance="95"), "targets", "tolerance", "olerance"),
    ("a kind without a tolerance", changed("targets", tolerance=""), "targets", "tolerance", ""),
    ("unknown partner of an assignment", changed("assignments", partner="nhs"), "assignments", "partner", "nhs"),
    ("an assignment that ends before it starts", changed("assignments", until_on="2014-09-30"), "assignments",
     "until_on", "before the first"),
    ("two partners at once", added("assignments", partner="council", from_on="2015-01-01"), "assignments",
     "from_on", "end that first"),
    (
        "two partners at once for a while",
        {"assignments": [GOOD["assignments"] | {"until_on": "2022-08-31"},
                         GOOD["assignments"] | {"partner": "council", "from_on": "2022-08-31"}]},
        "assignments",
        "from_on",
        "end that first",
    ),
    ("ages the wrong way round", changed("populations", age_from="18"), "populations", "age_to", "before the first"),
    ("unknown source of a population", changed("populations", source="009"), "populations", "source", "009"),
    ("unknown indicator of a break", changed("breaks", indicator="other"), "breaks", "indicator", "other"),
    ("unknown scorecard of a round", changed("rounds", scorecard="other"), "rounds", "scorecard", "other"),
    ("unknown source of a statement", changed("statements", source="009"), "statements", "source", "009"),
    ("unknown statement of a query", changed("queries", statements="said;unsaid"), "queries", "statements", "unsaid"),
    ("a summary that does not add up", changed("stated_summaries", targets="40"), "stated_summaries", "targets",
     "not the sum"),
    ("a summary of an unknown scorecard", changed("stated_summaries", scorecard="other"), "stated_summaries",
     "scorecard", "not known"),
    ("a query about nothing", changed("queries", indicator=""), "queries", "indicator", "name the indicator"),
    ("unknown scorecard of a query", changed("queries", indicator="", scorecard="other"), "queries", "scorecard",
     "other"),
    # figures
    ("unknown indicator of a figure", changed("figures", indicator="other"), "figures", "indicator", "other"),
    ("a figure before the definition", changed("figures", period="2020-21-q4"), "figures", "period",
     "no definition"),
    ("stated without the value", changed("figures", value=""), "figures", "value", "printed value"),
    ("stated with an outcome", changed("figures", stated_met="no"), "figures", "stated_met", "only an outcome"),
    ("stated and missing", changed("figures", missing_reason="x"), "figures", "missing_reason", "there is a figure"),
    ("derived without its parts", figure(basis="derived"), "figures", "numerator", "needs numerator"),
    ("derived without denominator", figure(basis="derived", numerator="1"), "figures", "numerator", "denominator"),
    ("derived from nothing", figure(basis="derived", numerator="1", denominator="0"), "figures", "numerator",
     "denominator"),
    ("derived from less", figure(basis="derived", numerator="1", denominator="-2"), "figures", "numerator",
     "denominator"),
    ("derived with a value", figure(basis="derived", numerator="1", denominator="2", value="50"), "figures",
     "numerator", "no value"),
    ("an outcome that is not said", figure(basis="stated_outcome"), "figures", "stated_met", "yes or no"),
    ("an outcome with a value", figure(basis="stated_outcome", stated_met="no", value="1"), "figures", "value",
     "number as well"),
    ("an outcome with a denominator", figure(basis="stated_outcome", stated_met="no", denominator="1"), "figures",
     "value", "number as well"),
    ("an outcome with a limit", figure(basis="stated_outcome", stated_met="no", qualifier="<"), "figures", "value",
     "number as well"),
    ("missing without a reason", figure(basis="missing"), "figures", "missing_reason", "say why"),
    ("missing with a value", figure(basis="missing", missing_reason="x", value="0"), "figures", "value",
     "number as well"),
    ("missing with a denominator", figure(basis="missing", missing_reason="x", denominator="9"), "figures", "value",
     "number as well"),
    ("missing with an outcome", figure(basis="missing", missing_reason="x", stated_met="no"), "figures",
     "stated_met", "only an outcome"),
    ("a code beside another reason",
     figure(basis="missing", missing_reason="x", not_reportable_code="system_change"), "figures",
     "not_reportable_code", "listed"),
    ("an unknown code", figure(basis="missing", missing_reason="not_reportable", not_reportable_code="too_hard"),
     "figures", "not_reportable_code", "listed"),
    ("unknown flags", changed("figures", flags="p z"), "figures", "flags", "letters"),
    ("printed to the nearest 0", changed("figures", quantum="0"), "figures", "quantum", "above 0"),
    ("more than the whole in parts", changed("figures", numerator="1515"), "figures", "numerator", "above the"),
    ("more than the whole", changed("figures", value="101"), "figures", "value", "100%"),
    ("unknown source of a figure", changed("figures", source="009"), "figures", "source", "009"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "file", "column", "words"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_row_when_something_is_wrong_then_refused_with_its_place_and_nothing_is_written(
    rows: dict[str, list[Cells]], file: str, column: str, words: str
) -> None:
    b.a_partnership()
    before = counts()
    with pytest.raises(FileRefused) as refused:
        load(**rows)
    first = refused.value.findings[0]
    assert (first.file, first.column, first.row) == (f"{file}.csv", column, 1 + len(rows[file]))
    assert words in first.message
    assert first.message.endswith(".")
    assert counts() == before


@pytest.mark.postgresql
def test_number_when_too_large_for_its_column_then_refused_with_its_row() -> None:
    with pytest.raises(FileRefused) as refused:
        load(**changed("lines", order="99999"))
    assert (refused.value.findings[0].file, refused.value.findings[0].row) == ("lines.csv", 2)


# What is held already and says something else. The change, and the column that is named.
CONTRADICTING: list[tuple[str, Cells, str]] = [
    ("sources", {"title": "Another"}, "title"),
    ("sources", {"published_on": ""}, "published_on"),
    ("partners", {"kind": "other"}, "kind"),
    ("successions", {"functions": "Some"}, "functions"),
    ("indicators", {"polarity": "lower"}, "polarity"),
    ("indicators", {"places": "2"}, "places"),
    ("scorecards", {"frequency": "month"}, "frequency"),
    ("lines", {"order": "2"}, "order"),
    ("lines", {"valid_from": "2021-22-q2"}, "valid_from"),
    ("targets", {"target": "95"}, "target"),
    ("targets", {"tolerance": "80"}, "tolerance"),
    ("assignments", {"partner": "council"}, "partner"),
    ("assignments", {"paragraph": "9"}, "source"),
    ("populations", {"persons": "64166"}, "persons"),
    ("breaks", {"explanation": "Something else"}, "explanation"),
    ("rounds", {"due_on": "2022-05-31"}, "due_on"),
    ("statements", {"text": "84%"}, "text"),
    ("statements", {"value": "84"}, "value"),
    ("queries", {"question": "Really?"}, "question"),
    ("queries", {"statements": ""}, "statements"),
    ("figures", {"value": "84"}, "value"),
    ("figures", {"numerator": "1267"}, "value"),
    ("figures", {"quantum": "0.1"}, "value"),
    ("figures", {"commentary": "Other words"}, "commentary"),
    ("figures", {"headline": "Other words"}, "headline"),
    ("figures", {"confidence": "caution"}, "confidence"),
    ("figures", {"flags": "p"}, "flags"),
    ("figures", {"as_at_on": "2022-03-31"}, "as_at_on"),
    ("figures", {"paragraph": "25"}, "paragraph"),
]


@pytest.mark.parametrize(
    ("file", "cells", "column"), [pytest.param(*case, id=f"{case[0]}: {case[2]}") for case in CONTRADICTING]
)
def test_row_when_held_with_another_content_then_refused_and_the_old_one_stands(
    file: str, cells: Cells, column: str
) -> None:
    load()
    before = contents()
    with pytest.raises(FileRefused) as refused:
        load(**changed(file, **cells))
    first = next(f for f in refused.value.findings if f.file == f"{file}.csv")
    assert (first.row, first.column) == (2, column)
    assert "held already" in first.message
    assert contents() == before


def test_rows_when_several_are_wrong_then_every_finding_is_told() -> None:
    with pytest.raises(FileRefused) as refused:
        load(
            successions=[GOOD["successions"] | {"predecessor": "nhs"}],
            figures=[
                GOOD["figures"] | {"value": "101"},
                GOOD["figures"] | {"period": "2021-22-q3"},
                GOOD["figures"] | {"period": "2021-22-q2", "indicator": "other"},
            ],
        )
    places = [(f.file, f.row, f.column) for f in refused.value.findings]
    assert places == [
        ("successions.csv", 2, "predecessor"),
        ("figures.csv", 2, "value"),
        ("figures.csv", 4, "indicator"),
    ]
    assert str(refused.value.findings[0]).startswith("successions.csv: row 2, column predecessor:")


def test_rows_when_one_of_many_is_wrong_then_nothing_half_written() -> None:
    b.a_partnership()
    before = counts()
    months = [quarters.Month(1950 + i // 12, i % 12 + 1) for i in range(200)]
    rows = [GOOD["figures"] | {"period": month.slug, "value": str(i % 100)} for i, month in enumerate(months)]
    rows[-1]["value"] = "101"
    with pytest.raises(FileRefused) as refused:
        load(indicators=[GOOD["indicators"] | {"valid_from": "1949-50"}], figures=rows)
    assert [f.row for f in refused.value.findings] == [201]
    assert counts() == before


def test_round_when_over_a_window_of_its_own_then_whoever_returns_a_line_has_an_approved_return() -> None:
    load(**changed("rounds", period="2021-08-01--2022-01-31", due_on=""))
    assert [(r.partner.code, r.state) for r in Return.objects.all()] == [("trust", Return.State.APPROVED)]


def test_figure_when_restated_since_then_loading_the_paper_again_changes_nothing() -> None:
    load(rounds=[])
    series = Series.objects.get()
    b.the_people(b.a_partner("trust"))
    row = b.a_return(b.Scorecard.objects.get(), b.Q4)
    b.keep(row, {series: b.a_cell(1266, 1514, commentary="As counted.")})
    b.submit(row)
    before = contents()
    load(rounds=[])
    assert contents() == before
    assert CurrentFigure.objects.get().working.revision == 2


def test_finding_when_written_then_it_says_where() -> None:
    assert str(Finding(0, "", "wrong.")) == "The file: wrong."
    assert str(Finding(3, "value", "wrong.", "figures.csv")) == "figures.csv: row 3, column value: wrong."


@pytest.mark.parametrize("number", ["99999999999.9999", "0.0001", "-4638.5", "0"])
def test_number_when_extreme_then_loaded_exactly(number: str) -> None:
    load(
        indicators=[GOOD["indicators"] | {"unit": "pounds"}],
        **figure(value=number, quantum="0.0001"),
        targets=[],
        statements=[GOOD["statements"] | {"value": number}],
    )
    assert Figure.objects.get().value == Decimal(number)
    assert Statement.objects.get().value == Decimal(number)


def test_breaks_when_loaded_then_a_partnerships_own(real: Partnership) -> None:
    assert SeriesBreak.objects.filter(series__partnership=real).count() == SeriesBreak.objects.count() > 0
