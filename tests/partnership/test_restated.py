"""Restated since: what a meeting was told beside what it is now, on the page, in the file and in the next pack."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client

from indicators import quarters
from indicators.entry import CellInput
from indicators.measurement import CORRECTION_WORDS, Correction
from indicators.models import Category, Dimension, Return, Scorecard
from indicators.restated import RESTATED_TABLE, Restated
from indicators.roles import Role
from indicators.selectors.published import frozen_table
from indicators.units import Unit
from partnership.models import Pack, PackTable
from partnership.selectors.packs import told_of
from partnership.selectors.restated import MAY_REPEAT, restated_in, restated_since
from tests import builders as b
from tests.partnership.pack_world import (
    BODY,
    CODE,
    MEETING,
    a_pack,
    a_published_pack,
    publish,
    restate,
    soup_of,
    withdraw,
    words,
)

pytestmark = pytest.mark.django_db

SAID = {"commentary": "Counted again.", "keep_reason": "Checked."}
MISSING = b.a_cell(missing="not_reportable", commentary="The case system changed.", not_reportable_code="system_change",
                   responsible_role="Head of performance", expected_on=date(2022, 9, 30))  # fmt: skip


@pytest.fixture
def measure() -> b.Measure:
    """One line: higher is better, target 80, tolerance 70."""
    return b.an_indicator("on-time", name="Assessed on time")


def told(measure: b.Measure, cell: CellInput) -> Return:
    """The quarter is accepted with this cell and given to the meeting of 7 July."""
    row = b.a_return(measure.line.scorecard, state="approved", cells={measure.series.pk: cell})
    a_published_pack(measure.line.scorecard)
    return row


def since(measure: b.Measure, **more: Any) -> list[Restated]:
    return restated_since(measure.line.scorecard.partnership, today=b.TODAY, **more)


def shown(row: Restated) -> dict[str, tuple[str, ...]]:
    return RESTATED_TABLE.cells(row)


# What counts as restated


@pytest.mark.parametrize(
    ("then", "now", "then_text", "now_text", "flips"),
    [
        (b.a_cell(85, 100, **SAID), b.a_cell(84, 100, **SAID), ("85%", "85 of 100", "Better than target"),
         ("84%", "84 of 100", "Better than target"), False),
        (b.a_cell(85, 100, **SAID), b.a_cell(75, 100, **SAID), ("85%", "85 of 100", "Better than target"),
         ("75%", "75 of 100", "Within tolerance"), True),
        (b.a_cell(60, 100, **SAID), b.a_cell(90, 100, **SAID), ("60%", "60 of 100", "Outside tolerance"),
         ("90%", "90 of 100", "Better than target"), True),
        (MISSING, b.a_cell(85, 100, **SAID), ("–", "Not reportable"), ("85%", "85 of 100", "Better than target"), True),
        (b.a_cell(85, 100, **SAID), MISSING, ("85%", "85 of 100", "Better than target"), ("–", "Not reportable"), True),
        (b.a_cell(value=85, **SAID), b.a_cell(85, 100, **SAID),
         ("85%", "value only", "Better than target"), ("85%", "85 of 100", "Better than target"), False),
        (b.a_cell(85, 100, **SAID), b.a_cell(85, 100, **SAID | {"commentary": "Other words."}),
         ("85%", "85 of 100", "Better than target"), ("85%", "85 of 100", "Better than target"), False),
    ],
    ids=["same rating", "worse", "better", "missing to value", "value to missing", "its parts found", "words only"],
)  # fmt: skip
def test_figure_when_corrected_then_both_values_both_ratings_and_whether_the_colour_flips(
    measure: b.Measure, then: CellInput, now: CellInput, then_text: tuple[str, ...], now_text: tuple[str, ...],
    flips: bool,
) -> None:  # fmt: skip
    row = told(measure, then)
    assert since(measure) == []
    restate(row, {measure.series: now}, correction="late_records", reason="Nineteen came in late.")
    (found,) = since(measure)
    cells = shown(found)
    assert cells["then"] == then_text
    assert cells["now"] == now_text
    assert (found.flips, cells["flips"]) == (flips, ("Changes the rating",) if flips else ("Same rating",))
    assert cells["indicator"] == ("Assessed on time", b.Q4.long_label)
    assert cells["reported_to"] == (BODY, "7 July 2022")
    assert cells["why"] == (CORRECTION_WORDS[Correction.LATE_RECORDS], "Nineteen came in late.")
    assert cells["who"] == (str(b.the_people().analyst), "7 July 2022")
    assert (found.pack, found.meeting_on, found.scorecard, found.period) == (CODE, MEETING, "contract", "2021-22-q4")


def test_figure_when_corrected_twice_then_told_once_with_what_stands_now(measure: b.Measure) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    restate(row, {measure.series: b.a_cell(75, 100, **SAID)}, reason="First.")
    restate(row, {measure.series: b.a_cell(95, 100, **SAID)}, reason="Second.")
    (found,) = since(measure)
    assert (found.then["numerator"], found.now["numerator"], found.reason) == (D(85), D(95), "Second.")


def test_correction_when_not_accepted_yet_then_nothing_is_restated(measure: b.Measure) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    again = b.a_restatement(row, [measure.series])
    b.keep(again, {measure.series: b.a_cell(20, 100, **SAID)})
    b.sign_off(b.submit(again))
    assert since(measure) == []


def test_figure_when_only_another_quarter_was_corrected_then_nothing_of_this_one_is_restated(
    measure: b.Measure,
) -> None:
    earlier = b.tick(measure.line.scorecard, b.Q3)
    told(measure, b.a_cell(84, 100, **SAID))
    restate(earlier, {measure.series: b.a_cell(20, 100, **SAID)})
    assert since(measure) == []


def test_figure_when_it_comes_only_after_the_meeting_then_restated_from_nothing() -> None:
    scorecard = b.a_scorecard()
    there, late = (b.an_indicator(c, scorecard=scorecard) for c in ("there", "late"))
    b.a_paper_figure(there, b.Q4, 85)
    b.a_round(scorecard).returns.update(state=Return.State.APPROVED)
    pack = a_pack(scorecard)
    pack.reasons.create(point="commentary:contract/2021-22-q4/late", reason="Late.", by=b.a_user(), actor="x", at=b.NOW)
    publish(pack)
    b.a_paper_figure(late, b.Q4, 77)
    (found,) = since(late)
    assert shown(found)["then"] == ("–", "No figure entered")
    assert shown(found)["now"][0] == "77%"
    assert shown(found)["why"] == ()


@pytest.mark.parametrize(("number", "is_restated"), [(9, True), (8, False)])
def test_quarter_when_added_up_from_months_and_one_of_them_changes_then_restated_if_it_comes_out_differently(
    number: int, is_restated: bool
) -> None:
    measure = b.an_indicator("referrals", unit=Unit.COUNT, polarity=b.Polarity.NONE, frequency="month")
    for month in b.Q4.months():
        b.a_paper_figure(measure, month, 8)
    b.an_indicator("quarterly", scorecard=measure.line.scorecard)
    b.a_return(measure.line.scorecard, state="approved")
    a_published_pack(measure.line.scorecard)
    assert since(measure) == []
    b.a_paper_figure(measure, b.Q4.months()[1], number)
    found = since(measure)
    assert [(r.then["value"], r.now["value"]) for r in found] == ([(D(24), D(25))] if is_restated else [])


def test_annual_figure_when_told_with_the_last_quarter_and_corrected_then_restated() -> None:
    measure = b.an_indicator("survey", frequency="financial_year")
    year = quarters.FinancialYear(2021)
    b.a_paper_figure(measure, year, 60, commentary="Low.")
    b.an_indicator("quarterly", scorecard=measure.line.scorecard)
    b.a_return(measure.line.scorecard, state="approved")
    a_published_pack(measure.line.scorecard)
    assert since(measure) == []
    b.a_paper_figure(measure, year, 82)
    (found,) = since(measure)
    assert (shown(found)["then"][0], shown(found)["now"][0], found.flips) == ("60%", "82%", True)


def test_slices_when_one_is_corrected_then_only_that_one_is_restated_and_marked(
    signed_in: Callable[..., Client],
) -> None:
    scorecard = b.a_scorecard()
    whole = b.an_indicator("stable", name="Stable homes", scorecard=scorecard)
    part = b.an_indicator("stable", name="Stable homes", scorecard=scorecard, slice_key=a_slice())
    row = b.a_return(scorecard, state="approved")
    a_published_pack(scorecard)
    restate(row, {part.series: b.a_cell(20, 100, **SAID)})
    (found,) = since(whole)
    assert found.slice == part.series.slice.key
    page = soup_of(signed_in(b.a_user(Role.BOARD_MEMBER)), f"/northshire/packs/{CODE}/tables/contract-2021-22-q4/")
    marked = ["Restated since" in tr.get_text() for tr in page.select("table.sc tbody tr:not(.th)")]
    assert marked == [False, True]


def a_slice() -> str:
    """The key of a breakdown whose category exists."""
    dimension = Dimension.objects.create(code="sex", name="Sex", kind="partition")
    Category.objects.create(dimension=dimension, code="boys", name="Boys", order=1)
    return "sex=boys"


# Which meeting


def test_figure_when_told_to_two_meetings_then_compared_with_the_later(measure: b.Measure) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    restate(row, {measure.series: b.a_cell(75, 100, **SAID)})
    later = a_published_pack(measure.line.scorecard, title="Corrected", meeting_on=date(2022, 9, 8))
    assert since(measure) == []  # the later meeting was told what it is now
    restate(row, {measure.series: b.a_cell(65, 100, **SAID)})
    (found,) = since(measure)
    assert (found.pack, found.then["numerator"]) == (later.code, D(75))


COLUMNS = [c for c in RESTATED_TABLE.on_screen if c.text]


@pytest.mark.parametrize("is_breach", [False, True])
def test_figure_when_the_pack_is_withdrawn_then_compared_with_the_meeting_before(
    measure: b.Measure, is_breach: bool
) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    restate(row, {measure.series: b.a_cell(75, 100, **SAID)})
    later = a_published_pack(measure.line.scorecard, meeting_on=date(2022, 9, 8))
    withdraw(later, is_breach=is_breach)
    (found,) = since(measure)
    assert (found.pack, found.then["numerator"]) == (CODE, D(85))
    withdraw(Pack.objects.get(code=CODE))
    assert since(measure) == []


def test_figure_when_only_its_target_was_changed_for_a_past_period_then_the_changed_rating_is_told(
    measure: b.Measure,
) -> None:
    told(measure, b.a_cell(85, 100, **SAID))
    b.a_target(measure.line, valid_from=b.Q4, target=D(84), authority="Variation 7")
    assert since(measure) == []  # another target, the same rating
    target = b.a_target(measure.line, valid_from=b.Q4, target=D(99), tolerance=D(95), authority="Variation 8")
    (found,) = since(measure)
    assert (found.then["rating"], found.now["rating"], found.flips) == ("better", "outside", True)
    assert found.correction == "The target was changed"
    assert "Variation 8" in found.reason
    assert found.known_on == target.known_on


def test_target_when_changed_for_a_later_quarter_then_nothing_told_is_restated(measure: b.Measure) -> None:
    told(measure, b.a_cell(85, 100, **SAID))
    b.a_target(measure.line, valid_from=b.Q4.next(), target=D(95), tolerance=D(90))
    assert since(measure) == []


def test_figure_when_it_and_its_target_were_changed_then_told_once_with_both_reasons(measure: b.Measure) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    restate(row, {measure.series: b.a_cell(86, 100, **SAID)}, reason="One more.", correction="late_records")
    b.a_target(measure.line, valid_from=b.Q4, target=D(95), tolerance=D(90), authority="Variation 4")
    (found,) = since(measure)
    assert shown(found)["why"] == (
        f"{CORRECTION_WORDS[Correction.LATE_RECORDS]}. The target was changed", "One more. Target: Variation 4.",
    )  # fmt: skip


def test_figure_when_two_bodies_were_told_then_each_is_compared_with_what_it_was_last_given(
    measure: b.Measure,
) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    restate(row, {measure.series: b.a_cell(75, 100, **SAID)})
    a_published_pack(measure.line.scorecard, body="Performance board")
    (found,) = since(measure)
    assert (found.meeting, found.then["numerator"]) == (BODY, D(85))
    restate(row, {measure.series: b.a_cell(65, 100, **SAID)})
    assert [(r.meeting, r.then["numerator"], r.now["numerator"]) for r in since(measure)] == [
        (BODY, D(85), D(65)), ("Performance board", D(75), D(65)),
    ]  # fmt: skip


def test_pack_that_is_no_more_than_a_draft_when_figures_change_then_told_nothing(measure: b.Measure) -> None:
    row = b.a_return(measure.line.scorecard, state="approved")
    a_pack(measure.line.scorecard)
    restate(row, {measure.series: b.a_cell(75, 100, **SAID)})
    assert since(measure) == []


@pytest.mark.parametrize(
    ("told_to", "read_by", "packs"),
    [
        (["public", "exempt"], "public", ["public"]),
        (["board", "exempt"], "public", []),
        (["board", "exempt"], "board", ["board"]),
        (["public", "board"], "board", ["public", "board"]),
        (["public", "board"], "public", ["public"]),
        (["exempt"], "board", []),
        (["board", "exempt"], "exempt", ["board", "exempt"]),
    ],
)
def test_figure_when_told_to_several_audiences_then_each_reads_only_what_it_may(
    measure: b.Measure, told_to: list[str], read_by: str, packs: list[str]
) -> None:
    row = b.a_return(measure.line.scorecard, state="approved")
    for audience in told_to:
        a_published_pack(measure.line.scorecard, audience=audience, body=audience)
    restate(row, {measure.series: b.a_cell(75, 100, **SAID)})
    assert [r.meeting for r in since(measure, audiences=MAY_REPEAT[read_by])] == packs  # each body by itself


def test_partnerships_when_two_then_neither_reads_of_the_other(measure: b.Measure) -> None:
    told(measure, b.a_cell(85, 100, **SAID))
    assert restated_since(b.a_partnership("southshire", "E06000098"), today=b.TODAY) == []


# In the next pack


def test_next_pack_when_something_was_restated_then_it_carries_the_list_as_it_was_then(measure: b.Measure) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    restate(row, {measure.series: b.a_cell(60, 100, **SAID)}, reason="=Counted twice.")
    (expected,) = since(measure)
    b.tick(measure.line.scorecard)
    pack = a_published_pack(measure.line.scorecard, period=b.Q4.next(), meeting_on=date(2022, 9, 8))
    carried = PackTable.objects.get(pack=pack, code="restated")
    (values,) = frozen_table(carried.table).rows
    assert values == RESTATED_TABLE.values(expected)
    assert values["reason"] == "=Counted twice."
    restate(row, {measure.series: b.a_cell(95, 100, **SAID)})
    assert frozen_table(PackTable.objects.get(pk=carried.pk).table).rows == (values,)


def test_next_pack_when_nothing_was_restated_then_it_has_no_list(measure: b.Measure) -> None:
    told(measure, b.a_cell(85, 100, **SAID))
    b.tick(measure.line.scorecard)
    pack = a_published_pack(measure.line.scorecard, period=b.Q4.next())
    assert [t.code for t in pack.tables.all()] == ["contract-2022-23-q1"]


@pytest.mark.parametrize(("audience", "carries"), [("public", False), ("board", True), ("exempt", True)])
def test_next_pack_when_for_another_audience_then_it_repeats_only_what_that_one_may_read(
    measure: b.Measure, audience: str, carries: bool
) -> None:
    row = told(measure, b.a_cell(85, 100, **SAID))
    restate(row, {measure.series: b.a_cell(60, 100, **SAID)})
    b.tick(measure.line.scorecard)
    pack = a_published_pack(measure.line.scorecard, period=b.Q4.next(), audience=audience)
    assert pack.tables.filter(code="restated").exists() is carries


# The page and the file


@pytest.fixture
def restated(measure: b.Measure) -> Scorecard:
    """Three kinds of restatement on one scorecard, one of them with words that a spreadsheet would run."""
    scorecard = measure.line.scorecard
    second, third = (b.an_indicator(c, scorecard=scorecard, name=c.capitalize()) for c in ("audits", "reviews"))
    cells = {measure.series.pk: b.a_cell(85, 100, **SAID), second.series.pk: MISSING, third.series.pk: b.a_cell(
        D(8996), D(10000), **SAID)}  # fmt: skip
    row = b.a_return(scorecard, state="approved", cells=cells)
    a_published_pack(scorecard, body="=Panel, “North”")
    restate(row, {measure.series: b.a_cell(60, 100, **SAID)}, reason="-5 cases\nwere <b>late</b>.")
    restate(row, {second.series: b.a_cell(85, 100, **SAID), third.series: MISSING}, reason="Validated.")
    return scorecard


def page_rows(table: Tag) -> list[list[str]]:
    """What a person reads in each cell, without what marks a rating by its shape."""
    for hidden in table.select(".vh"):
        hidden.decompose()
    return [[words(cell.get_text(" ")) for cell in tr.select("th, td")] for tr in table.select("tbody tr")]


def test_page_and_file_when_there_are_restatements_then_the_same_cell_for_cell(
    restated: Scorecard, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    response = client.get("/northshire/restated.csv")
    assert response["Content-Disposition"] == 'attachment; filename="restated.csv"'
    text = b"".join(response.streaming_content).decode()
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert header == RESTATED_TABLE.header
    on_page = page_rows(soup_of(client, "/northshire/restated/").select_one("table.restated"))
    assert len(on_page) == len(rows) == 3
    for cells, read in zip(on_page, rows, strict=True):
        values = RESTATED_TABLE.values_from_csv(header, read)
        told_ = [words(" ".join(c.text(values))) for c in RESTATED_TABLE.on_screen if c.text]
        assert [cell.removeprefix(f"{c.heading}: ") for cell, c in zip(cells, COLUMNS, strict=True)] == told_
    named = dict(zip(header, rows[0], strict=True))
    assert (named["meeting"], named["reason"][:8]) == ("'=Panel, “North”", "'-5 case")
    assert {dict(zip(header, r, strict=True))["flips"] for r in rows} == {"yes"}


def test_page_of_the_pack_when_there_are_restatements_then_the_same_table(
    restated: Scorecard, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    whole = page_rows(soup_of(client, "/northshire/restated/").select_one("table.restated"))
    (pack,) = Pack.objects.all()
    assert page_rows(soup_of(client, f"/northshire/packs/{pack.code}/").select_one("table.restated")) == whole


def test_list_in_a_pack_when_read_back_then_its_page_its_file_and_its_hash_agree(
    restated: Scorecard, signed_in: Callable[..., Client]
) -> None:
    b.tick(restated)
    pack = a_published_pack(restated, period=b.Q4.next(), meeting_on=date(2022, 9, 8))
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    url = f"/northshire/packs/{pack.code}/tables/restated"
    header, *rows = list(csv.reader(io.StringIO(client.get(f"{url}.csv").content.decode(), newline="")))
    soup = soup_of(client, f"{url}/")
    on_page = page_rows(soup.select_one("table.restated"))
    assert len(rows) == 3
    for cells, read in zip(on_page, rows, strict=True):
        values = RESTATED_TABLE.values_from_csv(header, read)
        assert cells == [words(" ".join(c.text(values))) for c in RESTATED_TABLE.on_screen if c.text]
    assert soup.select_one("code.hash").get_text() == pack.tables.get(code="restated").table.sha256


def test_page_and_file_when_nothing_is_restated_then_they_say_so(signed_in: Callable[..., Client]) -> None:
    b.a_partnership()
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    assert "Nothing has been restated" in soup_of(client, "/northshire/restated/").get_text()
    text = b"".join(client.get("/northshire/restated.csv").streaming_content).decode()
    assert text == ",".join(RESTATED_TABLE.header) + "\r\n"


def test_scorecard_page_when_its_figures_were_restated_then_it_counts_them_for_each_meeting(
    restated: Scorecard, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    page = soup_of(client, "/northshire/scorecards/contract/?period=2021-22-q4")
    assert words(page.select_one("ul.told-to").get_text(" ")) == (
        "Reported to =Panel, “North”, 7 July 2022: as reported – 3 figures have been restated since"
    )
    a_published_pack(restated, meeting_on=date(2022, 9, 8))
    lines = soup_of(client, "/northshire/scorecards/contract/?period=2021-22-q4").select("ul.told-to li")
    assert [words(li.get_text(" ")).rpartition("– ")[2] for li in lines] == [
        "nothing restated since", "3 figures have been restated since",
    ]  # fmt: skip
    access = client.get("/northshire/").wsgi_request.access
    period = b.a_period(b.Q4)
    counted = {t.carried.pk: t.restated for t in told_of(restated, period, access=access, today=b.TODAY)}
    listed = restated_in(PackTable.objects.filter(table__kind="scorecard"), today=b.TODAY)
    assert counted == {pk: len(rows) for pk, rows in listed.items()}
