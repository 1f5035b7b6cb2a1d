"""What is measured, how it is told apart, and against what it is held."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.models.places import Partnership
from indicators.querysets import DatedQuerySet, InForceQuerySet
from indicators.rag import Polarity, Standard, ToleranceKind
from indicators.roles import Permission
from indicators.units import Unit


def source_words(code: str) -> str:
    """How a source is named in a sentence: "report 003", or its own code."""
    return f"report {code}" if code.isdigit() else code


class SourceDocument(models.Model):
    """A published paper or official statistic that figures and facts are taken from."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    body = models.CharField(max_length=200, help_text="Who published it, or which body it was given to.")
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return source_words(self.code)


class TextQuerySet(models.QuerySet["Text"]):
    """Finds a text by what it says."""

    def keep(self, body: str) -> "Text | None":
        """The row that holds this text, made if there is none yet; None for an empty text."""
        if not body:
            return None
        digest = hashlib.sha256(body.encode()).hexdigest()
        return self.get_or_create(sha256=digest, defaults={"body": body})[0]


class Text(models.Model):
    """A free text, kept once by its SHA-256, that figures and statements refer to."""

    sha256 = models.CharField(max_length=64, unique=True)
    body = models.TextField()

    objects = TextQuerySet.as_manager()

    def __str__(self) -> str:
        return self.body[:60]


class Indicator(models.Model):
    """A measure with a permanent code; what it means is told by its dated versions."""

    code = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Frequency(models.TextChoices):
    """How often a line of a scorecard is returned."""

    MONTH = "month", "Monthly"
    QUARTER = "quarter", "Quarterly"
    FINANCIAL_YEAR = "financial_year", "Annual"


class Counts(models.TextChoices):
    """What one unit of the numerator is; disclosure control depends on it."""

    CHILDREN = "children", "Children"
    FAMILIES = "families", "Families"
    ADULTS = "adults", "Adults"
    STAFF = "staff", "Staff"
    PLACES = "places", "Places"
    EVENTS = "events", "Events"


class IndicatorVersion(models.Model):
    """A definition of an indicator, in force from a period on. Never changed: a new meaning is a new version."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    valid_from = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    numerator = models.CharField(max_length=300, blank=True)
    denominator = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=12, choices=[(u.value, u.value) for u in Unit])
    polarity = models.CharField(max_length=8, choices=[(p.value, p.value) for p in Polarity])
    window = models.CharField(max_length=20, choices=[(w.value, w.value) for w in Window])
    aggregation = models.CharField(max_length=12, choices=[(a.value, a.value) for a in Aggregation])
    counts = models.CharField(max_length=10, choices=Counts.choices)
    places = models.PositiveSmallIntegerField(default=0, help_text="Digits after the point, as usually printed.")
    source_system = models.CharField(max_length=120, blank=True)
    source_return = models.CharField(max_length=120, blank=True)
    why_it_matters = models.CharField(max_length=500, blank=True)
    lead_role = models.CharField(max_length=120, blank=True)
    review_on = models.DateField(null=True, blank=True)
    complement_authority = models.CharField(
        max_length=300, blank=True,
        help_text="Who decided that those not counted need no protection, such as in a measure of the own timeliness; "
        "empty: a small number left out of a share is protected like one that is counted.",
    )  # fmt: skip
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True)
    paragraph = models.CharField(max_length=300, blank=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_number_unique"),
            models.UniqueConstraint(fields=["indicator", "valid_from"], name="indicator_version_period_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.number}"

    @property
    def complement_sensitive(self) -> bool:
        """Whether those of a share who are not counted are protected like those who are."""
        return not self.complement_authority

    def name_of(self, slice_: "Slice") -> str:
        """What a line is called: the short name, and of a part of it the categories: "Referrals: Police"."""
        return f"{self.short_name}: {slice_.name}" if slice_.name else self.short_name


class Dimension(models.Model):
    """A way of breaking figures down: a partition (its categories make up the whole), an overlapping one, or a
    comparison with others. What is protected tells of a person's own traits, and never stands in a pack for everybody.
    """

    class Kind(models.TextChoices):
        PARTITION = "partition", "The categories and 'not stated' make up the whole"
        OVERLAPPING = "overlapping", "Categories overlap and are never summed"
        COMPARISON = "comparison", "Other areas beside this one; never summed"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    is_protected = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """One value of a dimension."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="categories")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    is_not_stated = models.BooleanField(default=False)

    class Meta:
        ordering = ["dimension", "order"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="category_code_unique")]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.name}"


