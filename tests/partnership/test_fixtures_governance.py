"""What the reports say of bodies, meetings, plans and inspections is held as they say it, and nothing beside it.

Reads the CSV files with the standard library only.
"""

from collections import Counter
from datetime import date

import pytest

from tests.indicators.test_fixtures import PLACE, Row, read

NAMES = sorted(path.stem for path in (PLACE / "governance").glob("*.csv"))
# The bodies that the papers and the issue of governance name.
NAMED = """
council cabinet executive-board osmc cyp-scrutiny corporate-parenting-board cosg cosop improvement-board steering-group
improvement-task-groups support-and-challenge-board trust-governance-board trust-audit-and-risk trust-board
health-and-wellbeing-board joint-safeguarding-board children-and-families-executive-board dscp dscb dscp-sub-groups
dscp-task-groups safeguarding-children-and-adults safeguarding-adults-board safeguarding-business-unit
annual-contract-review quarterly-performance-monitoring monthly-operational-progress monthly-financial-monitoring
monthly-progress-update childrens-improvement-partnership joint-operational-managers joint-strategic-intelligence
early-help-steering-group early-help-practice-sub-group regional-adoption-agency local-family-justice-board
permanence-panel future-placement-board data-quality-group engagement-forums team-doncaster adoption-leadership-board
""".split()  # noqa: SIM905
# Papers give no votes, movers, scores, ratings at a review, or rule of escalation.
EMPTY = {
    "resolutions": ("mover", "seconder", "by_consent", "votes_for", "votes_against", "abstained"),
    "work_items": ("notice_on",),
    "body_versions": ("quorum_number", "quorum_one_in"),
    "public_statements": ("minutes_long", "answer_owner"),
}
NOT_STATED = ("risk_scores", "plan_reviews", "plan_review_lines", "escalation_rules", "exception_requests")


def rows(name: str) -> list[Row]:
    return read(f"doncaster/governance/{name}.csv")


def by(name: str, *columns: str) -> dict[str, Row]:
    """The rows of a file by their natural key."""
    return {"/".join(row[column] for column in columns): row for row in rows(name)}


def days(row: Row) -> tuple[date, date]:
    """First and last day; the end of time for what goes on."""
    return date.fromisoformat(row["from_on"]), date.fromisoformat(row["until_on"] or "9999-12-31")


def lies_within(inner: Row, outer: Row) -> bool:
    (start, end), (first, last) = days(inner), days(outer)
    return first <= start <= end <= last


@pytest.mark.parametrize("name", NAMES)
def test_file_when_read_then_every_row_names_its_paper_and_its_cells_are_clean(name: str) -> None:
    sources = {row["code"] for row in read("doncaster/sources.csv")}
    assert rows(name)
    for row in rows(name):
        assert row["source"] in sources
        assert row["paragraph"]
        for column, cell in row.items():
            assert cell == cell.strip(), (column, cell)
            assert "  " not in cell, (column, cell)
            assert "\n" not in cell, (column, cell)
        assert not any(row[column] for column in EMPTY.get(name, ()))


def test_folder_when_listed_then_holds_nothing_that_no_paper_states() -> None:
    assert not set(NAMES) & set(NOT_STATED)


def test_bodies_when_listed_then_every_named_one_is_there_from_its_first_version_on() -> None:
    bodies, versions = by("bodies", "code"), by("body_versions", "body", "number")
    assert set(NAMED) <= set(bodies)
    for code, body in bodies.items():
        assert versions[f"{code}/1"]["from_on"] == body["from_on"]
    for version in versions.values():
        assert version["from_on"] >= bodies[version["body"]]["from_on"]


def test_lines_seats_and_meetings_when_dated_then_they_lie_within_the_days_of_their_bodies() -> None:
    bodies = by("bodies", "code")
    for line in rows("reporting_lines"):
        assert lies_within(line, bodies[line["lower"]]), line
        assert lies_within(line, bodies[line["upper"]]), line
    seats = by("seats", "body", "code")
    for seat in seats.values():
        assert lies_within(seat, bodies[seat["body"]]), seat
    for holding in rows("seat_holdings"):
        assert days(holding) == days(seats[holding["seat"]])
    for meeting in rows("meetings"):
        first, last = days(bodies[meeting["body"]])
        assert first <= date.fromisoformat(meeting["on"]) <= last, meeting["code"]


PAPER_DAYS = {"2021-01-26", "2021-09-16", "2015-07-02", "2022-07-07", "2015-04-02"}


def test_first_and_last_named_when_said_then_of_the_day_of_a_paper_or_of_a_meeting_of_the_body() -> None:
    met = {(row["body"], row["on"]) for row in rows("meetings")}
    for name, whose in (("bodies", "code"), ("reporting_lines", "lower"), ("seats", "body")):
        for row in rows(name):
            assert row["from_basis"] == "first_named", row  # No paper says on which day a body, line or seat began.
            assert row["from_on"] in PAPER_DAYS or (row[whose], row["from_on"]) in met or row[whose] == "dscb", row
            if row["until_on"]:
                assert row["until_basis"] == "last_named", row
                assert row["until_on"] in PAPER_DAYS or (row[whose], row["until_on"]) in met, row


