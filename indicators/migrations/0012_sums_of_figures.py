"""That one figure is made of others of the same period, so that a return can be held against it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0011_projections_in_packs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=80)),
                ("paragraph", models.CharField(max_length=300)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.sourcedocument"
                    ),
                ),
                (
                    "whole",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="made_of", to="indicators.series"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SumPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_taken_away", models.BooleanField(default=False)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="indicators.sum"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="part_of", to="indicators.series"
                    ),
                ),
            ],
            options={
                "ordering": ["of", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="sum",
            constraint=models.UniqueConstraint(fields=("whole", "code"), name="sum_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="sumpart",
            constraint=models.UniqueConstraint(fields=("of", "series"), name="sum_part_once"),
        ),
    ]