class Slice(models.Model):
    """A combination of categories, at most one per dimension; the empty key is the whole."""

    key = models.CharField(max_length=300, unique=True, blank=True)
    name = models.CharField(max_length=300, blank=True, help_text="Its categories by name; empty for the whole.")
    categories = models.ManyToManyField(Category, through="SliceCategory", related_name="slices")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key or "whole"


class Balance(models.Model):
    """That the stock at a period's end is the stock at its start, with what came in and without what went out."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    closing = models.OneToOneField(Indicator, on_delete=models.PROTECT, related_name="balance")
    inflows = models.ManyToManyField(Indicator, related_name="flows_into")
    outflows = models.ManyToManyField(Indicator, related_name="flows_out_of")
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Sum(models.Model):
    """That one figure is made of others of the same period: a net of its gross and income, a total of its headings."""

    whole = models.ForeignKey("indicators.Series", on_delete=models.PROTECT, related_name="made_of")
    code = models.SlugField(max_length=80)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=300)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["whole", "code"], name="sum_code_unique")]

    def __str__(self) -> str:
        return self.code


class SumPart(models.Model):
    """A figure that is added to others, or taken from them."""

    of = models.ForeignKey(Sum, on_delete=models.PROTECT, related_name="parts")
    series = models.ForeignKey("indicators.Series", on_delete=models.PROTECT, related_name="part_of")
    is_taken_away = models.BooleanField(default=False)

    class Meta:
        ordering = ["of", "pk"]
        constraints = [models.UniqueConstraint(fields=["of", "series"], name="sum_part_once")]

    def __str__(self) -> str:
        return f"{self.of}: {self.series}"


class SliceCategory(models.Model):
    """The category that a slice takes in one dimension."""

    slice = models.ForeignKey(Slice, on_delete=models.CASCADE, related_name="parts")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slice", "dimension"], name="slice_one_category_per_dimension")]

    def __str__(self) -> str:
        return f"{self.slice}: {self.category}"


class Series(models.Model):
    """What figures hang on: one indicator, for one partnership, of one slice."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="series")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="series")
    slice = models.ForeignKey(Slice, on_delete=models.PROTECT, related_name="series")

    class Meta:
        ordering = ["partnership", "indicator", "slice"]
        verbose_name_plural = "series"
        constraints = [models.UniqueConstraint(fields=["partnership", "indicator", "slice"], name="series_unique")]

    def __str__(self) -> str:
        return f"{self.indicator} ({self.slice})"


class SeriesBreak(models.Model):
    """A day from which figures can no longer be compared with those before."""

    class Kind(models.TextChoices):
        SYSTEM = "system", "Change of case system"
        DEFINITION = "definition", "Change of definition"
        COHORT = "cohort", "Change of cohort"

    class Precision(models.TextChoices):
        DAY = "day", "Day"
        MONTH = "month", "Month"
        YEAR = "year", "Year"

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="breaks")
    on = models.DateField(help_text="The first day of what is new; the first of the month where only that is known.")
    precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    explanation = models.CharField(max_length=300)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True)
    paragraph = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["series", "on"]
        constraints = [models.UniqueConstraint(fields=["series", "on", "kind"], name="series_break_unique")]

    def __str__(self) -> str:
        return f"{self.series}: {self.get_kind_display()} {self.on}"


