"""Packs for everybody whose counts are rounded: sums hold, shares follow, and what cannot be rounded stays hidden."""

import csv
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest

from indicators.models import DisclosurePolicy
from indicators.operations import OperationError, WrongState
from indicators.rag import Polarity
from indicators.selectors.told import told_before
from indicators.units import Unit
from partnership.models import DisclosureCheck, Pack
from partnership.operations.packs import change_pack, create_pack
from partnership.operations.protection import Decided, accept_protection, check_protection, decide_passages
from partnership.pack_check import PointCode
from partnership.pack_document import pack_document, texts_of
from partnership.paper_document import SectionTold, paper_document
from partnership.paper_form import SectionKind
from partnership.selectors.pack_documents import pack_told
from partnership.selectors.packs import status_of
from partnership.selectors.protection import asked_of
from partnership.selectors.restated import restated_since
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.indicators.test_reconciling import a_count
from tests.partnership.pack_world import (
    PLACE,
    a_draft,
    a_pack,
    a_public_pack,
    a_reviewer,
    accept,
    an_approver,
    publish,
    restate,
    soup_of,
    words,
)
from tests.partnership.test_protection import Children, by_source, codes, told

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOUR = timedelta(hours=1)
BY_SOURCE = by_source(102, 3, 41, 50, 8)


def a_rounded_pack(*scorecards, **more):
    return a_public_pack(*scorecards, small_numbers="round", **more)


def a_rounded_draft(*scorecards, **more):
    return a_pack(*scorecards, audience="public", small_numbers="round", **more)


def check(pack, **more):
    return check_protection(pack=pack, by=an_approver(), at=more.pop("at", b.NOW))


def rows_of(pack, table: int = 0) -> list[dict[str, str]]:
    table = pack.tables.order_by("order")[table].table
    return [dict(zip(table.header, row.cells, strict=True)) for row in table.rows.order_by("order")]


def are_proved(pack) -> bool:
    return {one.finding for one in verified_packs(pack.partnership)} == {Finding.SOUND}


# What is printed


def test_pack_when_its_rounding_is_forgotten_then_it_is_no_longer_proved(monkeypatch):
    """So that the proof above could fail."""
    a_rounded_pack(Children(BY_SOURCE).scorecard)
    partnership = b.a_partnership()
    monkeypatch.setattr("indicators.protection.approximate", lambda held, unit, printed: held)
    assert Finding.BROKEN in {one.finding for one in verified_packs(partnership)}


def test_shares_when_rounded_then_value_rating_and_change_follow_from_the_rounded_counts():
    """34 of 42 is 81.0% and outside a target of 85%; 35 of 40 is 87.5% and is not."""
    scorecard = b.a_scorecard(code="outcomes")
    measure = b.an_indicator("outcome", scorecard=scorecard, unit=Unit.PERCENT, target=85)
    for period, numerator in ((b.Q3.previous(), 3), (b.Q3, 22), (b.Q4, 34)):
        cells = {measure.series.pk: b.a_cell(numerator, 42, commentary="As agreed.", keep_reason="Counted twice.")}
        b.a_return(scorecard, period, state="approved", cells=cells)
    pack = a_rounded_pack(scorecard)
    (row,) = rows_of(pack)
    n, d = D(row["numerator"]), D(row["denominator"])
    assert (n % 5, d % 5, abs(n - 34) < 5, abs(d - 42) < 5) == (0, 0, True, True)
    assert D(row["value"]) == (n * 100 / d).quantize(D("1e-10"))
    assert row["rating"] == ("better" if n * 100 / d >= 85 else "outside")
    assert D(row["previous_from"]) != (D(2200) / 42).quantize(D("1e-10"))
    assert D(row["previous_difference"]) == D(row["value"]) - D(row["previous_from"])
    kept = pack.tables.get().table.rows.get().facts["hiding"]
    assert kept["rounded"][b.Q3.previous().slug] == [5, 40]  # only charted, and rounded by itself
    assert set(kept["rounded"]) == {b.Q3.previous().slug, b.Q3.slug, b.Q4.slug}
    assert are_proved(pack)


def test_shares_of_small_groups_when_counts_are_rounded_then_hidden_whatever_they_say():
    scorecard = b.a_scorecard(code="outcomes")
    cells = {}
    for numerator, denominator in ((4, 9), (0, 8), (10, 10)):
        measure = b.an_indicator(f"outcome-{denominator}", scorecard=scorecard, unit=Unit.PERCENT)
        cells[measure.series.pk] = b.a_cell(numerator, denominator, commentary="As agreed.", keep_reason="Twice.")
    b.a_return(scorecard, state="approved", cells=cells)
    rows = rows_of(a_rounded_pack(scorecard))
    assert [(row["symbol"], row["numerator"], row["commentary"]) for row in rows] == [("c", "", "")] * 3


