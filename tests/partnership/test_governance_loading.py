"""What papers say of bodies, meetings and decisions: taken whole, known again, or refused with the place."""

import csv
import io
from datetime import date

import pytest

from indicators.imports import FileRefused, read_csv
from indicators.models import Text
from partnership.models import (
    Action,
    AgendaItem,
    Attendance,
    Body,
    Citation,
    Declaration,
    EscalationRule,
    ImprovementPlan,
    Meeting,
    MeetingStep,
    Minute,
    Paper,
    PlanAction,
    ReportingLine,
    Resolution,
    Risk,
    RiskScore,
    SeatHolding,
    WorkItem,
)
from partnership.operations import actions, agenda, minutes, plans, resolutions, risks
from partnership.operations.demo import DEMO_PACK, read_folder, set_up_demo
from partnership.operations.governance_loading import ORDER, TABLES, layouts, load_governance
from partnership.operations.plan_recording import state_of
from tests import builders as b
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db
CITED = {"source": "003", "paragraph": "5"}
BODY = {"code": "board", "from_on": "2021-09-16", "from_basis": "first_named"} | CITED
OTHER = BODY | {"code": "unit"}
MEETING = {"code": "board-2021-10-01", "body": "board", "on": "2021-10-01", "state": "minuted"} | CITED
ITEM = {"meeting": "board-2021-10-01", "label": "4", "order": "1", "kind": "report", "title": "Report"} | CITED
MINUTE = {"item": "board-2021-10-01/4", "number": "1", "text": "The report was noted."} | CITED
RESOLUTION = {"number": "2021-1", "item": "board-2021-10-01/4", "kind": "noted", "text": "Noted."} | CITED
ACTION = {"number": "1", "what": "Bring it back.", "item": "board-2021-10-01/4", "resolution": "2021-1",
          "owner_role": "Chief Executive", "owner_partner": "trust", "due_on": "2022-01-01"} | CITED  # fmt: skip
MEETINGS = {"bodies": [BODY], "meetings": [MEETING], "agenda_items": [ITEM]}


def rows(name: str, *told: dict[str, str]):
    layout = layouts()[name]
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.name for column in layout.columns], restval="")
    writer.writeheader()
    writer.writerows(told)
    return read_csv(out.getvalue().encode(), layout)


def load(**tables):
    b.a_source()
    made = b.a_partnership()
    read = {name: rows(name, *told) for name, told in tables.items()}
    return load_governance(partnership=made, tables=read, at=b.NOW)


def refused(**tables) -> list[tuple[str, int, str, str]]:
    with pytest.raises(FileRefused) as error:
        load(**tables)
    return [(f.file, f.row, f.column, f.message) for f in error.value.findings]


def of_fixtures():
    read = read_folder(FIXTURES / "doncaster")
    return {name: read[name] for name in ORDER if name in read}


# The loader


def test_layouts_when_made_then_each_names_the_columns_of_its_model_and_its_paper() -> None:
    for name, layout in layouts().items():
        names = [column.name for column in layout.columns]
        assert len(names) == len(set(names))
        assert set(layout.key) <= set(names)
        assert names[-2:] == ["source", "paragraph"], name
        assert TABLES[name].moves <= set(names)


def test_rows_when_loaded_twice_then_held_once_with_their_paper() -> None:
    b.a_partner(code="trust")
    tables = MEETINGS | {"minutes": [MINUTE], "resolutions": [RESOLUTION], "actions": [ACTION]}
    first, again = load(**tables), load(**tables)
    assert set(first.new.values()) == {1}
    assert set(again.new.values()) == {0}
    assert set(again.unchanged.values()) == {1}
    action = Action.objects.get()
    assert (action.resolution.number, action.item.label, action.owner_partner.code) == ("2021-1", "4", "trust")
    assert (action.actor, action.at, action.paragraph) == ("loaded from report 003", b.NOW, "5")
    assert Minute.objects.get().text.body == "The report was noted."


