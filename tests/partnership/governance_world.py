"""Governance as a whole, for tests that need a row of everything."""

from types import SimpleNamespace
from typing import Any

from indicators.models import ScorecardLine, Text
from partnership.models import (
    Alert,
    AlertRead,
    AlertState,
    AlertSubscription,
    Ambition,
    AssuranceDue,
    AssuranceItem,
    BodyStep,
    BodySuccession,
    Citation,
    CommitteePaper,
    Declaration,
    DigestSent,
    EscalationRule,
    ExceptionRequest,
    ExceptionStep,
    GovernanceReminder,
    ImprovementPlan,
    Inspection,
    Judgement,
    Meeting,
    Pack,
    PackDocument,
    PaperIssue,
    PaperPassageDecision,
    PaperSection,
    PaperSignature,
    PaperTemplate,
    PlanAction,
    PlanDateChange,
    PlanPriority,
    PlanReview,
    PlanReviewLine,
    ResolutionResponse,
    Risk,
    RiskScore,
    SearchEntry,
    StoredDocument,
    TemplateSection,
    TrajectoryPoint,
)
from tests import builders as b


def everything_protected(people: SimpleNamespace) -> None:
    """At least one row in each table of governance that is append-only or kept."""
    by = {"by": people.analyst, "actor": "Clerk", "at": b.NOW}
    words, line = Text.objects.keep("As was said."), ScorecardLine.objects.earliest("pk")
    partnership, period = line.scorecard.partnership, b.a_period(b.Q4)
    meeting = b.a_meeting(state="confirmed")
    item = b.an_item(meeting)
    b.a_minute(item)
    resolution = b.a_resolution(item)
    action = b.an_action(item)
    ResolutionResponse.objects.create(resolution=resolution, on=b.TODAY, answer="accepted", text=words, **by)
    BodySuccession.objects.create(predecessor=meeting.body, successor=b.a_body("Later Committee"), **by)
    BodyStep.objects.create(body=meeting.body, number=1, what="Added it.", **by)
    StoredDocument.objects.create(
        partnership=partnership, code="paper", file_name="paper.pdf", content_type="application/pdf", size=4,
        sha256="0" * 64, content=b"%PDF", **by,
    )  # fmt: skip
    Citation.objects.create(action=action, line=line, period=period, value_words="84%", at=b.NOW)
    EscalationRule.objects.create(scorecard=line.scorecard, from_on=b.TODAY, authority="Board", **by)
    asked = ExceptionRequest.objects.create(
        partnership=partnership, number=1, line=line, period=period, partner=b.a_partner(), trigger="outside",
        asks="recovery_plan", evidence="31 of 40: clear", due_on=b.TODAY,
    )  # fmt: skip
    answer = ExceptionStep.objects.create(request=asked, number=1, kind="answered", cause=words, **by)
    TrajectoryPoint.objects.create(step=answer, period=period, value=80)
    plan = ImprovementPlan.objects.create(partnership=partnership, code="plan", title="Improvement plan", **by)
    priority = PlanPriority.objects.create(plan=plan, order=1, title="Front door", **by)
    owed = PlanAction.objects.create(priority=priority, order=1, title="Train the team", **by)
    PlanDateChange.objects.create(action=owed, new_due_on=b.TODAY, reason=words, **by)
    review = PlanReview.objects.create(plan=plan, number=1, on=b.TODAY, **by)
    PlanReviewLine.objects.create(review=review, action=owed, brag="green")
    risk = Risk.objects.create(partnership=partnership, code="risk", title="Vacancies", **by)
    RiskScore.objects.create(
        risk=risk, on=b.TODAY, likelihood_before=4, impact_before=4, likelihood_after=2, impact_after=4, **by
    )


def committee_papers(by: dict[str, Any]) -> None:
    """A row in each table of documents of packs and committee papers."""
    pack, document, words = Pack.objects.get(), StoredDocument.objects.get(), Text.objects.earliest("pk")
    PackDocument.objects.create(pack=pack, form="docx", edition=1, document=document)
    template = PaperTemplate.objects.create(partnership=pack.partnership, version=1, **by)
    section = TemplateSection.objects.create(
        template=template, order=1, code="legal", heading="Legal", kind="implications", owner_role="Solicitor"
    )
    paper = CommitteePaper.objects.create(pack=pack, number=1, title="Report", template=template, **by)
    wording = PaperSection.objects.create(paper=paper, section=section, revision=1, text=words, **by)
    PaperSignature.objects.create(wording=wording, initials="XY", role="Solicitor", **by)
    PaperPassageDecision.objects.create(paper=paper, passage="0" * 64, place="legal", reason=words, **by)
    PaperIssue.objects.create(paper=paper, number=1, word=document, rests_on={}, **by)


def everything(people: SimpleNamespace) -> None:
    """At least one row in every table of governance."""
    everything_protected(people)
    by = {"by": people.analyst, "actor": "Clerk", "at": b.NOW}
    meeting = Meeting.objects.earliest("pk")
    partnership = meeting.partnership
    b.a_reporting_line(meeting.body, b.a_body("Cabinet"))
    seat = b.a_seat(meeting.body)
    attendance = b.an_attendance(meeting, seat)
    Declaration.objects.create(
        meeting=meeting, attendance=attendance, kind="other", nature="A relative works there.", **by
    )
    b.a_paper(meeting.items.get())
    b.a_statement(meeting)
    b.a_question(meeting.items.get())
    b.a_work_item(body=meeting.body)
    Pack.objects.create(
        partnership=partnership, code="pack", title="Pack", body="Board", meeting_on=b.TODAY, audience="board"
    )
    committee_papers(by)
    inspection = Inspection.objects.create(
        partnership=partnership, code="ilacs", title="Inspection", inspectorate="Ofsted", on=b.TODAY, **by
    )
    Judgement.objects.create(inspection=inspection, order=1, area="Overall", grade="good", **by)
    Ambition.objects.create(
        partnership=partnership, grade="good", by_on=b.TODAY, by_words="July 2022", authority="Contract", **by
    )
    owed = AssuranceItem.objects.create(partnership=partnership, code="report", kind="report", title="Report", **by)
    AssuranceDue.objects.create(item=owed, due_on=b.TODAY, **by)
    GovernanceReminder.objects.create(partnership=partnership, user=people.analyst, on=b.TODAY, at=b.NOW)
    line, period = ScorecardLine.objects.earliest("pk"), b.a_period(b.Q4)
    AlertSubscription.objects.create(
        user=people.analyst, scorecard=line.scorecard, in_app=True, digest="daily", chosen_at=b.NOW, mail_from=b.NOW
    )
    AlertState.objects.create(line=line, period=period)
    alert = Alert.objects.create(
        partnership=partnership,
        line=line,
        period=period,
        kind="rating",
        after="outside",
        because="new",
        raised_at=b.NOW,
    )
    AlertRead.objects.create(alert=alert, user=people.analyst, read_at=b.NOW)
    DigestSent.objects.create(partnership=partnership, user=people.analyst, on=b.TODAY, at=b.NOW)
    SearchEntry.objects.create(partnership=partnership, kind="action", object_id=1, text=Text.objects.first(), words="")