def test_figures_of_events_when_counts_are_rounded_then_they_are_exact_and_not_marked():
    scorecard = b.a_scorecard(code="events")
    measure = b.an_indicator("meetings", scorecard=scorecard, unit=Unit.COUNT, polarity=Polarity.NONE, counts="events")
    b.a_return(scorecard, state="approved", cells={measure.series.pk: a_count(2)})
    (row,) = rows_of(a_rounded_pack(scorecard))
    assert (row["value"], row["flags"]) == ("2", "")


# The way to publication


def test_rounding_when_it_cannot_protect_then_refused_with_choices_and_hiding_or_another_base_helps():
    """1 and 1 of 2: one of them would be printed as 0, which no 5 is."""
    world = Children(by_source(2, 1, 1, 0, 0))
    pack = a_rounded_draft(world.scorecard)
    found = check(pack)
    assert found.status == DisclosureCheck.Status.REFUSED
    choices = [choice["sentence"] for one in found.result["refused"] for choice in one["choices"]]
    assert any("hides small numbers instead of rounding" in one for one in choices)
    assert any("rounds to 6 or more" in one for one in choices)
    assert codes(pack) == [PointCode.SMALL_NUMBERS]
    with pytest.raises(WrongState, match="Not every small number"):
        accept_protection(pack=pack, check=found.pk, by=a_reviewer(), at=b.NOW)
    DisclosurePolicy.objects.create(
        partnership=pack.partnership, number=1, valid_from=b.TODAY, threshold=6, small_group=10, zero_discloses=True,
        rounding_base=10, shows_value_only=False, counts=["children"], authority="Board", by=an_approver(),
        actor="Approver", at=b.NOW,
    )  # fmt: skip
    accept(pack)
    publish(pack)
    assert set(told(pack).values()) == {"0"}


def test_parts_when_too_small_to_round_then_the_page_tells_of_all_of_them_once_with_what_can_be_done(signed_in):
    pack = a_rounded_draft(Children(by_source(43, 1, 1, 1, 40)).scorecard)
    check(pack)
    page = soup_of(signed_in(a_reviewer()), f"/{PLACE}/packs/{pack.code}/small-numbers/")
    (told,) = page.select(".told--warning > ul > li")
    said, *choices = (words(one) for one in told.get_text("|").split("|") if one.strip())
    names = "Children: Health, 2021/22 Q4 and Children: Police, 2021/22 Q4"
    assert said.startswith(f"These 2 parts of one sum are too small to be rounded to multiples of 5: {names}.")
    assert f"Merge {names} into one category." in choices
    assert f"Leave {names} out of this pack." in choices


def test_pack_when_it_is_to_round_and_then_to_hide_then_it_must_be_checked_again():
    world = Children(BY_SOURCE)
    pack = a_rounded_draft(world.scorecard)
    accept(pack)
    assert codes(pack) == []
    draft = a_draft(world.scorecard, audience="public", title=pack.title)
    change_pack(pack=pack, draft=draft, version=pack.version, by=an_approver(), at=b.NOW)
    pack.refresh_from_db()
    assert codes(pack) == [PointCode.SMALL_NUMBERS]


@pytest.mark.parametrize(
    ("more", "says"), [({"audience": "board", "small_numbers": "round"}, "Only a pack for everybody is rounded"),
                       ({"audience": "public", "small_numbers": "guess"}, "Choose how small numbers are protected")],
)  # fmt: skip
def test_pack_when_its_way_is_none_then_refused(more, says):
    with pytest.raises(WrongState, match=says):
        a_pack(b.a_scorecard(), **more)


def test_text_when_it_quotes_an_exact_number_of_a_rounded_figure_then_somebody_decides_of_it():
    world = Children(BY_SOURCE, **{"source=schools": "Of these 41 came from schools, as before 40."})
    pack = a_rounded_draft(world.scorecard)
    found = check(pack)
    mine = [p for p in found.result["passages"] if p["text"].endswith("source=schools/commentary")]
    assert [(p["kind"], p["words"][p["start"]: p["end"]]) for p in mine] == [("hidden number", "41")]  # fmt: skip
    decide_passages(pack=pack, decided={p["key"]: Decided("leave_out", "") for p in found.result["passages"]},
                    by=a_reviewer(), at=b.NOW)  # fmt: skip
    accept_protection(pack=pack, check=found.pk, by=a_reviewer(), at=b.NOW)
    publish(pack)
    assert not any("41" in cell for row in rows_of(pack) for cell in row.values())
    assert are_proved(pack)


