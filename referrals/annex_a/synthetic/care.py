"""Lists 8 to 11 of a synthetic Annex A: care, leaving care, adoption and adopters."""

from collections.abc import Callable
from datetime import date, timedelta

from referrals.annex_a.synthetic.draws import NEEDS, Cells, Weights, text_of, working_after, yes_no
from referrals.annex_a.synthetic.pathway import Lists, assessment, contact, in_need, leading_up_to
from referrals.annex_a.synthetic.people import Child

_CARE_LENGTHS = {(1, 181): 15, (182, 364): 15, (365, 912): 30, (913, 1825): 25, (1826, 5000): 15}
_LEGAL: Weights = {"C2": 560, "C1": 190, "V2": 190, "E1": 40, "L1": 5, "L2": 5, "J1": 8, "V4": 2}
_PLACEMENTS: Weights = {
    "U6": 300, "U4": 210, "U1": 90, "U3": 110, "P1": 60, "K2": 110, "H5": 70, "K1": 3, "R3": 8, "S1": 10, "Z1": 6,
    "T0": 4, "R1": 4, "R5": 5, "P2": 10,
}  # fmt: skip
_PERMANENCE: Weights = {
    "fostering": 42, "return-to-family": 15, "sgo-cao": 14, "supported-living": 12, "residential": 7, "other": 6,
    "adoption": 4,
}  # fmt: skip
# Those who left care in 2021/22 quarter 4 by reason, adoptions apart: report 003 §40.
_REASONS: Weights = {"E13": 3, "E17": 12, "E41": 8, "E45": 2, "E47": 4, "E4A": 2, "E4B": 3, "E5": 3, "E8": 6}
_AT_18 = ("E17", "E5")
_TOUCH: Weights = {"yes": 940, "no": 35, "refu": 12, "nreq": 6, "rhom": 5, "died": 2}
_HOMES: Weights = {
    "U": 330, "D": 150, "B": 130, "Z": 140, "E": 70, "T": 60, "K": 30, "X": 30, "Y": 20, "C": 20, "S": 6, "R": 6,
    "V": 4, "W": 2, "G": 2,
}  # fmt: skip
_UNSUITABLE = ("S", "X", "V", "W", "R")
_ACTIVITIES: Weights = {
    "F2": 24, "F5": 18, "P5": 6, "F1": 5, "F4": 4, "P2": 3, "G5": 26, "G4": 9, "G6": 5,
}  # fmt: skip
_OLDER_ACTIVITY = {"F4": "F3", "F5": "F3", "P4": "P3", "P5": "P3"}
_NO_LONGER: Weights = {"RD1": 4, "RD2": 2, "RD3": 2, "RD4": 2}
_PROVIDERS = {"U1": "PR1", "U3": "PR1", "P1": "PR0", "K2": "PR4", "H5": "PR4", "K1": "PR2", "S1": "PR4"}
# Families in the file for each child in it, per 5,000 children.
FAMILIES = 60


