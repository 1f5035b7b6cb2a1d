"""Lists 6 and 7: children in need and child protection plans."""

from datetime import date

from referrals.annex_a import dimensions as by
from referrals.annex_a import fields as f
from referrals.annex_a.measures.declared import Durations, Measure, OpenLate
from referrals.annex_a.terms import (
    Recurring,
    Span,
    at_least,
    dated,
    ended,
    lasting,
    left_out_when,
    no_care_leaver,
    none_of,
    one_of,
    open_at_end,
    stated,
    yes,
)
from referrals.clocks import clock
from referrals.timescales import OPEN_BANDS, Band, bands_of

_D2I = "D2I, Annex A measures"
_LAIT = "Children in need census, as in the Local Authority Interactive Tool"

# Two years, both days counted: 730 days and more (“more than 729 days including the last day”).
TWO_YEARS = 730
# Four weeks: the last interval that a report states (001 §54). Annex A does not hold the interval of each plan.
FOUR_WEEKS = clock("cp-visit", date(2021, 4, 1))
_SEEN_BANDS = bands_of(7, 14, 28, 42, 90)

_NEED_OPEN = Span(f.NEED_START)
_NEED_LENGTH = Span(f.NEED_START, f.NEED_END)
_SEEN = Span(f.LAST_SEEN)
_PLAN_OPEN = Span(f.PLAN_START, with_last_day=True)
_PLAN_LENGTH = Span(f.PLAN_START, f.PLAN_END, with_last_day=True)

_OPEN_CASES = (
    open_at_end(f.NEED_START, f.NEED_END, start_may_be_unknown=True),
    left_out_when(f.CASE_STATUS, "closed without a closure date", "closed"),
)
_OPEN_NEED = (
    open_at_end(f.NEED_START, f.NEED_END, start_may_be_unknown=True),
    stated(f.CASE_STATUS),
    one_of(f.CASE_STATUS, "the case status is child in need plan", "in-need-plan"),
    no_care_leaver(f.CHILD),
)
_NOT_AFTER_ASSESSMENT = none_of(f.CLOSURE_REASON, "the case was not closed after assessment (RC8, RC9)", "RC8", "RC9")
_PLANS = (open_at_end(f.PLAN_START, f.PLAN_END),)
_VISIT = Recurring("visit", FOUR_WEEKS, f.PLAN_START, FOUR_WEEKS, f.VISITED_ON)
_REVIEW = Recurring("review", clock("cp-review-first"), f.PLAN_START, clock("cp-review-later"), f.PLAN_REVIEWED_ON)
_OF_KNOWN = "The share is of those with a known start date; the others are left out and shown."
_LATEST_VISIT = (
    "The file holds the latest visit only, and not the interval that the plan sets: four weeks are taken, as in report "
    "001 §54, and the children with a plan at the reference date, not all of the year."
)


