"""The rules of the measures of Annex A on rows made by hand, at their boundaries."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.annex_a import dimensions, fields
from referrals.annex_a import terms as t
from referrals.annex_a.codes import CODES
from referrals.annex_a.compute import computed
from referrals.annex_a.measures import DURATIONS, MEASURES
from referrals.annex_a.spec import LISTS, ListData

REFERENCE, START = date(2022, 3, 31), date(2022, 1, 1)
DAYS = (REFERENCE, START, REFERENCE)
KEYS = {spec.number: tuple(column.key for column in spec.columns) for spec in LISTS}

FROM_4, TO_4 = fields.ASSESSED_FROM.key, fields.ASSESSED_TO.key
STRATEGY, CONFERENCE, UNNEEDED = fields.STRATEGY_ON.key, fields.CONFERENCE_ON.key, fields.NOT_REQUIRED.key


def ago(days: int) -> date:
    return REFERENCE - timedelta(days=days)


def a_list(number: int, *rows: dict, but: tuple[str, ...] = ()) -> ListData:
    """A list with a new child in each row unless the row names one; `but`: columns that it lacks."""
    keys = tuple(key for key in KEYS[number] if key not in but)
    made = [dict.fromkeys(keys) | {"row": n + 2, "child_unique_id": f"SYN-{n}"} | row
            for n, row in enumerate(rows)]  # fmt: skip
    return ListData(number, LISTS[number - 1].name, f"List {number}", made, keys)


def answer(*lists: ListData, days: tuple[date, date, date] = DAYS) -> dict:
    return computed(lists, *days)


def line(code: str, *lists: ListData, days: tuple[date, date, date] = DAYS) -> dict:
    return next(m for m in answer(*lists, days=days)["measures"] if m["code"] == code and not m["dimension"])


def figure(code: str, *lists: ListData, days: tuple[date, date, date] = DAYS) -> str:
    """ "2 of 3", "2", or "none" where it cannot be computed; left out rows follow: "1; no date of referral: 1"."""
    found = line(code, *lists, days=days)
    top, bottom = found["numerator"], found["denominator"]
    text = "none" if top is None and bottom is None else top if bottom is None else f"{top} of {bottom}"
    return "; ".join([text, *(f"{reason['reason']}: {reason['number']}" for reason in found["left_out"])])


def parts(code: str, by: str, *lists: ListData) -> dict[str, int]:
    """The categories that hold anything."""
    return {
        m["category"]: int(m["numerator"])
        for m in answer(*lists)["measures"]
        if (m["code"], m["dimension"]) == (code, by) and m["numerator"] != "0"
    }


def late(code: str, *lists: ListData, days: tuple[date, date, date] = DAYS) -> str:
    found = next(m for m in answer(*lists, days=days)["open_late"] if m["code"] == code)
    text = f"{found['number']} of {found['denominator']}"
    return "; ".join([text, *(f"{reason['reason']}: {reason['number']}" for reason in found["left_out"])])


def bands(code: str, *lists: ListData) -> dict[str, int]:
    found = next(m for m in answer(*lists)["durations"] if m["code"] == code)
    return {band["label"]: band["number"] for band in found["bands"] if band["number"]}


# Events in the period


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 12, 31), "0"),
        (date(2022, 1, 1), "1"),
        (date(2022, 3, 31), "1"),
        (date(2022, 4, 1), "0"),
        (None, "0; no date of contact: 1"),
    ],
)
def test_event_when_dated_at_an_edge_then_both_days_of_the_period_count(day: date | None, expected: str) -> None:
    assert figure("contacts", a_list(1, {"date_of_contact": day})) == expected


def test_end_when_there_is_none_then_it_has_not_ended_and_nothing_is_left_out() -> None:
    assert figure("assessments-completed", a_list(4, {FROM_4: ago(30), TO_4: None})) == "0"


def test_children_when_one_has_two_contacts_then_two_contacts_of_one_child() -> None:
    rows = [{"child_unique_id": name, "date_of_contact": ago(n)} for n, name in enumerate(["A", "A", "B"])]
    assert figure("contacts", a_list(1, *rows)) == "3"
    assert figure("contacts-children", a_list(1, *rows)) == "2; the same child again: 1"


def test_children_when_two_rows_have_no_identifier_then_both_count() -> None:
    rows = [{"child_unique_id": None, "date_of_contact": ago(1)}] * 2
    assert figure("contacts-children", a_list(1, *rows)) == "2"


@pytest.mark.parametrize(
    ("said", "expected"),
    [("yes", "1 of 1"), ("no", "0 of 1")]
    + [(said, "0 of 0; not stated whether there was further action: 1") for said in ("unknown", None)],
)
def test_share_when_the_answer_is_not_stated_then_the_row_is_left_out_of_both(said: str | None, expected: str) -> None:
    row = {"date_of_referral": ago(1), "referral_nfa": said}
    assert figure("referrals-no-further-action-share", a_list(3, row)) == expected


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [(0, "0 of 1"), (1, "1 of 1"), (None, "0 of 0; number of referrals in the last 12 months not stated: 1")],
)
def test_re_referral_when_there_was_one_before_then_it_is_counted(earlier: int | None, expected: str) -> None:
    row = {"date_of_referral": ago(1), "number_of_referrals_in_last_12_months": earlier}
    assert figure("re-referrals-12-months", a_list(3, row)) == expected


# Assessments


@pytest.mark.parametrize(
    ("start", "end", "in_45", "in_20"),
    [
        (date(2021, 12, 13), date(2022, 1, 12), "1 of 1", "1 of 1"),  # 19 working days, three bank holidays within
        (date(2021, 12, 13), date(2022, 1, 13), "1 of 1", "1 of 1"),  # 20
        (date(2021, 12, 13), date(2022, 1, 14), "1 of 1", "0 of 1"),  # 21
        (date(2022, 1, 10), date(2022, 3, 14), "1 of 1", "0 of 1"),  # 45
        (date(2022, 1, 10), date(2022, 3, 15), "0 of 1", "0 of 1"),  # 46
        (date(2022, 1, 17), date(2022, 1, 17), "1 of 1", "1 of 1"),  # the same day
        (date(2022, 3, 12), date(2022, 3, 13), "1 of 1", "1 of 1"),  # a weekend
    ],
)
def test_assessment_when_at_the_limit_then_the_last_day_is_in_time(
    start: date, end: date, in_45: str, in_20: str
) -> None:
    rows = a_list(4, {FROM_4: start, TO_4: end})
    assert (figure("assessments-45-days", rows), figure("assessments-20-days", rows)) == (in_45, in_20)


def test_assessment_when_bank_holidays_lie_in_it_then_46_days_of_weekdays_49() -> None:
    days = (date(2022, 6, 30), date(2022, 4, 1), date(2022, 6, 30))
    rows = [{FROM_4: date(2022, 2, 28), TO_4: date(2022, 5, 5)}, {FROM_4: date(2022, 2, 28), TO_4: date(2022, 5, 6)}]
    assert figure("assessments-45-days", a_list(4, *rows), days=days) == "1 of 2"


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (None, "no assessment start date"),
        (date(2022, 3, 2), "date of authorisation before assessment start date"),
        (date(2008, 12, 31), "a day for which no bank holidays are known"),
    ],
)
def test_assessment_when_its_days_cannot_be_counted_then_left_out_with_the_reason(
    start: date | None, reason: str
) -> None:
    rows = a_list(4, {FROM_4: start, TO_4: date(2022, 3, 1)}, {FROM_4: ago(42), TO_4: ago(41)})
    assert figure("assessments-45-days", rows) == f"1 of 1; {reason}: 1"
    assert figure("assessments-days", rows) == f"None of 1; {reason}: 1"
    assert line("assessments-days", rows)["value"] == "1"


def test_median_when_the_number_is_even_then_it_is_the_duration_of_a_real_case() -> None:
    ends = [date(2022, 3, 2), date(2022, 3, 3), date(2022, 3, 8), date(2022, 3, 9)]
    rows = a_list(4, *({FROM_4: date(2022, 3, 1), TO_4: end} for end in ends))
    assert line("assessments-days", rows)["value"] == "2"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (ago(0), None, "1"),
        (ago(-1), None, "0"),
        (ago(9), ago(0), "0"),
        (ago(9), ago(-1), "1"),
        (None, None, "0; no assessment start date: 1"),
        (None, ago(3), "0"),
    ],
)
def test_open_when_at_the_reference_date_then_begun_by_then_and_not_ended(
    start: date | None, end: date | None, expected: str
) -> None:
    assert figure("assessments-open", a_list(4, {FROM_4: start, TO_4: end})) == expected


@pytest.mark.parametrize(("start", "expected"), [(date(2022, 1, 27), "0 of 1"), (date(2022, 1, 26), "1 of 1")])
def test_open_assessment_when_past_45_working_days_then_it_is_late(start: date, expected: str) -> None:
    assert late("assessments-open-late", a_list(4, {FROM_4: start})) == expected


def test_band_when_an_assessment_is_at_its_edge_then_the_official_band() -> None:
    days = (date(2022, 3, 31), date(2021, 1, 1), date(2022, 3, 31))
    start = date(2021, 11, 1)
    ends = {0: start, 10: date(2021, 11, 15), 11: date(2021, 11, 16), 60: date(2022, 1, 27), 61: date(2022, 1, 28)}
    rows = a_list(4, *({FROM_4: start, TO_4: end} for end in ends.values()))
    found = next(d for d in answer(rows, days=days)["durations"] if d["code"] == "assessment-length")
    counts = {band["label"]: band["number"] for band in found["bands"] if band["number"]}
    assert counts == {"Same day": 1, "1 to 10": 1, "11 to 20": 1, "51 to 60": 1, "61 and more": 1}
    assert parts("assessments-completed", "duration-days", rows) == {"51-to-60-days": 1, "61-days-or-longer": 1}


# Conferences


@pytest.mark.parametrize(
    ("strategy", "conference", "expected"),
    [
        (date(2022, 4, 11), date(2022, 5, 5), "1 of 1"),  # 15, with Easter and May Day between
        (date(2022, 4, 11), date(2022, 5, 6), "0 of 1"),
        (date(2022, 4, 2), date(2022, 4, 26), "1 of 1"),  # a Saturday counts from the Monday
        (date(2022, 4, 2), date(2022, 4, 27), "0 of 1"),
        (date(2022, 6, 1), date(2022, 6, 24), "1 of 1"),  # 15, with two days of the jubilee
    ],
)
def test_conference_when_bank_holidays_lie_between_then_15_working_days(
    strategy: date, conference: date, expected: str
) -> None:
    days = (date(2022, 6, 30), date(2022, 4, 1), date(2022, 6, 30))
    assert figure("icpc-15-days", a_list(5, {STRATEGY: strategy, CONFERENCE: conference}), days=days) == expected


@pytest.mark.parametrize(
    ("strategy", "row", "expected"),
    [
        (date(2022, 3, 10), {}, "0 of 1"),  # 15 working days by the reference date
        (date(2022, 3, 9), {}, "1 of 1"),
        (date(2022, 3, 9), {UNNEEDED: "yes"}, "0 of 0"),
        (date(2022, 3, 9), {UNNEEDED: "unknown"}, "1 of 1"),
        (date(2022, 3, 9), {CONFERENCE: ago(0)}, "0 of 0"),
        (date(2022, 3, 9), {CONFERENCE: ago(-1)}, "1 of 1"),
    ],
)
def test_conference_when_none_was_held_then_late_after_15_working_days(
    strategy: date, row: dict, expected: str
) -> None:
    assert late("icpc-open-late", a_list(5, {STRATEGY: strategy} | row)) == expected


# Children in need


def need(**changes: object) -> dict:
    return {"case_status": "in-need-plan", "cin_start_date": ago(100)} | changes


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (need(), "1"),
        (need(cin_start_date=None), "1"),
        (need(cin_start_date=ago(-1)), "0"),
        (need(cin_closure_date=ago(0)), "0"),
        (need(cin_closure_date=ago(-1)), "1"),
        (need(case_status="protection-plan"), "0"),
        (need(case_status="looked-after"), "0"),
        (need(case_status="open-assessment"), "0"),
        (need(case_status=None), "0; case status not stated: 1"),
        (need(child_unique_id="leaver"), "0"),
    ],
)
def test_need_plan_when_open_then_without_protection_care_and_care_leavers(row: dict, expected: str) -> None:
    leavers = a_list(9, {"child_unique_id": "leaver"})
    assert figure("cin-at-end", a_list(6, row), leavers) == expected


def test_need_plan_when_list_9_is_missing_then_it_cannot_be_computed() -> None:
    assert figure("cin-at-end", a_list(6, need())) == "none; list 9 is not in the file: 0"


def test_need_plan_when_nobody_has_an_identifier_then_nobody_is_taken_for_a_care_leaver() -> None:
    nameless = {"child_unique_id": None}
    assert figure("cin-at-end", a_list(6, need(**nameless)), a_list(9, nameless)) == "1"


def test_open_cohort_when_a_case_has_any_status_then_it_counts() -> None:
    statuses = ["protection-plan", "looked-after", "open-assessment", "in-need-plan", None, "closed"]
    rows = a_list(6, *(need(case_status=status) for status in statuses))
    assert figure("cin-open-cohort", rows) == "5; closed without a closure date: 1"


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (0, "cin-0-to-3-months"), (90, "cin-0-to-3-months"), (91, "cin-3-to-6-months"), (181, "cin-3-to-6-months"),
        (182, "cin-6-to-12-months"), (364, "cin-6-to-12-months"), (365, "cin-12-to-24-months"),
        (729, "cin-12-to-24-months"), (730, "cin-over-2-years"),
    ],
)  # fmt: skip
def test_need_plan_when_open_for_some_days_then_one_band_of_those_with_a_known_start(days: int, code: str) -> None:
    rows = a_list(6, need(cin_start_date=ago(days)), need(cin_start_date=None))
    found = {
        m.code: figure(m.code, rows, a_list(9)) for m in MEASURES if "months" in m.code or m.code.endswith("years")
    }
    expected = {name: f"{int(name == code)} of 1; no start date: 1" for name in found if name.startswith("cin-")}
    assert {name: text for name, text in found.items() if name in expected} == expected
    assert len(expected) == 5


def test_need_plan_when_the_start_is_not_known_then_it_is_a_part_of_its_own() -> None:
    rows = a_list(6, need(), need(cin_start_date=None)), a_list(9)
    assert parts("cin-at-end", "duration", *rows) == {"3-to-6-months": 1, "not-stated": 1}
    assert bands("cin-open", *rows) == {"91 to 181": 1}


OVER = {"cin_start_date": ago(5), "cin_closure_date": ago(1), "case_status": "closed"}


@pytest.mark.parametrize(
    ("row", "started", "ended"),
    [
        (need(cin_start_date=ago(5)), "1", "0"),
        (need(cin_start_date=ago(5), case_status="open-assessment"), "0", "0"),
        (need(cin_start_date=ago(5), case_status="protection-plan"), "0", "0"),
        (need(**OVER, reason_for_closure="RC7"), "1", "1"),
        (need(**OVER, reason_for_closure="RC8"), "0", "0"),
        (need(**OVER, reason_for_closure="RC9"), "0", "0"),
        (need(cin_start_date=None), "0; no start date: 1", "0"),
    ],
)
def test_need_plan_when_it_begins_or_ends_then_assessments_are_no_plans(row: dict, started: str, ended: str) -> None:
    assert (figure("cin-started", a_list(6, row)), figure("cin-ended", a_list(6, row))) == (started, ended)


@pytest.mark.parametrize(
    ("seen", "expected"), [(28, "1 of 1"), (29, "0 of 1"), (-1, "0 of 0; reference date before date last seen: 1")]
)
def test_need_plan_when_seen_then_28_days_are_recent(seen: int, expected: str) -> None:
    rows = a_list(6, need(date_child_was_last_seen=ago(seen)))
    assert figure("cin-seen-4-weeks", rows, a_list(9)) == expected


# Protection


def a_plan(start: date | None, **changes: object) -> dict:
    return {"child_protection_plan_start_date": start} | changes


@pytest.mark.parametrize(("counted", "expected"), [(729, "0 of 1"), (730, "1 of 1")])
def test_plan_when_ended_then_two_years_are_more_than_729_days_the_last_included(counted: int, expected: str) -> None:
    end = date(2022, 3, 1)
    row = a_plan(end - timedelta(days=counted - 1), child_protection_plan_end_date=end)
    assert figure("cp-plans-2-years-plus", a_list(7, row)) == expected


def test_plan_when_it_ran_from_april_to_march_two_years_on_then_two_years() -> None:
    row = a_plan(date(2020, 4, 1), child_protection_plan_end_date=date(2022, 3, 31))
    assert figure("cp-plans-2-years-plus", a_list(7, row)) == "1 of 1"
    assert figure("cp-plans-2-years-or-longer", a_list(7, a_plan(date(2020, 4, 1)))) == "1"
    assert figure("cp-plans-2-years-or-longer", a_list(7, a_plan(date(2020, 4, 2)))) == "0"


@pytest.mark.parametrize(
    ("started", "visited", "in_time", "overdue"),
    [
        (200, 28, "1 of 1", "0 of 1"),
        (200, 29, "0 of 1", "1 of 1"),
        (28, None, "0 of 0; first visit not due yet: 1", "0 of 1"),
        (29, None, "0 of 1", "1 of 1"),
        (29, -1, "0 of 1", "1 of 1"),
    ],
)
def test_plan_when_visited_then_four_weeks_and_the_first_has_its_time(
    started: int, visited: int | None, in_time: str, overdue: str
) -> None:
    row = a_plan(ago(started), date_of_the_last_statutory_visit=None if visited is None else ago(visited))
    assert figure("cp-visits-in-timescale", a_list(7, row)) == in_time
    assert late("cp-visits-overdue", a_list(7, row)) == overdue


@pytest.mark.parametrize(
    ("start", "reviewed", "expected"),
    [
        (date(2021, 12, 31), None, "0 of 0; first review not due yet: 1"),
        (date(2021, 12, 30), None, "0 of 1"),
        (date(2020, 1, 1), date(2021, 9, 30), "0 of 1"),
        (date(2020, 1, 1), date(2021, 10, 1), "1 of 1"),
    ],
)
def test_plan_when_reviewed_then_three_months_and_then_six(start: date, reviewed: date | None, expected: str) -> None:
    row = a_plan(start, date_of_latest_review_conference=reviewed)
    assert figure("cp-reviews-in-timescale", a_list(7, row)) == expected


def test_plan_when_a_child_has_two_open_rows_then_one_child() -> None:
    rows = a_list(7, a_plan(ago(10), child_unique_id="A"), a_plan(ago(20), child_unique_id="A"))
    assert figure("cp-plans-at-end", rows) == "1; the same child again: 1"
    assert figure("cp-plans-started", rows) == "2"


def test_plan_when_the_category_changed_then_starts_go_by_the_first_and_stock_by_the_latest() -> None:
    rows = a_list(7, a_plan(ago(3), initial_category_of_abuse="neglect", latest_category_of_abuse="emotional"))
    assert parts("cp-plans-started", "abuse-category", rows) == {"neglect": 1}
    assert parts("cp-plans-at-end", "abuse-category", rows) == {"emotional": 1}


# Care


def in_care(**changes: object) -> dict:
    return {fields.CARE_START.key: ago(2000), fields.BORN.key: date(2010, 1, 1)} | changes


@pytest.mark.parametrize(("places", "expected"), [(2, "0 of 1"), (3, "1 of 1")])
def test_placements_when_three_then_counted(places: int, expected: str) -> None:
    assert figure("cic-3-plus-placements", a_list(8, in_care(**{fields.PLACEMENTS.key: places}))) == expected


@pytest.mark.parametrize(
    ("born", "in_care_for", "placed_for", "expected"),
    [
        (date(2010, 1, 1), 913, 730, "1 of 1"),
        (date(2010, 1, 1), 913, 729, "0 of 1"),
        (date(2010, 1, 1), 912, 800, "0 of 0"),
        (date(2006, 4, 1), 2000, 800, "1 of 1"),  # 15
        (date(2006, 3, 31), 2000, 800, "0 of 0"),  # 16 today
        (None, 2000, 800, "0 of 0; no date of birth and no age: 1"),
    ],
)
def test_stability_when_measured_then_under_16_and_two_and_a_half_years_in_care(
    born: date | None, in_care_for: int, placed_for: int, expected: str
) -> None:
    row = in_care(
        **{fields.BORN.key: born, fields.CARE_START.key: ago(in_care_for), fields.PLACED_ON.key: ago(placed_for)}
    )
    assert figure("cic-long-term-stability", a_list(8, row)) == expected


@pytest.mark.parametrize(
    ("came", "reviewed", "expected"),
    [
        (date(2022, 3, 3), None, "0 of 0; first review not due yet: 1"),  # 20 working days
        (date(2022, 3, 2), None, "0 of 1"),
        (date(2020, 1, 1), date(2021, 10, 1), "1 of 1"),
        (date(2020, 1, 1), date(2021, 9, 30), "0 of 1"),
    ],
)
def test_care_when_reviewed_then_20_working_days_and_then_six_months(
    came: date, reviewed: date | None, expected: str
) -> None:
    row = in_care(**{fields.CARE_START.key: came, fields.CARE_REVIEWED_ON.key: reviewed})
    assert figure("cic-reviews-in-timescale", a_list(8, row)) == expected


def test_care_when_the_first_review_is_due_on_a_friday_then_the_saturday_is_not_late() -> None:
    saturday = date(2022, 4, 2)
    row = in_care(**{fields.CARE_START.key: date(2022, 3, 4)})  # the 20th working day is Friday 1 April
    days = (saturday, START, saturday)
    assert late("cic-reviews-overdue", a_list(8, row), days=days) == "0 of 1"
    monday = saturday + timedelta(days=2)
    assert late("cic-reviews-overdue", a_list(8, row), days=(monday, START, monday)) == "1 of 1"


@pytest.mark.parametrize(
    ("reason", "adopted", "sgo", "cao"),
    [("E11", 1, 0, 0), ("E12", 1, 0, 0), ("E41", 0, 0, 1), ("E4A", 0, 0, 0)]
    + [(code, 0, 1, 0) for code in ("E45", "E46", "E47", "E48")],
)
def test_leaving_care_when_by_a_reason_then_one_share(reason: str, adopted: int, sgo: int, cao: int) -> None:
    rows = a_list(8, *(in_care(**{fields.CARE_END.key: ago(1), fields.CEASED_REASON.key: r}) for r in (reason, None)))
    found = [figure(f"left-care-{kind}", rows) for kind in ("adopted", "sgo", "cao")]
    assert found == [f"{n} of 1; reason for leaving care not stated: 1" for n in (adopted, sgo, cao)]
    assert parts("care-ended", "leaving-reason", rows) == {reason.lower(): 1, "not-stated": 1}


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2021, 3, 31), "1 of 1"), (date(2021, 3, 30), "0 of 1"), (ago(-1), "0 of 1"), (None, "0 of 1")],
)
def test_health_when_12_months_ago_to_the_day_then_in_time(day: date | None, expected: str) -> None:
    assert figure("cic-health", a_list(8, in_care(**{fields.HEALTH_ON.key: day}))) == expected


def test_health_when_in_care_for_less_than_a_year_then_not_asked() -> None:
    rows = [in_care(**{fields.CARE_START.key: ago(364)}), in_care(**{fields.CARE_START.key: ago(365)})]
    assert figure("cic-health", a_list(8, *rows)) == "0 of 1"


def test_return_interview_when_accepted_then_of_those_offered_to_the_missing() -> None:
    keys = fields.MISSING.key, fields.INTERVIEW_OFFERED.key, fields.INTERVIEW_ACCEPTED.key
    told = [(0, "yes", "yes"), (1, "yes", "yes"), (2, "yes", "no"), (1, "no", "yes"), (1, "yes", None), (1, None, None)]
    rows = a_list(8, *(in_care(**dict(zip(keys, row, strict=True))) for row in told))
    offered = "3 of 4; not stated whether a return interview was offered: 1"
    assert figure("cic-interview-offered", rows) == offered
    assert figure("cic-interview-accepted", rows) == "1 of 2; not stated whether the return interview was accepted: 1"
    assert figure("cic-missing", rows) == "5 of 6"


def test_care_when_a_placement_is_still_to_begin_then_its_first_visit_is_not_due() -> None:
    rows = a_list(8, in_care(**{fields.PLACED_ON.key: ago(-5)}), in_care(**{fields.PLACED_ON.key: ago(8)}))
    assert figure("cic-visits-in-timescale", rows) == "0 of 1; first visit not due yet: 1"
    assert late("cic-visits-overdue", rows) == "1 of 2"


# Care leavers


def leaver(**changes: object) -> dict:
    return {"la_in_touch": "yes", "type_of_accommodation": "U", "suitability_of_accommodation": "suitable",
            "activity_status": "F2", "date_of_birth": date(2002, 6, 1)} | changes  # fmt: skip


@pytest.mark.parametrize(
    ("row", "touch", "suitable", "working"),
    [
        (leaver(), "1 of 1", "1 of 1", "1 of 1"),
        (leaver(suitability_of_accommodation="unsuitable", activity_status="G5"), "1 of 1", "0 of 1", "0 of 1"),
        (leaver(la_in_touch="no", suitability_of_accommodation=None, activity_status=None),
         "0 of 1", "0 of 1", "0 of 1"),
        (leaver(la_in_touch="refu", suitability_of_accommodation=None, activity_status=None),
         "0 of 1", "0 of 1", "0 of 1"),
        (leaver(suitability_of_accommodation=None, activity_status=None), "1 of 1",
         "0 of 0; suitability of accommodation not stated: 1", "0 of 0; activity not stated: 1"),
        (leaver(la_in_touch="died"), *["0 of 0; died: 1"] * 3),
        (leaver(la_in_touch="rhom"), "0 of 1", *["0 of 0; returned home for six months or more: 1"] * 2),
        (leaver(type_of_accommodation="G"), "1 of 1", *["0 of 0; gone abroad: 1"] * 2),
        (leaver(type_of_accommodation="H"), "1 of 1", *["0 of 0; deported: 1"] * 2),
        (leaver(type_of_accommodation="R"), "1 of 1", "0 of 0; residence not known: 1", "1 of 1"),
        (leaver(la_in_touch=None), "0 of 0; not stated whether the authority is in touch: 1", "1 of 1", "1 of 1"),
    ],
)  # fmt: skip
def test_care_leaver_when_little_is_known_then_counted_or_left_out_by_the_rule(
    row: dict, touch: str, suitable: str, working: str
) -> None:
    codes = ("care-leavers-in-touch", "care-leavers-suitable-accommodation", "care-leavers-eet")
    assert [figure(code, a_list(9, row)) for code in codes] == [touch, suitable, working]


@pytest.mark.parametrize("activity", ["F1", "F3", "F5", "P1", "P3", "P5"])
def test_care_leaver_when_in_any_education_or_work_then_counted(activity: str) -> None:
    assert figure("care-leavers-eet", a_list(9, leaver(activity_status=activity))) == "1 of 1"


@pytest.mark.parametrize(
    ("born", "home", "expected"),
    [
        (date(2003, 3, 31), "Z", "1 of 1"),  # 19 today
        (date(2003, 4, 1), "Z", "0 of 0"),
        (date(2001, 4, 1), "Z", "1 of 1"),  # 20
        (date(2001, 3, 31), "Z", "0 of 0"),
        (date(2002, 6, 1), "U", "0 of 1"),
    ],
)
def test_staying_put_when_19_or_20_then_with_former_carers(born: date, home: str, expected: str) -> None:
    assert figure("staying-put", a_list(9, leaver(date_of_birth=born, type_of_accommodation=home))) == expected


def test_list_9_when_in_the_older_layout_then_what_it_lacks_is_said() -> None:
    newer = tuple(column.key for column in LISTS[8].columns if column.is_newer)
    rows = a_list(9, leaver(), but=newer)
    assert figure("pathway-plans-reviewed", rows) == "none; list 9 has no column “Latest Pathway Plan Review Date”: 0"
    assert figure("care-leavers-at-end", rows) == "1"
    assert parts("care-leavers-at-end", "asylum", rows) == {}


@pytest.mark.parametrize(
    ("day", "expected", "overdue"),
    [
        (date(2021, 9, 30), "0 of 1", "1 of 1"),
        (date(2021, 10, 1), "1 of 1", "0 of 1"),
        (None, "0 of 1", "0 of 0; no date of the latest pathway plan review: 1"),
    ],
)
def test_pathway_plan_when_reviewed_six_months_ago_then_in_time(day: date | None, expected: str, overdue: str) -> None:
    rows = a_list(9, leaver(latest_pathway_plan_review_date=day))
    assert (figure("pathway-plans-reviewed", rows), late("pathway-plans-overdue", rows)) == (expected, overdue)


def test_pathway_plan_when_six_months_end_on_the_reference_date_then_in_time() -> None:
    day = date(2022, 3, 30)
    rows, days = a_list(9, leaver(latest_pathway_plan_review_date=date(2021, 9, 30))), (day, START, day)
    assert figure("pathway-plans-reviewed", rows, days=days) == "1 of 1"
    assert late("pathway-plans-overdue", rows, days=days) == "0 of 1"


# Adoption


def for_adoption(**changes: object) -> dict:
    return {
        fields.ENTERED_CARE.key: date(2020, 6, 1), fields.DECIDED_ON.key: date(2020, 12, 1),
        fields.PLACEMENT_ORDER.key: date(2021, 1, 1), fields.MATCHED_ON.key: date(2021, 5, 2),
        fields.PLACED_FOR_ADOPTION.key: date(2021, 6, 1), fields.ADOPTED_ON.key: date(2022, 2, 1),
    } | changes  # fmt: skip


def test_adoption_when_two_children_then_the_mean_comes_with_its_sum() -> None:
    rows = a_list(10, for_adoption(), for_adoption(**{fields.ENTERED_CARE.key: date(2020, 6, 2)}),
                  for_adoption(**{fields.PLACED_FOR_ADOPTION.key: None}))  # fmt: skip
    found = line("adoption-days-care-to-family", rows)
    assert figure("adoption-days-care-to-family", rows) == "729 of 2; no date placed for adoption: 1"
    assert found["value"] == "364.5000"
    assert found["unit"] == "days"


def test_adoption_when_matched_before_the_order_then_0_days() -> None:
    rows = a_list(10, for_adoption(), for_adoption(**{fields.MATCHED_ON.key: date(2020, 12, 24)}))
    assert figure("adoption-days-order-to-match", rows) == "121 of 2"
    assert line("adoption-days-order-to-match", rows)["value"] == "60.5000"


@pytest.mark.parametrize(
    ("placed", "adopted", "expected"),
    [
        (date(2021, 7, 31), date(2022, 2, 1), "1 of 1"),  # a day less than 14 months
        (date(2021, 8, 1), date(2022, 2, 1), "0 of 1"),
        (date(2021, 7, 31), date(2021, 12, 1), "0 of 0"),  # adopted before the period
        (date(2021, 7, 31), None, "1 of 1"),
        (None, None, "0 of 1"),  # waits since June 2020
        (ago(-100), None, "0 of 1"),
    ],
)
def test_adoption_when_it_took_14_months_then_not_less(
    placed: date | None, adopted: date | None, expected: str
) -> None:
    row = for_adoption(**{fields.PLACED_FOR_ADOPTION.key: placed, fields.ADOPTED_ON.key: adopted})
    assert figure("adoption-under-14-months", a_list(10, row)) == expected


def test_adoption_when_placing_is_still_to_come_then_the_wait_so_far_counts() -> None:
    row = for_adoption(**{fields.ENTERED_CARE.key: date(2021, 4, 1), fields.ADOPTED_ON.key: None})
    rows = a_list(10, row | {fields.PLACED_FOR_ADOPTION.key: date(2022, 7, 9)})
    assert figure("adoption-under-14-months", rows) == "1 of 1"


def test_adoption_when_given_up_or_over_then_no_longer_in_the_system() -> None:
    waiting = {fields.ADOPTED_ON.key: None}
    rows = [for_adoption(**waiting), for_adoption(), for_adoption(**waiting, **{fields.NO_LONGER_ON.key: ago(3)}),
            for_adoption(**waiting, **{fields.PLACED_FOR_ADOPTION.key: ago(-4)}),
            for_adoption(**waiting, **{fields.DECIDED_ON.key: ago(-4)})]  # fmt: skip
    assert figure("adoption-in-system", a_list(10, *rows)) == "2"
    assert figure("adoption-placed", a_list(10, *rows)) == "1"
    assert figure("children-adopted", a_list(10, *rows)) == "1"


def test_adopters_when_two_of_a_family_then_one_family() -> None:
    row = {"date_enquiry_received": ago(4)}
    rows = a_list(11, row | {"family_identifier": "F"}, row | {"family_identifier": "F"}, row, row)
    assert figure("adopter-enquiries", rows) == "3; the same family again: 1"


# No cohort, no list, no column


def test_share_when_nobody_is_in_it_then_0_of_0_and_no_value() -> None:
    for code in ("assessments-45-days", "re-referrals-12-months", "adoption-days-care-to-family"):
        found = line(code, *(a_list(number) for number in KEYS))
        assert (found["numerator"], found["denominator"], found["value"]) == ("0", "0", None)


def test_count_when_nobody_is_in_it_then_0() -> None:
    assert figure("care-at-end", a_list(8)) == "0"
    assert line("care-at-end", a_list(8))["value"] == "0"


def test_measures_when_there_is_no_list_then_each_says_so_and_has_no_value() -> None:
    found = answer()
    assert len(found["measures"]) == len(MEASURES)
    assert {m["value"] for m in found["measures"]} == {None}
    assert all(m["left_out"][0]["reason"].endswith("is not in the file") for m in found["measures"])
    assert {m["number"] for m in found["open_late"]} == {None}
    assert [d["bands"] for d in found["durations"]] == [[]] * len(DURATIONS)


def test_measure_when_its_column_is_missing_then_it_names_the_heading() -> None:
    rows = a_list(3, {"date_of_referral": ago(1)}, but=("referral_nfa",))
    assert figure("referrals-no-further-action", rows) == "none; list 3 has no column “Referral NFA?”: 0"
    assert figure("referrals", rows) == "1"
    assert parts("referrals", "outcome", rows) == {}


# Breakdowns


@pytest.mark.parametrize(
    ("born", "age", "category"),
    [
        (date(2022, 4, 1), 0, "unborn"), (date(2022, 3, 31), None, "under-1"), (date(2021, 4, 1), None, "under-1"),
        (date(2021, 3, 31), None, "1-to-4"), (date(2017, 4, 1), None, "1-to-4"), (date(2017, 3, 31), None, "5-to-9"),
        (date(2012, 3, 31), None, "10-to-15"), (date(2006, 3, 31), 3, "16-to-17"),
        (date(2004, 3, 31), None, "18-to-20"), (None, 21, "21-or-over"), (None, 15, "10-to-15"),
        (None, None, "not-stated"), (None, 999, "not-stated"),
    ],
)  # fmt: skip
def test_age_when_at_a_birthday_then_by_the_date_of_birth_before_the_age_given(
    born: date | None, age: int | None, category: str
) -> None:
    rows = a_list(1, {"date_of_contact": ago(1), "date_of_birth": born, "age_of_child_years": age})
    assert parts("contacts", "age", rows) == {category: 1}


@pytest.mark.parametrize(
    ("code", "category"),
    [("1A", "individual"), ("3F", "health"), ("2B", "education-services"), ("10", "not-stated"), (None, "not-stated")],
)
def test_source_when_coded_then_its_group(code: str | None, category: str) -> None:
    assert parts("contacts", "source", a_list(1, {"date_of_contact": ago(1), "contact_source": code})) == {category: 1}


def test_groups_when_every_official_code_is_put_in_then_each_has_one_place() -> None:
    blank = {"source": {"10"}, "ethnicity": {"REFU", "NOBT"}, "legal_status": set()}
    for by, codes in (
        (dimensions.CONTACT_SOURCE, "source"), (dimensions.REFERRAL_SOURCE, "source"),
        (dimensions.ETHNICITY, "ethnicity"), (dimensions.LEGAL_ROUTE, "legal_status"),
    ):  # fmt: skip
        known = {code for code, _ in by.categories}
        placed = {c.code: by.category({by.columns[0].key: c.code}, t.Window(*DAYS)) for c in CODES[codes]}
        assert set(placed.values()) <= known
        assert {code for code, group in placed.items() if group == dimensions.NOT_STATED} == blank[codes]


@given(st.lists(st.sampled_from(["WBRI", "MWAS", "CHNE", "BOTH", "REFU", "NOBT", None]), max_size=12))
def test_breakdown_when_summed_then_the_measure(codes: list[str | None]) -> None:
    rows = a_list(1, *({"date_of_contact": ago(1), "ethnicity": code} for code in codes))
    assert sum(parts("contacts", "ethnicity", rows).values()) == len(codes)