def care(lists: Lists, child: Child, start: date, end: date | None = None, reason: str = "", **fixed: str) -> None:
    """List 8; `fixed`: legal status, placement type and permanence plan where they are not left to chance."""
    draws = lists.draws
    until = end or draws.reference
    length = (until - start).days
    places = draws.number(3, 5) if draws.chance(90) else draws.number(1, 2)
    latest = draws.number(0, min(length, 364)) if places > 1 else draws.number(min(length, 365), length)
    placement = fixed.get("placement", "") or draws.weighted(_PLACEMENTS)
    placed = max(start, draws.worked(until - timedelta(days=latest)))
    is_out = draws.chance(300)
    missing = draws.number(1, 6) if draws.chance(90) else 0
    is_offered = draws.chance(880)
    recent = min(length, 400)
    lists.put(8, child, {
        "unaccompanied_asylum_seeking_child_uasc_within_the_last_12_months_y_n": yes_no(child.is_asylum_seeking),
    }, child.disability(), {
        "date_started_to_be_looked_after": start,
        "child_s_category_of_need": draws.code("need", {"N8": 1} if child.is_asylum_seeking else NEEDS),
        "is_this_a_second_or_subsequent_period_of_being_a_looked_after_child_within_the_last_12_months_y_n":
            draws.yes(40),
        "start_date_of_current_legal_status": max(start, draws.worked(until - timedelta(days=draws.number(0, length)))),
        "child_s_legal_status": text_of("legal_status", fixed.get("legal", "") or draws.weighted(_LEGAL)),
        "date_of_latest_statutory_review": _lately(lists, start, until, 170, 240, 940) if length > 20 else None,
        "date_of_last_social_work_visit": _lately(lists, start, until, 40, 70, 930) if length > 6 else None,
        "what_is_the_permanence_plan_for_this_child":
            text_of("permanence", fixed.get("permanence", "") or draws.weighted(_PERMANENCE)),
        "date_of_last_iro_visit_contact_to_the_child": _lately(lists, start, until, 90, 180, 900),
        "date_of_last_health_assessment": _lately(lists, start, until, 355, recent, 920),
        "date_of_last_dental_check": _lately(lists, start, until, 355, recent, 800) if draws.chance(930) else None,
        "number_of_placements_in_the_last_12_months": places,
        "date_ceased_to_be_looked_after": end,
        "reason_ceased_to_be_looked_after": text_of("ceased", reason) if reason else None,
        "start_date_of_most_recent_placement": placed,
        "placement_type": text_of("placement_type", placement),
        "placement_provider": text_of("provider", _PROVIDERS.get(placement, "") or draws.one(("PR1", "PR4"))),
        "placement_postcode": "SY1 0NN",
        "urn_of_placement": f"SC{draws.number(100000, 999999)}" if placement == "K2" else None,
        "placement_location": text_of("location", "out" if is_out else "in"),
        "la_of_placement": f"Synthetic authority {draws.number(2, 9)}" if is_out else "Synthetic authority 1",
        "number_of_episodes_the_child_has_been_missing_from_their_placement_in_the_last_12_months": missing,
        "number_of_episodes_the_child_has_been_absent_from_their_placement_in_the_last_12_months":
            draws.number(1, 3) if draws.chance(30) else 0,
        "was_the_child_offered_a_return_interview_after_their_last_missing_episode_y_n":
            yes_no(is_offered) if missing else None,
        "did_the_child_accept_a_return_interview_after_their_last_missing_episode_y_n":
            draws.yes(700) if missing and is_offered else None,
    }, lists.staff())  # fmt: skip


def _lately(lists: Lists, start: date, until: date, usual: int, late: int, in_thousand: int) -> date:
    """A working day at most `usual` days before `until`, or `late` days where it was late; never before the start."""
    most = usual if lists.draws.chance(in_thousand) else max(usual, late)
    return max(start, lists.draws.worked(until - timedelta(days=lists.draws.number(0, most))))


def _came_into_care(lists: Lists, child: Child, until: date) -> date:
    """When the child came into care; what led there stands in the other lists where it is recent."""
    start = child.after_birth(lists.draws.worked(until - timedelta(days=lists.draws.banded(_CARE_LENGTHS))))
    if lists.is_recent(start):
        leading_up_to(lists, child, start)
    return start


def in_care(lists: Lists, child: Child) -> None:
    """A child in care; half of them stand in list 6 as well."""
    draws = lists.draws
    start = _came_into_care(lists, child, draws.reference)
    care(lists, child, start)
    if draws.chance(500):
        in_need(lists, child, "looked-after", start)
    if draws.chance(100):
        contact(lists, child, child.after_birth(draws.in_window()))
    if draws.chance(250):
        began = child.after_birth(draws.in_window())
        assessment(lists, child, began, working_after(began, draws.number(5, 45)), needs_support=True)


