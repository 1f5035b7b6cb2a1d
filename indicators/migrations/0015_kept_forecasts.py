"""Forecasts of figures as they were made, kept to be held against what comes."""

import django.db.models.deletion
from django.db import migrations, models

from indicators import triggers


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0014_benchmarks"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptForecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("steps", models.PositiveSmallIntegerField(help_text="How many periods ahead.")),
                (
                    "method",
                    models.CharField(choices=[("no_change", "no_change"), ("smoothed", "smoothed")], max_length=10),
                ),
                ("periods", models.PositiveSmallIntegerField(help_text="How many periods it was made from.")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("percent", "percent"),
                            ("count", "count"),
                            ("days", "days"),
                            ("per_10000", "per_10000"),
                            ("per_100000", "per_100000"),
                            ("pounds", "pounds"),
                        ],
                        max_length=10,
                    ),
                ),
                ("places", models.PositiveSmallIntegerField()),
                ("point", models.DecimalField(decimal_places=4, max_digits=18)),
                ("low", models.DecimalField(decimal_places=4, max_digits=18)),
                ("high", models.DecimalField(decimal_places=4, max_digits=18)),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("is_tried", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("made_on", models.DateField(help_text="The London date it was made on.")),
                (
                    "for_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
                (
                    "made_from",
                    models.ForeignKey(
                        help_text="The latest one used.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.period",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forecasts", to="indicators.series"
                    ),
                ),
            ],
            options={
                "ordering": ["series", "made_from", "steps", "pk"],
            },
        ),
        migrations.CreateModel(
            name="KeptChance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "polarity",
                    models.CharField(
                        choices=[("higher", "higher"), ("lower", "lower"), ("band", "band"), ("none", "none")],
                        max_length=6,
                    ),
                ),
                (
                    "chance",
                    models.CharField(
                        choices=[("likely", "likely"), ("about even", "about even"), ("unlikely", "unlikely")],
                        max_length=10,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.scorecardline"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.target"
                    ),
                ),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chances",
                        to="indicators.keptforecast",
                    ),
                ),
            ],
            options={
                "ordering": ["forecast", "line"],
            },
        ),
        migrations.AddConstraint(
            model_name="keptforecast",
            constraint=models.UniqueConstraint(
                fields=("series", "made_from", "for_period", "inputs_sha256"), name="kept_forecast_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="keptforecast",
            constraint=models.CheckConstraint(
                condition=models.Q(("high__gte", models.F("point")), ("low__lte", models.F("point"))),
                name="kept_forecast_band",
            ),
        ),
        migrations.AddConstraint(
            model_name="keptforecast",
            constraint=models.CheckConstraint(condition=models.Q(("steps__gte", 1)), name="kept_forecast_looks_ahead"),
        ),
        migrations.AddConstraint(
            model_name="keptchance",
            constraint=models.UniqueConstraint(fields=("forecast", "line"), name="kept_chance_once"),
        ),
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
