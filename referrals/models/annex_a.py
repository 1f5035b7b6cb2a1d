"""What was computed from an Annex A file, and what became of it. Nothing of the file itself is kept. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import Partner, Partnership, Period, Return, Text


class AnnexALoad(models.Model):
    """One file that was read: its fingerprint, what it holds in numbers, and what was found in which cells."""

    class Kind(models.TextChoices):
        XLSX = "xlsx", "Workbook"
        CSV = "csv", "CSV files"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="annex_a_loads")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="annex_a_loads")
    code = models.SlugField(max_length=120)
    reference_on = models.DateField()
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    file_sha256 = models.CharField(
        max_length=64, help_text="Of a workbook, itself; of CSV files, of the sorted lines that sha256sum writes."
    )
    kind = models.CharField(max_length=4, choices=Kind.choices)
    files = models.PositiveSmallIntegerField(help_text="How many files were sent together.")
    size = models.PositiveIntegerField(help_text="Bytes, of all files together.")
    lists = models.JSONField(help_text="Each of the eleven lists: rows, missing columns, rows left out.")
    finding_counts = models.JSONField(help_text="How much was found of each severity.")
    findings = models.JSONField(help_text="Kinds of findings by list and column, with the first cells; no content.")
    findings_left_off = models.PositiveIntegerField(help_text="Findings whose cells are not listed.")
    sheets_unread = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Sheets or files that were no list. Empty: not kept when the file was read."
    )
    durations = models.JSONField()
    open_late = models.JSONField()
    software = models.CharField(max_length=20, help_text="Version of this software that computed it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="annex_a_load_code_unique"),
            models.UniqueConstraint(
                fields=["partner", "period", "reference_on", "file_sha256", "software"], name="annex_a_load_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Annex A of {self.partner}, {self.period}"


class AnnexAMeasure(models.Model):
    """One measure of a file, or one category of its breakdown, as it was computed."""

    load = models.ForeignKey(AnnexALoad, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=160)
    list_number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6)
    unit = models.CharField(max_length=7)
    numerator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    value = models.DecimalField(
        max_digits=15, decimal_places=4, null=True, blank=True, help_text="Empty where it could not be computed."
    )
    dimension = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=80, blank=True)
    category_name = models.CharField(max_length=160, blank=True)
    indicator = models.CharField(max_length=80, blank=True, help_text="Code of the indicator that it can stand for.")
    slice = models.CharField(max_length=300, blank=True)
    left_out = models.JSONField(help_text="Reasons, each with a number of rows.")
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["load", "order"]
        constraints = [models.UniqueConstraint(fields=["load", "order"], name="annex_a_measure_order_unique")]

    def __str__(self) -> str:
        return f"{self.name}: {self.category_name}" if self.category_name else self.name

    @property
    def is_computed(self) -> bool:
        """Whether the file held what it needs: its list, and the columns of it."""
        return (self.numerator, self.denominator, self.value) != (None, None, None)


class AnnexADecision(models.Model):
    """That a measure was accepted into a return, or not, and why not. The latest one holds."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    measure = models.ForeignKey(AnnexAMeasure, on_delete=models.PROTECT, related_name="decisions")
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
                condition=~Q(decision="rejected") | Q(reason__isnull=False), name="annex_a_rejection_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.get_decision_display()}"
