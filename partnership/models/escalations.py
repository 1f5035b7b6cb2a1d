"""What is asked of a partner whose figure is off: cause, recovery plan, trajectory, and whether it came true."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import Figure, Partner, Partnership, Period, Scorecard, ScorecardLine, Text
from partnership.models.meetings import AgendaItem


class EscalationRule(models.Model):
    """When figures of a scorecard are escalated, from a day on. Append-only; the latest in force holds."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="escalation_rules")
    from_on = models.DateField("from")
    periods_outside = models.PositiveSmallIntegerField(default=2, help_text="Periods outside tolerance in a row.")
    smallest_denominator = models.DecimalField(
        max_digits=15, decimal_places=4, default=20,
        help_text="Below it reasons are asked at the level of the cohort, not a recovery plan.",
    )  # fmt: skip
    answer_working_days = models.PositiveSmallIntegerField(default=10)
    authority = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["scorecard", "from_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(periods_outside__gte=1), name="escalation_rule_one_period_at_least"),
            models.CheckConstraint(condition=Q(answer_working_days__gte=1), name="escalation_rule_time_to_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} from {self.from_on}"


class ExceptionRequest(models.Model):
    """An exception report asked of a partner for one line and period. Its state is that of its last step."""

    class Trigger(models.TextChoices):
        OUTSIDE = "outside", "Outside tolerance for several periods in a row"
        RELIEF_EXPIRED = "relief_expired", "Relief has expired"
        NOT_REPORTABLE_LATE = "not_reportable_late", "Not reportable past its date"
        ASKED = "asked", "Asked by a meeting"

    class Asks(models.TextChoices):
        RECOVERY_PLAN = "recovery_plan", "cause, recovery plan, trajectory and the date back in tolerance"
        COHORT_REASONS = "cohort_reasons", "reasons at the level of the cohort"
        DATE = "date", "when it can be reported, and what stands in the way"

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        ACCEPTED = "accepted", "Answer accepted"
        DECLINED = "declined", "Declined with a reason"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="exception_requests")
    number = models.PositiveIntegerField()
    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="exception_requests")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="exception_requests")
    trigger = models.CharField(max_length=19, choices=Trigger.choices)
    asks = models.CharField(max_length=14, choices=Asks.choices)
    evidence = models.CharField(max_length=300, help_text="n, and whether it is clear or could be chance, in words.")
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="exceptions", null=True, blank=True,
        help_text="The item of the next agenda that carries it.",
    )  # fmt: skip

    class Meta:
        ordering = ["partnership", "number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="exception_number_unique"),
            models.UniqueConstraint(fields=["line", "period", "trigger"], name="exception_once_a_period"),
        ]

    def __str__(self) -> str:
        return f"Exception {self.number}"


class ExceptionStep(models.Model):
    """One thing that was said about an exception report. Append-only."""

    class Kind(models.TextChoices):
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        DECLINED = "declined", "Declined with a reason"
        RETURNED = "returned", "Sent back"
        ACCEPTED = "accepted", "Accepted"

    request = models.ForeignKey(ExceptionRequest, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    cause = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    plan = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    back_on = models.DateField(null=True, blank=True, help_text="The date back in tolerance.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="exception_step_number_unique"),
            models.CheckConstraint(
                condition=~Q(kind__in=["declined", "returned"]) | Q(reason__isnull=False),
                name="exception_step_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="answered") | Q(cause__isnull=False), name="exception_answer_names_the_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.get_kind_display()}"


class TrajectoryPoint(models.Model):
    """What an answer expects of the figure in a later period. Append-only."""

    step = models.ForeignKey(ExceptionStep, on_delete=models.PROTECT, related_name="trajectory")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=15, decimal_places=4)

    class Meta:
        ordering = ["step", "period__start_on"]
        constraints = [models.UniqueConstraint(fields=["step", "period"], name="trajectory_point_unique")]

    def __str__(self) -> str:
        return f"{self.step}: {self.period}"
