"""What must hold between the columns of a row of Annex A, and between rows. Whatever does not hold is a finding; the
values stay as they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from indicators.working_days import add_months
from referrals.annex_a.findings import Findings
from referrals.annex_a.spec import ListData, ListSpec, Row
from referrals.annex_a.terms import age_in_years

ID, BORN, AGE = "child_unique_id", "date_of_birth", "age_of_child_years"
BEFORE_BIRTH = timedelta(days=300)  # a child is known of at most so long before birth
ADULT, OLDEST, YOUNGEST_LEAVER = 18, 26, 15
MONTHS_IN_A_FILE = 6
_FROM_BEFORE_BIRTH = {1, 2, 3, 4, 5, 6, 7}  # lists in which a child may stand before birth
_OF_CHILDREN = {*range(1, 9), 10}

_STRATEGY = "strategy_discussion_initiating_section_47_enquiry_start_date"
_ICPC = "date_of_initial_child_protection_conference"
_ICPC_UNNEEDED = "was_an_initial_child_protection_conference_deemed_unnecessary"
_ICPC_RESULT = "did_the_initial_child_protection_conference_result_in_a_child_protection_plan"
_OFFERED = "was_the_child_offered_a_return_interview_after_their_last_missing_episode_y_n"
_ACCEPTED = "did_the_child_accept_a_return_interview_after_their_last_missing_episode_y_n"
_CARE_START, _CARE_END = "date_started_to_be_looked_after", "date_ceased_to_be_looked_after"
_PLAN_START, _PLAN_END = "child_protection_plan_start_date", "child_protection_plan_end_date"
_TO_ADOPT = "date_of_decision_that_child_should_be_placed_for_adoption"
_NO_LONGER = "date_of_decision_that_child_should_no_longer_be_placed_for_adoption"

# By list: pairs of which the second may not come before the first.
ORDERS: dict[int, tuple[tuple[str, str], ...]] = {
    2: (("assessment_start_date", "assessment_completion_date"),),
    4: (("continuous_assessment_start_date", "continuous_assessment_date_of_authorisation"),),
    5: ((_STRATEGY, _ICPC),),
    6: (("cin_start_date", "cin_closure_date"),),
    7: (
        (_PLAN_START, _PLAN_END),
        (_PLAN_START, "date_of_latest_review_conference"),
        (_PLAN_START, "date_of_the_last_statutory_visit"),
    ),
    8: (
        (_CARE_START, _CARE_END),
        (_CARE_START, "start_date_of_current_legal_status"),
        (_CARE_START, "start_date_of_most_recent_placement"),
        ("start_date_of_current_legal_status", _CARE_END),
        ("start_date_of_most_recent_placement", _CARE_END),
    ),
    10: (
        ("date_the_child_entered_care", _TO_ADOPT),
        ("date_the_child_entered_care", "date_of_placement_order"),
        (_TO_ADOPT, "date_of_matching_child_and_prospective_adopters"),
        ("date_of_matching_child_and_prospective_adopters", "date_placed_for_adoption"),
        ("date_placed_for_adoption", "date_of_adoption_order"),
        (_TO_ADOPT, _NO_LONGER),
    ),
    11: (
        ("date_enquiry_received", "date_stage_1_started"),
        ("date_stage_1_started", "date_stage_1_ended"),
        ("date_stage_1_ended", "date_stage_2_started"),
        ("date_stage_2_started", "date_stage_2_ended"),
        ("date_application_submitted", "date_application_approved"),
        ("date_application_approved", "date_adopter_matched_with_child_ren"),
        ("date_adopter_matched_with_child_ren", "date_child_children_placed_with_adopter_s"),
        ("date_child_children_placed_with_adopter_s", "date_of_adoption_order"),
        ("date_enquiry_received", "date_of_leaving_adoption_process"),
    ),
}

# By list: a date of ending, and the reason that goes with it.
REASONS: dict[int, tuple[str, str]] = {
    6: ("cin_closure_date", "reason_for_closure"),
    8: (_CARE_END, "reason_ceased_to_be_looked_after"),
    10: (_NO_LONGER, "reason_why_child_no_longer_placed_for_adoption"),
    11: ("date_of_leaving_adoption_process", "reason_for_leaving_adoption_process"),
}

# By list: the date that decides whether a row belongs to the six months before the reference date.
WINDOWS: dict[int, str] = {
    1: "date_of_contact", 2: "assessment_completion_date", 3: "date_of_referral",
    4: "continuous_assessment_date_of_authorisation", 5: _STRATEGY, 6: "cin_closure_date", 7: _PLAN_END, 8: _CARE_END,
}  # fmt: skip

# By list: the date that ends a spell; a child has one open spell at most.
SPELLS: dict[int, str] = {6: "cin_closure_date", 7: _PLAN_END, 8: _CARE_END}
# Lists with one row for each child, or adopter.
ONE_ROW_EACH = {9: ID, 10: ID, 11: "individual_adopter_identifier"}

# Says that something was found: its kind, the column, the row, and what its sentence needs.
Say = Callable[..., None]


def check(data: ListData, spec: ListSpec, positions: Mapping[str, int], findings: Findings, on: date) -> None:
    """Checks the rows of one list. `positions`: key -> position of its column; `on`: the reference date."""
    columns = spec.by_key

    def say(code: str, key: str, row: Row, **words: Any) -> None:
        number = row["row"]
        assert isinstance(number, int)  # noqa: S101
        place = positions.get(key, -1)
        findings.add(code, spec.number, column=columns[key].header, row=number, position=place, **words)

    dates = [column.key for column in spec.columns if column.kind == "date" and column.key in positions]
    headers = {key: column.header for key, column in columns.items()}
    _check_reference(data.rows, dates, on, say)
    _check_births(data.rows, dates, spec, on, say)
    for earlier, later in ORDERS.get(spec.number, ()):
        if earlier in positions and later in positions:
            _check_order(data.rows, earlier, later, headers[earlier], say)
    if spec.number in REASONS:
        _check_reason(data.rows, *REASONS[spec.number], positions, say)
    if WINDOWS.get(spec.number) in positions:
        _check_window(data.rows, WINDOWS[spec.number], on, say)
    if spec.number == 5:
        _check_conferences(data.rows, positions, say)
    if spec.number == 8:
        _check_interviews(data.rows, say)
    _check_repeats(data.rows, spec.number, positions, say)


def check_across(lists: Sequence[ListData], place: Callable[[int, str], int], findings: Findings) -> None:
    """Checks that a child has the same date of birth in every list. `place`: the position of a list's column."""
    born: dict[object, object] = {}
    for data in lists:
        position = place(data.number, BORN)
        for row in data.rows if position >= 0 else ():
            child, day, number = row.get(ID), row.get(BORN), row["row"]
            if child is not None and day is not None and born.setdefault(child, day) != day:
                assert isinstance(number, int)  # noqa: S101
                findings.add("birth-differs", data.number, column="Date of Birth", row=number, position=position)


