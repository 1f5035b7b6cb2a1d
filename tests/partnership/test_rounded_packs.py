"""Packs for everybody whose counts are rounded: sums hold, shares follow, and what cannot be rounded stays hidden."""

import pytest

from partnership.selectors.verification import Finding, verified_packs
from tests.partnership.pack_world import a_public_pack
from tests.partnership.test_protection import Children, by_source, told

pytestmark = pytest.mark.django_db


def a_rounded_pack(*scorecards, **more):
    return a_public_pack(*scorecards, small_numbers="round", **more)


def test_small_part_when_rounded_then_all_are_multiples_that_add_up_and_the_pack_is_proved():
    world = Children(by_source(102, 3, 41, 50, 8))
    pack = a_rounded_pack(world.scorecard)
    shown = {key: int(number) for key, number in told(pack).items()}
    assert shown == {"": 100, "source=police": 5, "source=schools": 40, "source=health": 50, "source=family": 5}
    assert [one.finding for one in verified_packs(pack.partnership)] == [Finding.SOUND]
