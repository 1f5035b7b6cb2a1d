"""Lists 8 and 9: children in care and care leavers."""

from referrals.annex_a import dimensions as by
from referrals.annex_a import fields as f
from referrals.annex_a.measures.declared import Durations, Measure, OpenLate
from referrals.annex_a.terms import (
    Recurring,
    Span,
    aged,
    at_least,
    dated,
    ended,
    lasting,
    left_out_when,
    limit_of,
    listed,
    not_known_because,
    older_than_months,
    one_of,
    open_at_end,
    stated,
    within_months,
    yes,
)
from referrals.clocks import clock
from referrals.timescales import OPEN_BANDS, bands_of

_D2I = "D2I, Annex A measures"
_RETURN = "Children looked after return (SSDA903), Department for Education"

TWO_YEARS, TWO_AND_A_HALF_YEARS, ONE_YEAR = 730, 913, 365
_PLACEMENT_BANDS = bands_of(6, 27, 90, 181, 364, 729)
_CHECK_BANDS = bands_of(90, 181, 365, 730)

_IN_CARE_FOR = Span(f.CARE_START)
_PLACED_FOR = Span(f.PLACED_ON)

_IN_CARE = (open_at_end(f.CARE_START, f.CARE_END),)
_LEFT = (ended(f.CARE_END),)
_LEFT_STATED = (*_LEFT, stated(f.CEASED_REASON))
_YEAR_IN_CARE = (*_IN_CARE, lasting(_IN_CARE_FOR, ONE_YEAR))
_REVIEW = Recurring("review", clock("cic-review-first"), f.CARE_START, clock("cic-review-later"), f.CARE_REVIEWED_ON)
_VISIT = Recurring("visit", clock("cic-visit-first"), f.PLACED_ON, clock("cic-visit"), f.CARE_VISITED_ON)
_LATEST_REVIEW = (
    "Counts children by their latest review, not reviews: the file holds no other. Six months are taken after every "
    "review, though the second is due three months after the first."
)
_PATHWAY = limit_of("pathway-plan-review")
_SIX_WEEKS = "Six weeks are taken for every placement; some have other intervals, and long-term ones three months."

_DIED = left_out_when(f.IN_TOUCH, "died", "died")
_LEAVERS = (listed(f.CHILD, "the young person is listed"), _DIED)
# Who has gone home, abroad or where nobody knows is not asked about (field definition of the return, OC3).
_ASKED = (
    *_LEAVERS,
    left_out_when(f.IN_TOUCH, "returned home for six months or more", "rhom"),
    left_out_when(f.ACCOMMODATION, "gone abroad", "G"),
    left_out_when(f.ACCOMMODATION, "deported", "H"),
)
_OUT_OF_TOUCH = (f.IN_TOUCH, ("no", "refu", "nreq"))
_WHOLE_LIST = (
    "All young people of list 9, as the local measure does; the national one counts former relevant young people aged "
    "19 to 21."
)
_WHO_IS_COUNTED = (
    "Who is out of touch, refuses or no longer wants help counts too, as not known to be so. " + _WHOLE_LIST
)