def window_start(on: date) -> date:
    """The first day of the six months that end on a day: 1 October 2021 for 31 March 2022."""
    return add_months(on + timedelta(days=1), -MONTHS_IN_A_FILE)


def _days(rows: Iterable[Row], key: str) -> Iterable[tuple[Row, date]]:
    for row in rows:
        day = row.get(key)
        if isinstance(day, date):
            yield row, day


def _check_reference(rows: Sequence[Row], dates: Sequence[str], on: date, say: Say) -> None:
    for key in dates:
        latest = on + BEFORE_BIRTH if key == BORN else on
        for row, day in _days(rows, key):
            if day > latest:
                say("after-reference", key, row)


def _check_births(rows: Sequence[Row], dates: Sequence[str], spec: ListSpec, on: date, say: Say) -> None:
    """The dates against the birth, and the age: that it fits the birth, and the list."""
    before = BEFORE_BIRTH if spec.number in _FROM_BEFORE_BIRTH else timedelta(0)
    others = [key for key in dates if key != BORN]
    for row, born in _days(rows, BORN):
        if born > on:
            say("unborn", BORN, row)
        for key in others:
            day = row.get(key)
            if isinstance(day, date) and day < born - before:
                say("before-birth", key, row)
        age = row.get(AGE)
        years = age_in_years(born, on)
        if isinstance(age, int) and abs(age - max(0, years)) > 1:
            say("age-and-birth", AGE, row)
        _check_age(years, spec.number, row, say)


def _check_age(years: int, number: int, row: Row, say: Say) -> None:
    if number in _OF_CHILDREN and years >= ADULT:
        say("over-age", BORN, row, age=ADULT)
    elif number == 9 and years >= OLDEST:
        say("over-age", BORN, row, age=OLDEST)
    elif number == 9 and years < YOUNGEST_LEAVER:
        say("under-age", BORN, row, age=YOUNGEST_LEAVER)


def _check_order(rows: Sequence[Row], earlier: str, later: str, header: str, say: Say) -> None:
    for row, second in _days(rows, later):
        first = row.get(earlier)
        if isinstance(first, date) and second < first:
            say("order", later, row, earlier=header)


def _check_reason(rows: Sequence[Row], end: str, reason: str, positions: Mapping[str, int], say: Say) -> None:
    if end not in positions or reason not in positions:
        return
    for row in rows:
        if row[end] is not None and row[reason] is None:
            say("no-reason", reason, row)
        elif row[end] is None and row[reason] is not None:
            say("no-end", end, row)


def _check_window(rows: Sequence[Row], key: str, on: date, say: Say) -> None:
    start = window_start(on)
    for row, day in _days(rows, key):
        if day < start:
            say("outside-window", key, row)


def _check_conferences(rows: Sequence[Row], positions: Mapping[str, int], say: Say) -> None:
    for row, day in _days(rows, _ICPC):
        if day.weekday() >= 5:
            say("weekend", _ICPC, row)
        if row.get(_ICPC_UNNEEDED) == "yes":
            say("conference-unneeded", _ICPC_UNNEEDED, row)
        if _ICPC_RESULT in positions and row[_ICPC_RESULT] is None:
            say("no-result", _ICPC_RESULT, row)
    for row in rows if _ICPC in positions else ():
        if row[_ICPC] is None and row.get(_ICPC_RESULT) in {"yes", "no"} and row.get(_ICPC_UNNEEDED) != "yes":
            say("no-conference", _ICPC, row)


def _check_interviews(rows: Sequence[Row], say: Say) -> None:
    for row in rows:
        if row.get(_ACCEPTED) == "yes" and row.get(_OFFERED) == "no":
            say("not-offered", _ACCEPTED, row)


def _check_repeats(rows: Sequence[Row], number: int, positions: Mapping[str, int], say: Say) -> None:
    """That a child has one open spell, and one row where a list has one for each."""
    if number in ONE_ROW_EACH:
        _check_twice(rows, ONE_ROW_EACH[number], "id-twice", say)
    if SPELLS.get(number) in positions:
        _check_twice([row for row in rows if row[SPELLS[number]] is None], ID, "open-twice", say)


def _check_twice(rows: Iterable[Row], key: str, code: str, say: Say) -> None:
    seen: set[object] = set()
    for row in rows:
        if row.get(key) in seen:
            say(code, key, row)
        seen.add(row.get(key))
