"""When returns are due, who may still change one after the lock, and who was reminded."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from indicators.models.definitions import Scorecard
from indicators.models.reporting import ReportingRound, Return
from indicators.querysets import DatedQuerySet


class DeadlineRule(models.Model):
    """Returns of a scorecard are due some working days after their period ends, from a day on."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="deadline_rules")
    working_days = models.PositiveSmallIntegerField()
    authority = models.CharField(max_length=300)
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["scorecard", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard"], condition=Q(until_on__isnull=True), name="deadline_rule_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="deadline_rule_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}: {self.working_days} working days"


class LockException(models.Model):
    """A named person may still enter figures of a locked round, until a day, for a reason."""

    round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="exceptions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lock_exceptions")
    from_on = models.DateField("from")
    until_on = models.DateField("until", help_text="The last day, included.")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="lock_exception_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.user} until {self.until_on}"


class ReminderSent(models.Model):
    """That a person was reminded of a return on a day; at most once a day."""

    in_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["in_return", "user", "kind", "on"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"{self.in_return}: {self.user} on {self.on}"
