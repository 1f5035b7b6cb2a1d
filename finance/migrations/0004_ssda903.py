"""What was counted from SSDA903 returns, and what was decided about it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0003_placement_plans_and_scenarios"),
        ("indicators", "0010_commentary_from_an_amount"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ssda903Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=120)),
                (
                    "file_sha256",
                    models.CharField(
                        help_text="Of the two lines that sha256sum writes of header.csv and episodes.csv, in this order.",
                        max_length=64,
                    ),
                ),
                ("size", models.PositiveIntegerField(help_text="Bytes, of both files together.")),
                ("header_rows", models.PositiveIntegerField()),
                ("episode_rows", models.PositiveIntegerField()),
                ("children", models.PositiveIntegerField(help_text="Children with a night in the period.")),
                (
                    "sums",
                    models.JSONField(
                        help_text="Children, moves and nights by rung and age band, and rates with their interval."
                    ),
                ),
                ("finding_counts", models.JSONField(help_text="How much was found of each severity.")),
                (
                    "findings",
                    models.JSONField(
                        help_text="Kinds of findings by file and column, with the first cells; no content."
                    ),
                ),
                ("software", models.CharField(help_text="Version of this software that counted it.", max_length=20)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ssda903_loads",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ssda903_loads",
                        to="indicators.partnership",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.period"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Ssda903Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(choices=[("accepted", "Accepted"), ("rejected", "Rejected")], max_length=8),
                ),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "in_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.return"
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.text",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="indicators.series"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="finance.ssda903load"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="ssda903load",
            constraint=models.UniqueConstraint(fields=("partnership", "code"), name="ssda903_load_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="ssda903load",
            constraint=models.UniqueConstraint(
                fields=("partner", "period", "file_sha256", "software"), name="ssda903_load_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ssda903decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "rejected"), _negated=True), ("reason__isnull", False), _connector="OR"
                ),
                name="ssda903_rejection_says_why",
            ),
        ),
        migrations.RunPython(protect, protect),
    ]