def test_pack_when_its_key_was_used_for_another_way_then_refused():
    scorecard = b.a_scorecard()
    given = {"partnership": scorecard.partnership, "by": an_approver(), "at": b.NOW, "key": "k" * 32}
    create_pack(draft=a_draft(scorecard, audience="public"), **given)
    with pytest.raises(OperationError):
        create_pack(draft=a_draft(scorecard, audience="public", small_numbers="round"), **given)


# Packs beside each other


def test_earlier_pack_when_it_was_rounded_then_a_reader_knows_how_near_each_number_is():
    world = Children(by_source(102, 3, 41, 58, 0))
    first = a_rounded_pack(world.scorecard)
    before = {one.told.line.slice: one for one in told_before([("t", first.tables.get().table)])}
    police = before["source=police"]
    assert (police.is_shown, police.base) == (False, 5)
    assert police.printed is not None
    assert police.printed.numerator == 5
    asked = asked_of(a_pack(world.scorecard, audience="public"), today=b.TODAY)
    near = {cell: number for one in asked.earlier for cell, number in one.rounded.items()}
    assert sorted(near.values()) == [5, 40, 55, 100]  # that nobody came from families is known
    known = {r.factors[0][0]: (r.low, r.high) for one in asked.earlier for r in one.told.relations if not r.is_sum}
    assert known[police.told.figure().numerator_id] == (1, 9)


def test_later_exact_pack_when_a_rounded_one_was_before_then_more_is_hidden_than_alone():
    """2 of 50, 11 printed as 15 before: beside an exact 13 the other would be 2 or less."""
    numbers = by_source(53, 2, 11, 20, 20)
    world = Children(numbers)
    alone = check(a_pack(world.scorecard, audience="public", title="Alone"))
    first = a_rounded_pack(world.scorecard, title="Rounded")
    assert told(first)["source=police"] == "5"
    beside = check(a_pack(world.scorecard, audience="public", title="Beside"), at=b.NOW + HOUR)
    assert set(alone.result["hidden"]) <= set(beside.result["hidden"])
    assert alone.fingerprint != beside.fingerprint
    reach = {one["cell"]: one["interval"] for one in beside.result["audit"]["found"] if one["is_small"]}
    assert reach
    assert all(low <= 1 and (high is None or high >= 5) for low, high in reach.values())


def test_figure_restated_when_a_rounded_pack_told_it_then_the_list_tells_it_rounded_too():
    world = Children(BY_SOURCE)
    first = a_rounded_pack(world.scorecard)
    more = {
        world.made[""].series: replace(a_count(122, "Twenty came late."), commentary="Late."),
        world.made["source=schools"].series: replace(a_count(61, "Twenty came late."), commentary="Late."),
    }
    restate(world.row, more, at=b.NOW + HOUR)
    second = a_rounded_draft(world.scorecard, at=b.NOW + 2 * HOUR, title="Again")
    assert "restated: differences" in {table.id for table in asked_of(second, today=b.TODAY).tables}
    accept(second, at=b.NOW + 2 * HOUR, leave_out=True)
    publish(second, at=b.NOW + 2 * HOUR)
    listed = {row["slice"]: (row["then_value"], row["now_value"]) for row in rows_of(second, 1)}
    assert listed == {"": ("100", "120"), "source=schools": ("40", "60")}
    assert are_proved(first)
    again = told_before([("list", second.tables.get(code="restated").table)])
    assert {(one.told.line.slice, one.is_shown, one.printed.numerator) for one in again} == {
        ("", False, 120), ("source=schools", False, 60)
    }  # fmt: skip


# Pages


def test_reviewer_when_opening_a_rounded_pack_then_exact_and_printed_numbers_stand_beside_each_other(signed_in):
    pack = a_rounded_draft(Children(BY_SOURCE).scorecard)
    check(pack)
    page = soup_of(signed_in(a_reviewer()), f"/{PLACE}/packs/{pack.code}/small-numbers/")
    cells = [[words(c.get_text(" ")) for c in row.select("th, td")] for row in page.select("table tbody tr")]
    assert ["Children: Police, 2021/22 Q4", "3", "5", "1 to 9"] in cells
    assert "rounded to multiples of 5" in words(page.get_text(" "))
    assert "What is hidden" not in page.select_one("main").get_text(" ")