def _open_band(code: str, name: str, band: Band, indicator: str = "") -> Measure:
    return Measure(
        code, name, 6, _OPEN_NEED, "share", (lasting(_NEED_OPEN, band.first, band.last),), f.CHILD,
        indicator=indicator, source="Report 003 §28 and §29", note=_OF_KNOWN,
    )  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    # List 6
    Measure(
        "cin-episodes-started", "Children in need episodes started", 6, (dated(f.NEED_START),),
        by=(by.CASE_STATUS, *by.PERSON_DISABILITY), source=_D2I, note="All rows, whatever their case status.",
    ),
    Measure(
        "cin-episodes-ended", "Children in need episodes ended", 6, (ended(f.NEED_END),),
        by=(by.CLOSURE, *by.PERSON_DISABILITY), source=_D2I, note="All rows, cases closed after assessment among them.",
    ),
    Measure(
        "cin-started", "Child in need plans started", 6,
        (
            dated(f.NEED_START), stated(f.CASE_STATUS),
            one_of(f.CASE_STATUS, "the case status is child in need plan, or closed since", "in-need-plan", "closed"),
            _NOT_AFTER_ASSESSMENT,
        ),
        by=(by.NEED, *by.PERSON_DISABILITY), indicator="cin-started", source=_D2I,
        note="A plan that has become a protection plan or care since it began cannot be told from the file.",
    ),
    Measure(
        "cin-ended", "Child in need plans ended", 6, (ended(f.NEED_END), _NOT_AFTER_ASSESSMENT),
        by=(by.CLOSURE, *by.PERSON_DISABILITY), indicator="cin-ended", source=_D2I,
    ),
    Measure(
        "cin-at-end", "Children with a child in need plan", 6, _OPEN_NEED, once=f.CHILD,
        by=(by.NEED_LENGTH, by.NEED, *by.PERSON_DISABILITY), indicator="cin-at-end", source="Report 003 §28",
        note="Children with a protection plan or in care have another case status and are not counted here. A plan "
        "with an unknown start date counts.",
    ),
    Measure(
        "cin-open-cohort", "All open children in need", 6, _OPEN_CASES, once=f.CHILD,
        by=(by.CASE_STATUS, by.NEED, *by.PERSON_DISABILITY), indicator="cin-open-cohort", source="Report 001 §52",
        note="Whatever the case status: children with a protection plan or in care count here too, if list 6 holds "
        "them.",
    ),
    _open_band("cin-0-to-3-months", "Child in need plans open less than 3 months", OPEN_BANDS[0]),
    _open_band("cin-3-to-6-months", "Child in need plans open 3 to 6 months", OPEN_BANDS[1]),
    _open_band("cin-6-to-12-months", "Child in need plans open 6 to 12 months", OPEN_BANDS[2], "cin-6-to-12-months"),
    _open_band(
        "cin-12-to-24-months", "Child in need plans open 12 to 24 months", OPEN_BANDS[3], "cin-12-to-24-months"
    ),
    _open_band("cin-over-2-years", "Child in need plans open 2 years or longer", OPEN_BANDS[4], "cin-over-2-years"),
    Measure(
        "cin-seen-4-weeks", "Children with a child in need plan seen in the last 28 days", 6, _OPEN_NEED, "share",
        (lasting(_SEEN, 0, 28),), f.CHILD, source=_D2I,
    ),
    # List 7
    Measure(
        "cp-plans-started", "Protection plans started", 7, (dated(f.PLAN_START),),
        by=(by.FIRST_ABUSE, *by.PERSON_DISABILITY), indicator="cp-plans-started", source=_D2I,
    ),
    Measure(
        "cp-plans-ended", "Protection plans ended", 7, (ended(f.PLAN_END),), by=(by.ABUSE, *by.PERSON_DISABILITY),
        indicator="cp-plans-ended", source="Report 001 §52",
    ),
    Measure(
        "cp-plans-at-end", "Children with a protection plan", 7, _PLANS, once=f.CHILD,
        by=(by.ABUSE, *by.PERSON_DISABILITY), indicator="cp-plans-at-end", source="Report 003 §32",
    ),
    Measure(
        "cp-plans-2-years-or-longer", "Children with a protection plan for 2 years or longer", 7, _PLANS,
        counted=(lasting(_PLAN_OPEN, TWO_YEARS),), once=f.CHILD, indicator="cp-plans-2-years-or-longer",
        source="Report 003 §32",
    ),
    Measure(
        "cp-plans-2-years-plus", "Protection plans ended that had lasted 2 years or longer", 7, (ended(f.PLAN_END),),
        "share", (lasting(_PLAN_LENGTH, TWO_YEARS),), indicator="cp-plans-2-years-plus", source=_LAIT,
        note="More than 729 days, the last day included.",
    ),
    Measure(
        "cp-plans-again", "Protection plans started for a child with an earlier plan", 7, (dated(f.PLAN_START),),
        "share", (at_least(f.EARLIER_PLANS, 1),), source=_LAIT,
        note="An earlier plan at any time. A second plan within 2 years cannot be told: the file holds no dates of "
        "earlier plans.",
    ),
    Measure(
        "cp-plans-again-at-end", "Children with a protection plan who had an earlier one", 7, _PLANS, "share",
        (at_least(f.EARLIER_PLANS, 1),), f.CHILD, source="Report 003 §32",
    ),
    Measure(
        "cp-visits-in-timescale", "Children with a protection plan visited in timescale", 7, _PLANS, "share",
        (_VISIT.done_in_time(),), f.CHILD, indicator="cp-visits-in-timescale", source="Report 003 §34",
        note=_LATEST_VISIT,
    ),
    Measure(
        "cp-seen-alone", "Children with a protection plan who were seen alone", 7, _PLANS, "share",
        (yes(f.SEEN_ALONE, "the child was seen alone at the last visit"),), f.CHILD, source=_D2I,
    ),
    Measure(
        "cp-reviews-in-timescale", "Protection plans reviewed in timescale", 7, _PLANS, "share",
        (_REVIEW.done_in_time(),), f.CHILD, source=_D2I,
        note="The start of the plan stands for the initial conference. The file holds the latest review only.",
    ),
    Measure(
        "cp-emergency", "Children with a protection plan and an emergency order or police protection", 7, _PLANS,
        "share", (yes(f.EMERGENCY, "there was one in the last six months"),), f.CHILD, source=_D2I,
    ),
)  # fmt: skip

DURATIONS: tuple[Durations, ...] = (
    Durations(
        "cin-open", "How long child in need plans have been open", 6, _OPEN_NEED, _NEED_OPEN, OPEN_BANDS, once=f.CHILD,
        source="Report 003 §28",
    ),
    Durations(
        "cin-length", "Length of children in need episodes ended", 6, (ended(f.NEED_END),), _NEED_LENGTH, OPEN_BANDS,
        source=_D2I,
    ),
    Durations(
        "cin-last-seen", "Days since children with a child in need plan were seen", 6, _OPEN_NEED, _SEEN, _SEEN_BANDS,
        once=f.CHILD, source=_D2I,
    ),
    Durations(
        "cp-open", "How long children have had their protection plan", 7, _PLANS, _PLAN_OPEN, OPEN_BANDS, once=f.CHILD,
        source=_D2I,
    ),
    Durations(
        "cp-length", "Length of protection plans ended", 7, (ended(f.PLAN_END),), _PLAN_LENGTH, OPEN_BANDS,
        source=_LAIT,
    ),
    Durations(
        "cp-last-visit", "Days since children with a protection plan were visited", 7, _PLANS, Span(f.VISITED_ON),
        _SEEN_BANDS, FOUR_WEEKS.code, once=f.CHILD, source=_D2I,
    ),
)  # fmt: skip

OPEN_LATE: tuple[OpenLate, ...] = (
    OpenLate(
        "cp-visits-overdue", "Children with a protection plan whose visit is overdue", 7, FOUR_WEEKS.code, _PLANS,
        _VISIT.is_overdue(), f.CHILD, _LATEST_VISIT,
    ),
    OpenLate(
        "cp-reviews-overdue", "Protection plans whose review is overdue", 7, "cp-review-later", _PLANS,
        _REVIEW.is_overdue(), f.CHILD,
    ),
)  # fmt: skip
