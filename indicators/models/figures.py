"""Figures: append-only revisions, their approval, and the pointer to the current one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from indicators.measurement import Basis, Measured
from indicators.models.definitions import Scorecard, Series, SourceDocument, Text
from indicators.models.reporting import Details, Period, Return
from indicators.rag import MissingReason

_NO_PARTS = Q(numerator__isnull=True, denominator__isnull=True)
_NO_NUMBER = _NO_PARTS & Q(value__isnull=True, qualifier="")
_NO_REASON = Q(missing_reason="")


class Figure(Details):
    """One revision of one figure. Never updated, never deleted; a change is a new revision that supersedes it."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="figures")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="figures")
    revision = models.PositiveIntegerField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="superseded_by", null=True, blank=True
    )
    basis = models.CharField(max_length=14, choices=[(b.value, b.value) for b in Basis])
    stated_met = models.BooleanField(null=True, blank=True)
    quantum = models.DecimalField(
        max_digits=15, decimal_places=4, null=True, blank=True, help_text="The unit it was printed in; empty: exact."
    )
    headline = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    commentary = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    keep_reason = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.ForeignKey(
        Text, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="Why it was changed."
    )
    in_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="figures", null=True, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="figures", null=True, blank=True)
    paragraph = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    actor = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()
    known_on = models.DateField(help_text="The London date it was recorded on, or the date of the published paper.")
    redaction = models.ForeignKey(
        "indicators.Redaction", on_delete=models.PROTECT, related_name="figures", null=True, blank=True
    )

    class Meta:
        ordering = ["series", "period", "revision"]
        indexes = [models.Index(fields=["series", "period"], name="figure_by_series_period")]
        constraints = [
            models.UniqueConstraint(fields=["series", "period", "revision"], name="figure_revision_unique"),
            models.UniqueConstraint(
                fields=["series", "period"], condition=Q(supersedes__isnull=True), name="figure_one_first_revision"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True, revision=1) | Q(supersedes__isnull=False, revision__gt=1),
                name="figure_first_is_one",
            ),
            models.CheckConstraint(
                condition=~Q(basis="derived")
                | (
                    Q(numerator__isnull=False, denominator__isnull=False, denominator__gt=0)
                    & Q(value__isnull=True, stated_met__isnull=True)
                    & _NO_REASON
                ),
                name="figure_derived_from_parts",
            ),
            models.CheckConstraint(
                condition=~Q(basis="value_only")
                | (_NO_PARTS & Q(value__isnull=False, stated_met__isnull=True) & _NO_REASON),
                name="figure_value_only",
            ),
            models.CheckConstraint(
                condition=~Q(basis="stated")
                | (Q(value__isnull=False, source__isnull=False, stated_met__isnull=True) & _NO_REASON),
                name="figure_stated_has_source",
            ),
            models.CheckConstraint(
                condition=~Q(basis="stated_outcome")
                | (_NO_NUMBER & Q(stated_met__isnull=False, source__isnull=False) & _NO_REASON),
                name="figure_stated_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(basis="missing") | (_NO_NUMBER & Q(stated_met__isnull=True) & ~_NO_REASON),
                name="figure_missing_has_reason",
            ),
            models.CheckConstraint(condition=Q(basis__in=[b.value for b in Basis]), name="figure_basis_known"),
            models.CheckConstraint(
                condition=Q(missing_reason="not_reportable") | Q(not_reportable_code=""),
                name="figure_code_only_when_not_reportable",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False, in_return__isnull=False) | Q(source__isnull=False),
                name="figure_entered_or_loaded",
            ),
            models.CheckConstraint(
                condition=Q(quantum__isnull=True) | Q(quantum__gt=0), name="figure_quantum_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}, {self.period}, revision {self.revision}"

    def measured(self) -> Measured:
        """The numbers of this revision as the field modules take them."""
        return Measured(
            basis=Basis(self.basis),
            numerator=self.numerator,
            denominator=self.denominator,
            value=self.value,
            qualifier=self.qualifier,
            quantum=self.quantum,
            missing_reason=MissingReason(self.missing_reason) if self.missing_reason else None,
            stated_met=self.stated_met,
        )


class FigureApproval(models.Model):
    """That a revision was accepted; boards, exports and packs read nothing else. Append-only."""

    figure = models.OneToOneField(Figure, on_delete=models.PROTECT, related_name="approval")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=160)
    at = models.DateTimeField()
    known_on = models.DateField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.figure} approved: {self.actor}"


class CurrentFigure(models.Model):
    """The only pointer that moves: the latest revision, and the latest approved one, of a series and period."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="current")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="current")
    working = models.OneToOneField(Figure, on_delete=models.PROTECT, related_name="+")
    approved = models.OneToOneField(Figure, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["series", "period"]
        constraints = [models.UniqueConstraint(fields=["series", "period"], name="current_figure_unique")]

    def __str__(self) -> str:
        return f"{self.series}, {self.period}"


class Statement(models.Model):
    """What a published paper says about a figure, target or definition: quoted, or summed up by this project."""

    class About(models.TextChoices):
        VALUE = "value", "Value"
        TARGET = "target", "Target"
        TOLERANCE = "tolerance", "Tolerance"
        DEFINITION = "definition", "Definition"
        CONTEXT = "context", "Context"

    class Kind(models.TextChoices):
        QUOTATION = "quotation", "Quotation"
        SUMMARY = "summary", "Summary by this project"

    partnership = models.ForeignKey("indicators.Partnership", on_delete=models.PROTECT, related_name="statements")
    code = models.SlugField(max_length=80)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="statements", null=True, blank=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    about = models.CharField(max_length=10, choices=About.choices)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    qualifier = models.CharField(max_length=1, blank=True)
    numerator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="statements")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["source", "pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="statement_code_unique")]

    def __str__(self) -> str:
        return self.code


class FigureQuery(models.Model):
    """A doubt that stands beside a figure until somebody answers it: two statements that contradict each other."""

    partnership = models.ForeignKey("indicators.Partnership", on_delete=models.PROTECT, related_name="queries")
    code = models.SlugField(max_length=80)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="queries", null=True, blank=True)
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="queries", null=True, blank=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    question = models.CharField(max_length=400)
    statements = models.ManyToManyField(Statement, related_name="queries", blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)
    closed_by_figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "figure queries"
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="figure_query_code_unique"),
            models.CheckConstraint(
                condition=Q(series__isnull=False) | Q(scorecard__isnull=False), name="figure_query_is_about_something"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StatedSummary(models.Model):
    """Counts that a published paper states for a whole scorecard whose rows it does not print. Append-only."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="stated_summaries")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    targets = models.PositiveSmallIntegerField()
    suspended = models.PositiveSmallIntegerField()
    annual = models.PositiveSmallIntegerField()
    better = models.PositiveSmallIntegerField()
    within = models.PositiveSmallIntegerField()
    outside = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["scorecard", "period"]
        verbose_name_plural = "stated summaries"
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "period", "source"], name="stated_summary_unique"),
            models.CheckConstraint(
                condition=Q(targets=F("suspended") + F("annual") + F("better") + F("within") + F("outside")),
                name="stated_summary_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}, {self.period}: stated by {self.source}"