@pytest.mark.parametrize(
    ("tables", "place", "words"),
    [
        ({"bodies": [BODY, BODY | {"code": "x", "source": "009"}]}, ("bodies.csv", 3, "source"), "is not known"),
        ({"meetings": [MEETING | {"body": "nobody"}]}, ("meetings.csv", 2, "body"), "“nobody” is not known"),
        ({"minutes": [MINUTE | {"item": "board-2021-10-01/5"}]}, ("minutes.csv", 2, "item"), "is not known"),
        ({"bodies": [BODY | {"until_on": "2020-01-01"}]}, ("bodies.csv", 2, ""), "body_ends_after_start"),
        (
            {"reporting_lines": [{"lower": "board", "upper": "board", "kind": "formal", "from_on": "2021-10-01"}
                                 | CITED]},
            ("reporting_lines.csv", 2, ""),
            "reporting_line_between_two",
        ),
        (
            {"resolutions": [RESOLUTION | {"kind": "recommended"}]},
            ("resolutions.csv", 2, ""),
            "resolution_recommendation_has_a_clock",
        ),
        ({"meetings": [MEETING | {"starts_at": "ten"}]}, ("meetings.csv", 2, "starts_at"), "is no time"),
    ],
)  # fmt: skip
def test_row_when_something_is_wrong_then_named_and_nothing_is_kept(tables, place, words) -> None:
    found, *_ = refused(**MEETINGS | tables)  # what rests on the row is named after it
    assert found[:3] == place
    assert words in found[3]
    assert not Body.objects.exists()
    assert not Text.objects.filter(body=MINUTE["text"]).exists()


def test_rows_when_one_of_many_is_refused_by_the_database_then_that_one_is_named() -> None:
    ((file, row, _, _),) = refused(bodies=[BODY, OTHER | {"until_on": "2020-01-01"}, OTHER | {"code": "third"}])
    assert (file, row) == ("bodies.csv", 3)


def test_row_when_held_with_another_value_then_refused() -> None:
    load(**MEETINGS)
    ((file, _, column, words),) = refused(agenda_items=[ITEM | {"title": "Another"}])
    assert (file, column) == ("agenda_items.csv", "title")
    assert "held already" in words


def test_row_when_operations_have_moved_it_since_then_left_as_it_stands() -> None:
    load(**MEETINGS)
    Meeting.objects.update(state="confirmed")
    Body.objects.update(until_on=date(2022, 7, 1))
    load(**MEETINGS)
    assert Meeting.objects.get().state == "confirmed"
    assert Body.objects.get().until_on == date(2022, 7, 1)


PLAN = {"code": "plan", "title": "Plan", "body": "board"} | CITED
PRIORITY = {"plan": "plan", "order": "1", "title": "Early help"} | CITED
PLANNED = {"priority": "plan/1", "order": "1", "title": "Train the front door", "lead_role": "Head"} | CITED
RISK = {"code": "carers", "title": "Too few carers", "body": "board", "plan": "plan", "owner_role": "Head"} | CITED
OF_PLANS = MEETINGS | {
    "resolutions": [RESOLUTION], "actions": [ACTION | {"due_on": ""}], "improvement_plans": [PLAN],
    "plan_priorities": [PRIORITY], "plan_actions": [PLANNED], "risks": [RISK],
    "action_steps": [{"action": "1", "number": "1", "kind": "created", "known_on": "2021-10-01"} | CITED],
}  # fmt: skip


def test_rows_when_people_have_changed_them_since_then_they_stay_and_are_named() -> None:
    trust, approver = b.a_partner(code="trust"), b.a_user(b.Role.APPROVER)
    load(**OF_PLANS)
    led = {"lead_partner": trust, "lead_role": "", "funding_item": None, "measures": []}
    action = PlanAction.objects.get()
    based_on = state_of(action, plans.LED)
    plans.change_plan_action(action=action, values=led, based_on=based_on, by=approver, at=b.NOW)
    plans.move_due_date(action=action, due_on=b.TODAY, reason="Agreed", based_on=0, by=approver, at=b.NOW)
    risk = Risk.objects.get()
    tied = {"owner_partner": trust, "owner_role": "", "body": None, "plan": None, "paper": None, "indicators": [],
            "actions": [Action.objects.get()]}  # fmt: skip
    risks.change_risk(risk=risk, values=tied, based_on=state_of(risk, risks.TIED), by=approver, at=b.NOW)
    clerk = b.a_user(b.Role.SCRUTINY_OFFICER, email="clerk@example.org")
    actions.move_date(action=Action.objects.get(), due_on=b.TODAY, reason="Agreed", based_on=1, by=clerk, at=b.NOW)
    before = list(PlanAction.objects.values()), list(Risk.objects.values()), list(Action.objects.values())
    again = load(**OF_PLANS)
    assert (list(PlanAction.objects.values()), list(Risk.objects.values()), list(Action.objects.values())) == before
    assert list(risk.actions.all()) == [Action.objects.get()]
    assert {name: left for name, left in again.left.items() if left} == {
        "actions": ["1 (due_on, original_due_on)"],
        "plan_actions": ["plan/1/1 (lead_partner, lead_role, due_on, original_due_on)"],
        "risks": ["carers (body, plan, owner_role, owner_partner, actions)"],
    }
    assert set(again.new.values()) == {0}


