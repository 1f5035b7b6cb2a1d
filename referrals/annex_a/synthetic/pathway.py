"""Lists 1 to 7 of a synthetic Annex A: what led to each child's place on the pathway, in the order of the days."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from referrals.annex_a.synthetic.draws import (
    ASSESSMENT_LENGTHS,
    CONFERENCE_WAITS,
    NEED_LENGTHS,
    NEEDS,
    SOURCES,
    UNKNOWN_NEED_STARTS,
    Cells,
    Draws,
    Weights,
    text_of,
    working_after,
    working_before,
    yes_no,
)
from referrals.annex_a.synthetic.people import Child

_ABUSE: Weights = {"emotional": 51, "neglect": 39, "physical": 7, "sexual": 2, "multiple": 1}
_CLOSURES: Weights = {"RC7": 55, "RC8": 18, "RC5": 12, "RC6": 5, "RC3": 4, "RC4": 4, "RC1": 1, "RC9": 1}
_PLAN_LENGTHS = {(1, 90): 30, (91, 181): 27, (182, 364): 32, (365, 729): 10, (730, 900): 1}
_ENDED_PLAN_LENGTHS = {(20, 90): 12, (91, 181): 22, (182, 364): 40, (365, 729): 22, (729, 1000): 4}
_HELPERS = ("Synthetic family hub", "Synthetic primary school", "Synthetic academy", "Synthetic health trust")
_TEAMS = 12
_WORKERS = 180


@dataclass
class Lists:
    """The lists as they fill, by number, with the chance that fills them."""

    draws: Draws
    rows: dict[int, list[Cells]] = field(default_factory=lambda: defaultdict(list))
    contacts: set[tuple[int, date, str]] = field(default_factory=set)

    def put(self, number: int, child: Child, *cells: Cells) -> None:
        """One row of a list that begins with the child."""
        row = child.opening(self.draws.reference)
        for part in cells:
            row |= part
        self.rows[number].append(row)

    def staff(self) -> Cells:
        """Team and worker, by number: nobody has a name."""
        return {
            "allocated_team": f"Synthetic team {self.draws.number(1, _TEAMS)}",
            "allocated_worker": f"Synthetic worker {self.draws.number(1, _WORKERS)}",
        }

    def is_recent(self, day: date) -> bool:
        """Whether the day is one of the six months."""
        return self.draws.first <= day <= self.draws.reference


def contact(lists: Lists, child: Child, day: date, source: str = "") -> None:
    """List 1."""
    if lists.is_recent(day):
        text = source or lists.draws.code("source", SOURCES)
        if (child.number, day, text) not in lists.contacts:
            lists.contacts.add((child.number, day, text))
            lists.put(1, child, {"date_of_contact": day, "contact_source": text})


def referral(lists: Lists, child: Child, day: date, *, is_end: bool = False) -> None:
    """Lists 1 and 3: a contact on the day, or shortly before, that became a referral."""
    draws, source = lists.draws, lists.draws.code("source", SOURCES)
    contact(lists, child, child.after_birth(draws.worked(day - timedelta(days=draws.number(0, 1)))), source)
    if draws.chance(150):
        contact(lists, child, child.after_birth(day - timedelta(days=draws.number(2, 40))))
    if lists.is_recent(day):
        earlier = draws.number(1, 3) if draws.chance(200) else 0
        lists.put(3, child, {
            "date_of_referral": day, "referral_source": source, "referral_nfa": yes_no(is_end),
            "number_of_referrals_in_last_12_months": earlier,
        }, lists.staff())  # fmt: skip


def assessment(lists: Lists, child: Child, start: date, end: date | None, *, needs_support: bool) -> None:
    """List 4: open ones, and those authorised in the six months."""
    if end is not None and end > lists.draws.reference:
        end = None
    if end is None or lists.is_recent(end):
        lists.put(4, child, child.disability(), {
            "continuous_assessment_start_date": start,
            "child_seen_during_continuous_assessment": lists.draws.yes(950),
            "continuous_assessment_date_of_authorisation": end,
            "was_the_child_assessed_as_requiring_la_children_s_social_care_support":
                yes_no(needs_support) if end else None,
        }, lists.staff())  # fmt: skip


def enquiry(lists: Lists, child: Child, day: date, conference: date | None, *, led_to_plan: bool = False) -> None:
    """List 5: a strategy discussion that started an enquiry, with or without a conference."""
    draws = lists.draws
    if not lists.is_recent(day):
        return
    is_open = conference is None and draws.chance(500 if day > working_before(draws.reference, 15) else 10)
    if conference is not None and conference > draws.reference:
        conference, is_open = None, True
    lists.put(5, child, child.disability(), {
        "strategy_discussion_initiating_section_47_enquiry_start_date": day,
        "was_an_initial_child_protection_conference_deemed_unnecessary":
            None if is_open else yes_no(conference is None),
        "date_of_initial_child_protection_conference": conference,
        "did_the_initial_child_protection_conference_result_in_a_child_protection_plan":
            yes_no(led_to_plan) if conference else None,
        "number_of_section_47_enquiries_in_the_last_12_months": draws.number(1, 2) if draws.chance(150) else 0,
        "number_of_icpcs_in_the_last_12_months": int(conference is not None),
    }, lists.staff())  # fmt: skip


def leading_up_to(lists: Lists, child: Child, outcome: date) -> None:
    """Contact, referral and assessment that ended on the day, as far as the six months reach back."""
    start = child.after_birth(working_before(outcome, lists.draws.banded(ASSESSMENT_LENGTHS)))
    referral(lists, child, child.after_birth(working_before(start, lists.draws.number(0, 2))))
    if lists.is_recent(outcome):
        assessment(lists, child, start, outcome, needs_support=True)


def in_need(lists: Lists, child: Child, status: str, start: date | None, end: date | None = None) -> None:
    """List 6."""
    draws = lists.draws
    until = end or draws.reference
    since = start or until - timedelta(days=30)
    seen = None if draws.chance(20) else max(since, draws.worked(until - timedelta(days=draws.number(0, 45))))
    lists.put(6, child, child.disability(), {
        "cin_start_date": start, "primary_need_code": draws.code("need", NEEDS), "date_child_was_last_seen": seen,
        "cin_closure_date": end, "reason_for_closure": draws.code("closure", _CLOSURES) if end else None,
        "case_status": text_of("case_status", status),
    }, lists.staff())  # fmt: skip


def plan(lists: Lists, child: Child, start: date, end: date | None = None) -> None:
    """List 7, after the enquiry and conference that led to it."""
    draws = lists.draws
    strategy = child.after_birth(working_before(start, draws.banded(CONFERENCE_WAITS)))
    enquiry(lists, child, strategy, start, led_to_plan=True)
    until = end or draws.reference
    open_for = (until - start).days
    visited = max(start, draws.worked(until - timedelta(days=draws.number(0, 26 if draws.chance(930) else 60))))
    reviewed = draws.worked(until - timedelta(days=draws.number(0, 187))) if open_for > 91 else None
    category = draws.code("abuse", _ABUSE)
    lists.put(7, child, child.disability(), {
        "child_protection_plan_start_date": start, "initial_category_of_abuse": category,
        "latest_category_of_abuse": draws.code("abuse", _ABUSE) if draws.chance(60) else category,
        "date_of_the_last_statutory_visit": None if open_for < 5 else visited,
        "was_the_child_seen_alone": draws.yes(820),
        "date_of_latest_review_conference": max(start, reviewed) if reviewed else None,
        "child_protection_plan_end_date": end,
        "subject_to_emergency_protection_order_or_protected_under_police_powers_in_last_six_months_y_n": draws.yes(40),
        "number_of_previous_child_protection_plans": draws.number(1, 3) if draws.chance(230) else 0,
    }, lists.staff())  # fmt: skip


# Where a child stands


def only_contact(lists: Lists, child: Child) -> None:
    """One to three contacts that led to nothing."""
    for _ in range(lists.draws.number(1, 3)):
        day = lists.draws.first + timedelta(
            days=lists.draws.number(0, (lists.draws.reference - lists.draws.first).days)
        )
        contact(lists, child, child.after_birth(day))


def early_help(lists: Lists, child: Child) -> None:
    """A contact and an early help assessment."""
    draws = lists.draws
    start = child.after_birth(draws.in_window())
    contact(lists, child, child.after_birth(draws.worked(start - timedelta(days=draws.number(0, 10)))))
    end: date | None = working_after(start, draws.number(5, 50))
    if end is not None and end > draws.reference:
        end = None
    lists.put(2, child, {
        "assessment_start_date": start, "assessment_completion_date": end,
        "organisation_completing_assessment": draws.one(_HELPERS),
    })  # fmt: skip


def no_further_action(lists: Lists, child: Child) -> None:
    """A referral that ended there; some had one before that ended there too."""
    day = child.after_birth(lists.draws.in_window())
    if lists.draws.chance(300):
        referral(lists, child, child.after_birth(working_before(day, lists.draws.number(5, 60))), is_end=True)
    referral(lists, child, day, is_end=True)


def assessed(lists: Lists, child: Child) -> None:
    """A referral and an assessment after which the case was closed; sometimes an enquiry."""
    draws = lists.draws
    start = child.after_birth(draws.in_window())
    end = working_after(start, draws.banded(ASSESSMENT_LENGTHS))
    referral(lists, child, child.after_birth(working_before(start, draws.number(0, 2))))
    assessment(lists, child, start, end, needs_support=draws.chance(400))
    if draws.chance(300):
        enquiry(lists, child, start, None)


def in_assessment(lists: Lists, child: Child) -> None:
    """An assessment that is still open; a few are late."""
    draws = lists.draws
    start = child.after_birth(working_before(draws.reference, draws.number(0, 44 if draws.chance(900) else 90)))
    referral(lists, child, child.after_birth(working_before(start, draws.number(0, 2))))
    assessment(lists, child, start, None, needs_support=False)
    in_need(lists, child, "open-assessment", start)


def need(lists: Lists, child: Child) -> None:
    """A child in need plan that is open; the start of some is not known."""
    draws = lists.draws
    unknown, of = UNKNOWN_NEED_STARTS
    start = child.after_birth(draws.worked(draws.reference - timedelta(days=draws.banded(NEED_LENGTHS))))
    is_unknown = draws.number(1, of) <= unknown
    in_need(lists, child, "in-need-plan", None if is_unknown else start)
    if not is_unknown and lists.is_recent(start):
        leading_up_to(lists, child, start)
        if draws.chance(300):
            enquiry(lists, child, child.after_birth(working_before(start, draws.number(0, 20))), None)
    else:
        on_open_case(lists, child)


def on_open_case(lists: Lists, child: Child) -> None:
    """What happens while a case is open: contacts, assessments anew, enquiries."""
    draws = lists.draws
    if draws.chance(350):
        contact(lists, child, child.after_birth(draws.in_window()))
    if draws.chance(800):
        start = child.after_birth(draws.in_window())
        assessment(lists, child, start, working_after(start, draws.banded(ASSESSMENT_LENGTHS)), needs_support=True)
    if draws.chance(200):
        enquiry(lists, child, child.after_birth(draws.in_window()), None)


def need_ended(lists: Lists, child: Child) -> None:
    """A child in need episode that ended in the six months."""
    draws = lists.draws
    end = child.after_birth(draws.in_window())
    start = child.after_birth(draws.worked(end - timedelta(days=draws.banded(NEED_LENGTHS))))
    in_need(lists, child, "closed", start, end)
    leading_up_to(lists, child, start) if lists.is_recent(start) else on_open_case(lists, child)


def protection(lists: Lists, child: Child) -> None:
    """A protection plan that is open."""
    start = child.after_birth(
        lists.draws.worked(lists.draws.reference - timedelta(days=lists.draws.banded(_PLAN_LENGTHS)))
    )
    plan(lists, child, start)
    since = child.after_birth(working_before(start, lists.draws.number(0, 30)))
    in_need(lists, child, "protection-plan", since)
    leading_up_to(lists, child, since)


def protection_ended(lists: Lists, child: Child) -> None:
    """A protection plan that ended in the six months; the child has a child in need plan or the case is closed."""
    draws = lists.draws
    end = child.after_birth(draws.in_window())
    start = child.after_birth(draws.worked(end - timedelta(days=draws.banded(_ENDED_PLAN_LENGTHS))))
    plan(lists, child, start, end)
    since = child.after_birth(working_before(start, draws.number(0, 30)))
    in_need(lists, child, "closed", since, end)
    leading_up_to(lists, child, since)


STANDINGS: dict[str, Callable[[Lists, Child], None]] = {
    "contact": only_contact,
    "early-help": early_help,
    "no-further-action": no_further_action,
    "assessed": assessed,
    "in-assessment": in_assessment,
    "in-need": need,
    "in-need-ended": need_ended,
    "protection": protection,
    "protection-ended": protection_ended,
}
