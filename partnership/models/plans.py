"""Improvement plans: priorities, actions, measures, and the reviews that say how far each has come."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from finance.models import FundingItem, FundingProgramme
from finance.models.printed import Printed, typed_or_printed
from indicators.models import Indicator, Partner, Partnership, Text
from partnership.models.actions import ActionStep
from partnership.models.bodies import Body
from partnership.models.meetings import Meeting


class ImprovementPlan(Printed):
    """A plan that a body owns and reviews in a cycle of its own."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="improvement_plans")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="plans", null=True, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="plans", null=True, blank=True)
    review_every_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="28: every four weeks.")
    report_every_months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="3: every quarter.")
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)
    funded_by = models.ForeignKey(
        FundingProgramme, on_delete=models.PROTECT, related_name="plans", null=True, blank=True
    )
    note = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="improvement_plan_code_unique"),
            typed_or_printed("improvement_plan_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanPriority(Printed):
    """One priority of a plan, in its place."""

    plan = models.ForeignKey(ImprovementPlan, on_delete=models.PROTECT, related_name="priorities")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)

    class Meta:
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="plan_priority_order_unique"),
            typed_or_printed("plan_priority_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanAction(Printed):
    """One action under a priority. Its state is what the last review said; its due day may move, with a reason."""

    priority = models.ForeignKey(PlanPriority, on_delete=models.PROTECT, related_name="actions")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=600)
    lead_partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="plan_actions", null=True, blank=True
    )
    lead_role = models.CharField(max_length=160, blank=True)
    from_on = models.DateField("from", null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    original_due_on = models.DateField(null=True, blank=True)
    funding_item = models.ForeignKey(
        FundingItem, on_delete=models.PROTECT, related_name="plan_actions", null=True, blank=True
    )
    measures = models.ManyToManyField(Indicator, related_name="plan_actions", blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="The day it was taken out of the plan.")
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["priority", "order"]
        constraints = [
            models.UniqueConstraint(fields=["priority", "order"], name="plan_action_order_unique"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(ended_reason=""), name="plan_action_ended_says_why"
            ),
            typed_or_printed("plan_action_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanDateChange(models.Model):
    """That the due day of an action of a plan was moved, and why. Append-only."""

    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="date_changes")
    old_due_on = models.DateField(null=True, blank=True)
    new_due_on = models.DateField()
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["action", "pk"]

    def __str__(self) -> str:
        return f"{self.action}: {self.new_due_on}"


class Brag(models.TextChoices):
    """How an action stands at a review."""

    BLUE = "blue", "Complete"
    GREEN = "green", "On track"
    AMBER = "amber", "At risk"
    RED = "red", "Off track"
    NOT_STARTED = "not_started", "Not started"


class PlanReview(Printed):
    """A snapshot of a plan on a day: every action then, as it stood. Append-only."""

    plan = models.ForeignKey(ImprovementPlan, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    on = models.DateField()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="plan_reviews", null=True, blank=True)
    summary = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_review_number_unique"),
            models.UniqueConstraint(fields=["plan", "on"], name="plan_review_once_a_day"),
            typed_or_printed("plan_review_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: review {self.number}"


class PlanReviewLine(models.Model):
    """How one action stood at a review, and what that rests on. Append-only."""

    review = models.ForeignKey(PlanReview, on_delete=models.PROTECT, related_name="lines")
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="review_lines")
    brag = models.CharField(max_length=11, choices=Brag.choices)
    due_on = models.DateField(null=True, blank=True, help_text="Its due day then.")
    progress = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    evidence = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    evidence_from = models.CharField(max_length=8, choices=ActionStep.Voice.choices, blank=True)
    what_changed = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["review", "action"]
        constraints = [
            models.UniqueConstraint(fields=["review", "action"], name="plan_review_line_unique"),
            models.CheckConstraint(
                condition=~Q(brag="blue") | Q(evidence__isnull=False), name="plan_complete_with_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.action}"


class Risk(Printed):
    """A risk of a body's register. Its scores are dated; the latest holds."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="risks")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    cause = models.CharField(max_length=600, blank=True)
    effect = models.CharField(max_length=600, blank=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="risks", null=True, blank=True)
    plan = models.ForeignKey(ImprovementPlan, on_delete=models.PROTECT, related_name="risks", null=True, blank=True)
    owner_role = models.CharField(max_length=160, blank=True)
    owner_partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="risks", null=True, blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="risks", blank=True)
    actions = models.ManyToManyField("partnership.Action", related_name="risks", blank=True)
    paper = models.ForeignKey(
        "partnership.Paper", on_delete=models.PROTECT, related_name="risks", null=True, blank=True
    )
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="risk_code_unique"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_reason=""), name="risk_closed_says_why"
            ),
            typed_or_printed("risk_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class RiskScore(models.Model):
    """Likelihood and impact of a risk, 1 to 5 each, before and after what is done about it. Append-only."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="scores")
    on = models.DateField()
    likelihood_before = models.PositiveSmallIntegerField()
    impact_before = models.PositiveSmallIntegerField()
    likelihood_after = models.PositiveSmallIntegerField()
    impact_after = models.PositiveSmallIntegerField()
    mitigation = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["risk", "on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    likelihood_before__range=(1, 5),
                    impact_before__range=(1, 5),
                    likelihood_after__range=(1, 5),
                    impact_after__range=(1, 5),
                ),
                name="risk_score_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk}: {self.on}"


class Inspection(Printed):
    """An inspection or review by an inspectorate, with its judgements, if it gave any."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="inspections")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    inspectorate = models.CharField(max_length=120)
    framework = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True, blank=True, help_text="The first of the month where only that is stated.")
    on_words = models.CharField(max_length=80, blank=True, help_text="As stated; “not stated” where it is not.")
    outcome = models.CharField(max_length=600, blank=True, help_text="What it found, where it gave no grade.")
    report = models.CharField("address of the report", max_length=300, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True, help_text="The day it was withdrawn or corrected.")
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_actor = models.CharField(max_length=160, blank=True)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaces", null=True, blank=True,
        help_text="The one that corrects it; empty: it was withdrawn.",
    )  # fmt: skip

    class Meta:
        ordering = ["partnership", F("on").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="inspection_code_unique"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_reason="", replaced_by__isnull=True)
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="inspection_withdrawn_says_why_and_by_whom",
            ),
            typed_or_printed("inspection_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class Grade(models.TextChoices):
    """The four judgements of Ofsted, worst first."""

    INADEQUATE = "inadequate", "Inadequate"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement to be good"
    GOOD = "good", "Good"
    OUTSTANDING = "outstanding", "Outstanding"


class Judgement(Printed):
    """The grade that an inspection gave to one area."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="judgements")
    order = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=200)
    is_overall = models.BooleanField(default=False)
    grade = models.CharField(max_length=20, choices=Grade.choices)

    class Meta:
        ordering = ["inspection", "order"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "order"], name="judgement_order_unique"),
            typed_or_printed("judgement_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_grade_display()}"


class Ambition(Printed):
    """A grade that was promised by a day, and where."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="ambitions")
    grade = models.CharField(max_length=20, choices=Grade.choices)
    or_better = models.BooleanField(default=False)
    by_on = models.DateField(help_text="The last day of the month where only that is stated.")
    by_words = models.CharField(max_length=80)
    authority = models.CharField(max_length=200)

    class Meta:
        ordering = ["partnership", "by_on"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "by_on", "grade"], name="ambition_unique"),
            typed_or_printed("ambition_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()} by {self.by_words}"


class AssuranceItem(Printed):
    """A report, audit, visit or plan that is owed again and again, or once."""

    class Kind(models.TextChoices):
        STATUTORY = "statutory", "Statutory report"
        MONITOR = "monitor", "Report to or by a monitor"
        INTERNAL_AUDIT = "internal_audit", "Internal audit"
        SELF_EVALUATION = "self_evaluation", "Self-evaluation and annual conversation"
        INSPECTION = "inspection", "Inspection of a service"
        VISIT = "visit", "Visit to a home"
        PLAN = "plan", "Plan or statement"
        REPORT = "report", "Progress report"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="assurance_items")
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    title = models.CharField(max_length=300)
    owner_role = models.CharField(max_length=160, blank=True)
    owner_partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="assurance_items", null=True, blank=True
    )
    given_to = models.CharField(max_length=160, blank=True)
    plan = models.ForeignKey(
        ImprovementPlan, on_delete=models.PROTECT, related_name="assurance_items", null=True, blank=True,
        help_text="The improvement plan that it reports on.",
    )  # fmt: skip
    every_months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: once, or not stated.")
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="assurance_item_code_unique"),
            typed_or_printed("assurance_item_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title


class AssuranceDue(Printed):
    """One time that an item is owed, and when it came."""

    item = models.ForeignKey(AssuranceItem, on_delete=models.PROTECT, related_name="dues")
    due_on = models.DateField()
    due_words = models.CharField(max_length=120, blank=True)
    done_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["item", "due_on"]
        constraints = [
            models.UniqueConstraint(fields=["item", "due_on"], name="assurance_due_unique"),
            typed_or_printed("assurance_due_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.due_on}"
