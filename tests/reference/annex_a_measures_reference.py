"""The measures of Annex A by the pandas reference: list, rows kept and counted, once for whom, span, parts."""

from dataclasses import dataclass, field

import pandas as pd

from tests.reference.annex_a_reference import (
    ASYLUM,
    CHILD,
    CHILDREN,
    FAMILY,
    PERSON,
    Reference,
    need,
    outcome,
    plain,
    route,
    source,
    yes_no,
)

START_4, END_4 = "continuous_assessment_start_date", "continuous_assessment_date_of_authorisation"
STRATEGY = "strategy_discussion_initiating_section_47_enquiry_start_date"
CONFERENCE = "date_of_initial_child_protection_conference"
NOT_NEEDED = "was_an_initial_child_protection_conference_deemed_unnecessary"
NEED_START, NEED_END = "cin_start_date", "cin_closure_date"
PLAN_START, PLAN_END = "child_protection_plan_start_date", "child_protection_plan_end_date"
CARE_START, CARE_END = "date_started_to_be_looked_after", "date_ceased_to_be_looked_after"
MISSING = "number_of_episodes_the_child_has_been_missing_from_their_placement_in_the_last_12_months"
ABSENT = "number_of_episodes_the_child_has_been_absent_from_their_placement_in_the_last_12_months"
OFFERED = "was_the_child_offered_a_return_interview_after_their_last_missing_episode_y_n"
ACCEPTED = "did_the_child_accept_a_return_interview_after_their_last_missing_episode_y_n"
DECIDED, ADOPTED = "date_of_decision_that_child_should_be_placed_for_adoption", "date_of_adoption_order"
REVERSED = "date_of_decision_that_child_should_no_longer_be_placed_for_adoption"
PLACED = "date_placed_for_adoption"
OUT_OF_TOUCH = ["no", "refu", "nreq"]
AT_WORK = ["F1", "F2", "F3", "F4", "F5", "P1", "P2", "P3", "P4", "P5"]

WEEK, MONTHS_3, MONTHS_6 = pd.DateOffset(days=7), pd.DateOffset(months=3), pd.DateOffset(months=6)
WEEKS_4, WEEKS_6 = pd.DateOffset(days=28), pd.DateOffset(days=42)


@dataclass
class Line:
    """One measure as it is worked out here."""

    number: int
    keep: list
    counted: list = field(default_factory=list)
    once: str | None = None
    span: object = None
    by: dict = field(default_factory=dict)


def _banded(days, edges, names):
    return pd.cut(days, edges, labels=names).astype(object).fillna("not-stated")


def _assessed_for(r, number, _):
    names = ["same-day", *(f"{a}-to-{b}-days" for a, b in ((1, 10), (11, 20), (21, 30), (31, 40), (41, 45), (46, 50),
                                                          (51, 60))), "61-days-or-longer"]  # fmt: skip
    return _banded(r.span(number, START_4, END_4, working=True), [-1, 0, 10, 20, 30, 40, 45, 50, 60, 9999], names)


def _open_for(r, number, _):
    names = ["0-to-3-months", "3-to-6-months", "6-to-12-months", "12-to-24-months", "24-months-or-longer"]
    return _banded(r.span(number, NEED_START), [-1, 90, 181, 364, 729, 99_999], names)


