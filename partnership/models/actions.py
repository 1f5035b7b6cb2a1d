"""Actions and what they rest on: one accountable owner, a due day, and everything that happened since."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from finance.models.printed import Printed, typed_or_printed
from indicators.models import Figure, Partner, Partnership, Period, ScorecardLine, Text
from partnership.models.documents import StoredDocument
from partnership.models.escalations import ExceptionRequest
from partnership.models.meetings import AgendaItem, Meeting, Resolution
from partnership.models.packs import Pack


class Action(Printed):
    """Something that somebody is to do by a day. What it is stays; owner, day and state are those of its last step."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done, to be closed"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveIntegerField()
    what = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="actions", null=True, blank=True,
        help_text="The item whose minute it comes from.",
    )  # fmt: skip
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="actions", null=True, blank=True)
    exception = models.ForeignKey(
        ExceptionRequest, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    owner_role = models.CharField(max_length=160)
    owner_partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="actions", null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True, help_text="Empty: no day is stated.")
    original_due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ["partnership", "number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="action_number_unique"),
            models.CheckConstraint(condition=~Q(owner_role=""), name="action_has_an_owner"),
            typed_or_printed("action_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return f"Action {self.number}"


class ActionStep(models.Model):
    """One thing that happened to an action: who, when, why, with what evidence. Append-only."""

    class Kind(models.TextChoices):
        CREATED = "created", "Agreed"
        PROGRESS = "progress", "Progress told"
        DONE = "done", "Told as done"
        DATE_MOVED = "date_moved", "Date moved"
        REASSIGNED = "reassigned", "Given to another owner"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"
        CANCELLED = "cancelled", "Cancelled"

    class Voice(models.TextChoices):
        NOBODY = "", "nobody in particular"
        CHILDREN = "children", "children and young people"
        FAMILIES = "families", "families"
        STAFF = "staff", "front-line staff"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    evidence = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    evidence_from = models.CharField(max_length=8, choices=Voice.choices, blank=True)
    document = models.ForeignKey(
        StoredDocument, on_delete=models.PROTECT, related_name="evidence_of", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True, help_text="The day from this step on.")
    owner_role = models.CharField(max_length=160, blank=True, help_text="The owner from this step on, in words.")
    owner_partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    at_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="action_steps", null=True, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()
    known_on = models.DateField()

    class Meta:
        ordering = ["action", "number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="action_step_number_unique"),
            models.CheckConstraint(
                condition=~Q(kind="closed") | Q(evidence__isnull=False), name="action_closed_with_evidence"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["date_moved", "reassigned", "reopened", "cancelled"]) | Q(text__isnull=False),
                name="action_changed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_kind_display()}"


class GovernanceReminder(models.Model):
    """That a person was reminded on a day of what they owe to meetings: actions and exception reports, all in one."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "user", "on"], name="governance_reminder_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.on}"


class Citation(models.Model):
    """That an action, a resolution or an exception report rests on a figure, as it was reported then. Append-only."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="citations", null=True, blank=True)
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="citations", null=True, blank=True
    )
    exception = models.ForeignKey(
        ExceptionRequest, on_delete=models.PROTECT, related_name="citations", null=True, blank=True
    )
    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="citations")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    figure = models.ForeignKey(
        Figure, on_delete=models.PROTECT, related_name="citations", null=True, blank=True,
        help_text="The revision as reported then; empty where there was none.",
    )  # fmt: skip
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="citations", null=True, blank=True)
    value_words = models.CharField(max_length=120, help_text="The value as it was shown then.")
    rating = models.CharField(max_length=12, blank=True, help_text="Code of its rating then.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=False, resolution__isnull=True, exception__isnull=True)
                | Q(action__isnull=True, resolution__isnull=False, exception__isnull=True)
                | Q(action__isnull=True, resolution__isnull=True, exception__isnull=False),
                name="citation_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.period}"


class WorkItem(Printed):
    """What a body expects to be given, and when; or a key decision of the executive; or a priority of a partner."""

    class Programme(models.TextChoices):
        SCRUTINY = "scrutiny", "Work programme"
        FORWARD_PLAN = "forward_plan", "Forward plan of key decisions"
        PARTNER = "partner", "Plan of priorities"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="work_items")
    programme = models.CharField(max_length=12, choices=Programme.choices)
    code = models.SlugField(max_length=80)
    body = models.ForeignKey("partnership.Body", on_delete=models.PROTECT, related_name="work_items")
    title = models.CharField(max_length=300)
    owner_role = models.CharField(max_length=160, blank=True)
    owner_partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="work_items", null=True, blank=True
    )
    expected_from = models.DateField(null=True, blank=True)
    expected_by = models.DateField(null=True, blank=True, help_text="The last day on which it is in time.")
    expected_words = models.CharField(max_length=160, blank=True, help_text="As the resolution or paper says it.")
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="work_items", null=True, blank=True
    )
    received_at = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="work_items", null=True, blank=True,
        help_text="The item under which it came.",
    )  # fmt: skip
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    notice_on = models.DateField(null=True, blank=True, help_text="Forward plan: the day that notice was given.")

    class Meta:
        ordering = ["partnership", "expected_by", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="work_item_code_unique"),
            models.CheckConstraint(
                condition=Q(expected_from__isnull=True)
                | Q(expected_by__isnull=True)
                | Q(expected_by__gte=F("expected_from")),
                name="work_item_expected_in_order",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_reason=""), name="work_item_withdrawn_says_why"
            ),
            typed_or_printed("work_item_typed_or_printed"),
        ]

    def __str__(self) -> str:
        return self.title