def left_care(lists: Lists, child: Child) -> None:
    """A child who left care in the six months, not by adoption."""
    draws = lists.draws
    end = child.after_birth(draws.in_window())
    start = _came_into_care(lists, child, end)
    is_grown = (draws.reference - child.born).days > 17 * 365
    reasons = {reason: weight for reason, weight in _REASONS.items() if is_grown or reason not in _AT_18}
    care(lists, child, start, end, draws.weighted(reasons))


def _stages(lists: Lists, child: Child, adopted: date | None) -> list[date]:
    """Days of entering care, decision, placement order, match and placing; the later ones may lie in the future."""
    draws = lists.draws
    steps = [draws.number(120, 260), draws.number(20, 90), draws.number(10, 240), draws.number(10, 40)]
    length = sum(steps)
    after = draws.number(90, 200)
    end = (adopted - timedelta(days=after)) if adopted else draws.reference + timedelta(days=draws.number(-120, 300))
    day = child.after_birth(draws.worked(end - timedelta(days=length)))
    days = [day]
    for step in steps:
        days.append(draws.worked(days[-1] + timedelta(days=step)))
    return days


def _adoption_row(lists: Lists, child: Child, days: list[date], adopted: date | None, reversed_on: date | None) -> None:
    """List 10."""
    draws = lists.draws
    last = reversed_on or draws.reference
    entered, decided, ordered, matched, placed = (day if day <= last else None for day in days)
    is_early = draws.chance(150)
    lists.put(10, child, {"family_identifier": f"SYN-F-{child.number:05d}" if matched else None}, child.disability(), {
        "date_the_child_entered_care": entered,
        "date_of_decision_that_child_should_be_placed_for_adoption": decided,
        "date_of_placement_order": ordered,
        "date_of_matching_child_and_prospective_adopters": matched,
        "date_placed_for_adoption": placed,
        "date_of_adoption_order": adopted,
        "date_of_decision_that_child_should_no_longer_be_placed_for_adoption": reversed_on,
        "reason_why_child_no_longer_placed_for_adoption":
            draws.code("no_longer_placed", _NO_LONGER) if reversed_on else None,
        "date_the_child_was_placed_for_fostering_in_ffa_or_concurrent_planning_placement":
            decided if is_early else None,
    })  # fmt: skip


def for_adoption(lists: Lists, child: Child) -> None:
    """A child in care with a decision for adoption, at any stage before the order."""
    draws = lists.draws
    days = _stages(lists, child, None)
    if days[1] > draws.reference:
        days = [day - (days[1] - draws.reference) for day in days]
        days[0] = child.after_birth(days[0])
    is_placed = days[4] <= draws.reference
    care(lists, child, days[0], placement="A6" if is_placed else "U6", permanence="adoption",
         legal="E1" if days[2] <= draws.reference else "C1")  # fmt: skip
    _adoption_row(lists, child, days, None, None)


def adoption_reversed(lists: Lists, child: Child) -> None:
    """A child in care for whom adoption was given up in the six months, before a match."""
    draws = lists.draws
    reversed_on = draws.in_window()
    entered = child.after_birth(draws.worked(reversed_on - timedelta(days=draws.number(400, 700))))
    days = [
        entered,
        max(entered, draws.worked(reversed_on - timedelta(days=draws.number(100, 300)))),
        date.max,
        date.max,
        date.max,
    ]
    care(lists, child, entered, permanence="fostering")
    _adoption_row(lists, child, days, None, reversed_on)


def adopted(lists: Lists, child: Child) -> None:
    """A child who left care because of an adoption order in the six months."""
    draws = lists.draws
    order = child.after_birth(draws.in_window())
    days = _stages(lists, child, order)
    care(lists, child, days[0], order, draws.weighted({"E11": 3, "E12": 1}), placement="A6", permanence="adoption",
         legal="E1")  # fmt: skip
    _adoption_row(lists, child, days, order, None)