def front_door(r: Reference):
    contacts, referred = [r.event(1, "date_of_contact", needed=True)], [r.event(3, "date_of_referral", needed=True)]
    started, done = [r.event(4, START_4, needed=True)], [r.event(4, END_4, needed=False)]
    enquired, met = [r.event(5, STRATEGY, needed=True)], [r.event(5, CONFERENCE, needed=False)]
    length = r.span(4, START_4, END_4, working=True)
    again = [r.least(3, "number_of_referrals_in_last_12_months", 1)]
    nothing = [r.yes(3, "referral_nfa")]
    by_source = {"source": (source, "referral_source")}
    return {
        "contacts": Line(1, contacts, by=PERSON | {"source": (source, "contact_source")}),
        "contacts-children": Line(1, contacts, once=CHILD),
        "early-help-assessments-started": Line(2, [r.event(2, "assessment_start_date", needed=True)], by=PERSON),
        "early-help-assessments-completed": Line(2, [r.event(2, "assessment_completion_date", needed=False)]),
        "early-help-assessments-open": Line(2, [r.running(2, "assessment_start_date", "assessment_completion_date")]),
        "referrals": Line(3, referred, by=PERSON | by_source | {"outcome": (outcome, "referral_nfa")}),
        "referrals-children": Line(3, referred, once=CHILD),
        "referrals-no-further-action": Line(3, referred, nothing, by=by_source),
        "referrals-no-further-action-share": Line(3, referred, nothing),
        "re-referrals": Line(3, referred, again, by=PERSON | by_source),
        "re-referrals-12-months": Line(3, referred, again),
        "assessments-started": Line(4, started, by=CHILDREN),
        "assessments-completed": Line(4, done, by=CHILDREN | {"duration-days": (_assessed_for, END_4)}),
        "assessments-open": Line(4, [r.running(4, START_4, END_4)], by=CHILDREN),
        "assessments-45-days": Line(4, done, [r.took(length, 0, 45)]),
        "assessments-20-days": Line(4, done, [r.took(length, 0, 20)]),
        "assessments-days": Line(4, done, span=length),
        "assessments-child-seen": Line(4, done, [r.yes(4, "child_seen_during_continuous_assessment")]),
        "assessments-support-required": Line(
            4, done, [r.yes(4, "was_the_child_assessed_as_requiring_la_children_s_social_care_support")]
        ),
        "s47-enquiries": Line(5, enquired, by=CHILDREN),
        "s47-children": Line(5, enquired, once=CHILD),
        "s47-repeat": Line(5, enquired, [r.least(5, "number_of_section_47_enquiries_in_the_last_12_months", 1)]),
        "icpc-not-required": Line(5, enquired, [r.yes(5, NOT_NEEDED)]),
        "icpc-convened": Line(5, met, by=CHILDREN),
        "icpc-15-days": Line(5, met, [r.took(r.span(5, STRATEGY, CONFERENCE, working=True), 0, 15)]),
        "icpc-led-to-plan": Line(
            5, met, [r.yes(5, "did_the_initial_child_protection_conference_result_in_a_child_protection_plan")]
        ),
    }


def _need_plans(r):
    leavers = set(r.column(9, CHILD)) - {""}
    names = r.column(6, CHILD)
    return [
        r.running(6, NEED_START, NEED_END, unknown=True), r.said(6, "case_status"),
        r.code(6, "case_status", "in-need-plan"), (~names.isin(leavers), names.isin([])),
    ]  # fmt: skip