class Scorecard(models.Model):
    """An ordered, themed set of indicators under an authority.

    One of activity or of money is not held against targets, so it counts in no headline; what is for the board stands
    in no pack for everybody and is read only by those who may read protected figures.
    """

    class Purpose(models.TextChoices):
        PERFORMANCE = "performance", "Performance against targets"
        ACTIVITY = "activity", "Demand and activity"
        MONEY = "money", "Money and placements"

    class Readers(models.TextChoices):
        EVERYONE = "everyone", "Every member"
        BOARD = "board", "The board and who works on its figures"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="scorecards")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    authority = models.CharField(max_length=300)
    frequency = models.CharField(max_length=15, choices=Frequency.choices)
    purpose = models.CharField(max_length=11, choices=Purpose.choices, default=Purpose.PERFORMANCE)
    audience = models.CharField(max_length=8, choices=Readers.choices, default=Readers.EVERYONE)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["partnership", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="scorecard_code_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_activity(self) -> bool:
        """Whether it says what was done, had or spent, and is not held against targets."""
        return self.purpose != self.Purpose.PERFORMANCE

    @property
    def entered_with(self) -> Permission:
        """What a person needs to enter its figures: money is entered by finance officers."""
        return Permission.ENTER_MONEY if self.purpose == self.Purpose.MONEY else Permission.ENTER_FIGURES


class Theme(models.Model):
    """A heading of a scorecard."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="themes")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["scorecard", "order"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "code"], name="theme_code_unique")]

    def __str__(self) -> str:
        return self.name


class ScorecardLine(models.Model):
    """A series in its place on a scorecard, from a period on."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="lines")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="lines")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField()
    printed_order = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Place in the source's table.")
    frequency = models.CharField(max_length=15, choices=Frequency.choices)
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True)
    commentary_from = models.DecimalField(
        max_digits=15, decimal_places=4, null=True, blank=True,
        help_text="From this size, above or below 0, a figure asks for commentary. Such a line is never left out.",
    )  # fmt: skip

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["scorecard", "theme__order", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "series"], name="scorecard_line_unique"),
            models.CheckConstraint(
                condition=Q(commentary_from__isnull=True) | Q(commentary_from__gt=0),
                name="scorecard_line_limit_above_0",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard}: {self.series}"


class Target(models.Model):
    """Target and tolerance of a line, in force from a period on. Never changed: a new one has a new number."""

    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="targets")
    number = models.PositiveSmallIntegerField()
    valid_from = models.ForeignKey("indicators.Period", on_delete=models.PROTECT, related_name="+")
    target = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    tolerance_kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in ToleranceKind], default="none")
    tolerance = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    band = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    is_suspended = models.BooleanField(default=False)
    printed_target = models.CharField(max_length=60, blank=True)
    printed_tolerance = models.CharField(max_length=60, blank=True)
    authority = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    paragraph = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    recorded_at = models.DateTimeField()
    known_on = models.DateField(help_text="The London date it was recorded on, or the date of the published paper.")
    actor = models.CharField(max_length=160)

    objects = InForceQuerySet.as_manager()

    class Meta:
        ordering = ["line", "number"]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="target_number_unique"),
            models.CheckConstraint(
                condition=Q(tolerance_kind="none", tolerance__isnull=True)
                | (~Q(tolerance_kind="none") & Q(tolerance__isnull=False, target__isnull=False)),
                name="target_tolerance_has_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: target {self.number}"

    def standard(self, version: IndicatorVersion) -> Standard:
        """This target as the judge takes it, read in the unit and polarity of the definition."""
        return Standard(
            polarity=Polarity(version.polarity),
            target=self.target,
            tolerance_kind=ToleranceKind(self.tolerance_kind),
            tolerance=self.tolerance,
            band=self.band,
            suspended=self.is_suspended,
            unit=Unit(version.unit),
        )
