"""What a meeting was told of variation stays told: frozen with the pack, proved again, and read back by its version."""

import csv
import io

import pytest

from indicators.committee_table import COMMITTEE_TABLE
from indicators.models import Figure, PublishedFigure, PublishedTable, Scorecard
from indicators.operations import publishing
from indicators.roles import Role
from indicators.variation_table import REPORTED_TABLE
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.indicators.test_scorecard_charts import STEADY, history
from tests.parity import soup_of, words
from tests.partnership.pack_world import CODE, a_published_pack, restate

pytestmark = pytest.mark.django_db

TABLE = f"/northshire/packs/{CODE}/tables/contract-2021-22-q4"
SAID = "Special cause, improving Reliably meets the target"


def a_cell(number: int):
    return b.a_cell(number, 100, commentary="As counted.", keep_reason="It is so.")


@pytest.fixture
def told(partnership) -> Scorecard:
    """A scorecard whose line improves against 17 quarters, four more than a scorecard reads, and of which a pack told;
    the last two quarters came in returns."""
    scorecard = b.a_scorecard()
    line = b.an_indicator("better", scorecard=scorecard, target=60)
    history(line, (*STEADY, 81, 80, 79), last=b.Q3.previous())
    for period, number in ((b.Q3, 80), (b.Q4, 99)):
        b.a_return(scorecard, period, state="approved", cells={line.series.pk: a_cell(number)})
    a_published_pack(scorecard)
    return scorecard


def row_of(response) -> dict[str, str]:
    header, row = list(csv.reader(io.StringIO(response.content.decode(), newline="")))
    assert header == REPORTED_TABLE.header
    return dict(zip(header, row, strict=True))


def test_pack_when_an_earlier_figure_is_restated_then_its_variation_stays_and_the_scorecard_says_what_is_now(
    told: Scorecard, signed_in
) -> None:
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    before = board.get(f"{TABLE}.csv").content
    found = row_of(board.get(f"{TABLE}.csv"))
    assert (found["variation"], found["charted"], found["by_chance"]) == ("special_cause_improvement", "18", "0.015")
    page = soup_of(board, f"{TABLE}/")
    assert words(page.select_one("td.vr").get_text(" ")) == SAID
    assert "Of 1 chart, 1 marks the latest figure as a special cause." in words(page.select_one(".chance").get_text())
    series = told.lines.get().series
    restate(b.a_return(told), {series: a_cell(81)})
    live = soup_of(board, "/northshire/scorecards/contract/?show=variation")
    assert words(live.select_one("td.vr").get_text(" ")).startswith("No special cause")
    assert board.get(f"{TABLE}.csv").content == before
    assert words(soup_of(board, f"{TABLE}/").select_one("td.vr").get_text(" ")) == SAID
    assert {v.finding for v in verified_packs()} == {Finding.SOUND}


def test_pack_when_published_then_every_figure_that_its_limits_rest_on_is_pinned(told: Scorecard) -> None:
    pinned = PublishedFigure.objects.values_list("figure__period__slug", flat=True)
    assert len(pinned) == Figure.objects.count() == 18
    assert min(pinned) == "2017-18-q3"


def test_table_of_the_first_version_when_read_and_proved_then_without_variation(
    partnership, signed_in, monkeypatch
) -> None:
    monkeypatch.setattr(publishing, "FORMAT_VERSION", 1)
    scorecard = b.a_scorecard(1)
    b.a_return(scorecard, state="approved")
    a_published_pack(scorecard)
    table = PublishedTable.objects.get()
    assert (table.format_version, table.header) == (1, COMMITTEE_TABLE.header)
    board = signed_in(b.a_user(Role.BOARD_MEMBER))
    page = soup_of(board, f"{TABLE}/")
    assert page.select("td.vr, .chance, .vlegend") == []
    assert "better" in page.select_one("table.sc").get_text().lower()
    assert {v.finding for v in verified_packs()} == {Finding.SOUND}