def children(r: Reference):
    by_need = CHILDREN | {"need": (need, "primary_need_code")}
    began, closed = [r.event(6, NEED_START, needed=True)], [r.event(6, NEED_END, needed=False)]
    why = {"closure-reason": (plain, "reason_for_closure")}
    real = r.not_code(6, "reason_for_closure", "RC8", "RC9")
    abuse = {"abuse-category": (plain, "latest_category_of_abuse")}
    plans, started = [r.running(7, PLAN_START, PLAN_END)], [r.event(7, PLAN_START, needed=True)]
    ended, mine = [r.event(7, PLAN_END, needed=False)], _need_plans(r)
    open_for, earlier = r.span(6, NEED_START), [r.least(7, "number_of_previous_child_protection_plans", 1)]
    visit = r.again(7, PLAN_START, "date_of_the_last_statutory_visit", first=WEEKS_4, later=WEEKS_4)
    review = r.again(7, PLAN_START, "date_of_latest_review_conference", first=MONTHS_3, later=MONTHS_6)
    emergency = "subject_to_emergency_protection_order_or_protected_under_police_powers_in_last_six_months_y_n"
    bands = {
        "cin-0-to-3-months": (0, 90), "cin-3-to-6-months": (91, 181), "cin-6-to-12-months": (182, 364),
        "cin-12-to-24-months": (365, 729), "cin-over-2-years": (730, 99_999),
    }  # fmt: skip
    return {
        "cin-episodes-started": Line(6, began, by=CHILDREN | {"case-status": (plain, "case_status")}),
        "cin-episodes-ended": Line(6, closed, by=CHILDREN | why),
        "cin-started": Line(
            6, [*began, r.said(6, "case_status"), r.code(6, "case_status", "in-need-plan", "closed"), real], by=by_need
        ),
        "cin-ended": Line(6, [*closed, real], by=CHILDREN | why),
        "cin-at-end": Line(6, mine, once=CHILD, by=by_need | {"duration": (_open_for, NEED_START)}),
        "cin-open-cohort": Line(
            6, [r.running(6, NEED_START, NEED_END, unknown=True), r.out(6, "case_status", "closed")], once=CHILD,
            by=by_need | {"case-status": (plain, "case_status")},
        ),
        **{code: Line(6, mine, [r.took(open_for, *ends)], CHILD) for code, ends in bands.items()},
        "cin-seen-4-weeks": Line(6, mine, [r.took(r.span(6, "date_child_was_last_seen"), 0, 28)], CHILD),
        "cp-plans-started": Line(
            7, started, by=CHILDREN | {"abuse-category": (plain, "initial_category_of_abuse")}
        ),
        "cp-plans-ended": Line(7, ended, by=CHILDREN | abuse),
        "cp-plans-at-end": Line(7, plans, once=CHILD, by=CHILDREN | abuse),
        "cp-plans-2-years-or-longer": Line(7, plans, [r.took(r.span(7, PLAN_START, both=1), 730)], CHILD),
        "cp-plans-2-years-plus": Line(7, ended, [r.took(r.span(7, PLAN_START, PLAN_END, both=1), 730)]),
        "cp-plans-again": Line(7, started, earlier),
        "cp-plans-again-at-end": Line(7, plans, earlier, CHILD),
        "cp-visits-in-timescale": Line(7, plans, [r.on_time(visit)], CHILD),
        "cp-seen-alone": Line(7, plans, [r.yes(7, "was_the_child_seen_alone")], CHILD),
        "cp-reviews-in-timescale": Line(7, plans, [r.on_time(review)], CHILD),
        "cp-emergency": Line(7, plans, [r.yes(7, emergency)], CHILD),
    }  # fmt: skip


def _care_review(r):
    return r.again(8, CARE_START, "date_of_latest_statutory_review", first=20, later=MONTHS_6)


def _care_visit(r):
    return r.again(
        8, "start_date_of_most_recent_placement", "date_of_last_social_work_visit", first=WEEK, later=WEEKS_6
    )


def care(r: Reference):
    inside, came = [r.running(8, CARE_START, CARE_END)], [r.event(8, CARE_START, needed=True)]
    left = [r.event(8, CARE_END, needed=False)]
    why = [*left, r.said(8, "reason_ceased_to_be_looked_after")]
    length = r.span(8, CARE_START)
    a_year, missed = [*inside, r.took(length, 365)], [*inside, r.least(8, MISSING, 1)]
    reason = "reason_ceased_to_be_looked_after"
    legal = {"legal-route": (route, "child_s_legal_status"), "need": (need, "child_s_category_of_need")}
    everything = legal | CHILDREN | ASYLUM | {
        "legal-status": (plain, "child_s_legal_status"), "placement-type": (plain, "placement_type"),
        "placement-provider": (plain, "placement_provider"), "placement-location": (plain, "placement_location"),
        "permanence-plan": (plain, "what_is_the_permanence_plan_for_this_child"),
    }  # fmt: skip
    second = "is_this_a_second_or_subsequent_period_of_being_a_looked_after_child_within_the_last_12_months_y_n"
    return {
        "care-started": Line(8, came, by=legal | CHILDREN | ASYLUM),
        "care-ended": Line(8, left, by={"leaving-reason": (plain, reason)} | CHILDREN | ASYLUM),
        "care-at-end": Line(8, inside, once=CHILD, by=everything),
        "care-second-period": Line(8, came, [r.yes(8, second)]),
        "cic-3-plus-placements": Line(
            8, inside, [r.least(8, "number_of_placements_in_the_last_12_months", 3)], CHILD
        ),
        "cic-long-term-stability": Line(
            8, [*inside, r.aged(8, 0, 15), r.took(length, 913)],
            [r.took(r.span(8, "start_date_of_most_recent_placement"), 730)], CHILD,
        ),
        "cic-reviews-in-timescale": Line(8, inside, [r.on_time(_care_review(r))], CHILD),
        "cic-visits-in-timescale": Line(8, inside, [r.on_time(_care_visit(r))], CHILD),
        "cic-health": Line(8, a_year, [r.months(8, "date_of_last_health_assessment", 12)], CHILD),
        "cic-dental": Line(8, a_year, [r.months(8, "date_of_last_dental_check", 12)], CHILD),
        "cic-missing": Line(8, inside, [r.least(8, MISSING, 1)], CHILD),
        "cic-absent": Line(8, inside, [r.least(8, ABSENT, 1)], CHILD),
        "cic-interview-offered": Line(8, missed, [r.yes(8, OFFERED)], CHILD),
        "cic-interview-accepted": Line(8, [*missed, r.code(8, OFFERED, "yes")], [r.yes(8, ACCEPTED)], CHILD),
        "cic-outside": Line(
            8, [*inside, r.said(8, "placement_location")], [r.code(8, "placement_location", "out")], CHILD
        ),
        "left-care-adopted": Line(8, why, [r.code(8, reason, "E11", "E12")]),
        "left-care-sgo": Line(8, why, [r.code(8, reason, "E45", "E46", "E47", "E48")]),
        "left-care-cao": Line(8, why, [r.code(8, reason, "E41")]),
    }  # fmt: skip