def test_reader_when_opening_a_rounded_table_then_a_sentence_says_to_what_it_is_rounded(signed_in, client):
    pack = a_rounded_pack(Children(BY_SOURCE).scorecard)
    table = pack.tables.get().code
    sentence = "Counts of people are rounded to multiples of 5"
    for page in (soup_of(signed_in(an_approver()), f"/{PLACE}/packs/{pack.code}/tables/{table}/"),
                 soup_of(client, f"/data/{PLACE}/{pack.code}/{table}/")):  # fmt: skip
        assert sentence in words(page.get_text(" "))
        assert "Approximate" in page.get_text(" ")
    assert sentence in client.get(f"/data/{PLACE}/{pack.code}/{table}.json").json()["protection"]
    assert sentence in client.get(f"/data/{PLACE}/{pack.code}/{table}.csv-metadata.json").content.decode()
    described = client.get(f"/data/{PLACE}/{pack.code}/{table}.ees.meta.csv").content.decode().splitlines()
    assert [sentence in row["filter_hint"] for row in csv.DictReader(described)][:2] == [True, False]
    page = soup_of(signed_in(an_approver()), f"/{PLACE}/packs/{pack.code}/")
    assert "Counts of 5 figures are rounded to multiples of 5, and 0 figures are hidden" in words(page.get_text(" "))


def test_documents_when_their_pack_is_rounded_then_its_first_page_its_notes_and_a_paper_say_so():
    told = pack_told(status_of(a_rounded_pack(Children(BY_SOURCE).scorecard)))
    sentence = "Counts of people are rounded to multiples of 5"
    for found, times in ((told, 2), (replace(told, protection=""), 0)):
        assert sum(sentence in text for text in texts_of(pack_document(found).blocks)) == times
    section = SectionTold("position", "Position", SectionKind.FIGURES, "")
    paper = paper_document("Paper", [section], told, issue=1, issued_on=b.TODAY)
    assert sum(sentence in text for text in texts_of(paper.blocks)) == 1


def test_pack_when_begun_with_the_form_then_it_rounds_if_that_was_chosen(signed_in):
    scorecard = Children(BY_SOURCE).scorecard
    given = {"title": "Rounded", "body": "Panel", "meeting_on": "7 July 2022", "audience": "public",
             "tables": [f"{scorecard.code}/{b.Q4.slug}"]}  # fmt: skip
    client = signed_in(an_approver())
    client.post(f"/{PLACE}/packs/new/", given | {"small_numbers": "round"})
    client.post(f"/{PLACE}/packs/new/", given | {"title": "Hidden"})
    assert dict(Pack.objects.values_list("title", "small_numbers")) == {"Rounded": "round", "Hidden": "hide"}
    pack = Pack.objects.get(title="Rounded")
    assert "Its counts of people will be rounded." in soup_of(client, f"/{PLACE}/packs/{pack.code}/").get_text(" ")
    checked = soup_of(client, f"/{PLACE}/packs/{pack.code}/change/").select("input[name=small_numbers][checked]")
    assert [one["value"] for one in checked] == ["round"]


# Beside a pack that hides


def figures_of(client) -> dict[str, tuple[str, bool]]:
    """What the API tells of each part: its value, and whether it is approximate."""
    found = client.get("/api/v1/figures").json()["results"]
    return {one["breakdown"]: (one["value"] or one["symbol"], "e" in one["flags"]) for one in found}


def test_rounded_pack_when_an_earlier_one_told_figures_exactly_then_these_stand_and_nothing_was_restated(client):
    world = Children(by_source(148, 3, 41, 70, 34))
    hidden = a_public_pack(world.scorecard, body="Hidden")
    told_exactly = figures_of(client)
    a_rounded_pack(world.scorecard, body="Rounded", at=b.NOW + HOUR)
    now = figures_of(client)
    exact = {part: one for part, one in told_exactly.items() if one[0] != "c"}
    assert len(exact) >= 2
    assert {part: now[part] for part in exact} == exact
    assert all(now[part][1] and D(now[part][0]) % 5 == 0 for part in now if part not in exact)
    page = words(soup_of(client, f"/data/{PLACE}/{hidden.code}/").get_text(" "))
    assert "No later pack for everybody tells one of these figures otherwise" in page
    assert restated_since(b.a_partnership(), today=b.TODAY) == []


def test_hidden_figure_when_it_is_corrected_then_no_list_says_that_it_was_restated():
    world = Children(BY_SOURCE)
    a_public_pack(world.scorecard, body="Hidden")
    restate(world.row, {world.made["source=police"].series: a_count(20), world.made[""].series: a_count(119)})
    assert [one.slice for one in restated_since(b.a_partnership(), today=b.TODAY)] == [""]
    later = a_public_pack(world.scorecard, body="Later", at=b.NOW + HOUR)
    assert [row["slice"] for row in rows_of(later, later.tables.count() - 1)] == [""]