PRESENT = {"meeting": "board-2021-10-01", "order": "1", "who": "Chair", "status": "present"} | CITED
LATER = PRESENT | {"order": "2", "who": "Director of People", "status": "in_attendance"}
DECLARED = {"meeting": "board-2021-10-01", "attendance": "board-2021-10-01/2", "kind": "other", "nature": "A relative "
            "works there."} | CITED  # fmt: skip


def test_attendance_when_a_person_has_written_it_anew_then_no_line_comes_back_and_no_interest_moves() -> None:
    clerk = b.a_user(b.Role.SCRUTINY_OFFICER)
    tables = MEETINGS | {"attendances": [PRESENT, LATER], "declarations": [DECLARED]}
    load(**tables)
    meeting = Meeting.objects.get()
    lines = [minutes.Attended(None, "Director of People", "present"), minutes.Attended(None, "Clerk", "in_attendance")]
    minutes.record_attendance(meeting=meeting, lines=lines, version=meeting.version, by=clerk, at=b.NOW)
    again = load(**tables)
    assert list(Attendance.objects.order_by("order").values_list("who", flat=True)) == ["Director of People", "Clerk"]
    assert Declaration.objects.get().attendance.who == "Director of People"
    assert again.left["attendances"] == ["board-2021-10-01/1", "board-2021-10-01/2"]
    assert again.left["declarations"] == ["board-2021-10-01/board-2021-10-01/2"]


def test_item_when_a_person_has_made_it_exempt_then_it_stays_exempt() -> None:
    clerk = b.a_user(b.Role.SCRUTINY_OFFICER)
    load(**MEETINGS)
    item = AgendaItem.objects.get()
    exempt = agenda.ItemDetails(title=item.title, exempt_paragraph=1, exempt_interest="It names a child.")
    agenda.change_item(item=item, details=exempt, version=item.meeting.version, by=clerk, at=b.NOW)
    again = load(**MEETINGS)
    assert AgendaItem.objects.get().is_exempt
    assert again.left["agenda_items"] == ["board-2021-10-01/4 (is_exempt, exempt_paragraph, exempt_interest)"]


def test_step_when_a_person_has_taken_one_of_the_kind_again_then_the_loaded_one_is_known() -> None:
    moved = {"meeting": "board-2021-10-01", "action": "moved", "reason": "As printed."} | CITED
    load(**MEETINGS, meeting_steps=[moved])
    MeetingStep.objects.create(
        meeting=Meeting.objects.get(), action="moved", reason="The hall is shut.", by=b.a_user(b.Role.SCRUTINY_OFFICER),
        actor="Clerk", at=b.NOW,
    )  # fmt: skip
    again = load(**MEETINGS, meeting_steps=[moved])
    assert (again.new["meeting_steps"], again.left["meeting_steps"]) == (0, [])


def test_work_item_when_its_resolution_was_corrected_then_it_stays_with_the_correction() -> None:
    clerk = b.a_user(b.Role.SCRUTINY_OFFICER)
    expected = {"code": "update", "programme": "scrutiny", "body": "board", "title": "Update", "resolution": "2021-1",
                "expected_words": "In 12 months"} | CITED  # fmt: skip
    tables = MEETINGS | {
        "attendances": [PRESENT], "resolutions": [RESOLUTION | {"kind": "resolved"}], "work_items": [expected],
    }  # fmt: skip
    load(**tables)
    held = Resolution.objects.get()
    resolutions.resolve(
        item=held.item, decision=resolutions.Decision(kind="resolved", text="That it be brought back.", corrects=held),
        by=clerk, at=b.NOW,
    )  # fmt: skip
    again = load(**tables)
    assert WorkItem.objects.get().resolution.corrects == held
    assert again.left["work_items"] == ["update (resolution)"]


def test_citation_when_its_figure_is_only_known_later_then_it_stays_as_it_was_cited() -> None:
    line = b.a_scorecard(1).lines.first()
    cited = {"resolution": "2021-1", "line": f"{line.scorecard.code}/{line.series.indicator.code}/", "period":
             b.a_period().slug, "value_words": "85%"} | CITED  # fmt: skip
    tables = MEETINGS | {"resolutions": [RESOLUTION], "citations": [cited]}
    load(**tables)
    b.a_figure(line.series)
    assert load(**tables).new["citations"] == 0
    assert Citation.objects.get().figure is None


# What the demonstration holds


def structure(day: str) -> set[tuple[str, str, str]]:
    """The lines that hold on a day."""
    lines = ReportingLine.objects.on(date.fromisoformat(day)).select_related("lower", "upper")
    return {(line.lower.code, line.kind, line.upper.code) for line in lines}


AS_REQUIRED = (
    "health-and-wellbeing-board", "joint-safeguarding-board", "children-and-families-executive-board",
    "corporate-parenting-board", "cyp-scrutiny", "osmc", "cabinet", "executive-board", "trust-governance-board",
    "support-and-challenge-board",
)  # fmt: skip