def leavers(r: Reference):
    living = [r.out(9, "la_in_touch", "died")]
    asked = [
        *living, r.out(9, "la_in_touch", "rhom"), r.out(9, "type_of_accommodation", "G"),
        r.out(9, "type_of_accommodation", "H"),
    ]  # fmt: skip

    def known(key):
        said = r.column(9, key).ne("")
        nobody_can = r.column(9, "la_in_touch").isin(OUT_OF_TOUCH)
        return said | nobody_can, ~said & ~nobody_can

    by = {name: (plain, key) for name, key in {
        "eligibility": "eligibility_category", "in-touch": "la_in_touch", "accommodation": "type_of_accommodation",
        "activity": "activity_status",
    }.items()}  # fmt: skip
    asylum = "unaccompanied_asylum_seeking_child_uasc_or_formerly_uasc_if_18_or_over_y_n"
    home, suited = "type_of_accommodation", "suitability_of_accommodation"
    lines = {
        "care-leavers-at-end": Line(9, living, once=CHILD, by=by | CHILDREN | {"asylum": (yes_no, asylum)}),
        "care-leavers-in-touch": Line(
            9, [*living, r.said(9, "la_in_touch")], [r.code(9, "la_in_touch", "yes")], CHILD
        ),
        "care-leavers-suitable-accommodation": Line(
            9, [*asked, r.out(9, home, "R"), known(suited)], [r.code(9, suited, "suitable")], CHILD
        ),
        "care-leavers-eet": Line(
            9, [*asked, known("activity_status")], [r.code(9, "activity_status", *AT_WORK)], CHILD
        ),
        "staying-put": Line(9, [*living, r.aged(9, 19, 20)], [r.code(9, home, "Z")], CHILD),
    }  # fmt: skip
    if "latest_pathway_plan_review_date" in r.frames[9]:
        lines["pathway-plans-reviewed"] = Line(
            9, living, [r.months(9, "latest_pathway_plan_review_date", 6)], CHILD
        )  # fmt: skip
        lines["care-leavers-contact-8-weeks"] = Line(
            9, living, [r.took(r.span(9, "latest_date_of_contact"), 0, 56)], CHILD
        )
    return lines


