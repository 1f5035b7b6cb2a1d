"""The entry grid: shown, saved as a whole and row by row, submitted; nothing typed is lost."""

import re
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import CurrentFigure, DraftCell, Return
from indicators.operations import lock_round
from indicators.operations.errors import Clash
from indicators.rag import Polarity
from indicators.units import Unit
from indicators.views.entry_moments import clash_words
from tests import builders
from tests.indicators.return_pages import address, form_of, row_of, said, soup, state, summary, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def opened(db):
    return an_open_return()


@pytest.fixture
def lines(opened):
    return opened[0]


@pytest.fixture
def row(opened):
    return opened[1]


@pytest.fixture
def people(opened):
    return opened[2]


@builders.kept
def an_open_return():
    """Three lines (a share, a share where lower is better, and a number without a target), their return, its people."""
    lines = [
        builders.an_indicator("one", name="Assessed in time"),
        builders.an_indicator("two", name="Moved again", polarity=Polarity.LOWER),
        builders.an_indicator("three", name="Children in care", unit=Unit.COUNT, target=None, theme="Theme 2"),
    ]
    row = builders.fresh(builders.a_return())
    return lines, row, builders.the_people(row.partner)


@pytest.fixture
def client(people, signed_in) -> Client:
    return signed_in(people.analyst)


def typed(form, line, **values):
    return form | {f"c-{line.line.pk}-{name}": value for name, value in values.items()}


def draft(row, line) -> DraftCell | None:
    return DraftCell.objects.filter(in_return=row, series=line.series).first()


# Shown


def test_grid_when_opened_then_each_row_shows_what_is_needed_beside_its_boxes(client, row, lines):
    one = lines[0]
    builders.a_figure(one, builders.Q3, 84, 100)
    builders.a_figure(one, builders.Q3.previous(), 70, 100)
    response = client.get(address("return_entry", row))
    text = row_of(response, one.line.pk).get_text(" ", strip=True)
    assert "Target 80%, tolerance 70%" in text
    assert "2021/22 Q3: 84% , 2021/22 Q2: 70%" in text
    assert "Children counted" in text
    assert state(response, one.line.pk) == "Not started"
    assert "No earlier figures held" in row_of(response, lines[1].line.pk).get_text()
    assert "No target set" in row_of(response, lines[2].line.pk).get_text()
    assert "0 of 3 saved. 3 not started. " in words(response)


def test_grid_when_the_series_breaks_then_an_earlier_figure_says_so(client, row, lines):
    builders.a_figure(lines[0], builders.Q3, 84, 100)
    builders.a_break(lines[0].series, builders.Q4.start_on)
    text = row_of(client.get(address("return_entry", row)), lines[0].line.pk).get_text(" ", strip=True)
    assert "2021/22 Q3: 84% (before a break in the series)" in text


def test_grid_when_a_figure_is_not_approved_or_older_than_four_periods_then_it_is_not_shown(client, row, lines):
    fifth = builders.Q4
    for _ in range(5):
        fifth = fifth.previous()
    builders.a_figure(lines[0], fifth, 11, 100)
    builders.a_figure(lines[0], builders.Q3, 84, 100, approved=False)
    assert "No earlier figures held" in row_of(client.get(address("return_entry", row)), lines[0].line.pk).get_text()


def test_grid_when_a_number_has_no_parts_then_it_has_one_box_and_no_value_only(client, row, lines):
    found = row_of(client.get(address("return_entry", row)), lines[2].line.pk)
    assert found.select_one('[name$="-numerator"]') is None
    assert [o["value"] for o in found.select('[name$="-kind"] option')][:2] == ["figure", "c"]


