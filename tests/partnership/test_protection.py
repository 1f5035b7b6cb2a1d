"""Packs for everybody: small numbers and all that gives them away are hidden, accepted by a reviewer, and frozen so."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction

from indicators.models import PublishedRow, Scorecard
from indicators.operations import WrongState
from indicators.operations.slices import add_dimension
from indicators.rag import Polarity
from indicators.selectors.scorecards import gathered_scorecard
from indicators.units import Unit
from partnership.models import DisclosureCheck, PackEvent
from partnership.operations.packs import PackNotReady, change_pack
from partnership.operations.protection import (
    Decided,
    accept_protection,
    check_protection,
    decide_passages,
)
from partnership.pack_check import PointCode
from partnership.selectors.packs import points_of
from partnership.selectors.protection import asked_of, passages_of
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.indicators.test_reconciling import a_count
from tests.partnership.pack_world import (
    a_draft,
    a_pack,
    a_public_pack,
    a_published_pack,
    a_reviewer,
    accept,
    an_approver,
    publish,
    restate,
)

pytestmark = pytest.mark.django_db

SOURCES = ("police", "schools", "health", "family")


class Children:
    """Children who came to notice, by source, of one quarter and the next."""

    def __init__(self, numbers: dict[str, int], **more: str) -> None:
        add_dimension(code="source", name="Source", kind="partition",
                      categories=[(one, one.capitalize()) for one in SOURCES])  # fmt: skip
        self.scorecard = b.a_scorecard(code="notice")
        Scorecard.objects.filter(pk=self.scorecard.pk).update(purpose=Scorecard.Purpose.ACTIVITY)
        self.scorecard.refresh_from_db()
        self.made = {key: self._counted(key) for key in numbers}
        self.row = b.a_return(self.scorecard, state="approved", cells=self.cells(numbers, **more))

    def _counted(self, slice_key: str) -> b.Measure:
        return b.an_indicator(
            "children", name="Children", scorecard=self.scorecard, unit=Unit.COUNT, polarity=Polarity.NONE,
            slice_key=slice_key, counts="children",
        )  # fmt: skip

    def cells(self, numbers: dict[str, int], **more: str) -> dict:
        return {
            self.made[key].series.pk: replace(a_count(number), commentary=more.get(key or "whole", ""))
            for key, number in numbers.items()
        }


def by_source(total: int, *parts: int) -> dict[str, int]:
    return {"": total} | {f"source={one}": number for one, number in zip(SOURCES, parts, strict=True)}


def told(pack, table: int = 0) -> dict[str, str]:
    """What a table of a pack shows: by slice the number, or its symbol."""
    rows = PublishedRow.objects.filter(table=pack.tables.order_by("order")[table].table)
    header = pack.tables.order_by("order")[table].table.header
    found = {}
    for row in rows:
        values = dict(zip(header, row.cells, strict=True))
        found[values["slice"]] = values["value"] or values["symbol"]
    return found


def codes(pack) -> list[PointCode]:
    return [point.code for point in points_of(pack, today=b.TODAY)]


# What is hidden


def test_one_small_part_when_published_then_another_goes_with_it_and_the_pack_is_proved():
    world = Children(by_source(100, 3, 40, 50, 7))
    pack = a_public_pack(world.scorecard)
    assert told(pack) == {
        "": "100", "source=police": "c", "source=schools": "40", "source=health": "50", "source=family": "c",
    }  # fmt: skip
    assert [one.finding for one in verified_packs(pack.partnership)] == [Finding.SOUND]
    manifest = pack.events.get(action="published").manifest
    assert manifest["protection"]["hidden_figures"] == 2
    assert manifest["protection"]["accepted_by"] == str(a_reviewer())


def test_a_pack_for_the_board_when_numbers_are_small_then_it_is_whole():
    world = Children(by_source(100, 3, 40, 50, 7))
    pack = a_published_pack(world.scorecard)
    assert told(pack)["source=police"] == "3"
    assert "protection" not in pack.events.get(action="published").manifest


def test_nothing_small_when_published_then_nothing_is_hidden():
    world = Children(by_source(100, 13, 40, 40, 7))
    assert "c" not in told(a_public_pack(world.scorecard)).values()


def test_a_row_when_hidden_then_all_that_rests_on_it_is_gone():
    world = Children(
        by_source(100, 3, 40, 50, 7), **{"source=police": "Three of them were sent on.", "source=schools": "As ever."}
    )
    pack = a_public_pack(world.scorecard)
    table = pack.tables.get().table
    rows = {row.facts["hiding"]["periods"] != []: row for row in table.rows.all()}
    values = dict(zip(table.header, rows[True].cells, strict=True))
    for name in ("numerator", "denominator", "value", "commentary", "headline", "queries", "previous_from", "revision"):
        assert values[name] in {"", "1"}, name
    assert (values["rating"], values["symbol"]) == ("not_judged", "c")
    assert any("As ever." in row.cells for row in table.rows.all())
    assert not any("Three" in cell for row in table.rows.all() for cell in row.cells)


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_hidden"),
    [(3, 100, True), (148, 150, True), (2, 4, True), (4, 4, True), (0, 8, True), (50, 100, False), (0, 100, False)],
)
def test_a_share_when_it_or_its_complement_or_group_is_small_then_it_is_hidden(numerator, denominator, is_hidden):
    scorecard = b.a_scorecard(code="outcomes")
    measure = b.an_indicator("outcome", scorecard=scorecard, unit=Unit.PERCENT)
    cells = {measure.series.pk: b.a_cell(numerator, denominator, commentary="As agreed.", keep_reason="Counted twice.")}
    b.a_return(scorecard, state="approved", cells=cells)
    assert (told(a_public_pack(scorecard))[""] == "c") is is_hidden


def test_a_measure_of_own_timeliness_when_nearly_all_were_in_time_then_it_is_shown():
    scorecard = b.a_scorecard(code="timeliness")
    measure = b.an_indicator("visits", scorecard=scorecard, unit=Unit.PERCENT)
    b.a_version(measure, b.Q4, complement_authority="Decision of the board")
    b.a_return(scorecard, state="approved", cells={measure.series.pk: b.a_cell(148, 150, commentary="Two late.")})
    assert D(told(a_public_pack(scorecard))[""]).quantize(D("0.1")) == D("98.7")


def test_figures_of_events_when_small_then_they_are_shown():
    scorecard = b.a_scorecard(code="events")
    measure = b.an_indicator("meetings", scorecard=scorecard, unit=Unit.COUNT, polarity=Polarity.NONE, counts="events")
    b.a_return(scorecard, state="approved", cells={measure.series.pk: a_count(2)})
    assert told(a_public_pack(scorecard))[""] == "2"


@pytest.mark.parametrize(("before", "is_hidden"), [(3, True), (13, False)])
def test_a_comparison_when_the_earlier_figure_is_small_then_it_is_hidden(before, is_hidden):
    scorecard = b.a_scorecard(code="notice")
    measure = b.an_indicator("children", scorecard=scorecard, unit=Unit.COUNT, polarity=Polarity.NONE)
    for period, number in ((b.Q4.previous(), before), (b.Q4, 20)):
        cells = {measure.series.pk: a_count(number, "Counted twice.")}
        b.a_return(scorecard, period, state="approved", cells=cells)
    pack = a_public_pack(scorecard)
    row = pack.tables.get().table.rows.get()
    values = dict(zip(pack.tables.get().table.header, row.cells, strict=True))
    assert values["value"] == "20"
    assert (values["previous_from"], values["previous_difference"]) == (("", "") if is_hidden else ("13", "7"))


def test_counts_when_rounded_then_multiples_that_add_up_each_marked_and_the_pack_is_proved():
    pack = a_public_pack(Children(by_source(102, 3, 41, 50, 8)).scorecard, small_numbers="round")
    shown = {key: int(number) for key, number in told(pack).items()}
    assert shown == {"": 100, "source=police": 5, "source=schools": 40, "source=health": 50, "source=family": 5}
    flags = pack.tables.get().table.header.index("flags")
    assert {row.cells[flags] for row in pack.tables.get().table.rows.all()} == {"e"}
    assert [one.finding for one in verified_packs(pack.partnership)] == [Finding.SOUND]
    protection = pack.events.get(action="published").manifest["protection"]
    assert (protection["small_numbers"], protection["rounded_to"]) == ("round", 5)
    assert (protection["rounded_figures"], protection["hidden_figures"]) == (5, 0)


# Packs beside each other


def test_a_part_that_was_hidden_when_its_total_and_the_others_follow_later_then_it_stays_hidden():
    world = Children(by_source(100, 3, 40, 50, 7))
    first = a_public_pack(world.scorecard)
    second = a_public_pack(world.scorecard, at=b.NOW + timedelta(hours=1), title="Again")
    assert told(first) == told(second)


def test_a_figure_restated_by_one_when_the_first_pack_showed_it_then_the_new_one_is_hidden():
    world = Children(by_source(100, 20, 40, 30, 10))
    first = a_public_pack(world.scorecard)
    assert "c" not in told(first).values()
    one_more = {
        world.made[""].series: replace(a_count(101, "One came late."), commentary="Late."),
        world.made["source=police"].series: replace(a_count(21, "One came late."), commentary="Late."),
    }
    restate(world.row, one_more, at=b.NOW + timedelta(hours=1))
    second = a_public_pack(world.scorecard, at=b.NOW + timedelta(hours=2), title="Again")
    assert (told(second)[""], told(second)["source=police"]) == ("c", "c")
    restated = [row.cells for carried in second.tables.all() for row in carried.table.rows.all()]
    assert not any("101" in cells or "21" in cells for cells in restated)
    assert {one.finding for one in verified_packs(first.partnership)} == {Finding.SOUND}


# The way to publication


def test_pack_when_nobody_has_checked_then_it_cannot_be_published():
    pack = a_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard, audience="public")
    assert codes(pack) == [PointCode.SMALL_NUMBERS]
    with pytest.raises(PackNotReady):
        publish(pack)


def test_pack_when_checked_and_not_accepted_then_it_cannot_be_published():
    pack = a_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard, audience="public")
    check_protection(pack=pack, by=an_approver(), at=b.NOW)
    assert codes(pack) == [PointCode.ACCEPTANCE]
    with pytest.raises(PackNotReady):
        publish(pack)


def test_pack_when_a_figure_changes_after_acceptance_then_it_must_be_checked_again():
    world = Children(by_source(100, 3, 40, 50, 7))
    pack = a_pack(world.scorecard, audience="public")
    accept(pack)
    assert codes(pack) == []
    restate(world.row, {world.made[""].series: replace(a_count(140, "Counted again."), commentary="Late.")})
    assert codes(pack) == [PointCode.SMALL_NUMBERS]


def test_pack_when_who_accepted_publishes_then_refused():
    pack = a_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard, audience="public")
    accept(pack, by=an_approver())
    with pytest.raises(WrongState, match="somebody else publishes"):
        publish(pack)
    assert not PackEvent.objects.filter(action="published").exists()


def test_acceptance_when_the_check_is_not_the_latest_or_done_then_refused():
    pack = a_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard, audience="public")
    old = check_protection(pack=pack, by=an_approver(), at=b.NOW)
    new = check_protection(pack=pack, by=an_approver(), at=b.NOW)
    with pytest.raises(WrongState, match="Something has changed"):
        accept_protection(pack=pack, check=old.pk, by=a_reviewer(), at=b.NOW)
    accept_protection(pack=pack, check=new.pk, by=a_reviewer(), at=b.NOW)
    with pytest.raises(WrongState, match="accepted already"):
        accept_protection(pack=pack, check=new.pk, by=a_reviewer(), at=b.NOW)


def test_pack_for_the_board_when_checked_then_refused():
    pack = a_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard)
    with pytest.raises(WrongState, match="given whole"):
        check_protection(pack=pack, by=an_approver(), at=b.NOW)


def test_two_parts_when_nothing_can_protect_them_then_refused_with_what_to_do():
    pack = a_pack(Children(by_source(2, 1, 1, 0, 0)).scorecard, audience="public")
    check = check_protection(pack=pack, by=an_approver(), at=b.NOW)
    assert check.status == DisclosureCheck.Status.REFUSED
    assert check.result["refused"]
    assert all(one["choices"] for one in check.result["refused"])
    assert codes(pack) == [PointCode.SMALL_NUMBERS]
    with pytest.raises(WrongState, match="Not every small number"):
        accept_protection(pack=pack, check=check.pk, by=a_reviewer(), at=b.NOW)


def test_check_when_kept_then_nobody_changes_it():
    pack = a_pack(Children(by_source(100, 3, 40, 50, 7)).scorecard, audience="public")
    check = check_protection(pack=pack, by=an_approver(), at=b.NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        DisclosureCheck.objects.filter(pk=check.pk).update(status="sound")


# Passages


def test_names_of_a_pack_when_they_could_tell_of_somebody_then_they_are_asked_and_cannot_be_left_out():
    world = Children(by_source(100, 13, 40, 40, 7))
    Scorecard.objects.filter(pk=world.scorecard.pk).update(name="Of child J", code="three-boys")
    scorecard = Scorecard.objects.get()
    a_pack(scorecard, body="Two girls")
    pack = a_pack(scorecard, audience="public", body="Two girls")
    draft = a_draft(scorecard, audience="public", title="Of child K", body="Panel of child Q")
    change_pack(pack=pack, draft=draft, version=pack.version, by=an_approver(), at=b.NOW)
    pack.refresh_from_db()
    assert pack.code == "two-girls-2022-07-07-2"
    asked = asked_of(pack, today=b.TODAY)
    found = {one.written.key: one for one in passages_of(asked, {})}
    assert {key: one.written.text[one.hit.start : one.hit.end] for key, one in found.items()} == {
        "pack/title": "K", "pack/body": "Q", "pack/code": "two", "pack/scorecard/three-boys/name": "J",
        "pack/scorecard/three-boys/code": "three",
    }  # fmt: skip
    check = check_protection(pack=pack, by=an_approver(), at=b.NOW)
    assert not any(one["can_go"] for one in check.result["passages"])
    with pytest.raises(WrongState, match="names of a pack cannot be left out"):
        decide_passages(
            pack=pack, decided={found["pack/body"].key: Decided("leave_out", "")}, by=a_reviewer(), at=b.NOW
        )  # fmt: skip


def test_name_of_a_body_when_it_holds_a_number_then_it_asks_nothing_where_the_body_is_known_and_else_it_does():
    world = Children(by_source(100, 13, 40, 40, 7), whole="One Adoption South Yorkshire placed two.")
    Scorecard.objects.filter(pk=world.scorecard.pk).update(name="Placements of three in Hexthorpe")
    scorecard = Scorecard.objects.get()
    pack = a_pack(scorecard, audience="public", body="One Adoption South Yorkshire", title="After one adoption")

    def found():
        passages = passages_of(asked_of(pack, today=b.TODAY), {})
        return {(p.written.key.rsplit("/", 1)[-1], p.written.text[p.hit.start : p.hit.end]) for p in passages}

    own = {("title", "one"), ("commentary", "two"), ("name", "three")}
    assert found() == own | {("body", "One"), ("code", "one"), ("commentary", "One")}
    b.a_body("One Adoption South Yorkshire")
    assert found() == own


def test_text_when_it_quotes_a_hidden_number_then_it_waits_and_can_be_left_out():
    world = Children(by_source(100, 3, 40, 50, 7), whole="Of these 7 came from families.")
    pack = a_pack(world.scorecard, audience="public")
    check = check_protection(pack=pack, by=an_approver(), at=b.NOW)
    passages = [p for p in check.result["passages"] if p["text"].endswith("whole/commentary")]
    assert [p["kind"] for p in passages] == ["hidden number"]
    assert PointCode.PASSAGES in codes(pack)
    with pytest.raises(WrongState, match="every passage"):
        accept_protection(pack=pack, check=check.pk, by=a_reviewer(), at=b.NOW)
    with pytest.raises(WrongState, match="why it identifies nobody"):
        decide_passages(pack=pack, decided={passages[0]["key"]: Decided("publish", " ")}, by=a_reviewer(), at=b.NOW)
    accept(pack, leave_out=True)
    publish(pack)
    cells = [cell for row in pack.tables.get().table.rows.all() for cell in row.cells]
    assert not any("came from families" in cell for cell in cells)
    assert [one.finding for one in verified_packs(pack.partnership)] == [Finding.SOUND]


def test_number_of_another_indicator_when_it_is_hidden_then_texts_that_quote_it_are_asked():
    wait = b.an_indicator("wait", name="Wait", unit=Unit.DAYS, polarity=Polarity.NONE)
    share, others = b.an_indicator("share", name="Share"), b.an_indicator("others", name="Others")
    cells = {
        wait.series.pk: b.a_cell(D(2315), D(5), commentary="Few.", keep_reason="Checked."),
        share.series.pk: b.a_cell(D(24), D(40), commentary="Some."),
        others.series.pk: b.a_cell(D(90), D(100), commentary="Waits of 463 days, 24 of 40.", keep_reason="Of others."),
    }
    row = b.a_return(state="approved", cells=cells)
    pack = a_pack(row.round.scorecard, audience="public", note="It was 463 days, for 60% of 40, on 7 July.")
    asked = asked_of(pack, today=b.TODAY)
    untold = {one.stem: one for one in asked.told if one.line.code in ("wait", "share")}
    found = {one.written.label: [] for one in passages_of(asked, untold)}
    for one in passages_of(asked, untold):
        found[one.written.label].append(one.written.text[one.hit.start : one.hit.end])
    assert found == {"Others: commentary": ["463"], "Note to the meeting": ["463", "60", "40"]}
    close = {one.stem: one for one in asked.told if one.line.code == "share"}
    assert [one.written.label for one in passages_of(asked, close)] == ["Note to the meeting", "Note to the meeting"]


# How much is read


def test_public_pack_when_its_page_is_opened_or_it_is_published_then_its_figures_are_gathered_once(
    monkeypatch, signed_in
):
    pack = a_pack(Children(by_source(100, 13, 40, 40, 7)).scorecard, audience="public")
    accept(pack)
    gathered = []

    def counted(*args, **more):
        gathered.append(args)
        return gathered_scorecard(*args, **more)

    for place in ("partnership.selectors.left_out", "indicators.operations.publishing",
                  "partnership.selectors.restated"):  # fmt: skip
        monkeypatch.setattr(f"{place}.gathered_scorecard", counted)
    assert signed_in(an_approver()).get(f"/northshire/packs/{pack.code}/").status_code == 200
    assert len(gathered) == 1
    publish(pack)
    assert len(gathered) == 2
