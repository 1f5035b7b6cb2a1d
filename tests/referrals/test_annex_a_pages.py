"""What was computed from an Annex A file, beside the returns: compared, accepted, rejected, downloaded, listed."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from indicators.measurement import Basis
from indicators.models import AuditEvent, DraftCell
from indicators.operations import OperationError, slices
from indicators.roles import Role
from indicators.units import Unit
from referrals.annex_a.answer import OTHER_NAME, neutral_sheet
from referrals.annex_a.load_tables import FINDINGS_TABLE, MEASURES_TABLE, cells_words, lists_words
from referrals.annex_a.measures import DURATIONS
from referrals.annex_a.spec import LISTS
from referrals.models import AnnexADecision, AnnexALoad, AnnexAMeasure
from referrals.operations.annex_a import TakenBefore
from referrals.selectors.annex_a_standing import places_of
from tests import builders
from tests.builders import Q3, Q4
from tests.builders.annex_a import a_load, a_measure, a_share
from tests.indicators.return_pages import soup, words
from tests.parity import csv_of, shown, table_named
from tests.parity import words as squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

COMPARED = "Computed figures beside the returns"
SOURCE = "Annex A, reference date 31 March 2022, file 1a2b3c4d"
QUERIES_OF_THE_PAGE, QUERIES_OF_THE_LIST = 16, 9
TIMELY, CONTACTS, OPEN = "assessments-45-days", "contacts", "assessments-open"


@pytest.fixture
def lines(partnership):
    """A share that Annex A feeds, two counts, and one line that it does not feed."""
    count = {"unit": Unit.COUNT, "target": None}
    return {
        TIMELY: builders.an_indicator(TIMELY, name="Assessed in time"),
        CONTACTS: builders.an_indicator(CONTACTS, name="Contacts made", **count),
        OPEN: builders.an_indicator(OPEN, name="Assessments still open", **count),
        "audits": builders.an_indicator("audits", name="Cases audited", **count),
    }


@pytest.fixture
def row(lines):
    return builders.fresh(builders.a_return())


@pytest.fixture
def people(row):
    return builders.the_people(row.partner)


@pytest.fixture
def client(people, signed_in) -> Client:
    return signed_in(people.analyst)


MEASURES = [
    a_share(TIMELY, 18, 20, name="Assessments in time", indicator=TIMELY,
            left_out=[{"reason": "no start date", "number": 2}]),
    a_measure(CONTACTS, numerator="40", indicator=CONTACTS),
    a_measure(CONTACTS, numerator="30", dimension="source", category="police", category_name="Police"),
    a_measure(CONTACTS, numerator="10", dimension="source", category="not-stated", category_name="Not stated"),
    a_measure(OPEN, numerator="14", indicator=OPEN, list=4),
    a_measure("visits", list=7, kind="median", unit="days", numerator=None, denominator="9", value="12.5"),
    a_measure("plans", list=7, numerator=None, left_out=[{"reason": "list 7 is not in the file", "number": 0}]),
]  # fmt: skip


@pytest.fixture
def load(row) -> AnnexALoad:
    return a_load(MEASURES)


def place(load: AnnexALoad, more: str = "") -> str:
    return f"/northshire/annex-a/{load.code}/{more}"


def without_labels(response):
    """A page without the words that only a phone shows before a number."""
    page = soup(response)
    for label in page.select(".lab"):
        assert label["aria-hidden"] == "true"
        label.decompose()
    return page


def compared(page) -> list[list[str]]:
    """The rows of the comparison: figure, computed, left out, in the return, compared."""
    table = table_named(page, COMPARED)
    for group in table.select("tr.grp"):
        group.decompose()
    return [cells[:5] for cells in shown(table)]


def rows_of(client, load) -> dict[str, list[str]]:
    """The comparison, by the name of the line: computed, left out, in the return, compared."""
    return {cells[0]: cells[1:] for cells in compared(without_labels(client.get(place(load))))}


def standing(client, load, name: str) -> str:
    return next(cells[3] for first, cells in rows_of(client, load).items() if first.startswith(name))


def pick(client, load, code: str) -> str:
    """What the buttons of a line carry."""
    found = table_named(soup(client.get(place(load))), COMPARED)
    tr = next(tr for tr in found.select("tbody tr") if tr.select_one(f'a[href$="#{code}"]'))
    return tr.select_one('input[name="pick"]')["value"]


def decide(client, load, do: str, *picks: str, reason: str = ""):
    return client.post(place(load, "decide/"), {"do": do, "pick": picks, "reason": reason}, follow=True)


def cells() -> dict[str, DraftCell]:
    return {cell.series.indicator.code: cell for cell in DraftCell.objects.select_related("series__indicator")}


# Compared


def test_page_when_opened_then_each_fed_line_stands_beside_what_is_entered(client, load, row, lines):
    builders.keep(
        row, {lines[CONTACTS].series: builders.a_cell(value=40), lines[OPEN].series: builders.a_cell(value=9)}
    )
    both = "Left out of both numbers: the share is of the 20 others."
    assert list(rows_of(client, load).values()) == [
        ["90.0% 18 of 20", f"2: no start date {both}", "No figure entered", "Nothing entered yet"],
        ["40", "", "40", "The same"],
        ["14", "", "9", "Different"],
    ]
    said = words(client.get(place(load)))
    assert "2 of 11 lists with 65 rows were read; 9 errors and 1 note were found." in said
    assert "3 figures feed a return of 2021/22 Q4: 1 with nothing entered there yet, 1 the same as" in said
    assert "Accept the 2 of Contract key performance indicators that are new or the same" in said


def test_page_when_a_share_was_entered_as_a_value_only_then_it_is_the_same_if_it_rounds_to_it(client, row, lines):
    builders.keep(row, {lines[TIMELY].series: builders.a_cell(value="66.7")})
    thirds = a_load([a_share(TIMELY, 2, 3, indicator=TIMELY)])
    assert standing(client, thirds, "Assessed in time") == "The same"


def test_page_when_a_paper_states_a_limit_then_what_was_counted_is_different_and_goes_with_no_others(
    client, row, lines
):
    approved = builders.a_return(state="approved")
    builders.a_paper_figure(lines[TIMELY], value=1, qualifier="<")
    builders.a_restatement(approved, [lines[TIMELY].series])
    none = a_load([a_share(TIMELY, 0, 34, indicator=TIMELY)])
    (shown_row,) = rows_of(client, none).values()
    assert shown_row[2:] == ["<1% value only", "Different"]
    page = soup(client.get(place(none)))
    assert len(page.select("#compare td > button")) == 1
    assert not page.select("#compare > form")


def test_page_when_figures_are_approved_then_they_are_shown_and_nothing_can_be_decided(client, row, lines, load):
    builders.a_return(state="approved", cells={lines[CONTACTS].series.pk: builders.a_cell(value=7, commentary="So.")})
    page = soup(client.get(place(load)))
    assert rows_of(client, load)["Contacts made Contacts"][2] == "7"
    assert not page.select('input[name="pick"]')
    group = page.select_one("#compare tr.grp")
    assert "This return is approved; correct a figure by a restatement from the return’s page." in group.get_text()
    assert group.a["href"] == "/northshire/returns/contract/2021-22-q4/trust/1/"
    assert "Correct" in words(client.get(group.a["href"]))
    assert "send it back" not in page.get_text()


def test_page_when_a_correction_is_open_then_its_lines_can_be_accepted_and_the_others_are_shown(
    client, row, lines, load
):
    approved = builders.a_return(state="approved")
    builders.a_restatement(approved, [lines[CONTACTS].series])
    groups = [tr.get_text() for tr in soup(client.get(place(load))).select("#compare tr.grp")]
    assert [text.partition(":")[0] for text in groups] == [
        "Contract key performance indicators, correction 2", "Contract key performance indicators",
    ]  # fmt: skip
    assert "This return is approved, and a correction is open already" in groups[1]
    assert next(iter(rows_of(client, load))) == "Contacts made Contacts"
    assert len(soup(client.get(place(load))).select("#compare td button")) == 2


def test_page_when_the_open_correction_is_of_what_the_file_does_not_feed_then_it_is_said_all_the_same(
    client, row, lines, load
):
    builders.a_restatement(builders.a_return(state="approved"), [lines["audits"].series])
    (group,) = soup(client.get(place(load))).select("#compare tr.grp")
    assert "This return is approved, and a correction is open already: see the return’s page." in group.get_text()


def test_page_when_nothing_feeds_a_return_then_it_says_so(client, people):
    load = a_load(MEASURES, period=Q3)
    assert "None of what was computed feeds a return" in words(client.get(place(load)))
    assert len(shown(table_named(soup(client.get(place(load))), "Measures that feed no return of this period"))) == 4


# A later file


LISTS_1_AND_4 = [
    {"number": s.number, "name": s.name, "sheet": "", "rows": 9 if s.number == 1 else None, "missing_columns": [],
     "left_out": 0}
    for s in LISTS
]  # fmt: skip


def not_there(code: str, number: int, **changes):
    """A measure of a list that is not in the file."""
    why = [{"reason": f"list {number} is not in the file", "number": 0}]
    return a_measure(code, list=number, numerator=None, left_out=why, **changes)


@pytest.fixture
def one_list(load) -> AnnexALoad:
    """A later file of list 1 alone, in which there are more contacts."""
    return a_load(
        [a_measure(CONTACTS, numerator="44", indicator=CONTACTS), not_there(TIMELY, 4, kind="share", unit="percent",
         indicator=TIMELY), not_there(OPEN, 4, indicator=OPEN), not_there("visits", 7), not_there("plans", 7)],
        sha256="c" * 64, kind="csv", lists=LISTS_1_AND_4,
    )  # fmt: skip


def states(client) -> list[str]:
    return [tr.select_one(".state").get_text() for tr in soup(client.get("/northshire/annex-a/")).select("tbody tr")]


def test_page_when_a_later_file_computed_all_of_it_again_then_the_earlier_one_is_superseded(client, load):
    assert "A later file" not in words(client.get(place(load)))
    later = a_load(MEASURES, sha256="f" * 64)
    told = soup(client.get(place(load))).select_one(".told--warning")
    assert told.a["href"] == f"/northshire/annex-a/{later.code}/"
    assert "A later file has replaced lists 1, 4 and 7 of this one." in told.get_text()
    assert not soup(client.get(place(load))).select('input[name="pick"]')
    assert states(client) == ["Latest", "Superseded"]


def test_page_when_a_later_file_held_one_list_then_only_that_is_replaced_and_the_rest_can_be_accepted(
    client, load, one_list
):
    page = soup(client.get(place(load)))
    told = page.select_one(".told--warning")
    assert "A later file has replaced list 1 of this one." in told.get_text()
    assert told.a["href"] == f"/northshire/annex-a/{one_list.code}/"
    assert standing(client, load, "Contacts made") == "Nothing entered yet Replaced by a later file"
    assert "2 with nothing entered there yet, 1 replaced by a later file." in words(client.get(place(load)))
    assert page.select_one(f'tr[id] .do a[href$="{one_list.code}/"]')
    assert states(client) == ["Latest", "Partly replaced"]
    said = words(decide(client, load, "accept", pick(client, load, OPEN)))
    assert "1 figure is saved" in said
    assert cells()[OPEN].value == 14


def test_page_of_the_later_file_when_it_held_one_list_then_what_it_lacks_is_one_sentence_and_no_row(
    client, load, one_list
):
    assert list(rows_of(client, one_list)) == ["Contacts made Contacts"]
    said = words(client.get(place(one_list)))
    assert "4 of 5 measures were not computed: lists 4 and 7 are not in the file." in said
    assert "1 figure feeds a return of 2021/22 Q4: 1 with nothing entered there yet." in said
    assert (
        f'<a href="/northshire/annex-a/{load.code}/">the file taken in on'
        in client.get(place(one_list)).content.decode()
    )
    assert "No value" not in said


@pytest.mark.parametrize("do", ["accept", "reject"])
def test_decision_when_a_later_file_came_in_meanwhile_then_it_is_refused(client, load, do):
    chosen = pick(client, load, CONTACTS)
    a_load([a_measure(CONTACTS, numerator="44", indicator=CONTACTS)], sha256="c" * 64)
    said = words(decide(client, load, do, chosen, reason="Counted twice"))
    assert "A later file has replaced “Contacts”, so it is decided there, not here." in said
    assert ("You had typed: “Counted twice”" in said) is (do == "reject")
    assert (cells(), AnnexADecision.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    ("second", "whole", "part"),
    [
        ([CONTACTS, TIMELY], [1], [4]),
        ([CONTACTS, TIMELY, OPEN], [1, 4], []),
        ([OPEN], [], [4]),
        (["others"], [], []),
        ([], [], []),
    ],
)
def test_place_when_a_later_load_computed_some_then_those_stand_there_and_a_third_takes_over(row, second, whole, part):
    lists = {CONTACTS: 1, TIMELY: 4, OPEN: 4, "others": 2}
    first = a_load([a_measure(code, list=lists[code]) for code in (CONTACTS, TIMELY, OPEN)])
    measures = [a_measure(c, list=lists[c]) if c in second else not_there(c, n) for c, n in lists.items()]
    later = a_load(measures, sha256="c" * 64)
    other_period = a_load([a_measure(CONTACTS)], period=Q3)
    places = places_of([first, later, other_period])
    assert places[first.pk].replaced_lists == (whole, part)
    assert set(places[first.pk].replaced) == set(second) - {"others"}
    assert places[first.pk].is_superseded is (len(set(second) - {"others"}) == 3)
    assert set(places[later.pk].elsewhere) == {CONTACTS, TIMELY, OPEN} - set(second)
    assert (places[other_period.pk].replaced, places[other_period.pk].elsewhere) == ({}, {})
    third = a_load([a_measure(CONTACTS)], sha256="d" * 64)
    by = places_of([first])[first.pk].replaced
    assert {code: one.pk for code, one in by.items()} == dict.fromkeys(set(second) - {"others"}, later.pk) | {
        CONTACTS: third.pk
    }


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([3], "list 3"), ([1, 2], "lists 1 and 2"), ([1, 2, 4, 5, 6], "lists 1, 2 and 4 to 6"),
     (list(range(1, 12)), "lists 1 to 11"), ([1, 3, 5], "lists 1, 3 and 5")],
)  # fmt: skip
def test_lists_when_written_then_runs_are_joined(numbers, expected):
    assert lists_words(numbers) == expected


# Read


def test_page_when_the_file_has_lists_findings_and_durations_then_each_is_told(client, load):
    page = without_labels(client.get(place(load)))
    lists = shown(table_named(page, "The eleven lists"))
    assert lists[0] == ["1. Contacts List 1", "40", "0", "none"]
    assert lists[3][2:] == ["2", "Gender"]
    assert lists[6][1:] == ["not in the file", "", ""]
    heading = "How long assessments took: half of 25 within 18 working days, 12.0% past 45 working days"
    assert shown(table_named(page, heading))[1] == ["11 to 20", "10", "40.0%", ""]
    assert [r["width"] for r in page.select(".span .hbar rect")] == ["400", "1000", "800", "300"]
    assert "2 sheets were no list and were not read." in page.select_one("#lists").get_text()
    late = shown(table_named(page, "Open cases that are past their clock"))
    assert late == [["Open assessments past 45 working days List 4, Assessments", "3", "of 14, 21.4%", ""]]
    assert shown(table_named(page, "Contacts by source")) == [["Police", "30"], ["Not stated", "10"]]


def test_page_when_a_band_holds_very_few_then_its_bar_is_seen_all_the_same(client, row):
    bands = [
        {"label": "0 to 10", "from_days": 0, "to_days": 10, "number": 900},
        {"label": "11 and more", "from_days": 11, "to_days": None, "number": 1},
    ]
    long = {"code": "days", "name": "Days", "list": 4, "clock": "", "median": "5", "words": "W.", "left_out": []}
    few = a_load(durations=[long | {"bands": bands}])
    assert [r["width"] for r in soup(client.get(place(few))).select(".span .hbar rect")] == ["1000", "4"]


# Accepted and rejected


def test_figure_when_accepted_then_it_is_in_the_return_with_its_counts_and_source_and_its_words_stay(
    client, people, load, row, lines
):
    before = builders.a_cell(9, 20, commentary="Two left.", headline="Two left", confidence="high", source_system="Old")
    builders.keep(row, {lines[TIMELY].series: before}, by=people.second_analyst)
    said = words(decide(client, load, "accept", pick(client, load, TIMELY)))
    name = "Contract key performance indicators"
    assert f"Accepted: 1 figure is saved in the return “{name}”. Nothing is submitted yet." in said
    cell = cells()[TIMELY]
    assert (cell.basis, cell.numerator, cell.denominator) == (Basis.DERIVED, 18, 20)
    assert (cell.source_system, cell.as_at_on) == (SOURCE, Q4.end_on)
    assert (cell.commentary, cell.headline, cell.confidence) == ("Two left.", "Two left", "high")
    decision = AnnexADecision.objects.get()
    assert (decision.measure.code, decision.in_return, decision.decision) == (TIMELY, row, "accepted")
    assert (decision.by, decision.at, decision.reason) == (people.analyst, builders.NOW, None)
    assert people.analyst in row.contributors.all()
    assert standing(client, load, "Assessed in time") == "The same Accepted by Trust analyst, 7 July 2022"


def test_figures_when_each_can_be_accepted_then_their_buttons_belong_to_one_form_that_is_whole(client, load):
    page = soup(client.get(place(load)))
    buttons = page.select("#compare td > button")
    assert [b["value"] for b in buttons] == [pick(client, load, code) for code in (TIMELY, CONTACTS, OPEN)]
    assert {(b["form"], b["name"]) for b in buttons} == {("accept", "pick")}
    form = page.select_one("form#accept")
    assert form["action"] == place(load, "decide/")
    assert {i["name"] for i in form.select("input")} == {"csrfmiddlewaretoken", "form_owner", "do"}
    assert form.select_one("[name=do]")["value"] == "accept"


def test_figures_when_all_are_accepted_then_what_differs_and_what_was_rejected_stay(client, load, row, lines):
    builders.keep(row, {lines[OPEN].series: builders.a_cell(value=9)})
    decide(client, load, "reject", pick(client, load, TIMELY), reason="Team two was not counted.")
    picks = [i["value"] for i in soup(client.get(place(load))).select("#compare > form input[name=pick]")]
    assert len(picks) == 1
    decide(client, load, "accept", *picks)
    assert {code: cell.value for code, cell in cells().items()} == {CONTACTS: 40, OPEN: 9}


def test_figures_when_they_belong_to_several_returns_then_each_has_its_button_and_the_sentence_says_how_many(
    client, load, lines
):
    slices.add_dimension(code="source", name="Source", kind="partition", categories=[("police", "Police")])
    demand = builders.a_scorecard(code="demand")
    demand.name = "Demand"
    demand.save()
    parts = {"unit": Unit.COUNT, "target": None, "scorecard": demand}
    builders.an_indicator("referrals", **parts)
    builders.an_indicator("referrals", slice_key="source=police", **parts)
    builders.a_return(demand)
    more = a_measure("referrals", numerator="3", list=3, indicator="referrals")
    police = {"dimension": "source", "category": "police", "slice": "source=police"}
    both = a_load([*MEASURES, more, more | police], sha256="b" * 64)
    forms = soup(client.get(place(both))).select("#compare > form")
    assert [f.button.get_text() for f in forms] == [
        "Accept the 3 of Contract key performance indicators that are new or the same",
        "Accept the 2 of Demand that are new or the same",
    ]
    (by,) = soup(client.get(place(both))).select("#compare details.part > form")
    assert by.button.get_text() == "Accept Referrals by source (1) of Demand"
    picks = [[i["value"] for i in f.select("input[name=pick]")] for f in forms]
    said = words(decide(client, both, "accept", *picks[0]))
    assert "Accepted: 3 figures are saved in the return “Contract key performance indicators”. Nothing is" in said
    assert set(cells()) == {TIMELY, CONTACTS, OPEN}
    said = words(decide(client, both, "accept", *picks[1]))
    assert "Accepted: 2 figures are saved in the return “Demand”." in said
    assert "Nothing changed: the return says what was accepted already." in words(
        decide(client, both, "accept", *picks[1])
    )


def test_reason_when_it_is_missing_or_too_long_then_its_box_is_open_marked_and_linked_and_keeps_what_was_typed(
    client, load
):
    for reason, why in (("", "Say why “Contacts” is rejected."), ("x" * 301, "Shorten the reason to 300 characters.")):
        page = soup(decide(client, load, "reject", pick(client, load, CONTACTS), reason=reason))
        link = page.select_one(".govuk-error-summary a")
        box = page.select_one(link["href"])
        assert link.get_text().startswith(why)
        assert (box["value"], box["name"], box["aria-invalid"]) == (reason, "reason", "true")
        assert page.find(id=box["aria-describedby"]).get_text().startswith(f"Error: {why}")
        assert box.find_parent("details").has_attr("open")
        assert len(page.select("details.why[open]")) == 1
        assert page.title.get_text().startswith("Error: ")


def test_figure_when_accepted_twice_then_it_is_recorded_once(client, load):
    chosen = pick(client, load, CONTACTS)
    decide(client, load, "accept", chosen)
    assert "Nothing changed" in words(decide(client, load, "accept", chosen))
    assert (AnnexADecision.objects.count(), cells()[CONTACTS].version) == (1, 1)


def test_figure_when_changed_meanwhile_then_both_are_shown_and_nothing_is_accepted(client, people, load, row, lines):
    stale = [pick(client, load, TIMELY), pick(client, load, CONTACTS)]
    builders.keep(row, {lines[CONTACTS].series: builders.a_cell(value=41)}, by=people.second_analyst)
    said = words(decide(client, load, "accept", *stale))
    assert "Contacts made: Trust second analyst has saved 41 meanwhile; Annex A says 40." in said
    assert not AnnexADecision.objects.exists()
    assert set(cells()) == {CONTACTS}
    decide(client, load, "accept", pick(client, load, CONTACTS))
    assert cells()[CONTACTS].value == 40


def test_figure_when_rejected_then_the_reason_stays_visible_and_the_return_as_it_is(client, people, load):
    decide(client, load, "reject", pick(client, load, CONTACTS), reason="  Counted  twice. ")
    said = "Nothing entered yet Rejected by Trust analyst, 7 July 2022 “Counted twice.”"
    assert standing(client, load, "Contacts made") == said
    assert cells() == {}
    decide(client, load, "accept", pick(client, load, CONTACTS))
    assert standing(client, load, "Contacts made") == "The same Accepted by Trust analyst, 7 July 2022"
    assert list(AnnexADecision.objects.values_list("decision", flat=True)) == ["rejected", "accepted"]


@pytest.mark.parametrize(
    ("do", "chosen", "reason", "expected"),
    [
        ("reject", "own", " ", "Say why “Contacts” is rejected."),
        ("reject", "own", "x" * 301, "Shorten the reason to 300 characters."),
        ("reject", "own", "a\x00b", "There is a sign in this text that cannot be stored. Type the text anew."),
        ("reject", "own", "Twice\x0b", "There is a sign in this text that cannot be stored. Type the text anew."),
        ("reject", "own", "\u200b", "Say why “Contacts” is rejected."),
        ("reject", "own", "\u2060 \u00ad\ufeff\u3164\u034f", "Say why “Contacts” is rejected."),
        ("", "own", "", "Choose whether to accept or to reject."),
        ("delete", "own", "Counted twice", "Choose whether to accept or to reject."),
        ("Accept", "own", "", "Choose whether to accept or to reject."),
        ("accept", "", "", "What was chosen does not belong to this file."),
        ("accept", "999999:1:0.0:0", "", "What was chosen does not belong to this file."),
        ("accept", "DROP TABLE", "", "What was chosen does not belong to this file."),
    ],
)
def test_decision_when_it_lacks_something_then_it_says_what_and_nothing_changes(
    client, load, do, chosen, reason, expected
):
    picks = [pick(client, load, CONTACTS) if chosen == "own" else chosen] if chosen else []
    assert expected in words(decide(client, load, do, *picks, reason=reason))
    assert cells() == {}
    assert not AnnexADecision.objects.exists()


def test_decision_when_the_form_does_not_say_which_then_it_is_refused(client, load):
    said = words(client.post(place(load, "decide/"), {"pick": pick(client, load, CONTACTS)}))
    assert "Choose whether to accept or to reject. Nothing was changed." in said
    assert (cells(), AnnexADecision.objects.count()) == ({}, 0)


def test_figures_when_several_are_rejected_at_once_then_it_is_refused(client, load):
    picks = [pick(client, load, CONTACTS), pick(client, load, OPEN)]
    assert "Reject one figure at a time" in words(decide(client, load, "reject", *picks, reason="Counted twice"))
    assert not AnnexADecision.objects.exists()


def test_rejection_when_the_figure_was_accepted_meanwhile_then_it_is_refused_and_the_words_can_still_be_read(
    client, load
):
    stale = pick(client, load, CONTACTS)
    decide(client, load, "accept", stale)
    said = words(decide(client, load, "reject", stale, reason="Counted twice"))
    assert "“Contacts” was decided after the page was opened. Nothing was changed" in said
    assert "You had typed: “Counted twice”" in said
    assert AnnexADecision.objects.get().decision == "accepted"
    assert standing(client, load, "Contacts made") == "The same Accepted by Trust analyst, 7 July 2022"


def test_acceptance_when_the_figure_was_rejected_meanwhile_then_it_is_refused_and_nothing_is_entered(client, load):
    stale = [pick(client, load, TIMELY), pick(client, load, CONTACTS)]
    decide(client, load, "reject", stale[1], reason="Counted twice")
    said = words(decide(client, load, "accept", *stale))
    assert "“Contacts” was decided after the page was opened. Nothing was changed" in said
    assert (cells(), AnnexADecision.objects.get().decision) == ({}, "rejected")


def test_rejection_when_the_cell_was_changed_meanwhile_then_it_is_refused_and_the_box_keeps_the_words(
    client, people, load, row, lines
):
    stale = pick(client, load, CONTACTS)
    builders.keep(row, {lines[CONTACTS].series: builders.a_cell(value=41)}, by=people.second_analyst)
    page = soup(decide(client, load, "reject", stale, reason="Counted twice"))
    link = page.select_one(".govuk-error-summary a")
    assert link.get_text().startswith("The return says something else for “Contacts” than when the page was opened.")
    assert page.select_one(link["href"])["value"] == "Counted twice"
    assert not AnnexADecision.objects.exists()
    decide(client, load, "reject", pick(client, load, CONTACTS), reason="Counted twice")
    assert AnnexADecision.objects.get().decision == "rejected"


def test_rejection_when_somebody_gave_another_reason_meanwhile_then_that_stands_and_the_same_twice_is_one(client, load):
    stale = pick(client, load, CONTACTS)
    for _ in range(2):
        assert "is rejected" in words(decide(client, load, "reject", stale, reason="Counted twice"))
    assert "was decided after" in words(decide(client, load, "reject", stale, reason="Another team"))
    assert [d.reason.body for d in AnnexADecision.objects.all()] == ["Counted twice"]


def test_rejection_when_the_return_says_just_that_then_it_is_refused(client, load):
    decide(client, load, "accept", pick(client, load, CONTACTS))
    measure, held = AnnexAMeasure.objects.get(code=CONTACTS, dimension=""), AnnexADecision.objects.get()
    forged = f"{measure.pk}:{held.in_return_id}:0.{cells()[CONTACTS].version}:{held.pk}"
    assert "stands in the return already" in words(decide(client, load, "reject", forged, reason="Counted twice"))
    assert AnnexADecision.objects.count() == 1


@pytest.mark.parametrize("do", ["accept", "reject"])
def test_decision_when_the_return_was_submitted_meanwhile_then_it_is_refused(client, people, load, row, do):
    chosen = pick(client, load, CONTACTS)
    builders.fill(row)
    builders.submit(row)
    assert "so " in words(decide(client, load, do, chosen, reason="Late"))
    assert not AnnexADecision.objects.exists()


def test_decision_when_another_file_of_another_period_is_named_then_it_is_refused(client, load):
    other = a_load(MEASURES, period=Q3)
    assert "does not belong" in words(decide(client, other, "accept", pick(client, load, CONTACTS)))


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        (a_share(TIMELY, 3, 2, indicator=TIMELY), "Numerator must be 2 or less."),
        (a_measure(TIMELY, indicator=TIMELY), "It is counted in another unit than the return asks for."),
        (a_measure(CONTACTS, numerator=None, denominator="0", indicator=CONTACTS),
         "It could not be computed from this file."),
        (a_measure(OPEN, numerator="2.5", indicator=OPEN), ""),
    ],
)  # fmt: skip
def test_measure_when_it_cannot_be_entered_then_it_says_why_and_has_no_button(client, row, measure, why):
    load = a_load([measure])
    found = next(iter(rows_of(client, load).values()))
    if why:
        assert found[3].startswith(f"Cannot be entered {why}")
        assert not soup(client.get(place(load))).select('input[name="pick"]')


def test_share_of_nobody_when_accepted_then_it_is_no_cohort(client, row):
    load = a_load([a_share(TIMELY, 0, 0, indicator=TIMELY)])
    decide(client, load, "accept", pick(client, load, TIMELY))
    assert cells()[TIMELY].missing_reason == "no_cohort"


# Who


def test_page_when_an_approver_reads_it_then_nothing_can_be_decided(people, load, signed_in):
    lead = signed_in(people.lead)
    assert "Contacts made" in words(lead.get(place(load)))
    assert not soup(lead.get(place(load))).select('input[name="pick"]')
    assert lead.post(place(load, "decide/"), {"do": "accept"}).status_code == 403


def test_page_when_a_finance_officer_reads_it_then_who_the_children_are_is_left_out(client, row, signed_in):
    sexes = [a_measure(CONTACTS, dimension="sex", category=c, category_name=c.capitalize()) for c in ("male", "female")]
    load = a_load([*MEASURES, *sexes])
    officer = signed_in(builders.a_user(Role.FINANCE_OFFICER, partner=row.partner))
    for reader, seen in ((client, True), (officer, False)):
        page = words(reader.get(place(load)))
        assert "Contacts by source" in page
        assert ("Contacts by sex" in page) is seen
        header, rows = csv_of(reader, place(load, "measures.csv"))
        assert ("sex" in {r[header.index("dimension")] for r in rows}) is seen


def test_list_when_somebody_reads_it_then_only_loads_whose_returns_they_read(load, people, signed_in):
    police = builders.a_partner("police")
    a_load(partner=police)
    seen = {
        name: len(soup(signed_in(user).get("/northshire/annex-a/")).select("tbody tr"))
        for name, user in (
            ("analyst", people.analyst), ("police", builders.the_people(police).analyst), ("council", people.acceptor),
            ("finance", builders.a_user(Role.FINANCE_OFFICER, partner=police)),
        )
    }  # fmt: skip
    assert seen == {"analyst": 1, "police": 1, "council": 2, "finance": 1}


def test_successor_when_functions_passed_over_then_it_reads_and_decides_for_periods_before(load, row, signed_in):
    council = builders.a_partner("council")
    builders.a_succession(row.partner, council, builders.TODAY)
    heir = signed_in(builders.the_people(council).analyst)
    assert len(soup(heir.get("/northshire/annex-a/")).select("tbody tr")) == 1
    decide(heir, load, "accept", pick(heir, load, CONTACTS))
    assert cells()[CONTACTS].value == 40


# Files


def test_file_of_measures_when_downloaded_then_it_is_the_page_and_put_on_record(client, people, load, row, lines):
    builders.keep(row, {lines[CONTACTS].series: builders.a_cell(value=41)})
    decide(client, load, "reject", pick(client, load, CONTACTS), reason="=1+1")
    header, rows = csv_of(client, place(load, "measures.csv"))
    values = [MEASURES_TABLE.values_from_csv(header, r) for r in rows]
    page = without_labels(client.get(place(load)))
    columns = {column.key: column for column in MEASURES_TABLE.columns}

    def lines_of(row_values, *keys):
        return [squeezed(" ".join(columns[key].text(row_values))) for key in keys]

    fed = [v for v in values if v["feeds"]]
    groups = [tr.get_text().partition(":")[0].strip() for tr in page.select("#compare tr.grp")]
    assert groups == list(dict.fromkeys(lines_of(v, "return")[0] for v in fed))
    assert compared(page) == [lines_of(v, "feeds", "value", "left_out", "entered", "standing") for v in fed]
    lacking = [v for v in values if v["numerator"] is None and v["denominator"] is None and v["value"] is None]
    assert [v["code"] for v in lacking] == ["plans"]
    others = [v for v in values if not v["feeds"] and not v["category"] and v not in lacking]
    assert shown(table_named(page, "Measures that feed no return of this period")) == [
        lines_of(v, "measure", "value", "left_out") for v in others
    ]
    parts = [v for v in values if not v["feeds"] and v["category"]]
    assert shown(table_named(page, "Contacts by source")) == [lines_of(v, "category", "value") for v in parts]
    assert len(fed) + len(others) + len(parts) + len(lacking) == len(MEASURES)
    assert (fed[1]["reason"], fed[1]["value"]) == ("=1+1", Decimal(40))
    event = AuditEvent.objects.get(kind="exported_unpublished")
    assert event.what == "Annex A northshire/2021-22-q4-trust-1 as CSV, with figures that are not approved"


@pytest.mark.parametrize("page", ["", "findings/"])
def test_file_of_findings_when_downloaded_then_it_is_what_the_pages_show(client, load, page):
    header, rows = csv_of(client, place(load, "findings.csv"))
    values = [FINDINGS_TABLE.values_from_csv(header, row) for row in rows]
    parsed = without_labels(client.get(place(load, page)))
    assert shown(table_named(parsed, "Findings by list and column")) == [
        [squeezed(" ".join(column.text(v))) for column in FINDINGS_TABLE.columns] for v in values
    ]
    assert values[0]["cells"] == "G3, G4, G5, G6, G7, G8, G9, G10"


def test_findings_when_they_are_many_then_the_load_shows_the_first_and_their_page_all(client, row):
    kind = {"severity": "note", "list": 1, "code": "placeholder", "message": "Taken as empty.", "number": 2}
    columns = [column.header for spec in LISTS[5:8] for column in spec.columns]
    many = [kind | {"list": spec.number, "column": c.header} for spec in LISTS[5:8] for c in spec.columns]
    load = a_load(finding_counts=many, findings=[])
    assert len(shown(table_named(soup(client.get(place(load))), "Findings by list and column"))) == 10
    assert f"All {len(columns)} kinds of findings" in words(client.get(place(load)))
    pages = [len(soup(client.get(place(load, f"findings/?page={n}"))).select("tbody tr")) for n in (1, 2)]
    assert sum(pages) == len(columns)


@pytest.mark.parametrize(
    ("cells", "number", "expected"),
    [
        ("", 1, "the whole list"),
        ("", 12, "12 places"),
        ("D4", 1, "D4"),
        ("A1, A2, A3, A4, A5, A6, A7", 7, "A1, A2, A3, A4, A5, A6 and 1 more"),
        ("A1", 1_200, "A1 and 1,199 more"),
    ],
)
def test_cells_when_written_then_the_first_and_how_many_more(cells, number, expected):
    assert cells_words(cells, number) == (expected,)


# What is declared


def test_measures_when_declared_then_each_stands_on_their_page_with_its_words(client):
    page = soup(client.get("/northshire/annex-a/measures/"))
    said = squeezed(page.main.get_text(" "))
    shares = [
        tr.get_text() for tr in page.select("table.declared tr[id]") if tr.select_one(".nd").get_text() == "Share"
    ]
    assert all("A row that does not tell is left out of both numbers" in text for text in shares)
    from_list_1 = page.select_one("#contacts")
    assert "Rows of list 1 (contacts) where" in from_list_1.get_text()
    assert f"{len(page.select('table.declared tbody tr[id]'))} measures, each" in said
    sources = [td.select_one(".nd") for td in page.select("table.declared")[-1].select("tbody td")][: len(DURATIONS)]
    assert [nd.get_text() if nd else "" for nd in sources] == [one.source for one in DURATIONS]


def test_measures_when_the_partnership_holds_what_they_stand_for_then_its_name_leads_there(client, lines):
    row = soup(client.get("/northshire/annex-a/measures/")).select_one("#contacts")
    assert [(a.get_text(), a["href"]) for a in row.select("a")] == [
        ("Contacts made", "/northshire/indicators/contacts/")
    ]
    other = soup(client.get("/northshire/annex-a/measures/")).select_one("#referrals")
    assert "an indicator that is not held here" in other.get_text()
    assert not other.select("a, code")


# Kept


@pytest.mark.parametrize(
    ("name", "number", "kept"),
    [
        ("List 3", 3, True), ("list_3.csv", 3, True), ("List 3 - Referrals", 3, True), ("Referrals", 3, True),
        ("Annex A List 3", 3, True), ("3", 3, True), ("CIN", 6, True), ("", 3, True), ("List 3", 4, False),
        ("List 3 Robert Smith", 3, False), ("Robert Smith", 3, False), ("Smith_Referrals", 3, False),
        ("3 Acacia Avenue", 3, False),
    ],
)  # fmt: skip
def test_sheet_when_its_name_is_not_a_usual_one_then_it_is_not_kept(name, number, kept):
    assert neutral_sheet(name, number) == (name if kept else OTHER_NAME)


def test_load_when_recorded_twice_then_refused_with_the_first(load):
    with pytest.raises(TakenBefore) as refused:
        a_load(MEASURES)
    assert refused.value.load == load
    assert isinstance(refused.value, OperationError)


def test_load_when_stored_then_the_database_refuses_what_must_not_be(load, people):
    measure = load.measures.first()
    kept = {f.attname: getattr(load, f.attname) for f in AnnexALoad._meta.concrete_fields if not f.primary_key}
    decided = {"measure": measure, "in_return": builders.a_return(), "by": people.analyst, "at": builders.NOW}
    bad = [
        ("code_unique", AnnexALoad(**kept | {"file_sha256": "0" * 64})),
        ("load_once", AnnexALoad(**kept | {"code": "other"})),
        ("order_unique", AnnexAMeasure(load=load, order=0, list_number=1, left_out=[])),
        ("says_why", AnnexADecision(**decided, decision="rejected")),
    ]
    for _, row in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        load.save()


def test_page_when_there_are_more_measures_and_lines_then_no_more_queries(client, row, django_assert_num_queries):
    few = a_load(MEASURES)
    more = [a_measure(f"extra-{number}", indicator=f"extra-{number}") for number in range(10)]
    for measure in more:
        builders.an_indicator(measure["code"], unit=Unit.COUNT, target=None)
    many = a_load([*MEASURES, *more], sha256="e" * 64)
    client.get(place(many))
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(place(many))
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(place(few))


def test_list_when_it_is_longer_then_no_more_queries(client, load, django_assert_num_queries):
    for number in range(3):
        a_load(sha256=f"{number}" * 64)
    client.get("/northshire/annex-a/")
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get("/northshire/annex-a/")
