"""Programmes: what is tried for a cohort, what it promised, and the figures that tell how far it is."""

from django.db import models

from indicators.models import Indicator, Partnership, SourceDocument


class Programme(models.Model):
    """A programme of work with a cohort, a target and days on which it reports."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="programmes")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    lead = models.CharField(max_length=160, blank=True, help_text="Role or organisation, never a person's name.")
    purpose = models.CharField(max_length=600)
    cohort_words = models.CharField(max_length=300, blank=True)
    target_words = models.CharField(max_length=300, blank=True)
    reports = models.CharField(max_length=300, blank=True, help_text="To whom it reports, and how often.")
    first_report_on = models.DateField(null=True, blank=True)
    payment_words = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["partnership", "pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="programme_code_unique")]

    def __str__(self) -> str:
        return self.name


class ProgrammeStep(models.Model):
    """One figure of a programme's funnel, in its place: from the cohort to what came of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="steps")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "indicator"], name="programme_step_once"),
            models.UniqueConstraint(fields=["programme", "order"], name="programme_step_order"),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.indicator}"