def adoption(r: Reference):
    adopted = [r.event(10, ADOPTED, needed=False)]
    waiting = [r.here(10, DECIDED), r.not_here(10, ADOPTED), r.not_here(10, REVERSED)]
    now_or_waiting = adopted[0][0] | r.not_here(10, ADOPTED)[0]
    entered, placed = r.column(10, "date_the_child_entered_care"), r.column(10, PLACED)
    until = placed.where(placed <= r.day, r.day)
    wait = (until - entered).dt.days.where(entered.notna())
    matched = "date_of_matching_child_and_prospective_adopters"
    to_match = (r.column(10, matched) - r.column(10, "date_of_placement_order")).dt.days.astype(float).clip(lower=0)
    lines = {
        "children-adopted": Line(10, adopted, by=CHILDREN),
        "adoption-in-system": Line(10, waiting, once=CHILD, by=CHILDREN),
        "adoption-placed": Line(10, [*waiting, r.here(10, PLACED)], once=CHILD),
        "adoption-decisions": Line(10, [r.event(10, DECIDED, needed=True)]),
        "adoption-fostered-first": Line(
            10, waiting,
            [r.here(10, "date_the_child_was_placed_for_fostering_in_ffa_or_concurrent_planning_placement")], CHILD,
        ),
        "adoption-days-care-to-family": Line(10, adopted, span=r.span(10, "date_the_child_entered_care", PLACED)),
        "adoption-days-order-to-match": Line(10, adopted, span=to_match),
        "adoption-under-14-months": Line(
            10, [r.here(10, DECIDED), (now_or_waiting, now_or_waiting & False), r.not_here(10, REVERSED)],
            [(until < entered + pd.DateOffset(months=14), entered.isna() | (wait < 0))], CHILD,
        ),
    }  # fmt: skip
    for code, key in {
        "adoption-placement-orders": "date_of_placement_order", "adoption-matches": matched,
        "adoption-placements": PLACED, "adoption-decisions-reversed": REVERSED,
    }.items():  # fmt: skip
        lines[code] = Line(10, [r.event(10, key, needed=False)])
    lines["adoption-decisions-reversed"].by = {
        "no-longer-placed": (plain, "reason_why_child_no_longer_placed_for_adoption")
    }
    return lines


def adopters(r: Reference):
    left, matched = "date_of_leaving_adoption_process", "date_adopter_matched_with_child_ren"
    approved, enquired = "date_application_approved", "date_enquiry_received"
    lines = {
        code: Line(11, [r.event(11, key, needed=key == enquired)], once=FAMILY)
        for code, key in {
            "adopter-enquiries": enquired, "adopter-stage-1-started": "date_stage_1_started",
            "adopter-stage-2-started": "date_stage_2_started", "adopter-applications": "date_application_submitted",
            "adopter-approvals": approved, "adopter-matches": matched, "adopters-left": left,
        }.items()
    }  # fmt: skip
    lines["adopters-left"].by = {"leaving-adoption": (plain, "reason_for_leaving_adoption_process")}
    return lines | {
        "adopters-waiting": Line(
            11, [r.here(11, approved), r.not_here(11, matched), r.not_here(11, left)], once=FAMILY
        ),
        "adopter-days-enquiry-to-approval": Line(
            11, [r.event(11, approved, needed=False)], once=FAMILY, span=r.span(11, enquired, approved)
        ),
        "adopter-days-approval-to-match": Line(
            11, [r.event(11, matched, needed=False)], once=FAMILY, span=r.span(11, approved, matched)
        ),
    }  # fmt: skip


def lines(r: Reference):
    """Every measure that the file can give, by its code."""
    parts = (front_door, children, care, leavers, adoption, adopters)
    return {code: line for part in parts for code, line in part(r).items()}


_DAYS_OPEN = [90, 181, 364, 729]
_ASSESSED = [0, 10, 20, 30, 40, 45, 50, 60]
_SEEN = [7, 14, 28, 42, 90]
_CHECKED = [90, 181, 365, 730]


