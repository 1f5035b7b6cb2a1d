"""Agreed waivers: a partner is excused from a target for some periods. The real rating stays beside it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from indicators.models.definitions import ScorecardLine, SourceDocument
from indicators.models.reporting import Period


class Relief(models.Model):
    """That a line is excused from its target for some periods, by whose decision and until when. Append-only."""

    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="reliefs")
    number = models.PositiveSmallIntegerField()
    from_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    until_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField(help_text="The last day on which the relief is shown.")
    authority = models.CharField(max_length=300, help_text="The decision, and the meeting that took it.")
    approved_by = models.CharField(max_length=160, help_text="The role that approved it.")
    reason = models.CharField(max_length=300)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    paragraph = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()
    known_on = models.DateField()

    class Meta:
        ordering = ["line", "number"]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="relief_number_unique"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("known_on")), name="relief_ends_after_it_is_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: relief {self.number}"


class ReliefEnd(models.Model):
    """That a relief was withdrawn before its end. Append-only."""

    relief = models.OneToOneField(Relief, on_delete=models.PROTECT, related_name="end")
    on = models.DateField(help_text="The first day on which it no longer holds.")
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.relief} ended {self.on}"
