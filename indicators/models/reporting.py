"""Periods, who owes which return, and the states a return goes through."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from indicators.measurement import CORRECTION_WORDS, Confidence, Correction, NotReportableCode
from indicators.models.definitions import Scorecard, Series, Text
from indicators.models.places import Partner, Partnership
from indicators.querysets import DatedQuerySet
from indicators.rag import MissingReason, missing_words


class Period(models.Model):
    """A stretch of time that figures are for. Shared by all, never changed."""

    class Kind(models.TextChoices):
        MONTH = "month", "Month"
        QUARTER = "quarter", "Quarter"
        FINANCIAL_YEAR = "financial_year", "Financial year"
        CALENDAR_YEAR = "calendar_year", "Calendar year"
        ACADEMIC_YEAR = "academic_year", "Academic year"
        DAY = "day", "Day"
        SPAN = "span", "Span"

    kind = models.CharField(max_length=15, choices=Kind.choices)
    start_on = models.DateField()
    end_on = models.DateField()
    slug = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=60)

    class Meta:
        ordering = ["start_on", "end_on"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "start_on", "end_on"], name="period_unique"),
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="period_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.label


class ReportingRound(models.Model):
    """One period of one scorecard: when returns are due, and whether they may still come in."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        LOCKED = "locked", "Locked"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="rounds")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="rounds")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="rounds")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    lock_reason = models.CharField(max_length=300, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["partnership", "-period__end_on", "scorecard__order"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "period"], name="round_unique"),
            models.CheckConstraint(
                condition=Q(state="open", locked_at__isnull=True)
                | (Q(state="locked", locked_at__isnull=False) & ~Q(lock_reason="")),
                name="round_lock_says_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}, {self.period}"


class DueDateChange(models.Model):
    """That the due date of a round was moved: from which day to which, by whom, when and why."""

    round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="due_date_changes")
    before = models.DateField(null=True, blank=True, help_text="Empty: no due date was set.")
    after = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="due_date_change_says_why")]

    def __str__(self) -> str:
        return f"{self.round}: due on {self.after}"


class Assignment(models.Model):
    """Which partner returns a series, from a day until a day; exactly one at a time."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="assignments")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="assignments")
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)
    authority = models.CharField(max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["series", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["series"], condition=Q(until_on__isnull=True), name="assignment_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="assignment_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}: {self.partner}"


class Return(models.Model):
    """What one partner returns for one round: the ordinary return, or a later restatement of chosen figures."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "Return"
        RESTATEMENT = "restatement", "Correction"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"

    round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="returns")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="returns")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.ORDINARY)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    is_signed_off = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    correction = models.CharField(
        max_length=13, blank=True, choices=[(c.value, CORRECTION_WORDS[c]) for c in Correction],
        help_text="Why a restatement was needed.",
    )  # fmt: skip
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    chosen = models.ManyToManyField(Series, related_name="+", blank=True, help_text="What a restatement may change.")
    answers = models.ManyToManyField(
        "indicators.FigureQuery", related_name="+", blank=True, help_text="The open queries that it answers."
    )
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True,
        help_text="Everybody who has changed a cell of it; none of them decides on it.",
    )  # fmt: skip

    class Meta:
        ordering = ["round", "partner", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "partner", "number"], name="return_number_unique"),
            models.UniqueConstraint(
                fields=["round", "partner"], condition=Q(kind="ordinary"), name="return_one_ordinary"
            ),
            models.CheckConstraint(
                condition=Q(kind="ordinary") | Q(reason__isnull=False), name="restatement_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_signed_off=False) | Q(state__in=["submitted", "approved"]),
                name="sign_off_only_when_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} ({self.partner})"

    @property
    def is_editable(self) -> bool:
        """Whether figures may be entered."""
        return self.state in {self.State.OPEN, self.State.RETURNED}

    @property
    def state_words(self) -> str:
        """The state inside a sentence; what the partner has signed off says so."""
        if self.state == self.State.SUBMITTED and self.is_signed_off:
            return "signed off"
        return self.get_state_display().lower()


class ReturnTransition(models.Model):
    """One step of a return: who, when, from, to, with what comment. Append-only."""

    class Action(models.TextChoices):
        OPENED = "opened", "Opened"
        SUBMITTED = "submitted", "Submitted"
        SIGNED_OFF = "signed_off", "Signed off by the partner"
        RETURNED = "returned", "Returned with a comment"
        APPROVED = "approved", "Accepted by the council"
        LOADED = "loaded", "Loaded from a published paper"

    in_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="transitions")
    action = models.CharField(max_length=10, choices=Action.choices)
    from_state = models.CharField(max_length=9, choices=Return.State.choices, blank=True)
    to_state = models.CharField(max_length=9, choices=Return.State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160, help_text="How the page says who did it.")
    as_deputy = models.BooleanField(default=False)
    at = models.DateTimeField(null=True, blank=True, help_text="Empty where a published paper gives no moment.")
    comment = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["in_return", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action="loaded", by__isnull=True)
                | (~Q(action="loaded") & Q(by__isnull=False, at__isnull=False)),
                name="transition_says_who_and_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.actor}"

    @property
    def is_taken_back(self) -> bool:
        """Whether who submitted opened the return again, before anybody had decided on it."""
        return self.action == self.Action.OPENED and self.from_state == Return.State.SUBMITTED

    @property
    def words(self) -> str:
        """What was done, as the list of steps says it."""
        return "Taken back" if self.is_taken_back else self.get_action_display()


class Details(models.Model):
    """What goes with a measurement on a figure and on its draft alike: flags, confidence, origin, missing detail."""

    numerator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    value = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    qualifier = models.CharField(max_length=1, blank=True)
    missing_reason = models.CharField(
        max_length=15, blank=True, choices=[(r.value, missing_words(r)) for r in MissingReason]
    )
    not_reportable_code = models.CharField(
        max_length=25, blank=True, choices=[(c.value, c.value) for c in NotReportableCode]
    )
    responsible_role = models.CharField(max_length=120, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    flags = models.CharField(max_length=9, blank=True, help_text="Letters p r b u e, separated by spaces.")
    confidence = models.CharField(max_length=7, blank=True, choices=[(c.value, c.value) for c in Confidence])
    confidence_reason = models.CharField(max_length=300, blank=True)
    validation_task = models.CharField(max_length=200, blank=True)
    source_system = models.CharField(max_length=120, blank=True)
    as_at_on = models.DateField(null=True, blank=True)
    extracted_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class DraftCell(Details):
    """A cell of a return as it is being typed: saved as one goes, changed at will, gone once submitted."""

    in_return = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="cells")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=14, blank=True, help_text="Empty: nothing but words so far.")
    headline = models.CharField(max_length=60, blank=True)
    commentary = models.TextField(blank=True)
    keep_reason = models.CharField(max_length=300, blank=True, help_text="Why a figure with a warning stands.")
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["in_return", "series"]
        constraints = [models.UniqueConstraint(fields=["in_return", "series"], name="draft_cell_unique")]

    def __str__(self) -> str:
        return f"{self.in_return}: {self.series}"


class OperationKey(models.Model):
    """The key of a form that was carried out, so that sending it twice does it once."""

    key = models.CharField(max_length=64, unique=True)
    operation = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
