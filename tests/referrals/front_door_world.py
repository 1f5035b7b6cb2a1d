"""A small pathway: a few stages with figures of two years, months of referrals, and breakdowns of each kind."""

from collections.abc import Mapping
from typing import Any

from indicators import quarters
from indicators.direction_of_travel import Window
from indicators.models import Dimension, FigureQuery, Partnership, Series
from indicators.operations import slices
from indicators.rag import Polarity
from indicators.units import Unit
from tests import builders
from tests.builders import Q4

YEAR_BEFORE = Q4.same_period_last_year()
STOCKS = frozenset({"care-at-end", "cin-at-end", "adoption-in-system"})
NAMES = {"referrals": "Referrals", "care-at-end": "Children in care", "care-started": "Children coming into care"}
FIGURES: dict[str, Mapping[quarters.Period, int]] = {
    "contacts": {},
    "referrals": {Q4: 1257, YEAR_BEFORE: 1068},
    "re-referrals": {Q4: 64},
    "referrals-no-further-action": {Q4: 300},
    "assessments-started": {Q4: 1560},
    "assessments-completed": {Q4: 1514},
    "cin-at-end": {Q4: 1355},
    "s47-enquiries": {Q4: 456, YEAR_BEFORE: 320},
    "icpc-convened": {Q4: 150},
    "care-started": {Q4: 46},
    "care-ended": {Q4: 47},
    "care-at-end": {Q4: 592, Q4.previous(): 592},
    "adoption-in-system": {Q4: 30},
}
PARTS: dict[str, Mapping[str, int]] = {
    "referrals": {"source=police": 700, "source=schools": 300, "source=not-stated": 257},
    "cin-at-end": {"duration=under-3": 289, "duration=over-3": 742, "duration=not-stated": 324},
    "adoption-in-system": {"authority=barnsley": 32, "authority=sheffield": 63},
    "care-at-end": {"ethnicity=any-other": 500},
    "assessments-started": {"need=parenting": 900, "need=behaviour": 1000},
}
DIMENSIONS = {
    "source": ("Source", "partition", (("police", "Police"), ("schools", "Schools"), ("not-stated", "Not stated"))),
    "duration": (
        "How long it has lasted",
        "partition",
        (("under-3", "Under 3 months"), ("over-3", "3 months or longer"), ("not-stated", "Start date not stated")),
    ),
    "authority": ("Authority", "comparison", (("barnsley", "Barnsley"), ("sheffield", "Sheffield"))),
    "ethnicity": ("Ethnicity", "partition", (("any-other", "Any other background"),)),
    "need": ("Need", "overlapping", (("parenting", "Parenting"), ("behaviour", "Behaviour"))),
}


@builders.kept
def a_pathway(partnership: Partnership | None = None, *, months: int = 24) -> dict[str, Any]:
    """Indicators of the pathway with approved figures, by code; `months` of referrals up to March 2022 and figures of
    annual statistics beside the quarters."""
    partnership = partnership or builders.a_partnership()
    scorecard = builders.a_scorecard(code="demand", partnership=partnership)
    for code, (name, kind, categories) in DIMENSIONS.items():
        if not Dimension.objects.filter(code=code).exists():
            slices.add_dimension(code=code, name=name, kind=kind, categories=categories)
    Dimension.objects.filter(code="ethnicity").update(is_protected=True)
    made = {code: an_activity(code, scorecard) for code in FIGURES}
    for code, by_period in FIGURES.items():
        for period, number in by_period.items():
            builders.a_paper_figure(made[code], period, number, quantum=None)
    for code, parts in PARTS.items():
        for key, number in parts.items():
            builders.a_paper_figure(a_part(made[code].series, key), Q4, number, quantum=None)
    month = quarters.Month(2022, 3)
    statistics = builders.a_source("DFE")
    for number in range(months):
        builders.a_paper_figure(made["referrals"], month, 400 + number % 7, quantum=None, source=statistics)
        month = month.previous()
    for start in range(2015, 2019):
        year = quarters.FinancialYear(start)
        builders.a_paper_figure(made["referrals"], year, 4000 + start, quantum=None, source=statistics)
    FigureQuery.objects.create(
        partnership=partnership,
        source=statistics,
        paragraph="1",
        code="care-592",
        series=made["care-at-end"].series,
        period=builders.a_period(Q4),
        question="Is it 592 or 591?",
    )
    return made


def an_activity(code: str, scorecard: Any) -> Any:
    """An indicator without a target, of events or of a stock."""
    window = Window.SNAPSHOT if code in STOCKS else Window.PERIOD
    return builders.an_indicator(
        code, name=NAMES.get(code, code.replace("-", " ").capitalize()), unit=Unit.COUNT, polarity=Polarity.NONE,
        window=window, target=None, scorecard=scorecard,
    )  # fmt: skip


def a_part(whole: Series, key: str) -> Series:
    """The series of a part of an indicator."""
    return Series.objects.get_or_create(
        partnership=whole.partnership, indicator=whole.indicator, slice=slices.slice_row(key)
    )[0]
