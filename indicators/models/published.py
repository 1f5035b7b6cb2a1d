"""What was told to a meeting: frozen tables, their rows, and the exact revisions that they rest on."""

from django.db import models
from django.db.models import Q

from indicators.models.definitions import IndicatorVersion, Scorecard, ScorecardLine, Target
from indicators.models.figures import Figure
from indicators.models.places import Partnership
from indicators.models.reporting import Period


class Audience(models.TextChoices):
    """Who may be given a table."""

    BOARD = "board", "Board members and partners"
    PUBLIC = "public", "Everybody"
    EXEMPT = "exempt", "Exempt from publication"


class PublishedTable(models.Model):
    """One table as it was published. The hashed bytes are its canonical CSV. Append-only."""

    class Kind(models.TextChoices):
        SCORECARD = "scorecard", "Scorecard"
        RESTATED = "restated", "Figures restated since they were reported"
        PROJECTION = "projection", "Result of a projection or scenario"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="published_tables")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    label = models.CharField(max_length=200)
    audience = models.CharField(max_length=6, choices=Audience.choices)
    format_version = models.PositiveSmallIntegerField()
    header = models.JSONField(help_text="Names of the columns, in order.")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="scorecard") | Q(scorecard__isnull=False, period__isnull=False),
                name="published_scorecard_names_its_period",
            )
        ]

    def __str__(self) -> str:
        return self.label


class PublishedRow(models.Model):
    """One row of a published table: its cells as the CSV writes them, and what they were worked out from."""

    table = models.ForeignKey(PublishedTable, on_delete=models.PROTECT, related_name="rows")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=200, help_text="Partnership, indicator, slice, period and revision.")
    cells = models.JSONField(help_text="The cells of the CSV, in order, as text.")
    facts = models.JSONField(help_text="What the row rests on besides revisions, definition and target.")
    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="published_rows", null=True, blank=True)

    class Meta:
        ordering = ["table", "order"]
        constraints = [models.UniqueConstraint(fields=["table", "order"], name="published_row_order_unique")]

    def __str__(self) -> str:
        return self.key


class PublishedFigure(models.Model):
    """A revision that a published table rests on: the figures of its period, and the earlier ones it compares with."""

    table = models.ForeignKey(PublishedTable, on_delete=models.PROTECT, related_name="pins")
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="pins")

    class Meta:
        ordering = ["table", "figure"]
        constraints = [models.UniqueConstraint(fields=["table", "figure"], name="published_figure_unique")]

    def __str__(self) -> str:
        return f"{self.table}: {self.figure}"
