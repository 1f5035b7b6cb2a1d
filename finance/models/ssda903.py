"""What was counted from an SSDA903 return, and what became of it. Nothing of the files themselves is kept.
Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import Partner, Partnership, Period, Return, Series, Text


class Ssda903Load(models.Model):
    """A header and episodes file that were read: their fingerprint, and what was counted over a period."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="ssda903_loads")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="ssda903_loads")
    code = models.SlugField(max_length=120)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    file_sha256 = models.CharField(
        max_length=64, help_text="Of the two lines that sha256sum writes of header.csv and episodes.csv, in this order."
    )
    size = models.PositiveIntegerField(help_text="Bytes, of both files together.")
    header_rows = models.PositiveIntegerField()
    episode_rows = models.PositiveIntegerField()
    children = models.PositiveIntegerField(help_text="Children with a night in the period.")
    sums = models.JSONField(help_text="Children, moves and nights by rung and age band, and rates with their interval.")
    finding_counts = models.JSONField(help_text="How much was found of each severity.")
    findings = models.JSONField(help_text="Kinds of findings by file and column, with the first cells; no content.")
    software = models.CharField(max_length=20, help_text="Version of this software that counted it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="ssda903_load_code_unique"),
            models.UniqueConstraint(
                fields=["partner", "period", "file_sha256", "software"], name="ssda903_load_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Placements file of {self.partner}, {self.period}"


class Ssda903Decision(models.Model):
    """That a number of a load was accepted into a return, or not, and why not. The latest one holds."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    load = models.ForeignKey(Ssda903Load, on_delete=models.PROTECT, related_name="decisions")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    in_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="rejected") | Q(reason__isnull=False), name="ssda903_rejection_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series}: {self.get_decision_display()}"