def test_grid_when_every_box_is_looked_at_then_it_has_a_label_and_its_own_id(client, row):
    page = soup(client.get(address("return_entry", row)))
    ids = [e["id"] for e in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for box in page.select("#entry input:not([type=hidden]), #entry select, #entry textarea"):
        assert page.select_one(f'label[for="{box["id"]}"]') or box.find_parent("label"), box["id"]


# Saved as a whole


def test_save_when_all_rows_are_sound_then_each_is_kept_as_a_draft(client, row, lines, people):
    url = address("return_entry", row)
    form = typed(form_of(client.get(url)), lines[0], numerator="1,266", denominator="1514", commentary="a\r\nb")
    form = typed(form, lines[2], value="545", flags=["p", "e"], headline="Fewer")
    response = client.post(url, form | {"do": "save"}, follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert "Saved: 2 figures changed." in words(response)
    first = draft(row, lines[0])
    assert (first.numerator, first.denominator, first.commentary) == (Decimal(1266), Decimal(1514), "a\nb")
    assert (first.updated_by, draft(row, lines[2]).flags) == (people.analyst, "p e")
    assert draft(row, lines[1]) is None
    shown = row_of(response, lines[0].line.pk)
    assert "84% Better" in shown.select_one(".out").get_text(" ", strip=True)
    assert state(response, lines[0].line.pk) == "Saved 10:00"
    assert "2 of 3 saved. 1 not started" in words(response)


def test_save_when_nothing_was_touched_then_nothing_changes(client, row, lines):
    url = address("return_entry", row)
    client.post(url, typed(form_of(client.get(url)), lines[0], numerator="5", denominator="10") | {"do": "save"})
    before = list(DraftCell.objects.values())
    response = client.post(url, form_of(client.get(url)) | {"do": "save"}, follow=True)
    assert "No figure had changed" in words(response)
    assert list(DraftCell.objects.values()) == before


BAD = [
    pytest.param(0, {"numerator": "twelve", "denominator": "9"}, "numerator", "letters", id="letters in a number box"),
    pytest.param(0, {"numerator": "150", "denominator": "148"}, "numerator", "148 or less", id="above the denominator"),
    pytest.param(0, {"kind": "value", "value": "150%"}, "value", "0 to 100", id="150%"),
    pytest.param(0, {"kind": "not_reportable", "expected_on": "31/2/2023"}, "expected_on", "not a date", id="no date"),
    pytest.param(2, {"value": "12", "headline": "x" * 70}, "headline", "10 characters", id="headline too long"),
    pytest.param(2, {"kind": "x", "value": "3"}, "kind", "Clear the number", id="number and reason"),
]  # fmt: skip


@pytest.mark.parametrize(("index", "values", "field", "sentence"), BAD)
def test_save_when_a_row_is_wrong_then_it_stays_as_typed_and_the_others_are_saved(
    client, row, lines, index, values, field, sentence
):
    url, wrong, sound = address("return_entry", row), lines[index], lines[1]
    form = typed(form_of(client.get(url)), wrong, commentary="kept <b>words</b>", **values)
    form = typed(form, sound, numerator="10", denominator="100")
    response = client.post(url, form | {"do": "submit"})
    assert response.status_code == 200
    assert draft(row, wrong) is None
    assert draft(row, sound).numerator == 10
    ((text, href),) = summary(response)
    assert text.startswith(f"{wrong.version.short_name}: ")
    assert sentence in text
    assert href == f"#c-{wrong.line.pk}-{field}"
    box = soup(response).select_one(href)
    assert (box["aria-invalid"], box["aria-describedby"]) == ("true", f"m-{wrong.line.pk}")
    assert sentence in said(response, wrong.line.pk)
    again = form_of(response)
    for name, value in (values | {"commentary": "kept <b>words</b>"}).items():
        assert again[f"c-{wrong.line.pk}-{name}"] == value
    assert state(response, wrong.line.pk) == "Not saved kept on this page"
    assert "Saved: 1 figure changed." in words(response)
    assert soup(response).title.text.startswith("Error: ")
    assert "<b>words</b>" not in response.content.decode()


def test_save_when_the_wrong_field_lies_in_the_details_then_they_are_open(client, row, lines):
    url = address("return_entry", row)
    response = client.post(url, typed(form_of(client.get(url)), lines[0], as_at_on="31/2/2022"))
    assert row_of(response, lines[0].line.pk).details.has_attr("open")
    assert not row_of(response, lines[1].line.pk).details.has_attr("open")


def test_save_when_the_typed_row_is_put_right_then_it_is_saved(client, row, lines):
    url = address("return_entry", row)
    response = client.post(url, typed(form_of(client.get(url)), lines[0], numerator="x", denominator="100"))
    client.post(url, typed(form_of(response), lines[0], numerator="90") | {"do": "leave"})
    assert draft(row, lines[0]).numerator == 90


def test_commentary_when_it_looks_like_a_formula_then_it_is_kept_as_typed_and_said(client, row, lines):
    url, text = address("return_entry", row), '=HYPERLINK("http://example.org";"click")'
    form = typed(form_of(client.get(url)), lines[0], numerator="90", denominator="100", commentary=text)
    response = client.post(url, form | {"do": "save"}, follow=True)
    assert draft(row, lines[0]).commentary == text
    assert form_of(response)[f"c-{lines[0].line.pk}-commentary"] == text
    assert "takes for a formula" in said(response, lines[0].line.pk)
    assert state(response, lines[0].line.pk) == "Saved 10:00"


def test_doubt_when_the_commentary_disagrees_then_it_is_saved_and_asks_for_a_reason(client, row, lines):
    url, pk = address("return_entry", row), lines[0].line.pk
    assert row_of(client.get(url), pk).select_one(".why").has_attr("hidden")
    form = typed(form_of(client.get(url)), lines[0], numerator="1266", denominator="1514", commentary="85% in time")
    response = client.post(url, form | {"do": "save"}, follow=True)
    assert "The commentary says 85%. 1,266 of 1,514 is 83.6%." in said(response, pk)
    assert state(response, pk) == "Saved, with a warning 10:00"
    assert not row_of(response, pk).select_one(".why").has_attr("hidden")
    assert "1 of 3 saved. 1 warning. 2 not started. " in words(response)
    form = typed(form_of(response), lines[0], keep_reason="Printed like this in the report")
    response = client.post(url, form | {"do": "save"}, follow=True)
    assert state(response, pk) == "Saved 10:00"


def history_of(line, *numerators):
    """Printed figures of 100 in the quarters before, the latest first."""
    period = builders.Q4
    for numerator in numerators:
        period = period.previous()
        builders.a_paper_figure(line, period, numerator, numerator=numerator, denominator=100)


def test_figure_when_it_jumps_then_the_row_says_so_beside_its_boxes_and_is_saved(client, row, lines):
    history_of(lines[0], 85, 84, 86, 85)
    url, pk = address("return_entry", row), lines[0].line.pk
    form = typed(form_of(client.get(url)), lines[0], numerator="40", denominator="100", commentary="Staff left.")
    response = client.post(url, form | {"do": "save"}, follow=True)
    assert draft(row, lines[0]).numerator == 40
    assert "40.0% is 45.0 points from the 85.0% of 2021/22 Q3; over the 4 periods before" in said(response, pk)
    assert state(response, pk) == "Saved, with a warning 10:00"
    box = soup(response).select_one(f"#c-{pk}-numerator")
    assert (box["aria-describedby"], box.has_attr("aria-invalid")) == (f"m-{pk}", False)
    assert not soup(response).select_one(f"#c-{pk}-denominator").has_attr("aria-describedby")
    assert not row_of(response, pk).select_one(".why").has_attr("hidden")
    assert not summary(response)
    refused = client.post(url, form_of(response) | {"do": "submit"})
    assert f"#c-{pk}-keep_reason" in [href for _, href in summary(refused)]
    form = typed(form_of(refused), lines[0], keep_reason="Two teams closed.")
    assert state(client.post(url, form | {"do": "save"}, follow=True), pk) == "Saved 10:00"


def test_figure_when_only_earlier_periods_make_it_odd_then_a_break_between_them_takes_the_doubt_away(
    client, row, lines
):
    history_of(lines[0], 85, 84, 86, 85)
    builders.a_break(lines[0].series, date(2021, 12, 1))
    url = address("return_entry", row)
    form = typed(form_of(client.get(url)), lines[0], numerator="40", denominator="100", commentary="Staff left.")
    response = client.post(url, form | {"do": "save"}, follow=True)
    assert said(response, lines[0].line.pk) == ""


def test_grid_when_eight_periods_are_read_then_the_last_four_are_shown(client, row, lines):
    history_of(lines[0], 81, 82, 83, 84, 85, 86, 87, 88)
    shown = row_of(client.get(address("return_entry", row)), lines[0].line.pk).select(".ctx b")
    assert [b.get_text() for b in shown] == ["81%", "82%", "83%", "84%"]


def test_date_when_it_is_still_to_come_then_the_row_is_kept_as_typed_and_not_saved(client, row, lines):
    url, pk = address("return_entry", row), lines[0].line.pk
    form = typed(form_of(client.get(url)), lines[0], numerator="40", denominator="100", as_at_on="8/7/2022")
    response = client.post(url, form | {"do": "save"})
    assert draft(row, lines[0]) is None
    assert "The as-at date, 8 July 2022, is still to come." in said(response, pk)
    assert soup(response).select_one(f"#c-{pk}-as_at_on")["aria-invalid"] == "true"
    assert form_of(response)[f"c-{pk}-numerator"] == "40"
    form = typed(form_of(response), lines[0], as_at_on="7/7/2022")
    client.post(url, form | {"do": "save"})
    assert draft(row, lines[0]).as_at_on == builders.TODAY


def test_save_and_leave_when_all_is_sound_then_the_return_is_shown(client, row, lines):
    url = address("return_entry", row)
    response = client.post(url, form_of(client.get(url)) | {"do": "leave"})
    assert response["Location"] == address("return", row)


# Two people at once


@pytest.fixture
def conflict(client, row, lines, people, signed_in):
    """Both analysts have the page open; the second one saves the first two lines first."""
    url = address("return_entry", row)
    mine, theirs = form_of(client.get(url)), form_of(client.get(url))
    other = signed_in(people.second_analyst)
    theirs = typed(theirs, lines[0], numerator="10", denominator="20", commentary="theirs")
    other.post(url, typed(theirs, lines[1], numerator="1", denominator="50") | {"do": "save"})
    mine = typed(mine, lines[0], numerator="11", denominator="20", commentary="mine")
    mine = typed(mine, lines[2], value="7")
    return url, client.post(url, mine | {"do": "save"})


def test_conflict_when_two_typed_into_one_row_then_both_versions_are_shown(conflict, row, lines):
    _, response = conflict
    pk = lines[0].line.pk
    clash = row_of(response, pk).select_one(".clash")
    cells = [[c.get_text(strip=True) for c in tr.select("th, td")] for tr in clash.select("tr")]
    assert cells == [
        ["", "Yours, not saved", "Trust second analyst’s, saved"],
        ["Numerator", "11", "10"],
        ["Commentary", "mine", "theirs"],
    ]
    assert summary(response)[0][1] == f"#c-{pk}-choice"
    assert soup(response).select_one(f"#c-{pk}-choice")["type"] == "radio"
    assert (draft(row, lines[0]).numerator, draft(row, lines[0]).commentary) == (10, "theirs")
    assert form_of(response)[f"c-{pk}-numerator"] == "11"


def test_conflict_when_the_rest_is_sound_then_it_is_saved_and_untouched_rows_do_not_clash(conflict, row, lines):
    _, response = conflict
    assert draft(row, lines[2]).value == 7
    assert draft(row, lines[1]).numerator == 1
    assert len(summary(response)) == 1
    assert "Trust second analyst" in state(response, lines[1].line.pk)


@pytest.mark.parametrize(("choice", "kept"), [("mine", 11), ("theirs", 10)])
def test_conflict_when_decided_then_the_chosen_version_stands(client, conflict, row, lines, choice, kept):
    url, response = conflict
    form = typed(form_of(response), lines[0], choice=choice)
    assert client.post(url, form | {"do": "save"}).status_code == 302
    assert draft(row, lines[0]).numerator == kept


def test_conflict_when_not_decided_then_it_is_shown_again(client, conflict, row, lines):
    url, response = conflict
    response = client.post(url, form_of(response) | {"do": "save"})
    assert row_of(response, lines[0].line.pk).select_one(".clash")
    assert draft(row, lines[0]).numerator == 10


def test_conflict_when_the_same_person_saved_in_another_window_then_it_says_so_and_when(client, row, lines):
    url, pk = address("return_entry", row), lines[0].line.pk
    first, second = form_of(client.get(url)), form_of(client.get(url))
    client.post(url, typed(first, lines[0], numerator="10", denominator="20") | {"do": "save"})
    second = typed(second, lines[0], numerator="11", denominator="20")
    told = send(client, row, lines[0], second).json()["message"]
    assert told.startswith("You saved this figure in another window at 10:00. Press Save")
    response = client.post(url, second | {"do": "save"})
    assert "You saved this figure in another window at 10:00. Choose which one stands." in words(response)
    clash = row_of(response, pk).select_one(".clash")
    assert [th.get_text() for th in clash.select("thead th")] == ["Yours, not saved", "Saved in another window"]
    assert clash.select("label")[1].get_text() == "Take the saved one"
    assert "Somebody else" not in words(response)


def test_conflict_when_the_same_person_saved_on_another_day_then_the_day_is_given():
    clash = Clash(1, builders.a_cell(1, 2), "Analyst", "0.1", builders.a_cell(3, 4), own_at=builders.NOW)
    said = clash_words(clash, builders.NOW + timedelta(days=1))
    assert said == "You saved this figure in another window on 7 July 2022."


def test_conflict_when_the_other_saves_once_more_before_mine_then_it_is_asked_again(
    client, conflict, row, lines, people, signed_in
):
    url, response = conflict
    builders.keep(row, {lines[0].series: builders.a_cell(12, 20)}, by=people.second_analyst)
    response = client.post(url, typed(form_of(response), lines[0], choice="mine") | {"do": "save"})
    assert row_of(response, lines[0].line.pk).select_one(".clash")
    assert draft(row, lines[0]).numerator == 12


def test_page_when_the_return_was_submitted_meanwhile_then_what_was_typed_stays_on_it(client, row, lines):
    url = address("return_entry", row)
    form = typed(form_of(client.get(url)), lines[0], numerator="77", denominator="100", commentary="late words")
    builders.fill(row)
    builders.submit(row)
    response = client.post(url, form | {"do": "save"})
    assert response.status_code == 200
    assert "This return is submitted, so its figures cannot be changed." in summary(response)[0][0]
    assert form_of(response)[f"c-{lines[0].line.pk}-commentary"] == "late words"


# Closed


def test_grid_when_the_return_is_closed_then_the_status_page_says_why(client, row, lines):
    builders.fill(row)
    builders.submit(row)
    response = client.get(address("return_entry", row), follow=True)
    assert response.redirect_chain == [(address("return", row), 302)]
    assert "its figures cannot be changed" in words(response)


def test_grid_when_the_round_is_locked_then_the_reason_is_given(client, row, people):
    lock_round(reporting_round=row.round, reason="The board pack is printed.", by=people.acceptor, at=builders.NOW)
    response = client.get(address("return_entry", row), follow=True)
    said = "This return is closed for 2021/22 Q4 since 7 July 2022 (Trust acceptor: The board pack is printed)"
    assert f"{said}; ask an administrator to reopen." in words(response)


# Submitted


def test_submit_when_points_are_open_then_each_links_to_its_box_and_all_is_saved(client, row, lines):
    url = address("return_entry", row)
    form = typed(form_of(client.get(url)), lines[0], numerator="10", denominator="100")
    form = typed(form, lines[1], kind="not_reportable", commentary="The system changed.")
    response = client.post(url, form | {"do": "submit"})
    found = summary(response)
    assert "Everything is saved, but 5 points are open" in found[0][0]
    assert [href for _, href in found[1:]] == [
        f"#c-{lines[0].line.pk}-commentary",
        *(f"#c-{lines[1].line.pk}-{f}" for f in ("not_reportable_code", "responsible_role", "expected_on")),
        f"#c-{lines[2].line.pk}-value",
    ]
    for _, href in found[1:]:
        assert soup(response).select_one(href)["aria-invalid"] == "true"
    assert row_of(response, lines[1].line.pk).details.has_attr("open")
    assert draft(row, lines[0]).numerator == 10
    assert builders.fresh(row).state == Return.State.OPEN


def test_submit_when_a_doubt_waits_for_its_reason_then_it_is_asked_for(client, row, lines):
    builders.fill(row, {lines[0].series.pk: builders.a_cell(90, 100, commentary="Some 85%")})
    url = address("return_entry", row)
    response = client.post(url, form_of(client.get(url)) | {"do": "submit"})
    assert [href for _, href in summary(response)][1:] == [f"#c-{lines[0].line.pk}-keep_reason"]
    form = typed(form_of(response), lines[0], keep_reason="As printed")
    assert client.post(url, form | {"do": "submit"})["Location"] == address("return", row)


def test_submit_when_all_is_there_then_it_is_saved_first_and_sent(client, row, lines, people):
    builders.fill(row)
    url = address("return_entry", row)
    form = typed(form_of(client.get(url)), lines[0], numerator="91")
    response = client.post(url, form | {"do": "submit"}, follow=True)
    assert "Submitted." in words(response)
    assert builders.fresh(row).state == Return.State.SUBMITTED
    assert CurrentFigure.objects.get(series=lines[0].series).working.numerator == 91


def test_submit_when_sent_twice_with_one_key_then_it_is_done_once(client, row, lines):
    builders.fill(row)
    url = address("return_entry", row)
    form = form_of(client.get(url)) | {"do": "submit"}
    client.post(url, form)
    client.post(url, form)
    assert builders.fresh(row).transitions.filter(action="submitted").count() == 1


def test_submit_when_the_button_is_pressed_twice_on_fresh_figures_then_both_answers_say_submitted(client, row, lines):
    builders.fill(row)
    url = address("return_entry", row)
    form = typed(form_of(client.get(url)), lines[0], numerator="91") | {"do": "submit"}
    answers = [client.post(url, form, follow=True) for _ in range(2)]
    assert all("Submitted. The return now waits" in words(answer) for answer in answers)
    assert builders.fresh(row).transitions.filter(action="submitted").count() == 1


def test_submit_when_the_old_page_is_sent_after_the_return_came_back_then_told_and_not_submitted(client, row, lines):
    builders.fill(row)
    url = address("return_entry", row)
    form = typed(form_of(client.get(url)), lines[0], numerator="91") | {"do": "submit"}
    client.post(url, form)
    builders.send_back(row)
    answer = client.post(url, form)
    assert answer.status_code == 200
    assert "The return has moved on since and is now returned. Nothing was done this time" in summary(answer)[0][0]
    assert builders.fresh(row).state == Return.State.RETURNED


@pytest.mark.parametrize("key", ["\x00", "", "x" * 500, "é" * 32])
def test_submit_when_the_key_is_nonsense_then_it_is_still_done(client, row, lines, key):
    builders.fill(row)
    url = address("return_entry", row)
    assert client.post(url, form_of(client.get(url)) | {"do": "submit", "key": key}).status_code == 302
    assert builders.fresh(row).state == Return.State.SUBMITTED


def test_text_when_it_holds_what_cannot_be_stored_then_its_row_says_so(client, row, lines):
    url = address("return_entry", row)
    response = client.post(url, typed(form_of(client.get(url)), lines[0], commentary="a\x00b"))
    assert "cannot be stored" in said(response, lines[0].line.pk)


def test_submit_when_the_return_changed_meanwhile_then_it_says_so(client, row, lines):
    builders.fill(row)
    url = address("return_entry", row)
    form = form_of(client.get(url)) | {"do": "submit", "version": "99"}
    assert "has changed since you opened the page" in summary(client.post(url, form))[0][0]
    assert builders.fresh(row).state == Return.State.OPEN


# Corrections


def test_correction_when_opened_then_only_chosen_lines_stand_with_what_was_reported(client, lines, people):
    approved = builders.a_return(state="approved", cells={lines[0].series.pk: builders.a_cell(75, 100, commentary="x")})
    made = builders.a_restatement(approved, [lines[0].series])
    response = client.get(address("return_entry", made))
    assert len(soup(response).select("tbody.line")) == 1
    assert "Reported: 75% (75 of 100), within tolerance" in row_of(response, lines[0].line.pk).get_text(" ", strip=True)
    assert "A case was counted twice." in words(response)
    url = address("return_entry", made)
    form = typed(form_of(response), lines[0], numerator="60") | {"do": "submit"}
    assert client.post(url, form).status_code == 302
    page = client.get(address("return", builders.fresh(made)))
    assert "Reported: 75% (75 of 100), within tolerance. The rating changes." in words(page)


# Row by row, for the script


def send(client, row, line, form, **values):
    pk = line.line.pk
    fields = {k: v for k, v in form.items() if k.startswith(f"c-{pk}-")}
    return client.post(address("return_cell", row), typed(fields, line, **values) | {"line": pk})


def test_cell_when_sound_then_it_is_saved_and_told(client, row, lines):
    form = form_of(client.get(address("return_entry", row)))
    answer = send(client, row, lines[0], form, numerator="75", denominator="100").json()
    assert answer["state"] == "saved"
    assert (answer["words"], answer["when"], answer["result"]) == ("Saved", "10:00", "75%")
    assert answer["rating"] == {"code": "within", "words": "Within"}
    assert (answer["base"], answer["problems"], answer["doubts"]) == ("0.1", [], [])
    form = typed(form, lines[0], base=answer["base"], was=answer["was"], numerator="76", denominator="100")
    assert send(client, row, lines[0], form).json()["base"] == "0.2"


def test_cell_when_a_number_is_typed_over_a_count_then_the_answer_no_longer_names_the_file(client, row, lines):
    counted = builders.a_cell(85, 100, source_system="Annex A, reference date 31 March 2022, file 1a2b3c4d")
    builders.keep(row, {lines[0].series: counted}, is_counted=True)
    form = form_of(client.get(address("return_entry", row)))
    answer = send(client, row, lines[0], form, numerator="86", denominator="100").json()
    assert (answer["state"], answer["source_system"]) == ("saved", "")


def test_cell_when_wrong_then_the_problems_are_told_and_nothing_is_saved(client, row, lines):
    form = form_of(client.get(address("return_entry", row)))
    answer = send(client, row, lines[0], form, numerator="abc", denominator="100").json()
    assert (answer["state"], [p["field"] for p in answer["problems"]]) == ("error", ["numerator"])
    assert draft(row, lines[0]) is None


def test_cell_when_doubtful_then_it_is_saved_with_the_doubt(client, row, lines):
    form = form_of(client.get(address("return_entry", row)))
    answer = send(client, row, lines[0], form, numerator="75", denominator="100", commentary="It is 80%").json()
    assert (answer["state"], answer["doubts"][0]["asks_reason"]) == ("warning", True)
    assert answer["doubts"][0]["field"] == "commentary"
    assert draft(row, lines[0]).numerator == 75


def test_cell_when_it_is_the_last_figure_again_then_it_is_saved_with_the_doubt_until_there_is_a_reason(
    client, row, lines
):
    history_of(lines[0], 75)
    form = form_of(client.get(address("return_entry", row)))
    answer = send(client, row, lines[0], form, numerator="75", denominator="100").json()
    assert answer["state"] == "warning"
    assert [(d["field"], d["message"].split(". ")[0]) for d in answer["doubts"]] == [
        ("numerator", "75 of 100 is exactly the figure of 2021/22 Q3")
    ]
    form = typed(form, lines[0], base=answer["base"], was=answer["was"], numerator="75", denominator="100")
    untouched = send(client, row, lines[0], form).json()
    assert (untouched["state"], untouched["doubts"]) == (answer["state"], answer["doubts"])
    answer = send(client, row, lines[0], form, keep_reason="Counted again.").json()
    assert (answer["state"], len(answer["doubts"])) == ("saved", 1)


def test_cell_when_a_date_is_still_to_come_then_it_is_told_and_nothing_is_saved(client, row, lines):
    form = form_of(client.get(address("return_entry", row)))
    values = {"numerator": "75", "denominator": "100", "extracted_on": "8/7/2022"}
    answer = send(client, row, lines[0], form, **values).json()
    assert (answer["state"], [p["field"] for p in answer["problems"]]) == ("error", ["extracted_on"])
    assert draft(row, lines[0]) is None


def test_cell_when_untouched_then_nothing_is_written(client, row, lines):
    form = form_of(client.get(address("return_entry", row)))
    answer = send(client, row, lines[0], form).json()
    assert (answer["state"], answer["words"], answer["base"]) == ("none", "Not started", "0.0")
    assert not DraftCell.objects.exists()


def test_cell_when_another_saved_it_meanwhile_then_it_says_who(client, row, lines, people):
    form = form_of(client.get(address("return_entry", row)))
    builders.keep(row, {lines[0].series: builders.a_cell(1, 2)}, by=people.second_analyst)
    response = send(client, row, lines[0], form, numerator="75", denominator="100")
    assert response.status_code == 409
    assert response.json()["message"].startswith(
        "Somebody else (Trust second analyst) has saved this figure meanwhile."
    )


def test_cell_when_the_return_is_closed_then_it_says_so(client, row, lines):
    form = form_of(client.get(address("return_entry", row)))
    builders.fill(row)
    builders.submit(row)
    response = send(client, row, lines[0], form, numerator="75", denominator="100")
    assert (response.status_code, "cannot be changed" in response.json()["message"]) == (409, True)


@pytest.mark.parametrize("line", ["0", "abc", "999999", ""])
def test_cell_when_the_line_is_not_on_the_return_then_it_is_not_found(client, row, line):
    assert client.post(address("return_cell", row), {"line": line}).status_code == 404


def test_cell_when_not_signed_in_then_it_is_told_as_json(row):
    response = Client().post(address("return_cell", row), {"line": "1"})
    assert (response.status_code, response.json()) == (401, {"message": "You have been signed out."})


# Whose it is


def test_pages_when_they_belong_to_another_partner_then_they_are_not_found(row, signed_in):
    other = signed_in(builders.a_user("analyst", partner=builders.a_partner("police")))
    for name in ("return", "return_entry", "return_review", "return_upload", "return_template", "return_correct"):
        assert other.get(address(name, row)).status_code == 404
    assert other.post(address("return_cell", row), {"line": "1"}).status_code == 404


def test_grid_when_the_person_may_read_but_not_enter_then_it_is_refused(row, people, signed_in):
    assert signed_in(people.lead).get(address("return_entry", row)).status_code == 403


# Size


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert client.get(url).status_code == 200
    return len(context)


@pytest.mark.parametrize("name", ["return_entry", "return", "return_review"])
@pytest.mark.once
def test_queries_when_there_are_60_lines_or_20_periods_then_they_are_as_many_as_for_one(partnership, signed_in, name):
    few = builders.a_scorecard(1, code="few")
    many = builders.a_scorecard(60, code="many", n_themes=5)
    named = builders.the_people()
    client = signed_in(named.acceptor if name == "return_review" else named.analyst)
    first = builders.fresh(builders.a_return(few, builders.Q4.next()))
    second = builders.fresh(builders.a_return(many, builders.Q4.next()))
    alone = queries_of(client, address(name, first))
    assert queries_of(client, address(name, second)) == alone
    builders.a_history(few, 1)
    assert queries_of(client, address(name, first)) == alone
    builders.a_history(many, 20)
    assert queries_of(client, address(name, second)) == alone
    assert alone <= 18


@pytest.mark.once
def test_grid_when_it_has_300_lines_then_one_save_of_all_is_one_form(partnership, signed_in):
    many = builders.a_scorecard(300, code="many")
    row = builders.fresh(builders.a_return(many))
    client, url = signed_in(builders.the_people().analyst), address("return_entry", row)
    started = time.process_time()
    response = client.get(url)
    assert time.process_time() - started < 5
    form = form_of(response)
    for pk in re.findall(r'data-line="(\d+)"', response.content.decode()):
        form |= {f"c-{pk}-numerator": "85", f"c-{pk}-denominator": "100"}
    assert "Saved: 300 figures changed." in words(client.post(url, form | {"do": "save"}, follow=True))
    assert row.cells.count() == 300