def test_the_demonstration_when_loaded_then_holds_both_structures_and_every_meeting_and_a_second_load_adds_nothing(
    whole,
) -> None:
    assert {line for line in structure("2021-01-26") if "improvement-board" in line or "steering-group" in line} == {
        ("steering-group", "formal", "improvement-board"),
        ("improvement-task-groups", "support", "steering-group"),
        ("improvement-board", "formal", "cosg"),
        ("engagement-forums", "as_required", "improvement-board"),
        *(("improvement-board", "as_required", upper) for upper in AS_REQUIRED),
    }
    september = structure("2021-09-16")
    assert september >= {
        ("dscp", "oversight", "cosop"),
        ("safeguarding-adults-board", "oversight", "cosop"),
        ("dscp-sub-groups", "formal", "dscp"),
        ("dscp-task-groups", "formal", "dscp"),
        ("safeguarding-children-and-adults", "support", "dscp"),
        ("safeguarding-business-unit", "support", "cosop"),
        ("early-help-practice-sub-group", "formal", "early-help-steering-group"),
    }
    assert not any("cosg" in line or "improvement-board" in line for line in september)
    assert {upper for lower, _, upper in structure("2015-07-02") if lower == "trust-board"} == {
        "annual-contract-review", "quarterly-performance-monitoring", "monthly-operational-progress",
        "monthly-financial-monitoring", "monthly-progress-update", "childrens-improvement-partnership", "cyp-scrutiny",
    }  # fmt: skip

    states = dict(Meeting.objects.values_list("code", "state"))
    assert {code: states[code] for code in (
        "council-2014-09", "cyp-scrutiny-2015-04-02", "cyp-scrutiny-2015-07-02", "cabinet-2021-01-26",
        "cyp-scrutiny-2021-09-16", "osmc-2022-07-07",
    )} == {
        "council-2014-09": "held", "cyp-scrutiny-2015-04-02": "minuted", "cyp-scrutiny-2015-07-02": "held",
        "cabinet-2021-01-26": "held", "cyp-scrutiny-2021-09-16": "held", "osmc-2022-07-07": "called",
    }  # fmt: skip
    for meeting in Meeting.objects.prefetch_related("steps"):
        assert meeting.steps.last().action == meeting.state, meeting
    agenda = AgendaItem.objects.filter(meeting__code="cyp-scrutiny-2015-07-02").values_list("label", "kind")
    assert list(agenda) == [
        ("1", "apologies"), ("2", "exclusion"), ("3", "declarations"), ("4", "minutes"), ("5", "statements"),
        ("6", "report"), ("7", "report"),
    ]  # fmt: skip
    owners = Resolution.objects.filter(item__meeting__code="cyp-scrutiny-2015-04-02").order_by("number")
    assert list(owners.values_list("item__label", "kind", "owner_role")) == [
        ("8", "noted", "All"),
        ("9", "noted", "All"),
        ("10", "resolved", "All to note"),
        ("11", "resolved", "Chief Executive of the Children’s Trust"),
        ("12", "resolved", "Senior Governance Officer; Placements Service Manager"),
    ]
    assert not Action.objects.filter(resolution__kind="noted").exists()
    plan = ImprovementPlan.objects.get(code="recovery-resilience")
    assert (plan.funded_by.code, plan.body.code, plan.priorities.count()) == (
        "recovery-resilience", "improvement-board", 5,
    )  # fmt: skip
    supervised = PlanAction.objects.filter(
        priority__plan__code="ofsted-2022", measures__code="supervision-in-timescale"
    )
    assert supervised.count() == 2
    cited = Citation.objects.get(resolution__number="2015-3", value_words="25")
    assert (cited.figure.value, cited.figure.revision) == (25, 1)
    assert not RiskScore.objects.exists()
    assert not EscalationRule.objects.exists()

    again = load_governance(partnership=whole, tables=of_fixtures(), at=b.NOW)
    assert set(again.new) == set(ORDER) & set(of_fixtures())
    assert set(again.new.values()) == {0}


def test_the_demonstration_when_set_up_then_its_pack_hangs_on_the_meeting_and_its_board_member_has_a_seat(
    db: None,
) -> None:
    b.the_demonstration()
    set_up_demo(at=b.NOW, today=b.TODAY, password=b.PASSWORD)
    paper = Paper.objects.get(pack__isnull=False)
    assert (paper.pack.code, paper.item.meeting.code, paper.item.label) == (DEMO_PACK, "osmc-2022-07-07", "5")
    assert paper.source is None
    seat = SeatHolding.objects.get(user__isnull=False)
    assert (seat.user.email, seat.seat.votes) == ("board@demo.example", "none")
    assert "demonstration" in seat.holder
