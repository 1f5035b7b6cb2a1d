"""A figure so large, above or below 0, that a return may not be submitted without commentary on it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from indicators.commentary_limits import limit_passed
from indicators.imports import FileRefused
from indicators.measurement import Basis, Measured
from indicators.models import ScorecardLine, Series
from indicators.operations import NotReady
from indicators.operations.loading import load_tables
from indicators.operations.slices import add_dimension
from indicators.selectors.returns import sheet_of
from tests import builders as b

LIMIT = Decimal(250_000)


def limited(measure: b.Measure, limit: Decimal | None = LIMIT) -> Series:
    ScorecardLine.objects.filter(series=measure.series).update(commentary_from=limit)
    return measure.series


def points_of(row) -> list[tuple[str, str]]:
    with pytest.raises(NotReady) as refused:
        b.submit(row)
    return [(point.name, point.problem.message) for point in refused.value.points]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-250_000, "£250,000"), (250_000, "£250,000"), (-4_638_000, "£250,000"), ("-249999.99", ""), (249_999, ""),
        (0, ""), (None, ""),
    ],
)  # fmt: skip
def test_figure_when_of_exactly_the_limit_or_more_then_it_asks_either_way(value, words: str) -> None:
    measured = Measured(Basis.VALUE_ONLY, value=None if value is None else Decimal(value))
    assert limit_passed(measured, b.Unit.POUNDS, LIMIT) == words
    assert limit_passed(measured, b.Unit.POUNDS, None) == ""


@pytest.mark.django_db
def test_return_when_a_large_figure_has_no_commentary_then_an_open_point_until_somebody_says_why() -> None:
    money = {"unit": b.Unit.POUNDS, "polarity": b.Polarity.NONE, "target": None}
    large = limited(b.an_indicator("net", name="Net variance", **money))
    free = b.an_indicator("gross", name="Gross variance", **money).series
    row = b.a_return(state="filled", cells={s.pk: b.a_cell(value=-250_000) for s in (large, free)})
    said = "It is £250,000 or more, above or below 0: say why, and what is being done."
    assert [message for _, message in points_of(row)] == [said]
    assert [line.marks for line in sheet_of(row).lines] == [["£250,000 or more"], []]
    b.keep(row, {large: b.a_cell(value=-250_000, commentary="More placements.")})
    b.submit(row)
    assert b.fresh(row).state == "submitted"


@pytest.mark.django_db
def test_correction_of_words_when_a_printed_large_figure_loses_its_commentary_then_an_open_point() -> None:
    money = {"unit": b.Unit.POUNDS, "polarity": b.Polarity.NONE, "target": None}
    large = limited(b.an_indicator("net", **money))
    row = b.a_return(state="approved", cells={large.pk: b.a_cell(value=-300_000, commentary="More placements.")})
    b.a_paper_figure(large, value=-300_000, quantum=1000, commentary="More placements.")
    again = b.a_restatement(row, [large])
    b.keep(again, {large: b.a_cell(value=-300_000, headline="So it is printed")})
    assert len(points_of(again)) == 1


@pytest.mark.django_db
def test_part_when_its_line_asks_by_size_then_it_is_never_left_out_with_its_breakdown() -> None:
    add_dimension(code="head", name="Heading", kind="partition", categories=[("cla", "Care"), ("other", "Other")])
    money = {"unit": b.Unit.POUNDS, "polarity": b.Polarity.NONE, "target": None}
    whole = b.an_indicator("net", **money)
    parts = [b.an_indicator("net", slice_key=f"head={code}", **money) for code in ("cla", "other")]
    row = b.a_return(state="open")
    b.keep(row, {whole.series: b.a_cell(value=-300_000)})
    assert len(sheet_of(row).untouched) == 2
    limited(parts[0])
    assert len(sheet_of(row).untouched) == 1
    assert [message for _, message in points_of(row)] == ["Enter the figure, or choose why there is none."]


@pytest.mark.django_db
def test_limit_when_loaded_then_held_once_and_refused_otherwise() -> None:
    b.a_source()
    line = b.an_indicator("net", scorecard=b.a_scorecard(code="outturn"))
    told = {
        "row": 2, "scorecard": "outturn", "indicator": "net", "slice": "", "commentary_from": LIMIT, "source": "003",
        "paragraph": "96",
    }  # fmt: skip

    def load(**more):
        tables = {"commentary_limits": [told | more]}
        return load_tables(partnership=b.a_partnership(), tables=tables, at=b.NOW).new["commentary_limits"]

    assert (load(), load()) == (1, 0)
    assert ScorecardLine.objects.get(series=line.series).commentary_from == LIMIT
    for wrong, words in (
        ({"commentary_from": Decimal(1)}, "another value"), ({"commentary_from": Decimal(0)}, "above 0"),
        ({"indicator": "gross"}, "no line"),
    ):  # fmt: skip
        with pytest.raises(FileRefused, match=words):
            load(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScorecardLine.objects.update(commentary_from=Decimal(-1))