def durations(r: Reference):
    """Every distribution: list, rows kept, once for whom, days, and the last day of each band but the last."""
    done, inside = [r.event(4, END_4, needed=False)], [r.running(8, CARE_START, CARE_END)]
    helped, plans = [r.event(2, "assessment_completion_date", needed=False)], [r.running(7, PLAN_START, PLAN_END)]
    stage_1, stage_2 = ("date_stage_1_started", "date_stage_1_ended"), ("date_stage_2_started", "date_stage_2_ended")
    waits = [181, 364, 425, 547, 729]
    return {
        "early-help-assessment-length": (
            2, helped, None, r.span(2, "assessment_start_date", "assessment_completion_date", working=True), _ASSESSED,
        ),
        "assessment-length": (4, done, None, r.span(4, START_4, END_4, working=True), _ASSESSED),
        "assessment-open": (
            4, [r.running(4, START_4, END_4)], None, r.span(4, START_4, working=True), _ASSESSED,
        ),
        "icpc-wait": (
            5, [r.event(5, CONFERENCE, needed=False)], None, r.span(5, STRATEGY, CONFERENCE, working=True),
            [0, 5, 10, 13, 15, 17, 20],
        ),
        "cin-open": (6, _need_plans(r), CHILD, r.span(6, NEED_START), _DAYS_OPEN),
        "cin-length": (
            6, [r.event(6, NEED_END, needed=False)], None, r.span(6, NEED_START, NEED_END), _DAYS_OPEN,
        ),
        "cin-last-seen": (6, _need_plans(r), CHILD, r.span(6, "date_child_was_last_seen"), _SEEN),
        "cp-open": (7, plans, CHILD, r.span(7, PLAN_START, both=1), _DAYS_OPEN),
        "cp-length": (
            7, [r.event(7, PLAN_END, needed=False)], None, r.span(7, PLAN_START, PLAN_END, both=1), _DAYS_OPEN,
        ),
        "cp-last-visit": (7, plans, CHILD, r.span(7, "date_of_the_last_statutory_visit"), _SEEN),
        "care-open": (8, inside, CHILD, r.span(8, CARE_START), _DAYS_OPEN),
        "care-length": (
            8, [r.event(8, CARE_END, needed=False)], None, r.span(8, CARE_START, CARE_END), _DAYS_OPEN,
        ),
        "placement-open": (
            8, inside, CHILD, r.span(8, "start_date_of_most_recent_placement"), [6, 27, 90, 181, 364, 729],
        ),
        "care-last-visit": (8, inside, CHILD, r.span(8, "date_of_last_social_work_visit"), _SEEN),
        "care-last-health": (8, inside, CHILD, r.span(8, "date_of_last_health_assessment"), _CHECKED),
        "care-last-dental": (8, inside, CHILD, r.span(8, "date_of_last_dental_check"), _CHECKED),
        "adoption-wait": (
            10, [r.event(10, ADOPTED, needed=False)], None, r.span(10, "date_the_child_entered_care", PLACED), waits,
        ),
        "adopter-stage-1": (
            11, [r.event(11, stage_1[1], needed=False)], FAMILY, r.span(11, *stage_1), [30, 61, 91, 182],
        ),
        "adopter-stage-2": (
            11, [r.event(11, stage_2[1], needed=False)], FAMILY, r.span(11, *stage_2), [61, 122, 182, 364],
        ),
    }  # fmt: skip


def open_late(r: Reference):
    """What is open and late: list, rows kept, once for whom, and the step that says late."""
    plans, inside = [r.running(7, PLAN_START, PLAN_END)], [r.running(8, CARE_START, CARE_END)]
    visit = r.again(7, PLAN_START, "date_of_the_last_statutory_visit", first=WEEKS_4, later=WEEKS_4)
    review = r.again(7, PLAN_START, "date_of_latest_review_conference", first=MONTHS_3, later=MONTHS_6)
    found = {
        "assessments-open-late": (
            4, [r.running(4, START_4, END_4)], None, r.took(r.span(4, START_4, working=True), 46),
        ),
        "icpc-open-late": (
            5, [r.not_here(5, CONFERENCE), r.not_code(5, NOT_NEEDED, "yes")], None,
            r.took(r.span(5, STRATEGY, working=True), 16),
        ),
        "cp-visits-overdue": (7, plans, CHILD, r.overdue(visit)),
        "cp-reviews-overdue": (7, plans, CHILD, r.overdue(review)),
        "cic-reviews-overdue": (8, inside, CHILD, r.overdue(_care_review(r))),
        "cic-visits-overdue": (8, inside, CHILD, r.overdue(_care_visit(r))),
    }  # fmt: skip
    if "latest_pathway_plan_review_date" in r.frames[9]:
        on = r.column(9, "latest_pathway_plan_review_date")
        late = (on + MONTHS_6 < r.day), on.isna() | (on > r.day)
        found["pathway-plans-overdue"] = (9, [r.out(9, "la_in_touch", "died")], CHILD, late)
    return found
