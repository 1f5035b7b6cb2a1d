"""What was said of periods to come: forecasts as they were made, kept to be held against what came. Append-only."""

from django.db import models
from django.db.models import F, Q

from indicators.forecast import Chance, Method
from indicators.models.definitions import ScorecardLine, Series, Target
from indicators.models.reporting import Period
from indicators.rag import Polarity
from indicators.units import Unit


class KeptForecast(models.Model):
    """What was said of one period from the approved figures of a series up to another: a point, and a band that holds
    it in 8 of 10 cases, as they were said. Figures that are restated give another forecast beside it.

    `inputs_sha256` tells the figures it was made from; `is_tried`: worked out when the figure was known already.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="forecasts")
    made_from = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", help_text="The latest one used.")
    for_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    steps = models.PositiveSmallIntegerField(help_text="How many periods ahead.")
    method = models.CharField(max_length=10, choices=[(m.value, m.value) for m in Method])
    periods = models.PositiveSmallIntegerField(help_text="How many periods it was made from.")
    unit = models.CharField(max_length=10, choices=[(u.value, u.value) for u in Unit])
    places = models.PositiveSmallIntegerField()
    point = models.DecimalField(max_digits=18, decimal_places=4)
    low = models.DecimalField(max_digits=18, decimal_places=4)
    high = models.DecimalField(max_digits=18, decimal_places=4)
    inputs_sha256 = models.CharField(max_length=64)
    is_tried = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_on = models.DateField(help_text="The London date it was made on.")

    class Meta:
        ordering = ["series", "made_from", "steps", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "made_from", "for_period", "inputs_sha256"], name="kept_forecast_unique"
            ),
            models.CheckConstraint(condition=Q(low__lte=F("point"), high__gte=F("point")), name="kept_forecast_band"),
            models.CheckConstraint(condition=Q(steps__gte=1), name="kept_forecast_looks_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.series}, {self.for_period}: forecast from {self.made_from}"


class KeptChance(models.Model):
    """How likely a forecast period was said to meet the target that was then in force on a line."""

    forecast = models.ForeignKey(KeptForecast, on_delete=models.PROTECT, related_name="chances")
    line = models.ForeignKey(ScorecardLine, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+")
    polarity = models.CharField(max_length=6, choices=[(p.value, p.value) for p in Polarity])
    chance = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Chance])

    class Meta:
        ordering = ["forecast", "line"]
        constraints = [models.UniqueConstraint(fields=["forecast", "line"], name="kept_chance_once")]

    def __str__(self) -> str:
        return f"{self.forecast}: {self.chance}"
