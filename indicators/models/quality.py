"""Statutory returns, and what is wrong with the data that they and the indicators rest on."""

from django.db import models
from django.db.models import F, Q

from indicators.models.definitions import Indicator, SourceDocument
from indicators.models.places import Partner, Partnership


class StatutoryReturn(models.Model):
    """A return that the law or the inspectorate asks for: its window, and where it stands."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        OPEN = "open", "Open"
        SUBMITTED = "submitted", "Submitted"
        CLOSED = "closed", "Closed"
        NOT_STATED = "not_stated", "Not stated"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="statutory_returns")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    asked_by = models.CharField(max_length=160, blank=True)
    covers = models.CharField(max_length=160, blank=True, help_text="What it covers, such as a collection year.")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NOT_STATED)
    owner_role = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    paragraph = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["partnership", "name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="statutory_return_code_unique"),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="statutory_return_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DataIssue(models.Model):
    """Something wrong with the data: when it was found, who clears it by when, and which indicators hang on it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="data_issues")
    code = models.SlugField(max_length=60)
    statutory_return = models.ForeignKey(
        StatutoryReturn, on_delete=models.PROTECT, related_name="issues", null=True, blank=True
    )
    title = models.CharField(max_length=160)
    description = models.CharField(max_length=600, blank=True)
    found_on = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True, help_text="When it should be cleared.")
    cleared_on = models.DateField(null=True, blank=True)
    how_cleared = models.CharField(max_length=300, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="data_issues", null=True, blank=True)
    owner_role = models.CharField(max_length=120, blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="data_issues", blank=True)
    version = models.PositiveIntegerField(default=1)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    paragraph = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["partnership", "expected_on", "code"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="data_issue_code_unique"),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True)
                | (~Q(how_cleared="") & (Q(found_on__isnull=True) | Q(cleared_on__gte=F("found_on")))),
                name="data_issue_cleared_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportCheck(models.Model):
    """How one printed number of a published paper stands against what it should agree with, as the engine judged it.

    Worked out when the transcription is loaded and replaced when it is loaded again; nothing else rests on it.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="report_checks")
    code = models.SlugField(max_length=80)
    report = models.CharField(max_length=10)
    paragraph = models.CharField(max_length=60)
    check_kind = models.CharField(max_length=12)
    outcome = models.CharField(max_length=24)
    severity = models.CharField(max_length=4, blank=True)
    sentence = models.TextField()
    places = models.JSONField(help_text="The statement first, then every part: paragraph, place, words as printed.")
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["partnership", "order"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="report_check_code_unique")]

    def __str__(self) -> str:
        return self.code
