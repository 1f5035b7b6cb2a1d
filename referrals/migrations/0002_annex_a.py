"""What was computed from Annex A files, and what became of it; protected like every record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


def unprotect(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0006_breakdowns_balances_and_readers"),
        ("referrals", "0001_programmes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Taken back, the tables go, and every other record is as protected as before.
        migrations.RunPython(migrations.RunPython.noop, protect),
        migrations.CreateModel(
            name="AnnexALoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=120)),
                ("reference_on", models.DateField()),
                (
                    "file_sha256",
                    models.CharField(
                        help_text="Of a workbook, itself; of CSV files, of the sorted lines that sha256sum writes.",
                        max_length=64,
                    ),
                ),
                ("kind", models.CharField(choices=[("xlsx", "Workbook"), ("csv", "CSV files")], max_length=4)),
                ("files", models.PositiveSmallIntegerField(help_text="How many files were sent together.")),
                ("size", models.PositiveIntegerField(help_text="Bytes, of all files together.")),
                (
                    "lists",
                    models.JSONField(help_text="Each of the eleven lists: rows, missing columns, rows left out."),
                ),
                ("finding_counts", models.JSONField(help_text="How much was found of each severity.")),
                (
                    "findings",
                    models.JSONField(
                        help_text="Kinds of findings by list and column, with the first cells; no content."
                    ),
                ),
                ("findings_left_off", models.PositiveIntegerField(help_text="Findings whose cells are not listed.")),
                ("durations", models.JSONField()),
                ("open_late", models.JSONField()),
                ("software", models.CharField(help_text="Version of this software that computed it.", max_length=20)),
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
                        related_name="annex_a_loads",
                        to="indicators.partner",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annex_a_loads",
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
            name="AnnexAMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("code", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=160)),
                ("list_number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=6)),
                ("unit", models.CharField(max_length=7)),
                ("numerator", models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True)),
                ("denominator", models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True)),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Empty where it could not be computed.",
                        max_digits=15,
                        null=True,
                    ),
                ),
                ("dimension", models.CharField(blank=True, max_length=80)),
                ("category", models.CharField(blank=True, max_length=80)),
                ("category_name", models.CharField(blank=True, max_length=160)),
                (
                    "indicator",
                    models.CharField(
                        blank=True, help_text="Code of the indicator that it can stand for.", max_length=80
                    ),
                ),
                ("slice", models.CharField(blank=True, max_length=300)),
                ("left_out", models.JSONField(help_text="Reasons, each with a number of rows.")),
                ("words", models.TextField(blank=True)),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="referrals.annexaload"
                    ),
                ),
            ],
            options={
                "ordering": ["load", "order"],
            },
        ),
        migrations.CreateModel(
            name="AnnexADecision",
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
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="referrals.annexameasure",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="annexaload",
            constraint=models.UniqueConstraint(fields=("partnership", "code"), name="annex_a_load_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="annexaload",
            constraint=models.UniqueConstraint(
                fields=("partner", "period", "reference_on", "file_sha256", "software"), name="annex_a_load_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="annexameasure",
            constraint=models.UniqueConstraint(fields=("load", "order"), name="annex_a_measure_order_unique"),
        ),
        migrations.AddConstraint(
            model_name="annexadecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "rejected"), _negated=True), ("reason__isnull", False), _connector="OR"
                ),
                name="annex_a_rejection_says_why",
            ),
        ),
        migrations.RunPython(protect, unprotect),
    ]