MEASURES: tuple[Measure, ...] = (
    # List 8
    Measure(
        "care-started", "Children who came into care", 8, (dated(f.CARE_START),),
        by=(by.LEGAL_ROUTE, by.CARE_NEED, *by.PERSON_ASYLUM), indicator="care-started", source="Report 003 §39",
        note="The legal route is by the present legal status, which may not be the first.",
    ),
    Measure(
        "care-ended", "Children who left care", 8, _LEFT, by=(by.LEAVING_REASON, *by.PERSON_ASYLUM),
        indicator="care-ended", source="Report 003 §40",
    ),
    Measure(
        "care-at-end", "Children in care", 8, _IN_CARE, once=f.CHILD,
        by=(by.LEGAL_ROUTE, by.LEGAL_STATUS, by.PLACEMENT, by.PROVIDER, by.LOCATION, by.PERMANENCE, by.CARE_NEED,
            *by.PERSON_ASYLUM),
        indicator="care-at-end", source="Report 003 §37",
    ),
    Measure(
        "care-second-period", "Children who came into care again within 12 months", 8, (dated(f.CARE_START),), "share",
        (yes(f.SECOND_PERIOD, "it is a second or later period in 12 months"),), source=_D2I,
    ),
    Measure(
        "cic-3-plus-placements", "Children in care with 3 or more placements in 12 months", 8, _IN_CARE, "share",
        (at_least(f.PLACEMENTS, 3),), f.CHILD, indicator="cic-3-plus-placements", source=_RETURN,
        note="Of all children in care at the reference date; report 003 §38 names those in care for over 12 months.",
    ),
    Measure(
        "cic-long-term-stability", "Children in care in the same placement for 2 years", 8,
        (*_IN_CARE, aged(f.BORN, f.AGE, 0, 15), lasting(_IN_CARE_FOR, TWO_AND_A_HALF_YEARS)), "share",
        (lasting(_PLACED_FOR, TWO_YEARS),), f.CHILD, indicator="cic-long-term-stability", source=_RETURN,
        note="Two and a half years are 913 days, two years 730. Two placements with the same adopters cannot be "
        "joined, as the file holds the latest only.",
    ),
    Measure(
        "cic-reviews-in-timescale", "Children in care reviewed in timescale", 8, _IN_CARE, "share",
        (_REVIEW.done_in_time(),), f.CHILD, indicator="cic-reviews-in-timescale", source="Report 003 §74",
        note=_LATEST_REVIEW,
    ),
    Measure(
        "cic-visits-in-timescale", "Children in care visited in timescale", 8, _IN_CARE, "share",
        (_VISIT.done_in_time(),), f.CHILD, source=_D2I, note=_SIX_WEEKS,
    ),
    Measure(
        "cic-health", "Children in care for a year with a health assessment in the last 12 months", 8, _YEAR_IN_CARE,
        "share", (within_months(f.HEALTH_ON, 12),), f.CHILD, source=_D2I,
        note="No date counts as no assessment. Children under 5 are due one every six months.",
    ),
    Measure(
        "cic-dental", "Children in care for a year with a dental check in the last 12 months", 8, _YEAR_IN_CARE,
        "share", (within_months(f.DENTAL_ON, 12),), f.CHILD, source=_D2I, note="No date counts as no check.",
    ),
    Measure(
        "cic-missing", "Children in care who were missing in the last 12 months", 8, _IN_CARE, "share",
        (at_least(f.MISSING, 1),), f.CHILD, source=_D2I,
    ),
    Measure(
        "cic-absent", "Children in care who were absent in the last 12 months", 8, _IN_CARE, "share",
        (at_least(f.ABSENT, 1),), f.CHILD, source=_D2I,
    ),
    Measure(
        "cic-interview-offered", "Missing children who were offered a return interview", 8,
        (*_IN_CARE, at_least(f.MISSING, 1)), "share", (yes(f.INTERVIEW_OFFERED, "an interview was offered"),), f.CHILD,
        source=_D2I,
    ),
    Measure(
        "cic-interview-accepted", "Return interviews offered that were accepted", 8,
        (*_IN_CARE, at_least(f.MISSING, 1), one_of(f.INTERVIEW_OFFERED, "an interview was offered", "yes")), "share",
        (yes(f.INTERVIEW_ACCEPTED, "it was accepted"),), f.CHILD, source=_D2I,
    ),
    Measure(
        "cic-outside", "Children in care placed outside the authority", 8, (*_IN_CARE, stated(f.LOCATION)), "share",
        (one_of(f.LOCATION, "the placement is outside the authority", "out"),), f.CHILD, source=_D2I,
    ),
    Measure(
        "left-care-adopted", "Children who left care because they were adopted", 8, _LEFT_STATED, "share",
        (one_of(f.CEASED_REASON, "the reason is adoption (E11, E12)", "E11", "E12"),), indicator="left-care-adopted",
        source="Report 003 §40",
    ),
    Measure(
        "left-care-sgo", "Children who left care by a special guardianship order", 8, _LEFT_STATED, "share",
        (one_of(f.CEASED_REASON, "the reason is a special guardianship order (E45 to E48)", "E45", "E46", "E47",
                "E48"),),
        indicator="left-care-sgo", source="Report 003 §40",
    ),
    Measure(
        "left-care-cao", "Children who left care by a child arrangements order", 8, _LEFT_STATED, "share",
        (one_of(f.CEASED_REASON, "the reason is a residence or child arrangements order (E41)", "E41"),),
        indicator="left-care-cao", source="Report 003 §40",
    ),
    # List 9
    Measure(
        "care-leavers-at-end", "Care leavers", 9, _LEAVERS, once=f.CHILD,
        by=(by.ELIGIBILITY, by.IN_TOUCH, by.ACCOMMODATION, by.ACTIVITY, *by.PERSON_DISABILITY, by.ASYLUM_LEAVERS),
        indicator="care-leavers-at-end", source="Report 003 §53",
    ),
    Measure(
        "care-leavers-in-touch", "Care leavers the authority is in touch with", 9, (*_LEAVERS, stated(f.IN_TOUCH)),
        "share", (one_of(f.IN_TOUCH, "the authority is in touch", "yes"),), f.CHILD,
        indicator="care-leavers-in-touch", source="Report 003 §51", note=_WHOLE_LIST,
    ),
    Measure(
        "care-leavers-suitable-accommodation", "Care leavers in suitable accommodation", 9,
        (*_ASKED, left_out_when(f.ACCOMMODATION, "residence not known", "R"),
         not_known_because(f.SUITABILITY, *_OUT_OF_TOUCH)),
        "share", (one_of(f.SUITABILITY, "it is suitable", "suitable"),), f.CHILD,
        indicator="care-leavers-suitable-accommodation", source="Report 003 §51", note=_WHO_IS_COUNTED,
    ),
    Measure(
        "care-leavers-eet", "Care leavers in education, employment or training", 9,
        (*_ASKED, not_known_because(f.ACTIVITY, *_OUT_OF_TOUCH)), "share",
        (one_of(f.ACTIVITY, "they are in education, employment or training (F1 to F5, P1 to P5)",
                *(f"{time}{kind}" for time in "FP" for kind in "12345")),),
        f.CHILD, indicator="care-leavers-eet", source="Report 003 §51", note=_WHO_IS_COUNTED,
    ),
    Measure(
        "staying-put", "Care leavers aged 19 and 20 who live with their former foster carers", 9,
        (*_LEAVERS, aged(f.BORN, f.AGE, 19, 20)), "share",
        (one_of(f.ACCOMMODATION, "they live with former foster carers (Z)", "Z"),), f.CHILD,
        indicator="staying-put", source="Report 003 §53",
        note="Of all in list 9 of that age. The national measure is of those who were fostered on their 18th birthday.",
    ),
    Measure(
        "pathway-plans-reviewed", "Care leavers whose pathway plan was reviewed in timescale", 9, _LEAVERS, "share",
        (within_months(f.PATHWAY_ON, _PATHWAY),), f.CHILD, indicator="pathway-plans-reviewed",
        source="Care Leavers (England) Regulations 2010", note="No date counts as not reviewed. The newer layout of "
        "list 9 only.",
    ),
    Measure(
        "care-leavers-contact-8-weeks", "Care leavers with contact in the last 8 weeks", 9, _LEAVERS, "share",
        (lasting(Span(f.LAST_CONTACT), 0, 56),), f.CHILD, source=_D2I, note="The newer layout of list 9 only.",
    ),
)  # fmt: skip

