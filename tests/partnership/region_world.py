"""Synthetic authorities of a region that does not exist, each with one small scorecard and a pack for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from indicators import quarters
from indicators.entry import CellInput
from indicators.models import IndicatorVersion, Partnership, Return, Scorecard, Series
from partnership.models import Pack, Region
from partnership.operations.regions import keep_region
from tests import builders as b
from tests.partnership.pack_world import a_public_pack, restate

CODE = "northern-alliance"
NAME = "Northern alliance"
# Of the synthetic region: no such authority exists.
SHIRES = (
    "alderby", "birchley", "cedarham", "dalewick", "elmshire", "fernbury", "gorsefield", "hazelton", "ivybridge",
    "juniper", "kelpton", "larchester", "mossdale", "nettleby", "oakhampton",
)  # fmt: skip
SHARE = "assessed-in-time"


@dataclass
class Authority:
    """A partnership with its scorecard and returns by period."""

    partnership: Partnership
    scorecard: Scorecard
    rows: dict[quarters.Period, Return]

    @property
    def slug(self) -> str:
        return self.partnership.slug

    def series(self, code: str = SHARE) -> Series:
        """What figures of an indicator hang on."""
        return Series.objects.get(partnership=self.partnership, indicator__code=code)


def a_region(
    *slugs: str, code: str = CODE, name: str = NAME, on: date = b.LONG_AGO, at: datetime = b.NOW
) -> Region:  # fmt: skip
    """A region that these partnerships joined."""
    return keep_region(code=code, name=name, joining=slugs, on=on, authority="Synthetic", at=at)


def an_authority(slug: str, *codes: str, **definition: Any) -> Authority:
    """A partnership whose trust returns one scorecard of these indicators (the share alone unless they are given)."""
    number = SHIRES.index(slug) if slug in SHIRES else 90
    partnership = b.a_partnership(slug, f"E069990{number:02d}")
    partner = b.a_partner(partnership=partnership)
    scorecard = b.a_scorecard(code="contract", partnership=partnership)
    for one in codes or (SHARE,):
        b.an_indicator(one, name=f"Measure {one}", scorecard=scorecard, partner=partner, **definition)
    return Authority(partnership, scorecard, {})


def returned(
    authority: Authority, cells: Mapping[str, CellInput], period: quarters.Period = b.Q4, *, at: datetime = b.NOW
) -> Authority:
    """Its figures of a period by indicator, accepted."""
    found = {authority.series(code).pk: cell for code, cell in cells.items()}
    authority.rows[period] = b.a_return(authority.scorecard, period, state="approved", cells=found, at=at)
    return authority


def told(authority: Authority, period: quarters.Period = b.Q4, *, at: datetime = b.NOW, **more: Any) -> Pack:
    """A pack for everybody of what is accepted."""
    return a_public_pack(authority.scorecard, period=period, at=at, **{"body": "Scrutiny Panel"} | more)


def of(numerator: int, denominator: int = 1000, **more: Any) -> CellInput:
    """A figure with what a return asks beside it."""
    return b.a_cell(numerator, denominator, **({"commentary": "As expected."} | more))


def authorities(
    numerators: Sequence[int], *, period: quarters.Period = b.Q4, code: str = SHARE
) -> list[Authority]:  # fmt: skip
    """As many synthetic authorities as numerators (of 1,000), the first shires in order, each with a pack told."""
    made = []
    for slug, numerator in zip(SHIRES, numerators, strict=False):
        one = returned(an_authority(slug, code), {code: of(numerator)}, period)
        told(one, period)
        made.append(one)
    return made


def another_version(old: IndicatorVersion, valid_from: quarters.Period, **changes: Any) -> IndicatorVersion:
    """The definition from a period on, changed in these parts."""
    kept = {f.name: getattr(old, f.name) for f in old._meta.concrete_fields if not f.primary_key}
    return IndicatorVersion.objects.create(
        **kept | {"number": old.number + 1, "valid_from": b.a_period(valid_from)} | changes
    )


HOUR = timedelta(hours=1)
# Shares of 1,000 in Q4, in the order of the first ten shires.
SHARES = (850, 700, 655, 720, 790, 810, 745, 760, 830, 690)


def a_whole_region() -> dict[str, Authority]:
    """Fifteen authorities in one quarter: ten plain ones (two also a quarter earlier, one later corrected), one with
    rounded counts, one hidden, one that gives no number, one by an earlier definition, one without any pack; by slug.

    Nettleby publishes first; then the numerator is worded otherwise, and all others publish by the new wording.
    """
    made = {slug: an_authority(slug) for slug in SHIRES}
    told(returned(made["nettleby"], {SHARE: of(900)}))
    old = made["nettleby"].series().indicator.versions.get()
    another_version(old, b.Q3, numerator="Assessments done within 45 working days")
    for slug, numerator in zip(SHIRES, SHARES, strict=False):
        if slug in SHIRES[:2]:
            told(returned(made[slug], {SHARE: of(numerator - 30)}, b.Q3), b.Q3)
        told(returned(made[slug], {SHARE: of(numerator)}))
    told(returned(made["kelpton"], {SHARE: of(301, 402)}), small_numbers="round")
    told(returned(made["larchester"], {SHARE: of(37, 41)}))
    told(returned(made["mossdale"], {SHARE: b.a_cell(
        missing="not_reportable", commentary="The case system changed.", not_reportable_code="system_change",
        responsible_role="Head of performance", expected_on=date(2022, 9, 30),
    )}))  # fmt: skip
    one = made["birchley"]
    restate(one.rows[b.Q4], {one.series(): of(712, keep_reason="Checked.")}, at=b.NOW + HOUR)
    told(one, body="Cabinet", at=b.NOW + 2 * HOUR)
    a_region(*SHIRES)
    return made
