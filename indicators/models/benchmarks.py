"""Official figures of other areas, which ours are held beside: areas, comparator groups, data sets and their values."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from indicators.models.definitions import Indicator
from indicators.models.reporting import Period
from indicators.rag import Polarity
from indicators.units import Unit


class Area(models.Model):
    """A country, region or local authority under its official code; names are spelt in many ways, codes are not."""

    class Kind(models.TextChoices):
        COUNTRY = "country", "Country"
        REGION = "region", "Region"
        AUTHORITY = "authority", "Local authority"

    code = models.CharField(max_length=9, unique=True, help_text="GSS code, such as E08000017.")
    old_code = models.CharField(max_length=4, blank=True, help_text="The Department's three digits, such as 371.")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    region = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="members")

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True) | Q(kind="authority"), name="area_in_a_region_is_an_authority"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ComparatorGroup(models.Model):
    """Areas that an area is held beside, such as its ten statistical neighbours, and since when."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="comparator_groups")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The last day, included.")
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["area", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["area", "code"], name="comparator_group_code_unique"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="comparator_group_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.area}"


class ComparatorMember(models.Model):
    """An area of a group; rank 1 is the nearest."""

    group = models.ForeignKey(ComparatorGroup, on_delete=models.CASCADE, related_name="members")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["group", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["group", "area"], name="comparator_member_once"),
            models.UniqueConstraint(fields=["group", "rank"], name="comparator_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.area}"


class BenchmarkSet(models.Model):
    """A published data set that a declared mapping reads; `current` is the import whose values are shown."""

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=120)
    licence = models.CharField(max_length=120)
    current = models.OneToOneField(
        "indicators.BenchmarkImport", on_delete=models.PROTECT, null=True, blank=True, related_name="current_of"
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class BenchmarkImport(models.Model):
    """A file read in full; its values are read by nobody until the data set names it as current."""

    benchmark_set = models.ForeignKey(BenchmarkSet, on_delete=models.PROTECT, related_name="imports")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping_sha256 = models.CharField(max_length=64)
    values_held = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=160)

    class Meta:
        ordering = ["benchmark_set", "-number"]
        constraints = [models.UniqueConstraint(fields=["benchmark_set", "number"], name="benchmark_import_number")]

    def __str__(self) -> str:
        return f"{self.benchmark_set}, import {self.number}"


class BenchmarkMeasure(models.Model):
    """What a data set measures, as its mapping says it."""

    benchmark_set = models.ForeignKey(BenchmarkSet, on_delete=models.PROTECT, related_name="measures")
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=12, choices=[(u.value, u.value) for u in Unit])
    places = models.PositiveSmallIntegerField(default=1)
    polarity = models.CharField(max_length=8, choices=[(p.value, p.value) for p in Polarity])
    numerator = models.CharField(max_length=200, blank=True)
    denominator = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["benchmark_set", "code"]

    def __str__(self) -> str:
        return self.name


class BenchmarkValue(models.Model):
    """A measure of an area and period: a value, or the symbol that stands in its place ("u" may stand with a value).

    Numerator and denominator are held where the file has them.
    """

    source_import = models.ForeignKey(BenchmarkImport, on_delete=models.CASCADE, related_name="values")
    measure = models.ForeignKey(BenchmarkMeasure, on_delete=models.PROTECT, related_name="values")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="values")
    value = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    symbol = models.CharField(max_length=4, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source_import", "measure", "period", "area"], name="benchmark_value_once"),
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(symbol=""), name="benchmark_value_or_symbol"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.area}, {self.period}: {self.value if self.value is not None else self.symbol}"


class Comparison(models.Model):
    """An indicator of ours and the official measure it may be held beside; `note` says how the two differ."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="comparisons")
    measure = models.ForeignKey(BenchmarkMeasure, on_delete=models.PROTECT, related_name="comparisons")
    is_same_definition = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["indicator", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "measure"], name="comparison_once"),
            models.CheckConstraint(
                condition=Q(is_same_definition=True) | ~Q(note=""), name="comparison_says_how_it_differs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} beside {self.measure}"