def care_leaver(lists: Lists, child: Child) -> None:
    """List 9."""
    draws = lists.draws
    touch = draws.weighted(_TOUCH)
    is_known = touch == "yes"
    home, activity = draws.weighted(_HOMES), draws.weighted(_ACTIVITIES)
    is_young = (draws.reference - child.born).days < 18 * 365
    eligibility = "relevant" if is_young else "qualifying" if draws.chance(60) else "former-relevant"
    lists.put(9, child, {
        "unaccompanied_asylum_seeking_child_uasc_or_formerly_uasc_if_18_or_over_y_n": yes_no(child.is_asylum_seeking),
    }, child.disability(), lists.staff(), {
        "allocated_personal_advisor": f"Synthetic adviser {draws.number(1, 15)}",
        "eligibility_category": text_of("eligibility", eligibility),
        "latest_pathway_plan_review_date": _lately(lists, date.min, draws.reference, 175, 300, 800),
        "la_in_touch": text_of("in_touch", touch),
        "latest_date_of_contact": _lately(lists, date.min, draws.reference, 50, 90, 900) if is_known else None,
        "type_of_accommodation": text_of("accommodation", home) if is_known else None,
        "suitability_of_accommodation":
            text_of("suitability", "unsuitable" if home in _UNSUITABLE or draws.chance(20) else "suitable")
            if is_known else None,
        "activity_status": text_of("activity", activity) if is_known else None,
    })  # fmt: skip


def older_leaver(row: Cells) -> Cells:
    """A row of list 9 as the older layout writes it: without the newer columns and codes."""
    activity = row.get("activity_status")
    code = activity.partition(":")[0] if isinstance(activity, str) else ""
    older = _OLDER_ACTIVITY.get(code)
    return row | {"activity_status": text_of("activity", older)} if older else row


def adopters(lists: Lists, families: int) -> None:
    """List 11: one or two rows for a family, each at its stage."""
    draws = lists.draws
    for number in range(1, families + 1):
        day = draws.ago(0, 900)
        steps = {
            "date_enquiry_received": 0, "date_stage_1_started": draws.number(10, 40),
            "date_stage_1_ended": draws.number(45, 90), "date_stage_2_started": draws.number(1, 30),
            "date_stage_2_ended": draws.number(90, 150), "date_application_submitted": draws.number(1, 10),
            "date_application_approved": draws.number(5, 30),
            "date_adopter_matched_with_child_ren": draws.number(20, 300),
            "date_child_children_placed_with_adopter_s": draws.number(10, 40),
            "date_of_adoption_order": draws.number(90, 200),
        }  # fmt: skip
        left = draws.worked(day + timedelta(days=draws.number(20, 300))) if draws.chance(250) else None
        last = min(left or draws.reference, draws.reference)
        dates: Cells = {}
        for key, days in steps.items():
            day = draws.worked(day + timedelta(days=days))
            dates[key] = day if day <= last else None
        has_left = left is not None and left <= draws.reference
        placed = dates["date_child_children_placed_with_adopter_s"]
        family: Cells = {
            **dates,
            "family_identifier": f"SYN-F-A{number:04d}",
            "is_the_prospective_adopter_fostering_for_adoption": draws.yes(200),
            "no_of_children_placed": draws.number(1, 2) if placed else None,
            "date_of_leaving_adoption_process": left if has_left else None,
            "reason_for_leaving_adoption_process":
                draws.code("leaving_adoption", {"1": 6, "2": 2, "3": 1}) if has_left else None,
        }  # fmt: skip
        for place in range(1, 3 if draws.chance(800) else 2):
            lists.rows[11].append({
                "individual_adopter_identifier": f"SYN-A-{number:04d}-{place}",
                "gender": draws.code("gender", {"male": 1, "female": 1}),
                "ethnicity": draws.code("ethnicity", {"WBRI": 9, "WOTH": 1}),
                "disability": draws.yes(30),
                **family,
            })  # fmt: skip


STANDINGS: dict[str, Callable[[Lists, Child], None]] = {
    "in-care": in_care,
    "for-adoption": for_adoption,
    "adoption-reversed": adoption_reversed,
    "left-care": left_care,
    "adopted": adopted,
    "care-leaver": care_leaver,
}
