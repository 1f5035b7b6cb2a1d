"""Breakdowns that an Annex A file feeds: each opens on its own, and stands open once something of it is decided."""

import pytest

from indicators.models import Series
from indicators.operations import slices
from indicators.units import Unit
from tests import builders
from tests.builders.annex_a import a_load, a_measure
from tests.indicators.return_pages import soup
from tests.parity import shown, table_named

pytestmark = pytest.mark.django_db

CONTACTS, CATEGORIES = "contacts", {"police": "Police", "schools": "Schools"}


@pytest.fixture
def row(partnership):
    slices.add_dimension(code="source", name="Source", kind="partition", categories=list(CATEGORIES.items()))
    count = {"unit": Unit.COUNT, "target": None, "name": "Contacts made"}
    builders.an_indicator(CONTACTS, **count)
    for code in CATEGORIES:
        builders.an_indicator(CONTACTS, slice_key=f"source={code}", **count)
    return builders.fresh(builders.a_return())


@pytest.fixture
def client(row, signed_in):
    return signed_in(builders.the_people(row.partner).analyst)


@pytest.fixture
def address(row) -> str:
    parts = [
        a_measure(
            CONTACTS, dimension="source", category=code, category_name=name, indicator=CONTACTS, slice=f"source={code}"
        )
        for code, name in CATEGORIES.items()
    ]
    return f"/northshire/annex-a/{a_load([a_measure(CONTACTS, indicator=CONTACTS), *parts]).code}/"


def part_of(response):
    return soup(response).select_one("#compare details.part")


def picks_of(part) -> list[str]:
    """What the buttons of its rows carry."""
    return [button["value"] for button in part.select("td > button")]


def decide(client, address, do: str, *picks: str, reason: str = ""):
    return client.post(f"{address}decide/", {"do": do, "pick": picks, "reason": reason})


def test_breakdown_when_it_feeds_a_return_then_its_rows_stand_apart_and_say_how_they_compare(client, address):
    page = soup(client.get(address))
    whole = shown(table_named(page, "Computed figures beside the returns"))
    assert [cells[0] for cells in whole] == ["Contacts made Contacts"]
    part = page.select_one("#compare details.part")
    assert not part.has_attr("open")
    assert part.summary.get_text() == "Contacts by source: 2 with nothing entered yet"
    assert [cells[0] for cells in shown(table_named(page, "Contacts by source"))] == [
        "Contacts made: Police Contacts", "Contacts made: Schools Contacts",
    ]  # fmt: skip
    assert part.select_one(":scope > form").button.get_text().startswith("Accept Contacts by source (2) of ")
    assert [i["value"] for i in part.select(":scope > form input[name=pick]")] == picks_of(part)


def test_breakdown_when_one_of_it_is_decided_then_it_stands_open_at_that_row(client, address):
    first, second = picks_of(part_of(client.get(address)))
    where, _, anchor = decide(client, address, "reject", first, reason="Counted twice.")["Location"].partition("#")
    opened = part_of(client.get(where))
    assert opened.has_attr("open")
    assert opened.select_one(f"tr#{anchor}")
    assert opened.summary.get_text() == "Contacts by source: 2 with nothing entered yet, 1 rejected"
    assert part_of(decide(client, address, "reject", second)).has_attr("open"), "the box asks for the reason"


def test_breakdown_when_a_later_file_replaced_it_then_it_does_not_count_as_not_entered(client, address):
    a_load([a_measure(CONTACTS, indicator=CONTACTS)], sha256="f" * 64)
    assert part_of(client.get(address)).summary.get_text() == "Contacts by source: 2 replaced by a later file"


def test_breakdown_when_all_of_it_is_accepted_then_its_line_is_led_to(client, address):
    part = part_of(client.get(address))
    assert decide(client, address, "accept", *picks_of(part))["Location"] == f"{address}#{part['id']}"
    assert part_of(client.get(address)).summary.get_text() == "Contacts by source: 2 the same"


def test_breakdown_when_a_number_was_changed_meanwhile_then_it_stands_open_with_both(client, address, row):
    part = part_of(client.get(address))
    series = Series.objects.get(slice__key="source=police")
    builders.keep(row, {series: builders.a_cell(value=7)})
    assert part_of(decide(client, address, "accept", *picks_of(part))).has_attr("open")
