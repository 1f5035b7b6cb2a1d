"""Lists 10 and 11: children for adoption and adopters."""

from referrals.annex_a import dimensions as by
from referrals.annex_a import fields as f
from referrals.annex_a.measures.declared import Durations, Measure
from referrals.annex_a.terms import Span, before_due, dated, either, ended, had, had_not
from referrals.clocks import clock
from referrals.timescales import bands_of

_D2I = "D2I, Annex A measures"
_SCORECARD = "Adoption scorecards, Department for Education"

_MONTHS_14 = clock("adoption-14-months")
_CARE_TO_FAMILY = Span(f.ENTERED_CARE, f.PLACED_FOR_ADOPTION)
_ORDER_TO_MATCH = Span(f.PLACEMENT_ORDER, f.MATCHED_ON, is_none_before=True)

_ADOPTED = (ended(f.ADOPTED_ON),)
_WAITING_FOR_ORDER = (had(f.DECIDED_ON), had_not(f.ADOPTED_ON), had_not(f.NO_LONGER_ON))
_ADOPTED_OR_WAITING = (
    had(f.DECIDED_ON),
    either("the child was adopted in the period, or was not adopted yet by the reference date", *_ADOPTED,
           had_not(f.ADOPTED_ON)),
    had_not(f.NO_LONGER_ON),
)  # fmt: skip
_FEW = "Few children: one child can move the average by weeks."

