"""Pages that are kept: never shown after what they show has changed, on whatever worker, nor to others."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Change, ScorecardLine
from indicators.operations import changes, targets
from indicators.operations.basics import operation
from indicators.operations.changes import UNSEEN, noted
from indicators.roles import Role
from indicators.selectors.changes import stamp
from indicators.views import kept
from partnership import clock
from tests import builders as b

pytestmark = pytest.mark.django_db

PAGE = "/northshire/scorecards/contract/"


@pytest.fixture(autouse=True)
def keeping(settings, monkeypatch) -> Iterator[None]:
    settings.KEEP_PAGES = True
    monkeypatch.setattr(kept, "_pages", OrderedDict())


@pytest.fixture
def row():
    return b.a_return(b.a_scorecard(2), state="approved")


def figures(client: Client, page: str = PAGE) -> list[str]:
    """The figures of a scorecard's page, in order."""
    answer = client.get(page)
    assert answer.status_code == 200
    return re.findall(r'<span class="v">([^<]*)</span>', answer.content.decode())


def another_worker(monkeypatch) -> None:
    """What comes next is asked of a process that has kept nothing yet."""
    monkeypatch.setattr(kept, "_pages", OrderedDict())


def correct(row, number: int) -> None:
    """The first line's figure becomes `number` of 100."""
    series = row.round.scorecard.lines.first().series
    made = b.a_restatement(row, [series])
    b.keep(made, {series: b.a_cell(number, 100, keep_reason="Counted again.", commentary="Counted again.")})
    b.submit(made)
    b.sign_off(made)
    b.accept(made)


def test_page_when_nothing_has_changed_then_it_is_not_drawn_again(signed_in, row):
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    first = figures(client)
    with CaptureQueriesContext(connection) as queries:
        assert figures(client) == first
    assert len(queries) <= 6
    assert len(kept._pages) == 1


def test_page_when_a_figure_was_corrected_then_the_very_next_view_shows_it_on_every_worker(signed_in, row, monkeypatch):
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    before = figures(client)
    one = kept._pages
    another_worker(monkeypatch)
    assert figures(client) == before
    for number in (41, 42):
        correct(row, number)
        now = figures(client)
        assert now[0] == f"{number}%"
        assert now[1:] == before[1:]
        monkeypatch.setattr(kept, "_pages", one)
        assert figures(client) == now


def test_page_when_what_is_not_a_figure_changes_then_the_next_view_shows_it(signed_in, row):
    client, people = signed_in(b.a_user(Role.BOARD_MEMBER)), b.the_people(row.partner)
    line = ScorecardLine.objects.order_by("order").first()
    assert "79%" not in client.get(PAGE).content.decode()
    values = targets.Values(target=Decimal(79))
    targets.change_target(
        line=line, valid_from=b.Q4, values=values, authority="Minutes", reason="Agreed", also_past=True,
        by=people.acceptor, at=b.NOW, based_on=1,
    )  # fmt: skip
    assert "79%" in client.get(PAGE).content.decode()


def test_page_when_somebody_has_other_rights_or_asks_otherwise_then_it_is_another(signed_in, row):
    reader, administrator = signed_in(b.a_user(Role.BOARD_MEMBER)), signed_in(b.a_user(Role.ADMINISTRATOR))
    assert "contract.csv" in reader.get(PAGE).content.decode()
    assert "contract.csv" not in administrator.get(PAGE).content.decode()
    assert len(figures(reader, f"{PAGE}?q=Measure+2")) == 1
    assert len(figures(reader)) == 2
    assert (
        signed_in(b.a_user(Role.BOARD_MEMBER, partnership=b.a_partnership("elsewhere", "E06000098")))
        .get(PAGE)
        .status_code
        == 404
    )


def test_frame_when_a_page_is_kept_then_it_is_of_who_asks(signed_in, row):
    first, other = signed_in(b.a_user(Role.BOARD_MEMBER)), signed_in(b.a_user(Role.BOARD_MEMBER))
    tokens = {
        re.search(r'csrfmiddlewaretoken" value="([^"]+)"', c.get(PAGE).content.decode())[1] for c in (first, other)
    }
    assert len(tokens) == 2
    assert len(kept._pages) == 1


def test_page_when_five_minutes_are_over_then_it_is_drawn_anew(signed_in, row, monkeypatch):
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    client.get(PAGE)
    with connection.cursor() as cursor:  # past every operation, as nobody may
        cursor.execute("UPDATE indicators_theme SET name = 'Renamed'")
    assert "Renamed" not in client.get(PAGE).content.decode()
    monkeypatch.setattr(clock, "now", lambda: b.NOW + kept.LONGEST + timedelta(seconds=1))
    assert "Renamed" in client.get(PAGE).content.decode()


def test_pages_when_many_are_asked_for_then_only_the_latest_are_kept(signed_in, row):
    client = signed_in(b.a_user(Role.BOARD_MEMBER))
    for number in range(kept.MOST + 3):
        client.get(f"{PAGE}?q={number}")
    assert len(kept._pages) == kept.MOST


def test_change_when_a_cell_is_being_typed_then_none_is_noted_and_when_it_is_accepted_one_is(row):
    draft = b.a_return(row.round.scorecard, b.Q4.next())
    before = stamp()
    series = row.round.scorecard.lines.first().series
    b.keep(draft, {series: b.a_cell(1, 100)})
    assert stamp() == before
    b.fill(draft)
    b.submit(draft)
    assert stamp() != before


def test_change_when_an_operation_is_undone_then_none_is_noted(row):
    before = stamp()

    @operation
    def undone() -> None:
        b.a_partner("police")
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        undone()
    assert stamp() == before


def test_stamp_when_a_transaction_with_a_lower_number_ends_later_then_it_is_another():
    Change.objects.create(pk=7)
    before = stamp()
    Change.objects.create(pk=6)
    assert stamp() != before


def test_stamp_when_numbers_come_again_after_a_restore_then_it_is_another():
    Change.objects.create(pk=7)
    before = stamp()
    Change.objects.all().delete()
    assert stamp() == ""
    Change.objects.create(pk=7)
    assert stamp() != before


def test_changes_when_there_are_many_then_old_ones_go(monkeypatch):
    monkeypatch.setattr(changes, "KEPT", 2)
    for _ in range(6):
        with transaction.atomic(), noted():
            b.a_user(Role.BOARD_MEMBER)
    assert 0 < Change.objects.count() <= 3


def test_tables_that_a_scorecard_reads_when_written_then_a_change_is_noted(signed_in, row):
    client = signed_in(b.a_user(Role.SCRUTINY_OFFICER))
    client.get(PAGE)
    kept._pages.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{PAGE}?show=variation")
    frame = {"django_session", "indicators_change"}
    read = {name for query in queries for name in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', query["sql"])} - frame
    assert {"indicators_currentfigure", "indicators_target", "partnership_packtable"} <= read
    of_frame = {"indicators_user", "partnership_alert", "partnership_alertsubscription"}
    assert read & UNSEEN <= of_frame