DURATIONS: tuple[Durations, ...] = (
    Durations(
        "care-open", "How long children have been in care", 8, _IN_CARE, _IN_CARE_FOR, OPEN_BANDS, once=f.CHILD,
        source=_D2I,
    ),
    Durations(
        "care-length", "Time in care of children who left", 8, _LEFT, Span(f.CARE_START, f.CARE_END), OPEN_BANDS,
        source=_D2I,
    ),
    Durations(
        "placement-open", "How long children have been in their placement", 8, _IN_CARE, _PLACED_FOR, _PLACEMENT_BANDS,
        once=f.CHILD, source=_D2I,
    ),
    Durations(
        "care-last-visit", "Days since children in care were visited", 8, _IN_CARE, Span(f.CARE_VISITED_ON),
        bands_of(7, 14, 28, 42, 90), "cic-visit", f.CHILD, _D2I,
    ),
    Durations(
        "care-last-health", "Days since the last health assessment", 8, _IN_CARE, Span(f.HEALTH_ON), _CHECK_BANDS,
        once=f.CHILD, source=_D2I,
    ),
    Durations(
        "care-last-dental", "Days since the last dental check", 8, _IN_CARE, Span(f.DENTAL_ON), _CHECK_BANDS,
        once=f.CHILD, source=_D2I,
    ),
)  # fmt: skip

OPEN_LATE: tuple[OpenLate, ...] = (
    OpenLate(
        "cic-reviews-overdue", "Children in care whose review is overdue", 8, "cic-review-later", _IN_CARE,
        _REVIEW.is_overdue(), f.CHILD, _LATEST_REVIEW,
    ),
    OpenLate(
        "cic-visits-overdue", "Children in care whose visit is overdue", 8, "cic-visit", _IN_CARE,
        _VISIT.is_overdue(), f.CHILD, _SIX_WEEKS,
    ),
    OpenLate(
        "pathway-plans-overdue", "Care leavers whose pathway plan was last reviewed more than 6 months ago", 9,
        "pathway-plan-review", _LEAVERS, older_than_months(f.PATHWAY_ON, _PATHWAY), f.CHILD,
        "The newer layout of list 9 only.",
    ),
)  # fmt: skip