MEASURES: tuple[Measure, ...] = (
    # List 10
    Measure(
        "children-adopted", "Children adopted", 10, _ADOPTED, by=by.PERSON_DISABILITY, indicator="children-adopted",
        source="Report 003 §45",
    ),
    Measure(
        "adoption-in-system", "Children with a decision for adoption, not yet adopted", 10, _WAITING_FOR_ORDER,
        once=f.CHILD, by=by.PERSON_DISABILITY, indicator="adoption-in-system", source="Report 003 §45",
    ),
    Measure(
        "adoption-placed", "Children placed for adoption, not yet adopted", 10,
        (*_WAITING_FOR_ORDER, had(f.PLACED_FOR_ADOPTION)), once=f.CHILD, indicator="adoption-placed",
        source="Report 003 §45",
    ),
    Measure("adoption-decisions", "Decisions that a child should be adopted", 10, (dated(f.DECIDED_ON),), source=_D2I),
    Measure("adoption-placement-orders", "Placement orders", 10, (ended(f.PLACEMENT_ORDER),), source=_D2I),
    Measure("adoption-matches", "Children matched with adopters", 10, (ended(f.MATCHED_ON),), source=_D2I),
    Measure("adoption-placements", "Children placed for adoption", 10, (ended(f.PLACED_FOR_ADOPTION),), source=_D2I),
    Measure(
        "adoption-decisions-reversed", "Decisions for adoption reversed", 10, (ended(f.NO_LONGER_ON),),
        by=(by.NO_LONGER,), source=_D2I,
    ),
    Measure(
        "adoption-fostered-first", "Children waiting who were fostered for adoption first", 10, _WAITING_FOR_ORDER,
        "share", (had(f.EARLY_PLACED),), f.CHILD, source=_D2I,
    ),
    Measure(
        "adoption-days-care-to-family", "Average days from entering care to the adoptive family (A1)", 10, _ADOPTED,
        "mean", span=_CARE_TO_FAMILY, indicator="adoption-days-care-to-family", source=f"{_SCORECARD}; report 003 §48",
        note="Of the period; the scorecard takes three years. To the day of placement for adoption: fostering for "
        f"adoption before it is not taken off. {_FEW}",
    ),
    Measure(
        "adoption-days-order-to-match", "Average days from the placement order to the match (A2)", 10, _ADOPTED, "mean",
        span=_ORDER_TO_MATCH, indicator="adoption-days-order-to-match", source=f"{_SCORECARD}; report 003 §49",
        note=f"A match before the order counts as 0 days. Of the period; the scorecard takes three years. {_FEW}",
    ),
    Measure(
        "adoption-under-14-months", "Children who wait less than 14 months for their adoptive family (A3)", 10,
        _ADOPTED_OR_WAITING, "share", (before_due(_MONTHS_14, f.ENTERED_CARE, f.PLACED_FOR_ADOPTION),), f.CHILD,
        indicator="adoption-under-14-months", source=f"{_SCORECARD}; report 003 §47",
        note="A child who still waits counts by the wait so far.",
    ),
    # List 11
    Measure(
        "adopter-enquiries", "Families that enquired about adopting", 11, (dated(f.ENQUIRED_ON),), once=f.FAMILY,
        indicator="adopter-enquiries", source="Report 002, minute 12",
    ),
    Measure(
        "adopter-stage-1-started", "Families that began stage 1", 11, (ended(f.STAGE_1_START),), once=f.FAMILY,
        source=_D2I,
    ),
    Measure(
        "adopter-stage-2-started", "Families that began stage 2", 11, (ended(f.STAGE_2_START),), once=f.FAMILY,
        source=_D2I,
    ),
    Measure(
        "adopter-applications", "Families that applied to adopt", 11, (ended(f.APPLIED_ON),), once=f.FAMILY,
        indicator="adopter-applications", source="Report 002, minute 12",
    ),
    Measure(
        "adopter-approvals", "Families approved to adopt", 11, (ended(f.APPROVED_ON),), once=f.FAMILY,
        indicator="adopter-approvals", source="Report 002, minute 12",
    ),
    Measure(
        "adopter-matches", "Families matched with a child", 11, (ended(f.ADOPTERS_MATCHED_ON),), once=f.FAMILY,
        indicator="adopter-matches", source="Report 002, minute 12",
    ),
    Measure(
        "adopters-waiting", "Families approved and not yet matched", 11,
        (had(f.APPROVED_ON), had_not(f.ADOPTERS_MATCHED_ON), had_not(f.LEFT_ADOPTION)), once=f.FAMILY,
        indicator="adopters-waiting", source="Report 002, minute 12",
    ),
    Measure(
        "adopters-left", "Families that left the process", 11, (ended(f.LEFT_ADOPTION),), once=f.FAMILY,
        by=(by.LEFT_ADOPTION,), source=_D2I,
    ),
    Measure(
        "adopter-days-enquiry-to-approval", "Average days from enquiry to approval", 11, (ended(f.APPROVED_ON),),
        "mean", once=f.FAMILY, span=Span(f.ENQUIRED_ON, f.APPROVED_ON), source=_D2I,
    ),
    Measure(
        "adopter-days-approval-to-match", "Average days from approval to a match", 11, (ended(f.ADOPTERS_MATCHED_ON),),
        "mean", once=f.FAMILY, span=Span(f.APPROVED_ON, f.ADOPTERS_MATCHED_ON), source=_D2I,
    ),
)  # fmt: skip

DURATIONS: tuple[Durations, ...] = (
    Durations(
        "adoption-wait", "From entering care to the adoptive family, children adopted", 10, _ADOPTED, _CARE_TO_FAMILY,
        bands_of(181, 364, 425, 547, 729), source=_SCORECARD,
    ),
    Durations(
        "adopter-stage-1", "Length of stage 1", 11, (ended(f.STAGE_1_END),), Span(f.STAGE_1_START, f.STAGE_1_END),
        bands_of(30, 61, 91, 182), once=f.FAMILY, source=_D2I,
    ),
    Durations(
        "adopter-stage-2", "Length of stage 2", 11, (ended(f.STAGE_2_END),), Span(f.STAGE_2_START, f.STAGE_2_END),
        bands_of(61, 122, 182, 364), once=f.FAMILY, source=_D2I,
    ),
)  # fmt: skip
