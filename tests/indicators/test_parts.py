"""Parts of an indicator: their names and pages, who may read protected ones, and a scorecard of activity."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from indicators.balance import COMPARISON, NOT_ADDED_UP, OVERLAPPING, PARTITION
from indicators.committee_table import ACTIVITY_TABLE, COMMITTEE_TABLE
from indicators.models import Dimension, FigureQuery, Scorecard
from indicators.operations.slices import add_dimension, slice_row
from indicators.rag import Polarity
from indicators.roles import Role
from indicators.selectors.books import book_of
from indicators.selectors.parts import all_parted
from indicators.units import Unit
from indicators.variation_table import REPORTED_ACTIVITY_TABLE
from tests import builders as b
from tests.indicators.test_reconciling import a_count
from tests.parity import csv_of, soup_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = "/northshire/indicators/referrals/"
CARD = "/northshire/scorecards/demand/"
SignIn = Callable[..., Client]
SEES, SEES_NOT = Role.BOARD_MEMBER, Role.FINANCE_OFFICER


class World:
    """1,257 referrals, by source (a partition) and by sex (protected), all approved, and one indicator beside them."""

    def __init__(self) -> None:
        add_dimension(code="source", name="Source", kind="partition",
                      categories=[("police", "Police"), ("schools", "Schools")])  # fmt: skip
        add_dimension(code="sex", name="Sex", kind="partition", categories=[("female", "Female"), ("male", "Male")])
        Dimension.objects.filter(code="sex").update(is_protected=True)
        self.scorecard = b.a_scorecard(code="demand")
        Scorecard.objects.filter(pk=self.scorecard.pk).update(purpose=Scorecard.Purpose.ACTIVITY)
        numbers = {"": 1257, "source=police": 900, "source=schools": 357, "sex=female": 600, "sex=male": 657}
        self.made = {key: self._counted("referrals", key) for key in numbers}
        cells = {self.made[key].series.pk: a_count(number) for key, number in numbers.items()}
        cells[self._counted("contacts").series.pk] = a_count(4000)
        self.row = b.a_return(self.scorecard, state="approved", cells=cells)

    def _counted(self, code: str, slice_key: str = "") -> b.Measure:
        return b.an_indicator(
            code, name=code.capitalize(), scorecard=self.scorecard, unit=Unit.COUNT, polarity=Polarity.NONE,
            slice_key=slice_key, counts="events",
        )  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    return b.kept(World)()


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return " ".join(BeautifulSoup(response.content, "lxml").get_text(" ").split())


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


def test_part_when_it_has_a_page_then_it_is_named_with_its_category_and_leads_to_the_whole(world, signed_in: SignIn):
    found = text(signed_in(b.a_user(SEES)), f"{PAGE}?slice=source%3Dpolice")
    assert "Referrals: Police" in found
    assert "The whole, and all its parts" in found
    assert "900" in found


def test_whole_when_it_has_parts_then_each_dimension_has_a_table_that_says_whether_it_adds_up(world, signed_in):
    found = text(signed_in(b.a_user(SEES)), PAGE)
    assert "Source, 2021/22 Q4" in found
    assert "The categories make 1,257, which is the whole." in found
    assert "71.6%" in found  # 900 of 1,257


@pytest.mark.parametrize("is_of_period", [True, False])
def test_part_when_a_query_of_it_is_open_then_it_stands_in_the_row_whether_or_not_it_names_a_period(
    world, signed_in, is_of_period
):
    FigureQuery.objects.create(
        partnership=world.scorecard.partnership, source=b.a_source(), paragraph="17", code="police",
        series=world.made["source=police"].series, period=b.a_period(b.Q4) if is_of_period else None,
        question="Is it 900 or 890?",
    )  # fmt: skip
    found = soup_of(signed_in(b.a_user(SEES)), PAGE)
    rows = [words(row.get_text(" ")) for row in found.select("table.points tr") if "890" in row.get_text()]
    assert len(rows) == 1
    assert rows[0].startswith("Police Query Is it 900 or 890? 900")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([b.a_cell(value="33")] * 3, "The categories make 99%, and the whole is 100%: as rounding allows."),
        ([b.a_cell(value=v) for v in ("33", "33", "32")], "The categories make 98% of 100%: 2 points are not stated."),
        ([b.a_cell(value="33.3")] * 3, "The categories make 99.9%, and the whole is 100%: as rounding allows."),
        ([b.a_cell(value=v) for v in ("33.4", "33.4", "33.4")],
         "The categories make 100.2%, 0.2 points more than the whole of 100%; rounding explains 0.15 points at most."),
        ([b.a_cell(1, 3)] * 3, "The categories make 100%, and the whole is 100%: as rounding allows."),
    ],
)  # fmt: skip
def test_shares_when_typed_as_rounded_then_they_make_100_as_far_as_rounding_allows(db, signed_in, cells, sentence):
    codes = ("neglect", "emotional", "physical")
    add_dimension(code="abuse", name="Abuse", kind="partition", categories=[(c, c.capitalize()) for c in codes])
    card = b.a_scorecard(code="demand")
    made = [b.an_indicator("plans", scorecard=card, target=None, slice_key=f"abuse={code}") for code in codes]
    told = [replace(cell, keep_reason="As the service gave them.") for cell in cells]
    b.a_return(card, state="approved", cells={m.series.pk: cell for m, cell in zip(made, told, strict=True)})
    book = book_of(card.partnership, ["plans"], sees_protected=False)
    (one,) = all_parted(book, "plans", "2021-22-q4")
    assert one.result is not None
    assert one.result.sentence == sentence


def test_part_when_there_is_none_then_not_found(world, signed_in: SignIn):
    assert status(signed_in(b.a_user(SEES)), f"{PAGE}?slice=source%3Dnobody") == 404


@pytest.mark.parametrize(("role", "sees"), [(SEES, True), (SEES_NOT, False), (Role.ADMINISTRATOR, False)])
def test_protected_part_when_asked_for_then_only_for_who_may_read_it(world, signed_in: SignIn, role, sees):
    client = signed_in(b.a_user(role))
    assert status(client, f"{PAGE}?slice=sex%3Dmale") == (200 if sees else 404)
    assert ("By sex" in text(client, PAGE) or "Sex, 2021/22 Q4" in text(client, PAGE)) is sees
    assert ("Referrals: Male" in text(client, f"{CARD}?parts=show")) is sees


@pytest.mark.parametrize(("role", "sees"), [(SEES, True), (SEES_NOT, False)])
def test_file_when_downloaded_then_it_holds_no_protected_part_for_who_may_not_read_it(world, signed_in, role, sees):
    client = signed_in(b.a_user(role))
    file = b"".join(client.get("/northshire/scorecards/demand.csv?parts=show").streaming_content).decode()
    assert ("sex=male" in file) is sees
    assert "source=police" in file
    assert status(client, "/northshire/indicators/referrals/figures.csv?slice=sex%3Dmale") == (200 if sees else 404)


@pytest.mark.parametrize(("role", "sees"), [(SEES, True), (SEES_NOT, False), (Role.ADMINISTRATOR, False)])
def test_scorecard_for_the_board_when_asked_for_then_only_for_who_may_read_it(world, signed_in: SignIn, role, sees):
    Scorecard.objects.update(audience=Scorecard.Readers.BOARD)
    client = signed_in(b.a_user(role))
    assert (status(client, CARD), status(client, PAGE)) == ((200, 200) if sees else (404, 404))
    assert ("Demand key" in text(client, "/northshire/scorecards/")) is sees
    assert ("Referrals" in text(client, "/northshire/indicators/")) is sees


def test_activity_when_shown_then_nothing_is_rated_and_parts_wait_until_asked_for(world, signed_in: SignIn):
    client = signed_in(b.a_user(SEES))
    found = text(client, CARD)
    assert "2 of 2 rows have a figure" in found
    assert "Not judged" not in found
    assert "none set" not in found
    assert "Referrals: Police" not in found
    assert "Referrals: Police" in text(client, f"{CARD}?parts=show")
    nothing = text(client, f"{CARD}?q=nothing-is-called-so")
    assert "No indicator passes these filters" in nothing
    assert "rows have a figure" not in nothing


@pytest.mark.parametrize("query", ["", "?parts=show", "?parts=show&show=variation"])
def test_activity_when_shown_then_the_screen_is_the_file(world, signed_in: SignIn, query):
    client = signed_in(b.a_user(SEES))
    header, rows = csv_of(client, f"/northshire/scorecards/demand.csv{query}")
    spec = REPORTED_ACTIVITY_TABLE
    columns = [column for column in spec.columns if column.text and (column.key != "variation" or "show=" in query)]
    values = [spec.values_from_csv(header, row) for row in rows]
    expected = [[words(" ".join(column.text(v))) for column in columns] for v in values]
    soup = soup_of(client, f"{CARD}{query}")
    for unseen in soup.select("table.sc [aria-hidden], table.sc .spark, table.sc .vh"):
        unseen.decompose()
    found = [
        [words(cell.get_text(" ")) for cell in tr.find_all(["th", "td"])] for tr in soup.select("table.sc tbody tr")
    ]
    assert [row for row in found if len(row) > 1] == expected
    assert len(rows) == (6 if query else 2)


def test_activity_table_when_compared_with_the_committee_table_then_the_file_is_the_same():
    assert ACTIVITY_TABLE.header == COMMITTEE_TABLE.header


def test_home_when_only_activity_is_reported_then_it_counts_in_no_headline(world, signed_in: SignIn):
    said = text(signed_in(b.a_user(SEES)), "/northshire/").rpartition("About this page")[0]
    assert said
    assert "could be judged" not in said


@pytest.mark.parametrize("sees_protected", [True, False])
def test_book_when_read_then_as_many_queries_whatever_is_in_it(world, sees_protected, django_assert_num_queries):
    with django_assert_num_queries(7):
        book = book_of(world.scorecard.partnership, ["referrals", "nothing"], sees_protected=sees_protected)
    held = [book.held("referrals", "2021-22-q4", key) for key in ("", "source=police")]
    assert [one.measured.value for one in held if one] == [1257, 900]
    assert [one.name for one in all_parted(book, "referrals", "2021-22-q4")] == (
        ["Sex", "Source"] if sees_protected else ["Source"]
    )
    assert book.held("referrals", "2021-22-q3") is None
    assert book.version("nothing", b.TODAY) is None


def test_kinds_of_dimensions_when_compared_with_the_stored_ones_then_the_same():
    assert {PARTITION, OVERLAPPING, COMPARISON} == set(Dimension.Kind.values)
    assert set(NOT_ADDED_UP) == {OVERLAPPING, COMPARISON}


def test_part_when_its_category_says_nothing_by_itself_then_it_is_named_with_its_dimension():
    for code, name in (("disability", "Disability"), ("asylum", "Unaccompanied asylum seeking")):
        add_dimension(code=code, name=name, kind="partition", categories=[("yes", "Yes"), ("not-stated", "Not stated")])
    names = [slice_row(key).name for key in ("disability=yes", "asylum=yes", "asylum=not-stated")]
    assert names == ["Disability: yes", "Unaccompanied asylum seeking: yes", "Unaccompanied asylum seeking: not stated"]


def test_whole_when_only_its_parts_are_held_for_a_period_then_its_page_of_that_period_is_there(world, signed_in):
    earlier = b.a_period(b.Q4.previous())
    b.a_figure(world.made["source=police"], b.Q4.previous(), value=700)
    client = signed_in(b.a_user(SEES))
    assert "700" in text(client, f"{PAGE}?period={earlier.slug}")
    assert status(client, f"{PAGE}?period=2001-02-q1") == 404


def test_scorecard_when_no_whole_stands_among_its_lines_then_nothing_waits_to_be_shown(signed_in: SignIn, db):
    add_dimension(code="source", name="Source", kind="partition", categories=[("police", "Police")])
    card = b.a_scorecard(code="demand")
    Scorecard.objects.update(purpose=Scorecard.Purpose.ACTIVITY)
    part = b.an_indicator(
        "referrals", scorecard=card, unit=Unit.COUNT, polarity=Polarity.NONE, slice_key="source=police"
    )
    b.a_return(card, state="approved", cells={part.series.pk: a_count(5)})
    assert "parts too" not in text(signed_in(b.a_user(SEES)), CARD)
