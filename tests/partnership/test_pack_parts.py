"""Packs of activity with its parts: frozen and proved like any other, and never for everybody where it is protected."""

from dataclasses import replace

import pytest

from indicators.models import Dimension, Scorecard
from partnership.operations.packs import PackNotReady, give_reasons
from partnership.pack_check import PointCode
from partnership.selectors.packs import points_of
from partnership.selectors.restated import restated_in
from partnership.selectors.verification import Finding, verified_packs
from tests import builders as b
from tests.indicators.test_parts import World, a_count
from tests.partnership.pack_world import PLACE, a_pack, a_published_pack, an_approver, publish, restate, soup_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def points(pack) -> list[PointCode]:
    return [p.code for p in points_of(pack, today=b.TODAY)]


def test_pack_when_it_carries_parts_then_it_is_proved_byte_for_byte_and_shown_by_name(world, signed_in):
    pack = a_published_pack(world.scorecard)
    found = list(verified_packs(pack.partnership))
    assert [(one.table, one.finding) for one in found] == [("demand-2021-22-q4", Finding.SOUND)]
    page = soup_of(signed_in(an_approver()), f"/{PLACE}/packs/{pack.code}/tables/demand-2021-22-q4/").get_text(" ")
    assert "Referrals: Police" in page


def test_part_when_restated_after_the_pack_then_it_is_told_apart_from_its_whole(world):
    pack = a_published_pack(world.scorecard)
    series = world.made["source=police"].series
    whole = world.made[""].series
    one = replace(a_count(901, "One came in late."), commentary="One more.")
    two = replace(a_count(1258, "One came in late."), commentary="One more.")
    restate(world.row, {series: one, whole: two})
    carried = pack.tables.get()
    assert {(r.indicator, r.slice) for r in restated_in([carried], today=b.TODAY)[carried.pk]} == {
        ("referrals", "source=police"), ("referrals", ""),
    }  # fmt: skip


def test_public_pack_when_a_line_is_protected_then_it_is_refused(world):
    pack = a_pack(world.scorecard, audience="public")
    assert PointCode.PROTECTED in points(pack)


def test_public_pack_when_a_scorecard_is_for_the_board_then_it_is_refused(world):
    Dimension.objects.update(is_protected=False)
    pack = a_pack(world.scorecard, audience="public")
    assert PointCode.PROTECTED not in points(pack)
    Scorecard.objects.update(audience=Scorecard.Readers.BOARD)
    assert PointCode.PROTECTED in points(pack)


def test_public_pack_when_protected_then_no_reason_lets_it_pass(world):
    pack = a_pack(world.scorecard, audience="public")
    keys = {p.key: "They are few." for p in points_of(pack, today=b.TODAY)}
    give_reasons(pack=pack, reasons=keys, version=pack.version, by=an_approver(), at=b.NOW)
    with pytest.raises(PackNotReady, match="1 point is open"):
        publish(pack)


def test_board_pack_when_a_line_is_protected_then_it_is_taken(world):
    assert points(a_pack(world.scorecard)) == []