def test_seats_when_compared_with_the_printed_memberships_then_as_many_and_as_vacant() -> None:
    """002, membership: chair, vice-chair, seven councillors, two dioceses, three vacancies, one invitee; 003: chair,
    vice-chair, six councillors, two education co-optees, invitees to be appointed."""
    held = {row["seat"] for row in rows("seat_holdings")}
    for body, day, expected, vacant in (
        ("cyp-scrutiny", "2015-07-02", {"chair": 1, "vice_chair": 1, "member": 7, "co_optee": 5, "invitee": 1}, 3),
        ("cyp-scrutiny", "2015-04-02", {"chair": 1, "member": 8, "co_optee": 1}, 0),
        (
            "osmc",
            "2022-07-07",
            {"chair": 1, "vice_chair": 1, "member": 6, "co_optee": 2, "invitee": 1, "officer": 1},
            1,
        ),
    ):
        there = [r for r in rows("seats") if r["body"] == body and r["from_on"] <= day <= (r["until_on"] or "9999")]
        assert Counter(row["role"] for row in there) == expected, (body, day)
        assert sum(f"{body}/{row['code']}" not in held for row in there) == vacant
        assert {row["votes"] for row in there if row["role"] == "co_optee"} == {"education"}


def test_minutes_of_april_2015_when_read_then_nine_seats_answer_for_and_every_question_is_there() -> None:
    """002, minutes: a chair and three councillors present, five apologies, one co-optee; eight questions under 10."""
    attended = Counter((row["status"], bool(row["seat"])) for row in rows("attendances"))
    assert attended == {("present", True): 5, ("apologies", True): 5, ("in_attendance", False): 14}
    assert [row["number"] for row in rows("member_questions")] == [str(n) for n in range(1, 9)]
    assert [r["number"] for r in rows("member_questions") if r["answered_at_meeting"] == "no"] == ["5"]
    assert {row["answer_owed"] for row in rows("public_statements")} == {"no"}


def test_agendas_when_issued_then_on_the_printed_days() -> None:
    issued = {row["code"]: row["agenda_issued_on"] for row in rows("meetings") if row["agenda_issued_on"]}
    assert issued == {"cyp-scrutiny-2015-07-02": "2015-06-24", "osmc-2022-07-07": "2022-06-29"}


def test_improvement_plan_of_2021_when_read_then_five_priorities_reviewed_every_four_weeks() -> None:
    plan = by("improvement_plans", "code")["recovery-resilience"]
    assert (plan["review_every_days"], plan["report_every_months"], plan["funded_by"]) == (
        "28", "3", "recovery-resilience",
    )  # fmt: skip
    titles = [row["title"] for row in rows("plan_priorities") if row["plan"] == "recovery-resilience"]
    assert len(titles) == 5
    assert (titles[0], titles[4]) == ("Early help", "Governance")
    letters = {r["funding_item"].rpartition("/")[2] for r in rows("plan_actions") if r["funding_item"]}
    assert letters == set("abcdefghij")


def test_judgements_and_ambitions_when_read_then_those_that_are_printed() -> None:
    graded = {(row["inspection"], row["area"]): row["grade"] for row in rows("judgements")}
    assert graded == {
        ("good-before-2022", "Overall"): "good",
        ("childrens-services-2022", "Overall"): "requires_improvement",
        ("childrens-services-2022", "Leadership"): "inadequate",
        ("childrens-services-2022", "Safeguarding"): "requires_improvement",
        ("childrens-services-2022", "Children in care and care leavers"): "requires_improvement",
        ("home-2022", "The home"): "requires_improvement",
    }
    assert {(row["grade"], row["or_better"], row["by_on"]) for row in rows("ambitions")} == {
        ("requires_improvement", "yes", "2016-04-30"), ("good", "yes", "2017-10-31"),
        ("outstanding", "no", "2019-10-31"),
    }  # fmt: skip
    without = {row["code"] for row in rows("inspections")} - {row["inspection"] for row in rows("judgements")}
    assert without == {"school-improvement-2015", "youth-offending-2021"}
    assert {row["code"] for row in rows("inspections") if not row["on"]} == {"good-before-2022", "home-2022"}


def test_actions_when_listed_then_only_where_a_minute_says_that_something_is_to_be_done() -> None:
    noted = {row["number"] for row in rows("resolutions") if row["kind"] == "noted"}
    assert {row["resolution"] for row in rows("actions")} == {"2015-4", "2015-5"}
    assert not {row["resolution"] for row in rows("actions")} & noted
    assert [row["due_on"] for row in rows("actions")] == ["", "2016-04-02"]
